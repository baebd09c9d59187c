/* The checks identity and role: as whom Cognito is called. */
#ifndef CALLER_H
#define CALLER_H

#include "check.h"

/* With --role-arn, config has the role's keys afterwards. */
void caller_check(struct check *c);

/* A client for STS with the keys that config has got; NULL with the reason printed. */
struct aws_client *caller_sts(const struct check *c);

#endif
