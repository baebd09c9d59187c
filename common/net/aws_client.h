/*
 * Inside the AWS client: what aws.c, which keeps the calls and their turns, and aws_exchange.c,
 * which knows what goes over the wire, have in common.
 */
#ifndef NET_AWS_CLIENT_H
#define NET_AWS_CLIENT_H

#include "net/aws.h"
#include "net/http.h"
#include "net/pace.h"
#include "net/pace_shared.h"
#include "net/sigv4.h"
#include "net/turns.h"

enum { AWS_OPERATIONS_MAX = 24 };		/* different ones in a program */

struct call {
	struct turn turn;	/* its lane: the operation's quota category */
	struct aws_client *client;
	const char *operation;
	char *body;
	size_t len;
	aws_done *done;
	int failures, skews, renewals;
	bool uncertain;		/* an answer to it was lost: it may have been carried out */
	unsigned generation;	/* of the credentials it was signed with */
	int64_t offset_ms;	/* the clock's correction it was signed with */
};

struct aws_client {
	struct aws_config config;
	struct http *http;
	struct sigv4_key key;
	struct pace pace[PACE_CATEGORIES];
	struct pace_shared *shared;	/* NULL: this client paces itself by itself */
	struct turns turns;
	bool answered;			/* anything has come from the endpoint */
	int64_t offset_ms;		/* the service's clock less ours */
	enum prog_status refused;	/* why there are no credentials any more, with its text */
	char *refusal;			/* NULL: there are, as far as is known */
	struct buf head, authorization, message;
	struct aws_stats stats;
	struct {
		char *name;
		uint64_t count;
	} operations[AWS_OPERATIONS_MAX];
	struct aws_result result;	/* of aws_call, with the texts below */
	char *result_body, *result_code, *result_message;
};

/* Signs the call and sends it.  What comes of it goes to aws_call_finish or aws_call_repeat. */
void aws_call_send(struct call *call);

/* Counts a call that is sent. */
void aws_count_call(struct aws_client *c, const struct call *call);

/* Hands the outcome over and forgets the call. */
void aws_call_finish(struct call *call, const struct aws_result *result);

/* Puts a call that was sent among those that are sent again, not before due_ms. */
void aws_call_repeat(struct call *call, int64_t due_ms);

#endif
