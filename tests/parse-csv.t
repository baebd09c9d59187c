#!/usr/bin/env bash
# parse-csv: CSV becomes the records that it was made from; what is no such row is refused, by its
# line; and no file that was cut looks whole.
# shellcheck disable=SC2016,SC2317 # jq's dollars; functions for run
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3

# --- usage
run 2 parse-csv --columns a --layout b
run 2 parse-csv --no-header
has err '--no-header: needs --columns or --layout'
run 2 parse-csv --layout no-such-layout
run 2 parse-csv --columns 'a,a'
run 2 parse-csv --rename 'a=b=c'
run 2 parse-csv --delimiter '""'
run 2 parse-csv --dialect cognito --delimiter ';'
for option in --birthdate --empty --kind --unknown; do
	run 2 parse-csv "$option" nothing
	has err "$option: must be "
done
run 2 parse-csv --true ,
run 2 parse-csv --rows -1
run 2 parse-csv --source ''
run 1 parse-csv ./absent
has err 'parse-csv: ./absent: cannot open'
run 1 parse-csv .
has err 'parse-csv: .: cannot read'

# csv TEXT: a file of this text, with printf's escapes.
csv() { printf '%b' "$1" >file.csv; }
# gives STATUS TEXT RECORDS [OPTION...]: two tests.
gives() {
	local status=$1 text=$2 records=$3
	shift 3
	csv "$text"
	title "$text $*"
	run "$status" parse-csv "$@" file.csv
	title "$text $*: the records"
	same - out <<<"$records"
}
# refuses TEXT MESSAGE [OPTION...]: the run ends with 1 and says this; nothing is written.
refuses() {
	local text=$1 message=$2
	shift 2
	csv "$text"
	echo old >old
	title "$text $*"
	run 1 parse-csv -o old "$@" file.csv
	has err "parse-csv: file.csv:$message"
	same - old <<<old
}

# --- there and back: a pool of invented people, through each layout of records
make-pool -n 700 >pool
grep '"Enabled"' pool >users
grep -v '"Username"' pool >groups
grep '^{"GroupName".*"Username"' pool >members
feed 0 users emit-csv --columns auto
mv out auto.csv
run 0 parse-csv auto.csv
same users out
for guard in apostrophe oci; do
	feed 0 users emit-csv --columns auto --guard $guard --crlf --bom --delimiter '\t'
	mv out guarded.csv
	run 0 parse-csv --guard $guard --delimiter '\t' guarded.csv
	same users out
done
feed 0 groups emit-csv --layout cognito-groups
mv out groups.csv
feed 0 members emit-csv --layout cognito-memberships
mv out members.csv
run 0 parse-csv --layout cognito-groups groups.csv
same groups out
run 0 parse-csv --layout cognito-memberships members.csv
same members out
title 'files of several kinds, each by its headings'
run 0 parse-csv auto.csv groups.csv members.csv
same - out < <(cat users groups members)
title 'what the layout does not have is lost, and nothing else'
feed 0 users emit-csv --layout cognito-users
mv out users.csv
run 0 parse-csv --layout cognito-users users.csv
mv out back
jq -c '.Attributes |= with_entries(select(.key | startswith("custom:") | not))' users >expected.users
same expected.users back
run 0 expand-members --members members users -o with-groups
feed 0 with-groups emit-csv --columns auto --join '<>'
mv out with-groups.csv
title 'with groups; an empty cell is nobody in no group unless that is said'
run 0 parse-csv --join '<>' --empty-lists with-groups.csv
same with-groups out
run 0 parse-csv --join '<>' with-groups.csv
jq -c 'if .Groups == [] then del(.Groups) else . end' with-groups >expected.groups
same expected.groups out
title 'and so by --quote-empty, which tells one from the other'
echo '{"Username":"nobody","Attributes":{"email":"x","name":""},"Groups":[]}' >>with-groups
feed 0 with-groups emit-csv --columns auto --join '<>' --quote-empty
mv out quoted.csv
run 0 parse-csv --join '<>' --empty quoted quoted.csv
same with-groups out

