/* Users in: each user's record with Groups, from --members or by AdminListGroupsForUser. */
#ifndef EXPAND_MEMBERS_USERS_H
#define EXPAND_MEMBERS_USERS_H

#include "job.h"

struct users;

/* job stays the caller's. */
struct users *users_new(struct job *job);

/* Gives up what is under way. */
void users_free(struct users *u);

/*
 * Takes a user record of the input; it is given out in its turn.  Returns NULL, or why the record
 * is wrong.  job_stop was called if the run cannot go on.
 */
const char *users_take(struct users *u, const struct record_reader *r);

/* Waits for what is under way and gives it out.  Returns PROG_OK, or job->status after job_stop. */
enum prog_status users_finish(struct users *u);

#endif
