/*
 * Running a compiled program on a record, and telling what went wrong without the record's content.
 *
 * A function that takes a jv consumes it unless it says "borrows".
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "json/jqprog_state.h"
#include "json/jtext.h"
#include "json/utf8.h"

/* Memory for an output that stays from one to the next; a longer one is hardly a record. */
enum { LINE_KEPT_MAX = 2 * 1024 * 1024 };

static const char *
check_numbers(const struct tok_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct tok *t = &list->tok[i];

		if (t->type == TOK_NUMBER &&
		    !jtext_number_is_safe(text + t->start, t->end - t->start))
			return "a number that a mapping would round: beyond 2^53 or too precise";
	}
	return NULL;
}

static const char *
give_out(struct jqprog *p, jv v, const char *(*output)(void *arg, const char *text, size_t len),
    void *arg)
{
	const char *wrong;

	if (jv_get_kind(v) != JV_KIND_OBJECT) {
		snprintf(p->reason, sizeof p->reason, "the mapping gave no object but: %s",
		    jv_kind_name(jv_get_kind(v)));
		jv_free(v);
		return p->reason;
	}
	buf_clear(&p->line);
	wrong = jqvalue_print(p->values, v, &p->line);
	jv_free(v);
	if (wrong == NULL)
		wrong = output(arg, buf_string(&p->line), p->line.len);
	if (p->line.cap > LINE_KEPT_MAX)
		buf_free(&p->line);
	return wrong;
}

/* The type that libjq names at s ("string (\"Ana...\")"), from a list of ours, or NULL. */
static const char *
type_at(const char *s)
{
	static const char *const types[] = {
		"null", "boolean", "number", "string", "array", "object", "true", "false"
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strncmp(s, types[i], strlen(types[i])) == 0)
			return types[i];
	}
	return NULL;
}

/* Tells from libjq's message, or from what error() was given, as much as holds no content. */
static void
describe_error(struct jqprog *p, const char *message)
{
	static const char index[] = "Cannot index ", iterate[] = "Cannot iterate over ";
	const char *type, *how = "an operation does not take the type";

	if (strncmp(message, index, sizeof index - 1) == 0) {
		how = "cannot take a member of the type";
		type = type_at(message + sizeof index - 1);
	} else if (strncmp(message, iterate, sizeof iterate - 1) == 0) {
		how = "cannot iterate over the type";
		type = type_at(message + sizeof iterate - 1);
	} else {
		type = strstr(message, " (") != NULL ? type_at(message) : NULL;
	}
	if (type != NULL)
		snprintf(p->reason, sizeof p->reason, "the mapping failed: %s %s", how, type);
	else
		snprintf(p->reason, sizeof p->reason, "the mapping failed on this record");
}

/* Borrows error.  Whether it has a text called name to show; that is the reason then. */
static bool
take_text(struct jqprog *p, jv error, const char *name)
{
	jv text = jv_get_kind(error) == JV_KIND_OBJECT ?
	    jv_object_get(jv_copy(error), jv_string(name)) : jv_invalid();
	bool found = jv_get_kind(text) == JV_KIND_STRING && jv_string_value(text)[0] != '\0';

	if (found) {
		const char *s = jv_string_value(text);
		size_t n = strlen(s);

		if (n >= sizeof p->reason)
			n = sizeof p->reason - 1;
		memcpy(p->reason, s, n);
		/* Not cut within a character. */
		p->reason[utf8_valid(s, n)] = '\0';
	}
	jv_free(text);
	return found;
}

/*
 * Borrows error.  The texts of {"reject":"TEXT"} and {"wrong_arg":"TEXT"}, which reject() and
 * wrong_arg() raise, are meant to be shown.
 */
static void
take_error(struct jqprog *p, jv error)
{
	p->args_are_wrong = take_text(p, error, "wrong_arg");
	if (!p->args_are_wrong && !take_text(p, error, "reject"))
		describe_error(p, jv_get_kind(error) == JV_KIND_STRING ? jv_string_value(error) : "");
}

/* The end of a run, by the invalid value end.  Returns NULL if it is a good one. */
static const char *
judge_end(struct jqprog *p, jv end)
{
	jv error;

	if (jq_halted(p->jq)) {
		jv_free(end);
		return "the mapping failed: it called halt";
	}
	if (!jv_invalid_has_msg(jv_copy(end))) {
		jv_free(end);
		return NULL;
	}
	error = jv_invalid_get_msg(end);
	take_error(p, error);
	jv_free(error);
	return p->reason;
}

const char *
jqprog_run_libjq(struct jqprog *p, const struct tok_list *list, const char *text, size_t len,
    const char *(*output)(void *arg, const char *text, size_t len), void *arg)
{
	const char *wrong = check_numbers(list, text);
	jv v;

	p->args_are_wrong = false;
	if (wrong != NULL)
		return wrong;
	if (len > INT_MAX)
		return "longer than libjq reads";
	if (jqprog_start_libjq(p) != 0) {
		p->args_are_wrong = true;
		return "libjq does not take the program";
	}
	v = jqvalue_read(p->values, list, text, len);
	if (!jv_is_valid(v)) {
		jv_free(v);
		return "libjq cannot read the record: nested too deep for it";
	}
	jq_start(p->jq, v, 0);
	for (;;) {
		char **environment = jqprog_hide_environment();

		v = jq_next(p->jq);
		jqprog_show_environment(environment);
		if (!jv_is_valid(v))
			return judge_end(p, v);
		wrong = give_out(p, v, output, arg);
		if (wrong != NULL)
			return wrong;
	}
}

const struct buf *
jqprog_rows(struct jqprog *p, const struct tok_list *list, const char *text)
{
	p->args_are_wrong = false;
	return p->native != NULL ? native_rows(p->native, list, text) : NULL;
}

const char *
jqprog_run(struct jqprog *p, const struct tok_list *list, const char *text, size_t len,
    const char *(*output)(void *arg, const char *text, size_t len), void *arg)
{
	const char *wrong;

	p->args_are_wrong = false;
	if (p->native != NULL && native_run(p->native, list, text, output, arg, &wrong))
		return wrong;
	return jqprog_run_libjq(p, list, text, len, output, arg);
}

bool
jqprog_args_are_wrong(const struct jqprog *p)
{
	return p->args_are_wrong;
}
