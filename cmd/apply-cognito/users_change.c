/*
 * Users who are there: before anything is taken from one, he is looked at again, since what stood
 * in the plan may be long ago, and the name may be another person's.
 */
#include "users.h"

#include <string.h>

#include "json/jtext.h"

#include "answer.h"
#include "own.h"

/* The end of an operation that one call carries out. */
static void
on_done(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_fail(t, r, NULL);
}

/*
 * Who is not there any more is not ours any more, either, so that the next plan does not go on with
 * him: it may have nothing but the ledger.
 */
static void
on_gone(struct task *t)
{
	static const unsigned changes = 1u << PLAN_UPDATE_USER | 1u << PLAN_ENABLE_USER |
	    1u << PLAN_DISABLE_USER | 1u << PLAN_DELETE_USER;

	t->gone = true;
	if ((changes >> t->row.op & 1) != 0)
		own_note(t, LEDGER_DELETED);
	/* Whom something was to be taken from is as good without it. */
	if (t->row.op >= PLAN_REMOVE_MEMBER)
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "the user is not there any more");
	else
		task_end(t, OUTCOME_FAILED, "UserNotFoundException", false,
		    "the user is not there any more");
}

/* The end of a change of somebody who was perhaps not looked at. */
static void
on_changed(struct task *t, const struct aws_result *r)
{
	if (task_is(r, "UserNotFoundException"))
		on_gone(t);
	else
		on_done(t, r);
}

/* A password that is refused as an old one is set: by a try whose answer was lost. */
static void
on_password(struct task *t, const struct aws_result *r)
{
	if (r->uncertain && task_is(r, "PasswordHistoryPolicyViolationException"))
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		on_done(t, r);
}

static void
set_password(struct task *t)
{
	struct password *p = passwords_find(&t->apply->passwords, t->key);
	uint32_t at = tok_member(&t->list, t->text, t->row.after, "Permanent");
	bool permanent = at == 0 || t->list.tok[at].type != TOK_FALSE;

	if (p == NULL) {
		task_end(t, OUTCOME_FAILED, NULL, false, "no password for this key");
		return;
	}
	if (p->permanent != PASSWORD_UNSAID)
		permanent = p->permanent == PASSWORD_PERMANENT;
	users_send_password(t, p->text, p->len, permanent, on_password);
}

static void
enable(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminEnableUser", false, on_changed);
}

static void
join_group(struct task *t)
{
	task_request(t, true);
	task_put(t, "GroupName", t->group);
	task_call(t, "AdminAddUserToGroup", false, on_done);
}

/*
 * Who may not delete attributes may write empty values, which is the same, by the service's
 * page.
 */
static void
on_cleared(struct task *t, const struct aws_result *r)
{
	if (!task_is(r, "AccessDeniedException")) {
		on_changed(t, r);
		return;
	}
	task_request(t, true);
	(void)users_put(t, "UserAttributes", USERS_EMPTY);
	task_call(t, "AdminUpdateUserAttributes", false, on_changed);
}

/* What is to be taken away, once the rest is written; if there is nothing the row ends so. */
static void
clear(struct task *t, enum plan_outcome otherwise, const char *detail)
{
	bool never = t->apply->never_looks;

	task_request(t, true);
	/* Who names the calls that may be made has named no deletion of attributes. */
	if (never && users_put(t, "UserAttributes", USERS_EMPTY) > 0)
		task_call(t, "AdminUpdateUserAttributes", false, on_changed);
	else if (!never && users_put(t, "UserAttributeNames", USERS_CLEARED) > 0)
		task_call(t, "AdminDeleteUserAttributes", false, on_cleared);
	else
		task_end(t, otherwise, NULL, false, detail);
}

static void
on_updated(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK)
		clear(t, OUTCOME_DONE, NULL);
	else
		on_changed(t, r);
}

static void
update(struct task *t)
{
	task_request(t, true);
	if (users_put(t, "UserAttributes", USERS_SET) > 0)
		task_call(t, "AdminUpdateUserAttributes", false, on_updated);
	else
		clear(t, OUTCOME_UNCHANGED, plan_is_bare(&t->row, &t->list, t->text) ? NULL :
		    "nothing that is ever sent");
}

static void
disable(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminDisableUser", false, on_changed);
}

static void
on_deleted(struct task *t, const struct aws_result *r)
{
	if (r->outcome != AWS_OK && !task_is(r, "UserNotFoundException")) {
		task_fail(t, r, NULL);
		return;
	}
	own_note(t, LEDGER_DELETED);
	task_end(t, r->outcome == AWS_OK || r->uncertain ? OUTCOME_DONE : OUTCOME_UNCHANGED, NULL,
	    false, NULL);
}

static void
delete(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminDeleteUser", false, on_deleted);
}

static void
on_left(struct task *t, const struct aws_result *r)
{
	if (task_is(r, "ResourceNotFoundException"))
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "the group is not there any more");
	else
		on_done(t, r);
}

