/* What of a pool's own settings is not the same: functions that it calls, tags, the rest. */
#include <string.h>

#include "compare.h"
#include "roll.h"

static const struct spot none = { .there = false };

/* Functions. */

/* A trigger is an ARN, or an object with one; "PreTokenGeneration" may stand in both forms. */
static struct spot
arn_of(struct spot trigger)
{
	return spot_is_object(trigger) ? spot_member(trigger, "LambdaArn") : trigger;
}

/*
 * Whether both are functions of one name, in whatever account and Region: the counterpart that a
 * copy of the functions gives.  "arn:aws:lambda:REGION:ACCOUNT:function:NAME[:VERSION]".
 */
static bool
is_counterpart(struct spot from, struct spot to)
{
	struct buf a, b;
	const char *x, *y;
	bool same;

	buf_init(&a, SIZE_MAX);
	buf_init(&b, SIZE_MAX);
	spot_put_text(&a, arn_of(from));
	spot_put_text(&b, arn_of(to));
	x = strstr(buf_string(&a), ":function:");
	y = strstr(buf_string(&b), ":function:");
	same = x != NULL && y != NULL ? strcmp(x, y) == 0 : spot_same(arn_of(from), arn_of(to));
	/* Of the event that it is called with. */
	if (spot_is_object(from) && spot_is_object(to))
		same = same && spot_same(spot_member(from, "LambdaVersion"),
		    spot_member(to, "LambdaVersion"));
	buf_free(&a);
	buf_free(&b);
	return same;
}

/*
 * Whether the one key may stand for the other: a key is the account's own, and the Region's, so that
 * in another place it is another one of necessity.  "arn:aws:kms:REGION:ACCOUNT:key/ID".
 */
static bool
is_key(struct spot from, struct spot to)
{
	struct buf a, b;
	const char *x, *y;
	bool elsewhere;

	buf_init(&a, SIZE_MAX);
	buf_init(&b, SIZE_MAX);
	spot_put_text(&a, from);
	spot_put_text(&b, to);
	x = strrchr(buf_string(&a), ':');
	y = strrchr(buf_string(&b), ':');
	elsewhere = x != NULL && y != NULL && (x - a.data != y - b.data ||
	    memcmp(a.data, b.data, (size_t)(x - a.data)) != 0);
	buf_free(&a);
	buf_free(&b);
	return elsewhere || spot_same(from, to);
}

static void
compare_functions(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "LambdaConfig";
	struct spot f = spot_member(from, list), t = spot_member(to, list);

	for (struct spot i = spot_first_member(f); i.there; i = spot_next_member(i, f)) {
		struct spot other = spot_member_of(t, spot_key(i));

		bool key = spot_is(spot_key(i), "KMSKeyID");

		if (other.there && (key ? is_key(i, other) : is_counterpart(i, other)))
			continue;
		compare_at_item(c, list, spot_key(i), NULL);
		compare_lose(c, i, other, LOST_SETTINGS, key && other.there ?
		    "senders of messages get another key" : key ?
		    "senders of messages get no key" : other.there ?
		    "another function, or version of it, is called" :
		    "the function is not called");
	}
	for (struct spot i = spot_first_member(t); i.there; i = spot_next_member(i, t)) {
		if (spot_member_of(f, spot_key(i)).there || spot_is(spot_key(i), "KMSKeyID"))
			continue;
		compare_at_item(c, list, spot_key(i), NULL);
		compare_lose(c, none, i, LOST_SETTINGS, "a function is called, perhaps for each "
		    "user that is copied");
	}
}

static void
compare_tags(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "UserPoolTags";
	struct spot f = spot_member(from, list), t = spot_member(to, list);
	struct roll others;

	roll_of_object(&others, t);
	for (struct spot i = spot_first_member(f); i.there; i = spot_next_member(i, f)) {
		struct spot other = roll_find(&others, spot_key(i), 0);

		if (spot_same(i, other))
			continue;
		compare_at_item(c, list, spot_key(i), NULL);
		compare_lose(c, i, other, LOST_SETTINGS, other.there ?
		    "the tag says something else" : "no such tag");
	}
	roll_free(&others);
}

