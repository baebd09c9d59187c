#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq, and of sh
. "$(dirname "$0")/lib.sh"
# describe-pool: what hangs on a pool; each answer alone, and all that can be wrong with one.
helper=$TOP/tests/helpers/scripted-idp.py

# Every answer has a secret in every member that is not to be given out, known and unknown.
cat >all.json <<'END_ALL'
{"DescribeUserPool":{"UserPool":{"Id":"eu-west-1_a","Name":"people","Domain":"people","CustomDomain":"id.example.com",
   "Arn":"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a","New":"secret",
   "SmsConfiguration":{"SnsCallerArn":"secret","ExternalId":"secret","EumsSms":{"CallerArn":"secret","ExternalId":"secret"}},
   "UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT","AdvancedSecurityAdditionalFlows":{"CustomAuthMode":"AUDIT","New":"secret"},"New":"secret"},
   "KeyConfiguration":{"KeyType":"CUSTOMER_MANAGED_KEY","KmsKeyArn":"arn:aws:kms:eu-west-1:123456789012:key/1","New":"secret"},
   "IssuerConfiguration":{"Type":"UPDATED","New":"secret"},"AcrConfiguration":{"b":{"AcrValue":"urn:b","New":"secret"},"a":{"AcrValue":"urn:a"}},
   "DcrConfiguration":{"EnableStatus":"Enabled","OpenDcrEnabled":false,"AuthenticatedGrantTypes":["code"],"OpenDcrGrantTypes":[],"AllowedScopes":["openid"],"New":"secret"},
   "SchemaAttributes":[{"Name":"sub","AttributeDataType":"String"}]}},
 "GetUserPoolMfaConfig":{"MfaConfiguration":"ON","New":"secret","SoftwareTokenMfaConfiguration":{"Enabled":true,"New":"secret"},
   "SmsMfaConfiguration":{"SmsAuthenticationMessage":"secret","SmsConfiguration":{"SnsCallerArn":"secret","ExternalId":"secret"}},
   "EmailMfaConfiguration":{"Message":"secret","Subject":"secret"},
   "WebAuthnConfiguration":{"RelyingPartyId":"id.example.com","UserVerification":"preferred","FactorConfiguration":"SINGLE_FACTOR","New":"secret"}},
 "ListUserPoolClients":{"UserPoolClients":[{"ClientId":"2","ClientName":"web","UserPoolId":"eu-west-1_a","New":"secret"},{"ClientId":"1","ClientName":"web"}],"NextToken":"more"},
 "ListUserPoolClients more":{"UserPoolClients":[{"ClientId":"3","ClientName":"a \"b\"\u00e9\n"}]},
 "DescribeUserPoolClient 1":{"UserPoolClient":{"ClientId":"1","ClientName":"web","ClientSecret":"secret","New":"secret","UserPoolId":"secret",
   "CreationDate":1532532731.091,"LastModifiedDate":1532532732,"ClientType":"REGULAR","ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH"],
   "SupportedIdentityProviders":["COGNITO","Okta"],"AllowedOAuthFlowsUserPoolClient":true,"AllowedOAuthFlows":["code"],"AllowedOAuthScopes":["openid","api/read"],
   "CallbackURLs":["https://app.example.com/in"],"LogoutURLs":["https://app.example.com/out"],"DefaultRedirectURI":"https://app.example.com/in",
   "ReadAttributes":["email"],"WriteAttributes":["email"],"AccessTokenValidity":60,"IdTokenValidity":60,"RefreshTokenValidity":30,
   "TokenValidityUnits":{"AccessToken":"minutes","IdToken":"minutes","RefreshToken":"days","New":"secret"},
   "RefreshTokenRotation":{"Feature":"ENABLED","RetryGracePeriodSeconds":10,"New":"secret"},"AuthSessionValidity":3,"EnableTokenRevocation":true,
   "EnablePropagateAdditionalUserContextData":false,"PreventUserExistenceErrors":"ENABLED",
   "AnalyticsConfiguration":{"ApplicationId":"a1","ApplicationArn":"arn:aws:mobiletargeting:eu-west-1:123456789012:apps/a1","RoleArn":"arn:aws:iam::123456789012:role/a","ExternalId":"secret","UserDataShared":true}}},
 "DescribeUserPoolClient 2":{"UserPoolClient":{"ClientId":"2","ClientName":"web"}},
 "DescribeUserPoolClient 3":{"UserPoolClient":{"ClientId":"3","ClientName":"a \"b\"\u00e9\n","ClientSecret":null}},
 "ListIdentityProviders":{"Providers":[{"ProviderName":"Okta","ProviderType":"SAML","CreationDate":1,"New":"secret"},{"ProviderName":"Apple","ProviderType":"SignInWithApple"}]},
 "DescribeIdentityProvider Okta":{"IdentityProvider":{"UserPoolId":"secret","ProviderName":"Okta","ProviderType":"SAML","New":"secret",
   "ProviderDetails":{"MetadataFile":"secret","client_secret":"secret","ActiveEncryptionCertificate":"secret"},
   "AttributeMapping":{"name":"urn:name","email":"urn:mail"},"IdpIdentifiers":["example.com"],"AcrMapping":{"urn:a":"a"},"CreationDate":1,"LastModifiedDate":2}},
 "DescribeIdentityProvider Apple":{"IdentityProvider":{"ProviderName":"Apple","ProviderType":"SignInWithApple","ProviderDetails":{"private_key":"secret"}}},
 "ListGroups":{"Groups":[{"GroupName":"z","RoleArn":"arn:aws:iam::123456789012:role/z","Precedence":0,"Description":"secret","UserPoolId":"secret"},{"GroupName":"none","Description":"secret"}],"NextToken":"more"},
 "ListGroups more":{"Groups":[{"GroupName":"a","RoleArn":"arn:aws:iam::123456789012:role/a","New":"secret"},{"GroupName":"null","RoleArn":null}]},
 "DescribeUserPoolDomain people":{"DomainDescription":{"UserPoolId":"secret","AWSAccountId":"secret","Domain":"people","S3Bucket":"secret","Version":"secret","Status":"ACTIVE","ManagedLoginVersion":2,"CustomDomainConfig":{}}},
 "DescribeUserPoolDomain id.example.com":{"DomainDescription":{"Domain":"id.example.com","CloudFrontDistribution":"d1.cloudfront.net","Status":"ACTIVE","New":"secret",
   "CustomDomainConfig":{"CertificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/1","SecurityPolicy":"TLS_V1_2_2021","New":"secret"},"Routing":{"Failover":{"SecondaryRegion":"eu-west-2","New":"secret"}}}},
 "ListResourceServers":{"ResourceServers":[{"UserPoolId":"secret","Identifier":"api","Name":"API","New":"secret","Scopes":[{"ScopeName":"write","ScopeDescription":"w","New":"secret"},{"ScopeName":"read","ScopeDescription":"r"}]}]},
 "GetProvisionedLimit UserAuthentication":{"Limit":{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserAuthentication"},"New":"secret"},"ProvisionedLimitValue":300,"FreeLimitValue":120,"New":"secret"},"New":"secret"},
 "GetProvisionedLimit UserCreation":{"Limit":{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserCreation"}},"ProvisionedLimitValue":50,"FreeLimitValue":50}},
 "GetProvisionedLimit UserFederation":{"!":"ResourceNotFoundException"}}
END_ALL

# ask STATUS JQ ARG...: describe-pool beside the answers as the program changes them.
ask() {
	local status=$1 change=$2
	shift 2
	jq "$change" all.json >answers.json
	run "$status" "$helper" answers.json log -- describe-pool "$@"
}

title 'all parts'
ask 0 . --stats stats
empty err
title 'no secret'
lacks out ecret\":\"
title 'nor one in another member'
lacks out secret
jq -S . out >actual
title 'every member that is known'
same - actual < <(jq -S . <<'END_WANT'
{"Id":"eu-west-1_a","Name":"people","Arn":"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a","Domain":"people","CustomDomain":"id.example.com",
 "UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT","AdvancedSecurityAdditionalFlows":{"CustomAuthMode":"AUDIT"}},
 "KeyConfiguration":{"KeyType":"CUSTOMER_MANAGED_KEY","KmsKeyArn":"arn:aws:kms:eu-west-1:123456789012:key/1"},"IssuerConfiguration":{"Type":"UPDATED"},
 "AcrConfiguration":{"a":{"AcrValue":"urn:a"},"b":{"AcrValue":"urn:b"}},
 "DcrConfiguration":{"EnableStatus":"Enabled","OpenDcrEnabled":false,"AuthenticatedGrantTypes":["code"],"OpenDcrGrantTypes":[],"AllowedScopes":["openid"]},
 "SchemaAttributes":[{"Name":"sub","AttributeDataType":"String"}],
 "SoftwareTokenMfaConfiguration":{"Enabled":true},"SmsMfaConfiguration":{},"EmailMfaConfiguration":{},
 "WebAuthnConfiguration":{"RelyingPartyId":"id.example.com","UserVerification":"preferred","FactorConfiguration":"SINGLE_FACTOR"},
 "UserPoolClients":[{"ClientId":"3","ClientName":"a \"b\"\u00e9\n","HasClientSecret":false},
  {"ClientId":"1","ClientName":"web","ClientType":"REGULAR","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z",
   "ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH"],"SupportedIdentityProviders":["COGNITO","Okta"],"AllowedOAuthFlowsUserPoolClient":true,"AllowedOAuthFlows":["code"],
   "AllowedOAuthScopes":["openid","api/read"],"CallbackURLs":["https://app.example.com/in"],"LogoutURLs":["https://app.example.com/out"],"DefaultRedirectURI":"https://app.example.com/in",
   "ReadAttributes":["email"],"WriteAttributes":["email"],"AccessTokenValidity":60,"IdTokenValidity":60,"RefreshTokenValidity":30,
   "TokenValidityUnits":{"AccessToken":"minutes","IdToken":"minutes","RefreshToken":"days"},"RefreshTokenRotation":{"Feature":"ENABLED","RetryGracePeriodSeconds":10},
   "AuthSessionValidity":3,"EnableTokenRevocation":true,"EnablePropagateAdditionalUserContextData":false,"PreventUserExistenceErrors":"ENABLED",
   "AnalyticsConfiguration":{"ApplicationId":"a1","ApplicationArn":"arn:aws:mobiletargeting:eu-west-1:123456789012:apps/a1","RoleArn":"arn:aws:iam::123456789012:role/a","UserDataShared":true},
   "HasClientSecret":true},
  {"ClientId":"2","ClientName":"web","HasClientSecret":false}],
 "IdentityProviders":[{"ProviderName":"Apple","ProviderType":"SignInWithApple"},
  {"ProviderName":"Okta","ProviderType":"SAML","AttributeMapping":{"email":"urn:mail","name":"urn:name"},"IdpIdentifiers":["example.com"],"AcrMapping":{"urn:a":"a"},
   "CreationDate":"1970-01-01T00:00:01.000Z","LastModifiedDate":"1970-01-01T00:00:02.000Z"}],
 "GroupRoles":[{"GroupName":"a","RoleArn":"arn:aws:iam::123456789012:role/a"},{"GroupName":"z","Precedence":0,"RoleArn":"arn:aws:iam::123456789012:role/z"}],
 "Domains":[{"Domain":"id.example.com","Status":"ACTIVE","CloudFrontDistribution":"d1.cloudfront.net","Routing":{"Failover":{"SecondaryRegion":"eu-west-2"}},
   "CertificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/1","SecurityPolicy":"TLS_V1_2_2021"},{"Domain":"people","Status":"ACTIVE","ManagedLoginVersion":2}],
 "ResourceServers":[{"Identifier":"api","Name":"API","Scopes":[{"ScopeName":"read","ScopeDescription":"r"},{"ScopeName":"write","ScopeDescription":"w"}]}],
 "ProvisionedLimits":[{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserAuthentication"}},"ProvisionedLimitValue":300,"FreeLimitValue":120},
  {"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserCreation"}},"ProvisionedLimitValue":50,"FreeLimitValue":50}]}
END_WANT
)
title 'one record of one order'
ok jq -e -s 'length == 1 and (.[0] | keys_unsorted[-7:] ==
	["WebAuthnConfiguration","UserPoolClients","IdentityProviders","GroupRoles","Domains","ResourceServers","ProvisionedLimits"])' out
