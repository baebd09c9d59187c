#!/usr/bin/env bash
# expand-members(1) against a served pool: all modes, many pages, faults, seals, statuses.
. "$(dirname "$0")/lib.sh"

# The pool: 200 users; 130 are staff, every third is in admins, one is alone in solo, user "many" is
# in 70 groups more.
dates='"CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"'
user_dates='"UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2019-01-02T03:04:05.678Z"'
groups=(admins empty solo '管理·gruppe' staff)

# user NAME SUFFIX: the record without its last brace and Groups.
user() {
	printf '{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED",%s,"Attributes":{"email":"%s@example.com","sub":"sub-%s"}' \
		"$1" "$user_dates" "$1" "$1"
}

# groups_of N: the groups of user N in the order of the pool's groups, as a JSON array.
groups_of() {
	local list=
	[ $(($1 % 3)) -ne 0 ] || list+=,'"admins"'
	[ "$1" -ne 7 ] || list+=,'"solo"'
	[ $(($1 % 50)) -ne 0 ] || list+=,'"管理·gruppe"'
	[ "$1" -ge 130 ] || list+=,'"staff"'
	printf '[%s]' "${list#,}"
}

many=$(printf ',"team-%02d"' {1..70})
for g in "${groups[@]}"; do printf '{"GroupName":"%s",%s}\n' "$g" "$dates"; done >pool.ndjson
for i in {1..70}; do printf '{"GroupName":"team-%02d",%s}\n' "$i" "$dates"; done >>pool.ndjson
for i in {0..198}; do
	u=$(printf 'user%03d' "$i")
	list=$(groups_of "$i")
	record=$(user "$u")
	printf '%s}\n' "$record" >>users.ndjson
	printf '%s,"Groups":%s}\n' "$record" "$list" >>with-groups.ndjson
	for g in "${groups[@]}"; do
		[[ $list != *"\"$g\""* ]] || printf '{"GroupName":"%s","Username":"%s","Attributes":{"sub":"sub-%s"}}\n' \
			"$g" "$u" "$u" >>"members-$g"
	done
done
record=$(user many)
printf '%s}\n' "$record" >>users.ndjson
printf '%s,"Groups":[%s]}\n' "$record" "${many#,}" >>with-groups.ndjson
cat with-groups.ndjson >>pool.ndjson
touch members-empty
for g in "${groups[@]}"; do
	printf '{"GroupName":"%s"}\n' "$g" >>groups.ndjson
	cat "members-$g" >>members.ndjson
done
for g in staff '管理·gruppe' solo empty admins; do
	printf '{"GroupName":"%s"}\n' "$g" >>reversed.ndjson
	cat "members-$g" >>members-reversed.ndjson
done
printf '{"GroupName":"staff"}\n' >staff.ndjson
printf '{"GroupName":"empty"}\n' >empty.ndjson

# Groups in.
title 'groups become memberships, all pages'
run 0 serve pool.ndjson -- expand-members groups.ndjson
same members.ndjson out
empty err
title 'from standard input'
feed 0 groups.ndjson serve pool.ndjson -- expand-members
same members.ndjson out
title 'several files'
run 0 serve pool.ndjson -- expand-members empty.ndjson staff.ndjson
same members-staff out
title 'an empty group has no members'
run 0 serve pool.ndjson -- expand-members empty.ndjson
empty out
title 'no groups, no members, no calls'
feed 0 /dev/null serve --log log pool.ndjson -- expand-members
empty out
empty log
title 'order is that of the input, whichever answer comes first'
run 0 serve --latency 15 --short-pages --seed 3 pool.ndjson -- expand-members reversed.ndjson
same members-reversed.ndjson out
title 'keys in any order, unknown keys and white space are read'
printf '{ "Description": "x", "Username2": 1, "GroupName" : "so\\u006co" }\n' >odd.ndjson
run 0 serve pool.ndjson -- expand-members odd.ndjson
same members-solo out
title '--with-attributes adds to sub'
run 0 serve pool.ndjson -- expand-members --with-attributes email,custom:none <(printf '{"GroupName":"solo"}\n')
same - out <<'X'
{"GroupName":"solo","Username":"user007","Attributes":{"email":"user007@example.com","sub":"sub-user007"}}
X
title '--with-attributes all'
run 0 serve pool.ndjson -- expand-members --with-attributes all <(printf '{"GroupName":"solo"}\n')
has out '"email":"user007@example.com"'
title 'one call for the page of each group'
run 0 serve --log log pool.ndjson -- expand-members --stats stats groups.ndjson
has stats '"Calls":{"ListUsersInGroup":8}'
has stats '"Records":202'

