#!/usr/bin/env bash
# Not for sanitizers.
# export-scim: the files, the options that it passes on, and that a server takes the BulkRequests as
# the page sends them.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions that run calls
. "$(dirname "$0")/lib.sh"

# export_scim STATUS DIRECTORY [export-scim option...]
export_scim() {
	run "$1" serve "${pool:-pool}" -- export-scim -d "$2" "${@:3}"
}

title 'usage and SYNOPSIS agree'
export-scim --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-scim.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 export-scim
run 2 export-scim -d x --dialect
run 2 export-scim -d x --nonesuch
run 2 export-scim -d x operand

dates='"CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"'
# user NUMBER NAME STATUS ATTRIBUTES GROUPS
user() {
	printf '{"Username":"%s","Enabled":true,"UserStatus":"%s","UserCreateDate":"2018-07-25T15:32:11.091Z",' "$2" "$3"
	printf '"UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{%s"sub":"s%s"},"Groups":[%s]}\n' \
		"$4" "$1" "$5"
}
{
	user 1 ana CONFIRMED '"custom:tenant":"7","email":"ana@example.com",' '"staff","all"'
	user 2 bo UNCONFIRMED '' '"all"'
	user 3 ANA CONFIRMED '' '"staff"'
	user 4 google_1 EXTERNAL_PROVIDER '"identities":"[{\"userId\":\"1\",\"providerName\":\"google\",\"providerType\":\"Google\",\"issuer\":null,\"primary\":true,\"dateCreated\":1}]",' ''
	printf '{"GroupName":"%s",%s}\n' all "$dates" staff "$dates" empty "$dates"
} >pool
export_scim 3 out.d
has err 'export-scim: out.d/scim.rejects.ndjson: 2 rejected, with the reasons'
jq -c '[.schemas[0][-4:], .externalId, .userName, .active]' out.d/users.ndjson >users
same - users <<'END'
["User","s1","ana",true]
["User","s2","bo",true]
["User","s4","google_1",true]
END
jq -cs 'group_by(.externalId)[] | [.[0].schemas[0][-5:], .[0].externalId, .[0].displayName, map(.members[]?.value)]' \
	out.d/groups.ndjson >groups
