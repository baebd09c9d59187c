/* Memberships (members.h). */
#include "members.h"

#include <string.h>

#include "groups.h"
#include "held.h"
#include "left.h"
#include "ops.h"
#include "scim.h"

void
members_put_target(struct sync *s, const struct subject *p, bool created)
{
	const struct half *h = created ? &p->half[WANT] : subject_have(p);
	const char *id = scim_plans(s) ? "Id" : "sub";

	if (h->count > 0)
		ops_token(s, "Username", h, h->view.keys.username);
	else if (p->ledger_username.len > 0)
		ops_json(s, "Username", p->ledger_username.data, p->ledger_username.len);
	if (created && h->count > 0)
		return;
	/* Without it nothing may be taken away. */
	if (h->count > 0 && h->view.keys.sub != 0)
		ops_token(s, id, h, h->view.keys.sub);
	else if (p->ledger_sub.len > 0)
		ops_json(s, id, p->ledger_sub.data, p->ledger_sub.len);
}

void
members_put_source(struct sync *s, const struct subject *p)
{
	if (p->ledger_source.len > 0)
		ops_json(s, "Source", p->ledger_source.data, p->ledger_source.len);
}

static int
write_op(struct sync *s, enum op op, const struct subject *p, uint32_t group, bool created,
    bool absent, const char *why)
{
	struct buf name;
	int result;

	buf_init(&name, KEYSET_KEY_MAX);
	keyset_text(&s->groups.names, s->groups.item[group].entry, &name);
	ops_begin(s, op, p);
	ops_text(s, "GroupName", buf_string(&name), name.len);
	buf_free(&name);
	members_put_target(s, p, created);
	if (s->groups.item[group].id != NULL)
		ops_json(s, "GroupId", s->groups.item[group].id, strlen(s->groups.item[group].id));
	if (absent)
		members_put_source(s, p);
	result = ops_end_member(s, op, p, group, why);
	if (result == 0) {
		s->totals.calls_update++;
		s->totals.classes[op == OP_ADD_MEMBER ? CLASS_MEMBER_ADD : CLASS_MEMBER_REMOVE]++;
		s->groups.item[group].removed += op == OP_REMOVE_MEMBER;
	}
	return result < 0 ? -1 : 0;
}

static int
remove_one(struct sync *s, const struct subject *p, uint32_t group, bool absent, const char *why)
{
	if (!s->permit[MEMBERS].remove) {
		s->permit[MEMBERS].suppressed++;
		return 0;
	}
	return write_op(s, OP_REMOVE_MEMBER, p, group, false, absent, why);
}

int
members_leave(struct sync *s, const struct subject *p, uint32_t group)
{
	return write_op(s, OP_REMOVE_MEMBER, p, group, false, false, "the group is to be deleted");
}

bool
members_are_said(const struct sync *s, const struct subject *p, enum side_name side)
{
	return s->side[side].lists_members ||
	    (p->half[side].count > 0 && p->half[side].view.keys.groups != 0);
}

static int
decide_one(struct sync *s, const struct subject *p, const struct belonging *b,
    enum members_how how, bool created, bool held, bool *any)
{
	struct group *group = &s->groups.item[b->group];
	bool wanted = (b->sides & 1U << WANT) != 0, there = (b->sides & 1U << HAVE) != 0;

	if (!group->listed)
		return 0;
	if (how == MEMBERS_STRANGER || !group->ours) {
		s->totals.left[MEMBERS] += there;
		if ((wanted && !there) || (!wanted && how == MEMBERS_COMPARE))
			left_member(s, p, b->group, "the group or the user is not ours");
		s->totals.homeless += wanted && !there && how != MEMBERS_STRANGER &&
		    !group->set_aside;
		s->totals.in_made += wanted && !there && how == MEMBERS_COMPARE &&
		    group->made_by_cognito;
		return 0;
	}
	s->totals.managed[MEMBERS] += there;
	group->members += there;
	if (how == MEMBERS_KEEP || group->frozen)
		return 0;
	if (how != MEMBERS_REMOVE && wanted == there)
		return 0;
	if (how != MEMBERS_REMOVE && wanted) {
		*any = true;
		return write_op(s, OP_ADD_MEMBER, p, b->group, created, false, "not a member");
	}
	if (!there)
		return 0;
	if (held || p->ledger == LEDGER_CREATING) {
		left_member(s, p, b->group, held ? "held" :
		    "not known to be ours: apply did not end");
		return 0;
	}
	*any |= s->permit[MEMBERS].remove;
	return remove_one(s, p, b->group, how == MEMBERS_REMOVE, how == MEMBERS_REMOVE ?
	    "left the listed groups" : "not a member in WANT");
}

int
members_decide(struct sync *s, const struct subject *p, enum members_how how, bool created,
    bool *any)
{
	bool held = held_has(s, MEMBERS, p);

	if (!s->permit[MEMBERS].compared)
		return 0;
	if (how == MEMBERS_COMPARE &&
	    (!members_are_said(s, p, WANT) || (!created && !members_are_said(s, p, HAVE)))) {
		s->totals.mute += members_are_said(s, p, WANT) || members_are_said(s, p, HAVE);
		how = MEMBERS_KEEP;
	}
	for (size_t i = 0; i < p->count; i++)
		if (decide_one(s, p, &p->belonging[i], how, created, held, any) != 0)
			return -1;
	return 0;
}
