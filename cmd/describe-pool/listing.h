/*
 * What hangs on a pool: a list, all pages, and where that says too little one call for each that is
 * in it; or a few that are known by name and no list.
 */
#ifndef DESCRIBE_POOL_LISTING_H
#define DESCRIBE_POOL_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "json/user_pool.h"
#include "net/pager.h"

#include "describe.h"

/* How one kind of thing is asked for. */
struct listing_kind {
	unsigned part;		/* that it belongs to */
	/* The list: the operation, its member, what asks for the largest page; or NULL: none. */
	const char *list, *items, *size;
	enum user_pool_thing listed;	/* what one of the list is */
	const char *need;	/* one counts only if it has this member; or NULL */
	/* Each of them: the operation, its member, the request round the id; or NULL: the list has all. */
	const char *describe, *answer, *before, *after;
	enum user_pool_thing described;
	bool of_pool;		/* UserPoolId is in that request, in front */
	const char *id;		/* the member that the id is; or NULL: it is in the request only */
};

struct listing {
	const struct listing_kind *kind;
	struct describe *run;
	struct listed **things;
	size_t count;
	size_t bytes;		/* of all of them, as they go into the record */
	struct pager *pager;	/* NULL: there is none, or it has ended */
	bool begun;		/* a page was there, with whatever in it */
	bool missing;		/* nothing of the kind can be asked for */
	bool short_of;		/* the list can, but not each of them */
};

/* Asks for the list, if there is one; what comes of it happens inside aws_run. */
void listing_start(struct listing *l, const struct listing_kind *kind, struct describe *run);

/* Asks for the one of that id. */
void listing_ask(struct listing *l, const char *id);

/*
 * After aws_run: appends ,"UserPoolClients":[...], sorted, to b, which has no maximum; nothing if it
 * is missing.  Returns NULL, or what is wrong: the same thing twice.
 */
const char *listing_put(struct listing *l, struct buf *b);

/* Also of one that was never started, all zeros. */
void listing_free(struct listing *l);

#endif
