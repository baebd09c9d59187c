/* What every command that reads a user pool says: requests about it, and the source in the seal. */
#ifndef NET_POOL_H
#define NET_POOL_H

#include <stdbool.h>

#include "base/buf.h"
#include "json/seal.h"
#include "net/aws.h"

/* A request with a name of 256 characters, each byte of each escaped to six, has room to spare. */
enum { POOL_REQUEST_MAX = 16 * 1024 };

/*
 * Replaces b's content by a request about the pool: UserPoolId; the string member name, if that is
 * not NULL; the largest Limit, if paged.  b's maximum is POOL_REQUEST_MAX.  Returns 0, or -1 if
 * value is too long.
 */
int pool_request(struct buf *b, const char *pool, const char *name, const char *value,
    bool paged);

/*
 * Sets the seal's source, "ENDPOINT/POOL/KIND", or "ENDPOINT/KIND" where pool is NULL, its scope,
 * and started to now.
 */
void pool_describe(struct seal *seal, const struct aws_client *c, const char *pool,
    const char *kind, const char *scope);

#endif
