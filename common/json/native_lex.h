/* The words of a jq program, one ahead. */
#ifndef JSON_NATIVE_LEX_H
#define JSON_NATIVE_LEX_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum native_word {
	NW_END, NW_NAME, NW_FIELD, NW_VARIABLE, NW_NUMBER,
	NW_QUOTE,		/* the opening one; native_lex_string reads on from p */
	NW_FORMAT,
	NW_SIGN,		/* an operator or a bracket of one or more bytes */
	NW_ODD			/* none of these */
};

struct native_lex {
	const char *p;		/* behind the word at hand */
	enum native_word word;
	const char *start;	/* of a name without the dot or the dollar sign */
	size_t len;
};

/* Steps to the next word. */
void native_lex_next(struct native_lex *l);

/* Whether the word at hand is this operator, bracket or keyword. */
bool native_lex_is(const struct native_lex *l, const char *text);

/*
 * Appends the meaning of the string from l->p up to its end ('"'), or up to an interpolation ('('),
 * and steps over that; returns which it was, or 0 for what is better left to libjq.
 */
char native_lex_string(struct native_lex *l, struct buf *b);

#endif
