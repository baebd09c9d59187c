#!/usr/bin/env bash
# emit-json: documents, envelopes, limits, and parts that take their places together.
# shellcheck disable=SC2317 # functions for run
. "$(dirname "$0")/lib.sh"

seq -f '{"Username":"u%g"}' 7 >seven
cat >odd <<'END'
{ "Username" : "c\u00e9\u007f" , "n" : 1.50e2 , "Attributes":{"b":"2","a":"1"},"x":[ ] }
END

# --- one document
run 0 emit-json seven
title 'a document is JSON and holds the records in order'
ok gojq -e '[.[].Username] == ["u1","u2","u3","u4","u5","u6","u7"]' out
[ "$(wc -l <out)" -eq 7 ]
verdict $? 'with a record a line'
feed 0 odd emit-json
printf '[{"Username":"cé\\u007f","n":1.50e2,"Attributes":{"b":"2","a":"1"},"x":[]}]\n' >want
same want out
run 0 emit-json
printf '[]\n' >want
title 'no records, an empty array'
same want out
run 0 emit-json --begin '{"users":[' --between , --end ']}' seven
title 'texts of one'"'"'s own'
ok gojq -e '.users | length == 7' out
[ "$(wc -l <out)" -eq 1 ]
verdict $? 'stand as they are'
empty err

# --- envelopes
mkdir envelopes
cat >envelopes/own.envelope <<'END'
# users of something
begin "{\"kind\":\"\\\\\",\t\n\"users\":["   # and so on
between ",\n\n"

  end "]}"
max-records 3 # each
END
printf 'max-bytes 40\r\nbegin "["\r\n' >envelopes/crlf.envelope
export COGNITO_FILTERS_PATH=$T
head -n 3 seven >three
run 0 emit-json --envelope own three
printf '{"kind":"\\\\",\t\n"users":[{"Username":"u1"},\n\n{"Username":"u2"},\n\n{"Username":"u3"}]}\n' >want
same want out
run 0 emit-json --envelope own --max-records 7 --begin '[' --end ']' seven
title 'options replace what the envelope says'
ok gojq -e 'length == 7' out
run 0 emit-json --envelope crlf --split -o crlf.json three
title 'lines may end with CR LF'
ok test -e crlf-002.json

# wrong_envelope MESSAGE LINE...
wrong_envelope() {
	local message=$1
	shift
	printf '%s\n' "$@" >wrong.envelope
	title "envelope: $*"
	run 2 emit-json --envelope ./wrong.envelope seven
	has err "$message"
}
wrong_envelope './wrong.envelope:2: an unknown word' '#' 'prefix "["'
wrong_envelope ':1: no text in double quotes' 'begin ['
wrong_envelope ':1: no text in double quotes' 'begin'
wrong_envelope ':1: no word in front' '"["'
wrong_envelope ':1: a quote that is not closed' 'begin "['
wrong_envelope ':1: a backslash not before' 'begin "[\r"'
wrong_envelope ':1: more than a line holds' 'begin "[" "["'
wrong_envelope ':2: said twice' 'begin "["' 'begin "["'
wrong_envelope ':2: said twice' 'max-bytes 5' 'max-bytes 5'
wrong_envelope ':1: no number from 1 to' 'max-bytes 0'
wrong_envelope ':1: no number from 1 to' 'max-records 1000000000001'
wrong_envelope ':1: no number from 1 to' 'max-records'
wrong_envelope 'are no JSON document' 'begin "{"'
wrong_envelope 'are no JSON document' 'between " "'
wrong_envelope 'are no JSON document' 'between ","' 'end ""'
wrong_envelope 'are no JSON document' 'begin ""' 'end ""'
wrong_envelope 'are no JSON document' 'begin "[\""' 'between "\",\""' 'end "\"]"'
wrong_envelope 'max-bytes leaves no room' 'max-bytes 4'
printf 'begin "\xff"' >wrong.envelope
run 2 emit-json --envelope ./wrong.envelope seven
has err 'not UTF-8 text'
run 2 emit-json --envelope ./wrong seven
run 2 emit-json --envelope none seven
has err 'envelopes: none: not found'
run 2 emit-json --max-bytes 0
run 2 emit-json --max-records x
run 2 emit-json --split seven
has err '--output: needed for an output of several files'
run 2 emit-json --split -o - seven
empty out

# --- two files in one place
run 2 emit-json -o one.json --reject one.json seven
for other in ./one.json "$T/one.json" "../${T##*/}/one.json"; do
	run 2 emit-json -o one.json --reject "$other" seven
	has err '--reject: goes where the output goes'
	run 2 emit-json -o two.json --reject one.json --stats "$other" seven
	has err '--stats: goes where the output or the rejects go'
done
run 1 emit-json --split --max-records 4 -o one.json --reject ./one-002.json seven
has err 'one-002.json: cannot write: --reject or --stats goes there'
run 0 emit-json -o one.json --reject envelopes/one.json seven

