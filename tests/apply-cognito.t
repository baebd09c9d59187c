#!/usr/bin/env bash
# apply-cognito: plans carried out in an emulator that others wrote (cognito-local), and refused.
# Mostly waits.
. "$(dirname "$0")/lib.sh"
. "$TOP/tests/helpers/cognito-local.sh"

cat >made <<'Y'
{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"Description":"All \"of\" us; Ж","Precedence":1,"RoleArn":"arn:aws:iam::123456789012:role/x"}}
{"Op":"create-user","Key":"ana","Username":"ana","After":{"Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"old","email":"ana@example.com","email_verified":"true","custom:tenant":"7","identities":"[]"}},"Source":{"Username":"ana","sub":"old"}}
{"Op":"create-user","Key":"bob","Username":"bob","After":{"Enabled":false,"UserStatus":"CONFIRMED","Attributes":{"email":"bob@example.com"}}}
{"Op":"create-user","Key":"Ж|\\\"😀","Username":"Ж|\\\"😀","After":{"Enabled":true,"Attributes":{"name":"a\u0001b"}}}
{"Op":"add-member","Key":"ana","GroupName":"staff","Username":"ana"}
{"Op":"add-member","Key":"bob","GroupName":"staff","Username":"bob"}
Y

new_pool
plan <made
title 'a dry run'
run 0 apply-cognito --dry-run -o results plan
unseal results >rows
lacks rows example.com
gojq -c '[.Key, .Result, .Calls]' rows >got
same - got <<'Y'
["staff","planned",["CreateGroup"]]
["ana","planned",["AdminCreateUser: email, email_verified, custom:tenant","AdminSetUserPassword"]]
["bob","planned",["AdminCreateUser: email","AdminSetUserPassword","AdminDisableUser"]]
["Ж|\\\"😀","planned",["AdminCreateUser: name","AdminSetUserPassword"]]
["ana","planned",["AdminAddUserToGroup"]]
["bob","planned",["AdminAddUserToGroup"]]
Y
title 'nothing was written by it'
list-users >out
empty out

title 'users, groups and memberships are made'
apply 0 --failed failed
has err '2 users were created without a verified address'
results <<'Y'
create-group staff staff done  false
create-user - ana done  false
create-user - bob done  false
create-user - Ж|\"😀 done  false
add-member staff ana done  false
add-member staff bob done  false
Y
title 'and have a password that nobody knows; who is to be disabled is'
users >got
same - got <<'Y'
["ana",true,"CONFIRMED",{"custom:tenant":"7","email":"ana@example.com","email_verified":"true"}]
["bob",false,"CONFIRMED",{"email":"bob@example.com"}]
["Ж|\\\"😀",true,"CONFIRMED",{"name":"a\u0001b"}]
Y
members >got
same - got <<'Y'
staff ana
staff bob
Y
list-groups | gojq -c '[.Description, .Precedence, .RoleArn]' >got
title 'a role is not written unasked'
same - got <<<'["All \"of\" us; Ж",1,null]'
title 'the ledger'
ledger | LC_ALL=C sort -u >got
same - got <<'Y'
group staff created
group staff creating
user ana created
user ana creating
user bob created
user bob creating
user Ж|\"😀 created
user Ж|\"😀 creating
Y
title 'knows both names'
gojq -r 'select(.Key == "ana" and .State == "created") | .Source.sub + " " + .sub' ledger >got
same - got <<<"old $(sub_of ana)"
ok test "$(stat -c %a ledger)" = 600
title 'nothing failed: a plan of nothing'
unseal --whole failed >got
jq -c '[.Op, .Totals, .Classes]' got >header
same - header <<<'["plan",{},{}]'

title 'a second time nothing is made'
apply 0
results <<'Y'
create-group staff staff unchanged  false
create-user - ana unchanged  false
create-user - bob unchanged  false
create-user - Ж|\"😀 unchanged  false
add-member staff ana done  false
add-member staff bob done  false
Y
title 'who is there and not ours is left alone'
rm ledger
grep -v create-group made >people	# which cognito-local would make a second time
plan <people
apply 3 --failed failed
results <<'Y'
create-user - ana failed UsernameExistsException false
create-user - bob failed UsernameExistsException false
create-user - Ж|\"😀 failed UsernameExistsException false
add-member staff ana skipped  false
add-member staff bob skipped  false
Y
title 'and the ledger does not claim him'
ledger | grep ana >got
same - got <<'Y'
user ana creating
user ana refused
Y

# --- changes; what destroys looks again
ana=$(sub_of ana) bob=$(sub_of bob)
whole=$(list-users | jq -c 'select(.Username == "bob")')
cat >changes <<Y
{"Op":"update-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Attributes":{"email":"ana@example.com","custom:tenant":"7"}},"After":{"Attributes":{"email":"new@example.com","email_verified":"true","custom:tenant":null}}}
{"Op":"disable-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Enabled":true},"After":{"Enabled":false}}
{"Op":"enable-user","Key":"bob","Username":"bob","sub":"$bob","Before":{"Enabled":false},"After":{"Enabled":true}}
{"Op":"remove-member","Key":"bob","GroupName":"staff","Username":"bob","sub":"$bob"}
Y
plan <changes
title 'what is not ours by the ledger is left alone'
apply 3
gojq -r '.Op + " " + .Result + " " + .Detail' rows >got
same - got <<'Y'
update-user skipped not ours, by the ledger
enable-user skipped not ours, by the ledger
remove-member skipped not ours, by the ledger
disable-user skipped not ours, by the ledger
Y
title 'user and group: both'
own user ana "$ana"
own user bob "$bob"
run 3 apply-cognito --dry-run --ledger ledger plan
gojq -r 'select(.Result == "skipped").Op' out >got
same - got <<<remove-member
own group staff
apply 0
users >got
same - got <<'Y'
["ana",false,"CONFIRMED",{"email":"new@example.com","email_verified":"true"}]
["bob",true,"CONFIRMED",{"email":"bob@example.com"}]
["Ж|\\\"😀",true,"CONFIRMED",{"name":"a\u0001b"}]
Y
members >got
same - got <<<'staff ana'
mv plan changes.plan
title 'what is adopted as it is stands in the ledger'
plan <<Y
{"Op":"update-group","Key":"staff","GroupName":"staff","Before":{},"After":{},"Why":"adopted"}
{"Op":"update-user","Key":"ana","Username":"ana","sub":"$ana","Before":{},"After":{},"Why":"adopted"}
Y
apply 0
results <<'Y'
update-group staff staff unchanged  false
update-user - ana unchanged  false
Y
ledger | tail -n 2 >got
same - got <<'Y'
group staff adopted
user ana adopted
Y
mv changes.plan plan
title 'a second time it is so already'
apply 0
results <<'Y'
update-user - ana unchanged  false
enable-user - bob unchanged  false
remove-member staff bob done  false
disable-user - ana unchanged  false
Y
{
	echo "{\"Op\":\"update-user\",\"Key\":\"ana\",\"Username\":\"ana\",\"sub\":\"$ana\",\"Before\":{\"Attributes\":{\"email\":\"another@example.com\"}},\"After\":{\"Attributes\":{\"email\":null}}}"
	echo "{\"Op\":\"delete-user\",\"Key\":\"bob\",\"Username\":\"bob\",\"sub\":\"$bob\",\"Before\":$whole}"
	echo "{\"Op\":\"delete-group\",\"Key\":\"staff\",\"GroupName\":\"staff\",\"Before\":{\"Description\":\"other\"}}"
	echo "{\"Op\":\"remove-member\",\"Key\":\"ana\",\"GroupName\":\"staff\",\"Username\":\"ana\",\"sub\":\"of somebody else\"}"
} >rows.in
plan <rows.in
title 'who is not what the plan says stays'
apply 3
results <<'Y'
update-user - ana skipped  false
remove-member staff ana skipped  false
delete-user - bob skipped  false
delete-group staff staff skipped  false
Y
gojq -r '.Detail' rows >got
same - got <<'Y'
changed since the plan: Attributes
not ours, by the ledger
changed since the plan: Enabled
changed since the plan
Y
whole=$(list-users | jq -c 'select(.Username == "bob")')
group=$(list-groups)
{
	echo "{\"Op\":\"delete-user\",\"Key\":\"bob\",\"Username\":\"bob\",\"sub\":\"$bob\",\"Before\":$whole}"
	echo "{\"Op\":\"delete-group\",\"Key\":\"staff\",\"GroupName\":\"staff\",\"Before\":$group}"
} >rows.in
plan <rows.in
title 'a group that somebody is in stays'
apply 3
has rows '"Detail":"somebody is in it"'
echo "{\"Op\":\"remove-member\",\"Key\":\"ana\",\"GroupName\":\"staff\",\"Username\":\"ana\",\"sub\":\"$ana\"}" |
	cat - rows.in | plan
