#!/usr/bin/env bash
# export-fleet: many pools in four Regions of two accounts, killed in the middle and gone on with; lists and
# pools that fail; the quota that jobs share; what it refuses.
# Not for sanitizers.
# Mostly waits.
# shellcheck disable=SC2016 # what stands in single quotes is for other shells
. "$(dirname "$0")/lib.sh"
here=$TOP/tests/helpers
export T BIN TOP here

title 'usage and SYNOPSIS agree'
export-fleet --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-fleet.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 0 export-fleet --version

# refuses MESSAGE ARGUMENT...
refuses() {
	local message=$1
	shift
	run 2 export-fleet "$@"
	has err "$message"
}
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole other=arn:aws:iam::222233334444:role/cognitoApiAccessRole
refuses 'a directory is needed' --region eu-west-1
refuses '--region: needed, since AWS_REGION is not set' -d x
refuses 'eu-west: not the name of a Region' -d x --region eu-west
refuses '../../etc: not the name of a Region' -d x --region ../../etc
refuses 'default: eu-west-1: given twice' -d x --region eu-west-1 --region eu-west-1
refuses '123456789012: eu-west-1: given twice' -d x --region eu-west-1 --role-arn "$role" --role-arn "$role"
refuses 'me: not the ARN of a role' -d x --region eu-west-1 --role-arn me
refuses '--external-id: needs --role-arn or --roles-from' -d x --region eu-west-1 --external-id two
refuses 'a b: not an external ID' -d x --region eu-west-1 --role-arn "$role" --external-id 'a b'
refuses '-: not an external ID' -d x --region eu-west-1 --role-arn "$role" --external-id -
refuses '--jobs: not a number' -d x --region eu-west-1 --jobs 0
refuses 'nonesuch: no such target' -d x --region eu-west-1 --target nonesuch
refuses '-d: not for each pool' -d x --region eu-west-1 -- -d y
for argument in --user-pool-id=a --stats=x --summary --share --max-rate=3 --endpoint-url --ca-bundle --retry-seconds -v \
	--verbose --no-progress --check; do
	refuses "$argument: not for each pool" -d x --region eu-west-1 -- "$argument"
done
refuses 'csv: an operand too many' -d x --region eu-west-1 csv
refuses '--name: an empty value' -d x --region eu-west-1 --name ''
refuses 'none: cannot be read' -d x --region eu-west-1 --roles-from none
printf '# nobody\n\n' >roles
refuses 'roles: names no role' -d x --region eu-west-1 --roles-from roles
printf '%s\n' "$role external=a" >roles
refuses 'roles:1: external=a: neither external-id=ID nor region=REGION,...' -d x --region eu-west-1 --roles-from roles
printf '# ours\n%s\n' reader >roles
refuses 'roles:2: not the ARN of a role' -d x --region eu-west-1 --roles-from roles
printf '# ours\n%s external-id=a\r\n' "$role" >roles
refuses 'roles:2: a?: not an external ID' -d x --region eu-west-1 --roles-from roles
printf '%s external-id=-\n' "$role" >roles
refuses 'roles:1: -: not an external ID' -d x --region eu-west-1 --roles-from roles
printf '%s region=eu-west-1,eu\033[1m\n' "$role" >roles
refuses 'roles:1: --region: eu?[1m: not the name of a Region' -d x --region eu-west-1 --roles-from roles
printf '%s\n' "$role" "$role" >roles
refuses 'roles:2: 123456789012: eu-west-1: given twice' -d x --region eu-west-1 --roles-from roles
title 'and nothing is made'
ok test ! -e x

mkdir bare
for name in bash readlink dirname cat sed grep awk flock mkdir mktemp rm; do ln -s "$(command -v "$name")" bare; done
title 'without GNU parallel'
run 2 env PATH="$BIN:$TOP/pipelines:$T/bare" export-fleet -d bare.out --region eu-west-1
has err 'export-fleet: parallel: not found in PATH: GNU parallel is needed'
printf '#!/bin/sh\necho moreutils\n' >bare/parallel
chmod +x bare/parallel
title 'nor with the other program of that name'
run 2 env PATH="$BIN:$TOP/pipelines:$T/bare" export-fleet -d bare.out --region eu-west-1
has err 'export-fleet: parallel: not that of GNU'
has_none() { title "$1 has nothing of a run"; ok test -z "$(find "$1" -name '.export-*')"; }
has_none bare.out

