#!/usr/bin/env bash
# serve-pool: what hangs on user pools, as boto3 and the AWS CLI see it: every answer is what the inventory says, in
# the shapes of the service model; pages; what is refused.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/beside.sh
. "$TOP/tests/helpers/beside.sh"

export PYTHONPATH=$TOP/tests/helpers PYTHONDONTWRITEBYTECODE=1
client boto3 botocore.session
"$TOP/tests/helpers/make-fleet.py" --pools 40 --regions 1 --accounts 1 --users 1 fleet

# A pool with more than pages hold, and with all that a record may have; and one with nothing.
jq -nc '
def when: {CreationDate: "2024-05-06T07:08:09.120Z", LastModifiedDate: "2025-01-01T00:00:00.000Z"};
{Id: "eu-west-1_Crowded1", Name: "crowded", Arn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Crowded1",
UserPoolClients: [range(200) | {ClientId: "client\(.)", ClientName: "C\(.) <\"ü\">", HasClientSecret: (. % 2 == 0)} + when],
IdentityProviders: [range(50) | {ProviderName: "Idp\(.)", ProviderType: "OIDC", AttributeMapping: {email: "email"},
	ProviderDetails: {client_secret: "SECRET-\(.)"}, IdpIdentifiers: ["x\(.).example.com"]} + when],
ResourceServers: [range(130) | {Identifier: "https://api\(.).example.com", Name: "API \(.)",
	Scopes: [{ScopeName: "read", ScopeDescription: "Reads"}]}],
Domains: [{Domain: "crowded", Status: "ACTIVE", ManagedLoginVersion: 2},
	{Domain: "auth.example.com", Status: "ACTIVE", CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/x-1"}],
MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: {Enabled: true},
SmsMfaConfiguration: {SmsAuthenticationMessage: "Code {####}"},
SmsConfiguration: {SnsCallerArn: "arn:aws:iam::123456789012:role/sms", ExternalId: "SECRET-external", SnsRegion: "eu-west-1"},
EmailMfaConfiguration: {Message: "Code {####}", Subject: "Code"},
WebAuthnConfiguration: {RelyingPartyId: "crowded.example.com", UserVerification: "required"},
UserPoolTags: {stage: "prod", "a b": ""},
ProvisionedLimits: [{LimitDefinition: {LimitClass: "API_CATEGORY", Attributes: {Category: "UserRead"}},
	ProvisionedLimitValue: 240, FreeLimitValue: 120}], Missing: ["cognito-idp:X"], IdentityPools: [], GroupRoles: []},
{Id: "eu-west-1_Empty0001", Name: "empty"}' >inventory

cat >fleet.py <<'E'
import sys
from inventory_model import *

pools, _ = records(sys.argv[1])
watched = Watched("cognito-idp")
call, good, clients_seen, named = watched.call, 0, 0, 0
for n, pool in enumerate(pools):
    its = {"UserPoolId": pool["Id"]}
    few = {"MaxResults": 1 + n % 3}
    said = [
        compare(f"clients of {pool['Name']}", [listed for listed, _ in clients(pool)],
                watched.pages("list_user_pool_clients", "UserPoolClients", **its, **few)[0]),
        compare(f"providers of {pool['Name']}", [listed for listed, _ in providers(pool)],
                watched.pages("list_identity_providers", "Providers", **its, **few)[0]),
        compare(f"servers of {pool['Name']}", servers(pool),
                watched.pages("list_resource_servers", "ResourceServers", **its)[0]),
        compare(f"MFA of {pool['Name']}", mfa(pool), call("get_user_pool_mfa_config", **its)),
        compare(f"tags of {pool['Name']}", {"Tags": pool["UserPoolTags"]}, call("list_tags_for_resource", ResourceArn=pool["Arn"]))]
    for _, client in clients(pool):
        clients_seen += 1
        said.append(compare("client", {"UserPoolClient": client},
                            call("describe_user_pool_client", ClientId=client["ClientId"], **its)))
    for _, provider in providers(pool):
        said.append(compare("provider", {"IdentityProvider": provider},
                            call("describe_identity_provider", ProviderName=provider["ProviderName"], **its)))
    for domain in domains(pool, "123456789012"):
        named += 1
        said.append(compare("domain", {"DomainDescription": domain}, call("describe_user_pool_domain", Domain=domain["Domain"])))
    good += all(said)
print(good, "of", len(pools), "pools are as their records say;", clients_seen, "clients,", named, "domains")
print("\n".join(watched.faults) or "no answer has a wrong shape")
E
title 'a fleet, asked by boto3'
run 0 beside --allow inventory --region eu-west-1 --inventory fleet/inventory.ndjson -- fleet.py fleet/inventory.ndjson
ok grep -qx '40 of 40 pools are as their records say; 7[0-9] clients, 10 domains' out
has out 'no answer has a wrong shape'

cat >cli.py <<'E'
import sys
from aws_cli import answer
from inventory_model import *

pools, _ = records(sys.argv[1])
# The CLI gives times as texts.
def epoch(value):
    if isinstance(value, dict):
        return {k: seconds(v) if k in ("CreationDate", "LastModifiedDate") else epoch(v) for k, v in value.items()}
    return [epoch(v) for v in value] if isinstance(value, list) else value

def asked(*words):
    return epoch(answer("cognito-idp", *words))

# What Debian's CLI knows of an answer.
def known(mfa_of):
    return without(mfa_of, "EmailMfaConfiguration", "WebAuthnConfiguration")

good = 0
for pool in pools[::8]:
    its = ("--user-pool-id", pool["Id"])
    said = [compare("clients", [listed for listed, _ in clients(pool)],
                    asked("list-user-pool-clients", *its, "--page-size", "1")["UserPoolClients"]),
            compare("providers", [listed for listed, _ in providers(pool)],
                    asked("list-identity-providers", *its)["Providers"]),
            compare("servers", servers(pool), asked("list-resource-servers", *its)["ResourceServers"]),
            compare("MFA", known(mfa(pool)), known(asked("get-user-pool-mfa-config", *its))),
            compare("tags", {"Tags": pool["UserPoolTags"]}, asked("list-tags-for-resource", "--resource-arn", pool["Arn"]))]
    for _, client in clients(pool):
        said.append(compare("client", client, asked("describe-user-pool-client", "--client-id", client["ClientId"], *its)["UserPoolClient"]))
    for _, provider in providers(pool):
        said.append(compare("provider", provider, asked("describe-identity-provider", "--provider-name", provider["ProviderName"],
                                                        *its)["IdentityProvider"]))
    for domain in domains(pool, "123456789012"):
        got = asked("describe-user-pool-domain", "--domain", domain["Domain"])["DomainDescription"]
        said.append(compare("domain", without(domain, "ManagedLoginVersion"), without(got, "ManagedLoginVersion")))
    good += all(said)
print(good, "of", len(pools[::8]))
E
title 'a fleet, asked by the AWS CLI'
run 0 serve --allow inventory --region eu-west-1 --inventory fleet/inventory.ndjson -- /usr/bin/python3 cli.py fleet/inventory.ndjson
has out '5 of 5'

cat >crowded.py <<'E'
import sys
from inventory_model import *

pools, _ = records(sys.argv[1])
crowded, empty = pools
its, other = {"UserPoolId": crowded["Id"]}, {"UserPoolId": empty["Id"]}
watched = Watched("cognito-idp")
call, pages = watched.call, watched.pages
for operation, member, wanted, size in (
        ("list_user_pool_clients", "UserPoolClients", [listed for listed, _ in clients(crowded)], 60),
        ("list_user_pool_clients", "UserPoolClients", [listed for listed, _ in clients(crowded)], 7),
        ("list_identity_providers", "Providers", [listed for listed, _ in providers(crowded)], 0),
        ("list_identity_providers", "Providers", [listed for listed, _ in providers(crowded)], 9),
        ("list_resource_servers", "ResourceServers", servers(crowded), 50),
        ("list_resource_servers", "ResourceServers", servers(crowded), None)):
    items, sizes = pages(operation, member, **its, **({} if size is None else {"MaxResults": size}))
    print(operation, size, compare(operation, wanted, items), len(items), sizes)

# Those that have a secret and do not say it have one all the same.
secret = [call("describe_user_pool_client", ClientId=f"client{n}", **its)["UserPoolClient"].get("ClientSecret") for n in (0, 1, 2)]
print([s and len(s) for s in secret], secret[0] != secret[2])
print(call("get_user_pool_mfa_config", **its) == mfa(crowded), call("get_user_pool_mfa_config", **other))
print(sorted(call("get_user_pool_mfa_config", **its)["SmsMfaConfiguration"]["SmsConfiguration"]))
for domain in ("auth.example.com", "nobody-has-this"):
    print(call("describe_user_pool_domain", Domain=domain))
print(call("list_tags_for_resource", ResourceArn=crowded["Arn"]))
print(call("list_tags_for_resource", ResourceArn=crowded["Arn"].replace("Crowded1", "Empty0001")))
print([call(o, **other) for o in ("list_user_pool_clients", "list_identity_providers", "list_resource_servers")])
print("\n".join(watched.faults) or "no answer has a wrong shape")
E
title 'more than a page holds'
run 0 beside --allow inventory --region eu-west-1 --inventory inventory -- crowded.py inventory
same - out <<'E'
list_user_pool_clients 60 True 200 [60, 60, 60, 20]
list_user_pool_clients 7 True 200 [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 4]
list_identity_providers 0 True 50 [50]
list_identity_providers 9 True 50 [9, 9, 9, 9, 9, 5]
list_resource_servers 50 True 130 [50, 50, 30]
list_resource_servers None True 130 [50, 50, 30]
[51, None, 51] True
True {'MfaConfiguration': 'OFF'}
['ExternalId', 'SnsCallerArn', 'SnsRegion']
{'DomainDescription': {'UserPoolId': 'eu-west-1_Crowded1', 'AWSAccountId': '123456789012', 'Domain': 'auth.example.com', 'Status': 'ACTIVE', 'CustomDomainConfig': {'CertificateArn': 'arn:aws:acm:us-east-1:123456789012:certificate/x-1'}}}
{'DomainDescription': {}}
{'Tags': {'stage': 'prod', 'a b': ''}}
{'Tags': {}}
[{'UserPoolClients': []}, {'Providers': []}, {'ResourceServers': []}]
no answer has a wrong shape
E
# What is said of a pool that no inventory knows.
cat >bare.py <<'E'
import sys
from inventory_model import *
watched = Watched("cognito-idp")
its = {"UserPoolId": sys.argv[1]}
arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/" + sys.argv[1]
print([watched.call(o, **its) for o in ("list_user_pool_clients", "list_identity_providers", "list_resource_servers",
                                       "get_user_pool_mfa_config")], watched.call("list_tags_for_resource", ResourceArn=arn))
print(Watched("cognito-identity").call("list_identity_pools", MaxResults=1), watched.faults)
print(outcome(lambda: watched.call("describe_user_pool_client", ClientId="client0", **its)))
E
echo '{"GroupName":"x"}' >pool
bare() {
	same - out <<-'E'
		[{'UserPoolClients': []}, {'Providers': []}, {'ResourceServers': []}, {'MfaConfiguration': 'OFF'}] {'Tags': {}}
		{'IdentityPools': []} []
		ResourceNotFoundException: User pool client client0 does not exist.
	E
}
title 'one pool'
run 0 beside --allow inventory --region eu-west-1 --user-pool-id eu-west-1_Alone1 pool -- bare.py eu-west-1_Alone1
bare
title 'one pool beside those of an inventory'
run 0 beside --allow inventory --region eu-west-1 --user-pool-id eu-west-1_Alone1 --inventory inventory pool -- bare.py eu-west-1_Alone1
bare

title 'short pages, and empty ones'
cat >short.py <<'E'
import sys
from inventory_model import *
pools, _ = records(sys.argv[1])
items, sizes = Watched("cognito-idp").pages("list_user_pool_clients", "UserPoolClients", UserPoolId=pools[0]["Id"], MaxResults=20)
print(items == [listed for listed, _ in clients(pools[0])], 0 in sizes, max(sizes) <= 20, len(set(sizes)) > 3)
E
run 0 beside --allow inventory --region eu-west-1 --short-pages --inventory inventory -- short.py inventory
same - out <<<'True True True True'

cat >refused.py <<'E'
from inventory_model import *

client = client("cognito-idp", False)
its, other = {"UserPoolId": "eu-west-1_Crowded1"}, {"UserPoolId": "eu-west-1_Empty0001"}
account = "arn:aws:cognito-idp:eu-west-1:123456789012:"
token = {"NextToken": client.list_user_pool_clients(MaxResults=10, **its)["NextToken"]}
for operation, parameters in (
        ("list_user_pool_clients", {}),
        ("list_user_pool_clients", {**its, "MaxResults": 0}),
        ("list_user_pool_clients", {**its, "MaxResults": 61}),
        ("list_user_pool_clients", {**its, "MaxResults": "10"}),
        ("list_user_pool_clients", {**its, "NextToken": ""}),
        ("list_user_pool_clients", {**its, "NextToken": "a b"}),
        ("list_user_pool_clients", {**its, "NextToken": "abcd"}),
        ("list_user_pool_clients", {**its, "MaxResults": 11, **token}),
        ("list_user_pool_clients", {**other, "MaxResults": 10, **token}),
        ("list_identity_providers", {**its, "MaxResults": 10, **token}),
        ("list_user_pool_clients", {**its, "MaxResults": 10, **token}),
        ("list_user_pool_clients", {"UserPoolId": "eu-west-1_Nobody"}),
        ("list_identity_providers", {**its, "MaxResults": -1}),
        ("list_identity_providers", {**its, "MaxResults": 61}),
        ("list_resource_servers", {**its, "MaxResults": 0}),
        ("list_resource_servers", {**its, "MaxResults": 51}),
        ("describe_user_pool_client", its),
        ("describe_user_pool_client", {**its, "ClientId": ""}),
        ("describe_user_pool_client", {**its, "ClientId": "no-such"}),
        ("describe_user_pool_client", {**its, "ClientId": "x" * 129}),
        ("describe_user_pool_client", {**its, "ClientId": "client200"}),
        ("describe_user_pool_client", {**other, "ClientId": "client0"}),
        ("describe_identity_provider", its),
        ("describe_identity_provider", {**its, "ProviderName": "a b"}),
        ("describe_identity_provider", {**its, "ProviderName": "x" * 33}),
        ("describe_identity_provider", {**its, "ProviderName": "Idp50"}),
        ("describe_user_pool_domain", {}),
        ("describe_user_pool_domain", {"Domain": "A"}),
        ("describe_user_pool_domain", {"Domain": "-a"}),
        ("describe_user_pool_domain", {"Domain": "a" * 64}),
        ("get_user_pool_mfa_config", {}),
        ("list_tags_for_resource", {}),
        ("list_tags_for_resource", {"ResourceArn": "arn:aws"}),
        ("list_tags_for_resource", {"ResourceArn": "x" * 20}),
        ("list_tags_for_resource", {"ResourceArn": account + "group/eu-west-1_Crowded1"}),
        ("list_tags_for_resource", {"ResourceArn": account + "userpool/eu-west-1_Nobody"}),
        ("list_tags_for_resource", {"ResourceArn": account.replace("1234", "4321") + "userpool/eu-west-1_Crowded1"}),
        ("list_tags_for_resource", {"ResourceArn": account.replace("eu-west-1", "eu-west-2") + "userpool/eu-west-1_Crowded1"})):
    print(operation, outcome(lambda: getattr(client, operation)(**parameters)))
E
title 'what is refused'
run 0 beside --allow inventory --region eu-west-1 --inventory inventory -- refused.py
same - out <<'E'
list_user_pool_clients InvalidParameterException: 1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null
list_user_pool_clients InvalidParameterException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
list_user_pool_clients InvalidParameterException: 1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60
list_user_pool_clients SerializationException: A member of the request has the wrong type
list_user_pool_clients InvalidParameterException: 1 validation error detected: Value at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1
list_user_pool_clients InvalidParameterException: 1 validation error detected: Value 'a b' at 'nextToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+
list_user_pool_clients InvalidParameterException: Invalid pagination token given.
list_user_pool_clients InvalidParameterException: Paging Marker is Invalid for Request
list_user_pool_clients InvalidParameterException: Paging Marker is Invalid for Request
list_identity_providers InvalidParameterException: Paging Marker is Invalid for Request
list_user_pool_clients no error
list_user_pool_clients ResourceNotFoundException: User pool eu-west-1_Nobody does not exist.
list_identity_providers InvalidParameterException: 1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0
list_identity_providers InvalidParameterException: 1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60
list_resource_servers InvalidParameterException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
list_resource_servers InvalidParameterException: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50
describe_user_pool_client InvalidParameterException: 1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null
describe_user_pool_client InvalidParameterException: 1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must have length greater than or equal to 1
describe_user_pool_client InvalidParameterException: 1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+]+
describe_user_pool_client InvalidParameterException: 1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must have length less than or equal to 128
describe_user_pool_client ResourceNotFoundException: User pool client client200 does not exist.
describe_user_pool_client ResourceNotFoundException: User pool client client0 does not exist.
describe_identity_provider InvalidParameterException: 1 validation error detected: Value null at 'providerName' failed to satisfy constraint: Member must not be null
describe_identity_provider InvalidParameterException: 1 validation error detected: Value 'a b' at 'providerName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+
describe_identity_provider InvalidParameterException: 1 validation error detected: Value 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' at 'providerName' failed to satisfy constraint: Member must have length less than or equal to 32
describe_identity_provider ResourceNotFoundException: Identity provider Idp50 does not exist.
describe_user_pool_domain InvalidParameterException: 1 validation error detected: Value null at 'domain' failed to satisfy constraint: Member must not be null
describe_user_pool_domain InvalidParameterException: 1 validation error detected: Value 'A' at 'domain' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$
describe_user_pool_domain InvalidParameterException: 1 validation error detected: Value '-a' at 'domain' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$
describe_user_pool_domain InvalidParameterException: 1 validation error detected: Value 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' at 'domain' failed to satisfy constraint: Member must have length less than or equal to 63
get_user_pool_mfa_config InvalidParameterException: 1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null
list_tags_for_resource InvalidParameterException: 1 validation error detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null
list_tags_for_resource InvalidParameterException: 1 validation error detected: Value 'arn:aws' at 'resourceArn' failed to satisfy constraint: Member must have length greater than or equal to 20
list_tags_for_resource InvalidParameterException: 1 validation error detected: Value 'xxxxxxxxxxxxxxxxxxxx' at 'resourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?
list_tags_for_resource InvalidParameterException: Resource ARN is not that of a user pool.
list_tags_for_resource ResourceNotFoundException: User pool eu-west-1_Nobody does not exist.
list_tags_for_resource ResourceNotFoundException: User pool eu-west-1_Crowded1 does not exist.
list_tags_for_resource ResourceNotFoundException: User pool eu-west-1_Crowded1 does not exist.
E

# Whatever is asked, the answer is JSON with a code, and the server goes on.
cat >anything.py <<'E'
import collections, http.client, json, os, random
from inventory_model import *

chance = random.Random(10)
pool, idp, identity = "eu-west-1_Crowded1", "AWSCognitoIdentityProviderService.", "AWSCognitoIdentityService."
good = {idp + "ListUserPoolClients": {"UserPoolId": pool, "MaxResults": 5}, idp + "ListIdentityProviders": {"UserPoolId": pool},
        idp + "DescribeUserPoolClient": {"UserPoolId": pool, "ClientId": "client1"},
        idp + "DescribeIdentityProvider": {"UserPoolId": pool, "ProviderName": "Idp1"},
        idp + "DescribeUserPoolDomain": {"Domain": "crowded"}, idp + "ListResourceServers": {"UserPoolId": pool, "NextToken": "x"},
        idp + "GetUserPoolMfaConfig": {"UserPoolId": pool},
        idp + "ListTagsForResource": {"ResourceArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/" + pool},
        idp + "GetProvisionedLimit": {"LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserRead"}}},
        identity + "ListIdentityPools": {"MaxResults": 5}, identity + "DescribeIdentityPool": {"IdentityPoolId": "eu-west-1:abc"},
        identity + "GetIdentityPoolRoles": {"IdentityPoolId": "eu-west-1:abc"}}
