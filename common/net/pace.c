/* How fast to ask. */
#include "net/pace.h"

#include <string.h>

enum { WINDOW_MS = 500, CUT_APART_MS = 1000 };

/* The SDKs' constants: what is left after a throttle, and the steepness of the curve. */
static const double beta = 0.7, scale = 0.4;
static const double rate_min = 0.5;

/* In seconds, and in calls (pace.h). */
static const double burst_length = 0.5, burst_little = 3;

enum pace_category
pace_category(const char *operation)
{
	static const struct {
		const char *operation;
		enum pace_category category;
	} table[] = {
		{ "ListUsers", PACE_USER_LIST },
		{ "ListUsersInGroup", PACE_USER_LIST },
		{ "AdminGetUser", PACE_USER_READ },
		{ "AdminListGroupsForUser", PACE_USER_RESOURCE_READ },
		{ "DescribeUserPool", PACE_POOL_READ },
		{ "ListUserPools", PACE_POOL_READ },
		{ "ListGroups", PACE_POOL_RESOURCE_READ },
		{ "GetGroup", PACE_POOL_RESOURCE_READ },
		{ "GetCSVHeader", PACE_POOL_RESOURCE_READ },
		{ "DescribeUserImportJob", PACE_POOL_RESOURCE_READ },
		{ "ListUserImportJobs", PACE_POOL_RESOURCE_READ },
		{ "ListIdentityProviders", PACE_POOL_RESOURCE_READ },
		{ "DescribeIdentityProvider", PACE_POOL_RESOURCE_READ },
		{ "ListResourceServers", PACE_POOL_RESOURCE_READ },
		{ "DescribeUserPoolDomain", PACE_POOL_RESOURCE_READ },
		{ "GetUserPoolMfaConfig", PACE_POOL_RESOURCE_READ },
		{ "ListTagsForResource", PACE_POOL_RESOURCE_READ },
		{ "ListUserPoolClients", PACE_POOL_CLIENT_READ },
		{ "DescribeUserPoolClient", PACE_POOL_CLIENT_READ },
		{ "GetProvisionedLimit", PACE_LIMIT_MANAGEMENT },
		{ "AdminCreateUser", PACE_USER_CREATION },
		{ "AdminUpdateUserAttributes", PACE_USER_UPDATE },
		{ "AdminDeleteUserAttributes", PACE_USER_UPDATE },
		{ "AdminDeleteUser", PACE_USER_UPDATE },
		{ "AdminEnableUser", PACE_USER_UPDATE },
		{ "AdminDisableUser", PACE_USER_UPDATE },
		{ "AdminAddUserToGroup", PACE_USER_UPDATE },
		{ "AdminRemoveUserFromGroup", PACE_USER_UPDATE },
		{ "AdminLinkProviderForUser", PACE_USER_UPDATE },
		{ "AdminSetUserPassword", PACE_USER_ACCOUNT_RECOVERY },
		{ "CreateGroup", PACE_POOL_RESOURCE_UPDATE },
		{ "UpdateGroup", PACE_POOL_RESOURCE_UPDATE },
		{ "DeleteGroup", PACE_POOL_RESOURCE_UPDATE },
		{ "AddCustomAttributes", PACE_POOL_RESOURCE_UPDATE },
		{ "CreateUserImportJob", PACE_POOL_RESOURCE_UPDATE },
		{ "StartUserImportJob", PACE_POOL_RESOURCE_UPDATE },
		{ "AssumeRole", PACE_STS },
		{ "GetCallerIdentity", PACE_STS },
		{ "ListIdentityPools", PACE_IDENTITY_POOL_READ },
		{ "DescribeIdentityPool", PACE_IDENTITY_POOL_READ },
		{ "GetIdentityPoolRoles", PACE_IDENTITY_POOL_READ }
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(operation, table[i].operation) == 0)
			return table[i].category;
	return PACE_OTHER;
}

bool
pace_is_write(enum pace_category category)
{
	return category == PACE_USER_CREATION || category == PACE_USER_UPDATE ||
	    category == PACE_USER_ACCOUNT_RECOVERY || category == PACE_POOL_RESOURCE_UPDATE;
}

bool
pace_is_by_pool(enum pace_category category)
{
	return category == PACE_POOL_RESOURCE_READ || category == PACE_POOL_CLIENT_READ ||
	    category == PACE_POOL_RESOURCE_UPDATE;
}

/*
 * Where a pool has 5 a second, AWS means each operation by itself; one bucket for all of a category's
 * operations on a pool stays below that.
 *
 * For reading identity pools AWS publishes no figure.  5 a second is what the nearest operations that
 * have one are allowed (ListIdentities, TagResource).
 */
