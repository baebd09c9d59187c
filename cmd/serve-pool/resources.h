/* The operations that ask what hangs on a user pool. */
#ifndef SERVE_POOL_RESOURCES_H
#define SERVE_POOL_RESOURCES_H

#include "realm.h"

struct exchange;

/* The Region that the request is for, in the caller's account. */
void resources_realm(const struct exchange *x, struct realm *realm);

void resources_list_user_pool_clients(struct exchange *x);
void resources_describe_user_pool_client(struct exchange *x);
void resources_list_identity_providers(struct exchange *x);
void resources_describe_identity_provider(struct exchange *x);
void resources_describe_user_pool_domain(struct exchange *x);
void resources_list_resource_servers(struct exchange *x);
void resources_get_user_pool_mfa_config(struct exchange *x);
void resources_list_tags_for_resource(struct exchange *x);
void resources_get_provisioned_limit(struct exchange *x);

#endif
