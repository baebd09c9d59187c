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
	keyset_init(&r->users);
	keyset_init(&r->subs);
	keyset_init(&r->names);
	keyset_init(&r->folded);
	keyset_init(&r->group_keys);
	keyset_init(&r->group_names);
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
	for (size_t i = 0; i < r->group_count; i++) {
		free(r->groups[i]->external);
		free(r->groups[i]->display);
		free(r->groups[i]->id);
		free(r->groups[i]);
	}
	free(r->groups);
}

/* The text without case; b is initialised and the caller's to free. */
static void
fold(struct buf *b, const struct buf *text)
{
	buf_init(b, FOLDED_MAX);
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

void
roll_miss(struct roll *r, const char *sub, size_t len, enum roll_state state)
{
	if (roll_by_sub(r, sub, len) == 0)
		keyset_set_number(&r->users, keyset_add(&r->users, sub, len), state);
}

const char *
roll_refuse(const struct roll *r, const struct buf *external, const struct buf *name)
{
	const char *reason = NULL;
	struct buf folded;

	if (external->len > 0 && keyset_find(&r->users, external->data, external->len) != 0)
		return "externalId: of a user who came before";
	/*
	 * A name that is its own folded form stands in names, another's in folded: so each name
	 * is kept once where most are lower case already.
	 */
	fold(&folded, name);
	if (keyset_find(&r->names, folded.data, folded.len) != 0 ||
	    keyset_find(&r->folded, folded.data, folded.len) != 0)
		reason = "userName: of a user who came before (case ignored, as servers do)";
	buf_free(&folded);
	return reason;
}

void
roll_add(struct roll *r, const char *sub, size_t sub_len, const struct buf *external,
    const struct buf *name, uint32_t request)
{
	struct buf folded;
	uint32_t user = 0;

	if (external->len > 0) {
		user = keyset_add(&r->users, external->data, external->len);
		keyset_set_number(&r->users, user, request << STATE_BITS | ROLL_OUT);
		if (sub_len != external->len || memcmp(sub, external->data, sub_len) != 0)
			keyset_set_number(&r->subs, keyset_add(&r->subs, sub, sub_len), user);
	}
	keyset_set_number(&r->names, keyset_add(&r->names, name->data, name->len), user);
	fold(&folded, name);
	if (!is_same(&folded, name))
		keyset_add(&r->folded, folded.data, folded.len);
	buf_free(&folded);
}

uint32_t
roll_by_sub(const struct roll *r, const char *sub, size_t len)
{
	uint32_t entry = keyset_find(&r->subs, sub, len);

	return entry != 0 ? keyset_number(&r->subs, entry) : keyset_find(&r->users, sub, len);
}

uint32_t
roll_by_name(const struct roll *r, const char *name, size_t len)
{
	uint32_t entry = keyset_find(&r->names, name, len);

	return entry != 0 ? keyset_number(&r->names, entry) : 0;
}

enum roll_state
roll_state(const struct roll *r, uint32_t user, uint32_t *request)
{
	uint32_t number = keyset_number(&r->users, user);

	*request = number >> STATE_BITS;
	return (enum roll_state)(number & STATE_MASK);
}

void
roll_external(const struct roll *r, uint32_t user, struct buf *b)
{
	keyset_text(&r->users, user, b);
}

struct group *
roll_group(const struct roll *r, const char *key, size_t len)
{
	uint32_t entry = keyset_find(&r->group_keys, key, len);

	return entry != 0 ? r->groups[keyset_number(&r->group_keys, entry)] : NULL;
}

struct group *
roll_group_add(struct roll *r, const char *key, size_t len)
{
	struct group *g = mem_alloc(sizeof *g);

	g->state = ROLL_REJECTED;
	if (r->group_count == r->group_cap) {
		r->group_cap = r->group_cap == 0 ? 64 : r->group_cap * 2;
		r->groups = mem_resize(r->groups, r->group_cap, sizeof *r->groups);
	}
	keyset_set_number(&r->group_keys, keyset_add(&r->group_keys, key, len),
	    (uint32_t)r->group_count);
	r->groups[r->group_count++] = g;
	return g;
}

bool
roll_group_name(struct roll *r, const struct buf *display)
{
	size_t before = r->group_names.count;
	struct buf folded;

	fold(&folded, display);
	keyset_add(&r->group_names, folded.data, folded.len);
	buf_free(&folded);
	return r->group_names.count > before;
}
