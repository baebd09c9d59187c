/* AWS credentials: held, checked, read from JSON, wiped. */
#ifndef NET_CRED_H
#define NET_CRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CRED_WHY_SIZE = 700,	/* of a text that says why there are no credentials; no secret in it */
	CRED_CODE_SIZE = 65	/* of an error code */
};

struct cred {
	char *access_key;
	char *secret_key;
	char *session_token;	/* NULL for long-term keys */
	int64_t expires_ms;	/* since the Epoch, by the issuer's clock; 0: not known */
	int64_t lifetime_ms;	/* from when they were got until they end; 0: not known */
};

/*
 * Checks characters and lengths: printable ASCII without blanks and quotes, at most 128, 1024 and
 * 65536 bytes.  The usual mistake is a line end or quotes that came along from a file.  Returns
 * NULL; or a static text "holds a character that cannot be in it (a line end or quotes from a
 * file?)" with *part set to 0 (access key), 1 (secret key) or 2 (session token).
 */
const char *cred_check(const struct cred *c, int *part);

/*
 * Reads the object that credential processes, containers and instance metadata give:
 * AccessKeyId, SecretAccessKey, the token under token_member ("SessionToken" or "Token"; may be
 * absent, null or empty), Expiration (RFC 3339; may be absent or null).  Other members are
 * ignored.  now_ms is the time of getting it, since the Epoch, for lifetime_ms, which stays 0 if
 * that time seems to be over: our clock may be wrong, and the service will say.
 *
 * Returns 0 with *c filled (cred_free), or -1 with why set, which quotes nothing of the text.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html and
 * feature-container-credentials.html
 */
int cred_parse(struct cred *c, const char *text, size_t len, const char *token_member,
    int64_t now_ms, char why[CRED_WHY_SIZE]);

/*
 * Whether the text is an object that tells an error in their place: a member Code or code that is
 * not "Success".  code is then what it says if these are up to 64 letters, else "".
 */
bool cred_is_error(const char *text, size_t len, char code[CRED_CODE_SIZE]);

/* A copy of its own. */
void cred_copy(struct cred *to, const struct cred *from);

/* Wipes and frees; the struct is empty afterwards. */
void cred_free(struct cred *c);

#endif
