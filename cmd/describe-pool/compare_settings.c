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

static void
compare_functions(struct compare *c, struct spot from, struct spot to)
{
	static const char list[] = "LambdaConfig";
	struct spot f = spot_member(from, list), t = spot_member(to, list);

	for (struct spot i = spot_first_member(f); i.there; i = spot_next_member(i, f)) {
		struct spot other = spot_member_of(t, spot_key(i));

		bool key = spot_is(spot_key(i), "KMSKeyID");

		/* A key is the account's own: what counts is that there is one. */
		if (other.there && (key || is_counterpart(i, other)))
			continue;
		compare_at_item(c, list, spot_key(i), NULL);
		compare_lose(c, i, other, LOST_SETTINGS, key ? "senders of messages get no key" :
		    other.there ? "another function, or version of it, is called" :
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

/* Of lists of attributes the order says nothing. */
static bool
is_same(struct spot from, struct spot to)
{
	if (spot_is_list(from) && spot_is_list(to))
		return roll_holds(from, to) && roll_holds(to, from);
	return spot_same(from, to);
}

/* Members that are the same or not. */
static void
compare_others(struct compare *c, struct spot from, struct spot to)
{
	static const struct {
		const char *member, *why;
	} members[] = {
		{ "UserPoolTier", "another tier: features of the source may not be there" },
		{ "DeletionProtection", "the target is not protected in the same way" },
		{ "AutoVerifiedAttributes", "other addresses are verified" },
		{ "UserAttributeUpdateSettings", "addresses are changed in another way" },
		{ "AccountRecoverySetting", "who forgot a password gets in by another way" },
		{ "AdminCreateUserConfig", "users are made in another way" },
		{ "UserPoolAddOns", "threat protection is another" },
		{ "KeyConfiguration", "another key encrypts the pool" },
		{ "IssuerConfiguration", "the issuer in tokens is of another kind" },
		{ "AcrConfiguration", "levels of authentication are others" },
		{ "DcrConfiguration", "clients register in another way" }
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		struct spot f = spot_member(from, members[i].member);
		struct spot t = spot_member(to, members[i].member);

		/* Who was not protected loses nothing by being so. */
		if (spot_is(f, "INACTIVE") && spot_is(t, "ACTIVE"))
			continue;
		compare_at(c, members[i].member);
		if (f.there && !is_same(f, t))
			compare_lose(c, f, t, LOST_SETTINGS, members[i].why);
	}
}

void
compare_settings(struct compare *c, struct spot from, struct spot to)
{
	compare_functions(c, from, to);
	compare_tags(c, from, to);
	compare_others(c, from, to);
}
