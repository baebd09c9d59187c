/*
 * Names seen lately, in a table of fixed size: a newer name takes the slot of an older one, so that
 * memory stays flat however many come.  A repetition among the last RECENT_NAMES or so is seen,
 * an older one may not be.
 */
#ifndef BASE_RECENT_H
#define BASE_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* 1 MiB: more than two thousand pages of users back. */
enum { RECENT_NAMES = 128 * 1024 };

struct recent {
	uint64_t *slot;		/* hash of the name last seen there */
};

void recent_init(struct recent *r);

void recent_free(struct recent *r);

/*
 * Whether the name was seen lately under this key; now it has been.  Sets with keys of their own
 * may share one table.
 */
bool recent_seen(struct recent *r, const struct hash_key *key, const void *name, size_t len);

/*
 * The same in two steps: recent_hash asks for the table's memory, which is in no cache, and
 * recent_put, a microsecond's work later, need not wait for it.
 */
uint64_t recent_hash(const struct recent *r, const struct hash_key *key, const void *name,
    size_t len);

bool recent_put(struct recent *r, uint64_t hash);

#endif
