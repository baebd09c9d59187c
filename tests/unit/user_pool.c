/* The records of user pools: what is needed, what never gets out. */
#include "base/buf.h"
#include "json/user_pool.h"
#include "tap.h"

typedef const char *members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE]);

/* What it makes of the text: the members, or "! " and what is wrong. */
static const char *
make(members *of, const char *text)
{
	static char got[4096];
	char wrong[SHAPE_WRONG_SIZE];
	const char *why;
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1024);
	buf_init(&b, sizeof got);
	if (tok_parse(&l, text, strlen(text)) != TOK_OK)
		abort();
	why = of(&b, &l, text, 0, wrong);
	snprintf(got, sizeof got, "%s%s", why == NULL ? "" : "! ", why == NULL ? buf_string(&b) : why);
	buf_free(&b);
	tok_free(&l);
	return got;
}

static void
test_pool(void)
{
	is(make(user_pool_members, "{\"SchemaAttributes\":[{\"Name\":\"sub\",\"Mutable\":false}],"
	    "\"SmsConfiguration\":{\"ExternalId\":\"secret\"},\"Name\":\"people\",\"Id\":\"a_b\"}"),
	    "\"Id\":\"a_b\",\"Name\":\"people\","
	    "\"SchemaAttributes\":[{\"Name\":\"sub\",\"Mutable\":false}]",
	    "the Id first, no secret");
	is(make(user_pool_members, "{\"Id\":\"a_b\"}"), "! SchemaAttributes: none", "no attributes");
	is(make(user_pool_members, "{\"Id\":\"a_b\",\"SchemaAttributes\":[]}"), "! SchemaAttributes: none",
	    "an empty list");
	is(make(user_pool_members, "{\"SchemaAttributes\":[{\"Name\":\"sub\"}]}"), "! no pool with an Id",
	    "no Id");
	is(make(user_pool_members, "[]"), "! no pool with an Id", "no object");
}

static void
test_item(void)
{
	is(make(user_pool_item_members, "{\"LambdaConfig\":{\"PreSignUp\":\"arn:p\",\"Token\":\"secret\"},"
	    "\"LastModifiedDate\":1,\"CreationDate\":0.5,\"Status\":\"Enabled\",\"Name\":\"people\","
	    "\"Id\":\"a_b\",\"Other\":\"secret\"}"),
	    "\"Id\":\"a_b\",\"Name\":\"people\",\"Status\":\"Enabled\","
	    "\"CreationDate\":\"1970-01-01T00:00:00.500Z\","
	    "\"LastModifiedDate\":\"1970-01-01T00:00:01.000Z\","
	    "\"LambdaConfig\":{\"PreSignUp\":\"arn:p\"}", "a pool of a list");
	is(make(user_pool_item_members, "{\"Name\":\"people\"}"), "! no pool with an Id", "no Id");
	is(make(user_pool_item_members, "{\"Id\":null}"), "! no pool with an Id", "Id null");
	is(make(user_pool_item_members, "{\"Id\":1}"), "! Id: no text", "an Id that is none");
}

/* What it makes of the text, or "! " and what is wrong. */
static const char *
thing(enum user_pool_thing of, const char *text)
{
	static char got[4096];
	char wrong[SHAPE_WRONG_SIZE];
	const char *why;
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1024);
	buf_init(&b, sizeof got);
	if (tok_parse(&l, text, strlen(text)) != TOK_OK)
		abort();
	why = user_pool_thing(&b, of, &l, text, 0, wrong);
	snprintf(got, sizeof got, "%s%s", why == NULL ? "" : "! ", why == NULL ? buf_string(&b) : why);
	buf_clear(&b);
	/* The names, to be seen. */
	if (why == NULL && of != USER_POOL_LIMIT && user_pool_names(&b, of, &l, text, 0)) {
		for (size_t i = 0; i < b.len; i++)
			if (b.data[i] == '\0')
				b.data[i] = '|';
		snprintf(got + strlen(got), sizeof got - strlen(got), " %s", buf_string(&b));
	}
	buf_free(&b);
	tok_free(&l);
	return got;
}

