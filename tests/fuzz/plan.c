/*
 * Any lines as a plan: the first is a header, the others rows.  Compared with a tree of each line
 * (tree.h): which are good, by the rules of cognito-records(5) written down once more, and what
 * good ones say; and what the rows add up to, counted by hand.
 */
#include <stdint.h>

#include "json/cognito.h"
#include "json/plan.h"

#include "tree.h"

enum { LINES_MAX = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What each operation has to have, and what it may have besides; D: sub or Id. */
static const struct {
	const char *op, *needs, *may;
} rules[] = {
	{ "create-group", "Key GroupName After Why ", "Id " },
	{ "update-group", "Key GroupName Before After Why ", "Id " },
	{ "create-user", "Key Username After Why ", "Id Source " },
	{ "link-provider", "Key Username After Why ", "sub Id " },
	{ "set-password", "Key Username After Why ", "sub Id " },
	{ "update-user", "Key Username Before After Why ", "sub Id Source " },
	{ "enable-user", "Key Username Before After Why ", "sub Id " },
	{ "add-member", "Key GroupName Username Why ", "sub Id GroupId " },
	{ "remove-member", "Key GroupName Username Why D ", "sub Id GroupId Source " },
	{ "disable-user", "Key Username Before After Why D ", "sub Id Source " },
	{ "delete-user", "Key Username Before Why D ", "sub Id Source " },
	{ "delete-group", "Key GroupName Before Why ", "Id " }
};

/* The word in a list of words with a blank behind each. */
static bool
in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; len > 0 && (at = strstr(at, word)) != NULL; at++)
		if ((at == list || at[-1] == ' ') && at[len] == ' ')
			return true;
	return false;
}

static bool
is_name(const struct tree *t)
{
	return t->kind == TREE_STRING && t->len > 0 && !t->nul && !t->lone;
}

/* No member twice, and not more than there can be. */
static bool
is_plain(const struct tree *t)
{
	if (t->count / 2 > PLAN_MEMBERS_MAX)
		return false;
	for (size_t i = 0; i < t->count; i += 2)
		for (size_t k = 0; k < i; k += 2)
			if (t->kid[i]->len == t->kid[k]->len &&
			    memcmp(t->kid[i]->s, t->kid[k]->s, t->kid[i]->len) == 0)
				return false;
	return true;
}

static bool
is_bool(const struct tree *t)
{
	return t == NULL || t->kind == TREE_TRUE || t->kind == TREE_FALSE;
}

static bool
good_side(const struct tree *side, bool clears, bool written)
{
	const struct tree *a;

	if (side == NULL)
		return true;
	if (side->kind != TREE_OBJECT || !is_plain(side) || !is_bool(tree_get(side, "Enabled")) ||
	    !is_bool(tree_get(side, "Permanent")) || !is_bool(tree_get(side, "Known")))
		return false;
	a = tree_get(side, "Attributes");
	if (a == NULL)
		return true;
	if (a->kind != TREE_OBJECT || a->count / 2 > COGNITO_ATTRIBUTES_MAX)
		return false;
	for (size_t i = 0; i < a->count; i += 2) {
		const struct tree *value = a->kid[i + 1];

		if (!is_name(a->kid[i]) || value->lone || (value->kind != TREE_STRING &&
		    (!clears || value->kind != TREE_NULL)) ||
		    (written && value->kind == TREE_STRING && value->len == 0))
			return false;
		for (size_t k = 0; k < i; k += 2)
			if (strcmp(a->kid[i]->s, a->kid[k]->s) == 0)
				return false;
	}
	return true;
}

