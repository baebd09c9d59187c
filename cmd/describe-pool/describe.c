/* The run that asks the service (describe.h). */
#include "describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/user_pool.h"
#include "net/pool.h"

#include "listing.h"
#include "parts.h"

/*
 * All but the single answers.  60 is the most that a page has, of resource servers 50.  The limits
 * are the account's: of those that can be raised, the three by which people sign in and are made;
 * one call a second is all that AWS allows here.
 */
static const struct listing_kind kinds[] = {
	{ .part = PART_CLIENTS, .list = "ListUserPoolClients", .items = "UserPoolClients",
	    .size = "\"MaxResults\":60", .listed = USER_POOL_LISTED_CLIENT,
	    .describe = "DescribeUserPoolClient", .answer = "UserPoolClient",
	    .before = "\"ClientId\":", .after = "}", .described = USER_POOL_CLIENT,
	    .of_pool = true, .id = "ClientId" },
	{ .part = PART_PROVIDERS, .list = "ListIdentityProviders", .items = "Providers",
	    .size = "\"MaxResults\":60", .listed = USER_POOL_PROVIDER,
	    .describe = "DescribeIdentityProvider", .answer = "IdentityProvider",
	    .before = "\"ProviderName\":", .after = "}", .described = USER_POOL_PROVIDER,
	    .of_pool = true, .id = "ProviderName" },
	{ .part = PART_GROUPS, .list = "ListGroups", .items = "Groups", .size = "\"Limit\":60",
	    .need = "RoleArn", .listed = USER_POOL_GROUP, .described = USER_POOL_GROUP },
	{ .part = PART_DOMAIN, .describe = "DescribeUserPoolDomain", .answer = "DomainDescription",
	    .before = "\"Domain\":", .after = "}", .described = USER_POOL_DOMAIN, .id = "Domain" },
	{ .part = PART_RESOURCE_SERVERS, .list = "ListResourceServers", .items = "ResourceServers",
	    .size = "\"MaxResults\":50", .listed = USER_POOL_RESOURCE_SERVER,
	    .described = USER_POOL_RESOURCE_SERVER },
	{ .part = PART_LIMITS, .describe = "GetProvisionedLimit", .answer = "Limit",
	    .before = "\"LimitDefinition\":{\"LimitClass\":\"API_CATEGORY\",\"Attributes\":{\"Category\":",
	    .after = "}}}", .described = USER_POOL_LIMIT }
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *const limits[] = { "UserAuthentication", "UserCreation", "UserFederation" };

void
describe_stop(struct describe *d, enum prog_status status, const char *why)
{
	if (d->stopped)
		return;
	d->stopped = d->told = true;
	d->status = status;
	snprintf(d->why, sizeof d->why, "%s", why);
}

void
describe_wrong(struct describe *d, const char *operation, const char *why)
{
	diag_error("%s: the answer is none: %s", operation, why);
	describe_stop(d, PROG_FAIL, "the answer is none");
}

void
describe_too_long(struct describe *d)
{
	diag_error("the record would be longer than %d bytes, the most that a record may have; "
	    "--parts asks for less", RECORD_LINE_MAX);
	describe_stop(d, PROG_FAIL, "the record would be too long");
}

bool
describe_is_missing(const char *code)
{
	static const char *const codes[] = {
		"AccessDeniedException", "AccessDenied", "NotAuthorizedException",
		"UnknownOperationException", "OperationNotEnabledException"
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

void
describe_miss(struct describe *d, const char *operation)
{
	size_t i = 0;

	while (i < d->missing_count && strcmp(d->missing[i], operation) < 0)
		i++;
	if (i < d->missing_count && strcmp(d->missing[i], operation) == 0)
		return;
	memmove(d->missing + i + 1, d->missing + i, (d->missing_count - i) * sizeof *d->missing);
	d->missing[i] = operation;
	d->missing_count++;
}

/* The pool itself. */

static char *
text_of(const struct tok_list *l, const char *text, uint32_t pool, const char *name)
{
	uint32_t at = tok_member(l, text, pool, name);
	char *copy = NULL;
	struct buf b;

	if (at == 0 || l->tok[at].type != TOK_STRING || l->tok[at].start == l->tok[at].end)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)jtext_decode(&b, text + l->tok[at].start, l->tok[at].end - l->tok[at].start);
	copy = mem_dup(b.data, b.len);
	buf_free(&b);
	return copy;
}

/* Begins the record.  Returns NULL, or what is wrong with the answer. */
static const char *
take_pool(struct describe *d, struct buf *record, struct tok_list *l, const char *text, size_t len)
{
	uint32_t at = 0, id;
	const char *why;

	if (tok_parse(l, text, len) != TOK_OK || l->tok[0].type != TOK_OBJECT)
		return "not JSON";
	at = tok_member(l, text, 0, "UserPool");
	if (at == 0)
		return "no pool";
	(void)buf_append_byte(record, '{');
	why = user_pool_members(record, l, text, at, d->wrong);
	if (why != NULL)
		return why;
	id = tok_member(l, text, at, "Id");
	if (!tok_is(&l->tok[id], text, d->pool, strlen(d->pool)))
		return "another pool than the one that was asked for";
	d->domains[0] = text_of(l, text, at, "Domain");
	d->domains[1] = text_of(l, text, at, "CustomDomain");
	return NULL;
}

static void
ask_pool(struct describe *d, struct buf *record)
{
	const struct aws_result *r;
	struct tok_list l;
	const char *why;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, d->pool, NULL, NULL, false);
	r = aws_call(d->client, "DescribeUserPool", body.data, body.len);
	buf_free(&body);
	if (r->outcome != AWS_OK) {
		diag_error("DescribeUserPool: %s", r->message);
		describe_stop(d, aws_status(r->outcome), r->message);
		return;
	}
	tok_init(&l, DESCRIBE_TOKENS_MAX);
	why = take_pool(d, record, &l, r->body, r->body_len);
	tok_free(&l);
	if (why != NULL)
		describe_wrong(d, "DescribeUserPool", why);
}

/* Ways of MFA. */

struct mfa {
	struct describe *run;
	struct buf json;
};

static void
on_mfa(void *arg, const struct aws_result *r)
{
	static const char operation[] = "GetUserPoolMfaConfig";
	struct mfa *m = arg;
	const char *why = "not JSON";
	struct tok_list l;

	if (m->run->stopped)
		return;
	if (r->outcome == AWS_DENIED && describe_is_missing(r->code)) {
		describe_miss(m->run, operation);
	} else if (r->outcome != AWS_OK) {
		diag_error("%s: %s", operation, r->message);
		describe_stop(m->run, aws_status(r->outcome), r->message);
	} else {
		tok_init(&l, DESCRIBE_TOKENS_MAX);
		if (tok_parse(&l, r->body, r->body_len) == TOK_OK)
			why = user_pool_mfa_members(&m->json, &l, r->body, 0, m->run->wrong);
		tok_free(&l);
		if (why != NULL)
			describe_wrong(m->run, operation, why);
	}
}

static void
ask_mfa(struct describe *d, struct mfa *m)
{
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, d->pool, NULL, NULL, false);
	aws_submit(d->client, "GetUserPoolMfaConfig", body.data, body.len, on_mfa, m);
	buf_free(&body);
}

