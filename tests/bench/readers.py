"""Outputs as records that can be compared field by field, one after the other."""
import csv
import json
from datetime import datetime


def lines(path):
    with open(path, 'rb') as f:
        yield from f


def objects(path):
    """NDJSON in which the order of keys does not matter."""
    with open(path, encoding='utf-8') as f:
        yield from map(json.loads, f)


def document(path):
    with open(path, encoding='utf-8') as f:
        yield from json.load(f)


def cells(path):
    with open(path, encoding='utf-8', newline='') as f:
        yield from csv.reader(f)


def milliseconds(text):
    return round(datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp() * 1000)


def user(record, attributes):
    dates = record['UserCreateDate'], record['UserLastModifiedDate']
    return (record['Username'], record['Enabled'], record['UserStatus'],
            *map(milliseconds, dates), attributes)


def users(path):
    for record in objects(path):
        yield user(record, record['Attributes'])


def users_of_cli(path):
    """The one document of the AWS CLI."""
    with open(path, encoding='utf-8') as f:
        answer = json.load(f)
    for record in answer['Users']:
        yield user(record, {a['Name']: a['Value'] for a in record['Attributes']})


# What reads theirs, and what reads ours.
BYTES = lines, lines
OBJECTS = objects, objects
DOCUMENT = document, document
CELLS = cells, cells
USERS = users, users
USERS_OF_CLI = users_of_cli, users
