/* Groups (groups.h). */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/cognito.h"
#include "json/jtext.h"

#include "held.h"
#include "left.h"
#include "members.h"
#include "ops.h"
#include "scim.h"
#include "scim_ops.h"
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

static void
put_member(struct buf *b, const char *name, const struct half *h, uint32_t index)
{
	buf_appendf(b, "%s\"%s\":", b->len > 1 ? "," : "", name);
	if (index != 0)
		jtext_value(b, &h->list, h->text.data, index);
	else
		buf_append_string(b, "null");
}

static uint32_t
value_of(const struct half *h, const char *name)
{
	uint32_t index = half_member(h, name);

	if (index == 0 || h->list.tok[index].type == TOK_NULL ||
	    (h->list.tok[index].type == TOK_STRING &&
	    h->list.tok[index].start == h->list.tok[index].end))
		return 0;
	return index;
}

static bool
is_same(const struct half *a, uint32_t i, const struct half *b, uint32_t j)
{
	const struct tok *x, *y;

	if (i == 0 || j == 0)
		return i == j;
	x = &a->list.tok[i];
	y = &b->list.tok[j];
	return x->type == y->type && x->end - x->start == y->end - y->start &&
	    memcmp(a->text.data + x->start, b->text.data + y->start, x->end - x->start) == 0;
}

static const char *const members[] = { "Description", "Precedence", "RoleArn" };
enum { MEMBER_COUNT = 3, MEMBER_PRECEDENCE = 1, MEMBER_ROLE = 2 };

/* What the target has and WANT does not: whether it is to go. */
static bool
is_cleared(struct sync *s, const struct subject *g, int member)
{
	if (!s->permit[GROUPS].remove) {
		s->permit[GROUPS].suppressed++;
		return false;
	}
	/* UpdateGroup leaves what it is not given, and takes no empty one: it would fail each night. */
	if (member == MEMBER_PRECEDENCE || member == MEMBER_ROLE) {
		s->totals.fixed++;
		left_subject(s, g, member == MEMBER_ROLE ?
		    "RoleArn: the service takes no role away from a group" :
		    "Precedence: the service takes none away from a group");
		return false;
	}
	return true;
}

/* The same of a SCIM server's; returns how many members differ. */
static unsigned
compare_resources(struct sync *s, const struct subject *g, struct buf *before, struct buf *after,
    struct buf *why)
{
	struct change c;
	unsigned count;

	change_init(&c);
	scim_ops_compare(s, &g->half[WANT], &g->half[HAVE], s->permit[GROUPS].remove, &c);
	s->permit[GROUPS].suppressed += c.kept;
	buf_append(before, buf_string(&c.before), c.before.len);
	buf_append(after, buf_string(&c.after), c.after.len);
	buf_append(why, buf_string(&c.names), c.names.len);
	count = c.count;
	change_free(&c);
	return count;
}

/* The server's id, which tells it from another one of the name. */
static void
put_id(struct sync *s, const struct half *h)
{
	if (scim_plans(s))
		ops_token(s, "Id", h, h->view.keys.sub);
}

/* The same for its memberships, which are looked at when all groups are over. */
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

