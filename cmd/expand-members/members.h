/* The memberships of --members FILE. */
#ifndef EXPAND_MEMBERS_MEMBERS_H
#define EXPAND_MEMBERS_MEMBERS_H

#include "job.h"

/*
 * Reads the file job->members, which must be whole, into job->roster.  need_seal: it must be
 * sealed.  Returns PROG_OK, or job->status after job_stop.
 */
enum prog_status members_read(struct job *job, bool need_seal);

/*
 * Adds to the output's seal, which has taken up the users' seals, what the file's seal says.
 * Returns PROG_OK, or job->status after job_stop if the users are sealed and the file is not.
 */
enum prog_status members_seal(struct job *job);

#endif
