/* Where a pool is: the partition, Region and account that the inventory's record says. */
#ifndef SERVE_POOL_REALM_H
#define SERVE_POOL_REALM_H

#include <stdbool.h>
#include <stdint.h>

#include "json/tok.h"
#include "role.h"

enum { REALM_REGION_SIZE = 65 };

struct realm {
	char partition[ROLE_PARTITION_SIZE];
	char region[REALM_REGION_SIZE];
	char account[ROLE_ACCOUNT_SIZE];
};

/* Whether s has the form of an identity pool's id: [\w-]+:[0-9a-f-]+, at most 55 bytes. */
bool realm_is_identity_pool_id(const char *s);

/*
 * Where the user pool of the record is that is the object at this token: what its Arn says, or else
 * the Region of its Id in home's account; or the identity pool: the Region of its IdentityPoolId,
 * in Account or home's account.  Returns NULL or why the record is wrong (static).
 */
const char *realm_of(struct realm *p, const struct tok_list *l, const char *text, uint32_t record,
    const struct realm *home);

/* Reads a user pool's ARN: where it is, and its id, which is borrowed.  NULL: it is none. */
const char *realm_of_arn(struct realm *p, const char *arn);

/* Whether both are in one Region of one account. */
bool realm_is_same(const struct realm *a, const struct realm *b);

#endif
