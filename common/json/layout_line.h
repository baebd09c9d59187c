/* A line of a layout file as words. */
#ifndef JSON_LAYOUT_LINE_H
#define JSON_LAYOUT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { LINE_WORDS_MAX = 16 };	/* a column with every word it may have takes fourteen */

/* A quoted word is never a keyword. */
struct word {
	char *text;
	bool quoted;
};

struct line {
	struct word words[LINE_WORDS_MAX];
	size_t count;
};

/*
 * Adds the words of s to an empty line; b is for scratch.  Returns NULL, or what is wrong (static)
 * with some words added.
 */
const char *line_split(struct line *line, const char *s, struct buf *b);

/* Frees the words; the line is empty again. */
void line_clear(struct line *line);

/* Whether the word is this keyword. */
bool line_is(const struct word *w, const char *keyword);

#endif
