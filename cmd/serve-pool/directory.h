/*
 * What the inventory says of pools: what hangs on each user pool, and the identity pools, all in
 * the form in which it is sent.  Filled before the server listens, and never changed later.
 */
#ifndef SERVE_POOL_DIRECTORY_H
#define SERVE_POOL_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"
#include "realm.h"
#include "store.h"

/* What hangs on user pools and is listed. */
enum directory_kind { DIRECTORY_CLIENTS, DIRECTORY_PROVIDERS, DIRECTORY_SERVERS, DIRECTORY_KINDS };

/* Where a pool's part of a table is. */
struct directory_range {
	size_t first, count;
};

struct directory_pool {
	struct realm realm;
	struct directory_range range[DIRECTORY_KINDS];
};

/* The identity pools of one Region of one account. */
struct directory_realm {
	struct realm realm;
	uint32_t *list;			/* their numbers */
	size_t count, cap;
};

/* Names are keys that directory.c makes, and stand behind the texts of the items. */
struct directory {
	struct store memory;			/* which the texts are in */
	struct store_table pools;
	struct directory_pool *pool;		/* by number */
	struct store_table part[DIRECTORY_KINDS];
	struct store_table identities;
	size_t *identity_realm;			/* by number: the realm's index */
	struct directory_realm *realm;
	size_t realm_count;
	struct store_table answers;		/* what else is asked for */
	struct buf form, key;			/* while it is filled */
};

void directory_init(struct directory *d);

void directory_free(struct directory *d);

/*
 * Takes up the record that is the object at this token: of a user pool (Id) or an identity pool
 * (IdentityPoolId), which is in realm.  Dates become seconds; members of ours, and those that the
 * service does not send, are left out; all others are sent as they are.  Returns NULL or why the
 * record is wrong (static).
 */
const char *directory_add(struct directory *d, const struct tok_list *l, const char *text,
    uint32_t record, const struct realm *realm);

/*
 * Whether DescribeUserPool leaves out a member with this name (a string token) of a user pool's
 * record, since another operation says it, or none.
 */
bool directory_takes(const struct tok *name, const char *text);

/* For directory_add.  What an answer is found by: what of name, which is in a realm. */
void directory_key(struct buf *key, const char *what, const struct realm *realm, const char *name);

/*
 * For directory_add.  Takes the form up as the item that the key names: of it listed bytes are
 * shown in lists.  Returns its number, or UINT32_MAX if there is one already.
 */
uint32_t directory_define(struct directory *d, struct store_table *t, size_t listed);

/* The pool with this id, or NULL: no record says anything of it. */
const struct directory_pool *directory_pool(const struct directory *d, const char *id);

/* What hangs on the pool, by its name as a canonical JSON string; or NULL. */
const struct store_item *directory_part(const struct directory *d, enum directory_kind kind,
    const char *pool, const char *name);

/* The answers of operations, or NULL: nothing is said.  name is a canonical JSON string. */
const struct store_item *directory_mfa(const struct directory *d, const char *pool);
const struct store_item *directory_tags(const struct directory *d, const char *pool);
const struct store_item *directory_domain(const struct directory *d, const struct realm *realm,
    const char *name);
const struct store_item *directory_limit(const struct directory *d, const struct realm *realm,
    const char *category);
const struct store_item *directory_roles(const struct directory *d, const char *identity_pool);

/* The identity pool with this id, and where it is; or NULL. */
const struct store_item *directory_identity(const struct directory *d, const char *id,
    const struct realm **realm);

/* The identity pools of a realm, or NULL: there are none. */
const struct directory_realm *directory_identities(const struct directory *d,
    const struct realm *realm);

#endif
