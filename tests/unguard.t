#!/usr/bin/env bash
# unguard: what emit-csv --guard put on comes off, and nothing else changes.
# shellcheck disable=SC2016,SC2317,SC2238 # jq's dollars; functions for run; a file called cut
. "$(dirname "$0")/lib.sh"

# --- usage
run 2 unguard
has err '--guard is needed'
run 2 unguard --guard report
has err '--guard: must be apostrophe or oci'
run 2 unguard --guard oci --delimiter '""'
run 2 unguard --guard oci --preamble -1
run 2 unguard --guard oci --if-changed
run 1 unguard --guard oci ./absent
has err 'unguard: ./absent: cannot open'
run 1 unguard --guard oci .
has err 'unguard: .: cannot read'

# --- there and back: every pair and triple of what is special, in one column beside others
cat >make-records <<'END'
import itertools, json
parts = ["", "'", "''", '"', " ", "\t", "\r", "\n", "=", "+", "-", "@", "|", "%", ",", ";", "\\", ".", "\ufeff", "x", "+491234567"]
values = sorted({"".join(v) for v in itertools.product(parts, repeat=3)})
for number, value in enumerate(values):
    other = values[number * 7919 % len(values)]
    print(json.dumps({"a": value, "b": number, "c": [None, "", other][number % 3]}))
END
/usr/bin/python3 make-records >records
ok test "$(wc -l <records)" -gt 8000
for guard in apostrophe oci; do
	for form in '' --quote-empty '--crlf --bom' '--delimiter ;' '--delimiter \t --no-header' '--columns a' '--columns a --no-header'; do
		columns='--columns a,\=a=b,c'
		case $form in *--columns*) columns= ;; esac
		# shellcheck disable=SC2086 # words
		feed "$([ $guard = oci ] && echo 3 || echo 0)" records emit-csv $columns $form --guard $guard --reject rejects
		mv out guarded
		jq -c .Line rejects >lines
		awk 'FILENAME == "lines" { out[$1] = 1; next } !(FNR in out)' lines records >good
		# shellcheck disable=SC2086
		feed 0 good emit-csv $columns $form
		mv out plain
		# shellcheck disable=SC2046 # the options that both commands have
		feed 0 guarded unguard --guard $guard $(grep -oE -e '--delimiter [^ ]+|--no-header' <<<"$form")
		title "$guard $form: byte for byte what it is without a guard"
		same plain out
		title "$guard $form: there was something to take off"
		! cmp -s guarded plain
		verdict $? ''
	done
done
title 'oci refuses what it could not give back, and no more'
same - <(jq -r .Record.a rejects | grep -vcE "^'[@+|%=-].*'\$") <<<0

# --- what it leaves alone
printf "'=a,'=b\n'=1,''=2\n'x,+49123\n\"'=\"\"1\",\"\"\n,'\n" >file.csv
run 0 unguard --guard apostrophe file.csv
same - out <<<$'\'=a,\'=b\n=1,\'=2\n\'x,+49123\n"=""1",""\n,\''
run 0 unguard --guard apostrophe --no-header file.csv
same - <(head -n 1 out) <<<'=a,=b'
run 0 unguard --guard oci file.csv
same file.csv out
printf "'@a'\n'@b'\n'@'\n''\n'x'\n'\n" >file.csv
run 0 unguard --guard oci file.csv
same - out <<<$'\'@a\'\n@b\n@\n\'\'\n\'x\'\n\''
title 'line ends of every kind, blank lines, an end without one'
printf 'a,b\r\n1,2\n\n3,4\r5,6\r\n\r\n7,8' >ends
run 0 unguard --guard oci ends
same ends out
printf 'a, b ,\tc\n x , "y",z\n' >blanks
title 'blanks are data; a quote behind one is none'
run 1 unguard --guard oci blanks
printf 'a, b ,\tc\n x ,y\t,z\n' >blanks
run 0 unguard --guard oci blanks
same - out <<<$'a," b ","\tc"\n" x ","y\t",z'
printf "\xef\xbb\xbfversion:\"v1\", '=1\nnote\n'=head\n'=1\n" >preamble
run 1 unguard --guard apostrophe preamble
has err 'unguard: preamble:1: a quote where none may stand'
run 0 unguard --guard apostrophe --preamble 2 preamble
same - out <<<$'\xef\xbb\xbfversion:"v1", \'=1\nnote\n\'=head\n=1'
run 0 unguard --guard apostrophe --preamble 9 preamble
same preamble out
run 0 unguard --guard oci /dev/null
empty out
run 0 unguard --guard apostrophe file.csv preamble --preamble 2
title 'several files, each with its headings'
same - <(tail -n 2 out) <<<$'\'=head\n=1'

title 'the last row of one file and the first of the next stay two'
printf 'a\n1' >open
printf 'a,b\r\n1,2\r\n3,4' >open.crlf
printf 'a\r"1\n"' >open.cr
printf 'a' >open.head
run 0 unguard --guard oci open open.crlf open.cr open.head open
same - out < <(printf 'a\n1\na,b\r\n1,2\r\n3,4\r\na\r"1\n"\ra\na\n1')

# --- wrong CSV
# refused TEXT WHERE: the text is no CSV, which is said of this line.
refused() {
	printf '%b' "$1" >wrong
	echo old >file
	title "$1"
	run 1 unguard --guard apostrophe -o file wrong
	has err "unguard: wrong$2"
	same - file <<<old
}
refused 'a\nb"c\n' ':2: a quote where none may stand'
refused 'a\n"b\nc"d\n' ':3: a quote where none may stand'
refused 'a\n"b' ': it ends inside quotes'
title 'a cell without an end'
endless() { { printf 'a\n"'; head -c 40000000 /dev/zero; } | { unguard --guard oci; echo $? >status; } >/dev/null; }
run 0 endless
same - status <<<1
has err ': a cell of more than 16777216 bytes'

# --- output
printf "a\n'=1\n" >file.csv
run 0 unguard --guard apostrophe -o new.csv file.csv
same - new.csv <<<$'a\n=1'
same - <(stat -c %a new.csv) <<<600
touch -d 2000-01-01 new.csv
run 0 unguard --guard apostrophe -o new.csv --if-changed file.csv
same - <(date -r new.csv +%Y) <<<2000
full() { unguard --guard oci file.csv >/dev/full; }
run 1 full
has err 'stdout: cannot write'
closed() { unguard --guard oci file.csv >&-; }
run 1 closed
gone() { yes '1,2' | { unguard --guard oci; echo $? >status; } | head -n 1; }
run 0 gone
same - status <<<141
empty err
head -c 300000 /dev/zero | tr '\0' 'x' >long
title 'a cell across the chunks of reading'
{ printf "a\n'="; cat long; echo; } >chunks
feed 0 chunks unguard --guard apostrophe
same - <(tail -c +3 out | head -c 300001) < <(printf '='; cat long)
finish
