/* Who is known at which identity provider (identities.h). */
#include "json/identities.h"

#include "json/jtext.h"

void
identities_init(struct identities *i)
{
	buf_init(&i->provider, RECORD_LINE_MAX);
	buf_init(&i->id, RECORD_LINE_MAX);
	buf_init(&i->type, RECORD_LINE_MAX);
	buf_init(&i->text, RECORD_LINE_MAX);
	tok_init(&i->list, RECORD_TOKENS_MAX);
	i->at = i->end = 0;
}

void
identities_free(struct identities *i)
{
	buf_free(&i->provider);
	buf_free(&i->id);
	buf_free(&i->type);
	buf_free(&i->text);
	tok_free(&i->list);
}

bool
identities_of(struct identities *i, const struct record_reader *r)
{
	uint32_t index = 0;
	const struct tok *t;

	i->at = i->end = 0;
	if (r->keys.attributes != 0)
		index = tok_member(&r->list, r->text, r->keys.attributes, "identities");
	t = &r->list.tok[index];
	if (index == 0 || t->type != TOK_STRING)
		return false;
	buf_clear(&i->text);
	(void)jtext_decode(&i->text, r->text + t->start, t->end - t->start);
	if (tok_parse(&i->list, buf_string(&i->text), i->text.len) != TOK_OK ||
	    i->list.tok[0].type != TOK_ARRAY)
		return false;
	i->at = 1;
	i->end = i->list.tok[0].next;
	return true;
}

/* Replaces to by the member's text.  Returns whether it has one. */
static bool
take_member(struct identities *i, const char *name, struct buf *to)
{
	uint32_t index = tok_member(&i->list, i->text.data, i->at, name);
	const struct tok *t = &i->list.tok[index];

	buf_clear(to);
	if (index == 0 || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return false;
	if (t->type == TOK_STRING)
		(void)jtext_decode(to, i->text.data + t->start, t->end - t->start);
	else if (t->type == TOK_NUMBER)
		(void)buf_append(to, i->text.data + t->start, t->end - t->start);
	return to->len > 0;
}

bool
identities_next(struct identities *i)
{
	bool found = false;

	while (i->at < i->end && !found) {
		found = i->list.tok[i->at].type == TOK_OBJECT &&
		    take_member(i, "providerName", &i->provider) &&
		    take_member(i, "userId", &i->id);
		if (found)
			(void)take_member(i, "providerType", &i->type);
		i->at = i->list.tok[i->at].next;
	}
	return found;
}
