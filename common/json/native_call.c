/*
 * Calls in a native program: definitions are put in where they are called, builtin functions that
 * take programs become nodes.
 */
#include <stdio.h>
#include <string.h>

#include "json/native_function.h"
#include "json/native_inline.h"
#include "json/native_regex.h"

static const struct native_scope *
find_callee(const struct native_tree *call, const struct native_scope *scope)
{
	for (; scope != NULL; scope = scope->up) {
		int64_t args = scope->kind == NS_DEFINITION ? scope->tree->number : 0;

		if (scope->kind != NS_VARIABLE && args == call->number &&
		    strcmp(scope->name, call->text) == 0)
			return scope;
	}
	return NULL;
}


/*
 * The body of a definition, once every parameter has a meaning.  $name is both a variable and the
 * name of the argument.
 */
static struct native_node *
put_in(struct native_inliner *c, const struct native_tree *call, const struct native_scope *callee,
    const struct native_scope *caller, struct native_node *known)
{
	const struct native_tree *name = callee->tree->c, *arg = call->a;
	const struct native_scope *scope = callee;
	struct native_node *body, *made[8] = { NULL };
	unsigned count = 0;

	for (; name != NULL; name = name->next, arg = arg->next) {
		struct native_scope *s = native_alloc(c->arena, 2 * sizeof *s);

		s[0] = (struct native_scope){
			.up = scope, .kind = NS_ARGUMENT, .name = name->text, .tree = arg, .at = caller
		};
		scope = &s[0];
		if (name->number == 0)
			continue;
		s[1] = (struct native_scope){ .up = scope, .kind = NS_VARIABLE, .name = name->text };
		scope = &s[1];
		s[1].node = native_inline_single(c, arg, caller, known);
		if (s[1].node == NULL || count == sizeof made / sizeof *made)
			return native_inline_fail(c, call, "many parameters");
		if (s[1].node->op == NO_CONSTANT || s[1].node->op == NO_SLOT)
			continue;
		if (c->slots == NATIVE_SLOTS_MAX)
			return native_inline_fail(c, call, "more variables than there are slots");
		made[count] = native_node_new(c, NO_AS, s[1].node, NULL);
		made[count]->slot = (uint16_t)c->slots++;
		s[1].node = native_node_new(c, NO_SLOT, NULL, NULL);
		s[1].node->slot = made[count++]->slot;
		s[1].node->of_slots = true;
	}
	body = native_inline_tree(c, callee->tree->a, scope, known);
	if (body == NULL)
		return NULL;
	while (count > 0) {
		struct native_node *as = made[--count];

		as->b = body;
		as->many = body->many;
		as->of_dot = as->of_dot || body->of_dot;
		as->of_slots = true;
		body = as;
	}
	return body;
}

/* map(f) is [.[] | f]. */
static struct native_node *
map_call(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *each = native_node_new(c, NO_EACH, native_node_dot(c, known), NULL), *n;

	each->many = true;
	n = native_inline_tree(c, t->a, scope, NULL);
	if (n == NULL)
		return NULL;
	n = n->op == NO_DOT ? each : native_node_new(c, NO_PIPE, each, n);
	n = native_node_new(c, NO_ARRAY, n, NULL);
	n->many = false;
	return native_node_fold(c, n);
}

/* any(generator; condition), any(condition) and any, and the same of all. */
static struct native_node *
judge_call(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a, *b, *n;

	if (t->number == 2) {
		a = native_inline_tree(c, t->a, scope, known);
	} else {
		a = native_node_new(c, NO_EACH, native_node_dot(c, known), NULL);
		a->many = true;
	}
	if (a == NULL)
		return NULL;
	b = t->number == 0 ? native_node_dot(c, NULL) :
	    native_inline_single(c, t->number == 2 ? t->a->next : t->a, scope, NULL);
	if (b == NULL)
		return NULL;
	n = native_node_new(c, strcmp(t->text, "any") == 0 ? NO_ANY : NO_ALL, a, b);
	n->of_dot = a->of_dot;
	n->many = false;
	return native_node_fold(c, n);
}

/* Those whose argument runs on the members of the input. */
static struct native_node *
members_call(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, NULL), *n;

	if (a == NULL)
		return NULL;
	n = native_node_new(c, strcmp(t->text, "map_values") == 0 ? NO_MAP_VALUES : NO_ENTRIES, a,
	    NULL);
	n->of_dot = true;
	return known != NULL ? native_node_fold(c, native_node_new(c, NO_PIPE, known, n)) : n;
}

static struct native_node *
select_call(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, known), *n;

	if (a == NULL)
		return NULL;
	if (a->op == NO_EMPTY)
		return a;
	if (a->op == NO_CONSTANT)
		return native_is_true(&a->value) ? native_node_dot(c, known) :
		    native_node_new(c, NO_EMPTY, NULL, NULL);
	n = native_node_new(c, NO_SELECT, a, NULL);
	n->of_dot = true;
	/* The condition does not depend on the known input alone, so that is no longer at hand. */
	return known != NULL ? native_node_new(c, NO_PIPE, known, n) : n;
}

