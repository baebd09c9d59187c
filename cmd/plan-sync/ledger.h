/* --ledger: whose objects at the target are ours. */
#ifndef PLAN_SYNC_LEDGER_H
#define PLAN_SYNC_LEDGER_H

#include "sync.h"

/*
 * Gives its lines to the sort.  A torn last line is dropped with a word, and s->ledger_torn set;
 * no file is an empty one.  Returns PROG_OK, or what sync_stop returned.
 */
enum prog_status ledger_read(struct sync *s);

#endif
