"""The commands and pipelines that are tortured, each with all that it reads: every command several
times, so that its parts are reached.  all_scenes() gives them; see oracle.Scene for what one says.

TORTURE_BUILD is the build under test and TORTURE_TREE the tree.  What one command makes and another
reads comes from TORTURE_MAKER, an untouched build (by default the same).
"""
import base64
import json
import os
import subprocess
import tempfile
import time

from oracle import Scene

CANARIES = [b"canary-value", b"wJalrXUtnFEMI", b"canary-of-the-bearer-token", b"canary-secret"]
GROUPS = "admins empty sales,emea staff testers".split()
DATES = '"UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2019-01-02T03:04:05.678Z"'
GROUP_DATES = '"CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"'
OLD = b"old: what was there before\n"
END_TIMES = '"started":"2026-01-02T03:04:05.678Z","ended":"2026-01-02T03:04:06.678Z"'


def user(n, groups=True):
    name = f"user{n:04d}"
    attributes = {"custom:tenant": str(n % 7), "email": f"canary-value-{n}@example.com",
                  "email_verified": "true", "family_name": f"canary-value Fam\u0131ly {n}",
                  "given_name": "canary-value \"G\" ",
                  "sub": f"{n % 16:x}{n:07x}-0000-4000-8000-000000000000"}
    member = [g for i, g in enumerate(GROUPS) if g != "empty" and n % (i + 2) == 0]
    tail = ',"Groups":' + json.dumps(member, separators=(",", ":")) if groups else ""
    return (f'{{"Username":"{name}","Enabled":{"true" if n % 9 else "false"},"UserStatus":"'
            f'{"CONFIRMED" if n % 5 else "UNCONFIRMED"}",{DATES},"Attributes":'
            + json.dumps(attributes, separators=(",", ":"),
                         ensure_ascii=False) + tail + "}\n").encode()


def users(count, groups=True):
    return b"".join(user(n, groups) for n in range(count))


def groups():
    return b"".join(f'{{"GroupName":"{g}","Description":"canary-value of {g}",{GROUP_DATES}}}\n'.encode()
                    for g in GROUPS)


def members(count):
    return b"".join(
        f'{{"GroupName":"{g}","Username":"user{n:04d}","Attributes":{{"sub":"{n % 16:x}{n:07x}-0000-4000-8000-000000000000"}}}}\n'.encode()
        for i, g in enumerate(GROUPS) if g != "empty" for n in range(count) if n % (i + 2) == 0)


def inventory():
    """A user pool with all that can hang on one, and who is in it; and an identity pool that trusts it."""
    at = {"CreationDate": "2024-05-06T07:08:09.120Z", "LastModifiedDate": "2025-01-01T00:00:00.000Z"}
    limit = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserRead"}}
    records = [
        {"Id": "eu-west-1_EXAMPLE01", "Name": "canary-value", "Records": "pool", **at,
         "UserPoolClients": [{"ClientId": f"client{n}", "ClientName": "web", "HasClientSecret": True, **at} for n in range(3)],
         "IdentityProviders": [{"ProviderName": "Okta", "ProviderType": "SAML", "ProviderDetails": {"x": "canary-secret"}, **at}],
         "ResourceServers": [{"Identifier": "api", "Name": "API", "Scopes": []}],
         "Domains": [{"Domain": "example", "Status": "ACTIVE", "CertificateArn": "arn:aws:acm:us-east-1:1:certificate/x"}],
         "ProvisionedLimits": [{"LimitDefinition": limit, "ProvisionedLimitValue": 240, "FreeLimitValue": 120}],
         "MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}"},
         "SmsConfiguration": {"ExternalId": "canary-secret"}, "UserPoolTags": {"stage": "test"}},
        {"IdentityPoolId": "us-east-1:00000000-0000-4000-8000-000000000000", "IdentityPoolName": "app",
         "Account": "222233334444", "SupportedLoginProviders": {"api.twitter.com": "x;canary-secret"},
         "CognitoIdentityProviders": [{"ProviderName": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE01",
                                       "ClientId": "client0"}],
         "Roles": {"authenticated": "arn:aws:iam::222233334444:role/in"}}]
    return b"".join(json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in records)


def sealed(rows, scope="all"):
    count = rows.count(b"\n")
    return rows + (f'{{"~end":{{"v":1,"ok":true,"rows":{count},"bytes":{len(rows)},"rejected":0,'
                   f'"source":"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE1/users",'
                   f'"scope":"{scope}","via":[],{END_TIMES}}}}}\n').encode()


STATISTICS = b"".join(
    f'{{"Command":"list-users","Status":0,"Records":{n},"Rejected":1,"Bytes":100,"Seconds":1.{n:03d},'
    f'"Started":"2026-11-21T00:00:{n:02d}.000Z","Ended":"2026-11-21T00:01:00.000Z","Reasons":{{"why {n}":1}},'
    f'"Calls":{{"Operation{n}":{n}}},"Retries":0,"Throttles":1,"BytesIn":10,"BytesOut":20}}\n'.encode()
    for n in range(40))
BAD = b'{"Username":"bad\\ud800","canary-value":1}\n{"Username":canary-value}\n'

MAKER = os.environ.get("TORTURE_MAKER") or os.environ["TORTURE_BUILD"]
TREE = os.environ["TORTURE_TREE"]
made_before = {}


def made(*argv, stdin=b"", files=(), good=(0, 3), take=None, environment=()):
    """What an untouched command makes of stdin: its output, or the file take."""
    key = (argv, stdin, tuple(sorted(dict(files).items())), take)
    if key not in made_before:
        with tempfile.TemporaryDirectory(prefix="cognito-torture.") as top:
            for path, data in dict(files).items():
                with open(f"{top}/{path}", "wb") as f:
                    f.write(data)
            env = {"PATH": f"{MAKER}/bin:{MAKER}/tools:{TREE}/pipelines:/usr/bin:/bin",
                   "COGNITO_FILTERS_PATH": TREE + "/pipelines",
                   "HOME": top, "LC_ALL": "C", "ASAN_OPTIONS": "detect_leaks=0",
                   **dict(environment)}
            run = subprocess.run(argv, input=stdin, env=env, cwd=top, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, check=False)
            if run.returncode not in good:
                raise ValueError(f"{argv}: {run.returncode} {run.stderr.decode()}")
            if take is None:
                made_before[key] = run.stdout
            else:
                with open(f"{top}/{take}", "rb") as f:
                    made_before[key] = f.read()
    return made_before[key]


