#!/usr/bin/env bash
# shellcheck disable=SC2016 # the $ in programs is jq's
# map-attributes: programs, helpers, mappings; what is rejected and what is never printed.
. "$(dirname "$0")/lib.sh"

ana='{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"ana@example.com","sub":"s-1"},"Groups":["a","b"]}'
bob='{"Username":"s-2","Enabled":false,"UserStatus":"CONFIRMED","Attributes":{"email":"bob@example.com","sub":"s-2"},"Groups":[]}'
printf '%s\n' "$ana" "$bob" >two

# seal FILE...: the rows of FILE and a seal that is right.
seal() {
	cat "$@"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"src","scope":"all"}}\n' \
		"$(cat "$@" | wc -l)" "$(cat "$@" | wc -c)"
}

# maps PROGRAM RECORD: one test: the outputs are those on standard input.
maps() {
	local want name=${next_title:-$1}
	want=$(cat)
	next_title=
	printf '%s\n' "$2" | map-attributes -e "$1" >out 2>err
	[ "$(cat out err)" = "$want" ]
	verdict $? "$name" || { echo "# got:"; cat out err | sed 's/^/#   /'; }
}

# attributes PROGRAM MEMBERS WANTED: one test: PROGRAM's value for a user with these attributes.
attributes() {
	title "$1 of {$2} is $3"
	maps "{x: ($1)}" "{\"Username\":\"ana\",\"Attributes\":{$2}}" <<<"{\"x\":$3}"
}

# rejects PROGRAM RECORD REASON: one test: the record is rejected for the reason.
# wrong_args PROGRAM REASON [OPTION...]: status 2 with that reason; not even the file of rejects is made.
wrong_args() {
	echo "$ana" >in
	rm -f aside
	title "$1 ${*:3}: $2"
	feed 2 in map-attributes -e "$1" --reject aside "${@:3}"
	same - err <<<"map-attributes: $2"
	ok test ! -s aside
}
rejects() {
	title "$1 rejects: $3"
	maps "$1" "$2" <<<"map-attributes: stdin:1: $3"
}

# --- usage

run 2 map-attributes
has err 'exactly one of --expression, --file and --mapping is needed'
has err 'usage: map-attributes '
run 2 map-attributes -e . -m flat-user
run 2 map-attributes -e . -f x
run 2 map-attributes -e . -e .
run 2 map-attributes -e . --nonsense
run 2 map-attributes -e . --arg x
has err '--arg: must be NAME=VALUE'
run 2 map-attributes -e . --arg x=1 --arg x=2
run 2 map-attributes -e . --if-changed
run 2 map-attributes -f no-such-file
has err 'no-such-file: cannot open: No such file'
run 2 map-attributes -m no-such-mapping
has err 'mappings: no-such-mapping: not found'
run 1 map-attributes -e . no-such-input
has err 'map-attributes: no-such-input: cannot open: No such file'
run 0 map-attributes --help
has out '[--arg name=value] -e program | -f file | -m mapping [file ...]'
run 0 map-attributes --version
title 'nothing was read or written on wrong usage'
feed 2 two map-attributes -e '{' -o left
ok test ! -e left

# --- compile errors

run 2 map-attributes -e $'.a |\n\n foo'
same - err <<<'map-attributes: -e:3: foo/0 is not defined'
printf '# a comment\n.Username |\n  nope(1)\n' >bad.jq
run 2 map-attributes -f bad.jq
same - err <<<'map-attributes: bad.jq:3: nope/1 is not defined'
mkdir -p dir/mappings
mv bad.jq dir/mappings
title 'a mapping by name, with its path in the message'
run 2 env COGNITO_FILTERS_PATH="$PWD/dir:$COGNITO_FILTERS_PATH" map-attributes -m bad
same - err <<<"map-attributes: $PWD/dir/mappings/bad.jq:3: nope/1 is not defined"
run 2 map-attributes -e '.a }'
title 'a syntax error is one line'
ok test "$(wc -l <err)" -eq 1
has err 'map-attributes: -e:1: syntax error'
printf '.\0x' >nul.jq
run 2 map-attributes -f nul.jq
has err 'nul.jq: not UTF-8 text'
title 'no helpers, no run'
run 2 env COGNITO_FILTERS_PATH= HOME=/nowhere sh -c 'cp "$0"/map-attributes . && ./map-attributes -e .' "$BIN"
has err 'mappings: cognito: not found'

