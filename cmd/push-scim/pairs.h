/* A set of memberships: a group's number and a user's, exact, 8 bytes each and some room. */
#ifndef PUSH_SCIM_PAIRS_H
#define PUSH_SCIM_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct pairs {
	struct hash_key key;
	uint64_t *place;	/* open addressing: the pair + 1, 0 is free */
	size_t places, count;
};

static inline uint64_t
pairs_make(uint32_t group, uint32_t user)
{
	return (uint64_t)group << 32 | user;
}

void pairs_init(struct pairs *p);
void pairs_free(struct pairs *p);

/* Enters the pair.  Returns false if it was there. */
bool pairs_add(struct pairs *p, uint64_t pair);

#endif
