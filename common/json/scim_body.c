#include "json/scim_body.h"

#include <string.h>

#include "json/jtext.h"
#include "json/scim_compare.h"

/* Opens an object or an array.  Returns where what is in it begins, or SIZE_MAX. */
static size_t
open_with(struct buf *b, char bracket)
{
	return buf_append_byte(b, bracket) != 0 ? SIZE_MAX : b->len;
}

/* The comma before all but the first of what begins at start. */
static int
append_comma(struct buf *b, size_t start)
{
	return b->len > start ? buf_append_byte(b, ',') : 0;
}

/* One member of an object: its comma, its key. */
static int
append_key(struct buf *b, const struct json *key, size_t start)
{
	return append_comma(b, start) != 0 ||
	    jtext_string_token(b, json_tok(key), key->text) != 0 ||
	    buf_append_byte(b, ':') != 0 ? -1 : 0;
}

static int
append_value(struct buf *b, const struct json *value)
{
	return jtext_value(b, value->list, value->text, value->at);
}

static int
append_item(struct buf *b, const struct json *item, size_t start)
{
	return append_comma(b, start) != 0 ? -1 : append_value(b, item);
}

/* The elements of an array, but those that are out; at 0: there is none. */
static int
append_items(struct buf *b, const struct json *array, size_t start,
    bool (*is_out)(void *arg, const struct json *item), void *arg)
{
	const struct tok *tok = array->list->tok;

	if (array->at == 0)
		return 0;
	for (uint32_t i = array->at + 1; i < tok[array->at].next; i = tok[i].next) {
		struct json item = json_at(array, i);

		if ((is_out == NULL || !is_out(arg, &item)) && append_item(b, &item, start) != 0)
			return -1;
	}
	return 0;
}

/* Where what stands under the key stands. */
static enum scim_level
level_below(enum scim_level level, const struct json *key)
{
	return level == LEVEL_TOP && scim_resource_is_urn(key) ? LEVEL_EXTENSION : LEVEL_SUB;
}

/* The elements that are not empty; objects as they are sent. */
static int
append_array(struct buf *b, const struct json *array, const struct scim_rules *rules)
{
	const struct tok *tok = array->list->tok;
	size_t start = open_with(b, '[');

	if (start == SIZE_MAX)
		return -1;
	for (uint32_t i = array->at + 1; i < tok[array->at].next; i = tok[i].next) {
		struct json item = json_at(array, i);

		if (json_is_empty(&item))
			continue;
		if (append_comma(b, start) != 0 || scim_body_element(b, &item, rules) != 0)
			return -1;
	}
	return buf_append_byte(b, ']');
}

/* An object without what is not sent; what is left empty by that is left out too. */
static int
append_object(struct buf *b, const struct json *object, enum scim_level level,
    const struct scim_rules *rules)
{
	const struct tok *tok = object->list->tok;
	size_t start = open_with(b, '{');

	if (start == SIZE_MAX)
		return -1;
	for (uint32_t i = object->at + 1; i < tok[object->at].next; i = tok[i + 1].next) {
		struct json key = json_at(object, i), value = json_at(object, i + 1);
		size_t before = b->len, at;
		int failed;

		if (json_is_empty(&value) || !scim_resource_is_sent(&key, level, rules))
			continue;
		if (append_key(b, &key, start) != 0)
			return -1;
		at = b->len;
		if (tok[i + 1].type == TOK_OBJECT && level <= LEVEL_EXTENSION)
			failed = append_object(b, &value, level_below(level, &key), rules);
		else if (tok[i + 1].type == TOK_ARRAY && level <= LEVEL_EXTENSION)
			failed = append_array(b, &value, rules);
		else
			failed = append_value(b, &value);
		if (failed != 0)
			return -1;
		if (b->len == at + 2 && (b->data[at] == '{' || b->data[at] == '['))
			b->len = before;
	}
	return buf_append_byte(b, '}');
}

int
scim_body_element(struct buf *b, const struct json *element, const struct scim_rules *rules)
{
	if (json_tok(element)->type == TOK_OBJECT)
		return append_object(b, element, LEVEL_ELEMENT, rules);
	return append_value(b, element);
}

int
scim_body_create(struct buf *b, const struct json *ours, const struct scim_rules *rules)
{
	return append_object(b, ours, LEVEL_TOP, rules);
}

int
scim_body_patch(struct buf *b, const struct buf *ops)
{
	return buf_append_string(b,
	    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":["
	    ) != 0 || buf_append(b, buf_string(ops), ops->len) != 0 ||
	    buf_append_string(b, "]}") != 0 ? -1 : 0;
}

/* Whether ours says that there is nothing of this extension. */
static bool
is_cleared(const struct json *ours, const struct json *urn)
{
	struct json extension = json_at(ours, json_member_like(ours, urn));

	return extension.at != 0 && json_is_empty(&extension);
}

