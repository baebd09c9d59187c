#include <inttypes.h>

#include "base/diag.h"
#include "json/utf8.h"

#include "emit.h"
#include "survey.h"

enum { ROW_MAX = 64 * RECORD_LINE_MAX };	/* beyond row.c's limit */

static void
emit_direct(struct emit *em, struct sink *sink, size_t bound)
{
	size_t len = row_write(&em->rows, out_reserve(&sink->out, bound));

	out_advance(&sink->out, len);
	sink->bytes += len;
	sink->rows++;
}

/* A row to its file, or the run is halted. */
static void
place(struct emit *em, struct sink *sink, const struct unique_row *row)
{
	const char *why;

	if (files_row(&em->files, sink, row->row, row->row_len, row->group, &why) == 0)
		return;
	if (why != NULL)
		diag_error("%s:%" PRIu64 ": %s", row->stream, row->line, why);
	filter_halt(em->filter, PROG_FAIL, why != NULL ? why : "the output failed");
}

/* Puts the row at hand into em->row.  Returns NULL, or why the record is wrong. */
static const char *
write_row(struct emit *em, const struct record_reader *r, size_t bound)
{
	const struct layout *l = &em->rows.layout;
	const char *wrong = NULL;
	size_t len;

	buf_clear(&em->row);
	buf_clear(&em->group);
	buf_reserve(&em->row, bound);
	len = row_write(&em->rows, em->row.data);
	em->row.len = len;
	len -= l->crlf ? 2 : 1;
	if (l->max_row != 0 && len > l->max_row && utf8_count(em->row.data, len) > l->max_row)
		return "the row is longer than a row may be (max-row)";
	if (em->files.grouped)
		wrong = row_group(&em->rows, r, &em->group);
	return wrong != NULL ? wrong :
	    files_check(&em->files, em->row.len, buf_string(&em->group));
}

/* The row at hand, where more may befall it.  Returns NULL, or why the record is wrong. */
static const char *
emit_judged(struct emit *em, const struct record_reader *r, struct sink *sink, size_t bound)
{
	struct unique_row row = { .stream = r->name, .line = r->line };
	const char *wrong;

	/* Without columns there is no row, not even a blank line. */
	if (em->rows.layout.count == 0)
		return NULL;
	wrong = write_row(em, r, bound);
	if (wrong != NULL)
		return wrong;
	row.row = em->row.data;
	row.row_len = em->row.len;
	row.group = em->files.grouped ? buf_string(&em->group) : NULL;
	row.record = r->text;
	row.record_len = r->len;
	if (em->unique == NULL)
		place(em, sink, &row);
	else if (unique_add(em->unique, &row) != 0)
		filter_halt(em->filter, PROG_FAIL, "a temporary file failed");
	if (em->rows.layout.guard == GUARD_REPORT)
		row_report(&em->rows, r);
	return NULL;
}

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emit *em = arg;
	size_t bound;
	const char *wrong = em->judge_names ? survey_judge(&em->rows.names, r) : NULL;

	if (wrong == NULL)
		wrong = row_take(&em->rows, r, &bound);
	if (wrong != NULL)
		return wrong;
	if (!em->direct)
		return emit_judged(em, r, sink, bound);
	emit_direct(em, sink, bound);
	return NULL;
}

/* One row that had to wait.  Returns whether the next one is wanted. */
static bool
take_row(void *arg, const struct unique_row *row, size_t column)
{
	struct emit *em = arg;
	const struct layout *l = &em->rows.layout;
	struct sink *sink = em->filter->sink;
	const char *wrong;

	if (column == l->count) {
		place(em, sink, row);
	} else {
		wrong = row_reason(&em->rows, column,
		    l->columns[column].unique == UNIQUE_EXACT ? "another record has the same" :
		    "another record has the same but for case");
		if (sink_reject(sink, row->stream, row->line, wrong, row->record,
		    row->record_len) != 0)
			filter_halt(em->filter, PROG_FAIL, "a wrong record");
	}
	return em->filter->halt == PROG_OK && !sink->out.failed;
}

static enum prog_status
emit_end(void *arg, struct sink *sink)
{
	struct emit *em = arg;

	if (em->unique != NULL && unique_end(em->unique, take_row, em) != 0)
		return PROG_FAIL;
	return sink->out.failed ? PROG_FAIL : em->filter->halt;
}

enum prog_status
emit_begin(struct emit *em, const char *group)
{
	const struct layout *l = &em->rows.layout;
	bool waits = unique_is_needed(l);

	buf_init(&em->row, ROW_MAX);
	buf_init(&em->group, ROW_MAX);
	em->filter->row = emit_record;
	em->filter->end = emit_end;
	em->filter->arg = em;
	em->files.max_rows = l->max_rows;
	em->files.max_bytes = l->max_bytes;
	em->direct = l->count > 0 && !waits && !em->files.grouped && l->max_rows == 0 &&
	    l->max_bytes == 0 && l->max_row == 0 && l->guard != GUARD_REPORT;
	row_prepare(&em->rows, group);
	if (row_head(&em->rows, &em->files.head) != 0) {
		diag_error("the headings are longer than a row may be");
		return PROG_FAIL;
	}
	if (l->max_bytes != 0 && em->files.head.len > l->max_bytes) {
		diag_error("the headings alone are longer than max-bytes");
		return PROG_USAGE;
	}
	if (waits) {
		em->unique = unique_new(&em->rows);
		if (em->unique == NULL)
			return PROG_FAIL;
	}
	return files_begin(&em->files, em->filter->sink) == 0 ? PROG_OK : PROG_FAIL;
}

void
emit_release(struct emit *em)
{
	unique_free(em->unique);
	files_free(&em->files);
	row_release(&em->rows);
	buf_free(&em->row);
	buf_free(&em->group);
}

void
emit_tell(const struct emit *em, struct buf *extra)
{
	uint64_t formulas = em->rows.formulas;

	if (em->rows.layout.guard != GUARD_REPORT)
		return;
	if (formulas > 0)
		diag_warn("cells that begin as a formula does: %" PRIu64 " (--guard)", formulas);
	buf_appendf(extra, ",\"Formulas\":%" PRIu64, formulas);
}
