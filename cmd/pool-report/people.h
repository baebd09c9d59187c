/* Who is in which group, and how the largest groups overlap. */
#ifndef POOL_REPORT_PEOPLE_H
#define POOL_REPORT_PEOPLE_H

#include "base/spool.h"

#include "figures.h"
#include "lines.h"

enum { PEOPLE_OTHERS = 0xffff };	/* number of a group beyond GROUPS_MAX */

/* One user of a side, of whom all lines have one key and one spelling. */
struct presence {
	uint64_t users;		/* records */
	uint64_t native;	/* of those; not of federated profiles */
	bool asked;		/* whether he has Groups */
	uint16_t *groups;	/* rising; of those beyond GROUPS_MAX PEOPLE_OTHERS */
	size_t count, cap;
};

struct people {
	struct figures *figures;
	struct presence side[SIDES];
	/* private */
	struct buf last;	/* of the groups' lines */
	struct spool lists;	/* of who is in several groups now: their number, and theirs */
};

/* Returns 0, or -1 with the reason printed and nothing to free; before the door is shut. */
int people_init(struct people *p, struct figures *f);
void people_free(struct people *p);

/* A line of the user at hand, in its order.  Returns false if it is none that we wrote. */
bool people_line(struct people *p, const struct line *l);

/* There are no more of him.  Returns 0, or -1 with the reason printed. */
int people_end(struct people *p);

/* After the last one: fills figures->overlap.  Returns 0, or -1 with the reason printed. */
int people_overlap(struct people *p);

#endif