title 'the file of an import job, and the record of each of its users'
map-attributes -m cognito-import --arg login=username --reject rejects users >flat 2>/dev/null
feed 3 flat emit-csv --layout cognito-import --reject rejects
mv out import.csv
jq -r .Line rejects | awk 'FILENAME != "flat" { out[$1] = 1; next } !(FNR in out)' - flat |
	jq -cS '{Username: .["cognito:username"], Attributes: (del(.["cognito:username", "cognito:mfa_enabled"])
		| with_entries(select(.value != null and (.key | startswith("custom:") | not)))
		| .email_verified |= ascii_downcase | .phone_number_verified |= ascii_downcase
		| if .birthdate then .birthdate |= (split("/") | "\(.[2])-\(.[0])-\(.[1])") else . end)}' >expected
run 0 parse-csv --layout cognito-import import.csv
jq -cS . out >sorted
same expected sorted
ok test "$(wc -l <expected)" -gt 100
title 'records for targets, by the layouts that have them'
for target in oci-users okta-users onelogin-users google-users; do
	map-attributes -m $target --reject rejects users 2>/dev/null | emit-csv --layout $target --reject rejects \
		-o target.csv 2>/dev/null
	run 0 parse-csv --kind flat --layout $target target.csv
	mv out records
	feed 0 records emit-csv --layout $target
	same target.csv out
	ok test "$(wc -l <out)" -gt 100
done

# --- by Python's writer, whatever it quotes
cat >writer <<'END'
import csv, json, random, sys
chance = random.Random(int(sys.argv[1]))
# Its writer quotes a CR only where rows end with one, which no reader takes for a part of a cell.
CR = [] if sys.argv[3:] == ["MINIMAL", "\n"] else ["\r", "\r\n"]
parts = ["", "a", '"', '""', ",", ";", "\t", "\n", " ", "'", "\\", "\\,", "=", "é", "日本", "😀",
         "\ufeff", "\u2028", "\x01", "\x7f", "x" * 300, "".join(map(chr, [*range(1, 10), 11, 12, *range(14, 32)])), "{", "}", "\u00a0"] + CR
names = ["email", "name", "custom:x", "custom:\"y\"", "custom:a,b", "custom:c\nd", "sub"]
with open("python.csv", "w", newline="", encoding="utf-8") as f, open("python.records", "w") as g:
    out = csv.writer(f, delimiter=sys.argv[2], quoting=getattr(csv, "QUOTE_" + sys.argv[3]),
                     lineterminator=sys.argv[4])
    out.writerow(["Username"] + names)
    for number in range(400):
        cells = ["".join(chance.choices(parts, k=chance.randrange(5))) for _ in names]
        out.writerow(["u%d" % number] + cells)
        record = {"Username": "u%d" % number, "Attributes": {
            name: cell for name, cell in sorted(zip(names, cells)) if cell != ""}}
        print(json.dumps(record, sort_keys=True), file=g)
END
cat >compare <<'END'
import json, sys
a, b = ([json.loads(line) for line in open(name, newline="\n")] for name in sys.argv[1:])
print(a == b, len(a))
END
seed=0
for delimiter in ',' ';' $'\t' '|'; do
	for form in MINIMAL ALL NONNUMERIC; do
		seed=$((seed + 1))
		end=$'\n'
		[ $((seed % 2)) -eq 0 ] || end=$'\r\n'
		"$python" writer $seed "$delimiter" $form "$end"
		"$BIN/parse-csv" --delimiter "${delimiter/$'\t'/\\t}" python.csv >out 2>err || show err
		"$python" compare python.records out
	done
