/*
 * The rows of a CSV file that lies in memory, cell by cell, in one of two dialects: RFC 4180, or
 * Cognito's import (no quotes; a comma within a value has a backslash in front).  A row ends at LF
 * or CR LF.
 */
#ifndef PUSH_IMPORT_ROWS_H
#define PUSH_IMPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* More than any importer has columns. */
enum { ROWS_CELLS_MAX = 1000 };

enum rows_result {
	ROWS_ROW,
	ROWS_END,
	ROWS_CUT,	/* the file ends within a row, or without a line end behind it */
	ROWS_WRONG	/* why says what is wrong with the row */
};

struct rows_cell {
	size_t at, len;		/* in text */
};

struct rows {
	bool cognito;		/* the dialect */
	uint64_t line;		/* on which the row begins, from 1 */
	size_t row_len;		/* its bytes, without its line end */
	const char *row;	/* borrowed from the file */
	struct buf text;	/* the cells, decoded, each with a NUL behind it */
	struct rows_cell cell[ROWS_CELLS_MAX];
	size_t count;
	const char *why;	/* static */
	/* private */
	const char *at, *end;
	uint64_t next_line;
};

/* data is borrowed. */
void rows_open(struct rows *r, const char *data, size_t len, bool cognito);

void rows_close(struct rows *r);

enum rows_result rows_next(struct rows *r);

/* A cell of the row at hand as a C string; it may hold no NUL (that is ROWS_WRONG). */
static inline const char *
rows_text(const struct rows *r, size_t cell)
{
	return r->text.data + r->cell[cell].at;
}

#endif
