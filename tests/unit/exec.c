/* Commands run for what they print: how they end, what they inherit, what is left of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/buf.h"
#include "base/exec.h"
#include "child.h"
#include "tap.h"

enum { MAX = 64 * 1024, LONG_MS = 300 * 1000, WAIT_MS = 60 * 1000 };

static struct buf out;
static char why[EXEC_WHY_SIZE];
static char directory[] = "/tmp/exec.XXXXXX";

static enum exec_result
run_for(int64_t limit_ms, size_t max, const char *script)
{
	char *copy = strdup(script);
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, copy, NULL };
	struct exec e = {
		.argv = argv, .name = "EXEC_TEST", .value = "of ours", .limit_ms = limit_ms
	};
	enum exec_result result;

	buf_wipe(&out);
	buf_init(&out, max);
	why[0] = '\0';
	result = exec_output(&e, &out, why);
	free(copy);
	return result;
}

static enum exec_result
run(const char *script)
{
	return run_for(LONG_MS, MAX, script);
}

static void
endings(void)
{
	char *nowhere[] = { (char[]){ "/no/such/command" }, NULL };
	char *folder[] = { (char[]){ "/tmp" }, NULL };
	struct exec e = { .argv = nowhere, .limit_ms = LONG_MS };

	ok(run("echo one; echo two >&1") == EXEC_OK, "ends well");
	is(buf_string(&out), "one\ntwo\n", "what it printed");
	ok(run(":") == EXEC_OK && out.len == 0, "prints nothing");
	ok(run("echo one; exit 3") == EXEC_FAILED, "a status");
	is(why, "ended with status 3", "which");
	ok(run("exit 127") == EXEC_FAILED, "127 of its own is not taken for no command");
	ok(run("exit 75") == EXEC_TEMPORARY, "75 may pass");
	ok(run("kill -KILL $$") == EXEC_FAILED, "a signal");
	is(why, "ended by signal 9", "which");
	ok(run("exec >&-; sleep 0.1; exit 5") == EXEC_FAILED, "outlives its output");
	is(why, "ended with status 5", "and its status counts");
	ok(exec_output(&e, &out, why) == EXEC_NOT_RUN, "not there");
	is(why, "cannot run: No such file or directory", "why");
	e.argv = folder;
	ok(exec_output(&e, &out, why) == EXEC_NOT_RUN, "a folder");
	is(why, "cannot run: Permission denied", "why");
}

static void
limits(void)
{
	ok(run_for(LONG_MS, 10, "printf 0123456789") == EXEC_OK && out.len == 10,
	    "just fits");
	is(buf_string(&out), "0123456789", "whole");
	ok(run_for(LONG_MS, 10, "printf 0123456789a") == EXEC_FAILED, "a byte too much");
	is(why, "printed more than 10 bytes", "why");
	ok(run_for(LONG_MS, MAX, "exec yes") == EXEC_FAILED, "without end");
	is(why, "printed more than 65536 bytes", "why");
	ok(run_for(20, MAX, "exec sleep 100") == EXEC_FAILED, "hangs");
	is(why, "took longer than 1 s", "why");
	ok(run_for(20, MAX, "exec >&-; exec sleep 100") == EXEC_FAILED, "hangs without an output");
	is(why, "took longer than 1 s", "why");
	ok(run_for(20, MAX, "trap '' TERM; echo x; sleep 100") == EXEC_FAILED,
	    "hangs and minds no signal");
	errno = 0;
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "nothing is left to wait for");
}

static void
inheritance(void)
{
	sigset_t set, before;

	ok(run("cat; printf end") == EXEC_OK, "standard input ends at once");
	is(buf_string(&out), "end", "empty");
	setenv("EXEC_TEST", "of others", 1);
	setenv("EXEC_TEST_2", "untouched", 1);
	ok(run("env | grep EXEC_TEST | sort") == EXEC_OK, "environment");
	is(buf_string(&out), "EXEC_TEST=of ours\nEXEC_TEST_2=untouched\n",
	    "a variable replaced, the others as they are");
	is(getenv("EXEC_TEST"), "of others", "ours is what it was");
	dup2(STDERR_FILENO, 9);
	ok(run("test ! -e /proc/$$/fd/9") == EXEC_OK, "a descriptor does not go along");
	ok(fcntl(9, F_GETFD) != -1, "and is still there");
	close(9);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	signal(SIGPIPE, SIG_IGN);
	ok(run("kill -TERM $$") == EXEC_FAILED, "a signal that we block");
	is(why, "ended by signal 15", "reaches it");
	ok(run("kill -PIPE $$") == EXEC_FAILED, "a signal that we ignore");
	is(why, "ended by signal 13", "reaches it");
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
other_children(void)
{
	pid_t other = fork();
	int status = 0;

	if (other == 0)
		_exit(7);
	ok(run("exit 4") == EXEC_FAILED, "beside another child");
	is(why, "ended with status 4", "its own status");
	ok(waitpid(other, &status, 0) == other && WEXITSTATUS(status) == 7, "the other's is left");
	signal(SIGCHLD, SIG_IGN);
	ok(run("exit 6") == EXEC_FAILED, "started by one who ignores SIGCHLD");
	is(why, "ended with status 6", "the status is there");
}

/* Whether the last writer of the FIFO goes away, once there was one. */
static bool
is_left(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	while (poll(&p, 1, WAIT_MS) == 1) {
		if ((p.revents & POLLIN) == 0)
			return (p.revents & POLLHUP) != 0;
		if (read(fd, &byte, 1) < 0)
			return false;
	}
	return false;
}

