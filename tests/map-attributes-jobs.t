#!/usr/bin/env bash
# shellcheck disable=SC2016 # the $ in programs is jq's
# map-attributes --jobs: the same as one process in every byte; nothing looks whole when a worker dies.
. "$(dirname "$0")/lib.sh"

# seal FILE...: the rows of FILE and a seal that is right.
seal() {
	cat "$@"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"src","scope":"all"}}\n' \
		"$(cat "$@" | wc -l)" "$(cat "$@" | wc -c)"
}

# users FROM TO: one a line.
users() {
	seq "$1" "$2" | sed 's/.*/{"Username":"u&","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"u&@example.com","sub":"s-&"}}/'
}

# figures FILE: what --stats said, without the times.
figures() { sed 's/"Seconds":[0-9.]*,"Started":"[^"]*","Ended":"[^"]*",*//' "$1"; }

# alike STATUS INPUT OPTION...: with one process and with several the same status, output, rejects,
# statistics and messages.
alike() {
	local want=$1 input=$2 jobs name=${next_title:-"${*:3}"}
	shift 2
	rm -f rejects stats
	title "$name"
	feed "$want" "$input" map-attributes "$@" --stats stats
	mv out one.out
	mv err one.err
	mv stats one.stats
	cp rejects one.rejects 2>/dev/null || : >one.rejects
	for jobs in 2 5; do
		rm -f rejects
		title "$name: --jobs $jobs"
		feed "$want" "$input" map-attributes --jobs $jobs "$@" --stats stats
		[ -e rejects ] || : >rejects
		# The moment of the end is the seal's own.
		sed -i 's/"ended":"[^"]*"/"ended":""/' one.out out
		# Of a run that fails several have read further than one.
		[ "$want" -eq 0 ] || [ "$want" -eq 3 ] || cp one.stats stats
		cmp one.out out && cmp one.err err && cmp one.rejects rejects &&
			cmp <(figures one.stats) <(figures stats)
		verdict $? "$name: --jobs $jobs: as with one process"
	done
}

users 1 5000 >many
: >nothing

# --- usage

for n in 0 65 -1 two ''; do
	title "--jobs '$n'"
	feed 2 many map-attributes --jobs "$n" -e .
	has err '--jobs'
done
run 0 map-attributes --help
has out '[--jobs n]'
title 'a program that does not compile'
feed 2 many map-attributes --jobs 2 -e nope
same - err <<<'map-attributes: -e:1: nope/0 is not defined'

# --- the same as one process

alike 0 many -e .
alike 0 nothing -e .
head -1 many >single
alike 0 single -e .
alike 0 many -e '{Username, email: attr("email"), on: (.Enabled | yes_no("y"; "n"))}'
title 'several outputs for a record, or none'
alike 0 many -e '(.Username[1:] | tonumber) as $n | range($n % 4) as $i | {Username, $i}'
title 'outputs that are much longer than the input'
head -300 many >some
alike 0 some -e '{Username, a: (.Username * 20000), b: (.Username | explode)}'
title 'long records'
jq -c '.a = ("x" * 700000)' <<<'{"Username":"long"}' >long
cat single long single long long single >mixed
alike 0 mixed -e .
title 'records of many values'
jq -c '.a = [range(20000)]' <<<'{"Username":"wide"}' >wide
cat single wide wide single many wide >mixed
alike 0 mixed -e .
title 'several files'
sed 's/"u/"w/' many >others
run 0 map-attributes -e . many others single
mv out one.out
title 'several files in two processes'
run 0 map-attributes --jobs 2 -e . many others single
same one.out out

# --- rejects, in the order of the input and with lines and streams

cat >hard <<'END'
not JSON
{"Username":"a","UserStatus":"UNCONFIRMED"}
[1]

{"Username":""}
{"n":9007199254740993}
END
{ head -900 many; cat hard; sed -n '900,4000p' many; printf '{"a":"\xff"}\n'; cat hard; sed -n '4000,$p' many; } >wrong
alike 3 wrong -e 'if (.Username // "" | endswith("7")) then reject("seven \(.Username | length)") else . end' \
	--reject rejects
alike 3 wrong --hold-back UNCONFIRMED --reject rejects -e .
title 'without --reject the first wrong record ends the run'
alike 1 wrong -e .
title 'so does the first that the program rejects, before one that is no record'
alike 1 wrong -e 'if .Username == "u890" then reject("here") else . end'
{ head -c 1100000 /dev/zero | tr '\0' x; echo; cat single; } >too-long
alike 1 too-long -e .
alike 3 too-long -e . --reject rejects
alike 1 many -e '.Username, .' -o left
title 'no file of the output is left'
ok test ! -e left
title 'a variable that is wrong'
alike 2 many -e 'choice("how"; ["one", "two"]) as $h | {Username, $h}' --arg how=three
title 'a variable that turns out wrong later'
alike 2 many -e 'if .Username == "u3000" then wrong_arg("--arg x: bad") else . end'

# --- seals

