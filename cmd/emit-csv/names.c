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
	memset(n->likely, 0, sizeof n->likely);
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

/* The place in likely for len bytes at s, of which there is one even where len is 0. */
static inline uint8_t
likely_slot(const char *s, size_t len)
{
	return (uint8_t)((unsigned char)*s + 16 * len);
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
	n->slots[slot] = (uint16_t)++n->count;
	/* Behind an empty one stands a quote, in a record. */
	n->likely[likely_slot(len > 0 ? s : "\"", len)] = (uint16_t)n->count;
	return i;
}

/* As find_name, for a key as it stands in a record. */
static inline size_t
find_key(const struct names *n, const struct tok *key, const char *text)
{
	const char *s = text + key->start;
	size_t len = key->end - key->start, i;

	if ((key->flags & TOK_ESCAPED) != 0) {
		for (i = 0; i < n->count && !tok_is(key, text, n->text[i], n->len[i]); i++)
			;
		return i;
	}
	/* Most keys of a record are no column's, and most columns' are the likely ones. */
	i = n->likely[likely_slot(s, len)];
	if (i == 0)
		return n->count;
	i--;
	return n->len[i] == len && memcmp(n->text[i], s, len) == 0 ? i : find_name(n, s, len);
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
	uint32_t end = tok[object].next;

	for (uint32_t key = object + 1; key < end; key = tok_behind_member(tok, key)) {
		size_t i = find_key(n, &tok[key], text);

		if (i < n->count &&
		    (n->value[i] == 0 || (n->value[i] > object && n->value[i] < end)))
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
