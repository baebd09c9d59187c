/* The quotas of serve-pool: an account in a Region, and a pool, each by itself, by a clock of ours. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/serve-pool/quota.c"	/* NOLINT(bugprone-suspicious-include) */

static int64_t now_ms = 1000;

int64_t
clock_mono_ms(void)
{
	return now_ms;
}

static const char one[] = "123456789012", two[] = "222233334444";
static const char here[] = "eu-west-1", there[] = "us-east-1";

/* How many of so many requests get through. */
static int
take(struct quota *q, enum quota_category category, const char *account, const char *region,
    struct quota_buckets *pool, int requests)
{
	int taken = 0;

	for (int i = 0; i < requests; i++)
		taken += quota_take(q, category, account, region, pool);
	return taken;
}

static void
by_account(void)
{
	struct quota q;

	quota_init(&q);
	ok(take(&q, QUOTA_USER_LIST, one, here, NULL, 100) == 100, "nothing is limited");
	ok(quota_parse(&q, "UserList=3") == NULL, "a rate");
	ok(take(&q, QUOTA_USER_LIST, one, here, NULL, 5) == 3, "a second's worth at once");
	ok(take(&q, QUOTA_USER_LIST, one, there, NULL, 5) == 3, "another Region has its own");
	ok(take(&q, QUOTA_USER_LIST, two, here, NULL, 5) == 3, "another account, too");
	ok(take(&q, QUOTA_USER_READ, one, here, NULL, 5) == 5, "another category is not limited");
	now_ms += 400;
	ok(take(&q, QUOTA_USER_LIST, one, here, NULL, 5) == 1, "it fills again");
	now_ms += INT64_C(60) * 1000;
	ok(take(&q, QUOTA_USER_LIST, one, here, NULL, 5) == 3, "and never above a second's worth");
	ok(take(&q, QUOTA_USER_LIST, two, there, NULL, 5) == 3, "a bucket is full at first");
	quota_free(&q);
}

static void
by_pool(void)
{
	static struct quota_buckets a, b, c, d, e;
	struct quota q;

	quota_init(&q);
	ok(quota_parse(&q, "aws") == NULL, "AWS's figures");
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &a, 50) == 5, "a pool has 5 a second");
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &b, 50) == 5, "another pool its own 5");
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &c, 50) == 5 &&
	    take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &d, 50) == 5, "two more");
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &e, 50) == 0,
	    "then the account's 20 are gone");
	now_ms += 100;
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, one, here, &e, 50) == 2,
	    "what was refused has taken nothing");
	ok(take(&q, QUOTA_POOL_RESOURCE_READ, two, here, NULL, 50) == 20, "what is for no pool");
	ok(take(&q, QUOTA_POOL_CLIENT_READ, one, here, &a, 50) == 5, "each category by itself");
	ok(take(&q, QUOTA_USER_LIST, one, here, &a, 50) == 30, "a category without a pool's figure");
	ok(take(&q, QUOTA_IDENTITY_POOL_READ, one, here, NULL, 500) == 500,
	    "none that AWS has no figure for");
	ok(quota_parse(&q, "UserPoolResourceRead=7") == NULL &&
	    take(&q, QUOTA_POOL_RESOURCE_READ, two, there, &e, 50) == 7,
	    "a rate that is said is the account's, and a pool has none");
	quota_free(&q);
}

int
main(void)
{
	by_account();
	by_pool();
	return tap_done();
}
