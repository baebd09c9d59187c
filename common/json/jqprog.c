/*
 * libjq behind an interface that cannot leak a record.
 *
 * All jv functions consume their arguments but those that iterate; here, too, a function that
 * takes a jv consumes it unless it says "borrows".
 */
#include <jq.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "json/jqprog_state.h"
#include "json/utf8.h"

/* What a compilation needs beside the program's text. */
struct compilation {
	const char *name;	/* for messages: the file, or "-e" */
	struct buf text;
	char *helpers;		/* path of the helpers */
	char *message;		/* libjq's first, or NULL */
};

extern char **environ;

char **
jqprog_hide_environment(void)
{
	static char *nothing[] = { NULL };
	char **environment = environ;

	environ = nothing;
	return environment;
}

void
jqprog_show_environment(char **environment)
{
	environ = environment;
}

static void
out_of_memory(void *unused)
{
	(void)unused;
	diag_error("out of memory");
	exit(PROG_FAIL);
}

/*
 * Callbacks that do nothing must be there: jq_init of 1.6 leaves those of input and debug
 * uninitialised.
 */
static jv
no_input(jq_state *jq, void *unused)
{
	(void)jq;
	(void)unused;
	return jv_invalid();
}

static void
no_message(void *unused, jv message)
{
	(void)unused;
	jv_free(message);
}

/* Keeps the first message; the others follow from it, and the last one counts them. */
static void
take_message(void *arg, jv message)
{
	struct compilation *c = arg;
	jv text = jq_format_error(message);

	if (c->message == NULL && jv_get_kind(text) == JV_KIND_STRING)
		c->message = mem_dup_string(jv_string_value(text));
	jv_free(text);
}

/* The start of "at PLACE, line N" in a message of libjq, or NULL; *comma gets its comma. */
static char *
find_place(char *message, char **comma)
{
	char *place = NULL;

	*comma = NULL;
	for (char *s = strstr(message, ", line "); s != NULL; s = strstr(s + 1, ", line "))
		*comma = s;
	if (*comma == NULL)
		return NULL;
	for (char *s = strstr(message, " at "); s != NULL && s < *comma; s = strstr(s + 1, " at "))
		place = s;
	return place;
}

/* Prints libjq's "jq: error: WHAT (HINT) at <top-level>, line N:\nSOURCE" as one line of ours. */
static void
print_message(const struct compilation *c)
{
	static const char prefix[] = "jq: error: ", hint[] = " (Unix shell quoting issues?)";
	const char *file = c->name;
	char *what = c->message, *place, *comma, *end;
	long line;

	if (what == NULL) {
		diag_error("%s: does not compile", c->name);
		return;
	}
	if (strncmp(what, prefix, sizeof prefix - 1) == 0)
		what += sizeof prefix - 1;
	what[strcspn(what, "\n")] = '\0';
	place = find_place(what, &comma);
	if (place == NULL) {
		diag_error("%s: %s", c->name, what);
		return;
	}
	*place = *comma = '\0';
	line = strtol(comma + sizeof ", line " - 1, NULL, 10);
	if (strcmp(place + sizeof " at " - 1, "<top-level>") != 0)
		file = place + sizeof " at " - 1;
	end = strstr(what, hint);
	if (end != NULL)
		*end = '\0';
	diag_error("%s:%ld: %s", file, line, what);
}

/* The directory in which path lies, absolute, since libjq takes relative ones from elsewhere. */
static jv
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? mem_dup_string(".") :
	    mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
	char *whole = realpath(dir, NULL);
	jv result = jv_string(whole != NULL ? whole : dir);

	free(whole);
	free(dir);
	return result;
}

static void
set_paths(jq_state *jq, const struct compilation *c, const char *file)
{
	jv helpers = directory_of(c->helpers);
	jv paths = jv_array();
	jv origin = file != NULL ? directory_of(file) : jv_copy(helpers);

	if (file != NULL)
		paths = jv_array_append(paths, jv_copy(origin));
	paths = jv_array_append(paths, jv_copy(helpers));
	jq_set_attr(jq, jv_string("JQ_ORIGIN"), helpers);
	jq_set_attr(jq, jv_string("PROGRAM_ORIGIN"), origin);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), paths);
}

/*
 * The program behind an include of the helpers on its first line, so that the lines in libjq's
 * messages are the program's own.
 */
static jv
program_text(const struct compilation *c)
{
	jv meta = jv_object_set(jv_object(), jv_string("search"), directory_of(c->helpers));
	jv text = jv_string("include \"cognito\" ");

	text = jv_string_concat(text, jv_dump_string(meta, 0));
	text = jv_string_append_str(text, "; ");
	return jv_string_append_buf(text, buf_string(&c->text), (int)c->text.len);
}

