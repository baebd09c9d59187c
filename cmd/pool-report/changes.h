/* Who is new, who is gone, and what is another in those who were there before. */
#ifndef POOL_REPORT_CHANGES_H
#define POOL_REPORT_CHANGES_H

#include "figures.h"
#include "lines.h"

/*
 * A line of LINE_SUB ends in flags, and where snapshots are compared a check sum of the record, two
 * digits for the status, 't', 'f' or '-' for Enabled, a digit of enum factor, a hash of the
 * Username, and a digest for each attribute that has a value: its number in three digits, and a
 * hash of the value; one for all attributes that are not told apart.  (Hashes have 64 bits under a
 * random key: that two values have the same is not to be expected.  The check sum has none: of
 * several records with one sub the same one comes first in every run, and in any order of them.)
 */
enum { CHANGES_DIGEST_SIZE = 3 + 16 };

struct compare {
	struct figures *figures;
	/* private */
	struct buf first[SIDES];	/* of each side the first line of the user at hand */
	bool there[SIDES];
	uint64_t *hash[SIDES];		/* by attribute; 0: none */
};

void compare_init(struct compare *c, struct figures *f);
void compare_free(struct compare *c);

/* A line of the user at hand. */
void compare_line(struct compare *c, const struct line *l);

/* There are no more of him.  Returns false if a line is none that we wrote. */
bool compare_end(struct compare *c);

#endif
