/*
 * --users: the records of everybody in the groups, each once, put aside until their groups are
 * known.
 */
#ifndef EXPAND_MEMBERS_CROWD_H
#define EXPAND_MEMBERS_CROWD_H

#include "job.h"

struct crowd;

/* NULL with the reason printed if sort(1) cannot be started. */
struct crowd *crowd_new(void);

/* NULL is fine. */
void crowd_free(struct crowd *c);

/*
 * The user is in the group; line is the record.  Returns 0, or -1 with the reason printed once.
 */
int crowd_add(struct crowd *c, const struct buf *name, uint32_t group, const struct buf *line);

/*
 * After the last crowd_add, once: writes everybody with Groups to the sink, in the order in which
 * they were first added; calls job_stop if that fails, or if a user was in a group twice.
 */
void crowd_give(struct crowd *c, struct job *job);

#endif