# More members than are held ahead of their turn: twelve groups of 90.
for g in {01..12}; do
	printf '{"GroupName":"big-%s",%s}\n' "$g" "$dates" >>big.ndjson
	printf '{"GroupName":"big-%s"}\n' "$g" >>big-groups.ndjson
done
list=$(printf ',"big-%s"' {01..12})
for i in {001..090}; do
	printf '%s,"Groups":[%s]}\n' "$(user "u$i")" "${list#,}" >>big.ndjson
done
for g in {01..12}; do
	for i in {001..090}; do
		printf '{"GroupName":"big-%s","Username":"u%s","Attributes":{"sub":"sub-u%s"}}\n' "$g" "$i" "$i"
	done
done >big-members
title 'more groups than are fetched at a time'
run 0 serve --latency 5 --short-pages --seed 7 big.ndjson -- expand-members big-groups.ndjson
same big-members out

# --users.
grep -v '"Groups":\[\]' with-groups.ndjson | grep -v '"many"' | LC_ALL=C sort >expected-users
title '--users gives each user once with its groups'
run 0 serve pool.ndjson -- expand-members --users groups.ndjson
LC_ALL=C sort out >sorted
same expected-users sorted
title '--users: in the order first seen'
run 0 serve --latency 10 --short-pages pool.ndjson -- expand-members --users reversed.ndjson
sed 's/,.*//' out | head -n 130 >first
printf '{"Username":"user%03d"\n' {0..129} >expected-first
same expected-first first
title '--users: Groups has the listed groups only'
run 0 serve pool.ndjson -- expand-members --users <(printf '{"GroupName":"solo"}\n')
same - out <<X
$(user user007),"Groups":["solo"]}
X

# More than stays in memory: pages of later groups, and users, of 700 KB in all.  Without a place for
# temporary files that fails.
pad=$(printf 'x%.0s' {1..600})
sed "s/\"sub\":/\"name\":\"$pad\",&/" big.ndjson >wide.ndjson
grep '"Username"' wide.ndjson >wide-users
title 'pages of later groups go to a file'
run 0 serve --latency 20 --seed 7 wide.ndjson -- expand-members --max-rate 1000 big-groups.ndjson
same big-members out
title '--users: so do users'
run 0 serve --latency 5 --seed 7 wide.ndjson -- expand-members --users big-groups.ndjson
same wide-users out
title '--users: no place for temporary files'
run 1 serve wide.ndjson -- env TMPDIR="$PWD/none" expand-members --users big-groups.ndjson
has err 'expand-members: '
has err 'no temporary file can be made'
empty out
title '--users: a sort that fails'
mkdir shim
printf '#!/bin/sh\ncat >/dev/null\nexit 3\n' >shim/sort
chmod +x shim/sort
run 1 serve pool.ndjson -- env PATH="$PWD/shim:$PATH" expand-members --users groups.ndjson
has err 'expand-members: sort: '
empty out
# The first one is good; the second, which has the order of the users, is cut and ends as told.
# It writes where sort does, since it may write nowhere else.
mkdir cut spill
cat >cut/sort <<'X'
#!/bin/sh
mkdir "$TMPDIR/once" && exec /usr/bin/sort "$@"
/usr/bin/sort "$@" | head -zn 3
. ./ending
X
chmod +x cut/sort
# shellcheck disable=SC2016
for ending in 'kill -9 $$' 'exit 2' 'exit 0'; do
	rm -rf spill/once
	echo "$ending" >ending
	title "--users: a sort that gives three users and ends by $ending"
	run 1 serve pool.ndjson -- env TMPDIR="$PWD/spill" PATH="$PWD/cut:$PATH" sh -c 'list-groups --seal | expand-members --users'
	has err 'expand-members: sort: '
	title 'and the list says that it is not whole'
	ok test "$(sed '$d' out | wc -l) $(tail -n 1 out | jq -c '."~end".ok')" = '3 false'
