#!/usr/bin/env bash
# list-identity-pools against a scripted service: pages, choice, order, descriptions, roles, what is denied,
# gone or wrong, and what never gets out.  (inventory-cli.t: beside the AWS CLI and boto3.)
. "$(dirname "$0")/lib.sh"

# fleet: five identity pools in an order of the service's own, two a page.  The script of a scene is
# this file and more behind it.
cat >fleet <<'P'
import json, threading, time
SECRET = 'TWITTERSECRETTWITTERSECRET'
def pool(n, name, **more):
    return {'IdentityPoolId': f'us-east-1:{n}', 'IdentityPoolName': name, **more}
def user_pool(region, id, client):
    return {'ProviderName': f'cognito-idp.{region}.amazonaws.com/{id}', 'ClientId': client, 'ServerSideTokenCheck': True}
pools = {p['IdentityPoolId']: p for p in [
    pool('c3', 'shop-b', AllowUnauthenticatedIdentities=True, AllowClassicFlow=False, NewMember=SECRET,
         SupportedLoginProviders={'api.twitter.com': 'key;' + SECRET, 'accounts.google.com': 'g.apps'},
         DeveloperProviderName='login.shop', OpenIdConnectProviderARNs=['arn:aws:iam::123456789012:oidc-provider/x'],
         SamlProviderARNs=['arn:aws:iam::123456789012:saml-provider/y'], IdentityPoolTags={'z': '1', 'a': '2'}),
    pool('a1', 'shop', AllowUnauthenticatedIdentities=False, CognitoIdentityProviders=[
        user_pool('us-east-1', 'us-east-1_B', 'c2'), user_pool('us-east-1', 'us-east-1_A', 'c9'),
        user_pool('us-east-1', 'us-east-1_A', 'c1'), user_pool('eu-west-1', 'eu-west-1_X', 'c1')]),
    pool('b2', 'depot', AllowUnauthenticatedIdentities=False), pool('d4', 'shop-c', AllowUnauthenticatedIdentities=False),
    pool('e5', 'empty', AllowUnauthenticatedIdentities=False)]}
roles = {'us-east-1:a1': {'Roles': {'unauthenticated': 'arn:aws:iam::1:role/u', 'authenticated': 'arn:aws:iam::1:role/a'},
    'RoleMappings': {'cognito-idp.us-east-1.amazonaws.com/us-east-1_A:c1': {'Type': 'Rules', 'AmbiguousRoleResolution': 'Deny',
        'RulesConfiguration': {'Rules': [{'Claim': 'x', 'MatchType': 'Equals', 'Value': 'y', 'RoleARN': 'arn:aws:iam::1:role/r'}]}}}}}
special = {}
lock = threading.Lock()
def refuse(code, message='no'):
    return 400, json.dumps({'__type': code, 'message': message})
def serve(operation, request):
    if operation == 'ListIdentityPools':
        start = int(request.get('NextToken', 0))
        page = {'IdentityPools': [{k: p[k] for k in ('IdentityPoolId', 'IdentityPoolName')} for p in list(pools.values())[start:start + 2]]}
        if start + 2 < len(pools):
            page['NextToken'] = str(start + 2)
        return 200, json.dumps(page)
    id = request['IdentityPoolId']
    if operation == 'GetIdentityPoolRoles':
        return 200, json.dumps({'IdentityPoolId': id, **roles.get(id, {})})
    return 200, json.dumps(pools[id])
def answer(operation, request, nth):
    with lock, open('asked', 'a') as log:
        print(operation, request.get('IdentityPoolId', request.get('MaxResults')), file=log)
    for key in ((operation, request.get('IdentityPoolId')), (operation, '*')):
        if key in special:
            return special[key]
    return serve(operation, request)
P
printf '%s\n' TWITTERSECRETTWITTERSECRET >canaries
planted=(fleet)
# scene STATUS OPTION...: the command against fleet and what stands on standard input behind it.
scene() { local want=$1; shift; { cat fleet; cat; } >script.py; : >asked
	run "$want" "$TOP/tests/helpers/poisoned-pool.py" script.py list-identity-pools "$@"; rm script.py; }

