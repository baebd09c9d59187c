#include "result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "json/utf8.h"

enum { MEMBERS = 2, TALLIES = 3 };	/* in push.tally */

static const char *const outcome_names[] = {
	"created", "updated", "unchanged", "planned", "conflict", "failed"
};

void
push_halt(struct push *p, enum prog_status status, const char *where, const char *why)
{
	if (p->halt != PROG_OK)
		return;
	p->halt = status;
	diag_error("%s: %s", where, why);
	snprintf(p->why, sizeof p->why, "%s: %s", where, why);
}

static void
append_member(struct buf *b, const char *name, const char *text)
{
	/* What a server says is parsed JSON, but may be cut within a character. */
	(void)buf_appendf(b, ",\"%s\":", name);
	(void)jtext_string(b, text, utf8_valid(text, strlen(text)));
}

static void
count(struct push *p, const struct result *r)
{
	struct tally *t = &p->tally[strcmp(r->op, "add-members") == 0 ? MEMBERS : r->kind];

	switch (r->outcome) {
	case OUTCOME_CREATED:
		t->created++;
		break;
	case OUTCOME_UPDATED:
		t->updated++;
		break;
	case OUTCOME_UNCHANGED:
		t->unchanged++;
		break;
	case OUTCOME_PLANNED:
		t->planned++;
		break;
	case OUTCOME_CONFLICT:
		t->conflict++;
		break;
	default:
		if (r->retryable)
			t->later++;
		else
			t->failed++;
		break;
	}
}

void
result_write(struct push *p, const struct result *r)
{
	const char *id = index_text(push_index(p, r->kind), r->entry, INDEX_ID);
	struct buf b;

	count(p, r);
	buf_init(&b, SIZE_MAX);
	(void)buf_appendf(&b, "{\"Op\":\"%s\"", r->op);
	append_member(&b, "Key", r->key);
	append_member(&b, "Result", outcome_names[r->outcome]);
	append_member(&b, "Code", r->code != NULL ? r->code : "");
	(void)buf_appendf(&b, ",\"Retryable\":%s,\"ResourceType\":\"%s\"",
	    r->retryable ? "true" : "false", r->kind == RESOURCE_USER ? "User" : "Group");
	if (r->name != NULL)
		(void)buf_appendf(&b, ",\"Name\":%s", r->name);
	if (id != NULL)
		append_member(&b, "Id", id);
	if (r->detail != NULL && r->detail[0] != '\0')
		append_member(&b, "Detail", r->detail);
	(void)buf_append_byte(&b, '}');
	(void)sink_row(&p->sink, b.data, b.len);
	buf_free(&b);
}

void
result_write_line(struct push *p, const struct result *r, const char *stream, uint64_t line,
    const char *text, size_t len, const char *reason)
{
	result_write(p, r);
	if (r->outcome >= OUTCOME_CONFLICT && p->options->reject != NULL)
		(void)sink_reject(&p->sink, stream, line, reason, text, len);
}

/* All three together. */
static struct tally
sum(const struct push *p)
{
	struct tally all = { 0 };

	for (int i = 0; i < TALLIES; i++) {
		const struct tally *t = &p->tally[i];

		all.created += t->created;
		all.updated += t->updated;
		all.unchanged += t->unchanged;
		all.planned += t->planned;
		all.conflict += t->conflict;
		all.failed += t->failed;
		all.later += t->later;
	}
	return all;
}

enum prog_status
result_status(const struct push *p)
{
	struct tally all = sum(p);

	if (all.conflict + all.failed > 0)
		return PROG_REJECTED;
	return all.later > 0 ? PROG_TEMPORARY : PROG_OK;
}

void
result_complain(const struct push *p)
{
	struct tally all = sum(p);

	diag_error("%" PRIu64 " conflicts, %" PRIu64 " failed, %" PRIu64 " failed for now; the "
	    "results say why", all.conflict, all.failed, all.later);
}

void
result_summarize(const struct push *p)
{
	static const char *const what[TALLIES] = { "users", "groups", "groups' members" };

	for (int i = 0; i < TALLIES; i++) {
		const struct tally *t = &p->tally[i];

		diag_verbose(1, "%s: %" PRIu64 " created, %" PRIu64 " updated, %" PRIu64
		    " unchanged, %" PRIu64 " planned, %" PRIu64 " conflicts, %" PRIu64
		    " failed, %" PRIu64 " failed for now", what[i], t->created, t->updated,
		    t->unchanged, t->planned, t->conflict, t->failed, t->later);
	}
	diag_verbose(1, "memberships: %" PRIu64 " added", p->members_added);
}

void
result_stats(const struct push *p, struct buf *b)
{
	struct tally all = sum(p);

	(void)buf_appendf(b, ",\"Created\":%" PRIu64 ",\"Updated\":%" PRIu64 ",\"Unchanged\":%"
	    PRIu64 ",\"Planned\":%" PRIu64 ",\"Conflicts\":%" PRIu64 ",\"Failed\":%" PRIu64
	    ",\"FailedForNow\":%" PRIu64 ",\"MembersAdded\":%" PRIu64, all.created, all.updated,
	    all.unchanged, all.planned, all.conflict, all.failed, all.later, p->members_added);
}
