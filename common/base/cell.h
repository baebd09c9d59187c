/*
 * One CSV cell in the form of RFC 4180.
 *
 * Quotes stand only where a reader needs them: round the delimiter, a quote, CR or LF.  Four more
 * cells get them because some reader mistakes them: a blank at an end (trimmed by some importers),
 * "\." (ends the data of PostgreSQL's COPY, also in CSV), and U+FEFF in front (a byte order mark
 * when the cell is the file's first).
 */
#ifndef BASE_CELL_H
#define BASE_CELL_H

#include <stdbool.h>
#include <stddef.h>

struct cell_format {
	bool special[256];	/* bytes that need quotes wherever they stand */
	char delimiter;
};

void cell_format_init(struct cell_format *f, char delimiter);

/*
 * The delimiter that text names: one printable ASCII character but a quote, or "\t" for a tab.
 * Returns NULL with *delimiter set, or what is wrong (static).
 */
const char *cell_delimiter(const char *text, char *delimiter);

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

/* The same, in quotes whether they are needed or not. */
size_t cell_quote(char *to, const char *s, size_t len);

#endif
