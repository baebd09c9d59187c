/*
 * The rows of the CSV file: columns by a layout, filled from records.
 *
 * A row is judged before its first byte is written: a wrong record leaves no half row behind.  The
 * hot path copies from the input line into the output buffer; only strings with escapes, lists and
 * objects take the way over a scratch buffer.
 */
#ifndef EMIT_CSV_ROW_H
#define EMIT_CSV_ROW_H

#include "json/record.h"
#include "json/sink.h"

#include "cell.h"
#include "layout.h"
#include "names.h"

struct cell;

struct emitter {
	struct layout layout;
	/* private */
	struct cell_format format;
	struct names names;
	struct cell *cells;
	struct buf scratch;
	char reason[RECORD_REASON_SIZE];
};

/* After the layout is complete. */
void row_prepare(struct emitter *e);

/* Frees all but the layout. */
void row_release(struct emitter *e);

/* What stands before the first row; a file without records has it too. */
void row_head(struct emitter *e, struct sink *sink);

/*
 * One record as one row.  Returns NULL, or why the record is wrong, naming the column and never
 * the value; held until the next call.
 */
const char *row_emit(struct emitter *e, const struct record_reader *r, struct sink *sink);

/* Tells under -v which columns no record had. */
void row_tell_unseen(const struct emitter *e);

#endif
