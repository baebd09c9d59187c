#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"

struct crowd *
crowd_new(const struct task *t)
{
	struct crowd *c = mem_alloc(sizeof *c);

	c->apply = t->apply;
	c->op = t->row.op;
	c->group = mem_dup_string(t->group);
	c->id = t->group_id != NULL ? mem_dup_string(t->group_id) : NULL;
	c->task = mem_alloc(t->apply->features.members_max * sizeof(struct task *));
	buf_init(&c->path, SIZE_MAX);
	buf_init(&c->body, SCIM_BODY_MAX);
	return c;
}

void
crowd_free(struct crowd *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->task[i] != NULL)
			c->task[i]->crowd = NULL;
	free(c->task);
	free(c->group);
	free(c->id);
	free(c->version);
	free(c->shown);
	buf_free(&c->path);
	buf_free(&c->body);
	free(c);
}

size_t
crowd_rows(const struct crowd *c, size_t *first)
{
	size_t count = 0;

	for (size_t i = c->count; i-- > 0;)
		if (c->task[i] != NULL && !c->task[i]->step.ended) {
			*first = i;
			count++;
		}
	return c->single && count > 0 ? 1 : count;
}

struct task *
crowd_next(const struct crowd *c, size_t *at, size_t *left)
{
	while (*left > 0 && *at < c->count) {
		struct task *t = c->task[(*at)++];

		if (t != NULL && !t->step.ended) {
			--*left;
			return t;
		}
	}
	return NULL;
}

static int
append_members(const struct crowd *c, struct buf *b)
{
	size_t at = 0, left = crowd_rows(c, &at);
	struct task *t;

	while ((t = crowd_next(c, &at, &left)) != NULL)
		if ((b->len > 0 && b->data[b->len - 1] == '}' && buf_append_byte(b, ',') != 0) ||
		    buf_append_string(b, "{\"value\":") != 0 ||
		    jtext_string(b, t->id, strlen(t->id)) != 0 ||
		    /* Oracle wants the type, AWS knows none. */
		    (c->apply->dialect != SCIM_AWS &&
		    buf_append_string(b, ",\"type\":\"User\"") != 0) ||
		    buf_append_byte(b, '}') != 0)
			return -1;
	return 0;
}

/* One operation for all, or, to remove, one for each, whose path names the member. */
static int
append_operations(const struct crowd *c, struct buf *b)
{
	size_t at = 0, left = crowd_rows(c, &at);
	bool first = true;
	struct buf path;
	struct task *t;
	int failed = 0;

	if (c->op == PLAN_ADD_MEMBER || c->apply->dialect == SCIM_AWS)
		return buf_appendf(b, "{\"op\":\"%s\",\"path\":\"members\",\"value\":[",
		    c->op == PLAN_ADD_MEMBER ? "add" : "remove") != 0 ||
		    append_members(c, b) != 0 || buf_append_string(b, "]}") != 0 ? -1 : 0;
	buf_init(&path, SCIM_BODY_MAX);
	while (failed == 0 && (t = crowd_next(c, &at, &left)) != NULL) {
		buf_clear(&path);
		(void)buf_append_string(&path, "members[value eq ");
		(void)jtext_string(&path, t->id, strlen(t->id));
		(void)buf_append_byte(&path, ']');
		failed = buf_append_string(b, first ? "{\"op\":\"remove\",\"path\":" :
		    ",{\"op\":\"remove\",\"path\":") != 0 ||
		    jtext_string(b, path.data, path.len) != 0 || buf_append_byte(b, '}') != 0;
		first = false;
	}
	buf_free(&path);
	return failed ? -1 : 0;
}

/* Whether the member is one of the request: it is to go, or comes anew. */
static bool
is_named(void *arg, const struct json *member)
{
	struct crowd *c = arg;
	size_t at = 0, left = crowd_rows(c, &at);
	struct json value = json_at(member, json_member(member, "value"));
	struct task *t;

	while (value.at != 0 && (t = crowd_next(c, &at, &left)) != NULL)
		if (tok_is(json_tok(&value), value.text, t->id, strlen(t->id)))
			return true;
	return false;
}

void
crowd_path(struct crowd *c)
{
	buf_clear(&c->path);
	buf_clear(&c->body);
	(void)buf_append_string(&c->path, "/Groups/");
	(void)scim_append_encoded(&c->path, c->id, strlen(c->id));
}

int
crowd_fill(struct crowd *c, const struct json *theirs)
{
	struct buf b;
	int failed;

	buf_init(&b, SCIM_BODY_MAX);
	crowd_path(c);
	if (theirs == NULL)
		failed = append_operations(c, &b) != 0 || scim_body_patch(&c->body, &b) != 0;
	else
		failed = (c->op == PLAN_ADD_MEMBER && append_members(c, &b) != 0) ||
		    scim_body_put_members(&c->body, theirs, &b, is_named, c) != 0;
	buf_free(&b);
	return failed ? -1 : 0;
}
