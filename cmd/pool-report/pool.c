/* The record of the user pool (pool.h). */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"

/* The text of a member of the object, or NULL; the caller frees. */
static char *
text_at(const struct record_reader *r, uint32_t object, const char *name)
{
	uint32_t index = tok_member(&r->list, r->text, object, name);
	const struct tok *t = &r->list.tok[index];
	struct buf b;
	char *text = NULL;

	if (index == 0 || (t->flags & TOK_NUL) != 0)
		return NULL;
	buf_init(&b, RECORD_LINE_MAX);
	if (t->type == TOK_NUMBER)
		text = mem_dup(r->text + t->start, t->end - t->start);
	else if (t->type == TOK_STRING && jtext_decode(&b, r->text + t->start,
	    t->end - t->start) == 0)
		text = mem_dup(buf_string(&b), b.len);
	buf_free(&b);
	return text;
}

static bool
is_true(const struct record_reader *r, uint32_t object, const char *name)
{
	uint32_t index = tok_member(&r->list, r->text, object, name);

	return index != 0 && r->list.tok[index].type == TOK_TRUE;
}

/* Marks the attributes that the pool has, whether somebody has a value or not. */
static void
take_schema(struct tally *attributes, const struct record_reader *r)
{
	uint32_t schema = tok_member(&r->list, r->text, 0, "SchemaAttributes");
	const struct tok *tok = r->list.tok;

	if (schema == 0 || tok[schema].type != TOK_ARRAY)
		return;
	for (uint32_t i = schema + 1; i < tok[schema].next; i = tok[i].next) {
		char *name = tok[i].type == TOK_OBJECT ? text_at(r, i, "Name") : NULL;
		struct tally_row *row;

		if (name == NULL)
			continue;
		row = tally_row(attributes, name, strlen(name));
		row->marks[NOW] |= MARK_DECLARED;
		if (is_true(r, i, "Required"))
			row->marks[NOW] |= MARK_REQUIRED;
		free(name);
	}
}

const char *
pool_take(struct pool *p, enum side side, struct tally *attributes, const struct record_reader *r)
{
	uint32_t id = tok_member(&r->list, r->text, 0, "Id"), names;

	if (id == 0 || r->list.tok[id].type != TOK_STRING)
		return "no user, group, membership or user pool";
	if (side == BEFORE ? p->id_before != NULL : p->known)
		return "a second user pool; a report is about one";
	if (side == BEFORE) {
		p->id_before = text_at(r, 0, "Id");
		return NULL;
	}
	p->known = true;
	p->id = text_at(r, 0, "Id");
	p->name = text_at(r, 0, "Name");
	p->mfa = text_at(r, 0, "MfaConfiguration");
	p->estimated = text_at(r, 0, "EstimatedNumberOfUsers");
	names = tok_member(&r->list, r->text, 0, "UsernameConfiguration");
	if (names != 0 && r->list.tok[names].type == TOK_OBJECT) {
		p->case_known = tok_member(&r->list, r->text, names, "CaseSensitive") != 0;
		p->case_sensitive = is_true(r, names, "CaseSensitive");
	}
	take_schema(attributes, r);
	return NULL;
}
