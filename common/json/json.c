#include "json/json.h"

#include <string.h>

#include "json/jtext.h"

bool
json_is_empty(const struct json *j)
{
	const struct tok *t = json_tok(j);

	return t->type == TOK_NULL ||
	    ((t->type == TOK_ARRAY || t->type == TOK_OBJECT) && t->next == j->at + 1);
}

/* What a string token means: the text itself, or b's, where it has escapes. */
static const char *
meaning(const struct json *j, struct buf *b, size_t *len)
{
	const struct tok *t = json_tok(j);

	*len = t->end - t->start;
	if ((t->flags & TOK_ESCAPED) == 0)
		return j->text + t->start;
	buf_init(b, 3 * *len);
	(void)jtext_decode(b, j->text + t->start, *len);
	*len = b->len;
	return buf_string(b);
}

static int
folded(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether a key is this name, in any case. */
static bool
is_like(const struct json *key, const char *name, size_t len)
{
	struct buf b = { .data = NULL };
	size_t own, at = 0;
	const char *s = meaning(key, &b, &own);

	while (own == len && at < len && folded(s[at]) == folded(name[at]))
		at++;
	buf_free(&b);
	return own == len && at == len;
}

bool
json_is_named(const struct json *key, const char *name)
{
	return is_like(key, name, strlen(name));
}

/* The value of the last member with this name. */
static uint32_t
find_member(const struct json *object, const char *name, size_t len)
{
	const struct tok *tok = object->list->tok;
	uint32_t found = 0;

	if (tok[object->at].type != TOK_OBJECT)
		return 0;
	for (uint32_t i = object->at + 1; i < tok[object->at].next; i = tok[i + 1].next) {
		struct json other = json_at(object, i);

		if (is_like(&other, name, len))
			found = i + 1;
	}
	return found;
}

uint32_t
json_member_like(const struct json *object, const struct json *key)
{
	struct buf b = { .data = NULL };
	size_t len;
	const char *name = meaning(key, &b, &len);
	uint32_t found = find_member(object, name, len);

	buf_free(&b);
	return found;
}

uint32_t
json_member(const struct json *object, const char *name)
{
	return find_member(object, name, strlen(name));
}

bool
json_like(const struct json *a, const struct json *b)
{
	struct buf text = { .data = NULL };
	size_t len;
	const char *name = meaning(b, &text, &len);
	bool like = is_like(a, name, len);

	buf_free(&text);
	return like;
}

bool
json_same(const struct json *a, const struct json *b)
{
	const struct tok *x = json_tok(a), *y = json_tok(b);
	struct buf one, two;
	bool same;

	if (x->type != y->type)
		return false;
	if ((x->flags & TOK_ESCAPED) == 0 && (y->flags & TOK_ESCAPED) == 0 &&
	    x->type != TOK_OBJECT && x->type != TOK_ARRAY)
		return x->end - x->start == y->end - y->start &&
		    memcmp(a->text + x->start, b->text + y->start, x->end - x->start) == 0;
	buf_init(&one, SIZE_MAX);
	buf_init(&two, SIZE_MAX);
	same = jtext_value(&one, a->list, a->text, a->at) == 0 &&
	    jtext_value(&two, b->list, b->text, b->at) == 0 && one.len == two.len &&
	    memcmp(one.data, two.data, one.len) == 0;
	buf_free(&one);
	buf_free(&two);
	return same;
}
