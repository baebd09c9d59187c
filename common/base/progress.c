/* The progress line of a source stage on a terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/progress.h"

enum {
	FIRST_MS = 1000,	/* short work shows nothing */
	EVERY_MS = 200,
	LINE_SIZE = 128
};

/* Carriage return, then "erase to the end of the line" (ECMA-48 EL). */
static const char wipe[] = "\r\033[K";

/* The line that messages have to wipe, or NULL. */
static struct progress *current;

static void
wipe_current(void)
{
	if (current == NULL || !current->shown)
		return;
	diag_put(wipe, sizeof wipe - 1);
	current->shown = false;
}

static bool
is_terminal(void)
{
	const char *term = getenv("TERM");

	/* A dumb terminal would show the wiping. */
	return isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

void
progress_start(struct progress *p, enum progress_mode mode, const char *unit)
{
	p->on = mode == PROGRESS_ON || (mode == PROGRESS_AUTO && is_terminal());
	p->shown = false;
	p->started = p->last = clock_mono_ms();
	p->unit = unit;
	if (p->on) {
		current = p;
		diag_set_before(wipe_current);
	}
}

void
progress_show(struct progress *p, uint64_t count, uint64_t total)
{
	char line[LINE_SIZE], share[16] = "";
	int64_t now, elapsed;
	long long seconds;
	int n;

	if (!p->on)
		return;
	now = clock_mono_ms();
	elapsed = now - p->started;
	if (elapsed < FIRST_MS || now - p->last < EVERY_MS)
		return;
	p->last = now;
	seconds = elapsed / 1000;
	/* The total may be an estimate, so more than all of it can be done. */
	if (total > 0)
		snprintf(share, sizeof share, "  %d%%",
		    count >= total ? 100 : (int)((double)count * 100 / (double)total));
	n = snprintf(line, sizeof line, "%s%llu %s  %.0f/s  %lld:%02lld:%02lld%s", wipe,
	    (unsigned long long)count, p->unit, (double)count * 1000 / (double)elapsed,
	    seconds / 3600, seconds / 60 % 60, seconds % 60, share);
	if (n <= 0)
		return;
	diag_put(line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
	p->shown = true;
}

void
progress_end(struct progress *p)
{
	if (current != p)
		return;
	wipe_current();
	current = NULL;
	diag_set_before(NULL);
}
