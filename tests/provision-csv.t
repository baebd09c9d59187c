#!/usr/bin/env bash
# Not for sanitizers.
# provision-csv: a personnel department's file becomes what a pool has, and nothing is taken away on the
# word of a file that is cut; killed at any time and run again, it comes to the same end.
# shellcheck disable=SC2016 # programs of jq; shims
. "$(dirname "$0")/lib.sh"

title 'usage and SYNOPSIS agree'
provision-csv --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/provision-csv.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis

mkdir shims
PATH=$T/shims:$PATH
# shim NAME CODE: what stands in place of that command
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shims/$1"
	chmod +x "shims/$1"
}

# One pool for all.
echo '{"GroupName":"others"}' >start.pool
echo >pool.env
serve-pool --allow all --log asked start.pool >pool.env 2>pool.err &
server=$!
planted=(pool.env)
trap 'kill $server 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
for ((i = 0; i < 600; i++)); do
	if grep -q '^unset' pool.env || ! kill -0 $server 2>/dev/null; then break; fi
	sleep 0.05
done
# shellcheck source=/dev/null
. ./pool.env

run 2 provision-csv
run 2 provision-csv -d st --whole
run 2 provision-csv -d st --whole none.csv
title 'a telephone number that the service refuses is put aside before anything is changed'
printf '%s\n' Login,Tel p1,+39123 p2,0039123 p3,+1234567890123456 p4, >tel.csv
run 3 provision-csv -d tel --key Login --rename Tel=phone_number --rows 4 tel.csv
has out '2 times create-user'
ok jq -e -s '[.[] | [.Line, .Reason]] == [[2, "phone_number: not + and up to 15 digits"], [3, "phone_number: not + and up to 15 digits"]]' tel/held.ndjson
# file DAY LINE...: hr.csv, of that day
file() {
	local day=$1
	shift
	printf '%s\n' 'Login,Work Email,verified,Forename,Groups,Status' "$@" >hr.csv
	touch -d "2026-11-0${day}T01:00:00Z" hr.csv
}
hr=(-d st --key Login --rename 'Work Email=email,verified=email_verified,Forename=given_name,Status=Enabled'
	--true active --false left --empty-lists)
# sync STATUS ROWS [OPTION...]: one test
sync() {
	local status=$1 rows=$2
	shift 2
	: >asked
	run "$status" provision-csv "${hr[@]}" --rows "$rows" "$@" hr.csv
}
# there: one test: users, enabled and with their groups, are the lines of standard input
there() {
	list-groups >groups.now
	expand-members -o members.now groups.now
	list-users | expand-members --members members.now |
		jq -r '[.Username, .Enabled, .Attributes.email, .Attributes.given_name // "-", (.Groups | sort | join("+"))] | join(" ")' |
		LC_ALL=C sort >actual
	same - actual
}
writes() { jq -r 'select(.Operation | test("^(List|Get|Describe|AdminGet|AdminList)") | not).Operation' asked | wc -l; }

people=('ana,ana@x.org,true,Ana,staff;dev,active' 'bob,bob@x.org,,Bob,staff,active'
	'cara,cara@x.org,true,Cara,,left' 'dan,dan@x.org,true,Dan,others,active')
