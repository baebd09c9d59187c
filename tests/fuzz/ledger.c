/*
 * Any lines as a ledger, written by us or not.  Compared with a slow one that keeps every line as
 * a tree (tree.h) and goes over all of them for each question: which file is refused, and where a
 * torn one is cut; of each key its state, since when, whether without a password; which subs are,
 * or were, its own; how many are ours.  What is written by plan_ledger_note says the same when it
 * is read.
 *
 * The first byte chooses: the lines as they stand, or four bytes for each line.  Which lines are
 * records at all is compared by the target record.
 *
 * Link: -Wl,--wrap=diag_error,--wrap=diag_warn
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/plan_ledger.h"
#include "json/record.h"

#include "dates.h"
#include "tree.h"

enum { LINES_MAX = 16, KEY_MAX = KEYSET_KEY_MAX - 1, TRIES = 5 };

/* From which the ledger counts, and how far: 2020-01-01, 29 bits of seconds. */
static const int64_t first_second = 1577836800, last_second = 1577836800 + (1 << 29) - 1;

static const char target[] = "https://h/eu_1";
static const char *const states[] = {
	"", "creating", "created", "adopted", "deleted", "refused"
};
/* Keys and subs of the lines that are made of bytes. */
static const char *const words[] = {
	"a", "A", "b", "\x01", "a\"\\", "\xc3\xa9", "e\xcc\x81", "\x7f", "ab"
};

enum { WORDS = sizeof words / sizeof *words };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __wrap_diag_error(const char *fmt, ...);
void __wrap_diag_warn(const char *fmt, ...);

const char *__asan_default_options(void);

static unsigned errors;

/* Readers and tables are made anew for each ledger. */
const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=1";
}

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
	errors++;
}

void
__wrap_diag_warn(const char *fmt, ...)
{
	(void)fmt;
}

struct entry {
	struct tree *t;		/* the line; NULL: made here */
	const char *key, *sub;	/* sub "": it told none */
	enum plan_ledger_kind kind;
	enum plan_ledger_state state;
	int64_t seconds;
	bool bare;
};

struct slow {
	struct entry line[LINES_MAX];
	size_t count;
};

static bool
is_word(const struct tree *t)
{
	return t != NULL && t->kind == TREE_STRING && t->len > 0 && !t->nul && !t->lone;
}

/* Takes a line in.  Returns PROG_OK, PROG_USAGE for another target's, or PROG_FAIL. */
static enum prog_status
slow_take(struct slow *s, struct tree *t)
{
	const struct tree *of = tree_get(t, "Target"), *kind = tree_get(t, "Ledger");
	const struct tree *key = tree_get(t, "Key"), *sub = tree_get(t, "sub");
	const struct tree *time = tree_get(t, "Time"), *bare = tree_get(t, "Password");
	struct entry e = { .t = t, .sub = "" };
	int64_t ms;

	if (of != NULL && !tree_is(of, target))
		return PROG_USAGE;
	if (!is_word(kind) || !is_word(tree_get(t, "State")) || !is_word(time) || !is_word(key) ||
	    key->len > KEY_MAX || (!tree_is(kind, "user") && !tree_is(kind, "group")))
		return PROG_FAIL;
	e.kind = tree_is(kind, "user") ? LEDGER_USER : LEDGER_GROUP;
	for (int i = LEDGER_CREATING; i <= LEDGER_REFUSED; i++)
		if (tree_is(tree_get(t, "State"), states[i]))
			e.state = (enum plan_ledger_state)i;
	if (e.state == LEDGER_NONE || !slow_rfc3339(time->s, &ms))
		return PROG_FAIL;
	e.seconds = ms / 1000;
	e.key = key->s;
	if (is_word(sub) && sub->len <= KEY_MAX)
		e.sub = sub->s;
	e.bare = e.state == LEDGER_CREATED && bare != NULL && bare->kind == TREE_FALSE;
	s->line[s->count++] = e;
	return PROG_OK;
}

static bool
is_ours(enum plan_ledger_state s)
{
	return s == LEDGER_CREATING || s == LEDGER_CREATED || s == LEDGER_ADOPTED;
}

