/*
 * What users lose: attributes and their values, the names that they sign in by, passwords, MFA.
 */
#include <string.h>

#include "compare.h"
#include "roll.h"

static const struct spot none = { .there = false };

/* Attributes. */

/* Whether the target's limit leaves less room; a limit that is not there leaves all. */
static bool
is_narrower(struct spot from, struct spot to, bool least)
{
	double f, t;

	if (!spot_number(to, &t))
		return false;
	if (!spot_number(from, &f))
		return !least || t > 0;
	return least ? t > f : t < f;
}

static void
compare_limits(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	static const struct {
		const char *of, *limit;
		bool least;
	} limits[] = {
		{ "StringAttributeConstraints", "MinLength", true },
		{ "StringAttributeConstraints", "MaxLength", false },
		{ "NumberAttributeConstraints", "MinValue", true },
		{ "NumberAttributeConstraints", "MaxValue", false }
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct spot f = spot_member(spot_member(from, limits[i].of), limits[i].limit);
		struct spot t = spot_member(spot_member(to, limits[i].of), limits[i].limit);

		if (!is_narrower(f, t, limits[i].least))
			continue;
		compare_at_item(c, "SchemaAttributes", name, limits[i].limit);
		compare_lose(c, f, t, LOST_VALUES, "a value beyond the narrower limit is refused");
	}
}

static void
compare_attribute(struct compare *c, struct spot name, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "AttributeDataType");
	struct spot t = spot_member(to, "AttributeDataType");

	if (f.there && t.there && !spot_same(f, t)) {
		compare_at_item(c, "SchemaAttributes", name, "AttributeDataType");
		compare_lose(c, f, t, LOST_VALUES,
		    "a value that is none of the other type is refused");
	} else {
		compare_limits(c, name, from, to);
	}
	if (!spot_is_true(spot_member(from, "Required")) &&
	    spot_is_true(spot_member(to, "Required"))) {
		compare_at_item(c, "SchemaAttributes", name, "Required");
		compare_lose(c, spot_member(from, "Required"), spot_member(to, "Required"),
		    LOST_USERS, "a user may be without it, and is refused by imports and sign-up");
	}
	f = spot_member(from, "Mutable");
	t = spot_member(to, "Mutable");
	/* Not said is mutable: of the attributes of AWS's own, sub alone is not. */
	if (t.there && !spot_is_true(t) && (!f.there || spot_is_true(f)) && !spot_is(name, "sub")) {
		compare_at_item(c, "SchemaAttributes", name, "Mutable");
		compare_lose(c, f, t, LOST_VALUES,
		    "it is written when a user is made, and never again");
	}
}

static void
compare_attributes(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "SchemaAttributes");
	struct spot t = spot_member(to, "SchemaAttributes");
	struct roll here, there;

	roll_of_list(&here, f, "Name");
	roll_of_list(&there, t, "Name");
	for (struct spot i = spot_first(f); i.there; i = spot_next(i, f)) {
		struct spot name = spot_member(i, "Name");
		struct spot other = roll_find(&there, name, 0);

		if (!name.there)
			continue;
		if (other.there) {
			compare_attribute(c, name, i, other);
		} else {
			compare_at_item(c, "SchemaAttributes", name, NULL);
			compare_lose(c, i, none, LOST_VALUES,
			    "no such attribute: its values have no place");
		}
	}
	for (struct spot i = spot_first(t); i.there; i = spot_next(i, t)) {
		struct spot name = spot_member(i, "Name");

		if (!name.there || !spot_is_true(spot_member(i, "Required")) ||
		    roll_find(&here, name, 0).there)
			continue;
		compare_at_item(c, "SchemaAttributes", name, "Required");
		compare_lose(c, none, spot_member(i, "Required"), LOST_USERS,
		    "nobody has it, and it is asked of everybody");
	}
	roll_free(&here);
	roll_free(&there);
}

/* Names. */

/* Not said is sensitive: the API's default, and how all pools were before it could be said. */
static bool
is_sensitive(struct spot pool)
{
	struct spot s = spot_member(spot_member(pool, "UsernameConfiguration"), "CaseSensitive");

	return !s.there || spot_is_true(s);
}

