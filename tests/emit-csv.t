#!/usr/bin/env bash
# emit-csv: cells, columns, layouts, and what every command promises.
# shellcheck disable=SC2059,SC2317,SC2238,SC1003 # formats are arguments; functions for run; a file called cut; a lone backslash
. "$(dirname "$0")/lib.sh"

words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }
synopsis() { mandoc -T ascii "$TOP/man/$1.1" | sed 's/.\x08//g' | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | words; }

# --- usage
run 0 emit-csv --help
sed 's/^usage: //' out | words >usage.words
synopsis emit-csv >page.words
title 'usage is the synopsis of the page'
same page.words usage.words
run 0 emit-csv --version
run 2 emit-csv
has err 'one of --columns, --layout and --header-from is needed'
run 2 emit-csv --columns a --layout oci-users
has err '--columns and --layout: one of them'
run 2 emit-csv --columns a --nonsense
run 2 emit-csv --columns a --columns b
run 2 emit-csv --columns
run 2 emit-csv --columns a --if-changed
for list in '' 'a,,b' 'a,' '=x' 'x=' 'a=b=c' 'a\x' 'a\' 'a,a' 'x=a,x=b' $'\xff'; do
	title "--columns '$list' is wrong"
	run 2 emit-csv --columns "$list"
done
empty out
for char in '' '"' $'\r' $'\n' ab $'\x01' $'\xc3\xa4' $'\x7f' $'\x80'; do
	title "--delimiter $(printf %q "$char") is wrong"
	run 2 emit-csv --columns a --delimiter "$char"
done
run 2 emit-csv --columns a --join ''
run 2 emit-csv --columns a --join 12345678901234567
run 1 emit-csv --columns a ./absent
has err 'emit-csv: ./absent: cannot open'

# --- where a column's value comes from
cat >users <<'END'
{"Username":"ana","Enabled":true,"email":null,"Attributes":{"sub":"1","email":"ana@example.com","custom:tenant":"7"},"Groups":["a","b"]}
{ "Attributes" : { "email" : "bob@example.com", "email" : "bob2@example.com" , "Username" : "x"} , "Groups" : [ ] , "Username" : "bob", "Precedence": 1.50e2}
{"\u0055sername":"c\u00e9","Attributes":"none","GroupName":"g"}
END
feed 0 users emit-csv --columns 'User=Username,Enabled,mail=email,custom:tenant,again=Username,Groups,Precedence'
same - out <<'END'
User,Enabled,mail,custom:tenant,again,Groups,Precedence
ana,true,,7,ana,a;b,
bob,,bob2@example.com,,bob,,1.50e2
cé,,,,cé,,
END
empty err
printf '%s\n' '{"a,b":"1","c=d":"2","e\\f":"3","":"4"}' >odd
feed 0 odd emit-csv --columns 'a\,b,x\=y=c\=d,e\\f'
same - out <<'END'
"a,b",x=y,e\f
1,2,3
END
printf '%s\n' '{"a\u0062":"1","ac":"2","qx":"3","abc":"4","":{"y":[]},"x":{"Attributes":{"ac":"5"}}}' \
	'{"ab":"1","abc":null,"ac":[],"qx":"3","Attributes":{"ab":"6","abc":"7","zz":"8"}}' >alike
title 'names that are alike by length and first letter, or in what stands in the record'
feed 0 alike emit-csv --columns 'ab,ac,a\\u0062=a\\u0062,qx,abc,zz'
same - out <<'END'
ab,ac,a\u0062,qx,abc,zz
1,2,,3,4,
1,,,3,,8
END
feed 0 users emit-csv -v --columns Username,emial
has err 'emit-csv: column emial: no record has emial'

# --- values
cat >values <<'END'
{"a":{ "x" : [1, "\u00e4\u007f\/"] },"b":[1,true,null,"x",{"y":[ ]}],"c":false,"d":12345678901234567890}
{"a":["a;b"]}
END
feed 1 values emit-csv --columns a,b,c,d
same - out <<'END'
a,b,c,d
"{""x"":[1,""ä\u007f/""]}","1;true;;x;{""y"":[]}",false,12345678901234567890
END
has err 'emit-csv: stdin:2: column a: a list item that holds the joiner'
feed 0 values emit-csv --columns a --join '|' --no-header
same - out <<'END'
"{""x"":[1,""ä\u007f/""]}"
a;b
END
printf '%s\n' '{"a":["xa","b"]}' >overlap
title 'a joiner that would be found too early'
feed 1 overlap emit-csv --columns a --join aa
feed 0 overlap emit-csv --no-header --columns a --join ab
same - out <<<'xaabb'

