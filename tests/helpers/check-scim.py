#!/usr/bin/python3
"""check-scim.py [OPTION...] POOL DUMP: whether a SCIM server (DUMP of scim-server.js) has what a pool
(POOL, records) has, nothing more and nothing less, by rules written down here a second time.

Who may be missing is worked out from the pool too; with --told FILE (rejects and results of a run),
each of them must be named there with a reason.  Differences are printed; status 1 if there are any.
"""
import argparse
import json
import re
import sys

ORACLE = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User"
ORACLE_GROUP = "urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group"


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


class Pool:
    """What a server should have of a pool."""

    def __init__(self, records, options):
        self.options = options
        self.users, self.groups = {}, {}     # by externalId
        self.absent = {}                     # Usernames and GroupNames: the names at the server
        names = {}
        for r in records:
            if "UserStatus" in r:
                names[r["Username"]] = self.add_user(r)
            elif "Username" not in r:
                self.add_group(r)
        for r in records:
            if "GroupName" in r and "Username" in r and r["GroupName"] in self.groups:
                external = names[r["Username"]]
                if external is not None:
                    self.groups[r["GroupName"]]["members"].add(external)

    def user_name(self, r, a):
        """The name of a user, or None if there is none to trust."""
        if r["Username"] != a["sub"]:
            return r["Username"]
        return a["email"] if a.get("email") and a.get("email_verified") == "true" else None

    def add_user(self, r):
        a = {name: value for name, value in r["Attributes"].items() if value != ""}
        name = self.user_name(r, a)
        if (name is None or r["UserStatus"] in self.options.held
                or (self.options.oci and "email" not in a)
                or any(name.lower() == u["userName"].lower() for u in self.users.values())):
            self.absent[r["Username"]] = name
            return None
        otherwise = {"familyName": "-", "givenName": "-"} if self.options.oci else {}
        both = " ".join(a[n] for n in ("given_name", "family_name") if n in a)
        user = {"userName": name, "active": r["Enabled"],
                "displayName": a.get("name") or both or a.get("preferred_username") or a.get("email")
                or r["Username"],
                "name": dict(otherwise)}
        for ours, theirs in (("given_name", "givenName"), ("family_name", "familyName"),
                             ("middle_name", "middleName"), ("name", "formatted")):
            if ours in a:
                user["name"][theirs] = a[ours]
        for ours, theirs in (("nickname", "nickName"), ("zoneinfo", "timezone")):
            if ours in a:
                user[theirs] = a[ours]
        if "email" in a:
            user["emails"] = [(a["email"], "work", True)
                              + ((a.get("email_verified") == "true",) if self.options.oci else ())]
        if "phone_number" in a:
            user["phoneNumbers"] = [(a["phone_number"], "mobile")]
        if self.options.oci:
            user["federated"] = r["UserStatus"] == "EXTERNAL_PROVIDER" or a.get("identities", "[]") != "[]"
        self.users[a["sub"]] = user
        return a["sub"]

    def add_group(self, r):
        name = r["GroupName"]
        if any(name.lower() == other.lower() for other in self.groups):
            self.absent[name] = name
            return
        self.groups[name] = {"displayName": name, "members": set()}
        if self.options.oci and r.get("Description"):
            self.groups[name]["description"] = r["Description"]


class Server:
    """What it has, in the same form."""

    def __init__(self, resources, options):
        self.users, self.groups, self.mailed = {}, {}, []
        ids = {r["id"]: r.get("externalId") for r in resources}
        for r in resources:
            kind = self.users if r["resourceType"] == "User" else self.groups
            external = r.get("externalId")
            if external in kind:
                sys.exit(f"check-scim.py: {external}: twice")
            kind[external] = self.group(r, ids) if kind is self.groups else self.user(r, options)
            if "_mail" in r:
                self.mailed.append(external)

    @staticmethod
    def user(r, options):
        user = {name: r[name] for name in ("userName", "active", "displayName", "nickName", "timezone")
                if name in r}
        user["name"] = r.get("name", {})
        if "emails" in r:
            user["emails"] = [(e["value"], e["type"], e.get("primary", False))
                              + ((e["verified"],) if options.oci else ())
                              for e in r["emails"] if e["type"] != "recovery"]
        if "phoneNumbers" in r:
            user["phoneNumbers"] = [(p["value"], p["type"]) for p in r["phoneNumbers"]]
        if options.oci:
            user["federated"] = r[ORACLE]["isFederatedUser"]
        return user

    @staticmethod
    def group(r, ids):
        group = {"displayName": r["displayName"], "members": {ids[m] for m in r["members"]}}
        if r.get(ORACLE_GROUP):
            group["description"] = r[ORACLE_GROUP]["description"]
        return group


def shorten(value):
    return re.sub(r"(.{300}).+", r"\1...", repr(value))


def compare(kind, wanted, there):
    wrong = []
    for key in sorted(wanted.keys() | there.keys(), key=str):
        if key not in there:
            wrong.append(f"{kind} {key}: missing")
        elif key not in wanted:
            wrong.append(f"{kind} {key}: too many: {shorten(there[key])}")
        else:
            for name in sorted(wanted[key].keys() | there[key].keys()):
                w, t = wanted[key].get(name), there[key].get(name)
                if isinstance(w, set) and w != t:
                    wrong.append(f"{kind} {key}: {name}: missing {shorten(w - t)}, too many {shorten(t - w)}")
                elif w != t:
                    wrong.append(f"{kind} {key}: {name}: wanted {shorten(w)}, there is {shorten(t)}")
    return wrong


def names_of(path):
    """Whom a file of rejects or results gives as left out."""
    names = set()
    for r in read(path):
        if "Reason" in r:
            record = r["Record"]
            names.update(record.get(n) for n in ("Username", "GroupName", "userName", "displayName"))
        elif r.get("Result") in ("conflict", "failed"):
            names.add(r["Name"])
    return names


def main():
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--oci", action="store_true")
    p.add_argument("--held", default="", help="states of users that were held back")
    p.add_argument("--told", action="append", default=[], help="rejects, results")
    p.add_argument("--groups", help="only these groups, a list with commas, and their members")
    p.add_argument("pool")
    p.add_argument("dump")
    options = p.parse_args()
    options.held = set(options.held.split(","))
    records = read(options.pool)
    if options.groups is not None:
        listed = set(options.groups.split(","))
        members = {r["Username"] for r in records if r.get("GroupName") in listed and "Username" in r}
        records = [r for r in records if (r["GroupName"] in listed if "GroupName" in r
                                          else r["Username"] in members)]
    pool, server = Pool(records, options), Server(read(options.dump), options)
    wrong = compare("user", pool.users, server.users) + compare("group", pool.groups, server.groups)
    wrong += [f"user {name}: was sent a mail" for name in server.mailed]
    if options.told:
        told = set().union(*(names_of(path) for path in options.told))
        wrong += [f"{name}: left out without a word" for name, theirs in pool.absent.items()
                  if name not in told and theirs not in told]
    print("\n".join(wrong), end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


main()