same - groups <<'END'
["Group","all","all",["bulkId:s1","bulkId:s2"]]
["Group","empty","empty",[]]
["Group","staff","staff",["bulkId:s1"]]
END
title 'a rejected user is nobody'\''s member, and a reject names its stream'
jq -c '[.Stream, .Line, .Record.Username, .Record.GroupName]' out.d/scim.rejects.ndjson >rejects
same - rejects <<'END'
["users",3,"ANA",null]
["members",3,"ANA","staff"]
END
title 'files are the owner'\''s alone, and no seal is in them'
ok test "$(stat -c %a out.d out.d/*; cat out.d/* | grep -c '~end')" = $'700\n600\n600\n600\n0'
before=$(stat -c %i out.d/*)
export_scim 3 out.d
title 'a second run of the same pool touches no file, the rejects included'
ok test "$(stat -c %i out.d/*)" = "$before"

# Options.
export_scim 3 held --hold-back UNCONFIRMED --group all
title '--hold-back and --group'
jq -r '.userName // .displayName, .members[]?.value' held/users.ndjson held/groups.ndjson | uniq >names
same - names <<'END'
ana
all
bulkId:s1
END
export_scim 3 oci --dialect oci --arg bypass_notification=false --arg login=username
title '--dialect and --arg'
ok test "$(jq -c '.["urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User"].bypassNotification' \
	oci/users.ndjson | sort -u)" = false
export_scim 3 extended --extension urn:example:x:User
title --extension
ok test "$(jq -c 'select(.userName == "ana")["urn:example:x:User"]' extended/users.ndjson)" = '{"tenant":"7"}'
mkdir mine
mkdir mine/mappings
sed 's/externalId: attr_or("sub"[^,]*/externalId: ("x-" + attr("sub"))/' "$TOP/pipelines/mappings/scim.jq" >mine/mappings/scim.jq
title 'COGNITO_FILTERS_PATH may be relative'
run 3 serve pool -- env COGNITO_FILTERS_PATH="mine:$TOP/pipelines" export-scim -d mapped
ok grep -q '"x-s1"' mapped/users.ndjson

# What is wrong comes to light before the service is asked.
for wrong in '--dialect nonesuch' '--arg login' '--arg login=emial' '--arg nonesuch=1' '--max-bytes 1000000' '--dialect entra' '--hold-back NONESUCH' '--ids nonesuch'; do
	rm -f log
	title "before a request: $wrong"
	# shellcheck disable=SC2086 # two words
	run "$([[ $wrong == --ids* ]] && echo 1 || echo 2)" serve --log log pool -- export-scim -d out.d $wrong
	title 'no request was sent'
	ok test ! -s log
done
title 'the files are the old ones'
ok test "$(stat -c %i out.d/*)" = "$before"

# Bulk.
export_scim 3 out.d --bulk
title 'one request suffices'
ok test "$(echo out.d/*)" = 'out.d/bulk.json out.d/previous out.d/scim.rejects.ndjson'
title 'the files of the other way lie with the old ones'
ok test "$(cd out.d/previous/* && echo *)" = 'groups.ndjson users.ndjson'
export_scim 3 out.d --bulk --max-operations 3 --dialect entra
title 'and has not more operations than asked for'
ok test "$(jq '.Operations | length' out.d/bulk*.json | sort -u | tr '\n' ' ')" = '3 '
export_scim 3 out.d
title 'parts do not stay'
ok test -z "$(find out.d -maxdepth 1 -name 'bulk*')"

# The same to a server, as the page has it.
. "$TOP/tests/helpers/scim.sh"
mandoc -T ascii -O width=1000 "$TOP/man/export-scim.1" | plain |
	sed -n '/^ *send() {/,/^$/p' | sed 's/^ *//' >steps
title 'the page has the steps'
ok grep -q -- --ids steps
cat >send.sh <<'END'
token=$(curl -s -u "$SCIM_CLIENT_ID:$SCIM_CLIENT_SECRET" -d grant_type=client_credentials "$SCIM_TOKEN_URL")
echo "Authorization: Bearer $(echo "$token" | jq -r .access_token)" >header
. ./steps
END
make-pool -n 150 >pool
title 'the steps of the page'
run 0 "$server" --strict --dump dump -- serve-pool pool -- bash send.sh
jq -c '.Operations[] | select(.status | startswith("2") | not) | {Result: "failed",
	Name: (.response.detail | capture("\"(?<name>.*)\" is taken").name? // "its members")}' answer-* >failed
title 'the server has what the pool has'
ok "$check" --told scim/scim.rejects.ndjson --told failed pool dump

# Failures.
: >none
pool=none
export_scim 0 empty
title 'an empty pool'
ok test "$(cat empty/*.ndjson | wc -c)" -eq 0
export_scim 1 unknown --group nonesuch
title 'nothing is written for an unknown group'
ok test -z "$(ls -A unknown)"
title 'a server that gives up'
run 75 serve --fault ListGroups:error503@1 pool -- export-scim -d out.d --retry-seconds 0
exec {lock}<out.d
flock "$lock"
title 'one run at a time'
run 75 serve pool -- export-scim -d out.d
has err 'another run is at work there'

make-pool -n 5 >some
# A service that has come to speak otherwise: each user that it gives is rejected.
mkdir strange
cat >strange/list-users <<'X'
#!/bin/sh
while [ $# -gt 0 ]; do
	[ "$1" != --reject ] || echo '{"Reason":"strange","Line":1,"Stream":"ListUsers","Record":{}}' >"$2"
	shift
done
echo '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,"rejected":1,"source":"s","scope":"all","via":[]}}'
exit 3
X
chmod +x strange/list-users
mkdir kept
echo old >kept/users.ndjson
title 'all users are rejected: nothing is replaced'
run 5 serve some -- env PATH="$T/strange:$PATH" export-scim -d kept
has err 'export-scim: all users that the service gave were rejected'
same - kept/users.ndjson <<<old
finish
