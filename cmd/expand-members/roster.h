/*
 * Who is in which groups: the names of groups and of users, numbered from 0 in the order of their
 * arrival, and for each user its groups in the order in which they were entered.
 *
 * All of it stays in memory: a user takes the bytes of its name and about 32 more, a membership 8;
 * half as much again while a table has just grown.
 */
#ifndef EXPAND_MEMBERS_ROSTER_H
#define EXPAND_MEMBERS_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"

enum {
	ROSTER_GROUPS_MAX = 10000,	/* groups in a pool; the service's limit */
	/* 40,000,000 users are a pool's limit and 100 groups a user's, but no memory holds them all. */
	ROSTER_NAMES_MAX = 1 << 30,
	ROSTER_MEMBERSHIPS_MAX = 1 << 30
};

/* Names without NULs, each with a number. */
struct roster_names {
	struct hash_key key;
	uint32_t *place;	/* open addressing: number + 1, 0 is free */
	size_t places;		/* a power of two */
	uint32_t *hash;		/* by number */
	size_t *start;		/* by number; where the name lies in text, one more behind the last */
	char *text;		/* each name with a NUL */
	size_t count, cap, text_cap;
};

struct roster {
	struct roster_names groups, users;
	uint32_t *first, *last;		/* by user: cell + 1 */
	size_t cap;
	struct roster_cell {
		uint32_t group, next;	/* cell + 1, 0 is the end */
	} *cell;
	size_t cells, cell_cap;
};

void roster_init(struct roster *r);
void roster_free(struct roster *r);

/*
 * The number of the group, entered if it is new; *is_new, if not NULL, says so.  Returns 0, or -1
 * if it would be one more than ROSTER_GROUPS_MAX.
 */
int roster_group(struct roster *r, const char *name, size_t len, uint32_t *number, bool *is_new);

enum roster_result {
	ROSTER_JOINED,
	ROSTER_TWICE,		/* the user is in the group already */
	ROSTER_FULL		/* one of the limits above */
};

/* Puts a user, entered if it is new, into a group.  *number is the user's. */
enum roster_result roster_join(struct roster *r, const char *user, size_t len, uint32_t group,
    uint32_t *number);

/* Whether a user of this name was entered; *number is its number then. */
bool roster_find_user(const struct roster *r, const char *user, size_t len, uint32_t *number);

/* Whether a group of this name was entered; *number is its number then. */
bool roster_find_group(const struct roster *r, const char *name, size_t len, uint32_t *number);

/* The name of a group or user, NUL-terminated.  Borrowed until the next one is entered. */
const char *roster_group_name(const struct roster *r, uint32_t group);
const char *roster_user_name(const struct roster *r, uint32_t user);

/* Appends the user's groups as a JSON array.  Returns 0, or -1 if b would pass its maximum. */
int roster_groups(const struct roster *r, uint32_t user, struct buf *b);

/* The memberships the other way round: who is in a group. */
struct roster_members {
	uint32_t *user;		/* by group, each group's in the order of their entering */
	size_t *start;		/* by group, one more behind the last */
};

/*
 * Makes the index of what was entered so far: 4 bytes a membership, and as much again while it is
 * made.
 */
void roster_index(const struct roster *r, struct roster_members *m);

void roster_index_free(struct roster_members *m);

#endif
