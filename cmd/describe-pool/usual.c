/* Defaults of the service (usual.h). */
#include "usual.h"

/*
 * "ClientName", "ClientId" and the like have none.  Of the devices it is what the members are where
 * one of them is set: without any of them no device is remembered.  A client's attributes: "the
 * values of email_verified, phone_number_verified, and the standard attributes".
 */
#define STANDARD \
	"\"address\",\"birthdate\",\"email\",\"family_name\",\"gender\",\"given_name\",\"locale\"," \
	"\"middle_name\",\"name\",\"nickname\",\"phone_number\",\"picture\"," \
	"\"preferred_username\",\"profile\",\"updated_at\",\"website\",\"zoneinfo\""

const char usual_pool[] =
    "{\"DeletionProtection\":\"INACTIVE\","
    "\"Policies\":{\"PasswordPolicy\":{\"RequireUppercase\":false,\"RequireLowercase\":false,"
	"\"RequireNumbers\":false,\"RequireSymbols\":false,\"PasswordHistorySize\":0,"
	"\"TemporaryPasswordValidityDays\":7},"
	"\"SignInPolicy\":{\"AllowedFirstAuthFactors\":[\"PASSWORD\"]}},"
    "\"AdminCreateUserConfig\":{\"AllowAdminCreateUserOnly\":false,"
	"\"UnusedAccountValidityDays\":7},"
    "\"DeviceConfiguration\":{\"ChallengeRequiredOnNewDevice\":false,"
	"\"DeviceOnlyRememberedOnUserPrompt\":false},"
    "\"UserPoolAddOns\":{\"AdvancedSecurityMode\":\"OFF\"},"
    "\"KeyConfiguration\":{\"KeyType\":\"AWS_OWNED_KEY\"},"
    "\"IssuerConfiguration\":{\"Type\":\"ORIGINAL\"},"
    "\"DcrConfiguration\":{\"EnableStatus\":\"Disabled\",\"OpenDcrEnabled\":false},"
    "\"WebAuthnConfiguration\":{\"FactorConfiguration\":\"SINGLE_FACTOR\"},"
    "\"Domains\":{\"ManagedLoginVersion\":1},"
    "\"UserPoolClients\":{"
	"\"ExplicitAuthFlows\":[\"ALLOW_CUSTOM_AUTH\",\"ALLOW_REFRESH_TOKEN_AUTH\","
	"\"ALLOW_USER_SRP_AUTH\"],"
	"\"AllowedOAuthFlowsUserPoolClient\":false,"
	"\"ReadAttributes\":[" STANDARD ",\"email_verified\",\"phone_number_verified\"],"
	"\"WriteAttributes\":[" STANDARD "],"
	"\"RefreshTokenRotation\":{\"Feature\":\"DISABLED\"},"
	"\"AuthSessionValidity\":3,"
	"\"EnablePropagateAdditionalUserContextData\":false,"
	"\"PreventUserExistenceErrors\":\"LEGACY\"}}";
