#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/fold.h"
#include "json/jtext.h"

#include "members.h"
#include "queue.h"
#include "result.h"

static const char taken[] = "the name belongs to another resource on the server";

static void
decode(struct buf *b, const struct json *top, uint32_t at)
{
	const struct tok *t = &top->list->tok[at];

	buf_clear(b);
	(void)jtext_decode(b, top->text + t->start, t->end - t->start);
}

/* What is at hand. */
struct line {
	struct push *push;
	struct index *ix;
	const struct record_reader *reader;
	struct json top;
	struct scim_resource r;
};

/* The line's resource stays as it is on the server, and the result says why. */
static const char *
conflict(const struct line *l, const char *op, uint32_t entry, const char *detail)
{
	struct push *p = l->push;
	const struct tok *t = &l->top.list->tok[l->r.name];
	struct buf name;
	struct result r = {
		.op = op, .outcome = OUTCOME_CONFLICT, .kind = l->r.kind, .entry = entry,
		.key = buf_string(&p->key), .code = "uniqueness", .detail = detail
	};

	buf_init(&name, SIZE_MAX);
	(void)jtext_string_token(&name, t, l->top.text);
	r.name = buf_string(&name);
	result_write_line(p, &r, l->reader->name, l->reader->line, l->reader->text,
	    l->reader->len, detail);
	buf_free(&name);
	return NULL;
}

/* An entry that stands for the line, so that a second one with its keys is noticed. */
static uint32_t
remember(const struct line *l, bool found, uint32_t entry, bool with_name)
{
	struct push *p = l->push;

	if (!found && index_add(l->ix, &entry) != 0) {
		push_halt(p, PROG_FAIL, l->reader->name, "too many resources");
		return 0;
	}
	index_set(l->ix, entry, INDEX_EXTERNAL, buf_string(&p->key), p->key.len);
	if (with_name) {
		index_set(l->ix, entry, INDEX_NAME, buf_string(&p->folded), p->folded.len);
		l->ix->entry[entry].flags |= INDEX_NAMED;
	}
	l->ix->entry[entry].flags |= INDEX_SEEN;
	return entry;
}

/* Compares with what the server has, from the file of texts. */
static const char *
update(const struct line *l, uint32_t entry)
{
	struct push *p = l->push;
	const struct index_entry *e = &l->ix->entry[entry];
	struct task *t = task_new(p, l->r.kind, entry, l->reader->text, l->reader->len,
	    l->reader->name, l->reader->line);
	struct tok_list list;
	struct buf text;

	tok_init(&list, PUSH_BODY_MAX / 2);
	buf_init(&text, SIZE_MAX);
	(void)buf_reserve(&text, e->len);
	if (spool_read(&p->texts, text.data, e->len, e->at) != 0 ||
	    tok_parse(&list, text.data, e->len) != TOK_OK) {
		push_halt(p, PROG_FAIL, l->reader->name, "the temporary file failed");
		task_free(t);
	} else if (task_plan_update(t, &(struct json){ &list, text.data, 0 })) {
		queue_add(t);
	}
	tok_free(&list);
	buf_free(&text);
	return NULL;
}

static const char *
create(const struct line *l, uint32_t entry)
{
	struct task *t = task_new(l->push, l->r.kind, entry, l->reader->text, l->reader->len,
	    l->reader->name, l->reader->line);

	if (task_plan_create(t))
		queue_add(t);
	return NULL;
}

/* Whether one of the line's emails is the user name and verified. */
static bool
is_verified(const struct line *l)
{
	const struct tok *tok = l->top.list->tok;
	uint32_t emails = tok_member(l->top.list, l->top.text, 0, "emails");
	struct buf text, folded;
	bool found = false;

	if (emails == 0 || tok[emails].type != TOK_ARRAY)
		return false;
	buf_init(&text, SIZE_MAX);
	buf_init(&folded, SIZE_MAX);
	for (uint32_t i = emails + 1; i < tok[emails].next; i = tok[i].next) {
		uint32_t value = tok_member(l->top.list, l->top.text, i, "value");
		uint32_t verified = tok_member(l->top.list, l->top.text, i, "verified");

		if (value == 0 || tok[value].type != TOK_STRING || verified == 0 ||
		    tok[verified].type != TOK_TRUE)
			continue;
		decode(&text, &l->top, value);
		buf_clear(&folded);
		(void)fold_append(&folded, buf_string(&text), text.len);
		found |= strcmp(buf_string(&folded), buf_string(&l->push->folded)) == 0;
	}
	buf_free(&text);
	buf_free(&folded);
	return found;
}