title 'the calls that the page speaks of'
ok jq -e '.Calls == {"DescribeUserPool":1,"GetUserPoolMfaConfig":1,"ListUserPoolClients":2,"DescribeUserPoolClient":3,"ListIdentityProviders":1,
	"DescribeIdentityProvider":2,"ListGroups":2,"DescribeUserPoolDomain":2,"ListResourceServers":1,"GetProvisionedLimit":3}' stats
title 'pages as large as each operation allows'
sed -n 's/^\(List[A-Za-z]*\)  *{.*\("MaxResults"\|"Limit"\): \([0-9]*\).*/\1 \2 \3/p' log | sort >sizes
same - sizes <<'END_SIZES'
ListGroups "Limit" 60
ListIdentityProviders "MaxResults" 60
ListResourceServers "MaxResults" 50
ListUserPoolClients "MaxResults" 60
END_SIZES
mv out whole
title 'the same again, the same bytes'
ask 0 .
same whole out

title 'nothing of what AWS might add, wherever it does'
ask 0 'reduce (paths(type == "object") | select(.[-1] | IN("AttributeMapping", "AcrMapping", "Attributes", "AcrConfiguration") | not)) as $p
	(.; setpath($p + ["Zz"]; {"a": ["secret"]}) | setpath($p + ["ClientSecretZz"]; "secret"))'
