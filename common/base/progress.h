/*
 * The progress line on a terminal: records, rate, elapsed, share done where the total is known.
 *
 * All stages of a pipeline show themselves on one line, which one of them draws
 * (progress_line.h).  Where nothing can be shared, or standard error is no terminal and --progress
 * asks for a line, it is that of a source alone.
 * Messages (diag.h) wipe the line before they print.
 *
 * Nobody shows anything if standard error is no terminal, or a dumb one; with COGNITO_PROGRESS=0;
 * and where a stage was given --no-progress or writes its output to the terminal.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PROGRESS_FIRST_MS = 1000,	/* short work shows nothing */
	PROGRESS_EVERY_MS = 200
};

enum progress_mode {
	PROGRESS_AUTO,
	PROGRESS_BESIDE,	/* AUTO, but no line of its own: another stage is the source */
	PROGRESS_ON, PROGRESS_OFF
};

/* What the options say to a stage that is no source: PROGRESS_BESIDE for AUTO. */
enum progress_mode progress_beside(enum progress_mode mode);

/*
 * Before the door is shut (sandbox.h): this program is a stage, and its line may have to be shared.
 * on_terminal: what it gives out goes to a terminal.  May be called several times.  It is shown
 * until it exits, or progress_end.
 */
void progress_open(bool on_terminal);

/*
 * Of a stage that has no struct progress: how many records it has taken, and how much of how much
 * of its input, if that is known (else 0).  Costs nothing worth counting unless the line is due.
 */
void progress_tell(uint64_t count, uint64_t done, uint64_t total);

/* Whether progress_tell would do anything now, for a caller who would have to find out what. */
bool progress_is_due(void);

/* A source, which counts something of its own, and what that is; or a stage that is told to. */
struct progress {
	bool on, shared;
	bool shown;		/* a line of its own stands on the terminal */
	int64_t started, last;	/* clock_mono_ms */
	const char *unit;
};

/*
 * unit names what is counted ("users"), borrowed.  AUTO means: standard error is a terminal that is
 * not dumb, and COGNITO_PROGRESS=0 does not say otherwise.  p must live until progress_end.  From
 * here on progress_tell does nothing.
 */
void progress_start(struct progress *p, enum progress_mode mode, const char *unit);

/* Shows count of total (0: unknown), at most five times a second and not in the first second. */
void progress_show(struct progress *p, uint64_t count, uint64_t total);

/* Wipes the line, if no other stage is on it, and ends its service. */
void progress_end(struct progress *p);

#endif
