#!/usr/bin/env bash
# shellcheck disable=SC2016 # the $ in programs is jq's
# map-attributes: native programs give jq's bytes, --explain tells which they are, and records that
# they cannot answer for go to libjq.
. "$(dirname "$0")/lib.sh"

# What libjq 1.6 leaks where an operation fails within a "try" is its own.
export ASAN_OPTIONS=detect_leaks=0

"$TOOLS/make-pool" -n 20000 >pool
grep -v '"GroupName"' pool >users
head -400 users >few

# --- the same bytes as the jq command on 20,000 users

projection='{Username, login: (.Attributes.email // .Username), on: .Enabled,
  name: "\(.Attributes.given_name) x", a: [.Attributes["custom:tenant"], .UserStatus == "CONFIRMED"],
  f: (if .Enabled and (.Attributes | has("email")) then "yes" elif .Enabled then "no" else null end)}'
run 0 map-attributes --explain -e "$projection"
same - out <<<natively
feed 0 users map-attributes -e "$projection"
jq -c "$projection" users >want
title 'a projection of 20,000 users'
same want out
feed 0 users map-attributes -e "$projection" --no-native
title 'the same by libjq'
same want out

count=0
while IFS= read -r program; do
	count=$((count + 1))
	title "native: $program"
	run 0 map-attributes --explain -e "$program"
	title "explained: $program"
	same - out <<<natively
	jq -c "$program" few >want
	feed 0 few map-attributes -e "$program"
	title "same bytes: $program"
	same want out
done <<'END'
.

