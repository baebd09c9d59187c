/*
 * AdminLinkProviderForUser.  It refuses to make a link twice, and means a user by his name alone,
 * which is another than the address where people sign in with that: so who is refused is looked at.
 */
#include <stdio.h>
#include <string.h>

#include "json/jtext.h"

#include "answer.h"
#include "users.h"

static void
put_link(struct task *t, const char *name)
{
	static const char *const members[] = { "ProviderName", "ProviderAttributeName",
		"ProviderAttributeValue" };
	const char *comma = "";

	task_request(t, false);
	(void)buf_append_string(&t->body,
	    ",\"DestinationUser\":{\"ProviderName\":\"Cognito\",\"ProviderAttributeValue\":");
	(void)jtext_string(&t->body, name, strlen(name));
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
}

static void
on_linked_by_name(struct task *t, const struct aws_result *r)
{
	if (r->outcome == AWS_OK)
		task_end(t, OUTCOME_DONE, NULL, false, NULL);
	else
		task_fail(t, r, NULL);
}

static void
on_looked(struct task *t, const struct aws_result *r)
{
	char code[TASK_CODE_SIZE], detail[TASK_DETAIL_SIZE];
	struct answer n;
	bool said, linked;

	if (r->outcome != AWS_OK) {
		task_fail_settling(t, r, "not linked, or linked before");
		return;
	}
	said = answer_user(&n, r);
	linked = said && answer_is_linked(&n, t);
	if (!linked)
		t->made_name = answer_username(&n);
	answer_free(&n);
	if (linked) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "linked already");
	} else if (t->made_name != NULL && strcmp(t->made_name, t->username) != 0) {
		put_link(t, t->made_name);
		task_call(t, "AdminLinkProviderForUser", false, on_linked_by_name);
	} else {
		memcpy(code, t->code, sizeof code);
		memcpy(detail, t->detail, sizeof detail);
		task_end(t, OUTCOME_FAILED, code, !said, detail);
	}
}

/* Perhaps an earlier try has made the link, or the name is another. */
static void
on_linked(struct task *t, const struct aws_result *r)
{
	if (t->apply->never_looks || (!task_is(r, "InvalidParameterException") &&
	    !task_is(r, "AliasExistsException") && !task_is(r, "UserNotFoundException"))) {
		on_linked_by_name(t, r);
		return;
	}
	snprintf(t->code, sizeof t->code, "%s", r->code);
	snprintf(t->detail, sizeof t->detail, "%s: %s", r->operation, r->message);
	task_request(t, true);
	task_call(t, "AdminGetUser", false, on_looked);
}

void
users_link(struct task *t)
{
	put_link(t, t->username);
	task_call(t, "AdminLinkProviderForUser", false, on_linked);
}
