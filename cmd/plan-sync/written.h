/*
 * What a ledger's lines say of a user's attributes, and of Enabled: not the values, but by what it
 * can be told whether they are the ones that were written last (json/plan_ledger.h).
 */
#ifndef PLAN_SYNC_WRITTEN_H
#define PLAN_SYNC_WRITTEN_H

#include "base/buf.h"
#include "json/tok.h"

enum written_enabled { WRITTEN_UNSAID, WRITTEN_UNKNOWN, WRITTEN_NO, WRITTEN_YES };

struct written {
	enum written_enabled enabled;	/* UNSAID: no line has told */
	struct buf digest;		/* empty: not known */
	struct buf names;		/* NUL behind each: attributes that he may have of us */
};

void written_init(struct written *w);
void written_free(struct written *w);
void written_clear(struct written *w);

/* Takes a parsed line of one who is, and was before it, ours. */
void written_take(struct written *w, const struct tok_list *l, const char *text);

#endif
