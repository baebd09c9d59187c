/* Counts by name (tally.h). */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SLOTS = 64 };

/* How rows are to be sorted; qsort(3) hands nothing on. */
struct rank {
	uint64_t count;
	const char *name;
	size_t row;
};

void
tally_init(struct tally *t, size_t max)
{
	memset(t, 0, sizeof *t);
	t->max = max;
	t->key = hash_key_random();
	t->mask = SLOTS - 1;
	t->slots = mem_alloc(SLOTS * sizeof *t->slots);
	t->rows = mem_alloc(sizeof *t->rows);
}

void
tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->rows[i].name);
	free(t->rows);
	free(t->slots);
}

/* The slot of the name: its own, or an empty one. */
static size_t
find_slot(const struct tally *t, const char *name, size_t len)
{
	size_t slot = hash_bytes(&t->key, name, len) & t->mask;

	while (t->slots[slot] != 0) {
		const char *there = t->rows[t->slots[slot] - 1].name;

		if (strncmp(there, name, len) == 0 && there[len] == '\0')
			break;
		slot = (slot + 1) & t->mask;
	}
	return slot;
}

static void
grow(struct tally *t)
{
	free(t->slots);
	t->mask = 2 * t->mask + 1;
	t->slots = mem_alloc((t->mask + 1) * sizeof *t->slots);
	for (size_t i = 0; i < t->count; i++) {
		const char *name = t->rows[i].name;

		t->slots[find_slot(t, name, strlen(name))] = (uint32_t)i + 1;
	}
}

struct tally_row *
tally_row(struct tally *t, const char *name, size_t len)
{
	size_t slot = 0;

	if (len <= TALLY_NAME_MAX) {
		slot = find_slot(t, name, len);
		if (t->slots[slot] != 0)
			return &t->rows[t->slots[slot] - 1];
	}
	if (len > TALLY_NAME_MAX || t->count == t->max) {
		t->beyond = true;
		return &t->rows[t->count];
	}
	t->rows = mem_resize(t->rows, t->count + 2, sizeof *t->rows);
	/* The others' place moves on, with what was counted for long names. */
	t->rows[t->count + 1] = t->rows[t->count];
	t->rows[t->count] = (struct tally_row){ .name = mem_dup(name, len) };
	t->slots[slot] = (uint32_t)++t->count;
	if (t->count > t->mask / 2)
		grow(t);
	return &t->rows[t->slots[find_slot(t, name, len)] - 1];
}

static int
compare(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

size_t *
tally_sort(const struct tally *t, int figure, size_t *n)
{
	struct rank *ranks = mem_alloc((t->count + 1) * sizeof *ranks);
	size_t *order = mem_alloc((t->count + 1) * sizeof *order);

	*n = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct tally_row *row = &t->rows[i];

		if (row->count[NOW][figure] != 0 || row->count[BEFORE][figure] != 0 ||
		    row->marks[NOW] != 0)
			ranks[(*n)++] = (struct rank){ row->count[NOW][figure], row->name, i };
	}
	qsort(ranks, *n, sizeof *ranks, compare);
	for (size_t i = 0; i < *n; i++)
		order[i] = ranks[i].row;
	free(ranks);
	return order;
}
