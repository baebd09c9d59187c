#!/usr/bin/env bash
# Not for sanitizers.
# export-oci: who arrives under which name, who is rejected and why, and that nobody is a member of
# a group who is not among the users.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions that run calls
. "$(dirname "$0")/lib.sh"

# export_oci STATUS DIRECTORY [serve-pool option...] -- [export-oci option...]
export_oci() {
	local want=$1 directory=$2 options=()
	shift 2
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	run "$want" serve "${options[@]}" "${pool:-pool}" -- export-oci -d "$directory" "$@"
}
untouched() {
	title "nothing is left of the run in $1"
	ok test "$(cd "$1" && echo .[!.]*)" = '.[!.]*'
	title "the old files stay in $1"
	ok diff -r good "$1"
}

title 'usage and SYNOPSIS agree'
export-oci --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-oci.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 export-oci
run 2 export-oci -d x --arg
has err 'a value is missing'

dates='"CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"'
number=0
# user NAME ENABLED STATUS ATTRIBUTES: NAME @ stands for the sub.
user() {
	number=$((number + 1))
	local sub
	sub=$(printf '00000000-0000-4000-8000-%012d' "$number")
	printf '{"Username":"%s","Enabled":%s,"UserStatus":"%s","UserCreateDate":"2018-07-25T15:32:11.091Z",' \
		"${1/#@/$sub}" "$2" "$3"
	printf '"UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{%s"sub":"%s"},"Groups":["all-users"%s]}\n' \
		"$4" "$sub" "${5:-}"
}
{
	user ana true CONFIRMED '"address":"{\"formatted\":\"1 Example Street\\nSpringfield, IL\",\"street_address\":\"1 Example Street\",\"locality\":\"Springfield\",\"region\":\"IL\",\"postal_code\":\"62701\",\"country\":\"us\"}","email":"ana@example.com","family_name":"Silva","given_name":"Ana","locale":"en_US","name":"Ana Silva","phone_number":"+15550100001","zoneinfo":"America/Chicago",' ',"sales,\"emea\""'
	user @ true CONFIRMED '"email":"bo@example.com","email_verified":"true","family_name":"Berg","given_name":"Bo",' ',"sales,\"emea\""'
	user Ali true CONFIRMED '"family_name":"Capital","given_name":"Ali",' ',"Testers"'
	user ali true CONFIRMED '"family_name":"small","given_name":"ali",' ',"testers"'
	user bare false UNCONFIRMED ''
	user "o'brien" true CONFIRMED '"address":"1 Main Street\nSpringfield","family_name":"O'\''Brien, Jr.","name":"Bob \"the\" O'\''Brien",'
	user 'Google_1' true EXTERNAL_PROVIDER '"email":"g@example.com","family_name":"=1+1","given_name":"さくら 🦊","identities":"[{\"userId\":\"1\",\"providerName\":\"Google\",\"providerType\":\"Google\",\"issuer\":null,\"primary\":true,\"dateCreated\":1597158755583}]",'
	user x true CONFIRMED ''
	user 'semi;colon' true CONFIRMED ''
	user @ true CONFIRMED '"phone_number":"+15550100003",'
	user @ true CONFIRMED '"email":"BO@example.com","email_verified":"true","family_name":"Second",'
	user broken true CONFIRMED '"identities":"[{",'
	user @ true CONFIRMED '"email":"admin@example.com","email_verified":"false",'
	user @ true CONFIRMED '"email":"bo@example.com",'
	printf '{"GroupName":"%s",%s}\n' all-users "\"Description\":\"Everybody; all of them\",$dates" \
		'sales,\"emea\"' "$dates" Testers "$dates" testers "$dates" ops "$dates" nobody "$dates"
} >pool
export_oci 3 out.d --
same - err <<'END'
map-attributes: rejected 2: the email that would name the user is not verified; --arg unverified=allow takes it
map-attributes: rejected 1: the user name has fewer than 3 characters
map-attributes: rejected 1: the user name holds a semicolon, which separates the members of groups
map-attributes: rejected 1: the Username is the sub, and there is no email to name the user by
map-attributes: rejected 1: identities: not a JSON array of objects
emit-csv: rejected 2: column User ID: another record has the same but for case
emit-csv: rejected 1: column GroupName: another record has the same but for case
map-attributes: rejected 1: the group name has fewer than 5 characters
export-oci: out.d/Users.rejects.ndjson: 8 rejected, with the reasons
export-oci: out.d/Groups.rejects.ndjson: 2 rejected, with the reasons
END
tr -d '\r' <out.d/Users.csv >users
tr -d '\r' <out.d/Groups.csv >groups
title 'lines end with CR LF'
ok test "$(grep -c $'\r$' out.d/Groups.csv)" -eq 5
same - users <<'END'
User ID,Last Name,First Name,Middle Name,Display Name,Nick Name,Profile URL,Locale,TimeZone,Active,Work Email,Primary Email Type,Mobile No,Work Street Address,Work City,Work State,Work Postal Code,Work Country,Work Address Formatted,Federated,ByPass Notification,External Id
ana,Silva,Ana,,Ana Silva,,,en-US,America/Chicago,TRUE,ana@example.com,work,+15550100001,1 Example Street,Springfield,IL,62701,US,"1 Example Street
Springfield, IL",FALSE,TRUE,00000000-0000-4000-8000-000000000001
bo@example.com,Berg,Bo,,Bo Berg,,,,,TRUE,bo@example.com,work,,,,,,,,FALSE,TRUE,00000000-0000-4000-8000-000000000002
Ali,Capital,Ali,,Ali Capital,,,,,TRUE,,,,,,,,,,FALSE,TRUE,00000000-0000-4000-8000-000000000003
bare,-,-,,bare,,,,,FALSE,,,,,,,,,,FALSE,TRUE,00000000-0000-4000-8000-000000000005
o'brien,"O'Brien, Jr.",-,,"Bob ""the"" O'Brien",,,,,TRUE,,,,,,,,,"1 Main Street
Springfield",FALSE,TRUE,00000000-0000-4000-8000-000000000006
Google_1,=1+1,さくら 🦊,,さくら 🦊 =1+1,,,,,TRUE,g@example.com,work,,,,,,,,TRUE,TRUE,00000000-0000-4000-8000-000000000007
END
same - groups <<'END'
Display Name,Description,User Members
all-users,Everybody; all of them,ana;bo@example.com;Ali;bare;o'brien;Google_1
"sales,""emea""",,ana;bo@example.com
Testers,,Ali
nobody,,
END
jq -c '[.Record | .Username // .GroupName // ."User ID"] + [.Reason]' out.d/Users.rejects.ndjson \
	out.d/Groups.rejects.ndjson >reasons
