/* Who is looked at: with --scope-groups, the members of these. */
#ifndef PLAN_SYNC_SCOPE_H
#define PLAN_SYNC_SCOPE_H

#include "subject.h"

/* Whether one of the memberships of a side is within --scope-groups; of HAVE's, in one of ours. */
bool scope_has(const struct sync *s, const struct subject *p, enum side_name side);

/* Whether WANT has somebody, or, within --scope-groups, does not say that he is in none of them. */
bool scope_seen(const struct sync *s, const struct subject *p);

/*
 * Whether somebody left the listed groups in a run before, and was to be disabled then: the
 * memberships may have gone with half of a plan.
 */
bool scope_half_done(const struct sync *s, const struct subject *p);

#endif