# --- With commands that stand in: how arguments reach them, and what the table makes of names.
mkdir stub
cat >stub/list-user-pools <<'END'
#!/bin/bash
region=${AWS_REGION:-} plain='Größe {}'
while [ $# -gt 0 ]; do
	case $1 in -o) out=$2; shift ;; --region) region=$2; shift ;; --) shift; break ;; esac
	shift
done
printf '%s\n' "$region" "$@" >>"$T/asked"
rows() {
	printf '{"Id":"%s_Zz9","Name":"a  \\"quoted\\" $(touch x) ; name\\\\"}\n' "$region"
	printf '{"Id":"%s_Aa1","Name":"%s","Status":"Enabled"}\n' "$region" "${NAMED:-$plain}"
}
if [ "$region" = "${CUT:-}" ]; then
	{ rows; rows; } | sed 1d | COGNITO_SEAL='' exec "$BIN/through" cat | head -n 2 >"$out"
elif [ "$region" = "${STRANGE:-}" ]; then
	echo '{"Id":"../../x_1","Name":"x"}' | through-seal >"$out"
else
	rows | through-seal >"$out"
fi
END
cat >stub/through-seal <<'END'
#!/bin/bash
awk '{ print; n++; b += length($0) + 1 } END {
	printf "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":%d,\"bytes\":%d,\"rejected\":0,\"source\":\"s\",\"scope\":\"all\",\"via\":[]}}\n", n, b }'
END
cat >stub/export-target <<'END'
#!/bin/bash
[[ " $* " != *' --check '* ]] || exec "$TOP/pipelines/export-target" "$@"
printf '%s\n' "$@" >"$T/got.$$"
while [ $# -gt 0 ]; do
	case $1 in -d) directory=$2; shift ;; --summary) summary=$2; shift ;; --user-pool-id) pool=$2; shift ;; esac
	shift
done
mv "$T/got.$$" "$T/got.$pool"
mkdir -p "$directory"
echo "$pool" >>"$T/order"
if [ "$pool" = "${FAIL:-}" ]; then
	echo 'list-users: warning: the clock is wrong' >&2
	echo 'list-users: ListUsers: NoWay: "a\b"' >&2
	echo 'expand-members: an echo' >&2
	exit "${FAIL_STATUS:-1}"
fi
[ "$pool" != "${SILENT:-}" ] || exit 0
[ "$pool" != "${KILLED:-}" ] || kill -9 "$PPID"
echo '{"Users":12,"Groups":3,"Memberships":4,"Rejected":0}' >"$summary"
[ "$pool" != "${REJECT:-}" ] || { echo 'export-target: users.rejects.ndjson: 1 rejected' >&2; exit 3; }
END
chmod +x stub/*
stubbed() { PATH=$T/stub:$PATH "$@"; }
title 'two Regions of the own account'
run 0 stubbed export-fleet -d "odd dir" --region eu-west-1 --region us-east-1 --name 'a *' --name b --target flat --max-rate 3 \
	-- --arg 'a=b  "c" $(touch y)' --fold
title 'each is asked once'
same - <(sort asked) <<'END'
a *
a *
b
b
eu-west-1
us-east-1
END
title 'arguments arrive as they are'
sed 's|/\.export-[^/]*/|/RUN/|' got.us-east-1_Zz9 >got
same - got <<'END'
--arg
a=b  "c" $(touch y)
--fold
--max-rate
3
-d
odd dir/default/us-east-1/us-east-1_Zz9
--user-pool-id
us-east-1_Zz9
--region
us-east-1
--no-progress
--summary
odd dir/RUN/job.default.us-east-1.us-east-1_Zz9.summary
--
flat
END
title 'no name is run'
ok test ! -e x -a ! -e y
title 'the table'
sed -E '2,5s/[0-9]+\.[0-9]$/S/; 2,5s/ +S$/ S/; 1s/ +SECONDS/ SECONDS/' out >table
same - table <<'END'
ACCOUNT  REGION     USERPOOLID     NAME                            STATUS  USERS  GROUPS  MEMBERSHIPS  REJECTED SECONDS
default  eu-west-1  eu-west-1_Zz9  a  "quoted" $(touch x) ; name\       0     12       3            4         0 S
default  eu-west-1  eu-west-1_Aa1  Größe {}                             0     12       3            4         0 S
default  us-east-1  us-east-1_Zz9  a  "quoted" $(touch x) ; name\       0     12       3            4         0 S
default  us-east-1  us-east-1_Aa1  Größe {}                             0     12       3            4         0 S
total                                                                         48      12           16         0
4 pools, 0 of them not exported
END
empty err
title 'the status as JSON'
jq -c 'del(.Seconds)' 'odd dir/status.ndjson' | sed 1q >first
same - first <<'END'
{"Account":"default","Region":"eu-west-1","UserPoolId":"eu-west-1_Zz9","Name":"a  \"quoted\" $(touch x) ; name\\","Status":0,"Users":12,"Groups":3,"Memberships":4,"Rejected":0,"Why":""}
END
ok test "$(jq -r .UserPoolId 'odd dir/status.ndjson' | xargs)" = 'eu-west-1_Zz9 eu-west-1_Aa1 us-east-1_Zz9 us-east-1_Aa1'

