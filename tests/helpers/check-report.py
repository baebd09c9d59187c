#!/usr/bin/env python3
"""check-report.py REPORT RECORDS [BEFORE]: counts the records again, with no regard to memory, and
looks for each figure in the report as text; prints what is not there, and ends with 1 then."""
import collections
import json
import re
import sys

REPORT, RECORDS, BEFORE = sys.argv[1], sys.argv[2], sys.argv[3:]


def read(path):
    users, groups, members = [], set(), set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            r = json.loads(line)
            if "~end" in r:
                continue
            if "GroupName" in r and "Username" in r:
                members.add((r["Username"], r["GroupName"]))
            elif "GroupName" in r:
                groups.add(r["GroupName"])
            elif "Username" in r:
                users.append(r)
                members.update((r["Username"], g) for g in r.get("Groups") or [])
    return users, groups, members


def shared(values):
    """Values of several, their users, most of one."""
    many = [n for n in collections.Counter(values).values() if n > 1]
    return [len(many), sum(many), max(many, default=0)]


def fold(text):
    # One character becomes one, as towlower has it.
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def identities(user):
    try:
        return [(i["providerName"], i["userId"], i.get("providerType"))
                for i in json.loads(user["Attributes"].get("identities", "[]"))]
    except (ValueError, KeyError, TypeError):
        return []


def count(path):
    users, groups, members = read(path)
    f = collections.OrderedDict()

    def put(chart, label, *values):
        f[chart, label] = list(values)

    def attributes(user):
        return {k: v for k, v in user.get("Attributes", {}).items() if v}

    put("Summary", "Users", len(users))
    put("Summary", "Enabled", sum(u.get("Enabled") is True for u in users))
    for status, n in collections.Counter(u.get("UserStatus", "(not said)") for u in users).items():
        put("Users by status", status, n)
    for chart, name in ("E-mail addresses", "email"), ("Telephone numbers", "phone_number"):
        have = [attributes(u) for u in users if name in attributes(u)]
        good = sum(a.get(name + "_verified") == "true" for a in have)
        put(chart, "1 verified", good)
        put(chart, "2 not verified", len(have) - good)
        put(chart, "3 none", len(users) - len(have))
    own, linked = collections.Counter(), collections.Counter()
    for u in users:
        for provider, _, kind in identities(u):
            name = provider if kind in (None, "", provider) else f"{provider} ({kind})"
            (own if u.get("UserStatus") == "EXTERNAL_PROVIDER" else linked)[name] += 1
    for name, n in own.items():
        put("Profiles by identity provider", name, n)
    for name, n in linked.items():
        put("Linked identities by identity provider", name, n)
    sizes = collections.Counter(g for _, g in members)
    for name, n in sizes.most_common(20):
        put("Groups by size", name, n)
    names = {u["Username"] for u in users}
    of = collections.Counter(u for u, _ in members if u in names)
    steps = collections.Counter()
    for u in users:
        n = of[u["Username"]]
        steps["none" if n == 0 else str(n) if n < 5 else "5 to 9" if n < 10 else "10 or more"] += 1
    for step, n in steps.items():
        put("Users by number of groups", step, n)
    put("Groups", "Users in no group", steps["none"])
    filled = collections.Counter(k for u in users for k in attributes(u))
    for name, n in filled.items():
        longest = max(len(u["Attributes"][name]) for u in users if name in attributes(u))
        empty = sum(1 for u in users if name in u.get("Attributes", {}) and name not in attributes(u))
        put("All attributes", name, n, empty, longest)
    for label, name in (("e-mail address", "email"), ("telephone number", "phone_number"),
                        ("preferred_username", "preferred_username")):
        values = [attributes(u)[name] for u in users if name in attributes(u)]
        put("What users share", label,
            *shared([v if name == "phone_number" else fold(v) for v in values]))
    put("What users share", "user name", *shared([u["Username"] for u in users]))
    put("What users share", "user name, any case", *shared([fold(n) for n in names]))
    put("What users share", "sub", *shared([u["Attributes"]["sub"] for u in users]))
    put("What users share", "identity", *shared([i[:2] for u in users for i in identities(u)]))
    return f, users, members, sizes


def changes(f, now, before):
    users = [{u["Attributes"]["sub"]: u for u in side[1]} for side in (now, before)]
    both = users[0].keys() & users[1].keys()
    f["Changes", "New users"] = [len(users[0].keys() - both)]
    f["Changes", "Users who are gone"] = [len(users[1].keys() - both)]

    def known(u):
        return (u["Username"], u.get("Enabled"), u.get("UserStatus"),
                {k: v for k, v in u["Attributes"].items() if v})
    f["Changes", "Changed users"] = [sum(known(users[0][s]) != known(users[1][s]) for s in both)]
    moved = collections.Counter()
    for s in both:
        a, b = users[1][s].get("UserStatus"), users[0][s].get("UserStatus")
        if a != b:
            moved[a + " " + b] += 1
    for label, n in moved.items():
        f["Changes of status", label] = [n]
    set_, altered, removed = (collections.Counter() for _ in range(3))
    for s in both:
        a, b = (users[i][s]["Attributes"] for i in (1, 0))
        for k in a.keys() | b.keys():
            x, y = a.get(k), b.get(k)
            if x != y:
                (altered if x and y else set_ if y else removed)[k] += 1
    for k in set_ | altered | removed:
        f["Changes of attributes", k] = [set_[k], altered[k], removed[k]]
    f["Changes", "Memberships begun"] = [len(now[2] - before[2])]
    f["Changes", "Memberships ended"] = [len(before[2] - now[2])]


def parse(path):
    """Lines below each heading; a label too long for its column goes on in the next line."""
    with open(path, encoding="utf-8") as lines:
        text = [line.rstrip("\n") for line in lines]
    found, section, chart = collections.defaultdict(list), "", ""
    for i, line in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        if following and set(following) in ({"-"}, {"="}) and len(following) == len(line):
            section = chart = line
        elif line and not line.startswith(" ") and set(line) != {"-"} and \
                (i == 0 or text[i - 1] == ""):
            chart = line
        found[chart].append(line)
        if chart != section:
            found[section].append(line)
    return found


def numbers(lines, label):
    words = label.split()
    for i, line in enumerate(lines):
        got = line.split()
        if got[:len(words)] != words:
            continue
        rest = got[len(words):] or (lines[i + 1].split() if i + 1 < len(lines) else [])
        rest = [w for w in rest if not re.fullmatch(r"[#.]+", w)]
        values = [w.replace(",", "") for w in rest if not w.endswith("%")]
        if values and all(re.fullmatch(r"[+-]?\d+", v) for v in values[:1]):
            return values
    return None


NOW = count(RECORDS)
WANTED = NOW[0]
if BEFORE:
    changes(WANTED, NOW, count(BEFORE[0]))
FOUND, WRONG = parse(REPORT), 0
for (where, what), want in WANTED.items():
    have = numbers(FOUND[where], what)
    shown = None if have is None else [int(v) for v in have if v.isdigit()]
    # A change of nothing, which has no sign, may stand between them.
    rest = iter(shown or [])
    if not shown or shown[0] != want[0] or not all(v in rest for v in want):
        print(f"{where}: {what}: wanted {want}, shown {have}")
        WRONG += 1
print(f"# {len(WANTED)} figures compared", file=sys.stderr)
sys.exit(WRONG > 0 or len(WANTED) < 20)
