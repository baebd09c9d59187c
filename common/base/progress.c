/* The progress line of a stage on a terminal (progress.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/prog.h"
#include "base/progress.h"
#include "base/progress_line.h"
#include "base/progress_screen.h"

/* The line of its own that messages have to wipe, or NULL. */
static struct progress *current;

static struct {
	bool shared;		/* the line is open */
	bool on_terminal;	/* and what is given out would stand in it */
	bool counted;		/* by a struct progress */
	int64_t started, last;
} stage;

static void
wipe_current(void)
{
	if (current == NULL || !current->shown)
		return;
	diag_put(PROGRESS_WIPE, strlen(PROGRESS_WIPE));
	current->shown = false;
}

static bool
before_message(void)
{
	wipe_current();
	return false;
}

static bool
is_terminal(void)
{
	const char *term = getenv("TERM"), *choice = getenv("COGNITO_PROGRESS");

	/* A dumb terminal would show the wiping. */
	return isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0 &&
	    (choice == NULL || strcmp(choice, "0") != 0);
}

static void
tell(int64_t started, const char *unit, uint64_t count, uint64_t done, uint64_t total, bool quiet)
{
	struct progress_stage s = { .started_ms = started, .count = count, .done = done,
		.total = total };

	snprintf(s.unit, sizeof s.unit, "%s", unit);
	progress_line_tell(&s, quiet);
}

void
progress_open(bool on_terminal)
{
	stage.on_terminal |= on_terminal;
	if (stage.shared || !is_terminal() || !progress_line_open())
		return;
	stage.shared = true;
	stage.started = stage.last = clock_mono_ms();
	/* It may be long until there is something to read. */
	tell(stage.started, "", 0, 0, 0, stage.on_terminal);
}

bool
progress_is_due(void)
{
	return stage.shared && !stage.counted &&
	    clock_mono_ms() - stage.last >= PROGRESS_EVERY_MS;
}

void
progress_tell(uint64_t count, uint64_t done, uint64_t total)
{
	if (!progress_is_due())
		return;
	stage.last = clock_mono_ms();
	tell(stage.started, "", count, done, total, stage.on_terminal);
}

enum progress_mode
progress_beside(enum progress_mode mode)
{
	return mode == PROGRESS_AUTO ? PROGRESS_BESIDE : mode;
}

void
progress_start(struct progress *p, enum progress_mode mode, const char *unit)
{
	p->shared = stage.shared && mode != PROGRESS_OFF;
	p->on = mode == PROGRESS_ON || (mode == PROGRESS_AUTO && is_terminal()) ||
	    (mode == PROGRESS_BESIDE && stage.shared);
	p->shown = false;
	p->started = p->last = clock_mono_ms();
	p->unit = unit;
	stage.counted = true;
	if (p->on && !p->shared) {
		current = p;
		diag_set_around(before_message, NULL);
	}
	/* Who asks for it is known by the others before the first second is over. */
	if (stage.shared && (p->on || mode == PROGRESS_OFF)) {
		stage.on_terminal &= mode != PROGRESS_ON;
		tell(p->started, unit, 0, 0, 0, mode == PROGRESS_OFF || stage.on_terminal);
	}
}

/* A line of its own. */
static void
show(struct progress *p, uint64_t count, uint64_t total, int64_t now)
{
	struct progress_stage s = { .started_ms = p->started, .count = count, .done = count,
		.total = total };
	char out[PROGRESS_TEXT_SIZE];
	size_t len;

	if (now - p->started < PROGRESS_FIRST_MS)
		return;
	snprintf(s.name, sizeof s.name, "%s", prog_name());
	snprintf(s.unit, sizeof s.unit, "%s", p->unit);
	len = progress_text(out, &s, 1, now, progress_screen_columns());
	diag_put(PROGRESS_WIPE, strlen(PROGRESS_WIPE));
	diag_put(out, len);
	p->shown = true;
}

void
progress_show(struct progress *p, uint64_t count, uint64_t total)
{
	int64_t now;

	if (!p->on)
		return;
	now = clock_mono_ms();
	if (now - p->last < PROGRESS_EVERY_MS)
		return;
	p->last = now;
	if (p->shared)
		tell(p->started, p->unit, count, count, total, stage.on_terminal);
	else
		show(p, count, total, now);
}

void
progress_end(struct progress *p)
{
	if (p->shared)
		progress_line_leave();
	if (current != p)
		return;
	wipe_current();
	current = NULL;
	diag_set_around(NULL, NULL);
}
