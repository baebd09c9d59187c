#include <string.h>

#include "json/jtext.h"

#include "value.h"

static const char too_long[] = "a row that is too long";

/* A value that is no list, as a cell of its own or as an item of one. */
static const char *
append_item(struct buf *b, const struct tok_list *l, const char *text, uint32_t index)
{
	const struct tok *t = &l->tok[index];
	const char *s = text + t->start;
	size_t len = t->end - t->start;
	int failed;

	switch ((enum tok_type)t->type) {
	case TOK_NULL:
		return NULL;
	case TOK_STRING:
		if ((t->flags & TOK_NUL) != 0)
			return "a NUL";
		failed = jtext_decode(b, s, len);
		break;
	case TOK_ARRAY:
	case TOK_OBJECT:
		failed = jtext_value(b, l, text, index);
		break;
	default:
		failed = buf_append(b, s, len);
		break;
	}
	return failed != 0 ? too_long : NULL;
}

const char *
value_append(struct buf *b, const struct tok_list *l, const char *text, uint32_t index,
    const char *join)
{
	const struct tok *tok = l->tok;
	size_t from = b->len;

	if (tok[index].type != TOK_ARRAY)
		return append_item(b, l, text, index);
	for (uint32_t i = index + 1; i < tok[index].next; i = tok[i].next) {
		bool last = tok[i].next == tok[index].next;
		const char *wrong = append_item(b, l, text, i), *found;
		size_t end = b->len;

		if (wrong != NULL)
			return wrong;
		if (!last && buf_append_string(b, join) != 0)
			return too_long;
		/*
		 * Who splits the cell from its left must find the first joiner behind the item: "xa"
		 * joined by "aa" fails too.  No NUL stops strstr, they were turned away.
		 */
		found = strstr(buf_string(b) + from, join);
		if (found != (last ? NULL : buf_string(b) + end))
			return "a list item that holds the joiner";
		from = b->len;
	}
	return NULL;
}
