/*
 * The nodes of a native program that give several values, and those that go over the members of one.
 */
#include <string.h>

#include "json/native_node.h"

/* More are nobody's projection. */
enum { RANGE_MAX = 100000 };

/* What the steps of native_each hand on. */
struct step {
	struct native_run *r;
	const struct native_node *n;
	const struct native_value *in;
	int (*each)(void *arg, const struct native_value *v);
	void *arg;
	bool found;
};

static int
step_pipe(void *arg, const struct native_value *v)
{
	struct step *s = arg;

	return native_each(s->r, s->n->b, v, s->each, s->arg);
}

static int
step_as(void *arg, const struct native_value *v)
{
	struct step *s = arg;

	s->r->slots[s->n->slot] = *v;
	return native_each(s->r, s->n->b, s->in, s->each, s->arg);
}

static int
step_alternative(void *arg, const struct native_value *v)
{
	struct step *s = arg;

	if (!native_is_true(v))
		return NATIVE_ONE;
	s->found = true;
	return s->each(s->arg, v);
}

/* An error behind a try is caught by jq 1.6, and not by newer ones. */
static int
step_try(void *arg, const struct native_value *v)
{
	struct step *s = arg;
	int result = s->each(s->arg, v);

	return result == NATIVE_ERROR ? NATIVE_DOUBT : result;
}

/* Nothing that a turn makes is given back before the record's end. */
static bool
takes_too_much(const struct step *s)
{
	return s->r->arena->used > NATIVE_MEMORY_MAX;
}

