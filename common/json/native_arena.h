/*
 * Memory that is given out piece by piece and taken back as a whole: what a run of a native program
 * makes lives as long as its record, what compiling makes as long as the program.
 */
#ifndef JSON_NATIVE_ARENA_H
#define JSON_NATIVE_ARENA_H

#include <stddef.h>

struct native_chunk;

struct native_arena {
	struct native_chunk *first, *now;
	size_t used;		/* bytes given out since the last reset */
};

/* size bytes, aligned for anything, not zeroed.  An arena of zeros is an empty one. */
void *native_alloc(struct native_arena *a, size_t size);

/* Takes everything back; the first chunk is kept for what comes. */
void native_reset(struct native_arena *a);

void native_arena_free(struct native_arena *a);

#endif
