#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/native_value.h"

enum {
	/* Keys are compared each with each; service and mappings have a few dozen. */
	KEYS_MAX = 300
};

struct native_value
native_text(const char *s, size_t len)
{
	struct native_value v = { .kind = TOK_STRING, .n = (uint32_t)len, .plain = true, .u.text = s };

	for (size_t i = 0; i < len && v.plain; i++)
		v.plain = (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' && s[i] != 0x7f;
	return v;
}

static struct native_value
decoded(struct native_arena *arena, const char *s, size_t len)
{
	char *to = native_alloc(arena, len + 4);
	size_t n = 0;

	/* No escape is shorter than what it means. */
	for (const char *end = s + len; s < end;) {
		size_t used;

		if (*s != '\\') {
			to[n++] = *s++;
			continue;
		}
		n += jtext_escape(s, end, to + n, &used);
		s += used;
	}
	return native_text(to, n);
}

struct native_value
native_of_odd_token(struct native_arena *arena, const struct native_document *d, uint32_t index)
{
	const struct tok *t = &d->tok[index];
	struct native_value v = { .kind = t->type };
	const char *s = d->text + t->start, *end = d->text + t->end;

	if (t->type == TOK_STRING)
		return decoded(arena, s, (size_t)(end - s));
	if (t->type == TOK_NUMBER) {
		bool minus = *s == '-';
		int64_t number = 0;

		for (s += minus; s < end; s++)
			number = number * 10 + (*s - '0');
		v.u.number = minus ? -number : number;
	} else if (t->type >= TOK_ARRAY) {
		v.lazy = true;
		v.n = index;
		v.u.document = d;
	}
	return v;
}

static int
compare_bytes(const char *a, size_t an, const char *b, size_t bn)
{
	size_t n = an < bn ? an : bn;
	int order;

	/* Most differ here, and memcmp has to be called. */
	if (n > 0 && *a != *b)
		return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
	order = n > 0 ? memcmp(a, b, n) : 0;
	if (order == 0)
		return an < bn ? -1 : an > bn;
	return order < 0 ? -1 : 1;
}

bool
native_keys_differ(const struct native_document *d, uint32_t index)
{
	const struct tok *tok = d->tok;
	uint32_t end = tok[index].next, count = 0;
	bool ascending = true;

	for (uint32_t i = index + 1, last = 0; i < end; last = i, i = tok[i + 1].next) {
		/* Escaped keys may mean the same. */
		if ((tok[i].flags & TOK_ESCAPED) != 0 || count++ == KEYS_MAX)
			return false;
		ascending = ascending && (last == 0 || compare_bytes(d->text + tok[last].start,
		    tok[last].end - tok[last].start, d->text + tok[i].start,
		    tok[i].end - tok[i].start) < 0);
	}
	if (ascending)
		return true;
	for (uint32_t i = index + 1; i < end; i = tok[i + 1].next) {
		size_t len = tok[i].end - tok[i].start;

		for (uint32_t j = tok[i + 1].next; j < end; j = tok[j + 1].next) {
			if (tok[j].end - tok[j].start == len &&
			    memcmp(d->text + tok[i].start, d->text + tok[j].start, len) == 0)
				return false;
		}
	}
	return true;
}

int
native_expand(struct native_arena *arena, struct native_value *v)
{
	const struct native_document *d = v->u.document;
	const struct tok *tok;
	uint32_t count = 0, at = v->n, i;

	if (!v->lazy)
		return NATIVE_ONE;
	tok = d->tok;
	if (v->kind == TOK_OBJECT) {
		struct native_member *m;

		if (!native_keys_differ(d, at))
			return NATIVE_DOUBT;
		m = native_alloc(arena, (tok[at].next - at) / 2 * sizeof *m);
		for (i = at + 1; i < tok[at].next; i = tok[i + 1].next) {
			m[count].key = native_of_token(arena, d, i);
			m[count++].value = native_of_token(arena, d, i + 1);
		}
		v->u.members = m;
	} else {
		struct native_value *items = native_alloc(arena, (tok[at].next - at) * sizeof *items);

		for (i = at + 1; i < tok[at].next; i = tok[i].next)
			items[count++] = native_of_token(arena, d, i);
		v->u.items = items;
	}
	v->lazy = false;
	v->n = count;
	return NATIVE_ONE;
}

const struct native_value *
native_member(const struct native_value *object, const struct native_value *key)
{
	for (uint32_t i = 0; i < object->n; i++) {
		if (native_same_text(&object->u.members[i].key, key))
			return &object->u.members[i].value;
	}
	return NULL;
}

static int compare(struct native_arena *arena, const struct native_value *a,
    const struct native_value *b, bool ordered, int depth, int *order);

/* *order gets 0 if they are equal; both of a kind, array or object. */
static int
compare_containers(struct native_arena *arena, struct native_value a, struct native_value b,
    int depth, int *order)
{
	int result;

	/* What reduce makes may be nested as deep as it has turns. */
	if (depth == 0 || native_expand(arena, &a) != NATIVE_ONE ||
	    native_expand(arena, &b) != NATIVE_ONE)
		return NATIVE_DOUBT;
	*order = a.n != b.n;
	for (uint32_t i = 0; i < a.n && *order == 0; i++) {
		const struct native_value *left, *right;

		if (a.kind == TOK_ARRAY) {
			left = &a.u.items[i];
			right = &b.u.items[i];
		} else {
			left = &a.u.members[i].value;
			right = native_member(&b, &a.u.members[i].key);
		}
		if (right == NULL) {
			*order = 1;
			break;
		}
		result = compare(arena, left, right, false, depth - 1, order);
		if (result != NATIVE_ONE)
			return result;
	}
	return NATIVE_ONE;
}

static int
compare(struct native_arena *arena, const struct native_value *a, const struct native_value *b,
    bool ordered, int depth, int *order)
{
	*order = a->kind < b->kind ? -1 : a->kind > b->kind;
	if (*order != 0)
		return NATIVE_ONE;
	switch (a->kind) {
	case TOK_NUMBER:
		*order = a->u.number < b->u.number ? -1 : a->u.number > b->u.number;
		break;
	case TOK_STRING:
		*order = ordered ? compare_bytes(a->u.text, a->n, b->u.text, b->n) : !native_same_text(a, b);
		break;
	case TOK_ARRAY:
	case TOK_OBJECT:
		return ordered ? NATIVE_DOUBT : compare_containers(arena, *a, *b, depth, order);
	default:
		break;
	}
	return NATIVE_ONE;
}

int
native_compare(struct native_arena *arena, const struct native_value *a,
    const struct native_value *b, bool ordered, int *order)
{
	return compare(arena, a, b, ordered, 2 * NATIVE_DEPTH_MAX, order);
}

/* An integer whose text jq prints as it is. */
static int
take_number(int64_t number, struct native_value *out)
{
	static const int64_t limit = 1000000000000000;	/* 10^NATIVE_DIGITS_MAX */

	*out = native_int(number);
	return number > -limit && number < limit ? NATIVE_ONE : NATIVE_DOUBT;
}

static void
join_texts(struct native_arena *arena, const struct native_value *a, const struct native_value *b,
    struct native_value *out)
{
	char *to;

	if (a->n == 0 || b->n == 0) {
		*out = a->n == 0 ? *b : *a;
		return;
	}
	to = native_alloc(arena, (size_t)a->n + b->n);
	memcpy(to, a->u.text, a->n);
	memcpy(to + a->n, b->u.text, b->n);
	*out = (struct native_value){
		.kind = TOK_STRING, .plain = a->plain && b->plain, .n = a->n + b->n, .u.text = to
	};
}

static void
join_arrays(struct native_arena *arena, const struct native_value *a, const struct native_value *b,
    struct native_value *out)
{
	struct native_value *items = native_alloc(arena, ((size_t)a->n + b->n) * sizeof *items);

	if (a->n > 0)
		memcpy(items, a->u.items, a->n * sizeof *items);
	if (b->n > 0)
		memcpy(items + a->n, b->u.items, b->n * sizeof *items);
	*out = *a;
	out->n += b->n;
	out->u.items = items;
}

static void
merge_objects(struct native_arena *arena, const struct native_value *a, const struct native_value *b,
    struct native_value *out)
{
	struct native_member *m = native_alloc(arena, ((size_t)a->n + b->n) * sizeof *m);
	uint32_t n = a->n;

	if (a->n > 0)
		memcpy(m, a->u.members, a->n * sizeof *m);
	for (uint32_t i = 0; i < b->n; i++) {
		const struct native_member *from = &b->u.members[i];
		uint32_t j = 0;

		while (j < a->n && !native_same_text(&m[j].key, &from->key))
			j++;
		m[j < a->n ? j : n++] = *from;
	}
	*out = *a;
	out->n = n;
	out->u.members = m;
}

int
native_add(struct native_arena *arena, const struct native_value *a, const struct native_value *b,
    struct native_value *out)
{
	struct native_value left = *a, right = *b;

	if (a->kind == TOK_NULL || b->kind == TOK_NULL) {
		*out = a->kind == TOK_NULL ? *b : *a;
		return NATIVE_ONE;
	}
	if (a->kind != b->kind || a->kind <= TOK_TRUE)
		return NATIVE_ERROR;
	if (a->kind == TOK_NUMBER)
		return take_number(a->u.number + b->u.number, out);
	if (arena->used > NATIVE_MEMORY_MAX)
		return NATIVE_DOUBT;
	if (a->kind == TOK_STRING) {
		join_texts(arena, a, b, out);
		return NATIVE_ONE;
	}
	if (native_expand(arena, &left) != NATIVE_ONE || native_expand(arena, &right) != NATIVE_ONE)
		return NATIVE_DOUBT;
	if (a->kind == TOK_ARRAY)
		join_arrays(arena, &left, &right, out);
	else if (left.n > KEYS_MAX || right.n > KEYS_MAX)
		return NATIVE_DOUBT;
	else
		merge_objects(arena, &left, &right, out);
	return NATIVE_ONE;
}

int
native_subtract(const struct native_value *a, const struct native_value *b, struct native_value *out)
{
	if (a->kind != TOK_NUMBER || b->kind != TOK_NUMBER)
		return NATIVE_DOUBT;
	return take_number(a->u.number - b->u.number, out);
}

int
native_set(struct native_arena *arena, const struct native_value *object,
    const struct native_value *key, const struct native_value *value, struct native_value *out)
{
	struct native_member *one = native_alloc(arena, sizeof *one);
	struct native_value add = { .kind = TOK_OBJECT, .n = 1, .u.members = one };

	if (object->kind != TOK_NULL && object->kind != TOK_OBJECT)
		return NATIVE_DOUBT;
	one->key = *key;
	one->value = *value;
	return native_add(arena, object, &add, out);
}
