/* SHA-256 (sha256.h); names of variables and functions as in FIPS 180-4, section 6.2. */
#include "base/sha256.h"

#include <string.h>

/* Fractional parts of the cube roots of the first 64 primes. */
static const uint32_t k[SHA256_BLOCK] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static inline uint32_t
rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t
load(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
store(unsigned char *p, uint32_t x)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(x >> (24 - 8 * i));
}

static void
schedule(uint32_t w[SHA256_BLOCK], const unsigned char *block)
{
	for (size_t t = 0; t < 16; t++)
		w[t] = load(block + 4 * t);
	for (int t = 16; t < SHA256_BLOCK; t++) {
		uint32_t x = w[t - 15], y = w[t - 2];

		w[t] = (rotr(y, 17) ^ rotr(y, 19) ^ y >> 10) + w[t - 7] +
		    (rotr(x, 7) ^ rotr(x, 18) ^ x >> 3) + w[t - 16];
	}
}

/* s holds a to h. */
static void
compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[SHA256_BLOCK], s[8];

	schedule(w, block);
	memcpy(s, state, sizeof s);
	for (int t = 0; t < SHA256_BLOCK; t++) {
		uint32_t t1 = s[7] + (rotr(s[4], 6) ^ rotr(s[4], 11) ^ rotr(s[4], 25)) +
		    ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t];
		uint32_t t2 = (rotr(s[0], 2) ^ rotr(s[0], 13) ^ rotr(s[0], 22)) +
		    ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

void
sha256_begin(struct sha256 *h)
{
	/* Fractional parts of the square roots of the first eight primes. */
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
	};

	memcpy(h->state, start, sizeof h->state);
	h->len = 0;
}

void
sha256_add(struct sha256 *h, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	while (len > 0) {
		size_t used = h->len % SHA256_BLOCK, n = SHA256_BLOCK - used;

		if (n > len)
			n = len;
		memcpy(h->block + used, p, n);
		h->len += n;
		p += n;
		len -= n;
		if (h->len % SHA256_BLOCK == 0)
			compress(h->state, h->block);
	}
}

void
sha256_end(struct sha256 *h, unsigned char digest[SHA256_BYTES])
{
	static const unsigned char pad[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = h->len * 8;
	unsigned char length[8];
	size_t used = h->len % SHA256_BLOCK;

	sha256_add(h, pad, used < 56 ? 56 - used : 120 - used);
	store(length, (uint32_t)(bits >> 32));
	store(length + 4, (uint32_t)bits);
	sha256_add(h, length, sizeof length);
	for (size_t i = 0; i < 8; i++)
		store(digest + 4 * i, h->state[i]);
}
