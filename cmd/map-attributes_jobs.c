/* The side of the workers' parent (map-attributes_jobs.h). */
#include "map-attributes_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "map-attributes_worker.h"

enum {
	READ_SIZE = 64 * 1024,
	/* What is left over of one read is less than one result. */
	RESULT_MAX = 2 * RECORD_LINE_MAX - (int)sizeof(struct worker_result),
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
	char *slots;		/* of all workers in turn, BLOCK_SLOTS each; MAP_FAILED: none */
	char *block;		/* the slot of the block that is filled, or NULL: none yet */
	size_t size;		/* of that */
	uint64_t sent, done;	/* blocks */
	uint64_t dropped;
	const char *unnamed;	/* what standard input is called in messages, once it was read */
};

/* The worker whose block is the oldest that is not done. */
static struct process *
oldest(const struct jobs *j)
{
	return &j->all[j->done % j->count];
}

/* The first of a worker's slots. */
static char *
slots_of(const struct jobs *j, size_t worker)
{
	return j->slots + worker * BLOCK_SLOTS * SLOT_SIZE;
}

/* In the child: nothing of the parent's but standard error and its own two pipes. */
_Noreturn static void
become_worker(const struct jobs *j, unsigned last, pid_t parent, int in, int out,
    const struct jobs_work *work)
{
	static const struct sandbox door = { .keep = SANDBOX_FILTER };
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
	if (sandbox_shut(&door) != 0)
		_exit(PROG_FAIL);
	worker_run(work, slots_of(j, last), in, out);
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
		if (error == 0)
			sandbox_may_end(w->pid);
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
	/* Pages that no block reaches are never there. */
	j->slots = mmap(NULL, (size_t)count * BLOCK_SLOTS * SLOT_SIZE, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	for (unsigned i = 0; i < count; i++) {
		j->all[i] = (struct process){ .pid = -1, .to = -1, .from = -1 };
		buf_init(&j->all[i].results, RESULTS_MAX);
	}
	if (j->slots == MAP_FAILED)
		diag_error("cannot share memory with workers: %s", strerror(errno));
	for (unsigned i = 0; i < count; i++) {
		if (j->slots == MAP_FAILED || start(j, i, work) != 0) {
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
	if (j->slots != MAP_FAILED)
		munmap(j->slots, (size_t)j->count * BLOCK_SLOTS * SLOT_SIZE);
	free(j->all);
	free(j);
}

/* A worker's pipe has no other end any more (error 0), or fails itself: then the worker may live. */
static void
fail(struct filter *f, struct process *w, int error)
{
	if (error != 0)
		diag_error("a worker cannot be reached: %s", strerror(error));
	else if (reap(w) == 0)
		diag_error("a worker ended too early");
	filter_halt(f, PROG_FAIL, "a worker failed");
}

/* A worker is behind a door of its own, and what it says is not believed unseen. */
static void
distrust(struct filter *f)
{
	diag_error("a worker gave a result that is none");
	filter_halt(f, PROG_FAIL, "a worker failed");
}

/* Whether it is the name of a stream that was read; it is compared as it was handed out. */
static bool
is_name(const struct jobs *j, const struct filter *f, const char *name)
{
	for (char **file = f->files; file != NULL && *file != NULL; file++)
		if (*file == name)
			return true;
	return name != NULL && name == j->unnamed;
}

/* A record that is wrong, by a result of len bytes at data. */
static void
take_wrong(struct jobs *j, struct filter *f, const struct worker_result *head, const char *data)
{
	const char *reason = data + sizeof(struct worker_record);
	struct worker_record record = { .name = NULL };

	if (head->len >= sizeof record)
		memcpy(&record, data, sizeof record);
	if (!is_name(j, f, record.name) || record.reason == 0 ||
	    sizeof record + record.reason + (uint64_t)record.len != head->len ||
	    memchr(reason, '\0', record.reason) != reason + record.reason - 1) {
		distrust(f);
	} else if (head->type == WORKER_WRONG_ARG) {
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
	if (head.len > RESULT_MAX)
		distrust(f);
	if (left - sizeof head < head.len)
		return false;
	data = w->results.data + w->at + sizeof head;
	w->at += sizeof head + head.len;
	if (head.type == WORKER_ROW && memchr(data, '\n', head.len) == NULL) {
		if (sink_row(f->sink, data, head.len) != 0)
			filter_halt(f, PROG_FAIL, "the output failed");
	} else if (head.type == WORKER_DROPPED) {
		j->dropped++;
	} else if (head.type == WORKER_WRONG || head.type == WORKER_WRONG_ARG) {
		take_wrong(j, f, &head, data);
	} else if (head.type == WORKER_END) {
		j->done++;
	} else {
		distrust(f);
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
		fail(f, w, n < 0 ? errno : 0);
		return;
	}
	w->results.len += (size_t)n;
	take_results(j, f);
}

/*
 * Waits until there is something to read from fd, or all results are taken; meanwhile takes them,
 * for as long as there are any without waiting at all.
 */
static void
attend(struct jobs *j, struct filter *f, int fd)
{
	while (f->halt == PROG_OK && j->done < j->sent) {
		struct pollfd p[2] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = oldest(j)->from, .events = POLLIN }
		};

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents != 0)
			read_results(j, f);
		else
			return;
	}
}

/* A slot for the next block, results taken until there is one.  False if the filter was halted. */
static bool
begin_block(struct jobs *j, struct filter *f)
{
	size_t slot = j->sent / j->count % BLOCK_SLOTS;

	while (f->halt == PROG_OK && j->sent - j->done == (uint64_t)j->count * BLOCK_SLOTS)
		read_results(j, f);
	j->block = slots_of(j, j->sent % j->count) + slot * SLOT_SIZE;
	j->size = 0;
	return f->halt == PROG_OK;
}

/* Hands the block out, if there is one. */
static void
send_block(struct jobs *j, struct filter *f)
{
	struct process *w = &j->all[j->sent % j->count];
	uint32_t size = (uint32_t)j->size;
	ssize_t n;

	if (j->block == NULL || f->halt != PROG_OK)
		return;
	/* The pipe is never full: it holds a number for each slot at most. */
	do
		n = write(w->to, &size, sizeof size);
	while (n < 0 && errno == EINTR);
	if (n != sizeof size)
		fail(f, w, n >= 0 ? EIO : errno == EPIPE ? 0 : errno);
	j->sent++;
	j->block = NULL;
}

/* Appends len bytes to the block. */
static void
put(struct jobs *j, const void *data, size_t len)
{
	memcpy(j->block + j->size, data, len);
	j->size += len;
}

void
jobs_add(struct jobs *j, struct filter *f, const struct record_reader *r, const char *reason)
{
	struct worker_record head = {
		.line = r->line, .name = r->name, .len = (uint32_t)r->len,
		.token_flags = r->list.flags
	};
	size_t start, tokens = r->list.count * sizeof *r->list.tok;

	if (f->halt != PROG_OK || (j->block == NULL && !begin_block(j, f)))
		return;
	if (!is_name(j, f, r->name))
		j->unnamed = r->name;
	if (reason != NULL)
		head.reason = (uint32_t)strnlen(reason, REASON_MAX - 1) + 1;
	else if (tokens <= BLOCK_SIZE)
		head.tokens = (uint32_t)r->list.count;
	/* It fits: the block is shorter than BLOCK_SIZE. */
	start = j->size;
	put(j, &head, sizeof head);
	if (head.tokens > 0)
		put(j, r->list.tok, tokens);
	if (reason != NULL) {
		put(j, reason, head.reason - 1);
		put(j, "", 1);
	}
	put(j, r->text, r->len);
	j->size = start + worker_record_size(&head);
	if (j->size >= BLOCK_SIZE)
		send_block(j, f);
}

void
jobs_wait(struct jobs *j, struct filter *f, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (f->halt != PROG_OK || poll(&p, 1, 0) != 0)
		return;
	send_block(j, f);
	attend(j, f, fd);
}

enum prog_status
jobs_settle(struct jobs *j, struct filter *f)
{
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
