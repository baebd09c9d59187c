/* What a side has under a key, and whose it is (subject.h). */
#include "subject.h"

#include <string.h>

uint32_t
half_member(const struct half *h, const char *name)
{
	return h->count == 0 ? 0 : tok_member(h->view.list, h->view.text, 0, name);
}

bool
half_is(const struct half *h, uint32_t index, const char *text)
{
	const struct tok *t;

	if (index == 0)
		return false;
	t = &h->view.list->tok[index];
	if (t->type == TOK_STRING)
		return tok_is(t, h->view.text, text, strlen(text));
	return (t->type == TOK_TRUE && strcmp(text, "true") == 0) ||
	    (t->type == TOK_FALSE && strcmp(text, "false") == 0);
}

const struct half *
subject_have(const struct subject *p)
{
	return p->half[HAVE].count > 0 ? &p->half[HAVE] : &p->of_member;
}

bool
subject_is_ours(const struct subject *p)
{
	const struct half *h = subject_have(p);
	uint32_t sub = h->count > 0 ? h->view.keys.sub : 0;

	if (p->ledger == LEDGER_NONE || p->ledger == LEDGER_DELETED)
		return false;
	if (sub == 0)
		return true;
	/* Only of whom no answer came it does not know the sub. */
	if (p->ledger_sub.len == 0)
		return p->ledger == LEDGER_CREATING;
	/* Somebody made another one of that name since. */
	return p->ledger_sub.len == h->list.tok[sub].end - h->list.tok[sub].start + 2 &&
	    memcmp(p->ledger_sub.data, h->text.data + h->list.tok[sub].start - 1,
	    p->ledger_sub.len) == 0;
}
