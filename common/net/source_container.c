/* The container endpoint (source.h). */
#include "net/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/fetch.h"
#include "net/netdoor.h"

enum {
	CONNECT_MS = 2000, READ_MS = 5000,
	TOKEN_FILE_MAX = 64 * 1024	/* fetch_is_token draws the line below */
};

static const char relative_uri[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
static const char full_uri[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
static const char token_variable[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
static const char token_file[] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

static const char not_a_token[] = "not a token of printable characters (a line end inside?)";

/* ECS; EKS Pod Identity. */
static const char *const fixed[] = { "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", NULL };

struct container {
	struct source source;
	char *endpoint, *ca_bundle;
	char *path;		/* of ECS: who knows it may have the credentials */
	char *token, *file;	/* NULL: not set */
};

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Reads up to b's maximum.  Returns 0, or -1 with errno set. */
static int
read_file(const char *path, struct buf *b)
{
	int fd = files_open(path);
	ssize_t n = fd != -1 ? 1 : -1;
	int saved;

	while (n > 0 && b->len < b->max) {
		n = read(fd, b->data + b->len, b->max - b->len);
		if (n > 0)
			b->len += (size_t)n;
		else if (n == -1 && errno == EINTR)
			n = 1;
	}
	saved = errno;
	if (fd != -1)
		close(fd);
	errno = saved;
	return n == -1 ? -1 : 0;
}

/* The token as it is now, heap, or NULL with status PROG_OK if there is none. */
static enum prog_status
find_token(const struct container *c, char **token, char why[CRED_WHY_SIZE])
{
	enum prog_status status = PROG_USAGE;
	struct buf b;

	*token = mem_dup_string(c->token);
	if (c->file == NULL)
		return PROG_OK;
	buf_init(&b, TOKEN_FILE_MAX);
	(void)buf_reserve(&b, TOKEN_FILE_MAX);
	if (read_file(c->file, &b) != 0) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s: cannot read: %s", token_file, c->file,
		    strerror(errno));
	} else {
		if (b.len > 0 && b.data[b.len - 1] == '\n')
			b.len -= b.len > 1 && b.data[b.len - 2] == '\r' ? 2 : 1;
		if (fetch_is_token(b.data, b.len)) {
			*token = mem_dup(b.data, b.len);
			status = PROG_OK;
		} else {
			snprintf(why, CRED_WHY_SIZE, "%s: %s: %s", token_file, c->file,
			    not_a_token);
		}
	}
	buf_wipe(&b);
	return status;
}

static enum prog_status
once(struct source *s, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct container *c = (struct container *)s;
	char reason[CRED_WHY_SIZE], *token;
	enum prog_status status = find_token(c, &token, why);
	struct http *h;
	struct fetch f;

	if (status != PROG_OK)
		return status;
	if ((h = fetch_open(c->endpoint, c->ca_bundle, CONNECT_MS, READ_MS)) == NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: libcurl cannot start", s->name);
		mem_wipe_free(token);
		return PROG_FAIL;
	}
	fetch_send(h, "GET", c->path, token != NULL ? "Authorization" : NULL, token, &f);
	status = fetch_judge(&f, s->name, why);
	if (status == PROG_OK &&
	    cred_parse(cred, f.body, f.len, "Token", clock_wall_ms(), reason) != 0) {
		snprintf(why, CRED_WHY_SIZE, "%s: %.300s", s->name, reason);
		status = PROG_FAIL;
	}
	fetch_free(&f);
	http_free(h);
	mem_wipe_free(token);
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
	struct container *c = (struct container *)s;

	free(c->endpoint);
	free(c->ca_bundle);
	mem_wipe_free(c->path);
	mem_wipe_free(c->token);
	free(c->file);
}

/* Finds out where to ask.  Returns 0, or -1 with why set. */
static int
find_endpoint(struct container *c, const char *relative, const char *full, char why[CRED_WHY_SIZE])
{
	const char *reason;
	char *url;
	size_t size;
	int rc;

	if (relative == NULL) {
		if (fetch_split(full, fixed, &c->endpoint, &c->path, &reason) == 0)
			return 0;
		snprintf(why, CRED_WHY_SIZE, "%s: %s", full_uri, reason);
		return -1;
	}
	/* Anything else would become part of the host's name. */
	if (relative[0] != '/') {
		snprintf(why, CRED_WHY_SIZE, "%s: does not begin with a slash", relative_uri);
		return -1;
	}
	size = strlen("http://") + strlen(fixed[0]) + strlen(relative) + 1;
	url = mem_alloc(size);
	snprintf(url, size, "http://%s%s", fixed[0], relative);
	rc = fetch_split(url, fixed, &c->endpoint, &c->path, &reason);
	mem_wipe_free(url);
	if (rc != 0)
		snprintf(why, CRED_WHY_SIZE, "%s: %s", relative_uri, reason);
	return rc;
}

struct source *
source_container(const char *ca_bundle, char why[CRED_WHY_SIZE])
{
	const char *relative = variable(relative_uri), *full = variable(full_uri);
	const char *file = variable(token_file);
	const char *token = file == NULL ? variable(token_variable) : NULL;
	char name[CRED_WHY_SIZE];
	struct container *c;

	why[0] = '\0';
	if (relative == NULL && full == NULL)
		return NULL;
	c = mem_alloc(sizeof *c);
	c->source = (struct source){ .renewable = true, .get = get, .release = release };
	if (token != NULL && !fetch_is_token(token, strlen(token)))
		snprintf(why, CRED_WHY_SIZE, "%s: %s", token_variable, not_a_token);
	else if (find_endpoint(c, relative, full, why) == 0) {
		snprintf(name, sizeof name, "container endpoint (%s)", endpoint_host(c->endpoint));
		c->source.name = mem_dup_string(name);
		c->ca_bundle = mem_dup_string(ca_bundle);
		c->token = mem_dup_string(token);
		c->file = mem_dup_string(file);
		netdoor_will_reach(c->endpoint);
		if (c->file != NULL)
			files_will_read(c->file);
		return &c->source;
	}
	source_free(&c->source);
	return NULL;
}
