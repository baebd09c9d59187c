/*
 * The signer against the published suite (tests/data/sigv4/vectors.txt: whole signed requests) and
 * against four requests of the very form that we send; their values were computed with botocore.
 */
#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/sigv4.h"
#include "tap.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static char *
read_all(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char block[4096];
	size_t n;

	if (f == NULL)
		return NULL;
	buf_init(&b, 1 << 20);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		(void)buf_append(&b, block, n);
	fclose(f);
	return b.data;
}

/* Cuts the next line off, or the rest. */
static char *
next_line(char **text)
{
	char *line = *text;
	size_t n = strcspn(line, "\n");

	*text = line + n + (line[n] == '\n');
	line[n] = '\0';
	return line;
}

/* Whether the lower-case list a;b;c has the name. */
static bool
listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; list != NULL; list = strchr(list, ';')) {
		list += *list == ';';
		if (strncasecmp(list, name, n) == 0 && (list[n] == ';' || list[n] == '\0'))
			return true;
	}
	return false;
}

struct parsed {
	char *method, *path, *query;
	struct sigv4_header headers[16], all[16];
	size_t count;
	char *authorization;
	const char *date;
};

/* A request as the suite writes it, in place.  To the suite a folded line is one more value. */
static void
parse(char *text, struct parsed *p, char **body)
{
	char *line = next_line(&text), *names;
	size_t all = 0;

	memset(p, 0, sizeof *p);
	p->method = line;
	line = strchr(line, ' ');
	*line = '\0';
	p->path = line + 1;
	*strstr(p->path, " HTTP/") = '\0';
	p->query = strchr(p->path, '?');
	if (p->query != NULL)
		*p->query++ = '\0';
	while (*(line = next_line(&text)) != '\0') {
		char *value = strchr(line, ':');

		if (line[0] == ' ') {
			p->all[all] = (struct sigv4_header){ p->all[all - 1].name, line };
			all++;
			continue;
		}
		*value++ = '\0';
		if (strcmp(line, "Authorization") == 0)
			p->authorization = value;
		else
			p->all[all++] = (struct sigv4_header){ line, value };
		if (strcmp(line, "X-Amz-Date") == 0)
			p->date = value;
	}
	*body = text;
	if (p->authorization == NULL)
		abort();
	names = mem_dup_string(strstr(p->authorization, "SignedHeaders=") + 14);
	*strchr(names, ',') = '\0';
	for (size_t i = 0; i < all; i++)
		if (listed(names, p->all[i].name))
			p->headers[p->count++] = p->all[i];
	free(names);
}

static void
published_suite(void)
{
	char *text = read_all("tests/data/sigv4/vectors.txt"), *s;
	int cases = 0;

	if (!ok(text != NULL, "tests/data/sigv4/vectors.txt can be read"))
		return;
	for (s = text; s != NULL && *s != '\0'; cases++) {
		char *name = next_line(&s) + 4, *next = strstr(s, "\n=== "), *body;
		struct sigv4_key key = { .scope = "" };
		struct sigv4_request r = { .region = "us-east-1", .service = "service" };
		struct parsed p;
		struct buf b;

		if (next != NULL)
			*next++ = '\0';
		parse(s, &p, &body);
		body[strcspn(body, "\n")] = '\0';
		r.method = p.method;
		r.path = p.path;
		r.query = p.query;
		r.headers = p.headers;
		r.header_count = p.count;
		r.body = body;
		r.body_len = strlen(body);
		r.date = p.date;
		buf_init(&b, SIGV4_TEXT_MAX);
		(void)sigv4_authorization(&r, "AKIDEXAMPLE", SECRET, &key, &b);
		is(buf_string(&b), p.authorization, name);
		buf_free(&b);
		s = next;
	}
	ok(cases == 28, "28 published cases");
	free(text);
}

static const char token[] =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfp"
    "SPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQ"
    "DYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+s"
    "cqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

static void
one_of_ours(const char *title, const struct sigv4_header *headers, size_t count,
    const char *service, const char *body, const char *hash, const char *signature)
{
	struct sigv4_key key = { .scope = "" };
	struct sigv4_request r = {
		.method = "POST", .path = "/", .headers = headers, .header_count = count,
		.body = body, .body_len = strlen(body), .region = "us-east-1",
		.service = service, .date = "20150830T123600Z"
	};
	char hex[SIGV4_HEX_SIZE];
	struct buf b;

	buf_init(&b, SIGV4_TEXT_MAX);
	(void)sigv4_canonical(&r, &b);
	sigv4_sha256_hex(b.data, b.len, hex);
	is(hex, hash, title);
	for (int i = 0; i < 2; i++) {
		hex[0] = '\0';
		(void)sigv4_signature(&r, SECRET, &key, hex);
		is(hex, signature, i == 0 ? title : "the same with the kept key");
	}
	buf_free(&b);
}