same - reasons <<'END'
["x","the user name has fewer than 3 characters"]
["semi;colon","the user name holds a semicolon, which separates the members of groups"]
["00000000-0000-4000-8000-000000000010","the Username is the sub, and there is no email to name the user by"]
["broken","identities: not a JSON array of objects"]
["00000000-0000-4000-8000-000000000013","the email that would name the user is not verified; --arg unverified=allow takes it"]
["00000000-0000-4000-8000-000000000014","the email that would name the user is not verified; --arg unverified=allow takes it"]
["ali","column User ID: another record has the same but for case"]
["BO@example.com","column User ID: another record has the same but for case"]
["testers","column GroupName: another record has the same but for case"]
["ops","the group name has fewer than 5 characters"]
END
title 'files are the owner'\''s alone'
ok test "$(stat -c %a out.d out.d/*)" = $'700\n600\n600\n600\n600'
before=$(stat -c %i out.d/*)
export_oci 3 out.d --
title 'a second run of the same pool touches no file, the rejects included'
ok test "$(stat -c %i out.d/*)" = "$before"

# Options.
export_oci 3 arg -- --arg family_default=Unknown --arg login=email --arg unverified=allow --group all-users
title '--arg reaches the mapping'
cut -d, -f1-3 arg/Users.csv | grep -a '@' >firsts
same - firsts <<'END'
ana@example.com,Silva,Ana
bo@example.com,Berg,Bo
g@example.com,=1+1,さくら 🦊
admin@example.com,Unknown,-
END
export_oci 3 listed -- --group Testers --group testers
title 'of a group list: its groups and its members'
tr -d '\r' <listed/Groups.csv >groups
same - groups <<'END'
Display Name,Description,User Members
Testers,,Ali
END
title 'of the members, those who can be told apart'
ok test "$(sed 1d listed/Users.csv | cut -d, -f1)" = Ali
printf 'nobody\n' >names
export_oci 0 empty -- --groups names
title 'a group without members is there, with headings for no users'
tr -d '\r' <empty/Groups.csv | cat - empty/Users.csv | cut -d, -f1 | tr -d '\r' >firsts
same - firsts <<'END'
Display Name
nobody
User ID
END
export_oci 1 unknown -- --group nonesuch
title 'nothing is written for an unknown group'
ok test -z "$(ls -A unknown)"

# Large pools, with names of both kinds: what is in the files is what is in the pool.
cat >agree.py <<'END'
import collections, csv, json, sys

csv.field_size_limit(sys.maxsize)

records = [json.loads(line) for line in open(sys.argv[1])]
directory = sys.argv[2]
users, groups, members = {}, set(), collections.defaultdict(set)
taken = set()
for r in records:
    if "GroupName" in r and "Username" in r:
        if r["Username"] in users:
            members[r["GroupName"]].add(users[r["Username"]])
    elif "GroupName" in r:
        if len(r["GroupName"]) >= 5 and r["GroupName"].lower() not in groups:
            groups |= {r["GroupName"], r["GroupName"].lower()}
    else:
        name = r["Username"]
        if name == r["Attributes"]["sub"]:
            name = r["Attributes"].get("email", "")
            if r["Attributes"].get("email_verified") != "true":
                name = ""
        if len(name) >= 3 and ";" not in name and name.lower() not in taken:
            taken.add(name.lower())
            users[r["Username"]] = name
rows = list(csv.DictReader(open(directory + "/Users.csv", newline="", encoding="utf-8")))
assert [row["User ID"] for row in rows] == list(users.values()), "users"
subs = {users[r["Username"]]: r["Attributes"]["sub"] for r in records
        if "GroupName" not in r and r["Username"] in users}
assert all(row["External Id"] == subs[row["User ID"]] for row in rows), "subs"
seen = {}
for row in csv.DictReader(open(directory + "/Groups.csv", newline="", encoding="utf-8")):
    names = row["User Members"].split(";") if row["User Members"] else []
    assert len(names) == len(set(names)), "twice"
    # A large group takes several rows, with other members each, one behind the other.
    before = seen.setdefault(row["Display Name"], set())
    assert before.isdisjoint(names) and list(seen)[-1] == row["Display Name"], "rows of a group"
    assert names or not before, "an empty row too many"
    before |= set(names)
expected = {r["GroupName"]: members[r["GroupName"]] for r in records
            if "GroupName" in r and "Username" not in r and r["GroupName"] in groups}
lower = set()
for name in list(expected):
    if name.lower() in lower:
        del expected[name]
    lower.add(name.lower())
assert seen == expected, "members"
END
for kind in '' --uuid; do
	# shellcheck disable=SC2086 # none or one
	"$TOOLS/make-pool" -n 500 $kind >large$kind
	pool=large$kind export_oci 3 whole$kind --
	title "what is in the files is what is in the pool $kind"
	ok /usr/bin/python3 agree.py large$kind whole$kind
done
title 'in a pool of UUIDs people arrive under their addresses'
ok grep -q '^by.mail@example.com,' whole--uuid/Users.csv
title 'and nobody under a UUID'
ok test -z "$(cut -d, -f1 whole--uuid/Users.csv | grep -E '^[0-9a-f]{8}-')"

# Members of a group that do not fit one record.
/usr/bin/python3 - >wide <<'END'
for i in range(4000):
    name = "長" * 120 + str(i)
    print('{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED",'
          '"UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2024-01-05T08:00:00.000Z",'
          '"Attributes":{"sub":"00000000-0000-4000-8000-%012d"},"Groups":["all-users"]}' % (name, i))
print('{"GroupName":"all-users","CreationDate":"2018-07-25T15:32:11.091Z",'
      '"LastModifiedDate":"2018-07-25T15:32:11.091Z"}')
END
sed 's/,"Groups":.*/}/' wide >wide.records
sed -n 's/^{\("Username":"[^"]*"\).*/{"GroupName":"all-users",\1}/p' wide >>wide.records
pool=wide export_oci 0 wide.d --
title 'a group whose members do not fit one record is whole'
ok /usr/bin/python3 agree.py wide.records wide.d
title 'in several rows'
ok test "$(grep -c '^all-users,' wide.d/Groups.csv)" -gt 1

