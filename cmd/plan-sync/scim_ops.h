/*
 * Resources compared, as operations have them: Before and After hold the top-level members that differ,
 * After as WANT has them.  What WANT does not have at all is left as it is; null and [] say that there
 * is nothing (json/scim_compare.h).
 */
#ifndef PLAN_SYNC_SCIM_OPS_H
#define PLAN_SYNC_SCIM_OPS_H

#include "attributes.h"

/* As attributes_compare has it; active is none of the members: that is enabling, or disabling. */
void scim_ops_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c);

/* As attributes_addresses has it. */
void scim_ops_addresses(struct sync *s, const struct half *h,
    void (*take)(struct sync *s, const struct keyset_key *key, void *arg), void *arg);

/* The resource as it is created; a member of s->row. */
void scim_ops_put_new(struct sync *s, const char *name, const struct half *h);

/* The resource as it is; where it lies in the half's text. */
const char *scim_ops_resource(const struct half *h, size_t *len);

#endif
