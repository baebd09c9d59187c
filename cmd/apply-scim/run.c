/*
 * Rows of one kind are under way side by side; those of the next kind begin when all of these are
 * over, since a membership needs its group and its user.  Results are given out in the plan's order.
 */
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
begin(struct task *t)
{
	if (is_creation(t->row.op))
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

/* Reads the next row.  Returns whether there is one. */
static bool
read_row(struct apply *a)
{
	const char *why;
	int got = plan_intake_next(&a->plan, &a->row, &why);

	a->held = got == 1;
	a->at_end = got != 1;
	if (got == -1) {
		/* A plan that cannot be read again must not look like one that is done. */
		a->broken = true;
		apply_halt(a, PROG_FAIL, "the plan cannot be read again", why);
	}
	return a->held;
}

/* How many rows of the kind may be under way. */
static size_t
window_of(const struct apply *a)
{
	if (is_member(a->row.op))
		return APPLY_MEMBERS_WINDOW;
	return a->features.bulk ? bulk_window(a, is_creation(a->row.op)) : APPLY_WINDOW;
}

/* Reads the next row into the window.  Returns whether there was one that may go beside the others. */
static bool
take(struct apply *a)
{
	struct task *t;

	if (a->at_end || (!a->held && !read_row(a)) ||
	    a->window >= window_of(a))
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
			task_end(t, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		else
			begin(t);
	}
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
give_out(struct apply *a)
{
	struct task *t;

	while ((t = a->first) != NULL && t->ended) {
		a->first = t->next;
		if (a->first == NULL)
			a->last = NULL;
		a->window--;
		adopt(t);
		if (is_creation(t->row.op))
			create_over(t);
		result_write(t);
		members_forget(t);
		task_free(t);
		progress_show(&a->progress, a->sink.rows, a->plan.sums.rows);
	}
}

/* Calls what is due.  Returns when the next one is, or 0: nothing waits. */
static int64_t
wake(struct apply *a)
{
	int64_t now = clock_mono_ms(), next = members_wake(a, now);

	for (struct task *t = a->first; t != NULL; t = t->next) {
		if (t->ended || t->due_ms == 0)
			continue;
		if (t->due_ms <= now || a->halted) {
			t->due_ms = 0;
			t->again(t);
		}
		if (!t->ended && t->due_ms != 0 && (next == 0 || t->due_ms < next))
			next = t->due_ms;
	}
	return next;
}

/* The window is full, or its kind is over: waits for an answer, or for what is due. */
static enum prog_status
wait_for_one(struct apply *a)
{
	int64_t next = wake(a);

	if (bulk_wake(a, &next))
		return PROG_OK;
	if (a->first == NULL || a->first->ended)
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
