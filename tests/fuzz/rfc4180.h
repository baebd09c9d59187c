/*
 * The slow way to read and write CSV: RFC 4180 by its letter, one cell after the other, any
 * delimiter, rows that end with LF, CR or CR LF.
 */
#ifndef FUZZ_RFC4180_H
#define FUZZ_RFC4180_H

#include "tree.h"

struct rfc_cell {
	struct text text;
	bool quoted;
	char end;	/* what stands behind it: the delimiter, CR, LF, or NUL: the text's end */
};

/*
 * Reads the cell at *s, and moves *s behind what ends it.  Returns false at a quote that may not
 * stand where it does.  Nothing at all is a cell, too, as it is for whoever knows their number.
 */
static inline bool
rfc_cell(struct rfc_cell *cell, const char **s, const char *end, char delimiter)
{
	const char *p = *s;

	cell->text.len = 0;
	text_add(&cell->text, NULL, 0);
	cell->quoted = p < end && *p == '"';
	if (cell->quoted) {
		for (p++;; p++) {
			if (p == end)
				return false;
			if (*p == '"' && (++p == end || *p != '"'))
				break;
			text_add(&cell->text, p, 1);
		}
	}
	for (; p < end && *p != delimiter && *p != '\r' && *p != '\n'; p++) {
		if (cell->quoted || *p == '"')
			return false;
		text_add(&cell->text, p, 1);
	}
	cell->end = p < end ? *p++ : '\0';
	*s = p;
	return true;
}

static inline void
rfc_quote(struct text *to, const char *s, size_t len)
{
	text_say(to, "\"");
	for (size_t i = 0; i < len; i++)
		text_add(to, s[i] == '"' ? "\"\"" : &s[i], s[i] == '"' ? 2 : 1);
	text_say(to, "\"");
}

/* As emit-csv writes a cell: quotes only where some reader needs them (cell.h). */
static inline void
rfc_write(struct text *to, const char *s, size_t len, char delimiter)
{
	bool quotes = len > 0 && (memchr(" \t", s[0], 2) != NULL ||
	    memchr(" \t", s[len - 1], 2) != NULL);

	quotes |= len == 2 && memcmp(s, "\\.", 2) == 0;
	quotes |= len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0;
	for (size_t i = 0; i < len; i++)
		quotes |= s[i] == delimiter || s[i] == '"' || s[i] == '\r' || s[i] == '\n';
	if (quotes)
		rfc_quote(to, s, len);
	else
		text_add(to, s, len);
}

#endif
