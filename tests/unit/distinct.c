/* base/distinct.h and base/sorter.h. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/distinct.h"
#include "base/mem.h"
#include "base/prog.h"
#include "child.h"
#include "tap.h"

static void
show(void *arg, uint64_t row, unsigned set, uint64_t first)
{
	(void)arg;
	printf("%" PRIu64 ":%u:%" PRIu64 " ", row, set, first);
}

struct key {
	unsigned set;
	uint64_t row;
	const char *text;
};

static int
give(void *arg)
{
	struct distinct *d;
	int status = 0;

	prog_start("x");
	signal(SIGCHLD, SIG_IGN);
	d = distinct_new();
	for (const struct key *k = arg; k->text != NULL; k++)
		if (distinct_add(d, k->set, k->row, k->text, strlen(k->text)) != 0)
			status = 11;
	if (status == 0 && distinct_end(d, show, NULL) != 0)
		status = 12;
	distinct_free(d);
	return status;
}

static void
test_answers(void)
{
	static const struct key none[] = { { 0, 0, NULL } };
	static const struct key some[] = {
		{ 0, 1, "ana" }, { 7, 1, "ana" }, { 0, 2, "Ana" }, { 0, 3, "ana" }, { 0, 3, "ana" },
		{ 65535, 4, "ana" }, { 0, 5, "ana" }, { 7, 5, "ana" }, { 0, 6, "" }, { 0, 7, "" },
		{ 0, 8, "ana\n" }, { 0, 9, "ana\n" }, { 0, 10, "\xff\x01" }, { 0, 11, "\xff\x01" },
		{ 0, 12, "an" }, { 0, 13, "a0000000000000001" }, { 0, 14, "a" },
		{ 0, UINT64_MAX, "an" }, { 0, 0, NULL }
	};

	ok(child_run(give, (void *)(uintptr_t)none) == 0, "no keys at all");
	is(child_out, "", "none repeats");
	ok(child_run(give, (void *)(uintptr_t)some) == 0, "some keys");
	is(child_out, "3:0:1 5:0:1 5:7:1 7:0:6 9:0:8 11:0:10 18446744073709551615:0:12 ",
	    "each that came before, by row and set, with its first row");
	is(child_err, "", "nothing is said");
}

enum { MANY = 40000, PERIOD = 33333 };

static void
check_next(void *arg, uint64_t row, unsigned set, uint64_t first)
{
	uint64_t *next = arg;

	/* Both sets of a row repeat, in the order of sets. */
	if (*next / 2 == row && *next % 2 == set && first == row - PERIOD)
		++*next;
}

/* More than pipes hold, so that all would stand still if anybody waited for anybody. */
static int
give_many(void *arg)
{
	struct distinct *d;
	uint64_t next = UINT64_C(2) * PERIOD;
	char key[100];
	int status = 0;

	(void)arg;
	prog_start("x");
	d = distinct_new();
	for (uint64_t row = 0; row < MANY && status == 0; row++) {
		snprintf(key, sizeof key, "%060" PRIu64, row * 7919 % PERIOD);
		if (distinct_add(d, 1, row, key, 60) != 0 || distinct_add(d, 0, row, key, 60) != 0)
			status = 11;
	}
	if (status == 0 && distinct_end(d, check_next, &next) != 0)
		status = 12;
	distinct_free(d);
	return status == 0 && next != UINT64_C(2) * MANY ? 13 : status;
}

/* A long key, as long as a record may be. */
static int
give_long(void *arg)
{
	enum { LEN = 1024 * 1024 };
	struct distinct *d;
	char *key = mem_alloc(LEN);
	int status;

	(void)arg;
	prog_start("x");
	memset(key, 'k', LEN);
	d = distinct_new();
	status = d == NULL || distinct_add(d, 0, 1, key, LEN) != 0 ||
	    distinct_add(d, 0, 2, key, LEN - 1) != 0 || distinct_add(d, 0, 3, key, LEN) != 0 ||
	    distinct_end(d, show, NULL) != 0;
	distinct_free(d);
	free(key);
	return status;
}

