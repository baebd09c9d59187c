#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/scim_error.h"

enum { WAIT_MS = 400, DOUBLINGS = 3 };	/* for a server to finish what it did not answer */

const char task_not_begun[] = "not begun, since the run was ended";
const char task_no_path[] = "the server's id for it is no name in a path";

const char task_another_user[] = "the user there is not the one who is ours, by the ledger";
const char task_another_group[] = "the group there is not the one that is ours, by the ledger";

void
apply_halt(struct apply *a, enum prog_status status, const char *where, const char *why)
{
	if (a->halted)
		return;
	a->halted = true;
	a->halt = status;
	diag_error("%s: %s", where, why);
	snprintf(a->why, sizeof a->why, "%s: %s", where, why);
}

struct task *
task_new(struct apply *a, const struct record_reader *r, const struct plan_row *row)
{
	struct task *t = mem_alloc(sizeof *t);

	t->apply = a;
	t->text = mem_dup(r->text, r->len);
	t->len = r->len;
	tok_init(&t->list, RECORD_TOKENS_MAX);
	(void)tok_parse(&t->list, t->text, t->len);
	t->row = *row;
	t->key = plan_row_text(&t->list, t->text, row->key);
	t->username = plan_row_text(&t->list, t->text, row->username);
	/* What is to be made has no id yet: the ledger gets none before it is known to be ours. */
	if (row->op == PLAN_CREATE_USER || row->op == PLAN_CREATE_GROUP)
		t->there = plan_row_text(&t->list, t->text, row->id);
	else
		t->id = plan_row_text(&t->list, t->text, row->id != 0 ? row->id : row->sub);
	t->group = plan_row_text(&t->list, t->text, row->group_name);
	t->group_id = plan_row_text(&t->list, t->text, row->group_id);
	buf_init(&t->path, SIZE_MAX);
	buf_init(&t->body, SCIM_BODY_MAX);
	return t;
}

void
task_free(struct task *t)
{
	free(t->text);
	tok_free(&t->list);
	free(t->key);
	free(t->username);
	free(t->id);
	free(t->there);
	free(t->group);
	free(t->group_id);
	free(t->made_id);
	free(t->version);
	free(t->looked);
	free(t->shown);
	free(t->refused);
	buf_free(&t->path);
	buf_free(&t->body);
	free(t);
}

void
task_path(struct task *t)
{
	buf_clear(&t->path);
	buf_clear(&t->body);
	(void)buf_append_string(&t->path, task_is_user(t) ? "/Users" : "/Groups");
}

