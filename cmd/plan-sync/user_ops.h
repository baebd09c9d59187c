/*
 * What is written about one person: each operation, and what it counts for.
 *
 * Each returns 0, or -1 with the reason printed; one that cannot stand in a plan is left out and
 * counted (ops.h).
 */
#ifndef PLAN_SYNC_USER_OPS_H
#define PLAN_SYNC_USER_OPS_H

#include "attributes.h"
#include "subject.h"

/* Somebody of WANT who is not at the target.  Returns 1 if it is left out. */
int user_ops_create(struct sync *s, const struct subject *p);

/*
 * Somebody at the target of whom the ledger only knows that he was to be created: the same again,
 * as he is there, so that whoever applies it finds out whether it was him.
 */
int user_ops_settle(struct sync *s, const struct subject *p);

/* What differs; of nothing, if adopted, so that the ledger learns it. */
int user_ops_update(struct sync *s, const struct subject *p, const struct change *c, bool adopted);

/* absent: he is missing in WANT; then where he came from is said. */
int user_ops_enable(struct sync *s, const struct subject *p, bool enable, bool absent,
    const char *why);

int user_ops_delete(struct sync *s, const struct subject *p, const char *why);

/* Somebody is missing: whether who is created shares an address with him. */
void user_ops_part(struct sync *s, const struct subject *p);

#endif