static void
ours(void)
{
	static const char list[] = "{\"UserPoolId\":\"us-east-1_EXAMPLE\",\"Limit\":60}";
	static const char form[] = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
	    "123456789012%3Arole%2FcognitoApiAccessRole&RoleSessionName=cognito-sync&ExternalId="
	    "cognito-integration&DurationSeconds=3600";
	struct sigv4_header h[] = {
		{ "X-Amz-Target", "AWSCognitoIdentityProviderService.ListUsers" },
		{ "X-Amz-Date", "20150830T123600Z" },
		{ "Host", "cognito-idp.us-east-1.amazonaws.com" },
		{ "Content-Type", "application/x-amz-json-1.1" },
		{ "X-Amz-Security-Token", token }
	};
	const struct sigv4_header sts[] = {
		{ "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" },
		{ "Host", "sts.us-east-1.amazonaws.com" },
		{ "X-Amz-Date", "20150830T123600Z" }
	};

	one_of_ours("ListUsers", h, 4, "cognito-idp", list,
	    "4a18c77af6ca6dda9a34fefe134e46841563f9f22423a353392da6bc63db613b",
	    "a2bb07fb6f1267e2c05b5c80bc6b0797391bd4a9c99997181f63f5578c103f42");
	one_of_ours("ListUsers with a session token", h, 5, "cognito-idp", list,
	    "25abd705662de1ef89be341618bf429e1c5ef381bfb3d68ebed4b281811f4373",
	    "ab4ae2a9fa6687ea4e20c5d7d8bfa64170808647e79b4b9cb31db24a6fdbcadf");
	one_of_ours("AssumeRole", sts, 3, "sts", form,
	    "ec0af026990f400e01c86c2b9df4b3de04d0a34c2055548e7835c92d4a2075ee",
	    "11f6d86280502b8c5bf1788a2a2225ae5d8b0b88e7d697d30c64f47ad22787bf");
	h[2].value = "127.0.0.1:5055";
	one_of_ours("ListUsers on a port", h, 4, "cognito-idp", list,
	    "be8d2517be4536f780acd0c45d4005bff2b56de64ef372689ee67e0c70a237cc",
	    "e225b20f8ffef2ff72a79902e50cc802e20bd746d69878d4ded4f44b311c1080");
}

static void
canonical(const char *path, const char *query, const char *expected)
{
	const struct sigv4_header h = { "Host", "h" };
	struct sigv4_request r = {
		.method = "GET", .path = path, .query = query, .headers = &h, .header_count = 1,
		.body = "", .date = "20150830T123600Z", .region = "r", .service = "s"
	};
	struct buf b;

	buf_init(&b, SIGV4_TEXT_MAX);
	(void)sigv4_canonical(&r, &b);
	*strstr(b.data, "\nhost:") = '\0';
	is(b.data + 4, expected, expected);
	buf_free(&b);
}

static void
refused(const char *name, const char *value, const char *title)
{
	const struct sigv4_header h = { name, value };
	struct sigv4_request r = {
		.method = "GET", .path = "/", .headers = &h, .header_count = 1, .body = "",
		.date = "20150830T123600Z", .region = "r", .service = "s"
	};
	struct sigv4_key key = { .scope = "" };
	char hex[SIGV4_HEX_SIZE];

	ok(sigv4_signature(&r, "secret", &key, hex) == -1, title);
}

static void
key_cache(void)
{
	const struct sigv4_header h = { "Host", "h" };
	struct sigv4_request r = {
		.method = "GET", .path = "/", .headers = &h, .header_count = 1, .body = "",
		.date = "20150830T123600Z", .region = "r", .service = "s"
	};
	struct sigv4_key key = { .scope = "" }, fresh = { .scope = "" };
	char a[SIGV4_HEX_SIZE] = "", b[SIGV4_HEX_SIZE] = "-";

	(void)sigv4_signature(&r, "one", &key, a);
	(void)sigv4_signature(&r, "two", &key, a);
	(void)sigv4_signature(&r, "two", &fresh, b);
	is(a, b, "another secret is another key");
	memset(&fresh, 0, sizeof fresh);
	r.date = "20150831T000000Z";
	(void)sigv4_signature(&r, "two", &key, a);
	(void)sigv4_signature(&r, "two", &fresh, b);
	is(a, b, "another day is another key");
	is(key.scope, "20150831/r/s", "the key says what it is for");
}

int
main(void)
{
	published_suite();
	ours();
	canonical("", NULL, "/\n");
	canonical("/a/../../b", "", "/b\n");
	canonical("/a%20b", "z=%7e&a&a=", "/a%2520b\na=&a=&z=~");
	canonical("/", "b=2&b=10&a=%zz&&c=d=e", "/\na=%25zz&b=10&b=2&c=d%3De");
	refused("", "x", "a header without a name is refused");
	refused("a", "x\r\nb: c", "a line end in a value is refused");
	refused("a:b", "x", "a colon in a name is refused");
	key_cache();
	return tap_done();
}
