#include "members.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#include "bulk.h"
#include "crowd.h"
#include "found.h"

enum { CROWDS = 8 /* under way */, WAIT_MS = 400, DOUBLINGS = 3 };

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
on_answer(void *arg, const struct scim_result *result)
{
	struct crowd *c = arg;
	struct answer r = task_answer(result);

	c->apply->wake = true;
	task_judge(c->apply, &r, "/Groups");
	c->apply->wrote |= c->writes && task_wrote(&r);
	c->then(c, &r);
}

static void
submit(struct crowd *c, const char *method, void (*then)(struct crowd *c, const struct answer *r))
{
	c->then = then;
	c->writes = strcmp(method, "GET") != 0;
	c->patched = strcmp(method, "PATCH") == 0;
	scim_submit_if(c->apply->client, method, c->path.data, c->writes ? c->version : NULL,
	    c->body.data, c->body.len, on_answer, c);
}

/* Ends the rows of the request. */
static void
end_rows(struct crowd *c, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail)
{
	size_t at = 0, left = crowd_rows(c, &at);
	struct task *t;

	while ((t = crowd_next(c, &at, &left)) != NULL)
		task_end(t, outcome, code, retryable, detail);
}

static void
fail_rows(struct crowd *c, const struct answer *r)
{
	size_t at = 0, left = crowd_rows(c, &at);
	struct task *t;

	while ((t = crowd_next(c, &at, &left)) != NULL)
		task_fail(t, r);
}

/* Goes on at once, or after a while. */
static void
go_on(struct crowd *c, bool wait)
{
	unsigned doublings = c->tries <= 1 ? 0 : c->tries < DOUBLINGS ? c->tries - 1 : DOUBLINGS;

	c->due_ms = clock_mono_ms() + (wait ? (int64_t)WAIT_MS << doublings : 0);
}

/* Whether fewer members may please the server. */
static bool
is_about_members(const struct answer *r)
{
	return r->outcome == SCIM_DENIED && (r->status == 400 || r->status == 404 ||
	    r->status == 409 || r->status == 413 || r->status == 422);
}

/* Whether the request can be sent in another way, or again. */
static bool
may_try_again(struct crowd *c, const struct answer *r)
{
	struct apply *a = c->apply;

	if (a->halted || ++c->tries >= APPLY_TRIES)
		return false;
	/* Another crowd may have found that out meanwhile. */
	if (r->status == 501 && c->patched)
		a->features.patch = false;
	else if (r->status == 428 && c->version == NULL)
		a->conditional = true;
	else
		return r->status == 412 || (r->outcome == SCIM_TEMPORARY && r->lost);
	return true;
}

static void
on_sent(struct crowd *c, const struct answer *r)
{
	size_t first = 0;
	bool many = crowd_rows(c, &first) > 1;

	if (r->outcome == SCIM_OK)
		end_rows(c, OUTCOME_DONE, NULL, false, NULL);
	else if (many && is_about_members(r))
		c->single = true;
	else if (may_try_again(c, r)) {
		go_on(c, true);
		return;
	} else if (c->op == PLAN_REMOVE_MEMBER && r->outcome == SCIM_DENIED &&
	    (r->status == 404 || strcmp(r->scim_type, "noTarget") == 0))
		end_rows(c, OUTCOME_UNCHANGED, NULL, false, "is not there any more");
	else if (r->status == 412)
		end_rows(c, OUTCOME_SKIPPED, "412", true, "changed meanwhile");
	else
		fail_rows(c, r);
	if (r->outcome == SCIM_OK || !many)
		c->tries = 0;
	go_on(c, false);
}

/* The group as it is: a version to name, or all of it to write. */
static void
on_read(struct crowd *c, const struct answer *r)
{
	struct found f;
	bool patch = c->apply->features.patch;

	if (r->outcome != SCIM_OK) {
		fail_rows(c, r);
		go_on(c, false);
		return;
	}
	free(c->version);
	c->version = NULL;
	if (!found_one(&f, r)) {
		end_rows(c, OUTCOME_FAILED, NULL, true, "not a resource");
		go_on(c, false);
	} else if (c->apply->halted) {
		end_rows(c, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		go_on(c, false);
	} else if (!patch && !c->whole) {
		go_on(c, false);
	} else if (crowd_fill(c, patch ? NULL : &f.resource) != 0) {
		end_rows(c, OUTCOME_FAILED, NULL, false, "the request would be too large");
		go_on(c, false);
	} else {
		if (c->apply->features.etag || c->apply->conditional)
			c->version = found_version(&f);
		if (!patch || !bulk_add_crowd(c, on_sent))
			submit(c, patch ? "PATCH" : "PUT", on_sent);
	}
	found_free(&f);
}

/* All ids are known: the next request, or the end. */
static void
send(struct crowd *c)
{
	const struct apply *a = c->apply;
	size_t first = 0;

	if (crowd_rows(c, &first) == 0) {
		c->over = true;
	} else if (a->halted) {
		end_rows(c, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		go_on(c, false);
	} else if (!task_is_path(c->id)) {
		end_rows(c, OUTCOME_FAILED, NULL, false, task_no_path);
		go_on(c, false);
	} else if (!a->features.patch || a->conditional) {
		crowd_path(c);
		c->whole = !a->features.patch;
		if (!c->whole)
			(void)buf_append_string(&c->path, "?excludedAttributes=members");
		submit(c, "GET", on_read);
	} else if (crowd_fill(c, NULL) != 0) {
		end_rows(c, OUTCOME_FAILED, NULL, false, "the request would be too large");
		go_on(c, false);
	} else if (!bulk_add_crowd(c, on_sent)) {
		submit(c, "PATCH", on_sent);
	}
}

static void
end_asking(struct crowd *c)
{
	if (--c->asking == 0)
		go_on(c, false);
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
		if (t->ended || t->id != NULL)
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
		fail_rows(c, r);
		go_on(c, false);
		return;
	}
	count = found_in(&f, r, "displayName", c->group, true);
	if (count == 1) {
		c->id = found_text(&f, "id");
		if (!plan_ledger_has_sub(&c->apply->ledger, LEDGER_GROUP, c->group, c->id))
			end_rows(c, OUTCOME_SKIPPED, NULL, false, task_another_group);
		else
			names_note(&c->apply->groups, c->group, c->id);
		/* Nobody, if they are over. */
		ask_users(c);
	} else if (count < 0) {
		end_rows(c, OUTCOME_FAILED, NULL, true, found_why(count));
		go_on(c, false);
	} else {
		end_rows(c, c->op == PLAN_REMOVE_MEMBER && count == 0 ? OUTCOME_UNCHANGED :
		    OUTCOME_SKIPPED, NULL, false, count == 0 ? "no such group at the server" :
		    "the group is there more than once");
		go_on(c, false);
	}
	found_free(&f);
}

static void
start(struct crowd *c)
{
	const char *id = names_find(&c->apply->groups, c->group);

	c->begun = true;
	if (c->apply->halted) {
		go_on(c, false);
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
	submit(c, "GET", on_group);
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
			send(c);
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
