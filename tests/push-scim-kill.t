#!/usr/bin/env bash
# push-scim killed at some moment or other and run again: the server has the pool, has kept what is
# not the pool's, and was never asked to take anything away.  ROUNDS=30 tries more moments.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/push.sh
. "$TOP/tests/helpers/push.sh"

writes=$TOP/tests/helpers/check-writes.py
RANDOM=${SEED:-1}

read_pool 60
run 0 at -- 'push-scim --reject unclear resources || test $? = 3'
# What the server has at first: some are missing or old, groups have fewer members, and it knows
# people, a group and a membership that the pool does not.
jq -cn --arg u "$U" --arg g "$G" '
	[inputs] | (map(select(.resourceType == "User").id)[:9]) as $gone
	| (to_entries[] | select(.value.id | IN($gone[]) | not) | .key as $n | .value
		| if .resourceType == "User" and $n % 3 == 0 then .active |= not | .title = "old" else . end
		| if .members then .members |= [.[] | (.value? // .) | select(IN($gone[]) | not)][:-2]
			+ [{value: "own-user", type: "User"}]
			| .members |= map({value: (.value? // .)}) else . end),
	{schemas: [$u], id: "own-user", userName: "of the server alone", active: true},
	{schemas: [$g], id: "own-group", displayName: "of the server alone", members: [{value: "own-user"}]}
	' dump | LC_ALL=C sort -r >seed

cat >killed <<'END'
push-scim $options --reject unclear resources >/dev/null & pid=$!
sleep $after
kill -KILL $pid
wait $pid
[ $? -ne 137 ] || echo killed >>kills
exec push-scim $options --reject unclear resources
END
# round OPTION...: one more, with these options of the server; $options are those of push-scim.
round() {
	after=0.$(printf %03d $((RANDOM % 350)))
	export after options
	rm -f bodies
	title "$options $*, killed after $after s"
	at --seed seed --bodies bodies "$@" -- 'exec sh ./killed' >out 2>err
	[[ $? == [03] ]]
	verdict $?
	title 'what the pool does not know is as it was'
	jq -cS 'select(.id | startswith("own-")) | del(.groups, .members)' seed >own
	jq -cS 'select(.id | startswith("own-")) | del(.groups, .members, .resourceType)' dump >kept
	same own kept
	title 'memberships too'
	ok test "$(grep -c '"own-user"' dump)" -ge "$(grep -c '"own-user"' seed)"
	jq -c 'select(.id | startswith("own-") | not) | if .title == "old" then del(.title) else . end
		| if .members then .members -= ["own-user"] else . end' dump >rest
	mv rest dump
	is_whole 'in the end'
	title 'nothing was taken away'
	ok "$writes" bodies resources seed dump
}
for ((i = 0; i < ${ROUNDS:-4}; i += 4)); do
	options=''
	round --slow 15 --max-operations 8
	round --bulk-fail 0.1 --slow 10 --max-operations 15
	options='--no-bulk'
	round --slow 10
	round --no-patch --slow 5
done
title 'some were killed in the middle'
ok test -s kills

finish
