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
	buf_free(&hint);
	snprintf(f->e.message, sizeof f->e.message, "%.*s", AWSERR_MESSAGE_SIZE - 1,
	    f->text);
}

/* The same for "...OPERATION: CODE: text; hint", whatever stands before. */
static void
read_why(struct refusal *f, const struct check *c, const char *operation, const char *why)
{
	const char *at = strstr(why, operation);
	char code[AWSERR_CODE_SIZE] = "";

	if (at != NULL && strncmp(at + strlen(operation), ": ", 2) == 0) {
		const char *text = at + strlen(operation) + 2;
		size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.");

		if (len > 0 && len < sizeof code && text[len] == ':') {
			memcpy(code, text, len);
			code[len] = '\0';
		}
	}
	read_refusal(f, c, AWS_STS, operation, code, why);
}

/* What is wrong with the keys or the request as such.  Returns whether that was it. */
static bool
hint_keys(struct buf *hint, const struct refusal *f, const char *region)
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
			    "endpoint?", region);
		else
			report_say(hint, "The secret key does not belong to the access key: was "
			    "it cut off, or quotes or a line end added, when it was copied?");
	} else if (is_code(f, "ExpiredToken", "ExpiredTokenException")) {
		report_say(hint, "The session is over: log in anew. Sessions of a profile with "
		    "role_arn, and those under assume-role, are renewed without that.");
	} else if (is_code(f, "RegionDisabledException", "OptInRequired")) {
		report_say(hint, "Region %s is not switched on for this account: switch it on in "
		    "the account's settings, or choose another.", region);
	} else if (awserr_classify(&f->e, 400) == AWSERR_THROTTLE) {
		report_say(hint, "Others use up this account's quota: try later, or with a lower "
		    "--share.");
	} else if (f->e.code[0] == '\0') {
		report_say(hint, "The network or what stands in between failed, not AWS: try "
		    "again; -v shows every try.");
	} else {
		return false;
	}
	return true;
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
	else
		report_say(&r->hint, "Make a profile and name it by --profile or AWS_PROFILE, or "
		    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, "
		    "which temporary keys need). cognito-credentials(7) shows every way.");
}

void
explain_identity(struct check *c, const char *why)
{
	struct report *r = &c->report;
	struct refusal f;

	read_why(&f, c, "GetCallerIdentity", why);
	report_say(&r->detail, "%s", f.text);
	(void)hint_keys(&r->hint, &f, c->config.region);
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
		    "assume roles: make a user or a role for this." },
		{ "MultiFactorAuthentication", "The role wants a code of an MFA device: use a "
		    "profile with mfa_serial, or assume-role --serial-number." }
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (says(f, table[i].text)) {
			report_say(hint, "%s", table[i].hint);
			return true;
		}
	return false;
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

static void
hint_trust(struct check *c, const struct refusal *f)
{
	struct buf *hint = &c->report.hint;
	char *caller = find_caller(c, f);
	char *principal = caller != NULL ? arn_principal(caller) : NULL;

	report_say(hint, "AWS does not say which of these it is. 1. The trust policy of the role "
	    "must allow sts:AssumeRole to %s",
	    principal != NULL ? principal : "this caller");
	if (c->role_arn == NULL)
		report_say(hint, ", and a condition on sts:ExternalId must equal external_id of "
		    "the profile. ");
	else if (c->external_id != NULL)
		report_say(hint, ", and its condition on sts:ExternalId must equal what "
		    "--external-id gives, letter for letter. ");
	else
		report_say(hint, "; if it has a condition on sts:ExternalId, give that by "
		    "--external-id. ");
	report_say(hint, "2. The caller's own policy must allow sts:AssumeRole on the role. 3. The "
	    "role must exist: of one that does not AWS says the same. check-connection "
	    "--print-policy prints both policies.");
	free(caller);
	free(principal);
}

void
explain_role(struct check *c, const char *why)
{
	struct report *r = &c->report;
	struct refusal f;

	read_why(&f, c, "AssumeRole", why);
	report_say(&r->detail, "%s", f.text);
	if (is_code(&f, "AccessDenied", "AccessDeniedException")) {
		if (!hint_of_deny(&r->hint, &f))
			hint_trust(c, &f);
	} else if (!hint_keys(&r->hint, &f, c->sts.region)) {
		report_say(&r->hint, "Correct what the text names.");
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
	struct buf *hint = &c->report.hint;

	if (!hint_of_deny(hint, f)) {
		report_say(hint, "Allow cognito-idp:%s on ", operation);
		arn_put_pool(hint, c->config.region, account, c->pool);
		report_say(hint, " in a policy of %s; check-connection --print-policy prints it. "
		    "If one allows the action already, does it name another pool?",
		    principal != NULL ? principal : "the caller");
		if (c->role_arn == NULL && principal != NULL && strstr(principal, ":role/") == NULL)
			report_say(hint, " If these keys are there to assume a role, give it by "
			    "--role-arn.");
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
	} else if (!hint_keys(&r->hint, &f, c->config.region)) {
		report_say(&r->hint, "Correct what the text names.");
	}
}
