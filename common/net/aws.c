/*
 * The AWS client.
 *
 * A call waits in the queue of its quota category until pacing lets it go, is signed at the moment
 * it is sent (so a retry carries a fresh date), and comes back through on_answer, which either
 * finishes it or puts it among the waiting ones.
 */
#include "net/aws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/awserr.h"
#include "net/endpoint.h"
#include "net/http.h"
#include "net/pace.h"
#include "net/retry.h"
#include "net/sigv4.h"

enum {
	HEAD_MAX = 160 * 1024,
	MESSAGE_MAX = 2000,
	OPERATIONS_MAX = 16,		/* different ones in a program */
	SKEW_MS = 240 * 1000,		/* below it the service does not mind */
	SKEW_TOOK_MS = 900 * 1000,	/* a Date that old says nothing */
	SKEW_TRIES = 2,
	IDLE_MS = 1000			/* longest single wait */
};

static const char target_prefix[] = "AWSCognitoIdentityProviderService.";
static const char json_type[] = "application/x-amz-json-1.1";
static const char form_type[] = "application/x-www-form-urlencoded; charset=utf-8";

struct call {
	struct call *next;
	struct aws_client *client;
	const char *operation;
	enum pace_category category;
	char *body;
	size_t len;
	aws_done *done;
	void *arg;
	int failures, skews;
	int64_t first_ms;	/* when first sent; clock_mono_ms */
	int64_t due_ms;		/* while waiting */
	int64_t offset_ms;	/* the clock's correction it was signed with */
};

struct queue {
	struct call *first, **end;
};

struct aws_client {
	struct aws_config config;
	struct http *http;
	struct sigv4_key key;
	struct pace pace[PACE_CATEGORIES];
	struct queue queues[PACE_CATEGORIES];
	struct call *waiting;		/* to be sent again */
	struct call *flying;		/* sent, no answer yet */
	bool answered;			/* anything has come from the endpoint */
	bool warned;			/* of the clock */
	int64_t offset_ms;		/* the service's clock less ours */
	struct buf head, authorization, message;
	struct aws_stats stats;
	struct {
		char *name;
		uint64_t count;
	} operations[OPERATIONS_MAX];
	struct aws_result result;	/* of aws_call, with the texts below */
	char *result_body, *result_code, *result_message;
};

void
aws_config_free(struct aws_config *c)
{
	free(c->region);
	free(c->endpoint);
	free(c->ca_bundle);
	cred_free(&c->cred);
	memset(c, 0, sizeof *c);
}

struct aws_client *
aws_new(struct aws_config *config)
{
	struct aws_client *c = mem_alloc(sizeof *c);
	int64_t now = clock_mono_ms();
	char agent[64];
	struct http_config http = {
		.endpoint = config->endpoint, .ca_bundle = config->ca_bundle,
		.user_agent = agent, .loopback = endpoint_is_loopback(config->endpoint),
		.connect_ms = config->connect_ms, .read_ms = config->read_ms,
		.body_max = AWS_BODY_MAX
	};

	snprintf(agent, sizeof agent, "cognito-filters/%s", prog_version());
	c->config = *config;
	memset(config, 0, sizeof *config);
	c->http = http_new(&http);
	if (c->http == NULL) {
		diag_error("libcurl: cannot start");
		aws_config_free(&c->config);
		free(c);
		return NULL;
	}
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		pace_init(&c->pace[i], pace_rate((enum pace_category)i, c->config.share,
		    c->config.max_rate), now);
		c->queues[i].end = &c->queues[i].first;
	}
	buf_init(&c->head, HEAD_MAX);
	buf_init(&c->authorization, HEAD_MAX);
	buf_init(&c->message, MESSAGE_MAX);
	diag_verbose(1, "%s, region %s, credentials from %s", c->config.endpoint, c->config.region,
	    c->config.cred.provider != NULL ? c->config.cred.provider : "elsewhere");
	return c;
}

static void
free_call(struct call *call)
{
	if (call->body != NULL)
		mem_wipe(call->body, call->len);
	free(call->body);
	free(call);
}

static void
free_calls(struct call *call)
{
	while (call != NULL) {
		struct call *next = call->next;

		free_call(call);
		call = next;
	}
}

