/* Credentials out of JSON, and the variables and processes that they come from. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/fetch.h"
#include "net/source.h"
#include "tap.h"

#define KEYS "\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"wJalr/canary+\""

/* Of the dates below, in milliseconds since the Epoch. */
static const int64_t date_ms = 1573306481000;

enum { MINUTE_MS = 60000 };

static struct cred cred;
static char why[CRED_WHY_SIZE];

static int
parse(const char *text)
{
	cred_free(&cred);
	why[0] = '\0';
	return cred_parse(&cred, text, strlen(text), "Token", date_ms - MINUTE_MS, why);
}

static void
good(void)
{
	ok(parse("{" KEYS ",\"Token\":\"Fwo=\",\"Expiration\":\"2019-11-09T13:34:41Z\","
	    "\"AccountId\":7}") == 0, "all of it, and more");
	is(cred.access_key, "AKIDEXAMPLE", "access key");
	is(cred.secret_key, "wJalr/canary+", "secret key");
	is(cred.session_token, "Fwo=", "token");
	ok(cred.expires_ms == date_ms && cred.lifetime_ms == MINUTE_MS, "its time");
	ok(parse(" {" KEYS "}\n") == 0 && cred.session_token == NULL && cred.expires_ms == 0 &&
	    cred.lifetime_ms == 0, "the keys alone");
	ok(parse("{" KEYS ",\"Token\":null,\"Expiration\":null}") == 0 &&
	    cred.session_token == NULL && cred.expires_ms == 0, "null is nothing");
	ok(parse("{" KEYS ",\"Token\":\"\"}") == 0 && cred.session_token == NULL, "nor is \"\"");
	ok(parse("{" KEYS ",\"SessionToken\":\"x\"}") == 0 && cred.session_token == NULL,
	    "the other member's name is another member");
	ok(parse("{" KEYS ",\"Expiration\":\"2019-11-09T14:33:41.000001+01:00\"}") == 0 &&
	    cred.expires_ms == date_ms - MINUTE_MS && cred.lifetime_ms == 0,
	    "over: known, and no lifetime");
	ok(parse("{\"AccessKeyId\":\"AK\\u0049D\",\"SecretAccessKey\":\"a\\/b\"}") == 0,
	    "escapes");
	is(cred.access_key, "AKID", "decoded");
	is(cred.secret_key, "a/b", "decoded");
	ok(parse("{" KEYS ",\"Code\":\"Failed\"}") == 0, "a Code beside keys is another member");
}

static void
refused(const char *text, const char *expected, const char *title)
{
	ok(parse(text) == -1, title);
	is(why, expected, "why");
	ok(strstr(why, "canary") == NULL && cred.access_key == NULL && cred.secret_key == NULL,
	    "nothing of it is told or kept");
}

static void
bad(void)
{
	refused("", "the answer: empty", "empty");
	refused("canary", "the answer: not JSON", "not JSON");
	refused("{" KEYS, "the answer: JSON cut off", "cut");
	refused("{" KEYS "}{}", "the answer: not JSON", "two");
	refused("[\"canary\"]", "the answer: not a JSON object", "an array");
	refused("{" KEYS ",\"x\":\"\xff\"}", "the answer: invalid UTF-8", "not UTF-8");
	refused("{}", "the answer has no AccessKeyId", "an empty object");
	refused("{\"AccessKeyId\":\"canary\"}", "the answer has no SecretAccessKey", "half");
	refused("{\"accessKeyId\":\"canary\",\"secretAccessKey\":\"canary\"}",
	    "the answer has no AccessKeyId", "other cases of letters");
	refused("{\"AccessKeyId\":null,\"SecretAccessKey\":\"canary\"}",
	    "the answer has no AccessKeyId", "null");
	refused("{\"AccessKeyId\":\"\",\"SecretAccessKey\":\"canary\"}",
	    "the answer's AccessKeyId is empty", "an empty key");
	refused("{\"AccessKeyId\":7,\"SecretAccessKey\":\"canary\"}",
	    "the answer's AccessKeyId is not a string", "a number");
	refused("{" KEYS ",\"Token\":[\"canary\"]}", "the answer's Token is not a string",
	    "a token that is none");
	refused("{\"AccessKeyId\":\"canary\\u0000\",\"SecretAccessKey\":\"canary\"}",
	    "the answer's AccessKeyId holds a character that cannot be in it", "a NUL");
	refused("{" KEYS ",\"Token\":\"canary\\ud800\"}",
	    "the answer's Token holds a character that cannot be in it", "half a pair");
	refused("{\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"canary\\n\"}",
	    "the answer's SecretAccessKey holds a character that cannot be in it (a line end or "
	    "quotes from a file?)", "a line end");
	refused("{" KEYS ",\"Expiration\":1573306481}", "the answer's Expiration is not a string",
	    "a number for a date");
	refused("{" KEYS ",\"Expiration\":\"canary\"}",
	    "the answer's Expiration is not a date like 2019-11-09T13:34:41Z", "no date");
}

