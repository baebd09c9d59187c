#!/usr/bin/env bash
# Not for sanitizers.
# nightly-delta: only what has changed, to another pool and as CSV; what could not be done comes again;
# cut and killed, nobody is taken away and nobody lost.
# shellcheck disable=SC2016 # programs of jq; shims
. "$(dirname "$0")/lib.sh"

title 'usage and SYNOPSIS agree'
nightly-delta --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/nightly-delta.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 nightly-delta
run 2 nightly-delta -d x --match-by email
run 2 nightly-delta -d x --url http://127.0.0.1:1 --columns a
run 2 nightly-delta -d x --url http://127.0.0.1:1 --target-user-pool-id us-east-1_B
run 2 nightly-delta -d x --hold-back UNCONFIRMED
run 2 nightly-delta -d x --fold-case no
run 2 nightly-delta -d x --target-user-pool-id us-east-1_B --fold-case maybe
run 2 nightly-delta -d x --target-user-pool-id us-east-1_B --columns a
title 'and nothing is made'
ok test ! -e x

# Two pools: the source, whose people come and go, and the target.
sub() { printf '%08d-0000-4000-8000-000000000000' "$1"; }
for i in 0 1 2 3 4 5; do
	printf '{"Username":"p%d","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"p%d@x.org","email_verified":"true","sub":"%s"},"Groups":["staff"]}\n' \
		$i $i "$(sub $i)"
done >source.pool
echo '{"GroupName":"staff","Description":"d"}' >>source.pool
echo '{"Username":"stranger","Attributes":{"email":"s@x.org"}}' >target.pool
# start NAME OPTION...: a pool, whose variables are in the file NAME.env
start() {
	local name=$1
	shift
	echo >"$name.env"
	serve-pool --allow all --log "$name.log" "$@" "$name.pool" >"$name.env" 2>"$name.err" &
	servers+=($!)
	for ((i = 0; i < 600; i++)); do
		if grep -q '^unset' "$name.env" || ! kill -0 $!; then break; fi
		sleep 0.05
	done
}
servers=()
planted=('*.env')
trap 'kill "${servers[@]}" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
start target --user-pool-id us-east-1_B
start source
# shellcheck source=/dev/null
. ./target.env
target=$AWS_ENDPOINT_URL
# shellcheck source=/dev/null
. ./source.env
source=$AWS_ENDPOINT_URL

mkdir shims
PATH=$T/shims:$PATH
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shims/$1"
	chmod +x "shims/$1"
}
# change: in the source, the operations on standard input
change() {
	local pool=$source/$COGNITO_USER_POOL_ID
	{
		for i in 0 1 2 3 4 5; do
			printf '{"Ledger":"user","Target":"%s","Key":"p%d","Username":"p%d","sub":"%s","State":"adopted","Time":"2026-01-01T00:00:00.000Z"}\n' "$pool" $i $i "$(sub $i)"
		done
		printf '{"Ledger":"group","Target":"%s","Key":"staff","GroupName":"staff","State":"adopted","Time":"2026-01-01T00:00:00.000Z"}\n' "$pool"
	} >change.ledger
	"$TOP/tests/helpers/make-plan.py" "$pool" >change.plan
	apply-cognito --ledger change.ledger -o change.results change.plan 2>change.err || { show change.err; grep skipped change.results >&2; }
}
# deletion N EMAIL: an operation
deletion() {
	printf '{"Op":"delete-user","Key":"p%d","Username":"p%d","sub":"%s","Before":{"Enabled":true,"Attributes":{"email":"%s","email_verified":"true","sub":"%s"}}}\n' \
		"$1" "$1" "$(sub "$1")" "$2" "$(sub "$1")"
}
# people POOL-OPTIONS...: users, enabled and with their groups
people() {
	list-groups "$@" >groups.now
	expand-members "$@" -o members.now groups.now
	list-users "$@" | expand-members --members members.now |
		jq -r '[.Username, .Enabled, .Attributes.email, (.Groups | join("+"))] | join(" ")' | LC_ALL=C sort
}
there() { people --user-pool-id us-east-1_B --endpoint-url "$target" >actual; same - actual; }
# delta STATUS OPTION...: one night, to the target
delta() {
	local status=$1
	shift
	: >target.log
	run "$status" nightly-delta -d pools --target-user-pool-id us-east-1_B --target-endpoint-url "$target" "$@"
}
writes() { jq -r 'select(.Operation | test("^(List|Get|Describe|AdminGet|AdminList)") | not).Operation' target.log | wc -l; }

