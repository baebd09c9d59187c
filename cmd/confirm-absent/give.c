/* The plan goes out again, without what was not confirmed (confirm.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"

#include "confirm.h"
#include "rows.h"

/* What was heard of a row. */
struct word {
	const char *why;	/* it is left out, for --found; NULL: it passes */
	const char *code;	/* of the failure */
	bool found, retryable;
};

/* Whether he is in the group; NULL: in one of those that the plan is about. */
static bool
is_in(const struct confirm *c, const struct person *q, const char *group)
{
	if (group == NULL && c->listed_count == 0)
		return q->groups > 0;
	for (size_t i = 0; i < q->groups; i++) {
		if (group != NULL && strcmp(q->group[i], group) == 0)
			return true;
		for (size_t k = 0; group == NULL && k < c->listed_count; k++)
			if (strcmp(q->group[i], c->listed[k]) == 0)
				return true;
	}
	return false;
}

/* Why the row is left out, for --found, or NULL: it passes. */
static const char *
judge(const struct confirm *c, const struct plan_row *r, const struct tok_list *l,
    const char *text, const struct person *q)
{
	bool in, member = r->op == PLAN_REMOVE_MEMBER;
	char *group;

	if (q == NULL)
		return "not asked for";
	if (q->verdict == VERDICT_GONE)
		return NULL;
	if (q->verdict == VERDICT_UNKNOWN)
		return q->username == NULL || q->sub == NULL ?
		    "the plan does not say who he is at the source" : "could not be asked for";
	if (!c->people.by_groups)
		return "still at the source";
	group = member ? rows_decode(l, text, r->group_name) : NULL;
	in = is_in(c, q, group);
	free(group);
	if (!in)
		return NULL;
	return member ? "still in the group" : "still in one of the groups";
}

/* The same of a row about a group that is to be deleted. */
static const char *
judge_group(const struct old_group *o)
{
	if (o == NULL)
		return "no operation deletes the group";
	if (o->verdict == VERDICT_GONE)
		return NULL;
	return o->verdict == VERDICT_FOUND ? "the group is still at the source" :
	    "the group could not be asked for";
}

static void
put_token(struct buf *b, const char *name, const struct tok_list *l, const char *text, uint32_t at)
{
	if (at == 0)
		return;
	(void)buf_appendf(b, ",\"%s\":", name);
	(void)jtext_string_token(b, &l->tok[at], text);
}

/* The row in --found: whom it is about, and no attribute. */
static void
put_found(struct confirm *c, const struct plan_row *r, const struct tok_list *l, const char *text,
    const struct word *w)
{
	struct buf b;

	if (!c->has_found)
		return;
	buf_init(&b, SIZE_MAX);
	(void)buf_appendf(&b, "{\"Op\":\"%s\"", plan_op_name(r->op));
	put_token(&b, "Key", l, text, r->key);
	(void)buf_appendf(&b, ",\"Result\":\"%s\",\"Code\":", w->found ? "found" : "unknown");
	(void)jtext_string(&b, w->code, strlen(w->code));
	(void)buf_appendf(&b, ",\"Retryable\":%s", w->retryable ? "true" : "false");
	put_token(&b, "GroupName", l, text, r->group_name);
	put_token(&b, "Username", l, text, r->username);
	(void)buf_appendf(&b, ",\"Detail\":\"%s\"}\n", w->why);
	(void)out_write(&c->found, b.data, b.len);
	buf_free(&b);
}

/* What the source says of the row. */
static struct word
ask_for(struct confirm *c, const struct record_reader *reader, const struct plan_row *r)
{
	const struct tok_list *l = &reader->list;
	struct word w = { .code = "" };

	if (rows_is_of_group(r, l, reader->text)) {
		char *name = rows_decode(l, reader->text, r->group_name);
		const struct old_group *o = groups_find(&c->groups, name);

		free(name);
		w.why = judge_group(o);
		if (o != NULL)
			w = (struct word){ w.why, o->code, o->verdict == VERDICT_FOUND, o->retryable };
	} else if (rows_is_candidate(r, l, reader->text)) {
		char *key = rows_decode(l, reader->text, r->key);
		const struct person *q = people_find(&c->people, key);

		free(key);
		w.why = judge(c, r, l, reader->text, q);
		if (q != NULL)
			w = (struct word){ w.why, q->code, q->verdict == VERDICT_FOUND, q->retryable };
	}
	return w;
}

