#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/escape.h"
#include "json/utf8.h"

#include "cells.h"
#include "rows.h"

static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void *
grow(void *p, size_t size)
{
	return mem_resize(p, size, 1);
}

static void
begin_parser(struct cells *c)
{
	/* It says nothing of a CR in front of a row, unless all are told. */
	csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL | CSV_REPALL_NL);
	csv_set_delim(&c->parser, (unsigned char)c->layout->delimiter);
	/* By its own steps of 128 bytes a long cell takes quadratic time where realloc copies. */
	csv_set_blk_size(&c->parser, 64 * (size_t)1024);
	csv_set_realloc_func(&c->parser, grow);
	/* Blanks are data. */
	csv_set_space_func(&c->parser, no_space);
}

void
cells_init(struct cells *c, const struct layout *layout, bool trim)
{
	memset(c, 0, sizeof *c);
	c->layout = layout;
	c->trim = trim || layout->cognito;
	c->cell = mem_alloc(LAYOUT_COLUMNS_MAX * sizeof *c->cell);
	c->at = mem_alloc(LAYOUT_COLUMNS_MAX * sizeof *c->at);
	buf_init(&c->text, ROWS_ROW_MAX);
	begin_parser(c);
}

void
cells_free(struct cells *c)
{
	csv_free(&c->parser);
	buf_free(&c->text);
	free(c->cell);
	free(c->at);
}

void
cells_trim(const char **s, size_t *len)
{
	while (*len > 0 && (**s == ' ' || **s == '\t')) {
		++*s;
		--*len;
	}
	while (*len > 0 && ((*s)[*len - 1] == ' ' || (*s)[*len - 1] == '\t'))
		--*len;
}

static void
add_cell(struct cells *c, const char *s, size_t len)
{
	if (c->count < LAYOUT_COLUMNS_MAX) {
		struct cell *cell = &c->cell[c->count];

		cell->s = s;
		cell->len = len;
		cell->empty = false;
		if (c->trim)
			cells_trim(&cell->s, &cell->len);
	}
	c->count++;
}

static void
split_bare(struct cells *c, const char *s, size_t len)
{
	const char *end = s + len;

	for (;;) {
		const char *next = memchr(s, c->layout->delimiter, (size_t)(end - s));

		add_cell(c, s, (size_t)((next != NULL ? next : end) - s));
		if (next == NULL)
			break;
		s = next + 1;
	}
}

/* RFC 4180.  libcsv gives cells in a buffer of its own, so they are kept in text. */

/* s NULL: an empty cell without quotes. */
static void
take_cell(void *s, size_t len, void *arg)
{
	struct cells *c = arg;

	if (c->count < LAYOUT_COLUMNS_MAX) {
		c->at[c->count] = c->text.len;
		c->cell[c->count].len = len;
		c->cell[c->count].empty = s != NULL && len == 0;
		/* No more bytes than the row has. */
		if (len > 0)
			buf_append(&c->text, s, len);
	}
	c->count++;
}

/* -1: the end of what was given, which is the row's; else a CR in front of it. */
static void
take_end(int end, void *arg)
{
	struct cells *c = arg;

	c->broken |= end != -1;
}

static const char *
split_quoted(struct cells *c, const char *text, size_t len)
{
	if (csv_parse(&c->parser, text, len, take_cell, take_end, c) != len ||
	    csv_fini(&c->parser, take_cell, take_end, c) != 0) {
		/* It would go on where it stopped. */
		csv_free(&c->parser);
		begin_parser(c);
		return "a quote where none may stand";
	}
	if (c->broken)
		return "a CR outside quotes without a line feed";
	for (size_t i = 0; i < c->count && i < LAYOUT_COLUMNS_MAX; i++) {
		struct cell *cell = &c->cell[i];

		cell->s = buf_string(&c->text) + c->at[i];
		if (c->trim)
			cells_trim(&cell->s, &cell->len);
	}
	return NULL;
}

/* Cognito's dialect. */

static const char *
split_cognito(struct cells *c, const char *s, size_t len)
{
	const char *end = s + len;

	/* So that what is appended never moves; len bytes are within its maximum. */
	buf_reserve(&c->text, len);
	for (;;) {
		size_t at = c->text.len, used;
		const char *wrong = escape_read(c->layout->backslash, &c->text, s,
		    (size_t)(end - s), &used);

		if (wrong != NULL)
			return wrong;
		add_cell(c, c->text.data + at, c->text.len - at);
		s += used;
		if (s == end)
			break;
		s++;
	}
	return NULL;
}

/* How many bytes in front are ASCII, eight by eight: most rows are that throughout. */
static size_t
count_ascii(const char *s, size_t len)
{
	size_t n = 0;

	for (; len - n >= sizeof(uint64_t); n += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, s + n, sizeof word);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	return n;
}

const char *
cells_split(struct cells *c, const char *text, size_t len, bool bare)
{
	size_t ascii = count_ascii(text, len);

	c->count = 0;
	c->broken = false;
	buf_clear(&c->text);
	if (memchr(text, '\0', len) != NULL)
		return "a NUL";
	if (utf8_valid(text + ascii, len - ascii) != len - ascii)
		return "not UTF-8";
	if (!c->layout->cognito && !bare)
		return split_quoted(c, text, len);
	if (memchr(text, '\r', len) != NULL)
		return "a CR outside quotes without a line feed";
	if (c->layout->cognito)
		return split_cognito(c, text, len);
	split_bare(c, text, len);
	return NULL;
}