same whole out

title 'serve-pool takes the record for a description'
echo '{"Username":"ana","Attributes":{"sub":"1"}}' >pool
run 0 serve --allow all --description whole --user-pool-id eu-west-1_a --region eu-west-1 pool -- describe-pool --parts pool
title 'and describes the pool by it'
ok jq -e -s '.[0] as $got | .[1] | del(.SchemaAttributes, .SoftwareTokenMfaConfiguration, .SmsMfaConfiguration, .EmailMfaConfiguration,
	.WebAuthnConfiguration, .UserPoolClients, .IdentityProviders, .GroupRoles, .Domains, .ResourceServers, .ProvisionedLimits)
	| length == 10 and (to_entries | all(.value == $got[.key]))' out whole
title 'apply-cognito and what learns from a description pass over what they do not know'
run 0 serve --allow all --description whole --user-pool-id eu-west-1_a --region eu-west-1 pool -- sh -c '
	"$0" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" </dev/null >plan && apply-cognito --dry-run plan' "$TOP/tests/helpers/make-plan.py"

# keys JQ-PROGRAM: the members behind SchemaAttributes.
keys() { jq -c '[keys_unsorted[]] | .[index("SchemaAttributes") + 1:]' out; }
while IFS='|' read -r parts want calls; do
	title "--parts $parts"
	ask 0 . --parts "$parts" --seal
	"$BIN/unseal" out >plain
	mv plain out
	title "--parts $parts: members"
	same - <(keys) <<<"$want"
	title "--parts $parts: calls"
	same - <(cut -d' ' -f1 log | sort -u | paste -sd' ') <<<"$calls"
