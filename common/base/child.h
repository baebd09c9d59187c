/*
 * What programs that are run beside us (exec.h, sorter.h) have in common: pipes, an environment,
 * and the two words that a child can leave, why it did not run and how it ended.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

enum { CHILD_READ, CHILD_WRITE };	/* the ends of a pipe */

enum { CHILD_WHY_SIZE = 40 };

/* Closes it unless it is -1, which it is then. */
void child_close(int *fd);

/* A pipe that no other program gets.  Returns 0; or -1 with errno set and both ends -1. */
int child_pipe(int fd[2]);

/*
 * Our environment, with the text "NAME=VALUE" in place of what it says of NAME.  The caller frees
 * the array alone, and keeps the text for as long.
 */
char **child_environment(char *variable);

/* Makes sure that a status can be waited for: SIGCHLD is not ignored any more. */
void child_keep_status(void);

/*
 * In the child, first of all: it dies with its parent (pid), blocks no signal, and ignores none of
 * those that prog.h ignores.
 */
void child_begin(pid_t parent);

/* In the child, if exec failed: tells errno to report, a pipe that a successful exec closes. */
_Noreturn void child_end(int report);

/* What exec said, at the other end of report: 0 if it went well.  Comes at once. */
int child_exec_error(int report);

/* Whether it ended with status 0; else why is set: "ended by signal 9", "ended with status 3". */
bool child_ended_well(int status, char why[CHILD_WHY_SIZE]);

#endif
