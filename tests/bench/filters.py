"""The stages that read and write files: users as NDJSON, their groups, flat records."""
import json

import readers
from harness import NPM_BENCH, PEERS, Row, measure, stage

COLUMNS = 'Username,sub,email,UserStatus'
JQ_CSV = ('["Username","sub","email","UserStatus"],'
          '(inputs|[.Username,.Attributes.sub,.Attributes.email,.UserStatus])|@csv')
MLR_CSV = ('$* = {"Username":$Username,"sub":$Attributes["sub"],"email":'
           'is_absent($Attributes["email"]) ? "" : $Attributes["email"],"UserStatus":$UserStatus}')
PROJECTION = ('{Username,login:(.Attributes.email//.Username),on:.Enabled,'
              'name:"\\(.Attributes.given_name) x"}')
FLAT = '{Username,sub:.Attributes.sub,email:(.Attributes.email//""),UserStatus}'
FLAT_CSV = ('["Username","sub","email","UserStatus"],'
            '(inputs|[.Username,.sub,.email,.UserStatus])|@csv')


def to_csv(users, rounds):
    stage('to CSV', users, rounds, [
        Row('emit-csv', ['emit-csv', '--columns', COLUMNS, 'users']),
        Row('jq @csv', ['jq', '-rn', JQ_CSV, 'users'], readers.CELLS, ('jq',)),
        Row('gojq @csv', ['gojq', '-rn', JQ_CSV, 'users'], readers.CELLS, ('gojq',)),
        Row('Miller', ['mlr', '--ijsonl', '--ocsv', 'put', MLR_CSV, 'users'], readers.CELLS,
            ('mlr',)),
        Row('Python csv', [PEERS + '/csv-python.py', 'users'], readers.CELLS),
        Row('DuckDB', ['node', PEERS + '/csv-duckdb.js', NPM_BENCH, 'users'], readers.CELLS,
            ('node', NPM_BENCH + '/@duckdb/node-bindings-linux-x64')),
        Row('floor: cat', ['cat', 'users']),
    ])
    measure(['map-attributes', '-e', FLAT, 'users'], 'flat')
    stage('flat to CSV', users, rounds, [
        Row('emit-csv', ['emit-csv', '--columns', COLUMNS, 'flat']),
        Row('jq @csv', ['jq', '-rn', FLAT_CSV, 'flat'], readers.CELLS, ('jq',)),
        Row('gojq @csv', ['gojq', '-rn', FLAT_CSV, 'flat'], readers.CELLS, ('gojq',)),
        Row('Miller', ['mlr', '--ijsonl', '--ocsv', 'cat', 'flat'], readers.CELLS, ('mlr',)),
        Row('csvkit in2csv -I', ['in2csv', '-I', '-f', 'ndjson', 'flat'], readers.CELLS,
            ('in2csv',)),
        Row('floor: cat', ['cat', 'flat']),
    ])


def to_map(users, rounds):
    by_libjq = ['map-attributes', '--no-native', '-e', PROJECTION, 'users']
    stage('map', users, rounds, [
        Row('map-attributes', ['map-attributes', '-e', PROJECTION, 'users']),
        Row('map-attributes --no-native', by_libjq, readers.BYTES),
        Row('  and --jobs 2', [*by_libjq, '--jobs', '2'], readers.BYTES),
        Row('jq', ['jq', '-c', PROJECTION, 'users'], readers.BYTES, ('jq',)),
        Row('gojq', ['gojq', '-c', PROJECTION, 'users'], readers.OBJECTS, ('gojq',)),
        Row('Python json', [PEERS + '/map-python.py', 'users'], readers.OBJECTS),
        Row('floor: cat', ['cat', 'users']),
    ])


def write_people():
    """The users but those whose name has come before, case ignored: SCIM's servers refuse them."""
    seen = set()
    with open('users', encoding='utf-8') as users, open('people', 'w', encoding='utf-8') as people:
        for line in users:
            name = json.loads(line)['Username'].lower()
            if name not in seen:
                people.write(line)
            seen.add(name)


def to_scim(users, rounds):
    write_people()
    stage('to SCIM', users, rounds, [
        Row('emit-scim', ['emit-scim', '--arg', 'login=username', '--arg', 'unverified=allow',
                          'people']),
        Row('jq, the same mapping', [PEERS + '/scim.sh', 'jq', 'people'], readers.BYTES, ('jq',)),
        Row('gojq, the same mapping', [PEERS + '/scim.sh', 'gojq', 'people'], readers.OBJECTS,
            ('gojq',)),
        Row('floor: cat', ['cat', 'people']),
    ])


def to_json(users, rounds):
    stage('to JSON', users, rounds, [
        Row('emit-json', ['emit-json', 'users']),
        Row('jq -s', ['jq', '-cs', '.', 'users'], readers.DOCUMENT, ('jq',)),
        Row('gojq -s', ['gojq', '-cs', '.', 'users'], readers.DOCUMENT, ('gojq',)),
        Row('floor: cat', ['cat', 'users']),
    ])


def with_groups(users, rounds):
    stage('with groups', users, rounds, [
        Row('expand-members --members', ['expand-members', '--members', 'memberships', 'users']),
        Row('Python json', [PEERS + '/members-python.py', 'memberships', 'users'], readers.OBJECTS),
        Row('floor: cat', ['cat', 'memberships', 'users']),
    ])


def pipe(users, rounds):
    """users, map, CSV: three processes."""
    stage('pipe of three', users, rounds, [
        Row('cat | map | emit-csv',
            f"cat users | map-attributes -e '{FLAT}' | emit-csv --columns {COLUMNS}"),
        Row('cat | jq | jq', f"cat users | jq -c '{FLAT}' | jq -rn '{FLAT_CSV}'",
            readers.CELLS, ('jq',)),
        Row('cat | gojq | gojq', f"cat users | gojq -c '{FLAT}' | gojq -rn '{FLAT_CSV}'",
            readers.CELLS, ('gojq',)),
        Row('cat | mlr | mlr',
            f"cat users | mlr --ijsonl --ojsonl put '{MLR_CSV}' | mlr --ijsonl --ocsv cat",
            readers.CELLS, ('mlr',)),
        Row('floor: cat | cat | cat', 'cat users | cat | cat'),
    ])
