/*
 * A part of keyset.c: a table that leads from the tag of a text, 32 bits of its hash, to the text's
 * entry; in memory, or in a file without a name of which memory holds a window.
 *
 * Places lie in the order of tags, so that all of a table goes into another from end to end, a
 * window after the other.  A file that fails ends the program (keyset.h).
 */
#ifndef BASE_KEYSET_TABLE_H
#define BASE_KEYSET_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/spool.h"

enum { KEYSET_TAG_BITS = 32 };

/* A table with open addressing: each place the tag above the entry, 0: free. */
struct keyset_table {
	unsigned bits;		/* of the number of places */
	size_t used;
	uint64_t *places;	/* in memory all, of a file those from window on */
	size_t window, width;	/* width is 0 in memory */
	bool dirty;		/* the window differs from the file */
	struct spool file;
};

/* An empty one of 2^bits places. */
void keyset_table_open_memory(struct keyset_table *t, unsigned bits);

/* The same in a file, of at least as many; with a wide window.  More than 2^32 end the program. */
void keyset_table_open_file(struct keyset_table *t, unsigned bits);

/* All zero is fine. */
void keyset_table_close(struct keyset_table *t);

/* The place of this number; borrowed until the next call. */
uint64_t *keyset_table_place(struct keyset_table *t, size_t at);

/* The place where a tag is looked for first, and the one behind a place. */
size_t keyset_table_first(const struct keyset_table *t, uint32_t tag);
size_t keyset_table_next(const struct keyset_table *t, size_t at);

/* Whether it should not take so many more. */
bool keyset_table_is_full(const struct keyset_table *t, size_t more);

/* Enters what all places of another table have. */
void keyset_table_take(struct keyset_table *t, struct keyset_table *from);

/* A file's window, for taking and for finding; it is written out before. */
void keyset_table_widen(struct keyset_table *t);
void keyset_table_narrow(struct keyset_table *t);

#endif
