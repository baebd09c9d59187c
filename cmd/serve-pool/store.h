/*
 * The pool in memory: users, groups and who is in which, each already in the form in which it
 * is sent.
 *
 * A name is known by its canonical JSON string, quotes included: equal names have equal bytes,
 * and a name in a request is looked up without being decoded.  An item may be mentioned by a
 * membership before its record comes; store_finish says if a record never came.
 *
 * From then on it can be written to.  Numbers, and places in lists, are never used again: what is
 * deleted stays where it was and is passed over, so that a place in a list means the same for ever.
 * Who writes keeps others out (server.h).
 */
#ifndef SERVE_POOL_STORE_H
#define SERVE_POOL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

struct store_item {
	const char *text;		/* the object as sent; its name while only mentioned */
	uint32_t len;			/* of text; 0 while only mentioned */
	uint32_t name_at, name_len;	/* where the quoted name stands in text */
	uint32_t attributes, attributes_end;	/* users: where the array stands in text */
	uint32_t enabled;		/* users: where its value stands; UserStatus follows */
	uint32_t listed;		/* how much of text a list shows, the last brace not counted */
	bool own;			/* text is the item's alone */
};

struct store_table {
	struct store_item *item;
	size_t count, cap;
	uint32_t *slot;			/* hash table of item numbers + 1 */
	size_t slots;
	struct hash_key key;
	uint32_t *order;		/* the items that have a record, as the records came */
	size_t order_count, order_cap;
	size_t deleted;			/* of those in order */
};

struct store_membership {
	uint32_t user, group;
	uint32_t file, line;		/* where it was said */
};

/*
 * For every item of one table its partners in the other: list[start[i]] up to list[start[i +
 * 1]].
 */
struct store_links {
	uint32_t *start;
	uint32_t *list;
	size_t linked;			/* items that these lists are for */
	struct store_list *grown;	/* by item, once something was added */
	size_t grown_count;
};

/* What is instead of an item's list once that has grown; list NULL: it has not. */
struct store_list {
	uint32_t *list;
	uint32_t count, cap;
};

/* What a list holds where somebody has left. */
#define STORE_GONE UINT32_MAX

struct store_chunk {
	struct store_chunk *next;
	char bytes[];
};

struct store {
	struct store_table users, groups;
	struct store_membership *membership;	/* until store_finish */
	size_t membership_count, membership_cap;
	struct store_links groups_of, users_of;	/* by user, by group; after store_finish */
	struct store_chunk *chunk;
	size_t chunk_used, chunk_size;
};

/* Fill with zeroes before the first use. */
void store_free(struct store *s);

/* A table that stands alone; the texts of its items are in the store that they were defined with. */
void store_free_table(struct store_table *t);

/* The length of the canonical JSON string that begins at s, behind its first quote. */
static inline size_t
store_string_length(const char *s)
{
	size_t n;

	for (n = strcspn(s, "\"\\"); s[n] == '\\'; n += strcspn(s + n, "\"\\"))
		n += 2;
	return n;
}

/* The number of the item with this quoted name, or UINT32_MAX if there is none. */
uint32_t store_find(const struct store_table *t, const char *name, size_t len);

/* The same, but makes the item if there is none. */
uint32_t store_mention(struct store *s, struct store_table *t, const char *name, size_t len);

/* Whether the item's record has come, and it is not deleted. */
static inline bool
store_is_defined(const struct store_item *i)
{
	return i->len != 0;
}

/* Gives a mentioned item its record: text is copied, the positions are taken from form. */
void store_define(struct store *s, struct store_table *t, uint32_t number,
    const struct store_item *form);

void store_add_membership(struct store *s, uint32_t user, uint32_t group, uint32_t file,
    uint32_t line);

/*
 * Links users and groups, a membership that was said twice once, in the order of the memberships.
 * Returns NULL, or the first membership whose user or group has no record.
 */
const struct store_membership *store_finish(struct store *s);

/*
 * The partners of an item, in *list and *count, some of them STORE_GONE or no longer defined; until
 * the next write.
 */
void store_partners(const struct store_links *l, uint32_t item, const uint32_t **list,
    size_t *count);

/* Whether the user is in the group. */
bool store_is_in(const struct store *s, uint32_t user, uint32_t group);

/* A new item with this form, whose name no defined one has; the number is new, too. */
uint32_t store_create(struct store_table *t, const struct store_item *form);

/* Another form for a defined item of the same name. */
void store_replace(struct store_table *t, uint32_t number, const struct store_item *form);

/* A defined item is defined no more; its name is free. */
void store_delete(struct store_table *t, uint32_t number);

/* The user joins or leaves the group; nothing happens if that is so already. */
void store_join(struct store *s, uint32_t user, uint32_t group);
void store_leave(struct store *s, uint32_t user, uint32_t group);

#endif
