/*
 * What becomes of the rows about a user or a group that is there.  Each is looked at before it is
 * written to: it has to be the one that the row means, and as the row's Before says.
 */
#ifndef APPLY_SCIM_CHANGE_H
#define APPLY_SCIM_CHANGE_H

#include "task.h"

/* update-user, update-group, enable-user, disable-user, delete-user, delete-group. */
void change_begin(struct task *t);

#endif
