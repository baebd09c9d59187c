#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/utf8.h"

#include "row.h"

enum {
	/* Sixteen lines of the greatest length: no row comes near, and memory stays bounded. */
	ROW_MAX = 16 * RECORD_LINE_MAX,
	HEADING_SHOWN_MAX = 80		/* bytes of a heading in a reason */
};

/* The text of one cell of the row at hand. */
struct cell {
	const char *s;		/* NULL: in scratch */
	size_t at, len;		/* at: where in scratch */
	bool null;		/* empty because there was no value */
	size_t name;		/* the column's, in names */
	bool seen;		/* any record had it */
};

void
row_prepare(struct emitter *e)
{
	size_t columns = e->layout.count;

	names_init(&e->names, columns);
	e->cells = mem_alloc(columns * sizeof *e->cells);
	for (size_t i = 0; i < columns; i++) {
		if (e->layout.columns[i].name != NULL)
			e->cells[i].name = names_add(&e->names, e->layout.columns[i].name);
	}
	buf_init(&e->scratch, ROW_MAX);
	cell_format_init(&e->format, e->layout.delimiter);
}

void
row_release(struct emitter *e)
{
	names_free(&e->names);
	free(e->cells);
	buf_free(&e->scratch);
}

/* The reason that names the column.  Never its value. */
static const char *
column_reason(struct emitter *e, size_t column, const char *why)
{
	const char *heading = e->layout.columns[column].heading;
	size_t len = strlen(heading);

	/* Cut between characters: the reason becomes a JSON string in the reject file. */
	len = utf8_valid(heading, len < HEADING_SHOWN_MAX ? len : HEADING_SHOWN_MAX);
	snprintf(e->reason, sizeof e->reason, "column %.*s: %s", (int)len, heading, why);
	return e->reason;
}

static void
set_cell(struct cell *c, const char *s, size_t len)
{
	c->s = s;
	c->len = len;
	c->null = len == 0;
}

/* Fills a cell from a token.  Returns NULL or what is wrong (static). */
static const char *
take_value(struct emitter *e, const struct record_reader *r, uint32_t value, struct cell *c)
{
	const struct tok *t = &r->list.tok[value];
	const char *wrong;

	c->seen = true;
	if (t->type == TOK_NULL)
		return NULL;
	c->null = false;
	if (t->type < TOK_ARRAY && t->flags == 0) {
		c->s = r->text + t->start;
		c->len = t->end - t->start;
		return NULL;
	}
	c->s = NULL;
	c->at = e->scratch.len;
	wrong = cell_value(&e->scratch, &r->list, r->text, value, e->layout.join);
	c->len = e->scratch.len - c->at;
	return wrong;
}

static const char *
cell_text(const struct emitter *e, const struct cell *c)
{
	return c->s != NULL ? c->s : buf_string(&e->scratch) + c->at;
}

static const char *
check_limits(const struct emitter *e, const struct layout_column *column, const struct cell *c)
{
	size_t characters;

	if (column->required && c->len == 0)
		return "required, but empty";
	if ((column->min == 0 && column->max == 0) || c->len == 0)
		return NULL;
	characters = utf8_count(cell_text(e, c), c->len);
	if (characters < column->min)
		return "too short";
	return column->max != 0 && characters > column->max ? "too long" : NULL;
}

/* The text of one column's cell.  Returns NULL or what is wrong (static). */
static const char *
take_cell(struct emitter *e, const struct record_reader *r, size_t i)
{
	const struct layout_column *column = &e->layout.columns[i];
	struct cell *c = &e->cells[i];
	const char *wrong = NULL;
	uint32_t value;

	if (column->name == NULL) {
		set_cell(c, column->constant, strlen(column->constant));
		return NULL;
	}
	set_cell(c, "", 0);
	value = e->names.value[c->name];
	if (value != 0)
		wrong = take_value(e, r, value, c);
	if (wrong == NULL && c->len == 0 && column->fallback != NULL)
		set_cell(c, column->fallback, strlen(column->fallback));
	return wrong != NULL ? wrong : check_limits(e, column, c);
}

static char *
put_line_end(const struct emitter *e, char *to)
{
	if (e->layout.crlf)
		*to++ = '\r';
	*to++ = '\n';
	return to;
}

/* Writes the row that stands in cells, of at most bound bytes. */
static void
put_row(const struct emitter *e, struct sink *sink, size_t bound)
{
	char *start = out_reserve(&sink->out, bound), *to = start;
	size_t count = e->layout.count;

	for (size_t i = 0; i < count; i++) {
		const struct cell *c = &e->cells[i];

		if (i > 0)
			*to++ = e->layout.delimiter;
		if (c->len > 0) {
			to += cell_write(&e->format, to, cell_text(e, c), c->len);
		} else if (count == 1 || (e->layout.quote_empty && !c->null)) {
			/* A row of one bare empty cell would be a blank line, which is no row. */
			*to++ = '"';
			*to++ = '"';
		}
	}
	to = put_line_end(e, to);
	out_advance(&sink->out, (size_t)(to - start));
	sink->bytes += (size_t)(to - start);
}

const char *
row_emit(struct emitter *e, const struct record_reader *r, struct sink *sink)
{
	size_t bound = 2;	/* CR and LF */

	names_locate(&e->names, r);
	buf_clear(&e->scratch);
	for (size_t i = 0; i < e->layout.count; i++) {
		const char *wrong = take_cell(e, r, i);

		if (wrong != NULL)
			return column_reason(e, i, wrong);
		bound += 1 + cell_bound(e->cells[i].len);
		if (bound > ROW_MAX)
			return column_reason(e, i, "a row that is too long");
	}
	put_row(e, sink, bound);
	sink->rows++;
	return NULL;
}

void
row_head(struct emitter *e, struct sink *sink)
{
	size_t bound = 2;
	char end[2];

	if (e->layout.bom)
		out_write(&sink->out, "\xef\xbb\xbf", 3);
	for (size_t i = 0; i < e->layout.preamble_count; i++) {
		out_write(&sink->out, e->layout.preamble[i], strlen(e->layout.preamble[i]));
		out_write(&sink->out, end, (size_t)(put_line_end(e, end) - end));
	}
	if (e->layout.no_header)
		return;
	for (size_t i = 0; i < e->layout.count; i++) {
		const char *heading = e->layout.columns[i].heading;

		set_cell(&e->cells[i], heading, strlen(heading));
		bound += 1 + cell_bound(e->cells[i].len);
	}
	put_row(e, sink, bound);
}

void
row_tell_unseen(const struct emitter *e)
{
	for (size_t i = 0; i < e->layout.count; i++) {
		const struct layout_column *c = &e->layout.columns[i];

		if (c->name != NULL && !e->cells[i].seen)
			diag_verbose(1, "column %s: no record has %s", c->heading, c->name);
	}
}
