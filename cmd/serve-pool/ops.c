/* The operations of Cognito (ops.h). */
#include "ops.h"

#include <stdbool.h>
#include <string.h>

#include "by_sub.h"
#include "csv_header.h"
#include "exchange.h"
#include "identity.h"
#include "listing.h"
#include "resources.h"
#include "wire.h"
#include "write.h"

const char ops_default_list[] =
    "ListUsers,ListGroups,AdminListGroupsForUser,ListUsersInGroup,AdminGetUser,GetGroup";

/* What "inventory" means: which pools there are, and what hangs on them. */
static const char inventory_list[] = "ListUserPools,DescribeUserPool,"
    "ListUserPoolClients,DescribeUserPoolClient,"
    "ListIdentityProviders,DescribeIdentityProvider,DescribeUserPoolDomain,ListResourceServers,"
    "GetUserPoolMfaConfig,ListTagsForResource,GetProvisionedLimit,ListIdentityPools,"
    "DescribeIdentityPool,GetIdentityPoolRoles";

static void
list_users(struct exchange *x)
{
	const struct store_table *t = &x->pool->store.users;
	const struct buf *filter = &x->params.filter;
	struct listing l = {.table = t, .list = t->order, .count = t->order_count,
	    .member = "Users", .users = true};
	struct search search;
	const char *why = search_parse(&search, buf_string(filter), filter->len);

	l.search = &search;
	if (why != NULL) {
		answer_error(&x->answer, 400, "InvalidParameterException", "%s", why);
	} else {
		if (by_sub_find(&x->pool->by_sub, &search, &l.list, &l.count)) {
			/* Those that came since are in no order. */
			l.tail_count = t->order_count - x->pool->loaded;
			l.tail = l.tail_count > 0 ? t->order + x->pool->loaded : NULL;
		}
		listing_answer(x, &l);
	}
	search_free(&search);
}

static void
list_groups(struct exchange *x)
{
	const struct store_table *t = &x->pool->store.groups;
	struct listing l = {.table = t, .list = t->order, .count = t->order_count,
	    .member = "Groups"};

	listing_answer(x, &l);
}

static void
list_users_in_group(struct exchange *x)
{
	struct listing l = {.table = &x->pool->store.users, .member = "Users", .users = true};
	uint32_t group = write_find_group(x);

	if (group == UINT32_MAX)
		return;
	store_partners(&x->pool->store.users_of, group, &l.list, &l.count);
	listing_answer(x, &l);
}

static void
admin_list_groups_for_user(struct exchange *x)
{
	struct listing l = {.table = &x->pool->store.groups, .member = "Groups"};
	uint32_t user = write_find_user(x);

	if (user == UINT32_MAX)
		return;
	store_partners(&x->pool->store.groups_of, user, &l.list, &l.count);
	listing_answer(x, &l);
}

static void
get_group(struct exchange *x)
{
	const struct store_item *item;
	uint32_t group = write_find_group(x);

	if (group == UINT32_MAX)
		return;
	item = &x->pool->store.groups.item[group];
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
	uint32_t user = write_find_user(x);

	if (user == UINT32_MAX)
		return;
	item = &x->pool->store.users.item[user];
	buf_append(b, item->text, item->attributes - (sizeof name - 1));
	buf_append_string(b, "\"UserAttributes\":");
	buf_append(b, item->text + item->attributes, item->len - item->attributes);
}

static void
describe_user_pool(struct exchange *x)
{
	const struct pool *p = x->pool;
	struct buf *b = &x->answer.body;

	buf_appendf(b, "{\"UserPool\":{\"Id\":\"%s\",\"Arn\":\"", p->id);
	pool_put_arn(p, b);
	buf_append_string(b, "\",\"CreationDate\":");
	wire_put_epoch(b, p->created_ms);
	buf_append_string(b, ",\"LastModifiedDate\":");
	wire_put_epoch(b, p->modified_ms);
	buf_appendf(b, ",\"EstimatedNumberOfUsers\":%zu", p->store.users.order_count -
	    p->store.users.deleted);
	schema_put(&p->schema, b);
	buf_append_string(b, "}}");
}

