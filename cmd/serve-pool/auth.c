/*
 * Who sent a request (auth.h).  The order of the checks is AWS's: form, scope, key, date,
 * signature, and last whether the session has ended.
 */
#include "auth.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "exchange.h"

/*
 * Both ways;
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
enum { WINDOW_SECONDS = 5 * 60 };

enum { PART_SIZE = 128, NAMES_SIZE = 4096 };

struct authorization {
	char access_key[PART_SIZE], day[PART_SIZE], region[PART_SIZE], service[PART_SIZE];
	char end[PART_SIZE];		/* aws4_request */
	char names[NAMES_SIZE];		/* SignedHeaders */
	char signature[PART_SIZE];
};

/* Copies a part that ends at one of the characters in stop; moves *s behind it.  -1: too long. */
static int
take(const char **s, const char *stop, char *out, size_t size)
{
	size_t len = strcspn(*s, stop);

	if (len >= size)
		return -1;
	memcpy(out, *s, len);
	out[len] = '\0';
	*s += len;
	return 0;
}

/* KEY/DAY/REGION/SERVICE/aws4_request */
static int
parse_credential(const char *s, struct authorization *a)
{
	char *parts[] = {a->access_key, a->day, a->region, a->service, a->end};
	size_t i;

	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (i > 0 && *s++ != '/')
			return -1;
		if (take(&s, "/, ", parts[i], PART_SIZE) != 0 || parts[i][0] == '\0')
			return -1;
	}
	return *s == '\0' || *s == ',' || *s == ' ' ? 0 : -1;
}

/* Returns NULL, or the name of the part that is missing or malformed. */
static const char *
parse(const char *s, struct authorization *a)
{
	memset(a, 0, sizeof *a);
	while (*s != '\0') {
		s += strspn(s, ", ");
		if (strncmp(s, "Credential=", 11) == 0) {
			if (parse_credential(s + 11, a) != 0)
				return "Credential";
		} else if (strncmp(s, "SignedHeaders=", 14) == 0) {
			s += 14;
			if (take(&s, ", ", a->names, sizeof a->names) != 0)
				return "SignedHeaders";
		} else if (strncmp(s, "Signature=", 10) == 0) {
			s += 10;
			if (take(&s, ", ", a->signature, sizeof a->signature) != 0)
				return "Signature";
		}
		s += strcspn(s, ", ");
	}
	return a->access_key[0] == '\0' ? "Credential" : a->names[0] == '\0' ? "SignedHeaders" :
	    a->signature[0] == '\0' ? "Signature" : NULL;
}

static int
parse_header(struct exchange *x, const char *header, struct authorization *a)
{
	static const char algorithm[] = "AWS4-HMAC-SHA256";
	size_t len = strcspn(header, " ");
	const char *missing;

	if (len != sizeof algorithm - 1 || memcmp(header, algorithm, len) != 0) {
		answer_front(&x->answer, ANSWER_INCOMPLETE, "Unsupported AWS 'algorithm': '%.*s'",
		    (int)(len < PART_SIZE ? len : PART_SIZE), header);
		return -1;
	}
	if ((missing = parse(header + len, a)) == NULL)
		return 0;
	answer_front(&x->answer, ANSWER_INCOMPLETE,
	    "Authorization header requires '%s' parameter.", missing);
	return -1;
}

static int
check_scope(struct exchange *x, const struct authorization *a, const char *service)
{
	const char *region = accounts_region(&x->server->accounts, a->region);
	struct answer *answer = &x->answer;

	if (region != NULL)
		x->region = region;
	if (strcmp(a->end, "aws4_request") != 0)
		answer_front(answer, ANSWER_BAD_SIGNATURE,
		    "Credential should be scoped with a valid terminator: 'aws4_request', "
		    "not '%s'.", a->end);
	else if (region == NULL)
		answer_front(answer, ANSWER_BAD_SIGNATURE,
		    "Credential should be scoped to a valid Region, not '%s'. ", a->region);
	else if (strcmp(a->service, service) != 0)
		answer_front(answer, ANSWER_BAD_SIGNATURE,
		    "Credential should be scoped to correct service: '%s'. ", service);
	else
		return 0;
	return -1;
}

