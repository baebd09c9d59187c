/*
 * The builtin functions on strings, and join.
 *
 * What is an error in jq is NATIVE_DOUBT here.
 */
#include <string.h>

#include "json/native_function.h"
#include "json/native_regex.h"

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

const struct native_builtin native_string_rows[] = {
	{ "ascii_downcase", 0, f_downcase }, { "ascii_upcase", 0, f_upcase }, { "join", 1, f_join },
	{ "split", 1, f_split }, { "contains", 1, f_contains }, { "startswith", 1, f_startswith },
	{ "endswith", 1, f_endswith }, { "ltrimstr", 1, f_ltrimstr }, { "rtrimstr", 1, f_rtrimstr },
	{ "test", 1, f_test }, { NULL, 0, NULL }
};
