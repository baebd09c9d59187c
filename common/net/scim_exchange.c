/*
 * One exchange of the SCIM client: the head of a request, and what an answer means for its call:
 * done, failed, or to be sent again.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/retry.h"

#include "net/scim_client.h"
#include "net/scim_error.h"

/*
 * An internal error of a writing request comes from its content more often than from a bad moment:
 * a budget of minutes for each would add up to hours.
 */
enum { WRITE_500_TRIES = 6 };

static char no_body[1];

bool
scim_call_uncertain(const struct scim_call *call)
{
	return call->uncertain && strcmp(call->method, "GET") != 0;
}

/* The text in c->message is the failure's; in c->summary, the same without the server's words. */
static void
fail(struct scim_call *call, enum scim_outcome outcome, const struct http_answer *a,
    const char *scim_type, bool lost)
{
	struct scim_client *c = call->client;
	struct scim_result r = {
		.outcome = outcome, .lost = lost,
		.uncertain = scim_call_uncertain(call),
		.status = a->result == HTTP_OK ? a->status : 0,
		.body = a->result == HTTP_OK ? a->body : no_body,
		.body_len = a->result == HTTP_OK ? a->body_len : 0,
		.scim_type = scim_type, .message = buf_string(&c->message),
		.summary = buf_string(&c->summary)
	};

	scim_call_finish(call, &r);
}

/* Appends to both texts. */
__attribute__((format(printf, 2, 3))) static void
say(struct scim_client *c, const char *fmt, ...)
{
	char text[SCIM_WHY_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)buf_append_string(&c->message, text);
	(void)buf_append_string(&c->summary, text);
}

static void
say_nothing(struct scim_client *c)
{
	buf_clear(&c->message);
	buf_clear(&c->summary);
}

/* A wait that none of the requests can keep, whose text stands in the summary: no more of them. */
static void
leave(struct scim_client *c)
{
	if (c->refusal != NULL)
		return;
	c->refused = PROG_TEMPORARY;
	c->refusal = mem_dup_string(buf_string(&c->summary));
}

/*
 * Puts the call among the waiting ones if it may be tried again.  Returns whether it did.  A wait
 * that the server asks for is kept in full, and by all requests of the lane.
 */
static bool
try_again(struct scim_call *call, enum retry_kind kind, int64_t later_ms)
{
	struct scim_client *c = call->client;
	int64_t now = clock_mono_ms(), wait;
	struct retry_state s = {
		.kind = kind, .failures = ++call->failures, .elapsed_ms = now - call->turn.first_ms,
		.budget_ms = c->config.retry_ms, .hint_ms = -1, .answered = c->answered
	};

	if (RAND_bytes((unsigned char *)&s.random, sizeof s.random) != 1)
		s.random = UINT32_MAX;
	wait = retry_wait(&s);
	if (later_ms > 0 && later_ms <= s.budget_ms)
		scim_pace_hold(&c->pace[call->turn.lane], now, later_ms);
	if (later_ms > s.budget_ms || (wait >= 0 && later_ms > wait)) {
		wait = later_ms;
		if (s.elapsed_ms + wait > s.budget_ms) {
			say(c, "; the server asks to wait %lld s, more than --retry-seconds leaves",
			    (long long)((wait + 999) / 1000));
			wait = -1;
		}
	}
	if (later_ms > s.budget_ms)
		leave(c);
	if (wait < 0) {
		if (call->failures > 1)
			say(c, " (%d tries in %lld s)", call->failures,
			    (long long)(s.elapsed_ms / 1000));
		return false;
	}
	diag_verbose(1, "%s: %s: again in %lld ms", call->kind, buf_string(&c->summary),
	    (long long)wait);
	scim_call_repeat(call, now + wait);
	return true;
}

static bool
is_post(const struct scim_call *call)
{
	return strcmp(call->method, "POST") == 0;
}

/* No answer, or none that is HTTP. */
static void
on_failure(struct scim_call *call, const struct http_answer *a)
{
	struct scim_client *c = call->client;
	bool lost = a->result == HTTP_CUT && is_post(call);

	say_nothing(c);
	say(c, "%s", a->why);
	call->uncertain |= a->sent;
	if (a->result == HTTP_REFUSED) {
		fail(call, SCIM_PROTOCOL, a, "", false);
		return;
	}
	c->answered = c->answered || a->result == HTTP_CUT;
	if (lost || !try_again(call, a->result == HTTP_CUT ? RETRY_TRANSIENT :
	    RETRY_UNREACHABLE, -1))
		fail(call, SCIM_TEMPORARY, a, "", lost);
}

