/*
 * What is lost of what hangs on a pool: identity providers, clients, roles of groups, domains,
 * scopes, limits.
 */
#include <string.h>

#include "compare.h"
#include "roll.h"

static const struct spot none = { .there = false };

/* What a list lacks that the other one has: clients, providers and scopes by their names. */
static void
compare_list(struct compare *c, struct spot name, const char *list, const char *member,
    struct spot from, struct spot to, const char *why)
{
	struct spot f = spot_member(from, member), t = spot_member(to, member);

	if (roll_holds(t, f))
		return;
	compare_at_item(c, list, name, member);
	compare_lose(c, f, t, LOST_APPLICATIONS, why);
}

/*
 * Whether a record that has the things has more of them than their list says: if the action by which
 * each is described was denied, it has not (describe-pool's Missing).
 */
static bool
is_described(struct spot pool, const char *action)
{
	struct spot missing = spot_member(pool, "Missing");

	for (struct spot i = spot_first(missing); i.there; i = spot_next(i, missing))
		if (spot_is(i, action))
			return false;
	return true;
}

/* Identity providers. */

static void
compare_mapping(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "AttributeMapping");
	struct spot t = spot_member(to, "AttributeMapping");
	struct spot subject = spot_member(f, "username"), other = spot_member(t, "username");

	compare_at_item(c, "IdentityProviders", name, "AttributeMapping");
	if ((subject.there || other.there) && !spot_same(subject, other))
		compare_lose(c, f, t, LOST_USERS, "who signs in by this provider is told by another "
		    "attribute, and is somebody else");
	else if ((f.there || t.there) && !spot_same(f, t))
		compare_lose(c, f, t, LOST_VALUES, "attributes are taken from others of the provider "
		    "at each sign-in");
}

static void
compare_providers(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "IdentityProviders";
	static const char action[] = "cognito-idp:DescribeIdentityProvider";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	bool says = is_described(from, action), other_says = is_described(to, action);
	struct roll others;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&others, t, "ProviderName");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "ProviderName");
		struct spot other = roll_find(&others, name, 0);
		struct spot type = spot_member(i, "ProviderType");

		compare_at_item(c, list, name, NULL);
		if (!other.there) {
			compare_lose(c, i, none, LOST_USERS, "users of this provider cannot sign in: "
			    "their profiles belong to nobody");
			continue;
		}
		if (type.there && !spot_same(type, spot_member(other, "ProviderType"))) {
			compare_at_item(c, list, name, "ProviderType");
			compare_lose(c, type, spot_member(other, "ProviderType"), LOST_USERS,
			    "a provider of the same name that is another");
		}
		if (!says || !other_says) {
			compare_at_item(c, list, name, "AttributeMapping");
			compare_unknown(c, says, other_says);
			continue;
		}
		compare_mapping(c, name, i, other);
		compare_list(c, name, list, "IdpIdentifiers", i, other,
		    "addresses and applications that choose the provider by these do not find it");
	}
	roll_free(&others);
}

/* Clients. */

/* The clients of both by name, those of the target by id too. */
struct clients {
	struct roll here, there, ids;
};

/*
 * In another state of the same pool the same id is the same client.  Else the name tells, which may
 * be there twice: the nth is the counterpart of the nth.  Returns none if there are fewer.
 */
static struct spot
counterpart(const struct clients *all, struct spot name, struct spot client)
{
	struct spot same = roll_find(&all->ids, spot_member(client, "ClientId"), 0);

	return same.there ? same : roll_find(&all->there, name,
	    roll_before(&all->here, name, client));
}

