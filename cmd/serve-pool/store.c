/*
 * The pool in memory (store.h): texts in an arena, names in open hash tables, links in two flat
 * arrays.
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Large enough that the rest of a chunk that a text did not fit in is no loss. */
enum { CHUNK_SIZE = 4 * 1024 * 1024, SLOTS_FIRST = 1024 };

/* Grows an array of count elements to hold one more. */
static void *
grown(void *array, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return array;
	*cap = *cap == 0 ? 64 : *cap + *cap / 2;
	return mem_resize(array, *cap, size);
}

static const char *
keep(struct store *s, const char *text, size_t len)
{
	struct store_chunk *c;
	char *at;

	if (s->chunk == NULL || s->chunk_size - s->chunk_used < len) {
		s->chunk_size = len > CHUNK_SIZE ? len : CHUNK_SIZE;
		c = mem_resize(NULL, 1, sizeof *c + s->chunk_size);
		c->next = s->chunk;
		s->chunk = c;
		s->chunk_used = 0;
	}
	at = s->chunk->bytes + s->chunk_used;
	memcpy(at, text, len);
	s->chunk_used += len;
	return at;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t
find_slot(const struct store_table *t, const char *name, size_t len)
{
	size_t i = (size_t)hash_bytes(&t->key, name, len) & (t->slots - 1);
	const struct store_item *item;

	for (; t->slot[i] != 0; i = (i + 1) & (t->slots - 1)) {
		item = &t->item[t->slot[i] - 1];
		if (item->name_len == len && memcmp(item->text + item->name_at, name, len) == 0)
			break;
	}
	return i;
}

/* Keeps a third of the slots free. */
static void
widen(struct store_table *t)
{
	const struct store_item *item;
	size_t i;

	if ((t->count + 1) * 3 <= t->slots * 2)
		return;
	if (t->slots == 0)
		t->key = hash_key_random();
	free(t->slot);
	t->slots = t->slots == 0 ? SLOTS_FIRST : t->slots * 2;
	t->slot = mem_alloc(t->slots * sizeof *t->slot);
	for (i = 0; i < t->count; i++) {
		item = &t->item[i];
		t->slot[find_slot(t, item->text + item->name_at, item->name_len)] =
		    (uint32_t)i + 1;
	}
}

uint32_t
store_find(const struct store_table *t, const char *name, size_t len)
{
	size_t i;

	if (t->slots == 0)
		return UINT32_MAX;
	i = find_slot(t, name, len);
	return t->slot[i] == 0 ? UINT32_MAX : t->slot[i] - 1;
}

uint32_t
store_mention(struct store *s, struct store_table *t, const char *name, size_t len)
{
	size_t slot;

	widen(t);
	slot = find_slot(t, name, len);
	if (t->slot[slot] != 0)
		return t->slot[slot] - 1;
	t->item = grown(t->item, t->count, &t->cap, sizeof *t->item);
	t->item[t->count] = (struct store_item){
		.text = keep(s, name, len), .name_len = (uint32_t)len
	};
	t->slot[slot] = (uint32_t)++t->count;
	return (uint32_t)t->count - 1;
}

void
store_define(struct store *s, struct store_table *t, uint32_t number,
    const struct store_item *form)
{
	t->item[number] = *form;
	t->item[number].text = keep(s, form->text, form->len);
	t->order = grown(t->order, t->order_count, &t->order_cap, sizeof *t->order);
	t->order[t->order_count++] = number;
}

void
store_add_membership(struct store *s, uint32_t user, uint32_t group, uint32_t file, uint32_t line)
{
	s->membership = grown(s->membership, s->membership_count, &s->membership_cap,
	    sizeof *s->membership);
	s->membership[s->membership_count++] = (struct store_membership){user, group, file, line};
}

/* A counting sort of the memberships by user or by group; stable, so their order stays. */
static void
link_table(const struct store *s, struct store_links *l, size_t items, bool by_user)
{
	const struct store_membership *m = s->membership;
	uint32_t *start = mem_alloc((items + 2) * sizeof *start);
	size_t i;

	l->list = mem_resize(NULL, s->membership_count + 1, sizeof *l->list);
	l->start = start;
	/* Counted two places on, so that filling moves every start to where it belongs. */
	for (i = 0; i < s->membership_count; i++)
		start[(by_user ? m[i].user : m[i].group) + 2]++;
	for (i = 2; i < items + 2; i++)
		start[i] += start[i - 1];
	for (i = 0; i < s->membership_count; i++)
		l->list[start[(by_user ? m[i].user : m[i].group) + 1]++] = (uint32_t)i;
}

/* From numbers of memberships to numbers of partners. */
static void
resolve(const struct store *s, struct store_links *l, bool by_user)
{
	size_t i;

	for (i = 0; i < s->membership_count; i++)
		l->list[i] = by_user ? s->membership[l->list[i]].group :
		    s->membership[l->list[i]].user;
}

/* Drops memberships that were said before. */
static void
drop_repeated(struct store *s)
{
	struct store_links l;
	uint32_t *last_user = mem_alloc((s->groups.count + 1) * sizeof *last_user);
	struct store_membership *m;
	size_t user, i, kept = 0;

	link_table(s, &l, s->users.count, true);
	for (user = 0; user < s->users.count; user++)
		for (i = l.start[user]; i < l.start[user + 1]; i++) {
			m = &s->membership[l.list[i]];
			if (last_user[m->group] == user + 1)
				m->user = UINT32_MAX;
			else
				last_user[m->group] = (uint32_t)user + 1;
		}
	for (i = 0; i < s->membership_count; i++)
		if (s->membership[i].user != UINT32_MAX)
			s->membership[kept++] = s->membership[i];
	s->membership_count = kept;
	free(last_user);
	free(l.start);
	free(l.list);
}

const struct store_membership *
store_finish(struct store *s)
{
	const struct store_membership *m;
	size_t i;

	for (i = 0; i < s->membership_count; i++) {
		m = &s->membership[i];
		if (!store_is_defined(&s->users.item[m->user]) ||
		    !store_is_defined(&s->groups.item[m->group]))
			return m;
	}
	drop_repeated(s);
	link_table(s, &s->groups_of, s->users.count, true);
	link_table(s, &s->users_of, s->groups.count, false);
	resolve(s, &s->groups_of, true);
	resolve(s, &s->users_of, false);
	free(s->membership);
	s->membership = NULL;
	s->membership_count = s->membership_cap = 0;
	return NULL;
}

static void
free_table(struct store_table *t)
{
	free(t->item);
	free(t->slot);
	free(t->order);
}

void
store_free(struct store *s)
{
	struct store_chunk *c, *next;

	for (c = s->chunk; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free_table(&s->users);
	free_table(&s->groups);
	free(s->membership);
	free(s->groups_of.start);
	free(s->groups_of.list);
	free(s->users_of.start);
	free(s->users_of.list);
	memset(s, 0, sizeof *s);
}
