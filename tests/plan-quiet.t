#!/usr/bin/env bash
# Not for sanitizers.
# shellcheck disable=SC2016 # programs of jq, and what the inner shell expands
. "$(dirname "$0")/lib.sh"
# Where a target has what is wanted, the plan has no operation: the demo pool is held against itself, and
# against the pool that it was applied to, in every form that the records of both sides can have.

pool=$TOP/tests/expected/pool.ndjson
# NAME.users, NAME.inline (with their Groups), NAME.groups, NAME.members
cat >lists <<'END'
export COGNITO_SEAL=1
list-users -o "$1.users"
list-groups -o "$1.groups"
expand-members --with-attributes all -o "$1.members" "$1.groups"
expand-members --members "$1.members" -o "$1.inline" "$1.users"
END
title 'the demo pool is listed'
run 0 serve-pool --region eu-west-1 --user-pool-id eu-west-1_source --allow all "$pool" -- bash -e lists want
title 'applied to an empty one, and that is listed, too'
cat >copy <<'END'
bash -e lists empty
plan-sync --ledger ledger --with-role-arn -o plan --want want.users --want want.groups --want want.members \
	--have empty.users --have empty.groups --have empty.members 2>err.plan || [ $? -eq 3 ]
apply-cognito --ledger ledger --with-role-arn --add-custom-attributes custom:note \
	--add-custom-attributes custom:tenant -o results plan
bash -e lists have
END
: >nothing
run 0 serve-pool --region eu-west-1 --user-pool-id eu-west-1_copy --allow all nothing -- bash -e copy
title 'all that was planned was done'
jq -r 'select(.Op and .Result != "done") | [.Op, .Key, .Result, .Detail] | @tsv' results >actual
empty actual

# whose NAME KEY: a ledger by which all of the lists NAME is ours.
whose() {
	jq -c --arg key "$2" 'select(.Username or .GroupName) | {Target: $target, State: "created"} + if .GroupName then
		{Ledger: "group", Key: .GroupName} else {Ledger: "user", sub: .Attributes.sub,
		Key: (.[$key] // .Attributes[$key] // empty)} end' --arg target \
		"$(tail -n 1 "$1.users" | jq -r '."~end".source | rtrimstr("/users")')" "$1.users" "$1.groups"
}
forms=(lists inline 'inline only')
# arguments SIDE NAME FORM
arguments() {
	case $3 in
	lists) printf '%s\n' "--$1" "$2.users" "--$1" "$2.groups" "--$1" "$2.members" ;;
	inline) printf '%s\n' "--$1" "$2.inline" "--$1" "$2.groups" ;;
	*) printf '%s\n' "--$1" "$2.inline" ;;
	esac
}
# quiet WANT HAVE LEDGER OPTION...: in all forms of both sides; what a plan does goes to actual
quiet() {
	local want have status files
	for want in "${forms[@]}"; do
		for have in "${forms[@]}"; do
			mapfile -t files < <(arguments want "$1" "$want"; arguments have "$2" "$have")
			plan-sync "${files[@]}" --ledger "$3" "${@:4}" >out 2>err
			status=$?
			[ $status -eq 0 ] || [ $status -eq 3 ] || echo "$want, $have: status $status $(cat err)"
			grep -v -e '^{"Op":"plan"' -e '^{"~end"' out | sed "s/^/$want, $have: /"
		done
	done >actual
	empty actual
}
for key in Username sub email; do
	title "itself, by $key"
	whose want "$key" >ledger.want
	quiet want want ledger.want --key "$key" --reject rejects
done
title 'itself, and case counts'
whose want Username >ledger.want
quiet want want ledger.want --fold-case no
title 'itself, with all that can be taken away, all groups, and roles'
quiet want want ledger.want --delete --delete-groups --idp-groups --with-role-arn --state state
title 'what it was applied to, by Username and by e-mail address'
quiet want have ledger --with-role-arn
whose have email >ledger.have
quiet want have ledger.have --key email --reject rejects
title 'and as nobody is ours, it makes all ours once'
run 3 plan-sync want.inline have.inline --adopt
jq -r 'select(.Op and .Op != "plan") | [.Op, .Why] | @tsv' out | sort -u >actual
same - actual <<END
update-group	adopted
update-user	adopted
END

# --- resources of SCIM: a server's list of what it was given, with its own ids, and more of its making
# wanted FORM [OPTION...]: the resources of WANT, as emit-scim makes them
wanted() { mapfile -t files < <(arguments x want "$1" | grep -v '^--x'); emit-scim --seal --reject rejects "${@:2}" "${files[@]}"; }
# served: what a server lists of that
served() {
	jq -c 'def id: "id-" + .; def made: with_entries(select(.value != null and .value != []));
		if ."~end" then empty else made | .id = (.externalId | id) | .meta = {created: "x"}
		| if .members then .members[] |= (.value |= (ltrimstr("bulkId:") | id) | .display = "d") else . end
		| if .userName then .groups = [{value: "g"}] else . end end' >server.rows
	cat server.rows
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"https://scim.example/v2/Users+Groups","scope":"all","via":[]}}\n' \
		"$(wc -l <server.rows)" "$(wc -c <server.rows)"
}
for key in externalId userName; do
	title "what a SCIM server gives back, by $key"
	for want in "${forms[@]}"; do
		for options in '' --for-push; do
			# shellcheck disable=SC2086 # a word or none
			wanted "$want" $options >resources 2>err.scim || [ $? -eq 3 ] || cat err.scim
			served <resources >server
			jq -c --arg key $key 'if ."~end" then empty else {Ledger: (if .userName then "user" else "group" end),
				Target: "https://scim.example/v2", Key: (if .userName then .[$key] else .displayName end),
				sub: .id, State: "created"} end' server >ledger.server
			plan-sync --key $key --ledger ledger.server resources server >out 2>err
			echo "$? $(cat err)" | grep -v '^[03] '
			grep -v -e '^{"Op":"plan"' -e '^{"~end"' out
		done
	done >actual
	empty actual
done
title 'and it would say what differs'
sed '1s/"active":true/"active":false/' resources >other
served <other >server
run 0 plan-sync --key userName --ledger ledger.server resources server
ok grep -q '"Totals":{"enable-user":1}' out

finish
