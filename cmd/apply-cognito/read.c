#include "read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "net/pool.h"

static void
halt(struct apply *a, enum prog_status status, const char *why)
{
	plan_intake_halt(&a->plan, status, why);
}

/* Asks what the pool knows of attributes.  A refusal is none of ours. */
static void
describe_pool(struct apply *a)
{
	const struct aws_result *r;
	const char *wrong;
	struct buf body;

	schema_forget(&a->schema);
	if (a->never_looks)
		return;
	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, a->pool, NULL, NULL, false);
	r = aws_call(a->client, "DescribeUserPool", body.data, body.len);
	buf_free(&body);
	if (r->outcome == AWS_OK) {
		wrong = schema_read(&a->schema, r->body, r->body_len);
		if (!a->schema.told) {
			diag_error("DescribeUserPool: an answer without a pool");
			halt(a, PROG_TEMPORARY, "the pool cannot be asked");
		} else if (wrong != NULL) {
			/* An emulator may not tell them. */
			diag_warn("DescribeUserPool: %s; attributes are not checked beforehand",
			    wrong);
		}
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, "AccessDeniedException") == 0) {
		diag_verbose(1, "DescribeUserPool: %s; attributes are not checked beforehand",
		    r->message);
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, "ResourceNotFoundException") != 0) {
		/* An emulator may not know it. */
		diag_verbose(1, "DescribeUserPool: %s", r->message);
	} else {
		diag_error("DescribeUserPool: %s", r->message);
		halt(a, aws_status(r->outcome), "the pool cannot be asked");
	}
}

static void
take_header(void *arg)
{
	struct apply *a = arg;

	a->passwords.fold = a->plan.header.fold;
	if (a->passwords.fold && a->passwords.twice) {
		diag_error("--passwords: two keys differ in case alone, which the plan does not tell "
		    "apart");
		halt(a, PROG_USAGE, "a password is there twice");
		return;
	}
	describe_pool(a);
}

/* Whether the operation may make Cognito send a message. */
static bool
may_message(const struct apply *a, const struct plan_row *r, const struct record_reader *reader)
{
	static const char *const pairs[][2] = {
		{ "email", "email_verified" }, { "phone_number", "phone_number_verified" }
	};
	uint32_t in;

	if (r->op == PLAN_CREATE_USER)
		return a->allow_messages >= 0;
	if (r->op != PLAN_UPDATE_USER)
		return false;
	in = tok_member(&reader->list, reader->text, r->after, "Attributes");
	for (int i = 0; in != 0 && i < 2; i++) {
		uint32_t at = tok_member(&reader->list, reader->text, in, pairs[i][0]);
		uint32_t flag = tok_member(&reader->list, reader->text, in, pairs[i][1]);

		if (at != 0 && reader->list.tok[at].type == TOK_STRING &&
		    (flag == 0 || !tok_is(&reader->list.tok[flag], reader->text, "true", 4)))
			return true;
	}
	return false;
}

static void
add_text(struct keyset *set, const struct record_reader *r, uint32_t at)
{
	const struct tok *t = &r->list.tok[at];
	struct keyset_key k;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	(void)jtext_decode(&b, r->text + t->start, t->end - t->start);
	keyset_key(&k, b.data, b.len);
	(void)keyset_add(set, &k);
	buf_free(&b);
}

/* Notes the user; and the password that an operation wants.  Returns NULL, or what is missing. */
static const char *
take_user(struct apply *a, const struct plan_row *row, const struct record_reader *r)
{
	const struct tok *t = &r->list.tok[row->key];
	const char *wrong = NULL;
	struct keyset_key k;
	struct buf key;

	buf_init(&key, KEYSET_KEY_MAX);
	(void)jtext_decode(&key, r->text + t->start, t->end - t->start);
	keyset_key(&k, key.data, key.len);
	if (!plan_is_bare(row, &r->list, r->text))
		(void)keyset_add(&a->users, &k);
	if (row->op == PLAN_SET_PASSWORD || row->op == PLAN_CREATE_USER) {
		struct password *p = passwords_find(&a->passwords, key.data);

		if (p != NULL && a->passwords_asked && apply_wants(a, row->op))
			schema_check_password(&a->schema, p->text, p->len, r->line);
		if (p != NULL)
			p->planned |= row->op == PLAN_SET_PASSWORD;
		else if (row->op == PLAN_SET_PASSWORD && apply_wants(a, PLAN_SET_PASSWORD))
			wrong = "a password is to be set, and --passwords has none for this key";
	}
	buf_free(&key);
	return wrong;
}

static void
take_row(void *arg, const struct plan_row *row, const struct record_reader *r)
{
	struct apply *a = arg;
	const char *wrong;

	if (row->username != 0 && (wrong = take_user(a, row, r)) != NULL) {
		diag_error("%s:%" PRIu64 ": %s", r->name, r->line, wrong);
		halt(a, PROG_USAGE, "a password is missing");
		return;
	}
	if (row->username != 0 && row->group_name != 0)
		add_text(&a->moved, r, row->group_name);
	a->messages += may_message(a, row, r);
	if (apply_wants(a, row->op))
		schema_check(&a->schema, row, &r->list, r->text, r->line);
}

