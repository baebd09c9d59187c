/* The tables of what hangs on a user pool (user_pool.h). */
#include <stddef.h>

#include "json/user_pool.h"

static const struct shape secret[] = {
	{ "ClientSecret", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape units[] = {
	{ "AccessToken", SHAPE_TEXT, NULL }, { "IdToken", SHAPE_TEXT, NULL },
	{ "RefreshToken", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape rotation[] = {
	{ "Feature", SHAPE_TEXT, NULL }, { "RetryGracePeriodSeconds", SHAPE_NUMBER, NULL },
	SHAPE_END
};
static const struct shape analytics[] = {
	{ "ApplicationId", SHAPE_TEXT, NULL }, { "ApplicationArn", SHAPE_TEXT, NULL },
	{ "RoleArn", SHAPE_TEXT, NULL }, { "UserDataShared", SHAPE_TRUTH, NULL }, SHAPE_END
};

static const struct shape client[] = {
	{ "ClientId", SHAPE_TEXT, NULL }, { "ClientName", SHAPE_TEXT, NULL },
	{ "ClientType", SHAPE_TEXT, NULL }, { "CreationDate", SHAPE_DATE, NULL },
	{ "LastModifiedDate", SHAPE_DATE, NULL }, { "ExplicitAuthFlows", SHAPE_TEXTS, NULL },
	{ "SupportedIdentityProviders", SHAPE_TEXTS, NULL },
	{ "AllowedOAuthFlowsUserPoolClient", SHAPE_TRUTH, NULL },
	{ "AllowedOAuthFlows", SHAPE_TEXTS, NULL }, { "AllowedOAuthScopes", SHAPE_TEXTS, NULL },
	{ "CallbackURLs", SHAPE_TEXTS, NULL }, { "LogoutURLs", SHAPE_TEXTS, NULL },
	{ "DefaultRedirectURI", SHAPE_TEXT, NULL }, { "ReadAttributes", SHAPE_TEXTS, NULL },
	{ "WriteAttributes", SHAPE_TEXTS, NULL }, { "AccessTokenValidity", SHAPE_NUMBER, NULL },
	{ "IdTokenValidity", SHAPE_NUMBER, NULL }, { "RefreshTokenValidity", SHAPE_NUMBER, NULL },
	{ "TokenValidityUnits", SHAPE_OBJECT, units },
	{ "RefreshTokenRotation", SHAPE_OBJECT, rotation },
	{ "AuthSessionValidity", SHAPE_NUMBER, NULL },
	{ "EnableTokenRevocation", SHAPE_TRUTH, NULL },
	{ "EnablePropagateAdditionalUserContextData", SHAPE_TRUTH, NULL },
	{ "PreventUserExistenceErrors", SHAPE_TEXT, NULL },
	{ "AnalyticsConfiguration", SHAPE_OBJECT, analytics },
	{ "HasClientSecret", SHAPE_HAS, secret }, SHAPE_END
};
static const struct shape listed_client[] = {
	{ "ClientId", SHAPE_TEXT, NULL }, { "ClientName", SHAPE_TEXT, NULL }, SHAPE_END
};
/* A name may be there twice, with ids that differ. */
static const struct shape client_names[] = {
	{ "ClientName", SHAPE_NAME, NULL }, { "ClientId", SHAPE_NAME, NULL }, SHAPE_END
};

/* ProviderDetails has the secrets by which the pool is a client of the provider. */
static const struct shape provider[] = {
	{ "ProviderName", SHAPE_NAME, NULL }, { "ProviderType", SHAPE_TEXT, NULL },
	{ "AttributeMapping", SHAPE_TAGS, NULL }, { "IdpIdentifiers", SHAPE_TEXTS, NULL },
	{ "AcrMapping", SHAPE_TAGS, NULL }, { "CreationDate", SHAPE_DATE, NULL },
	{ "LastModifiedDate", SHAPE_DATE, NULL }, SHAPE_END
};
static const struct shape group[] = {
	{ "GroupName", SHAPE_NAME, NULL }, { "Precedence", SHAPE_NUMBER, NULL },
	{ "RoleArn", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape scope[] = {
	{ "ScopeName", SHAPE_NAME, NULL }, { "ScopeDescription", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape resource_server[] = {
	{ "Identifier", SHAPE_NAME, NULL }, { "Name", SHAPE_TEXT, NULL },
	{ "ManagedBy", SHAPE_TEXT, NULL }, { "Scopes", SHAPE_OBJECTS, scope }, SHAPE_END
};

static const struct shape failover[] = {
	{ "SecondaryRegion", SHAPE_TEXT, NULL },
	{ "PrimaryRoute53HealthCheckId", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape routing[] = {
	{ "Failover", SHAPE_OBJECT, failover }, SHAPE_END
};
static const struct shape domain[] = {
	{ "Domain", SHAPE_NAME, NULL }, { "Status", SHAPE_TEXT, NULL },
	{ "ManagedLoginVersion", SHAPE_NUMBER, NULL },
	{ "CloudFrontDistribution", SHAPE_TEXT, NULL }, { "Routing", SHAPE_OBJECT, routing },
	SHAPE_END
};
/* Of CustomDomainConfig, whose members come to stand among the others. */
static const struct shape certificate[] = {
	{ "CertificateArn", SHAPE_TEXT, NULL }, { "SecurityPolicy", SHAPE_TEXT, NULL }, SHAPE_END
};

/* As it is in a record. */
static const struct shape kept_domain[] = {
	{ "Domain", SHAPE_NAME, NULL }, { "Status", SHAPE_TEXT, NULL },
	{ "ManagedLoginVersion", SHAPE_NUMBER, NULL },
	{ "CloudFrontDistribution", SHAPE_TEXT, NULL }, { "Routing", SHAPE_OBJECT, routing },
	{ "CertificateArn", SHAPE_TEXT, NULL }, { "SecurityPolicy", SHAPE_TEXT, NULL }, SHAPE_END
};

static const struct shape definition[] = {
	{ "LimitClass", SHAPE_TEXT, NULL }, { "Attributes", SHAPE_TAGS, NULL }, SHAPE_END
};
static const struct shape limit[] = {
	{ "LimitDefinition", SHAPE_OBJECT, definition },
	{ "ProvisionedLimitValue", SHAPE_NUMBER, NULL }, { "FreeLimitValue", SHAPE_NUMBER, NULL },
	SHAPE_END
};

static const struct shape enabled[] = {
	{ "Enabled", SHAPE_TRUTH, NULL }, SHAPE_END
};
static const struct shape presence[] = {
	SHAPE_END
};
static const struct shape keys[] = {
	{ "RelyingPartyId", SHAPE_TEXT, NULL }, { "UserVerification", SHAPE_TEXT, NULL },
	{ "FactorConfiguration", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape software[] = {
	{ "SoftwareTokenMfaConfiguration", SHAPE_OBJECT, enabled }, SHAPE_END
};
/* Of messages, that they are set up; their texts, and how they are sent, are nobody's business. */
static const struct shape mfa[] = {
	{ "SmsMfaConfiguration", SHAPE_OBJECT, presence },
	{ "EmailMfaConfiguration", SHAPE_OBJECT, presence },
	{ "WebAuthnConfiguration", SHAPE_OBJECT, keys }, SHAPE_END
};

static const struct {
	const char *list;
	const struct shape *members, *names;
} things[USER_POOL_THINGS] = {
	[USER_POOL_CLIENT] = { "UserPoolClients", client, client_names },
	[USER_POOL_LISTED_CLIENT] = { "UserPoolClients", listed_client, client_names },
	[USER_POOL_PROVIDER] = { "IdentityProviders", provider, provider },
	[USER_POOL_GROUP] = { "GroupRoles", group, group },
	[USER_POOL_DOMAIN] = { "Domains", domain, domain },
	[USER_POOL_RESOURCE_SERVER] = { "ResourceServers", resource_server, resource_server },
	[USER_POOL_LIMIT] = { "ProvisionedLimits", limit, NULL }
};

/* Which identity pools are bound to it: list-user-pools. */
static const struct shape identity_pool[] = {
	{ "IdentityPoolId", SHAPE_NAME, NULL }, { "IdentityPoolName", SHAPE_TEXT, NULL },
	{ "ClientIds", SHAPE_TEXTS, NULL }, SHAPE_END
};
static const struct shape kept[] = {
	{ "IdentityPools", SHAPE_OBJECTS, identity_pool }, { "Missing", SHAPE_TEXTS, NULL }, SHAPE_END
};

static const char too_long[] = "the record would be too long";

const char *
user_pool_list(enum user_pool_thing of)
{
	return things[of].list;
}

const char *
user_pool_thing(struct buf *b, enum user_pool_thing of, const struct tok_list *l,
    const char *text, uint32_t at, char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = buf_append_byte(b, '{') == 0 ? NULL : too_long;
	uint32_t config;

	if (why == NULL)
		why = shape_members(b, things[of].members, l, text, at, wrong);
	if (why == NULL && of == USER_POOL_DOMAIN) {
		config = tok_member(l, text, at, "CustomDomainConfig");
		if (config != 0 && l->tok[config].type != TOK_NULL)
			why = shape_members(b, certificate, l, text, config, wrong);
	}
	return why == NULL && buf_append_byte(b, '}') != 0 ? too_long : why;
}

bool
user_pool_names(struct buf *b, enum user_pool_thing of, const struct tok_list *l,
    const char *text, uint32_t at)
{
	return shape_names(b, things[of].names, l, text, at);
}

const char *
user_pool_mfa_members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE])
{
	static const char none[] = "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":false}";
	size_t len = b->len;
	const char *why = shape_members(b, software, l, text, at, wrong);

	if (why != NULL)
		return why;
	if (b->len == len && ((len > 0 && b->data[len - 1] != '{' &&
	    buf_append_byte(b, ',') != 0) || buf_append_string(b, none) != 0))
		return too_long;
	return shape_members(b, mfa, l, text, at, wrong);
}

void
user_pool_keep_things(struct buf *b, const struct tok_list *l, const char *text)
{
	shape_keep(b, software, l, text, 0);
	shape_keep(b, mfa, l, text, 0);
	for (size_t i = 0; i < USER_POOL_THINGS; i++) {
		const struct shape list[] = {
			{ things[i].list, SHAPE_OBJECTS,
			    i == USER_POOL_DOMAIN ? kept_domain : things[i].members }, SHAPE_END
		};

		if (i != USER_POOL_LISTED_CLIENT)
			shape_keep(b, list, l, text, 0);
	}
	shape_keep(b, kept, l, text, 0);
}