title 'all pools, sorted by id'
scene 0 </dev/null
same - out <<'X'
{"IdentityPoolId":"us-east-1:a1","IdentityPoolName":"shop"}
{"IdentityPoolId":"us-east-1:b2","IdentityPoolName":"depot"}
{"IdentityPoolId":"us-east-1:c3","IdentityPoolName":"shop-b"}
{"IdentityPoolId":"us-east-1:d4","IdentityPoolName":"shop-c"}
{"IdentityPoolId":"us-east-1:e5","IdentityPoolName":"empty"}
X
empty err
title 'three pages were asked for, and nothing else'
same - asked <<X
ListIdentityPools 60
ListIdentityPools 60
ListIdentityPools 60
X
title 'no pools'
scene 0 --describe <<<'pools = {}'
empty out

# Choice.
chosen() {
	title "chosen by ${*:2}"
	scene 0 -o out.ndjson "${@:2}" </dev/null
	title "which are $1"
	same - <(sed 's/{"IdentityPoolId":"us-east-1:\(..\)".*/\1/' out.ndjson | tr -d '\n') < <(printf %s "$1")
}
chosen a1 us-east-1:a1
chosen c3 shop-b
chosen a1c3d4 'shop*'
chosen c3d4 'shop-?' us-east-1:d4
chosen b2e5 '[de]*'
chosen '' 'nothing*'
title 'a name that is not there'
scene 1 shop nobody </dev/null
same - err <<<'list-identity-pools: no identity pool nobody'
empty out
title 'a name with a wildcard in it is found as it is'
scene 0 'we[ird' <<<"pools['us-east-1:f6'] = pool('f6', 'we[ird')"
has out us-east-1:f6
title 'no operand is empty'
scene 2 '' </dev/null
title 'or not UTF-8'
scene 2 $'a\xff' </dev/null
has err 'neither an id nor a name: "a\xff"'

# Descriptions.
title 'described'
scene 0 --describe --stats stats --seal -o sealed </dev/null
unseal sealed >got
same - got <<'X'
{"IdentityPoolId":"us-east-1:a1","IdentityPoolName":"shop","AllowUnauthenticatedIdentities":false,"CognitoIdentityProviders":[{"ProviderName":"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X","ClientId":"c1","ServerSideTokenCheck":true},{"ProviderName":"cognito-idp.us-east-1.amazonaws.com/us-east-1_A","ClientId":"c1","ServerSideTokenCheck":true},{"ProviderName":"cognito-idp.us-east-1.amazonaws.com/us-east-1_A","ClientId":"c9","ServerSideTokenCheck":true},{"ProviderName":"cognito-idp.us-east-1.amazonaws.com/us-east-1_B","ClientId":"c2","ServerSideTokenCheck":true}],"UserPools":[{"UserPoolId":"eu-west-1_X","Region":"eu-west-1","ClientIds":["c1"]},{"UserPoolId":"us-east-1_A","Region":"us-east-1","ClientIds":["c1","c9"]},{"UserPoolId":"us-east-1_B","Region":"us-east-1","ClientIds":["c2"]}]}
{"IdentityPoolId":"us-east-1:b2","IdentityPoolName":"depot","AllowUnauthenticatedIdentities":false,"UserPools":[]}
{"IdentityPoolId":"us-east-1:c3","IdentityPoolName":"shop-b","AllowUnauthenticatedIdentities":true,"AllowClassicFlow":false,"DeveloperProviderName":"login.shop","SupportedLoginProviders":{"accounts.google.com":"g.apps","api.twitter.com":"key"},"OpenIdConnectProviderARNs":["arn:aws:iam::123456789012:oidc-provider/x"],"SamlProviderARNs":["arn:aws:iam::123456789012:saml-provider/y"],"IdentityPoolTags":{"a":"2","z":"1"},"UserPools":[]}
{"IdentityPoolId":"us-east-1:d4","IdentityPoolName":"shop-c","AllowUnauthenticatedIdentities":false,"UserPools":[]}
{"IdentityPoolId":"us-east-1:e5","IdentityPoolName":"empty","AllowUnauthenticatedIdentities":false,"UserPools":[]}
X
title 'the consumer secret of Twitter does not get out'
ok eval '! grep -r TWITTERSECRET sealed got stats err out'
title 'the seal'
ok grep -qE '"~end":\{.*"rows":5,.*"source":"http://127\.0\.0\.1:[0-9]+/identity-pools","scope":"all"' sealed
title 'the calls are counted'
has stats '"Calls":{"ListIdentityPools":3,"DescribeIdentityPool":5}'
title 'the scope of a choice'
scene 0 --seal 'shop*' us-east-1:b2 </dev/null
has out '"scope":"pools:[\"shop*\",\"us-east-1:b2\"]"'
title 'only what was chosen is described'
scene 0 --describe depot </dev/null
same - <(grep Describe asked) <<<'DescribeIdentityPool us-east-1:b2'

