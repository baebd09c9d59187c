/*
 * A run of confirm-absent: the plan, read to its end and put aside; what it takes away because of
 * absence; and the plan again, without what was not confirmed.
 */
#ifndef CONFIRM_ABSENT_CONFIRM_H
#define CONFIRM_ABSENT_CONFIRM_H

#include "base/out.h"
#include "base/spool.h"
#include "json/filter.h"
#include "json/plan.h"

#include "groups.h"
#include "people.h"

struct confirm {
	struct sink_options *options;
	struct sink sink;
	struct filter filter;
	struct people people;
	struct groups groups;
	char *source;			/* "https://…/POOL", which is asked */
	/* The plan. */
	bool has_header, has_rows;
	struct plan_header header;
	char *header_text;
	char **listed;			/* groups that a leaver must not be in; none: any */
	size_t listed_count;
	struct plan_sums sums;
	struct spool rows;
	/* What is left out. */
	const char *found_path;		/* --found, or NULL */
	bool has_found;
	struct out found;
	struct plan_sums dropped;
	uint64_t candidates, there, unknown;	/* rows */
};

/*
 * Reads the plan.  Returns PROG_OK, with the people to ask for; or a reported failure with *why
 * set: PROG_GUARD, it was made from another pool.
 */
enum prog_status plan_take(struct confirm *c, const char **why);

/* Gives it out again.  Returns PROG_OK, PROG_REJECTED: some rows were left out; or PROG_FAIL. */
enum prog_status plan_give(struct confirm *c);

void plan_free(struct confirm *c);

#endif
