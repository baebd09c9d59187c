"""Pipelines that write to a pool, to a domain or beside what stands there already, for part-kill: what
they leave is judged by what is at the target in the end.

Each round has servers of its own, which nothing that is done to the pipeline reaches.  The pipeline is
cut down and run again, as it was called.  That run ends as one that nobody disturbed, or as the second of
these, which has nothing to do; then the target is the same, the ledger says the same, and nothing is left
of what was half done.  A further run has nothing to do.
"""
import os
import re
import subprocess

import scenes

HELPERS = scenes.TREE + "/tests/helpers"
# What two servers never have in common.
TIMES = (rb'"(User)?(CreateDate|LastModifiedDate|CreationDate|Time|created|lastModified|started|ended|Made)":"[^"]*",?', b"")
MADE = (rb'"(sub|identities|Id|id|Digest|version|location)":"[^"]*",?', b"")
# Of those who were made by a server, unlike those of person().
RANDOM = (rb'"[0-9a-f]{8}-(?!0000-4000)[0-9a-f]{4}-[0-9a-f-]{22}"', b"")
PORTS = (rb"https?://127\.0\.0\.1:[0-9]+", b"")
LOOK = ("list-groups {0} -o g && expand-members {0} -o m g && list-users {0} | expand-members --members m | "
        "jq -c '.Groups |= sort' | cat - g; rm -f g m")
HALF = re.compile(r"(^|/)(pending[^/]*|handing|\.export-[^/]*|\.[^/]*\.tmp)$")


