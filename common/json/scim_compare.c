#include "json/scim_compare.h"

#include <string.h>

#include "json/jtext.h"
#include "json/scim_body.h"

struct differ {
	const struct scim_rules *rules;
	struct buf *ops;
	long count;
	bool full;
};

/* A path: at most the schema, an attribute, a sub-attribute. */
struct path {
	const char *before;		/* "", "URN:", "name." */
	size_t before_len;
	const struct json *key;
};

static bool
is_true(const struct json *j)
{
	return json_tok(j)->type == TOK_TRUE;
}

static struct json
member_of(const struct json *object, const char *name)
{
	return json_at(object, json_member(object, name));
}

/* Whether an element of the server's agrees with all that ours states. */
static bool
agrees(const struct json *ours, const struct json *theirs, const struct scim_rules *rules)
{
	const struct tok *tok = ours->list->tok;

	if (tok[ours->at].type != TOK_OBJECT || json_tok(theirs)->type != TOK_OBJECT)
		return json_same(ours, theirs);
	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i + 1].next) {
		struct json key = json_at(ours, i), value = json_at(ours, i + 1), other;
		bool absent;

		if (!scim_resource_is_compared(&key, LEVEL_ELEMENT, rules))
			continue;
		other = json_at(theirs, json_member_like(theirs, &key));
		absent = other.at == 0 || json_is_empty(&other);
		if (json_is_empty(&value) ||
		    (tok_is(&tok[i], ours->text, "primary", 7) && !is_true(&value))) {
			if (!absent && (json_is_empty(&value) || is_true(&other)))
				return false;
		} else if (absent || !json_same(&value, &other)) {
			return false;
		}
	}
	return true;
}

/* The first element of the array that agrees with the one of ours, or 0. */
static uint32_t
find_match(const struct json *element, const struct json *theirs, const struct scim_rules *rules)
{
	const struct tok *tok = theirs->list->tok;

	if (theirs->at == 0 || tok[theirs->at].type != TOK_ARRAY)
		return 0;
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i].next) {
		struct json item = json_at(theirs, i);

		if (agrees(element, &item, rules))
			return i;
	}
	return 0;
}

/* Whether two elements have the same type, or both none. */
static bool
same_type(const struct json *a, const struct json *b)
{
	struct json x = member_of(a, "type"), y = member_of(b, "type");
	bool no_x = x.at == 0 || json_is_empty(&x), no_y = y.at == 0 || json_is_empty(&y);

	return no_x || no_y ? no_x == no_y : json_same(&x, &y);
}

enum standing { OURS, OF_OUR_TYPE, OF_ANOTHER };

/* What an element of the server's is to our array. */
static enum standing
standing_of(const struct json *item, const struct json *ours, const struct scim_rules *rules)
{
	const struct tok *tok = ours->list->tok;
	enum standing standing = rules->single ? OF_OUR_TYPE : OF_ANOTHER;

	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i].next) {
		struct json element = json_at(ours, i);

		if (agrees(&element, item, rules))
			return OURS;
		if (same_type(&element, item))
			standing = OF_OUR_TYPE;
	}
	return standing;
}

bool
scim_compare_multi(const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules)
{
	const struct tok *tok = ours->list->tok;

	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i].next) {
		struct json element = json_at(ours, i);

		if (!json_is_empty(&element) && find_match(&element, theirs, rules) == 0)
			return false;
	}
	if (theirs->at == 0 || json_tok(theirs)->type != TOK_ARRAY)
		return true;
	tok = theirs->list->tok;
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i].next) {
		struct json item = json_at(theirs, i);

		if (standing_of(&item, ours, rules) == OF_OUR_TYPE)
			return false;
	}
	return true;
}

/* An element of another type, which stays; two primary ones may not be. */
static int
append_kept(struct buf *b, const struct json *item, bool drop_primary)
{
	const struct tok *tok = item->list->tok;
	bool first = true;

	if (!drop_primary || tok[item->at].type != TOK_OBJECT)
		return jtext_value(b, item->list, item->text, item->at);
	if (buf_append_byte(b, '{') != 0)
		return -1;
	for (uint32_t i = item->at + 1; i < tok[item->at].next; i = tok[i + 1].next) {
		if (tok_is(&tok[i], item->text, "primary", 7))
			continue;
		if ((!first && buf_append_byte(b, ',') != 0) ||
		    jtext_string_token(b, &tok[i], item->text) != 0 ||
		    buf_append_byte(b, ':') != 0 ||
		    jtext_value(b, item->list, item->text, i + 1) != 0)
			return -1;
		first = false;
	}
	return buf_append_byte(b, '}');
}

/* Our elements; *primary: one of them is. */
static int
append_ours(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules, bool *first, bool *primary)
{
	const struct tok *tok = ours->list->tok;

	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i].next) {
		struct json element = json_at(ours, i), mark = member_of(&element, "primary");
		uint32_t match;
		int failed;

		if (json_is_empty(&element))
			continue;
		*primary |= mark.at != 0 && is_true(&mark);
		match = find_match(&element, theirs, rules);
		if (!*first && buf_append_byte(b, ',') != 0)
			return -1;
		*first = false;
		failed = match != 0 ? jtext_value(b, theirs->list, theirs->text, match) :
		    scim_body_element(b, &element, rules);
		if (failed != 0)
			return -1;
	}
	return 0;
}

