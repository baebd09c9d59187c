/* BulkRequests (RFC 7644, 3.7), packed with operations up to their limits. */
#ifndef EMIT_SCIM_BULK_H
#define EMIT_SCIM_BULK_H

#include <stdbool.h>

#include "base/buf.h"
#include "json/sink.h"

struct bulk {
	size_t max_operations, max_bytes;
	long fail_on_errors;	/* 0: the request has no such member */
	bool split;		/* each request is a part of the sink (sink_part), not a row */
	struct sink *sink;
	uint32_t number;	/* of the request that is being packed, from 1 */
	uint64_t operations;	/* of all requests that are out */
	/* private */
	struct buf text;	/* the request without its end */
	size_t count, head;
};

/* A state to which the request at hand can go back. */
struct bulk_mark {
	size_t len, count;
};

/* The options, and sink, are the caller's to fill before. */
void bulk_init(struct bulk *b);

void bulk_free(struct bulk *b);

/* How many bytes an operation may have to go into the request at hand; 0 if it is full. */
size_t bulk_room(const struct bulk *b);

/* The same of an empty one: no operation may have more. */
size_t bulk_room_empty(const struct bulk *b);

/* Puts in an operation that has room: len bytes of JSON. */
void bulk_add(struct bulk *b, const char *operation, size_t len);

/* Gives out the request at hand, if there is anything in it, and begins the next. */
void bulk_flush(struct bulk *b);

struct bulk_mark bulk_mark(const struct bulk *b);

/* Takes out what was put in since the mark, which is of this request. */
void bulk_return(struct bulk *b, struct bulk_mark mark);

/*
 * Appends s, a part of a path, with what is not unreserved in URIs (RFC 3986) as sign and two
 * hexadecimal digits.
 */
void bulk_escape(struct buf *b, const char *s, char sign);

#endif
