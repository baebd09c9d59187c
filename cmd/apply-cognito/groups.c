#include "groups.h"

#include <string.h>

#include "json/jtext.h"

#include "answer.h"

static const char *const members[] = { "Description", "Precedence", "RoleArn" };
enum { MEMBERS = sizeof members / sizeof *members, ROLE = 2 };

static void
note(struct task *t, enum ledger_state state)
{
	struct ledger_line line = {
		.kind = LEDGER_GROUP, .state = state, .key = t->key, .name = t->group
	};

	ledger_note(&t->apply->ledger, &line, aws_now_ms(t->apply->client));
}

/* Whether the member is to be written: a role only if that is asked for. */
static bool
is_written(const struct task *t, int member)
{
	return member != ROLE || t->apply->with_role_arn;
}

static uint32_t
after(const struct task *t, int member)
{
	return is_written(t, member) ? tok_member(&t->list, t->text, t->row.after, members[member]) : 0;
}

static void
on_compared(struct task *t, const struct aws_result *r)
{
	bool ours = false;
	struct answer n;

	if (r->outcome != AWS_OK) {
		task_fail(t, r, "created before, perhaps by us");
		return;
	}
	if (answer_group(&n, r)) {
		ours = true;
		for (int i = 0; i < MEMBERS; i++)
			ours = ours && (after(t, i) == 0 || answer_agrees(&n, t, t->row.after, members[i]));
	}
	answer_free(&n);
	note(t, ours ? LEDGER_CREATED : LEDGER_DELETED);
	if (ours)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_end(t, OUTCOME_FAILED, "GroupExistsException", false, "exists, and is not ours");
}

static void
ask(struct task *t, void (*then)(struct task *t, const struct aws_result *r))
{
	task_request(t, false);
	task_put(t, "GroupName", t->group);
	task_call(t, "GetGroup", false, then);
}

static void
on_created(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK) {
		note(t, LEDGER_CREATED);
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	} else if (task_is(r, "GroupExistsException") && (t->ours || r->uncertain)) {
		ask(t, on_compared);
	} else {
		if (!t->ours && !r->uncertain)
			note(t, LEDGER_DELETED);
		if (task_is(r, "GroupExistsException"))
			task_end(t, OUTCOME_FAILED, r->code, false, "exists, and is not ours");
		else
			task_fail(t, r, NULL);
	}
}

void
groups_create(struct task *t)
{
	task_request(t, false);
	task_put(t, "GroupName", t->group);
	for (int i = 0; i < MEMBERS; i++) {
		uint32_t at = after(t, i);

		if (at == 0 || t->list.tok[at].type == TOK_NULL)
			continue;
		(void)buf_appendf(&t->body, ",\"%s\":", members[i]);
		(void)jtext_value(&t->body, &t->list, t->text, at);
	}
	task_call(t, "CreateGroup", false, on_created);
}

static void
on_updated(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_fail(t, r, NULL);
}

/* What the Before of the row says that is not so any more. */
static bool
differs(const struct answer *n, const struct task *t)
{
	for (int i = 0; i < MEMBERS; i++)
		if (tok_member(&t->list, t->text, t->row.before, members[i]) != 0 &&
		    !answer_agrees(n, t, t->row.before, members[i]))
			return true;
	return false;
}

/* Whether it is as it is to be; an empty description is as good as none. */
static bool
is_after(const struct answer *n, const struct task *t)
{
	for (int i = 0; i < MEMBERS; i++) {
		uint32_t at = after(t, i);

		if (at != 0 && !answer_agrees(n, t, t->row.after, members[i]) &&
		    !(i == 0 && t->list.tok[at].type == TOK_NULL && answer_says(n, members[i], "")))
			return false;
	}
	return true;
}

/*
 * The group as it is to be, whole: whether the service takes a member that is not sent for "as it
 * was" or for "none" is not documented, and so it does not matter.  A description that is to go is
 * sent empty.
 */
static void
put_whole(struct task *t, const struct answer *n)
{
	for (int i = 0; i < MEMBERS; i++) {
		uint32_t is = tok_member(&n->list, n->text, n->object, members[i]), at = after(t, i);

		if (at != 0 && t->list.tok[at].type == TOK_NULL) {
			if (i == 0)
				task_put(t, members[i], "");
		} else if (at != 0) {
			(void)buf_appendf(&t->body, ",\"%s\":", members[i]);
			(void)jtext_value(&t->body, &t->list, t->text, at);
		} else if (is != 0 && n->list.tok[is].type != TOK_NULL) {
			(void)buf_appendf(&t->body, ",\"%s\":", members[i]);
			(void)jtext_value(&t->body, &n->list, n->text, is);
		}
	}
}

static void
on_looked(struct task *t, const struct aws_result *r)
{
	struct answer n;

	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	if (!answer_group(&n, r)) {
		task_end(t, OUTCOME_FAILED, NULL, false, "GetGroup: an answer without a group");
	} else if (is_after(&n, t)) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "so already");
	} else if (differs(&n, t)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, "changed since the plan");
	} else {
		task_request(t, false);
		task_put(t, "GroupName", t->group);
		put_whole(t, &n);
		task_call(t, "UpdateGroup", false, on_updated);
	}
	answer_free(&n);
}

void
groups_update(struct task *t)
{
	bool any = false;

	for (int i = 0; i < MEMBERS; i++)
		any = any || after(t, i) != 0;
	if (any)
		ask(t, on_looked);
	else if (t->list.tok[t->row.after].next == t->row.after + 1)
		task_end(t, OUTCOME_UNCHANGED, NULL, false, NULL);	/* adopted as it is */
	else
		task_end(t, OUTCOME_SKIPPED, NULL, false, "a role is written with --with-role-arn only");
}

static void
on_deleted(struct task *t, const struct aws_result *r)
{
	bool gone = task_is(r, "ResourceNotFoundException");

	if (r->outcome != AWS_OK && !gone) {
		task_fail(t, r, NULL);
		return;
	}
	note(t, LEDGER_DELETED);
	task_end(t, gone && !r->uncertain ? OUTCOME_UNCHANGED : OUTCOME_DONE, NULL, false, NULL);
}

static void
on_looked_at(struct task *t, const struct aws_result *r)
{
	struct answer n;

	if (task_is(r, "ResourceNotFoundException")) {
		note(t, LEDGER_DELETED);
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "the group is not there any more");
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	if (!answer_group(&n, r) || differs(&n, t)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, "changed since the plan");
	} else {
		task_request(t, false);
		task_put(t, "GroupName", t->group);
		task_call(t, "DeleteGroup", false, on_deleted);
	}
	answer_free(&n);
}

void
groups_delete(struct task *t)
{
	ask(t, on_looked_at);
}
