/* The operations of Cognito user pools (ops.h). */
#include "ops.h"

#include <stdbool.h>
#include <string.h>

#include "by_sub.h"
#include "csv_header.h"
#include "exchange.h"
#include "listing.h"

const char ops_default_list[] =
    "ListUsers,ListGroups,AdminListGroupsForUser,ListUsersInGroup,AdminGetUser,GetGroup";

/* The user that is asked for, or UINT32_MAX with the error answered. */
static uint32_t
find_user(struct exchange *x)
{
	const struct buf *key = &x->params.key;
	uint32_t i = store_find(&x->server->store.users, buf_string(key), key->len);

	if (i == UINT32_MAX)
		answer_error(&x->answer, 400, "UserNotFoundException", "User does not exist.");
	return i;
}

static uint32_t
find_group(struct exchange *x)
{
	const struct buf *key = &x->params.key;
	uint32_t i = store_find(&x->server->store.groups, buf_string(key), key->len);

	if (i == UINT32_MAX)
		answer_error(&x->answer, 400, "ResourceNotFoundException", "Group not found.");
	return i;
}

static void
list_users(struct exchange *x)
{
	const struct store_table *t = &x->server->store.users;
	const struct buf *filter = &x->params.filter;
	struct listing l = {.table = t, .list = t->order, .count = t->order_count, .users = true};
	struct search search;
	const char *why = search_parse(&search, buf_string(filter), filter->len);

	l.search = &search;
	if (why != NULL) {
		answer_error(&x->answer, 400, "InvalidParameterException", "%s", why);
	} else {
		(void)by_sub_find(&x->server->by_sub, &search, &l.list, &l.count);
		listing_answer(x, &l);
	}
	search_free(&search);
}

static void
list_groups(struct exchange *x)
{
	const struct store_table *t = &x->server->store.groups;
	struct listing l = {.table = t, .list = t->order, .count = t->order_count};

	listing_answer(x, &l);
}

static void
list_users_in_group(struct exchange *x)
{
	const struct store_links *links = &x->server->store.users_of;
	struct listing l = {.table = &x->server->store.users, .users = true};
	uint32_t group = find_group(x);

	if (group == UINT32_MAX)
		return;
	l.list = links->list + links->start[group];
	l.count = links->start[group + 1] - links->start[group];
	listing_answer(x, &l);
}

static void
admin_list_groups_for_user(struct exchange *x)
{
	const struct store_links *links = &x->server->store.groups_of;
	struct listing l = {.table = &x->server->store.groups};
	uint32_t user = find_user(x);

	if (user == UINT32_MAX)
		return;
	l.list = links->list + links->start[user];
	l.count = links->start[user + 1] - links->start[user];
	listing_answer(x, &l);
}

static void
get_group(struct exchange *x)
{
	const struct store_item *item;
	uint32_t group = find_group(x);

	if (group == UINT32_MAX)
		return;
	item = &x->server->store.groups.item[group];
	buf_append_string(&x->answer.body, "{\"Group\":");
	buf_append(&x->answer.body, item->text, item->len);
	buf_append_byte(&x->answer.body, '}');
}

/* As in a list, but whole, and the attributes are called UserAttributes. */
static void
admin_get_user(struct exchange *x)
{
	static const char name[] = "\"Attributes\":";
	const struct store_item *item;
	struct buf *b = &x->answer.body;
	uint32_t user = find_user(x);

	if (user == UINT32_MAX)
		return;
	item = &x->server->store.users.item[user];
	buf_append(b, item->text, item->attributes - (sizeof name - 1));
	buf_append_string(b, "\"UserAttributes\":");
	buf_append(b, item->text + item->attributes, item->len - item->attributes);
}

static void
describe_user_pool(struct exchange *x)
{
	const struct server *s = x->server;
	struct buf *b = &x->answer.body;

	buf_appendf(b, "{\"UserPool\":{\"Id\":\"%s\",\"Name\":\"serve-pool\",\"Arn\":"
	    "\"arn:%s:cognito-idp:%s:%s:userpool/%s\"", s->pool, s->role.partition, s->region,
	    s->role.account, s->pool);
	buf_appendf(b, ",\"EstimatedNumberOfUsers\":%zu,\"MfaConfiguration\":\"OFF\","
	    "\"UsernameConfiguration\":{\"CaseSensitive\":true},\"SchemaAttributes\":["
	    "{\"Name\":\"sub\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,"
	    "\"Mutable\":false,\"Required\":true,\"StringAttributeConstraints\":"
	    "{\"MinLength\":\"1\",\"MaxLength\":\"2048\"}}]}}", s->store.users.order_count);
}