apply 0
results <<'Y'
remove-member staff ana done  false
delete-user - bob unchanged  false
delete-group staff staff done  false
Y
list-groups >got
empty got
ledger | tail -n 2 >got
same - got <<'Y'
user bob deleted
group staff deleted
Y
title 'and a second time they are gone'
apply 0
results <<'Y'
remove-member staff ana unchanged  false
delete-user - bob unchanged  false
delete-group staff staff unchanged  false
Y

# --- before anything is sent
new_pool
title 'attributes that the pool would refuse are told beforehand'
plan <<'Y'
{"Op":"create-user","Key":"a","Username":"a","After":{"Attributes":{"custom:none":"x","custom:fixed":"123456"}}}
{"Op":"update-user","Key":"b","Username":"b","sub":"s","Before":{"Attributes":{}},"After":{"Attributes":{"custom:fixed":"1"}}}
Y
apply 1
has err 'the plan:2: custom:none: not an attribute of the pool'
has err 'the plan:2: custom:fixed: a value that is longer than the pool allows'
has err 'the plan:3: custom:fixed: cannot be changed once a user is made'
title 'and nothing was sent'
list-users >out
empty out

# refused STATUS MESSAGE [OPTION...]: two tests and one: the plan is refused, and nothing is made.
refused() {
	local status=$1 message=$2
	shift 2
	title "refused: $message"
	run "$status" apply-cognito --ledger ledger "$@" plan
	has err "$message"
	lacks out '"Result"'
}
plan <made
"$HELPERS/make-plan.py" "$url/us-east-1_other" <made >plan
refused 5 'the plan was made for another target'
"$HELPERS/make-plan.py" "http://127.0.0.1:1/$COGNITO_USER_POOL_ID" <made >plan
refused 5 'the plan was made for another target'
plan 'Made="2026-01-01T00:00:00Z"' <made
refused 5 'minutes old, and --max-age is 1440'
plan 'Totals={"create-user":3}' <made
refused 4 'rows create-group, and its header says 0'
plan <made
sed -i '$d' plan
refused 4 'incomplete: no seal'
plan <made
sed -i 3d plan
refused 4 'incomplete'
plan <made
sed -i 's/"ok":true/"ok":false,"reason":"the guard","retryable":false/' plan
refused 4 'the guard'
plan <made
sed -i 's|/plan","scope"|/users","scope"|' plan
refused 4 'the seal is that of another stream'
plan 'V=2' <made
refused 1 'V: a plan of a version that is not known here'
plan <<'Y'
{"Op":"create-user","Key":"a","Username":"a","After":{"Attributes":{"email":null}}}
Y
refused 1 'plan:2: Attributes: not of the type that it should have'
plan <<'Y'
{"Op":"disable-user","Key":"a","Username":"a","Before":{},"After":{}}
Y
refused 1 'plan:2: sub: missing'
for i in 1 2 3 4 5 6; do
	echo "{\"Op\":\"disable-user\",\"Key\":\"u$i\",\"Username\":\"u$i\",\"sub\":\"$i\",\"Before\":{\"Enabled\":true},\"After\":{\"Enabled\":false}}"
