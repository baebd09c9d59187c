/*
 * A user is made by as many calls as it takes (AdminCreateUser, AdminSetUserPassword,
 * AdminDisableUser), and only then does the ledger say "created"; until then it says "creating",
 * and a later run finds out how far an earlier one came.
 */
#include "users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "answer.h"
#include "own.h"

static bool
says_true(const struct task *t, const char *attribute)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	uint32_t at = in != 0 ? tok_member(&t->list, t->text, in, attribute) : 0;

	return at != 0 && tok_is(&t->list.tok[at], t->text, "true", 4);
}

/* The password that was given for the user who is made, and that this row is to set. */
static const struct password *
given(const struct task *t)
{
	struct apply *a = t->apply;

	return a->passwords_asked ? passwords_find(&a->passwords, t->key) : NULL;
}

/* Who gets a permanent password is told it by whoever gave it, and not by the service. */
bool
users_invites(const struct task *t)
{
	const struct password *p = given(t);

	return t->apply->allow_messages >= 0 &&
	    (p == NULL || (!p->planned && p->permanent == PASSWORD_TEMPORARY));
}

/* The end of a creation, whatever failed on the way: the user is there, and ours. */
static void
end_creation(struct task *t)
{
	bool reachable = says_true(t, "email_verified") || says_true(t, "phone_number_verified");
	const char *detail = NULL;

	t->bare = !t->apply->passwords_asked && !users_invites(t);
	/* Else it stays as it was, and a later run does what is missing. */
	if (t->outcome != OUTCOME_FAILED)
		own_note_created(t);
	if (!reachable) {
		t->apply->unreachable++;
		detail = "no verified address: the user cannot recover a password";
	}
	if (t->bare)
		detail = "nobody knows the password, and none was set (--only)";
	if (t->undelivered)
		detail = "made, but the service says that it could not tell the user";
	task_end(t, OUTCOME_DONE, NULL, false, detail);
}

static void
on_disabled(struct task *t, const struct aws_result *r)
{
	if (r->outcome != AWS_OK)
		task_fail(t, r, "created, but enabled");
	end_creation(t);
}

/* A user who is not to be enabled is disabled, also if there is no password. */
static void
disable_created(struct task *t)
{
	if (!users_is_disabled(t)) {
		end_creation(t);
		return;
	}
	task_request(t, true);
	task_call(t, "AdminDisableUser", false, on_disabled);
}

static void
on_password(struct task *t, const struct aws_result *r)
{
	/* One that is refused as an old one is set: by a try whose answer was lost. */
	if (r->outcome != AWS_OK && !(task_is(r, "PasswordHistoryPolicyViolationException") &&
	    (r->uncertain || t->confirmed)))
		task_fail(t, r, "created, but without a password");
	/* Perhaps it is not over yet. */
	t->step.ended = false;
	disable_created(t);
}

/* The password of a user who was created: one that was given, or one that nobody knows. */
static void
give_password(struct task *t)
{
	struct apply *a = t->apply;
	const struct password *p = given(t);
	bool sent = p != NULL && users_invites(t) && !t->ours && !t->bare;
	char random[PASSWORD_RANDOM];

	if (!a->passwords_asked || sent || (p != NULL && p->planned) ||
	    (p == NULL && (t->confirmed || (a->allow_messages >= 0 && !t->bare)))) {
		disable_created(t);
	} else if (p != NULL) {
		users_send_password(t, p->text, p->len, p->permanent != PASSWORD_TEMPORARY, on_password);
	} else if (password_random(random) == 0) {
		users_send_password(t, random, sizeof random, true, on_password);
		mem_wipe(random, sizeof random);
	} else {
		task_end(t, OUTCOME_FAILED, NULL, true, "created, but there are no random bytes");
		t->step.ended = false;
		disable_created(t);
	}
}

static void
take_names(struct task *t, const struct answer *n)
{
	free(t->made_name);
	free(t->made_sub);
	t->made_name = answer_username(n);
	t->made_sub = answer_sub(n);
}

