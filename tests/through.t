#!/usr/bin/env bash
# through: foreign filters between sealed stages.
# shellcheck disable=SC2016,SC2317 # programs of sh; functions for run
. "$(dirname "$0")/lib.sh"

words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }
synopsis() { mandoc -T ascii "$TOP/man/$1.1" | sed 's/.\x08//g' | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | words; }
# seal ROWS BYTES [MEMBERS]: a seal line.
seal() { printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d%s}}\n' "$1" "$2" "${3:-}"; }
# sealed FILE: one test: FILE is a whole stream.
sealed() { unseal "$1" >/dev/null 2>&1; verdict $? "$1 is whole"; }
# unsealed FILE: one test: FILE holds no seal that says that it is whole.
unsealed() { ! unseal "$1" >/dev/null 2>&1; verdict $? "$1 is not whole"; }

printf '{"Username":"ana"}\n{"Username":"bob"}\n{"Username":"cleo"}\n' >plain
{ cat plain; seal 3 58 ',"rejected":2,"source":"s","scope":"all","via":["map-attributes"],"started":"2026-01-01T00:00:00.000Z","ended":"2026-01-01T00:00:01.000Z","more":[1]'; } >whole
head -n 2 whole >cut-line
head -c -1 whole >cut-byte
sed 's/"ok":true/"ok":false,"reason":"throttled","retryable":true/' whole >failed
sed 's/"retryable":true/"retryable":false/' failed >failed-for-good

# --- usage
run 0 through --help
sed 's/^usage: //' out | words >usage.words
synopsis through >page.words
title 'usage is the synopsis of the page'
same page.words usage.words
run 0 through --version
run 2 through
has err 'no command to run'
run 2 through --nonsense cat
run 2 through -o a -o b cat
run 2 through --if-changed cat
title 'options behind the command are its own'
feed 0 plain through grep -v ana
same - out <<<$'{"Username":"bob"}\n{"Username":"cleo"}'
feed 0 plain through -- cat
same plain out

# --- the seal
feed 0 whole through cat
sealed out
has out '"rows":3,"bytes":58,"rejected":2,"source":"s","scope":"all","via":["map-attributes","through"],"started":"2026-01-01T00:00:00.000Z","ended":"2026-01-01T00:00:01.000Z","more":[1]}}'
empty err
feed 0 whole through --same-scope sort -r
has out '"via":["map-attributes"]'
head -n 3 out >rows
same - rows <<<$'{"Username":"cleo"}\n{"Username":"bob"}\n{"Username":"ana"}'
feed 0 whole through grep -F '"bob"'
sealed out
has out '"rows":1,"bytes":19,'
feed 0 plain through cat
same plain out
title 'CMD is not asked for a seal'
COGNITO_SEAL=1 feed 0 whole through sh -c 'test -z "${COGNITO_SEAL+x}" && unseal --allow-plain'
sealed out
feed 0 whole through --seal through cat
sealed out
{ seal 3 58; cat plain; } >front
feed 0 front through cat
sealed out
seal 0 0 >none
feed 0 none through cat
sealed out
feed 0 none through true
sealed out
feed 0 /dev/null through cat
empty out
feed 4 /dev/null through --seal cat
unsealed out

# --- the input is not whole
for input in cut-line cut-byte failed-for-good; do
	feed 4 "$input" through --seal cat
	unsealed out
	echo old >file
	feed 4 "$input" through --seal -o file cat
	same - file <<<old
done
feed 0 cut-line through cat
unsealed out
feed 75 failed through cat
unsealed out
has out '"retryable":true'
title 'the cause and not its echo: CMD saw a cut input'
feed 4 cut-line through --seal sh -c 'cat; exit 9'
lacks err 'status 9'
cat whole whole >twice
feed 4 twice through cat

# --- CMD does not end well
feed 1 whole through grep nobody
has err 'through: grep: ended with status 1'
unsealed out
feed 0 whole through -1 grep nobody
sealed out
has out '"rows":0,"bytes":0,'
feed 0 whole through --allow-1 grep bob
sealed out
feed 2 whole through -1 sh -c 'cat; exit 2'
unsealed out
feed 3 whole through sh -c 'cat; exit 3'
unsealed out
feed 4 whole through sh -c 'cat; exit 4'
feed 75 whole through sh -c 'cat; exit 75'
has out '"ok":false'
feed 137 whole through sh -c 'cat; kill -9 $$'
has err 'through: sh: killed by signal 9'
unsealed out
feed 7 plain through sh -c 'cat; exit 7'
same plain out
echo old >file
feed 3 whole through -o file sh -c 'cat; exit 3'
same - file <<<old
feed 127 whole through ./absent
has err 'through: ./absent: cannot run: No such file or directory'
empty out
feed 126 whole through "$T"
has err 'cannot run: Permission denied'
feed 127 whole through ''

