#!/usr/bin/python3
"""fill-cognito-local.py URL DIRECTORY: makes a pool with users, groups and memberships in a cognito-local
at URL, through boto3, and writes into DIRECTORY its id (pool) and what the commands have to read from
it: users, groups, members, by-group, by-user, as sorted JSON lines with sorted keys.

What was put in stands there as it was put in; only sub and the dates, which the service makes, are
taken from boto3's own reading.
"""
import datetime
import json
import pathlib
import sys

import boto3

GROUPS = [{"GroupName": "staff", "Description": "All of us, \"quoted\"; Ж", "Precedence": 1},
          {"GroupName": "nobody-here", "RoleArn": "arn:aws:iam::123456789012:role/empty"},
          {"GroupName": "café-☕", "Precedence": 0}]
# name, attributes, enabled, groups
USERS = [("ana", {"email": "ana@example.com", "email_verified": "true", "custom:tenant": "7"}, True, ["staff"]),
         ("Ana", {"name": "=1+1", "address": "Line 1\nLine 2, \"x\""}, False, ["staff", "café-☕"]),
         ("auth0_auth0|5f32\\x", {"identities": '[{"userId":"auth0|5f32","providerName":"auth0"}]'}, True, []),
         ("日本語😀", {"given_name": "太郎", "family_name": "", "nickname": "\u0001\u2028</script>"}, True, ["staff"]),
         ("bob@example.com", {"email": "bob@example.com", "phone_number": "+49301234567"}, True, ["café-☕"])]


def date(value):
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + \
        f"{value.microsecond // 1000:03d}Z"


def pairs(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def write(path, records):
    lines = sorted(json.dumps(r, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                   for r in records)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def fill(client):
    pool = client.create_user_pool(PoolName="filled")["UserPool"]["Id"]
    for group in GROUPS:
        client.create_group(UserPoolId=pool, **group)
    for name, attributes, enabled, groups in USERS:
        client.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS",
                                 UserAttributes=pairs(attributes))
        if not enabled:
            client.admin_disable_user(UserPoolId=pool, Username=name)
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return pool


def main():
    client = boto3.client("cognito-idp", endpoint_url=sys.argv[1], region_name="us-east-1",
                          aws_access_key_id="any", aws_secret_access_key="any")
    directory = pathlib.Path(sys.argv[2])
    pool = fill(client)
    (directory / "pool").write_text(pool + "\n")
    users, groups, members, by_user = [], [], [], []
    for name, attributes, enabled, member_of in USERS:
        seen = client.admin_get_user(UserPoolId=pool, Username=name)
        sub = next(a["Value"] for a in seen["UserAttributes"] if a["Name"] == "sub")
        users.append({"Username": name, "Enabled": enabled, "UserStatus": "FORCE_CHANGE_PASSWORD",
                      "UserCreateDate": date(seen["UserCreateDate"]),
                      "UserLastModifiedDate": date(seen["UserLastModifiedDate"]),
                      "Attributes": dict(attributes, sub=sub)})
        members += [{"GroupName": g, "Username": name, "Attributes": {"sub": sub}} for g in member_of]
        by_user.append([name, sorted(member_of)])
    for group in GROUPS:
        seen = client.get_group(UserPoolId=pool, GroupName=group["GroupName"])["Group"]
        groups.append(dict(group, CreationDate=date(seen["CreationDate"]),
                           LastModifiedDate=date(seen["LastModifiedDate"])))
    write(directory / "users", users)
    write(directory / "groups", groups)
    write(directory / "members", members)
    write(directory / "by-user", by_user)
    write(directory / "by-group", [u for u in by_user if u[1]])


if __name__ == "__main__":
    main()
