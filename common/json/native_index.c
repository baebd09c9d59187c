/*
 * Looking up members and items of values.
 */
#include <string.h>

#include "json/native_node.h"

/* Notes where every key that the program looks up stands; the last one of a name wins. */
static int
fill_table(struct native_run *r, struct native_table *t, uint32_t object)
{
	const struct native_keys *keys = r->keys;
	const struct tok *tok = r->record.tok;
	const char *text = r->record.text;

	memset(t->value, 0, keys->count * sizeof *t->value);
	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		const char *s = text + tok[i].start;
		size_t len = tok[i].end - tok[i].start;
		uint16_t k;

		if ((tok[i].flags & TOK_ESCAPED) != 0)
			return NATIVE_DOUBT;
		k = native_key_find(keys, native_key_words(s, len), s, len);
		if (k != NATIVE_NO_KEY)
			t->value[k] = i + 1;
	}
	t->of = object;
	return NATIVE_ONE;
}

/* The token of the key's value in a lazy object, 0 for none. */
static int
find_token(const struct native_value *v, const struct native_value *key, uint32_t *found)
{
	const struct tok *tok = v->u.document->tok;

	*found = 0;
	for (uint32_t i = v->n + 1; i < tok[v->n].next; i = tok[i + 1].next) {
		if ((tok[i].flags & TOK_ESCAPED) != 0)
			return NATIVE_DOUBT;
		if (tok[i].end - tok[i].start == key->n &&
		    memcmp(v->u.document->text + tok[i].start, key->u.text, key->n) == 0)
			*found = i + 1;
	}
	return NATIVE_ONE;
}

static inline int
member_of(struct native_run *r, const struct native_value *v, const struct native_value *key,
    unsigned number, struct native_value *out)
{
	uint32_t found;
	int result = NATIVE_ONE;

	if (!v->lazy) {
		const struct native_value *value = native_member(v, key);

		*out = value != NULL ? *value : native_word(TOK_NULL);
		return NATIVE_ONE;
	}
	if (v->u.document == &r->record && number != NATIVE_NO_KEY) {
		struct native_table *t = &r->tables[v->n != 0];

		if (t->of != v->n)
			result = fill_table(r, t, v->n);
		found = t->value[number];
	} else {
		result = find_token(v, key, &found);
	}
	if (result != NATIVE_ONE)
		return result;
	*out = found != 0 ? native_of_token(r->arena, v->u.document, found) : native_word(TOK_NULL);
	return NATIVE_ONE;
}

int
native_field(struct native_run *r, const struct native_value *v, const struct native_node *n,
    struct native_value *out)
{
	if (v->kind == TOK_OBJECT)
		return member_of(r, v, &n->value, n->key, out);
	*out = native_word(TOK_NULL);
	return v->kind == TOK_NULL ? NATIVE_ONE : NATIVE_ERROR;
}

int
native_index(struct native_run *r, const struct native_value *v, const struct native_value *key,
    struct native_value *out)
{
	struct native_value all = *v;
	int64_t at;

	if (key->kind == TOK_STRING && v->kind == TOK_OBJECT)
		return member_of(r, v, key, NATIVE_NO_KEY, out);
	*out = native_word(TOK_NULL);
	if (v->kind == TOK_NULL && (key->kind == TOK_STRING || key->kind == TOK_NUMBER))
		return NATIVE_ONE;
	if (v->kind != TOK_ARRAY || key->kind != TOK_NUMBER)
		return key->kind == TOK_STRING || key->kind == TOK_NUMBER ? NATIVE_ERROR : NATIVE_DOUBT;
	if (native_expand(r->arena, &all) != NATIVE_ONE)
		return NATIVE_DOUBT;
	at = key->u.number < 0 ? key->u.number + all.n : key->u.number;
	if (at >= 0 && at < all.n)
		*out = all.u.items[at];
	return NATIVE_ONE;
}
