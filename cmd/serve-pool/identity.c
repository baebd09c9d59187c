/* Identity pools (identity.h). */
#include "identity.h"

#include <string.h>

#include "exchange.h"
#include "listing.h"
#include "resources.h"

void
identity_list_identity_pools(struct exchange *x)
{
	const struct directory *d = &x->server->directory;
	const struct directory_realm *p;
	struct listing l = {.table = &d->identities, .member = "IdentityPools"};
	struct realm realm;

	resources_realm(x, &realm);
	p = directory_identities(d, &realm);
	if (p != NULL) {
		l.list = p->list;
		l.count = p->count;
	}
	listing_answer(x, &l);
}

/* The identity pool that x asks for; or NULL with the refusal answered. */
static const struct store_item *
find(struct exchange *x)
{
	const char *id = x->params.name.data;
	const struct realm *there = NULL;
	const struct store_item *item = directory_identity(&x->server->directory, id, &there);
	struct realm here;

	resources_realm(x, &here);
	if (item == NULL || strcmp(there->region, here.region) != 0) {
		answer_error(&x->answer, 400, "ResourceNotFoundException",
		    "IdentityPool '%s' not found.", id);
		return NULL;
	}
	if (strcmp(there->account, here.account) != 0) {
		answer_error(&x->answer, 400, "NotAuthorizedException",
		    "Access to IdentityPool '%s' is forbidden.", id);
		return NULL;
	}
	return item;
}

void
identity_describe_identity_pool(struct exchange *x)
{
	const struct store_item *item = find(x);

	if (item != NULL)
		buf_append(&x->answer.body, item->text, item->len);
}

void
identity_get_identity_pool_roles(struct exchange *x)
{
	const struct store_item *item;

	if (find(x) == NULL)
		return;
	item = directory_roles(&x->server->directory, x->params.name.data);
	buf_append(&x->answer.body, item->text, item->len);
}

void
identity_put_resource(struct exchange *x, struct buf *b)
{
	const char *id = params_identity_pool(x);
	struct realm realm;

	resources_realm(x, &realm);
	buf_appendf(b, "arn:%s:cognito-identity:%s:%s:identitypool/%s", realm.partition,
	    realm.region, realm.account,
	    id != NULL ? id : "");
}
