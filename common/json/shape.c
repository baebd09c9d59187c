/* Tables of what may be given out (shape.h). */
#include "json/shape.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"

static const char too_long[] = "the record would be too long";

struct making {
	struct buf *b;
	const struct tok_list *l;
	const char *text;
	char *wrong;
};

/* What is wrong with the member of that name. */
static const char *
fault(const struct making *m, const char *name, const char *what)
{
	snprintf(m->wrong, SHAPE_WRONG_SIZE, "%s: %s", name, what);
	return m->wrong;
}

static bool
is_text(const struct tok *t)
{
	return t->type == TOK_STRING && (t->flags & (TOK_LONE | TOK_NUL)) == 0;
}

static const char *
put(const struct making *m, const char *s)
{
	return buf_append_string(m->b, s) == 0 ? NULL : too_long;
}

static const char *
put_text(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];

	if (!is_text(t))
		return fault(m, name, "no text");
	return jtext_string_token(m->b, t, m->text) == 0 ? NULL : too_long;
}

/* By its meaning: the ';' may be written as an escape. */
static const char *
put_head(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];
	struct buf b;
	int bad;

	if (!is_text(t))
		return fault(m, name, "no text");
	buf_init(&b, SIZE_MAX);
	(void)jtext_decode(&b, m->text + t->start, t->end - t->start);
	bad = jtext_string(m->b, buf_string(&b), strcspn(buf_string(&b), ";"));
	buf_wipe(&b);
	return bad == 0 ? NULL : too_long;
}

static const char *
put_date(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];
	char date[CLOCK_RFC3339_SIZE];
	int64_t ms;

	if (t->type != TOK_NUMBER ||
	    clock_parse_epoch(m->text + t->start, t->end - t->start, &ms) != 0)
		return fault(m, name, "a date that is not a number of seconds");
	clock_rfc3339(ms, date);
	return jtext_string(m->b, date, strlen(date)) == 0 ? NULL : too_long;
}

static const char *
put_plain(const struct making *m, const struct shape *of, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];

	if (of->kind == SHAPE_NUMBER && t->type != TOK_NUMBER)
		return fault(m, of->name, "no number");
	if (of->kind == SHAPE_TRUTH && t->type != TOK_TRUE && t->type != TOK_FALSE)
		return fault(m, of->name, "neither true nor false");
	return buf_append(m->b, m->text + t->start, t->end - t->start) == 0 ? NULL : too_long;
}

static const char *
put_texts(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *tok = m->l->tok;
	const char *wrong, *comma = "";

	if (tok[at].type != TOK_ARRAY)
		return fault(m, name, "no list");
	wrong = put(m, "[");
	for (uint32_t i = at + 1; wrong == NULL && i < tok[at].next; i = tok[i].next) {
		wrong = put(m, comma);
		if (wrong == NULL)
			wrong = put_text(m, name, i);
		comma = ",";
	}
	return wrong == NULL ? put(m, "]") : wrong;
}

/* What is to be sorted: the place of a value, that of its name in an object, and its names. */
struct item {
	uint32_t at, key;
	struct buf names;	/* each with a NUL behind it, which none has in it */
};

struct items {
	struct item *item;
	size_t count;
};

static int
compare_items(const void *a, const void *b)
{
	const struct buf *x = &((const struct item *)a)->names;
	const struct buf *y = &((const struct item *)b)->names;
	int way = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

	return way != 0 ? way : (x->len > y->len) - (x->len < y->len);
}

static void
free_items(struct items *s)
{
	for (size_t i = 0; i < s->count; i++)
		buf_free(&s->item[i].names);
	free(s->item);
}

static struct item *
add_item(struct items *s, uint32_t at, uint32_t key)
{
	struct item *item;

	s->item = mem_resize(s->item, s->count + 1, sizeof *s->item);
	item = &s->item[s->count++];
	*item = (struct item){ .at = at, .key = key };
	buf_init(&item->names, SIZE_MAX);
	return item;
}

/* Adds the text at the index, or an empty one for 0, to names; false: it is none. */
static bool
add_name(const struct making *m, struct buf *names, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];
	bool first = names->len == 0;

	if (at != 0 && t->type != TOK_NULL) {
		if (!is_text(t))
			return false;
		(void)jtext_decode(names, m->text + t->start, t->end - t->start);
	}
	if (first && names->len == 0)
		return false;
	(void)buf_append_byte(names, '\0');
	return true;
}

/* Returns NULL, or that one is there twice. */
static const char *
sort_items(const struct making *m, const char *name, struct items *s)
{
	if (s->count > 1)
		qsort(s->item, s->count, sizeof *s->item, compare_items);
	for (size_t i = 1; i < s->count; i++)
		if (compare_items(&s->item[i - 1], &s->item[i]) == 0)
			return fault(m, name, "a name is there twice");
	return NULL;
}

/* The members of an object, by their names. */
static const char *
find_members(const struct making *m, const char *name, uint32_t at, struct items *s)
{
	const struct tok *tok = m->l->tok;
	bool good = tok[at].type == TOK_OBJECT;

	for (uint32_t i = at + 1; good && i < tok[at].next; i = tok[i + 1].next)
		good = add_name(m, &add_item(s, i + 1, i)->names, i);
	return good ? sort_items(m, name, s) : fault(m, name, "no object with names");
}

static bool
has_names(const struct shape *members)
{
	while (members->name != NULL && members->kind != SHAPE_NAME)
		members++;
	return members->name != NULL;
}

