#!/usr/bin/env bash
# Poisoned profiles among 200 sound ones (helpers/hostile.py), as records into every filter: the sound
# ones come out as they do without the others, byte by byte; a poisoned one comes out with the values
# that it has, or is rejected with its line; no record is lost or added; the seal is right; without
# --reject the run stops and nothing looks whole; no message holds a byte that a terminal would take
# for its own.  helpers/hostile-check.py judges, by readers that are not ours.
# HOSTILE_SEED: another combination of poisons ("make hostile").
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
helpers=$TOP/tests/helpers
python3 -B "$helpers/hostile.py" . "${HOSTILE_SEED:-0}" || exit 1
mixed=mixed sound=sound names=()

# Entra demands a password; cognito-targets(7) says to put it into a layout of one's own.
mkdir -p mine/layouts
sed 's/^column "Initial password.*/column "Initial password [passwordProfile] Required" constant "Example-1"/' \
	"$TOP/pipelines/layouts/entra-users.layout" >mine/layouts/entra-users.layout
export COGNITO_FILTERS_PATH=$T/mine:$TOP/pipelines

# poisoned NAME KIND WHAT CMD...: among all records, among the sound ones, and without --reject.
poisoned() {
	local name=$1 form="$2 $3"
	shift 3
	title "$name: goes on, and says that records were rejected"
	feed 3 "$mixed" "$1" --reject "$name.rejects" -o "$name.out" "${@:2}"
	mv err "$name.err"
	echo old >"$name.old"
	title "$name: stops without --reject"
	feed 1 "$mixed" "$1" -o "$name.old" "${@:2}"
	mv err "$name.stopped.err"
	title "$name: and the old file stays"
	ok test "$(cat "$name.old")" = old
	"$@" <"$mixed" >"$name.cut" 2>>"$name.stopped.err"
	title "$name: and no seal says that it is whole"
	! grep -aq '^{"~end":.*"ok":true' "$name.cut"
	verdict $? ''
	"$1" -o "$name.clean" "${@:2}" <"$sound" || verdict 1 "$name: sound records"
	case $name in
	auto) echo "$name $form $mixed $sound $name.out $name.rejects -" >>to-check ;;
	*) echo "$name $form $mixed $sound $name.out $name.rejects $name.clean" >>to-check ;;
	esac
	names+=("$name")
}

# --- what copies
poisoned map ndjson record map-attributes -e .
poisoned libjq ndjson record map-attributes -e '[.] | .[0] | tojson | fromjson'
poisoned jobs ndjson record map-attributes --jobs 3 -e .
poisoned json json record emit-json
poisoned fold ndjson record fold-users
poisoned expand ndjson users expand-members --members members
title 'everybody with a membership is in the group'
ok test "$(grep -ac '"Groups":\["staff-all"\]' expand.out)" -ge 1000
poisoned through ndjson record through cat

# --- a page, as HTML and as text: all of it shown, and none of it acted upon
for form in html text; do
	title "pool-report $form: goes on"
	feed 3 mixed pool-report --format $form --show-values --before sound --rejects okta=map.rejects \
		--reject page.rejects -o "page.$form"
	mv err "page.$form.err"
	names+=("page.$form")
done
mv page.text page.txt
run 0 python3 -B "$helpers/check-page.py" page.html
title 'every good record is in the figures, and every other one in the rejects'
sed -n 's/^  Records  *\([0-9,]*\) users.*/\1/p' page.txt | tr -d , >shown
ok test "$(($(cat shown) + $(wc -l <page.rejects)))" -eq "$(($(wc -l <mixed) - 1))"

# --- CSV
poisoned columns csv:1 users emit-csv --columns Username,sub,given_name,Groups
poisoned auto csv:1 users emit-csv --columns auto
poisoned guarded csv:1 - emit-csv --columns Username,given_name,custom:note --guard apostrophe
poisoned oci-guarded csv:1 - emit-csv --columns Username,given_name,custom:note --guard oci
for layout in cognito-users postgres-users; do
	poisoned "$layout" csv:1 "$TOP/pipelines/layouts/$layout.layout" emit-csv --layout "$layout"
done

