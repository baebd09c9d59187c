/*
 * What becomes of the rows that make users and groups.
 *
 * Whoever is about to be made stands in the ledger before the server is asked.  Where the answer is
 * lost, or an earlier run may have made it already, the server is asked by externalId, if it can be:
 * what is there is ours if it has all that the row says and is not older than the try.
 */
#ifndef APPLY_SCIM_CREATE_H
#define APPLY_SCIM_CREATE_H

#include "task.h"

/* Before anything is sent: writes it into the ledger, or ends what is made already. */
void create_announce(struct task *t);

void create_begin(struct task *t);

/* The row is over: what was surely not made is no longer "creating" in the ledger. */
void create_over(struct task *t);

#endif
