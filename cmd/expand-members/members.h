/* The memberships of --members FILE. */
#ifndef EXPAND_MEMBERS_MEMBERS_H
#define EXPAND_MEMBERS_MEMBERS_H

#include "gather.h"
#include "job.h"

/* Opens the file job->members.  Returns PROG_OK, or job->status after job_stop. */
enum prog_status members_open(struct job *job);

/*
 * Reads that file, which must be whole, into job->gather and the groups into job->roster, and
 * closes it.  need_seal: it must be sealed.  Returns PROG_OK, or job->status after job_stop.
 */
enum prog_status members_read(struct job *job, bool need_seal);

/*
 * gather_end of them, once.  Returns 0, or -1 after job_stop: that failed, or a membership was
 * there twice.
 */
int members_gather(struct job *job, int (*each)(void *arg, const struct gather_user *user),
    void *arg);

/*
 * Adds to the output's seal, which has taken up the users' seals, what the file's seal says.
 * Returns PROG_OK, or job->status after job_stop if the users are sealed and the file is not.
 */
enum prog_status members_seal(struct job *job);

#endif
