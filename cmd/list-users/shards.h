/* A list by shards: many chains side by side, their users in the order of the shards. */
#ifndef LIST_USERS_SHARDS_H
#define LIST_USERS_SHARDS_H

#include "asks.h"
#include "kept.h"
#include "listing.h"

/*
 * Asks all of asks and gives the users out.  proof may be NULL: then the cells were guessed.
 * *refuted is set if there was a user whom the proof does not know of.
 */
void shards_run(struct listing *l, const struct asks *asks, const struct proof *proof,
    const struct kept *kept, bool *refuted);

#endif
