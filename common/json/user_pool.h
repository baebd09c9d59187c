/*
 * The record of a user pool, and of what hangs on it: which members of the service's answers are
 * given out, and in which order (man/cognito-records.5).
 */
#ifndef JSON_USER_POOL_H
#define JSON_USER_POOL_H

#include <stdbool.h>
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

/* What hangs on a pool, one of a list in its record. */
enum user_pool_thing {
	USER_POOL_CLIENT,		/* UserPoolClient of DescribeUserPoolClient */
	USER_POOL_LISTED_CLIENT,	/* of ListUserPoolClients: id and name, nothing about secrets */
	USER_POOL_PROVIDER,		/* of ListIdentityProviders, or of DescribeIdentityProvider */
	USER_POOL_GROUP,		/* of ListGroups: the role */
	USER_POOL_DOMAIN,		/* DomainDescription */
	USER_POOL_RESOURCE_SERVER,	/* of ListResourceServers */
	USER_POOL_LIMIT,		/* Limit of GetProvisionedLimit */
	USER_POOL_THINGS
};

/*
 * Appends a user pool's record, the object at index 0, once more with no other members in it than
 * the tables name, at any depth (shape_keep): a record that comes from anywhere may have secrets.
 * b has no maximum.
 */
void user_pool_keep(struct buf *b, const struct tok_list *l, const char *text);

/* Its part without braces: what hangs on the pool, how MFA is set up, and what is missing. */
void user_pool_keep_things(struct buf *b, const struct tok_list *l, const char *text);

/* The member of the record that has them: "UserPoolClients".  Static. */
const char *user_pool_list(enum user_pool_thing of);

/*
 * Appends the thing at the index as one object.  Of a client no secret, but HasClientSecret; of a
 * provider no ProviderDetails; of a domain the members of CustomDomainConfig stand among the others.
 * Otherwise as user_pool_members.
 */
const char *user_pool_thing(struct buf *b, enum user_pool_thing of, const struct tok_list *l,
    const char *text, uint32_t at, char wrong[SHAPE_WRONG_SIZE]);

/*
 * Appends the names by which it is sorted into its list, and which no two of a list have
 * (shape_names); not of a limit.  Returns whether it has them.
 */
bool user_pool_names(struct buf *b, enum user_pool_thing of, const struct tok_list *l,
    const char *text, uint32_t at);

/*
 * Appends the members that GetUserPoolMfaConfig's answer, the object at the index, adds to the
 * record: SoftwareTokenMfaConfiguration always, so that it shows that this was asked, of messages
 * that they are set up and nothing else.  Otherwise as user_pool_members.
 */
const char *user_pool_mfa_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t at, char wrong[SHAPE_WRONG_SIZE]);

#endif
