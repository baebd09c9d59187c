#include "create.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"

#include "bulk.h"
#include "found.h"
#include "whole.h"

static const char made_before[] = "created before, by the ledger";
static const char twice[] = "is there more than once";
static const char not_asked[] = "is taken, and the server cannot be asked by whom: "
    "a plan by a list made since settles it, if it is ours";

void
create_announce(struct task *t)
{
	struct apply *a = t->apply;
	int64_t first, last, made = a->plan.header.made_ms / 1000;

	if (t->there != NULL && !task_is_path(t->there)) {
		free(t->there);
		t->there = NULL;
	}
	t->before = plan_ledger_find(&a->ledger, task_is_user(t) ? LEDGER_USER : LEDGER_GROUP,
	    t->key, &first, &last);
	if (t->before == LEDGER_CREATED && last >= made) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, made_before);
		return;
	}
	if (t->before == LEDGER_DELETED && last >= made) {
		task_end(t, OUTCOME_SKIPPED, NULL, false,
		    "deleted since the plan was made, by the ledger");
		return;
	}
	t->ours = t->before == LEDGER_CREATING;
	t->since_ms = t->ours ? first * 1000 : clock_wall_ms();
	/* What was ours and is gone, too: what is made before a kill would have a strange id. */
	task_note(t, LEDGER_CREATING);
}

/* It is there, and ours, with that id, which is taken over. */
static void
keep(struct task *t, char *id, enum plan_ledger_state state)
{
	t->made_id = id;
	names_note(task_is_user(t) ? &t->apply->users : &t->apply->groups,
	    task_is_user(t) ? t->key : t->group, id);
	task_note(t, state);
}

static void
end_creation(struct task *t, char *id)
{
	keep(t, id, LEDGER_CREATED);
	task_end(t, OUTCOME_DONE, NULL, false, NULL);
}

/* It is not there by us. */
static void
refuse(struct task *t, const char *detail)
{
	task_note(t, LEDGER_REFUSED);
	task_end(t, OUTCOME_FAILED, "uniqueness", false, detail);
}

/* What the server has under our externalId, or under our name. */
static void
settle(struct task *t, const struct found *f)
{
	enum found_age age = found_age(f, t);
	char *id = found_text(f, "id");

	/* The ids of before stand in the ledger still. */
	if ((task_is_kept(t) || t->ours) && plan_ledger_has_sub(&t->apply->ledger,
	    task_is_user(t) ? LEDGER_USER : LEDGER_GROUP, t->key, id)) {
		keep(t, id, t->before == LEDGER_ADOPTED ? LEDGER_ADOPTED : LEDGER_CREATED);
		task_end(t, OUTCOME_UNCHANGED, NULL, false, made_before);
		return;
	}
	if ((t->mine || t->ours) && age != FOUND_OLDER && found_is_after(f, t)) {
		/* By what was begun now it is, by what was begun long ago it need not be. */
		if (t->mine || age == FOUND_NEWER) {
			end_creation(t, id);
			return;
		}
		refuse(t, "exists, and the server does not say since when: not known to be ours");
	} else {
		refuse(t, t->mine || t->ours ? "exists, but differs: not known to be ours" :
		    "exists, and is not ours");
	}
	free(id);
}

/* The text that a server can be asked for: the externalId, else the name.  Heap, or NULL. */
static char *
identity(const struct task *t, const char **attribute)
{
	struct json after = task_side(t, t->row.after);
	struct found f = { .resource = after };
	char *text;

	*attribute = "externalId";
	text = found_text(&f, *attribute);
	if (text != NULL)
		return text;
	*attribute = task_is_user(t) ? "userName" : "displayName";
	return found_text(&f, *attribute);
}

/* Whether the server can be asked: under the id that the plan's list has, or by a filter. */
static bool
can_ask(const struct task *t)
{
	const char *attribute;
	char *text = identity(t, &attribute);
	bool can = text != NULL && (t->there != NULL || t->apply->features.filter);

	free(text);
	return can;
}

/* Some servers find only a moment later what they know already. */
static void
ask_again(struct task *t)
{
	t->asked = false;
	task_wait(t, create_begin);
}

static void
on_found(struct task *t, const struct answer *r)
{
	const char *attribute;
	char *text = identity(t, &attribute);
	struct found f;
	long count;

	if (r->outcome != SCIM_OK) {
		free(text);
		task_fail(t, r);
		/* Whether it is there is as open as before. */
		t->retryable = true;
		return;
	}
	count = found_in(&f, r, attribute, text, strcmp(attribute, "externalId") == 0);
	if (count == 1)
		settle(t, &f);
	else if (count > 1 && task_is_kept(t))
		task_end(t, OUTCOME_FAILED, "uniqueness", false, twice);
	else if (count > 1)
		refuse(t, twice);
	else if (count < 0)
		task_end(t, OUTCOME_FAILED, NULL, true, found_why(count));
	else if (t->taken && (t->mine || t->ours) && t->apply->halted)
		/* Without waits between them, further looks say nothing: it stays "creating". */
		task_end(t, OUTCOME_FAILED, "uniqueness", true,
		    "exists, and may be ours: the run was ended before the server showed it");
	else if (t->taken && (t->mine || t->ours) && ++t->tries <= APPLY_TRIES)
		ask_again(t);
	else if (t->taken)
		refuse(t, "the name is somebody else's");
	else
		/* Our own try, or that of an earlier run, did not get through after all. */
		create_begin(t);
	found_free(&f);
	free(text);
}

