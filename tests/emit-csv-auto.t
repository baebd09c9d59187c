#!/usr/bin/env bash
# emit-csv --columns auto: the columns that the data have, from inputs that are read twice.
# shellcheck disable=SC2317 # functions for run
. "$(dirname "$0")/lib.sh"

cat >users <<'END'
{"Username":"ana","Enabled":true,"Attributes":{"sub":"1","email":"a@example.com"},"Groups":["a","b"]}
{"Attributes":{"custom:z":{"x":[1]},"Enabled":"never","Z":"z","a":"1"},"Username":"bob","New":null}
{"\u0055sername":"c","na,me":"x,y"}
END
cat >expected.csv <<'END'
Username,Enabled,Groups,New,"na,me",Z,a,custom:z,email,sub
ana,true,a;b,,,,,,a@example.com,1
bob,never,,,,z,1,"{""x"":[1]}",,
c,,,,"x,y",,,,,
END
run 0 emit-csv --columns auto users
title 'members in their order, then those of Attributes by name'
same expected.csv out
feed 0 users emit-csv --columns auto
title 'standard input that is a file'
same expected.csv out
piped() { head -n 9 users | { emit-csv --columns auto; echo $? >status; }; }
run 0 piped
same - status <<<0
title 'a pipe'
same expected.csv out
substituted() { emit-csv --columns auto <(head -n 1 users) - <(sed -n 3p users) <second; }
sed -n 2p users >second
run 0 substituted
title 'operands that are pipes, with a file between them'
same expected.csv out
title 'standard input twice: it is empty the second time'
feed 0 users emit-csv --columns auto - -
same expected.csv out
title 'standard input that somebody has begun to read'
begun() { { read -r _; emit-csv --columns auto; } <users; }
run 0 begun
same - out <<'END'
Username,New,"na,me",Enabled,Z,a,custom:z
bob,,,never,z,1,"{""x"":[1]}"
c,,"x,y",,,,
END
head -n 1 users >first
sed -n '2,$p' users >rest
run 0 emit-csv --columns auto first rest
title 'several files'
same expected.csv out
run 0 emit-csv --columns auto --delimiter ';' --no-header --guard report rest first
has out 'x,y;;'
run 0 emit-csv --columns auto=Username users
title 'a member called auto'
same - <(head -n 1 out) <<<auto
run 2 emit-csv --columns auto --layout cognito-users

