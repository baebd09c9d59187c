"""hostile-world.py make DIRECTORY SEED SHARE: a pool as Cognito could hold it, whose users have written
what they like: 60 sound ones, and of the poisoned ones of hostile.py one in SHARE; all values are such
as the service takes.  Makes the files

    source.pool      users and groups
    target.pool      strangers who have the same poisons, three of them the names of users of the source,
                     and a group
    world.json       the description of both
    leave            names of users of the source, sound and odd, who are to leave
    change           names of sound ones who are to get another given name

hostile-world.py judge SOURCE BEFORE NOW GONE REASON...: what stands in the target NOW against SOURCE, and
against the strangers in BEFORE.  These files hold users with their Groups, and groups.  GONE has the
names, a line each, of those who have left, or "-"; REASON files say of whom something was not done, and
why.  Says on standard output what is wrong:

  * a sound user who is not there exactly, or not in exactly his groups;
  * another user who is not, and of whom no REASON speaks;
  * somebody who left and is not disabled, and somebody else who is disabled and not so at the source;
  * a stranger who is not as he was;
  * a group that is not there exactly, and of which no REASON speaks;
  * anybody else.

hostile-world.py scim SOURCE WANTED BEFORE NOW REASON...: the same of a SCIM server's resources; WANTED are
those that become of the users.

hostile-world.py names FILE...: of everybody in these files, CSV or records, a line each.
"""
import csv
import json
import re
import sys

import hostile

STANDARD = """address birthdate email email_verified family_name gender given_name locale middle_name name
nickname phone_number phone_number_verified picture preferred_username profile updated_at website
zoneinfo sub identities""".split()
SOUND = 60
csv.field_size_limit(1 << 30)


def could_be(record):
    """Whether attributes have names that a pool can have; what no pool takes is left out."""
    attributes = record["Attributes"]
    for name, good in [("birthdate", ".{10}"), ("updated_at", "[0-9]{1,18}"),
                       ("email", r"[^@ ]+@[^@ .][^@ ]*[^@ .]"), ("phone_number", "[+][0-9]{1,15}"),
                       ("email_verified", "true|false"), ("phone_number_verified", "true|false")]:
        if re.fullmatch(good, attributes.get(name, ""), re.S) is None:
            attributes.pop(name, None)
    for name in ("email", "phone_number"):
        # Alone it is sent to no pool.
        if name not in attributes:
            attributes.pop(name + "_verified", None)
    return len(attributes.get("identities", "")) < 100000 and \
        all(name in STANDARD or name.startswith("custom:") for name in attributes)