done >compared
title 'what Python wrote is read as it was'
same - <(sort -u compared) <<<'True 400'
title 'in all forms'
ok test "$(wc -l <compared)" -eq 12
title 'and what we read is what Python reads'
"$python" writer 99 , MINIMAL $'\n'
run 0 parse-csv --kind flat --rename Username=U python.csv
"$python" - >python.rows <<'END'
import csv, json
rows = csv.DictReader(open("python.csv", newline="", encoding="utf-8"), strict=True)
for row in rows:
    print(json.dumps({"U" if k == "Username" else k: v for k, v in row.items() if v != ""}))
END
"$python" compare python.rows out >compared
same - compared <<<'True 400'
if command -v mlr >/dev/null; then
	title 'and Miller'
	mlr --icsv --ocsv --quote-all cat auto.csv >miller.csv
	run 0 parse-csv miller.csv
	# It reads by Go's csv package, which drops the CR of CR LF in quotes.
	same <(sed 's/\\r\\n/\\n/g' users) out
fi
if command -v csvformat >/dev/null; then
	title 'and csvkit'
	LC_ALL=C.UTF-8 csvformat -U 1 -D ';' groups.csv >csvkit.csv
	run 0 parse-csv --delimiter ';' csvkit.csv
	# It opens files with universal newlines.
	same <(sed 's/\\r\\n/\\n/g' groups) out
fi

# --- headings
ana='{"Username":"ana","Attributes":{"email":"a"}}'
gives 0 'Username,email\nana,a\n' "$ana"
gives 0 '\xef\xbb\xbfUsername,email\r\nana,a\r\n' "$ana"
gives 0 '\xef\xbb\xbf"Username","email"\nana,a\n' "$ana"
gives 0 'email,cognito:username,cognito:mfa_enabled\na,ana,FALSE\n' "$ana"
gives 0 'Login,Mail\nana,a\n' "$ana" --key Login --rename Mail=email
gives 0 'Login,Mail\nana,a\n' "$ana" --columns Mail=email,Login=Username
both='{"Username":"a","Attributes":{"email":"a","name":"b"}}'
gives 0 'Work Email,name\na,b\n' "$both" --rename 'Work Email=email' --key 'Work Email'
gives 0 'name,Work Email\nb,a\n' "$both" --columns 'Work Email=email,name' --key 'Work Email'
gives 0 'email,name\na,b\n' "$both" --key email
gives 0 'email,name\na,b\n' '{"Username":"a","Attributes":{"name":"b"}}' --key email --rename email=Username
gives 0 'Login,name\na,b\n' '{"Username":"a","Attributes":{"name":"b"}}' --key Login --unknown attribute
gives 0 'email,x\na,\n' '{"GroupName":"a","Username":"a","Attributes":{}}' --rename email=GroupName,x=name --key email
gives 0 'ana,a\n' "$ana" --columns Username,email --no-header
gives 0 'one\n"two\nUsername,email\nana,a\n' "$ana" --preamble 2
gives 0 'Username,email,x\nana,a,1\n' "$ana" --unknown ignore
gives 0 'Username,email,\nana,a,1\n' "$ana" --unknown ignore
gives 0 'Username,email,x\nana,a,1\n' '{"Username":"ana","Attributes":{"email":"a","x":"1"}}' --unknown attribute
gives 0 'Username,cognito:mfa_enabled\nana,TRUE\n' '{"Username":"ana","Attributes":{"custom:mfa":"TRUE"}}' \
	--rename cognito:mfa_enabled=custom:mfa
