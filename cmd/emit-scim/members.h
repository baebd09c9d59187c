/*
 * Members of a group, one after the other, into Group resources or PATCH operations of at most so
 * many.
 */
#ifndef EMIT_SCIM_MEMBERS_H
#define EMIT_SCIM_MEMBERS_H

#include <stdbool.h>

#include "base/buf.h"

#include "bulk.h"
#include "roll.h"

struct members {
	size_t max;
	struct bulk *bulk;	/* NULL: resources, a row of sink each */
	struct sink *sink;
	bool stay;		/* no request is ended: a member that does not fit is refused */
	uint64_t added;
	/* private */
	struct buf text;	/* the resource or operation, as far as it is */
	struct group *group;	/* whose; NULL: none is open */
	const char *tail;
	size_t count;
};

/* max, bulk, sink are the caller's to fill before. */
void members_init(struct members *m);

void members_free(struct members *m);

/* Gives out what is open: before anything else goes out. */
void members_close(struct members *m);

/* Forgets what is open. */
void members_drop(struct members *m);

/* Opens a resource of the group's that the caller has begun: len bytes, without closing brace. */
void members_begin(struct members *m, struct group *g, const char *resource, size_t len);

/*
 * Adds a member, the JSON text entry.  here: it or the group is referred to by bulkId, so the
 * operation must be in the request at hand.  Returns NULL, or the reason why it cannot be added.
 */
const char *members_add(struct members *m, struct group *g, const char *entry, size_t len,
    bool here);

/* Appends the group's path, "/Groups/ID" or "/Groups/bulkId:...". */
void members_path(struct buf *b, const struct group *g);

/*
 * Appends the bulkId of a group: "group:" and its externalId.  It stands in paths too, so what is
 * no letter, digit, '-', '.', '_' or '~' is written as =XX, which servers have no reason to decode.
 */
void members_bulk_id(struct buf *b, const struct group *g);

#endif
