#!/usr/bin/env bash
# describe-pool --compare: what a move from one pool to another would lose; no network, no keys.
# shellcheck disable=SC2016 # jq's
. "$(dirname "$0")/lib.sh"

# A pool that has everything.
jq -c . >from <<'END_FROM'
{"Id":"eu-west-1_a","Name":"people","Arn":"arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_a","CreationDate":"2018-07-25T15:32:11.091Z",
 "UserPoolTier":"PLUS","DeletionProtection":"ACTIVE","Domain":"people","CustomDomain":"id.example.com","EstimatedNumberOfUsers":7,
 "UsernameAttributes":["email"],"UsernameConfiguration":{"CaseSensitive":false},"AutoVerifiedAttributes":["email","phone_number"],
 "UserAttributeUpdateSettings":{"AttributesRequireVerificationBeforeUpdate":["email"]},"MfaConfiguration":"OPTIONAL",
 "Policies":{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true},"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD","WEB_AUTHN"]}},
 "AccountRecoverySetting":{"RecoveryMechanisms":[{"Name":"verified_email","Priority":1}]},"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true},
 "DeviceConfiguration":{"ChallengeRequiredOnNewDevice":true},"UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT"},"KeyConfiguration":{"KeyType":"AWS_OWNED_KEY"},
 "IssuerConfiguration":{"Type":"ORIGINAL"},"AcrConfiguration":{"a":{"AcrValue":"urn:a"}},"DcrConfiguration":{"EnableStatus":"Disabled"},
 "LambdaConfig":{"PreSignUp":"arn:aws:lambda:eu-west-1:111111111111:function:check","CustomSMSSender":{"LambdaVersion":"V1_0","LambdaArn":"arn:aws:lambda:eu-west-1:111111111111:function:sms"},"KMSKeyID":"arn:aws:kms:eu-west-1:111111111111:key/1"},
 "UserPoolTags":{"team":"people"},
 "SchemaAttributes":[{"Name":"custom:n","AttributeDataType":"Number","Mutable":true,"Required":false,"NumberAttributeConstraints":{"MinValue":"1","MaxValue":"99"}},
  {"Name":"custom:t","AttributeDataType":"String","Mutable":true,"Required":false,"StringAttributeConstraints":{"MinLength":"0","MaxLength":"2048"}},
  {"Name":"sub","AttributeDataType":"String","Mutable":false,"Required":true}],
 "SoftwareTokenMfaConfiguration":{"Enabled":true},"SmsMfaConfiguration":{},"EmailMfaConfiguration":{},"WebAuthnConfiguration":{"RelyingPartyId":"id.example.com"},
 "UserPoolClients":[{"ClientId":"1","ClientName":"web","ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH"],"SupportedIdentityProviders":["COGNITO","Okta"],"AllowedOAuthFlows":["code"],"AllowedOAuthScopes":["openid"],
   "CallbackURLs":["https://app.example.com/in"],"LogoutURLs":["https://app.example.com/out"],"ReadAttributes":["email"],"WriteAttributes":["email"],"HasClientSecret":true},
  {"ClientId":"2","ClientName":"web","HasClientSecret":false}],
 "IdentityProviders":[{"ProviderName":"Okta","ProviderType":"SAML","AttributeMapping":{"email":"urn:mail","username":"urn:id"},"IdpIdentifiers":["example.com"]}],
 "GroupRoles":[{"GroupName":"admin","Precedence":0,"RoleArn":"arn:aws:iam::111111111111:role/admin"}],
 "Domains":[{"Domain":"people","Status":"ACTIVE","ManagedLoginVersion":2}],
 "ResourceServers":[{"Identifier":"api","Name":"API","Scopes":[{"ScopeName":"read"},{"ScopeName":"write"}]}],
 "ProvisionedLimits":[{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserCreation"}},"ProvisionedLimitValue":80,"FreeLimitValue":50}]}
END_FROM

# compare STATUS CHANGE-OF-FROM CHANGE-OF-TO: two files, without anything of the network.
compare() {
	jq -c "$2" from >a
	jq -c "$3" from >b
	run "$1" env -u AWS_REGION HOME=/nonexistent describe-pool --compare a b
}
# rows: member and what is lost.
rows() { jq -r '"\(.Member)|\(.Lost)"' out; }

title 'a pool and itself: nothing is lost'
compare 0 . .
empty out
empty err
title 'sealed, the output too'
jq -c . from | "$BIN/through" --seal cat >sealed 2>/dev/null ||
	{ printf '%s\n{"~end":{"v":1,"ok":true,"rows":1,"bytes":%d}}\n' "$(cat from)" "$(wc -c <from)" >sealed; }
run 0 describe-pool --compare sealed sealed
title 'a seal of no rows'
ok grep -q '^{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,.*"via":\["describe-pool"\]' out
ok test "$(wc -l <out)" -eq 1
title 'as written otherwise: order of members, white space, escapes'
jq . from | sed 's/"people"/"p\\u0065ople"/' | tr -d '\n' >a
echo >>a
jq -cS . from >b
run 0 describe-pool --compare a b
empty out

title 'another pool that is set up alike, in another account'
compare 0 . '.Id = "eu-west-2_b" | .Arn = "arn:aws:cognito-idp:eu-west-2:222222222222:userpool/eu-west-2_b" | .CustomDomain = "id.example.org"
	| (.UserPoolClients[0].ClientId, .UserPoolClients[1].ClientId) |= "x" + . | .GroupRoles[0].RoleArn = "arn:aws:iam::222222222222:role/admin"
	| .LambdaConfig.PreSignUp = "arn:aws:lambda:eu-west-2:222222222222:function:check" | .LambdaConfig.CustomSMSSender.LambdaArn = "arn:aws:lambda:eu-west-2:222222222222:function:sms"
	| .LambdaConfig.KMSKeyID = "arn:aws:kms:eu-west-2:222222222222:key/2" | .CreationDate = "2020-01-01T00:00:00.000Z" | .Name = "new" | .EstimatedNumberOfUsers = 0
	| .GroupRoles[0].Precedence = 1'
title 'what cannot be moved at all'
same - <(rows) <<'END_ALIKE'
Id|applications
Passwords|sign-in
MfaSecrets|sign-in
Passkeys|sign-in
Devices|sign-in
UserPoolClients[web].ClientId|applications
UserPoolClients[web].ClientId|applications
GroupRoles[admin].RoleArn|groups
CustomDomain|applications
END_ALIKE
title 'all five members, in order, no other'
ok jq -e -s 'all(.[]; keys_unsorted == ["Member","From","To","Lost","Why"]) and .[0] == {Member: "Id", From: "eu-west-1_a", To: "eu-west-2_b", Lost: "applications",
	Why: "every user gets another sub, and tokens another issuer: what applications keep by them fits nobody"} and (.[5].Why | test("another secret"))
	and (.[6].Why | test("secret") | not)' out
title 'a pool without MFA'
compare 0 '.MfaConfiguration = "OFF" | del(.WebAuthnConfiguration, .DeviceConfiguration)' '.Id = "b" | .MfaConfiguration = "OFF" | del(.WebAuthnConfiguration, .DeviceConfiguration)'
same - <(rows) <<<$'Id|applications\nPasswords|sign-in'

# One change of the target, or of both, and what of it is said.
while IFS='~' read -r source target want; do
	[ -n "$source" ] || source=.
	title "$target"
	compare 0 "$source" "$target"
	title "$target: $want"
	same - <(rows | paste -sd' ') <<<"$want"
done <<'END_CHANGES'
~.SchemaAttributes |= .[1:]~SchemaAttributes[custom:n]|values
~.SchemaAttributes[0].AttributeDataType = "String"~SchemaAttributes[custom:n].AttributeDataType|values
~.SchemaAttributes[0].NumberAttributeConstraints.MaxValue = "98"~SchemaAttributes[custom:n].MaxValue|values
~.SchemaAttributes[0].NumberAttributeConstraints.MaxValue = "100"~
~.SchemaAttributes[0].NumberAttributeConstraints.MinValue = "10"~SchemaAttributes[custom:n].MinValue|values
~.SchemaAttributes[0].NumberAttributeConstraints.MinValue = "0"~
~del(.SchemaAttributes[0].NumberAttributeConstraints)~
~.SchemaAttributes[1].StringAttributeConstraints |= {MinLength: "1", MaxLength: "255"}~SchemaAttributes[custom:t].MinLength|values SchemaAttributes[custom:t].MaxLength|values
del(.SchemaAttributes[1].StringAttributeConstraints)~.~SchemaAttributes[custom:t].MaxLength|values
~.SchemaAttributes[1].Required = true~SchemaAttributes[custom:t].Required|users
~.SchemaAttributes[1].Mutable = false~SchemaAttributes[custom:t].Mutable|values
.SchemaAttributes |= .[1:]~.SchemaAttributes[0].Required = true~SchemaAttributes[custom:n].Required|users
.SchemaAttributes |= .[1:]~.~
~.SchemaAttributes[1].StringAttributeConstraints.MaxLength = "many"~
~.UsernameAttributes = []~UsernameAttributes|sign-in
~.UsernameAttributes = ["phone_number"]~UsernameAttributes|users
.UsernameAttributes = ["phone_number", "email"]~.UsernameAttributes = ["email", "phone_number"]~
del(.UsernameAttributes)~.~UsernameAttributes|users
del(.UsernameAttributes) | .AliasAttributes = ["email"]~del(.UsernameAttributes)~AliasAttributes|sign-in
del(.UsernameAttributes)~del(.UsernameAttributes) | .AliasAttributes = ["email"]~AliasAttributes|users
~.UsernameConfiguration.CaseSensitive = true~UsernameConfiguration.CaseSensitive|sign-in
~del(.UsernameConfiguration)~UsernameConfiguration.CaseSensitive|sign-in
del(.UsernameConfiguration)~.~UsernameConfiguration.CaseSensitive|users
~.Policies.PasswordPolicy.MinimumLength = 10~Policies.PasswordPolicy|sign-in
~.Policies.PasswordPolicy.RequireSymbols = true~Policies.PasswordPolicy|sign-in
~.Policies.PasswordPolicy.MinimumLength = 6~Policies.PasswordPolicy|settings
~.Policies.SignInPolicy.AllowedFirstAuthFactors = ["PASSWORD"]~Policies.SignInPolicy|sign-in
.Policies.SignInPolicy.AllowedFirstAuthFactors = ["PASSWORD"]~.~Policies.SignInPolicy|settings
.Policies.SignInPolicy.AllowedFirstAuthFactors = ["PASSWORD"]~del(.Policies.SignInPolicy)~
del(.Policies.SignInPolicy)~.Policies.SignInPolicy.AllowedFirstAuthFactors |= reverse~Policies.SignInPolicy|settings
~.Policies.PasswordPolicy += {RequireSymbols: false, TemporaryPasswordValidityDays: 7, PasswordHistorySize: 0}~
~.MfaConfiguration = "ON"~MfaConfiguration|sign-in
~.SoftwareTokenMfaConfiguration.Enabled = false~SoftwareTokenMfaConfiguration|sign-in
~del(.SmsMfaConfiguration, .EmailMfaConfiguration, .WebAuthnConfiguration)~SmsMfaConfiguration|sign-in EmailMfaConfiguration|sign-in WebAuthnConfiguration|sign-in
~del(.SoftwareTokenMfaConfiguration)~SoftwareTokenMfaConfiguration|not known
~.IdentityProviders = []~IdentityProviders[Okta]|users
~.IdentityProviders[0].ProviderType = "OIDC"~IdentityProviders[Okta].ProviderType|users
~.IdentityProviders[0].AttributeMapping.username = "urn:mail"~IdentityProviders[Okta].AttributeMapping|users
~.IdentityProviders[0].AttributeMapping.email = "urn:other"~IdentityProviders[Okta].AttributeMapping|values
~.IdentityProviders[0].IdpIdentifiers = []~IdentityProviders[Okta].IdpIdentifiers|applications
~.UserPoolClients |= .[:1]~UserPoolClients[web]|applications
~.UserPoolClients |= reverse~
~.UserPoolClients |= (.[0].ClientId = "8" | .[1].ClientId = "9" | reverse)~UserPoolClients[web].ClientId|applications UserPoolClients[web].HasClientSecret|applications UserPoolClients[web].SupportedIdentityProviders|applications UserPoolClients[web].AllowedOAuthFlows|applications UserPoolClients[web].AllowedOAuthScopes|applications UserPoolClients[web].CallbackURLs|applications UserPoolClients[web].LogoutURLs|applications UserPoolClients[web].ClientId|applications UserPoolClients[web].HasClientSecret|applications UserPoolClients[web].ExplicitAuthFlows|applications UserPoolClients[web].ReadAttributes|applications UserPoolClients[web].WriteAttributes|applications
~.UserPoolClients[0] += {AllowedOAuthFlowsUserPoolClient: true, DefaultRedirectURI: "https://x.example.com", RefreshTokenValidity: 1}~UserPoolClients[web].RefreshTokenValidity|settings UserPoolClients[web].AllowedOAuthFlowsUserPoolClient|applications UserPoolClients[web].DefaultRedirectURI|applications
.UserPoolClients[0] += {IdTokenValidity: 1, TokenValidityUnits: {IdToken: "days"}}~.UserPoolClients[0] += {IdTokenValidity: 1, TokenValidityUnits: {IdToken: "hours"}}~UserPoolClients[web].TokenValidityUnits|settings
.UserPoolClients[0].PreventUserExistenceErrors = "ENABLED"~.UserPoolClients[0].PreventUserExistenceErrors = "LEGACY"~UserPoolClients[web].PreventUserExistenceErrors|settings
~.UserPoolClients[0].CallbackURLs += ["https://app.example.org/in"]~
~del(.UserPoolClients[0].HasClientSecret)~UserPoolClients[web].HasClientSecret|not known
~.GroupRoles = []~GroupRoles[admin].RoleArn|groups
.GroupRoles = []~.~GroupRoles[admin].RoleArn|groups
~.GroupRoles += [{GroupName: "staff", RoleArn: "arn:aws:iam::111111111111:role/x"}]~GroupRoles[staff].RoleArn|groups
~.GroupRoles[0].RoleArn = "arn:aws:iam::111111111111:role/other"~GroupRoles[admin].RoleArn|groups
~.Arn |= sub("111111111111"; "222222222222")~GroupRoles[admin].RoleArn|groups
~.Arn |= sub("eu-west-1:"; "eu-west-2:")~
~del(.Arn)~
~del(.Domain)~Domain|applications
del(.Domain, .CustomDomain)~.~
~.Domains[0].ManagedLoginVersion = 1~Domains[people].ManagedLoginVersion|settings
.Domains += [{"Domain": "id.example.com", "ManagedLoginVersion": 1}]~.Domain = "z" | .Domains = [{"Domain": "id.example.com", "ManagedLoginVersion": 1}, {"Domain": "z", "Status": "FAILED", "ManagedLoginVersion": 2}]~Domain|applications Domains[people].Status|applications
~.ResourceServers = []~ResourceServers[api]|applications
~.ResourceServers[0].Scopes |= .[:1]~ResourceServers[api].Scopes|applications
~.ProvisionedLimits[0].ProvisionedLimitValue = 50~ProvisionedLimits[UserCreation].ProvisionedLimitValue|settings
~.ProvisionedLimits[0].ProvisionedLimitValue = 100~
~del(.LambdaConfig.PreSignUp)~LambdaConfig[PreSignUp]|settings
~.LambdaConfig.PreSignUp += "2"~LambdaConfig[PreSignUp]|settings
~.LambdaConfig.CustomSMSSender.LambdaArn += ":1"~LambdaConfig[CustomSMSSender]|settings
.LambdaConfig.CustomSMSSender.LambdaVersion = "V2_0"~.~LambdaConfig[CustomSMSSender]|settings
~del(.LambdaConfig.KMSKeyID)~LambdaConfig[KMSKeyID]|settings
~.LambdaConfig.PostConfirmation = "arn:aws:lambda:eu-west-1:111111111111:function:x"~LambdaConfig[PostConfirmation]|settings
~.UserPoolTags = {team: "x", more: "y"}~UserPoolTags[team]|settings
~.UserPoolTags = {}~UserPoolTags[team]|settings
~.AutoVerifiedAttributes |= reverse~
.DeletionProtection = "INACTIVE"~.~
.IdentityPools = [{IdentityPoolId: "eu-west-1:a", IdentityPoolName: "web"}, {IdentityPoolId: "eu-west-1:b", IdentityPoolName: "app"}]~.IdentityPools = [{IdentityPoolId: "eu-west-1:a"}]~IdentityPools[app]|applications
.IdentityPools = [{IdentityPoolId: "eu-west-1:a"}]~.~IdentityPools|not known
~.IdentityPools = []~IdentityPools|not known
.IdentityPools = []~.~
~.AutoVerifiedAttributes |= .[:1]~AutoVerifiedAttributes|settings
~.UserPoolTier = "LITE" | .DeletionProtection = "INACTIVE"~UserPoolTier|settings DeletionProtection|settings
~.AccountRecoverySetting.RecoveryMechanisms[0].Priority = 2 | .AdminCreateUserConfig = {} | del(.UserAttributeUpdateSettings)~UserAttributeUpdateSettings|settings AccountRecoverySetting|settings AdminCreateUserConfig|settings
~.UserPoolAddOns = {} | .KeyConfiguration.KeyType = "x" | .IssuerConfiguration.Type = "UPDATED" | .AcrConfiguration = {} | .DcrConfiguration = {}~KeyConfiguration|settings UserPoolAddOns|settings IssuerConfiguration|settings AcrConfiguration|settings
del(.UserPoolAddOns, .KeyConfiguration, .IssuerConfiguration, .AcrConfiguration, .DcrConfiguration, .DeviceConfiguration)~.IssuerConfiguration.Type = "UPDATED" | .KeyConfiguration.KeyType = "CUSTOMER_MANAGED_KEY" | .DcrConfiguration.EnableStatus = "Enabled"~KeyConfiguration|settings DeviceConfiguration|settings UserPoolAddOns|settings IssuerConfiguration|settings AcrConfiguration|settings DcrConfiguration|settings
del(.UserAttributeUpdateSettings, .AccountRecoverySetting, .AdminCreateUserConfig, .AutoVerifiedAttributes, .DeletionProtection)~.~AutoVerifiedAttributes|settings UserAttributeUpdateSettings|settings AccountRecoverySetting|settings AdminCreateUserConfig|settings
del(.UserPoolAddOns, .KeyConfiguration, .IssuerConfiguration, .DcrConfiguration, .AcrConfiguration, .UserAttributeUpdateSettings, .AccountRecoverySetting, .AdminCreateUserConfig, .AutoVerifiedAttributes, .DeletionProtection, .DeviceConfiguration)~.UserPoolAddOns.AdvancedSecurityMode = "OFF" | .DcrConfiguration.OpenDcrEnabled = false | .AcrConfiguration = {} | .UserAttributeUpdateSettings = {AttributesRequireVerificationBeforeUpdate: []} | .AccountRecoverySetting = {} | .AdminCreateUserConfig = {AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7} | .AutoVerifiedAttributes = [] | .DeletionProtection = "INACTIVE" | .DeviceConfiguration = {}~
.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = ["email", "phone_number"]~.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate = ["phone_number", "email"] | .DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt = false~
~del(.DeviceConfiguration)~DeviceConfiguration|settings
~.DeviceConfiguration = {DeviceOnlyRememberedOnUserPrompt: false}~DeviceConfiguration|settings
.UserPoolTier = "LITE"~.UserPoolTier = "ESSENTIALS"~
~.UserPoolTier = "NEW"~UserPoolTier|settings
~del(.UserPoolTier)~UserPoolTier|not known
.UsernameAttributes = ["email"]~.UsernameAttributes = ["email", "phone_number"]~UsernameAttributes|users
~.LambdaConfig.KMSKeyID = "arn:aws:kms:eu-west-1:111111111111:key/2"~LambdaConfig[KMSKeyID]|settings
~.LambdaConfig.KMSKeyID = "arn:aws:kms:eu-west-2:111111111111:key/2"~
.KeyConfiguration = {KeyType: "CUSTOMER_MANAGED_KEY", KmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/1"}~.KeyConfiguration = {KeyType: "CUSTOMER_MANAGED_KEY", KmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/2"}~KeyConfiguration|settings
.KeyConfiguration = {KeyType: "CUSTOMER_MANAGED_KEY", KmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/1"}~.KeyConfiguration = {KeyType: "CUSTOMER_MANAGED_KEY", KmsKeyArn: "arn:aws:kms:eu-west-1:222222222222:key/2"}~
.Domains[0] += {CertificateArn: "a", CloudFrontDistribution: "x.cloudfront.net", SecurityPolicy: "TLS12"}~.Domains[0] += {CertificateArn: "b", CloudFrontDistribution: "y.cloudfront.net"}~Domains[people].CertificateArn|settings Domains[people].CloudFrontDistribution|settings Domains[people].SecurityPolicy|settings
.Domains[0] += {CertificateArn: "a"}~.Domain = "z" | .Domains[0] = {Domain: "z", Status: "ACTIVE", ManagedLoginVersion: 2, CertificateArn: "b", SecurityPolicy: "TLS12"}~Domain|applications Domains[people].SecurityPolicy|settings
del(.Domains[0].ManagedLoginVersion)~.~Domains[people].ManagedLoginVersion|settings
~.IdentityProviders[0].AcrMapping = {"urn:a": "high"}~IdentityProviders[Okta].AcrMapping|settings
.SoftwareTokenMfaConfiguration.Enabled = false | del(.SmsMfaConfiguration, .WebAuthnConfiguration)~.~SoftwareTokenMfaConfiguration|settings SmsMfaConfiguration|settings WebAuthnConfiguration|settings
~.WebAuthnConfiguration.RelyingPartyId = "example.org"~WebAuthnConfiguration|sign-in
~.WebAuthnConfiguration.FactorConfiguration = "SINGLE_FACTOR"~
~.UserPoolClients[0] += {AccessTokenValidity: 60, RefreshTokenValidity: 30, AuthSessionValidity: 3, AllowedOAuthFlowsUserPoolClient: false, PreventUserExistenceErrors: "LEGACY", RefreshTokenRotation: {Feature: "DISABLED"}, TokenValidityUnits: {AccessToken: "minutes", IdToken: "hours", RefreshToken: "days"}}~
~.UserPoolClients[0] += {AuthSessionValidity: 15, PreventUserExistenceErrors: "ENABLED", EnableTokenRevocation: true}~UserPoolClients[web].AuthSessionValidity|settings UserPoolClients[web].EnableTokenRevocation|settings UserPoolClients[web].PreventUserExistenceErrors|settings
~.UserPoolClients[1] += {ReadAttributes: ["email"], WriteAttributes: ["email"], ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"]}~UserPoolClients[web].ExplicitAuthFlows|applications UserPoolClients[web].ReadAttributes|applications UserPoolClients[web].WriteAttributes|applications
.UserPoolClients[0] += {ReadAttributes: ["custom:t"]}~del(.UserPoolClients[0].ReadAttributes)~UserPoolClients[web].ReadAttributes|applications
END_CHANGES

# What one side or both do not say is never called the same.
things='SoftwareTokenMfaConfiguration IdentityProviders UserPoolClients GroupRoles Domains ResourceServers ProvisionedLimits'
less='del(.SoftwareTokenMfaConfiguration, .IdentityProviders, .UserPoolClients, .GroupRoles, .Domains, .ResourceServers, .ProvisionedLimits)'
for word in 'source' 'target' 'neither record'; do
	source=. target=.
	[ "$word" = target ] || source=$less
	[ "$word" = source ] || target="$less | .Missing = [\"cognito-idp:ListGroups\"]"
	title "not known: $word"
	compare 0 "$source" "$target"
	title "not known: $word: each member"
	same - <(jq -r 'select(.Lost == "not known" and .From == null and .To == null and (.Why | contains("'"$word"'"))) | .Member' out | paste -sd' ') <<<"$things"
	title "not known: $word: nothing else"
	ok test "$(wc -l <out)" -eq 7
done
# Of what may be listed and not described only the list is known.
for word in source target 'neither record'; do
	source=. target=.
	short='.Missing = ["cognito-idp:DescribeIdentityProvider", "cognito-idp:DescribeUserPoolClient"] | .IdentityProviders[] |= {ProviderName, ProviderType} | .UserPoolClients[] |= {ClientId, ClientName}'
	[ "$word" = target ] || source=$short
	[ "$word" = source ] || target=$short
	title "listed and not described: $word"
	compare 0 "$source" "$target"
	title "listed and not described: $word: each of them, and no more"
	same - <(rows | paste -sd' ') <<<'IdentityProviders[Okta].AttributeMapping|not known UserPoolClients[web].HasClientSecret|not known UserPoolClients[web].HasClientSecret|not known'
	title "listed and not described: $word: whose record it is"
	ok jq -e -s --arg word "$word" 'length == 3 and all(.[]; .From == null and .To == null and (.Why | contains($word)))' out
done
title 'what the list says of a provider counts: its name, its type'
compare 0 '.IdentityProviders += [{"ProviderName":"Zitadel","ProviderType":"OIDC"}]' '.Missing = ["cognito-idp:DescribeIdentityProvider"] | .IdentityProviders[0] |= {ProviderName, ProviderType: "OIDC"}'
same - <(rows | paste -sd' ') <<<'IdentityProviders[Okta].ProviderType|users IdentityProviders[Okta].AttributeMapping|not known IdentityProviders[Zitadel]|users'

# MFA: what each change means for people.
while IFS='|' read -r source target want; do
	title "MFA: $source to $target"
	compare 0 ".MfaConfiguration = $source" ".MfaConfiguration = $target"
	same - <(jq -r 'select(.Member == "MfaConfiguration") | "\(.Lost): \(.Why)"' out) <<<"$want"
done <<'END_MFA'
"OFF"|"ON"|sign-in: everybody must set up MFA
"OPTIONAL"|"ON"|sign-in: everybody must set up MFA
"OFF"|"OPTIONAL"|settings: people may set up MFA, which they could not
"ON"|"OPTIONAL"|sign-in: MFA is asked of fewer people
"ON"|"OFF"|sign-in: MFA is asked of fewer people
"OPTIONAL"|"OFF"|sign-in: MFA is asked of fewer people
"ON"|null|not known: the record of the target does not say it
"OFF"|null|not known: the record of the target does not say it
null|"ON"|not known: the record of the source does not say it
END_MFA

title 'what is empty at the source cannot be lost'
compare 0 '.IdentityProviders = [] | .UserPoolClients = [] | .GroupRoles = [] | .Domains = [] | .ResourceServers = [] | .ProvisionedLimits = []' \
	'del(.IdentityProviders, .UserPoolClients, .GroupRoles, .Domains, .ResourceServers, .ProvisionedLimits)'
empty out
title 'lists that are none are not known'
compare 0 . '.UserPoolClients = "web" | .GroupRoles = {} | .IdentityProviders = 7 | .Domains = true | .ResourceServers = {"a":[]} | .ProvisionedLimits = null'
ok test "$(jq -r .Lost out | grep -cx 'not known')" -eq 6
title 'members of wrong types'
compare 0 '.LambdaConfig = [1] | .UserPoolTags = "x" | .UsernameAttributes = {} | .Policies = [] | .SchemaAttributes = [1, {"Name": 2}, {"Name": null}, {}] | .UserPoolClients = [1, {}]
	| .GroupRoles = [{"GroupName": 1, "RoleArn": "x"}, {"RoleArn": {}}] | .Arn = 1 | .ResourceServers = [{"Scopes": 1}, 2]' .
ok jq -e . out
title 'names with quotes, line ends, brackets'
compare 0 '.UserPoolTags = {"a\"]\n.b": "\u001b[31m"} | .UserPoolClients[0] |= (.ClientId = "3" | .ClientName = "\u0000\u00e9\ud83d\ude00")' '.UserPoolTags = {}'
ok jq -e -s '[.[].Member] == ["UserPoolClients[\u0000\u00e9\ud83d\ude00]", "UserPoolTags[a\"]\n.b]"]' out

# A record from elsewhere, as an inventory of serve-pool: with secrets, at any depth.
title 'a secret that is in a record does not come out'
compare 0 '.UserPoolClients[] |= . + {ClientSecret: "hush"} | .IdentityProviders[0].ProviderDetails.client_secret = "hush" | .SmsMfaConfiguration.SmsConfiguration.ExternalId = "hush"
	| reduce (paths(type == "object") | select(.[-1] | IN("AttributeMapping", "UserPoolTags", "AcrConfiguration", "Attributes") | not)) as $p (.; setpath($p + ["Zz"]; {"a": ["hush"]}))' \
	'{Id: "eu-west-2_b", SchemaAttributes: [{Name: "sub"}], SoftwareTokenMfaConfiguration: {}, UserPoolClients: [], IdentityProviders: [], GroupRoles: [], Domains: [], ResourceServers: [], ProvisionedLimits: []}'
title 'in no loss'
lacks out hush
title 'of which there are those of each thing'
ok test "$(jq -r .Member out | grep -Ec '^(UserPoolClients|IdentityProviders|ResourceServers|SchemaAttributes|LambdaConfig|SmsMfaConfiguration)')" -ge 9

# Inputs.
title 'the source from standard input'
jq -c . from >a
feed 0 a describe-pool --compare - a
empty out
title 'the target from standard input'
jq -c '.UserPoolTags = {}' from >b
feed 0 b describe-pool --compare a -
ok grep -q '"Member":"UserPoolTags\[team\]","From":"people","To":null,"Lost":"settings"' out
title 'only one of them'
run 2 describe-pool --compare - -
title 'one operand'
run 2 describe-pool --compare a
title 'three operands'
run 2 describe-pool --compare a a a
title 'not with --parts'
run 2 describe-pool --compare --parts pool a a
title 'not with a pool'
run 2 describe-pool --compare --user-pool-id eu-west-1_a a a
echo old >kept
while IFS='^' read -r status text want; do
	printf '%b' "$text" >b
	title "$want"
	run "$status" describe-pool -o kept --compare a b
	has err "$want"
	title "$want: the old file"
	same - kept <<<old
done <<'END_INPUTS'
1^^b: no user pool in it
1^{"Id":"a"}\n^b:1: no user pool as describe-pool writes it
1^{"Id":"a","SchemaAttributes":[]}\n^b:1: no user pool as describe-pool writes it
1^{"SchemaAttributes":[{"Name":"sub"}]}\n^b:1: no user pool as describe-pool writes it
1^{"Username":"ana"}\n^b:1: no user pool as describe-pool writes it
1^{"Id":"a","SchemaAttributes":[{"Name":"sub"}]}\n{"Id":"b","SchemaAttributes":[{"Name":"sub"}]}\n^b:2: a second user pool: one to a file
4^{"Id":"a","SchemaAttributes":[{"Name":"sub"}]}^b: incomplete
4^{"Id":"a","SchemaAttributes":[{"Name":"sub"}]}\n{"~end":{"v":1,"ok":true,"rows":2,"bytes":47}}\n^b: incomplete
75^{"~end":{"v":1,"ok":false,"rows":0,"bytes":0,"retryable":true,"reason":"throttled"}}\n^b: the writer
END_INPUTS
title 'a file that is not there'
run 1 describe-pool --compare a none
has err 'describe-pool: none: cannot open'
title 'one sealed, one plain'
run 4 describe-pool --compare sealed a
title '--seal wants both sealed'
run 4 describe-pool --seal --compare a a
title 'rejects: a comparison needs both, and an empty list would say that nothing is lost'
jq -c . from >a
echo '{"Id":"a"}' >b
for order in 'a b' 'b a'; do
	title "a wrong record: $order"
	# shellcheck disable=SC2086 # two words
	run 1 describe-pool -o kept --reject rejected --compare $order
	has err 'b: no user pool in it'
	title "a wrong record: $order: the old file"
	same - kept <<<old
	title "a wrong record: $order: no seal of success"
	# shellcheck disable=SC2086
	run 1 describe-pool --reject rejected --compare $order
	lacks out '"ok":true'
done
title 'a record that is too many is a reject'
{ cat a; echo '{"Id":"a"}'; } >b
run 3 describe-pool --reject rejected --compare a b
empty out
ok jq -e '.Reason == "no user pool as describe-pool writes it"' rejected
title 'a full disk'
jq -c '.Id = "b"' from >b
run 1 sh -c 'describe-pool --compare a b >/dev/full'

title 'a long record'
compare 0 '.UserPoolTags = ([range(20000) | {key: "k\(.)", value: "v\(.)"}] | from_entries)' .
ok test "$(wc -l <out)" -eq 20000

title 'as many tags as fit, the other way round'
compare 0 '.UserPoolTags = ([range(60000) | {key: "k\(.)", value: "\(.)"}] | from_entries)' \
	'.UserPoolTags = ([range(59999; 0; -1) | {key: "k\(.)", value: "\(.)"}] | from_entries)'
title 'as many tags as fit, the other way round: one is not there'
same - <(rows) <<<'UserPoolTags[k0]|settings'
title 'a mapping with as many members as fit, the other way round'
compare 0 '.IdentityProviders[0].AttributeMapping = ([range(25000) | {key: "custom:k\(.)", value: "k\(.)"}] | from_entries)' \
	'.IdentityProviders[0].AttributeMapping = ([range(24999; -1; -1) | {key: "custom:k\(.)", value: "k\(.)"}] | from_entries)'
empty out
title 'as many clients of one name as fit: the nth is that of the nth'
compare 0 '.UserPoolClients = [range(13000) | {ClientId: "a\(.)", ClientName: "web", HasClientSecret: false}]' \
	'.UserPoolClients = [range(12999) | {ClientId: "b\(.)", ClientName: "web", HasClientSecret: false}]'
ok jq -e -s 'length == 13000 and .[12998].From == "a12998" and .[12998].To == "b12998" and .[12999].From.ClientId == "a12999" and .[12999].To == null' out

title 'the records of describe-pool itself'
run 0 serve --allow all --user-pool-id eu-west-1_a --region eu-west-1 <(echo '{"Username":"ana","Attributes":{"sub":"1","custom:tenant":"7"}}') -- describe-pool --seal -o one
run 0 serve --allow all --user-pool-id eu-west-1_b --region eu-west-1 <(echo '{"Username":"ana","Attributes":{"sub":"1"}}') -- describe-pool --seal -o two
run 0 describe-pool --seal --compare one two
ok grep -q '"Member":"SchemaAttributes\[custom:tenant\]"' out

finish
