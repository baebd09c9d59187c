/* What is to be done about one person (users.h). */
#include "users.h"

#include <string.h>

#include "attributes.h"
#include "groups.h"
#include "held.h"
#include "left.h"
#include "links.h"
#include "members.h"
#include "origin.h"
#include "scim.h"
#include "scope.h"
#include "state.h"
#include "user_ops.h"

/* Who left the pool, or the listed groups. */
static const char left_groups[] = "left the listed groups";

static bool
is_federated(const struct half *h)
{
	return h->count > 0 && half_is(h, half_member(h, "UserStatus"), "EXTERNAL_PROVIDER");
}

/* Whether the key is in the set; then it is left alone, and counted. */
static bool
is_left_in(struct sync *s, struct keyset *set, const struct subject *p, uint64_t *count,
    const char *why)
{
	struct keyset_key key;

	keyset_key(&key, p->key.data, p->key.len);
	if (set->count == 0 || keyset_find(set, &key) == 0)
		return false;
	++*count;
	left_subject(s, p, why);
	return true;
}

/* Whether his Enabled is left as it is, since nobody may change it; then he is counted. */
static bool
is_stuck(struct sync *s, const struct subject *p)
{
	if (!s->o.no_disable)
		return false;
	s->totals.unswitched++;
	left_subject(s, p, "Enabled differs, and nobody may be enabled or disabled");
	return true;
}

/* Somebody of both sides, ours. */
static int
update(struct sync *s, const struct subject *p, bool adopted, bool *any)
{
	const struct half *w = &p->half[WANT], *h = &p->half[HAVE];
	uint32_t ew = half_member(w, "Enabled"), eh = half_member(h, "Enabled");
	struct change c;
	int result = 0;

	change_init(&c);
	attributes_compare(s, w, h, s->permit[USERS].remove, &c);
	s->permit[USERS].suppressed += c.kept > 0;
	*any |= c.count > 0;
	if (c.count > 0 || adopted)
		result = user_ops_update(s, p, &c, adopted);
	change_free(&c);
	if (result == 0 && half_is(w, ew, "true") && half_is(h, eh, "false") && !is_stuck(s, p)) {
		*any = true;
		result = user_ops_enable(s, p, true, false, "Enabled differs");
	}
	/* Where the target does not say it (active is optional: RFC 7643, 4.1.1) he may be enabled. */
	if (result == 0 && half_is(w, ew, "false") && !half_is(h, eh, "false") && !is_stuck(s, p)) {
		s->disable.suppressed += !s->disable.remove;
		*any |= s->disable.remove;
		if (s->disable.remove)
			result = user_ops_enable(s, p, false, false, "Enabled differs");
	}
	return result;
}

