#include "members.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "bulk.h"
#include "crowd.h"
#include "found.h"

enum { CROWDS = 8 };		/* under way */

/* Whether the row is about the group of the crowd. */
static bool
is_its(const struct crowd *c, const struct task *t)
{
	return strcmp(c->group, t->group) == 0 && (c->id == NULL ? t->group_id == NULL :
	    t->group_id != NULL && strcmp(c->id, t->group_id) == 0);
}

void
members_begin(struct task *t)
{
	struct apply *a = t->apply;
	struct crowd *c = a->crowds;

	while (c != NULL && c->next != NULL)
		c = c->next;
	if (c == NULL || c->begun || c->op != t->row.op || c->count >= a->features.members_max ||
	    !is_its(c, t)) {
		struct crowd *new = crowd_new(t);

		if (c == NULL)
			a->crowds = new;
		else
			c->next = new;
		c = new;
	}
	t->crowd = c;
	c->task[c->count++] = t;
}

static void
end_asking(struct crowd *c)
{
	if (--c->asking == 0)
		crowd_go_on(c, false);
}

static void
on_user(struct task *t, const struct answer *r)
{
	struct apply *a = t->apply;
	struct found f;
	long count;

	if (r->outcome != SCIM_OK) {
		task_fail(t, r);
		end_asking(t->crowd);
		return;
	}
	count = found_in(&f, r, a->by_external ? "externalId" : "userName",
	    a->by_external ? t->key : t->username, false);
	if (count == 1) {
		t->id = found_text(&f, "id");
		if (plan_ledger_has_sub(&a->ledger, LEDGER_USER, t->key, t->id))
			names_note(&a->users, t->key, t->id);
		else
			task_end(t, OUTCOME_SKIPPED, NULL, false, task_another_user);
	} else if (count < 0) {
		task_end(t, OUTCOME_FAILED, NULL, true, found_why(count));
	} else {
		task_end(t, OUTCOME_SKIPPED, NULL, false, count == 0 ? "no such user at the server" :
		    "the user is there more than once");
	}
	found_free(&f);
	end_asking(t->crowd);
}

/* The users whose ids the rows do not say: most were made in this run. */
static void
ask_users(struct crowd *c)
{
	struct apply *a = c->apply;

	/* One that is the crowd's own, so that it does not end on the way. */
	c->asking = 1;
	for (size_t i = 0; i < c->count; i++) {
		struct task *t = c->task[i];
		const char *id = t->id == NULL ? names_find(&a->users, t->key) : NULL;

		if (id != NULL)
			t->id = mem_dup_string(id);
		if (t->step.ended || t->id != NULL)
			continue;
		c->asking++;
		buf_clear(&t->path);
		buf_clear(&t->body);
		(void)buf_append_string(&t->path, "/Users");
		task_filter(t, a->by_external ? "externalId" : "userName",
		    a->by_external ? t->key : t->username);
		task_send(t, "GET", on_user);
	}
	end_asking(c);
}

static void
on_group(struct crowd *c, const struct answer *r)
{
	struct found f;
	long count;

	if (r->outcome != SCIM_OK) {
		crowd_fail_rows(c, r);
		crowd_go_on(c, false);
		return;
	}
	count = found_in(&f, r, "displayName", c->group, true);
	if (count == 1) {
		c->id = found_text(&f, "id");
		if (!plan_ledger_has_sub(&c->apply->ledger, LEDGER_GROUP, c->group, c->id))
			crowd_end_rows(c, OUTCOME_SKIPPED, NULL, false, task_another_group);
		else
			names_note(&c->apply->groups, c->group, c->id);
		/* Nobody, if they are over. */
		ask_users(c);
	} else if (count < 0) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, true, found_why(count));
		crowd_go_on(c, false);
	} else {
		crowd_end_rows(c, c->op == PLAN_REMOVE_MEMBER && count == 0 ? OUTCOME_UNCHANGED :
		    OUTCOME_SKIPPED, NULL, false, count == 0 ? "no such group at the server" :
		    "the group is there more than once");
		crowd_go_on(c, false);
	}
	found_free(&f);
}

static void
start(struct crowd *c)
{
	const char *id = names_find(&c->apply->groups, c->group);

	c->begun = true;
	if (c->apply->halted) {
		crowd_go_on(c, false);
		return;
	}
	if (c->id == NULL && id != NULL)
		c->id = mem_dup_string(id);
	if (c->id != NULL) {
		ask_users(c);
		return;
	}
	buf_clear(&c->path);
	(void)buf_append_string(&c->path, "/Groups?filter=displayName%20eq%20");
	(void)scim_append_filter_value(&c->path, c->group, strlen(c->group));
	(void)buf_append_string(&c->path, "&excludedAttributes=members");
	crowd_submit(c, "GET", on_group);
}

/* Those that are over go. */
static size_t
sweep(struct apply *a)
{
	struct crowd **link = &a->crowds;
	size_t under_way = 0;

	while (*link != NULL) {
		struct crowd *c = *link;

		if (c->over) {
			*link = c->next;
			crowd_free(c);
		} else {
			under_way += c->begun;
			link = &c->next;
		}
	}
	return under_way;
}

/* Whether an earlier one of the same group is under way. */
static bool
is_held(const struct crowd *c)
{
	for (const struct crowd *o = c->apply->crowds; o != c; o = o->next)
		if (strcmp(o->group, c->group) == 0)
			return true;
	return false;
}

static void
launch(struct apply *a)
{
	size_t under_way = sweep(a), most = a->features.bulk ? BULK_LOOKED_MAX : CROWDS;

	for (struct crowd *c = a->crowds; c != NULL && under_way < most; c = c->next)
		if (!c->begun && !is_held(c)) {
			under_way++;
			start(c);
		}
}

int64_t
members_wake(struct apply *a, int64_t now_ms)
{
	int64_t next = 0;

	for (struct crowd *c = a->crowds; c != NULL; c = c->next)
		if (c->due_ms != 0 && c->due_ms <= now_ms) {
			c->due_ms = 0;
			crowd_send(c);
		}
	/* Those that waited for one that is over. */
	launch(a);
	for (struct crowd *c = a->crowds; c != NULL; c = c->next)
		if (c->due_ms != 0 && (next == 0 || c->due_ms < next))
			next = c->due_ms;
	return next;
}

void
members_forget(struct task *t)
{
	for (size_t i = 0; t->crowd != NULL && i < t->crowd->count; i++)
		if (t->crowd->task[i] == t)
			t->crowd->task[i] = NULL;
}

void
members_free(struct apply *a)
{
	while (a->crowds != NULL) {
		struct crowd *c = a->crowds;

		a->crowds = c->next;
		crowd_free(c);
	}
}
