#include "result.h"

#include <string.h>

#include "json/jtext.h"

/* The method that the row takes, behind what it is looked at with. */
static const char *
method_of(const struct task *t)
{
	switch (t->row.op) {
	case PLAN_CREATE_USER:
	case PLAN_CREATE_GROUP:
		return "POST";
	case PLAN_DELETE_USER:
	case PLAN_DELETE_GROUP:
		return "DELETE";
	default:
		return t->apply->features.patch ? "PATCH" : "PUT";
	}
}

/* ,"Calls":["PATCH /Users: emails, name"]: never a value. */
static void
put_call(struct buf *b, const struct task *t)
{
	struct json after = task_side(t, t->row.after);
	bool users = t->group == NULL;
	const char *separator = ": ";

	(void)buf_appendf(b, ",\"Calls\":[\"%s %s", method_of(t), users ? "/Users" : "/Groups");
	for (uint32_t i = after.at + 1; after.at != 0 && i < t->list.tok[after.at].next;
	    i = t->list.tok[i + 1].next) {
		struct buf name;

		/* As it stands in quotes already. */
		buf_init(&name, SIZE_MAX);
		(void)jtext_string_token(&name, &t->list.tok[i], t->text);
		(void)buf_append_string(b, separator);
		(void)buf_append(b, name.data + 1, name.len - 2);
		buf_free(&name);
		separator = ", ";
	}
	(void)buf_append_string(b, "\"]");
}

void
result_write(struct task *t)
{
	struct apply *a = t->apply;
	const char *id = t->made_id != NULL ? t->made_id : t->id;
	struct plan_result result = {
		.op = t->row.op, .outcome = t->outcome, .retryable = t->retryable, .key = t->key,
		.code = t->code, .group = t->group, .username = t->username,
		.detail = t->detail[0] != '\0' ? t->detail : NULL
	};
	struct buf b, extra;

	plan_tally_add(&a->tally, t->outcome, t->retryable);
	if (t->outcome == OUTCOME_FAILED || t->outcome == OUTCOME_SKIPPED) {
		if (t->row.op == PLAN_CREATE_USER || t->row.op == PLAN_CREATE_GROUP)
			task_lose(t);
		if (t->retryable)
			plan_failed_add(&a->failed, &t->row, &t->list, t->text, t->len);
	}
	buf_init(&b, SIZE_MAX);
	buf_init(&extra, SIZE_MAX);
	if (id != NULL) {
		(void)buf_append_string(&extra, ",\"Id\":");
		(void)jtext_string(&extra, id, strlen(id));
	}
	if (t->outcome == OUTCOME_PLANNED)
		put_call(&extra, t);
	result.extra = extra.data;
	result.extra_len = extra.len;
	plan_result_put(&b, &result);
	(void)sink_row(&a->sink, b.data, b.len);
	buf_free(&extra);
	buf_free(&b);
}

enum prog_status
result_status(const struct apply *a)
{
	if (a->halted && !a->wrote)
		return a->halt;
	return plan_tally_is_good(&a->tally) ? PROG_OK : PROG_REJECTED;
}
