/* The report's sections about users: status, proofs, second factors, dates, providers. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#include "report_parts.h"

enum {
	MONTHS_MAX = 120,	/* a series of more is shown in years */
	YEARS = 100,
	MONTHS = YEARS * 12,
	FIRST_YEAR = 2000
};

static void
stack_proofs(struct report *r, const char *title, const uint64_t now[PROOFS],
    const uint64_t before[PROOFS])
{
	const struct page_item items[] = {
		report_item(r, "verified", now[PROOF_VERIFIED], before[PROOF_VERIFIED]),
		report_item(r, "not verified", now[PROOF_UNVERIFIED], before[PROOF_UNVERIFIED]),
		report_item(r, "none", now[PROOF_NONE], before[PROOF_NONE])
	};

	page_stack(r->p, &(struct page_chart){
		.title = title, .item = "State", .unit = "Users", .total = r->now->users
	}, items, sizeof items / sizeof *items);
}

static void
stack_enabled(struct report *r)
{
	const struct totals *now = r->now, *before = r->before;
	const struct page_item items[] = {
		report_item(r, "enabled", now->enabled, before->enabled),
		report_item(r, "disabled", now->disabled, before->disabled),
		report_item(r, "not said", now->users - now->enabled - now->disabled,
		    before->users - before->enabled - before->disabled)
	};

	page_stack(r->p, &(struct page_chart){
		.title = "Enabled users", .item = "State", .unit = "Users", .total = now->users
	}, items, items[2].value > 0 || items[2].delta != 0 ? 3 : 2);
}

static void
show_factors(struct report *r)
{
	const uint64_t *now = r->now->factor, *before = r->before->factor;
	const struct page_item items[] = {
		report_item(r, "in use", now[FACTOR_ON], before[FACTOR_ON]),
		report_item(r, "not in use", now[FACTOR_OFF], before[FACTOR_OFF]),
		report_item(r, "not known", now[FACTOR_UNKNOWN], before[FACTOR_UNKNOWN])
	};

	if (now[FACTOR_ON] + now[FACTOR_OFF] + before[FACTOR_ON] + before[FACTOR_OFF] == 0) {
		page_note(r->p, PAGE_PLAIN, "Nothing is known of second factors: lists of users "
		    "have none, and to ask for each user alone makes him a billed one.");
		return;
	}
	page_stack(r->p, &(struct page_chart){
		.title = "Second factor", .item = "State", .unit = "Users", .total = r->now->users,
		.about = "As the records say it: UserMFASettingList, PreferredMfaSetting, and "
		    "MFAOptions, which knows of text messages alone."
	}, items, sizeof items / sizeof *items);
	report_tally(r, &(struct page_chart){
		.title = "Second factors in use", .item = "Method", .unit = "Users",
		.about = "A user may have several."
	}, &r->f->methods, COUNTED, BARS_SHOWN);
}

void
report_users(struct report *r)
{
	page_section(r->p, "Users", NULL);
	report_tally(r, &(struct page_chart){
		.title = "Users by status", .item = "Status", .unit = "Users",
		.total = r->now->users,
		.about = "EXTERNAL_PROVIDER is the profile of somebody who signed in through an "
		    "identity provider."
	}, &r->f->statuses, COUNTED, BARS_SHOWN);
	stack_enabled(r);
	stack_proofs(r, "E-mail addresses", r->now->email, r->before->email);
	stack_proofs(r, "Telephone numbers", r->now->phone, r->before->phone);
	show_factors(r);
}

/* Sums by month; returns the first month with any and one behind the last, the same if none has. */
static size_t
sum_months(const struct totals *t, uint64_t months[MONTHS], size_t *end)
{
	size_t first = 0;

	memset(months, 0, MONTHS * sizeof *months);
	*end = 0;
	for (int day = 0; day < DAYS; day++) {
		char date[CLOCK_RFC3339_SIZE];
		size_t month;

		if (t->days[day] == 0)
			continue;
		clock_rfc3339((int64_t)(day + FIGURES_FIRST_DAY) * FIGURES_DAY_MS, date);
		month = (size_t)(strtol(date, NULL, 10) - FIRST_YEAR) * 12 +
		    (size_t)strtol(date + 5, NULL, 10) - 1;
		if (*end == 0)
			first = month;
		months[month] += t->days[day];
		*end = month + 1;
	}
	return first;
}

