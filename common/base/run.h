/*
 * A command that runs beside something that we serve to it: its end is our end, and signals meant
 * for us reach it.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <signal.h>

struct run {
	sigset_t ends;		/* the signals that end us, unless ignored from the start */
	sigset_t before;	/* the mask to give to the command */
	char **environment;	/* of the command; NULL: as ours is */
};

/* Blocks the signals, in this thread and those that it will start: call before any is started. */
void run_prepare(struct run *r);

/* Waits for a signal that ends us. */
void run_wait(const struct run *r);

/*
 * Runs the command and waits for its end; signals are passed on to it.  Returns its status as a
 * shell shows it (128 + N for a death by signal N; 126, 127 with the reason printed if it cannot be
 * run).
 */
int run_command(const struct run *r, char **argv);

#endif
