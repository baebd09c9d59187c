/* Things by their names (roll.h). */
#include "roll.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
compare_names(struct spot a, struct spot b)
{
	const struct tok *x = &a.list->tok[a.at], *y = &b.list->tok[b.at];
	size_t m = x->end - x->start, n = y->end - y->start;
	int way = memcmp(a.text + x->start, b.text + y->start, m < n ? m : n);

	return way != 0 ? way : (m > n) - (m < n);
}

static int
compare_entries(const void *a, const void *b)
{
	const struct roll_entry *x = a, *y = b;
	int way = compare_names(x->name, y->name);

	return way != 0 ? way : (x->thing.at > y->thing.at) - (x->thing.at < y->thing.at);
}

static void
add(struct roll *r, size_t *room, struct spot name, struct spot thing)
{
	if (!spot_is_text(name))
		return;
	if (r->count == *room) {
		*room = *room > 0 ? 2 * *room : 16;
		r->entry = mem_resize(r->entry, *room, sizeof *r->entry);
	}
	r->entry[r->count++] = (struct roll_entry){ name, thing };
}

static void
sort(struct roll *r)
{
	if (r->count > 1)
		qsort(r->entry, r->count, sizeof *r->entry, compare_entries);
}

static struct spot
member_at(struct spot thing, const char *path)
{
	char name[64];
	size_t len = strcspn(path, ".");

	for (; len < sizeof name; len = strcspn(path, ".")) {
		memcpy(name, path, len);
		name[len] = '\0';
		thing = spot_member(thing, name);
		if (path[len] == '\0')
			return thing;
		path += len + 1;
	}
	return (struct spot){ .there = false };
}

void
roll_of_list(struct roll *r, struct spot list, const char *member)
{
	size_t room = 0;

	*r = (struct roll){ NULL, 0 };
	for (struct spot i = spot_first(list); i.there; i = spot_next(i, list))
		add(r, &room, member != NULL ? member_at(i, member) : i, i);
	sort(r);
}

void
roll_of_object(struct roll *r, struct spot object)
{
	size_t room = 0;

	*r = (struct roll){ NULL, 0 };
	for (struct spot i = spot_first_member(object); i.there; i = spot_next_member(i, object))
		add(r, &room, spot_key(i), i);
	sort(r);
}

/* The first that is not before the thing at that index, or any, of the name. */
static size_t
find(const struct roll *r, struct spot name, uint32_t at)
{
	struct roll_entry key = { name, { .at = at } };
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_entries(&r->entry[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct spot
roll_find(const struct roll *r, struct spot name, size_t nth)
{
	size_t i = spot_is_text(name) ? find(r, name, 0) : r->count;

	if (nth >= r->count - i || compare_names(r->entry[i + nth].name, name) != 0)
		return (struct spot){ .there = false };
	return r->entry[i + nth].thing;
}

size_t
roll_before(const struct roll *r, struct spot name, struct spot thing)
{
	return spot_is_text(name) ? find(r, name, thing.at) - find(r, name, 0) : 0;
}

void
roll_free(struct roll *r)
{
	free(r->entry);
	*r = (struct roll){ NULL, 0 };
}

bool
roll_holds(struct spot list, struct spot items)
{
	struct roll r;
	bool holds = true;

	roll_of_list(&r, list, NULL);
	for (struct spot i = spot_first(items); holds && i.there; i = spot_next(i, items))
		holds = roll_find(&r, i, 0).there;
	roll_free(&r);
	return holds;
}
