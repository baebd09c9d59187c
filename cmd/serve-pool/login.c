/* By what else a user can be named (login.h). */
#include "login.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "search.h"
#include "user.h"

enum { SLOTS_FIRST = 1024 };

/* A name, escaped. */
enum { FOLDED_MAX = 1024 * 1024 };

/* What a user may be called by.  verified: what says that the value is the user's own. */
static const struct {
	const char *attribute, *verified;
	unsigned bit;
} kinds[] = {
	{"email", "email_verified", SCHEMA_EMAIL},
	{"phone_number", "phone_number_verified", SCHEMA_PHONE},
	{"preferred_username", NULL, SCHEMA_PREFERRED},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static bool
is_kind(const struct login *l, size_t kind)
{
	return ((l->schema->username_attributes | l->schema->alias_attributes) &
	    kinds[kind].bit) != 0;
}

static uint32_t
hash_of(const struct login *l, const char *s, size_t len)
{
	struct buf b;
	uint64_t h;

	buf_init(&b, FOLDED_MAX);
	buf_append(&b, s, len);
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] >= 'A' && b.data[i] <= 'Z')
			b.data[i] = (char)(b.data[i] - 'A' + 'a');
	h = hash_bytes(&l->key, buf_string(&b), b.len);
	buf_free(&b);
	return (uint32_t)(h >> 32);
}

static bool
equal(const struct login *l, const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	return l->schema->case_insensitive ? strncasecmp(a, b, a_len) == 0 :
	    memcmp(a, b, a_len) == 0;
}

/* Whether the user signs in with this value of the attribute. */
static bool
has_value(const struct login *l, const struct store_item *user, size_t kind, const char *value,
    size_t len)
{
	size_t n;
	const char *own = search_attribute(user, kinds[kind].attribute,
	    strlen(kinds[kind].attribute), &n);

	if (own == NULL || !equal(l, own, n, value, len))
		return false;
	if (kinds[kind].verified == NULL || (l->schema->username_attributes & kinds[kind].bit) != 0)
		return true;
	own = search_attribute(user, kinds[kind].verified, strlen(kinds[kind].verified), &n);
	return own != NULL && n == 4 && strncasecmp(own, "true", 4) == 0;
}

static bool
is_called(const struct login *l, const struct store_item *user, const char *name, size_t len)
{
	if (equal(l, user->text + user->name_at + 1, user->name_len - 2, name, len))
		return true;
	for (size_t k = 0; k < KINDS; k++)
		if (is_kind(l, k) && has_value(l, user, k, name, len))
			return true;
	return false;
}

static void
put(struct login *l, uint32_t hash, uint32_t user)
{
	uint64_t entry = (uint64_t)hash << 32 | ((uint64_t)user + 1);
	size_t i;

	for (i = hash & (l->slots - 1); l->slot[i] != 0; i = (i + 1) & (l->slots - 1))
		if (l->slot[i] == entry)
			return;
	l->slot[i] = entry;
	l->used++;
}

static void
put_user(struct login *l, const struct store_item *user, uint32_t number)
{
	const char *value;
	size_t len;

	if (l->schema->case_insensitive)
		put(l, hash_of(l, user->text + user->name_at + 1, user->name_len - 2), number);
	for (size_t k = 0; k < KINDS; k++) {
		if (!is_kind(l, k))
			continue;
		value = search_attribute(user, kinds[k].attribute, strlen(kinds[k].attribute),
		    &len);
		if (value != NULL)
			put(l, hash_of(l, value, len), number);
	}
}

/* Makes the table anew, with room for as many entries again; what is no longer so is left out. */
static void
fill(struct login *l, const struct store_table *users)
{
	size_t need = users->order_count * (KINDS + 1) * 2;

	free(l->slot);
	for (l->slots = SLOTS_FIRST; l->slots < need; l->slots *= 2)
		;
	l->slot = mem_alloc(l->slots * sizeof *l->slot);
	l->used = 0;
	for (size_t i = 0; i < users->order_count; i++)
		if (store_is_defined(&users->item[users->order[i]]))
			put_user(l, &users->item[users->order[i]], users->order[i]);
}

static bool
is_used(const struct schema *s)
{
	return s->case_insensitive || (s->username_attributes | s->alias_attributes) != 0;
}

void
login_make(struct login *l, const struct schema *schema, const struct store_table *users)
{
	memset(l, 0, sizeof *l);
	l->schema = schema;
	if (!is_used(schema))
		return;
	l->key = hash_key_random();
	fill(l, users);
}

void
login_free(struct login *l)
{
	free(l->slot);
}

void
login_note(struct login *l, const struct store_table *users, uint32_t user)
{
	if (l->slots == 0)
		return;
	if ((l->used + KINDS + 1) * 3 > l->slots * 2)
		fill(l, users);
	else
		put_user(l, &users->item[user], user);
}

uint32_t
login_find(const struct login *l, const struct store_table *users, const char *name, size_t len)
{
	uint32_t user = store_find(users, name, len), hash;
	size_t i;

	if (user != UINT32_MAX && store_is_defined(&users->item[user]))
		return user;
	if (l->slots == 0 || len < 2)
		return UINT32_MAX;
	hash = hash_of(l, name + 1, len - 2);
	for (i = hash & (l->slots - 1); l->slot[i] != 0; i = (i + 1) & (l->slots - 1)) {
		user = (uint32_t)l->slot[i] - 1;
		if (l->slot[i] >> 32 == hash && store_is_defined(&users->item[user]) &&
		    is_called(l, &users->item[user], name + 1, len - 2))
			return user;
	}
	return UINT32_MAX;
}

uint32_t
login_other(const struct login *l, const struct store_table *users, const char *attribute,
    const char *value, uint32_t user)
{
	uint32_t hash, other;
	size_t i, k, len = strlen(value);

	for (k = 0; k < KINDS && strcmp(kinds[k].attribute, attribute) != 0; k++)
		;
	if (l->slots == 0 || k == KINDS || !is_kind(l, k))
		return UINT32_MAX;
	hash = hash_of(l, value, len);
	for (i = hash & (l->slots - 1); l->slot[i] != 0; i = (i + 1) & (l->slots - 1)) {
		other = (uint32_t)l->slot[i] - 1;
		if (l->slot[i] >> 32 == hash && other != user &&
		    store_is_defined(&users->item[other]) &&
		    has_value(l, &users->item[other], k, value, len))
			return other;
	}
	return UINT32_MAX;
}
