/*
 * The provider chain: whose credentials count, the same in every network command.
 *
 *   1. with --profile, that profile; variables with keys do not count
 *   2. AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION),
 *      even if AWS_PROFILE is set, as in the AWS CLI (the JavaScript SDK has it the other way)
 *   3. the selected profile (profile.h); inside it: role_arn with source_profile or
 *      credential_source, web_identity_token_file, static keys of the credentials file,
 *      credential_process, static keys of the config file
 *   4. AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN (not with --profile)
 *   5. the container endpoint
 *   6. instance metadata
 *
 * A profile that is another's source_profile counts by its static keys first, then as in 3.
 */
#ifndef NET_CHAIN_H
#define NET_CHAIN_H

#include "net/aws.h"
#include "net/profile.h"
#include "net/source.h"

struct chain {
	const struct profiles *profiles;
	/* What STS is reached with, where a role is to be assumed; its keeper is not looked at. */
	const struct aws_config *sts;
	const char *sts_why;	/* NULL; or why it cannot be reached, which matters to roles only */
};

/*
 * Finds the source; asks nobody, runs nothing.  Returns it (source_free), or NULL with why set:
 * there are no credentials, or their configuration is wrong: half of a pair of keys, a loop of
 * source_profile, keys that exclude each other, a value that AWS's pattern does not allow.  Where a
 * file is to blame, why begins with "FILE:LINE: KEY: ".
 */
struct source *chain_find(const struct chain *c, char why[CRED_WHY_SIZE]);

#endif
