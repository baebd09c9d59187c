/*
 * Rows of one kind are under way side by side; those of the next kind begin when all of these are
 * over, since a membership needs its group and its user.  What has to come first of one user or
 * group is another kind, so the plan's order is kept.  Results are given out in the plan's order.
 */
#include "run.h"

#include "base/diag.h"

#include "groups.h"
#include "own.h"
#include "result.h"
#include "task.h"
#include "users.h"

static void
begin(struct task *t)
{
	static void (*const begins[PLAN_OPS])(struct task *) = {
		[PLAN_CREATE_GROUP] = groups_create, [PLAN_UPDATE_GROUP] = groups_update,
		[PLAN_CREATE_USER] = users_create, [PLAN_LINK_PROVIDER] = users_change,
		[PLAN_SET_PASSWORD] = users_change, [PLAN_UPDATE_USER] = users_change,
		[PLAN_ENABLE_USER] = users_change, [PLAN_ADD_MEMBER] = users_change,
		[PLAN_REMOVE_MEMBER] = users_change, [PLAN_DISABLE_USER] = users_change,
		[PLAN_DELETE_USER] = users_change, [PLAN_DELETE_GROUP] = groups_delete
	};

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
		task_end(t, OUTCOME_SKIPPED, NULL, true, "not begun, since the run was ended");
	} else if ((hindrance = users_hindrance(t, &retryable)) != NULL) {
		task_end(t, OUTCOME_SKIPPED, NULL, retryable, hindrance);
	} else {
		own_outlive(t);
	}
	if (t->ended)
		return;
	if (a->dry_run) {
		task_end(t, OUTCOME_PLANNED, NULL, false, NULL);
	} else if (t->row.op == PLAN_CREATE_USER || t->row.op == PLAN_CREATE_GROUP) {
		own_announce(t);
	} else {
		own_expect(t);
	}
}

/* A plan that was put aside and cannot be read again must not look like one that is done. */
static void
break_off(struct apply *a, const char *why)
{
	a->broken = a->at_end = true;
	apply_halt(a, PROG_FAIL, "the plan cannot be read again", why);
}

/* Reads the next row.  Returns whether there is one. */
static bool
read_row(struct apply *a)
{
	const char *why;
	int got = plan_intake_next(&a->plan, &a->row, &why);

	a->held = got == 1;
	a->at_end = got != 1;
	if (got == -1)
		break_off(a, why);
	return a->held;
}

/*
 * Reads the next row into the window.  Returns whether there was one that may go beside the
 * others.
 */
static bool
take(struct apply *a)
{
	struct task *t;

	if (a->at_end || a->window == APPLY_WINDOW || (!a->held && !read_row(a)))
		return false;
	if (a->first != NULL && a->first->row.op != a->row.op)
		return false;
	a->held = false;
	t = task_new(a, &a->plan.reader, &a->row);
	if (a->last != NULL)
		a->last->next = t;
	else
		a->first = t;
	a->last = t;
	a->window++;
	prepare(t);
	return true;
}

/* Fills the window; what is to be made stands in the ledger before any of it is sent. */
static void
fill(struct apply *a)
{
	struct task *before = a->last, *t;

	while (take(a))
		;
	if (plan_ledger_sync(&a->ledger) != 0)
		apply_halt(a, PROG_FAIL, a->ledger.path, "nothing more is begun without a ledger");
	for (t = before != NULL ? before->next : a->first; t != NULL; t = t->next) {
		if (t->ended)
			continue;
		if (a->halted)
			task_end(t, OUTCOME_SKIPPED, NULL, true,
			    "not begun, since the run was ended");
		else
			begin(t);
	}
}

static void
give_out(struct apply *a)
{
	struct task *t;

	while ((t = a->first) != NULL && t->ended) {
		a->first = t->next;
		if (a->first == NULL)
			a->last = NULL;
		a->window--;
		if (t->outcome == OUTCOME_DONE || t->outcome == OUTCOME_UNCHANGED ||
		    t->outcome == OUTCOME_PLANNED) {
			own_adopt(t);
			own_settle(t);
		}
		result_write(t);
		task_free(t);
		progress_show(&a->progress, a->sink.rows, a->plan.sums.rows);
	}
}

/* The window is full, or its kind is over: waits for an answer. */
static enum prog_status
wait_for_one(struct apply *a)
{
	const struct task *t = a->first;

	while (t != NULL && t->ended)
		t = t->next;
	if (t == NULL)
		return PROG_OK;
	if (a->first->ended)
		return PROG_OK;
	a->wake = false;
	(void)out_flush(&a->sink.out);
	aws_run(a->client, &a->wake);
	if (a->wake)
		return PROG_OK;
	diag_error("an operation was not answered for");
	return PROG_FAIL;
}

enum prog_status
run_plan(struct apply *a)
{
	enum prog_status status = PROG_OK;

	if (plan_intake_rewind(&a->plan) != 0)
		return PROG_FAIL;
	do {
		fill(a);
		status = wait_for_one(a);
		give_out(a);
	} while (status == PROG_OK && !a->sink.out.failed && (a->first != NULL || !a->at_end));
	(void)plan_ledger_sync(&a->ledger);
	if (status != PROG_OK || a->sink.out.failed || a->broken)
		return PROG_FAIL;
	/* What was done is in the results: they are needed now. */
	if (a->ledger.failed)
		return a->wrote ? PROG_REJECTED : PROG_FAIL;
	return result_status(a);
}