gives 0 'Username\nana\n' '{"Username":"ana","Attributes":{}}'
gives 0 'GroupName,Username\ng,ana\n' '{"GroupName":"g","Username":"ana"}'
gives 0 'GroupName,Username,sub\ng,ana,1\n' '{"GroupName":"g","Username":"ana","Attributes":{"sub":"1"}}' --kind membership
gives 0 'GroupName,Precedence,Members\ng,10,a;b\n' '{"GroupName":"g","Precedence":10,"Members":["a","b"]}' --kind group
gives 0 'A,B c\n1,\n,x\n' $'{"A":"1"}\n{"B c":"x"}' --kind flat
refuses 'Username,Work Email\nana,a\n' '1: column Work Email: unknown' --layout cognito-users
refuses 'Username,Work Email\nana,a\n' '1: column Work Email: not known (--rename, --unknown)'
refuses 'Username,email,\nana,a,\n' '1: column 3 has no heading'
refuses 'Username,email,email\nana,a,b\n' '1: column email: stands there twice'
refuses 'Username,email,Mail\nana,a,b\n' '1: columns email and Mail are both email' --rename Mail=email
refuses 'Mail,name,email\nana,a,b\n' '1: columns Mail and email are both email' --rename Mail=email --key Mail
refuses 'Mail,Mail\nana,a\n' '1: column Mail: stands there twice' --rename Mail=email --key Mail
refuses 'Username,cognito:username\nana,a\n' '1: columns Username and cognito:username are both Username'
refuses 'email\na\n' '1: no column is the Username or GroupName'
refuses 'Username\nana\n' '1: a group has a GroupName and no Username' --kind group
refuses 'Username\nana\n' '1: Username and GroupName are no members of a flat record' --kind flat
refuses '~end,a\nx,y\n' '1: column ~end: names that begin with ~ are reserved' --kind flat
refuses 'Username\nana\n' '1: column Mail: the file has no such heading' --rename Mail=email
refuses 'Username\nana\n' '1: column Login: the file has no such heading' --key Login
refuses 'Username\nana\n' '1: column email: the file has no such heading' --columns Username,email
refuses 'GroupName,email\ng,a\n' '1: column email: a group has no such member'
refuses 'Username,a"b\nana,a\n' '1: a quote where none may stand' --reject rejects
refuses 'Username,\xff\nana,a\n' '1: not UTF-8'
title 'too many columns'
"$python" -c 'print(",".join("custom:%d" % i for i in range(1001)))' >many.csv
run 1 parse-csv many.csv
has err 'many.csv:1: more than 1000 columns'

# --- values
gives 0 'Username,Enabled\na,true\nb,FALSE\nc,\n' \
	$'{"Username":"a","Enabled":true,"Attributes":{}}\n{"Username":"b","Enabled":false,"Attributes":{}}\n{"Username":"c","Attributes":{}}'
gives 0 'Username,Blocked\na,no\nb,YES\nc,false\n' \
	$'{"Username":"a","Enabled":true,"Attributes":{}}\n{"Username":"b","Enabled":false,"Attributes":{}}\n{"Username":"c","Enabled":false,"Attributes":{}}' \
	--rename Blocked=Enabled --true no --false yes,y
gives 0 'Username,email_verified\na,TRUE\n' '{"Username":"a","Attributes":{"email_verified":"true"}}'
gives 0 'Username,UserCreateDate\na,2020-01-02T03:04:05+01:00\n' \
	'{"Username":"a","UserCreateDate":"2020-01-02T02:04:05.000Z","Attributes":{}}'
