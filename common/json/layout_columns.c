#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"
#include "json/layout_columns.h"
#include "json/pattern.h"
#include "json/record.h"
#include "json/utf8.h"

void
layout_column_free(struct layout_column *c)
{
	free(c->heading);
	free(c->name);
	free(c->constant);
	free(c->fallback);
	pattern_free(c->pattern);
}

/* The column of this heading, or l->count. */
static size_t
find_heading(const struct layout *l, const char *heading)
{
	size_t i = 0;

	while (i < l->count && strcmp(l->columns[i].heading, heading) != 0)
		i++;
	return i;
}

/* Takes over what c points to. */
static const char *
append_column(struct layout *l, struct layout_column *c)
{
	if (l->count == LAYOUT_COLUMNS_MAX) {
		layout_column_free(c);
		return "more than 1000 columns";
	}
	l->columns = mem_resize(l->columns, l->count + 1, sizeof *l->columns);
	l->columns[l->count++] = *c;
	return NULL;
}

/* The same; importers find columns by their headings. */
static const char *
add_column(struct layout *l, struct layout_column *c)
{
	const char *wrong = NULL;

	if (c->heading[0] == '\0')
		wrong = "a column without a heading";
	else if (c->name != NULL && c->name[0] == '\0')
		wrong = "a column without a name";
	else if (find_heading(l, c->heading) < l->count)
		wrong = "two columns with the same heading";
	if (wrong == NULL)
		return append_column(l, c);
	layout_column_free(c);
	return wrong;
}

const char *
layout_add_member(struct layout *l, const char *name)
{
	struct layout_column c = {
		.heading = mem_dup_string(name), .name = mem_dup_string(name)
	};

	return append_column(l, &c);
}

/* A list. */

/* Reads up to a bare comma, equals sign or the end.  Returns false for a wrong backslash. */
static bool
take_list_text(const char **s, struct buf *b)
{
	buf_clear(b);
	for (; **s != '\0' && **s != ',' && **s != '='; (*s)++) {
		if (**s == '\\') {
			(*s)++;
			if (**s == '\0' || strchr(",=\\", **s) == NULL)
				return false;
		}
		buf_append_byte(b, **s);
	}
	return true;
}

/* One item, heading=name or a name alone. */
static const char *
take_list_item(struct layout *l, const char **s, struct buf *b)
{
	struct layout_column c = { .heading = NULL };

	if (!take_list_text(s, b))
		goto backslash;
	c.heading = mem_dup_string(buf_string(b));
	if (**s == '=') {
		(*s)++;
		if (!take_list_text(s, b))
			goto backslash;
		if (**s == '=') {
			layout_column_free(&c);
			return "two equals signs in an item (a name's own is written \\=)";
		}
	}
	c.name = mem_dup_string(buf_string(b));
	return add_column(l, &c);
backslash:
	layout_column_free(&c);
	return "a backslash that is not before a comma, an equals sign or a backslash";
}

const char *
layout_add_list(struct layout *l, const char *list)
{
	const char *wrong, *s = list;
	struct buf b;

	if (utf8_valid(list, strlen(list)) != strlen(list))
		return "not UTF-8";
	buf_init(&b, strlen(list) + 1);
	for (;;) {
		wrong = take_list_item(l, &s, &b);
		if (wrong != NULL || *s == '\0')
			break;
		s++;
	}
	buf_free(&b);
	return wrong;
}

/* A line.  Each take_ function returns NULL, or what is wrong. */

static const char *
take_number(const char *text, uint32_t *value)
{
	const char *why;
	int64_t n;

	if (*value != 0)
		return "min or max twice";
	if (num_parse(text, 1, RECORD_LINE_MAX, &n, &why) != 0)
		return "min and max take a number from 1 to 1048576";
	*value = (uint32_t)n;
	return NULL;
}

static const char *
take_unique(struct layout_column *c, enum layout_unique unique)
{
	if (c->unique != UNIQUE_NO)
		return "unique or unique-ignoring-case, once";
	c->unique = unique;
	return NULL;
}

/* A word and the one that it takes. */
static const char *
take_pair(struct layout_column *c, const struct word *w, const char *value,
    char why[LAYOUT_REASON_SIZE])
{
	if (line_is(w, "min"))
		return take_number(value, &c->min);
	if (line_is(w, "max"))
		return take_number(value, &c->max);
	if (line_is(w, "pattern")) {
		if (c->pattern != NULL)
			return "two patterns";
		c->pattern = pattern_new(value, why);
		return c->pattern != NULL ? NULL : why;
	}
	if (c->fallback != NULL)
		return "two defaults";
	c->fallback = mem_dup_string(value);
	return NULL;
}

