/* base/broker.h and base/files.h: what a helper does, for whom, and when it ends. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/broker.h"
#include "base/files.h"
#include "base/out.h"
#include "base/sorter.h"
#include "base/spool.h"
#include "base/temp.h"
#include "child.h"
#include "tap.h"

enum { THREADS = 4, CALLS = 50, FILES_SERVICE = 1 };

static char directory[] = "/tmp/cognito-filters.unit.XXXXXX";

static void
tell(const char *name, int error)
{
	printf("%s %d\n", name, error);
}

static bool
said(const char *line)
{
	size_t len = strlen(line);

	for (const char *at = child_out; (at = strstr(at, line)) != NULL; at++)
		if ((at == child_out || at[-1] == '\n') && at[len] == '\n')
			return true;
	printf("# wanted: %s\n%s", line, child_out);
	return false;
}

/* Runs function in a child, in the directory, which is empty then and afterwards. */
static int
run(int (*function)(void *), void *arg)
{
	int status = child_run(function, arg);

	printf("%s%s", child_err[0] != '\0' ? "# " : "", child_err);
	if (child_err[0] != '\0' && child_err[strlen(child_err) - 1] != '\n')
		putchar('\n');
	return status;
}

static int
count_names(void)
{
	DIR *d = opendir(".");
	int n = -2;	/* . and .. */

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

static void
put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		exit(2);
}

static bool
holds(const char *path, const char *text)
{
	char got[80];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;
	child_slurp(f, got, sizeof got);
	return strcmp(got, text) == 0;
}

/* The transport. */

static int
echo(void *arg, const void *request, size_t len, struct broker_answer *answer)
{
	(void)buf_append(&answer->data, request, len);
	answer->fd[0] = arg != NULL ? dup(STDERR_FILENO) : -1;
	return len > 0 && *(const char *)request == 'e' ? EIO : 0;
}

/* How many descriptors the helper has, and its process. */
static int
look(void *arg, const void *request, size_t len, struct broker_answer *answer)
{
	int open = 0;

	(void)arg;
	(void)request;
	(void)len;
	for (int fd = 0; fd < 1000; fd++)
		open += fcntl(fd, F_GETFD) != -1;
	(void)buf_appendf(&answer->data, "%d %ld", open, (long)getpid());
	return 0;
}

static int
call_text(int service, const char *text, char *answer, size_t size)
{
	struct broker_answer a;
	int error;

	broker_answer_init(&a);
	error = broker_call(service, text, strlen(text), &a);
	snprintf(answer, size, "%.*s%s", (int)a.data.len, buf_string(&a.data),
	    a.fd[0] != -1 ? " and a descriptor" : "");
	if (a.fd[0] != -1)
		close(a.fd[0]);
	broker_answer_free(&a);
	return error;
}

static int with_descriptor, plain, looking;

static void *
ask_often(void *number)
{
	char text[32], answer[64];
	long wrong = 0;

	for (int i = 0; i < CALLS; i++) {
		snprintf(text, sizeof text, "thread %d call %d", *(int *)number, i);
		wrong += call_text(plain, text, answer, sizeof answer) != 0 ||
		    strcmp(text, answer) != 0;
	}
	*(int *)number = (int)wrong;
	return NULL;
}

static int
transport(void *unused)
{
	static char large[BROKER_MESSAGE_MAX + 1];
	char answer[64];
	struct broker_answer a;
	pthread_t threads[THREADS];
	int numbers[THREADS], wrong = 0, error;
	struct sandbox own = { .keep = SANDBOX_THREADS };

	(void)unused;
	(void)!dup(0);
	plain = broker_add(echo, NULL);
	with_descriptor = broker_add(echo, large);
	looking = broker_add(look, NULL);
	if (files_shut(&own) != 0)
		return 2;
	printf("%d %s\n", call_text(plain, "hello", answer, sizeof answer), answer);
	printf("%d %s\n", call_text(plain, "error", answer, sizeof answer), answer);
	printf("%d %s\n", call_text(with_descriptor, "with", answer, sizeof answer), answer);
	tell("unknown", call_text(99, "", answer, sizeof answer) == ENOSYS ? 0 : 1);
	broker_answer_init(&a);
	tell("largest", broker_call(plain, large, BROKER_MESSAGE_MAX, &a));
	tell("came", a.data.len == BROKER_MESSAGE_MAX ? 0 : 1);
	error = broker_call(plain, large, sizeof large, &a);
	tell("larger", error == EMSGSIZE ? 0 : 1);
	broker_answer_free(&a);
	call_text(looking, "", answer, sizeof answer);
	printf("descriptors %.1s\n", answer);
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, ask_often, &numbers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		wrong += numbers[i];
	}
	tell("threads", wrong);
	return 0;
}

