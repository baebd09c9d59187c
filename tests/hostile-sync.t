#!/usr/bin/env bash
# Not for sanitizers.
# A pool whose users have written what they like (helpers/hostile-world.py), by every pipeline that changes
# something: sound people arrive exactly, and lose nothing for anybody's profile; of the others each
# arrives exactly, or stands with his reason in a list; strangers at the target with the same poisons
# stay as they are; who leaves is disabled, and nobody else; a second run does nothing.
# HOSTILE_SEED: another combination, and all poisons ("make hostile").
# shellcheck disable=SC2016 # programs of jq, and shells
. "$(dirname "$0")/lib.sh"
helpers=$TOP/tests/helpers
world() { PYTHONPATH=$helpers /usr/bin/python3 -B "$helpers/hostile-world.py" "$@"; }
share=5
[ -z "${HOSTILE_SEED:-}" ] || share=1
world make . "${HOSTILE_SEED:-0}" "$share" || exit 1

# start NAME OPTION...: a pool, whose variables are in the file NAME.env
start() {
	local name=$1
	shift
	echo >"$name.env"
	serve-pool --allow all --no-signatures --log "$name.log" "$@" >"$name.env" 2>"$name.server" &
	servers+=($!)
	for ((i = 0; i < 600; i++)); do
		if grep -q '^unset' "$name.env" || ! kill -0 $!; then break; fi
		sleep 0.05
	done
}
servers=()
planted=('*.env')
trap 'kill "${servers[@]}" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
: >empty
jq -c '.UsernameAttributes = ["email"] | .UsernameConfiguration.CaseSensitive = false' world.json >mail.json
start target --user-pool-id us-east-1_B --description world.json target.pool
start copy --user-pool-id us-east-1_C --description world.json empty
start mail --user-pool-id us-east-1_D --description mail.json empty
start hr --user-pool-id us-east-1_E --description world.json empty
start source --description world.json source.pool
# at NAME COMMAND...: beside that pool
# shellcheck source=/dev/null
at() { (. "./$1.env" && "${@:2}"); }
url() { at "$1" printenv AWS_ENDPOINT_URL; }
# shellcheck source=/dev/null
. ./source.env

# people POOL FILE: users with their groups, and groups; the users alone in FILE.users
people() {
	at "$1" list-groups -o groups.now && at "$1" expand-members -o members.now groups.now &&
		at "$1" list-users | expand-members --members members.now -o "$2.users" && cat "$2.users" groups.now >"$2"
}
# judged WAY SOURCE BEFORE NOW GONE REASON...: one test
judged() {
	title "$1: sound ones exactly, odd ones exactly or with a reason, strangers as they were"
	world judge "${@:2}" >wrong 2>&1
	empty wrong
}
# quiet RESULTS: one test
quiet() {
	title "${1%/*}: a second run does nothing"
	ok jq -es 'map(select(.Result == "done")) == []' "$1"
}
# call OPERATION JSON: at the source, by no command of ours
call() {
	curl -s -o answer -H "X-Amz-Target: AWSCognitoIdentityProviderService.$1" \
		-H 'Content-Type: application/x-amz-json-1.1' -d "$2" "$AWS_ENDPOINT_URL"
}
# leave: some leave, others change, and one goes out of a group
leave() {
	local name
	while read -r name; do call AdminDeleteUser "{\"UserPoolId\":\"$COGNITO_USER_POOL_ID\",\"Username\":\"$name\"}"; done <leave
	while read -r name; do
		call AdminUpdateUserAttributes "{\"UserPoolId\":\"$COGNITO_USER_POOL_ID\",\"Username\":\"$name\",\"UserAttributes\":[{\"Name\":\"given_name\",\"Value\":\"new\"}]}"
	done <change
	call AdminRemoveUserFromGroup "{\"UserPoolId\":\"$COGNITO_USER_POOL_ID\",\"Username\":\"sound-030\",\"GroupName\":\"staff-all\"}"
}

# As in hostile-messages.t.
acted_upon='[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]'

# shown COMMAND...: with what it says on a terminal in the file said
shown() {
	env TERM=xterm "$helpers/terminal.py" -- "$@" >one
	local status=$?
	cat one >>said
	return "$status"
}

people target before
people source was
title 'the source has sound ones and odd ones'
ok test "$(grep -c '^{"Username"' was)" -gt 200

# --- from pool to pool
delta=(nightly-delta -d delta --target-user-pool-id us-east-1_B --target-endpoint-url "$(url target)" --apply)
title 'nightly-delta to a pool'
run 3 "${delta[@]}"
people target now
judged nightly-delta was before now - delta/left.ndjson delta/held.ndjson delta/results.ndjson
title 'again'
run 3 shown "${delta[@]}"
quiet delta/results.ndjson

title 'in a pool that tells them apart, nobody stands in the way of whose name differs in case'
shown nightly-delta -d cases --target-user-pool-id us-east-1_C --target-endpoint-url "$(url copy)" --fold-case no
lacks one 'more than once'

