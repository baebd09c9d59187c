/* SCIM resources become records (scim.h). */
#include "scim.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_resource.h"

#include "groups.h"
#include "sides.h"

static const char reference[] = "bulkId:";

/* Lines: 'I' for ids, 'E' for externalIds, the text, then whose it is, or a group that has it. */
enum { LINE_WHOSE = '0', LINE_GROUP = '1' };

void
scim_init(struct sync *s)
{
	struct scim *c = mem_alloc(sizeof *c);

	s->scim = c;
	order_init(&c->ids);
	buf_init(&c->group, ORDER_LINE_MAX);
	buf_init(&c->name, ORDER_LINE_MAX);
	buf_init(&c->value, ORDER_LINE_MAX);
	buf_init(&c->line, ORDER_LINE_MAX);
}

void
scim_free(struct sync *s)
{
	order_free(&s->scim->ids);
	buf_free(&s->scim->group);
	buf_free(&s->scim->name);
	buf_free(&s->scim->value);
	buf_free(&s->scim->line);
	free(s->scim);
}

bool
scim_plans(const struct sync *s)
{
	return s->scim->resources[WANT] || s->scim->resources[HAVE] || s->scim->server;
}

bool
scim_is_resource(struct input *in, const struct record_reader *r)
{
	struct json top = { &r->list, r->text, 0 };
	struct json schemas = json_at(&top, json_member(&top, "schemas"));
	bool is = schemas.at != 0 && json_tok(&schemas)->type == TOK_ARRAY;

	*(is ? &in->s->scim->resources[in->side] : &in->s->scim->records[in->side]) = true;
	return is;
}

/* Replaces to by the text at index.  Returns false if it cannot be a key. */
static bool
text_at(const struct record_reader *r, uint32_t index, struct buf *to)
{
	const struct view v = { r->text, &r->list, r->keys };

	return key_text(&v, index, to);
}

/* Appends a member whose value is the token. */
static void
put(struct buf *b, const char *name, const struct record_reader *r, uint32_t index)
{
	buf_appendf(b, "%s\"%s\":", b->len > 1 ? "," : "", name);
	jtext_value(b, &r->list, r->text, index);
}

/* Whether active says so, as a value or, as some servers have it, a text.  -1: it says neither. */
static int
is_active(const struct record_reader *r)
{
	struct json top = { &r->list, r->text, 0 };
	struct json active = json_at(&top, json_member(&top, "active"));

	if (active.at == 0)
		return -1;
	switch (json_tok(&active)->type) {
	case TOK_TRUE:
		return 1;
	case TOK_FALSE:
		return 0;
	case TOK_STRING:
		return json_is_named(&active, "true") ? 1 : json_is_named(&active, "false") ? 0 : -1;
	default:
		return -1;
	}
}

/* The resource, without members, which are too many. */
static int
put_resource(struct buf *b, const struct record_reader *r)
{
	const struct tok *tok = r->list.tok;
	struct json top = { &r->list, r->text, 0 };
	bool first = true;
	int failed = buf_append_string(b, ",\"Scim\":{");

	for (uint32_t i = 1; i < tok[0].next && failed == 0; i = tok[i + 1].next) {
		struct json key = json_at(&top, i);

		if (json_is_named(&key, "members"))
			continue;
		failed = (!first && buf_append_byte(b, ',') != 0) ||
		    jtext_string_token(b, &tok[i], r->text) != 0 || buf_append_byte(b, ':') != 0 ||
		    jtext_value(b, &r->list, r->text, i + 1) != 0;
		first = false;
	}
	return failed != 0 || buf_append_string(b, "}}") != 0 ? -1 : 0;
}

/* Ends the record at hand and hands it over. */
static const char *
hand_over(struct input *in, const struct record_reader *r,
    const char *(*take)(struct input *in, const struct record_reader *r))
{
	static char reason[RECORD_REASON_SIZE];
	struct record_reader *record = &in->s->scim->record;
	struct buf *line = &in->s->scim->line;
	const char *wrong;

	if (put_resource(line, r) != 0 || line->len > RECORD_LINE_MAX)
		return "too long";
	*record = *r;
	tok_init(&record->list, RECORD_TOKENS_MAX);
	record->text = line->data;
	record->len = line->len;
	wrong = record_check(line->data, line->len, &record->list, &record->keys, reason);
	if (wrong == NULL)
		wrong = take(in, record);
	tok_free(&record->list);
	return wrong;
}

/* Notes whose id, or externalId, it is. */
static void
note_id(struct input *in, char kind, const struct buf *id, const struct buf *key)
{
	struct order *ids = &in->s->scim->ids;

	buf_append_byte(&ids->line, kind);
	key_encode(&ids->line, buf_string(id), id->len);
	buf_append_byte(&ids->line, LINE_WHOSE);
	key_encode(&ids->line, buf_string(key), key->len);
	in->failed |= order_end_line(ids) != 0;
}

