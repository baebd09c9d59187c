/* Plans: the rows, read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/cognito.h"
#include "json/jtext.h"
#include "json/plan_parts.h"

/* The members of a row, in their order; each has a bit. */
enum {
	KEY = 1, GROUP_NAME = 2, USERNAME = 4, SUB = 8, ID = 16, BEFORE = 32, AFTER = 64,
	SOURCE = 128, WHY = 256, GROUP_ID = 512, ALWAYS = KEY | WHY, MEMBERS = 10
};

static const char *const member_names[MEMBERS] = {
	"Key", "GroupName", "Username", "sub", "Id", "Before", "After", "Source", "Why",
	"GroupId"
};

static const struct op {
	const char *name;
	unsigned needs, may;
} ops[PLAN_OPS] = {
	[PLAN_CREATE_GROUP] = { "create-group", ALWAYS | GROUP_NAME | AFTER, ID },
	[PLAN_UPDATE_GROUP] = { "update-group", ALWAYS | GROUP_NAME | BEFORE | AFTER, ID },
	[PLAN_CREATE_USER] = { "create-user", ALWAYS | USERNAME | AFTER, ID | SOURCE },
	[PLAN_LINK_PROVIDER] = { "link-provider", ALWAYS | USERNAME | AFTER, SUB | ID },
	[PLAN_SET_PASSWORD] = { "set-password", ALWAYS | USERNAME | AFTER, SUB | ID },
	[PLAN_UPDATE_USER] = { "update-user", ALWAYS | USERNAME | BEFORE | AFTER, SUB | ID | SOURCE },
	[PLAN_ENABLE_USER] = { "enable-user", ALWAYS | USERNAME | BEFORE | AFTER, SUB | ID },
	[PLAN_ADD_MEMBER] = { "add-member", ALWAYS | GROUP_NAME | USERNAME, SUB | ID | GROUP_ID },
	[PLAN_REMOVE_MEMBER] = { "remove-member", ALWAYS | GROUP_NAME | USERNAME,
	    SUB | ID | SOURCE | GROUP_ID },
	[PLAN_DISABLE_USER] = { "disable-user", ALWAYS | USERNAME | BEFORE | AFTER, SUB | ID | SOURCE },
	[PLAN_DELETE_USER] = { "delete-user", ALWAYS | USERNAME | BEFORE, SUB | ID | SOURCE },
	[PLAN_DELETE_GROUP] = { "delete-group", ALWAYS | GROUP_NAME | BEFORE, ID }
};

/* What takes something from a user that is there: it is named by more than a name. */
static const unsigned destructive = 1u << PLAN_REMOVE_MEMBER | 1u << PLAN_DISABLE_USER |
    1u << PLAN_DELETE_USER;

const char *
plan_op_name(enum plan_op op)
{
	return ops[op].name;
}

const char *
plan_say(char reason[RECORD_REASON_SIZE], const char *name, const char *what)
{
	snprintf(reason, RECORD_REASON_SIZE, "%s: %s", name, what);
	return reason;
}

bool
plan_is_text(const struct tok *t)
{
	return t->type == TOK_STRING && t->start < t->end && t->end - t->start <= PLAN_KEY_MAX &&
	    (t->flags & (TOK_NUL | TOK_LONE)) == 0;
}

char *
plan_decode(const struct tok *t, const char *text)
{
	struct buf b;
	char *s;

	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, "");
	(void)jtext_decode(&b, text + t->start, t->end - t->start);
	s = mem_dup(b.data, b.len);
	buf_free(&b);
	return s;
}

char *
plan_row_text(const struct tok_list *l, const char *text, uint32_t at)
{
	return at != 0 ? plan_decode(&l->tok[at], text) : NULL;
}

bool
plan_has_twice(const struct tok_list *l, const char *text, uint32_t in,
    char reason[RECORD_REASON_SIZE])
{
	size_t members = 0;
	bool twice = false;
	struct buf name;

	buf_init(&name, SIZE_MAX);
	for (uint32_t i = in + 1; i < l->tok[in].next && !twice; i = l->tok[i + 1].next) {
		const struct tok *t = &l->tok[i];

		if (++members > PLAN_MEMBERS_MAX) {
			snprintf(reason, RECORD_REASON_SIZE, "more members than a plan has");
			twice = true;
			break;
		}
		/* It may have a NUL in it. */
		buf_clear(&name);
		(void)jtext_decode(&name, text + t->start, t->end - t->start);
		for (uint32_t k = in + 1; k < i && !twice; k = l->tok[k + 1].next)
			twice = tok_is(&l->tok[k], text, buf_string(&name), name.len);
		if (twice)
			snprintf(reason, RECORD_REASON_SIZE, "%.64s: there twice",
			    buf_string(&name));
	}
	buf_free(&name);
	return twice;
}

/*
 * Whether the object holds what a user's Attributes may: each name once, and in plain letters;
 * texts; null only where clears is set.  written: and none that is empty, which the service takes
 * for one to be taken away, and the guard would not have counted.
 */
