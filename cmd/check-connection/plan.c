/* The pipelines and their operations (plan.h). */
#include "plan.h"

#include <stddef.h>
#include <string.h>

const struct plan_operation plan_operations[PLAN_OPERATIONS] = {
	{ "ListUsers", NULL, true },
	{ "ListGroups", NULL, true },
	{ "ListUsersInGroup", "GroupName", true },
	{ "GetGroup", "GroupName", false },
	{ "AdminListGroupsForUser", "Username", true },
	{ "AdminGetUser", "Username", false }
};

enum {
	USERS = 1 << PLAN_LIST_USERS,
	GROUPS = 1 << PLAN_LIST_GROUPS,
	MEMBERS = 1 << PLAN_LIST_USERS_IN_GROUP,
	GROUP = 1 << PLAN_GET_GROUP,
	/* https://docs.oracle.com/iaas/Content/aws/aws_cognito.htm */
	ORACLE = USERS | GROUPS | MEMBERS | GROUP | 1 << PLAN_ADMIN_LIST_GROUPS_FOR_USER |
		1 << PLAN_ADMIN_GET_USER
};

static const struct plan plans[] = {
	{ "export-oci", USERS | GROUPS | MEMBERS, GROUP | MEMBERS },
	{ "export-csv", USERS | GROUPS | MEMBERS, GROUP | MEMBERS },
	{ "export-target", USERS | GROUPS | MEMBERS, GROUP | MEMBERS },
	{ "export-scim", USERS | GROUPS | MEMBERS, GROUP | MEMBERS },
	{ "sync-oci", USERS | GROUPS | MEMBERS, GROUP | MEMBERS },
	{ "list-users", USERS, 0 },
	{ "list-groups", GROUPS, GROUP },
	{ "expand-members", MEMBERS, MEMBERS },
	{ "oci-app", ORACLE, ORACLE }
};

const struct plan *
plan_find(const char *name)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (strcmp(plans[i].name, name) == 0)
			return &plans[i];
	return NULL;
}