def served(server, *argv, **more):
    return made(*argv, environment=server.start(), **more)


class Server:
    """A server that stays: argv gets a command behind it that hands its environment over and waits."""

    def __init__(self, argv, files=(), keep=(), env=()):
        self.argv, self.files, self.keep, self.env = argv, dict(files), keep, dict(env)
        self.process = self.found = self.top = self.owner = None

    def start(self):
        # In a worker, the server is the one that was started before the workers were.
        if self.process is not None and (self.owner != os.getpid() or self.process.poll() is None):
            return self.found
        self.owner = os.getpid()
        self.top = tempfile.mkdtemp(prefix="cognito-torture-server.")
        for path, data in self.files.items():
            with open(f"{self.top}/{path}", "wb") as f:
                f.write(data)
            os.chmod(f"{self.top}/{path}", 0o600)
        env = {"PATH": f"{MAKER}/bin:/usr/bin:/bin", "HOME": self.top, "LC_ALL": "C",
               "AWS_CONFIG_FILE": "/dev/null", "ASAN_OPTIONS": "detect_leaks=0", **self.env}
        here = "env -0 >environment.new && mv environment.new environment && exec cat"
        self.process = subprocess.Popen(list(self.argv) + ["sh", "-c", here], cwd=self.top, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while not os.path.exists(self.top + "/environment"):
            if self.process.poll() is not None:
                raise ValueError(f"{self.argv}: no server")
            time.sleep(0.01)
        with open(self.top + "/environment", "rb") as f:
            pairs = dict(p.split("=", 1) for p in f.read().decode().split("\0") if p)
        self.found = {k: v for k, v in pairs.items()
                      if k.startswith(("AWS_", "COGNITO_USER", "SERVE_POOL_", "SCIM_", "TOKEN_"))
                      and k != "AWS_CONFIG_FILE"}
        return self.found

    def stop(self):
        if self.process is not None and self.owner == os.getpid():
            self.process.stdin.close()
            self.process.wait()
            subprocess.run(["rm", "-rf", self.top], check=False)
            self.process = None


SCIM_SCRIPT = b'''
def answer(r):
    if r.path == "/ServiceProviderConfig":
        return (200, {"patch": {"supported": True}, "filter": {"supported": True,
                                                               "maxResults": 100},
                      "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0}})
    if r.method == "GET" and r.path == "/Users":
        f = r.query.get("filter", "")
        known = [user(i) for i in range(230)]
        if f:
            known = [u for u in known if '"' + u["externalId"] + '"' in f or '"' + u["userName"] + '"' in f]
        return page(r, known)
    if r.method == "GET" and r.path == "/Groups":
        f = r.query.get("filter", "")
        known = [group(1, "u1 u2 u2".split()), group(2), group(3, [])]
        if f:
            known = [g for g in known if '"' + g["displayName"] + '"' in f]
        return page(r, known)
    if r.method == "GET" and r.path == "/Groups/g2":
        return (200, group(2, [f"u{i}" for i in range(7)]))
    if r.method == "GET" and r.path.startswith("/Users/u"):
        return (200, user(int(r.path[8:])))
    if r.method == "POST" and r.path in ("/Users", "/Groups"):
        name = r.json.get("externalId") or r.json.get("displayName")
        return (201, dict(r.json, id="new-" + str(name)))
    if r.method in ("PUT", "PATCH"):
        return (200, dict(r.json or {}, id=r.path.split("/")[-1]))
    if r.method == "DELETE":
        return (204, None)
    if r.path == "/token":
        return token("canary-of-an-access-token")
    return error(404, None, "canary-value of a detail")
'''
SCIM_BULK_SCRIPT = SCIM_SCRIPT.replace(b'"bulk": {"supported": False, "maxOperations": 0', b'''"etag": {"supported": True},
                      "bulk": {"supported": True, "maxOperations": 4''').replace(b'"maxPayloadSize": 0', b'"maxPayloadSize": 9999') + b'''
def one(o):
    if o["method"] == "POST":
        return {"method": "POST", "bulkId": o["bulkId"], "status": "201",
                "location": "https://x/Users/new-" + o["data"].get("externalId", "x")}
    return {"method": o["method"], "location": "https://x" + o["path"], "status": "204"}


single = answer


def answer(r):
    if r.path == "/Bulk":
        return (200, {"Operations": [one(o) for o in r.json["Operations"]]})
    given = single(r)
    if r.method == "GET" and r.path.count("/") == 2 and given[0] == 200:
        given[1]["meta"] = dict(given[1].get("meta", {}), version='W/"1"')
    return given
'''
POOL = groups() + users(75)
DESCRIPTION = (b'{"UserPool":{"Name":"a","UsernameConfiguration":{"CaseSensitive":false},'
               b'"AliasAttributes":["email"],"SchemaAttributes":[{"Name":"custom:tenant",'
               b'"AttributeDataType":"String","StringAttributeConstraints":{"MaxLength":"9"}}]}}')
pool = Server("serve-pool pool --".split(), {"pool": POOL})
strict = Server("serve-pool --require-role pool --".split(), {"pool": POOL})
every = Server("serve-pool --allow all pool --".split(), {"pool": POOL})
# Of all that hangs on a pool, two pages of clients; what is not to be given out is a canary.
THINGS = json.dumps({
    "DescribeUserPool": {"UserPool": {"Id": "eu-west-1_a", "Domain": "a", "SchemaAttributes": [{"Name": "sub"}]}},
    "GetUserPoolMfaConfig": {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "canary-value"}},
    "ListUserPoolClients": {"UserPoolClients": [{"ClientId": "2", "ClientName": "b"}], "NextToken": "2"},
    "ListUserPoolClients 2": {"UserPoolClients": [{"ClientId": "1", "ClientName": "a\u00e9"}]},
    "DescribeUserPoolClient 1": {"UserPoolClient": {"ClientId": "1", "ClientName": "a\u00e9",
                                                    "ClientSecret": "canary-value"}},
    "DescribeUserPoolClient 2": {"!": "AccessDeniedException", "message": "no"},
    "ListIdentityProviders": {"Providers": [{"ProviderName": "Okta"}]},
    "DescribeIdentityProvider": {"IdentityProvider": {"ProviderName": "Okta", "AttributeMapping": {"a": "b"},
                                                      "ProviderDetails": {"client_secret": "canary-value"}}},
    "ListGroups": {"Groups": [{"GroupName": "g", "RoleArn": "r"}, {"GroupName": "h"}]},
    "DescribeUserPoolDomain": {"DomainDescription": {"Domain": "a", "CustomDomainConfig": {"CertificateArn": "c"}}},
    "ListResourceServers": {"ResourceServers": [{"Identifier": "i", "Scopes": [{"ScopeName": "s"}]}]},
    "GetProvisionedLimit": {"Limit": {"ProvisionedLimitValue": 1}}}).encode()
