/* Who is looked at (scope.h). */
#include "scope.h"

#include "members.h"
#include "state.h"

bool
scope_has(const struct sync *s, const struct subject *p, enum side_name side)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct group *group = &s->groups.item[p->belonging[i].group];

		if ((p->belonging[i].sides & 1U << side) != 0 && group->listed &&
		    (side == WANT || (group->ours && !group->frozen)))
			return true;
	}
	return false;
}

bool
scope_seen(const struct sync *s, const struct subject *p)
{
	if (s->o.scope_groups.count > 0)
		return scope_has(s, p, WANT) ||
		    (p->half[WANT].count > 0 && !members_are_said(s, p, WANT));
	return p->half[WANT].count > 0 || (!s->permit[USERS].compared && p->count > 0);
}

bool
scope_half_done(const struct sync *s, const struct subject *p)
{
	const struct half *h = &p->half[HAVE];

	return p->tomb && !s->state->kind[USERS].other_groups && s->o.disable_leavers &&
	    h->count > 0 && subject_is_ours(p) &&
	    (s->o.delete_users || !half_is(h, half_member(h, "Enabled"), "false"));
}
