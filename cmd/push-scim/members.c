#include "members.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"

#include "queue.h"

static const char reference[] = "bulkId:";

enum {
	DENIALS_MAX = 64,	/* of a group: then it is no single member that is refused */
	REJECT_MEMBERS = 100	/* in one line of --reject */
};

static uint32_t
group_of(uint64_t pair)
{
	return (uint32_t)(pair >> 32);
}

static uint32_t
user_of(uint64_t pair)
{
	return (uint32_t)pair;
}

/* The group's crowd; begun by its first line. */
static struct crowd *
crowd_of(struct push *p, const struct record_reader *reader, uint32_t group, const char *name,
    const struct tok *t)
{
	size_t more = p->crowds + p->crowds / 2 + 64;
	struct buf text;

	if (group >= more)
		more = (size_t)group + 64;
	if (group >= p->crowds) {
		p->crowd = mem_resize(p->crowd, more, sizeof *p->crowd);
		memset(p->crowd + p->crowds, 0, (more - p->crowds) * sizeof *p->crowd);
		p->crowds = more;
	}
	if (p->crowd[group].name == NULL) {
		buf_init(&text, SIZE_MAX);
		(void)jtext_string_token(&text, t, name);
		p->crowd[group].name = text.data;
		p->crowd[group].stream = reader->name;
		p->crowd[group].line = reader->line;
	}
	return &p->crowd[group];
}

/* The user that a member's value means; one that nobody has named yet may still come. */
static bool
find_user(struct push *p, const char *value, size_t len, uint32_t *user)
{
	size_t skip = sizeof reference - 1;
	bool by_key = len > skip && memcmp(value, reference, skip) == 0;
	enum index_key which = by_key ? INDEX_EXTERNAL : INDEX_ID;

	if (by_key) {
		value += skip;
		len -= skip;
	}
	if (index_find(&p->users, which, value, len, user))
		return true;
	if (index_add(&p->users, user) != 0)
		return false;
	index_set(&p->users, *user, which, value, len);
	return true;
}

static void
want(struct push *p, uint64_t pair)
{
	if (p->wanted_count == p->wanted_cap) {
		p->wanted_cap = p->wanted_cap == 0 ? 1024 : p->wanted_cap * 2;
		p->wanted = mem_resize(p->wanted, p->wanted_cap, sizeof *p->wanted);
	}
	p->wanted[p->wanted_count++] = pair;
}

void
members_take(struct push *p, const struct record_reader *reader, const struct json *top,
    const struct scim_resource *r)
{
	const struct tok *tok = top->list->tok;
	uint32_t group, user;
	struct crowd *c;

	if (r->members == 0 || !index_find(&p->groups, INDEX_EXTERNAL, buf_string(&p->key),
	    p->key.len, &group))
		return;
	c = crowd_of(p, reader, group, top->text, &tok[r->name]);
	for (uint32_t i = r->members + 1; i < tok[r->members].next; i = tok[i].next) {
		uint32_t value = tok_member(top->list, top->text, i, "value");

		c->named++;
		buf_clear(&p->name);
		if (value != 0 && tok[value].type == TOK_STRING &&
		    (tok[value].flags & TOK_NUL) == 0)
			(void)jtext_decode(&p->name, top->text + tok[value].start,
			    tok[value].end - tok[value].start);
		if (p->name.len == 0 || !find_user(p, p->name.data, p->name.len, &user)) {
			c->missing++;
			c->final = true;
		} else if (!pairs_add(&p->pairs, pairs_make(group, user))) {
			c->there++;
		} else {
			want(p, pairs_make(group, user));
		}
	}
}

/* Whether a resource is on the server, under one id, or would be. */
static bool
is_usable(const struct index *ix, uint32_t number)
{
	unsigned flags = ix->entry[number].flags;

	return (flags & (INDEX_KNOWN | INDEX_PLANNED)) != 0 && (flags & INDEX_TWICE) == 0;
}