done >six
plan <six
refused 5 'guard: user-disable: 6, and 5 at most'
title 'whatever the header says that there are'
plan 'Classes={}' <six
refused 5 'guard: user-disable: 6, and 5 at most'
plan 'Confirmed={"user-disable":7}' <six
refused 5 'guard: user-disable: 6, and 5 at most'
title 'the exact count stands, and so does a limit that was typed'
for i in 1 2 3 4 5 6; do own user u$i; done
plan 'Confirmed={"user-disable":6}' <six
apply 0
plan 'Limits={"user-disable":6}' 'Max=["user-disable"]' <six
apply 0
title 'but none that the header invents, nor one of more than is ours by the ledger'
plan 'Limits={"user-disable":6}' <six
refused 5 'guard: user-disable: 6, and 5 at most'
plan 'Limits={"user-disable":500}' 'Managed={"users":100000,"groups":100000,"members":100000}' <six
refused 5 'guard: user-disable: 6, and 5 at most'
for i in 1 2 3 4 5 6; do
	echo "{\"Op\":\"remove-member\",\"Key\":\"u$i\",\"GroupName\":\"g\",\"Username\":\"u$i\",\"sub\":\"$i\"}"
done | plan 'Limits={"member-remove":500,"member-remove:g":500}' 'Managed={"users":100000,"groups":100000,"members":100000}'
refused 5 'guard: member-remove:g: 6, and 5 at most'
title 'of whom an earlier run of the same plan has deleted some, too'
for ((i = 100; i < 220; i++)); do
	echo '{"Ledger":"user","Key":"d'$i'","State":"created","Time":"2026-01-01T00:00:00Z"}'
