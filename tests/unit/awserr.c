/* Error answers in all the forms that AWS, proxies and emulators give them. */
#include "net/awserr.h"
#include "tap.h"

static struct awserr e;

static void
parse(enum aws_service service, long status, const char *header, const char *body)
{
	awserr_parse(&e, service, status, header, body, strlen(body));
}

static void
quoted_words(void)
{
	char body[1024], word[101];

	memset(word, 'x', 100);
	word[100] = '\0';
	snprintf(body, sizeof body, "{\"__type\":\"Odd\",\"message\":\"Value '%s' at 'token' and %s\"}", word,
	    word + 1);
	parse(AWS_COGNITO_IDP, 400, "", body);
	is(strncmp(e.message, "Value '[...]' at 'token' and xxx", 32) == 0 ? word : e.message, word,
	    "a word as long as a token is left out, a shorter one is not");
	memset(body, ' ', sizeof body);
	snprintf(body, sizeof body, "<E><Code>X</Code><Message>%*s%s</Message></E>", 480, "y", word);
	parse(AWS_STS, 400, "", body);
	ok(strstr(e.message, "xx") == NULL, "nor is it cut instead");
}

static void
json_forms(void)
{
	parse(AWS_COGNITO_IDP, 400, "NotAuthorizedException:",
	    "{\"__type\":\"NotAuthorizedException\",\"message\":\"Incorrect username or password.\"}");
	is(e.code, "NotAuthorizedException", "plain __type");
	is(e.message, "Incorrect username or password", "message, its full stop dropped");
	parse(AWS_COGNITO_IDP, 400, "", "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\","
	    "\"Message\":\"A \\\"quoted\\\" \\u00e9\"}");
	is(e.code, "InvalidSignatureException", "namespaced __type");
	is(e.message, "A \"quoted\" \xc3\xa9", "capital Message, escapes decoded");
	parse(AWS_COGNITO_IDP, 400, "", "{\"__type\":\"Foo:http://x/y#z\"}");
	is(e.code, "Foo", "__type with an address behind");
	is(e.message, "", "no message");
	parse(AWS_COGNITO_IDP, 400, "", "{\"code\":\"Foo,Bar\",\"errorMessage\":\"m\"}");
	is(e.code, "Foo", "code with a comma");
	is(e.message, "m", "errorMessage");
	parse(AWS_COGNITO_IDP, 400, "TooManyRequestsException:", "{}");
	is(e.code, "TooManyRequestsException", "the header if the body has none");
	parse(AWS_COGNITO_IDP, 400, "TooManyRequestsException", "");
	is(e.code, "TooManyRequestsException", "the header with an empty body");
	parse(AWS_COGNITO_IDP, 400, "", "{\"__type\":7,\"message\":[1]}");
	is(e.code, "", "members of the wrong type are none");
	parse(AWS_COGNITO_IDP, 400, "", "{\"__type\":\"bad\\u0000code\"}");
	is(e.code, "", "a code with NUL is none");
	parse(AWS_COGNITO_IDP, 403, "", "{\"__type\":\"InvalidSignatureException\",\"message\":\"It does not match. "
	    "Consult the manual.\\n\\nThe Canonical String for this request should have been\\n'POST\\n/\\n\\n"
	    "x-amz-security-token:SECRET\"}");
	is(e.message, "It does not match. Consult the manual", "the request that AWS repeats is left out");
	parse(AWS_COGNITO_IDP, 403, "", "{\"__type\":\"InvalidSignatureException\",\"message\":\"\\r\\n It does not match."
	    " The Canonical String for this request should have been 'POST / x-amz-security-token:SECRET\"}");
	is(e.message, "It does not match", "on the same line, too");
	quoted_words();
	parse(AWS_COGNITO_IDP, 503, "", "<html><body>Service Unavailable</body></html>");
	is(e.code, "", "HTML has no code");
	is(e.message, "HTTP 503 with a page instead of an answer: a proxy or load balancer in between",
	    "HTML is named, not printed");
	parse(AWS_COGNITO_IDP, 502, "", "Bad gateway");
	is(e.message, "HTTP 502 without an error code", "text is not printed either");
}

