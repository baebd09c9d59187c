#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "roster.h"

enum { START = 64 };

void
roster_init(struct roster *n)
{
	memset(n, 0, sizeof *n);
	n->key = hash_key_random();
	n->places = START;
	n->place = mem_alloc(n->places * sizeof *n->place);
	n->start = mem_alloc(sizeof *n->start);
}

void
roster_free(struct roster *n)
{
	free(n->place);
	free(n->hash);
	free(n->start);
	free(n->text);
}

/* The index in place where the name stands or would stand. */
static size_t
find_place(const struct roster *n, const char *name, size_t len, uint32_t hash)
{
	size_t i = hash & (n->places - 1);

	for (; n->place[i] != 0; i = (i + 1) & (n->places - 1)) {
		uint32_t k = n->place[i] - 1;

		if (n->hash[k] == hash && n->start[k + 1] - n->start[k] == len + 1 &&
		    memcmp(n->text + n->start[k], name, len) == 0)
			break;
	}
	return i;
}

static void
grow_places(struct roster *n)
{
	free(n->place);
	n->places *= 2;
	n->place = mem_alloc(n->places * sizeof *n->place);
	for (size_t k = 0; k < n->count; k++) {
		size_t i = n->hash[k] & (n->places - 1);

		while (n->place[i] != 0)
			i = (i + 1) & (n->places - 1);
		n->place[i] = (uint32_t)k + 1;
	}
}

/* Capacity for at least need, half as much again as before. */
static size_t
grown(size_t cap, size_t need)
{
	size_t more = cap + cap / 2;

	return more < need ? need + START : more;
}

static void
append_name(struct roster *n, const char *name, size_t len, uint32_t hash)
{
	size_t at = n->start[n->count];

	if (n->count == n->cap) {
		n->cap = grown(n->cap, n->count + 1);
		n->hash = mem_resize(n->hash, n->cap, sizeof *n->hash);
		n->start = mem_resize(n->start, n->cap + 1, sizeof *n->start);
	}
	if (at + len + 1 > n->text_cap) {
		n->text_cap = grown(n->text_cap, at + len + 1);
		n->text = mem_resize(n->text, n->text_cap, 1);
	}
	memcpy(n->text + at, name, len);
	n->text[at + len] = '\0';
	n->hash[n->count++] = hash;
	n->start[n->count] = at + len + 1;
}

int
roster_group(struct roster *n, const char *name, size_t len, uint32_t *number, bool *is_new)
{
	uint32_t hash = (uint32_t)hash_bytes(&n->key, name, len);
	size_t i = find_place(n, name, len, hash);

	if (is_new != NULL)
		*is_new = n->place[i] == 0;
	if (n->place[i] == 0) {
		if (n->count == ROSTER_GROUPS_MAX)
			return -1;
		append_name(n, name, len, hash);
		n->place[i] = (uint32_t)n->count;
		*number = (uint32_t)n->count - 1;
		if (n->count * 4 > n->places * 3)
			grow_places(n);
		return 0;
	}
	*number = n->place[i] - 1;
	return 0;
}

bool
roster_find_group(const struct roster *n, const char *name, size_t len, uint32_t *number)
{
	uint32_t hash = (uint32_t)hash_bytes(&n->key, name, len);
	uint32_t place = n->place[find_place(n, name, len, hash)];

	*number = place - 1;
	return place != 0;
}

const char *
roster_group_name(const struct roster *r, uint32_t group)
{
	return r->text + r->start[group];
}

int
roster_put(const struct roster *r, uint32_t group, size_t item, struct buf *b)
{
	const char *name = roster_group_name(r, group);

	return buf_append_byte(b, item == 0 ? '[' : ',') != 0 ||
	    jtext_string(b, name, strlen(name)) != 0 ? -1 : 0;
}
