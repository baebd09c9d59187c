/* WANT and HAVE: read, and given to the sort. */
#ifndef PLAN_SYNC_SIDES_H
#define PLAN_SYNC_SIDES_H

#include "sync.h"

/*
 * Reads all files of a side.  What they are the whole of, their seals' source and scope say.
 * Returns PROG_OK, or what sync_stop returned.
 */
enum prog_status sides_read(struct sync *s, enum side_name side);

#endif
