#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/escape.h"
#include "json/pattern.h"
#include "json/utf8.h"

#include "row.h"
#include "value.h"

enum {
	/* Sixteen lines of the greatest length: no row comes near, and memory stays bounded. */
	ROW_MAX = 16 * RECORD_LINE_MAX,
	FORMULAS_SHOWN = 10	/* as many show which columns they are in */
};

/* The text of one cell of the row at hand. */
struct cell {
	const char *s;		/* NULL: in scratch */
	size_t at, len;		/* at: where in scratch */
	bool null;		/* empty because there was no value */
	bool judged;		/* the layout demands something of it */
	bool seen;		/* any record had it */
	size_t name;		/* the column's, in names */
};

static bool
is_judged(const struct layout *l, const struct layout_column *c)
{
	return c->required || c->min > 0 || c->max > 0 || c->pattern != NULL || l->max_cell > 0 ||
	    l->cognito || l->guard == GUARD_APOSTROPHE || l->guard == GUARD_OCI;
}

void
row_prepare(struct emitter *e, const char *group)
{
	struct layout *l = &e->layout;

	names_init(&e->names, l->count + 1);
	e->cells = mem_alloc(l->count * sizeof *e->cells);
	for (size_t i = 0; i < l->count; i++) {
		if (l->columns[i].name != NULL)
			e->cells[i].name = names_add(&e->names, l->columns[i].name);
		e->cells[i].judged = is_judged(l, &l->columns[i]);
	}
	if (group != NULL)
		e->group = names_add(&e->names, group);
	buf_init(&e->scratch, ROW_MAX);
	cell_format_init(&e->format, l->delimiter);
}

void
row_release(struct emitter *e)
{
	names_free(&e->names);
	free(e->cells);
	buf_free(&e->scratch);
}

const char *
row_reason(struct emitter *e, size_t column, const char *why)
{
	const char *heading = e->layout.columns[column].heading;

	snprintf(e->reason, sizeof e->reason, "column %.*s: %s", layout_shown(heading), heading,
	    why);
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
	wrong = value_append(&e->scratch, &r->list, r->text, value, e->layout.join);
	c->len = e->scratch.len - c->at;
	return wrong;
}

static const char *
cell_text(const struct emitter *e, const struct cell *c)
{
	return c->s != NULL ? c->s : buf_string(&e->scratch) + c->at;
}

/* What the layout demands of the value itself.  It is not empty. */
static const char *
check_value(const struct emitter *e, const struct layout_column *column, const struct cell *c)
{
	const char *s = cell_text(e, c);

	if (column->min > 0 && utf8_count(s, c->len) < column->min)
		return "too short";
	if (column->pattern != NULL && !pattern_matches(column->pattern, s, c->len))
		return "not of the form that is asked for";
	return NULL;
}

/* Puts the guard on where it is needed. */
static const char *
guard_cell(struct emitter *e, struct cell *c)
{
	enum guard guard = e->layout.guard;
	size_t at = e->scratch.len;

	switch (guard_need(guard, cell_text(e, c), c->len)) {
	case GUARD_CLEAR:
		return NULL;
	case GUARD_AMBIGUOUS:
		return "cannot be told from a guarded text";
	default:
		break;
	}
	if (buf_reserve(&e->scratch, c->len + 2) != 0)
		return "a row that is too long";
	e->scratch.len += guard_write(guard, e->scratch.data + at, cell_text(e, c), c->len);
	e->scratch.data[e->scratch.len] = '\0';	/* value_append looks up to there */
	set_cell(c, NULL, e->scratch.len - at);
	c->at = at;
	return NULL;
}

/* What it demands of the text that stands in the file. */
static const char *
check_text(const struct emitter *e, const struct layout_column *column, const struct cell *c)
{
	const struct layout *l = &e->layout;
	const char *s = cell_text(e, c);

	/* No more characters than bytes: most need no counting. */
	if (column->max != 0 && c->len > column->max && utf8_count(s, c->len) > column->max)
		return "too long";
	if (l->max_cell != 0 && c->len > l->max_cell && utf8_count(s, c->len) > l->max_cell)
		return "longer than a cell may be (max-cell)";
	return l->cognito ? escape_check(l->backslash, s, c->len) : NULL;
}

static const char *
judge_cell(struct emitter *e, const struct layout_column *column, struct cell *c)
{
	const char *wrong;

	if (c->len == 0)
		return column->required ? "required, but empty" : NULL;
	wrong = check_value(e, column, c);
	if (wrong == NULL && (e->layout.guard == GUARD_APOSTROPHE || e->layout.guard == GUARD_OCI))
		wrong = guard_cell(e, c);
	return wrong != NULL ? wrong : check_text(e, column, c);
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
	return wrong == NULL && c->judged ? judge_cell(e, column, c) : wrong;
}

