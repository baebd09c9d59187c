/* push-scim's index of what the server has, and its set of memberships. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/push-scim/index.c"		/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/push-scim/pairs.c"		/* NOLINT(bugprone-suspicious-include) */

enum { MANY = 20000 };

static void
set_number(struct index *ix, uint32_t entry, enum index_key which, int value)
{
	char text[24];

	snprintf(text, sizeof text, "k%d", value);
	index_set(ix, entry, which, text, strlen(text));
}

/* The entry with this key, or -1. */
static long
find_number(const struct index *ix, enum index_key which, int value)
{
	char text[24];
	uint32_t entry;

	snprintf(text, sizeof text, "k%d", value);
	return index_find(ix, which, text, strlen(text), &entry) ? (long)entry : -1;
}

static void
test_index(void)
{
	struct index ix;
	uint32_t entry;
	size_t wrong = 0;

	index_init(&ix);
	ok(find_number(&ix, INDEX_ID, 1) == -1, "nothing in an empty one");
	for (int i = 0; i < MANY; i++) {
		index_add(&ix, &entry);
		set_number(&ix, entry, INDEX_ID, i);
		if (i % 2 == 0)
			set_number(&ix, entry, INDEX_NAME, i);
	}
	for (int i = 0; i < MANY; i++) {
		wrong += find_number(&ix, INDEX_ID, i) != i;
		wrong += find_number(&ix, INDEX_NAME, i) != (i % 2 == 0 ? i : -1);
		wrong += find_number(&ix, INDEX_EXTERNAL, i) != -1;
	}
	ok(wrong == 0, "all are found, by the right key");
	/* Everybody gets the name of the one before. */
	for (int i = 0; i < MANY; i++)
		set_number(&ix, (uint32_t)i, INDEX_NAME, i - 1);
	for (int i = 0; i < MANY; i++)
		wrong += find_number(&ix, INDEX_NAME, i - 1) != i;
	ok(wrong == 0, "a new name leads to its new owner");
	ok(find_number(&ix, INDEX_NAME, MANY - 1) == -1, "and none to the old one");
	is(index_text(&ix, 5, INDEX_ID), "k5", "the text of a key");
	ok(index_text(&ix, 5, INDEX_EXTERNAL) == NULL, "no key");
	index_free(&ix);
}

static void
test_pairs(void)
{
	struct pairs p;
	size_t wrong = 0;

	pairs_init(&p);
	for (uint32_t i = 0; i < MANY; i++)
		wrong += !pairs_add(&p, pairs_make(i % 7, i));
	for (uint32_t i = 0; i < MANY; i++)
		wrong += pairs_add(&p, pairs_make(i % 7, i));
	ok(wrong == 0 && p.count == MANY, "each once");
	ok(pairs_add(&p, pairs_make(7, 0)), "another group is another pair");
	ok(!pairs_add(&p, pairs_make(0, 0)), "the pair of zeroes is one too");
	pairs_free(&p);
}

int
main(void)
{
	test_index();
	test_pairs();
	return tap_done();
}
