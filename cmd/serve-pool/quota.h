/* Request quotas by category, as token buckets whose burst is one second's worth. */
#ifndef SERVE_POOL_QUOTA_H
#define SERVE_POOL_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
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

struct quota_bucket {
	double rate;		/* requests a second; 0: not limited */
	double level;
	int64_t at_ms;
};

struct quota {
	pthread_mutex_t lock;
	struct quota_bucket bucket[QUOTA_CATEGORIES];
};

/* No category is limited. */
void quota_init(struct quota *q);

void quota_free(struct quota *q);

/*
 * Takes up an option's value: "UserList=30", or "aws" for the service's default figures.
 * Returns NULL or why it is wrong (static).
 */
const char *quota_parse(struct quota *q, const char *text);

/* Takes one request from the category's bucket; false: there is none left.  Thread-safe. */
bool quota_take(struct quota *q, enum quota_category category);

#endif