/* Ours, and missing in WANT, or in the listed groups. */
static int
absent(struct sync *s, const struct subject *p, bool *any)
{
	const struct half *h = &p->half[HAVE];
	bool scoped = s->o.scope_groups.count > 0;
	bool enabled = !half_is(h, half_member(h, "Enabled"), "false");
	char why[64];

	/* One of the rejected records may be the membership that is missed. */
	if (scoped && held_has(s, MEMBERS, p)) {
		left_subject(s, p, "held");
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	if (is_left_in(s, &s->moved[HAVE], p, &s->totals.moved, "has another key in WANT")) {
		s->totals.classes[CLASS_KEY_CHANGE]++;
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	state_missing(s, USERS, p);
	if (!s->permit[USERS].remove) {
		s->permit[USERS].suppressed += enabled || s->o.delete_users;
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	if (!state_confirms(s, USERS, p)) {
		s->totals.waiting++;
		left_subject(s, p, "absent for the first time");
		/* Now, since by the next run the other one is there. */
		user_ops_part(s, p);
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	/* The run that was to create him may have been killed, and somebody else have the name. */
	if (p->ledger == LEDGER_CREATING) {
		s->totals.unsettled++;
		left_subject(s, p, "not known to be ours: apply did not end");
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	if (members_decide(s, p, scoped ? MEMBERS_REMOVE : MEMBERS_KEEP, false, any) != 0)
		return -1;
	if (scoped && !s->o.disable_leavers)
		return 0;
	if (!enabled && !s->o.delete_users)
		return 0;
	*any = true;
	user_ops_part(s, p);
	snprintf(why, sizeof why, "absent since %.40s", buf_string(&p->since));
	if (s->o.delete_users)
		return user_ops_delete(s, p, scoped ? left_groups : why);
	return user_ops_enable(s, p, false, true, scoped ? left_groups : why);
}

/* Why nothing is done about somebody, or NULL. */
static const char *
reason_to_leave(struct sync *s, const struct subject *p)
{
	if (p->half[WANT].count > 1 || p->half[HAVE].count > 1 || p->several) {
		s->totals.twice++;
		return left_twice;
	}
	if (held_has(s, USERS, p))
		return "held";
	if (p->protected)
		return "protected";
	if (is_federated(&p->half[WANT]) && p->half[HAVE].count == 0) {
		s->totals.federated++;
		return "a federated profile: no native user is known for it";
	}
	if (is_federated(&p->half[WANT]) || is_federated(&p->half[HAVE]))
		return "a federated profile";
	return NULL;
}

/*
 * All who have the key, since each of them misses something.  Those of a side that has more than
 * one were told as they came, for there may be many; but in a list of some groups that was too early.
 */
static void
leave_twins(struct sync *s, const struct subject *p)
{
	for (int side = 0; side < SIDES; side++) {
		const struct half *h = &p->half[side];

		if (h->count == 1 || (h->count > 1 && s->o.scope_groups.count > 0))
			left_twin(s, p, h->text.data, h->text.len);
	}
}

/* Somebody who is at the target. */
static int
decide_existing(struct sync *s, const struct subject *p, bool wanted, bool *any)
{
	bool ours = subject_is_ours(p), adopted = false;
	bool another = ours && wanted && origin_is_another(p);

	if ((!ours || another || p->ledger == LEDGER_CREATING) && wanted && s->o.adopt &&
	    p->half[HAVE].count > 0)
		ours = adopted = true;
	if (!ours) {
		s->totals.left[USERS]++;
		if (!is_left_in(s, &s->rekeyed, p, &s->totals.rekeyed, "ours under another key")) {
			s->totals.strangers += wanted;
			left_subject(s, p, wanted ? "exists, not ours" : "not ours");
		}
		return members_decide(s, p, MEMBERS_STRANGER, false, any);
	}
	s->totals.managed[USERS]++;
	if (!s->permit[USERS].compared)
		return members_decide(s, p, MEMBERS_COMPARE, false, any);
	s->totals.classes[CLASS_KEY_CHANGE] += another;
	if (another && !adopted) {
		s->totals.reborn++;
		left_subject(s, p, "somebody else at the source by now: another sub");
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	/* As long as nobody knows whether he is ours, nothing else happens to him. */
	if (wanted && !adopted && p->ledger == LEDGER_CREATING && p->half[HAVE].count > 0) {
		*any = true;
		return user_ops_settle(s, p) != 0 ? -1 :
		    members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	if (!wanted && scope_seen(s, p)) {
		left_subject(s, p, "WANT does not say in which groups");
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	if (!wanted)
		return absent(s, p, any);
	if (update(s, p, adopted, any) != 0 || links_decide(s, p, false, any) != 0)
		return -1;
	return members_decide(s, p, MEMBERS_COMPARE, false, any);
}

/* Whether the target has the person, as far as the sides say. */
static bool
is_there(const struct sync *s, const struct subject *p)
{
	if (p->half[HAVE].count > 0 || s->permit[USERS].compared)
		return p->half[HAVE].count > 0;
	if (subject_is_ours(p))
		return true;
	for (size_t i = 0; i < p->count; i++)
		if ((p->belonging[i].sides & 1U << HAVE) != 0)
			return true;
	return false;
}

static int
decide(struct sync *s, const struct subject *p, bool *any)
{
	bool scoped = s->o.scope_groups.count > 0;
	bool wanted = p->half[WANT].count > 0, there = is_there(s, p);
	const char *why;
	int created;

	if (!s->permit[USERS].compared)
		wanted = p->count > 0 || p->half[WANT].count > 0;
	if (scoped)
		wanted &= scope_has(s, p, WANT);
	/* He may be there, made and with nobody to take him away. */
	if (s->o.have_ledger && !wanted && p->ledger == LEDGER_CREATING) {
		s->totals.unsettled++;
		left_subject(s, p, "not known to be ours: apply did not end");
		return 0;
	}
	if (!wanted && (!there || (scoped && !scope_has(s, p, HAVE) && !scope_half_done(s, p))))
		return 0;
	why = reason_to_leave(s, p);
	if (why != NULL) {
		bool ours = there && subject_is_ours(p);

		s->totals.managed[USERS] += ours;
		s->totals.left[USERS] += there && !ours;
		if (why == left_twice && !p->several)
			leave_twins(s, p);
		else
			left_subject(s, p, why);
		return members_decide(s, p, ours ? MEMBERS_KEEP : MEMBERS_STRANGER, false, any);
	}
	if (there)
		return decide_existing(s, p, wanted, any);
	if (!s->permit[USERS].compared) {
		left_subject(s, p, "not known at the target");
		return 0;
	}
	if (is_left_in(s, &s->moved[WANT], p, &s->totals.moved,
	    "the target has the name under another key"))
		return 0;
	if (half_is(&p->half[WANT], half_member(&p->half[WANT], "Enabled"), "false") && is_stuck(s, p))
		return 0;
	*any = true;
	created = user_ops_create(s, p);
	/* Of whom nobody can be made, no memberships. */
	if (created != 0)
		return created < 0 ? -1 : 0;
	if (links_decide(s, p, true, any) != 0)
		return -1;
	return members_decide(s, p, MEMBERS_COMPARE, true, any);
}

int
users_decide(struct sync *s, struct subject *p)
{
	bool any = false;

	p->protected = held_protects(s, p);
	if (groups_leave(s, p, &any) != 0)
		return -1;
	state_keep(s, USERS, p, scope_seen(s, p));
	if (decide(s, p, &any) != 0)
		return -1;
	s->totals.billable += any && !scim_plans(s);
	return 0;
}
