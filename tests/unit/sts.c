/* STS: the forms, what becomes of the answers, the hints, and reading XML. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "listener.h"
#include "net/awserr.h"
#include "net/source.h"
#include "net/sts.h"
#include "tap.h"

static const char role[] = "arn:aws:iam::123456789012:role/cognitoApiAccessRole";
static char filler[2100];

/* The last n bytes of many 'x'. */
static const char *
of_length(size_t n)
{
	return filler + sizeof filler - 1 - n;
}

static void
fill(char *to, const char *character, size_t times)
{
	size_t n = strlen(character);

	for (size_t i = 0; i < times; i++)
		memcpy(to + i * n, character, n);
	to[times * n] = '\0';
}

#define CREDENTIALS(key, secret, token, expiration) "<R xmlns=\"u\"><Credentials>" \
	"<AccessKeyId>" key "</AccessKeyId><SecretAccessKey>" secret "</SecretAccessKey>" \
	"<SessionToken>" token "</SessionToken><Expiration>" expiration "</Expiration>" \
	"</Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:x</Arn></AssumedRoleUser></R>"
#define LATER "2999-01-02T03:04:05Z"
#define GOOD "200 " CREDENTIALS("ASIAEXAMPLE", "s3cret", "to\nken", LATER)

static char why[CRED_WHY_SIZE];

static struct aws_client *
new_client(bool is_signed)
{
	struct aws_config config = {
		.service = AWS_STS, .region = mem_dup_string("us-east-1"), .connect_ms = 5000,
		.read_ms = 5000, .region_from = "test", .endpoint_from = "test"
	};
	struct cred cred = { mem_dup_string("AKIDEXAMPLE"), mem_dup_string("secret"), NULL, 0, 0 };
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d", listener_port);
	config.endpoint = mem_dup_string(url);
	keeper_init(&config.keeper, is_signed ? source_fixed("test", &cred) : NULL);
	if (!is_signed)
		cred_free(&cred);
	return aws_new(&config);
}

/* One AssumeRole against one answer.  Returns the status; the request is in listener_seen. */
static enum prog_status
assume(const struct sts_assume_role *r, const char *answer, struct cred *cred, char **arn)
{
	struct aws_client *c;
	enum prog_status status;

	listener_start((const char *const[]){ answer, NULL });
	c = new_client(true);
	why[0] = '\0';
	status = sts_assume_role(c, r, cred, arn, why);
	aws_free(c);
	ok(listener_stop(), "one request");
	return status;
}

static void
whole_form(void)
{
	const struct sts_assume_role r = {
		.role_arn = role, .session_name = "sync", .external_id = "a/b=c", .duration_seconds = 900,
		.source_identity = "ana@x", .serial_number = "arn:aws:iam::1:mfa/a",
		.token_code = "012345",
		.tags = (const struct sts_tag[]){ { "Team x", "\xc3\xa9+\xe6\x9d\xb1" }, { "b", "" } },
		.tag_count = 2,
		.transitive_tag_keys = (const char *const[]){ "Team x", "old" },
		.transitive_tag_key_count = 2,
		.policy_arns = (const char *const[]){ "arn:aws:iam::aws:policy/A",
		    "arn:aws:iam::123456789012:policy/b~c" },
		.policy_arn_count = 2
	};
	struct cred cred;
	char *arn = NULL;

	ok(assume(&r, GOOD, &cred, &arn) == PROG_OK, "AssumeRole with everything");
	is(listener_body(listener_seen), "Action=AssumeRole&Version=2011-06-15"
	    "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FcognitoApiAccessRole"
	    "&RoleSessionName=sync&ExternalId=a%2Fb%3Dc&DurationSeconds=900"
	    "&SourceIdentity=ana%40x&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fa&TokenCode=012345"
	    "&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FA"
	    "&PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2Fb~c"
	    "&Tags.member.1.Key=Team%20x&Tags.member.1.Value=%C3%A9%2B%E6%9D%B1"
	    "&Tags.member.2.Key=b&Tags.member.2.Value="
	    "&TransitiveTagKeys.member.1=Team%20x&TransitiveTagKeys.member.2=old", "the form");
	ok(strstr(listener_seen, "Authorization: AWS4-HMAC-SHA256 ") != NULL, "signed");
	is(cred.access_key, "ASIAEXAMPLE", "key id");
	is(cred.secret_key, "s3cret", "secret");
	is(cred.session_token, "token", "white space leaves the token");
	is(arn, "arn:aws:sts::1:x", "ARN");
	ok(cred.lifetime_ms > 0 && cred.expires_ms - cred.lifetime_ms <= clock_wall_ms(),
	    "the lifetime counts from now");
	cred_free(&cred);
	free(arn);
}

