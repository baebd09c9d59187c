"""The pipelines that are tortured, as scenes.py has the commands.

Those that write have a pool of their own, that stands beside each run and that no fault meets.  It is
kept in the file target, so that what a run has done to it is seen, and the next one finds it so.
"""
import io
import json
import re
import tarfile

import scenes
from scenes import OLD, ROLE, TREE, Server, made, scene

TARGET = "us-east-1_B"
# A ledger names its target, and a state its source, by addresses, which are others in each run; all
# of one length, since a plan is sealed.
MOVE = (f'[ ! -d d ] || find d -type f -exec sed -i "s|http://127.0.0.1:[0-9]*/{TARGET}|$AWS_ENDPOINT_URL/{TARGET}|;'
        's|http://127.0.0.1:[0-9]*/us-east-1_EXAMPLE1|$SOURCE/us-east-1_EXAMPLE1|" {} +; ')


def in_order(match):
    return b'"Groups":[%s]' % b"+".join(sorted(re.findall(rb'"[^"]*"', match[1])))


# What is another in each pool; and groups as they were joined.
NEW = ((rb'"(sub|PasswordHash|UserCreateDate|UserLastModifiedDate|CreationDate|LastModifiedDate)":"[^"]*"', rb'"\1":""'),
       (rb'dateCreated[^0-9]*[0-9]+', b""), (rb'"Groups":\[([^\]]*)\]', in_order))
SCHEMA = (b'{"UserPool":{"SchemaAttributes":[{"Name":"custom:tenant","AttributeDataType":"String","Mutable":true,'
          b'"StringAttributeConstraints":{"MinLength":"0","MaxLength":"9"}}]}}')


def at_target(script):
    """SOURCE is where the scene's server lies; the pool beside the script starts as, and is left in, target."""
    return ["sh", "-c", 'export SOURCE="${AWS_ENDPOINT_URL:-http://127.0.0.1:12345}" FAULT="${TORTURE_FILE:-}"; unset TORTURE_FILE; '
            f'exec serve-pool --allow all --user-pool-id {TARGET} --description schema --state target target -- '
            f'sh -c \'{MOVE}[ -z "$FAULT" ] || export TORTURE_FILE="$FAULT"; exec {script} >said\'']


def people_of(data):
    """Of a pool: who and which groups are in it: whether each is enabled, with groups and address."""
    found = {}
    for line in (data or b"").splitlines():
        record = json.loads(line)
        if "Username" in record:
            found["user", record["Username"]] = (record.get("Enabled"), tuple(sorted(record.get("Groups", ()))),
                                                 record.get("Attributes", {}).get("email"))
        elif "GroupName" in record:
            found["group", record["GroupName"]] = (True, (), None)
    return found


def between(run, whole):
    """However far it came, of each the target has what it had or what it is to have, and a part of his
    groups; nobody is missing who is there before and in the end, nobody is there of neither."""
    before, after = (people_of(files.get("target")) for files in (run.before, whole.after))
    now, problems = people_of(run.after.get("target")), []
    for who in sorted(set(before) | set(after) | set(now)):
        was, is_to_be, is_now = before.get(who), after.get(who), now.get(who)
        if is_now is None and None not in (was, is_to_be):
            problems.append(f"{who} is gone")
        elif is_now is not None and was is None and is_to_be is None:
            problems.append(f"{who} is at the target")
        elif is_now is not None:
            sides = [side for side in (was, is_to_be) if side is not None]
            # Who is made is enabled at first.
            states = {side[0] for side in sides} | ({True} if was is None else set())
            if is_now[0] not in states or is_now[2] not in {side[2] for side in sides}:
                problems.append(f"{who} is what he was not and is not to be: {is_now}")
            if not set(is_now[1]) <= set().union(*(side[1] for side in sides)):
                problems.append(f"{who} is in groups of neither: {is_now}")
            if len(sides) == 2 and not set(was[1]) & set(is_to_be[1]) <= set(is_now[1]):
                problems.append(f"{who} has lost a group: {is_now}")
    return problems