done <<'END_PARTS'
pool|[]|DescribeUserPool
mfa|["SoftwareTokenMfaConfiguration","SmsMfaConfiguration","EmailMfaConfiguration","WebAuthnConfiguration"]|DescribeUserPool GetUserPoolMfaConfig
clients|["UserPoolClients"]|DescribeUserPool DescribeUserPoolClient ListUserPoolClients
pool,groups,providers|["IdentityProviders","GroupRoles"]|DescribeIdentityProvider DescribeUserPool ListGroups ListIdentityProviders
domain|["Domains"]|DescribeUserPool DescribeUserPoolDomain
resource-servers|["ResourceServers"]|DescribeUserPool ListResourceServers
limits|["ProvisionedLimits"]|DescribeUserPool GetProvisionedLimit
END_PARTS
for parts in '' all 'pool,' ,pool client clients,clientsx; do
	title "--parts '$parts'"
	run 2 describe-pool --region eu-west-1 --parts "$parts"
	has err 'is none of pool, mfa, clients, providers, groups, domain, resource-servers, limits'
done

# Nothing of the kind there.
title 'a pool with nothing'
ask 0 'del(.DescribeUserPool.UserPool | .Domain, .CustomDomain) | .ListUserPoolClients = {UserPoolClients: []} | .ListIdentityProviders = {Providers: []}
	| .ListGroups = {Groups: []} | .ListResourceServers = {ResourceServers: []} | .GetUserPoolMfaConfig = {MfaConfiguration: "OFF"}'
