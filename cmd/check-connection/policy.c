/* Policies as JSON, indented for people (policy.h). */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "net/netdoor.h"
#include "net/sts.h"

#include "arn.h"
#include "caller.h"

enum { TEXT_MAX = 64 * 1024 };	/* an external ID of 1,224, some ARNs of 2,048, and our own words */

static const char begin_statement[] = " {\n"
    "        \"Version\": \"2012-10-17\",\n"
    "        \"Statement\": [\n"
    "            {\n"
    "                \"Effect\": \"Allow\",\n";
static const char end_statement[] = "            }\n"
    "        ]\n"
    "    }";

static void
put_string(struct buf *b, const char *text)
{
	(void)jtext_string(b, text, strlen(text));
}

static void
put_resource(struct buf *b, const struct check *c, const char *account, enum plan_resource resource)
{
	struct buf arn;

	buf_init(&arn, TEXT_MAX);
	if (resource == PLAN_USER_POOL)
		arn_put_pool(&arn, c->config.region, account, c->plan->every_pool ? "*" : c->pool);
	else if (resource == PLAN_IDENTITY_POOL)
		arn_put_identity_pools(&arn, c->config.region, account);
	else
		(void)buf_append_byte(&arn, '*');
	put_string(b, buf_string(&arn));
	buf_free(&arn);
}

/* What is granted on resource, behind before; nothing if no operation of the set has it. */
static bool
put_actions(struct buf *b, unsigned set, enum plan_resource resource, const char *before)
{
	const char *comma = before;

	for (int i = 0; i < PLAN_OPERATIONS; i++) {
		const struct plan_operation *op = &plan_operations[i];

		if (!plan_has(set, i) || op->resource != resource)
			continue;
		(void)buf_appendf(b, "%s                    \"%s:%s\"", comma,
		    op->identity ? "cognito-identity" : "cognito-idp", op->name);
		comma = ",\n";
	}
	return comma != before;
}

/* A statement for each kind of resource: IAM takes no action for a resource that it does not have. */
static void
put_permissions(struct buf *b, const struct check *c, const char *account)
{
	static const char first[] = "                \"Action\": [\n";
	static const char next[] = "            },\n"
	    "            {\n"
	    "                \"Effect\": \"Allow\",\n"
	    "                \"Action\": [\n";
	const char *before = first;

	(void)buf_appendf(b, "    \"PermissionsPolicy\":%s", begin_statement);
	for (enum plan_resource r = PLAN_USER_POOL; r < PLAN_RESOURCES; r++) {
		if (!put_actions(b, c->operations | c->plan->optional, r, before))
			continue;
		(void)buf_append_string(b, "\n                ],\n                \"Resource\": ");
		put_resource(b, c, account, r);
		(void)buf_append_byte(b, '\n');
		before = next;
	}
	(void)buf_append_string(b, end_statement);
}

static void
put_trust(struct buf *b, const struct check *c, const char *principal)
{
	(void)buf_appendf(b, ",\n    \"TrustPolicy\":%s", begin_statement);
	(void)buf_append_string(b, "                \"Principal\": {\n"
	    "                    \"AWS\": ");
	put_string(b, principal);
	(void)buf_append_string(b, "\n                },\n"
	    "                \"Action\": \"sts:AssumeRole\"");
	if (c->external_id != NULL) {
		(void)buf_append_string(b, ",\n                \"Condition\": {\n"
		    "                    \"StringEquals\": {\n"
		    "                        \"sts:ExternalId\": ");
		put_string(b, c->external_id);
		(void)buf_append_string(b, "\n                    }\n                }");
	}
	(void)buf_appendf(b, "\n%s", end_statement);
}

static void
put_caller(struct buf *b, const struct check *c)
{
	if (c->role_arn == NULL)
		return;
	(void)buf_appendf(b, ",\n    \"CallerPolicy\":%s", begin_statement);
	(void)buf_append_string(b, "                \"Action\": \"sts:AssumeRole\",\n"
	    "                \"Resource\": ");
	put_string(b, c->role_arn);
	(void)buf_appendf(b, "\n%s", end_statement);
}

/* Asks who calls, with the keys as the chain finds them. */
static enum prog_status
identify(struct check *c, struct sts_identity *id)
{
	struct keeper *k = &c->config.keeper;
	char why[CRED_WHY_SIZE] = "libcurl cannot start";
	enum prog_status status = keeper_ready(k, clock_mono_ms(), why);
	struct aws_client *client = NULL;

	if (status == PROG_OK) {
		client = caller_sts(c);
		status = client != NULL ? sts_caller_identity(client, id, why) : PROG_FAIL;
	}
	aws_free(client);
	if (status != PROG_OK)
		diag_error("%s (--role-arn and --principal together need no credentials)", why);
	return status;
}

/* The one kind of role of which it is known that the session's ARN leaves a path out. */
static void
warn_of_path(const char *role)
{
	const char *name = strstr(role, ":role/AWSReservedSSO_");

	if (name != NULL)
		diag_warn("the caller is a role of IAM Identity Center, which has a path, and IAM "
		    "refuses the trust policy without it: give --principal what \"aws iam get-role "
		    "--role-name %s\" calls Arn", name + sizeof ":role/" - 1);
}

/* All that was read is the user's own; what comes is the service's answer, if it must be asked. */
static int
shut_door(bool must_ask, const char *path)
{
	if (path != NULL && strcmp(path, "-") != 0)
		files_will_replace(path);
	return must_ask ? netdoor_shut(0) : files_shut(NULL);
}

static enum prog_status
write_text(const struct buf *b, const char *path)
{
	struct out out;

	if (out_open(&out, path, false) != 0)
		return PROG_FAIL;
	(void)out_write(&out, b->data, b->len);
	return out_commit(&out) == 0 ? PROG_OK : PROG_FAIL;
}

enum prog_status
policy_print(struct check *c, const char *principal, const char *path)
{
	char *account = c->role_arn != NULL ? arn_account(c->role_arn) : NULL, *who = NULL;
	bool must_ask = account == NULL || principal == NULL;
	char why[CRED_WHY_SIZE] = "", sts_why[CRED_WHY_SIZE];
	struct net_options for_sts = c->net;
	enum prog_status status = PROG_OK;
	struct sts_identity id = { .arn = NULL };
	struct buf b;

	for_sts.endpoint_url = NULL;
	(void)netopt_find(&c->net, AWS_COGNITO_IDP, c->pool, &c->config, why);
	(void)netopt_find(&for_sts, AWS_STS, c->pool, &c->sts, sts_why);
	if (c->config.endpoint == NULL || c->sts.endpoint == NULL ||
	    (must_ask && c->config.keeper.source == NULL)) {
		diag_error("%s", why[0] != '\0' ? why : sts_why);
		status = PROG_USAGE;
	} else if (shut_door(must_ask, path) != 0) {
		status = PROG_FAIL;
	} else if (must_ask) {
		status = identify(c, &id);
	}
	if (status == PROG_OK) {
		who = principal != NULL ? mem_dup_string(principal) : arn_principal(id.arn);
		if (principal == NULL)
			warn_of_path(who);
		buf_init(&b, TEXT_MAX);
		(void)buf_append_string(&b, "{\n");
		put_permissions(&b, c, account != NULL ? account : id.account);
		put_trust(&b, c, who);
		put_caller(&b, c);
		(void)buf_append_string(&b, "\n}\n");
		status = write_text(&b, path);
		buf_free(&b);
	}
	sts_identity_free(&id);
	free(account);
	free(who);
	return status;
}
