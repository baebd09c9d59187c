#!/usr/bin/env bash
# serve-pool: the protocol against the AWS CLI, boto3, curl and requests made by hand; what it refuses; faults on order.
# shellcheck disable=SC2016 # commands for other shells stand in single quotes
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/beside.sh
. "$TOP/tests/helpers/beside.sh"
planted=(variables)
# Mostly waits.

cat >pool.ndjson <<'E'
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2018-07-25T15:32:11.090Z","Attributes":{"sub":"aa-1","email":"ana@example.com","custom:tenant":"7"},"Groups":["admins"]}
{"GroupName":"staff"}
{"GroupName":"admins","Username":"Zoë|\"q\"\\x"}
{"Username":"bo","Enabled":false,"UserStatus":"UNCONFIRMED","UserCreateDate":"2020-01-01T00:00:00Z","UserLastModifiedDate":"2020-01-01T01:00:00.100+01:00","Attributes":{"email":"BO@example.com"},"PreferredMfaSetting":"SMS_MFA"}
{"GroupName":"admins","Description":"Those <who> & may","Precedence":1,"RoleArn":"arn:aws:iam::123456789012:role/x","CreationDate":"2020-01-01T00:00:00.500Z","LastModifiedDate":"2020-01-02T00:00:00.000Z"}
{"Username":"Zoë|\"q\"\\x","Attributes":{"sub":"ff-3","email":"z@example.com","name":"a\nb 😀"},"Groups":["admins"]}
{"Username":"dee","Attributes":{"sub":"ff-4","email":"dee@example.com","name":"Dee"}}
{"Username":"eve","Attributes":{"sub":"ff-5","email":"eve@example.com"},"Groups":["staff","admins"]}
E

client boto3 botocore.auth botocore.awsrequest

# A client of few words: signs with botocore's signer, sends what it is told to, shows what comes.
cat >raw.py <<'E'
import datetime, hashlib, http.client, json, os, re, socket, sys, urllib.parse
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.compat import HTTPHeaders

