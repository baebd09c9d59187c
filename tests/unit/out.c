/* base/out.h and base/temp.h, base/datafile.h and base/progress.h. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/out.h"
#include "base/prog.h"
#include "base/progress.h"
#include "child.h"
#include "tap.h"

static void
put_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF || chmod(path, mode) == -1) {
		perror(path);
		exit(1);
	}
}

/* The file's content; "(none)" if it is not there. */
static const char *
content(const char *path)
{
	static char text[256];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return "(none)";
	child_slurp(f, text, sizeof text);
	return text;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == -1 ? 0 : st.st_mode & 07777;
}

/* How many names in the directory begin with ".": the temporaries. */
static int
temporaries(const char *directory)
{
	DIR *d = opendir(directory);
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += e->d_name[0] == '.' && strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0;
	if (d != NULL)
		closedir(d);
	return n;
}

static int
put(const char *path, bool if_changed, const char *text)
{
	struct out o;

	if (out_open(&o, path, if_changed) == -1)
		return -1;
	out_write(&o, text, strlen(text));
	return out_commit(&o);
}

static void
test_file(void)
{
	struct out o;

	ok(put("new", false, "one\n") == 0, "a new file is written");
	is(content("new"), "one\n", "with its content");
	ok(mode_of("new") == 0600, "and mode 0600");
	chmod("new", 0640);
	ok(out_open(&o, "new", false) == 0 && out_write(&o, "half", 4) == 0 && out_flush(&o) == 0,
	    "an old file is opened");
	is(content("new"), "one\n", "and stays while the new one is written");
	ok(temporaries(".") == 1, "a temporary lies beside it");
	ok(mode_of(o.temporary) == 0600, "which nobody else can read");
	out_abandon(&o);
	is(content("new"), "one\n", "abandoned, the old one stays");
	ok(temporaries(".") == 0, "and the temporary goes");
	ok(put("new", false, "two\n") == 0, "the old one is replaced");
	is(content("new"), "two\n", "by the new content");
	ok(mode_of("new") == 0640, "and its mode kept");
	chmod("new", 04755);
	ok(put("new", false, "x") == 0 && mode_of("new") == 0755, "a set-user-ID bit is not kept");
	unlink("new");
}

static void
test_unchanged(void)
{
	struct stat before, after;

	put_file("same", "content\n", 0644);
	ok(stat("same", &before) == 0 && put("same", true, "content\n") == 0 &&
	    stat("same", &after) == 0 && before.st_ino == after.st_ino,
	    "an equal file is left untouched");
	ok(temporaries(".") == 0, "and the temporary goes");
	ok(put("same", true, "Content\n") == 0, "a byte that differs");
	is(content("same"), "Content\n", "replaces it");
	ok(put("same", true, "Content\nmore") == 0, "a longer content");
	is(content("same"), "Content\nmore", "replaces it");
	ok(put("fresh", true, "") == 0 && mode_of("fresh") == 0600,
	    "a file that is not there is made, even an empty one");
	/* Numbers of files that are gone come again. */
	ok(stat("same", &before) == 0 && put("same", false, "Content\nmore") == 0 &&
	    stat("same", &after) == 0 && before.st_ino != after.st_ino, "without the option an equal file is replaced");
	unlink("same");
	unlink("fresh");
}

static void
test_link(void)
{
	put_file("target", "old", 0604);
	if (symlink("target", "link") == -1 || symlink("nowhere", "dangling") == -1)
		perror("symlink");
	ok(put("./link", false, "new") == 0, "a symbolic link is followed");
	is(content("target"), "new", "its target is replaced");
	ok(mode_of("target") == 0604 && mode_of("link") == 0777, "and the link stays");
	unlink("target");
	unlink("link");
}

static int
open_in_child(void *path)
{
	struct out o;

	prog_start("x");
	return out_open(&o, path, false) == -1 ? 10 : 0;
}

static void
refused(const char *name, const char *message)
{
	char path[300];

	snprintf(path, sizeof path, "%s", name);
	ok(child_run(open_in_child, path) == 10, name[0] != '\0' ? name : "no name");
	is(child_err, message, "is refused with its message");
	ok(temporaries(".") == 0, "no temporary is left");
}

