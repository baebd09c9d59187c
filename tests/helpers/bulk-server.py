"""A SCRIPT for scripted-scim.py: a server that takes every operation in a Bulk, knows versions if its
config says so, and misbehaves as a scene says.  POST /_scene begins one: seed (resources), config,
and faults, each of them once:

    "bulk": what befalls the BulkRequests, one after the other: a status; "lost" (done, no answer),
            "drop" (neither), "garbage" (done, and answered with what is no BulkResponse), "half" (the
            first half is done and answered, the rest neither), "kill" (done, and who asks is killed), or
            "none"
    "limit": a Bulk of more operations is answered with 413, always
    "METHOD PATH": what befalls that operation, in a Bulk ("bulk METHOD PATH": only there): a status
            (not done); "silent" (done, not answered), "mute" (neither), "500", "408", "429" (done),
            "twice" (done, and answered a second time, as a failure), "nowhere" (done, answered without
            its location), "touch" (changed by somebody before), "rename" (the same, in what Before says)

or "chance": [SEED, SHARE], by which all of these come by chance.  GET /_state says what was asked, as
counts, the PATCHes of each group in their order, the sizes of the Bulks, and what there is.  config
may have "ids": the attribute whose value a resource gets as its id.
"""
import collections
import json
import os
import random
import re
import signal
import urllib.parse

S = {}
MADE_FAULTS = (429, 503, 500, "500", "408", "429", "silent", "mute", "twice", 405, 501)
OP_FAULTS = MADE_FAULTS + ("nowhere", 400, 404, 409, 412)     # of these a creation takes a word as final
BULK_FAULTS = (413, "lost", "drop", "garbage", "half", 400, 409, 501)
SINGLE_FAULTS = ("lost", "drop", 412)


def begin(seed=(), config=None, faults=None, chance=None):
    S.update(store={}, config=config or {}, faults=faults or {}, log=collections.Counter(), sizes=[],
             order=collections.defaultdict(list), serial=0, made=0,
             chance=random.Random(chance[0]) if chance else None, share=chance[1] if chance else 0)
    for resource in seed:
        put(dict(resource))


def version():
    S["serial"] += 1
    return f'W/"{S["serial"]}"'


def put(resource):
    kind = "/Groups" if "userName" not in resource else "/Users"
    if "id" not in resource:
        S["made"] += 1
        resource["id"] = resource[S["config"]["ids"]] if "ids" in S["config"] else f"i{S['made']}"
    resource["meta"] = {"created": "2999-01-01T00:00:00Z", "version": version()}
    S["store"][kind + "/" + resource["id"]] = resource
    return resource


def patch(resource, ops, path):
    for o in ops:
        at, value = o.get("path", ""), o.get("value")
        named = re.fullmatch(r'members\[value eq "(.*)"\]', at)
        if named:
            S["order"][path].append("-" + named[1])
            resource["members"] = [m for m in resource.get("members", []) if m["value"] != named[1]]
        elif at == "members":
            S["order"][path] += ["+" + m["value"] for m in value]
            if any(m["value"] == "bad" for m in value):
                return error(400, "invalidValue", "no such member")
            have = [m["value"] for m in resource.setdefault("members", [])]
            resource["members"] += [m for m in value if m["value"] not in have]
        elif o["op"] == "remove":
            resource.pop(at, None)
        else:
            resource[at] = value
    resource["meta"]["version"] = version()
    return (200, resource)


def carry_out(method, path, data, match):
    store = S["store"]
    if method == "POST":
        for there in store.values():
            if there.get("externalId") == data.get("externalId", 0):
                return error(409, "uniqueness")
        return (201, put(dict(data)))
    there = store.get(path)
    if there is None:
        return error(404)
    if match not in (None, there["meta"]["version"]):
        return error(412)
    if method == "DELETE":
        del store[path]
        return (204, None)
    if method == "PUT":
        store[path] = dict(data, meta={"version": version()})
        return (200, store[path])
    return patch(there, data["Operations"], path)


def by_chance(kinds):
    if S["chance"] is None or S["chance"].random() >= S["share"]:
        return None
    return S["chance"].choice(kinds)