static long
helper_pid(void)
{
	char answer[64];

	call_text(looking, "", answer, sizeof answer);
	return strtol(strchr(answer, ' '), NULL, 10);
}

static int
lose_helper(void *unused)
{
	struct out o;
	char answer[64];
	pid_t helper;

	(void)unused;
	looking = broker_add(look, NULL);
	if (out_open(&o, "kept", false) != 0 || broker_start(NULL) != 0)
		return 2;
	helper = (pid_t)helper_pid();
	/* What a terminal and a shell send to the whole group. */
	kill(helper, SIGINT);
	kill(helper, SIGTERM);
	kill(helper, SIGHUP);
	tell("alive", call_text(looking, "", answer, sizeof answer));
	kill(helper, SIGKILL);
	tell("gone", call_text(looking, "", answer, sizeof answer) == ECHILD ? 0 : 1);
	tell("still", call_text(looking, "", answer, sizeof answer) == ECHILD ? 0 : 1);
	out_write(&o, "new", 3);
	return out_commit(&o) == -1 ? 1 : 0;
}

static int
try_again(void *unused)
{
	struct out o;

	(void)unused;
	if (out_open(&o, "kept", false) != 0)
		return 2;
	out_abandon(&o);
	return 0;
}

/* Files. */

static int
raw(const char *request, size_t len)
{
	struct broker_answer a;
	int error;

	broker_answer_init(&a);
	error = broker_call(FILES_SERVICE, request, len, &a);
	if (a.fd[0] != -1)
		close(a.fd[0]);
	broker_answer_free(&a);
	return error;
}

static int
errno_of(int result)
{
	int error = result == -1 ? errno : 0;

	if (result > STDERR_FILENO)
		close(result);
	return error;
}

static int
use_names(void *unused)
{
	char *name = NULL, *real;
	const char *where;
	int fd;

	(void)unused;
	put_file("operand", "x");
	put_file("secret", "x");
	put_file("old", "x");
	files_will_read("operand");
	files_will_read("absent");
	files_will_read("/dev/fd/0");
	files_will_replace("old");
	files_will_make_parts("set.csv", 3);
	if (files_shut(NULL) != 0)
		return 2;
	tell("announced", errno_of(files_open("operand")));
	tell("absent", errno_of(files_open("absent")));
	tell("descriptor", errno_of(files_open("/dev/fd/0")));
	tell("unannounced", errno_of(files_open("secret")));
	tell("another-way", errno_of(files_open("./operand")));
	tell("old", errno_of(files_open_old("old")));
	tell("old-secret", errno_of(files_open_old("secret")));
	tell("spool", errno_of(files_spool(&where)));
	tell("temporary", errno_of(files_temporary("secret", &name)));
	fd = files_temporary("old", &name);
	tell("made", fd != -1 && name != NULL ? 0 : 1);
	tell("rename-elsewhere", errno_of(files_rename(name, "secret")));
	tell("rename-from", errno_of(files_rename("secret", "old")));
	tell("rename-from-operand", errno_of(files_rename("operand", name)));
	tell("unlink-secret", errno_of(files_unlink("secret")));
	tell("sync-secret", files_sync("secret"));
	tell("sync", files_sync("old"));
	real = files_resolve("secret");
	tell("resolve-secret", real == NULL ? errno : 0);
	tell("rename", errno_of(files_rename(name, "old")));
	tell("rename-again", errno_of(files_rename(name, "old")));
	tell("part", errno_of(files_open_old("set-001.csv")));
	tell("part-label", errno_of(files_open_old("set-a~002.csv")));
	tell("part-outside", errno_of(files_open_old("set-/../secret.csv")));
	tell("part-other", errno_of(files_open_old("set-001.txt")));
	tell("part-nothing", errno_of(files_open_old("set-.csv")));
	tell("part-before", errno_of(files_open_old("xset-001.csv")));
	tell("empty", raw("", 0));
	tell("no-end", raw("\0operand", 8));
	tell("one-name", raw("\0operand", 9 - 1));
	tell("three-names", raw("\0a\0b\0c", 7));
	tell("no-operation", raw("\177a\0", 4));
	free(name);
	free(real);
	return 0;
}