static const struct op ops[] = {
	{"ListUsers", QUOTA_USER_LIST, PARAM_PAGED | PARAM_SEARCH, list_users},
	{"ListGroups", QUOTA_POOL_RESOURCE_READ, PARAM_PAGED, list_groups},
	{"GetGroup", QUOTA_POOL_RESOURCE_READ, PARAM_GROUP, get_group},
	{"ListUsersInGroup", QUOTA_USER_LIST, PARAM_GROUP | PARAM_PAGED, list_users_in_group},
	{"AdminListGroupsForUser", QUOTA_USER_RESOURCE_READ, PARAM_USER | PARAM_PAGED,
	    admin_list_groups_for_user},
	{"AdminGetUser", QUOTA_USER_READ, PARAM_USER, admin_get_user},
	{"DescribeUserPool", QUOTA_POOL_READ, 0, describe_user_pool},
	{"GetCSVHeader", QUOTA_POOL_RESOURCE_READ, 0, csv_header_answer},
};

enum { OPS = sizeof ops / sizeof *ops };

/*
 * The other operations that a permission is needed for: no policy here allows one.  Those that
 * anybody may call (InitiateAuth and the like) are not known.
 */
static const char *const unserved[] = {
	"AddCustomAttributes", "AddUserPoolClientSecret", "AdminAddUserToGroup",
	"AdminConfirmSignUp", "AdminCreateUser", "AdminDeleteUser", "AdminDeleteUserAttributes",
	"AdminDisableProviderForUser", "AdminDisableUser", "AdminEnableUser",
	"AdminForgetDevice", "AdminGetDevice", "AdminInitiateAuth", "AdminLinkProviderForUser",
	"AdminListDevices", "AdminListUserAuthEvents", "AdminRemoveUserFromGroup",
	"AdminResetUserPassword", "AdminRespondToAuthChallenge", "AdminSetUserMFAPreference",
	"AdminSetUserPassword", "AdminSetUserSettings", "AdminUpdateAuthEventFeedback",
	"AdminUpdateDeviceStatus", "AdminUpdateUserAttributes", "AdminUserGlobalSignOut",
	"CreateGroup", "CreateIdentityProvider", "CreateManagedLoginBranding",
	"CreateResourceServer", "CreateTerms", "CreateUserImportJob", "CreateUserPool",
	"CreateUserPoolClient", "CreateUserPoolDomain", "DeleteGroup", "DeleteIdentityProvider",
	"DeleteManagedLoginBranding", "DeleteResourceServer", "DeleteTerms", "DeleteUserPool",
	"DeleteUserPoolClient", "DeleteUserPoolClientSecret", "DeleteUserPoolDomain",
	"DescribeIdentityProvider", "DescribeManagedLoginBranding",
	"DescribeManagedLoginBrandingByClient", "DescribeResourceServer",
	"DescribeRiskConfiguration", "DescribeTerms", "DescribeUserImportJob",
	"DescribeUserPoolClient", "DescribeUserPoolDomain",
	"GetIdentityProviderByIdentifier", "GetLogDeliveryConfiguration",
	"GetSigningCertificate", "GetUICustomization", "GetUserPoolMfaConfig",
	"ListIdentityProviders", "ListResourceServers", "ListTagsForResource", "ListTerms",
	"ListUserImportJobs", "ListUserPoolClientSecrets", "ListUserPoolClients",
	"ListUserPools", "SetLogDeliveryConfiguration", "SetRiskConfiguration",
	"SetUICustomization", "SetUserPoolMfaConfig", "StartUserImportJob", "StopUserImportJob",
	"TagResource", "UntagResource", "UpdateGroup", "UpdateIdentityProvider",
	"UpdateManagedLoginBranding", "UpdateResourceServer", "UpdateTerms", "UpdateUserPool",
	"UpdateUserPoolClient", "UpdateUserPoolDomain"
};

static const struct op *
find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < OPS; i++)
		if (strlen(ops[i].name) == len && memcmp(ops[i].name, name, len) == 0)
			return &ops[i];
	return NULL;
}

const struct op *
ops_find(const char *name)
{
	return find(name, strlen(name));
}

const char *
ops_unserved(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof unserved / sizeof *unserved; i++)
		if (strcmp(unserved[i], name) == 0)
			return unserved[i];
	return NULL;
}

uint32_t
ops_bit(const struct op *op)
{
	return (uint32_t)1 << (op - ops);
}

int
ops_parse_list(const char *list, uint32_t *set)
{
	const struct op *op;
	size_t len;

	*set = ((uint32_t)1 << OPS) - 1;
	if (strcmp(list, "all") == 0)
		return 0;
	for (*set = 0;; list += len + 1) {
		len = strcspn(list, ",");
		if ((op = find(list, len)) == NULL)
			return -1;
		*set |= ops_bit(op);
		if (list[len] == '\0')
			return 0;
	}
}
