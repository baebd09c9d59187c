/* How many users and groups the pool has, as far as a few calls can tell. */
#ifndef COUNT_H
#define COUNT_H

#include "measure.h"

enum count_kind {
	COUNT_UNKNOWN,
	COUNT_EXACT,
	COUNT_ESTIMATED,		/* by the service */
	COUNT_SAMPLED,			/* by us */
	COUNT_AT_LEAST
};

struct count {
	enum count_kind kind;
	uint64_t number;
};

/*
 * All if they were seen; else by DescribeUserPool, a permission that nobody needs for anything
 * else; else by a sample of users: how many have a sub that begins in this or that way.
 */
struct count count_users(struct check *c, unsigned permitted, const struct measure *m);

struct count count_groups(struct check *c, unsigned permitted);

/* The memberships in the named groups. */
struct count count_members(struct check *c, unsigned permitted);

#endif
