/*
 * Any record as a SCIM resource that emit-scim checks and writes.  Compared with a tree of the
 * record (tree.h), out of which null, [] and {} are taken by hand: what comes out, read again, is
 * what went in, but for the order of schemas and id and for what the dialect drops; the same bytes
 * for a text with white space and odd escapes as for its canonical form.
 *
 * The first byte chooses the dialect and what is kept.
 *
 * With: cmd/emit-scim/{resource,schema,schema_table,schema_type,schema_value}.c
 */
#include <stdint.h>

#include "base/buf.h"
#include "emit-scim/resource.h"
#include "json/record.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether nothing is left of it. */
static bool
is_void(const struct tree *t)
{
	for (size_t i = t->kind == TREE_OBJECT; i < t->count; i += 1 + (t->kind == TREE_OBJECT))
		if (!is_void(t->kid[i]))
			return false;
	return t->kind == TREE_NULL || t->kind == TREE_ARRAY || t->kind == TREE_OBJECT;
}

/* The value as it goes out.  dropped: a name that this object, or those of this list, lose. */
static void
put(struct text *to, const struct tree *t, bool keep_void, const char *dropped)
{
	bool object = t->kind == TREE_OBJECT, first = true;

	if (!object && t->kind != TREE_ARRAY) {
		text_tree(to, t);
		return;
	}
	text_say(to, object ? "{" : "[");
	for (size_t i = 0; i < t->count; i += 1 + object) {
		const struct tree *value = t->kid[i + object];

		if ((!keep_void && is_void(value)) ||
		    (object && dropped != NULL && tree_is(t->kid[i], dropped)))
			continue;
		text_say(to, first ? "" : ",");
		first = false;
		if (object) {
			text_tree(to, t->kid[i]);
			text_say(to, ":");
		}
		put(to, value, keep_void, object ? NULL : dropped);
	}
	text_say(to, object ? "}" : "]");
}

/* The schemas of which something is there. */
static void
put_schemas(struct text *to, const struct tree *t, bool group)
{
	const struct tree *schemas = tree_get(t, "schemas");
	bool first = true;

	text_say(to, "{\"schemas\":[");
	for (size_t i = 0; i < schemas->count; i++) {
		const struct tree *urn = schemas->kid[i], *extension = tree_get(t, urn->s);

		if (!tree_is(urn, group ? SCHEMA_GROUP : SCHEMA_USER) &&
		    (extension == NULL || is_void(extension)))
			continue;
		text_say(to, first ? "" : ",");
		first = false;
		text_tree(to, urn);
	}
	text_say(to, "]");
}

static void
put_resource(struct text *to, const struct tree *t, const struct resource_form *form, bool group)
{
	put_schemas(to, t, group);
	if (form->id != NULL) {
		text_say(to, ",\"id\":");
		text_string(to, form->id, form->id_len);
	}
	for (size_t i = 0; i < t->count; i += 2) {
		const struct tree *key = t->kid[i], *value = t->kid[i + 1];

		if (tree_is(key, "schemas") || tree_is(key, "id") || tree_is(key, "members") ||
		    (!form->keep_null && is_void(value)))
			continue;
		text_say(to, ",");
		text_tree(to, key);
		text_say(to, ":");
		put(to, value, form->keep_null, !form->keep_verified && tree_is(key, "emails") ?
		    "verified" : NULL);
	}
}

static bool
write_it(struct buf *b, const char *text, size_t len, enum dialect dialect,
    struct resource_form *form, bool *group)
{
	char reason[SCHEMA_REASON_SIZE];
	struct schema_keys keys;
	struct tok_list list;
	bool good;

	tok_init(&list, RECORD_TOKENS_MAX);
	good = tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT &&
	    (list.flags & TOK_LONE) == 0 &&
	    schema_check(&list, text, dialect, true, &keys, reason) == NULL;
	if (good) {
		*group = keys.type == SCHEMA_IS_GROUP;
		check(resource_write(b, &list, text, &keys, form) == 0);
	}
	tok_free(&list);
	return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct text wanted = { NULL, 0, 0 }, canonical = { NULL, 0, 0 };
	struct resource_form form = { .canonical = false };
	enum dialect dialect;
	bool group = false;
	struct buf once, twice;
	struct tree *t;

	if (size < 1)
		return 0;
	dialect = (enum dialect)(data[0] % 4);
	form.keep_null = (data[0] & 4) != 0;
	form.keep_verified = (data[0] & 8) != 0;
	if ((data[0] & 16) != 0) {
		form.id = "i\"\xc3\xa9";
		form.id_len = 4;
	}
	buf_init(&once, 1 << 24);
	buf_init(&twice, 1 << 24);
	if (write_it(&once, text, size - 1, dialect, &form, &group)) {
		t = tree_parse(text, size - 1);
		check(t != NULL);
		put_resource(&wanted, t, &form, group);
		check(once.len == wanted.len && memcmp(once.data, wanted.s, wanted.len) == 0);
		text_tree(&canonical, t);
		form.canonical = true;
		check(write_it(&twice, canonical.s, canonical.len, dialect, &form, &group));
		check(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
		tree_free(t);
	}
	free(wanted.s);
	free(canonical.s);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
