/*
 * AWS Signature Version 4: a pure function from request, credentials and time to header values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
#ifndef NET_SIGV4_H
#define NET_SIGV4_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct sigv4_header {
	const char *name;	/* any case; sorted and lower-cased here */
	const char *value;	/* outer white space trimmed, inner runs collapsed for signing */
};

struct sigv4_request {
	const char *method;
	const char *path;		/* absolute, percent-encoded once; "" counts as "/" */
	const char *query;		/* without '?', percent-encoded; "" or NULL for none */
	const struct sigv4_header *headers;	/* all that are signed, host and x-amz-date too */
	size_t header_count;
	const void *body;
	size_t body_len;
	const char *region, *service;
	const char *date;		/* x-amz-date's value, 20150830T123600Z */
};

enum {
	SIGV4_HEADERS_MAX = 64,
	SIGV4_QUERY_MAX = 64,		/* parameters of the query */
	SIGV4_HEX_SIZE = 65,		/* a SHA-256 in hexadecimal with its NUL */
	SIGV4_TEXT_MAX = 256 * 1024	/* of the canonical request */
};

/* A signing key for one day, region and service; kept so that four of five HMACs are saved. */
struct sigv4_key {
	unsigned char bytes[32];
	char scope[160];	/* what it is for: "date/region/service"; "" when empty */
	unsigned char secret_digest[32];	/* of the secret it was derived from */
};

/*
 * Appends the canonical request to b (for tests and for a verifier).
 *
 * Dot segments and double slashes leave the path, and its bytes are encoded once more, as every
 * service but S3 does.  Headers of the same name become one line, their values joined by "," in
 * the order given.
 *
 * Returns 0; or -1 if a header's name is empty or it holds CR or LF, there are more than
 * SIGV4_HEADERS_MAX headers or SIGV4_QUERY_MAX parameters, or b's maximum is passed.
 */
int sigv4_canonical(const struct sigv4_request *r, struct buf *b);

/* Appends the string to sign made from a canonical request.  Returns 0 or -1. */
int sigv4_string_to_sign(const struct sigv4_request *r, const char *canonical, size_t len,
    struct buf *b);

/*
 * Computes the signature in hexadecimal.  key is a cache: zeroed before the first use, reused when
 * it fits, wiped with mem_wipe by its owner.
 * Returns 0, or -1 as sigv4_canonical, or if libcrypto fails.
 */
int sigv4_signature(const struct sigv4_request *r, const char *secret, struct sigv4_key *key,
    char out[SIGV4_HEX_SIZE]);

/*
 * Appends the value of the Authorization header:
 * "AWS4-HMAC-SHA256 Credential=.../..., SignedHeaders=..., Signature=...".  Returns 0 or -1.
 */
int sigv4_authorization(const struct sigv4_request *r, const char *access_key, const char *secret,
    struct sigv4_key *key, struct buf *b);

/*
 * The SHA-256 of len bytes in lower-case hexadecimal.  Ends the program if libcrypto cannot give
 * a SHA-256 at all (a broken openssl.cnf): nothing here could go on.
 */
void sigv4_sha256_hex(const void *s, size_t len, char out[SIGV4_HEX_SIZE]);

#endif
