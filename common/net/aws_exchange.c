/*
 * One exchange of the AWS client: the signed head of a request, and what an answer means for its
 * call: done, failed, or to be sent again, with the clock corrected if need be.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "net/awserr.h"
#include "net/endpoint.h"
#include "net/retry.h"
#include "net/source.h"

#include "net/aws_client.h"

enum {
	SKEW_MS = 240 * 1000,		/* below it the service does not mind */
	SKEW_TOOK_MS = 900 * 1000,	/* a Date that old says nothing */
	SKEW_TRIES = 2,
	TARGET_MAX = 128		/* the longest prefix has 34 characters, the operation 40 */
};

/* That the clock is wrong; assume-role renews in other threads. */
static atomic_bool warned;

static const char json_type[] = "application/x-amz-json-1.1";
static const char form_type[] = "application/x-www-form-urlencoded; charset=utf-8";

static void
fail(struct call *call, enum aws_outcome outcome, const char *code)
{
	struct aws_client *c = call->client;
	struct aws_result r = {
		.outcome = outcome, .operation = call->operation, .code = code,
		.uncertain = call->uncertain, .message = buf_string(&c->message)
	};

	aws_call_finish(call, &r);
}

/* Puts the call among the waiting ones if it may be tried again.  Returns whether it did. */
static bool
try_again(struct call *call, enum retry_kind kind, int64_t hint_ms)
{
	struct aws_client *c = call->client;
	int64_t now = clock_mono_ms(), wait;
	struct retry_state s = {
		.kind = kind, .failures = ++call->failures, .elapsed_ms = now - call->turn.first_ms,
		.budget_ms = c->config.retry_ms, .hint_ms = hint_ms, .answered = c->answered
	};

	if (RAND_bytes((unsigned char *)&s.random, sizeof s.random) != 1)
		s.random = UINT32_MAX;
	wait = retry_wait(&s);
	if (wait < 0) {
		if (call->failures > 1)
			(void)buf_appendf(&c->message, " (%d tries in %lld s)", call->failures,
			    (long long)(s.elapsed_ms / 1000));
		return false;
	}
	diag_verbose(1, "%s: %s: again in %lld ms", call->operation, buf_string(&c->message),
	    (long long)wait);
	aws_call_repeat(call, now + wait);
	return true;
}

/*
 * Learns by how much our clock is wrong.  Returns whether that is new and enough to be the reason
 * of a refusal; then the call goes out again at once.
 */
static bool
correct_clock(struct call *call, const struct http_answer *a)
{
	struct aws_client *c = call->client;
	int64_t offset, change;

	if (a->date_ms < 0 || a->aged || a->took_ms > SKEW_TOOK_MS || call->skews >= SKEW_TRIES)
		return false;
	offset = a->date_ms - clock_wall_ms();
	/* Against what this call was signed with: another one may have learnt the offset since. */
	change = offset - call->offset_ms;
	if (change > -SKEW_MS && change < SKEW_MS)
		return false;
	c->offset_ms = offset;
	/* The machine has one clock, however many clients there are (STS, the pool). */
	if (!atomic_exchange(&warned, true))
		diag_warn("the clock of this machine is %lld s %s the service's; corrected for "
		    "this run", (long long)((offset < 0 ? -offset : offset) / 1000),
		    offset < 0 ? "ahead of" : "behind");
	call->skews++;
	aws_call_repeat(call, clock_mono_ms());
	return true;
}

/*
 * Signs the call once more if the credentials' time was over when it was sent.  Returns whether it
 * goes out again.
 */
static bool
renew(struct call *call)
{
	if (call->renewals > 0 || !keeper_expired(&call->client->config.keeper, call->generation))
		return false;
	call->renewals++;
	aws_call_repeat(call, clock_mono_ms());
	return true;
}

/* How to make a run last longer than the keys that it was given. */
static void
advise(struct aws_client *c)
{
	const struct source *source = c->config.keeper.source;

	if (source == NULL)
		return;
	(void)buf_appendf(&c->message, source->renewable ? " (%s gave none that are newer)" :
	    "; these (%s) cannot be renewed in the middle of a run: a role's --profile, or "
	    "assume-role without --static, makes it last", source->name);
}

