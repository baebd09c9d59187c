/*
 * SHA-256 (FIPS 180-4), for commands that do not have libcrypto: a digest that two of them compare.
 * Whatever is to be kept secret goes by libcrypto (net/sigv4.h).
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BLOCK = 64, SHA256_BYTES = 32 };

struct sha256 {
	/* private */
	uint32_t state[8];
	uint64_t len;
	unsigned char block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t len);

/* The digest of all that was added; h is used up. */
void sha256_end(struct sha256 *h, unsigned char digest[SHA256_BYTES]);

#endif
