#!/usr/bin/env bash
# serve-pool's STS against clients that nobody here wrote, boto3 and the AWS CLI: roles of roles, MFA, web identities, every
# parameter, what it refuses; sessions that end.
# shellcheck disable=SC2016 # commands for other shells stand in single quotes
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/beside.sh
. "$TOP/tests/helpers/beside.sh"
# Mostly waits.

cat >pool.ndjson <<'E'
{"Username":"ana","Attributes":{"sub":"aa-1"}}
E
via=arn:aws:iam::210987654321:role/ops/via
device=arn:aws:iam::123456789012:mfa/us=er
printf '\n eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln\r\n' >token

client boto3

# What comes back, parsed by botocore, on one line.
cat >sts.py <<'E'
import boto3, botocore, botocore.config, botocore.session, os, sys, threading, time
URL, POOL = os.environ['AWS_ENDPOINT_URL'], os.environ['COGNITO_USER_POOL_ID']
ROLE, EXTERNAL = os.environ['SERVE_POOL_ROLE_ARN'], os.environ['SERVE_POOL_EXTERNAL_ID']
VIA = os.environ.get('SERVE_POOL_VIA_ROLE_ARN')
CONFIG = botocore.config.Config(parameter_validation=False, retries={'max_attempts': 0})
POLICY = 'arn:aws:iam::123456789012:policy/some'

# One for the same keys: a new one takes longer than what it is asked.
CLIENTS = {}
LOADER = botocore.session.Session().get_component('data_loader')	# of the models of the services

def client(keys=None, service='sts'):
    how = {} if keys is None else {'aws_access_key_id': keys['AccessKeyId'],
        'aws_secret_access_key': keys['SecretAccessKey'], 'aws_session_token': keys['SessionToken']}
    name = (service, *how.values())
    if name not in CLIENTS:
        session = botocore.session.Session()
        session.register_component('data_loader', LOADER)
        CLIENTS[name] = boto3.session.Session(botocore_session=session, **how).client(service, endpoint_url=URL, config=CONFIG)
    return CLIENTS[name]

def ask(operation, keys=None, **how):
    try:
        return getattr(client(keys), operation)(**how)
    except botocore.exceptions.ClientError as e:
        return e.response

def tell(label, answer):
    status = answer['ResponseMetadata']['HTTPStatusCode']
    if 'Error' in answer:
        print(f"{label}: {status} {answer['Error']['Code']}: {answer['Error']['Message']}")
        return None
    parts = {k: v for k, v in answer.items() if k not in ('ResponseMetadata', 'Credentials', 'AssumedRoleUser')}
    print(f'{label}: {status}', answer.get('AssumedRoleUser', {}).get('Arn', ''), *(f'{k}={parts[k]}' for k in sorted(parts)))
    return answer.get('Credentials')

def assume(label, keys=None, role=ROLE, **how):
    how = {'RoleArn': role, 'RoleSessionName': 'me', 'ExternalId': EXTERNAL, **how}
    return tell(label, ask('assume_role', keys, **{k: v for k, v in how.items() if v is not None}))

def web(label, token, role=ROLE, **how):
    return tell(label, ask('assume_role_with_web_identity', RoleArn=role, RoleSessionName='pod', WebIdentityToken=token, **how))

def who(label, keys=None):
    answer = ask('get_caller_identity', keys)
    answer['UserId'] = answer['UserId'][:4] + answer['UserId'][21:]
    tell(label, answer)

def list_users(label, keys):
    try:
        print(label + ':', [u['Username'] for u in client(keys, 'cognito-idp').list_users(UserPoolId=POOL)['Users']])
    except botocore.exceptions.ClientError as e:
        print(label + ':', e.response['Error']['Code'])

def left(keys):
    return keys['Expiration'].timestamp() - time.time()

# Whether keys that were got since a time tell a life of so many seconds, cut to whole ones.
def lasts(keys, since, seconds):
    return int(since) + seconds <= keys['Expiration'].timestamp() <= time.time() + seconds
