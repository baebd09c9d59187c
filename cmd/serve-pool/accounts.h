/*
 * The accounts that there are pools in, each with the role that reads them, and their Regions.  Set
 * up before the server listens.
 */
#ifndef SERVE_POOL_ACCOUNTS_H
#define SERVE_POOL_ACCOUNTS_H

#include <stddef.h>

#include "role.h"

struct accounts {
	const struct role **role;	/* the first is the one of the options */
	size_t count;
	char **region;
	size_t regions;
};

/* Begins with the account of the role, which is borrowed, and a Region.  Texts are copied. */
void accounts_init(struct accounts *a, const struct role *role, const char *region);

void accounts_free(struct accounts *a);

/*
 * The role of the same path and name as the first in this account (12 digits), made if there is
 * none.  NULL: the account is there, and in another partition.  It does not move.
 */
const struct role *accounts_add(struct accounts *a, const char *partition, const char *account);

/* The role in the account, or with the ARN; or NULL: there is none. */
const struct role *accounts_role(const struct accounts *a, const char *account);
const struct role *accounts_role_of_arn(const struct accounts *a, const char *arn);

/* One more Region, if it is not there. */
void accounts_add_region(struct accounts *a, const char *region);

/* The Region, kept as long as a, or NULL: there are no pools in it. */
const char *accounts_region(const struct accounts *a, const char *region);

#endif
