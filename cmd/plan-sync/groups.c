/* Groups (groups.h). */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/cognito.h"

#include "group_ops.h"
#include "held.h"
#include "left.h"
#include "members.h"
#include "scim.h"
#include "state.h"

static bool
is_listed(const struct sync *s, const char *name, size_t len)
{
	for (size_t i = 0; i < s->o.scope_groups.count; i++)
		if (strlen(s->o.scope_groups.items[i]) == len &&
		    memcmp(s->o.scope_groups.items[i], name, len) == 0)
			return true;
	return s->o.scope_groups.count == 0;
}

uint32_t
groups_number(struct sync *s, const char *name, size_t len)
{
	struct groups *g = &s->groups;
	struct keyset_key key;
	uint32_t entry;

	keyset_key(&key, name, len);
	entry = keyset_find(&g->names, &key);
	if (entry != 0)
		return keyset_number(&g->names, entry);
	if (g->count == g->cap) {
		g->cap = g->cap == 0 ? 64 : g->cap * 2;
		g->item = mem_resize(g->item, g->cap, sizeof *g->item);
		g->mentioned = mem_resize(g->mentioned, g->cap, 1);
	}
	g->item[g->count] = (struct group){
		.entry = keyset_insert(&g->names, &key, (uint32_t)g->count),
		.listed = is_listed(s, name, len), .frozen = true
	};
	g->mentioned[g->count] = 0;
	return (uint32_t)g->count++;
}

int
groups_mention(struct sync *s, uint32_t number, enum side_name side)
{
	struct groups *g = &s->groups;
	struct buf name;

	if ((g->mentioned[number] & 1U << side) != 0)
		return 0;
	g->mentioned[number] |= (unsigned char)(1U << side);
	buf_init(&name, KEYSET_KEY_MAX);
	keyset_text(&g->names, g->item[number].entry, &name);
	subject_line(s, 'G', &name, LINE_MEMBER);
	buf_append_byte(&s->lines.line, side == WANT ? 'W' : 'H');
	buf_free(&name);
	return order_end_line(&s->lines);
}

void
groups_free(struct groups *g)
{
	keyset_free(&g->names);
	for (size_t i = 0; i < g->count; i++)
		free(g->item[i].id);
	free(g->item);
	free(g->mentioned);
}

/* Cognito makes it itself, for who signs in through a provider, and nobody names it. */
static bool
is_made_by_cognito(const struct sync *s, const struct buf *key)
{
	for (size_t i = 0; i < s->o.with_groups.count; i++)
		if (strcmp(s->o.with_groups.items[i], buf_string(key)) == 0)
			return false;
	return !s->o.idp_groups && cognito_is_providers_group(buf_string(key));
}

/* The server's id, for its memberships, which are looked at when all groups are over. */
static void
keep_id(const struct sync *s, struct group *item, const struct half *h)
{
	const struct tok *t;

	if (!scim_plans(s) || h->count == 0 || h->view.keys.sub == 0)
		return;
	t = &h->list.tok[h->view.keys.sub];
	if (t->type == TOK_STRING)
		item->id = mem_dup(h->text.data + t->start - 1, t->end - t->start + 2);
}

/*
 * The ledger only knows that it was to be created: the same again, as it is there, so that whoever
 * applies it finds out whether it was.  Until then nobody comes or goes.
 */
static int
settle(struct sync *s, struct group *item, const struct subject *g)
{
	item->frozen = true;
	left_subject(s, g, "not known to be ours: apply did not end");
	if (g->half[WANT].count == 0 || g->half[HAVE].count == 0)
		return 0;
	return group_ops_create(s, g, &g->half[HAVE],
	    "not known whether a run before created it") < 0 ? -1 : 0;
}

/* Ours, and WANT does not have it; its memberships stay as they are. */
static int
absent(struct sync *s, struct group *item, const struct subject *g)
{
	int result;

	left_subject(s, g, "absent");
	state_missing(s, GROUPS, g);
	/* The run that was to create it may have been killed, and somebody else have the name. */
	if (!s->o.delete_groups)
		return 0;
	if (g->ledger == LEDGER_CREATING) {
		s->totals.unsettled++;
		return 0;
	}
	if (!s->permit[GROUPS].remove) {
		s->permit[GROUPS].suppressed++;
		return 0;
	}
	if (!state_confirms(s, GROUPS, g)) {
		s->totals.waiting++;
		return 0;
	}
	result = group_ops_delete(s, g);
	item->deleted = result == 0;
	return result < 0 ? -1 : 0;
}

/* Whether it is left alone whatever the sides say. */
static bool
is_left(struct sync *s, struct group *item, const struct subject *g, bool wanted, bool exists)
{
	const char *why = NULL;
	bool ours = subject_is_ours(g);

	if (is_made_by_cognito(s, &g->key)) {
		why = "made by Cognito for an identity provider";
		item->made_by_cognito = true;
		s->totals.made_by_cognito += wanted && !exists;
	} else if (g->half[WANT].count > 1 || g->half[HAVE].count > 1) {
		why = "more than once on a side";
		s->totals.twice++;
	} else if (held_has(s, GROUPS, g)) {
		why = "held";
	} else if (g->protected) {
		why = "protected";
	}
	if (why == NULL)
		return false;
	s->totals.managed[GROUPS] += exists && ours;
	s->totals.left[GROUPS] += exists && !ours;
	left_subject(s, g, why);
	return true;
}

