#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"
#include "json/utf8.h"

enum { TOKENS_MAX = 256 * 1024 };

static const char unknown[] = "not an attribute of the pool (--add-custom-attributes makes one)";

void
schema_free(struct schema *s)
{
	free(s->attribute);
	free(s->fault);
	*s = (struct schema){ 0 };
}

void
schema_forget(struct schema *s)
{
	free(s->attribute);
	s->attribute = NULL;
	s->count = 0;
	s->known = false;
}

static bool
is_true(const struct tok_list *l, const char *text, uint32_t in, const char *name)
{
	uint32_t at = tok_member(l, text, in, name);

	return at != 0 && l->tok[at].type == TOK_TRUE;
}

/* A limit, which is a number in a string; fallback where there is none that can be read. */
static int64_t
limit(const struct tok_list *l, const char *text, uint32_t in, const char *name, int64_t fallback)
{
	uint32_t at = in != 0 ? tok_member(l, text, in, name) : 0;
	char digits[24];
	const char *why;
	int64_t value;

	if (at == 0 || (l->tok[at].type != TOK_STRING && l->tok[at].type != TOK_NUMBER))
		return fallback;
	snprintf(digits, sizeof digits, "%.*s", (int)(l->tok[at].end - l->tok[at].start),
	    text + l->tok[at].start);
	return num_parse(digits, INT64_MIN + 1, INT64_MAX - 1, &value, &why) == 0 ? value : fallback;
}

static void
take_attribute(struct schema *s, const struct tok_list *l, const char *text, uint32_t in)
{
	uint32_t name = tok_member(l, text, in, "Name"), type, limits;
	struct schema_attribute *a = &s->attribute[s->count];

	if (name == 0 || l->tok[name].type != TOK_STRING ||
	    l->tok[name].end - l->tok[name].start >= SCHEMA_NAME_SIZE)
		return;
	*a = (struct schema_attribute){ .most = -1 };
	snprintf(a->name, sizeof a->name, "%.*s", (int)(l->tok[name].end - l->tok[name].start),
	    text + l->tok[name].start);
	type = tok_member(l, text, in, "Mutable");
	a->immutable = type != 0 && l->tok[type].type == TOK_FALSE;
	a->required = is_true(l, text, in, "Required");
	type = tok_member(l, text, in, "AttributeDataType");
	a->number = type != 0 && tok_is(&l->tok[type], text, "Number", 6);
	limits = tok_member(l, text, in, a->number ? "NumberAttributeConstraints" :
	    "StringAttributeConstraints");
	if (limits != 0 && l->tok[limits].type != TOK_OBJECT)
		limits = 0;
	a->least = limit(l, text, limits, a->number ? "MinValue" : "MinLength",
	    a->number ? INT64_MIN : 0);
	a->most = limit(l, text, limits, a->number ? "MaxValue" : "MaxLength",
	    a->number ? INT64_MAX : -1);
	s->count++;
}

/* The object called UserPool, or 0. */
static uint32_t
pool_of(const struct tok_list *l, const char *text)
{
	uint32_t pool = tok_member(l, text, 0, "UserPool");

	return pool != 0 && l->tok[pool].type == TOK_OBJECT ? pool : 0;
}

static void
take_policy(struct schema *s, const struct tok_list *l, const char *text, uint32_t pool)
{
	uint32_t in = tok_member(l, text, pool, "Policies");

	if (in != 0 && l->tok[in].type == TOK_OBJECT)
		in = tok_member(l, text, in, "PasswordPolicy");
	if (in == 0 || l->tok[in].type != TOK_OBJECT)
		return;
	s->password.known = true;
	s->password.upper = is_true(l, text, in, "RequireUppercase");
	s->password.lower = is_true(l, text, in, "RequireLowercase");
	s->password.digit = is_true(l, text, in, "RequireNumbers");
	s->password.symbol = is_true(l, text, in, "RequireSymbols");
	s->password.least = limit(l, text, in, "MinimumLength", 0);
}

const char *
schema_read(struct schema *s, const char *text, size_t len)
{
	const char *wrong = "no list of attributes";
	uint32_t pool = 0, list = 0;
	struct tok_list l;

	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, text, len) == TOK_OK && l.tok[0].type == TOK_OBJECT &&
	    (pool = pool_of(&l, text)) != 0)
		list = tok_member(&l, text, pool, "SchemaAttributes");
	s->told = pool != 0;
	if (pool != 0)
		take_policy(s, &l, text, pool);
	if (list != 0 && l.tok[list].type == TOK_ARRAY) {
		s->attribute = mem_alloc(SCHEMA_ATTRIBUTES_MAX * sizeof *s->attribute);
		for (uint32_t i = list + 1; i < l.tok[list].next &&
		    s->count < SCHEMA_ATTRIBUTES_MAX; i = l.tok[i].next)
			if (l.tok[i].type == TOK_OBJECT)
				take_attribute(s, &l, text, i);
		s->known = s->count > 0;
		wrong = s->known ? NULL : wrong;
	}
	tok_free(&l);
	return wrong;
}

const struct schema_attribute *
schema_find(const struct schema *s, const char *name, size_t len)
{
	for (size_t i = 0; i < s->count; i++)
		if (strlen(s->attribute[i].name) == len &&
		    memcmp(s->attribute[i].name, name, len) == 0)
			return &s->attribute[i];
	return NULL;
}

bool
schema_is_silent(const char *name, size_t len)
{
	static const char reserved[] = "cognito:";

	return (len == 3 && memcmp(name, "sub", 3) == 0) ||
	    (len == 10 && memcmp(name, "identities", 10) == 0) ||
	    (len >= strlen(reserved) && memcmp(name, reserved, strlen(reserved)) == 0);
}

