/* One group on its way from a listing into rows (scim_group.h). */
#include "net/scim_group.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "json/jtext.h"
#include "json/record.h"
#include "net/scim.h"

enum {
	/* Of one group, held until all are there: some three million members. */
	MEMBERS_MAX = 4 * SCIM_BODY_MAX
};

static const char members_key[] = "members";
static const char too_many[] = "a group has more members than fit into memory";

void
scim_group_init(struct scim_group *g)
{
	memset(g, 0, sizeof *g);
	buf_init(&g->first, RECORD_LINE_MAX);
	buf_init(&g->further, RECORD_LINE_MAX);
	buf_init(&g->members, MEMBERS_MAX);
	scim_seen_init(&g->seen);
}

void
scim_group_free(struct scim_group *g)
{
	buf_free(&g->first);
	buf_free(&g->further);
	buf_free(&g->members);
	scim_seen_free(&g->seen);
	free(g->ends);
	memset(g, 0, sizeof *g);
}

/* Whether a member is one of those that the group's further rows have. */
static bool
is_name(const struct json *key)
{
	static const char *const names[] = { "schemas", "id", "externalId", "displayName" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (json_is_named(key, names[i]))
			return true;
	return false;
}

/* A member of an object, whose name servers may write in any case (RFC 7643 section 2.1), or 0. */
static uint32_t
member(const struct tok_list *l, const char *text, uint32_t object, const char *name)
{
	const struct json j = { l, text, object };

	return json_member(&j, name);
}

static int
append_member(struct buf *b, const struct tok_list *l, const char *text, uint32_t key)
{
	if (buf_append_byte(b, b->len == 0 ? '{' : ',') != 0 ||
	    jtext_string_token(b, &l->tok[key], text) != 0 || buf_append_byte(b, ':') != 0)
		return -1;
	return jtext_value(b, l, text, key + 1);
}

int
scim_group_read(struct scim_group *g, const struct tok_list *l, const char *text, uint32_t index)
{
	for (uint32_t i = index + 1; i < l->tok[index].next; i = l->tok[i + 1].next) {
		struct json key = { l, text, i };

		if (json_is_named(&key, members_key))
			continue;
		if (append_member(&g->first, l, text, i) != 0 || (is_name(&key) &&
		    append_member(&g->further, l, text, i) != 0))
			return -1;
	}
	return 0;
}

/* Whether the member's value, a token of a string, is new. */
static bool
is_fresh(struct scim_group *g, const struct tok *value, const char *text)
{
	size_t len = value->end - value->start;
	struct buf decoded;
	bool fresh;

	if ((value->flags & TOK_ESCAPED) == 0)
		return scim_seen_note(&g->seen, 1, text + value->start, len) == SCIM_NEW;
	buf_init(&decoded, 3 * len);
	(void)jtext_decode(&decoded, text + value->start, len);
	fresh = scim_seen_note(&g->seen, 1, buf_string(&decoded), decoded.len) == SCIM_NEW;
	buf_free(&decoded);
	return fresh;
}

/* The member that was just appended is whole. */
static void
end_member(struct scim_group *g)
{
	if (g->count == g->cap) {
		g->cap = g->cap > 0 ? 2 * g->cap : 16;
		g->ends = mem_resize(g->ends, g->cap, sizeof *g->ends);
	}
	g->ends[g->count++] = g->members.len;
}

static const char *
take_one(struct scim_group *g, const struct tok_list *l, const char *text, uint32_t index,
    struct scim_share *share)
{
	uint32_t value = member(l, text, index, "value");

	if (value == 0 || l->tok[value].type != TOK_STRING)
		return "a member of a group has no value";
	share->given++;
	if (!is_fresh(g, &l->tok[value], text))
		return NULL;
	share->fresh++;
	if (jtext_value(&g->members, l, text, index) != 0)
		return too_many;
	end_member(g);
	return NULL;
}

/* The user at index as a member. */
static const char *
take_user(struct scim_group *g, const struct tok_list *l, const char *text, uint32_t index,
    struct scim_share *share)
{
	uint32_t id = member(l, text, index, "id");

	if (id == 0 || l->tok[id].type != TOK_STRING)
		return "a resource has no id";
	share->given++;
	if (!is_fresh(g, &l->tok[id], text))
		return NULL;
	share->fresh++;
	if (buf_append_string(&g->members, "{\"value\":") != 0 ||
	    jtext_string_token(&g->members, &l->tok[id], text) != 0 ||
	    buf_append_string(&g->members, ",\"type\":\"User\"}") != 0)
		return too_many;
	end_member(g);
	return NULL;
}

const char *
scim_group_take_users(struct scim_group *g, const struct tok_list *l, const char *text,
    struct scim_share *share)
{
	uint32_t list = member(l, text, 0, "Resources");
	const char *wrong = NULL;

	*share = (struct scim_share){ 0, 0 };
	g->known = true;
	if (list == 0 || l->tok[list].type == TOK_NULL)
		return NULL;
	if (l->tok[list].type != TOK_ARRAY)
		return "the answer is no ListResponse";
	for (uint32_t i = list + 1; i < l->tok[list].next && wrong == NULL; i = l->tok[i].next)
		wrong = take_user(g, l, text, i, share);
	return wrong;
}

const char *
scim_group_take(struct scim_group *g, const struct tok_list *l, const char *text, uint32_t index,
    struct scim_share *share)
{
	uint32_t list = member(l, text, index, members_key);
	const char *wrong = NULL;

	*share = (struct scim_share){ 0, 0 };
	if (list == 0)
		return NULL;
	g->known = true;
	if (l->tok[list].type == TOK_NULL)
		return NULL;
	if (l->tok[list].type != TOK_ARRAY)
		return "the members of a group are no list";
	for (uint32_t i = list + 1; i < l->tok[list].next && wrong == NULL; i = l->tok[i].next)
		wrong = take_one(g, l, text, i, share);
	return wrong;
}

void
scim_group_clear(struct scim_group *g)
{
	buf_clear(&g->members);
	g->count = 0;
	scim_seen_free(&g->seen);
}

/* Appends as many members from *next on as the row may have.  Returns how many. */
static size_t
append_members(const struct scim_group *g, struct buf *row, size_t next, size_t piece)
{
	size_t taken = 0;

	for (; taken < piece && next + taken < g->count; taken++) {
		size_t start = next + taken > 0 ? g->ends[next + taken - 1] : 0;
		size_t len = g->ends[next + taken] - start;

		/* A comma before it, and "]}" behind the last. */
		if (row->len + len + 3 > RECORD_LINE_MAX)
			break;
		if (taken > 0)
			(void)buf_append_byte(row, ',');
		(void)buf_append(row, g->members.data + start, len);
	}
	return taken;
}

int
scim_group_rows(struct scim_group *g, size_t piece,
    int (*row)(void *arg, const char *text, size_t len), void *arg, bool *too_long)
{
	size_t next = 0;
	struct buf b;
	int result = 0;

	*too_long = false;
	buf_init(&b, RECORD_LINE_MAX);
	do {
		const struct buf *head = next == 0 ? &g->first : &g->further;
		size_t taken = 0;

		buf_clear(&b);
		*too_long = buf_append(&b, head->data, head->len) != 0;
		if (g->known && !*too_long) {
			*too_long = buf_append_string(&b, ",\"members\":[") != 0;
			taken = append_members(g, &b, next, piece);
			*too_long = *too_long || (taken == 0 && next < g->count) ||
			    buf_append_byte(&b, ']') != 0;
		}
		*too_long = *too_long || buf_append_byte(&b, '}') != 0;
		if (!*too_long)
			result = row(arg, b.data, b.len);
		next += taken;
	} while (!*too_long && result == 0 && next < g->count);
	buf_free(&b);
	return result;
}
