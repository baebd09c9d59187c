#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"

enum {
	TOKENS_MAX = 256 * 1024,
	CLOCKS_APART_MS = 5 * 60 * 1000	/* what the service itself allows a clock */
};

static bool
take(struct answer *n, const struct aws_result *r, const char *inside, bool needed)
{
	*n = (struct answer){ .text = r->body };
	tok_init(&n->list, TOKENS_MAX);
	if (tok_parse(&n->list, r->body, r->body_len) != TOK_OK ||
	    n->list.tok[0].type != TOK_OBJECT)
		return false;
	n->object = tok_member(&n->list, n->text, 0, inside);
	if (n->object == 0)
		return !needed;
	return n->list.tok[n->object].type == TOK_OBJECT;
}

bool
answer_user(struct answer *n, const struct aws_result *r)
{
	if (!take(n, r, "User", false))
		return false;
	n->attributes = tok_member(&n->list, n->text, n->object, "UserAttributes");
	if (n->attributes == 0)
		n->attributes = tok_member(&n->list, n->text, n->object, "Attributes");
	if (n->attributes != 0 && n->list.tok[n->attributes].type != TOK_ARRAY)
		return false;
	return tok_member(&n->list, n->text, n->object, "Username") != 0;
}

bool
answer_group(struct answer *n, const struct aws_result *r)
{
	return take(n, r, "Group", true);
}

void
answer_free(struct answer *n)
{
	tok_free(&n->list);
}

bool
answer_is_nobody(const struct aws_result *r, bool *said)
{
	struct tok_list l;
	bool nobody = false;
	uint32_t users, more;

	*said = false;
	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, r->body, r->body_len) == TOK_OK && l.tok[0].type == TOK_OBJECT) {
		users = tok_member(&l, r->body, 0, "Users");
		more = tok_member(&l, r->body, 0, "NextToken");
		*said = users != 0 && l.tok[users].type == TOK_ARRAY;
		nobody = *said && l.tok[users].next == users + 1 && (more == 0 || l.tok[more].type == TOK_NULL);
	}
	tok_free(&l);
	return nobody;
}

static char *
decode(const struct tok_list *l, const char *text, uint32_t at)
{
	struct buf b;
	char *s;

	if (at == 0 || l->tok[at].type != TOK_STRING)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, "");
	(void)jtext_decode(&b, text + l->tok[at].start, l->tok[at].end - l->tok[at].start);
	s = mem_dup(b.data, b.len);
	buf_free(&b);
	return s;
}

/* The value of the attribute with the name that a token of another text says; 0: none. */
static uint32_t
attribute(const struct answer *n, const char *name, size_t len)
{
	uint32_t end = n->attributes != 0 ? n->list.tok[n->attributes].next : 0;

	for (uint32_t i = n->attributes + 1; i < end; i = n->list.tok[i].next) {
		uint32_t at = 0;

		if (n->list.tok[i].type == TOK_OBJECT)
			at = tok_member(&n->list, n->text, i, "Name");
		if (at != 0 && tok_is(&n->list.tok[at], n->text, name, len))
			return tok_member(&n->list, n->text, i, "Value");
	}
	return 0;
}

char *
answer_username(const struct answer *n)
{
	return decode(&n->list, n->text, tok_member(&n->list, n->text, n->object, "Username"));
}

char *
answer_sub(const struct answer *n)
{
	return decode(&n->list, n->text, attribute(n, "sub", 3));
}

bool
answer_says(const struct answer *n, const char *member, const char *text)
{
	uint32_t at = tok_member(&n->list, n->text, n->object, member);

	return at != 0 && tok_is(&n->list.tok[at], n->text, text, strlen(text));
}

/* Whether two values mean the same; 0, and null, is none. */
static bool
same(const struct answer *n, uint32_t a, const struct task *t, uint32_t b)
{
	const struct tok *x = a != 0 ? &n->list.tok[a] : NULL;
	const struct tok *y = b != 0 ? &t->list.tok[b] : NULL;
	char *text;
	bool equal;

	if (x == NULL || x->type == TOK_NULL)
		return y == NULL || y->type == TOK_NULL;
	if (y == NULL || x->type != y->type)
		return false;
	if (x->type != TOK_STRING)
		return x->end - x->start == y->end - y->start &&
		    memcmp(n->text + x->start, t->text + y->start, x->end - x->start) == 0;
	text = decode(&t->list, t->text, b);
	equal = text != NULL && tok_is(x, n->text, text, strlen(text));
	free(text);
	return equal;
}

bool
answer_agrees(const struct answer *n, const struct task *t, uint32_t side, const char *member)
{
	return same(n, tok_member(&n->list, n->text, n->object, member), t,
	    tok_member(&t->list, t->text, side, member));
}

/* Whether the attribute is as another object has it, which says something of it. */
static bool
is_as_in(const struct answer *n, const struct task *t, uint32_t in, const char *name, size_t len)
{
	for (uint32_t i = in + 1; in != 0 && i < t->list.tok[in].next; i = t->list.tok[i + 1].next)
		if (tok_is(&t->list.tok[i], t->text, name, len))
			return same(n, attribute(n, name, len), t, i + 1);
	return false;
}

/*
 * Whether all attributes of the side, an object, are so in the answer, or as in the other one (0:
 * there is none).  sent: but for those that are never sent.
 */
