/* The pool's description as JSON, read and written (schema.h). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "directory.h"
#include "json/jtext.h"
#include "schema.h"

/* In the order of the types. */
static const char *const types[] = { "String", "Number", "DateTime", "Boolean" };

static const char *const addresses[] = { "email", "phone_number", "preferred_username" };

/* A name or a bound, decoded. */
enum { TEXT_MAX = 64 * 1024 };

int
schema_parse_type(const char *text, enum schema_type *type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(text, types[i]) == 0) {
			*type = (enum schema_type)i;
			return 0;
		}
	return -1;
}

/* The member's text (canonical: as JSON, without the quotes), the caller frees; or NULL. */
static char *
text_of(const struct tok_list *l, const char *text, uint32_t object, const char *name,
    bool canonical)
{
	uint32_t value = object == UINT32_MAX ? 0 : tok_member(l, text, object, name);
	const struct tok *t = &l->tok[value];
	char *copy = NULL;
	struct buf b;

	if (value == 0 || t->type != TOK_STRING)
		return NULL;
	buf_init(&b, TEXT_MAX);
	if (canonical) {
		jtext_string_token(&b, t, text);
		if (b.len >= 2)
			copy = mem_dup(b.data + 1, b.len - 2);
	} else {
		jtext_decode(&b, text + t->start, t->end - t->start);
		copy = mem_dup(buf_string(&b), b.len);
	}
	buf_free(&b);
	return copy;
}

static bool
is_true(const struct tok_list *l, const char *text, uint32_t object, const char *name)
{
	uint32_t value = tok_member(l, text, object, name);

	return value != 0 && l->tok[value].type == TOK_TRUE;
}

/* The object that is this member of another; or 0. */
static uint32_t
object_of(const struct tok_list *l, const char *text, uint32_t object, const char *name)
{
	uint32_t value = tok_member(l, text, object, name);

	return value != 0 && l->tok[value].type == TOK_OBJECT ? value : 0;
}

static void
set_bounds(struct schema_attribute *a, const struct tok_list *l, const char *text,
    uint32_t object)
{
	bool number = a->type == SCHEMA_NUMBER;
	uint32_t bounds = object_of(l, text, object, number ? "NumberAttributeConstraints" :
	    "StringAttributeConstraints");

	free(a->min);
	free(a->max);
	a->min = a->max = NULL;
	if (bounds == 0 || a->type == SCHEMA_BOOLEAN || a->type == SCHEMA_DATE_TIME)
		return;
	a->min = text_of(l, text, bounds, number ? "MinValue" : "MinLength", false);
	a->max = text_of(l, text, bounds, number ? "MaxValue" : "MaxLength", false);
}

static const char *
read_attribute(struct schema *s, const struct tok_list *l, const char *text, uint32_t object)
{
	char *name, *type;
	enum schema_type kind;
	struct schema_attribute *a;

	if (l->tok[object].type != TOK_OBJECT)
		return "an attribute of the schema is not an object";
	name = text_of(l, text, object, "Name", true);
	type = text_of(l, text, object, "AttributeDataType", false);
	if (name == NULL || type == NULL || schema_parse_type(type, &kind) != 0) {
		free(name);
		free(type);
		return "an attribute of the schema has no name or no type";
	}
	free(type);
	a = (struct schema_attribute *)(uintptr_t)schema_find(s, name);
	if (a == NULL) {
		schema_add(s, name, kind, NULL, NULL);
		a = schema_last(s);
	} else {
		free(name);
	}
	a->type = kind;
	a->immutable = tok_member(l, text, object, "Mutable") != 0 &&
	    !is_true(l, text, object, "Mutable");
	a->required = is_true(l, text, object, "Required");
	a->developer = is_true(l, text, object, "DeveloperOnlyAttribute");
	set_bounds(a, l, text, object);
	return NULL;
}