static void
xml_forms(void)
{
	parse(AWS_STS, 403, "", "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
	    "<Type>Sender</Type><Code>AccessDenied</Code><Message>User: a &amp; b</Message></Error>"
	    "<RequestId>1</RequestId></ErrorResponse>");
	is(e.code, "AccessDenied", "STS code");
	is(e.message, "User: a & b", "STS message, entity decoded");
	parse(AWS_STS, 403, "", "<Response><Errors><Error><Code>X</Code><Message>y</Message></Error></Errors></Response>");
	is(e.code, "X", "the older form");
	parse(AWS_STS, 403, "", "<!DOCTYPE a [<!ENTITY x \"y\">]><E><Code>X</Code></E>");
	is(e.code, "", "a DOCTYPE is refused");
	parse(AWS_STS, 500, "", "<E><Code>X");
	is(e.code, "", "cut XML has no code");
}

static enum awserr_class
class_of(const char *code, long status)
{
	memset(&e, 0, sizeof e);
	memcpy(e.code, code, strlen(code) + 1);
	return awserr_classify(&e, status);
}

static void
classes(void)
{
	ok(class_of("TooManyRequestsException", 400) == AWSERR_THROTTLE, "throttle with 400");
	ok(class_of("Throttling", 400) == AWSERR_THROTTLE, "STS's throttle");
	ok(class_of("LimitExceededException", 400) == AWSERR_DENIED, "LimitExceeded is none");
	ok(class_of("LimitExceededException", 429) == AWSERR_DENIED, "nor with 429");
	ok(class_of("LimitExceededException", 503) == AWSERR_TRANSIENT,
	    "an unknown code goes by its status");
	ok(class_of("", 429) == AWSERR_THROTTLE, "429 without a code");
	ok(class_of("", 503) == AWSERR_TRANSIENT, "503 without a code");
	ok(class_of("", 403) == AWSERR_DENIED, "403 without a code");
	ok(class_of("InternalErrorException", 500) == AWSERR_TRANSIENT, "internal error");
	ok(class_of("InternalErrorException", 400) == AWSERR_TRANSIENT, "the code decides");
	ok(class_of("ResourceNotFoundException", 503) == AWSERR_TRANSIENT, "503 with a code that decides nothing");
	ok(class_of("InvalidSignatureException", 400) == AWSERR_SKEW, "may be the clock");
	ok(class_of("SignatureDoesNotMatch", 403) == AWSERR_SKEW, "may be the clock (STS)");
	ok(class_of("ExpiredTokenException", 400) == AWSERR_EXPIRED, "expired");
	ok(class_of("AccessDeniedException", 400) == AWSERR_DENIED, "denied");
	ok(awserr_may_be_skew(&e), "which a wrong clock can cause, too");
	(void)class_of("ResourceNotFoundException", 400);
	ok(!awserr_may_be_skew(&e), "but not this");
}

static void
hint(enum aws_service service, const char *operation, const char *code, const char *message,
    const char *expected)
{
	struct buf b;

	(void)class_of(code, 400);
	snprintf(e.message, sizeof e.message, "%s", message);
	buf_init(&b, 1000);
	awserr_hint(&e, service, operation, "eu-west-1", &b);
	is(buf_string(&b), expected, code);
	buf_free(&b);
}

static void
hints(void)
{
	hint(AWS_COGNITO_IDP, "ListUsers", "AccessDeniedException", "x",
	    "; the role needs cognito-idp:ListUsers on this pool");
	hint(AWS_COGNITO_IDP, "ListUserPools", "AccessDeniedException", "x",
	    "; the role needs cognito-idp:ListUserPools on resource *");
	hint(AWS_COGNITO_IDENTITY, "DescribeIdentityPool", "AccessDeniedException", "x",
	    "; the role needs cognito-identity:DescribeIdentityPool on this pool");
	hint(AWS_COGNITO_IDENTITY, "ListIdentityPools", "TooManyRequestsException", "x",
	    "; try later, or with a lower --share");
	hint(AWS_COGNITO_IDP, "ListUsers", "ResourceNotFoundException",
	    "User pool x does not exist.", "; is the pool in region eu-west-1?");
	hint(AWS_COGNITO_IDP, "GetGroup", "ResourceNotFoundException", "Group not found.", "");
	hint(AWS_COGNITO_IDP, "ListUsers", "InvalidSignatureException", "Signature expired: 1",
	    "; check the clock of this machine");
	hint(AWS_COGNITO_IDP, "ListUsers", "InvalidSignatureException", "does not match",
	    "; check AWS_SECRET_ACCESS_KEY");
	hint(AWS_COGNITO_IDP, "ListUsers", "InvalidParameterException", "x", "");
}

int
main(void)
{
	json_forms();
	xml_forms();
	classes();
	hints();
	return tap_done();
}
