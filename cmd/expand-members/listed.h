/* Which groups a user is in by the memberships of --members FILE, on flat memory. */
#ifndef EXPAND_MEMBERS_LISTED_H
#define EXPAND_MEMBERS_LISTED_H

#include "job.h"

struct listed;

/*
 * The memberships in job->gather, for look-ups.  job stays the caller's.  NULL after job_stop if
 * they cannot be had, or if one came twice.
 */
struct listed *listed_new(struct job *job);

/* NULL is fine. */
void listed_free(struct listed *l);

/*
 * Appends the user's groups as a JSON array, in the order of the file.  Returns 0, or -1 if b would
 * pass its maximum, or after job_stop.
 */
int listed_groups(struct listed *l, const char *user, size_t len, struct buf *b);

#endif
