/* Request quotas by category (quota.h). */
#include "quota.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"

/*
 * The default figures of the service.  UserPoolResourceRead is 20 an account and 5 a pool (Update:
 * 15 and 5); there is one pool here, so the smaller one decides.
 */
static const struct {
	const char *name;
	double aws;
} categories[QUOTA_CATEGORIES] = {
	[QUOTA_USER_LIST] = {"UserList", 30},
	[QUOTA_USER_READ] = {"UserRead", 120},
	[QUOTA_USER_RESOURCE_READ] = {"UserResourceRead", 50},
	[QUOTA_POOL_RESOURCE_READ] = {"UserPoolResourceRead", 5},
	[QUOTA_POOL_READ] = {"UserPoolRead", 15},
	[QUOTA_USER_CREATION] = {"UserCreation", 50},
	[QUOTA_USER_UPDATE] = {"UserUpdate", 25},
	[QUOTA_USER_ACCOUNT_RECOVERY] = {"UserAccountRecovery", 30},
	[QUOTA_POOL_RESOURCE_UPDATE] = {"UserPoolResourceUpdate", 5},
	[QUOTA_POOL_CLIENT_READ] = {"UserPoolClientRead", 5},
	[QUOTA_LIMIT_MANAGEMENT] = {"LimitManagement", 1},
	[QUOTA_IDENTITY_POOL_READ] = {"IdentityPoolRead", 0},
};

/*
 * Below one request in ten seconds a test would wait for ever; above a million nothing is
 * limited.
 */
#define RATE_MIN 0.1
#define RATE_MAX 1e6

void
quota_init(struct quota *q)
{
	memset(q, 0, sizeof *q);
	pthread_mutex_init(&q->lock, NULL);
}

void
quota_free(struct quota *q)
{
	pthread_mutex_destroy(&q->lock);
}

/* A bucket holds at least one request, or slow rates would never let one pass. */
static double
burst(double rate)
{
	return rate < 1 ? 1 : rate;
}

static void
set(struct quota_bucket *b, double rate)
{
	b->rate = rate;
	b->level = burst(rate);
	b->at_ms = clock_mono_ms();
}

const char *
quota_parse(struct quota *q, const char *text)
{
	const char *why;
	double rate;
	size_t i, len = strcspn(text, "=");

	if (strcmp(text, "aws") == 0) {
		for (i = 0; i < QUOTA_CATEGORIES; i++)
			set(&q->bucket[i], categories[i].aws);
		return NULL;
	}
	if (text[len] == '\0')
		return "not CATEGORY=RATE";
	for (i = 0; i < QUOTA_CATEGORIES; i++)
		if (strlen(categories[i].name) == len && memcmp(categories[i].name, text, len) == 0)
			break;
	if (i == QUOTA_CATEGORIES)
		return "no such category";
	if (num_parse_decimal(text + len + 1, RATE_MIN, RATE_MAX, &rate, &why) != 0)
		return why;
	set(&q->bucket[i], rate);
	return NULL;
}

bool
quota_take(struct quota *q, enum quota_category category)
{
	struct quota_bucket *b = &q->bucket[category];
	int64_t now;
	bool taken;

	if (b->rate <= 0)
		return true;
	pthread_mutex_lock(&q->lock);
	now = clock_mono_ms();
	b->level += b->rate * (double)(now - b->at_ms) / 1000;
	if (b->level > burst(b->rate))
		b->level = burst(b->rate);
	b->at_ms = now;
	taken = b->level >= 1;
	if (taken)
		b->level -= 1;
	pthread_mutex_unlock(&q->lock);
	return taken;
}