title 'empty lists, so that one knows that there is nothing'
ok jq -e '[.UserPoolClients, .IdentityProviders, .GroupRoles, .Domains, .ResourceServers] == [[], [], [], [], []]
	and .SoftwareTokenMfaConfiguration == {"Enabled": false} and (has("Missing") | not)' out

# What may not be asked for.
for code in AccessDeniedException NotAuthorizedException UnknownOperationException OperationNotEnabledException; do
	title "nothing but the pool: $code"
	ask 0 "with_entries(if .key == \"DescribeUserPool\" then . else .value = {\"!\": \"$code\"} end)"
	title "$code: what is missing"
	same - <(jq -c '[keys_unsorted[-2:], .Missing]' out) <<'END_MISSING'
[["SchemaAttributes","Missing"],["cognito-idp:DescribeUserPoolDomain","cognito-idp:GetProvisionedLimit","cognito-idp:GetUserPoolMfaConfig","cognito-idp:ListGroups","cognito-idp:ListIdentityProviders","cognito-idp:ListResourceServers","cognito-idp:ListUserPoolClients"]]
END_MISSING
	empty err
done
title 'lists, but not what is in them'
ask 0 'with_entries(if .key | test("^Describe(UserPoolClient|IdentityProvider)") then .value = {"!": "AccessDeniedException"} else . end)'
same - <(jq -c '.Missing, .UserPoolClients, .IdentityProviders' out) <<'END_LISTED'
["cognito-idp:DescribeIdentityProvider","cognito-idp:DescribeUserPoolClient"]
[{"ClientId":"3","ClientName":"a \"b\"é\n"},{"ClientId":"1","ClientName":"web"},{"ClientId":"2","ClientName":"web"}]
[{"ProviderName":"Apple","ProviderType":"SignInWithApple"},{"ProviderName":"Okta","ProviderType":"SAML","CreationDate":"1970-01-01T00:00:01.000Z"}]
END_LISTED
title 'one that may not be described, and all say no more than the list'
ask 0 '."DescribeUserPoolClient 2" = {"!": "AccessDeniedException"}' --parts clients
same - <(jq -c '.Missing, .UserPoolClients' out) <<'END_ONE'
["cognito-idp:DescribeUserPoolClient"]
[{"ClientId":"3","ClientName":"a \"b\"é\n"},{"ClientId":"1","ClientName":"web"},{"ClientId":"2","ClientName":"web"}]
END_ONE
title 'after one refusal no more is asked for'
ask 0 '.ListUserPoolClients = {UserPoolClients: [range(300) | {ClientId: "c\(.)", ClientName: "c"}]} | .DescribeUserPoolClient = {"!": "AccessDeniedException"}' \
	--parts clients --max-rate 100
ok test "$(grep -c DescribeUserPoolClient log)" -lt 100
title 'all that the list says'
ok jq -e '.UserPoolClients | length == 300' out
title 'the pool itself must be there'
ask 1 '.DescribeUserPool = {"!": "AccessDeniedException"}'
has err 'the role needs cognito-idp:DescribeUserPool on this pool'
empty out

# What went away meanwhile.
title 'a client, a provider and a domain that are gone'
ask 0 '."DescribeUserPoolClient 1" = {"!": "ResourceNotFoundException"} | ."DescribeIdentityProvider Apple" = {"!": "ResourceNotFoundException"}
	| ."DescribeUserPoolDomain people" = {DomainDescription: {}}'
same - <(jq -c '[.UserPoolClients[].ClientId], [.IdentityProviders[].ProviderName], [.Domains[].Domain], .Missing' out) <<'END_GONE'
["3","2"]
["Okta"]
["id.example.com"]
null
END_GONE

# Failures: one line, no record, an old file stays.
echo old >kept
while IFS='~' read -r status change want; do
	title "$want"
	ask "$status" "$change" --seal -o kept --retry-seconds 0
	title "$want: one line"
	ok test "$(wc -l <err)" -eq 1
	has err "describe-pool: $want"
	title "$want: the old file"
	same - kept <<<old
