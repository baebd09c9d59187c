#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "names.h"

void
names_init(struct names *n, size_t max)
{
	size_t slots = 16;

	while (slots < 4 * max)
		slots *= 2;
	n->count = 0;
	n->lengths = 0;
	n->mask = slots - 1;
	n->slots = mem_alloc(slots * sizeof *n->slots);
	n->text = mem_alloc(max * sizeof *n->text);
	n->len = mem_alloc(max * sizeof *n->len);
	n->value = mem_alloc(max * sizeof *n->value);
}

void
names_free(struct names *n)
{
	free(n->slots);
	free(n->text);
	free(n->len);
	free(n->value);
}

/* Spread well enough for names, which differ in length, ends or middle; len may be 0. */
static inline size_t
slot_of(const struct names *n, const char *s, size_t len)
{
	size_t middle = len > 0 ? (unsigned char)s[len / 2] : 0;
	size_t last = len > 0 ? (unsigned char)s[len - 1] : 0;

	return (len * 7 + middle * 5 + last * 31) & n->mask;
}

/* The bit that says that a name of this length, or of 64 more and so on, is there. */
static inline uint64_t
length_bit(size_t len)
{
	return UINT64_C(1) << (len & 63);
}

/* The number of a name, or n->count. */
static inline size_t
find_name(const struct names *n, const char *s, size_t len)
{
	size_t slot = slot_of(n, s, len);

	for (; n->slots[slot] != 0; slot = (slot + 1) & n->mask) {
		size_t i = n->slots[slot] - 1U;

		if (n->len[i] == len && memcmp(n->text[i], s, len) == 0)
			return i;
	}
	return n->count;
}

size_t
names_add(struct names *n, const char *s)
{
	size_t len = strlen(s), i = find_name(n, s, len), slot = slot_of(n, s, len);

	if (i < n->count)
		return i;
	while (n->slots[slot] != 0)
		slot = (slot + 1) & n->mask;
	n->text[n->count] = s;
	n->len[n->count] = len;
	n->lengths |= length_bit(len);
	n->slots[slot] = (uint16_t)++n->count;
	return i;
}

/* As find_name, for a key as it stands in a record. */
static inline size_t
find_key(const struct names *n, const struct tok *key, const char *text)
{
	size_t i = 0;

	if ((key->flags & TOK_ESCAPED) == 0)
		return find_name(n, text + key->start, key->end - key->start);
	while (i < n->count && !tok_is(key, text, n->text[i], n->len[i]))
		i++;
	return i;
}

size_t
names_find(const struct names *n, const struct tok *key, const char *text)
{
	return find_key(n, key, text);
}

/*
 * Notes the values that stand in object; the last one of a repeated key wins.  What the top
 * level (object 0) has given stays.
 */
static void
locate(struct names *n, const struct record_reader *r, uint32_t object)
{
	const struct tok *tok = r->list.tok;
	const char *text = r->text;
	uint64_t lengths = n->lengths;
	uint32_t end = tok[object].next;

	for (uint32_t key = object + 1; key < end; key = tok[key + 1].next) {
		const struct tok *t = &tok[key];
		size_t i;

		/* Most keys of a record are no column's, which their lengths tell. */
		if ((lengths & length_bit(t->end - t->start)) == 0 && (t->flags & TOK_ESCAPED) == 0)
			continue;
		i = find_key(n, t, text);
		if (i == n->count)
			continue;
		if (n->value[i] == 0 || (n->value[i] > object && n->value[i] < end))
			n->value[i] = key + 1;
	}
}

void
names_locate(struct names *n, const struct record_reader *r)
{
	uint32_t attributes = r->keys.attributes;

	memset(n->value, 0, n->count * sizeof *n->value);
	locate(n, r, 0);
	if (attributes != 0 && r->list.tok[attributes].type == TOK_OBJECT)
		locate(n, r, attributes);
}