/* The schemas of both; a schema and its extension go together (RFC 7643 section 3). */
static int
append_schemas(struct buf *b, const struct json *ours, const struct json *stated,
    const struct json *theirs)
{
	const struct tok *tok = stated->list->tok;
	size_t start = open_with(b, '[');

	if (start == SIZE_MAX)
		return -1;
	for (uint32_t i = theirs->at + 1; i < json_tok(theirs)->next; i++) {
		struct json item = json_at(theirs, i);

		if (!is_cleared(ours, &item) && append_item(b, &item, start) != 0)
			return -1;
	}
	for (uint32_t i = stated->at + 1; i < tok[stated->at].next; i++) {
		bool there = false;
		struct json item = json_at(stated, i);

		for (uint32_t k = theirs->at + 1; k < json_tok(theirs)->next; k++) {
			struct json other = json_at(theirs, k);

			there |= json_same(&item, &other);
		}
		if (!there && append_item(b, &item, start) != 0)
			return -1;
	}
	return buf_append_byte(b, ']');
}

/* A value of ours that the server does not have at all. */
static int
append_new(struct buf *b, const struct json *value, enum scim_level below,
    const struct scim_rules *rules)
{
	switch (json_tok(value)->type) {
	case TOK_OBJECT:
		return append_object(b, value, below, rules);
	case TOK_ARRAY:
		return append_array(b, value, rules);
	default:
		return append_value(b, value);
	}
}

/* What ours has and theirs has not. */
static int
append_missing(struct buf *b, size_t start, const struct json *ours, const struct json *theirs,
    enum scim_level level, const struct scim_rules *rules)
{
	const struct tok *tok = ours->list->tok;

	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i + 1].next) {
		struct json key = json_at(ours, i), value = json_at(ours, i + 1);

		if (json_is_empty(&value) || json_member_like(theirs, &key) != 0 ||
		    !scim_resource_is_compared(&key, level, rules) ||
		    !scim_resource_is_sent(&key, level, rules))
			continue;
		if (append_key(b, &key, start) != 0 ||
		    append_new(b, &value, level_below(level, &key), rules) != 0)
			return -1;
	}
	return 0;
}

/* One value that both have. */
static int
append_either(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules)
{
	if (json_tok(ours)->type != TOK_ARRAY)
		return append_value(b, ours);
	return scim_compare_multi(ours, theirs, rules) ? append_value(b, theirs) :
	    scim_compare_merge(b, ours, theirs, rules);
}

/* theirs with what ours states. */
static int
merge_object(struct buf *b, const struct json *ours, const struct json *theirs,
    enum scim_level level, const struct scim_rules *rules)
{
	const struct tok *tok = theirs->list->tok;
	size_t start = open_with(b, '{');

	if (start == SIZE_MAX)
		return -1;
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i + 1].next) {
		struct json key = json_at(theirs, i), value = json_at(theirs, i + 1);
		struct json stated = json_at(ours, json_member_like(ours, &key));
		bool schemas = level == LEVEL_TOP && json_is_named(&key, "schemas");
		bool counts = stated.at != 0 && scim_resource_is_compared(&key, level, rules);
		int failed;

		if ((counts && json_tok(&stated)->type != TOK_OBJECT && json_is_empty(&stated)) ||
		    (level == LEVEL_TOP && (json_is_named(&key, "meta") || json_is_named(&key, "groups"))))
			continue;
		if (append_key(b, &key, start) != 0)
			return -1;
		if (schemas && stated.at != 0)
			failed = append_schemas(b, ours, &stated, &value);
		else if (!counts)
			failed = append_value(b, &value);
		else if (tok[i + 1].type == TOK_OBJECT && json_tok(&stated)->type == TOK_OBJECT)
			failed = merge_object(b, &stated, &value, level_below(level, &key), rules);
		else
			failed = append_either(b, &stated, &value, rules);
		if (failed != 0)
			return -1;
	}
	if (append_missing(b, start, ours, theirs, level, rules) != 0)
		return -1;
	return buf_append_byte(b, '}');
}

int
scim_body_put(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules)
{
	return merge_object(b, ours, theirs, LEVEL_TOP, rules);
}

int
scim_body_put_members(struct buf *b, const struct json *theirs, const struct buf *members,
    bool (*is_out)(void *arg, const struct json *member), void *arg)
{
	const struct tok *tok = theirs->list->tok;
	struct json there = json_at(theirs, json_member(theirs, "members"));
	size_t start = open_with(b, '{');

	if (start == SIZE_MAX)
		return -1;
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i + 1].next) {
		struct json key = json_at(theirs, i), value = json_at(theirs, i + 1);

		if (json_is_named(&key, "members") || json_is_named(&key, "meta"))
			continue;
		if (append_key(b, &key, start) != 0 || append_value(b, &value) != 0)
			return -1;
	}
	if (append_comma(b, start) != 0 || buf_append_string(b, "\"members\":[") != 0)
		return -1;
	start = b->len;
	if (append_items(b, &there, start, is_out, arg) != 0 ||
	    (members->len > 0 && (append_comma(b, start) != 0 ||
	    buf_append(b, members->data, members->len) != 0)))
		return -1;
	return buf_append_string(b, "]}");
}