/* The group is at the target. */
static int
decide_existing(struct sync *s, struct group *item, const struct subject *g, bool wanted)
{
	bool adopted = false;

	item->ours = subject_is_ours(g);
	if ((!item->ours || g->ledger == LEDGER_CREATING) && wanted && s->o.adopt)
		item->ours = adopted = true;
	if (!item->ours) {
		s->totals.left[GROUPS]++;
		s->totals.strangers += wanted;
		left_subject(s, g, wanted ? "exists, not ours" : "not ours");
		return 0;
	}
	s->totals.managed[GROUPS]++;
	if (wanted && !adopted && g->ledger == LEDGER_CREATING)
		return settle(s, item, g);
	item->frozen = false;
	if (g->half[WANT].count > 0 && g->half[HAVE].count > 0)
		return group_ops_update(s, g, adopted);
	if (s->permit[GROUPS].compared && g->half[WANT].count == 0) {
		item->frozen = true;
		if ((g->mentioned & 1U << WANT) == 0)
			return absent(s, item, g);
		/* One of WANT's lists knows it. */
		left_subject(s, g, "only WANT's memberships have it");
		return 0;
	}
	return adopted ? group_ops_update(s, g, true) : 0;
}

int
groups_leave(struct sync *s, const struct subject *p, bool *any)
{
	bool ours = subject_is_ours(p) && p->ledger != LEDGER_CREATING &&
	    p->half[HAVE].count <= 1 && !p->several && !held_has(s, USERS, p) &&
	    !held_has(s, MEMBERS, p) && !p->protected;

	for (size_t i = 0; i < p->count; i++) {
		struct group *item = &s->groups.item[p->belonging[i].group];

		if ((p->belonging[i].sides & 1U << HAVE) == 0)
			continue;
		item->inside += ours;
		item->strangers += !ours;
		if (!item->deleted || !ours)
			continue;
		*any = true;
		if (members_leave(s, p, p->belonging[i].group) != 0)
			return -1;
	}
	return 0;
}

/* It stays, and so does whoever is in it. */
static void
spare(struct sync *s, uint32_t number, const char *why)
{
	struct group *item = &s->groups.item[number];

	item->deleted = false;
	item->spared = true;
	left_group(s, number, why);
	s->totals.inhabited++;
	s->totals.ops[OP_DELETE_GROUP]--;
	s->totals.classes[CLASS_GROUP_DELETE]--;
	s->totals.calls_groups--;
	s->totals.ops[OP_REMOVE_MEMBER] -= item->removed;
	s->totals.classes[CLASS_MEMBER_REMOVE] -= item->removed;
	s->totals.calls_update -= item->removed;
	item->removed = 0;
}

/* Whether the target's memberships are there, of as many groups as the groups themselves. */
static bool
members_are_known(const struct side *have)
{
	const struct extent *m = &have->extent[MEMBERS], *g = &have->extent[GROUPS];

	return (have->lists_members || (m->there && have->silent == 0)) && !m->via &&
	    m->scope != NULL && g->scope != NULL && strcmp(m->scope, g->scope) == 0;
}

void
groups_settle(struct sync *s)
{
	bool known = members_are_known(&s->side[HAVE]);

	for (size_t i = 0; i < s->groups.count; i++) {
		struct group *item = &s->groups.item[i];

		if (item->deleted && !known)
			spare(s, (uint32_t)i, "its members are not known");
		else if (item->deleted && item->strangers > 0)
			spare(s, (uint32_t)i, "others are in it");
		else if (item->deleted && item->removed != item->inside)
			spare(s, (uint32_t)i, "not all can be taken out of it");
	}
}

int
groups_decide(struct sync *s, struct subject *g)
{
	bool wanted = g->half[WANT].count > 0, exists = g->half[HAVE].count > 0;
	/* By itself: it may move the table. */
	uint32_t number = groups_number(s, g->key.data, g->key.len);
	struct group *item = &s->groups.item[number];
	int created;

	g->protected = held_protects(s, g);
	state_keep(s, GROUPS, g, wanted || (g->mentioned & 1U << WANT) != 0);
	if (!item->listed)
		return 0;
	if (!s->permit[GROUPS].compared) {
		wanted |= (g->mentioned & 1U << WANT) != 0;
		exists |= (g->mentioned & 1U << HAVE) != 0 || subject_is_ours(g);
	}
	if (!wanted && !exists) {
		/* Memberships alone have it. */
		item->set_aside = item->made_by_cognito = is_made_by_cognito(s, &g->key);
		return 0;
	}
	item->set_aside = is_left(s, item, g, wanted, exists);
	if (item->set_aside)
		return 0;
	keep_id(s, item, &g->half[HAVE]);
	if (exists)
		return decide_existing(s, item, g, wanted);
	if (!s->permit[GROUPS].compared) {
		left_subject(s, g, "not known at the target");
		return 0;
	}
	created = group_ops_create(s, g, &g->half[WANT], "not at the target");
	/* A group that is not created gets no members. */
	item->ours = created == 0;
	item->frozen = !item->ours;
	return created < 0 ? -1 : 0;
}
