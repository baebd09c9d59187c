/*
 * Rows that must wait until it is known which of them repeat a key: the rows and their records lie
 * in a temporary file without a name, the keys go through sort(1), and memory stays flat; where
 * several columns are unique it takes a bit a row and column.
 */
#ifndef EMIT_CSV_UNIQUE_H
#define EMIT_CSV_UNIQUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "row.h"

struct unique;

struct unique_row {
	const char *stream;	/* lives until unique_free */
	uint64_t line;
	const char *row;
	size_t row_len;
	const char *group;	/* NUL-terminated, or NULL */
	const char *record;
	size_t record_len;
};

/* Whether a column of the layout is unique. */
bool unique_is_needed(const struct layout *l);

/* Returns NULL with the reason printed.  e is borrowed. */
struct unique *unique_new(const struct emitter *e);

void unique_free(struct unique *u);

/*
 * Puts aside the row, whose cells the emitter has at hand.  Returns 0, or -1 with the reason
 * printed.
 */
int unique_add(struct unique *u, const struct unique_row *row);

/*
 * Calls take for all rows in their order: column is the first whose value an earlier row has
 * that is no repetition itself, or the layout's count of columns.  It returns false to have no more
 * of them.  Returns 0, or -1 with the reason printed.
 */
int unique_end(struct unique *u,
    bool (*take)(void *arg, const struct unique_row *row, size_t column), void *arg);

#endif
