/*
 * The variables of a jq program: --arg NAME=VALUE.
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/jqprog_state.h"
#include "json/utf8.h"

static const char name_bytes[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

const struct opt_spec *
jqprog_option_table(struct jqprog_options *o)
{
	static struct opt_spec table[5];
	const struct opt_spec rows[5] = {
		{ "arg", 0, OPT_LIST, &o->args },
		{ "expression", 'e', OPT_VALUE, &o->expression },
		{ "file", 'f', OPT_VALUE, &o->file },
		{ "mapping", 'm', OPT_VALUE, &o->mapping },
		{ NULL, 0, OPT_FLAG, NULL }
	};

	memcpy(table, rows, sizeof table);
	return table;
}

/* The length of the jq variable's name at s. */
static size_t
name_length(const char *s)
{
	return strspn(s, name_bytes + 10) > 0 ? strspn(s, name_bytes) : 0;
}

/* Adds the variables NAME=VALUE to the object named, which is consumed. */
static jv
add_variables(jv named, const struct opt_list *args)
{
	for (size_t i = 0; i < args->count; i++) {
		const char *arg = args->items[i], *value;
		size_t n = name_length(arg);
		char name[64];
		jv key;

		if (n == 0 || n >= sizeof name || arg[n] != '=')
			opt_usage_error("--arg: must be NAME=VALUE, NAME of at most %zu letters, "
			    "digits and _", sizeof name - 1);
		snprintf(name, sizeof name, "%.*s", (int)n, arg);
		value = arg + n + 1;
		/* Names of libjq's own that a variable would hide. */
		if (strcmp(name, "ENV") == 0 || strcmp(name, "ARGS") == 0 ||
		    strncmp(name, "__", 2) == 0)
			opt_usage_error("--arg: %s: the name is reserved", name);
		if (strlen(value) > JQPROG_TEXT_MAX || utf8_valid(value, strlen(value)) != strlen(value))
			opt_usage_error("--arg: %s: not UTF-8, or too long", name);
		key = jv_string(name);
		if (jv_object_has(jv_copy(named), jv_copy(key)))
			opt_usage_error("--arg: %s: given twice", name);
		named = jv_object_set(named, key, jv_string(value));
	}
	return named;
}

jv
jqprog_variables(const struct jqprog_options *o)
{
	return add_variables(add_variables(jv_object(), &o->args), &o->own);
}

/* Whether text holds the len bytes at name as a word of its own. */
static bool
mentions(const char *text, const char *name, size_t len)
{
	const char *word = text + strcspn(text, name_bytes);

	while (*word != '\0') {
		size_t n = strspn(word, name_bytes);

		if (n == len && memcmp(word, name, len) == 0)
			return true;
		word += n;
		word += strcspn(word, name_bytes);
	}
	return false;
}

/* Whether text takes $ARGS otherwise than a variable at a time: $ARGS.named.x, $ARGS.named["x"]. */
static bool
takes_all(const char *text)
{
	static const char all[] = "$ARGS", named[] = ".named";

	for (const char *s = strstr(text, all); s != NULL; s = strstr(s, all)) {
		s += sizeof all - 1;
		if (strncmp(s, named, sizeof named - 1) != 0)
			return true;
		s += sizeof named - 1;
		if (*s != '.' && *s != '[')
			return true;
	}
	return false;
}

bool
jqprog_takes_args(const struct jqprog_options *o, const char *name, const char *text)
{
	for (size_t i = 0; i < o->args.count && !takes_all(text); i++) {
		const char *arg = o->args.items[i];
		size_t n = name_length(arg);

		if (!mentions(text, arg, n)) {
			diag_error("--arg %.*s: no variable of %s", (int)n, arg, name);
			return false;
		}
	}
	return true;
}