/* A line of the wanted memberships from up to to, one that can be fed again. */
static void
reject(struct push *p, uint32_t group, size_t from, size_t to, const char *reason)
{
	const struct crowd *c = &p->crowd[group];
	const uint64_t *pairs = p->wanted;
	const char *key = index_text(&p->groups, group, INDEX_EXTERNAL);
	struct buf b;

	if (p->options->reject == NULL)
		return;
	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b,
	    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"externalId\":");
	(void)jtext_string(&b, key, strlen(key));
	(void)buf_appendf(&b, ",\"displayName\":%s,\"members\":[", c->name);
	for (size_t i = from; i < to; i++) {
		const char *external = index_text(&p->users, user_of(pairs[i]), INDEX_EXTERNAL);
		struct buf value;

		buf_init(&value, SIZE_MAX);
		(void)buf_appendf(&value, "%s%s", external != NULL ? reference : "",
		    external != NULL ? external :
		    index_text(&p->users, user_of(pairs[i]), INDEX_ID));
		(void)buf_append_string(&b, i > from ? ",{\"value\":" : "{\"value\":");
		(void)jtext_string(&b, value.data, value.len);
		(void)buf_append_string(&b, ",\"type\":\"User\"}");
		buf_free(&value);
	}
	(void)buf_append_string(&b, "]}");
	(void)sink_reject(&p->sink, c->stream, c->line, reason, b.data, b.len);
	buf_free(&b);
}

static void
reject_all(struct push *p, uint32_t group, size_t from, size_t to, const char *reason)
{
	for (size_t next; from < to; from = next) {
		next = to - from < REJECT_MEMBERS ? to : from + REJECT_MEMBERS;
		reject(p, group, from, next, reason);
	}
}

static void
write_result(struct push *p, uint32_t group)
{
	const struct crowd *c = &p->crowd[group];
	bool failed = c->missing + c->failed > 0;
	char detail[SCIM_DETAIL_SIZE + 200];
	struct result r = {
		.op = "add-members", .kind = RESOURCE_GROUP, .entry = group,
		.key = index_text(&p->groups, group, INDEX_EXTERNAL), .name = c->name,
		.code = c->code, .retryable = failed && !c->final, .detail = detail
	};

	r.outcome = failed ? OUTCOME_FAILED : c->added == 0 ? OUTCOME_UNCHANGED :
	    p->dry_run ? OUTCOME_PLANNED : OUTCOME_UPDATED;
	snprintf(detail, sizeof detail, "%" PRIu64 " added, %" PRIu64 " there already, %" PRIu64
	    " cannot be resolved, %" PRIu64 " failed%s%s", c->added, c->there, c->missing,
	    c->failed, c->detail[0] != '\0' ? ": " : "", c->detail);
	result_write(p, &r);
}

int
members_append(const struct task *t, struct buf *b)
{
	const struct push *p = t->push;

	for (size_t i = t->from; i < t->to; i++) {
		const char *id = index_text(&p->users, user_of(p->wanted[i]), INDEX_ID);

		if (buf_append_string(b, i > t->from ? ",{\"value\":" : "{\"value\":") != 0 ||
		    jtext_string(b, id, strlen(id)) != 0 ||
		    /* Oracle wants the type, AWS knows none. */
		    (p->dialect != SCIM_AWS && buf_append_string(b, ",\"type\":\"User\"") != 0) ||
		    buf_append_byte(b, '}') != 0)
			return -1;
	}
	return 0;
}

static void
fill_body(struct task *t)
{
	struct buf ops;

	buf_init(&ops, PUSH_BODY_MAX);
	buf_clear(&t->body);
	(void)buf_append_string(&ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":[");
	(void)members_append(t, &ops);
	(void)buf_append_string(&ops, "]}");
	(void)scim_body_patch(&t->body, &ops);
	buf_free(&ops);
}

static void
add_task(struct push *p, uint32_t group, size_t from, size_t to)
{
	struct task *t = task_new(p, RESOURCE_GROUP, group, NULL, 0, p->crowd[group].stream,
	    p->crowd[group].line);

	t->kind = TASK_MEMBERS;
	t->from = from;
	t->to = to;
	fill_body(t);
	p->crowd[group].left++;
	queue_add(t);
}

