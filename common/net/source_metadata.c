/*
 * Instance metadata (source.h): a session token by PUT, the role's name, the role's credentials.
 *
 * Version 1, without the token, is not spoken: whoever can make some program on the instance send
 * a GET has the credentials then.
 */
#include "net/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/fetch.h"
#include "net/netdoor.h"

enum {
	CONNECT_MS = 1000, READ_MS = 2000,
	ROLE_MAX = 64		/* of the name of an IAM role */
};

static const char disabled[] = "AWS_EC2_METADATA_DISABLED";
static const char endpoint_variable[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
static const char mode_variable[] = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

static const char token_path[] = "/latest/api/token";
static const char role_path[] = "/latest/meta-data/iam/security-credentials/";
static const char token_header[] = "x-aws-ec2-metadata-token";
static const char ttl_header[] = "x-aws-ec2-metadata-token-ttl-seconds";
static const char ttl[] = "21600";

static const char *const fixed[] = { "169.254.169.254", "[fd00:ec2::254]", NULL };

struct metadata {
	struct source source;
	char *endpoint;
	bool answered;		/* ever: this is an instance */
};

/* One way through the three requests. */
struct visit {
	struct metadata *m;
	struct http *http;
	char *token, *path;	/* heap; of the role's credentials */
	bool token_refused;
	char *why;		/* CRED_WHY_SIZE bytes */
};

static enum prog_status
fail(const struct visit *v, const char *what)
{
	snprintf(v->why, CRED_WHY_SIZE, "%s: %.300s", v->m->source.name, what);
	return PROG_FAIL;
}

/* Keeps the line at text, without its end, if it can be a token. */
static enum prog_status
take_token(struct visit *v, const struct fetch *f)
{
	size_t len = strcspn(f->body, "\r\n");

	if (!fetch_is_token(f->body, len))
		return fail(v, "its session token is none");
	v->token = mem_dup(f->body, len);
	return PROG_OK;
}

/* No credentials are configured: what and where says why there are none here. */
static enum prog_status
none(const struct visit *v, const char *what)
{
	char rest[CRED_WHY_SIZE / 2];

	snprintf(rest, sizeof rest, "and %s at %s", what, endpoint_host(v->m->endpoint));
	source_say_none(v->why, rest);
	return PROG_USAGE;
}

/*
 * Whether a machine that never gave a token refuses to: one with version 1 alone, or of another
 * cloud, which has something else at the address.
 */
static bool
is_other(const struct visit *v, const struct fetch *f)
{
	return !v->m->answered && f->result == HTTP_OK && f->status / 100 == 4 && f->status != 429;
}

static enum prog_status
get_token(struct visit *v)
{
	enum prog_status status;
	struct fetch f;

	fetch_send(v->http, "PUT", token_path, ttl_header, ttl, &f);
	if (f.result == HTTP_UNREACHABLE && !v->m->answered) {
		/* This is no instance; libcurl's reason would lead astray. */
		status = none(v, "no instance metadata answers");
	} else if (f.result == HTTP_CUT && !v->m->answered) {
		snprintf(v->why, CRED_WHY_SIZE, "%s: %s (in a container the instance's hop limit "
		    "must be 2 or more)", v->m->source.name, f.why);
		status = PROG_TEMPORARY;
	} else if (is_other(v, &f)) {
		status = none(v, f.status == 403 ? "instance metadata is switched off (HTTP 403)" :
		    "no instance metadata of version 2 answers");
	} else {
		status = fetch_judge(&f, v->m->source.name, v->why);
		if (status == PROG_OK)
			status = take_token(v, &f);
	}
	fetch_free(&f);
	return status;
}

/* A GET with the token. */
static enum prog_status
get_with_token(struct visit *v, const char *path, struct fetch *f)
{
	fetch_send(v->http, "GET", path, token_header, v->token, f);
	v->token_refused = f->result == HTTP_OK && f->status == 401;
	return fetch_judge(f, v->m->source.name, v->why);
}

/* The first line of the list is the role; today's instances have one at most. */
static enum prog_status
take_role(struct visit *v, const struct fetch *f)
{
	size_t len = strcspn(f->body, "\r\n"), size = sizeof role_path + len;

	if (len > ROLE_MAX || strspn(f->body, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789+=,.@_-") < len)
		return fail(v, "its role's name is none");
	v->path = mem_alloc(size);
	snprintf(v->path, size, "%s%.*s", role_path, (int)len, f->body);
	return PROG_OK;
}

static enum prog_status
get_role(struct visit *v)
{
	struct fetch f;
	enum prog_status status = get_with_token(v, role_path, &f);

	if (f.result == HTTP_OK &&
	    (f.status == 404 || (f.status == 200 && strcspn(f.body, "\r\n") == 0))) {
		status = none(v, "this instance has no role, says its metadata");
	} else if (status == PROG_OK) {
		status = take_role(v, &f);
	}
	fetch_free(&f);
	return status;
}

static enum prog_status
get_credentials(struct visit *v, struct cred *cred)
{
	char reason[CRED_WHY_SIZE], code[CRED_CODE_SIZE];
	struct fetch f;
	enum prog_status status = get_with_token(v, v->path, &f);

	if (status == PROG_OK && cred_is_error(f.body, f.len, code)) {
		snprintf(reason, sizeof reason, "the role's credentials: an error%s%s",
		    code[0] != '\0' ? ", " : "", code);
		status = fail(v, reason);
	} else if (status == PROG_OK &&
	    cred_parse(cred, f.body, f.len, "Token", clock_wall_ms(), reason) != 0) {
		status = fail(v, reason);
	}
	fetch_free(&f);
	return status;
}

/* One way through; *refused is whether the token was what it failed for. */
static enum prog_status
visit(struct metadata *m, struct http *h, struct cred *cred, bool *refused, char why[CRED_WHY_SIZE])
{
	struct visit v = { .m = m, .http = h, .why = why };
	enum prog_status status = get_token(&v);

	if (status == PROG_OK) {
		m->answered = true;
		status = get_role(&v);
	}
	if (status == PROG_OK)
		status = get_credentials(&v, cred);
	*refused = v.token_refused;
	mem_wipe_free(v.token);
	free(v.path);
	return status;
}

static enum prog_status
once(struct source *s, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct metadata *m = (struct metadata *)s;
	struct http *h = fetch_open(m->endpoint, NULL, CONNECT_MS, READ_MS);
	enum prog_status status;
	bool refused;

	if (h == NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: libcurl cannot start", s->name);
		return PROG_FAIL;
	}
	status = visit(m, h, cred, &refused, why);
	if (refused)
		status = visit(m, h, cred, &refused, why);
	http_free(h);
	return status;
}

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	return fetch_patiently(once, s, patient, cred, why);
}

static void
release(struct source *s)
{
	free(((struct metadata *)s)->endpoint);
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Where to ask, heap, or NULL with why set. */
static char *
find_endpoint(char why[CRED_WHY_SIZE])
{
	const char *url = variable(endpoint_variable), *mode = variable(mode_variable), *reason;
	char text[sizeof "http://" + sizeof "[fd00:ec2::254]"], *endpoint, *path;
	bool plain;

	if (mode != NULL && strcasecmp(mode, "IPv4") != 0 && strcasecmp(mode, "IPv6") != 0) {
		snprintf(why, CRED_WHY_SIZE, "%s: neither IPv4 nor IPv6", mode_variable);
		return NULL;
	}
	if (url == NULL) {
		snprintf(text, sizeof text, "http://%s",
		    fixed[mode != NULL && strcasecmp(mode, "IPv6") == 0]);
		return mem_dup_string(text);
	}
	if (fetch_split(url, fixed, &endpoint, &path, &reason) != 0) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s", endpoint_variable, reason);
		return NULL;
	}
	plain = strcmp(path, "/") == 0;
	free(path);
	if (plain && (endpoint_is_loopback(endpoint) || strncmp(endpoint, "http:", 5) == 0))
		return endpoint;
	snprintf(why, CRED_WHY_SIZE, "%s: neither http://%s, http://%s nor an address of this "
	    "machine", endpoint_variable, fixed[0], fixed[1]);
	free(endpoint);
	return NULL;
}

struct source *
source_metadata(char why[CRED_WHY_SIZE])
{
	const char *off = variable(disabled);
	char name[CRED_WHY_SIZE], *endpoint;
	struct metadata *m;

	why[0] = '\0';
	if (off != NULL && strcasecmp(off, "true") == 0)
		return NULL;
	if ((endpoint = find_endpoint(why)) == NULL)
		return NULL;
	m = mem_alloc(sizeof *m);
	snprintf(name, sizeof name, "instance metadata (%s)", endpoint_host(endpoint));
	m->source = (struct source){ .name = mem_dup_string(name), .renewable = true, .get = get,
		.release = release };
	m->endpoint = endpoint;
	netdoor_will_reach(m->endpoint);
	return &m->source;
}