/* Whether the answer shows what the row makes, under the id that the plan's list has. */
static bool
is_there(const struct task *t, const struct found *f)
{
	const char *attribute;
	char *text = identity(t, &attribute), *is = found_text(f, attribute);
	char *id = found_text(f, "id");
	bool same = text != NULL && is != NULL && id != NULL && strcmp(id, t->there) == 0 &&
	    strcmp(text, is) == 0;

	free(text);
	free(is);
	free(id);
	return same;
}

/* The id leads nowhere by now; there may be another one. */
static void
forget(struct task *t)
{
	free(t->there);
	t->there = NULL;
	t->asked = false;
	create_begin(t);
}

static void
on_there(struct task *t, const struct answer *r)
{
	struct found f;

	if (r->outcome == SCIM_DENIED && r->status == 404) {
		forget(t);
		return;
	}
	if (r->outcome != SCIM_OK) {
		task_fail(t, r);
		t->retryable = true;
		return;
	}
	if (!found_one(&f, r))
		task_end(t, OUTCOME_FAILED, NULL, true, "the answer is no resource");
	else if (is_there(t, &f))
		settle(t, &f);
	else
		forget(t);
	found_free(&f);
}

static void
look(struct task *t)
{
	const char *attribute;
	char *text;

	t->asked = true;
	if (t->there != NULL) {
		task_path_of(t, t->there);
		if (!task_is_user(t))
			(void)buf_append_string(&t->path, "?excludedAttributes=members");
		task_send(t, "GET", on_there);
		return;
	}
	text = identity(t, &attribute);
	task_path(t);
	task_filter(t, attribute, text);
	if (!task_is_user(t))
		(void)buf_append_string(&t->path, "&excludedAttributes=members");
	free(text);
	task_send(t, "GET", on_found);
}

/* The server is asked what became of it, if it can be. */
static void
look_later(struct task *t, const struct answer *r)
{
	char code[TASK_CODE_SIZE];

	if (can_ask(t) && ++t->tries <= APPLY_TRIES) {
		if (t->taken)
			look(t);
		else
			task_wait(t, look);
		return;
	}
	task_code(r, code);
	/* It stays "creating" in the ledger: a later run finds out, but not by the same row. */
	if (t->taken && !t->apply->features.filter)
		task_end(t, OUTCOME_FAILED, code, false, not_asked);
	else
		task_end(t, OUTCOME_FAILED, code, true, r->message);
}

static void
on_created(struct task *t, const struct answer *r)
{
	bool taken = r->outcome == SCIM_DENIED && r->status == 409 &&
	    (r->scim_type[0] == '\0' || strcmp(r->scim_type, "uniqueness") == 0);
	struct found f;

	t->mine |= r->uncertain || r->lost;
	if (r->outcome == SCIM_OK) {
		char *id = NULL;

		if (r->id[0] != '\0')
			id = mem_dup_string(r->id);
		else if (found_one(&f, r))
			id = found_text(&f, "id");
		if (r->id[0] == '\0')
			found_free(&f);
		t->mine = true;
		if (id != NULL && !task_is_user(t))
			whole_note(t->apply, id, true);
		if (id != NULL)
			end_creation(t, id);
		else
			look_later(t, r);
	} else if (r->lost || (r->outcome == SCIM_PROTOCOL && r->uncertain)) {
		look_later(t, r);
	} else if (taken && (t->mine || t->ours || task_is_kept(t))) {
		t->taken = true;
		look_later(t, r);
	} else if (taken) {
		refuse(t, "exists, and is not ours");
	} else {
		task_fail(t, r);
	}
}

/* Whether an earlier try may have made it, and the server, which can be asked, was not yet. */
static bool
is_to_be_asked(const struct task *t)
{
	return (t->ours || t->mine) && !t->asked && can_ask(t);
}

void
create_begin(struct task *t)
{
	struct json after = task_side(t, t->row.after);

	/* Not every server refuses a second one, nor one beside an account that was renamed. */
	if (is_to_be_asked(t)) {
		t->alone = true;
		look(t);
		return;
	}
	task_path(t);
	if (scim_body_create(&t->body, &after, &t->apply->rules) != 0)
		task_end(t, OUTCOME_FAILED, NULL, false, "the request would be too large");
	else if (!bulk_add(t, "POST", create_begin, on_created))
		task_send(t, "POST", on_created);
}

void
create_over(struct task *t)
{
	int64_t first, last;

	/* Of what may be there by an earlier try nothing is known by a refusal. */
	if ((t->outcome != OUTCOME_FAILED && t->outcome != OUTCOME_SKIPPED) || t->since_ms == 0 ||
	    t->mine || t->ours || task_is_kept(t))
		return;
	if (plan_ledger_find(&t->apply->ledger, task_is_user(t) ? LEDGER_USER : LEDGER_GROUP,
	    t->key, &first, &last) == LEDGER_CREATING)
		task_note(t, LEDGER_REFUSED);
}
