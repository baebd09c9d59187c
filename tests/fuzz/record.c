/*
 * Any bytes as a stream of records, read in pieces of any size, interrupted now and then.  Compared
 * with a judge that cuts the whole text at its line feeds, reads each line as a tree (tree.h) and
 * counts by hand: every line good or wrong, in order, byte for byte; the keys' places; what each
 * seal says; whole, plain, cut or failed.
 *
 * The first four bytes choose: behind or between the lines a seal that counts right, one more, the
 * end cut off, the size of the pieces; or that \x01 stands for lines longer than a line may be.
 *
 * Link: -Wl,--wrap=read
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "json/jtext.h"
#include "json/record.h"

#include "tree.h"

enum {
	ADD_SEAL = 1, ADD_SECOND = 2, CUT = 4, INFLATE = 8, MOVE = 16, SPOIL = 32,
	HEAD = 4, LONG = 530 * 1024, LONG_MAX_TIMES = 4, FD = 1000
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t len);
const char *__asan_default_options(void);

/* Every reader has a large buffer: the next one is to have the same pages. */
const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

static struct {
	const char *s;
	size_t len;
	unsigned seed, step;
} input;

/* Pieces of 1 to step bytes, or all that there is room for; every eleventh call is interrupted. */
ssize_t
__wrap_read(int fd, void *to, size_t len)
{
	size_t n = input.len;

	check(fd == FD);
	input.seed = input.seed * 1103515245U + 12345U;
	if (input.step > 0 && (input.seed >> 16) % 11 == 0) {
		errno = EINTR;
		return -1;
	}
	if (input.step > 0 && n > 1 + (input.seed >> 16) % input.step)
		n = 1 + (input.seed >> 16) % input.step;
	if (n > len)
		n = len;
	memcpy(to, input.s, n);
	input.s += n;
	input.len -= n;
	return (ssize_t)n;
}

/* The judge. */

struct judge {
	unsigned seals;
	bool bad, failed;
	uint64_t rows, bytes, sealed_rows, sealed_bytes;
};

static bool
is_count(const struct tree *t, uint64_t *n)
{
	unsigned __int128 value = 0;

	for (size_t i = 0; t->kind == TREE_NUMBER && i < t->len; i++) {
		if (t->s[i] < '0' || t->s[i] > '9' || value > UINT64_MAX / 10)
			return false;
		value = value * 10 + (unsigned)(t->s[i] - '0');
	}
	*n = (uint64_t)value;
	return t->kind == TREE_NUMBER && value <= UINT64_MAX;
}

static bool
is_text(const struct tree *t)
{
	return t->kind == TREE_STRING && !t->nul && t->len <= SEAL_MAX;
}

static bool
is_bool(const struct tree *t)
{
	return t->kind == TREE_TRUE || t->kind == TREE_FALSE;
}

/* Whether the seal's member is as it must be. */
static bool
is_member(const struct tree *key, const struct tree *value, struct judge *j, struct text *unknown)
{
	static const char *const texts[] = { "source", "scope", "started", "ended", "reason" };
	uint64_t n;

	if (tree_is(key, "v"))
		return is_count(value, &n) && n == 1;
	if (tree_is(key, "ok")) {
		j->failed = value->kind == TREE_FALSE;
		return is_bool(value);
	}
	if (tree_is(key, "retryable"))
		return is_bool(value);
	if (tree_is(key, "rows"))
		return is_count(value, &j->sealed_rows);
	if (tree_is(key, "bytes"))
		return is_count(value, &j->sealed_bytes);
	if (tree_is(key, "rejected"))
		return is_count(value, &n);
	for (size_t i = 0; i < 5; i++)
		if (tree_is(key, texts[i]))
			return is_text(value);
	if (!tree_is(key, "via")) {
		text_say(unknown, ",");
		text_string(unknown, key->s, key->len);
		text_say(unknown, ":");
		text_tree(unknown, value);
		return unknown->len <= SEAL_MAX;
	}
	for (size_t i = 0; i < value->count; i++)
		if (!is_text(value->kid[i]))
			return false;
	return value->kind == TREE_ARRAY;
}

