/* What the ledger says of a key: its state, since when, and the subs it has had. */
#include "json/plan_ledger.h"

#include <string.h>

#include "json/plan_ledger_parts.h"

enum { STATE_SHIFT = 29 };		/* three bits of state, 29 of seconds: 17 years */

/* From which they count: 2020-01-01. */
static const int64_t epoch = 1577836800;

static uint32_t
pack(int state, int64_t seconds)
{
	const int64_t most = (INT64_C(1) << STATE_SHIFT) - 1;
	int64_t since = seconds - epoch;

	if (since < 0)
		since = 0;
	return (uint32_t)state << STATE_SHIFT | (uint32_t)(since > most ? most : since);
}

/* The text that the key of a kind has among the states. */
static void
mark(struct buf *b, enum plan_ledger_kind kind, const char *key, size_t len)
{
	buf_clear(b);
	(void)buf_append_byte(b, kind == LEDGER_USER ? 'u' : 'g');
	(void)buf_append(b, key, len);
}

static enum plan_ledger_state
state_of(uint32_t number)
{
	uint32_t state = number >> STATE_SHIFT;

	return state == LEDGER_BARE ? LEDGER_CREATED : (enum plan_ledger_state)state;
}

/* A key of the kind comes to a state, or (add -1) leaves it. */
static void
count(struct plan_ledger *l, enum plan_ledger_kind kind, enum plan_ledger_state state, int add)
{
	if (state == LEDGER_CREATING || state == LEDGER_CREATED || state == LEDGER_ADOPTED)
		l->ours[kind] += (uint64_t)add;
	else if (state == LEDGER_DELETED)
		l->deleted[kind] += (uint64_t)add;
}

/* How often what has the key was made again. */
static uint32_t
life(struct plan_ledger *l, const struct keyset_key *k)
{
	uint32_t entry = l->lives.count > 0 ? keyset_find(&l->lives, k) : 0;

	return entry != 0 ? keyset_number(&l->lives, entry) : 0;
}

/* Whether what comes to be in that state is another one than was there before. */
static bool
is_reborn(enum plan_ledger_state before, enum plan_ledger_state now)
{
	if (before == LEDGER_DELETED)
		return now == LEDGER_CREATING || now == LEDGER_CREATED || now == LEDGER_ADOPTED;
	return (before == LEDGER_CREATED || before == LEDGER_ADOPTED) && now == LEDGER_CREATING;
}

/* Those of another time say nothing of this one, which is before them if a clock was set back. */
static void
forget_tries(struct plan_ledger *l, const struct keyset_key *k)
{
	uint32_t entry = l->tries.count > 0 ? keyset_find(&l->tries, k) : 0;

	if (entry != 0)
		keyset_set_number(&l->tries, entry, 0);
}

void
plan_ledger_set(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key, size_t len,
    int state, int64_t seconds)
{
	uint32_t number = pack(state, seconds);
	struct keyset_key k;
	uint32_t entry;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, len);
	keyset_key(&k, b.data, b.len);
	entry = keyset_add(&l->states, &k);
	count(l, kind, state_of(keyset_number(&l->states, entry)), -1);
	count(l, kind, state_of(number), 1);
	if (is_reborn(state_of(keyset_number(&l->states, entry)), state_of(number)))
		keyset_set_number(&l->lives, keyset_add(&l->lives, &k), life(l, &k) + 1);
	/* Made by the first of several tries, perhaps, or by the last one. */
	if (state_of(number) == LEDGER_CREATING &&
	    state_of(keyset_number(&l->states, entry)) == LEDGER_CREATING) {
		keyset_set_number(&l->tries, keyset_add(&l->tries, &k), number);
	} else {
		keyset_set_number(&l->states, entry, number);
		forget_tries(l, &k);
	}
	buf_free(&b);
}

/* The text that a key and a sub have among the subs; a key has no NUL.  Returns whether it can. */
static bool
pair(struct buf *b, enum plan_ledger_kind kind, const char *key, size_t len, const char *sub,
    size_t sub_len)
{
	if (len + 2 + sub_len > KEYSET_KEY_MAX)
		return false;
	mark(b, kind, key, len);
	return buf_append_byte(b, '\0') == 0 && buf_append(b, sub, sub_len) == 0;
}

void
plan_ledger_add_sub(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    size_t len, const char *sub, size_t sub_len)
{
	struct keyset_key k;
	uint32_t now;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, len);
	keyset_key(&k, b.data, b.len);
	now = life(l, &k);
	if (pair(&b, kind, key, len, sub, sub_len)) {
		keyset_key(&k, b.data, b.len);
		keyset_set_number(&l->subs, keyset_add(&l->subs, &k), now);
	}
	buf_free(&b);
}

bool
plan_ledger_is_former(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    const char *sub)
{
	struct keyset_key k;
	uint32_t now, entry = 0;
	struct buf b;

	if (l->lives.count == 0)
		return false;
	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, strlen(key));
	keyset_key(&k, b.data, b.len);
	now = life(l, &k);
	if (pair(&b, kind, key, strlen(key), sub, strlen(sub))) {
		keyset_key(&k, b.data, b.len);
		entry = keyset_find(&l->subs, &k);
	}
	buf_free(&b);
	return entry != 0 && keyset_number(&l->subs, entry) < now;
}

bool
plan_ledger_has_sub(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    const char *sub)
{
	const char *const said[] = { sub, "" };
	struct keyset_key k;
	bool has = false;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	for (int i = 0; i < 2 && !has; i++) {
		if (!pair(&b, kind, key, strlen(key), said[i], strlen(said[i])))
			continue;
		keyset_key(&k, b.data, b.len);
		has = keyset_find(&l->subs, &k) != 0;
	}
	buf_free(&b);
	return has;
}

bool
plan_ledger_is_bare(struct plan_ledger *l, const char *key)
{
	struct keyset_key k;
	uint32_t entry;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, LEDGER_USER, key, strlen(key));
	keyset_key(&k, b.data, b.len);
	entry = keyset_find(&l->states, &k);
	buf_free(&b);
	return entry != 0 && keyset_number(&l->states, entry) >> STATE_SHIFT == LEDGER_BARE;
}

uint64_t
plan_ledger_count(const struct plan_ledger *l, enum plan_ledger_kind kind, uint64_t deleted_most)
{
	return l->ours[kind] +
	    (l->deleted[kind] < deleted_most ? l->deleted[kind] : deleted_most);
}

enum plan_ledger_state
plan_ledger_find(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    int64_t *first, int64_t *last)
{
	const uint32_t seconds = (UINT32_C(1) << STATE_SHIFT) - 1;
	uint32_t entry, again = 0, number;
	struct keyset_key k;
	struct buf b;

	*first = *last = 0;
	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, strlen(key));
	keyset_key(&k, b.data, b.len);
	entry = keyset_find(&l->states, &k);
	if (l->tries.count > 0)
		again = keyset_find(&l->tries, &k);
	buf_free(&b);
	if (entry == 0)
		return LEDGER_NONE;
	number = keyset_number(&l->states, entry);
	*first = *last = epoch + (number & seconds);
	if (again != 0 && state_of(number) == LEDGER_CREATING &&
	    epoch + (keyset_number(&l->tries, again) & seconds) > *last)
		*last = epoch + (keyset_number(&l->tries, again) & seconds);
	return state_of(number);
}
