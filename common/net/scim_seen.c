/* Which texts were seen (scim_seen.h). */
#include "net/scim_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SIZE_START = 64, ROUND_BITS = 3 };

void
scim_seen_init(struct scim_seen *s)
{
	memset(s, 0, sizeof *s);
	s->key[0] = hash_key_random();
	s->key[1] = hash_key_random();
}

void
scim_seen_free(struct scim_seen *s)
{
	free(s->marks);
	s->marks = NULL;
	s->count = s->size = 0;
}

/* The place of the mark, or the free one where it belongs. */
static struct scim_mark *
find(const struct scim_seen *s, uint64_t high, uint64_t low)
{
	size_t i = (size_t)high & (s->size - 1);

	while (s->marks[i].low != 0 && (s->marks[i].high != high ||
	    (s->marks[i].low & ~(uint64_t)ROUND_BITS) != low))
		i = (i + 1) & (s->size - 1);
	return &s->marks[i];
}

static void
grow(struct scim_seen *s)
{
	struct scim_mark *old = s->marks;
	size_t old_size = s->size;

	s->size = old_size > 0 ? 2 * old_size : SIZE_START;
	s->marks = mem_alloc(s->size * sizeof *s->marks);
	for (size_t i = 0; i < old_size; i++)
		if (old[i].low != 0)
			*find(s, old[i].high, old[i].low & ~(uint64_t)ROUND_BITS) = old[i];
	free(old);
}

enum scim_sight
scim_seen_note(struct scim_seen *s, unsigned round, const void *text, size_t len)
{
	uint64_t high = hash_bytes(&s->key[0], text, len);
	uint64_t low = hash_bytes(&s->key[1], text, len) & ~(uint64_t)ROUND_BITS;
	struct scim_mark *mark;
	enum scim_sight sight = SCIM_NEW;

	if (4 * (s->count + 1) > 3 * s->size)
		grow(s);
	mark = find(s, high, low);
	if (mark->low == 0)
		s->count++;
	else
		sight = (mark->low & ROUND_BITS) == round ? SCIM_TWICE : SCIM_EARLIER;
	mark->high = high;
	mark->low = low | round;
	return sight;
}
