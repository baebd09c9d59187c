/* What is to be done about one person (users.h). */
#include "users.h"

#include <string.h>

#include "json/jtext.h"

#include "attributes.h"
#include "groups.h"
#include "held.h"
#include "left.h"
#include "links.h"
#include "members.h"
#include "ops.h"
#include "scim.h"
#include "scim_ops.h"
#include "scope.h"
#include "state.h"

/* Who left the pool, or the listed groups. */
static const char left_groups[] = "left the listed groups";

static bool
is_federated(const struct half *h)
{
	return h->count > 0 && half_is(h, half_member(h, "UserStatus"), "EXTERNAL_PROVIDER");
}

/* An address of somebody who comes or goes; arg is a bool that says that another has it. */
static void
meet(struct sync *s, const struct keyset_key *key, void *arg)
{
	*(bool *)arg |= keyset_find(&s->addresses[HAVE], key) != 0;
	(void)keyset_add(&s->addresses[WANT], key);
}

static void
part(struct sync *s, const struct keyset_key *key, void *arg)
{
	*(bool *)arg |= keyset_find(&s->addresses[WANT], key) != 0;
	(void)keyset_add(&s->addresses[HAVE], key);
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

/* Where he comes from, for the ledger. */
static void
put_origin(struct sync *s, const struct half *w)
{
	buf_append_string(&s->row, ",\"Source\":{\"Username\":");
	jtext_string_token(&s->row, &w->list.tok[w->view.keys.username], w->text.data);
	ops_token(s, "sub", w, w->view.keys.sub);
	buf_append_byte(&s->row, '}');
}

/* What somebody is to be: attributes, and what is no attribute. */
static void
put_new(struct sync *s, const struct half *w)
{
	uint32_t status = half_member(w, "UserStatus");
	struct buf b;

	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_appendf(&b, "{\"Enabled\":%s",
	    half_is(w, half_member(w, "Enabled"), "false") ? "false" : "true");
	if (status != 0) {
		buf_append_string(&b, ",\"UserStatus\":");
		jtext_value(&b, &w->list, w->text.data, status);
	}
	buf_append_string(&b, ",\"Attributes\":");
	ops_json(s, "After", b.data, b.len);
	buf_clear(&b);
	attributes_new(s, w, &b);
	buf_append_byte(&s->row, '{');
	buf_append(&s->row, buf_string(&b), b.len);
	buf_append_string(&s->row, "}}");
	buf_free(&b);
}

static int
create(struct sync *s, const struct subject *p)
{
	const struct half *w = &p->half[WANT];
	bool other = false;
	int result;

	ops_begin(s, OP_CREATE_USER, p);
	ops_token(s, "Username", w, w->view.keys.username);
	if (scim_plans(s))
		scim_ops_put_new(s, "After", w);
	else
		put_new(s, w);
	put_origin(s, w);
	result = ops_end(s, OP_CREATE_USER, "not at the target");
	if (result != 0)
		return result;
	attributes_addresses(s, w, meet, &other);
	s->totals.classes[CLASS_KEY_CHANGE] += other;
	s->totals.calls_creation++;
	s->totals.calls_recovery++;
	s->totals.calls_update += half_is(w, half_member(w, "Enabled"), "false");
	return 0;
}

static void
count_change(struct sync *s, const struct change *c)
{
	uint64_t *classes = s->totals.classes;

	classes[CLASS_UPDATE]++;
	classes[CLASS_EMAIL_CHANGE] += c->email;
	classes[CLASS_PHONE_CHANGE] += c->phone;
	classes[CLASS_LOGIN_CHANGE] += c->login;
	classes[CLASS_ATTRIBUTE_CLEAR] += c->cleared > 0;
	s->totals.messages += c->message;
	s->totals.calls_update += (c->set > 0) + (c->cleared > 0);
}

static int
write_update(struct sync *s, const struct subject *p, const struct change *c, bool adopted)
{
	struct buf why;
	int result;

	buf_init(&why, 2 * (size_t)RECORD_LINE_MAX);
	if (c->count > 0)
		buf_appendf(&why, "%s differ%s%s", buf_string(&c->names), c->count == 1 ? "s" : "",
		    adopted ? "; adopted" : "");
	else
		buf_append_string(&why, "adopted");
	ops_begin(s, OP_UPDATE_USER, p);
	members_put_target(s, p, false);
	if (c->count == 0) {
		/* Nothing is written: whoever applies it puts it into the ledger. */
		ops_json(s, "Before", "{}", 2);
		ops_json(s, "After", "{}", 2);
	} else {
		const char *open = scim_plans(s) ? "" : "{\"Attributes\":";
		const char *close = scim_plans(s) ? "" : "}";

		buf_appendf(&s->row, ",\"Before\":%s{", open);
		buf_append(&s->row, c->before.data, c->before.len);
		buf_appendf(&s->row, "}%s,\"After\":%s{", close, open);
		buf_append(&s->row, c->after.data, c->after.len);
		buf_appendf(&s->row, "}%s", close);
	}
	if (adopted)
		put_origin(s, &p->half[WANT]);
	result = ops_end(s, OP_UPDATE_USER, why.data);
	buf_free(&why);
	if (result == 0 && c->count > 0)
		count_change(s, c);
	return result < 0 ? -1 : 0;
}

static int
write_enabled(struct sync *s, const struct subject *p, bool enable, bool absent, const char *why)
{
	enum op op = enable ? OP_ENABLE_USER : OP_DISABLE_USER;
	const char *yes = "{\"Enabled\":true}", *no = "{\"Enabled\":false}";
	int result;

	ops_begin(s, op, p);
	members_put_target(s, p, false);
	ops_json(s, "Before", enable ? no : yes, strlen(enable ? no : yes));
	ops_json(s, "After", enable ? yes : no, strlen(enable ? yes : no));
	if (absent)
		members_put_source(s, p);
	result = ops_end(s, op, why);
	if (result == 0) {
		s->totals.calls_update++;
		s->totals.classes[enable ? CLASS_USER_ENABLE : CLASS_USER_DISABLE]++;
	}
	return result < 0 ? -1 : 0;
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
		result = write_update(s, p, &c, adopted);
	change_free(&c);
	if (result == 0 && half_is(w, ew, "true") && half_is(h, eh, "false")) {
		*any = true;
		result = write_enabled(s, p, true, false, "Enabled differs");
	}
	if (result == 0 && half_is(w, ew, "false") && half_is(h, eh, "true")) {
		s->disable.suppressed += !s->disable.remove;
		*any |= s->disable.remove;
		if (s->disable.remove)
			result = write_enabled(s, p, false, false, "Enabled differs");
	}
	return result;
}

/* Before: all that is there of somebody, with the names of his groups. */
static void
put_whole(struct sync *s, const struct subject *p)
{
	const struct half *h = &p->half[HAVE];
	size_t len = h->text.len;
	const char *text = scim_plans(s) ? scim_ops_resource(h, &len) : h->text.data;
	bool first = true;

	if (h->view.keys.groups != 0 || !members_are_said(s, p, HAVE)) {
		ops_json(s, "Before", text, len);
		return;
	}
	ops_json(s, "Before", text, len - 1);
	buf_append_string(&s->row, ",\"Groups\":[");
	for (size_t i = 0; i < p->count; i++) {
		if ((p->belonging[i].sides & 1U << HAVE) == 0)
			continue;
		keyset_text(&s->groups.names, s->groups.item[p->belonging[i].group].entry, &s->text);
		if (!first)
			buf_append_byte(&s->row, ',');
		first = false;
		jtext_string(&s->row, buf_string(&s->text), s->text.len);
	}
	buf_append_string(&s->row, "]}");
}

static int
delete(struct sync *s, const struct subject *p, const char *why)
{
	int result;

	ops_begin(s, OP_DELETE_USER, p);
	members_put_target(s, p, false);
	put_whole(s, p);
	members_put_source(s, p);
	result = ops_end(s, OP_DELETE_USER, why);
	if (result == 0) {
		s->totals.classes[CLASS_USER_DELETE]++;
		s->totals.calls_update++;
	}
	return result < 0 ? -1 : 0;
}

/* Who shares an address with somebody who is created. */
static void
look_for_heir(struct sync *s, const struct subject *p)
{
	bool other = false;

	attributes_addresses(s, &p->half[HAVE], part, &other);
	s->totals.classes[CLASS_KEY_CHANGE] += other;
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
		look_for_heir(s, p);
		return members_decide(s, p, MEMBERS_KEEP, false, any);
	}
	/* The run that was to create him may have been killed, and somebody else have the name. */
	if (p->ledger == LEDGER_CREATING) {
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
	look_for_heir(s, p);
	snprintf(why, sizeof why, "absent since %.40s", buf_string(&p->since));
	if (s->o.delete_users)
		return delete(s, p, scoped ? left_groups : why);
	return write_enabled(s, p, false, true, scoped ? left_groups : why);
}

/* Why nothing is done about somebody, or NULL. */
static const char *
reason_to_leave(struct sync *s, const struct subject *p)
{
	if (p->half[WANT].count > 1 || p->half[HAVE].count > 1) {
		s->totals.twice++;
		return "the key is more than once on a side";
	}
	if (held_has(s, USERS, p))
		return "held";
	if (held_protects(s, p))
		return "protected";
	if (is_federated(&p->half[WANT]) && p->half[HAVE].count == 0) {
		s->totals.federated++;
		return "a federated profile: no native user is known for it";
	}
	if (is_federated(&p->half[WANT]) || is_federated(&p->half[HAVE]))
		return "a federated profile";
	return NULL;
}

/* Somebody who is at the target. */
static int
decide_existing(struct sync *s, const struct subject *p, bool wanted, bool *any)
{
	bool ours = subject_is_ours(p), adopted = false;

	if (!ours && wanted && s->o.adopt && p->half[HAVE].count > 0)
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
	if (!wanted && (!there || (scoped && !scope_has(s, p, HAVE) && !scope_half_done(s, p))))
		return 0;
	why = reason_to_leave(s, p);
	if (why != NULL) {
		bool ours = there && subject_is_ours(p);

		s->totals.managed[USERS] += ours;
		s->totals.left[USERS] += there && !ours;
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
	*any = true;
	created = create(s, p);
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

	groups_count(s, p);
	state_keep(s, USERS, p, scope_seen(s, p));
	if (decide(s, p, &any) != 0)
		return -1;
	s->totals.billable += any && !scim_plans(s);
	return 0;
}
