/* Which values mean the same (spot.h). */
#include <string.h>

#include "roll.h"

/* Sorted, since a mapping of a MiB has more members than can be looked for one by one. */
static bool
same_members(struct spot a, struct spot b)
{
	struct roll x, y;
	bool same;

	roll_of_object(&x, a);
	roll_of_object(&y, b);
	same = x.count == y.count;
	for (size_t i = 0; same && i < x.count; i++)
		same = spot_same_text(x.entry[i].name, y.entry[i].name) &&
		    spot_same(x.entry[i].thing, y.entry[i].thing);
	roll_free(&x);
	roll_free(&y);
	return same;
}

/* As deep as a record may be (TOK_DEPTH_MAX). */
bool
spot_same(struct spot a, struct spot b)
{
	const struct tok *t, *u;
	struct spot x, y;

	if (!a.there || !b.there)
		return false;
	t = &a.list->tok[a.at];
	u = &b.list->tok[b.at];
	if (t->type != u->type)
		return false;
	switch (t->type) {
	case TOK_STRING:
		return spot_same_text(a, b);
	case TOK_NUMBER:
		return t->end - t->start == u->end - u->start &&
		    memcmp(a.text + t->start, b.text + u->start, t->end - t->start) == 0;
	case TOK_ARRAY:
		for (x = spot_first(a), y = spot_first(b); x.there && y.there;
		    x = spot_next(x, a), y = spot_next(y, b))
			if (!spot_same(x, y))
				return false;
		return !x.there && !y.there;
	case TOK_OBJECT:
		return same_members(a, b);
	default:
		return true;
	}
}

bool
spot_has(struct spot list, struct spot item)
{
	for (struct spot i = spot_first(list); i.there; i = spot_next(i, list))
		if (spot_same(i, item))
			return true;
	return false;
}

/* What says nothing: not there, or with nothing in it. */
static bool
is_nothing(struct spot s)
{
	return !s.there || (spot_is_list(s) && !spot_first(s).there) ||
	    (spot_is_object(s) && !spot_first_member(s).there);
}

static bool
is_texts(struct spot s)
{
	if (!spot_is_list(s))
		return false;
	for (struct spot i = spot_first(s); i.there; i = spot_next(i, s))
		if (!spot_is_text(i))
			return false;
	return true;
}

/* All that a says, and b says or does not. */
static bool
same_said(struct spot a, struct spot b, struct spot usual)
{
	struct roll others, known;
	bool same = true;

	roll_of_object(&others, b);
	roll_of_object(&known, usual);
	for (struct spot i = spot_first_member(a); same && i.there; i = spot_next_member(i, a))
		same = spot_same_usual(i, roll_find(&others, spot_key(i), 0),
		    roll_find(&known, spot_key(i), 0));
	roll_free(&others);
	roll_free(&known);
	return same;
}

bool
spot_same_usual(struct spot a, struct spot b, struct spot usual)
{
	if (is_nothing(a))
		a = usual;
	if (is_nothing(b))
		b = usual;
	/* What is nothing has no members; those of the other one may still be what is usual. */
	if ((spot_is_object(a) || is_nothing(a)) && (spot_is_object(b) || is_nothing(b)))
		return same_said(a, b, usual) && same_said(b, a, usual);
	if (is_nothing(a) || is_nothing(b))
		return false;
	if (is_texts(a) && is_texts(b))
		return roll_holds(a, b) && roll_holds(b, a);
	return spot_same(a, b);
}
