#!/usr/bin/env bash
# serve-pool's writes: driven and read back by boto3 and the AWS CLI, every answer held against the service model; whom they
# are refused to; schemas, names, aliases, messages; lists while they are written to; the state in a file.
# shellcheck disable=SC2016 # commands for other shells stand in single quotes
. "$(dirname "$0")/lib.sh"

cat >pool.ndjson <<'E'
{"GroupName":"admins","Description":"those","Precedence":3,"CreationDate":"2020-01-01T00:00:00.500Z"}
{"GroupName":"staff"}
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","Attributes":{"sub":"aa-1","email":"ana@example.com","email_verified":"true","custom:tenant":"7"},"Groups":["admins","staff"],"PreferredMfaSetting":"SMS_MFA"}
{"Username":"Google_1","UserStatus":"EXTERNAL_PROVIDER","Attributes":{"sub":"bb-1","identities":"[{\"userId\":\"1\",\"providerName\":\"Google\",\"providerType\":\"Google\",\"issuer\":null,\"primary\":true,\"dateCreated\":1}]"}}
E

cp "$TOP"/tests/helpers/pool_{driver,model}.py .

cat >all.py <<'E'
from pool_driver import *
p = Pool('--allow', 'reads,writes,DescribeUserPool', '--log', 'all.log', 'pool.ndjson')
def show(name, **members):
    print(name, p.call(name, **members))
def create(name, *list, **members):
    answer = p.call('AdminCreateUser', Username=name, **members)
    return answer if isinstance(answer, str) else (answer['User']['UserStatus'], answer['User']['Enabled'])

print(create('bo', MessageAction='SUPPRESS', UserAttributes=attributes(email='bo@example.com',
    email_verified='True', custom__tenant='q"\\\n\u00e9')))
print(p.get('bo'), messages('all.log'))
sub = p.call('AdminGetUser', Username='bo')['UserAttributes'][0]
print(sub['Name'], bool(re.fullmatch(r'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}', sub['Value'])))
print(create('bo'))
print(create('cy', UserAttributes=attributes(email='cy@example.com', phone_number='+4912'), DesiredDeliveryMediums=['EMAIL', 'SMS']), messages('all.log'))
print(create('di'), messages('all.log'))
print(create('ed', DesiredDeliveryMediums=['EMAIL']))
print(create('cy', MessageAction='RESEND'), messages('all.log'))
print(create('ana', MessageAction='RESEND'))
print(create('nobody', MessageAction='RESEND'))
print(create('ed', TemporaryPassword='abcdefgh'))
print(create('ed', TemporaryPassword='Abcdefgh'), p.get('ed'))
print(create('ed', UserAttributes=attributes(email_verified='true')))
print(create('ed', UserAttributes=attributes(sub='x')))
print(create('ed', UserAttributes=attributes(identities='[]')))
print(create('ed', UserAttributes=attributes(custom__none='x')))
print(create('ed', UserAttributes=attributes(email='x')))
print(create('ed', UserAttributes=attributes(phone_number='12')))
print(create('ed', UserAttributes=attributes(birthdate='1.1.1970')))
print(create('ed', UserAttributes=attributes(birthdate='1970-1a-01')))
print(create('ed', UserAttributes=attributes(birthdate='1970-13-01')), create('ed', UserAttributes=attributes(birthdate='2021-02-29')))
print(create('ed', UserAttributes=attributes(updated_at='yesterday')))
print(create('ed', UserAttributes=attributes(email='e@example.com', email_verified='yes')))
print(create('e d'))
print(create('ed', UserAttributes=[{'Value': 'x'}, {'Name': 'n' * 33, 'Value': 'x' * 2049}], TemporaryPassword='a b',
    MessageAction='NONE', DesiredDeliveryMediums=['POST']))