gives 0 'Username,birthdate\na,2/29/2000\n' '{"Username":"a","Attributes":{"birthdate":"2/29/2000"}}'
gives 0 'Username,birthdate\na,2/29/2000\n' '{"Username":"a","Attributes":{"birthdate":"2000-02-29"}}' --birthdate mdy
gives 0 'Username,birthdate\na,1.2.1999\n' '{"Username":"a","Attributes":{"birthdate":"1999-02-01"}}' --birthdate dmy
gives 0 'Username,birthdate\na,1999-02-01\n' '{"Username":"a","Attributes":{"birthdate":"1999-02-01"}}' --birthdate dmy
gives 0 'Username,Groups\na,x;y\n' '{"Username":"a","Attributes":{},"Groups":["x","y"]}'
gives 0 'Username,Groups\na,x<>y<;>z<\n' '{"Username":"a","Attributes":{},"Groups":["x","y<;>z<"]}' --join '<>'
gives 0 ' Username , Groups\n a , x ; y \n' '{"Username":"a","Attributes":{},"Groups":["x","y"]}' --trim
gives 0 'Username,name,email\n" a "," ", \n' '{"Username":"a","Attributes":{}}' --trim --empty quoted
gives 0 'Username,name,email\na,"",\n' '{"Username":"a","Attributes":{}}'
gives 0 'Username,name,email\na,"",\n' '{"Username":"a","Attributes":{"name":""}}' --empty quoted
gives 0 'Username,name,Groups\na,,\n' '{"Username":"a","Attributes":{"name":""}}' --empty text
gives 0 'Username\n\na\n\r\n"b"\n' $'{"Username":"a","Attributes":{}}\n{"Username":"b","Attributes":{}}'
gives 0 'Username,email\n,\na,\n"",""\n' '{"Username":"a","Attributes":{}}'
while IFS='|' read -r head cell reason; do
	refuses "$head\n$cell\n" "2: column ${head##*,}: $reason"
done <<'END'
Username,Enabled|a,yes|neither true nor false
Username,email_verified|a,1|neither true nor false
Username,UserCreateDate|a,1.2.2020|no date of RFC 3339
GroupName,Precedence|a,-1|no whole number from 0 to 2147483647
GroupName,Precedence|a,2147483648|no whole number from 0 to 2147483647
GroupName,Precedence|a,007|no whole number from 0 to 2147483647
GroupName,Precedence|a,1.0|no whole number from 0 to 2147483647
Username,Groups|a,x;|a list with an empty item
Username,Groups|a,x; y|an item of a list with a blank at an end
email,Username|a,|empty, where there must be a name
email,Username|a,ana |a blank at an end
END
for day in 13/1/2000 2/30/2000 2/29/1900 0/1/2000 1/1/00 1/1.2000 1/1/20000 1//2000 x; do
	refuses "Username,birthdate\na,$day\n" '2: column birthdate: no date of the order' --birthdate mdy
done
title 'numbers at their limits'
gives 0 'GroupName,Precedence\na,0\nb,2147483647\n' $'{"GroupName":"a","Precedence":0}\n{"GroupName":"b","Precedence":2147483647}'

# --- the dialect of Cognito's import
gives 0 'cognito:username,name,birthdate\na,x\\, "y" , 02/01/1985\n' \
	'{"Username":"a","Attributes":{"birthdate":"1985-02-01","name":"x, \"y\""}}' --dialect cognito
refuses 'cognito:username,name\na,x\\\\y\n' '2: a backslash that is not before a comma' --dialect cognito
printf 'dialect cognito\nbackslash keep\ncolumn cognito:username Username\ncolumn name name\n' >keep.layout
sed s/keep/double/ keep.layout >double.layout
gives 0 'cognito:username,name\na,x\\y\\,\n' '{"Username":"a","Attributes":{"name":"x\\y,"}}' --layout ./keep.layout
gives 0 'cognito:username,name\na,x\\\\y\\\\\\,\n' '{"Username":"a","Attributes":{"name":"x\\y\\,"}}' --layout ./double.layout

