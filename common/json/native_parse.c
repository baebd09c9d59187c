/*
 * Expressions of a jq program, by the precedences of jq 1.6.
 */
#include <stdio.h>
#include <string.h>

#include "json/jqprog.h"
#include "json/native_parse.h"

/* The lowest is "|", the only other one that takes itself on its right is "//". */
enum level { PIPE = 1, COMMA, ALTERNATIVE, ASSIGNMENT, OR, AND, COMPARISON, SUM, PRODUCT, NONE };

struct operator {
	const char *text;
	enum level level;
	enum native_tree_type type;
	char op;
};

static const struct operator operators[] = {
	{ "|", PIPE, NT_PIPE, 0 }, { ",", COMMA, NT_COMMA, 0 }, { "//", ALTERNATIVE, NT_ALTERNATIVE, 0 },
	{ "=", ASSIGNMENT, NT_SET, 0 }, { "|=", ASSIGNMENT, NT_UPDATE, 0 },
	{ "+=", ASSIGNMENT, NT_UPDATE, '+' }, { "-=", ASSIGNMENT, NT_UPDATE, '-' },
	{ "*=", ASSIGNMENT, NT_UPDATE, '*' }, { "/=", ASSIGNMENT, NT_UPDATE, '/' },
	{ "%=", ASSIGNMENT, NT_UPDATE, '%' }, { "//=", ASSIGNMENT, NT_UPDATE, 'd' },
	{ "or", OR, NT_OR, 0 }, { "and", AND, NT_AND, 0 },
	{ "==", COMPARISON, NT_OPERATION, '=' }, { "!=", COMPARISON, NT_OPERATION, '!' },
	{ "<", COMPARISON, NT_OPERATION, '<' }, { ">", COMPARISON, NT_OPERATION, '>' },
	{ "<=", COMPARISON, NT_OPERATION, 'l' }, { ">=", COMPARISON, NT_OPERATION, 'g' },
	{ "+", SUM, NT_OPERATION, '+' }, { "-", SUM, NT_OPERATION, '-' },
	{ "*", PRODUCT, NT_OPERATION, '*' }, { "/", PRODUCT, NT_OPERATION, '/' },
	{ "%", PRODUCT, NT_OPERATION, '%' },
};

static struct native_tree *parse_level(struct native_parser *p, enum level least);

static struct native_tree *
parse_pipe(struct native_parser *p)
{
	return parse_level(p, PIPE);
}

/* if a then b elif ... end, behind the if. */
static struct native_tree *
parse_if(struct native_parser *p)
{
	struct native_tree *t = native_tree_new(p, NT_IF);

	native_lex_next(&p->lex);
	t->a = parse_pipe(p);
	if (t->a == NULL || !native_parse_skip(p, "then"))
		return NULL;
	t->b = parse_pipe(p);
	if (t->b == NULL)
		return NULL;
	if (native_lex_is(&p->lex, "elif")) {
		if (p->depth == NATIVE_PARSE_DEPTH)
			return native_parse_fail(p, "its depth");
		p->depth++;
		t->c = parse_if(p);
		p->depth--;
		return t->c != NULL ? t : NULL;
	}
	/* Without an else: newer than jq 1.6. */
	if (!native_parse_skip(p, "else"))
		return NULL;
	t->c = parse_pipe(p);
	return t->c != NULL && native_parse_skip(p, "end") ? t : NULL;
}

/* null, true and false, which no definition changes the meaning of. */
static bool
is_constant_name(const char *name)
{
	return strcmp(name, "null") == 0 || strcmp(name, "true") == 0 || strcmp(name, "false") == 0;
}

/* The parameters of a definition, behind its name. */
static bool
parse_parameters(struct native_parser *p, struct native_tree *def)
{
	struct native_tree **end = &def->c;

	if (!native_parse_accept(p, "("))
		return true;
	do {
		struct native_tree *name = native_tree_new(p, NT_NAME);

		if (p->lex.word != NW_NAME && p->lex.word != NW_VARIABLE)
			return native_parse_fail(p, "its syntax") != NULL;
		name->number = p->lex.word == NW_VARIABLE;
		name->text = native_parse_text(p);
		if (is_constant_name(name->text))
			return native_parse_fail(p, "a definition of null, true or false") != NULL;
		native_lex_next(&p->lex);
		*end = name;
		end = &name->next;
		def->number++;
	} while (native_parse_accept(p, ";"));
	return native_parse_skip(p, ")");
}

/* def name(parameters): a; without what stands behind it. */
static struct native_tree *
parse_def(struct native_parser *p)
{
	struct native_tree *def = native_tree_new(p, NT_DEF);

	native_lex_next(&p->lex);
	if (p->lex.word != NW_NAME)
		return native_parse_fail(p, "its syntax");
	def->text = native_parse_text(p);
	if (is_constant_name(def->text))
		return native_parse_fail(p, "a definition of null, true or false");
	native_lex_next(&p->lex);
	if (!parse_parameters(p, def) || !native_parse_skip(p, ":"))
		return NULL;
	def->a = parse_pipe(p);
	return def->a != NULL && native_parse_skip(p, ";") ? def : NULL;
}

static struct native_tree *
parse_try(struct native_parser *p)
{
	struct native_tree *t = native_tree_new(p, NT_TRY);

	native_lex_next(&p->lex);
	t->a = native_parse_term(p);
	if (t->a == NULL || !native_parse_accept(p, "catch"))
		return t->a != NULL ? t : NULL;
	t->b = native_parse_term(p);
	return t->b != NULL ? t : NULL;
}

