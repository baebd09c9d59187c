/* Roles as sources of credentials: what is copied, asked, tried again, and read anew. */
#include <stdlib.h>

#include "base/mem.h"
#include "listener.h"
#include "net/source.h"
#include "net/sts.h"
#include "pty.h"
#include "tap.h"

#define SCRIPT(...) listener_start((const char *const[]){ __VA_ARGS__, NULL })

enum { RETRY_MS = 20000 };

static const char good[] = "200 <R><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s3cret"
    "</SecretAccessKey><SessionToken>token</SessionToken>"
    "<Expiration>2999-01-02T03:04:05Z</Expiration></R>";
static const char busy[] = "500 <E><Code>InternalFailure</Code></E>";
static const char expired[] = "400 <E><Code>ExpiredToken</Code><Message>over</Message></E>";
static const char denied[] = "403 <E><Code>AccessDenied</Code><Message>No</Message></E>";
static const char wrong_code[] = "403 <E><Code>AccessDenied</Code><Message>"
    "MultiFactorAuthentication failed with invalid MFA one time pass code.</Message></E>";
static const char role_arn[] = "arn:aws:iam::123456789012:role/x";
static const char device[] = "arn:aws:iam::123456789012:mfa/ana";
static char *program;
static char why[CRED_WHY_SIZE];

/* A source that does as it is told, for what the role rests on. */
struct base {
	struct source source;
	enum prog_status status;
	int asked, patiently;
};

static enum prog_status
get_base(struct source *s, bool patient, struct cred *cred, char text[CRED_WHY_SIZE])
{
	struct base *b = (struct base *)s;

	b->asked++;
	b->patiently += patient;
	if (b->status == PROG_OK)
		*cred = (struct cred){ .access_key = mem_dup_string("AKIDEXAMPLE"),
			.secret_key = mem_dup_string("secret"), .lifetime_ms = 3600000 };
	else
		snprintf(text, CRED_WHY_SIZE, "base: no");
	return b->status;
}

static struct base *
new_base(enum prog_status status)
{
	struct base *b = mem_alloc(sizeof *b);

	b->source = (struct source){ .name = mem_dup_string("base"), .renewable = true,
		.get = get_base };
	b->status = status;
	return b;
}

static struct aws_config
new_config(struct source *base)
{
	struct aws_config config = {
		.service = AWS_STS, .region = mem_dup_string("us-east-1"), .retry_ms = RETRY_MS,
		.connect_ms = 5000, .read_ms = 5000, .region_from = "test", .endpoint_from = "test"
	};
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d", listener_port);
	config.endpoint = mem_dup_string(url);
	keeper_init(&config.keeper, base);
	return config;
}

/* The source for a role with an MFA device unless serial_number is NULL. */
static struct source *
new_role(struct base *base, const char *serial_number, const char *token_code)
{
	struct aws_config config = new_config(&base->source);
	const struct sts_assume_role r = { .role_arn = role_arn, .session_name = "sync",
		.serial_number = serial_number, .token_code = token_code };

	return source_role("role", &config, &r);
}

/* Asks the source; key NULL: it must fail with that text in why. */
static void
gives(struct source *s, bool patient, enum prog_status expected, const char *text,
    const char *title)
{
	struct cred cred = { 0 };
	enum prog_status status;

	why[0] = '\0';
	status = s->get(s, patient, &cred, why);
	if (!ok(status == expected && (status == PROG_OK ? strcmp(cred.access_key, "ASIAEXAMPLE") == 0 :
	    strcmp(why, text) == 0 && cred.secret_key == NULL), title))
		printf("# status %d: %s\n", status, why);
	cred_free(&cred);
}

static int
count(const char *text)
{
	int n = 0;

	for (const char *at = listener_seen; (at = strstr(at, text)) != NULL; at++)
		n++;
	return n;
}

static void
copies(void)
{
	char texts[8][64] = { "arn:aws:iam::123456789012:role/x", "sync", "ext", "ana",
		"key", "value", "key", "arn:aws:iam::aws:policy/P" };
	struct sts_tag tag = { texts[4], texts[5] };
	const char *keys[] = { texts[6] }, *arns[] = { texts[7] };
	struct sts_assume_role r = { .role_arn = texts[0], .session_name = texts[1],
		.external_id = texts[2], .source_identity = texts[3], .duration_seconds = 900,
		.tags = &tag, .tag_count = 1, .transitive_tag_keys = keys,
		.transitive_tag_key_count = 1, .policy_arns = arns, .policy_arn_count = 1 };
	struct base *base = new_base(PROG_OK);
	struct aws_config config;
	struct source *s;

	SCRIPT(good, good);
	config = new_config(&base->source);
	s = source_role("role", &config, &r);
	ok(config.endpoint == NULL && config.keeper.source == NULL, "the configuration is taken over");
	ok(s->renewable && s->is_role && base->asked == 0, "asked nothing yet");
	is(s->name, "role", "its name");
	memset(texts, 'x', sizeof texts);
	memset(&tag, 0, sizeof tag);
	keys[0] = arns[0] = NULL;
	memset(&r, 0, sizeof r);
	gives(s, true, PROG_OK, NULL, "credentials");
	gives(s, false, PROG_OK, NULL, "and others");
	ok(base->asked == 1, "with the same keys");
	source_free(s);
	ok(listener_stop(), "two requests");
	ok(count("Action=AssumeRole&Version=2011-06-15"
	    "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&RoleSessionName=sync"
	    "&ExternalId=ext&DurationSeconds=900&SourceIdentity=ana"
	    "&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FP"
	    "&Tags.member.1.Key=key&Tags.member.1.Value=value&TransitiveTagKeys.member.1=key") == 2,
	    "the texts were copied");
	ok(count("Credential=AKIDEXAMPLE/") == 2, "the keys of the base sign");
}