# --- wrong rows: put aside with the line, the reason and the text
cat >canaries <<'END'
canary
END
printf 'Username,email\nok1,x\nshort\nok2,"a\nb"\n"canary"x,"\ny"\nok3,z\nok1,canary\na\xffb,c\nn\0ul,c\nok4,canary"q\n,canary\nok5,\r\n' >bad.csv
printf '%s,%s\n' long "$(head -c 1048600 /dev/zero | tr '\0' x)" ok6 last >>bad.csv
run 3 parse-csv --reject rejects bad.csv
jq -r .Username out >names
same - names <<<$'ok1\nok2\nok3\nok5\nok6'
jq -c '[.Line, .Reason, .Stream, .Record]' rejects >lines
same - lines <<'END'
[3,"1 cells below 2 headings","bad.csv","short"]
[6,"a quote where none may stand","bad.csv","\"canary\"x,\"\ny\""]
[9,"the same Username as an earlier row","bad.csv","ok1,canary"]
[10,"not UTF-8","bad.csv","a�b,c"]
[11,"a NUL","bad.csv","n\u0000ul,c"]
[12,"a quote where none may stand","bad.csv","ok4,canary\"q"]
[13,"column Username: empty, where there must be a name","bad.csv",",canary"]
[15,"longer than 1048576 bytes","bad.csv",""]
END
title 'each of them ends a run without --reject'
run 1 parse-csv bad.csv
has err 'parse-csv: bad.csv:3: 1 cells below 2 headings'
refuses 'Username,email\na,b\rc,d\n' '2: a CR outside quotes without a line feed'
refuses 'Username,email\n"a",b\rc\n' '2: a CR outside quotes without a line feed'
refuses 'Username,email\n\r"a",b\n' '2: a CR outside quotes without a line feed'
refuses 'Username\nana\nana\n' '3: the same Username as an earlier row'
refuses 'GroupName,Username\ng,a\ng,b\nh,a\ng,a\n' '5: the same GroupName and Username as an earlier row'
printf 'Username\nana\n' >ana.csv
title 'who was in an earlier file'
run 1 parse-csv ana.csv ana.csv
has err 'ana.csv:2: the same Username'
title 'a row that was rejected takes no name'
gives 3 'Username,Enabled\nana,x\nana,true\n' '{"Username":"ana","Enabled":true,"Attributes":{}}' --reject rejects
title 'more names than lie in memory'
"$python" - >numbers.csv <<'END'
print("Username")
for i in range(60000):
    print("user%d" % i)
print("user7")
END
run 3 parse-csv --reject rejects numbers.csv
ok test "$(wc -l <out)" -eq 60000
same - <(jq -c '[.Line, .Record]' rejects) <<<'[60002,"user7"]'

# --- whole or not
printf 'Username,name,Groups\r\nana,"a ""b""\n\nc",x;y\nbo,"",\n"cy",,"z"\r\n' >every.csv
run 0 parse-csv every.csv
mv out whole
cat >cuts <<'END'
import subprocess, sys
data, whole = open("every.csv", "rb").read(), open("whole", "rb").read().splitlines(keepends=True)
ends = [data.index(b"ana"), data.index(b"bo,"), data.index(b'"cy"'), len(data)]
for k in range(len(data) + 1):
    run = subprocess.run(["parse-csv"], input=data[:k], capture_output=True)
    if run.returncode != (0 if k in ends else 4):
        print(k, run.returncode, run.stderr)
    if run.stdout != b"".join(whole[:sum(end <= k for end in ends[1:])]):
        print(k, run.stdout)
END
title 'cut at every byte it looks whole where a row ends, and only there'
"$python" cuts >wrong 2>&1
empty wrong
printf 'Username,email\nana,a\nbo,b' >open.csv
run 4 parse-csv open.csv
has err 'parse-csv: open.csv: incomplete: no line end behind the row at line 3 (--open-end)'
same - out <<<'{"Username":"ana","Attributes":{"email":"a"}}'
title 'another encoding is told from a file that is cut'
printf 'Username\nana\n' | iconv -t UTF-16LE >wide.csv
run 1 parse-csv wide.csv
has err 'parse-csv: wide.csv: UTF-16, or no text: UTF-8 is needed (iconv -f UTF-16 -t UTF-8)'
printf 'Username,email\rana,a\r' >cr.csv
run 4 parse-csv cr.csv
has err "parse-csv: cr.csv: its lines end in CR alone: line feeds are needed (tr '\\r' '\\n')"
printf 'Username,email\r' >cr.csv
run 4 parse-csv cr.csv
has err 'parse-csv: cr.csv: incomplete: no line end behind the row at line 1 (--open-end)'
title 'the line that tells Excel the delimiter is no heading'
printf 'sep=;\nUsername;email\nana;a\n' >sep.csv
for options in '--kind user' '--delimiter ;' '--delimiter ; --unknown ignore' '--kind flat --delimiter ;' '--kind flat'; do
	# shellcheck disable=SC2086 # words
	run 1 parse-csv $options sep.csv
	has err 'sep.csv:1: the line that tells Excel the delimiter, and no headings (--preamble 1)'
