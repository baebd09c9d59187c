#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "schema.h"
#include "schema_table.h"
#include "schema_value.h"

enum {
	PATH_SIZE = 160,	/* the longest: an URN of ours, a name, an index, a name */
	SHOWN_MAX = 120		/* bytes of a name that is not in our tables */
};

/* One resource under the eye. */
struct check {
	const struct tok_list *l;
	const char *text;
	enum dialect dialect;
	bool with_id;
	char path[PATH_SIZE];	/* of the attribute at hand; "" for the resource */
	char *reason;
};

/* An object and what may be in it. */
struct place {
	const struct attribute *attributes;
	const char *what;	/* for messages: "User", "emails" */
	const char *between;	/* the path and a member's name */
	bool open;
	/* Of the members that were met, a bit for each by its place in the table; none has 64. */
	uint64_t given, filled;	/* filled: not with null */
};

/* The path and what is wrong there. */
__attribute__((format(printf, 2, 3)))
static const char *
wrong(struct check *c, const char *fmt, ...)
{
	char what[SCHEMA_REASON_SIZE - PATH_SIZE - 4];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(c->reason, SCHEMA_REASON_SIZE, "%s: %s", c->path, what);
	return c->reason;
}

/* Puts the text behind the first len bytes of the path, as far as it fits; returns its length. */
static size_t
extend(struct check *c, size_t len, const char *text)
{
	size_t room = sizeof c->path - 1 - len, n = strlen(text);

	if (n > room)
		n = room;
	memcpy(c->path + len, text, n);
	c->path[len + n] = '\0';
	return len + n;
}

/*
 * Goes down to a member; returns the length of the path above, to which the caller cuts it.  Each
 * value of each resource comes by here, so nothing is formatted.
 */
static size_t
enter(struct check *c, const char *between, const char *name)
{
	size_t len = strlen(c->path);

	extend(c, extend(c, len, between), name);
	return len;
}

/* A name from the resource, if it is one that can be shown: no value by mistake. */
static const char *
shown(char out[SHOWN_MAX + 1], const struct tok *t, const char *text)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "$_.:-";
	size_t len = t->end - t->start;

	if (len > SHOWN_MAX || len == 0)
		return "(a name)";
	memcpy(out, text + t->start, len);
	out[len] = '\0';
	return strspn(out, good) == len ? out : "(a name)";
}

static const struct attribute *
find_attribute(const struct check *c, const struct tok *key, const struct attribute *a)
{
	/* Most names of the table differ in the first letter; an empty key has its quote there. */
	const char *first = c->text + key->start;

	while (a->name != NULL && ((*first != a->name[0] && *first != '\\') ||
	    !tok_is(key, c->text, a->name, strlen(a->name))))
		a++;
	return a->name != NULL ? a : NULL;
}

/* A member that the table does not have. */
static const char *
unknown_attribute(struct check *c, const struct tok *key, const struct place *p)
{
	char name[SHOWN_MAX + 1], list[SCHEMA_REASON_SIZE - PATH_SIZE] = "";
	const char *text = shown(name, key, c->text);
	size_t len = 0;

	enter(c, p->between, text);
	for (const struct attribute *a = p->attributes; a->name != NULL; a++) {
		if (strcasecmp(a->name, text) == 0)
			return wrong(c, "not an attribute of %s (the name is %s)", p->what,
			    a->name);
		if ((a->flags & IS_READ_ONLY) == 0 && len < sizeof list)
			len += (size_t)snprintf(list + len, sizeof list - len, "%s%s",
			    len > 0 ? ", " : "", a->name);
	}
	return wrong(c, "not an attribute of %s (names are %s)", p->what, list);
}

static const char *
check_required(struct check *c, const struct place *p)
{
	unsigned mask = IS_REQUIRED | (c->dialect == DIALECT_OCI ? OCI_REQUIRED : 0u) |
	    (c->dialect == DIALECT_AWS ? AWS_REQUIRED : 0u);

	for (const struct attribute *a = p->attributes; a->name != NULL; a++) {
		if ((a->flags & mask) != 0 && (p->filled >> (a - p->attributes) & 1) == 0) {
			enter(c, p->between, a->name);
			return wrong(c, "required");
		}
	}
	return NULL;
}

