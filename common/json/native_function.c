/*
 * The builtin functions of jq that a native program may call.
 *
 * What is an error in jq is NATIVE_DOUBT here but for those that may stand behind a try.
 */
#include <string.h>

#include "base/buf.h"
#include "json/native_node.h"
#include "json/native_regex.h"
#include "json/utf8.h"

static int
f_not(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)r;
	(void)arg;
	*out = native_bool(!native_is_true(in));
	return NATIVE_ONE;
}

static int
f_length(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in;

	(void)arg;
	switch (in->kind) {
	case TOK_NULL:
		*out = native_int(0);
		return NATIVE_ONE;
	case TOK_NUMBER:
		*out = native_int(in->u.number < 0 ? -in->u.number : in->u.number);
		return NATIVE_ONE;
	case TOK_STRING:
		*out = native_int((int64_t)utf8_count(in->u.text, in->n));
		return NATIVE_ONE;
	case TOK_ARRAY:
	case TOK_OBJECT:
		if (native_expand(r->arena, &all) != NATIVE_ONE)
			return NATIVE_DOUBT;
		*out = native_int(all.n);
		return NATIVE_ONE;
	default:
		return NATIVE_DOUBT;
	}
}

static int
f_type(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	static const char *const names[] = {
		"null", "boolean", "boolean", "number", "string", "array", "object"
	};

	(void)r;
	(void)arg;
	*out = native_text(names[in->kind], strlen(names[in->kind]));
	return NATIVE_ONE;
}

static int
f_tojson(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct buf b;
	char *copy;
	int result;

	(void)arg;
	buf_init(&b, NATIVE_MEMORY_MAX);
	result = native_write(&b, in, NATIVE_DEPTH_MAX);
	if (result == NATIVE_ONE) {
		copy = native_alloc(r->arena, b.len);
		memcpy(copy, b.data, b.len);
		*out = native_text(copy, b.len);
	}
	buf_free(&b);
	return result;
}

int
native_to_text(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	if (in->kind != TOK_STRING)
		return f_tojson(r, in, arg, out);
	*out = *in;
	return NATIVE_ONE;
}

static int
change_case(struct native_run *r, const struct native_value *in, char first, struct native_value *out)
{
	char *copy;

	if (in->kind != TOK_STRING)
		return NATIVE_DOUBT;
	copy = native_alloc(r->arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		copy[i] = in->u.text[i];
		if (copy[i] >= first && copy[i] <= first + 25)
			copy[i] = (char)(copy[i] ^ 0x20);
	}
	*out = *in;
	out->u.text = copy;
	return NATIVE_ONE;
}

static int
f_downcase(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)arg;
	return change_case(r, in, 'A', out);
}

static int
f_upcase(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)arg;
	return change_case(r, in, 'a', out);
}

static int
f_tonumber(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	int64_t number = 0;

	(void)r;
	(void)arg;
	*out = *in;
	if (in->kind != TOK_STRING || in->n == 0 || in->n > NATIVE_DIGITS_MAX ||
	    (in->n > 1 && in->u.text[0] == '0'))
		return in->kind == TOK_NUMBER ? NATIVE_ONE : NATIVE_DOUBT;
	for (uint32_t i = 0; i < in->n; i++) {
		if (in->u.text[i] < '0' || in->u.text[i] > '9')
			return NATIVE_DOUBT;
		number = number * 10 + (in->u.text[i] - '0');
	}
	*out = native_int(number);
	return NATIVE_ONE;
}

/* What is no JSON, or holds what suits no native program, is libjq's. */
static int
f_fromjson(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_document *d;
	struct tok *tok;

	(void)arg;
	if (in->kind != TOK_STRING || memchr(in->u.text, '\0', in->n) != NULL ||
	    tok_parse(&r->list, in->u.text, in->n) != TOK_OK || !native_suits(&r->list, in->u.text))
		return NATIVE_DOUBT;
	d = native_alloc(r->arena, sizeof *d);
	tok = native_alloc(r->arena, r->list.count * sizeof *tok);
	memcpy(tok, r->list.tok, r->list.count * sizeof *tok);
	d->tok = tok;
	d->text = in->u.text;
	*out = native_of_token(r->arena, d, 0);
	return NATIVE_ONE;
}

