#!/usr/bin/env bash
# emit-csv: what a target's importer demands: its dialect, guards, patterns, lengths, headings.
# shellcheck disable=SC2016,SC1003 # jq's dollars; a lone backslash
. "$(dirname "$0")/lib.sh"

mkdir layouts
export COGNITO_FILTERS_PATH=$T
layout() { cat >"layouts/$1.layout"; }
reasons() { jq -c '[.Line, .Reason]' "$1" >reasons; }
# wrong TEXT WHAT: a layout with TEXT in its second line is refused for WHAT.
wrong() {
	printf 'column a a\n%s\n' "$1" >layouts/w.layout
	title "layout: $1"
	run 2 emit-csv --layout w
	has err "$2"
}

# --- words of the layout and their options
wrong 'dialect excel' 'w.layout:2: must be rfc4180 or cognito'
wrong 'guard quotes' 'w.layout:2: must be none, apostrophe, oci or report'
wrong 'backslash drop' 'w.layout:2: must be reject, keep or double'
wrong 'max-rows 0' 'w.layout:2: must be a number from 1'
wrong 'max-bytes 1k' 'w.layout:2: must be a number from 1'
wrong 'max-row 0' 'w.layout:2: must be a number'
wrong 'max-cell -1' 'w.layout:2: must be a number'
wrong 'max-rows' 'w.layout:2: an unknown word'
wrong '"guard" oci' 'w.layout:2: an unknown word'
wrong 'column b b pattern' 'w.layout:2: a word without its value'
wrong 'column b b pattern (a' 'w.layout:2: pattern: '
wrong 'column b b pattern a)|(b' 'w.layout:2: pattern: '
wrong 'column b b pattern "(a)\\1"' 'w.layout:2: pattern: no back-references'
wrong 'column b b pattern a pattern b' 'w.layout:2: two patterns'
wrong 'column b b min 1 min 2' 'w.layout:2: min or max twice'
wrong 'column b b unique unique' 'w.layout:2: unique or unique-ignoring-case, once'
wrong 'column b b unique unique-ignoring-case' 'w.layout:2: unique or unique-ignoring-case, once'
wrong 'max-bytes 1' 'emit-csv: the headings alone are longer than max-bytes'
for option in '--dialect excel' '--guard x' '--max-rows x' '--max-bytes 0'; do
	# shellcheck disable=SC2086 # two words
	run 2 emit-csv --columns a $option
	has err "emit-csv: ${option% *}: must be"
done

# --- dialect cognito
for word in bom 'delimiter ;' quote-empty 'guard apostrophe' 'guard oci' 'column "b " b' 'column "b\\c" b' 'column b constant " x"'; do
	wrong "dialect cognito
$word" 'emit-csv: '
done
printf 'dialect cognito\nno-header\ncolumn "a " a\n' | layout unseen
title 'a heading that is not written may be anything'
run 0 emit-csv --layout unseen
run 2 emit-csv --columns a --dialect cognito --bom
has err 'emit-csv: dialect cognito: no byte order mark (bom)'
cat >cells <<'END'
{"a":"123 Any Street, Springfield","b":"\"quoted\"","c":"plain"}
{"a":",","b":",,","c":""}
{"a":"é;😀|\ufeff","b":null,"c":["x","y"]}
{"a":"line\nend"}
{"a":"x","b":"cr\r"}
{"a":" x"}
{"a":"x\t"}
{"a":"\ufeffx"}
{"a":"a\\b"}
{"a":"a\\,b"}
{"a":"\\"}
{"a":"last"}
END
feed 3 cells emit-csv --dialect cognito --columns 'a,b\,c=b,c' --reject rejects
same - out <<'END'
a,b\,c,c
123 Any Street\, Springfield,"quoted",plain
\,,\,\,,
é;😀|﻿,,x;y
last,,
END
reasons rejects
same - reasons <<'END'
[4,"column a: a line end, which this dialect cannot write"]
[5,"column b,c: a line end, which this dialect cannot write"]
[6,"column a: a blank at an end, which the importer would trim"]
[7,"column a: a blank at an end, which the importer would trim"]
[8,"column a: a byte order mark in front"]
[9,"column a: a backslash, for which this dialect has no rule"]
[10,"column a: a backslash, for which this dialect has no rule"]
[11,"column a: a backslash, for which this dialect has no rule"]
END
sed -n '9,$p' cells >slashes
printf 'dialect cognito\nno-header\nbackslash keep\ncolumn a a\n' | layout keep
feed 3 slashes emit-csv --layout keep --reject rejects
same - out <<<$'a\\b\nlast'
reasons rejects
same - reasons <<'END'
[2,"column a: a backslash before a comma or at the end"]
[3,"column a: a backslash before a comma or at the end"]
END
printf 'dialect cognito\ncrlf\nno-header\nbackslash double\ncolumn a a\n' | layout double
feed 0 slashes emit-csv --layout double
same - out <<<$'a\\\\b\r\na\\\\\\,b\r\n\\\\\r\nlast\r'
feed 0 slashes emit-csv --layout double --dialect rfc4180
same - out <<<$'a\\b\r\n"a\\,b"\r\n\\\r\nlast\r'
title 'a line cannot be blank, since nothing can be quoted'
printf '{"a":""}\n' >blank
feed 1 blank emit-csv --columns a --dialect cognito
has err 'column a: a blank line'

