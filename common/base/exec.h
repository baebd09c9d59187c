/* A command that is run for what it prints, with limits. */
#ifndef BASE_EXEC_H
#define BASE_EXEC_H

#include <stdint.h>

struct buf;

enum { EXEC_WHY_SIZE = 120, EXEC_HELPER_MAX = 128 * 1024 };

enum exec_result {
	EXEC_OK,	/* it ended with status 0 */
	EXEC_NOT_RUN,	/* not found, or not executable */
	EXEC_TEMPORARY,	/* it ended with PROG_TEMPORARY, or there is no process for it now */
	EXEC_FAILED	/* another status, a signal, too much output, or the time was over */
};

struct exec {
	char *const *argv;	/* NULL-terminated; found by PATH, executed without a shell */
	const char *name, *value;	/* of a variable to set in its environment; NULL: none */
	int64_t limit_ms;
};

/*
 * Runs the command and takes what it prints into out, which is empty and has its maximum; it is
 * reserved in full, so that buf_wipe is enough for secrets.  A process that outlives the command
 * and holds its output open is not waited for.
 *
 * The command's standard input is /dev/null, its standard error ours; no other descriptor goes
 * along.  No signal is blocked or, of those that prog.h ignores, ignored.  It dies with us.  If we
 * are in the foreground of a terminal it stays in our process group, so that it can ask there and
 * an interrupt reaches it, and is killed alone when its time is over; else it has a group of its
 * own, which is killed as a whole.
 *
 * Returns EXEC_OK; or another result with why set, "ended with status 3".  From this call on the
 * process does not ignore SIGCHLD, since the status would be lost.
 */
enum exec_result exec_output(const struct exec *e, struct buf *out, char why[EXEC_WHY_SIZE]);

/*
 * For a command that is to be run whether or not the door is shut by then (sandbox.h): announced
 * before, it is run by the helper (broker.h), which is under no restriction then, and runs nothing
 * else.  What e points to is borrowed until exec_withdraw.  Returns a ticket, 1 or more.
 */
int exec_announce(const struct exec *e);

void exec_withdraw(int ticket);

/*
 * As exec_output: where a helper runs in it, else here.  Of the helper's, out takes no more than
 * EXEC_HELPER_MAX bytes.
 */
enum exec_result exec_announced(int ticket, struct buf *out, char why[EXEC_WHY_SIZE]);

#endif