rm -f asked got.*
title 'resumed, all of which has ended well: the table, and nothing is asked'
run 0 stubbed export-fleet -d "odd dir" --region eu-west-1 --region us-east-1 --name 'a *' --name b --target flat --resume \
	-- --arg 'a=b  "c" $(touch y)' --fold
has out '4 pools, 0 of them not exported'
ok test ! -e asked -a ! -e got.us-east-1_Zz9
title 'with another set of arguments it is refused'
run 2 stubbed export-fleet -d "odd dir" --region eu-west-1 --region us-east-1 --name 'a *' --name b --target flat --resume \
	-- --arg 'a=b "c" $(touch y)' --fold
has err 'the run there had other arguments'
title 'a new run does all of it'
run 0 stubbed export-fleet -d "odd dir" --region eu-west-1 --region us-east-1
ok test "$(find . -maxdepth 1 -name 'got.*' | wc -l)" -eq 4

for argument in --fod '--arg nonesuch=1' '--groups nowhere' '--guard nonesuch'; do
	rm -f asked
	title "-- $argument"
	# shellcheck disable=SC2086 # two words
	run 2 stubbed export-fleet -d "odd dir" --region eu-west-1 -- $argument
	title 'said once, nothing is asked, and the last run stays'
	ok test ! -e asked -a "$(grep -c "^export-target: \|^emit-csv: " err)" -eq 1 -a -e "odd dir/.fleet/ended/default.eu-west-1.eu-west-1_Zz9"
done

rm order
title 'Regions take turns'
run 0 stubbed export-fleet -d "odd dir" --region eu-west-1 --region us-east-1 --jobs 1
same - order <<'END'
eu-west-1_Zz9
us-east-1_Zz9
eu-west-1_Aa1
us-east-1_Aa1
END

# ends STATUS [NAME=VALUE...]: a run of one Region of which the environment lets something fail.
ends() {
	local want=$1
	shift
	rm -rf ends
	run "$want" env "$@" PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d ends
}
ends 1 FAIL=eu-west-1_Zz9
title 'failures stand last, the first message is the cause'
sed -n 3p out >line
has line 'list-users: ListUsers: NoWay: "a\b"'
ok grep -q '^default  eu-west-1  eu-west-1_Zz9 .* 1 .* -' line
has err 'export-fleet: default/eu-west-1/eu-west-1_Zz9: expand-members: an echo'
ok jq -se 'any(.UserPoolId == "eu-west-1_Zz9" and .Status == 1 and .Users == null and .Why == "list-users: ListUsers: NoWay: \"a\\b\"")' \
	ends/status.ndjson
