#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "schema.h"
#include "schema_table.h"
#include "schema_value.h"

enum {
	PATH_SIZE = 160,	/* the longest: an URN of ours, a name, an index, a name */
	STEPS_MAX = 4,
	SHOWN_MAX = 120		/* bytes of a name that is not in our tables */
};

/* A step of the path to the attribute at hand: "." and a name, or an index. */
struct step {
	const char *between, *name;	/* name NULL: the index */
	size_t index;
};

/* One resource under the eye. */
struct check {
	const struct tok_list *l;
	const char *text;
	enum dialect dialect;
	bool with_id;
	struct step path[STEPS_MAX];
	unsigned depth;			/* 0: the resource */
	char *reason;
};

/* An object and what may be in it. */
struct place {
	const struct attribute *attributes;
	const char *what;	/* for messages: "User", "emails" */
	const char *between;	/* the path and a member's name */
	bool open;
	/* Behind the attribute that was found last: members mostly come in the table's order. */
	const struct attribute *next;
	/* Of the members that were met, a bit for each by its place in the table; none has 64. */
	uint64_t given, filled;	/* filled: not with null */
};

/* The path as text, as far as it fits. */
static void
append_path(const struct check *c, char path[PATH_SIZE])
{
	size_t len = 0;

	path[0] = '\0';
	for (unsigned i = 0; i < c->depth && len < PATH_SIZE; i++) {
		const struct step *step = &c->path[i];
		int n = step->name != NULL ?
		    snprintf(path + len, PATH_SIZE - len, "%s%s", step->between, step->name) :
		    snprintf(path + len, PATH_SIZE - len, "[%zu]", step->index);

		len += (size_t)n;
	}
}

/* The path and what is wrong there. */
__attribute__((format(printf, 2, 3)))
static const char *
wrong(struct check *c, const char *fmt, ...)
{
	char path[PATH_SIZE], what[SCHEMA_REASON_SIZE - PATH_SIZE - 4];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	append_path(c, path);
	snprintf(c->reason, SCHEMA_REASON_SIZE, "%s: %s", path, what);
	return c->reason;
}

/*
 * Goes down to a member; the caller goes up again.  Each value of each resource comes by here, so
 * the path becomes text where something is wrong only.
 */
