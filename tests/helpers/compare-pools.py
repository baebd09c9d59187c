#!/usr/bin/python3
"""compare-pools.py LOSSES SOURCE TARGET [KEY]: whether TARGET differs from SOURCE in what LOSSES lists, and
in nothing else.  SOURCE and TARGET are records of users with their Groups, and of groups; LOSSES is
losses.ndjson of restore-pool and copy-pool.  KEY: the attribute by which users of both are the same.
Prints each difference that is not listed, and each listed one that is none.
"""
import json
import sys

# What no list of users shows.
UNSEEN = {"password", "MFA", "devices"}


def read(path, key):
    users, groups = {}, {}
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        if "Username" in record:
            name = record["Username"] if key is None else record["Attributes"].get(key, record["Username"])
            # Who has the address of somebody before stands under the name.
            name = name if name not in users else record["Username"]
            users[name] = record
        elif "GroupName" in record:
            groups[record["GroupName"]] = record
    return users, groups


def fields(record):
    flat = {k: v for k, v in record.items() if k not in ("Attributes", "Groups", "GroupName")}
    flat.update({"Attributes." + k: v for k, v in record.get("Attributes", {}).items()})
    return flat


def same_identities(a, b):
    def of(text):
        return {(i["providerName"], i["userId"]) for i in json.loads(text or "[]")}
    return of(a) == of(b)


def differences(one, two, what):
    for name in sorted(set(one) | set(two)):
        if name not in two:
            yield what, name, what.lower()
        elif name not in one:
            yield what, name, "NEW"
        else:
            a, b = fields(one[name]), fields(two[name])
            for field in sorted(set(a) | set(b)):
                if a.get(field) != b.get(field):
                    yield what, name, field


def main():
    losses, source, target = sys.argv[1:4]
    key = sys.argv[4] if len(sys.argv) > 4 else None
    users, groups = read(source, key)
    there, groups_there = read(target, key)
    by_name = {u["Username"]: name for name, u in users.items()}
    listed, of_all = {}, []
    for line in open(losses, encoding="utf-8"):
        loss = json.loads(line)
        if "Of" in loss:
            if loss["Loss"] not in UNSEEN:
                of_all.append(("User" if loss["Of"] == "users" else "Group",
                               "Attributes.sub" if loss["Loss"] == "sub" else loss["Loss"]))
        elif "User" in loss:
            listed["User", by_name[loss["User"]], loss["Loss"]] = loss["Why"]
        else:
            listed["Group", loss["Group"], loss["Loss"]] = loss["Why"]
    gone = {(what, name) for what, name, field in listed if field in ("user", "group")}
    # Of whom nothing is there, nothing else is missing.
    listed = {k: v for k, v in listed.items() if k[:2] not in gone or k[2] in ("user", "group")}
    for what, field in of_all:
        for name in users if what == "User" else groups:
            if (what, name) not in gone:
                listed[what, name, field] = ""
    got = set(differences(users, there, "User")) | set(differences(groups, groups_there, "Group"))
    wrong = [("not listed",) + d for d in sorted(got - set(listed))]
    wrong += [("no difference",) + d for d in sorted(set(listed) - got)]
    for what, name, field in sorted(got & set(listed)):
        why = listed[what, name, field]
        if field == "UserStatus" and not why.endswith(" becomes " + there[name]["UserStatus"]):
            wrong.append(("another status", what, name, field))
        if field == "Attributes.identities" and not same_identities(
                *(side[name]["Attributes"].get("identities") for side in (users, there))):
            wrong.append(("other identities", what, name, field))
    for name in set(users) & set(there):
        want = {g for g in users[name]["Groups"] if ("Group", g) not in gone}
        if want != set(there[name]["Groups"]):
            wrong.append(("memberships", "User", name, "Groups"))
    for line in wrong:
        print(*line)
    print(len(got), "differences,", len({k for k in listed if k in got}), "listed")
    sys.exit(1 if wrong else 0)


main()