/* Whether the line begins another life of its key, of which before was the state. */
static bool
begins(const struct entry *e, enum plan_ledger_state before)
{
	return before == LEDGER_DELETED ? is_ours(e->state) : e->state == LEDGER_CREATING &&
	    (before == LEDGER_CREATED || before == LEDGER_ADOPTED);
}

static int64_t
clamp(int64_t seconds)
{
	if (seconds < first_second)
		return first_second;
	return seconds > last_second ? last_second : seconds;
}

/* All that the lines say of a key, and of a sub of it. */
static void
compare_key(struct plan_ledger *l, const struct slow *s, enum plan_ledger_kind kind,
    const char *key, const char *sub)
{
	enum plan_ledger_state state = LEDGER_NONE;
	bool bare = false, has = false, former = false, known = false;
	int64_t from = 0, until = 0, first, last;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->line[i];

		if (e->kind != kind || strcmp(e->key, key) != 0)
			continue;
		former |= known && begins(e, state);
		if (e->state == LEDGER_CREATED || e->state == LEDGER_ADOPTED) {
			/* A pair of them that is too long is not kept. */
			bool fits = strlen(key) + 2 + strlen(e->sub) <= KEYSET_KEY_MAX;

			has |= fits && (e->sub[0] == '\0' || strcmp(e->sub, sub) == 0);
			if (fits && strcmp(e->sub, sub) == 0) {
				known = true;
				former = false;
			}
		}
		if (state != LEDGER_CREATING || e->state != LEDGER_CREATING)
			from = until = clamp(e->seconds);
		else
			until = clamp(e->seconds) > from ? clamp(e->seconds) : from;
		state = e->state;
		bare = e->bare;
	}
	check(plan_ledger_find(l, kind, key, &first, &last) == state);
	check(first == from && last == until);
	check(plan_ledger_has_sub(l, kind, key, sub) == has);
	check(plan_ledger_is_former(l, kind, key, sub) == former);
	if (kind == LEDGER_USER)
		check(plan_ledger_is_bare(l, key) == bare);
}

static void
compare(struct plan_ledger *l, const struct slow *s)
{
	uint64_t ours[2] = { 0 }, deleted[2] = { 0 };

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->line[i];
		bool later = false;

		for (size_t k = i + 1; k < s->count; k++)
			later |= s->line[k].kind == e->kind && strcmp(s->line[k].key, e->key) == 0;
		ours[e->kind] += !later && is_ours(e->state);
		deleted[e->kind] += !later && e->state == LEDGER_DELETED;
		for (size_t k = 0; k < s->count; k++)
			compare_key(l, s, e->kind, e->key, s->line[k].sub[0] != '\0' ?
			    s->line[k].sub : "another");
		compare_key(l, s, e->kind == LEDGER_USER ? LEDGER_GROUP : LEDGER_USER, e->key, "x");
	}
	for (int k = LEDGER_USER; k <= LEDGER_GROUP; k++) {
		enum plan_ledger_kind kind = (enum plan_ledger_kind)k;

		check(plan_ledger_count(l, kind, 0) == ours[k]);
		check(plan_ledger_count(l, kind, 1) == ours[k] + (deleted[k] > 0));
		check(plan_ledger_count(l, kind, UINT64_MAX) == ours[k] + deleted[k]);
	}
	compare_key(l, s, LEDGER_USER, "nobody", "x");
}

/* A ledger in the file fd, which it takes over. */
static void
begin(struct plan_ledger *l, int fd)
{
	check(plan_ledger_open(l, NULL, target, false) == PROG_OK);
	l->fd = fd;
	l->path = "ledger";
}

static off_t
length(int fd)
{
	struct stat st;

	check(fstat(fd, &st) == 0);
	return st.st_size;
}