static void
compare_client(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	static const char list[] = "UserPoolClients";
	static const struct {
		const char *member, *why;
	} lists[] = {
		{ "ExplicitAuthFlows", "ways to sign in that the application may not use" },
		{ "SupportedIdentityProviders", "providers that the application does not offer" },
		{ "AllowedOAuthFlows", "grants that the application may not use" },
		{ "AllowedOAuthScopes", "scopes that the application does not get" },
		{ "CallbackURLs", "addresses that people are not sent back to" },
		{ "LogoutURLs", "addresses that people are not sent back to" },
		{ "ReadAttributes", "attributes that the application does not see" },
		{ "WriteAttributes", "attributes that the application may not write" }
	};
	bool secret = spot_is_true(spot_member(from, "HasClientSecret"));
	struct spot f = spot_member(from, "ClientId"), t = spot_member(to, "ClientId");

	if (!spot_same(f, t)) {
		compare_at_item(c, list, name, "ClientId");
		compare_lose(c, f, t, LOST_APPLICATIONS, secret ? "another id and another secret: the "
		    "application needs both" : "another id: the application needs it");
	}
	f = spot_member(from, "HasClientSecret");
	t = spot_member(to, "HasClientSecret");
	compare_at_item(c, list, name, "HasClientSecret");
	/* It is there of each client that was described. */
	if (!f.there || !t.there) {
		compare_unknown(c, f.there, t.there);
		return;
	}
	if (secret != spot_is_true(t))
		compare_lose(c, f, t, LOST_APPLICATIONS, secret ? "the application proves itself by a "
		    "secret that is not asked for" : "the application has no secret, which is asked for");
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		compare_list(c, name, list, lists[i].member, from, to, lists[i].why);
}

static void
compare_clients(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "UserPoolClients";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct clients all;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&all.here, f, "ClientName");
	roll_of_list(&all.there, t, "ClientName");
	roll_of_list(&all.ids, t, "ClientId");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "ClientName");
		struct spot other = counterpart(&all, name, i);

		if (other.there) {
			compare_client(c, name, i, other);
		} else {
			compare_at_item(c, list, name, NULL);
			compare_lose(c, i, none, LOST_APPLICATIONS,
			    "no client of this name: the application cannot sign anybody in");
		}
	}
	roll_free(&all.here);
	roll_free(&all.there);
	roll_free(&all.ids);
}

/* Groups. */

/* The fifth part of an ARN: "arn:aws:iam::123456789012:role/x"; b gets the account. */
static void
put_account(struct buf *b, struct spot arn)
{
	struct buf text;
	const char *s;

	buf_init(&text, SIZE_MAX);
	spot_put_text(&text, arn);
	s = buf_string(&text);
	for (int i = 0; i < 4 && s != NULL; i++)
		s = strchr(s, ':') != NULL ? strchr(s, ':') + 1 : NULL;
	if (s != NULL)
		(void)buf_append(b, s, strcspn(s, ":"));
	buf_free(&text);
}

static bool
is_of_account(struct spot arn, struct spot pool)
{
	struct buf a, b;
	bool same;

	buf_init(&a, SIZE_MAX);
	buf_init(&b, SIZE_MAX);
	put_account(&a, arn);
	put_account(&b, spot_member(pool, "Arn"));
	/* Of a pool that does not say whose it is nothing can be said either. */
	same = b.len == 0 || strcmp(buf_string(&a), buf_string(&b)) == 0;
	buf_free(&a);
	buf_free(&b);
	return same;
}

/* Whose groups have none: the copy puts people into them all the same. */
static void
compare_gains(struct compare *c, struct spot f, struct spot t)
{
	static const char list[] = "GroupRoles";
	struct roll have;

	roll_of_list(&have, f, "GroupName");
	for (struct spot i = spot_first(t); i.there; i = spot_next(i, t)) {
		struct spot name = spot_member(i, "GroupName");

		if (roll_find(&have, name, 0).there)
			continue;
		compare_at_item(c, list, name, "RoleArn");
		compare_lose(c, none, spot_member(i, "RoleArn"), LOST_GROUPS,
		    "members of this group get a role that it does not have at the source");
	}
	roll_free(&have);
}

