/*
 * For -v: what it costs in calls and minutes to read memberships by group and by user.
 */
#ifndef EXPAND_MEMBERS_COST_H
#define EXPAND_MEMBERS_COST_H

#include "job.h"

/* Before the first call of a run by group, and of one by user. */
void cost_of_groups(const struct job *job);
void cost_of_users(const struct job *job);

/*
 * After a run by group that went well: memberships of so many users, or of a number that is not
 * known (0).
 */
void cost_was_groups(const struct job *job, uint64_t memberships, uint64_t users);

/*
 * After a run by user that went well: so many users, whose groups have to be asked for with so
 * many calls at least.
 */
void cost_was_users(const struct job *job, uint64_t users, uint64_t calls_by_group);

#endif
