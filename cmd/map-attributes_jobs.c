/* The side of the workers' parent (map-attributes_jobs.h). */
#include "map-attributes_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/diag.h"
#include "base/mem.h"
#include "map-attributes_worker.h"

enum {
	/* Some fifty users; the results of two such blocks fit into a pipe (64 KiB). */
	BLOCK_SIZE = 24 * 1024,
	BLOCK_MAX = BLOCK_SIZE + 2 * RECORD_LINE_MAX,
	READ_SIZE = 64 * 1024,
	/* What is left over of one read is less than one result. */
	RESULTS_MAX = READ_SIZE + 2 * RECORD_LINE_MAX
};

struct process {
	pid_t pid;		/* -1: it is no more */
	int to, from;
	struct buf results;	/* read from it, and taken up to at */
	size_t at;
};

struct jobs {
	unsigned count;
	struct process *all;
	struct buf block;	/* to be handed out next, with its size at the front */
	uint64_t sent, done;	/* blocks */
	uint64_t dropped;
};

/* The worker whose block is the oldest that is not done. */
static struct process *
oldest(const struct jobs *j)
{
	return &j->all[j->done % j->count];
}

static void
begin_block(struct jobs *j)
{
	uint32_t size = 0;

	buf_clear(&j->block);
	buf_append(&j->block, &size, sizeof size);
}

/* In the child: nothing of the parent's but standard error and its own two pipes. */
_Noreturn static void
become_worker(const struct jobs *j, unsigned last, pid_t parent, int in, int out,
    const struct jobs_work *work)
{
	int nothing = open("/dev/null", O_RDWR);

	/* Killed, since handlers of signals would be the parent's too. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(PROG_FAIL);
	/* Whoever writes to us or reads from us must see when the parent is gone. */
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0) {
		diag_error("/dev/null: cannot open: %s", strerror(errno));
		_exit(PROG_FAIL);
	}
	for (unsigned i = 0; i <= last; i++) {
		close(j->all[i].to);
		close(j->all[i].from);
	}
	worker_run(work, in, out);
}

static int
start(struct jobs *j, unsigned i, const struct jobs_work *work)
{
	struct process *w = &j->all[i];
	int to[2] = { -1, -1 }, from[2] = { -1, -1 }, error = 0;
	pid_t parent = getpid();

	if (child_pipe(to) != 0 || child_pipe(from) != 0) {
		error = errno;
	} else {
		w->to = to[CHILD_WRITE];
		w->from = from[CHILD_READ];
		w->pid = fork();
		if (w->pid == 0)
			become_worker(j, i, parent, to[CHILD_READ], from[CHILD_WRITE], work);
		error = w->pid < 0 ? errno : 0;
		/* The other end is the worker's alone and stays as it is. */
		fcntl(w->to, F_SETFL, O_NONBLOCK);
	}
	child_close(&to[CHILD_READ]);
	child_close(&from[CHILD_WRITE]);
	if (error == 0)
		return 0;
	diag_error("cannot start a worker: %s", strerror(error));
	return -1;
}

struct jobs *
jobs_start(unsigned count, const struct jobs_work *work)
{
	struct jobs *j = mem_alloc(sizeof *j);

	child_keep_status();
	j->count = count;
	j->all = mem_resize(NULL, count, sizeof *j->all);
	buf_init(&j->block, BLOCK_MAX);
	begin_block(j);
	for (unsigned i = 0; i < count; i++) {
		j->all[i] = (struct process){ .pid = -1, .to = -1, .from = -1 };
		buf_init(&j->all[i].results, RESULTS_MAX);
	}
	for (unsigned i = 0; i < count; i++) {
		if (start(j, i, work) != 0) {
			jobs_free(j);
			return NULL;
		}
	}
	return j;
}

/* Waits for a worker's end.  Returns 0 if it is a good one; else -1 with the reason printed. */
static int
reap(struct process *w)
{
	char why[CHILD_WHY_SIZE] = "ended unseen";
	int status = 0;
	pid_t pid;

	do
		pid = waitpid(w->pid, &status, 0);
	while (pid < 0 && errno == EINTR);
	w->pid = -1;
	if (pid > 0 && child_ended_well(status, why))
		return 0;
	/* With this status it has told why: memory that was not there (mem.h). */
	if (pid <= 0 || !WIFEXITED(status) || WEXITSTATUS(status) != PROG_FAIL)
		diag_error("a worker %s", why);
	return -1;
}

void
jobs_free(struct jobs *j)
{
	if (j == NULL)
		return;
	for (unsigned i = 0; i < j->count; i++) {
		struct process *w = &j->all[i];

		if (w->pid > 0) {
			kill(w->pid, SIGKILL);
			while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
				continue;
		}
		child_close(&w->to);
		child_close(&w->from);
		buf_free(&w->results);
	}
	free(j->all);
	buf_free(&j->block);
	free(j);
}

/* A worker's pipe has no other end any more. */
static void
fail(struct filter *f, struct process *w)
{
	if (reap(w) == 0)
		diag_error("a worker ended too early");
	filter_halt(f, PROG_FAIL, "a worker failed");
}