/* Throttled, or the server is not well.  Returns whether the call goes out again. */
static bool
on_trouble(struct scim_call *call, const struct http_answer *a)
{
	struct scim_client *c = call->client;
	bool said = a->status == 429 || a->status == 503 || a->status == 408;

	if (a->status == 429) {
		c->throttles++;
		scim_pace_throttled(&c->pace[call->turn.lane], clock_mono_ms());
	}
	if (!said && is_post(call))
		return false;
	if (a->status == 500 && strcmp(call->method, "GET") != 0 &&
	    call->failures + 1 >= WRITE_500_TRIES)
		return false;
	return try_again(call, said ? RETRY_THROTTLE : RETRY_TRANSIENT, a->later_ms);
}

static void
on_error(struct scim_call *call, const struct http_answer *a)
{
	struct scim_client *c = call->client;
	bool trouble = a->status == 429 || a->status == 408 ||
	    (a->status >= 500 && a->status != 501 && a->status != 505);
	struct scim_error e;
	const char *hint;

	if (a->status == 401 && call->renewals == 0 &&
	    scim_token_refuse(&c->token, call->generation)) {
		call->renewals++;
		scim_call_repeat(call, clock_mono_ms());
		return;
	}
	call->uncertain |= trouble;
	scim_error_parse(&e, a->body, a->body_len);
	say_nothing(c);
	scim_error_text(&e, a->status, true, &c->message);
	scim_error_text(&e, a->status, false, &c->summary);
	if (trouble && on_trouble(call, a))
		return;
	hint = scim_error_hint(&e, a->status, c->config.dialect);
	if (hint != NULL)
		say(c, "; %s", hint);
	fail(call, trouble ? SCIM_TEMPORARY : SCIM_DENIED, a, e.type, trouble && is_post(call) &&
	    a->status != 429 && a->status != 503 && a->status != 408);
}

/* Whether the body of an answer can be JSON: none, or one that begins as an object. */
static bool
is_plausible(const struct http_answer *a)
{
	size_t blank = strspn(a->body, " \t\r\n");

	return blank == a->body_len || a->body[blank] == '{';
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct scim_call *call = arg;
	struct scim_client *c = call->client;
	struct scim_result r = {
		.outcome = SCIM_OK, .uncertain = scim_call_uncertain(call), .status = a->status,
		.body = a->body, .body_len = a->body_len, .scim_type = "", .message = "",
		.summary = ""
	};

	c->bytes_in += a->body_len;
	if (a->result != HTTP_OK) {
		on_failure(call, a);
		return;
	}
	c->answered = true;
	diag_verbose(1, "%s: HTTP %ld, %zu bytes, %lld ms", call->kind, a->status, a->body_len,
	    (long long)a->took_ms);
	if (a->status != 401)
		scim_token_accept(&c->token, call->generation);
	if (a->status >= 400) {
		on_error(call, a);
	} else if (a->status / 100 == 2 && is_plausible(a)) {
		scim_call_finish(call, &r);
	} else {
		/* "See Other" is the answer to a POST that was carried out. */
		call->uncertain |= a->status / 100 == 2 || a->status == 303;
		say_nothing(c);
		say(c, "HTTP %ld %s", a->status, a->status / 100 == 2 ?
		    "with something that is not JSON: a proxy or a login page in between, or --url "
		    "leads elsewhere" : a->status >= 300 ?
		    "from the server: a redirect, and none is followed" : "is no answer");
		fail(call, SCIM_PROTOCOL, a, "", false);
	}
}

static void
put_line(struct buf *head, const char *name, const char *value)
{
	(void)buf_append_string(head, name);
	(void)buf_append(head, value, strlen(value) + 1);
}

void
scim_call_send(struct scim_call *call)
{
	struct scim_client *c = call->client;
	struct http_request r = {
		.method = is_post(call) ? NULL : call->method, .path = call->path,
		.body = call->body, .len = call->len, .once = is_post(call)
	};

	call->generation = c->token.generation;
	buf_clear(&c->head);
	put_line(&c->head, "Accept: ", "application/scim+json, application/json");
	put_line(&c->head, "Authorization: Bearer ", c->token.bearer);
	/* Without a value libcurl leaves its own out. */
	put_line(&c->head, call->type != NULL ? "Content-Type: " : "Content-Type:",
	    call->body == NULL ? "" : call->type != NULL ? call->type : " application/scim+json");
	put_line(&c->head, "Expect:", "");
	if (call->version != NULL)
		put_line(&c->head, "If-Match: ", call->version);
	r.head = c->head.data;
	r.head_len = c->head.len;
	http_start(c->http, &r, on_answer, call);
}
