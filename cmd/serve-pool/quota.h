/*
 * Request quotas by category, as token buckets whose burst is one second's worth: for each account
 * and Region, and some for each pool besides.
 */
#ifndef SERVE_POOL_QUOTA_H
#define SERVE_POOL_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The categories of the "Quotas in Amazon Cognito" page that hold a served operation. */
enum quota_category {
	QUOTA_USER_LIST,
	QUOTA_USER_READ,
	QUOTA_USER_RESOURCE_READ,
	QUOTA_POOL_RESOURCE_READ,
	QUOTA_POOL_READ,
	QUOTA_USER_CREATION,
	QUOTA_USER_UPDATE,
	QUOTA_USER_ACCOUNT_RECOVERY,
	QUOTA_POOL_RESOURCE_UPDATE,
	QUOTA_POOL_CLIENT_READ,
	QUOTA_LIMIT_MANAGEMENT,
	QUOTA_IDENTITY_POOL_READ,	/* a name of ours: AWS publishes none, and no figure */
	QUOTA_CATEGORIES
};

/* All of them are full that nobody has taken from; fill with zeroes. */
struct quota_bucket {
	double level;
	int64_t at_ms;			/* 0: nobody has */
};

struct quota_buckets {
	struct quota_bucket bucket[QUOTA_CATEGORIES];
};

struct quota_place;

struct quota {
	pthread_mutex_t lock;
	double rate[QUOTA_CATEGORIES];		/* requests a second; 0: not limited */
	double pool_rate[QUOTA_CATEGORIES];	/* of one pool */
	struct quota_place *place;
	size_t count;
};

/* No category is limited. */
void quota_init(struct quota *q);

void quota_free(struct quota *q);

/*
 * Takes up an option's value: "UserList=30", or "aws" for the service's default figures.
 * Returns NULL or why it is wrong (static).
 */
const char *quota_parse(struct quota *q, const char *text);

/*
 * Takes one request of the category from the bucket of the account in the Region, and from that of
 * the pool, which are the pool's own (NULL: it is for none); false: there is none left in one of
 * them.  Thread-safe.
 */
bool quota_take(struct quota *q, enum quota_category category, const char *account,
    const char *region, struct quota_buckets *pool);

#endif