E

# --- every parameter of AssumeRole
cat >members.py <<'E'
from sts import *
tags = [{'Key': 'a b', 'Value': ''}, {'Key': 'Ж', 'Value': 'x=1'}]
since = time.time()
keys = assume('all', DurationSeconds=900, Policy='{"Version":"2012-10-17"}', PolicyArns=[{'arn': POLICY}], Tags=tags,
    TransitiveTagKeys=['A B'], SourceIdentity='some.body')
print(len(keys['AccessKeyId']), lasts(keys, since, 900), keys['Expiration'].microsecond)
list_users('with them', keys)
assume('none')
assume('tags alone', Tags=tags)
assume('source identity alone', SourceIdentity='ab')
assume('50 tags', Tags=[{'Key': f'k{i}', 'Value': 'v' * 256} for i in range(50)], TransitiveTagKeys=[f'k{i}' for i in range(50)])
assume('10 policies', PolicyArns=[{'arn': POLICY}] * 10)
for label, how in (
        ('51 tags', {'Tags': [{'Key': f'k{i}', 'Value': ''} for i in range(51)]}),
        ('11 policies', {'PolicyArns': [{'arn': POLICY}] * 11}),
        ('51 keys', {'Tags': tags, 'TransitiveTagKeys': ['Ж'] * 51}),
        ('the same key twice', {'Tags': tags + [{'Key': 'A B', 'Value': 'z'}]}),
        ('no such key', {'Tags': tags, 'TransitiveTagKeys': ['Ж', 'c']}),
        ('key of nothing', {'Tags': [{'Key': '', 'Value': 'x'}]}),
        ('long key', {'Tags': [{'Key': 'Ж' * 129, 'Value': 'x'}]}),
        ('no value', {'Tags': [{'Key': 'Ж' * 128}]}),
        ('long value', {'Tags': [{'Key': 'k', 'Value': 'x' * 257}]}),
        ('star', {'Tags': [{'Key': 'k', 'Value': 'x*'}]}),
        ('policy ARN', {'PolicyArns': [{'arn': POLICY}, {'arn': 'some-policy-of-ours-here'}]}),
        ('short policy ARN', {'PolicyArns': [{'arn': 'arn'}]}),
        ('role as policy', {'PolicyArns': [{'arn': ROLE}]}),
        ('policy', {'Policy': '{"Version":'}),
        ('policy of nothing', {'Policy': ''}),
        ('policy in Russian', {'Policy': '{"Ж":1}'}),
        ('source identity', {'SourceIdentity': 'a b'}),
        ('short source identity', {'SourceIdentity': 'a'}),
        ('serial number', {'SerialNumber': 'GAHT1234', 'TokenCode': '123456'}),
        ('serial number with a blank', {'SerialNumber': 'GAHT 1234567', 'TokenCode': '123456'}),
        ('letters for digits', {'SerialNumber': 'GAHT12345678', 'TokenCode': '12345a'}),
        ('five digits', {'SerialNumber': 'GAHT12345678', 'TokenCode': '12345'}),
        ('a device that the user lacks', {'SerialNumber': 'GAHT12345678', 'TokenCode': '123456'})):
    assume(label, **how)