done

# Users in.
title 'users alone are asked for by no call'
run 2 serve --log log-by pool.ndjson -- expand-members users.ndjson
has err 'expand-members: users need --members FILE, or --by user, which asks the service for each of them'
empty out
empty log-by
title '--by user takes no groups'
run 1 serve pool.ndjson -- expand-members --by user groups.ndjson
has err 'a group where --by user takes users'
title '--by group takes no users'
run 1 serve pool.ndjson -- expand-members --by group users.ndjson
has err 'a user where --by group takes groups'
title '--by group is what groups get anyway'
run 0 serve pool.ndjson -- expand-members --by group staff.ndjson
same members-staff out
title '-v: what either way costs, groups in'
run 0 serve pool.ndjson -- expand-members -v --users --share 100 groups.ndjson
has err 'expand-members: by group: 5 groups are 5 calls or more, 0.0 minutes at 30 a second'
has err 'expand-members: by user it would be a call a user, perhaps billed: for a thousand users 0.3 minutes at 50 a second'
has err 'expand-members: by group: 202 memberships took 8 calls, 0.0 minutes at 30 a second'
has err "expand-members: by user these $(wc -l <expected-users) users would be as many calls, perhaps billed, 0.1 minutes at 50 a second"
title '-v: what either way costs, users in'
run 0 serve pool.ndjson -- expand-members -v --by user --share 50 <(head -n 30 users.ndjson)
has err 'expand-members: by user: a call a user, perhaps billed: for a thousand users 0.7 minutes at 25 a second'
has err 'expand-members: by group it would be a call for every 60 members: for a thousand calls 1.1 minutes at 15 a second'
has err 'expand-members: by user: 30 users took 30 calls, 0.0 minutes at 25 a second'
has err 'expand-members: by group these memberships would be 4 calls or more, 0.0 minutes at 15 a second'
title 'users get Groups, all pages, in order'
run 0 serve --latency 5 pool.ndjson -- expand-members --by user --stats stats users.ndjson
same with-groups.ndjson out
has stats '"AdminListGroupsForUser":201'
title 'Groups that are there already are replaced, Username comes first, the rest stays'
printf '{"Groups":["old"],"x":[1.50, true],"Username":"user007","y":"\\u00e9"}\n' >odd.ndjson
run 0 serve pool.ndjson -- expand-members --by user odd.ndjson
same - out <<'X'
{"Username":"user007","x":[1.50,true],"y":"é","Groups":["solo","staff"]}
X
title 'in no group: an empty list'
run 0 serve pool.ndjson -- expand-members --by user <(printf '{"Username":"user197"}\n')
same - out <<'X'
{"Username":"user197","Groups":[]}
X

# Users in, memberships from a file.
title '--members needs no call, no pool and no keys'
run 0 expand-members --members members.ndjson users.ndjson
sed 's/"Groups":\["team.*/"Groups":[]}/' with-groups.ndjson >listed
same listed out
title '--members: the groups come in the order of the file'
run 0 expand-members --members members-reversed.ndjson <(printf '{"Username":"user000"}\n')
same - out <<'X'
{"Username":"user000","Groups":["staff","管理·gruppe","admins"]}
X
title '--members: a file that is not there'
run 1 expand-members --members none users.ndjson
has err 'expand-members: none: cannot open'
title '--members: only memberships'
run 1 expand-members --members groups.ndjson users.ndjson
has err 'expand-members: groups.ndjson:1: not a membership'
empty out
title '--members: one membership twice'
run 1 expand-members --members <(cat members-solo members-solo) users.ndjson
has err ':2: the same membership for the second time'
title '--members: a last line that is cut'
run 4 expand-members --members <(head -c -1 members-solo) users.ndjson
has err 'incomplete'
empty out

# Groups in with --members.
printf '%s\n' '{"GroupName":"g2","Username":"b"}' '{"GroupName":"g1","Username":"a;\"x"}' \
	'{"GroupName":"g2","Username":"a;\"x"}' '{"GroupName":"elsewhere","Username":"c"}' >pairs
printf '%s\n' '{"Description":"d","GroupName":"g1","Members":["old"]}' '{"GroupName":"g2"}' \
	'{"GroupName":"g3"}' >three
