#!/usr/bin/env bash
# list-user-pools and list-identity-pools beside boto3 and the AWS CLI, at the same endpoint, in each account and
# Region: the same pools, the same fields, the same bindings.  What they have and ours have not is named here.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
export PYTHONPATH=$TOP/tests/helpers PYTHONDONTWRITEBYTECODE=1

# 75 user pools in each account and Region and 70 identity pools: two pages of each.
"$TOP/tests/helpers/make-fleet.py" --pools 300 --regions 2 --accounts 2 --identity-pools 280 --users 1 fleet
title 'the fleet has secrets'
ok grep -q SECRET fleet/inventory.ndjson

# theirs.py WAY: all that WAY, boto3 or cli, sees of the Region in AWS_REGION, as one JSON object.
cat >theirs.py <<'E'
import json, re, sys

def by_boto(service, operation, **parameters):
    return clients[service].call(operation, **parameters)

def by_cli(service, operation, **parameters):
    words = [w for name, value in parameters.items()
             for w in ("--" + re.sub("(?<!^)([A-Z])", r"-\1", name).lower(), str(value))]
    return answer(service, operation.replace("_", "-"), *words)

# Each has a botocore of its own.
if sys.argv[1] == "boto3":
    from inventory_model import Watched
    ask, clients = by_boto, {name: Watched(name) for name in ("cognito-idp", "cognito-identity")}
else:
    from aws_cli import answer
    ask = by_cli
some = slice(None, None, int(sys.argv[2]))

def pages(service, operation, member):
    items, token = [], {}
    while True:
        said = ask(service, operation, MaxResults=60, **token)
        items += said[member]
        if "NextToken" not in said:
            return items
        token = {"NextToken": said["NextToken"]}

users = pages("cognito-idp", "list_user_pools", "UserPools")
identities = pages("cognito-identity", "list_identity_pools", "IdentityPools")
json.dump({
    "users": users, "identities": identities,
    "described": [ask("cognito-idp", "describe_user_pool", UserPoolId=p["Id"])["UserPool"] for p in users[some]],
    "bound": [ask("cognito-identity", "describe_identity_pool", IdentityPoolId=p["IdentityPoolId"]) for p in identities[some]],
    "roles": [ask("cognito-identity", "get_identity_pool_roles", IdentityPoolId=p["IdentityPoolId"]) for p in identities[some]],
}, sys.stdout)
E
# compare.py WAY REGION: ours (listed, described, bound, identities) beside theirs.
cat >compare.py <<'E'
import collections, datetime, json, sys

way, region = sys.argv[1:]
theirs = json.load(open("theirs"))
ours = {name: [json.loads(line) for line in open(name)] for name in ("listed", "described", "bound", "identities")}
# What is left out on purpose, and what Debian's CLI does not know yet.
LEFT = {"SmsConfiguration", "EmailConfiguration", "VerificationMessageTemplate", "EmailVerificationMessage", "ResponseMetadata",
        "EmailVerificationSubject", "SmsVerificationMessage", "SmsAuthenticationMessage", "InviteMessageTemplate",
        "SmsConfigurationFailure", "EmailConfigurationFailure", "UserPoolAddOns", "Status"}
NEW = {"UserPoolTier", "SignInPolicy", "PasswordHistorySize", "PreTokenGenerationConfig", "InboundFederation"}
left = collections.Counter()

def date(value):
    if isinstance(value, str):
        when = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    else:
        when = datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    return when.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

def same(mine, its, where):
    """How mine differs from what the other one says, but for what is left out."""
    if isinstance(mine, dict) and isinstance(its, dict):
        for name in sorted(mine.keys() | its.keys()):
            if name not in mine:
                left[name] += 1
                if name not in LEFT:
                    yield f"{where}.{name}: theirs alone"
            elif name not in its:
                if not (way == "cli" and name in NEW):
                    yield f"{where}.{name}: ours alone"
            elif name in ("CreationDate", "LastModifiedDate"):
                yield from same(mine[name], date(its[name]), f"{where}.{name}")
            elif name == "SupportedLoginProviders":
                yield from same(mine[name], {k: v.split(";")[0] for k, v in its[name].items()}, f"{where}.{name}")
            else:
                yield from same(mine[name], its[name], f"{where}.{name}")
    elif isinstance(mine, list) and isinstance(its, list) and its and isinstance(its[0], dict) and "Claim" not in its[0]:
        its = sorted(its, key=lambda x: (x.get("Name", x.get("ProviderName")), x.get("ClientId", "")))
        if len(mine) != len(its):
            yield f"{where}: {len(mine)} and {len(its)}"
        for i, (a, b) in enumerate(zip(mine, its)):
            yield from same(a, b, f"{where}[{i}]")
    elif mine != its:
        yield f"{where}: {mine!r} and {its!r}"

