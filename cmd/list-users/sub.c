/* The sub of a user (sub.h). */
#include "json/jtext.h"

#include "sub.h"

/* The Value of the attribute "sub": its index, or 0. */
static uint32_t
find_value(const struct tok_list *list, const char *text, uint32_t user)
{
	uint32_t attributes = tok_member(list, text, user, "Attributes"), i;
	const struct tok *tok = list->tok;

	if (attributes == 0 || tok[attributes].type != TOK_ARRAY)
		return 0;
	for (i = attributes + 1; i < tok[attributes].next; i = tok[i].next) {
		uint32_t name = tok[i].type == TOK_OBJECT ? tok_member(list, text, i, "Name") : 0;

		if (name != 0 && tok[name].type == TOK_STRING &&
		    tok_is(&tok[name], text, "sub", 3))
			return tok_member(list, text, i, "Value");
	}
	return 0;
}

const char *
sub_find(const struct tok_list *list, const char *text, uint32_t user, struct buf *scratch,
    size_t *len)
{
	const struct tok *t = &list->tok[find_value(list, text, user)];

	if (t == list->tok || t->type != TOK_STRING || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return NULL;
	*len = t->end - t->start;
	if ((t->flags & TOK_ESCAPED) == 0)
		return text + t->start;
	buf_clear(scratch);
	if (jtext_decode(scratch, text + t->start, *len) != 0)
		return NULL;
	*len = scratch->len;
	return buf_string(scratch);
}