title 'the answers come in any order, the records in that of the ids'
scene 0 --describe <<'P'
pools = {i: p for i in range(40) for p in [pool(f'{i:02}', f'n{i:02}')]}
pools = {p['IdentityPoolId']: p for p in pools.values()}
here, most = [], []
def answer(operation, request, nth, turn=threading.Condition()):
    if operation == 'DescribeIdentityPool':
        id = request['IdentityPoolId']
        with turn:                      # each pair the other way round: the odd one first
            here.append(id)
            most.append(len(set(here) - set(done)))
            even = int(id[-2:]) % 2 == 0
            turn.wait_for(lambda: not even or f'us-east-1:{int(id[-2:]) + 1:02}' in done)
            done.append(id)
            turn.notify_all()
            if len(done) == 40:
                order = [d[-2:] for d in done]
                open('done', 'w').write(f"{order.index('01') < order.index('00')} {max(most)}\n")
    return serve(operation, request)
done = []
P
title 'all forty, in order'
same <(for i in {00..39}; do printf '{"IdentityPoolId":"us-east-1:%s","IdentityPoolName":"n%s","UserPools":[]}\n' "$i" "$i"; done) out
title 'the second was answered before the first'
# shellcheck disable=SC2016 # eval's
ok eval 'read -r swapped most <done; [ "$swapped" = True ] && [ "$most" -le 16 ]'

# Roles.
title 'roles, and what a pool without any says'
scene 0 --roles shop depot </dev/null
same - <(sed 's/.*,"Roles":/"Roles":/' out) <<'X'
"Roles":{"authenticated":"arn:aws:iam::1:role/a","unauthenticated":"arn:aws:iam::1:role/u"},"RoleMappings":{"cognito-idp.us-east-1.amazonaws.com/us-east-1_A:c1":{"Type":"Rules","AmbiguousRoleResolution":"Deny","RulesConfiguration":{"Rules":[{"Claim":"x","MatchType":"Equals","Value":"y","RoleARN":"arn:aws:iam::1:role/r"}]}}}}
"Roles":{}}
X

title 'those of another pool are none of its'
scene 1 --roles depot <<<"special['GetIdentityPoolRoles', '*'] = 200, json.dumps({'IdentityPoolId': 'us-east-1:a1', 'Roles': {}})"
has err 'another pool than the one that was asked for'

# What is denied.
title 'descriptions denied'
scene 0 --describe depot shop-c <<<"special['DescribeIdentityPool', 'us-east-1:b2'] = refuse('AccessDeniedException')"
same - out <<'X'
{"IdentityPoolId":"us-east-1:b2","IdentityPoolName":"depot","Missing":["cognito-identity:DescribeIdentityPool"]}
{"IdentityPoolId":"us-east-1:d4","IdentityPoolName":"shop-c","AllowUnauthenticatedIdentities":false,"UserPools":[]}
X
title 'roles denied, too'
scene 0 --roles depot <<'P'
special['DescribeIdentityPool', '*'] = special['GetIdentityPoolRoles', '*'] = refuse('AccessDeniedException')
P
same - out <<<'{"IdentityPoolId":"us-east-1:b2","IdentityPoolName":"depot","Missing":["cognito-identity:DescribeIdentityPool","cognito-identity:GetIdentityPoolRoles"]}'
title 'roles alone'
scene 0 --roles depot <<<"special['GetIdentityPoolRoles', '*'] = refuse('AccessDeniedException')"
has out '"UserPools":[],"Missing":["cognito-identity:GetIdentityPoolRoles"]}'
title 'the list denied: nothing can be told'
scene 1 <<<"special['ListIdentityPools', None] = refuse('AccessDeniedException')"
has err 'list-identity-pools: ListIdentityPools: AccessDeniedException: no; the role needs cognito-identity:ListIdentityPools on resource *'
empty out