/* Writes through the helper, and stops where told. */
static int
write_out(void *how)
{
	static struct out o, side;	/* static: reachable where the run stops */
	struct spool s;

	put_file("out", "old");
	files_will_spool();
	if (out_open(&o, "out", false) != 0 || out_open(&side, "side", false) != 0 ||
	    files_shut(NULL) != 0)
		return 2;
	out_write(&o, "new", 3);
	out_flush(&o);
	if (spool_open(&s) != 0 || spool_append(&s, "x", 1) != 0)
		return 2;
	spool_close(&s);
	if (strcmp(how, "end") == 0)
		return out_commit(&o) == 0 && out_commit(&side) == 0 ? 0 : 2;
	if (strcmp(how, "abandon") == 0) {
		out_abandon(&o);
		return 0;
	}
	if (strcmp(how, "term") == 0)
		raise(SIGTERM);
	if (strcmp(how, "kill") == 0)
		raise(SIGKILL);
	if (strcmp(how, "abort") == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		abort();
	}
	/* What is not committed goes at exit. */
	return 0;
}

/* More files than may be open: the limit is raised here, where descriptors arrive. */
static int
many_parts(void *unused)
{
	static char *names[200];
	struct rlimit limit;
	char path[32];
	int made = 0;

	(void)unused;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 20;
	files_will_make_parts("set.csv", 3);
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || files_shut(NULL) != 0)
		return 2;
	for (int i = 0; i < 200; i++) {
		snprintf(path, sizeof path, "set-%03d.csv", i + 1);
		made += temp_create(path, &names[i]) != -1;
	}
	tell("made", made);
	for (int i = 0; i < 200; i++)
		if (names[i] != NULL)
			temp_forget(names[i]);
	return 0;
}

static int
sort_lines(void *stop)
{
	struct sorter s = { .to = -1 };
	int got;

	sorter_expect();
	if (files_shut(NULL) != 0 || sorter_start(&s) != 0)
		return 2;
	if (stop == NULL) {
		buf_append_string(&s.pending, "b");
		sorter_end_line(&s);
		buf_append_string(&s.pending, "a");
		sorter_end_line(&s);
		if (sorter_end(&s) != 0)
			return 2;
		while ((got = sorter_next(&s)) == 1)
			printf("line %s\n", s.line);
		tell("end", got);
	}
	sorter_free(&s);
	return 0;
}

static int
sort_without(void *unused)
{
	struct sorter s = { .to = -1 };
	int result;

	(void)unused;
	sorter_expect();
	setenv("PATH", "/nowhere", 1);
	if (files_shut(NULL) != 0)
		return 2;
	result = sorter_start(&s);
	sorter_free(&s);
	return result == -1 ? 1 : 0;
}

static int
sort_unasked(void *unused)
{
	struct sorter s = { .to = -1 };
	int result;

	(void)unused;
	files_will_spool();
	if (files_shut(NULL) != 0)
		return 2;
	result = sorter_start(&s);
	sorter_free(&s);
	return result == -1 ? 1 : 0;
}

static void
test_transport(void)
{
	ok(run(transport, NULL) == 0, "a helper");
	ok(said("0 hello"), "answers");
	ok(said("5 error"), "with an errno and what came with it");
	ok(said("0 with and a descriptor"), "and passes descriptors");
	ok(said("unknown 0"), "it has no other services");
	ok(said("largest 0") && said("came 0") && said("larger 0"), "up to a limit");
	ok(said("descriptors 4"), "and has no descriptors of its parent's");
	ok(said("threads 0"), "threads each get their own answers");
	ok(run(lose_helper, NULL) == 1, "one that is killed makes the run fail");
	ok(said("alive 0"), "but not by what a terminal sends");
	ok(said("gone 0") && said("still 0"), "and is missed at each call");
	ok(strstr(child_err, "kept: cannot keep its mode: No child process") != NULL, "with a message");
	ok(count_names() == 1 && run(try_again, NULL) == 0 && count_names() == 0,
	    "what it left is swept by the next run");
}

