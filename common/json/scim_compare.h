/*
 * What would have to change on the server so that its resource agrees with ours: PATCH operations
 * (RFC 7644 section 3.5.2), one an attribute, each with its path.
 *
 * Only what our resource states counts: attributes and sub-attributes that the server alone has
 * are left alone.  null and [] state that there is no value.  Strings must be the same to the
 * byte (userName's ASCII letters in any case, if the rules say so), numbers in their digits.  Of a
 * multi-valued attribute each of our elements needs one of the server's that agrees in all that ours
 * states (primary false is the same as none), and the server has no further one of a type that one of
 * ours has; elements of other types, such as a recovery address that the server added, stay.
 */
#ifndef JSON_SCIM_COMPARE_H
#define JSON_SCIM_COMPARE_H

#include "json/scim_resource.h"

/*
 * Appends the operations to ops, separated by commas; none if the two agree.  Returns how many, or
 * -1 if ops would pass its maximum.
 */
long scim_compare_patch(const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules, struct buf *ops);

/*
 * Appends the array that the server should have for a multi-valued attribute: our elements (where
 * one of the server's agrees, that one, with all that the server keeps there), then the server's
 * of other types; of these primary is dropped if one of ours is.  theirs->at 0: it has none.
 * Returns 0, or -1 if b would pass its maximum.
 */
int scim_compare_merge(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules);

/* Whether a multi-valued attribute of the server's agrees. */
bool scim_compare_multi(const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules);

#endif
