/*
 * Creations in BulkRequests (RFC 7644 section 3.7), where the server offers them.  What is looked at
 * before goes alone, and memberships go many in one PATCH anyway.
 */
#ifndef APPLY_SCIM_BULK_H
#define APPLY_SCIM_BULK_H

#include "task.h"

/*
 * Puts the request of a task, its path and body, into the next BulkRequest; then gets what the server
 * says of it.  Returns false if it does not fit in any: it goes alone.
 */
bool bulk_add(struct task *t, void (*then)(struct task *t, const struct answer *r));

/* Sends the BulkRequest that is being filled, if there is any. */
void bulk_send(struct apply *a);

void bulk_free(struct apply *a);

#endif
