#!/usr/bin/python3
"""read-back.py boto3|aws: the pool as others see it, boto3 or the AWS CLI: records of users with their
Groups, and of groups, with sorted members, one a line.  COGNITO_USER_POOL_ID names the pool.
"""
import json
import os
import sys

POOL = os.environ["COGNITO_USER_POOL_ID"]


def by_boto3():
    # The CLI brings a botocore of its own, so one process can have only one of them.
    import boto3
    # Debian's boto3 does not know AWS_ENDPOINT_URL yet.
    client = boto3.client("cognito-idp", endpoint_url=os.environ["AWS_ENDPOINT_URL"])

    def ask(operation, items, **arguments):
        for page in client.get_paginator(operation).paginate(UserPoolId=POOL, **arguments):
            yield from page[items]
    return ask


def by_aws():
    import aws_cli

    def ask(operation, items, GroupName=None):
        more = () if GroupName is None else ("--group-name", GroupName)
        return aws_cli.answer("cognito-idp", operation.replace("_", "-"), "--user-pool-id", POOL,
                              *more)[items]
    return ask


def put(record):
    print(json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")), flush=True)


ask = by_boto3() if sys.argv[1] == "boto3" else by_aws()
names = {}
for group in list(ask("list_groups", "Groups")):
    put({k: group[k] for k in ("GroupName", "Description", "Precedence", "RoleArn") if k in group})
    for user in ask("list_users_in_group", "Users", GroupName=group["GroupName"]):
        names.setdefault(user["Username"], []).append(group["GroupName"])
for user in ask("list_users", "Users"):
    put({
        "Username": user["Username"], "Enabled": user["Enabled"], "UserStatus": user["UserStatus"],
        "Attributes": {a["Name"]: a["Value"] for a in user["Attributes"]},
        "Groups": sorted(names.get(user["Username"], [])),
    })