/* The rules of a member as such, before its value's. */
static const char *
check_allowed(struct check *c, struct place *p, uint32_t value, const struct attribute *a)
{
	uint64_t bit = UINT64_C(1) << (a - p->attributes);

	if ((p->given & bit) != 0)
		return wrong(c, "given twice");
	p->given |= bit;
	if (c->l->tok[value].type != TOK_NULL)
		p->filled |= bit;
	/* As good as absent (RFC 7643, 2.5). */
	if (schema_is_void(c->l, value))
		return NULL;
	if ((a->flags & IS_READ_ONLY) != 0 && !(c->with_id && strcmp(a->name, "id") == 0))
		return wrong(c, "read-only");
	if ((a->flags & AWS_FORBIDDEN) != 0 && c->dialect == DIALECT_AWS)
		return wrong(c, "not known to IAM Identity Center");
	return NULL;
}

/* A single value that is no object. */
static const char *
check_simple(struct check *c, uint32_t value, const struct attribute *a)
{
	char what[SCHEMA_VALUE_SIZE];
	const char *reason = schema_value_check(&c->l->tok[value], c->text, a, c->dialect, what);

	return reason != NULL ? wrong(c, "%s", reason) : NULL;
}

/* An object whose members are no objects again: the deepest that the schemas have. */
static const char *
check_parts(struct check *c, uint32_t object, const struct attribute *a)
{
	struct place p = { a->sub, a->name, ".", false, 0, 0 };
	const struct tok *tok = c->l->tok;
	const char *reason;

	if (tok[object].type != TOK_OBJECT)
		return wrong(c, "not an object");
	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		const struct attribute *part = find_attribute(c, &tok[i], a->sub);
		size_t above;

		if (part == NULL)
			return unknown_attribute(c, &tok[i], &p);
		above = enter(c, p.between, part->name);
		reason = check_allowed(c, &p, i + 1, part);
		if (reason == NULL && tok[i + 1].type != TOK_NULL)
			reason = check_simple(c, i + 1, part);
		if (reason != NULL)
			return reason;
		c->path[above] = '\0';
	}
	return check_required(c, &p);
}

static const char *
check_multi(struct check *c, uint32_t array, const struct attribute *a)
{
	const struct tok *tok = c->l->tok;
	bool primary = false;
	size_t count = 0;

	if (tok[array].type != TOK_ARRAY)
		return wrong(c, "not an array");
	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		char index[24] = "[0]";
		const char *reason;
		uint32_t is_primary;
		size_t above;

		if (count > 0)
			snprintf(index, sizeof index, "[%zu]", count);
		count++;
		above = enter(c, "", index);
		if (count > 1 && (a->flags & AWS_ONE) != 0 && c->dialect == DIALECT_AWS)
			return wrong(c, "IAM Identity Center takes one value only");
		reason = check_parts(c, i, a);
		if (reason != NULL)
			return reason;
		is_primary = tok_member(c->l, c->text, i, "primary");
		if (is_primary != 0 && tok[is_primary].type == TOK_TRUE) {
			if (primary) {
				enter(c, ".", "primary");
				return wrong(c, "a second primary");
			}
			primary = true;
		}
		c->path[above] = '\0';
	}
	return NULL;
}

/* The list of URNs: texts, none twice. */
static const char *
check_schemas(struct check *c, uint32_t array)
{
	const struct tok *tok = c->l->tok;

	if (tok[array].type != TOK_ARRAY)
		return wrong(c, "not an array");
	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		size_t len = tok[i].end - tok[i].start;

		if (tok[i].type != TOK_STRING || tok[i].flags != 0 ||
		    memchr(c->text + tok[i].start, ':', len) == NULL)
			return wrong(c, "not all of them are URNs");
		for (uint32_t k = array + 1; k < i; k = tok[k].next) {
			if (tok_is(&tok[k], c->text, c->text + tok[i].start, len))
				return wrong(c, "one of them is given twice");
		}
	}
	return NULL;
}

static const char *
check_value(struct check *c, uint32_t value, const struct attribute *a)
{
	/* What has no table is read-only, so nothing stands there. */
	if (c->l->tok[value].type == TOK_NULL || (a->type == TYPE_COMPLEX && a->sub == NULL))
		return NULL;
	if (a->type == TYPE_SCHEMAS)
		return check_schemas(c, value);
	if (a->type == TYPE_COMPLEX)
		return (a->flags & IS_MULTI) != 0 ? check_multi(c, value, a) :
		    check_parts(c, value, a);
	return check_simple(c, value, a);
}

static bool
is_listed(const struct check *c, const struct tok *urn)
{
	uint32_t array = tok_member(c->l, c->text, 0, "schemas");
	const struct tok *tok = c->l->tok;

	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		if (tok_is(urn, c->text, c->text + tok[i].start, tok[i].end - tok[i].start))
			return true;
	}
	return false;
}

