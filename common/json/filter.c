#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "json/filter.h"

/* What is known of the inputs so far. */
struct inputs {
	unsigned plain, sealed;
};

/* Whose descriptor is about to be read. */
struct reading {
	const struct filter *filter;
	const struct record_reader *reader;
	int fd;
};

/* Whether there is nothing to read yet. */
static bool
would_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* How much of the input there is; 0: not known, or it is one of several. */
static uint64_t
input_size(const struct reading *r)
{
	const struct filter *f = r->filter;
	struct stat st;

	if ((f->files[0] != NULL && f->files[1] != NULL) || fstat(r->fd, &st) != 0 ||
	    !S_ISREG(st.st_mode) || st.st_size < 0)
		return 0;
	return (uint64_t)st.st_size;
}

static void
before_read(void *arg)
{
	const struct reading *r = arg;

	if (progress_is_due())
		progress_tell(r->filter->taken + r->reader->rows, r->reader->bytes, input_size(r));
	if (r->filter->before_read != NULL)
		r->filter->before_read(r->filter->arg, r->fd);
	/*
	 * A reader downstream sees a row as soon as the next one has to be waited for, and is woken
	 * for whole buffers while there is no end of them.
	 */
	if (would_wait(r->fd))
		out_flush(&r->filter->sink->out);
}

static enum prog_status
fail(struct filter *f, enum prog_status status, const char *why)
{
	snprintf(f->why, sizeof f->why, "%s", why);
	return status;
}

/* Returns 0, or -1 if the record ends the run, with the reason printed. */
static int
reject(struct filter *f, const struct record_reader *r, const char *reason)
{
	if (f->survey)
		return 0;
	if (f->wrong == NULL)
		return sink_reject(f->sink, r->name, r->line, reason, r->text, r->len);
	f->wrong(f->arg, r, reason);
	return 0;
}

/* The records of one input. */
static enum prog_status
run_records(struct filter *f, struct record_reader *r)
{
	for (;;) {
		const char *wrong;

		switch (record_next(r)) {
		case RECORD_LINE:
			wrong = f->row(f->arg, r, f->sink);
			if (f->halt != PROG_OK)
				return f->halt;
			break;
		case RECORD_WRONG:
			wrong = r->reason;
			break;
		case RECORD_END:
			return PROG_OK;
		default:
			return fail(f, PROG_FAIL, "the input cannot be read");
		}
		if (wrong != NULL && reject(f, r, wrong) != 0)
			return fail(f, PROG_FAIL, "a wrong record");
		if (f->halt != PROG_OK)
			return f->halt;
		if (f->sink->out.failed)
			return fail(f, PROG_FAIL, "the output failed");
	}
}

/* Whether the input that was read to its end is whole. */
static enum prog_status
judge(struct filter *f, struct record_reader *r, struct inputs *in)
{
	switch (record_verdict(r, f->opts->seal)) {
	case RECORD_PLAIN:
		in->plain++;
		return PROG_OK;
	case RECORD_WHOLE:
		in->sealed++;
		f->sink->sealing = true;
		seal_merge(&f->sink->seal, &r->seal);
		return PROG_OK;
	case RECORD_FAILED:
		f->sink->sealing = true;
		diag_error("%s: %s", r->name, r->reason);
		return fail(f, r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE, r->reason);
	default:
		f->sink->sealing |= r->seals > 0;
		diag_error("%s: incomplete: %s", r->name, r->reason);
		return fail(f, PROG_INCOMPLETE, r->reason);
	}
}

static bool
is_stdin(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

/* The files from that one on: each is still opened, and missed, when its turn comes. */
static void
announce(const struct filter *f, size_t first)
{
	for (size_t i = 0; f->fds == NULL && f->files[i] != NULL; i++)
		if (i >= first && !is_stdin(f->files[i]))
			files_will_read(f->files[i]);
}

void
filter_announce(const struct filter *f)
{
	sink_keep_operands(f->opts, f->files);
	announce(f, 0);
}

/* Shuts the door if that is asked for.  Returns 0, or -1 with the reason printed. */
static int
shut_door(struct filter *f)
{
	if (!f->shut || sandbox_is_shut())
		return 0;
	announce(f, 1);
	return files_shut(NULL);
}

static enum prog_status
run_input(struct filter *f, size_t i, struct inputs *in)
{
	const char *path = f->files[i];
	bool standard = is_stdin(path), is_ours = false;
	int fd = standard ? STDIN_FILENO : -1;
	struct reading reading = { .filter = f };
	struct record_reader r;
	enum prog_status status;

	/* To open a FIFO may wait as well. */
	if (i > 0)
		out_flush(&f->sink->out);
	if (f->fds != NULL) {
		fd = f->fds[i];
	} else if (!standard) {
		fd = files_open(path);
		is_ours = true;
	}
	if (fd < 0) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return fail(f, PROG_FAIL, "an input cannot be opened");
	}
	if (i == 0 && shut_door(f) != 0)
		return fail(f, PROG_FAIL, "the sandbox failed");
	record_open(&r, fd, standard ? "stdin" : path);
	reading.fd = fd;
	reading.reader = &r;
	r.before_read = before_read;
	r.before_read_arg = &reading;
	status = run_records(f, &r);
	/* Also where the input cannot be read: what came before that went out. */
	if (f->settle != NULL && f->halt == PROG_OK && f->settle(f->arg) != PROG_OK)
		status = f->halt;
	if (status == PROG_OK)
		status = judge(f, &r, in);
	f->taken += r.rows;
	record_close(&r);
	if (is_ours)
		close(fd);
	return status;
}

void
filter_halt(struct filter *f, enum prog_status status, const char *why)
{
	f->halt = fail(f, status, why);
}

enum prog_status
filter_run(struct filter *f, const char **why)
{
	struct inputs in = { 0, 0 };
	enum prog_status status = PROG_OK;
	size_t i = 0;

	sink_keep_operands(f->opts, f->files);
	f->why[0] = '\0';
	f->taken = 0;
	*why = f->why;
	do {
		status = run_input(f, i, &in);
	} while (status == PROG_OK && f->files[i] != NULL && f->files[++i] != NULL);
	if (status == PROG_OK && in.plain > 0 && in.sealed > 0) {
		diag_error("incomplete: %u of the inputs have a seal and %u have none", in.sealed,
		    in.plain);
		status = fail(f, PROG_INCOMPLETE, "inputs with and without a seal");
	}
	if (status == PROG_OK && f->end != NULL) {
		status = f->end(f->arg, f->sink);
		if (status != PROG_OK && f->halt == PROG_OK)
			fail(f, status, "the output failed");
	}
	return status;
}
