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
		if (item->text == NULL)
			continue;
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
	s->groups_of.linked = s->users.count;
	s->users_of.linked = s->groups.count;
	free(s->membership);
	s->membership = NULL;
	s->membership_count = s->membership_cap = 0;
	return NULL;
}

void
store_partners(const struct store_links *l, uint32_t item, const uint32_t **list, size_t *count)
{
	*list = NULL;
	*count = 0;
	if (item < l->grown_count && l->grown[item].list != NULL) {
		*list = l->grown[item].list;
		*count = l->grown[item].count;
	} else if (item < l->linked && l->list != NULL) {
		*list = l->list + l->start[item];
		*count = l->start[item + 1] - l->start[item];
	}
}

/* Where the partner stands in the item's list, or NULL. */
static uint32_t *
find_partner(const struct store_links *l, uint32_t item, uint32_t partner)
{
	const uint32_t *list;
	size_t count, i;

	store_partners(l, item, &list, &count);
	for (i = 0; i < count; i++)
		if (list[i] == partner)
			return (uint32_t *)(uintptr_t)&list[i];
	return NULL;
}

bool
store_is_in(const struct store *s, uint32_t user, uint32_t group)
{
	return find_partner(&s->groups_of, user, group) != NULL;
}

/* Adds the partner to the item's list; items is how many there are. */
static void
add_partner(struct store_links *l, size_t items, uint32_t item, uint32_t partner)
{
	struct store_list *own;
	const uint32_t *old;
	size_t count;

	if (l->grown_count < items) {
		items += items / 2;
		l->grown = mem_resize(l->grown, items, sizeof *l->grown);
		memset(l->grown + l->grown_count, 0,
		    (items - l->grown_count) * sizeof *l->grown);
		l->grown_count = items;
	}
	own = &l->grown[item];
	store_partners(l, item, &old, &count);
	if (own->list == NULL) {
		own->cap = (uint32_t)(count + count / 2 + 4);
		own->list = mem_resize(NULL, own->cap, sizeof *own->list);
		if (count > 0)
			memcpy(own->list, old, count * sizeof *old);
	} else if (count == own->cap) {
		own->cap = (uint32_t)(count + count / 2 + 4);
		own->list = mem_resize(own->list, own->cap, sizeof *own->list);
	}
	own->list[count] = partner;
	own->count = (uint32_t)count + 1;
}

void
store_join(struct store *s, uint32_t user, uint32_t group)
{
	if (store_is_in(s, user, group))
		return;
	add_partner(&s->groups_of, s->users.count, user, group);
	add_partner(&s->users_of, s->groups.count, group, user);
}

void
store_leave(struct store *s, uint32_t user, uint32_t group)
{
	uint32_t *one = find_partner(&s->groups_of, user, group);
	uint32_t *other = find_partner(&s->users_of, group, user);

	if (one != NULL)
		*one = STORE_GONE;
	if (other != NULL)
		*other = STORE_GONE;
}

/* Gives the item a text of its own. */
static void
set_form(struct store_item *item, const struct store_item *form)
{
	char *text = mem_dup(form->text, form->len);

	if (item->own)
		free((char *)(uintptr_t)item->text);
	*item = *form;
	item->text = text;
	item->own = true;
}

uint32_t
store_create(struct store_table *t, const struct store_item *form)
{
	struct store_item *old;
	uint32_t number;
	size_t slot;

	widen(t);
	slot = find_slot(t, form->text + form->name_at, form->name_len);
	if (t->slot[slot] != 0) {	/* one that is deleted: only its name is left */
		old = &t->item[t->slot[slot] - 1];
		free((char *)(uintptr_t)old->text);
		*old = (struct store_item){ .text = NULL };
	}
	t->item = grown(t->item, t->count, &t->cap, sizeof *t->item);
	number = (uint32_t)t->count++;
	t->item[number] = (struct store_item){ .text = NULL };
	set_form(&t->item[number], form);
	t->slot[slot] = number + 1;
	t->order = grown(t->order, t->order_count, &t->order_cap, sizeof *t->order);
	t->order[t->order_count++] = number;
	return number;
}

void
store_replace(struct store_table *t, uint32_t number, const struct store_item *form)
{
	set_form(&t->item[number], form);
}

void
store_delete(struct store_table *t, uint32_t number)
{
	struct store_item *item = &t->item[number], name = {
		.text = item->text + item->name_at, .len = item->name_len, .name_len = item->name_len
	};

	set_form(item, &name);
	item->len = 0;
	t->deleted++;
}

void
store_free_table(struct store_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->item[i].own)
			free((char *)(uintptr_t)t->item[i].text);
	free(t->item);
	free(t->slot);
	free(t->order);
	memset(t, 0, sizeof *t);
}

static void
free_links(struct store_links *l)
{
	for (size_t i = 0; i < l->grown_count; i++)
		free(l->grown[i].list);
	free(l->grown);
	free(l->start);
	free(l->list);
}

void
store_free(struct store *s)
{
	struct store_chunk *c, *next;

	for (c = s->chunk; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	store_free_table(&s->users);
	store_free_table(&s->groups);
	free(s->membership);
	free_links(&s->groups_of);
	free_links(&s->users_of);
	memset(s, 0, sizeof *s);
}
