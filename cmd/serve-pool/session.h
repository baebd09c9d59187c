/*
 * Temporary keys of an assumed role.  Nothing is remembered: the session token holds, hidden, what
 * there is to know, and the secret key follows from the access key.
 */
#ifndef SERVE_POOL_SESSION_H
#define SERVE_POOL_SESSION_H

#include <stdint.h>

#include "opaque.h"
#include "server.h"

enum {
	SESSION_KEY_SIZE = 21,		/* ASIA and 16 more */
	SESSION_SECRET_SIZE = 41,
	SESSION_NAME_SIZE = 65,
	SESSION_HIDDEN = 320,		/* padded, so that the token is as long as AWS's are */
	SESSION_TOKEN_SIZE = OPAQUE_SIZE(SESSION_HIDDEN)
};

struct session {
	char access_key[SESSION_KEY_SIZE];
	char secret_key[SESSION_SECRET_SIZE];
	char name[SESSION_NAME_SIZE];
	const struct role *role;	/* whose it is */
	int64_t expires_ms;
};

/*
 * Makes the keys of the server's next session: of a role of the server's, with name (at most 64
 * bytes) and end.
 */
void session_make(struct server *s, const struct role *role, const char *name, int64_t expires_ms,
    struct session *session, char token[SESSION_TOKEN_SIZE]);

/* Reads a token.  Returns 0, or -1 if this server did not make it, or has no such role. */
int session_read(const struct server *s, const char *token, struct session *session);

#endif