# --- mappings, and the layouts for what they give
map() {
	local name=$1 what=$2
	shift 2
	poisoned "$name" ndjson "$what" map-attributes -m "$name" "$@"
}
# lay_out MAPPING LAYOUT [FORM [LINES]]
lay_out() {
	mixed=$1.out sound=$1.clean
	poisoned "$1.$2" "${3:-csv}:${4:-1}" "$TOP/pipelines/layouts/$2.layout" emit-csv --layout "$2"
	mixed=mixed sound=sound
}
map flat-user users
map auth0-users auth0
map cognito-import cognito
map csvde-users csvde --arg base=dc=example,dc=com
map entra-users entra
map fusionauth-users fusionauth
map google-users google
map jumpcloud-users jumpcloud
map keycloak-users keycloak
map ldif-users ldif --arg base=dc=example,dc=com
map oci-users oci
map okta-users okta
map onelogin-users onelogin
lay_out auth0-users auth0-names
lay_out cognito-import cognito-import cognito
lay_out csvde-users csvde-users
lay_out entra-users entra-users csv 2
lay_out fusionauth-users fusionauth-names
lay_out google-users google-users
lay_out jumpcloud-users jumpcloud-users
lay_out keycloak-users keycloak-names
lay_out ldif-users ldif-names
lay_out oci-users oci-users
lay_out oci-users oci-current-users
lay_out okta-users okta-users
lay_out onelogin-users onelogin-users
# Some names of attributes are none there.
map-attributes -e '. + {("a\u0000"): select(.uid | startswith("odd-000")) | 1} // .' <ldif-users.out >ldif-users.in
mixed=ldif-users.in sound=ldif-users.clean
poisoned ldif ldif flat emit-ldif --no-version
mixed=mixed sound=sound

# --- SCIM
for dialect in scim oci aws; do
	poisoned "$dialect" ndjson scim emit-scim --dialect "$dialect"
done
poisoned push ndjson scim emit-scim --for-push
poisoned extended ndjson scim emit-scim --extension urn:example:user --arg enterprise=department:custom:note
for dialect in scim oci entra; do
	poisoned "$dialect-bulk" bulk scim emit-scim --bulk --dialect "$dialect"
done

# --- and from CSV back into records, by Python's reader of the same rows
cat >check-table <<'END'
import csv, json, sys
csv.field_size_limit(1 << 30)
with open("table.csv", newline="", encoding="utf-8") as f:
    rows = [row for row in csv.DictReader(f, strict=True) if any(row.values())]
*made, end = [json.loads(line) for line in open("table.out", newline="\n")]
rejects = [json.loads(line) for line in open("table.rejects", newline="\n")]
end = end["~end"]
if not end["ok"] or (end["rows"], end["rejected"]) != (len(made), len(rejects)):
    print("the seal is wrong")
if len(rows) != len(made) + len(rejects):
    print(len(rows), "rows,", len(made), "records,", len(rejects), "rejects")
top = {"Username", "Enabled", "UserStatus", "UserCreateDate", "Groups"}
at = 0
for row in rows:
    if at < len(made) and made[at]["Username"] == row["Username"]:
        record = made[at]
        at += 1
        want = {k: v for k, v in row.items() if k not in top and v != ""}
        if record["Attributes"] != want or ";".join(record["Groups"]) != row["Groups"]:
            print(ascii(row["Username"])[:60], "comes back otherwise")
    elif row["Username"].startswith("sound-"):
        print(row["Username"], "is rejected")
if at != len(made):
    print("records that are no rows")
sound = [line for line in open("sound", newline="\n") if line.startswith('{"Username":"sound-')]
back = [line for line in open("table.out", newline="\n") if line.startswith('{"Username":"sound-')]
if sound != back:
    print("sound records come back otherwise")
END
feed 3 mixed emit-csv --reject table.no -o table.csv --columns Username,Enabled,UserStatus,UserCreateDate,birthdate,custom:note,email,email_verified,family_name,given_name,locale,name,sub,Groups
title 'CSV read back: all but what no user of a pool can be'
feed 3 table.csv parse-csv --seal --whole --empty-lists --reject table.rejects -o table.out
cp err table.err
title 'CSV read back: every row as it was'
/usr/bin/python3 check-table >table.wrong 2>&1
empty table.wrong

# --- a plan: everybody is created, rejected, or left alone
echo '{"Username":"nobody"}' >nobody
title 'plan: goes on, and says that records were rejected'
feed 3 mixed plan-sync --reject plan.rejects --left plan.left --target x --ignore-attributes none - nobody
mv err plan.err
title 'plan: sound ones get what they have'
jq -cS 'select(.Op == "create-user") | [.Username, .After.Attributes]' out | LC_ALL=C sort >got
jq -cS 'select(.Username and .UserStatus != "EXTERNAL_PROVIDER") | [.Username, (.Attributes
	| with_entries(select(.value != "" and .key != "sub" and .key != "identities")))]' sound | LC_ALL=C sort >given
