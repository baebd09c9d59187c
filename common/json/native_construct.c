/*
 * The nodes of what a program puts together: interpolations, objects, arrays.
 */
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/native_inline.h"

static size_t
list_length(const struct native_tree *t)
{
	size_t n = 0;

	for (; t != NULL; t = t->next)
		n++;
	return n;
}

struct native_node *
native_construct_text(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *n = native_node_new(c, NO_TEXT, NULL, NULL);

	n->list = native_alloc(c->arena, list_length(t->a) * sizeof(struct native_node *));
	for (const struct native_tree *part = t->a; part != NULL; part = part->next) {
		struct native_node *one = native_inline_single(c, part, scope, known);

		if (one == NULL)
			return NULL;
		n->list[n->n++] = one;
		n->of_dot = n->of_dot || one->of_dot;
		n->of_slots = n->of_slots || one->of_slots;
	}
	return native_node_fold(c, n);
}

static bool
is_key(const struct native_value *key, const char *name)
{
	return key->n == strlen(name) && memcmp(key->u.text, name, key->n) == 0;
}

/* The keys as they are written. */
static void
write_heads(struct native_inliner *c, struct native_node *n)
{
	struct buf b;

	n->heads = native_alloc(c->arena, n->n * sizeof *n->heads);
	buf_init(&b, UINT32_MAX);
	for (uint32_t i = 0; i < n->n; i++) {
		const struct native_value *key = &n->members[i].key;
		char *text;

		buf_clear(&b);
		buf_append_byte(&b, ',');
		jtext_string(&b, key->u.text, key->n);
		buf_append_byte(&b, ':');
		text = native_alloc(c->arena, b.len);
		memcpy(text, b.data, b.len);
		n->heads[i] = (struct native_head){
			.text = text, .len = (uint32_t)b.len,
			.name = is_key(key, "Username") || is_key(key, "GroupName"),
			.reserved = key->n > 0 && key->u.text[0] == '~'
		};
	}
	buf_free(&b);
}

/* With constant keys, none of them twice, an object's shape is known beforehand. */
static void
fix_keys(struct native_inliner *c, struct native_node *n)
{
	struct native_member *m = native_alloc(c->arena, n->n * sizeof *m);
	struct native_value shape = { .kind = TOK_OBJECT, .u.members = m };

	for (uint32_t i = 0; i < n->n; i++) {
		const struct native_node *key = n->list[2 * (size_t)i];

		if (key->op != NO_CONSTANT || key->value.kind != TOK_STRING ||
		    native_member(&shape, &key->value) != NULL)
			return;
		m[i].key = key->value;
		m[i].value = native_word(TOK_NULL);
		shape.n++;
	}
	n->members = m;
	write_heads(c, n);
}

struct native_node *
native_construct_object(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *n = native_node_new(c, NO_OBJECT, NULL, NULL);

	n->list = native_alloc(c->arena, 2 * list_length(t->a) * sizeof(struct native_node *));
	for (const struct native_tree *pair = t->a; pair != NULL; pair = pair->next) {
		struct native_node *key = native_inline_single(c, pair->a, scope, known);
		struct native_node *value = key != NULL ?
		    native_inline_single(c, pair->b, scope, known) : NULL;

		if (value == NULL)
			return NULL;
		n->list[2 * (size_t)n->n] = key;
		n->list[2 * (size_t)n->n++ + 1] = value;
		n->of_dot = n->of_dot || key->of_dot || value->of_dot;
		n->of_slots = n->of_slots || key->of_slots || value->of_slots;
	}
	fix_keys(c, n);
	return native_node_fold(c, n);
}

struct native_node *
native_construct_array(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = t->a != NULL ? native_inline_tree(c, t->a, scope, known) : NULL, *n;

	if (t->a != NULL && a == NULL)
		return NULL;
	n = native_node_new(c, NO_ARRAY, a, NULL);
	n->many = false;
	return native_node_fold(c, n);
}
