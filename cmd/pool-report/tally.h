/*
 * Counts by name, of both snapshots, in bounded memory: so many names are told apart, what comes
 * with another one, or with a name of more than TALLY_NAME_MAX bytes, is counted as "others".
 */
#ifndef POOL_REPORT_TALLY_H
#define POOL_REPORT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum side { NOW, BEFORE, SIDES };

enum {
	TALLY_NAME_MAX = 512,	/* 128 characters of four bytes: the longest name of a group */
	TALLY_FIGURES = 3	/* counts of a name, by side */
};

struct tally_row {
	char *name;		/* NULL: others */
	uint64_t count[SIDES][TALLY_FIGURES];
	uint64_t stamp;		/* the caller's */
	unsigned marks[SIDES];	/* the caller's */
};

struct tally {
	struct tally_row *rows;	/* in order of appearance, others behind the last one */
	size_t count, max;
	bool beyond;		/* there are others */
	/* private */
	struct hash_key key;
	uint32_t *slots;	/* numbers of rows + 1; 0: none */
	size_t mask;
};

/* For at most max names. */
void tally_init(struct tally *t, size_t max);

void tally_free(struct tally *t);

/*
 * The row of a name of len bytes (no NUL among them), made if need be; that of the others is
 * &t->rows[t->count].  Borrowed until the next call.
 */
struct tally_row *tally_row(struct tally *t, const char *name, size_t len);

/* Its number, which does not change any more: that of the row, or t->max for the others. */
static inline size_t
tally_number(const struct tally *t, const struct tally_row *row)
{
	return row->name != NULL ? (size_t)(row - t->rows) : t->max;
}

/*
 * The numbers of the rows that have a count of figure on one of the sides, or a mark now: the
 * largest count of now first, by name where they are equal; others never.  *n gets how many.  The
 * caller frees.
 */
size_t *tally_sort(const struct tally *t, int figure, size_t *n);

#endif
