/* Request quotas by category (quota.h). */
#include "quota.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"

/* The default figures of the service; 0: it has none. */
static const struct {
	const char *name;
	double aws, aws_pool;
} categories[QUOTA_CATEGORIES] = {
	[QUOTA_USER_LIST] = {"UserList", 30, 0},
	[QUOTA_USER_READ] = {"UserRead", 120, 0},
	[QUOTA_USER_RESOURCE_READ] = {"UserResourceRead", 50, 0},
	[QUOTA_POOL_RESOURCE_READ] = {"UserPoolResourceRead", 20, 5},
	[QUOTA_POOL_READ] = {"UserPoolRead", 15, 0},
	[QUOTA_USER_CREATION] = {"UserCreation", 50, 0},
	[QUOTA_USER_UPDATE] = {"UserUpdate", 25, 0},
	[QUOTA_USER_ACCOUNT_RECOVERY] = {"UserAccountRecovery", 30, 0},
	[QUOTA_POOL_RESOURCE_UPDATE] = {"UserPoolResourceUpdate", 15, 5},
	[QUOTA_POOL_CLIENT_READ] = {"UserPoolClientRead", 15, 5},
	[QUOTA_LIMIT_MANAGEMENT] = {"LimitManagement", 1, 0},
	[QUOTA_IDENTITY_POOL_READ] = {"IdentityPoolRead", 0, 0},
};

/* One account in one Region.  The texts are those of the first request. */
struct quota_place {
	char *account, *region;
	struct quota_buckets buckets;
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
	for (size_t i = 0; i < q->count; i++) {
		free(q->place[i].account);
		free(q->place[i].region);
	}
	free(q->place);
	pthread_mutex_destroy(&q->lock);
}

/* A bucket holds at least one request, or slow rates would never let one pass. */
static double
burst(double rate)
{
	return rate < 1 ? 1 : rate;
}

const char *
quota_parse(struct quota *q, const char *text)
{
	const char *why;
	double rate;
	size_t i, len = strcspn(text, "=");

	if (strcmp(text, "aws") == 0) {
		for (i = 0; i < QUOTA_CATEGORIES; i++) {
			q->rate[i] = categories[i].aws;
			q->pool_rate[i] = categories[i].aws_pool;
		}
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
	q->rate[i] = rate;
	q->pool_rate[i] = 0;
	return NULL;
}

/* Those of the account in the Region; with the lock. */
static struct quota_buckets *
find(struct quota *q, const char *account, const char *region)
{
	struct quota_place *p;

	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->place[i].account, account) == 0 &&
		    strcmp(q->place[i].region, region) == 0)
			return &q->place[i].buckets;
	q->place = mem_resize(q->place, q->count + 1, sizeof *q->place);
	p = &q->place[q->count++];
	memset(p, 0, sizeof *p);
	p->account = mem_dup_string(account);
	p->region = mem_dup_string(region);
	return &p->buckets;
}

/* Whether a request is left, after what has flown in; rate 0: always. */
static bool
fill(struct quota_bucket *b, double rate, int64_t now)
{
	if (rate <= 0)
		return true;
	if (b->at_ms == 0)
		b->level = burst(rate);
	else
		b->level += rate * (double)(now - b->at_ms) / 1000;
	if (b->level > burst(rate))
		b->level = burst(rate);
	b->at_ms = now;
	return b->level >= 1;
}

bool
quota_take(struct quota *q, enum quota_category category, const char *account,
    const char *region, struct quota_buckets *pool)
{
	double rate = q->rate[category], pool_rate = pool != NULL ? q->pool_rate[category] : 0;
	struct quota_bucket none = {0, 0}, *in_pool = &none, *b;
	int64_t now;
	bool taken;

	if (rate <= 0 && pool_rate <= 0)
		return true;
	if (pool != NULL)
		in_pool = &pool->bucket[category];
	pthread_mutex_lock(&q->lock);
	now = clock_mono_ms();
	b = &find(q, account, region)->bucket[category];
	taken = fill(b, rate, now);
	taken = fill(in_pool, pool_rate, now) && taken;
	if (taken) {
		b->level -= 1;
		in_pool->level -= 1;
	}
	pthread_mutex_unlock(&q->lock);
	return taken;
}
