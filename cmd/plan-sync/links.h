/*
 * Identities of providers that a native user of WANT is linked to, as fold-users(1) leaves them in
 * the attribute "identities": each that the target's user does not have becomes link-provider.
 */
#ifndef PLAN_SYNC_LINKS_H
#define PLAN_SYNC_LINKS_H

#include "subject.h"

/* Returns 0, or -1 with the reason printed. */
int links_decide(struct sync *s, const struct subject *p, bool created, bool *any);

#endif