# --- limits
run 1 emit-json --max-records 6 seven
has err 'emit-json: seven:7: more than one file may hold (max-records 6): --split makes several'
run 0 emit-json --max-records 7 seven
run 1 emit-json --max-bytes 133 seven
has err 'seven:7: more than one file may hold (max-bytes 133): --split'
run 0 emit-json --max-bytes 134 seven
[ "$(wc -c <out)" -eq 134 ]
verdict $? 'max-bytes counts every byte'
printf '{"Username":"%050d"}\n' 1 | cat seven - seven >mixed
run 1 emit-json --max-bytes 60 --split -o u.json mixed
has err 'mixed:8: alone more than max-bytes (60)'
ok test ! -e u.json -a ! -e u-001.json
run 3 emit-json --max-bytes 60 --split -o u.json --reject rejects --stats stats mixed
title 'a record that fits into no document is rejected'
same - err <<'END'
emit-json: rejected 1: alone more than max-bytes
END
has rejects '"Reason":"alone more than max-bytes (60)"'
has stats '"Records":14,"Rejected":1,"Bytes":271,'
has stats '"Reasons":{"alone more than max-bytes":1}'
title 'no document passes the limit'
find . -name 'u-*.json' -size +60c >large
empty large
title 'each is whole by itself and all records are there, in order'
jq -s 'add' u-00*.json >all
jq -s '[.[] | select(.Username | length < 9)]' mixed >want
same want all
ok test "$(cat u-*.json | wc -c)" -eq 271
rm u-*.json

# --- parts
run 0 emit-json --max-records 7 --split -o u.json seven
title 'one part is the file itself'
ok test "$(echo u*.json)" = u.json
run 0 emit-json --max-records 2 --split -o u.json seven
ok test "$(echo u*.json)" = 'u-001.json u-002.json u-003.json u-004.json'
ok gojq -e 'length == 1' u-004.json
ok test "$(stat -c %a u-003.json)" = 600
sed 's/u7/u8/' seven >changed
stat -c '%n %i %Y' u-00[123].json >inodes
run 0 emit-json --max-records 2 --split --if-changed -o u.json changed
stat -c '%n %i %Y' u-00[123].json >inodes.after
title 'with --if-changed equal parts are the old files'
same inodes inodes.after
ok gojq -e '.[0].Username == "u8"' u-004.json
printf '{"Username":"u8"}\nnonsense\n' >bad
run 1 emit-json --max-records 1 --split -o u.json bad
run 4 emit-json --seal --max-records 1 --split -o u.json seven
ok test "$(echo u*.json)" = 'u-001.json u-002.json u-003.json u-004.json'
title 'a bad end changes nothing and leaves nothing'
ok test -z "$(find . -name '.u.json.*')"
ln -s elsewhere link.json
run 1 emit-json --split -o link.json seven
has err 'a symbolic link cannot be replaced by several files'

# --- a crash in the midst of taking places
# state: what is there is the old set, the new set, or visibly no whole: FILE, or numbers from 001
# on without a gap, all of one run.
state() {
	local files
	files=$(cd place && echo u*.json)
	case $files in
	u.json) gojq -r '.[0].run' place/u.json | sort -u ;;
	u-001.json*)
		gojq -r '.[].run' place/u-*.json | sort -u | tr '\n' ' ' >runs
		gojq -r '.[].Username' place/u-*.json | tr '\n' ' ' >names
		if [ "$files" != "$(seq -f 'u-%03g.json' "$(wc -w <<<"$files")" | tr '\n' ' ' | sed 's/ $//')" ]; then
			echo broken
		else
			echo "$(cat runs)of $(wc -w <names)"
		fi ;;
	*) echo broken ;;
	esac
}
# crash OLD NEW CALL: from OLD records to NEW ones, two a part, killed at each CALL in turn.
crash() {
	local n allowed=$4
	seq -f '{"Username":"u%g","run":"old"}' "$1" >old
	seq -f '{"Username":"u%g","run":"new"}' "$2" >new
	: >states
	for n in 1 2 3 4 5 6 7 8 9 10; do
		rm -rf place
		mkdir place
		emit-json --max-records 2 --split -o place/u.json old
		# The inner shell says "Killed".
		bash -c '"$@"; exit $?' - strace -f -qq -o trace -e trace="$3" \
			-e inject="$3:signal=KILL:when=$n" emit-json --max-records 2 --split \
			-o place/u.json new 2>killed.err && break
		state >>states
		# The next run mends it.
		emit-json --max-records 2 --split -o place/u.json new
		echo "then $(state)" >>states
		find place -name '.u.json.*' >>states
	done
	[ "$n" -gt 1 ]
	verdict $? "$3 was reached from $1 to $2 records ($((n - 1)) times)"
	title 'each leaves a set that is whole or looks broken, and the next run mends it'
	sort -u states >different
	grep -vxE "$allowed" different >unwanted
	empty unwanted
}
export ASAN_OPTIONS=detect_leaks=0
for call in rename unlink; do
	crash 8 4 $call 'old of 8|broken|then new of 4'
	crash 4 8 $call 'old of 4|broken|then new of 8'
done
crash 6 6 rename 'old of 6|broken|then new of 6'
crash 1 6 rename 'old|broken|then new of 6'
crash 6 1 rename 'broken|then new'
crash 6 1 unlink 'old of 6|broken|then new'

# Other ways to standard input than its names.  (The helper that opens operands has one of its own.)
echo '{"a":1}' >one
echo '{"b":2}' >two
title 'a pipe by another name'
run 0 sh -c 'cat two | emit-json one //dev/stdin'
has out '"b":2'
ln -s /dev/stdin link
title 'a pipe by a link'
run 0 sh -c 'cat two | emit-json one link'
has out '"b":2'
title 'a file by a link: read, or refused, and never taken for empty'
emit-json one link <two >out 2>err
status=$?
ok sh -c "[ $status -eq 1 ] || grep -q '\"b\":2' out"
finish
