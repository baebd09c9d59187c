#!/usr/bin/env bash
# serve-pool: identity pools and their roles, as boto3 and the AWS CLI see them: the same pools, bindings and fields as
# in the inventory, in the shapes of the service model; pages; what is refused; which service it is.
# shellcheck disable=SC2016 # commands for other shells stand in single quotes
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/beside.sh
. "$TOP/tests/helpers/beside.sh"

export PYTHONPATH=$TOP/tests/helpers PYTHONDONTWRITEBYTECODE=1
client boto3 botocore.session
options=(--allow inventory --region eu-west-1 --external-id fleet)
"$TOP/tests/helpers/make-fleet.py" --pools 40 --regions 2 --accounts 2 --identity-pools 120 --users 1 fleet

# 200 in one Region, one of them with everything; one beside them in another account, one in another Region.
jq -nc '
def id(n): "eu-west-1:00000000-0000-4000-8000-\(100000000000 + n)";
def role: "arn:aws:iam::123456789012:role/\(.)";
(range(199) | {IdentityPoolId: id(.), IdentityPoolName: "pool \(.)", AllowUnauthenticatedIdentities: (. % 2 == 0)}),
{IdentityPoolId: id(199), IdentityPoolName: "all of it", AllowUnauthenticatedIdentities: true, AllowClassicFlow: true,
	DeveloperProviderName: "login.example",
	SupportedLoginProviders: {"api.twitter.com": "key;SECRET-of-twitter", "accounts.google.com": "app"},
	OpenIdConnectProviderARNs: ["arn:aws:iam::123456789012:oidc-provider/example.auth0.com"],
	SamlProviderARNs: ["arn:aws:iam::123456789012:saml-provider/okta"],
	CognitoIdentityProviders: [{ProviderName: "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01", ClientId: "client0",
		ServerSideTokenCheck: true}],
	IdentityPoolTags: {stage: "prod"}, UserPools: [{UserPoolId: "eu-west-1_EXAMPLE01", Region: "eu-west-1", ClientIds: ["client0"]}],
	Missing: ["cognito-identity:X"], Roles: {authenticated: ("in" | role), unauthenticated: ("out" | role)},
	RoleMappings: {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01:client0": {Type: "Rules", AmbiguousRoleResolution: "Deny",
		RulesConfiguration: {Rules: [{Claim: "isAdmin", MatchType: "Equals", Value: "yes", RoleARN: ("admin" | role)}]}},
		"graph.facebook.com": {Type: "Token", AmbiguousRoleResolution: "AuthenticatedRole"}}},
{IdentityPoolId: id(200), IdentityPoolName: "of others", Account: "222233334444"},
{IdentityPoolId: "us-east-1:00000000-0000-4000-8000-000000000000", IdentityPoolName: "elsewhere"}' >inventory

cat >all.py <<'E'
import sys
from inventory_model import *

_, every = records(sys.argv[1])
mine = [p for p in every if p.get("Account", "123456789012") == "123456789012" and p["IdentityPoolId"].startswith("eu-west-1")]
watched = Watched("cognito-identity")
for size in 60, 7, 1:
    items, sizes = watched.pages("list_identity_pools", "IdentityPools", MaxResults=size)
    print(size, compare("list", [part(p, "IdentityPoolId", "IdentityPoolName") for p in mine], items), len(items), sizes[-1])
good = 0
for pool in mine:
    said, roles = identity(pool)
    its = {"IdentityPoolId": pool["IdentityPoolId"]}
    good += compare("description", said, watched.call("describe_identity_pool", **its)) and \
        compare("roles", roles, watched.call("get_identity_pool_roles", **its))
print(good, "are as their records say")
print("\n".join(watched.faults) or "no answer has a wrong shape")
E
title '200 identity pools, asked by boto3'
run 0 beside "${options[@]}" --inventory inventory -- all.py inventory
same - out <<'E'
60 True 200 20
7 True 200 4
1 True 200 1
200 are as their records say
no answer has a wrong shape
E
title 'short pages, and empty ones'
cat >short.py <<'E'
from inventory_model import *
items, sizes = Watched("cognito-identity").pages("list_identity_pools", "IdentityPools", MaxResults=20)
print(len(items), len({i["IdentityPoolId"] for i in items}), 0 in sizes, max(sizes) <= 20, len(set(sizes)) > 3)
E
run 0 beside "${options[@]}" --short-pages --inventory inventory -- short.py
same - out <<<'200 200 True True True'

