/*
 * Any JSON as a resource that push-scim reads, from its input or from a server.  Compared with a
 * tree of it (tree.h) whose names are found by strcasecmp: the same parts, or the same refusal; the
 * body of a creation, read again, is the resource without what is not sent and what is empty; and
 * what is compared with itself, in canonical form and as it stands, needs no change.
 *
 * The first byte chooses the rules of the dialect.
 */
#include <stdint.h>
#include <strings.h>

#include "json/scim_body.h"
#include "json/scim_compare.h"

#include "tree.h"

enum { TEXT_MAX = 1 << 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_like(const struct tree *key, const char *name)
{
	return key->kind == TREE_STRING && strlen(key->s) == key->len &&
	    strcasecmp(key->s, name) == 0;
}

static const struct tree *
find(const struct tree *t, const char *name)
{
	const struct tree *found = NULL;

	for (size_t i = 0; t->kind == TREE_OBJECT && i < t->count; i += 2)
		if (is_like(t->kid[i], name))
			found = t->kid[i + 1];
	return found;
}

static const struct tree *
find_key(const struct tree *t, const char *name)
{
	const struct tree *value = find(t, name);

	return value != NULL && value->kind == TREE_STRING && value->len > 0 && !value->nul ?
	    value :
	    NULL;
}

static bool
has_schema(const struct tree *schemas, const char *schema)
{
	for (size_t i = 0; i < schemas->count; i++)
		if (is_like(schemas->kid[i], schema))
			return true;
	return false;
}

static void
check_part(const struct json *top, uint32_t at, const struct tree *part)
{
	const struct tok *t = &top->list->tok[at];

	check((at != 0) == (part != NULL));
	check(at == 0 || t->type != TOK_STRING || tok_is(t, top->text, part->s, part->len));
}

/* Returns whether it is a resource. */
static bool
check_read(const struct json *top, const struct tree *t, bool need_key)
{
	const struct tree *schemas = find(t, "schemas"), *name, *members;
	struct scim_resource r;
	bool good, group;

	good = schemas != NULL && schemas->kind == TREE_ARRAY;
	group = good && has_schema(schemas, "urn:ietf:params:scim:schemas:core:2.0:Group");
	good = good && (group || has_schema(schemas, "urn:ietf:params:scim:schemas:core:2.0:User"));
	name = find_key(t, group ? "displayName" : "userName");
	members = find(t, "members");
	if (good && need_key)
		good = find_key(t, "externalId") != NULL && name != NULL && (members == NULL ||
		    members->kind == TREE_ARRAY || members->kind == TREE_NULL);
	else if (good)
		good = find_key(t, "id") != NULL;
	check((scim_resource_read(top, need_key, &r) == NULL) == good);
	if (!good)
		return false;
	check((r.kind == RESOURCE_GROUP) == group);
	check_part(top, r.id, find_key(t, "id"));
	check_part(top, r.external, find_key(t, "externalId"));
	check_part(top, r.name, name);
	check_part(top, r.members, members != NULL && members->kind == TREE_ARRAY ? members : NULL);
	return true;
}

static bool
is_empty(const struct tree *t)
{
	return t->kind == TREE_NULL || ((t->kind == TREE_ARRAY || t->kind == TREE_OBJECT) &&
	    t->count == 0);
}

static void put(struct text *to, const struct tree *t, int level, const struct scim_rules *rules);

/* Of an object or a list, what is sent; level 0: the resource, 1: an extension, 2 an element, 3. */
static void
put_parts(struct text *to, const struct tree *t, int level, const struct scim_rules *rules)
{
	bool object = t->kind == TREE_OBJECT, first = true;

	text_say(to, object ? "{" : "[");
	for (size_t i = 0; i < t->count; i += 1 + object) {
		const struct tree *key = t->kid[i], *value = t->kid[i + object];
		struct text part = { NULL, 0, 0 };
		int below = !object ? 2 : level == 0 && key->len > 4 &&
		    strncasecmp(key->s, "urn:", 4) == 0 ? 1 : 3;

		if (is_empty(value) || (object && level == 0 && (is_like(key, "id") ||
		    is_like(key, "meta") || is_like(key, "groups") || is_like(key, "members"))) ||
		    (object && level == 2 && !rules->verified && is_like(key, "verified")))
			continue;
		if (object && level > 1)
			text_tree(&part, value);
		else
			put(&part, value, below, rules);
		if (!object || (strcmp(part.s, "{}") != 0 && strcmp(part.s, "[]") != 0)) {
			text_say(to, first ? "" : ",");
			first = false;
			if (object) {
				text_tree(to, key);
				text_say(to, ":");
			}
			text_add(to, part.s, part.len);
		}
		free(part.s);
	}
	text_say(to, object ? "}" : "]");
}

static void
put(struct text *to, const struct tree *t, int level, const struct scim_rules *rules)
{
	/* A list within a list goes out as it stands. */
	if (t->kind == TREE_OBJECT || (t->kind == TREE_ARRAY && level != 2))
		put_parts(to, t, level, rules);
	else
		text_tree(to, t);
}

static void
check_body(const struct json *top, const struct tree *t, const struct scim_rules *rules)
{
	struct text wanted = { NULL, 0, 0 };
	struct buf b;

	buf_init(&b, TEXT_MAX);
	check(scim_body_create(&b, top, rules) == 0);
	put(&wanted, t, 0, rules);
	check(b.len == wanted.len && memcmp(b.data, wanted.s, b.len) == 0);
	buf_free(&b);
	free(wanted.s);
}

/* A name twice, in any case, means nothing. */
static bool
is_clear(const struct tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!is_clear(t->kid[i]))
			return false;
		for (size_t k = 0; t->kind == TREE_OBJECT && i % 2 == 0 && k < i; k += 2)
			if (t->kid[k]->len == t->kid[i]->len &&
			    strncasecmp(t->kid[k]->s, t->kid[i]->s, t->kid[i]->len) == 0)
				return false;
	}
	return true;
}

static void
check_same(const struct json *top, const struct tree *t, const struct scim_rules *rules)
{
	struct text canonical = { NULL, 0, 0 };
	struct tok_list list;
	struct json theirs = { &list, NULL, 0 };
	struct buf ops;

	tok_init(&list, 1 << 20);
	buf_init(&ops, TEXT_MAX);
	text_tree(&canonical, t);
	check(tok_parse(&list, canonical.s, canonical.len) == TOK_OK);
	theirs.text = canonical.s;
	check(scim_compare_patch(top, &theirs, rules, &ops) == 0 && ops.len == 0);
	check(scim_compare_patch(&theirs, top, rules, &ops) == 0 && ops.len == 0);
	buf_free(&ops);
	tok_free(&list);
	free(canonical.s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct scim_rules rules;
	struct tok_list list;
	struct json top = { &list, text, 0 };
	struct tree *t;

	if (size < 1)
		return 0;
	rules = (struct scim_rules){ .verified = (data[0] & 1) != 0, .single = (data[0] & 2) != 0 };
	tok_init(&list, 1 << 20);
	if (tok_parse(&list, text, size - 1) == TOK_OK && list.tok[0].type == TOK_OBJECT) {
		t = tree_parse(text, size - 1);
		(void)check_read(&top, t, false);
		if (check_read(&top, t, true) && (list.flags & TOK_LONE) == 0) {
			check_body(&top, t, &rules);
			if (is_clear(t))
				check_same(&top, t, &rules);
		}
		tree_free(t);
	}
	tok_free(&list);
	return 0;
}
