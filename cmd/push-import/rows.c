#include "rows.h"

#include <string.h>

#include "json/utf8.h"

/* Longer than any row that an importer takes, and a quote too many ends somewhere. */
enum { ROW_MAX = 1024 * 1024 };

void
rows_open(struct rows *r, const char *data, size_t len, bool cognito)
{
	memset(r, 0, sizeof *r);
	r->cognito = cognito;
	r->at = data;
	r->end = data + len;
	r->next_line = 1;
	buf_init(&r->text, SIZE_MAX / 2);
}

void
rows_close(struct rows *r)
{
	buf_free(&r->text);
}

static enum rows_result
wrong(struct rows *r, const char *why)
{
	r->why = why;
	return ROWS_WRONG;
}

/* Appends a cell: from, without the backslashes that stand before commas, or with "" as ". */
static void
add(struct rows *r, const char *from, const char *to, char dropped, char before)
{
	struct rows_cell *c = &r->cell[r->count++];

	c->at = r->text.len;
	for (const char *p = from; p < to; p++) {
		if (*p == dropped && p + 1 < to && p[1] == before)
			p++;
		(void)buf_append_byte(&r->text, *p);
	}
	c->len = r->text.len - c->at;
	(void)buf_append_byte(&r->text, '\0');
}

/* The comma or the end behind a cell of Cognito's. */
static const char *
behind_cell(const char *p, const char *end)
{
	for (; p < end && *p != ','; p++)
		if (*p == '\\' && p + 1 < end && p[1] == ',')
			p++;
	return p;
}

static enum rows_result
split_cognito(struct rows *r, const char *p, const char *end)
{
	for (;; p++) {
		const char *to = behind_cell(p, end);

		if (r->count == ROWS_CELLS_MAX)
			return wrong(r, "more than 1000 cells");
		add(r, p, to, '\\', ',');
		if (to == end)
			return ROWS_ROW;
		p = to;
	}
}

static enum rows_result
split_quoted(struct rows *r, const char *p, const char *end)
{
	for (;; p++) {
		const char *from = p, *to;

		if (r->count == ROWS_CELLS_MAX)
			return wrong(r, "more than 1000 cells");
		if (p < end && *p == '"') {
			for (to = ++from; to < end && (*to != '"' ||
			    (to + 1 < end && to[1] == '"'));)
				to += *to == '"' ? 2 : 1;
			p = to + 1;
			if (p < end && *p != ',')
				return wrong(r, "a quote within a cell that is not doubled");
			add(r, from, to, '"', '"');
		} else {
			while (p < end && *p != ',')
				p++;
			if (memchr(from, '"', (size_t)(p - from)) != NULL)
				return wrong(r, "a quote within a cell that has none round it");
			add(r, from, p, '\0', '\0');
		}
		if (p >= end)
			return ROWS_ROW;
	}
}

/* The line feed that ends the row, or NULL.  Quotes open where a cell begins, and nowhere else. */
static const char *
find_end(const struct rows *r)
{
	bool quoted = false, begins = true;

	if (r->cognito)
		return memchr(r->at, '\n', (size_t)(r->end - r->at));
	for (const char *p = r->at; p < r->end; p++) {
		if (quoted && *p == '"' && p + 1 < r->end && p[1] == '"') {
			p++;
		} else if (quoted) {
			quoted = *p != '"';
		} else if (*p == '\n') {
			return p;
		} else {
			quoted = *p == '"' && begins;
			begins = *p == ',';
		}
	}
	return NULL;
}

enum rows_result
rows_next(struct rows *r)
{
	const char *from = r->at, *lf, *end;

	r->line = r->next_line;
	r->count = 0;
	buf_clear(&r->text);
	if (r->at == r->end)
		return ROWS_END;
	lf = find_end(r);
	if (lf == NULL)
		return ROWS_CUT;
	for (const char *p = from; p <= lf; p++)
		r->next_line += *p == '\n';
	r->at = lf + 1;
	end = lf > from && lf[-1] == '\r' ? lf - 1 : lf;
	r->row = from;
	r->row_len = (size_t)(end - from);
	if (r->row_len > ROW_MAX)
		return wrong(r, "longer than 1048576 bytes");
	if (utf8_valid(from, r->row_len) != r->row_len)
		return wrong(r, "not UTF-8");
	if (memchr(from, '\0', r->row_len) != NULL)
		return wrong(r, "a NUL");
	return r->cognito ? split_cognito(r, from, end) : split_quoted(r, from, end);
}
