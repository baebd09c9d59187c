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

/* Whether nothing is left of the value once null, [] and {} are taken out (RFC 7643, 2.5). */
bool schema_is_void(const struct tok_list *l, uint32_t value);

/*
 * Checks a resource.  with_id: it may have its server's id.  Members that are void count as absent,
 * also where there may be none and in schemas.
 * Returns NULL, or in reason what is wrong, behind the path of the attribute:
 * "emails[0].type: not one of work, home, other".  Never a value.
 */
const char *schema_check(const struct tok_list *l, const char *text, enum dialect dialect,
    bool with_id, char reason[SCHEMA_REASON_SIZE]);

#endif
