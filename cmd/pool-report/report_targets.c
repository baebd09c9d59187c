/* The report's sections about targets, and about changes since the other snapshot. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#include "report_parts.h"

/* Reasons of the same number by their text: not by who happens to come first. */
static void
sort_equals(const struct sink_reasons *r, size_t *order, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0; k--) {
			const char *text, *above;
			size_t number = order[k];

			if (sink_reasons_at(r, number, &text) !=
			    sink_reasons_at(r, order[k - 1], &above) || strcmp(text, above) >= 0)
				break;
			order[k] = order[k - 1];
			order[k - 1] = number;
		}
}

static void
show_target(struct report *r, const struct target *t)
{
	size_t order[SINK_REASONS_MAX], n = sink_reasons_list(t->reasons, order);
	struct page_item items[SINK_REASONS_MAX + 1];
	char title[120], about[120], number[PAGE_NUMBER_SIZE];
	struct page_chart chart = {
		.title = title, .item = "Reason", .unit = "Users", .total = r->now->users,
		.empty = "Nobody would be rejected."
	};
	const char *text;
	size_t count = 0;

	sort_equals(t->reasons, order, n);
	snprintf(title, sizeof title, "Rejected by %.100s", t->name);
	for (; count < n; count++) {
		uint64_t value = sink_reasons_at(t->reasons, order[count], &text);

		items[count] = (struct page_item){ .label = text, .value = value };
	}
	if (n > 0 && sink_reasons_at(t->reasons, SINK_REASONS_MAX, &text) > 0)
		items[count++] = (struct page_item){
			.label = "for other reasons", .rest = true,
			.value = sink_reasons_at(t->reasons, SINK_REASONS_MAX, &text)
		};
	page_bars(r->p, &chart, items, count, false);
	if (t->others > 0) {
		snprintf(about, sizeof about, "Groups and memberships that would be rejected, "
		    "too, and are not counted here: %s.", num_group(number, t->others));
		page_note(r->p, PAGE_PLAIN, about);
	}
	for (size_t i = 0; i < n && t->examples != NULL; i++) {
		uint64_t value = sink_reasons_at(t->reasons, order[i], &text);

		report_examples(r, text, &t->examples[order[i]], value);
	}
}

void
report_targets(struct report *r)
{
	struct page_figure *figures;

	if (r->t->count == 0)
		return;
	figures = mem_alloc(r->t->count * sizeof *figures);
	page_section(r->p, "Targets", "Whom the import of another system would reject, and why: "
	    "each for the first reason that was found.");
	for (size_t i = 0; i < r->t->count; i++)
		figures[i] = (struct page_figure){
			.label = r->t->list[i].name, .value = r->t->list[i].rejects,
			.of = r->now->users
		};
	page_figures(r->p, figures, r->t->count);
	for (size_t i = 0; i < r->t->count; i++)
		show_target(r, &r->t->list[i]);
	free(figures);
}

/* The rows as tally_sort has them, whatever the order of the records, and the others behind. */
static size_t *
order_of(const struct tally *t, int figure, size_t *n)
{
	size_t *order = tally_sort(t, figure, n);

	order = mem_resize(order, *n + 1, sizeof *order);
	order[(*n)++] = t->max;
	return order;
}

static const char *
status_name(const struct report *r, size_t number)
{
	return number < r->f->statuses.count ? r->f->statuses.rows[number].name :
	    "with names that are not told apart";
}

static void
show_moves(struct report *r)
{
	static const struct page_column columns[] = {
		{ "Status before", PAGE_LEFT }, { "Status now", PAGE_LEFT }, { "Users", PAGE_RIGHT }
	};
	const struct changes *c = &r->f->changes;
	struct grid g = { .cells = NULL };
	size_t n, *order = order_of(&r->f->statuses, COUNTED, &n);

	for (size_t k = 0; k < n; k++) {
		size_t i = order[k];

		for (size_t l = 0; l < n; l++) {
			if (c->moved[i][order[l]] == 0)
				continue;
			grid_text(&g, status_name(r, i));
			grid_text(&g, status_name(r, order[l]));
			grid_number(&g, c->moved[i][order[l]]);
		}
		if (c->fresh_by[i] > 0) {
			grid_text(&g, "(new)");
			grid_text(&g, status_name(r, i));
			grid_number(&g, c->fresh_by[i]);
		}
		if (c->gone_by[i] > 0) {
			grid_text(&g, status_name(r, i));
			grid_text(&g, "(gone)");
			grid_number(&g, c->gone_by[i]);
		}
	}
	grid_end(&g, r, &(struct page_chart){
		.title = "Changes of status", .empty = "Nobody has another status."
	}, columns, sizeof columns / sizeof *columns);
	free(order);
}

