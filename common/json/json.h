/*
 * A value inside a parsed text, and members of objects by names in which ASCII letters count in any
 * case, as SCIM has it.
 */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

struct json {
	const struct tok_list *list;
	const char *text;
	uint32_t at;
};

static inline const struct tok *
json_tok(const struct json *j)
{
	return &j->list->tok[j->at];
}

/* The value at another index of the same text. */
static inline struct json
json_at(const struct json *j, uint32_t at)
{
	return (struct json){ j->list, j->text, at };
}

/* null, [] and {}: to SCIM all the same as not there. */
bool json_is_empty(const struct json *j);

/*
 * The member of an object that has this key token's name, ASCII letters in any case as SCIM has
 * it; its index, or 0.  object->at 0 with no tokens of an object gives 0.
 */
uint32_t json_member_like(const struct json *object, const struct json *key);

/* The same by a name as text. */
uint32_t json_member(const struct json *object, const char *name);

/* Whether a key is this name, ASCII letters in any case. */
bool json_is_named(const struct json *key, const char *name);

/* Whether two strings are the same, ASCII letters in any case. */
bool json_like(const struct json *a, const struct json *b);

/* Whether two values are the same when written in canonical form. */
bool json_same(const struct json *a, const struct json *b);

#endif
