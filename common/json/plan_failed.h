/*
 * --failed FILE: a plan again, of what a retry can help; its header is the old one, with its counts
 * made anew.
 */
#ifndef JSON_PLAN_FAILED_H
#define JSON_PLAN_FAILED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/out.h"
#include "base/spool.h"
#include "json/plan.h"
#include "json/seal.h"

struct plan_failed {
	const char *path;		/* NULL: not asked for */
	bool open, broken;		/* broken: a row is missing */
	struct out out;
	struct spool rows;
	struct plan_sums sums;
};

/* Opens the file, before the door shuts.  Returns 0, or -1 with the reason printed. */
int plan_failed_open(struct plan_failed *f, const char *path);

/* Adds a row of the plan, in its order. */
void plan_failed_add(struct plan_failed *f, const struct plan_row *r, const struct tok_list *l,
    const char *text, size_t len);

/*
 * The end: good, the file takes its place, with rows or without; header is the old plan's, from is
 * its seal.  Returns 0, or -1 with the reason printed.
 */
int plan_failed_close(struct plan_failed *f, bool good, const char *header,
    const struct seal *from);

#endif