.Attributes
{}
{u: .Username, e: .Attributes.email}
select(.Enabled)
select(.Attributes.email_verified == "true") | {Username}
{a: [.Attributes[]], n: (.Attributes | length), t: (.Attributes | tojson)}
. + {Groups: ["x", "é", "\u001b\u2028\""]}
.Username as $u | range(3) | {u: $u, i: .}
def f(x): x | ascii_downcase; {a: f(.Username)}
def f($x; g): [$x, x, g]; {a: f(.Username; .Enabled, 1)}
{(.Username): 1, "b c": "a" , "x\(1 + 2)": null, a: .a.b.c}
{a: (.Attributes.name // "-" | split(" ") | .[-1] | ltrimstr("S")), b: .Username[:3]}
{a: (.Enabled and true), b: (.Username < "m"), c: (.Attributes == {}), d: (.Enabled | not)}
.Attributes | with_entries(select(.value != "")) | map_values([.])
.Attributes | with_entries(select(.key | startswith("custom:")) | .key |= .[7:])
{a: [.Attributes[] | select(test("^[A-Z][a-z]{2,9}\\z"))], b: any(.Attributes[]; contains("@"))}
.Enabled = "x" | .new = .Username | .UserStatus |= ascii_downcase
{a: ([.Attributes.address // "{}" | try fromjson catch null] | .[0].country?)}
if .UserStatus == "CONFIRMED" then {ok: .Username} else empty end
{a: ([.Username, null, 1, true] | join("-")), b: ([{a: 1}, {b: 2}] | add), c: (1 + 2 - 4)}
{a: (.Attributes | tojson | length), b: ([.Username | .a?])}
{a: (reduce .Attributes[] as $v (""; . + $v[:2])), b: (.Attributes.name[1:-1]), c: ([1, .Username, 3][1:])}
.Attributes | {a: [to_entries[] | select(.key < "f") | .value]}
reduce (.Attributes | to_entries[]) as $e ({Username}; . + {($e.value): $e.key})
{a: (.Attributes.name // "" | sub("(an|ana|n)+"; "_")), b: (.Username | gsub("o{1,2}|oe|.e"; "[x]")), c: (.Username | gsub("$"; "x"))}
{a: (.Username | sub("^(a|ab|[c-z])?[^b]"; "x") | gsub("[^a-z]+$|-"; "\"\\")), b: (" \tx " | sub(" +$"; "") | sub("^\\s*"; ""))}
{a: (.Attributes.name // "" | explode), b: ([.Username | explode[] | select(. > 100)] | implode), c: ("é😀" | explode)}
{a: (.Username | length | [. * 3, . * -1, . % 3, 7 % ., . * 8 / 4, (. / 2 | floor), (0 - . / 2 | floor), (. / -3 | floor), 0 * .])}
{a: ({b: {c: 1}, d: 2} * {b: {e: .Username}, d: {}} * .Attributes)}
{a: (.UserCreateDate[:19] + "Z" | fromdate), b: ("2024-02-29T23:59:59Z" | fromdate), c: ("2023-02-29T00:00:00Z" | fromdate)}
.Attributes.email |= (. // "" | ascii_upcase) | .Attributes.x.y = .Username | .Attributes.name //= "?" | .n += 2 | .n *= 3 | .Groups += ["x"]
del(.Username, .Enabled) | del(.Attributes.email) | del(.x.y.z) | .UserStatus //= .Username
{a: ([range(30) | . * 86399 * 97700 | todate | [., fromdate]])}
{a: [range(empty)], b: [range(.Username | select(. > "m") | length) // "none"]}
{a: [.Attributes.birthdate, .Username | try (tonumber + 1) catch "none"], b: [try (.Attributes[] | .a) catch 1]}
END
ok test "$count" -ge 20

# --- the mappings that come along

# hostile-users.ndjson was made at random: attributes that are numbers, objects, control characters,
# keys with escapes, half whole addresses and the like.
head -600 users >all
cat "$TOP/tests/data/hostile-users.ndjson" >>all
sed -n '/"GroupName"/p' pool >groups
head -20 groups >>all
for mapping in "$TOP"/pipelines/mappings/*.jq; do
	mapping=$(basename "$mapping" .jq)
	args=(-m "$mapping")
	case $mapping in
	cognito) continue ;;
	csvde-* | ldif-*) args+=(--arg "base=OU=People,DC=example,DC=com") ;;
	cognito-import) args+=(--arg newlines=space --arg federated=keep) ;;
	google-members) args+=(--arg group_domain=example.com) ;;
	scim) args+=(--arg extension=urn:x --arg enterprise=division:custom:tenant) ;;
	esac
	title "$mapping is native"
	run 0 map-attributes --explain "${args[@]}"
	title "$mapping: explained"
	same - out <<<natively
	rm -f ours theirs
	map-attributes "${args[@]}" --reject ours all >out 2>err
	map-attributes "${args[@]}" --no-native --reject theirs all >want 2>err2
	title "$mapping: the same records by libjq"
	same want out
	touch ours theirs
	title "$mapping: the same rejects by libjq"
	same theirs ours
done

# --- what is not native, and why

explains() {
	title "why: $1"
	run 0 map-attributes --explain "${@:3}" -e "$1"
	title "the reason: $1"
	same - out <<<"by libjq: $2"
}
explains $'.a |\n splits("x")' '2: splits/1'
explains '.b[0] *= 2' '1: an assignment to more than names'
explains 'del(.a.b, .c)' '1: del of more than names'
explains '{a: 1.5}' '1: a number that is no short integer'
explains 'foreach .a[] as $x (0; . + $x)' '1: foreach'
explains '{a: (.b, .c)}' '1: several values in one place'
explains 'def f: f; f' '1: its depth or its size'
explains '.a as [$x] | {$x}' '1: a pattern behind as'
explains '{a: (.b | test("(?i)x"))}' '1: a regular expression'
explains '{a: (.b | sub("(?<x>a)"; .x))}' '1: sub of no constants'
explains '{a: (.b | sub("(a*)*"; "x"))}' '1: a regular expression'
explains '{a: (.b | gsub("^a"; "x"))}' '1: a regular expression'
explains '{a: (.b | base_of(["base"]; "x") | gsub("a"; .))}' '1: gsub of no constants'
explains '{a: (.b | trimmed | splits("a"))}' '1: splits/1'
explains 'def null: 1; {a: null}' '1: a definition of null, true or false'
explains $'# \\\n{a: 1}' '1: an end of a line that is not the same to all versions'
explains '{e: $ENV}' "1: a variable of jq's own"
explains '{a: 1}' '--no-native' --no-native
title '--explain reads nothing and takes wrong programs for what they are'
run 2 map-attributes --explain -e '.a }'
has err '-e:1: syntax error'
while IFS= read -r program; do
	title "libjq would not compile: $program"
	echo '{"Username":"a"}' >in
	feed 2 in map-attributes -e "$program"
	empty out
done <<'END'
{(1): 2}
{if}
{a: (.b)?}
.?.b
{("a")}
(.a)? as $x | {$x}
.[:]
.b as $if | {a: 1}
def if: 1; {a: 1}
def f(then): 1; {a: 1}
if true then . else (1 / 0) end
if $ARGS.named.x == "y" then {$x} else {a: nope} end
END
title 'an unknown name that nothing calls is for libjq to judge'
run 0 map-attributes --explain -e 'def f: nope; {a: 1}'
same - out <<<natively
title 'what cannot be reached is not looked at'
run 0 map-attributes --explain -e 'if $ARGS.named.x == "y" then splits("a") else . end'
same - out <<<natively
run 0 map-attributes --explain -e 'if $ARGS.named.x == "y" then splits("a") else . end' --arg x=y
same - out <<<'by libjq: 1: splits/1'
title '/dev/full'
map-attributes --explain -e . >/dev/full 2>err
[ $? -eq 1 ]
verdict $? 'status 1'

# --- records for libjq: the same result, the same reason

cat >odd <<'END'
{"Username":"a","n":1.50,"o":{"k":1,"k":2}}
{"Username":"b","n":1E2,"o":{"\u006b":3},"Attributes":{"e":"\u00e9\/\u007f"}}
{"Username":"c","n":-0,"o":null}
 { "Username" : "d" , "n" : [ 1 , { } ] , "n" : 7 , "o" : { "k" : "x\u0000y" } }
{"Username":"e","n":100000000000000000,"o":{"k":[]}}
{"Username":"f","n":123456789012345,"o":{}}
END
for program in . '{Username, n, k: .o.k}' '{o, t: "\(.o) \(.n)"}' '{l: (.o | length), o: [.o | .[]?]}' '.o // {} | with_entries(.)'; do
	jq -c "$program" odd >want
	feed 3 odd map-attributes -e "$program" --reject rejects
	title "odd records: $program"
	while IFS= read -r line; do grep -qxF -e "$line" want || echo "$line"; done <out >strange
	empty strange
	feed 3 odd map-attributes -e "$program" --reject rejects2 --no-native
	mv out theirs
	feed 3 odd map-attributes -e "$program" --reject rejects2
	title "odd records, both ways: $program"
	same theirs out
	title "rejected, both ways: $program"
	same rejects2 rejects
done
reasons() {
	echo '{"Username":"ana","s":"x","Attributes":{"email_verified":"perhaps"}}' >in
	title "$1"
	feed 1 in map-attributes -e "$1"
	title "$1: $2"
	same - err <<<"map-attributes: stdin:1: $2"
}
reasons '{a: bool("email_verified")}' 'email_verified: neither true nor false'
reasons 'if .s == "x" then reject("no x") else . end' 'no x'
reasons '{a: .s.b}' 'the mapping failed: cannot take a member of the type string'
reasons '{a: (.s + 1)}' 'the mapping failed: an operation does not take the type string'
reasons '.s' 'the mapping gave no object but: string'
reasons '{a: 1}, .s' 'the mapping gave no object but: string'
reasons '{"~a": 1}' 'the mapping gave a wrong record: a key that begins with ~ (reserved)'
title 'libjq, started late, has the helpers as they were when the program began'
mkdir -p own/mappings
cp "$COGNITO_FILTERS_PATH/mappings/cognito.jq" own/mappings/
mkfifo fifo
rm -f out
COGNITO_FILTERS_PATH=$PWD/own map-attributes -e '{a: bool("x")}' --jobs 2 <fifo >out 2>err &
pid=$!
exec 5>fifo
echo '{"Username":"a","Attributes":{"x":"true"}}' >&5
for _ in {1..100}; do [ -s out ] && break; sleep 0.1; done
echo 'def bool(name): broken' >own/mappings/cognito.jq
echo '{"Username":"a","n":1.5,"Attributes":{"x":"FALSE"}}' >&5
exec 5>&-
wait "$pid"
verdict $? 'status 0'
same - out <<<$'{"a":true}\n{"a":false}'
title 'a wrong variable ends the run'
feed 2 in map-attributes -e '{a: choice("x"; ["v"])}' --arg x=w
same - err <<<'map-attributes: --arg x: must be  or v'

finish
