/* What hangs on a user pool (resources.h). */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "listing.h"

void
resources_realm(const struct exchange *x, struct realm *realm)
{
	memset(realm, 0, sizeof *realm);
	snprintf(realm->partition, sizeof realm->partition, "%s", x->owner->partition);
	snprintf(realm->region, sizeof realm->region, "%s", x->region);
	snprintf(realm->account, sizeof realm->account, "%s", x->owner->account);
}

static void
list(struct exchange *x, enum directory_kind kind, const char *member)
{
	const struct directory *d = &x->server->directory;
	const struct directory_pool *pool = directory_pool(d, x->pool->id);
	const struct store_table *t = &d->part[kind];
	struct listing l = {.table = t, .member = member};

	if (pool != NULL && pool->range[kind].count > 0) {
		l.list = t->order + pool->range[kind].first;
		l.count = pool->range[kind].count;
	}
	listing_answer(x, &l);
}

/* {"MEMBER":ITEM}, or that there is no such thing. */
static void
describe(struct exchange *x, enum directory_kind kind, const char *member, const char *thing)
{
	const struct store_item *item = directory_part(&x->server->directory, kind, x->pool->id,
	    x->params.key.data);
	struct buf *b = &x->answer.body;

	if (item == NULL) {
		answer_error(&x->answer, 400, "ResourceNotFoundException", "%s %s does not exist.",
		    thing, buf_string(&x->params.name));
		return;
	}
	buf_appendf(b, "{\"%s\":", member);
	buf_append(b, item->text, item->len);
	buf_append_byte(b, '}');
}

/* What the directory says, or else what is to be said of a pool that it does not know. */
static void
put(struct exchange *x, const struct store_item *item, const char *otherwise)
{
	if (item != NULL)
		buf_append(&x->answer.body, item->text, item->len);
	else
		buf_append_string(&x->answer.body, otherwise);
}

void
resources_list_user_pool_clients(struct exchange *x)
{
	list(x, DIRECTORY_CLIENTS, "UserPoolClients");
}

void
resources_describe_user_pool_client(struct exchange *x)
{
	describe(x, DIRECTORY_CLIENTS, "UserPoolClient", "User pool client");
}

void
resources_list_identity_providers(struct exchange *x)
{
	list(x, DIRECTORY_PROVIDERS, "Providers");
}

void
resources_describe_identity_provider(struct exchange *x)
{
	describe(x, DIRECTORY_PROVIDERS, "IdentityProvider", "Identity provider");
}

void
resources_list_resource_servers(struct exchange *x)
{
	list(x, DIRECTORY_SERVERS, "ResourceServers");
}

void
resources_get_user_pool_mfa_config(struct exchange *x)
{
	put(x, directory_mfa(&x->server->directory, x->pool->id), "{\"MfaConfiguration\":\"OFF\"}");
}

/* A domain that is not there has a description, which is empty. */
void
resources_describe_user_pool_domain(struct exchange *x)
{
	struct realm realm;

	resources_realm(x, &realm);
	put(x, directory_domain(&x->server->directory, &realm, x->params.key.data),
	    "{\"DomainDescription\":{}}");
}

void
resources_list_tags_for_resource(struct exchange *x)
{
	struct realm here, there;
	const char *id = realm_of_arn(&there, x->params.name.data);

	resources_realm(x, &here);
	if (id == NULL)
		answer_error(&x->answer, 400, "InvalidParameterException",
		    "Resource ARN is not that of a user pool.");
	else if (!realm_is_same(&here, &there) ||
	    pools_find(&x->server->pools, there.region, id) == NULL)
		answer_error(&x->answer, 400, "ResourceNotFoundException",
		    "User pool %s does not exist.", id);
	else
		put(x, directory_tags(&x->server->directory, id), "{\"Tags\":{}}");
}

/*
 * What an account has that has bought nothing.  Source: "Quotas in Amazon Cognito" of the developer
 * guide.
 */
static const struct {
	const char *category;
	int rate;
} free_limits[] = {
	{"UserAuthentication", 120}, {"UserCreation", 50}, {"UserFederation", 25},
	{"UserAccountRecovery", 30}, {"UserRead", 120}, {"UserUpdate", 25}, {"UserToken", 120},
	{"UserResourceRead", 50}, {"UserResourceUpdate", 25}, {"UserList", 30},
	{"UserPoolRead", 15}, {"UserPoolUpdate", 15}, {"UserPoolResourceRead", 20},
	{"UserPoolResourceUpdate", 15}, {"UserPoolClientRead", 15}, {"UserPoolClientUpdate", 15},
	{"ClientAuthentication", 150}
};

void
resources_get_provisioned_limit(struct exchange *x)
{
	const struct store_item *item;
	const char *category = buf_string(&x->params.name);
	struct realm realm;
	char said[256] = "";
	size_t i;

	resources_realm(x, &realm);
	item = directory_limit(&x->server->directory, &realm, buf_string(&x->params.key));
	for (i = 0; i < sizeof free_limits / sizeof *free_limits; i++)
		if (x->params.key.len > 0 && strcmp(free_limits[i].category, category) == 0)
			snprintf(said, sizeof said, "{\"Limit\":{\"LimitDefinition\":"
			    "{\"LimitClass\":\"API_CATEGORY\",\"Attributes\":{\"Category\":"
			    "\"%s\"}},\"ProvisionedLimitValue\":%d,\"FreeLimitValue\":%d}}",
			    category, free_limits[i].rate, free_limits[i].rate);
	if (item == NULL && said[0] == '\0')
		answer_error(&x->answer, 400, "InvalidParameterException",
		    "The limit definition names no category of requests.");
	else
		put(x, item, said);
}
