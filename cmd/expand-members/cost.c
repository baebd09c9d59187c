#include <inttypes.h>

#include "base/diag.h"
#include "net/pager.h"

#include "cost.h"

/* The text behind "N calls": minutes and rate. */
#define TIME "%.1f minutes at %g a second"

static const char by_group[] = "ListUsersInGroup", by_user[] = "AdminListGroupsForUser";

static double
minutes(const struct job *job, const char *operation, double calls)
{
	return calls / aws_rate(job->client, operation) / 60;
}

static double
rate(const struct job *job, const char *operation)
{
	return aws_rate(job->client, operation);
}

void
cost_of_groups(const struct job *job)
{
	size_t groups = job->roster.count;

	diag_verbose(1, "by group: %zu groups are %zu calls or more, " TIME ", and a call more for "
	    "every %d members beyond the first", groups, groups,
	    minutes(job, by_group, (double)groups), rate(job, by_group), PAGER_LIMIT);
	diag_verbose(1, "by user it would be a call a user, perhaps billed: for a thousand users "
	    TIME, minutes(job, by_user, 1000), rate(job, by_user));
}

void
cost_of_users(const struct job *job)
{
	diag_verbose(1, "by user: a call a user, perhaps billed: for a thousand users " TIME,
	    minutes(job, by_user, 1000), rate(job, by_user));
	diag_verbose(1, "by group it would be a call for every %d members: for a thousand calls "
	    TIME, PAGER_LIMIT, minutes(job, by_group, 1000), rate(job, by_group));
}

void
cost_was_groups(const struct job *job, uint64_t memberships, uint64_t users)
{
	uint64_t calls = aws_stats(job->client)->calls;

	diag_verbose(1, "by group: %" PRIu64 " memberships took %" PRIu64 " calls, " TIME,
	    memberships, calls, minutes(job, by_group, (double)calls), rate(job, by_group));
	if (users > 0)
		diag_verbose(1, "by user these %" PRIu64 " users would be as many calls, perhaps "
		    "billed, " TIME, users, minutes(job, by_user, (double)users),
		    rate(job, by_user));
}

void
cost_was_users(const struct job *job, uint64_t users, uint64_t calls_by_group)
{
	uint64_t calls = aws_stats(job->client)->calls;

	diag_verbose(1, "by user: %" PRIu64 " users took %" PRIu64 " calls, " TIME, users, calls,
	    minutes(job, by_user, (double)calls), rate(job, by_user));
	diag_verbose(1, "by group these memberships would be %" PRIu64 " calls or more, " TIME,
	    calls_by_group, minutes(job, by_group, (double)calls_by_group), rate(job, by_group));
}