things = Server([TREE + "/tests/helpers/scripted-idp.py", "answers", "--"], {"answers": THINGS})
large = Server("serve-pool pool --".split(), {"pool": groups() + users(700)})
FLEET = b"".join(json.dumps(r).encode() + b"\n" for r in [
    {"Id": "us-east-1_" + n, "Name": n, "Arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_" + n,
     "SmsConfiguration": {"ExternalId": "canary-secret"}, "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String"}]}
    for n in ("one", "two", "three")] + [
    {"IdentityPoolId": "us-east-1:" + n, "IdentityPoolName": "web",
     "SupportedLoginProviders": {"api.twitter.com": "key;canary-secret"},
     "CognitoIdentityProviders": [{"ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_one", "ClientId": "c" + n}],
     "Roles": {"authenticated": "arn:aws:iam::123456789012:role/in"}} for n in ("a1", "b2")])
fleet = Server("serve-pool --allow inventory --inventory inventory pool --".split(), {"pool": POOL, "inventory": FLEET})
scim = Server([TREE + "/tests/helpers/scripted-scim.py", "script"], {"script": SCIM_SCRIPT})
domain = Server([TREE + "/tests/helpers/oci-import.py", "GET/JobHistories:over", "--"])
bulk = Server([TREE + "/tests/helpers/scripted-scim.py", "script"], {"script": SCIM_BULK_SCRIPT})
SERVERS = [pool, strict, every, things, large, scim, domain, bulk]

ROLE = "arn:aws:iam::123456789012:role/cognitoApiAccessRole"
CONFIG = f"""[profile base]
region = us-east-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile reader]
region = us-east-1
source_profile = base
role_arn = {ROLE}
external_id = cognito-integration
""".encode()
STATS = ("stats",)
REJECTS = b'{"Reason":"no name","Line":1,"Stream":"stdin","Record":{"Username":"user1"}}\n'


NETWORK = ("apply-cognito", "apply-scim", "list-users", "list-groups", "expand-members", "get-csv-header", "check-connection",
           "confirm-absent",
           "describe-pool", "list-user-pools", "list-identity-pools",
           "list-scim",
           "push-scim", "export-csv", "export-oci", "export-scim", "export-report",
           "export-target")


def scene(name, argv, **more):
    more.setdefault("canaries", CANARIES)
    if argv[0] in NETWORK and "--retry-seconds" not in argv and "--members" not in argv:
        argv = [argv[0], "--retry-seconds", "1"] + list(argv[1:])
    return Scene(name, argv, **more)


def csv_scenes():
    three = users(6)
    columns = "Username,email,Groups"
    yield scene("emit-csv sealed -o --reject --stats",
                ["emit-csv", "--columns", columns, "-o", "out.csv", "--reject", "rej", "--stats",
                 "stats", "in"],
                files={"in": sealed(three + b'{"Username":["a"]}\n'), "out.csv": OLD, "rej": OLD,
                       "stats": OLD},
                outputs=("out.csv",), late=("rej",), free=STATS)
    yield scene("emit-csv stdin to stdout, rejects",
                ["emit-csv", "--columns", columns, "--reject", "rej", "--guard", "apostrophe",
                 "--crlf"],
                stdin=three + BAD, late=("rej",))
    yield scene("emit-csv columns auto", "emit-csv --columns auto -o out.csv".split(), stdin=three,
                files={"out.csv": OLD}, outputs=("out.csv",))
    yield scene("emit-csv --split", ["emit-csv", "--columns", columns, "--max-rows", "2",
                                     "--split", "-o", "d/u.csv"],
                stdin=three, files={"d/u-001.csv": OLD, "d/u-002.csv": OLD, "d/u-005.csv": OLD,
                                    "d/other": OLD},
                outputs=("d/u*.csv",))
    yield scene("emit-csv --split-by",
                "emit-csv --columns Username --split-by GroupName -o d/m.csv".split(),
                stdin=sealed(members(12)), files={"d/m-staff.csv": OLD}, outputs=("d/m*.csv",))
    yield scene("emit-csv layout oci-users",
                "emit-csv --layout oci-users -o u.csv --reject rej --stats stats".split(),
                stdin=made("map-attributes", "-m", "oci-users", stdin=sealed(three)),
                files={"u.csv": OLD}, outputs=("u.csv",), late=("rej",), free=STATS)
    yield scene("emit-csv --header-from",
                "emit-csv --header-from header -o u.csv --if-changed".split(),
                stdin=three, files={"header": served(every, "get-csv-header"), "u.csv": OLD},
                outputs=("u.csv",))
    guarded = made("emit-csv", "--columns", columns, "--guard", "apostrophe", stdin=three)
    yield scene("unguard -o", "unguard --guard apostrophe -o out.csv".split(), stdin=guarded,
                files={"out.csv": OLD}, outputs=("out.csv",))
    yield scene("unguard files", "unguard --guard oci a b".split(), files={"a": guarded,
                                                                           "b": guarded})
    yield from parse_scenes(three)