static int
compile(struct jqprog *p, struct compilation *c, const char *file, jv text)
{
	jv all = jv_object_set(jv_object(), jv_string("positional"), jv_array());
	char **environment;
	int done;

	p->jq = jq_init();
	if (p->jq == NULL)
		out_of_memory(NULL);
	jq_set_nomem_handler(p->jq, out_of_memory, NULL);
	jq_set_input_cb(p->jq, no_input, NULL);
	jq_set_debug_cb(p->jq, no_message, NULL);
	all = jv_object_set(all, jv_string("named"), jv_copy(p->named));
	set_paths(p->jq, c, file);
	jq_set_error_cb(p->jq, take_message, c);
	environment = jqprog_hide_environment();
	done = jq_compile_args(p->jq, jv_string_value(text),
	    jv_object_set(jv_copy(p->named), jv_string("ARGS"), all));
	jqprog_show_environment(environment);
	/* Not NULL, which means: print on standard error. */
	jq_set_error_cb(p->jq, no_message, NULL);
	jv_free(text);
	if (done)
		return 0;
	print_message(c);
	jq_teardown(&p->jq);
	return -1;
}

/*
 * The helpers' text stands before the program's, and not an include: the file may have changed since
 * the program was found good.
 */
int
jqprog_start_libjq(struct jqprog *p)
{
	struct compilation c = { .name = "the program", .helpers = p->helpers };
	int result;

	if (p->jq != NULL)
		return 0;
	result = compile(p, &c, NULL, jv_string_sized(buf_string(&p->source), (int)p->source.len));
	free(c.message);
	return result;
}

/*
 * The time zone that a program sees, whose environment is empty: libc reads its file now, while the
 * door is open (sandbox.h), and not at the first localtime.  There is no other file that libjq reads
 * when a program runs, but of modulemeta; modules are read when it is compiled.
 */
static void
prepare_time_zone(void)
{
	char **environment = jqprog_hide_environment();

	tzset();
	jqprog_show_environment(environment);
}

/* Reads the program's text into c.  Returns 0, or -1 with the reason printed. */
static int
read_program(struct compilation *c, const char *expression, const char *file)
{
	if (file != NULL && datafile_read(file, &c->text) != 0)
		return -1;
	if (file == NULL && buf_append_string(&c->text, expression) != 0) {
		diag_error("%s: longer than the limit of %d bytes", c->name, JQPROG_TEXT_MAX);
		return -1;
	}
	/* libjq would stop at a NUL and replace what is no UTF-8. */
	if (strlen(buf_string(&c->text)) != c->text.len ||
	    utf8_valid(buf_string(&c->text), c->text.len) != c->text.len) {
		diag_error("%s: not UTF-8 text", c->name);
		return -1;
	}
	return 0;
}

static struct jqprog *
build(struct compilation *c, const struct jqprog_options *o, const char *file, jv named)
{
	struct jqprog *p;

	if (read_program(c, o->expression, file) != 0 || c->helpers == NULL ||
	    !jqprog_takes_args(o, c->name, buf_string(&c->text))) {
		jv_free(named);
		return NULL;
	}
	p = mem_alloc(sizeof *p);
	p->named = named;
	p->helpers = mem_dup_string(c->helpers);
	p->values = jqvalue_new();
	buf_init(&p->source, 2 * (size_t)JQPROG_TEXT_MAX + 1);
	buf_init(&p->line, INT_MAX);
	prepare_time_zone();
	if (jqprog_compile_native(p, o, buf_string(&c->text)) != 0 ||
	    (p->source.len == 0 && compile(p, c, file, program_text(c)) != 0)) {
		jqprog_free(p);
		return NULL;
	}
	return p;
}

struct jqprog *
jqprog_new(const struct jqprog_options *o)
{
	struct compilation c = { .name = "-e" };
	struct jqprog *p = NULL;
	char *path = NULL;
	jv named;

	if ((o->expression != NULL) + (o->file != NULL) + (o->mapping != NULL) != 1)
		opt_usage_error("exactly one of --expression, --file and --mapping is needed");
	named = jqprog_variables(o);
	if (o->mapping != NULL)
		path = datafile_find("mappings", o->mapping, "jq");
	else
		path = mem_dup_string(o->file);
	if (o->expression == NULL && path == NULL) {
		jv_free(named);
		return NULL;
	}
	if (path != NULL)
		c.name = path;
	buf_init(&c.text, JQPROG_TEXT_MAX);
	c.helpers = datafile_find("mappings", "cognito", "jq");
	p = build(&c, o, path, named);
	buf_free(&c.text);
	free(c.message);
	free(c.helpers);
	free(path);
	return p;
}

void
jqprog_free(struct jqprog *p)
{
	if (p == NULL)
		return;
	native_free(p->native);
	if (p->jq != NULL)
		jq_teardown(&p->jq);
	jqvalue_free(p->values);
	jv_free(p->named);
	free(p->helpers);
	buf_free(&p->source);
	buf_free(&p->line);
	free(p);
}
