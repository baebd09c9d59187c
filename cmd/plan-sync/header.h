/* The first row of a plan: what it is for, and all its numbers. */
#ifndef PLAN_SYNC_HEADER_H
#define PLAN_SYNC_HEADER_H

#include "sync.h"

/* Writes it, and fills the seal's source and scope.  Returns 0, or -1 with the reason printed. */
/*
 * Whether the header can name all groups that many are taken out of, since whoever applies the plan
 * judges them by it; if not, that is said on standard error.
 */
bool header_has_room(struct sync *s);

int header_write(struct sync *s);

#endif
