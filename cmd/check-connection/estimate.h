/* The check estimate: how large the pool is, and how long a full run of the pipeline will take. */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "measure.h"

void estimate_check(struct check *c, unsigned permitted, const struct measure *m);

#endif
