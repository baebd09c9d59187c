/* Words (words.h). */
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static const char white[] = " \t\r\n";

/*
 * Appends a quoted part; *s stands behind its opening quote and comes to stand behind the closing
 * one.  Returns NULL, or what is wrong.
 */
static const char *
take_quoted(struct buf *word, const char **s, char quote)
{
	const char *p = *s;

	for (; *p != quote; p++) {
		if (quote == '"' && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		if (*p == '\0')
			return "a quote that is not closed";
		(void)buf_append_byte(word, *p);
	}
	*s = p + 1;
	return NULL;
}

/* Appends the word at *s, which comes to stand behind it.  Returns NULL, or what is wrong. */
static const char *
take_word(struct buf *word, const char **s)
{
	const char *why = NULL;

	while (why == NULL && **s != '\0' && strchr(white, **s) == NULL) {
		char c = *(*s)++;

		if (c == '\'' || c == '"') {
			why = take_quoted(word, s, c);
			continue;
		}
		if (c == '\\') {
			if (**s == '\0')
				return "a backslash with nothing behind it";
			c = *(*s)++;
		}
		(void)buf_append_byte(word, c);
	}
	return why;
}

char **
words_split(const char *text, size_t *count, const char **why)
{
	char **words = mem_alloc(sizeof *words);
	const char *s = text + strspn(text, white);
	struct buf word;

	/* No word is longer than the text: its appends cannot fail. */
	buf_init(&word, strlen(text));
	*why = NULL;
	for (*count = 0; *s != '\0'; s += strspn(s, white)) {
		buf_clear(&word);
		*why = take_word(&word, &s);
		if (*why != NULL)
			break;
		words = mem_resize(words, *count + 2, sizeof *words);
		words[(*count)++] = mem_dup(buf_string(&word), word.len);
		words[*count] = NULL;
	}
	buf_free(&word);
	if (*why == NULL)
		return words;
	words_free(words);
	return NULL;
}

void
words_free(char **words)
{
	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		free(words[i]);
	free(words);
}
