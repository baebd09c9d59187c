#include "json/plan_window.h"

#include "base/out.h"

/* Reads the next row.  Returns whether there is one. */
static bool
read_row(struct plan_window *w)
{
	const char *why;
	int got = plan_intake_next(w->plan, &w->row, &why);

	w->held = got == 1;
	w->at_end = got != 1;
	if (got == -1) {
		/* A plan that was put aside and cannot be read again must not look like one that is done. */
		w->broken = true;
		w->work->halt(w->arg, "the plan cannot be read again", why);
	}
	return w->held;
}

/* Takes the next row.  Returns whether there was one that may go beside the others. */
static bool
take(struct plan_window *w)
{
	struct plan_step *step;

	if (w->at_end || (!w->held && !read_row(w)))
		return false;
	if (w->first != NULL && (w->op != w->row.op || w->count >= w->work->room(w->arg, w->op)))
		return false;
	w->held = false;
	w->op = w->row.op;
	step = w->work->make(w->arg, &w->row);
	step->next = NULL;
	if (w->last != NULL)
		w->last->next = step;
	else
		w->first = step;
	w->last = step;
	w->count++;
	return true;
}

/* Fills the window; what is to be made stands in the ledger before any of it is sent. */
static void
fill(struct plan_window *w)
{
	struct plan_step *before = w->last, *step;

	while (take(w))
		;
	if (plan_ledger_sync(w->ledger) != 0)
		w->work->halt(w->arg, w->ledger->path, "nothing more is begun without a ledger");
	for (step = before != NULL ? before->next : w->first; step != NULL; step = step->next)
		if (!step->ended)
			w->work->begin(w->arg, step);
}

static void
give_back(struct plan_window *w)
{
	struct plan_step *step;

	while ((step = w->first) != NULL && step->ended) {
		w->first = step->next;
		if (w->first == NULL)
			w->last = NULL;
		w->count--;
		w->work->end(w->arg, step);
	}
}

enum prog_status
plan_window_run(struct plan_window *w)
{
	enum prog_status status = plan_intake_rewind(w->plan) == 0 ? PROG_OK : PROG_FAIL;

	while (status == PROG_OK && !w->out->failed && (w->first != NULL || !w->at_end)) {
		fill(w);
		if (w->first != NULL && !w->first->ended)
			status = w->work->wait(w->arg);
		give_back(w);
	}
	(void)plan_ledger_sync(w->ledger);
	return status != PROG_OK || w->out->failed || w->broken ? PROG_FAIL : PROG_OK;
}
