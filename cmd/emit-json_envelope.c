/* Envelopes (emit-json_envelope.h). */
#include "emit-json_envelope.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/documents.h"
#include "json/tok.h"
#include "json/utf8.h"

static const char blanks[] = " \t\r";

/* Reads the text in quotes at *s, which comes to stand behind it.  NULL, or what is wrong. */
static const char *
take_quoted(const char **s, struct buf *b)
{
	if (**s != '"')
		return "no text in double quotes";
	for ((*s)++; **s != '"'; (*s)++) {
		char c = **s;

		if (c == '\0')
			return "a quote that is not closed";
		if (c == '\\') {
			c = *++*s;
			if (c == 't')
				c = '\t';
			else if (c == 'n')
				c = '\n';
			else if (c != '"' && c != '\\')
				return "a backslash not before a quote, a backslash, t or n";
		}
		buf_append_byte(b, c);
	}
	(*s)++;
	return NULL;
}

static const char *
take_text(char **to, const char **s, struct buf *b)
{
	const char *wrong = take_quoted(s, b);

	if (wrong != NULL)
		return wrong;
	if (*to != NULL)
		return "said twice";
	*to = mem_dup(buf_string(b), b->len);
	return NULL;
}

static const char *
take_number(int64_t *to, const char **s, struct buf *b)
{
	size_t len = strcspn(*s, " \t\r#");
	const char *why;

	buf_append(b, *s, len);
	*s += len;
	if (*to != 0)
		return "said twice";
	if (num_parse(buf_string(b), 1, DOCUMENTS_LIMIT_MAX, to, &why) != 0)
		return "no number from 1 to 1000000000000";
	return NULL;
}

/* One line.  Returns NULL, or what is wrong with it. */
static const char *
take_line(struct envelope *e, const char *s, struct buf *b)
{
	const char *word = s + strspn(s, blanks), *wrong;
	size_t len = strcspn(word, " \t\r#\"");

	s = word + len + strspn(word + len, blanks);
	buf_clear(b);
	if (len == 0)
		return *s == '\0' || *s == '#' ? NULL : "no word in front";
	if (len == 5 && memcmp(word, "begin", len) == 0)
		wrong = take_text(&e->begin, &s, b);
	else if (len == 7 && memcmp(word, "between", len) == 0)
		wrong = take_text(&e->between, &s, b);
	else if (len == 3 && memcmp(word, "end", len) == 0)
		wrong = take_text(&e->end, &s, b);
	else if (len == 9 && memcmp(word, "max-bytes", len) == 0)
		wrong = take_number(&e->max_bytes, &s, b);
	else if (len == 11 && memcmp(word, "max-records", len) == 0)
		wrong = take_number(&e->max_records, &s, b);
	else
		wrong = "an unknown word (not begin, between, end, max-bytes, max-records)";
	if (wrong != NULL)
		return wrong;
	s += strspn(s, blanks);
	return *s == '\0' || *s == '#' ? NULL : "more than a line holds";
}

/* Splits text, which it changes, into lines and takes them. */
static int
take_lines(struct envelope *e, const char *path, char *text)
{
	const char *wrong = NULL;
	unsigned number = 0;
	struct buf b;

	buf_init(&b, ENVELOPE_FILE_MAX);
	while (*text != '\0' && wrong == NULL) {
		char *next = text + strcspn(text, "\n");

		if (*next != '\0')
			*next++ = '\0';
		number++;
		wrong = take_line(e, text, &b);
		text = next;
	}
	buf_free(&b);
	if (wrong != NULL)
		diag_error("%s:%u: %s", path, number, wrong);
	return wrong != NULL ? -1 : 0;
}

int
envelope_read(struct envelope *e, const char *path)
{
	struct buf b;
	int result = -1;

	buf_init(&b, ENVELOPE_FILE_MAX);
	buf_reserve(&b, 1);
	if (datafile_read(path, &b) != 0)
		goto done;
	if (utf8_valid(buf_string(&b), b.len) != b.len || strlen(buf_string(&b)) != b.len)
		diag_error("%s: not UTF-8 text", path);
	else
		result = take_lines(e, path, b.data);
done:
	buf_free(&b);
	return result;
}

/* Whether a document of so many records is JSON. */
static bool
is_json(const struct envelope *e, int records)
{
	struct tok_list list;
	struct buf b;
	bool good;

	tok_init(&list, ENVELOPE_FILE_MAX);
	buf_init(&b, SIZE_MAX);
	buf_append_string(&b, e->begin);
	for (int i = 0; i < records; i++) {
		buf_append_string(&b, i > 0 ? e->between : "");
		/* With a quote in it, lest the texts make it a part of a string. */
		buf_append_string(&b, "{\"a\":0}");
	}
	buf_append_string(&b, e->end);
	good = tok_parse(&list, buf_string(&b), b.len) == TOK_OK;
	buf_free(&b);
	tok_free(&list);
	return good;
}

/* The line end of a document's last line. */
static void
append_line_end(char **text)
{
	size_t len = strlen(*text);

	*text = mem_resize(*text, len + 2, 1);
	memcpy(*text + len, "\n", 2);
}

const char *
envelope_finish(struct envelope *e)
{
	if (e->begin == NULL)
		e->begin = mem_dup_string("[");
	if (e->between == NULL)
		e->between = mem_dup_string(",\n");
	if (e->end == NULL)
		e->end = mem_dup_string("]");
	for (int records = 0; records <= 2; records++)
		if (!is_json(e, records))
			return "begin, records with between, and end are no JSON document";
	append_line_end(&e->end);
	if (e->max_bytes != 0 &&
	    strlen(e->begin) + strlen("{}") + strlen(e->end) > (size_t)e->max_bytes)
		return "max-bytes leaves no room for a record";
	return NULL;
}

void
envelope_free(struct envelope *e)
{
	free(e->begin);
	free(e->between);
	free(e->end);
	memset(e, 0, sizeof *e);
}
