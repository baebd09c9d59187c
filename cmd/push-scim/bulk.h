/* Tasks in BulkRequests. */
#ifndef PUSH_SCIM_BULK_H
#define PUSH_SCIM_BULK_H

#include "send.h"

/*
 * Sends the first tasks of the queue, as many as fit; a task that fits in no BulkRequest is marked
 * to go alone.
 */
void bulk_send(struct push *p);

/* Forgets those under way, whose tasks stay the caller's. */
void bulk_free_all(struct push *p);

#endif