/* In a session of its own, which has no terminal. */
static int
hang_with_helper(void *arg)
{
	int fd = *(int *)arg;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	setsid();
	/* Until it is fast enough to have a helper when its time is over. */
	for (int64_t ms = 50; poll(&p, 1, 0) == 0; ms *= 2)
		if (run_for(ms, MAX, "(echo x; exec sleep 100) >fifo & wait") != EXEC_FAILED)
			return 1;
	return is_left(fd) ? 0 : 2;
}

static int
hang(void *arg)
{
	(void)arg;
	setsid();
	return (int)run("exec 3>fifo; echo x >&3; exec sleep 100");
}

/* Ends the parent of a command that hangs. */
static bool
dies_with_us(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	pid_t parent = fork();
	int status;

	if (parent == 0)
		_exit(hang(NULL));
	poll(&p, 1, WAIT_MS);
	kill(parent, SIGKILL);
	return waitpid(parent, &status, 0) == parent && WIFSIGNALED(status) && is_left(fd);
}

static void
remains(void)
{
	int fd;

	if (mkdtemp(directory) == NULL || chdir(directory) != 0 || mkfifo("fifo", 0600) != 0) {
		perror(directory);
		exit(1);
	}
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	ok(child_run(hang_with_helper, &fd) == 0, "what hangs is killed with its helpers");
	close(fd);
	fd = open("fifo", O_RDONLY | O_NONBLOCK);
	ok(dies_with_us(fd), "it does not outlive us");
	close(fd);
	unlink("fifo");
	ok(run("sleep 100 & echo $!") == EXEC_OK, "what it leaves running is not waited for");
	ok(kill((pid_t)strtol(buf_string(&out), NULL, 10), SIGKILL) == 0, "nor killed");
	if (chdir("/") != 0 || rmdir(directory) != 0)
		perror(directory);
}

/* By ticket: here, then by a helper, which runs nothing else. */
static void
announced(void)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "echo $EXEC_TEST $PPID" },
		NULL };
	char *bad[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "echo x; exit 75" }, NULL };
	const struct exec e = {
		.argv = argv, .name = "EXEC_TEST", .value = "value", .limit_ms = LONG_MS
	};
	const struct exec f = { .argv = bad, .limit_ms = LONG_MS };
	int ticket = exec_announce(&e), other = exec_announce(&f), gone = exec_announce(&e), late;
	char ours[32];

	exec_withdraw(gone);
	snprintf(ours, sizeof ours, "value %d\n", (int)getpid());
	buf_clear(&out);
	ok(exec_announced(ticket, &out, why) == EXEC_OK, "announced, and run here");
	is(buf_string(&out), ours, "by us");
	ok(broker_start(NULL) == 0, "a helper");
	buf_clear(&out);
	ok(exec_announced(ticket, &out, why) == EXEC_OK, "run by the helper");
	ok(strncmp(buf_string(&out), "value ", 6) == 0 && strcmp(buf_string(&out), ours) != 0,
	    "not by us");
	buf_clear(&out);
	ok(exec_announced(other, &out, why) == EXEC_TEMPORARY, "which tells how it ended");
	is(why, "ended with status 75", "in words, too");
	is(buf_string(&out), "x\n", "and what it printed");
	late = exec_announce(&e);
	ok(exec_announced(late, &out, why) == EXEC_FAILED, "what was announced too late is not run");
	is(why, "cannot start: Permission denied", "and that is said");
	ok(exec_announced(gone, &out, why) == EXEC_FAILED, "nor what was withdrawn");
	broker_end();
	ok(exec_announced(ticket, &out, why) == EXEC_FAILED, "nor anything without the helper");
	is(why, "cannot start: the helper process has ended", "as is said");
}

int
main(void)
{
	buf_init(&out, MAX);
	endings();
	limits();
	inheritance();
	other_children();
	remains();
	announced();
	buf_wipe(&out);
	return tap_done();
}