has out '2 pools, 1 of them not exported'
ends 75 FAIL=eu-west-1_Zz9 FAIL_STATUS=75
ends 1 FAIL=eu-west-1_Zz9 FAIL_STATUS=5 REJECT=eu-west-1_Aa1
title 'as long as another run may mend anything'
ends 75 FAIL=eu-west-1_Zz9 KILLED=eu-west-1_Aa1
ends 75 FAIL=eu-west-1_Aa1 KILLED=eu-west-1_Zz9
ends 75 FAIL=eu-west-1_Zz9 FAIL_STATUS=137
ends 75 FAIL=eu-west-1_Zz9 FAIL_STATUS=75 REJECT=eu-west-1_Aa1
rm -f got.*
title 'resumed: what was rejected has ended well'
run 3 env REJECT=eu-west-1_Aa1 PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d ends --resume
ok test ! -e got.eu-west-1_Aa1 -a -e got.eu-west-1_Zz9
ends 75 FAIL=eu-west-1_Zz9 FAIL_STATUS=75
title 'resumed, and killed: nothing of what the try before has said'
run 75 env KILLED=eu-west-1_Zz9 PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d ends --resume
has out 'the job did not come to its end'
lacks out NoWay
title 'a status.ndjson keeps its mode'
chmod 640 ends/status.ndjson
run 0 env PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d ends --resume
ok test "$(stat -c %a ends/status.ndjson)" = 640
title 'nobody reads the table'
run 141 env PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 bash -c 'export-fleet -d ends --resume | true; exit "${PIPESTATUS[0]}"'
title 'it cannot be written'
run 1 env PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 bash -c 'export-fleet -d ends --resume >/dev/full'
has err 'export-fleet: standard output: cannot be written'
title 'a directory with a backslash'
odd='b\tack\\slash'
run 0 env PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d "$odd"
rm -f got.*
run 0 env PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 export-fleet -d "$odd" --resume
ok test -z "$(find . -maxdepth 1 -name 'got.*')"
ends 1 SILENT=eu-west-1_Zz9
has out 'ended with status 1'
long=$(printf 'ü%.0s' {1..40})
title 'a name that is long, in the table'
ends 0 NAMED="$long"
ok grep -qF "  $(printf 'ü%.0s' {1..31})…  " out
ok jq -se --arg name "$long" 'any(.Name == $name)' ends/status.ndjson
title 'one that turns the text round'
ends 0 NAMED="$(printf 'a\342\200\256b\342\201\246c')"
has out '  a?b?c  '
ends 1 STRANGE=eu-west-1
has err 'holds what is no record of a pool'
title 'a job that is killed'
ends 75 KILLED=eu-west-1_Zz9
has out 'the job did not come to its end'
has out '2 pools, 1 of them not exported'

title 'a list that was cut off, and looks whole to nobody'
run 1 env CUT=us-east-1 PATH="$T/stub:$PATH" export-fleet -d cut --region eu-west-1 --region us-east-1
ok jq -se 'map(select(.Region == "us-east-1")) | length == 1 and .[0].UserPoolId == null and .[0].Status == 4' cut/status.ndjson
has out '2 pools, 0 of them not exported; 1 lists of pools not had'
title 'nothing of it was exported'
ok test ! -e cut/default/us-east-1
title 'resumed: that list, and its pools'
rm -f asked got.*
run 0 stubbed export-fleet -d cut --region eu-west-1 --region us-east-1 --resume
same - asked <<<us-east-1
ok test ! -e got.eu-west-1_Zz9 -a -e got.us-east-1_Zz9

# One at work, and then parallel alone is killed, or export-fleet alone: nobody begins another one.
cat >stub/export-target.long <<'END'
#!/bin/bash
[[ " $* " != *' --check '* ]] || exit 0
echo x >>"$T/begun"
trap 'sleep 0.3; echo told >>"$T/told"; exit 143' TERM
until [ -e "$T/go" ]; do sleep 0.05; done
END
chmod +x stub/export-target.long
mkdir long && ln -s ../stub/export-target.long long/export-target && ln -s ../stub/list-user-pools ../stub/through-seal long
# begin_long: sets pid, that of export-fleet, when the first pool is at work.
begin_long() {
	rm -rf begun told go long.d
	PATH=$T/long:$PATH export-fleet -d long.d --region eu-west-1 --jobs 1 >long.out 2>long.err &
	pid=$!
	for ((i = 0; i < 600; i++)); do [ ! -e begun ] || break; sleep 0.1; done
}
# of_parallel: the process whose parent export-fleet is.
of_parallel() {
	local process
	for process in /proc/[0-9]*; do
		[ "$(sed -n 's/^PPid:\t//p' "$process/status")" != "$pid" ] ||
			! tr '\0' ' ' <"$process/cmdline" | grep -q joblog || echo "${process#/proc/}"
	done 2>/dev/null
}
title 'parallel is killed: what it has begun ends, and then export-fleet'
begin_long
kill -9 "$(of_parallel)"
run 75 wait "$pid"
same - told <<<told
has long.err 'export-fleet: parallel ended with status 137'
has long.out '2 pools, 2 of them not exported'
has_none long.d
title 'export-fleet is killed: what is at work comes to its end, nothing new begins'
begin_long
kill -9 "$pid"
wait "$pid" 2>/dev/null
: >go
ok flock -w 60 long.d true
same - begun <<<x