static void
errors(void)
{
	char text[200] = "{\"Code\":\"", code[CRED_CODE_SIZE];
	size_t len = strlen(text);

	refused("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"canary\"}",
	    "the answer is an error, AssumeRoleUnauthorizedAccess", "an error");
	refused("{\"Code\":\"canary 7\",\"Message\":\"canary\"}", "the answer is an error",
	    "a code of other characters is not told");
	refused("{\"code\":\"InvalidIdInRequest\",\"message\":\"canary\"}",
	    "the answer is an error, InvalidIdInRequest", "in lower case");
	refused("{\"Code\":\"Success\",\"Type\":\"canary\"}", "the answer has no AccessKeyId",
	    "Success is no error");
	memset(text + len, 'x', 65);
	memcpy(text + len + 65, "\"}", 3);
	ok(cred_is_error(text, strlen(text), code) && code[0] == '\0', "65 letters are left out");
	memmove(text + len, text + len + 1, strlen(text + len));
	ok(cred_is_error(text, strlen(text), code) && strlen(code) == 64, "64 are told");
	ok(cred_is_error("{\"Code\":5}", 10, code) && code[0] == '\0', "a number");
	ok(!cred_is_error("{\"Code\":null}", 13, code), "null");
	ok(!cred_is_error("Code", 4, code), "no JSON");
}

/* A value of len bytes in the place of the secret key. */
static int
parse_long(size_t len)
{
	static const char before[] = "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"";
	char *text = mem_alloc(sizeof before + len + 3);
	int rc;

	memcpy(text, before, sizeof before - 1);
	memset(text + sizeof before - 1, 'x', len);
	memcpy(text + sizeof before - 1 + len, "\"}", 3);
	rc = parse(text);
	free(text);
	return rc;
}

static void
lengths(void)
{
	const size_t pairs = 20000;
	char *many = mem_alloc(2 * pairs + 4);

	ok(parse_long(1024) == 0, "as long as may be");
	ok(parse_long(1025) == -1, "too long");
	is(why, "the answer's SecretAccessKey is too long", "why");
	many[0] = '[';
	for (size_t i = 0; i < pairs; i++)
		memcpy(many + 1 + 2 * i, "0,", 2);
	memcpy(many + 1 + 2 * pairs, "0]", 3);
	ok(parse(many) == -1, "too many values");
	is(why, "the answer: too many JSON values", "why");
	free(many);
}

/* A process that runs the script in a shell. */
static struct source *
process(const char *profile, const char *script)
{
	char **argv = mem_alloc(4 * sizeof *argv);

	argv[0] = mem_dup_string("sh");
	argv[1] = mem_dup_string("-c");
	argv[2] = mem_dup_string(script);
	return source_process("profile p: credential_process", profile, argv);
}

static enum prog_status
ask(struct source *s)
{
	cred_free(&cred);
	why[0] = '\0';
	return s->get(s, true, &cred, why);
}