static void
compare_case(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(spot_member(from, "UsernameConfiguration"), "CaseSensitive");
	struct spot t = spot_member(spot_member(to, "UsernameConfiguration"), "CaseSensitive");

	compare_at(c, "UsernameConfiguration.CaseSensitive");
	if (is_sensitive(from) && !is_sensitive(to))
		compare_lose(c, f, t, LOST_USERS, "names and addresses that differ in case only "
		    "collide: one of them cannot be made");
	else if (!is_sensitive(from) && is_sensitive(to))
		compare_lose(c, f, t, LOST_SIGN_IN, "who types his name in another case than it is "
		    "written is not known");
}

static void
compare_names(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "UsernameAttributes");
	struct spot t = spot_member(to, "UsernameAttributes");
	struct spot aliases = spot_member(from, "AliasAttributes");
	struct spot others = spot_member(to, "AliasAttributes");

	compare_at(c, "UsernameAttributes");
	if (spot_first(t).there && (!spot_first(f).there || !roll_holds(t, f)))
		compare_lose(c, f, t, LOST_USERS, "a user is made by one of these: who has none "
		    "cannot be made, and user names become UUIDs");
	else if (spot_first(t).there && !roll_holds(f, t))
		/* Whoever could be made still can, but for the addresses of the new kind. */
		compare_lose(c, f, t, LOST_USERS, "an address of a kind that people sign in by is "
		    "one person's only: who shares one is refused");
	else if (spot_first(f).there && !spot_first(t).there)
		compare_lose(c, f, t, LOST_SIGN_IN, "user names are kept as they are (UUIDs): "
		    "people sign in by an address only if it is an alias");
	compare_at(c, "AliasAttributes");
	for (struct spot i = spot_first(aliases); i.there; i = spot_next(i, aliases))
		if (!spot_has(others, i) && !spot_has(t, i)) {
			compare_lose(c, aliases, others, LOST_SIGN_IN,
			    "nobody signs in by an alias that is none");
			break;
		}
	for (struct spot i = spot_first(others); i.there; i = spot_next(i, others))
		if (!spot_has(aliases, i) && !spot_has(f, i)) {
			compare_lose(c, aliases, others, LOST_USERS, "a new alias is one person's "
			    "only, and no user name may look like it: who shares a verified one, or "
			    "is called so, is refused");
			break;
		}
	compare_case(c, from, to);
}

/* Passwords, and other ways in. */

static void
compare_passwords(struct compare *c, struct spot from, struct spot to)
{
	static const char *const stricter[] = {
		"RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"
	};
	struct spot f = spot_member(spot_member(from, "Policies"), "PasswordPolicy");
	struct spot t = spot_member(spot_member(to, "Policies"), "PasswordPolicy");
	double least, most;
	bool strict = spot_number(spot_member(t, "MinimumLength"), &most) &&
	    spot_number(spot_member(f, "MinimumLength"), &least) && most > least;

	for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++)
		strict |= spot_is_true(spot_member(t, stricter[i])) &&
		    !spot_is_true(spot_member(f, stricter[i]));
	compare_at(c, "Policies.PasswordPolicy");
	if (strict)
		compare_lose(c, f, t, LOST_SIGN_IN, "the policy is stricter: a password that was "
		    "good, and is set again or brought by a UserMigration function, may be refused");
	else if (f.there != t.there || !spot_same_usual(f, t,
	    spot_member(compare_usual(c, "Policies"), "PasswordPolicy")))
		compare_lose(c, f, t, LOST_SETTINGS, "another policy");
}

/* Not said is by password alone, which is all that the tier LITE has. */
static void
compare_first_factors(struct compare *c, struct spot from, struct spot to)
{
	static const char policy[] = "SignInPolicy", list[] = "AllowedFirstAuthFactors";
	struct spot f = spot_member(spot_member(from, "Policies"), policy);
	struct spot t = spot_member(spot_member(to, "Policies"), policy);
	struct spot here = spot_member(f, list), there = spot_member(t, list);
	struct spot usual = spot_member(compare_usual(c, "Policies"), policy);

	if (!here.there)
		here = spot_member(usual, list);
	if (!there.there)
		there = spot_member(usual, list);
	compare_at(c, "Policies.SignInPolicy");
	if (!roll_holds(there, here))
		compare_lose(c, f, t, LOST_SIGN_IN, "not all ways to sign in are there");
	else if (!roll_holds(here, there))
		compare_lose(c, f, t, LOST_SETTINGS,
		    "people may sign in by ways that they did not have");
}