/* The tiers, each with all that the one before it has. */
static int
rank(struct spot tier)
{
	static const char *const tiers[] = { "LITE", "ESSENTIALS", "PLUS" };

	for (int i = 0; i < (int)(sizeof tiers / sizeof *tiers); i++)
		if (spot_is(tier, tiers[i]))
			return i;
	return -1;
}

static void
compare_tier(struct compare *c, struct spot from, struct spot to)
{
	struct spot f = spot_member(from, "UserPoolTier"), t = spot_member(to, "UserPoolTier");

	compare_at(c, "UserPoolTier");
	if (f.there != t.there)
		compare_unknown(c, f.there, t.there);
	else if (f.there && !spot_same(f, t) &&
	    (rank(f) < 0 || rank(t) < 0 || rank(t) < rank(f)))
		compare_lose(c, f, t, LOST_SETTINGS,
		    "another tier: features of the source may not be there");
}

static void
compare_encryption(struct compare *c, struct spot from, struct spot to)
{
	static const char member[] = "KeyConfiguration", type[] = "KeyType", arn[] = "KmsKeyArn";
	struct spot f = spot_member(from, member), t = spot_member(to, member);
	struct spot here = spot_member(f, arn), there = spot_member(t, arn);

	if (spot_same_usual(spot_member(f, type), spot_member(t, type),
	    spot_member(compare_usual(c, member), type)) &&
	    here.there == there.there && (!here.there || is_key(here, there)))
		return;
	compare_at(c, member);
	compare_lose(c, f, t, LOST_SETTINGS, "another key encrypts the pool");
}

/* Where no member of it is set, no device is remembered; where one is, the others are false. */
static void
compare_devices(struct compare *c, struct spot from, struct spot to)
{
	static const char member[] = "DeviceConfiguration";
	struct spot f = spot_member(from, member), t = spot_member(to, member);
	bool here = spot_first_member(f).there, there = spot_first_member(t).there;

	compare_at(c, member);
	if (here && !there)
		compare_lose(c, f, t, LOST_SETTINGS, "devices are not remembered");
	else if (there && !here)
		compare_lose(c, f, t, LOST_SETTINGS, "devices are remembered");
	else if (here && !spot_same_usual(f, t, compare_usual(c, member)))
		compare_lose(c, f, t, LOST_SETTINGS, "devices are remembered in another way");
}

/* Members that come to the same or not. */
static void
compare_others(struct compare *c, struct spot from, struct spot to)
{
	static const struct {
		const char *member, *why;
	} members[] = {
		{ "DeletionProtection", "the target is not protected in the same way" },
		{ "AutoVerifiedAttributes", "other addresses are verified" },
		{ "UserAttributeUpdateSettings", "addresses are changed in another way" },
		{ "AccountRecoverySetting", "who forgot a password gets in by another way" },
		{ "AdminCreateUserConfig", "users are made in another way" },
		{ "UserPoolAddOns", "threat protection is another" },
		{ "IssuerConfiguration", "the issuer in tokens is of another kind" },
		{ "AcrConfiguration", "levels of authentication are others" },
		{ "DcrConfiguration", "clients register in another way" }
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		struct spot f = spot_member(from, members[i].member);
		struct spot t = spot_member(to, members[i].member);

		/* Who was not protected loses nothing by being so. */
		if (spot_is(t, "ACTIVE") ||
		    spot_same_usual(f, t, compare_usual(c, members[i].member)))
			continue;
		compare_at(c, members[i].member);
		compare_lose(c, f, t, LOST_SETTINGS, members[i].why);
	}
}

void
compare_settings(struct compare *c, struct spot from, struct spot to)
{
	compare_functions(c, from, to);
	compare_tags(c, from, to);
	compare_tier(c, from, to);
	compare_encryption(c, from, to);
	compare_devices(c, from, to);
	compare_others(c, from, to);
}