file 1 "${people[@]}"
title 'without --apply: it says what would be done, and how to go on'
sync 3 4 --create-groups
has out '  4 times create-user'
has out 'nothing was changed; the same command with --apply carries it out'
has err '1 are at the target but not ours'
title 'and who could not recover a password'
has out '  1 of those who are created have no verified address to recover a password by: st/unreachable.ndjson'
same - st/unreachable.ndjson <<<'{"Unreachable":"user","Key":"bob","Username":"bob"}'
title 'and nothing is written'
ok test "$(writes)" -eq 0
title 'all of it is readable by its owner alone'
stat -c %a st st/* | sort -u >actual
same - actual <<<$'600\n700'
title 'with it: as the file says; whose group is not ours, nobody is put into'
sync 3 4 --create-groups --apply
there <<'END'
ana true ana@x.org Ana dev+staff
bob true bob@x.org Bob staff
cara false cara@x.org Cara 
dan true dan@x.org Dan 
END
title 'nobody is written to'
ok test "$(jq -s 'map(.Messages // 0) | add' asked)" -eq 0
title 'again: nothing but the group, which is adopted by name, and joined'
sync 0 4 --adopt --apply
ok test "$(writes)" -eq 1
there <<'END'
ana true ana@x.org Ana dev+staff
bob true bob@x.org Bob staff
cara false cara@x.org Cara 
dan true dan@x.org Dan others
END

title 'changed, left, new; a group that nobody is in any more stays'
file 2 'ana,ana@y.org,true,Ana,staff,active' 'bob,bob@x.org,true,Bob,staff,left' 'cara,cara@x.org,true,Cara,staff,active' \
	'dan,dan@x.org,true,Dan,others,active' 'eva,eva@x.org,true,Eva,staff;typo,active'
sync 3 5 --apply
has err 'warning: 1 memberships are wanted in groups that are not ours, or not known'
ok grep -q typo st/left.ndjson
there_now() { there <<'END'
ana true ana@y.org Ana staff
bob false bob@x.org Bob staff
cara true cara@x.org Cara staff
dan true dan@x.org Dan others
eva true eva@x.org Eva staff
END
}
there_now

# --- who is missing
title 'who is missing is disabled at the second file, not at the same one read twice'
file 3 'ana,ana@y.org,true,Ana,staff,active' 'bob,bob@x.org,true,Bob,staff,left' 'cara,cara@x.org,true,Cara,staff,active' \
	'dan,dan@x.org,true,Dan,others,active'
sync 0 4 --apply
sync 0 4 --apply
there_now
title 'an older file takes nobody away'
touch -d 2026-10-01 hr.csv
sync 3 4 --apply
there_now
touch -d 2026-11-04 hr.csv
title 'a dry run is no run'
sync 0 4
has out '  1 times disable-user'
there_now
sync 0 4 --apply
ok test "$(list-users | jq -r 'select(.Username == "eva").Enabled')" = false

# --- the file is not what it should be
cp hr.csv good.csv
title 'cut anywhere: nothing is taken away'
: >asked
bytes=$(wc -c <good.csv)
for ((at = 0; at < bytes; at += 101)); do
	head -c "$at" good.csv >hr.csv
	touch -d 2026-11-09 hr.csv
	provision-csv "${hr[@]}" --rows 4 --apply hr.csv >/dev/null 2>&1
	echo $?
done | sort -u >actual
same - actual <<<4
ok test "$(writes)" -eq 0
title 'a row that is wrong: all others, and nobody is taken away'
{ head -n 4 good.csv; echo 'dan,short'; } >hr.csv
touch -d 2026-11-08 hr.csv
sync 3 4 --apply
has err 'st/held.ndjson: 1 rejected'
title 'neither is the two-run rule fooled by that one'
touch -d 2026-11-09 hr.csv
sync 3 4 --apply
ok test "$(list-users | jq -r 'select(.Username == "dan").Enabled')" = true

# --- the guard
{ head -n 1 good.csv; for ((i = 0; i < 12; i++)); do echo "p$i,p$i@x.org,true,P,,active"; done; tail -n +2 good.csv; } >hr.csv
touch -d 2026-11-10 hr.csv
sync 0 16 --apply
sed -i 's/^\(p.*\)active$/\1left/' hr.csv
touch -d 2026-11-11 hr.csv
title 'a slip of the pen is caught, and what to type next is said'
sync 5 16 --apply
has err 'provision-csv: nothing was changed; if it is meant, the same command with: --confirm user-disable=12'
ok test "$(writes)" -eq 0
title 'confirmed by the number'
sync 0 16 --apply --confirm user-disable=12
ok test "$(list-users | jq -r 'select(.Enabled | not).Username' | grep -c ^p)" -eq 12

# --- what a killed run was to take away
grep -v '^dan,' hr.csv >less.csv
cp less.csv hr.csv
touch -d 2026-11-12 hr.csv
sync 0 15 --apply
shim apply-cognito '[[ $* != *--ledger* ]] || kill -9 $$; exec '"$BIN"'/apply-cognito "$@"'
touch -d 2026-11-13 hr.csv
title 'killed before it has disabled who is missing in the second file'
sync 1 15 --apply
ok grep -q '"disable-user":1' st/pending.ndjson
rm shims/apply-cognito
{ cat less.csv; grep '^dan,' good.csv; } >hr.csv
touch -d 2026-11-14 hr.csv
title 'who is back by then loses nothing by what was planned before'
sync 0 16 --apply
has out 'an earlier run did not come to its end; what it left is planned anew'
ok test "$(jq -r 'select(.Operation == "AdminDisableUser").Operation' asked | wc -l)" -eq 0
ok test ! -e st/pending.ndjson

# --- passwords by reference
cat >canaries <<'END'
Canary-Secret-1
END
echo '{"Key":"fay","Password":"Canary-Secret-1","Permanent":true}' >secret
printf '%s\n' 'Username,email,email_verified' fay,fay@x.org,true >more.csv
title 'a password from a file, and in no other'
run 0 provision-csv -d more --whole --passwords secret --apply more.csv
grep -rl Canary-Secret more >actual
empty actual
title 'one that the pool would refuse is seen before anything is done, of a descriptor, too'
echo '{"Key":"fay2","Password":"short"}' >weak
printf '%s\n' 'Username,email,email_verified' fay2,fay2@x.org,true >more2.csv
: >asked
run 1 provision-csv -d more2 --whole --passwords weak more2.csv
has err 'policy'
run 1 provision-csv -d more2 --whole --passwords <(cat weak) --apply more2.csv
ok test "$(writes)" -eq 0
title 'and one that it takes is read once'
sed s/short/Canary-Secret-1/ weak >strong
run 0 provision-csv -d more2 --whole --passwords <(cat strong) --apply more2.csv
ok test "$(list-users | jq -r 'select(.Username == "fay2").UserStatus')" = CONFIRMED
run 2 provision-csv -d more2 --whole --passwords none more2.csv
title 'another run in the directory'
mkdir busy
exec {lock}<busy
flock "$lock"
run 75 provision-csv -d busy --whole more.csv
exec {lock}<&-

# --- a mapping of one's own; people by their address
printf '%s\n' 'Login,Mail' GUS,gus@x.org >odd.csv
echo '{Username: (.Login | ascii_downcase), Attributes: {email: .Mail, email_verified: "true"}, Groups: ["desk"]}' >hr.jq
title 'a mapping'
run 0 provision-csv -d odd --whole --mapping ./hr.jq --match-by email --create-groups --apply odd.csv
run 0 provision-csv -d odd --whole --mapping ./hr.jq --match-by email --apply odd.csv
has out '  nothing'
title 'whose membership is not left alone, since it is ours'
lacks odd/left.ndjson '"desk"'
ok test "$(list-users | jq -r 'select(.Attributes.email == "gus@x.org").Username')" = gus
title 'nobody is left in the file, or nobody can be read: not a word that somebody is gone'
echo Login,Mail >odd.csv
run 5 provision-csv -d odd --whole --mapping ./hr.jq --match-by email odd.csv
has err 'guard: WANT has no users (--allow-empty)'
printf 'Login,Mail\n\377,gus@x.org\n' >odd.csv
run 3 provision-csv -d odd --whole --mapping ./hr.jq --match-by email odd.csv
has err 'provision-csv: odd.csv: all rows were rejected; nothing was changed'
run 2 provision-csv -d odd --whole --arg x=y odd.csv

# --- the examples of the page
awk '/^\.Sh / { on = $2 == "EXAMPLES" } !on { next } /^\.Bd/ { block = 1; next } /^\.Ed/ { block = 0; print ""; next }
	block { gsub(/\\e$/, "\\"); print }' "$TOP/man/provision-csv.1" | sed -e 's/^assume-role .*/env \\/' -e '/--have-ledger/d' >examples