done <<'END_FAILURES'
75~.ListGroups = {"!": "TooManyRequestsException"}~ListGroups: TooManyRequestsException
75~.GetUserPoolMfaConfig = {"!": "InternalErrorException", "status": 500}~GetUserPoolMfaConfig: InternalErrorException
75~."DescribeUserPoolClient 1" = {"!": "InternalErrorException", "status": 500}~DescribeUserPoolClient: "1": InternalErrorException
1~.ListResourceServers = {"!": "InvalidParameterException"}~ListResourceServers: InvalidParameterException
1~."DescribeUserPoolDomain people" = {"!": "InvalidParameterException"}~DescribeUserPoolDomain: "people": InvalidParameterException
1~.GetProvisionedLimit = {"!": "InvalidParameterException"} | del(."GetProvisionedLimit UserCreation")~GetProvisionedLimit: "UserCreation": InvalidParameterException
1~."ListUserPoolClients more" = {"!": "AccessDeniedException"}~ListUserPoolClients: AccessDeniedException
1~."ListGroups more" = {"!": "AccessDeniedException"} | .ListGroups.Groups = [{"GroupName": "none"}]~ListGroups: AccessDeniedException
1~.GetUserPoolMfaConfig = "{]}"~GetUserPoolMfaConfig: the answer is none: not JSON
1~.GetUserPoolMfaConfig = {SmsMfaConfiguration: "secret"}~GetUserPoolMfaConfig: the answer is none: SmsMfaConfiguration: no object
1~.ListUserPoolClients = {UserPoolClients: ["secret"]}~ListUserPoolClients: the answer is none: one that is no object
1~.ListUserPoolClients = {UserPoolClients: [{ClientId: "1"}]}~ListUserPoolClients: the answer is none: one without a name
1~.ListUserPoolClients = {UserPoolClients: [{ClientName: "secret"}]}~ListUserPoolClients: the answer is none: one without an id
1~.ListUserPoolClients = {UserPoolClients: [{ClientId: 1, ClientName: "secret"}]}~ListUserPoolClients: the answer is none: ClientId: no text
1~.ListUserPoolClients = {UserPoolClients: {}}~ListUserPoolClients: the answer has no list of items
1~."DescribeUserPoolClient 1".UserPoolClient.ClientId = "2"~DescribeUserPoolClient: the answer is none: another than the one that was asked for
1~."DescribeUserPoolClient 1" = {}~DescribeUserPoolClient: the answer is none: nothing is described
1~."DescribeUserPoolClient 1" = "{]secret}"~DescribeUserPoolClient: the answer is none: not JSON
1~."DescribeUserPoolClient 1".UserPoolClient.CallbackURLs = "secret"~DescribeUserPoolClient: the answer is none: CallbackURLs: no list
1~."DescribeIdentityProvider Okta".IdentityProvider.AttributeMapping = ["secret"]~DescribeIdentityProvider: the answer is none: AttributeMapping: no object with names
1~."ListUserPoolClients more".UserPoolClients[0] = {ClientId: "1", ClientName: "web"}~ListUserPoolClients: the answer is none: the service gave the same one twice
1~.ListGroups.NextToken = "more" | ."ListGroups more".NextToken = "more"~ListGroups: the service sent a page token for the second time
1~.ListResourceServers.ResourceServers[0].Scopes[1].ScopeName = "write"~ListResourceServers: the answer is none: Scopes: a name is there twice
1~."DescribeUserPoolDomain people".DomainDescription.Status = {"a": "secret"}~DescribeUserPoolDomain: the answer is none: Status: no text
1~.DescribeUserPool.UserPool.KeyConfiguration = "secret"~DescribeUserPool: the answer is none: KeyConfiguration: no object
1~."DescribeUserPoolClient 1".UserPoolClient.CallbackURLs = [range(2000) | "https://" + "x" * 600]~the record would be longer than 1048576 bytes, the most that a record may have; --parts asks for less
1~.ListResourceServers.ResourceServers = [range(60) | {Identifier: "i\(.)", Name: ("x" * 20000)}]~the record would be longer than 1048576 bytes
1~.DescribeUserPool.UserPool.UserPoolTags = ([range(2000) | {key: "k\(.)", value: ("x" * 600)}] | from_entries)~the record would be longer than 1048576 bytes
END_FAILURES
title 'a failure, sealed'
ask 75 '.ListGroups = {"!": "TooManyRequestsException"}' --seal --retry-seconds 0
has out '"ok":false'

title 'throttled in between'
ask 0 '.ListGroups = [{"!": "TooManyRequestsException"}, .ListGroups]'
same whole out

title 'no secret in a message'
jq -r '.. | strings' all.json | grep -q secret
lacks err secret

finish
