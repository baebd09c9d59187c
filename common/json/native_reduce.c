/*
 * reduce: its node, and running it.
 */
#include "json/native_inline.h"

struct native_node *
native_inline_reduce(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known), *b = NULL, *n;
	struct native_scope *s = native_alloc(c->arena, sizeof *s);

	if (a != NULL)
		b = native_inline_single(c, t->b, scope, known);
	if (b == NULL)
		return NULL;
	if (c->slots == NATIVE_SLOTS_MAX)
		return native_inline_fail(c, t, "more variables than there are slots");
	n = native_node_new(c, NO_REDUCE, a, b);
	n->slot = (uint16_t)c->slots++;
	n->many = false;
	n->of_slots = true;
	*s = (struct native_scope){ .up = scope, .kind = NS_VARIABLE, .name = t->text };
	s->node = native_node_new(c, NO_SLOT, NULL, NULL);
	s->node->slot = n->slot;
	s->node->of_slots = true;
	n->c = native_inline_single(c, t->c, s, NULL);
	return n->c != NULL ? n : NULL;
}

struct reduction {
	struct native_run *r;
	const struct native_node *n;
	struct native_value sum;
};

static int
take(void *arg, const struct native_value *v)
{
	struct reduction *s = arg;
	struct native_value before = s->sum;
	int result;

	s->r->slots[s->n->slot] = *v;
	result = native_eval(s->r, s->n->c, &before, &s->sum);
	/* Versions differ in what becomes of a sum for which there is no value. */
	return result == NATIVE_NONE ? NATIVE_DOUBT : result;
}

int
native_reduce(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct reduction s = { .r = r, .n = n };
	int result = native_eval(r, n->b, in, &s.sum);

	/* Nor do they agree on what is made from nothing. */
	if (result != NATIVE_ONE)
		return result == NATIVE_NONE ? NATIVE_DOUBT : result;
	result = native_each(r, n->a, in, take, &s);
	*out = s.sum;
	return result;
}