class Writer:
    """scene      the pipeline, whose server gives the variables of all of a round's servers
    servers    a function: new ones, with the prefix that the names of their variables get
    first      a shell command that comes before, undisturbed, of which the target is what it is
    look       a shell command: what is at the target
    done       what a run that has nothing to do says; None: there is no such
    again      a shell command, run behind all of them, that says what must not be"""

    def __init__(self, name, command, servers, files=(), first="", look="", done=b"  nothing", again=""):
        self.scene = scenes.scene(name, ["bash", "-c", "exec " + command], files=files, foreign=True,
                                  server=Many([]), timeout=300)
        self.name, self.servers, self.first, self.look = name, servers, first, look
        self.done, self.again, self.kept = done, again, None

    def open(self):
        """Begins a round: a directory in which first has run, and its servers."""
        self.scene.server = Many(self.servers())
        self.scene.server.start()
        top = self.scene.prepare()
        if self.first:
            said = self.shell(top, self.first)
            if said.returncode not in (0, 3):
                raise ValueError(f"{self.name}: {self.first}: {said.returncode} {said.stderr.decode()}")
        return top

    def close(self):
        self.scene.server.stop()

    def shell(self, top, command):
        return subprocess.run(["bash", "-c", command], cwd=top + "/work", env=self.scene.environment(top),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def state(self, top):
        """What is at the target and in the ledger, and what must not be."""
        problems, found = [], b""
        if self.look:
            found = self.shell(top, self.look).stdout
        if self.again:
            problems += [line.decode() for line in self.shell(top, self.again).stdout.splitlines()]
        files = self.scene.look(top)
        problems += [f"{path} is left" for path in sorted(files) if HALF.search(path)]
        problems += [f"{path} is in TMPDIR" for path in sorted(files) if path.startswith("TMPDIR/")]
        ledger = files.get("st/ledger.ndjson") or b""
        return plain(found), plain(b"\n".join(last_words(ledger))), problems

    def whole(self):
        """Undisturbed, twice: [(status, state)], of the first run and of the second."""
        if self.kept is None:
            top = self.open()
            try:
                runs = [self.scene.execute(top) for _ in range(2)]
                state = self.state(top)
            finally:
                self.close()
                subprocess.run(["rm", "-rf", top], check=False)
            for run in runs:
                if run.status not in (0, 3):
                    raise ValueError(f"{self.name}: undisturbed, it ends with {run.status}: {run.stderr.decode()}")
            if state[2] or self.done is not None and self.done not in runs[1].stdout or self.look and not state[0]:
                raise ValueError(f"{self.name}: undisturbed: {state} {runs[1].stdout} {runs[1].stderr}")
            self.kept = [run.status for run in runs], state
        return self.kept

    def judge_next(self, top):
        """Run again as it was called, and once more.  Returns what must not be, and the first's run."""
        statuses, state = self.whole()
        again = self.scene.execute(top)
        problems = self.scene.judge_end(again, ())
        if again.status not in statuses:
            problems.append(f"status {again.status}, and {statuses} undisturbed")
        last = self.scene.execute(top)
        if last.status != statuses[1] or self.done is not None and self.done not in last.stdout:
            problems.append(f"the one after it: status {last.status}, and not nothing to do: {last.stdout[-600:]!r} "
                            f"{last.stderr[-300:]!r}")
        found, ledger, left = self.state(top)
        if found != state[0]:
            problems.append(f"the target is another: {difference(found, state[0])}")
        if ledger != state[1]:
            problems.append(f"the ledger says something else: {difference(ledger, state[1])}")
        return ["the next run: " + p for p in problems + left], again


class Many:
    """Servers, each with what stands before the names of its variables."""

    def __init__(self, servers):
        self.servers = servers

    def start(self):
        found = {}
        for prefix, server in self.servers:
            found.update((prefix + name, value) for name, value in server.start().items())
        return found

    def stop(self):
        for _, server in self.servers:
            server.stop()

    def pids(self):
        return {server.process.pid for _, server in self.servers if server.process is not None}


def plain(data):
    for expression, replacement in (TIMES, MADE, RANDOM, PORTS):
        data = re.sub(expression, replacement, data)
    return sorted(data.split(b"\n"))


def last_words(ledger):
    """Of each, its last line."""
    words = {}
    for line in ledger.split(b"\n"):
        kind = re.match(rb'\{"Ledger":"[a-z]*"', line)
        key = re.search(rb'"Key":"[^"]*"', line)
        if kind and key:
            words[kind[0], key[0]] = line
    return words.values()


def difference(one, other):
    lines = [b"-" + line for line in other if line not in one] + [b"+" + line for line in one if line not in other]
    return b" ".join(lines).decode("latin-1")[:900]


def person(n, mail="x.org"):
    return (f'{{"Username":"p{n}","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{{"email":"p{n}@{mail}",'
            f'"email_verified":"true","sub":"{n:08d}-0000-4000-8000-000000000000"}},"Groups":["staff"]}}\n').encode()


STAFF = b'{"GroupName":"staff","Description":"d"}\n{"GroupName":"admins"}\n'
SOURCE = b"".join(person(n) for n in range(6)) + STAFF


def change(*operations):
    '''A shell command: at the source, with its own commands.'''
    rows = "\n".join(operations)
    return rf'''pool=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
sub() {{ printf '"sub":"%08d-0000-4000-8000-000000000000"' $1; }}
for i in 0 1 2 3 4 5; do
	printf '{{"Ledger":"user","Target":"%s","Key":"p%d","Username":"p%d",%s,"State":"adopted",' "$pool" $i $i "$(sub $i)"
	echo '"Time":"2026-01-01T00:00:00.000Z"}}'
done >change.ledger
{HELPERS}/make-plan.py "$pool" >change.plan <<E
{rows}
E
apply-cognito --ledger change.ledger -o change.results change.plan && rm change.*'''


GONE = change('{"Op":"delete-user","Key":"p4","Username":"p4",$(sub 4),"Before":{"Enabled":true,"Attributes":'
              '{"email":"p4@x.org","email_verified":"true",$(sub 4)}}}')
OTHERS = change('{"Op":"create-user","Key":"n1","Username":"n1","After":{"Enabled":true,"Attributes":{"email":"n1@x.org",'
                '"email_verified":"true"}}}',
                '{"Op":"update-user","Key":"p1","Username":"p1",$(sub 1),"Before":{"Attributes":{"email":"p1@x.org"}},'
                '"After":{"Attributes":{"email":"p1@y.org","email_verified":"true"}}}',
                '{"Op":"disable-user","Key":"p3","Username":"p3",$(sub 3),"Before":{"Enabled":true},"After":{"Enabled":false}}')


def pool_server(data, *more, **keys):
    return scenes.Server(["serve-pool", "--allow", "all", *more, "pool", "--"], {"pool": data, **keys})


def writers():
    table = b"Login,Work Email,verified,Forename,Groups,Status\n"
    table += b"".join(b"u%d,u%d@x.org,true,F,staff;g%d,active\n" % (n, n, n % 2) for n in range(6))
    second = table.replace(b"u1@x", b"u1@y").replace(b"staff;g0,active\nu3", b"staff,active\nu3").replace(
        b"u5,u5@x.org,true,F,staff;g1,active", b"u5,u5@x.org,true,F,staff;g1,left\nu6,u6@x.org,true,F,g1,active")
    provision = ("provision-csv -d st --key Login --rename 'Work Email=email,verified=email_verified,Forename=given_name,"
                 "Status=Enabled' --true active --false left --empty-lists --retry-seconds 1 --create-groups --apply")
    yield Writer("provision-csv", provision + " --rows 7 second.csv",
                 lambda: [("", pool_server(b'{"GroupName":"others"}\n'))],
                 {"first.csv": table, "second.csv": second}, provision + " --rows 6 first.csv", LOOK.format(""))
    target = '--target-user-pool-id us-east-1_B --target-endpoint-url "$TO_AWS_ENDPOINT_URL"'
    nightly = f"nightly-delta -d st --retry-seconds 1 {target} --apply"
    at_target = LOOK.format('--user-pool-id us-east-1_B --endpoint-url "$TO_AWS_ENDPOINT_URL"')
    stranger = b'{"Username":"stranger","Attributes":{"email":"s@x.org"}}\n'

    def two():
        return [("", pool_server(SOURCE)), ("TO_", pool_server(stranger, "--user-pool-id", "us-east-1_B"))]
    # That somebody is missing counts in the second night, which is one more run.
    yield Writer("nightly-delta", nightly, two, {}, f"{nightly} && {GONE} && {nightly} && {OTHERS}", at_target)
    yield Writer("nightly-delta, all new", nightly, two, {}, "", at_target)
    told = "nightly-delta -d st --apply -- sh -c 'cat >/dev/null'"
    yield Writer("nightly-delta to a command", "nightly-delta -d st --retry-seconds 1 --apply -- sh ./take",
                 lambda: [("", pool_server(SOURCE))], {"take": b"cut -d , -f 1,2,3,6,14 >taken.new && cat taken.new >>taken\n"},
                 f"{told} && {GONE} && {told} && {OTHERS}",
                 # Told twice is told.
                 "cut -d , -f 1-5 taken | LC_ALL=C sort -u")
    backup = "mkdir -p b && backup-pool -d b --retry-seconds 1 --apply && mv b/2* b/one"

    def copied():
        return [("", pool_server(SOURCE, "--user-pool-id", "us-east-1_A")),
                ("TO_", pool_server(b"", "--user-pool-id", "us-east-1_B"))]
    yield Writer("restore-pool", f"restore-pool -d st --retry-seconds 1 --user-pool-id us-east-1_B --endpoint-url "
                 '"$TO_AWS_ENDPOINT_URL" --apply b/one', copied, {}, backup, at_target)
    yield Writer("copy-pool", "copy-pool -d st --retry-seconds 1 --source-user-pool-id us-east-1_A --user-pool-id us-east-1_B "
                 '--source-endpoint-url "$AWS_ENDPOINT_URL" --endpoint-url "$TO_AWS_ENDPOINT_URL" --apply', copied, {}, "",
                 at_target)
    scim = scenes.TREE + "/tests/helpers/scim-server.js"
    domain = (r'curl -s "${SCIM_URL%/admin/v1}/_dump" | jq -c "if .members then .members |= length else . end '
              r'| del(.id, .meta)" | LC_ALL=C sort')

    def domain_too():
        return [("", pool_server(SOURCE)), ("", scenes.Server([scim, "--oci", "--strict", "--"],
                                                              env={"PATH": os.environ["PATH"]}))]
    sync = "sync-oci -d st --authoritative --retry-seconds 1 --apply"
    yield Writer("sync-oci --authoritative", sync, domain_too, {}, f"{sync} && {GONE} && {sync} && {OTHERS}", domain)
    yield from beside()


def beside():
    """What takes its place beside older ones, or in parts."""
    # A backup is whole or it is not there.
    yield Writer("backup-pool", "backup-pool -d st --retry-seconds 1 --keep 2 --apply", lambda: [("", pool_server(SOURCE))], {},
                 "mkdir st && backup-pool -d st --apply", "", None,
                 'for b in st/2*; do backup-pool --verify "$b" >/dev/null 2>&1 || echo "$b is not whole"; done; '
                 '[ "$(ls st | wc -l)" -eq 2 ] || echo "$(ls -A st) are not two"; [ "$(ls -A st)" = "$(ls st)" ] || ls -A st')
    yield Writer("export-fleet", "export-fleet -d st --region eu-west-1 --jobs 2 --retry-seconds 1 --target flat",
                 lambda: [("", scenes.Server("sh -c".split() + [
                     f'python3 {HELPERS}/make-fleet.py --pools 3 --regions 1 --accounts 1 --users 4 few && exec serve-pool '
                     '--allow reads,inventory --inventory few/inventory.ndjson -- "$@"', "sh"]))], {}, "",
                 "cd st && jq -cS '{Pool, Status, Users, Groups, Rejected}' status.ndjson && find . -name '*.csv' -type f | "
                 "LC_ALL=C sort | xargs sha256sum", None,
                 "find st -name '.export-*' -o -name '.*.tmp'")