E
title 'every parameter of AssumeRole, good and bad'
run 0 beside pool.ndjson -- members.py
sed -i -E 's/(Ж){129}|x{257}/LONG/; s/\[\\u0009.*/PATTERN/' out
same - out <<'E'
all: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me PackedPolicySize=4 SourceIdentity=some.body
20 True 0
with them: ['ana']
none: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
tags alone: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me PackedPolicySize=1
source identity alone: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me SourceIdentity=ab
50 tags: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me PackedPolicySize=100
10 policies: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me PackedPolicySize=19
51 tags: 400 ValidationError: 1 validation error detected: Value '[...]' at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50
11 policies: 400 ValidationError: 1 validation error detected: Value '[...]' at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10
51 keys: 400 ValidationError: 1 validation error detected: Value '[...]' at 'transitiveTagKeys' failed to satisfy constraint: Member must have length less than or equal to 50
the same key twice: 400 InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.
no such key: 400 InvalidParameterValue: The specified transitive tag key must be included in the requested tags.
key of nothing: 400 ValidationError: 1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1
long key: 400 ValidationError: 1 validation error detected: Value 'LONG' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128
no value: 400 ValidationError: 1 validation error detected: Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null
long value: 400 ValidationError: 1 validation error detected: Value 'LONG' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256
star: 400 ValidationError: 1 validation error detected: Value 'x*' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*
policy ARN: 400 ValidationError: some-policy-of-ours-here is invalid
short policy ARN: 400 ValidationError: 1 validation error detected: Value 'arn' at 'policyArns.1.member.arn' failed to satisfy constraint: Member must have length greater than or equal to 20
role as policy: 400 ValidationError: Request ARN is invalid
policy: 400 MalformedPolicyDocument: The policy is not in the valid JSON format.
policy of nothing: 400 ValidationError: 1 validation error detected: Value '' at 'policy' failed to satisfy constraint: Member must have length greater than or equal to 1
policy in Russian: 400 ValidationError: 1 validation error detected: Value '{"Ж":1}' at 'policy' failed to satisfy constraint: Member must satisfy regular expression pattern: PATTERN
source identity: 400 ValidationError: 1 validation error detected: Value 'a b' at 'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*
short source identity: 400 ValidationError: 1 validation error detected: Value 'a' at 'sourceIdentity' failed to satisfy constraint: Member must have length greater than or equal to 2
serial number: 400 ValidationError: 1 validation error detected: Value 'GAHT1234' at 'serialNumber' failed to satisfy constraint: Member must have length greater than or equal to 9
serial number with a blank: 400 ValidationError: 1 validation error detected: Value 'GAHT 1234567' at 'serialNumber' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=/:,.@-]*
letters for digits: 400 ValidationError: 1 validation error detected: Value '***' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\d]*
five digits: 400 ValidationError: 1 validation error detected: Value '***' at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6
a device that the user lacks: 403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.
E
# --- a role of a role
cat >chain.py <<'E'
from sts import *
assume('not directly')
first = assume('first', role=VIA, ExternalId=None)
who('who', first)
list_users('first cannot read', first)
assume('first again', first, role=VIA)
assume('no external ID', first, ExternalId=None)
assume('wrong external ID', first, ExternalId='other')
assume('longer than an hour', first, DurationSeconds=3601)
second = assume('second', first, DurationSeconds=3600)
who('who', second)
list_users('second can read', second)
assume('no third', second)
assume('no way back', second, role=VIA)
assume('first for long', role=VIA, DurationSeconds=7200)
assume('first for too long', role=VIA, DurationSeconds=7201)
who('user')
E
title 'a role that only a session of another may assume'
run 0 beside --via-role-arn "$via" --max-session-seconds 7200 pool.ndjson -- chain.py
same - out <<'E'
not directly: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
first: 200 arn:aws:sts::210987654321:assumed-role/via/me
who: 200  Account=210987654321 Arn=arn:aws:sts::210987654321:assumed-role/via/me UserId=AROA:me
first cannot read: AccessDeniedException
first again: 403 AccessDenied: User: arn:aws:sts::210987654321:assumed-role/via/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/ops/via
no external ID: 403 AccessDenied: User: arn:aws:sts::210987654321:assumed-role/via/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
wrong external ID: 403 AccessDenied: User: arn:aws:sts::210987654321:assumed-role/via/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
longer than an hour: 400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.
second: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
who: 200  Account=123456789012 Arn=arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me UserId=AROA:me
second can read: ['ana']
no third: 403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
no way back: 403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/ops/via
first for long: 200 arn:aws:sts::210987654321:assumed-role/via/me
first for too long: 400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.
user: 200  Account=123456789012 Arn=arn:aws:iam::123456789012:user/serve-pool UserId=AIDA
E

