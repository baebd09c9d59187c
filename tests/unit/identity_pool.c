/* The records of identity pools: providers' names, bindings, what never gets out. */
#include "base/buf.h"
#include "json/identity_pool.h"
#include "tap.h"

typedef const char *members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE]);

/* What it makes of the text: the members, or "! " and what is wrong. */
static const char *
make_within(members *of, const char *text, size_t max)
{
	static char got[4096];
	char wrong[SHAPE_WRONG_SIZE];
	const char *why;
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1024);
	buf_init(&b, max);
	if (tok_parse(&l, text, strlen(text)) != TOK_OK)
		abort();
	why = of(&b, &l, text, 0, wrong);
	snprintf(got, sizeof got, "%s%s", why == NULL ? "" : "! ", why == NULL ? buf_string(&b) : why);
	buf_free(&b);
	tok_free(&l);
	return got;
}

static const char *
make(members *of, const char *text)
{
	return make_within(of, text, 4096);
}

static void
provider(const char *name, const char *want)
{
	struct identity_pool_provider p;
	char got[128] = "none";

	if (identity_pool_provider(name, strlen(name), &p) == 0)
		snprintf(got, sizeof got, "%s %s", p.region, p.user_pool);
	is(got, want, name);
}

static void
test_providers(void)
{
	char name[300];

	provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", "eu-west-1 eu-west-1_AbC");
	provider("COGNITO-IDP.EU-West-1.Amazonaws.Com/eu-west-1_AbC", "eu-west-1 eu-west-1_AbC");
	provider("cognito-idp-fips.us-gov-west-1.amazonaws.com/us-gov-west-1_A",
	    "us-gov-west-1 us-gov-west-1_A");
	provider("cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A", "cn-north-1 cn-north-1_A");
	provider("cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A",
	    "eusc-de-east-1 eusc-de-east-1_A");
	provider("cognito-idp.us-isob-east-1.sc2s.sgov.gov/us-isob-east-1_A",
	    "us-isob-east-1 us-isob-east-1_A");
	provider("cognito-idp.us-gov-west-1.api.aws/us-gov-west-1_A", "us-gov-west-1 us-gov-west-1_A");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu-central-1_Replica",
	    "eu-west-1 eu-central-1_Replica");
	provider("cognito-idp.eu-west-1.amazonaws.com/a_b_C", "eu-west-1 a_b_C");
	provider("cognito-idp.eu-west-1.amazonaws.com", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/_A", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu_west-1", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A/x", "none");
	provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A\"", "none");
	provider("cognito-idp.eu-west-1/eu-west-1_A", "none");
	provider("cognito-idp.eu-west-1./eu-west-1_A", "none");
	provider("cognito-idp..amazonaws.com/eu-west-1_A", "none");
	provider("cognito-idp/eu-west-1_A", "none");
	provider("cognito-idp./eu-west-1_A", "none");
	provider("cognito-identity.eu-west-1.amazonaws.com/eu-west-1_A", "none");
	provider("xcognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "none");
	provider("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "none");
	provider("cognito-idp.eu west-1.amazonaws.com/eu-west-1_A", "none");
	provider("graph.facebook.com", "none");
	provider("", "none");
	snprintf(name, sizeof name, "cognito-idp.%033d.amazonaws.com/a_b", 0);
	provider(name, "none");
	snprintf(name, sizeof name, "cognito-idp.eu-west-1.amazonaws.com/a_%054d", 0);
	provider(name, "none");
	snprintf(name, sizeof name, "cognito-idp.eu-west-1.%0240d/a_b", 0);
	provider(name, "none");
}

static void
test_pool(void)
{
	is(make(identity_pool_members, "{\"IdentityPoolName\":\"shop\",\"IdentityPoolId\":\"eu-west-1:0\","
	    "\"Secret\":\"x\",\"AllowUnauthenticatedIdentities\":false}"),
	    "\"IdentityPoolId\":\"eu-west-1:0\",\"IdentityPoolName\":\"shop\","
	    "\"AllowUnauthenticatedIdentities\":false,\"UserPools\":[]", "the id first, bound to none");
	is(make(identity_pool_members, "{\"IdentityPoolId\":\"p\",\"SupportedLoginProviders\":"
	    "{\"api.twitter.com\":\"key;SECRET\",\"accounts.google.com\":\"1.apps\","
	    "\"graph.facebook.com\":\"7\\u003bSECRET\"}}"),
	    "\"IdentityPoolId\":\"p\",\"SupportedLoginProviders\":{\"accounts.google.com\":\"1.apps\","
	    "\"api.twitter.com\":\"key\",\"graph.facebook.com\":\"7\"},\"UserPools\":[]",
	    "nothing behind a ';', however it is written");
	is(make(identity_pool_members, "{\"IdentityPoolId\":\"p\",\"CognitoIdentityProviders\":["
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_B\",\"ClientId\":\"z\","
	    "\"ServerSideTokenCheck\":true},"
	    "{\"ProviderName\":\"idp.example/x\",\"ClientId\":\"q\"},"
	    "{\"ProviderName\":\"COGNITO-IDP.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"z\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"z\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"k\"},"
	    "{\"ProviderName\":\"cognito-idp.us-east-1.amazonaws.com/eu-west-1_A\"}]}"),
	    "\"IdentityPoolId\":\"p\",\"CognitoIdentityProviders\":["
	    "{\"ProviderName\":\"COGNITO-IDP.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"z\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"k\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A\",\"ClientId\":\"z\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_B\",\"ClientId\":\"z\","
	    "\"ServerSideTokenCheck\":true},"
	    "{\"ProviderName\":\"cognito-idp.us-east-1.amazonaws.com/eu-west-1_A\"},"
	    "{\"ProviderName\":\"idp.example/x\",\"ClientId\":\"q\"}],"
	    "\"UserPools\":["
	    "{\"UserPoolId\":\"eu-west-1_A\",\"Region\":\"eu-west-1\",\"ClientIds\":[\"k\",\"z\"]},"
	    "{\"UserPoolId\":\"eu-west-1_A\",\"Region\":\"us-east-1\",\"ClientIds\":[]},"
	    "{\"UserPoolId\":\"eu-west-1_B\",\"Region\":\"eu-west-1\",\"ClientIds\":[\"z\"]}]",
	    "each user pool once, its clients sorted, a foreign provider only in the list");
	is(make(identity_pool_members, "{\"IdentityPoolId\":\"p\",\"CognitoIdentityProviders\":[7]}"),
	    "! CognitoIdentityProviders: no list of objects with names", "a provider that is none");
	is(make(identity_pool_members, "{\"IdentityPoolId\":null}"),
	    "! no identity pool with an IdentityPoolId", "no id");
	is(make(identity_pool_members, "{\"IdentityPoolId\":\"\"}"),
	    "! no identity pool with an IdentityPoolId", "an empty one");
	is(make(identity_pool_members, "[]"), "! no object", "no object");
	is(make(identity_pool_item_members, "{\"IdentityPoolName\":\"n\",\"IdentityPoolId\":\"p\",\"X\":1}"),
	    "\"IdentityPoolId\":\"p\",\"IdentityPoolName\":\"n\"", "one of a list");
	is(make(identity_pool_item_members, "{\"IdentityPoolName\":\"n\"}"),
	    "! no identity pool with an IdentityPoolId", "without an id");
}

/* However little room there is, nothing is written behind it, and it is said. */
static void
test_room(void)
{
	static const char text[] = "{\"IdentityPoolId\":\"p\",\"CognitoIdentityProviders\":["
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/a_A\",\"ClientId\":\"k\"},"
	    "{\"ProviderName\":\"cognito-idp.eu-west-1.amazonaws.com/a_B\",\"ClientId\":\"k\"}]}";
	char whole[4096];
	size_t len;
	int bad = 0;

	snprintf(whole, sizeof whole, "%s", make(identity_pool_members, text));
	len = strlen(whole);
	for (size_t max = 1; max < len; max++)
		bad += strcmp(make_within(identity_pool_members, text, max),
		    "! the record would be too long") != 0;
	ok(bad == 0, "every room that is too little");
	is(make_within(identity_pool_members, text, len), whole, "and the one that is just enough");
}

static void
test_roles(void)
{
	is(make(identity_pool_roles, "{\"IdentityPoolId\":\"p\",\"Roles\":{\"unauthenticated\":\"arn:u\","
	    "\"authenticated\":\"arn:a\"},\"RoleMappings\":{\"b\":{\"Type\":\"Token\","
	    "\"AmbiguousRoleResolution\":\"Deny\"},\"a\":{\"Type\":\"Rules\",\"RulesConfiguration\":"
	    "{\"Rules\":[{\"RoleARN\":\"arn:2\",\"Value\":\"x\",\"Claim\":\"c\",\"MatchType\":\"Equals\"},"
	    "{\"Claim\":\"a\",\"Other\":\"secret\"}]}}}}"),
	    "\"Roles\":{\"authenticated\":\"arn:a\",\"unauthenticated\":\"arn:u\"},"
	    "\"RoleMappings\":{\"a\":{\"Type\":\"Rules\",\"RulesConfiguration\":{\"Rules\":["
	    "{\"Claim\":\"c\",\"MatchType\":\"Equals\",\"Value\":\"x\",\"RoleARN\":\"arn:2\"},"
	    "{\"Claim\":\"a\"}]}},\"b\":{\"Type\":\"Token\",\"AmbiguousRoleResolution\":\"Deny\"}}",
	    "roles sorted, rules in the order that they have");
	is(make(identity_pool_roles, "{\"IdentityPoolId\":\"p\"}"), "\"Roles\":{}", "none");
	is(make(identity_pool_roles, "{\"Roles\":null,\"RoleMappings\":{}}"),
	    "\"Roles\":{},\"RoleMappings\":{}", "null");
	is(make(identity_pool_roles, "{\"Roles\":[]}"), "! Roles: no object", "no object");
	is(make(identity_pool_roles, "{\"Roles\":{\"x\":\"hush\",\"authenticated\":\"arn:a\"}}"),
	    "\"Roles\":{\"authenticated\":\"arn:a\"}", "what is no kind of identity stays here");
	is(make(identity_pool_roles, "[]"), "! no object", "no answer");
	is(make_within(identity_pool_roles, "{}", 5), "! the record would be too long", "too long");
}

int
main(void)
{
	test_providers();
	test_pool();
	test_room();
	test_roles();
	return tap_done();
}
