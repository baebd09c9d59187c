#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/cognito.h"
#include "json/jtext.h"
#include "net/pace.h"

void
apply_halt(struct apply *a, enum prog_status status, const char *where, const char *why)
{
	if (a->halted)
		return;
	a->halted = true;
	a->halt = status;
	diag_error("%s: %s", where, why);
	snprintf(a->why, sizeof a->why, "%s: %s", where, why);
	/* What is under way has its answer, or not. */
	if (a->client != NULL)
		aws_set_retry(a->client, 0);
}

struct task *
task_new(struct apply *a, const struct record_reader *r, const struct plan_row *row)
{
	struct task *t = mem_alloc(sizeof *t);

	t->apply = a;
	t->text = mem_dup(r->text, r->len);
	t->len = r->len;
	tok_init(&t->list, RECORD_TOKENS_MAX);
	(void)tok_parse(&t->list, t->text, t->len);
	t->row = *row;
	t->key = plan_row_text(&t->list, t->text, row->key);
	t->username = plan_row_text(&t->list, t->text, row->username);
	t->sub = plan_row_text(&t->list, t->text, row->sub != 0 ? row->sub : row->id);
	t->group = plan_row_text(&t->list, t->text, row->group_name);
	buf_init(&t->body, APPLY_BODY_MAX);
	return t;
}

void
task_free(struct task *t)
{
	free(t->text);
	tok_free(&t->list);
	free(t->key);
	free(t->username);
	free(t->sub);
	free(t->group);
	free(t->made_name);
	free(t->made_sub);
	buf_wipe(&t->body);
	free(t);
}

void
task_put(struct task *t, const char *name, const char *text)
{
	(void)buf_appendf(&t->body, ",\"%s\":", name);
	(void)jtext_string(&t->body, text, strlen(text));
}

void
task_request(struct task *t, bool user)
{
	buf_clear(&t->body);
	(void)buf_appendf(&t->body, "{\"UserPoolId\":\"%s\"", t->apply->pool);
	/* Who was made is called what the service calls him: the name that was sent may be no alias. */
	if (user)
		task_put(t, "Username", t->made_name != NULL ? t->made_name : t->username);
}

static void
on_answer(void *arg, const struct aws_result *r)
{
	struct task *t = arg;

	if (pace_is_write(pace_category(r->operation)) && (r->outcome == AWS_OK || r->uncertain))
		t->apply->wrote = true;
	if (r->outcome == AWS_OK)
		t->apply->failures = 0;
	t->then(t, r);
}

void
task_call(struct task *t, const char *operation, bool secret,
    void (*then)(struct task *t, const struct aws_result *r))
{
	(void)buf_append_byte(&t->body, '}');
	t->then = then;
	aws_submit(t->apply->client, operation, t->body.data, t->body.len, on_answer, t);
	if (secret)
		buf_wipe(&t->body);
}

void
task_end(struct task *t, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail)
{
	t->step.ended = true;
	t->apply->wake = true;
	if (t->outcome == OUTCOME_FAILED)
		return;
	t->outcome = outcome;
	t->retryable = retryable;
	snprintf(t->code, sizeof t->code, "%s", code != NULL ? code : "");
	snprintf(t->detail, sizeof t->detail, "%s", detail != NULL ? detail : "");
}

bool
task_is(const struct aws_result *r, const char *code)
{
	return r->outcome == AWS_DENIED && strcmp(r->code, code) == 0;
}

bool
task_is_about_row(const struct aws_result *r)
{
	static const char *const codes[] = {
		"AliasExistsException", "CodeDeliveryFailureException", "GroupExistsException",
		"InvalidEmailRoleAccessPolicyException", "InvalidLambdaResponseException",
		"InvalidParameterException", "InvalidPasswordException",
		"InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException",
		"LimitExceededException", "NotAuthorizedException",
		"PasswordHistoryPolicyViolationException", "PreconditionNotMetException",
		"ResourceNotFoundException", "UnexpectedLambdaException",
		"UnsupportedUserStateException", "UserLambdaValidationException",
		"UserNotFoundException", "UsernameExistsException"
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (task_is(r, codes[i]))
			return true;
	return false;
}

void
task_fail(struct task *t, const struct aws_result *r, const char *what)
{
	struct apply *a = t->apply;
	bool later = r->outcome == AWS_TEMPORARY;
	char detail[TASK_DETAIL_SIZE];

	snprintf(detail, sizeof detail, "%s%s%s: %s", what != NULL ? what : "",
	    what != NULL ? ": " : "", r->operation, r->message);
	if (later && ++a->failures >= APPLY_FAILURES)
		apply_halt(a, PROG_TEMPORARY, r->operation, r->message);
	else if (!later && !task_is_about_row(r))
		apply_halt(a, PROG_FAIL, r->operation, r->message);
	task_end(t, OUTCOME_FAILED, r->code, later || !task_is_about_row(r), detail);
}

void
task_fail_settling(struct task *t, const struct aws_result *r, const char *what)
{
	char detail[TASK_DETAIL_SIZE];

	if (!task_is(r, "AccessDeniedException")) {
		task_fail(t, r, what);
		return;
	}
	snprintf(detail, sizeof detail, "%s: %s: %s", what, r->operation, r->message);
	task_end(t, OUTCOME_FAILED, r->code, true, detail);
}

bool
task_is_providers(const struct task *t)
{
	const struct apply *a = t->apply;

	for (size_t i = 0; i < a->with_groups.count; i++)
		if (strcmp(a->with_groups.items[i], t->group) == 0)
			return false;
	return cognito_is_providers_group(t->group);
}

void
task_lose(struct task *t)
{
	bool user = t->username != NULL;

	plan_lost_add(&t->apply->lost, user ? LEDGER_USER : LEDGER_GROUP, user ? t->key : t->group,
	    t->retryable);
}