static const struct op ops[] = {
	{"ListUsers", QUOTA_USER_LIST, PARAM_PAGED | PARAM_SEARCH, list_users, false, false},
	{"ListGroups", QUOTA_POOL_RESOURCE_READ, PARAM_PAGED, list_groups, false, false},
	{"GetGroup", QUOTA_POOL_RESOURCE_READ, PARAM_GROUP, get_group, false, false},
	{"ListUsersInGroup", QUOTA_USER_LIST, PARAM_GROUP | PARAM_PAGED, list_users_in_group,
	    false, false},
	{"AdminListGroupsForUser", QUOTA_USER_RESOURCE_READ, PARAM_USER | PARAM_PAGED,
	    admin_list_groups_for_user, false, false},
	{"AdminGetUser", QUOTA_USER_READ, PARAM_USER, admin_get_user, false, false},
	{"DescribeUserPool", QUOTA_POOL_READ, 0, describe_user_pool, false, false},
	{"GetCSVHeader", QUOTA_POOL_RESOURCE_READ, 0, csv_header_answer, false, true},
	{"AdminCreateUser", QUOTA_USER_CREATION,
	    PARAM_USER | PARAM_ATTRIBUTES | PARAM_OPTIONAL | PARAM_CREATE,
	    write_admin_create_user, true, false},
	{"AdminUpdateUserAttributes", QUOTA_USER_UPDATE, PARAM_USER | PARAM_ATTRIBUTES,
	    write_admin_update_user_attributes, true, false},
	{"AdminDeleteUserAttributes", QUOTA_USER_UPDATE, PARAM_USER | PARAM_NAMES,
	    write_admin_delete_user_attributes, true, false},
	{"AdminEnableUser", QUOTA_USER_UPDATE, PARAM_USER, write_admin_enable_user, true, false},
	{"AdminDisableUser", QUOTA_USER_UPDATE, PARAM_USER, write_admin_disable_user, true, false},
	{"AdminDeleteUser", QUOTA_USER_UPDATE, PARAM_USER, write_admin_delete_user, true, false},
	{"AdminSetUserPassword", QUOTA_USER_ACCOUNT_RECOVERY, PARAM_USER | PARAM_PASSWORD,
	    write_admin_set_user_password, true, false},
	{"AdminAddUserToGroup", QUOTA_USER_UPDATE, PARAM_GROUP | PARAM_USER,
	    write_admin_add_user_to_group, true, false},
	{"AdminRemoveUserFromGroup", QUOTA_USER_UPDATE, PARAM_GROUP | PARAM_USER,
	    write_admin_remove_user_from_group, true, false},
	{"CreateGroup", QUOTA_POOL_RESOURCE_UPDATE, PARAM_GROUP | PARAM_GROUP_FORM,
	    write_create_group, true, false},
	{"UpdateGroup", QUOTA_POOL_RESOURCE_UPDATE, PARAM_GROUP | PARAM_GROUP_FORM,
	    write_update_group, true, false},
	{"DeleteGroup", QUOTA_POOL_RESOURCE_UPDATE, PARAM_GROUP, write_delete_group, true, false},
	{"AdminLinkProviderForUser", QUOTA_USER_UPDATE, PARAM_LINK,
	    write_admin_link_provider_for_user, true, false},
	{"AdminDisableProviderForUser", QUOTA_USER_UPDATE, PARAM_UNLINK,
	    write_admin_disable_provider_for_user, true, false},
	{"AddCustomAttributes", QUOTA_POOL_RESOURCE_UPDATE, PARAM_SCHEMA,
	    write_add_custom_attributes, true, false},
	{"CreateUserImportJob", QUOTA_POOL_RESOURCE_UPDATE, PARAM_JOB_FORM, imports_create, true,
	    true},
	{"StartUserImportJob", QUOTA_POOL_RESOURCE_UPDATE, PARAM_JOB, imports_start, true, true},
	{"StopUserImportJob", QUOTA_POOL_RESOURCE_UPDATE, PARAM_JOB, imports_stop, true, true},
	{"DescribeUserImportJob", QUOTA_POOL_RESOURCE_READ, PARAM_JOB, imports_describe, false,
	    true},
	{"ListUserImportJobs", QUOTA_POOL_RESOURCE_READ, PARAM_JOB_LIST, imports_list, false,
	    true},
	{"ListUserPools", QUOTA_POOL_READ, PARAM_NO_POOL | PARAM_PAGE | PARAM_PAGE_MUST,
	    pool_list_answer, false, false},
	{"ListUserPoolClients", QUOTA_POOL_CLIENT_READ, PARAM_PAGE,
	    resources_list_user_pool_clients, false, false},
	{"DescribeUserPoolClient", QUOTA_POOL_CLIENT_READ, PARAM_CLIENT,
	    resources_describe_user_pool_client, false, false},
	{"ListIdentityProviders", QUOTA_POOL_RESOURCE_READ, PARAM_PAGE | PARAM_PAGE_FROM_0,
	    resources_list_identity_providers, false, false},
	{"DescribeIdentityProvider", QUOTA_POOL_RESOURCE_READ, PARAM_PROVIDER,
	    resources_describe_identity_provider, false, false},
	{"DescribeUserPoolDomain", QUOTA_POOL_RESOURCE_READ, PARAM_NO_POOL | PARAM_DOMAIN,
	    resources_describe_user_pool_domain, false, false},
	{"ListResourceServers", QUOTA_POOL_RESOURCE_READ, PARAM_PAGE | PARAM_PAGE_50,
	    resources_list_resource_servers, false, false},
	{"GetUserPoolMfaConfig", QUOTA_POOL_RESOURCE_READ, 0,
	    resources_get_user_pool_mfa_config, false, false},
	{"ListTagsForResource", QUOTA_POOL_RESOURCE_READ, PARAM_NO_POOL | PARAM_RESOURCE,
	    resources_list_tags_for_resource, false, false},
	{"GetProvisionedLimit", QUOTA_LIMIT_MANAGEMENT, PARAM_NO_POOL | PARAM_DEFINITION,
	    resources_get_provisioned_limit, false, false},
	{"ListIdentityPools", QUOTA_IDENTITY_POOL_READ,
	    PARAM_IDENTITY | PARAM_NO_POOL | PARAM_PAGE | PARAM_PAGE_MUST,
	    identity_list_identity_pools, false, false},
	{"DescribeIdentityPool", QUOTA_IDENTITY_POOL_READ,
	    PARAM_IDENTITY | PARAM_NO_POOL | PARAM_IDENTITY_POOL,
	    identity_describe_identity_pool, false, false},
	{"GetIdentityPoolRoles", QUOTA_IDENTITY_POOL_READ,
	    PARAM_IDENTITY | PARAM_NO_POOL | PARAM_IDENTITY_POOL,
	    identity_get_identity_pool_roles, false, false},
};

