/*
 * The values of a native program: what stands in the record stays there, as a token of it, until
 * somebody looks inside.
 *
 * Functions that may meet something that jq and this code could see differently return
 * NATIVE_DOUBT, and those for which jq has an error NATIVE_ERROR; the record then goes to libjq, which
 * has the last word on both.
 */
#ifndef JSON_NATIVE_VALUE_H
#define JSON_NATIVE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "json/native_arena.h"
#include "json/tok.h"

enum native_result { NATIVE_ERROR = -2, NATIVE_DOUBT = -1, NATIVE_NONE = 0, NATIVE_ONE = 1 };

enum {
	/* Of a result, over what the record or a decoded text has; jq 1.6 and we take 256. */
	NATIVE_DEPTH_MAX = 100,
	/* Integers of up to so many digits are the same as text, in a double and from it. */
	NATIVE_DIGITS_MAX = 15,
	/* What one record may take; far beyond it libjq can have the record. */
	NATIVE_MEMORY_MAX = 4 * 1024 * 1024
};

/* A parsed text. */
struct native_document {
	const struct tok *tok;
	const char *text;
};

/* In jq's order of kinds, and in that of enum tok_type. */
struct native_value {
	uint8_t kind;		/* enum tok_type */
	bool lazy;		/* an array or object that is token n of document */
	bool plain;		/* a string without bytes that JSON escapes */
	uint32_t n;		/* bytes, items or members */
	union {
		const char *text;
		int64_t number;
		const struct native_value *items;
		const struct native_member *members;
		const struct native_document *document;
	} u;
};

struct native_member {
	struct native_value key, value;
};

static inline struct native_value
native_word(enum tok_type kind)
{
	return (struct native_value){ .kind = (uint8_t)kind };
}

static inline struct native_value
native_bool(bool is)
{
	return native_word(is ? TOK_TRUE : TOK_FALSE);
}

static inline struct native_value
native_int(int64_t number)
{
	return (struct native_value){ .kind = TOK_NUMBER, .u.number = number };
}

static inline bool
native_is_true(const struct native_value *v)
{
	return v->kind > TOK_FALSE;
}

/* Of two strings. */
static inline bool
native_same_text(const struct native_value *a, const struct native_value *b)
{
	return a->n == b->n && (a->n == 0 ||
	    (a->u.text[0] == b->u.text[0] && memcmp(a->u.text, b->u.text, a->n) == 0));
}

/* A string, whose bytes are borrowed; plain is found out. */
struct native_value native_text(const char *s, size_t len);

/* native_of_token, of what is no string without escapes. */
struct native_value native_of_odd_token(struct native_arena *arena, const struct native_document *d,
    uint32_t index);

/* The value of a token; strings with escapes are decoded into the arena. */
static inline struct native_value
native_of_token(struct native_arena *arena, const struct native_document *d, uint32_t index)
{
	const struct tok *t = &d->tok[index];

	if (t->type != TOK_STRING || (t->flags & TOK_ESCAPED) != 0)
		return native_of_odd_token(arena, d, index);
	return (struct native_value){
		.kind = TOK_STRING, .plain = true, .n = t->end - t->start, .u.text = d->text + t->start
	};
}

/*
 * Makes the children of an array or object values of their own: v is no longer lazy.  NATIVE_ONE, or
 * NATIVE_DOUBT for an object with a key repeated.
 */
int native_expand(struct native_arena *arena, struct native_value *v);

/* Whether the members of the object token have keys of their own each. */
bool native_keys_differ(const struct native_document *d, uint32_t index);

/* -1, 0, 1 in *order, by jq's order.  Arrays and objects: 0 or 1 for equal or not, if !ordered. */
int native_compare(struct native_arena *arena, const struct native_value *a,
    const struct native_value *b, bool ordered, int *order);

/* a + b and a - b. */
int native_add(struct native_arena *arena, const struct native_value *a,
    const struct native_value *b, struct native_value *out);
int native_subtract(const struct native_value *a, const struct native_value *b,
    struct native_value *out);

/* The member of an expanded object, or NULL. */
const struct native_value *native_member(const struct native_value *object,
    const struct native_value *key);

/* The object (or null) with a member set. */
int native_set(struct native_arena *arena, const struct native_value *object,
    const struct native_value *key, const struct native_value *value, struct native_value *out);

/*
 * Whether every number of the document is an integer that a double and its text keep, and it has no
 * more than NATIVE_DEPTH_MAX containers, so that it cannot be nested deeper.
 */
bool native_suits(const struct tok_list *list, const char *text);

/*
 * Appends bytes, inlined: an output is made of many short pieces.  Room for one byte more than is
 * asked for keeps the place of the buffer's own NUL, which the next buf_append sets.  NATIVE_ONE,
 * or NATIVE_DOUBT where b has no room.
 */
static inline int
native_append(struct buf *b, const char *s, size_t len)
{
	if (b->cap - b->len <= len)
		return buf_append(b, s, len) == 0 ? NATIVE_ONE : NATIVE_DOUBT;
	memcpy(b->data + b->len, s, len);
	b->len += len;
	return NATIVE_ONE;
}

/* Appends the value as jq -c prints it.  NATIVE_ONE, or NATIVE_DOUBT. */
int native_write(struct buf *b, const struct native_value *v, int depth);

#endif
