/* The two sides (sides.h). */
#include "sides.h"

#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"

#include "extents.h"
#include "groups.h"
#include "held.h"
#include "left.h"
#include "scim.h"
#include "subject.h"

/* Ends the line at hand with the record in canonical form. */
static const char *
end_with_record(struct input *in, const struct record_reader *r)
{
	if (jtext_value(&in->s->lines.line, &r->list, r->text, 0) != 0) {
		buf_clear(&in->s->lines.line);
		return "too long in canonical form";
	}
	in->failed |= order_end_line(&in->s->lines) != 0;
	return NULL;
}

/* The groups of somebody who cannot be matched have a member who is not ours. */
static void
note_stranger(struct sync *s, const struct view *v)
{
	const struct tok *tok = v->list->tok;
	uint32_t groups = v->keys.groups;

	if (v->keys.group_name != 0 && key_text(v, v->keys.group_name, &s->text))
		s->groups.item[groups_number(s, s->text.data, s->text.len)].strangers++;
	if (groups == 0 || tok[groups].type != TOK_ARRAY)
		return;
	for (uint32_t i = groups + 1; i < tok[groups].next; i = tok[i].next)
		if (key_text(v, i, &s->text))
			s->groups.item[groups_number(s, s->text.data, s->text.len)].strangers++;
}

/* Somebody who cannot be matched: at the target left alone, else wrong. */
static const char *
no_key(struct input *in, const struct record_reader *r, const char *what)
{
	const struct view v = { r->text, &r->list, r->keys };

	if (in->side == WANT)
		return what;
	in->s->totals.left[record_kind(&r->keys) == RECORD_USER ? USERS : MEMBERS]++;
	note_stranger(in->s, &v);
	left_record(in->s, &v, what);
	return NULL;
}

/* One membership's line; record: of the membership itself, or NULL. */
static void
add_member(struct input *in, const struct buf *group, const struct record_reader *record)
{
	struct sync *s = in->s;
	uint32_t number = groups_number(s, buf_string(group), group->len);

	held_meet(s, 'G', group);
	held_meet(s, 'U', &s->key);
	if (groups_mention(s, number, in->side) != 0) {
		in->failed = true;
		return;
	}
	subject_line(s, 'U', &s->key, LINE_MEMBER);
	key_encode(&s->lines.line, buf_string(group), group->len);
	buf_append_byte(&s->lines.line, in->side == WANT ? 'W' : 'H');
	if (record != NULL && in->side == HAVE)
		jtext_value(&s->lines.line, &record->list, record->text, 0);
	else if (record != NULL)
		jtext_string_token(&s->lines.line, &record->list.tok[record->keys.username],
		    record->text);
	in->failed |= order_end_line(&s->lines) != 0;
	s->side[in->side].extent[MEMBERS].count++;
	s->side[in->side].listed += s->groups.item[number].listed;
}

void
sides_add_member(struct input *in, const struct buf *group)
{
	add_member(in, group, NULL);
}

/* NULL if Groups is a list of names. */
static const char *
check_groups_of(struct input *in, const struct view *v)
{
	const struct tok *tok = v->list->tok;
	uint32_t groups = v->keys.groups;

	if (tok[groups].type != TOK_ARRAY)
		return "Groups is no list";
	for (uint32_t i = groups + 1; i < tok[groups].next; i = tok[i].next)
		if (!key_text(v, i, &in->s->text))
			return "Groups holds what is no name";
	return NULL;
}

static void
take_groups_of(struct input *in, const struct view *v)
{
	const struct tok *tok = v->list->tok;
	uint32_t groups = v->keys.groups;

	in->saw[MEMBERS] = true;
	for (uint32_t i = groups + 1; i < tok[groups].next; i = tok[i].next) {
		(void)key_text(v, i, &in->s->text);
		add_member(in, &in->s->text, NULL);
	}
}

/* Under which key his name stands, and HAVE's sub: the key is something that may change. */
static void
add_aliases(struct input *in, const struct view *v)
{
	struct sync *s = in->s;
	enum line_type type = in->side == WANT ? LINE_WANT : LINE_HAVE;
	struct buf name;

	buf_init(&name, ORDER_LINE_MAX);
	if (key_text(v, v->keys.username, &s->text) &&
	    key_from(&s->o.key, s->text.data, s->text.len, &name))
		in->failed |= subject_add_alias(s, 'N', &name, type, &s->key) != 0;
	buf_free(&name);
	if (in->side == HAVE && v->keys.sub != 0 && key_text(v, v->keys.sub, &s->text))
		in->failed |= subject_add_alias(s, 'S', &s->text, type, &s->key) != 0;
}

/* Whether Enabled is not there, or something that can be followed. */
static bool
says_enabled(const struct view *v)
{
	uint32_t index = tok_member(v->list, v->text, 0, "Enabled");
	const struct tok *t = &v->list->tok[index];

	return index == 0 || t->type == TOK_TRUE || t->type == TOK_FALSE ||
	    (t->type == TOK_STRING && (tok_is(t, v->text, "true", 4) ||
	    tok_is(t, v->text, "false", 5)));
}

/* NULL if Attributes, if there, is an object of texts; null is none. */
static const char *
check_attributes(const struct view *v)
{
	const struct tok *tok = v->list->tok;
	uint32_t in = v->keys.attributes;

	if (in == 0)
		return NULL;
	if (tok[in].type != TOK_OBJECT)
		return "Attributes is no object";
	for (uint32_t i = in + 1; i < tok[in].next; i = tok_behind_member(tok, i))
		if (tok[i + 1].type != TOK_NULL && (tok[i + 1].type != TOK_STRING ||
		    (tok[i + 1].flags & TOK_LONE) != 0))
			return "an attribute that is no text";
	return NULL;
}

