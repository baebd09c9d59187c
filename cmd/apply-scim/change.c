#include "change.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/scim_body.h"
#include "json/scim_compare.h"

#include "bulk.h"
#include "found.h"
#include "whole.h"

static const char changed[] = "changed since the plan", gone[] = "is not there any more";

static bool
is_deletion(const struct task *t)
{
	return t->row.op == PLAN_DELETE_USER || t->row.op == PLAN_DELETE_GROUP;
}

static bool
is_switch(const struct task *t)
{
	return t->row.op == PLAN_ENABLE_USER || t->row.op == PLAN_DISABLE_USER;
}

/* Nothing is to be done to what is gone. */
static void
end_gone(struct task *t, bool by_us)
{
	if (is_deletion(t)) {
		task_note(t, LEDGER_DELETED);
		task_end(t, by_us ? OUTCOME_DONE : OUTCOME_UNCHANGED, NULL, false, by_us ? NULL : gone);
	} else {
		task_end(t, OUTCOME_SKIPPED, "404", false, gone);
	}
}

/*
 * The server did not do it: whether another look may help.  One without PATCH gets the whole
 * resource.
 */
static bool
may_try_again(struct task *t, const struct answer *r)
{
	struct apply *a = t->apply;

	if (a->halted || ++t->tries >= APPLY_TRIES)
		return false;
	/* Another row may have found that out meanwhile. */
	if (r->status == 501 && t->patched) {
		a->features.patch = false;
		return true;
	}
	if (r->status == 428 && t->version == NULL) {
		a->conditional = true;
		return true;
	}
	if (r->status == 412) {
		free(t->refused);
		t->refused = t->version;
		t->version = NULL;
	}
	return r->status == 412 || (r->outcome == SCIM_TEMPORARY && r->lost);
}

static void
on_changed(struct task *t, const struct answer *r)
{
	t->mine |= r->lost || r->uncertain;
	if (r->outcome == SCIM_OK) {
		if (is_deletion(t))
			end_gone(t, true);
		else
			task_end(t, OUTCOME_DONE, NULL, false, NULL);
	} else if (r->outcome == SCIM_DENIED && r->status == 404) {
		end_gone(t, true);
	} else if (may_try_again(t, r)) {
		task_wait(t, change_begin);
	} else if (r->status == 412) {
		task_end(t, OUTCOME_SKIPPED, "412", true, changed);
	} else {
		task_fail(t, r);
	}
}

/*
 * The version that a look has shown, where the server knows versions; heap, or NULL.  One that is
 * still shown after it was refused, more than once, is of no use.
 */
static char *
version_of(const struct task *t, const struct found *f)
{
	const struct apply *a = t->apply;
	char *version = a->features.etag || a->conditional ? found_version(f) : NULL;

	if (version != NULL && t->refused != NULL && t->tries > 1 &&
	    strcmp(version, t->refused) == 0) {
		free(version);
		return NULL;
	}
	return version;
}

/* Sends with If-Match what the look has shown. */
static void
send(struct task *t, const char *method, const struct found *f)
{
	free(t->version);
	t->version = version_of(t, f);
	/* A PUT would undo what others have changed meanwhile. */
	if ((t->version == NULL && strcmp(method, "PUT") == 0) ||
	    !bulk_add(t, method, change_begin, on_changed))
		task_send(t, method, on_changed);
}

/* After of a row that switches: a member of the resource. */
static struct json
after_of(const struct task *t, struct tok_list *list)
{
	const char *text = t->row.op == PLAN_ENABLE_USER ? "{\"active\":true}" :
	    "{\"active\":false}";

	if (!is_switch(t))
		return task_side(t, t->row.after);
	(void)tok_parse(list, text, strlen(text));
	return (struct json){ list, text, 0 };
}