# --- pool to pool
title 'first to look at: nothing is written'
shim describe-pool 'echo "describe-pool: DescribeUserPool: AccessDeniedException: no" >&2; exit 1'
delta 0
has err 'may not be described (DescribeUserPool)'
rm shims/describe-pool
has out '  6 times create-user'
has out 'nothing was changed; the same command with --apply carries it out'
ok test "$(writes)" -eq 0
title 'then all of it; whoever is there besides stays'
delta 0 --apply
{ people; echo 'stranger true s@x.org '; } | LC_ALL=C sort >expected.people
there <expected.people
title 'the next night: only what has changed'
change <<END
{"Op":"update-user","Key":"p1","Username":"p1","sub":"$(sub 1)","Before":{"Attributes":{"email":"p1@x.org"}},"After":{"Attributes":{"email":"p1@y.org","email_verified":"true"}}}
{"Op":"remove-member","Key":"p2","Username":"p2","sub":"$(sub 2)","GroupName":"staff"}
{"Op":"disable-user","Key":"p3","Username":"p3","sub":"$(sub 3)","Before":{"Enabled":true},"After":{"Enabled":false}}
$(deletion 4 p4@x.org)
$(deletion 5 p5@x.org)
END
delta 0 --apply
ok test "$(writes)" -eq 3
title 'who is missing is missing for the first time; a dry run is no run'
# missing: how many of the two who are missing can still sign in
missing() { list-users --user-pool-id us-east-1_B --endpoint-url "$target" | grep -c '"Username":"p[45]","Enabled":true'; }
title 'what was not carried out comes again'
shim apply-cognito '[[ $* == *--ledger* ]] || exec '"$BIN"'/apply-cognito "$@"; exec '"$BIN"'/apply-cognito --only update "$@"'
delta 0 --apply
rm shims/apply-cognito
has out '  2 times disable-user'
ok test "$(missing)" -eq 2
title 'a list that lacks somebody who is there'
shim list-users '[[ $* == *us-east-1_B* ]] && exec '"$BIN"'/list-users "$@"
'"$BIN"'/list-users "$@" | through --same-scope grep -v "^{.Username.:.p0"'
delta 0 --apply
ok test "$(missing)" -eq 0
title 'the source is asked for him'
delta 3 --apply
rm shims/list-users
has err '1 of 1 that would take something away are left out: 1 of who is there still'
ok grep -q '"Key":"p0","Result":"found"' pools/found.ndjson

# --- cut, and killed
title 'a list that is cut takes nobody away'
people --user-pool-id us-east-1_B --endpoint-url "$target" >before
cuts=('head -c 400' 'grep -v p1')
[ -z "${PIPELINE_KILLS:-}" ] || cuts+=('head -n 2' 'head -n 3')
for cut in "${cuts[@]}"; do
	shim list-users '[[ $* == *us-east-1_B* ]] && exec '"$BIN"'/list-users "$@"; '"$BIN"'/list-users "$@" | '"$cut"
	nightly-delta -d pools --target-user-pool-id us-east-1_B --target-endpoint-url "$target" --apply >/dev/null 2>&1
	echo $?
done | sort -u >actual
same - actual <<<4
rm shims/list-users
there <before
# killed NAME CODE [STATUS [AGAIN]]: of a night that makes a new user, and repeated; AGAIN is what kills the
# second run
n=6
killed() {
	n=$((n + 1))
	printf '{"Op":"create-user","Key":"n%d","Username":"n%d","After":{"Enabled":true,"Attributes":{"email":"n%d@x.org","email_verified":"true"}}}\n{"Op":"add-member","Key":"n%d","GroupName":"staff","Username":"n%d"}\n' \
		$n $n $n $n $n | change
	shim "$1" "$2"
	title "killed in $1: $2"
	delta "${3:-1}" --apply
	if [ -n "${4:-}" ]; then
		shim "$1" "$4"
		title "and again: $4"
		delta "${3:-1}" --apply
	fi
	rm "shims/$1"
	delta 0 --apply
	title 'run again, it comes to the same end'
	{ people; echo 'stranger true s@x.org '; } | LC_ALL=C sort | sed 's/^p3 true/p3 false/' >expected.people
	sed -i '/^p[45] /d' expected.people
	people --user-pool-id us-east-1_B --endpoint-url "$target" | grep -v '^p[45] false' >actual
	same expected.people actual
	ok test "$(find pools -name 'pending*' -o -name '.export*')" = ''
}
# dies N: what makes the Nth request of apply-cognito its last
dies() {
	echo '[[ $* == *--ledger* ]] || exec '"$BIN"'/apply-cognito "$@"
exec strace -f -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=KILL:when='"$1 $BIN"'/apply-cognito "$@"'
}
# half N [M]: killed in the middle of what it does, and what carries it on at its request M
half() { killed apply-cognito "$(dies "$1")" 1 "${2:+$(dies "$2")}"; }
half 2
has out 'first, what it has half made'
if [ -n "${PIPELINE_KILLS:-}" ]; then
	half 1
	half 3
	half 2 1
	half 3 2
	killed plan-sync "$BIN"'/plan-sync "$@"; kill -9 $$'
	killed confirm-absent 'kill -9 $$'
	killed mv '[[ $* != *state.ndjson ]] || { kill -9 $PPID; exit 1; }; exec /bin/mv "$@"' 137
	killed mv '/bin/mv "$@"; [[ $* != *pending.ndjson ]] || kill -9 $PPID' 137
