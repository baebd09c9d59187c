/*
 * A command that is run for what it prints.
 *
 * What a reader cannot see: the end of the output is not the end of the command (it may have
 * closed it), nor the other way round (a process that it left behind may hold it open), so both are
 * looked for in turn.  That is done at short intervals: nothing else works beside whatever the
 * program does with SIGCHLD and with children of its own.
 */
#include "base/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/prog.h"

enum { READ_END, WRITE_END };

/* Between two looks at whether the command has ended; an output that ends is seen at once. */
enum { LOOK_MIN_MS = 1, LOOK_MAX_MS = 50 };

enum { FIRST_FD = STDERR_FILENO + 1 };

extern char **environ;

/* What went wrong besides the status. */
enum wrong { NOTHING, TOO_MUCH, TOO_LONG, LOST };

struct job {
	const struct exec *exec;
	struct buf *out;
	char **environment;
	char *variable;
	bool own_group;
	int null, output[2], report[2];
	pid_t parent, child;
	int64_t end_ms;
	bool ended;		/* reaped, with status */
	int status;
	enum wrong wrong;
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static int
make_pipe(int fd[2])
{
	if (pipe(fd) != 0) {
		fd[READ_END] = fd[WRITE_END] = -1;
		return -1;
	}
	fcntl(fd[READ_END], F_SETFD, FD_CLOEXEC);
	fcntl(fd[WRITE_END], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Our environment with the variable in it.  Made before the fork, since it takes memory. */
static void
make_environment(struct job *job)
{
	const char *name = job->exec->name;
	size_t n = 0, kept = 0, len, size;

	if (name == NULL) {
		job->environment = environ;
		return;
	}
	while (environ[n] != NULL)
		n++;
	job->environment = mem_resize(NULL, n + 2, sizeof *job->environment);
	len = strlen(name);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], name, len) != 0 || environ[i][len] != '=')
			job->environment[kept++] = environ[i];
	size = len + strlen(job->exec->value) + 2;
	job->variable = mem_alloc(size);
	snprintf(job->variable, size, "%s=%s", name, job->exec->value);
	job->environment[kept++] = job->variable;
	job->environment[kept] = NULL;
}

/* Whether a person may be sitting before us. */
static bool
is_foreground(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool yes = fd != -1 && tcgetpgrp(fd) == getpgrp();

	close_fd(&fd);
	return yes;
}

/* The child, behind a fork in a process that may have threads.  Why exec failed goes to report. */
static _Noreturn void
run_child(const struct job *job)
{
	sigset_t none;
	int error = 0;

	if (job->own_group)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != job->parent)
		_exit(PROG_FAIL);
	prog_child();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* The pipes were made with 0 to 2 open, so they cannot be these. */
	if (dup2(job->null, STDIN_FILENO) != -1 &&
	    dup2(job->output[WRITE_END], STDOUT_FILENO) != -1 &&
	    dup2(job->report[WRITE_END], FIRST_FD) != -1 &&
	    fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) != -1) {
		closefrom(FIRST_FD + 1);
		environ = job->environment;
		execvp(job->exec->argv[0], job->exec->argv);
	}
	error = errno;
	while (write(FIRST_FD, &error, sizeof error) == -1 && errno == EINTR)
		continue;
	_exit(PROG_CANNOT_EXEC);
}

/* Makes sure that a status can be waited for. */
static void
keep_statuses(void)
{
	struct sigaction action;

	if (sigaction(SIGCHLD, NULL, &action) == 0 &&
	    (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0))
		signal(SIGCHLD, SIG_DFL);
}

/* Returns 0 with the child on its way, or -1 with errno set. */
static int
start(struct job *job)
{
	job->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (job->null == -1 || make_pipe(job->output) != 0 || make_pipe(job->report) != 0)
		return -1;
	keep_statuses();
	job->own_group = !is_foreground();
	job->parent = getpid();
	job->child = fork();
	if (job->child == 0)
		run_child(job);
	close_fd(&job->null);
	close_fd(&job->output[WRITE_END]);
	close_fd(&job->report[WRITE_END]);
	/* Both sides set it: neither may go on before it is done. */
	if (job->child != -1 && job->own_group)
		setpgid(job->child, job->child);
	return job->child != -1 ? 0 : -1;
}

/* What exec said: 0 if it went well.  Comes at once. */
static int
exec_error(const struct job *job)
{
	int error = 0;
	ssize_t n;

	do
		n = read(job->report[READ_END], &error, sizeof error);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof error ? error : 0;
}