/* Adds the names of the object at the index; false: one is none. */
static bool
add_names(const struct making *m, const struct shape *members, struct buf *names, uint32_t at)
{
	if (m->l->tok[at].type != TOK_OBJECT)
		return false;
	for (const struct shape *k = members; k->name != NULL; k++)
		if (k->kind == SHAPE_NAME &&
		    !add_name(m, names, tok_member(m->l, m->text, at, k->name)))
			return false;
	return true;
}

/* The objects of a list, by the names that they have. */
static const char *
find_objects(const struct making *m, const struct shape *of, uint32_t at, struct items *s)
{
	const struct tok *tok = m->l->tok;
	bool named = has_names(of->members);

	if (tok[at].type != TOK_ARRAY)
		return fault(m, of->name, "no list");
	for (uint32_t i = at + 1; i < tok[at].next; i = tok[i].next)
		if (!add_names(m, of->members, &add_item(s, i, 0)->names, i))
			return fault(m, of->name, named ? "no list of objects with names" :
			    "no list of objects");
	return named ? sort_items(m, of->name, s) : NULL;
}

/* Whether the object has one of these members. */
static bool
has_member(const struct making *m, const struct shape *members, uint32_t at)
{
	uint32_t value = 0;

	for (const struct shape *k = members; value == 0 && k->name != NULL; k++) {
		value = tok_member(m->l, m->text, at, k->name);
		if (m->l->tok[value].type == TOK_NULL)
			value = 0;
	}
	return value != 0;
}

static const char *put_value(const struct making *m, const struct shape *of, uint32_t at);

/* As deep as the tables, which put_value goes into in turn. */
static const char *
put_members(const struct making *m, const struct shape *members, uint32_t at)
{
	const char *wrong = NULL;

	for (const struct shape *k = members; wrong == NULL && k->name != NULL; k++) {
		bool open = m->b->len == 0 || m->b->data[m->b->len - 1] == '{';
		uint32_t value = tok_member(m->l, m->text, at, k->name);

		if (k->kind != SHAPE_HAS && (value == 0 || m->l->tok[value].type == TOK_NULL))
			continue;
		if (buf_appendf(m->b, "%s\"%s\":", open ? "" : ",", k->name) != 0)
			wrong = too_long;
		else if (k->kind == SHAPE_HAS)
			wrong = put(m, has_member(m, k->members, at) ? "true" : "false");
		else
			wrong = put_value(m, k, value);
	}
	return wrong;
}

static const char *
put_object(const struct making *m, const struct shape *of, uint32_t at)
{
	const char *wrong;

	if (m->l->tok[at].type != TOK_OBJECT)
		return fault(m, of->name, "no object");
	wrong = put(m, "{");
	if (wrong == NULL)
		wrong = put_members(m, of->members, at);
	return wrong == NULL ? put(m, "}") : wrong;
}

static const char *
put_objects(const struct making *m, const struct shape *of, uint32_t at)
{
	struct items s = { NULL, 0 };
	const char *wrong = find_objects(m, of, at, &s);

	if (wrong == NULL)
		wrong = put(m, "[");
	for (size_t i = 0; wrong == NULL && i < s.count; i++) {
		wrong = put(m, i > 0 ? "," : "");
		if (wrong == NULL)
			wrong = put_object(m, of, s.item[i].at);
	}
	free_items(&s);
	return wrong == NULL ? put(m, "]") : wrong;
}

static const char *
put_map(const struct making *m, const struct shape *of, uint32_t at)
{
	struct items s = { NULL, 0 };
	const char *wrong = find_members(m, of->name, at, &s);

	if (wrong == NULL)
		wrong = put(m, "{");
	for (size_t i = 0; wrong == NULL && i < s.count; i++) {
		wrong = put(m, i > 0 ? "," : "");
		if (wrong == NULL)
			wrong = put_text(m, of->name, s.item[i].key);
		if (wrong == NULL)
			wrong = put(m, ":");
		if (wrong != NULL)
			break;
		wrong = of->kind == SHAPE_TAGS ? put_text(m, of->name, s.item[i].at) :
		    of->kind == SHAPE_HEADS ? put_head(m, of->name, s.item[i].at) :
		    put_object(m, of, s.item[i].at);
	}
	free_items(&s);
	return wrong == NULL ? put(m, "}") : wrong;
}

static const char *
put_value(const struct making *m, const struct shape *of, uint32_t at)
{
	switch (of->kind) {
	case SHAPE_TEXT: case SHAPE_NAME:
		return put_text(m, of->name, at);
	case SHAPE_DATE:
		return put_date(m, of->name, at);
	case SHAPE_TEXTS:
		return put_texts(m, of->name, at);
	case SHAPE_OBJECT:
		return put_object(m, of, at);
	case SHAPE_OBJECTS:
		return put_objects(m, of, at);
	case SHAPE_TAGS: case SHAPE_HEADS: case SHAPE_MAP:
		return put_map(m, of, at);
	case SHAPE_NUMBER: case SHAPE_TRUTH: case SHAPE_HAS:
		break;
	}
	return put_plain(m, of, at);
}

const char *
shape_members(struct buf *b, const struct shape *members, const struct tok_list *l,
    const char *text, uint32_t at, char wrong[SHAPE_WRONG_SIZE])
{
	const struct making m = { b, l, text, wrong };

	if (l->tok[at].type != TOK_OBJECT)
		return "no object";
	return put_members(&m, members, at);
}

bool
shape_names(struct buf *b, const struct shape *members, const struct tok_list *l,
    const char *text, uint32_t at)
{
	const struct making m = { b, l, text, NULL };

	return add_names(&m, members, b, at);
}
