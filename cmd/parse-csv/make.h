/* A row of cells becomes a record in canonical form (cognito-records(5)). */
#ifndef PARSE_CSV_MAKE_H
#define PARSE_CSV_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/guard.h"
#include "json/record.h"

#include "cells.h"
#include "columns.h"

/* Which empty cells are an empty text, and not nothing. */
enum make_empty { EMPTY_ABSENT, EMPTY_QUOTED, EMPTY_TEXT };

/* The order of day, month and year in dates of birth; as it stands: they are texts. */
enum make_order { ORDER_AS_IS, ORDER_YMD, ORDER_MDY, ORDER_DMY };

/* Words for a truth value beside its own name. */
struct make_words {
	char **word;		/* NULL behind the last; or NULL */
};

struct make_rules {
	const char *join;	/* between the items of a list */
	enum guard guard;	/* to take off */
	enum make_empty empty;
	bool empty_lists;	/* an empty cell is an empty list */
	bool trim;
	enum make_order birthdate;
	struct make_words words[2];	/* for false, and for true */
};

struct make {
	const struct make_rules *rules;		/* borrowed, as are the columns */
	const struct columns *columns;
	struct buf record;
	struct buf key;		/* what no other record of its kind may have: its name or names */
	char reason[RECORD_REASON_SIZE];
};

void make_init(struct make *m, const struct make_rules *rules);

void make_free(struct make *m);

/*
 * Makes the record, without line feed, and its key, which is empty for a flat one.  Returns NULL,
 * or why the row is wrong, naming the column and never the value, held until the next call.
 */
const char *make_record(struct make *m, const struct cells *cells);

/*
 * Reads a day, its numbers separated by the same of / . -, into year, month and day; one that
 * begins with a year of four digits is YMD whatever the order.  Returns false if it is none.
 */
bool make_day(enum make_order order, const char *s, size_t len, unsigned day[3]);

#endif
