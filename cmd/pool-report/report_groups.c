/* The report's section about groups. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/cognito.h"

#include "report_parts.h"

/* How two of the largest groups overlap. */
struct pair {
	size_t a, b;		/* a is the larger one */
	uint64_t both;
};

static void
show_sizes(struct report *r)
{
	static const char *const steps[GROUP_STEPS] = {
		"none", "1", "2", "3", "4", "5 to 9", "10 or more"
	};
	struct page_item items[GROUP_STEPS];

	report_tally(r, &(struct page_chart){
		.title = "Groups by size", .item = "Group", .unit = "Members",
		.about = "A user may be in several."
	}, &r->f->groups, GROUP_MEMBERS, GROUPS_SHOWN);
	for (int i = 0; i < GROUP_STEPS; i++)
		items[i] = report_item(r, steps[i], r->now->by_groups[i], r->before->by_groups[i]);
	page_bars(r->p, &(struct page_chart){
		.title = "Users by number of groups", .item = "Groups", .unit = "Users",
		.total = r->now->users
	}, items, GROUP_STEPS, true);
}

/* The largest groups of the overlap that are shown as a matrix. */
static void
show_matrix(struct report *r)
{
	const struct overlap *o = &r->f->overlap;
	size_t n = o->n < MATRIX_SHOWN ? o->n : MATRIX_SHOWN;
	const char *labels[MATRIX_SHOWN];
	uint64_t counts[MATRIX_SHOWN * MATRIX_SHOWN];
	char about[120];

	for (size_t i = 0; i < n; i++) {
		labels[i] = r->f->groups.rows[o->group[i]].name;
		for (size_t j = 0; j < n; j++)
			counts[i * n + j] = o->both[i * o->n + j];
	}
	snprintf(about, sizeof about, "Users who are in both, of the largest groups (%zu of %zu).",
	    n, r->f->groups.count);
	page_matrix(r->p, &(struct page_chart){
		.title = "Overlap of groups", .about = about, .item = "Group", .unit = "Users"
	}, labels, counts, n);
}

/* The largest overlap first, then as their groups are sorted. */
static int
compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->both != y->both)
		return x->both > y->both ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : 1;
}

static void
show_pairs(struct report *r)
{
	static const struct page_column columns[] = {
		{ "Group", PAGE_LEFT }, { "and group", PAGE_LEFT }, { "In both", PAGE_RIGHT },
		{ "Of the smaller one", PAGE_RIGHT }, { "Note", PAGE_LEFT }
	};
	const struct overlap *o = &r->f->overlap;
	struct pair *pairs = mem_alloc((o->n * o->n + 1) * sizeof *pairs);
	struct grid g = { .cells = NULL };
	size_t n = 0, noted = 0, n_columns = sizeof columns / sizeof *columns;
	char about[160];

	for (size_t i = 0; i < o->n; i++)
		for (size_t j = i + 1; j < o->n; j++)
			if (o->both[i * o->n + j] > 0)
				pairs[n++] = (struct pair){ i, j, o->both[i * o->n + j] };
	qsort(pairs, n, sizeof *pairs, compare_pairs);
	for (size_t i = 0; i < n && i < PAIRS_SHOWN; i++)
		noted += pairs[i].both == o->both[pairs[i].b * o->n + pairs[i].b];
	if (noted == 0)
		n_columns--;
	for (size_t i = 0; i < n && i < PAIRS_SHOWN; i++) {
		uint64_t large = o->both[pairs[i].a * o->n + pairs[i].a];
		uint64_t small = o->both[pairs[i].b * o->n + pairs[i].b];

		grid_text(&g, r->f->groups.rows[o->group[pairs[i].a]].name);
		grid_text(&g, r->f->groups.rows[o->group[pairs[i].b]].name);
		grid_number(&g, pairs[i].both);
		grid_share(&g, pairs[i].both, small);
		if (noted > 0)
			grid_text(&g, pairs[i].both < small ? NULL :
			    small == large ? "the same members" : "contained in the first");
	}
	snprintf(about, sizeof about, "The %d largest groups are compared; of the pairs that share "
	    "users, %zu, at most %d are shown.", OVERLAP_GROUPS, n, PAIRS_SHOWN);
	grid_end(&g, r, &(struct page_chart){
		.title = "Largest overlaps", .about = about,
		.empty = "No two of the largest groups share a user."
	}, columns, n_columns);
	free(pairs);
}

/* Groups of which the name tells that Cognito makes and fills them. */
static uint64_t
count_providers_groups(const struct tally *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += cognito_is_providers_group(t->rows[i].name) &&
		    (t->rows[i].marks[NOW] != 0 || t->rows[i].count[NOW][GROUP_MEMBERS] > 0);
	return n;
}

static uint64_t
count_groups(const struct tally *t, enum side side, bool empty)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += empty ? t->rows[i].count[side][GROUP_MEMBERS] == 0 &&
		    t->rows[i].marks[side] != 0 : t->rows[i].count[side][GROUP_MEMBERS] != 0;
	return n;
}

void
report_groups(struct report *r)
{
	const struct totals *now = r->now, *before = r->before;
	const struct tally *t = &r->f->groups;
	struct page_figure figures[7];
	size_t n = 0;

	page_section(r->p, "Groups", NULL);
	if (!now->groups_known && now->groups == 0) {
		page_note(r->p, PAGE_PLAIN, "Nothing is known of groups: the records have neither "
		    "groups nor memberships, and the users no Groups.");
		return;
	}
	if (!now->groups_known)
		figures[n++] = report_figure(r, "Groups", now->groups, before->groups, 0);
	if (now->groups_known) {
		figures[n++] = report_figure(r, "Groups with members", count_groups(t, NOW, false),
		    count_groups(t, BEFORE, false), 0);
		figures[n++] = report_figure(r, "Empty groups", count_groups(t, NOW, true),
		    count_groups(t, BEFORE, true), 0);
		figures[n++] = report_figure(r, "Users in a group", now->members, before->members,
		    now->users);
		figures[n++] = report_figure(r, "Users in no group", now->by_groups[0],
		    before->by_groups[0], now->users);
	}
	if (count_providers_groups(t) > 0) {
		figures[n] = report_figure(r, "Groups of identity providers",
		    count_providers_groups(t), 0, 0);
		figures[n].has_delta = false;
		figures[n++].note = "made by Cognito";
	}
	if (now->unasked > 0)
		figures[n++] = report_figure(r, "Users whose groups are not known", now->unasked,
		    before->unasked, now->users);
	if (now->strays > 0) {
		figures[n] = report_figure(r, "Memberships of others", now->strays,
		    before->strays, 0);
		figures[n++].note = "users who are not among the records";
	}
	/* Groups that nobody asked for were not none. */
	for (size_t i = 0; i < n && !before->groups_known; i++)
		figures[i].has_delta = false;
	page_figures(r->p, figures, n);
	if (!now->groups_known) {
		page_note(r->p, PAGE_PLAIN, "Nobody has asked who is in the groups.");
		return;
	}
	show_sizes(r);
	if (r->f->overlap.n > 1) {
		show_matrix(r);
		show_pairs(r);
	}
}