static void
test_refusals(void)
{
	static char deep[600];

	if (mkfifo("fifo", 0600) == -1 || mkdir("directory", 0700) == -1)
		perror("fifo");
	refused("fifo", "x: fifo: cannot write: not a regular file\n");
	refused("/dev/null", "x: /dev/null: cannot write: not a regular file\n");
	refused("directory", "x: directory: cannot write: not a regular file\n");
	refused("directory/", "x: directory/: cannot write: not the name of a file\n");
	refused("", "x: : cannot write: not the name of a file\n");
	refused("none/file", "x: none/file: cannot create a temporary file beside it: "
	    "No such file or directory\n");
	refused("fifo/file", "x: fifo/file: cannot write: Not a directory\n");
	refused("dangling", "x: dangling: cannot write: symbolic link: "
	    "No such file or directory\n");
	memset(deep, 'n', 250);
	ok(child_run(open_in_child, deep) == 10 &&
	    strstr(child_err, "File name too long") != NULL, "a name too long is refused");
	unlink("fifo");
	unlink("dangling");
	rmdir("directory");
}

/*
 * Files that wait for each other, settled, more of them than the soft limit lets be open.  arg: the
 * hard limit, 0 to leave it.
 */
static int
open_many(void *arg)
{
	static struct out o[100];
	struct rlimit limit;
	char name[20];

	prog_start("x");
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 40;
	if (*(int *)arg != 0)
		limit.rlim_max = (rlim_t)*(int *)arg;
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		return 90;
	for (int i = 0; i < 100; i++) {
		if (out_open(&o[i], "many", false) == -1) {
			for (int j = 0; j < i; j++)
				out_abandon(&o[j]);
			return 10;
		}
		snprintf(name, sizeof name, "many%d", i);
		if (out_write(&o[i], name, strlen(name)) == -1 || out_rename(&o[i], name) == -1 ||
		    out_settle(&o[i]) == -1)
			return 11;
	}
	/* Another run must not take them for a dead one's. */
	if (fork() == 0)
		_exit(put("many", false, "other") == 0 ? 0 : 1);
	wait(NULL);
	if (temporaries(".") != 100)
		return 12;
	for (int i = 0; i < 100; i++)
		if (i % 2 == 0 ? out_commit(&o[i]) == -1 : (out_abandon(&o[i]), false))
			return 13;
	return 0;
}

static void
test_many(void)
{
	int hard = 0, status;

	ok(child_run(open_many, &hard) == 0 && temporaries(".") == 0,
	    "a hundred settled files wait together, and the soft limit is raised");
	is(content("many"), "other", "another run's file is its own");
	is(content("many98"), "many98", "committed, each has its content");
	is(content("many99"), "(none)", "abandoned, there is none");
	for (int i = 0; i < 100; i += 2) {
		char name[20];

		snprintf(name, sizeof name, "many%d", i);
		unlink(name);
	}
	unlink("many");
	hard = 60;
	status = child_run(open_many, &hard);
	if (status == 90)	/* valgrind */
		return;
	ok(status == 10, "beyond the hard limit there are no more");
	is(child_err, "x: many: cannot create a temporary file beside it: Too many open files "
	    "(ulimit -Hn says how many may be)\n", "which is told");
	ok(temporaries(".") == 0, "and nothing is left");
}

static int
rename_in_child(void *path)
{
	struct out o;

	prog_start("x");
	if (out_open(&o, "old", false) == -1 || out_write(&o, "moved", 5) == -1)
		return 10;
	if (out_rename(&o, path) == -1) {
		out_abandon(&o);
		return 11;
	}
	return out_commit(&o) == 0 ? 0 : 12;
}

static void
test_rename(void)
{
	mkdir("elsewhere", 0700);
	put_file("elsewhere/file", "far", 0600);
	put_file("here", "near", 0640);
	if (symlink("elsewhere/file", "far-link") == -1 || symlink("here", "near-link") == -1)
		perror("symlink");
	ok(child_run(rename_in_child, (char[]){ "new" }) == 0, "a file gets another name");
	is(content("new"), "moved", "and stands there");
	is(content("old"), "(none)", "not under its first one");
	ok(child_run(rename_in_child, (char[]){ "elsewhere" }) == 11, "a directory is no place");
	is(child_err, "x: elsewhere: cannot write: not a regular file\n", "which is told");
	ok(child_run(rename_in_child, (char[]){ "far-link" }) == 11, "nor is another directory");
	is(child_err, "x: far-link: cannot write: a symbolic link into another directory\n",
	    "which is told");
	ok(temporaries(".") == 0, "and nothing is left");
	is(content("elsewhere/file"), "far", "nor changed there");
	unlink("elsewhere/file");
	rmdir("elsewhere");
	unlink("far-link");
	unlink("near-link");
	unlink("here");
	unlink("new");
}

