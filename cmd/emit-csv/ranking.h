/*
 * Which names become columns where records have more than there may be.  Each record has one voice,
 * which its names share: so the names that many have come first, and of the others those of records
 * that have few; one record with a thousand names takes no column from another.
 */
#ifndef EMIT_CSV_RANKING_H
#define EMIT_CSV_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranking;

struct ranking *ranking_new(void);

/* NULL is fine. */
void ranking_free(struct ranking *r);

/*
 * The next record begins, whose names are count, a thousand at most, each of which is then given to
 * ranking_name.
 */
void ranking_record(struct ranking *r, size_t count);

/* A name of the record at hand: len bytes, copied; top: at the top level, not in Attributes. */
void ranking_name(struct ranking *r, const char *name, size_t len, bool top);

/*
 * Calls take for those that become columns, at most max: first those that stood at a top level, in
 * the order in which they first did, then the others by name.  name ends in a NUL.  Names that
 * became known by one record and have as many voices become columns together, or not at all.
 */
void ranking_choose(struct ranking *r, size_t max, void (*take)(void *arg, const char *name),
    void *arg);

#endif