enum { OPS = sizeof ops / sizeof *ops };

_Static_assert(OPS <= 64, "a set of them has a bit for each");

/*
 * The other operations that a permission is needed for: no policy here allows one.  Those that
 * anybody may call (InitiateAuth and the like) are not known.
 */
static const char *const unserved[] = {
	"AddUserPoolClientSecret", "AdminConfirmSignUp", "AdminForgetDevice", "AdminGetDevice",
	"AdminInitiateAuth", "AdminListDevices", "AdminListUserAuthEvents",
	"AdminResetUserPassword", "AdminRespondToAuthChallenge", "AdminSetUserMFAPreference",
	"AdminSetUserSettings", "AdminUpdateAuthEventFeedback", "AdminUpdateDeviceStatus",
	"AdminUserGlobalSignOut", "CreateIdentityProvider", "CreateManagedLoginBranding",
	"CreateResourceServer", "CreateTerms", "CreateUserPool",
	"CreateUserPoolClient", "CreateUserPoolDomain", "DeleteIdentityProvider",
	"DeleteManagedLoginBranding", "DeleteResourceServer", "DeleteTerms", "DeleteUserPool",
	"DeleteUserPoolClient", "DeleteUserPoolClientSecret", "DeleteUserPoolDomain",
	"DescribeManagedLoginBranding", "DescribeManagedLoginBrandingByClient",
	"DescribeResourceServer", "DescribeRiskConfiguration", "DescribeTerms",
	"GetIdentityProviderByIdentifier", "GetLogDeliveryConfiguration",
	"GetSigningCertificate", "GetUICustomization", "ListTerms",
	"ListUserPoolClientSecrets", "SetLogDeliveryConfiguration",
	"SetRiskConfiguration", "SetUICustomization", "SetUserPoolMfaConfig",
	"TagResource", "UntagResource",
	"UpdateIdentityProvider", "UpdateManagedLoginBranding", "UpdateResourceServer",
	"UpdateTerms", "UpdateUserPool", "UpdateUserPoolClient", "UpdateUserPoolDomain", NULL
};