title '--members: groups get their members, in the order of the file'
run 0 expand-members --members pairs three
same - out <<'EOF'
{"Description":"d","GroupName":"g1","Members":["a;\"x"]}
{"GroupName":"g2","Members":["b","a;\"x"]}
{"GroupName":"g3","Members":[]}
EOF
title '--members: a group twice is a wrong record'
run 1 expand-members --members pairs <(cat three three)
has err ': the same group for the second time'
title '--members: a list too long for a record goes on in the next, and nobody is lost'
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "{\"GroupName\":\"g2\",\"Username\":\"%040d\"}\n", i }' >crowd
run 0 expand-members --members crowd three
ok test "$(grep -c '^{"GroupName":"g2"' out)" = 2
grep '^{"GroupName":"g2"' out | jq -r '.Members[]' >got
awk -F'"' '{ print $8 }' crowd >expected
same expected got
title '--members: sealed groups want sealed memberships'
COGNITO_SEAL=1 through cat <<<'{"~end":{"v":1,"ok":true,"rows":0,"bytes":0}}' >empty-sealed
run 4 expand-members --members pairs empty-sealed
run 0 expand-members --seal --members empty-sealed empty-sealed
has out '"ok":true,"rows":0,'

# More memberships than stay in memory: 6 MB of names.
awk 'BEGIN {
	for (g = 1; g <= 2; g++)
		for (i = 1; i <= 6000; i++)
			if (g == 1 || i % 100 == 0)
				printf "{\"GroupName\":\"g%d\",\"Username\":\"%0999d\"}\n", g, i
}' >long-members
awk 'BEGIN {
	for (i = 6050; i >= 1; i -= 50)
		printf "{\"Username\":\"%0999d\",\"Groups\":[%s]}\n", i,
			(i > 6000 ? "" : i % 100 == 0 ? "\"g1\",\"g2\"" : "\"g1\"")
}' >long-users
title '--members: many users are looked up in a file'
run 0 expand-members --members long-members long-users
same long-users out
title '--members: many members of groups are read from a file'
run 0 expand-members --members long-members three
for g in 1 2; do
	grep "^{.*\"GroupName\":\"g$g\"" out | jq -r '.Members[]' >got
	grep "\"g$g\"" long-members | jq -r .Username >expected
	same expected got
done
title '--members: one of many memberships twice, far apart'
run 1 expand-members --members <(cat long-members; sed -n '17p;5p' long-members) long-users
has err ':6061: the same membership for the second time'
empty out
run 1 expand-members --members <(cat long-members; sed -n '17p;5p' long-members) three
has err ':6061: the same membership for the second time'
run 1 expand-members --members <(cat long-members; sed -n '17p;5p' long-members) /dev/null
has err ':6061: the same membership for the second time'
title '--members: no place for temporary files'
run 1 env TMPDIR="$PWD/none" expand-members --members long-members long-users
has err 'no temporary file can be made'
empty out
run 0 env TMPDIR="$PWD/none" expand-members --members pairs three
title '--members: a sort that fails'
run 1 env PATH="$PWD/shim:$PATH" expand-members --members members.ndjson users.ndjson
has err 'expand-members: sort: '
empty out

