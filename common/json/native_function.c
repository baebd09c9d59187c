/*
 * The builtin functions of jq that a native program may call.
 *
 * What is an error in jq is NATIVE_DOUBT here but for those that may stand behind a try.
 */
#include <string.h>

#include "base/buf.h"
#include "json/native_function.h"
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

/* A row of the table, or NULL. */
static native_function *
find_row(const struct native_builtin *row, const char *name, int64_t args)
{
	for (; row->name != NULL; row++) {
		if (row->args == args && strcmp(row->name, name) == 0)
			return row->function;
	}
	return NULL;
}

native_function *
native_find_function(const char *name, int64_t args)
{
	static const struct native_builtin rows[] = {
		{ "not", 0, f_not }, { "length", 0, f_length }, { "type", 0, f_type },
		{ "tojson", 0, f_tojson }, { "tostring", 0, native_to_text },
		{ "fromjson", 0, f_fromjson }, { "add", 0, f_add }, { "has", 1, f_has },
		{ NULL, 0, NULL }
	};
	const struct native_builtin *const tables[] = {
		rows, native_string_rows, native_list_rows, native_number_rows
	};
	native_function *found = NULL;

	for (size_t i = 0; found == NULL && i < sizeof tables / sizeof *tables; i++)
		found = find_row(tables[i], name, args);
	return found;
}
