/* Token bucket and adaptive rate, against a clock of our own. */
#include "net/pace.h"
#include "tap.h"

/* Calls let through from one time to another by a caller that always wants to. */
static int
let_through(struct pace *p, int64_t from_ms, int64_t to_ms)
{
	int calls = 0;

	for (int64_t now = from_ms; now < to_ms;) {
		int64_t wait = pace_take(p, now);

		if (wait == 0)
			calls++;
		now += wait > 0 ? wait : 1;
	}
	return calls;
}

static bool
near(double a, double b)
{
	return a - b < 0.01 && b - a < 0.01;
}

static void
rates(void)
{
	ok(pace_category("ListUsers") == pace_category("ListUsersInGroup"), "two share UserList");
	ok(near(pace_rate(PACE_USER_LIST, 50, 0), 15), "half of 30");
	ok(near(pace_rate(pace_category("ListGroups"), 100, 0), 5), "ListGroups: the pool's own 5");
	ok(near(pace_rate(pace_category("GetGroup"), 50, 0), 2.5), "GetGroup with it");
	ok(near(pace_rate(PACE_USER_LIST, 50, 4), 4), "--max-rate caps");
	ok(near(pace_rate(PACE_USER_LIST, 50, 100), 15), "and never lifts");
	ok(near(pace_rate(PACE_USER_LIST, 0, 0), 0), "no share: not paced");
	ok(near(pace_rate(PACE_USER_LIST, 0, 7), 7), "but capped");
	ok(pace_category("DeleteEverything") == PACE_OTHER, "an unknown operation");
	ok(pace_category("AdminAddUserToGroup") == PACE_USER_UPDATE &&
	    near(pace_rate(PACE_USER_UPDATE, 100, 0), 25), "memberships share 25 with all updates");
	ok(pace_category("AdminCreateUser") == PACE_USER_CREATION &&
	    near(pace_rate(PACE_USER_CREATION, 100, 0), 50), "creations have 50");
	ok(pace_category("AdminSetUserPassword") == PACE_USER_ACCOUNT_RECOVERY &&
	    near(pace_rate(PACE_USER_ACCOUNT_RECOVERY, 100, 0), 30), "passwords 30");
	ok(pace_category("CreateGroup") == PACE_POOL_RESOURCE_UPDATE &&
	    near(pace_rate(PACE_POOL_RESOURCE_UPDATE, 100, 0), 5) &&
	    pace_is_by_pool(PACE_POOL_RESOURCE_UPDATE), "groups 5, by pool");
	ok(pace_category("DescribeUserPoolClient") == pace_category("ListUserPoolClients") &&
	    pace_category("ListUserPoolClients") == PACE_POOL_CLIENT_READ &&
	    near(pace_rate(PACE_POOL_CLIENT_READ, 100, 0), 5) && pace_is_by_pool(PACE_POOL_CLIENT_READ),
	    "app clients 5, by pool, beside the pool's other resources");
	ok(pace_category("DescribeIdentityProvider") == pace_category("ListGroups"),
	    "identity providers with the groups");
	ok(near(pace_rate(pace_category("GetProvisionedLimit"), 100, 0), 1), "limits 1");
	ok(near(pace_rate(pace_category("DescribeIdentityPool"), 100, 0), 5) &&
	    !pace_is_by_pool(PACE_IDENTITY_POOL_READ), "identity pools 5, all together");
	ok(pace_is_write(pace_category("AdminDeleteUser")) &&
	    !pace_is_write(pace_category("AdminGetUser")) && !pace_is_write(PACE_OTHER),
	    "what changes something");
}

static void
bucket(void)
{
	struct pace p;
	int calls;

	pace_init(&p, 0, 1000);
	ok(let_through(&p, 1000, 2000) == 1000, "not limited: every time");
	pace_init(&p, 15, 1000);
	calls = let_through(&p, 1000, 11000);
	ok(calls >= 150 && calls <= 166, "15 a second: 150 in ten seconds and one second's burst");
	pace_init(&p, 0.5, 1000);
	ok(pace_take(&p, 1000) == 0, "a slow bucket starts with one");
	ok(pace_take(&p, 1000) == 2001, "and says how long the next takes");
	ok(pace_take(&p, 3001) == 0, "which is right");
	calls = let_through(&p, 1000000, 1000100);
	ok(calls == 1, "no hoarding over a long pause");
}

static void
adaptive(void)
{
	struct pace p;
	int before, after, calls;

	pace_init(&p, 0, 1000);
	for (int64_t now = 1000; now < 6000; now += 10)
		(void)pace_take(&p, now);
	ok(p.measured > 95 && p.measured < 105, "100 a second are measured");
	pace_throttled(&p, 6000);
	ok(near(p.rate, p.measured * 0.7), "a throttle takes three tenths");
	pace_throttled(&p, 6500);
	ok(near(p.rate, p.measured * 0.7), "a second one at once changes nothing");
	before = let_through(&p, 6000, 7000);
	ok(before > 60 && before < 95, "slower in the first second");
	after = let_through(&p, 12000, 13000);
	ok(after > before, "faster again later");
	pace_init(&p, 15, 1000);
	(void)let_through(&p, 1000, 6000);
	pace_throttled(&p, 6000);
	calls = let_through(&p, 6000, 7000);
	ok(calls >= 9 && calls <= 13, "a paced category slows down, too");
	(void)let_through(&p, 7000, 60000);
	ok(near(p.rate, 15), "and comes back to its limit, no further");
	pace_init(&p, 0, 1000);
	(void)pace_take(&p, 1000);
	pace_throttled(&p, 1010);
	ok(p.rate >= 0.5, "throttled at the first call: still half a call a second");
	calls = let_through(&p, 1010, 21010);
	ok(calls >= 20, "and it gets going");
}

int
main(void)
{
	rates();
	bucket();
	adaptive();
	return tap_done();
}
