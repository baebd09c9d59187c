/* What a table names of a record that is made already (shape.h). */
#include "json/shape.h"

#include <stddef.h>

#include "json/jtext.h"

struct keeping {
	struct buf *b;
	const struct tok_list *l;
	const char *text;
};

static void keep_object(const struct keeping *k, const struct shape *members, uint32_t at);

/* The items of a list: texts, or objects with the members of the table. */
static void
keep_items(const struct keeping *k, const struct shape *members, uint32_t at)
{
	const struct tok *tok = k->l->tok;
	const char *comma = "";

	(void)buf_append_byte(k->b, '[');
	for (uint32_t i = at + 1; i < tok[at].next; i = tok[i].next) {
		if (tok[i].type != (members != NULL ? TOK_OBJECT : TOK_STRING))
			continue;
		(void)buf_append_string(k->b, comma);
		comma = ",";
		if (members != NULL)
			keep_object(k, members, i);
		else
			(void)jtext_value(k->b, k->l, k->text, i);
	}
	(void)buf_append_byte(k->b, ']');
}

/* The same of an object whose names are anybody's. */
static void
keep_named(const struct keeping *k, const struct shape *members, uint32_t at)
{
	const struct tok *tok = k->l->tok;
	const char *comma = "";

	(void)buf_append_byte(k->b, '{');
	for (uint32_t key = at + 1; key < tok[at].next; key = tok[key + 1].next) {
		if (tok[key + 1].type != (members != NULL ? TOK_OBJECT : TOK_STRING))
			continue;
		(void)buf_append_string(k->b, comma);
		comma = ",";
		(void)jtext_string_token(k->b, &tok[key], k->text);
		(void)buf_append_byte(k->b, ':');
		if (members != NULL)
			keep_object(k, members, key + 1);
		else
			(void)jtext_value(k->b, k->l, k->text, key + 1);
	}
	(void)buf_append_byte(k->b, '}');
}

static bool
is_kept(enum shape_kind kind, enum tok_type type)
{
	switch (kind) {
	case SHAPE_TEXTS:
	case SHAPE_OBJECTS:
		return type == TOK_ARRAY;
	case SHAPE_OBJECT:
	case SHAPE_TAGS:
	case SHAPE_HEADS:
	case SHAPE_MAP:
		return type == TOK_OBJECT;
	case SHAPE_TRUTH:
	case SHAPE_HAS:
		return type == TOK_TRUE || type == TOK_FALSE;
	case SHAPE_NUMBER:
		return type == TOK_NUMBER;
	default:
		return type == TOK_STRING;
	}
}

static void
keep_value(const struct keeping *k, const struct shape *member, uint32_t at)
{
	switch (member->kind) {
	case SHAPE_TEXTS:
	case SHAPE_OBJECTS:
		keep_items(k, member->members, at);
		break;
	case SHAPE_OBJECT:
		keep_object(k, member->members, at);
		break;
	case SHAPE_TAGS:
	case SHAPE_HEADS:
	case SHAPE_MAP:
		keep_named(k, member->members, at);
		break;
	default:
		(void)jtext_value(k->b, k->l, k->text, at);
	}
}

static void
keep_members(const struct keeping *k, const struct shape *members, uint32_t at)
{
	for (const struct shape *m = members; m->name != NULL; m++) {
		uint32_t value = tok_member(k->l, k->text, at, m->name);

		if (value == 0 || !is_kept(m->kind, k->l->tok[value].type))
			continue;
		if (k->b->len > 0 && k->b->data[k->b->len - 1] != '{')
			(void)buf_append_byte(k->b, ',');
		(void)buf_appendf(k->b, "\"%s\":", m->name);
		keep_value(k, m, value);
	}
}

/* As deep as the tables are. */
static void
keep_object(const struct keeping *k, const struct shape *members, uint32_t at)
{
	(void)buf_append_byte(k->b, '{');
	keep_members(k, members, at);
	(void)buf_append_byte(k->b, '}');
}

void
shape_keep(struct buf *b, const struct shape *members, const struct tok_list *l, const char *text,
    uint32_t at)
{
	const struct keeping k = { .b = b, .l = l, .text = text };

	keep_members(&k, members, at);
}