# All of it killed at once, at many places; by --resume it comes to its end each time.
mkdir kills
# kill_all: whatever is at work there, parallel's jobs among it, which are groups of their own.
kill_all() {
	local process found=1
	while [ -n "$found" ]; do
		found=
		for process in /proc/[0-9]*; do
			[ "$(readlink "$process/cwd")" = "$T/kills" ] && kill -9 "${process#/proc/}" && found=1
		done
	done 2>/dev/null
}
: >stuck
for delay in 0.02 0.1 0.2 0.25 0.3 0.4; do
	(cd kills && PATH=$T/stub:$PATH exec export-fleet -d all --region eu-west-1 --region us-east-1) >/dev/null 2>&1 &
	sleep "$delay"
	kill_all
	wait "$!"
	(cd kills && PATH=$T/stub:$PATH exec export-fleet -d all --region eu-west-1 --region us-east-1 --resume) >kills.out 2>&1
	echo "$? $(jq .Status kills/all/status.ndjson | xargs) $(find kills -name '.export-*' | wc -l) $(tail -n 1 kills.out)" |
		grep -vxF '0 0 0 0 0 0 4 pools, 0 of them not exported' >>stuck
done
title 'killed, and resumed'
empty stuck

# --- fleet.mk, by the same
unset MAKEFLAGS MFLAGS MAKELEVEL
fleet() { PATH=$T/stub:$PATH AWS_REGION=eu-west-1 make --no-print-directory -s -f "$TOP/pipelines/fleet.mk" "$@"; }
rm -f got.*
title 'make: a list where none is, and each pool of it'
run 0 fleet -j2 FLEET_FLAGS=--fold
empty err
same - <(find fleet -type f | sort; sed 's/\.new$//' got.eu-west-1_Aa1) <<'END'
fleet/eu-west-1_Aa1/summary.json
fleet/eu-west-1_Zz9/summary.json
fleet/pools.mk
-d
fleet/eu-west-1_Aa1
--user-pool-id
eu-west-1_Aa1
--region
eu-west-1
--fold
--summary
fleet/eu-west-1_Aa1/summary.json
csv
END
rm -f got.*
title 'again: nothing'
run 0 fleet
ok test -z "$(find . -maxdepth 1 -name 'got.*')"
title 'to its owner alone'
ok test "$(stat -c %a fleet/pools.mk)" = 600
title 'one by its id, anew'
rm fleet/eu-west-1_Zz9/summary.json
run 0 fleet eu-west-1_Zz9
ok test "$(echo got.*)" = got.eu-west-1_Zz9
touch -d '1 second' pools.ndjson
rm -f got.*
title 'a new list, and a pool that fails: the other is exported'
run 2 env FAIL=eu-west-1_Zz9 PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 make -s --no-print-directory -k -f "$TOP/pipelines/fleet.mk"
ok test "$(echo got.*)" = 'got.eu-west-1_Aa1 got.eu-west-1_Zz9'
touch -d '-1 minute' pools.ndjson
touch fleet/pools.mk fleet/eu-west-1_Aa1/summary.json
rm -f got.* fleet/eu-west-1_Zz9/summary.json
title 'then that alone; rejected records are a good end'
run 0 env REJECT=eu-west-1_Zz9 PATH="$T/stub:$PATH" AWS_REGION=eu-west-1 make -s --no-print-directory -f "$TOP/pipelines/fleet.mk"
ok test "$(echo got.*)" = got.eu-west-1_Zz9
title 'a name with a blank'
run 2 fleet FLEET_DIR='a b'
has err 'FLEET_DIR: one name without blanks'
title 'a list that was cut off is none'
sed -i 2d pools.ndjson
run 2 fleet
has err 'unseal: '
printf '{"Id":"../../x_1"}\n' | stub/through-seal >pools.ndjson
title 'nor one with what is no id'
run 2 fleet
has err 'pools.ndjson: not a whole list of pools'
ok test "$(find . -maxdepth 1 -name 'got.*')" = ./got.eu-west-1_Zz9