LC_ALL=C comm -13 got given >lost
empty lost

# --- and carried out: in a pool that has their attributes
jq -c 'select(.Username) | {Username: "seed", Enabled: true, UserStatus: "CONFIRMED", Attributes:
	((.Attributes // {}) | with_entries(select(.key | startswith("custom:")) | .value = "x") + {sub: "seed"})}' sound |
	head -n 1 >pool
cat >session <<'END'
plan-sync --reject target.rejects --left target.left --target "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" \
	--attributes email,family_name,given_name,name,locale,birthdate,custom:note -o plan mixed nobody 2>target.err
apply-cognito --ledger ledger --failed again -o applied plan 2>apply.err
echo $?
list-users -o there
END
title 'a plan carried out: goes on, and says that some were refused'
run 0 serve --allow all pool -- bash session
same - out <<<3
title 'carried out: who was made is as the plan says'
jq -cS 'select(.Result == "done").Key' applied | LC_ALL=C sort >made
jq -cS 'select(.Op == "create-user") | [.Key, .After.Attributes]' plan | LC_ALL=C sort >wanted
jq -cS 'select(.Username and .Username != "seed") | [(.Username | ascii_downcase), (.Attributes | del(.sub, .identities))]' there | LC_ALL=C sort >got
ok test "$(wc -l <made)" -gt 150
LC_ALL=C comm -23 got wanted >other
empty other

# --- and imported by the targets' own importers: a result for each row that Python's reader finds, and no other
cat >check-import <<'END'
import csv, io, json, re, sys
target, path, results = sys.argv[1:]
csv.field_size_limit(1 << 30)
text = open(path, newline="", encoding="utf-8").read()
if target == "oci":
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    names = [row["User ID"] for row in rows]
else:
    cells = [[re.sub(r"\\,", ",", c) for c in re.split(r"(?<!\\),", line)] for line in text.replace("\r\n", "\n").split("\n")[:-1]]
    names = [row[cells[0].index("cognito:username")] for row in cells[1:]]
*made, end = [json.loads(line) for line in open(results, newline="\n")]
if not end["~end"]["ok"] or end["~end"]["rows"] != len(made):
    print("the seal is wrong")
if [r["Key"] for r in made] != names:
    print("not a result for each row, in their order:", len(made), len(names))
there = {json.loads(line)["Username"] for line in open("imported")} if target != "oci" else set(json.load(open("dump"))["users"])
for r in made:
    name = r["Key"] if target != "oci" else re.sub("^'([@+=|%-].*)'$", r"\1", r["Key"], flags=re.S)
    found = name in there or target == "oci" and name.lower() in there
    if found != (r["Result"] in ("done", "unchanged")) or r["Result"] == "unknown":
        print(ascii(r["Key"])[:60], r["Result"], "and", "there" if found else "not there")
    if name.startswith("sound-") and not found:
        print(name, "was not imported")
END
cat >session <<'END'
push-import cognito --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs --verify --seal --whole -o import.cognito "$1" 2>import.err
echo $?
list-users -o imported
END
echo '{"Username":"seed","Attributes":{"sub":"s"}}' >nobody.pool
title 'imported: a user pool takes some, and says of each'
run 0 serve --allow all nobody.pool -- bash session cognito-import.cognito-import.out
same - out <<<3
title 'imported: an identity domain takes them'
run 0 env DUMP=dump "$helpers/oci-import.py" GET/JobHistories:over -- push-import oci --max-rate 100000 --seal --whole \
	-o import.oci oci-users.oci-users.out
# truly TARGET FILE
truly() {
	title "imported: $1: a result for each row, and true"
	/usr/bin/python3 check-import "$1" "$2" "import.$1" >"import.$1.wrong" 2>&1
	empty "import.$1.wrong"
}
truly cognito cognito-import.cognito-import.out
truly oci oci-users.oci-users.out
rm import.*.wrong
# --- and carried out at a SCIM server, in Bulks, whose ids are what people are called
cat >session <<'END'
curl -s -X POST -d '{"config":{"ids":"userName","bulk":{"supported":true,"maxOperations":300,"maxPayloadSize":9000000},
	"patch":{"supported":true},"filter":{"supported":true,"maxResults":1000},"etag":{"supported":true}}}' "$SCIM_URL/_scene"
