#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "emit.h"

/* Puts a member's entry into scratch. */
static void
write_entry(struct emitter *e, const char *prefix, const struct buf *value, const char *type)
{
	struct buf text;

	buf_init(&text, KEYSET_KEY_MAX + 16);
	buf_append_string(&text, prefix);
	buf_append(&text, buf_string(value), value->len);
	buf_clear(&e->scratch);
	buf_append_string(&e->scratch, "{\"value\":");
	jtext_string(&e->scratch, buf_string(&text), text.len);
	buf_appendf(&e->scratch, ",\"type\":\"%s\"}", type);
	buf_free(&text);
}

/*
 * The member's entry, in scratch, for the user of this entry of the roll, or of none (0) but with
 * the externalId in sub.  here: it refers to the request at hand.  Returns NULL, emit_nothing for
 * a user whom the mapping left out, or the reason.
 */
static const char *
refer_to_user(struct emitter *e, uint32_t user, bool *here)
{
	uint32_t request = 0;
	enum roll_state state = user != 0 ? roll_state(&e->roll, user, &request) : ROLL_OUT;

	*here = false;
	if (state == ROLL_REJECTED)
		return "its user was rejected";
	if (state == ROLL_LEFT_OUT)
		return emit_nothing;
	if (user != 0)
		roll_external(&e->roll, user, &e->sub);
	switch (ids_find(&e->ids, false, buf_string(&e->sub), e->sub.len, &e->id)) {
	case IDS_TWO:
		return "two resources of --ids have its user's externalId";
	case IDS_ONE:
		write_entry(e, "", &e->id, "User");
		return NULL;
	case IDS_NONE:
		break;
	}
	if (e->bulky && request == 0)
		return "its user is neither before it in this request nor in --ids";
	if (e->bulky && request != e->bulk.number)
		return "its user is in an earlier request; --ids is needed";
	*here = e->bulky;
	write_entry(e, "bulkId:", &e->sub, "User");
	return NULL;
}

/* Whether the group can get members now, and by an id or here, in the request at hand. */
static const char *
refer_to_group(const struct emitter *e, const struct group *g, bool *here)
{
	*here = e->bulky && g->id == NULL;
	if (!*here || g->request == e->bulk.number)
		return NULL;
	return g->request == 0 ? "its group is neither before it in this request nor in --ids" :
	    "its group is in an earlier request; --ids is needed";
}

/* A member of a resource's members: its entry in scratch. */
static const char *
take_member(struct emitter *e, uint32_t object, bool *here)
{
	static const char prefix[] = "bulkId:";
	uint32_t value = tok_member(e->list, e->text, object, "value");
	uint32_t type = tok_member(e->list, e->text, object, "type");
	bool is_group = type != 0 && tok_is(&e->list->tok[type], e->text, "Group", 5);
	size_t len = sizeof prefix - 1;

	*here = false;
	if (!emit_text(e->list, e->text, value, &e->sub))
		return "a value holds a NUL or is too long";
	if (e->sub.len <= len || memcmp(e->sub.data, prefix, len) != 0) {
		write_entry(e, "", &e->sub, is_group ? "Group" : "User");
		return NULL;
	}
	if (is_group)
		return "a group by its bulkId";
	memmove(e->sub.data, e->sub.data + len, e->sub.len - len + 1);
	e->sub.len -= len;
	return refer_to_user(e, roll_by_sub(&e->roll, e->sub.data, e->sub.len), here);
}

/* A member of a record's Members, the name of a user: its entry in scratch. */
static const char *
take_name(struct emitter *e, const struct record_reader *r, uint32_t name, bool *here)
{
	uint32_t user = 0;

	if (emit_text(&r->list, r->text, name, &e->sub))
		user = roll_by_name(&e->roll, e->sub.data, e->sub.len);
	return user == 0 ? "not the userName of a user before it in this stream" :
	    refer_to_user(e, user, here);
}

/*
 * Collects the members of a group's line in references: for each a byte, 'h' if it refers to the
 * request at hand, its entry, and a NUL.  Returns NULL or the reason; here: any of them does.
 */
static const char *
collect_members(struct emitter *e, const struct record_reader *r, bool *any_here)
{
	const struct tok *tok = r->list.tok;
	uint32_t array = tok_member(&r->list, r->text, 0, e->mapped ? "members" : "Members");
	const char *wrong;
	bool here;

	*any_here = false;
	buf_clear(&e->references);
	if (array == 0 || tok[array].type == TOK_NULL)
		return NULL;
	if (tok[array].type != TOK_ARRAY)
		return "Members: not an array";
	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		wrong = e->mapped ? take_member(e, i, &here) : take_name(e, r, i, &here);
		if (wrong == emit_nothing)
			continue;
		if (wrong != NULL) {
			snprintf(e->reason, sizeof e->reason, "members: %.200s", wrong);
			return e->reason;
		}
		*any_here |= here;
		if (buf_append_byte(&e->references, here ? 'h' : ' ') != 0 ||
		    buf_append(&e->references, e->scratch.data, e->scratch.len + 1) != 0)
			return "members: too many";
	}
	return NULL;
}

