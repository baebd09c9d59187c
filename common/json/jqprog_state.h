/*
 * What jqprog.c, which compiles programs, and jqprog_run.c, which runs them, have in common.
 */
#ifndef JSON_JQPROG_STATE_H
#define JSON_JQPROG_STATE_H

#include <jq.h>

#include "json/jqprog.h"

enum { JQPROG_REASON_SIZE = 256 };

struct jqprog {
	jq_state *jq;
	char reason[JQPROG_REASON_SIZE];
};

/* Empties the environment that libjq sees; returns what was there, for jqprog_show_environment. */
char **jqprog_hide_environment(void);

void jqprog_show_environment(char **environment);

#endif
