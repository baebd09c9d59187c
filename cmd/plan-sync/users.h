/* What is to be done about one person. */
#ifndef PLAN_SYNC_USERS_H
#define PLAN_SYNC_USERS_H

#include "subject.h"

/* Returns 0, or -1 with the reason printed. */
int users_decide(struct sync *s, struct subject *p);

#endif