done
run 0 parse-csv --preamble 1 --delimiter ';' sep.csv
same - out <<<'{"Username":"ana","Attributes":{"email":"a"}}'
title 'a row of empty cells is nobody, also if it has one'
printf 'Name\nA\n""\n\nB\n' >one.csv
run 0 parse-csv --kind flat one.csv
same - out <<<$'{"Name":"A"}\n{"Name":"B"}'
run 0 parse-csv --open-end open.csv
ok test "$(wc -l <out)" -eq 2
printf 'Username,email\nana,"a\nb\n\nc' >inside.csv
run 4 parse-csv --open-end inside.csv
has err 'parse-csv: inside.csv: incomplete: it ends inside the quotes of the row at line 2'
printf 'Username,email' >head.csv
run 4 parse-csv head.csv
run 0 parse-csv --open-end head.csv
run 4 parse-csv --open-end /dev/null
has err 'incomplete: no headings'
run 0 parse-csv --no-header --columns Username /dev/null
run 4 parse-csv --rows 1 --no-header --columns Username /dev/null
has err 'parse-csv: incomplete: 0 rows, where there should be 1 (--rows)'
title 'a seal wants the word of the caller'
run 2 parse-csv --seal ana.csv
has err '--seal: a CSV file cannot say that it is whole'
export COGNITO_SEAL=1
run 2 parse-csv ana.csv
unset COGNITO_SEAL
run 0 parse-csv --seal --whole ana.csv
jq -c '.["~end"] | select(.) | del(.started, .ended)' out >end
same - end <<<'{"v":1,"ok":true,"rows":1,"bytes":35,"rejected":0,"source":"file:ana.csv","scope":"all","via":[]}'
mv out sealed
feed 0 sealed unseal --whole
csv 'GroupName\ng\n'
run 0 parse-csv --seal --rows 2 --source hr --scope country:de ana.csv file.csv
jq -c '.["~end"] | select(.) | [.ok, .source, .scope]' out >end
same - end <<<'[true,"hr","country:de"]'
run 0 parse-csv --seal --whole ana.csv file.csv
has out '"source":"file:ana.csv + file:file.csv"'
title 'no good seal without the rows'
run 4 parse-csv --seal --rows 3 ana.csv file.csv
has out '"ok":false'
run 4 parse-csv --seal --whole open.csv
has out '"ok":false'
csv 'Username\na\nb\na\n'
run 3 parse-csv --seal --rows 3 --reject rejects file.csv
has out '"ok":true,"rows":2,"bytes":66,"rejected":1,'
title 'nor where a wrong row may be several'
csv 'Username,email\nana,"a\nbo,"b"\ncy,c\n'
run 4 parse-csv --seal --whole --reject rejects file.csv
has err 'incomplete: how many rows there are from line 2 on is not sure'
has out '"ok":false'
run 4 parse-csv --seal --rows 3 --reject rejects file.csv
has err '2 rows, where there should be 3'
run 3 parse-csv --reject rejects file.csv
csv 'Username,email\nana,"a\nbo",b\ncy,c\n'
run 4 parse-csv --seal --whole --reject rejects file.csv
csv 'Username,email,Enabled\nana,"a\n",x\ncy,c,true\n'
run 3 parse-csv --seal --whole --reject rejects file.csv
has out '"ok":true,"rows":1,'
run 1 parse-csv --seal --whole bad.csv
has out '"ok":false'

