#include "json/plan_result.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "json/utf8.h"

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

void
plan_result_put(struct buf *b, const struct plan_result *r)
{
	(void)buf_appendf(b, "{\"Op\":\"%s\"", plan_op_name(r->op));
	put(b, "Key", r->key);
	put(b, "Result", names[r->outcome]);
	put(b, "Code", r->code != NULL ? r->code : "");
	(void)buf_appendf(b, ",\"Retryable\":%s", r->retryable ? "true" : "false");
	put(b, "GroupName", r->group);
	put(b, "Username", r->username);
	put(b, "sub", r->sub);
	if (r->extra != NULL)
		(void)buf_append(b, r->extra, r->extra_len);
	put(b, "Detail", r->detail);
	(void)buf_append_byte(b, '}');
}

void
plan_tally_add(struct plan_tally *n, enum plan_outcome outcome, bool retryable)
{
	switch (outcome) {
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
		if (retryable) {
			n->later++;
			n->later_skipped += outcome == OUTCOME_SKIPPED;
		} else if (outcome == OUTCOME_SKIPPED) {
			n->skipped++;
		} else {
			n->failed++;
		}
		break;
	}
}

bool
plan_tally_is_good(const struct plan_tally *n)
{
	return n->failed + n->skipped + n->later == 0;
}

bool
plan_tally_is_temporary(const struct plan_tally *n)
{
	return n->later > 0 && n->done + n->failed + n->skipped == 0;
}

void
plan_tally_complain(const struct plan_tally *n)
{
	diag_verbose(1, "%" PRIu64 " done, %" PRIu64 " unchanged, %" PRIu64 " skipped, %" PRIu64
	    " failed, %" PRIu64 " for now, %" PRIu64 " planned, %" PRIu64 " not asked for", n->done,
	    n->unchanged, n->skipped, n->failed, n->later, n->planned, n->unasked);
	if (!plan_tally_is_good(n))
		diag_error("%" PRIu64 " failed, %" PRIu64 " were skipped, %" PRIu64
		    " of them can be tried again; the results say why",
		    n->failed + n->later - n->later_skipped, n->skipped + n->later_skipped, n->later);
}

void
plan_tally_json(const struct plan_tally *n, struct buf *b)
{
	(void)buf_appendf(b, ",\"Done\":%" PRIu64 ",\"Unchanged\":%" PRIu64 ",\"Skipped\":%" PRIu64
	    ",\"Failed\":%" PRIu64 ",\"FailedForNow\":%" PRIu64 ",\"Planned\":%" PRIu64
	    ",\"NotAskedFor\":%" PRIu64, n->done, n->unchanged, n->skipped, n->failed, n->later,
	    n->planned, n->unasked);
}
