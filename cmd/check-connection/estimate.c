/* Size and duration (estimate.h). */
#include "estimate.h"

#include <string.h>

#include "net/http.h"
#include "net/pace.h"

#include "count.h"

enum { PAGE = 60, MINUTE = 60, HOUR = 60 * MINUTE };

static uint64_t
pages(uint64_t items)
{
	return items > 0 ? (items + PAGE - 1) / PAGE : 1;
}

/*
 * Seconds for calls of an operation.  In a chain one waits for the other; else as many as are
 * in flight at once share the waiting.
 */
static double
duration(const struct check *c, const struct measure *m, const char *operation, uint64_t calls,
    bool chain)
{
	double rate = pace_rate(pace_category(operation), c->config.share, c->config.max_rate);
	double one = (double)m->page_ms / 1000;

	if (!chain)
		one /= HTTP_IN_FLIGHT_MAX;
	if (rate > 0 && one < 1 / rate)
		one = 1 / rate;
	return (double)calls * one;
}

/* Two digits: a sample knows no more. */
static uint64_t
rounded(uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 100)
		unit *= 10;
	return (n + unit / 2) / unit * unit;
}

static void
put_count(struct buf *b, struct count n, const char *one, const char *many)
{
	static const char *const words[] = { "an unknown number of", "", "about ", "about ",
		"at least " };
	const char *what = n.number == 1 ? one : many;

	if (n.kind == COUNT_SAMPLED)
		n.number = rounded(n.number);
	if (n.kind == COUNT_UNKNOWN)
		report_say(b, "%s %s", words[n.kind], many);
	else
		report_say(b, "%s%llu %s%s", words[n.kind], (unsigned long long)n.number, what,
		    n.kind == COUNT_ESTIMATED ? " (by DescribeUserPool)" :
		    n.kind == COUNT_SAMPLED ? " (by a sample)" : "");
}

static void
put_duration(struct buf *b, const struct check *c, double seconds, bool at_least)
{
	uint64_t s = (uint64_t)(seconds + 0.5);

	report_say(b, "; %s%s takes %s ", c->plan->name,
	    c->plan->every_pool ? " of this pool" : "", at_least ? "at least" : "about");
	if (s <= 1)
		report_say(b, "a second");
	else if (s < (uint64_t)2 * MINUTE)
		report_say(b, "%llu s", (unsigned long long)s);
	else if (s < (uint64_t)2 * HOUR)
		report_say(b, "%llu min", (unsigned long long)(s + MINUTE / 2) / MINUTE);
	else
		report_say(b, "%llu h %llu min", (unsigned long long)s / HOUR,
		    (unsigned long long)s % HOUR / MINUTE);
}

static bool
is_known(struct count n)
{
	return n.kind != COUNT_UNKNOWN;
}

/* Oracle's own application does not pace itself as we do. */
static bool
is_ours(const struct check *c)
{
	return !plan_has(c->plan->operations, PLAN_ADMIN_LIST_GROUPS_FOR_USER);
}

/* The whole pool.  On the average a user is taken to be in one group. */
static void
estimate_pool(struct check *c, unsigned permitted, const struct measure *m)
{
	bool of_users = plan_has(c->operations, PLAN_LIST_USERS);
	bool of_groups = plan_has(c->operations, PLAN_LIST_GROUPS);
	struct count users = { COUNT_EXACT, 0 }, groups = { COUNT_EXACT, 0 };
	struct buf *b = &c->report.detail;
	double seconds = 0;

	if (of_users) {
		users = count_users(c, permitted, m);
		put_count(b, users, "user", "users");
		seconds += duration(c, m, "ListUsers", pages(users.number), true);
	}
	if (of_groups) {
		report_say(b, "%s", of_users ? ", " : "");
		groups = count_groups(c, permitted);
		put_count(b, groups, "group", "groups");
		seconds += duration(c, m, "ListGroups", pages(groups.number), true);
	}
	if (plan_has(c->operations, PLAN_LIST_USERS_IN_GROUP))
		seconds += duration(c, m, "ListUsersInGroup", groups.number +
		    users.number / PAGE, false);
	if (!is_known(users) || !is_known(groups)) {
		report_unknown(&c->report, "estimate");
		return;
	}
	if (is_ours(c))
		put_duration(b, c, seconds, users.kind == COUNT_AT_LEAST ||
		    groups.kind == COUNT_AT_LEAST);
	if (users.kind == COUNT_AT_LEAST)
		report_unknown(&c->report, "estimate");
	else
		report_ok(&c->report, "estimate");
}

static void
estimate_named(struct check *c, unsigned permitted, const struct measure *m)
{
	struct count members = { COUNT_EXACT, 0 }, groups = { COUNT_EXACT, c->groups.count };
	struct buf *b = &c->report.detail;
	double seconds = 0;

	put_count(b, groups, "group", "groups");
	if (plan_has(c->operations, PLAN_GET_GROUP))
		seconds += duration(c, m, "GetGroup", groups.number, false);
	if (plan_has(c->operations, PLAN_LIST_USERS_IN_GROUP)) {
		members = count_members(c, permitted);
		report_say(b, ", ");
		put_count(b, members, "membership", "memberships");
		seconds += duration(c, m, "ListUsersInGroup", groups.number +
		    members.number / PAGE, false);
	}
	if (!is_known(members)) {
		report_unknown(&c->report, "estimate");
		return;
	}
	if (is_ours(c))
		put_duration(b, c, seconds, members.kind == COUNT_AT_LEAST);
	report_ok(&c->report, "estimate");
}

void
estimate_check(struct check *c, unsigned permitted, const struct measure *m)
{
	if (check_lacks_access(c, "estimate"))
		return;
	if (c->groups.count > 0) {
		estimate_named(c, permitted, m);
	} else if (plan_has(c->operations, PLAN_LIST_USERS) ||
	    plan_has(c->operations, PLAN_LIST_GROUPS)) {
		estimate_pool(c, permitted, m);
	} else {
		report_say(&c->report.detail, plan_has(c->operations, PLAN_LIST_USERS_IN_GROUP) ?
		    "not tried: which groups will be read is not known" :
		    "not tried: how many pools there are is not counted");
		report_unknown(&c->report, "estimate");
	}
}