# --- CMD leaves rows unread
feed 1 whole through true
has err 'through: true: left rows unread'
feed 1 plain through true
seq -f '{"n":%.0f}' 200000 >many
{ cat many; seal 200000 "$(wc -c <many)"; } >many.sealed
feed 1 many.sealed through head -n 5
has err 'left rows unread'
unsealed out
title 'one block, of which CMD reads the half'
seq -f '{"n":%.0f}' 4000 >block
{ cat block; seal 4000 "$(wc -c <block)"; } >block.sealed
feed 1 block.sealed through dd bs=4096 count=1 status=none
unsealed out
echo old >file
feed 1 many.sealed through -o file head -n 5
same - file <<<old
endless() { yes '{"a":1}' | through head -n 1; }
run 1 endless
same - out <<<'{"a":1}'
title 'a failed CMD is not waited for by an input that goes on'
waiting() {
	{ cat plain; exec 3>&1; sleep 600 & echo $! >pid; mv pid sleeper; wait; } | {
		through false
		echo $? >status
		until [ -e sleeper ]; do sleep 0.01; done
		kill "$(cat sleeper)"
	}
}
run 0 waiting
same - status <<<1

# --- CMD's output is wrong
feed 1 whole through wc -l
has err 'through: wc: line 1 of its output: not a JSON object'
feed 1 whole through sh -c 'cat; printf "{}"'
has err 'the last line has no newline'
unsealed out
feed 1 whole through cat - whole
has err 'its output holds a seal'
unsealed out
feed 1 whole through sh -c 'cat >/dev/null; printf "{\"~x\":1}\n"'
feed 1 whole through sh -c 'cat >/dev/null; printf "{\"a\":\"\\377\"}\n"'
feed 1 whole through sh -c 'cat >/dev/null; printf "{\"a\":\"%01048600d\"}\n" 0'
has err 'longer than 1048576'
echo old >file
feed 1 whole through -o file wc -l
same - file <<<old

# --- wrong records in the input
{ printf '{"a":1}\n{"a":"\xff"}\n{"a":"\\ud800"}\n{"a":"%01048600d"}\n{"a":2}\n' 0; } >hostile
feed 1 hostile through cat
has err 'through: stdin:2: '
feed 3 hostile through --reject rejects --stats stats cat
title 'the reasons are told once'
ok test "$(grep -c 'through: rejected' err)" -eq "$(jq '.Reasons | length' stats)"
ok jq -e '.Reasons | add == 3' stats
same - out <<<$'{"a":1}\n{"a":2}'
ok test "$(wc -l <rejects)" -eq 3
{ cat hostile; seal 5 "$(wc -c <hostile)"; } >hostile.sealed
feed 3 hostile.sealed through --reject rejects cat
sealed out
has out '"rows":2,"bytes":16,"rejected":3,'
echo old >rejects
feed 5 hostile.sealed through --reject rejects sh -c 'cat; exit 5'
same - rejects <<<old
feed 0 whole through --stats stats --same-scope -o file cat
sealed file
has stats '"Command":"through","Status":0,"Records":3,"Rejected":0,"Bytes":58,'

# --- much at once in both directions, and row by row
feed 0 many.sealed through --same-scope cat
head -n -1 out >rows
same many rows
sealed out
feed 0 many.sealed through sh -c 'tee copy; cat copy'
sealed out
has out '"rows":400000,'
title 'CMD writes before it reads'
feed 0 none through sh -c 'cat many; cat'
sealed out
title 'a row passes before the next one has come'
mkfifo rows.fifo
streaming() {
	through sed -u 's/a/b/' <rows.fifo >streamed &
	local job=$!
	exec 3>rows.fifo
	echo '{"a":1}' >&3
	for _ in {1..600}; do [ ! -s streamed ] || break; sleep 0.1; done
	cp streamed early
	exec 3>&-
	wait "$job"
}
run 0 streaming
same - early <<<'{"b":1}'

# --- the ends of the pipe
full() { through cat <whole >/dev/full; }
run 1 full
has err 'stdout: cannot write'
closed() { through cat <whole >&-; }
run 1 closed
gone() { yes '{"a":1}' | { through cat; echo $? >status; } | head -n 1; }
run 0 gone
same - status <<<141
empty err
closed_in() { through cat <&-; }
run 1 closed_in
title 'SIGCHLD ignored by the parent'
run 0 bash -c 'trap "" CHLD; exec through cat <whole'
sealed out
title 'a reader that goes away ends the command too'
make-pool -n 20000 | grep -v '"GroupName"' >large
mkfifo held
# shellcheck disable=SC2016 # for the inner shell
run 0 bash -c 'through sh -c "exec 9>held; cat; : >went-on" <large | head -n 1 >/dev/null &
	cat held; wait'
empty err
title 'it is gone before it can take what it has read for everything'
ok test ! -e went-on

finish