# Every pool of the fleet, by whoever may see it.
cat >fleet.py <<'E'
import sys
from inventory_model import *

_, every = records(sys.argv[1])
seen, good, faults_seen, tokens = 0, 0, [], {}
for account in "123456789012", "222233334444":
    session = client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/cognitoApiAccessRole", RoleSessionName="test",
                                        ExternalId="fleet")["Credentials"]
    keys = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"],
            "aws_session_token": session["SessionToken"]}
    for region in "eu-west-1", "us-east-1":
        watched = Watched("cognito-identity", region_name=region, **keys)
        wanted = [p for p in every if p["Account"] == account and p["IdentityPoolId"].startswith(region)]
        listed, _ = watched.pages("list_identity_pools", "IdentityPools", MaxResults=9)
        good += compare("list", [part(p, "IdentityPoolId", "IdentityPoolName") for p in wanted], listed)
        for pool in wanted:
            said, roles = identity(pool)
            its = {"IdentityPoolId": pool["IdentityPoolId"]}
            seen += compare("description", said, watched.call("describe_identity_pool", **its)) and \
                compare("roles", roles, watched.call("get_identity_pool_roles", **its))
        other = next(p for p in every if p["Account"] != account and p["IdentityPoolId"].startswith(region))
        far = next(p for p in every if p["Account"] == account and not p["IdentityPoolId"].startswith(region))
        for pool in other, far:
            print(outcome(lambda: watched.client.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])).replace(pool["IdentityPoolId"], "ID"))
        tokens[account, region] = watched.call("list_identity_pools", MaxResults=9)["NextToken"]
        print([outcome(lambda: watched.call("list_identity_pools", MaxResults=9, NextToken=token)) for token in tokens.values()])
        faults_seen += watched.faults
print(good, "lists,", seen, "of", len(every), "pools")
print("\n".join(faults_seen) or "no answer has a wrong shape")
E
title 'a fleet in two accounts and two Regions'
run 0 beside "${options[@]}" --inventory fleet/inventory.ndjson -- fleet.py fleet/inventory.ndjson
same - out <<'E'
NotAuthorizedException: Access to IdentityPool 'ID' is forbidden.
ResourceNotFoundException: IdentityPool 'ID' not found.
['no error']
NotAuthorizedException: Access to IdentityPool 'ID' is forbidden.
ResourceNotFoundException: IdentityPool 'ID' not found.
['InvalidParameterException: Paging Marker is Invalid for Request', 'no error']
NotAuthorizedException: Access to IdentityPool 'ID' is forbidden.
ResourceNotFoundException: IdentityPool 'ID' not found.
['InvalidParameterException: Paging Marker is Invalid for Request', 'InvalidParameterException: Paging Marker is Invalid for Request', 'no error']
NotAuthorizedException: Access to IdentityPool 'ID' is forbidden.
ResourceNotFoundException: IdentityPool 'ID' not found.
['InvalidParameterException: Paging Marker is Invalid for Request', 'InvalidParameterException: Paging Marker is Invalid for Request', 'InvalidParameterException: Paging Marker is Invalid for Request', 'no error']
4 lists, 120 of 120 pools
no answer has a wrong shape
E

cat >cli.py <<'E'
import sys
from aws_cli import answer
from inventory_model import *

_, every = records(sys.argv[1])
mine = every[:200]
listed = answer("cognito-identity", "list-identity-pools", "--max-results", "60")
print(compare("a page", [part(p, "IdentityPoolId", "IdentityPoolName") for p in mine[:60]], listed["IdentityPools"]))
print(compare("the next", [part(p, "IdentityPoolId", "IdentityPoolName") for p in mine[60:120]],
              answer("cognito-identity", "list-identity-pools", "--max-results", "60", "--next-token",
                     listed["NextToken"])["IdentityPools"]))
for pool in mine[0], mine[199]:
    said, roles = identity(pool)
    print(compare("description", said, answer("cognito-identity", "describe-identity-pool", "--identity-pool-id",
                                              pool["IdentityPoolId"])),
          compare("roles", roles, answer("cognito-identity", "get-identity-pool-roles", "--identity-pool-id",
                                         pool["IdentityPoolId"])))
