#!/usr/bin/env bash
# apply-scim with Bulk: updates, activations, deactivations, deletions and memberships; a scripted server
# that fails in all ways, and scimmy, where the end is that of single requests.
# CHANCE: how many runs in which all goes wrong by chance.  PEOPLE: users in scimmy, six groups and up.
# shellcheck disable=SC2016 # for the inner shell and for jq
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"
export HELPERS=$TOP/tests/helpers

cp "$HELPERS/bulk-server.py" script
title 'the scenes'
run 0 "$HELPERS/scripted-scim.py" script "$HELPERS/bulk-scenes.py"
while read -r name text; do
	awk -v name="$name" '/^== / { on = $2 == name; next } on' "$TOP/tests/expected/apply-scim-bulk" >expected
	title "$text"
	same expected "told.$name"
done <names
title 'all were played'
same <(sed -n 's/^== //p' "$TOP/tests/expected/apply-scim-bulk") names
title 'whatever goes wrong, all is done in the end, and a result a row'
run 0 "$HELPERS/scripted-scim.py" script "$HELPERS/bulk-scenes.py" "${CHANCE:-3}"
empty told.chance

# --- scimmy
U=urn:ietf:params:scim:schemas:core:2.0:User G=urn:ietf:params:scim:schemas:core:2.0:Group
jq -cn --arg u "$U" --arg g "$G" --argjson n "${PEOPLE:-36}" 'range($n) | tostring |
	{schemas: [$u], externalId: "s-\(.)", userName: "user\(.)", active: true, nickName: "a"}' >seed
jq -cn --arg g "$G" --argjson n "${PEOPLE:-36}" 'range($n / 6) as $i | {schemas: [$g], externalId: "g\($i)", displayName: "g\($i)",
	members: [range(4) | {value: "bulkId:s-\((. * 7 + $i) % $n)"}]}' >>seed
cat >session <<'END'
list-scim --seal -o have
# By sixths: changed, deactivated, deleted, and the others left; half of the members go, and two come.
jq -c 'select(.externalId) | {Ledger: (if .userName then "user" else "group" end), Target: env.SCIM_URL, Key: .externalId,
	State: "created", Time: "2026-01-01T00:00:00.000Z"} + (if .userName then {Username: .userName, sub: .id}
	else {Key: .displayName, GroupName: .displayName, sub: .id} end)' have >ledger
jq -cs '[.[] | select(.userName)] as $people | ($people | map({key: .id, value: .}) | from_entries) as $by | (.[] |
	select(.userName) | (.externalId[2:] | tonumber % 6) as $kind | {Op: "", Key: .externalId, Username: .userName, Id: .id} |
	if $kind < 3 then .Op = "update-user" | .Before = {nickName: "a"} | .After = {nickName: "b"}
	elif $kind == 3 then .Op = "disable-user" | .Before = {Enabled: true} | .After = {Enabled: false}
	elif $kind == 4 then .Op = "delete-user" | .Before = $by[.Id] else empty end),
	(.[] | select(.displayName) | .displayName as $name | [.members[].value] as $in | ($name[1:] | tonumber) as $i |
	($in[:2][] | {Op: "remove-member", Key: $by[.].externalId, GroupName: $name, Username: $by[.].userName, Id: .}),
	($people[$i * 2, $i * 2 + 1] | select(.id | IN($in[]) | not) | {Op: "add-member", Key: .externalId, GroupName: $name,
		Username: .userName, Id: .id}))' have |
	"$HELPERS/make-plan.py" "$SCIM_URL" 'Key="externalId"' 'Managed={"users":99999,"groups":99999,"members":99999}' \
		'Limits={"user-delete":999,"user-disable":999,"update":999,"member-remove":999}' \
		'Max=["user-delete","user-disable","update","member-remove"]' >plan
: >log
apply-scim --ledger ledger --seal -o results "$@" plan
END
for way in --no-bulk --verbose; do
	title "scimmy: all is done ($way)"
	run 0 "$server" --seed seed --log log --dump dump -- bash ./session "$way"
	for file in dump log results; do mv "$file" "$file$way"; done
done
title 'one by one or in Bulks, it comes to the same'
same dump--no-bulk dump--verbose
title 'with the same results'
jq -c 'select(.Op)' results--no-bulk >one
jq -c 'select(.Op)' results--verbose >other
same one other
title 'none is anything but done'
ok test "$(grep -vc '"Result":"done"' one)" -eq 0 -a -s one
title 'the changes take few requests'
asked() { awk '$1 != "GET" { n++ } END { print n + 0 }' "log$1"; }
ok test "$(asked --verbose)" -lt "$(($(asked --no-bulk) / 2))"
title 'what is looked at one by one is so with Bulk'
same <(grep -c '^GET /Users/' log--no-bulk) <(grep -c '^GET /Users/' log--verbose)
for way in --no-bulk --verbose; do
	echo "# log$way: $(awk '{ sub("/admin/v1", "", $2); sub("[?].*", "", $2); split($2, part, "/"); n[$1 " /" part[2]]++ }
		END { for (k in n) printf "%s %d, ", k, n[k] }' "log$way") of $(wc -l <one) rows"
done
finish