double
pace_rate(enum pace_category category, int share, double max_rate)
{
	static const double quotas[PACE_CATEGORIES] = {
		[PACE_USER_LIST] = 30,
		[PACE_USER_READ] = 120,
		[PACE_USER_RESOURCE_READ] = 50,
		[PACE_POOL_READ] = 15,
		[PACE_POOL_RESOURCE_READ] = 5,
		[PACE_POOL_CLIENT_READ] = 5,
		[PACE_LIMIT_MANAGEMENT] = 1,
		[PACE_USER_CREATION] = 50,
		[PACE_USER_UPDATE] = 25,
		[PACE_USER_ACCOUNT_RECOVERY] = 30,
		[PACE_POOL_RESOURCE_UPDATE] = 5,
		[PACE_STS] = 600,
		[PACE_IDENTITY_POOL_READ] = 5,
		[PACE_OTHER] = 5
	};
	double rate = quotas[category] * share / 100;

	return max_rate > 0 && (rate <= 0 || max_rate < rate) ? max_rate : rate;
}

double
pace_account_rate(enum pace_category category, int share)
{
	double quota = 0;

	if (category == PACE_POOL_RESOURCE_READ)
		quota = 20;
	else if (category == PACE_POOL_CLIENT_READ || category == PACE_POOL_RESOURCE_UPDATE)
		quota = 15;
	return quota * share / 100;
}

/* What the bucket holds. */
static double
burst(double rate)
{
	double calls = rate * burst_length;

	if (calls < burst_little)
		calls = rate < burst_little ? rate : burst_little;
	return calls > 1 ? calls : 1;
}

void
pace_init(struct pace *p, double limit, int64_t now_ms)
{
	memset(p, 0, sizeof *p);
	p->limit = p->rate = limit;
	p->tokens = burst(limit);
	p->filled_ms = p->window_ms = now_ms;
}

static double
cube_root(double x)
{
	double root = x > 1 ? x : 1;

	for (int i = 0; i < 60; i++)
		root -= (root * root * root - x) / (3 * root * root);
	return root;
}

/* The cubic curve since the last cut; below the old speed it rises towards it, then beyond. */
static void
grow(struct pace *p, int64_t now_ms)
{
	double t = (double)(now_ms - p->throttled_ms) / 1000;
	double bend = cube_root(p->best * (1 - beta) / scale);
	double rate = scale * (t - bend) * (t - bend) * (t - bend) + p->best;

	if (rate > 2 * p->measured && rate > p->best)
		rate = 2 * p->measured > p->best ? 2 * p->measured : p->best;
	if (p->limit > 0 && rate > p->limit)
		rate = p->limit;
	p->rate = rate > rate_min ? rate : rate_min;
}

/* Who shares a bucket may have looked at the clock a little earlier than the one before. */
static void
refill(struct pace *p, int64_t now_ms)
{
	double most = burst(p->rate);

	if (now_ms > p->filled_ms) {
		p->tokens += p->rate * (double)(now_ms - p->filled_ms) / 1000;
		p->filled_ms = now_ms;
	}
	if (p->tokens > most)
		p->tokens = most;
}

/* Counts one call and, once a window is over, takes its speed into account. */
static void
measure(struct pace *p, int64_t now_ms)
{
	int64_t length = now_ms - p->window_ms;

	if (length >= WINDOW_MS) {
		double speed = p->window_calls * 1000.0 / (double)length;

		p->measured = p->measured > 0 ? 0.8 * speed + 0.2 * p->measured : speed;
		p->window_ms = now_ms;
		p->window_calls = 0;
	}
	p->window_calls++;
}

/* Brings rate and tokens up to date.  Returns how long until there is a token. */
static int64_t
look(struct pace *p, int64_t now_ms)
{
	if (p->throttled_ms != 0)
		grow(p, now_ms);
	if (p->rate <= 0)
		return 0;
	refill(p, now_ms);
	return p->tokens < 1 ? 1 + (int64_t)((1 - p->tokens) * 1000 / p->rate) : 0;
}

int64_t
pace_reserve(struct pace *p, int64_t now_ms)
{
	int64_t wait = look(p, now_ms);

	if (p->rate > 0)
		p->tokens -= 1;
	measure(p, now_ms);
	return wait;
}

int64_t
pace_take(struct pace *p, int64_t now_ms)
{
	int64_t wait = look(p, now_ms);

	return wait > 0 ? wait : pace_reserve(p, now_ms);
}

void
pace_set_limit(struct pace *p, double limit)
{
	p->limit = limit;
	if (p->throttled_ms == 0 || p->rate > limit)
		p->rate = limit;
}

void
pace_throttled(struct pace *p, int64_t now_ms)
{
	int64_t length = now_ms - p->window_ms;
	double speed = p->measured;

	if (p->throttled_ms != 0 && now_ms - p->throttled_ms < CUT_APART_MS)
		return;
	/* A run's first moments have no full window yet. */
	if (speed <= 0)
		speed = p->window_calls * 1000.0 / (double)(length > 100 ? length : 100);
	if (p->rate > 0 && p->rate < speed)
		speed = p->rate;
	p->best = speed;
	p->rate = beta * speed > rate_min ? beta * speed : rate_min;
	p->throttled_ms = now_ms;
	p->filled_ms = now_ms;
	/* What is reserved stays so. */
	if (p->tokens > 0)
		p->tokens = 0;
}
