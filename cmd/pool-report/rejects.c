/* What a target would reject (rejects.h). */
#include "rejects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/mem.h"
#include "json/filter.h"
#include "json/jtext.h"

/* The number of the target with the name of len bytes, made if need be. */
static size_t
find_target(struct targets *t, const char *name, size_t len)
{
	size_t i = 0;

	while (i < t->count && (strlen(t->list[i].name) != len ||
	    memcmp(t->list[i].name, name, len) != 0))
		i++;
	if (i == t->count)
		t->list[t->count++] = (struct target){ .name = mem_dup(name, len) };
	return i;
}

void
targets_init(struct targets *t, const struct opt_list *options,
    const struct sink_options *outputs, bool show_values)
{
	memset(t, 0, sizeof *t);
	t->show_values = show_values;
	t->list = mem_alloc((options->count + 1) * sizeof *t->list);
	t->paths = mem_alloc((options->count + 1) * sizeof *t->paths);
	t->owners = mem_alloc((options->count + 1) * sizeof *t->owners);
	for (size_t i = 0; i < options->count; i++) {
		const char *text = options->items[i];
		size_t len = strcspn(text, "=");
		const char *path = text + len;

		if (len == 0 || path[0] == '\0' || path[1] == '\0')
			opt_usage_error("--rejects: not TARGET=FILE");
		if (strcmp(path, "=-") == 0)
			opt_usage_error("--rejects: a file is needed");
		t->paths[i] = path + 1;
		t->owners[i] = find_target(t, text, len);
		sink_keep_input(outputs, path + 1);
		files_will_read(path + 1);
	}
	t->files = options->count;
}

void
targets_free(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct target *target = &t->list[i];

		for (size_t k = 0; target->examples != NULL && k <= SINK_REASONS_MAX; k++)
			examples_free(&target->examples[k]);
		free(target->examples);
		sink_reasons_free(target->reasons);
		free(target->name);
	}
	free(t->list);
	free(t->paths);
	free(t->owners);
}

/*
 * Who it was: the first text of the record, since the key by which it is known comes first; of one
 * that is no record what there is of it.
 */
static void
add_example(struct examples *e, const struct record_reader *r, uint32_t record)
{
	const struct tok *tok = r->list.tok;
	uint32_t i = record;
	struct buf b;

	if (tok[record].type == TOK_OBJECT) {
		for (i = record + 1; i < tok[record].next; i = tok_behind_member(tok, i))
			if (tok[i + 1].type == TOK_STRING && tok[i + 1].end > tok[i + 1].start)
				break;
		if (i >= tok[record].next)
			return;
		i++;
	}
	if (tok[i].type != TOK_STRING)
		return;
	buf_init(&b, RECORD_LINE_MAX);
	(void)jtext_decode(&b, r->text + tok[i].start, tok[i].end - tok[i].start);
	for (size_t k = 0; k < b.len; k++)
		if (b.data[k] == '\0')
			b.data[k] = ' ';
	examples_add(e, buf_string(&b), b.len);
	buf_free(&b);
}

static const char *
take_reject(void *arg, const struct record_reader *r, struct sink *sink)
{
	static const char wrong[] = "no line of a reject file";
	struct targets *t = arg;
	struct target *target = &t->list[t->at];
	uint32_t reason = tok_member(&r->list, r->text, 0, "Reason");
	uint32_t record = tok_member(&r->list, r->text, 0, "Record");
	const struct tok *text = &r->list.tok[reason];
	struct buf b;
	size_t number;

	(void)sink;
	if (record != 0 && text->type == TOK_STRING && reason != 0 &&
	    r->list.tok[record].type == TOK_OBJECT &&
	    tok_member(&r->list, r->text, record, "GroupName") != 0) {
		target->others++;
		return NULL;
	}
	if (reason == 0 || record == 0 || text->type != TOK_STRING || (text->flags & TOK_NUL) != 0)
		return wrong;
	buf_init(&b, RECORD_LINE_MAX);
	(void)jtext_decode(&b, r->text + text->start, text->end - text->start);
	number = sink_reasons_add(&target->reasons, buf_string(&b));
	buf_free(&b);
	target->rejects++;
	if (!t->show_values)
		return NULL;
	if (target->examples == NULL)
		target->examples = mem_alloc((SINK_REASONS_MAX + 1) * sizeof *target->examples);
	add_example(&target->examples[number], r, record);
	return NULL;
}

enum prog_status
targets_read(struct targets *t, const struct sink_options *options, struct sink *sink,
    const char **why, char why_buffer[RECORD_REASON_SIZE])
{
	/* Reject files have no seal, whatever the records have. */
	struct sink_options plain = *options;
	enum prog_status status = PROG_OK;

	plain.seal = false;
	for (size_t i = 0; i < t->files && status == PROG_OK; i++) {
		char *files[] = { mem_dup_string(t->paths[i]), NULL };
		struct filter filter = {
			.opts = &plain, .files = files, .sink = sink, .row = take_reject, .arg = t
		};
		const char *reason;

		t->at = t->owners[i];
		status = filter_run(&filter, &reason);
		snprintf(why_buffer, RECORD_REASON_SIZE, "%s", reason);
		*why = why_buffer;
		free(files[0]);
	}
	return status;
}
