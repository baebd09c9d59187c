#!/usr/bin/python3
"""list-users-boto3.py SECONDS: prints the names of the pool's users as a JSON list, twice in one
client of boto3 with SECONDS in between; 0: once.  Keys are found by boto3's own chain.
"""
import json
import os
import sys
import time

import boto3

wait = float(sys.argv[1])
# Debian's boto3 does not know AWS_ENDPOINT_URL yet.
client = boto3.client("cognito-idp", endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def show():
    pages = client.get_paginator("list_users").paginate(UserPoolId=os.environ["COGNITO_USER_POOL_ID"])
    names = [user["Username"] for page in pages for user in page["Users"]]
    print(json.dumps(names, ensure_ascii=False, separators=(",", ":")))


show()
if wait > 0:
    time.sleep(wait)
    show()
