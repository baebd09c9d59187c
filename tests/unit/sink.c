/* json/sink.h: outputs of several files, and the summary of rejects. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/prog.h"
#include "child.h"
#include "json/sink.h"
#include "tap.h"

/* A run: its parts' contents, or labels ("": the one at hand still) and contents in turn. */
struct run {
	struct sink_options opts;
	const char *const *parts;
	bool labelled;
	enum prog_status status;
};

static int
run_parts(void *arg)
{
	const struct run *r = arg;
	struct sink s;

	prog_start("x");
	if (sink_open_parts(&s, &r->opts, false) != 0)
		return 10;
	for (const char *const *part = r->parts; *part != NULL; part++) {
		const char *label = r->labelled ? *part++ : "";

		if (sink_part(&s, label[0] != '\0' ? label : NULL) != 0)
			return 100 + (int)sink_close(&s, PROG_FAIL, NULL, NULL);
		out_write(&s.out, *part, strlen(*part));
		s.rows++;
		s.bytes += strlen(*part);
	}
	return (int)sink_close(&s, r->status, NULL, NULL);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
append(char *text, size_t size, const char *more)
{
	snprintf(text + strlen(text), size - strlen(text), "%s", more);
}

/* What is in the directory: "name=content name=content", sorted; inodes are not shown. */
static const char *
listing(void)
{
	static char text[4096];
	char *names[64], content[64];
	size_t n = 0;
	DIR *d = opendir(".");
	struct dirent *e;

	while (d != NULL && n < 64 && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			names[n++] = strdup(e->d_name);
	if (d != NULL)
		closedir(d);
	qsort(names, n, sizeof *names, compare);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		FILE *f = fopen(names[i], "r");

		append(text, sizeof text, i > 0 ? " " : "");
		append(text, sizeof text, names[i]);
		append(text, sizeof text, "=");
		if (f != NULL) {
			child_slurp(f, content, sizeof content);
			append(text, sizeof text, content);
		}
		free(names[i]);
	}
	return text;
}

static void
put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		perror(path);
}

static void
clear(void)
{
	DIR *d = opendir(".");
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (unlink(e->d_name) == -1)
			rmdir(e->d_name);
	if (d != NULL)
		closedir(d);
}

#define PARTS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void
test_numbers(void)
{
	struct run r = { .opts = { .output = "u.csv" }, .parts = PARTS("a") };

	ok(child_run(run_parts, &r) == 0, "one part");
	is(listing(), "u.csv=a", "is FILE itself");
	r.parts = PARTS("b", "c", "d", "e");
	ok(child_run(run_parts, &r) == 0, "several");
	is(listing(), "u-001.csv=b u-002.csv=c u-003.csv=d u-004.csv=e",
	    "have numbers, and FILE goes");
	put_file("u-2024.csv", "archive");
	put_file("u-006.csv", "behind a gap");
	r.parts = PARTS("f", "g");
	ok(child_run(run_parts, &r) == 0, "fewer parts");
	is(listing(), "u-001.csv=f u-002.csv=g u-006.csv=behind a gap u-2024.csv=archive",
	    "those beyond go, others' files stay");
	unlink("u-001.csv");
	r.parts = PARTS("h");
	ok(child_run(run_parts, &r) == 0, "one part again, in place of numbers without the first");
	is(listing(), "u-006.csv=behind a gap u-2024.csv=archive u.csv=h", "which go");
	is(child_err, "", "nothing is said");
	clear();
	mkdir("u-003.csv", 0700);
	r.parts = PARTS("i", "j", "k");
	ok(child_run(run_parts, &r) == 100 + PROG_FAIL, "a part where a directory is");
	is(child_err, "x: u-003.csv: cannot write: not a regular file\n", "is told at once");
	is(listing(), "u-003.csv=", "and nothing is changed");
	clear();
}

static void
test_names(void)
{
	static const char *const names[][2] = {
		{ "plain", "plain-001=a plain-002=b" }, { ".csv", ".csv-001=a .csv-002=b" },
		{ "a.b.csv", "a.b-001.csv=a a.b-002.csv=b" },
		{ "./u.csv", "u-001.csv=a u-002.csv=b" }
	};
	struct run r = { .parts = PARTS("a", "b") };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		r.opts.output = names[i][0];
		ok(child_run(run_parts, &r) == 0, names[i][0]);
		is(listing(), names[i][1], "its parts");
		clear();
	}
	mkdir("d.d", 0700);
	r.opts.output = "d.d/u";
	ok(child_run(run_parts, &r) == 0 && access("d.d/u-002", F_OK) == 0,
	    "a dot in a directory's name begins no extension");
	unlink("d.d/u-001");
	unlink("d.d/u-002");
	clear();
}