static int
free_early(void *arg)
{
	struct distinct *d;

	(void)arg;
	prog_start("x");
	d = distinct_new();
	distinct_add(d, 0, 1, "key", 3);
	distinct_free(d);
	distinct_free(NULL);
	return waitpid(-1, NULL, WNOHANG) == -1 ? 0 : 1;
}

static void
put_script(const char *text)
{
	FILE *f = fopen("bin/sort", "w");

	if (f == NULL || fprintf(f, "#!/bin/sh\n%s\n", text) < 0 || fclose(f) == EOF ||
	    chmod("bin/sort", 0755) == -1) {
		perror("bin/sort");
		exit(1);
	}
}

static void
bad_sort(const char *script, int (*function)(void *), const char *message)
{
	static const struct key keys[] = { { 0, 1, "a" }, { 0, 2, "a" }, { 0, 0, NULL } };
	int status;

	put_script(script);
	status = child_run(function, (void *)(uintptr_t)keys);
	ok(status == 11 || status == 12, script);
	is(child_err, message, "is told once");
}

static void
test_bad_sort(void)
{
	static const struct key keys[] = { { 0, 1, "a" }, { 0, 0, NULL } };
	char *path = mem_dup_string(getenv("PATH"));
	char own[4096];
	int status;

	mkdir("bin", 0700);
	setenv("PATH", "bin", 1);
	ok(child_run(give, (void *)(uintptr_t)keys) == 11, "no sort at all");
	is(child_err, "x: sort: cannot run: No such file or directory\n", "is told");
	snprintf(own, sizeof own, "bin:%s", path);
	setenv("PATH", own, 1);
	bad_sort("cat >/dev/null; exit 2", give, "x: sort: ended with status 2\n");
	bad_sort("cat >/dev/null; exit 2", give_many, "x: sort: ended with status 2\n");
	bad_sort("exit 2", give_many, "x: sort: ended with status 2\n");
	bad_sort("exit 0", give_many, "x: sort: ended before it had read everything\n");
	bad_sort("kill -9 $$", give_many, "x: sort: ended by signal 9\n");
	bad_sort("kill -9 $$", give, "x: sort: ended by signal 9\n");
	bad_sort("cat >/dev/null", give, "x: sort: gave back fewer lines than it was given\n");
	bad_sort("tr 0 g", give, "x: sort: gave back a line that it was not given\n");
	bad_sort("cat", give_many, "x: sort: wrote before it had read everything\n");
	/* The second one fails: it is given less than the first. */
	bad_sort("if mkdir first; then exec /usr/bin/sort \"$@\"; fi 2>/dev/null; exit 3", give,
	    "x: sort: ended with status 3\n");
	setenv("PATH", path, 1);
	/* With little memory, since 32 MB would hold it all. */
	put_script("exec /usr/bin/sort -z -S 1M -T none");
	setenv("PATH", own, 1);
	status = child_run(give_many, NULL);
	ok(status == 11 || status == 12, "a TMPDIR that cannot be written");
	ok(strstr(child_err, "none") != NULL &&
	    strstr(child_err, "\nx: sort: ended with status 2\n") != NULL,
	    "sort says why, and then it is an error");
	setenv("PATH", path, 1);
	free(path);
}

int
main(void)
{
	char directory[] = "/tmp/unit-distinct.XXXXXX";

	if (mkdtemp(directory) == NULL || chdir(directory) == -1) {
		perror(directory);
		return 1;
	}
	setenv("LC_ALL", "C.UTF-8", 1);
	test_answers();
	ok(child_run(give_many, NULL) == 0, "more keys than pipes hold");
	is(child_err, "", "nothing is said");
	ok(child_run(give_long, NULL) == 0, "long keys");
	is(child_out, "3:0:1 ", "are told apart by their length");
	ok(child_run(free_early, NULL) == 0, "freed early, no process is left");
	is(child_err, "", "nothing is said");
	test_bad_sort();
	unlink("bin/sort");
	rmdir("bin");
	rmdir("first");
	rmdir(directory);
	return tap_done();
}
