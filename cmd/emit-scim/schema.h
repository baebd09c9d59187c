/*
 * What a SCIM resource may look like: the core schemas of User and Group, the enterprise extension
 * (RFC 7643), Oracle's extensions, and what the dialects demand beyond them.
 */
#ifndef EMIT_SCIM_SCHEMA_H
#define EMIT_SCIM_SCHEMA_H

#include <stdbool.h>

#include "json/tok.h"

enum { SCHEMA_REASON_SIZE = 512 };

#define SCHEMA_USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define SCHEMA_GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"

enum dialect { DIALECT_SCIM, DIALECT_OCI, DIALECT_AWS, DIALECT_ENTRA };

enum schema_type { SCHEMA_NEITHER, SCHEMA_IS_USER, SCHEMA_IS_GROUP };

/* Whether the object, token 0, is a User or a Group, by its schemas. */
enum schema_type schema_type(const struct tok_list *l, const char *text);

/* schema_is_void, below, for an array or an object. */
bool schema_is_void_within(const struct tok_list *l, uint32_t value);

/* Whether nothing is left of the value once null, [] and {} are taken out (RFC 7643, 2.5). */
static inline bool
schema_is_void(const struct tok_list *l, uint32_t value)
{
	uint8_t type = l->tok[value].type;

	return type == TOK_NULL ||
	    ((type == TOK_ARRAY || type == TOK_OBJECT) && schema_is_void_within(l, value));
}

/* Where a checked resource has what others refer to: indices of the values' tokens, 0 if absent. */
struct schema_keys {
	enum schema_type type;
	uint32_t schemas, id, external;
	uint32_t name;		/* userName, of a group displayName */
};

/*
 * Checks a resource.  with_id: it may have its server's id.  Members that are void count as absent,
 * also where there may be none and in schemas.
 * Returns NULL with keys set, or in reason what is wrong, behind the path of the attribute:
 * "emails[0].type: not one of work, home, other".  Never a value.
 */
const char *schema_check(const struct tok_list *l, const char *text, enum dialect dialect,
    bool with_id, struct schema_keys *keys, char reason[SCHEMA_REASON_SIZE]);

#endif
