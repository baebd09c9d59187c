#!/usr/bin/env bash
# serve-pool --inventory: many pools of several Regions and accounts on one endpoint, as boto3 and the AWS CLI see them; who may
# see which; quotas; inventories that are wrong.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/beside.sh
. "$TOP/tests/helpers/beside.sh"

/usr/bin/python3 "$TOP/tests/helpers/make-fleet.py" fleet || verdict 1 'a fleet'
cat >own.ndjson <<'E'
{"GroupName":"staff"}
{"Username":"ana","Groups":["staff"]}
E
client boto3
allow=--allow=reads,inventory

# What all scripts need: the inventory, clients by Region and account, answers on one line.
cat >fleet.py <<'E'
import boto3, botocore, botocore.config, datetime, json, os, sys
URL = os.environ["AWS_ENDPOINT_URL"]
CONFIG = botocore.config.Config(parameter_validation=False, retries={"max_attempts": 0})
RECORDS = [json.loads(line) for line in open("fleet/inventory.ndjson")]
POOLS = [r for r in RECORDS if "Id" in r]
HOME, OTHER = "123456789012", "222233334444"
ROLE = "arn:aws:iam::%s:role/cognitoApiAccessRole"

def where(record):
    return tuple(record["Arn"].split(":")[3:5])

PLACES = sorted(set(map(where, POOLS)))

# The last answer as it came, since an SDK leaves out what it does not know; dates as text.
LAST = {}

def keep(response_dict, **_):
    LAST["body"] = response_dict["body"]

def raw():
    return json.loads(LAST["body"], parse_float=str)

def client(region, keys=None, service="cognito-idp"):
    how = {} if keys is None else {"aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"], "aws_session_token": keys["SessionToken"]}
    made = boto3.client(service, region_name=region, endpoint_url=URL, config=CONFIG, **how)
    made.meta.events.register("response-received", keep)
    return made

def session(account, external=os.environ["SERVE_POOL_EXTERNAL_ID"], keys=None, region="eu-west-1"):
    return client(region, keys, "sts").assume_role(RoleArn=ROLE % account, RoleSessionName="me",
        ExternalId=external)["Credentials"]

def tell(label, call, **how):
    try:
        answer = call(**how)
        answer.pop("ResponseMetadata")
        print(label + ":", "ok", *sorted(answer))
        return answer
    except botocore.exceptions.ClientError as e:
        print(f"{label}: {e.response['Error']['Code']}: {e.response['Error']['Message']}")
        return e.response

def pages(cognito, size):
    answer, out, count = {}, [], 0
    while count == 0 or "NextToken" in answer:
        more = {"NextToken": answer["NextToken"]} if count else {}
        answer = cognito.list_user_pools(MaxResults=size, **more)
        out += raw()["UserPools"]
        count += 1
    return out, count
E

# --- every pool is where the inventory says, and nowhere else
cat >list.py <<'E'
from fleet import *
KEYS = {account: session(account) for _, account in PLACES}

def date(text):
    seconds = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    text = ("%.3f" % seconds).rstrip("0")
    return int(text[:-1]) if text.endswith(".") else text

