/*
 * The key by which a person, or a group, is the same on both sides, and how it stands in lines that
 * are to be sorted.
 */
#ifndef PLAN_SYNC_KEY_H
#define PLAN_SYNC_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/keyset.h"
#include "json/record.h"

/* Between the parts of a line; an encoded text does not hold it. */
#define KEY_END "\x01\x01"

struct key_rule {
	const char *name;	/* "Username", "sub", or an attribute's or member's name */
	bool fold;		/* Ana and ana are one */
};

/* A parsed record: its text, tokens and keys, borrowed. */
struct view {
	const char *text;
	const struct tok_list *list;
	struct record_keys keys;
};

/*
 * Replaces key by the key of a user's or membership's record.  Returns false if it has none: not
 * there, no string, empty, with a NUL or half a surrogate pair, longer than KEYSET_KEY_MAX.
 */
bool key_of(const struct key_rule *rule, const struct view *v, struct buf *key);

/* Whether the key is something that a user may get another of: neither his name nor his sub. */
bool key_may_change(const struct key_rule *rule);

/* Replaces key by a text as that rule compares it.  Returns false if it is none, as above. */
bool key_from(const struct key_rule *rule, const char *text, size_t len, struct buf *key);

/* Replaces to by the meaning of the string at index.  Returns false if it is none, as above. */
bool key_text(const struct view *v, uint32_t index, struct buf *to);

/* The same of a text that has skip bytes in front of what is no longer than KEYSET_KEY_MAX. */
bool key_text_behind(const struct view *v, uint32_t index, size_t skip, struct buf *to);

/* Appends a text in a form whose bytes sort as its own do, and KEY_END. */
void key_encode(struct buf *line, const char *text, size_t len);

/*
 * Replaces to by what key_encode made of line; *rest is what follows.  Returns false if the line is
 * none that it made.
 */
bool key_decode(const char *line, size_t len, struct buf *to, size_t *rest);

#endif