def parse_scenes(rows):
    table = made("emit-csv", "--columns", "auto", "--bom", "--crlf", stdin=rows)
    group_table = made("emit-csv", "--layout", "cognito-groups", stdin=groups())
    bad = b'"canary-value"x,1\r\n\xff\r\n'
    yield scene("parse-csv sealed -o --reject --stats",
                "parse-csv --seal --whole -o out --reject rej --stats stats in".split(),
                files={"in": table + bad, "out": OLD, "rej": OLD, "stats": OLD},
                outputs=("out",), late=("rej",), free=STATS)
    yield scene("parse-csv files, --rows",
                "parse-csv --seal --rows 11 --if-changed -o out a b".split(),
                files={"a": table, "b": group_table}, outputs=("out",))
    yield scene("parse-csv layout", "parse-csv --layout ./own --no-header --trim".split(),
                stdin=b"canary-value, x;y\n,\n",
                files={"own": b"column a Username\ncolumn b Groups\n"})
    flat = made("map-attributes", "-m", "cognito-import", "--arg", "disabled=keep",
                stdin=sealed(rows))
    yield scene("parse-csv dialect cognito", "parse-csv --layout cognito-import -o out".split(),
                stdin=made("emit-csv", "--layout", "cognito-import", stdin=flat),
                files={"out": OLD}, outputs=("out",))


def json_scenes():
    mapped = made("map-attributes", "-m", "keycloak-users", stdin=sealed(users(6)))
    yield scene("emit-json", "emit-json -o out.json --reject rej --stats stats".split(),
                stdin=users(6) + BAD, files={"out.json": OLD}, outputs=("out.json",), late=("rej",
                                                                                            ),
                                                                                            free=STATS)
    yield scene("emit-json envelope split",
                "emit-json --envelope keycloak-users --max-records 2 --split -o d/k.json".split(),
                stdin=mapped, files={"d/k-001.json": OLD}, outputs=("d/k*.json",))
    entries = made("map-attributes", "-m", "ldif-users", "--arg", "base=dc=example,dc=com",
                   "--arg", "disabled=keep",
                   stdin=sealed(users(6)))
    yield scene("emit-ldif", "emit-ldif -o out.ldif --reject rej --stats stats".split(),
                stdin=entries, files={"out.ldif": OLD}, outputs=("out.ldif",), late=("rej",),
                free=STATS)
    yield scene("emit-ldif split",
                "emit-ldif --max-records 2 --split --no-version -o d/l.ldif".split(),
                stdin=entries, files={"d/l-001.ldif": OLD}, outputs=("d/l*.ldif",))


def scim_scenes():
    files = {"users": sealed(users(8)), "groups": sealed(groups()), "members": sealed(members(8)),
             "out": OLD}
    common = "-o out --reject rej --stats stats users groups members".split()
    more = {"outputs": ("out", "r*.json"), "late": ("rej",), "free": STATS}
    yield scene("emit-scim", ["emit-scim"] + common, files=files, **more)
    yield scene("emit-scim for-push",
                "emit-scim --for-push --dialect oci --hold-back UNCONFIRMED".split() + common,
                files=files, **more)
    yield scene("emit-scim bulk split",
                "emit-scim --bulk --max-operations 3 --split -o r.json users groups".split(),
                files=files, **more)
    yield scene("emit-scim stdout", "emit-scim --members-max 2 users groups members".split(),
                files=files)
    resources = made("emit-scim", "--for-push", stdin=sealed(users(8)))
    yield scene("push-scim", "push-scim -o out --reject rej --stats stats --no-bulk in".split(),
                files={"in": resources, "out": OLD}, server=scim, sets=("out",), results=True,
                **more)
    groups_too = made("emit-scim", "--for-push", "users", "groups", "members", files=files)
    yield scene("push-scim groups, in flight 1",
                "push-scim --in-flight 1 --retry-seconds 1".split(), stdin=groups_too, server=scim,
                sets=("stdout",), results=True)
    yield scene("push-scim dry run", "push-scim --dry-run --adopt".split(), stdin=resources,
                server=scim, sets=("stdout",), results=True)
    yield scene("list-scim", "list-scim -o out --seal --stats stats --members-per-line 5".split(),
                files={"out": OLD}, server=scim, **more)
    yield scene("list-scim users stdout, token file",
                "list-scim --users --seal --token-file token".split(),
                files={"token": b"canary-of-the-bearer-token\n"}, server=scim)
    yield scene("list-scim client credentials",
                ["sh", "-c", "unset SCIM_TOKEN; exec list-scim --retry-seconds 1 --groups "
                 "--token-url $TOKEN_URL --client-id app --client-secret-file secret"],
                files={"secret": b"canary-secret\n"}, server=scim)