/* What a group of both sides differs in. */
static int
update(struct sync *s, const struct subject *g, bool adopted)
{
	const struct half *want = &g->half[WANT], *have = &g->half[HAVE];
	struct buf before, after, why;
	unsigned count = 0;
	int result = 0;

	buf_init(&before, 2 * (size_t)RECORD_LINE_MAX);
	buf_init(&after, 2 * (size_t)RECORD_LINE_MAX);
	buf_init(&why, RECORD_REASON_SIZE);
	buf_append_byte(&before, '{');
	buf_append_byte(&after, '{');
	if (scim_plans(s))
		count = compare_resources(s, g, &before, &after, &why);
	for (int i = 0; i < MEMBER_COUNT && !scim_plans(s); i++) {
		uint32_t w = value_of(want, members[i]), h = value_of(have, members[i]);

		if (is_same(want, w, have, h) || (i == MEMBER_ROLE && !s->o.role_arn))
			continue;
		if (w == 0 && !is_cleared(s, g, i))
			continue;
		put_member(&before, members[i], have, h);
		put_member(&after, members[i], want, w);
		buf_appendf(&why, "%s%s", count++ > 0 ? ", " : "", members[i]);
	}
	if (count > 0 || adopted) {
		buf_appendf(&why, "%s%s%s", count == 0 ? "" : count == 1 ? " differs" : " differ",
		    count > 0 && adopted ? "; " : "", adopted ? "adopted" : "");
		buf_append_byte(&before, '}');
		buf_append_byte(&after, '}');
		ops_begin(s, OP_UPDATE_GROUP, g);
		ops_text(s, "GroupName", g->key.data, g->key.len);
		put_id(s, have);
		ops_json(s, "Before", before.data, before.len);
		ops_json(s, "After", after.data, after.len);
		result = ops_end(s, OP_UPDATE_GROUP, why.data);
		s->totals.calls_groups += result == 0 && count > 0;
	}
	buf_free(&before);
	buf_free(&after);
	buf_free(&why);
	return result < 0 ? -1 : 0;
}

/* The row, with what h says. */
static int
write_creation(struct sync *s, const struct subject *g, const struct half *h, const char *why)
{
	struct buf after;
	int result;

	buf_init(&after, 2 * (size_t)RECORD_LINE_MAX);
	buf_append_byte(&after, '{');
	for (int i = 0; i < MEMBER_COUNT; i++) {
		uint32_t value = value_of(h, members[i]);

		if (value != 0)
			put_member(&after, members[i], h, value);
	}
	buf_append_byte(&after, '}');
	ops_begin(s, OP_CREATE_GROUP, g);
	ops_text(s, "GroupName", g->key.data, g->key.len);
	if (scim_plans(s))
		scim_ops_put_new(s, "After", h);
	else
		ops_json(s, "After", after.data, after.len);
	buf_free(&after);
	result = ops_end(s, OP_CREATE_GROUP, why);
	s->totals.calls_groups += result == 0;
	return result;
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
	return write_creation(s, g, &g->half[HAVE],
	    "not known whether a run before created it") < 0 ? -1 : 0;
}

/* Ours, and WANT does not have it; its memberships stay as they are. */
static int
absent(struct sync *s, struct group *item, const struct subject *g)
{
	const char *text = g->half[HAVE].text.data;
	size_t len = g->half[HAVE].text.len;
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
	ops_begin(s, OP_DELETE_GROUP, g);
	ops_text(s, "GroupName", g->key.data, g->key.len);
	put_id(s, &g->half[HAVE]);
	if (scim_plans(s))
		text = scim_ops_resource(&g->half[HAVE], &len);
	ops_json(s, "Before", text, len);
	buf_clear(&s->text);
	buf_appendf(&s->text, "absent since %s", buf_string(&g->since));
	result = ops_end(s, OP_DELETE_GROUP, s->text.data);
	item->deleted = result == 0;
	s->totals.classes[CLASS_GROUP_DELETE] += result == 0;
	s->totals.calls_groups += result == 0;
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
	} else if (held_protects(s, g)) {
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
		return update(s, g, adopted);
	if (s->permit[GROUPS].compared && g->half[WANT].count == 0) {
		item->frozen = true;
		if ((g->mentioned & 1U << WANT) == 0)
			return absent(s, item, g);
		/* One of WANT's lists knows it. */
		left_subject(s, g, "only WANT's memberships have it");
		return 0;
	}
	return adopted ? update(s, g, true) : 0;
}

int
groups_leave(struct sync *s, const struct subject *p, bool *any)
{
	bool ours = subject_is_ours(p) && p->ledger != LEDGER_CREATING &&
	    p->half[HAVE].count <= 1 && !p->several && !held_has(s, USERS, p) &&
	    !held_has(s, MEMBERS, p) && !held_protects(s, p);

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
	created = write_creation(s, g, &g->half[WANT], "not at the target");
	/* A group that is not created gets no members. */
	item->ours = created == 0;
	item->frozen = !item->ours;
	return created < 0 ? -1 : 0;
}
