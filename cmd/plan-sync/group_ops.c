/* What is written about one group (group_ops.h). */
#include "group_ops.h"

#include <string.h>

#include "json/jtext.h"

#include "left.h"
#include "ops.h"
#include "scim.h"
#include "scim_ops.h"

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

int
group_ops_update(struct sync *s, const struct subject *g, bool adopted)
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

int
group_ops_create(struct sync *s, const struct subject *g, const struct half *h, const char *why)
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
	if (h == &g->half[HAVE])
		put_id(s, h);
	if (scim_plans(s))
		scim_ops_put_new(s, "After", h);
	else
		ops_json(s, "After", after.data, after.len);
	buf_free(&after);
	result = ops_end(s, OP_CREATE_GROUP, why);
	s->totals.calls_groups += result == 0;
	return result;
}

int
group_ops_delete(struct sync *s, const struct subject *g)
{
	const char *text = g->half[HAVE].text.data;
	size_t len = g->half[HAVE].text.len;
	int result;

	ops_begin(s, OP_DELETE_GROUP, g);
	ops_text(s, "GroupName", g->key.data, g->key.len);
	put_id(s, &g->half[HAVE]);
	if (scim_plans(s))
		text = scim_ops_resource(&g->half[HAVE], &len);
	ops_json(s, "Before", text, len);
	buf_clear(&s->text);
	buf_appendf(&s->text, "absent since %s", buf_string(&g->since));
	result = ops_end(s, OP_DELETE_GROUP, s->text.data);
	s->totals.classes[CLASS_GROUP_DELETE] += result == 0;
	s->totals.calls_groups += result == 0;
	return result;
}