# Input that is wrong.
title 'a membership is neither'
run 1 serve pool.ndjson -- expand-members members-solo
has err 'expand-members: members-solo:1: neither a group nor a user'
title 'groups and users do not mix'
run 1 serve pool.ndjson -- expand-members groups.ndjson users.ndjson
has err 'expand-members: users.ndjson:1: a user among groups'
title 'users and groups do not mix'
run 1 serve pool.ndjson -- expand-members --by user users.ndjson groups.ndjson
has err 'expand-members: groups.ndjson:1: a group among users'
title '--users takes no users'
run 1 serve pool.ndjson -- expand-members --users users.ndjson
has err 'a user where --users takes groups'
title 'the same group twice'
run 1 serve pool.ndjson -- expand-members staff.ndjson staff.ndjson
has err 'expand-members: staff.ndjson:1: the same group for the second time'
title 'a name longer than the service allows'
long=$(printf 'x%.0s' {1..513})
run 3 serve --log log-long pool.ndjson -- expand-members --reject rejects <(printf '{"GroupName":"%s"}\n' "$long")
empty log-long
has rejects '"Reason":"a GroupName longer than the service allows"'
run 3 serve --log log-long pool.ndjson -- expand-members --by user --reject rejects <(printf '{"Username":"%s"}\n' "$long")
empty log-long
has rejects '"Reason":"a Username longer than the service allows"'
title '--reject goes on'
run 3 serve pool.ndjson -- expand-members --reject rejects staff.ndjson members-solo staff.ndjson
same members-staff out
same - rejects <<X
{"Reason":"neither a group nor a user","Line":1,"Stream":"members-solo","Record":$(cat members-solo)}
{"Reason":"the same group for the second time","Line":1,"Stream":"staff.ndjson","Record":{"GroupName":"staff"}}
X
title 'a cut last line: the groups before it are not asked for'
run 4 serve --log log-cut pool.ndjson -- expand-members <(head -c -1 groups.ndjson)
empty out
empty log-cut
title 'a cut last line: the users before it are given out'
run 4 serve pool.ndjson -- expand-members --by user <(head -n 20 users.ndjson | head -c -1)
head -n 19 with-groups.ndjson >first
same first out
title 'usage: --members and --users'
run 2 expand-members --members x --users
title 'usage: --with-attributes and --users'
run 2 expand-members --with-attributes email --users
title 'usage: --by'
run 2 expand-members --by users
has err 'neither "user" nor "group"'
run 2 expand-members --by user --users
run 2 expand-members --by user --with-attributes email
run 2 expand-members --by user --members x
title 'no pool'
run 2 expand-members groups.ndjson
has err 'no user pool'
title 'no credentials'
run 2 expand-members --user-pool-id eu-west-1_abc groups.ndjson
has err 'no credentials'

# What has gone from the pool.
title 'a group that has gone fails the run'
echo old >kept
run 1 serve pool.ndjson -- expand-members -o kept <(cat staff.ndjson; printf '{"GroupName":"gone"}\n')
has err 'expand-members: ListUsersInGroup: group "gone": ResourceNotFoundException'
ok grep -qx old kept
title 'a user who has gone fails the run'
printf '%s\n' '{"Username":"user000"}' '{"Username":"gone"}' '{"Username":"user197"}' >gone.ndjson
run 1 serve pool.ndjson -- expand-members --by user gone.ndjson
has err 'expand-members: gone.ndjson:2: UserNotFoundException: '
title 'a user who has gone is rejected with --reject'
run 3 serve pool.ndjson -- expand-members --by user --reject rejects gone.ndjson
same - out <<'X'
{"Username":"user000","Groups":["admins","管理·gruppe","staff"]}
{"Username":"user197","Groups":[]}
X
has rejects '"Line":2,"Stream":"gone.ndjson","Record":{"Username":"gone"}}'

# Seals.
seal() { printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"x/%s","scope":"%s","via":[],"started":"2020-01-01T00:00:00.000Z","ended":"2020-01-01T00:00:01.000Z"}}\n' "$(wc -l <"$1")" "$(wc -c <"$1")" "$2" "${3:-all}"; }
for kind in groups users members; do
	{ cat "$kind.ndjson"; seal "$kind.ndjson" "$kind"; } >"sealed-$kind"
