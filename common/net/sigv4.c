/*
 * AWS Signature Version 4: the key, the string to sign, the signature.
 *
 * What one request costs matters (thousands a second against a local service): the digest and a
 * prepared HMAC are fetched from libcrypto once a program, because fetching by name takes longer
 * than the hashing, and the derived key is the caller's to keep.
 */
#include "net/sigv4.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"

enum { DIGEST_SIZE = 32, DAY_SIZE = 8, SECRET_MAX = 1024 };

static const char algorithm[] = "AWS4-HMAC-SHA256";

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_MAC_CTX *hmac_template;

static void
fetch(void)
{
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hmac_template = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	if (sha256 == NULL || hmac_template == NULL ||
	    EVP_MAC_CTX_set_params(hmac_template, params) != 1) {
		diag_error("libcrypto: SHA-256 and HMAC are not to be had");
		exit(PROG_FAIL);
	}
	EVP_MAC_free(mac);
}

static void
digest(const void *s, size_t len, unsigned char out[DIGEST_SIZE])
{
	pthread_once(&once, fetch);
	if (EVP_Digest(len > 0 ? s : "", len, out, NULL, sha256, NULL) != 1) {
		diag_error("libcrypto: SHA-256 failed");
		exit(PROG_FAIL);
	}
}

static int
hmac(const void *key, size_t key_len, const void *s, size_t len, unsigned char out[DIGEST_SIZE])
{
	EVP_MAC_CTX *context;
	size_t n;
	int rc = -1;

	pthread_once(&once, fetch);
	context = EVP_MAC_CTX_dup(hmac_template);
	if (context != NULL && EVP_MAC_init(context, key, key_len, NULL) == 1 &&
	    EVP_MAC_update(context, s, len) == 1 &&
	    EVP_MAC_final(context, out, &n, DIGEST_SIZE) == 1 && n == DIGEST_SIZE)
		rc = 0;
	EVP_MAC_CTX_free(context);
	return rc;
}

static void
hexadecimal(const unsigned char bytes[DIGEST_SIZE], char out[SIGV4_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < DIGEST_SIZE; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

void
sigv4_sha256_hex(const void *s, size_t len, char out[SIGV4_HEX_SIZE])
{
	unsigned char bytes[DIGEST_SIZE];

	digest(s, len, bytes);
	hexadecimal(bytes, out);
}

/* day/region/service */
static int
put_scope(const struct sigv4_request *r, struct buf *b)
{
	return buf_append(b, r->date, DAY_SIZE) != 0 || buf_append_byte(b, '/') != 0 ||
	    buf_append_string(b, r->region) != 0 || buf_append_byte(b, '/') != 0 ||
	    buf_append_string(b, r->service) != 0 ? -1 : 0;
}

int
sigv4_string_to_sign(const struct sigv4_request *r, const char *canonical, size_t len,
    struct buf *b)
{
	char hash[SIGV4_HEX_SIZE];

	if (strlen(r->date) < DAY_SIZE)
		return -1;
	sigv4_sha256_hex(canonical, len, hash);
	if (buf_append_string(b, algorithm) != 0 || buf_append_byte(b, '\n') != 0 ||
	    buf_append_string(b, r->date) != 0 || buf_append_byte(b, '\n') != 0 ||
	    put_scope(r, b) != 0 || buf_append_string(b, "/aws4_request\n") != 0)
		return -1;
	return buf_append(b, hash, SIGV4_HEX_SIZE - 1);
}

/* Fills the cache for this request's day, region and service unless it already is. */
static int
derive(const struct sigv4_request *r, const char *secret, struct sigv4_key *key)
{
	unsigned char of_secret[DIGEST_SIZE], k[DIGEST_SIZE];
	char scope[sizeof key->scope], first[4 + SECRET_MAX];
	size_t secret_len = strlen(secret);
	int n, rc = -1;

	n = snprintf(scope, sizeof scope, "%.*s/%s/%s", DAY_SIZE, r->date, r->region, r->service);
	if (n < 0 || (size_t)n >= sizeof scope || secret_len > SECRET_MAX)
		return -1;
	digest(secret, secret_len, of_secret);
	if (strcmp(scope, key->scope) == 0 &&
	    memcmp(of_secret, key->secret_digest, DIGEST_SIZE) == 0)
		return 0;
	memcpy(first, "AWS4", 4);
	memcpy(first + 4, secret, secret_len);
	if (hmac(first, 4 + secret_len, r->date, DAY_SIZE, k) == 0 &&
	    hmac(k, sizeof k, r->region, strlen(r->region), k) == 0 &&
	    hmac(k, sizeof k, r->service, strlen(r->service), k) == 0 &&
	    hmac(k, sizeof k, "aws4_request", strlen("aws4_request"), key->bytes) == 0) {
		memcpy(key->scope, scope, sizeof scope);
		memcpy(key->secret_digest, of_secret, DIGEST_SIZE);
		rc = 0;
	}
	mem_wipe(first, sizeof first);
	mem_wipe(k, sizeof k);
	return rc;
}

/* canonical receives the canonical request. */
static int
sign(const struct sigv4_request *r, const char *secret, struct sigv4_key *key,
    struct buf *canonical, char out[SIGV4_HEX_SIZE])
{
	unsigned char bytes[DIGEST_SIZE];
	struct buf text;
	int rc = -1;

	buf_init(&text, SIGV4_TEXT_MAX);
	if (strlen(r->date) >= DAY_SIZE && sigv4_canonical(r, canonical) == 0 &&
	    sigv4_string_to_sign(r, canonical->data, canonical->len, &text) == 0 &&
	    derive(r, secret, key) == 0 &&
	    hmac(key->bytes, sizeof key->bytes, text.data, text.len, bytes) == 0) {
		hexadecimal(bytes, out);
		rc = 0;
	}
	buf_free(&text);
	return rc;
}

int
sigv4_signature(const struct sigv4_request *r, const char *secret, struct sigv4_key *key,
    char out[SIGV4_HEX_SIZE])
{
	struct buf canonical;
	int rc;

	buf_init(&canonical, SIGV4_TEXT_MAX);
	rc = sign(r, secret, key, &canonical, out);
	buf_wipe(&canonical);	/* it holds the session token */
	return rc;
}

int
sigv4_authorization(const struct sigv4_request *r, const char *access_key, const char *secret,
    struct sigv4_key *key, struct buf *b)
{
	char signature[SIGV4_HEX_SIZE];
	struct buf canonical;
	const char *names, *end;
	int rc = -1;

	buf_init(&canonical, SIGV4_TEXT_MAX);
	if (sign(r, secret, key, &canonical, signature) != 0)
		goto out;
	/* The list of signed names is the last line but one. */
	end = canonical.data + canonical.len - SIGV4_HEX_SIZE;
	for (names = end; names[-1] != '\n'; names--)
		;
	if (buf_append_string(b, algorithm) == 0 && buf_append_string(b, " Credential=") == 0 &&
	    buf_append_string(b, access_key) == 0 && buf_append_byte(b, '/') == 0 &&
	    buf_append_string(b, key->scope) == 0 &&
	    buf_append_string(b, "/aws4_request, SignedHeaders=") == 0 &&
	    buf_append(b, names, (size_t)(end - names)) == 0 &&
	    buf_append_string(b, ", Signature=") == 0 &&
	    buf_append_string(b, signature) == 0)
		rc = 0;
out:
	buf_wipe(&canonical);
	return rc;
}
