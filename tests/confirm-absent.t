#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq, and of sh in quotes
# confirm-absent: whoever is to lose something because he is missing is asked for at the source, and only
# a word that there is no such user lets it happen.
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers

sub() { printf '%08d-0000-4000-8000-000000000000' "$1"; }
user() { printf '{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"%s@example.com","sub":"%s"},"Groups":[%s]}\n' \
	"$1" "$1" "$(sub "$2")" "${3:-}"; }
{ user ana 1 '"staff"'; user bob 2 '"other"'; user cara 3; echo '{"GroupName":"staff"}'; echo '{"GroupName":"other"}'; } >pool

# One server for all that it can be asked without faults; its log says what was.
serve-pool --log asked pool >pool.env 2>pool.err &
server=$!
planted=(pool.env)
trap 'kill $server 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
for ((i = 0; i < 600; i++)); do
	if grep -q '^unset' pool.env || ! kill -0 $server 2>/dev/null; then break; fi
	sleep 0.05
done
# shellcheck source=/dev/null
. ./pool.env
source=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID

# row OP KEY [NAME SUB [WHY [GROUP]]]: of an operation; without NAME no Source.
row() {
	local why=${5:-absent since 2026-01-01T00:00:00.000Z} from='' more=''
	[ -z "${3:-}" ] || from=',"Source":{"Username":"'$3'","sub":"'$4'"}'
	case $1 in
	disable-user) more=',"Before":{"Enabled":true},"After":{"Enabled":false}' ;;
	delete-user) more=',"Before":{"Username":"'$2'","Attributes":{"email":"canary@example.com"}}' ;;
	remove-member) more=',"GroupName":"'${6:-staff}'"' ;;
	esac
	printf '{"Op":"%s","Key":"%s","Username":"%s","sub":"t-%s"%s%s,"Why":"%s"}\n' "$1" "$2" "$2" "$2" "$more" "$from" "$why"
}
# plan [MEMBER=JSON...]: of the rows on standard input, made from the pool
plan() { "$HELPERS/make-plan.py" https://x/eu-west-1_have Want='{"Sources":["'"$source"'/users","'"$source"'/memberships"],"Scope":"all"}' "$@" >plan; }
# kept: one test: what the plan in out still does
kept() {
	gojq -r 'select(.Op and .Op != "plan") | [.Op, .Key, .GroupName // empty] | join(" ")' out >actual
	same - actual
}
# found: one test: what is in the file of --found, short
found() {
	gojq -r '[.Op, .Key, .Result, .Code, .Detail] | join(" ")' found >actual
	same - actual
}

# --- who is there stays, who is not goes
{ row disable-user ana ana "$(sub 1)"; row disable-user gone gone "$(sub 9)"; row disable-user left '' '' 'Enabled differs'
	# Under a name of the mapping's own, which the source does not know.
	row disable-user mapped bob@example "$(sub 2)"
	# Under the same name there is somebody else by now.
	row disable-user heir cara "$(sub 8)"
	row disable-user nowhere; row disable-user odd odd 'x\" or sub = \"y'
	row delete-user dead dead "$(sub 10)"; row delete-user alive bob "$(sub 2)"
	printf '{"Op":"update-user","Key":"ana","Username":"ana","sub":"t-ana","Before":{"Attributes":{"name":"a"}},"After":{"Attributes":{"name":"b"}},"Why":"name differs"}\n'
	row remove-member ana '' '' 'not a member in WANT'; } >rows
plan 'Limits={"user-disable":7,"user-delete":9}' 'Confirmed={"user-disable":7}' <rows
printf 'canary\nodd\nnowhere\nheir\n' >canaries
title 'who is there stays, and who is not known'
run 3 confirm-absent --found found --stats stats plan
kept <<'END'
update-user ana
remove-member ana staff
disable-user gone
disable-user left
delete-user dead
END
has err 'confirm-absent: 6 of 8 that would take something away are left out: 4 of who is there still, 2 of who is not known to be gone'
has stats '"Candidates":8,"People":8,"Groups":0,"Found":4,"Unknown":2'
title 'the counts are made anew; the rest of the header, and the limits, stay'
jq -c 'select(.Op == "plan") | [.Totals, .Classes, .Limits, .Confirmed, .Managed.users]' out >actual
same - actual <<'END'
[{"update-user":1,"remove-member":1,"disable-user":2,"delete-user":1},{"update":1,"member-remove":1,"member-remove:staff":1,"user-disable":2,"user-delete":1},{"user-disable":7,"user-delete":9},{"user-disable":2},100]
END
found <<'END'
disable-user ana found  still at the source
disable-user heir found  still at the source
disable-user mapped found  still at the source
disable-user nowhere unknown  the plan does not say who he is at the source
disable-user odd unknown  could not be asked for
delete-user alive found  still at the source
END
title 'with no attribute in it'
lacks found canary
title 'and without those who were asked for by name and found, by sub too'
gojq -r .Operation asked | LC_ALL=C sort | uniq -c | awk '{ print $1, $2 }' >actual
same - actual <<'END'
6 AdminGetUser
3 ListUsers
END
title 'the seal is good; the plan can be carried out'
tail -n 1 out | jq -c '."~end" | [.ok, .rows, .source]' >actual
same - actual <<<'[true,6,"https://x/eu-west-1_have/plan"]'
mv out confirmed
title 'again: there is nothing left to leave out but what is not known'
run 0 confirm-absent -o again confirmed
same confirmed again
title 'also of several kinds of the same pool together'
row disable-user gone gone "$(sub 9)" | plan Want='{"Sources":["'"$source/users"'","'"$source/users + $source/memberships"'"],"Scope":"all"}'
run 0 confirm-absent plan
kept <<<'disable-user gone'
title 'a plan without such operations is not changed, and nobody asked'
printf '{"Op":"create-user","Key":"new","Username":"new","After":{"Enabled":true,"Attributes":{}}}\n' | plan
: >asked
run 0 confirm-absent plan
same plan out
empty asked

# --- groups: who left them is in none of them
plan_groups() { plan Want='{"Sources":["'"$source"'/users"],"Scope":"all","Groups":["staff"]}'; }
left='left the listed groups'
{ row remove-member ana ana "$(sub 1)" "$left"; row remove-member bob bob "$(sub 2)" "$left"; row remove-member gone gone "$(sub 9)" "$left"
	row disable-user ana ana "$(sub 1)" "$left"; row disable-user bob bob "$(sub 2)" "$left"
	row disable-user gone gone "$(sub 9)" "$left"; row delete-user mapped x "$(sub 1)" "$left"; } >rows
title 'groups: only who is in one of them stays'
plan_groups <rows
run 3 confirm-absent --found found plan
kept <<'END'
remove-member bob staff
remove-member gone staff
disable-user bob
disable-user gone
END
found <<'END'
remove-member ana found  still in the group
disable-user ana found  still in one of the groups
delete-user mapped found  still in one of the groups
END
# kept_of SCOPE: who is disabled by a plan whose WANT is of that scope
kept_of() {
	plan Want="$(jq -cn --arg s "$source/users" --arg scope "$1" '{Sources: [$s], Scope: $scope}')" <rows
	confirm-absent plan 2>err | gojq -r 'select(.Op == "disable-user").Key' | paste -s -d ' '
}
{ row disable-user ana ana "$(sub 1)"; row disable-user bob bob "$(sub 2)"; row disable-user cara cara "$(sub 3)"
	row disable-user gone gone "$(sub 4)"; } >rows
title 'the groups of a scope; of too many, any counts'
{ kept_of all; kept_of members:all; kept_of 'members:groups:["staff"]'; kept_of 'members:groups:["other","staff"]'
	kept_of 'members:groups:30000 of sum 1'; } >actual
same - actual <<'END'
gone
cara gone
bob cara gone
cara gone
cara gone
END

# --- groups that are deleted
deleted='the group is to be deleted'
{ for g in none staff 'no such'; do printf '{"Op":"delete-group","Key":"%s","GroupName":"%s","Before":{"GroupName":"%s","Members":1},"Why":"absent since 2026-01-01T00:00:00.000Z"}\n' "$g" "$g" "$g"; done
	for g in none staff orphan; do row remove-member "in-$g" '' '' "$deleted" "$g"; done
	row remove-member bob '' '' 'not a member in WANT' staff; } >group.rows
title 'groups that are deleted: only what the source has no more, and the others keep their members'
plan 'Confirmed={"group-delete":3}' <group.rows
: >asked
run 3 confirm-absent --found found --stats stats plan
kept <<'END'
remove-member in-none none
remove-member bob staff
delete-group none none
END
found <<'END'
remove-member in-orphan unknown  no operation deletes the group
remove-member in-staff found  the group is still at the source
delete-group no such unknown InvalidParameterException the group could not be asked for
delete-group staff found  the group is still at the source
END
has err '4 of 6 that would take something away are left out: 2 of who is there still, 2 of who is not known to be gone'
has stats '"Candidates":6,"People":0,"Groups":3,"Found":2,"Unknown":2'
gojq -r .Operation asked | LC_ALL=C sort | uniq -c | awk '{ print $1, $2 }' >actual
same - actual <<'END'
3 GetGroup
1 ListGroups
END
title 'the classes are those of what is left'
head -n 1 out | jq -c '[.Classes, .Confirmed]' >actual
same - actual <<<'[{"member-remove":2,"member-remove:none":1,"member-remove:staff":1,"group-delete":1},{"group-delete":1}]'

# --- nothing but a good word confirms
{ row disable-user gone gone "$(sub 9)"; row delete-user dead dead "$(sub 10)"; row update-user ana; } |
	sed '3s/"Why"/"Before":{},"After":{},"Why"/' >rows
plan <rows
title 'another pool would confirm everything'
for other in https://x/eu-west-1_other/users "${source%?}/users" "${source}x/users" "$source" "$source/users/x" hr "$source/users + hr"; do
	plan Want='{"Sources":["'"$source"'/groups","'"$other"'"],"Scope":"all"}' <rows
	echo old >old
	run 5 confirm-absent -o old plan
	same - old <<<old
done
has err 'was not, or not alone, read from'
plan Want='{"Sources":[],"Scope":"all"}' <rows
run 5 confirm-absent plan
plan Want= <rows
run 5 confirm-absent plan
tail -n 1 out | jq -c '."~end" | [.ok, .rows, .retryable]' >actual
same - actual <<<'[false,0,false]'
# refused KIND OPTION...: nobody is confirmed by a service that behaves so, at whichever call
refused() {
	local what=$1
	shift
	title "$what"
	run 3 serve-pool "$@" pool -- sh -c '"$0" https://x/eu-west-1_have Want="{\"Sources\":[\"$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID/users\"],\"Scope\":\"all\"}" <rows >plan
		exec confirm-absent --retry-seconds 0 --found found plan' "$HELPERS/make-plan.py"
	kept <<<'update-user ana'
}
refused 'no permission for the one' --allow ListUsers
has err 'confirm-absent: AdminGetUser: AccessDeniedException'
refused 'no permission for the other' --allow AdminGetUser
refused 'a service that is down' --fault AdminGetUser:error500=100%
has found '"Result":"unknown","Code":"InternalErrorException","Retryable":true'
refused 'a page of somebody in between' --fault AdminGetUser:not-json=100%
has found '"Result":"unknown","Code":"","Retryable":true'
refused 'an answer about nobody' --fault AdminGetUser:no-users=100%
has err 'AdminGetUser: an answer without a user'
has found '"Result":"unknown","Code":"","Retryable":true'
cp rows kept.rows; { sed -n 3p kept.rows; sed -n 1p group.rows; } >rows
refused 'a group, and no permission to ask for it' --allow ListGroups
has err 'confirm-absent: GetGroup: AccessDeniedException'
refused 'a group, and nobody says that its pool is there' --fault ListGroups:error500=100%
has found '"Op":"delete-group","Key":"none","Result":"unknown"'
cp kept.rows rows
# Of two at once the fault may strike one only.
sed -i 2d rows
refused 'an answer that is cut' --fault ListUsers:cut=100%
title 'no server at all: nobody is confirmed'
row delete-user dead dead "$(sub 10)" >>rows
plan <rows
AWS_ENDPOINT_URL=${source%/*}
kill $server && wait $server 2>/dev/null
run 3 confirm-absent --retry-seconds 0 plan
kept <<<'update-user ana'

# --- plans that are none
title 'cut anywhere, or failed: no plan comes of it'
bytes=$(wc -c <plan)
for ((at = 0; at < bytes; at += 41)); do
	head -c "$at" plan >cut.plan
	confirm-absent -o made cut.plan 2>/dev/null
	echo "$? $([ ! -e made ] || echo made)"
done | sort -u >actual
same - actual <<<'4 '
sed '$s/"ok":true/"ok":false,"reason":"the guard","retryable":false/' plan >failed
run 4 confirm-absent failed
tail -n 1 out | jq -c '."~end" | [.ok, .retryable]' >actual
same - actual <<<'[false,false]'
sed '$s/"ok":true/"ok":false,"reason":"the guard","retryable":true/' plan >failed
run 75 confirm-absent failed
plan 'Totals={"disable-user":2}' <rows
run 4 confirm-absent plan
has err 'incomplete: the plan has 1 rows'
sed 's/disable-user","Key"/rename-user","Key"/' plan >bad
run 1 confirm-absent --reject rejects bad
title 'one key, two people'
{ row remove-member gone gone "$(sub 9)" "$left"; row disable-user gone gone "$(sub 10)" "$left"; } | plan
run 1 confirm-absent plan
has err 'Source: another one than in an earlier line of the same key'
run 2 confirm-absent --found plan plan
run 2 confirm-absent --found x -o x plan
run 2 confirm-absent plan plan

finish