# --- MFA
cat >mfa.py <<'E'
from sts import *
serial = sys.argv[1]
assume('nothing')
assume('serial number alone', SerialNumber=serial)
assume('code alone', TokenCode='111111')
assume('other device', SerialNumber=serial + 'x', TokenCode='111111')
assume('wrong code', SerialNumber=serial, TokenCode='000000')
first = assume('second code', SerialNumber=serial, TokenCode='222222', role=VIA or ROLE)
assume('again', SerialNumber=serial, TokenCode='222222', role=VIA or ROLE)
assume('from the session', first, SerialNumber=serial, TokenCode='111111')
assume('without, from the session', first)
assume('used up, for nothing', SerialNumber=serial, TokenCode='111111', ExternalId='other', role=ROLE)
assume('first code', SerialNumber=serial, TokenCode='111111', role=VIA or ROLE)
E
title 'codes of an MFA device'
run 0 beside --mfa "$device=111111,222222" pool.ndjson -- mfa.py "$device"
same - out <<'E'
nothing: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
serial number alone: 403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.
code alone: 403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.
other device: 403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.
wrong code: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
second code: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
again: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
from the session: 403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.
without, from the session: 403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
used up, for nothing: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
first code: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
E
title 'codes for the first role of two'
run 0 beside --via-role-arn "$via" --mfa "$device=111111,222222" pool.ndjson -- mfa.py "$device"
same - out <<'E'
nothing: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
serial number alone: 403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.
code alone: 403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.
other device: 403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.
wrong code: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
second code: 200 arn:aws:sts::210987654321:assumed-role/via/me
again: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
from the session: 403 AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.
without, from the session: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
used up, for nothing: 403 AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
first code: 403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. 
E

# --- web identities
cat >web.py <<'E'
from sts import *
token = open('token').read().strip()
keys = web('token', token, DurationSeconds=900, PolicyArns=[{'arn': POLICY}], ProviderId='www.amazon.com')
who('who', keys)
list_users('reads', keys)
assume('assumes nothing', keys)
web('longer', token + 'x')
web('shorter', token[:-1])
web('other role', token, role=ROLE + 'x')
web('too long', token, DurationSeconds=3601)
web('no token', 'x')
web('huge', 'x' * 20001)
open('token', 'w').write('another one')
web('old', token)
web('new', 'another one')
open('token', 'w').write(' \n')
web('nothing', ' \n ' * 4)
os.rename('token', 'kept')
web('out of reach', token)
E
cp token first
title 'web identities'
run 0 beside --web-identity-token-file token --max-session-seconds 3600 --log log -v pool.ndjson -- web.py
sed -i -E 's/x{20001}/LONG/' out
same - out <<'E'
token: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod Audience=sts.amazonaws.com PackedPolicySize=2 Provider=https://serve-pool.example SubjectFromWebIdentityToken=serve-pool
who: 200  Account=123456789012 Arn=arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod UserId=AROA:pod
reads: ['ana']
assumes nothing: 403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/cognitoApiAccessRole
longer: 400 InvalidIdentityToken: The web identity token that was passed could not be validated by AWS.
shorter: 400 InvalidIdentityToken: The web identity token that was passed could not be validated by AWS.
other role: 403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity
too long: 400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.
no token: 400 ValidationError: 1 validation error detected: Value '***' at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4
huge: 400 ValidationError: 1 validation error detected: Value '***' at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000
old: 400 InvalidIdentityToken: The web identity token that was passed could not be validated by AWS.
new: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod Audience=sts.amazonaws.com Provider=https://serve-pool.example SubjectFromWebIdentityToken=serve-pool
nothing: 400 InvalidIdentityToken: The web identity token that was passed could not be validated by AWS.
out of reach: 400 IDPCommunicationError: An error was encountered while communicating with the identity provider.
E
title 'the provider out of reach is told'
has err 'serve-pool: token: cannot open: No such file or directory'
title 'no token in the log'
ok test "$(cat log err | grep -cE 'eyJ|another one')" = 0
jq -r '[.Operation,.Status,.Code]|join(" ")' log | sort | uniq -c | sed 's/^ *//' >counted
title 'the log counts the calls'
same - counted <<'E'
1 AssumeRole 403 AccessDenied
2 AssumeRoleWithWebIdentity 200 
1 AssumeRoleWithWebIdentity 400 IDPCommunicationError
4 AssumeRoleWithWebIdentity 400 InvalidIdentityToken
3 AssumeRoleWithWebIdentity 400 ValidationError
1 AssumeRoleWithWebIdentity 403 AccessDenied
1 GetCallerIdentity 200 
1 ListUsers 200 
E
title 'no token is good'
run 0 serve-pool pool.ndjson -- /usr/bin/python3 -c 'from sts import *
web("token", "abcdef")'
has out 'token: 400 InvalidIdentityToken'
mv first token