# --- outputs

feed 0 two map-attributes -e '{Username}'
same - out <<'END'
{"Username":"ana"}
{"Username":"s-2"}
END
empty err
feed 0 two map-attributes -e '.Username as $u | .Groups[] | {GroupName: ., Username: $u}'
same - out <<'END'
{"GroupName":"a","Username":"ana"}
{"GroupName":"b","Username":"ana"}
END
run 0 map-attributes -e '{Username}' two two
ok test "$(wc -l <out)" -eq 4
feed 0 two map-attributes --arg a=1 --arg long_name2='x=y é' -e '{$a, b: $long_name2, c: $ARGS.named.long_name2, d: $ARGS.named.none}' -o o
title 'variables'
same - <(head -1 o) <<<'{"a":"1","b":"x=y é","c":"x=y é","d":null}'
printf '{p: $p, n: .Username}\n' >own.jq
feed 0 two map-attributes -f own.jq --arg p=
has out '{"p":"","n":"ana"}'
feed 0 two map-attributes -m ./own.jq --arg p=q
has out '{"p":"q","n":"s-2"}'

# --- the same bytes as jq -c

"$TOOLS/make-pool" -n 200 >pool
grep -v '"GroupName"' pool >users
count=0
while IFS= read -r program; do
	count=$((count + 1))
	jq -c "$program" users >want
	title "as jq -c: $program"
	feed 0 users map-attributes -e "$program"
	cmp want out
	verdict $? "same bytes: $program"
done <<'END'
.

