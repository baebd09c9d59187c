#!/usr/bin/python3
"""bulk-scenes.py [SEEDS]: beside bulk-server.py, in an empty directory: scenes of apply-scim with Bulk.
Of each, told.NAME is written: status, results, messages, what was asked (a Bulk by its operations, of
which "if" name a version), what there is, the ledger; and names gets NAME and a title.

SEEDS: so many runs in which everything goes wrong by chance, each repeated with what --failed left
until nothing is left: every row has one result each time, in its order, and in the end all is there
that the plan says, and nothing that it does not say is gone or changed.  Writes told.chance.
"""
import contextlib
import importlib.util
import io
import json
import os
import random
import re
import subprocess
import sys
import urllib.request

URL = os.environ["SCIM_URL"]
HERE = os.path.dirname(os.path.abspath(__file__))
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
BULK = {"bulk": {"supported": True, "maxOperations": 10}, "patch": {"supported": True},
        "filter": {"supported": True}}
VERSIONS = {**BULK, "etag": {"supported": True}}
PUTS = {**BULK, "patch": {"supported": False}}
KEYS = "ana bob cid dan eva fay".split()
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("make_plan", HERE + "/make-plan.py")
make_plan = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_plan)


def user(key, nick="a", **more):
    return {"schemas": [CORE + "User"], "id": "u" + key, "externalId": key, "userName": key, "active": True,
            "nickName": nick, **more}


def group(name, *members):
    return {"schemas": [CORE + "Group"], "id": "g" + name, "externalId": name, "displayName": name,
            "members": [{"value": "u" + m} for m in members]}


def one(op, key, **more):
    return {"Op": op, "Key": key, "Username": key, "Id": "u" + key, **more}


def change(key, to="b"):
    return one("update-user", key, Before={"nickName": "a"}, After={"nickName": to})


def off(key):
    return one("disable-user", key, Before={"Enabled": True}, After={"Enabled": False})


def on(key):
    return one("enable-user", key, Before={"Enabled": False}, After={"Enabled": True})


def gone(key, **more):
    return one("delete-user", key, Before=user(key, **more))


def new(key, **more):
    after = user(key, **more)
    del after["id"]
    return {"Op": "create-user", "Key": key, "Username": key, "After": after}


def add(key, name, **more):
    return {**one("add-member", key, GroupName=name), **more}


def out(key, name):
    return one("remove-member", key, GroupName=name)


def gone_group(name, members):
    return {"Op": "delete-group", "Key": name, "GroupName": name, "Id": "g" + name,
            "Before": {"displayName": name, "Members": members}}


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(URL + path, data=data)) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def write_plan(rows, name):
    given, given_argv = sys.stdin, sys.argv
    sys.stdin, sys.argv = io.StringIO("".join(json.dumps(r) + "\n" for r in rows)), [
        "make-plan.py", URL, 'Key="externalId"', 'Limits={"user-delete":99,"user-disable":99,"update":99}',
        'Max=["user-delete","user-disable","update"]',
        'Managed={"users":9999,"groups":9999,"members":9999}']
    with open(name, "w", encoding="utf-8") as f, contextlib.redirect_stdout(f):
        make_plan.main()
    sys.stdin, sys.argv = given, given_argv


def write_ledger(users, groups, ids=()):
    with open("ledger", "w", encoding="utf-8") as f:
        for kind, keys in (("user", users), ("group", groups)):
            for key in keys:
                name = "GroupName" if kind == "group" else "Username"
                f.write(json.dumps({"Ledger": kind, "Target": URL, "Key": key, name: key, "sub": dict(ids).get(key, kind[0] + key),
                                    "State": "created", "Time": "2026-01-01T00:00:00.000Z"}) + "\n")


def apply(plan, *options, pid=False):
    command = ["apply-scim", "--ledger", "ledger", "--failed", "failed", "--seal", *options, plan]
    with open("out", "wb") as o, open("err", "wb") as e:
        process = subprocess.Popen(command, stdout=o, stderr=e)
        if pid:
            with open("pid", "w", encoding="utf-8") as f:
                f.write(str(process.pid))
        return process.wait()


def lines(path):
    with open(path, encoding="utf-8") as f:
        return f.read().splitlines()


def results():
    return [r for r in map(json.loads, lines("out")) if "Op" in r]


def states():
    """Of each key of the ledger, in their order, but for what was there before."""
    found = {}
    for line in map(json.loads, lines("ledger")):
        if not line["Time"].startswith("2026-01-01T00:00:00"):
            found.setdefault(line["Key"], []).append(line["State"])
    return found


