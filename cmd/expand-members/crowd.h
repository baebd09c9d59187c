/* --users: the records of everybody in the groups, each once, kept until their groups are known. */
#ifndef EXPAND_MEMBERS_CROWD_H
#define EXPAND_MEMBERS_CROWD_H

#include "job.h"

/* Zeroed at first. */
struct crowd {
	char **record;		/* by the user's number in the roster */
	size_t cap;
};

void crowd_free(struct crowd *c);

/*
 * Enters the user into the group and keeps the record in line if the user is new.  Returns what
 * roster_join does.
 */
enum roster_result crowd_add(struct crowd *c, struct roster *roster, const struct buf *name,
    uint32_t group, const struct buf *line);

/*
 * Writes everybody with Groups to the sink, in the order of arrival; calls job_stop if that fails.
 */
void crowd_give(struct crowd *c, struct job *job);

#endif
