/* SHA-256: the examples of FIPS 180-4, and libcrypto's word for every length around a block. */
#include <openssl/evp.h>

#include "base/sha256.h"
#include "tap.h"

static void
digest_in(const char *text, size_t len, size_t piece, char hex[2 * SHA256_BYTES + 1])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 h;

	sha256_begin(&h);
	for (size_t at = 0; at < len; at += piece)
		sha256_add(&h, text + at, len - at < piece ? len - at : piece);
	sha256_end(&h, digest);
	for (int i = 0; i < SHA256_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static bool
is_theirs(const char *text, size_t len, const char *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char theirs[2 * SHA256_BYTES + 1];

	if (EVP_Digest(text, len, digest, NULL, EVP_sha256(), NULL) != 1)
		return false;
	for (int i = 0; i < SHA256_BYTES; i++)
		snprintf(theirs + 2 * i, 3, "%02x", digest[i]);
	return strcmp(hex, theirs) == 0;
}

int
main(void)
{
	char hex[2 * SHA256_BYTES + 1], text[300];
	bool same = true;

	digest_in("", 0, 1, hex);
	is(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "nothing");
	digest_in("abc", 3, 3, hex);
	is(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc");
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7 + i / 256);
	for (size_t len = 0; len <= sizeof text; len++)
		for (size_t piece = 1; piece <= 130; piece += 43) {
			digest_in(text, len, piece, hex);
			same &= is_theirs(text, len, hex);
		}
	ok(same, "every length up to 300, in pieces, as libcrypto has it");
	return tap_done();
}
