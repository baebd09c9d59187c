/*
 * JSON (RFC 8259) as a flat array of spans into the text: no tree, no copies, no recursion.
 *
 * Token 0 is the whole value.  The children of a container follow it directly: an array's
 * elements, an object's keys and values in turn.  next is the index behind a token's whole
 * subtree, so that "the next sibling" is one step.  Spans stay valid as long as the text.
 *
 *     for (i = t + 1; i < tok[t].next; i = tok[i + 1].next)   key tok[i], value tok[i + 1]
 *
 * This is the hot path of every filter: one pass over the bytes (tok_parse.c), strings scanned in
 * blocks where the processor can (plain.h).
 */
#ifndef JSON_TOK_H
#define JSON_TOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum tok_type { TOK_NULL, TOK_FALSE, TOK_TRUE, TOK_NUMBER, TOK_STRING, TOK_ARRAY, TOK_OBJECT };

enum {
	TOK_ESCAPED = 1,	/* an escape, or a raw DEL, which the canonical form escapes */
	TOK_LONE = 2,		/* the string holds an escape for half a surrogate pair */
	TOK_NUL = 4		/* the string holds \u0000 */
};

struct tok {
	uint32_t start, end;	/* a string without its quotes, a container with its brackets */
	uint32_t next;		/* index behind the subtree */
	uint8_t type;		/* enum tok_type */
	uint8_t flags;		/* TOK_ESCAPED and so on, strings only */
};

enum tok_error {
	TOK_OK,
	TOK_SYNTAX,		/* not JSON at this byte */
	TOK_CUT,		/* the text ends inside a value */
	TOK_UTF8,		/* invalid UTF-8 in a string */
	TOK_DEPTH,		/* nested deeper than TOK_DEPTH_MAX */
	TOK_MANY,		/* more tokens than the list's max */
	TOK_LONG		/* text of 4 GiB or more */
};

/*
 * Far beyond any record of the service's.  libjq 1.6 stops earlier, since of its 256 levels an
 * object takes two; such a record passes every filter but a mapping, which rejects it.
 */
enum { TOK_DEPTH_MAX = 256 };

struct tok_list {
	struct tok *tok;
	size_t count, cap, max;
	size_t error_at;	/* byte offset of the error */
	uint8_t flags;		/* the flags of all strings together */
};

/* An empty list for at most max tokens; memory grows as needed. */
void tok_init(struct tok_list *l, size_t max);

void tok_free(struct tok_list *l);

/*
 * Parses exactly one JSON value, white space round it allowed, nothing else.  The list is
 * replaced.  Returns TOK_OK, or the error with l->error_at set; then the list's content is
 * undefined.  An escape for half a surrogate pair is grammatical and only flagged.
 */
enum tok_error tok_parse(struct tok_list *l, const char *text, size_t len);

/* A static text such as "not JSON" for messages. */
const char *tok_error_text(enum tok_error e);

/*
 * The value of key in the object at index object: the index of its token, or 0 if it is not
 * there (0 is never a member).  The last one wins when the key is repeated.  Keys with escapes are
 * compared by their meaning.
 */
uint32_t tok_member(const struct tok_list *l, const char *text, uint32_t object, const char *key);

/*
 * The index behind the member whose key is at index key: the next key's, or the object's end.  Most
 * values are no containers; to foresee that, and not wait for what each says of where the next one
 * is, halves the time that a walk over a record takes.
 */
static inline uint32_t
tok_behind_member(const struct tok *tok, uint32_t key)
{
	if (__builtin_expect(tok[key + 1].type < TOK_ARRAY, 1))
		return key + 2;
	return tok[key + 1].next;
}

/* tok_is, below, for a string token with TOK_ESCAPED. */
bool tok_is_escaped(const struct tok *t, const char *text, const char *s, size_t len);

/*
 * Whether the string token means exactly the len bytes at s, escapes decoded; half a surrogate
 * pair means U+FFFD.
 */
static inline bool
tok_is(const struct tok *t, const char *text, const char *s, size_t len)
{
	if ((t->flags & TOK_ESCAPED) != 0)
		return tok_is_escaped(t, text, s, len);
	return t->end - t->start == len && t->type == TOK_STRING &&
	    memcmp(text + t->start, s, len) == 0;
}

#endif
