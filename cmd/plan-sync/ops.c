/* The operations (ops.h). */
#include "ops.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"
#include "json/plan.h"

#include "groups.h"
#include "left.h"

const char *const op_names[OPS] = {
	"create-group", "update-group", "create-user", "link-provider", "update-user",
	"enable-user", "add-member", "remove-member", "disable-user", "delete-user", "delete-group"
};

void
ops_begin(struct sync *s, enum op op, const struct subject *p)
{
	buf_clear(&s->row);
	buf_appendf(&s->row, "{\"Op\":\"%s\"", op_names[op]);
	ops_text(s, "Key", buf_string(&p->key), p->key.len);
}

void
ops_text(struct sync *s, const char *name, const char *text, size_t len)
{
	buf_appendf(&s->row, ",\"%s\":", name);
	jtext_string(&s->row, text, len);
}

void
ops_json(struct sync *s, const char *name, const char *json, size_t len)
{
	buf_appendf(&s->row, ",\"%s\":", name);
	buf_append(&s->row, json, len);
}

void
ops_token(struct sync *s, const char *name, const struct half *h, uint32_t index)
{
	if (h->count == 0 || index == 0 || h->list.tok[index].type != TOK_STRING)
		return;
	buf_appendf(&s->row, ",\"%s\":", name);
	jtext_string_token(&s->row, &h->list.tok[index], h->text.data);
}

/* What is added when the row is written. */
enum { LATER = sizeof ",\"Members\":18446744073709551615" };

static bool
is_too_deep(const struct buf *row)
{
	int depth = 0;
	bool within = false;

	for (size_t i = 0; i < row->len; i++) {
		char c = row->data[i];

		if (c == '"')
			within = !within;
		else if (within && c == '\\')
			i++;
		else if (!within && (c == '{' || c == '['))
			depth++;
		else if (!within && (c == '}' || c == ']'))
			depth--;
		if (depth > TOK_DEPTH_MAX)
			return true;
	}
	return false;
}

/*
 * Whether a plan may have the row: whoever applies it refuses all of a plan for one that it cannot
 * read, so that a single record could keep everybody's changes away.
 */
static bool
is_fit(struct sync *s)
{
	char reason[RECORD_REASON_SIZE];
	const char *wrong = NULL;
	struct tok_list list;
	struct plan_row row;

	tok_init(&list, RECORD_TOKENS_MAX);
	if (tok_parse(&list, s->row.data, s->row.len) == TOK_OK)
		wrong = plan_read_row(&row, &list, s->row.data, reason);
	if (wrong != NULL) {
		const struct view v = { s->row.data, &list, { 0, 0, 0, 0, 0 } };

		s->totals.unfit++;
		left_operation(s, &v, wrong);
	}
	tok_free(&list);
	return wrong == NULL;
}

/* Whether the row can be read again: it is deeper, and longer, than the records in it. */
static bool
finish(struct sync *s, enum op op, const char *why)
{
	ops_text(s, "Why", why, strlen(why));
	buf_append_byte(&s->row, '}');
	if (s->row.len > RECORD_LINE_MAX - LATER || is_too_deep(&s->row)) {
		s->totals.long_ones++;
		return false;
	}
	if (!is_fit(s))
		return false;
	s->totals.ops[op]++;
	return true;
}

int
ops_end(struct sync *s, enum op op, const char *why)
{
	if (!finish(s, op, why))
		return 1;
	if (!s->spooled[op]) {
		if (spool_open(&s->spool[op]) != 0)
			return -1;
		s->spooled[op] = true;
	}
	buf_append_byte(&s->row, '\n');
	return spool_append(&s->spool[op], s->row.data, s->row.len);
}

int
ops_end_member(struct sync *s, enum op op, const struct subject *p, uint32_t group,
    const char *why)
{
	struct buf name;

	if (!finish(s, op, why))
		return 1;
	buf_init(&name, KEYSET_KEY_MAX);
	keyset_text(&s->groups.names, s->groups.item[group].entry, &name);
	buf_append_byte(&s->members.line, op == OP_ADD_MEMBER ? 'A' : 'R');
	key_encode(&s->members.line, buf_string(&name), name.len);
	key_encode(&s->members.line, p->key.data, p->key.len);
	buf_append(&s->members.line, s->row.data, s->row.len);
	buf_free(&name);
	return order_end_line(&s->members);
}

/*
 * A group's deletion, as it stands in r: left out if the group is left alone, else with the number
 * of its members, which was not known before.  Returns 0, or -1 with the reason printed.
 */
static int
write_deletion(struct sync *s, const struct record_reader *r)
{
	const struct view v = { r->text, &r->list, r->keys };
	uint32_t before = tok_member(&r->list, r->text, 0, "Before");
	size_t end = r->list.tok[before].end - 1;
	const struct group *group;

	if (!key_text(&v, r->keys.group_name, &s->text))
		return -1;
	group = &s->groups.item[groups_number(s, s->text.data, s->text.len)];
	if (!group->deleted)
		return 0;
	buf_clear(&s->row);
	buf_append(&s->row, r->text, end);
	buf_appendf(&s->row, ",\"Members\":%" PRIu64, group->inside);
	buf_append(&s->row, r->text + end, r->len - end);
	return sink_row(&s->sink, s->row.data, s->row.len);
}

/* All of one kind. */
static int
write_spool(struct sync *s, enum op op)
{
	enum record_result result;
	struct record_reader r;
	int failed;

	if (!s->spooled[op])
		return 0;
	failed = spool_seek(&s->spool[op], 0);
	record_open(&r, s->spool[op].fd, "temporary file");
	while (failed == 0 && (result = record_next(&r)) != RECORD_END) {
		if (result != RECORD_LINE) {
			if (result != RECORD_ERROR)
				diag_error("temporary file: gave back another record than it was "
				    "given");
			failed = -1;
		} else if (op == OP_DELETE_GROUP) {
			failed = write_deletion(s, &r);
		} else {
			failed = sink_row(&s->sink, r.text, r.len);
		}
	}
	record_close(&r);
	return failed;
}

/* Memberships, adds before removals. */
static int
write_members(struct sync *s)
{
	struct order *o = &s->members;
	int more;

	if (order_end(o) != 0)
		return -1;
	while ((more = order_next(o)) > 0) {
		size_t group = 0, key = 0;
		bool spared;

		if (!key_decode(o->text + 1, o->len - 1, &s->text, &group)) {
			diag_error("sort: gave back a line that it was not given");
			return -1;
		}
		spared = o->text[0] == 'R' && s->groups.item[groups_number(s, buf_string(&s->text),
		    s->text.len)].spared;
		if (!key_decode(o->text + 1 + group, o->len - 1 - group, &s->text, &key)) {
			diag_error("sort: gave back a line that it was not given");
			return -1;
		}
		group += 1 + key;
		if (!spared && sink_row(&s->sink, o->text + group, o->len - group) != 0)
			return -1;
	}
	return more;
}

int
ops_write(struct sync *s)
{
	for (int op = 0; op < OPS; op++) {
		if (op == OP_ADD_MEMBER ? write_members(s) != 0 : write_spool(s, (enum op)op) != 0)
			return -1;
	}
	return 0;
}

void
ops_free(struct sync *s)
{
	for (int op = 0; op < OPS; op++)
		if (s->spooled[op])
			spool_close(&s->spool[op]);
}
