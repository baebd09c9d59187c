/* The bodies of requests, made from the input's resource and from the server's. */
#ifndef JSON_SCIM_BODY_H
#define JSON_SCIM_BODY_H

#include "json/scim_resource.h"

/*
 * All of these append to b and return 0, or -1 if it would pass its maximum.
 *
 * scim_body_create: the resource without id, meta and members, without null and what is empty.
 */
int scim_body_create(struct buf *b, const struct json *ours, const struct scim_rules *rules);

/* An element of a multi-valued attribute, as it is sent. */
int scim_body_element(struct buf *b, const struct json *element, const struct scim_rules *rules);

/* A PatchOp around operations. */
int scim_body_patch(struct buf *b, const struct buf *ops);

/* For PUT: the server's resource with what ours states. */
int scim_body_put(struct buf *b, const struct json *ours, const struct json *theirs,
    const struct scim_rules *rules);

/*
 * For PUT: the server's group with further members, JSON objects separated by commas, and without
 * those that is_out (or NULL) says.
 */
int scim_body_put_members(struct buf *b, const struct json *theirs, const struct buf *members,
    bool (*is_out)(void *arg, const struct json *member), void *arg);

#endif
