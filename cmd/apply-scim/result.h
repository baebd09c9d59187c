/* A record for each row of the plan, and what --dry-run says of one. */
#ifndef APPLY_SCIM_RESULT_H
#define APPLY_SCIM_RESULT_H

#include "task.h"

/* Writes the record of a row that is over, counts it, and keeps the row if a retry can help. */
void result_write(struct task *t);

/* How the run went. */
enum prog_status result_status(const struct apply *a);

#endif
