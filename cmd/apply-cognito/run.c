/* What becomes of each kind of row; plan_window.h says which are under way side by side. */
#include "run.h"

#include "base/diag.h"

#include "groups.h"
#include "own.h"
#include "result.h"
#include "task.h"
#include "users.h"

static const char not_begun[] = "not begun, since the run was ended";

static void
begin(void *arg, struct plan_step *step)
{
	static void (*const begins[PLAN_OPS])(struct task *) = {
		[PLAN_CREATE_GROUP] = groups_create, [PLAN_UPDATE_GROUP] = groups_update,
		[PLAN_CREATE_USER] = users_create, [PLAN_LINK_PROVIDER] = users_change,
		[PLAN_SET_PASSWORD] = users_change, [PLAN_UPDATE_USER] = users_change,
		[PLAN_ENABLE_USER] = users_change, [PLAN_ADD_MEMBER] = users_change,
		[PLAN_REMOVE_MEMBER] = users_change, [PLAN_DISABLE_USER] = users_change,
		[PLAN_DELETE_USER] = users_change, [PLAN_DELETE_GROUP] = groups_delete
	};
	const struct apply *a = arg;
	struct task *t = (struct task *)step;

	if (a->halted)
		task_end(t, OUTCOME_SKIPPED, NULL, true, not_begun);
	else
		begins[t->row.op](t);
}

/* What is known of a row before anything is sent: most are still to be carried out. */
static void
prepare(struct task *t)
{
	struct apply *a = t->apply;
	const char *hindrance;
	bool retryable;

	if (!apply_wants(a, t->row.op)) {
		task_end(t, OUTCOME_UNASKED, NULL, false, "not asked for (--only)");
	} else if (a->halted) {
		task_end(t, OUTCOME_SKIPPED, NULL, true, not_begun);
	} else if ((hindrance = users_hindrance(t, &retryable)) != NULL) {
		task_end(t, OUTCOME_SKIPPED, NULL, retryable, hindrance);
	} else {
		own_outlive(t);
	}
	if (t->step.ended)
		return;
	if (a->dry_run) {
		task_end(t, OUTCOME_PLANNED, NULL, false, NULL);
	} else if (t->row.op == PLAN_CREATE_USER || t->row.op == PLAN_CREATE_GROUP) {
		own_announce(t);
	} else {
		own_expect(t);
	}
}

static struct plan_step *
make(void *arg, const struct plan_row *row)
{
	struct apply *a = arg;
	struct task *t = task_new(a, &a->plan.reader, row);

	prepare(t);
	return &t->step;
}

static size_t
room(void *arg, enum plan_op op)
{
	(void)arg;
	(void)op;
	return APPLY_WINDOW;
}

static void
end(void *arg, struct plan_step *step)
{
	struct apply *a = arg;
	struct task *t = (struct task *)step;

	if (t->outcome == OUTCOME_DONE || t->outcome == OUTCOME_UNCHANGED ||
	    t->outcome == OUTCOME_PLANNED) {
		own_adopt(t);
		own_settle(t);
	}
	result_write(t);
	task_free(t);
	progress_show(&a->progress, a->sink.rows, a->plan.sums.rows);
}

/* Waits for an answer. */
static enum prog_status
wait_for_one(void *arg)
{
	struct apply *a = arg;

	a->wake = false;
	(void)out_flush(&a->sink.out);
	aws_run(a->client, &a->wake);
	if (a->wake)
		return PROG_OK;
	diag_error("an operation was not answered for");
	return PROG_FAIL;
}

static void
halt(void *arg, const char *where, const char *why)
{
	apply_halt(arg, PROG_FAIL, where, why);
}

enum prog_status
run_plan(struct apply *a)
{
	static const struct plan_work work = { room, make, begin, wait_for_one, end, halt };

	a->window = (struct plan_window){
		.plan = &a->plan, .ledger = &a->ledger, .out = &a->sink.out, .work = &work, .arg = a
	};
	if (plan_window_run(&a->window) != PROG_OK)
		return PROG_FAIL;
	/* What was done is in the results: they are needed now. */
	if (a->ledger.failed)
		return a->wrote ? PROG_REJECTED : PROG_FAIL;
	return result_status(a);
}
