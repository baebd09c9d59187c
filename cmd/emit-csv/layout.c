#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "layout.h"
#include "json/record.h"
#include "json/utf8.h"

enum { WORDS_MAX = 16 };	/* of a line; a column with every word it may have takes ten */

/* A word of a layout file's line.  A quoted one is never a keyword. */
struct word {
	char *text;
	bool quoted;
};

struct line {
	struct word words[WORDS_MAX];
	size_t count;
};

void
layout_init(struct layout *l)
{
	memset(l, 0, sizeof *l);
	l->delimiter = ',';
	l->join = mem_dup_string(";");
}

static void
free_column(struct layout_column *c)
{
	free(c->heading);
	free(c->name);
	free(c->constant);
	free(c->fallback);
}

void
layout_free(struct layout *l)
{
	for (size_t i = 0; i < l->count; i++)
		free_column(&l->columns[i]);
	for (size_t i = 0; i < l->preamble_count; i++)
		free(l->preamble[i]);
	free(l->columns);
	free(l->preamble);
	free(l->join);
	memset(l, 0, sizeof *l);
}

/* Takes over what c points to, whatever it returns. */
static const char *
add_column(struct layout *l, struct layout_column *c)
{
	const char *wrong = NULL;

	if (c->heading[0] == '\0')
		wrong = "a column without a heading";
	else if (c->name != NULL && c->name[0] == '\0')
		wrong = "a column without a name";
	else if (l->count == LAYOUT_COLUMNS_MAX)
		wrong = "more than 1000 columns";
	for (size_t i = 0; i < l->count && wrong == NULL; i++) {
		/* Importers find columns by their headings. */
		if (strcmp(l->columns[i].heading, c->heading) == 0)
			wrong = "two columns with the same heading";
	}
	if (wrong != NULL) {
		free_column(c);
		return wrong;
	}
	l->columns = mem_resize(l->columns, l->count + 1, sizeof *l->columns);
	l->columns[l->count++] = *c;
	return NULL;
}

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
	struct layout_column c = { 0 };

	if (!take_list_text(s, b))
		goto backslash;
	c.heading = mem_dup_string(buf_string(b));
	if (**s == '=') {
		(*s)++;
		if (!take_list_text(s, b))
			goto backslash;
		if (**s == '=') {
			free_column(&c);
			return "two equals signs in an item (a name's own is written \\=)";
		}
	}
	c.name = mem_dup_string(buf_string(b));
	return add_column(l, &c);
backslash:
	free_column(&c);
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

const char *
layout_set_delimiter(struct layout *l, const char *text)
{
	if (strcmp(text, "\\t") == 0)
		text = "\t";
	if (text[0] == '\0' || text[1] != '\0')
		return "must be one ASCII character or \\t";
	if (text[0] != '\t' && (text[0] < ' ' || text[0] > '~'))
		return "must be one ASCII character or \\t";
	if (text[0] == '"')
		return "must not be a quote";
	l->delimiter = text[0];
	return NULL;
}

const char *
layout_set_join(struct layout *l, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > LAYOUT_JOIN_MAX)
		return "must be 1 to 16 bytes";
	if (utf8_valid(text, len) != len)
		return "not UTF-8";
	free(l->join);
	l->join = mem_dup_string(text);
	return NULL;
}

/* Splitting a line into words. */

static const char *
take_quoted(const char **s, struct buf *b)
{
	for ((*s)++; **s != '"'; (*s)++) {
		char c = **s;

		if (c == '\0')
			return "a quote that is not closed";
		if (c == '\\') {
			c = *++*s;
			if (c == 't')
				c = '\t';
			else if (c != '"' && c != '\\')
				return "a backslash that is not before a quote, a backslash or a t";
		}
		buf_append_byte(b, c);
	}
	(*s)++;
	return **s != '\0' && strchr(" \t", **s) == NULL ? "no blank behind a quoted text" : NULL;
}

static const char *
split(struct line *line, const char *s, struct buf *b)
{
	for (;;) {
		struct word *w = &line->words[line->count];
		size_t bare;
		const char *wrong;

		s += strspn(s, " \t");
		if (*s == '\0' || *s == '#')
			return NULL;
		if (line->count == WORDS_MAX)
			return "too many words";
		buf_clear(b);
		w->quoted = *s == '"';
		if (w->quoted) {
			wrong = take_quoted(&s, b);
			if (wrong != NULL)
				return wrong;
		} else {
			bare = strcspn(s, " \t\"");
			buf_append(b, s, bare);
			s += bare;
			if (*s == '"')
				return "a quote inside a word";
		}
		w->text = mem_dup_string(buf_string(b));
		line->count++;
	}
}

static void
clear_line(struct line *line)
{
	for (size_t i = 0; i < line->count; i++)
		free(line->words[i].text);
	line->count = 0;
}

/* What the lines mean.  Each take_ function returns NULL, or what is wrong (static). */