static void
leave_group(struct task *t)
{
	task_request(t, true);
	task_put(t, "GroupName", t->group);
	task_call(t, "AdminRemoveUserFromGroup", false, on_left);
}

/* What was looked at is as the plan says, or need not be looked at. */
static void
go_on(struct task *t)
{
	static void (*const calls[PLAN_OPS])(struct task *) = {
		[PLAN_LINK_PROVIDER] = users_link, [PLAN_SET_PASSWORD] = set_password,
		[PLAN_UPDATE_USER] = update, [PLAN_ENABLE_USER] = enable,
		[PLAN_ADD_MEMBER] = join_group,
		[PLAN_REMOVE_MEMBER] = leave_group, [PLAN_DISABLE_USER] = disable,
		[PLAN_DELETE_USER] = delete
	};

	calls[t->row.op](t);
}

/* What of the row is so already, static, or NULL. */
static const char *
is_so(const struct task *t, const struct answer *n)
{
	uint32_t at = tok_member(&n->list, n->text, n->object, "Enabled");

	if (t->row.op == PLAN_UPDATE_USER)
		return answer_is_after(n, t) ? "so already" : NULL;
	if (t->row.op == PLAN_LINK_PROVIDER)
		return answer_is_linked(n, t) ? "linked already" : NULL;
	if (t->row.op == PLAN_DISABLE_USER && at != 0 && n->list.tok[at].type == TOK_FALSE)
		return "disabled already";
	if (t->row.op == PLAN_ENABLE_USER && at != 0 && n->list.tok[at].type == TOK_TRUE)
		return "enabled already";
	return NULL;
}

static void
on_looked(struct task *t, const struct aws_result *r)
{
	const char *differs = NULL, *already = NULL;
	struct answer n;
	bool said;

	if (task_is(r, "UserNotFoundException")) {
		on_gone(t);
		return;
	}
	if (task_is(r, "AccessDeniedException")) {
		if (t->apply->blind)
			go_on(t);
		else
			task_end(t, OUTCOME_SKIPPED, r->code, false,
			    "AdminGetUser is denied, so it cannot be looked at again (--blind)");
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	said = answer_user(&n, r);
	if (said) {
		bool other = answer_is_other(&n, t);

		differs = other ? "somebody else has this name now (another sub)" :
		    answer_differs(&n, t, t->row.op == PLAN_DELETE_USER &&
		    !plan_is_unseen(&t->row, &t->list, t->text));
		already = other ? NULL : is_so(t, &n);
		/* It would become one that no provider signs in any more. */
		if (differs == NULL && t->row.op == PLAN_SET_PASSWORD &&
		    answer_says(&n, "UserStatus", "EXTERNAL_PROVIDER"))
			differs = "a profile of an identity provider, which has no password";
	}
	answer_free(&n);
	if (!said)
		task_end(t, OUTCOME_FAILED, NULL, true, "AdminGetUser: an answer without a user");
	else if (already != NULL)
		task_end(t, OUTCOME_UNCHANGED, NULL, false, already);
	else if (differs != NULL)
		task_end(t, OUTCOME_SKIPPED, NULL, false, differs);
	else
		go_on(t);
}

/* Whether the row writes what somebody signs in or is written to by; or takes something away. */
static bool
is_grave(const struct task *t)
{
	static const char *const names[] = { "email", "phone_number", "preferred_username" };
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");

	for (uint32_t i = in + 1; in != 0 && i < t->list.tok[in].next; i = t->list.tok[i + 1].next) {
		const struct tok *name = &t->list.tok[i];

		if (schema_is_silent(t->text + name->start, name->end - name->start))
			continue;
		if (t->list.tok[i + 1].type == TOK_NULL)
			return true;
		for (size_t k = 0; t->sub != NULL && k < sizeof names / sizeof *names; k++)
			if (tok_is(name, t->text, names[k], strlen(names[k])))
				return true;
	}
	return false;
}

bool
users_looks(const struct task *t)
{
	if (t->apply->never_looks)
		return false;
	if (t->row.op >= PLAN_REMOVE_MEMBER)
		return true;
	/*
	 * To look is to make him a user who is billed, and who is adopted as he is is not
	 * written.
	 */
	if (t->row.op == PLAN_UPDATE_USER)
		return !plan_is_bare(&t->row, &t->list, t->text) &&
		    (is_grave(t) ||
		    (t->sub != NULL && plan_adopts(&t->row, &t->list, t->text)));
	return t->sub != NULL;
}

/*
 * Before what cannot be taken back, or would give another person what is this one's: is there what
 * the plan says?
 */
void
users_change(struct task *t)
{
	if (!users_looks(t)) {
		go_on(t);
		return;
	}
	task_request(t, true);
	task_call(t, "AdminGetUser", false, on_looked);
}
