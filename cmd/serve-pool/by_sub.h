/*
 * Users in the order of their sub, so that a filter by its beginning need not look at everybody: a
 * pool that is read in shards is asked for hundreds of beginnings.  The service too gives what it
 * has searched for in the order of the attribute.
 */
#ifndef SERVE_POOL_BY_SUB_H
#define SERVE_POOL_BY_SUB_H

#include <stddef.h>
#include <stdint.h>

#include "search.h"
#include "store.h"

struct by_sub {
	uint64_t *key;		/* the first eight bytes of the sub, small letters; rising */
	uint32_t *user;		/* the item's number */
	size_t count;
};

/* All users of the table that have a record and a sub. */
void by_sub_make(struct by_sub *b, const struct store_table *users);

void by_sub_free(struct by_sub *b);

/*
 * Finds among whom a search by sub need look: *list and *count.  Returns false for any other
 * search.
 */
bool by_sub_find(const struct by_sub *b, const struct search *s, const uint32_t **list,
    size_t *count);

#endif
