/*
 * Who came: the users and the groups of the stream, and what became of them.  References are
 * checked against it; some 70 bytes a user, past the first in files (base/keyset.h).
 */
#ifndef EMIT_SCIM_ROLL_H
#define EMIT_SCIM_ROLL_H

#include <stdbool.h>

#include "base/keyset.h"

enum roll_state {
	ROLL_OUT,		/* went out, in a request of this number (0 if there are none) */
	ROLL_REJECTED,
	ROLL_LEFT_OUT		/* the mapping gave nothing */
};

struct group {
	char *external, *display;	/* NULL unless it went out */
	char *id;			/* at the server; NULL: not known */
	enum roll_state state;
	uint32_t request;		/* 0: in none */
	bool from_membership;		/* it had no record of its own */
};

struct roll {
	/* private */
	struct keyset users;	/* externalId: request and state */
	struct keyset subs;	/* sub that is no externalId: entry of users */
	struct keyset names;	/* userName: entry of users */
	struct keyset folded;	/* userName without case, where that is another text */
	struct keyset group_keys;	/* GroupName: index and 1 */
	struct keyset group_names;	/* displayName without case */
	struct group **groups;
	size_t group_count, group_cap;
	/* Of the user that roll_refuse was asked about. */
	struct keyset_key external_key, name_key, folded_key;
	struct buf folded_text;
};

void roll_init(struct roll *r);

void roll_free(struct roll *r);

/* A user who did not go out, by sub; one who is there already stays as he is. */
void roll_miss(struct roll *r, const char *sub, size_t len, enum roll_state state);

/*
 * May this user go out?  Returns NULL, or the reason: another has the externalId, or the userName
 * with case ignored, as servers compare it.
 */
const char *roll_refuse(struct roll *r, const struct buf *external, const struct buf *name);

/*
 * One who goes out, whom roll_refuse was asked about last, with external and name unchanged; sub as
 * text (or external once more).
 */
void roll_add(struct roll *r, const char *sub, size_t sub_len, const struct buf *external,
    const struct buf *name, uint32_t request);

/* The entry of a user by sub, or by userName with case minded; 0: nobody. */
uint32_t roll_by_sub(struct roll *r, const char *sub, size_t len);
uint32_t roll_by_name(struct roll *r, const char *name, size_t len);

enum roll_state roll_state(struct roll *r, uint32_t user, uint32_t *request);

/* Replaces b's content by the user's externalId. */
void roll_external(struct roll *r, uint32_t user, struct buf *b);

/* The group of this key, or NULL. */
struct group *roll_group(struct roll *r, const char *key, size_t len);

/* A new group of this key, rejected until the caller fills it; it stays the roll's. */
struct group *roll_group_add(struct roll *r, const char *key, size_t len);

/* Notes a group's displayName.  Returns false if another has it with case ignored. */
bool roll_group_name(struct roll *r, const struct buf *display);

#endif
