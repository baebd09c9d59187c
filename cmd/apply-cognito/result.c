#include "result.h"

#include <inttypes.h>

#include "base/diag.h"

#include "calls.h"
#include "own.h"

void
result_write(struct task *t)
{
	struct apply *a = t->apply;
	struct plan_result result = {
		.op = t->row.op, .outcome = t->outcome, .retryable = t->retryable, .key = t->key,
		.code = t->code, .group = t->group,
		.username = t->made_name != NULL ? t->made_name : t->username,
		.sub = t->made_sub != NULL ? t->made_sub : t->sub,
		.detail = t->detail[0] != '\0' ? t->detail : NULL
	};
	struct buf b, calls;

	plan_tally_add(&a->tally, t->outcome, t->retryable);
	if (t->outcome == OUTCOME_FAILED || t->outcome == OUTCOME_SKIPPED) {
		/* A user who has a name is there, whatever failed then. */
		if ((t->row.op == PLAN_CREATE_USER && t->made_name == NULL) ||
		    t->row.op == PLAN_CREATE_GROUP ||
		    (plan_adopts(&t->row, &t->list, t->text) && !own_is_ours(t)))
			task_lose(t);
		if (t->retryable)
			plan_failed_add(&a->failed, &t->row, &t->list, t->text, t->len);
	}
	buf_init(&b, SIZE_MAX);
	buf_init(&calls, SIZE_MAX);
	if (t->outcome == OUTCOME_PLANNED) {
		calls_put(t, &calls);
		result.extra = calls.data;
		result.extra_len = calls.len;
	}
	plan_result_put(&b, &result);
	(void)sink_row(&a->sink, b.data, b.len);
	buf_free(&calls);
	buf_free(&b);
}

enum prog_status
result_status(const struct apply *a)
{
	if (a->halted && !a->wrote)
		return a->halt;
	if (!a->wrote && plan_tally_is_temporary(&a->tally))
		return PROG_TEMPORARY;
	return plan_tally_is_good(&a->tally) ? PROG_OK : PROG_REJECTED;
}

void
result_complain(const struct apply *a)
{
	plan_tally_complain(&a->tally);
	if (a->unreachable > 0)
		diag_warn("%" PRIu64 " users were created without a verified address: they cannot "
		    "recover a password; the results say who", a->unreachable);
}