{u: .Username, e: .Attributes.email}
.Attributes
{Username, a: .Attributes | keys}
{a: [.Attributes[]]}
{a: .Attributes | to_entries}
.Attributes | with_entries(.key |= ascii_upcase)
. + {Groups: ["x", "é", "\u0000\u007f\u001b\u2028"]}
del(.Attributes.sub)
.Attributes.email |= (. // "none" | split("@")[0])
{n: (.Attributes.name // "" | length), t: (.Attributes | tojson)}
{d: (.UserCreateDate[:19] + "Z" | fromdate), f: (0.1 + 0.2), h: 1e17, i: 1.5e300, m: -0, o: 100000000000000000000}
{j: (.Attributes.identities // "[]" | fromjson)}
{c: (.Attributes.name // "" | explode | map(. % 7))}
select(.Enabled)
.Username as $u | range(3) | {u: $u, i: .}
{x: (.Attributes.name // "" | @base64, @uri, @html, @json)}
{a: (.Attributes.name // "" | test("^[A-M]")), b: (.Attributes.name // "" | gsub("[aeiou]"; "*"))}
{a: [limit(99; .Attributes[])], c: ([.Attributes[]] | sort | last), d: ([.Attributes[]] | .[-2:])}
reduce (.Attributes | keys[]) as $k ({}; .[$k] = ($k | length))
if .UserStatus == "CONFIRMED" then {ok: .Username} else empty end
def f(x): x | ascii_downcase; {a: f(.Username)}
. as {Username: $n, Attributes: {sub: $s}} | {$n, $s}
{a: (try error("x") catch .), b: (.Enabled and true), c: (.Username < "m")}
{a: [paths(type == "string")]}
{a: ([.[] | strings] | join("/"))}
END
title 'many programs were compared'
ok test "$count" -ge 25

title 'forms of JSON that are not canonical'
printf ' { "a" : "\\u00e9\\/\\u007f" , "b":1.0, "c":1E2,"a":2 ,"d":[ ] }\t\n' >odd
jq -c . odd >want
feed 0 odd map-attributes -e .
same want out

# --- no output, and the seal

seal two >sealed
feed 0 sealed map-attributes -e '{Username}'
has out '"rows":2'
has out '"source":"src","scope":"all","via":[]'
title 'the seal is right'
ok map-attributes -e . out
feed 0 sealed map-attributes -e 'select(.Enabled) | {Username}'
title 'who drops records is named'
has out '"via":["map-attributes"]'
has out '"rows":1'
feed 0 two map-attributes --stats stats -e 'select(.Enabled)'
has stats '"Read":2,"Dropped":1'
title 'plain in, plain out'
lacks out '~end'
feed 0 two map-attributes -e empty
empty out
feed 4 two map-attributes --seal -e .
has err 'stdin: incomplete: no seal'
feed 4 two env COGNITO_SEAL=1 map-attributes -e .
head -c -1 sealed >broken
feed 4 broken map-attributes -e . -o never
ok test ! -e never
sed 1d sealed >short
feed 4 short map-attributes -e .
has out '"ok":false'
run 4 map-attributes -e . sealed two

# --- rejects

printf '%s\n' "$ana" "$bob" "$ana" >rows
seal rows >three
title 'the first wrong record ends the run'
feed 1 three map-attributes -e 'if .Enabled then {Username} else reject("is disabled") end'
same - err <<<'map-attributes: stdin:2: is disabled'
lacks out '"ok":true'
title 'with --reject it goes on'
feed 3 three map-attributes -e 'if .Enabled then {Username} else reject("is disabled") end' --reject rejects -o mapped
same - err <<<'map-attributes: rejected 1: is disabled'
same - rejects <<<"{\"Reason\":\"is disabled\",\"Line\":2,\"Stream\":\"stdin\",\"Record\":$bob}"
has mapped '"rejected":1'
title 'a rejected record is not a dropped one'
has mapped '"via":[]'
title 'nothing of a record that is rejected late is put out'
feed 3 two map-attributes -e '{a: 1}, (if .Enabled then {a: 2} else reject("late") end)' --reject rejects
same - out <<'END'
{"a":1}
{"a":2}
END
has rejects '"Reason":"late"'

title 'no good seal without the rejects'
{ cat two; printf '{"%03000d\n' 0; } >long
seal long >long.sealed
echo old >rejects
small() (
	ulimit -f 1
	map-attributes -e . --reject rejects long.sealed
)
run 1 small
has err 'rejects: cannot write'
has out '"ok":false'
same - rejects <<<old

title 'nor rejects without the output'
{ cat long; printf '{"a":"%03000d"}\n' 0; } >longer
small() (
	ulimit -f 5
	map-attributes -e '., {b: .a}' --reject rejects -o mapped longer
)
echo old >mapped
run 1 small
has err 'mapped: cannot write'
same - rejects <<<old
same - mapped <<<old

title 'a reason that is cut stays text, and its seal a seal'
printf '{"~end":{"v":1,"ok":false,"rows":0,"bytes":0,"retryable":true,"reason":"%s"}}\n' \
	"x$(printf 'é%.0s' {1..100})" >failed
feed 75 failed map-attributes -e .
cp out failed.1
feed 75 failed.1 map-attributes -e .
ok iconv -f UTF-8 -t UTF-8 out
lacks err 'the writer failed: the writer failed'

title 'a seal that grew too long is no good end'
for i in 1 2; do
	printf '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,"via":["s"'
	for n in {1..20}; do printf ',"%s%015000d"' $i "$n"; done
	printf ']}}\n'
done >vias
head -n 1 vias >via.1
tail -n 1 vias >via.2
run 0 map-attributes -e . via.1
echo old >mapped
run 1 map-attributes -e . -o mapped via.1 via.2
has err 'the seal is longer than'
same - mapped <<<old

canary=canary7f3a
printf '{"Username":"x","Attributes":{"name":"%s"},"n":[1]}\n' $canary >secret
for program in '.Attributes.name | tonumber' '.Attributes.name | fromjson' '.Attributes.name + 1' \
	'.Attributes.name[]' '.Attributes.name | .x' 'error(.Attributes.name)' 'error(.)' \
	'error({a: .Attributes})' 'error' '.Attributes | keys | .[0] | error' '.Attributes.name' \
	'.Attributes - 1' '.n[.Attributes.name]' '.Attributes.name | strptime("%Y")' \
	'.Attributes.name | test("(")' '.Attributes.name | ltrimstr("x") | @base64d | tonumber' \
	'.Attributes.name | halt_error' 'halt' '.Attributes.name | debug' '.Attributes | stderr | .name' \
	'{(.Attributes.name): infinite}' '{(.Attributes.name): nan}' '{("~" + .Attributes.name): 1}' \
	'{"\(.Attributes.name)": 1} | .x.y.z[]' '{Username: ""}' '{GroupName: 1, a: .Attributes.name}' \
	'. * 2' '.Attributes.name | implode' 'input' '.n | .[0] | ascii_downcase' 'error(null)' \
	'.Attributes.name | if . then error else . end' 'env.HOME | length | error(.)' \
	'range(20000000) | {a: .Username, b: ("x" * 999)}'; do
	feed 1 secret map-attributes -e "$program"
	title 'one line, without content'
	ok test "$(wc -l <err)" -eq 1
	lacks err $canary
	empty out
done
rejects '1' "$ana" 'the mapping gave no object but: number'
rejects '{a: [infinite]}' "$ana" 'the mapping gave a number that is not finite'
rejects '.Username[]' "$ana" 'the mapping failed: cannot iterate over the type string'
rejects '.Username.x' "$ana" 'the mapping failed: cannot take a member of the type string'
rejects '.Username + 1' "$ana" 'the mapping failed: an operation does not take the type string'
rejects '{"~end": {}}' "$ana" 'the mapping gave a wrong record: a key that begins with ~ (reserved)'
title 'objects as deep as libjq reads'
deep=$(printf '{"a":%.0s' {1..128})1$(printf '}%.0s' {1..128})
maps . "$deep" <<<"$deep"
rejects . "{\"a\":$deep}" 'libjq cannot read the record: nested too deep for it'
rejects . '{"n":9007199254740993}' 'a number that a mapping would round: beyond 2^53 or too precise'
rejects . '{"n":0.12345678901234567}' 'a number that a mapping would round: beyond 2^53 or too precise'
maps . '{"n":9007199254740992}' <<<'{"n":9007199254740992}'
rejects '{a: ("x" * 2000000)}' "$ana" 'the mapping gave a wrong record: longer than 1048576 bytes'
printf '%s\n' "$ana" >one
feed 1 one map-attributes -e 'reject("tab\tbell\u0007 é")'
title 'a reason is made printable'
same - err <<<'map-attributes: stdin:1: tab\x09bell\x07 \xc3\xa9'

# --- what a program cannot reach

title 'the environment is empty'
export SECRET=$canary
feed 0 one map-attributes -e '{a: env, b: $ENV, c: (env.SECRET // "none")}'
same - out <<<'{"a":{},"b":{},"c":"none"}'
unset SECRET
echo 'def attr(x): "astray"; def foo: "astray";' >"$HOME/.jq"
title 'the .jq in the home directory is not read'
feed 2 one map-attributes -e '{a: foo}'
rm "$HOME/.jq"
feed 0 two map-attributes -e '{a: [inputs], b: input_filename}'
same - <(head -1 out) <<<'{"a":[],"b":null}'
feed 0 one map-attributes -e '{a: (.Username | stderr | debug)}'
empty err

# --- helpers

attributes 'attr("email")' '"email":"e"' '"e"'
attributes 'attr("custom:x")' '' null
attributes 'attr_or("a"; "d")' '"a":"v"' '"v"'
attributes 'attr_or("a"; "d")' '"a":""' '"d"'
attributes 'attr_or("a"; .Username)' '' '"ana"'
attributes 'bool("email_verified")' '"email_verified":"true"' true
attributes 'bool("email_verified")' '"email_verified":"FALSE"' false
attributes 'bool("email_verified")' '' null
attributes 'bool("b")' '"b":""' null
attributes 'bool("b")' '"b":false' false
attributes 'attr_or("b"; "d")' '"b":false' false
rejects 'bool("b")' '{"Attributes":{"b":"yes"}}' 'b: neither true nor false'
attributes 'bool("b") | to_TRUE_FALSE' '"b":"true"' '"TRUE"'
attributes 'bool("b") | to_TRUE_FALSE' '"b":"false"' '"FALSE"'
attributes 'bool("b") | to_TRUE_FALSE' '' null
attributes 'bool("b") | yes_no("Yes"; "No")' '"b":"false"' '"No"'
identity='"identities":"[{\"userId\":\"1\",\"providerName\":\"Google\",\"primary\":true,\"dateCreated\":1597158755583}]"'
tokens='"identities":"[{\"userId\":\"1\",\"providerName\":\"Google\",\"primary\":\"true\",\"dateCreated\":\"1597158755583\"}]"'
decoded='[{"userId":"1","providerName":"Google","primary":true,"dateCreated":1597158755583}]'
attributes identities "$identity" "$decoded"
attributes identities "$tokens" "$decoded"
attributes identities '' '[]'
attributes identities '"identities":""' '[]'
rejects identities '{"Attributes":{"identities":"[{"}}' 'identities: not a JSON array of objects'
rejects identities '{"Attributes":{"identities":"{}"}}' 'identities: not a JSON array of objects'
rejects identities '{"Attributes":{"identities":"[1]"}}' 'identities: not a JSON array of objects'
rejects identities '{"Attributes":{"identities":"[{\"dateCreated\":\"x\"}]"}}' 'identities: dateCreated is no number'
attributes providers "$identity" '["Google"]'
attributes providers '' '[]'
attributes is_federated "$identity" true
attributes is_federated '' false
maps '{x: is_federated}' '{"UserStatus":"EXTERNAL_PROVIDER"}' <<<'{"x":true}'
attributes address '"address":"{\"locality\":\"Bonn\",\"n\":5}"' '{"locality":"Bonn","n":"5"}'
attributes address '"address":"1 Road, Bonn"' '{"formatted":"1 Road, Bonn"}'
attributes address '"address":"{not JSON"' '{"formatted":"{not JSON"}'
attributes address '' null
attributes display_name '"name":"N","given_name":"G"' '"N"'
attributes display_name '"given_name":"G","family_name":"F"' '"G F"'
attributes display_name '"family_name":"F"' '"F"'
attributes display_name '"given_name":5,"family_name":"F"' '"5 F"'
attributes display_name '"name":"","preferred_username":"p","email":"e"' '"p"'
attributes display_name '"email":"e"' '"e"'
attributes display_name '' '"ana"'
attributes 'given_name_or("-"), family_name_or("-") | tojson' '"given_name":"G"' $'"\\"G\\""}\n{"x":"\\"-\\""'
maps '{x: groups_joined(";")}' "$ana" <<<'{"x":"a;b"}'
maps '{x: groups_joined(";")}' "$bob" <<<'{"x":""}'
maps '{x: groups_joined(";")}' '{"Username":"x"}' <<<'{"x":null}'
rejects 'groups_joined(";")' '{"Groups":["a;b"]}' 'a group name holds the separator ;'
maps '{x: login("auto")}' "$ana" <<<'{"x":"ana"}'
maps '{x: login("auto")}' "$bob" <<<'{"x":"bob@example.com"}'
maps '{x: login("username")}' "$bob" <<<'{"x":"s-2"}'
maps '{x: login("email")}' "$ana" <<<'{"x":"ana@example.com"}'
maps '{x: login("auto")}' '{"GroupName":"g","Username":"s","Attributes":{"sub":"s","email":"e"}}' <<<'{"x":"e"}'
rejects 'login("auto")' '{"Username":"s","Attributes":{"sub":"s"}}' 'the Username is the sub, and there is no email to name the user by'
rejects 'login("preferred_username")' "$ana" 'no preferred_username to name the user by'
wrong_args '{a: choice("how"; ["one", "two"])}' '--arg how: must be one or two' --arg how=three
maps '{a: choice("how"; ["one", "two"])}' "$ana" <<<'{"a":"one"}'
wrong_args '{a: $ARGS.named.how}' '--arg hows: no variable of -e' --arg hows=1
wrong_args '{a: $ARGS.named["how"], hows_: 1}' '--arg hows: no variable of -e' --arg hows=1
title 'a variable that only $ARGS has'
feed 0 in map-attributes --arg any=1 -e '$ARGS.named | {Username: tojson}'
same - out <<<'{"Username":"{\"any\":\"1\"}"}'
wrong_args 'login("x")' '--arg login: must be auto, username, email or preferred_username'
rejects 'login("auto")' '{"GroupName":"g"}' 'no Username'
attributes 'attr("updated_at") | epoch_to_rfc3339' '"updated_at":"1532531538"' '"2018-07-25T15:12:18Z"'
attributes 'attr("updated_at") | epoch_to_date' '"updated_at":"1532531538.9"' '"2018-07-25"'
attributes '1532531538 | epoch_to_date' '' '"2018-07-25"'
attributes 'null | epoch_to_date' '' null
rejects '"soon" | epoch_to_date' '{}' 'a date: not seconds since the Epoch'
attributes '"2018-07-25T15:32:11.091Z" | rfc3339_to_ms' '' 1532532731091
attributes '"2018-07-25T15:32:11.5Z" | rfc3339_to_ms' '' 1532532731500
attributes '"2018-07-25T15:32:11Z" | rfc3339_to_epoch' '' 1532532731
rejects '"2018-07-25" | rfc3339_to_ms' '{}' 'a date: not RFC 3339 in UTC'
attributes 'attr("birthdate") | birthdate_us' '"birthdate":"1985-02-01"' '"02/01/1985"'
attributes 'attr("birthdate") | birthdate_us' '"birthdate":"2000-02-29"' '"02/29/2000"'
attributes 'attr("birthdate") | birthdate_us' '"birthdate":"1985-12-31"' '"12/31/1985"'
attributes 'attr("birthdate") | birthdate_us' '' null
for date in 0000-02-01 1985 1985-13-01 1985-02-00 01/02/1985 1985-02-30 1985-04-31 1900-02-29 '1985-02-01\n'; do
	rejects 'attr("birthdate") | birthdate_us' "{\"Attributes\":{\"birthdate\":\"$date\"}}" 'birthdate: not a whole date, YYYY-MM-DD'
done
attributes 'attr("locale") | locale_bcp47' '"locale":"en_US"' '"en-US"'
attributes 'attr("locale") | locale_bcp47' '"locale":"zh_Hans_CN.UTF-8"' '"zh-Hans-CN"'
attributes 'attr("locale") | locale_bcp47' '' null
attributes '[.Attributes.c[] | country_code]' '"c":["us","US","Us","U1","1U","U","USA","[A","A[","ZZ","@A","É","",null]' \
	'["US","US","US",null,null,null,null,null,null,"ZZ",null,null,null,null]'
attributes 'attr("locale") | locale_underscore' '"locale":"en-US"' '"en_US"'
attributes '["a","b"] | flat' '' '"a;b"'
attributes '["a;b"] | flat' '' '"[\"a;b\"]"'
attributes '{"a":1} | flat' '' '"{\"a\":1}"'
attributes '{"a":1,"b":2,"c":3} | others(["b"])' '' '{"a":1,"c":3}'
title 'what fails behind a helper is not caught by it'
rejects '(identities, address, providers) as $x | reject("later")' "$ana" later
wrong_args '(identities, address, providers) as $x | wrong_arg("--arg x: bad")' '--arg x: bad'

# --- the mappings

title 'an attribute cannot take the place of the name'
maps "$(cat "$TOP/pipelines/mappings/flat-user.jq")" '{"Username":"ana","Attributes":{"Username":"bob","sub":"s"}}' <<'END'
{"Username":"ana","sub":"s","Enabled":null,"UserStatus":null,"UserCreateDate":null,"UserLastModifiedDate":null}
END
title 'flat-user loses nothing'
maps "$(cat "$TOP/pipelines/mappings/flat-user.jq")" '{"Username":"ana","Enabled":true,"Attributes":{"custom:x":"1","email":"e","sub":"s"},"Groups":["a","b"],"MFAOptions":[{"k":1}],"UserMFASettingList":["A","B"]}' <<'END'
{"Username":"ana","sub":"s","Enabled":true,"UserStatus":null,"UserCreateDate":null,"UserLastModifiedDate":null,"custom:x":"1","email":"e","Groups":"a;b","MFAOptions":"[{\"k\":1}]","UserMFASettingList":"A;B"}
END
printf '{"GroupName":"g","Precedence":1,"Other":[1]}\n' >group
feed 0 group map-attributes -m flat-group
same - out <<<'{"GroupName":"g","Description":null,"Precedence":1,"RoleArn":null,"CreationDate":null,"LastModifiedDate":null,"Other":"[1]"}'
printf '{"GroupName":"g","Username":"u","Attributes":{"email":"e","sub":"s"}}\n' >membership
feed 0 membership map-attributes -m flat-membership
same - out <<<'{"GroupName":"g","Username":"u","sub":"s","email":"e"}'

printf '%s\n' '{"Username":"ana","Enabled":true,"UserStatus":"EXTERNAL_PROVIDER","Attributes":{"address":"{\"street_address\":\"1 Road\",\"locality\":\"Bonn\",\"country\":\"de\"}","email":"ana@example.com","family_name":"Silva","given_name":"Ana","locale":"pt_BR","phone_number":"+1555","sub":"s"}}' \
	'{"Username":"s-2","Enabled":false,"Attributes":{"address":"2 Road","email":"b@example.com","email_verified":"true","sub":"s-2"}}' >oci
feed 0 oci map-attributes -m oci-users
same - out <<'END'
{"User ID":"ana","Last Name":"Silva","First Name":"Ana","Middle Name":null,"Display Name":"Ana Silva","Nick Name":null,"Profile URL":null,"Locale":"pt-BR","TimeZone":null,"Work Email":"ana@example.com","Primary Email Type":"work","Mobile No":"+1555","Work Street Address":"1 Road","Work City":"Bonn","Work State":null,"Work Postal Code":null,"Work Country":"DE","Work Address Formatted":null,"Active":"TRUE","Federated":"TRUE","ByPass Notification":"TRUE","External Id":"s"}
{"User ID":"b@example.com","Last Name":"-","First Name":"-","Middle Name":null,"Display Name":"b@example.com","Nick Name":null,"Profile URL":null,"Locale":null,"TimeZone":null,"Work Email":"b@example.com","Primary Email Type":"work","Mobile No":null,"Work Street Address":null,"Work City":null,"Work State":null,"Work Postal Code":null,"Work Country":null,"Work Address Formatted":"2 Road","Active":"FALSE","Federated":"FALSE","ByPass Notification":"TRUE","External Id":"s-2"}
END
feed 0 oci map-attributes -m oci-users --arg login=username --arg family_default=none --arg given_default=n --arg bypass_notification=FALSE --arg federated=FALSE
has out '{"User ID":"s-2","Last Name":"none","First Name":"n",'
has out '"ByPass Notification":"FALSE"'
lacks out '"Federated":"TRUE"'
# oci_rejects MAPPING RECORD REASON [OPTION...]
oci_rejects() {
	printf '%s\n' "$2" >bad
	title "$1: $3"
	feed 1 bad map-attributes -m "$1" "${@:4}"
	same - err <<<"map-attributes: stdin:1: $3"
}
oci_rejects oci-users '{"Username":"ab","Enabled":true}' 'the user name has fewer than 3 characters'
oci_rejects oci-users '{"Username":"a;bc","Enabled":true}' 'the user name holds a semicolon, which separates the members of groups'
oci_rejects oci-users '{"Username":"abc","Enabled":true}' 'no email' --arg email=required
oci_rejects oci-users '{"Username":"s","Enabled":true,"Attributes":{"email":"admin@example.com","sub":"s"}}' \
	'the email that would name the user is not verified; --arg unverified=allow takes it'
oci_rejects oci-groups '{"GroupName":"abcd","Members":[]}' 'the group name has fewer than 5 characters'
oci_rejects oci-groups '{"GroupName":"abcde"}' 'no Members: an array of user names is needed'
oci_rejects oci-groups '{"GroupName":"abcde","Members":["a;b"]}' "a member's name holds a semicolon, which separates the members"
oci_rejects oci-groups '{"GroupName":"abcde","Members":[""]}' 'a member has no name'
printf '%s\n' '{"GroupName":"abcde","Description":"d","Members":["ana","bob"]}' '{"GroupName":"fghij","Members":[]}' >groups
feed 0 groups map-attributes -m oci-groups
same - out <<'END'
{"Display Name":"abcde","Description":"d","User Members":"ana;bob"}
{"Display Name":"fghij","Description":null,"User Members":""}
END
for mapping in flat-user oci-users; do
	title "$mapping takes the pool of hard cases"
	status=0
	map-attributes -m $mapping --reject rejects users >out 2>err || status=$?
	ok test "$status:$(cat out rejects | wc -l)" = "$([ -s rejects ] && echo 3 || echo 0):$(wc -l <users)"
	lacks rejects 'the mapping failed'
done

# --- input and output

: >nothing
feed 0 nothing map-attributes -e .
empty out
printf '{"a":1}\n{"a":2}' >unfinished
feed 4 unfinished map-attributes -e .
same - out <<<'{"a":1}'
printf '{"a":"\xff"}\n' >latin
feed 1 latin map-attributes -e .
has err 'stdin:1: '
empty out
printf '{"a":"\\ud800"}\n' >lone
feed 1 lone map-attributes -e .
{ printf '{"a":"'; head -c 1100000 /dev/zero | tr '\0' x; printf '"}\n{"b":1}\n'; } >long
feed 1 long map-attributes -e .
has err 'stdin:1: longer than 1048576 bytes'
feed 3 long map-attributes -e . --reject rejects
same - out <<<'{"b":1}'
printf 'not JSON\n[1]\n\n{"a":1}\n' >mixed
feed 3 mixed map-attributes -e . --reject rejects
same - out <<<'{"a":1}'
ok test "$(wc -l <rejects)" -eq 3
title '/dev/full'
map-attributes -e . two >/dev/full 2>err
[ $? -eq 1 ]
verdict $? 'status 1'
has err 'stdout'
title 'closed standard output'
map-attributes -e . two >&- 2>err
[ $? -eq 1 ]
verdict $? 'status 1'
title 'the reader is gone'
for _ in $(seq 500); do cat users; done >many
{ map-attributes -e . many 2>err; echo $? >status; } | head -1 >/dev/null
[ "$(cat status)" -eq 141 ]
verdict $? 'status 141'
empty err
printf 'old\n' >kept
feed 1 two map-attributes -e 'if .Enabled then . else reject("x") end' -o kept
title 'a failed run leaves the old file'
same - kept <<<old

title '--hold-back: users of a state go to the rejects, nobody else'
cat >states <<'END'
{"Username":"a","UserStatus":"UNCONFIRMED"}
{"Username":"b","UserStatus":"CONFIRMED"}
{"Username":"c"}
{"Username":"d","UserStatus":"FORCE_CHANGE_PASSWORD"}
{"GroupName":"g","UserStatus":"UNCONFIRMED"}
{"GroupName":"g","Username":"a","UserStatus":"UNCONFIRMED"}
{"Username":"e","UserStatus":"UNCONFIRMED","UserStatus":"CONFIRMED"}
END
feed 3 states map-attributes -e . --hold-back UNCONFIRMED,FORCE_CHANGE_PASSWORD --reject held
jq -c '[.Username, .GroupName]' out >actual
same - actual <<'END'
["b",null]
["c",null]
[null,"g"]
["a","g"]
["e",null]
END
jq -c '[.Reason, .Line, .Record.Username]' held >actual
same - actual <<'END'
["held back: UNCONFIRMED",1,"a"]
["held back: FORCE_CHANGE_PASSWORD",4,"d"]
END
title 'held back counts as rejected in the seal'
seal states >sealed
feed 3 sealed map-attributes --seal -e . --hold-back UNCONFIRMED --reject held
has out '"rejected":1'
for list in UNCONFIRMD unconfirmed '' ',' 'UNCONFIRMED,'; do
	title "--hold-back '$list': such a state does not exist"
	feed 2 states map-attributes -e . --hold-back "$list" --reject held
	has err '--hold-back: no state of users'
done
title '--hold-back without --reject: where would they be?'
feed 2 states map-attributes -e . --hold-back UNCONFIRMED
has err '--hold-back: needs --reject'

# --- behind the door (sandbox in cognito-filters(7)): libjq reads nothing when a program runs
echo '{"Username":"a"}' >single
if command -v jq >/dev/null; then
	title 'libjq knows the time zone'
	feed 0 single map-attributes -e '{a: (0 | localtime | mktime), b: (0 | strflocaltime("%H %Z"))}'
	env -u TZ jq -n -c '{a: (0 | localtime | mktime), b: (0 | strflocaltime("%H %Z"))}' >expected
	same expected out
fi
title 'input_filename is null'
feed 0 single map-attributes -e '{a: input_filename}'
same - out <<<'{"a":null}'
title 'a program reads no module when it runs'
# With a door that stays open (AddressSanitizer) there is none to try.
if map-attributes --version --verbose | grep -q 'seccomp yes'; then
	feed 0 single map-attributes -e '{a: ("cognito" | modulemeta)}'
	same - out <<<'{"a":null}'
fi

finish
