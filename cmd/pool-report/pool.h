/* The record of the user pool itself (describe-pool(1)). */
#ifndef POOL_REPORT_POOL_H
#define POOL_REPORT_POOL_H

#include "json/record.h"

#include "figures.h"

/*
 * Takes a record that is no user, group or membership: what it says of the pool, and of its
 * attributes; of the snapshot of before its Id alone.  Returns NULL, or why it is a wrong one.
 */
const char *pool_take(struct pool *p, enum side side, struct tally *attributes,
    const struct record_reader *r);

#endif
