/* What native_parse.c, which has the expressions, and native_term.c, which has the terms, share. */
#ifndef JSON_NATIVE_PARSE_H
#define JSON_NATIVE_PARSE_H

#include "base/buf.h"
#include "json/native_lex.h"
#include "json/native_tree.h"

enum {
	/* Deeper nesting than any mapping's, and a small stack. */
	NATIVE_PARSE_DEPTH = 200
};

struct native_parser {
	struct native_arena *arena;
	struct native_lex lex;
	struct native_doubt *doubt;
	struct buf scratch;
	int depth;
	/* Reads a pipe: the whole of what may stand in parentheses. */
	struct native_tree *(*pipe)(struct native_parser *p);
};

/* A new tree of this type that begins at the word at hand. */
struct native_tree *native_tree_new(struct native_parser *p, enum native_tree_type type);

/* Notes that the word at hand is not understood, unless something was noted before; NULL. */
struct native_tree *native_parse_fail(struct native_parser *p, const char *what);

/* Steps over the operator, bracket or keyword, or fails. */
bool native_parse_skip(struct native_parser *p, const char *text);

/* Steps over it if it is there. */
bool native_parse_accept(struct native_parser *p, const char *text);

/* A term with what stands behind it: .a["b"][0][]? */
struct native_tree *native_parse_term(struct native_parser *p);

/* The text of the word at hand, in the arena. */
const char *native_parse_text(struct native_parser *p);

#endif
