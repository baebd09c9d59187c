/*
 * Which operations of Cognito each pipeline calls: the one table for what is probed and for what
 * the printed policy allows.  tests/policy.t holds it against what the pipelines really call.
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
	PLAN_OPERATIONS
};

struct plan_operation {
	const char *name;
	const char *member;	/* what it asks about besides the pool, or NULL */
	bool paged;		/* takes a Limit */
};

extern const struct plan_operation plan_operations[PLAN_OPERATIONS];

struct plan {
	const char *name;
	unsigned operations;
	unsigned of_groups;	/* with --group; 0: it takes no names of groups */
};

/* Returns NULL if there is no pipeline of that name. */
const struct plan *plan_find(const char *name);

static inline bool
plan_has(unsigned set, int number)
{
	return (set & 1U << number) != 0;
}

#endif
