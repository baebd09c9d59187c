/*
 * How fast to ask: Cognito's quota categories, a token bucket for each, and an adaptive limiter
 * that finds the speed that works.  Pure: the time comes in.
 *
 * The rate of a category is AWS's default quota times the share (config.share, percent), capped by
 * config.max_rate.  The share is 50 against AWS, so that the pool's own applications keep the other
 * half; a loopback endpoint is not paced unless --share or --max-rate was given (both 0).
 *
 * A bucket holds half a second's worth (where that is little, up to three calls).  The service's
 * is thought to hold a second's; a client that drew on as much would have used all of it up after
 * its start, and then each call that travels faster than the one before would be one too early.
 *
 * The first throttle starts the limiter, paced or not: the rate falls to 0.7 of what was measured
 * and grows again on a cubic curve, back to the old speed in a few seconds, then beyond, never
 * above the category's rate.  (The CUBIC of the AWS SDKs' adaptive mode; RFC 8312.)
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* As AWS names them; https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html */
enum pace_category {
	PACE_USER_LIST,			/* ListUsers, ListUsersInGroup */
	PACE_USER_READ,			/* AdminGetUser */
	PACE_USER_RESOURCE_READ,	/* AdminListGroupsForUser */
	PACE_POOL_READ,			/* DescribeUserPool, ListUserPools */
	/* ListGroups, GetGroup, identity providers, domains and so on; a pool has 5 a second */
	PACE_POOL_RESOURCE_READ,
	PACE_POOL_CLIENT_READ,		/* app clients; a pool has 5 a second */
	PACE_LIMIT_MANAGEMENT,		/* GetProvisionedLimit */
	PACE_USER_CREATION,		/* AdminCreateUser */
	PACE_USER_UPDATE,		/* attributes, enabling, deletion, memberships, links */
	PACE_USER_ACCOUNT_RECOVERY,	/* AdminSetUserPassword */
	PACE_POOL_RESOURCE_UPDATE,	/* groups, custom attributes; a pool has 5 a second */
	PACE_STS,
	PACE_IDENTITY_POOL_READ,	/* ListIdentityPools, DescribeIdentityPool (pace.c) */
	PACE_OTHER,			/* not known to us: as slow as the slowest */
	PACE_CATEGORIES
};

/* The category that an operation counts in. */
enum pace_category pace_category(const char *operation);

/* Whether what counts in it changes anything at the service. */
bool pace_is_write(enum pace_category category);

/* Whether each pool has a quota of its own in it. */
bool pace_is_by_pool(enum pace_category category);

/* The category's rate in calls a second for a share in percent and a cap; 0: not limited. */
double pace_rate(enum pace_category category, int share, double max_rate);

/*
 * Where pools have quotas of their own: what the account has in all its pools of the Region together,
 * in calls a second for a share in percent; 0: not limited, or no such category.
 */
double pace_account_rate(enum pace_category category, int share);

struct pace {
	double limit;		/* never faster than this; 0: not limited */
	double rate;		/* what holds now; 0: not limited */
	double tokens;
	int64_t filled_ms;	/* when tokens was right */
	double measured;	/* calls a second lately */
	int64_t window_ms;	/* when the window that is being counted began */
	int window_calls;
	int64_t throttled_ms;	/* last cut of the rate; 0: none yet */
	double best;		/* the rate at that time */
};

/* now_ms is clock_mono_ms here and below. */
void pace_init(struct pace *p, double limit, int64_t now_ms);

/* 0: go, the call is counted; else the milliseconds to wait before asking again. */
int64_t pace_take(struct pace *p, int64_t now_ms);

/*
 * The same for a caller who will wait in any case: counts the call now, and returns how long it
 * must wait, 0: not at all.  So callers who share a bucket come one after the other.
 */
int64_t pace_reserve(struct pace *p, int64_t now_ms);

/* Another limit from now on, above 0; what was learnt from throttles stays. */
void pace_set_limit(struct pace *p, double limit);

/* The service throttled a call.  Several within a second count once: they stem from one burst. */
void pace_throttled(struct pace *p, int64_t now_ms);

#endif
