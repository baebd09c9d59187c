/* The members of Cognito requests, read and checked as the service model says. */
#ifndef SERVE_POOL_PARAMS_H
#define SERVE_POOL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

struct check;
struct exchange;

/* Which members an operation has besides UserPoolId. */
enum {
	PARAM_GROUP = 1,
	PARAM_USER = 2,
	PARAM_PAGED = 4,		/* Limit and the token */
	PARAM_SEARCH = 8,		/* Filter and AttributesToGet; the token is PaginationToken */
	/* of writes */
	PARAM_ATTRIBUTES = 16,		/* UserAttributes, ClientMetadata */
	PARAM_OPTIONAL = 32,		/* they need not be there */
	PARAM_NAMES = 64,		/* UserAttributeNames */
	PARAM_CREATE = 128,		/* the others of AdminCreateUser */
	PARAM_PASSWORD = 256,		/* Password, Permanent */
	PARAM_GROUP_FORM = 512,		/* Description, RoleArn, Precedence */
	PARAM_LINK = 1024,		/* DestinationUser, SourceUser */
	PARAM_UNLINK = 2048,		/* User */
	PARAM_SCHEMA = 4096,		/* CustomAttributes */
	PARAM_WRITES = 8192 - 16,
	/* of import jobs */
	PARAM_JOB_FORM = 8192,		/* JobName, CloudWatchLogsRoleArn */
	PARAM_JOB = 16384,		/* JobId */
	PARAM_JOB_LIST = 32768,		/* MaxResults, PaginationToken */
	PARAM_IMPORTS = 65536 - 8192,
	PARAM_NO_POOL = 65536,		/* there is no UserPoolId */
	/* of what hangs on pools, and of identity pools */
	PARAM_PAGE = 1 << 17,		/* MaxResults, from 1 to 60, and NextToken */
	PARAM_PAGE_FROM_0 = 1 << 18,	/* or from 0 */
	PARAM_PAGE_50 = 1 << 19,	/* or to 50 */
	PARAM_PAGE_MUST = 1 << 20,	/* there must be one */
	PARAM_CLIENT = 1 << 21,		/* ClientId */
	PARAM_PROVIDER = 1 << 22,	/* ProviderName */
	PARAM_DOMAIN = 1 << 23,		/* Domain */
	PARAM_RESOURCE = 1 << 24,	/* ResourceArn */
	PARAM_DEFINITION = 1 << 25,	/* LimitDefinition */
	PARAM_IDENTITY = 1 << 26,	/* the service is that of identity pools */
	PARAM_IDENTITY_POOL = 1 << 27,	/* IdentityPoolId */
	PARAM_RESOURCES = (1 << 28) - (1 << 17)
};

/* The members of writes: tokens, 0 if they are null or not there. */
struct params_write {
	uint32_t attributes;		/* or their names, or CustomAttributes: the array */
	uint32_t password, role, description, precedence, destination, source, job;
	bool permanent, force_alias, resend, suppress, sms, email;
};

enum { PARAMS_LIMIT_MAX = 60 };

struct params {
	struct tok_list list;		/* of the body */
	struct buf pool, name, filter, token;	/* decoded; name: of the group, user or job */
	struct buf key;			/* name as a canonical JSON string */
	struct buf group;		/* that of the group, where key is the user's */
	bool has_token;
	int limit;			/* 1 to 60; or MaxResults */
	bool has_limit;
	bool parsed;			/* the body is a JSON object */
	uint32_t attributes;		/* the token of AttributesToGet, or 0 */
	struct params_write write;
};

void params_init(struct params *p);

void params_free(struct params *p);

/* Forgets the request before. */
void params_start(struct params *p);

/* Whether s has the form of a user pool's id: [\w-]+_[0-9a-zA-Z]+, at most 55 bytes. */
bool params_is_pool_id(const char *s);

/*
 * The id that UserPoolId says, before all else is looked at; NULL if it is none.  Until the next
 * request.
 */
const char *params_pool(struct exchange *x);

/* The same for IdentityPoolId. */
const char *params_identity_pool(struct exchange *x);

/*
 * Reads a page token of at most max characters, 0: of any length.  member is what it is called in
 * the request, shown in messages.
 */
void params_read_token(struct check *c, const char *member, const char *shown, size_t max);

/*
 * Reads x->body into x->params.  Returns 0, or -1 with the error answered: all that is wrong,
 * in AWS's words.
 */
int params_read(struct exchange *x, unsigned members);

#endif
