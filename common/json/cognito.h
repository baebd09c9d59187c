/*
 * Cognito's answers as records (cognito-records(5)): what list-users, list-groups and
 * expand-members give out, made in one place.
 *
 * The functions read a token of a page and append one canonical record, without LF, to b.
 * Attributes are flattened and sorted by name, dates become RFC 3339, members that are null are
 * dropped, and members that we do not know follow behind ours in the service's order.
 *
 * They return NULL, or the reason why this is no such thing (static text): no name, wrong types,
 * an attribute twice, more than COGNITO_ATTRIBUTES_MAX, longer than b's maximum, a member beside
 * the known ones that would make another kind of record of it.  b is then as before.  What they
 * append is a record that record.h takes.  Half a surrogate pair in an attribute's value becomes
 * U+FFFD and is counted in *replaced: one odd profile must not stop everybody's export; a name and
 * the sub are never replaced.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserType.html
 */
#ifndef JSON_COGNITO_H
#define JSON_COGNITO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/tok.h"

struct buf;

/* 50 custom attributes, as many of a developer's, and the 20 standard ones are 120 at most. */
enum { COGNITO_ATTRIBUTES_MAX = 256 };

/* A set of attribute names, or all of them. */
struct cognito_names;

/*
 * Parses "email,custom:tenant" or "all"; NULL or "" is the set of sub alone, which is in every
 * set.
 */
struct cognito_names *cognito_names_new(const char *list);

void cognito_names_free(struct cognito_names *n);

/*
 * The UserType, or AdminGetUser's whole answer (UserAttributes), at index user.  groups, if not
 * NULL, is the JSON text of an array that becomes the member Groups.
 */
const char *cognito_user(struct buf *b, const struct tok_list *page, const char *text,
    uint32_t user, const char *groups, size_t *replaced);

/* The GroupType at index group.  UserPoolId is left out: the seal's source says it once. */
const char *cognito_group(struct buf *b, const struct tok_list *page, const char *text,
    uint32_t group);

/* The membership of the UserType at index user in group (UTF-8), with the attributes in names. */
const char *cognito_membership(struct buf *b, const struct tok_list *page, const char *text,
    uint32_t user, const char *group, const struct cognito_names *names, size_t *replaced);

/*
 * Whether the group is called as those that Cognito makes, and fills, for who signs in through an
 * identity provider: REGION_POOL_PROVIDER, "eu-west-1_AbCdEfGhI_Google".
 *
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
 */
bool cognito_is_providers_group(const char *name);

#endif
