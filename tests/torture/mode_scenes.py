"""Modes of the commands that have memory, files or requests of their own, which the scenes of scenes.py
do not reach."""
import json

import scenes
from pipeline_scenes import NEW, at_target, between, few, pool_of
from scenes import GROUPS, OLD, ROLE, STATS, TREE, Server, groups, made, members, scene, sealed, served, user, users

IDENTITY = b"canary-of-an-identity-token\n"
MFA = "arn:aws:iam::123456789012:mfa/device"
PROFILES = f"""[profile process]
region = us-east-1
credential_process = cat answer
[profile web]
region = us-east-1
web_identity_token_file = token
role_arn = {ROLE}
""".encode()
strict_web = Server("serve-pool --require-role --web-identity-token-file token pool --".split(),
                    {"pool": pool_of(1, 2), "token": IDENTITY})
# One answer in some is a throttle, or none; pages are short.
weather = Server("serve-pool --allow all --short-pages --seed 7 --latency 1 --fault throttle=20% --fault reset=5% pool --".split(),
                 {"pool": pool_of(*range(70))})
# A server that says no to some, each time to the same, and one that takes whole resources alone.
NO_SCRIPT = scenes.SCIM_SCRIPT + b'''
friendly = answer


def answer(r):
    name = str((r.json or {}).get("externalId") or r.path)
    if r.method in ("POST", "PUT", "PATCH", "DELETE"):
        for end, status, kind in (("1", 400, "invalidValue"), ("2", 404, None), ("3", 409, "uniqueness"), ("4", 403, None)):
            if name.endswith(end):
                return error(status, kind, "canary-value of a detail")
        if name.endswith("5") and r.nth % 2:
            return error(429, "tooMany", "later") + ({"Retry-After": "0"},)
    return friendly(r)
'''
refusing = Server([TREE + "/tests/helpers/scripted-scim.py", "script"], {"script": NO_SCRIPT})
put_alone = Server([TREE + "/tests/helpers/scripted-scim.py", "script"],
                   {"script": scenes.SCIM_SCRIPT.replace(b'"patch": {"supported": True}', b'"patch": {"supported": False}')})
metadata = Server(["serve-pool", "pool", "--", TREE + "/tests/helpers/credential-server.py", "--metadata", "--"],
                  {"pool": pool_of(1, 2)})
SERVERS = [few, strict_web, weather, refusing, put_alone, metadata]
PROGRAM = b"""
def name: [.Attributes.given_name, .Attributes.family_name] | map(select(. != null)) | join(" ");
. as $u | {Username, n: name, l: (name | length), low: (name | ascii_downcase), up: (name | ascii_upcase),
  t: (.Attributes["custom:tenant"] | tonumber * 2 + 1), half: ((.Attributes["custom:tenant"] | tonumber) / 2 | floor),
  parts: (.Attributes.email | split("@")), at: (.Attributes.email | sub("@.*"; "")), g: (.Attributes.email | gsub("[0-9]"; "#")),
  date: (.UserCreateDate[:19] + "Z" | fromdate | todate), in: (.Groups | index("staff")), has: (.Groups | any(. == "staff")),
  starts: (.Username | startswith("user")), rest: (.Username | ltrimstr("user") | rtrimstr("1")), json: (.Attributes | tojson | fromjson),
  sum: (reduce .Groups[] as $g (0; . + ($g | length))), each: [foreach .Groups[] as $g (0; . + 1; $g)],
  first: (try error("x") catch .), alt: (.none // "no"), text: "a \(.Username) b", some: [range(3)], test: (.Username | test("^user0*1")),
  codes: (.Username | explode | implode), without: (.Attributes | del(.email)), less: (.Groups - ["staff"]), more: (.Attributes * {a: 1}),
  entries: (.Attributes | to_entries | map(.value |= tostring) | from_entries), minmax: ([.Groups[] | length] | add), ends: (.Username | endswith("1"))}
"""