fi

title 'what is kept for the pool is not for rows'
cp pools/ledger.ndjson before
run 2 nightly-delta -d pools --apply
same before pools/ledger.ndjson

# --- as CSV: the rows of those who have changed, and what was not taken comes again
csv() {
	local status=$1
	shift
	run "$status" nightly-delta -d csv "$@"
}
# given: one test: the rows of the newest file, short
given() {
	sed 1d "$(printf '%s\n' csv/changes/*.csv | tail -n 1)" | cut -d , -f 1,2,3,6,14 >actual
	same - actual
}
files_made() { find csv/changes -name '*.csv' 2>/dev/null | wc -l; }
title 'CSV: first everybody'
csv 0
ok test "$(files_made)" -eq 0
csv 0 --apply
sed 1d csv/changes/*.csv | cut -d , -f 1,2,3,6,14 | LC_ALL=C sort >actual
title 'which is named'
has out "nightly-delta: $(echo csv/changes/*.csv)"
people | awk '{ print "create," $1 "," $2 "," $3 "," $4 }' >everybody
same everybody actual
title 'then who has changed'
printf '%s\n' '{"Op":"update-user","Key":"p0","Username":"p0","Before":{"Attributes":{"email":"p0@x.org"}},"After":{"Attributes":{"email":"p0@z.org","email_verified":"true"}}}' \
	"$(deletion 1 p1@y.org)" | change
cp -r csv csv.before
csv 0 --apply
given <<<'update,p0,true,p0@z.org,staff'
title 'and in the second night who is missing'
csv 0 --apply
given <<<'disable,p1,false,p1@y.org,staff'
title 'a command that takes some of them: the others come again'
rm -rf csv && cp -r csv.before csv
cat >take <<'END'
sed 1d | cut -d , -f 1,2,3,6
[ -n "${SILENT:-}" ] || echo '{"Op":"x", "Key" : "p0","Result":"failed"}'
exit 1
END
run 3 nightly-delta -d csv --apply -- sh ./take
has err 'nightly-delta: 1 users come again the next time'
# make pipeline-kills: without the one result.
[ -z "${PIPELINE_KILLS:-}" ] || SILENT=1 run 3 nightly-delta -d csv --apply -- sh ./take
title 'what is no result is none'
ok grep -q '"Username":"p0".*p0@x.org' csv/baseline.ndjson
title 'ended while the command is at work: that is waited for, with what it says'
cat >slow <<'END'
trap '' TERM
cat >taken
echo '{"Key":"p0","Result":"done"}'
script=$(ps -o ppid= $PPID)
kill $script
for i in $(seq 50); do
	kill -0 $script 2>/dev/null || exit
	sleep 0.1
done
echo '{"Key":"p1","Result":"done"}'
END
cp -r csv csv.slow
run 143 nightly-delta -d csv.slow --apply -- sh ./slow
same - csv.slow/handing/said <<<$'{"Key":"p0","Result":"done"}\n{"Key":"p1","Result":"done"}'
same - csv.slow/handing/status <<<0
title 'killed when it has been told something'
cat >kill-after <<'END'
cut -d , -f 1,2,3,6 >taken
echo '{"Key":"p0","Result":"failed"}'
echo '{"Key":"p0","Result":"done"}'
echo '{"Key":"p0","Text":"no result"}'
printf '{"Key":"p1","Res'
kill -9 $(ps -o ppid= $PPID) $PPID
END
run 137 nightly-delta -d csv --apply -- sh ./kill-after
same - taken <<<$'Action,Username,Enabled,email\nupdate,p0,true,p0@z.org\ndisable,p1,false,p1@y.org'
title 'that counts, the last word about each; who was not spoken of comes again'
run 0 nightly-delta -d csv --apply -- sh -c 'cat >taken'
has out 'an earlier run was killed while it handed over; first, what it was told'
cut -d , -f 1,2,3,6 taken >actual
same - actual <<<$'Action,Username,Enabled,email\ndisable,p1,false,p1@y.org'
title 'both stand in the results'
same - csv/results.ndjson <<<$'{"Key":"p0","Result":"failed"}\n{"Key":"p0","Result":"done"}\n{"Key":"p1","Result":"done"}'
title 'then nobody, and no file'
csv 0 --apply
has out '  nothing'
title 'nobody pays for rows'
lacks out 'billable'
ok test "$(files_made)" -eq 1
title 'who cannot stand in a row holds nobody else up, and comes again'
rm -rf odd
echo '{"Username":"odd","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"o-1"},"Groups":["a;b","staff"]}
{"GroupName":"a;b"}' |
	cat - source.pool >odd.pool
run 3 serve-pool odd.pool -- nightly-delta -d odd --apply
sed 1d odd/changes/*.csv | cut -d , -f 2 | LC_ALL=C sort >actual
grep -o '^{"Username":"p[0-9]"' source.pool | cut -d '"' -f 4 >wanted
same wanted actual
has odd/held.ndjson '"Username":"odd"'
title 'to a pool in which people sign in by e-mail: by that, and under that'
echo '{"UserPool":{"UsernameAttributes":["email"],"UsernameConfiguration":{"CaseSensitive":false}}}' >mail.json
: >mail.pool
start mail --user-pool-id us-east-1_C --description mail.json
# to_mail STATUS: one night
to_mail() {
	# shellcheck disable=SC1091
	mail=$(. ./mail.env && echo "$AWS_ENDPOINT_URL")
	run "$1" serve-pool odd.pool -- nightly-delta -d mail --target-user-pool-id us-east-1_C --target-endpoint-url "$mail" --apply
}
to_mail 3
people --user-pool-id us-east-1_C --endpoint-url "$mail" | cut -d ' ' -f 2- | LC_ALL=C sort >actual
same - actual < <(printf 'true p%d@x.org staff\n' 0 1 2 3 4 5)
title 'the next night nothing, and nobody is left alone but who has no address'
to_mail 3
has out '  nothing'
has out 'left alone there: 0 users, 0 groups, 0 memberships'
has err '1 users have no email, by which users are matched, and are left alone: mail/left.ndjson'
same - mail/left.ndjson <<<'{"Left":"user","Username":"odd","sub":"o-1","Why":"no email, by which users are matched, or none that can be one"}'
ok test "$(grep -c '"Username":"odd"' odd/baseline.ndjson)" = 0
title 'an address that is not verified causes no message, and no guard; nor does somebody else of that name'
sed -e 's/"p2@x.org","email_verified":"true"/"p2@y.org","email_verified":"false"/; /"p5"/s/"0*5-/"99999999-/' \
	-e '/"p3"/s/CONFIRMED/RESET_REQUIRED/; /"p4"/s/"true"/"false"/' source.pool >odd.pool
run 3 serve-pool odd.pool -- nightly-delta -d odd --apply
# rows: of the newest file, the columns that are new here
rows() { sed 1d "$(printf '%s\n' odd/changes/*.csv | tail -n 1)" | cut -d , -f 1,2,4,5,6,7 | LC_ALL=C sort; }
title 'what no operation is about is a row if it is shown'
rows >actual
same - actual <<END
update,p2,CONFIRMED,$(sub 2),p2@y.org,false
update,p3,RESET_REQUIRED,$(sub 3),p3@x.org,true
update,p4,CONFIRMED,$(sub 4),p4@x.org,false
END
title 'who was made anew is handed over if that is meant, once'
has err 'who was deleted and made anew under his name is handed over with --adopt'
run 0 serve-pool odd.pool -- nightly-delta -d odd --adopt --apply
rows >actual
same - actual <<<'update,p5,CONFIRMED,99999999-0000-4000-8000-000000000000,p5@x.org,true'
run 0 serve-pool odd.pool -- nightly-delta -d odd
has out '  0 users in all'
title 'a list that is cut gives nobody away'
cp csv/baseline.ndjson before
shim list-users "$BIN"'/list-users "$@" | head -n 3'
csv 4 --apply
same before csv/baseline.ndjson
rm shims/list-users
# lost NAME CODE STATUS [LEFT]: killed there, and run again, everybody is given out, once; LEFT is what
# must lie there in between
lost() {
	rm -rf csv && cp -r csv.before csv
	shim "$1" "$2"
	title "CSV: killed in $1: $2"
	csv "$3" --apply
	rm "shims/$1"
	[ -z "${4:-}" ] || ok test -d "csv/$4"
	if [ -d csv/commit ]; then
		title 'a run that only looks moves nothing'
		find csv -path '*/.export*' -prune -o -name '*.csv' -print -o -path '*commit*' -print -o -name 'baseline*' -print |
			LC_ALL=C sort | xargs ls -id >before
		csv 0
		sed 's/^ *[0-9]* //' before | xargs ls -id >actual
		same before actual
		title 'and knows what was handed over'
		lacks out 'update-user'
		has out '  1 times disable-user'
	fi
	csv 0 --apply
	csv 0 --apply
	# In how many files depends on whether the killed night was one.
	for file in csv/changes/*.csv; do
		[ -e "csv.before/${file#*/}" ] || sed 1d "$file" | cut -d , -f 1,2,3,6,14
	done >actual
	same - actual <<<$'update,p0,true,p0@z.org,staff\ndisable,p1,false,p1@y.org,staff'
	ok test ! -e csv/commit
}
lost mv '/bin/mv "$@"; [[ $* != *csv/commit ]] || kill -9 $(ps -o ppid= $PPID) $PPID' 137 commit
if [ -n "${PIPELINE_KILLS:-}" ]; then
	lost mv '[[ $* != *csv/commit ]] || kill -9 $(ps -o ppid= $PPID) $PPID; /bin/mv "$@"' 137
	lost mv '/bin/mv "$@"; [[ $* != *changes/* ]] || kill -9 $(ps -o ppid= $PPID) $PPID' 137 commit
	lost mv '/bin/mv "$@"; [[ $* != *commit/ledger.ndjson* ]] || kill -9 $(ps -o ppid= $PPID) $PPID' 137 commit
	lost mv '/bin/mv "$@"; [[ $* != *ledger.new*csv/ledger.ndjson ]] || kill -9 $(ps -o ppid= $PPID) $PPID' 137
	lost emit-csv 'kill -9 $$' 1
