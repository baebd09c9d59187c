#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/layout_line.h"

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

const char *
line_split(struct line *line, const char *s, struct buf *b)
{
	for (;;) {
		struct word *w = &line->words[line->count];
		size_t bare;
		const char *wrong;

		s += strspn(s, " \t");
		if (*s == '\0' || *s == '#')
			return NULL;
		if (line->count == LINE_WORDS_MAX)
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

void
line_clear(struct line *line)
{
	for (size_t i = 0; i < line->count; i++)
		free(line->words[i].text);
	line->count = 0;
}

bool
line_is(const struct word *w, const char *keyword)
{
	return !w->quoted && strcmp(w->text, keyword) == 0;
}