# --- what is not there
feed 0 /dev/null emit-csv --columns auto --bom
title 'no records: nothing at all'
empty out
run 0 emit-csv --columns auto --split -o none.csv /dev/null
ok test -f none.csv
empty none.csv
printf '{}\n' >none
feed 0 none emit-csv --columns auto
title 'without columns there are no rows either'
empty out
printf '%s\n' '{"Attributes":null}' '{"":"x"}' '{"Attributes":"odd"}' >odd
feed 0 odd emit-csv --columns auto
title 'a name that is empty, attributes that are none'
same - out <<<$',Attributes\n,\nx,\n,odd'
printf '{"a":"1"}\n{"a\\u0000":"2"}\n' >nul
feed 1 nul emit-csv --columns auto
same - err <<<'emit-csv: stdin:2: a member whose name holds a NUL'
same - out <<<$'a\n1'
title 'one such record is rejected alone, with what it had to say'
printf '{"a":"3","\\u0000":1,"new":"x"}\n{"b":"4"}\n' >>nul
feed 3 nul emit-csv --columns auto --reject rejects
same - out <<<$'a,b\n1,\n,4'
ok test "$(jq -c .Line rejects | tr '\n' ' ')" = '2 3 '
title 'nor do a thousand names take the columns of the others'
awk 'BEGIN { printf "{"; for (i = 0; i < 1001; i++) printf "%s\"m%d\":1", i ? "," : "", i; print "}" }' >many
echo '{"Username":"a","Attributes":{"sub":"1"}}' >>many
feed 3 many emit-csv --columns auto --reject rejects
same - out <<<$'Username,sub\na,1'
ok test "$(jq -r .Reason rejects)" = 'more than 1000 columns'
awk 'BEGIN { printf "{"; for (i = 0; i < 1000; i++) printf "%s\"m%d\":1", i ? "," : "", i; print "}" }' >wide
feed 0 wide emit-csv --columns auto
echo '{"one":"more","and":"another"}' >>wide
feed 1 wide emit-csv --columns auto
title 'one with as many as there may be is wrong if somebody else has another'
same - err <<<'emit-csv: stdin:1: more than 1000 columns'
# names PREFIX COUNT RECORDS [DISTINCT]: records with so many names; with DISTINCT each has its own
names() {
	awk -v prefix="$1" -v count="$2" -v records="$3" -v own="${4:-}" 'BEGIN {
		for (r = 1; r <= records; r++) {
			printf "{"
			for (i = 0; i < count; i++) printf "%s\"%s%d\":1", i ? "," : "", prefix (own ? r "x" : ""), i
			print "}"
		}
	}'
}
{
	names evil 997 1
	sed -n 1,3p users
	names evil 997 30
	names many 997 40 distinct
	echo '{"rare":"r","Attributes":{"custom:last":"l"}}'
} >flood
title 'records with many names, alike or not, and more than are remembered, take no column from others'
feed 3 flood emit-csv --columns auto --reject rejects
same - out <<'END'
Username,Enabled,Groups,New,"na,me",rare,Z,a,custom:last,custom:z,email,sub
ana,true,a;b,,,,,,,,a@example.com,1
bob,never,,,,,z,1,,"{""x"":[1]}",,
c,,,,"x,y",,,,,,,
,,,,,r,,,l,,,
END
ok test "$(wc -l <rejects)" -eq 71
title 'of names that one record each has, those that came first become columns'
{
	echo '{"Attributes":{"a":1}}'
	names one 1 1500 distinct | sed 's/{/{"Username":"u",/'
} >rare
feed 3 rare emit-csv --columns auto --reject rejects
ok test "$(head -n 1 out | cut -d, -f 1,2,999,1000)/$(wc -l <out)/$(wc -l <rejects)" = Username,one1x0,one998x0,a/1000/502
printf '%s\n' '{"a ":"1"}' >blank
feed 1 blank emit-csv --columns auto --dialect cognito
has err 'emit-csv: column a : a blank at an end'

# --- wrong records, seals
{ echo 'no JSON'; cat users; echo '{"only":'; } >wrong
feed 1 wrong emit-csv --columns auto
has err 'stdin:1: '
title 'one line for one mistake'
same - <(wc -l <err) <<<1
feed 3 wrong emit-csv --columns auto --reject rejects
same expected.csv out
same - <(wc -l <rejects) <<<2
{ cat users; printf '{"~end":{"v":1,"ok":true,"rows":3,"bytes":%d}}\n' "$(wc -c <users)"; } >sealed
feed 0 sealed emit-csv --columns auto --seal
same expected.csv out
echo old >file
sed 2d sealed >cut.ndjson
# refused STATUS FILE...: nothing is written, whether from files or a pipe, and FILE of -o stays.
refused() {
	local status=$1
	shift
	run "$status" emit-csv --columns auto "$@"
	empty out
	run "$status" emit-csv --columns auto -o file "$@"
	title "the old file stays"
	same - file <<<old
	title "one message"
	same - <(wc -l <err) <<<1
}
refused 4 cut.ndjson
refused 4 --seal users
refused 4 users sealed
sed 's/"ok":true/"ok":false,"retryable":true/' sealed >failed
refused 75 failed
head -c 100 users >torn
refused 4 torn
refused 1 users absent
refused 1 .
title 'a file that is replaced between the passes is still read whole'
cp users now
replaced() {
	mkfifo gate
	emit-csv --columns auto now gate >out.csv &
	exec 5>gate
	# The first pass has opened all inputs before it reads them.
	echo '{"Username":"d"}' >other
	mv other now
	exec 5>&-
	wait $!
}
run 0 replaced
same expected.csv out.csv
mkdir tmp
TMPDIR=$T/tmp run 0 piped
title 'no temporary file has a name'
empty <(ls -A tmp)
TMPDIR=$T/none run 0 piped
same - status <<<1
has err "$T/none: "
finish
