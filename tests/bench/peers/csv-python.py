#!/usr/bin/python3
"""csv-python.py FILE: the four columns of the bench as CSV."""
import csv
import json
import sys

writer = csv.writer(sys.stdout, lineterminator='\n')
writer.writerow(['Username', 'sub', 'email', 'UserStatus'])
with open(sys.argv[1], encoding='utf-8') as f:
    for line in f:
        user = json.loads(line)
        a = user['Attributes']
        writer.writerow([user['Username'], a.get('sub'), a.get('email'), user['UserStatus']])
