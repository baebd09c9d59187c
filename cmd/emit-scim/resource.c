#include <string.h>

#include "json/jtext.h"

#include "resource.h"
#include "schema.h"

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
write_schemas(struct buf *b, const struct tok_list *l, const char *text)
{
	const struct tok *tok = l->tok;
	bool group = schema_type(l, text) == SCHEMA_IS_GROUP;
	const char *core = group ? SCHEMA_GROUP : SCHEMA_USER;
	uint32_t array = tok_member(l, text, 0, "schemas");
	int failed = buf_append_string(b, "{\"schemas\":[");
	bool first = true;

	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		uint32_t extension = find_extension(l, text, &tok[i]);

		if (!tok_is(&tok[i], text, core, strlen(core)) &&
		    (extension == 0 || schema_is_void(l, extension)))
			continue;
		if (!first)
			failed |= buf_append_byte(b, ',');
		first = false;
		failed |= jtext_string_token(b, &tok[i], text);
	}
	return failed | buf_append_byte(b, ']');
}

int
resource_write(struct buf *b, const struct tok_list *l, const char *text,
    const struct resource_form *form)
{
	const struct tok *tok = l->tok;
	int failed = write_schemas(b, l, text);

	if (form->id != NULL) {
		failed |= buf_append_string(b, ",\"id\":");
		failed |= jtext_string(b, form->id, form->id_len);
	}
	for (uint32_t i = 1; i < tok[0].next; i = tok[i + 1].next) {
		const struct tok *key = &tok[i];
		const char *dropped = !form->keep_verified && tok_is(key, text, "emails", 6) ?
		    "verified" : NULL;

		if (tok_is(key, text, "schemas", 7) || tok_is(key, text, "id", 2) ||
		    tok_is(key, text, "members", 7) ||
		    (!form->keep_null && schema_is_void(l, i + 1)))
			continue;
		failed |= buf_append_byte(b, ',');
		failed |= jtext_string_token(b, key, text);
		failed |= buf_append_byte(b, ':');
		failed |= write_value(b, l, text, i + 1, form, dropped);
	}
	return failed != 0 ? -1 : 0;
}