# --- patterns, lengths
layout checks <<'END'
column id id pattern [0-9]+|x required
column name name pattern "[^;]{2,4}" min 2
column sign sign pattern "\\+" default +
max-cell 6
max-row 12
END
cat >checked <<'END'
{"id":"12","name":"äöü"}
{"id":"12a"}
{"id":"a12"}
{"id":"x","name":"\u00e4;"}
{"id":"x","name":"\u00e4\n\ud83d\ude00"}
{"id":"x","sign":"-"}
{"id":"x","name":"äöüßä"}
{"id":"1234567"}
{"id":"123456","name":"äöüß"}
{"id":"12345","name":"äöüß"}
{"id":"x\n"}
{"id":12,"name":""}
END
feed 3 checked emit-csv --layout checks --reject rejects
same - out <<<$'id,name,sign\n12,äöü,+\nx,"ä\n😀",+\n12345,äöüß,+\n12,,+'
reasons rejects
same - reasons <<'END'
[2,"column id: not of the form that is asked for"]
[3,"column id: not of the form that is asked for"]
[4,"column name: not of the form that is asked for"]
[6,"column sign: not of the form that is asked for"]
[7,"column name: not of the form that is asked for"]
[8,"column id: longer than a cell may be (max-cell)"]
[9,"the row is longer than a row may be (max-row)"]
[11,"column id: not of the form that is asked for"]
END
lacks err 'ä'
wrong 'max-cell 3
column b constant abcd' 'column b: longer than max-cell'

