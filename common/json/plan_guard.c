/* Plans: what the rows add up to, and what of that may be. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/plan.h"

static const char removals_of[] = "member-remove:";

static char *
decode(const struct tok_list *l, const char *text, uint32_t at)
{
	struct buf b;
	char *s;

	if (at == 0)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)jtext_decode(&b, text + l->tok[at].start, l->tok[at].end - l->tok[at].start);
	s = mem_dup(b.data, b.len);
	buf_free(&b);
	return s;
}

static int
compare(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Before those of groups, so that they are found at once. */
static void
make_classes(struct plan_classes *c)
{
	static const char *const names[] = { "user-delete", "user-disable", "member-remove",
		"update", "email-change", "phone-change", "attribute-clear", "group-delete",
		"user-enable", "member-add" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		(void)plan_class(c, names[i], strlen(names[i]));
}

static void
count(struct plan_sums *s, const char *class)
{
	struct plan_class *c = plan_class(&s->classes, class, strlen(class));

	if (c != NULL)
		c->count++;
}

/* A group's removals come one after the other, so each is looked for once. */
static const char *
count_removal(struct plan_sums *s, const char *group, bool first)
{
	struct plan_class *c;
	struct buf name;

	count(s, "member-remove");
	if (first) {
		buf_init(&name, SIZE_MAX);
		(void)buf_append_string(&name, removals_of);
		(void)buf_append_string(&name, group);
		c = plan_class(&s->classes, name.data, name.len);
		buf_free(&name);
		if (c == NULL)
			return "more groups than a pool can have";
		s->removals = (size_t)(c - s->classes.class);
	}
	s->classes.class[s->removals].count++;
	return NULL;
}

/* Whether the attribute had a value, and gets another one or none. */
static bool
changes(const struct tok_list *l, const char *text, uint32_t before, uint32_t after,
    const char *name)
{
	uint32_t was = before != 0 ? tok_member(l, text, before, name) : 0;
	uint32_t is = after != 0 ? tok_member(l, text, after, name) : 0;
	bool same;
	char *old;

	if (was == 0 || is == 0 || l->tok[was].type != TOK_STRING ||
	    l->tok[was].start == l->tok[was].end)
		return false;
	old = decode(l, text, was);
	same = l->tok[is].type == TOK_STRING && tok_is(&l->tok[is], text, old, strlen(old));
	free(old);
	return !same;
}

static void
count_update(struct plan_sums *s, const struct plan_row *r, const struct tok_list *l,
    const char *text)
{
	uint32_t before = tok_member(l, text, r->before, "Attributes");
	uint32_t after = tok_member(l, text, r->after, "Attributes");
	bool clears = false;

	/* Who is adopted as he is. */
	if (plan_is_bare(r, l, text))
		return;
	count(s, "update");
	if (changes(l, text, before, after, "email"))
		count(s, "email-change");
	if (changes(l, text, before, after, "phone_number"))
		count(s, "phone-change");
	for (uint32_t i = after + 1; after != 0 && i < l->tok[after].next; i = l->tok[i + 1].next)
		clears |= l->tok[i + 1].type == TOK_NULL;
	if (clears)
		count(s, "attribute-clear");
}

static const char *
count_classes(struct plan_sums *s, const struct plan_row *r, const struct tok_list *l,
    const char *text, const char *group, bool new_group)
{
	if (r->op == PLAN_DELETE_USER)
		count(s, "user-delete");
	else if (r->op == PLAN_DISABLE_USER)
		count(s, "user-disable");
	else if (r->op == PLAN_DELETE_GROUP)
		count(s, "group-delete");
	else if (r->op == PLAN_ENABLE_USER)
		count(s, "user-enable");
	else if (r->op == PLAN_ADD_MEMBER)
		count(s, "member-add");
	else if (r->op == PLAN_UPDATE_USER)
		count_update(s, r, l, text);
	else if (r->op == PLAN_REMOVE_MEMBER)
		return count_removal(s, group, new_group);
	return NULL;
}

bool
plan_is_bare(const struct plan_row *r, const struct tok_list *l, const char *text)
{
	uint32_t in = 0;

	if (r->op != PLAN_UPDATE_USER && r->op != PLAN_UPDATE_GROUP)
		return false;
	if (r->op == PLAN_UPDATE_USER)
		in = tok_member(l, text, r->after, "Attributes");
	/* Of a resource of SCIM the attributes are After itself. */
	if (in == 0 || l->tok[in].next != l->tok[r->after].next)
		in = r->after;
	return l->tok[in].next == in + 1;
}

bool
plan_is_unseen(const struct plan_row *r, const struct tok_list *l, const char *text)
{
	uint32_t at = 0;

	if (r->op == PLAN_UPDATE_USER || r->op == PLAN_DELETE_USER)
		at = tok_member(l, text, r->before, "Known");
	return at != 0 && l->tok[at].type == TOK_FALSE;
}

bool
plan_adopts(const struct plan_row *r, const struct tok_list *l, const char *text)
{
	static const char word[] = "; adopted";
	const size_t alone = sizeof word - 1 - 2, len = sizeof word - 1;
	const struct tok *why = &l->tok[r->why];
	size_t there = why->end - why->start;

	if (r->op != PLAN_UPDATE_USER && r->op != PLAN_UPDATE_GROUP)
		return false;
	return there == alone ? memcmp(text + why->start, word + 2, alone) == 0 :
	    there > len && memcmp(text + why->end - len, word, len) == 0;
}

const char *
plan_add(struct plan_sums *s, const struct plan_row *r, const struct tok_list *l,
    const char *text)
{
	bool member = r->op == PLAN_ADD_MEMBER || r->op == PLAN_REMOVE_MEMBER;
	bool same_op = s->rows > 0 && r->op == s->last;
	char *key = decode(l, text, r->key), *group = decode(l, text, r->group_name);
	int order = same_op && member ? compare(group, s->last_group) : 0;
	int by_key = same_op && order == 0 ? compare(key, s->last_key) : 1;
	const char *wrong = NULL;

	if (s->rows == 0)
		make_classes(&s->classes);
	if (s->rows > 0 && r->op < s->last)
		wrong = "an operation that should have come before";
	else if (order < 0)
		wrong = "a group that should have come before";
	else if (by_key < 0)
		wrong = "a key that should have come before";
	else if (by_key == 0 && r->op != PLAN_LINK_PROVIDER)
		wrong = "the same operation a second time";
	else
		wrong = count_classes(s, r, l, text, group, !same_op || order != 0);
	s->rows++;
	s->totals[r->op]++;
	if (plan_adopts(r, l, text))
		++*(r->op == PLAN_UPDATE_USER ? &s->adopted_users : &s->adopted_groups);
	s->last = r->op;
	free(s->last_key);
	free(s->last_group);
	s->last_key = key;
	s->last_group = group;
	return wrong;
}

void
plan_sums_free(struct plan_sums *s)
{
	for (size_t i = 0; i < s->classes.count; i++)
		free(s->classes.class[i].name);
	free(s->classes.class);
	free(s->last_key);
	free(s->last_group);
	*s = (struct plan_sums){ 0 };
}

bool
plan_adds_up(const struct plan_header *h, const struct plan_sums *s, enum plan_op *op)
{
	for (int i = 0; i < PLAN_OPS; i++)
		if (h->totals[i] != s->totals[i]) {
			*op = (enum plan_op)i;
			return false;
		}
	return true;
}

/*
 * The limit where the header names none.  How many a single group has it does not say; it is no
 * more than all have, of whom most is.
 */
static uint64_t
default_limit(const struct plan_header *h, const char *class, bool most)
{
	uint64_t whole = h->managed_users, limit;

	/* The first plan of a target fills all its groups. */
	if (strcmp(class, "member-add") == 0)
		return UINT64_MAX;
	if (strncmp(class, removals_of, strlen(removals_of)) == 0)
		whole = most ? h->managed_members : 0;
	else if (strcmp(class, "member-remove") == 0)
		whole = h->managed_members;
	else if (strcmp(class, "group-delete") == 0)
		whole = h->managed_groups;
	limit = whole / 100 * PLAN_LIMIT_PERCENT + whole % 100 * PLAN_LIMIT_PERCENT / 100;
	if (limit > PLAN_LIMIT)
		limit = PLAN_LIMIT;
	return limit > PLAN_LIMIT_LEAST ? limit : PLAN_LIMIT_LEAST;
}

static uint64_t
limit_of(const struct plan_header *h, const char *class, const struct plan_class *said)
{
	uint64_t most;

	if (said == NULL || !said->has_limit)
		return default_limit(h, class, false);
	if (said->is_typed)
		return said->limit;
	most = default_limit(h, class, true);
	return said->limit < most ? said->limit : most;
}

void
plan_hold(struct plan_header *h, uint64_t users, uint64_t groups)
{
	if (h->managed_users > users)
		h->managed_users = users;
	if (h->managed_groups > groups)
		h->managed_groups = groups;
	if (groups == 0 || users == 0)
		h->managed_members = 0;
	else if (h->managed_members / groups >= users)
		h->managed_members = users * groups;
}

static const struct plan_class *
find(const struct plan_classes *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->class[i].name, name) == 0)
			return &c->class[i];
	return NULL;
}

size_t
plan_judge(const struct plan_header *h, const struct plan_sums *s,
    void (*trip)(void *arg, const char *class, uint64_t count, uint64_t limit), void *arg)
{
	const struct plan_classes *sides[] = { &h->classes, &s->classes };
	size_t tripped = 0;

	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side]->count; i++) {
			const struct plan_class *c = &sides[side]->class[i];
			const struct plan_class *said = side == 0 ? c : find(&h->classes, c->name);
			const struct plan_class *seen = side == 0 ? find(&s->classes, c->name) : c;
			uint64_t most = seen != NULL ? seen->count : 0, limit;

			if (side == 1 && said != NULL)
				continue;
			if (said != NULL && said->count > most)
				most = said->count;
			limit = limit_of(h, c->name, said);
			if (most <= limit || (said != NULL && said->is_confirmed &&
			    said->confirmed == most))
				continue;
			if (trip != NULL)
				trip(arg, c->name, most, limit);
			tripped++;
		}
	return tripped;
}
