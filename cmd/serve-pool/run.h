/* Until when the server runs: a signal, or the end of a command that runs beside it. */
#ifndef SERVE_POOL_RUN_H
#define SERVE_POOL_RUN_H

#include <signal.h>

struct run {
	sigset_t ends;		/* the signals that end the server, unless ignored from the start */
	sigset_t before;	/* the mask to give to the command */
};

/* Blocks the signals, in this thread and those that it will start: call before the server does. */
void run_prepare(struct run *r);

/* Waits for a signal that ends the server. */
void run_wait(const struct run *r);

/*
 * Runs the command with the environment as it is and waits for its end; signals are passed on
 * to it.  Returns its status as a shell shows it (128 + N for a death by signal N; 126, 127
 * with the reason printed if it cannot be run).
 */
int run_command(const struct run *r, char **argv);

#endif
