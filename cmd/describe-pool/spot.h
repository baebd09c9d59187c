/*
 * A value somewhere in a record, or none.  What a value is asked that it is not, it denies: a record
 * comes from anywhere, and a list that is a text has nothing in it.
 */
#ifndef DESCRIBE_POOL_SPOT_H
#define DESCRIBE_POOL_SPOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

struct spot {
	const char *text;
	const struct tok_list *list;
	uint32_t at;
	bool there;
};

/* The whole of a text that was parsed. */
struct spot spot_root(const char *text, const struct tok_list *list);

/* The member of that name; of what is no object, and where it is null, none. */
struct spot spot_member(struct spot object, const char *name);

/* The first of a list (or none), and the next one. */
struct spot spot_first(struct spot list);
struct spot spot_next(struct spot item, struct spot list);

/* The value of the first member of an object, and of the next; for the key, spot_key. */
struct spot spot_first_member(struct spot object);
struct spot spot_next_member(struct spot value, struct spot object);
struct spot spot_key(struct spot value);

bool spot_is_list(struct spot s);
bool spot_is_object(struct spot s);
bool spot_is_true(struct spot s);
bool spot_is_text(struct spot s);

/* Whether it is that text. */
bool spot_is(struct spot s, const char *text);

/* Whether two texts mean the same. */
bool spot_same_text(struct spot a, struct spot b);

/*
 * Whether both are there and mean the same; the order of members does not count, that of lists does.
 * In spot_same.c, since it needs rolls.
 */
bool spot_same(struct spot a, struct spot b);

/*
 * Whether two settings, each there or not, come to the same: what a side does not say is what the
 * service does then, which is in usual, at any depth; a list or object that is empty says nothing
 * either.  Of lists of texts the order does not count.
 */
bool spot_same_usual(struct spot a, struct spot b, struct spot usual);

/* Whether one of the list is the same. */
bool spot_has(struct spot list, struct spot item);

/* The member of the object whose name is the text key; or none. */
struct spot spot_member_of(struct spot object, struct spot key);

/* A number, or a text that is one, to compare; false: it is none. */
bool spot_number(struct spot s, double *number);

/* Appends a text's meaning; nothing of what is no text. */
void spot_put_text(struct buf *b, struct spot s);

/* Appends the value in canonical form, null for none. */
void spot_put(struct buf *b, struct spot s);

#endif
