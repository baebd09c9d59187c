/*
 * The record of an identity pool: which members of the service's answers are given out, and the
 * user pools that it is bound to (man/cognito-records.5).
 */
#ifndef JSON_IDENTITY_POOL_H
#define JSON_IDENTITY_POOL_H

#include <stdint.h>

#include "base/buf.h"
#include "json/shape.h"
#include "json/tok.h"

/* The ids of a Region and of a user pool, which have 32 and 55 characters at most. */
enum { IDENTITY_POOL_REGION_SIZE = 33, IDENTITY_POOL_USER_POOL_SIZE = 56 };

struct identity_pool_provider {
	char region[IDENTITY_POOL_REGION_SIZE];
	char user_pool[IDENTITY_POOL_USER_POOL_SIZE];
};

/*
 * Reads the name of a provider that is a user pool: HOST/ID, where HOST is
 * cognito-idp.REGION.SUFFIX or cognito-idp-fips.REGION.SUFFIX, in any case of letters, of any
 * partition (whatever its suffix is), and ID is a user pool's.  Returns 0, or -1 if it is no such
 * name.
 */
int identity_pool_provider(const char *name, size_t len, struct identity_pool_provider *p);

/*
 * Appends the members of an identity pool as DescribeIdentityPool's answer has them, IdentityPoolId
 * first, without braces; behind them UserPools, computed from CognitoIdentityProviders: one for
 * each user pool with the sorted ids of its clients, sorted by user pool and Region.  A provider
 * that is no user pool's stands in CognitoIdentityProviders alone.
 *
 * What a login provider's app id has behind a ';' is dropped: of Twitter it is the consumer's
 * secret.
 *
 * Returns NULL, or what is wrong (static, or in wrong, with names and no values), as shape_members.
 *
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html
 */
const char *identity_pool_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t pool, char wrong[SHAPE_WRONG_SIZE]);

/* The same for one of IdentityPools of ListIdentityPools' answer: id and name. */
const char *identity_pool_item_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t pool, char wrong[SHAPE_WRONG_SIZE]);

/*
 * The same for GetIdentityPoolRoles' answer: Roles, which is there even if it is empty, and
 * RoleMappings.  A comma comes before them unless b is empty or ends with '{'.
 */
const char *identity_pool_roles(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t answer, char wrong[SHAPE_WRONG_SIZE]);

/* Calls back for each user pool's client that an answer of DescribeIdentityPool names. */
void identity_pool_clients(const struct tok_list *l, const char *text, uint32_t pool,
    void (*client)(void *arg, const struct identity_pool_provider *p, const char *id), void *arg);

#endif