def one_of(o):
    """What the server does about an operation of a Bulk, and says: a list."""
    given = o["path"]
    o = dict(o, path=urllib.parse.unquote(given))
    name = o["method"] + " " + o["path"]
    fault = S["faults"].pop(name, None) or S["faults"].pop("bulk " + name, None) or \
        by_chance(MADE_FAULTS if o["method"] == "POST" else OP_FAULTS)
    said = {"method": o["method"], "location": "https://elsewhere/scim/v2" + given}
    if o["method"] == "POST":
        said = {"method": "POST", "bulkId": o["bulkId"]}
    if fault in ("touch", "rename"):
        there = S["store"][o["path"]]
        there["meta"]["version"] = version()
        if fault == "rename":
            there["nickName"] = "theirs"
    if isinstance(fault, int):
        status, body, _ = error(fault, None, "canary of a refusal")
    elif fault == "mute":
        return []
    else:
        status, body = carry_out(o["method"], o["path"], o.get("data"), o.get("version"))[:2]
    if fault in ("500", "408", "429"):
        status, body = int(fault), None
    if fault == "nowhere":
        said.pop("location", None)
    if o["method"] == "POST" and status == 201:
        said["location"] = "https://elsewhere/scim/v2/Users/" + urllib.parse.quote(body["id"], safe="")
    one = dict(said, status=str(status), **({} if body is None else {"response": body}))
    if fault == "silent":
        return []
    return [one, dict(one, status="409")] if fault == "twice" else [one]


def bulk(r):
    ops = r.json["Operations"]
    S["sizes"].append(len(ops))
    for o in ops:
        S["log"]["bulk " + o["method"] + (" if" if "version" in o else "")] += 1
    if len(ops) > S["faults"].get("limit", len(ops)):
        return error(413)
    left = S["faults"].get("bulk", [])
    fault = left.pop(0) if left else by_chance(BULK_FAULTS)
    if isinstance(fault, int):
        return error(fault)
    if fault == "drop":
        return DROP
    if fault == "half":
        ops = ops[:len(ops) // 2]
    said = [one for o in ops for one in one_of(o)]
    if fault == "kill":
        with open("pid", encoding="utf-8") as f:
            os.kill(int(f.read()), signal.SIGKILL)
    if fault in ("lost", "kill"):
        return DROP
    if S["chance"] is not None:
        S["chance"].shuffle(said)
    return (200, {} if fault == "garbage" else {"Operations": said})


def look(r):
    if r.path.count("/") > 1:
        there = S["store"].get(r.path)
        return error(404) if there is None else (200, there)
    these = [x for p, x in S["store"].items() if p.startswith(r.path)]
    if "filter" in r.query:
        name, value = re.fullmatch('(.*?) eq (".*")', r.query["filter"], re.S).groups()
        these = [x for x in these if x.get(name) == json.loads(value)]
    return page(r, these)


def state():
    rows = []
    for path, resource in sorted(S["store"].items()):
        shown = {k: v for k, v in resource.items() if k not in ("meta", "schemas", "id", "externalId")}
        if "members" in shown:
            shown["members"] = sorted(m["value"] for m in shown["members"])
        # Which of several is made first is nobody's business.
        path = re.sub("/i[0-9]+$", "/made-" + resource.get("userName", ""), path)
        rows.append(path + " " + json.dumps(shown, sort_keys=True, separators=(",", ":")))
    return {"log": dict(sorted(S["log"].items())), "order": S["order"], "sizes": S["sizes"],
            "rows": sorted(rows)}


def answer(r):
    r.path = urllib.parse.unquote(r.path)
    if r.path == "/_scene":
        begin(**r.json)
        return (204, None)
    if r.path == "/_state":
        return (200, state())
    if r.path == "/ServiceProviderConfig":
        return (200, S["config"])
    if r.path == "/Bulk":
        return bulk(r)
    kind = r.method + " /" + r.path.split("/")[1]
    S["log"][kind + (" if" if "If-Match" in r.headers else "")] += 1
    if r.method == "GET":
        fault = S["faults"].pop("GET " + r.path, None)
        return look(r) if fault is None else error(fault)
    fault = S["faults"].pop(r.method + " " + r.path, None) or \
        by_chance(SINGLE_FAULTS[:2] if r.method == "POST" else SINGLE_FAULTS)
    if isinstance(fault, int):
        return error(fault)
    if fault == "drop":
        return DROP
    given = carry_out(r.method, r.path, r.json, r.headers.get("If-Match"))
    return DROP if fault == "lost" else given


begin()
