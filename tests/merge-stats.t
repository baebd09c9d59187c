#!/usr/bin/env bash
# merge-stats, and where statistics come from: COGNITO_STATS.
# shellcheck disable=SC2094 # no pipe reads and writes one file
. "$(dirname "$0")/lib.sh"

words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }

# --- usage
run 0 merge-stats --help
sed 's/^usage: //' out | words >usage.words
mandoc -T ascii -O width=1000 "$TOP/man/merge-stats.1" | plain |
	sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | words >page.words
title 'usage is the synopsis of the page'
same page.words usage.words
run 2 merge-stats --format xml
has err '--format: must be json or table'
run 2 merge-stats --if-changed
run 2 merge-stats --status 256
run 2 merge-stats --command ''
run 2 merge-stats --command $'\xff'
run 1 merge-stats ./absent
has err './absent: cannot open'

# --- what comes together

# stage NAME STATUS START END [MEMBERS]: the seconds of a minute.
stage() {
	printf '{"Command":"%s","Status":%d,"Records":12000,"Rejected":1,"Bytes":1000,"Seconds":%d.500,' "$1" "$2" \
		"$(($4 - $3))"
	printf '"Started":"2026-11-21T10:00:%02d.000Z","Ended":"2026-11-21T10:00:%02d.500Z"%s}\n' "$3" "$4" "${5:-}"
}
stage list-users 0 10 20 ',"Reasons":{"b":2,"a":1},"Calls":{"ListUsers":50},"Retries":1,"Throttles":2,"BytesIn":3,"BytesOut":4' >users
stage emit-csv 3 10 21 ',"Reasons":{"a":3}' >csv
stage expand-members 0 1 5 ',"Calls":{"ListUsers":2,"GET /Groups":7},"Retries":10,"Throttles":20,"BytesIn":30,"BytesOut":40' >members
run 0 merge-stats users csv members
same - out <<'Y'
{"Command":"run","Status":3,"Rejected":3,"Bytes":3000,"Seconds":20.500,"Started":"2026-11-21T10:00:01.000Z","Ended":"2026-11-21T10:00:21.500Z","Reasons":{"a":4,"b":2},"Calls":{"GET /Groups":7,"ListUsers":52},"Retries":11,"Throttles":22,"BytesIn":33,"BytesOut":44,"Stages":[{"Command":"expand-members","Status":0,"Records":12000,"Rejected":1,"Bytes":1000,"Seconds":4.500,"Started":"2026-11-21T10:00:01.000Z","Ended":"2026-11-21T10:00:05.500Z","Calls":{"ListUsers":2,"GET /Groups":7},"Retries":10,"Throttles":20,"BytesIn":30,"BytesOut":40},{"Command":"emit-csv","Status":3,"Records":12000,"Rejected":1,"Bytes":1000,"Seconds":11.500,"Started":"2026-11-21T10:00:10.000Z","Ended":"2026-11-21T10:00:21.500Z","Reasons":{"a":3}},{"Command":"list-users","Status":0,"Records":12000,"Rejected":1,"Bytes":1000,"Seconds":10.500,"Started":"2026-11-21T10:00:10.000Z","Ended":"2026-11-21T10:00:20.500Z","Reasons":{"b":2,"a":1},"Calls":{"ListUsers":50},"Retries":1,"Throttles":2,"BytesIn":3,"BytesOut":4}]}
Y
mv out report
cat members users csv >all
feed 0 all merge-stats
title 'the order of the files says nothing'
same report out
run 0 merge-stats report
title 'a report comes out as it went in'
same report out
title 'jq has the same sums'
ok test "$(jq -cs '[(map(.Calls // {} | to_entries[]) | group_by(.key) | map([.[0].key, (map(.value) | add)])),
	(map(.Bytes) | add), (map(.Retries // 0) | add), (map(.Rejected) | add)]' users csv members)" = \
	"$(jq -c '[(.Calls | to_entries | map([.key, .value])), .Bytes, .Retries, .Rejected]' report)"
run 0 merge-stats --command a --no-stages report
mv out short
run 0 merge-stats --no-stages --command b --status 7 short members
ok jq -e '.Command == "b" and .Status == 7 and .Calls.ListUsers == 54 and .Bytes == 4000 and (has("Stages") | not)' out
run 0 merge-stats short
ok jq -e '.Stages[0].Command == "a" and .Stages[0].Calls.ListUsers == 52 and .Seconds == 20.5' out
run 0 merge-stats /dev/null
ok jq -e '.Stages == [] and .Seconds == 0 and .Status == 0' out

# The status is that of the cause.
status_of() {
	local status n=0
	: >stages
	for status in "$@"; do stage "c$n" "$status" "$n" 30 >>stages; n=$((n + 1)); done
	merge-stats stages | jq .Status
}
title 'statuses'
same - <(status_of 0 0; status_of 0 3; status_of 3 4 0; status_of 4 75 1; status_of 3 4 5 3) <<<$'0\n3\n4\n75\n5'
title 'a reader that went away did so for a reason'
same - <(status_of 141 1 4; status_of 0 141 3; status_of 141 4) <<<$'1\n141\n4'

# What a report said of its run, its stages cannot say.
run 0 merge-stats --status 75 --command run1 users members
mv out run1.json
run 0 merge-stats run1.json
ok jq -e '.Status == 75' out
run 0 merge-stats --status 137 --command killed /dev/null
ok jq -e '.Status == 137 and .Stages == []' out
mv out killed.json
run 0 merge-stats killed.json
same - out < <(sed 's/killed/run/' killed.json)
stage c 75 1 2 >failed
run 0 merge-stats --status 3 failed
mv out told
run 0 merge-stats told
title 'nor do they know better'
same told out
run 0 merge-stats told users failed
ok jq -e '.Status == 75' out
for n in 0 75; do
	merge-stats --status "$n" users >run.json
	merge-stats --no-stages --command "day $n" run.json
done >runs
run 0 merge-stats --format table runs
title 'the runs of a month'
same - <(awk 'NR <= 3 { print $2, $3 }' out) <<<$'EXIT RECORDS\n0 0\n75 75'

# Neither do the figures and the status depend on the order of the files.
title 'stages that began together'
{ stage one 1 1 2; stage one 75 1 2; stage one 75 1 3; } >same
tac same >reversed
ok cmp <(merge-stats same) <(merge-stats reversed)

# --- for people
run 0 merge-stats --format table --command export-csv users csv members
same - out <<'Y'
COMMAND         EXIT  RECORDS  REJECTS  CALLS  RETRIES  SLOWED  BYTES  SECONDS
expand-members     0   12,000        1      9       10      20  1,000    4.500
emit-csv           3   12,000        1      0        0       0  1,000   11.500
list-users         0   12,000        1     50        1       2  1,000   10.500
export-csv         3                 3     59       11      22  3,000   20.500
called 7: GET /Groups
called 52: ListUsers
rejected 4: a
rejected 2: b
Y
run 0 merge-stats --format table --no-stages users
title 'without stages'
ok test "$(sed -n 2p out | cut -d ' ' -f 1)" = run
printf '{"Command":"\\u001b[2Jb\\u00f6","Status":0,"Seconds":1,"Started":"2026-11-21T00:00:00Z","Ended":"2026-11-21T00:00:00Z","Calls":{"\\u009b":1},"Reasons":{"\\n\\r":2}}\n' >hostile
run 0 merge-stats --format table --command $'\e[2J' hostile
title 'nothing in a table steers a terminal'
ok test -z "$(LC_ALL=C tr -d ' -~\n' <out)"
has out '\x1b[2Jb\xc3\xb6'

# --- what is none
wrong() {
	printf '%s\n' "$2" >wrong
	run 1 merge-stats users wrong
	has err "merge-stats: wrong:1: not statistics: $1"
	empty out
}
times='"Started":"2026-11-21T00:00:00Z","Ended":"2026-11-21T00:00:00Z"'
wrong 'no Command' '{"Username":"ana"}'
wrong 'no Command' '{"Command":7}'
wrong 'no Command' '{"Command":"a\u0000b","Status":0}'
wrong 'no Status' '{"Command":"a"}'
wrong 'no Status' '{"Command":"a","Status":"0"}'
wrong 'no Status' '{"Command":"a","Status":256}'
wrong 'no Started and Ended' '{"Command":"a","Status":0,"Seconds":1}'
wrong 'no Started and Ended' '{"Command":"a","Status":0,"Seconds":1,"Started":"today","Ended":"2026-11-21T00:00:00Z"}'
wrong 'no Seconds' "{\"Command\":\"a\",\"Status\":0,$times}"
wrong 'no Seconds' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":-1,$times}"
wrong 'a figure' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Bytes\":1.5}"
wrong 'a figure' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Rejected\":100000000000001}"
wrong 'Calls' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Calls\":[]}"
wrong 'Calls' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Calls\":{\"x\":{}}}"
wrong 'Reasons' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Reasons\":{\"x\":-1}}"
wrong 'Stages' '{"Stages":{}}'
wrong 'no Command' '{"Stages":[]}'
wrong 'no Command' "{\"Command\":\"a\",\"Status\":0,\"Seconds\":1,$times,\"Stages\":[[]]}"
printf '%s' "$(cat users)" >cut-off
run 4 merge-stats cut-off
empty out
echo old >kept
run 1 merge-stats -o kept wrong
title 'the old report stays'
same - kept <<<old
run 0 merge-stats -o new users
ok test "$(stat -c %a new)" = 600
many() { for ((i = 0; i < $1; i++)); do stage "c$i" 0 1 2 ",\"Calls\":{\"o$i\":1}"; done; }
many 1001 >many
run 1 merge-stats many
has err 'many:1001: not statistics: Calls that are none, or too many operations'
for ((i = 0; i < 6; i++)); do head -n 1000 many; done >much
run 1 merge-stats much
has err 'the report of 6000 stages is longer than 1048576 bytes'
run 0 merge-stats --no-stages much
ok jq -e '.Calls.o7 == 6 and (.Calls | length) == 1000' out

for ((i = 0; i < 3; i++)); do stage "c$i" 0 1 2 ',"Calls":{"a":50000000000000}'; done >sum
run 1 merge-stats sum
has err 'sum:3: not statistics: Calls that are none'
for ((i = 0; i < 3; i++)); do stage "c$i" 0 1 2 ',"Retries":50000000000000'; done >sum
run 1 merge-stats sum
has err 'sum:3: not statistics: figures that come to more than 100000000000000'
run 0 merge-stats --no-stages <(head -n 2 sum)
ok merge-stats out

# --- COGNITO_STATS
make-pool -n 300 >pool
mkdir stats
# shellcheck disable=SC2016 # sh's
run 0 serve-pool pool -- env COGNITO_STATS=stats sh -c \
	'list-users | map-attributes -e "{Username}" | emit-csv --columns Username -o csv && list-groups --stats mine >groups && unguard --guard oci csv >plain'
find stats -name '*.json' | sed 's|.*/||; s/\.[0-9]*\././' | sort >names
same - names <<<$'emit-csv.json\nlist-users.json\nmap-attributes.json'
title 'they are their owner'"'"'s alone'
ok test -z "$(find stats -type f ! -perm 600)"
ok test -s mine
run 0 merge-stats stats/*
ok jq -e '(.Stages | length) == 3 and .Calls.ListUsers == 5 and all(.Stages[]; .Started <= .Ended)' out
run 2 env COGNITO_STATS=none emit-json /dev/null
has err 'COGNITO_STATS: none: not a directory'
run 0 env COGNITO_STATS= emit-json /dev/null
# shellcheck disable=SC2016 # sh's
run 0 sh -c 'mkdir again && echo old >again/emit-json.$$.json && COGNITO_STATS=again exec emit-json /dev/null'
title 'a number that is in use again'
ok test "$(find again -type f | wc -l)" -eq 2
ok test "$(cat again/emit-json.*[0-9].json | grep -c old)" -eq 1
# Two that have one number, as in two containers, at work at the same time.
title 'a number that is in use'
mkdir twice
mkfifo gate
sh -c 'COGNITO_STATS=twice exec emit-json <gate' >/dev/null &
exec {hold}>gate
for ((i = 0; i < 300; i++)); do [ -z "$(find twice -name '*.json')" ] || break; sleep 0.1; done
ok test "$(find twice -name 'emit-json.*.json' -size 0 | wc -l)" -eq 1
exec {hold}>&-
wait
ok test "$(find twice -name 'emit-json.*.json' -size +0 | wc -l)" -eq 1
run 1 env COGNITO_STATS=stats emit-json wrong-name
title 'a command that failed has statistics'
ok grep -l '"Command":"emit-json","Status":1' stats/emit-json.*

finish
