/*
 * Lines in the order of their bytes, each once as often as it was given.  Few of them are sorted in
 * memory; more go to sort(1) (base/sorter.h), whose memory is bounded.
 *
 * order_expect comes before the door shuts.
 */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/sorter.h"

enum {
	ORDER_MEMORY = 1024 * 1024,	/* what is sorted in memory */
	ORDER_LINE_MAX = SORTER_LINE_MAX
};

struct order {
	struct buf line;	/* append a line's bytes here (no NUL), then order_end_line */
	const char *text;	/* the line that order_next has taken; borrowed until the next call */
	size_t len;
	/* private */
	struct buf held;	/* lines, each with its NUL, as long as they are few */
	size_t count, at;
	const char **sorted;
	struct sorter sorter;
	bool spilled, failed;
};

void order_expect(void);

void order_init(struct order *o);
void order_free(struct order *o);

/* Takes the line.  Returns 0, or -1 with the reason printed. */
int order_end_line(struct order *o);

/* There are no more.  Returns 0, or -1 with the reason printed. */
int order_end(struct order *o);

/* After order_end: 1 with the next line, 0 at the end, -1 with the reason printed. */
int order_next(struct order *o);

#endif
