/* Operations of the plan (rows.h). */
#include "rows.h"

#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"

char *
rows_decode(const struct tok_list *l, const char *text, uint32_t at)
{
	struct buf b;

	if (at == 0 || l->tok[at].type != TOK_STRING)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, "");
	(void)jtext_decode(&b, text + l->tok[at].start, l->tok[at].end - l->tok[at].start);
	(void)buf_append_byte(&b, '\0');
	return b.data;
}

bool
rows_is_of_group(const struct plan_row *r, const struct tok_list *l, const char *text)
{
	const char *deleted = "the group is to be deleted";

	return r->op == PLAN_DELETE_GROUP || (r->op == PLAN_REMOVE_MEMBER &&
	    tok_is(&l->tok[r->why], text, deleted, strlen(deleted)));
}

bool
rows_is_candidate(const struct plan_row *r, const struct tok_list *l, const char *text)
{
	const struct tok *why = &l->tok[r->why];
	const char *differs = "Enabled differs", *left = "left the listed groups";

	if (rows_is_of_group(r, l, text))
		return false;
	if (r->op == PLAN_REMOVE_MEMBER)
		return r->source != 0 || tok_is(why, text, left, strlen(left));
	return r->op == PLAN_DELETE_USER ||
	    (r->op == PLAN_DISABLE_USER && !tok_is(why, text, differs, strlen(differs)));
}