/* The keys' common part is 123 characters, so that five can tell them apart. */
static void
largest_form(void)
{
	static char keys[50][4 * 128 + 1], value[4 * 256 + 1], arns[10][2049], role_arn[2049];
	struct sts_tag list[50];
	const char *transitive[50], *policy_arns[10];
	const struct sts_assume_role r = { .role_arn = role_arn, .session_name = of_length(64),
		.external_id = of_length(1224), .duration_seconds = 43200,
		.source_identity = of_length(64), .serial_number = of_length(256),
		.token_code = "123456", .tags = list, .tag_count = 50,
		.transitive_tag_keys = transitive, .transitive_tag_key_count = 50,
		.policy_arns = policy_arns, .policy_arn_count = 10 };
	size_t wide = 0;
	struct cred cred;

	snprintf(role_arn, sizeof role_arn, "arn:aws:iam::123456789012:role/%s", of_length(2048 - 31));
	fill(value, "\xf0\x90\x8d\x88", 256);
	for (size_t i = 0; i < 50; i++) {
		fill(keys[i], "\xf0\x90\x8d\x88", 123);
		snprintf(keys[i] + strlen(keys[i]), 6, "%05zu", i);
		list[i] = (struct sts_tag){ keys[i], value };
		transitive[i] = keys[i];
	}
	for (size_t i = 0; i < 10; i++) {
		snprintf(arns[i], sizeof arns[i], "arn:aws:iam::123456789012:policy/%s",
		    of_length(2048 - 33));
		memset(arns[i] + 33, '=', 2048 - 33);
		policy_arns[i] = arns[i];
	}
	ok(assume(&r, GOOD, &cred, NULL) == PROG_OK, "everything at its limit");
	cred_free(&cred);
	for (const char *at = listener_seen; (at = strstr(at, "%F0%90%8D%88")) != NULL; at++)
		wide++;
	ok(wide == 25100, "50 times 123, 256 and 123 characters are sent");
	wide = 0;
	for (const char *at = listener_seen; (at = strstr(at, "%3D")) != NULL; at++)
		wide++;
	ok(wide == 20150, "and 10 times 2015 of the policies");
	ok(strstr(listener_seen, "&Tags.member.50.Value=%F0") != NULL &&
	    strcmp(listener_seen + strlen(listener_seen) - 5, "00049") == 0, "to the last");
}

static void
answered(const char *answer, const char *expected, const char *title)
{
	const struct sts_assume_role r = { .role_arn = role, .session_name = "sync" };
	struct cred cred;

	ok(assume(&r, answer, &cred, NULL) == PROG_FAIL && cred.secret_key == NULL, title);
	is(why, expected, title);
}

static void
wrong_answers(void)
{
	static const char bad[] = " holds a character that cannot be in it (a line end or quotes "
	    "from a file?)";
	const struct sts_assume_role r = { .role_arn = role, .session_name = "sync" };
	struct cred cred;
	char text[200];

	answered("200 {}", "AssumeRole: the answer is not XML", "JSON");
	answered("200 <R/>", "AssumeRole: the answer lacks AccessKeyId", "nothing");
	answered("200 <R><AccessKeyId>A</AccessKeyId></R>",
	    "AssumeRole: the answer lacks SecretAccessKey", "half");
	answered("200 " CREDENTIALS("A", "b", "c", "soon"),
	    "AssumeRole: the answer has no usable Expiration", "a wrong date");
	answered("200 " CREDENTIALS("A", " ", "c", LATER),
	    "AssumeRole: the answer's SecretAccessKey is empty", "an empty secret");
	snprintf(text, sizeof text, "AssumeRole: the answer's SessionToken%s", bad);
	answered("200 " CREDENTIALS("A", "b", "c\xc3\xa9", LATER), text, "no ASCII in the token");
	snprintf(text, sizeof text, "AssumeRole: the answer's AccessKeyId%s", bad);
	answered("200 " CREDENTIALS("A/b", "b", "c", LATER), text, "what would end a key id");
	ok(assume(&r, "200 " CREDENTIALS("A", "b", "c", "2011-07-15T23:28:33.359Z"), &cred, NULL) ==
	    PROG_OK && cred.lifetime_ms == 0 && cred.expires_ms == 1310772513359,
	    "an end that is past: whose clock is wrong, the service will say");
	cred_free(&cred);
	answered("403 <E><Error><Code>AccessDenied</Code><Message>No. </Message></Error></E>",
	    "AssumeRole: AccessDenied: No; the role's trust policy must name this caller and the "
	    "external ID, and the caller needs sts:AssumeRole on the role", "a refusal");
}

