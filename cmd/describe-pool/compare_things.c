/*
 * What is lost of what hangs on a pool: roles of groups, domains, scopes, limits, identity pools;
 * what of applications is in compare_clients.c.
 */
#include <string.h>

#include "compare.h"
#include "roll.h"

static const struct spot none = { .there = false };

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
			compare_lose(c, role, other, LOST_GROUPS,
			    other.there && !spot_same(role, other) ?
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

/* A pool has one domain of AWS's and one of its own, whose counterparts have other names. */
static const char *const domains[] = { "Domain", "CustomDomain" };

/*
 * How a domain is served.  A domain of another name has another certificate and distribution of
 * necessity: that is in its name.
 */
static void
compare_domain(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	static const struct {
		const char *member, *why;
		bool own;	/* of this name only */
	} members[] = {
		{ "ManagedLoginVersion", "the sign-in pages are of another kind", false },
		{ "CertificateArn", "the domain shows another certificate", true },
		{ "CloudFrontDistribution", "the DNS alias of the domain must point elsewhere",
		    true },
		{ "SecurityPolicy", "other versions of TLS are taken", false },
		{ "Routing", "where requests go when a Region fails is another", false }
	};
	struct spot usual = compare_usual(c, "Domains");
	bool same = spot_same(name, spot_member(to, "Domain"));

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		struct spot f = spot_member(from, members[i].member);
		struct spot t = spot_member(to, members[i].member);

		if ((members[i].own && !same) || spot_same_usual(f, t,
		    spot_member(usual, members[i].member)))
			continue;
		compare_at_item(c, "Domains", name, members[i].member);
		compare_lose(c, f, t, LOST_SETTINGS, members[i].why);
	}
}

static void
compare_pages(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "Domains";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct roll here, there;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&here, f, "Domain");
	roll_of_list(&there, t, "Domain");
	for (size_t i = 0; i < 2; i++) {
		struct spot name = spot_member(from, domains[i]);
		struct spot domain = roll_find(&here, name, 0);
		struct spot other = roll_find(&there, spot_member(to, domains[i]), 0);
		struct spot status = spot_member(domain, "Status");

		if (!domain.there || !other.there)
			continue;
		compare_domain(c, name, domain, other);
		if (spot_is(status, "ACTIVE") && !spot_is(spot_member(other, "Status"), "ACTIVE")) {
			compare_at_item(c, list, name, "Status");
			compare_lose(c, status, spot_member(other, "Status"), LOST_APPLICATIONS,
			    "the domain is not in service");
		}
	}
	roll_free(&here);
	roll_free(&there);
}

static void
compare_domains(struct compare *c, struct spot from, struct spot to)
{
	for (size_t i = 0; i < 2; i++) {
		struct spot f = spot_member(from, domains[i]), t = spot_member(to, domains[i]);

		compare_at(c, domains[i]);
		if (f.there && !spot_same(f, t))
			compare_lose(c, f, t, LOST_APPLICATIONS, t.there ?
			    "sign-in pages and endpoints have another address" :
			    "no sign-in pages and endpoints of OAuth");
	}
	compare_pages(c, from, to);
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
	struct roll others;

	if (!compare_knows(c, list, f, t))
		return;
	roll_of_list(&others, t, "LimitDefinition.Attributes.Category");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot definition = spot_member(i, "LimitDefinition");
		struct spot category = spot_member(spot_member(definition, "Attributes"),
		    "Category");
		struct spot other = roll_find(&others, category, 0);
		struct spot value = spot_member(i, "ProvisionedLimitValue");
		double have, get;

		compare_at_item(c, list, category, "ProvisionedLimitValue");
		other = spot_member(other, "ProvisionedLimitValue");
		if (spot_number(value, &have) && spot_number(other, &get) && get < have)
			compare_lose(c, value, other, LOST_SETTINGS,
			    "fewer calls a second in the account of the target");
	}
	roll_free(&others);
}

/* Identity pools, where list-user-pools was asked for them: describe-pool never says any. */
static void
compare_bindings(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "IdentityPools";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct roll others;

	if ((!f.there && !t.there) || !compare_knows(c, list, f, t))
		return;
	roll_of_list(&others, t, "IdentityPoolId");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		if (roll_find(&others, spot_member(i, "IdentityPoolId"), 0).there)
			continue;
		compare_at_item(c, list, spot_member(i, "IdentityPoolName"), NULL);
		compare_lose(c, i, none, LOST_APPLICATIONS, "the identity pool takes no users of "
		    "the target: they get no AWS credentials");
	}
	roll_free(&others);
}

void
compare_things(struct compare *c, struct spot from, struct spot to)
{
	compare_groups(c, from, to);
	compare_domains(c, from, to);
	compare_scopes(c, from, to);
	compare_limits(c, from, to);
	compare_bindings(c, from, to);
}
