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
#include "net/pace_file.h"
#include "net/source.h"

#include "net/aws_client.h"

enum {
	HEAD_MAX = 160 * 1024,
	MESSAGE_MAX = 2000,
	ACTION_MAX = 128,		/* the longest operation's name has 40 characters */
	IDLE_MS = 1000			/* longest single wait */
};

_Static_assert((int)PACE_CATEGORIES <= (int)TURNS_LANES_MAX, "a lane for each category");

void
aws_config_free(struct aws_config *c)
{
	free(c->region);
	free(c->endpoint);
	free(c->ca_bundle);
	free(c->pool);
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
	to->pool = mem_dup_string(from->pool);
	keeper_init(&to->keeper, source);
}

/* What turns.h asks for. */
static int64_t
pace_lane(void *client, int lane, int64_t now_ms)
{
	struct aws_client *c = client;

	return pace_shared_take(c->shared, (enum pace_category)lane, &c->pace[lane],
	    c->config.keeper.cred.access_key, now_ms);
}

/*
 * AWS's own hosts are one service, with FIPS or without.  STS is left out: a run asks it once an
 * hour, and it allows 600 a second.
 */
static struct pace_shared *
share_pace(const struct aws_config *c)
{
	bool aws = c->endpoint_from != NULL && strcmp(c->endpoint_from, "AWS") == 0;

	return aws_service_names(c->service)->of_cognito ?
	    pace_shared_new(aws ? "AWS" : c->endpoint, c->region, c->pool, c->share) : NULL;
}

static void
free_call(struct turn *turn)
{
	struct call *call = (struct call *)turn;

	if (call->body != NULL)
		mem_wipe(call->body, call->len);
	free(call->body);
	free(call);
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
	for (int i = 0; i < PACE_CATEGORIES; i++)
		pace_init(&c->pace[i], pace_rate((enum pace_category)i, c->config.share,
		    c->config.max_rate), now);
	c->shared = share_pace(&c->config);
	if (c->shared != NULL && (c->config.share > 0 || c->config.max_rate > 0))
		pace_file_announce();
	c->turns = (struct turns){ .pace = pace_lane, .release = free_call, .client = c };
	turns_init(&c->turns);
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
	turns_free(&c->turns);
	pace_shared_free(c->shared);
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

enum prog_status
aws_ready(struct aws_client *c, char why[CRED_WHY_SIZE])
{
	return keeper_ready(&c->config.keeper, clock_mono_ms(), why);
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

const struct aws_config *
aws_settings(const struct aws_client *c)
{
	return &c->config;
}

struct keeper *
aws_keeper(struct aws_client *c)
{
	return &c->config.keeper;
}

const char *
aws_endpoint(const struct aws_client *c)
{
	return c->config.endpoint;
}

double
aws_rate(const struct aws_client *c, const char *operation)
{
	enum pace_category category = pace_category(operation);
	double rate = pace_rate(category, c->config.share, c->config.max_rate);

	return rate > 0 ? rate : pace_rate(category, 100, 0);
}

void
aws_call_finish(struct call *call, const struct aws_result *result)
{
	turns_end(&call->client->turns, &call->turn);
	call->done(call->turn.arg, result);
	free_call(&call->turn);
}

void
aws_call_repeat(struct call *call, int64_t due_ms)
{
	turns_repeat(&call->client->turns, &call->turn, due_ms);
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

	if (c->turns.unsent == 0 || is_refused(c))
		return next;
	while (http_has_room(c->http) &&
	    (call = (struct call *)turns_next(&c->turns, now, &next)) != NULL) {
		aws_count_call(c, call);
		aws_call_send(call);
	}
	return next;
}

void
aws_submit(struct aws_client *c, const char *operation, const char *body, size_t len,
    aws_done *done, void *arg)
{
	const struct aws_service_names *names = aws_service_names(c->config.service);
	struct call *call = mem_alloc(sizeof *call);
	char action[ACTION_MAX] = "";
	size_t prefix;

	call->client = c;
	call->operation = operation;
	call->turn.lane = pace_category(operation);
	call->turn.arg = arg;
	call->done = done;
	if (names->target == NULL)
		snprintf(action, sizeof action, "Action=%s&Version=%s", operation, names->version);
	prefix = strlen(action);
	call->len = prefix + len;
	call->body = mem_alloc(call->len + 1);
	memcpy(call->body, action, prefix);
	if (len > 0)
		memcpy(call->body + prefix, body, len);
	turns_add(&c->turns, &call->turn);
}

void
aws_drop(struct aws_client *c, const void *arg)
{
	struct turn *turn;
	bool flying;

	while ((turn = turns_take_of(&c->turns, arg, &flying)) != NULL) {
		if (flying)
			http_cancel(c->http, turn);
		free_call(turn);
	}
}

void
aws_kick(struct aws_client *c)
{
	send_ready(c);
	http_kick(c->http);
}

/* Without credentials no call can be sent. */
static void
refuse_unsent(struct aws_client *c)
{
	struct call *call;

	while ((call = (struct call *)turns_take_unsent(&c->turns)) != NULL) {
		struct aws_result r = {
			.outcome = c->refused == PROG_TEMPORARY ? AWS_TEMPORARY : AWS_DENIED,
			.operation = call->operation, .code = "", .message = c->refusal
		};

		call->done(call->turn.arg, &r);
		free_call(&call->turn);
	}
}

void
aws_run(struct aws_client *c, const bool *stop)
{
	while ((stop == NULL || !*stop) && c->turns.in_flight + c->turns.unsent > 0) {
		int64_t wait = send_ready(c);

		if (c->refusal != NULL)
			refuse_unsent(c);
		if (c->turns.in_flight + c->turns.unsent > 0)
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
