#!/usr/bin/env bash
# push-scim against a scimmy that fails, throttles, forgets and is slow: the end is the same.
# shellcheck disable=SC2016 # for the inner shell and for jq
# Mostly waits.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/push.sh
. "$TOP/tests/helpers/push.sh"

# ends_well: one test: the server's state is the one of a run without faults.
ends_well() { state | gojq -c . >got; same state.good got; }

# 60 users, 3 groups with 60, 30 and 20 members.
{
	seq 60 | sed "s/.*/{\"schemas\":[\"$U\"],\"externalId\":\"s&\",\"userName\":\"user&\",\"name\":{\"familyName\":\"N&\"},\"active\":true}/"
	for i in 1 2 3; do
		echo "{\"schemas\":[\"$G\"],\"externalId\":\"g$i\",\"displayName\":\"g$i\",\"members\":[$(
			seq "$i" "$i" 60 | sed 's/.*/{"value":"bulkId:s&","type":"User"}/' | paste -sd,)]}"
	done
} >input
all=$'3 add-members updated\n63 create created'

run 0 at --strict -- 'push-scim input'
state | gojq -c . >state.good
counts >got
same - got <<<"$all"
title 'that is all of them'
jq -s 'map(.members // [] | length) | add' state.good >got
same - got <<<110

title 'small BulkRequests'
run 0 at --max-operations 7 --max-payload 1500 -- 'push-scim input'
ends_well
awk '$2 == "/Bulk" && ($4 > 1500 || $5 > 7 || $3 != 200)' log >passed
title 'no request passes a limit'
empty passed
title 'limits that the server does not announce: halved until they fit'
run 0 at --no-config --max-operations 5 -- 'push-scim input'
ends_well

title 'lost answers: BulkRequests that were carried out'
for n in 5 6; do
	run 0 at --cut-after $n --max-operations 25 -- 'push-scim input'
	ends_well
	counts >got
	same - got <<<"$all"
	grep -c ' cut ' log >count
	same - count <<<1
done
title 'single requests'
for n in 6 68; do
	run 0 at --cut-after $n --no-bulk -- 'push-scim input'
	ends_well
	counts >got
	same - got <<<"$all"
done
title 'asked for by externalId, and not sent twice'
grep -c '^POST /Groups ' log >count
same - count <<<3

title 'operations of a Bulk that fail by themselves are sent again'
run 0 at --bulk-fail 0.15 -- 'push-scim input'
ends_well
title 'requests that fail, before and after they are carried out'
run 0 at --fail 0.08 --no-bulk -- 'push-scim --in-flight 8 input'
ends_well
run 0 at --fail 0.15 --random-seed 3 -- 'push-scim input'
ends_well
title 'throttled, with and without Retry-After'
run 0 at --rate 100 --retry-after no --no-bulk -- 'push-scim input'
ends_well
run 0 at --rate 20 --max-operations 8 -- 'push-scim input'
ends_well
title 'a server that reads a group, changes it and writes it: no two changes at once'
run 0 at --slow-change 30 --max-operations 3 -- 'push-scim --members-max 4 input'
ends_well
run 0 at --slow-change 10 --no-bulk -- 'push-scim --members-max 4 --in-flight 8 input'
ends_well
run 0 at --slow-change 10 --no-bulk --members-max 7 -- 'push-scim --in-flight 8 input'
ends_well
title 'nor while it may be at work on one whose answer was lost'
run 0 at --slow-change 30 --max-operations 8 --cut-at 12 -- 'push-scim --members-max 4 input'
ends_well
grep -c '^POST /Bulk cut' log >count
same - count <<<1
title 'tokens that end in the middle'
run 0 at --token-seconds 1 --slow 150 --max-operations 8 -- 'push-scim input'
ends_well

title 'killed in the middle, and run again: the same end'
for n in 5 6; do
	run 137 at --kill-after $n --max-operations 8 -- 'exec push-scim input'
	cp dump half
	[ "$(jq -c 'select(.resourceType == "User")' half | wc -l)" -lt 60 ]
	verdict $? 'not all users are there'
	run 0 at --seed half -- 'push-scim input'
	ends_well
done
run 137 at --kill-after 66 --no-bulk -- 'exec push-scim input'
cp dump half
run 0 at --seed half -- 'push-scim input'
ends_well
title 'ended by a signal, at a slow server'
cat >kill-me <<'END'
push-scim -o results input & pid=$!
until grep -q '^POST /Users' log; do sleep 0.05; done
kill -TERM $pid
wait $pid
END
run 143 at --slow 100 --no-bulk -- 'sh ./kill-me'
title 'leaves no results file and nothing beside it'
find . -name '*results*' >found
empty found
cp dump half
run 0 at --seed half -- 'push-scim input'
ends_well

title 'a server that is not there'
run 75 env SCIM_URL=http://127.0.0.1:1/scim SCIM_TOKEN=x push-scim --retry-seconds 1 input
empty out
title 'a server that goes away'
cat >gone <<'END'
push-scim --retry-seconds 1 input >results.gone 2>err.gone & pid=$!
until grep -q '^POST /Users' log; do sleep 0.05; done
kill -KILL "$PPID"
wait $pid
echo $? >status.gone
END
{ node "$TOP/tests/helpers/scim-server.js" --log log --slow 100 --no-bulk -- sh ./gone; } >gone.out 2>&1 </dev/null
for _ in $(seq 100); do [ ! -s status.gone ] || break; sleep 0.1; done
same - status.gone <<<75
title 'its message names the request and no value'
has err.gone 'push-scim: /'
lacks err.gone user1

finish
