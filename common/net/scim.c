/*
 * The SCIM client: its calls and their turns.
 *
 * A call waits in the queue of its lane (Bulk, or others) until pacing lets it go, gets the token
 * at the moment it is sent, and comes back from scim_exchange.c, which either finishes it or puts
 * it among the waiting ones.
 */
#include "net/scim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/netdoor.h"

#include "net/scim_client.h"

enum {
	IN_FLIGHT = 8,			/* a directory is not to be stormed */
	HEAD_MAX = SCIM_SECRET_MAX + 1024,
	MESSAGE_MAX = 4 * SCIM_DETAIL_SIZE,
	IDLE_MS = 1000			/* longest single wait */
};

/* What turns.h asks for. */
static int64_t
pace_lane(void *client, int lane, int64_t now_ms)
{
	struct scim_client *c = client;

	return scim_pace_take(&c->pace[lane], now_ms);
}

static void
free_call(struct turn *turn)
{
	struct scim_call *call = (struct scim_call *)turn;

	if (call->body != NULL)
		mem_wipe(call->body, call->len);
	free(call->body);
	free(call->version);
	free(call->type);
	free(call->path);
	free(call);
}

static struct scim_client *
make_client(struct scim_config *config)
{
	struct scim_client *c = mem_alloc(sizeof *c);
	int64_t now = clock_mono_ms();
	char agent[64];
	struct http_config http = {
		.endpoint = config->endpoint, .ca_bundle = config->ca_bundle,
		.user_agent = agent, .direct = endpoint_is_loopback(config->endpoint),
		.connect_ms = config->connect_ms, .read_ms = config->read_ms,
		.body_max = SCIM_BODY_MAX
	};

	snprintf(agent, sizeof agent, "cognito-filters/%s", prog_version());
	c->config = *config;
	memset(config, 0, sizeof *config);
	c->http = http_new(&http);
	scim_token_init(&c->token, &c->config);
	for (int i = 0; i < SCIM_LANES; i++)
		scim_pace_init(&c->pace[i], i == SCIM_BULK ? c->config.bulk : c->config.others,
		    c->config.max_rate, now);
	c->turns = (struct turns){ .pace = pace_lane, .release = free_call, .client = c };
	turns_init(&c->turns);
	buf_init(&c->head, HEAD_MAX);
	(void)buf_reserve(&c->head, HEAD_MAX);
	buf_init(&c->message, MESSAGE_MAX);
	buf_init(&c->summary, MESSAGE_MAX);
	return c;
}

enum prog_status
scim_connect(const struct scim_options *o, struct scim_client **client)
{
	struct scim_config config;
	enum prog_status status = scim_resolve(o, &config);

	*client = NULL;
	if (status != PROG_OK)
		return status;
	*client = make_client(&config);
	if ((*client)->http != NULL)
		return PROG_OK;
	diag_error("libcurl: cannot start");
	scim_free(*client);
	*client = NULL;
	return PROG_FAIL;
}

enum prog_status
scim_start(struct scim_client *c)
{
	char why[SCIM_WHY_SIZE];
	enum prog_status status;

	if (netdoor_shut(0) != 0)
		return PROG_FAIL;
	status = scim_token_ready(&c->token, why);
	if (status != PROG_OK)
		diag_error("%s", why);
	return status;
}

static void
forget_result(struct scim_client *c)
{
	if (c->result_body != NULL)
		mem_wipe(c->result_body, c->result.body_len);
	free(c->result_body);
	free(c->result_type);
	free(c->result_message);
	free(c->result_summary);
	c->result_body = c->result_type = c->result_message = c->result_summary = NULL;
	memset(&c->result, 0, sizeof c->result);
}

