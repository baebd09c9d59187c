/*
 * What is written about one group: each operation, and what it counts for.
 *
 * Each returns 0, or -1 with the reason printed.
 */
#ifndef PLAN_SYNC_GROUP_OPS_H
#define PLAN_SYNC_GROUP_OPS_H

#include "subject.h"

/* What differs; of nothing, if adopted, so that the ledger learns it. */
int group_ops_update(struct sync *s, const struct subject *g, bool adopted);

/* The group as h has it.  Returns 1 if it is left out (ops.h). */
int group_ops_create(struct sync *s, const struct subject *g, const struct half *h,
    const char *why);

/* Returns 1 if it is left out. */
int group_ops_delete(struct sync *s, const struct subject *g);

#endif