E
title 'the AWS CLI'
run 0 serve "${options[@]}" --inventory inventory -- /usr/bin/python3 cli.py inventory
same - out <<'E'
True
True
True True
True True
E

cat >refused.py <<'E'
import os
from inventory_model import *

identity_client = client("cognito-identity", False)
def ask(operation, asked=identity_client, **parameters):
    print(operation, outcome(lambda: getattr(asked, operation)(**parameters)))

mine, others = ("eu-west-1:00000000-0000-4000-8000-" + tail for tail in ("100000000000", "100000000200"))
token = identity_client.list_identity_pools(MaxResults=10)["NextToken"]
ask("list_identity_pools")
ask("list_identity_pools", MaxResults=0)
ask("list_identity_pools", MaxResults=61)
ask("list_identity_pools", MaxResults=1.5)
ask("list_identity_pools", MaxResults=10, NextToken="")
ask("list_identity_pools", MaxResults=10, NextToken="x")
ask("list_identity_pools", MaxResults=11, NextToken=token)
ask("list_identity_pools", MaxResults=10, NextToken=token)
print("a longer one", outcome(lambda: identity_client.list_identity_pools(MaxResults=1, NextToken="x" * 65536))[-51:])
for operation in "describe_identity_pool", "get_identity_pool_roles":
    ask(operation)
    ask(operation, IdentityPoolId="")
    ask(operation, IdentityPoolId="eu-west-1_EXAMPLE01")
    ask(operation, IdentityPoolId="eu-west-1:" + "0" * 46)
    ask(operation, IdentityPoolId="eu-west-1:abc")
    ask(operation, IdentityPoolId=others)
    ask(operation, IdentityPoolId="us-east-1:00000000-0000-4000-8000-000000000000")
# What serve-pool does not serve, and what belongs to the other service.
ask("list_identities", IdentityPoolId=mine, MaxResults=1)
ask("list_tags_for_resource", ResourceArn="arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/" + mine)
E
title 'what is refused'
run 0 beside "${options[@]}" --inventory inventory -- refused.py
same - out <<'E'
list_identity_pools ValidationException: 1 validation error detected: Value null at 'maxResults' failed to satisfy constraint: Member must not be null
list_identity_pools ValidationException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
list_identity_pools ValidationException: 1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60
list_identity_pools SerializationException: A member of the request has the wrong type
list_identity_pools ValidationException: 1 validation error detected: Value at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1
list_identity_pools InvalidParameterException: Invalid pagination token given.
list_identity_pools InvalidParameterException: Paging Marker is Invalid for Request
list_identity_pools no error
a longer one Member must have length less than or equal to 65535
describe_identity_pool ValidationException: 1 validation error detected: Value null at 'identityPoolId' failed to satisfy constraint: Member must not be null
describe_identity_pool ValidationException: 1 validation error detected: Value at 'identityPoolId' failed to satisfy constraint: Member must have length greater than or equal to 1
describe_identity_pool ValidationException: 1 validation error detected: Value 'eu-west-1_EXAMPLE01' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+
describe_identity_pool ValidationException: 1 validation error detected: Value 'eu-west-1:0000000000000000000000000000000000000000000000' at 'identityPoolId' failed to satisfy constraint: Member must have length less than or equal to 55
describe_identity_pool ResourceNotFoundException: IdentityPool 'eu-west-1:abc' not found.
describe_identity_pool NotAuthorizedException: Access to IdentityPool 'eu-west-1:00000000-0000-4000-8000-100000000200' is forbidden.
describe_identity_pool ResourceNotFoundException: IdentityPool 'us-east-1:00000000-0000-4000-8000-000000000000' not found.
get_identity_pool_roles ValidationException: 1 validation error detected: Value null at 'identityPoolId' failed to satisfy constraint: Member must not be null
get_identity_pool_roles ValidationException: 1 validation error detected: Value at 'identityPoolId' failed to satisfy constraint: Member must have length greater than or equal to 1
get_identity_pool_roles ValidationException: 1 validation error detected: Value 'eu-west-1_EXAMPLE01' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+
get_identity_pool_roles ValidationException: 1 validation error detected: Value 'eu-west-1:0000000000000000000000000000000000000000000000' at 'identityPoolId' failed to satisfy constraint: Member must have length less than or equal to 55
get_identity_pool_roles ResourceNotFoundException: IdentityPool 'eu-west-1:abc' not found.
get_identity_pool_roles NotAuthorizedException: Access to IdentityPool 'eu-west-1:00000000-0000-4000-8000-100000000200' is forbidden.
get_identity_pool_roles ResourceNotFoundException: IdentityPool 'us-east-1:00000000-0000-4000-8000-000000000000' not found.
list_identities AccessDeniedException: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: cognito-identity:ListIdentities on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:00000000-0000-4000-8000-100000000000 because no identity-based policy allows the cognito-identity:ListIdentities action
list_tags_for_resource AccessDeniedException: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: cognito-identity:ListTagsForResource on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/ because no identity-based policy allows the cognito-identity:ListTagsForResource action
E

