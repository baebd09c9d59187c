/*
 * Any JSON as an answer that describes a pool.  Compared with a tree of it (tree.h) and a slow
 * writer of tables: what goes out, byte for byte, or that it is refused; the names by which it is
 * sorted; what is kept of a record that anybody may have changed.  With the tables of user pools
 * and identity pools what went out is kept as it is, and nothing of another kind gets through.
 * Names of identity providers are compared with the pattern that AWS publishes.
 *
 * The first byte chooses what is done, and whether it is done with the same text otherwise.
 */
#include <regex.h>
#include <stdint.h>

#include "json/identity_pool.h"
#include "json/shape.h"
#include "json/user_pool.h"

#include "tree.h"

enum { TOKENS_MAX = 100000, ITEMS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A table with every kind. */
static const struct shape inner[] = {
	{ "t", SHAPE_TEXT, NULL }, { "n", SHAPE_NUMBER, NULL }, SHAPE_END
};
static const struct shape thing[] = {
	{ "N", SHAPE_NAME, NULL }, { "M", SHAPE_NAME, NULL }, { "t", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape table[] = {
	{ "a", SHAPE_TEXT, NULL }, { "b", SHAPE_NUMBER, NULL }, { "c", SHAPE_TRUTH, NULL },
	{ "d", SHAPE_DATE, NULL }, { "e", SHAPE_TEXTS, NULL }, { "f", SHAPE_OBJECT, inner },
	{ "g", SHAPE_OBJECTS, thing }, { "h", SHAPE_OBJECTS, inner }, { "i", SHAPE_TAGS, NULL },
	{ "j", SHAPE_HEADS, NULL }, { "k", SHAPE_MAP, inner }, { "l", SHAPE_HAS, inner },
	{ "N", SHAPE_NAME, NULL }, { "M", SHAPE_NAME, NULL }, SHAPE_END
};

static bool
is_text(const struct tree *t)
{
	return t->kind == TREE_STRING && !t->lone && !t->nul;
}

/* Seconds since the Epoch without an exponent, below four digits' years, as a date. */
static bool
slow_date(const struct tree *t, char out[40])
{
	const char *s = t->s, *point = strchr(s, '.');
	long long seconds = strtoll(s, NULL, 10), day, y = 1970, month = 0, ms = 0;
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	for (int i = 1, scale = 100; point != NULL && i <= 3 && point[i] != '\0'; i++, scale /= 10)
		ms += (point[i] - '0') * scale;
	day = seconds / 86400;
	for (;; y++) {
		int days = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 366 : 365;

		if (day < days)
			break;
		day -= days;
	}
	for (;; month++) {
		int days = lengths[month] + (month == 1 && y % 4 == 0 &&
		    (y % 100 != 0 || y % 400 == 0));

		if (day < days)
			break;
		day -= days;
	}
	snprintf(out, 40, "\"%04lld-%02lld-%02lldT%02lld:%02lld:%02lld.%03lldZ\"", y, month + 1,
	    day + 1, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, ms);
	return true;
}

/* Of which the slow one knows what they are: no sign, no exponent, eleven digits at most. */
static bool
is_plain_date(const struct tree *t)
{
	return strspn(t->s, "0123456789.") == t->len && strtoll(t->s, NULL, 10) < 253402300799;
}

/* What is to be sorted: its names, each with a NUL behind it. */
struct item {
	const struct tree *name, *value;
	struct text key;
};

static int
compare_keys(const struct item *a, const struct item *b)
{
	size_t n = a->key.len < b->key.len ? a->key.len : b->key.len;
	int way = n > 0 ? memcmp(a->key.s, b->key.s, n) : 0;

	return way != 0 ? way : (a->key.len > b->key.len) - (a->key.len < b->key.len);
}

/* By insertion.  Returns whether each is there once. */
static bool
sort(struct item *all, size_t count)
{
	bool once = true;

	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && compare_keys(&all[k - 1], &all[k]) >= 0; k--) {
			struct item was = all[k];

			once &= compare_keys(&all[k - 1], &all[k]) != 0;
			all[k] = all[k - 1];
			all[k - 1] = was;
			if (!once)
				return false;
		}
	return once;
}

/* The names of an object by a table; -1: it has none of that table, or one that is no text. */
static int
slow_names(const struct tree *t, const struct shape *members, struct text *key)
{
	int count = 0;

	if (t->kind != TREE_OBJECT)
		return -1;
	for (; members->name != NULL; members++) {
		const struct tree *m = tree_get(t, members->name);

		if (members->kind != SHAPE_NAME)
			continue;
		if (m != NULL && m->kind != TREE_NULL && !is_text(m))
			return -1;
		if (m != NULL && m->kind != TREE_NULL)
			text_add(key, m->s, m->len);
		if (count == 0 && key->len == 0)
			return -1;
		text_add(key, "", 1);
		count++;
	}
	return count;
}

static bool slow_value(struct text *out, const struct shape *of, const struct tree *t, bool keep);

static bool
slow_has(const struct tree *t, const struct shape *members)
{
	bool has = false;

	for (; members->name != NULL; members++) {
		const struct tree *m = tree_get(t, members->name);

		has |= m != NULL && m->kind != TREE_NULL;
	}
	return has;
}

/* The members that the table names. */
static bool
slow_members(struct text *out, const struct shape *members, const struct tree *t, bool keep)
{
	bool good = true;

	for (const struct shape *k = members; good && k->name != NULL; k++) {
		const struct tree *m = tree_get(t, k->name);
		struct text value = { NULL, 0, 0 };
		bool has = false;

		if (k->kind == SHAPE_HAS)
			has = slow_has(t, k->members);
		if (k->kind == SHAPE_HAS && !keep)
			text_say(&value, has ? "true" : "false");
		else if (m == NULL || m->kind == TREE_NULL)
			continue;
		else
			good = slow_value(&value, k, m, keep);
		/* What is of another kind: refused, or if it is only kept, dropped. */
		if (good) {
			text_say(out, out->len > 0 && out->s[out->len - 1] != '{' ? ",\"" : "\"");
			text_say(out, k->name);
			text_say(out, "\":");
			text_add(out, value.s, value.len);
		}
		good |= keep;
		free(value.s);
	}
	return good;
}

/* The elements of a list, or members of an object, sorted by their names unless kept. */
static bool
slow_list(struct text *out, const struct shape *of, const struct tree *t, bool keep)
{
	bool named = of->kind == SHAPE_TAGS || of->kind == SHAPE_HEADS || of->kind == SHAPE_MAP;
	enum tree_kind inner_kind = of->members != NULL ? TREE_OBJECT : TREE_STRING;
	bool object = t->kind == TREE_OBJECT, good = true;
	struct item all[ITEMS_MAX] = { { .name = NULL } };
	size_t count = 0;
	int names = 0;

	if (object != named || (!object && t->kind != TREE_ARRAY))
		return false;
	for (size_t i = 0; good && i < t->count; i += 1 + object, count++) {
		all[count].name = object ? t->kid[i] : NULL;
		all[count].value = t->kid[i + object];
		if (keep) {
			continue;
		} else if (object) {
			good = is_text(t->kid[i]) && t->kid[i]->len > 0;
			text_add(&all[count].key, t->kid[i]->s, t->kid[i]->len);
		} else if (of->kind == SHAPE_OBJECTS) {
			names = slow_names(t->kid[i], of->members, &all[count].key);
			good = names >= 0;
		}
	}
	if (good && !keep && (object || names > 0))
		good = sort(all, count);
	text_say(out, object ? "{" : "[");
	for (size_t i = 0; good && i < count; i++) {
		bool wanted = all[i].value->kind == inner_kind;
		char last = out->s[out->len - 1];

		if (keep && !wanted)
			continue;
		text_say(out, last == '{' || last == '[' ? "" : ",");
		if (object) {
			text_string(out, all[i].name->s, all[i].name->len);
			text_say(out, ":");
		}
		good = wanted && (of->members != NULL || keep || is_text(all[i].value));
		if (good && of->members != NULL) {
			struct text inside = { NULL, 0, 0 };

			text_say(&inside, "{");
			good = slow_members(&inside, of->members, all[i].value, keep);
			text_add(out, inside.s, inside.len);
			text_say(out, "}");
			free(inside.s);
		} else if (good) {
			text_string(out, all[i].value->s, of->kind == SHAPE_HEADS && !keep ?
			    strcspn(all[i].value->s, ";") : all[i].value->len);
		}
	}
	text_say(out, object ? "}" : "]");
	for (size_t i = 0; i < count; i++)
		free(all[i].key.s);
	return good;
}

static bool
slow_value(struct text *out, const struct shape *of, const struct tree *t, bool keep)
{
	char date[40];
	bool good;

	switch (of->kind) {
	case SHAPE_NUMBER:
		good = t->kind == TREE_NUMBER;
		break;
	case SHAPE_TRUTH: case SHAPE_HAS:
		good = t->kind == TREE_TRUE || t->kind == TREE_FALSE;
		break;
	case SHAPE_DATE:
		if (keep || t->kind != TREE_NUMBER) {
			good = keep && t->kind == TREE_STRING;
			break;
		}
		if (slow_date(t, date))
			text_say(out, date);
		return true;
	case SHAPE_OBJECT:
		if (t->kind != TREE_OBJECT)
			return false;
		text_say(out, "{");
		good = slow_members(out, of->members, t, keep);
		text_say(out, "}");
		return good;
	case SHAPE_TEXTS: case SHAPE_OBJECTS: case SHAPE_TAGS: case SHAPE_HEADS: case SHAPE_MAP:
		return slow_list(out, of, t, keep);
	default:
		good = t->kind == TREE_STRING && (keep || is_text(t));
	}
	if (good)
		text_tree(out, t);
	return good;
}

/* Whether the slow one can say: few elements, and a date that is one. */
static bool
is_tame(const struct tree *t, bool top)
{
	const struct tree *date = top ? tree_get(t, "d") : NULL;
	bool tame = t->count <= ITEMS_MAX &&
	    (date == NULL || date->kind != TREE_NUMBER || is_plain_date(date));

	for (size_t i = 0; i < t->count; i++)
		tame &= is_tame(t->kid[i], false);
	return tame;
}

static void
check_table(const struct tok_list *l, const char *text, const struct tree *t)
{
	char wrong[SHAPE_WRONG_SIZE] = "";
	struct text slow = { NULL, 0, 0 }, names = { NULL, 0, 0 };
	bool good = t->kind == TREE_OBJECT;
	struct buf b, n;

	buf_init(&b, SIZE_MAX);
	buf_init(&n, SIZE_MAX);
	text_say(&slow, "{");
	check(buf_append_byte(&b, '{') == 0);
	good = good && slow_members(&slow, table, t, false);
	check((shape_members(&b, table, l, text, 0, wrong) == NULL) == good);
	check(!good || (b.len == slow.len && memcmp(b.data, slow.s, b.len) == 0));
	if (t->kind == TREE_OBJECT) {
		slow.len = 1;
		buf_clear(&b);
		check(buf_append_byte(&b, '{') == 0);
		(void)slow_members(&slow, table, t, true);
		shape_keep(&b, table, l, text, 0);
		check(b.len == slow.len && memcmp(b.data, slow.s, b.len) == 0);
	}
	good = slow_names(t, thing, &names) > 0;
	check(shape_names(&n, thing, l, text, 0) == good);
	check(!good || (n.len == names.len && memcmp(n.data, names.s, n.len) == 0));
	buf_free(&b);
	buf_free(&n);
	free(slow.s);
	free(names.s);
}

/* With the tables of user pools: a record is made, and all of it is kept. */
static void
check_user_pool(const struct tok_list *l, const char *text)
{
	char wrong[SHAPE_WRONG_SIZE];
	struct tok_list made;
	struct buf b, kept;

	buf_init(&b, SIZE_MAX);
	buf_init(&kept, SIZE_MAX);
	tok_init(&made, TOKENS_MAX);
	check(buf_append_byte(&b, '{') == 0);
	if (user_pool_members(&b, l, text, 0, wrong) == NULL) {
		check(buf_append_byte(&b, '}') == 0 && tok_parse(&made, b.data, b.len) == TOK_OK);
		user_pool_keep(&kept, &made, b.data);
		check(kept.len == b.len && memcmp(kept.data, b.data, b.len) == 0);
	}
	buf_free(&b);
	buf_free(&kept);
	tok_free(&made);
}

/* An identity pool: what names a user pool is in UserPools, sorted, each client once. */
static void
check_identity_pool(const struct tok_list *l, const char *text)
{
	char wrong[SHAPE_WRONG_SIZE];
	const struct tree *pools;
	struct tree *t;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	check(buf_append_byte(&b, '{') == 0);
	if (identity_pool_members(&b, l, text, 0, wrong) == NULL) {
		check(buf_append_byte(&b, '}') == 0);
		t = tree_parse(b.data, b.len);
		pools = tree_get(t, "UserPools");
		check(pools != NULL && pools->kind == TREE_ARRAY);
		for (size_t i = 0; i < pools->count; i++) {
			const struct tree *clients = tree_get(pools->kid[i], "ClientIds");
			const char *id = tree_get(pools->kid[i], "UserPoolId")->s;
			const struct tree *before = i > 0 ? pools->kid[i - 1] : NULL;

			check(i == 0 || strcmp(tree_get(before, "UserPoolId")->s, id) <= 0);
			for (size_t k = 1; k < clients->count; k++)
				check(strcmp(clients->kid[k - 1]->s, clients->kid[k]->s) < 0);
		}
		tree_free(t);
	}
	buf_free(&b);
}

/* cognito-idp.REGION.SUFFIX/POOL, by a pattern. */
static void
check_provider(const char *text, size_t len)
{
	static const char pattern[] = "^[Cc][Oo][Gg][Nn][Ii][Tt][Oo]-[Ii][Dd][Pp]"
	    "(-[Ff][Ii][Pp][Ss])?\\.([A-Za-z0-9-]+)\\.[A-Za-z0-9.-]+/"
	    "([A-Za-z0-9_-]+_[A-Za-z0-9]+)$";
	static bool compiled;
	static regex_t re;
	struct identity_pool_provider p;
	regmatch_t part[4];
	char *name = strndup(text, len);
	bool good;

	check(compiled || regcomp(&re, pattern, REG_EXTENDED) == 0);
	compiled = true;
	good = strlen(name) == len && regexec(&re, name, 4, part, 0) == 0 &&
	    (size_t)(part[2].rm_eo - part[2].rm_so) < sizeof p.region &&
	    (size_t)(part[3].rm_eo - part[3].rm_so) < sizeof p.user_pool &&
	    strcspn(name, "/") < 256;
	check((identity_pool_provider(text, len, &p) == 0) == good);
	if (good) {
		check(strlen(p.region) == (size_t)(part[2].rm_eo - part[2].rm_so));
		check(strncmp(p.user_pool, name + part[3].rm_so, strlen(p.user_pool)) == 0);
		check(strlen(p.user_pool) == (size_t)(part[3].rm_eo - part[3].rm_so));
		check(strspn(p.region, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		    strlen(p.region));
	}
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct text otherwise;
	const char *text = (const char *)data + 1;
	size_t len = size - 1;
	unsigned random = (unsigned)size;
	struct tok_list l;
	struct tree *t;

	if (size == 0)
		return 0;
	if (data[0] % 4 == 3) {
		check_provider(text, size - 1);
		return 0;
	}
	t = tree_parse(text, size - 1);
	if (t != NULL && !tree_has_lone(t) && (data[0] & 4) != 0) {
		otherwise.len = 0;
		text_tree_otherwise(&otherwise, t, &random);
		text = otherwise.s;
		len = otherwise.len;
	}
	tok_init(&l, TOKENS_MAX);
	if (t != NULL && tok_parse(&l, text, len) == TOK_OK && is_tame(t, true)) {
		if (data[0] % 4 == 0)
			check_table(&l, text, t);
		else if (data[0] % 4 == 1)
			check_user_pool(&l, text);
		else
			check_identity_pool(&l, text);
	}
	tok_free(&l);
	tree_free(t);
	return 0;
}
