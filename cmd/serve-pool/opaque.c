/*
 * Opaque text (opaque.h): the tag is an HMAC of the plain bytes, and the key stream is made
 * from the tag (the synthetic-IV construction), so that no nonce has to be kept unique.
 */
#include "opaque.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/diag.h"
#include "base/prog.h"

void
opaque_mac(const unsigned char key[OPAQUE_KEY_SIZE], const void *s, size_t len,
    unsigned char out[32])
{
	/*
	 * Fails only when libcrypto has no SHA-256 or no memory; no request can be answered
	 * then.
	 */
	if (HMAC(EVP_sha256(), key, OPAQUE_KEY_SIZE, s, len, out, NULL) == NULL) {
		diag_error("libcrypto: cannot compute an HMAC");
		exit(PROG_FAIL);
	}
}

void
opaque_key(unsigned char key[OPAQUE_KEY_SIZE], unsigned long long seed, const char *purpose)
{
	unsigned char root[OPAQUE_KEY_SIZE] = {0};

	memcpy(root, &seed, sizeof seed);
	opaque_mac(root, purpose, strlen(purpose), key);
}

/* The tag: 'T' keeps it apart from the key stream. */
static void
tag_of(const unsigned char key[OPAQUE_KEY_SIZE], const void *plain, size_t len,
    unsigned char tag[32])
{
	unsigned char text[1 + OPAQUE_MAX];

	text[0] = 'T';
	memcpy(text + 1, plain, len);
	opaque_mac(key, text, 1 + len, tag);
}

static void
stream(const unsigned char key[OPAQUE_KEY_SIZE], const unsigned char *tag, unsigned char *s,
    size_t len)
{
	unsigned char text[1 + OPAQUE_TAG + 1], block[32];
	size_t i;

	text[0] = 'S';
	memcpy(text + 1, tag, OPAQUE_TAG);
	for (i = 0; i < len; i++) {
		if (i % sizeof block == 0) {
			text[1 + OPAQUE_TAG] = (unsigned char)(i / sizeof block);
			opaque_mac(key, text, sizeof text, block);
		}
		s[i] ^= block[i % sizeof block];
	}
}

void
opaque_hide(const unsigned char key[OPAQUE_KEY_SIZE], const void *plain, size_t len,
    char *out)
{
	unsigned char bytes[OPAQUE_TAG + OPAQUE_MAX], tag[32];

	tag_of(key, plain, len, tag);
	memcpy(bytes, tag, OPAQUE_TAG);
	memcpy(bytes + OPAQUE_TAG, plain, len);
	stream(key, bytes, bytes + OPAQUE_TAG, len);
	EVP_EncodeBlock((unsigned char *)out, bytes, (int)(OPAQUE_TAG + len));
}

int
opaque_show(const unsigned char key[OPAQUE_KEY_SIZE], const char *text, size_t text_len,
    void *plain, size_t len)
{
	unsigned char bytes[OPAQUE_TAG + OPAQUE_MAX], tag[32];
	char again[OPAQUE_SIZE(OPAQUE_MAX)];

	if (text_len != OPAQUE_SIZE(len) - 1 || EVP_DecodeBlock(bytes, (const unsigned char *)text,
	    (int)text_len) != (int)(OPAQUE_TAG + len))
		return -1;
	/* The decoder takes a '=' anywhere for an 'A'. */
	EVP_EncodeBlock((unsigned char *)again, bytes, (int)(OPAQUE_TAG + len));
	if (memcmp(again, text, text_len) != 0)
		return -1;
	stream(key, bytes, bytes + OPAQUE_TAG, len);
	tag_of(key, bytes + OPAQUE_TAG, len, tag);
	if (CRYPTO_memcmp(tag, bytes, OPAQUE_TAG) != 0)
		return -1;
	memcpy(plain, bytes + OPAQUE_TAG, len);
	return 0;
}
