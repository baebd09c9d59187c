/*
 * The operations of a plan on their way, for the commands that carry one out.  Rows of one kind are
 * under way side by side; those of the next kind begin when all of these are over, since a
 * membership needs its group and its user.  What has to come first of one user or group is another
 * kind, so the plan's order is kept; and rows are given back in it.
 */
#ifndef JSON_PLAN_WINDOW_H
#define JSON_PLAN_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/prog.h"
#include "json/plan_intake.h"
#include "json/plan_ledger.h"

/* A row on its way: the first member of what the command makes of it. */
struct plan_step {
	struct plan_step *next;		/* in the plan's order */
	bool ended;			/* the command's to say */
};

/* What the command does; arg is the window's. */
struct plan_work {
	/* How many rows of the kind may be under way at once; at least 1. */
	size_t (*room)(void *arg, enum plan_op op);
	/*
	 * Makes a step of the row, which plan->reader stands on.  What is about to be made is noted in
	 * the ledger here; nothing is sent yet.  The step may have ended.
	 */
	struct plan_step *(*make)(void *arg, const struct plan_row *row);
	/* Sends the first request of a step that has not ended; the ledger is on the disk. */
	void (*begin)(void *arg, struct plan_step *step);
	/*
	 * Waits until the first step, which has not ended, may have.  Anything but PROG_OK, with the
	 * reason printed, ends the run.
	 */
	enum prog_status (*wait)(void *arg);
	/* A step that has ended, when all before it were given: the command's to write and to free. */
	void (*end)(void *arg, struct plan_step *step);
	/* Nothing may be begun any more, for that reason, which is to be printed. */
	void (*halt)(void *arg, const char *where, const char *why);
};

/* All is the caller's before plan_window_run; the rest begins as zero. */
struct plan_window {
	struct plan_intake *plan;
	struct plan_ledger *ledger;
	struct out *out;		/* of the results: if it fails, nothing more is read */
	const struct plan_work *work;
	void *arg;
	/* What is under way. */
	struct plan_step *first;
	/* private */
	struct plan_step *last;
	size_t count;
	enum plan_op op;		/* of all of them */
	struct plan_row row;		/* that waits for its kind, if held */
	bool held, at_end, broken;
};

/*
 * Carries out all that plan_intake_next has, and syncs the ledger at the end.  Returns PROG_OK, or
 * PROG_FAIL where out, wait or the reading of the plan failed; then steps may be left at w->first,
 * which are the caller's to free.
 */
enum prog_status plan_window_run(struct plan_window *w);

#endif
