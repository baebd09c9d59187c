/* A command that runs beside us (run.h). */
#include "base/run.h"

#include <errno.h>
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

/* Passes signals on until the child has ended; returns what waitpid(2) says of it. */
static int
attend(const struct run *r, pid_t child)
{
	sigset_t awaited = r->ends;
	siginfo_t info;
	int status, number;

	sigaddset(&awaited, SIGCHLD);
	for (;;) {
		number = sigwaitinfo(&awaited, &info);
		/*
		 * What a terminal sends goes to its whole foreground group: the child has it
		 * already.
		 */
		if (number > 0 && number != SIGCHLD && info.si_code != SI_KERNEL)
			kill(child, number);
		if (number == SIGCHLD && waitpid(child, &status, WNOHANG) == child)
			return status;
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
