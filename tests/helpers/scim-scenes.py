"""A SCRIPT for scripted-scim.py: a server that does what a scene (scim-scenes.sh) says to the nth
request of a kind, such as "POST /Users", or "POST /Users ana" by the userName in it: "drop" it,
carry it out and give no answer ("lost") or a "late" one, "kill" who asks and carry it out, "touch"
the resource before, answer [STATUS, TYPE], or what an object says: its "status" with its "body", or
"raw" bytes, so many seconds "late" or after others ("until"), once it is "done", if it says so.
"""
import datetime
import json
import os
import re
import signal
import sys
import time
import types

NOW = "2026-01-01T00:00:00Z"
S = {}


def scene(seed=(), config=None, faults=None):
    S.update(store={}, seen={}, given={}, log=[], faults=faults or {}, touched=0, config=config or {},
             granted=0)
    # It may say of no resource when it was made, search without looking, show so many at most, and show
    # members only to who asks for them ("asked"), only where there are some ("some"), "never", or too "many".
    for r in seed:
        put(r)


def put(r):
    kind = "/Groups" if "displayName" in r and "userName" not in r else "/Users"
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    r.setdefault("id", "i%d" % len(S["store"]))
    r.setdefault("meta", {"created": now, "version": 'W/"1"'})
    if S["config"].get("timeless"):
        r["meta"].pop("created", None)
    S["store"][kind + "/" + r["id"]] = r
    return r


def touch(r):
    S["touched"] += 1
    r["meta"]["version"] = 'W/"%d"' % (S["touched"] + 1)


def patch(r, ops):
    for o in ops:
        path, value = o.get("path", ""), o.get("value")
        named = re.fullmatch(r'members\[value eq "(.*)"\]', path)
        if named:
            left = [m for m in r.get("members", []) if m["value"] != named[1]]
            if len(left) == len(r.get("members", [])):
                return error(400, "noTarget")
            r["members"] = left
        elif path == "members":
            have = [m["value"] for m in r.setdefault("members", [])]
            if any(m["value"] == "bad" for m in value):
                return error(400, "invalidValue", "no such member")
            r["members"] += [m for m in value if m["value"] not in have]
        elif o["op"] == "remove":
            r.pop(path, None)
        else:
            r[path] = value
    touch(r)
    return (204, None)


def bulk(r):
    told = []
    for o in r.json["Operations"]:
        one = types.SimpleNamespace(method=o["method"], path=o["path"], json=o["data"])
        name = o["data"].get("userName")
        status, body = carry_out(one)[:2]
        status = {"half": 500, "away": 503}.get(name, status)
        if name != "silent":
            told.append({"method": "POST", "bulkId": o["bulkId"], "status": str(status), "response": body})
    return (200, {"Operations": told})


def carry_out(r):
    if r.path == "/Bulk":
        return bulk(r)
    store, item = S["store"], S["store"].get(r.path)
    if r.method == "POST":
        for other in store.values():
            if other.get("userName", 0) == r.json.get("userName", 1) or \
                    ("userName" not in r.json and other.get("displayName") == r.json["displayName"]):
                return error(409, "uniqueness")
        return (201, put(r.json))
    if r.path.count("/") == 1:
        name, value = re.fullmatch('(.*) eq "(.*)"', r.query["filter"]).groups()
        found = [x for p, x in store.items() if p.startswith(r.path) and
                 (S["config"].get("blind") or x.get(name) == value)]
        return (200, {"totalResults": len(found), "Resources": found[:S["config"].get("shown", 100)]})
    if item is None:
        return error(404)
    if r.method == "GET":
        hidden, how = r.query.get("excludedAttributes"), S["config"].get("members")
        if how == "never" or (how == "some" and not item.get("members")) or \
                (how == "asked" and "attributes" not in r.query):
            hidden = "members"
        if how == "many":
            item = dict(item, members=[{"value": "m%d" % i} for i in range(10000)])
        if how and "attributes" in r.query:
            item = {k: v for k, v in item.items() if k in ("id", "members")}
        return (200, {k: v for k, v in item.items() if k != hidden})
    if r.headers.get("If-Match", item["meta"]["version"]) != item["meta"]["version"]:
        return error(412)
    if r.method == "DELETE":
        del store[r.path]
        return (204, None)
    if r.method == "PUT":
        store[r.path] = dict(r.json, meta=item["meta"])
        return (200, store[r.path])
    return patch(item, r.json["Operations"])


def shown(r):
    r = {k: v for k, v in r.items() if k not in ("meta", "schemas", "id")}
    if "members" in r:
        r["members"] = [re.sub(r"^i\d+", "ID", m["value"]) for m in r["members"]]
    return json.dumps(r, sort_keys=True, separators=(",", ":")) + "\n"


# An answer that waits for so many others of a kind, or that they are asked for.
def wait(kind, number, counts="given"):
    lock, end = sys.modules["__main__"].server.lock, time.monotonic() + 10
    while S[counts].get(kind, 0) < number and time.monotonic() < end:
        lock.release()
        time.sleep(.01)
        lock.acquire()
    lock.release()
    time.sleep(.2)
    lock.acquire()


def answer(r):
    given = answer_to(r)
    kind = r.method + " " + "/".join(r.path.split("/")[:2])
    S["given"][kind] = S["given"].get(kind, 0) + 1
    return given


def answer_to(r):
    if r.path == "/_scene":
        scene(**r.json)
        return (204, None)
    if r.path == "/_state":
        return (200, ",".join(S["log"]) + "\n" + "".join(sorted(map(shown, S["store"].values()))))
    if r.path == "/ServiceProviderConfig":
        return (200, S["config"])
    if r.path == "/token":
        S["granted"] += 1
        return token("t") if S["granted"] == 1 else error(401)
    kind = r.method + " " + "/".join(r.path.split("/")[:2])
    mine = kind + " " + str((r.json or {}).get("userName"))
    kind = mine if mine in S["faults"] else kind
    nth = S["seen"][kind] = S["seen"].get(kind, 0) + 1
    S["all"] = S["seen"]["all"] = S["seen"].get("all", 0) + 1
    fault = S["faults"].get(kind, [])
    fault = fault[nth - 1] if nth <= len(fault) else S["faults"].get("all", {}).get(str(S["all"]))
    S["log"].append(kind + (" if" if "If-Match" in r.headers else ""))
    if fault == "late":
        time.sleep(1)
    if isinstance(fault, list):
        return error(*fault)
    if isinstance(fault, dict):
        time.sleep(fault.get("late", 0))
        if "until" in fault:
            wait(*fault["until"])
        if "status" not in fault and "raw" not in fault:
            return carry_out(r)
        if fault.get("done"):
            carry_out(r)
        return raw(fault["raw"]) if "raw" in fault else (
            fault["status"], fault.get("body", ""), fault.get("head", {}))
    if fault == "drop":
        return DROP
    if fault == "touch":
        touch(S["store"][r.path])
    if fault == "kill":
        with open("pid") as f:
            os.kill(int(f.read()), signal.SIGKILL)
    given = carry_out(r)
    return DROP if fault in ("lost", "kill") else given


scene()