done >>ledger
for i in 1 2 3 4 5 6; do
	echo "{\"Op\":\"delete-user\",\"Key\":\"d10$i\",\"Username\":\"d10$i\",\"sub\":\"$i\",\"Before\":{}}"
done | plan 'Managed={"users":120,"groups":1,"members":1}'
sed -i '/"u[1-6]"/d' ledger
apply 0
apply 0
plan <made
refused 5 'guard: 3 users would be billed, and --max-billable is 2' --max-billable 2
refused 5 'guard: 3 messages might be sent, and --allow-messages is 2' --allow-messages 2
plan <<'Y'
{"Op":"update-user","Key":"a","Username":"a","sub":"s","Before":{"Attributes":{"email":"a@example.com"}},"After":{"Attributes":{"email":"b@example.com"}}}
Y
refused 5 'guard: 1 messages might be sent, and --allow-messages is 0'
plan <<'Y'
{"Op":"set-password","Key":"a","Username":"a","After":{"Permanent":true}}
Y
refused 2 'plan:2: a password is to be set, and --passwords has none for this key'
plan <made
run 2 apply-cognito plan
has err '--ledger FILE'
run 2 apply-cognito --ledger ledger --only create,all plan
has err '--only: "all"'
run 2 apply-cognito --ledger ledger --max-age 3 plan
has err '--max-age: not a number behind which m, h or d stands'

# --- --only, passwords
new_pool
plan <made
title '--only create: the one call'
apply 3 --only create
gojq -r '[.Key, .Result] | join(" ")' rows | sort -u >got
same - got <<'Y'
ana done
ana skipped
bob skipped
staff skipped
Ж|\"😀 done
Y
users >got
same - got <<'Y'
["ana",true,"FORCE_CHANGE_PASSWORD",{"custom:tenant":"7","email":"ana@example.com","email_verified":"true"}]
["Ж|\\\"😀",true,"FORCE_CHANGE_PASSWORD",{"name":"a\u0001b"}]
Y

# --- passwords: what is sent is seen by a listener alone
# signs_in USERNAME PASSWORD: whether the pool takes the password.
client=
signs_in() {
	[ -n "$client" ] || client=$(aws_call CreateUserPoolClient '{"UserPoolId":"'"$COGNITO_USER_POOL_ID"'","ClientName":"c","ExplicitAuthFlows":["ALLOW_USER_PASSWORD_AUTH"]}' |
		gojq -r .UserPoolClient.ClientId)
	aws_call InitiateAuth '{"ClientId":"'"$client"'","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"'"$1"'","PASSWORD":"'"$2"'"}}' |
		grep -qE 'AccessToken|NEW_PASSWORD_REQUIRED'
}
aws_call() {
	curl -s -X POST -H "X-Amz-Target: AWSCognitoIdentityProviderService.$1" \
		-H 'Content-Type: application/x-amz-json-1.1' --data "$2" "$url/"
}
new_pool
cat >words <<'Y'
{"Key":"ana","Password":"Canary-of-ana-1"}
{ "Permanent" : false, "Password":"Canary\u002dof-bob-1\"\\ß","Key":"bob"}
{"Key":"cat","Password":"Canary-of-cat-1","Permanent":true}
{"Key":"nobody","Password":"Canary-of-nobody"}
Y
planted+=(words)
for name in ana bob; do
	echo '{"Op":"create-user","Key":"'$name'","Username":"'$name'","After":{"Enabled":true,"Attributes":{"email":"'$name'@example.com","email_verified":"true"}}}'
done >rows.in
echo '{"Op":"create-user","Key":"cat","Username":"cat","After":{"Enabled":true,"Attributes":{}}}
{"Op":"set-password","Key":"cat","Username":"cat","After":{"Permanent":false}}' >>rows.in
plan <rows.in
echo Canary >canaries
title 'passwords by a descriptor: for who is created, and for a row of its own'
apply 0 --passwords /dev/fd/3 -v 3<words
for pair in ana:1 bob:1'\"\\ß' cat:1; do
	signs_in "${pair%%:*}" "Canary-of-${pair%%:*}-${pair#*:}"
	verdict $? "${pair%%:*} signs in with it"
