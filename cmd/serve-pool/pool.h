/*
 * A user pool: whose it is, what it lets its users have, and who is in it; and all pools that are
 * served.
 */
#ifndef SERVE_POOL_POOL_H
#define SERVE_POOL_POOL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "by_sub.h"
#include "imports.h"
#include "login.h"
#include "quota.h"
#include "role.h"
#include "schema.h"
#include "store.h"

struct server;

struct pool {
	struct server *server;
	char *id, *region;
	const struct role *owner;		/* who reads it; its account is the pool's */
	int64_t created_ms, modified_ms;
	struct quota_buckets quota;		/* under the lock of all quotas */
	/*
	 * What follows whoever reads holds the lock for, and whoever writes alone.  The password
	 * policy and how users are called never change.
	 */
	pthread_rwlock_t lock;
	struct store store;
	struct by_sub by_sub;			/* of its users that were there from the start */
	size_t loaded;				/* how many these are */
	struct schema schema;
	struct login login;
	char **password;			/* hashes by the user's number (password.h) */
	size_t password_count;
	struct imports imports;
};

/* Set up before the server listens; then neither grows. */
struct pools {
	struct pool **pool;			/* in the order in which they were said */
	size_t count;
	size_t *slot;				/* hash table of their numbers + 1 */
	size_t slots;
	struct hash_key key;
};

void pools_init(struct pools *p);

void pools_free(struct pools *p);

/*
 * One more pool, with nobody in it, that has the texts' copies and borrows owner.  NULL: there is
 * one of this id in this Region.
 */
struct pool *pools_add(struct pools *p, struct server *s, const char *id, const char *region,
    const struct role *owner);

/* The pool of this id in this Region, or NULL. */
struct pool *pools_find(const struct pools *p, const char *region, const char *id);

/* What it holds is there: makes what it is looked up by. */
void pool_finish(struct pool *p);

/* arn:PARTITION:cognito-idp:REGION:ACCOUNT:userpool/ID */
void pool_put_arn(const struct pool *p, struct buf *b);

#endif
