/* What to do about an error of the service, where we know. */
#include <string.h>

#include "net/awserr.h"

static bool
is(const struct awserr *e, const char *code)
{
	return strcmp(e->code, code) == 0;
}

static void
hint_denied(enum aws_service service, const char *operation, struct buf *b)
{
	if (service != AWS_STS)
		(void)buf_appendf(b, "; the role needs cognito-idp:%s on this pool", operation);
	else if (strcmp(operation, "AssumeRole") == 0)
		(void)buf_append_string(b, "; the role's trust policy must name this caller and "
		    "the external ID, and the caller needs sts:AssumeRole on the role");
}

static void
hint_signature(const struct awserr *e, struct buf *b)
{
	if (awserr_is_skew(e))
		(void)buf_append_string(b, "; check the clock of this machine");
	else if (strstr(e->message, "scoped") != NULL)
		(void)buf_append_string(b, "; does --region fit the endpoint?");
	else
		(void)buf_append_string(b, "; check AWS_SECRET_ACCESS_KEY");
}

static void
hint_not_found(const struct awserr *e, const char *operation, const char *region, struct buf *b)
{
	bool of_group = strcmp(operation, "GetGroup") == 0 ||
	    strcmp(operation, "ListUsersInGroup") == 0;

	if (of_group && strstr(e->message, "pool") == NULL)
		return;
	(void)buf_appendf(b, "; is the pool in region %s?", region);
}

void
awserr_hint(const struct awserr *e, enum aws_service service, const char *operation,
    const char *region, struct buf *b)
{
	enum awserr_class class = awserr_classify(e, 400);

	if (is(e, "AccessDeniedException") || is(e, "AccessDenied"))
		hint_denied(service, operation, b);
	else if (is(e, "ResourceNotFoundException"))
		hint_not_found(e, operation, region, b);
	else if (is(e, "UnrecognizedClientException") || is(e, "InvalidClientTokenId"))
		(void)buf_append_string(b, "; check AWS_ACCESS_KEY_ID, and AWS_SESSION_TOKEN "
		    "which temporary keys need");
	else if (class == AWSERR_EXPIRED)
		(void)buf_append_string(b, "; get new credentials, for instance by assume-role");
	else if (class == AWSERR_SKEW)
		hint_signature(e, b);
	else if (is(e, "RegionDisabledException"))
		(void)buf_appendf(b, "; STS is switched off in region %s", region);
	else if (is(e, "UnknownOperationException"))
		(void)buf_append_string(b, "; is the endpoint one of this service?");
	else if (class == AWSERR_THROTTLE)
		(void)buf_append_string(b, "; try later, or with a lower --share");
}
