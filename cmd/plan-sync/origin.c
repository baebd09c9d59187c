/* Who somebody is at the source (origin.h). */
#include "origin.h"

#include <string.h>

bool
origin_is_another(const struct subject *p)
{
	const struct half *w = &p->half[WANT];
	uint32_t now = w->count > 0 ? w->view.keys.sub : 0, then;
	struct tok_list list;
	bool another = false;

	if (now == 0 || w->list.tok[now].type != TOK_STRING || p->ledger_source.len == 0)
		return false;
	tok_init(&list, RECORD_TOKENS_MAX);
	if (tok_parse(&list, p->ledger_source.data, p->ledger_source.len) == TOK_OK) {
		const struct tok *a = &w->list.tok[now], *b;

		then = tok_member(&list, p->ledger_source.data, 0, "sub");
		b = &list.tok[then];
		/* Both texts are canonical. */
		another = then != 0 && b->type == TOK_STRING && (a->end - a->start !=
		    b->end - b->start || memcmp(w->text.data + a->start,
		    p->ledger_source.data + b->start, a->end - a->start) != 0);
	}
	tok_free(&list);
	return another;
}
