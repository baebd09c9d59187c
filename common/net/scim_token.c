/*
 * The bearer token of a SCIM client: given once, read again from its file, or asked for by OAuth2
 * client credentials and renewed before it ends.
 *
 * A token that still holds is not given up because the endpoint has no newer one at the moment.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/retry.h"

#include "net/scim_client.h"
#include "net/scim_grant.h"

enum {
	BODY_MAX = 64 * 1024,		/* of an answer: four of the longest tokens */
	HEAD_MAX = 12 * SCIM_SECRET_MAX,	/* id and secret, each byte as "%XX", as base64 */
	MARGIN_MS = 5 * 60 * 1000,	/* renewed so long before the end, */
	MARGIN_PART = 10,		/* or with this part of its life left */
	PAUSE_MS = 30 * 1000,		/* between attempts while the old one holds */
	TURN_MS = 1000
};

/* Reads up to size bytes; less at the end of the file.  Returns the count, or -1. */
static ssize_t
read_all(int fd, char *to, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, to + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Why the line cannot be a secret, or NULL. */
static const char *
check_line(const char *line, size_t len)
{
	if (len == 0)
		return "its first line is empty";
	if (len > SCIM_SECRET_MAX)
		return "its first line is too long";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return "holds a character that cannot be in it";
	return NULL;
}

char *
scim_secret_read(const char *path, char why[SCIM_WHY_SIZE])
{
	int fd = files_open(path);
	char *text = mem_alloc(SCIM_SECRET_MAX + 2), *line = NULL;
	const char *wrong, *end;
	struct stat st;
	ssize_t len;

	if (fd < 0 || (len = read_all(fd, text, SCIM_SECRET_MAX + 2)) < 0) {
		snprintf(why, SCIM_WHY_SIZE, "%s: %s", path, strerror(errno));
		goto done;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		diag_warn("%s is readable by others", path);
	end = memchr(text, '\n', (size_t)len);
	if (end != NULL)
		len = end - text;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	wrong = check_line(text, (size_t)len);
	if (wrong == NULL)
		line = mem_dup(text, (size_t)len);
	else
		snprintf(why, SCIM_WHY_SIZE, "%s: %s", path, wrong);
done:
	if (fd >= 0)
		close(fd);
	mem_wipe(text, SCIM_SECRET_MAX + 2);
	free(text);
	return line;
}

void
scim_token_init(struct scim_token *t, const struct scim_config *config)
{
	memset(t, 0, sizeof *t);
	t->config = config;
	if (config->token != NULL) {
		t->bearer = mem_dup_string(config->token);
		t->generation = 1;
	}
}

void
scim_token_free(struct scim_token *t)
{
	mem_wipe_free(t->bearer);
	memset(t, 0, sizeof *t);
}

/* One exchange with the token endpoint. */
struct exchange {
	struct scim_token *token;
	bool done;
	enum prog_status status;
	enum retry_kind kind;		/* of PROG_TEMPORARY */
	int64_t later_ms;
	char why[SCIM_WHY_SIZE];
};

static void
take_grant(struct scim_token *t, struct scim_grant *g)
{
	int64_t now = clock_mono_ms(), margin = g->lifetime_ms / MARGIN_PART;

	mem_wipe_free(t->bearer);
	t->bearer = g->token;
	t->generation++;
	t->refused = t->accepted = false;
	t->next_ms = 0;
	t->renew_ms = t->ends_ms = 0;
	if (g->lifetime_ms > 0) {
		t->ends_ms = now + g->lifetime_ms;
		t->renew_ms = t->ends_ms - (margin < MARGIN_MS ? margin : MARGIN_MS);
	}
}

/* What the endpoint's refusal means. */
static void
judge(struct exchange *x, const struct http_answer *a)
{
	struct scim_error e;

	scim_error_parse(&e, a->body, a->body_len);
	x->status = a->status == 429 || a->status >= 500 ? PROG_TEMPORARY : PROG_FAIL;
	x->kind = a->status == 429 || a->status == 503 ? RETRY_THROTTLE : RETRY_TRANSIENT;
	x->later_ms = a->later_ms;
	if (a->status / 100 == 3)
		snprintf(x->why, sizeof x->why, "HTTP %ld, a redirect, and none is followed",
		    a->status);
	else
		snprintf(x->why, sizeof x->why, "HTTP %ld%s%s%s%s", a->status,
		    e.code[0] != '\0' ? ", " : "", e.code, e.page ? " with a page instead of an "
		    "answer" : "", a->status == 400 || a->status == 401 ?
		    "; check the client id, its secret and the scope" : "");
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct exchange *x = arg;
	struct scim_grant g;
	const char *wrong;

	x->done = true;
	x->status = PROG_OK;
	x->later_ms = -1;
	if (a->result != HTTP_OK) {
		x->status = a->result == HTTP_REFUSED ? PROG_FAIL : PROG_TEMPORARY;
		x->kind = a->result == HTTP_CUT ? RETRY_TRANSIENT : RETRY_UNREACHABLE;
		snprintf(x->why, sizeof x->why, "%s", a->why);
	} else if (a->status != 200) {
		judge(x, a);
	} else if ((wrong = scim_grant_parse(&g, a->body, a->body_len)) != NULL) {
		x->status = PROG_FAIL;
		snprintf(x->why, sizeof x->why, "%s", wrong);
	} else {
		take_grant(x->token, &g);
	}
}

static void
put_line(struct buf *head, const char *name, const char *value)
{
	(void)buf_append_string(head, name);
	(void)buf_append(head, value, strlen(value) + 1);
}

/* Asks once, over a connection of its own: it is done once an hour, and leaves nothing behind. */
static void
ask(struct exchange *x)
{
	const struct scim_config *c = x->token->config;
	struct http_request r = { .path = c->token_path };
	struct buf head, authorization, body;
	char agent[64];
	struct http_config config = {
		.endpoint = c->token_endpoint, .ca_bundle = c->ca_bundle, .user_agent = agent,
		.direct = endpoint_is_loopback(c->token_endpoint), .connect_ms = c->connect_ms,
		.read_ms = c->read_ms, .body_max = BODY_MAX
	};
	struct http *h;

	snprintf(agent, sizeof agent, "cognito-filters/%s", prog_version());
	buf_init(&head, HEAD_MAX + 1000);
	buf_init(&authorization, HEAD_MAX);
	buf_init(&body, HEAD_MAX);
	(void)buf_reserve(&head, head.max);
	h = http_new(&config);
	x->done = false;
	if (h == NULL || scim_grant_request(c->client_id, c->client_secret, c->scope,
	    &authorization, &body) != 0) {
		x->status = PROG_FAIL;
		snprintf(x->why, sizeof x->why, "the request cannot be made");
	} else {
		put_line(&head, "Content-Type: ", "application/x-www-form-urlencoded");
		put_line(&head, "Accept: ", "application/json");
		put_line(&head, "Expect:", "");
		put_line(&head, "Authorization: ", authorization.data);
		r.head = head.data;
		r.head_len = head.len;
		r.body = body.data;
		r.len = body.len;
		http_start(h, &r, on_answer, x);
		while (!x->done)
			http_turn(h, TURN_MS);
	}
	if (h != NULL)
		http_free(h);
	buf_wipe(&head);
	buf_wipe(&authorization);
	buf_free(&body);
}

/* Milliseconds until the next attempt, or -1. */
static int64_t
wait_of(const struct exchange *x, int failures, int64_t elapsed_ms)
{
	struct retry_state s = {
		.kind = x->kind, .failures = failures, .elapsed_ms = elapsed_ms,
		.budget_ms = x->token->config->retry_ms, .hint_ms = -1
	};
	int64_t wait;

	if (RAND_bytes((unsigned char *)&s.random, sizeof s.random) != 1)
		s.random = UINT32_MAX;
	wait = retry_wait(&s);
	if (wait >= 0 && wait < x->later_ms)
		wait = x->later_ms;
	return elapsed_ms + wait <= s.budget_ms ? wait : -1;
}

/* Asks, again and again if patient.  why says where it failed. */
static enum prog_status
get(struct scim_token *t, bool patient, char why[SCIM_WHY_SIZE])
{
	const struct scim_config *c = t->config;
	int64_t first = clock_mono_ms(), wait;
	struct exchange x = { .token = t };

	for (int failures = 1;; failures++) {
		ask(&x);
		if (x.status == PROG_OK) {
			diag_verbose(1, "a token from %s%s", c->token_endpoint, c->token_path);
			return PROG_OK;
		}
		wait = x.status == PROG_TEMPORARY && patient ?
		    wait_of(&x, failures, clock_mono_ms() - first) : -1;
		if (wait < 0)
			break;
		diag_verbose(1, "%s%s: %s: again in %lld ms", c->token_endpoint, c->token_path,
		    x.why, (long long)wait);
		clock_sleep_ms(wait);
	}
	snprintf(why, SCIM_WHY_SIZE, "no token from %s%s: %.400s", c->token_endpoint,
	    c->token_path, x.why);
	return x.status;
}

enum prog_status
scim_token_ready(struct scim_token *t, char why[SCIM_WHY_SIZE])
{
	int64_t now = clock_mono_ms();

	if (t->bearer == NULL || t->refused || (t->ends_ms != 0 && now >= t->ends_ms))
		return get(t, true, why);
	if (t->renew_ms == 0 || now < t->renew_ms || now < t->next_ms)
		return PROG_OK;
	if (get(t, false, why) != PROG_OK) {
		diag_verbose(1, "%s; the old one still holds", why);
		t->next_ms = clock_mono_ms() + PAUSE_MS;
	}
	return PROG_OK;
}

/* A newer token may stand in the file now. */
static bool
read_again(struct scim_token *t)
{
	char why[SCIM_WHY_SIZE];
	struct stat st;
	char *token;

	/* A pipe has been read, and would be waited for in vain. */
	if (t->config->token_file == NULL || stat(t->config->token_file, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	token = scim_secret_read(t->config->token_file, why);
	if (token == NULL || strcmp(token, t->bearer) == 0) {
		mem_wipe_free(token);
		return false;
	}
	mem_wipe_free(t->bearer);
	t->bearer = token;
	t->generation++;
	t->accepted = false;
	return true;
}

bool
scim_token_refuse(struct scim_token *t, unsigned generation)
{
	if (generation != t->generation)
		return true;
	/* One that was new and is refused all the same: another will hardly do better. */
	if (!t->accepted && t->vain++ > 0)
		return false;
	if (t->config->token != NULL)
		return read_again(t);
	t->refused = true;
	return true;
}

void
scim_token_accept(struct scim_token *t, unsigned generation)
{
	if (generation != t->generation)
		return;
	t->accepted = true;
	t->vain = 0;
}
