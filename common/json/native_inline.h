/* What native_inline.c, which goes over the tree, and native_call.c, which has the calls, share. */
#ifndef JSON_NATIVE_INLINE_H
#define JSON_NATIVE_INLINE_H

#include "json/native_node.h"

enum {
	/* Definitions within definitions; one that calls itself comes here too. */
	NATIVE_INLINE_DEPTH = 400,
	/* What the longest mapping takes twenty times. */
	NATIVE_NODES_MAX = 40000
};

enum native_scope_kind { NS_VARIABLE, NS_DEFINITION, NS_ARGUMENT };

/* What a name means, innermost first. */
struct native_scope {
	const struct native_scope *up;
	enum native_scope_kind kind;
	const char *name;
	const struct native_tree *tree;		/* the NT_DEF, or the argument */
	const struct native_scope *at;		/* where the argument was written */
	struct native_node *node;		/* of a variable: a constant or a slot */
};

struct native_inliner {
	struct native_arena *arena;
	struct native_keys *keys;
	struct native_doubt *doubt;
	struct native_run run;		/* works constants out */
	unsigned slots, nodes;
	int depth;
};

/*
 * The nodes of a tree.  known: the input, if it is a constant, or NULL.  NULL, with the doubt noted,
 * for what is not understood.
 */
struct native_node *native_inline_tree(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* The same of what must give one value at most. */
struct native_node *native_inline_single(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* The same of a call. */
struct native_node *native_inline_call(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* The same of = and |= and the like, and of del(). */
struct native_node *native_inline_assignment(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);
struct native_node *native_inline_del(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* The same of reduce. */
struct native_node *native_inline_reduce(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* The same of an interpolation, an object, an array. */
struct native_node *native_construct_text(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);
struct native_node *native_construct_object(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);
struct native_node *native_construct_array(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known);

/* a as $name | body(arg), name in a scope of its own. */
struct native_node *native_inline_binding(struct native_inliner *c, const struct native_tree *body,
    const char *name, struct native_node *a, const struct native_scope *scope,
    struct native_node *known);

/* Notes what is not understood, and where; NULL. */
struct native_node *native_inline_fail(struct native_inliner *c, const struct native_tree *t,
    const char *what);

/* A node with these children, NULL for none, and what it depends on; NULL if one is missing. */
struct native_node *native_node_new(struct native_inliner *c, enum native_op op,
    struct native_node *a, struct native_node *b);

struct native_node *native_node_constant(struct native_inliner *c, struct native_value v);

/* The node itself, or, where nothing but constants goes in, what comes out. */
struct native_node *native_node_fold(struct native_inliner *c, struct native_node *n);

/* The input: known, or a node for it. */
struct native_node *native_node_dot(struct native_inliner *c, struct native_node *known);

/* a | b, b made for the input a if that is a constant. */
struct native_node *native_node_pipe(struct native_inliner *c, struct native_node *a,
    struct native_node *b);

/* a[key], of a constant string. */
struct native_node *native_node_field(struct native_inliner *c, struct native_node *a,
    const struct native_value *key);

/* Notes in a + whether it joins objects with constant keys, none of them in both. */
void native_node_join(struct native_node *n);

/* The number of a key among those that are looked up. */
uint16_t native_key_number(struct native_keys *keys, const struct native_value *key);

#endif
