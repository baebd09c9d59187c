/*
 * A command that runs beside something that we serve to it: its end is our end, and signals meant
 * for us reach it.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <signal.h>
#include <sys/types.h>

struct run {
	sigset_t ends;		/* the signals that end us, unless ignored from the start */
	char **environment;	/* of the command; NULL: as ours is */
	/* private */
	pid_t child;		/* 0: none */
	int go;			/* tells it to begin, or by its end that it never will */
	int terminal;		/* -1: there is none */
};

/* All zero but the environment. */

/*
 * Forks the command, which does not begin yet: whatever this process becomes until run_command
 * (threads, signals, a door that is shut: sandbox.h), the command is as all was now.  Returns 0, or
 * -1 with the reason printed.
 */
int run_fork(struct run *r, char **argv);

/* Blocks the signals, in this thread and those that it will start: call before any is started. */
void run_prepare(struct run *r);

/* Waits for a signal that ends us. */
void run_wait(const struct run *r);

/*
 * Behind run_fork and run_prepare: lets the command begin and waits for its end; signals are passed
 * on to it.  Returns its status as a shell shows it (128 + N for a death by signal N; 126, 127 with
 * the reason printed if it cannot be run).
 */
int run_command(struct run *r);

/* Behind run_fork: the command is not to begin at all.  Waits until it is gone. */
void run_dismiss(struct run *r);

#endif
