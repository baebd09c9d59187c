/* The operations of Cognito's user pools and identity pools that are served. */
#ifndef SERVE_POOL_OPS_H
#define SERVE_POOL_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "quota.h"

struct exchange;

struct op {
	const char *name;
	enum quota_category category;
	unsigned members;			/* PARAM_... */
	void (*answer)(struct exchange *x);	/* called with good parameters of the served pool */
	bool writes;				/* with the pool to itself, else with others that read */
	bool imports;				/* of import jobs: a running one stays where it is */
};

/* The operation with this name, or NULL. */
const struct op *ops_find(const char *name);

/* The services whose operations these are. */
struct ops_service {
	const char *target;		/* what stands before the operation in X-Amz-Target */
	const char *name;		/* in signatures and permissions: "cognito-idp" */
	unsigned member;		/* PARAM_IDENTITY, which its operations have, or 0 */
	const char *const *unserved;	/* operations that need a permission; ends with NULL */
};

/* The service of the target, or NULL; then *name is its operation's. */
const struct ops_service *ops_service(const char *target, const char **name);

/* The service's operation with this name, or NULL. */
const struct op *ops_of(const struct ops_service *s, const char *name);

/*
 * The name, kept for ever, if it is that of an operation of the service that is not served but
 * exists; or NULL.
 */
const char *ops_unserved(const struct ops_service *s, const char *name);

/* The operation's bit in a set of operations. */
uint64_t ops_bit(const struct op *op);

/*
 * Reads a comma-separated list of operations, of "reads" (the default), "writes", "inventory" and
 * "all", into a set.  Returns 0, or -1: one is not served.
 */
int ops_parse_list(const char *list, uint64_t *set);

/* Whether one of the set asks the schema what users may have. */
bool ops_need_schema(uint64_t set);

/* The six permissions that a reader of users, groups and memberships needs. */
extern const char ops_default_list[];

#endif
