/*
 * One request and its answer.  Every connection has one, in whose memory its requests follow each
 * other, so that serving a page allocates next to nothing.
 */
#ifndef SERVE_POOL_EXCHANGE_H
#define SERVE_POOL_EXCHANGE_H

#include <stdbool.h>

#include <microhttpd.h>

#include "answer.h"
#include "auth.h"
#include "base/buf.h"
#include "form.h"
#include "params.h"
#include "server.h"

enum {
	EXCHANGE_BODY_MAX = 1024 * 1024,
	/*
	 * A part of the body made anew as JSON: a byte may take six, and there is room for the
	 * rest.
	 */
	EXCHANGE_TEXT_MAX = 8 * EXCHANGE_BODY_MAX,
	EXCHANGE_DATE_SIZE = 30
};

struct exchange {
	struct server *server;
	struct pool *pool;		/* that is asked for; NULL: none that is there */
	/* the request */
	struct MHD_Connection *connection;
	const char *method, *path;
	struct buf body;
	bool too_large;
	/* what was found out about it */
	const char *operation;		/* "" until it is known */
	const char *region;		/* that the request is for */
	struct caller caller;
	const struct role *owner;	/* whose account the caller is of */
	struct params params;
	struct form form;		/* of STS; empty when the answer is there */
	enum fault_kind fault;		/* the last one that struck */
	unsigned messages;		/* to users, that the service would have sent */
	struct answer answer;
	/* kept from request to request */
	struct auth_cache cache;
	int64_t date_second;
	char date[EXCHANGE_DATE_SIZE];
};

/* The request's header, any case; NULL if there is none.  Borrowed. */
static inline const char *
exchange_header(const struct exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

#endif
