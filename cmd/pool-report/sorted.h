/* The sorted lines become figures: what users share, groups, changes. */
#ifndef POOL_REPORT_SORTED_H
#define POOL_REPORT_SORTED_H

#include "base/order.h"

#include "people.h"

/* Reads all lines.  Returns 0, or -1 with the reason printed. */
int sorted_read(struct order *o, struct figures *f, struct people *people);

#endif
