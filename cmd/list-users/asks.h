/*
 * What a run with shards asks the service: a filter for every beginning of sub that the proof
 * knows (a cell, whose users are the list), in byte order, then one for every other beginning that
 * printable ASCII can make (a sentinel, behind which nobody must be found).
 */
#ifndef LIST_USERS_ASKS_H
#define LIST_USERS_ASKS_H

#include <stdbool.h>
#include <stddef.h>

#include "proof.h"

struct ask {
	char prefix[3];		/* one or two characters */
	bool whole;		/* the sub is the prefix, and no longer */
	bool sentinel;
};

struct asks {
	struct ask *ask;
	size_t count;
	int depth;		/* how many characters of a sub make its cell */
};

enum {
	ASKS_SHARDS_MAX = 256,
	ASKS_DEPTH_ONE = 16,	/* up to so many shards are made of single characters */
	ASKS_FILTER_SIZE = 16
};

/*
 * Slice index (from 1) of the asks of a run with so many shards; 1 of 1 is all of them.  The slices
 * are blocks: one after the other they are the whole in its order.  proof NULL: the cells are those
 * of hexadecimal digits in lower case, and there are no sentinels.
 */
void asks_make(struct asks *a, const struct proof *proof, int shards, int index, int of);

void asks_free(struct asks *a);

/* The filter: sub ^= "0", or sub = "0". */
void asks_filter(const struct ask *ask, char filter[ASKS_FILTER_SIZE]);

/* Whether the filter means this sub, ASCII letters counting the same in both cases. */
bool asks_means(const struct ask *ask, const char *sub, size_t len);

/* Whether it does with the cases as they are. */
bool asks_is_own(const struct ask *ask, const char *sub);

#endif