static int
f_add(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in, sum = native_word(TOK_NULL);

	(void)arg;
	if (in->kind != TOK_ARRAY || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	for (uint32_t i = 0; i < all.n; i++) {
		int result = native_add(r->arena, &sum, &all.u.items[i], out);

		if (result != NATIVE_ONE)
			return NATIVE_DOUBT;
		sum = *out;
	}
	*out = sum;
	return NATIVE_ONE;
}

static int
f_has(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in;

	if (in->kind != TOK_OBJECT || arg->kind != TOK_STRING ||
	    native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	*out = native_bool(native_member(&all, arg) != NULL);
	return NATIVE_ONE;
}

/* As jq has it: null and false are empty, but false is "false". */
static int
f_join(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in, sum = native_text("", 0), next;

	if (in->kind != TOK_ARRAY || arg->kind != TOK_STRING ||
	    native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	for (uint32_t i = 0; i < all.n; i++) {
		struct native_value item = all.u.items[i], text = native_text("", 0);

		if (item.kind >= TOK_ARRAY ||
		    (item.kind != TOK_NULL && native_to_text(r, &item, NULL, &text) != NATIVE_ONE))
			return NATIVE_DOUBT;
		if (i > 0 && native_add(r->arena, &sum, arg, &next) != NATIVE_ONE)
			return NATIVE_DOUBT;
		if (i > 0)
			sum = next;
		if (native_add(r->arena, &sum, &text, &next) != NATIVE_ONE)
			return NATIVE_DOUBT;
		sum = next;
	}
	*out = sum;
	return NATIVE_ONE;
}

static const char *
find(const char *s, const char *end, const struct native_value *what)
{
	while ((size_t)(end - s) >= what->n) {
		s = memchr(s, what->u.text[0], (size_t)(end - s) - what->n + 1);
		if (s == NULL || memcmp(s, what->u.text, what->n) == 0)
			return s;
		s++;
	}
	return NULL;
}

static int
f_split(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	const char *s, *end;
	struct native_value *items;
	uint32_t n = 1;

	if (in->kind != TOK_STRING || arg->kind != TOK_STRING || arg->n == 0)
		return NATIVE_DOUBT;
	*out = (struct native_value){ .kind = TOK_ARRAY };
	if (in->n == 0)
		return NATIVE_ONE;
	end = in->u.text + in->n;
	for (s = find(in->u.text, end, arg); s != NULL; s = find(s + arg->n, end, arg))
		n++;
	items = native_alloc(r->arena, n * sizeof *items);
	s = in->u.text;
	for (uint32_t i = 0; i < n; i++) {
		const char *next = i + 1 < n ? find(s, end, arg) : end;

		items[i] = native_text(s, (size_t)(next - s));
		s = next + arg->n;
	}
	out->n = n;
	out->u.items = items;
	return NATIVE_ONE;
}

static int
f_contains(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)r;
	/* jq 1.6 looks up to a NUL only. */
	if (in->kind != TOK_STRING || arg->kind != TOK_STRING ||
	    memchr(in->u.text, '\0', in->n) != NULL || memchr(arg->u.text, '\0', arg->n) != NULL)
		return NATIVE_DOUBT;
	*out = native_bool(arg->n == 0 || find(in->u.text, in->u.text + in->n, arg) != NULL);
	return NATIVE_ONE;
}

static int
f_startswith(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)r;
	if (in->kind != TOK_STRING || arg->kind != TOK_STRING)
		return NATIVE_DOUBT;
	*out = native_bool(in->n >= arg->n && memcmp(in->u.text, arg->u.text, arg->n) == 0);
	return NATIVE_ONE;
}

static int
f_endswith(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)r;
	if (in->kind != TOK_STRING || arg->kind != TOK_STRING)
		return NATIVE_DOUBT;
	*out = native_bool(in->n >= arg->n &&
	    memcmp(in->u.text + in->n - arg->n, arg->u.text, arg->n) == 0);
	return NATIVE_ONE;
}