static void
processes(void)
{
	static const char nested[] = "printf '{\"Version\":1,\"AccessKeyId\":\"%s\","
	    "\"SecretAccessKey\":\"x\",\"SessionToken\":\"t\"}' "
	    "\"$(printf %s \"$COGNITO_CREDENTIAL_PROCESS\" | tr '\\n' +)\"";
	static const char dated[] = "printf '{\"Version\":1," KEYS ",\"Expiration\":\"%s\"}' "
	    "2019-11-09T13:34:41Z";
	struct source *s = process("inner", nested);

	ok(ask(s) == PROG_OK && !s->renewable, "without an end: not renewable");
	is(cred.session_token, "t", "SessionToken is its token's name");
	is(cred.access_key, "inner", "the variable names its profile");
	source_free(s);
	setenv("COGNITO_CREDENTIAL_PROCESS", "outermost\nouter", 1);
	s = process("inner", nested);
	ok(ask(s) == PROG_OK, "inside others");
	is(cred.access_key, "outermost+outer+inner", "behind those that stand there");
	source_free(s);
	s = process("inner", dated);
	ok(ask(s) == PROG_OK && s->renewable, "with an end: renewable");
	ok(cred.expires_ms == date_ms && cred.lifetime_ms == 0, "even if that is over");
	source_free(s);
}

static void
process_fails(const char *script, enum prog_status status, const char *reason)
{
	struct source *s = process("inner", script);
	char expected[CRED_WHY_SIZE];

	snprintf(expected, sizeof expected, "profile p: credential_process: sh: %s", reason);
	ok(ask(s) == status, script);
	is(why, expected, "why");
	source_free(s);
}

static void
bad_processes(void)
{
	static const char other[] = "the answer's Version is not the number 1";
	char **argv = mem_alloc(2 * sizeof *argv);
	struct source *s;

	process_fails("exit 3", PROG_FAIL, "ended with status 3");
	process_fails("exit 75", PROG_TEMPORARY, "ended with status 75");
	process_fails("kill -9 $$", PROG_FAIL, "ended by signal 9");
	process_fails(":", PROG_FAIL, "the answer: empty");
	process_fails("echo canary", PROG_FAIL, "the answer: not JSON");
	process_fails("echo '{" KEYS "}'", PROG_FAIL, other);
	process_fails("echo '{\"Version\":\"1\"," KEYS "}'", PROG_FAIL, other);
	process_fails("echo '{\"Version\":1.0," KEYS "}'", PROG_FAIL, other);
	process_fails("echo '{\"Version\":2," KEYS "}'", PROG_FAIL, other);
	process_fails("echo '{\"Version\":1}'", PROG_FAIL, "the answer has no AccessKeyId");
	process_fails("exec yes", PROG_FAIL, "printed more than 131072 bytes");
	argv[0] = mem_dup_string("/no/such/command");
	s = source_process("name", "p", argv);
	ok(ask(s) == PROG_USAGE, "no such command");
	is(why, "name: /no/such/command: cannot run: No such file or directory", "why");
	source_free(s);
}

