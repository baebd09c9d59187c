/*
 * Any bytes as JSON.  Compared with a second parser (tree.h: a tree, by the letter of the grammar)
 * and, through it, with libjq's jv_parse: accepted or not, every token's kind, nesting, flags and
 * meaning, the canonical form byte for byte.  Canonical text is accepted again and stays as it is;
 * spans stay inside the text; what is called cut becomes something else with more bytes.
 */
#include <jv.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "json/utf8.h"

#include "tree.h"

enum { TEXT_MAX = 1 << 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* libjq 1.6 leaks a little in what it calls an error. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

/* The token at i and all below it is the tree t.  Returns the index behind it. */
static uint32_t
check_tree(const struct tok_list *l, const char *text, uint32_t i, const struct tree *t)
{
	const struct tok *k = &l->tok[i];
	uint32_t at = i + 1;
	struct buf b;

	check(i < l->count && (int)k->type == (int)t->kind);
	buf_init(&b, TEXT_MAX);
	if (t->kind == TREE_STRING) {
		check(((k->flags & TOK_LONE) != 0) == t->lone &&
		    ((k->flags & TOK_NUL) != 0) == t->nul);
		check(tok_is(k, text, t->s, t->len) && !tok_is(k, text, t->s, t->len + 1));
		check(t->len == 0 || !tok_is(k, text, t->s, t->len - 1));
		check(jtext_decode(&b, text + k->start, k->end - k->start) == 0 &&
		    b.len == t->len &&
		    memcmp(buf_string(&b), t->s, b.len) == 0);
	} else if (t->kind == TREE_NUMBER) {
		check(k->end - k->start == t->len && memcmp(text + k->start, t->s, t->len) == 0);
	}
	buf_free(&b);
	for (size_t n = 0; n < t->count; n++) {
		check(t->kind != TREE_OBJECT || n % 2 == 1 || tok_behind_member(l->tok, at) ==
		    l->tok[at + 1].next);
		at = check_tree(l, text, at, t->kid[n]);
	}
	check(k->next == at);
	return at;
}

/* The last member with the name, as tok_member finds it. */
static void
check_members(const struct tok_list *l, const char *text, const struct tree *t)
{
	for (size_t i = 0; t->kind == TREE_OBJECT && i < t->count; i += 2) {
		const struct tree *value = t->kid[i]->nul ? NULL : tree_get(t, t->kid[i]->s);
		uint32_t at;

		if (value == NULL)
			continue;
		at = tok_member(l, text, 0, t->kid[i]->s);
		check(at != 0);
		check_tree(l, text, at, value);
	}
}

/* The levels as libjq 1.6 counts them, of which it takes 256. */
static unsigned
levels(const struct tree *t)
{
	unsigned most = 0;

	for (size_t i = 0; i < t->count; i++) {
		unsigned n = levels(t->kid[i]);

		most = n > most ? n : most;
	}
	return most + (t->kind == TREE_OBJECT ? 2 : t->kind == TREE_ARRAY);
}

/* What libjq makes of it: it stops earlier, refuses halves of pairs, and else agrees. */
static void
check_libjq(const struct tree *t, const char *text, size_t len, const struct text *canonical)
{
	jv theirs = jv_parse_sized(text, (int)len);

	if (jv_is_valid(theirs))
		check(jv_equal(jv_parse_sized(canonical->s, (int)canonical->len), jv_copy(theirs)));
	else
		check(tree_has_lone(t) || levels(t) > 256);
	jv_free(theirs);
}

static void
check_good(const struct tok_list *l, const char *text, size_t size, const struct tree *t)
{
	struct text canonical = { NULL, 0, 0 };
	struct tok_list second;
	struct buf once, twice;

	tok_init(&second, 1 << 20);
	buf_init(&once, TEXT_MAX);
	buf_init(&twice, TEXT_MAX);
	for (size_t i = 0; i < l->count; i++)
		check(l->tok[i].start <= l->tok[i].end && l->tok[i].end <= size &&
		    l->tok[i].next > i && l->tok[i].next <= l->count);
	check(utf8_valid(text, size) == size);
	check(check_tree(l, text, 0, t) == l->count);
	check_members(l, text, t);
	text_tree(&canonical, t);
	check(jtext_value(&once, l, text, 0) == 0);
	check(once.len == canonical.len && memcmp(once.data, canonical.s, once.len) == 0);
	check(tok_parse(&second, once.data, once.len) == TOK_OK);
	check(second.count == l->count && (second.flags & TOK_LONE) == 0);
	check(jtext_value(&twice, &second, once.data, 0) == 0);
	check(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	check_libjq(t, text, size, &canonical);
	free(canonical.s);
	buf_free(&once);
	buf_free(&twice);
	tok_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Right behind it is memory that nobody may read, and no NUL. */
	char *text = malloc(size > 0 ? size : 1);
	enum tok_error error;
	struct tok_list l;
	struct tree *t;
	bool deep;

	memcpy(text, data, size);
	tok_init(&l, 1 << 20);
	t = tree_parse_deep(text, size, &deep);
	error = tok_parse(&l, text, size);
	check((error == TOK_OK) == (t != NULL));
	check((error == TOK_DEPTH) == deep);
	if (error == TOK_OK)
		check_good(&l, text, size, t);
	else
		check(l.error_at <= size && (error != TOK_CUT || l.error_at == size));
	check(error != TOK_UTF8 || utf8_valid(text, size) < size);
	tree_free(t);
	tok_free(&l);
	free(text);
	return 0;
}
