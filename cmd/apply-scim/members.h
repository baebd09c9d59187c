/*
 * What becomes of memberships: those of one group go together, as many as one PATCH may change, and
 * one request after the other, since many servers read a group, change it and write it.
 *
 * An id names a user or a group for ever; a group whose id the plan did not know is found by its
 * name.
 */
#ifndef APPLY_SCIM_MEMBERS_H
#define APPLY_SCIM_MEMBERS_H

#include "task.h"

/* Puts the row among those of its group. */
void members_begin(struct task *t);

/*
 * Sends what can be sent, all rows of the window being there, and what is due at now; returns when the
 * next one is due, or 0: nothing waits.
 */
int64_t members_wake(struct apply *a, int64_t now_ms);

/* The row is over, and about to be freed. */
void members_forget(struct task *t);

void members_free(struct apply *a);

#endif