def told(status, counted):
    text = [f"status {status}"]
    for r in results():
        text.append(" ".join(["result", r["Op"], r["Key"], *([r["GroupName"]] if "GroupName" in r else []),
                              r["Result"], r["Code"] or "-", "later" if r["Retryable"] else "-",
                              r.get("Detail", "")]).rstrip())
    text += [re.sub(r"127[0-9.]+:[0-9]+", "HOST", line) for line in lines("err")]
    state = ask("/_state")
    if counted:
        text.append("asked " + ", ".join(f"{k} {v}" for k, v in state["log"].items()))
    text += [f"order {path} {' '.join(what)}" for path, what in sorted(state["order"].items())]
    text += ["there " + row for row in state["rows"]]
    text += [f"ledger {key} {','.join(what)}" for key, what in sorted(states().items())]
    return "".join(line + "\n" for line in text)


def play(name, title, rows, options=(), again=None, config=None, groups=(), counted=True,
         **scene):
    """again: what is run once more, from the same ledger: the plan, or what --failed left.  counted: it
    does not depend on the machine's pace how many requests there are, and of which kind."""
    ask("/_scene", {"config": config or BULK, **scene})
    write_ledger([r["externalId"] for r in scene.get("seed", ()) if "userName" in r], groups,
                 {r["externalId"]: r["id"] for r in scene.get("seed", ())})
    write_plan(rows, "plan")
    status = apply("plan", *options, pid=again == "killed")
    if again is not None:
        if again == "failed":
            os.replace("failed", "plan")
        status = f"{status}, {apply('plan', *options)}"
    with open("told." + name, "w", encoding="utf-8") as f:
        f.write(told(status, counted))
    with open("names", "a", encoding="utf-8") as f:
        f.write(f"{name} {title}\n")


def three(nick="a", keys=("ana", "bob", "cid")):
    return [user(key, nick) for key in keys]