# What is gone or wrong.
gone="special['DescribeIdentityPool', 'us-east-1:b2'] = refuse('ResourceNotFoundException')"
title 'a pool that is gone by now'
scene 1 --describe <<<"$gone"
has err 'list-identity-pools: DescribeIdentityPool:2: ResourceNotFoundException: in the list, and gone'
title 'goes to the rejects'
scene 3 --describe --reject rejects <<<"$gone"
same - rejects <<'X'
{"Reason":"ResourceNotFoundException: in the list, and gone","Line":2,"Stream":"DescribeIdentityPool","Record":{"IdentityPoolId":"us-east-1:b2","IdentityPoolName":"depot"}}
X
title 'and the others come out'
same - <(wc -l <out) <<<4
title 'its roles gone before'
scene 3 --roles --reject rejects depot <<<"special['GetIdentityPoolRoles', '*'] = refuse('ResourceNotFoundException')"
has rejects '"Stream":"GetIdentityPoolRoles"'
title 'a wrong description, and no more of it than its name'
scene 3 --describe --reject rejects <<<"pools['us-east-1:c3']['DeveloperProviderName'] = 7"
same - rejects <<'X'
{"Reason":"DeveloperProviderName: no text","Line":3,"Stream":"DescribeIdentityPool","Record":{"IdentityPoolId":"us-east-1:c3","IdentityPoolName":"shop-b"}}
X
title 'another pool than was asked for'
scene 1 --describe depot <<<"special['DescribeIdentityPool', '*'] = 200, json.dumps(pools['us-east-1:a1'])"
has err 'another pool than the one that was asked for'
title 'no JSON'
scene 1 --describe depot <<<"special['DescribeIdentityPool', '*'] = 200, '{]}'"
has err 'the answer is no JSON object'
title 'a pool without an id'
scene 1 <<<"special['ListIdentityPools', None] = 200, '{\"IdentityPools\":[{\"IdentityPoolName\":\"x\"}]}'"
has err 'ListIdentityPools: the list has a pool without an id'
title 'the same one twice'
scene 1 <<<"special['ListIdentityPools', None] = 200, '{\"IdentityPools\":[{\"IdentityPoolId\":\"x\"},{\"IdentityPoolId\":\"x\"}]}'"
has err 'ListIdentityPools: the service gave the same pool twice'
title 'a refusal of another kind ends the run at its turn'
scene 1 --describe --seal <<<"special['DescribeIdentityPool', 'us-east-1:c3'] = refuse('NotAuthorizedException', 'not you')"
has err 'list-identity-pools: DescribeIdentityPool: identity pool us-east-1:c3: NotAuthorizedException: not you'
title 'behind what is good'
same - <(head -2 out | cut -c1-32) <<<$'{"IdentityPoolId":"us-east-1:a1"\n{"IdentityPoolId":"us-east-1:b2"'
title 'sealed as a failure'
has out '"ok":false,"rows":2'
title 'throttled: again'
scene 0 --describe depot <<'P'
def answer(operation, request, nth):
    return refuse('TooManyRequestsException') if operation == 'DescribeIdentityPool' and nth == 1 else serve(operation, request)
P
title 'and in the end temporary'
scene 75 --describe --retry-seconds 0 depot <<<"special['DescribeIdentityPool', '*'] = refuse('TooManyRequestsException')"

title 'no Region'
run 2 env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b list-identity-pools
has err 'no region: give --region or set AWS_REGION'
title 'its own variable says where it is'
run 75 env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://127.0.0.1:1 \
	AWS_ENDPOINT_URL_COGNITO_IDENTITY=http://127.0.0.1:2 list-identity-pools --retry-seconds 0
has err 'cannot connect to 127.0.0.1:2'
finish
