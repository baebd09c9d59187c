/* What the parts of expand-members share. */
#ifndef EXPAND_MEMBERS_JOB_H
#define EXPAND_MEMBERS_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/progress.h"
#include "base/prog.h"
#include "json/cognito.h"
#include "json/record.h"
#include "json/sink.h"
#include "net/aws.h"

#include "gather.h"
#include "roster.h"

enum { JOB_NAME_MAX = 4 * 128 };	/* bytes of a name; the service's limit is 128 characters */

struct job {
	struct sink sink;
	enum progress_mode progress_mode;
	struct progress progress;
	struct aws_client *client;	/* NULL with --members */
	const char *pool;
	struct cognito_names *names;	/* --with-attributes */
	bool users;			/* --users */
	const char *members;		/* --members */
	int members_fd;
	struct seal members_seal;
	bool members_sealed;
	struct roster roster;		/* the groups of the input, or of --members */
	struct gather *gather;		/* the memberships of --members */
	bool gathered;			/* they have been taken from it */
	size_t replaced;		/* halves of surrogate pairs in attributes' values */
	bool told;			/* a chain has reported why it failed */
	/* Once something has failed, which has been reported: */
	bool stopped;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
};

/* Notes that the run has failed; the first reason stands.  Returns false. */
bool job_stop(struct job *job, enum prog_status status, const char *why);

/*
 * Appends the meaning of the string token at index to b, cleared first.  Returns 0, or -1 if b
 * would pass its maximum.
 */
int job_decode(struct buf *b, const struct tok_list *list, const char *text, uint32_t index);

#endif
