#!/usr/bin/python3
"""list-boto3.py users | members FILE: every user of the pool, or the members of the groups."""
import json
import os
import sys

import boto3

client = boto3.client('cognito-idp', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
pool = os.environ['COGNITO_USER_POOL_ID']


def put(record):
    sys.stdout.write(json.dumps(record, ensure_ascii=False, separators=(',', ':'),
                                default=lambda date: date.isoformat()) + '\n')


def attributes(user):
    return {a['Name']: a['Value'] for a in user['Attributes']}


if sys.argv[1] == 'users':
    for page in client.get_paginator('list_users').paginate(UserPoolId=pool):
        for user in page['Users']:
            user['Attributes'] = attributes(user)
            put(user)
else:
    pages = client.get_paginator('list_users_in_group')
    with open(sys.argv[2], encoding='utf-8') as f:
        for line in f:
            name = json.loads(line)['GroupName']
            for page in pages.paginate(UserPoolId=pool, GroupName=name):
                for user in page['Users']:
                    put({'GroupName': name, 'Username': user['Username'],
                         'Attributes': {'sub': attributes(user)['sub']}})