/* A function of the input, and of an argument that gives one value. */
static struct native_node *
function_call(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known, native_function *function)
{
	struct native_node *arg = t->number > 0 ? native_inline_single(c, t->a, scope, known) : NULL;
	struct native_node *n;
	bool regex = arg != NULL && strcmp(t->text, "test") == 0;

	if (t->number > 0 && arg == NULL)
		return NULL;
	n = native_node_new(c, NO_FUNCTION, arg, NULL);
	n->function = function;
	n->of_dot = true;
	if (regex && (arg->op != NO_CONSTANT || arg->value.kind != TOK_STRING))
		return native_inline_fail(c, t, "test of no constant");
	if (regex) {
		n->regex = native_regex_new(c->arena, arg->value.u.text, arg->value.n);
		if (n->regex == NULL)
			return native_inline_fail(c, t, "a regular expression");
	}
	return known != NULL ? native_node_fold(c, native_node_new(c, NO_PIPE, known, n)) : n;
}

/*
 * sub(regex; text) and gsub, of constants.  Without named groups the text does not depend on the
 * match.  jq 1.6 does gsub by going on with what is left, where ^ matches again.
 */
static struct native_node *
replace_call(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	struct native_node *regex = native_inline_single(c, t->a, scope, known), *text = NULL, *n;
	bool all = t->text[0] == 'g';

	if (regex != NULL)
		text = native_inline_single(c, t->a->next, scope, NULL);
	if (text == NULL)
		return NULL;
	if (regex->op != NO_CONSTANT || regex->value.kind != TOK_STRING ||
	    text->op != NO_CONSTANT || text->value.kind != TOK_STRING)
		return native_inline_fail(c, t, all ? "gsub of no constants" : "sub of no constants");
	n = native_node_new(c, NO_FUNCTION, text, NULL);
	n->function = all ? native_gsub : native_sub;
	n->of_dot = true;
	n->regex = native_regex_new(c->arena, regex->value.u.text, regex->value.n);
	if (n->regex == NULL || !native_regex_has_one_end(n->regex) ||
	    (all && native_regex_asks_begin(n->regex)))
		return native_inline_fail(c, t, "a regular expression");
	return known != NULL ? native_node_fold(c, native_node_new(c, NO_PIPE, known, n)) : n;
}

static struct native_node *
range_call(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	struct native_node *a = native_inline_single(c, t->a, scope, known), *n;

	if (a == NULL)
		return NULL;
	n = native_node_new(c, NO_RANGE, a, NULL);
	n->many = true;
	return n;
}

static struct native_node *
builtin(struct native_inliner *c, const struct native_tree *t, const struct native_scope *scope,
    struct native_node *known)
{
	static const struct {
		const char *name;
		int64_t args;
		struct native_node *(*make)(struct native_inliner *, const struct native_tree *,
		    const struct native_scope *, struct native_node *);
	} makers[] = {
		{ "map", 1, map_call }, { "select", 1, select_call }, { "range", 1, range_call },
		{ "any", 0, judge_call }, { "any", 1, judge_call }, { "any", 2, judge_call },
		{ "all", 0, judge_call }, { "all", 1, judge_call }, { "all", 2, judge_call },
		{ "del", 1, native_inline_del }, { "sub", 2, replace_call }, { "gsub", 2, replace_call },
		{ "map_values", 1, members_call }, { "with_entries", 1, members_call },
	};
	static const struct { const char *name; enum tok_type kind; } words[] = {
		{ "null", TOK_NULL }, { "false", TOK_FALSE }, { "true", TOK_TRUE }
	};
	native_function *function = native_find_function(t->text, t->number);
	char what[60];

	if (function != NULL)
		return function_call(c, t, scope, known, function);
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		if (makers[i].args == t->number && strcmp(makers[i].name, t->text) == 0)
			return makers[i].make(c, t, scope, known);
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (t->number == 0 && strcmp(words[i].name, t->text) == 0)
			return native_node_constant(c, native_word(words[i].kind));
	}
	if (t->number == 0 && strcmp(t->text, "empty") == 0)
		return native_node_new(c, NO_EMPTY, NULL, NULL);
	if (strcmp(t->text, "error") == 0 && t->number <= 1)
		return native_node_new(c, NO_LIBJQ, NULL, NULL);
	snprintf(what, sizeof what, "%.40s/%d", t->text, (int)t->number);
	return native_inline_fail(c, t, what);
}

struct native_node *
native_inline_call(struct native_inliner *c, const struct native_tree *t,
    const struct native_scope *scope, struct native_node *known)
{
	const struct native_scope *callee = find_callee(t, scope);

	/* One of constants alone may make no node, and calls of calls are soon too many. */
	c->nodes++;
	if (callee == NULL)
		return builtin(c, t, scope, known);
	if (callee->kind == NS_ARGUMENT)
		return native_inline_tree(c, callee->tree, callee->at, known);
	return put_in(c, t, callee, scope, known);
}
