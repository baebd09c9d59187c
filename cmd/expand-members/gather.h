/*
 * Memberships brought together by user: exact and on flat memory, through sort(1), which spills to
 * files of its own (mode 0600, in TMPDIR) where there is too much.
 */
#ifndef EXPAND_MEMBERS_GATHER_H
#define EXPAND_MEMBERS_GATHER_H

#include <stddef.h>
#include <stdint.h>

struct gather;

/* A user and all its memberships. */
struct gather_user {
	const char *name;
	size_t len;
	uint64_t hash;		/* gather_hash of the name */
	const struct gather_place {
		uint64_t at;
		uint32_t group;
	} *in;			/* by rising at, then by group; each group once */
	size_t count;
};

/* Starts sort(1).  NULL with the reason printed if it cannot be started. */
struct gather *gather_new(void);

/* Ends sort(1) if need be; NULL is fine. */
void gather_free(struct gather *g);

/* The hash of a user's name, the same for as long as g lives. */
uint64_t gather_hash(const struct gather *g, const char *name, size_t len);

/*
 * The user, a name without NULs, is in the group, a number below ROSTER_GROUPS_MAX; at says when
 * that was seen.  Returns 0, or -1 with the reason printed once.
 */
int gather_add(struct gather *g, const char *name, size_t len, uint32_t group, uint64_t at);

/*
 * After the last gather_add, once: calls each (unless NULL) for every user, by rising hash, until
 * it returns -1.  *repeated becomes the lowest at of a membership that was added before, else
 * UINT64_MAX.  Returns 0, or -1 if each did or, with the reason printed, if sort(1) failed.
 */
int gather_end(struct gather *g, int (*each)(void *arg, const struct gather_user *user), void *arg,
    uint64_t *repeated);

#endif