const char *
row_take(struct emitter *e, const struct record_reader *r, size_t *bound)
{
	*bound = 2;	/* CR and LF */
	names_locate(&e->names, r);
	buf_clear(&e->scratch);
	for (size_t i = 0; i < e->layout.count; i++) {
		const char *wrong = take_cell(e, r, i);

		if (wrong != NULL)
			return row_reason(e, i, wrong);
		*bound += 1 + cell_bound(e->cells[i].len);
		if (*bound > ROW_MAX)
			return row_reason(e, i, "a row that is too long");
	}
	if (e->layout.cognito && e->layout.count == 1 && e->cells[0].len == 0)
		return row_reason(e, 0, "a blank line, which this dialect cannot write");
	return NULL;
}

/*
 * Whether a spreadsheet that separates cells by something else than we do would make several cells
 * of it, the second one "=1+2".  Quotes keep it together.
 */
static bool
may_fall_apart(const struct layout *l, const char *s, size_t len)
{
	return l->guard == GUARD_APOSTROPHE && (memchr(s, ',', len) != NULL ||
	    memchr(s, ';', len) != NULL || memchr(s, '\t', len) != NULL);
}

static size_t
write_cell(const struct emitter *e, char *to, const struct cell *c)
{
	const struct layout *l = &e->layout;

	if (c->len > 0 && l->cognito)
		return escape_write(l->backslash, to, cell_text(e, c), c->len);
	if (c->len > 0 && may_fall_apart(l, cell_text(e, c), c->len))
		return cell_quote(to, cell_text(e, c), c->len);
	if (c->len > 0)
		return cell_write(&e->format, to, cell_text(e, c), c->len);
	/* A row of one bare empty cell would be a blank line, which is no row. */
	if ((l->count == 1 && !l->cognito) || (l->quote_empty && !c->null)) {
		memcpy(to, "\"\"", 2);
		return 2;
	}
	return 0;
}

static char *
put_line_end(const struct emitter *e, char *to)
{
	if (e->layout.crlf)
		*to++ = '\r';
	*to++ = '\n';
	return to;
}

size_t
row_write(const struct emitter *e, char *to)
{
	char *start = to;

	for (size_t i = 0; i < e->layout.count; i++) {
		if (i > 0)
			*to++ = e->layout.delimiter;
		to += write_cell(e, to, &e->cells[i]);
	}
	return (size_t)(put_line_end(e, to) - start);
}

const char *
row_text(const struct emitter *e, size_t column, size_t *len)
{
	*len = e->cells[column].len;
	return cell_text(e, &e->cells[column]);
}

const char *
row_group(struct emitter *e, const struct record_reader *r, struct buf *b)
{
	uint32_t value = e->names.value[e->group];
	const char *name = e->names.text[e->group], *wrong = NULL;
	size_t before = b->len;

	if (value != 0)
		wrong = value_append(b, &r->list, r->text, value, e->layout.join);
	if (wrong == NULL && b->len == before)
		wrong = "it names the file, but is empty";
	if (wrong != NULL)
		snprintf(e->reason, sizeof e->reason, "%.*s: %s", layout_shown(name), name, wrong);
	return wrong != NULL ? e->reason : NULL;
}

void
row_report(struct emitter *e, const struct record_reader *r)
{
	const struct layout *l = &e->layout;

	for (size_t i = 0; i < l->count; i++) {
		const struct cell *c = &e->cells[i];
		const char *heading = l->columns[i].heading;

		if (l->columns[i].name == NULL || c->len == 0 ||
		    guard_need(GUARD_REPORT, cell_text(e, c), c->len) == GUARD_CLEAR)
			continue;
		if (e->formulas++ >= FORMULAS_SHOWN)
			continue;
		diag_warn("%s:%llu: column %.*s: begins as a formula does", r->name,
		    (unsigned long long)r->line, layout_shown(heading), heading);
	}
}

int
row_head(struct emitter *e, struct buf *b)
{
	const struct layout *l = &e->layout;
	size_t bound = 2;
	char end[2];

	buf_init(b, ROW_MAX);
	if (l->count == 0)
		return 0;
	if (l->bom)
		buf_append_string(b, "\xef\xbb\xbf");
	for (size_t i = 0; i < l->preamble_count; i++) {
		buf_append_string(b, l->preamble[i]);
		buf_append(b, end, (size_t)(put_line_end(e, end) - end));
	}
	if (l->no_header)
		return 0;
	for (size_t i = 0; i < l->count; i++) {
		const char *heading = l->columns[i].heading;

		set_cell(&e->cells[i], heading, strlen(heading));
		bound += 1 + cell_bound(e->cells[i].len);
	}
	if (buf_reserve(b, bound) != 0)
		return -1;
	b->len += row_write(e, b->data + b->len);
	return 0;
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
