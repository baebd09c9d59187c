/* Groups in with --members: each group's record with Members, from the memberships in the file. */
#ifndef EXPAND_MEMBERS_ASSEMBLE_H
#define EXPAND_MEMBERS_ASSEMBLE_H

#include "job.h"

struct assembly;

/*
 * The memberships in job->gather, by group.  job stays the caller's.  NULL after job_stop if they
 * cannot be had, or if one came twice.
 */
struct assembly *assemble_new(struct job *job);

/* NULL is fine. */
void assemble_free(struct assembly *a);

/*
 * Writes the group record at hand with "Members", the list of its members' names in the order of
 * the file.  A list that would pass RECORD_LINE_MAX is continued in a further record of the same
 * group.  Returns NULL, or why the record is wrong.
 */
const char *assemble_take(struct assembly *a, const struct record_reader *r);

#endif
