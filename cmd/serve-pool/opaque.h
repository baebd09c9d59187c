/*
 * Opaque text: bytes encrypted and authenticated under a key, as base64.  Page tokens and session
 * tokens are made of it, so the server remembers neither.
 */
#ifndef SERVE_POOL_OPAQUE_H
#define SERVE_POOL_OPAQUE_H

#include <stddef.h>

enum {
	OPAQUE_KEY_SIZE = 32,
	OPAQUE_TAG = 16,
	OPAQUE_MAX = 512	/* bytes that can be hidden */
};

/*
 * Characters of the text that hides len bytes, its NUL included.  OPAQUE_TAG + len must be a
 * multiple of 3.
 */
#define OPAQUE_SIZE(len) ((OPAQUE_TAG + (len)) / 3 * 4 + 1)

/* A key for a purpose, made from a seed: the same in every run. */
void opaque_key(unsigned char key[OPAQUE_KEY_SIZE], unsigned long long seed, const char *purpose);

/* Writes the text that hides len bytes to out, OPAQUE_SIZE(len) characters. */
void opaque_hide(const unsigned char key[OPAQUE_KEY_SIZE], const void *plain, size_t len,
    char *out);

/*
 * The opposite.  Returns 0, or -1 if the text was not made by opaque_hide under this key from
 * len bytes.
 */
int opaque_show(const unsigned char key[OPAQUE_KEY_SIZE], const char *text, size_t text_len,
    void *plain, size_t len);

/* HMAC-SHA256 of len bytes, for what else is derived from a key. */
void opaque_mac(const unsigned char key[OPAQUE_KEY_SIZE], const void *s, size_t len,
    unsigned char out[32]);

#endif
