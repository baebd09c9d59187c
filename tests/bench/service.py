"""The stages against the service: serve-pool on loopback, so what is measured is the client."""
import os
import subprocess

import readers
from harness import NPM, PEERS, Row, die, make_pool, measure, served, show, stage

PAGE = 60           # users a call
LATENCY = 40        # ms a call, about what a client far from its Region sees

BOTO3 = '/usr/lib/python3/dist-packages/boto3'
SDK = NPM + '/@aws-sdk/client-cognito-identity-provider'
CLI = ('/usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" cognito-idp list-users '
       '--user-pool-id "$COGNITO_USER_POOL_ID" --output json')


def list_users(*floors):
    """The floors are libcurl alone, which parses nothing."""
    return [
        Row('list-users', ['list-users']),
        Row('AWS SDK for JavaScript', ['node', PEERS + '/list-sdk.js', NPM], readers.USERS,
            ('node', SDK)),
        Row('boto3', [PEERS + '/list-boto3.py', 'users'], readers.USERS, (BOTO3,)),
        Row('AWS CLI', CLI, readers.USERS_OF_CLI, ('/usr/bin/aws',)),
        Row('floor: libcurl', ['download']),
        *floors,
    ]


# Requests signed by libcurl itself, and not signed at all; what is between these two and the floor
# is the signer's cost.
OWN_SIGNER = Row('libcurl with its signer', ['download', 'libcurl'])
UNSIGNED = Row('libcurl without signature',
               'AWS_ENDPOINT_URL="$UNSIGNED_ENDPOINT_URL" download unsigned')


def count(path):
    with open(path, 'rb') as f:
        return sum(1 for _ in f)


def check_download(users):
    """The floor fetched the same pages."""
    with open('pages', 'wb') as f:
        subprocess.run(['download'], stdout=f, check=True)
    with open('pages', encoding='ascii') as f:
        pages = int(f.read().split()[0])
    if pages != -(-users // PAGE):
        die(f'download: {pages} pages of {users} users')


def zero_latency(users, rounds):
    """Leaves the files users, groups and memberships, as the service gave them."""
    with served('pool', '--no-signatures'):
        unsigned = os.environ['AWS_ENDPOINT_URL']
        with served('pool'):
            check_download(users)
            os.environ['UNSIGNED_ENDPOINT_URL'] = unsigned
            stage('list users', users, rounds, list_users(OWN_SIGNER, UNSIGNED))
    with served('pool'):
        measure(['list-users'], 'listed')
        measure(['list-groups'], 'groups')
        measure(['expand-members', 'groups'], 'members')
        if count('listed') != users:
            die('not every user arrived')
        members = count('members')
        stage('members', members, rounds, [
            Row('expand-members', ['expand-members', 'groups']),
            Row('boto3', [PEERS + '/list-boto3.py', 'members', 'groups'], readers.OBJECTS,
                (BOTO3,)),
        ])
        stage('pool to CSV', users, rounds, [
            Row('list | map | emit-csv', "list-users | map-attributes -e '{Username,"
                'sub:.Attributes.sub,email:(.Attributes.email//"")}\' | '
                'emit-csv --columns Username,sub,email'),
            Row('AWS CLI | jq', CLI + ' | jq -r \'["Username","sub","email"],(.Users[]|[.Username,'
                '((.Attributes|map({(.Name):.Value})|add)|.sub,.email)])|@csv\'',
                readers.CELLS, ('/usr/bin/aws', 'jq')),
        ])
    os.rename('listed', 'users')
    os.rename('members', 'memberships')


def latency(users, rounds):
    """One chain of calls, each slow: nothing can be faster than their sum."""
    pages = max(3, min(100, users // 2000))
    make_pool(pages * PAGE, 'slow-pool')
    # Of the peers the fastest alone: the others start for longer than this takes.
    rows = [row for row in list_users() if row.name not in ('boto3', 'AWS CLI')]
    with served('slow-pool', '--latency', str(LATENCY)):
        ours = stage(f'at {LATENCY} ms', pages * PAGE, rounds, rows)
    floor = (pages * LATENCY / 1000, 0, 0)
    show(f'at {LATENCY} ms', f'floor: {pages} calls, computed', [floor] * rounds, pages * PAGE,
         ours)