done
! signs_in ana Canary-of-bob-1
verdict $? 'and with no other'
users | gojq -c '[.[0], .[2]]' >got
title 'permanent or not, as the file says, else the plan'
same - got <<'Y'
["ana","CONFIRMED"]
["bob","FORCE_CHANGE_PASSWORD"]
["cat","CONFIRMED"]
Y
title 'no password in what is written'
! grep -qF Canary results ledger plan out err
verdict $? 'no password in what is written'
title 'nor in a dry run'
run 0 apply-cognito --dry-run --passwords words plan
lacks out Canary
for wrong in '{"Key":"a","Password":"Canary one"}' '["Canary"]' '{"Key":"a","Password":"\ud800Canary"}'; do
	printf '{"Key":"b","Password":"Canary"}\n%s\n' "$wrong" >wrong.words
	planted=(words wrong.words)
	title "refused: ${wrong//Canary/…}"
	run 1 apply-cognito --ledger ledger --passwords wrong.words plan
	has err 'wrong.words:2: '
done
title 'a file of passwords that is cut off'
head -c -1 words >wrong.words
run 1 apply-cognito --ledger ledger --passwords wrong.words plan
has err 'wrong.words:4: the last line has no end'
title 'the same key twice'
cat words words >wrong.words
run 1 apply-cognito --ledger ledger --passwords wrong.words plan
has err 'wrong.words:5: Key: there before'
rm canaries words wrong.words

# --- every request is as the service's model wants it
export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=$known_secret
# asked ROWS [OPTION...]: runs a plan of the rows behind a listener.
asked() {
	local rows=$1
	shift
	forget_target
	# shellcheck disable=SC2016 # sh's
	ROWS=$rows "$HELPERS/capture.py" requests.log sh -c '"$0" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <"$ROWS" >plan.here &&
		exec apply-cognito --retry-seconds 1 --ledger ledger "$@" plan.here' "$HELPERS/make-plan.py" "$@" >out 2>err
}
new_pool
sed 's/"custom:tenant":"7"/&,"custom:extra":"1"/' made >made.extra
title 'an attribute that would be made is shown once; one that nothing writes is not made'
plan <made.extra
apply 0 --dry-run --add-custom-attributes extra --add-custom-attributes custom:typo
jq -r '.Calls[] | select(startswith("AddC"))' rows >got
same - got <<<'AddCustomAttributes: custom:extra'
has err 'no operation that is to be carried out writes custom:typo, so it is not made'
plan <made
apply 0 --only groups --add-custom-attributes extra
describe-pool --parts pool >got
lacks got custom:extra
new_pool
asked made.extra --with-role-arn --with-group x --add-custom-attributes extra --add-custom-attributes typo
describe-pool --parts pool | jq -r '.SchemaAttributes[].Name | select(. == "custom:extra" or . == "custom:typo")' >got
same - got <<<custom:extra
ana=$(sub_of ana)
whole=$(list-users | jq -c 'select(.Username == "bob")')
cat >changes <<Y
{"Op":"update-group","Key":"staff","GroupName":"staff","Before":{"Precedence":1},"After":{"Precedence":2,"Description":null}}
{"Op":"link-provider","Key":"ana","Username":"ana","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"1"}}
{"Op":"update-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Attributes":{"custom:tenant":"7"}},"After":{"Attributes":{"name":"Ж","custom:tenant":null}}}
{"Op":"enable-user","Key":"ana","Username":"ana","Before":{"Enabled":false},"After":{"Enabled":true}}
{"Op":"remove-member","Key":"ana","GroupName":"staff","Username":"ana","sub":"$ana"}
{"Op":"disable-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Enabled":true},"After":{"Enabled":false}}
{"Op":"delete-user","Key":"bob","Username":"bob","sub":"$(sub_of bob)","Before":$whole}
{"Op":"delete-group","Key":"staff","GroupName":"staff","Before":{"Precedence":2}}
Y
asked changes
echo '{"Op":"create-user","Key":"new","Username":"new","After":{"Attributes":{"email":"new@example.com"}}}' >invited
asked invited --allow-messages 1
title 'every request is as the model wants it'
ok "$HELPERS/check-requests.py" requests.log
"$HELPERS/check-requests.py" --operations requests.log >got
title 'and all operations were called'
same - got <<'Y'
AddCustomAttributes
AdminAddUserToGroup
AdminCreateUser
AdminDeleteUser
AdminDeleteUserAttributes
AdminDisableUser
AdminEnableUser
AdminGetUser
AdminLinkProviderForUser
AdminRemoveUserFromGroup
AdminSetUserPassword
AdminUpdateUserAttributes
CreateGroup
DeleteGroup
DescribeUserPool
GetGroup
ListUsersInGroup
UpdateGroup
Y
title 'sub and identities are in none; a message is possible in one'
gojq -r .body requests.log >bodies
! grep -qE '"Name":"(sub|identities)"' bodies
verdict $? 'sub and identities are in none'
ok test "$(grep -c '"MessageAction":"SUPPRESS"' bodies) $(grep -c DesiredDeliveryMediums bodies)" = '3 1'
title 'random passwords are all different, and long'
jq -Rr 'fromjson | .Password // empty' bodies | sort -u >random
ok test "$(wc -l <random) $(awk 'length == 100' random | wc -l)" = '3 3'

