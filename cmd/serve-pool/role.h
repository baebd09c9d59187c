/* A role of IAM, by its ARN. */
#ifndef SERVE_POOL_ROLE_H
#define SERVE_POOL_ROLE_H

#include <stddef.h>

enum { ROLE_ACCOUNT_SIZE = 13, ROLE_PARTITION_SIZE = 32 };

/* An assumed role's ARN at its longest, and more than a user's. */
enum { ROLE_SESSION_ARN_SIZE = 256 };

struct role {
	const char *arn;			/* NULL: there is no such role */
	const char *name;			/* behind arn's last slash */
	char account[ROLE_ACCOUNT_SIZE];
	char partition[ROLE_PARTITION_SIZE];	/* "aws" */
};

/* Fills r from arn, which it borrows.  Returns 0, or -1 if it is not the ARN of a role. */
int role_set(struct role *r, const char *arn);

/* The ARN of a session with this name (at most 64 bytes). */
void role_session_arn(const struct role *r, const char *name, char out[ROLE_SESSION_ARN_SIZE]);

#endif
