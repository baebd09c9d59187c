/*
 * From the tree of a program to its nodes.
 */
#include <stdio.h>
#include <string.h>

#include "json/native_inline.h"

struct native_node *
native_inline_fail(struct native_inliner *c, const struct native_tree *t, const char *what)
{
	if (c->doubt->at == NULL) {
		c->doubt->at = t->at;
		snprintf(c->doubt->what, sizeof c->doubt->what, "%s", what);
	}
	return NULL;
}

struct native_node *
native_inline_single(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_node *n = native_inline_tree(c, t, scope, known);

	if (n != NULL && n->many)
		return native_inline_fail(c, t, "several values in one place");
	return n;
}

static struct native_node *
variable(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope)
{
	for (; scope != NULL; scope = scope->up) {
		if (scope->kind == NS_VARIABLE && strcmp(scope->name, t->text) == 0)
			return scope->node;
	}
	return native_inline_fail(c, t, "a variable of jq's own");
}

struct native_node *
native_inline_binding(struct native_inliner *c, const struct native_tree *body, const char *name,
    struct native_node *a, const struct native_scope *scope, struct native_node *known)
{
	struct native_scope *s = native_alloc(c->arena, sizeof *s);
	struct native_node *b, *n;
	unsigned slot = c->slots;

	*s = (struct native_scope){ .up = scope, .kind = NS_VARIABLE, .name = name, .node = a };
	if (a->op == NO_CONSTANT || a->op == NO_SLOT)
		return native_inline_tree(c, body, s, known);
	if (slot == NATIVE_SLOTS_MAX)
		return native_inline_fail(c, body, "more variables than there are slots");
	c->slots++;
	s->node = native_node_new(c, NO_SLOT, NULL, NULL);
	s->node->slot = (uint16_t)slot;
	s->node->of_slots = true;
	b = native_inline_tree(c, body, s, known);
	if (b == NULL)
		return NULL;
	n = native_node_new(c, NO_AS, a, b);
	n->slot = (uint16_t)slot;
	n->of_slots = true;
	return n;
}

static struct native_node *
index_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known);
	struct native_node *b = a != NULL ? native_inline_single(c, t->b, scope, known) : NULL;

	if (b == NULL)
		return NULL;
	if (b->op == NO_CONSTANT && b->value.kind == TOK_STRING)
		return native_node_field(c, a, &b->value);
	if (!a->many)
		return native_node_fold(c, native_node_new(c, NO_INDEX, a, b));
	if (b->op != NO_CONSTANT)
		return native_inline_fail(c, t, "an index of several values");
	return native_node_pipe(c, a, native_node_new(c, NO_INDEX, native_node_dot(c, NULL), b));
}

static struct native_node *
slice_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, known), *b = NULL, *n;

	if (a != NULL && t->b != NULL)
		b = native_inline_single(c, t->b, scope, known);
	if (a == NULL || (t->b != NULL && b == NULL))
		return NULL;
	n = native_node_new(c, NO_SLICE, a, b);
	if (t->c != NULL) {
		n->c = native_inline_single(c, t->c, scope, known);
		if (n->c == NULL)
			return NULL;
		n->of_dot = n->of_dot || n->c->of_dot;
		n->of_slots = n->of_slots || n->c->of_slots;
	}
	return native_node_fold(c, n);
}

/* Whether nothing in the node can end in doubt where jq sees an error, or the other way round. */
static bool
is_plain(const struct native_node *n)
{
	switch ((enum native_op)n->op) {
	case NO_DOT:
	case NO_SLOT:
	case NO_CONSTANT:
		return true;
	case NO_FIELD:
	case NO_EACH:
		return is_plain(n->a);
	case NO_INDEX:
		return is_plain(n->a) && n->b->op == NO_CONSTANT;
	case NO_PIPE:
		return is_plain(n->a) && is_plain(n->b);
	case NO_FUNCTION:
		return n->a == NULL;
	default:
		return false;
	}
}

static struct native_node *
try_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known), *b = NULL, *n;

	if (a != NULL && t->b != NULL)
		b = native_inline_tree(c, t->b, scope, NULL);
	if (a == NULL || (t->b != NULL && b == NULL))
		return NULL;
	n = native_node_new(c, NO_TRY, a, NULL);
	if (is_plain(a) && (b == NULL || b->op == NO_CONSTANT))
		n->b = b;
	else
		n->sign = '?';
	return native_node_fold(c, n);
}

