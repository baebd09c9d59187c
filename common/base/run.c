/* A command that runs beside us (run.h). */
#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/prog.h"

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

	r->environment = NULL;
	sigemptyset(&r->ends);
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!is_ignored(numbers[i]))	/* nohup(1) */
			sigaddset(&r->ends, numbers[i]);
	/* A parent that ignores SIGCHLD would have our command's status thrown away. */
	signal(SIGCHLD, SIG_DFL);
	blocked = r->ends;
	sigaddset(&blocked, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &blocked, &r->before);
}

void
run_wait(const struct run *r)
{
	while (sigwaitinfo(&r->ends, NULL) == -1 && errno == EINTR)
		;
}

_Noreturn static void
become(const struct run *r, char **argv)
{
	int reason;

	prog_child();
	pthread_sigmask(SIG_SETMASK, &r->before, NULL);
	if (r->environment != NULL)
		environ = r->environment;
	execvp(argv[0], argv);
	reason = errno;
	diag_error("%s: cannot run: %s", argv[0], strerror(reason));
	_exit(reason == ENOENT ? PROG_NOT_FOUND : PROG_CANNOT_EXEC);
}

/*
 * A shell with the terminal in its hands has stopped itself ("suspend"): so do we, for who waits
 * for us would not know of it, and its keys reach only what is stopped.  When we go on (fg), the
 * terminal is the shell's again.  In our own group, stopped is stopped without us.
 */
static void
stop_with(pid_t child)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	pid_t group = getpgid(child);
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
	close(fd);
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
attend(const struct run *r, pid_t child)
{
	sigset_t awaited = r->ends;
	siginfo_t info;
	int status, number, flags = WNOHANG | WUNTRACED;
	pid_t got;

	sigaddset(&awaited, SIGCHLD);
	for (;;) {
		number = sigwaitinfo(&awaited, &info);
		if (number == -1 && errno != EINTR)
			flags = 0;	/* no signal will tell: the end alone is waited for */
		else if (number > 0 && number != SIGCHLD && !is_key(&info))
			kill(child, number);
		if (number != SIGCHLD && flags != 0)
			continue;
		/* The one signal that tells of it is taken: what goes wrong here must not be passed over. */
		do
			got = waitpid(child, &status, flags);
		while (got == -1 && errno == EINTR);
		if (got == -1) {
			diag_error("a command's end cannot be seen: %s", strerror(errno));
			return W_EXITCODE(PROG_FAIL, 0);
		}
		if (got == child && !WIFSTOPPED(status))
			return status;
		if (got == child)
			stop_with(child);
	}
}

int
run_command(const struct run *r, char **argv)
{
	pid_t child = fork();
	int status;

	if (child == -1) {
		diag_error("%s: cannot fork: %s", argv[0], strerror(errno));
		return PROG_CANNOT_EXEC;
	}
	if (child == 0)
		become(r, argv);
	status = attend(r, child);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