void
scim_free(struct scim_client *c)
{
	if (c == NULL)
		return;
	if (c->http != NULL)
		http_free(c->http);
	turns_free(&c->turns);
	for (int i = 0; i < SCIM_LANES; i++)
		scim_pace_free(&c->pace[i]);
	forget_result(c);
	buf_wipe(&c->head);
	buf_free(&c->message);
	buf_free(&c->summary);
	free(c->refusal);
	scim_token_free(&c->token);
	scim_config_free(&c->config);
	free(c);
}

enum scim_dialect
scim_dialect_of(const struct scim_client *c)
{
	return c->config.dialect;
}

const char *
scim_url(const struct scim_client *c)
{
	return c->config.url;
}

int64_t
scim_retry_ms(const struct scim_client *c)
{
	return c->config.retry_ms;
}

static void
count_call(struct scim_client *c, const struct scim_call *call)
{
	c->retries += call->failures > 0 || call->renewals > 0;
	c->bytes_out += call->len;
	for (int i = 0; i < SCIM_KINDS_MAX; i++) {
		if (c->kinds[i].count == 0)
			memcpy(c->kinds[i].name, call->kind, sizeof call->kind);
		if (strcmp(c->kinds[i].name, call->kind) == 0) {
			c->kinds[i].count++;
			return;
		}
	}
}

void
scim_call_finish(struct scim_call *call, const struct scim_result *result)
{
	turns_end(&call->client->turns, &call->turn);
	call->done(call->turn.arg, result);
	free_call(&call->turn);
}

void
scim_call_repeat(struct scim_call *call, int64_t due_ms)
{
	turns_repeat(&call->client->turns, &call->turn, due_ms);
}

/* That no token can be had is final: who has waited for one once need not wait again. */
static bool
is_refused(struct scim_client *c)
{
	char why[SCIM_WHY_SIZE];

	if (c->refusal == NULL) {
		c->refused = scim_token_ready(&c->token, why);
		if (c->refused != PROG_OK)
			c->refusal = mem_dup_string(why);
	}
	return c->refusal != NULL;
}

/* Sends what may go now.  Returns the milliseconds until more may, at most IDLE_MS. */
static int64_t
send_ready(struct scim_client *c)
{
	int64_t now = clock_mono_ms(), next = IDLE_MS;
	struct scim_call *call;

	if (c->turns.unsent == 0 || is_refused(c))
		return next;
	while (c->turns.in_flight < IN_FLIGHT &&
	    (call = (struct scim_call *)turns_next(&c->turns, now, &next)) != NULL) {
		count_call(c, call);
		scim_call_send(call);
	}
	return next;
}

/* The method and the kind of resource: what follows may be personal data. */
static void
name_kind(struct scim_call *call, const char *path)
{
	size_t len = strcspn(path + 1, "/?") + 1;

	if (len > SCIM_KIND_SIZE - sizeof "DELETE ")
		len = SCIM_KIND_SIZE - sizeof "DELETE ";
	snprintf(call->kind, sizeof call->kind, "%s %.*s", call->method, (int)len, path);
}

static const char *
static_method(const char *method)
{
	static const char *const methods[] = { "GET", "PUT", "PATCH", "DELETE" };

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(method, methods[i]) == 0)
			return methods[i];
	return "POST";
}

/* Whether a header can hold it. */
static bool
is_version(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len > 0 && len <= SCIM_VERSION_MAX;
}

void
scim_submit(struct scim_client *c, const char *method, const char *path, const char *body,
    size_t len, scim_done *done, void *arg)
{
	scim_submit_if(c, method, path, NULL, body, len, done, arg);
}

/* A call to a path below the first prefix_len bytes of the base's, still to be queued. */
static struct scim_call *
make_call(struct scim_client *c, const char *method, size_t prefix_len, const char *path)
{
	struct scim_call *call = mem_alloc(sizeof *call);
	size_t size = prefix_len + strlen(path) + 1;

	call->client = c;
	call->method = static_method(method);
	call->path = mem_alloc(size);
	snprintf(call->path, size, "%.*s%s", (int)prefix_len, c->config.prefix, path);
	name_kind(call, path);
	return call;
}

