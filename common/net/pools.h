/*
 * The user pools, or the identity pools, of an account in a Region: all pages of the list, and
 * which of them are meant by ids, names and name patterns.
 *
 * The list is kept, and sorted by id: the service promises no order, and snapshots are compared.  A
 * Region has 10,000 user pools at most, an account as a rule 1,000 identity pools.
 */
#ifndef NET_POOLS_H
#define NET_POOLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/prog.h"
#include "net/aws.h"

enum pools_kind { POOLS_USER, POOLS_IDENTITY };

enum { POOLS_WHY_SIZE = 160 };

struct pools_item {
	char *id, *name;	/* decoded; name "" if there is none */
	char *text;		/* the item as the service sent it: a JSON object */
	size_t len;
};

struct pools {
	struct pools_item *item;	/* sorted by id */
	size_t count;
};

/*
 * Checks operands: ids, names or patterns of fnmatch(3) for names.  One that is empty or not UTF-8
 * ends the program with status 2.
 */
void pools_check(char *const *words, size_t count);

/*
 * Reads the list: ListUserPools or ListIdentityPools, with a client of that service; not from
 * inside a callback.  A pool without an id, the same one twice, or more than any Region has is a
 * failure. Returns PROG_OK with *p filled (pools_free), or what failed with one line printed and
 * why set, cut to fit.
 *
 * quiet_code: an error code for which nothing is printed (PROG_FAIL, why is the service's text,
 * *quiet is set), or NULL.
 */
enum prog_status pools_list(struct aws_client *client, enum pools_kind kind, struct pools *p,
    const char *quiet_code, bool *quiet, char why[POOLS_WHY_SIZE]);

/*
 * Keeps those pools that one of the words means, by their id or name; no words: all.  Returns
 * PROG_OK, or PROG_FAIL with one line printed: a word without a wildcard ('*', '?', '[') means
 * none.
 */
enum prog_status pools_choose(struct pools *p, enum pools_kind kind, char *const *words,
    size_t count, char why[POOLS_WHY_SIZE]);

/* Appends what stands in the seal as scope: "all", or the words; b is empty. */
void pools_scope(struct buf *b, char *const *words, size_t count);

/* Fills the empty body, of EACH_REQUEST_MAX bytes, with the request about the pool with the id. */
void pools_request(struct buf *b, enum pools_kind kind, const char *id);

/*
 * Appends {"Id":…,"Name":…}, or of an identity pool the members of its own: what is known to be
 * harmless of a pool whose record is wrong, for the reject file.
 */
void pools_brief(struct buf *b, enum pools_kind kind, const struct pools_item *item);

/* "user pool eu-west-1_AbC", for messages; cut to size. */
void pools_name(enum pools_kind kind, const char *id, char *to, size_t size);

void pools_free(struct pools *p);

#endif
