#include "groups.h"

#include <string.h>

#include "json/jtext.h"

#include "answer.h"
#include "own.h"

static const char *const members[] = { "Description", "Precedence", "RoleArn" };
enum { MEMBERS = sizeof members / sizeof *members, ROLE = 2 };

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

/* Whether the row has a role that is not written. */
static bool
lacks_role(const struct task *t)
{
	uint32_t role = tok_member(&t->list, t->text, t->row.after, members[ROLE]);

	return role != 0 && t->list.tok[role].type != TOK_NULL && !is_written(t, ROLE);
}

static void
end_creation(struct task *t)
{
	own_note_group(t, LEDGER_CREATED);
	task_end(t, OUTCOME_DONE, NULL, false, lacks_role(t) ?
	    "without its role, which is written with --with-role-arn only" : NULL);
}

static void
refuse_existing(struct task *t, bool ours)
{
	task_end(t, OUTCOME_FAILED, "GroupExistsException", false, ours ?
	    "exists, and is ours, but differs" : "exists, and is not ours");
}

static void
on_compared(struct task *t, const struct aws_result *r)
{
	bool same = false, made = false;
	struct answer n;

	if (r->outcome != AWS_OK) {
		task_fail_settling(t, r, "created before, perhaps by us");
		return;
	}
	if (answer_group(&n, r)) {
		same = true;
		for (int i = 0; i < MEMBERS; i++)
			same = same && (after(t, i) == 0 || answer_agrees(&n, t, t->row.after, members[i]));
		made = same && answer_is_in_time(&n, t, "CreationDate");
	}
	answer_free(&n);
	if (made) {
		end_creation(t);
	} else if (task_is_kept(t) && same) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "created before, by the ledger");
	} else {
		if (!task_is_kept(t))
			own_note_group(t, LEDGER_REFUSED);
		refuse_existing(t, task_is_kept(t));
	}
}

static void
ask(struct task *t, void (*then)(struct task *t, const struct aws_result *r))
{
	task_request(t, false);
	task_put(t, "GroupName", t->group);
	task_call(t, "GetGroup", false, then);
}

/* The service's answer named no group: whether it is one at all shows what is there. */
static void
on_unsaid(struct task *t, const struct aws_result *r)
{
	if (task_is(r, "ResourceNotFoundException"))
		task_end(t, OUTCOME_FAILED, r->code, true,
		    "CreateGroup: an answer without a group, and none was made");
	else
		on_compared(t, r);
}

static bool
is_group(const struct aws_result *r)
{
	struct answer n;
	bool is = answer_group(&n, r);

	answer_free(&n);
	return is;
}

static void
on_created(struct task *t, const struct aws_result *r)
{
	bool exists = task_is(r, "GroupExistsException");

	t->mine = r->uncertain;
	if (r->outcome == AWS_OK && is_group(r)) {
		end_creation(t);
	} else if (r->outcome == AWS_OK) {
		t->mine = true;
		ask(t, on_unsaid);
	} else if (exists && (t->ours || r->uncertain || task_is_kept(t))) {
		ask(t, on_compared);
	} else {
		if (!t->ours && !r->uncertain && !task_is_kept(t))
			own_note_group(t, LEDGER_REFUSED);
		if (exists)
			refuse_existing(t, false);
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

/* Whether the member is as the row writes it; an empty description is as good as none. */
static bool
is_as_after(const struct answer *n, const struct task *t, int member)
{
	uint32_t at = after(t, member);

	return at != 0 && (answer_agrees(n, t, t->row.after, members[member]) || (member == 0 &&
	    t->list.tok[at].type == TOK_NULL && answer_says(n, members[member], "")));
}

/* What the Before of the row says that is not so any more; update: nor as After will have it. */
static bool
differs(const struct answer *n, const struct task *t, bool update)
{
	for (int i = 0; i < MEMBERS; i++)
		if (tok_member(&t->list, t->text, t->row.before, members[i]) != 0 &&
		    !answer_agrees(n, t, t->row.before, members[i]) &&
		    !(update && is_as_after(n, t, i)))
			return true;
	return false;
}

/* Whether it is as it is to be. */
static bool
is_after(const struct answer *n, const struct task *t)
{
	for (int i = 0; i < MEMBERS; i++)
		if (after(t, i) != 0 && !is_as_after(n, t, i))
			return false;
	return true;
}

static void
on_updated(struct task *t, const struct aws_result *r)
{
	struct answer n;
	bool so, said;

	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	said = answer_group(&n, r);
	so = said && is_after(&n, t);
	answer_free(&n);
	if (!said)
		task_end(t, OUTCOME_FAILED, NULL, true, "UpdateGroup: an answer without a group");
	else if (so)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_end(t, OUTCOME_FAILED, NULL, false, "UpdateGroup: not as it is to be; the service "
		    "takes neither a precedence nor a role away");
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
		task_end(t, OUTCOME_FAILED, NULL, true, "GetGroup: an answer without a group");
	} else if (is_after(&n, t)) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "so already");
	} else if (differs(&n, t, true)) {
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
	own_note_group(t, LEDGER_DELETED);
	task_end(t, gone && !r->uncertain ? OUTCOME_UNCHANGED : OUTCOME_DONE, NULL, false, NULL);
}

static void
delete(struct task *t)
{
	task_request(t, false);
	task_put(t, "GroupName", t->group);
	task_call(t, "DeleteGroup", false, on_deleted);
}

/* Whoever was to go is out of it by now; whoever is in it still would lose what it gives him. */
static void
on_members(struct task *t, const struct aws_result *r)
{
	bool said;

	if (task_is(r, "AccessDeniedException")) {
		if (!t->apply->blind)
			task_end(t, OUTCOME_SKIPPED, r->code, false, "ListUsersInGroup is denied, "
			    "so it is not known whether somebody is in it (--blind)");
		else
			delete(t);
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	if (answer_is_nobody(r, &said))
		delete(t);
	else if (!said)
		task_end(t, OUTCOME_FAILED, NULL, true, "ListUsersInGroup: an answer without users");
	else
		task_end(t, OUTCOME_SKIPPED, NULL, false, "somebody is in it");
}

/*
 * Whether the group was made or changed since.  Whether a member who leaves changes a group's date
 * is not documented, so where the plan moves members the date of the last change says nothing.
 */
static bool
is_other(const struct answer *n, const struct task *t)
{
	struct keyset_key k;

	if (!answer_agrees_date(n, t, t->row.before, "CreationDate"))
		return true;
	keyset_key(&k, t->group, strlen(t->group));
	return keyset_find(&t->apply->moved, &k) == 0 &&
	    !answer_agrees_date(n, t, t->row.before, "LastModifiedDate");
}

static void
on_looked_at(struct task *t, const struct aws_result *r)
{
	struct answer n;

	if (task_is(r, "ResourceNotFoundException")) {
		own_note_group(t, LEDGER_DELETED);
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "the group is not there any more");
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	if (!answer_group(&n, r)) {
		task_end(t, OUTCOME_FAILED, NULL, true, "GetGroup: an answer without a group");
	} else if (differs(&n, t, false) || is_other(&n, t)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false, "changed since the plan");
	} else {
		task_request(t, false);
		task_put(t, "GroupName", t->group);
		(void)buf_append_string(&t->body, ",\"Limit\":1");
		task_call(t, "ListUsersInGroup", false, on_members);
	}
	answer_free(&n);
}

void
groups_delete(struct task *t)
{
	ask(t, on_looked_at);
}
