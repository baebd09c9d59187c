#include "json/scim_resource.h"

#include <string.h>
#include <strings.h>

#include "json/jtext.h"

static const char user_schema[] = "urn:ietf:params:scim:schemas:core:2.0:User";
static const char group_schema[] = "urn:ietf:params:scim:schemas:core:2.0:Group";

bool
scim_resource_is_urn(const struct json *key)
{
	const struct tok *t = json_tok(key);
	struct buf b;
	bool urn;

	buf_init(&b, SIZE_MAX);
	(void)jtext_decode(&b, key->text + t->start, t->end - t->start);
	urn = b.len > 4 && strncasecmp(b.data, "urn:", 4) == 0;
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
scim_resource_read(const struct json *top, bool need_key, struct scim_resource *r)
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
scim_resource_is_compared(const struct json *key, enum scim_level level,
    const struct scim_rules *rules)
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
scim_resource_is_sent(const struct json *key, enum scim_level level,
    const struct scim_rules *rules)
{
	if (level == LEVEL_TOP)
		return !is_foreign(key);
	return level != LEVEL_ELEMENT || rules->verified || !json_is_named(key, "verified");
}