static int
f_ltrimstr(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value is;
	int result = f_startswith(r, in, arg, &is);

	*out = *in;
	if (result == NATIVE_ONE && native_is_true(&is))
		*out = native_text(in->u.text + arg->n, in->n - arg->n);
	return result;
}

static int
f_rtrimstr(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value is;
	int result = f_endswith(r, in, arg, &is);

	*out = *in;
	if (result == NATIVE_ONE && native_is_true(&is))
		*out = native_text(in->u.text, in->n - arg->n);
	return result;
}

static int
f_test(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	int result;

	(void)arg;
	if (in->kind != TOK_STRING || r->regex == NULL)
		return NATIVE_DOUBT;
	result = native_regex_test(r->regex, in->u.text, in->n);
	*out = native_bool(result > 0);
	return result < 0 ? NATIVE_DOUBT : NATIVE_ONE;
}

/* Whether path is ["name"], which the key is. */
static bool
is_path_to(struct native_run *r, struct native_value path, const struct native_value *key)
{
	int order;

	return native_expand(r->arena, &path) == NATIVE_ONE && path.n == 1 &&
	    native_compare(r->arena, &path.u.items[0], key, false, &order) == NATIVE_ONE && order == 0;
}

/* delpaths, of paths to members of an object only. */
static int
f_delpaths(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in, paths = *arg;
	struct native_member *m;
	uint32_t n = 0;

	if (in->kind != TOK_OBJECT || arg->kind != TOK_ARRAY ||
	    native_expand(r->arena, &all) != NATIVE_ONE ||
	    native_expand(r->arena, &paths) != NATIVE_ONE)
		return NATIVE_DOUBT;
	for (uint32_t i = 0; i < paths.n; i++) {
		struct native_value path = paths.u.items[i];

		if (path.kind != TOK_ARRAY || native_expand(r->arena, &path) != NATIVE_ONE ||
		    path.n != 1 || path.u.items[0].kind != TOK_STRING)
			return NATIVE_DOUBT;
	}
	m = native_alloc(r->arena, all.n * sizeof *m);
	for (uint32_t i = 0; i < all.n; i++) {
		uint32_t j = 0;

		while (j < paths.n && !is_path_to(r, paths.u.items[j], &all.u.members[i].key))
			j++;
		if (j == paths.n)
			m[n++] = all.u.members[i];
	}
	all.n = n;
	all.u.members = m;
	*out = all;
	return NATIVE_ONE;
}

native_function *
native_find_function(const char *name, int64_t args)
{
	static const struct { const char *name; int64_t args; native_function *function; } rows[] = {
		{ "not", 0, f_not }, { "length", 0, f_length }, { "type", 0, f_type },
		{ "tojson", 0, f_tojson }, { "tostring", 0, native_to_text },
		{ "ascii_downcase", 0, f_downcase }, { "ascii_upcase", 0, f_upcase },
		{ "tonumber", 0, f_tonumber }, { "fromjson", 0, f_fromjson }, { "add", 0, f_add },
		{ "has", 1, f_has }, { "join", 1, f_join }, { "split", 1, f_split },
		{ "contains", 1, f_contains }, { "startswith", 1, f_startswith },
		{ "endswith", 1, f_endswith }, { "ltrimstr", 1, f_ltrimstr },
		{ "rtrimstr", 1, f_rtrimstr }, { "test", 1, f_test }, { "delpaths", 1, f_delpaths },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].args == args && strcmp(rows[i].name, name) == 0)
			return rows[i].function;
	}
	return NULL;
}