static void
show_altered(struct report *r)
{
	static const struct page_column columns[] = {
		{ "Attribute", PAGE_LEFT }, { "Set", PAGE_RIGHT }, { "Changed", PAGE_RIGHT },
		{ "Removed", PAGE_RIGHT }
	};
	const struct changes *c = &r->f->changes;
	struct grid g = { .cells = NULL };
	const struct tally *t = &r->f->attributes;
	size_t n, *order = order_of(t, ATTRIBUTE_FILLED, &n);

	for (size_t k = 0; k < n; k++) {
		size_t i = order[k];

		if (c->set[i] + c->altered[i] + c->cleared[i] == 0)
			continue;
		grid_text(&g, i < t->max ? t->rows[i].name : "with names that are not told apart");
		grid_number(&g, c->set[i]);
		grid_number(&g, c->altered[i]);
		grid_number(&g, c->cleared[i]);
	}
	grid_end(&g, r, &(struct page_chart){
		.title = "Changes of attributes", .about = "Of users who are in both snapshots.",
		.empty = "No attribute is another one."
	}, columns, sizeof columns / sizeof *columns);
	free(order);
}

static void
show_memberships(struct report *r)
{
	static const struct page_column columns[] = {
		{ "Group", PAGE_LEFT }, { "Members", PAGE_RIGHT }, { "Joined", PAGE_RIGHT },
		{ "Left", PAGE_RIGHT }
	};
	const struct tally *t = &r->f->groups;
	struct grid g = { .cells = NULL };
	size_t n, shown = 0, more = 0, *order = tally_sort(t, GROUP_MEMBERS, &n);
	char about[80];

	for (size_t i = 0; i < n; i++) {
		const uint64_t *now = t->rows[order[i]].count[NOW];

		if (now[GROUP_JOINED] + now[GROUP_LEFT] == 0)
			continue;
		if (shown++ >= GROUPS_SHOWN) {
			more++;
			continue;
		}
		grid_text(&g, t->rows[order[i]].name);
		grid_number(&g, now[GROUP_MEMBERS]);
		grid_number(&g, now[GROUP_JOINED]);
		grid_number(&g, now[GROUP_LEFT]);
	}
	snprintf(about, sizeof about, "The largest groups; %zu more %s changes.", more,
	    more == 1 ? "has" : "have");
	grid_end(&g, r, &(struct page_chart){
		.title = "Changes of memberships", .about = more > 0 ? about : NULL,
		.empty = "No group has other members."
	}, columns, sizeof columns / sizeof *columns);
	free(order);
}

void
report_changes(struct report *r)
{
	const struct changes *c = &r->f->changes;
	const struct page_figure figures[] = {
		{ .label = "New users", .value = c->fresh, .of = r->now->users },
		{ .label = "Users who are gone", .value = c->gone, .of = r->before->users },
		{ .label = "Changed users", .value = c->changed, .of = r->now->users },
		{ .label = "Enabled since", .value = c->switched_on },
		{ .label = "Disabled since", .value = c->switched_off },
		{ .label = "Second factor taken into use", .value = c->factor_on },
		{ .label = "Second factor given up", .value = c->factor_off },
		{ .label = "Second factor exchanged", .value = c->factor_other },
		{ .label = "Users with another user name", .value = c->renamed }
	};
	bool groups = r->now->groups_known && r->before->groups_known;
	const struct page_figure moves[] = {
		{ .label = "Memberships begun", .value = r->now->joined },
		{ .label = "by new users", .value = r->now->joined_new, .of = r->now->joined },
		{ .label = "Memberships ended", .value = r->now->left },
		{ .label = "by users who are gone", .value = r->now->left_gone, .of = r->now->left }
	};

	if (!r->f->compared)
		return;
	page_section(r->p, "Changes", "Since the other snapshot. Users are known again by their "
	    "sub, in memberships by their user name.");
	report_doubts(r);
	page_figures(r->p, figures, sizeof figures / sizeof *figures);
	show_moves(r);
	show_altered(r);
	if (!groups) {
		page_note(r->p, PAGE_PLAIN, "Nothing is known of changes of memberships: one of "
		    "the snapshots has none.");
		return;
	}
	page_figures(r->p, moves, sizeof moves / sizeof *moves);
	show_memberships(r);
}