/* Returns whether the row needs to know first who is in the group. */
static bool
update(struct task *t, const struct found *f)
{
	const struct apply *a = t->apply;
	struct tok_list list;
	struct json after;
	struct buf ops;
	long count;
	bool full, hidden = false;

	/* There is no PATCH, as it turned out: members that were not asked for would be lost. */
	if (!a->features.patch && !t->whole) {
		change_begin(t);
		return false;
	}
	tok_init(&list, RECORD_TOKENS_MAX);
	buf_init(&ops, SCIM_BODY_MAX);
	after = after_of(t, &list);
	count = scim_compare_patch(&after, &f->resource, &a->rules, &ops);
	task_path_id(t);
	t->patched = a->features.patch;
	full = count < 0 || (t->patched ? scim_body_patch(&t->body, &ops) :
	    scim_body_put(&t->body, &after, &f->resource, &a->rules)) != 0;
	if (count == 0)
		task_end(t, t->mine ? OUTCOME_DONE : OUTCOME_UNCHANGED, NULL, false,
		    t->mine || plan_adopts(&t->row, &t->list, t->text) ? NULL : "so already");
	else if (full)
		task_end(t, OUTCOME_FAILED, NULL, false, "the request would be too large");
	else if (!is_switch(t) && found_differs(f, t, false))
		task_end(t, OUTCOME_SKIPPED, NULL, false, changed);
	else if (!t->patched && !task_is_user(t) && t->shown == NULL &&
	    !whole_shows(t->apply, f))
		hidden = true;
	else
		send(t, t->patched ? "PATCH" : "PUT", f);
	buf_free(&ops);
	tok_free(&list);
	return hidden;
}

/* How many members the row knows of in the group. */
static uint64_t
members_of(const struct task *t)
{
	uint32_t at = tok_member(&t->list, t->text, t->row.before, "Members");
	const struct tok *n = &t->list.tok[at];

	return at != 0 && n->type == TOK_NUMBER ? strtoull(t->text + n->start, NULL, 10) : 0;
}

/* Whoever was in it goes with it; whoever came since would lose what it gives him. */
static void
on_members(struct task *t, const struct answer *r)
{
	struct found f;

	if (r->outcome != SCIM_OK) {
		task_fail(t, r);
		return;
	}
	if (!found_one(&f, r)) {
		task_end(t, OUTCOME_FAILED, NULL, true, "not a resource");
	} else if (found_members(&f) > members_of(t)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, "others are in it by now");
	} else {
		task_path_id(t);
		t->version = t->looked;
		t->looked = NULL;
		/* Without a version nothing says that nobody has joined it meanwhile. */
		if (t->version == NULL || !bulk_add(t, "DELETE", change_begin, on_changed))
			task_send(t, "DELETE", on_changed);
	}
	found_free(&f);
}

static void
delete(struct task *t, const struct found *f)
{
	if (found_differs(f, t, true)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, changed);
		return;
	}
	task_path_id(t);
	if (task_is_user(t)) {
		send(t, "DELETE", f);
		return;
	}
	free(t->looked);
	t->looked = version_of(t, f);
	(void)buf_append_string(&t->path, "?attributes=members");
	task_send(t, "GET", on_members);
}

static void
on_looked(struct task *t, const struct answer *r)
{
	struct answer whole = *r;
	struct found f;

	if (r->outcome == SCIM_DENIED && r->status == 404) {
		end_gone(t, t->mine);
		return;
	}
	if (r->outcome != SCIM_OK) {
		task_fail(t, r);
		return;
	}
	if (t->shown != NULL && !whole_join(t->apply, &t->shown, t->id, &whole)) {
		task_end(t, OUTCOME_FAILED, NULL, true, whole_hidden);
		return;
	}
	if (!found_one(&f, &whole)) {
		task_end(t, OUTCOME_FAILED, NULL, true, "not a resource");
	} else if (found_is_other(&f, t)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, changed);
	} else if (is_deletion(t)) {
		delete(t, &f);
	} else if (update(t, &f)) {
		t->shown = whole_keep(&f);
		task_path_id(t);
		(void)buf_append_string(&t->path, whole_asks);
		task_send(t, "GET", on_looked);
	}
	found_free(&f);
}

void
change_begin(struct task *t)
{
	if (t->id == NULL) {
		task_end(t, OUTCOME_FAILED, NULL, false, "the row has no Id");
		return;
	}
	if (!task_is_path(t->id)) {
		task_end(t, OUTCOME_FAILED, NULL, false, task_no_path);
		return;
	}
	if (t->row.op == PLAN_DELETE_GROUP && t->apply->dialect == SCIM_AWS) {
		task_end(t, OUTCOME_SKIPPED, NULL, false,
		    "the server does not tell who is in a group (dialect aws)");
		return;
	}
	task_path_id(t);
	/* A group that is written whole is written with its members. */
	t->whole = task_is_user(t) || !t->apply->features.patch;
	if (!t->whole)
		(void)buf_append_string(&t->path, "?excludedAttributes=members");
	free(t->version);
	t->version = NULL;
	free(t->shown);
	t->shown = NULL;
	task_send(t, "GET", on_looked);
}