fi

# --- to a SCIM server
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"
echo >scim.env
"$TOP/tests/helpers/scim-server.js" --bearer --strict --log log >scim.env 2>scim.err &
servers+=($!)
for ((i = 0; i < 600; i++)); do
	if grep -q '^SCIM_TOKEN' scim.env || ! kill -0 $!; then break; fi
	sleep 0.05
done
set -a
# shellcheck source=/dev/null
. ./scim.env
set +a
server_url=$SCIM_URL
unset SCIM_URL
# to_server STATUS POOL OPTION...: one night
to_server() {
	: >log
	run "$1" serve-pool "$2" -- nightly-delta -d server --url "$server_url" "${@:3}"
}
# at_server: one test: who is there, active, and by what address
at_server() {
	curl -s "${server_url%"${server_url#*//*/}"}_dump" | jq -r 'select(.userName) | "\(.userName) \(.active) \(.emails[0].value)"' |
		LC_ALL=C sort >actual
	same - actual
}
to_server 0 source.pool --apply
sed 's/p2@x.org/p2@y.org/' source.pool >odd.pool
title 'SCIM: what was not carried out'
shim apply-scim '[[ $* == *--ledger* ]] || exec '"$BIN"'/apply-scim "$@"; exec '"$BIN"'/apply-scim --only create "$@"'
to_server 0 odd.pool --apply
rm shims/apply-scim
ok test "$(writes)" -eq 0
title 'comes again, and nothing else'
to_server 0 odd.pool --apply
ok test "$(writes)" -eq 1
at_server <<'END'
p0 true p0@x.org
p1 true p1@x.org
p2 true p2@y.org
p3 true p3@x.org
p4 true p4@x.org
p5 true p5@x.org
END

# --- the examples of the page
awk '/^\.Sh / { on = $2 == "EXAMPLES" } !on { next } /^\.Bd/ { block = 1; next } /^\.Ed/ { block = 0; next } block' \
	"$TOP/man/nightly-delta.1" | sed 's/ -d copy/ -d pools --target-endpoint-url $target/; s/ -d directory/& --adopt/' >examples
title 'the examples of the page run'
(umask 077; echo "$SCIM_TOKEN" >token)
planted+=(token)
unset SCIM_TOKEN
COPY=us-east-1_B target=$target DIRECTORY=$server_url run 0 bash -e examples
people | awk '{ print $1 }' >everybody
sed '1d;s/^[^,]*,\([^,]*\),.*/\1/' received.csv | LC_ALL=C sort >actual
same everybody actual

finish
