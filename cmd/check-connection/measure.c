/* Pages against the clock (measure.h). */
#include "measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/pace.h"

#include "explain.h"
#include "page.h"

/* Keeps how the user's sub begins. */
static void
keep_sub(struct measure *m, const struct page *p, uint32_t user)
{
	const struct tok *tok = p->list.tok;
	uint32_t list = tok_member(&p->list, p->text, user, "Attributes");

	for (uint32_t i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next) {
		uint32_t name = tok_member(&p->list, p->text, i, "Name");
		uint32_t value = tok_member(&p->list, p->text, i, "Value");

		if (name == 0 || value == 0 || !tok_is(&tok[name], p->text, "sub", 3) ||
		    tok[value].end - tok[value].start < MEASURE_SUB || m->subs == MEASURE_SUBS)
			continue;
		memcpy(m->sub[m->subs++], p->text + tok[value].start, MEASURE_SUB);
		return;
	}
}

static void
take_users(struct measure *m, const struct page *p)
{
	const struct tok *tok = p->list.tok;

	m->users += p->items;
	m->all = p->last;
	for (uint32_t i = p->array + 1; i < tok[p->array].next; i = tok[i].next)
		if (tok[i].type == TOK_OBJECT)
			keep_sub(m, p, i);
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Which listing shows the speed: -1, none that is permitted. */
static int
choose(const struct check *c, unsigned permitted)
{
	if (plan_has(permitted, PLAN_LIST_USERS))
		return PLAN_LIST_USERS;
	if (plan_has(permitted, PLAN_LIST_USERS_IN_GROUP) && c->groups.count > 0)
		return PLAN_LIST_USERS_IN_GROUP;
	return plan_has(permitted, PLAN_LIST_GROUPS) ? PLAN_LIST_GROUPS : -1;
}

static void
check_speed(struct check *c, unsigned permitted, struct measure *m)
{
	static const char name[] = "page speed";
	int operation = choose(c, permitted), n = 0;
	bool by_group = operation == PLAN_LIST_USERS_IN_GROUP;
	const struct aws_result *failure = NULL;
	int64_t took[MEASURE_PAGES];
	struct page p;

	if (check_lacks_access(c, name))
		return;
	if (operation == -1) {
		report_say(&c->report.detail, "not tried: no listing is permitted, or it is not "
		    "known of which group");
		report_unknown(&c->report, name);
		return;
	}
	page_start(&p, c, operation, by_group ? "GroupName" : NULL,
	    by_group ? c->groups.items[0] : NULL);
	while (n < MEASURE_PAGES && failure == NULL && (n == 0 || !p.last)) {
		int64_t started = clock_mono_ms();

		failure = page_next(&p);
		took[n++] = clock_mono_ms() - started;
		if (failure == NULL && operation == PLAN_LIST_USERS)
			take_users(m, &p);
	}
	qsort(took, (size_t)n, sizeof *took, compare);
	if (failure != NULL) {
		explain_call(c, failure);
		/* Of a group that is not there, its own check has told. */
		if (by_group)
			report_unknown(&c->report, name);
		else
			report_failed(&c->report, name, aws_status(failure->outcome));
	} else {
		m->page_ms = took[n / 2] > 0 ? took[n / 2] : 1;
		report_say(&c->report.detail, "%lld ms for a page of 60 by %s (median of %d)",
		    (long long)m->page_ms, plan_operations[operation].name, n);
		report_ok(&c->report, name);
	}
	page_end(&p);
}

/* What the plan asks most of. */
static const char *
main_operation(const struct check *c)
{
	if (plan_has(c->operations, PLAN_LIST_USERS_IN_GROUP) ||
	    plan_has(c->operations, PLAN_LIST_USERS))
		return "ListUsers";
	return plan_has(c->operations, PLAN_LIST_GROUPS) || plan_has(c->operations, PLAN_GET_GROUP) ?
	    "ListGroups" : "ListUserPools";
}

static void
check_quota(struct check *c)
{
	static const char name[] = "quota";
	enum pace_category category = pace_category(main_operation(c));
	double rate = pace_rate(category, c->config.share, c->config.max_rate);
	const struct aws_stats *stats;
	struct report *r = &c->report;

	if (check_lacks_access(c, name))
		return;
	stats = aws_stats(c->client);
	report_say(&r->detail, "%s: %g calls a second by default; ", category == PACE_USER_LIST ?
	    "ListUsers and ListUsersInGroup, for the whole account and region" :
	    category == PACE_POOL_READ ?
	    "ListUserPools and DescribeUserPool, for the whole account and region" :
	    "ListGroups and GetGroup, for the pool", pace_rate(category, 100, 0));
	if (rate > 0)
		report_say(&r->detail, "%g are used", rate);
	else
		report_say(&r->detail, "not paced, since the endpoint is this machine");
	report_say(&r->detail, "; %llu of %llu calls here were throttled",
	    (unsigned long long)stats->throttles, (unsigned long long)stats->calls);
	if (stats->throttles == 0) {
		report_ok(r, name);
		return;
	}
	report_say(&r->hint, "Others use the quota at this time: take another hour, or a "
	    "lower --share or --max-rate; AWS does not raise this quota. The commands wait and try "
	    "again, so this makes a run slow, not wrong.");
	report_unknown(r, name);
}

void
measure_check(struct check *c, unsigned permitted, struct measure *m)
{
	memset(m, 0, sizeof *m);
	check_speed(c, permitted, m);
	check_quota(c);
}