# --- output
run 0 parse-csv --stats stats -v ana.csv
same - <(jq -c '[.Command, .Records, .Rejected, .Rows, .Blank]' stats) <<<'["parse-csv",1,0,1,0]'
csv 'Username,name\n,\nana,\n\n'
run 0 parse-csv --stats stats -v file.csv
has err '2 rows without anything were passed over'
same - <(jq -c '[.Rows, .Blank]' stats) <<<'[1,2]'
full() { parse-csv ana.csv >/dev/full; }
run 1 full
has err 'stdout: cannot write'
gone() { { echo Username; seq 1000000; } | { parse-csv; echo $? >status; } | head -n 1; }
run 0 gone
same - status <<<141
title 'rows come out as they come in'
mkfifo pipe
parse-csv pipe >slow &
exec 3>pipe
printf 'Username\nana\n' >&3
for ((i = 0; i < 600; i++)); do
	[ ! -s slow ] || break
	sleep 0.05
done
ok grep -q ana slow
exec 3>&-
wait
title 'a row across the pieces of reading'
{ echo Username,name; printf 'ana,"'; head -c 700000 /dev/zero | tr '\0' y; printf '"\nbo,'; head -c 300000 /dev/zero | tr '\0' z; echo; } >pieces.csv
run 0 parse-csv pieces.csv
same - <(jq -c '[.Username, (.Attributes.name | length)]' out) <<<$'["ana",700000]\n["bo",300000]'
title 'a row that is too long, of many lines, is one'
{ printf 'Username,name\nlong,"'; yes xyz | head -n 700000; printf '"\nbo,b\nshort\n'; } >lines.csv
run 3 parse-csv --reject rejects lines.csv
same - out <<<'{"Username":"bo","Attributes":{"name":"b"}}'
same - <(jq -c '[.Line, .Reason]' rejects) <<'END'
[2,"longer than 1048576 bytes"]
[700004,"1 cells below 2 headings"]
END
title 'and takes no memory'
endless() { { printf 'Username\n"'; head -c 60000000 /dev/zero | tr '\0' x; } | { within 30000 parse-csv; echo $? >status; }; }
run 0 endless
same - status <<<4
title 'memory stays flat'
"$python" - >flat.csv <<'END'
print("Username,name")
for i in range(100000):
    print('u%d,"a ""quoted"" name, %d"' % (i, i))
END
run 0 within 40000 parse-csv -o flat.out flat.csv
ok test "$(wc -l <flat.out)" -eq 100000

# --- the examples of the page
cat >hr.csv <<'END'
Login,Work Email,Forename,Status,Salary
ana,ana@example.com,Ana,Active,1
bo,bo@example.com,Bo,Left,2
cy,cy@example.com,Cy,unknown,3
END
cp import.csv import.all.csv
map-attributes -m okta-users --reject rejects users 2>/dev/null | emit-csv --layout okta-users -o okta.csv --reject rejects 2>/dev/null
awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Sh DIAG/ { exit } !on { next }
	/^\.Dl / { sub(/^\.Dl /, ""); print; print ""; next }
	/^\.Bd/ { block = 1; next } /^\.Ed/ { block = 0; print ""; next }
	block { gsub(/\\e/, "\\"); print }' "$TOP/man/parse-csv.1" >examples
awk -v RS= '{ print > ("example." NR) }' examples
ok test -e example.4
run 3 bash example.1
same - <(jq -c 'if .["~end"] then .["~end"] | [.rows, .rejected, .source] else [.Username, .Enabled] end' want.ndjson) <<'END'
["ana",true]
["bo",false]
[2,1,"hr"]
END
for i in 2 3 4; do
	run 0 bash -o pipefail example.$i
	ok test -s out
done

finish