# --- Many pools, and an account into which the role does not lead.
export pools=${FLEET_POOLS:-48}
/usr/bin/python3 "$here/make-fleet.py" --pools "$pools" --regions 4 --accounts 2 fleet.d
printf '%s external-id=cognito-integration\n' "$role" "$other" "${role/123456789012/999988887777}" >roles
mkdir shim
cat >shim/list-groups <<'END'
#!/bin/bash
case " $* " in
*" $bad "*) echo "list-groups: ListGroups: ResourceNotFoundException: there is none" >&2; exit 1 ;;
*" $busy "*) echo "list-groups: ListGroups: TooManyRequestsException: later" >&2; exit 75 ;;
esac
exec "$BIN/list-groups" "$@"
END
chmod +x shim/list-groups
cat >session <<'END'
all=(-d all --roles-from roles --region eu-west-1 --region us-east-1 --region eu-central-1 --region ap-southeast-2 --no-progress)
export-fleet "${all[@]}" >killed.out 2>killed.err &
pid=$!
for ((i = 0; i < 600; i++)); do
	[ "$(ls all/.fleet/ended 2>/dev/null | grep -c _)" -lt $((pools / 4)) ] || break
	sleep 0.1
done
for process in /proc/[0-9]*; do
	[ "$(readlink "$process/cwd")" != "$T" ] || cat "$process/cmdline"
done 2>/dev/null >arguments
export-fleet "${all[@]}" 2>second.err; echo $? >second.status
kill -TERM $pid; wait $pid; echo $? >killed.status
find all -name '.export-*' >killed.left
"$here/check-fleet.py" --begun fleet.d all >killed.differs
ls all/.fleet/ended | grep _ >killed.ended
# unended ACCOUNT: a pool there that had no turn yet.
unended() {
	jq -r --arg account "$1" 'select(.Id and (.Arn | split(":")[4]) == $account).Id' fleet.d/inventory.ndjson |
		grep -vFf <(sed 's/.*\.//' killed.ended) | head -n 1
}
bad=$(unended 222233334444) busy=$(unended 123456789012)
export bad busy
PATH=$T/shim:$PATH export-fleet "${all[@]}" --resume >resumed.out 2>resumed.err; echo $? >resumed.status
cp all/status.ndjson resumed.ndjson
cp all/.fleet/joblog resumed.joblog
export-fleet "${all[@]}" --resume 2>last.err >last.out
END
title 'all that is in the pools, in the end; the account that is closed stands last'
run 1 serve --require-role --allow reads,inventory --inventory fleet.d/inventory.ndjson --fault ListUserPools:cut@2 -- bash session
title 'it was killed in the middle'
ended=$(wc -l <killed.ended)
ok test "$(cat killed.status)" -eq 143 -a "$ended" -ge $((pools / 4)) -a "$ended" -lt "$pools"
title 'and nobody else had the directory'
ok test "$(cat second.status)" -eq 75
has second.err 'all: another run is at work there'
title 'no argument is a key'
ok grep -qaF fleet.bash arguments
lacks arguments "$known_secret"
title 'nothing half was left'
empty killed.left
empty killed.differs
title 'the second run did what the first had not'
ok test "$(sed 1d resumed.joblog | wc -l)" -eq $((pools - ended))
ok test "$(cat resumed.status)" -eq 75
jq -r 'select(.Status != 0) | [.Account, .UserPoolId == null, .Status, .Why] | @tsv' resumed.ndjson | sed "s/: not authorized.*//" |
	sort | uniq -c | sed 's/^ *//' >failed
