#include "resource.h"

#include <string.h>
#include <strings.h>

#include "json/jtext.h"

static const char user_schema[] = "urn:ietf:params:scim:schemas:core:2.0:User";
static const char group_schema[] = "urn:ietf:params:scim:schemas:core:2.0:Group";

bool
json_is_empty(const struct json *j)
{
	const struct tok *t = json_tok(j);

	return t->type == TOK_NULL ||
	    ((t->type == TOK_ARRAY || t->type == TOK_OBJECT) && t->next == j->at + 1);
}

/* What a string token means: the text itself, or b's, where it has escapes. */
static const char *
meaning(const struct json *j, struct buf *b, size_t *len)
{
	const struct tok *t = json_tok(j);

	*len = t->end - t->start;
	if ((t->flags & TOK_ESCAPED) == 0)
		return j->text + t->start;
	buf_init(b, 3 * *len);
	(void)jtext_decode(b, j->text + t->start, *len);
	*len = b->len;
	return buf_string(b);
}

static int
folded(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether a key is this name, in any case. */
static bool
is_like(const struct json *key, const char *name, size_t len)
{
	struct buf b = { .data = NULL };
	size_t own, at = 0;
	const char *s = meaning(key, &b, &own);

	while (own == len && at < len && folded(s[at]) == folded(name[at]))
		at++;
	buf_free(&b);
	return own == len && at == len;
}

bool
json_is_named(const struct json *key, const char *name)
{
	return is_like(key, name, strlen(name));
}

/* The value of the last member with this name. */
static uint32_t
find_member(const struct json *object, const char *name, size_t len)
{
	const struct tok *tok = object->list->tok;
	uint32_t found = 0;

	if (tok[object->at].type != TOK_OBJECT)
		return 0;
	for (uint32_t i = object->at + 1; i < tok[object->at].next; i = tok[i + 1].next) {
		struct json other = json_at(object, i);

		if (is_like(&other, name, len))
			found = i + 1;
	}
	return found;
}

uint32_t
json_member_like(const struct json *object, const struct json *key)
{
	struct buf b = { .data = NULL };
	size_t len;
	const char *name = meaning(key, &b, &len);
	uint32_t found = find_member(object, name, len);

	buf_free(&b);
	return found;
}

uint32_t
json_member(const struct json *object, const char *name)
{
	return find_member(object, name, strlen(name));
}

bool
json_same(const struct json *a, const struct json *b)
{
	const struct tok *x = json_tok(a), *y = json_tok(b);
	struct buf one, two;
	bool same;

	if (x->type != y->type)
		return false;
	if ((x->flags & TOK_ESCAPED) == 0 && (y->flags & TOK_ESCAPED) == 0 &&
	    x->type != TOK_OBJECT && x->type != TOK_ARRAY)
		return x->end - x->start == y->end - y->start &&
		    memcmp(a->text + x->start, b->text + y->start, x->end - x->start) == 0;
	buf_init(&one, SIZE_MAX);
	buf_init(&two, SIZE_MAX);
	same = jtext_value(&one, a->list, a->text, a->at) == 0 &&
	    jtext_value(&two, b->list, b->text, b->at) == 0 && one.len == two.len &&
	    memcmp(one.data, two.data, one.len) == 0;
	buf_free(&one);
	buf_free(&two);
	return same;
}

bool
resource_is_urn(const struct json *key)
{
	struct buf b = { .data = NULL };
	size_t len;
	const char *s = meaning(key, &b, &len);
	bool urn = len > 4 && strncasecmp(s, "urn:", 4) == 0;

	buf_free(&b);
	return urn;
}

/* Whether the list of schemas holds this one. */
static bool
has_schema(const struct json *schemas, const char *schema)
{
	const struct tok *tok = schemas->list->tok;

	for (uint32_t i = schemas->at + 1; i < tok[schemas->at].next; i = tok[i].next) {
		struct json item = json_at(schemas, i);

		if (tok[i].type == TOK_STRING && json_is_named(&item, schema))
			return true;
	}
	return false;
}

/* Whether the token can be a key: a string that is not empty and has no NUL. */
static bool
is_key(const struct json *top, uint32_t at)
{
	const struct tok *t = &top->list->tok[at];

	return at != 0 && t->type == TOK_STRING && t->end > t->start && (t->flags & TOK_NUL) == 0;
}

static uint32_t
key_or_none(const struct json *top, const char *name)
{
	uint32_t at = json_member(top, name);

	return is_key(top, at) ? at : 0;
}

const char *
resource_read(const struct json *top, bool need_key, struct resource *r)
{
	struct json schemas = json_at(top, json_member(top, "schemas"));

	memset(r, 0, sizeof *r);
	if (schemas.at == 0 || json_tok(&schemas)->type != TOK_ARRAY)
		return "no schemas: not a SCIM resource";
	if (has_schema(&schemas, group_schema))
		r->kind = RESOURCE_GROUP;
	else if (!has_schema(&schemas, user_schema))
		return "schemas names neither User nor Group";
	r->id = key_or_none(top, "id");
	r->external = key_or_none(top, "externalId");
	r->name = key_or_none(top, r->kind == RESOURCE_USER ? "userName" : "displayName");
	r->members = json_member(top, "members");
	if (r->members != 0 && top->list->tok[r->members].type != TOK_ARRAY) {
		if (need_key && top->list->tok[r->members].type != TOK_NULL)
			return "members is no array";
		r->members = 0;
	}
	if (!need_key)
		return r->id == 0 ? "no id" : NULL;
	if (r->external == 0)
		return "no externalId";
	if (r->name == 0)
		return r->kind == RESOURCE_USER ? "no userName" : "no displayName";
	return NULL;
}

/* Of the server's making, or with a way of its own. */
static bool
is_foreign(const struct json *key)
{
	return json_is_named(key, "id") || json_is_named(key, "meta") || json_is_named(key, "groups") ||
	    json_is_named(key, "members");
}

bool
resource_is_compared(const struct json *key, enum level level, const struct rules *rules)
{
	switch (level) {
	case LEVEL_TOP:
		/* A password is never given back. */
		return !is_foreign(key) && !json_is_named(key, "schemas") && !json_is_named(key, "password");
	case LEVEL_EXTENSION:
		/* OCI's, for the creation alone and never given back. */
		return !json_is_named(key, "bypassNotification");
	default:
		/* Servers make display and $ref themselves. */
		return !json_is_named(key, "display") && !json_is_named(key, "$ref") &&
		    (level != LEVEL_ELEMENT || rules->verified || !json_is_named(key, "verified"));
	}
}

bool
resource_is_sent(const struct json *key, enum level level, const struct rules *rules)
{
	if (level == LEVEL_TOP)
		return !is_foreign(key);
	return level != LEVEL_ELEMENT || rules->verified || !json_is_named(key, "verified");
}
