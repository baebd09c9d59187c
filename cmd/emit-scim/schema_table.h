/* The schemas as tables; schema.c reads them. */
#ifndef EMIT_SCIM_SCHEMA_TABLE_H
#define EMIT_SCIM_SCHEMA_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum attribute_type {
	TYPE_STRING, TYPE_BOOLEAN,
	TYPE_URI,		/* a string: an absolute URI */
	TYPE_TAG,		/* a string that looks like a language tag of BCP 47 */
	TYPE_COUNTRY,		/* a string: a code of two letters */
	TYPE_ZONE,		/* a string that looks like a time zone of IANA's */
	TYPE_COMPLEX,		/* an object with sub-attributes */
	TYPE_SCHEMAS		/* the list of URNs, which has a check of its own */
};

/* Bits of flags.  Those for a dialect are checked for its resources alone. */
enum {
	IS_MULTI = 1,		/* an array of such values */
	IS_REQUIRED = 2,
	IS_READ_ONLY = 4,
	OCI_REQUIRED = 8,
	AWS_REQUIRED = 16,
	AWS_FORBIDDEN = 32,
	AWS_ONE = 64		/* an array of at most one value */
};

struct attribute {
	const char *name;	/* NULL ends a table */
	enum attribute_type type;
	unsigned flags;
	const char *const *canonical;	/* the values allowed, NULL behind the last; NULL: any */
	const struct attribute *sub;	/* of TYPE_COMPLEX */
};

struct schema {
	const char *urn;	/* NULL ends the list */
	const char *what;	/* "User", for messages */
	const struct attribute *attributes;
	bool open;		/* it has attributes that are not in the table */
};

extern const struct attribute schema_user[], schema_group[];

/* The extensions that are known. */
extern const struct schema schema_extensions[];

#endif