URL = os.environ['AWS_ENDPOINT_URL']
HOST = URL.split('//')[1]
KEYS = (os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY'], None)
POOL = os.environ['COGNITO_USER_POOL_ID']
ROLE, EXTERNAL = os.environ['SERVE_POOL_ROLE_ARN'], os.environ['SERVE_POOL_EXTERNAL_ID']

class Auth(SigV4Auth):
    shift = 0
    def add_auth(self, request):
        now = datetime.datetime.utcnow() + datetime.timedelta(seconds=self.shift)
        request.context['timestamp'] = now.strftime('%Y%m%dT%H%M%SZ')
        self._modify_request_before_signing(request)
        signature = self.signature(self.string_to_sign(request, self.canonical_request(request)), request)
        self._inject_signature_to_request(request, signature)

def send(headers, body, service, keys=KEYS, shift=0, sign=True, region='us-east-1', sent=None,
         edit=None, method='POST', path='/'):
    request = AWSRequest(method, URL + '/', headers=dict(headers), data=body)
    if sign:
        auth = Auth(Credentials(*keys), service, region)
        auth.shift = shift
        auth.add_auth(request)
    lines = dict(request.headers.items())
    if edit:
        edit(lines)
    connection = http.client.HTTPConnection(HOST, timeout=30)
    connection.request(method, path, sent if sent is not None else body, lines)
    answer = connection.getresponse()
    try:
        return answer, answer.read()
    finally:
        connection.close()

def call(op, members=None, text=None, target='AWSCognitoIdentityProviderService.', scope='cognito-idp', **how):
    members = {'UserPoolId': POOL, **(members or {})}
    body = text if text is not None else json.dumps(members)
    return send({'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': target + op}, body.encode(),
                scope, **how)

def sts(action='AssumeRole', scope='sts', version='2011-06-15', how={}, **members):
    members = {k: v for k, v in members.items() if v is not None}
    body = urllib.parse.urlencode({'Action': action, 'Version': version, **members},
                                  quote_via=urllib.parse.quote)
    return send({'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'}, body.encode(), scope, **how)

def assume(external=EXTERNAL, role=ROLE, session='tester', duration=None, **how):
    return sts(RoleArn=role, RoleSessionName=session, ExternalId=external, DurationSeconds=duration, how=how)

def element(xml, name):
    found = re.search(b'<%s>([^<]*)</%s>' % (name, name), xml)
    return found.group(1).decode() if found else None

def session(**how):
    xml = assume(**how)[1]
    return tuple(element(xml, n) for n in (b'AccessKeyId', b'SecretAccessKey', b'SessionToken'))

# Codes and messages; times are masked, and header and body must agree.
def show(label, result):
    answer, body = result
    if body.startswith(b'<ErrorResponse'):
        code, text = element(body, b'Code'), element(body, b'Message')
    elif body.startswith(b'{'):
        error = json.loads(body)
        if '__type' not in error:
            print(f'{label}: {answer.status} good')
            return
        code = error['__type']
        text = error.get('message') if 'message' in error else 'M:' + error['Message']
        if answer.headers['x-amzn-errortype'] != code.split('#')[-1] + ':':
            code += ' HEADER DIFFERS'
    else:
        code, text = answer.headers['Content-Type'], ''
    print(f'{label}: {answer.status} {code}: ' + re.sub(r'\d{8}T\d{6}Z', 'T', text))
E

# --- the exact bytes
cat >exact.sh <<'E'
call() { curl -sS --aws-sigv4 "aws:amz:$AWS_REGION:cognito-idp" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
	-H 'Content-Type: application/x-amz-json-1.1' -H "X-Amz-Target: AWSCognitoIdentityProviderService.$1" \
	-D "headers.$1" -d "$2" "$AWS_ENDPOINT_URL/"; echo; }
call ListUsers '{"UserPoolId":"us-east-1_EXAMPLE1","Limit":0,"Unknown":[null]}'
call ListUsersInGroup '{"UserPoolId":"us-east-1_EXAMPLE1","GroupName":"admins"}' | jq -c '[.Users[].Username]'
call AdminListGroupsForUser '{"UserPoolId":"us-east-1_EXAMPLE1","Username":"eve"}' | jq -c '[.Groups[].GroupName]'
call ListGroups '{"UserPoolId":"us-east-1_EXAMPLE1"}'
call AdminGetUser '{"UserPoolId":"us-east-1_EXAMPLE1","Username":"\u0062o"}'
call GetGroup '{"UserPoolId":"us-east-1_EXAMPLE1","GroupName":"nobody"}'
E
title 'curl signs, serve-pool answers'
run 0 serve-pool pool.ndjson -- bash exact.sh
title 'exact answers: order, dates, a made sub, escapes, MFA settings in AdminGetUser alone'
same - out <<'E'
{"Users":[{"Username":"ana","Attributes":[{"Name":"sub","Value":"aa-1"},{"Name":"email","Value":"ana@example.com"},{"Name":"custom:tenant","Value":"7"}],"UserCreateDate":1532532731.091,"UserLastModifiedDate":1532532731.09,"Enabled":true,"UserStatus":"CONFIRMED"},{"Username":"bo","Attributes":[{"Name":"sub","Value":"3d099d0f-13df-9d0b-b442-7a6ce99d61b9"},{"Name":"email","Value":"BO@example.com"}],"UserCreateDate":1577836800,"UserLastModifiedDate":1577836800.1,"Enabled":false,"UserStatus":"UNCONFIRMED"},{"Username":"Zoë|\"q\"\\x","Attributes":[{"Name":"sub","Value":"ff-3"},{"Name":"email","Value":"z@example.com"},{"Name":"name","Value":"a\nb 😀"}],"Enabled":true,"UserStatus":"CONFIRMED"},{"Username":"dee","Attributes":[{"Name":"sub","Value":"ff-4"},{"Name":"email","Value":"dee@example.com"},{"Name":"name","Value":"Dee"}],"Enabled":true,"UserStatus":"CONFIRMED"},{"Username":"eve","Attributes":[{"Name":"sub","Value":"ff-5"},{"Name":"email","Value":"eve@example.com"}],"Enabled":true,"UserStatus":"CONFIRMED"}]}
["ana","Zoë|\"q\"\\x","eve"]
["staff","admins"]
{"Groups":[{"GroupName":"staff","UserPoolId":"us-east-1_EXAMPLE1"},{"GroupName":"admins","UserPoolId":"us-east-1_EXAMPLE1","Description":"Those <who> & may","Precedence":1,"RoleArn":"arn:aws:iam::123456789012:role/x","LastModifiedDate":1577923200,"CreationDate":1577836800.5}]}
{"Username":"bo","UserAttributes":[{"Name":"sub","Value":"3d099d0f-13df-9d0b-b442-7a6ce99d61b9"},{"Name":"email","Value":"BO@example.com"}],"UserCreateDate":1577836800,"UserLastModifiedDate":1577836800.1,"Enabled":false,"UserStatus":"UNCONFIRMED","PreferredMfaSetting":"SMS_MFA"}
{"__type":"ResourceNotFoundException","message":"Group not found."}
E
has headers.ListUsers 'Content-Type: application/x-amz-json-1.1'
has headers.GetGroup 'x-amzn-ErrorType: ResourceNotFoundException:'
has headers.GetGroup 'x-amzn-ErrorMessage: Group not found.'
has headers.GetGroup 'x-amzn-RequestId: '

# --- the AWS CLI
cat >cli.py <<'E'
import os, sys
sys.path.insert(0, sys.argv[1])
from aws_cli import answer, aws, show
pool = ('--user-pool-id', os.environ['COGNITO_USER_POOL_ID'])
def idp(operation, *arguments):
    return answer('cognito-idp', operation, *pool, *arguments)
def names(key, name, *arguments):
    show([i[name] for i in idp(*arguments)[key]])
names('Users', 'Username', 'list-users', '--page-size', '2')
names('Users', 'Username', 'list-users', '--filter', 'email ^= "bo"')
names('Groups', 'GroupName', 'list-groups')
names('Users', 'Username', 'list-users-in-group', '--group-name', 'admins', '--page-size', '1')
names('Groups', 'GroupName', 'admin-list-groups-for-user', '--username', 'eve')
group = idp('get-group', '--group-name', 'admins')['Group']
show([group['Precedence'], group['Description']])
user = idp('admin-get-user', '--username', 'ana')
show([user['Username'], user['UserStatus'], len(user['UserAttributes'])])
described = idp('describe-user-pool')['UserPool']
show([described['Id'], described['EstimatedNumberOfUsers']])
caller = answer('sts', 'get-caller-identity')
show([caller['Account'], caller['Arn']])
role = ('sts', 'assume-role', '--role-arn', os.environ['SERVE_POOL_ROLE_ARN'], '--role-session-name', 'cli', '--external-id')
status, _, message = aws(*role, 'no')
print(status, message.strip())
keys = answer(*role, os.environ['SERVE_POOL_EXTERNAL_ID'])['Credentials']
os.environ.update(AWS_ACCESS_KEY_ID=keys['AccessKeyId'], AWS_SECRET_ACCESS_KEY=keys['SecretAccessKey'],
    AWS_SESSION_TOKEN=keys['SessionToken'])
show(answer('sts', 'get-caller-identity')['Arn'])
names('Users', 'Username', 'list-users', '--max-items', '1')
E
title 'the AWS CLI reads the pool'
run 0 serve-pool --allow all pool.ndjson -- /usr/bin/python3 -B cli.py "$TOP/tests/helpers"
same - out <<'E'
["ana","bo","Zoë|\"q\"\\x","dee","eve"]
["bo"]
["staff","admins"]
["ana","Zoë|\"q\"\\x","eve"]
["staff","admins"]
[1,"Those <who> & may"]
["ana","CONFIRMED",3]
["us-east-1_EXAMPLE1",5]
["123456789012","arn:aws:iam::123456789012:user/serve-pool"]
254 An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
"arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/cli"
["ana"]
E

# --- boto3, through the role, on short pages
cat >boto.py <<'E'
import boto3, botocore, os
url, pool = os.environ['AWS_ENDPOINT_URL'], os.environ['COGNITO_USER_POOL_ID']
c = boto3.client('sts', endpoint_url=url).assume_role(RoleArn=os.environ['SERVE_POOL_ROLE_ARN'],
    RoleSessionName='boto', ExternalId=os.environ['SERVE_POOL_EXTERNAL_ID'], DurationSeconds=900)['Credentials']
assert 890 < (c['Expiration'] - __import__('datetime').datetime.now(c['Expiration'].tzinfo)).total_seconds() <= 900
idp = boto3.client('cognito-idp', endpoint_url=url, aws_access_key_id=c['AccessKeyId'],
    aws_secret_access_key=c['SecretAccessKey'], aws_session_token=c['SessionToken'])
def names(op, key, name, **how):
    pages = list(idp.get_paginator(op).paginate(UserPoolId=pool, **how))
    return len(pages), [i[name] for p in pages for i in p[key]]
for size in (1, 2, 60):
    n, users = names('list_users', 'Users', 'Username', PaginationConfig={'PageSize': size})
    print(size, users)
n, many = names('list_users_in_group', 'Users', 'Username', GroupName='admins', PaginationConfig={'PageSize': 1})
print(n > 3, many)
print(names('list_groups', 'Groups', 'GroupName')[1])
print(names('admin_list_groups_for_user', 'Groups', 'GroupName', Username='eve')[1])
print(names('list_users', 'Users', 'Username', Filter='"sub"^="FF"')[1])
for op, how in (('describe_user_pool', {}), ('admin_get_user', {'Username': 'nobody'})):
    try:
        getattr(idp, op)(UserPoolId=pool, **how)
    except botocore.exceptions.ClientError as e:
        print(e.response['Error']['Code'])
E
title 'boto3 reads short and empty pages through the role'
run 0 beside --short-pages --require-role pool.ndjson -- boto.py
same - out <<'E'
1 ['ana', 'bo', 'Zoë|"q"\\x', 'dee', 'eve']
2 ['ana', 'bo', 'Zoë|"q"\\x', 'dee', 'eve']
60 ['ana', 'bo', 'Zoë|"q"\\x', 'dee', 'eve']
True ['ana', 'Zoë|"q"\\x', 'eve']
['staff', 'admins']
['staff', 'admins']
['Zoë|"q"\\x', 'dee', 'eve']
AccessDeniedException
UserNotFoundException
E

# --- the front door
cat >front.py <<'E'
from raw import *
def header(name, value):
    def edit(lines):
        lines.pop(name, None)
        if value is not None:
            lines[name] = value
    return edit
def unsign(name):
    def edit(lines):
        lines['Authorization'] = re.sub(';?' + name, '', lines['Authorization'])
    return edit
show('good', call('ListUsers'))
show('unsigned', call('ListUsers', sign=False))
show('basic', call('ListUsers', edit=header('Authorization', 'Basic abc')))
show('no signature', call('ListUsers', edit=header('Authorization', 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host')))
show('no date', call('ListUsers', edit=header('X-Amz-Date', None)))
show('unknown key', call('ListUsers', keys=('AKIDUNKNOWN', 'x', None)))
show('wrong secret', call('ListUsers', keys=(KEYS[0], 'wrong', None)))
show('other body', call('ListUsers', sent=b'{"UserPoolId":"us-east-1_EXAMPLE1","Limit":1}'))
show('other target', call('ListUsers', edit=header('X-Amz-Target', 'AWSCognitoIdentityProviderService.ListGroups')))
show('target unsigned', call('ListUsers', edit=unsign('x-amz-target')))
show('said digest', call('ListUsers', edit=header('X-Amz-Content-SHA256', '0' * 64)))
show('old', call('ListUsers', shift=-301 - 20))
show('early', call('ListUsers', shift=301 + 20))
show('in the window', call('ListUsers', shift=-280))
show('region', call('ListUsers', region='eu-west-1'))
show('service', call('ListUsers', scope='sts'))
show('bad token', call('ListUsers', keys=KEYS[:2] + ('abcd',)))
role = session()
show('role', call('ListUsers', keys=role))
show('role without token', call('ListUsers', keys=role[:2] + (None,)))
show('token of another', call('ListUsers', keys=role[:2] + (session()[2],)))
token = role[2]
show('token changed', call('ListUsers', keys=role[:2] + (('A' if token[0] != 'A' else 'B') + token[1:],)))
show('not allowed', call('DescribeUserPool', keys=role))
show('not served', call('AdminCreateUser', keys=role))
show('not an operation', call('DropEverything'))
show('bytes in the header', call('ListUsers', edit=header('Authorization', 'AWS4-HMAC-SHA256 Credential=a/b/\xff\xfe/d/aws4_request, SignedHeaders=host, Signature=x')))
show('other service', call('ListUsers', target='AWSCognitoIdentityService.'))
show('get', call('ListUsers', method='GET'))
show('path', call('ListUsers', path='/x'))
show('huge', call('ListUsers', text=' ' * (1024 * 1024 + 1)))
show('largest', call('ListUsers', text='{"UserPoolId":"us-east-1_EXAMPLE1"' + ' ' * (1024 * 1024 - 35) + '}'))
show('sts unsigned', assume(sign=False))
show('sts unknown key', assume(keys=('AKIDUNKNOWN', 'x', None)))
show('sts wrong secret', assume(keys=(KEYS[0], 'x', None)))
show('sts old', assume(shift=-400))
show('sts scope', sts(scope='cognito-idp', RoleArn=ROLE))
show('external id', assume(external='other'))
show('no external id', assume(external=None))
show('other role', assume(role='arn:aws:iam::123456789012:role/other'))
show('from the role', assume(keys=role))
show('duration', assume(duration='899'))
show('long', assume(duration='43201'))
show('name', assume(session='a b'))
show('no role', assume(role=None))
show('no ARN', assume(role='cognitoApiAccessRole-of-us'))
show('ARN of a user', assume(role='arn:aws:iam::123456789012:user/ana'))
from xml.etree import ElementTree
for label, how in (('controls', {'role': ROLE + '\x01<\r'}), ('controls in a name', {'session': 'a\x01\x02'})):
    print(label, [e.text for e in ElementTree.fromstring(assume(**how)[1]).iter() if e.tag.endswith('Code')])
for name in ('role', 'session', 'external'):
    whole = {'role': ROLE, 'session': 'tester', 'external': EXTERNAL}[name]
    print('NUL behind', name, assume(**{name: whole + '\0x'})[0].status)
show('action', sts(action='GetFederationToken'))
show('version', sts(action='GetCallerIdentity', version='2010-01-01'))
print(len(role[0]), role[0][:4], len(role[1]), len(role[2]) > 400)
E
title 'signatures, sessions, permissions'
run 0 beside --seed 3 pool.ndjson -- front.py
same - out <<'E'
good: 200 good
unsigned: 400 com.amazon.coral.service#MissingAuthenticationTokenException: M:Missing Authentication Token
basic: 400 com.amazon.coral.service#IncompleteSignatureException: M:Unsupported AWS 'algorithm': 'Basic'
no signature: 400 com.amazon.coral.service#IncompleteSignatureException: M:Authorization header requires 'Signature' parameter.
no date: 400 com.amazon.coral.service#IncompleteSignatureException: M:Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.
unknown key: 400 com.amazon.coral.service#UnrecognizedClientException: M:The security token included in the request is invalid.
wrong secret: 400 com.amazon.coral.service#InvalidSignatureException: M:The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
other body: 400 com.amazon.coral.service#InvalidSignatureException: M:The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
other target: 400 com.amazon.coral.service#InvalidSignatureException: M:The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
target unsigned: 400 com.amazon.coral.service#InvalidSignatureException: M:'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.
said digest: 400 com.amazon.coral.service#InvalidSignatureException: M:'X-Amz-Content-SHA256' must be a 'SignedHeader' in the AWS Authorization.
old: 400 com.amazon.coral.service#InvalidSignatureException: M:Signature expired: T is now earlier than T (T - 5 min.)
early: 400 com.amazon.coral.service#InvalidSignatureException: M:Signature not yet current: T is still later than T (T + 5 min.)
in the window: 200 good
region: 400 com.amazon.coral.service#InvalidSignatureException: M:Credential should be scoped to a valid Region, not 'eu-west-1'. 
service: 400 com.amazon.coral.service#InvalidSignatureException: M:Credential should be scoped to correct service: 'cognito-idp'. 
bad token: 400 com.amazon.coral.service#UnrecognizedClientException: M:The security token included in the request is invalid.
role: 200 good
role without token: 400 com.amazon.coral.service#UnrecognizedClientException: M:The security token included in the request is invalid.
token of another: 400 com.amazon.coral.service#UnrecognizedClientException: M:The security token included in the request is invalid.
token changed: 400 com.amazon.coral.service#UnrecognizedClientException: M:The security token included in the request is invalid.
not allowed: 400 AccessDeniedException: M:User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/tester is not authorized to perform: cognito-idp:DescribeUserPool on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_EXAMPLE1 because no identity-based policy allows the cognito-idp:DescribeUserPool action
not served: 400 AccessDeniedException: M:User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/tester is not authorized to perform: cognito-idp:AdminCreateUser on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_EXAMPLE1 because no identity-based policy allows the cognito-idp:AdminCreateUser action
not an operation: 404 com.amazon.coral.service#UnknownOperationException: M:Unknown operation
bytes in the header: 400 com.amazon.coral.service#InvalidSignatureException: M:Credential should be scoped to a valid Region, not '??'. 
other service: 400 com.amazon.coral.service#InvalidSignatureException: M:Credential should be scoped to correct service: 'cognito-identity'. 
get: 404 com.amazon.coral.service#UnknownOperationException: M:Unknown operation
path: 404 com.amazon.coral.service#UnknownOperationException: M:Unknown operation
huge: 413 com.amazon.coral.service#RequestEntityTooLargeException: M:Request size exceeded 1048576 bytes
largest: 200 good
sts unsigned: 403 MissingAuthenticationToken: Missing Authentication Token
sts unknown key: 403 InvalidClientTokenId: The security token included in the request is invalid.
sts wrong secret: 403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
sts old: 403 SignatureDoesNotMatch: Signature expired: T is now earlier than T (T - 5 min.)
sts scope: 403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'. 
external id: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
no external id: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
other role: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/other
from the role: 403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/tester is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
duration: 400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900
long: 400 ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200
name: 400 ValidationError: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*
no role: 400 ValidationError: 1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null
no ARN: 400 ValidationError: cognitoApiAccessRole-of-us is invalid
ARN of a user: 400 ValidationError: Request ARN is invalid
controls ['ValidationError']
controls in a name ['ValidationError']
NUL behind role 400
NUL behind session 400
NUL behind external 400
action: 400 InvalidAction: Could not find operation for version 2011-06-15
version: 400 InvalidAction: Could not find operation for version 2011-06-15
20 ASIA 40 True
E

# --- parameters
cat >params.py <<'E'
from raw import *
def users(**m):
    return call('ListUsers', m)
show('limit 60', users(Limit=60))
show('limit 61', users(Limit=61))
show('limit -1', users(Limit=-1))
show('limit text', users(Limit='5'))
show('not json', call('ListUsers', text='{"UserPoolId"'))
show('no body', call('ListUsers', text=''))
show('array', call('ListUsers', text='[]'))
show('no pool', call('ListUsers', text='{}'))
show('pool pattern', users(UserPoolId='nope'))
show('two', users(UserPoolId='nope', Limit=99))
show('other pool', users(UserPoolId='us-east-1_Other'))
show('null members', users(Limit=None, Filter=None, PaginationToken=None, AttributesToGet=None))
show('group', call('ListUsersInGroup', {'GroupName': 'nobody'}))
show('no group', call('ListUsersInGroup'))
show('blank group', call('GetGroup', {'GroupName': 'a b'}))
show('user', call('AdminListGroupsForUser', {'Username': 'nobody'}))
show('blank user', call('AdminGetUser', {'Username': 'a b'}))
show('long user', call('AdminGetUser', {'Username': 'ä' * 129}))
for c in '\x85\xa0\xad\u200d\u2028\u3000\ue000\ufeff':
    print(ascii(c), json.loads(call('GetGroup', {'GroupName': 'a' + c})[1])['__type'])
show('other script', call('GetGroup', {'GroupName': '開発🚀\u0301\xb5'}))
show('token', users(PaginationToken='abc'))
show('blank token', users(PaginationToken='a b'))
show('filter name', users(Filter='custom:tenant = "7"'))
show('filter operator', users(Filter='email ~ "7"'))
show('filter quotes', users(Filter='email = bo'))
show('filter open', users(Filter='email = "bo'))
show('filter rest', users(Filter='email = "bo" and'))
show('filter long', users(Filter='email = "%s"' % ('x' * 300)))
def names(**m):
    return [u['Username'] for u in json.loads(users(**m)[1])['Users']]
for f in ('', 'username = "ana"', 'username = "ANA"', 'username ^= "Zoë|\\"q\\"\\\\"', 'email = "bo@EXAMPLE.com"',
          ' "email"^="e" ', 'status = "Disabled"', 'status = "disabled"', 'cognito:user_status = "unconfirmed"',
          'name ^= "a\nb"', 'name ^= "D"', 'sub = "FF-5"', 'given_name = ""', 'family_name ^= ""'):
    print(repr(f), names(Filter=f))
projected = json.loads(users(AttributesToGet=['email', 'sub'])[1])['Users'][1]
print(json.dumps(projected))
show('attributes', users(AttributesToGet=['name']))
show('attribute of no name', users(AttributesToGet=['sub', ''], Filter='email = "nobody"'))
show('attribute of a long name', users(AttributesToGet=['ä' * 33, 'sub'], Filter='email = "nobody"'))
show('attribute of any name', users(AttributesToGet=['ä' * 32], Filter='email = "nobody"'))
print(names(AttributesToGet=['name'], Filter='name ^= ""'))
page = json.loads(users(Limit=2)[1])
token = page['PaginationToken']
print(len(page['Users']), token.isascii(), 'ana' not in token)
show('same', users(Limit=2, PaginationToken=token))
show('other limit', users(Limit=3, PaginationToken=token))
show('other filter', users(Limit=2, PaginationToken=token, Filter='email ^= "e"'))
show('other attributes', users(Limit=2, PaginationToken=token, AttributesToGet=['sub']))
show('other operation', call('ListGroups', {'Limit': 2, 'NextToken': token}))
show('changed', users(Limit=2, PaginationToken=('A' if token[0] != 'A' else 'B') + token[1:]))
def disguised(token):
    return any(users(Limit=2, PaginationToken=token[:i] + '=' + token[i + 1:])[0].status == 200 for i in range(len(token)))
print('changed to =', any(disguised(json.loads(users(Limit=2)[1])['PaginationToken']) for i in range(12)))
of = json.loads(call('ListUsersInGroup', {'GroupName': 'admins', 'Limit': 1})[1])['NextToken']
show('other group', call('ListUsersInGroup', {'GroupName': 'staff', 'Limit': 1, 'NextToken': of}))
last = json.loads(users(Limit=5)[1])
print('PaginationToken' in last, names(Limit=1, Filter='email ^= "e"'))
E
title 'parameters as the service model says'
run 0 beside pool.ndjson -- params.py
same - out <<'E'
limit 60: 200 good
limit 61: 400 InvalidParameterException: 1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60
limit -1: 400 InvalidParameterException: 1 validation error detected: Value '-1' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 0
limit text: 400 com.amazon.coral.service#SerializationException: M:A member of the request has the wrong type
not json: 400 com.amazon.coral.service#SerializationException: M:The request is not a JSON object
no body: 400 com.amazon.coral.service#SerializationException: M:The request is not a JSON object
array: 400 com.amazon.coral.service#SerializationException: M:The request is not a JSON object
no pool: 400 InvalidParameterException: 1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null
pool pattern: 400 InvalidParameterException: 1 validation error detected: Value 'nope' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+
two: 400 InvalidParameterException: 2 validation errors detected: Value 'nope' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+; Value '99' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60
other pool: 400 ResourceNotFoundException: User pool us-east-1_Other does not exist.
null members: 200 good
group: 400 ResourceNotFoundException: Group not found.
no group: 400 InvalidParameterException: 1 validation error detected: Value null at 'groupName' failed to satisfy constraint: Member must not be null
blank group: 400 InvalidParameterException: 1 validation error detected: Value 'a b' at 'groupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+
user: 400 UserNotFoundException: User does not exist.
blank user: 400 InvalidParameterException: 1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+
long user: 400 InvalidParameterException: 1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128
'\x85' InvalidParameterException
'\xa0' InvalidParameterException
'\xad' InvalidParameterException
'\u200d' InvalidParameterException
'\u2028' InvalidParameterException
'\u3000' InvalidParameterException
'\ue000' InvalidParameterException
'\ufeff' InvalidParameterException
other script: 400 ResourceNotFoundException: Group not found.
token: 400 InvalidParameterException: Invalid pagination token given.
blank token: 400 InvalidParameterException: 1 validation error detected: Value 'a b' at 'paginationToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+
filter name: 400 InvalidParameterException: Invalid search attribute.
filter operator: 400 InvalidParameterException: Error while parsing filter.
filter quotes: 400 InvalidParameterException: Error while parsing filter.
filter open: 400 InvalidParameterException: Error while parsing filter.
filter rest: 400 InvalidParameterException: Error while parsing filter.
filter long: 400 InvalidParameterException: 1 validation error detected: Value 'email = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"' at 'filter' failed to satisfy constraint: Member must have length less than or equal to 256
'' ['ana', 'bo', 'Zoë|"q"\\x', 'dee', 'eve']
'username = "ana"' ['ana']
'username = "ANA"' []
'username ^= "Zoë|\\"q\\"\\\\"' ['Zoë|"q"\\x']
'email = "bo@EXAMPLE.com"' ['bo']
' "email"^="e" ' ['eve']
'status = "Disabled"' ['bo']
'status = "disabled"' []
'cognito:user_status = "unconfirmed"' ['bo']
'name ^= "a\nb"' ['Zoë|"q"\\x']
'name ^= "D"' ['dee']
'sub = "FF-5"' ['eve']
'given_name = ""' []
'family_name ^= ""' []
{"Username": "bo", "Attributes": [{"Name": "email", "Value": "BO@example.com"}, {"Name": "sub", "Value": "3d099d0f-13df-9d0b-b442-7a6ce99d61b9"}], "UserCreateDate": 1577836800, "UserLastModifiedDate": 1577836800.1, "Enabled": false, "UserStatus": "UNCONFIRMED"}
attributes: 400 InvalidParameterException: One or more requested attributes do not exist.
attribute of no name: 400 InvalidParameterException: 1 validation error detected: Value at 'attributesToGet' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 32, Member must have length greater than or equal to 1]
attribute of a long name: 400 InvalidParameterException: 1 validation error detected: Value at 'attributesToGet' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 32, Member must have length greater than or equal to 1]
attribute of any name: 200 good
['Zoë|"q"\\x', 'dee']
2 True True
same: 200 good
other limit: 400 InvalidParameterException: Paging Marker is Invalid for Request
other filter: 400 InvalidParameterException: Paging Marker is Invalid for Request
other attributes: 400 InvalidParameterException: Paging Marker is Invalid for Request
other operation: 400 InvalidParameterException: Paging Marker is Invalid for Request
changed: 400 InvalidParameterException: Invalid pagination token given.
changed to = False
other group: 400 InvalidParameterException: Paging Marker is Invalid for Request
False ['eve']
E

# --- time: what an earlier server of the same seed gave out has ended for a later one
cat >early.py <<'E'
from raw import *
json.dump([session(shift=-7200), json.loads(call('ListUsers', {'Limit': 2}, shift=-7200)[1])['PaginationToken'],
    session(shift=-7200, duration='43200')], open('early', 'w'))
answer = call('ListUsers', shift=-7200)[0]
show('right time for a slow clock', call('ListUsers'))
from email.utils import parsedate_to_datetime
late = datetime.datetime.now(datetime.timezone.utc) - parsedate_to_datetime(answer.headers['Date'])
print(7190 < late.total_seconds() < 7290)
E
cat >late.py <<'E'
from raw import *
ended, token, lasting = json.load(open('early'))
show('ended session', call('ListUsers', keys=ended))
show('ended session, sts', sts(action='GetCallerIdentity', how={'keys': ended}))
show('longer session', call('ListUsers', keys=lasting))
show('ended token', call('ListUsers', {'Limit': 2, 'PaginationToken': token}))
E
title 'a slow clock'
run 0 beside --clock-offset -7200 pool.ndjson -- early.py
same - out <<'E'
right time for a slow clock: 400 com.amazon.coral.service#InvalidSignatureException: M:Signature not yet current: T is still later than T (T + 5 min.)
True
E
title 'sessions and tokens end'
run 0 beside pool.ndjson -- late.py
same - out <<'E'
ended session: 400 com.amazon.coral.service#ExpiredTokenException: M:The security token included in the request is expired
ended session, sts: 403 ExpiredToken: The security token included in the request is expired
longer session: 200 good
ended token: 400 InvalidParameterException: The pagination token has expired.
E
title '--session-seconds decides'
run 0 beside --clock-offset -7200 --session-seconds 7000 pool.ndjson -- early.py
run 0 beside pool.ndjson -- late.py
has out 'longer session: 400 com.amazon.coral.service#ExpiredTokenException'
title 'a session of another seed is unknown'
run 0 beside --seed 2 pool.ndjson -- late.py
has out 'longer session: 400 com.amazon.coral.service#UnrecognizedClientException'

# --- permissions
cat >may.py <<'E'
from raw import *
show('user', call('ListUsers'))
show('role', call('ListUsers', keys=session()))
show('role groups', call('ListGroups', keys=session()))
show('unsigned', call('ListUsers', sign=False))
E
title '--require-role, --allow, --no-signatures'
run 0 beside --require-role --allow ListUsers --no-signatures pool.ndjson -- may.py
sed -i 's/: M:.*//' out
same - out <<'E'
user: 400 AccessDeniedException
role: 200 good
role groups: 400 AccessDeniedException
unsigned: 400 AccessDeniedException
E
run 0 beside --no-signatures pool.ndjson -- may.py
has out 'unsigned: 200 good'

# --- faults: the answers to six pages of two users, one after the other
cat >faults.py <<'E'
from raw import *
token = None
for i in range(int(sys.argv[1])):
    try:
        answer, body = call('ListUsers', {'Limit': 2, **({'PaginationToken': token} if token else {})})
    except (ConnectionResetError, http.client.RemoteDisconnected):
        print('gone')
        continue
    except http.client.IncompleteRead as e:
        print('cut', len(e.partial) > 0, abs(e.expected - len(e.partial)) < 2)
        continue
    if not body.startswith(b'{"Users"'):
        code = re.search('"__type":"([^"]*)"|<h1>(.*)</h1>|({})', body.decode())
        print(answer.status, code[1] or code[2] or code[3])
        continue
    page = json.loads(body)
    names = [u['Username'][:3] for u in page['Users']]
    again = page.get('PaginationToken') == token
    token = page.get('PaginationToken')
    print(names, 'again' if again and token else 'more' if token else 'end')
E
fault() {
	local n=$1
	shift
	title "faults: $*"
	run 0 beside "$@" pool.ndjson -- faults.py "$n"
}
all="['ana', 'bo'] more
['Zoë', 'dee'] more
['eve'] end"
fault 9 --fault throttle@2 --fault error500@3 --fault error503@4 --fault reset@5 --fault not-json@6 --fault denied@7
same - out <<E
['ana', 'bo'] more
400 TooManyRequestsException
500 InternalErrorException
503 503 Service Temporarily Unavailable
gone
200 Welcome
400 AccessDeniedException
['Zoë', 'dee'] more
['eve'] end
E
fault 7 --fault no-users@2 --fault expire-session@3 --fault cut@4 --fault expire-token@5
same - out <<'E'
['ana', 'bo'] more
200 {}
400 com.amazon.coral.service#ExpiredTokenException
cut True True
400 InvalidParameterException
['Zoë', 'dee'] more
['eve'] end
E
fault 4 --fault repeat-token@1
same - out <<'E'
['ana', 'bo'] more
['Zoë', 'dee'] again
['Zoë', 'dee'] more
['eve'] end
E
fault 4 --fault duplicate-user@2
same - out <<'E'
['ana', 'bo'] more
['Zoë', 'Zoë'] more
['dee', 'eve'] end
['ana', 'bo'] more
E
fault 3 --fault vanish-user@2
same - out <<'E'
['ana', 'bo'] more
['Zoë'] more
['eve'] end
E
fault 3 --fault slow@1 --fault ListGroups:reset@1
same - out <<<"$all"
fault 7 --fault ListUsers:throttle@2+2
same - out <<'E'
['ana', 'bo'] more
400 TooManyRequestsException
['Zoë', 'dee'] more
400 TooManyRequestsException
['eve'] end
400 TooManyRequestsException
['ana', 'bo'] more
E
fault 12 --fault throttle=50% --seed 5
cp out first
fault 12 --fault throttle=50% --seed 5
title 'the same seed, the same chance'
same first out
fault 12 --fault throttle=50% --seed 6
title 'another seed, another chance'
ok test "$(cat out)" != "$(cat first)"
fault 3 --quota UserList=0.1
title 'the bucket holds one request'
same - out <<'E'
['ana', 'bo'] more
400 TooManyRequestsException
400 TooManyRequestsException
E
fault 3 --quota aws --latency 1
same - out <<<"$all"

# --- the log
cat >log.py <<'E'
from raw import *
call('ListUsers', {'Limit': 2, 'Filter': 'email ^= "ana"'})
call('ListUsersInGroup', {'GroupName': 'admins'})
call('AdminGetUser', {'Username': 'ana'})
call('GetGroup', {'GroupName': 'no'})
assume(external='no')
E
title 'a log without names of users'
run 0 beside --log log --fault slow@99 --fault AdminGetUser:throttle@1 -v pool.ndjson -- log.py
sed -i 's/,"Bytes":[0-9]*//' log
same - log <<'E'
{"Operation":"ListUsers","Status":200,"Code":"","Limit":2,"Token":false,"Filter":true}
{"Operation":"ListUsersInGroup","Status":200,"Code":"","Token":false,"GroupName":"admins"}
{"Operation":"AdminGetUser","Status":400,"Code":"TooManyRequestsException","Token":false,"Fault":"throttle"}
{"Operation":"GetGroup","Status":400,"Code":"ResourceNotFoundException","Token":false,"GroupName":"no"}
{"Operation":"AssumeRole","Status":403,"Code":"AccessDenied","Token":false}
E
has err 'serve-pool: GetGroup: 400 ResourceNotFoundException'

# --- what is served
wrong() {
	local status=$1 text=$2
	printf '%b' "$3" >wrong.ndjson
	title "records: $text"
	run "$status" serve-pool wrong.ndjson -- true
	has err "$text"
}
u='{"Username":"a"}\n' g='{"GroupName":"g"}\n'
wrong 1 'serve-pool: wrong.ndjson:2: a second record of the same user' "$u$u"
wrong 1 'serve-pool: wrong.ndjson:2: a second record of the same group' "$g$g"
wrong 1 'serve-pool: wrong.ndjson:2: a membership of a group that has no record' "$u"'{"Username":"a","GroupName":"g"}\n'
wrong 1 'serve-pool: wrong.ndjson:1: a membership of a user that has no record' '{"Username":"b","GroupName":"g"}\n'"$u$g"
wrong 1 'serve-pool: wrong.ndjson:1: a membership of a group that has no record' '{"Username":"b","Groups":["h"]}\n'"$u$g"
wrong 1 "serve-pool: wrong.ndjson:2: an attribute's value is not a string" "$u"'{"Username":"b","Attributes":{"x":1}}\n'
wrong 1 'serve-pool: wrong.ndjson:1: a date is not in the form of RFC 3339' '{"Username":"b","UserCreateDate":"x"}\n'
wrong 1 'serve-pool: wrong.ndjson:1: neither a user, a group nor a membership' '{"Check":"b"}\n'
wrong 1 'serve-pool: wrong.ndjson:2: ' "$u"'{"Username":\n'
wrong 4 'serve-pool: wrong.ndjson: incomplete: ' "$u"'{"Username":"b"}'
run 1 serve-pool none.ndjson -- true
has err 'serve-pool: none.ndjson: cannot open: No such file or directory'
: >nothing
title 'an empty pool from standard input, twice the same membership'
feed 0 nothing serve-pool - -- true
printf '%b' "$u$g"'{"Username":"a","GroupName":"g"}\n{"Username":"a","GroupName":"g"}\n' >twice
title 'a membership that is said twice is one'
run 0 serve-pool twice -- /usr/bin/python3 -c 'from raw import *
print(call("ListUsersInGroup", {"GroupName": "g"})[1].decode())'
ok test "$(grep -o Username out | wc -l)" = 1

# --- the command beside
run 7 serve-pool nothing -- sh -c 'exit 7'
run 127 serve-pool nothing -- ./no-such-command
has err 'serve-pool: ./no-such-command: cannot run: No such file or directory'
run 126 serve-pool nothing -- ./nothing
title 'a death by signal shows as in a shell'
run 137 serve-pool nothing -- sh -c 'kill -KILL $$'
title 'a signal is passed on'
run 3 serve-pool nothing -- bash -c 'trap "exit 3" TERM; kill -TERM $PPID; while :; do sleep 0.05; done'
title 'the environment of the command'
misleading=(AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_ACCOUNT_ID AWS_PROFILE AWS_DEFAULT_PROFILE
	AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
	AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
	AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER AWS_ENDPOINT_URL_STS AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
	AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT SERVE_POOL_VIA_ROLE_ARN)
for name in "${misleading[@]}"; do export "$name=x"; done
run 0 serve-pool --region eu-west-1 --user-pool-id eu-west-1_abc --external-id xyz nothing -- sh -c 'env | grep -E "^(AWS_|COGNITO_U|SERVE_)" | sort | sed s/:[0-9]*$/:PORT/'
unset "${misleading[@]}"
grep -vE '^AWS_(CONFIG_FILE|SHARED_CREDENTIALS_FILE|EC2_METADATA_DISABLED)=' out >variables
same - variables <<'E'
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_DEFAULT_REGION=eu-west-1
AWS_ENDPOINT_URL=http://127.0.0.1:PORT
AWS_REGION=eu-west-1
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
COGNITO_USER_POOL_ID=eu-west-1_abc
SERVE_POOL_EXTERNAL_ID=xyz
SERVE_POOL_ROLE_ARN=arn:aws:iam::123456789012:role/cognitoApiAccessRole
E
title 'the intermediate role is among the variables'
run 0 serve-pool --via-role-arn arn:aws:iam::123456789012:role/via nothing -- sh -c 'echo "$SERVE_POOL_VIA_ROLE_ARN"'
has out 'arn:aws:iam::123456789012:role/via'
title 'keys from the environment, quoted for a shell'
AWS_ACCESS_KEY_ID=AKIDX AWS_SECRET_ACCESS_KEY="a'b c" serve-pool --keys-from-environment pool.ndjson >lines 2>err &
server=$!
for _ in $(seq 200); do grep -q ^unset lines && break; sleep 0.05; done
(
	export AWS_ROLE_ARN=x SERVE_POOL_VIA_ROLE_ARN=x
	eval "$(cat lines)"
	[ -z "${AWS_ROLE_ARN+set}${SERVE_POOL_VIA_ROLE_ARN+set}" ] || echo 'not removed'
	export AWS_ENDPOINT_URL AWS_REGION
	/usr/bin/python3 -c 'from raw import *
show(KEYS[1], call("ListUsers"))'
) >out 2>&1
same - out <<<"a'b c: 200 good"
title 'a second server cannot have the same port'
port=$(sed -n 's/.*127.0.0.1://p' lines)
run 1 serve-pool -p "$port" nothing -- true
has err "serve-pool: 127.0.0.1:$port: cannot listen: Address already in use"
kill -TERM "$server"
wait "$server"
title 'SIGTERM is a good end'
ok test $? -eq 0
title 'standard output that cannot be written'
serve-pool nothing >/dev/full 2>err
ok test $? -eq 1

# --- TLS
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
	-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>openssl.err
title 'HTTPS'
run 0 serve-pool --no-signatures --tls-cert cert.pem --tls-key key.pem pool.ndjson -- sh -c 'curl -sS --cacert cert.pem \
	-H "X-Amz-Target: AWSCognitoIdentityProviderService.ListGroups" -d "{\"UserPoolId\":\"us-east-1_EXAMPLE1\"}" "$AWS_ENDPOINT_URL/"'
has out '{"Groups":[{"GroupName":"staff"'
title 'a key that is none'
run 1 serve-pool --tls-cert cert.pem --tls-key cert.pem pool.ndjson -- true

# --- a thread without memory: it ends the process beside others that go on, so no exit handler of a library may run
if ! grep -q __asan_init "$BIN/serve-pool"; then
	cc -shared -fPIC -O1 -o exit-spy.so "$TOP/tests/helpers/exit-spy.c" -ldl || verdict 1 'the spy cannot be built'
	cat >large.py <<'E'
import http.client, os, urllib.parse
c = http.client.HTTPConnection(urllib.parse.urlparse(os.environ["AWS_ENDPOINT_URL"]).netloc)
try:
    c.request("POST", "/", '{"UserPoolId":"us-east-1_EXAMPLE1","x":[' + "1," * 490000 + "1]}",
              {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUsers"})
    print("status", c.getresponse().status)
except (OSError, http.client.HTTPException):
    print("no answer")
E
	spied() { LD_PRELOAD=$PWD/exit-spy.so serve-pool --no-signatures pool.ndjson -- env -u LD_PRELOAD "$@"; }
	run 1 spied /usr/bin/python3 large.py
	same - err <<<'serve-pool: out of memory'
	title 'at its end they run'
	run 0 spied true
	same - err <<<'exit handler'
fi

# --- usage
for wrong in '' '--fault x@1 f' '--fault throttle f' '--fault throttle@0 f' '--fault throttle@1+ f' '--fault throttle=5 f' \
	'--fault No:throttle@1 f' '--quota X=1 f' '--quota UserList f' '--quota UserList=x f' '--allow X f' '--role-arn x f' \
	'--role-arn arn:a&b:iam::123456789012:role/x f' "--role-arn arn:aws:iam::123456789012:role/$(printf %065d 0) f" \
	'--user-pool-id x f' '--region X f' '--external-id x f' '--port 65536 f' '--tls-cert x f' '--latency -1 f' 'f --' \
	'--keys-from-environment f' '--via-role-arn x f' '--via-role-arn arn:aws:iam::123456789012:role/cognitoApiAccessRole f' \
	'--mfa 123456 f' '--mfa GAHT1234=123456 f' '--mfa GAHT12345678=12345 f' '--mfa GAHT12345678=123456, f' \
	'--mfa GAHT12345678=1234567 f' '--mfa GA&HT1234567=123456 f' "--mfa GAHT12345678=$(printf '123456,%.0s' {1..64})123456 f" \
	'--max-session-seconds 3599 f' '--max-session-seconds 43201 f'; do
	# shellcheck disable=SC2086 # words
	run 2 serve-pool $wrong
	# A long usage text would hide the line that says what is wrong.
	case $wrong in '' | *--) has err 'usage:' ;; *) lacks err 'usage:' ;; esac
done
finish