static bool
is_attributes(const struct tok_list *l, const char *text, uint32_t in, bool clears, bool written)
{
	size_t count = 0;

	if (l->tok[in].type != TOK_OBJECT)
		return false;
	for (uint32_t i = in + 1; i < l->tok[in].next; i = l->tok[i + 1].next) {
		const struct tok *value = &l->tok[i + 1];

		if (!plan_is_text(&l->tok[i]) || (value->flags & TOK_LONE) != 0 ||
		    (value->type != TOK_STRING && (!clears || value->type != TOK_NULL)) ||
		    (written && value->type == TOK_STRING && value->start == value->end) ||
		    ++count > COGNITO_ATTRIBUTES_MAX || (l->tok[i].flags & TOK_ESCAPED) != 0)
			return false;
		for (uint32_t k = in + 1; k < i; k = l->tok[k + 1].next)
			if (tok_is(&l->tok[k], text, text + l->tok[i].start,
			    l->tok[i].end - l->tok[i].start))
				return false;
	}
	return true;
}

/*
 * What Before or After says of a user.  clears: null, for what was not there or is to go.  Returns
 * NULL, or which member is wrong.
 */
static const char *
check_side(const struct tok_list *l, const char *text, uint32_t side, bool clears, bool written)
{
	static const char *const flags[] = { "Enabled", "Permanent", "Known" };
	char reason[RECORD_REASON_SIZE];
	uint32_t at = tok_member(l, text, side, "Attributes");

	if (plan_has_twice(l, text, side, reason))
		return "Before or After";
	if (at != 0 && !is_attributes(l, text, at, clears, written))
		return "Attributes";
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		at = tok_member(l, text, side, flags[i]);
		if (at != 0 && l->tok[at].type != TOK_TRUE && l->tok[at].type != TOK_FALSE)
			return flags[i];
	}
	return NULL;
}

static enum plan_op
find_op(const struct tok_list *l, const char *text)
{
	uint32_t at = tok_member(l, text, 0, "Op");
	int op = at == 0 ? PLAN_OPS : 0;

	while (op < PLAN_OPS && !tok_is(&l->tok[at], text, ops[op].name, strlen(ops[op].name)))
		op++;
	return (enum plan_op)op;
}

/* Takes the members in.  Returns their bits, or 0 with reason set. */
static unsigned
take_members(struct plan_row *r, const struct tok_list *l, const char *text,
    char reason[RECORD_REASON_SIZE])
{
	uint32_t *const slots[MEMBERS] = { &r->key, &r->group_name, &r->username, &r->sub, &r->id,
		&r->before, &r->after, &r->source, &r->why, &r->group_id };
	unsigned have = 0;

	for (uint32_t i = 1; i < l->tok[0].next; i = l->tok[i + 1].next) {
		bool object;
		int m = 0;

		if (tok_is(&l->tok[i], text, "Op", 2))
			continue;
		while (m < MEMBERS && !tok_is(&l->tok[i], text, member_names[m],
		    strlen(member_names[m])))
			m++;
		if (m == MEMBERS || (have & 1u << m) != 0) {
			plan_say(reason, m == MEMBERS ? ops[r->op].name : member_names[m],
			    m == MEMBERS ? "a member that is not known" : "there twice");
			return 0;
		}
		object = (1u << m & (BEFORE | AFTER | SOURCE)) != 0;
		if (object ? l->tok[i + 1].type != TOK_OBJECT : !plan_is_text(&l->tok[i + 1])) {
			plan_say(reason, member_names[m], object ? "not an object" : "not a text");
			return 0;
		}
		*slots[m] = i + 1;
		have |= 1u << m;
	}
	return have;
}

const char *
plan_read_row(struct plan_row *r, const struct tok_list *l, const char *text,
    char reason[RECORD_REASON_SIZE])
{
	const char *wrong = NULL;
	unsigned have, needs;

	*r = (struct plan_row){ .op = find_op(l, text) };
	if (r->op == PLAN_OPS)
		return "Op: not an operation that is known";
	if (plan_has_twice(l, text, 0, reason) || (have = take_members(r, l, text, reason)) == 0)
		return reason;
	needs = ops[r->op].needs;
	for (int m = 0; m < MEMBERS; m++) {
		if ((needs & ~have & 1u << m) != 0)
			return plan_say(reason, member_names[m], "missing");
		if ((have & ~needs & ~ops[r->op].may & 1u << m) != 0)
			return plan_say(reason, member_names[m], "not in such an operation");
	}
	if ((destructive >> r->op & 1) != 0 && (have & (SUB | ID)) == 0)
		return plan_say(reason, "sub", "missing");
	if (r->before != 0)
		wrong = check_side(l, text, r->before, r->op == PLAN_UPDATE_USER, false);
	if (wrong == NULL && r->after != 0)
		wrong = check_side(l, text, r->after, r->op == PLAN_UPDATE_USER, true);
	return wrong != NULL ? plan_say(reason, wrong, "not of the type that it should have") : NULL;
}
