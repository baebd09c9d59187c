/*
 * The names of groups, numbered from 0 in the order of their arrival.  A pool has so few that they
 * stay in memory.
 */
#ifndef EXPAND_MEMBERS_ROSTER_H
#define EXPAND_MEMBERS_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"

enum { ROSTER_GROUPS_MAX = 10000 };	/* groups in a pool; the service's limit */

/* Names have no NULs. */
struct roster {
	struct hash_key key;
	uint32_t *place;	/* open addressing: number + 1, 0 is free */
	size_t places;		/* a power of two */
	uint32_t *hash;		/* by number */
	size_t *start;		/* by number; where the name lies in text, one more behind the last */
	char *text;		/* each name with a NUL */
	size_t count, cap, text_cap;
};

void roster_init(struct roster *r);
void roster_free(struct roster *r);

/*
 * The number of the group, entered if it is new; *is_new, if not NULL, says so.  Returns 0, or -1
 * if it would be one more than ROSTER_GROUPS_MAX.
 */
int roster_group(struct roster *r, const char *name, size_t len, uint32_t *number, bool *is_new);

/* Whether a group of this name was entered; *number is its number then. */
bool roster_find_group(const struct roster *r, const char *name, size_t len, uint32_t *number);

/* The name of a group, NUL-terminated.  Borrowed until the next one is entered. */
const char *roster_group_name(const struct roster *r, uint32_t group);

/*
 * Appends the name of a group to a JSON array in b; item is its place there, from 0.  Returns 0, or
 * -1 if b would pass its maximum.
 */
int roster_put(const struct roster *r, uint32_t group, size_t item, struct buf *b);

#endif
