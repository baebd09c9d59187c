#!/usr/bin/python3
"""check-fleet.py FLEET DIR [ACCOUNT...]: DIR, what export-fleet has made for the target csv, holds exactly
the pools of FLEET (make-fleet.py) that are in these accounts, or in all, and each of them exactly its users,
groups and memberships, and status.ndjson says so; what differs is printed.  Lines of lists that failed
are not looked at.

    --begun     not all of them need be there, but those that are there are whole
"""
import csv
import json
import os
import sys

COLUMNS = ("Username", "sub", "UserStatus", "Enabled", "email")
begun = "--begun" in sys.argv
fleet, made, *accounts = [a for a in sys.argv[1:] if a != "--begun"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def truth(record):
    users, groups, members = set(), set(), set()
    if "Records" in record:
        with open(os.path.join(fleet, record["Records"]), encoding="utf-8") as file:
            for line in map(json.loads, file):
                if "Username" in line:
                    line.update(line["Attributes"], Enabled=str(line["Enabled"]).lower())
                    users.add(tuple(line[k] for k in COLUMNS))
                    members.update((group, line["Username"]) for group in line["Groups"])
                else:
                    groups.add((line["GroupName"], line.get("RoleArn", "")))
    return users, groups, members


def found(place):
    users = {tuple(row[k] for k in COLUMNS) for row in rows(place + "/users.csv")}
    groups = {(row["GroupName"], row["RoleArn"]) for row in rows(place + "/groups.csv")}
    return users, groups, {(row["GroupName"], row["Username"]) for row in rows(place + "/memberships.csv")}


wrong, counts, names = [], {}, {}
with open(os.path.join(fleet, "inventory.ndjson"), encoding="utf-8") as inventory:
    for record in map(json.loads, inventory):
        if "Id" in record:
            region, account = record["Arn"].split(":")[3:5]
            if not accounts or account in accounts:
                counts[account, region, record["Id"]] = truth(record)
                names[record["Id"]] = record["Name"]
there = set()
for account in os.listdir(made):
    if account.isdigit():
        for region in os.listdir(os.path.join(made, account)):
            there.update((account, region, pool) for pool in os.listdir(os.path.join(made, account, region)))
wrong += ["not of the fleet: %s/%s/%s" % key for key in there - set(counts)]
for key in sorted(counts):
    place = os.path.join(made, *key)
    if not os.path.exists(os.path.join(place, "users.csv")):
        if not begun or key in there and os.listdir(place):
            wrong.append("not there: %s" % place)
    elif found(place) != counts[key]:
        wrong.append("differs: %s" % place)
if not begun:
    with open(os.path.join(made, "status.ndjson"), encoding="utf-8") as file:
        said = {(s["Account"], s["Region"], s["UserPoolId"]): s for s in map(json.loads, file)}
    wrong += ["status of no such pool: %s/%s/%s" % key for key in set(said) - set(counts) if key[2]]
    for key, parts in counts.items():
        got = [said.get(key, {}).get(k) for k in ("Status", "Name", "Users", "Groups", "Memberships", "Rejected", "Why")]
        if got != [0, names[key[2]], *map(len, parts), 0, ""]:
            wrong.append("status of %s/%s/%s: %s" % (*key, got))
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(bool(wrong))