/* What use_names says of each, by its errno. */
static void
test_names(void)
{
	static const struct { const char *name; int error; } wanted[] = {
		{ "announced", 0 }, { "absent", ENOENT }, { "descriptor", 0 },
		{ "unannounced", EACCES }, { "another-way", EACCES }, { "old", 0 },
		{ "old-secret", EACCES }, { "spool", EACCES }, { "temporary", EACCES },
		{ "made", 0 }, { "rename-elsewhere", EACCES }, { "rename-from", EACCES },
		{ "rename-from-operand", EACCES }, { "unlink-secret", EACCES },
		{ "sync-secret", EACCES }, { "sync", 0 }, { "resolve-secret", EACCES },
		{ "rename", 0 }, { "rename-again", EACCES }, { "part", ENOENT },
		{ "part-label", ENOENT }, { "part-outside", EACCES }, { "part-other", EACCES },
		{ "part-nothing", EACCES }, { "part-before", EACCES }, { "empty", EPROTO },
		{ "no-end", EPROTO }, { "one-name", EPROTO }, { "three-names", EPROTO },
		{ "no-operation", ENOSYS }
	};
	char line[64];

	ok(run(use_names, NULL) == 0, "files by names that were announced, or not");
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		snprintf(line, sizeof line, "%s %d", wanted[i].name, wanted[i].error);
		ok(said(line), wanted[i].name);
	}
	ok(holds("secret", "x"), "what was not announced is as it was");
	unlink("operand");
	unlink("secret");
	unlink("old");
	ok(count_names() == 0, "and nothing is left");
}

/* The helper of a killed parent sweeps on its own time. */
static bool
is_swept(int names)
{
	for (int i = 0; i < 1000 && count_names() != names; i++)
		usleep(10000);
	return count_names() == names;
}

static void
test_output(void)
{
	static char end[] = "end", leave[] = "leave", give_up[] = "abandon", term[] = "term";
	static char killed[] = "kill", aborted[] = "abort";

	ok(run(write_out, end) == 0 && holds("out", "new") && holds("side", "") &&
	    count_names() == 2, "outputs are replaced behind the door");
	unlink("side");
	ok(run(write_out, leave) == 0 && holds("out", "old") && count_names() == 1,
	    "an exit before that leaves the old one and no temporary");
	ok(run(write_out, give_up) == 0 && holds("out", "old") && count_names() == 1,
	    "and so does giving up");
	ok(run(write_out, term) == 128 + SIGTERM && holds("out", "old") && count_names() == 1,
	    "and SIGTERM");
	ok(run(write_out, killed) == 128 + SIGKILL && holds("out", "old") && is_swept(1),
	    "and SIGKILL, soon");
	ok(run(write_out, aborted) == 128 + SIGABRT && holds("out", "old") && is_swept(1),
	    "and SIGABRT, soon");
	unlink("out");
	ok(run(many_parts, NULL) == 0 && said("made 200"), "more files than could be open");
	ok(count_names() == 0, "none of which is left");
}

static void
test_sorting(void)
{
	ok(run(sort_lines, NULL) == 0, "sort(1) behind the door");
	ok(said("line a") && said("line b") && said("end 0"), "gives the lines in order");
	ok(run(sort_lines, directory) == 0, "it can be ended before");
	ok(run(sort_without, NULL) == 1 && strcmp(child_err,
	    "cognito-filters: sort: cannot run: No such file or directory\n") == 0,
	    "without sort(1) it says so");
	ok(run(sort_unasked, NULL) == 1, "and is not run where nobody said that it would be");
	ok(count_names() == 0, "nothing is left");
}

int
main(void)
{
	if (mkdtemp(directory) == NULL || chdir(directory) != 0)
		return 1;
	setenv("TMPDIR", directory, 1);
	test_transport();
	test_names();
	test_output();
	test_sorting();
	if (chdir("/") != 0)
		return 1;
	rmdir(directory);
	return tap_done();
}