def csv_modes():
    yield scene("emit-csv dialect", ["emit-csv", "--columns", "Username,email,Groups", "--delimiter", ";", "--join", "|",
                                     "--quote-empty", "--bom", "--no-header", "--seal", "-o", "out"],
                stdin=sealed(users(6)), files={"out": OLD}, outputs=("out",))
    yield scene("emit-csv --max-bytes", "emit-csv --columns Username,email --max-bytes 120 --split -o d/u.csv".split(),
                stdin=users(6), files={"d/u-001.csv": OLD}, outputs=("d/u*.csv",))
    yield scene("emit-json texts", ["emit-json", "--begin", '{"all":[', "--between", ",", "--end", "]}", "--max-bytes", "4000",
                                    "--split", "-o", "d/k.json"],
                stdin=users(12), files={"d/k-001.json": OLD}, outputs=("d/k*.json",))
    table = (b"some system, \xc3\xa4\nLogin;Mail;Born;Teams;State;Other\n"
             b"'=ana;canary-value@x.org;24.12.1999;a|b;yes;1\n"
             b"bo;;1.2.2003;;no;2\n;x;31.12.99;;maybe;3\n")
    rename = "Login=Username,Mail=email,Born=birthdate,Teams=Groups,State=Enabled"
    yield scene("parse-csv of some system", ["parse-csv", "--preamble", "1", "--delimiter", ";", "--join", "|", "--birthdate", "dmy",
                                             "--true", "yes", "--false", "no", "--guard", "apostrophe", "--rename", rename,
                                             "--unknown", "ignore", "--empty-lists", "--reject", "rej", "--source", "hr",
                                             "--seal", "--whole", "-o", "out"],
                stdin=table, files={"out": OLD}, outputs=("out",), late=("rej",))
    yield scene("parse-csv flat", ["parse-csv", "--kind", "flat", "--columns", "Login,Mail", "--rename", "Login=Who,Mail=mail", "--preamble", "1",
                                   "--delimiter", ";", "--unknown", "ignore", "--open-end"], stdin=table[:-1])
    yield scene("unguard dialect", ["unguard", "--guard", "apostrophe", "--delimiter", ";", "--preamble", "1"], stdin=table)


def foreigners():
    """Two who come from elsewhere, one of them linked to a user of ours."""
    one, two = (f'[{{"providerName":"Okta","providerType":"SAML","userId":"{n}","dateCreated":1,"primary":"false"}}]' for n in (1, 2))
    linked = json.loads(user(1))
    linked["Attributes"]["identities"] = one
    rows = [linked] + [{"Username": f"Okta_{n}", "Enabled": True, "UserStatus": "EXTERNAL_PROVIDER",
                        "Attributes": {"email": f"canary-value-{n}@example.com", "identities": text, "sub": f"s{n}"},
                        "Groups": ["staff", f"Okta_{n}"]} for n, text in ((1, one), (2, two))]
    return b"".join(json.dumps(row, separators=(",", ":")).encode() + b"\n" for row in rows)


