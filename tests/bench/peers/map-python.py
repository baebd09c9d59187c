#!/usr/bin/python3
"""map-python.py FILE: the projection of the bench (filters.py), record by record."""
import json
import sys

with open(sys.argv[1], encoding='utf-8') as f:
    for line in f:
        user = json.loads(line)
        a = user['Attributes']
        row = {'Username': user['Username'], 'login': a.get('email') or user['Username'],
               'on': user['Enabled'], 'name': f"{a.get('given_name') or 'null'} x"}
        sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(',', ':')) + '\n')