static void
patience(void)
{
	struct base *base = new_base(PROG_OK);
	struct source *s;

	SCRIPT(busy, busy, good, denied);
	s = new_role(base, NULL, NULL);
	gives(s, false, PROG_TEMPORARY, "AssumeRole: InternalFailure",
	    "not patient: one try");
	gives(s, true, PROG_OK, NULL, "patient: outlasted");
	gives(s, true, PROG_FAIL, "AssumeRole: AccessDenied: No; the role's trust policy must name "
	    "this caller and the external ID, and the caller needs sts:AssumeRole on the role",
	    "a refusal");
	source_free(s);
	ok(listener_stop(), "no more and no fewer requests than expected");
}

static void
bases(void)
{
	struct base *base = new_base(PROG_TEMPORARY);
	struct source *s;

	SCRIPT(good, expired, good);
	s = new_role(base, NULL, NULL);
	gives(s, false, PROG_TEMPORARY, "AssumeRole: base: no", "the base has no keys");
	ok(base->asked == 1 && base->patiently == 0, "it was not asked patiently either");
	gives(s, true, PROG_TEMPORARY, "AssumeRole: base: no", "nor has it later");
	ok(base->asked == 2 && base->patiently == 1, "it was asked again, patiently");
	base->status = PROG_FAIL;
	gives(s, true, PROG_FAIL, "AssumeRole: base: no", "nor ever");
	base->status = PROG_OK;
	gives(s, true, PROG_OK, NULL, "it has: what failed before is forgotten");
	gives(s, true, PROG_OK, NULL, "its keys expire: it is asked for others");
	ok(base->asked == 5, "once");
	source_free(s);
	ok(listener_stop(), "no more and no fewer requests than expected");
}

/* With a code that was given from the start. */
static void
given_code(void)
{
	struct source *s;
	int status;
	pid_t pid;

	SCRIPT(good, good, wrong_code);
	s = new_role(new_base(PROG_OK), device, "123456");
	gives(s, false, PROG_OK, NULL, "a code given from the start needs no patience");
	gives(s, false, PROG_FAIL, "AssumeRole: an MFA code is needed", "it is used once");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct cred cred;

		setsid();
		_exit(s->get(s, true, &cred, why) == PROG_FAIL && strcmp(why,
		    "AssumeRole: an MFA code is needed: no terminal to ask at") == 0 ? 0 : 1);
	}
	ok(waitpid(pid, &status, 0) == pid && status == 0, "no terminal to ask at");
	source_free(s);
	/* For valgrind: one that nobody asks. */
	source_free(new_role(new_base(PROG_OK), device, "123456"));
	s = new_role(new_base(PROG_OK), NULL, NULL);
	gives(s, false, PROG_OK, NULL, "a role without a device");
	source_free(s);
	s = new_role(new_base(PROG_OK), device, "654321");
	gives(s, true, PROG_FAIL, "AssumeRole: AccessDenied: MultiFactorAuthentication failed with "
	    "invalid MFA one time pass code; the token code was wrong or used before: wait for the "
	    "next one", "a wrong one fails");
	source_free(s);
	ok(listener_stop(), "three requests");
	ok(count("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fana&TokenCode=123456") == 1,
	    "with it");
	ok(count("TokenCode") == 2, "or without");
}

/* The subject of the tests at a terminal: says the key, or why there is none. */
static int
ask(const char *port)
{
	struct cred cred = { 0 };
	struct source *s;
	int rc;

	unsetenv("TERM");
	listener_port = (int)strtol(port, NULL, 10);
	s = new_role(new_base(PROG_OK), device, NULL);
	rc = s->get(s, true, &cred, why);
	pty_say(rc == 0 ? cred.access_key : why);
	cred_free(&cred);
	source_free(s);
	return rc;
}

static void
start(void)
{
	static char port[16];

	snprintf(port, sizeof port, "%d", listener_port);
	pty_start((char *[]){ program, port, NULL }, true);
}