static void
test_things(void)
{
	static const struct { enum user_pool_thing of; const char *text, *want; } rows[] = {
		{ USER_POOL_CLIENT, "{\"ClientSecret\":\"secret\",\"ClientName\":\"web\",\"ClientId\":\"1\","
		  "\"AnalyticsConfiguration\":{\"ExternalId\":\"secret\",\"UserDataShared\":true}}",
		  "{\"ClientId\":\"1\",\"ClientName\":\"web\",\"AnalyticsConfiguration\":"
		  "{\"UserDataShared\":true},\"HasClientSecret\":true} web|1|" },
		{ USER_POOL_CLIENT, "{\"ClientName\":\"web\",\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\","
		  "\"RetryGracePeriodSeconds\":9}}", "{\"ClientName\":\"web\",\"RefreshTokenRotation\":"
		  "{\"Feature\":\"ENABLED\",\"RetryGracePeriodSeconds\":9},\"HasClientSecret\":false} web||" },
		{ USER_POOL_LISTED_CLIENT, "{\"UserPoolId\":\"a_b\",\"ClientName\":\"web\",\"ClientId\":\"1\"}",
		  "{\"ClientId\":\"1\",\"ClientName\":\"web\"} web|1|" },
		{ USER_POOL_PROVIDER, "{\"ProviderDetails\":{\"client_secret\":\"secret\"},"
		  "\"AttributeMapping\":{\"username\":\"sub\",\"email\":\"mail\"},\"ProviderName\":\"Okta\","
		  "\"CreationDate\":1}", "{\"ProviderName\":\"Okta\",\"AttributeMapping\":{\"email\":\"mail\","
		  "\"username\":\"sub\"},\"CreationDate\":\"1970-01-01T00:00:01.000Z\"} Okta|" },
		{ USER_POOL_GROUP, "{\"RoleArn\":\"arn:r\",\"Description\":\"d\",\"GroupName\":\"g\","
		  "\"Precedence\":0}", "{\"GroupName\":\"g\",\"Precedence\":0,\"RoleArn\":\"arn:r\"} g|" },
		{ USER_POOL_DOMAIN, "{\"S3Bucket\":\"secret\",\"Domain\":\"d\",\"CustomDomainConfig\":"
		  "{\"CertificateArn\":\"arn:c\",\"New\":\"secret\"}}",
		  "{\"Domain\":\"d\",\"CertificateArn\":\"arn:c\"} d|" },
		{ USER_POOL_DOMAIN, "{\"CustomDomainConfig\":{}}", "{}" },
		{ USER_POOL_DOMAIN, "{\"CustomDomainConfig\":[]}", "! no object" },
		{ USER_POOL_RESOURCE_SERVER, "{\"Identifier\":\"api\",\"Scopes\":[{\"ScopeName\":\"w\"},"
		  "{\"ScopeName\":\"r\",\"ScopeDescription\":\"read\"}]}", "{\"Identifier\":\"api\",\"Scopes\":"
		  "[{\"ScopeName\":\"r\",\"ScopeDescription\":\"read\"},{\"ScopeName\":\"w\"}]} api|" },
		{ USER_POOL_LIMIT, "{\"FreeLimitValue\":1,\"ProvisionedLimitValue\":2,\"LimitDefinition\":"
		  "{\"Attributes\":{\"Category\":\"UserCreation\"},\"LimitClass\":\"API_CATEGORY\"}}",
		  "{\"LimitDefinition\":{\"LimitClass\":\"API_CATEGORY\",\"Attributes\":{\"Category\":"
		  "\"UserCreation\"}},\"ProvisionedLimitValue\":2,\"FreeLimitValue\":1}" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is(thing(rows[i].of, rows[i].text), rows[i].want, rows[i].text);
	is(user_pool_list(USER_POOL_LISTED_CLIENT), "UserPoolClients", "the name of a list");
}

static void
test_mfa(void)
{
	is(make(user_pool_mfa_members, "{\"MfaConfiguration\":\"ON\",\"WebAuthnConfiguration\":"
	    "{\"UserVerification\":\"preferred\"},\"EmailMfaConfiguration\":{\"Message\":\"secret\"},"
	    "\"SmsMfaConfiguration\":{\"SmsConfiguration\":{\"ExternalId\":\"secret\"}},"
	    "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true}}"),
	    "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true},\"SmsMfaConfiguration\":{},"
	    "\"EmailMfaConfiguration\":{},\"WebAuthnConfiguration\":{\"UserVerification\":\"preferred\"}",
	    "ways of MFA");
	is(make(user_pool_mfa_members, "{\"SmsMfaConfiguration\":{}}"),
	    "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":false},\"SmsMfaConfiguration\":{}",
	    "no software tokens");
	is(make(user_pool_mfa_members, "{\"SmsMfaConfiguration\":\"secret\"}"),
	    "! SmsMfaConfiguration: no object", "no object");
}

int
main(void)
{
	test_pool();
	test_item();
	test_things();
	test_mfa();
	return tap_done();
}
