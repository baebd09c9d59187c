#include <stdlib.h>

#include "base/mem.h"
#include "base/recent.h"

void
recent_init(struct recent *r)
{
	r->slot = mem_alloc(RECENT_NAMES * sizeof *r->slot);
}

void
recent_free(struct recent *r)
{
	free(r->slot);
	r->slot = NULL;
}

uint64_t
recent_hash(const struct recent *r, const struct hash_key *key, const void *name, size_t len)
{
	uint64_t hash = hash_bytes(key, name, len);

	__builtin_prefetch(&r->slot[hash % RECENT_NAMES], 1);
	return hash;
}

bool
recent_put(struct recent *r, uint64_t hash)
{
	uint64_t *slot = &r->slot[hash % RECENT_NAMES];
	bool seen = *slot == hash;

	*slot = hash;
	return seen;
}

bool
recent_seen(struct recent *r, const struct hash_key *key, const void *name, size_t len)
{
	return recent_put(r, recent_hash(r, key, name, len));
}
