/*
 * What a native program puts out, written as it is worked out.
 *
 * Most programs end in an object, of which each member is a member of the record or a choice between
 * some: to make a value of it first, and to go over that again to write it, cost more than all else.
 */
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/native_node.h"

/* By the rules of record.h for what an object made here can break; what the record held is good. */
static bool
is_record(const struct native_value *v)
{
	for (uint32_t i = 0; i < v->n; i++) {
		const struct native_value *key = &v->u.members[i].key;
		const struct native_value *value = &v->u.members[i].value;
		bool name = (key->n == 8 && memcmp(key->u.text, "Username", 8) == 0) ||
		    (key->n == 9 && memcmp(key->u.text, "GroupName", 9) == 0);

		if ((key->n > 0 && key->u.text[0] == '~') ||
		    (name && (value->kind != TOK_STRING || value->n == 0)))
			return false;
	}
	return true;
}

int
native_put_record(struct native_run *r, const struct native_value *v, struct buf *b)
{
	struct native_value object = *v;

	if (v->kind != TOK_OBJECT)
		return NATIVE_DOUBT;
	/* The record itself is one. */
	if (!(v->lazy && v->u.document == &r->record && v->n == 0) &&
	    (native_expand(r->arena, &object) != NATIVE_ONE || !is_record(&object)))
		return NATIVE_DOUBT;
	return native_write(b, &object, NATIVE_DEPTH_MAX);
}

static int
put_worked_out(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth)
{
	const struct native_value *v = native_at_hand(r, n, in);
	struct native_value own;
	int result = NATIVE_ONE;

	if (v == NULL) {
		v = &own;
		result = native_eval(r, n, in, &own);
	}
	if (result != NATIVE_ONE)
		return result;
	return depth == NATIVE_DEPTH_MAX ? native_put_record(r, v, b) : native_write(b, v, depth);
}

/* A member of a record for which that has rules: a name. */
static int
put_name(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b)
{
	struct native_value v;
	int result = native_eval(r, n, in, &v);

	if (result != NATIVE_ONE)
		return result;
	return v.kind == TOK_STRING && v.n > 0 ? native_write(b, &v, 1) : NATIVE_DOUBT;
}

/* The members of an object with constant keys, behind the brace or the members of another one. */
static int
put_pairs(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth)
{
	bool record = depth == NATIVE_DEPTH_MAX;
	int result = NATIVE_ONE;

	for (uint32_t i = 0; i < n->n && result >= 0; i++) {
		const struct native_node *value = n->list[2 * (size_t)i + 1];
		const struct native_head *head = &n->heads[i];
		bool first = b->data[b->len - 1] == '{';

		if ((record && head->reserved) ||
		    native_append(b, head->text + first, head->len - first) != NATIVE_ONE)
			return NATIVE_DOUBT;
		result = native_both(result, record && head->name ? put_name(r, value, in, b) :
		    native_put(r, value, in, b, depth - 1));
	}
	return result;
}

/* The members of a node that native_are_joined accepted. */
static int
put_members(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth)
{
	struct native_value v;
	bool is;
	int result;

	switch (n->op) {
	case NO_OBJECT:
		return put_pairs(r, n, in, b, depth);
	case NO_IF:
		result = native_judge(r, n->a, in, &is);
		return result == NATIVE_ONE ? put_members(r, is ? n->b : n->c, in, b, depth) : result;
	case NO_AS:
		result = native_eval(r, n->a, in, &r->slots[n->slot]);
		return result == NATIVE_ONE ? put_members(r, n->b, in, b, depth) : result;
	case NO_PIPE:
		result = native_eval(r, n->a, in, &v);
		return result == NATIVE_ONE ? put_members(r, n->b, &v, b, depth) : result;
	case NO_OPERATION:
		result = put_members(r, n->a, in, b, depth);
		return native_both(result, result < 0 ? result : put_members(r, n->b, in, b, depth));
	default:
		/* The constant {}. */
		return NATIVE_ONE;
	}
}

static int
put_object(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth)
{
	int result;

	if (depth == 0 || native_append(b, "{", 1) != NATIVE_ONE)
		return NATIVE_DOUBT;
	result = put_members(r, n, in, b, depth);
	return result == NATIVE_ONE ? native_append(b, "}", 1) : result;
}

/* The inside of a string. */
static int
put_text(struct buf *b, const struct native_value *v)
{
	size_t at = b->len, len;

	if (v->plain)
		return native_append(b, v->u.text, v->n);
	if (jtext_string(b, v->u.text, v->n) != 0)
		return NATIVE_DOUBT;
	len = b->len - at - 2;
	memmove(b->data + at, b->data + at + 1, len);
	b->len = at + len;
	return NATIVE_ONE;
}

static int
put_interpolation(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b)
{
	int result = native_append(b, "\"", 1);

	for (uint32_t i = 0; i < n->n && result >= 0; i++) {
		struct native_value part, text;
		int one = native_eval(r, n->list[i], in, &part);

		if (one == NATIVE_ONE)
			one = native_to_text(r, &part, NULL, &text);
		if (one == NATIVE_ONE)
			one = put_text(b, &text);
		result = native_both(result, one);
	}
	return result == NATIVE_ONE ? native_append(b, "\"", 1) : result;
}

int
native_put(struct native_run *r, const struct native_node *n, const struct native_value *in,
    struct buf *b, int depth)
{
	struct native_value v;
	bool is;
	int result;

	switch (n->op) {
	case NO_OBJECT:
		return n->members != NULL ? put_object(r, n, in, b, depth) :
		    put_worked_out(r, n, in, b, depth);
	case NO_OPERATION:
		return n->joined ? put_object(r, n, in, b, depth) : put_worked_out(r, n, in, b, depth);
	case NO_TEXT:
		return depth == NATIVE_DEPTH_MAX ? NATIVE_DOUBT : put_interpolation(r, n, in, b);
	case NO_IF:
		result = native_judge(r, n->a, in, &is);
		return result == NATIVE_ONE ? native_put(r, is ? n->b : n->c, in, b, depth) : result;
	case NO_AS:
		result = native_eval(r, n->a, in, &r->slots[n->slot]);
		return result == NATIVE_ONE ? native_put(r, n->b, in, b, depth) : result;
	case NO_PIPE:
		result = native_eval(r, n->a, in, &v);
		return result == NATIVE_ONE ? native_put(r, n->b, &v, b, depth) : result;
	default:
		return put_worked_out(r, n, in, b, depth);
	}
}
