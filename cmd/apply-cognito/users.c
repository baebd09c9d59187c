/* What users_create.c and users_change.c both use, and why a row is not begun at all. */
#include "users.h"

#include "json/jtext.h"

#include "own.h"

bool
users_is_disabled(const struct task *t)
{
	uint32_t at = tok_member(&t->list, t->text, t->row.after, "Enabled");

	return at != 0 && t->list.tok[at].type == TOK_FALSE;
}

size_t
users_put(struct task *t, const char *member, enum users_part part)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	size_t count = 0;

	for (uint32_t i = in + 1; in != 0 && i < t->list.tok[in].next;
	    i = t->list.tok[i + 1].next) {
		const struct tok *name = &t->list.tok[i], *value = &t->list.tok[i + 1];

		if (schema_is_silent(t->text + name->start, name->end - name->start) ||
		    (part != USERS_SET) != (value->type == TOK_NULL))
			continue;
		if (count++ == 0)
			(void)buf_appendf(&t->body, ",\"%s\":[", member);
		else
			(void)buf_append_byte(&t->body, ',');
		(void)buf_append_string(&t->body, part == USERS_CLEARED ? "" : "{\"Name\":");
		(void)jtext_string_token(&t->body, name, t->text);
		if (part == USERS_CLEARED)
			continue;
		(void)buf_append_string(&t->body, ",\"Value\":");
		if (part == USERS_SET)
			(void)jtext_string_token(&t->body, value, t->text);
		else
			(void)buf_append_string(&t->body, "\"\"");
		(void)buf_append_byte(&t->body, '}');
	}
	if (count > 0)
		(void)buf_append_byte(&t->body, ']');
	return count;
}

void
users_send_password(struct task *t, const char *password, size_t len, bool permanent,
    void (*then)(struct task *t, const struct aws_result *r))
{
	task_request(t, true);
	/* So that the buffer does not move, and leave what it held behind. */
	(void)buf_reserve(&t->body, 6 * len + 64);
	(void)buf_append_string(&t->body, ",\"Password\":");
	(void)jtext_string(&t->body, password, len);
	(void)buf_appendf(&t->body, ",\"Permanent\":%s", permanent ? "true" : "false");
	task_call(t, "AdminSetUserPassword", true, then);
}

const char *
users_hindrance(struct task *t, bool *retryable)
{
	struct apply *a = t->apply;
	uint32_t at;

	*retryable = false;
	if (t->group != NULL && task_is_providers(t))
		return "a group that Cognito makes for an identity provider (--with-group)";
	if (t->group != NULL && plan_lost_has(&a->lost, LEDGER_GROUP, t->group, retryable))
		return "its group was not created, or not adopted";
	if (t->row.op != PLAN_CREATE_USER && t->username != NULL &&
	    plan_lost_has(&a->lost, LEDGER_USER, t->key, retryable))
		return "its user was not created, or not adopted";
	if (own_is_foreign(t))
		return "not ours, by the ledger";
	if (t->row.op != PLAN_CREATE_USER)
		return NULL;
	at = tok_member(&t->list, t->text, t->row.after, "UserStatus");
	if (at != 0 && tok_is(&t->list.tok[at], t->text, "EXTERNAL_PROVIDER", 17))
		return "a profile of an identity provider, which makes it itself at the first sign-in";
	if (users_is_disabled(t) && !apply_wants(a, PLAN_DISABLE_USER))
		return "to be made disabled, and --only does not allow to disable";
	return NULL;
}
