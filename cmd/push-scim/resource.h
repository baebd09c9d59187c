/*
 * One SCIM resource as JSON: where its parts are, which of them count in a comparison, and which
 * are sent.
 */
#ifndef PUSH_SCIM_RESOURCE_H
#define PUSH_SCIM_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

enum resource_kind { RESOURCE_USER, RESOURCE_GROUP };

/* A value inside a parsed text. */
struct json {
	const struct tok_list *list;
	const char *text;
	uint32_t at;
};

struct resource {
	enum resource_kind kind;
	uint32_t id, external, name, members;	/* tokens of the values, 0: not there */
};

/* How a server deviates. */
struct rules {
	bool verified;	/* emails[].verified is an attribute of the server's (dialect oci) */
	bool single;	/* multi-valued attributes hold one value (dialect aws) */
};

/* Where a member stands. */
enum level {
	LEVEL_TOP,
	LEVEL_EXTENSION,	/* in an object under a schema's URN */
	LEVEL_SUB,		/* in a complex attribute */
	LEVEL_ELEMENT		/* in an element of a multi-valued attribute */
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

/* Whether two values are the same when written in canonical form. */
bool json_same(const struct json *a, const struct json *b);

/* Whether key is the schema of an extension. */
bool resource_is_urn(const struct json *key);

/*
 * Finds the parts of a User or a Group.  Returns NULL, or why it is none (static text).  need_key:
 * externalId and name must be there, as push-scim's input must have them.
 */
const char *resource_read(const struct json *top, bool need_key, struct resource *r);

/* Whether the member is part of a comparison: what a server gives back as it was given. */
bool resource_is_compared(const struct json *key, enum level level, const struct rules *rules);

/* Whether the member is sent with a new resource. */
bool resource_is_sent(const struct json *key, enum level level, const struct rules *rules);

#endif