# --- quotes where they are needed, and only there
cat >quotes <<'END'
{"a":"plain","b":"a b","c":"it's","d":"=1+1"}
{"a":"comma,","b":"\"","c":"l1\nl2","d":"\r"}
{"a":" x","b":"x ","c":"\tx","d":"x\t"}
{"a":"\\.","b":"\\.x","c":"\\","d":"\ufeff"}
{"a":"0123456789abcdef,","b":",0123456789abcdef","c":"0123456789abcde\"","d":"0123456789abcdef0123456789abcdef"}
{"a":"","b":null,"d":"😀"}
END
feed 0 quotes emit-csv --columns a,b,c,d
printf '%s\n' 'a,b,c,d' "plain,a b,it's,=1+1" '"comma,","""","l1' $'l2","\r"' \
	$'" x","x ","\tx","x\t"' $'"\\.",\\.x,\\,"\xef\xbb\xbf"' \
	'"0123456789abcdef,",",0123456789abcdef","0123456789abcde""",0123456789abcdef0123456789abcdef' \
	',,,😀' >expected.csv
same expected.csv out
sed -n '6p' quotes >empties
feed 0 empties emit-csv --columns a,b,c --quote-empty --no-header
same - out <<<'"",,'
title 'a row of one empty cell is no blank line'
feed 0 empties emit-csv --columns a --no-header
same - out <<<'""'
printf '%s\n' '{"a":"1;2","b":"3,4","c":1.5}' >delimited
feed 0 delimited emit-csv --columns 'a,b,c' --delimiter ';'
same - out <<<$'a;b;c\n"1;2";3,4;1.5'
feed 0 delimited emit-csv --columns 'a,b' --delimiter '\t' --crlf --bom
same - out <<<$'\xef\xbb\xbfa\tb\r\n1;2\t3,4\r'
feed 0 delimited emit-csv --columns 'a,c' --delimiter . --no-header
same - out <<<'1;2."1.5"'

