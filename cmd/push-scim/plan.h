/* A line of the input, held against what the server has. */
#ifndef PUSH_SCIM_PLAN_H
#define PUSH_SCIM_PLAN_H

#include "push.h"

/* For the filter: one line.  Returns NULL, or why it is wrong. */
const char *plan_row(void *arg, const struct record_reader *r, struct sink *sink);

#endif
