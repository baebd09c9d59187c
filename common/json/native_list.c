/*
 * The builtin functions that take arrays and objects apart.
 *
 * What is an error in jq is NATIVE_DOUBT here.
 */
#include <string.h>

#include "json/native_function.h"
#include "json/utf8.h"

/* How many bytes the first count characters take. */
static size_t
bytes_of(const char *s, const char *end, int64_t count)
{
	const char *p = s;

	while (count-- > 0)
		p += utf8_length(p, end);
	return (size_t)(p - s);
}

int
native_slice(struct native_run *r, const struct native_value *v, int64_t from, int64_t to,
    struct native_value *out)
{
	const char *s, *end;
	struct native_value all = *v;
	int64_t len;

	*out = *v;
	if (v->kind == TOK_NULL)
		return NATIVE_ONE;
	if ((v->kind != TOK_STRING && v->kind != TOK_ARRAY) ||
	    (v->kind == TOK_ARRAY && native_expand(r->arena, &all) != NATIVE_ONE))
		return NATIVE_DOUBT;
	len = v->kind == TOK_ARRAY ? all.n : (int64_t)utf8_count(v->u.text, v->n);
	from = from < 0 ? from + len : from;
	to = to < 0 ? to + len : to;
	from = from < 0 ? 0 : from > len ? len : from;
	to = to > len ? len : to < from ? from : to;
	if (v->kind == TOK_ARRAY) {
		*out = all;
		out->n = (uint32_t)(to - from);
		/* An empty one may have no items to count from. */
		if (out->n > 0)
			out->u.items += from;
		return NATIVE_ONE;
	}
	s = v->u.text;
	end = s + v->n;
	s += bytes_of(s, end, from);
	*out = native_text(s, bytes_of(s, end, to - from));
	return NATIVE_ONE;
}

int
native_merge(struct native_arena *arena, struct native_value a, struct native_value b, int depth,
    struct native_value *out)
{
	struct native_member *m;
	int result = NATIVE_ONE;

	if (depth == 0 || native_expand(arena, &a) != NATIVE_ONE ||
	    native_expand(arena, &b) != NATIVE_ONE)
		return NATIVE_DOUBT;
	m = native_alloc(arena, b.n * sizeof *m);
	for (uint32_t i = 0; i < b.n && result == NATIVE_ONE; i++) {
		const struct native_value *old = native_member(&a, &b.u.members[i].key);

		m[i] = b.u.members[i];
		if (old != NULL && old->kind == TOK_OBJECT && m[i].value.kind == TOK_OBJECT)
			result = native_merge(arena, *old, b.u.members[i].value, depth - 1,
			    &m[i].value);
	}
	b.u.members = m;
	return result == NATIVE_ONE ? native_add(arena, &a, &b, out) : result;
}

/* Without what the names lead to, the last of which is not the first. */
static int
delete_within(struct native_run *r, const struct native_value *in, const struct native_value *names,
    uint32_t count, struct native_value *out)
{
	struct native_value all = *in, inner;
	const struct native_value *old;
	struct native_member *m;
	uint32_t n = 0;
	int result;

	*out = *in;
	if (in->kind == TOK_NULL)
		return NATIVE_ONE;
	if (in->kind != TOK_OBJECT || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	old = native_member(&all, &names[0]);
	if (old == NULL)
		return NATIVE_ONE;
	if (count > 1) {
		result = delete_within(r, old, names + 1, count - 1, &inner);
		return result == NATIVE_ONE ? native_set(r->arena, &all, &names[0], &inner, out) :
		    result;
	}
	m = native_alloc(r->arena, all.n * sizeof *m);
	for (uint32_t i = 0; i < all.n; i++) {
		if (&all.u.members[i].value != old)
			m[n++] = all.u.members[i];
	}
	all.n = n;
	all.u.members = m;
	*out = all;
	return NATIVE_ONE;
}

/* Whether it is one path of names. */
static bool
is_one_path(struct native_run *r, const struct native_value *paths, struct native_value *path)
{
	if (paths->n != 1)
		return false;
	*path = paths->u.items[0];
	if (path->kind != TOK_ARRAY || native_expand(r->arena, path) != NATIVE_ONE ||
	    path->n == 0 || path->n > NATIVE_DEPTH_MAX)
		return false;
	for (uint32_t i = 0; i < path->n; i++) {
		if (path->u.items[i].kind != TOK_STRING)
			return false;
	}
	return true;
}

/* delpaths, of paths to members of an object only; one alone may lead deeper. */
static int
f_delpaths(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in, paths = *arg, one, *keys;
	struct native_member *m;
	uint32_t n = 0;

	if (in->kind != TOK_OBJECT || arg->kind != TOK_ARRAY ||
	    native_expand(r->arena, &all) != NATIVE_ONE ||
	    native_expand(r->arena, &paths) != NATIVE_ONE)
		return NATIVE_DOUBT;
	if (is_one_path(r, &paths, &one))
		return delete_within(r, &all, one.u.items, one.n, out);
	keys = native_alloc(r->arena, paths.n * sizeof *keys);
	for (uint32_t i = 0; i < paths.n; i++) {
		struct native_value path = paths.u.items[i];

		if (path.kind != TOK_ARRAY || native_expand(r->arena, &path) != NATIVE_ONE ||
		    path.n != 1 || path.u.items[0].kind != TOK_STRING)
			return NATIVE_DOUBT;
		keys[i] = path.u.items[0];
	}
	m = native_alloc(r->arena, all.n * sizeof *m);
	for (uint32_t i = 0; i < all.n; i++) {
		uint32_t j = 0;

		while (j < paths.n && !native_same_text(&keys[j], &all.u.members[i].key))
			j++;
		if (j == paths.n)
			m[n++] = all.u.members[i];
	}
	all.n = n;
	all.u.members = m;
	*out = all;
	return NATIVE_ONE;
}

/* [{key, value}], in the order of the object.  An array's indices would be numbers: rare. */
static int
f_to_entries(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in, *items;
	struct native_member *m;

	(void)arg;
	if (in->kind != TOK_OBJECT || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	items = native_alloc(r->arena, all.n * sizeof *items);
	m = native_alloc(r->arena, 2 * (size_t)all.n * sizeof *m);
	for (uint32_t i = 0; i < all.n; i++, m += 2) {
		m[0] = (struct native_member){ native_text("key", 3), all.u.members[i].key };
		m[1] = (struct native_member){ native_text("value", 5), all.u.members[i].value };
		items[i] = (struct native_value){ .kind = TOK_OBJECT, .n = 2, .u.members = m };
	}
	*out = (struct native_value){ .kind = TOK_ARRAY, .n = all.n, .u.items = items };
	return NATIVE_ONE;
}

const struct native_builtin native_list_rows[] = {
	{ "delpaths", 1, f_delpaths }, { "to_entries", 0, f_to_entries }, { NULL, 0, NULL }
};
