/* The operations of identity pools, which are another service's. */
#ifndef SERVE_POOL_IDENTITY_H
#define SERVE_POOL_IDENTITY_H

#include "base/buf.h"

struct exchange;

void identity_list_identity_pools(struct exchange *x);
void identity_describe_identity_pool(struct exchange *x);
void identity_get_identity_pool_roles(struct exchange *x);

/* Appends the resource that IAM denies x: the identity pool that it names, or all of them. */
void identity_put_resource(struct exchange *x, struct buf *b);

#endif