static bool
is_key(const struct sync *s, const char *name)
{
	return strcmp(s->o.key.name, name) == 0;
}

static const char *
take_user(struct input *in, const struct record_reader *r, const struct scim_resource *p,
    const char *(*take)(struct input *in, const struct record_reader *r))
{
	struct sync *s = in->s;
	struct scim *c = s->scim;
	struct buf *line = &c->line;
	struct json top = { &r->list, r->text, 0 };
	uint32_t key = is_key(s, "externalId") ? p->external : p->name;
	uint32_t sub = p->id != 0 || in->side == HAVE ? p->id : p->external;
	int active = is_active(r);

	if (p->name == 0)
		return "no userName";
	if (in->side == HAVE && p->id == 0)
		return "no id";
	if (in->side == WANT && json_member(&top, "password") != 0)
		return "a password, which stands in no plan";
	if (key != 0 && text_at(r, key, &c->name) &&
	    key_from(&s->o.key, c->name.data, c->name.len, &s->key)) {
		if (text_at(r, p->id, &c->value))
			note_id(in, 'I', &c->value, &s->key);
		if (!is_key(s, "externalId") && text_at(r, p->external, &c->value))
			note_id(in, 'E', &c->value, &s->key);
	}
	buf_append_byte(line, '{');
	put(line, "Username", r, p->name);
	if (is_key(s, "userName"))
		put(line, "userName", r, p->name);
	if (active >= 0)
		buf_appendf(line, ",\"Enabled\":%s", active == 1 ? "true" : "false");
	buf_append_string(line, ",\"Attributes\":{");
	if (sub != 0) {
		buf_append_string(line, "\"sub\":");
		jtext_value(line, &r->list, r->text, sub);
	}
	buf_append_byte(line, '}');
	if (p->external != 0)
		put(line, "externalId", r, p->external);
	return hand_over(in, r, take);
}

/* The member of a group, whose name is in c->name.  Returns NULL, or what is wrong. */
static const char *
take_member(struct input *in, const struct record_reader *r, uint32_t at)
{
	struct sync *s = in->s;
	struct scim *c = s->scim;
	struct json top = { &r->list, r->text, at };
	struct json type = json_at(&top, json_member(&top, "type"));
	const struct view v = { r->text, &r->list, r->keys };
	size_t skip = strlen(reference);
	const char *id;
	bool by_key;

	if (in->side == WANT && type.at != 0 && json_tok(&type)->type == TOK_STRING &&
	    json_is_named(&type, "Group"))
		return "a member that is a group";
	/* What is longer than a key may have the reference before it. */
	if (!key_text_behind(&v, json_member(&top, "value"), skip, &c->value))
		return "a member without a value";
	by_key = c->value.len > skip && memcmp(c->value.data, reference, skip) == 0;
	id = c->value.data + (by_key ? skip : 0);
	if (by_key && is_key(s, "externalId")) {
		if (!key_from(&s->o.key, id, c->value.len - skip, &s->key))
			return "a member whose value is no key";
		sides_add_member(in, &c->name);
		return NULL;
	}
	buf_append_byte(&c->ids.line, by_key ? 'E' : 'I');
	key_encode(&c->ids.line, id, c->value.len - (by_key ? skip : 0));
	buf_append_byte(&c->ids.line, LINE_GROUP);
	key_encode(&c->ids.line, c->name.data, c->name.len);
	in->failed |= order_end_line(&c->ids) != 0;
	return NULL;
}

/*
 * Whether the row only has further members of a group that came: list-scim's rows of one stand
 * together, emit-scim's are told by the name, and have no id unless all have one.
 */
static bool
is_further(struct input *in, const struct record_reader *r, const struct scim_resource *p)
{
	struct sync *s = in->s;
	struct scim *c = s->scim;
	uint32_t number = groups_number(s, buf_string(&c->name), c->name.len);
	unsigned char seen = (unsigned char)(1U << (SIDES + in->side));
	bool again = (s->groups.mentioned[number] & seen) != 0, same;

	s->groups.mentioned[number] |= seen;
	if (!text_at(r, p->id, &c->value))
		return again && p->members != 0;
	same = c->group.len == c->value.len &&
	    memcmp(c->group.data, c->value.data, c->value.len) == 0;
	buf_clear(&c->group);
	buf_append(&c->group, c->value.data, c->value.len);
	return again && (same || (in->side == WANT && p->members != 0));
}