static void
test_settled(void)
{
	struct stat before, after;
	struct out o;

	put_file("set", "one", 0640);
	stat("set", &before);
	ok(out_open(&o, "set", true) == 0 && out_write(&o, "one", 3) == 0 &&
	    out_settle(&o) == 0 && o.unchanged, "a settled file knows that it is unchanged");
	ok(out_withdraw(&o) == 0 && access("set", F_OK) == -1, "withdrawn, the old one is away");
	ok(out_commit(&o) == 0 && stat("set", &after) == 0 && before.st_ino == after.st_ino &&
	    before.st_mtim.tv_nsec == after.st_mtim.tv_nsec, "and comes back untouched");
	ok(out_open(&o, "set", true) == 0 && out_write(&o, "two", 3) == 0 &&
	    out_settle(&o) == 0 && !o.unchanged && o.data == NULL, "or that it has changed");
	ok(out_withdraw(&o) == 0 && access("set", F_OK) == -1, "the old one goes");
	ok(out_commit(&o) == 0 && mode_of("set") == 0640, "and the new one has its mode");
	is(content("set"), "two", "and its content");
	ok(temporaries(".") == 0, "no temporary is left");
	unlink("set");
}

static void
test_stale(void)
{
	int fd;

	put_file(".stale.AbC123.tmp", "", 0600);
	put_file(".stale.held00.tmp", "", 0600);
	put_file(".stale.csv.AbC123.tmp", "", 0600);
	put_file(".stale.tmp", "", 0600);
	fd = open(".stale.held00.tmp", O_RDWR);
	ok(fd != -1 && flock(fd, LOCK_EX) == 0, "a living run holds its temporary");
	ok(put("stale", false, "x") == 0, "the next run");
	ok(access(".stale.AbC123.tmp", F_OK) == -1, "removes the temporary of a dead one");
	ok(access(".stale.held00.tmp", F_OK) == 0, "but not that of the living one");
	ok(access(".stale.csv.AbC123.tmp", F_OK) == 0 && access(".stale.tmp", F_OK) == 0,
	    "nor what belongs to others");
	close(fd);
	ok(put("stale", false, "x") == 0 && access(".stale.held00.tmp", F_OK) == -1,
	    "once that is dead it goes too");
	unlink(".stale.csv.AbC123.tmp");
	unlink(".stale.tmp");
	unlink("stale");
	ok(temporaries(".") == 0, "nothing is left");
}

static int
die_while_open(void *arg)
{
	struct out o;
	int sig = *(int *)arg;
	pid_t pid;

	prog_start("x");
	if (sig < 0)
		signal(-sig, SIG_IGN);
	if (out_open(&o, "dying", false) == -1)
		return 10;
	/* A child that dies, by exit too, must not take its parent's temporary along. */
	pid = fork();
	if (pid == 0)
		exit(0);
	waitpid(pid, NULL, 0);
	if (temporaries(".") != 1)
		return 11;
	if (sig != 0)
		raise(sig < 0 ? -sig : sig);
	exit(20);
}

static void
test_death(void)
{
	static const struct {
		int sig, status;
		const char *title;
	} deaths[] = {
		{ SIGINT, 128 + SIGINT, "SIGINT" }, { SIGTERM, 128 + SIGTERM, "SIGTERM" },
		{ SIGHUP, 128 + SIGHUP, "SIGHUP" }, { -SIGHUP, 20, "an ignored SIGHUP, then exit" },
		{ 0, 20, "exit" }
	};

	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		int sig = deaths[i].sig;

		ok(child_run(die_while_open, &sig) == deaths[i].status, deaths[i].title);
		ok(temporaries(".") == 0 && access("dying", F_OK) == -1,
		    "removes the temporary and makes no file");
	}
}

static int
fill_disk(void *arg)
{
	struct out o;
	static char block[OUT_BUFFER + 1];

	(void)arg;
	prog_start("x");
	if (out_open(&o, "full", false) == -1)
		return 10;
	/* The file system is not ours to fill: a full device stands in. */
	close(o.fd);
	o.fd = open("/dev/full", O_WRONLY);
	if (out_write(&o, block, sizeof block) != -1 || out_write(&o, "x", 1) != -1 ||
	    out_flush(&o) != -1)
		return 11;
	return out_commit(&o) == -1 ? 12 : 13;
}