# --- and on serve-pool, which is stricter, with what cognito-local cannot do
cat >pool.ndjson <<'Y'
{"Username":"zed","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"z-1","email":"zed@example.com","email_verified":"true","nickname":"n"},"Groups":["old"]}
{"GroupName":"old","Precedence":3}
Y
cat >strict.rows <<'Y'
{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"Description":"All \"of\" us; Ж","Precedence":1}}
{"Op":"update-group","Key":"old","GroupName":"old","Before":{"Precedence":3},"After":{"Precedence":4}}
{"Op":"create-user","Key":"ana","Username":"ana","After":{"Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"old","email":"ana@example.com","email_verified":"true","identities":"[]"}}}
{"Op":"create-user","Key":"bob","Username":"bob","After":{"Enabled":false,"Attributes":{"email":"bob@example.com"}}}
{"Op":"link-provider","Key":"ana","Username":"ana","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"1"}}
{"Op":"set-password","Key":"zed","Username":"zed","After":{"Permanent":true}}
{"Op":"update-user","Key":"zed","Username":"zed","sub":"z-1","Before":{"Attributes":{"email":"zed@example.com","nickname":"n"}},"After":{"Attributes":{"email":"z@example.com","email_verified":"true","nickname":null}}}
{"Op":"add-member","Key":"ana","GroupName":"staff","Username":"ana"}
{"Op":"remove-member","Key":"zed","GroupName":"old","Username":"zed","sub":"z-1"}
{"Op":"disable-user","Key":"zed","Username":"zed","sub":"z-1","Before":{"Enabled":true},"After":{"Enabled":false}}
Y
echo '{"Key":"zed","Password":"Abcdefgh1-"}' >words
cat >session <<'Y'
"$HELPERS/make-plan.py" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <strict.rows >plan
for turn in 1 2; do
	apply-cognito --ledger ledger --passwords words plan >results.$turn 2>err.$turn || echo "turn $turn: $?"
done
list-users | gojq -c '[.Username, .Enabled, .UserStatus, (.Attributes | del(.sub) | .identities |= (. // "[]" | fromjson | map(.providerName)))]' | LC_ALL=C sort
list-groups | gojq -c '[.GroupName, .Description, .Precedence]' | LC_ALL=C sort
list-groups | expand-members | gojq -r '.GroupName + " " + .Username'
gojq -r 'select(.Result == "unchanged").Op' results.2
Y
rm -f ledger
unset AWS_ENDPOINT_URL AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY COGNITO_USER_POOL_ID
own user zed z-1
own group old
export HELPERS
title 'on serve-pool, twice'
run 0 serve --allow all --log log pool.ndjson -- bash session
same - out <<'Y'
["ana",true,"CONFIRMED",{"email":"ana@example.com","email_verified":"true","identities":["Google"]}]
["bob",false,"CONFIRMED",{"email":"bob@example.com","identities":[]}]
["zed",false,"CONFIRMED",{"email":"z@example.com","email_verified":"true","identities":[]}]
["old",null,4]
["staff","All \"of\" us; Ж",1]
staff ana
create-group
update-group
create-user
create-user
link-provider
update-user
disable-user
Y
title 'nobody was sent a message'
! grep -qE '"Messages":[1-9]' log
verdict $? 'nobody was sent a message' || show log

finish