static void
on_error(struct call *call, const struct http_answer *a)
{
	struct aws_client *c = call->client;
	enum aws_outcome outcome = AWS_DENIED;
	enum awserr_class class;
	struct awserr e;

	awserr_parse(&e, c->config.service, a->status, a->error_type, a->body, a->body_len);
	class = awserr_classify(&e, a->status);
	if ((awserr_may_be_skew(&e) && correct_clock(call, a)) ||
	    (class == AWSERR_EXPIRED && renew(call)))
		return;
	buf_clear(&c->message);
	(void)buf_appendf(&c->message, "%s%s%s", e.code,
	    e.code[0] != '\0' && e.message[0] != '\0' ? ": " : "", e.message);
	if (class == AWSERR_THROTTLE) {
		c->stats.throttles++;
		pace_shared_throttled(c->shared, (enum pace_category)call->turn.lane,
		    &c->pace[call->turn.lane], clock_mono_ms());
	}
	call->uncertain |= class == AWSERR_TRANSIENT;
	if (class == AWSERR_THROTTLE || class == AWSERR_TRANSIENT) {
		if (try_again(call, class == AWSERR_THROTTLE ? RETRY_THROTTLE : RETRY_TRANSIENT,
		    a->retry_after_ms))
			return;
		outcome = AWS_TEMPORARY;
	}
	awserr_hint(&e, c->config.service, call->operation, c->config.region, &c->message);
	if (class == AWSERR_EXPIRED)
		advise(c);
	fail(call, outcome, e.code);
}

/* No answer, or none that is HTTP. */
static void
on_failure(struct call *call, const struct http_answer *a)
{
	struct aws_client *c = call->client;

	buf_clear(&c->message);
	(void)buf_append_string(&c->message, a->why);
	call->uncertain |= a->result != HTTP_UNREACHABLE;
	if (a->result == HTTP_REFUSED) {
		fail(call, AWS_PROTOCOL, "");
		return;
	}
	c->answered = c->answered || a->result == HTTP_CUT;
	if (!try_again(call, a->result == HTTP_CUT ? RETRY_TRANSIENT : RETRY_UNREACHABLE, -1))
		fail(call, AWS_TEMPORARY, "");
}

/*
 * Whether a 200 of Cognito can be an answer: none at all, where an operation says nothing, or what
 * begins and ends as an object does.  Whoever reads a page of users parses the rest.
 */
static bool
is_plausible(const struct http_answer *a)
{
	size_t from = 0, to = a->body_len;

	while (from < to && strchr(" \t\r\n", a->body[from]) != NULL && a->body[from] != '\0')
		from++;
	while (to > from && strchr(" \t\r\n", a->body[to - 1]) != NULL && a->body[to - 1] != '\0')
		to--;
	return from == to || (to - from > 1 && a->body[from] == '{' && a->body[to - 1] == '}');
}

/*
 * Somebody in between has answered: whether the call reached the service is not known.  Where
 * nothing else has come in this run it is most likely a login page, which will not go by itself, so
 * that counts as an endpoint that is not reached.
 */
static void
on_stranger(struct call *call)
{
	struct aws_client *c = call->client;

	buf_clear(&c->message);
	(void)buf_append_string(&c->message, "HTTP 200 with something that is no answer of the "
	    "service: a proxy or a login page in between");
	call->uncertain = true;
	if (!try_again(call, c->answered ? RETRY_TRANSIENT : RETRY_UNREACHABLE, -1))
		fail(call, c->answered ? AWS_TEMPORARY : AWS_PROTOCOL, "");
}

/*
 * An error that came with 200.  Its code is not handed on: somebody in between has touched the
 * answer, and a code can mean that a user is not there.
 */