/* What a child does with standard output. */
enum way { FULL, CLOSED, CLOSED_EMPTY, READ_ONLY, GONE, GONE_ABANDON, ABANDON };

static int
use_stdout(void *arg)
{
	enum way way = *(enum way *)arg;
	struct out o;
	int p[2], fd;
	char *s;

	if (way == FULL || way == READ_ONLY) {
		fd = way == FULL ? open("/dev/full", O_WRONLY) : open("/dev/null", O_RDONLY);
		dup2(fd, 1);
	} else if (way == CLOSED || way == CLOSED_EMPTY) {
		close(1);
	} else if (way == GONE || way == GONE_ABANDON) {
		if (pipe(p) == -1)
			return 99;
		dup2(p[1], 1);
		close(p[0]);
		close(p[1]);
	}
	prog_start("x");
	if (out_open(&o, "-", false) == -1)
		return 10;
	if (way == CLOSED_EMPTY || way == READ_ONLY)
		return out_commit(&o) == 0 ? 0 : 1;
	s = out_reserve(&o, 6);
	memcpy(s, "hello\n", 6);
	out_advance(&o, 6);
	if (way == ABANDON || way == GONE_ABANDON) {
		out_abandon(&o);
		return 1;
	}
	return out_commit(&o) == 0 ? 0 : 1;
}

static void
test_stdout(void)
{
	static const struct {
		enum way way;
		int status;
		const char *title, *out, *err;
	} ways[] = {
		{ FULL, 1, "a full device", "",
		    "x: stdout: cannot write: No space left on device\n" },
		{ CLOSED, 1, "closed", "", "x: stdout: cannot write: Bad file descriptor\n" },
		{ CLOSED_EMPTY, 1, "closed, without output", "",
		    "x: stdout: cannot write: Bad file descriptor\n" },
		{ READ_ONLY, 1, "open for reading only", "",
		    "x: stdout: cannot write: Bad file descriptor\n" },
		{ GONE, 128 + SIGPIPE, "the reader gone", "", "" },
		{ GONE_ABANDON, 1, "the reader gone from a failed run", "", "" },
		{ ABANDON, 1, "an abandoned output", "hello\n", "" }
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		enum way way = ways[i].way;

		ok(child_run(use_stdout, &way) == ways[i].status, ways[i].title);
		is(child_out, ways[i].out, "output");
		is(child_err, ways[i].err, "messages");
	}
	ok(child_run(fill_disk, NULL) == 12, "a write that fails makes the rest fail");
	is(child_err, "x: full: cannot write: No space left on device\n", "and is told once");
	is(content("full"), "(none)", "no file is made");
}

/* Writes more than a pipe holds into a non-blocking one, while a child reads slowly. */
static int
write_nonblocking(void *arg)
{
	static char block[100000];
	struct out o;
	size_t total = 0;
	int p[2];
	pid_t pid;

	(void)arg;
	prog_start("x");
	if (pipe(p) == -1)
		return 99;
	pid = fork();
	if (pid == 0) {
		ssize_t n;

		close(p[1]);
		while ((n = read(p[0], block, 4096)) > 0)
			total += (size_t)n;
		_exit(total == 10 * sizeof block + 300000 ? 0 : 1);
	}
	close(p[0]);
	dup2(p[1], 1);
	close(p[1]);
	fcntl(1, F_SETFL, O_WRONLY | O_NONBLOCK);
	if (out_open(&o, NULL, false) == -1)
		return 10;
	for (int i = 0; i < 10; i++)
		out_write(&o, block, sizeof block);
	/* More than the buffer in one piece. */
	memset(out_reserve(&o, 300000), 'x', 300000);
	out_advance(&o, 300000);
	if (out_commit(&o) == -1 || waitpid(pid, &p[0], 0) == -1)
		return 11;
	return WEXITSTATUS(p[0]);
}

static int
find_in_child(void *name)
{
	char *path = datafile_find("mappings", name, "jq");

	if (path == NULL)
		return 10;
	puts(path);
	free(path);
	return 0;
}

static void
found(const char *name, const char *want)
{
	char copy[64];

	snprintf(copy, sizeof copy, "%s", name);
	ok(child_run(find_in_child, copy) == 0, name);
	is(child_out, want, "is found where it should be");
}