def scenes():
    people = three()
    changes = [change(k) for k in KEYS[:3]]
    deletions = [gone(k) for k in KEYS[:3]]
    play("updates", "updates go in one, behind a look at each", changes, seed=people)
    play("kinds", "and so do activations, deactivations and deletions; what is so already is not sent",
         [on("ana"), on("bob"), on("cid"), off("dan"), off("eva"), off("fay"), gone("x"), gone("y"), gone("z")],
         seed=three("a", KEYS[3:]) + [dict(u, active=u["userName"] == "bob") for u in people]
         + three("a", "xyz"))
    play("versions", "with the version that the look has shown", changes, seed=people,
         config=VERSIONS)
    play("touched", "whom somebody changes meanwhile is looked at again, and only changed if he is as he was",
         changes, seed=people, config=VERSIONS,
         faults={"PATCH /Users/uana": "touch", "PATCH /Users/ubob": "rename"})
    play("kept", "nor is he deleted", deletions, seed=people, config=VERSIONS,
         faults={"DELETE /Users/uana": "touch", "DELETE /Users/ubob": "rename"})
    play("lost", "an answer that is lost: what was done counts as done", changes, seed=people,
         faults={"bulk": ["lost"]})
    play("lost-deletions", "of deletions, too", deletions, seed=people, faults={"bulk": ["lost"]})
    play("dropped", "one that never came is sent again, by itself", deletions, seed=people,
         faults={"bulk": ["drop"]})
    play("garbage", "an answer that is no BulkResponse", changes, seed=people, faults={"bulk": ["garbage"]})
    play("half", "the server stops after half, and says nothing of the rest", changes + [change("dan")],
         seed=three("a", KEYS[:4]), faults={"bulk": ["half"]})
    play("said", "of each operation another fate", [change(k) for k in KEYS] + [change("gil")],
         seed=three("a", KEYS + ["gil"]),
         faults={"PATCH /Users/uana": "silent", "PATCH /Users/ubob": "mute", "PATCH /Users/ucid": "500",
                 "PATCH /Users/udan": "twice", "PATCH /Users/ueva": "nowhere", "PATCH /Users/ufay": 429,
                 "PATCH /Users/ugil": 409})
    play("unsaid", "and so of deletions", [gone(k) for k in KEYS] + [gone("gil")],
         seed=three("a", KEYS + ["gil"]),
         faults={"DELETE /Users/uana": "silent", "DELETE /Users/ubob": "mute", "DELETE /Users/ucid": "500",
                 "DELETE /Users/udan": "twice", "DELETE /Users/ueva": "nowhere", "DELETE /Users/ufay": 503,
                 "DELETE /Users/ugil": 405})
    play("stays", "who is there, though a Bulk says 404, is deleted by a request of its own", deletions,
         seed=people, faults={"DELETE /Users/ubob": 404})
    play("row", "a refusal of one is no word about the server, if another is done", changes, seed=people,
         faults={"PATCH /Users/uana": 403})
    play("refused", "if none is, it ends the run", changes, seed=people,
         faults={f"PATCH /Users/u{k}": 403 for k in KEYS[:3]})
    play("forbidden", "what waits in one as the run is ended is not begun", changes, seed=people,
         faults={"GET /Users/ucid": 403})
    play("large", "too many for the server: half of them, and half again", changes
         + [change(k) for k in KEYS[3:]], seed=three("a", KEYS), faults={"limit": 2},
         counted=False)
    play("larger", "and then by themselves", changes, seed=people, faults={"limit": 1},
         counted=False)
    play("payload", "maxPayloadSize; what is too large for any goes by itself", [change("ana", "b" * 600)]
         + [change(k) for k in KEYS[1:]], seed=three("a", KEYS),
         config={**BULK, "bulk": {"supported": True, "maxOperations": 10, "maxPayloadSize": 600}})
    play("put-off", "a creation that is put off there, though it was done, is ours",
         [new("ana"), new("bob"), new("cid")], faults={"POST /Users": "429", "bulk POST /Users": "408"})
    many = [f"k{n:02}" for n in range(21)]
    play("throttled", "however many are put off there, they go by themselves, and the run goes on",
         [change(k) for k in many], seed=three("a", many),
         config={**BULK, "bulk": {"supported": True, "maxOperations": 40}},
         faults={f"bulk PATCH /Users/u{k}": 429 for k in many})
    play("no", "a server that has none", changes, seed=people, faults={"bulk": [501]})
    play("conflict", "one that refuses it in a way that it may have begun", changes, seed=people,
         faults={"bulk": [409]})
    play("away", "one that is away: what is left is done by the next run", changes, ("--retry-seconds", "0"),
         again="failed", seed=people, faults={"bulk": [503]})
    play("off", "--no-bulk", changes, ("--no-bulk",), seed=people)
    play("puts", "without PATCH and versions by themselves: a PUT writes all of it", changes, seed=people,
         config=PUTS)
    play("puts-if", "with versions not", changes, seed=people, config={**PUTS, "etag": {"supported": True}})
    play("groups", "groups are deleted one by one", [gone_group("a", 0), gone_group("b", 0), gone_group("c", 0)],
         seed=[group("a"), group("b"), group("c", "ana")], groups="abc")
    play("groups-if", "or together, if a version says that nobody has joined since", [gone_group("a", 0),
                                                                                     gone_group("b", 0)],
         seed=[group("a"), group("b")], groups="abc", config=VERSIONS, faults={"DELETE /Groups/gb": "touch"})
    members = [add("ana", "a"), add("bob", "a"), add("cid", "a"), add("ana", "b"), out("bob", "b"), add("ana", "c")]
    teams = [group("a"), group("b", "bob"), group("c")]
    play("members", "memberships of several groups; those of one group keep their order", members,
         ("--members-max", "2"), seed=people + teams, groups="abc")
    play("members-lost", "an answer that is lost", members, seed=people + teams, groups="abc",
         faults={"bulk": ["lost"]})
    play("members-said", "of each group another fate", members, seed=people + teams, groups="abc",
         faults={"PATCH /Groups/ga": "mute", "PATCH /Groups/gb": 429, "PATCH /Groups/gc": "silent"})
    play("members-bad", "a member who is refused keeps out nobody else", members[:3] + [add("x", "b", Id="bad"),
                                                                                       add("ana", "b")],
         seed=people + [user("x", id="bad")] + teams, groups="abc")
    play("reference", "what the server would take for a reference goes by itself",
         [change("ana", "BulkID:n0"), change("bob"), change("cid"), new("dan", nick="bulkId:n1"), new("eva"),
          new("fay")], seed=people)
    play("killed", "killed as one is carried out, and run again", deletions + [change("dan"), change("eva")],
         again="killed", seed=three("a", KEYS[:5]), faults={"bulk": ["kill"]})
    play("killed-later", "the same behind one that was carried out", deletions + [change("dan"), change("eva")],
         again="killed", seed=three("a", KEYS[:5]), faults={"bulk": ["none", "kill"]})
    play("repeated", "a plan that was carried out to its end, carried out again", [out("ana", "a"), out("bob", "b"),
                                                                                  gone("ana"), gone_group("b", 0)],
         again="plan", seed=people + [group("a", "ana", "bob"), group("b", "bob")], groups="ab")
    play("dots", "an id that would be another's path", [{**gone("ana"), "Id": ".."}, {**change("bob"), "Id": "."},
                                                        add("cid", "a"), add("cid", "b", GroupId=".")],
         seed=[user("ana", id=".."), user("bob", id="."), user("cid"), {**group("a"), "id": ".."}, {**group("b"), "id": "."}], groups="ab")


