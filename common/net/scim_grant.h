/* OAuth2 client credentials as text: the request (RFC 6749 section 4.4) and its answers. */
#ifndef NET_SCIM_GRANT_H
#define NET_SCIM_GRANT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#include "net/scim_error.h"

struct scim_grant {
	char *token;		/* heap, mem_wipe_free */
	int64_t lifetime_ms;	/* 0: not said */
};

/*
 * Appends the value of Authorization, "Basic …", of id and secret in the form that section 2.3.1
 * asks for, and the body.  scope may be NULL.  Returns 0, or -1 if a buffer would pass its maximum.
 */
int scim_grant_request(const char *id, const char *secret, const char *scope,
    struct buf *authorization, struct buf *body);

/* Reads an answer of success.  Returns NULL, or a static text that says what is wrong with it. */
const char *scim_grant_parse(struct scim_grant *g, const char *text, size_t len);

#endif