def filter_modes():
    people = foreigners()
    yield scene("fold-users who are linked", "fold-users -o out".split(), stdin=sealed(people + user(2)), files={"out": OLD},
                outputs=("out",))
    yield scene("plan-sync of who is linked", "plan-sync --adopt --idp-groups --max update=9 want have".split(),
                files={"want": sealed(people), "have": sealed(user(1) + user(2))}, masks=((rb'"Made":"[^"]*"', b""),))
    yield scene("pool-report of a pool", ["pool-report", "-o", "out", "--rejects", "oci=no", "pool", "users"],
                files={"pool": made("describe-pool", "--seal", environment=scenes.things.start()), "users": sealed(people + users(9)),
                       "no": scenes.REJECTS * 5, "out": OLD}, outputs=("out",))
    for flag in ([], ["--no-native"]):
        yield scene("map-attributes, all of jq " + "".join(flag), "map-attributes -f p.jq".split() + flag, stdin=sealed(users(6)),
                    files={"p.jq": PROGRAM})
        yield scene("map-attributes jobs, rejects " + "".join(flag), ["map-attributes", "--jobs", "2", "--reject", "rej", "-e",
                    'if .Username=="user0003" then error("x") else {Username} end', *flag],
                    stdin=sealed(users(40)), late=("rej",))
    yield scene("emit-csv --guard oci", "emit-csv --columns Username,given_name,email --guard oci --reject rej".split(),
                stdin=users(3).replace(b'canary-value \\"G', b'=canary-value+'), late=("rej",))
    yield scene("emit-csv unique", "emit-csv --layout oci-users --reject rej".split(), late=("rej",),
                stdin=made("map-attributes", "-m", "oci-users", stdin=users(3) + users(2)))
    one = made(*"serve-pool --allow all --inventory inventory -- describe-pool --user-pool-id eu-west-1_EXAMPLE01 --region "
               "eu-west-1".split(), files={"inventory": scenes.inventory(), "pool": scenes.POOL})
    other = one
    for was, now in ((b"client1", b"client9"), (b'"ON"', b'"OFF"'), (b'"api"', b'"other"'), (b"Okta", b"Entra"), (b"EXAMPLE01", b"EXAMPLE02")):
        other = other.replace(was, now)
    yield scene("describe-pool --compare, much", "describe-pool --compare a b".split(), files={"a": one, "b": other})
    again = "-o out --if-changed".split()
    out = {"files": {"out": sealed(users(6))}, "outputs": ("out",)}
    yield scene("unseal --allow-plain", "unseal --allow-plain".split() + again, stdin=users(6),
                **{**out, "files": {"out": users(6)}})
    yield scene("map-attributes --if-changed", ["map-attributes", "-e", ".", *again], stdin=sealed(users(6)), **out)
    yield scene("merge-stats of a run", "merge-stats --command night --status 75 --no-stages".split(), stdin=scenes.STATISTICS)
    yield scene("pool-report of groups", ["pool-report", "--title", "canary", "--format", "html", "users", "groups", "members"],
                files={"users": sealed(users(12, False)), "groups": sealed(groups()), "members": sealed(members(12))},
                masks=((rb"as of 20[0-9: -]+ UTC", b""),), canaries=scenes.CANARIES)
    yield scene("through rejects", "through -o out --seal sh".split() + ["-c", "sed 2d"], stdin=sealed(users(6)),
                foreign=True, **out)
    yield from scim_files()
    yield from plan_modes()


def scim_files():
    files = {"users": sealed(users(8)), "groups": sealed(groups()), "members": sealed(members(8)), "out": OLD}
    known = served(scenes.scim, "list-scim", "--seal")
    yield scene("emit-scim --ids", "emit-scim --bulk --ids ids --extension urn:example:params:scim:schemas:extension:User -o out users groups members".split(),
                files={**files, "ids": known}, outputs=("out",))
    yield scene("emit-scim --mapping", "emit-scim --mapping ./own --arg a=b -o out users".split(), outputs=("out",),
                files={**files, "own": b'{schemas:["urn:ietf:params:scim:schemas:core:2.0:User"],userName:.Username,'
                                       b'externalId:.Attributes.sub,title:$a}\n'})
    mapped = made("emit-scim", "users", "groups", "members", files=files)
    yield scene("emit-scim --mapped", "emit-scim --mapped --fail-on-errors 3 --bulk --max-bytes 400000 --split -o r.json in".split(),
                files={"in": mapped}, outputs=("r*.json",))
    resources = made("emit-scim", "--for-push", "users", "groups", "members", files=files)
    push = {"sets": ("stdout",), "results": True}
    yield scene("push-scim, Bulk", "push-scim".split(), stdin=resources, server=scenes.bulk, **push)
    yield scene("push-scim --known", "push-scim --seal --known known --members-max 2 --adopt in".split(),
                files={"known": known, "in": resources}, server=scenes.scim, **push)
    yield scene("list-scim --filter", ["list-scim", "--filter", 'userName sw "name"', "--attributes", "userName,externalId",
                                       "--page-size", "50", "--users"], server=scenes.scim)
    yield scene("list-scim --no-members", "list-scim --no-members --groups --dialect aws".split(), server=scenes.scim)


