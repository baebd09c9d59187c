/*
 * Which identity pools of a Region are bound to which user pools, and to which of their clients.
 *
 * The service says it the other way round only: every identity pool names the clients that it takes
 * tokens of, so all of them are described.
 */
#ifndef LIST_USER_POOLS_BINDINGS_H
#define LIST_USER_POOLS_BINDINGS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/prog.h"
#include "net/aws.h"
#include "net/pools.h"

struct binding {
	char *user_pool;
	char *identity_pool, *name, *client;
};

struct bindings {
	struct binding *item;		/* sorted by user pool, identity pool, client */
	size_t count;
	const char *missing;		/* the permission that lacks, if they are not known */
};

/*
 * Reads them with a client of cognito-identity; not from inside a callback.  shown, called after each
 * answer of a description with the number of identity pools, may show progress.  Returns PROG_OK; or
 * what failed, with one line printed and why set.  Where a permission lacks b->missing is set, and
 * what else is there is a part that looks like the whole: not to be used.  An identity pool that is
 * gone after the list binds nothing.  bindings_free in any case.
 */
enum prog_status bindings_read(struct bindings *b, struct aws_client *client,
    void (*shown)(void *arg, size_t count), void *arg, char why[POOLS_WHY_SIZE]);

/* Appends ,"IdentityPools":[…], those bound to the pool.  Returns 0, or -1 if it is too long. */
int bindings_put(const struct bindings *b, const char *user_pool, struct buf *line);

void bindings_free(struct bindings *b);

#endif