static void
set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* Whether the variables are taken (expected NULL), or what is wrong with them. */
static void
container(const char *relative, const char *full, const char *token, const char *expected)
{
	struct source *s;

	set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", relative);
	set("AWS_CONTAINER_CREDENTIALS_FULL_URI", full);
	set("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);
	s = source_container(NULL, why);
	if (expected == NULL)
		ok(s != NULL && s->renewable && why[0] == '\0', full != NULL ? full : relative);
	else if (ok(s == NULL, expected[0] != '\0' ? expected : "no URI"))
		is(why, expected, "why");
	source_free(s);
}

static void
containers(void)
{
	static const char plain[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI: plain http is allowed to "
	    "this machine only";
	static const char malformed[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI: not "
	    "https://HOST[:PORT]";
	static const char character[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI: holds a character "
	    "that cannot be in it";

	container(NULL, NULL, "token", "");
	container("", "", NULL, "");
	container("/v2/credentials/1", NULL, NULL, NULL);
	container("@example.com/", NULL, NULL,
	    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: does not begin with a slash");
	container("/a b", NULL, NULL,
	    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: holds a character that cannot be in it");
	container("/", "canary", NULL, NULL);	/* the relative one counts */
	container(NULL, "https://example.com/a?b=c", NULL, NULL);
	container(NULL, "https://example.com?b=c", NULL, NULL);
	container(NULL, "http://localhost:8080", NULL, NULL);
	container(NULL, "http://127.1.2.3/", NULL, NULL);
	container(NULL, "http://[::1]:80/", NULL, NULL);
	container(NULL, "http://169.254.170.2/v2", NULL, NULL);
	container(NULL, "HTTP://169.254.170.23:80/v1/credentials", NULL, NULL);
	container(NULL, "http://[FD00:ec2::23]/v1/credentials", NULL, NULL);
	container(NULL, "http://169.254.169.254/", NULL, plain);
	container(NULL, "http://169.254.170.22/", NULL, plain);
	container(NULL, "http://169.254.170.2.example.com/", NULL, plain);
	container(NULL, "http://169.254.170.2:0/", NULL, malformed);
	container(NULL, "http://169.254.170.2@example.com/", NULL, malformed);
	container(NULL, "http://example.com/", NULL, plain);
	container(NULL, "http://localhost@example.com/", NULL, malformed);
	container(NULL, "http://localhost:80:80/", NULL, malformed);
	container(NULL, "ftp://localhost/", NULL, malformed);
	container(NULL, "/v2/credentials", NULL, malformed);
	container(NULL, "http://localhost/#a", NULL, character);
	container(NULL, "http://localhost/a\r\nX: y", NULL, character);
	container(NULL, "http://localhost/", "Bearer x", NULL);
	container(NULL, "http://localhost/", "canary\r\nX: y", "AWS_CONTAINER_AUTHORIZATION_TOKEN: "
	    "not a token of printable characters (a line end inside?)");
	container(NULL, NULL, NULL, "");
}

static void
metadata(const char *off, const char *mode, const char *endpoint, const char *expected)
{
	struct source *s;

	set("AWS_EC2_METADATA_DISABLED", off);
	set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", mode);
	set("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint);
	s = source_metadata(why);
	if (expected[0] == 'i')
		ok(s != NULL && s->renewable && why[0] == '\0' && strcmp(s->name, expected) == 0,
		    expected);
	else if (ok(s == NULL, expected[0] != '\0' ? expected : "disabled"))
		is(why, expected, "why");
	source_free(s);
}

static void
metadatas(void)
{
	static const char elsewhere[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT: neither "
	    "http://169.254.169.254, http://[fd00:ec2::254] nor an address of this machine";

	metadata("true", NULL, NULL, "");
	metadata("TRUE", NULL, NULL, "");
	metadata("false", NULL, NULL, "instance metadata (169.254.169.254)");
	metadata(NULL, "IPv4", NULL, "instance metadata (169.254.169.254)");
	metadata(NULL, "ipv6", NULL, "instance metadata ([fd00:ec2::254])");
	metadata(NULL, "7", NULL,
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: neither IPv4 nor IPv6");
	metadata(NULL, "IPv6", "http://localhost:1234/", "instance metadata (localhost:1234)");
	metadata(NULL, NULL, "http://[fd00:ec2::254]:80", "instance metadata ([fd00:ec2::254]:80)");
	metadata(NULL, NULL, "https://169.254.169.254", elsewhere);
	metadata(NULL, NULL, "https://example.com", elsewhere);
	metadata(NULL, NULL, "http://localhost/latest", elsewhere);
	metadata(NULL, NULL, "http://example.com",
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT: plain http is allowed to this machine only");
}

int
main(void)
{
	good();
	bad();
	errors();
	lengths();
	processes();
	bad_processes();
	containers();
	metadatas();
	cred_free(&cred);
	return tap_done();
}