list-scim --seal -o at.before
plan-sync --key externalId --reject at.rejects --left at.left -o at.plan push.out at.before 2>at.err
apply-scim --ledger at.ledger --failed at.again -o at.made at.plan 2>>at.err; echo $?
list-scim --seal -o at.first
# Of four, one is changed, one is deactivated, one is deleted, and one stays.
people=$(grep -c '"userName"' at.first)
jq -cs --slurpfile plan at.plan '($plan | map(select(.After)) | map({key: .After.userName, value: .Key}) | from_entries) as $keys |
	[.[] | select(.userName)] as $all | range($all | length) as $i | $all[$i] | {Key: $keys[.userName], Username: .userName, Id: .id} +
	([{Op: "update-user", Before: {nickName: .nickName}, After: {nickName: ($all[$i - 1] | [.name.givenName, .nickName, .userName]
	| map(select(. != null))[0] + ".")}}, {Op: "disable-user", Before: {Enabled: true}, After: {Enabled: false}},
	{Op: "delete-user", Before: .}, null][$i % 4] // empty)' at.first |
	"$helpers/make-plan.py" "$SCIM_URL" 'Key="externalId"' 'Managed={"users":9999,"groups":9,"members":9}' \
		"Confirmed={\"update\":$(((people + 3) / 4)),\"user-disable\":$(((people + 2) / 4)),\"user-delete\":$(((people + 1) / 4))}" >at.second
apply-scim --ledger at.ledger --failed at.again -o at.changed at.second 2>>at.err; echo $?
list-scim --seal -o at.after
END
cp "$helpers/bulk-server.py" script
title 'plans carried out at a SCIM server'
export helpers
run 0 "$helpers/scripted-scim.py" script bash session
title 'SCIM: the first of them is carried out as a whole'
same - <(head -n 1 out) <<<0
title 'SCIM: and the second, but for whose id can be in no path'
jq -c 'select(.Result and .Result != "done") | .Id' at.changed | grep -vxE '"[.][.]?"' >actual
empty actual
title 'SCIM: whoever is in the plan is made, with what it says'
jq -cS 'select(.Op == "create-user").After' at.plan | LC_ALL=C sort >wanted
jq -cS 'select(.userName) | del(.id, .meta)' at.first | LC_ALL=C sort >got
ok test "$(wc -l <wanted)" -gt 900
same wanted got
title 'SCIM: of four, one is changed, one is deactivated, one is deleted, and one stays'
jq -cS 'select(.userName) | del(.meta)' at.first | jq -cn --slurpfile plan at.second '($plan | map(select(.Id) | {key: .Id, value: .}) |
	from_entries) as $of | inputs | $of[.id] as $row | if $row == null or .id == "." or .id == ".." then . elif $row.Op == "delete-user" then empty
	elif $row.Op == "disable-user" then .active = false else .nickName = $row.After.nickName end' | jq -cS . | LC_ALL=C sort >wanted
jq -cS 'select(.userName) | del(.meta)' at.after | LC_ALL=C sort >got
same wanted got
title 'SCIM: in few requests'
ok test "$(grep -cE '^(PATCH|PUT|DELETE) ' script.log)" -lt 50
title 'SCIM: none of them for something else'
grep -vE '^(GET|PATCH|DELETE) /Users/[^/]+ |^GET /(Users|Groups)[?]|^POST /(Users|Bulk|_scene) |^GET /ServiceProviderConfig ' script.log >actual
empty actual

"$helpers/hostile-check.py" <to-check >wrong 2>&1
for name in "${names[@]}"; do
	grep -a "^$name: " wrong >"$name.wrong"
	title "$name: sound ones as ever, poisoned ones unchanged or rejected"
	empty "$name.wrong"
done
rm table.wrong
title 'all was judged'
ok test "$(cat ./*.wrong | wc -l)" -eq "$(wc -l <wrong)"
title 'messages are printable ASCII'
LC_ALL=C grep -aP '[^\x20-\x7e]' ./*.err >unprintable
empty unprintable
title 'and no value of theirs is in one'
grep -aE 'evil|owned|pwned|=1\+1' ./*.err >values
empty values

finish
