/* Groups in: every member of every group, by ListUsersInGroup. */
#ifndef EXPAND_MEMBERS_GROUPS_H
#define EXPAND_MEMBERS_GROUPS_H

#include "job.h"

/* Takes a group record of the input in.  Returns NULL, or why the record is wrong. */
const char *groups_take(struct job *job, const struct record_reader *r);

/*
 * Fetches the members of all groups taken in and writes them to the sink: memberships, or with
 * job->users each user once.  Returns PROG_OK, or job->status after job_stop.
 */
enum prog_status groups_run(struct job *job);

#endif