for region, account in PLACES:
    cognito = client(region, KEYS[account])
    mine = [r for r in POOLS if where(r) == (region, account)]
    want = [{"Id": r["Id"], "Name": r["Name"], "LambdaConfig": r["LambdaConfig"], "CreationDate": date(r["CreationDate"]),
             "LastModifiedDate": date(r["LastModifiedDate"])} for r in mine]
    for size in 1, 7, 25, 60:
        got, count = pages(cognito, size)
        if got != want or count != -(-len(want) // size):
            print("differs:", region, account, size, count, got[:2], want[:2])
    for r in mine:
        cognito.describe_user_pool(UserPoolId=r["Id"])
        served = raw()["UserPool"]
        inside = [json.loads(line) for line in open("fleet/" + r["Records"])] if "Records" in r else []
        want = {k: v for k, v in r.items() if k not in ("SoftwareTokenMfaConfiguration", "SmsMfaConfiguration",
            "WebAuthnConfiguration", "UserPoolClients", "IdentityProviders", "GroupRoles", "Domains", "ResourceServers",
            "Records")}
        want["CreationDate"], want["LastModifiedDate"] = date(r["CreationDate"]), date(r["LastModifiedDate"])
        served["SchemaAttributes"].sort(key=lambda a: a["Name"])
        if served != want:
            print("differs:", {k: (served.get(k), want.get(k)) for k in {*served, *want} if served.get(k) != want.get(k)})
        users = [u for page in cognito.get_paginator("list_users").paginate(UserPoolId=r["Id"]) for u in page["Users"]]
        if [u["Username"] for u in users] != [i["Username"] for i in inside if "Username" in i]:
            print("differs:", r["Id"], "users")
        if served["EstimatedNumberOfUsers"] != len(users):
            print("differs:", r["Id"], "their number")
print(len(PLACES), "places,", len(POOLS), "pools,", "COGNITO_USER_POOL_ID" in os.environ)
E
title '200 pools: each listed, described and read out where it is'
run 0 beside $allow --require-role --inventory fleet/inventory.ndjson -- list.py
same - out <<<'8 places, 200 pools, False'

# --- what is refused, and in which words
cat >refused.py <<'E'
import base64
from fleet import *
keys = {account: session(account) for account in (HOME, OTHER)}
first = {place: next(r["Id"] for r in POOLS if where(r) == place) for place in PLACES}

def name(text):
    for (region, account), pool in first.items():
        text = text.replace(pool, f"POOL-{region}-{account}")
    return text

for call, region, account in (("own", "eu-west-1", HOME), ("other account", "eu-west-1", OTHER),
                              ("other Region", "us-east-1", HOME)):
    cognito = client("eu-west-1", keys[HOME])
    for operation in "describe_user_pool", "list_users", "list_groups":
        answer = tell(f"{call} {operation}", getattr(cognito, operation), UserPoolId=first[region, account])
tell("no such pool", cognito.list_users, UserPoolId="eu-west-1_000000000")
tell("the other account", client("eu-west-1", keys[OTHER]).list_users, UserPoolId=first["eu-west-1", OTHER])
tell("no permission", cognito.admin_get_user, UserPoolId=first["eu-west-1", OTHER], Username="x")
tell("no such permission", cognito.create_group, UserPoolId=first["eu-west-1", HOME], GroupName="x")
tell("no pool", cognito.create_group, GroupName="x")
tell("no MaxResults", cognito.list_user_pools)
for size in 0, 61, "7":
    tell(f"MaxResults {size}", cognito.list_user_pools, MaxResults=size)
token = cognito.list_user_pools(MaxResults=2)["NextToken"]
tell("its token", cognito.list_user_pools, MaxResults=2, NextToken=token)
tell("with another size", cognito.list_user_pools, MaxResults=3, NextToken=token)
tell("in another Region", client("us-east-1", keys[HOME]).list_user_pools, MaxResults=2, NextToken=token)
tell("in another account", client("eu-west-1", keys[OTHER]).list_user_pools, MaxResults=2, NextToken=token)
tell("made up", cognito.list_user_pools, MaxResults=2, NextToken="x")
users = next(r["Id"] for r in POOLS if where(r) == ("eu-west-1", HOME) and r["EstimatedNumberOfUsers"] > 1)
others = next(r["Id"] for r in POOLS if where(r) == ("eu-west-1", HOME) and r["Id"] != users)
token = cognito.list_users(UserPoolId=users, Limit=1)["PaginationToken"]
tell("of users", cognito.list_users, UserPoolId=users, Limit=1, PaginationToken=token)
tell("in another pool", cognito.list_users, UserPoolId=others, Limit=1, PaginationToken=token)
tell("a Region without pools", client("sa-east-1", keys[HOME]).list_user_pools, MaxResults=2)

# Roles: whose account a key is of, as anybody may decode it.
def account_of(key):
    return "%012d" % ((int.from_bytes(base64.b32decode(key[4:])[:6], "big") & 0x7fffffffff80) >> 7)

for account in HOME, OTHER:
    caller = client("us-east-1", keys[account], "sts").get_caller_identity()
    print("session:", account_of(keys[account]["AccessKeyId"]), caller["Account"], caller["Arn"])
sts = client("eu-west-1", service="sts")
role = {"RoleSessionName": "me", "ExternalId": "cognito-integration"}
tell("external id", sts.assume_role, RoleArn=ROLE % OTHER, **{**role, "ExternalId": "other"})
tell("account", sts.assume_role, RoleArn=ROLE % "999999999999", **role)
tell("role", sts.assume_role, RoleArn=(ROLE % OTHER) + "2", **role)
tell("from a role", client("eu-west-1", keys[HOME], "sts").assume_role, RoleArn=ROLE % OTHER, **role)
E
title 'another Region, another account, tokens, roles'
run 0 beside $allow --inventory fleet/inventory.ndjson -- refused.py
sed -E 's/(eu-west-1|us-east-1)_[0-9A-Za-z]{9}/\1_ID/g' out >told
same - told <<'E'
own describe_user_pool: ok UserPool
own list_users: ok Users
own list_groups: ok Groups
other account describe_user_pool: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:DescribeUserPool on resource: arn:aws:cognito-idp:eu-west-1:222233334444:userpool/eu-west-1_ID because no resource-based policy allows the cognito-idp:DescribeUserPool action
other account list_users: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:ListUsers on resource: arn:aws:cognito-idp:eu-west-1:222233334444:userpool/eu-west-1_ID because no resource-based policy allows the cognito-idp:ListUsers action
other account list_groups: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:ListGroups on resource: arn:aws:cognito-idp:eu-west-1:222233334444:userpool/eu-west-1_ID because no resource-based policy allows the cognito-idp:ListGroups action
other Region describe_user_pool: ResourceNotFoundException: User pool us-east-1_ID does not exist.
other Region list_users: ResourceNotFoundException: User pool us-east-1_ID does not exist.
other Region list_groups: ResourceNotFoundException: User pool us-east-1_ID does not exist.
no such pool: ResourceNotFoundException: User pool eu-west-1_ID does not exist.
the other account: ok Users
no permission: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:AdminGetUser on resource: arn:aws:cognito-idp:eu-west-1:222233334444:userpool/eu-west-1_ID because no resource-based policy allows the cognito-idp:AdminGetUser action
no such permission: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:CreateGroup on resource: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_ID because no identity-based policy allows the cognito-idp:CreateGroup action
no pool: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: cognito-idp:CreateGroup on resource: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/* because no identity-based policy allows the cognito-idp:CreateGroup action
no MaxResults: InvalidParameterException: 1 validation error detected: Value null at 'maxResults' failed to satisfy constraint: Member must not be null
MaxResults 0: InvalidParameterException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1
MaxResults 61: InvalidParameterException: 1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60
MaxResults 7: SerializationException: A member of the request has the wrong type
its token: ok NextToken UserPools
with another size: InvalidParameterException: Paging Marker is Invalid for Request
in another Region: InvalidParameterException: Paging Marker is Invalid for Request
in another account: InvalidParameterException: Paging Marker is Invalid for Request
made up: InvalidParameterException: Invalid pagination token given.
of users: ok PaginationToken Users
in another pool: InvalidParameterException: Paging Marker is Invalid for Request
a Region without pools: InvalidSignatureException: Credential should be scoped to a valid Region, not 'sa-east-1'. 
session: 123456789012 123456789012 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
session: 222233334444 222233334444 arn:aws:sts::222233334444:assumed-role/cognitoApiAccessRole/me
external id: AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222233334444:role/cognitoApiAccessRole
account: AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::999999999999:role/cognitoApiAccessRole
role: AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222233334444:role/cognitoApiAccessRole2
from a role: AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222233334444:role/cognitoApiAccessRole
E

# --- the intermediate role, of an account of its own, leads to the role of every account
cat >via.py <<'E'
from fleet import *
via = client("eu-west-1", service="sts").assume_role(RoleArn=os.environ["SERVE_POOL_VIA_ROLE_ARN"], RoleSessionName="me")
via = via["Credentials"]
tell("without it", client("eu-west-1", service="sts").assume_role, RoleArn=ROLE % OTHER, RoleSessionName="me",
     ExternalId="cognito-integration")
tell("its own", client("eu-west-1", via).list_user_pools, MaxResults=1)
for account in HOME, OTHER:
    cognito = client("eu-west-1", session(account, keys=via))
    print(account, [p["Id"] for p in pages(cognito, 60)[0]] == [r["Id"] for r in POOLS if where(r) == ("eu-west-1", account)])
E
title 'an intermediate role'
run 0 beside $allow --via-role-arn arn:aws:iam::210987654321:role/via --inventory fleet/inventory.ndjson -- via.py
sed 's/: User:.*//' out >told
same - told <<'E'
without it: AccessDenied
its own: AccessDeniedException
123456789012 True
222233334444 True
E

# --- pools are apart: what one is written to, the other does not know
cat >write.py <<'E'
import urllib.request
from fleet import *
a, b = [r["Id"] for r in POOLS if where(r) == ("eu-west-1", HOME) and "AliasAttributes" in r][:2]
cognito = client("eu-west-1")
for pool, name in (a, "both"), (b, "both"), (b, "one"):
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": name + "@example.com"}])
for pool in a, b:
    found = cognito.list_users(UserPoolId=pool)["Users"]
    before = next(r for r in POOLS if r["Id"] == pool)["EstimatedNumberOfUsers"]
    print(len(found) - before, cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["EstimatedNumberOfUsers"] - before)
cognito.add_custom_attributes(UserPoolId=a, CustomAttributes=[{"Name": "new", "AttributeDataType": "String"}])
print([any(s["Name"] == "custom:new" for s in cognito.describe_user_pool(UserPoolId=p)["UserPool"]["SchemaAttributes"])
       for p in (a, b)])
# A job's file goes to the job's pool.
jobs = {}
for pool in b, a:
    job = cognito.create_user_import_job(UserPoolId=pool, JobName="x", CloudWatchLogsRoleArn="arn:aws:iam::1:role/service/x")
    jobs[pool] = job["UserImportJob"]
header = cognito.get_csv_header(UserPoolId=a)["CSVHeader"]
row = {"cognito:username": "imported", "email": "imported@example.com", "email_verified": "true",
       "cognito:mfa_enabled": "false", "phone_number_verified": "false"}
text = ",".join(header) + "\n" + ",".join(row.get(name, "") for name in header) + "\n"
urllib.request.urlopen(urllib.request.Request(jobs[a]["PreSignedUrl"], text.encode(), method="PUT",
    headers={"x-amz-server-side-encryption": "aws:kms"}))
tell("the other job", cognito.start_user_import_job, UserPoolId=b, JobId=jobs[b]["JobId"])
tell("the other pool", cognito.start_user_import_job, UserPoolId=b, JobId=jobs[a]["JobId"])
cognito.start_user_import_job(UserPoolId=a, JobId=jobs[a]["JobId"])
print([sum(u["Username"] == "imported" for u in cognito.list_users(UserPoolId=p)["Users"]) for p in (a, b)])
E
title 'writes and import jobs'
run 0 beside --allow all --inventory fleet/inventory.ndjson -- write.py
sed -E 's/import-[0-9a-f]+/import-ID/' out >told
same - told <<'E'
1 1
2 2
[True, False]
the other job: PreconditionNotMetException: No file was uploaded for the job
the other pool: ResourceNotFoundException: User import job import-ID does not exist.
[1, 0]
E

# --- the AWS CLI
cat >cli.py <<'E'
import json, os, sys
sys.path.insert(0, os.path.join(os.environ["TREE"], "tests", "helpers"))
from aws_cli import answer, show
records = [json.loads(line) for line in open("fleet/inventory.ndjson")]
for region in "eu-west-1", "us-east-1":
    list_pools = ("--region", region, "cognito-idp", "list-user-pools", "--max-results", "9")
    page = answer(*list_pools)
    pools, count = page["UserPools"], 1
    while "NextToken" in page:
        page = answer(*list_pools, "--next-token", page["NextToken"])
        pools, count = pools + page["UserPools"], count + 1
    want = [(r["Id"], r["Name"]) for r in records if r.get("Arn", "").split(":")[3:5] == [region, "123456789012"]]
    show([region, count, len(pools), [(p["Id"], p["Name"]) for p in pools] == want])
    described = answer("--region", region, "cognito-idp", "describe-user-pool", "--user-pool-id", want[0][0])["UserPool"]
    show(described["Name"] == want[0][1])
E
title 'the AWS CLI'
TREE=$TOP run 0 serve-pool $allow --inventory fleet/inventory.ndjson -- /usr/bin/python3 cli.py
same - out <<'E'
["eu-west-1",3,25,true]
true
["us-east-1",3,25,true]
true
E

# --- a pool of files beside them
title 'a pool of files beside an inventory'
run 0 serve-pool $allow --user-pool-id eu-west-1_OWN --region eu-west-1 --inventory fleet/inventory.ndjson own.ndjson -- \
	sh -c 'printenv COGNITO_USER_POOL_ID AWS_REGION && list-users --endpoint-url "$AWS_ENDPOINT_URL" | jq -r .Username'
printf '%s\n' eu-west-1_OWN eu-west-1 ana >expected
same expected out
title 'without one, the variable is removed'
COGNITO_USER_POOL_ID=x run 0 serve-pool --inventory fleet/inventory.ndjson -- sh -c 'printenv COGNITO_USER_POOL_ID || printenv AWS_REGION'
same - out <<<us-east-1
title 'an empty pool of the command line, and of an inventory'
run 0 serve-pool --allow all --user-pool-id eu-west-1_OWN --region eu-west-1 --no-signatures --inventory /dev/null -- sh -c '
	for call in "ListUsers {\"UserPoolId\":\"eu-west-1_OWN\"}" "ListUserPools {\"MaxResults\":9}"; do
		curl -sS -H "X-Amz-Target: AWSCognitoIdentityProviderService.${call%% *}" -d "${call#* }" "$AWS_ENDPOINT_URL"
		echo
	done'
same - out <<'E'
{"Users":[]}
{"UserPools":[{"Id":"eu-west-1_OWN","Name":"serve-pool","LambdaConfig":{},"LastModifiedDate":1532532731.091,"CreationDate":1532532731.091}]}
E
title 'short pages have all of them'
cat >short.py <<'E'
from fleet import *
got, count = pages(client("eu-west-1"), 5)
print([p["Id"] for p in got] == [r["Id"] for r in POOLS if where(r) == ("eu-west-1", HOME)], count > 5)
E
run 0 beside $allow --short-pages --inventory fleet/inventory.ndjson -- short.py
same - out <<<'True True'

# --- quotas: of an account in a Region; 0.1 a second is one and then none for ten
cat >quota.py <<'E'
from fleet import *
keys = session(OTHER)
for label, cognito in ("home", client("eu-west-1")), ("another Region", client("us-east-1")), \
        ("another account", client("eu-west-1", keys)):
    tell(label, cognito.list_user_pools, MaxResults=1)
    tell(label, cognito.describe_user_pool, UserPoolId="eu-west-1_000000000")
E
title 'a quota is counted by account and Region'
run 0 beside $allow --log log --quota UserPoolRead=0.1 --inventory fleet/inventory.ndjson -- quota.py
same - out <<'E'
home: ok NextToken UserPools
home: TooManyRequestsException: Rate exceeded
another Region: ok NextToken UserPools
another Region: TooManyRequestsException: Rate exceeded
another account: ok NextToken UserPools
another account: TooManyRequestsException: Rate exceeded
E
jq -r '[.Operation, .Region, .Account, .UserPoolId, .Code] | map(. // "null") | join(" ")' log >told
title 'the log says where'
same - told <<'E'
AssumeRole eu-west-1 123456789012 null 
ListUserPools eu-west-1 123456789012 null 
DescribeUserPool eu-west-1 123456789012 null TooManyRequestsException
ListUserPools us-east-1 123456789012 null 
DescribeUserPool us-east-1 123456789012 null TooManyRequestsException
ListUserPools eu-west-1 222233334444 null 
DescribeUserPool eu-west-1 222233334444 null TooManyRequestsException
E
cat >quota-pool.py <<'E'
from fleet import *
cognito = client("eu-west-1")
def throttled(pool):
    try:
        cognito.list_groups(UserPoolId=pool, Limit=1)
    except cognito.exceptions.TooManyRequestsException:
        return True
    return False
a, b = [r["Id"] for r in POOLS if where(r) == ("eu-west-1", HOME)][:2]
print("throttled:", any(throttled(a) for _ in range(200)))
print("another pool:", throttled(b))
E
title 'and where AWS does so, by pool'
run 0 beside $allow --quota aws --inventory fleet/inventory.ndjson -- quota-pool.py
printf '%s\n' 'throttled: True' 'another pool: False' >expected
same expected out

# --- a thousand pools
title '1,000 pools'
/usr/bin/python3 "$TOP/tests/helpers/make-fleet.py" --pools 1000 --users 2 --regions 2 --accounts 1 many
run 0 serve-pool $allow --region eu-west-1 --no-signatures --inventory many/inventory.ndjson -- sh -c '
	ask() { curl -sS -H "X-Amz-Target: AWSCognitoIdentityProviderService.$1" -d "$2" "$AWS_ENDPOINT_URL"; }
	next=
	while page=$(ask ListUserPools "{\"MaxResults\":60$next}"); do
		printf %s "$page" | jq -r ".UserPools[].Id"
		next=$(printf %s "$page" | jq -r "if .NextToken then \",\\\"NextToken\\\":\\\"\(.NextToken)\\\"\" else empty end")
		[ -n "$next" ] || break
	done'
jq -r 'select(.Id and (.Id | startswith("eu-west-1"))).Id' many/inventory.ndjson >expected
ok test "$(wc -l <expected)" -eq 500
same expected out

# --- inventories that are wrong
pool='{"Id":"eu-west-1_AAA","Name":"a"}'
identity='{"IdentityPoolId":"eu-west-1:0b7c1d5e-0000-4000-8000-000000000000","IdentityPoolName":"a"}'
# refuses STATUS TEXT: of the inventory in ./wrong; served, it would end with 0.
refuses() {
	title "refused: $2"
	run "$1" serve-pool --inventory wrong -- true
	same - err <<<"serve-pool: wrong$2"
}
printf '%s\n' "$pool" "$pool" >wrong
refuses 1 ':2: a second record of this user pool'
printf '%s\n' "$pool" "${pool/eu-west-1_AAA/us-east-1_AAA}" "$identity" >wrong
title 'the same but for the Region'
run 0 serve-pool --inventory wrong -- true
printf '%s\n' "$identity" "$identity" >wrong
run 1 serve-pool --inventory wrong -- true
has err 'serve-pool: wrong:2: '
printf '%s\n%s' "$pool" "${pool/AAA/BBB}" >wrong
title 'the last line is cut'
run 4 serve-pool --inventory wrong -- true
has err 'serve-pool: wrong: incomplete: '
printf '%s\n%s\n' "$pool" '{"Id":"eu-west-1_BBB",' >wrong
run 1 serve-pool --inventory wrong -- true
has err 'serve-pool: wrong:2: '
while IFS='|' read -r record why; do
	printf '%s\n%s\n' "$identity" "$record" >wrong
	refuses 1 ":2: $why"
done <<'E'
{"Username":"ana"}|neither a user pool nor an identity pool
{"Id":"x"}|Id is not the id of a user pool
{"Id":null}|Id is not the id of a user pool
{"Id":"eu-west-1_AAA","Arn":"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_BBB"}|Arn is not that of this user pool
{"Id":"eu-west-1_AAA","Arn":"arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/eu-west-1_AAA"}|its account is in another partition, too
{"Id":"eu-west-1_AAA","CreationDate":"yesterday"}|CreationDate or LastModifiedDate is not a date
{"Id":"eu-west-1_AAA","CreationDate":1}|CreationDate or LastModifiedDate is not a date
{"Id":"eu-west-1_AAA","SchemaAttributes":{}}|SchemaAttributes is not an array
{"Id":"eu-west-1_AAA","Records":1}|Records is not a path
{"Id":"eu-west-1_AAA","Records":"a\u0000b"}|Records is not a path
{"Id":"eu-west-1_AAA","Records":"none.ndjson"}|Records: ./none.ndjson: cannot open: No such file or directory
{"IdentityPoolId":"x"}|IdentityPoolId is not the id of an identity pool
{"IdentityPoolId":"eu-west-1:0b7c","Account":"12"}|Account is not the number of an account
E
mkdir -p below
jq -nc '{Id:"eu-west-1_AAA",Records:"who.ndjson"}' >below/wrong
echo '{"Username":"ana","Groups":["staff"]}' >below/who.ndjson
title 'a file of records that is wrong names itself, from where the inventory is'
run 1 serve-pool --inventory below/wrong -- true
same - err <<<'serve-pool: below/who.ndjson:1: a membership of a group that has no record'
printf '{"Username":"ana"}' >below/who.ndjson
title 'or cut'
run 4 serve-pool --inventory below/wrong -- true
has err 'serve-pool: below/who.ndjson: incomplete: '
title 'sealed by a writer that failed for a while'
printf '%s\n' "$pool" '{"~end":{"v":1,"ok":false,"rows":1,"bytes":1,"error":"x","retryable":true}}' >wrong
run 75 serve-pool --inventory wrong -- true
title 'sealed, and whole'
(cat fleet/inventory.ndjson; printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d}}\n' "$(wc -l <fleet/inventory.ndjson)" \
	"$(wc -c <fleet/inventory.ndjson)") >fleet/sealed.ndjson
run 0 serve-pool --inventory fleet/sealed.ndjson -- true
title 'from standard input'
feed 0 fleet/inventory.ndjson sh -c 'cd fleet && exec serve-pool --inventory - -- true'
title 'no such file'
run 1 serve-pool --inventory none -- true
same - err <<<'serve-pool: none: cannot open: No such file or directory'

# --- usage
for wrong in '--inventory f --state s' '--inventory f --state s g' '--inventory f --description d' '--state s'; do
	# shellcheck disable=SC2086 # words
	run 2 serve-pool $wrong -- true
done
finish