static void
questions(void)
{
	static const char prompt[] = "MFA code for arn:aws:iam::123456789012:mfa/ana: ";
	bool echo;

	SCRIPT(good);
	start();
	ok(pty_shows(prompt, 1), "the question");
	pty_type("12345\n");
	ok(pty_shows("not six digits; MFA code", 1), "asked again");
	pty_type("123456\n");
	ok(pty_end(&echo) == 0 && echo, "answered");
	is(pty_said, "ASIAEXAMPLE", "credentials");
	ok(listener_stop(), "one request");
	ok(count("&TokenCode=123456") == 1, "with the code");
	ok(strstr(pty_screen, "12345") == strstr(pty_screen, "123456789012"), "the code is not seen");

	SCRIPT(wrong_code, good);
	start();
	pty_shows(prompt, 1);
	pty_type("111111\n");
	ok(pty_shows("refused, it was wrong or used before; MFA code", 1), "a wrong code: asked again");
	pty_type("222222\n");
	ok(pty_end(&echo) == 0, "answered");
	ok(listener_stop(), "two requests");
	ok(count("&TokenCode=222222") == 1, "the second with the other code");

	SCRIPT(wrong_code);
	start();
	pty_shows(prompt, 1);
	pty_type("\n");
	pty_shows(prompt, 2);
	pty_type("111111\n");
	pty_shows(prompt, 3);
	pty_type("1234567\n");
	ok(pty_end(&echo) == 1, "three attempts");
	is(pty_said, "AssumeRole: the MFA code was not six digits", "and no more");
	ok(listener_stop(), "one request");

	SCRIPT(denied);
	start();
	pty_shows(prompt, 1);
	pty_type("111111\n");
	ok(pty_end(&echo) == 1 && listener_stop(), "denied for another reason: not asked again");

	start();
	pty_shows(prompt, 1);
	pty_type("\004");
	ok(pty_end(&echo) == 1, "no answer");
	is(pty_said, "AssumeRole: an MFA code is needed: no answer: end of file at the terminal",
	    "is said");
}

/* Web identity. */

static char token_file[] = "/tmp/source_role.XXXXXX";

static void
write_token(const char *text, size_t len)
{
	FILE *f = fopen(token_file, "w");

	if (f == NULL || fwrite(text, 1, len, f) != len || fclose(f) != 0)
		abort();
}

static void
refused_token(struct source *s, const char *text, size_t len, const char *reason)
{
	char expected[200];

	write_token(text, len);
	snprintf(expected, sizeof expected, "AssumeRoleWithWebIdentity: token file %s: %s", token_file,
	    reason);
	gives(s, true, PROG_USAGE, expected, reason);
}

static void
web_identity(void)
{
	static const char words[] = "holds more than one word: it must be the token alone";
	static char long_token[20003];
	char expected[200];
	struct aws_config config;
	struct source *s;
	int fd = mkstemp(token_file);

	if (fd == -1)
		abort();
	close(fd);
	memset(long_token, 'x', sizeof long_token);
	long_token[20000] = '\r';
	long_token[20001] = '\n';
	SCRIPT(good, busy, busy, good, good, expired);
	config = new_config(NULL);
	s = source_web_identity("web", &config, role_arn, "pod", 900, token_file);
	ok(s->renewable && s->is_role && config.endpoint == NULL, "a source");
	refused_token(s, "", 0, "empty");
	refused_token(s, "\n", 1, "empty");
	refused_token(s, "a b", 3, words);
	refused_token(s, "a\nb\n", 4, words);
	refused_token(s, "a\0b", 3, words);
	refused_token(s, long_token, 20003, "longer than 20000 bytes");
	refused_token(s, "\xef\xbb\xbf" "abc", 6, words);
	write_token("first\n", 6);
	gives(s, true, PROG_OK, NULL, "credentials");
	write_token("second", 6);
	gives(s, false, PROG_TEMPORARY, "AssumeRoleWithWebIdentity: InternalFailure",
	    "not patient: one try");
	gives(s, true, PROG_OK, NULL, "patient: outlasted");
	write_token(long_token, 20002);
	gives(s, true, PROG_OK, NULL, "the longest, with CRLF");
	write_token("third", 5);
	gives(s, true, PROG_FAIL, "AssumeRoleWithWebIdentity: ExpiredToken: over; the token file's "
	    "token is too old: whoever writes that file must renew it", "too old");
	unlink(token_file);
	snprintf(expected, sizeof expected, "AssumeRoleWithWebIdentity: token file %s: No such file or "
	    "directory", token_file);
	gives(s, true, PROG_USAGE, expected, "no file");
	source_free(s);
	ok(listener_stop(), "six requests");
	ok(count("Authorization") == 0, "none of them signed");
	ok(count("&RoleSessionName=pod&DurationSeconds=900&WebIdentityToken=firstPOST") == 1, "first");
	ok(count("&WebIdentityToken=secondPOST") == 3, "the file is read anew");
	ok(count("xxxPOST") == 1, "without its line end");
}

int
main(int argc, char **argv)
{
	prog_start("source_role");
	program = argv[0];
	if (argc == 2)
		return ask(argv[1]);
	copies();
	patience();
	bases();
	given_code();
	questions();
	web_identity();
	return tap_done();
}
