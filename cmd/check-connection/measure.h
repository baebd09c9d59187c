/* The checks page speed and quota: how fast the service answers, and how fast it may be asked. */
#ifndef MEASURE_H
#define MEASURE_H

#include "json/tok.h"

#include "check.h"

enum { MEASURE_PAGES = 5, MEASURE_SUB = 8, MEASURE_SUBS = 60 * MEASURE_PAGES };

struct measure {
	int64_t page_ms;		/* the median, pacing included; 0: not known */
	uint64_t users;			/* seen by ListUsers */
	bool all;			/* these are all */
	char sub[MEASURE_SUBS][MEASURE_SUB];	/* how their subs begin */
	size_t subs;
};

/* permitted: a set of operations. */
void measure_check(struct check *c, unsigned permitted, struct measure *m);

#endif
