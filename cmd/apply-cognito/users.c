/*
 * A user is made by as many calls as it takes (AdminCreateUser, AdminSetUserPassword,
 * AdminDisableUser), and only then does the ledger say "created"; until then it says "creating", and
 * a later run finds out how far an earlier one came.
 */
#include "users.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "answer.h"

static const char made_before[] = "created before, by the ledger";

bool
users_is_disabled(const struct task *t)
{
	uint32_t at = tok_member(&t->list, t->text, t->row.after, "Enabled");

	return at != 0 && t->list.tok[at].type == TOK_FALSE;
}

void
users_note(struct task *t, enum ledger_state state)
{
	struct ledger_line line = {
		.kind = LEDGER_USER, .state = state, .key = t->key,
		.name = t->made_name != NULL ? t->made_name : t->username,
		.sub = t->made_sub != NULL ? t->made_sub : t->sub
	};

	if (t->row.source != 0) {
		line.source = t->text + t->list.tok[t->row.source].start;
		line.source_len = t->list.tok[t->row.source].end -
		    t->list.tok[t->row.source].start;
	}
	ledger_note(&t->apply->ledger, &line, aws_now_ms(t->apply->client));
}

size_t
users_put(struct task *t, const char *member, bool clear)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	size_t count = 0;

	for (uint32_t i = in + 1; in != 0 && i < t->list.tok[in].next;
	    i = t->list.tok[i + 1].next) {
		const struct tok *name = &t->list.tok[i], *value = &t->list.tok[i + 1];

		if (schema_is_silent(t->text + name->start, name->end - name->start) ||
		    clear != (value->type == TOK_NULL))
			continue;
		if (count++ == 0)
			(void)buf_appendf(&t->body, ",\"%s\":[", member);
		else
			(void)buf_append_byte(&t->body, ',');
		(void)buf_append_string(&t->body, clear ? "" : "{\"Name\":");
		(void)jtext_string_token(&t->body, name, t->text);
		if (!clear) {
			(void)buf_append_string(&t->body, ",\"Value\":");
			(void)jtext_string_token(&t->body, value, t->text);
			(void)buf_append_byte(&t->body, '}');
		}
	}
	if (count > 0)
		(void)buf_append_byte(&t->body, ']');
	return count;
}

static bool
says_true(const struct task *t, const char *attribute)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	uint32_t at = in != 0 ? tok_member(&t->list, t->text, in, attribute) : 0;

	return at != 0 && tok_is(&t->list.tok[at], t->text, "true", 4);
}

