/*
 * What the inputs and the options say that no comparison follows: who gave it would think that the
 * sides agree.
 */
#ifndef PLAN_SYNC_UNCOMPARED_H
#define PLAN_SYNC_UNCOMPARED_H

#include "sync.h"

/* Once both sides are read: says each thing on standard error, a line each. */
void uncompared_say(struct sync *s);

#endif
