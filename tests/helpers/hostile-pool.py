# For poisoned-pool.py: 200 sound users and, unless ODD is empty in the environment, among them what no
# administrator can have made: answers that are JSON, and users that are none or odd ones.
import json
import os

import hostile

USER = '{"Username":"odd-%d","Attributes":[{"Name":"sub","Value":"s%d"}%s],"Enabled":true%s}'
ATTRIBUTES = [
    '{"Name":"email","Value":"a"},{"Name":"email","Value":"b"}', '{"Value":"b"}', "null", "[]", "1",
    '{"Name":"","Value":"b"}', '{"Name":null,"Value":"b"}', '{"Name":1,"Value":"b"}',
    '{"Name":"email","Value":1}', '{"Name":"email","Value":null}', '{"Name":"email","Value":["a"]}',
    '{"Name":"em\\ud800ail","Value":"a"}', '{"Name":"a\\u0000b","Value":"a"}',
    '{"Name":"given_name","Value":"a\\ud800b"}', '{"Name":"given_name","Value":"\\udc00\\ud800b"}',
    '{"Name":"sub","Value":"again"}', '{"Name":"s\\u0075b","Value":"again"}', '{"Name":"~end","Value":"x"}',
    ",".join('{"Name":"custom:%d","Value":"x"}' % n for n in range(300)),
    ",".join('{"Name":"custom:%d","Value":"%s"}' % (n, "\\u0001" * 2048) for n in range(70)),
    ",".join('{"Name":"custom:%d","Value":"%s"}' % (n, "\\u0001" * 2048) for n in range(100)),
]
MEMBERS = [
    '"UserCreateDate":"x"', '"UserCreateDate":1e999', '"UserCreateDate":-1e18', '"UserCreateDate":9e99',
    '"UserCreateDate":[]', '"UserCreateDate":12345678901234567890123', '"UserCreateDate":-0',
    '"~end":{"v":1,"ok":true,"rows":0,"bytes":0}', '"GroupName":"staff-all"', '"Groups":["admins"]',
    '"\\u0047roups":["admins"]', '"Members":["sound-001"]', '"MFAOptions":' + "[" * 200 + "]" * 200,
    '"x":"%s"' % ("x" * 1100000), '"x":"%s"' % ("x" * 1048496), '"x":1e999', '"Enabled":"true"',
    '"UserStatus":{"a":1}', '"UserStatus":"\\ud800"', '"\\ud800":1', '"":1', '"a\\u0000":1',
    '"Attributes":{"a":"b"}', '"Attributes":7', '"Attributes":[]',
    '"Attributes":[{"Name":"sub","Value":"a\\u0000b"}]', '"Attributes":[{"Name":"sub","Value":"\\ud800"}]',
]
NONE = ['{"Username":"a\\u0000b"}', '{"Username":"\\ud800"}', '{"Username":""}', '{"Username":null}', "{}",
        "null", "[]", "1", '"x"', '{"Username":7}', '{"Username":["a"]}']


def wire(record):
    user = {key: value for key, value in record.items() if key != "Groups"}
    user["Attributes"] = [{"Name": k, "Value": v} for k, v in record["Attributes"].items()]
    user["UserCreateDate"] = 1577934245.678
    return json.dumps(user)


records = [hostile.sound(n) for n in range(hostile.SOUND)]
odd = [USER % (n, n, "," + text, "") for n, text in enumerate(ATTRIBUTES)]
odd += [USER % (n, n, "", "," + text) for n, text in enumerate(MEMBERS, len(odd))] + NONE
if not os.environ["ODD"]:
    odd = []
users = hostile.mix([wire(record) for record in records], odd)
groups = [json.dumps(group) for group in hostile.GROUPS]
members = {group["GroupName"]: [wire(r) for r in records if group["GroupName"] in r["Groups"]]
           for group in hostile.GROUPS}
members["staff-all"] = hostile.mix(members["staff-all"], odd)
header = '["cognito:username","name","\\u001b[31m","cognito:mfa_enabled"]'
