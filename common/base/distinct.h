/*
 * Which of many keys came before: exact and on flat memory, through sort(1), which spills to
 * files of its own (mode 0600, in TMPDIR) where there is too much.
 */
#ifndef BASE_DISTINCT_H
#define BASE_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

struct distinct;

/* Before the door shuts (sandbox.h): sort(1) starts behind it, with the first key. */
struct distinct *distinct_new(void);

/*
 * The row has this key, any bytes but NUL, in this set (0 to 65535; keys of different sets are
 * different).  Rows come in rising order.  Returns 0, or -1 with the reason printed once.
 */
int distinct_add(struct distinct *d, unsigned set, uint64_t row, const void *key, size_t len);

/*
 * After the last distinct_add: calls repeated for every row whose key an earlier row has, in
 * rising order of rows, then of sets; first is the earliest row with that key.  Returns 0, or -1
 * with the reason printed (sort(1) failed: what was called before that is not all).
 */
int distinct_end(struct distinct *d,
    void (*repeated)(void *arg, uint64_t row, unsigned set, uint64_t first), void *arg);

/* Ends sort(1) if need be; NULL is fine. */
void distinct_free(struct distinct *d);

#endif