/* Adds what was collected. */
static const char *
add_members(struct emitter *e, struct group *g)
{
	bool group_here = e->bulky && g->id == NULL;
	const char *wrong = NULL;

	for (size_t at = 0, len; wrong == NULL && at < e->references.len; at += len + 2) {
		const char *entry = e->references.data + at + 1;

		len = strlen(entry);
		wrong = members_add(&e->members, g, entry, len, group_here || entry[-1] == 'h');
	}
	return wrong;
}

/* The group's POST, if it has one (in row), and its members, all in the request at hand or none. */
static const char *
try_request(struct emitter *e, struct group *g, const struct buf *post)
{
	const char *wrong = NULL;
	struct bulk_mark mark;

	members_close(&e->members);
	mark = bulk_mark(&e->bulk);
	if (post != NULL) {
		if (post->len > bulk_room(&e->bulk))
			return "its members do not fit into one request with it; --ids is needed";
		bulk_add(&e->bulk, post->data, post->len);
		g->request = e->bulk.number;
	}
	e->members.stay = true;
	wrong = add_members(e, g);
	e->members.stay = false;
	if (wrong == NULL) {
		members_close(&e->members);
		return NULL;
	}
	members_drop(&e->members);
	bulk_return(&e->bulk, mark);
	if (post != NULL)
		g->request = 0;
	return "its members do not fit into one request with it; --ids is needed";
}

/* The operations of a group's line. */
static const char *
give_operations(struct emitter *e, struct group *g, const struct buf *post, bool any_here)
{
	const char *wrong;

	if (e->references.len == 0) {
		if (post == NULL)
			return NULL;
		wrong = emit_operation(e, post->data, post->len);
		g->request = e->bulk.number;
		return wrong;
	}
	wrong = try_request(e, g, post);
	/* Somewhere else only what needs nothing of this request. */
	if (wrong == NULL || any_here || (post == NULL && g->id == NULL))
		return wrong;
	bulk_flush(&e->bulk);
	return g->id != NULL ? add_members(e, g) : try_request(e, g, post);
}

/* Fills the group from the resource at hand. */
static void
fill_group(struct emitter *e, struct group *g, bool known)
{
	g->external = mem_dup(e->external.data, e->external.len);
	g->display = mem_dup(e->name.data, e->name.len);
	g->id = known ? mem_dup(e->id.data, e->id.len) : NULL;
	g->state = ROLL_OUT;
}

/* A group that was not there before, out of the resource at hand. */
static const char *
give_out(struct emitter *e, const struct record_reader *r, struct group *g)
{
	bool any_here, known;
	const char *wrong = collect_members(e, r, &any_here);

	if (wrong == NULL)
		wrong = emit_write(e, true, &known);
	if (wrong != NULL)
		return wrong;
	fill_group(e, g, known);
	if (e->bulky) {
		buf_clear(&e->scratch);
		buf_append_string(&e->scratch, "{\"method\":\"POST\",\"path\":\"/Groups\","
		    "\"bulkId\":\"");
		members_bulk_id(&e->scratch, g);
		buf_append_string(&e->scratch, "\",\"data\":");
		buf_append(&e->scratch, e->row.data, e->row.len);
		buf_append_string(&e->scratch, "}}");
		wrong = give_operations(e, g, known ? NULL : &e->scratch, any_here);
	} else if (e->references.len > 0) {
		members_begin(&e->members, g, e->row.data, e->row.len);
		wrong = add_members(e, g);
	} else {
		members_close(&e->members);
		buf_append_byte(&e->row, '}');
		sink_row(e->sink, e->row.data, e->row.len);
	}
	if (wrong != NULL)
		g->state = ROLL_REJECTED;
	return wrong;
}

/* A group's first line. */
static const char *
begin_group(struct emitter *e, const struct record_reader *r, struct group *g)
{
	const char *wrong = NULL;

	if (!e->mapped)
		wrong = emit_map(e, &r->list, r->text, r->len);
	if (wrong == NULL)
		wrong = emit_check(e, SCHEMA_IS_GROUP);
	if (wrong == NULL && e->dialect == DIALECT_OCI && !roll_group_name(&e->roll, &e->name))
		wrong = "displayName: of a group that came before (case ignored, as OCI does)";
	if (wrong == NULL)
		wrong = give_out(e, r, g);
	if (wrong == NULL)
		e->groups++;
	return wrong;
}

