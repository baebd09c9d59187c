/* Causes and remedies (explain.h). */
#include "explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/awserr.h"

#include "arn.h"

/* A refusal taken apart. */
struct refusal {
	struct awserr e;
	char text[CRED_WHY_SIZE];	/* code and message, without our hint */
	char remedy[CRED_WHY_SIZE];	/* that hint, as a sentence, or "" */
	bool web, temporary;		/* AssumeRoleWithWebIdentity; another time it may work */
};

static bool
is_code(const struct refusal *f, const char *a, const char *b)
{
	return strcmp(f->e.code, a) == 0 || (b != NULL && strcmp(f->e.code, b) == 0);
}

static bool
says(const struct refusal *f, const char *text)
{
	return strstr(f->e.message, text) != NULL;
}

/* "; check this" as "Check this." */
static void
read_remedy(struct refusal *f, const char *hint)
{
	size_t len;

	snprintf(f->remedy, sizeof f->remedy, "%s", hint + strspn(hint, "; "));
	len = strlen(f->remedy);
	if (len == 0)
		return;
	if (f->remedy[0] >= 'a' && f->remedy[0] <= 'z')
		f->remedy[0] = (char)(f->remedy[0] - 'a' + 'A');
	if (f->remedy[len - 1] != '?' && len + 1 < sizeof f->remedy)
		memcpy(f->remedy + len, ".", 2);
}

/* Takes off what awserr_hint put behind the text; what follows that is ours, too. */
static void
read_refusal(struct refusal *f, const struct check *c, enum aws_service service,
    const char *operation, const char *code, const char *text)
{
	struct buf hint;
	char *at;

	memset(f, 0, sizeof *f);
	snprintf(f->e.code, sizeof f->e.code, "%s", code);
	snprintf(f->e.message, sizeof f->e.message, "%.*s", AWSERR_MESSAGE_SIZE - 1, text);
	snprintf(f->text, sizeof f->text, "%s", text);
	buf_init(&hint, REPORT_TEXT_MAX);
	awserr_hint(&f->e, service, operation, c->config.region, &hint);
	if (hint.len > 0 && (at = strstr(f->text, hint.data)) != NULL)
		*at = '\0';
	read_remedy(f, buf_string(&hint));
	buf_free(&hint);
	snprintf(f->e.message, sizeof f->e.message, "%.*s", AWSERR_MESSAGE_SIZE - 1,
	    f->text);
}

/*
 * The same for "OPERATION: CODE: text; hint" of STS.  A role that is assumed from a role has its
 * operation in front of the other's: the last one is that which failed.
 */
static void
read_why(struct refusal *f, const struct check *c, const char *why, enum prog_status status)
{
	static const char *const operations[] = { "AssumeRole", "AssumeRoleWithWebIdentity",
		"GetCallerIdentity" };
	const char *operation = "", *at = why;
	char code[AWSERR_CODE_SIZE] = "";
	size_t len, i = 0;

	while (i < sizeof operations / sizeof *operations) {
		len = strlen(operations[i]);
		if (strncmp(at, operations[i], len) == 0 && strncmp(at + len, ": ", 2) == 0) {
			operation = operations[i];
			at += len + 2;
			i = 0;
		} else {
			i++;
		}
	}
	len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.");
	if (len > 0 && len < sizeof code && at[len] == ':')
		memcpy(code, at, len);
	read_refusal(f, c, AWS_STS, operation, code, why);
	f->web = strcmp(operation, "AssumeRoleWithWebIdentity") == 0;
	f->temporary = status == PROG_TEMPORARY;
}

/* What is wrong with the keys or the request as such.  Returns whether that was it. */
static bool
hint_keys(struct buf *hint, const struct refusal *f, const struct aws_config *config)
{
	if (is_code(f, "InvalidClientTokenId", "UnrecognizedClientException")) {
		report_say(hint, "AWS does not know this access key: it was deleted or made "
		    "inactive, it is a temporary one (ASIA...) without its session token, or it "
		    "belongs to another partition (China, GovCloud).");
	} else if (is_code(f, "SignatureDoesNotMatch", "InvalidSignatureException")) {
		if (awserr_is_skew(&f->e))
			report_say(hint, "Set the clock of this machine.");
		else if (says(f, "scoped"))
			report_say(hint, "The request was signed for region %s: does that fit the "
			    "endpoint?", config->region);
		else
			report_say(hint, "The secret key does not belong to the access key: was "
			    "it cut off, or quotes or a line end added, when it was copied?");
	} else if (is_code(f, "ExpiredToken", "ExpiredTokenException")) {
		report_say(hint, "The session is over: log in anew. Sessions of a profile with "
		    "role_arn, and those under assume-role, are renewed without that.");
	} else if (is_code(f, "RegionDisabledException", "OptInRequired")) {
		report_say(hint, "Region %s is not switched on for this account: switch it on in "
		    "the account's settings, or choose another.", config->region);
	} else if (awserr_classify(&f->e, 400) == AWSERR_THROTTLE) {
		report_say(hint, "Others use up this account's quota: try later%s.",
		    config->service == AWS_STS ? "" : ", or with a lower --share");
	} else if (f->e.code[0] == '\0' && f->temporary) {
		report_say(hint, "The network or what stands in between failed, not AWS: try "
		    "again; -v shows every try.");
	} else if (f->e.code[0] == '\0') {
		report_say(hint, "What answers at %s (%s) is no such service of AWS, or what "
		    "stands in between (a proxy, a network that wants a login) answers instead.",
		    config->endpoint, config->endpoint_from);
	} else {
		return false;
	}
	return true;
}

