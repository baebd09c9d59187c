/*
 * Users who are there: before anything is taken from one, he is looked at again, since what stood in
 * the plan may be long ago, and the name may be another person's.
 */
#include "users.h"

#include <string.h>

#include "json/jtext.h"

#include "answer.h"

/* The end of an operation that one call carries out. */
static void
on_done(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_fail(t, r, NULL);
}

/* Perhaps an earlier try has made the link: the service refuses to make it twice. */
static void
on_link_looked(struct task *t, const struct aws_result *r)
{
	struct answer n;
	bool linked;

	if (r->outcome != AWS_OK) {
		task_fail(t, r, "not linked, or linked before");
		return;
	}
	linked = answer_user(&n, r) && answer_is_linked(&n, t);
	answer_free(&n);
	if (linked)
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "linked already");
	else
		task_end(t, OUTCOME_FAILED, "InvalidParameterException", false,
		    "the service refuses the link");
}

static void
on_linked(struct task *t, const struct aws_result *r)
{
	if (!task_is(r, "InvalidParameterException") && !task_is(r, "AliasExistsException")) {
		on_done(t, r);
		return;
	}
	task_request(t, true);
	task_call(t, "AdminGetUser", false, on_link_looked);
}

void
users_link(struct task *t)
{
	static const char *const members[] = { "ProviderName", "ProviderAttributeName",
		"ProviderAttributeValue" };
	const char *comma = "";

	task_request(t, false);
	(void)buf_append_string(&t->body,
	    ",\"DestinationUser\":{\"ProviderName\":\"Cognito\",\"ProviderAttributeValue\":");
	(void)jtext_string(&t->body, t->username, strlen(t->username));
	(void)buf_append_string(&t->body, "},\"SourceUser\":{");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		uint32_t at = tok_member(&t->list, t->text, t->row.after, members[i]);

		if (at == 0 || t->list.tok[at].type != TOK_STRING)
			continue;
		(void)buf_appendf(&t->body, "%s\"%s\":", comma, members[i]);
		(void)jtext_string_token(&t->body, &t->list.tok[at], t->text);
		comma = ",";
	}
	(void)buf_append_byte(&t->body, '}');
	task_call(t, "AdminLinkProviderForUser", false, on_linked);
}

void
users_set_password(struct task *t)
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
	users_send_password(t, p->text, p->len, permanent, on_done);
}

static void
on_updated(struct task *t, const struct aws_result *r)
{
	if (r->outcome != AWS_OK) {
		task_fail(t, r, NULL);
		return;
	}
	task_request(t, true);
	if (users_put(t, "UserAttributeNames", true) > 0)
		task_call(t, "AdminDeleteUserAttributes", false, on_done);
	else
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
}

static void
update(struct task *t)
{
	task_request(t, true);
	if (users_put(t, "UserAttributes", false) > 0) {
		task_call(t, "AdminUpdateUserAttributes", false, on_updated);
		return;
	}
	task_request(t, true);
	if (users_put(t, "UserAttributeNames", true) > 0)
		task_call(t, "AdminDeleteUserAttributes", false, on_done);
	else
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "nothing that is ever sent");
}

static void
disable(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminDisableUser", false, on_done);
}

static void
on_deleted(struct task *t, const struct aws_result *r)
{
	if (r->outcome != AWS_OK && !task_is(r, "UserNotFoundException")) {
		task_fail(t, r, NULL);
		return;
	}
	users_note(t, LEDGER_DELETED);
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
leave_group(struct task *t)
{
	task_request(t, true);
	task_put(t, "GroupName", t->group);
	task_call(t, "AdminRemoveUserFromGroup", false, on_done);
}

/* What was looked at is as the plan says. */
static void
go_on(struct task *t)
{
	if (t->row.op == PLAN_UPDATE_USER)
		update(t);
	else if (t->row.op == PLAN_DISABLE_USER)
		disable(t);
	else if (t->row.op == PLAN_DELETE_USER)
		delete(t);
	else
		leave_group(t);
}

static void
on_gone(struct task *t)
{
	if (t->row.op == PLAN_DELETE_USER)
		users_note(t, LEDGER_DELETED);
	task_end(t, t->row.op == PLAN_UPDATE_USER ? OUTCOME_FAILED : OUTCOME_UNCHANGED,
	    t->row.op == PLAN_UPDATE_USER ? "UserNotFoundException" : NULL, false,
	    "the user is not there any more");
}

static void
on_looked(struct task *t, const struct aws_result *r)
{
	const char *differs = "an answer without a user", *already = NULL;
	struct answer n;

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
	if (answer_user(&n, r)) {
		uint32_t at = tok_member(&n.list, n.text, n.object, "Enabled");

		if (t->row.op == PLAN_DISABLE_USER && at != 0 && n.list.tok[at].type == TOK_FALSE)
			already = "disabled already";
		if (t->row.op == PLAN_UPDATE_USER && answer_is_after(&n, t))
			already = "so already";
		differs = answer_differs(&n, t, t->row.op == PLAN_DELETE_USER);
	}
	answer_free(&n);
	if (already != NULL)
		task_end(t, OUTCOME_UNCHANGED, NULL, false, already);
	else if (differs != NULL)
		task_end(t, OUTCOME_SKIPPED, NULL, false, differs);
	else
		go_on(t);
}

/* Before what cannot be taken back: is there what the plan says? */
static void
look(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminGetUser", false, on_looked);
}

void
users_update(struct task *t)
{
	bool clears;

	task_request(t, true);
	clears = users_put(t, "UserAttributeNames", true) > 0;
	if (clears)
		look(t);
	else
		update(t);
}

void
users_enable(struct task *t)
{
	task_request(t, true);
	task_call(t, "AdminEnableUser", false, on_done);
}

void
users_disable(struct task *t)
{
	look(t);
}

void
users_delete(struct task *t)
{
	look(t);
}

void
users_remove_member(struct task *t)
{
	look(t);
}

void
users_add_member(struct task *t)
{
	task_request(t, true);
	task_put(t, "GroupName", t->group);
	task_call(t, "AdminAddUserToGroup", false, on_done);
}
