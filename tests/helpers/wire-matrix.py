#!/usr/bin/python3 -BS
"""wire-matrix.py [--sample N --seed S] [--only REGEX]: each network command beside a server that is well,
behind a gate (wire_gate.py) that answers one request wrongly, or all from one on: every request of the
command by every fault, or N cells of them by chance.  A line of TAP for each cell.

A reader ends with what the service has, or leaves the old file; a writer that says that nothing was changed
has changed nothing, and run again without the fault it comes to the same end as if there had been none.
What is no answer of the service is not asked for again; a fault that passes is 75 when it does not pass.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile

import wire_gate

HELPERS = pathlib.Path(__file__).resolve().parent
WORKERS = 6
ESTIMATE = 8            # from here on check-connection asks for what it can do without
PLAN = str(HELPERS / "make-plan.py")
TIME = "2020-01-01T00:00:00.000Z"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def dump(*rows):
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def sub(name):
    return "%08d-0000-4000-8000-000000000000" % sum(map(ord, name))


def user(name):
    return {"Username": name, "Enabled": True, "UserStatus": "CONFIRMED", "UserCreateDate": TIME,
            "UserLastModifiedDate": TIME, "Attributes": {"email": name + "@example.com", "sub": sub(name)}}


POOL = dump(*(user("u%03d" % i) for i in range(70)), user("cy"), user("ed"), {"GroupName": "other"},
            {"GroupName": "other", "Username": "cy"})
INVENTORY = dump(
    *({"Id": "us-east-1_P%d" % i, "Name": "p%d" % i, "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String"}],
       "Arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_P%d" % i} for i in range(3)),
    *({"IdentityPoolId": "us-east-1:%d" % i, "IdentityPoolName": "i%d" % i, "CognitoIdentityProviders":
       [{"ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_P1", "ClientId": "c"}]} for i in range(2)))
HEADER = ("name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,"
          "email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,"
          "cognito:mfa_enabled,cognito:username\n")
CSV = HEADER + "".join(",,,,,,,,,%s@example.com,TRUE,,,,,,FALSE,,,FALSE,%s\n" % (n, n) for n in ("zed", "zoe"))
OCI = "User ID,Last Name,First Name,Work Email\r\nana,A,An,a@example.com\r\nbob,B,Bo,b@example.com\r\n"


class Aws:
    """serve-pool, with a state of its own."""
    options = ()
    variable = "AWS_ENDPOINT_URL"

    def __init__(self, place):
        (place / "pool").write_text(POOL)
        (place / "inventory").write_text(INVENTORY)
        self.process = subprocess.Popen(
            ["serve-pool", "--allow", "all", "--log", "log", *self.options, "pool"], cwd=place, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.env = {}
        for line in self.process.stdout:
            if line.startswith("unset"):
                break
            name, value = re.fullmatch(r"export (\w+)='?([^']*)'?\n", line).groups()
            self.env[name] = value
        self.port = int(self.env[self.variable].rsplit(":", 1)[1])

    def through(self, gate):
        return {**self.env, self.variable: "http://" + gate.place}

    def state(self):
        """Users and members without what a password changes."""
        env = {**os.environ, **self.env, "COGNITO_SEAL": "1"}
        script = "set -o pipefail; list-users && list-groups | expand-members"
        text = subprocess.run(["bash", "-c", script], env=env, stdout=subprocess.PIPE, check=True, text=True).stdout
        return sorted((r.get("GroupName", ""), r["Username"], r.get("Enabled"), r["Attributes"].get("email"),
                       r["Attributes"].get("name")) for r in wire_gate.without_times(text) if "~end" not in r)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()


class Inventory(Aws):
    options = ("--inventory", "inventory")


class Beside:
    """A server of the helpers that runs a command: that one says where it is and waits."""
    variable = "SCIM_URL"
    command = (str(HELPERS / "scripted-scim.py"), "script")
    script = "def answer(r): return page(r, [user(n) for n in range(5)])"

    def __init__(self, place):
        self.place = place
        (place / "script").write_text(self.script)
        self.process = subprocess.Popen(
            [*self.command, "sh", "-c", "echo $SCIM_URL $SCIM_TOKEN; read wait"], cwd=place, text=True,
            env={**os.environ, "DUMP": "dump"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.url, self.token = self.process.stdout.readline().split()
        self.port = int(re.search(r":(\d+)", self.url)[1])

    def through(self, gate):
        return {"SCIM_URL": self.url.replace("127.0.0.1:%d" % self.port, gate.place), "SCIM_TOKEN": self.token}

    def close(self):
        self.process.communicate("\n")


class Scim(Beside):
    script = (HELPERS / "scim-scenes.py").read_text()

    def __init__(self, place):
        super().__init__(place)
        people = [{"schemas": [CORE + "User"], "id": "u" + n, "externalId": n, "userName": n, "active": True}
                  for n in ("cy", "ed", "flo")]
        self.ask("/_scene", {"seed": people, "config": {k: {"supported": True} for k in ("patch", "filter", "etag")}})

    def ask(self, path, body=None):
        data = ["-X", "POST", "-H", "Content-Type: application/json", "-d", json.dumps(body)] if body else []
        return subprocess.run(["curl", "-sS", *data, self.url + path], stdout=subprocess.PIPE, check=True, text=True).stdout

    def state(self):
        rows = [line for line in self.ask("/_state").splitlines() if line.startswith("{")]
        return sorted(re.sub(r'"(id|value)": ?"[^"]*",?', "", row) for row in rows)


class Domain(Beside):
    command = (str(HELPERS / "oci-import.py"), "--")

    def close(self):
        super().close()
        told = json.loads((self.place / "dump").read_text())
        self.end = sorted(told["users"]), told["wrong"]


class Scene:
    """name, server, command; a plan for apply-cognito, confirm-absent or apply-scim, or a file of CSV; once: what
    must not be sent twice in a run."""

    def __init__(self, name, server, command, writes=False, plan=(), csv="", once=()):
        self.name, self.server, self.command, self.writes = name, server, command.split(), writes
        self.plan, self.csv, self.once = plan, csv, once
        self.well = 3 if name == "confirm-absent" else 0        # of its plan a part is not so
        self.promises = name.startswith("apply-")       # that after some statuses nothing is changed

    def prepare(self, place, env):
        """The files, for the target that is the gate."""
        target = env.get("SCIM_URL") or "%s/%s" % (env["AWS_ENDPOINT_URL"], env["COGNITO_USER_POOL_ID"])
        (place / "out").write_text("old\n")
        if self.csv:
            (place / "in.csv").write_text(self.csv)
        if not self.plan:
            return
        members = ['Key="externalId"'] if "SCIM_URL" in env else []
        if self.name == "confirm-absent":
            members = ["Want=" + json.dumps({"Sources": [target + "/users", target + "/memberships"], "Scope": "all"})]
            target = "https://x/eu-west-1_have"
        else:
            (place / "ledger").write_text("".join(dump(
                {"Ledger": "user", "Target": target, "Key": n, "Username": n, "sub": "u" + n if "SCIM_URL" in env else sub(n),
                 "State": "created", "Time": TIME}) for n in ("cy", "ed")))
        made = subprocess.run([PLAN, target, *members], input=dump(*self.plan), stdout=subprocess.PIPE, check=True, text=True)
        (place / "plan").write_text(made.stdout)


def taken(op, name, before):
    return {"Op": op, "Key": name, "Username": name, "sub": sub(name), "Before": before,
            "Why": "absent since 2026-01-01T00:00:00.000Z"}


ABSENT = [{**taken(op, n, {"Enabled": True}), "After": {"Enabled": False}, "Source": {"Username": n, "sub": sub(n)}}
          for op, n in (("disable-user", "cy"), ("disable-user", "gone"))] + \
    [{**taken("delete-user", n, {"Username": n, "Attributes": {}}), "Source": {"Username": n, "sub": sub(n)}} for n in ("ed", "lost")]
APPLY = [{"Op": "create-group", "Key": "staff", "GroupName": "staff", "After": {"Description": "d"}},
         {"Op": "create-user", "Key": "ana", "Username": "ana", "After": {"Enabled": True, "Attributes": {"email": "ana@example.com", "email_verified": "true"}}},
         {"Op": "create-user", "Key": "bob", "Username": "bob", "After": {"Enabled": False, "Attributes": {"email": "bob@example.com", "email_verified": "true"}}},
         {"Op": "update-user", "Key": "cy", "Username": "cy", "sub": sub("cy"), "Before": {"Attributes": {"name": None}},
          "After": {"Attributes": {"name": "C"}}},
         {"Op": "add-member", "Key": "ana", "GroupName": "staff", "Username": "ana"},
         {"Op": "delete-user", "Key": "ed", "Username": "ed", "sub": sub("ed"), "Before":
          {"Username": "ed", "Enabled": True, "Attributes": {"email": "ed@example.com", "sub": sub("ed")}}}]
PERSON = {"schemas": [CORE + "User"], "externalId": "ana", "userName": "ana", "active": True}
APPLY_SCIM = [{"Op": "create-user", "Key": "ana", "Username": "ana", "After": PERSON},
              {"Op": "create-group", "Key": "staff", "GroupName": "staff", "After":
               {"schemas": [CORE + "Group"], "externalId": "staff", "displayName": "staff"}},
              {"Op": "update-user", "Key": "cy", "Username": "cy", "Id": "ucy", "Before": {"nickName": None}, "After": {"nickName": "b"}},
              {"Op": "add-member", "Key": "ana", "GroupName": "staff", "Username": "ana"},
              {"Op": "delete-user", "Key": "ed", "Username": "ed", "Id": "ued", "Before": {
                  "schemas": [CORE + "User"], "id": "ued", "externalId": "ed", "userName": "ed", "active": True}}]


SCENES = [
    Scene("list-users", Aws, "list-users --seal -o out"),
    Scene("describe-pool", Aws, "describe-pool --seal -o out"),
    Scene("list-user-pools", Inventory, "list-user-pools --describe --with-identity-pools --seal -o out"),
    Scene("list-identity-pools", Inventory, "list-identity-pools --describe --roles --seal -o out"),
    Scene("get-csv-header", Aws, "get-csv-header -o out"),
    Scene("check-connection", Aws, "check-connection --format json -o out"),
    Scene("confirm-absent", Aws, "confirm-absent -o out plan", plan=ABSENT),
    Scene("apply-cognito", Aws, "apply-cognito --ledger ledger --failed failed -o out plan", plan=APPLY, writes=True),
    Scene("push-import cognito", Aws, "push-import cognito --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs --verify "
          "-o out in.csv", csv=CSV, writes=True),
    Scene("list-scim", Beside, "list-scim --users --page-size 2 --seal -o out"),
    Scene("apply-scim", Scim, "apply-scim --ledger ledger --failed failed -o out plan", plan=APPLY_SCIM, writes=True),
    Scene("push-import oci", Domain, "push-import oci -o out in.csv", csv=OCI, writes=True, once=("POST JobSchedules",)),
]


class Run:
    """One run of a scene's command, through a gate."""

    def __init__(self, scene, place, env, slow, on):
        self.place = place
        # No more patience than the fault needs; a run in which it passes has time.
        patience = ["--retry-seconds", "1" if on else "60", "--connect-timeout", "60",
                    "--read-timeout", "1" if slow else "60"]
        words = scene.command
        at = 2 if words[0] == "push-import" else 1
        done = subprocess.run(["timeout", "150", *words[:at], *patience, *words[at:]], cwd=place, env={**os.environ, **env},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        self.status, self.stdout = done.returncode, done.stdout
        self.said = [line for line in done.stderr.splitlines() if ": warning: " not in line]
        self.out = (place / "out").read_text()

    def rows(self):
        return wire_gate.without_times(self.out) if self.out.startswith("{") else self.out


class Cell:
    def __init__(self, scene, kind, fault, at, on, early):
        self.scene, self.kind, self.fault, self.at, self.on, self.early = scene, kind, fault, at, on, early

    def __str__(self):
        return "%s: %s at request %d%s%s" % (self.scene.name, self.fault, self.at, ", and on" if self.on else "",
                                             ", not passed on" if self.early else "")

    def allowed(self):
        """The statuses that do."""
        if self.scene.name == "check-connection" and self.at >= ESTIMATE:
            return {0}
        if self.scene.name == "check-connection" and self.at == 1:      # one look, by libcurl itself
            return {1, 75} if self.on and self.kind != "harmless" else {0, 1, 75}
        if self.scene.well or self.kind == "harmless" or (self.kind == "passing" and not self.on):
            return {self.scene.well}
        if self.scene.writes:
            return {"passing": {75, 3}, "lasting": {1, 3}, "page": {0, 1, 3, 75}}[self.kind]
        if self.kind == "page":
            return {1, 75} if self.on else {0, 1, 75}
        return {75} if self.kind == "passing" else {1}

    def judge(self, run, gate, good, state, first):
        """What is wrong with it."""
        if run.status not in self.allowed():
            yield "status %d" % run.status
        if self.scene.name == "check-connection":       # it tells what it found as it goes, whatever that is
            if run.out == "old\n" or (run.status != 0) != ('"Ok":false' in run.out):
                yield "checks that do not fit: %s" % run.out[-300:]
        elif run.status not in (0, 3):
            if run.out != "old\n":
                yield "the old file is gone"
            # Of a job that is under way it says how to come back to it.
            if not 1 <= len(run.said) <= 1 + self.scene.name.startswith("push-import"):
                yield "%d lines on standard error" % len(run.said)
        elif run.out == "old\n":
            yield "no output"
        passed = self.kind == "harmless" or (self.kind == "passing" and not self.on)
        lists = not self.scene.writes and self.scene.name != "check-connection"
        if lists and (passed or run.status == 0) and run.rows() != good.rows:
            yield "other records"
        if self.scene.well:
            kept = {json.dumps(row) for row in good.rows}
            if any(row.get("Op", "plan") != "plan" and json.dumps(row) not in kept for row in run.rows()):
                yield "confirmed what is not so"
        if run.stdout:
            yield "something on standard output"
        if self.kind == "lasting" and gate.repeated():
            yield "asked again"
        for name in self.scene.once:
            if len([digest for own, digest, passed in gate.asked if own == name and passed]) > 1:
                yield "%s was sent again" % name
        if len({digest for own, digest, _ in gate.asked if own == "StartUserImportJob"}) > 1:
            yield "two jobs of one file were started"
        extra = {p.name for p in run.place.iterdir()} - good.files
        if extra:
            yield "left behind: %s" % " ".join(sorted(extra))
        if self.scene.promises and run.status in (0, 1, 75) and state != (good.state if run.status == 0 else first):
            yield "the state is not what status %d says" % run.status


class Good:
    """What a run without a fault comes to."""

    def __init__(self, scene, run, gate, state):
        self.rows, self.state = run.rows(), state
        self.files = {p.name for p in run.place.iterdir()} | {"failed", "ledger.lock"}
        self.names = [name for name, _, _ in gate.asked]

    def places(self):
        """Of each operation the first and the last time."""
        last = {name: n for n, name in enumerate(self.names, 1)}
        return sorted({self.names.index(name) + 1 for name in last} | set(last.values()))


def state_of(server):
    return server.state() if hasattr(server, "state") else None


def play(scene, top, cell=None, good=None):
    """Runs a cell, or without one the scene as it should be; returns what is wrong with it, or its Good."""
    place = pathlib.Path(tempfile.mkdtemp(dir=top))
    server = scene.server(place)
    fault = wire_gate.FAULTS[cell.kind][cell.fault] if cell else None
    gate = wire_gate.Gate(server.port, fault, cell.at if cell else 0, cell and cell.on, cell and cell.early)
    try:
        env = server.through(gate)
        scene.prepare(place, env)
        first = state_of(server) if cell and scene.promises else None
        run = Run(scene, place, env, cell and cell.fault in wire_gate.SLOW, cell and cell.on)
        state = state_of(server) if scene.writes else None
        if cell is None:
            if run.status != scene.well:
                sys.exit("%s: status %d: %s" % (scene.name, run.status, run.said))
            return Good(scene, run, gate, state)
        wrong = [*cell.judge(run, gate, good, state, first)]
        if scene.writes and run.status != 0:
            gate.at = 0
            (place / "out").write_text("old\n")
            again = Run(scene, place, env, False, False)
            if again.status != 0 or state_of(server) != good.state:
                wrong.append("the run after it: status %d, %s" % (again.status, again.said))
        return ["%s (%s; %s)" % (w, run.said, " ".join(n for n, _, _ in gate.asked)) for w in wrong]
    finally:
        gate.close()
        server.close()
        subprocess.run(["rm", "-rf", place], check=True)


def cells_of(scene, good):
    for kind, faults in wire_gate.FAULTS.items():
        for fault in faults:
            for at in good.places():
                for on in (False, True):
                    for early in (False, True) if scene.writes and kind != "harmless" else (False,):
                        yield Cell(scene, kind, fault, at, on, early)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as top, \
            concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        goods = dict(zip(SCENES, workers.map(lambda scene: play(scene, top), SCENES)))
        cells = [c for scene, good in goods.items() for c in cells_of(scene, good) if re.search(options.only, str(c))]
        if options.sample and options.sample < len(cells):
            cells = random.Random(options.seed).sample(cells, options.sample)
        failed = 0
        for n, (cell, wrong) in enumerate(zip(cells, workers.map(lambda c: play(c.scene, top, c, goods[c.scene]), cells)), 1):
            print("%sok %d - %s" % ("not " if wrong else "", n, cell), flush=True)
            for what in wrong:
                print("#   " + what[:600], file=sys.stderr)
            failed += bool(wrong)
        print("1..%d" % len(cells))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
