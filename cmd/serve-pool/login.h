/*
 * By what else than its Username a user can be named: an alias, the address in pools where that is
 * the user name, and the Username with other capitals where these do not count.
 *
 * The table is asked for candidates, and each is looked at: who has another address now, or is
 * gone, is no longer meant, and nothing need be taken out.
 */
#ifndef SERVE_POOL_LOGIN_H
#define SERVE_POOL_LOGIN_H

#include "base/hash.h"
#include "schema.h"
#include "store.h"

struct login {
	const struct schema *schema;
	struct hash_key key;
	uint64_t *slot;		/* 32 bits of the hash, a user's number + 1 */
	size_t slots, used;
};

/* Takes up all users. */
void login_make(struct login *l, const struct schema *schema, const struct store_table *users);

void login_free(struct login *l);

/* A user is new or was changed. */
void login_note(struct login *l, const struct store_table *users, uint32_t user);

/* Who is called this, a canonical JSON string with its quotes; or UINT32_MAX. */
uint32_t login_find(const struct login *l, const struct store_table *users, const char *name,
    size_t len);

/*
 * Another user than this one who signs in with this value (canonical, without quotes) of email,
 * phone_number or preferred_username; or UINT32_MAX.
 */
uint32_t login_other(const struct login *l, const struct store_table *users,
    const char *attribute, const char *value, uint32_t user);

#endif
