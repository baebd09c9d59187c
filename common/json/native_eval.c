/*
 * Running the nodes of a native program.
 */
#include <string.h>

#include "json/native_node.h"

/*
 * Most nodes are a variable, a constant or a member, and native_eval is called for each: it must stay a
 * jump, without the registers to save that all its cases together would need.
 */
#define OWN_FRAME __attribute__((noinline))

OWN_FRAME static int
eval_text(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	int result = NATIVE_ONE;

	*out = native_text("", 0);
	for (uint32_t i = 0; i < n->n && result >= 0; i++) {
		struct native_value part, text, before = *out;
		int one = native_eval(r, n->list[i], in, &part);

		if (one == NATIVE_ONE)
			one = native_to_text(r, &part, NULL, &text);
		if (one == NATIVE_ONE)
			one = native_add(r->arena, &before, &text, out);
		result = native_both(result, one);
	}
	return result;
}

/* With keys that are known only now. */
static int
eval_pairs(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	int result = NATIVE_ONE;

	*out = (struct native_value){ .kind = TOK_OBJECT };
	for (uint32_t i = 0; i < n->n && result >= 0; i++) {
		struct native_value key, value, before = *out;
		int one = native_eval(r, n->list[2 * (size_t)i], in, &key);

		if (one == NATIVE_ONE && key.kind != TOK_STRING)
			return NATIVE_DOUBT;
		one = native_both(one, native_eval(r, n->list[2 * (size_t)i + 1], in, &value));
		if (one == NATIVE_ONE)
			one = native_set(r->arena, &before, &key, &value, out);
		result = native_both(result, one);
	}
	return result;
}

OWN_FRAME static int
eval_object(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_member *m;
	int result = NATIVE_ONE;

	if (n->members == NULL)
		return eval_pairs(r, n, in, out);
	m = native_alloc(r->arena, n->n * sizeof *m);
	for (uint32_t i = 0; i < n->n && result >= 0; i++) {
		result = native_both(result, native_eval(r, n->list[2 * (size_t)i + 1], in, &m[i].value));
		m[i].key = n->members[i].key;
	}
	*out = (struct native_value){ .kind = TOK_OBJECT, .n = n->n, .u.members = m };
	return result;
}

struct collection {
	struct native_run *r;
	struct native_value *items;
	uint32_t n, cap;
};

static int
collect(void *arg, const struct native_value *v)
{
	struct collection *c = arg;

	if (c->n == c->cap) {
		struct native_value *more;

		if (c->r->arena->used > NATIVE_MEMORY_MAX)
			return NATIVE_DOUBT;
		c->cap = c->cap == 0 ? 8 : c->cap * 2;
		more = native_alloc(c->r->arena, c->cap * sizeof *more);
		if (c->n > 0)
			memcpy(more, c->items, c->n * sizeof *more);
		c->items = more;
	}
	c->items[c->n++] = *v;
	return NATIVE_ONE;
}

OWN_FRAME static int
eval_array(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct collection c = { .r = r };
	int result = n->a != NULL ? native_each(r, n->a, in, collect, &c) : NATIVE_ONE;

	*out = (struct native_value){ .kind = TOK_ARRAY, .n = c.n, .u.items = c.items };
	return result;
}

OWN_FRAME static int
eval_operation(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value a, b;
	bool is = false;
	int result;

	if (native_is_comparison(n)) {
		result = native_judge(r, n, in, &is);
		*out = native_bool(is);
		return result;
	}
	result = native_eval(r, n->a, in, &a);
	result = native_both(result, native_eval(r, n->b, in, &b));
	if (result != NATIVE_ONE)
		return result;
	if (n->sign == '+')
		return native_add(r->arena, &a, &b, out);
	if (n->sign == '-')
		return native_subtract(&a, &b, out);
	return native_calculate(r->arena, n->sign, &a, &b, out);
}

OWN_FRAME static int
eval_logic(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	bool is;
	int result = native_judge(r, n->op == NO_IF || n->op == NO_SELECT ? n->a : n, in, &is);

	if (result != NATIVE_ONE)
		return result;
	if (n->op == NO_IF)
		return native_eval(r, is ? n->b : n->c, in, out);
	if (n->op == NO_SELECT) {
		*out = *in;
		return is ? NATIVE_ONE : NATIVE_NONE;
	}
	*out = native_bool(is);
	return NATIVE_ONE;
}

OWN_FRAME static int
eval_set(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value v, old;
	int result = NATIVE_ONE;

	if (n->op == NO_UPDATE) {
		result = native_field(r, in, n, &old);
		if (result == NATIVE_ONE)
			result = native_eval(r, n->a, &old, &v);
		/* Versions differ in what |= empty does. */
		if (result == NATIVE_NONE)
			return NATIVE_DOUBT;
	} else {
		result = native_eval(r, n->a, in, &v);
	}
	return result == NATIVE_ONE ? native_set(r->arena, in, &n->value, &v, out) : result;
}

