/*
 * Terms of a jq program: paths, literals, constructions, calls, and what is in parentheses.
 */
#include <stdio.h>
#include <string.h>

#include "json/native_parse.h"

struct native_tree *
native_tree_new(struct native_parser *p, enum native_tree_type type)
{
	struct native_tree *t = native_alloc(p->arena, sizeof *t);

	memset(t, 0, sizeof *t);
	t->type = type;
	t->at = p->lex.start;
	return t;
}

struct native_tree *
native_parse_fail(struct native_parser *p, const char *what)
{
	if (p->doubt->at == NULL) {
		p->doubt->at = p->lex.start;
		snprintf(p->doubt->what, sizeof p->doubt->what, "%s", what);
	}
	return NULL;
}

bool
native_parse_accept(struct native_parser *p, const char *text)
{
	if (!native_lex_is(&p->lex, text))
		return false;
	native_lex_next(&p->lex);
	return true;
}

bool
native_parse_skip(struct native_parser *p, const char *text)
{
	if (native_parse_accept(p, text))
		return true;
	native_parse_fail(p, "its syntax");
	return false;
}

static const char *
keep(struct native_parser *p, const char *s, size_t len)
{
	char *copy = native_alloc(p->arena, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

const char *
native_parse_text(struct native_parser *p)
{
	return keep(p, p->lex.start, p->lex.len);
}

/* The name at hand as a string, and steps over it. */
static struct native_tree *
take_name(struct native_parser *p)
{
	struct native_tree *t = native_tree_new(p, NT_STRING);

	t->text = native_parse_text(p);
	t->len = (uint32_t)p->lex.len;
	native_lex_next(&p->lex);
	return t;
}

static struct native_tree *
parse_string(struct native_parser *p)
{
	struct native_tree *whole = native_tree_new(p, NT_INTERPOLATION), **end = &whole->a;

	for (;;) {
		struct native_tree *part = native_tree_new(p, NT_STRING);
		char stop;

		buf_clear(&p->scratch);
		stop = native_lex_string(&p->lex, &p->scratch);
		if (stop == '\0')
			return native_parse_fail(p, "an escape in a string");
		part->text = keep(p, buf_string(&p->scratch), p->scratch.len);
		part->len = (uint32_t)p->scratch.len;
		*end = part;
		end = &part->next;
		if (stop == '"') {
			native_lex_next(&p->lex);
			return whole->a == part ? part : whole;
		}
		native_lex_next(&p->lex);
		*end = p->pipe(p);
		if (*end == NULL)
			return NULL;
		/* Not stepped over: the string goes on behind the parenthesis. */
		if (!native_lex_is(&p->lex, ")"))
			return native_parse_fail(p, "its syntax");
		end = &(*end)->next;
	}
}

/* term|term: what may stand for a value in an object. */
static struct native_tree *
parse_member_value(struct native_parser *p)
{
	struct native_tree *t = NULL, *pipe;

	if (native_lex_is(&p->lex, "-"))
		return native_parse_fail(p, "a sign in an object");
	if (p->depth == NATIVE_PARSE_DEPTH)
		return native_parse_fail(p, "its depth");
	t = native_parse_term(p);
	if (t == NULL || !native_lex_is(&p->lex, "|"))
		return t;
	pipe = native_tree_new(p, NT_PIPE);
	native_lex_next(&p->lex);
	pipe->a = t;
	p->depth++;
	pipe->b = parse_member_value(p);
	p->depth--;
	return pipe->b != NULL ? pipe : NULL;
}

static struct native_tree *
member_of_dot(struct native_parser *p, struct native_tree *name)
{
	struct native_tree *t = native_tree_new(p, NT_INDEX);

	t->at = name->at;
	t->a = native_tree_new(p, NT_DOT);
	t->b = name;
	return t;
}

static struct native_tree *
parse_pair(struct native_parser *p)
{
	struct native_tree *pair = native_tree_new(p, NT_PAIR), *key;
	bool computed = native_lex_is(&p->lex, "(");

	if (p->lex.word == NW_VARIABLE) {
		struct native_tree *value = native_tree_new(p, NT_VARIABLE);

		key = take_name(p);
		value->text = key->text;
		pair->a = key;
		pair->b = value;
		return pair;
	}
	if (native_parse_accept(p, "(")) {
		key = p->pipe(p);
		if (key == NULL || !native_parse_skip(p, ")"))
			return NULL;
	} else if (p->lex.word == NW_QUOTE) {
		key = parse_string(p);
	} else if (p->lex.word == NW_NAME) {
		key = take_name(p);
	} else {
		return native_parse_fail(p, "a key of an object");
	}
	if (key == NULL)
		return NULL;
	pair->a = key;
	if (native_parse_accept(p, ":"))
		pair->b = parse_member_value(p);
	else if (key->type == NT_STRING && !computed)
		pair->b = member_of_dot(p, key);
	else
		return native_parse_fail(p, "a key of an object");
	return pair->b != NULL ? pair : NULL;
}

static struct native_tree *
parse_object(struct native_parser *p)
{
	struct native_tree *object = native_tree_new(p, NT_OBJECT), **end = &object->a;

	native_lex_next(&p->lex);
	if (native_parse_accept(p, "}"))
		return object;
	do {
		*end = parse_pair(p);
		if (*end == NULL)
			return NULL;
		end = &(*end)->next;
	} while (native_parse_accept(p, ","));
	return native_parse_skip(p, "}") ? object : NULL;
}

static struct native_tree *
parse_call(struct native_parser *p)
{
	static const char *const keywords[] = {
		"def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch",
		"label", "import", "include", "and", "or", "__loc__"
	};
	struct native_tree *call = native_tree_new(p, NT_CALL), **end = &call->a;

	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		if (native_lex_is(&p->lex, keywords[i]))
			return native_parse_fail(p, keywords[i]);
	}
	call->text = native_parse_text(p);
	native_lex_next(&p->lex);
	if (!native_parse_accept(p, "("))
		return call;
	do {
		*end = p->pipe(p);
		if (*end == NULL)
			return NULL;
		end = &(*end)->next;
		call->number++;
	} while (native_parse_accept(p, ";"));
	return native_parse_skip(p, ")") ? call : NULL;
}

static struct native_tree *
parse_number(struct native_parser *p)
{
	struct native_tree *t = native_tree_new(p, NT_NUMBER);

	/* A double has them all exactly, and jq prints them as they are. */
	if (p->lex.len > 15 || strspn(p->lex.start, "0123456789") < p->lex.len)
		return native_parse_fail(p, "a number that is no short integer");
	for (size_t i = 0; i < p->lex.len; i++)
		t->number = t->number * 10 + (p->lex.start[i] - '0');
	native_lex_next(&p->lex);
	return t;
}

static struct native_tree *
parse_group(struct native_parser *p)
{
	struct native_tree *t;

	if (native_parse_accept(p, "(")) {
		t = p->pipe(p);
		return t != NULL && native_parse_skip(p, ")") ? t : NULL;
	}
	t = native_tree_new(p, NT_ARRAY);
	native_lex_next(&p->lex);
	if (native_parse_accept(p, "]"))
		return t;
	t->a = p->pipe(p);
	return t->a != NULL && native_parse_skip(p, "]") ? t : NULL;
}

/* What a term can begin with. */
static struct native_tree *
parse_start(struct native_parser *p)
{
	struct native_tree *t;

	switch (p->lex.word) {
	case NW_FIELD:
		return member_of_dot(p, take_name(p));
	case NW_VARIABLE:
		t = native_tree_new(p, NT_VARIABLE);
		t->text = native_parse_text(p);
		native_lex_next(&p->lex);
		return t;
	case NW_NUMBER:
		return parse_number(p);
	case NW_QUOTE:
		return parse_string(p);
	case NW_NAME:
		return parse_call(p);
	case NW_FORMAT:
		return native_parse_fail(p, "a format (@text)");
	default:
		break;
	}
	if (native_lex_is(&p->lex, "(") || native_lex_is(&p->lex, "["))
		return parse_group(p);
	if (native_lex_is(&p->lex, "{"))
		return parse_object(p);
	if (!native_lex_is(&p->lex, "."))
		return native_parse_fail(p, native_lex_is(&p->lex, "..") ? ".." : "its syntax");
	t = native_tree_new(p, NT_DOT);
	native_lex_next(&p->lex);
	return p->lex.word == NW_QUOTE ? member_of_dot(p, parse_string(p)) : t;
}

/* Behind a bracket that was opened after the term. */
static struct native_tree *
parse_bracket(struct native_parser *p, struct native_tree *term)
{
	struct native_tree *t = native_tree_new(p, NT_EACH);

	t->a = term;
	if (native_parse_accept(p, "]"))
		return t;
	t->type = NT_INDEX;
	if (!native_lex_is(&p->lex, ":")) {
		t->b = p->pipe(p);
		if (t->b == NULL)
			return NULL;
	}
	if (native_parse_accept(p, ":")) {
		t->type = NT_SLICE;
		if (!native_lex_is(&p->lex, "]")) {
			t->c = p->pipe(p);
			if (t->c == NULL)
				return NULL;
		}
	}
	return native_parse_skip(p, "]") ? t : NULL;
}

static struct native_tree *
parse_suffixes(struct native_parser *p)
{
	/* Whether it ends with an access, not with a parenthesis, say. */
	bool access = p->lex.word == NW_FIELD || native_lex_is(&p->lex, ".");
	struct native_tree *t = parse_start(p), *of;

	access = access && t != NULL && t->type == NT_INDEX;
	while (t != NULL) {
		of = t;
		if (p->lex.word == NW_FIELD) {
			t = native_tree_new(p, NT_INDEX);
			t->a = of;
			t->b = take_name(p);
		} else if (native_lex_is(&p->lex, "?")) {
			t = native_tree_new(p, NT_TRY);
			t->a = of;
			t->number = access;
			access = false;
			native_lex_next(&p->lex);
			continue;
		} else if (native_lex_is(&p->lex, "[")) {
			native_lex_next(&p->lex);
			t = parse_bracket(p, of);
		} else if (native_lex_is(&p->lex, ".")) {
			/* ."x" behind a term; .[ is newer than jq 1.6 */
			native_lex_next(&p->lex);
			if (p->lex.word != NW_QUOTE)
				return native_parse_fail(p, "its syntax");
			t = native_tree_new(p, NT_INDEX);
			t->a = of;
			t->b = parse_string(p);
			if (t->b == NULL)
				return NULL;
		} else {
			break;
		}
		access = true;
	}
	return t;
}

struct native_tree *
native_parse_term(struct native_parser *p)
{
	struct native_tree *t = NULL;

	if (p->depth == NATIVE_PARSE_DEPTH)
		return native_parse_fail(p, "its depth");
	p->depth++;
	t = parse_suffixes(p);
	p->depth--;
	return t;
}