/* Likewise; GetId and its like need none. */
static const char *const identity_unserved[] = {
	"CreateIdentityPool", "DeleteIdentities", "DeleteIdentityPool", "DescribeIdentity",
	"GetOpenIdTokenForDeveloperIdentity", "GetPrincipalTagAttributeMap", "ListIdentities",
	"ListTagsForResource", "LookupDeveloperIdentity", "MergeDeveloperIdentities",
	"SetIdentityPoolRoles", "SetPrincipalTagAttributeMap", "TagResource",
	"UnlinkDeveloperIdentity", "UntagResource", "UpdateIdentityPool", NULL
};

static const struct ops_service services[] = {
	{"AWSCognitoIdentityProviderService.", "cognito-idp", 0, unserved},
	{"AWSCognitoIdentityService.", "cognito-identity", PARAM_IDENTITY, identity_unserved},
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

const struct ops_service *
ops_service(const char *target, const char **name)
{
	size_t i, len;

	for (i = 0; i < sizeof services / sizeof *services; i++) {
		len = strlen(services[i].target);
		if (strncmp(target, services[i].target, len) == 0) {
			*name = target + len;
			return &services[i];
		}
	}
	return NULL;
}

const struct op *
ops_of(const struct ops_service *s, const char *name)
{
	const struct op *op = ops_find(name);

	return op != NULL && (op->members & PARAM_IDENTITY) == s->member ? op : NULL;
}

const char *
ops_unserved(const struct ops_service *s, const char *name)
{
	size_t i;

	for (i = 0; s->unserved[i] != NULL; i++)
		if (strcmp(s->unserved[i], name) == 0)
			return s->unserved[i];
	return NULL;
}

uint64_t
ops_bit(const struct op *op)
{
	return (uint64_t)1 << (op - ops);
}

static bool
is_in(const char *list, const char *name)
{
	const char *at;
	size_t len;

	for (at = list; *at != '\0'; at += len + (at[len] == ',')) {
		len = strcspn(at, ",");
		if (strlen(name) == len && memcmp(at, name, len) == 0)
			return true;
	}
	return false;
}

/* The operations of a list. */
static uint64_t
set_of(const char *list)
{
	uint64_t set = 0;
	size_t i;

	for (i = 0; i < OPS; i++)
		if (is_in(list, ops[i].name))
			set |= ops_bit(&ops[i]);
	return set;
}

/* The set that a word of a list means, or 0: none. */
static uint64_t
read_word(const char *word, size_t len)
{
	const struct op *op = find(word, len);
	bool all = len == 3 && memcmp(word, "all", len) == 0;
	bool writes = len == 6 && memcmp(word, "writes", len) == 0;
	uint64_t set = op != NULL ? ops_bit(op) : 0;
	size_t i;

	if (len == 5 && memcmp(word, "reads", len) == 0)
		return set_of(ops_default_list);
	if (len == 9 && memcmp(word, "inventory", len) == 0)
		return set_of(inventory_list);
	for (i = 0; i < OPS; i++)
		if (all || (writes && ops[i].writes))
			set |= ops_bit(&ops[i]);
	return set;
}

int
ops_parse_list(const char *list, uint64_t *set)
{
	uint64_t word;
	size_t len;

	for (*set = 0;; list += len + 1) {
		len = strcspn(list, ",");
		word = read_word(list, len);
		if (word == 0)
			return -1;
		*set |= word;
		if (list[len] == '\0')
			return 0;
	}
}

bool
ops_need_schema(uint64_t set)
{
	size_t i;

	for (i = 0; i < OPS; i++)
		if ((set & ops_bit(&ops[i])) != 0 &&
		    (ops[i].writes || ops[i].answer == describe_user_pool ||
		    ops[i].answer == csv_header_answer))
			return true;
	return false;
}
