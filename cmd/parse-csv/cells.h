/*
 * The cells of one row: by libcsv, strictly as RFC 4180 has it, or in the dialect of Cognito's
 * import.  A row without quotes needs no parser: its cells stand between the delimiters.
 */
#ifndef PARSE_CSV_CELLS_H
#define PARSE_CSV_CELLS_H

#include <csv.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "json/layout.h"

struct cell {
	const char *s;
	size_t len;
	bool empty;		/* it stands there as "", and not as nothing */
};

struct cells {
	struct cell *cell;	/* of the row at hand; borrowed until the next row */
	size_t count;		/* may pass LAYOUT_COLUMNS_MAX, up to which they are kept */
	/* private */
	const struct layout *layout;
	bool trim, broken;
	struct csv_parser parser;
	struct buf text;
	size_t *at;		/* where in text they begin */
};

/* By the layout's delimiter, dialect and backslash, borrowed; trim: blanks at the ends go. */
void cells_init(struct cells *c, const struct layout *layout, bool trim);

void cells_free(struct cells *c);

/*
 * Splits the row.  bare: it has no quote.  Returns NULL, or what is wrong with it (static): invalid
 * UTF-8, a NUL, a quote or a CR in the wrong place, a backslash that the dialect does not know.
 */
const char *cells_split(struct cells *c, const char *text, size_t len, bool bare);

/* Takes blanks and tabs off both ends. */
void cells_trim(const char **s, size_t *len);

#endif
