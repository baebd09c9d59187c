/*
 * What failed and what to do about it, in words: each function fills the report's detail and hint.
 *
 * Detail is the service's text without the short hint that the commands put behind it.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "check.h"

/* A source gave no credentials, or there is none. */
void explain_credentials(struct check *c, const char *why, enum prog_status status);

/* GetCallerIdentity failed.  Returns whether that shows that the keys are no good. */
bool explain_identity(struct check *c, const char *why, enum prog_status status);

/* AssumeRole failed, for --role-arn or for a role of the profile. */
void explain_role(struct check *c, const char *why, enum prog_status status);

/* A call of Cognito failed. */
void explain_call(struct check *c, const struct aws_result *result);

/* Whether the pool is not there, rather than a group. */
bool explain_lacks_pool(const struct aws_result *result);

/* Whether the caller may not do this. */
bool explain_is_denied(const struct aws_result *result);

#endif
