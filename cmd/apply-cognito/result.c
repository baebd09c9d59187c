#include "result.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "json/utf8.h"

#include "calls.h"

static const char *const names[] = {
	"done", "unchanged", "skipped", "failed", "planned", "skipped"
};

static void
put(struct buf *b, const char *name, const char *text)
{
	if (text == NULL)
		return;
	(void)buf_appendf(b, ",\"%s\":", name);
	/* The service's own words may be cut within a character. */
	(void)jtext_string(b, text, utf8_valid(text, strlen(text)));
}

static void
count(struct apply *a, const struct task *t)
{
	struct tally *n = &a->tally;

	switch (t->outcome) {
	case OUTCOME_DONE:
		n->done++;
		break;
	case OUTCOME_UNCHANGED:
		n->unchanged++;
		break;
	case OUTCOME_PLANNED:
		n->planned++;
		break;
	case OUTCOME_UNASKED:
		n->unasked++;
		break;
	default:
		if (t->retryable)
			n->later++;
		else if (t->outcome == OUTCOME_SKIPPED)
			n->skipped++;
		else
			n->failed++;
		break;
	}
}

void
result_write(struct task *t)
{
	struct apply *a = t->apply;
	struct buf b;

	count(a, t);
	if (t->outcome == OUTCOME_FAILED || t->outcome == OUTCOME_SKIPPED) {
		/* A user who has a name is there, whatever failed then. */
		if ((t->row.op == PLAN_CREATE_USER && t->made_name == NULL) ||
		    t->row.op == PLAN_CREATE_GROUP)
			task_lose(t);
		if (t->retryable)
			failed_add(&a->failed, &t->row, &t->list, t->text, t->len);
	}
	buf_init(&b, SIZE_MAX);
	(void)buf_appendf(&b, "{\"Op\":\"%s\"", plan_op_name(t->row.op));
	put(&b, "Key", t->key);
	put(&b, "Result", names[t->outcome]);
	put(&b, "Code", t->code);
	(void)buf_appendf(&b, ",\"Retryable\":%s", t->retryable ? "true" : "false");
	put(&b, "GroupName", t->group);
	put(&b, "Username", t->made_name != NULL ? t->made_name : t->username);
	put(&b, "sub", t->made_sub != NULL ? t->made_sub : t->sub);
	if (t->outcome == OUTCOME_PLANNED)
		calls_put(t, &b);
	if (t->detail[0] != '\0')
		put(&b, "Detail", t->detail);
	(void)buf_append_byte(&b, '}');
	(void)sink_row(&a->sink, b.data, b.len);
	buf_free(&b);
}

enum prog_status
result_status(const struct apply *a)
{
	const struct tally *n = &a->tally;

	if (a->halted && !a->wrote)
		return a->halt;
	return n->failed + n->skipped + n->later > 0 ? PROG_REJECTED : PROG_OK;
}

void
result_complain(const struct apply *a)
{
	const struct tally *n = &a->tally;

	diag_verbose(1, "%" PRIu64 " done, %" PRIu64 " unchanged, %" PRIu64 " skipped, %" PRIu64
	    " failed, %" PRIu64 " for now, %" PRIu64 " planned, %" PRIu64 " not asked for", n->done,
	    n->unchanged, n->skipped, n->failed, n->later, n->planned, n->unasked);
	if (n->failed + n->skipped + n->later > 0)
		diag_error("%" PRIu64 " failed, %" PRIu64 " were skipped, %" PRIu64
		    " can be tried again; the results say why", n->failed, n->skipped, n->later);
	if (a->unreachable > 0)
		diag_warn("%" PRIu64 " users were created without a verified address: they cannot "
		    "recover a password; the results say who", a->unreachable);
}

void
result_stats(const struct apply *a, struct buf *b)
{
	const struct tally *n = &a->tally;

	(void)buf_appendf(b, ",\"Done\":%" PRIu64 ",\"Unchanged\":%" PRIu64 ",\"Skipped\":%" PRIu64
	    ",\"Failed\":%" PRIu64 ",\"FailedForNow\":%" PRIu64 ",\"Planned\":%" PRIu64
	    ",\"NotAskedFor\":%" PRIu64, n->done, n->unchanged, n->skipped, n->failed, n->later,
	    n->planned, n->unasked);
}