def make(directory, seed, share):
    good = [hostile.sound(n) for n in range(SOUND)]
    # The service makes subs: nobody has another one's, who would be held back with whom it rejects.
    subs = {r["Attributes"]["sub"] for r in good}
    served = {r["Username"]: r for _, r in hostile.poison(seed)
              if hostile.is_served(r) and could_be(r) and r["Attributes"].get("sub") not in subs}
    # Those whose names are odd, or like another one's, are few: all of them.
    odd = [r for n, r in enumerate(served.values()) if n % share == 0 or not r["Username"].startswith("odd-")]
    odd += [hostile.person(9990, email="a\0b@example.com"), hostile.person(9991, email="\x1b[2J@example.com")]
    groups = hostile.GROUPS + [{"GroupName": name, "Description": "odd"} for name in hostile.ODD_GROUPS]
    for n, record in enumerate(odd):
        record["Groups"] = ["staff-all", hostile.ODD_GROUPS[n % len(hostile.ODD_GROUPS)]]
    save(directory, "source.pool", groups + hostile.mix(good, odd))
    strangers = [{**r, "Username": "there-%d" % n, "Groups": ["theirs"],
                  "Attributes": {**r["Attributes"], "sub": hostile.sub(50000 + n)}}
                 for n, r in enumerate(odd[::3])]
    plain = [r["Username"] for r in odd if r["Username"].startswith("odd-")]
    for stranger, name in zip(strangers, plain[4:7]):
        stranger["Username"] = name
    save(directory, "target.pool", [{"GroupName": "theirs", "Description": "\u202ed"}] + strangers)
    names = {name for r in odd + good for name in r["Attributes"] if name.startswith("custom:")}
    schema = [{"Name": name, "AttributeDataType": "String", "Mutable": True, "Required": False,
               "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}} for name in sorted(names)]
    with open(directory + "/world.json", "w", encoding="utf-8") as file:
        json.dump({"Name": "\x1b[31m\u202e\x9b2J$(touch pwned)", "SchemaAttributes": schema}, file)
    sound = [r["Username"] for r in good]
    for name, people in [("leave", sound[7:11] + plain[8:11]), ("change", sound[20:24])]:
        with open(directory + "/" + name, "w", encoding="utf-8") as file:
            file.write("".join(person + "\n" for person in people))


def save(directory, name, records):
    hostile.save(directory, name, [hostile.line(record) for record in records])


def read(path):
    users, groups = {}, {}
    for record in rows(path):
        if "Username" in record:
            users[record["Username"]] = record
        elif "GroupName" in record:
            groups[record["GroupName"]] = record
    return users, groups


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [record for record in map(json.loads, file) if "~end" not in record]


def read_reasons(paths):
    """Of whom, and of which groups, something is said."""
    people, groups = set(), set()
    for record in (record for path in paths for record in rows(path)):
        if record.get("Result") in ("done", "unchanged"):
            continue
        whose = record.get("Record", record)
        if isinstance(whose, str):
            # A row of CSV.
            whose = {"Username": next(csv.reader([whose]), [""])[0]}
        if record.get("Left") == "group" or record.get("Op", "").endswith("-group"):
            groups.add(record["Key"])
            continue
        people |= {whose.get(name) for name in ("Username", "User", "userName", "Key")}
    return people, groups


def person_of(record):
    """What has to be the same."""
    attributes = {name: value for name, value in record["Attributes"].items()
                  if name not in ("sub", "identities") and value != ""}
    return attributes, set(record["Groups"])


def judge(source, before, now, gone, reasons):
    users, groups = read(source)
    strangers, their_groups = read(before)
    there, groups_there = read(now)
    people_told, groups_told = read_reasons(reasons)
    left = set() if gone == "-" else set(open(gone, encoding="utf-8").read().splitlines())
    arrived = 0
    for name, record in users.items():
        found = there.get(name)
        if name in strangers:
            if name not in people_told:
                yield "%s: somebody else has the name, and nobody says so" % ascii(name)
        elif found is not None and person_of(found) == person_of(record) and found["Enabled"] == record["Enabled"]:
            arrived += 1
        elif name.startswith("sound-") or name not in people_told:
            yield "%s: is not there, or not exactly" % ascii(name)[:80]
    for name, record in strangers.items():
        if there.get(name) != record:
            yield "%s: a stranger, and not as he was" % ascii(name)[:80]
    for name in set(there) - set(users) - set(strangers):
        if name not in left:
            yield "%s: nobody of the source" % ascii(name)[:80]
        elif there[name]["Enabled"]:
            yield "%s: has left, and is not disabled" % ascii(name)[:80]
    for name, record in {**groups, **their_groups}.items():
        found = groups_there.get(name, {})
        if any(found.get(key) != record.get(key) for key in ("GroupName", "Description", "Precedence")) and \
                name not in groups_told:
            yield "%s: a group that is not there exactly" % ascii(name)[:80]
    # Otherwise little would have been tried.
    if arrived < len(users) / 2:
        yield "only %d of %d arrived" % (arrived, len(users))


def without_null(resource):
    return {key: value for key, value in resource.items() if value is not None and key not in ("id", "meta")}


def judge_scim(source, wanted, before, now, reasons):
    """The same of a SCIM server; wanted is what becomes of the users of source there."""
    users, _ = read(source)
    people_told, groups_told = read_reasons(reasons)
    strangers = {r["id"]: r for r in rows(before)}
    there = {}
    for resource in rows(now):
        # A group comes in several lines.
        first = there.setdefault(resource["id"], resource)
        if first is not resource:
            first["members"] += resource["members"]
    by_sub = {r.get("externalId"): r for r in there.values() if r["id"] not in strangers}
    wanted = {r["externalId"]: r for r in rows(wanted)}
    ids, arrived = {}, 0
    for name, record in users.items():
        sub = record["Attributes"].get("sub")
        found = by_sub.get(sub)
        if found is not None and sub in wanted and without_null(found) == without_null(wanted[sub]):
            ids[name] = found["id"]
            arrived += 1
        elif name.startswith("sound-") or not {name, sub} & people_told:
            yield "%s: is not there, or not exactly" % ascii(name)[:80]
    for key, resource in strangers.items():
        if there.get(key) != resource:
            yield "%s: a stranger, and not as he was" % ascii(key)[:80]
    for resource in by_sub.values():
        if "userName" in resource and resource["id"] not in ids.values():
            yield "%s: nobody of the source" % ascii(resource["userName"])[:80]
        elif "displayName" in resource and "userName" not in resource:
            name = resource["displayName"]
            members = {m["value"] for m in resource.get("members", [])}
            if members != {ids[person] for person in ids if name in users[person]["Groups"]}:
                yield "%s: has other members" % ascii(name)[:80]
    if arrived < len(users) / 2:
        yield "only %d of %d arrived" % (arrived, len(users))


def names_in(paths):
    """Of all whom CSV files and records, rejected ones too, have."""
    for path in paths:
        if path.endswith(".csv"):
            with open(path, encoding="utf-8", newline="") as file:
                yield from (row["Username"] for row in csv.DictReader(file, strict=True))
        else:
            records = [record.get("Record", record) for record in rows(path)]
            yield from (record["Username"] for record in records if "Username" in record)


def main():
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "names":
        print(*sorted(set(map(ascii, names_in(sys.argv[2:])))), sep="\n")
    else:
        found = judge if sys.argv[1] == "judge" else judge_scim
        for text in found(*sys.argv[2:6], sys.argv[6:]):
            print(text)


if __name__ == "__main__":
    main()