static unsigned
read_set(const struct tok_list *l, const char *text, uint32_t object, const char *name)
{
	uint32_t list = tok_member(l, text, object, name), i, k;
	unsigned set = 0;

	if (list == 0 || l->tok[list].type != TOK_ARRAY)
		return 0;
	for (i = list + 1; i < l->tok[list].next; i = l->tok[i].next)
		for (k = 0; k < 3; k++)
			if (tok_is(&l->tok[i], text, addresses[k], strlen(addresses[k])))
				set |= 1U << k;
	return set;
}

static const char *
read_policy(struct schema *s, const struct tok_list *l, const char *text, uint32_t policy)
{
	uint32_t min = tok_member(l, text, policy, "MinimumLength");
	const struct tok *t = &l->tok[min];
	const char *why;
	char *number;
	int64_t n = 0;

	s->upper = is_true(l, text, policy, "RequireUppercase");
	s->lower = is_true(l, text, policy, "RequireLowercase");
	s->digit = is_true(l, text, policy, "RequireNumbers");
	s->symbol = is_true(l, text, policy, "RequireSymbols");
	if (min == 0 || t->type == TOK_NULL)
		return NULL;
	number = mem_dup(text + t->start, t->end - t->start);
	if (t->type != TOK_NUMBER || num_parse(number, 6, 99, &n, &why) != 0)
		n = 0;
	free(number);
	s->password_min = (int)n;
	return n == 0 ? "MinimumLength is not a number from 6 to 99" : NULL;
}

/* The members that are made anew in every answer: only the first ones where all is as said. */
static const char *const known[] = {
	"Id", "Arn", "EstimatedNumberOfUsers", "SchemaAttributes", "CreationDate",
	"LastModifiedDate", "UsernameAttributes", "AliasAttributes", "AutoVerifiedAttributes",
	"UsernameConfiguration", "Policies"
};

enum { KNOWN = sizeof known / sizeof *known, KNOWN_AS_SAID = 6 };

static bool
is_known(const struct schema *s, const struct tok *name, const char *text)
{
	size_t k, count = s->as_said ? KNOWN_AS_SAID : KNOWN;

	for (k = 0; k < count; k++)
		if (tok_is(name, text, known[k], strlen(known[k])))
			return true;
	return directory_takes(name, text);
}

static const char *
keep_others(struct schema *s, const struct tok_list *l, const char *text, uint32_t object)
{
	uint32_t i;

	buf_clear(&s->other);
	for (i = object + 1; i < l->tok[object].next; i = l->tok[i + 1].next) {
		if (l->tok[i + 1].type == TOK_NULL || is_known(s, &l->tok[i], text))
			continue;
		if (buf_append_byte(&s->other, ',') != 0 ||
		    jtext_string_token(&s->other, &l->tok[i], text) != 0 ||
		    buf_append_byte(&s->other, ':') != 0 ||
		    jtext_value(&s->other, l, text, i + 1) != 0)
			return "the description is too long";
	}
	return NULL;
}

static const char *
read_names(struct schema *s, const struct tok_list *l, const char *text, uint32_t object)
{
	uint32_t settings = object_of(l, text, object, "UserAttributeUpdateSettings");
	uint32_t names = object_of(l, text, object, "UsernameConfiguration");

	s->username_attributes = read_set(l, text, object, "UsernameAttributes");
	s->alias_attributes = read_set(l, text, object, "AliasAttributes");
	s->auto_verified = read_set(l, text, object, "AutoVerifiedAttributes");
	s->verified_before_update = settings == 0 ? 0 :
	    read_set(l, text, settings, "AttributesRequireVerificationBeforeUpdate");
	s->case_insensitive = names != 0 && tok_member(l, text, names, "CaseSensitive") != 0 &&
	    !is_true(l, text, names, "CaseSensitive");
	if (s->username_attributes != 0 && s->alias_attributes != 0)
		return "a pool has UsernameAttributes or AliasAttributes, not both";
	return NULL;
}

