/*
 * Programs of the projection kind, run without libjq: paths, constructions, //, constants,
 * interpolation, comparison, and, or, if, bindings, definitions, some builtin functions.
 *
 * libjq stays what defines the language.  A program is native only if every part of it that can run
 * is understood, and a record only if the native run meets nothing on which the two could differ
 * and nothing that jq has an error for: numbers that are no short integers, keys repeated or
 * written with escapes, NUL, error().  Everything else is libjq's, which then runs from the start.
 */
#ifndef JSON_NATIVE_H
#define JSON_NATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "json/tok.h"

struct buf;
struct native;

/* A variable and its value. */
struct native_variable {
	const char *name;
	size_t name_len;
	const char *value;
};

/* Why a program does not run natively. */
struct native_reason {
	bool in_helpers;	/* the line is one of the helpers */
	long line;
	char what[80];
};

/*
 * Compiles a program behind the definitions of the helpers.  Nothing that is passed is kept.  Returns
 * NULL with *why filled if it has to run by libjq.  What libjq would not compile may pass, unless
 * native_is_known_good says otherwise.
 */
struct native *native_new(const char *program, const char *helpers,
    const struct native_variable *variables, size_t count, struct native_reason *why);

/* Whether libjq is known to compile the program, which it was not asked. */
bool native_is_known_good(const struct native *n);

/* NULL is fine. */
void native_free(struct native *n);

/*
 * Runs the program on a record that record_next accepted, as jqprog_run does, output included; the
 * outputs are such records too (record_check).  Returns false if libjq has to run it; output was not
 * called then.  Else *wrong is NULL, or what output returned.
 */
bool native_run(struct native *n, const struct tok_list *list, const char *text,
    const char *(*output)(void *arg, const char *text, size_t len), void *arg, const char **wrong);

/*
 * The same, with the outputs in one piece, an LF behind each: the content of the buffer, until the next
 * run.  NULL if libjq has to run it.
 */
const struct buf *native_rows(struct native *n, const struct tok_list *list, const char *text);

#endif
