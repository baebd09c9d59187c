/* What AssumeRole and AssumeRoleWithWebIdentity are asked for. */
#ifndef SERVE_POOL_STS_REQUEST_H
#define SERVE_POOL_STS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

/* The texts are x->form's; NULL: not there. */
struct sts_request {
	const char *role, *name;
	const char *external_id, *serial, *code, *source_identity;	/* AssumeRole's */
	const char *token;		/* AssumeRoleWithWebIdentity's */
	int64_t seconds;
	bool packs;			/* policies or tags came */
	size_t packed;			/* the bytes of both */
};

/* Reads the operation's members.  Returns 0, or -1 with the error answered. */
int sts_request_read(struct exchange *x, struct sts_request *r);

#endif
