#!/usr/bin/python3
"""make-plan.py TARGET [MEMBER=JSON...]: reads operations, a line each, in any order, and writes them as
a sealed plan for TARGET: in applying order, with Totals and Classes that they add up to.  MEMBER=JSON
replaces a member of the header; MEMBER= takes it out.  Why is filled in where it is missing.
"""
import datetime
import json
import sys

OPS = """create-group update-group create-user link-provider set-password update-user enable-user add-member
remove-member disable-user delete-user delete-group""".split()
CLASSES = {"delete-user": "user-delete", "disable-user": "user-disable", "remove-member": "member-remove",
           "update-user": "update", "delete-group": "group-delete"}


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def main():
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    for row in rows:
        row.setdefault("Why", "a test")
    rows.sort(key=lambda r: (OPS.index(r["Op"]), r["GroupName"].encode() if "member" in r["Op"] else b"",
                             r["Key"].encode()))
    totals, classes = {}, {}
    for row in rows:
        totals[row["Op"]] = totals.get(row["Op"], 0) + 1
        names = [CLASSES[row["Op"]]] if row["Op"] in CLASSES else []
        if row["Op"] == "remove-member":
            names.append("member-remove:" + row["GroupName"])
        for name in names:
            classes[name] = classes.get(name, 0) + 1
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    header = {"Op": "plan", "V": 1, "Target": sys.argv[1], "Key": "Username", "Fold": False, "Made": now,
              "Managed": {"users": 100, "groups": 100, "members": 100}, "Totals": totals, "Classes": classes,
              "Limits": {}, "Confirmed": {},
              "Cost": {"Calls": {}, "Seconds": 1, "Billable": 0, "Messages": 0}}
    for change in sys.argv[2:]:
        name, value = change.split("=", 1)
        header.pop(name, None) if value == "" else header.update({name: json.loads(value)})
    body = "".join(dump(line) for line in [header] + rows)
    sys.stdout.write(body)
    sys.stdout.write(dump({"~end": {"v": 1, "ok": True, "rows": len(rows) + 1, "bytes": len(body.encode()),
                                    "rejected": 0, "source": header.get("Target", "") + "/plan",
                                    "scope": "all", "via": [], "started": now, "ended": now}}))


if __name__ == "__main__":
    main()