seal many >sealed
alike 0 sealed --seal -e .
has out '"rows":5000'
alike 0 sealed -e 'select(.Username != "u17")'
has out '"via":["map-attributes"]'
alike 3 sealed -e 'if .Username == "u17" then reject("no") else . end' --reject rejects
has out '"rejected":1'
head -4000 sealed >short
alike 4 short --seal -e .
head -c -20 many >torn
alike 4 torn -e .
sed 's/"ok":true/"ok":false,"reason":"gone","retryable":true/' sealed >failed
alike 75 failed -e .
title 'a program that fails and a stream that is cut: the program was first'
alike 1 torn -e 'if .Username == "u4000" then error("x") else . end'

# --- what a program cannot reach, in a worker too

title 'the environment is empty'
export SECRET=canary7f3a
echo canary7f3a >"$T/canaries"
feed 0 single map-attributes --jobs 2 -e '{a: env, b: $ENV}'
same - out <<<'{"a":{},"b":{}}'
unset SECRET
title 'no content in messages'
printf '{"Username":"canary7f3a","Attributes":{"a":"canary7f3a"}}\n' >secret
alike 1 secret -e '.Username | error'
alike 1 secret -e '.Attributes | .[0]'

# --- a row is seen when the next one has to be waited for

mkfifo in
rm -f out	# an older one must not pass for it
map-attributes --jobs 3 -e '{Username}' <in >out 2>err &
pid=$!
exec 3>in
cat single >&3
for _ in $(seq 200); do [ -s out ] && break; sleep 0.05; done
title 'the row is there before the input ends'
same - out <<<'{"Username":"u1"}'
users 2 2 >&3
exec 3>&-
wait $pid
title 'and so is the other one at the end'
same - out <<<$'{"Username":"u1"}\n{"Username":"u2"}'

# --- workers that die

# workers PID: its children.
workers() { pgrep -P "$1"; }

# begin COMMAND...: starts COMMAND behind the FIFO in, its first record mapped; $pid is its pid.
begin() {
	"$@" <in >out 2>err &
	pid=$!
	exec 3>in
	cat single >&3
	for _ in $(seq 200); do [ "$(workers $pid | wc -l)" -eq 2 ] && [ -s out ] && break; sleep 0.05; done
}
# ends_with STATUS TITLE
ends_with() {
	local got=0
	wait $pid || got=$?
	judge_run $got "$1" "$2"
}
# gone PID: waits until there is no such process.
gone() {
	for _ in $(seq 200); do [ -z "$(ps -o pid= -p "$1" | tr -d ' ')" ] && return 0; sleep 0.05; done
	return 1
}

for which in head tail; do
	begin map-attributes --jobs 2 -e .
	kill -KILL "$(workers $pid | $which -1)"
	# Not in this shell, whom SIGPIPE would end when the command has.
	(seal many >&3) 2>/dev/null
	exec 3>&-
	ends_with 1 "a worker that is killed ($which)"
	same - err <<<'map-attributes: a worker ended by signal 9'
	lacks out '"ok":true'
done
begin map-attributes --jobs 2 -e .
kill -KILL "$(workers $pid | tail -1)"
exec 3>&-
ends_with 1 'a worker that is killed and had nothing to do'
same - err <<<'map-attributes: a worker ended by signal 9'
echo old >kept
title 'a worker is killed: the old file stays'
map-attributes --jobs 2 -e . -o kept <in 2>err &
pid=$!
exec 3>in
for _ in $(seq 200); do [ "$(workers $pid | wc -l)" -eq 2 ] && break; sleep 0.05; done
kill -KILL "$(workers $pid | head -1)"
(cat many >&3) 2>/dev/null
exec 3>&-
ends_with 1 'a worker is killed: status 1'
same - kept <<<old
ok test -z "$(find . -name '.kept*')"
# One record, so that one worker alone needs the memory and one line says it.
if ! grep -q __asan_init "$BIN/map-attributes"; then
	got=0
	(ulimit -v 100000; map-attributes --jobs 2 -e '{a: ([range(100000000)] | length)}' <single >out 2>err) || got=$?
	judge_run $got 1 'memory that is not there: status 1'
	same - err <<<'map-attributes: out of memory'
	empty out
fi

# --- the end of the others

begin map-attributes --jobs 2 -e .
children=$(workers $pid | tr '\n' ' ')
kill -TERM $pid
got=0
wait $pid || got=$?
exec 3>&-
[ $got -eq 143 ]
verdict $? 'SIGTERM: status 143'
for child in $children; do ok gone "$child"; done
begin map-attributes --jobs 2 -e .
children=$(workers $pid | tr '\n' ' ')
kill -KILL $pid
wait $pid 2>/dev/null
exec 3>&-
for child in $children; do
	title 'killed: no worker is left'
	ok gone "$child"
done
title 'the reader is gone'
for _ in $(seq 10); do cat many; done >much
{ map-attributes --jobs 2 -e . much 2>err; echo $? >status; } | head -1 >/dev/null
[ "$(cat status)" -eq 141 ]
verdict $? 'status 141'
empty err
title '/dev/full'
map-attributes --jobs 2 -e . many >/dev/full 2>err
[ $? -eq 1 ]
verdict $? 'status 1'
has err 'stdout'
title 'an input that cannot be opened'
run 1 map-attributes --jobs 2 -e . many no-such-input
has err 'map-attributes: no-such-input: cannot open: No such file'
title 'SIGCHLD ignored by who started it'
(trap '' CHLD; exec map-attributes --jobs 2 -e . many >out 2>err)
verdict $? 'status 0'

finish
