#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
# pool-report: that its figures are those of the records, by another count of them; that they do not
# depend on the records' order; that nobody is named unasked; and that what is not whole makes no page.
check=$TOP/tests/helpers/check-report.py

# --- the figures
make-pool -n 3000 >pool
jq -c 'if .Username and (.GroupName | not) then (.Attributes.sub[0:1]) as $h
		| if $h == "0" then empty
		elif $h == "1" then .UserStatus = "RESET_REQUIRED"
		elif $h == "2" then .Attributes["custom:new"] = "x" | del(.Attributes.name)
		elif $h == "3" then .Enabled = false
		elif $h == "4" then .Attributes.locale = "xx" | (.Attributes.email | strings) |= ascii_upcase
		else . end
	elif .Username and (.Username | length) % 7 == 0 then empty else . end' pool >changed
run 0 pool-report --format text pool
mv out report
title 'as another count has them'
run 0 /usr/bin/python3 -B "$check" report pool
run 0 pool-report --format text --before pool changed
mv out report
title 'since another snapshot'
run 0 /usr/bin/python3 -B "$check" report changed pool
run 0 pool-report --format text --before changed pool
mv out report
title 'and the other way round'
run 0 /usr/bin/python3 -B "$check" report pool changed

title 'the count is one that sees a mistake'
sed '/^  Users who are gone/s/[0-9]/9/' report >wrong
run 1 /usr/bin/python3 -B "$check" wrong pool changed

# Of one sub there are several records; reasons are as frequent; examples are more than are shown.
title 'the same bytes in every run, and in any order'
for ((i = 0; i < 30; i++)); do
	printf '{"Username":"u%d","UserStatus":"S%d","Attributes":{"sub":"one","email":"e%d@x"}}\n' $i $((i % 3)) $((i / 2))
done >subs
for ((i = 0; i < 30; i++)); do printf '{"Reason":"why %d","Line":%d,"Stream":"x","Record":{"Username":"r%d"}}\n' $((i % 2)) $((i + 1)) $i; done >why
sed 's/S1/S2/; s/e7@/f7@/' subs >later
pool-report --format text --show-values --before subs --rejects x=why later >expected
for ((i = 0; i < 8; i++)); do
	shuf --random-source=<(yes $i) later >later.$i
	shuf --random-source=<(yes $i) why >why.$i
	shuf --random-source=<(yes $i) subs >subs.$i
	pool-report --format text --show-values --before subs.$i --rejects x=why.$i later.$i >actual
	cmp expected actual || : >differs
done
ok test ! -e differs
title 'attributes beyond those that are told apart change, too'
jq -nc '{Username: "a", Attributes: ([range(300) | {"a\(.)": "x"}] | add)}' >broad
sed 's/"a299":"x"/"a299":"y"/' broad >broader
run 0 pool-report --format text --before broad broader
tr -s ' ' ' ' <out >line
has line ' Changed users 1 100.0%'
has line ' with names that are not told apart 0 1 0'
title 'an identity that somebody names twice is one'
jq -nc '[range(2) | {userId: "7", providerName: "Google"}] | tojson | {Username: "a", Attributes: {identities: .}}' >twice
run 0 pool-report --format text twice
tr -s ' ' ' ' <out >line
has line ' identity 0 0 0 0 0'
ok grep -qx ' Google #* 1' line
has line ' Enabled not known'
title 'what one side does not know is no change'
echo '{"Username":"a"}' >knows
echo '{"Username":"a","Enabled":true,"UserMFASettingList":["SMS_MFA"]}' >knowing
for pair in 'knows knowing' 'knowing knows'; do
	# shellcheck disable=SC2086 # two
	run 0 pool-report --format text --before $pair
	tr -s ' ' ' ' <out >line
	for label in 'Changed users' 'Enabled since' 'Second factor taken into use' 'Second factor given up'; do
		ok grep -qx " $label 0\( 0.0%\)*" line
	done
done

title 'another second factor is a change, where both know all of them'
factors() { printf '{"Username":"a"%s}\n' "$1"; }
while IFS='|' read -r earlier later want; do
	factors "$earlier" >knows
	factors "$later" >knowing
	run 0 pool-report --format text --before knows knowing
	tr -s ' ' ' ' <out >line
	same - <(sed -n 's/^ Changed users \([01]\).*/\1/p; s/^ Second factor .* \([01]\)$/\1/p' line | paste -sd' ') <<<"$want"
