/*
 * One CSV cell: a JSON value as text, and text in the form of RFC 4180.
 *
 * Quotes stand only where a reader needs them: round the delimiter, a quote, CR or LF.  Four more
 * cells get them because some reader mistakes them: a blank at an end (trimmed by some importers),
 * "\." (ends the data of PostgreSQL's COPY, also in CSV), and U+FEFF in front (a byte order mark
 * when the cell is the file's first).
 */
#ifndef EMIT_CSV_CELL_H
#define EMIT_CSV_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

struct cell_format {
	bool special[256];	/* bytes that need quotes wherever they stand */
	char delimiter;
};

void cell_format_init(struct cell_format *f, char delimiter);

/* How many bytes cell_write gives at most for text of len bytes: each a quote, and two round it. */
static inline size_t
cell_bound(size_t len)
{
	return 2 * len + 2;
}

/*
 * Writes the cell to to, where cell_bound(len) bytes are free, and returns how many it took.  An
 * empty text gives nothing: whether it needs quotes is known to the row alone.
 */
size_t cell_write(const struct cell_format *f, char *to, const char *s, size_t len);

/*
 * Appends the value at index as a cell's text: a string decoded, a number, true and false as they
 * stand, null as nothing, an object in canonical JSON, a list as its items joined by join.
 *
 * Returns NULL, or the reason why it cannot be a cell (static): a NUL, an item that holds the
 * joiner, longer than b's maximum.
 */
const char *cell_value(struct buf *b, const struct tok_list *l, const char *text, uint32_t index,
    const char *join);

#endif
