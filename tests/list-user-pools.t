#!/usr/bin/env bash
# list-user-pools against a scripted service: pages, choice, descriptions, the identity pools that are bound,
# what is denied, gone or wrong.  (inventory-cli.t: beside the AWS CLI and boto3.)
. "$(dirname "$0")/lib.sh"

# fleet: four user pools in an order of the service's own, three a page, and three identity pools.  The
# script of a scene is this file and more behind it.
cat >fleet <<'P'
import json, threading
SECRET = 'SECRETEXTERNALSECRETEXTERNAL'
def pool(n, name, **more):
    return {'Id': f'us-east-1_{n}', 'Name': name, 'CreationDate': 1532532731.091, 'LastModifiedDate': 1532532732, **more}
pools = {p['Id']: p for p in [
    pool('C', 'people-b'), pool('A', 'people', Status='Enabled', LambdaConfig={'PreSignUp': 'arn:aws:lambda:x', 'New': SECRET}),
    pool('D', 'staff', NewMember=SECRET), pool('B', 'staff')]}
def description(p):
    return {**p, 'Arn': f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{p['Id']}", 'SchemaAttributes': [{'Name': 'sub'}],
            'SmsConfiguration': {'ExternalId': SECRET}, 'EstimatedNumberOfUsers': 7}
def bound(region, id, client):
    return {'ProviderName': f'cognito-idp.{region}.amazonaws.com/{id}', 'ClientId': client}
def identity(n, name, *providers):
    return {'IdentityPoolId': f'us-east-1:{n}', 'IdentityPoolName': name, 'AllowUnauthenticatedIdentities': False,
            'CognitoIdentityProviders': list(providers)}
identities = {p['IdentityPoolId']: p for p in [
    identity('9', 'web', bound('us-east-1', 'us-east-1_A', 'c2'), bound('us-east-1', 'us-east-1_A', 'c1'), bound('us-east-1', 'us-east-1_C', 'c3')),
    identity('1', 'app', bound('us-east-1', 'us-east-1_A', 'c1'), bound('eu-west-1', 'us-east-1_D', 'c4'), bound('eu-west-1', 'eu-west-1_A', 'c5'),
             {'ProviderName': 'COGNITO-IDP-FIPS.us-east-1.amazonaws.com/us-east-1_A', 'ClientId': 'c1'}),
    identity('5', 'none')]}
special = {}
lock = threading.Lock()
def refuse(code, message='no'):
    return 400, json.dumps({'__type': code, 'message': message})
def page(member, items, request):
    start = int(request.get('NextToken', 0))
    answer = {member: items[start:start + 3]}
    if start + 3 < len(items):
        answer['NextToken'] = str(start + 3)
    return 200, json.dumps(answer)
def serve(operation, request):
    if operation == 'ListUserPools':
        return page('UserPools', list(pools.values()), request)
    if operation == 'ListIdentityPools':
        return page('IdentityPools', [{k: p[k] for k in ('IdentityPoolId', 'IdentityPoolName')} for p in identities.values()], request)
    if operation == 'DescribeIdentityPool':
        return 200, json.dumps(identities[request['IdentityPoolId']])
    return 200, json.dumps({'UserPool': description(pools[request['UserPoolId']])})
def answer(operation, request, nth):
    id = request.get('UserPoolId', request.get('IdentityPoolId'))
    with lock, open('asked', 'a') as log:
        print(operation, id or request.get('MaxResults'), file=log)
    for key in ((operation, id), (operation, '*')):
        if key in special:
            return special[key]
    return serve(operation, request)
P
printf '%s\n' SECRETEXTERNALSECRETEXTERNAL >canaries
planted=(fleet)
# scene STATUS OPTION...: the command against fleet and what stands on standard input behind it.
scene() { local want=$1; shift; { cat fleet; cat; } >script.py; : >asked
	run "$want" "$TOP/tests/helpers/poisoned-pool.py" script.py list-user-pools "$@"; rm script.py; }

title 'all pools, sorted by id, as the list has them'
scene 0 </dev/null
same - out <<'X'
{"Id":"us-east-1_A","Name":"people","Status":"Enabled","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z","LambdaConfig":{"PreSignUp":"arn:aws:lambda:x"}}
{"Id":"us-east-1_B","Name":"staff","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z"}
{"Id":"us-east-1_C","Name":"people-b","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z"}
{"Id":"us-east-1_D","Name":"staff","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z"}
X
empty err
title 'two pages were asked for, and nothing else'
same - asked <<<$'ListUserPools 60\nListUserPools 60'
title 'no pools'
scene 0 --describe --with-identity-pools <<<'pools = {}'
empty out
title 'and nothing but the list was asked for'
same - asked <<<'ListUserPools 60'

