/*
 * The progress line of a source stage on a terminal: records, rate, elapsed, share done where
 * the total is known.  One line at a time; diag.h's messages wipe it before they print.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_ON, PROGRESS_OFF };

struct progress {
	bool on;
	bool shown;		/* a line stands on the terminal */
	int64_t started, last;	/* clock_mono_ms */
	const char *unit;
};

/*
 * unit names what is counted ("users"), borrowed.  AUTO means: standard error is a terminal that
 * is not dumb.  p must live until progress_end.
 */
void progress_start(struct progress *p, enum progress_mode mode, const char *unit);

/* Shows count of total (0: unknown), at most five times a second and not in the first second. */
void progress_show(struct progress *p, uint64_t count, uint64_t total);

/* Wipes the line and ends its service. */
void progress_end(struct progress *p);

#endif