/* Looks whether the child has ended, waiting if flags is 0. */
static void
look(struct job *job, int flags)
{
	pid_t got;

	do
		got = waitpid(job->child, &job->status, flags);
	while (got == -1 && errno == EINTR);
	job->ended = got != 0;
	if (got == -1)		/* somebody else waits for any child */
		job->wrong = LOST;
}

/* Takes what is in the pipe.  Returns whether more may come. */
static bool
take(struct job *job)
{
	struct buf *out = job->out;
	size_t room = out->max - out->len;
	char probe;
	ssize_t n;

	/* At the maximum one more byte tells whether the output ends there. */
	n = read(job->output[READ_END], room > 0 ? out->data + out->len : &probe,
	    room > 0 ? room : 1);
	if (n == -1)
		return errno == EINTR;
	if (n > 0 && room == 0)
		job->wrong = TOO_MUCH;
	else
		out->len += (size_t)n;
	return n > 0 && job->wrong == NOTHING;
}

/* Until the output ends, or the child has and nothing is left in the pipe. */
static void
read_output(struct job *job)
{
	struct pollfd p = { .fd = job->output[READ_END], .events = POLLIN };
	bool more = true;

	while (more && job->wrong == NOTHING) {
		int ready = poll(&p, 1, job->ended ? 0 : LOOK_MAX_MS);

		if (ready > 0) {
			more = take(job);
		} else if (ready == 0) {
			more = !job->ended;
			if (more)
				look(job, WNOHANG);
		}
		if (!job->ended && clock_mono_ms() >= job->end_ms)
			job->wrong = TOO_LONG;
	}
}

static void
await_end(struct job *job)
{
	int wait_ms = LOOK_MIN_MS;

	while (!job->ended && job->wrong == NOTHING) {
		look(job, WNOHANG);
		if (job->ended)
			break;
		if (clock_mono_ms() >= job->end_ms)
			job->wrong = TOO_LONG;
		clock_sleep_ms(wait_ms);
		wait_ms = wait_ms < LOOK_MAX_MS ? wait_ms * 2 : LOOK_MAX_MS;
	}
	if (!job->ended) {
		kill(job->own_group ? -job->child : job->child, SIGKILL);
		look(job, 0);
	}
}

static enum exec_result
judge(const struct job *job, char why[EXEC_WHY_SIZE])
{
	int status = job->status;

	if (job->wrong == TOO_MUCH)
		snprintf(why, EXEC_WHY_SIZE, "printed more than %zu bytes", job->out->max);
	else if (job->wrong == TOO_LONG)
		snprintf(why, EXEC_WHY_SIZE, "took longer than %lld s",
		    (long long)((job->exec->limit_ms + 999) / 1000));
	else if (job->wrong == LOST)
		snprintf(why, EXEC_WHY_SIZE, "ended, and its status is lost");
	else if (WIFSIGNALED(status))
		snprintf(why, EXEC_WHY_SIZE, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		snprintf(why, EXEC_WHY_SIZE, "ended with status %d", WEXITSTATUS(status));
	else
		return EXEC_OK;
	return job->wrong == NOTHING && WIFEXITED(status) &&
	    WEXITSTATUS(status) == PROG_TEMPORARY ? EXEC_TEMPORARY : EXEC_FAILED;
}

enum exec_result
exec_output(const struct exec *e, struct buf *out, char why[EXEC_WHY_SIZE])
{
	struct job job = {
		.exec = e, .out = out, .null = -1, .output = { -1, -1 }, .report = { -1, -1 },
		.end_ms = clock_mono_ms() + e->limit_ms
	};
	enum exec_result result = EXEC_TEMPORARY;
	int error;

	(void)buf_reserve(out, out->max);
	make_environment(&job);
	if (start(&job) != 0) {
		snprintf(why, EXEC_WHY_SIZE, "cannot start: %s", strerror(errno));
	} else if ((error = exec_error(&job)) != 0) {
		look(&job, 0);
		snprintf(why, EXEC_WHY_SIZE, "cannot run: %s", strerror(error));
		result = EXEC_NOT_RUN;
	} else {
		read_output(&job);
		await_end(&job);
		out->data[out->len] = '\0';
		result = judge(&job, why);
	}
	close_fd(&job.null);
	close_fd(&job.output[READ_END]);
	close_fd(&job.output[WRITE_END]);
	close_fd(&job.report[READ_END]);
	close_fd(&job.report[WRITE_END]);
	if (job.environment != environ)
		free(job.environment);
	free(job.variable);
	return result;
}
