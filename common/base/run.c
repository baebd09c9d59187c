/* A command that runs beside us (run.h). */
#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/diag.h"
#include "base/prog.h"
#include "base/sandbox.h"

extern char **environ;

static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void
run_prepare(struct run *r)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	sigset_t blocked;
	size_t i;

	sigemptyset(&r->ends);
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!is_ignored(numbers[i]))	/* nohup(1) */
			sigaddset(&r->ends, numbers[i]);
	/* A parent that ignores SIGCHLD would have our command's status thrown away. */
	signal(SIGCHLD, SIG_DFL);
	blocked = r->ends;
	sigaddset(&blocked, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}

void
run_wait(const struct run *r)
{
	while (sigwaitinfo(&r->ends, NULL) == -1 && errno == EINTR)
		;
}

/* Waits for the word to begin; without one nobody wants the command any more. */
_Noreturn static void
become(const struct run *r, int go, char **argv)
{
	ssize_t n;
	char word;
	int reason;

	do
		n = read(go, &word, 1);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		diag_error("%s: cannot wait for its start: %s", argv[0], strerror(errno));
	if (n != 1)
		_exit(PROG_FAIL);
	close(go);
	prog_child();
	signal(SIGCHLD, SIG_DFL);
	if (r->environment != NULL)
		environ = r->environment;
	execvp(argv[0], argv);
	reason = errno;
	diag_error("%s: cannot run: %s", argv[0], strerror(reason));
	_exit(reason == ENOENT ? PROG_NOT_FOUND : PROG_CANNOT_EXEC);
}

int
run_fork(struct run *r, char **argv)
{
	int ends[2];

	r->terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (child_pipe(ends) == 0) {
		r->child = fork();
		if (r->child == 0) {
			close(ends[CHILD_WRITE]);
			become(r, ends[CHILD_READ], argv);
		}
		close(ends[CHILD_READ]);
		r->go = ends[CHILD_WRITE];
		if (r->child != -1) {
			sandbox_may_end(r->child);
			/* Its group: see stop_with. */
			sandbox_may_end(-r->child);
			return 0;
		}
		child_close(&r->go);
	}
	diag_error("%s: cannot fork: %s", argv[0], strerror(errno));
	r->child = 0;
	return -1;
}

void
run_dismiss(struct run *r)
{
	if (r->child == 0)
		return;
	child_close(&r->go);
	while (waitpid(r->child, NULL, 0) == -1 && errno == EINTR)
		continue;
	r->child = 0;
}

/*
 * A shell with the terminal in its hands has stopped itself ("suspend"): so do we, for who waits
 * for us would not know of it, and its keys reach only what is stopped.  When we go on (fg), the
 * terminal is the shell's again.  In our own group, stopped is stopped without us.
 */
static void
stop_with(const struct run *r)
{
	int fd = r->terminal;
	pid_t group = getpgid(r->child);
	sigset_t set, old;

	if (fd == -1)
		return;
	if (group != -1 && group != getpgrp() && tcgetpgrp(fd) == group) {
		/* Has no effect where nobody could let us go on (an orphaned group). */
		raise(SIGTSTP);
		sigemptyset(&set);
		sigaddset(&set, SIGTTOU);
		pthread_sigmask(SIG_BLOCK, &set, &old);
		tcsetpgrp(fd, group);
		pthread_sigmask(SIG_SETMASK, &old, NULL);
		kill(-group, SIGCONT);
	}
}

/*
 * Whether a key of the terminal sent it: to the whole foreground group, so that the child has it
 * already.  A hangup is told to the session's leader alone, which we may be (ssh -t).
 */
static bool
is_key(const siginfo_t *info)
{
	return info->si_code == SI_KERNEL && info->si_signo != SIGHUP;
}

/* Passes signals on until the child has ended; returns what waitpid(2) says of it. */
static int
attend(const struct run *r)
{
	sigset_t awaited = r->ends;
	siginfo_t info;
	int status, number, flags = WNOHANG | WUNTRACED;
	pid_t got;

	sigaddset(&awaited, SIGCHLD);
	/* One that ended before its signal was blocked has none that will come: it is looked at first. */
	for (number = SIGCHLD;; number = sigwaitinfo(&awaited, &info)) {
		if (number == -1 && errno != EINTR)
			flags = 0;	/* no signal will tell: the end alone is waited for */
		else if (number > 0 && number != SIGCHLD && !is_key(&info))
			kill(r->child, number);
		if (number != SIGCHLD && flags != 0)
			continue;
		/* The one signal that tells of it is taken: what goes wrong here must not be passed over. */
		do
			got = waitpid(r->child, &status, flags);
		while (got == -1 && errno == EINTR);
		if (got == -1) {
			diag_error("a command's end cannot be seen: %s", strerror(errno));
			return W_EXITCODE(PROG_FAIL, 0);
		}
		if (got == r->child && !WIFSTOPPED(status))
			return status;
		if (got == r->child)
			stop_with(r);
	}
}

int
run_command(struct run *r)
{
	int status;

	/* If it is not there any more, its status says why. */
	while (write(r->go, "", 1) == -1 && errno == EINTR)
		continue;
	child_close(&r->go);
	status = attend(r);
	r->child = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