# --- layouts
mkdir layouts
cat >layouts/l.layout <<'END'
# a comment
crlf
delimiter ";"
preamble "version:\"v1\\0\"\t,"
preamble two
column "User Name" Username required min 3 max 5  # another
column Type constant "a;b"
column constant "constant" default "no\\ne"
column Empty constant ""
END
export COGNITO_FILTERS_PATH=$T
cat >rows <<'END'
{"Username":"añb"}
{"Username":"añbcd","constant":"x"}
{"Username":"añ"}
{"Username":"añbcde"}
{"Username":"äöüß","constant":""}
{"Attributes":{}}
END
feed 3 rows emit-csv --layout l --reject rejects --quote-empty
same - out <<<$'version:"v1\\0"\t,\r\ntwo\r\nUser Name;Type;constant;Empty\r\nañb;"a;b";no\\ne;\r\nañbcd;"a;b";x;\r\näöüß;"a;b";no\\ne;\r'
sed 's/,"Stream".*//' rejects >reasons
same - reasons <<'END'
{"Reason":"column User Name: too short","Line":3
{"Reason":"column User Name: too long","Line":4
{"Reason":"column User Name: required, but empty","Line":6
END
feed 0 /dev/null emit-csv --layout l --delimiter , --no-header --bom
same - out <<<$'\xef\xbb\xbfversion:"v1\\0"\t,\r\ntwo\r'

# wrong LINE TEXT: a layout with TEXT in its second line is refused for WHAT.
wrong() {
	printf 'column a a\n%b\n' "$1" >layouts/w.layout
	title "layout: $1"
	run 2 emit-csv --layout w
	has err "w.layout:2: $2"
}
wrong 'colunm b b' 'an unknown word'
wrong 'column b' 'column takes'
wrong 'column b b requird' 'an unknown word'
wrong 'column b b min' 'a word without its value'
wrong 'column b b min 0' 'min and max'
wrong 'column b b max 1048577' 'min and max'
wrong 'column b b min 3 max 2' 'min is greater'
wrong 'column b b default x default y' 'two defaults'
wrong 'column b constant' 'constant takes'
wrong 'column b constant x required' 'constant takes'
wrong 'column a b' 'two columns with the same heading'
wrong 'column "" b' 'a column without a heading'
wrong 'column b ""' 'a column without a name'
wrong 'column "b b' 'a quote that is not closed'
wrong 'column "b"b' 'no blank behind'
wrong 'column b"b" b' 'a quote inside a word'
wrong 'column "\\x" b' 'a backslash'
wrong 'delimiter ab' 'must be one ASCII'
wrong 'delimiter' 'an unknown word'
wrong '"crlf"' 'an unknown word'
wrong 'join ""' 'must be 1 to 16'
wrong 'crlf crlf' 'an unknown word'
wrong 'a a a a a a a a a a a a a a a a a' 'too many words'
printf 'crlf\n' >layouts/w.layout
run 2 emit-csv --layout w
has err 'no columns'
printf 'column a a \xff\n' >layouts/w.layout
run 2 emit-csv --layout w
has err 'not UTF-8'
printf 'column a a\0\n' >layouts/w.layout
run 2 emit-csv --layout w
: >layouts/w.layout
run 2 emit-csv --layout ./layouts/w.layout
head -c 300000 /dev/zero | tr '\0' '\n' >layouts/w.layout
run 2 emit-csv --layout w
run 2 emit-csv --layout nowhere
has err 'nowhere: not found'
{ for i in $(seq 1001); do echo "column c$i a"; done; } >layouts/w.layout
run 2 emit-csv --layout w
has err 'w.layout:1001: more than 1000'
sed -i '$d' layouts/w.layout
feed 0 users emit-csv --layout w
title 'a thousand columns'
same - <(tail -n 1 out | tr -cd ,) < <(printf '%0999d' 0 | tr 0 ,)

# --- the shipped layouts
export COGNITO_FILTERS_PATH=$TOP/pipelines
for file in "$TOP"/pipelines/layouts/*.layout; do
	layout=$(basename "$file" .layout)
	title "layout $layout: headings for no records"
	run 0 emit-csv --layout "$layout"
	[ -s out ] || grep -qx no-header "$file"
	verdict $? "$layout: something is written"
done
printf '%s\n' '{"User ID":"ana","Last Name":"B, C","First Name":"A"}' '{"User ID":"ana"}' '{"User ID":"an","Last Name":"B","First Name":"A"}' >oci
feed 3 oci emit-csv --layout oci-users --reject rejects
same - out <<<$'User ID,Last Name,First Name,Middle Name,Display Name,Nick Name,Profile URL,Locale,TimeZone,Active,Work Email,Primary Email Type,Mobile No,Work Street Address,Work City,Work State,Work Postal Code,Work Country,Work Address Formatted,Federated,ByPass Notification,External Id\r\nana,"B, C",A,,,,,,,,,,,,,,,,,,,\r'
has rejects '"Reason":"column Last Name: required, but empty"'
has rejects '"Reason":"column User ID: too short"'
printf '%s\n' '{"Display Name":"staff","Description":null,"User Members":"ana;bob"}' '{"Display Name":"dev"}' >oci
feed 1 oci emit-csv --layout oci-groups
same - out <<<$'Display Name,Description,User Members\r\nstaff,,ana;bob\r'
feed 0 users emit-csv --layout cognito-users
has out 'ana,1,true,,,,,,,,,,,,,,,,,,,,,,,,a;b'

# --- hostile bytes
bad() {
	printf "$2" >bad
	title "$1: stops"
	feed 1 bad emit-csv --columns a
	title "$1: rejected, the rest goes on"
	printf "$2"'{"a":"good"}\n' >bad
	feed 3 bad emit-csv --columns a --reject rejects
	same - out <<<$'a\ngood'
	has rejects "$3"
}
bad 'invalid UTF-8' '{"a":"\xff"}\n' 'UTF-8'
bad 'raw NUL' '{"a":"\0"}\n' '"Reason"'
bad 'NUL in a cell' '{"a":"x\\u0000"}\n' 'column a: a NUL'
bad 'NUL in a list' '{"a":["\\u0000"]}\n' 'column a: a NUL'
bad 'lone surrogate' '{"a":"\\ud800"}\n' 'surrogate'
bad 'no object' '[]\n' 'not a JSON object'
bad 'no JSON' 'a,b\n' '"Reason"'
bad 'blank line' '\n' '"Reason"'
bad 'over-long line' '{"a":"%01048600d"}\n' 'longer than 1048576 bytes'
title 'no half row before a wrong cell'
printf '{"a":"1","b":"\\u0000"}\n' >bad
feed 1 bad emit-csv --columns a,b
same - out <<<'a,b'
title 'a NUL inside an object stays an escape'
printf '{"a":{"b":"\\u0000"}}\n' >bad
feed 0 bad emit-csv --columns a --no-header
same - out <<<'"{""b"":""\u0000""}"'
title 'a row beyond the limit'
printf '{"a":"%0900000d"}\n' 0 >bad
feed 1 bad emit-csv --columns 'a,b=a,c=a,d=a,e=a,f=a,g=a,h=a,i=a,j=a'
has err 'column j: a row that is too long'

# --- streams
feed 0 /dev/null emit-csv --columns a,b
same - out <<<'a,b'
feed 0 /dev/null emit-csv --columns a,b --no-header
empty out
printf '%s' '{"a":"1"}' >cut
feed 4 cut emit-csv --columns a
has err 'incomplete'
printf '{"a":"1"}\n{"a":"2"}\n{"~end":{"v":1,"ok":true,"rows":2,"bytes":20}}\n' >sealed
echo old >file
feed 0 sealed emit-csv --columns a --seal -o file
same - file <<<$'a\n1\n2'
sed 1d sealed >short
head -n 2 sealed >plain
echo old >file
feed 4 short emit-csv --columns a -o file
feed 4 plain emit-csv --columns a -o file --seal
COGNITO_SEAL=1 feed 4 plain emit-csv --columns a -o file
feed 4 cut emit-csv --columns a -o file
sed 's/"ok":true/"ok":false,"retryable":true/' sealed >failed
feed 75 failed emit-csv --columns a -o file
printf '{"a":"\\u0000"}\n' >bad
feed 1 bad emit-csv --columns a -o file
title 'the old file stays'
same - file <<<old
feed 0 plain emit-csv --columns a
run 0 emit-csv --columns a sealed sealed
same - out <<<$'a\n1\n2\n1\n2'
run 4 emit-csv --columns a sealed plain
run 0 emit-csv --columns a --stats stats plain
has stats '"Status":0,"Records":2,"Rejected":0,"Bytes":6,'

# --- the ends of the pipe
full() { emit-csv --columns a plain >/dev/full; }
run 1 full
has err 'stdout: cannot write'
closed() { emit-csv --columns a plain >&-; }
run 1 closed
gone() { yes '{"a":"1"}' | { emit-csv --columns a; echo $? >status; } | head -n 1; }
run 0 gone
same - status <<<141
empty err
closed_in() { emit-csv --columns a <&-; }
run 1 closed_in

# --- a row is seen when the next one has to be waited for, whatever is there before
mkfifo in
emit-csv --no-header --columns a <in >out 2>err &
pid=$!
exec 3>in
for _ in $(seq 30000); do echo '{"a":"some text"}'; done >&3
echo '{"a":"last"}' >&3
for _ in $(seq 200); do [ "$(tail -1 out)" = last ] && break; sleep 0.05; done
[ "$(wc -l <out)" -eq 30001 ] && [ "$(tail -1 out)" = last ]
verdict $? 'all rows are there before the input ends'
exec 3>&-
wait $pid

echo '{"a":"first"}' >one
mkfifo later
rm out	# that of before: the shell behind & may be slow to empty it
emit-csv --no-header --columns a one later >out 2>err &
pid=$!
for _ in $(seq 200); do [ -s out ] && break; sleep 0.05; done
title 'also where the next input is not there to be opened yet'
same - out <<<first
echo '{"a":"last"}' >later
wait $pid
title 'which then follows'
same - out <<<$'first\nlast'
finish