/* Takes call out of a list; false if it does not stand there. */
static bool
unlink_call(struct call **list, struct call *call)
{
	for (; *list != NULL; list = &(*list)->next)
		if (*list == call) {
			*list = call->next;
			return true;
		}
	return false;
}

static void
forget_result(struct aws_client *c)
{
	if (c->result_body != NULL)
		mem_wipe(c->result_body, c->result.body_len);
	free(c->result_body);
	free(c->result_code);
	free(c->result_message);
	c->result_body = c->result_code = c->result_message = NULL;
	memset(&c->result, 0, sizeof c->result);
}

void
aws_free(struct aws_client *c)
{
	if (c == NULL)
		return;
	http_free(c->http);
	for (int i = 0; i < PACE_CATEGORIES; i++)
		free_calls(c->queues[i].first);
	free_calls(c->waiting);
	free_calls(c->flying);
	for (int i = 0; i < OPERATIONS_MAX; i++)
		free(c->operations[i].name);
	forget_result(c);
	buf_wipe(&c->head);
	buf_wipe(&c->authorization);
	buf_free(&c->message);
	mem_wipe(&c->key, sizeof c->key);
	aws_config_free(&c->config);
	free(c);
}

const char *
aws_endpoint(const struct aws_client *c)
{
	return c->config.endpoint;
}

const struct aws_stats *
aws_stats(const struct aws_client *c)
{
	return &c->stats;
}

void
aws_stats_json(const struct aws_client *c, struct buf *b)
{
	(void)buf_append_string(b, ",\"Calls\":{");
	for (int i = 0; i < OPERATIONS_MAX && c->operations[i].name != NULL; i++)
		(void)buf_appendf(b, "%s\"%s\":%llu", i > 0 ? "," : "", c->operations[i].name,
		    (unsigned long long)c->operations[i].count);
	(void)buf_appendf(b, "},\"Retries\":%llu,\"Throttles\":%llu,\"BytesIn\":%llu,"
	    "\"BytesOut\":%llu", (unsigned long long)c->stats.retries,
	    (unsigned long long)c->stats.throttles, (unsigned long long)c->stats.bytes_in,
	    (unsigned long long)c->stats.bytes_out);
}

static void
count_call(struct aws_client *c, const struct call *call)
{
	c->stats.calls++;
	c->stats.retries += call->failures > 0 || call->skews > 0;
	c->stats.bytes_out += call->len;
	for (int i = 0; i < OPERATIONS_MAX; i++) {
		if (c->operations[i].name == NULL)
			c->operations[i].name = mem_dup_string(call->operation);
		if (strcmp(c->operations[i].name, call->operation) == 0) {
			c->operations[i].count++;
			return;
		}
	}
}

/* Hands the outcome over and forgets the call. */
static void
finish(struct call *call, const struct aws_result *result)
{
	unlink_call(&call->client->flying, call);
	call->done(call->arg, result);
	free_call(call);
}

static void
fail(struct call *call, enum aws_outcome outcome, const char *code)
{
	struct aws_client *c = call->client;
	struct aws_result r = {
		.outcome = outcome, .operation = call->operation, .code = code,
		.message = buf_string(&c->message)
	};

	finish(call, &r);
}