cat >denied.py <<'E'
from inventory_model import *

def ask(service, operation, **parameters):
    print(operation, outcome(lambda: getattr(client(service, False), operation)(**parameters)).split("perform: ")[-1])

ask("cognito-identity", "list_identity_pools", MaxResults=1)
ask("cognito-identity", "describe_identity_pool", IdentityPoolId="eu-west-1:abc")
ask("cognito-identity", "get_identity_pool_roles", IdentityPoolId="no id")
ask("cognito-idp", "describe_user_pool_domain", Domain="x")
E
denials() {
	same - out <<-'E'
		list_identity_pools cognito-identity:ListIdentityPools on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/ because no identity-based policy allows the cognito-identity:ListIdentityPools action
		describe_identity_pool cognito-identity:DescribeIdentityPool on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:abc because no identity-based policy allows the cognito-identity:DescribeIdentityPool action
		get_identity_pool_roles cognito-identity:GetIdentityPoolRoles on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/ because no identity-based policy allows the cognito-identity:GetIdentityPoolRoles action
		describe_user_pool_domain cognito-idp:DescribeUserPoolDomain on resource: * because no identity-based policy allows the cognito-idp:DescribeUserPoolDomain action
	E
}
title 'by default nothing of it is allowed'
run 0 beside --region eu-west-1 --inventory inventory -- denied.py
denials
title 'without the role'
run 0 beside --region eu-west-1 --require-role --allow all --inventory inventory -- denied.py
denials

# Each service's operations have its own prefix, and a signature that is for it.
cat >crossed.py <<'E'
import http.client, os, re
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url = os.environ["AWS_ENDPOINT_URL"]
keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
def ask(target, service, body="{}"):
    request = AWSRequest("POST", url + "/", headers={"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}, data=body)
    SigV4Auth(keys, service, "eu-west-1").add_auth(request)
    connection = http.client.HTTPConnection(url.split("//")[1], timeout=30)
    connection.request("POST", "/", body, dict(request.headers.items()))
    answer = connection.getresponse()
    print(answer.status, re.sub('(?<="NextToken":")[^"]*', "TOKEN", answer.read().decode()))

idp, identity = "AWSCognitoIdentityProviderService.", "AWSCognitoIdentityService."
ask(identity + "ListIdentityPools", "cognito-identity", '{"MaxResults":1}')
ask(identity + "ListIdentityPools", "cognito-idp", '{"MaxResults":1}')
ask(idp + "ListIdentityPools", "cognito-idp", '{"MaxResults":1}')
ask(identity + "ListUserPoolClients", "cognito-identity")
ask(identity + "ListIdentityPools.", "cognito-identity")
ask(identity + "ListIdentityPools", "cognito-identity", "[]")
ask(identity + "DescribeIdentityPool", "cognito-identity", "{")
# GetProvisionedLimit is newer than boto3's model.
def limit(category):
    return '{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"%s"}}}' % category
ask(idp + "GetProvisionedLimit", "cognito-idp", limit("UserRead"))
ask(idp + "GetProvisionedLimit", "cognito-idp", limit("UserList"))
ask(idp + "GetProvisionedLimit", "cognito-idp", limit("Nothing"))
ask(idp + "GetProvisionedLimit", "cognito-idp", '{"LimitDefinition":{"LimitClass":"X"}}')
ask(idp + "GetProvisionedLimit", "cognito-idp")
E
jq -nc '{Id: "eu-west-1_EXAMPLE01", Name: "x", ProvisionedLimits: [{LimitDefinition: {LimitClass: "API_CATEGORY",
	Attributes: {Category: "UserRead"}}, ProvisionedLimitValue: 240, FreeLimitValue: 120}]}' >limits
