/* The pipelines and their operations (plan.h). */
#include "plan.h"

#include <stddef.h>
#include <string.h>

const struct plan_operation plan_operations[PLAN_OPERATIONS] = {
	{ "ListUsers", NULL, true, PLAN_USER_POOL, false },
	{ "ListGroups", NULL, true, PLAN_USER_POOL, false },
	{ "ListUsersInGroup", "GroupName", true, PLAN_USER_POOL, false },
	{ "GetGroup", "GroupName", false, PLAN_USER_POOL, false },
	{ "AdminListGroupsForUser", "Username", true, PLAN_USER_POOL, false },
	{ "AdminGetUser", "Username", false, PLAN_USER_POOL, false },
	{ "DescribeUserPool", NULL, false, PLAN_USER_POOL, false },
	{ "ListUserPools", NULL, false, PLAN_ANYTHING, false },
	{ "GetUserPoolMfaConfig", NULL, false, PLAN_USER_POOL, false },
	{ "ListUserPoolClients", NULL, false, PLAN_USER_POOL, false },
	{ "DescribeUserPoolClient", NULL, false, PLAN_USER_POOL, false },
	{ "ListIdentityProviders", NULL, false, PLAN_USER_POOL, false },
	{ "DescribeIdentityProvider", NULL, false, PLAN_USER_POOL, false },
	{ "ListResourceServers", NULL, false, PLAN_USER_POOL, false },
	{ "DescribeUserPoolDomain", NULL, false, PLAN_ANYTHING, false },
	{ "GetProvisionedLimit", NULL, false, PLAN_ANYTHING, false },
	{ "ListIdentityPools", NULL, false, PLAN_ANYTHING, true },
	{ "DescribeIdentityPool", NULL, false, PLAN_IDENTITY_POOL, true },
	{ "GetIdentityPoolRoles", NULL, false, PLAN_IDENTITY_POOL, true }
};

enum {
	USERS = 1 << PLAN_LIST_USERS,
	GROUPS = 1 << PLAN_LIST_GROUPS,
	MEMBERS = 1 << PLAN_LIST_USERS_IN_GROUP,
	GROUP = 1 << PLAN_GET_GROUP,
	/* https://docs.oracle.com/iaas/Content/aws/aws_cognito.htm */
	ORACLE = USERS | GROUPS | MEMBERS | GROUP | 1 << PLAN_ADMIN_LIST_GROUPS_FOR_USER |
		1 << PLAN_ADMIN_GET_USER,
	POOL = 1 << PLAN_DESCRIBE_USER_POOL,
	POOLS = 1 << PLAN_LIST_USER_POOLS,
	/* describe-pool --parts mfa,clients,providers,domain,resource-servers; groups is GROUPS. */
	PARTS = 1 << PLAN_GET_USER_POOL_MFA_CONFIG | 1 << PLAN_LIST_USER_POOL_CLIENTS |
		1 << PLAN_DESCRIBE_USER_POOL_CLIENT | 1 << PLAN_LIST_IDENTITY_PROVIDERS |
		1 << PLAN_DESCRIBE_IDENTITY_PROVIDER | 1 << PLAN_LIST_RESOURCE_SERVERS |
		1 << PLAN_DESCRIBE_USER_POOL_DOMAIN,
	LIMITS = 1 << PLAN_GET_PROVISIONED_LIMIT,
	IDENTITY = 1 << PLAN_LIST_IDENTITY_POOLS | 1 << PLAN_DESCRIBE_IDENTITY_POOL |
		1 << PLAN_GET_IDENTITY_POOL_ROLES
};

static const struct plan plans[] = {
	{ "export-oci", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, 0, false },
	{ "export-csv", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, 0, false },
	{ "export-target", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, 0, false },
	{ "export-scim", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, 0, false },
	{ "export-report", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, POOL, false },
	{ "export-fleet", USERS | GROUPS | MEMBERS | POOLS, GROUP | MEMBERS | POOLS, 0, true },
	{ "sync-oci", USERS | GROUPS | MEMBERS, GROUP | MEMBERS, 0, false },
	{ "backup-pool", USERS | GROUPS | MEMBERS | POOL, 0, PARTS, false },
	{ "inventory", POOL | POOLS, 0, PARTS | LIMITS | GROUPS | IDENTITY, true },
	{ "list-users", USERS, 0, 0, false },
	{ "list-groups", GROUPS, GROUP, 0, false },
	{ "expand-members", MEMBERS, MEMBERS, 0, false },
	{ "oci-app", ORACLE, ORACLE, 0, false }
};

const struct plan *
plan_find(const char *name)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (strcmp(plans[i].name, name) == 0)
			return &plans[i];
	return NULL;
}

const struct plan_operation *
plan_operation(const char *name)
{
	const struct plan_operation *op = plan_operations;

	while (strcmp(op->name, name) != 0)
		op++;
	return op;
}