/* A further line of a group, which can only have further members. */
static const char *
continue_group(struct emitter *e, const struct record_reader *r, struct group *g)
{
	bool any_here, group_here;
	const char *wrong = NULL;

	if (g->state == ROLL_REJECTED)
		return "its group was rejected";
	if (g->state == ROLL_LEFT_OUT)
		return emit_nothing;
	if (e->mapped)
		wrong = emit_check(e, SCHEMA_IS_GROUP);
	if (wrong == NULL)
		wrong = collect_members(e, r, &any_here);
	if (wrong == NULL && e->references.len == 0)
		wrong = "a group that came before, and no members";
	if (wrong == NULL)
		wrong = refer_to_group(e, g, &group_here);
	if (wrong != NULL)
		return wrong;
	return e->bulky ? give_operations(e, g, NULL, any_here) : add_members(e, g);
}

const char *
emit_group(struct emitter *e, const struct record_reader *r)
{
	uint32_t key = e->mapped ? tok_member(&r->list, r->text, 0, "externalId") :
	    r->keys.group_name;
	struct group *g;
	const char *wrong;

	if (e->dialect == DIALECT_ENTRA)
		return "Entra's bulkUpload takes users only";
	e->stage = STAGE_GROUPS;
	if (!emit_text(&r->list, r->text, key, &e->name))
		return e->mapped ? "externalId: required" : "GroupName: too long";
	g = roll_group(&e->roll, e->name.data, e->name.len);
	if (g != NULL && g->from_membership)
		return emit_stop(e, r, "a group behind its memberships: users must come first, "
		    "then groups, then memberships");
	if (g != NULL) {
		wrong = continue_group(e, r, g);
	} else {
		g = roll_group_add(&e->roll, e->name.data, e->name.len);
		wrong = begin_group(e, r, g);
		if (wrong == emit_nothing)
			g->state = ROLL_LEFT_OUT;
	}
	if (wrong != emit_nothing)
		return wrong;
	e->left_out++;
	return NULL;
}

/* A group of which only the name is known: what its record with nothing else would give. */
static const char *
name_group(struct emitter *e, struct group *g)
{
	const char *wrong = NULL;
	struct buf text;
	bool known = false;

	g->from_membership = true;
	buf_init(&text, RECORD_LINE_MAX);
	buf_append_string(&text, e->mapped ?
	    "{\"schemas\":[\"" SCHEMA_GROUP "\"],\"displayName\":" : "{\"GroupName\":");
	jtext_string(&text, e->name.data, e->name.len);
	if (e->mapped) {
		buf_append_string(&text, ",\"externalId\":");
		jtext_string(&text, e->name.data, e->name.len);
	}
	buf_append_byte(&text, '}');
	tok_parse(&e->name_list, text.data, text.len);
	e->list = &e->name_list;
	e->text = text.data;
	if (!e->mapped)
		wrong = emit_map(e, &e->name_list, text.data, text.len);
	if (wrong == NULL)
		wrong = emit_check(e, SCHEMA_IS_GROUP);
	if (wrong == NULL)
		wrong = emit_write(e, true, &known);
	if (wrong == NULL)
		fill_group(e, g, known);
	else if (wrong == emit_nothing)
		g->state = ROLL_LEFT_OUT;
	buf_free(&text);
	return wrong;
}

const char *
emit_membership(struct emitter *e, const struct record_reader *r)
{
	struct group *g;
	const char *wrong = NULL;
	bool here, group_here;

	e->stage = STAGE_GROUPS;
	if (!emit_text(&r->list, r->text, r->keys.group_name, &e->name))
		return "GroupName: too long";
	g = roll_group(&e->roll, e->name.data, e->name.len);
	if (g == NULL) {
		g = roll_group_add(&e->roll, e->name.data, e->name.len);
		wrong = name_group(e, g);
	} else if (g->state != ROLL_OUT) {
		wrong = g->state == ROLL_REJECTED ? "its group was rejected" : emit_nothing;
	}
	if (wrong == NULL && !emit_text(&r->list, r->text, r->keys.sub, &e->sub))
		wrong = "no sub";
	if (wrong == NULL)
		wrong = refer_to_user(e, roll_by_sub(&e->roll, e->sub.data, e->sub.len), &here);
	if (wrong == NULL)
		wrong = refer_to_group(e, g, &group_here);
	if (wrong == NULL)
		wrong = members_add(&e->members, g, e->scratch.data, e->scratch.len,
		    here || group_here);
	if (wrong != emit_nothing)
		return wrong;
	e->left_out++;
	return NULL;
}