static void
enter(struct check *c, const char *between, const char *name)
{
	c->path[c->depth++] = (struct step){ between, name, 0 };
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

/* The attribute of this name from a on, before end (NULL: to the end of the table), or NULL. */
static const struct attribute *
find_between(const struct check *c, const struct tok *key, const struct attribute *a,
    const struct attribute *end)
{
	/* Most names of the table differ in the first letter; an empty key has its quote there. */
	char first = c->text[key->start];

	for (; a != end && a->name != NULL; a++) {
		if ((first == a->name[0] || first == '\\') &&
		    tok_is(key, c->text, a->name, strlen(a->name)))
			return a;
	}
	return NULL;
}

static const struct attribute *
find_attribute(const struct check *c, const struct tok *key, struct place *p)
{
	const struct attribute *a = find_between(c, key, p->next, NULL);

	if (a == NULL)
		a = find_between(c, key, p->attributes, p->next);
	if (a != NULL)
		p->next = a + 1;
	return a;
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

/*
 * An object whose members are no objects again: the deepest that the schemas have.  primary becomes
 * true if the object is said to be that.
 */
static const char *
check_parts(struct check *c, uint32_t object, const struct attribute *a, bool *primary)
{
	struct place p = { a->sub, a->name, ".", false, a->sub, 0, 0 };
	const struct tok *tok = c->l->tok;
	const char *reason;

	if (tok[object].type != TOK_OBJECT)
		return wrong(c, "not an object");
	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		const struct attribute *part = find_attribute(c, &tok[i], &p);

		if (part == NULL)
			return unknown_attribute(c, &tok[i], &p);
		enter(c, p.between, part->name);
		reason = check_allowed(c, &p, i + 1, part);
		if (reason == NULL && tok[i + 1].type != TOK_NULL)
			reason = check_simple(c, i + 1, part);
		if (reason != NULL)
			return reason;
		*primary |= tok[i + 1].type == TOK_TRUE && strcmp(part->name, "primary") == 0;
		c->depth--;
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
		const char *reason;
		bool is_primary = false;

		c->path[c->depth++] = (struct step){ NULL, NULL, count++ };
		if (count > 1 && (a->flags & AWS_ONE) != 0 && c->dialect == DIALECT_AWS)
			return wrong(c, "IAM Identity Center takes one value only");
		reason = check_parts(c, i, a, &is_primary);
		if (reason != NULL)
			return reason;
		if (is_primary && primary) {
			enter(c, ".", "primary");
			return wrong(c, "a second primary");
		}
		primary |= is_primary;
		c->depth--;
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
	bool primary = false;

	/* What has no table is read-only, so nothing stands there. */
	if (c->l->tok[value].type == TOK_NULL || (a->type == TYPE_COMPLEX && a->sub == NULL))
		return NULL;
	if (a->type == TYPE_SCHEMAS)
		return check_schemas(c, value);
	if (a->type == TYPE_COMPLEX)
		return (a->flags & IS_MULTI) != 0 ? check_multi(c, value, a) :
		    check_parts(c, value, a, &primary);
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

/* A member that is this attribute. */
static const char *
check_member(struct check *c, struct place *p, uint32_t key, const struct attribute *a)
{
	const char *reason;

	enter(c, p->between, a->name);
	reason = check_allowed(c, p, key + 1, a);
	if (reason == NULL)
		reason = check_value(c, key + 1, a);
	if (reason == NULL)
		c->depth--;
	return reason;
}

/* The members of an extension whose attributes we know. */
static const char *
check_known_extension(struct check *c, uint32_t object, const struct schema *s)
{
	struct place p = { s->attributes, s->what, ":", s->open, s->attributes, 0, 0 };
	const struct tok *tok = c->l->tok;
	const char *reason = NULL;

	for (uint32_t i = object + 1; i < tok[object].next && reason == NULL; i = tok[i + 1].next) {
		const struct attribute *a = find_attribute(c, &tok[i], &p);

		if (a != NULL)
			reason = check_member(c, &p, i, a);
		else if (!p.open)
			reason = unknown_attribute(c, &tok[i], &p);
	}
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
	if (tok[key + 1].type != TOK_NULL && s->urn != NULL)
		reason = check_known_extension(c, key + 1, s);
	if (reason == NULL)
		c->depth = 0;
	return reason;
}

/* Notes where the values are that others ask for. */
static void
note_key(struct schema_keys *keys, const struct attribute *a, uint32_t value)
{
	/* By the letters that tell the names in both tables apart: each member comes by here. */
	switch (a->name[0]) {
	case 's':
		keys->schemas = value;
		break;
	case 'i':
		if (a->name[1] == 'd')
			keys->id = value;
		break;
	case 'e':
		if (a->name[1] == 'x')
			keys->external = value;
		break;
	case 'u':
		if (strcmp(a->name, "userName") == 0)
			keys->name = value;
		break;
	case 'd':
		if (keys->type == SCHEMA_IS_GROUP)
			keys->name = value;
		break;
	default:
		break;
	}
}

const char *
schema_check(const struct tok_list *l, const char *text, enum dialect dialect, bool with_id,
    struct schema_keys *keys, char reason[SCHEMA_REASON_SIZE])
{
	struct check c = {
		.l = l, .text = text, .dialect = dialect, .with_id = with_id, .reason = reason
	};
	struct place p = { schema_user, "User", "", false, schema_user, 0, 0 };

	*keys = (struct schema_keys){ .type = schema_type(l, text) };
	if (keys->type == SCHEMA_NEITHER)
		return "schemas: must name the core schema of User or of Group";
	if (keys->type == SCHEMA_IS_GROUP) {
		p.attributes = p.next = schema_group;
		p.what = "Group";
	}
	for (uint32_t i = 1; i < l->tok[0].next; i = l->tok[i + 1].next) {
		const struct tok *key = &l->tok[i];
		const struct attribute *a = find_attribute(&c, key, &p);
		const char *why;

		if (a != NULL) {
			note_key(keys, a, i + 1);
			why = check_member(&c, &p, i, a);
		} else if (memchr(text + key->start, ':', key->end - key->start) != NULL) {
			why = check_extension(&c, i);
		} else {
			why = unknown_attribute(&c, key, &p);
		}
		if (why != NULL)
			return why;
	}
	return check_required(&c, &p);
}
