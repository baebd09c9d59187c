/*
 * Single nodes: what they depend on, and working out what is constant.
 */
#include <string.h>

#include "json/native_inline.h"

struct native_node *
native_node_new(struct native_inliner *c, enum native_op op, struct native_node *a,
    struct native_node *b)
{
	struct native_node *n = native_alloc(c->arena, sizeof *n);

	memset(n, 0, sizeof *n);
	c->nodes++;
	n->op = (uint8_t)op;
	n->key = NATIVE_NO_KEY;
	n->a = a;
	n->b = b;
	if (a != NULL) {
		n->of_dot = a->of_dot;
		n->of_slots = a->of_slots;
		n->many = a->many;
	}
	if (b != NULL) {
		/* Behind a pipe the input is another one. */
		n->of_dot = n->of_dot || (op != NO_PIPE && b->of_dot);
		n->of_slots = n->of_slots || b->of_slots;
		n->many = n->many || b->many;
	}
	return n;
}

struct native_node *
native_node_constant(struct native_inliner *c, struct native_value v)
{
	struct native_node *n = native_node_new(c, NO_CONSTANT, NULL, NULL);

	n->value = v;
	return n;
}

struct native_node *
native_node_fold(struct native_inliner *c, struct native_node *n)
{
	struct native_value null = native_word(TOK_NULL), v;
	int result;

	if (n == NULL || n->many || n->of_dot || n->of_slots || n->op == NO_CONSTANT ||
	    n->op == NO_EMPTY || n->op == NO_LIBJQ)
		return n;
	result = native_eval(&c->run, n, &null, &v);
	if (result == NATIVE_NONE)
		return native_node_new(c, NO_EMPTY, NULL, NULL);
	return result == NATIVE_ONE ? native_node_constant(c, v) : n;
}

struct native_node *
native_node_dot(struct native_inliner *c, struct native_node *known)
{
	struct native_node *n;

	if (known != NULL)
		return known;
	n = native_node_new(c, NO_DOT, NULL, NULL);
	n->of_dot = true;
	return n;
}

struct native_node *
native_node_pipe(struct native_inliner *c, struct native_node *a, struct native_node *b)
{
	if (a == NULL || b == NULL)
		return NULL;
	/* b was made for the constant a. */
	if (a->op == NO_CONSTANT || a->op == NO_DOT)
		return b;
	if (b->op == NO_DOT || a->op == NO_EMPTY)
		return a;
	/* The quotient alone may be no integer. */
	if (a->op == NO_OPERATION && a->sign == '/' && !a->many && b->op == NO_FUNCTION &&
	    b->function == native_floor) {
		b = native_node_new(c, NO_OPERATION, a->a, a->b);
		b->sign = 'q';
		return native_node_fold(c, b);
	}
	return native_node_fold(c, native_node_new(c, NO_PIPE, a, b));
}

uint16_t
native_key_number(struct native_keys *keys, const struct native_value *key)
{
	struct native_word_pair words = native_key_words(key->u.text, key->n);
	unsigned row = native_key_row(words, key->n);
	uint16_t k = native_key_find(keys, words, key->u.text, key->n);

	if (k != NATIVE_NO_KEY || keys->count == NATIVE_KEYS_MAX)
		return k;
	k = keys->count++;
	keys->key[k] = *key;
	keys->words[k] = words;
	keys->next[k] = keys->first[row];
	keys->first[row] = k;
	return k;
}

struct native_node *
native_node_field(struct native_inliner *c, struct native_node *a, const struct native_value *key)
{
	struct native_node *dot, *n;

	if (a == NULL)
		return NULL;
	dot = a->many ? native_node_dot(c, NULL) : a;
	n = native_node_new(c, NO_FIELD, dot, NULL);
	n->value = *key;
	n->key = native_key_number(c->keys, key);
	n = native_node_fold(c, n);
	return a->many ? native_node_pipe(c, a, n) : n;
}

enum { JOINED_MAX = 100 };

/* The keys that an object has in whatever case; false if they are not known, or are too many. */
static bool
take_keys(const struct native_node *n, const struct native_value *keys[JOINED_MAX], size_t *count)
{
	switch ((enum native_op)n->op) {
	case NO_OBJECT:
		if (n->members == NULL || *count + n->n > JOINED_MAX)
			return false;
		for (uint32_t i = 0; i < n->n; i++)
			keys[(*count)++] = &n->members[i].key;
		return true;
	case NO_CONSTANT:
		return n->value.kind == TOK_OBJECT && !n->value.lazy && n->value.n == 0;
	case NO_IF:
		return take_keys(n->b, keys, count) && take_keys(n->c, keys, count);
	case NO_AS:
	case NO_PIPE:
		return take_keys(n->b, keys, count);
	case NO_OPERATION:
		return n->joined && take_keys(n->a, keys, count) && take_keys(n->b, keys, count);
	default:
		return false;
	}
}

void
native_node_join(struct native_node *n)
{
	const struct native_value *left[JOINED_MAX], *right[JOINED_MAX];
	size_t lefts = 0, rights = 0;
	bool joined = n->op == NO_OPERATION && n->sign == '+' && take_keys(n->a, left, &lefts) &&
	    take_keys(n->b, right, &rights);

	for (size_t i = 0; i < lefts && joined; i++) {
		for (size_t j = 0; j < rights && joined; j++)
			joined = left[i]->n != right[j]->n ||
			    memcmp(left[i]->u.text, right[j]->u.text, left[i]->n) != 0;
	}
	n->joined = joined;
}