/* All of it. */

static void
ask_lists(struct describe *d, struct listing all[KINDS])
{
	for (size_t i = 0; i < KINDS; i++) {
		if ((d->parts & kinds[i].part) == 0)
			continue;
		listing_start(&all[i], &kinds[i], d);
		if (kinds[i].part == PART_DOMAIN)
			for (size_t k = 0; k < 2; k++)
				if (d->domains[k] != NULL)
					listing_ask(&all[i], d->domains[k]);
		if (kinds[i].part == PART_LIMITS)
			for (size_t k = 0; k < sizeof limits / sizeof *limits; k++)
				listing_ask(&all[i], limits[k]);
	}
}

static void
put_missing(const struct describe *d, struct buf *record)
{
	if (d->missing_count == 0)
		return;
	for (size_t i = 0; i < d->missing_count; i++)
		(void)buf_appendf(record, "%s\"cognito-idp:%s\"", i == 0 ? ",\"Missing\":[" : ",",
		    d->missing[i]);
	(void)buf_append_byte(record, ']');
}

static void
put_all(struct describe *d, struct buf *record, const struct mfa *m, struct listing all[KINDS])
{
	const char *wrong = NULL;

	if (m->json.len > 0) {
		(void)buf_append_byte(record, ',');
		(void)buf_append(record, m->json.data, m->json.len);
	}
	for (size_t i = 0; wrong == NULL && i < KINDS; i++) {
		if (all[i].kind == NULL)
			continue;
		wrong = listing_put(&all[i], record);
		if (wrong != NULL)
			describe_wrong(d, kinds[i].list != NULL ? kinds[i].list : kinds[i].describe,
			    wrong);
	}
	put_missing(d, record);
	(void)buf_append_byte(record, '}');
	if (wrong == NULL && record->len > RECORD_LINE_MAX)
		describe_too_long(d);
}

enum prog_status
describe_ask(struct describe *d, struct buf *record)
{
	struct listing all[KINDS] = { { .kind = NULL } };
	struct mfa mfa = { .run = d };

	buf_init(&mfa.json, SIZE_MAX);
	ask_pool(d, record);
	if (!d->stopped) {
		if ((d->parts & PART_MFA) != 0)
			ask_mfa(d, &mfa);
		ask_lists(d, all);
		aws_run(d->client, &d->stopped);
	}
	if (!d->stopped)
		put_all(d, record, &mfa, all);
	for (size_t i = 0; i < KINDS; i++)
		listing_free(&all[i]);
	buf_free(&mfa.json);
	free(d->domains[0]);
	free(d->domains[1]);
	return d->status;
}