/* What the answer says of it. */
static enum plan_ledger_enabled
enabled_of(const struct answer *n)
{
	uint32_t at = tok_member(&n->list, n->text, n->object, "Enabled");
	enum tok_type type = n->list.tok[at].type;

	return at == 0 || (type != TOK_TRUE && type != TOK_FALSE) ? ENABLED_UNSAID :
	    type == TOK_TRUE ? ENABLED_YES : ENABLED_NO;
}

/* The user was not made, as far as this row knows. */
static void
refuse(struct task *t)
{
	if (!t->ours)
		own_note(t, LEDGER_REFUSED);
}

static void
refuse_existing(struct task *t)
{
	own_note(t, LEDGER_REFUSED);
	task_end(t, OUTCOME_FAILED, "UsernameExistsException", false, "exists, and is not ours");
}

/* Who is ours by the ledger is there, although the plan was made as if he were not. */
static void
keep(struct task *t, const struct answer *n)
{
	if (answer_is_after(n, t))
		task_end(t, OUTCOME_UNCHANGED, NULL, false, own_made_before);
	else
		task_end(t, OUTCOME_FAILED, "UsernameExistsException", false,
		    "exists, and is ours, with other attributes");
}

static void
settle(struct task *t, const struct answer *n)
{
	char *sub = answer_sub(n);
	bool known = sub != NULL && (task_is_kept(t) || t->ours) &&
	    plan_ledger_has_sub(&t->apply->ledger, LEDGER_USER, t->key, sub);

	free(sub);
	if (!known && !answer_is_ours(n, t)) {
		refuse_existing(t);
		return;
	}
	take_names(t, n);
	t->confirmed = !answer_says(n, "UserStatus", "FORCE_CHANGE_PASSWORD");
	if (known)
		own_note_found(t, t->before == LEDGER_ADOPTED ? LEDGER_ADOPTED : LEDGER_CREATED,
		    enabled_of(n));
	if (known)
		keep(t, n);
	else
		give_password(t);
}

/* Somebody has the name: whether it is who an earlier try made. */
static void
on_found(struct task *t, const struct aws_result *r)
{
	struct answer n;

	if (task_is(r, "UserNotFoundException")) {
		/* The service is not of one mind yet; or somebody was quick. */
		task_end(t, OUTCOME_FAILED, r->code, true, "there by one answer, and not by the next");
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail_settling(t, r, "created before, perhaps by us");
		return;
	}
	if (answer_user(&n, r))
		settle(t, &n);
	else
		task_end(t, OUTCOME_FAILED, NULL, true, "AdminGetUser: an answer without a user");
	answer_free(&n);
}

/*
 * He was made without a password.  One that he has got meanwhile is his; which of those who still
 * have to change theirs was told one by somebody else is not known.
 */
static void
on_bare(struct task *t, const struct aws_result *r)
{
	struct answer n;
	char *sub;

	if (task_is(r, "UserNotFoundException")) {
		task_end(t, OUTCOME_SKIPPED, r->code, false, "made before, and not there any more");
		return;
	}
	if (r->outcome != AWS_OK) {
		task_fail_settling(t, r, "made before, without a password");
		return;
	}
	sub = answer_user(&n, r) ? answer_sub(&n) : NULL;
	if (sub == NULL) {
		task_end(t, OUTCOME_FAILED, NULL, true, "AdminGetUser: an answer without a user");
	} else if (!plan_ledger_has_sub(&t->apply->ledger, LEDGER_USER, t->key, sub)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false,
		    "somebody else has this name now (another sub)");
	} else {
		take_names(t, &n);
		if (answer_says(&n, "UserStatus", "FORCE_CHANGE_PASSWORD")) {
			give_password(t);
		} else {
			t->bare = false;
			own_note_found(t, LEDGER_CREATED, enabled_of(&n));
			task_end(t, OUTCOME_UNCHANGED, NULL, false, "has a password by now");
		}
	}
	free(sub);
	answer_free(&n);
}