title 'but for one pool that always fails, one that is throttled, and the account'
same - failed <<END
1 123456789012	false	75	list-groups: ListGroups: TooManyRequestsException: later
1 222233334444	false	1	list-groups: ListGroups: ResourceNotFoundException: there is none
4 999988887777	true	1	$(jq -r 'select(.Account == "999988887777").Why' resumed.ndjson | sed 1q)
END
ok grep -q 'AssumeRole: AccessDenied' failed
title 'the failures stand last'
ok test "$(grep -c ' 0 .*[0-9]$' <(tail -n 8 resumed.out | head -n 6))" -eq 0
title 'the last run did these two'
ok test "$(sed 1d all/.fleet/joblog | wc -l)" -eq 2
title 'each pool has what it should'
run 0 "$here/check-fleet.py" fleet.d all
empty out
title 'to its owner alone'
ok test "$(find all -type d -printf 'd %m\n' -o -printf 'f %m\n' | sort -u | xargs)" = 'd 700 f 600'

# --- the quota of an account and Region: five calls a second of each, in which all its jobs share.
/usr/bin/python3 "$here/make-fleet.py" --pools 16 --regions 2 --accounts 2 few.d
cat >session <<'END'
export-fleet -d "$1" --external-id cognito-integration --region eu-west-1 --role-arn "$role" "${@:2}" >/dev/null
END
export role
title 'several accounts, several Regions'
run 0 serve --require-role --allow reads,inventory --quota UserList=5 --inventory few.d/inventory.ndjson -- \
	bash session few --region us-east-1 --role-arn "$other" --max-rate 5
run 0 "$here/check-fleet.py" few.d few
# Six pools of one account and Region at once: without a home for the files that jobs share, and without
# sharing.
/usr/bin/python3 "$here/make-fleet.py" --pools 6 --regions 1 --accounts 1 --users 20 fewer.d
mkdir paced
cat >paced/expand-members <<'END'
#!/bin/bash
"$BIN/expand-members" "$@"
status=$?
find "$XDG_RUNTIME_DIR/cognito-filters" -type f ! -name 'progress-*' -printf '%h\n' >>"$T/shared"
exit $status
END
chmod +x paced/expand-members
paced() {
	rm -f shared
	run 0 env -u HOME -u XDG_CACHE_HOME -u XDG_RUNTIME_DIR "$@" PATH="$T/paced:$PATH" serve-pool --require-role \
		--allow reads,inventory --inventory fewer.d/inventory.ndjson -- bash session homeless --max-rate 3
}
title 'without a home they share all the same'
paced
ok test "$(wc -l <shared)" -gt 1 -a "$(sort -u shared | wc -l)" -eq 1
title 'unless they are not to'
paced COGNITO_SHARED_PACE=0
empty shared

# --- The example for Kubernetes: what its pod runs, twice.
mkdir -p roles.d pod
echo "$role external-id=cognito-integration" >roles.d/roles
sed -n '/^ *- |$/,/^ *volumeMounts:/p' "$TOP/pipelines/examples/fleet-job.yaml" | sed '1d; $d' |
	sed "s|\"/fleet/|\"$T/pod/|; s|/roles/|$T/roles.d/|" >pod.sh
title 'by the pod of a Job'
run 0 serve --require-role --allow reads,inventory --inventory few.d/inventory.ndjson -- \
	env JOB_NAME=export-fleet-1 sh -c 'sh pod.sh && sh pod.sh'
has out '8 pools, 0 of them not exported'
run 0 "$here/check-fleet.py" few.d pod/export-fleet-1 123456789012
mkdir pod.stub
printf '#!/bin/sh\nexit $POD_ENDS\n' >pod.stub/export-fleet
chmod +x pod.stub/export-fleet
for ends in 0 1 2 3 75; do
	title "export-fleet ends with $ends"
	run "${ends/3/0}" env JOB_NAME=x POD_ENDS="$ends" PATH="$T/pod.stub:$PATH" sh pod.sh
done
cat >pod.stub/export-fleet <<'END'
#!/bin/bash
trap 'echo cleaned up >pod.told; trap - TERM; kill -TERM $$' TERM
: >pod.begun
until [ -e pod.told ]; do sleep 0.05; done
END
title 'a pod that is told to stop tells export-fleet, and ends when that has'
run 143 env JOB_NAME=x PATH="$T/pod.stub:$PATH" bash -c '
	sh pod.sh &
	for ((i = 0; i < 600; i++)); do [ ! -e pod.begun ] || break; sleep 0.1; done
	kill -TERM $!; wait $!'
ok test -s pod.told

finish
