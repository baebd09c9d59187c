/*
 * One SCIM resource as JSON: where its parts are, which of them count in a comparison, and which
 * are sent.
 */
#ifndef JSON_SCIM_RESOURCE_H
#define JSON_SCIM_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "json/json.h"

enum scim_resource_kind { RESOURCE_USER, RESOURCE_GROUP };

struct scim_resource {
	enum scim_resource_kind kind;
	uint32_t id, external, name, members;	/* tokens of the values, 0: not there */
};

/* How a server deviates. */
struct scim_rules {
	bool verified;	/* emails[].verified is an attribute of the server's (dialect oci) */
	bool single;	/* multi-valued attributes hold one value (dialect aws) */
	bool kept;	/* userName may be kept in another case than it came (RFC 7643, 8.7.1) */
};

/* Where a member stands. */
enum scim_level {
	LEVEL_TOP,
	LEVEL_EXTENSION,	/* in an object under a schema's URN */
	LEVEL_SUB,		/* in a complex attribute */
	LEVEL_ELEMENT		/* in an element of a multi-valued attribute */
};

/* Whether key is the schema of an extension. */
bool scim_resource_is_urn(const struct json *key);

/*
 * Finds the parts of a User or a Group.  Returns NULL, or why it is none (static text).  need_key:
 * externalId and name must be there, as push-scim's input must have them.
 */
const char *scim_resource_read(const struct json *top, bool need_key, struct scim_resource *r);

/* Whether the member is part of a comparison: what a server gives back as it was given. */
bool scim_resource_is_compared(const struct json *key, enum scim_level level,
    const struct scim_rules *rules);

/* Whether the member is sent with a new resource. */
bool scim_resource_is_sent(const struct json *key, enum scim_level level,
    const struct scim_rules *rules);

#endif
