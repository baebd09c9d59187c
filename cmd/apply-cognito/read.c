#include "read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "net/pool.h"

enum { MADE_AHEAD_MS = 5 * 60 * 1000 };	/* clocks may differ by so much */

static const char plan_end[] = "/plan";

static void
halt(struct apply *a, enum prog_status status, const char *why)
{
	filter_halt(&a->filter, status, why);
}

/* Asks what the pool knows of attributes.  A refusal is none of ours. */
static void
describe_pool(struct apply *a)
{
	const struct aws_result *r;
	const char *wrong;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, a->pool, NULL, NULL, false);
	r = aws_call(a->client, "DescribeUserPool", body.data, body.len);
	buf_free(&body);
	if (r->outcome == AWS_OK) {
		wrong = schema_read(&a->schema, r->body, r->body_len);
		if (wrong != NULL)
			diag_verbose(1, "DescribeUserPool: %s", wrong);
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

/* Whether the plan is for this pool, at this endpoint. */
static bool
is_target(const struct apply *a)
{
	return strcmp(a->header.target, a->target) == 0;
}

static const char *
take_header(struct apply *a, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	const char *wrong = plan_read_header(&a->header, &r->list, r->text, reason);
	int64_t age;

	if (wrong != NULL)
		return wrong;
	a->has_header = true;
	a->header_text = mem_dup(r->text, r->len);
	if (!is_target(a)) {
		diag_error("%s: the plan was made for another target than %s/%s", r->name,
		    aws_endpoint(a->client), a->pool);
		halt(a, PROG_GUARD, "a plan for another target");
		return NULL;
	}
	age = aws_now_ms(a->client) - a->header.made_ms;
	if (age < -MADE_AHEAD_MS) {
		diag_error("%s: the plan was made in the future: a clock is wrong", r->name);
		halt(a, PROG_GUARD, "a plan of the future");
		return NULL;
	}
	if (age > a->max_age_ms) {
		diag_error("%s: the plan is %" PRId64 " minutes old, and --max-age is %" PRId64,
		    r->name, age / 60000, a->max_age_ms / 60000);
		halt(a, PROG_GUARD, "a plan that is too old");
		return NULL;
	}
	describe_pool(a);
	return NULL;
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

static const char *
take_operation(struct apply *a, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	struct plan_row row;
	const char *wrong = plan_read_row(&row, &r->list, r->text, reason);

	if (wrong == NULL)
		wrong = plan_add(&a->sums, &row, &r->list, r->text);
	if (wrong != NULL)
		return wrong;
	if (row.username != 0 && (wrong = take_user(a, &row, r)) != NULL) {
		diag_error("%s:%" PRIu64 ": %s", r->name, r->line, wrong);
		halt(a, PROG_USAGE, "a password is missing");
		return NULL;
	}
	if (row.username != 0 && row.group_name != 0)
		add_text(&a->moved, r, row.group_name);
	a->messages += may_message(a, &row, r);
	if (apply_wants(a, row.op))
		schema_check(&a->schema, &row, &r->list, r->text, r->line);
	if (!a->has_rows && spool_open(&a->rows) != 0) {
		halt(a, PROG_FAIL, "no temporary file");
		return NULL;
	}
	a->has_rows = true;
	if (spool_append(&a->rows, r->text, r->len) != 0 || spool_append(&a->rows, "\n", 1) != 0)
		halt(a, PROG_FAIL, "the temporary file cannot be written");
	return NULL;
}

static const char *
take_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct apply *a = arg;

	(void)sink;
	return a->has_header ? take_operation(a, r) : take_header(a, r);
}

/* A plan of which a line is wrong is carried out in no part, whatever --reject says. */
static void
take_wrong(void *arg, const struct record_reader *r, const char *reason)
{
	struct apply *a = arg;

	diag_error("%s:%" PRIu64 ": %s", r->name, r->line, reason);
	halt(a, PROG_FAIL, "a wrong line in the plan");
}

static void
trip(void *arg, const char *class, uint64_t count, uint64_t limit)
{
	(void)arg;
	diag_error("guard: %s: %" PRIu64 ", and %" PRIu64 " at most", class, count, limit);
}

/* The whole was read.  Is it what it says? */
static enum prog_status
check_whole(struct apply *a, const char **why)
{
	const char *source = a->sink.seal.source;
	size_t len = a->has_header ? strlen(a->header.target) : 0;
	enum plan_op op;

	*why = "not a whole plan";
	if (!a->has_header) {
		diag_error("incomplete: there is no plan in it");
		return PROG_INCOMPLETE;
	}
	if (source == NULL || strncmp(source, a->header.target, len) != 0 ||
	    strcmp(source + len, plan_end) != 0) {
		diag_error("incomplete: the seal is that of another stream than this plan");
		return PROG_INCOMPLETE;
	}
	if (!plan_adds_up(&a->header, &a->sums, &op)) {
		diag_error("incomplete: the plan has %" PRIu64 " rows %s, and its header says %" PRIu64,
		    a->sums.totals[op], plan_op_name(op), a->header.totals[op]);
		return PROG_INCOMPLETE;
	}
	return PROG_OK;
}

/* Before anything is sent: may all of it be? */
static enum prog_status
check_limits(struct apply *a, const char **why)
{
	uint64_t billable = a->header.billable, messages = a->header.messages;
	size_t tripped = plan_judge(&a->header, &a->sums, trip, NULL);

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

		snprintf(name, sizeof name, "custom:%s", given);
		if (schema_find(&a->schema, name, strlen(name)) != NULL)
			continue;
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
	}
	buf_free(&body);
	*why = "an attribute could not be made";
	return status;
}

/* What the pool would refuse, but for attributes that are to be made. */
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
		(void)schema_forgive(&a->schema, name);
	}
	return schema_complain(&a->schema, "the plan") > 0 ? PROG_FAIL : PROG_OK;
}

enum prog_status
read_plan(struct apply *a, const char **why)
{
	struct sink_options sealed = *a->options;
	enum prog_status status;

	/* A plan is always sealed. */
	sealed.seal = true;
	a->filter.opts = &sealed;
	a->filter.row = take_row;
	a->filter.wrong = take_wrong;
	a->filter.arg = a;
	status = filter_run(&a->filter, why);
	a->filter.opts = a->options;
	if (status == PROG_OK)
		status = check_whole(a, why);
	if (status == PROG_OK)
		status = check_limits(a, why);
	if (status == PROG_OK)
		status = check_attributes(a, why);
	if (status == PROG_OK && !a->dry_run)
		status = add_attributes(a, why);
	return status;
}