static void
on_hidden_error(struct call *call, const struct awserr *e)
{
	struct aws_client *c = call->client;

	buf_clear(&c->message);
	(void)buf_appendf(&c->message, "HTTP 200 with an error in it%s%s",
	    e->code[0] != '\0' ? ": " : "", e->code);
	call->uncertain = true;
	fail(call, AWS_PROTOCOL, "");
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct call *call = arg;
	struct aws_client *c = call->client;
	struct aws_result r = {
		.outcome = AWS_OK, .operation = call->operation, .body = a->body,
		.body_len = a->body_len, .code = "", .uncertain = call->uncertain, .message = ""
	};
	struct awserr e;

	c->stats.bytes_in += a->body_len;
	if (a->result != HTTP_OK) {
		on_failure(call, a);
		return;
	}
	diag_verbose(1, "%s: HTTP %ld, %zu bytes, %lld ms, request %s", call->operation, a->status,
	    a->body_len, (long long)a->took_ms, a->request_id[0] != '\0' ? a->request_id : "-");
	if (a->status == 200 && aws_service_names(c->config.service)->target != NULL &&
	    !is_plausible(a)) {
		on_stranger(call);
		return;
	}
	c->answered = true;
	if (a->status == 200 && awserr_hides(&e, c->config.service, a->error_type, a->body,
	    a->body_len)) {
		on_hidden_error(call, &e);
	} else if (a->status == 200) {
		aws_call_finish(call, &r);
	} else if (a->status >= 400) {
		on_error(call, a);
	} else {
		buf_clear(&c->message);
		(void)buf_appendf(&c->message, "HTTP %ld from %s%s", a->status, c->config.endpoint,
		    a->status >= 300 ? ": a redirect, and none is followed" :
		    " where only 200 is an answer");
		fail(call, AWS_PROTOCOL, "");
	}
}

static void
put_line(struct buf *head, const char *name, const char *value)
{
	(void)buf_append_string(head, name);
	(void)buf_append(head, ": ", 2);
	(void)buf_append(head, value, strlen(value) + 1);
}

/* Signs the call and fills c->head with its header lines.  Returns 0 or -1. */
static int
make_head(struct aws_client *c, struct call *call)
{
	const struct aws_service_names *names = aws_service_names(c->config.service);
	const struct cred *cred = &c->config.keeper.cred;
	char date[CLOCK_AMZ_SIZE], target[TARGET_MAX];
	struct sigv4_header headers[5];
	struct sigv4_request r = {
		.method = "POST", .path = "/", .headers = headers, .body = call->body,
		.body_len = call->len, .region = c->config.region,
		.service = names->name, .date = date
	};
	size_t n = 0;

	call->offset_ms = c->offset_ms;
	call->generation = c->config.keeper.generation;
	clock_amz(aws_now_ms(c) / 1000, date);
	headers[n++] = (struct sigv4_header){ "Content-Type",
	    names->target != NULL ? json_type : form_type };
	headers[n++] = (struct sigv4_header){ "Host", endpoint_host(c->config.endpoint) };
	/* Without a signature there is nothing that the date would belong to. */
	if (c->config.keeper.source != NULL)
		headers[n++] = (struct sigv4_header){ "X-Amz-Date", date };
	if (cred->session_token != NULL)
		headers[n++] = (struct sigv4_header){ "X-Amz-Security-Token",
		    cred->session_token };
	if (names->target != NULL) {
		snprintf(target, sizeof target, "%s%s", names->target, call->operation);
		headers[n++] = (struct sigv4_header){ "X-Amz-Target", target };
	}
	r.header_count = n;
	buf_clear(&c->head);
	buf_clear(&c->authorization);
	for (size_t i = 0; i < n; i++)
		put_line(&c->head, headers[i].name, headers[i].value);
	if (c->config.keeper.source != NULL) {
		if (sigv4_authorization(&r, cred->access_key, cred->secret_key, &c->key,
		    &c->authorization) != 0)
			return -1;
		put_line(&c->head, "Authorization", c->authorization.data);
	}
	/* Without a value libcurl leaves its own out. */
	(void)buf_append(&c->head, "Accept:", sizeof "Accept:");
	return buf_append(&c->head, "Expect:", sizeof "Expect:");
}

/* The head is right by construction: what goes into it has been checked by netopt, cred.h and sts.h. */
void
aws_call_send(struct call *call)
{
	struct aws_client *c = call->client;

	if (make_head(c, call) != 0) {
		diag_error("%s: a request cannot be signed", call->operation);
		exit(PROG_FAIL);
	}
	http_start(c->http, &(struct http_request){ .head = c->head.data, .head_len = c->head.len,
	    .body = call->body, .len = call->len,
	    .once = pace_is_write((enum pace_category)call->turn.lane) }, on_answer, call);
}