done <<'END_FACTORS'
,"UserMFASettingList":["SMS_MFA"]|,"UserMFASettingList":["SOFTWARE_TOKEN_MFA"]|1 0 0 1
,"UserMFASettingList":["SMS_MFA"]|,"UserMFASettingList":["SOFTWARE_TOKEN_MFA","SMS_MFA"]|1 0 0 1
,"UserMFASettingList":["SMS_MFA","EMAIL_OTP"]|,"UserMFASettingList":["EMAIL_OTP","SMS_MFA"]|0 0 0 0
,"UserMFASettingList":["SMS_MFA"]|,"UserMFASettingList":[]|1 0 1 0
,"MFAOptions":[{"DeliveryMedium":"SMS"}]|,"UserMFASettingList":["SOFTWARE_TOKEN_MFA","SMS_MFA"]|0 0 0 0
END_FACTORS

# sealed FILE SOURCE: the records with a seal behind them.
sealed() {
	cat "$1"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":%d,"source":"%s","scope":"all"}}\n' \
		"$(wc -l <"$1")" "$(wc -c <"$1")" "${3:-0}" "$2"
}
title 'users of one pool and groups of another'
echo '{"Username":"a","Groups":["x"]}' >one
echo '{"GroupName":"x"}' >two
sealed one https://h/eu-west-1_a/users >one.s
while read -r source times; do
	sealed two "$source" >two.s
	run 0 pool-report --format text one.s two.s
	ok test "$(tr -s '\n ' ' ' <out | grep -c 'Attention: The records are of several pools')" -eq "$times"
done <<'END_POOLS'
https://h/eu-west-1_a/groups 0
https://h/eu-west-1_b/groups 1
https://elsewhere/eu-west-1_a/groups 0
hr.csv 0
END_POOLS
echo '{"Id":"eu-west-1_c","SchemaAttributes":[{"Name":"sub"}]}' >three
run 0 pool-report --format text one.s <(sealed three text.csv)
ok grep -q 'Attention: The records are of several pools' <(tr -s '\n ' ' ' <out)
title 'one of each'
sealed one https://h/eu-west-1_a/users 1 >one.s
{ cat two; echo '{"a":1}'; } >two.s
run 3 pool-report --format text --reject wrong --stats stats one two.s
tr -s '\n ' ' ' <out >line
has line '1 user, 1 group, 1 membership '
has line '1 record was wrong, and is not counted.'
title 'how long the page is'
ok test "$(jq .Bytes stats)" -eq "$(wc -c <out)"
run 0 pool-report --format text one.s
has <(tr -s '\n ' ' ' <out) 'The stages before have rejected 1 record.'
run 0 pool-report --format text one one
has <(tr -s '\n ' ' ' <out) '1 user name comes more than once, as if records were given twice: all figures count it as often.'

title 'in any order, from files or a pipe, the bytes are the same'
shuf --random-source=report pool >shuffled
split -n l/3 shuffled part-
run 0 pool-report --format text --before changed part-*
same report out
feed 0 shuffled pool-report --format text --before changed
same report out
title 'HTML, too'
run 0 pool-report -o a.html pool
run 0 pool-report -o b.html shuffled
same a.html b.html

title 'with Groups in place of memberships, and with both'
expand-members --members <(grep '"GroupName".*"Username"' pool) <(grep '"UserStatus"' pool) >users
grep '^{"GroupName"' pool | grep -v '"Username"' >groups
pool-report --format text pool | sed -n '/^Groups by size/,/^Attributes$/p' >expected
pool-report --format text users groups | sed -n '/^Groups by size/,/^Attributes$/p' >actual
same expected actual
pool-report --format text users pool --reject no | sed -n '/^Overlap/,/^Attributes$/p' >actual
sed -n '/^Overlap/,/^Attributes$/p' expected >overlap
same overlap actual
ok test -s overlap