print(create('ed', ForceAliasCreation='x'))
print(create('ed', TemporaryPassword=1))
print(create('ed', MessageAction='SUPPRESS', ClientMetadata={'a': 'b'}, ValidationData=attributes(a='b'), TemporaryPassword='Abcdefg1!'))
print(p.users())

show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(email='bo2@example.com', email_verified='true', name='Bo'))
print(p.get('bo'), messages('all.log'))
show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(email='bo3@example.com', custom__tenant=''))
print(p.get('bo'), messages('all.log'))
show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(email='', nickname='b', name='x' * 2048))
print(p.get('bo')[2].keys(), messages('all.log'))
show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(email_verified='true'))
show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(nickname='lost', sub='x'))
show('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(name='x' * 2049))
show('AdminUpdateUserAttributes', Username='bo')
show('AdminUpdateUserAttributes', Username='nobody', UserAttributes=[])
show('AdminDeleteUserAttributes', Username='bo', UserAttributeNames=['name', 'email'])
show('AdminDeleteUserAttributes', Username='bo', UserAttributeNames=['nickname', 'sub'])
show('AdminDeleteUserAttributes', Username='bo', UserAttributeNames=['custom:none'])
show('AdminDeleteUserAttributes', Username='bo')
show('AdminDisableUser', Username='bo')
print(p.get('bo'), p.users(Filter='status = "Disabled"'))
show('AdminEnableUser', Username='bo')
for password in 'short', 'longenough', 'Longenough', 'Longenough1', 'x y', '':
    show('AdminSetUserPassword', Username='bo', Password=password)
show('AdminSetUserPassword', Username='bo', Password='Longenough1!', Permanent=True)
print(p.get('bo'))
show('AdminSetUserPassword', Username='bo', Password='Longenough1!')
print(p.get('bo'))
for name in 'AdminDisableUser', 'AdminEnableUser', 'AdminDeleteUser':
    show(name, Username='nobody')

group = p.call('CreateGroup', GroupName='g"1', Description='a\n', Precedence=0, RoleArn='arn:aws:iam::123456789012:role/x')['Group']
group.pop('CreationDate'), group.pop('LastModifiedDate')
print(sorted(group.items()))
show('CreateGroup', GroupName='g"1')
show('CreateGroup', GroupName='g 1', Precedence=-1, RoleArn='arn:aws:iam::x:role/aaaaaa', Description='x' * 2049)
group = p.call('UpdateGroup', GroupName='admins', Precedence=4)['Group']
print(group['Description'], group['Precedence'], group['CreationDate'].timestamp())
show('UpdateGroup', GroupName='none')
show('AdminAddUserToGroup', GroupName='g"1', Username='bo')
show('AdminAddUserToGroup', GroupName='g"1', Username='bo')
show('AdminAddUserToGroup', GroupName='none', Username='bo')
show('AdminAddUserToGroup', GroupName='g"1', Username='nobody')
show('AdminAddUserToGroup', GroupName='admins', Username='bo')
def members(group):
    return [u['Username'] for u in p.call('ListUsersInGroup', GroupName=group)['Users']]
def groups(user):
    return [g['GroupName'] for g in p.call('AdminListGroupsForUser', Username=user)['Groups']]
print(members('g"1'), members('admins'), groups('bo'), groups('ana'))
show('AdminRemoveUserFromGroup', GroupName='admins', Username='ana')
show('AdminRemoveUserFromGroup', GroupName='admins', Username='ana')
print(members('admins'), groups('ana'))
show('AdminAddUserToGroup', GroupName='admins', Username='ana')
print(members('admins'), groups('ana'))
show('DeleteGroup', GroupName='admins')
show('DeleteGroup', GroupName='admins')
print(members('staff'), groups('bo'), groups('ana'), [g['GroupName'] for g in p.call('ListGroups')['Groups']])
p.call('CreateGroup', GroupName='admins')
print(members('admins'), groups('ana'))

def link(destination, provider, value, name='Cognito_Subject', destination_provider='Cognito'):
    return p.call('AdminLinkProviderForUser', DestinationUser={'ProviderName': destination_provider,
        'ProviderAttributeValue': destination}, SourceUser={'ProviderName': provider, 'ProviderAttributeName': name,
        'ProviderAttributeValue': value})
def linked(user):
    return [(i['providerName'], i['providerType'], i['userId']) for i in json.loads(p.get(user)[2].get('identities', '[]'))]
print(link('bo', 'Facebook', 'f"1'), link('bo', 'ADFS', 'a', 'email'), linked('bo'))
print(link('bo', 'Facebook', 'f"1'), link('ana', 'ADFS', 'a'), sep='\n')
print(link('bo', 'Google', '1'), link('none', 'Google', '2'), link('bo', 'Cognito', 'ana'), sep='\n')
print(link('bo', 'SignInWithApple', 'x@y', 'email'), link('bo', 'Google', '7', 'sub'), sep='\n')
print(link('1', 'Facebook', '9', destination_provider='Google'), linked('Google_1'))
print([link('bo', 'ADFS', str(n)) for n in range(4)])
def unlink(provider, value, name='Cognito_Subject'):
    return p.call('AdminDisableProviderForUser', User={'ProviderName': provider, 'ProviderAttributeName': name,
        'ProviderAttributeValue': value})
print(unlink('ADFS', 'a'), linked('bo'), unlink('ADFS', 'a'), unlink('Cognito', 'ana'), unlink('Cognito', 'ana', 'x'), unlink('Google', '1'), sep='\n')

def custom(*list):
    return p.call('AddCustomAttributes', CustomAttributes=list)
def one(name, **more):
    return dict(Name=name, AttributeDataType='String', **more)
print(custom(one('short', StringAttributeConstraints={'MinLength': '2', 'MaxLength': '3'}, Mutable=True),
    dict(Name='n', AttributeDataType='Number', NumberAttributeConstraints={'MinValue': '-1', 'MaxValue': '1.5'}),
    dict(Name='t', AttributeDataType='DateTime'), dict(Name='b', AttributeDataType='Boolean'),
    one('fixed', Mutable=False), one('d', DeveloperOnlyAttribute=True)))
print(custom(one('tenant')), custom(one('r', Required=True)), custom(), custom(one('x' * 21, ), dict(AttributeDataType='Text')), sep='\n')
for bounds in ('x', '1'), ('2', '1.5'), ('', '1'):
    print(custom(dict(Name='lost', AttributeDataType='Number', NumberAttributeConstraints=dict(zip(('MinValue', 'MaxValue'), bounds)))))
for bounds in ('-1', '3'), ('0', '2049'), ('3', '2'), ('1.5', '2'):
    print(custom(one('lost', StringAttributeConstraints=dict(zip(('MinLength', 'MaxLength'), bounds)))))
print(custom(one('lost'), one('short')), custom(one('lost')), sep='\n')
print(custom(*[one('c%d' % n) for n in range(25)]), custom(*[one('d%d' % n) for n in range(25)]), sep='\n')
for a in (dict(custom__short='a'), dict(custom__short='abcd'), dict(custom__n='-2'), dict(custom__n='1.6'), dict(custom__n='1e0'),
          dict(custom__t='now'), dict(custom__b='1'), dict(custom__fixed='x')):
    show('AdminUpdateUserAttributes', Username='ana', UserAttributes=attributes(**a))
show('AdminUpdateUserAttributes', Username='ana', UserAttributes=attributes(custom__short='\u00e9\u00e9', custom__n='-0.5',
    custom__t='2020-01-01T00:00:00Z', custom__b='FALSE', dev__custom__d='x'))
print(p.get('ana'))
print(create('fixed', UserAttributes=attributes(custom__fixed='x')), link('fixed', 'ADFS', 'z'), sep='\n')
show('AdminDeleteUserAttributes', Username='fixed', UserAttributeNames=['custom:fixed'])

before = p.call('AdminGetUser', Username='ana')
p.call('AdminDeleteUser', Username='ana')
print(p.get('ana'), p.users(), members('staff'), p.users(Filter='sub ^= "aa-"'), sep='\n')
print(create('ana', MessageAction='SUPPRESS'), p.get('ana'), groups('ana'), p.users()[-1])
pool = p.call('DescribeUserPool')['UserPool']
print(pool['EstimatedNumberOfUsers'] == len(p.users()), [a['Name'] for a in pool['SchemaAttributes'][21:28]])
print(before['PreferredMfaSetting'], p.end())
E
title 'every write, read back; errors by code'
run 0 /usr/bin/python3 all.py
sed -i -E 's/x{2048}/LONG/' out
same "$TOP/tests/expected/serve-pool-writes" out

# --- any writes; more by make writes
title 'what random writes leave is what a slow pool says'
run 0 /usr/bin/python3 pool_model.py "${WRITES_SEED:-2}" "${WRITES_STEPS:-60}"

# --- how users are called, and what is required of them
cat >mail.json <<'E'
{
 "UserPool": {"Id": "other", "Name": "by mail", "UsernameAttributes": ["email", "phone_number"], "AutoVerifiedAttributes": ["email"],
  "UsernameConfiguration": {"CaseSensitive": false}, "DeletionProtection": "ACTIVE", "EmailVerificationSubject": null,
  "Policies": {"PasswordPolicy": {"MinimumLength": 6, "RequireNumbers": true}},
  "SchemaAttributes": [{"Name": "email", "AttributeDataType": "String", "Mutable": true, "Required": true},
   {"Name": "given_name", "AttributeDataType": "String", "Mutable": true, "Required": true, "StringAttributeConstraints": {"MaxLength": "3"}},
   {"Name": "custom:id", "AttributeDataType": "Number", "Mutable": false, "NumberAttributeConstraints": {"MaxValue": "9"}}]}}
E
cat >alias.json <<'E'
{"AliasAttributes": ["email", "preferred_username"], "UsernameConfiguration": {"CaseSensitive": false},
 "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}, "AutoVerifiedAttributes": ["email"]}
E
cat >names.py <<'E'
from pool_driver import *
p = Pool('--allow', 'all', '--description', 'mail.json', '--log', 'names.log', '/dev/null')
def create(name, **members):
    answer = p.call('AdminCreateUser', Username=name, **members)
    return answer if isinstance(answer, str) else answer['User']['Username']
def update(name, **values):
    return p.call('AdminUpdateUserAttributes', Username=name, UserAttributes=attributes(**values))
ana = create('Ana@example.com', UserAttributes=attributes(custom__id='1'), MessageAction='SUPPRESS')
got = p.call('AdminGetUser', Username='ana@EXAMPLE.com')
print(got['Username'] == ana and got['UserAttributes'][0]['Value'] == ana, p.get(ana), messages('names.log'))
print(create('ana@example.com'), create('ana'), create('+4912', UserAttributes=attributes(email='ANA@example.com')), sep='\n')
bo = create('+4912', UserAttributes=attributes(email='bo@example.com', email_verified='true'))
print(p.get('+4912'), messages('names.log'))
print(update(ana, email='bo@example.com'), update(ana, email=''), update(ana, given_name=''), update(ana, given_name='Anna'), update(ana, custom__id='2'), sep='\n')
print(update('ANA@example.com', email='new@example.com'), p.get('ana@example.com'), p.get('new@example.com'), messages('names.log'))
print(p.call('AdminDeleteUserAttributes', Username='+4912', UserAttributeNames=['phone_number']), p.get('bo@example.com'))
print(p.call('AdminDeleteUserAttributes', Username=bo, UserAttributeNames=['email']))
print(p.call('AdminSetUserPassword', Username=ana, Password='abcdef'), p.call('AdminSetUserPassword', Username=ana, Password='abcde1', Permanent=True))
d = p.call('DescribeUserPool')['UserPool']
print(d['Id'], d['Name'], d['UsernameAttributes'], d['UsernameConfiguration'], d['DeletionProtection'], 'AliasAttributes' in d, d['EstimatedNumberOfUsers'],
    [a['Mutable'] for a in d['SchemaAttributes'] if a['Name'] == 'custom:id'])
p.call('AdminDeleteUser', Username='new@example.com')
print(p.get(ana), create('new@example.com') == ana, p.end())

p = Pool('--allow', 'all', '--description', 'alias.json', '--log', 'alias.log', '--user-pool-id', 'eu-west-1_a', 'pool.ndjson')
print(create('BO', MessageAction='SUPPRESS', UserAttributes=attributes(email='bo@example.com', preferred_username='b')))
print(p.get('bo')[0], p.get('B')[0], p.get('bo@example.com'), p.get('ANA@example.com')[0], p.get('ana')[0])
print(create('bo'), create('Ana'), create('x@example.com'), create('c', UserAttributes=attributes(preferred_username='B')), sep='\n')
print(create('c', UserAttributes=attributes(email='ana@example.com')), p.get('ana@example.com')[2]['email_verified'])
print(create('d', UserAttributes=attributes(email='ana@example.com', email_verified='true')))
print(create('d', UserAttributes=attributes(email='ana@example.com', email_verified='true'), ForceAliasCreation=True))
print(p.get('ana')[2]['email_verified'], p.get('ana@example.com')[0], messages('alias.log'))
print(update('c', email_verified='true'), p.get('d')[2]['email_verified'], p.get('c')[2]['email_verified'], messages('alias.log'))
print(update('bo', email='later@example.com'), p.get('bo')[2]['email'], messages('alias.log'))
print(update('bo', email='now@example.com', email_verified='true'), p.get('now@example.com')[2]['email'], p.get('bo@example.com'), messages('alias.log'))
print(update('d', preferred_username='B'), p.users(Filter='username = "BO"'), p.end())
E
title 'names, aliases, and what a description says'
run 0 /usr/bin/python3 names.py
same - out <<'E'
True ('FORCE_CHANGE_PASSWORD', True, {'email': 'Ana@example.com', 'custom:id': '1'}) 0
UsernameExistsException: An account with the email already exists.
InvalidParameterException: Username should be either an email or a phone number.
UsernameExistsException: An account with the email already exists.
('FORCE_CHANGE_PASSWORD', True, {'phone_number': '+4912', 'email': 'bo@example.com', 'email_verified': 'true'}) 1
AliasExistsException: An account with the email already exists.
InvalidParameterException: Attributes did not conform to the schema: email: The attribute is required
InvalidParameterException: Attributes did not conform to the schema: given_name: The attribute is required
InvalidParameterException: Attributes did not conform to the schema: given_name: String must be no longer than the maximum length
InvalidParameterException: user.custom:id: Attribute cannot be updated.
{} UserNotFoundException: User does not exist. ('FORCE_CHANGE_PASSWORD', True, {'email': 'new@example.com', 'custom:id': '1', 'email_verified': 'false'}) 2
{} ('FORCE_CHANGE_PASSWORD', True, {'email': 'bo@example.com', 'email_verified': 'true'})
InvalidParameterException: Attributes did not conform to the schema: email: The attribute is required
InvalidPasswordException: Password did not conform with policy: Password must have numeric characters {}
us-east-1_EXAMPLE1 by mail ['email', 'phone_number'] {'CaseSensitive': False} ACTIVE False 2 [False]
UserNotFoundException: User does not exist. False 0
BO
FORCE_CHANGE_PASSWORD FORCE_CHANGE_PASSWORD UserNotFoundException: User does not exist. CONFIRMED CONFIRMED
UsernameExistsException: User account already exists
UsernameExistsException: User account already exists
InvalidParameterException: Username cannot be of email format, since user pool is configured for email alias.
AliasExistsException (not in the model): An account with the preferred_username already exists.
c true
AliasExistsException (not in the model): An account with the email already exists.
d
false FORCE_CHANGE_PASSWORD 2
{} false true 2
{} bo@example.com 3
{} now@example.com UserNotFoundException: User does not exist. 3
AliasExistsException: An account with the preferred_username already exists. ['BO'] 0
E

# --- who may, how often, and what goes wrong on the way
cat >faults.py <<'E'
from pool_driver import *
p = Pool('--allow', 'reads,AdminDisableUser', 'pool.ndjson')
print(p.call('AdminDeleteUser', Username='ana').split(':')[0], p.call('AdminDisableUser', Username='ana'), p.get('ana')[1], p.end())
p = Pool('pool.ndjson')
print({name: p.call(name).split(':')[0] for name in ('AdminCreateUser', 'DeleteGroup', 'AddCustomAttributes', 'DescribeUserPool', 'AdminConfirmSignUp')}, p.end())
p = Pool('--allow', 'all', '--fault', 'AdminCreateUser:lost@1', '--fault', 'AdminDeleteUser:throttle@1', '--fault', 'AdminDisableUser:error500@1',
    '--fault', 'AdminEnableUser:cut@1', '--quota', 'UserAccountRecovery=0.1', '--log', 'faults.log', 'pool.ndjson')
def lost(name, **members):
    try:
        return p.call(name, **members)
    except botocore.exceptions.HTTPClientError as e:
        return 'no answer'
    except Exception as e:
        return type(e).__name__
print(lost('AdminCreateUser', Username='bo', MessageAction='SUPPRESS'), p.get('bo')[0], p.call('AdminCreateUser', Username='bo'))
print(p.call('AdminDeleteUser', Username='bo'), p.get('bo')[0], p.call('AdminDeleteUser', Username='bo'), p.get('bo'))
print(p.call('AdminDisableUser', Username='ana'), p.get('ana')[1], p.call('AdminDisableUser', Username='ana'), p.get('ana')[1])
print(lost('AdminEnableUser', Username='ana') != {}, p.get('ana')[1])
print(p.call('AdminSetUserPassword', Username='ana', Password='Longenough1!'), p.call('AdminSetUserPassword', Username='ana', Password='Longenough1!'))
print([json.loads(l).get('Fault') for l in open('faults.log') if 'Fault' in l], p.end())

# Pages while others write: nobody who stays is missed or comes twice.
import random
random.seed(7)
p = Pool('--allow', 'all', 'pages.ndjson')
def chain(name, change, **members):
    seen, token = [], None
    key = 'PaginationToken' if name == 'ListUsers' else 'NextToken'
    while True:
        answer = p.call(name, Limit=7, **members, **({key: token} if token else {}))
        seen += [u['Username'] for u in answer['Users']]
        token = answer.get(key)
        if token is None:
            return seen
        change()
alive, made = {'u%03d' % n for n in range(120)}, 0
for name, members in ('ListUsers', {}), ('ListUsers', {'Filter': 'sub ^= "5"'}), ('ListUsersInGroup', {'GroupName': 'all'}):
    stayed, came = set(alive), set()
    def change():
        global made
        for gone in random.sample(sorted(alive), 2):
            p.call('AdminDeleteUser', Username=gone)
            alive.discard(gone), stayed.discard(gone), came.discard(gone)
        for new in 'n%d' % made, gone:
            assert isinstance(p.call('AdminCreateUser', Username=new), dict)
            p.call('AdminAddUserToGroup', Username=new, GroupName='all')
            alive.add(new), came.add(new)
        made += 1
        user = random.choice(sorted(alive))
        p.call('AdminRemoveUserFromGroup', Username=user, GroupName='all')
        p.call('AdminAddUserToGroup', Username=user, GroupName='all')
    if 'Filter' in members:
        stayed = set(u for u in p.users(**members))
    seen = chain(name, change, **members)
    new = [u for u in seen if u not in came]
    print(name, members, stayed <= set(seen), len(new) == len(set(new)) or name == 'ListUsersInGroup')
print(sorted(p.users()) == sorted(set(p.users())), p.end())
E
for n in $(seq 0 119); do printf '{"Username":"u%03d","Attributes":{"sub":"%d-%d"},"Groups":["all"]}\n' "$n" $((n % 6)) "$n"; done >pages.ndjson
echo '{"GroupName":"all"}' >>pages.ndjson
title 'permissions, quotas, faults; pages while others write'
run 0 /usr/bin/python3 faults.py
same - out <<'E'
AccessDeniedException (not in the model) {} False 0
{'AdminCreateUser': 'AccessDeniedException (not in the model)', 'DeleteGroup': 'AccessDeniedException (not in the model)', 'AddCustomAttributes': 'AccessDeniedException (not in the model)', 'DescribeUserPool': 'AccessDeniedException (not in the model)', 'AdminConfirmSignUp': 'AccessDeniedException (not in the model)'} 0
no answer FORCE_CHANGE_PASSWORD UsernameExistsException: User account already exists
TooManyRequestsException: Rate exceeded FORCE_CHANGE_PASSWORD {} UserNotFoundException: User does not exist.
InternalErrorException: Something went wrong True {} False
True True
{} TooManyRequestsException: Rate exceeded
['lost', 'throttle', 'error500', 'cut'] 0
ListUsers {} True True
ListUsers {'Filter': 'sub ^= "5"'} True True
ListUsersInGroup {'GroupName': 'all'} True True
True 0
E

# --- the state in a file
cat >state.py <<'E'
from pool_driver import *
import hashlib, time
def create(p, name, **members):
    return p.call('AdminCreateUser', Username=name, MessageAction='SUPPRESS', **members)
p = Pool('--allow', 'all', '--state', 'state', 'pool.ndjson')
create(p, 'bo', UserAttributes=attributes(name='B\u00f6"\\\n', custom__tenant='\x7f'))
p.call('AdminSetUserPassword', Username='bo', Password='Longenough1!', Permanent=True)
p.call('CreateGroup', GroupName='g', Precedence=0)
p.call('AdminAddUserToGroup', Username='bo', GroupName='g')
p.call('AddCustomAttributes', CustomAttributes=[dict(Name='n', AttributeDataType='Number', Mutable=False)])
p.call('AdminRemoveUserFromGroup', Username='ana', GroupName='staff')
p.call('AdminDeleteUser', Username='Google_1')
print(len(open('state').readlines()), p.end(), oct(os.stat('state').st_mode))
text = open('state').read()
lines = [json.loads(l) for l in text.splitlines()]
bo = next(l for l in lines if l.get('Username') == 'bo')
kind, rounds, salt, hash = bo['PasswordHash'].split('$')
print('Longenough1!' in text, kind, hashlib.pbkdf2_hmac('sha256', b'Longenough1!', bytes.fromhex(salt), int(rounds)).hex() == hash)
# What is served again is what was, and the files do not count any more.
p = Pool('--allow', 'all', '--state', 'state', '/dev/null')
print(p.users(), p.get('bo'), 'PasswordHash' in str(p.call('ListUsers')) + str(p.call('AdminGetUser', Username='bo')))
print(p.call('AdminUpdateUserAttributes', Username='bo', UserAttributes=attributes(custom__n='1')))
p.end(signal.SIGTERM)
print(open('state').read() == text)
# Killed, the old file stays; at any moment there is a whole one.
p = Pool('--allow', 'all', '--state', 'state', '/dev/null')
create(p, 'cy')
print(p.end(signal.SIGKILL), open('state').read() == text)
for n in range(8):
    p = Pool('--allow', 'all', '--state', 'state', '/dev/null')
    create(p, 'k%d' % n)
    p.process.send_signal(signal.SIGTERM)
    time.sleep(n / 400)
    p.process.kill()
    p.process.wait(60)
    ends = [json.loads(l) for l in open('state')]
    assert [l['~end'] for l in ends if '~end' in l][0]['rows'] == len(ends) - 1
# Many at once: each sees its own, and nobody another's half.
p = Pool('--allow', 'all', '--state', 'state', '/dev/null')
wrong = []
def write(me):
    q = boto3.session.Session().client('cognito-idp', endpoint_url=p.client.meta.endpoint_url, region_name='us-east-1',
        aws_access_key_id='AKIAIOSFODNN7EXAMPLE', aws_secret_access_key=os.environ['SECRET'])
    for n in range(12):
        name = 'w%d-%d' % (me, n)
        q.admin_create_user(UserPoolId=p.pool, Username=name, MessageAction='SUPPRESS', UserAttributes=attributes(name=name))
        q.admin_add_user_to_group(UserPoolId=p.pool, Username=name, GroupName='g')
        q.admin_update_user_attributes(UserPoolId=p.pool, Username=name, UserAttributes=attributes(nickname=name * 20))
        for u in q.list_users(UserPoolId=p.pool)['Users']:
            a = {a['Name']: a['Value'] for a in u['Attributes']}
            if u['Username'][0] == 'w' and (a['name'] != u['Username'] or a.get('nickname', a['name'] * 20) != a['name'] * 20):
                wrong.append(u)
        if n % 3 == 0:
            q.admin_delete_user(UserPoolId=p.pool, Username=name)
threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
[t.start() for t in threads], [t.join() for t in threads]
print(wrong, len([u for u in p.users() if u[0] == 'w']), len(p.call('ListUsersInGroup', GroupName='g')['Users']), p.end())
print(len([l for l in open('state') if '"Username":"w' in l and '"Groups":["g"]' in l]))
E
title 'the state is whole, whatever happens'
run 0 env SECRET="$known_secret" /usr/bin/python3 state.py
same - out <<'E'
6 0 0o100600
False pbkdf2-sha256 True
['ana', 'bo'] ('CONFIRMED', True, {'custom:tenant': '\x7f', 'name': 'Bö"\\\n'}) False
InvalidParameterException: user.custom:n: Attribute cannot be updated.
True
-9 True
[] 32 33 0
32
E
title 'the state of a pool is a dump like any other'
run 0 serve-pool state -- list-users
ok test "$(wc -l <out)" -gt 33
title 'a description that is none'
echo '{"SchemaAttributes":[{"Name":"x"}]}' >bad.json
run 1 serve-pool --description bad.json pool.ndjson -- true
has err 'bad.json: an attribute of the schema has no name or no type'
title 'a state that cannot be written is told before anything is served'
run 1 serve-pool --allow all --state none/state pool.ndjson -- touch ran
ok test ! -e ran
mkdir directory
run 1 serve-pool --state directory pool.ndjson -- true
title 'the example of the page'
cat >provision.sh <<'E'
aws --endpoint-url "$AWS_ENDPOINT_URL" cognito-idp admin-create-user --user-pool-id "$COGNITO_USER_POOL_ID" --username cli \
	--message-action SUPPRESS --user-attributes Name=email,Value=c@example.com
E
awk '/^\.Bd/ { text = ""; on = 1; next } /^\.Ed/ { if (text ~ /provision.sh/) print text; on = 0 }
	on { gsub(/\\e/, "\\"); text = text $0 "\n" }' "$TOP/man/serve-pool.1" >example
mkdir example.d
cp provision.sh example.d
run 0 bash -c 'cd example.d && . ../example'
ok test "$(tail -n 1 out)" = cli
finish