def filter_scenes():
    many = sealed(users(40))
    old = {"out": OLD}
    yield scene("map-attributes native",
                "map-attributes -m flat-user -o out --reject rej --stats stats in".split(),
                files={"in": sealed(users(6)), **old}, outputs=("out",), late=("rej",), free=STATS)
    yield scene("map-attributes libjq", ["map-attributes", "--no-native", "-e",
                                         "{Username,e:.Attributes.email,$a}", "--arg", "a=b"],
                stdin=sealed(users(6)))
    yield scene("map-attributes rejects", ["map-attributes", "-e",
                                           'if .Username=="user0003" then error("x") else {Username} end',
                                           "--reject", "rej", "-o", "out"],
                stdin=users(6) + BAD, files=old, outputs=("out",), late=("rej",))
    for flag in ([], ["--no-native"]):
        yield scene("map-attributes jobs " + "".join(flag),
                    "map-attributes --jobs 2 -f p.jq -o out --stats stats --reject rej".split() + flag,
                    stdin=many, files={"p.jq": b"{Username,sub:.Attributes.sub}\n", **old},
                    outputs=("out",), late=("rej",),
                    free=STATS)
    yield scene("map-attributes hold back, many outputs", ["map-attributes", "--hold-back",
                                                           "UNCONFIRMED", "-e", "{Username},{a:1}",
                                                           "--reject", "rej"],
                stdin=sealed(users(6)), late=("rej",))
    yield scene("map-attributes explain", "map-attributes --explain -m oci-users".split())
    yield scene("fold-users", "fold-users -o out --reject rej --stats stats in".split(),
                files={"in": sealed(users(12)), **old}, outputs=("out",), late=("rej",), free=STATS)
    yield scene("pool-report", "pool-report -o out --reject rej --stats stats --before was --rejects "
                "t=no in".split(),
                files={"in": sealed(users(12)), "was": sealed(users(9)), "no": REJECTS, **old},
                outputs=("out",), late=("rej",), free=STATS)
    yield scene("pool-report text, values", "pool-report --format text --show-values".split(),
                stdin=sealed(users(6)))
    yield from plan_scenes()
    shards = {k: v for k, v in shard_files().items() if k != "proof"}
    yield scene("join-shards", "join-shards -o out --stats stats".split() + sorted(shards),
                files={**shards, **old}, outputs=("out",), free=STATS)
    yield scene("merge-stats", "merge-stats -o out stats".split(),
                files={"stats": STATISTICS, **old}, outputs=("out",))
    yield scene("merge-stats table", "merge-stats --format table".split(), stdin=STATISTICS)
    yield scene("through cat", "through -o out --same-scope --stats stats cat".split(), stdin=many,
                files=old,
                outputs=("out",), free=STATS, foreign=True)
    yield scene("through sed stdout", "through sed s/user/User/".split(), stdin=many, foreign=True)
    yield scene("unseal", ["unseal", "in"], files={"in": many})
    yield scene("unseal whole", "unseal --whole -o out --stats stats".split(), stdin=many,
                files=old, outputs=("out",),
                free=STATS)
    yield scene("expand-members offline",
                "expand-members --members members -o out --stats stats users".split(),
                files={"users": sealed(users(12, False)), "members": sealed(members(12)), **old},
                outputs=("out",), free=STATS)


def plan_sides(count):
    """WANT, HAVE and a ledger: some to be created, changed, disabled, and some missing."""
    have = users(count + 2).replace(b'"custom:tenant":"3"', b'"custom:tenant":"4"')
    target = '"Target":"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE1"'
    ledger = b"".join(f'{{"Ledger":"user",{target},"Key":"user{n:04d}","sub":"{n % 16:x}{n:07x}'
                      f'-0000-4000-8000-000000000000","State":"created"}}\n'.encode()
                      for n in range(count + 2))
    ledger += b"".join(f'{{"Ledger":"group",{target},"Key":"{g}","State":"created"}}\n'.encode()
                       for g in GROUPS)
    return {"want": sealed(users(count).replace(b'"user0002"', b'"new"')), "have": sealed(have),
            "ledger": ledger}


def plan_scenes():
    made_at = ((rb'"Made":"[^"]*"', b""),)
    sides = plan_sides(12)
    yield scene("plan-sync -o", "plan-sync --ledger ledger --state state --left left -o out --stats stats "
                "--reject rej want have".split(), files={**sides, "out": OLD}, outputs=("out",),
                late=("rej", "state", "left"), free=STATS, masks=made_at)
    known = sides["ledger"].replace(b'"sub"', b'"Username":"x","Digest":"0:0","Names":["a"],"sub"')
    yield scene("plan-sync --have-ledger", ("plan-sync --max update=99 --max attribute-clear=99 --max user-enable=99 "
                "--have-ledger --ledger ledger --target "
                "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE1 -o out want").split(),
                files={"want": sides["want"], "ledger": known, "out": OLD}, outputs=("out",),
                masks=made_at)
    yield scene("plan-sync stdout", "plan-sync --adopt --delete want have".split(), files=sides,
                masks=made_at)


def apply_scenes(real=False):
    """What is so already, so that the pool stays as it is however often, and wherever, a run ends.
    real: a run that writes the ledger, which is another one for the next."""
    def person(n):
        known = json.loads(user(n, False))
        return {"Key": known["Username"], "Username": known["Username"],
                "sub": known["Attributes"]["sub"]}, known["Attributes"]
    rows, ledger = [], b""
    for n in range(1, 8):
        row, attributes = person(n)
        ledger += (json.dumps({"Ledger": "user", **row, "State": "created",
                               "Time": "2026-01-02T03:04:05Z"}) + "\n").encode()
        rows += [{"Op": "create-user", "Key": row["Key"], "Username": row["Username"],
                  "After": {"Attributes": attributes}},
                 {"Op": "update-user", **row, "Before": {"Attributes": {"email": "canary-value"}},
                  "After": {"Attributes": {"email": attributes["email"], "email_verified": "true"}}},
                 {"Op": "enable-user", **row, "Before": {}, "After": {}}]
    ledger += b"".join(f'{{"Ledger":"{kind}","Key":"{key}","State":"adopted","Time":"2026-01-02T03:04:05Z"}}\n'
                       .encode() for kind, key in (("user", "user0009"), ("user", "gone"), ("group", "staff")))
    rows += [{"Op": "disable-user", **person(9)[0], "Before": {}, "After": {}},
             {"Op": "delete-user", "Key": "gone", "Username": "gone", "sub": "s", "Before": {}},
             {"Op": "create-group", "Key": "staff", "GroupName": "staff",
              "After": {"Description": "canary-value of staff"}}]
    plan = served(every, "sh", "-c", f'exec {TREE}/tests/helpers/make-plan.py '
                  '"$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" '
                  'Confirmed=\'{"update":7,"email-change":7,"user-enable":7}\'',
                  stdin="".join(json.dumps(row) + "\n" for row in rows).encode())
    files = {"plan": plan, "ledger": ledger, "out": OLD, "again": OLD}
    common = "apply-cognito --max-age 90d --retry-seconds 1 --ledger ledger".split()
    if real:
        yield scene("apply-cognito", common + "-o out --failed again --stats stats plan".split(), server=every,
                    files=files, outputs=("out",), late=("again",), free=STATS + ("ledger",), results=True)
    yield scene("apply-cognito dry run", common + "--dry-run -o out --stats stats plan".split(), server=every,
                files=files, outputs=("out",), free=STATS)