/* Whether the row is left out.  count: and is counted, and put into --found. */
static bool
is_dropped(struct confirm *c, const struct record_reader *reader, const struct plan_row *r,
    bool count)
{
	const struct word w = ask_for(c, reader, r);

	if (w.why == NULL || !count)
		return w.why != NULL;
	if (w.found)
		c->there++;
	else
		c->unknown++;
	(void)plan_add(&c->dropped, r, &reader->list, reader->text);
	put_found(c, r, &reader->list, reader->text, &w);
	return true;
}

/* Goes over the rows once; count: or gives them out.  Returns 0, or -1 with the reason printed. */
static int
each_row(struct confirm *c, bool count)
{
	char reason[RECORD_REASON_SIZE];
	enum record_result result = RECORD_END;
	struct record_reader r;
	uint64_t rows = 0;
	int failed = 0;

	if (!c->has_rows)
		return 0;
	if (spool_seek(&c->rows, 0) != 0)
		return -1;
	record_open(&r, c->rows.fd, "the plan");
	while (failed == 0 && (result = record_next(&r)) == RECORD_LINE) {
		struct plan_row row;

		rows++;
		if (plan_read_row(&row, &r.list, r.text, reason) != NULL)
			failed = -1;
		else if (!is_dropped(c, &r, &row, count) && !count)
			failed = sink_row(&c->sink, r.text, r.len);
	}
	record_close(&r);
	if (failed == 0 && (result != RECORD_END || rows != c->sums.rows)) {
		diag_error("the plan, which was put aside, cannot be read again");
		failed = -1;
	}
	return failed;
}

static uint64_t
dropped_of(const struct confirm *c, const char *class)
{
	for (size_t i = 0; i < c->dropped.classes.count; i++)
		if (strcmp(c->dropped.classes.class[i].name, class) == 0)
			return c->dropped.classes.class[i].count;
	return 0;
}

static void
put_count(struct buf *b, const char **comma, const char *name, uint64_t was, uint64_t dropped)
{
	if (was <= dropped)
		return;
	(void)buf_append_string(b, *comma);
	(void)jtext_string(b, name, strlen(name));
	(void)buf_appendf(b, ":%" PRIu64, was - dropped);
	*comma = ",";
}

/* What is left of Totals, Classes or Confirmed: whoever confirmed so many confirmed fewer too. */
static void
put_counts(struct buf *b, const struct confirm *c, const struct tok *name)
{
	bool confirmed = tok_is(name, c->header_text, "Confirmed", 9);
	const struct plan_classes *classes = &c->header.classes;
	const char *comma = "";

	(void)buf_append_byte(b, '{');
	if (tok_is(name, c->header_text, "Totals", 6)) {
		for (int op = 0; op < PLAN_OPS; op++)
			put_count(b, &comma, plan_op_name((enum plan_op)op), c->header.totals[op],
			    c->dropped.totals[op]);
	} else {
		for (size_t i = 0; i < classes->count; i++) {
			const struct plan_class *class = &classes->class[i];

			put_count(b, &comma, class->name,
			    confirmed ? class->confirmed : class->count, dropped_of(c, class->name));
		}
	}
	(void)buf_append_byte(b, '}');
}

static int
give_header(struct confirm *c)
{
	const char *text = c->header_text, *comma = "{";
	struct tok_list l;
	struct buf b;
	int result;

	tok_init(&l, RECORD_TOKENS_MAX);
	buf_init(&b, SIZE_MAX);
	(void)tok_parse(&l, text, strlen(text));
	for (uint32_t i = 1; i < l.tok[0].next; i = l.tok[i + 1].next) {
		const struct tok *name = &l.tok[i];

		(void)buf_append_string(&b, comma);
		(void)jtext_string_token(&b, name, text);
		(void)buf_append_byte(&b, ':');
		if (tok_is(name, text, "Totals", 6) || tok_is(name, text, "Classes", 7) ||
		    tok_is(name, text, "Confirmed", 9))
			put_counts(&b, c, name);
		else
			(void)jtext_value(&b, &l, text, i + 1);
		comma = ",";
	}
	(void)buf_append_byte(&b, '}');
	result = sink_row(&c->sink, b.data, b.len);
	buf_free(&b);
	tok_free(&l);
	return result;
}

enum prog_status
plan_give(struct confirm *c)
{
	if (each_row(c, true) != 0 || give_header(c) != 0 || each_row(c, false) != 0)
		return PROG_FAIL;
	if (c->there + c->unknown == 0)
		return PROG_OK;
	diag_error("%" PRIu64 " of %" PRIu64 " that would take something away are left out: %" PRIu64
	    " of who is there still, %" PRIu64 " of who is not known to be gone",
	    c->there + c->unknown, c->candidates, c->there, c->unknown);
	return PROG_REJECTED;
}
