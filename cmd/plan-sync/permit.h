/* Whether anything may be taken away, and whether the run counts for the next one. */
#ifndef PLAN_SYNC_PERMIT_H
#define PLAN_SYNC_PERMIT_H

#include "sync.h"

/* Sets s->permit once all inputs are read. */
void permit_judge(struct sync *s);

/* Says on standard error why what would have been taken away was not.  Returns whether any was. */
bool permit_complain(const struct sync *s);

#endif
