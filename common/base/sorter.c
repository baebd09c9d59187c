/* sort(1) as a child (sorter.h). */
#include "base/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/child.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/prog.h"

enum {
	WRITE_SIZE = 64 * 1024,	/* what a pipe holds */
	HELPER_CHILDREN_MAX = 64	/* at a time */
};

/* GNU sort would take a large share of the machine's; the rest goes to its files. */
#define SORT_MEMORY "8M"

extern char **environ;

static int service;	/* of the helper */

void
sorter_fail(struct sorter *s, const char *what)
{
	if (!s->failed)
		diag_error("sort: %s", what);
	s->failed = true;
}

/* What sort(1) has to know; ours may hold keys.  The caller frees the array alone. */
static char **
sort_environment(void)
{
	static const char *const passed[] = { "PATH=", "TMPDIR=", "LD_LIBRARY_PATH=" };
	static char locale[] = "LC_ALL=C";	/* bytes are compared as bytes */
	enum { PASSED = sizeof passed / sizeof *passed };
	char **environment = mem_alloc((PASSED + 2) * sizeof *environment);
	size_t n = 0;

	environment[n++] = locale;
	for (size_t k = 0; k < PASSED; k++) {
		char **e = environ;

		while (*e != NULL && strncmp(*e, passed[k], strlen(passed[k])) != 0)
			e++;
		if (*e != NULL)
			environment[n++] = *e;
	}
	environment[n] = NULL;
	return environment;
}

/* The child.  Why exec failed goes to report, which a successful exec closes. */
static _Noreturn void
run_sort(char **environment, int input, int output, int report, pid_t parent)
{
	/* A parent that was killed closes the pipe too, but what came so far needs no sorting. */
	child_begin(parent);
	/* The pipes were made with 0 to 2 open, so they cannot be these. */
	if (dup2(input, STDIN_FILENO) != -1 && dup2(output, STDOUT_FILENO) != -1) {
		environ = environment;
		execlp("sort", "sort", "-z", "-S", SORT_MEMORY, (char *)NULL);
	}
	child_end(report);
}

/* Returns 0, or an errno; the child may be on its way then too. */
static int
spawn(pid_t *child, int input[2], int output[2], int report[2])
{
	char **environment;
	pid_t parent = getpid();
	int error;

	if (child_pipe(input) != 0 || child_pipe(output) != 0 || child_pipe(report) != 0)
		return errno;
	child_keep_status();
	environment = sort_environment();
	*child = fork();
	if (*child == 0)
		run_sort(environment, input[CHILD_READ], output[CHILD_WRITE], report[CHILD_WRITE],
		    parent);
	error = errno;
	free(environment);
	if (*child == -1) {
		*child = 0;
		return error;
	}
	child_close(&report[CHILD_WRITE]);
	return child_exec_error(report[CHILD_READ]);
}

/* Starts it as a child of this process, with the ends that are ours.  Returns 0 or an errno. */
static int
start_here(pid_t *child, int *to, int *from)
{
	int input[2] = { -1, -1 }, output[2] = { -1, -1 }, report[2] = { -1, -1 };
	int error = spawn(child, input, output, report);

	child_close(&report[CHILD_READ]);
	child_close(&report[CHILD_WRITE]);
	child_close(&input[CHILD_READ]);
	child_close(&output[CHILD_WRITE]);
	*to = input[CHILD_WRITE];
	*from = output[CHILD_READ];
	return error;
}

/* Returns what waitpid(2) says, or -1 with errno set. */
static pid_t
wait_for(pid_t child, int *status)
{
	pid_t got;

	do
		got = waitpid(child, status, 0);
	while (got == -1 && errno == EINTR);
	return got;
}

/* In the helper: a request is 's', to start one, or 'w' or 'k' and the number of one. */
static int
serve(void *arg, const void *request, size_t len, struct broker_answer *answer)
{
	static pid_t children[HELPER_CHILDREN_MAX];
	const char *text = request;
	int status = 0, error;
	size_t number = 0;

	(void)arg;
	if (len == 1 && text[0] == 's') {
		while (number < HELPER_CHILDREN_MAX && children[number] != 0)
			number++;
		if (number == HELPER_CHILDREN_MAX)
			return EAGAIN;
		error = start_here(&children[number], &answer->fd[0], &answer->fd[1]);
		(void)buf_append(&answer->data, &number, sizeof number);
		return error;
	}
	if (len != 1 + sizeof number)
		return EPROTO;
	memcpy(&number, text + 1, sizeof number);
	if (number >= HELPER_CHILDREN_MAX || children[number] == 0)
		return ECHILD;
	if (text[0] == 'k')
		return kill(children[number], SIGTERM) == 0 ? 0 : errno;
	error = wait_for(children[number], &status) == -1 ? errno : 0;
	children[number] = 0;
	(void)buf_append(&answer->data, &status, sizeof status);
	return error;
}

