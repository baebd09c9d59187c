#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"
#include "json/scim_compare.h"

#include "result.h"

struct task *
task_new(struct push *p, enum scim_resource_kind kind, uint32_t entry, const char *text, size_t len,
    const char *stream, uint64_t line)
{
	struct task *t = mem_alloc(sizeof *t);

	t->push = p;
	t->other = p->tasks;
	t->link = &p->tasks;
	if (t->other != NULL)
		t->other->link = &t->other;
	p->tasks = t;
	t->resource = kind;
	t->entry = entry;
	t->serial = ++p->serial;
	if (text != NULL)
		t->text = mem_dup(text, len);
	t->len = len;
	t->stream = stream;
	t->line = line;
	buf_init(&t->body, PUSH_BODY_MAX);
	return t;
}

void
task_free(struct task *t)
{
	*t->link = t->other;
	if (t->other != NULL)
		t->other->link = t->link;
	free(t->text);
	buf_free(&t->body);
	free(t);
}

static void
parse(const struct task *t, struct tok_list *list, struct json *top)
{
	tok_init(list, PUSH_BODY_MAX / 2);
	/* It was a record. */
	(void)tok_parse(list, t->text, t->len);
	*top = (struct json){ list, t->text, 0 };
}

void
task_finish(struct task *t, enum outcome outcome, const struct answer *a, const char *detail)
{
	struct push *p = t->push;
	struct index *ix = push_index(p, t->resource);
	char status[24] = "";
	struct tok_list list;
	struct json top;
	struct scim_resource r;
	struct buf name;
	struct result result = {
		.op = outcome == OUTCOME_UNCHANGED ? "none" :
		    t->kind == TASK_CREATE || outcome == OUTCOME_CREATED ? "create" : "update",
		.outcome = outcome, .kind = t->resource, .entry = t->entry,
		.key = index_text(ix, t->entry, INDEX_EXTERNAL), .detail = detail
	};

	parse(t, &list, &top);
	(void)scim_resource_read(&top, true, &r);
	buf_init(&name, SIZE_MAX);
	(void)jtext_string_token(&name, &list.tok[r.name], t->text);
	result.name = buf_string(&name);
	if (outcome >= OUTCOME_CONFLICT && a != NULL) {
		if (a->status != 0)
			snprintf(status, sizeof status, "%ld", a->status);
		result.code = a->scim_type[0] != '\0' ? a->scim_type : status;
		result.retryable = outcome == OUTCOME_FAILED && a->outcome == SCIM_TEMPORARY;
		if (detail == NULL)
			result.detail = a->message;
	}
	if (result.retryable)
		ix->entry[t->entry].flags |= INDEX_LATER;
	if (outcome == OUTCOME_PLANNED)
		ix->entry[t->entry].flags |= INDEX_PLANNED;
	result_write_line(p, &result, t->stream, t->line, t->text, t->len,
	    detail != NULL ? detail : a != NULL ? a->summary : "");
	buf_free(&name);
	tok_free(&list);
	task_free(t);
}

static void
too_large(struct task *t)
{
	static const struct answer none = { .outcome = SCIM_DENIED, .scim_type = "", .body = "",
	    .id = "", .message = "", .summary = "" };

	task_finish(t, OUTCOME_FAILED, &none, "the request would be too large");
}

bool
task_plan_create(struct task *t)
{
	struct tok_list list;
	struct json top;
	int failed;

	t->kind = TASK_CREATE;
	parse(t, &list, &top);
	buf_clear(&t->body);
	failed = scim_body_create(&t->body, &top, &t->push->rules);
	tok_free(&list);
	if (failed != 0)
		too_large(t);
	else if (t->push->dry_run)
		task_finish(t, OUTCOME_PLANNED, NULL, NULL);
	else
		return true;
	return false;
}

bool
task_plan_update(struct task *t, const struct json *theirs)
{
	struct push *p = t->push;
	struct tok_list list;
	struct json top;
	struct buf ops;
	long count;
	bool full;

	t->kind = TASK_UPDATE;
	parse(t, &list, &top);
	buf_init(&ops, PUSH_BODY_MAX);
	count = scim_compare_patch(&top, theirs, &p->rules, &ops);
	buf_clear(&t->body);
	full = count < 0 ||
	    (count > 0 && p->features.patch && scim_body_patch(&t->body, &ops) != 0);
	buf_free(&ops);
	tok_free(&list);
	if (full)
		too_large(t);
	else if (count == 0)
		task_finish(t, t->lost ? OUTCOME_CREATED : OUTCOME_UNCHANGED, NULL, NULL);
	else if (p->dry_run)
		task_finish(t, OUTCOME_PLANNED, NULL, NULL);
	else
		return true;
	return false;
}

bool
task_goes_alone(const struct task *t)
{
	return t->alone || (t->kind == TASK_CREATE ? t->lost : t->push->conditional);
}

char *
task_path(const struct task *t)
{
	const char *id = index_text(push_index(t->push, t->resource), t->entry, INDEX_ID);
	struct buf b;

	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, push_path(t->resource));
	if (t->kind != TASK_CREATE) {
		(void)buf_append_byte(&b, '/');
		(void)scim_append_encoded(&b, id, strlen(id));
	}
	return b.data;
}
