/*
 * The record of a user pool, made of DescribeUserPool's answer.
 */
#ifndef DESCRIBE_POOL_RECORD_H
#define DESCRIBE_POOL_RECORD_H

#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

enum { RECORD_WRONG_SIZE = 96 };

/*
 * Appends the pool at the index (UserPool of the answer) as one canonical record, without LF.  Only
 * members that the table knows are in it, and of those only what has the type that they have there,
 * so that nothing slips through that the service comes to say one day.  Dates become RFC 3339,
 * members that are null are dropped, attributes and tags are sorted by name.
 *
 * Returns NULL, or what is wrong (static, or in wrong, with names and no values): a known member of
 * another type, something there twice, no Id, no attributes, too long.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
 */
const char *record_pool(struct buf *b, const struct tok_list *l, const char *text, uint32_t pool,
    char wrong[RECORD_WRONG_SIZE]);

#endif