# --- forms that no client makes, from nobody
cat >forms.sh <<'E'
web="Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
role="RoleArn=$(jq -rn '$ENV.SERVE_POOL_ROLE_ARN|@uri')&RoleSessionName=me&WebIdentityToken=abcdef"
for body in '' '&&' '=' '=&=' '%' 'Action' 'Action=&Version=' "&&$web&&" "$web&RoleArn" "$web&$role%" "$web&$role&=&%00=%00" "$web&$role%00" \
	"$web&$role&PolicyArns.member.99999999999999999999.arn=x" "$web&$role&PolicyArns.member.10=x" "$web&$role&PolicyArns.member.=x" \
	"$web&$role&PolicyArns.member.0.arn=x" "$web&$role&Policy=%ff" "$web&$role&Policy=%5B%5D" "$web&RoleSessionName=x&RoleSessionName=me&$role"; do
	curl -sS -d "$body" "$AWS_ENDPOINT_URL/" | grep -oE '<(Code|Message|Account)>.*' | tr -d '\n'
	echo
done
E
title 'odd forms'
run 0 serve-pool pool.ndjson -- bash forms.sh
sed -i -E 's/<[^>]*>/ /g; s/\[\\u0009.*/PATTERN/; s/^ +//; s/ +$//' out
same - out <<'E'
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
MissingAuthenticationToken  Missing Authentication Token
ValidationError  1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null
ValidationError  1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null
InvalidIdentityToken  The web identity token that was passed could not be validated by AWS.
InvalidIdentityToken  The web identity token that was passed could not be validated by AWS.
InvalidIdentityToken  The web identity token that was passed could not be validated by AWS.
ValidationError  1 validation error detected: Value '[...]' at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10
ValidationError  1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy constraint: Member must not be null
InvalidIdentityToken  The web identity token that was passed could not be validated by AWS.
InvalidIdentityToken  The web identity token that was passed could not be validated by AWS.
ValidationError  1 validation error detected: Value '?' at 'policy' failed to satisfy constraint: Member must satisfy regular expression pattern: PATTERN
MalformedPolicyDocument  The policy is not in the valid JSON format.
ValidationError  1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2
E

# --- the AWS CLI
cat >cli.py <<'E'
import os, sys
sys.path.insert(0, sys.argv[1])
from aws_cli import answer, aws, show
KEYS = ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN')
role, via = os.environ['SERVE_POOL_ROLE_ARN'], os.environ['SERVE_POOL_VIA_ROLE_ARN']
def become(answered):
    keys = answered['Credentials']
    os.environ.update(zip(KEYS, (keys['AccessKeyId'], keys['SecretAccessKey'], keys['SessionToken'])))
    caller = answer('sts', 'get-caller-identity')
    show([caller['Account'], caller['Arn'], caller['UserId'][21:]])
