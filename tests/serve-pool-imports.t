#!/usr/bin/env bash
# serve-pool's import jobs: driven by boto3, every answer held against the service model; the file's own URL; rows that become
# users, are passed over or fail; files that are none; jobs in each other's way.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

cat >pool.ndjson <<'E'
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"aa-1","email":"ana@example.com","email_verified":"true","custom:tenant":"7"}}
E
cp "$TOP"/tests/helpers/pool_{driver,model}.py .

cat >all.py <<'E'
from pool_driver import *
import urllib.error, urllib.request
ROLE = 'arn:aws:iam::123456789012:role/logs'
p = Pool('--allow', 'all', '--log', 'all.log', 'pool.ndjson')
header = p.call('GetCSVHeader')['CSVHeader']

def put(url, data, key='aws:kms'):
    request = urllib.request.Request(url, data, method='PUT', headers={'Content-Type': ''})
    if key:
        request.add_header('x-amz-server-side-encryption', key)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code, re.search('<Code>(.*)</Code>', e.read().decode())[1]

# Members of a job that are the same in every run.
def shown(job):
    if isinstance(job, str):
        return re.sub('import-[0-9a-f]{16}', 'import-ID', job)
    job = job.get('UserImportJob', job)
    assert re.fullmatch(r'import-[0-9a-zA-Z-]+', job['JobId'])
    assert job['Status'] in ('Created', 'Expired') or 'StartDate' in job
    return ' '.join(str(x) for x in (job['JobName'], job['Status'], job['ImportedUsers'], job['SkippedUsers'], job['FailedUsers'],
        job.get('CompletionMessage', '-'), 'URL' if 'PreSignedUrl' in job else '', 'ended' if 'CompletionDate' in job else ''))

def look(id):
    return shown(p.call('DescribeUserImportJob', JobId=id))

def create(name='one'):
    job = p.call('CreateUserImportJob', JobName=name, CloudWatchLogsRoleArn=ROLE)
    print('create', shown(job))
    return job['UserImportJob']['JobId'], job['UserImportJob']['PreSignedUrl']

def rows(*values, header=header):
    lines = [','.join(header)]
    for value in values:
        value = {n.replace('__', ':'): v for n, v in value.items()}
        lines.append(','.join(value.pop(n, '') for n in header))
        assert not value, value
    return ''.join(l + '\n' for l in lines).encode()

def user(who, **more):
    return dict({'cognito__username': who, 'email': who.strip() + '@example.com', 'email_verified': 'TRUE',
        'cognito__mfa_enabled': 'FALSE'}, **more)

def run(data, name='one', looks=4):
    id, url = create(name)
    print('put', put(url, data), shown(p.call('StartUserImportJob', JobId=id)))
    for i in range(looks):
        print('look', look(id))

# What is wrong with requests.
for members in ({}, {'JobName': '', 'CloudWatchLogsRoleArn': 'arn'}, {'JobName': 'a/b', 'CloudWatchLogsRoleArn': 'arn:aws:iam::x:role/y'},
                {'JobName': 'x' * 129, 'CloudWatchLogsRoleArn': ROLE}, {'JobName': 1, 'CloudWatchLogsRoleArn': ROLE}):
    print(p.call('CreateUserImportJob', **members))
for name in 'StartUserImportJob', 'StopUserImportJob', 'DescribeUserImportJob':
    for members in {}, {'JobId': 'job-1'}, {'JobId': 'import-none'}, {'JobId': 'import-' + 'x' * 50}:
        print(name, p.call(name, **members))
for n in None, 0, 61, 'x':
    print(n, p.call('ListUserImportJobs', **({} if n is None else {'MaxResults': n})))
print(p.call('ListUserImportJobs', MaxResults=1, PaginationToken='x'))
print(p.call('ListUserImportJobs', MaxResults=1))

# Good rows and others.
run(rows(user('ana'), user('bo', name='Bo\\, the "b"', birthdate='02/03/1970', custom__tenant='9', phone_number_verified='FALSE'),
    user(' cy '), user('di', email_verified='FALSE'), user('ed', email='x'), user('fi', custom__tenant='x' * 3000),
    user('gi', cognito__mfa_enabled='TRUE'), user('hu', phone_number='+4912345', cognito__mfa_enabled='true'),
    user('bo', email='other@example.com'), user('i u'), user('', email='n@example.com'), user('jo', updated_at='x'), user('ki', birthdate='1970-02-03'), user('lu', birthdate='13/01/1970')))
for name in 'bo', 'cy', 'di', 'hu':
    print(name, p.get(name))
print(messages('all.log'), p.users())
print(shown(p.call('StartUserImportJob', JobId=p.call('ListUserImportJobs', MaxResults=1)['UserImportJobs'][0]['JobId'])))

# Files that are none: what was taken in before stays.
for data in (b'', b'cognito:username\nkim\n', rows(user('kim')).replace(b'kim', b'a,kim'), rows(user('kim')) + b'x,y\n',
             rows(user('la'), header=header[::-1]), rows(user('le'), user('li', name='x' * 16000)),
             rows(user('lo'), user('\xff')).decode('utf-8').encode('latin-1'), rows(user('mo')).replace(b'\n', b'\r\n')):
    run(data, 'none', 3)
print(p.users())

# The URL.
id, url = create('url')
print(shown(p.call('StartUserImportJob', JobId=id)))
print(put(url, b'x', None), put(url, b'x', 'AES256'), put(url[:-1] + ('0' if url[-1] == '1' else '1'), b'x'), put(url.split('?')[0], b'x'),
    put(re.sub('Date=....', 'Date=2031', url), b'x'), put(url.replace(id, 'import-other'), b'x'))
print(put(url, b'wrong'), put(url, rows(user('nu'), user('oz'))))
print(shown(p.call('StartUserImportJob', JobId=id)), put(url, b'late'))

# Jobs in each other's way.
other, url = create('other')
print(put(url, rows(*[user(f'u{i}') for i in range(7)])))
print(shown(p.call('StartUserImportJob', JobId=other)))
print(shown(p.call('StopUserImportJob', JobId=other)))
def add():
    return p.call('AddCustomAttributes', CustomAttributes=[{'Name': 'x', 'AttributeDataType': 'String'}])
print(add())
print(look(id))
print(shown(p.call('StopUserImportJob', JobId=id)), look(id), look(id))
print(shown(p.call('StartUserImportJob', JobId=other)))
print(add(), p.users(), look(other), add())

# All pages, the newest first.
seen, token = [], {}
while token is not None:
    page = p.call('ListUserImportJobs', MaxResults=5, **token)
    seen += [j['JobName'] for j in page['UserImportJobs']]
    token = {'PaginationToken': page['PaginationToken']} if 'PaginationToken' in page else None
print(seen)
E
title 'all operations'
run 0 /usr/bin/python3 all.py
same "$TOP/tests/expected/serve-pool-imports" out
finish
