/*
 * The native way of a program, beside libjq's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/mem.h"
#include "json/jqprog_state.h"

static void
add_variables(struct native_variable *to, const struct opt_list *args)
{
	for (size_t i = 0; i < args->count; i++) {
		const char *equals = strchr(args->items[i], '=');

		to[i].name = args->items[i];
		to[i].name_len = (size_t)(equals - args->items[i]);
		to[i].value = equals + 1;
	}
}

int
jqprog_compile_native(struct jqprog *p, const struct jqprog_options *o, const char *text)
{
	size_t count = o->args.count + o->own.count;
	struct native_variable *variables;
	struct buf b;

	if (o->no_native) {
		snprintf(p->why.what, sizeof p->why.what, "--no-native");
		return 0;
	}
	buf_init(&b, JQPROG_TEXT_MAX);
	if (datafile_read(p->helpers, &b) != 0)
		return -1;
	variables = mem_alloc((count + 1) * sizeof *variables);
	add_variables(variables, &o->args);
	add_variables(variables + o->args.count, &o->own);
	p->native = native_new(text, buf_string(&b), variables, count, &p->why);
	if (p->native != NULL && native_is_known_good(p->native)) {
		buf_append_string(&p->source, buf_string(&b));
		buf_append_byte(&p->source, '\n');
		buf_append_string(&p->source, text);
	}
	free(variables);
	buf_free(&b);
	return 0;
}

const char *
jqprog_explain(struct jqprog *p)
{
	if (p->native != NULL)
		return NULL;
	if (p->why.line == 0)
		return p->why.what;
	snprintf(p->reason, sizeof p->reason, "%s%ld: %s", p->why.in_helpers ? "cognito.jq:" : "",
	    p->why.line, p->why.what);
	return p->reason;
}