/* The word at *i and, if it takes one, the word behind it. */
static const char *
take_column_word(struct layout_column *c, const struct line *line, size_t *i,
    char why[LAYOUT_REASON_SIZE])
{
	const struct word *w = &line->words[*i];

	if (line_is(w, "required")) {
		c->required = true;
		return NULL;
	}
	if (line_is(w, "unique"))
		return take_unique(c, UNIQUE_EXACT);
	if (line_is(w, "unique-ignoring-case"))
		return take_unique(c, UNIQUE_FOLDED);
	if (!line_is(w, "default") && !line_is(w, "min") && !line_is(w, "max") &&
	    !line_is(w, "pattern"))
		return "an unknown word (default, required, min, max, pattern, unique and "
		    "unique-ignoring-case are known)";
	if (++*i == line->count)
		return "a word without its value";
	return take_pair(c, w, line->words[*i].text, why);
}

const char *
layout_add_line(struct layout *l, const struct line *line, char why[LAYOUT_REASON_SIZE])
{
	struct layout_column c = { .heading = NULL };
	const char *wrong = NULL;
	size_t i = 3;

	if (line->count < 3)
		return "column takes a heading and a name";
	if (line_is(&line->words[2], "constant")) {
		if (line->count != 4)
			return "constant takes one text and no further words";
		c.constant = mem_dup_string(line->words[3].text);
		i = 4;
	} else {
		c.name = mem_dup_string(line->words[2].text);
	}
	c.heading = mem_dup_string(line->words[1].text);
	for (; i < line->count && wrong == NULL; i++)
		wrong = take_column_word(&c, line, &i, why);
	if (wrong == NULL && c.max != 0 && c.min > c.max)
		wrong = "min is greater than max";
	if (wrong == NULL)
		return add_column(l, &c);
	layout_column_free(&c);
	return wrong;
}

/* A header. */

/* The index of the list of headings, or 0 and list->tok[0] is no list either. */
static uint32_t
find_headings(const struct tok_list *list, const char *text)
{
	if (list->tok[0].type != TOK_OBJECT)
		return 0;
	return tok_member(list, text, 0, "CSVHeader");
}

/* One heading, from the layout's column, which it takes away, or from the member of that name. */
static const char *
take_heading(struct layout *to, struct layout *from, const struct tok *t, const char *text)
{
	struct layout_column c = { .heading = NULL };
	struct buf b;
	size_t i;

	if (t->type != TOK_STRING || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return "a heading that is no text";
	buf_init(&b, LAYOUT_FILE_MAX);
	jtext_decode(&b, text + t->start, t->end - t->start);
	i = find_heading(from, buf_string(&b));
	if (i < from->count) {
		c = from->columns[i];
		from->columns[i] = (struct layout_column){ .heading = mem_dup_string("") };
	} else {
		c.heading = mem_dup_string(buf_string(&b));
		c.name = mem_dup_string(buf_string(&b));
	}
	buf_free(&b);
	return add_column(to, &c);
}

static const char *
take_headings(struct layout *to, struct layout *from, const struct tok_list *list,
    const char *text)
{
	const struct tok *tok = list->tok;
	uint32_t headings = find_headings(list, text);
	const char *wrong = NULL;

	if (tok[headings].type != TOK_ARRAY)
		return "neither a JSON list of headings nor an object with CSVHeader";
	for (uint32_t i = headings + 1; i < tok[headings].next && wrong == NULL; i = tok[i].next)
		wrong = take_heading(to, from, &tok[i], text);
	if (wrong == NULL && to->count == 0)
		return "no headings";
	return wrong;
}

/* Puts the columns of what text says in place of the layout's.  Returns 0, or -1 when reported. */
static int
replace_columns(struct layout *l, const char *path, const char *text, size_t len)
{
	struct layout to = { .columns = NULL };
	const char *wrong, *missing = NULL;
	struct tok_list list;
	enum tok_error error;

	tok_init(&list, RECORD_TOKENS_MAX);
	error = tok_parse(&list, text, len);
	wrong = error != TOK_OK ? tok_error_text(error) : take_headings(&to, l, &list, text);
	tok_free(&list);
	/* Those that were taken are empty now. */
	for (size_t i = 0; i < l->count && wrong == NULL && missing == NULL; i++) {
		if (l->columns[i].required)
			missing = l->columns[i].heading;
	}
	if (wrong != NULL)
		diag_error("%s: %s", path, wrong);
	else if (missing != NULL)
		diag_error("%s: the required column %s of the layout is not in it", path, missing);
	for (size_t i = 0; i < l->count; i++)
		layout_column_free(&l->columns[i]);
	free(l->columns);
	l->columns = to.columns;
	l->count = to.count;
	return wrong != NULL || missing != NULL ? -1 : 0;
}

int
layout_take_header(struct layout *l, const char *path)
{
	struct buf b;
	int result = -1;

	buf_init(&b, LAYOUT_FILE_MAX);
	if (datafile_read(path, &b) == 0)
		result = replace_columns(l, path, buf_string(&b), b.len);
	buf_free(&b);
	return result;
}
