/* Users in the order of their sub (by_sub.h). */
#include "by_sub.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { KEY_BYTES = 8 };

struct entry {
	uint64_t key;
	uint32_t user, place;
};

/* The first bytes, those that are not there as filler. */
static uint64_t
make_key(const char *s, size_t len, unsigned char filler)
{
	uint64_t key = 0;

	for (size_t i = 0; i < KEY_BYTES; i++) {
		unsigned char c = i < len ? (unsigned char)s[i] : filler;

		if (i < len && c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		key = key << 8 | c;
	}
	return key;
}

/* Of equal ones the order of the records. */
static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

void
by_sub_make(struct by_sub *b, const struct store_table *users)
{
	struct entry *entries = mem_alloc(users->order_count * sizeof *entries);
	size_t n = 0, len;

	for (size_t i = 0; i < users->order_count; i++) {
		const struct store_item *item = &users->item[users->order[i]];
		const char *sub = search_attribute(item, "sub", 3, &len);

		if (sub != NULL)
			entries[n++] = (struct entry){
				make_key(sub, len, 0), users->order[i], (uint32_t)i
			};
	}
	qsort(entries, n, sizeof *entries, compare);
	b->count = n;
	b->key = mem_alloc(n * sizeof *b->key);
	b->user = mem_alloc(n * sizeof *b->user);
	for (size_t i = 0; i < n; i++) {
		b->key[i] = entries[i].key;
		b->user[i] = entries[i].user;
	}
	free(entries);
}

void
by_sub_free(struct by_sub *b)
{
	free(b->key);
	free(b->user);
}

/* How many keys are below this one. */
static size_t
below(const struct by_sub *b, uint64_t key)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->key[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
by_sub_find(const struct by_sub *b, const struct search *s, const uint32_t **list,
    size_t *count)
{
	uint64_t last;
	size_t first, end;

	if (s->all || s->field != SEARCH_ATTRIBUTE || strcmp(s->name, "sub") != 0)
		return false;
	first = below(b, make_key(buf_string(&s->value), s->value.len, 0));
	last = make_key(buf_string(&s->value), s->value.len, UINT8_MAX);
	end = last == UINT64_MAX ? b->count : below(b, last + 1);
	*list = b->user + first;
	*count = end - first;
	return true;
}
