#!/usr/bin/env bash
# The checker of requests (helpers/check-requests.py), on requests to STS and to identity pools made here:
# good ones, with every kind of member, and the same with one fault each.  (On requests to user pools:
# requests.t.)
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
planted=(record.py)

# record.py: a line of standard input is LOG and the arguments of a request, with tabs between; appended
# to LOG is a line as capture.py writes it, signed by botocore.  [OPTION...] ACTION [NAME=VALUE...]:
#   -H NAME=VALUE   a header more      -b TEXT  text behind the body      -u  unsigned      -k  with the session's keys
#   -a              with an answer that gives keys out                    -p PATH
# -t SERVICE/PREFIX: a JSON request, of what stands behind the action
cat >record.py <<'E'
import argparse, json, sys, urllib.parse
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
p = argparse.ArgumentParser()
for name in 'HNbt':
    p.add_argument('-' + name, action='append', default=[])
for name in 'uka':
    p.add_argument('-' + name, action='store_true')
p.add_argument('-p', default='/')
p.add_argument('pairs', nargs='+')
session = ('ASIAIOSFODNN7SESSION', 'sessionsecret/sessionsecret/sessionsecre', 'session/token+of==')
for line in sys.stdin:
    log, *arguments = line.rstrip('\n').split('\t')
    a = p.parse_args(arguments)
    keys = session if a.k else ('AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', None)
    pairs = [('Action', a.pairs[0]), ('Version', '2011-06-15')] + [tuple(x.split('=', 1)) for x in a.pairs[1:] if '=' in x]
    service, kind = 'sts', {'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'}
    body = '&'.join(f"{n}={urllib.parse.quote(v, safe='-._~')}" for n, v in pairs) + ''.join(a.b)
    for text in a.t:
        service, prefix = text.split('/')
        kind = {'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': f'{prefix}.{a.pairs[0]}'}
        body = ''.join(a.pairs[1:])
    request = AWSRequest('POST', 'http://127.0.0.1:1/', data=body.encode(), headers={'Host': '127.0.0.1:1', **kind})
    if not a.u:
        SigV4Auth(Credentials(*keys), service, 'us-east-1').add_auth(request)
    headers = list(request.headers.items()) + [('User-Agent', 'x/1'), ('Content-Length', str(len(body)))]
    headers += [tuple(x.split('=', 1)) for x in a.H]
    answer = '<R><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken></R>' % session
    with open(log, 'a') as out:
        print(json.dumps({'method': 'POST', 'path': a.p, 'headers': headers, 'body': body, 'answer': answer if a.a else ''}), file=out)
E

# What is asked for here is made, checked and judged at the end, all of it at once: botocore is slow to
# start.  record ARGUMENT...: one request more in the log that the next good or bad is about.
logs=0 names=() wanted=() lines=()
record() { local IFS=$'\t'; echo "$logs.log"$'\t'"$*" >>requests; }
expect() { names[logs]=$logs.log wanted[logs]=$1 lines[logs]=$2 logs=$((logs + 1)); }
# good TITLE, bad TEXT [LINES]: one test each.
good() { expect "$1" 0; }
bad() { expect "$1" "${2:-1}"; }
# judge NUMBER: that one.
judge() {
	sed -n "s/^$1\.log: //p" told | grep -v '^called: ' >faults
	if [ "${lines[$1]}" = 0 ]; then
		[ ! -s faults ] && grep -q "^$1\.log: called: ." told
		verdict $? "good: ${wanted[$1]}" || show faults
	else
		grep -qF -e "${wanted[$1]}" faults && [ "$(wc -l <faults)" -eq "${lines[$1]}" ]
		verdict $? "the checker sees: ${wanted[$1]}" || show faults
	fi
}

role=(AssumeRole RoleArn=arn:aws:iam::123456789012:role/x RoleSessionName=abc)
plant() { record "${role[@]}" "$@"; }
plant DurationSeconds=900 ExternalId=a/b Policy='{"a":"b c"}' SourceIdentity=me SerialNumber=GAHT12345678 TokenCode=123456 \
	PolicyArns.member.1.arn=arn:aws:iam::123456789012:policy/a PolicyArns.member.2.arn=arn:aws:iam::123456789012:policy/b \
	Tags.member.1.Key='a b' Tags.member.1.Value= Tags.member.2.Key=Ж Tags.member.2.Value=x=y \
	TransitiveTagKeys.member.1='a b' TransitiveTagKeys.member.2=Ж
