/* --dry-run: the calls that a row would take. */
#ifndef APPLY_COGNITO_CALLS_H
#define APPLY_COGNITO_CALLS_H

#include "task.h"

/*
 * Appends ,"Calls":["AdminCreateUser: email, email_verified",…]: operations in their order, with
 * the names of attributes, and never a value.
 */
void calls_put(const struct task *t, struct buf *b);

#endif