/* What no API gives out: of another pool only. */
static void
compare_secrets(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "MfaConfiguration");
	struct spot keys = spot_member(from, "WebAuthnConfiguration");

	compare_at(c, "Passwords");
	compare_lose(c, none, none, LOST_SIGN_IN, "passwords cannot be read: everybody sets a new "
	    "one, or a UserMigration function asks the old pool as long as it is there");
	if (f.there && !spot_is(f, "OFF")) {
		compare_at(c, "MfaSecrets");
		compare_lose(c, f, spot_member(to, "MfaConfiguration"), LOST_SIGN_IN, "secrets of "
		    "authenticator apps, and what people chose of MFA, cannot be read: everybody "
		    "sets it up again");
	}
	if (keys.there) {
		compare_at(c, "Passkeys");
		compare_lose(c, keys, spot_member(to, "WebAuthnConfiguration"), LOST_SIGN_IN,
		    "passkeys cannot be read: everybody registers them again");
	}
	f = spot_member(from, "DeviceConfiguration");
	if (f.there) {
		compare_at(c, "Devices");
		compare_lose(c, f, spot_member(to, "DeviceConfiguration"), LOST_SIGN_IN,
		    "remembered devices cannot be copied");
	}
}

static void
compare_mfa_asked(struct compare *c, struct spot f, struct spot t)
{
	compare_at(c, "MfaConfiguration");
	if (f.there != t.there)
		compare_unknown(c, f.there, t.there);
	else if (!f.there || spot_same(f, t))
		return;
	else if (spot_is(t, "ON"))
		compare_lose(c, f, t, LOST_SIGN_IN, "everybody must set up MFA");
	else if (spot_is(f, "OFF"))
		compare_lose(c, f, t, LOST_SETTINGS, "people may set up MFA, which they could not");
	else
		compare_lose(c, f, t, LOST_SIGN_IN, "MFA is asked of fewer people");
}

static void
compare_way(struct compare *c, struct spot f, struct spot t, bool here, bool there)
{
	if (here && !there)
		compare_lose(c, f, t, LOST_SIGN_IN, "a way of MFA that is not there");
	else if (there && !here)
		compare_lose(c, f, t, LOST_SETTINGS, "a way of MFA that people did not have");
	else if (!spot_same_usual(f, t, compare_usual(c, "WebAuthnConfiguration")))
		compare_lose(c, f, t, LOST_SIGN_IN, "passkeys are for another domain, or count "
		    "for less or more");
}

static void
compare_mfa(struct compare *c, struct spot from, struct spot to)
{
	static const char *const ways[] = {
		"SmsMfaConfiguration", "EmailMfaConfiguration", "WebAuthnConfiguration"
	};
	bool here, there;
	struct spot f = spot_member(from, "SoftwareTokenMfaConfiguration");
	struct spot t = spot_member(to, "SoftwareTokenMfaConfiguration");

	compare_mfa_asked(c, spot_member(from, "MfaConfiguration"),
	    spot_member(to, "MfaConfiguration"));
	compare_at(c, "SoftwareTokenMfaConfiguration");
	if (!f.there || !t.there) {
		compare_unknown(c, f.there, t.there);
		return;
	}
	here = spot_is_true(spot_member(f, "Enabled"));
	there = spot_is_true(spot_member(t, "Enabled"));
	compare_way(c, f, t, here, there);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		f = spot_member(from, ways[i]);
		t = spot_member(to, ways[i]);
		compare_at(c, ways[i]);
		compare_way(c, f, t, f.there, t.there);
	}
}

void
compare_users(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "Id"), t = spot_member(to, "Id");
	bool another = !spot_same(f, t);

	compare_at(c, "Id");
	if (another)
		compare_lose(c, f, t, LOST_APPLICATIONS, "every user gets another sub, and tokens "
		    "another issuer: what applications keep by them fits nobody");
	compare_attributes(c, from, to);
	compare_names(c, from, to);
	if (another)
		compare_secrets(c, from, to);
	compare_passwords(c, from, to);
	compare_first_factors(c, from, to);
	compare_mfa(c, from, to);
}