/* Fills the cache with what the token says; the same token is not read again. */
static int
read_token(struct exchange *x, const char *token)
{
	struct auth_cache *c = &x->cache;

	if (strcmp(c->token, token) == 0)
		return 0;
	c->token[0] = '\0';
	if (session_read(x->server, token, &c->session) != 0)
		return -1;
	snprintf(c->token, sizeof c->token, "%s", token);
	return 0;
}

/* The secret that belongs to the access key and the session token; NULL: there is none. */
static const char *
find_secret(struct exchange *x, const struct authorization *a)
{
	const struct server *s = x->server;
	const char *token = exchange_header(x, "X-Amz-Security-Token");

	x->caller.role = NULL;
	x->owner = &s->role;
	if (token == NULL) {
		snprintf(x->caller.arn, sizeof x->caller.arn, "%s", s->user_arn);
		return strcmp(a->access_key, s->access_key) == 0 ? s->secret_key : NULL;
	}
	if (token[0] == '\0' || read_token(x, token) != 0 ||
	    strcmp(x->cache.session.access_key, a->access_key) != 0)
		return NULL;
	x->caller.role = x->owner = x->cache.session.role;
	role_session_arn(x->caller.role, x->cache.session.name, x->caller.arn);
	return x->cache.session.secret_key;
}

static int
check_date(struct exchange *x, const struct authorization *a, const char *date)
{
	char now_text[CLOCK_AMZ_SIZE], edge[CLOCK_AMZ_SIZE];
	int64_t now = server_now_ms(x->server) / 1000, then;

	if (date == NULL || clock_parse_amz(date, strlen(date), &then) != 0) {
		answer_front(&x->answer, ANSWER_INCOMPLETE, "Authorization header requires "
		    "existence of either a 'X-Amz-Date' or a 'Date' header.");
		return -1;
	}
	if (strlen(a->day) != 8 || memcmp(a->day, date, 8) != 0) {
		answer_front(&x->answer, ANSWER_BAD_SIGNATURE, "Date in Credential scope does not "
		    "match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%.8s', "
		    "from '%s'.", a->day, date, date);
		return -1;
	}
	clock_amz(now, now_text);
	if (then < now - WINDOW_SECONDS) {
		clock_amz(now - WINDOW_SECONDS, edge);
		answer_front(&x->answer, ANSWER_BAD_SIGNATURE, "Signature expired: %s is now "
		    "earlier than %s (%s - 5 min.)", date, edge, now_text);
		return -1;
	}
	if (then > now + WINDOW_SECONDS) {
		clock_amz(now + WINDOW_SECONDS, edge);
		answer_front(&x->answer, ANSWER_BAD_SIGNATURE, "Signature not yet current: %s is "
		    "still later than %s (%s + 5 min.)", date, edge, now_text);
		return -1;
	}
	return 0;
}

struct signed_headers {
	struct sigv4_header header[SIGV4_HEADERS_MAX];
	size_t count;
	const char *wanted;		/* the name that is being collected */
};

/* MHD's iterator: takes up every header of the wanted name. */
static enum MHD_Result
collect(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct signed_headers *h = arg;

	(void)kind;
	if (strcasecmp(name, h->wanted) != 0)
		return MHD_YES;
	if (h->count == SIGV4_HEADERS_MAX)
		return MHD_NO;
	h->header[h->count].name = h->wanted;
	h->header[h->count++].value = value != NULL ? value : "";
	return MHD_YES;
}

/*
 * Splits names at the semicolons, in place, and collects the headers of each.  -1: one is not
 * there.
 */