OWN_FRAME static int
eval_function(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value arg;
	int result = n->a != NULL ? native_eval(r, n->a, in, &arg) : NATIVE_ONE;

	if (result != NATIVE_ONE)
		return result;
	r->regex = n->regex;
	return n->function(r, in, &arg, out);
}

/* A position in a slice: an integer, or null and what is not there at all. */
static int
eval_bound(struct native_run *r, const struct native_node *n, const struct native_value *in,
    int64_t absent, int64_t *bound)
{
	struct native_value v = native_word(TOK_NULL);
	int result = n != NULL ? native_eval(r, n, in, &v) : NATIVE_ONE;

	*bound = v.kind == TOK_NUMBER ? v.u.number : absent;
	return result == NATIVE_ONE && v.kind != TOK_NUMBER && v.kind != TOK_NULL ? NATIVE_DOUBT :
	    result;
}

OWN_FRAME static int
eval_slice(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value v;
	int64_t from, to;
	int result = native_eval(r, n->a, in, &v);

	result = native_both(result, eval_bound(r, n->b, in, 0, &from));
	result = native_both(result, eval_bound(r, n->c, in, INT64_MAX, &to));
	return result == NATIVE_ONE ? native_slice(r, &v, from, to, out) : result;
}

OWN_FRAME static int
eval_pipe(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value v;
	int result;

	in = native_operand(r, n->a, in, &v, &result);
	return result == NATIVE_ONE ? native_eval(r, n->b, in, out) : result;
}

OWN_FRAME static int
eval_as(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	int result = native_eval(r, n->a, in, &r->slots[n->slot]);

	return result == NATIVE_ONE ? native_eval(r, n->b, in, out) : result;
}

OWN_FRAME static int
eval_alternative(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	int result = native_eval(r, n->a, in, out);

	/* jq would take an error for nothing. */
	if (result < 0)
		return NATIVE_DOUBT;
	return result == NATIVE_ONE && native_is_true(out) ? result : native_eval(r, n->b, in, out);
}

OWN_FRAME static int
eval_try(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	int result = native_eval(r, n->a, in, out);

	if (result == NATIVE_ERROR && n->sign == '?')
		return NATIVE_DOUBT;
	if (result == NATIVE_ERROR)
		return n->b != NULL ? native_eval(r, n->b, in, out) : NATIVE_NONE;
	return result;
}

/* a[value]. */
OWN_FRAME static int
eval_field(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value v;
	int result;

	in = native_operand(r, n->a, in, &v, &result);
	return result == NATIVE_ONE ? native_field(r, in, n, out) : result;
}

/* a[b]. */
OWN_FRAME static int
eval_index(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value v, key;
	int result = native_eval(r, n->a, in, &v);

	result = native_both(result, native_eval(r, n->b, in, &key));
	return result == NATIVE_ONE ? native_index(r, &v, &key, out) : result;
}

int
native_eval(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	switch ((enum native_op)n->op) {
	case NO_CONSTANT:
		*out = n->value;
		return NATIVE_ONE;
	case NO_DOT:
		*out = *in;
		return NATIVE_ONE;
	case NO_SLOT:
		*out = r->slots[n->slot];
		return NATIVE_ONE;
	case NO_FIELD:
		return eval_field(r, n, in, out);
	case NO_INDEX:
		return eval_index(r, n, in, out);
	case NO_SLICE:
		return eval_slice(r, n, in, out);
	case NO_TEXT:
		return eval_text(r, n, in, out);
	case NO_ARRAY:
		return eval_array(r, n, in, out);
	case NO_OBJECT:
		return eval_object(r, n, in, out);
	case NO_AND:
	case NO_OR:
	case NO_IF:
	case NO_SELECT:
		return eval_logic(r, n, in, out);
	case NO_PIPE:
		return eval_pipe(r, n, in, out);
	case NO_AS:
		return eval_as(r, n, in, out);
	case NO_ALTERNATIVE:
		return eval_alternative(r, n, in, out);
	case NO_TRY:
		return eval_try(r, n, in, out);
	case NO_OPERATION:
		return eval_operation(r, n, in, out);
	case NO_EMPTY:
		return NATIVE_NONE;
	case NO_SET:
	case NO_UPDATE:
		return eval_set(r, n, in, out);
	case NO_MAP_VALUES:
	case NO_ENTRIES:
	case NO_ANY:
	case NO_ALL:
		return native_over_members(r, n, in, out);
	case NO_REDUCE:
		return native_reduce(r, n, in, out);
	case NO_FUNCTION:
		return eval_function(r, n, in, out);
	/* Asked for by native_each alone, being many; and what libjq has to do. */
	case NO_EACH:
	case NO_COMMA:
	case NO_RANGE:
	case NO_LIBJQ:
		break;
	}
	return NATIVE_DOUBT;
}
