/*
 * Requests in BulkRequests (RFC 7644 section 3.7), where the server offers them.
 *
 * What a look has shown may change until the server gets to the operation, so that those that
 * follow a look go a few at a time, and do not wait for looks that take long; a version, where
 * there is one, goes with the operation.  What the server does not say of one, or says in the name
 * of the Bulk, is settled by the row's own requests, which begin with a look.
 */
#ifndef APPLY_SCIM_BULK_H
#define APPLY_SCIM_BULK_H

#include "crowd.h"
#include "task.h"

enum { BULK_LOOKED_MAX = 32 };		/* of operations that follow a look, in one */

/*
 * Puts the request of a task, its path, body and version, into the next BulkRequest; then gets what
 * the server says of it, and again begins anew what the Bulk was not carried out for, in none
 * (t->alone) or a smaller one.  Returns false if it cannot go in any: it goes by itself.
 */
bool bulk_add(struct task *t, const char *method, void (*again)(struct task *t),
    void (*then)(struct task *t, const struct answer *r));

/* The same of a PATCH of memberships, whose crowd is due again where it is not carried out. */
bool bulk_add_crowd(struct crowd *c, void (*then)(struct crowd *c, const struct answer *r));

/*
 * Sends the BulkRequest that is being filled, unless looks are under way whose operations may join
 * it soon.  Returns whether there was anything to send; *next becomes the time at which it is due,
 * where that is earlier (0: nothing waits).
 */
bool bulk_wake(struct apply *a, int64_t *next);

/* How many rows may be under way, that two BulkRequests are full. */
size_t bulk_window(const struct apply *a, bool creations);

void bulk_free(struct apply *a);

#endif