static bool
is_known(const struct tree *key)
{
	static const char *const names[] = { "v", "ok", "rows", "bytes", "rejected", "source",
	    "scope",
		"via", "started", "ended", "reason", "retryable" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (tree_is(key, names[i]))
			return true;
	return false;
}

static bool
is_seal(const struct tree *line, size_t len, struct judge *j)
{
	static const char *const needed[] = { "v", "ok", "rows", "bytes" };
	const struct tree *body = line->kid[1];
	struct text unknown = { NULL, 0, 0 };
	bool good = line->count == 2 && body->kind == TREE_OBJECT && len <= SEAL_LINE_MAX;

	for (size_t i = 0; good && i < body->count; i += 2) {
		for (size_t k = 0; k < i; k += 2)
			good &= !is_known(body->kid[i]) || body->kid[k]->len != body->kid[i]->len ||
			    memcmp(body->kid[k]->s, body->kid[i]->s, body->kid[i]->len) != 0;
		good = good && is_member(body->kid[i], body->kid[i + 1], j, &unknown);
	}
	for (size_t i = 0; good && i < 4; i++)
		good = tree_get(body, needed[i]) != NULL;
	free(unknown.s);
	return good;
}

static unsigned
times(const struct tree *object, const char *name)
{
	unsigned n = 0;

	for (size_t i = 0; i < object->count; i += 2)
		n += tree_is(object->kid[i], name);
	return n;
}

static bool
is_name(const struct tree *t)
{
	return t == NULL || (t->kind == TREE_STRING && t->len > 0 && !t->nul);
}

/* Whether the object, no seal, is a good record. */
static bool
is_good(const struct tree *t)
{
	static const char *const once[] = { "Username", "GroupName", "Attributes", "Groups" };
	const struct tree *attributes = tree_get(t, "Attributes"),
	    *sub = tree_get(attributes, "sub");

	for (size_t i = 0; i < t->count; i += 2)
		if (t->kid[i]->len > 0 && t->kid[i]->s[0] == '~')
			return false;
	for (size_t i = 0; i < 4; i++)
		if (times(t, once[i]) > 1)
			return false;
	if (attributes != NULL && attributes->kind == TREE_OBJECT && times(attributes, "sub") > 1)
		return false;
	return is_name(tree_get(t, "Username")) && is_name(tree_get(t, "GroupName")) &&
	    (sub == NULL || !sub->nul);
}

/* What becomes of a line; RECORD_END: it is a seal, or meant as one. */
static enum record_result
judge_line(struct judge *j, const char *s, size_t len, struct tree **tree)
{
	static const char start[] = "{\"~end\"";
	struct tree *t = len <= RECORD_LINE_MAX ? tree_parse(s, len) : NULL;
	bool good = t != NULL && t->kind == TREE_OBJECT && !tree_has_lone(t);

	*tree = t;
	if (good ? tree_get(t, "~end") != NULL : len <= RECORD_LINE_MAX &&
	    len >= sizeof start - 1 &&
	    memcmp(s, start, sizeof start - 1) == 0) {
		struct judge was = *j;

		if (!good || !is_seal(t, len, j)) {
			*j = was;
			j->bad = true;
		}
		j->seals++;
		return RECORD_END;
	}
	j->rows++;
	j->bytes += len + 1;
	return good && is_good(t) ? RECORD_LINE : RECORD_WRONG;
}

static enum record_verdict
judge_end(const struct judge *j, bool cut)
{
	if (cut || j->bad || j->seals > 1)
		return RECORD_CUT;
	if (j->seals == 0)
		return RECORD_PLAIN;
	if (j->failed)
		return RECORD_FAILED;
	return j->sealed_rows == j->rows && j->sealed_bytes == j->bytes ? RECORD_WHOLE : RECORD_CUT;
}

/* The text. */

static void
add_seal(struct text *to, const struct judge *j, unsigned spoil)
{
	char line[120];

	text_add(to, line, (size_t)snprintf(line, sizeof line,
	    "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":%llu,\"bytes\":%llu}}\n",
	    (unsigned long long)j->rows + (spoil % 3 == 1), (unsigned long long)j->bytes +
	    (spoil % 3 == 2)));
}

/* What the reader gets: the lines, and where the head says so, seals. */
static void
make_text(struct text *to, const uint8_t head[HEAD], const uint8_t *data, size_t size)
{
	struct text lines = { NULL, 0, 0 };
	struct judge j = { .seals = 0 };
	size_t from = 0, move;

	for (size_t i = 0, n = 0; i < size; i++) {
		if (data[i] != 1 || (head[0] & ~CUT) != INFLATE || n++ >= LONG_MAX_TIMES) {
			text_add(&lines, &data[i], 1);
			continue;
		}
		for (int k = 0; k < LONG / 32; k++)
			text_add(&lines, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 32);
	}
	text_add(&lines, NULL, 0);
	for (const char *lf; (lf = memchr(lines.s + from, '\n', lines.len - from)) != NULL;
	    from = (size_t)(lf + 1 - lines.s)) {
		struct tree *t;

		(void)judge_line(&j, lines.s + from, (size_t)(lf - lines.s) - from, &t);
		tree_free(t);
	}
	move = (head[0] & MOVE) != 0 && from > 0 ? head[2] % from : from;
	while (move > 0 && lines.s[move - 1] != '\n')
		move--;
	text_add(to, lines.s, move);
	if ((head[0] & ADD_SEAL) != 0)
		add_seal(to, &j, (head[0] & SPOIL) != 0 ? head[3] : 0);
	text_add(to, lines.s + move, lines.len - move);
	if ((head[0] & ADD_SECOND) != 0)
		add_seal(to, &j, 0);
	if ((head[0] & CUT) != 0 && head[3] < to->len)
		to->len -= head[3];
	free(lines.s);
}

static void
check_key(const struct record_reader *r, const struct tree *t, const char *name, uint32_t at)
{
	const struct tree *value = tree_get(t, name);
	const struct tok *k = &r->list.tok[at];

	check((at != 0) == (value != NULL) && at < r->list.count);
	check(at == 0 || ((int)k->type == (int)value->kind &&
	    (value->kind != TREE_STRING || tok_is(k, r->text, value->s, value->len))));
}

static void
check_line(const struct record_reader *r, enum record_result result, const struct tree *t)
{
	const struct tree *attributes;

	check(result != RECORD_WRONG || (r->reason != NULL && r->reason[0] != '\0'));
	if (result != RECORD_LINE)
		return;
	attributes = tree_get(t, "Attributes");
	check_key(r, t, "Username", r->keys.username);
	check_key(r, t, "GroupName", r->keys.group_name);
	check_key(r, t, "Attributes", r->keys.attributes);
	check_key(r, t, "Groups", r->keys.groups);
	check_key(r, attributes, "sub", r->keys.sub);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = { NULL, 0, 0 };
	struct judge j = { .seals = 0 };
	struct record_reader r;
	enum record_verdict verdict;
	size_t from = 0;
	const char *lf;

	if (size < HEAD)
		return 0;
	make_text(&text, data, data + HEAD, size - HEAD);
	input.s = text.s;
	input.len = text.len;
	input.seed = data[1];
	input.step = data[1] == 0 ? 0 : text.len > 100000 ? 50000 : data[1];
	record_open(&r, FD, "fuzz");
	for (uint64_t line = 1; (lf = memchr(text.s + from, '\n', text.len - from)) != NULL;
	    line++) {
		size_t len = (size_t)(lf - text.s) - from;
		struct tree *t;
		enum record_result wanted = judge_line(&j, text.s + from, len, &t);

		if (wanted != RECORD_END) {
			check(record_next(&r) == wanted && r.line == line);
			check(len > RECORD_LINE_MAX ? r.len == 0 : r.len == len &&
			    memcmp(r.text, text.s + from, len) == 0);
			check_line(&r, wanted, t);
		}
		tree_free(t);
		from += len + 1;
	}
	/* A last line that is too long is told, although it never ends. */
	if (text.len - from > RECORD_LINE_MAX)
		check(record_next(&r) == RECORD_WRONG && r.len == 0);
	check(record_next(&r) == RECORD_END);
	verdict = record_verdict(&r, false);
	check(verdict == judge_end(&j, from < text.len));
	check(record_verdict(&r, true) == (verdict == RECORD_PLAIN ? RECORD_CUT : verdict));
	check(from < text.len || (r.rows == j.rows && r.bytes == j.bytes));
	record_close(&r);
	free(text.s);
	return 0;
}
