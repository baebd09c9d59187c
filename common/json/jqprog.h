/*
 * A jq program, run on one record at a time by libjq (1.6 or newer).
 *
 * What programs may do and what not:
 *
 *   helpers        the definitions of the mapping "cognito" are included in every program
 *   include        finds modules beside the program's file, then beside the helpers
 *   env, $ENV      empty: the environment may hold keys, and a mapping must not print them
 *   ~/.jq          not read: a run is the same for everybody
 *   input, inputs  give nothing: one record in, its outputs out
 *   debug, stderr  print nothing: messages hold no values of attributes
 *
 * Errors are told without a byte of the record: libjq's own messages quote it.
 */
#ifndef JSON_JQPROG_H
#define JSON_JQPROG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"
#include "json/tok.h"

enum {
	/* Sixteen times the longest program that one would still call a mapping. */
	JQPROG_TEXT_MAX = 1024 * 1024
};

/* Where the program comes from, and its variables. */
struct jqprog_options {
	const char *expression;	/* -e, --expression PROGRAM */
	const char *file;	/* -f, --file FILE */
	const char *mapping;	/* -m, --mapping NAME */
	struct opt_list args;	/* --arg NAME=VALUE */
	struct opt_list own;	/* likewise, of the command; a program need not know them */
	bool no_native;		/* by libjq alone */
};

/* Their part of a SYNOPSIS. */
#define JQPROG_USAGE "[--arg name=value] -e program | -f file | -m mapping"

/* The rows for these options, bound to *o.  The table is static: one a program. */
const struct opt_spec *jqprog_option_table(struct jqprog_options *o);

struct jqprog;
struct buf;

/*
 * Compiles the program that *o names; nothing of *o is kept.  Anything but exactly one source, and
 * variables that are no NAME=VALUE, are usage errors (opt_usage_error).  Returns NULL with one line
 * printed if the program or the helpers cannot be read, are not UTF-8, are longer than
 * JQPROG_TEXT_MAX or do not compile ("FILE:LINE: what"), or if the program's text does not hold
 * the name of a variable of args, unless it uses $ARGS as a whole: a name mistyped would do nothing.
 */
struct jqprog *jqprog_new(const struct jqprog_options *o);

/* NULL is fine. */
void jqprog_free(struct jqprog *p);

/*
 * Whether the last run ended because the program called wrong_arg(): its variables suit no record,
 * and the command ends with PROG_USAGE.  (So it does if libjq, started late, refuses what it was
 * known to take, which would be a defect here.)
 */
bool jqprog_args_are_wrong(const struct jqprog *p);

/*
 * Which way the program runs: NULL if natively (native.h), else the reason for libjq, "LINE: what", with
 * the helpers' name before it if the line is one of theirs.  Held as long as p.
 */
const char *jqprog_explain(struct jqprog *p);

/*
 * Runs the program on a record: the len bytes at text, whose tokens are list.
 *
 * output is called for every value that comes out, in order, with its canonical text (what jq -c
 * prints, NUL-terminated, no LF; borrowed during the call); it returns NULL, or a reason, which
 * ends the run.
 *
 * Returns NULL at the good end, else the reason why the record is wrong, held until the next call:
 * what output returned; the text that the program gave to reject() or wrong_arg(); that it failed, and how, as
 * far as that can be told without the record's content; an output that is no object, holds a
 * number that is not finite, or is nested deeper than TOK_DEPTH_MAX; a number in the record that a
 * double would round; a record that is nested too deep for libjq (1.6 takes 256 levels, and an
 * object for two).  What was put out before that is then not to be used.
 *
 * Memory that is not there ends the program with status 1 (mem.h).
 */
const char *jqprog_run(struct jqprog *p, const struct tok_list *list, const char *text, size_t len,
    const char *(*output)(void *arg, const char *text, size_t len), void *arg);

/*
 * The two ways of jqprog_run apart, for who has no need of a call for each output.  First natively:
 * every output is a record by the rules of record.h then, if the input was one, and all are given in
 * one piece, an LF behind each, held until the next call.  NULL where the record has to go to libjq.
 */
const struct buf *jqprog_rows(struct jqprog *p, const struct tok_list *list, const char *text);

/* And then by libjq, as jqprog_run has it. */
const char *jqprog_run_libjq(struct jqprog *p, const struct tok_list *list, const char *text,
    size_t len, const char *(*output)(void *arg, const char *text, size_t len), void *arg);

#endif