void
sorter_expect(void)
{
	files_will_sort();
	if (service == 0 && !broker_runs() && !sandbox_is_shut())
		service = broker_add(serve, NULL);
}

/* Asks the helper, about the child or for one; *value, of size bytes, gets what it says. */
static int
ask(const struct sorter *s, char what, void *value, size_t size, int fd[BROKER_FDS])
{
	struct broker_answer answer;
	char request[1 + sizeof(size_t)] = { what };
	size_t number = (size_t)s->child - 1;
	int error;

	broker_answer_init(&answer);
	memcpy(request + 1, &number, sizeof number);
	error = broker_call(service, request, what == 's' ? 1 : sizeof request, &answer);
	if (error == 0 && answer.data.len == size && size > 0)
		memcpy(value, answer.data.data, size);
	else if (error == 0 && size > 0)
		error = EPROTO;
	for (int i = 0; i < BROKER_FDS && fd != NULL; i++)
		fd[i] = answer.fd[i];
	broker_answer_free(&answer);
	return error;
}

/* Starts it as a child of the helper.  Returns 0 or an errno. */
static int
start_there(struct sorter *s, int *from)
{
	int fd[BROKER_FDS], error;
	size_t number;

	s->brokered = true;
	error = ask(s, 's', &number, sizeof number, fd);
	s->to = fd[0];
	*from = fd[1];
	if (error == 0)
		s->child = (pid_t)number + 1;
	return error;
}

int
sorter_start(struct sorter *s)
{
	int from = -1, error;

	s->to = -1;
	buf_init(&s->pending, SORTER_LINE_MAX + WRITE_SIZE);
	if (broker_runs()) {
		error = start_there(s, &from);
	} else {
		error = start_here(&s->child, &s->to, &from);
		if (s->child > 0)
			sandbox_may_end(s->child);
	}
	if (error == 0) {
		/* So that a write never waits for one who waits for us. */
		if (fcntl(s->to, F_SETFL, O_WRONLY | O_NONBLOCK) != -1)
			s->from = fdopen(from, "r");
		error = s->from == NULL ? errno : 0;
	}
	if (error == 0)
		return 0;
	child_close(&from);
	diag_error("sort: cannot run: %s", strerror(error));
	s->failed = true;
	return -1;
}

/* Waits for the end.  Returns 0 if that was a good one, else -1 with the reason printed. */
static int
sorter_wait(struct sorter *s)
{
	char why[CHILD_WHY_SIZE];
	int status = 0;
	bool lost;

	if (s->brokered)
		lost = ask(s, 'w', &status, sizeof status, NULL) != 0;
	else
		lost = wait_for(s->child, &status) == -1;
	s->child = 0;
	if (lost)
		snprintf(why, sizeof why, "its status is lost");
	else if (child_ended_well(status, why))
		return s->failed ? -1 : 0;
	sorter_fail(s, why);
	return -1;
}

void
sorter_free(struct sorter *s)
{
	child_close(&s->to);
	if (s->from != NULL)
		fclose(s->from);
	if (s->child != 0) {
		/* It removes its files. */
		if (s->brokered)
			(void)ask(s, 'k', NULL, 0, NULL);
		else
			kill(s->child, SIGTERM);
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
	child_close(&s->to);
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
	child_close(&s->to);
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
	/* No end, but no memory, or an error of reading: sort(1) may be waiting for us. */
	if (!s->failed && !feof(s->from))
		sorter_fail(s, strerror(errno));
	if (s->failed || sorter_wait(s) != 0)
		return -1;
	if (s->taken == s->given)
		return 0;
	sorter_fail(s, "gave back fewer lines than it was given");
	return -1;
}

bool
sorter_hex(const char *text, size_t width, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < width; i++) {
		const char *digits = "0123456789abcdef";
		const char *digit = text[i] != '\0' ? strchr(digits, text[i]) : NULL;

		if (digit == NULL)
			return false;
		*value = *value << 4 | (uint64_t)(digit - digits);
	}
	return true;
}
