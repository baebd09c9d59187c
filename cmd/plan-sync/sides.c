/*
 * The two sides (sides.h).
 *
 * A seal's source ends in the kind (/users, /groups, /memberships); that of users with their Groups
 * covers memberships too, and its scope is the users', or "USERS + groups:..." where the Groups
 * were restricted, or "members:GROUPS" for the users who are in any of these.
 */
#include "sides.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "groups.h"
#include "held.h"
#include "input.h"
#include "left.h"
#include "scim.h"
#include "subject.h"

static const char members_scope[] = "members:", groups_scope[] = " + groups:";

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

/* into becomes text, or "into + text" if they differ. */
static void
join(char **into, const char *text)
{
	struct buf b;

	if (text == NULL || (*into != NULL && strcmp(*into, text) == 0))
		return;
	buf_init(&b, 4 * (size_t)SEAL_MAX);
	if (*into != NULL)
		buf_appendf(&b, "%s + ", *into);
	buf_append_string(&b, text);
	seal_set(into, buf_string(&b));
	buf_free(&b);
}

static int64_t
when(const char *text)
{
	int64_t ms;

	return text != NULL && clock_parse_rfc3339(text, strlen(text), &ms) == 0 ? ms : 0;
}

/* What a sealed file says of a kind. */
static void
extend(struct extent *e, const struct seal *seal, const char *scope, size_t scope_len)
{
	int64_t started = when(seal->started), ended = when(seal->ended);
	bool first = !e->there;

	if (ended < started)
		started = ended = 0;
	e->there = true;
	e->via |= seal->via_count > 0;
	join(&e->source, seal->source != NULL ? seal->source : "?");
	if (scope != NULL) {
		char *copy = mem_dup(scope, scope_len);

		join(&e->scope, copy);
		free(copy);
	} else {
		join(&e->scope, "?");
	}
	if (first || started == 0 || (e->started != 0 && started < e->started))
		e->started = started;
	if (first || ended == 0 || (e->ended != 0 && ended > e->ended))
		e->ended = ended;
}

void
sides_extend(struct extent *e, const struct seal *seal)
{
	extend(e, seal, seal->scope, seal->scope != NULL ? strlen(seal->scope) : 0);
}

/* The kind at the end of a source, or KINDS; *stem is the length without it. */
static enum kind
kind_of(const char *source, size_t *stem)
{
	static const char *const ends[KINDS] = { "users", "groups", "memberships" };
	const char *end = source != NULL ? strrchr(source, '/') : NULL;

	if (end == NULL)
		return KINDS;
	*stem = (size_t)(end - source);
	for (int k = 0; k < KINDS; k++)
		if (strcmp(end + 1, ends[k]) == 0)
			return (enum kind)k;
	return KINDS;
}

/* A side's files are of one pool; WANT's may be of several files (file:NAME). */
static enum prog_status
take_stem(struct input *in, const struct seal *seal, size_t len)
{
	struct sync *s = in->s;
	struct side *side = &s->side[in->side];
	char *stem;
	bool same;

	if (in->side == WANT && strncmp(seal->source, "file:", strlen("file:")) == 0)
		return PROG_OK;
	stem = mem_dup(seal->source, len);
	if (side->stem == NULL)
		side->stem = mem_dup_string(stem);
	if (in->side == HAVE && s->target == NULL)
		s->target = mem_dup_string(stem);
	same = strcmp(side->stem, stem) == 0 &&
	    (in->side == WANT || strcmp(s->target, stem) == 0);
	free(stem);
	if (same)
		return PROG_OK;
	return sync_stop(s, PROG_USAGE, in->side == HAVE ?
	    "%s: of another target than --target or HAVE's other files" :
	    "%s: of another source than WANT's other files", in->path);
}

enum prog_status
sides_stem(struct input *in, const struct seal *seal, size_t len)
{
	return take_stem(in, seal, len);
}

static void
extend_side(struct input *in, const struct seal *seal, enum kind named)
{
	struct extent *extent = in->s->side[in->side].extent;
	const char *scope = seal->scope, *more = scope != NULL ? strstr(scope, groups_scope) : NULL;
	size_t len = scope != NULL ? strlen(scope) : 0;

	if (named != KINDS)
		in->saw[named] = true;
	if (in->saw[GROUPS])
		extend(&extent[GROUPS], seal, scope, len);
	if (!in->saw[USERS]) {
		if (in->saw[MEMBERS])
			extend(&extent[MEMBERS], seal, scope, len);
		return;
	}
	extend(&extent[USERS], seal, scope, more != NULL ? (size_t)(more - scope) : len);
	if (!in->saw[MEMBERS])
		return;
	if (more != NULL)
		scope = more + strlen(" + ");
	else if (scope != NULL && strncmp(scope, members_scope, sizeof members_scope - 1) == 0)
		scope += sizeof members_scope - 1;
	extend(&extent[MEMBERS], seal, scope, scope != NULL ? strlen(scope) : 0);
}

static enum prog_status
end_file(struct input *in, const struct record_reader *r, bool sealed)
{
	struct side *side = &in->s->side[in->side];
	enum kind named = KINDS;
	size_t stem = 0;

	side->wrong += in->wrong;
	side->rejected += in->wrong;
	if (!sealed) {
		side->plain++;
		for (int k = 0; k < KINDS; k++)
			side->extent[k].there |= in->saw[k];
		return PROG_OK;
	}
	side->sealed++;
	side->rejected += r->seal.rejected;
	if (scim_is_file(in, &r->seal))
		return scim_end_file(in, &r->seal);
	named = kind_of(r->seal.source, &stem);
	side->lists_members |= named == MEMBERS;
	extend_side(in, &r->seal, named);
	if (named != KINDS)
		return take_stem(in, &r->seal, stem);
	if (in->side == HAVE)
		return sync_stop(in->s, PROG_USAGE, "%s: of an unknown target: the source in its "
		    "seal ends in no kind", in->path);
	return PROG_OK;
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
			.row = take_row, .end = end_file
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
