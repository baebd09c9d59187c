/*
 * The builtin functions on strings, and join.
 *
 * What is an error in jq is NATIVE_DOUBT here.
 */
#include <string.h>

#include "json/native_function.h"
#include "json/native_regex.h"
#include "json/utf8.h"

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

static int
f_explode(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	const char *s = in->u.text, *end;
	struct native_value *items;
	uint32_t n = 0;

	(void)arg;
	if (in->kind != TOK_STRING || in->n > NATIVE_MEMORY_MAX / sizeof *items)
		return NATIVE_DOUBT;
	end = s + in->n;
	items = native_alloc(r->arena, in->n * sizeof *items);
	while (s < end) {
		size_t length = utf8_length(s, end);
		unsigned char first = (unsigned char)*s;
		int64_t code = length == 1 ? first : first & (0x7f >> length);

		for (size_t i = 1; i < length; i++)
			code = code << 6 | (s[i] & 0x3f);
		items[n++] = native_int(code);
		s += length;
	}
	*out = (struct native_value){ .kind = TOK_ARRAY, .n = n, .u.items = items };
	return NATIVE_ONE;
}

/* libjq 1.6 aborts at what is no code point, and newer ones do not agree on it either. */
static int
f_implode(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	struct native_value all = *in;
	size_t n = 0;
	char *to;

	(void)arg;
	if (in->kind != TOK_ARRAY || native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	to = native_alloc(r->arena, 4 * (size_t)all.n);
	for (uint32_t i = 0; i < all.n; i++) {
		int64_t code = all.u.items[i].u.number;

		if (all.u.items[i].kind != TOK_NUMBER || code < 1 || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return NATIVE_DOUBT;
		n += utf8_put(to + n, (uint32_t)code);
	}
	*out = native_text(to, n);
	return NATIVE_ONE;
}

/*
 * The first match, or all of them, replaced by arg.  What an empty match does is a matter of
 * versions (1.6 goes on for ever).
 */
static int
replace(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    bool all, struct native_value *out)
{
	struct native_value left, with, sum = native_text("", 0);
	size_t at = 0, start, end;
	int found;

	if (in->kind != TOK_STRING)
		return NATIVE_DOUBT;
	for (;;) {
		found = native_regex_find(r->regex, in->u.text, in->n, at, &start, &end);
		if (found < 0 || (found > 0 && start == end))
			return NATIVE_DOUBT;
		left = native_text(in->u.text + at, (found > 0 ? start : in->n) - at);
		if (native_add(r->arena, &sum, &left, &with) != NATIVE_ONE)
			return NATIVE_DOUBT;
		sum = with;
		if (found == 0)
			break;
		if (native_add(r->arena, &sum, arg, &with) != NATIVE_ONE)
			return NATIVE_DOUBT;
		sum = with;
		at = end;
		if (all)
			continue;
		left = native_text(in->u.text + at, in->n - at);
		if (native_add(r->arena, &sum, &left, &with) != NATIVE_ONE)
			return NATIVE_DOUBT;
		sum = with;
		break;
	}
	*out = sum;
	return NATIVE_ONE;
}

int
native_sub(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	return replace(r, in, arg, false, out);
}

int
native_gsub(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	return replace(r, in, arg, true, out);
}

const struct native_builtin native_string_rows[] = {
	{ "ascii_downcase", 0, f_downcase }, { "ascii_upcase", 0, f_upcase }, { "join", 1, f_join },
	{ "split", 1, f_split }, { "contains", 1, f_contains }, { "startswith", 1, f_startswith },
	{ "endswith", 1, f_endswith }, { "ltrimstr", 1, f_ltrimstr }, { "rtrimstr", 1, f_rtrimstr },
	{ "test", 1, f_test }, { "explode", 0, f_explode }, { "implode", 0, f_implode },
	{ NULL, 0, NULL }
};