cat inventory >>limits
title 'two services'
run 0 beside "${options[@]}" --inventory limits -- crossed.py
same - out <<'E'
200 {"IdentityPools":[{"IdentityPoolId":"eu-west-1:00000000-0000-4000-8000-100000000000","IdentityPoolName":"pool 0"}],"NextToken":"TOKEN"}
400 {"__type":"com.amazon.coral.service#InvalidSignatureException","Message":"Credential should be scoped to correct service: 'cognito-identity'. "}
404 {"__type":"com.amazon.coral.service#UnknownOperationException","Message":"Unknown operation"}
404 {"__type":"com.amazon.coral.service#UnknownOperationException","Message":"Unknown operation"}
404 {"__type":"com.amazon.coral.service#UnknownOperationException","Message":"Unknown operation"}
400 {"__type":"com.amazon.coral.service#SerializationException","Message":"The request is not a JSON object"}
400 {"__type":"com.amazon.coral.service#SerializationException","Message":"The request is not a JSON object"}
200 {"Limit":{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserRead"}},"ProvisionedLimitValue":240,"FreeLimitValue":120}}
200 {"Limit":{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserList"}},"ProvisionedLimitValue":30,"FreeLimitValue":30}}
400 {"__type":"InvalidParameterException","message":"The limit definition names no category of requests."}
400 {"__type":"InvalidParameterException","message":"2 validation errors detected: Value 'X' at 'limitDefinition.limitClass' failed to satisfy constraint: Member must satisfy enum value set: [API_CATEGORY]; Value null at 'limitDefinition.attributes' failed to satisfy constraint: Member must not be null"}
400 {"__type":"InvalidParameterException","message":"1 validation error detected: Value null at 'limitDefinition' failed to satisfy constraint: Member must not be null"}
E

title 'the log, faults and quotas know them'
cat >drill.py <<'E'
from inventory_model import *
asked = client("cognito-identity")
for _ in range(3):
    print(outcome(lambda: asked.list_identity_pools(MaxResults=5)))
print(outcome(lambda: asked.describe_identity_pool(IdentityPoolId="eu-west-1:abc")))
E
run 0 beside "${options[@]}" --log log --fault ListIdentityPools:throttle@2 --fault DescribeIdentityPool:denied@1 \
	--inventory inventory -- drill.py
same - out <<'E'
no error
TooManyRequestsException: Rate exceeded
no error
AccessDeniedException: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: cognito-identity:DescribeIdentityPool on resource: arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:abc because no identity-based policy allows the cognito-identity:DescribeIdentityPool action
E
jq -c 'del(.Bytes)' log >got
same - got <<'E'
{"Operation":"ListIdentityPools","Status":200,"Code":"","Region":"eu-west-1","Account":"123456789012","UserPoolId":null,"Limit":5,"Token":false}
{"Operation":"ListIdentityPools","Status":400,"Code":"TooManyRequestsException","Region":"eu-west-1","Account":"123456789012","UserPoolId":null,"Token":false,"Fault":"throttle"}
{"Operation":"ListIdentityPools","Status":200,"Code":"","Region":"eu-west-1","Account":"123456789012","UserPoolId":null,"Limit":5,"Token":false}
{"Operation":"DescribeIdentityPool","Status":400,"Code":"AccessDeniedException","Region":"eu-west-1","Account":"123456789012","UserPoolId":null,"Token":false,"Fault":"denied"}
E
run 0 beside "${options[@]}" --quota IdentityPoolRead=0.1 --inventory inventory -- drill.py
same - out <<'E'
no error
TooManyRequestsException: Rate exceeded
TooManyRequestsException: Rate exceeded
TooManyRequestsException: Rate exceeded
E
title 'no endpoint of the caller'"'"'s own leads elsewhere'
AWS_ENDPOINT_URL_COGNITO_IDENTITY=http://127.0.0.1:1 run 0 serve "${options[@]}" --inventory inventory -- \
	sh -c 'echo "${AWS_ENDPOINT_URL_COGNITO_IDENTITY-unset}"'
same - out <<<unset

finish