static void
note(struct schema *s, const char *name, size_t len, const char *what, uint64_t line, bool whole)
{
	char cut[SCHEMA_NAME_SIZE];
	size_t i = 0;

	snprintf(cut, sizeof cut, "%.*s", (int)len, name);
	if (s->fault == NULL)
		s->fault = mem_alloc(SCHEMA_FAULTS_MAX * sizeof *s->fault);
	while (i < s->faults && (s->fault[i].what != what || strcmp(s->fault[i].name, cut) != 0))
		i++;
	if (i == SCHEMA_FAULTS_MAX) {
		s->others++;
		s->others_whole |= whole;
		return;
	}
	if (i == s->faults) {
		s->fault[s->faults++] = (struct schema_fault){ .what = what, .line = line,
		    .whole = whole };
		memcpy(s->fault[i].name, cut, sizeof cut);
	}
	s->fault[i].count++;
}

/* What the pool would say of the value, or NULL. */
static const char *
check_value(const struct schema_attribute *a, const char *value, size_t len)
{
	int64_t number, characters = (int64_t)utf8_count(value, len);
	const char *why;

	if (characters > SCHEMA_VALUE_MAX)
		return "a value of more than 2048 characters";
	if (a == NULL)
		return NULL;
	if (a->number) {
		if (num_parse(value, INT64_MIN + 1, INT64_MAX - 1, &number, &why) != 0)
			return "a value that is not a whole number";
		return number < a->least || number > a->most ? "a number beyond the limits" : NULL;
	}
	if (characters < a->least)
		return "a value that is shorter than the pool allows";
	return a->most >= 0 && characters > a->most ? "a value that is longer than the pool allows" :
	    NULL;
}

static const char *
check_attribute(const struct schema *s, bool update, const struct schema_attribute *a,
    const struct tok *value, const char *text)
{
	const char *wrong = NULL;
	struct buf b;

	if (s->known && a == NULL)
		return unknown;
	if (update && a != NULL && a->immutable)
		return "cannot be changed once a user is made";
	if (value->type == TOK_NULL)
		return a != NULL && a->required ? "required, so it cannot be taken away" : NULL;
	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, "");
	(void)jtext_decode(&b, text + value->start, value->end - value->start);
	wrong = check_value(a, buf_string(&b), b.len);
	buf_free(&b);
	return wrong;
}

void
schema_check(struct schema *s, const struct plan_row *r, const struct tok_list *l,
    const char *text, uint64_t line)
{
	bool update = r->op == PLAN_UPDATE_USER;
	uint32_t in = 0;

	if (update || r->op == PLAN_CREATE_USER)
		in = tok_member(l, text, r->after, "Attributes");
	for (uint32_t i = in + 1; in != 0 && i < l->tok[in].next; i = l->tok[i + 1].next) {
		const char *name = text + l->tok[i].start, *wrong;
		size_t len = l->tok[i].end - l->tok[i].start;

		if (schema_is_silent(name, len))
			continue;
		wrong = len >= SCHEMA_NAME_SIZE ? "a name that is too long" : check_attribute(s,
		    update, schema_find(s, name, len), &l->tok[i + 1], text);
		if (wrong != NULL)
			note(s, name, len, wrong, line, wrong == unknown ||
			    len >= SCHEMA_NAME_SIZE);
	}
}

/* Whether one of its characters is one of those. */
static bool
has_one(const char *password, size_t len, const char *of)
{
	for (size_t i = 0; i < len; i++)
		if (password[i] != '\0' && strchr(of, password[i]) != NULL)
			return true;
	return false;
}

void
schema_check_password(struct schema *s, const char *password, size_t len, uint64_t line)
{
	static const char name[] = "the password";
	const size_t n = strlen(name);

	if (!s->password.known)
		return;
	if ((int64_t)utf8_count(password, len) < s->password.least)
		note(s, name, n, "shorter than the pool's policy wants", line, true);
	if (s->password.upper && !has_one(password, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		note(s, name, n, "no capital letter, which the pool's policy wants", line, true);
	if (s->password.lower && !has_one(password, len, "abcdefghijklmnopqrstuvwxyz"))
		note(s, name, n, "no small letter, which the pool's policy wants", line, true);
	if (s->password.digit && !has_one(password, len, "0123456789"))
		note(s, name, n, "no digit, which the pool's policy wants", line, true);
	if (s->password.symbol &&
	    !has_one(password, len, "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"))
		note(s, name, n, "no symbol, which the pool's policy wants", line, true);
}

bool
schema_forgive(struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->faults; i++)
		if (s->fault[i].what == unknown && strcmp(s->fault[i].name, name) == 0) {
			s->fault[i] = s->fault[--s->faults];
			return true;
		}
	return false;
}

size_t
schema_complain(const struct schema *s, const char *stream)
{
	size_t whole = s->others_whole;

	for (size_t i = 0; i < s->faults; i++) {
		void (*say)(const char *, ...) = s->fault[i].whole ? diag_error : diag_warn;

		whole += s->fault[i].whole;
		say("%s:%llu: %s: %s (%llu such operations)", stream,
		    (unsigned long long)s->fault[i].line, s->fault[i].name, s->fault[i].what,
		    (unsigned long long)s->fault[i].count);
	}
	if (s->others > 0)
		diag_error("%s: and %llu attributes more", stream, (unsigned long long)s->others);
	return whole;
}