/*
 * The entry that is the server's resource from now on.  A group before its users in the input has
 * made one for the externalId already; then that one takes over what the other has.
 */
static uint32_t
take_over(const struct line *l, bool found, uint32_t entry, uint32_t other)
{
	struct index_entry *e = l->ix->entry;
	const char *id;
	char *copy;

	if (!found)
		return remember(l, true, other, true);
	id = index_text(l->ix, other, INDEX_ID);
	copy = mem_dup_string(id);
	index_set(l->ix, entry, INDEX_ID, copy, strlen(copy));
	free(copy);
	e[entry].at = e[other].at;
	e[entry].len = e[other].len;
	e[entry].flags |= INDEX_KNOWN;
	e[other].key[INDEX_NAME] = 0;
	return remember(l, true, entry, true);
}

/* The server has a resource of this name, which has not our externalId. */
static const char *
adopt(const struct line *l, bool found, uint32_t entry, uint32_t other)
{
	struct push *p = l->push;
	const char *why = NULL;

	if (!p->adopt)
		why = "the name exists on the server without this externalId";
	else if (l->r.kind == RESOURCE_USER && strchr(buf_string(&p->folded), '@') != NULL &&
	    !is_verified(l))
		why = "the user name is an e-mail address that is not verified: not adopted";
	if (why == NULL)
		return update(l, take_over(l, found, entry, other));
	return conflict(l, "create", remember(l, found, entry, false), why);
}

static const char *
plan_resource(const struct line *l)
{
	struct push *p = l->push;
	uint32_t entry = 0, other;
	bool found = index_find(l->ix, INDEX_EXTERNAL, buf_string(&p->key), p->key.len, &entry);
	bool named = index_find(l->ix, INDEX_NAME, buf_string(&p->folded), p->folded.len, &other);
	unsigned flags = found ? l->ix->entry[entry].flags : 0;

	if ((flags & INDEX_SEEN) != 0)
		return "an earlier line has this externalId";
	if (named && (!found || other != entry)) {
		if ((l->ix->entry[other].flags & INDEX_NAMED) != 0)
			return l->r.kind == RESOURCE_USER ? "an earlier line has this userName" :
			    "an earlier line has this displayName";
		if ((flags & INDEX_KNOWN) == 0 &&
		    (l->ix->entry[other].flags & INDEX_SEEN) == 0)
			return adopt(l, found, entry, other);
		return conflict(l, (flags & INDEX_KNOWN) != 0 ? "update" : "create",
		    remember(l, found, entry, false), taken);
	}
	if ((flags & INDEX_TWICE) != 0)
		return conflict(l, "update", remember(l, true, entry, false),
		    "the externalId is on the server more than once");
	entry = remember(l, found, entry, true);
	return (flags & INDEX_KNOWN) != 0 ? update(l, entry) : create(l, entry);
}

const char *
plan_row(void *arg, const struct record_reader *reader, struct sink *sink)
{
	struct push *p = arg;
	struct line l = { .push = p, .reader = reader, .top = { &reader->list, reader->text, 0 } };
	const char *wrong = scim_resource_read(&l.top, true, &l.r);
	uint32_t entry;

	(void)sink;
	progress_show(&p->progress, ++p->lines, 0);
	if (wrong != NULL)
		return wrong;
	l.ix = push_index(p, l.r.kind);
	decode(&p->key, &l.top, l.r.external);
	decode(&p->name, &l.top, l.r.name);
	buf_clear(&p->folded);
	if (fold_append(&p->folded, buf_string(&p->name), p->name.len) != 0)
		return "a name that cannot be folded";
	if (l.r.kind == RESOURCE_USER) {
		wrong = plan_resource(&l);
	} else {
		/* A group's further lines bring further members. */
		if (!index_find(l.ix, INDEX_EXTERNAL, buf_string(&p->key), p->key.len, &entry) ||
		    (l.ix->entry[entry].flags & INDEX_SEEN) == 0)
			wrong = plan_resource(&l);
		if (wrong == NULL && p->halt == PROG_OK)
			members_take(p, reader, &l.top, &l.r);
	}
	queue_room(p);
	p->filter.halt = p->halt;
	return wrong;
}
