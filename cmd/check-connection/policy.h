/*
 * --print-policy: the least that IAM must allow, as one JSON object of up to three policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
#ifndef POLICY_H
#define POLICY_H

#include "check.h"

/*
 * Writes it to path, or to standard output for NULL.  principal, whom the trust policy names, and
 * the account, that of --role-arn, are asked of STS where they are not given (principal NULL).
 * Returns the status, any failure reported.
 */
enum prog_status policy_print(struct check *c, const char *principal, const char *path);

#endif
