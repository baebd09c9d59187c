/*
 * The conditions of a native program.
 *
 * A mapping asks again and again whether an attribute is null or empty: no value is made of the answer,
 * nor a copy of what is compared.
 */
#include <string.h>

#include "json/native_node.h"

/* a == b. */
static inline int
are_equal(struct native_run *r, const struct native_value *a, const struct native_value *b, bool *is)
{
	int order, result;

	*is = a->kind == b->kind;
	if (!*is || a->kind <= TOK_TRUE)
		return NATIVE_ONE;
	if (a->kind == TOK_STRING) {
		*is = a->n == b->n && (a->n == 0 || memcmp(a->u.text, b->u.text, a->n) == 0);
		return NATIVE_ONE;
	}
	result = native_compare(r->arena, a, b, false, &order);
	*is = order == 0;
	return result;
}

static int
judge_operation(struct native_run *r, const struct native_node *n, const struct native_value *in,
    bool *is)
{
	struct native_value a_value, b_value;
	const struct native_value *a, *b;
	int order, result, other;

	a = native_operand(r, n->a, in, &a_value, &result);
	b = native_operand(r, n->b, in, &b_value, &other);
	result = native_both(result, other);
	if (result != NATIVE_ONE)
		return result;
	if (n->sign == '=' || n->sign == '!') {
		result = are_equal(r, a, b, is);
		*is = *is == (n->sign == '=');
		return result;
	}
	result = native_compare(r->arena, a, b, true, &order);
	*is = n->sign == '<' ? order < 0 : n->sign == '>' ? order > 0 :
	    n->sign == 'l' ? order <= 0 : order >= 0;
	return result;
}

int
native_judge(struct native_run *r, const struct native_node *n, const struct native_value *in, bool *is)
{
	struct native_value v;
	int result;

	*is = false;
	if (n->op == NO_AND || n->op == NO_OR) {
		result = native_judge(r, n->a, in, is);
		return result == NATIVE_ONE && *is == (n->op == NO_AND) ?
		    native_judge(r, n->b, in, is) : result;
	}
	if (n->op == NO_OPERATION && native_is_comparison(n))
		return judge_operation(r, n, in, is);
	result = native_eval(r, n, in, &v);
	*is = result == NATIVE_ONE && native_is_true(&v);
	return result;
}