/* The items of an array, the values of an object. */
static int
step_each(void *arg, const struct native_value *v)
{
	struct step *s = arg;
	struct native_value all = *v;
	int result = NATIVE_ONE;

	if (v->kind != TOK_ARRAY && v->kind != TOK_OBJECT)
		return NATIVE_ERROR;
	if (native_expand(s->r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	for (uint32_t i = 0; i < all.n && result == NATIVE_ONE; i++) {
		result = s->each(s->arg, all.kind == TOK_ARRAY ? &all.u.items[i] :
		    &all.u.members[i].value);
		if (takes_too_much(s))
			return NATIVE_DOUBT;
	}
	return result;
}

static int
each_number(struct step *s)
{
	struct native_value end, v;
	int result = native_eval(s->r, s->n->a, s->in, &end);

	if (result != NATIVE_ONE)
		return result == NATIVE_NONE ? NATIVE_ONE : result;
	if (end.kind != TOK_NUMBER || end.u.number > RANGE_MAX)
		return NATIVE_DOUBT;
	for (int64_t i = 0; i < end.u.number && result == NATIVE_ONE; i++) {
		v = native_int(i);
		result = s->each(s->arg, &v);
		if (takes_too_much(s))
			return NATIVE_DOUBT;
	}
	return result;
}

static int
each_single(struct step *s)
{
	struct native_value v;
	int result = native_eval(s->r, s->n, s->in, &v);

	if (result == NATIVE_ONE)
		return s->each(s->arg, &v);
	return result == NATIVE_NONE ? NATIVE_ONE : result;
}

int
native_each(struct native_run *r, const struct native_node *n, const struct native_value *in,
    int (*each)(void *arg, const struct native_value *v), void *arg)
{
	struct step s = { .r = r, .n = n, .in = in, .each = each, .arg = arg };
	struct native_value v;
	int result;

	if (!n->many)
		return each_single(&s);
	switch ((enum native_op)n->op) {
	case NO_PIPE:
		return native_each(r, n->a, in, step_pipe, &s);
	case NO_AS:
		return native_each(r, n->a, in, step_as, &s);
	case NO_EACH:
		return native_each(r, n->a, in, step_each, &s);
	case NO_RANGE:
		return each_number(&s);
	case NO_COMMA:
		result = native_each(r, n->a, in, each, arg);
		return result == NATIVE_ONE ? native_each(r, n->b, in, each, arg) : result;
	case NO_IF:
		result = native_eval(r, n->a, in, &v);
		if (result != NATIVE_ONE)
			return result == NATIVE_NONE ? NATIVE_ONE : result;
		return native_each(r, native_is_true(&v) ? n->b : n->c, in, each, arg);
	case NO_ALTERNATIVE:
		result = native_each(r, n->a, in, step_alternative, &s);
		/* jq would take an error for the end. */
		if (result != NATIVE_ONE || s.found)
			return result == NATIVE_ERROR ? NATIVE_DOUBT : result;
		return native_each(r, n->b, in, each, arg);
	case NO_TRY:
		result = native_each(r, n->a, in, step_try, &s);
		if (result != NATIVE_ERROR || n->sign == '?')
			return result == NATIVE_ERROR ? NATIVE_DOUBT : result;
		return n->b != NULL ? each(arg, &n->b->value) : NATIVE_ONE;
	default:
		return NATIVE_DOUBT;
	}
}

/* any and all.  jq 1.6 takes one more value than it needs, which may fail; here all are taken. */
static int
step_judge(void *arg, const struct native_value *v)
{
	struct step *s = arg;
	struct native_value is;
	int result = native_eval(s->r, s->n->b, v, &is);

	if (result == NATIVE_NONE)
		return NATIVE_DOUBT;
	if (result == NATIVE_ONE && native_is_true(&is) == (s->n->op == NO_ANY))
		s->found = true;
	return result;
}

static int
judge_members(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct step s = { .r = r, .n = n };
	int result = native_each(r, n->a, in, step_judge, &s);

	*out = native_bool(s.found == (n->op == NO_ANY));
	return result < 0 ? result : NATIVE_ONE;
}

static int
map_values(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value all = *in;
	struct native_member *m;
	int result;

	if (in->kind != TOK_OBJECT || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	m = native_alloc(r->arena, all.n * sizeof *m);
	for (uint32_t i = 0; i < all.n; i++) {
		m[i].key = all.u.members[i].key;
		result = native_eval(r, n->a, &all.u.members[i].value, &m[i].value);
		/* Versions differ in what becomes of a value that gives none. */
		if (result != NATIVE_ONE)
			return result == NATIVE_NONE ? NATIVE_DOUBT : result;
	}
	all.u.members = m;
	*out = all;
	return NATIVE_ONE;
}

static const struct native_value key_name = {
	.kind = TOK_STRING, .plain = true, .n = 3, .u.text = "key"
}, value_name = { .kind = TOK_STRING, .plain = true, .n = 5, .u.text = "value" };

/* Adds what with_entries made of an entry to the *n members, for which there is room. */
static int
take_entry(struct native_run *r, struct native_value *entry, struct native_member *members, uint32_t *n)
{
	const struct native_value *key, *value;
	uint32_t i = 0;

	if (entry->kind != TOK_OBJECT || native_expand(r->arena, entry) != NATIVE_ONE)
		return NATIVE_DOUBT;
	key = native_member(entry, &key_name);
	value = native_member(entry, &value_name);
	if (key == NULL || value == NULL || key->kind != TOK_STRING)
		return NATIVE_DOUBT;
	while (i < *n && !native_same_text(&members[i].key, key))
		i++;
	*n += i == *n;
	members[i].key = *key;
	members[i].value = *value;
	return NATIVE_ONE;
}

static int
with_entries(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct native_value *out)
{
	struct native_value all = *in;
	struct native_member *members;
	uint32_t count = 0;

	if (in->kind != TOK_OBJECT || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	members = native_alloc(r->arena, all.n * sizeof *members);
	for (uint32_t i = 0; i < all.n; i++) {
		struct native_member *m = native_alloc(r->arena, 2 * sizeof *m);
		struct native_value entry = { .kind = TOK_OBJECT, .n = 2, .u.members = m }, made;
		int result;

		m[0] = (struct native_member){ key_name, all.u.members[i].key };
		m[1] = (struct native_member){ value_name, all.u.members[i].value };
		result = native_eval(r, n->a, &entry, &made);
		if (result == NATIVE_ONE)
			result = take_entry(r, &made, members, &count);
		if (result < 0)
			return result;
	}
	*out = (struct native_value){ .kind = TOK_OBJECT, .n = count, .u.members = members };
	return NATIVE_ONE;
}

int
native_over_members(struct native_run *r, const struct native_node *n,
    const struct native_value *in, struct native_value *out)
{
	if (n->op == NO_MAP_VALUES)
		return map_values(r, n, in, out);
	if (n->op == NO_ENTRIES)
		return with_entries(r, n, in, out);
	return judge_members(r, n, in, out);
}
