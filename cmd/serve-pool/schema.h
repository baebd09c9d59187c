/*
 * What the pool lets a user have, and how its users are called: the members of DescribeUserPool's
 * answer that writes obey.
 */
#ifndef SERVE_POOL_SCHEMA_H
#define SERVE_POOL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"
#include "store.h"

enum schema_type { SCHEMA_STRING, SCHEMA_NUMBER, SCHEMA_DATE_TIME, SCHEMA_BOOLEAN };

/* Sets of the attributes that a name or a message may be of. */
enum { SCHEMA_EMAIL = 1, SCHEMA_PHONE = 2, SCHEMA_PREFERRED = 4 };

struct schema_attribute {
	char *name;		/* a canonical JSON string without its quotes */
	enum schema_type type;
	bool immutable, required, developer;
	char *min, *max;	/* as they are said; NULL: no bound */
};

struct schema {
	struct schema_attribute *attribute;
	size_t count;
	unsigned username_attributes, alias_attributes, auto_verified, verified_before_update;
	bool case_insensitive;
	int password_min;
	bool upper, lower, digit, symbol;	/* what a password must have */
	bool as_said;		/* the description is given out as it is, but for the attributes */
	struct buf other;	/* ,"NAME":VALUE of its members that are not made anew from these */
};

enum { SCHEMA_CUSTOM_MAX = 50, SCHEMA_PASSWORD_MIN = 8 };

/*
 * A pool with the standard attributes, a case-sensitive Username, no alias, addresses that are
 * verified by messages, and AWS's password policy.
 */
void schema_init(struct schema *s);

void schema_free(struct schema *s);

/*
 * Takes over a description: {"UserPool":{...}} or what is in it, token object of the list.
 * Returns NULL, or why it is none (static).
 */
const char *schema_describe(struct schema *s, const struct tok_list *l, const char *text,
    uint32_t object);

/* Adds custom attributes of the users that are not there yet: strings. */
void schema_add_seen(struct schema *s, const struct store_table *users);

/* The attribute, its name a canonical JSON string without its quotes; or NULL. */
const struct schema_attribute *schema_find(const struct schema *s, const char *name);

/* Adds one; takes name over, which is none that is there, copies the bounds. */
void schema_add(struct schema *s, char *name, enum schema_type type, const char *min,
    const char *max);

/* The last one that was added. */
struct schema_attribute *schema_last(struct schema *s);

/* Takes back what was added after the first count. */
void schema_cut(struct schema *s, size_t count);

/* Whether the name is that of a custom attribute. */
bool schema_is_custom(const char *name);

/* How many of them are custom. */
size_t schema_custom(const struct schema *s);

/* AttributeDataType.  Returns 0, or -1: it is none. */
int schema_parse_type(const char *text, enum schema_type *type);

/* Why an attribute cannot have these bounds (either may be NULL: none): static, or NULL. */
const char *schema_refuses_bounds(enum schema_type type, const char *min, const char *max);

/* Whether a value (UTF-8, len bytes, not empty) is one; else why not (static), as AWS has it. */
const char *schema_refuses(const struct schema_attribute *a, const char *value, size_t len);

/* Whether the text has the form of an e-mail address, of a phone number (E.164). */
bool schema_is_email(const char *s, size_t len);
bool schema_is_phone(const char *s, size_t len);

/* Why the password does not do (static, AWS's words), or NULL. */
const char *schema_refuses_password(const struct schema *s, const char *password, size_t len);

/*
 * Appends the members of the description that are here, each behind a comma: SchemaAttributes,
 * Policies and so on.
 */
void schema_put(const struct schema *s, struct buf *b);

#endif