ids() { sed 's/{"Id":"us-east-1_\(.\)".*/\1/' out | tr -d '\n'; }
title 'a name that several have'
scene 0 staff </dev/null
title 'means all of them'
same - <(ids) < <(printf BD)
title 'patterns and ids'
scene 0 'people*' us-east-1_D </dev/null
title 'each once'
same - <(ids) < <(printf ACD)
title 'a pattern that means none is no error'
scene 0 'z*' </dev/null
empty out
title 'an id that is not there is'
scene 1 us-east-1_Z </dev/null
same - err <<<'list-user-pools: no user pool us-east-1_Z'

# Descriptions.
title 'described'
scene 0 --describe --seal --stats stats -o sealed </dev/null
unseal sealed >got
same - got < <(for p in A:people B:staff C:people-b D:staff; do
	printf '{"Id":"us-east-1_%s","Name":"%s","Arn":"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_%s","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z","EstimatedNumberOfUsers":7,%s"SchemaAttributes":[{"Name":"sub"}]}\n' \
		"${p%:*}" "${p#*:}" "${p%:*}" "$(case $p in A:*) echo '"LambdaConfig":{"PreSignUp":"arn:aws:lambda:x"},' ;; esac)"; done)
title 'no external ID'
ok eval '! grep -r SECRETEXTERNAL sealed got stats err out'
title 'the seal'
ok grep -qE '"~end":\{.*"rows":4,.*"source":"http://127\.0\.0\.1:[0-9]+/user-pools","scope":"all"' sealed
title 'the same record as describe-pool makes'
run 0 "$TOP/tests/helpers/poisoned-pool.py" fleet describe-pool --parts pool --user-pool-id us-east-1_A
same out <(head -1 got)
title 'the scope of a choice'
scene 0 --seal 'p*' </dev/null
has out '"scope":"pools:[\"p*\"]"'

# Identity pools.
title 'the identity pools that are bound'
scene 0 --with-identity-pools --stats stats </dev/null
same - <(sed 's/"Name":.*,"IdentityPools"/"IdentityPools"/' out) <<'X'
{"Id":"us-east-1_A","IdentityPools":[{"IdentityPoolId":"us-east-1:1","IdentityPoolName":"app","ClientIds":["c1"]},{"IdentityPoolId":"us-east-1:9","IdentityPoolName":"web","ClientIds":["c1","c2"]}]}
{"Id":"us-east-1_B","IdentityPools":[]}
{"Id":"us-east-1_C","IdentityPools":[{"IdentityPoolId":"us-east-1:9","IdentityPoolName":"web","ClientIds":["c3"]}]}
{"Id":"us-east-1_D","IdentityPools":[]}
X
title 'one pass over them; the calls of both services are counted'
has stats '"Calls":{"ListUserPools":2,"ListIdentityPools":1,"DescribeIdentityPool":3}'
title 'with descriptions'
scene 0 --describe --with-identity-pools people-b </dev/null
has out '"SchemaAttributes":[{"Name":"sub"}],"IdentityPools":[{"IdentityPoolId":"us-east-1:9","IdentityPoolName":"web","ClientIds":["c3"]}]}'
for what in "ListIdentityPools None" "DescribeIdentityPool us-east-1:5"; do
	id=\'${what#* }\'
	title "${what% *} denied: absent, never an empty list"
	scene 0 --with-identity-pools us-east-1_A <<<"special['${what% *}', ${id/\'None\'/None}] = refuse('AccessDeniedException')"
	has out "\"LambdaConfig\":{\"PreSignUp\":\"arn:aws:lambda:x\"},\"Missing\":[\"cognito-identity:${what% *}\"]}"
	empty err
done
title 'and descriptions denied'
scene 0 --describe --with-identity-pools us-east-1_B <<'P'
special['ListIdentityPools', None] = special['DescribeUserPool', '*'] = refuse('AccessDeniedException')
P
same - out <<'X'
{"Id":"us-east-1_B","Name":"staff","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:12.000Z","Missing":["cognito-identity:ListIdentityPools","cognito-idp:DescribeUserPool"]}
X
title 'descriptions alone'
scene 0 --describe --with-identity-pools us-east-1_B <<<"special['DescribeUserPool', '*'] = refuse('AccessDeniedException')"
has out '"IdentityPools":[],"Missing":["cognito-idp:DescribeUserPool"]}'
title 'an identity pool that is gone binds nothing'
scene 0 --with-identity-pools us-east-1_C <<<"special['DescribeIdentityPool', 'us-east-1:9'] = refuse('ResourceNotFoundException')"
has out '"IdentityPools":[]}'
title 'one that cannot be read is a failure'
scene 1 --with-identity-pools <<<"identities['us-east-1:5']['CognitoIdentityProviders'] = 'x'"
same - err <<<'list-user-pools: DescribeIdentityPool: identity pool us-east-1:5: CognitoIdentityProviders: no list'
empty out
title 'and so is another one than was asked for'
scene 1 --with-identity-pools <<<"special['DescribeIdentityPool', 'us-east-1:5'] = 200, json.dumps(identities['us-east-1:1'])"
has err 'identity pool us-east-1:5: another pool than the one that was asked for'
title 'and any other refusal'
scene 75 --with-identity-pools --retry-seconds 0 <<<"special['ListIdentityPools', None] = refuse('InternalErrorException')"
has err 'list-user-pools: ListIdentityPools: InternalErrorException: no'