/* The service failed in the middle: whether the user is there all the same. */
static void
on_doubt(struct task *t, const struct aws_result *r)
{
	char code[TASK_CODE_SIZE], detail[TASK_DETAIL_SIZE];

	if (!task_is(r, "UserNotFoundException")) {
		on_found(t, r);
		return;
	}
	refuse(t);
	memcpy(code, t->code, sizeof code);
	memcpy(detail, t->detail, sizeof detail);
	task_end(t, OUTCOME_FAILED, code, false, detail);
}

/* Errors of what the service does behind the creation, a message or a function of the pool's. */
static bool
is_in_doubt(const struct aws_result *r)
{
	return task_is(r, "CodeDeliveryFailureException") ||
	    task_is(r, "InvalidLambdaResponseException") ||
	    task_is(r, "UnexpectedLambdaException");
}

static void
find_out(struct task *t, void (*then)(struct task *t, const struct aws_result *r))
{
	char code[TASK_CODE_SIZE] = "UsernameExistsException";

	if (t->apply->never_looks) {
		if (t->code[0] != '\0')
			memcpy(code, t->code, sizeof code);
		task_end(t, OUTCOME_FAILED, code, false, "created before, perhaps by us: a run that "
		    "may look finds out (without --blind)");
		return;
	}
	task_request(t, true);
	task_call(t, "AdminGetUser", false, then);
}

/* The service's answer named nobody: whether it is one at all shows who is there. */
static void
on_unsaid(struct task *t, const struct aws_result *r)
{
	if (task_is(r, "UserNotFoundException"))
		task_end(t, OUTCOME_FAILED, r->code, true,
		    "AdminCreateUser: an answer without a user, and nobody was made");
	else
		on_found(t, r);
}

static void
on_answered(struct task *t, const struct aws_result *r)
{
	struct answer n;
	bool said = answer_user(&n, r);

	if (said)
		take_names(t, &n);
	answer_free(&n);
	t->mine = true;
	if (said)
		give_password(t);
	else
		find_out(t, on_unsaid);
}

static void
on_created(struct task *t, const struct aws_result *r)
{
	bool exists = task_is(r, "UsernameExistsException");

	t->mine = r->uncertain;
	if (r->outcome == AWS_OK) {
		on_answered(t, r);
	} else if (exists && (t->ours || r->uncertain || task_is_kept(t))) {
		find_out(t, on_found);
	} else if (is_in_doubt(r) || (task_is_kept(t) && !r->uncertain && task_is_about_row(r))) {
		/* And of who was ours: whether he is still there. */
		t->mine = is_in_doubt(r);
		t->undelivered = task_is(r, "CodeDeliveryFailureException");
		snprintf(t->code, sizeof t->code, "%s", r->code);
		snprintf(t->detail, sizeof t->detail, "%s: %s", r->operation, r->message);
		find_out(t, on_doubt);
	} else {
		if (!r->uncertain && !task_is_kept(t))
			refuse(t);
		if (exists)
			task_end(t, OUTCOME_FAILED, r->code, false, "exists, and is not ours");
		else
			task_fail(t, r, NULL);
	}
}

void
users_create(struct task *t)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	bool mail = in != 0 && tok_member(&t->list, t->text, in, "email") != 0;
	const struct password *p = given(t);

	if (t->bare) {
		find_out(t, on_bare);
		return;
	}
	task_request(t, true);
	(void)users_put(t, "UserAttributes", USERS_SET);
	if (!users_invites(t)) {
		task_put(t, "MessageAction", "SUPPRESS");
		p = NULL;
	} else {
		(void)buf_appendf(&t->body, ",\"DesiredDeliveryMediums\":[\"%s\"]",
		    mail ? "EMAIL" : "SMS");
	}
	if (p != NULL) {
		/* So that the buffer does not move, and leave what it held behind. */
		(void)buf_reserve(&t->body, 6 * p->len + 64);
		(void)buf_append_string(&t->body, ",\"TemporaryPassword\":");
		(void)jtext_string(&t->body, p->text, p->len);
	}
	task_call(t, "AdminCreateUser", p != NULL, on_created);
}