bool
task_is_path(const char *id)
{
	return strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

void
task_path_of(struct task *t, const char *id)
{
	task_path(t);
	(void)buf_append_byte(&t->path, '/');
	(void)scim_append_encoded(&t->path, id, strlen(id));
}

void
task_path_id(struct task *t)
{
	task_path_of(t, t->id);
}

void
task_filter(struct task *t, const char *attribute, const char *value)
{
	(void)buf_appendf(&t->path, "?filter=%s%%20eq%%20", attribute);
	(void)scim_append_filter_value(&t->path, value, strlen(value));
}

struct answer
task_answer(const struct scim_result *r)
{
	return (struct answer){
		.outcome = r->outcome, .lost = r->lost, .uncertain = r->uncertain,
		.status = r->status, .body = r->body, .body_len = r->body_len, .id = "",
		.scim_type = r->scim_type, .message = r->message, .summary = r->summary
	};
}

struct answer
task_answer_about(const struct scim_result *r)
{
	struct answer a = task_answer(r);
	struct scim_error e;

	if (a.outcome == SCIM_DENIED && a.status == 404) {
		scim_error_parse(&e, a.body, a.body_len);
		if (!e.message)
			a.outcome = SCIM_TEMPORARY;
	}
	return a;
}

bool
task_wrote(const struct answer *r)
{
	/* A server that takes nothing now, or nothing from us, has hardly done it before. */
	return r->outcome == SCIM_OK || r->lost || (r->uncertain && r->status != 408 &&
	    r->status != 429 && r->status != 503 && r->status != 401 && r->status != 403);
}

/* Whether an answer may be that to one row alone; without a status, there is no token any more. */
static bool
is_about_row(const struct apply *a, const struct answer *r)
{
	return r->outcome == SCIM_DENIED && r->status != 0 && r->status != 401 &&
	    (r->status != 403 || a->wrote);
}

void
task_judge(struct apply *a, const struct answer *r, const char *where)
{
	if (r->outcome == SCIM_OK)
		a->failures = 0;
	else if (r->outcome == SCIM_TEMPORARY && (++a->failures >= APPLY_FAILURES ||
	    (r->status == 0 && !r->lost)))
		apply_halt(a, PROG_TEMPORARY, where, r->summary);
	else if (r->outcome == SCIM_PROTOCOL || (r->outcome == SCIM_DENIED && !is_about_row(a, r)))
		/* A page of somebody in between is none of the server's words. */
		apply_halt(a, r->outcome == SCIM_PROTOCOL && r->status / 100 == 2 ?
		    PROG_TEMPORARY : PROG_FAIL, where, r->summary);
}

static void
on_answer(void *arg, const struct scim_result *result)
{
	struct task *t = arg;
	struct apply *a = t->apply;
	struct answer r = task_answer_about(result);

	a->wake = true;
	task_judge(a, &r, task_is_user(t) ? "/Users" : "/Groups");
	a->wrote |= t->writes && task_wrote(&r);
	t->then(t, &r);
}

void
task_send(struct task *t, const char *method, void (*then)(struct task *t, const struct answer *r))
{
	struct apply *a = t->apply;

	t->then = then;
	t->writes = strcmp(method, "GET") != 0;
	/* By a look that was under way, or by a wait. */
	if (t->writes && a->halted) {
		task_end(t, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		return;
	}
	scim_submit_if(a->client, method, t->path.data, t->version, t->body.data, t->body.len,
	    on_answer, t);
}

void
task_wait(struct task *t, void (*again)(struct task *t))
{
	unsigned doublings = t->tries <= 1 ? 0 : t->tries < DOUBLINGS ? t->tries - 1 : DOUBLINGS;

	t->again = again;
	t->due_ms = clock_mono_ms() + ((int64_t)WAIT_MS << doublings);
}

void
task_end(struct task *t, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail)
{
	t->step.ended = true;
	t->apply->wake = true;
	t->outcome = outcome;
	t->retryable = retryable;
	snprintf(t->code, sizeof t->code, "%s", code != NULL ? code : "");
	snprintf(t->detail, sizeof t->detail, "%s", detail != NULL ? detail : "");
}

void
task_code(const struct answer *r, char code[TASK_CODE_SIZE])
{
	if (r->scim_type[0] != '\0')
		snprintf(code, TASK_CODE_SIZE, "%s", r->scim_type);
	else if (r->status != 0)
		snprintf(code, TASK_CODE_SIZE, "%ld", r->status);
	else
		code[0] = '\0';
}

void
task_fail(struct task *t, const struct answer *r)
{
	char code[TASK_CODE_SIZE];

	task_code(r, code);
	task_end(t, OUTCOME_FAILED, code, !is_about_row(t->apply, r), r->message);
}

struct json
task_side(const struct task *t, uint32_t side)
{
	return (struct json){ &t->list, t->text, side };
}

void
task_note(struct task *t, enum plan_ledger_state state)
{
	struct plan_ledger_line line = {
		.kind = task_is_user(t) ? LEDGER_USER : LEDGER_GROUP, .state = state,
		.key = t->key, .name = task_is_user(t) ? t->username : t->group,
		.sub = t->made_id != NULL ? t->made_id : t->id
	};

	if (t->row.source != 0) {
		line.source = t->text + t->list.tok[t->row.source].start;
		line.source_len = t->list.tok[t->row.source].end -
		    t->list.tok[t->row.source].start;
	}
	plan_ledger_note(&t->apply->ledger, &line, clock_wall_ms());
}

void
task_lose(struct task *t)
{
	bool user = task_is_user(t);

	plan_lost_add(&t->apply->lost, user ? LEDGER_USER : LEDGER_GROUP, user ? t->key : t->group,
	    t->retryable);
}
