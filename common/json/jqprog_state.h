/*
 * What jqprog.c, which compiles programs, jqprog_args.c, which has their variables, and jqprog_run.c,
 * which runs them, have in common.
 */
#ifndef JSON_JQPROG_STATE_H
#define JSON_JQPROG_STATE_H

#include <jq.h>

#include "base/buf.h"
#include "json/jqprog.h"
#include "json/jqvalue.h"
#include "json/native.h"

enum { JQPROG_REASON_SIZE = 256 };

struct jqprog {
	jq_state *jq;		/* NULL: not started */
	jv named;		/* the object of the program's variables */
	char *helpers;		/* path of the helpers */
	struct buf source;	/* for a start that comes late: the helpers' text and the program's */
	struct jqvalue *values;
	struct buf line;	/* the output at hand */
	bool args_are_wrong;	/* the last run found so */
	struct native *native;	/* the program without libjq, or NULL */
	struct native_reason why;	/* it is NULL */
	char reason[JQPROG_REASON_SIZE];
};

/* The object of all variables of *o.  Wrong ones are usage errors. */
jv jqprog_variables(const struct jqprog_options *o);

/*
 * Compiles the program's text natively, if that is possible.  If libjq is known to compile it too,
 * p->source is filled: libjq is started when a record asks for it, which costs more than thousands of
 * records do.  Returns 0, or -1 with the reason printed if the helpers cannot be read.
 */
int jqprog_compile_native(struct jqprog *p, const struct jqprog_options *o, const char *text);

/* Starts libjq with p->source unless it runs.  Returns 0, or -1 with the reason printed. */
int jqprog_start_libjq(struct jqprog *p);

/*
 * Whether the program's text holds the names of all variables of o->args, or takes $ARGS as a whole;
 * else false with one line printed, in which the program is called name.
 */
bool jqprog_takes_args(const struct jqprog_options *o, const char *name, const char *text);

/* Empties the environment that libjq sees; returns what was there, for jqprog_show_environment. */
char **jqprog_hide_environment(void);

void jqprog_show_environment(char **environment);

#endif
