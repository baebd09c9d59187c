/* sort(1) as a child (sorter.h). */
#include "base/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"

enum { READ_END, WRITE_END };

enum { WRITE_SIZE = 64 * 1024 };	/* what a pipe holds */

/* GNU sort would take a large share of the machine's. */
#define SORT_MEMORY "32M"

extern char **environ;

void
sorter_fail(struct sorter *s, const char *what)
{
	if (!s->failed)
		diag_error("sort: %s", what);
	s->failed = true;
}

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

/* Our environment, but bytes compared as bytes.  Only the array is to be freed. */
static char **
make_environment(void)
{
	static char locale[] = "LC_ALL=C";
	size_t n = 0, kept = 0;
	char **environment;

	while (environ[n] != NULL)
		n++;
	environment = mem_resize(NULL, n + 2, sizeof *environment);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", strlen("LC_ALL=")) != 0)
			environment[kept++] = environ[i];
	environment[kept++] = locale;
	environment[kept] = NULL;
	return environment;
}

/* The child.  Why exec failed goes to report, which a successful exec closes. */
static _Noreturn void
run_sort(char **environment, int input, int output, int report, pid_t parent)
{
	sigset_t none;
	int error = 0;

	/* A parent that was killed closes the pipe too, but what came so far needs no sorting. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(PROG_FAIL);
	prog_child();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* The pipes were made with 0 to 2 open, so they cannot be these. */
	if (dup2(input, STDIN_FILENO) != -1 && dup2(output, STDOUT_FILENO) != -1) {
		environ = environment;
		execlp("sort", "sort", "-z", "-S", SORT_MEMORY, (char *)NULL);
	}
	error = errno;
	while (write(report, &error, sizeof error) == -1 && errno == EINTR)
		continue;
	_exit(PROG_CANNOT_EXEC);
}

/* What exec said: 0 if it went well.  Comes at once. */
static int
exec_error(int report)
{
	int error = 0;
	ssize_t n;

	do
		n = read(report, &error, sizeof error);
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof error ? error : 0;
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

/* Returns 0, or an errno; the child may be on its way then too. */
static int
spawn(struct sorter *s, int input[2], int output[2], int report[2])
{
	char **environment;
	pid_t parent = getpid();
	int error;

	if (make_pipe(input) != 0 || make_pipe(output) != 0 || make_pipe(report) != 0)
		return errno;
	keep_statuses();
	environment = make_environment();
	s->child = fork();
	if (s->child == 0)
		run_sort(environment, input[READ_END], output[WRITE_END], report[WRITE_END],
		    parent);
	error = errno;
	free(environment);
	if (s->child == -1) {
		s->child = 0;
		return error;
	}
	close_fd(&report[WRITE_END]);
	return exec_error(report[READ_END]);
}

int
sorter_start(struct sorter *s)
{
	int input[2] = { -1, -1 }, output[2] = { -1, -1 }, report[2] = { -1, -1 };
	int error;

	s->to = -1;
	buf_init(&s->pending, SORTER_LINE_MAX + WRITE_SIZE);
	error = spawn(s, input, output, report);
	close_fd(&report[READ_END]);
	close_fd(&report[WRITE_END]);
	close_fd(&input[READ_END]);
	close_fd(&output[WRITE_END]);
	s->to = input[WRITE_END];
	if (error == 0) {
		/* So that a write never waits for one who waits for us. */
		fcntl(s->to, F_SETFL, O_WRONLY | O_NONBLOCK);
		s->from = fdopen(output[READ_END], "r");
		error = s->from == NULL ? errno : 0;
	}
	if (error == 0)
		return 0;
	close_fd(&output[READ_END]);
	diag_error("sort: cannot run: %s", strerror(error));
	s->failed = true;
	return -1;
}

/* Waits for the end.  Returns 0 if that was a good one, else -1 with the reason printed. */
static int
sorter_wait(struct sorter *s)
{
	char why[40];
	int status = 0;
	pid_t got;

	do
		got = waitpid(s->child, &status, 0);
	while (got == -1 && errno == EINTR);
	s->child = 0;
	if (got == -1)
		snprintf(why, sizeof why, "its status is lost");
	else if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		snprintf(why, sizeof why, "ended with status %d", WEXITSTATUS(status));
	else
		return s->failed ? -1 : 0;
	sorter_fail(s, why);
	return -1;
}

void
sorter_free(struct sorter *s)
{
	close_fd(&s->to);
	if (s->from != NULL)
		fclose(s->from);
	if (s->child != 0) {
		kill(s->child, SIGTERM);	/* it removes its files */
		s->failed = true;
		sorter_wait(s);
	}
	free(s->line);
	buf_free(&s->pending);
}

/* The reader of what we write is gone: how it ended says why. */
static int
fail_write(struct sorter *s, int error)
{
	close_fd(&s->to);
	if (error != EPIPE)
		sorter_fail(s, strerror(error));
	else if (sorter_wait(s) == 0)
		sorter_fail(s, "ended before it had read everything");
	return -1;
}

/* Writes what is pending.  Returns 0, or -1 with the reason printed. */
static int
sorter_flush(struct sorter *s)
{
	size_t done = 0;

	if (s->failed)
		return -1;
	while (done < s->pending.len) {
		struct pollfd p[2] = {
			{ .fd = s->to, .events = POLLOUT },
			{ .fd = fileno(s->from), .events = POLLIN }
		};
		ssize_t n = write(s->to, s->pending.data + done, s->pending.len - done);

		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return fail_write(s, errno);
		if (poll(p, 2, -1) == -1)
			continue;
		/* Both would wait for each other in the end. */
		if ((p[1].revents & POLLIN) != 0) {
			sorter_fail(s, "wrote before it had read everything");
			return -1;
		}
		/* Its output closed and its input open: what remains is to see it end. */
		if (p[1].revents != 0 && p[0].revents == 0)
			return fail_write(s, EPIPE);
	}
	buf_clear(&s->pending);
	return 0;
}

int
sorter_end_line(struct sorter *s)
{
	buf_append_byte(&s->pending, '\0');
	s->given++;
	return s->pending.len < WRITE_SIZE ? 0 : sorter_flush(s);
}

int
sorter_end(struct sorter *s)
{
	if (sorter_flush(s) != 0)
		return -1;
	close_fd(&s->to);
	return 0;
}

int
sorter_next(struct sorter *s)
{
	ssize_t n = s->failed ? -1 : getdelim(&s->line, &s->cap, '\0', s->from);

	if (n > 0 && s->line[n - 1] == '\0') {
		s->taken++;
		s->len = (size_t)n - 1;
		return 1;
	}
	if (s->failed || sorter_wait(s) != 0)
		return -1;
	if (s->taken == s->given)
		return 0;
	sorter_fail(s, "gave back fewer lines than it was given");
	return -1;
}
