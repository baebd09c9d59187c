/* Records become figures, and lines that tell the rest once they are sorted (lines.h). */
#ifndef POOL_REPORT_GATHER_H
#define POOL_REPORT_GATHER_H

#include "base/order.h"
#include "json/identities.h"
#include "json/record.h"

#include "figures.h"

struct gather {
	struct figures *figures;
	struct order *order;
	enum side side;
	bool failed;		/* the lines cannot be sorted; reported */
	/* private */
	struct hash_key key;
	struct identities identities;
	struct buf text, name, digests;
	uint64_t stamp, others;		/* others: of attributes that are not told apart */
};

void gather_init(struct gather *g, struct figures *f, struct order *o);
void gather_free(struct gather *g);

/* A good record.  Returns NULL, or why it is a wrong one for us (static); that counts nothing. */
const char *gather_record(struct gather *g, const struct record_reader *r);

#endif