title 'the examples of the page run'
printf '%s\n' 'Login,Work Email,Forename,Status,Room' 'ida,,Ida,active,1' >hr.csv
echo 1 >hr.count
printf '%s\n' email,name jo@x.org,Jo >people.csv
run 0 bash -e examples
list-users | jq -r 'select(.Attributes.given_name == "Ida" or .Attributes.name == "Jo").Username' | sort >actual
same - actual <<<$'ida\njo@x.org'

# --- killed, and run again
# fresh PREFIX: a file of people whose names begin so
fresh() {
	printf '%s\n' 'Login,Work Email,verified,Forename,Groups,Status' >hr.csv
	for ((i = 0; i < 6; i++)); do echo "$1$i,$1$i@x.org,true,F,$1,active"; done >>hr.csv
	echo "${1}9,${1}9@x.org,true,F,$1,left" >>hr.csv
	hr[1]=st.$1
}
ended() {
	list-users | jq -r 'select(.Username | startswith("'"$1"'")) | [.Enabled, .UserStatus] | join(" ")' | sort | uniq -c |
		tr -s ' ' >actual
	same - actual <<<$' 1 false CONFIRMED\n 6 true CONFIRMED'
	list-groups "$1" | expand-members | wc -l >actual
	same - actual <<<7
}
# killed PREFIX NAME CODE [STATUS [AGAIN]]: three tests and more; AGAIN is what kills the second run
killed() {
	fresh "$1"
	shim "$2" "$3"
	title "$2: $3"
	sync "${4:-1}" 7 --create-groups --apply
	if [ -n "${5:-}" ]; then
		shim "$2" "$5"
		title "and again: $5"
		sync "${4:-1}" 7 --create-groups --apply
	fi
	rm "shims/$2"
	sync 0 7 --create-groups --apply
	title 'run again, it comes to the same end'
	ended "$1"
	if grep -q 'first, what it has half made' out; then
		title 'the results are those of both parts, in order'
		# Killed early enough, it has half made a group.
		unseal "st.$1/results.ndjson" | jq -r .Op | grep -v create-group | uniq >actual
		same - actual <<<$'create-user\nadd-member'
	fi
	ok test "$(find "st.$1" -name 'pending*' -o -name '.export*')" = ''
}
# dies N: what makes the Nth request of apply-cognito its last
dies() {
	echo '[[ $* == *--ledger* ]] || exec '"$BIN"'/apply-cognito "$@"
exec strace -f -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=KILL:when='"$1 $BIN"'/apply-cognito "$@"'
}
# half N [M]: one that is killed in the middle of what it does, and what carries it on at its request M
half() { killed "m$1-${2:-}-" apply-cognito "$(dies "$1")" 1 "${2:+$(dies "$2")}"; }
half 9
title 'one that was half made was finished'
has out 'an earlier run did not come to its end; first, what it has half made'
# made: who is there of those
made() { list-users | jq -r 'select(.Username | startswith("gone")) | "\(.Username) \(.Enabled)"' | LC_ALL=C sort; }
fresh gone
shim apply-cognito "$(dies 9)"
title 'killed when some are made, and all others begun'
sync 1 7 --create-groups --apply
rm shims/apply-cognito
half_made=$(made | head -n 1 | cut -d ' ' -f 1)
grep -o '"State":"creating"' st.gone/ledger.ndjson | wc -l >actual
same - actual <<<8
title 'who has left since is not made, and who is there does not stay so'
ok test -n "$half_made" -a "$half_made" != gone5
sed -i "/^$half_made,/d; /^gone5,/d" hr.csv
sync 0 5 --create-groups --apply
has out 'first, what it has half made'
made >before
grep '^gone' hr.csv | cut -d , -f 1 | cat - <(echo "$half_made") | LC_ALL=C sort >wanted
cut -d ' ' -f 1 before >actual
same wanted actual
touch -d '+1 minute' hr.csv
sync 0 5 --apply
made >actual
sed "s/^$half_made true/$half_made false/" before >wanted
same wanted actual
title 'what cannot be finished stays, and what to do is said'
fresh old
shim apply-cognito "$(dies 9)"
sync 1 7 --create-groups --apply
shim apply-cognito '[[ $* != *--ledger* ]] || exit 1; exec '"$BIN"'/apply-cognito "$@"'
sync 1 7 --create-groups --apply
has err 'pending.ndjson: what an earlier run has half made, with which the next one begins, too; removing it'
rm shims/apply-cognito
title 'if it is too old it is planned anew, as it is by now'
sed -i 's/"Made":"20[0-9][0-9]/"Made":"2001/' st.old/pending.ndjson
sync 3 7 --create-groups --apply
has err 'what an earlier run has half made is given up, and planned anew'
title 'and who is found to be ours only then has in the next one what he lacks, which is said'
has err 'known to be ours only now, since the plan of an earlier run is lost; what they lack the next run makes'
sync 0 7 --create-groups --apply
ended old
title 'as if its plan is gone'
fresh gone.plan
shim apply-cognito "$(dies 9)"
sync 1 7 --create-groups --apply
rm shims/apply-cognito st.gone.plan/pending.ndjson
sync 3 7 --create-groups --apply
has err 'what they lack the next run makes'
sync 0 7 --create-groups --apply
ended gone.plan
title 'if a byte of it is another one, that too says which file it is, and what to do'
fresh byte
shim apply-cognito "$(dies 9)"
sync 1 7 --create-groups --apply
rm shims/apply-cognito
sed -i '3s/"After"/"After/' st.byte/pending.ndjson
sync 1 7 --create-groups --apply
has err 'pending.ndjson: what an earlier run has half made, with which the next one begins, too; removing it'
# make pipeline-kills
if [ -n "${PIPELINE_KILLS:-}" ]; then
	killed kd mv '/bin/mv "$@"; [[ $* != *pending.ndjson ]] || kill -9 $PPID' 137
	killed ka parse-csv 'kill -9 $$'
	killed kb plan-sync "$BIN"'/plan-sync "$@"; kill -9 $$'
	killed kc mv '[[ $* != *state.ndjson ]] || { kill -9 $PPID; exit 1; }; exec /bin/mv "$@"' 137
	killed ke apply-cognito '[[ $* != *--ledger* ]] || kill -9 $$; exec '"$BIN"'/apply-cognito "$@"'
	for n in 1 2 3 4 6 7 8 11 12 14 16 18 20; do half $n; done
	half 5 1
	half 10 3
	half 13 6
fi

finish