/* Which rule the row is good by, or -1. */
static int
good_row(const struct tree *t)
{
	const struct tree *op = tree_get(t, "Op");
	int rule = 0, rule_count = (int)(sizeof rules / sizeof *rules);
	char needs[128];

	if (op == NULL || op->kind != TREE_STRING || !is_plain(t))
		return -1;
	while (rule < rule_count && (strcmp(rules[rule].op, op->s) != 0 || op->nul))
		rule++;
	if (rule == rule_count)
		return -1;
	snprintf(needs, sizeof needs, "%s", rules[rule].needs);
	for (size_t i = 0; i < t->count; i += 2) {
		const char *name = t->kid[i]->s;
		bool object = in_list("Before After Source ", name);

		if (strcmp(name, "Op") == 0)
			continue;
		if (t->kid[i]->nul || strchr(name, ' ') != NULL || strcmp(name, "D") == 0 ||
		    (!in_list(needs, name) && !in_list(rules[rule].may, name)))
			return -1;
		if (object ? t->kid[i + 1]->kind != TREE_OBJECT : !is_name(t->kid[i + 1]))
			return -1;
	}
	for (char *word = needs, *end; (end = strchr(word, ' ')) != NULL; word = end + 1) {
		*end = '\0';
		if (strcmp(word, "D") == 0 ? tree_get(t, "sub") == NULL && tree_get(t, "Id") == NULL :
		    tree_get(t, word) == NULL)
			return -1;
	}
	return good_side(tree_get(t, "Before"), strcmp(op->s, "update-user") == 0, false) &&
	    good_side(tree_get(t, "After"), strcmp(op->s, "update-user") == 0, true) ? rule : -1;
}

struct hand {
	uint64_t rows, ops[PLAN_OPS], run;	/* run: of removals from the same group */
	char group[8192], key[8192];
};

static uint64_t
class_count(const struct plan_sums *s, const char *name)
{
	for (size_t i = 0; i < s->classes.count; i++)
		if (strcmp(s->classes.class[i].name, name) == 0)
			return s->classes.class[i].count;
	return 0;
}

static void
check_sums(const struct plan_sums *s, struct hand *h, int rule, const struct tree *t)
{
	char name[8300];

	h->rows++;
	h->ops[rule]++;
	check(s->rows == h->rows);
	for (int i = 0; i < PLAN_OPS; i++)
		check(s->totals[i] == h->ops[i]);
	check(class_count(s, "user-disable") == h->ops[PLAN_DISABLE_USER]);
	check(class_count(s, "user-delete") == h->ops[PLAN_DELETE_USER]);
	check(class_count(s, "member-remove") == h->ops[PLAN_REMOVE_MEMBER]);
	check(class_count(s, "update") <= h->ops[PLAN_UPDATE_USER]);
	check(class_count(s, "user-enable") == h->ops[PLAN_ENABLE_USER]);
	check(class_count(s, "member-add") == h->ops[PLAN_ADD_MEMBER]);
	/* Keys of an operation come in order, and but for links each once. */
	if (h->ops[rule] > 1 && rule != PLAN_ADD_MEMBER && rule != PLAN_REMOVE_MEMBER)
		check(strcmp(h->key, tree_get(t, "Key")->s) < (rule == PLAN_LINK_PROVIDER ? 1 : 0));
	snprintf(h->key, sizeof h->key, "%s", tree_get(t, "Key")->s);
	check(class_count(s, "email-change") <= h->ops[PLAN_UPDATE_USER]);
	if (rule != PLAN_REMOVE_MEMBER)
		return;
	if (h->run == 0 || strcmp(h->group, tree_get(t, "GroupName")->s) != 0)
		h->run = 0;
	h->run++;
	snprintf(h->group, sizeof h->group, "%s", tree_get(t, "GroupName")->s);
	snprintf(name, sizeof name, "member-remove:%s", h->group);
	check(class_count(s, name) >= h->run);
}

/* A row, by both ways.  Returns whether it can be a part of a plan. */
static bool
check_row(struct plan_sums *s, struct hand *h, const char *text, size_t len)
{
	char reason[RECORD_REASON_SIZE];
	struct tree *t = tree_parse(text, len);
	struct plan_row row;
	struct tok_list l;
	bool good = false;
	int rule;

	tok_init(&l, RECORD_TOKENS_MAX);
	if (t != NULL && t->kind == TREE_OBJECT && tok_parse(&l, text, len) == TOK_OK) {
		rule = good_row(t);
		good = plan_read_row(&row, &l, text, reason) == NULL;
		/* A name of an attribute with an escape is refused, too; the tree does not show it. */
		check(!good || (rule >= 0 && row.op == (enum plan_op)rule));
		check(good || rule < 0 || memchr(text, '\\', len) != NULL ||
		    memchr(text, 0x7f, len) != NULL);
		if (good) {
			check(tok_is(&l.tok[row.key], text, tree_get(t, "Key")->s,
			    tree_get(t, "Key")->len));
			good = plan_add(s, &row, &l, text) == NULL;
			if (good)
				check_sums(s, h, rule, t);
		}
	}
	tok_free(&l);
	tree_free(t);
	return good;
}