/* What the lines say, written down by us, and read again. */
static void
write_again(const struct slow *s)
{
	struct plan_ledger l, again;
	int fd = memfd_create("ledger", 0), copy;

	check(fd != -1);
	begin(&l, fd);
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->line[i];

		plan_ledger_note(&l, &(struct plan_ledger_line){
			.kind = e->kind, .state = e->state, .key = e->key, .bare = e->bare,
			.sub = e->sub[0] != '\0' ? e->sub : NULL, .name = "n"
		}, e->seconds * 1000 + 999);
	}
	compare(&l, s);
	check(plan_ledger_sync(&l) == 0);
	copy = dup(fd);
	check(copy != -1 && lseek(copy, 0, SEEK_SET) == 0);
	begin(&again, copy);
	check(plan_ledger_read(&again) == PROG_OK);
	compare(&again, s);
	plan_ledger_close(&again);
	plan_ledger_close(&l);
}

/* Reads text as a ledger, both ways. */
static void
read_text(const char *text, size_t len)
{
	enum prog_status status = PROG_OK;
	struct slow s = { .count = 0 };
	char why[RECORD_REASON_SIZE];
	struct record_keys keys;
	struct tree *trees[LINES_MAX];
	struct plan_ledger l;
	struct tok_list list;
	size_t whole = 0, lines = 0;
	int fd = memfd_create("ledger", 0);

	check(fd != -1 && write(fd, text, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
	tok_init(&list, RECORD_TOKENS_MAX);
	for (const char *lf; status == PROG_OK && whole < len &&
	    (lf = memchr(text + whole, '\n', len - whole)) != NULL && lines < LINES_MAX;) {
		size_t n = (size_t)(lf - text) - whole;
		bool good = record_check(text + whole, n, &list, &keys, why) == NULL;

		trees[lines] = good ? tree_parse(text + whole, n) : NULL;
		status = trees[lines] != NULL ? slow_take(&s, trees[lines]) : PROG_FAIL;
		whole += n + 1;
		lines++;
	}
	tok_free(&list);
	if (lines < LINES_MAX) {
		errors = 0;
		begin(&l, fd);
		check(plan_ledger_read(&l) == status);
		check((errors == 0) == (status == PROG_OK));
		check(length(fd) == (off_t)(status == PROG_OK ? whole : len));
		if (status == PROG_OK) {
			compare(&l, &s);
			write_again(&s);
		}
		plan_ledger_close(&l);
	} else {
		close(fd);
	}
	for (size_t i = 0; i < lines; i++)
		tree_free(trees[i]);
}

/* Four bytes as a line. */
static void
put_line(struct text *t, const uint8_t *from)
{
	static const char *const times[TRIES] = {
		"2020-01-01T00:00:00Z", "2026-02-03T04:05:06.789Z", "2026-02-03T04:05:07Z",
		"2019-01-01T00:00:00Z", "2099-12-31T23:59:59Z"
	};
	const char *sub = words[from[2] % WORDS], *key = words[from[1] % WORDS];

	text_say(t, (from[0] & 1) != 0 ? "{\"Ledger\":\"group\"" : "{\"Ledger\":\"user\"");
	if ((from[0] & 2) != 0) {
		text_say(t, ",\"Target\":");
		text_string(t, target, strlen(target));
	}
	text_say(t, ",\"Key\":");
	text_string(t, key, strlen(key));
	if ((from[0] & 4) != 0) {
		text_say(t, ",\"sub\":");
		text_string(t, sub, strlen(sub));
	}
	text_say(t, ",\"State\":\"");
	text_say(t, states[1 + from[3] % 5]);
	text_say(t, (from[0] & 8) != 0 ? "\",\"Password\":false,\"Time\":\"" : "\",\"Time\":\"");
	text_say(t, times[(from[3] / 5) % TRIES]);
	text_say(t, "\"}\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct text made;

	if (size == 0)
		return 0;
	if (data[0] % 2 == 0) {
		read_text((const char *)data + 1, size - 1);
		return 0;
	}
	made.len = 0;
	for (size_t i = 1; i + 4 <= size && i < (size_t)4 * LINES_MAX; i += 4)
		put_line(&made, data + i);
	text_add(&made, data, data[0] % 4 == 3 ? 1 : 0);
	read_text(made.s, made.len);
	return 0;
}