int
scim_compare_merge(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules)
{
	const struct tok *tok = theirs->list->tok;
	bool first = true, primary = false;

	if (buf_append_byte(b, '[') != 0 ||
	    append_ours(b, ours, theirs, rules, &first, &primary) != 0)
		return -1;
	if (theirs->at == 0 || tok[theirs->at].type != TOK_ARRAY)
		return buf_append_byte(b, ']');
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i].next) {
		struct json item = json_at(theirs, i);

		if (standing_of(&item, ours, rules) != OF_ANOTHER)
			continue;
		if ((!first && buf_append_byte(b, ',') != 0) ||
		    append_kept(b, &item, primary) != 0)
			return -1;
		first = false;
	}
	return buf_append_byte(b, ']');
}

/* Begins an operation up to its value, or ends one that has none. */
static void
begin(struct differ *d, const char *op, const struct path *path)
{
	struct buf text;
	const struct tok *t = json_tok(path->key);

	buf_init(&text, SIZE_MAX);
	(void)buf_append(&text, path->before, path->before_len);
	(void)jtext_decode(&text, path->key->text + t->start, t->end - t->start);
	d->full |= (d->count > 0 && buf_append_byte(d->ops, ',') != 0) ||
	    buf_appendf(d->ops, "{\"op\":\"%s\",\"path\":", op) != 0 ||
	    jtext_string(d->ops, buf_string(&text), text.len) != 0;
	buf_free(&text);
	d->count++;
}

static void
end(struct differ *d, bool failed)
{
	d->full |= failed || buf_append_byte(d->ops, '}') != 0;
}

static void
remove_value(struct differ *d, const struct path *path)
{
	begin(d, "remove", path);
	end(d, false);
}

/*
 * All of an extension, one attribute after the other: in a path, what follows the last colon is an
 * attribute (RFC 7644 section 3.10), so a schema alone is none.
 */
static void
remove_extension(struct differ *d, const struct json *urn, const struct json *theirs)
{
	const struct tok *t = json_tok(urn), *tok = theirs->list->tok;
	struct buf before;

	buf_init(&before, SIZE_MAX);
	(void)jtext_decode(&before, urn->text + t->start, t->end - t->start);
	(void)buf_append_byte(&before, ':');
	for (uint32_t i = theirs->at + 1; i < tok[theirs->at].next; i = tok[i + 1].next) {
		struct json key = json_at(theirs, i), value = json_at(theirs, i + 1);

		if (!json_is_empty(&value) &&
		    scim_resource_is_compared(&key, LEVEL_EXTENSION, d->rules))
			remove_value(d, &(struct path){ before.data, before.len, &key });
	}
	buf_free(&before);
}

/* A value that is no object. */
static void
visit_plain(struct differ *d, const struct path *path, const struct json *ours,
    const struct json *theirs)
{
	bool array = json_tok(ours)->type == TOK_ARRAY, absent = theirs->at == 0;

	if (array ? scim_compare_multi(ours, theirs, d->rules) : !absent && json_same(ours, theirs))
		return;
	begin(d, "replace", path);
	d->full |= buf_append_string(d->ops, ",\"value\":") != 0;
	end(d, array ? scim_compare_merge(d->ops, ours, theirs, d->rules) != 0 :
	    jtext_value(d->ops, ours->list, ours->text, ours->at) != 0);
}

/* Whether it is userName, kept in letters of another case: by some servers always in lower case. */
static bool
is_kept(const struct differ *d, const struct json *key, const struct json *ours,
    const struct json *theirs)
{
	return d->rules->kept && json_is_named(key, "userName") && theirs->at != 0 &&
	    json_tok(ours)->type == TOK_STRING && json_tok(theirs)->type == TOK_STRING &&
	    json_like(ours, theirs);
}

/* The members of a complex attribute or of an extension; before is what their paths begin with. */
static void
visit_object(struct differ *d, const char *before, size_t before_len, enum scim_level level,
    const struct json *ours, const struct json *theirs)
{
	const struct tok *tok = ours->list->tok;

	for (uint32_t i = ours->at + 1; i < tok[ours->at].next; i = tok[i + 1].next) {
		struct json key = json_at(ours, i), value = json_at(ours, i + 1);
		struct json other = json_at(theirs,
		    theirs->at == 0 && level != LEVEL_TOP ? 0 : json_member_like(theirs, &key));
		struct path path = { before, before_len, &key };
		bool nested = tok[i + 1].type == TOK_OBJECT && level != LEVEL_SUB;

		if (!scim_resource_is_compared(&key, level, d->rules))
			continue;
		if (json_is_empty(&value) && !nested) {
			if (other.at == 0 || json_is_empty(&other))
				continue;
			if (level == LEVEL_TOP && scim_resource_is_urn(&key) &&
			    json_tok(&other)->type == TOK_OBJECT)
				remove_extension(d, &key, &other);
			else
				remove_value(d, &path);
		} else if (nested) {
			bool urn = level == LEVEL_TOP && scim_resource_is_urn(&key);
			struct buf inner;

			buf_init(&inner, SIZE_MAX);
			(void)buf_append(&inner, before, before_len);
			(void)jtext_decode(&inner, key.text + tok[i].start,
			    tok[i].end - tok[i].start);
			(void)buf_append_byte(&inner, urn ? ':' : '.');
			visit_object(d, inner.data, inner.len, urn ? LEVEL_EXTENSION : LEVEL_SUB,
			    &value, &other);
			buf_free(&inner);
		} else if (level != LEVEL_TOP || !is_kept(d, &key, &value, &other)) {
			visit_plain(d, &path, &value, &other);
		}
	}
}

long
scim_compare_patch(const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules, struct buf *ops)
{
	struct differ d = { .rules = rules, .ops = ops };

	visit_object(&d, "", 0, LEVEL_TOP, ours, theirs);
	return d.full ? -1 : d.count;
}