# What is gone or wrong.
gone="special['DescribeUserPool', 'us-east-1_B'] = refuse('ResourceNotFoundException')"
title 'a pool that is gone by now'
scene 1 --describe <<<"$gone"
has err 'list-user-pools: DescribeUserPool:2: ResourceNotFoundException: in the list, and gone'
title 'goes to the rejects'
scene 3 --describe --reject rejects <<<"$gone"
same - rejects <<'X'
{"Reason":"ResourceNotFoundException: in the list, and gone","Line":2,"Stream":"DescribeUserPool","Record":{"Id":"us-east-1_B","Name":"staff"}}
X
title 'and the others come out'
same - <(ids) < <(printf ACD)
title 'a wrong description, and no more of it than its name'
scene 3 --describe --reject rejects <<<"pools['us-east-1_D']['Domain'] = 7"
same - rejects <<'X'
{"Reason":"Domain: no text","Line":4,"Stream":"DescribeUserPool","Record":{"Id":"us-east-1_D","Name":"staff"}}
X
title 'a wrong item of the list'
scene 3 --reject rejects <<<"pools['us-east-1_D']['Status'] = 7"
has rejects '"Reason":"Status: no text","Line":4,"Stream":"ListUserPools","Record":{"Id":"us-east-1_D","Name":"staff"}}'
title 'another pool than was asked for'
scene 1 --describe staff <<<"special['DescribeUserPool', '*'] = 200, json.dumps({'UserPool': description(pools['us-east-1_A'])})"
has err 'another pool than the one that was asked for'
title 'no pool in the answer'
scene 1 --describe staff <<<"special['DescribeUserPool', '*'] = 200, '{}'"
has err 'DescribeUserPool:1: no pool'
title 'the list denied: nothing can be told'
scene 1 <<<"special['ListUserPools', None] = refuse('AccessDeniedException')"
has err 'list-user-pools: ListUserPools: AccessDeniedException: no; the role needs cognito-idp:ListUserPools on resource *'

# Two services, one command.
refused() {	# WHAT: in a profile, in the environment or as an option, no loopback that is everybody's
	same - err <<<"list-user-pools: $1 is not that of cognito-identity: set AWS_ENDPOINT_URL_COGNITO_IDENTITY, too"
}
keys=(env AWS_CONFIG_FILE="$T/home.config" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=us-east-1)
title '--endpoint-url of another host is not that of the identity pools'
run 2 "${keys[@]}" list-user-pools --with-identity-pools --endpoint-url https://pools.example.com
refused --endpoint-url
title 'nor is the variable of the user pools'
run 2 "${keys[@]}" AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=http://127.0.0.1:1 list-user-pools --with-identity-pools
refused AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER
title 'nor is what a profile says of the user pools'
printf '[default]\nservices = s\n[services s]\ncognito_identity_provider =\n  endpoint_url = http://127.0.0.1:1\n' >home.config
run 2 "${keys[@]}" list-user-pools --with-identity-pools
refused 'the endpoint in the profile'
title 'a loopback --endpoint-url is that of both'
{ cat fleet; echo; } >script.py
# shellcheck disable=SC2016 # for the inner shell
run 0 "$TOP/tests/helpers/poisoned-pool.py" script.py sh -c 'url=$AWS_ENDPOINT_URL; unset AWS_ENDPOINT_URL
	exec list-user-pools --with-identity-pools --endpoint-url "$url" us-east-1_C'
has out '"IdentityPoolName":"web"'
title 'which have a variable of their own'
# shellcheck disable=SC2016 # for the inner shell
run 0 "$TOP/tests/helpers/poisoned-pool.py" script.py bash -c 'AWS_ENDPOINT_URL_COGNITO_IDENTITY=$AWS_ENDPOINT_URL AWS_ENDPOINT_URL=http://127.0.0.1:1 \
	list-user-pools --with-identity-pools --endpoint-url "$AWS_ENDPOINT_URL" us-east-1_C'
has out '"IdentityPoolName":"web"'
title 'credentials are got once for both'
cat >keys <<'X'
#!/bin/sh
echo asked >>"$T/processes"
printf '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"x","SessionToken":"y","Expiration":"2199-01-01T00:00:00Z"}'
X
chmod +x keys
printf '[profile p]\nregion = us-east-1\ncredential_process = %s/keys\n' "$T" >config
run 0 "$TOP/tests/helpers/poisoned-pool.py" script.py env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY T="$T" AWS_CONFIG_FILE="$T/config" \
	list-user-pools --with-identity-pools --profile p us-east-1_C
has out '"IdentityPoolName":"web"'
title 'by one process'
same - processes <<<asked
rm script.py
finish