done
title 'sealed in, sealed out'
run 0 serve pool.ndjson -- expand-members sealed-groups
head -n -1 out >rows
same members.ndjson rows
tail -n 1 out >seal
has seal '"rows":202,'
has seal "\"bytes\":$(wc -c <members.ndjson),"
has seal '/us-east-1_EXAMPLE1/memberships","scope":"all","via":[],"started":"2020-01-01T00:00:00.000Z"'
lacks seal '"ended":"2020'
title '--users: the seal does not say that these are all users'
run 0 serve pool.ndjson -- expand-members --users sealed-groups
tail -n 1 out >seal
has seal '/us-east-1_EXAMPLE1/users","scope":"members:all"'
title 'a scope goes through'
{ cat staff.ndjson; seal staff.ndjson groups 'groups:[\"staff\"]'; } >sealed-staff
run 0 serve pool.ndjson -- expand-members sealed-staff
tail -n 1 out >seal
has seal '"scope":"groups:[\"staff\"]"'
title 'sealed users stay what they are the whole of'
run 0 serve pool.ndjson -- expand-members --by user sealed-users
tail -n 1 out >seal
has seal '"rows":200,'
has seal '"source":"x/users","scope":"all"'
title 'sealed users, sealed --members'
run 0 expand-members --members sealed-members sealed-users
tail -n 1 out >seal
has seal '"source":"x/users","scope":"all"'
title '--members that is the whole of some groups only restricts the scope'
{ cat members-staff; seal members-staff members 'groups:[\"staff\"]'; } >sealed-some
run 0 expand-members --members sealed-some sealed-users
tail -n 1 out >seal
has seal '"scope":"all + groups:[\"staff\"]"'
title 'sealed users, --members without a seal'
run 4 expand-members --members members.ndjson sealed-users
has err 'expand-members: members.ndjson: incomplete'
tail -n 1 out >seal
has seal '"ok":false'
title '--members whose seal does not fit'
run 4 expand-members --members <(tail -n +2 sealed-members) users.ndjson
empty out
title '--seal demands sealed groups'
run 4 serve --log log-seal pool.ndjson -- expand-members --seal groups.ndjson
empty log-seal
title '--seal demands sealed --members'
run 4 expand-members --seal --members members.ndjson sealed-users
title 'an empty sealed list of groups'
run 0 serve pool.ndjson -- expand-members <(seal /dev/null groups)
has out '/us-east-1_EXAMPLE1/memberships"'
title 'a failed run seals its failure'
run 1 serve --fault denied@4 pool.ndjson -- expand-members sealed-groups
tail -n 1 out >seal
has seal '"ok":false'
has seal 'AccessDeniedException'
has err 'expand-members: ListUsersInGroup: group '

# Faults that pass.
for fault in throttle@2+5 error500@2+3 error503@3 reset@2 reset@5+4 cut@3 not-json@4 slow@2; do
	title "groups outlive $fault"
	run 0 serve --seed 5 --short-pages --fault "$fault" pool.ndjson -- expand-members groups.ndjson
	same members.ndjson out
done
for fault in throttle@3 error500@2+7 reset@4+20 cut@5+20; do
	title "users outlive $fault"
	run 0 serve --fault "$fault" pool.ndjson -- expand-members --by user users.ndjson
	same with-groups.ndjson out
done
# Faults that must not look like an end: FAULT STATUS TEXT.
while read -r fault status text; do
	title "groups stop at $fault"
	run "$status" serve --fault "$fault" pool.ndjson -- expand-members -o kept sealed-groups
	has err "$text"
	ok grep -qx old kept
done <<'X'
no-users@4 1 no list of items
repeat-token@2+1 1 second time
duplicate-user@2 1 the service gave the same user twice
denied@3 1 AccessDeniedException
expire-token@6+1 75 start a new run
X
while read -r fault status text; do
	title "users stop at $fault"
	run "$status" serve --fault "$fault" pool.ndjson -- expand-members --by user -o kept sealed-users
	has err "$text"
	ok grep -qx old kept
done <<'X'
no-users@9 1 expand-members: AdminListGroupsForUser: sealed-users:
denied@30 1 AccessDeniedException
X
title 'throttled for longer than --retry-seconds'
run 75 serve --fault throttle@1+1 pool.ndjson -- expand-members --retry-seconds 1 staff.ndjson
has err 'TooManyRequestsException'
title 'an endpoint that is not there'
run 75 serve pool.ndjson -- expand-members --endpoint-url http://127.0.0.1:1 --retry-seconds 0 staff.ndjson
empty out
title 'a permission that is missing is named'
run 1 serve --allow ListUsers pool.ndjson -- expand-members --by user users.ndjson
has err 'AdminListGroupsForUser'
empty out

# Outputs.
title '/dev/full'
run 1 serve pool.ndjson -- bash -c 'expand-members groups.ndjson >/dev/full'
title 'a reader that goes away'
# shellcheck disable=SC2016
run 141 serve big.ndjson -- bash -c 'set -o pipefail; expand-members big-groups.ndjson | head -n 0; exit "${PIPESTATUS[0]}"'
empty err
title '-o replaces the file'
run 0 serve pool.ndjson -- expand-members -o kept staff.ndjson
same members-staff kept
title 'progress is silent unless asked for'
run 0 serve pool.ndjson -- expand-members --no-progress staff.ndjson
empty err

finish
