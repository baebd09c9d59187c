#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/native.h"
#include "json/native_node.h"
#include "json/record.h"

struct native {
	struct native_arena program, record;
	struct native_node *node;
	struct native_keys keys;
	struct native_run run;
	struct buf outputs;	/* each with an LF behind it */
	bool known_good;
};

/* Ends what was written from was on as an output. */
static int
end_output(struct native *n, size_t was)
{
	if (n->outputs.len - was > RECORD_LINE_MAX)
		return NATIVE_DOUBT;
	return buf_append_byte(&n->outputs, '\n') == 0 ? NATIVE_ONE : NATIVE_DOUBT;
}

/* One of several.  libjq's way says what is wrong with anything but an object that is a record. */
static int
take_output(void *arg, const struct native_value *v)
{
	struct native *n = arg;
	size_t was = n->outputs.len;

	if (native_put_record(&n->run, v, &n->outputs) != NATIVE_ONE)
		return NATIVE_DOUBT;
	return end_output(n, was);
}

const struct buf *
native_rows(struct native *n, const struct tok_list *list, const char *text)
{
	struct native_value in = {
		.kind = TOK_OBJECT, .lazy = true, .u.document = &n->run.record
	};
	int result;

	if (list->tok[0].type != TOK_OBJECT || !native_suits(list, text))
		return NULL;
	native_reset(&n->record);
	buf_clear(&n->outputs);
	n->run.record = (struct native_document){ list->tok, text };
	n->run.tables[0].of = n->run.tables[1].of = UINT32_MAX;
	if (n->node->many)
		return native_each(&n->run, n->node, &in, take_output, n) == NATIVE_ONE ?
		    &n->outputs : NULL;
	result = native_put(&n->run, n->node, &in, &n->outputs, NATIVE_DEPTH_MAX);
	if (result == NATIVE_ONE)
		result = end_output(n, 0);
	else if (result == NATIVE_NONE)
		buf_clear(&n->outputs);
	return result >= 0 ? &n->outputs : NULL;
}

bool
native_run(struct native *n, const struct tok_list *list, const char *text,
    const char *(*output)(void *arg, const char *text, size_t len), void *arg, const char **wrong)
{
	if (native_rows(n, list, text) == NULL)
		return false;
	*wrong = NULL;
	for (size_t at = 0; at < n->outputs.len && *wrong == NULL;) {
		char *line = n->outputs.data + at;
		size_t len = strcspn(line, "\n");

		line[len] = '\0';
		*wrong = output(arg, line, len);
		at += len + 1;
	}
	return true;
}

static struct native_value
object_of(struct native_arena *arena, const struct native_variable *variables, size_t count)
{
	struct native_member *m = native_alloc(arena, count * sizeof *m);

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(variables[i].value);
		char *name = native_alloc(arena, variables[i].name_len + 1);
		char *value = native_alloc(arena, len + 1);

		memcpy(name, variables[i].name, variables[i].name_len);
		name[variables[i].name_len] = '\0';
		memcpy(value, variables[i].value, len + 1);
		m[i].key = native_text(name, variables[i].name_len);
		m[i].value = native_text(value, len);
	}
	return (struct native_value){ .kind = TOK_OBJECT, .n = (uint32_t)count, .u.members = m };
}

static void
give_reason(const struct native_doubt *doubt, const char *program, const char *helpers,
    struct native_reason *why)
{
	const char *text = program;

	why->in_helpers = doubt->at >= helpers && doubt->at <= helpers + strlen(helpers);
	if (why->in_helpers)
		text = helpers;
	why->line = 1;
	for (; text < doubt->at; text++)
		why->line += *text == '\n';
	snprintf(why->what, sizeof why->what, "%s", doubt->what);
}

/*
 * A backslash that ends a comment's line, or a carriage return alone: whether the comment ends there
 * is a matter of versions.  NULL if there is none.
 */
static const char *
odd_line_end(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((*s == '\\' && (s[1] == '\n' || s[1] == '\r')) || (*s == '\r' && s[1] != '\n'))
			return s;
	}
	return NULL;
}

static bool
compile(struct native *n, const char *program, const char *helpers, struct native_value named,
    struct native_doubt *doubt)
{
	struct native_tree *tree, *definitions;
	unsigned slots;

	doubt->at = odd_line_end(program);
	if (doubt->at != NULL) {
		snprintf(doubt->what, sizeof doubt->what,
		    "an end of a line that is not the same to all versions");
		return false;
	}
	if (native_parse(&n->program, helpers, 1, &definitions, doubt) != 0 ||
	    native_parse(&n->program, program, 0, &tree, doubt) != 0)
		return false;
	n->node = native_inline(&n->program, definitions, tree, &named, &n->keys, &slots, doubt);
	if (n->node == NULL)
		return false;
	n->run.slots = native_alloc(&n->program, slots * sizeof(struct native_value));
	/* Carriage returns are not the same to all versions. */
	n->known_good = strchr(program, '\r') == NULL &&
	    native_is_sound(&n->program, definitions, tree, &named);
	return true;
}

struct native *
native_new(const char *program, const char *helpers, const struct native_variable *variables,
    size_t count, struct native_reason *why)
{
	struct native *n = mem_alloc(sizeof *n);
	struct native_doubt doubt = { .at = NULL };

	buf_init(&n->outputs, NATIVE_MEMORY_MAX);
	tok_init(&n->run.list, NATIVE_MEMORY_MAX / sizeof(struct tok));
	n->run.arena = &n->record;
	n->run.keys = &n->keys;
	if (compile(n, program, helpers, object_of(&n->program, variables, count), &doubt))
		return n;
	give_reason(&doubt, program, helpers, why);
	native_free(n);
	return NULL;
}

bool
native_is_known_good(const struct native *n)
{
	return n->known_good;
}

void
native_free(struct native *n)
{
	if (n == NULL)
		return;
	native_arena_free(&n->program);
	native_arena_free(&n->record);
	tok_free(&n->run.list);
	buf_free(&n->outputs);
	free(n);
}
