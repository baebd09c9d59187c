/* AWS credentials: held, checked and wiped. */
#ifndef NET_CRED_H
#define NET_CRED_H

#include <stdint.h>

struct cred {
	char *access_key;
	char *secret_key;
	char *session_token;	/* NULL for long-term keys */
	int64_t expires_ms;	/* since the Epoch; 0: not known */
	const char *provider;	/* where they come from, for -v: "environment" */
};

/*
 * Reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and
 * AWS_CREDENTIAL_EXPIRATION.  Returns 0; or -1 with one line printed that says what is missing or
 * malformed and what to do (never a value).  Fill with zeroes before; free with cred_free.
 */
int cred_from_environment(struct cred *c);

/* Wipes and frees; the struct is empty afterwards. */
void cred_free(struct cred *c);

#endif
