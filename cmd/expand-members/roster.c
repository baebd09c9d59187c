#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "roster.h"

enum { START = 64 };

static void
names_init(struct roster_names *n)
{
	memset(n, 0, sizeof *n);
	n->key = hash_key_random();
	n->places = START;
	n->place = mem_alloc(n->places * sizeof *n->place);
	n->start = mem_alloc(sizeof *n->start);
}

static void
names_free(struct roster_names *n)
{
	free(n->place);
	free(n->hash);
	free(n->start);
	free(n->text);
}

/* The index in place where the name stands or would stand. */
static size_t
find_place(const struct roster_names *n, const char *name, size_t len, uint32_t hash)
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
grow_places(struct roster_names *n)
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
append_name(struct roster_names *n, const char *name, size_t len, uint32_t hash)
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

/* The number of the name, entered if it is new.  Returns 0, or -1 if there are max already. */
static int
add_name(struct roster_names *n, const char *name, size_t len, size_t max, uint32_t *number)
{
	uint32_t hash = (uint32_t)hash_bytes(&n->key, name, len);
	size_t i = find_place(n, name, len, hash);

	if (n->place[i] == 0) {
		if (n->count == max)
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

void
roster_init(struct roster *r)
{
	memset(r, 0, sizeof *r);
	names_init(&r->groups);
	names_init(&r->users);
}

void
roster_free(struct roster *r)
{
	names_free(&r->groups);
	names_free(&r->users);
	free(r->first);
	free(r->last);
	free(r->cell);
}

int
roster_group(struct roster *r, const char *name, size_t len, uint32_t *number, bool *is_new)
{
	size_t before = r->groups.count;
	int result = add_name(&r->groups, name, len, ROSTER_GROUPS_MAX, number);

	if (is_new != NULL)
		*is_new = r->groups.count > before;
	return result;
}

/* Room for the lists of all users. */
static void
cover_users(struct roster *r)
{
	size_t cap;

	if (r->users.count <= r->cap)
		return;
	cap = grown(r->cap, r->users.count);
	r->first = mem_resize(r->first, cap, sizeof *r->first);
	r->last = mem_resize(r->last, cap, sizeof *r->last);
	memset(r->first + r->cap, 0, (cap - r->cap) * sizeof *r->first);
	memset(r->last + r->cap, 0, (cap - r->cap) * sizeof *r->last);
	r->cap = cap;
}

/* Whether the user may still join the group. */
static enum roster_result
look(const struct roster *r, uint32_t user, uint32_t group)
{
	size_t groups = 0;

	for (uint32_t c = r->first[user]; c != 0; c = r->cell[c - 1].next, groups++) {
		if (r->cell[c - 1].group == group)
			return ROSTER_TWICE;
	}
	return groups < ROSTER_GROUPS_MAX && r->cells < ROSTER_MEMBERSHIPS_MAX ? ROSTER_JOINED :
	    ROSTER_FULL;
}

enum roster_result
roster_join(struct roster *r, const char *user, size_t len, uint32_t group, uint32_t *number)
{
	enum roster_result result;

	if (add_name(&r->users, user, len, ROSTER_NAMES_MAX, number) != 0)
		return ROSTER_FULL;
	cover_users(r);
	result = look(r, *number, group);
	if (result != ROSTER_JOINED)
		return result;
	if (r->cells == r->cell_cap) {
		r->cell_cap = grown(r->cell_cap, r->cells + 1);
		r->cell = mem_resize(r->cell, r->cell_cap, sizeof *r->cell);
	}
	r->cell[r->cells++] = (struct roster_cell){ .group = group };
	if (r->last[*number] != 0)
		r->cell[r->last[*number] - 1].next = (uint32_t)r->cells;
	else
		r->first[*number] = (uint32_t)r->cells;
	r->last[*number] = (uint32_t)r->cells;
	return ROSTER_JOINED;
}

static bool
find_name(const struct roster_names *n, const char *name, size_t len, uint32_t *number)
{
	uint32_t hash = (uint32_t)hash_bytes(&n->key, name, len);
	uint32_t place = n->place[find_place(n, name, len, hash)];

	*number = place - 1;
	return place != 0;
}

bool
roster_find_user(const struct roster *r, const char *user, size_t len, uint32_t *number)
{
	return find_name(&r->users, user, len, number);
}

bool
roster_find_group(const struct roster *r, const char *name, size_t len, uint32_t *number)
{
	return find_name(&r->groups, name, len, number);
}

const char *
roster_group_name(const struct roster *r, uint32_t group)
{
	return r->groups.text + r->groups.start[group];
}

const char *
roster_user_name(const struct roster *r, uint32_t user)
{
	return r->users.text + r->users.start[user];
}

int
roster_groups(const struct roster *r, uint32_t user, struct buf *b)
{
	const char *separator = "[";

	for (uint32_t c = r->first[user]; c != 0; c = r->cell[c - 1].next) {
		const char *name = roster_group_name(r, r->cell[c - 1].group);

		if (buf_append_string(b, separator) != 0 ||
		    jtext_string(b, name, strlen(name)) != 0)
			return -1;
		separator = ",";
	}
	return buf_append_string(b, r->first[user] == 0 ? "[]" : "]");
}

void
roster_index(const struct roster *r, struct roster_members *m)
{
	uint32_t *owner = mem_alloc((r->cells + 1) * sizeof *owner);
	size_t *at = mem_alloc((r->groups.count + 1) * sizeof *at);

	m->user = mem_alloc((r->cells + 1) * sizeof *m->user);
	m->start = mem_alloc((r->groups.count + 1) * sizeof *m->start);
	for (uint32_t user = 0; user < r->users.count; user++) {
		for (uint32_t c = r->first[user]; c != 0; c = r->cell[c - 1].next)
			owner[c - 1] = user;
	}
	for (size_t c = 0; c < r->cells; c++)
		m->start[r->cell[c].group + 1]++;
	for (size_t g = 0; g < r->groups.count; g++) {
		m->start[g + 1] += m->start[g];
		at[g] = m->start[g];
	}
	for (size_t c = 0; c < r->cells; c++)
		m->user[at[r->cell[c].group]++] = owner[c];
	free(owner);
	free(at);
}

void
roster_index_free(struct roster_members *m)
{
	free(m->user);
	free(m->start);
}
