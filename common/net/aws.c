/*
 * The AWS client: its calls and their turns.
 *
 * A call waits in the queue of its quota category until pacing lets it go, is signed at the moment
 * it is sent (so a retry carries a fresh date), and comes back from aws_exchange.c, which either
 * finishes it or puts it among the waiting ones.
 */
#include "net/aws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/source.h"

#include "net/aws_client.h"

enum {
	HEAD_MAX = 160 * 1024,
	MESSAGE_MAX = 2000,
	IDLE_MS = 1000			/* longest single wait */
};

void
aws_config_free(struct aws_config *c)
{
	free(c->region);
	free(c->endpoint);
	free(c->ca_bundle);
	keeper_free(&c->keeper);
	memset(c, 0, sizeof *c);
}

void
aws_config_copy(struct aws_config *to, const struct aws_config *from, struct source *source)
{
	*to = *from;
	to->region = mem_dup_string(from->region);
	to->endpoint = mem_dup_string(from->endpoint);
	to->ca_bundle = mem_dup_string(from->ca_bundle);
	keeper_init(&to->keeper, source);
}

struct aws_client *
aws_new(struct aws_config *config)
{
	struct aws_client *c = mem_alloc(sizeof *c);
	int64_t now = clock_mono_ms();
	char agent[64];
	struct http_config http = {
		.endpoint = config->endpoint, .ca_bundle = config->ca_bundle,
		.user_agent = agent, .direct = endpoint_is_loopback(config->endpoint),
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
	diag_verbose(1, "%s (%s), region %s (%s), %s%s", c->config.endpoint,
	    c->config.endpoint_from, c->config.region, c->config.region_from,
	    c->config.keeper.source != NULL ? "credentials: " : "not signed",
	    c->config.keeper.source != NULL ? c->config.keeper.source->name : "");
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
	for (int i = 0; i < AWS_OPERATIONS_MAX; i++)
		free(c->operations[i].name);
	forget_result(c);
	buf_wipe(&c->head);
	buf_wipe(&c->authorization);
	buf_free(&c->message);
	free(c->refusal);
	mem_wipe(&c->key, sizeof c->key);
	aws_config_free(&c->config);
	free(c);
}

void
aws_set_retry(struct aws_client *c, int64_t retry_ms)
{
	c->config.retry_ms = retry_ms;
}

int64_t
aws_now_ms(const struct aws_client *c)
{
	return clock_wall_ms() + c->offset_ms;
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
	for (int i = 0; i < AWS_OPERATIONS_MAX && c->operations[i].name != NULL; i++)
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
	c->stats.retries += call->failures > 0 || call->skews > 0 || call->renewals > 0;
	c->stats.bytes_out += call->len;
	for (int i = 0; i < AWS_OPERATIONS_MAX; i++) {
		if (c->operations[i].name == NULL)
			c->operations[i].name = mem_dup_string(call->operation);
		if (strcmp(c->operations[i].name, call->operation) == 0) {
			c->operations[i].count++;
			return;
		}
	}
}

void
aws_call_finish(struct call *call, const struct aws_result *result)
{
	unlink_call(&call->client->flying, call);
	call->done(call->arg, result);
	free_call(call);
}

void
aws_call_repeat(struct call *call, int64_t due_ms)
{
	struct aws_client *c = call->client;

	unlink_call(&c->flying, call);
	call->due_ms = due_ms;
	call->next = c->waiting;
	c->waiting = call;
}

static void
send_call(struct aws_client *c, struct call *call)
{
	if (call->first_ms == 0)
		call->first_ms = clock_mono_ms();
	count_call(c, call);
	call->next = c->flying;
	c->flying = call;
	aws_call_send(call);
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Takes the next call that may go now, or NULL with *next lowered to when one may. */
static struct call *
next_ready(struct aws_client *c, int64_t now, int64_t *next)
{
	struct call *call;
	int64_t wait;

	for (struct call **link = &c->waiting; (call = *link) != NULL; link = &call->next) {
		wait = call->due_ms - now;
		if (wait <= 0)
			wait = pace_take(&c->pace[call->category], now);
		if (wait <= 0) {
			*link = call->next;
			return call;
		}
		*next = sooner(*next, wait);
	}
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		struct queue *q = &c->queues[i];

		if ((call = q->first) == NULL)
			continue;
		wait = pace_take(&c->pace[i], now);
		if (wait <= 0) {
			q->first = call->next;
			if (q->first == NULL)
				q->end = &q->first;
			return call;
		}
		*next = sooner(*next, wait);
	}
	return NULL;
}

static bool
has_unsent(const struct aws_client *c)
{
	for (int i = 0; i < PACE_CATEGORIES; i++)
		if (c->queues[i].first != NULL)
			return true;
	return c->waiting != NULL;
}

/*
 * Makes sure that there are credentials to sign with.  That they cannot be had is final: who has
 * waited for them once need not wait again.
 */
static bool
is_refused(struct aws_client *c)
{
	char why[CRED_WHY_SIZE];

	if (c->refusal == NULL) {
		unsigned before = c->config.keeper.generation;

		c->refused = keeper_ready(&c->config.keeper, clock_mono_ms(), why);
		if (c->refused != PROG_OK)
			c->refusal = mem_dup_string(why);
		else if (before != 0 && before != c->config.keeper.generation)
			diag_verbose(1, "credentials renewed: %s", c->config.keeper.source->name);
	}
	return c->refusal != NULL;
}

/* Sends what may go now.  Returns the milliseconds until more may, at most IDLE_MS. */
static int64_t
send_ready(struct aws_client *c)
{
	int64_t now = clock_mono_ms(), next = IDLE_MS;
	struct call *call;

	if (!has_unsent(c) || is_refused(c))
		return next;
	while (http_has_room(c->http) && (call = next_ready(c, now, &next)) != NULL)
		send_call(c, call);
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

/* Takes any call that is not yet sent. */
static struct call *
take_unsent(struct aws_client *c)
{
	struct call *call = c->waiting;

	if (call != NULL) {
		c->waiting = call->next;
		return call;
	}
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		struct queue *q = &c->queues[i];

		if ((call = q->first) == NULL)
			continue;
		q->first = call->next;
		if (q->first == NULL)
			q->end = &q->first;
		return call;
	}
	return NULL;
}

/* Without credentials no call can be sent. */
static void
refuse_unsent(struct aws_client *c)
{
	struct call *call;

	while ((call = take_unsent(c)) != NULL) {
		struct aws_result r = {
			.outcome = c->refused == PROG_TEMPORARY ? AWS_TEMPORARY : AWS_DENIED,
			.operation = call->operation, .code = "", .message = c->refusal
		};

		call->done(call->arg, &r);
		free_call(call);
	}
}

void
aws_run(struct aws_client *c, const bool *stop)
{
	while ((stop == NULL || !*stop) && (c->flying != NULL || has_unsent(c))) {
		int64_t wait = send_ready(c);

		if (c->refusal != NULL)
			refuse_unsent(c);
		if (c->flying != NULL || has_unsent(c))
			http_turn(c->http, wait);
	}
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
