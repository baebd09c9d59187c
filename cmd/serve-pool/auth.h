/* Who sent a request: Signature Version 4, checked as strictly as AWS does. */
#ifndef SERVE_POOL_AUTH_H
#define SERVE_POOL_AUTH_H

#include "net/sigv4.h"
#include "role.h"
#include "session.h"

struct exchange;

struct caller {
	const struct role *role;	/* whose session it is; NULL: the user's own keys */
	char arn[ROLE_SESSION_ARN_SIZE];
};

/* What the requests of one connection mostly have in common; wiped by its owner. */
struct auth_cache {
	struct sigv4_key key;
	struct session session;		/* what token says */
	char token[SESSION_TOKEN_SIZE];	/* "": none */
};

/*
 * Finds out x->caller, x->owner and x->region.  Returns 0, or -1 with the refusal answered.
 * service is "cognito-idp", "cognito-identity" or "sts".
 */
int auth_check(struct exchange *x, const char *service);

#endif