/* Without a server: what cannot be right is not sent. */
static void
not_sent(void)
{
	struct sts_assume_role r = { .role_arn = "x", .session_name = "sync" };
	struct aws_client *c;
	struct cred cred;

	listener_port = 1;
	c = new_client(true);
	ok(sts_assume_role(c, &r, &cred, NULL, why) == PROG_FAIL, "a wrong member");
	is(why, "AssumeRole: role-arn: not an ARN of a role, arn:aws:iam::123456789012:role/NAME",
	    "is said");
	r.role_arn = role;
	r.token_code = "12345x";
	ok(sts_assume_role(c, &r, &cred, NULL, why) == PROG_FAIL, "a wrong code");
	is(why, "AssumeRole: the token code is not six digits", "is said");
	ok(aws_stats(c)->calls == 0, "nothing was sent");
	aws_free(c);
}

static bool
begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static void
web_identity(void)
{
	static char token[20002];
	struct sts_web_identity r = { .role_arn = role, .session_name = "sync",
		.token = "eyJ.eyJ.s-_=", .duration_seconds = 3600 };
	struct aws_client *c;
	struct cred cred;
	char *arn = NULL;

	listener_start((const char *const[]){ GOOD, GOOD, "400 <E><Code>InvalidIdentityToken</Code>"
	    "<Message>No</Message></E>", NULL });
	c = new_client(false);
	ok(sts_web_identity(c, &r, &cred, &arn, why) == PROG_OK, "AssumeRoleWithWebIdentity");
	is(cred.session_token, "token", "token");
	is(arn, "arn:aws:sts::1:x", "ARN");
	free(arn);
	cred_free(&cred);
	r.duration_seconds = 0;
	memset(token, '+', 20000);
	r.token = token;
	ok(sts_web_identity(c, &r, &cred, NULL, why) == PROG_OK, "the longest token");
	cred_free(&cred);
	ok(sts_web_identity(c, &r, &cred, NULL, why) == PROG_FAIL && strcmp(why,
	    "AssumeRoleWithWebIdentity: InvalidIdentityToken: No; the token file's token is not "
	    "one of an identity provider of the role's account") == 0, "a refusal");
	token[20000] = '+';
	ok(sts_web_identity(c, &r, &cred, NULL, why) == PROG_FAIL && strcmp(why,
	    "AssumeRoleWithWebIdentity: the token has not 4 to 20000 bytes") == 0, "a longer one");
	r.role_arn = "x";
	ok(sts_web_identity(c, &r, &cred, NULL, why) == PROG_FAIL, "no role");
	aws_free(c);
	ok(listener_stop(), "three requests");
	ok(strstr(listener_seen, "Authorization") == NULL, "not signed");
	ok(begins(listener_body(listener_seen), "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
	    "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FcognitoApiAccessRole"
	    "&RoleSessionName=sync&DurationSeconds=3600&WebIdentityToken=eyJ.eyJ.s-_%3DPOST"),
	    "the form, and behind it the next request");
}

static void
caller_identity(void)
{
	struct sts_identity id;
	struct aws_client *c;

	listener_start((const char *const[]){ "200 <R><Arn>arn:aws:iam::1:user/a</Arn>"
	    "<UserId> AIDA </UserId><Account>123456789012</Account></R>", "200 <R><Arn>a</Arn>"
	    "<UserId>b</UserId><Account> </Account></R>", "403 <E><Code>InvalidClientTokenId</Code></E>",
	    NULL });
	c = new_client(true);
	ok(sts_caller_identity(c, &id, why) == PROG_OK, "GetCallerIdentity");
	is(id.account, "123456789012", "account");
	is(id.arn, "arn:aws:iam::1:user/a", "ARN");
	is(id.user_id, "AIDA", "user ID");
	sts_identity_free(&id);
	ok(id.arn == NULL, "forgotten");
	ok(sts_caller_identity(c, &id, why) == PROG_FAIL && id.arn == NULL, "an answer without account");
	is(why, "GetCallerIdentity: the answer lacks Account", "is said");
	ok(sts_caller_identity(c, &id, why) == PROG_FAIL && id.arn == NULL, "a refusal");
	is(why, "GetCallerIdentity: InvalidClientTokenId; check AWS_ACCESS_KEY_ID, and "
	    "AWS_SESSION_TOKEN which temporary keys need", "is said");
	aws_free(c);
	ok(listener_stop(), "three requests");
	ok(begins(listener_body(listener_seen), "Action=GetCallerIdentity&Version=2011-06-15POST"),
	    "nothing but the operation is sent");
}

