#include <stdlib.h>

#include "base/mem.h"
#include "json/native_arena.h"

enum {
	/* What a usual record takes many times over. */
	CHUNK_SIZE = 64 * 1024,
	ALIGNMENT = 16
};

struct native_chunk {
	struct native_chunk *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char bytes[];
};

static struct native_chunk *
new_chunk(size_t size)
{
	struct native_chunk *c = mem_resize(NULL, 1, sizeof *c + size);

	c->next = NULL;
	c->used = 0;
	c->size = size;
	return c;
}

void *
native_alloc(struct native_arena *a, size_t size)
{
	struct native_chunk *c = a->now;
	void *p;

	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (c == NULL || c->size - c->used < size) {
		c = new_chunk(size > CHUNK_SIZE ? size : CHUNK_SIZE);
		if (a->now == NULL)
			a->first = c;
		else
			a->now->next = c;
		a->now = c;
	}
	p = c->bytes + c->used;
	c->used += size;
	a->used += size;
	return p;
}

static void
free_chunks(struct native_chunk *c)
{
	while (c != NULL) {
		struct native_chunk *next = c->next;

		free(c);
		c = next;
	}
}

void
native_reset(struct native_arena *a)
{
	a->used = 0;
	if (a->first == NULL)
		return;
	free_chunks(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->now = a->first;
}

void
native_arena_free(struct native_arena *a)
{
	free_chunks(a->first);
	a->first = a->now = NULL;
	a->used = 0;
}
