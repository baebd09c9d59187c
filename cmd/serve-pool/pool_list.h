/*
 * The lists of ListUserPools: of each Region of each account the pools, in the order in which they
 * were said, since the service promises none.
 */
#ifndef SERVE_POOL_POOL_LIST_H
#define SERVE_POOL_POOL_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "pool.h"
#include "store.h"

struct exchange;

/* Those of one Region of an account. */
struct pool_list {
	const struct role *owner;
	const char *region;
	uint32_t *list;			/* their numbers */
	size_t count;
};

struct pool_lists {
	struct store_table table;	/* what is said of each pool, by its number */
	struct pool_list *list;
	size_t count;
};

/* Of all pools, once they are all there. */
void pool_lists_make(struct pool_lists *l, const struct pools *pools);

void pool_lists_free(struct pool_lists *l);

/* The operation ListUserPools. */
void pool_list_answer(struct exchange *x);

#endif
