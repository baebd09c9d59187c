/*
 * The text of a jq program as a tree: the grammar of jq 1.6 as far as the native way needs it.
 *
 * What is wrong is libjq's to say, so this parser never judges: what it does not know it says, and the
 * program runs by libjq.  What is known to the grammar but not to the native way is an NT_OTHER, which
 * does no harm where nothing calls it (a helper that is not used).
 */
#ifndef JSON_NATIVE_TREE_H
#define JSON_NATIVE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/native_arena.h"

enum native_tree_type {
	NT_DOT,
	NT_INDEX,		/* a[b]; .name has a string for b */
	NT_SLICE,		/* a[b:c], b or c NULL */
	NT_EACH,		/* a[] */
	NT_TRY,			/* try a catch b; b NULL: none, or a?; number 1: of a's last access only */
	NT_NUMBER,		/* number */
	NT_STRING,		/* text, len */
	NT_INTERPOLATION,	/* list a of strings and programs */
	NT_ARRAY,		/* [a], a NULL: [] */
	NT_OBJECT,		/* list a of NT_PAIR */
	NT_PAIR,		/* a: b */
	NT_NEGATION,		/* -a */
	NT_PIPE, NT_COMMA, NT_AND, NT_OR, NT_ALTERNATIVE,
	NT_OPERATION,		/* a op b: + - * / % = ! (!=) < > l g */
	NT_SET,			/* a = b */
	NT_UPDATE,		/* a |= b, or a op= b: + - * / % d (//) */
	NT_IF,			/* if a then b else c */
	NT_AS,			/* a as $text | b */
	NT_REDUCE,		/* reduce a as $text (b; c) */
	NT_DEF,			/* def text(list c of NT_NAME): a; b */
	NT_NAME,		/* text; number 1: $text */
	NT_CALL,		/* text(list a); number: how many */
	NT_VARIABLE,		/* $text */
	NT_OTHER		/* text: what it is */
};

struct native_tree {
	enum native_tree_type type;
	char op;
	uint32_t len;
	const char *at;		/* where it begins in the program's text */
	const char *text;	/* with a NUL behind it */
	int64_t number;
	struct native_tree *a, *b, *c, *next;
};

/* The first thing that was not understood. */
struct native_doubt {
	const char *at;		/* in the program's text, or in that of the helpers */
	char what[80];
};

/*
 * Parses a whole program, or, if helpers, definitions only; those end in a NT_DEF whose b is NULL.
 * NULL for a text without any.  Everything lies in the arena; the tree points into text.  Returns 0,
 * or -1 with *doubt filled.
 */
int native_parse(struct native_arena *arena, const char *text, int helpers,
    struct native_tree **tree, struct native_doubt *doubt);

struct native_value;

/*
 * Whether libjq compiles the program behind these helpers, which need not be asked then.  named: the
 * object of its variables.  False says nothing.
 */
bool native_is_sound(struct native_arena *arena, const struct native_tree *helpers,
    const struct native_tree *program, const struct native_value *named);

#endif