static int
collect_signed(struct exchange *x, char *names, struct signed_headers *h)
{
	size_t len, before;
	bool more = true;

	for (h->count = 0; more; names += len + 1) {
		len = strcspn(names, ";");
		more = names[len] == ';';
		names[len] = '\0';
		h->wanted = names;
		before = h->count;
		MHD_get_connection_values(x->connection, MHD_HEADER_KIND, collect, h);
		if (h->count == before || h->count == SIGV4_HEADERS_MAX)
			return -1;
	}
	return 0;
}

static bool
is_signed(const struct signed_headers *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->count; i++)
		if (strcasecmp(h->header[i].name, name) == 0)
			return true;
	return false;
}

/* AWS wants these under the signature, where they are there.  The session token need not be. */
static int
check_signed(struct exchange *x, const struct signed_headers *h)
{
	static const char *const must[] = {"Host", "X-Amz-Date", "X-Amz-Target",
		"X-Amz-Content-SHA256"};
	size_t i;

	for (i = 0; i < sizeof must / sizeof *must; i++)
		if (exchange_header(x, must[i]) != NULL && !is_signed(h, must[i])) {
			answer_front(&x->answer, ANSWER_BAD_SIGNATURE,
			    "'%s' must be a 'SignedHeader' in the AWS Authorization.", must[i]);
			return -1;
		}
	return 0;
}

/* Where the sender says what the body's digest is, it has to be. */
static bool
body_is_as_said(const struct exchange *x)
{
	const char *said = exchange_header(x, "X-Amz-Content-SHA256");
	char hex[SIGV4_HEX_SIZE];

	if (said == NULL)
		return true;
	sigv4_sha256_hex(buf_string(&x->body), x->body.len, hex);
	return strcasecmp(said, hex) == 0;
}

static int
check_signature(struct exchange *x, struct authorization *a, const char *secret, const char *date)
{
	struct signed_headers h;
	struct sigv4_request r = {
		.method = x->method, .path = x->path, .query = "", .headers = h.header,
		.body = buf_string(&x->body), .body_len = x->body.len, .region = a->region,
		.service = a->service, .date = date
	};
	char expected[SIGV4_HEX_SIZE];

	if (collect_signed(x, a->names, &h) != 0) {
		answer_refuse(&x->answer, ANSWER_BAD_SIGNATURE);
		return -1;
	}
	if (check_signed(x, &h) != 0)
		return -1;
	r.header_count = h.count;
	if (sigv4_signature(&r, secret, &x->cache.key, expected) == 0 && body_is_as_said(x) &&
	    strlen(a->signature) == sizeof expected - 1 &&
	    CRYPTO_memcmp(a->signature, expected, sizeof expected - 1) == 0)
		return 0;
	answer_refuse(&x->answer, ANSWER_BAD_SIGNATURE);
	return -1;
}

int
auth_check(struct exchange *x, const char *service)
{
	const char *header = exchange_header(x, "Authorization");
	const char *date = exchange_header(x, "X-Amz-Date"), *secret;
	struct authorization a;

	x->region = x->server->region;
	if (header == NULL && x->server->no_signatures) {
		x->caller.role = NULL;
		x->owner = &x->server->role;
		snprintf(x->caller.arn, sizeof x->caller.arn, "%s", x->server->user_arn);
		return 0;
	}
	if (header == NULL) {
		answer_refuse(&x->answer, ANSWER_MISSING_TOKEN);
		return -1;
	}
	if (parse_header(x, header, &a) != 0 || check_scope(x, &a, service) != 0)
		return -1;
	if ((secret = find_secret(x, &a)) == NULL) {
		answer_refuse(&x->answer, ANSWER_UNKNOWN_KEY);
		return -1;
	}
	if (check_date(x, &a, date) != 0 || check_signature(x, &a, secret, date) != 0)
		return -1;
	if (x->caller.role != NULL && x->cache.session.expires_ms <= server_now_ms(x->server)) {
		answer_refuse(&x->answer, ANSWER_EXPIRED);
		return -1;
	}
	return 0;
}
