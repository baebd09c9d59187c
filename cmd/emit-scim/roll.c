#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/fold.h"

#include "roll.h"

/* The number of a user's entry: the request above the state. */
enum { STATE_BITS = 2, STATE_MASK = 3 };

/* Folding may make a character one byte longer. */
enum { FOLDED_MAX = 2 * KEYSET_KEY_MAX };

void
roll_init(struct roll *r)
{
	memset(r, 0, sizeof *r);
	fold_prepare();
	keyset_init(&r->users);
	keyset_init(&r->subs);
	keyset_init(&r->names);
	keyset_init(&r->folded);
	keyset_init(&r->group_keys);
	keyset_init(&r->group_names);
	buf_init(&r->folded_text, FOLDED_MAX);
}

void
roll_free(struct roll *r)
{
	keyset_free(&r->users);
	keyset_free(&r->subs);
	keyset_free(&r->names);
	keyset_free(&r->folded);
	keyset_free(&r->group_keys);
	keyset_free(&r->group_names);
	buf_free(&r->folded_text);
	for (size_t i = 0; i < r->group_count; i++) {
		free(r->groups[i]->external);
		free(r->groups[i]->display);
		free(r->groups[i]->id);
		free(r->groups[i]);
	}
	free(r->groups);
}

/* Replaces b's content by the text without case. */
static void
fold(struct buf *b, const struct buf *text)
{
	buf_clear(b);
	fold_append(b, buf_string(text), text->len);
	/* What is not kept whole is only compared less well, and no name is as long. */
	if (b->len > KEYSET_KEY_MAX)
		b->len = KEYSET_KEY_MAX;
}

static bool
is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(buf_string(a), buf_string(b), a->len) == 0;
}

/* The entry of the text, or 0. */
static uint32_t
find(struct keyset *s, const char *text, size_t len)
{
	struct keyset_key k;

	keyset_key(&k, text, len);
	return keyset_find(s, &k);
}

/* The entry of the text, made if there is none, with this number. */
static void
add(struct keyset *s, const struct keyset_key *k, uint32_t number)
{
	keyset_set_number(s, keyset_add(s, k), number);
}

void
roll_miss(struct roll *r, const char *sub, size_t len, enum roll_state state)
{
	struct keyset_key k;

	keyset_key(&k, sub, len);
	if (keyset_find(&r->subs, &k) == 0 && keyset_find(&r->users, &k) == 0)
		add(&r->users, &k, state);
}

const char *
roll_refuse(struct roll *r, const struct buf *external, const struct buf *name)
{
	keyset_key(&r->external_key, buf_string(external), external->len);
	if (external->len > 0 && keyset_find(&r->users, &r->external_key) != 0)
		return "externalId: of a user who came before";
	/*
	 * A name that is its own folded form stands in names, another's in folded: so each name
	 * is kept once where most are lower case already.
	 */
	fold(&r->folded_text, name);
	keyset_key(&r->folded_key, buf_string(&r->folded_text), r->folded_text.len);
	if (keyset_find(&r->names, &r->folded_key) != 0 ||
	    (r->folded.count > 0 && keyset_find(&r->folded, &r->folded_key) != 0))
		return "userName: of a user who came before (case ignored, as servers do)";
	return NULL;
}

void
roll_add(struct roll *r, const char *sub, size_t sub_len, const struct buf *external,
    const struct buf *name, uint32_t request)
{
	bool is_folded = is_same(&r->folded_text, name);
	struct keyset_key k;
	uint32_t user = 0;

	if (external->len > 0) {
		user = keyset_insert(&r->users, &r->external_key,
		    request << STATE_BITS | ROLL_OUT);
		if (sub_len != external->len || memcmp(sub, external->data, sub_len) != 0) {
			keyset_key(&k, sub, sub_len);
			add(&r->subs, &k, user);
		}
	}
	if (is_folded) {
		keyset_insert(&r->names, &r->folded_key, user);
	} else {
		keyset_key(&k, name->data, name->len);
		add(&r->names, &k, user);
		keyset_add(&r->folded, &r->folded_key);
	}
}

uint32_t
roll_by_sub(struct roll *r, const char *sub, size_t len)
{
	struct keyset_key k;
	uint32_t entry;

	keyset_key(&k, sub, len);
	entry = keyset_find(&r->subs, &k);
	return entry != 0 ? keyset_number(&r->subs, entry) : keyset_find(&r->users, &k);
}

uint32_t
roll_by_name(struct roll *r, const char *name, size_t len)
{
	uint32_t entry = find(&r->names, name, len);

	return entry != 0 ? keyset_number(&r->names, entry) : 0;
}

enum roll_state
roll_state(struct roll *r, uint32_t user, uint32_t *request)
{
	uint32_t number = keyset_number(&r->users, user);

	*request = number >> STATE_BITS;
	return (enum roll_state)(number & STATE_MASK);
}

void
roll_external(struct roll *r, uint32_t user, struct buf *b)
{
	keyset_text(&r->users, user, b);
}

struct group *
roll_group(struct roll *r, const char *key, size_t len)
{
	uint32_t entry = find(&r->group_keys, key, len);

	return entry != 0 ? r->groups[keyset_number(&r->group_keys, entry)] : NULL;
}

struct group *
roll_group_add(struct roll *r, const char *key, size_t len)
{
	struct group *g = mem_alloc(sizeof *g);
	struct keyset_key k;

	g->state = ROLL_REJECTED;
	if (r->group_count == r->group_cap) {
		r->group_cap = r->group_cap == 0 ? 64 : r->group_cap * 2;
		r->groups = mem_resize(r->groups, r->group_cap, sizeof *r->groups);
	}
	keyset_key(&k, key, len);
	add(&r->group_keys, &k, (uint32_t)r->group_count);
	r->groups[r->group_count++] = g;
	return g;
}

bool
roll_group_name(struct roll *r, const struct buf *display)
{
	size_t before = r->group_names.count;
	struct keyset_key k;

	fold(&r->folded_text, display);
	keyset_key(&k, buf_string(&r->folded_text), r->folded_text.len);
	keyset_add(&r->group_names, &k);
	return r->group_names.count > before;
}