def partly(run, whole):
    """Status 3, since some of it was not done: something says so, and the next run does it."""
    rows = [json.loads(line) for line in (run.after.get("d/results.ndjson") or b"").splitlines()]
    if any(row.get("Result") in ("failed", "skipped") for row in rows) or b"rejected" in run.stderr \
            or b"left out" in run.stderr or b"ledger cannot be written" in run.stderr:
        return []
    return ["status 3, and nothing says what was not done"]


def writing(name, script, server=None, files=(), **more):
    """A pipeline that writes to the target: wherever it fails, the next run comes to the same end."""
    more.setdefault("next_run", True)
    return scene(name, at_target(script), server=server, foreign=True, timeout=300,
                 files={"target": b"", "schema": SCHEMA, **dict(files)}, outputs=("target",), sets=("target",),
                 free=("d/*", "d", "said"), masks=NEW, partial=partly,
                 between=between, **more)


def pool_of(*numbers, changed=()):
    rows = scenes.groups() + b"".join(scenes.user(n) for n in numbers)
    for n in changed:
        rows = rows.replace(f"canary-value-{n}@".encode(), f"canary-value-changed-{n}@".encode())
    return rows


few = Server("serve-pool --allow all pool --".split(), {"pool": pool_of(0, 2, 3, 4, 5, 7, changed=(3,))})
# One pool is to be looked at by export-fleet, and one is empty.
MANY = b"".join(json.dumps({"Id": f"us-east-1_{n}", "Name": n, "Records": "pool",
                            "Arn": f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_{n}"}).encode() + b"\n"
                for n in ("one", "two"))
many = Server("serve-pool --allow reads,inventory --inventory inventory --".split(),
              {"pool": pool_of(1, 2), "inventory": MANY})
both = Server(["serve-pool", "--allow", "all", "pool", "--", TREE + "/tests/helpers/scripted-scim.py", "script"],
              {"pool": pool_of(*range(4)), "script": scenes.SCIM_SCRIPT})
SERVERS = [few, many, both]

NIGHT = (f"nightly-delta -d d --retry-seconds 1 --user-pool-id us-east-1_EXAMPLE1 --endpoint-url $SOURCE "
         f"--target-user-pool-id {TARGET} --target-endpoint-url $AWS_ENDPOINT_URL --apply")
HR = "--key Login --rename email=email,verified=email_verified,Status=Enabled --true active --false left --empty-lists"
PERSONNEL = (b"Login,email,verified,Groups,Status\n"
             b"user0002,canary-value-2@example.com,true,staff,active\n"
             b"user0003,canary-value-changed@example.com,true,,left\n"
             b"new,canary-value-new@example.com,true,staff,active\n")


def unpacked(data):
    """Of a tar archive, what files a scene has."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}


def nights(count):
    """What so many nights leave behind them: of the first, everybody; then one is missing."""
    files = {"night": at_target(NIGHT)[2].encode(), "target": b"", "schema": SCHEMA, "pool0": pool_of(*range(6)),
             "pool1": pool_of(0, 2, 3, 4, 5)}
    script = "".join(f"serve-pool --allow all pool{n} -- sh night || exit; " for n in range(count))
    return unpacked(made("sh", "-c", script + "rm said; exec tar cf - d target", files=files))


def handed(run, whole):
    """What a command was given before the run failed stays given; nothing else was."""
    rows = (run.after.get("taken") or b"").split(b"\n")
    return [] if set(rows[:-1]) <= set(whole.after["taken"].split(b"\n")) else ["rows that nobody asked for were handed over"]


def delta_scenes():
    yield writing("nightly-delta to a pool", NIGHT, few)
    yield writing("nightly-delta to a pool, third night", NIGHT, few, nights(2))
    rows = "nightly-delta -d d --retry-seconds 1 --apply -- sh -c 'cat >taken'"
    yield scene("nightly-delta rows", ["sh", "-c", f"{rows} >said"], server=few, foreign=True, timeout=300,
                outputs=("taken",), free=("d/*", "d", "said"), between=handed)


def backup_scenes():
    named = ("backup-pool -d d --retry-seconds 1 --apply >said && backup-pool --verify d/2*; status=$?; "
             "for made in d/2*; do [ ! -e $made ] || mv $made d/backup; done; exit $status")
    times = ((rb"# made [^\n]*|[0-9a-f]{64}|[^ ]*d/2[^:]*: whole: .* of .*Z", b""),)
    yield scene("backup-pool", ["sh", "-c", named], server=few, foreign=True, timeout=300,
                outputs=("d/backup", "d/backup/*"), free=("d/.*", "d", "said"), masks=times)
    kept = unpacked(made("serve-pool", "--allow", "all", "pool", "--", "sh", "-c",
                         "backup-pool -d d --apply >said && mv d/2* backup && exec tar cf - backup",
                         files={"pool": pool_of(0, 2, 3)}))
    yield scene("backup-pool --verify", "backup-pool --verify backup".split(), files=kept, foreign=True)
    yield writing("restore-pool", "restore-pool -d d --retry-seconds 1 --apply backup", files=kept)
    yield writing("copy-pool", "copy-pool -d d --retry-seconds 1 --source-user-pool-id us-east-1_EXAMPLE1 "
                  f"--source-endpoint-url $SOURCE --source-role-arn {ROLE} --source-external-id cognito-integration "
                  "--endpoint-url $AWS_ENDPOINT_URL --apply", few)


def provision_scenes():
    there = pool_of(2, 3, 4)
    yield writing("provision-csv", f"provision-csv -d d --retry-seconds 1 {HR} --rows 3 --adopt --create-groups "
                  "--max update=9 --max user-disable=9 --max email-change=9 --apply hr.csv",
                  files={"hr.csv": PERSONNEL, "target": there})
    plain = b"\n".join(b",".join(row.split(b",")[i] for i in (0, 1, 2, 4)) for row in PERSONNEL.splitlines()) + b"\n"
    # Blind, a creation that was begun is settled by nobody's looking, and the next run ends with 3.
    yield writing("provision-csv --have-ledger", f"provision-csv -d d --retry-seconds 1 {HR} --rows 3 "
                  "--have-ledger $AWS_ENDPOINT_URL/us-east-1_B --apply hr.csv", files={"hr.csv": plain},
                  next_run=False)


def scim_pipelines():
    # What the server was told, and not only what came of it, stands in the results.
    options = {"server": both, "foreign": True, "timeout": 300, "free": ("d/*", "d", "said"), "next_run": True,
               "partial": partly}
    yield scene("sync-oci", ["sh", "-c", "sync-oci -d d --retry-seconds 1 --dialect scim >said"], **options)
    yield scene("sync-oci --authoritative", ["sh", "-c", "sync-oci -d d --retry-seconds 1 --dialect scim "
                                             "--authoritative --apply >said"], **options)
    yield scene("nightly-delta to a SCIM server", ["sh", "-c", "exec nightly-delta -d d --retry-seconds 1 --url $SCIM_URL "
                                                   "--apply >said"], **options)


def export_scenes():
    def of(name, *argv, server=scenes.pool, **more):
        old = {f"d/{f}": OLD for f in more.pop("old", ())}
        return scene(name, list(argv), server=server, files=old, foreign=True, timeout=300,
                     outputs=("d/*.csv", "d/*.ndjson", "d/*.json", "d/*.html", "d/*.txt"),
                     free=("d/.*", "d/*.rejects.ndjson", "d/previous*"), **more)
    yield of("export-oci", "export-oci", "-d", "d", "--retry-seconds", "1", old=("Users.csv", "Groups.csv"))
    yield of("export-csv", "export-csv", "-d", "d", "--keep", "0", old=("users.csv",))
    yield of("export-scim", "export-scim", "-d", "d", old=("users.ndjson",))
    yield of("export-report", "export-report", "-d", "d", "--keep-records", "okta",
             masks=((rb"as of 20[0-9: -]+ UTC", b""),))
    yield of("export-target flat", "export-target", "-d", "d", "flat")


def fleet_scenes():
    # Of a pool that failed the others have what they have.
    yield scene("export-fleet", ["sh", "-c", "exec export-fleet -d d --region us-east-1 --retry-seconds 1 --target flat >said"],
                server=many, foreign=True, timeout=300, outputs=("d/*/*.csv",), late=("d/*/*.csv",), next_run=True,
                free=("d", "d/.fleet*", "d/default", "d/default/*", "d/status.ndjson", "said"))


def all_pipelines():
    for part in (export_scenes, fleet_scenes, backup_scenes, provision_scenes, delta_scenes, scim_pipelines):
        yield from part()
