#include <stdlib.h>
#include <string.h>

#include "json/jtext.h"
#include "json/tok.h"

void
tok_init(struct tok_list *l, size_t max)
{
	memset(l, 0, sizeof *l);
	l->max = max;
}

void
tok_free(struct tok_list *l)
{
	free(l->tok);
	tok_init(l, l->max);
}

const char *
tok_error_text(enum tok_error e)
{
	switch (e) {
	case TOK_OK:
		return "good JSON";
	case TOK_SYNTAX:
		return "not JSON";
	case TOK_CUT:
		return "JSON cut off";
	case TOK_UTF8:
		return "invalid UTF-8";
	case TOK_DEPTH:
		return "nested deeper than 256 levels";
	case TOK_MANY:
		return "too many JSON values";
	case TOK_LONG:
		return "4 GiB or longer";
	}
	return "unknown error";
}

bool
tok_is_escaped(const struct tok *t, const char *text, const char *s, size_t len)
{
	const char *p = text + t->start, *end = text + t->end;

	while (p < end) {
		char c[4];
		size_t used = 1, n = 1;

		c[0] = *p;
		if (*p == '\\')
			n = jtext_escape(p, end, c, &used);
		if (n > len || memcmp(c, s, n) != 0)
			return false;
		p += used;
		s += n;
		len -= n;
	}
	return len == 0;
}

uint32_t
tok_member(const struct tok_list *l, const char *text, uint32_t object, const char *key)
{
	const struct tok *t = l->tok;
	size_t len = strlen(key);
	uint32_t found = 0;

	if (t[object].type != TOK_OBJECT)
		return 0;
	for (uint32_t i = object + 1; i < t[object].next; i = tok_behind_member(t, i)) {
		if (tok_is(&t[i], text, key, len))
			found = i + 1;
	}
	return found;
}
