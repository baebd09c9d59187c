/*
 * Lines sorted by sort(1), which spills to files of its own: distinct.h is built on this.
 *
 * Lines may hold any bytes but NUL and are compared as bytes.  sort reads everything before it
 * writes anything, so all lines are written first and then read back.  Its standard error is ours:
 * it says itself that there is no room left in TMPDIR.  Of the environment it gets PATH, TMPDIR and
 * LD_LIBRARY_PATH alone.
 *
 * From sorter_start on the process does not ignore SIGCHLD, since the status would be lost.
 *
 * Behind a door that is shut (sandbox.h) the helper runs it, if sorter_expect was called before.
 */
#ifndef BASE_SORTER_H
#define BASE_SORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"

enum { SORTER_LINE_MAX = 16 * 1024 * 1024 };	/* sixteen times a record */

struct sorter {
	struct buf pending;	/* append a line's bytes here, then sorter_end_line */
	char *line;		/* the last one taken, NUL-terminated */
	size_t len;
	uint64_t given, taken;	/* lines */
	bool failed;		/* reported */
	/* private */
	pid_t child;		/* 0: none */
	bool brokered;		/* it is the helper's child */
	int to;			/* its standard input; -1: closed */
	FILE *from;		/* its standard output */
	size_t cap;
};

/* All zero, with to = -1, is one that was never started; sorter_free may be called for it. */

/* Says that one may be started once the door is shut; before that. */
void sorter_expect(void);

/* Starts sort(1).  Returns 0, or -1 with the reason printed. */
int sorter_start(struct sorter *s);

/* A line is complete.  Returns 0, or -1 with the reason printed. */
int sorter_end_line(struct sorter *s);

/* There are no more lines.  Returns 0, or -1 with the reason printed. */
int sorter_end(struct sorter *s);

/*
 * After sorter_end: the next line in order.  Returns 1; 0 at the end, if sort ended well and gave
 * back as many as it was given; else -1 with the reason printed.
 */
int sorter_next(struct sorter *s);

/*
 * The number that stands at text in width hexadecimal digits, lower case, as lines to be sorted
 * have them.  Returns false if these are not there.
 */
bool sorter_hex(const char *text, size_t width, uint64_t *value);

/* Makes it failed and prints the reason, unless it has failed before. */
void sorter_fail(struct sorter *s, const char *what);

/* Ends sort(1) if need be. */
void sorter_free(struct sorter *s);

#endif
