/* Credentials from near addresses (fetch.h). */
#include "net/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/endpoint.h"

enum {
	TOKEN_MAX = 16 * 1024,		/* Kubernetes' have 1 to 2 KiB */
	HEAD_MAX = TOKEN_MAX + 256,
	TRIES = 3, PAUSE_MS = 1000,	/* botocore's */
	TURN_MS = 1000
};

static const char http_scheme[] = "http://";

/* Whether text is http://, one of the addresses, and perhaps a port. */
static bool
is_fixed(const char *text, const char *const fixed[])
{
	const char *host = text + strlen(http_scheme), *why;
	int64_t port;

	if (strncasecmp(text, http_scheme, strlen(http_scheme)) != 0)
		return false;
	for (; *fixed != NULL; fixed++) {
		size_t len = strlen(*fixed);

		if (strncasecmp(host, *fixed, len) == 0 && (host[len] == '\0' ||
		    (host[len] == ':' && num_parse(host + len + 1, 1, 65535, &port, &why) == 0)))
			return true;
	}
	return false;
}

int
fetch_split(const char *url, const char *const fixed[], char **endpoint, char **path,
    const char **why)
{
	const char *host = endpoint_host(url), *rest = host + strcspn(host, "/?#");
	char *start = mem_dup(url, (size_t)(rest - url));
	size_t size = strlen(rest) + 2;

	*endpoint = is_fixed(start, fixed) ? mem_dup_string(start) : endpoint_parse(start, why);
	free(start);
	if (*endpoint == NULL)
		return -1;
	for (const char *s = rest; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || *s == '#') {
			*why = "holds a character that cannot be in it";
			free(*endpoint);
			*endpoint = NULL;
			return -1;
		}
	*path = mem_alloc(size);
	snprintf(*path, size, "%s%s", rest[0] == '/' ? "" : "/", rest);
	return 0;
}

bool
fetch_is_token(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return len > 0 && len <= TOKEN_MAX;
}

struct http *
fetch_open(const char *endpoint, const char *ca_bundle, int64_t connect_ms, int64_t read_ms)
{
	char agent[64];
	struct http_config config = {
		.endpoint = endpoint, .ca_bundle = ca_bundle, .user_agent = agent, .direct = true,
		.connect_ms = connect_ms, .read_ms = read_ms, .body_max = FETCH_BODY_MAX
	};

	snprintf(agent, sizeof agent, "cognito-filters/%s", prog_version());
	return http_new(&config);
}

struct waiting {
	struct fetch *fetch;
	bool done;
};

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct waiting *w = arg;

	w->done = true;
	w->fetch->result = a->result;
	w->fetch->status = a->status;
	w->fetch->body = mem_dup(a->body, a->body_len);
	w->fetch->len = a->body_len;
	snprintf(w->fetch->why, sizeof w->fetch->why, "%s", a->why);
}

void
fetch_send(struct http *h, const char *method, const char *path, const char *header_name,
    const char *header_value, struct fetch *f)
{
	struct waiting w = { .fetch = f };
	struct http_request r = { .method = method, .path = path };
	struct buf head;

	memset(f, 0, sizeof *f);
	buf_init(&head, HEAD_MAX);
	(void)buf_reserve(&head, HEAD_MAX);
	(void)buf_append(&head, "Accept: application/json", sizeof "Accept: application/json");
	/* Without a value libcurl leaves its own out. */
	(void)buf_append(&head, "Content-Type:", sizeof "Content-Type:");
	if (header_name != NULL) {
		(void)buf_appendf(&head, "%s: %s", header_name, header_value);
		(void)buf_append_byte(&head, '\0');
	}
	r.head = head.data;
	r.head_len = head.len;
	http_start(h, &r, on_answer, &w);
	while (!w.done)
		http_turn(h, TURN_MS);
	buf_wipe(&head);
}

void
fetch_free(struct fetch *f)
{
	mem_wipe(f->body, f->len);
	free(f->body);
	memset(f, 0, sizeof *f);
}

enum prog_status
fetch_judge(const struct fetch *f, const char *where, char why[CRED_WHY_SIZE])
{
	char code[CRED_CODE_SIZE];

	if (f->result != HTTP_OK) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s", where, f->why);
		return f->result == HTTP_REFUSED ? PROG_FAIL : PROG_TEMPORARY;
	}
	if (f->status == 200)
		return PROG_OK;
	if (f->status / 100 == 3)
		snprintf(why, CRED_WHY_SIZE, "%s: answers HTTP %ld, a redirect, and none is "
		    "followed", where, f->status);
	else
		snprintf(why, CRED_WHY_SIZE, "%s: answers HTTP %ld%s%s", where, f->status,
		    cred_is_error(f->body, f->len, code) && code[0] != '\0' ? ", " : "", code);
	return f->status / 100 == 5 || f->status == 429 ? PROG_TEMPORARY : PROG_FAIL;
}

enum prog_status
fetch_patiently(fetch_once *once, struct source *s, bool patient, struct cred *cred,
    char why[CRED_WHY_SIZE])
{
	enum prog_status status = once(s, cred, why);

	for (int tries = 1; patient && status == PROG_TEMPORARY && tries < TRIES; tries++) {
		clock_sleep_ms(PAUSE_MS);
		status = once(s, cred, why);
	}
	return status;
}
