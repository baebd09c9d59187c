/* Programs that are run beside us (child.h). */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/prog.h"

extern char **environ;

void
child_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

int
child_pipe(int fd[2])
{
	int error;

	if (pipe(fd) != 0) {
		fd[CHILD_READ] = fd[CHILD_WRITE] = -1;
		return -1;
	}
	/* An end that another program holds open as well would be waited for without end. */
	if (fcntl(fd[CHILD_READ], F_SETFD, FD_CLOEXEC) != -1 &&
	    fcntl(fd[CHILD_WRITE], F_SETFD, FD_CLOEXEC) != -1)
		return 0;
	error = errno;
	child_close(&fd[CHILD_READ]);
	child_close(&fd[CHILD_WRITE]);
	errno = error;
	return -1;
}

char **
child_environment(char *variable)
{
	size_t len = strcspn(variable, "=") + 1, n = 0, kept = 0;
	char **environment;

	while (environ[n] != NULL)
		n++;
	environment = mem_resize(NULL, n + 2, sizeof *environment);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], variable, len) != 0)
			environment[kept++] = environ[i];
	environment[kept++] = variable;
	environment[kept] = NULL;
	return environment;
}

void
child_keep_status(void)
{
	struct sigaction action;

	if (sigaction(SIGCHLD, NULL, &action) == 0 &&
	    (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0))
		signal(SIGCHLD, SIG_DFL);
}

void
child_begin(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(PROG_FAIL);
	prog_child();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void
child_end(int report)
{
	int error = errno;

	while (write(report, &error, sizeof error) == -1 && errno == EINTR)
		continue;
	_exit(PROG_CANNOT_EXEC);
}

int
child_exec_error(int report)
{
	int error = 0;
	ssize_t n;

	do
		n = read(report, &error, sizeof error);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof error ? error : 0;
}

bool
child_ended_well(int status, char why[CHILD_WHY_SIZE])
{
	if (WIFSIGNALED(status))
		snprintf(why, CHILD_WHY_SIZE, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		snprintf(why, CHILD_WHY_SIZE, "ended with status %d", WEXITSTATUS(status));
	else
		return true;
	return false;
}