# --- guards
cat >formulas <<'END'
{"a":"=1+1","b":"x"}
{"a":"'=1","b":"+15551234567"}
{"a":"+1-2","b":"-x"}
{"a":"@x","b":"\t=1"}
{"a":"|x","b":"%x"}
{"a":"'x'","b":["=1","2"]}
END
feed 0 formulas emit-csv --columns '\=x=a,b' --guard apostrophe
same - out <<<$'=x,b\n\'=1+1,x\n\'\'=1,+15551234567\n\'+1-2,\'-x\n\'@x,"\'\t=1"\n|x,%x\n\'x\',"\'=1;2"'
feed 0 formulas emit-csv --columns a,b --guard oci
same - out <<<$'a,b\n\'=1+1\',x\n\'=1,\'+15551234567\'\n\'+1-2\',\'-x\'\n\'@x\',"\t=1"\n\'|x\',\'%x\'\n\'x\',\'=1;2\''
title 'guard apostrophe: quotes round what another reader takes for a separator, and so in lists'
cat >separators <<'END'
{"a":"x;=1"}
{"a":"x\t=1"}
{"a":["x","=1"]}
{"a":"x,=1"}
{"a":"x|=1"}
END
feed 0 separators emit-csv --columns a --guard apostrophe --delimiter '|'
same - out <<<$'a\n"x;=1"\n"x\t=1"\n"x;=1"\n"x,=1"\n"x|=1"'
feed 0 separators emit-csv --columns a
same - out <<<$'a\nx;=1\nx\t=1\nx;=1\n"x,=1"\nx|=1'
title 'guard apostrophe: a guarded cell leaves nothing behind that an empty list item could hold'
printf '{"a":"=%s","b":%s}\n' 1+1 '["+x","y"]' 2+2 '[""]' >stale
feed 0 stale emit-csv --columns a,b --guard apostrophe
same - out <<<$'a,b\n\'=1+1,"\'+x;y"\n\'=2+2,'
printf '%s\n' "{\"a\":\"'=1'\"}" >ambiguous
feed 1 ambiguous emit-csv --columns a --guard oci
has err 'stdin:1: column a: cannot be told from a guarded text'
feed 0 ambiguous emit-csv --columns a --guard apostrophe --no-header
same - out <<<"''=1'"
feed 0 formulas emit-csv --columns a,b
mv out bare
feed 0 formulas emit-csv --columns a,b --guard report --stats stats
title 'guard report: the data stay as they are'
same bare out
same - err <<'END'
emit-csv: warning: stdin:1: column a: begins as a formula does
emit-csv: warning: stdin:3: column a: begins as a formula does
emit-csv: warning: stdin:3: column b: begins as a formula does
emit-csv: warning: stdin:4: column a: begins as a formula does
emit-csv: warning: stdin:4: column b: begins as a formula does
emit-csv: warning: stdin:6: column b: begins as a formula does
emit-csv: warning: cells that begin as a formula does: 6 (--guard)
END
has stats ',"Formulas":6'
cat formulas formulas formulas >thrice
feed 0 thrice emit-csv --columns a,b --guard report --stats stats
title 'ten are shown, all are counted'
same - <(grep -c 'column' err) <<<10
has err ' does: 18 '
has stats ',"Formulas":18'
title 'guard report: silent where there is none'
printf '{"a":"x"}\n' >none
feed 0 none emit-csv --columns a --guard report --stats stats
empty err
has stats ',"Formulas":0'
layout guarded <<'END'
guard apostrophe
column a a min 3 max 4 pattern "=.*" default "=xy"
column b constant "=b"
END
printf '%s\n' '{"a":"=1"}' '{"a":"=12"}' '{"a":"=123"}' '{"a":""}' >lengths
feed 3 lengths emit-csv --layout guarded --reject rejects
title 'min and pattern judge the value, max what stands in the file; constants stay'
same - out <<<$'a,b\n\'=12,=b\n\'=xy,=b'
reasons rejects
same - reasons <<<$'[1,"column a: too short"]\n[3,"column a: too long"]'
feed 0 lengths emit-csv --columns a --guard none
wrong "guard apostrophe
column b constant \"'=x\"" 'column b: a constant that looks guarded'
wrong "guard oci
column b constant \"'=x'\"" 'column b: a constant that looks guarded'

# --- a header of the target's
printf '%s\n' '{"UserPoolId":"p","CSVHeader":["c","a","custom:x","a,b"]}' >header.json
printf '%s\n' '["c", "a", "custom:x", "a\u002cb"]' >list.json
printf '%s\n' '{"a":"1","c":"2","z":"3","Attributes":{"custom:x":"4","a,b":"5"}}' >record
layout columns <<'END'
column a z required
column b b
column c constant k
column "a,b" nowhere default d
END
for header in header.json list.json; do
	feed 0 record emit-csv --layout columns --header-from $header
	same - out <<<$'c,a,custom:x,"a,b"\nk,3,4,d'
	feed 0 record emit-csv --header-from $header
	same - out <<<$'c,a,custom:x,"a,b"\n2,1,4,5'
done
feed 0 record emit-csv --columns a=z --header-from list.json --dialect cognito
same - out <<<$'c,a,custom:x,a\\,b\n2,3,4,5'
# header TEXT WHAT: refused for WHAT.
header() {
	printf '%s' "$1" >bad.json
	title "header $1"
	run 2 emit-csv --layout columns --header-from bad.json
	has err "emit-csv: bad.json: $2"
}
header '["c"]' 'the required column a of the layout is not in it'
header '["a","a"]' 'two columns with the same heading'
header '["a",""]' 'a column without a heading'
header '["a",1]' 'a heading that is no text'
header '["a\u0000"]' 'a heading that is no text'
header '[]' 'no headings'
header '{}' 'neither a JSON list'
header '{"CSVHeader":"a"}' 'neither a JSON list'
header '"a"' 'neither a JSON list'
header '["a"' ''
header '' ''
run 2 emit-csv --layout columns --header-from ./absent
run 2 emit-csv --columns auto --header-from list.json
finish