/* Whether attributes stand beside Username instead of in Attributes, as tables have them. */
static bool
is_flat(const struct sync *s, const struct view *v)
{
	static const char *const known[] = { "Username", "Enabled", "UserStatus", "UserCreateDate",
		"UserLastModifiedDate", "sub" };
	const struct tok *tok = v->list->tok;

	if (v->keys.attributes != 0)
		return false;
	for (uint32_t i = 1; i < tok[0].next; i = tok_behind_member(tok, i)) {
		bool other = tok[i + 1].type == TOK_STRING &&
		    !tok_is(&tok[i], v->text, s->o.key.name, strlen(s->o.key.name));

		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			other &= !tok_is(&tok[i], v->text, known[k], strlen(known[k]));
		if (other)
			return true;
	}
	return false;
}

/* Where people sign in by an address the service makes the names: each is the sub. */
static void
note_name(struct side *side, const struct view *v)
{
	const struct tok *name = &v->list->tok[v->keys.username], *sub = &v->list->tok[v->keys.sub];
	uint32_t status;

	if (side->named > 0 || v->keys.username == 0 || v->keys.sub == 0)
		return;
	if (name->end - name->start == sub->end - sub->start &&
	    memcmp(v->text + name->start, v->text + sub->start, sub->end - sub->start) == 0) {
		side->named_by_sub++;
		return;
	}
	status = tok_member(v->list, v->text, 0, "UserStatus");
	side->named += status == 0 || !tok_is(&v->list->tok[status], v->text, "EXTERNAL_PROVIDER",
	    strlen("EXTERNAL_PROVIDER"));
}

static const char *
take_user(struct input *in, const struct record_reader *r)
{
	const struct view v = { r->text, &r->list, r->keys };
	struct sync *s = in->s;
	const char *wrong;

	in->saw[USERS] = true;
	if (!key_of(&s->o.key, &v, &s->key))
		return no_key(in, r, "a user without the key");
	if (in->side == WANT && !says_enabled(&v))
		return "Enabled is neither true nor false";
	wrong = in->side == WANT ? check_attributes(&v) : NULL;
	if (wrong == NULL && r->keys.groups != 0)
		wrong = check_groups_of(in, &v);
	if (wrong != NULL)
		return wrong;
	if (r->keys.groups != 0)
		take_groups_of(in, &v);
	else
		s->side[in->side].silent++;
	s->side[in->side].flat += is_flat(s, &v);
	note_name(&s->side[in->side], &v);
	held_meet(s, 'U', &s->key);
	if (key_may_change(&s->o.key))
		add_aliases(in, &v);
	subject_line(s, 'U', &s->key, in->side == WANT ? LINE_WANT : LINE_HAVE);
	s->side[in->side].extent[USERS].count++;
	return end_with_record(in, r);
}

static const char *
take_group(struct input *in, const struct record_reader *r)
{
	const struct view v = { r->text, &r->list, r->keys };
	struct sync *s = in->s;

	in->saw[GROUPS] = true;
	if (!key_text(&v, r->keys.group_name, &s->text))
		return "no name of a group";
	(void)groups_number(s, s->text.data, s->text.len);
	held_meet(s, 'G', &s->text);
	s->side[in->side].with_members += tok_member(&r->list, r->text, 0, "Members") != 0;
	subject_line(s, 'G', &s->text, in->side == WANT ? LINE_WANT : LINE_HAVE);
	s->side[in->side].extent[GROUPS].count++;
	return end_with_record(in, r);
}

static const char *
take_membership(struct input *in, const struct record_reader *r)
{
	const struct view v = { r->text, &r->list, r->keys };
	struct sync *s = in->s;

	in->saw[MEMBERS] = true;
	s->side[in->side].lists_members = true;
	if (!key_of(&s->o.key, &v, &s->key))
		return no_key(in, r, "a membership without the key of its user");
	if (!key_text(&v, r->keys.group_name, &s->text))
		return "no name of a group";
	add_member(in, &s->text, r);
	return NULL;
}

static const char *
take_record(struct input *in, const struct record_reader *r)
{
	switch (record_kind(&r->keys)) {
	case RECORD_USER:
		return take_user(in, r);
	case RECORD_GROUP:
		return take_group(in, r);
	case RECORD_MEMBERSHIP:
		return take_membership(in, r);
	default:
		return "neither a user, a group nor a membership";
	}
}

static const char *
take_row(struct input *in, const struct record_reader *r)
{
	return scim_is_resource(in, r) ? scim_take(in, r, take_record) : take_record(in, r);
}

enum prog_status
sides_read(struct sync *s, enum side_name side)
{
	const struct opt_list *files = &s->o.files[side];
	const struct side *this = &s->side[side];
	enum prog_status status = PROG_OK;

	for (size_t i = 0; i < files->count && status == PROG_OK; i++) {
		struct input in = {
			.s = s, .path = files->items[i], .side = side, .rejects = true,
			.row = take_row, .end = extents_end_file
		};

		status = input_read(&in);
	}
	if (status == PROG_OK)
		status = scim_settle(s, side);
	if (status == PROG_OK && this->plain > 0 && this->sealed > 0)
		status = sync_stop(s, PROG_INCOMPLETE, "incomplete: %u files of %s have a seal and "
		    "%u have none", this->sealed, side_names[side], this->plain);
	return status;
}
