/*
 * Which operations each pipeline calls: the one table for what is probed and for what the printed
 * policy allows.  tests/policy.t holds it against what the pipelines really call.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>

/* Numbers of plan_operations; in a set each is the bit 1 << number. */
enum {
	PLAN_LIST_USERS,
	PLAN_LIST_GROUPS,
	PLAN_LIST_USERS_IN_GROUP,
	PLAN_GET_GROUP,
	PLAN_ADMIN_LIST_GROUPS_FOR_USER,
	PLAN_ADMIN_GET_USER,
	PLAN_DESCRIBE_USER_POOL,
	PLAN_LIST_USER_POOLS,
	/* Those that no pipeline needs; a role without them reads less. */
	PLAN_GET_USER_POOL_MFA_CONFIG,
	PLAN_LIST_USER_POOL_CLIENTS,
	PLAN_DESCRIBE_USER_POOL_CLIENT,
	PLAN_LIST_IDENTITY_PROVIDERS,
	PLAN_DESCRIBE_IDENTITY_PROVIDER,
	PLAN_LIST_RESOURCE_SERVERS,
	PLAN_DESCRIBE_USER_POOL_DOMAIN,
	PLAN_GET_PROVISIONED_LIMIT,
	PLAN_LIST_IDENTITY_POOLS,
	PLAN_DESCRIBE_IDENTITY_POOL,
	PLAN_GET_IDENTITY_POOL_ROLES,
	PLAN_OPERATIONS
};

/* What a policy can grant an operation on. */
enum plan_resource {
	PLAN_USER_POOL,
	PLAN_IDENTITY_POOL,
	PLAN_ANYTHING,			/* it has no resource: "*" alone will do */
	PLAN_RESOURCES
};

struct plan_operation {
	const char *name;
	const char *member;	/* what it asks about besides the pool, or NULL */
	bool paged;		/* takes a Limit */
	enum plan_resource resource;
	bool identity;		/* of the service of identity pools */
};

extern const struct plan_operation plan_operations[PLAN_OPERATIONS];

struct plan {
	const char *name;
	unsigned operations;
	unsigned of_groups;	/* with --group; 0: it takes no names of groups */
	unsigned optional;	/* in the policy, and not probed: without them it tells less */
	bool every_pool;	/* of the account and Region, not one */
};

/* Returns NULL if there is no pipeline of that name. */
const struct plan *plan_find(const char *name);

/* The operation of that name, which is in the table. */
const struct plan_operation *plan_operation(const char *name);

static inline bool
plan_has(unsigned set, int number)
{
	return (set & 1U << number) != 0;
}

#endif