static void
test_bad_end(void)
{
	struct run r = { .opts = { .output = "u" }, .parts = PARTS("old", "old", "old") };

	child_run(run_parts, &r);
	r.parts = PARTS("new", "new");
	r.status = PROG_INCOMPLETE;
	ok(child_run(run_parts, &r) == PROG_INCOMPLETE, "a bad end");
	is(listing(), "u-001=old u-002=old u-003=old", "changes nothing");
	r.status = PROG_OK;
	r.opts.reject = "u-002";
	ok(child_run(run_parts, &r) == 100 + PROG_FAIL, "rejects where a part goes");
	is(child_err, "x: u-002: cannot write: --reject or --stats goes there\n", "are refused");
	is(listing(), "u-001=old u-002=old u-003=old", "and change nothing");
	clear();
	if (symlink("elsewhere", "u") == -1)
		perror("symlink");
	r.opts.reject = NULL;
	ok(child_run(run_parts, &r) == 10, "a symbolic link");
	is(child_err, "x: u: cannot write: a symbolic link cannot be replaced by several files\n",
	    "is refused");
	r.opts.output = "-";
	ok(child_run(run_parts, &r) == PROG_USAGE, "standard output");
	ok(strstr(child_err, "x: --output: needed for an output of several files\n") == child_err,
	    "has no parts");
	clear();
}

static ino_t
inode(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? 0 : st.st_ino;
}

static void
test_unchanged(void)
{
	struct run r = {
		.opts = { .output = "u", .if_changed = true }, .parts = PARTS("1", "2", "3", "4")
	};
	ino_t one, two, three;

	child_run(run_parts, &r);
	chmod("u-002", 0640);
	one = inode("u-001");
	two = inode("u-002");
	three = inode("u-003");
	ok(child_run(run_parts, &r) == 0 && inode("u-001") == one && inode("u-003") == three,
	    "equal parts stay as they are");
	r.parts = PARTS("1", "x", "3");
	ok(child_run(run_parts, &r) == 0, "one changes and one goes");
	is(listing(), "u-001=1 u-002=x u-003=3", "the set is the new one");
	ok(inode("u-001") == one && inode("u-003") == three, "what is equal is the old file still");
	ok(inode("u-002") != two, "what is not is a new one");
	r.opts.if_changed = false;
	ok(child_run(run_parts, &r) == 0 && inode("u-001") != one,
	    "without the option all are new");
	clear();
}

static void
test_labels(void)
{
	struct run r = {
		.opts = { .output = "g.csv" }, .labelled = true,
		.parts = PARTS("admin", "a", "003", "b")
	};

	put_file("g.csv", "old");
	for (char name[] = "g-001.csv"; name[4] < '6'; name[4]++)
		put_file(name, "old");
	put_file("g-gone.csv", "old");
	ok(child_run(run_parts, &r) == 0, "parts with labels");
	is(listing(), "g-003.csv=b g-admin.csv=a g-gone.csv=old",
	    "take the place of FILE and of numbers");
	r.parts = PARTS("only", "c");
	ok(child_run(run_parts, &r) == 0, "a single one");
	is(listing(), "g-003.csv=b g-admin.csv=a g-gone.csv=old g-only.csv=c", "has its label too");
	put_file("g.csv", "old");
	r.parts = (const char *const[]){ NULL };
	ok(child_run(run_parts, &r) == 0, "no part at all");
	is(listing(), "g-003.csv=b g-admin.csv=a g-gone.csv=old g-only.csv=c", "leaves no FILE");
	clear();
}

static void
test_numbered_labels(void)
{
	struct run r = {
		.opts = { .output = "g.csv" }, .labelled = true,
		.parts = PARTS("a", "1", "", "2", "", "3", "b", "4", "", "5")
	};

	ok(child_run(run_parts, &r) == 0, "labels of several parts");
	is(listing(), "g-a.csv=1 g-a~002.csv=2 g-a~003.csv=3 g-b.csv=4 g-b~002.csv=5",
	    "have numbers behind their labels");
	put_file("g-a~005.csv", "old");
	put_file("g-gone.csv", "old");
	put_file("g-gone~002.csv", "old");
	r.parts = PARTS("b", "6", "", "7", "a", "8", "c", "9");
	r.status = PROG_FAIL;
	ok(child_run(run_parts, &r) == PROG_FAIL, "a bad end");
	ok(access("g-a~003.csv", F_OK) == 0, "removes nothing");
	r.status = PROG_OK;
	ok(child_run(run_parts, &r) == 0, "fewer parts of a label");
	is(listing(), "g-a.csv=8 g-a~005.csv=old g-b.csv=6 g-b~002.csv=7 g-c.csv=9 "
	    "g-gone.csv=old g-gone~002.csv=old", "are all that is left of it, without a gap");
	clear();
}

