/*
 * SipHash-1-3: a keyed hash for tables whose keys come from outside, so that nobody can choose
 * names that collide.  https://www.aumasson.jp/siphash/siphash.pdf
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* A random key; ends the program with a message if the system has no random bytes. */
struct hash_key hash_key_random(void);

/* The hash of len bytes.  With a key of zeroes it is the same in every run: a check sum. */
uint64_t hash_bytes(const struct hash_key *key, const void *s, size_t len);

#endif
