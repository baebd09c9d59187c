/* WANT and HAVE: read, and given to the sort. */
#ifndef PLAN_SYNC_SIDES_H
#define PLAN_SYNC_SIDES_H

#include "input.h"

/*
 * Reads all files of a side.  What they are the whole of, their seals' source and scope say.
 * Returns PROG_OK, or what sync_stop returned.
 */
enum prog_status sides_read(struct sync *s, enum side_name side);

/* For scim.c: a membership of who has the key s->key, in the group; in->failed as input.row has it. */
void sides_add_member(struct input *in, const struct buf *group);

#endif