static bool
is_keyword(const struct word *w, const char *keyword)
{
	return !w->quoted && strcmp(w->text, keyword) == 0;
}

static const char *
take_number(const struct word *w, uint32_t *value)
{
	const char *why;
	int64_t n;

	if (num_parse(w->text, 1, RECORD_LINE_MAX, &n, &why) != 0)
		return "min and max take a number from 1 to 1048576";
	*value = (uint32_t)n;
	return NULL;
}

/* The word at *i and, if it takes one, the word behind it. */
static const char *
take_column_word(struct layout_column *c, const struct line *line, size_t *i)
{
	const struct word *w = &line->words[*i], *value = w + 1;

	if (is_keyword(w, "required")) {
		c->required = true;
		return NULL;
	}
	if (!is_keyword(w, "default") && !is_keyword(w, "min") && !is_keyword(w, "max"))
		return "an unknown word (default, required, min and max are known)";
	if (++*i == line->count)
		return "a word without its value";
	if (is_keyword(w, "min"))
		return take_number(value, &c->min);
	if (is_keyword(w, "max"))
		return take_number(value, &c->max);
	if (c->fallback != NULL)
		return "two defaults";
	c->fallback = mem_dup_string(value->text);
	return NULL;
}

/* column HEADING NAME [WORD...], or column HEADING constant TEXT */
static const char *
take_column(struct layout *l, const struct line *line)
{
	struct layout_column c = { 0 };
	const char *wrong = NULL;
	size_t i = 3;

	if (line->count < 3)
		return "column takes a heading and a name";
	if (is_keyword(&line->words[2], "constant")) {
		if (line->count != 4)
			return "constant takes one text and no further words";
		c.constant = mem_dup_string(line->words[3].text);
		i = 4;
	} else {
		c.name = mem_dup_string(line->words[2].text);
	}
	c.heading = mem_dup_string(line->words[1].text);
	for (; i < line->count && wrong == NULL; i++)
		wrong = take_column_word(&c, line, &i);
	if (wrong == NULL && c.max != 0 && c.min > c.max)
		wrong = "min is greater than max";
	if (wrong == NULL)
		return add_column(l, &c);
	free_column(&c);
	return wrong;
}

static const char *
take_flag(struct layout *l, const struct word *w)
{
	if (is_keyword(w, "crlf"))
		l->crlf = true;
	else if (is_keyword(w, "bom"))
		l->bom = true;
	else if (is_keyword(w, "no-header"))
		l->no_header = true;
	else if (is_keyword(w, "quote-empty"))
		l->quote_empty = true;
	else
		return "an unknown word, or one that takes a text";
	return NULL;
}

static const char *
take_line(struct layout *l, struct line *line)
{
	const struct word *w = line->words;

	if (line->count == 0)
		return NULL;
	if (is_keyword(w, "column"))
		return take_column(l, line);
	if (line->count == 1)
		return take_flag(l, w);
	if (line->count > 2)
		return "an unknown word, or too many";
	if (is_keyword(w, "delimiter"))
		return layout_set_delimiter(l, w[1].text);
	if (is_keyword(w, "join"))
		return layout_set_join(l, w[1].text);
	if (!is_keyword(w, "preamble"))
		return "an unknown word";
	l->preamble = mem_resize(l->preamble, l->preamble_count + 1, sizeof *l->preamble);
	l->preamble[l->preamble_count++] = mem_dup_string(w[1].text);
	return NULL;
}

/* Splits text, which it changes, into lines and takes them. */
static int
take_text(struct layout *l, const char *path, char *text, size_t len)
{
	struct line line = { .count = 0 };
	const char *wrong = NULL;
	unsigned number = 0;
	struct buf b;

	buf_init(&b, len + 1);
	while (*text != '\0' && wrong == NULL) {
		char *lf = strchr(text, '\n');
		char *next = lf != NULL ? lf + 1 : text + strlen(text);

		if (lf != NULL)
			*lf = '\0';
		if (lf != NULL && lf > text && lf[-1] == '\r')
			lf[-1] = '\0';
		number++;
		wrong = split(&line, text, &b);
		if (wrong == NULL)
			wrong = take_line(l, &line);
		clear_line(&line);
		text = next;
	}
	buf_free(&b);
	if (wrong != NULL)
		diag_error("%s:%u: %s", path, number, wrong);
	else if (l->count == 0)
		diag_error("%s: no columns", path);
	return wrong != NULL || l->count == 0 ? -1 : 0;
}

int
layout_read(struct layout *l, const char *path)
{
	struct buf b;
	int result = -1;

	buf_init(&b, LAYOUT_FILE_MAX);
	if (datafile_read(path, &b) != 0)
		goto done;
	if (utf8_valid(buf_string(&b), b.len) != b.len || strlen(buf_string(&b)) != b.len)
		diag_error("%s: not UTF-8 text", path);
	else if (b.len == 0)
		diag_error("%s: no columns", path);
	else
		result = take_text(l, path, b.data, b.len);
done:
	buf_free(&b);
	return result;
}
