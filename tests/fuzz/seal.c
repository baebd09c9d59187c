/*
 * Any lines as seals, read, written again, and merged.  Compared with a tree of the line (tree.h):
 * every member that was read, the line that is written byte for byte; what is written is a seal
 * again and says the same.  Two seals merged are the two of them put together by hand, and what
 * comes out of a merge can always be read.
 *
 * Which lines are seals at all is compared by the target record.
 */
#include <stdint.h>

#include "base/buf.h"
#include "json/seal.h"

#include "tree.h"

enum { LINES_MAX = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(const char *ours, const struct tree *t)
{
	return ours == NULL ? t == NULL : t != NULL && t->kind == TREE_STRING &&
	    strcmp(ours, t->s) == 0;
}

static bool
same_count(uint64_t n, const struct tree *t)
{
	return t == NULL ? n == 0 : strtoull(t->s, NULL, 10) == n;
}

static bool
holds(char *const *via, size_t count, const char *s)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(via[i], s) == 0)
			return true;
	return false;
}

static void
check_via(const struct seal *s, const struct tree *via)
{
	size_t different = 0;

	for (size_t i = 0; via != NULL && i < via->count; i++) {
		bool before = false;

		for (size_t k = 0; k < i; k++)
			before |= strcmp(via->kid[k]->s, via->kid[i]->s) == 0;
		different += !before;
		check(holds(s->via, s->via_count, via->kid[i]->s));
	}
	check(different == s->via_count);
}

static void
check_members(const struct seal *s, const struct tree *body)
{
	check(s->ok == (tree_get(body, "ok")->kind == TREE_TRUE));
	check(same_count(s->rows, tree_get(body, "rows")));
	check(same_count(s->bytes, tree_get(body, "bytes")));
	check(same_count(s->rejected, tree_get(body, "rejected")));
	check(same(s->source, tree_get(body, "source")) && same(s->scope, tree_get(body, "scope")));
	check(same(s->started, tree_get(body, "started")) &&
	    same(s->ended, tree_get(body, "ended")));
	check(same(s->reason, tree_get(body, "reason")));
	check(s->retryable == (tree_get(body, "retryable") != NULL &&
	    tree_get(body, "retryable")->kind == TREE_TRUE));
	check_via(s, tree_get(body, "via"));
}

static void
put_member(struct text *to, const char *name, const char *value)
{
	if (value == NULL)
		return;
	text_say(to, ",\"");
	text_say(to, name);
	text_say(to, "\":");
	text_string(to, value, strlen(value));
}

/* The line, as cognito-records(5) shows it. */
static void
slow_write(struct text *to, const struct seal *s)
{
	char counts[200];

	snprintf(counts, sizeof counts, "{\"~end\":{\"v\":1,\"ok\":%s,\"rows\":%llu,\"bytes\":%llu,"
	    "\"rejected\":%llu", s->ok ? "true" : "false", (unsigned long long)s->rows,
	    (unsigned long long)s->bytes, (unsigned long long)s->rejected);
	text_say(to, counts);
	put_member(to, "source", s->source);
	put_member(to, "scope", s->scope);
	text_say(to, ",\"via\":[");
	for (size_t i = 0; i < s->via_count; i++) {
		text_say(to, i > 0 ? "," : "");
		text_string(to, s->via[i], strlen(s->via[i]));
	}
	text_say(to, "]");
	put_member(to, "started", s->started);
	put_member(to, "ended", s->ended);
	if (!s->ok) {
		put_member(to, "reason", s->reason);
		text_say(to, s->retryable ? ",\"retryable\":true" : ",\"retryable\":false");
	}
	text_say(to, s->unknown != NULL ? s->unknown : "");
	text_say(to, "}}\n");
}

static int
parse(struct seal *s, const char *text, size_t len)
{
	struct tok_list list;
	int result = 0;

	tok_init(&list, 1 << 20);
	if (tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT &&
	    (list.flags & TOK_LONE) == 0)
		result = seal_parse(s, &list, text);
	tok_free(&list);
	return result;
}

/* Writes the seal, reads it, and writes it once more. */
static void
check_written(const struct seal *s, bool known_alone)
{
	struct text wanted = { NULL, 0, 0 };
	struct buf once, twice;
	struct seal again;

	buf_init(&once, 1 << 24);
	buf_init(&twice, 1 << 24);
	seal_init(&again);
	check(seal_write(s, &once) == 0);
	slow_write(&wanted, s);
	check(once.len == wanted.len && memcmp(once.data, wanted.s, once.len) == 0);
	/* Unknown members of two versions may name the same thing; then each stands there. */
	check(parse(&again, once.data, once.len - 1) == 1 || !known_alone);
	check(seal_write(&again, &twice) == 0 || !known_alone);
	check(!known_alone || (once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0));
	seal_free(&again);
	buf_free(&once);
	buf_free(&twice);
	free(wanted.s);
}

static void
check_text(const char *was, const char *from, const char *now)
{
	struct text wanted = { NULL, 0, 0 };

	if (from == NULL || was == NULL || strcmp(was, from) == 0) {
		check(now == NULL ? was == NULL &&
		    from == NULL : strcmp(now, was != NULL ? was : from) == 0);
		return;
	}
	text_say(&wanted, was);
	text_say(&wanted, " + ");
	text_say(&wanted, from);
	check(strcmp(now, wanted.len <= SEAL_MAX ? wanted.s : "many") == 0);
	free(wanted.s);
}

static void
check_merge(struct seal *into, const struct seal *from)
{
	char *source = into->source != NULL ? strdup(into->source) : NULL;
	char *scope = into->scope != NULL ? strdup(into->scope) : NULL;
	uint64_t rejected = into->rejected, rows = into->rows;

	seal_merge(into, from);
	check_text(source, from->source, into->source);
	check_text(scope, from->scope, into->scope);
	check(into->rejected == rejected + from->rejected && into->rows == rows);
	for (size_t i = 0; i < from->via_count; i++)
		check(holds(into->via, into->via_count, from->via[i]));
	check(from->started == NULL || strcmp(into->started, from->started) <= 0);
	check(from->ended == NULL || strcmp(into->ended, from->ended) >= 0);
	free(source);
	free(scope);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	struct seal s, all;

	seal_init(&s);
	seal_init(&all);
	for (int i = 0; i < LINES_MAX && text < end; i++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((lf != NULL ? lf : end) - text);

		if (parse(&s, text, len) == 1) {
			struct tree *t = tree_parse(text, len);

			check(t != NULL && t->count == 2);
			check_members(&s, t->kid[1]);
			check_written(&s, true);
			check_merge(&all, &s);
			check_written(&all, s.rejected <= UINT64_MAX / 1000 && all.rejected <=
			    UINT64_MAX / 1000);
			tree_free(t);
		}
		text += len + (lf != NULL);
	}
	seal_free(&s);
	seal_free(&all);
	return 0;
}
