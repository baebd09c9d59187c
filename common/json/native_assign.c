/*
 * Assignments to paths of names, and del of such.
 *
 * .a.b |= f is .a |= (.b |= f), and .a += f is f as $x | .a |= . + $x.
 */
#include <string.h>

#include "json/native_function.h"
#include "json/native_inline.h"

enum { PATH_MAX_NAMES = 16 };

/* The names of a path from its beginning; how many, or 0 for another path. */
static unsigned
names_of(const struct native_tree *t, struct native_value names[PATH_MAX_NAMES])
{
	unsigned n = 0;

	for (; t->type == NT_INDEX && t->b->type == NT_STRING && n < PATH_MAX_NAMES; t = t->a)
		names[n++] = native_text(t->b->text, t->b->len);
	for (unsigned i = 0; i < n / 2; i++) {
		struct native_value swap = names[i];

		names[i] = names[n - 1 - i];
		names[n - 1 - i] = swap;
	}
	return t->type == NT_DOT ? n : 0;
}

/* .name = a or .name |= a. */
static struct native_node *
step(struct native_inliner *c, enum native_op op, const struct native_value *name,
    struct native_node *a)
{
	struct native_node *n = native_node_new(c, op, a, NULL);

	n->of_dot = true;
	n->value = *name;
	n->key = native_key_number(c->keys, name);
	return n;
}

/* What .a op= gives for the value that was worked out before. */
static struct native_node *
operate(struct native_inliner *c, char op, struct native_node *value)
{
	struct native_node *dot = native_node_dot(c, NULL), *n;

	if (op == 'd')
		return native_node_new(c, NO_ALTERNATIVE, dot, value);
	n = native_node_new(c, NO_OPERATION, dot, value);
	n->sign = op;
	return n;
}

/* A slot for the value of a, unless that is as good as one; *as gets a into the slot. */
static struct native_node *
hold(struct native_inliner *c, const struct native_tree *t, struct native_node *a,
    struct native_node **as)
{
	struct native_node *n;

	*as = NULL;
	if (a->op == NO_CONSTANT || a->op == NO_SLOT)
		return a;
	if (c->slots == NATIVE_SLOTS_MAX)
		return native_inline_fail(c, t, "more variables than there are slots");
	n = native_node_new(c, NO_SLOT, NULL, NULL);
	n->slot = (uint16_t)c->slots++;
	n->of_slots = true;
	*as = native_node_new(c, NO_AS, a, NULL);
	(*as)->slot = n->slot;
	return n;
}

struct native_node *
native_inline_assignment(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	bool update = t->type == NT_UPDATE && t->op == '\0';
	struct native_value names[PATH_MAX_NAMES];
	struct native_node *a, *as = NULL, *n;
	unsigned count = names_of(t->a, names);

	if (count == 0)
		return native_inline_fail(c, t, "an assignment to more than names");
	a = native_inline_single(c, t->b, scope, update ? NULL : known);
	/* .name = a needs no slot: its own input is the input of a. */
	if (a != NULL && !update && (t->op != '\0' || count > 1))
		a = hold(c, t, a, &as);
	if (a == NULL)
		return NULL;
	n = t->op != '\0' ? operate(c, t->op, a) : a;
	for (unsigned i = count; i > 0; i--)
		n = step(c, i == count && t->type == NT_SET ? NO_SET : NO_UPDATE, &names[i - 1], n);
	if (as != NULL) {
		as->b = n;
		as->of_dot = as->of_slots = true;
		n = as;
	}
	return known != NULL ? native_node_fold(c, native_node_new(c, NO_PIPE, known, n)) : n;
}

/* delpaths([path]) as a node. */
static struct native_node *
delete_path(struct native_inliner *c, const struct native_value *names, unsigned count)
{
	struct native_value *items = native_alloc(c->arena, count * sizeof *items);
	struct native_value *path = native_alloc(c->arena, sizeof *path);
	struct native_node *n;

	memcpy(items, names, count * sizeof *items);
	*path = (struct native_value){ .kind = TOK_ARRAY, .n = count, .u.items = items };
	n = native_node_new(c, NO_FUNCTION, native_node_constant(c, (struct native_value){
		.kind = TOK_ARRAY, .n = 1, .u.items = path
	}), NULL);
	n->function = native_find_function("delpaths", 1);
	n->of_dot = true;
	return n;
}

/*
 * del(.a, .b.c).  jq takes the paths in an order of its own, which matters only if one is the
 * beginning of another.
 */
struct native_node *
native_inline_del(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_value names[PATH_MAX_NAMES];
	const struct native_tree *paths = t->a;
	struct native_node *n = NULL;
	bool more = true;

	(void)scope;
	while (more) {
		const struct native_tree *path = paths;
		unsigned count;
		struct native_node *one;

		more = paths->type == NT_COMMA;
		if (more) {
			path = paths->b;
			paths = paths->a;
		}
		count = names_of(path, names);
		if (count == 0 || (count > 1 && (more || n != NULL)))
			return native_inline_fail(c, t, "del of more than names");
		one = delete_path(c, names, count);
		n = n == NULL ? one : native_node_new(c, NO_PIPE, one, n);
	}
	return known != NULL ? native_node_fold(c, native_node_new(c, NO_PIPE, known, n)) : n;
}
