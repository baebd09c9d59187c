#!/usr/bin/python3
"""soak-keys.py FILE...: what must arrive, a line a record, to be sorted and compared.

A pool (NDJSON) and the three files of export-csv give the same lines:
    group NAME, membership GROUP USER, user NAME SUB EMAIL STATUS
each cell as JSON, so that no value can look like another.  Needs no more memory than a record.
"""
import csv
import json
import sys

csv.field_size_limit(2**30)


def put(kind, *cells):
    sys.stdout.write(kind + " " + json.dumps(cells) + "\n")


def of_pool(stream):
    for line in stream:
        record = json.loads(line)
        if "GroupName" not in record:
            attributes = record["Attributes"]
            put("user", record["Username"], attributes["sub"], attributes.get("email", ""), record["UserStatus"])
        elif "Username" in record:
            put("membership", record["GroupName"], record["Username"])
        else:
            put("group", record["GroupName"])


def of_csv(stream):
    for row in csv.DictReader(stream):
        if "UserStatus" in row:
            put("user", row["Username"], row["sub"], row["email"], row["UserStatus"])
        elif "Username" in row:
            put("membership", row["GroupName"], row["Username"])
        else:
            put("group", row["GroupName"])


for name in sys.argv[1:]:
    if name.endswith(".csv"):
        with open(name, newline="", encoding="utf-8") as stream:
            of_csv(stream)
    else:
        with open(name, encoding="utf-8") as stream:
            of_pool(stream)
