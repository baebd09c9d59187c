/*
 * The rows of the CSV file: columns by a layout, filled from records.
 *
 * A row is judged before its first byte is written: a wrong record leaves no half row behind.  The
 * hot path copies from the input line into the output; only strings with escapes, lists, objects
 * and guarded texts take the way over a scratch buffer.
 */
#ifndef EMIT_CSV_ROW_H
#define EMIT_CSV_ROW_H

#include "base/buf.h"
#include "base/cell.h"
#include "json/layout.h"
#include "json/record.h"

#include "names.h"

struct cell;

struct emitter {
	struct layout layout;
	uint64_t formulas;	/* cells that guard report has found */
	/* private */
	struct cell_format format;
	struct names names;
	struct cell *cells;
	struct buf scratch;
	size_t group;		/* of names: by which files are split, if they are */
	char reason[RECORD_REASON_SIZE];
};

/* After the layout is complete.  group: a member that row_group will be asked for, or NULL. */
void row_prepare(struct emitter *e, const char *group);

/* Frees all but the layout. */
void row_release(struct emitter *e);

/*
 * One record as the row at hand.  Returns NULL with *bound set to the bytes that row_write may
 * need; or why the record is wrong, naming the column and never the value, held until the next
 * call.
 */
const char *row_take(struct emitter *e, const struct record_reader *r, size_t *bound);

/* Writes the row at hand, with its line end, to to; returns how many bytes it took. */
size_t row_write(const struct emitter *e, char *to);

/*
 * The text of column in the row at hand, guard and all, without quotes; *len: its bytes.  Texts are
 * the same exactly where the values are.
 */
const char *row_text(const struct emitter *e, size_t column, size_t *len);

/* Appends the group's value in the record at hand to b.  Returns NULL, or why it is wrong. */
const char *row_group(struct emitter *e, const struct record_reader *r, struct buf *b);

/* "column HEADING: WHY", held until the next call. */
const char *row_reason(struct emitter *e, size_t column, const char *why);

/* With guard report: tells of cells in the row at hand that a spreadsheet takes for formulas. */
void row_report(struct emitter *e, const struct record_reader *r);

/*
 * Initialises b with what stands before the first row; a file without records has it too.  Nothing
 * stands there where there are no columns.  Returns 0, or -1 if it is longer than a row may be.
 */
int row_head(struct emitter *e, struct buf *b);

/* Tells under -v which columns no record had. */
void row_tell_unseen(const struct emitter *e);

#endif