def person_there(n, **more):
    """As scripted-scim.py has them."""
    return {"Key": f"sub{n}", "Username": f"name{n}", "Id": f"u{n}", **more}


def scim_rows():
    """Of all kinds, some of them several times, and the ledger that lets them pass."""
    core = "urn:ietf:params:scim:schemas:core:2.0:"
    rows = [{"Op": "create-user", "Key": f"new{n}", "Username": f"new{n}",
             "After": {"schemas": [core + "User"], "externalId": f"new{n}", "userName": f"new{n}",
                       "nickName": "canary-value"}} for n in range(5)]
    rows += [{"Op": "create-group", "Key": "made", "GroupName": "made",
              "After": {"schemas": [core + "Group"], "externalId": "made", "displayName": "made"}}]
    rows += [person_there(n, Op="update-user", Before={}, After={"nickName": "canary-value"}) for n in range(6)]
    rows += [person_there(n, Op="disable-user", Before={"Enabled": True}, After={"Enabled": False})
             for n in range(10, 13)]
    rows += [person_there(n, Op="add-member", GroupName=f"group{1 + n % 2 * 2}") for n in range(20, 26)]
    rows += [person_there(n, Op="remove-member", GroupName="group2") for n in range(2)]
    rows += [person_there(n, Op="delete-user", Before={"schemas": [core + "User"], "id": f"u{n}", "externalId": f"sub{n}",
                                                       "userName": f"name{n}", "meta": {"resourceType": "User"}})
             for n in range(30, 33)]
    rows += [{"Op": "delete-group", "Key": "group2", "GroupName": "group2", "Id": "g2",
              "Before": {"displayName": "group2", "Members": 7}}]
    ledger = [{"Ledger": "user", "Key": f"sub{n}", "Username": f"name{n}", "sub": f"u{n}"} for n in range(40)]
    ledger += [{"Ledger": "group", "Key": f"group{n}", "GroupName": f"group{n}", "sub": f"g{n}"} for n in (1, 2, 3)]
    return rows, b"".join((json.dumps({**line, "State": "created", "Time": "2026-01-02T03:04:05Z"}) + "\n").encode()
                          for line in ledger)


def results_of(data):
    """Its rows, if it is sealed as whole; else None."""
    rows, ends = [], []
    for line in (data or b"").split(b"\n")[:-1]:
        row = json.loads(line)
        ends.append(row["~end"]) if "~end" in row else rows.append(row)
    return rows if len(ends) == 1 and ends[0]["ok"] and ends[0]["rows"] == len(rows) else None


def what(row):
    return row["Op"], row["Key"], row.get("GroupName")


def partly_applied(run, whole):
    """Some rows were not done: each has its result, in the plan's order, and what may do better is kept."""
    rows, again = results_of(run.after.get("out")), results_of(run.after.get("again"))
    if rows is None or again is None:
        return ["status 3, and the results or what is to be repeated are not whole"]
    wanted = [what(r) for r in results_of(whole.after["out"])]
    later = [what(r) for r in rows if r["Result"] in ("failed", "skipped") and r["Retryable"]]
    problems = []
    if [what(r) for r in rows] != wanted:
        problems.append("status 3, and the results are not those of the plan's rows")
    if not any(r["Result"] in ("failed", "skipped") for r in rows) and b"ledger cannot be written" not in run.stderr:
        problems.append("status 3, and nothing failed")
    lost = {what(r) for r in results_of(whole.after["out"]) if not r["Retryable"]}
    for_good = [r for r in rows if r["Result"] in ("failed", "skipped") and not r["Retryable"] and what(r) not in lost]
    if for_good:
        problems.append(f"status 3, and for good: {for_good}")
    if [what(r) for r in again if r["Op"] != "plan"] != later:
        problems.append("status 3, and what is to be repeated are not the rows that may do better")
    return problems


def apply_scim_scenes():
    rows, ledger = scim_rows()
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    # What an earlier run has made and noted is found so by the next.
    found = ((rb'"Result":"(done|unchanged)"', b""), (rb',"(Id|Detail)":"[^"]*"', b""), (rb'"bytes":[0-9]+', b""))
    common = "apply-scim --seal --max-age 90d --ledger ledger".split()
    for name, server in (("", scim), (", Bulk", bulk)):
        plan = served(server, "sh", "-c", f'exec {TREE}/tests/helpers/make-plan.py "$SCIM_URL" \'Key="externalId"\' '
                      'Confirmed=\'{"update":6}\'', name, stdin=text)
        files = {"plan": plan, "ledger": ledger, "out": OLD, "again": OLD}
        yield scene("apply-scim" + name, common + "-o out --failed again --stats stats plan".split(), server=server,
                    files=files, outputs=("out",), late=("again",), free=STATS + ("ledger",), results=True,
                    masks=found, partial=partly_applied)
    yield scene("apply-scim dry run", common + "--dry-run -o out --stats stats plan".split(), server=bulk, files=files,
                outputs=("out",), free=STATS)


def shard_files():
    """Three shards of the pool and the proof that they need, from one session."""
    names = ("s1", "s2", "s3", "proof")
    script = ("list-users --write-proof proof -o whole && for i in 1 2 3; do "
              "list-users --seal --shard $i/3 --proof proof -o s$i || exit; done && "
              "for f; do base64 -w 0 $f && echo; done")
    lines = served(pool, "sh", "-c", script, "sh", *names).split()
    return {name: base64.b64decode(line) for name, line in zip(names, lines)}