/* Before anything is sent: may all of it be? */
static enum prog_status
check_limits(struct apply *a, const char **why)
{
	uint64_t billable = a->plan.header.billable, messages = a->plan.header.messages;
	size_t tripped = plan_intake_trips(&a->plan, &a->ledger);

	*why = "a safety limit stands";
	if (billable < a->users.count)
		billable = a->users.count;
	if (messages < a->messages)
		messages = a->messages;
	if (a->max_billable >= 0 && billable > (uint64_t)a->max_billable) {
		diag_error("guard: %" PRIu64 " users would be billed, and --max-billable is %"
		    PRId64, billable, a->max_billable);
		tripped++;
	}
	if (messages > (uint64_t)(a->allow_messages > 0 ? a->allow_messages : 0)) {
		diag_error("guard: %" PRIu64 " messages might be sent, and --allow-messages is %"
		    PRId64, messages, a->allow_messages > 0 ? a->allow_messages : 0);
		tripped++;
	}
	return tripped > 0 ? PROG_GUARD : PROG_OK;
}

/* Whether the pool has it, asked once more. */
static bool
is_there_now(struct apply *a, const char *name)
{
	describe_pool(a);
	return schema_find(&a->schema, name, strlen(name)) != NULL;
}

/* Makes the attributes that were named and are missing.  Returns PROG_OK or a reported failure. */
static enum prog_status
add_attributes(struct apply *a, const char **why)
{
	enum prog_status status = PROG_OK;
	const struct aws_result *r;
	char name[SCHEMA_NAME_SIZE + 8];
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	for (size_t i = 0; i < a->add_attributes.count && status == PROG_OK; i++) {
		const char *given = a->add_attributes.items[i];

		if (given == NULL)
			continue;
		snprintf(name, sizeof name, "custom:%s", given);
		buf_clear(&body);
		(void)buf_appendf(&body, "{\"UserPoolId\":\"%s\",\"CustomAttributes\":[{\"Name\":",
		    a->pool);
		(void)jtext_string(&body, given, strlen(given));
		(void)buf_append_string(&body, ",\"AttributeDataType\":\"String\",\"Mutable\":true,"
		    "\"StringAttributeConstraints\":{\"MinLength\":\"0\",\"MaxLength\":\"2048\"}}]}");
		r = aws_call(a->client, "AddCustomAttributes", body.data, body.len);
		status = aws_status(r->outcome);
		a->wrote |= status == PROG_OK;
		if (status != PROG_OK)
			diag_error("AddCustomAttributes: %s: %s", name, r->message);
		/* The service refuses to make it twice: perhaps a try whose answer was lost did. */
		if (status != PROG_OK && r->uncertain && is_there_now(a, name)) {
			diag_warn("%s: it is there now, so it was made", name);
			status = PROG_OK;
			a->wrote = true;
		}
	}
	buf_free(&body);
	*why = "an attribute could not be made";
	return status;
}

/*
 * What the pool would refuse, but for attributes that are to be made.  These remain in the list: one
 * that nothing is written to could not be taken away again.
 */
static enum prog_status
check_attributes(struct apply *a, const char **why)
{
	char name[SCHEMA_NAME_SIZE + 8];

	*why = "attributes that the pool would refuse";
	if (a->add_attributes.count > 0 && !a->schema.known) {
		diag_error("--add-custom-attributes: needs to ask for the pool's attributes "
		    "(cognito-idp:DescribeUserPool)");
		return PROG_FAIL;
	}
	for (size_t i = 0; i < a->add_attributes.count; i++) {
		snprintf(name, sizeof name, "custom:%s", a->add_attributes.items[i]);
		if (schema_forgive(&a->schema, name))
			continue;
		a->add_attributes.items[i] = NULL;
		if (schema_find(&a->schema, name, strlen(name)) == NULL)
			diag_warn("--add-custom-attributes: no operation that is to be carried out "
			    "writes %s, so it is not made", name);
	}
	return schema_complain(&a->schema, "the plan") > 0 ? PROG_FAIL : PROG_OK;
}

static int64_t
now(void *arg)
{
	return aws_now_ms(((struct apply *)arg)->client);
}

enum prog_status
read_plan(struct apply *a, const char **why)
{
	enum prog_status status;

	a->plan.target = a->target;
	a->plan.max_age_ms = a->max_age_ms;
	a->plan.now_ms = now;
	a->plan.on_header = take_header;
	a->plan.on_row = take_row;
	a->plan.arg = a;
	status = plan_intake_read(&a->plan, why);
	if (status == PROG_OK)
		status = check_limits(a, why);
	if (status == PROG_OK)
		status = check_attributes(a, why);
	if (status == PROG_OK && !a->dry_run)
		status = add_attributes(a, why);
	return status;
}