/* The end of a creation, whatever failed on the way: the user is there, and ours. */
static void
end_creation(struct task *t)
{
	bool reachable = says_true(t, "email_verified") || says_true(t, "phone_number_verified");
	bool again = t->outcome == OUTCOME_FAILED && t->retryable;

	if (!again)
		users_note(t, LEDGER_CREATED);
	if (!reachable)
		t->apply->unreachable++;
	task_end(t, OUTCOME_DONE, NULL, false, reachable ? NULL :
	    "no verified address: the user cannot recover a password");
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
	if (r->outcome != AWS_OK)
		task_fail(t, r, "created, but without a password");
	/* Perhaps it is not over yet. */
	t->ended = false;
	disable_created(t);
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

/* The password of a user who was created: one that was given, or one that nobody knows. */
static void
give_password(struct task *t)
{
	struct apply *a = t->apply;
	struct password *p = passwords_find(&a->passwords, t->key);
	char random[PASSWORD_RANDOM];

	if (!a->passwords_asked || (p != NULL && p->planned) ||
	    (p == NULL && (t->confirmed || a->allow_messages >= 0))) {
		disable_created(t);
	} else if (p != NULL) {
		users_send_password(t, p->text, p->len, p->permanent != PASSWORD_TEMPORARY, on_password);
	} else if (password_random(random) == 0) {
		users_send_password(t, random, sizeof random, true, on_password);
		mem_wipe(random, sizeof random);
	} else {
		task_end(t, OUTCOME_FAILED, NULL, true, "created, but there are no random bytes");
		t->ended = false;
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

/* Somebody has the name: whether it is who an earlier try made. */
static void
on_found(struct task *t, const struct aws_result *r)
{
	struct answer n;
	bool ours = false;

	if (r->outcome != AWS_OK) {
		task_fail(t, r, "created before, perhaps by us");
		return;
	}
	if (answer_user(&n, r) && answer_is_ours(&n, t)) {
		ours = true;
		take_names(t, &n);
		t->confirmed = !answer_says(&n, "UserStatus", "FORCE_CHANGE_PASSWORD");
	}
	answer_free(&n);
	if (ours) {
		give_password(t);
		return;
	}
	users_note(t, LEDGER_DELETED);
	task_end(t, OUTCOME_FAILED, "UsernameExistsException", false, "exists, and is not ours");
}

static void
on_created(struct task *t, const struct aws_result *r)
{
	struct answer n;

	if (r->outcome == AWS_OK) {
		if (answer_user(&n, r))
			take_names(t, &n);
		answer_free(&n);
		give_password(t);
	} else if (task_is(r, "UsernameExistsException") && (t->ours || r->uncertain)) {
		task_request(t, true);
		task_call(t, "AdminGetUser", false, on_found);
	} else {
		if (!t->ours && !r->uncertain)
			users_note(t, LEDGER_DELETED);
		if (task_is(r, "UsernameExistsException"))
			task_end(t, OUTCOME_FAILED, r->code, false, "exists, and is not ours");
		else
			task_fail(t, r, NULL);
	}
}

void
users_announce(struct task *t)
{
	bool user = t->row.op == PLAN_CREATE_USER;
	enum ledger_kind kind = user ? LEDGER_USER : LEDGER_GROUP;
	struct apply *a = t->apply;
	int64_t seconds;
	enum ledger_state state = ledger_find(&a->ledger, kind, t->key, &seconds);

	t->since_ms = aws_now_ms(a->client);
	if (state == LEDGER_CREATED && seconds >= a->header.made_ms / 1000) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, made_before);
		return;
	}
	if (state == LEDGER_CREATING) {
		t->ours = true;
		t->since_ms = seconds * 1000;
	} else if (user) {
		users_note(t, LEDGER_CREATING);
	} else {
		ledger_note(&a->ledger, &(struct ledger_line){ .kind = LEDGER_GROUP,
		    .state = LEDGER_CREATING, .key = t->key, .name = t->group }, t->since_ms);
	}
}

void
users_create(struct task *t)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	bool mail = in != 0 && tok_member(&t->list, t->text, in, "email") != 0;

	task_request(t, true);
	(void)users_put(t, "UserAttributes", false);
	if (t->apply->allow_messages < 0)
		task_put(t, "MessageAction", "SUPPRESS");
	else
		(void)buf_appendf(&t->body, ",\"DesiredDeliveryMediums\":[\"%s\"]",
		    mail ? "EMAIL" : "SMS");
	task_call(t, "AdminCreateUser", false, on_created);
}

void
users_adopt(struct task *t)
{
	static const char word[] = "adopted";
	const struct tok *why = &t->list.tok[t->row.why];
	uint32_t last = why->end - (uint32_t)strlen(word);
	bool adopted = false;

	for (uint32_t i = why->start; i <= last && !adopted; i++)
		adopted = memcmp(t->text + i, word, strlen(word)) == 0;
	if (!adopted)
		return;
	if (t->username != NULL)
		users_note(t, LEDGER_ADOPTED);
	else
		ledger_note(&t->apply->ledger, &(struct ledger_line){ .kind = LEDGER_GROUP,
		    .state = LEDGER_ADOPTED, .key = t->key, .name = t->group },
		    aws_now_ms(t->apply->client));
}

const char *
users_hindrance(struct task *t, bool *retryable)
{
	struct apply *a = t->apply;
	uint32_t at;

	*retryable = false;
	if (t->group != NULL && task_is_providers(t))
		return "a group that Cognito makes for an identity provider (--with-group)";
	if (t->group != NULL && task_is_lost(&a->lost_groups, t->group, retryable))
		return "its group was not created";
	if (t->row.op != PLAN_CREATE_USER && t->username != NULL &&
	    task_is_lost(&a->lost_users, t->key, retryable))
		return "its user was not created";
	if (t->row.op != PLAN_CREATE_USER)
		return NULL;
	at = tok_member(&t->list, t->text, t->row.after, "UserStatus");
	if (at != 0 && tok_is(&t->list.tok[at], t->text, "EXTERNAL_PROVIDER", 17))
		return "a profile of an identity provider, which makes it itself at the first sign-in";
	if (users_is_disabled(t) && !apply_wants(a, PLAN_DISABLE_USER))
		return "to be made disabled, and --only does not allow to disable";
	return NULL;
}
