/* The plan, row by row. */
#ifndef APPLY_SCIM_RUN_H
#define APPLY_SCIM_RUN_H

#include "apply.h"

/* Carries out what was read, or with --dry-run says how.  Returns how that went. */
enum prog_status run_plan(struct apply *a);

#endif