/* For what is none of the above. */
static void
hint_other(struct buf *hint, const struct refusal *f)
{
	if (f->temporary)
		report_say(hint, "This may pass: try again; -v shows every try.");
	else if (f->remedy[0] != '\0')
		report_say(hint, "%s", f->remedy);
	else
		report_say(hint, "Correct what the text names.");
}

void
explain_credentials(struct check *c, const char *why, enum prog_status status)
{
	struct report *r = &c->report;

	report_say(&r->detail, "%s", why);
	if (status == PROG_TEMPORARY)
		report_say(&r->hint, "Whoever gives the credentials did not answer: try again.");
	else if (status == PROG_FAIL)
		report_say(&r->hint, "These credentials were found, but their source does not "
		    "give them: mend it, or choose others by --profile.");
	else if (strncmp(why, "no credentials", 14) != 0)
		report_say(&r->hint, "Correct what the text names. cognito-credentials(7) shows "
		    "every way.");
	else
		report_say(&r->hint, "Make a profile and name it by --profile or AWS_PROFILE, or "
		    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, "
		    "which temporary keys need). cognito-credentials(7) shows every way.");
}

/* What an AccessDenied says of its reason, where it does. */
static bool
hint_of_deny(struct buf *hint, const struct refusal *f)
{
	static const struct {
		const char *text, *hint;
	} table[] = {
		{ "service control policy", "A service control policy of the organization "
		    "stands against it: its administrators must allow it." },
		{ "resource control policy", "A resource control policy of the organization "
		    "stands against it: its administrators must allow it." },
		{ "VPC endpoint policy", "The policy of the VPC endpoint stands against it: "
		    "allow the action there." },
		{ "permissions boundary", "The permissions boundary stands against it: allow "
		    "the action there, too." },
		{ "session policy", "The policy of this session stands against it: it was made "
		    "with less than the role has." },
		{ "explicit deny", "A policy denies it explicitly: no other policy helps until "
		    "that statement is gone." },
		{ "by root accounts", "The keys are those of the account itself, which cannot "
		    "assume roles: make a user or a role for this." }
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (says(f, table[i].text)) {
			report_say(hint, "%s", table[i].hint);
			return true;
		}
	return false;
}

bool
explain_identity(struct check *c, const char *why, enum prog_status status)
{
	struct report *r = &c->report;
	struct refusal f;

	read_why(&f, c, why, status);
	report_say(&r->detail, "%s", f.text);
	if (is_code(&f, "AccessDenied", "AccessDeniedException")) {
		if (!hint_of_deny(&r->hint, &f))
			report_say(&r->hint, "No policy of the caller can forbid this; that of a "
			    "VPC endpoint for STS can.");
		return false;
	}
	if (!hint_keys(&r->hint, &f, &c->sts))
		hint_other(&r->hint, &f);
	return status != PROG_TEMPORARY;
}

/* The caller's ARN, or NULL: as STS told it, else as a denial names it.  Heap. */
static char *
find_caller(const struct check *c, const struct refusal *f)
{
	static const char before[] = "User: ";
	const char *at = strstr(f->e.message, before);

	if (c->caller != NULL)
		return mem_dup_string(c->caller);
	if (at == NULL || strncmp(at + sizeof before - 1, "arn:", 4) != 0)
		return NULL;
	at += sizeof before - 1;
	return mem_dup(at, strcspn(at, " "));
}

/* What the trust policy must say. */
static void
put_trust(struct check *c, const struct refusal *f)
{
	struct buf *hint = &c->report.hint;
	char *caller = find_caller(c, f);
	char *principal = caller != NULL ? arn_principal(caller) : NULL;

	report_say(hint, "The trust policy of the role must allow sts:AssumeRole to %s",
	    principal != NULL ? principal : "this caller");
	if (c->role_arn == NULL)
		report_say(hint, ", and a condition on sts:ExternalId must equal external_id of "
		    "the profile");
	else if (c->external_id != NULL)
		report_say(hint, ", and its condition on sts:ExternalId must equal what "
		    "--external-id gives, letter for letter");
	else
		report_say(hint, "; if it has a condition on sts:ExternalId, give that by "
		    "--external-id");
	report_say(hint, "; one on MFA needs a profile with mfa_serial. ");
	free(caller);
	free(principal);
}

static void
hint_trust(struct check *c, const struct refusal *f)
{
	struct buf *hint = &c->report.hint;

	if (says(f, "no role trust policy allows") || says(f, "no resource-based policy allows")) {
		put_trust(c, f);
	} else {
		report_say(hint, says(f, "no identity-based policy allows") ?
		    "AWS names the caller's own policy, yet it may be one of these. 1. " :
		    "AWS does not say which of these it is. 1. ");
		put_trust(c, f);
		report_say(hint, "2. The caller's own policy must allow sts:AssumeRole on the role. "
		    "3. The role must exist, in the account that its ARN names: of one that does "
		    "not AWS says the same. ");
	}
	report_say(hint, "check-connection --print-policy prints both policies.");
}

/* A role that was not even asked for, or that is refused for a reason that STS tells. */
static bool
hint_role(struct buf *hint, const struct refusal *f)
{
	if (says(f, "an MFA code is needed"))
		report_say(hint, "Run this at a terminal, or under assume-role --token-code-fd.");
	else if (says(f, "the MFA code was not"))
		report_say(hint, "Give the six digits that the device shows.");
	else if (f->remedy[0] != '\0' && !f->temporary &&
	    (f->web || says(f, "MultiFactorAuthentication")))
		report_say(hint, "%s", f->remedy);
	else
		return false;
	return true;
}

void
explain_role(struct check *c, const char *why, enum prog_status status)
{
	struct report *r = &c->report;
	struct refusal f;

	read_why(&f, c, why, status);
	report_say(&r->detail, "%s", f.text);
	if (hint_role(&r->hint, &f))
		return;
	if (is_code(&f, "AccessDenied", "AccessDeniedException")) {
		if (!hint_of_deny(&r->hint, &f))
			hint_trust(c, &f);
	} else if (!hint_keys(&r->hint, &f, &c->sts)) {
		hint_other(&r->hint, &f);
	}
}

/* The pool's id begins with a region that is not ours. */
static void
hint_other_region(struct buf *hint, const struct check *c)
{
	size_t len = strcspn(c->pool, "_");

	if (strlen(c->config.region) != len || strncmp(c->pool, c->config.region, len) != 0)
		report_say(hint, " The pool's id begins with %.*s, but the region is %s (%s): try "
		    "--region %.*s.", (int)len, c->pool, c->config.region, check_region_from(c),
		    (int)len, c->pool);
}

static void
hint_permission(struct check *c, const char *operation, const struct refusal *f)
{
	char *caller = find_caller(c, f);
	char *account = caller != NULL ? arn_account(caller) : NULL;
	char *principal = caller != NULL ? arn_principal(caller) : NULL;
	bool of_pool = plan_operation(operation)->resource == PLAN_USER_POOL;
	struct buf *hint = &c->report.hint;

	if (!hint_of_deny(hint, f)) {
		report_say(hint, "Allow cognito-idp:%s on ", operation);
		if (of_pool)
			arn_put_pool(hint, c->config.region, account, c->pool);
		else
			report_say(hint, "resource *");
		report_say(hint, " in a policy of %s; check-connection --print-policy prints it. "
		    "If one allows the action already, does it name %s?",
		    principal != NULL ? principal : "the caller",
		    of_pool ? "another pool" : "pools, which it cannot be granted for");
		if (c->role_arn == NULL && principal != NULL && strstr(principal, ":role/") == NULL)
			report_say(hint, " If these keys are there to assume a role, give it by "
			    "--role-arn.");
		if (of_pool)
			hint_other_region(hint, c);
	}
	free(caller);
	free(account);
	free(principal);
}

bool
explain_lacks_pool(const struct aws_result *result)
{
	bool of_group = strcmp(result->operation, "GetGroup") == 0 ||
	    strcmp(result->operation, "ListUsersInGroup") == 0;

	return strcmp(result->code, "ResourceNotFoundException") == 0 &&
	    (!of_group || strstr(result->message, "pool") != NULL);
}

bool
explain_is_denied(const struct aws_result *result)
{
	return strcmp(result->code, "AccessDeniedException") == 0;
}

void
explain_call(struct check *c, const struct aws_result *result)
{
	struct report *r = &c->report;
	struct refusal f;

	read_refusal(&f, c, AWS_COGNITO_IDP, result->operation, result->code, result->message);
	f.temporary = result->outcome == AWS_TEMPORARY;
	report_say(&r->detail, "%s", f.text);
	if (explain_is_denied(result)) {
		hint_permission(c, result->operation, &f);
	} else if (explain_lacks_pool(result)) {
		report_say(&r->hint, "Is the pool's id (%s) right, and is the pool in region %s "
		    "(%s) and in this account?", c->pool_from, c->config.region,
		    check_region_from(c));
		hint_other_region(&r->hint, c);
	} else if (is_code(&f, "UnknownOperationException", NULL)) {
		report_say(&r->hint, "What answers at %s (%s) is no user pool service.",
		    c->config.endpoint, c->config.endpoint_from);
	} else if (is_code(&f, "OperationNotEnabledException", NULL)) {
		report_say(&r->hint, "This is the replica of a pool: ask in its primary region.");
	} else if (!hint_keys(&r->hint, &f, &c->config)) {
		hint_other(&r->hint, &f);
	}
}
