/* What to do about an error of the service, where we know. */
#include <string.h>

#include "net/awserr.h"

static bool
is(const struct awserr *e, const char *code)
{
	return strcmp(e->code, code) == 0;
}

static bool
says(const struct awserr *e, const char *text)
{
	return strstr(e->message, text) != NULL;
}

/* The texts are the service's own; other refusals of a code have the same AccessDenied. */
static void
hint_mfa(const struct awserr *e, struct buf *b)
{
	if (says(e, "invalid MFA one time pass code"))
		(void)buf_append_string(b, "; the token code was wrong or used before: wait for "
		    "the next one");
	else if (says(e, "unable to validate") || says(e, "serial number is valid"))
		(void)buf_append_string(b, "; check the serial number: it must be that of an MFA "
		    "device of this caller");
	else
		(void)buf_append_string(b, "; give the MFA device's serial number and a token "
		    "code");
}

/*
 * Whether permission for it cannot be given for one pool: "Actions, resources, and condition keys" of
 * the Service Authorization Reference names no resource for these.
 */
static bool
is_of_account(const char *operation)
{
	return strcmp(operation, "ListUserPools") == 0 ||
	    strcmp(operation, "ListIdentityPools") == 0 ||
	    strcmp(operation, "DescribeUserPoolDomain") == 0 ||
	    strcmp(operation, "GetProvisionedLimit") == 0;
}

static void
hint_denied(const struct awserr *e, enum aws_service service, const char *operation, struct buf *b)
{
	const struct aws_service_names *names = aws_service_names(service);

	if (names->of_cognito)
		(void)buf_appendf(b, "; the role needs %s:%s on %s", names->name, operation,
		    is_of_account(operation) ? "resource *" : "this pool");
	else if (says(e, "MultiFactorAuthentication"))
		hint_mfa(e, b);
	else if (strcmp(operation, "AssumeRole") == 0)
		(void)buf_append_string(b, "; the role's trust policy must name this caller and "
		    "the external ID, and the caller needs sts:AssumeRole on the role");
	else if (strcmp(operation, "AssumeRoleWithWebIdentity") == 0)
		(void)buf_append_string(b, "; the role's trust policy must name the token's issuer "
		    "and fit its audience and subject");
}

/* What STS knows beyond the codes of every service.  Returns whether that was it. */
static bool
hint_sts(const struct awserr *e, const char *operation, struct buf *b)
{
	bool web = strcmp(operation, "AssumeRoleWithWebIdentity") == 0;
	const char *hint = NULL;

	if (says(e, "session limit for roles assumed by role chaining"))
		hint = "; the caller is a role itself: leave --duration-seconds (duration_seconds) "
		    "out";
	else if (says(e, "DurationSeconds exceeds the MaxSessionDuration"))
		hint = "; lower --duration-seconds (duration_seconds), or raise the role's maximum "
		    "session duration";
	else if (is(e, "PackedPolicyTooLarge") || is(e, "PackedPolicyTooLargeException"))
		hint = "; give fewer or shorter tags and policies";
	else if (is(e, "MalformedPolicyDocument") || is(e, "MalformedPolicyDocumentException"))
		hint = "; check the policies' ARNs, or give fewer or shorter ones";
	else if (is(e, "InvalidIdentityToken") || is(e, "InvalidIdentityTokenException"))
		hint = "; the token file's token is not one of an identity provider of the role's "
		    "account";
	else if (is(e, "IDPRejectedClaim") || is(e, "IDPRejectedClaimException"))
		hint = "; the identity provider does not accept the token file's token any more";
	else if (web && awserr_classify(e, 400) == AWSERR_EXPIRED)
		hint = "; the token file's token is too old: whoever writes that file must renew it";
	if (hint != NULL)
		(void)buf_append_string(b, hint);
	return hint != NULL;
}

static void
hint_signature(const struct awserr *e, struct buf *b)
{
	if (awserr_is_skew(e))
		(void)buf_append_string(b, "; check the clock of this machine");
	else if (says(e, "scoped"))
		(void)buf_append_string(b, "; does --region fit the endpoint?");
	else
		(void)buf_append_string(b, "; check AWS_SECRET_ACCESS_KEY");
}

static void
hint_not_found(const struct awserr *e, const char *operation, const char *region, struct buf *b)
{
	bool of_group = strcmp(operation, "GetGroup") == 0 ||
	    strcmp(operation, "ListUsersInGroup") == 0;

	if (of_group && !says(e, "pool"))
		return;
	(void)buf_appendf(b, "; is the pool in region %s?", region);
}

void
awserr_hint(const struct awserr *e, enum aws_service service, const char *operation,
    const char *region, struct buf *b)
{
	enum awserr_class class = awserr_classify(e, 400);

	if (service == AWS_STS && hint_sts(e, operation, b))
		return;
	if (is(e, "AccessDeniedException") || is(e, "AccessDenied"))
		hint_denied(e, service, operation, b);
	else if (is(e, "ResourceNotFoundException"))
		hint_not_found(e, operation, region, b);
	else if (is(e, "UnrecognizedClientException") || is(e, "InvalidClientTokenId"))
		(void)buf_append_string(b, "; check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN "
		    "which temporary keys need");
	else if (class == AWSERR_EXPIRED)
		(void)buf_append_string(b, "; get new credentials");
	else if (class == AWSERR_SKEW)
		hint_signature(e, b);
	else if (is(e, "RegionDisabledException"))
		(void)buf_appendf(b, "; STS is switched off in region %s: choose another, or switch "
		    "it on in the account's settings", region);
	else if (is(e, "UnknownOperationException"))
		(void)buf_append_string(b, "; is the endpoint one of this service?");
	else if (class == AWSERR_THROTTLE)
		(void)buf_append_string(b, aws_service_names(service)->of_cognito ?
		    "; try later, or with a lower --share" : "; try later");
}