/* .a.b?: that .a cannot be taken is an error all the same. */
static struct native_node *
access_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a->a, scope, known), *b = NULL, *n;

	if (a != NULL && t->a->type == NT_INDEX)
		b = native_inline_single(c, t->a->b, scope, known);
	if (a == NULL || (t->a->type == NT_INDEX && b == NULL))
		return NULL;
	if (t->a->type == NT_SLICE || (b != NULL && b->op != NO_CONSTANT))
		return native_inline_fail(c, t, "a slice or a computed index before ?");
	n = native_node_dot(c, NULL);
	n = native_node_new(c, b != NULL ? NO_INDEX : NO_EACH, n, b);
	n->many = b == NULL;
	n = native_node_new(c, NO_TRY, n, NULL);
	return a->op == NO_DOT ? n : native_node_fold(c, native_node_new(c, NO_PIPE, a, n));
}

static struct native_node *
condition_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, known), *b, *n;

	if (a == NULL)
		return NULL;
	if (a->op == NO_EMPTY)
		return a;
	if (a->op == NO_CONSTANT)
		return native_inline_tree(c, native_is_true(&a->value) ? t->b : t->c, scope, known);
	b = native_inline_tree(c, t->b, scope, known);
	if (b == NULL)
		return NULL;
	n = native_node_new(c, NO_IF, a, b);
	n->c = native_inline_tree(c, t->c, scope, known);
	if (n->c == NULL)
		return NULL;
	n->many = n->many || n->c->many;
	n->of_dot = n->of_dot || n->c->of_dot;
	n->of_slots = n->of_slots || n->c->of_slots;
	return n;
}

static struct native_node *
pipe_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known);

	if (a == NULL)
		return NULL;
	return native_node_pipe(c, a, native_inline_tree(c, t->b, scope,
	    a->op == NO_CONSTANT ? a : NULL));
}

/* a // b and a, b. */
static struct native_node *
choice_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known), *b;

	if (a == NULL)
		return NULL;
	if (t->type == NT_ALTERNATIVE && a->op == NO_CONSTANT && native_is_true(&a->value))
		return a;
	b = native_inline_tree(c, t->b, scope, known);
	if (b == NULL)
		return NULL;
	if (t->type == NT_COMMA) {
		a = native_node_new(c, NO_COMMA, a, b);
		a->many = true;
		return a;
	}
	if (a->op == NO_EMPTY || a->op == NO_CONSTANT)
		return b;
	return native_node_fold(c, native_node_new(c, NO_ALTERNATIVE, a, b));
}

static struct native_node *
operation_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	enum native_op op = t->type == NT_AND ? NO_AND : t->type == NT_OR ? NO_OR : NO_OPERATION;
	struct native_node *a = native_inline_single(c, t->a, scope, known), *b, *n;

	/* false and ..., true or ... */
	if (a != NULL && op != NO_OPERATION && a->op == NO_CONSTANT &&
	    native_is_true(&a->value) == (op == NO_OR))
		return native_node_constant(c, native_bool(op == NO_OR));
	b = a != NULL ? native_inline_single(c, t->b, scope, known) : NULL;
	if (b == NULL)
		return NULL;
	n = native_node_new(c, op, a, b);
	n->sign = t->op;
	native_node_join(n);
	return native_node_fold(c, n);
}

static struct native_node *
negation_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, known);

	if (a == NULL)
		return NULL;
	/* -0 has a text of its own. */
	if (a->op != NO_CONSTANT || a->value.kind != TOK_NUMBER || a->value.u.number == 0)
		return native_inline_fail(c, t, "a sign before more than a number");
	return native_node_constant(c, native_int(-a->value.u.number));
}

static struct native_node *
each_of(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_tree(c, t->a, scope, known), *n;

	if (a == NULL)
		return NULL;
	n = native_node_new(c, NO_EACH, a, NULL);
	n->many = true;
	return n;
}

static struct native_node *
definition_of(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_scope *s = native_alloc(c->arena, sizeof *s);

	*s = (struct native_scope){ .up = scope, .kind = NS_DEFINITION, .name = t->text, .tree = t };
	return native_inline_tree(c, t->b, s, known);
}