# Faults.
pool=large export_oci 3 faulty --short-pages --fault throttle@3 --fault ListUsersInGroup:reset@2 --
title 'throttles and resets: the same files in the end'
ok diff -r whole faulty
cp -r whole good
sed -i s/^ana,/hanna,/ good/Users.csv whole/Users.csv
mkdir shim
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shim/$1"
	chmod +x "shim/$1"
}
with_shims() { serve large -- env PATH="$T/shim:$PATH" export-oci -d whole; }
# Of each command the run that makes the end of a list; without the seal it is the rehearsal.
for stage in '*oci-users*' '*oci-groups*'; do
	for name in map-attributes emit-csv; do
		shim "$name" "if [[ -n \$COGNITO_SEAL && \" \$*\" == $stage ]]; then $BIN/$name \"\$@\" | head -n 3; kill -9 \$\$; fi; exec $BIN/$name \"\$@\""
		run 1 with_shims
		has err 'status 137'
		untouched whole
		rm shim/*
	done
done
shim through '[ -z "$COGNITO_SEAL" ] || kill -9 $$; exec '"$BIN"'/through "$@"'
run 1 with_shims
untouched whole
rm shim/*
# One that stops half-way and says nothing: the next stage sees it.
shim through "$BIN/through \"\$@\" | head -n 3"
run 4 with_shims
untouched whole
rm shim/*
# The library's filter, with files of rejects that are there and are not.
printf '{"GroupName":"%s"}\n' a A >groups
echo '{"Reason":"repeated","Line":2,"Stream":"stdin","Record":{"GroupName":"A"}}' >rejects
with_lib() { bash -c 'PROGRAM_PREFIX=; . "$0"; unset COGNITO_SEAL; "$@" <groups' "$TOP/pipelines/lib.bash" "$@"; }
run 0 with_lib without_rejected rejects
same - out <<<'{"GroupName":"a"}'
run 1 with_lib without_rejected no-such-file
has err 'no-such-file: cannot be read'
finish
