/*
 * What stands in a ledger of the attributes that were written: no value, but their names, and a
 * digest by which somebody who has the values can tell that they are the same.
 *
 * "SALT:HEX": 16 random bytes, and under these as its key the hash (hash.h) of each attribute that
 * has a value, by name: its name and its value, each behind its length in eight bytes, the highest
 * first.  64 bits under a key that nobody knows before are enough to tell that something differs.
 * The salt keeps two who have the same apart; who has the ledger can still try out guesses.
 */
#ifndef JSON_PLAN_DIGEST_H
#define JSON_PLAN_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

enum { PLAN_DIGEST_LEN = 32 + 1 + 16 };

/*
 * Appends the digest of the attributes, an object of texts at that index; 0: of none.  null, an
 * empty text, and none are the same.
 */
void plan_digest_make(struct buf *to, const struct tok_list *l, const char *text,
    uint32_t attributes);

/* Whether the digest, of len bytes, is that of these. */
bool plan_digest_is(const char *digest, size_t len, const struct tok_list *l, const char *text,
    uint32_t attributes);

/*
 * Appends, as the members of a JSON array, the names of those that have a value; or of those that
 * have none.
 */
void plan_digest_names(struct buf *to, const struct tok_list *l, const char *text,
    uint32_t attributes, bool with_value);

#endif