def plan_modes():
    made_at = ((rb'"Made":"[^"]*"', b""),)
    sides = scenes.plan_sides(12)
    held = b'{"Reason":"canary-value","Line":1,"Stream":"x","Record":{"Username":"user0004"}}\n'
    protect = b'{"Username":"user0005"}\n{"GroupName":"admins"}\n{"Username":"nobody"}\n'
    files = {"want.u": sealed(users(11)), "want.g": sealed(groups()), "have.u": sides["have"], "have.g": sealed(groups()),
             "ledger": sides["ledger"], "held": held, "protect": protect, "out": OLD}
    # In the second run who is missing has been missing before.
    before = made("plan-sync", *"--ledger ledger --state state --left left -o out want have".split(), files=sides,
                  take="state")
    yield scene("plan-sync second run", "plan-sync --ledger ledger --state state --left left --max user-disable=9 --max "
                "update=9 -o out want have".split(), files={**sides, "state": before, "out": OLD},
                outputs=("out",), late=("state", "left"), masks=made_at)
    yield scene("plan-sync of groups", "plan-sync --ledger ledger --state state --scope-groups staff --disable-leavers "
                "--held held --protect protect --key email --attributes email,custom:tenant --max update=99 --want want.u "
                "--want want.g --have have.u --have have.g -o out".split(), files=files, outputs=("out",),
                late=("state",), masks=made_at)
    yield scene("plan-sync by a file", "plan-sync --adopt --ignore-attributes custom:tenant --delete --delete-groups "
                "--max user-delete=9 --max update=99 want.u have.u".split(), files=files, masks=made_at)
    want = made("emit-scim", "--for-push", "users", "groups", "members", files={
        "users": sealed(users(9)), "groups": sealed(groups()), "members": sealed(members(9))})
    have = served(scenes.scim, "list-scim", "--seal")
    yield scene("plan-sync of SCIM", "plan-sync --dialect oci --ledger ledger --state state --left left -o out --stats stats "
                "want have".split(), files={"want": want, "have": have, "ledger": b"", "out": OLD}, outputs=("out",),
                late=("state", "left"), free=STATS, masks=made_at)
    # What the source knows of people of whom the server has some, with other values.
    ids = made("sed", r's/"externalId":"sub\([0-9]\)"/"externalId":"\1000000\1-0000-4000-8000-000000000000"/', stdin=have)
    yield scene("plan-sync of SCIM, adopting", "plan-sync --adopt --max update=99 --delete want have".split(),
                files={"want": want, "have": recounted(have, ids)}, masks=made_at)


def recounted(seal, rows):
    """The rows under that seal, whose figures are made theirs."""
    rows = [line for line in rows.split(b"\n")[:-1] if not line.startswith(b'{"~end"')]
    end = json.loads(seal.split(b"\n")[-2])
    end["~end"].update(rows=len(rows), bytes=sum(len(line) + 1 for line in rows))
    return b"".join(line + b"\n" for line in rows) + json.dumps(end, separators=(",", ":")).encode() + b"\n"


