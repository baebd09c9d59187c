/* push-import cognito: a user import job of the pool for each file. */
#ifndef PUSH_IMPORT_COGNITO_H
#define PUSH_IMPORT_COGNITO_H

#include "job.h"
#include "push.h"

struct cognito {
	struct push *push;
	struct job_pool pool;
	const char *role;		/* CloudWatchLogsRoleArn; NULL with --resume or --dry-run */
	const char *name;		/* what jobs' names begin with */
	char *source;			/* of the seal */
};

extern const struct rules cognito_rules;

/*
 * Asks what the pool's files have to look like, holds the checked ones against it, then imports
 * them one after the other and writes the results.  The door is shut and credentials are there.
 * Returns a status, with push's why set if it is not a good end.
 */
enum prog_status cognito_run(struct cognito *c);

#endif
