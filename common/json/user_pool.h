/*
 * The record of a user pool, and of what hangs on it: which members of the service's answers are
 * given out, and in which order (man/cognito-records.5).
 */
#ifndef JSON_USER_POOL_H
#define JSON_USER_POOL_H

#include <stdint.h>

#include "base/buf.h"
#include "json/shape.h"
#include "json/tok.h"

/*
 * Appends the members of the pool at the index (UserPool of DescribeUserPool's answer), Id first,
 * without braces: "{" before and "}" behind make a record, and other members may follow.  Dates
 * become RFC 3339, members that are null are dropped, attributes and tags are sorted by name.
 *
 * Returns NULL, or what is wrong (static, or in wrong, with names and no values): a known member of
 * another type, something there twice, no Id, no attributes, too long.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
 */
const char *user_pool_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t pool, char wrong[SHAPE_WRONG_SIZE]);

/*
 * The same for a pool as a list has it (one of UserPools of ListUserPools' answer): Id, Name,
 * Status, dates, LambdaConfig.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolDescriptionType.html
 */
const char *user_pool_item_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t pool, char wrong[SHAPE_WRONG_SIZE]);

#endif