const char *
schema_describe(struct schema *s, const struct tok_list *l, const char *text, uint32_t object)
{
	uint32_t pool = object_of(l, text, object, "UserPool"), list, i, policies, policy;
	const char *why;

	if (pool != 0)
		object = pool;
	if ((why = read_names(s, l, text, object)) != NULL ||
	    (why = keep_others(s, l, text, object)) != NULL)
		return why;
	list = tok_member(l, text, object, "SchemaAttributes");
	if (list != 0 && l->tok[list].type != TOK_ARRAY)
		return "SchemaAttributes is not an array";
	for (i = list + 1; list != 0 && i < l->tok[list].next; i = l->tok[i].next)
		if ((why = read_attribute(s, l, text, i)) != NULL)
			return why;
	policies = object_of(l, text, object, "Policies");
	policy = policies == 0 ? 0 : object_of(l, text, policies, "PasswordPolicy");
	return policy == 0 ? NULL : read_policy(s, l, text, policy);
}

static void
put_string(struct buf *b, const char *s)
{
	jtext_string(b, s, strlen(s));
}

static void
put_bounds(struct buf *b, const struct schema_attribute *a)
{
	const char *comma = "", *number = a->type == SCHEMA_NUMBER ? "Value" : "Length";

	if (a->type != SCHEMA_NUMBER && a->type != SCHEMA_STRING)
		return;
	buf_appendf(b, ",\"%sAttributeConstraints\":{", types[a->type]);
	if (a->min != NULL) {
		buf_appendf(b, "\"Min%s\":", number);
		put_string(b, a->min);
		comma = ",";
	}
	if (a->max != NULL) {
		buf_appendf(b, "%s\"Max%s\":", comma, number);
		put_string(b, a->max);
	}
	buf_append_byte(b, '}');
}

static void
put_set(struct buf *b, const char *name, unsigned set)
{
	const char *comma = "";

	if (set == 0)
		return;
	buf_appendf(b, ",\"%s\":[", name);
	for (unsigned k = 0; k < 3; k++)
		if (set & 1U << k) {
			buf_appendf(b, "%s\"%s\"", comma, addresses[k]);
			comma = ",";
		}
	buf_append_byte(b, ']');
}

static const char *
truth(bool is)
{
	return is ? "true" : "false";
}

static void
put_settings(const struct schema *s, struct buf *b)
{
	put_set(b, "UsernameAttributes", s->username_attributes);
	put_set(b, "AliasAttributes", s->alias_attributes);
	put_set(b, "AutoVerifiedAttributes", s->auto_verified);
	buf_appendf(b, ",\"UsernameConfiguration\":{\"CaseSensitive\":%s},\"Policies\":"
	    "{\"PasswordPolicy\":{\"MinimumLength\":%d,\"RequireUppercase\":%s,"
	    "\"RequireLowercase\":%s,\"RequireNumbers\":%s,\"RequireSymbols\":%s,"
	    "\"TemporaryPasswordValidityDays\":7}}", truth(!s->case_insensitive),
	    s->password_min, truth(s->upper), truth(s->lower), truth(s->digit),
	    truth(s->symbol));
}

void
schema_put(const struct schema *s, struct buf *b)
{
	const struct schema_attribute *a;

	buf_append_string(b, ",\"SchemaAttributes\":[");
	for (size_t i = 0; i < s->count; i++) {
		a = &s->attribute[i];
		buf_appendf(b, "%s{\"Name\":\"", i > 0 ? "," : "");
		buf_append_string(b, a->name);
		buf_appendf(b, "\",\"AttributeDataType\":\"%s\",\"DeveloperOnlyAttribute\":%s,"
		    "\"Mutable\":%s,\"Required\":%s", types[a->type], truth(a->developer),
		    truth(!a->immutable), truth(a->required));
		put_bounds(b, a);
		buf_append_byte(b, '}');
	}
	buf_append_byte(b, ']');
	if (!s->as_said)
		put_settings(s, b);
	buf_append(b, buf_string(&s->other), s->other.len);
}
