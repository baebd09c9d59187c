/*
 * The AWS client: sign, send, classify, retry, pace, on one thread with several requests in flight.
 *
 * Credentials are renewed before they end, and once for a call that the service refuses because
 * they have; the call keeps its body, and so a listing its page token.  What cannot be renewed ends
 * every call that is not yet sent.
 *
 * It knows the two protocols (JSON 1.1 of Cognito, Query/XML of STS), the services (aws_service.h)
 * and the quota categories, but no operation's members.  Callbacks run outside libcurl, one after
 * the other.
 */
#ifndef NET_AWS_H
#define NET_AWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/prog.h"
#include "net/aws_service.h"
#include "net/keeper.h"

/*
 * 60 users of 70 attributes of 2,048 characters, each escaped to six bytes, are about 50 MB: the
 * largest legal page fits.
 */
enum { AWS_BODY_MAX = 64 * 1024 * 1024 };

struct aws_config {
	enum aws_service service;
	char *region;
	char *endpoint;		/* "https://host[:port]" without a trailing slash */
	const char *region_from, *endpoint_from;	/* static, for -v: "AWS_REGION", "profile" */
	struct keeper keeper;	/* its source NULL: requests are not signed */
	char *ca_bundle;	/* NULL: the system's */
	char *pool;		/* whose quota counts where a pool has its own; NULL: none */
	double max_rate;	/* calls a second, every category; 0: not capped */
	int share;		/* percent of the default quotas; 0: not paced (pace.h) */
	int64_t retry_ms;	/* how long one call may be retried */
	int64_t connect_ms, read_ms;
};

void aws_config_free(struct aws_config *c);

/* Another client's configuration like this one, with a source of its own (taken over, or NULL). */
void aws_config_copy(struct aws_config *to, const struct aws_config *from, struct source *source);

/* How a call ended. */
enum aws_outcome {
	AWS_OK,
	AWS_DENIED,	/* the service said no; repeating will not help */
	AWS_TEMPORARY,	/* throttled, 5xx, network, after our own retries */
	AWS_PROTOCOL	/* an answer that the protocol does not allow */
};

struct aws_result {
	enum aws_outcome outcome;
	const char *operation;
	char *body;		/* AWS_OK: the answer, NUL behind it; borrowed in the callback */
	size_t body_len;
	const char *code;	/* else: the service's error code, or "" */
	/*
	 * An earlier try of this call, or this one, was sent and its answer lost, or the service failed
	 * in the middle of it: what it changes may be changed already.
	 */
	bool uncertain;
	/* Else what to print behind the operation: "CODE: text" or "cannot connect to HOST: why",
	   with "; " and a hint where we know one. */
	const char *message;
};

typedef void aws_done(void *arg, const struct aws_result *result);

struct aws_client;

/* What --stats and --progress want to know.  Calls are requests sent, those sent again included. */
struct aws_stats {
	uint64_t calls, retries, throttles, bytes_in, bytes_out;
};

/* Takes config over: it is emptied.  NULL with the reason printed if libcurl cannot start. */
struct aws_client *aws_new(struct aws_config *config);

void aws_free(struct aws_client *c);

/*
 * Gets credentials, which the first call would do, too.  Returns PROG_OK, or what the source's get
 * returned, with why set.
 */
enum prog_status aws_ready(struct aws_client *c, char why[CRED_WHY_SIZE]);

/* How long a call may be retried from now on. */
void aws_set_retry(struct aws_client *c, int64_t retry_ms);

/* Milliseconds since the Epoch by the service's clock, as far as it is known. */
int64_t aws_now_ms(const struct aws_client *c);

/* Its credentials, for source_lent (source.h).  Borrowed. */
struct keeper *aws_keeper(struct aws_client *c);

/* The configuration, for what a command sends by other ways.  Borrowed. */
const struct aws_config *aws_settings(const struct aws_client *c);

/* "https://cognito-idp.eu-west-1.amazonaws.com": the source in seals is made from it. */
const char *aws_endpoint(const struct aws_client *c);

const struct aws_stats *aws_stats(const struct aws_client *c);

/*
 * Calls a second that the operation is paced at; where it is not, the service's default quota.
 */
double aws_rate(const struct aws_client *c, const char *operation);

/*
 * Appends ,"Calls":{"ListUsers":n,...},"Retries":n,"Throttles":n,"BytesIn":n,"BytesOut":n for
 * --stats.
 */
void aws_stats_json(const struct aws_client *c, struct buf *b);

/* Adds what another client has counted, for a command that has two. */
void aws_stats_add(struct aws_client *c, const struct aws_client *other);

/*
 * Queues one call; it starts as pacing allows.  operation is "ListUsers" and so on; it must live
 * until done.  body is copied: JSON for Cognito; for STS the form after Action and Version, such as
 * "&RoleArn=...".
 * done is called exactly once, from aws_run, unless aws_drop or aws_free comes first.
 */
void aws_submit(struct aws_client *c, const char *operation, const char *body, size_t len,
    aws_done *done, void *arg);

/* Forgets every call that was submitted with this arg; its done is not called. */
void aws_drop(struct aws_client *c, const void *arg);

/*
 * Gives libcurl a turn without waiting and without calling back, so that a request just submitted
 * is on its way while the caller works.
 */
void aws_kick(struct aws_client *c);

/* Runs until *stop is true or nothing is under way.  stop may be NULL. */
void aws_run(struct aws_client *c, const bool *stop);

/*
 * One call, waited for; not from inside a callback.  The result's texts and body stay valid until
 * the next aws_call on this client.
 */
const struct aws_result *aws_call(struct aws_client *c, const char *operation, const char *body,
    size_t len);

/* PROG_OK, PROG_FAIL or PROG_TEMPORARY for an outcome. */
enum prog_status aws_status(enum aws_outcome o);

#endif