def second(tag):
    return ('sts', 'assume-role', '--role-arn', role, '--role-session-name', 'cli2',
        '--external-id', os.environ['SERVE_POOL_EXTERNAL_ID'],
        '--policy-arns', 'arn=arn:aws:iam::aws:policy/ReadOnlyAccess', '--policy', '{"Version": "2012-10-17", "Statement": []}',
        '--duration-seconds', '1800', '--tags', 'Key=Project,Value=' + tag, 'Key=x,Value=y',
        '--transitive-tag-keys', 'Project', 'x', '--source-identity', 'ana')
become(answer('sts', 'assume-role', '--role-arn', via, '--role-session-name', 'cli', '--serial-number', sys.argv[2],
    '--token-code', '123456'))
print(aws(*second('A & B'))[2].strip())
chained = answer(*second('A + B'))
show([chained['SourceIdentity'], chained['PackedPolicySize'], chained['AssumedRoleUser']['Arn']])
become(chained)
show([u['Username'] for u in answer('cognito-idp', 'list-users', '--user-pool-id', os.environ['COGNITO_USER_POOL_ID'])['Users']])
for name in KEYS:
    del os.environ[name]
with open('token') as f:
    web = answer('sts', 'assume-role-with-web-identity', '--role-arn', role, '--role-session-name', 'pod',
        '--web-identity-token', f.read().strip())
show([web['SubjectFromWebIdentityToken'], web['Audience'], web['Provider'], web['AssumedRoleUser']['Arn']])
become(web)
E
title 'the AWS CLI: MFA, a role of a role, every parameter, a web identity without keys'
run 0 serve-pool --require-role --via-role-arn "$via" --mfa "$device=123456" --web-identity-token-file token pool.ndjson -- \
	/usr/bin/python3 -B cli.py "$TOP/tests/helpers" "$device"
same - out <<'E'
["210987654321","arn:aws:sts::210987654321:assumed-role/via/cli",":cli"]
An error occurred (ValidationError) when calling the AssumeRole operation: 1 validation error detected: Value 'A & B' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*
["ana",5,"arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/cli2"]
["123456789012","arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/cli2",":cli2"]
["ana"]
["serve-pool","sts.amazonaws.com","https://serve-pool.example","arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod"]
["123456789012","arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/pod",":pod"]
E

# --- short sessions
cat >short.py <<'E'
from sts import *
faults, seen, lock = [], set(), threading.Lock()
def work():
    for _ in range(6):
        keys = client().assume_role(RoleArn=ROLE, RoleSessionName='me', ExternalId=EXTERNAL)['Credentials']
        with lock:
            seen.add(keys['AccessKeyId'])
        try:
            client(keys, 'cognito-idp').list_users(UserPoolId=POOL)
        except botocore.exceptions.ClientError as e:
            faults.append((left(keys), e.response['Error']['Code']))
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(seen), [f for f in faults if f[0] > 0 or f[1] != 'ExpiredTokenException'])
since = time.time()
keys = assume('short')
print(lasts(keys, since, 2))
code = None
for _ in range(1200):
    try:
        client(keys).get_caller_identity()
    except botocore.exceptions.ClientError as e:
        code = e.response['Error']['Code']
        break
    time.sleep(0.05)
print(code, left(keys) <= 0)
E
title 'sessions of two seconds last as long as they say, and end'
run 0 beside --session-seconds 2 pool.ndjson -- short.py
same - out <<'E'
24 []
short: 200 arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me
True
ExpiredToken True
E

# --- a session of a role that there no longer is
title 'a session of an intermediate role'
run 0 serve-pool --via-role-arn "$via" pool.ndjson -- /usr/bin/python3 -c 'from sts import *; import json
keys = assume("first", role=VIA); keys.pop("Expiration"); json.dump(keys, open("keys", "w"))'
title 'of which another server does not know'
run 0 serve-pool pool.ndjson -- /usr/bin/python3 -c 'from sts import *; import json
tell("then", ask("get_caller_identity", json.load(open("keys"))))'
same - out <<'E'
then: 403 InvalidClientTokenId: The security token included in the request is invalid.
E
finish