def chance(seeds):
    """Everything goes wrong by chance."""
    problems = []
    for seed in range(int(seeds)):
        by = random.Random(seed)
        keys = [f"k{n:02}" for n in range(by.randrange(4, 40))]
        config = {**BULK, "bulk": {"supported": True, "maxOperations": by.choice((2, 5, 40))},
                  "etag": {"supported": by.random() < 0.5}, "patch": {"supported": by.random() < 0.8}}
        teams = [group(name, *by.sample(keys, 2)) for name in "abc"]
        rows, there, members = [], {k: user(k) for k in keys}, {g["displayName"]: {m["value"] for m in g["members"]}
                                                               for g in teams}
        for name in members:
            for key in by.sample(keys, by.randrange(len(keys) // 2)):
                inside = "u" + key in members[name]
                rows.append((out if inside else add)(key, name))
                (members[name].discard if inside else members[name].add)("u" + key)
        for key in keys:
            what = by.choice(("change", "off", "gone", "nothing"))
            if what == "change":
                rows.append(change(key))
                there[key]["nickName"] = "b"
            elif what == "off":
                rows.append(off(key))
                there[key]["active"] = False
            elif what == "gone":
                rows.append(gone(key))
                del there[key]
        made = [f"n{n:02}" for n in range(by.randrange(9))]
        rows += [new(key) for key in made]
        ask("/_scene", {"config": config, "seed": [user(k) for k in keys] + teams,
                        "chance": [seed, by.choice((0.05, 0.3))]})
        write_ledger(keys, "abc")
        write_plan(rows, "plan")
        runs = 0
        while True:
            status = apply("plan", "--retry-seconds", "1")
            runs += 1
            rows = [r for r in map(json.loads, lines("plan")) if r.get("Op", "plan") != "plan"]
            name = [(r["Op"], r["Key"], r.get("GroupName")) for r in rows]
            if [(r["Op"], r["Key"], r.get("GroupName")) for r in results()] != name:
                problems.append(f"seed {seed}: results are not the rows")
            bad = [r for r in results() if r["Result"] in ("failed", "skipped")]
            if status not in (0, 3) or (status == 0) != (not bad):
                problems.append(f"seed {seed}: status {status}: {lines('err')}")
            if any(not r["Retryable"] for r in bad):
                problems.append(f"seed {seed}: for good: {[r for r in bad if not r['Retryable']]}")
            if not bad or runs == 30:
                break
            os.replace("failed", "plan")
        state = {row.split(" ", 1)[0]: json.loads(row.split(" ", 1)[1]) for row in ask("/_state")["rows"]}
        has = {r["userName"]: (r["active"], r["nickName"]) for r in state.values() if "userName" in r}
        wanted = {k: (u["active"], u["nickName"]) for k, u in there.items()}
        wanted.update({k: (True, "a") for k in made})
        if has != wanted:
            problems.append(f"seed {seed}: {set(has.items()) ^ set(wanted.items())}")
        for name, of in members.items():
            if set(state["/Groups/g" + name]["members"]) != of:
                problems.append(f"seed {seed}: group {name}: {set(state['/Groups/g' + name]['members']) ^ of}")
        ends = {k: v[-1] for k, v in states().items()}
        if any(ends.get(k) != "created" for k in made) or any(ends[k] != "deleted" for k in keys if k not in there):
            problems.append(f"seed {seed}: the ledger: {ends}")
    with open("told.chance", "w", encoding="utf-8") as f:
        f.write("".join(p + "\n" for p in problems))


if len(sys.argv) > 1:
    chance(sys.argv[1])
else:
    scenes()