def plan_to_confirm():
    """Of the served pool: one is there, of one nothing is known, and one is not missing.  Whatever fails,
    nobody of these two may be taken away, nor the group; who is gone would be kept where an answer fails."""
    rows = b"".join(
        f'{{"Op":"disable-user","Key":"{key}","Username":"{key}","sub":"x","Before":{{"Enabled":true}},'
        f'"After":{{"Enabled":false}}{more}}}\n'.encode()
        for key, more in (("off", ',"Why":"Enabled differs"'),
                          ("user0001", ',"Source":{"Username":"user0001","sub":"s"},"Why":"absent"'),
                          ("who", ',"Why":"absent"')))
    rows += b'{"Op":"delete-group","Key":"staff","GroupName":"staff","Before":{"GroupName":"staff"}}\n'
    script = ('"$0" https://x/y Want=\'{"Sources":["\'"$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID"\'/users"]}\'')
    return served(pool, "sh", "-c", script, TREE + "/tests/helpers/make-plan.py", stdin=rows)


def source_scenes():
    out = {"files": {"out": OLD}, "outputs": ("out",), "free": STATS}
    files = "-o out --stats stats".split()
    quick = ["--retry-seconds", "1"]
    yield scene("list-users -o", ["list-users", "--seal"] + files + quick, server=pool, **out)
    yield scene("list-users stdout", ["list-users", "--seal"] + quick, server=pool)
    yield scene("list-users --filter", ["list-users", "--filter", 'username ^= "user000"',
                                        "--seal"], server=pool)
    proof = shard_files()["proof"]
    yield scene("list-users shards",
                "list-users --seal --shards 16 --proof proof --resume kept".split() + files + quick,
                files={"proof": proof, "out": OLD}, outputs=("out",), free=("stats", "kept",
                                                                            "kept/*"),
                server=pool, next_run=True)
    yield scene("list-users proof", "list-users --write-proof proof -o out".split(),
                files={"proof": proof, "out": OLD}, outputs=("out",), late=("proof",), server=pool,
                masks=((rb'"(Written|ended|started)":"[^"]*"', b""),))
    yield scene("list-users by a profile", "list-users --profile reader --seal".split(),
                files={"config": CONFIG}, server=strict,
                env={"AWS_CONFIG_FILE": "config", "AWS_ACCESS_KEY_ID": "",
                     "AWS_SECRET_ACCESS_KEY": ""})
    yield scene("confirm-absent", "confirm-absent --found found".split() + files + quick + ["plan"],
                files={"plan": plan_to_confirm(), "out": OLD}, outputs=("out",),
                free=("stats", "found"), server=pool)
    yield scene("list-groups", ["list-groups", "--seal"] + files, server=pool, **out)
    yield scene("list-groups names", "list-groups --names-from names staff".split(),
                files={"names": b"admins\nempty\n"}, server=pool)
    yield scene("expand-members groups",
                "expand-members --seal --with-attributes all".split() + files,
                stdin=sealed(groups()), server=pool, **out)
    yield scene("expand-members --users", ["expand-members", "--users"], stdin=sealed(groups()),
                server=pool)
    yield scene("expand-members --by user", "expand-members --by user in".split(),
                files={"in": sealed(users(8, False))}, server=pool)
    yield scene("get-csv-header", "get-csv-header -o out".split(), files={"out": OLD},
                outputs=("out",), server=every)
    yield scene("describe-pool", "describe-pool --parts pool --seal -o out".split(), files={"out": OLD},
                outputs=("out",), server=every)
    yield scene("describe-pool parts", "describe-pool --seal".split() + files, server=things, **out)
    one, other = (b'{"Id":"%s","SchemaAttributes":[{"Name":"a","Required":%s}],"UserPoolClients":[{"ClientName":"c\\u00e9",'
                  b'"ClientId":"%s"}],"UserPoolTags":{"canary-value":"1"}}\n' % way
                  for way in ((b"a", b"false", b"1"), (b"b", b"true", b"2")))
    yield scene("describe-pool --compare", "describe-pool --compare --seal -o out - b".split(), stdin=sealed(one),
                files={"out": OLD, "b": sealed(other)}, outputs=("out",))
    yield scene("list-user-pools", "list-user-pools --describe --with-identity-pools".split() + files,
                server=fleet, **out)
    yield scene("list-user-pools names", "list-user-pools one tw*".split(), server=fleet)
    yield scene("list-identity-pools", "list-identity-pools --roles".split() + files, server=fleet, **out)
    yield from push_scenes()
    yield scene("check-connection", "check-connection -o out".split(), files={"out": OLD},
                free=("out",), silent=True,
                server=every)
    yield scene("check-connection policy", ["check-connection", "--print-policy"], server=every)