/* What a person is told beside the service's text. */
static void
hint(const char *operation, const char *code, const char *message, const char *expected)
{
	struct awserr e;
	struct buf b;

	memset(&e, 0, sizeof e);
	snprintf(e.code, sizeof e.code, "%s", code);
	snprintf(e.message, sizeof e.message, "%s", message);
	buf_init(&b, 1000);
	awserr_hint(&e, AWS_STS, operation, "eu-west-1", &b);
	ok(strstr(buf_string(&b), expected) != NULL && (expected[0] != '\0' || b.len == 0),
	    message[0] != '\0' ? message : code);
	buf_free(&b);
}

static void
hints(void)
{
	static const char web[] = "AssumeRoleWithWebIdentity";
	struct awserr e = { .code = "IDPCommunicationError" };

	hint("AssumeRole", "AccessDenied", "User: x is not authorized", "; the role's trust policy");
	hint("AssumeRole", "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one "
	    "time pass code.", "; the token code was wrong or used before");
	hint("AssumeRole", "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA "
	    "code.  Please verify your MFA serial number is valid and associated with this user.",
	    "; check the serial number");
	hint("AssumeRole", "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA "
	    "serial number and one time pass code.", "; give the MFA device's serial number");
	hint("AssumeRole", "ValidationError", "The requested DurationSeconds exceeds the 1 hour "
	    "session limit for roles assumed by role chaining.", "; the caller is a role itself");
	hint("AssumeRole", "ValidationError", "The requested DurationSeconds exceeds the "
	    "MaxSessionDuration set for this role.", "; lower --duration-seconds");
	hint("AssumeRole", "ValidationError", "something else", "");
	hint("AssumeRole", "PackedPolicyTooLarge", "", "; give fewer or shorter tags and policies");
	hint("AssumeRole", "MalformedPolicyDocument", "", "; check the policies' ARNs");
	hint("AssumeRole", "RegionDisabledException", "", "; STS is switched off in region eu-west-1");
	hint("AssumeRole", "ExpiredToken", "", "; get new credentials");
	hint(web, "ExpiredTokenException", "", "; the token file's token is too old");
	hint(web, "InvalidIdentityToken", "", "; the token file's token is not one");
	hint(web, "IDPRejectedClaim", "", "; the identity provider does not accept");
	hint(web, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity",
	    "; the role's trust policy must name the token's issuer");
	ok(awserr_classify(&e, 400) == AWSERR_TRANSIENT, "an identity provider that is not reached "
	    "may be reached later");
}

static void
xml(void)
{
	static const char answer[] = "<?xml version=\"1.0\"?><s:R xmlns:s=\"u\"><s:A> x &lt;&#233; </s:A>"
	    "<N>1<M>in</M>2</N><A>second</A><Empty/></s:R>";
	static const char *const names[] = { "A", "N", "Empty", "Absent", NULL };
	char *texts[4];

	ok(sts_xml_texts(answer, sizeof answer - 1, names, texts) == 0, "well-formed");
	is(texts[0], " x <\xc3\xa9 ", "prefix ignored, entities decoded, the first one wins");
	is(texts[1], "1in2", "text of the whole element");
	is(texts[2], "", "empty");
	ok(texts[3] == NULL, "absent");
	for (int i = 0; i < 4; i++)
		free(texts[i]);
	ok(sts_xml_texts("<a><A>x</A>", 11, names, texts) == -1 && texts[0] == NULL,
	    "cut: nothing is handed out");
	ok(sts_xml_texts("", 0, names, texts) == -1, "empty");
	ok(sts_xml_texts("<a/><b/>", 8, names, texts) == -1, "two roots");
	ok(sts_xml_texts("<!DOCTYPE a><a/>", 16, names, texts) == -1, "a DOCTYPE");
	ok(sts_xml_texts("<a>\xff</a>", 8, names, texts) == -1, "not UTF-8");
}

int
main(void)
{
	prog_start("sts");
	memset(filler, 'x', sizeof filler - 1);
	whole_form();
	largest_form();
	wrong_answers();
	not_sent();
	web_identity();
	caller_identity();
	hints();
	xml();
	return tap_done();
}
