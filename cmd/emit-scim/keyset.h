/*
 * A set of texts, each with a number of 32 bits: exact, and small, since a pool may have millions
 * of users.  A UUID in its usual form (lower case) takes 16 bytes of its own and about 14 around
 * it, any other text its length and the same.
 */
#ifndef EMIT_SCIM_KEYSET_H
#define EMIT_SCIM_KEYSET_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"

enum {
	/* Four times what an attribute of Cognito has in characters: the longest in bytes. */
	KEYSET_KEY_MAX = 8192
};

struct keyset {
	/* private */
	struct hash_key key;
	uint32_t *slots;	/* places of entries in units of four bytes, 0: free */
	size_t slot_count, count;
	unsigned char *data;	/* entries: number, length, bytes, padding */
	size_t len, cap;
};

void keyset_init(struct keyset *s);

void keyset_free(struct keyset *s);

/* The entry of the len bytes (at most KEYSET_KEY_MAX) at text, or 0 if there is none. */
uint32_t keyset_find(const struct keyset *s, const char *text, size_t len);

/* The same, made with the number 0 if there is none. */
uint32_t keyset_add(struct keyset *s, const char *text, size_t len);

uint32_t keyset_number(const struct keyset *s, uint32_t entry);

void keyset_set_number(struct keyset *s, uint32_t entry, uint32_t number);

/* Replaces the content of b, whose maximum is at least KEYSET_KEY_MAX, by the entry's text. */
void keyset_text(const struct keyset *s, uint32_t entry, struct buf *b);

#endif