title 'with Members, too'
jq -nc '[inputs | select(.GroupName and .Username)] | group_by(.GroupName)[] | {GroupName: .[0].GroupName, Members: map(.Username)}' pool >lists
pool-report --format text lists users groups | sed -n '/^Groups by size/,/^Attributes$/p' >actual
same expected actual
jq -c 'del(.Groups)' users >bare
pool-report --format text lists bare groups >report
sed -n '/^Groups by size/,/^Attributes$/p' report >actual
same expected actual
title 'and each membership is counted once'
ok grep -q "Records  3,000 users, [0-9]* groups, $(grep -c '"GroupName".*"Username"' pool | sed 's/\(...\)$/,\1/') memberships" report
title 'what was not asked for is no zero'
run 0 pool-report --format text bare groups
lacks out memberships
lacks out 'Empty groups'
has out 'Nobody has asked who is in the groups.'
title 'a column of notes is there for a note'
printf '%s\n' '{"Username":"a","Groups":["x","y"]}' '{"Username":"b","Groups":["x"]}' '{"Username":"c","Groups":["y"]}' >few
run 0 pool-report --format text few
has out 'Of the smaller one'
ok test "$(grep -c '  Note$' out)" -eq 0

# --- people
user() { printf '{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"s-%s"%s},"Groups":[%s]}\n' "$1" "$1" "${2:-}" "${3:-}"; }
identity='"identities":"[{\"userId\":\"17-canary\",\"providerName\":\"Google\"}]"'
{
	user canary-ana ',"email":"canary@example.com","email_verified":"true","phone_number":"+390000canary"' '"staff","a","b"'
	user Canary-Ana ',"email":"CANARY@example.com","email_verified":"true","custom:x":""' '"staff","a","b"'
	user canary-bo ",\"phone_number\":\"+390000canary\",$identity" '"staff","a"'
	user canary-cy ",\"preferred_username\":\"canary-p\",$identity" ''
	user canary-cy ',"preferred_username":"Canary-P"' ''
	echo '{"Id":"eu-west-1_x","Name":"the pool","SchemaAttributes":[{"Name":"email","Required":true},{"Name":"nickname"}]}'
} >small
cat >rejects <<'END2'
{"Reason":"no family name (record 3)","Line":3,"Stream":"stdin","Record":{"Username":"canary-bo"}}
{"Reason":"no family name (record 4)","Line":4,"Stream":"stdin","Record":{"Username":"canary-cy"}}
{"Reason":"too long","Line":5,"Stream":"stdin","Record":"canary-text"}
{"Reason":"too long","Line":6,"Stream":"stdin","Record":{"GroupName":"canary","Username":"canary-bo"}}
END2
run 0 pool-report --format text --rejects okta=rejects --rejects none=/dev/null small
mv out report
# row CHART LABEL: what stands there.
row() { awk -v chart="$1" -v label="$2" '$0 == chart { on = 1; next } on && /^[^ -]/ { on = 0 }
	on && index($0, "  " label " ") == 1 { $0 = substr($0, length(label) + 3); gsub(/##+|\.\.+/, ""); $1 = $1; print; exit }' report; }
expect() {
	title "$1: $2"
	row "$1" "$2" >actual
	echo "$3" >expected
	same expected actual
}
expect 'What users share' 'user name' '1 2 2 1 0'
expect 'What users share' 'user name, any case' '1 2 2 1 1'
expect 'What users share' 'e-mail address' '1 2 2 1 1 1'
expect 'What users share' 'telephone number' '1 2 2 1 0 0'
expect 'What users share' preferred_username '1 2 2 1 1'
expect 'What users share' identity '1 2 2 1 0'
expect 'All attributes' email '2 40.0% 0 18 required'
expect 'All attributes' custom:x '0 0.0% 1 0 not in the schema'
expect 'All attributes' nickname '0 0.0% 0 0 optional'
expect 'Rejected by okta' 'no family name' '2 40.0%'
expect 'Rejected by okta' 'too long' '1 20.0%'
has report 'Nobody would be rejected.'
has report 'contained in the first'
tr -s ' \n' ' ' <report >line
has line 'Groups and memberships that would be rejected, too, and are not counted here: 1.'
has report 'User pool the pool'
has report '1 user name comes more than once'
title 'nobody is named'
! grep -i canary report
verdict $? ''
run 0 pool-report --rejects okta=rejects small
title 'in HTML neither'
! grep -i canary out
verdict $? ''
for format in text html; do
	run 0 pool-report --format $format --show-values --rejects okta=rejects small
	for name in canary@example.com +390000canary canary-bo canary-cy canary-text; do has out "$name"; done
	has out 'names people'
done
title 'only so many, and the others are told'
for ((i = 0; i < 40; i++)); do user "x$i" ",\"email\":\"e$((i / 2))@x\""; user "y$i" ',"email":"all@x"'; done >many
run 0 pool-report --format text --show-values many
has out '10 of 21 are shown.'
has out ' and 35 more'

title 'a second factor, as far as it is known'
{
	echo '{"Username":"a","UserMFASettingList":["SOFTWARE_TOKEN_MFA","SMS_MFA"]}'
	echo '{"Username":"b","UserMFASettingList":[]}'
	echo '{"Username":"c","MFAOptions":[{"DeliveryMedium":"SMS"}]}'
	echo '{"Username":"d","MFAOptions":[]}'
	echo '{"Username":"e","PreferredMfaSetting":"SMS_MFA"}'
	echo '{"Username":"f","UserCreateDate":"2020-02-29T23:59:59Z"}'
	echo '{"Username":"g","UserCreateDate":"2020-04-01T00:00:00+02:00"}'
	echo '{"Username":"h","UserCreateDate":"1999-01-01T00:00:00Z"}'
} >factors
run 0 pool-report --format text factors
mv out report
expect 'Second factor' '1 in use' '3 37.5%'
expect 'Second factor' '2 not in use' '1 12.5%'
expect 'Second factor' '3 not known' '4 50.0%'
expect 'Second factors in use' SMS_MFA 3
expect 'Second factors in use' SOFTWARE_TOKEN_MFA 1
expect 'Sign-ups by month' 2020-02 1
expect 'Sign-ups by month' 2020-03 1
expect Sign-ups 'In other centuries' '1 12.5%'
expect Sign-ups 'Without a date' '5 62.5%'
title 'years, where months are too many'
jq -nc 'range(2008; 2021) | {Username: "u\(.)", UserCreateDate: "\(.)-06-01T00:00:00Z"}' >years
run 0 pool-report --format text years
mv out report
expect 'Sign-ups by year' 2015 1
has report 'newest date in the records: 2020-06-01'

title 'nothing is known of groups'
has report 'Nothing is known of groups'

# --- limits
title 'more names than a pool can have are counted all the same'
jq -nc 'range(10050) | {Username: "u\(.)", UserStatus: "S\(. % 80)", Attributes: {sub: "s\(.)", "a\(. % 300)": "x"}, Groups: ["g\(.)"]}' >wide
run 0 pool-report --format text wide
mv out report
title 'groups'
ok grep -q '9960 more  *9,960$' report
grep -A 1 'names that are not told apart' report >others
title 'groups beyond that'
ok grep -qw 50 others
title 'statuses'
ok awk '/^Users by status/ { on = 1 } /^Enabled/ { on = 0 } on && /[0-9]/ { gsub(/,/, ""); for (i = 1; i <= NF; i++) if ($i ~ /%$/) sum += $(i - 1) } END { exit sum != 10050 }' report
title 'names too long to be a group'
printf '{"Username":"u","Groups":["%0600d"]}\n' 7 >long
run 0 pool-report --format text long
lacks out 0000000000

title 'memory does not grow with the pool'
make-pool -n 40000 >large
run 0 within 60000 pool-report --before pool -o large.html large
title 'nor with one that shares everything'
jq -nc 'range(60000) | {Username: "u\(.)", Attributes: {sub: "s\(.)", email: "one@x", phone_number: "1"}, Groups: ["a", "b", "c"]}' >alike
run 0 within 60000 pool-report --show-values --format text alike
has out '60,000'

# --- what is not whole
seal() { printf '{"~end":{"v":1,"ok":%s,"rows":%d,"bytes":%d%s}}\n' "$2" "$(wc -l <"$1")" "$(wc -c <"$1")" "${3:-}"; }
{ cat small; seal small true ',"rejected":2,"source":"https://aws/eu-west-1_x/users","scope":"filter:email = \"canary@x\"","via":["through"],"started":"2026-01-02T03:04:05.000Z","ended":"2026-01-02T03:05:06.000Z"'; } >sealed
run 0 pool-report --format text --seal sealed
has out 'as of 2026-01-02 03:05 UTC'
has out 'https://aws/eu-west-1_x'
has out 'users found by a filter'
has out 'rejected 2 records'
has out 'may have left records out'
lacks out canary

# --- snapshots that cannot be compared, or hardly
# as FILE POOL SCOPE [MEMBER]: the small pool as one sealed file.
as() { { cat small; seal small true ",\"source\":\"https://$2/users\",\"scope\":\"$3\"${4:-}"; } >"$1"; }
echo old >page
as one h/eu-west-1_x all
as two h/eu-west-1_y all
as moved 127.0.0.1:9/eu-west-1_x all
as part h/eu-west-1_x 'members:groups:[\"a\"]'
as other h/eu-west-1_x 'members:groups:[\"b\"]'
as found h/eu-west-1_x 'filter:email = \"canary@x\"'
as sought h/eu-west-1_x 'filter:email = \"canary@y\"'
as rejecting h/eu-west-1_x all ',"rejected":1'
as through h/eu-west-1_x all ',"via":["through"]'
run 1 pool-report -o page --before two one
has err 'another pool: https://h/eu-west-1_y/users, and now https://h/eu-west-1_x/users'
run 1 pool-report -o page --before part one
has err 'another part of the pool: members:groups:["a"], and now all users of the pool'
run 1 pool-report -o page --before one part
run 1 pool-report -o page --before part other
run 1 pool-report -o page --before found sought
has err 'another part of the pool'
lacks err canary
run 1 pool-report -o page --before <(sed s/eu-west-1_x/eu-west-1_z/ small) small
has err 'another pool: eu-west-1_z, and now eu-west-1_x'
title 'and there is no page'
ok test "$(cat page)" = old
# doubts BEFORE NOW TEXT: the page has it, as a warning, in the Summary and at the Changes.
doubts() {
	run 0 pool-report --format text --before "$1" "$2"
	tr -s ' \n' ' ' <out | grep -o "Attention: $3" | sort | uniq -c >said
	title "$1, $2: in both places"
	ok test "$(sed 's/^ *//' said)" = "2 Attention: $3"
}
doubts rejecting one 'In the other snapshot records may be missing'
doubts through one 'In the other snapshot records may be missing'
doubts one rejecting 'Records may be missing here'
as earlier h/eu-west-1_x all ',"ended":"2026-01-02T03:05:06.000Z"'
as later h/eu-west-1_x all ',"ended":"2026-01-03T03:05:06.000Z"'
doubts later earlier 'The other snapshot is the later one'
run 0 pool-report --format text --before earlier later
lacks out 'the later one'
doubts small one 'The other snapshot had no seal, and this one has'
doubts one small 'The other snapshot had a seal, and this one has none'
run 0 pool-report --format text --before moved one
lacks out 'missing'
lacks out 'had no seal'
run 0 pool-report --format text --before small small
has out 'The other snapshot had no seal either'
echo '{"GroupName":"a"}' >list
{ cat list; seal list true ',"source":"https://h/eu-west-1_x/groups","scope":"groups:[\"a\"]"'; } >listed
run 0 pool-report --format text --before part <(cat part) listed
lacks out 'The other snapshot'
echo old >page
run 4 pool-report -o page --seal small
grep Username sealed | head -n 2 >plain
run 4 pool-report -o page sealed plain
has err 'of the inputs have a seal'
head -n 3 sealed >short
tail -n 1 sealed >>short
run 4 pool-report -o page short
run 4 pool-report -o page --before short small
{ cat small; seal small false ',"reason":"throttled","retryable":true'; } >failed
run 75 pool-report -o page failed
head -c 100 small >torn
run 4 pool-report -o page torn
head -c 100 rejects >torn
run 4 pool-report -o page --rejects x=torn small
run 1 pool-report -o page --rejects x=small small
has err 'small:1: no line of a reject file'
run 1 pool-report -o page --before nonesuch small
run 1 pool-report -o page --rejects x=nonesuch small
for wrong in '{"uid":"flat"}' '{"Username":"x","Groups":[7]}' '{"Username":"x","Groups":"y"}' '{"GroupName":"x","Members":[7]}' '{"Username":"x","Attributes":[]}' '{"Id":"a"}' 'no JSON'; do
	{ cat small; echo "$wrong"; } >mixed
	run 1 pool-report -o page mixed
	has err 'mixed:7: '
	run 3 pool-report --format text --reject no mixed
	has out '1 record was wrong, and is not counted.'
	has no '"Line":7'
	ok test "$(wc -l <no)" -eq 1
done
title 'and the old page stays'
ok test "$(cat page)" = old

# --- the command line
run 2 pool-report --format pdf
run 2 pool-report --before -
run 2 pool-report --rejects okta
run 2 pool-report --rejects =rejects
run 2 pool-report --rejects okta=
run 2 pool-report --rejects okta=-
feed 0 /dev/null pool-report --title '<Empty>'
has out '&lt;Empty&gt;'
has out 'no user among the records'
feed 0 small pool-report --stats stats -o page
has stats '"Records":6'
finish
