/*
 * Keys that came before (distinct.h).
 *
 * A first sort(1) gets lines "SET LENGTH KEY ROW", set, length and row as hexadecimal digits of
 * fixed width, without the blanks.  In the order of bytes equal keys of a set then stand together,
 * their rows rising.  What repeats goes as "ROW SET FIRST" to a second one, which brings it into
 * the order of rows.  Neither writes before it has read everything, so the first may be read while
 * the second is written.
 */
#include "base/distinct.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/sorter.h"

enum {
	SET_WIDTH = 4,
	LENGTH_WIDTH = 8,
	ROW_WIDTH = 16,
	KEY_START = SET_WIDTH + LENGTH_WIDTH,
	KEY_MAX = SORTER_LINE_MAX - KEY_START - ROW_WIDTH
};

struct distinct {
	struct sorter keys, repeats;
	bool started;		/* the first one, which must not be before the door is shut */
};

struct distinct *
distinct_new(void)
{
	struct distinct *d = mem_alloc(sizeof *d);

	d->keys.to = d->repeats.to = -1;
	sorter_expect();
	return d;
}

/* Returns 0, or -1 with the reason printed once. */
static int
start(struct distinct *d)
{
	if (!d->started) {
		d->started = true;
		(void)sorter_start(&d->keys);
	}
	return d->keys.failed ? -1 : 0;
}

int
distinct_add(struct distinct *d, unsigned set, uint64_t row, const void *key, size_t len)
{
	struct sorter *s = &d->keys;

	if (start(d) != 0)
		return -1;
	if (len > KEY_MAX) {
		sorter_fail(s, "a key that is too long");
		return -1;
	}
	buf_appendf(&s->pending, "%0*x%0*zx", SET_WIDTH, set, LENGTH_WIDTH, len);
	buf_append(&s->pending, key, len);
	buf_appendf(&s->pending, "%0*" PRIx64, ROW_WIDTH, row);
	return sorter_end_line(s);
}

/* The key that lines are compared with. */
struct group {
	struct buf key;		/* set, length, key */
	uint64_t first, last;
};

/* The row of the line at hand, or false if it is none that we wrote. */
static bool
parse_line(const struct sorter *s, uint64_t *set, uint64_t *row)
{
	uint64_t length;

	return s->len >= KEY_START + ROW_WIDTH && sorter_hex(s->line, SET_WIDTH, set) &&
	    sorter_hex(s->line + SET_WIDTH, LENGTH_WIDTH, &length) &&
	    length == s->len - KEY_START - ROW_WIDTH &&
	    sorter_hex(s->line + s->len - ROW_WIDTH, ROW_WIDTH, row);
}

/* Hands what repeats to the second sort.  Returns 0, or -1 with the reason printed. */
static int
take_key(struct distinct *d, struct group *g)
{
	struct sorter *s = &d->keys, *to = &d->repeats;
	uint64_t set, row;
	size_t len;

	if (!parse_line(s, &set, &row)) {
		sorter_fail(s, "gave back a line that it was not given");
		return -1;
	}
	len = s->len - ROW_WIDTH;
	if (s->taken == 1 || g->key.len != len || memcmp(g->key.data, s->line, len) != 0) {
		buf_clear(&g->key);
		buf_append(&g->key, s->line, len);
		g->first = g->last = row;
		return 0;
	}
	if (row == g->last)	/* the same row again */
		return 0;
	g->last = row;
	buf_appendf(&to->pending, "%0*" PRIx64 "%0*" PRIx64 "%0*" PRIx64, ROW_WIDTH, row,
	    SET_WIDTH, set, ROW_WIDTH, g->first);
	return sorter_end_line(to);
}

/* Returns 0, or -1 with the reason printed. */
static int
find_repeats(struct distinct *d)
{
	struct group g = { .first = 0 };
	int more;

	buf_init(&g.key, SORTER_LINE_MAX);
	while ((more = sorter_next(&d->keys)) > 0)
		if (take_key(d, &g) != 0) {
			more = -1;
			break;
		}
	buf_free(&g.key);
	return more;
}

int
distinct_end(struct distinct *d,
    void (*repeated)(void *arg, uint64_t row, unsigned set, uint64_t first), void *arg)
{
	struct sorter *s = &d->repeats;
	uint64_t row, set, first;
	int more;

	if (start(d) != 0 || sorter_end(&d->keys) != 0 || sorter_start(s) != 0 || find_repeats(d) != 0 ||
	    sorter_end(s) != 0)
		return -1;
	while ((more = sorter_next(s)) > 0) {
		if (s->len != 2 * ROW_WIDTH + SET_WIDTH || !sorter_hex(s->line, ROW_WIDTH, &row) ||
		    !sorter_hex(s->line + ROW_WIDTH, SET_WIDTH, &set) ||
		    !sorter_hex(s->line + ROW_WIDTH + SET_WIDTH, ROW_WIDTH, &first)) {
			sorter_fail(s, "gave back a line that it was not given");
			return -1;
		}
		repeated(arg, row, (unsigned)set, first);
	}
	return more;
}

void
distinct_free(struct distinct *d)
{
	if (d == NULL)
		return;
	sorter_free(&d->keys);
	sorter_free(&d->repeats);
	free(d);
}