bool
members_held(const struct task *t, const void *request)
{
	const void *holder = t->kind == TASK_MEMBERS ? t->push->crowd[t->entry].holder : NULL;

	return holder != NULL && holder != request;
}

void
members_hold(const struct task *t, const void *request)
{
	if (t->kind == TASK_MEMBERS)
		t->push->crowd[t->entry].holder = request;
}

void
members_release(const struct task *t, const void *request)
{
	if (t->kind == TASK_MEMBERS && t->push->crowd[t->entry].holder == request)
		t->push->crowd[t->entry].holder = NULL;
}

bool
members_halve(struct task *t)
{
	struct push *p = t->push;
	size_t middle = t->from + (t->to - t->from) / 2;

	if (t->to - t->from < 2 || ++p->crowd[t->entry].denials > DENIALS_MAX)
		return false;
	add_task(p, t->entry, middle, t->to);
	t->to = middle;
	fill_body(t);
	queue_add(t);
	return true;
}

static void
leave(struct push *p, uint32_t group)
{
	if (--p->crowd[group].left == 0)
		write_result(p, group);
}

void
members_done(struct task *t, const struct answer *a)
{
	struct push *p = t->push;
	struct crowd *c = &p->crowd[t->entry];
	size_t count = t->to - t->from;

	if (a->outcome == SCIM_OK) {
		c->added += count;
		p->members_added += count;
	} else {
		c->failed += count;
		c->final |= a->outcome != SCIM_TEMPORARY;
		if (a->scim_type[0] != '\0' || a->status == 0)
			snprintf(c->code, sizeof c->code, "%s", a->scim_type);
		else
			snprintf(c->code, sizeof c->code, "%ld", a->status);
		snprintf(c->detail, sizeof c->detail, "%s", a->message);
		reject_all(p, t->entry, t->from, t->to, a->summary);
	}
	leave(p, t->entry);
	task_free(t);
}

/* Who of a group's wanted members is on the server comes first; the others are counted. */
static size_t
sort_out(struct push *p, uint32_t group, size_t from, size_t to)
{
	struct crowd *c = &p->crowd[group];
	uint64_t *w = p->wanted;
	size_t usable = from;

	for (size_t i = from; i < to; i++) {
		uint64_t pair = w[i];
		uint32_t user = user_of(pair);

		if (is_usable(&p->users, user)) {
			w[i] = w[usable];
			w[usable++] = pair;
			continue;
		}
		c->missing++;
		c->final |= (p->users.entry[user].flags & INDEX_LATER) == 0;
	}
	reject_all(p, group, usable, to, "the member is not on the server");
	return usable;
}

static void
send_group(struct push *p, uint32_t group, size_t from, size_t to)
{
	struct crowd *c = &p->crowd[group];
	size_t size = p->features.members_max;

	if (!is_usable(&p->groups, group)) {
		c->failed += to - from;
		c->final |= (p->groups.entry[group].flags & INDEX_LATER) == 0;
		snprintf(c->detail, sizeof c->detail, "the group is not on the server");
		reject_all(p, group, from, to, c->detail);
		write_result(p, group);
		return;
	}
	to = sort_out(p, group, from, to);
	c->left = 1;
	if (p->dry_run) {
		c->added = to - from;
		from = to;
	}
	while (from < to && p->halt == PROG_OK) {
		size_t next = to - from < size ? to : from + size;

		add_task(p, group, from, next);
		from = next;
		queue_room(p);
	}
	leave(p, group);
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void
members_send(struct push *p)
{
	size_t from = 0;

	if (p->wanted_count > 0)
		qsort(p->wanted, p->wanted_count, sizeof *p->wanted, by_number);
	for (size_t group = 0; group < p->crowds && p->halt == PROG_OK; group++) {
		size_t to = from;

		while (to < p->wanted_count && group_of(p->wanted[to]) == group)
			to++;
		if (p->crowd[group].name != NULL && p->crowd[group].named > 0)
			send_group(p, (uint32_t)group, from, to);
		from = to;
	}
}

void
members_free(struct push *p)
{
	for (size_t i = 0; i < p->crowds; i++)
		free(p->crowd[i].name);
	free(p->crowd);
	free(p->wanted);
}
