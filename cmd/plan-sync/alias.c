/* Names and subs under several keys (alias.h). */
#include "alias.h"

#include <string.h>

bool
alias_is(const struct subject *p)
{
	return p->kind == 'N' || p->kind == 'S';
}

void
alias_take(struct subject *p, enum line_type type, const char *text, size_t len)
{
	struct half *h = &p->half[type == LINE_HAVE ? HAVE : WANT];
	size_t rest;

	/* The lines are sorted: the same key again says nothing new. */
	buf_clear(&p->since);
	(void)key_decode(text, len, &p->since, &rest);
	if (h->count > 0 && p->since.len == h->text.len &&
	    memcmp(p->since.data, h->text.data, h->text.len) == 0)
		return;
	h->count++;
	buf_clear(&h->text);
	buf_append(&h->text, p->since.data, p->since.len);
}

static void
add_key(struct keyset *set, const struct half *h)
{
	struct keyset_key key;

	keyset_key(&key, h->text.data, h->text.len);
	(void)keyset_add(set, &key);
}

void
alias_decide(struct sync *s, const struct subject *p)
{
	const struct half *other = &p->half[WANT], *have = &p->half[HAVE];

	if (other->count == 0 || have->count == 0 || (other->count == 1 && have->count == 1 &&
	    other->text.len == have->text.len &&
	    memcmp(other->text.data, have->text.data, have->text.len) == 0))
		return;
	if (p->kind == 'S') {
		add_key(&s->rekeyed, have);
		return;
	}
	add_key(&s->moved[WANT], other);
	add_key(&s->moved[HAVE], have);
}
