/* libcrypto's calls that can fail (nth.h). */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "nth.h"

int __real_RAND_bytes(unsigned char *s, int n);
int __wrap_RAND_bytes(unsigned char *s, int n);
int
__wrap_RAND_bytes(unsigned char *s, int n)
{
	return nth_fails(NTH_LIBRARIES, "RAND_bytes", NTH_FRAME) ? 0 : __real_RAND_bytes(s, n);
}

int __real_EVP_Digest(const void *s, size_t n, unsigned char *out, unsigned *len,
    const EVP_MD *md, ENGINE *e);
int __wrap_EVP_Digest(const void *s, size_t n, unsigned char *out, unsigned *len,
    const EVP_MD *md, ENGINE *e);
int
__wrap_EVP_Digest(const void *s, size_t n, unsigned char *out, unsigned *len, const EVP_MD *md,
    ENGINE *e)
{
	return nth_fails(NTH_LIBRARIES, "EVP_Digest", NTH_FRAME) ? 0 : __real_EVP_Digest(s, n,
	    out, len, md, e);
}

EVP_MD *__real_EVP_MD_fetch(OSSL_LIB_CTX *c, const char *name, const char *query);
EVP_MD *__wrap_EVP_MD_fetch(OSSL_LIB_CTX *c, const char *name, const char *query);
EVP_MD *
__wrap_EVP_MD_fetch(OSSL_LIB_CTX *c, const char *name, const char *query)
{
	return nth_fails(NTH_LIBRARIES, "EVP_MD_fetch",
	    NTH_FRAME) ? NULL : __real_EVP_MD_fetch(c, name, query);
}

EVP_MAC *__real_EVP_MAC_fetch(OSSL_LIB_CTX *c, const char *name, const char *query);
EVP_MAC *__wrap_EVP_MAC_fetch(OSSL_LIB_CTX *c, const char *name, const char *query);
EVP_MAC *
__wrap_EVP_MAC_fetch(OSSL_LIB_CTX *c, const char *name, const char *query)
{
	return nth_fails(NTH_LIBRARIES, "EVP_MAC_fetch",
	    NTH_FRAME) ? NULL : __real_EVP_MAC_fetch(c, name, query);
}

EVP_MAC_CTX *__real_EVP_MAC_CTX_new(EVP_MAC *mac);
EVP_MAC_CTX *__wrap_EVP_MAC_CTX_new(EVP_MAC *mac);
EVP_MAC_CTX *
__wrap_EVP_MAC_CTX_new(EVP_MAC *mac)
{
	return nth_fails(NTH_LIBRARIES, "EVP_MAC_CTX_new",
	    NTH_FRAME) ? NULL : __real_EVP_MAC_CTX_new(mac);
}

EVP_MAC_CTX *__real_EVP_MAC_CTX_dup(const EVP_MAC_CTX *c);
EVP_MAC_CTX *__wrap_EVP_MAC_CTX_dup(const EVP_MAC_CTX *c);
EVP_MAC_CTX *
__wrap_EVP_MAC_CTX_dup(const EVP_MAC_CTX *c)
{
	return nth_fails(NTH_LIBRARIES, "EVP_MAC_CTX_dup",
	    NTH_FRAME) ? NULL : __real_EVP_MAC_CTX_dup(c);
}

int __real_EVP_MAC_final(EVP_MAC_CTX *c, unsigned char *out, size_t *len, size_t size);
int __wrap_EVP_MAC_final(EVP_MAC_CTX *c, unsigned char *out, size_t *len, size_t size);
int
__wrap_EVP_MAC_final(EVP_MAC_CTX *c, unsigned char *out, size_t *len, size_t size)
{
	return nth_fails(NTH_LIBRARIES, "EVP_MAC_final",
	    NTH_FRAME) ? 0 : __real_EVP_MAC_final(c, out, len, size);
}

unsigned char *__real_HMAC(const EVP_MD *md, const void *key, int key_len,
    const unsigned char *s, size_t n,
    unsigned char *out, unsigned *len);
unsigned char *__wrap_HMAC(const EVP_MD *md, const void *key, int key_len,
    const unsigned char *s, size_t n,
    unsigned char *out, unsigned *len);
unsigned char *
__wrap_HMAC(const EVP_MD *md, const void *key, int key_len, const unsigned char *s, size_t n,
    unsigned char *out, unsigned *len)
{
	return nth_fails(NTH_LIBRARIES, "HMAC", NTH_FRAME) ? NULL : __real_HMAC(md, key,
	    key_len, s, n, out, len);
}
