/* Files of records (input.h). */
#include "input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"

/* A wrong record.  Returns PROG_OK if it is put aside. */
static enum prog_status
refuse(struct input *in, const struct record_reader *r, const char *reason)
{
	struct sync *s = in->s;

	if (!in->rejects) {
		diag_error("%s:%llu: %s", r->name, (unsigned long long)r->line, reason);
	} else if (sink_reject(&s->sink, r->name, r->line, reason, r->text, r->len) == 0) {
		in->wrong++;
		return PROG_OK;
	}
	snprintf(s->why, sizeof s->why, "a wrong record");
	return PROG_FAIL;
}

static enum prog_status
read_rows(struct input *in, struct record_reader *r)
{
	for (;;) {
		const char *wrong = NULL;
		enum prog_status status;

		switch (record_next(r)) {
		case RECORD_LINE:
			in->rows++;
			wrong = in->row(in, r);
			break;
		case RECORD_WRONG:
			wrong = r->reason;
			break;
		case RECORD_END:
			return PROG_OK;
		default:
			snprintf(in->s->why, sizeof in->s->why, "an input cannot be read");
			return PROG_FAIL;
		}
		if (in->stop != PROG_OK)
			return in->stop;
		if (in->failed) {
			snprintf(in->s->why, sizeof in->s->why, "the records cannot be sorted");
			return PROG_FAIL;
		}
		if (wrong != NULL && (status = refuse(in, r, wrong)) != PROG_OK)
			return status;
	}
}

static enum prog_status
judge(struct input *in, struct record_reader *r)
{
	struct sync *s = in->s;
	bool need_seal = s->o.sink.seal && in->rejects;

	switch (record_verdict(r, need_seal)) {
	case RECORD_PLAIN:
		return in->end(in, r, false);
	case RECORD_WHOLE:
		return in->end(in, r, true);
	case RECORD_FAILED:
		return sync_stop(s, r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE,
		    "%s: %s", r->name, r->reason);
	default:
		/* Without seals there is no other way to be cut. */
		if (!in->may_tear || r->seals > 0 || r->bad_seal)
			return sync_stop(s, PROG_INCOMPLETE, "%s: incomplete: %s", r->name,
			    r->reason);
		in->torn = true;
		return in->end(in, r, false);
	}
}

enum prog_status
input_read(struct input *in)
{
	bool standard = strcmp(in->path, "-") == 0;
	int fd = standard ? STDIN_FILENO : files_open(in->path);
	struct record_reader r;
	enum prog_status status;

	if (fd < 0 && errno == ENOENT && in->may_miss) {
		in->missing = true;
		return PROG_OK;
	}
	if (fd < 0)
		return sync_stop(in->s, PROG_FAIL, "%s: cannot open: %s", in->path,
		    strerror(errno));
	record_open(&r, fd, standard ? "stdin" : in->path);
	status = read_rows(in, &r);
	if (status == PROG_OK)
		status = judge(in, &r);
	record_close(&r);
	if (!standard)
		close(fd);
	return status;
}

bool
input_text(const struct record_reader *r, const char *name, struct buf *to)
{
	const struct view v = { r->text, &r->list, r->keys };

	return key_text(&v, tok_member(&r->list, r->text, 0, name), to);
}
