#!/usr/bin/env bash
# unseal: whole or not, and nothing but rows.
# shellcheck disable=SC2059,SC2317,SC2238,SC2086 # formats are arguments; functions for run; a file called cut; no mode is no word
. "$(dirname "$0")/lib.sh"

words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }
synopsis() { mandoc -T ascii "$TOP/man/$1.1" | sed 's/.\x08//g' | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | words; }
seal() { printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d}}\n' "$1" "$2"; }

printf '{"Username":"ana"}\n{ "Username":"b\\u00f6b" }\n' >plain
{ cat plain; seal 2 "$(wc -c <plain)"; } >whole
size=$(wc -c <whole)

# --- usage
run 0 unseal --help
sed 's/^usage: //' out | words >usage.words
synopsis unseal >page.words
title 'usage is the synopsis of the page'
same page.words usage.words
run 0 unseal --version
run 2 unseal --nonsense
run 2 unseal -o a -o b
run 2 unseal --if-changed
run 1 unseal ./absent

# --- whole
for mode in '' --whole; do
	feed 0 whole unseal $mode
	title "unseal $mode gives the rows as they were"
	same plain out
	empty err
	{ seal 2 "$(wc -c <plain)"; cat plain; } >front
	feed 0 front unseal $mode
	same plain out
	run 0 unseal $mode whole front
	cat plain plain >both
	same both out
	seal 0 0 >none
	feed 0 none unseal $mode
	empty out
	feed 0 plain unseal $mode --allow-plain
	same plain out
	feed 0 /dev/null unseal $mode --allow-plain
	empty out
	rm -f file
	feed 0 whole unseal $mode -o file --stats stats
	same plain file
	has stats '"Records":2,"Rejected":0,'
done

# --- not whole
feed 4 plain unseal
same plain out
has err 'unseal: stdin: incomplete: no seal'
feed 4 plain unseal --whole
empty out
feed 4 plain unseal --allow-plain --seal
COGNITO_SEAL=1 feed 4 plain unseal --allow-plain
feed 4 /dev/null unseal
run 4 unseal whole plain
run 4 unseal --allow-plain whole plain
has err '1 of the inputs have a seal and 1 have none'
cat whole whole >twice
feed 4 twice unseal --whole
empty out
sed '1d' whole >short
feed 4 short unseal --whole
empty out
has err 'the seal counts 2 rows'
sed 's/"ok":true/"ok":false,"retryable":true/' whole >failed
feed 75 failed unseal --whole
empty out
sed 's/"retryable":true/"retryable":false/' failed >failed-for-good
feed 4 failed-for-good unseal
echo old >file
feed 4 short unseal -o file
feed 4 short unseal --whole -o file
same - file <<<old
title 'cut at any byte, the stream is never whole'
good=0
for ((i = 0; i < size; i++)); do
	head -c "$i" whole >cut
	unseal --whole cut >out 2>err
	[ $? -eq 4 ] && [ ! -s out ] && good=$((good + 1))
done
[ "$good" -eq "$size" ]
verdict $? cut
title 'a row changed by one byte more or less'
sed '1s/ana/anna/' whole >longer
feed 4 longer unseal

# --- hostile
bad() {
	title "$1: stops"
	printf '{"a":1}\n'"$2" >bad
	feed 1 bad unseal --allow-plain
	title "$1: stops, nothing released"
	feed 1 bad unseal --allow-plain --whole
	empty out
	printf '{"a":1}\n'"$2"'{"a":2}\n' >bad
	title "$1: rejected"
	feed 3 bad unseal --allow-plain --whole --reject rejects
	same - out <<<$'{"a":1}\n{"a":2}'
	ok test "$(wc -l <rejects)" -eq 1
}
bad 'invalid UTF-8' '{"a":"\xff"}\n'
bad 'raw NUL' '{"a":"\0"}\n'
bad 'lone surrogate' '{"a":"\\ud800"}\n'
bad 'NUL in a name' '{"Username":"\\u0000"}\n'
bad 'reserved key' '{"~x":1}\n'
bad 'over-long line' '{"a":"%01048600d"}\n'
printf '{"a":1}\n{"~end":{"v":1,"ok":true,"rows":1}}\n' >forged
feed 4 forged unseal --whole --allow-plain
empty out
printf '{"a":1}' >cut
feed 4 cut unseal --allow-plain

# --- the file of --whole
mkdir spool
TMPDIR=$T/spool feed 0 whole unseal --whole
same plain out
ok test -z "$(ls -A spool)"
TMPDIR=$T/absent feed 1 whole unseal --whole
has err "$T/absent: no temporary file can be made"
empty out
seq -f '{"n":%.0f}' 100000 >many
{ cat many; seal 100000 "$(wc -c <many)"; } >many.sealed
feed 0 many.sealed unseal --whole
same many out
title 'a file that cannot grow'
small() (
	ulimit -f 100
	unseal --whole many.sealed
)
run 1 small
empty out
has err 'the temporary file: cannot write: File too large'

# --- the files of the run
echo old >file
title 'the output has no need of a --stats that cannot be written'
run 1 unseal whole -o file --stats absent/stats
same - file <<<old
for pair in '-o file --reject file' '-o file --stats file' '--reject file --stats file' '--reject -' '--stats -'; do
	run 2 unseal whole $pair
done
same - file <<<old
run 0 unseal whole -o file --stats -
has out '"Records":2,'
grow() (
	ulimit -f 100
	unseal many.sealed -o file
)
title 'no temporary file is left where a file cannot grow'
run 1 grow
ok test -z "$(find . -name '.file.*.tmp')"
same plain file
ln -s err link
title 'a link to where the messages go'
run 1 unseal whole -o link
has err 'link: cannot write: standard output or error leads there'

# --- the ends of the pipe
full() { unseal whole >/dev/full; }
run 1 full
full_whole() { unseal --whole whole >/dev/full; }
run 1 full_whole
closed() { unseal whole >&-; }
run 1 closed
gone() { yes '{"a":1}' | { unseal; echo $? >status; } | head -n 1; }
run 0 gone
same - status <<<141
empty err
finish