void
scim_submit_if(struct scim_client *c, const char *method, const char *path,
    const char *version, const char *body, size_t len, scim_done *done, void *arg)
{
	struct scim_call *call = make_call(c, method, strlen(c->config.prefix), path);

	if (version != NULL && is_version(version))
		call->version = mem_dup_string(version);
	call->body = body != NULL ? mem_dup(body, len) : NULL;
	call->len = body != NULL ? len : 0;
	call->done = done;
	call->turn.arg = arg;
	call->turn.lane = strncmp(path, "/Bulk", 5) == 0 ? SCIM_BULK : SCIM_OTHERS;
	turns_add(&c->turns, &call->turn);
}

size_t
scim_pending(const struct scim_client *c)
{
	return c->turns.in_flight + c->turns.unsent;
}

/* Without a token, or the server's leave, no call can be sent, nor sent again. */
static void
refuse_unsent(struct scim_client *c)
{
	static char empty[1];
	struct scim_call *call;

	while ((call = (struct scim_call *)turns_take_unsent(&c->turns)) != NULL) {
		struct scim_result r = {
			.outcome = c->refused == PROG_TEMPORARY ? SCIM_TEMPORARY : SCIM_DENIED,
			.uncertain = scim_call_uncertain(call), .body = empty, .scim_type = "",
			.message = c->refusal, .summary = c->refusal
		};

		call->done(call->turn.arg, &r);
		free_call(&call->turn);
	}
}

void
scim_run(struct scim_client *c, const bool *stop)
{
	scim_run_until(c, stop, 0);
}

void
scim_run_until(struct scim_client *c, const bool *stop, int64_t due_ms)
{
	int64_t left = IDLE_MS;

	while ((stop == NULL || !*stop) && scim_pending(c) > 0 &&
	    (due_ms == 0 || (left = due_ms - clock_mono_ms()) > 0)) {
		int64_t wait = send_ready(c);

		if (c->refusal != NULL)
			refuse_unsent(c);
		if (scim_pending(c) > 0)
			http_turn(c->http, due_ms != 0 && left < wait ? left : wait);
	}
}

struct one_call {
	struct scim_client *client;
	bool ended;
};

/* Keeps the result beyond the callback. */
static void
on_one(void *arg, const struct scim_result *result)
{
	struct one_call *one = arg;
	struct scim_client *c = one->client;

	c->result = *result;
	c->result.body = c->result_body = mem_dup(result->body, result->body_len);
	c->result.scim_type = c->result_type = mem_dup_string(result->scim_type);
	c->result.message = c->result_message = mem_dup_string(result->message);
	c->result.summary = c->result_summary = mem_dup_string(result->summary);
	one->ended = true;
}

const struct scim_result *
scim_call(struct scim_client *c, const char *method, const char *path, const char *body,
    size_t len)
{
	struct one_call one = { .client = c };

	forget_result(c);
	scim_submit(c, method, path, body, len, on_one, &one);
	scim_run(c, &one.ended);
	return &c->result;
}

const struct scim_result *
scim_call_beside(struct scim_client *c, const char *method, const char *path, const char *type,
    const char *body, size_t len)
{
	static const char base[] = "/admin/v1";
	size_t prefix_len = strlen(c->config.prefix), base_len = sizeof base - 1;
	struct one_call one = { .client = c };
	struct scim_call *call;

	forget_result(c);
	if (prefix_len >= base_len &&
	    strcmp(c->config.prefix + prefix_len - base_len, base) == 0)
		prefix_len -= base_len;
	call = make_call(c, method, prefix_len, path);
	call->type = mem_dup_string(type);
	call->body = body != NULL ? mem_dup(body, len) : NULL;
	call->len = body != NULL ? len : 0;
	call->done = on_one;
	call->turn.arg = &one;
	call->turn.lane = SCIM_OTHERS;
	turns_add(&c->turns, &call->turn);
	scim_run(c, &one.ended);
	return &c->result;
}