/* Puts the call among the waiting ones if it may be tried again.  Returns whether it did. */
static bool
try_again(struct call *call, enum retry_kind kind, int64_t hint_ms)
{
	struct aws_client *c = call->client;
	int64_t now = clock_mono_ms(), wait;
	struct retry_state s = {
		.kind = kind, .failures = ++call->failures, .elapsed_ms = now - call->first_ms,
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
	unlink_call(&c->flying, call);
	call->due_ms = now + wait;
	call->next = c->waiting;
	c->waiting = call;
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
	if (!c->warned)
		diag_warn("the clock of this machine is %lld s %s the service's; corrected for "
		    "this run", (long long)((offset < 0 ? -offset : offset) / 1000),
		    offset < 0 ? "ahead of" : "behind");
	c->warned = true;
	call->skews++;
	unlink_call(&c->flying, call);
	call->due_ms = clock_mono_ms();
	call->next = c->waiting;
	c->waiting = call;
	return true;
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
	if (awserr_may_be_skew(&e) && correct_clock(call, a))
		return;
	buf_clear(&c->message);
	(void)buf_appendf(&c->message, "%s%s%s", e.code,
	    e.code[0] != '\0' && e.message[0] != '\0' ? ": " : "", e.message);
	if (class == AWSERR_THROTTLE) {
		c->stats.throttles++;
		pace_throttled(&c->pace[call->category], clock_mono_ms());
	}
	if (class == AWSERR_THROTTLE || class == AWSERR_TRANSIENT) {
		if (try_again(call, class == AWSERR_THROTTLE ? RETRY_THROTTLE : RETRY_TRANSIENT,
		    a->retry_after_ms))
			return;
		outcome = AWS_TEMPORARY;
	}
	awserr_hint(&e, c->config.service, call->operation, c->config.region, &c->message);
	fail(call, outcome, e.code);
}

/* No answer, or none that is HTTP. */
static void
on_failure(struct call *call, const struct http_answer *a)
{
	struct aws_client *c = call->client;

	buf_clear(&c->message);
	(void)buf_append_string(&c->message, a->why);
	if (a->result == HTTP_REFUSED) {
		fail(call, AWS_PROTOCOL, "");
		return;
	}
	c->answered = c->answered || a->result == HTTP_CUT;
	if (!try_again(call, a->result == HTTP_CUT ? RETRY_TRANSIENT : RETRY_UNREACHABLE, -1))
		fail(call, AWS_TEMPORARY, "");
}

static void
on_answer(void *arg, const struct http_answer *a)
{
	struct call *call = arg;
	struct aws_client *c = call->client;
	struct aws_result r = {
		.outcome = AWS_OK, .operation = call->operation, .body = a->body,
		.body_len = a->body_len, .code = "", .message = ""
	};

	c->stats.bytes_in += a->body_len;
	if (a->result != HTTP_OK) {
		on_failure(call, a);
		return;
	}
	c->answered = true;
	diag_verbose(1, "%s: HTTP %ld, %zu bytes, %lld ms, request %s", call->operation, a->status,
	    a->body_len, (long long)a->took_ms, a->request_id[0] != '\0' ? a->request_id : "-");
	if (a->status == 200) {
		finish(call, &r);
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
	bool json = c->config.service == AWS_COGNITO_IDP;
	char date[CLOCK_AMZ_SIZE], target[sizeof target_prefix + 64];
	struct sigv4_header headers[5];
	struct sigv4_request r = {
		.method = "POST", .path = "/", .headers = headers, .body = call->body,
		.body_len = call->len, .region = c->config.region,
		.service = json ? "cognito-idp" : "sts", .date = date
	};
	size_t n = 0;

	call->offset_ms = c->offset_ms;
	clock_amz((clock_wall_ms() + c->offset_ms) / 1000, date);
	headers[n++] = (struct sigv4_header){ "Content-Type", json ? json_type : form_type };
	headers[n++] = (struct sigv4_header){ "Host", endpoint_host(c->config.endpoint) };
	headers[n++] = (struct sigv4_header){ "X-Amz-Date", date };
	if (c->config.cred.session_token != NULL)
		headers[n++] = (struct sigv4_header){ "X-Amz-Security-Token",
		    c->config.cred.session_token };
	if (json) {
		snprintf(target, sizeof target, "%s%s", target_prefix, call->operation);
		headers[n++] = (struct sigv4_header){ "X-Amz-Target", target };
	}
	r.header_count = n;
	buf_clear(&c->head);
	buf_clear(&c->authorization);
	if (sigv4_authorization(&r, c->config.cred.access_key, c->config.cred.secret_key, &c->key,
	    &c->authorization) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		put_line(&c->head, headers[i].name, headers[i].value);
	put_line(&c->head, "Authorization", c->authorization.data);
	/* Without a value libcurl leaves its own out. */
	(void)buf_append(&c->head, "Accept:", sizeof "Accept:");
	return buf_append(&c->head, "Expect:", sizeof "Expect:");
}

/* The head is right by construction: what goes into it has been checked by netopt, cred and sts. */
static void
send_call(struct aws_client *c, struct call *call)
{
	if (make_head(c, call) != 0) {
		diag_error("%s: a request cannot be signed", call->operation);
		exit(PROG_FAIL);
	}
	if (call->first_ms == 0)
		call->first_ms = clock_mono_ms();
	count_call(c, call);
	call->next = c->flying;
	c->flying = call;
	http_start(c->http, c->head.data, c->head.len, call->body, call->len, on_answer, call);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Sends what may go now.  Returns the milliseconds until more may, at most IDLE_MS. */
static int64_t
send_ready(struct aws_client *c)
{
	int64_t now = clock_mono_ms(), next = IDLE_MS, wait;
	struct call **link = &c->waiting, *call;

	while ((call = *link) != NULL && http_has_room(c->http)) {
		wait = call->due_ms - now;
		if (wait <= 0)
			wait = pace_take(&c->pace[call->category], now);
		if (wait > 0) {
			next = sooner(next, wait);
			link = &call->next;
			continue;
		}
		*link = call->next;
		send_call(c, call);
	}
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		struct queue *q = &c->queues[i];

		while ((call = q->first) != NULL && http_has_room(c->http)) {
			wait = pace_take(&c->pace[i], now);
			if (wait > 0) {
				next = sooner(next, wait);
				break;
			}
			q->first = call->next;
			if (q->first == NULL)
				q->end = &q->first;
			send_call(c, call);
		}
	}
	return next;
}

void
aws_submit(struct aws_client *c, const char *operation, const char *body, size_t len,
    aws_done *done, void *arg)
{
	struct call *call = mem_alloc(sizeof *call);
	struct queue *q;
	int prefix = 0;

	call->client = c;
	call->operation = operation;
	call->category = pace_category(operation);
	call->done = done;
	call->arg = arg;
	if (c->config.service == AWS_STS)
		prefix = snprintf(NULL, 0, "Action=%s&Version=2011-06-15", operation);
	call->len = (size_t)prefix + len;
	call->body = mem_alloc(call->len + 1);
	if (prefix > 0)
		snprintf(call->body, (size_t)prefix + 1, "Action=%s&Version=2011-06-15", operation);
	if (len > 0)
		memcpy(call->body + prefix, body, len);
	q = &c->queues[call->category];
	*q->end = call;
	q->end = &call->next;
}

void
aws_drop(struct aws_client *c, const void *arg)
{
	for (struct call **link = &c->flying, *call; (call = *link) != NULL;) {
		if (call->arg != arg) {
			link = &call->next;
			continue;
		}
		*link = call->next;
		http_cancel(c->http, call);
		free_call(call);
	}
	for (struct call **link = &c->waiting, *call; (call = *link) != NULL;) {
		if (call->arg != arg) {
			link = &call->next;
			continue;
		}
		*link = call->next;
		free_call(call);
	}
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		struct call **link = &c->queues[i].first, *call;

		while ((call = *link) != NULL) {
			if (call->arg != arg) {
				link = &call->next;
				continue;
			}
			*link = call->next;
			free_call(call);
		}
		c->queues[i].end = link;
	}
}

void
aws_kick(struct aws_client *c)
{
	send_ready(c);
	http_kick(c->http);
}

static bool
is_idle(const struct aws_client *c)
{
	for (int i = 0; i < PACE_CATEGORIES; i++)
		if (c->queues[i].first != NULL)
			return false;
	return c->flying == NULL && c->waiting == NULL;
}

void
aws_run(struct aws_client *c, const bool *stop)
{
	while ((stop == NULL || !*stop) && !is_idle(c))
		http_turn(c->http, send_ready(c));
}

struct one_call {
	struct aws_client *client;
	bool ended;
};

/* Keeps the result beyond the callback. */
static void
on_one(void *arg, const struct aws_result *result)
{
	struct one_call *one = arg;
	struct aws_client *c = one->client;

	c->result = *result;
	c->result.body = c->result_body = mem_dup(result->body, result->body_len);
	c->result.code = c->result_code = mem_dup_string(result->code);
	c->result.message = c->result_message = mem_dup_string(result->message);
	one->ended = true;
}

const struct aws_result *
aws_call(struct aws_client *c, const char *operation, const char *body, size_t len)
{
	struct one_call one = { .client = c };

	forget_result(c);
	aws_submit(c, operation, body, len, on_one, &one);
	aws_run(c, &one.ended);
	return &c->result;
}

enum prog_status
aws_status(enum aws_outcome o)
{
	if (o == AWS_OK)
		return PROG_OK;
	return o == AWS_TEMPORARY ? PROG_TEMPORARY : PROG_FAIL;
}