def push_scenes():
    """Jobs that are over, so that a run makes none; and whole runs, each in a pool of its own, or in a domain
    that takes the same file any number of times."""
    def table(header, *users):
        lines = [header] + [[{"email": f"canary-value-{u}@example.com", "email_verified": "TRUE",
                              "cognito:username": u}.get(h, "") for h in header] for u in users]
        return "".join(",".join(line) + "\n" for line in lines).encode()
    out = {"outputs": ("out",), "free": STATS, "results": True}
    more = ["--retry-seconds", "1", "--seal", "--stats", "stats", "-o", "out"]
    header = json.loads(served(every, "get-csv-header"))["CSVHeader"]
    cognito = {"in.csv": table(header, "user0001", "canary-user", "user0002"), "out": OLD}
    role = "--cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs".split()
    yield scene("push-import", "push-import cognito --dry-run --rows 3 in.csv".split() + more,
                files=cognito, server=every, **out)
    result = served(every, "push-import", "cognito", *role, "in.csv", files={"in.csv": cognito["in.csv"]})
    job = json.loads(result.splitlines()[0])["Job"]
    yield scene("push-import --resume", f"push-import cognito --resume {job} --verify --rows 3 in.csv".split()
                + more, files=cognito, server=every, **out)
    ids = ((rb'"Job":"[^"]*"', b""), (rb"import-[0-9a-f]+", b""),
           (rb"https?://127\.0\.0\.1:[0-9]+", b""))
    yield scene("push-import jobs", "serve-pool --allow all pool -- push-import cognito --whole in.csv other.csv"
                .split() + role + more[:3], files={**cognito, "other.csv": table(header, "other"), "pool": POOL},
                masks=ids, results=True)
    users_csv = (b"User ID,Last Name,First Name,Work Email\r\nana,A,An,a@canary-value\r\n"
                 b'"bo, x",B,"Bo ""b""",b@canary-value\r\nxy,X,Y,\r\n')
    groups_csv = b"Display Name,Description,User Members\r\nstaff,,ana;xy\r\nadmins,d,ANA\r\n"
    files = {"users.csv": users_csv, "groups.csv": groups_csv, "out": OLD}
    result = served(domain, "push-import", "oci", "users.csv", files=files)
    job = json.loads(result.splitlines()[0])["Job"]
    yield scene("push-import oci --resume", f"push-import oci --resume {job} --rows 3 users.csv".split() + more,
                files=files, server=domain, **out)
    yield scene("push-import oci", "push-import oci --rows 5 groups.csv users.csv".split() + more, files=files,
                server=domain, masks=((rb'"(Job|bytes)":("[^"]*"|[0-9]+)', b""), (rb"schedule-[0-9]+", b"")),
                **out)


def role_scenes():
    role = ["--role-arn", ROLE, "--external-id", "cognito-integration", "--retry-seconds", "1"]
    secret = ((rb'(AccessKeyId|SecretAccessKey|SessionToken|Expiration|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN'
               rb'|CREDENTIAL_EXPIRATION)([=":\' ]+)[^"\'\n]*', b"\\1"),)
    yield scene("assume-role process", "assume-role --format process".split() + role,
                server=strict, masks=secret)
    yield scene("assume-role env", "assume-role --format env".split() + role, server=strict,
                masks=secret)
    for more in ([], ["--static"], ["--region", "us-east-1"]):
        yield scene("assume-role " + "".join(more), ["assume-role"] + more + role + ["--", "sh",
                                                                                     "-c",
                                                                                     "echo done"],
                    server=strict, foreign=True)
        yield scene("assume-role list-users " + "".join(more),
                    ["assume-role"] + more + role + "-- list-users --seal --retry-seconds 1".split(), server=strict)
    yield scene("serve-pool list-users",
                "serve-pool pool -- list-users --seal --retry-seconds 1".split(),
                files={"pool": POOL}, masks=((rb"https?://127\.0\.0\.1:[0-9]+", b""),))
    # The pool is kept however the command behind it ended.
    yield scene("serve-pool state",
                "serve-pool --allow all --state out --description pool.json pool -- true".split(),
                files={"pool": POOL, "out": POOL, "pool.json": DESCRIPTION}, late=("out",))
    yield scene("serve-pool inventory",
                "serve-pool --allow inventory --inventory inventory -- true".split(),
                files={"inventory": inventory(), "pool": POOL})
    yield scene("serve-pool role", "serve-pool --log log pool -- assume-role".split() + role +
                "--static -- list-groups --retry-seconds 1".split(),
                files={"pool": POOL}, free=("log",))


def heavy_scenes():
    """So much that what is remembered goes to files, sort(1) writes its own, and buffers are passed on."""
    out = {"files": {"out": OLD}, "outputs": ("out",), "free": STATS}
    options = "-o out --stats stats".split()
    yield scene("plan-sync, much", "plan-sync --max update=999 --ledger ledger".split() + options + ["want", "have"],
                **{**out, "files": {**plan_sides(3000), "out": OLD}},
                masks=((rb'"Made":"[^"]*"', b""),))
    yield scene("fold-users, much", ["fold-users"] + options, stdin=sealed(users(12000, False)),
                **out)
    yield scene("pool-report, much", ["pool-report"] + options, stdin=sealed(users(8000, False)),
                **out)
    yield scene("expand-members offline, much",
                "expand-members --members members".split() + options,
                stdin=sealed(users(3000, False)), **{**out,
                                                     "files": {"members": sealed(members(40000)),
                                                               "out": OLD}})
    yield scene("emit-csv layout, much", "emit-csv --layout oci-users".split() + options, **out,
                stdin=made("map-attributes", "-m", "oci-users", stdin=sealed(users(4000))))
    yield scene("unseal --whole, much", ["unseal", "--whole"], stdin=sealed(users(4000)))
    yield scene("map-attributes --jobs, much",
                "map-attributes --jobs 2 -m oci-users --no-native --arg login=email".split(),
                stdin=sealed(users(1500)))
    yield scene("through, much", "through --same-scope sort".split() + [],
                stdin=sealed(users(4000)), foreign=True)
    yield scene("emit-scim groups, much", "emit-scim users groups members".split(),
                files={"users": sealed(users(20, False)), "groups": sealed(groups()),
                       "members": sealed(members(30000))})
    yield scene("expand-members, much",
                "expand-members --users --seal --retry-seconds 1".split() + options,
                server=large, **{**out, "stdin": sealed(groups())})


PARTS = (csv_scenes, json_scenes, scim_scenes, filter_scenes, source_scenes, role_scenes, apply_scenes,
         apply_scim_scenes)


def all_scenes(pipelines=False, heavy=False):
    import mode_scenes      # which need all of this
    import pipeline_scenes
    for more in (mode_scenes, pipeline_scenes):
        SERVERS.extend(s for s in more.SERVERS if s not in SERVERS)
    for part in PARTS:
        yield from part()
    yield from mode_scenes.all_modes()
    if pipelines:
        yield from mode_scenes.in_own_pools()
        yield from pipeline_scenes.all_pipelines()
    for one in heavy_scenes() if heavy else ():
        one.heavy = True
        yield one


def stop_servers():
    for server in SERVERS:
        server.stop()