static void
test_find(void)
{
	static const char *const folders[] = { "a", "b", "b/mappings", "home", "home/.config",
	    "home/.config/cognito-filters", "home/.config/cognito-filters/mappings" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		mkdir(folders[i], 0700);
	put_file("a/one.jq", "", 0600);
	put_file("b/mappings/one.jq", "", 0600);
	put_file("b/mappings/two.jq", "", 0600);
	put_file("home/.config/cognito-filters/mappings/two.jq", "", 0600);
	put_file("home/.config/cognito-filters/mappings/three.jq", "", 0600);
	setenv("COGNITO_FILTERS_PATH", ":a::b", 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", "home", 1);
	found("./any", "./any\n");
	found("one", "a/one.jq\n");
	found("two", "b/mappings/two.jq\n");
	found("three", "home/.config/cognito-filters/mappings/three.jq\n");
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	ok(child_run(find_in_child, (char[]){ "three" }) == 10, "another configuration folder");
	ok(strstr(child_err, "mappings: three: not found; looked for a/mappings/three.jq, ") !=
	    NULL && strstr(child_err, "/nonexistent/cognito-filters/mappings/three.jq") != NULL &&
	    strstr(child_err, "share/cognito-filters/mappings/three.jq") != NULL,
	    "the message names the places");
	ok(child_run(find_in_child, (char[]){ "" }) == 10, "an empty name is refused");
}

static int
read_in_child(void *arg)
{
	struct buf b;
	int status;

	buf_init(&b, 10);
	buf_append_string(&b, "ab");
	status = datafile_read(arg, &b);
	puts(buf_string(&b));
	buf_free(&b);
	return status == 0 ? 0 : 10;
}

static void
test_read(void)
{
	put_file("exact", "12345678", 0600);
	put_file("long", "123456789", 0600);
	ok(child_run(read_in_child, (char[]){ "exact" }) == 0, "a file of just the maximum");
	is(child_out, "ab12345678\n", "is appended");
	ok(child_run(read_in_child, (char[]){ "long" }) == 10, "one byte more is refused");
	is(child_out, "ab\n", "and leaves nothing");
	ok(strstr(child_err, "long: longer than the limit of 10 bytes\n") != NULL,
	    "the message names the limit");
	ok(child_run(read_in_child, (char[]){ "a" }) == 10 &&
	    strstr(child_err, "a: cannot read: Is a directory\n") != NULL, "a directory");
	ok(child_run(read_in_child, (char[]){ "none" }) == 10 &&
	    strstr(child_err, "none: cannot open: No such file or directory\n") != NULL,
	    "no file");
}

static int
show_progress(void *arg)
{
	struct progress p;
	struct out o;

	prog_start("x");
	progress_start(&p, *(enum progress_mode *)arg, "users");
	progress_show(&p, 1, 4);
	/* As if the work had begun earlier. */
	p.started -= 3725000;
	p.last -= 1000;
	progress_show(&p, 3725, 14900);
	out_open(&o, "/", false);
	progress_end(&p);
	progress_end(&p);
	return 0;
}

static void
test_progress(void)
{
	enum progress_mode mode = PROGRESS_ON;

	child_run(show_progress, &mode);
	ok(strstr(child_err, "\r\033[Kx 3,725 users 1/s  1:02:05  25%\r\033[Kx: /: ") == child_err,
	    "the line shows count, rate, time and share, and a message wipes it");
	ok(strstr(child_err + 40, "\r") == NULL, "nothing is left to wipe at the end");
	mode = PROGRESS_AUTO;
	child_run(show_progress, &mode);
	ok(strchr(child_err, '\r') == NULL, "no terminal, no progress line");
}

static void
remove_all(const char *directory)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", directory, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	char directory[] = "/tmp/unit-out.XXXXXX";

	if (mkdtemp(directory) == NULL || chdir(directory) == -1) {
		perror(directory);
		return 1;
	}
	umask(022);
	test_file();
	test_unchanged();
	test_link();
	test_refusals();
	test_many();
	test_rename();
	test_settled();
	test_stale();
	test_death();
	test_stdout();
	ok(child_run(write_nonblocking, NULL) == 0, "a non-blocking pipe gets every byte");
	test_find();
	test_read();
	test_progress();
	remove_all(directory);
	return tap_done();
}
