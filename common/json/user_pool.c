/* The tables of a user pool (user_pool.h); what hangs on it has its own in user_pool_things.c. */
#include "json/user_pool.h"

#include <stdbool.h>
#include <stddef.h>

static const struct shape number_limits[] = {
	{ "MinValue", SHAPE_TEXT, NULL }, { "MaxValue", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape string_limits[] = {
	{ "MinLength", SHAPE_TEXT, NULL }, { "MaxLength", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape attribute[] = {
	{ "Name", SHAPE_NAME, NULL }, { "AttributeDataType", SHAPE_TEXT, NULL },
	{ "DeveloperOnlyAttribute", SHAPE_TRUTH, NULL }, { "Mutable", SHAPE_TRUTH, NULL },
	{ "Required", SHAPE_TRUTH, NULL },
	{ "NumberAttributeConstraints", SHAPE_OBJECT, number_limits },
	{ "StringAttributeConstraints", SHAPE_OBJECT, string_limits }, SHAPE_END
};
static const struct shape username[] = {
	{ "CaseSensitive", SHAPE_TRUTH, NULL }, SHAPE_END
};
static const struct shape password[] = {
	{ "MinimumLength", SHAPE_NUMBER, NULL }, { "RequireUppercase", SHAPE_TRUTH, NULL },
	{ "RequireLowercase", SHAPE_TRUTH, NULL }, { "RequireNumbers", SHAPE_TRUTH, NULL },
	{ "RequireSymbols", SHAPE_TRUTH, NULL }, { "PasswordHistorySize", SHAPE_NUMBER, NULL },
	{ "TemporaryPasswordValidityDays", SHAPE_NUMBER, NULL }, SHAPE_END
};
static const struct shape sign_in[] = {
	{ "AllowedFirstAuthFactors", SHAPE_TEXTS, NULL }, SHAPE_END
};
static const struct shape policies[] = {
	{ "PasswordPolicy", SHAPE_OBJECT, password }, { "SignInPolicy", SHAPE_OBJECT, sign_in },
	SHAPE_END
};
static const struct shape updates[] = {
	{ "AttributesRequireVerificationBeforeUpdate", SHAPE_TEXTS, NULL }, SHAPE_END
};
static const struct shape mechanism[] = {
	{ "Name", SHAPE_NAME, NULL }, { "Priority", SHAPE_NUMBER, NULL }, SHAPE_END
};
static const struct shape recovery[] = {
	{ "RecoveryMechanisms", SHAPE_OBJECTS, mechanism }, SHAPE_END
};
static const struct shape creation[] = {
	{ "AllowAdminCreateUserOnly", SHAPE_TRUTH, NULL },
	{ "UnusedAccountValidityDays", SHAPE_NUMBER, NULL }, SHAPE_END
};
static const struct shape devices[] = {
	{ "ChallengeRequiredOnNewDevice", SHAPE_TRUTH, NULL },
	{ "DeviceOnlyRememberedOnUserPrompt", SHAPE_TRUTH, NULL }, SHAPE_END
};
static const struct shape function[] = {
	{ "LambdaVersion", SHAPE_TEXT, NULL }, { "LambdaArn", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape triggers[] = {
	{ "PreSignUp", SHAPE_TEXT, NULL }, { "CustomMessage", SHAPE_TEXT, NULL },
	{ "PostConfirmation", SHAPE_TEXT, NULL }, { "PreAuthentication", SHAPE_TEXT, NULL },
	{ "PostAuthentication", SHAPE_TEXT, NULL }, { "DefineAuthChallenge", SHAPE_TEXT, NULL },
	{ "CreateAuthChallenge", SHAPE_TEXT, NULL },
	{ "VerifyAuthChallengeResponse", SHAPE_TEXT, NULL },
	{ "PreTokenGeneration", SHAPE_TEXT, NULL },
	{ "PreTokenGenerationConfig", SHAPE_OBJECT, function },
	{ "UserMigration", SHAPE_TEXT, NULL }, { "CustomSMSSender", SHAPE_OBJECT, function },
	{ "CustomEmailSender", SHAPE_OBJECT, function },
	{ "InboundFederation", SHAPE_OBJECT, function }, { "KMSKeyID", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape flows[] = {
	{ "CustomAuthMode", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape add_ons[] = {
	{ "AdvancedSecurityMode", SHAPE_TEXT, NULL },
	{ "AdvancedSecurityAdditionalFlows", SHAPE_OBJECT, flows }, SHAPE_END
};
static const struct shape encryption[] = {
	{ "KeyType", SHAPE_TEXT, NULL }, { "KmsKeyArn", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape issuer[] = {
	{ "Type", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape level[] = {
	{ "AcrValue", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape registration[] = {
	{ "EnableStatus", SHAPE_TEXT, NULL }, { "OpenDcrEnabled", SHAPE_TRUTH, NULL },
	{ "AuthenticatedGrantTypes", SHAPE_TEXTS, NULL },
	{ "OpenDcrGrantTypes", SHAPE_TEXTS, NULL }, { "AllowedScopes", SHAPE_TEXTS, NULL },
	SHAPE_END
};

/*
 * In the order in which they are given out.  Not here: texts of messages, and how they are sent;
 * SmsConfiguration has the external ID of a role, which whoever reads a pool need not know.
 */
static const struct shape pool[] = {
	{ "Id", SHAPE_NAME, NULL }, { "Name", SHAPE_TEXT, NULL }, { "Arn", SHAPE_TEXT, NULL },
	{ "CreationDate", SHAPE_DATE, NULL }, { "LastModifiedDate", SHAPE_DATE, NULL },
	{ "UserPoolTier", SHAPE_TEXT, NULL }, { "DeletionProtection", SHAPE_TEXT, NULL },
	{ "Domain", SHAPE_TEXT, NULL }, { "CustomDomain", SHAPE_TEXT, NULL },
	{ "EstimatedNumberOfUsers", SHAPE_NUMBER, NULL },
	{ "UsernameAttributes", SHAPE_TEXTS, NULL }, { "AliasAttributes", SHAPE_TEXTS, NULL },
	{ "UsernameConfiguration", SHAPE_OBJECT, username },
	{ "AutoVerifiedAttributes", SHAPE_TEXTS, NULL },
	{ "UserAttributeUpdateSettings", SHAPE_OBJECT, updates },
	{ "MfaConfiguration", SHAPE_TEXT, NULL }, { "Policies", SHAPE_OBJECT, policies },
	{ "AccountRecoverySetting", SHAPE_OBJECT, recovery },
	{ "AdminCreateUserConfig", SHAPE_OBJECT, creation },
	{ "DeviceConfiguration", SHAPE_OBJECT, devices },
	{ "UserPoolAddOns", SHAPE_OBJECT, add_ons },
	{ "KeyConfiguration", SHAPE_OBJECT, encryption },
	{ "IssuerConfiguration", SHAPE_OBJECT, issuer }, { "AcrConfiguration", SHAPE_MAP, level },
	{ "DcrConfiguration", SHAPE_OBJECT, registration },
	{ "LambdaConfig", SHAPE_OBJECT, triggers }, { "UserPoolTags", SHAPE_TAGS, NULL },
	{ "SchemaAttributes", SHAPE_OBJECTS, attribute }, SHAPE_END
};

static const struct shape item[] = {
	{ "Id", SHAPE_NAME, NULL }, { "Name", SHAPE_TEXT, NULL }, { "Status", SHAPE_TEXT, NULL },
	{ "CreationDate", SHAPE_DATE, NULL }, { "LastModifiedDate", SHAPE_DATE, NULL },
	{ "LambdaConfig", SHAPE_OBJECT, triggers }, { "ReplicaRegions", SHAPE_TEXTS, NULL },
	SHAPE_END
};

static bool
has_id(const struct tok_list *l, const char *text, uint32_t at)
{
	uint32_t id;

	if (l->tok[at].type != TOK_OBJECT)
		return false;
	id = tok_member(l, text, at, "Id");
	return id != 0 && l->tok[id].type != TOK_NULL;
}

const char *
user_pool_members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE])
{
	uint32_t list;

	if (!has_id(l, text, at))
		return "no pool with an Id";
	/* Without them nobody could say what a user may have; every pool has twenty of AWS's own. */
	list = tok_member(l, text, at, "SchemaAttributes");
	if (list == 0 || l->tok[list].type != TOK_ARRAY || l->tok[list].next == list + 1)
		return "SchemaAttributes: none";
	return shape_members(b, pool, l, text, at, wrong);
}

const char *
user_pool_item_members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE])
{
	if (!has_id(l, text, at))
		return "no pool with an Id";
	return shape_members(b, item, l, text, at, wrong);
}

void
user_pool_keep(struct buf *b, const struct tok_list *l, const char *text)
{
	(void)buf_append_byte(b, '{');
	shape_keep(b, pool, l, text, 0);
	user_pool_keep_things(b, l, text);
	(void)buf_append_byte(b, '}');
}
