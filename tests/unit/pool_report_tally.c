/* Counts by name: told apart up to a limit, and in an order that the coming does not change. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/pool-report/tally.c"	/* NOLINT(bugprone-suspicious-include) */

static struct tally_row *
row_of(struct tally *t, const char *name)
{
	return tally_row(t, name, strlen(name));
}

/* So many names, each counted as often as its number says, from the last or the first. */
static void
fill(struct tally *t, size_t names, bool backwards)
{
	for (size_t i = 0; i < names; i++) {
		size_t number = backwards ? names - 1 - i : i;
		char name[32];

		snprintf(name, sizeof name, "name %zu", number);
		row_of(t, name)->count[NOW][0] += number / 2;
	}
}

/* Whether both list the same names in the same order. */
static bool
agree(const struct tally *a, const struct tally *b)
{
	size_t m, n, *first = tally_sort(a, 0, &m), *second = tally_sort(b, 0, &n);
	bool same = m == n;

	for (size_t i = 0; same && i < n; i++)
		same = strcmp(a->rows[first[i]].name, b->rows[second[i]].name) == 0;
	free(first);
	free(second);
	return same;
}

int
main(void)
{
	char longest[TALLY_NAME_MAX + 2];
	struct tally a, b;
	size_t n, *order;

	tally_init(&a, 1000);
	tally_init(&b, 1000);
	fill(&a, 1000, false);
	fill(&b, 1000, true);
	ok(a.count == 1000 && !a.beyond, "as many as there is room for are told apart");
	ok(agree(&a, &b), "the order is that of counts and names, not of the coming");
	order = tally_sort(&a, 0, &n);
	ok(n == 998 && strcmp(a.rows[order[0]].name, "name 998") == 0,
	    "the largest first, what was never counted not at all");
	free(order);
	ok(row_of(&a, "name 7") == &a.rows[7] && tally_number(&a, &a.rows[7]) == 7,
	    "a name is found again");

	row_of(&a, "one more")->count[NOW][0] += 3;
	row_of(&a, "and another")->count[NOW][0] += 4;
	ok(a.beyond && a.count == 1000 && a.rows[a.count].count[NOW][0] == 7,
	    "further names are counted together");
	ok(tally_number(&a, row_of(&a, "one more")) == 1000, "under a number of their own");

	tally_free(&b);
	tally_init(&b, 1000);
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	row_of(&b, longest)->count[NOW][0] += 5;
	row_of(&b, longest + 1)->count[NOW][0] += 6;
	ok(b.count == 1 && b.beyond && b.rows[0].count[NOW][0] == 6 &&
	    b.rows[1].count[NOW][0] == 5, "a name that is too long is one of the others, who move on");
	ok(tally_number(&b, row_of(&b, longest)) == 1000, "with the same number all along");
	tally_free(&a);
	tally_free(&b);
	return tap_done();
}
