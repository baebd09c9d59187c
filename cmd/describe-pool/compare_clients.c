/* What is lost of a pool's applications: identity providers and clients. */
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
	struct spot usual = spot_member(compare_usual(c, list), member);

	if (roll_holds(t.there ? t : usual, f.there ? f : usual))
		return;
	compare_at_item(c, list, name, member);
	compare_lose(c, f, t, LOST_APPLICATIONS, why);
}

/*
 * Whether a record that has the things has more of them than their list says: if the action by
 * which each is described was denied, it has not (describe-pool's Missing).
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
		compare_lose(c, f, t, LOST_USERS, "who signs in by this provider is told by "
		    "another attribute, and is somebody else");
	else if (!spot_same_usual(f, t, none))
		compare_lose(c, f, t, LOST_VALUES, "attributes are taken from others of the "
		    "provider at each sign-in");
}

static void
compare_levels(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "AcrMapping"), t = spot_member(to, "AcrMapping");

	if (spot_same_usual(f, t, none))
		return;
	compare_at_item(c, "IdentityProviders", name, "AcrMapping");
	compare_lose(c, f, t, LOST_SETTINGS,
	    "levels of authentication are asked of the provider in another way");
}

void
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
			compare_lose(c, i, none, LOST_USERS, "users of this provider cannot sign "
			    "in: their profiles belong to nobody");
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
		compare_levels(c, name, i, other);
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

/* What is the same or not. */
static void
compare_client_settings(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	static const struct {
		const char *member;
		enum lost lost;
		const char *why;
	} members[] = {
		{ "AllowedOAuthFlowsUserPoolClient", LOST_APPLICATIONS, "whether the application "
		    "may use grants of OAuth is another" },
		{ "DefaultRedirectURI", LOST_APPLICATIONS,
		    "people are sent back to another address" },
		{ "RefreshTokenRotation", LOST_SETTINGS,
		    "refresh tokens are renewed in another way" },
		{ "AuthSessionValidity", LOST_SETTINGS, "people have another time to sign in" },
		{ "EnableTokenRevocation", LOST_SETTINGS,
		    "whether tokens can be revoked is another" },
		{ "EnablePropagateAdditionalUserContextData", LOST_SETTINGS,
		    "threat protection gets other data" },
		{ "PreventUserExistenceErrors", LOST_SETTINGS,
		    "whether strangers learn who is a user is another" },
		{ "AnalyticsConfiguration", LOST_SETTINGS, "analytics go somewhere else" }
	};

	static const char list[] = "UserPoolClients";
	struct spot usual = compare_usual(c, list);

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		struct spot f = spot_member(from, members[i].member);
		struct spot t = spot_member(to, members[i].member);

		if (spot_same_usual(f, t, spot_member(usual, members[i].member)))
			continue;
		compare_at_item(c, list, name, members[i].member);
		compare_lose(c, f, t, members[i].lost, members[i].why);
	}
}

/*
 * How long a token lives, in seconds; false: it does not say so in numbers.  Not said, and 0, is an
 * hour, of refresh tokens 30 days; what is said without a unit is in hours, of refresh tokens in
 * days.
 */
static bool
lifetime(struct spot client, const char *validity, const char *token, double *seconds)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{ "seconds", 1 }, { "minutes", 60 }, { "hours", 3600 }, { "days", 86400 }
	};
	bool refresh = strcmp(token, "RefreshToken") == 0;
	struct spot number = spot_member(client, validity);
	struct spot unit = spot_member(spot_member(client, "TokenValidityUnits"), token);
	double n = 0, length = refresh ? 86400 : 3600;

	if (number.there && !spot_number(number, &n))
		return false;
	if (n == 0) {
		*seconds = refresh ? 30 * 86400 : 3600;
		return true;
	}
	if (unit.there) {
		length = 0;
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			if (spot_is(unit, units[i].name))
				length = units[i].seconds;
	}
	*seconds = n * length;
	return length > 0;
}

static void
compare_lifetimes(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	static const struct {
		const char *validity, *token;
	} tokens[] = {
		{ "AccessTokenValidity", "AccessToken" }, { "IdTokenValidity", "IdToken" },
		{ "RefreshTokenValidity", "RefreshToken" }
	};
	static const char units[] = "TokenValidityUnits";
	struct spot f = spot_member(from, units), t = spot_member(to, units);
	bool another = false;

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		struct spot here = spot_member(from, tokens[i].validity);
		struct spot there = spot_member(to, tokens[i].validity);
		double a, b;

		if (lifetime(from, tokens[i].validity, tokens[i].token, &a) &&
		    lifetime(to, tokens[i].validity, tokens[i].token, &b) && a == b)
			continue;
		if (spot_same(here, there)) {
			another |= !spot_same_usual(f, t, none);
			continue;
		}
		compare_at_item(c, "UserPoolClients", name, tokens[i].validity);
		compare_lose(c, here, there, LOST_SETTINGS, "tokens live for another time");
	}
	if (another) {
		compare_at_item(c, "UserPoolClients", name, units);
		compare_lose(c, f, t, LOST_SETTINGS, "tokens live for another time");
	}
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
		compare_lose(c, f, t, LOST_APPLICATIONS, secret ?
		    "another id and another secret: the application needs both" :
		    "another id: the application needs it");
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
		compare_lose(c, f, t, LOST_APPLICATIONS, secret ?
		    "the application proves itself by a secret that is not asked for" :
		    "the application has no secret, which is asked for");
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		compare_list(c, name, list, lists[i].member, from, to, lists[i].why);
	compare_lifetimes(c, name, from, to);
	compare_client_settings(c, name, from, to);
}

void
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