good 'every member of AssumeRole'
plant Tags=
good 'an empty list, as botocore writes it'
plant Tags.member.1.Key=a
bad 'Missing required parameter in Tags[0]: "Value"'
plant Tags.member.1.Key=a Tags.member.1.Value=b Tags.member.1.Values=c
bad 'Unknown parameter in input: "Tags.member.1.Values"'
plant Tags.member.2.Key=a Tags.member.2.Value=b
bad 'Unknown parameter in input: "Tags.member.2.Key"' 2
plant Tags.1.Key=a Tags.1.Value=b
bad 'Unknown parameter in input: "Tags.1.Key"' 2
plant Tags.member.1.Key='a*' Tags.member.1.Value=b
bad 'input.Tags[0].Key: does not match'
plant Tags.member.1.Key="$(printf %0129d 0)" Tags.member.1.Value=b
bad 'input.Tags[0].Key: more than 128'
many=()
for i in {1..51}; do many+=("TransitiveTagKeys.member.$i=k$i"); done
plant "${many[@]}"
bad 'input.TransitiveTagKeys: more than 50'
plant TransitiveTagKeys.member.1=
bad 'Invalid length for parameter TransitiveTagKeys[0]'
plant PolicyArns.member.1=arn:aws:iam::123456789012:policy/a
bad 'Unknown parameter in input: "PolicyArns.member.1"'
plant PolicyArns.member.1.Arn=arn:aws:iam::123456789012:policy/a
bad 'Unknown parameter in input: "PolicyArns.member.1.Arn"'
plant PolicyArns.member.1.arn=short
bad 'Invalid length for parameter PolicyArns[0].arn'
plant Tags.member.1.Key=a Tags.member.1.Key=a Tags.member.1.Value=b
bad 'body: a member stands there twice'
plant -b '&SourceIdentity=a%2fb'
bad 'body: not encoded as the query protocol wants it'
plant -b '&Tags.member.1.Key=a+b&Tags.member.1.Value=b'
bad 'body: not encoded as the query protocol wants it'
plant TokenCode=12345x
bad 'input.TokenCode: does not match'
plant DurationSeconds=0900
bad 'body: DurationSeconds: not a number'

record GetCallerIdentity
good GetCallerIdentity
record GetCallerIdentity RoleArn=arn:aws:iam::123456789012:role/x
bad 'RoleArn'
record GetSessionTokens
bad 'no operation of sts: GetSessionTokens'

web=(AssumeRoleWithWebIdentity RoleArn=arn:aws:iam::123456789012:role/x RoleSessionName=abc WebIdentityToken=abc.def.ghi)
plant_web() { record "$@" "${web[@]}"; }
plant_web -u
good 'AssumeRoleWithWebIdentity, unsigned'
plant_web
bad 'a header too many: authorization' 2
plant_web -k
bad 'a header too many: x-amz-security-token' 3
plant_web -u -H X-Extra=abc.def.ghi
bad 'a secret in x-extra' 2
plant_web -u -p '/?t=abc.def.ghi'
bad 'a secret in the URL' 2
record -u "${role[@]}"
bad 'no header authorization' 3

# identity pools
plant_json() { record -t "$1" "${@:2}"; }
identity=cognito-identity/AWSCognitoIdentityService
plant_json "$identity" ListIdentityPools '{"MaxResults":60}'
plant_json "$identity" DescribeIdentityPool '{"IdentityPoolId":"eu-west-1:0f-a"}'
good 'identity pools'
plant_json "$identity" ListIdentityPools '{}'
bad 'Missing required parameter in input: "MaxResults"'
plant_json "$identity" ListIdentityPools '{"MaxResults":61}'
bad 'input.MaxResults: more than 60'
plant_json cognito-idp/AWSCognitoIdentityService ListIdentityPools '{"MaxResults":1}'
bad 'authorization: scope'
plant_json "$identity" ListUserPools '{"MaxResults":1}'
bad 'no operation of cognito-identity: ListUserPools'
plant_json cognito-idp/AWSCognitoIdentityProviderService ListUserPools '{"MaxResults":1}'
good 'user pools'
plant_json "$identity"s ListIdentityPools '{"MaxResults":1}'
bad 'no service: AWSCognitoIdentityServices.ListIdentityPools'

# keys that answers give out
record -k GetCallerIdentity
bad 'authorization: an access key that nobody gave out'
record -a "${role[@]}"
record -k GetCallerIdentity
good 'a session of AssumeRole'
record -u -a "${web[@]}"
record -k "${role[@]}"
good 'a session of AssumeRoleWithWebIdentity'
record -k GetCallerIdentity
record -a "${role[@]}"
bad 'request 1: GetCallerIdentity: authorization: an access key that nobody gave out'
record -a "${role[@]}"
record "${role[@]}" ExternalId=session/token+of==
bad 'a secret in the body or the URL'

/usr/bin/python3 record.py <requests
check=$TOP/tests/helpers/check-requests.py
title 'faults are in the status'
run 1 "$check" --each "${names[@]}"
mv out told
for ((i = 0; i < logs; i++)); do judge "$i"; done
title 'of a log alone, too'
run 1 "$check" "${names[-1]}"
has out 'request 2: AssumeRole: a secret in the body or the URL'
title 'and where there are none'
run 0 "$check" 0.log
empty out
title 'what was called'
run 0 "$check" --operations "${names[-1]}"
same - out <<<AssumeRole
finish
