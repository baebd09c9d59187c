/* What becomes of each kind of row; plan_window.h says which are under way side by side. */
#include "run.h"

#include "base/clock.h"
#include "base/diag.h"

#include "bulk.h"
#include "change.h"
#include "create.h"
#include "members.h"
#include "result.h"
#include "task.h"

static bool
is_member(enum plan_op op)
{
	return op == PLAN_ADD_MEMBER || op == PLAN_REMOVE_MEMBER;
}

static bool
is_creation(enum plan_op op)
{
	return op == PLAN_CREATE_USER || op == PLAN_CREATE_GROUP;
}

static void
begin(void *arg, struct plan_step *step)
{
	const struct apply *a = arg;
	struct task *t = (struct task *)step;

	if (a->halted)
		task_end(t, OUTCOME_SKIPPED, NULL, true, task_not_begun);
	else if (is_creation(t->row.op))
		create_begin(t);
	else if (is_member(t->row.op))
		members_begin(t);
	else
		change_begin(t);
}

static enum plan_ledger_state
state_of(struct apply *a, enum plan_ledger_kind kind, const char *key)
{
	int64_t first, last;

	return plan_ledger_find(&a->ledger, kind, key, &first, &last);
}

/*
 * Whether an earlier run has deleted what this row would, or with whom the membership went that it
 * would take away.
 */
static bool
is_deleted(struct task *t)
{
	bool leaves = t->row.op == PLAN_REMOVE_MEMBER;

	return ((leaves || t->row.op == PLAN_DELETE_USER) &&
	    state_of(t->apply, LEDGER_USER, t->key) == LEDGER_DELETED) ||
	    ((leaves || t->row.op == PLAN_DELETE_GROUP) &&
	    state_of(t->apply, LEDGER_GROUP, t->group) == LEDGER_DELETED);
}

static bool
is_ours(struct apply *a, enum plan_ledger_kind kind, const char *key)
{
	enum plan_ledger_state state = state_of(a, kind, key);

	return state == LEDGER_CREATING || state == LEDGER_CREATED || state == LEDGER_ADOPTED;
}

/* Whether the server's id that the row names is of another one than was made or adopted. */
static bool
is_another(struct apply *a, enum plan_ledger_kind kind, const char *key, const char *id)
{
	return id != NULL && state_of(a, kind, key) != LEDGER_CREATING &&
	    !plan_ledger_has_sub(&a->ledger, kind, key, id);
}

/* Why nothing is sent for the row, or NULL. */
static const char *
hindrance_of(struct task *t, bool *retryable)
{
	struct apply *a = t->apply;

	*retryable = false;
	if (t->row.op == PLAN_LINK_PROVIDER || t->row.op == PLAN_SET_PASSWORD)
		return "not for a SCIM server";
	if (is_creation(t->row.op))
		return NULL;
	if (t->group != NULL && plan_lost_has(&a->lost, LEDGER_GROUP, t->group, retryable))
		return "its group was not created";
	if (t->username != NULL && plan_lost_has(&a->lost, LEDGER_USER, t->key, retryable))
		return "its user was not created";
	/* With --dry-run nothing of this plan is in it yet. */
	if (a->dry_run || plan_adopts(&t->row, &t->list, t->text))
		return NULL;
	if (t->group != NULL && !is_ours(a, LEDGER_GROUP, t->group))
		return "the group is not ours, by the ledger";
	if (t->username != NULL && !is_ours(a, LEDGER_USER, t->key))
		return "the user is not ours, by the ledger";
	/* Somebody made another one of that name since. */
	if (t->username != NULL && is_another(a, LEDGER_USER, t->key, t->id))
		return task_another_user;
	return t->group != NULL && is_another(a, LEDGER_GROUP, t->group,
	    t->username != NULL ? t->group_id : t->id) ? task_another_group : NULL;
}

/* What is known of a row before anything is sent: most are still to be carried out. */
static void
prepare(struct task *t)
{
	struct apply *a = t->apply;
	const char *hindrance;
	bool retryable;

	if (!apply_wants(a, t->row.op))
		task_end(t, OUTCOME_UNASKED, NULL, false, "not asked for (--only)");
	else if (a->halted)
		task_end(t, OUTCOME_SKIPPED, NULL, true, task_not_begun);
	else if (is_deleted(t))
		task_end(t, OUTCOME_UNCHANGED, NULL, false, "deleted before, by the ledger");
	else if ((hindrance = hindrance_of(t, &retryable)) != NULL)
		task_end(t, OUTCOME_SKIPPED, NULL, retryable, hindrance);
	else if (a->dry_run)
		task_end(t, OUTCOME_PLANNED, NULL, false, NULL);
	else if (is_creation(t->row.op))
		create_announce(t);
}

static struct plan_step *
make(void *arg, const struct plan_row *row)
{
	struct apply *a = arg;
	struct task *t = task_new(a, &a->plan.reader, row);

	prepare(t);
	return &t->step;
}

/* How many rows of the kind may be under way. */
static size_t
room(void *arg, enum plan_op op)
{
	const struct apply *a = arg;

	if (is_member(op))
		return APPLY_MEMBERS_WINDOW;
	return a->features.bulk ? bulk_window(a, is_creation(op)) : APPLY_WINDOW;
}

/* Whoever is adopted is ours once what the row says is done. */
static void
adopt(struct task *t)
{
	if ((t->outcome == OUTCOME_DONE || t->outcome == OUTCOME_UNCHANGED) &&
	    plan_adopts(&t->row, &t->list, t->text))
		task_note(t, LEDGER_ADOPTED);
}

static void
end(void *arg, struct plan_step *step)
{
	struct apply *a = arg;
	struct task *t = (struct task *)step;

	adopt(t);
	if (is_creation(t->row.op))
		create_over(t);
	result_write(t);
	members_forget(t);
	task_free(t);
	progress_show(&a->progress, a->sink.rows, a->plan.sums.rows);
}

/* Calls what is due.  Returns when the next one is, or 0: nothing waits. */
static int64_t
wake(struct apply *a)
{
	int64_t now = clock_mono_ms(), next = members_wake(a, now);

	for (struct plan_step *step = a->window.first; step != NULL; step = step->next) {
		struct task *t = (struct task *)step;

		if (step->ended || t->due_ms == 0)
			continue;
		if (t->due_ms <= now || a->halted) {
			t->due_ms = 0;
			t->again(t);
		}
		if (!step->ended && t->due_ms != 0 && (next == 0 || t->due_ms < next))
			next = t->due_ms;
	}
	return next;
}

/* Waits for an answer, or for what is due. */
static enum prog_status
wait_for_one(void *arg)
{
	struct apply *a = arg;
	int64_t next = wake(a);

	if (bulk_wake(a, &next) || a->window.first->ended)
		return PROG_OK;
	a->wake = false;
	(void)out_flush(&a->sink.out);
	if (next != 0 && next <= clock_mono_ms())
		return PROG_OK;
	if (scim_pending(a->client) > 0) {
		scim_run_until(a->client, &a->wake, next);
	} else if (next != 0) {
		clock_sleep_ms(next - clock_mono_ms());
	} else {
		diag_error("an operation was not answered for");
		return PROG_FAIL;
	}
	return PROG_OK;
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
