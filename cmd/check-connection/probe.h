/*
 * The checks pool, permission OPERATION and group NAME: calls that change nothing and, as far as
 * it can be, ask about nobody.
 *
 * IAM decides before the service looks a user or a group up.  So a question about a name that
 * nobody has tells whether it may be asked: "not found" is as good as an answer.  The names are
 * made of 128 random bits.
 */
#ifndef PROBE_H
#define PROBE_H

#include "check.h"

/* Makes the client.  Returns the operations that are permitted; none without a pool. */
unsigned probe_check(struct check *c);

#endif