static const char *
take_group(struct input *in, const struct record_reader *r, const struct scim_resource *p,
    const char *(*take)(struct input *in, const struct record_reader *r))
{
	struct scim *c = in->s->scim;
	const struct tok *tok = r->list.tok;
	const char *wrong = NULL;

	if (p->name == 0 || !text_at(r, p->name, &c->name))
		return "no displayName";
	if (in->side == HAVE && p->id == 0)
		return "no id";
	if (!is_further(in, r, p)) {
		buf_append_byte(&c->line, '{');
		put(&c->line, "GroupName", r, p->name);
		buf_append_string(&c->line, ",\"Attributes\":{");
		if (p->id != 0) {
			buf_append_string(&c->line, "\"sub\":");
			jtext_value(&c->line, &r->list, r->text, p->id);
		}
		buf_append_byte(&c->line, '}');
		wrong = hand_over(in, r, take);
	}
	if (p->members == 0 || wrong != NULL)
		return wrong;
	in->saw[MEMBERS] = true;
	(void)text_at(r, p->name, &c->name);
	for (uint32_t i = p->members + 1; i < tok[p->members].next && wrong == NULL;
	    i = tok[i].next)
		wrong = take_member(in, r, i);
	return wrong;
}

const char *
scim_take(struct input *in, const struct record_reader *r,
    const char *(*take)(struct input *in, const struct record_reader *r))
{
	struct sync *s = in->s;
	struct json top = { &r->list, r->text, 0 };
	struct scim_resource p;
	const char *wrong = scim_resource_read(&top, false, &p);

	/* "no id": emit-scim's have none. */
	if (wrong != NULL && (p.id != 0 || (p.name == 0 && p.external == 0)))
		return wrong;
	if (!is_key(s, "externalId") && !is_key(s, "Username") && !is_key(s, "userName")) {
		in->stop = sync_stop(s, PROG_USAGE, "--key: a SCIM server's users are the same by "
		    "externalId or userName");
		return NULL;
	}
	buf_clear(&s->scim->line);
	return p.kind == RESOURCE_USER ? take_user(in, r, &p, take) : take_group(in, r, &p, take);
}

/* Somebody whose id the side does not say is in a group. */
static enum prog_status
take_unknown(struct sync *s, enum side_name side, const struct buf *group)
{
	if (side == WANT)
		return sync_stop(s, PROG_FAIL, "WANT: a group has a member who is none of WANT's users");
	s->totals.left[MEMBERS]++;
	s->groups.item[groups_number(s, buf_string(group), group->len)].strangers++;
	return PROG_OK;
}

/* The members, each behind the line that says whose the id is. */
static enum prog_status
take_members(struct sync *s, enum side_name side)
{
	struct input in = { .s = s, .side = side };
	struct scim *c = s->scim;
	struct buf id, key;
	bool known = false;
	int more = order_end(&c->ids);
	enum prog_status status = PROG_OK;

	buf_init(&id, ORDER_LINE_MAX);
	buf_init(&key, ORDER_LINE_MAX);
	while (more == 0 && status == PROG_OK && (more = order_next(&c->ids)) > 0) {
		const char *text = c->ids.text;
		size_t len = c->ids.len, rest = 0, end;
		bool whose;

		more = 0;
		if (!key_decode(text + 1, len - 1, &c->value, &rest) || rest + 1 >= len ||
		    !key_decode(text + rest + 2, len - rest - 2, &c->name, &end)) {
			status = sync_stop(s, PROG_FAIL, "sort: gave back a line that it was not given");
			break;
		}
		whose = text[rest + 1] == LINE_WHOSE;
		if (whose || id.len != rest + 1 || memcmp(id.data, text, id.len) != 0)
			known = whose;
		buf_clear(&id);
		buf_append(&id, text, rest + 1);
		if (whose) {
			buf_clear(&key);
			buf_append(&key, c->name.data, c->name.len);
		} else if (!known) {
			status = take_unknown(s, side, &c->name);
		} else {
			buf_clear(&s->key);
			buf_append(&s->key, key.data, key.len);
			sides_add_member(&in, &c->name);
		}
	}
	buf_free(&id);
	buf_free(&key);
	if (status == PROG_OK && (more < 0 || in.failed))
		status = sync_stop(s, PROG_FAIL, "the members of groups cannot be sorted");
	return status;
}

enum prog_status
scim_settle(struct sync *s, enum side_name side)
{
	struct scim *c = s->scim;
	enum prog_status status = take_members(s, side);

	order_free(&c->ids);
	order_init(&c->ids);
	buf_clear(&c->group);
	if (status == PROG_OK && side == HAVE && scim_plans(s) && (c->records[WANT] ||
	    c->records[HAVE]))
		status = sync_stop(s, PROG_USAGE, "records of a pool and SCIM resources do not go "
		    "together: emit-scim makes resources of records");
	return status;
}