/* A member that is an attribute. */
static const char *
check_member(struct check *c, struct place *p, uint32_t key)
{
	const struct tok *t = &c->l->tok[key];
	const struct attribute *a = find_attribute(c, t, p->attributes);
	const char *reason;
	size_t above;

	if (a == NULL)
		return p->open ? NULL : unknown_attribute(c, t, p);
	above = enter(c, p->between, a->name);
	reason = check_allowed(c, p, key + 1, a);
	if (reason == NULL)
		reason = check_value(c, key + 1, a);
	if (reason == NULL)
		c->path[above] = '\0';
	return reason;
}

/* An object under its URN.  One that we have no table for may hold anything. */
static const char *
check_extension(struct check *c, uint32_t key)
{
	const struct tok *tok = c->l->tok, *t = &tok[key];
	const struct schema *s = schema_extensions;
	const char *reason = NULL;
	char name[SHOWN_MAX + 1];

	enter(c, "", shown(name, t, c->text));
	for (uint32_t i = tok[key + 1].next; i < tok[0].next; i = tok[i + 1].next) {
		if (tok_is(&tok[i], c->text, c->text + t->start, t->end - t->start))
			return wrong(c, "given twice");
	}
	if (tok[key + 1].type != TOK_NULL) {
		if (!is_listed(c, t) && !schema_is_void(c->l, key + 1))
			return wrong(c, "an extension that is not among the schemas");
		if (tok[key + 1].type != TOK_OBJECT)
			return wrong(c, "not an object");
		while (s->urn != NULL && !tok_is(t, c->text, s->urn, strlen(s->urn)))
			s++;
	}
	if (tok[key + 1].type != TOK_NULL && s->urn != NULL) {
		struct place p = { s->attributes, s->what, ":", s->open, 0, 0 };

		for (uint32_t i = key + 2; i < tok[key + 1].next; i = tok[i + 1].next) {
			reason = check_member(c, &p, i);
			if (reason != NULL)
				break;
		}
	}
	if (reason == NULL)
		c->path[0] = '\0';
	return reason;
}

bool
schema_is_void(const struct tok_list *l, uint32_t value)
{
	const struct tok *tok = l->tok;

	if (tok[value].type == TOK_NULL)
		return true;
	if (tok[value].type != TOK_ARRAY && tok[value].type != TOK_OBJECT)
		return false;
	for (uint32_t i = value + 1; i < tok[value].next; i = tok[i].next) {
		i += tok[value].type == TOK_OBJECT;
		if (!schema_is_void(l, i))
			return false;
	}
	return true;
}

enum schema_type
schema_type(const struct tok_list *l, const char *text)
{
	uint32_t array = tok_member(l, text, 0, "schemas");
	unsigned found = 0;

	if (array == 0 || l->tok[array].type != TOK_ARRAY)
		return SCHEMA_NEITHER;
	for (uint32_t i = array + 1; i < l->tok[array].next; i = l->tok[i].next) {
		if (l->tok[i].type != TOK_STRING)
			continue;
		if (tok_is(&l->tok[i], text, SCHEMA_USER, sizeof SCHEMA_USER - 1))
			found |= 1u << SCHEMA_IS_USER;
		else if (tok_is(&l->tok[i], text, SCHEMA_GROUP, sizeof SCHEMA_GROUP - 1))
			found |= 1u << SCHEMA_IS_GROUP;
	}
	if (found == 1u << SCHEMA_IS_USER)
		return SCHEMA_IS_USER;
	return found == 1u << SCHEMA_IS_GROUP ? SCHEMA_IS_GROUP : SCHEMA_NEITHER;
}

const char *
schema_check(const struct tok_list *l, const char *text, enum dialect dialect, bool with_id,
    char reason[SCHEMA_REASON_SIZE])
{
	enum schema_type type = schema_type(l, text);
	struct check c = {
		.l = l, .text = text, .dialect = dialect, .with_id = with_id, .reason = reason
	};
	struct place p = { schema_user, "User", "", false, 0, 0 };

	if (type == SCHEMA_NEITHER)
		return "schemas: must name the core schema of User or of Group";
	if (type == SCHEMA_IS_GROUP) {
		p.attributes = schema_group;
		p.what = "Group";
	}
	for (uint32_t i = 1; i < l->tok[0].next; i = l->tok[i + 1].next) {
		const struct tok *key = &l->tok[i];
		bool is_urn = memchr(text + key->start, ':', key->end - key->start) != NULL;
		const char *why = is_urn ? check_extension(&c, i) : check_member(&c, &p, i);

		if (why != NULL)
			return why;
	}
	return check_required(&c, &p);
}
