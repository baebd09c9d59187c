#include <string.h>

#include "json/jtext.h"

#include "resource.h"
#include "schema.h"

/*
 * Whether the tokens from one to before the other, keys and values, are written as they stand in a
 * text without white space: none is dropped, and no string may have to be written in another way.
 */
static bool
stay(const struct tok_list *l, uint32_t from, uint32_t to, const struct resource_form *form)
{
	const struct tok *tok = l->tok;

	for (uint32_t i = from; i < to; i++) {
		bool empty = tok[i].type >= TOK_ARRAY && tok[i].next == i + 1;

		if ((!form->keep_null && (empty || tok[i].type == TOK_NULL)) ||
		    (!form->canonical && (tok[i].flags & TOK_ESCAPED) != 0))
			return false;
	}
	return true;
}

/* Where the value's text ends: behind the quote of a string. */
static size_t
text_end(const struct tok *t)
{
	return t->end + (t->type == TOK_STRING);
}

/*
 * Any value.  dropped: a name that objects lose, those of an array if it is one; NULL: none.
 * Depth is bounded by TOK_DEPTH_MAX.
 */
static int
write_value(struct buf *b, const struct tok_list *l, const char *text, uint32_t value,
    const struct resource_form *form, const char *dropped)
{
	const struct tok *tok = l->tok;
	bool object = tok[value].type == TOK_OBJECT, first = true;
	int failed;

	if (form->compact && (dropped == NULL || tok[value].type < TOK_ARRAY) &&
	    stay(l, value, tok[value].next, form)) {
		size_t from = tok[value].start - (tok[value].type == TOK_STRING);

		return buf_append(b, text + from, text_end(&tok[value]) - from);
	}
	if ((form->keep_null && dropped == NULL) || (!object && tok[value].type != TOK_ARRAY))
		return jtext_value(b, l, text, value);
	failed = buf_append_byte(b, object ? '{' : '[');
	for (uint32_t i = value + 1; i < tok[value].next; i = tok[i].next) {
		uint32_t key = i;

		i += object;
		if (!form->keep_null && schema_is_void(l, i))
			continue;
		if (object && dropped != NULL && tok_is(&tok[key], text, dropped, strlen(dropped)))
			continue;
		if (!first)
			failed |= buf_append_byte(b, ',');
		first = false;
		if (object) {
			failed |= jtext_string_token(b, &tok[key], text);
			failed |= buf_append_byte(b, ':');
		}
		failed |= write_value(b, l, text, i, form, object ? NULL : dropped);
	}
	return failed | buf_append_byte(b, object ? '}' : ']');
}

/* The index of the value of the extension of this URN, or 0. */
static uint32_t
find_extension(const struct tok_list *l, const char *text, const struct tok *urn)
{
	const struct tok *tok = l->tok;

	for (uint32_t i = 1; i < tok[0].next; i = tok[i + 1].next) {
		if (tok_is(&tok[i], text, text + urn->start, urn->end - urn->start))
			return i + 1;
	}
	return 0;
}

/* The schemas that are still there; their texts have no escapes, as checked. */
static int
write_schemas(struct buf *b, const struct tok_list *l, const char *text,
    const struct schema_keys *keys)
{
	const struct tok *tok = l->tok;
	const char *core = keys->type == SCHEMA_IS_GROUP ? SCHEMA_GROUP : SCHEMA_USER;
	uint32_t array = keys->schemas;
	int failed = buf_append_string(b, "{\"schemas\":[");
	bool first = true;

	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		bool is_core = tok_is(&tok[i], text, core, strlen(core));
		uint32_t extension = is_core ? 0 : find_extension(l, text, &tok[i]);

		if (!is_core && (extension == 0 || schema_is_void(l, extension)))
			continue;
		if (!first)
			failed |= buf_append_byte(b, ',');
		first = false;
		failed |= jtext_string_token(b, &tok[i], text);
	}
	return failed | buf_append_byte(b, ']');
}

/* Whether no white space stands between the tokens: by their lengths and the signs between them. */
static bool
is_compact(const struct tok_list *l)
{
	const struct tok *tok = l->tok;
	/* One before or behind each but the first of a container, and none for the whole. */
	size_t len = tok[0].next - 1;

	for (uint32_t i = 0; i < tok[0].next; i++) {
		if (tok[i].type < TOK_ARRAY)
			len += tok[i].end - tok[i].start + 2 * (size_t)(tok[i].type == TOK_STRING);
		else
			len += tok[i].next > i + 1 ? 1 : 2;
	}
	return len == tok[0].end - tok[0].start;
}

/* Whether it does not go out from here.  An escape may hide any name. */
static bool
is_left_out(const struct tok *key, const char *text)
{
	char first = text[key->start];

	if (first != 's' && first != 'i' && first != 'm' && first != '\\')
		return false;
	return tok_is(key, text, "schemas", 7) || tok_is(key, text, "id", 2) ||
	    tok_is(key, text, "members", 7);
}

/* The name that objects within the member lose, or NULL. */
static const char *
dropped_in(const struct tok *key, const char *text, const struct resource_form *form)
{
	return !form->keep_verified && tok_is(key, text, "emails", 6) ? "verified" : NULL;
}

/* Whether the member goes out as it stands. */
static bool
goes_as_it_is(const struct tok_list *l, const char *text, uint32_t key,
    const struct resource_form *form)
{
	const struct tok *t = &l->tok[key];

	return form->compact && !is_left_out(t, text) && dropped_in(t, text, form) == NULL &&
	    stay(l, key, l->tok[key + 1].next, form);
}

/* Writes such a member and those behind it that are too, all at once.  Returns the last one. */
static uint32_t
write_run(struct buf *b, const struct tok_list *l, const char *text, uint32_t key,
    const struct resource_form *form, int *failed)
{
	const struct tok *tok = l->tok;
	size_t from = tok[key].start - 1;

	for (uint32_t next = tok[key + 1].next; next < tok[0].next &&
	    goes_as_it_is(l, text, next, form); next = tok[key + 1].next)
		key = next;
	*failed |= buf_append_byte(b, ',');
	*failed |= buf_append(b, text + from, text_end(&tok[key + 1]) - from);
	return key;
}

int
resource_write(struct buf *b, const struct tok_list *l, const char *text,
    const struct schema_keys *keys, const struct resource_form *asked)
{
	const struct tok *tok = l->tok;
	struct resource_form form = *asked;
	int failed = write_schemas(b, l, text, keys);

	form.compact = form.canonical || is_compact(l);
	if (form.id != NULL) {
		failed |= buf_append_string(b, ",\"id\":");
		failed |= jtext_string(b, form.id, form.id_len);
	}
	for (uint32_t i = 1; i < tok[0].next; i = tok[i + 1].next) {
		const struct tok *key = &tok[i];

		if (goes_as_it_is(l, text, i, &form)) {
			i = write_run(b, l, text, i, &form, &failed);
			continue;
		}
		if (is_left_out(key, text) || (!form.keep_null && schema_is_void(l, i + 1)))
			continue;
		failed |= buf_append_byte(b, ',');
		failed |= jtext_string_token(b, key, text);
		failed |= buf_append_byte(b, ':');
		failed |= write_value(b, l, text, i + 1, &form, dropped_in(key, text, &form));
	}
	return failed != 0 ? -1 : 0;
}