static bool
has_attributes(const struct answer *n, const struct task *t, uint32_t side, bool sent,
    uint32_t other)
{
	for (uint32_t i = side + 1; side != 0 && i < t->list.tok[side].next;
	    i = t->list.tok[i + 1].next) {
		const char *name = t->text + t->list.tok[i].start;
		size_t len = t->list.tok[i].end - t->list.tok[i].start;

		if (sent && schema_is_silent(name, len))
			continue;
		if (!same(n, attribute(n, name, len), t, i + 1) &&
		    !is_as_in(n, t, other, name, len))
			return false;
	}
	return true;
}

/* Whether the answer has no attribute that the side has not. */
static bool
has_no_more(const struct answer *n, const struct task *t, uint32_t side)
{
	uint32_t end = n->attributes != 0 ? n->list.tok[n->attributes].next : 0;

	for (uint32_t i = n->attributes + 1; i < end; i = n->list.tok[i].next) {
		uint32_t at = n->list.tok[i].type == TOK_OBJECT ?
		    tok_member(&n->list, n->text, i, "Name") : 0;
		char *name = decode(&n->list, n->text, at);
		bool known = name != NULL && side != 0 &&
		    tok_member(&t->list, t->text, side, name) != 0;

		free(name);
		if (!known)
			return false;
	}
	return true;
}

bool
answer_agrees_date(const struct answer *n, const struct task *t, uint32_t side,
    const char *member)
{
	uint32_t at = tok_member(&n->list, n->text, n->object, member);
	uint32_t said = tok_member(&t->list, t->text, side, member);
	int64_t is, was;

	if (said == 0)
		return true;
	return at != 0 && n->list.tok[at].type == TOK_NUMBER &&
	    t->list.tok[said].type == TOK_STRING &&
	    clock_parse_epoch(n->text + n->list.tok[at].start,
	    n->list.tok[at].end - n->list.tok[at].start, &is) == 0 &&
	    clock_parse_rfc3339(t->text + t->list.tok[said].start,
	    t->list.tok[said].end - t->list.tok[said].start, &was) == 0 && is == was;
}

bool
answer_is_other(const struct answer *n, const struct task *t)
{
	char *sub = answer_sub(n);
	bool other = t->sub != NULL && (sub == NULL || strcmp(sub, t->sub) != 0);

	free(sub);
	return other;
}

const char *
answer_differs(const struct answer *n, const struct task *t, bool whole)
{
	static const char *const members[] = { "Enabled", "UserStatus" };
	uint32_t before = t->row.before, attributes, after = 0;

	if (before == 0)
		return NULL;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (tok_member(&t->list, t->text, before, members[i]) != 0 &&
		    !answer_agrees(n, t, before, members[i]))
			return i == 0 ? "changed since the plan: Enabled" :
			    "changed since the plan: UserStatus";
	attributes = tok_member(&t->list, t->text, before, "Attributes");
	if (t->row.op == PLAN_UPDATE_USER)
		after = tok_member(&t->list, t->text, t->row.after, "Attributes");
	if (!has_attributes(n, t, attributes, false, after) ||
	    (whole && !has_no_more(n, t, attributes)))
		return "changed since the plan: Attributes";
	return NULL;
}

bool
answer_is_after(const struct answer *n, const struct task *t)
{
	return has_attributes(n, t, tok_member(&t->list, t->text, t->row.after, "Attributes"), true,
	    0);
}

/* Whether the member of an identity is what the member of After says. */
static bool
same_identity(const struct tok_list *l, const char *text, uint32_t in, const char *member,
    const struct task *t, const char *said)
{
	uint32_t a = tok_member(l, text, in, member), b = tok_member(&t->list, t->text, t->row.after, said);
	char *value = decode(&t->list, t->text, b);
	bool same = a != 0 && value != NULL && tok_is(&l->tok[a], text, value, strlen(value));

	free(value);
	return same;
}

bool
answer_is_linked(const struct answer *n, const struct task *t)
{
	char *text = decode(&n->list, n->text, attribute(n, "identities", 10));
	struct tok_list l;
	bool linked = false;

	tok_init(&l, TOKENS_MAX);
	if (text != NULL && tok_parse(&l, text, strlen(text)) == TOK_OK &&
	    l.tok[0].type == TOK_ARRAY)
		for (uint32_t i = 1; i < l.tok[0].next && !linked; i = l.tok[i].next)
			linked = l.tok[i].type == TOK_OBJECT &&
			    same_identity(&l, text, i, "providerName", t, "ProviderName") &&
			    same_identity(&l, text, i, "userId", t, "ProviderAttributeValue");
	tok_free(&l);
	free(text);
	return linked;
}

bool
answer_is_in_time(const struct answer *n, const struct task *t, const char *member)
{
	uint32_t date = tok_member(&n->list, n->text, n->object, member);
	int64_t made, late = t->apply->retry_ms + CLOCKS_APART_MS;
	int64_t now = aws_now_ms(t->apply->client);

	if (date == 0 || n->list.tok[date].type != TOK_NUMBER ||
	    clock_parse_epoch(n->text + n->list.tok[date].start,
	    n->list.tok[date].end - n->list.tok[date].start, &made) != 0)
		return false;
	return (t->ours && made >= t->since_ms - CLOCKS_APART_MS && made <= t->until_ms + late) ||
	    (t->mine && made >= t->begun_ms - CLOCKS_APART_MS && made <= now + CLOCKS_APART_MS);
}

bool
answer_is_ours(const struct answer *n, const struct task *t)
{
	/* An earlier run may have set the password; whoever signs up is UNCONFIRMED at first. */
	if (!answer_says(n, "UserStatus", "FORCE_CHANGE_PASSWORD") &&
	    !(t->ours && answer_says(n, "UserStatus", "CONFIRMED")))
		return false;
	return answer_is_in_time(n, t, "UserCreateDate") && answer_is_after(n, t);
}
