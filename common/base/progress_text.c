/* What the progress line says (progress_text.h). */
#include "base/progress_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

enum { END_SIZE = 48 };

/* How much of the line there is room for, from all to hardly anything. */
enum level { LEVEL_ALL, LEVEL_NO_RATE, LEVEL_ENDS, LEVEL_DOTS, LEVEL_FIRST, LEVEL_BARE, LEVELS };

static bool
joins(const struct progress_stage *left, const struct progress_stage *right)
{
	return left->out.inode != 0 && left->out.inode == right->in.inode &&
	    left->out.device == right->in.device;
}

/* Whether a begins a row of stages rather than b. */
static bool
is_before(const struct progress_stage *a, const struct progress_stage *b)
{
	bool a_reads = a->in.inode != 0, b_reads = b->in.inode != 0;

	return a_reads != b_reads ? b_reads : a->started_ms < b->started_ms;
}

/* Whether one of the stages writes to this one. */
static bool
has_writer(const struct progress_stage *stages, size_t count, const struct progress_stage *s)
{
	for (size_t i = 0; i < count; i++)
		if (&stages[i] != s && joins(&stages[i], s))
			return true;
	return false;
}

/* Which of the stages comes next, behind last (NULL: there is none). */
static size_t
next_stage(const struct progress_stage *stages, size_t count, const struct progress_stage *last)
{
	size_t best = count;

	for (size_t i = 0; last != NULL && i < count; i++)
		if (joins(last, &stages[i]))
			return i;
	for (size_t i = 0; i < count; i++)
		if (!has_writer(stages, count, &stages[i]) &&
		    (best == count || is_before(&stages[i], &stages[best])))
			best = i;
	return best == count ? 0 : best;	/* 0: a circle, which no shell makes */
}

void
progress_text_sort(struct progress_stage *stages, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++) {
		size_t n = i + next_stage(stages + i, count - i, i > 0 ? &stages[i - 1] : NULL);
		struct progress_stage next = stages[n];

		/* The others keep their order. */
		memmove(&stages[i + 1], &stages[i], (n - i) * sizeof *stages);
		stages[i] = next;
	}
}

struct text {
	char *out;
	size_t len;
};

/* What does not fit is cut; names come from argv[0]. */
static void
put(struct text *t, const char *s)
{
	for (; *s != '\0' && t->len + 1 < PROGRESS_TEXT_SIZE; s++)
		t->out[t->len++] = (char)(*s >= ' ' && *s <= '~' ? *s : '?');
	t->out[t->len] = '\0';
}

static void
put_stage(struct text *t, const struct progress_stage *s, enum level level, bool first, bool alone,
    bool middle, int64_t now_ms)
{
	int64_t elapsed = now_ms - s->started_ms;
	char number[NUM_GROUPED_SIZE];

	put(t, s->name);
	if (middle && level >= LEVEL_ENDS)
		return;
	put(t, " ");
	put(t, num_group(number, s->count));
	if (!first || level > LEVEL_ALL)
		return;
	if (alone && s->unit[0] != '\0') {
		put(t, " ");
		put(t, s->unit);
	}
	if (elapsed > 0) {
		put(t, " ");
		put(t, num_group(number, (uint64_t)((double)s->count * 1000 / (double)elapsed + 0.5)));
		put(t, "/s");
	}
}

/* Time and share. */
static void
put_end(struct text *t, const struct progress_stage *stages, size_t count, int64_t now_ms)
{
	int64_t started = stages[0].started_ms, seconds;
	const struct progress_stage *known = NULL;
	char end[END_SIZE];

	for (size_t i = count; i-- > 0;) {
		if (stages[i].started_ms < started)
			started = stages[i].started_ms;
		if (stages[i].total > 0)
			known = &stages[i];
	}
	seconds = (now_ms - started) / 1000;
	snprintf(end, sizeof end, "  %lld:%02lld:%02lld", (long long)(seconds / 3600),
	    (long long)(seconds / 60 % 60), (long long)(seconds % 60));
	put(t, end);
	/* The total may be an estimate, so more than all of it can be done. */
	if (known != NULL) {
		snprintf(end, sizeof end, "  %d%%", known->done >= known->total ? 100 :
		    (int)((double)known->done * 100 / (double)known->total));
		put(t, end);
	}
}

static void
put_line(struct text *t, const struct progress_stage *stages, size_t count, int64_t now_ms,
    enum level level)
{
	t->len = 0;
	t->out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		bool middle = i > 0 && i + 1 < count;

		if (i > 0 && level >= LEVEL_FIRST)
			break;
		if (middle && level == LEVEL_DOTS) {
			if (i == 1)
				put(t, " | ..");
			continue;
		}
		if (i > 0)
			put(t, " | ");
		put_stage(t, &stages[i], level, i == 0, count == 1, middle, now_ms);
	}
	if (count > 1 && level == LEVEL_FIRST)
		put(t, " | ..");
	if (level < LEVEL_BARE)
		put_end(t, stages, count, now_ms);
}

size_t
progress_text(char out[PROGRESS_TEXT_SIZE], const struct progress_stage *stages, size_t count,
    int64_t now_ms, size_t columns)
{
	struct text t = { .out = out };

	/* What fills the buffer was cut there, and is never short enough. */
	if (columns > PROGRESS_TEXT_SIZE - 2)
		columns = PROGRESS_TEXT_SIZE - 2;
	for (int level = LEVEL_ALL; level < LEVELS; level++) {
		put_line(&t, stages, count, now_ms, (enum level)level);
		if (t.len <= columns)
			return t.len;
	}
	out[columns] = '\0';
	return columns;
}