title 'copy-pool'
run 3 shown copy-pool -d copied --source-user-pool-id "$COGNITO_USER_POOL_ID" --source-endpoint-url "$AWS_ENDPOINT_URL" \
	--user-pool-id us-east-1_C --endpoint-url "$(url copy)" --apply
people copy now
judged copy-pool was empty now - copied/left.ndjson copied/held.ndjson copied/results.ndjson copied/losses.ndjson
title 'backup-pool'
run 0 shown backup-pool -d backups --apply
backup=$(echo backups/2*)
title 'restore-pool into what copy-pool has made: nothing to do, but for who could not be made'
cp -r copied restored
run 3 shown restore-pool -d restored --user-pool-id us-east-1_C --endpoint-url "$(url copy)" --apply "$backup"
quiet restored/results.ndjson
title 'nightly-delta where people sign in by e-mail'
run 3 shown nightly-delta -d mail --target-user-pool-id us-east-1_D --target-endpoint-url "$(url mail)" --apply
title 'who has no address that can be one is named'
ok jq -es 'map(select(.Username == "odd-9990")) | length == 1' mail/left.ndjson
title 'and all sound ones are there, by their addresses'
at mail list-users | jq -r '.Attributes.email | select(startswith("sound-"))' | sort -u >addresses
ok test "$(wc -l <addresses)" -eq 60

# --- as CSV, and from CSV
csv=(nightly-delta -d csv --columns 'Username,Enabled,email,given_name,custom:note,Groups' --apply)
title 'nightly-delta as CSV'
run 3 shown "${csv[@]}"
title 'CSV: who is not in the file is held, with the reason'
world names was >wanted
world names csv/changes/*.csv csv/held.ndjson csv/left.ndjson >got
same wanted got
title 'CSV: again'
run 3 shown "${csv[@]}"
title 'CSV: nothing new'
ok test "$(echo csv/changes/* | wc -w)" -eq 1
title 'provision-csv, of the same as a file'
emit-csv --columns Username,Enabled,email,email_verified,given_name,custom:note,Groups --reject hr.rejects -o hr.csv was.users 2>hr.err
provision=(provision-csv -d hr --whole --create-groups --empty-lists --user-pool-id us-east-1_E --endpoint-url "$(url hr)" --apply hr.csv)
run 3 shown "${provision[@]}"
people hr now
jq -c 'if .Attributes then .Attributes |= with_entries(select(.key | IN("email", "email_verified", "given_name", "custom:note")))
	else {GroupName} | select(.GroupName | contains(";") | not) end' was >narrow
judged provision-csv narrow empty now - hr/left.ndjson hr/held.ndjson hr/results.ndjson hr.rejects
title 'provision-csv: again'
run 3 shown "${provision[@]}"
quiet hr/results.ndjson

# --- to a SCIM server, which has strangers of its own
cat >session <<'END'
curl -s -X POST -d @scene "$SCIM_URL/_scene"
list-scim -o at.before
for night in 1 2; do
	shown nightly-delta -d scim --url "$SCIM_URL" --apply
	echo $?
	list-scim -o at.$night
	cp scim/results.ndjson at.results.$night
done
shown sync-oci -d oci --dialect scim --dry-run
echo $?
END
export -f shown
export helpers
jq -cs '{config: {bulk: {supported: true, maxOperations: 300, maxPayloadSize: 9000000}, patch: {supported: true},
	filter: {supported: true, maxResults: 1000}}, seed: [.[] | select(.Username) | {schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
	userName: .Username, displayName: (.Attributes.name // "\u001b[2J\u202e"), externalId: ("x" + .Attributes.sub)}]}' before >scene
cp "$helpers/bulk-server.py" script
run 0 "$helpers/scripted-scim.py" script bash session
same - out <<<$'3\n3\n3'
emit-scim --reject at.rejects -o at.wanted was.users 2>at.err
title 'nightly-delta to a SCIM server: sound ones exactly, odd ones exactly or with a reason, strangers as they were'
world scim was at.wanted at.before at.1 scim/held.ndjson scim/left.ndjson at.results.1 >wrong 2>&1
empty wrong
title 'SCIM: a second run does nothing'
same at.1 at.2

# --- who leaves
leave
people source is
for night in 1 2; do
	title "night $night after some have left"
	run 3 "${delta[@]}"
done
people target now
judged nightly-delta is before now leave delta/left.ndjson delta/held.ndjson delta/results.ndjson
title 'nobody but them was disabled, nobody else lost a group or anything else'
jq -c 'select(.Result == "done") | [.Op, .Username]' delta/results.ndjson | sort >actual
jq -cR '["disable-user", .]' leave | sort >expected
same expected actual

title 'nothing that a terminal acts upon was shown'
sed -e 's/\r\x1b\[K//g' -e 's/\r$//' said | LC_ALL=C.UTF-8 grep -aP "$acted_upon" >found
empty found
title 'and something was'
ok test "$(wc -l <said)" -gt 100
finish