static void
compare_groups(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "GroupRoles";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct roll others;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&others, t, "GroupName");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "GroupName");
		struct spot role = spot_member(i, "RoleArn");
		struct spot other = spot_member(roll_find(&others, name, 0), "RoleArn");

		compare_at_item(c, list, name, "RoleArn");
		if (!is_of_account(role, to))
			compare_lose(c, role, other, LOST_GROUPS, other.there && !spot_same(role, other) ?
			    "another role: this one is of another account than the target" :
			    "the role is of another account than the target");
		else if (!spot_same(role, other))
			compare_lose(c, role, other, LOST_GROUPS, other.there ? "another role" :
			    "the group has no such role there");
	}
	roll_free(&others);
	compare_gains(c, f, t);
}

/* Domains and scopes. */

static void
compare_domains(struct compare *c, struct spot from, struct spot to)
{
	static const char *const members[] = { "Domain", "CustomDomain" };
	static const char list[] = "Domains";
	struct spot f, t;

	for (size_t i = 0; i < 2; i++) {
		f = spot_member(from, members[i]);
		t = spot_member(to, members[i]);
		compare_at(c, members[i]);
		if (f.there && !spot_same(f, t))
			compare_lose(c, f, t, LOST_APPLICATIONS, t.there ? "sign-in pages and "
			    "endpoints have another address" : "no sign-in pages and endpoints of OAuth");
	}
	f = spot_member(from, list);
	t = spot_member(to, list);
	if (!compare_knows(c, list, f, t))
		return;
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "Domain");
		struct spot version = spot_member(i, "ManagedLoginVersion");
		struct spot other = spot_member(spot_first(t), "ManagedLoginVersion");

		compare_at_item(c, list, name, "ManagedLoginVersion");
		if (version.there && spot_first(t).there && !spot_same(version, other))
			compare_lose(c, version, other, LOST_SETTINGS,
			    "the sign-in pages are of another kind");
	}
}

static bool
has_scopes(struct spot server, struct spot other)
{
	struct spot scopes = spot_member(server, "Scopes");
	struct roll others;
	bool has = true;

	roll_of_list(&others, spot_member(other, "Scopes"), "ScopeName");
	for (struct spot s = spot_first(scopes); has && s.there; s = spot_next(s, scopes))
		has = roll_find(&others, spot_member(s, "ScopeName"), 0).there;
	roll_free(&others);
	return has;
}

static void
compare_scopes(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "ResourceServers";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct roll others;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&others, t, "Identifier");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "Identifier");
		struct spot other = roll_find(&others, name, 0);

		compare_at_item(c, list, name, other.there ? "Scopes" : NULL);
		if (!other.there)
			compare_lose(c, i, none, LOST_APPLICATIONS,
			    "no such resource server: no token has its scopes");
		else if (!has_scopes(i, other))
			compare_lose(c, spot_member(i, "Scopes"), spot_member(other, "Scopes"),
			    LOST_APPLICATIONS, "no token has the scopes that are not there");
	}
	roll_free(&others);
}

/* Limits. */

static void
compare_limits(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "ProvisionedLimits";
	struct spot f = spot_member(from, list), t = spot_member(to, list);

	if (!compare_knows(c, list, f, t))
		return;
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot definition = spot_member(i, "LimitDefinition");
		struct spot other = spot_named(t, "LimitDefinition", definition);
		struct spot value = spot_member(i, "ProvisionedLimitValue");
		double have, get;

		compare_at_item(c, list, spot_member(spot_member(definition, "Attributes"),
		    "Category"), "ProvisionedLimitValue");
		other = spot_member(other, "ProvisionedLimitValue");
		if (spot_number(value, &have) && spot_number(other, &get) && get < have)
			compare_lose(c, value, other, LOST_SETTINGS,
			    "fewer calls a second in the account of the target");
	}
}

void
compare_things(struct compare *c, struct spot from, struct spot to)
{
	compare_providers(c, from, to);
	compare_clients(c, from, to);
	compare_groups(c, from, to);
	compare_domains(c, from, to);
	compare_scopes(c, from, to);
	compare_limits(c, from, to);
}
