/* What the progress line says of the stages of a job (progress.h). */
#ifndef BASE_PROGRESS_TEXT_H
#define BASE_PROGRESS_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { PROGRESS_NAME_SIZE = 32, PROGRESS_UNIT_SIZE = 16, PROGRESS_TEXT_SIZE = 512 };

/* Takes a line away: carriage return, then "erase to the end of the line" (ECMA-48 EL). */
#define PROGRESS_WIPE "\r\033[K"

/* The other end of a pipe has the same numbers. */
struct progress_pipe {
	uint64_t device, inode;		/* 0: no pipe */
};

struct progress_stage {
	char name[PROGRESS_NAME_SIZE];
	char unit[PROGRESS_UNIT_SIZE];	/* what is counted ("users"), or "" */
	int64_t started_ms;		/* clock_mono_ms */
	uint64_t count;
	uint64_t done, total;		/* how much of how much; total 0: not known */
	struct progress_pipe in, out;	/* standard input and output */
};

/*
 * Puts the stages in the order of their pipes; those that no pipe joins (a foreign filter is
 * between them) by whether they read from one at all, and by the time of their start.
 */
void progress_text_sort(struct progress_stage *stages, size_t count);

/*
 * Writes the line for these stages, one at least, in order, into out, which is NUL-terminated:
 *
 *     list-users 12,000 900/s | map-attributes 11,940 | emit-csv 11,900  0:00:13  40%
 *
 * Rate and share are those of the first stage, and of the first that knows its share.  In fewer
 * than that many columns the rate goes first, then the counts of the middle, the names there, the
 * last stage.  The text is printable ASCII, whatever the names hold.  Returns its length.
 */
size_t progress_text(char out[PROGRESS_TEXT_SIZE], const struct progress_stage *stages,
    size_t count, int64_t now_ms, size_t columns);

#endif
