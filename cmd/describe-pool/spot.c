/* Values in records (spot.h). */
#include "spot.h"

#include <stdlib.h>
#include <string.h>

#include "json/jtext.h"

static const struct tok *
tok_of(struct spot s)
{
	return &s.list->tok[s.at];
}

static bool
is_type(struct spot s, enum tok_type type)
{
	return s.there && tok_of(s)->type == type;
}

/* The same record's value at another index; there only if that is before the end. */
static struct spot
move(struct spot s, uint32_t at, uint32_t end)
{
	s.at = at;
	s.there = at < end;
	return s;
}

struct spot
spot_root(const char *text, const struct tok_list *list)
{
	return (struct spot){ text, list, 0, true };
}

struct spot
spot_member(struct spot object, const char *name)
{
	uint32_t at = spot_is_object(object) ?
	    tok_member(object.list, object.text, object.at, name) : 0;

	object.there = at != 0 && object.list->tok[at].type != TOK_NULL;
	object.at = at;
	return object;
}

struct spot
spot_first(struct spot list)
{
	if (!spot_is_list(list))
		return (struct spot){ .there = false };
	return move(list, list.at + 1, tok_of(list)->next);
}

struct spot
spot_next(struct spot item, struct spot list)
{
	return move(item, tok_of(item)->next, tok_of(list)->next);
}

struct spot
spot_first_member(struct spot object)
{
	if (!spot_is_object(object))
		return (struct spot){ .there = false };
	return move(object, object.at + 2, tok_of(object)->next);
}

struct spot
spot_next_member(struct spot value, struct spot object)
{
	return move(value, tok_of(value)->next + 1, tok_of(object)->next);
}

struct spot
spot_key(struct spot value)
{
	value.at--;
	return value;
}

bool
spot_is_list(struct spot s)
{
	return is_type(s, TOK_ARRAY);
}

bool
spot_is_object(struct spot s)
{
	return is_type(s, TOK_OBJECT);
}

bool
spot_is_true(struct spot s)
{
	return is_type(s, TOK_TRUE);
}

bool
spot_is_text(struct spot s)
{
	return is_type(s, TOK_STRING);
}

bool
spot_is(struct spot s, const char *text)
{
	return s.there && tok_is(tok_of(s), s.text, text, strlen(text));
}

/* By the meaning; nearly none has an escape. */
bool
spot_same_text(struct spot a, struct spot b)
{
	const struct tok *t = tok_of(a);
	struct buf x;
	bool same;

	if ((t->flags & TOK_ESCAPED) == 0)
		return tok_is(tok_of(b), b.text, a.text + t->start, t->end - t->start);
	buf_init(&x, SIZE_MAX);
	spot_put_text(&x, a);
	same = tok_is(tok_of(b), b.text, buf_string(&x), x.len);
	buf_free(&x);
	return same;
}

struct spot
spot_member_of(struct spot object, struct spot key)
{
	struct spot v = spot_first_member(object);

	while (v.there && !spot_same_text(key, spot_key(v)))
		v = spot_next_member(v, object);
	return v;
}

bool
spot_number(struct spot s, double *number)
{
	char text[64], *end;
	size_t len;

	if (!is_type(s, TOK_NUMBER) && !is_type(s, TOK_STRING))
		return false;
	len = tok_of(s)->end - tok_of(s)->start;
	if (len == 0 || len >= sizeof text)
		return false;
	memcpy(text, s.text + tok_of(s)->start, len);
	text[len] = '\0';
	*number = strtod(text, &end);
	return *end == '\0';
}

void
spot_put_text(struct buf *b, struct spot s)
{
	if (is_type(s, TOK_STRING))
		(void)jtext_decode(b, s.text + tok_of(s)->start, tok_of(s)->end - tok_of(s)->start);
}

void
spot_put(struct buf *b, struct spot s)
{
	if (s.there)
		(void)jtext_value(b, s.list, s.text, s.at);
	else
		(void)buf_append_string(b, "null");
}
