#!/usr/bin/python3
"""members-python.py MEMBERSHIPS USERS: the users with their Groups."""
import json
import sys

groups = {}
with open(sys.argv[1], encoding='utf-8') as f:
    for line in f:
        member = json.loads(line)
        groups.setdefault(member['Username'], []).append(member['GroupName'])
with open(sys.argv[2], encoding='utf-8') as f:
    for line in f:
        user = json.loads(line)
        user['Groups'] = groups.get(user['Username'], [])
        sys.stdout.write(json.dumps(user, ensure_ascii=False, separators=(',', ':')) + '\n')