def source_modes():
    yield scene("list-users by an instance", "list-users --seal".split(), server=metadata,
                env={"AWS_EC2_METADATA_DISABLED": "false", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    # The pace is shared by a file of the caller's own.
    yield scene("list-users at a pace", "list-users --max-rate 1000 --progress --seal".split(), server=scenes.pool, foreign=True,
                env={"XDG_RUNTIME_DIR": "."}, free=("cognito-filters", "cognito-filters/*", "*.pace"))
    yield scene("list-identity-pools --describe", "list-identity-pools --describe --seal".split(), server=scenes.fleet)
    yield scene("serve-pool inventory describe-pool", "serve-pool --allow all --inventory inventory -- describe-pool "
                "--retry-seconds 1 --user-pool-id eu-west-1_EXAMPLE01 --region eu-west-1".split(),
                files={"inventory": scenes.inventory(), "pool": scenes.POOL})
    yield scene("serve-pool faults", "serve-pool --fault throttle@2 --fault ListUsers:reset@3 --quota UserList=50 --latency 1 --log log "
                "--short-pages pool -- list-users --seal --retry-seconds 10".split(), files={"pool": scenes.POOL}, free=("log",),
                masks=((rb"https?://127\.0\.0\.1:[0-9]+", b""),))
    yield scene("check-connection refused", ["sh", "-c", "check-connection --for expand-members -o out; [ $? = 1 ]"],
                files={"out": OLD}, free=("out",), foreign=True, silent=True, server=scenes.strict)
    yield scene("list-users --max-items", "list-users --max-items 70 --seal -o out".split(), files={"out": OLD},
                outputs=("out",), server=scenes.large)
    yield scene("list-users --shard", "list-users --shard 2/3 --proof proof --seal".split(),
                files={"proof": scenes.shard_files()["proof"]}, server=scenes.pool)
    yield scene("list-users by a process", "list-users --profile process --seal".split(), server=few,
                files={"config": PROFILES, "answer": b'{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":'
                                                     b'"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}'},
                env={"AWS_CONFIG_FILE": "config", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    yield scene("list-users by a web identity", "list-users --profile web --seal".split(), server=strict_web,
                files={"config": PROFILES, "token": IDENTITY},
                env={"AWS_CONFIG_FILE": "config", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    patient = ["--retry-seconds", "60"]
    yield scene("list-users in bad weather", ["list-users", "--seal", *patient], server=weather)
    yield scene("expand-members in bad weather", ["expand-members", "--users", "--seal", *patient], server=weather,
                stdin=sealed(groups()))
    yield scene("check-connection table", "check-connection --for expand-members --group staff --format table "
                "--with-admin-get-user -o out".split(), files={"out": OLD}, free=("out",), silent=True, server=scenes.every)
    yield scene("check-connection as a role", ["check-connection", "--role-arn", ROLE, "--external-id", "cognito-integration"],
                server=scenes.strict, masks=((rb".*", b""),), silent=True)
    yield scene("assume-role with all", ["assume-role", "--retry-seconds", "1", "--role-arn", ROLE, "--external-id",
                                         "cognito-integration", "--role-session-name", "me", "--duration-seconds", "3600",
                                         "--source-identity", "me", "--tags", "Key=a,Value=canary-value", "--transitive-tag-keys",
                                         "a", "--policy-arns", "arn:aws:iam::aws:policy/ReadOnlyAccess", "--", "list-groups",
                                         "--retry-seconds", "1"],
                server=scenes.strict)
    yield scene("assume-role by a code", ["sh", "-c", "exec serve-pool --mfa device=123456 pool -- sh -c 'exec assume-role "
                f"--retry-seconds 1 --serial-number {MFA} --token-code-fd 3 --role-arn {ROLE} --external-id cognito-integration -- list-groups "
                "--retry-seconds 1 3<code'".replace("device=", MFA + "=")], files={"pool": pool_of(1), "code": b"123456\n"}, foreign=True)


def apply_modes():
    people = made("emit-scim", "--for-push", "users", "groups", "members", files={
        "users": sealed(users(8)), "groups": sealed(groups()), "members": sealed(members(8))})
    yield scene("push-scim refused", "push-scim --reject rej --adopt --no-bulk".split(), stdin=people, server=refusing,
                sets=("stdout",), late=("rej",), results=True)
    scim_rows, scim_ledger = scenes.scim_rows()
    plan = served(scenes.scim, "sh", "-c", f'exec {TREE}/tests/helpers/make-plan.py "$SCIM_URL" \'Key="externalId"\' '
                  'Confirmed=\'{"update":6}\'', stdin="".join(json.dumps(r) + "\n" for r in scim_rows).encode())
    for name, server in (("refused", refusing), ("whole", put_alone)):
        there = plan.replace(scenes.scim.start()["SCIM_URL"].encode(), server.start()["SCIM_URL"].encode())
        yield scene(f"apply-scim {name}", "apply-scim --max-age 90d --ledger ledger --failed again -o out plan".split(), server=server,
                    files={"plan": there, "ledger": scim_ledger, "out": OLD}, outputs=("out",), late=("again",), free=("ledger",),
                    results=True, partial=scenes.partly_applied)
    yield scene("apply-scim --only", "apply-scim --max-age 90d --ledger ledger --only update,disable,members --members-max 2 --no-bulk "
                "--failed again -o out plan".split(), server=scenes.scim, files={"plan": plan, "ledger": scim_ledger, "out": OLD},
                outputs=("out",), late=("again",), free=("ledger",), results=True, partial=scenes.partly_applied)


def in_own_pools():
    """Plans that are carried out, each run's in a pool of its own."""
    def row(n, op, **more):
        known = json.loads(user(n, False))
        return {"Op": op, "Key": known["Username"], "Username": known["Username"], "sub": known["Attributes"]["sub"], **more}
    rows = [{k: v for k, v in row(n, "create-user", After={"Enabled": n != 21, "Attributes": {"email": f"canary-value-{n}@example.com", "email_verified": "true"}}).items()
             if k != "sub"} for n in (20, 21, 22)]
    rows += [row(1, "update-user", Before={"Attributes": {"email": "canary-value-1@example.com"}},
                 After={"Attributes": {"email": "canary-value-x@example.com", "email_verified": "true"}}),
             row(2, "disable-user", Before={"Enabled": True}, After={"Enabled": False}),
             row(3, "delete-user", Before={"Enabled": True, "Attributes": json.loads(user(3))["Attributes"]}),
             row(4, "add-member", GroupName="staff"), row(8, "remove-member", GroupName="staff"),
             row(5, "link-provider", After={"ProviderName": "Okta", "ProviderAttributeName": "Cognito_Subject",
                                            "ProviderAttributeValue": "canary-value"}),
             row(9, "enable-user", Before={"Enabled": False}, After={"Enabled": True}),
             {"Op": "create-group", "Key": "made", "GroupName": "made", "After": {"Description": "canary-value"}},
             {"Op": "update-group", "Key": "emea", "GroupName": "testers", "Before": {"Description": "canary-value of testers"},
              "After": {"Description": "canary-value"}},
             {"Op": "delete-group", "Key": "empty", "GroupName": "empty", "Before": {"GroupName": "empty"}}]
    rows[-2]["Key"] = "testers"
    ledger = b"".join((json.dumps({"Ledger": "user", **{k: v for k, v in row(n, "").items() if k != "Op"}, "State": "created",
                                   "Time": "2026-01-02T03:04:05Z"}) + "\n").encode() for n in range(10))
    ledger += b"".join(f'{{"Ledger":"group","Key":"{g}","State":"created","Time":"2026-01-02T03:04:05Z"}}\n'.encode() for g in GROUPS)
    def plan_of(rows):
        return made(TREE + "/tests/helpers/make-plan.py", "http://127.0.0.1:12345/us-east-1_B",
                    'Confirmed={"update":1,"email-change":1,"user-disable":1,"user-delete":1,"group-delete":1,"user-enable":1}',
                    stdin="".join(json.dumps(r) + "\n" for r in rows).encode())
    plan = plan_of(rows)
    # Who is to be made disabled is not made without that permission.
    blind = plan_of([row for row in rows if row["Key"] != "user0021"])
    files = {"d/plan": plan, "d/ledger": ledger, "out": OLD, "again": OLD, "target": pool_of(*range(10)), "schema": scenes.DESCRIPTION,
             "passwords": b'{"Key":"user0020","Password":"Canary-secret-1!"}\n'}
    common = "apply-cognito --max-age 90d --retry-seconds 1 --seal --ledger d/ledger -o out --failed again --stats stats "
    more = {"foreign": True, "masks": NEW, "sets": ("target",), "next_run": True, "between": between, "free": STATS + ("d/ledger", "out", "again", "d/plan", "said"),
            "outputs": ("target",), "partial": lambda run, whole: []}
    yield scene("apply-cognito in a pool", at_target(common + "d/plan"), files=files, **more)
    yield scene("apply-cognito --blind", at_target(common + "--blind --only create,update,delete,password d/plan"), files={**files, "d/plan": blind}, **more)
    yield scene("apply-cognito --passwords", at_target(common + "--passwords passwords d/plan"), files=files, **more)


def all_modes():
    for part in (csv_modes, filter_modes, source_modes, apply_modes):
        yield from part()