values = [None, True, [], {}, [None], "", "a b", "\0", "ü\ud800", "x" * 3000, 0, -1, 61, 1e300, 2 ** 64, {"Attributes": []},
          {"LimitClass": "API_CATEGORY", "Attributes": {}}, {"LimitClass": 1, "Attributes": {"Category": "\0"}}, pool, "eu-west-1:" + "0" * 45,
          "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/", "arn:aws:cognito-idp:::userpool/a_b", "arn::::1:x", "a..b", "."]
connection = http.client.HTTPConnection(os.environ["AWS_ENDPOINT_URL"].split("//")[1], timeout=30)
codes = collections.Counter()
for target, parameters in good.items():
    for n in range(120):
        body = dict(parameters)
        for name in chance.sample(sorted(body), chance.randint(0, len(body))) + ["MaxResults", "NextToken"][:chance.randint(0, 2)]:
            body[name] = chance.choice(values)
        text = json.dumps(body)
        if n % 6 == 0:
            text = text[:chance.randint(0, len(text))]
        if n % 7 == 0:
            text = text.replace(chance.choice(text or "x"), chance.choice('"\\{},:\x7f'), 1)
        connection.request("POST", "/", text.encode(), {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
        codes[answer.status, said.get("__type", "")] += 1
print(sum(codes.values()), sorted(codes))
E
title 'anything'
run 0 beside --allow inventory --no-signatures --region eu-west-1 --inventory inventory -- anything.py
same - out <<'E'
1440 [(200, ''), (400, 'InvalidParameterException'), (400, 'ResourceNotFoundException'), (400, 'ValidationException'), (400, 'com.amazon.coral.service#SerializationException')]
E

# wrong RECORD REASON: the inventory whose second line is RECORD is refused for that.
wrong() {
	printf '{"Id":"eu-west-1_A1","Name":"a","Domains":[{"Domain":"taken"}],"ProvisionedLimits":[%s]}\n%s\n' "$limit" "$1" >wrong
	title "$2: $1"
	run 1 serve --region eu-west-1 --inventory wrong -- true
	has err "serve-pool: wrong:2: $2"
}
limit='{"LimitDefinition":{"LimitClass":"API_CATEGORY","Attributes":{"Category":"UserRead"}},"ProvisionedLimitValue":1}'
b='{"Id":"eu-west-1_B1","Name":"b"'
wrong '{}' 'neither a user pool nor an identity pool'
wrong '{"Id":"eu-west-1_A1","Name":"a"}' 'a second record of'
wrong '{"Id":"nothing"}' 'Id is not the id of a user pool'
wrong '{"Id":7}' 'Id is not the id of a user pool'
wrong "$b,\"Arn\":\"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_C1\"}" 'Arn is not that of this user pool'
wrong "$b,\"Arn\":\"arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_B1\"}" 'Arn is not that of this user pool'
wrong "$b,\"Arn\":{}}" 'Arn is not a text'
wrong '{"Id":"EU_B1","Name":"b"}' 'neither Arn nor Id says a Region'
wrong "$b,\"UserPoolClients\":{}}" 'UserPoolClients is not a list'
wrong "$b,\"UserPoolClients\":[7]}" 'UserPoolClients: a ClientId is missing, or said twice'
wrong "$b,\"UserPoolClients\":[{\"ClientName\":\"x\"}]}" 'UserPoolClients: a ClientId is missing, or said twice'
wrong "$b,\"UserPoolClients\":[{\"ClientId\":\"x\"},{\"ClientId\":\"x\"}]}" 'UserPoolClients: a ClientId is missing, or said twice'
wrong "$b,\"UserPoolClients\":[{\"ClientId\":\"x\",\"CreationDate\":\"yesterday\"}]}" 'a date is not in the form of RFC 3339'
wrong "$b,\"IdentityProviders\":[{\"ProviderName\":null}]}" 'IdentityProviders: a ProviderName is missing, or said twice'
wrong "$b,\"ResourceServers\":[{\"Identifier\":\"\"}]}" 'ResourceServers: an Identifier is missing, or said twice'
wrong "$b,\"Domains\":7}" 'Domains is not a list'
wrong "$b,\"Domains\":[{\"Domain\":\"taken\"}]}" 'Domains: a Domain is missing, or said twice'
wrong "$b,\"ProvisionedLimits\":{}}" 'ProvisionedLimits is not a list'
wrong "$b,\"ProvisionedLimits\":[{}]}" 'ProvisionedLimits: one has no Category'
wrong "$b,\"ProvisionedLimits\":[${limit/:1\}/:2\}}]}" 'ProvisionedLimits: another pool of the account says something else'
wrong '{"IdentityPoolId":"eu-west-1:XYZ","IdentityPoolName":"x"}' 'IdentityPoolId is not the id of an identity pool'
wrong '{"IdentityPoolId":"EU:0","IdentityPoolName":"x"}' 'IdentityPoolId is not the id of an identity pool'
wrong '{"IdentityPoolId":"eu-west-1:0","IdentityPoolName":"x","Account":"1"}' 'Account is not the number of an account'
wrong '{"IdentityPoolId":"eu-west-1:0","IdentityPoolName":"x","Account":123456789012}' 'Account is not the number of an account'
wrong '{"IdentityPoolId":"eu-west-1:0"}' 'IdentityPoolName is missing'
title 'an account may say the same limit for each of its pools'
printf '{"Id":"eu-west-1_%s","Name":"a","ProvisionedLimits":[%s]}\n' A1 "$limit" B1 "$limit" >same
run 0 serve --region eu-west-1 --inventory same -- true

finish