static int
run_many(void *arg)
{
	struct sink_options opts = { .output = "m" };
	struct sink s;

	(void)arg;
	prog_start("x");
	if (sink_open_parts(&s, &opts, false) != 0)
		return 10;
	for (int i = 0; i < 1100; i++)
		if (sink_part(&s, NULL) != 0 || out_write(&s.out, "x", 1) != 0)
			return 11;
	return (int)sink_close(&s, PROG_OK, NULL, NULL);
}

/* Rejects with these reasons, each as often as its number says. */
struct rejects {
	const char *reason;
	int count;
};

static int
reject_all(void *arg)
{
	struct sink_options opts = { .reject = "rejects", .stats = "stats" };
	struct sink s;

	prog_start("x");
	if (sink_open(&s, &opts, true) != 0)
		return 10;
	for (const struct rejects *r = arg; r->reason != NULL; r++)
		for (int i = 0; i < r->count; i++)
			sink_reject(&s, "stdin", 1, r->reason, "{}", 2);
	return (int)sink_close(&s, PROG_OK, NULL, ",\"Extra\":1");
}

static int
reject_many(void *arg)
{
	struct sink_options opts = { .reject = "rejects" };
	struct sink s;
	char reason[40];

	prog_start("x");
	if (sink_open(&s, &opts, true) != 0)
		return 10;
	for (int i = 0; i < 1000; i++) {
		snprintf(reason, sizeof reason, "reason %d", i % 100);
		sink_reject(&s, "stdin", 1, reason, "{}", 2);
	}
	return (int)sink_close(&s, *(enum prog_status *)arg, NULL, NULL);
}

static void
test_summary(void)
{
	static const struct rejects some[] = {
		{ "rare", 1 }, { "second", 3 }, { "frequent", 5 }, { "third", 3 },
		{ "not JSON (byte 12)", 1 }, { "not JSON (byte 7)", 1 }, { "a key (reserved)", 1 },
		{ "\xc3\xa4\n", 1 }, { NULL, 0 }
	};
	static const struct rejects none[] = { { NULL, 0 } };
	enum prog_status status = PROG_OK;
	char stats[1000] = "";
	FILE *f;

	ok(child_run(reject_all, (void *)(uintptr_t)some) == PROG_REJECTED, "rejects");
	is(child_err, "x: rejected 5: frequent\nx: rejected 3: second\nx: rejected 3: third\n"
	    "x: rejected 2: not JSON\nx: rejected 1: rare\nx: rejected 1: a key (reserved)\n"
	    "x: rejected 1: \\xc3\\xa4\\x0a\n", "are told by reason, the most frequent first");
	f = fopen("stats", "r");
	if (f != NULL)
		child_slurp(f, stats, sizeof stats);
	ok(f != NULL && strstr(stats, ",\"Rejected\":16,") != NULL && strstr(stats,
	    ",\"Reasons\":{\"rare\":1,\"second\":3,\"frequent\":5,\"third\":3,\"not JSON\":2,"
	    "\"a key (reserved)\":1,\"\xc3\xa4\\n\":1},\"Extra\":1}\n") != NULL,
	    "and the statistics have them");
	ok(child_run(reject_all, (void *)(uintptr_t)none) == PROG_OK, "no rejects");
	is(child_err, "", "no summary");
	ok(child_run(reject_many, &status) == PROG_REJECTED, "a hundred reasons");
	is(child_err, "x: rejected 10: reason 0\nx: rejected 10: reason 1\n"
	    "x: rejected 10: reason 2\nx: rejected 10: reason 3\nx: rejected 10: reason 4\n"
	    "x: rejected 10: reason 5\nx: rejected 10: reason 6\nx: rejected 10: reason 7\n"
	    "x: rejected 10: reason 8\nx: rejected 10: reason 9\n"
	    "x: rejected 900 for other reasons\n", "ten lines and one for the rest");
	status = PROG_INCOMPLETE;
	ok(child_run(reject_many, &status) == PROG_INCOMPLETE, "a bad end");
	is(child_err, "", "has no summary");
	clear();
}

int
main(void)
{
	char directory[] = "/tmp/unit-sink.XXXXXX";
	struct stat st;

	if (mkdtemp(directory) == NULL || chdir(directory) == -1) {
		perror(directory);
		return 1;
	}
	umask(022);
	test_numbers();
	test_names();
	test_bad_end();
	test_unchanged();
	test_labels();
	test_numbered_labels();
	ok(child_run(run_many, NULL) == 0 && stat("m-999", &st) == 0 && stat("m-1100", &st) == 0 &&
	    stat("m-1101", &st) == -1, "more parts than three digits and the usual limit of files");
	is(child_err, "", "nothing is said");
	clear();
	test_summary();
	if (chdir("/") == 0)
		rmdir(directory);
	return tap_done();
}