def beside(name, mine, its, key, whole=False):
    by = {p[key]: p for p in its}
    ids = [p[key] for p in mine]
    faults = []
    if ids != sorted(ids):
        faults.append("an order that is not by id")
    if len(by) < len(its) or not by.keys() <= set(ids) or (whole and by.keys() != set(ids)):
        faults.append("other pools")
    for p in mine:
        if p[key] in by:
            faults += same(p, by[p[key]], p[key])
    print(f"{name}: {'same' if mine and by and not faults else 'other'}")
    for fault in faults[:5]:
        print("#", fault)

def only(pools, *names):
    return [{k: p[k] for k in names if k in p} for p in pools]

def without(pools, *names):
    return [{k: v for k, v in p.items() if k not in names} for p in pools]

identities = ours["identities"]
beside("listed", ours["listed"], theirs["users"], "Id", True)
beside("described", ours["described"], theirs["described"], "Id", way == "boto3")
beside("identities listed", only(identities, "IdentityPoolId", "IdentityPoolName"), theirs["identities"], "IdentityPoolId", True)
beside("identities described", without(identities, "Roles", "RoleMappings", "UserPools"), theirs["bound"], "IdentityPoolId")
beside("roles", only(identities, "IdentityPoolId", "Roles", "RoleMappings"), [{"Roles": {}, **p} for p in theirs["roles"]],
       "IdentityPoolId")

# The bindings, from what the other one says of the identity pools that it was asked for.
asked = {p["IdentityPoolId"] for p in theirs["bound"]}
edges = {(p["IdentityPoolId"], c["ProviderName"].split(".")[1], c["ProviderName"].split("/")[1], c["ClientId"])
         for p in theirs["bound"] for c in p.get("CognitoIdentityProviders", [])}
forward = {(p["IdentityPoolId"], u["Region"], u["UserPoolId"], c)
           for p in identities if p["IdentityPoolId"] in asked for u in p["UserPools"] for c in u["ClientIds"]}
here = {p["Id"] for p in ours["listed"]}
back = {(i["IdentityPoolId"], region, p["Id"], c) for p in ours["bound"] for i in p["IdentityPools"]
        if i["IdentityPoolId"] in asked for c in i["ClientIds"]}
print("bindings:", "same" if forward == edges else "other",
      "same" if back == {e for e in edges if e[1] == region and e[2] in here} else "other",
      "some" if back and edges - back else "too few to tell")
print("left out:", *sorted(left))
E

# inside: all Regions of the account whose keys are at hand, by both.
cat >inside <<'X'
for region in eu-west-1 us-east-1; do
	export AWS_REGION=$region AWS_DEFAULT_REGION=$region
	list-user-pools -o listed && list-user-pools --describe --seal -o sealed && unseal sealed >described &&
		list-user-pools --with-identity-pools -o bound && list-identity-pools --roles -o identities || exit
	for way in 'boto3 1' 'cli 9'; do
		echo "$1 $region ${way% *}"
		# shellcheck disable=SC2086 # two words
		/usr/bin/python3 theirs.py $way >theirs && /usr/bin/python3 compare.py "${way% *}" "$region" || exit
		! grep -l SECRET listed described bound identities || exit
	done
done
X
title 'both accounts, both Regions'
run 0 serve-pool --allow inventory --external-id fleet --inventory fleet/inventory.ndjson -- bash -c '
	bash inside 123456789012
	assume-role --role-arn arn:aws:iam::222233334444:role/cognitoApiAccessRole --external-id fleet --static -- bash inside 222233334444'
cp out said
for account in 123456789012 222233334444; do for region in eu-west-1 us-east-1; do for way in boto3 cli; do
	title "$account $region $way"
	same - <(sed -n "/^$account $region $way\$/,/^left out/p" said | grep -v '^left') <<X
$account $region $way
listed: same
described: same
identities listed: same
identities described: same
roles: same
bindings: same same some
X
done; done; done
title 'what is left out, all of it on purpose'
same - <(sed -n 's/^left out: //p' said | tr ' ' '\n' | sort -u) <<<SmsConfiguration
finish