static void
trip(void *arg, const char *class, uint64_t count, uint64_t limit)
{
	(void)class;
	check(count > limit);
	++*(size_t *)arg;
}

static bool
check_header(struct plan_header *h, const char *text, size_t len)
{
	char reason[RECORD_REASON_SIZE];
	struct tree *t = tree_parse(text, len);
	struct tok_list l;
	bool good = false;

	tok_init(&l, RECORD_TOKENS_MAX);
	if (t != NULL && t->kind == TREE_OBJECT && tok_parse(&l, text, len) == TOK_OK) {
		good = plan_read_header(h, &l, text, reason) == NULL;
		if (good) {
			const struct tree *totals = tree_get(t, "Totals");
			uint64_t sum = 0, said = 0;

			check(is_plain(t) && strcmp(tree_get(t, "Op")->s, "plan") == 0);
			check(strcmp(tree_get(t, "V")->s, "1") == 0 ||
			    strtoull(tree_get(t, "V")->s, NULL, 10) == 1);
			check(strcmp(h->target, tree_get(t, "Target")->s) == 0);
			check(strcmp(h->key, tree_get(t, "Key")->s) == 0);
			for (int i = 0; i < PLAN_OPS; i++)
				sum += h->totals[i];
			for (size_t i = 1; i < totals->count; i += 2)
				said += strtoull(totals->kid[i]->s, NULL, 10);
			check(sum == said);
		}
	}
	tok_free(&l);
	tree_free(t);
	return good;
}

/* Each operation with what it has to have, and each other member by itself. */
static void
check_members(void)
{
	static const char *const members[] = { "", "sub", "Id", "GroupId", "Source", "Before", "After",
		"GroupName", "Username", "Key", "Why", "Op2" };
	static struct text row;

	for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
		for (size_t m = 0; m < 2 * sizeof members / sizeof *members; m++) {
			const char *more = members[m / 2];
			struct plan_sums sums = { 0 };
			struct hand hand = { 0 };

			row.len = 0;
			text_say(&row, "{\"Op\":");
			text_string(&row, rules[r].op, strlen(rules[r].op));
			for (size_t k = 1; k < sizeof members / sizeof *members; k++) {
				bool needed = in_list(rules[r].needs, members[k]) ||
				    (m % 2 != 0 && strcmp(members[k], "sub") == 0);

				if (!needed && strcmp(members[k], more) != 0)
					continue;
				text_say(&row, ",");
				text_string(&row, members[k], strlen(members[k]));
				text_say(&row, in_list("Before After Source ", members[k]) ? ":{}" :
				    ":\"x\"");
			}
			text_say(&row, "}");
			(void)check_row(&sums, &hand, row.s, row.len);
			plan_sums_free(&sums);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	struct plan_header header = { 0 };
	struct plan_sums sums = { 0 };
	static struct hand hand;
	static bool begun;
	bool has_header = false;
	size_t tripped = 0;

	if (!begun)
		check_members();
	begun = true;
	/* Beyond it a name may be too long. */
	if (size > PLAN_KEY_MAX)
		return 0;
	memset(&hand, 0, sizeof hand);
	for (int i = 0; i < LINES_MAX && text < end; i++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((lf != NULL ? lf : end) - text);

		if (i == 0)
			has_header = check_header(&header, text, len);
		else if (!check_row(&sums, &hand, text, len))
			break;
		text += len + (lf != NULL);
	}
	if (has_header)
		check(plan_judge(&header, &sums, trip, &tripped) == tripped);
	plan_header_free(&header);
	plan_sums_free(&sums);
	return 0;
}
