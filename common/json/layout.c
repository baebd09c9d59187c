#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cell.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/escape.h"
#include "json/layout.h"
#include "json/layout_columns.h"
#include "json/layout_line.h"
#include "json/record.h"
#include "json/utf8.h"

enum { HEADING_SHOWN_MAX = 80 };	/* bytes of a heading in a message */

/* A word and what it stands for. */
struct choice {
	const char *word;
	int value;
};

static const struct choice dialects[] = { { "rfc4180", false }, { "cognito", true }, { NULL, 0 } };
static const struct choice backslashes[] = {
	{ "reject", BACKSLASH_REJECT }, { "keep", BACKSLASH_KEEP }, { "double", BACKSLASH_DOUBLE },
	{ NULL, 0 }
};
static const struct choice guards[] = {
	{ "none", GUARD_NONE }, { "apostrophe", GUARD_APOSTROPHE }, { "oci", GUARD_OCI },
	{ "report", GUARD_REPORT }, { NULL, 0 }
};

void
layout_init(struct layout *l)
{
	memset(l, 0, sizeof *l);
	l->delimiter = ',';
	l->join = mem_dup_string(";");
}

void
layout_free(struct layout *l)
{
	for (size_t i = 0; i < l->count; i++)
		layout_column_free(&l->columns[i]);
	for (size_t i = 0; i < l->preamble_count; i++)
		free(l->preamble[i]);
	free(l->columns);
	free(l->preamble);
	free(l->join);
	memset(l, 0, sizeof *l);
}

/* The value of a word.  Returns false if it is none of the choices. */
static bool
choose(const struct choice *choices, const char *word, int *value)
{
	for (; choices->word != NULL; choices++) {
		if (strcmp(choices->word, word) == 0) {
			*value = choices->value;
			return true;
		}
	}
	return false;
}

static const char *
set_join(struct layout *l, const char *text)
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

/* A limit of the whole file. */
static const char *
set_file_limit(uint64_t *limit, const char *text)
{
	const char *why;
	int64_t n;

	if (num_parse(text, 1, INT64_MAX, &n, &why) != 0)
		return "must be a number from 1";
	*limit = (uint64_t)n;
	return NULL;
}

/* A limit of characters. */
static const char *
set_length_limit(uint32_t *limit, const char *text)
{
	const char *why;
	int64_t n;

	if (num_parse(text, 1, INT32_MAX, &n, &why) != 0)
		return "must be a number from 1 to 2147483647";
	*limit = (uint32_t)n;
	return NULL;
}

const char *
layout_set(struct layout *l, const char *keyword, const char *text)
{
	int value;

	if (strcmp(keyword, "delimiter") == 0)
		return cell_delimiter(text, &l->delimiter);
	if (strcmp(keyword, "join") == 0)
		return set_join(l, text);
	if (strcmp(keyword, "max-rows") == 0)
		return set_file_limit(&l->max_rows, text);
	if (strcmp(keyword, "max-bytes") == 0)
		return set_file_limit(&l->max_bytes, text);
	if (strcmp(keyword, "max-row") == 0)
		return set_length_limit(&l->max_row, text);
	if (strcmp(keyword, "max-cell") == 0)
		return set_length_limit(&l->max_cell, text);
	if (strcmp(keyword, "dialect") == 0) {
		if (!choose(dialects, text, &value))
			return "must be rfc4180 or cognito";
		l->cognito = value != 0;
	} else if (strcmp(keyword, "guard") == 0) {
		if (!choose(guards, text, &value))
			return "must be none, apostrophe, oci or report";
		l->guard = (enum guard)value;
	} else if (strcmp(keyword, "backslash") == 0) {
		if (!choose(backslashes, text, &value))
			return "must be reject, keep or double";
		l->backslash = (enum layout_backslash)value;
	} else if (strcmp(keyword, "preamble") == 0) {
		l->preamble = mem_resize(l->preamble, l->preamble_count + 1, sizeof *l->preamble);
		l->preamble[l->preamble_count++] = mem_dup_string(text);
	} else {
		return "an unknown word";
	}
	return NULL;
}

static const char *
take_flag(struct layout *l, const struct word *w)
{
	if (line_is(w, "crlf"))
		l->crlf = true;
	else if (line_is(w, "bom"))
		l->bom = true;
	else if (line_is(w, "no-header"))
		l->no_header = true;
	else if (line_is(w, "quote-empty"))
		l->quote_empty = true;
	else
		return "an unknown word, or one that takes a text";
	return NULL;
}

static const char *
take_line(struct layout *l, const struct line *line, char why[LAYOUT_REASON_SIZE])
{
	const struct word *w = line->words;

	if (line->count == 0)
		return NULL;
	if (line_is(w, "column"))
		return layout_add_line(l, line, why);
	if (line->count == 1)
		return take_flag(l, w);
	if (line->count > 2)
		return "an unknown word, or too many";
	if (w->quoted)
		return "an unknown word";
	return layout_set(l, w[0].text, w[1].text);
}

/* Splits text, which it changes, into lines and takes them. */
static int
take_text(struct layout *l, const char *path, char *text, size_t len)
{
	struct line line = { .count = 0 };
	char why[LAYOUT_REASON_SIZE];
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
		wrong = line_split(&line, text, &b);
		if (wrong == NULL)
			wrong = take_line(l, &line, why);
		line_clear(&line);
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

int
layout_shown(const char *heading)
{
	size_t len = strlen(heading);

	/* A reason becomes a JSON string in the reject file. */
	return (int)utf8_valid(heading, len < HEADING_SHOWN_MAX ? len : HEADING_SHOWN_MAX);
}

/* Whether a text of the layout's own, which no guard touches, can be written and read back. */
static const char *
check_text(const struct layout *l, const char *s)
{
	size_t len = strlen(s);

	if (len == 0)
		return NULL;
	return l->cognito ? escape_check(l->backslash, s, len) : NULL;
}

static const char *
check_column(const struct layout *l, const struct layout_column *c)
{
	const char *constant = c->constant, *wrong;
	size_t len;

	if (!l->no_header && (wrong = check_text(l, c->heading)) != NULL)
		return wrong;
	if (constant == NULL)
		return NULL;
	if ((wrong = check_text(l, constant)) != NULL)
		return wrong;
	len = strlen(constant);
	if (l->max_cell != 0 && utf8_count(constant, len) > l->max_cell)
		return "longer than max-cell";
	/* Constants are not guarded, but unguard(1) would take this one for guarded. */
	return guard_strip(l->guard, &constant, &len) ? "a constant that looks guarded" : NULL;
}

const char *
layout_check(const struct layout *l, char reason[LAYOUT_REASON_SIZE])
{
	if (l->cognito && l->bom)
		return "dialect cognito: no byte order mark (bom)";
	if (l->cognito && l->delimiter != ',')
		return "dialect cognito: the delimiter is a comma";
	if (l->cognito && l->quote_empty)
		return "dialect cognito: no quotes (quote-empty)";
	if (l->cognito && (l->guard == GUARD_APOSTROPHE || l->guard == GUARD_OCI))
		return "dialect cognito: its importer undoes no guard";
	for (size_t i = 0; i < l->count; i++) {
		const char *heading = l->columns[i].heading;
		const char *wrong = check_column(l, &l->columns[i]);

		if (wrong != NULL) {
			snprintf(reason, LAYOUT_REASON_SIZE, "column %.*s: %s",
			    layout_shown(heading), heading, wrong);
			return reason;
		}
	}
	return NULL;
}
