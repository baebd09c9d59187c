#!/usr/bin/python3
"""check-writes.py BODIES INPUT SEED DUMP: whether nothing that was asked of a SCIM server takes anything
away that INPUT, what push-scim was given, does not.

BODIES is what scim-server.js --bodies wrote, SEED what the server had at first, DUMP what it had in
the end; all are NDJSON.  Forbidden are DELETE, a PATCH that removes or replaces members, or removes
an attribute that the input does not state as null, a PUT without a member that there was, and
active:false for whom the input does not say it.  What is forbidden is printed; status 1 if
anything is.
"""
import json
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def flatten(requests):
    """Method, path and body of each request, or of each operation of a BulkRequest."""
    for r in requests:
        for o in r["body"].get("Operations", []) if r["path"] == "/Bulk" else []:
            yield o["method"], o["path"], o.get("data", {})
        if r["path"].startswith(("/Users", "/Groups")):
            yield r["method"], r["path"], r["body"]


def members(resource):
    return {m["value"] if isinstance(m, dict) else m for m in resource.get("members") or []}


def stated_null(line, path):
    """Whether the line says that what the path leads to has no value."""
    at = line
    urn, name = path.rsplit(":", 1) if path.startswith("urn:") else (None, path)
    for step in ([urn] if urn else []) + name.split("."):
        if not isinstance(at, dict) or step not in at:
            return False
        at = at[step]
    return at in (None, [])


class Judge:
    def __init__(self, lines, seed, dump):
        self.lines = {(r["schemas"][0], r["externalId"]): r for r in lines if "~end" not in r}
        self.there = {r["id"]: r for r in seed + dump}
        self.seed = {r["id"]: r for r in seed}

    def line_of(self, path, body):
        number = path.rsplit("/", 1)[-1]
        resource = self.there.get(number, body)
        kind = "Group" if path.startswith("/Groups") else "User"
        return self.lines.get(("urn:ietf:params:scim:schemas:core:2.0:" + kind,
                               resource.get("externalId")), {})

    def patch(self, path, body, line):
        for o in body.get("Operations", []):
            what, op = o.get("path", ""), o["op"].lower()
            if what.startswith("members") and op != "add":
                yield f"{op} {what}"
            elif op == "remove" and not stated_null(line, what):
                yield f"remove {what}"
            elif what == "active" and o.get("value") is False and line.get("active") is not False:
                yield "active: false"

    def judge(self, method, path, body):
        line = self.line_of(path, body)
        if method == "DELETE":
            yield "DELETE"
        elif method == "PATCH":
            yield from self.patch(path, body, line)
        else:
            if body.get("active") is False and line.get("active") is not False:
                yield "active: false"
            before = self.seed.get(path.rsplit("/", 1)[-1], {})
            if method == "PUT" and members(before) - members(body):
                yield "members are lost"


def main():
    bodies, lines, seed, dump = (read(path) for path in sys.argv[1:5])
    judge = Judge(lines, seed, dump)
    writes = list(flatten(bodies))
    wrong = [f"{method} {path}: {why}" for method, path, body in writes
             for why in judge.judge(method, path, body)]
    print("\n".join(wrong + [f"{len(writes)} writes"]))
    sys.exit(1 if wrong or not writes else 0)


main()