/* A record that is wrong, by a result of len bytes at data. */
static void
take_wrong(struct filter *f, enum worker_type type, const char *data)
{
	const char *reason = data + sizeof(struct worker_record);
	struct worker_record record;

	memcpy(&record, data, sizeof record);
	if (type == WORKER_WRONG_ARG) {
		diag_error("%s", reason);
		filter_halt(f, PROG_USAGE, "a variable of the mapping");
	} else if (sink_reject(f->sink, record.name, record.line, reason, reason + record.reason,
	    record.len) != 0) {
		filter_halt(f, PROG_FAIL, "a wrong record");
	}
}

/* Takes the next result of the oldest block; false if it is not there as a whole. */
static bool
take_result(struct jobs *j, struct filter *f)
{
	struct process *w = oldest(j);
	size_t left = w->results.len - w->at;
	struct worker_result head;
	const char *data;

	if (left < sizeof head)
		return false;
	memcpy(&head, w->results.data + w->at, sizeof head);
	if (left - sizeof head < head.len)
		return false;
	data = w->results.data + w->at + sizeof head;
	w->at += sizeof head + head.len;
	switch ((enum worker_type)head.type) {
	case WORKER_ROW:
		if (sink_row(f->sink, data, head.len) != 0)
			filter_halt(f, PROG_FAIL, "the output failed");
		break;
	case WORKER_DROPPED:
		j->dropped++;
		break;
	case WORKER_WRONG:
	case WORKER_WRONG_ARG:
		take_wrong(f, (enum worker_type)head.type, data);
		break;
	case WORKER_END:
		j->done++;
		break;
	}
	return true;
}

static void
take_results(struct jobs *j, struct filter *f)
{
	while (j->done < j->sent && f->halt == PROG_OK && take_result(j, f))
		continue;
}

/* Reads from the oldest block's worker, waiting for it, and takes what is there. */
static void
read_results(struct jobs *j, struct filter *f)
{
	struct process *w = oldest(j);
	ssize_t n;

	if (w->at > 0) {
		memmove(w->results.data, w->results.data + w->at, w->results.len - w->at);
		w->results.len -= w->at;
		w->at = 0;
	}
	buf_reserve(&w->results, READ_SIZE);
	do
		n = read(w->from, w->results.data + w->results.len, READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		fail(f, w);
		return;
	}
	w->results.len += (size_t)n;
	take_results(j, f);
}

/*
 * Waits until fd can do what events says; results are taken meanwhile, and for as long as there are
 * any without waiting at all.  False if the filter was halted; also if all results are taken and
 * until is false.
 */
static bool
attend(struct jobs *j, struct filter *f, int fd, short events, bool until)
{
	while (f->halt == PROG_OK) {
		bool results = j->done < j->sent;
		struct pollfd p[2] = { { .fd = fd, .events = events } };

		if (!results && !until)
			return false;
		if (results)
			p[1] = (struct pollfd){ .fd = oldest(j)->from, .events = POLLIN };
		if (poll(p, results ? 2 : 1, -1) < 0)
			continue;
		if (results && p[1].revents != 0)
			read_results(j, f);
		else if (p[0].revents != 0)
			return true;
	}
	return false;
}

/* Hands the block at hand out. */
static void
send_block(struct jobs *j, struct filter *f)
{
	struct process *w = &j->all[j->sent % j->count];
	uint32_t size = (uint32_t)(j->block.len - sizeof size);
	size_t at = 0;

	memcpy(j->block.data, &size, sizeof size);
	while (at < j->block.len && attend(j, f, w->to, POLLOUT, true)) {
		ssize_t n = write(w->to, j->block.data + at, j->block.len - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			fail(f, w);
	}
	j->sent++;
	begin_block(j);
}

static bool
is_block_empty(const struct jobs *j)
{
	return j->block.len == sizeof(uint32_t);
}

void
jobs_add(struct jobs *j, struct filter *f, const struct record_reader *r, const char *reason)
{
	const struct worker_record head = {
		.line = r->line, .name = r->name, .len = (uint32_t)r->len,
		.reason = reason != NULL ? (uint32_t)strlen(reason) + 1 : 0
	};

	if (f->halt != PROG_OK)
		return;
	/* It fits: the block is shorter than BLOCK_SIZE. */
	buf_append(&j->block, &head, sizeof head);
	if (reason != NULL)
		buf_append(&j->block, reason, head.reason);
	buf_append(&j->block, r->text, r->len);
	if (j->block.len >= BLOCK_SIZE)
		send_block(j, f);
}

void
jobs_wait(struct jobs *j, struct filter *f, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (f->halt != PROG_OK || poll(&p, 1, 0) != 0)
		return;
	if (!is_block_empty(j))
		send_block(j, f);
	attend(j, f, fd, POLLIN, false);
}

enum prog_status
jobs_settle(struct jobs *j, struct filter *f)
{
	if (f->halt == PROG_OK && !is_block_empty(j))
		send_block(j, f);
	take_results(j, f);
	while (f->halt == PROG_OK && j->done < j->sent)
		read_results(j, f);
	return f->halt;
}

enum prog_status
jobs_end(struct jobs *j)
{
	enum prog_status status = PROG_OK;

	for (unsigned i = 0; i < j->count; i++)
		child_close(&j->all[i].to);
	for (unsigned i = 0; i < j->count; i++) {
		if (reap(&j->all[i]) != 0)
			status = PROG_FAIL;
	}
	return status;
}

uint64_t
jobs_dropped(const struct jobs *j)
{
	return j->dropped;
}