/* foreach: read over, behind what it has in common with reduce. */
static struct native_tree *
parse_foreach(struct native_parser *p, struct native_tree *t)
{
	t->type = NT_OTHER;
	t->text = "foreach";
	do {
		if (parse_pipe(p) == NULL)
			return NULL;
	} while (native_parse_accept(p, ";"));
	return native_parse_skip(p, ")") ? t : NULL;
}

/* reduce and foreach. */
static struct native_tree *
parse_loop(struct native_parser *p)
{
	struct native_tree *t = native_tree_new(p, NT_REDUCE);
	bool reduces = native_lex_is(&p->lex, "reduce");

	native_lex_next(&p->lex);
	t->a = native_parse_term(p);
	if (t->a == NULL || !native_parse_skip(p, "as"))
		return NULL;
	if (p->lex.word != NW_VARIABLE)
		return native_parse_fail(p, "a pattern behind as");
	t->text = native_parse_text(p);
	native_lex_next(&p->lex);
	if (!native_parse_skip(p, "("))
		return NULL;
	if (!reduces)
		return parse_foreach(p, t);
	t->b = parse_pipe(p);
	if (t->b == NULL || !native_parse_skip(p, ";"))
		return NULL;
	t->c = parse_pipe(p);
	return t->c != NULL && native_parse_skip(p, ")") ? t : NULL;
}

/* term, or term as $name | ... */
static struct native_tree *
parse_binding(struct native_parser *p)
{
	struct native_tree *term = native_parse_term(p), *t;

	if (term == NULL || !native_lex_is(&p->lex, "as"))
		return term;
	t = native_tree_new(p, NT_AS);
	native_lex_next(&p->lex);
	if (p->lex.word != NW_VARIABLE)
		return native_parse_fail(p, "a pattern behind as");
	t->text = native_parse_text(p);
	native_lex_next(&p->lex);
	t->a = term;
	if (!native_parse_skip(p, "|"))
		return NULL;
	t->b = parse_pipe(p);
	return t->b != NULL ? t : NULL;
}

static struct native_tree *
parse_operand(struct native_parser *p)
{
	struct native_tree *t;

	if (native_lex_is(&p->lex, "if"))
		return parse_if(p);
	if (native_lex_is(&p->lex, "try"))
		return parse_try(p);
	if (native_lex_is(&p->lex, "reduce") || native_lex_is(&p->lex, "foreach"))
		return parse_loop(p);
	if (native_lex_is(&p->lex, "def")) {
		t = parse_def(p);
		if (t != NULL)
			t->b = parse_pipe(p);
		return t != NULL && t->b != NULL ? t : NULL;
	}
	if (!native_parse_accept(p, "-"))
		return parse_binding(p);
	t = native_tree_new(p, NT_NEGATION);
	t->a = parse_level(p, PRODUCT);
	return t->a != NULL ? t : NULL;
}

static const struct operator *
operator_at_hand(const struct native_parser *p)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (*p->lex.start == *operators[i].text && native_lex_is(&p->lex, operators[i].text))
			return &operators[i];
	}
	return NULL;
}

static struct native_tree *
parse_operations(struct native_parser *p, enum level least)
{
	struct native_tree *left = parse_operand(p), *t;
	enum level most = NONE;		/* a == b == c is none */

	if (left == NULL)
		return NULL;
	for (;;) {
		const struct operator *o = operator_at_hand(p);
		bool itself;

		if (o == NULL || o->level < least)
			return left;
		if (o->level > most || (o->level == most &&
		    (o->level == COMPARISON || o->level == ASSIGNMENT)))
			return native_parse_fail(p, "its syntax");
		itself = o->level == PIPE || o->level == ALTERNATIVE;
		t = native_tree_new(p, o->type);
		t->text = o->text;
		t->op = o->op;
		t->a = left;
		native_lex_next(&p->lex);
		t->b = parse_level(p, itself ? o->level : o->level + 1);
		if (t->b == NULL)
			return NULL;
		most = o->level;
		left = t;
	}
}

/* least: weaker operators are left to the caller. */
static struct native_tree *
parse_level(struct native_parser *p, enum level least)
{
	struct native_tree *t;

	if (p->depth == NATIVE_PARSE_DEPTH)
		return native_parse_fail(p, "its depth");
	p->depth++;
	t = parse_operations(p, least);
	p->depth--;
	return t;
}

/* All definitions of the helpers, one behind the other. */
static int
parse_helpers(struct native_parser *p, struct native_tree **tree)
{
	while (native_lex_is(&p->lex, "def")) {
		*tree = parse_def(p);
		if (*tree == NULL)
			return -1;
		tree = &(*tree)->b;
	}
	return 0;
}

int
native_parse(struct native_arena *arena, const char *text, int helpers, struct native_tree **tree,
    struct native_doubt *doubt)
{
	struct native_parser p = { .arena = arena, .doubt = doubt, .pipe = parse_pipe };
	int result = 0;

	*tree = NULL;
	doubt->at = NULL;
	p.lex.p = text;
	buf_init(&p.scratch, JQPROG_TEXT_MAX);
	native_lex_next(&p.lex);
	if (helpers)
		result = parse_helpers(&p, tree);
	else if (p.lex.word == NW_END)
		*tree = native_tree_new(&p, NT_DOT);
	else if ((*tree = parse_pipe(&p)) == NULL)
		result = -1;
	if (result == 0 && p.lex.word != NW_END) {
		native_parse_fail(&p, "its syntax");
		result = -1;
	}
	buf_free(&p.scratch);
	return result;
}
