/* The tables of keyset.c (keyset_table.h). */
#include "base/keyset_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"

enum {
	PLACE_SIZE = sizeof(uint64_t),
	/* Places that are read at once: to find one text, and to go from end to end. */
	WINDOW = 64, WIDE_BITS = 12, WIDE_WINDOW = 1 << WIDE_BITS
};

/* What has been reported.  An answer without the file would be a wrong one. */
static void
need(int failed)
{
	if (failed != 0)
		exit(PROG_FAIL);
}

static void
write_window(struct keyset_table *t)
{
	if (t->dirty)
		need(spool_write(&t->file, t->places, t->width * PLACE_SIZE,
		    t->window * PLACE_SIZE));
	t->dirty = false;
}

uint64_t *
keyset_table_place(struct keyset_table *t, size_t at)
{
	/* A window never wraps round: the number of places is a multiple of its width. */
	size_t window = at & ~(t->width - 1);

	if (t->width == 0)
		return &t->places[at];
	if (window != t->window) {
		write_window(t);
		need(spool_read(&t->file, t->places, t->width * PLACE_SIZE, window * PLACE_SIZE));
		t->window = window;
	}
	return &t->places[at - window];
}

size_t
keyset_table_first(const struct keyset_table *t, uint32_t tag)
{
	return tag >> (KEYSET_TAG_BITS - t->bits);
}

size_t
keyset_table_next(const struct keyset_table *t, size_t at)
{
	return (at + 1) & (((size_t)1 << t->bits) - 1);
}

bool
keyset_table_is_full(const struct keyset_table *t, size_t more)
{
	return t->used + more > ((size_t)1 << t->bits) / 4 * 3;
}

void
keyset_table_open_memory(struct keyset_table *t, unsigned bits)
{
	memset(t, 0, sizeof *t);
	t->bits = bits;
	t->places = mem_alloc(((size_t)1 << bits) * PLACE_SIZE);
}

void
keyset_table_open_file(struct keyset_table *t, unsigned bits)
{
	if (bits > KEYSET_TAG_BITS) {
		diag_error("more texts than can be kept in mind");
		exit(PROG_FAIL);
	}
	memset(t, 0, sizeof *t);
	/* A window at least. */
	t->bits = bits > WIDE_BITS ? bits : WIDE_BITS;
	t->width = WIDE_WINDOW;
	t->places = mem_alloc((size_t)WIDE_WINDOW * PLACE_SIZE);
	need(spool_open(&t->file));
	need(spool_extend(&t->file, ((uint64_t)1 << t->bits) * PLACE_SIZE));
}

void
keyset_table_close(struct keyset_table *t)
{
	free(t->places);
	if (t->width > 0)
		spool_close(&t->file);
	memset(t, 0, sizeof *t);
}

/* A file's window becomes this wide. */
static void
set_width(struct keyset_table *t, size_t width)
{
	write_window(t);
	t->width = width;
	t->window = 0;
	need(spool_read(&t->file, t->places, width * PLACE_SIZE, 0));
}

void
keyset_table_take(struct keyset_table *t, struct keyset_table *from)
{
	for (size_t i = 0; i < (size_t)1 << from->bits; i++) {
		uint64_t what = *keyset_table_place(from, i), *place;
		size_t at;

		if (what == 0)
			continue;
		at = keyset_table_first(t, (uint32_t)(what >> KEYSET_TAG_BITS));
		while (*(place = keyset_table_place(t, at)) != 0)
			at = keyset_table_next(t, at);
		*place = what;
		t->dirty = true;
		t->used++;
	}
}

void
keyset_table_widen(struct keyset_table *t)
{
	set_width(t, WIDE_WINDOW);
}

void
keyset_table_narrow(struct keyset_table *t)
{
	set_width(t, WINDOW);
}
