/* The members of Cognito requests, read and checked as the service model says. */
#ifndef SERVE_POOL_PARAMS_H
#define SERVE_POOL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

struct exchange;

/* Which members an operation has besides UserPoolId. */
enum {
	PARAM_GROUP = 1,
	PARAM_USER = 2,
	PARAM_PAGED = 4,		/* Limit and the token */
	PARAM_SEARCH = 8		/* Filter and AttributesToGet; the token is PaginationToken */
};

enum { PARAMS_LIMIT_MAX = 60 };

struct params {
	struct tok_list list;		/* of the body */
	struct buf pool, name, filter, token;	/* decoded; name: of the group or the user */
	struct buf key;			/* name as a canonical JSON string */
	bool has_token;
	int limit;			/* 1 to 60 */
	bool has_limit;
	uint32_t attributes;		/* the token of AttributesToGet, or 0 */
};

void params_init(struct params *p);

void params_free(struct params *p);

/* Forgets the request before. */
void params_start(struct params *p);

/* Whether s has the form of a user pool's id: [\w-]+_[0-9a-zA-Z]+, at most 55 bytes. */
bool params_is_pool_id(const char *s);

/*
 * Reads x->body into x->params.  Returns 0, or -1 with the error answered: all that is wrong,
 * in AWS's words.
 */
int params_read(struct exchange *x, unsigned members);

#endif