static void
show_series(struct report *r)
{
	uint64_t months[MONTHS], years[YEARS] = { 0 };
	size_t end, first = sum_months(r->now, months, &end);
	struct page_chart chart = {
		.title = "Sign-ups by month", .item = "Month", .unit = "New users",
		.about = "Users of today by the date of their creation; who was deleted since is "
		    "not among them.", .empty = "No user has a date that can be read."
	};
	struct page_start start = {
		.period = PAGE_MONTHS, .year = (int)(first / 12) + FIRST_YEAR,
		.month = (int)(first % 12) + 1
	};

	if (end - first <= MONTHS_MAX) {
		page_series(r->p, &chart, start, months + first, end - first);
		return;
	}
	for (size_t m = first; m < end; m++)
		years[m / 12] += months[m];
	chart.title = "Sign-ups by year";
	chart.item = "Year";
	start.period = PAGE_YEARS;
	page_series(r->p, &chart, start, years + first / 12, (end - 1) / 12 - first / 12 + 1);
}

/* Users who were made on one of the last days, counted from the report's now. */
static uint64_t
newer_than(const struct totals *t, int64_t ms, int days)
{
	int64_t last = ms / FIGURES_DAY_MS - FIGURES_FIRST_DAY;
	uint64_t sum = 0;

	for (int64_t day = last - days + 1; day <= last; day++)
		if (day >= 0 && day < DAYS)
			sum += t->days[day];
	return sum;
}

void
report_dates(struct report *r)
{
	int64_t ms = report_time(r->now);
	struct page_figure figures[5];
	size_t n = 0;

	page_section(r->p, "Sign-ups", NULL);
	if (ms >= 0) {
		static const char *const labels[] = {
			"In the last 30 days", "In the last 90 days", "In the last 365 days"
		};
		static const int days[] = { 30, 90, 365 };

		for (; n < 3; n++)
			figures[n] = (struct page_figure){
				.label = labels[n], .value = newer_than(r->now, ms, days[n]),
				.of = r->now->users
			};
	}
	if (r->now->undated > 0)
		figures[n++] = (struct page_figure){
			.label = "Without a date", .value = r->now->undated, .of = r->now->users
		};
	if (r->now->other_days > 0)
		figures[n++] = (struct page_figure){
			.label = "In other centuries", .value = r->now->other_days,
			.of = r->now->users
		};
	page_figures(r->p, figures, n);
	show_series(r);
}

void
report_federation(struct report *r)
{
	const struct totals *now = r->now, *before = r->before;
	const struct page_figure figures[] = {
		report_figure(r, "Federated profiles", now->profiles, before->profiles, now->users),
		report_figure(r, "Native users with a linked identity", now->linked, before->linked,
		    now->users)
	};

	page_section(r->p, "Federation", "Who signs in through an identity provider has a profile "
	    "of his own there, or is linked to a native user (attribute identities).");
	if (now->profiles + now->linked + before->profiles + before->linked == 0) {
		page_note(r->p, PAGE_PLAIN, "Nobody has an identity at an identity provider.");
		return;
	}
	page_figures(r->p, figures, sizeof figures / sizeof *figures);
	report_tally(r, &(struct page_chart){
		.title = "Profiles by identity provider", .item = "Provider", .unit = "Profiles",
		.about = "Identities of federated profiles."
	}, &r->f->providers, PROVIDER_PROFILES, BARS_SHOWN);
	report_tally(r, &(struct page_chart){
		.title = "Linked identities by identity provider", .item = "Provider",
		.unit = "Identities", .about = "Identities that are linked to native users."
	}, &r->f->providers, PROVIDER_LINKED, BARS_SHOWN);
}
