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
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/prog.h"

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

/* Made before the fork, since it takes memory. */
static void
make_environment(struct job *job)
{
	const char *name = job->exec->name;
	size_t size;

	if (name == NULL) {
		job->environment = environ;
		return;
	}
	size = strlen(name) + strlen(job->exec->value) + 2;
	job->variable = mem_alloc(size);
	snprintf(job->variable, size, "%s=%s", name, job->exec->value);
	job->environment = child_environment(job->variable);
}

/* Whether a person may be sitting before us. */
static bool
is_foreground(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool yes = fd != -1 && tcgetpgrp(fd) == getpgrp();

	child_close(&fd);
	return yes;
}

/* The child, behind a fork in a process that may have threads.  Why exec failed goes to report. */
static _Noreturn void
run_child(const struct job *job)
{
	if (job->own_group)
		setpgid(0, 0);
	child_begin(job->parent);
	/* The pipes were made with 0 to 2 open, so they cannot be these. */
	if (dup2(job->null, STDIN_FILENO) != -1 &&
	    dup2(job->output[CHILD_WRITE], STDOUT_FILENO) != -1 &&
	    dup2(job->report[CHILD_WRITE], FIRST_FD) != -1 &&
	    fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) != -1) {
		closefrom(FIRST_FD + 1);
		environ = job->environment;
		execvp(job->exec->argv[0], job->exec->argv);
	}
	child_end(FIRST_FD);
}

/* Returns 0 with the child on its way, or -1 with errno set. */
static int
start(struct job *job)
{
	job->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (job->null == -1 || child_pipe(job->output) != 0 || child_pipe(job->report) != 0)
		return -1;
	child_keep_status();
	job->own_group = !is_foreground();
	job->parent = getpid();
	job->child = fork();
	if (job->child == 0)
		run_child(job);
	child_close(&job->null);
	child_close(&job->output[CHILD_WRITE]);
	child_close(&job->report[CHILD_WRITE]);
	/* Both sides set it: neither may go on before it is done. */
	if (job->child != -1 && job->own_group)
		setpgid(job->child, job->child);
	return job->child != -1 ? 0 : -1;
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
	n = read(job->output[CHILD_READ], room > 0 ? out->data + out->len : &probe,
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
	struct pollfd p = { .fd = job->output[CHILD_READ], .events = POLLIN };
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
	else if (child_ended_well(status, why))
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
	} else if ((error = child_exec_error(job.report[CHILD_READ])) != 0) {
		look(&job, 0);
		snprintf(why, EXEC_WHY_SIZE, "cannot run: %s", strerror(error));
		result = EXEC_NOT_RUN;
	} else {
		read_output(&job);
		await_end(&job);
		out->data[out->len] = '\0';
		result = judge(&job, why);
	}
	child_close(&job.null);
	child_close(&job.output[CHILD_READ]);
	child_close(&job.output[CHILD_WRITE]);
	child_close(&job.report[CHILD_READ]);
	child_close(&job.report[CHILD_WRITE]);
	if (job.environment != environ)
		free(job.environment);
	free(job.variable);
	return result;
}
