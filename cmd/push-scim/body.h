/* The bodies of requests, made from the input's resource and from the server's. */
#ifndef PUSH_SCIM_BODY_H
#define PUSH_SCIM_BODY_H

#include "resource.h"

/*
 * All of these append to b and return 0, or -1 if it would pass its maximum.
 *
 * body_create: the resource without id, meta and members, without null and what is empty.
 */
int body_create(struct buf *b, const struct json *ours, const struct rules *rules);

/* An element of a multi-valued attribute, as it is sent. */
int body_element(struct buf *b, const struct json *element, const struct rules *rules);

/* A PatchOp around operations. */
int body_patch(struct buf *b, const struct buf *ops);

/* For PUT: the server's resource with what ours states. */
int body_put(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct rules *rules);

/* For PUT: the server's group with further members, JSON objects separated by commas. */
int body_put_members(struct buf *b, const struct json *theirs, const struct buf *members);

#endif