static struct native_node *
inline_type(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a;

	switch (t->type) {
	case NT_DOT:
		return native_node_dot(c, known);
	case NT_INDEX:
		return index_of(c, t, scope, known);
	case NT_SLICE:
		return slice_of(c, t, scope, known);
	case NT_EACH:
		return each_of(c, t, scope, known);
	case NT_TRY:
		return t->number == 1 ? access_of(c, t, scope, known) : try_of(c, t, scope, known);
	case NT_NUMBER:
		return native_node_constant(c, native_int(t->number));
	case NT_STRING:
		return native_node_constant(c, native_text(t->text, t->len));
	case NT_INTERPOLATION:
		return native_construct_text(c, t, scope, known);
	case NT_ARRAY:
		return native_construct_array(c, t, scope, known);
	case NT_OBJECT:
		return native_construct_object(c, t, scope, known);
	case NT_NEGATION:
		return negation_of(c, t, scope, known);
	case NT_PIPE:
		return pipe_of(c, t, scope, known);
	case NT_COMMA:
	case NT_ALTERNATIVE:
		return choice_of(c, t, scope, known);
	case NT_AND:
	case NT_OR:
	case NT_OPERATION:
		return operation_of(c, t, scope, known);
	case NT_SET:
	case NT_UPDATE:
		return native_inline_assignment(c, t, scope, known);
	case NT_IF:
		return condition_of(c, t, scope, known);
	case NT_AS:
		a = native_inline_tree(c, t->a, scope, known);
		return a != NULL ? native_inline_binding(c, t->b, t->text, a, scope, known) : NULL;
	case NT_REDUCE:
		return native_inline_reduce(c, t, scope, known);
	case NT_DEF:
		return definition_of(c, t, scope, known);
	case NT_CALL:
		return native_inline_call(c, t, scope, known);
	case NT_VARIABLE:
		return variable(c, t, scope);
	case NT_OTHER:
	case NT_PAIR:
	case NT_NAME:
		break;
	}
	return native_inline_fail(c, t, t->text);
}

struct native_node *
native_inline_tree(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_node *n;

	if (c->depth == NATIVE_INLINE_DEPTH || c->nodes > NATIVE_NODES_MAX)
		return native_inline_fail(c, t, "its depth or its size");
	c->depth++;
	n = inline_type(c, t, scope, known);
	c->depth--;
	return n;
}

/* A variable with a constant value in front of the scope. */
static struct native_scope *
define(struct native_inliner *c, const struct native_scope *up, const char *name,
    struct native_value v)
{
	struct native_scope *s = native_alloc(c->arena, sizeof *s);

	*s = (struct native_scope){
		.up = up, .kind = NS_VARIABLE, .name = name, .node = native_node_constant(c, v)
	};
	return s;
}

/* $ARGS, and each variable by its own name. */
static const struct native_scope *
define_variables(struct native_inliner *c, const struct native_value *named)
{
	struct native_member *m = native_alloc(c->arena, 2 * sizeof *m);
	const struct native_scope *scope = NULL;

	for (uint32_t i = 0; i < named->n; i++)
		scope = define(c, scope, named->u.members[i].key.u.text, named->u.members[i].value);
	m[0] = (struct native_member){ native_text("positional", 10), { .kind = TOK_ARRAY } };
	m[1] = (struct native_member){ native_text("named", 5), *named };
	return define(c, scope, "ARGS",
	    (struct native_value){ .kind = TOK_OBJECT, .n = 2, .u.members = m });
}

struct native_node *
native_inline(struct native_arena *arena, const struct native_tree *helpers,
    const struct native_tree *program, const struct native_value *named, struct native_keys *keys,
    unsigned *slots, struct native_doubt *doubt)
{
	struct native_inliner c = { .arena = arena, .keys = keys, .doubt = doubt };
	const struct native_scope *scope;
	struct native_node *n;

	doubt->at = NULL;
	keys->count = 0;
	for (unsigned i = 0; i < NATIVE_KEY_ROWS; i++)
		keys->first[i] = NATIVE_NO_KEY;
	c.run.arena = arena;
	c.run.keys = keys;
	tok_init(&c.run.list, 1000);
	scope = define_variables(&c, named);
	for (; helpers != NULL; helpers = helpers->b) {
		struct native_scope *s = native_alloc(arena, sizeof *s);

		*s = (struct native_scope){
			.up = scope, .kind = NS_DEFINITION, .name = helpers->text, .tree = helpers
		};
		scope = s;
	}
	n = native_inline_tree(&c, program, scope, NULL);
	tok_free(&c.run.list);
	*slots = c.slots;
	return n;
}
