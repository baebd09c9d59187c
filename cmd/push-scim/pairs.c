#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
pairs_init(struct pairs *p)
{
	memset(p, 0, sizeof *p);
	p->key = hash_key_random();
}

void
pairs_free(struct pairs *p)
{
	free(p->place);
	p->place = NULL;
}

/* Where the pair is, or the free place where it would be. */
static uint64_t *
find_pair(const struct pairs *p, uint64_t pair)
{
	size_t i = hash_bytes(&p->key, &pair, sizeof pair) & (p->places - 1);

	while (p->place[i] != 0 && p->place[i] != pair + 1)
		i = (i + 1) & (p->places - 1);
	return &p->place[i];
}

static void
grow_pairs(struct pairs *p)
{
	uint64_t *old = p->place;
	size_t places = p->places;

	p->places = places == 0 ? 1024 : places * 2;
	p->place = mem_alloc(p->places * sizeof *p->place);
	for (size_t i = 0; i < places; i++)
		if (old[i] != 0)
			*find_pair(p, old[i] - 1) = old[i];
	free(old);
}

bool
pairs_add(struct pairs *p, uint64_t pair)
{
	uint64_t *place;

	if ((p->count + 1) * 4 > p->places * 3)
		grow_pairs(p);
	place = find_pair(p, pair);
	if (*place != 0)
		return false;
	*place = pair + 1;
	p->count++;
	return true;
}
