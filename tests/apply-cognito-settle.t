#!/usr/bin/env bash
# apply-cognito: whose is what is there?  On serve-pool, with ledgers and people that were there before.
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers
export HELPERS

now=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
ago=$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%S.000Z)
long=2026-01-01T00:00:00.000Z
late=2026-01-03T00:00:00.000Z
sub=1-1-1

# person NAME STATUS MADE
person() {
	printf '{"Username":"%s","Enabled":true,"UserStatus":"%s","UserCreateDate":"%s","Attributes":{"sub":"%s","email":"%s@example.com","nickname":"n"}}\n' \
		"$1" "$2" "$3" "$1-$sub" "$1"
}
{
	for name in ana bea cid dan eli half; do person $name CONFIRMED $long; done
	person signed UNCONFIRMED $long
	person reset RESET_REQUIRED $long
	person mine FORCE_CHANGE_PASSWORD $long
	person set CONFIRMED $long
	person later FORCE_CHANGE_PASSWORD $late
	echo '{"GroupName":"full","CreationDate":"'$long'"}
{"GroupName":"full","Username":"ana"}
{"GroupName":"again","CreationDate":"'$late'"}
{"GroupName":"g","Description":"d","Precedence":3,"CreationDate":"'$late'"}
{"GroupName":"h","Description":"d","CreationDate":"'$long'"}'
} >pool.ndjson

# known KIND KEY STATE [TIME [SUB]]: a line of a ledger.
known() { jq -cn '$ARGS.positional as [$kind, $key, $state, $time, $sub] |
	{Ledger: $kind, Key: $key} + (if $sub then {sub: $sub} else {} end) + {State: $state, Time: ($time // "'$long'")}' --args "$@"; }
make() { printf '{"Op":"create-user","Key":"%s","Username":"%s","After":{"Enabled":true,"Attributes":{"email":"%s@example.com"}}}\n' "$1" "$1" "${2:-$1}"; }

mkdir ahead blind values kept dates others groups half again gone future mail words spied
# --- ours by the ledger, and there, although the plan wants to make them
{ known user ana created $long ana-$sub; known user bea adopted $long bea-$sub; known user cid created $long other
	known user dan created $long dan-$sub; known user nobody created $long other
	known group g created; known group h adopted; } >kept/ledger
{ for name in dan nobody; do make $name | sed 's/"email":"[^"]*"/"phone_number":"12"/'; done
	make ana; make bea another; make cid
	echo '{"Op":"create-group","Key":"g","GroupName":"g","After":{"Description":"d","Precedence":3}}
{"Op":"create-group","Key":"h","GroupName":"h","After":{"Description":"other"}}'; } >kept/rows
# --- what is changed has to be ours
{ for name in ana zoe; do known user $name adopted $long other; done; known group g created; } >others/ledger
for name in g again full; do known group $name created; done >groups/ledger
for name in half dan; do known user $name created $long $name-$sub; done >half/ledger
# --- about to be made by an earlier run
for name in signed reset mine set later; do
	make $name
	known user $name creating >>dates/ledger
done >dates/rows
known group g creating >>dates/ledger
known group h creating >>dates/ledger
echo '{"Op":"create-group","Key":"g","GroupName":"g","After":{}}
{"Op":"create-group","Key":"h","GroupName":"h","After":{}}' >>dates/rows
# --- another person has the name
cat >others/rows <<'Y'
{"Op":"set-password","Key":"ana","Username":"ana","sub":"other","After":{"Permanent":true}}
{"Op":"update-user","Key":"ana","Username":"ana","sub":"other","Before":{"Attributes":{"email":"old@example.com"}},"After":{"Attributes":{"email":"ana@example.com","email_verified":"true"}}}
{"Op":"update-user","Key":"bea","Username":"bea","sub":"other","Before":{"Attributes":{"nickname":"n"}},"After":{"Attributes":{"nickname":"m"}},"Why":"adopted"}
{"Op":"update-user","Key":"cid","Username":"cid","sub":"cid-1-1-1","Before":{},"After":{},"Why":"adopted"}
{"Op":"enable-user","Key":"ana","Username":"ana","sub":"other","Before":{"Enabled":false},"After":{"Enabled":true}}
{"Op":"add-member","Key":"ana","GroupName":"g","Username":"ana","sub":"other"}
{"Op":"disable-user","Key":"ana","Username":"ana","Id":"other","Before":{"Enabled":true},"After":{"Enabled":false}}
{"Op":"disable-user","Key":"zoe","Username":"zoe","sub":"other","Before":{"Enabled":true},"After":{"Enabled":false},"Why":"adopted"}
Y
echo '{"Key":"ana","Password":"Longer-1-enough"}' >others/words
cat >groups/rows <<Y
{"Op":"create-group","Key":"role","GroupName":"role","After":{"RoleArn":"arn:aws:iam::123456789012:role/x"}}
{"Op":"update-group","Key":"g","GroupName":"g","Before":{"Precedence":3},"After":{"Precedence":null}}
{"Op":"delete-group","Key":"again","GroupName":"again","Before":{"GroupName":"again","CreationDate":"$long"}}
{"Op":"delete-group","Key":"full","GroupName":"full","Before":{"GroupName":"full","CreationDate":"$long"}}
Y
# --- an earlier try came half the way
cat >half/rows <<Y
{"Op":"update-user","Key":"half","Username":"half","sub":"half-$sub","Before":{"Attributes":{"email":"old@example.com","nickname":"n"}},"After":{"Attributes":{"email":"half@example.com","email_verified":"true","nickname":null}}}
{"Op":"update-user","Key":"dan","Username":"dan","sub":"dan-$sub","Before":{"Attributes":{"email":"old@example.com","nickname":"other"}},"After":{"Attributes":{"email":"dan@example.com","email_verified":"true","nickname":null}}}
Y
make new >again/rows
make early >ahead/rows
{ known user gone deleted "$now"; known user stranger refused "$now"; } >gone/ledger
{ make gone; make stranger; } >gone/rows
make far >future/rows
# --- the plan is one of before: its people are gone, and others have their names
{ for name in ana bea half; do known user $name created $long old; known user $name deleted; done
	known user bea creating; known user bea created $long bea-$sub
	known user half creating; known user cid created $long cid-$sub; known user nora deleted; } >blind/ledger
cat >blind/rows <<Y
{"Op":"update-user","Key":"ana","Username":"ana","sub":"old","Before":{"Known":false},"After":{"Attributes":{"email":"o@example.com","email_verified":"true"}}}
{"Op":"update-user","Key":"bea","Username":"bea","sub":"old","Before":{"Known":false},"After":{"Attributes":{"email":"o@example.com","email_verified":"true"}}}
{"Op":"set-password","Key":"nora","Username":"nora","After":{"Permanent":true}}
{"Op":"delete-user","Key":"ana","Username":"ana","sub":"old","Before":{"Known":false}}
{"Op":"delete-user","Key":"bea","Username":"bea","sub":"old","Before":{"Known":false}}
{"Op":"delete-user","Key":"cid","Username":"cid","sub":"cid-$sub","Before":{"Known":false}}
{"Op":"delete-user","Key":"half","Username":"half","sub":"old","Before":{"Known":false}}
Y
# --- passwords and invitations
for name in temporary permanent none; do make $name; done >mail/rows
echo '{"Key":"temporary","Password":"Longer-1-enough","Permanent":false}
{"Key":"permanent","Password":"Longer-1-enough"}' >mail/words
sed 's/"email":"[^"]*"/&,"birthdate":"nineteen-seventy-one"/' <(make long) >values/rows
make short >>values/rows
{ make told; make untold; } >spied/rows
echo '{"Key":"told","Password":"Canary-Told-1","Permanent":false}
{"Key":"untold","Password":"Canary-Untold-1"}' >spied/words
printf 'Canary-Told-1\nCanary-Untold-1\n' >spied/secrets
cc -shared -fPIC -O1 -o free-spy.so "$HELPERS/free-spy.c" -ldl
make weak >words/rows
echo '{"Key":"weak","Password":"longer-enough"}' >words/words

cat >session <<'Y'
target=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
# does NAME [HEADER-MEMBER] [-- OPTION...]: carries NAME/rows out.
does() {
	local name=$1 header=()
	shift
	while [ "$#" -gt 0 ] && [ "$1" != -- ]; do header+=("$1"); shift; done
	[ "$#" -eq 0 ] || shift
	"$HELPERS/make-plan.py" "$target" "${header[@]}" <"$name/rows" >"$name/plan"
	apply-cognito --ledger "$name/ledger" "$@" "$name/plan" >"$name/out" 2>"$name/err"
	echo $? >"$name/status"
}
list-users >before
does others -- --passwords others/words --max-billable 3
apply-cognito --dry-run --passwords others/words others/plan >others/dry
list-users >after
does kept
does dates
does groups
does half
does again 'Made="'"$(date -u -d '2 minutes' +%Y-%m-%dT%H:%M:%SZ)"'"'
mv again/out again/first
apply-cognito --ledger again/ledger again/plan >again/out
does ahead 'Made="'"$(date -u -d '2 minutes' +%Y-%m-%dT%H:%M:%SZ)"'"' -- --only create --blind
apply-cognito --only create --blind --ledger ahead/ledger ahead/plan >ahead/out
echo $? >ahead/status
does gone 'Made="'"$AGO"'"'
does future 'Made="'"$(date -u -d '10 minutes' +%Y-%m-%dT%H:%M:%SZ)"'"' -- --max-age 1m
does words -- --passwords words/words
does values
echo '{"Key":"nora","Password":"Longer-1-enough"}' >blind/words
wc -l <log >blind/from
does blind -- --only update,password,delete --blind --passwords blind/words
mv blind/out blind/first
apply-cognito --only update,password,delete --blind --passwords blind/words --ledger blind/ledger blind/plan >blind/out
tail -n +"$(($(cat blind/from) + 1))" log >blind/log
wc -l <log >mail/from
does mail -- --passwords mail/words --allow-messages 3
tail -n +"$(($(cat mail/from) + 1))" log >mail/log
list-users | gojq -c '[.Username, .UserStatus]' >mail/users
for pair in '-o again/plan' '-o again/ledger' '--failed again/ledger' '--failed again/plan' '--stats ./again/ledger'; do
	apply-cognito --ledger again/ledger $pair again/plan >out.same 2>err.same
	echo "$? $pair"
done >same
sed 's/"Target":"[^"]*"/"Target":"https:\/\/elsewhere\/p"/' again/ledger >elsewhere
apply-cognito --ledger elsewhere again/plan >elsewhere.out 2>elsewhere.err
echo $? >>elsewhere.err
# Which of its reads is the first of the plan that was put aside: that fails.
if command -v strace >/dev/null && ! grep -q __asan_init "$(command -v apply-cognito)"; then
	strace=(strace -f -qq -o trace -e trace=read -e signal=none)
	"${strace[@]}" apply-cognito --dry-run again/plan >unread.out 2>unread.err
	read -r pid rest < <(grep -F 'read(' trace | grep -F '"{\"Op\":\"create-user' | head -n 1)
	nth=$(grep -F 'read(' trace | grep "^$pid " | grep -nF '"{\"Op\":\"create-user' | head -n 1 | cut -d: -f 1)
	"${strace[@]}" -e inject=read:error=EIO:when="$nth" apply-cognito --dry-run again/plan >unread.out 2>unread.err
	echo $? >unread.status
	"$HELPERS/make-plan.py" "$target" <spied/rows >spied/plan
	GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=165 LD_PRELOAD=$PWD/free-spy.so \
		SPY_FILE=$PWD/spied/secrets SPY_REPORT=$PWD/reported SPY_BELOW=$BIN/ \
		apply-cognito --ledger spied/ledger --passwords spied/words --allow-messages 2 spied/plan >spied/out 2>&1
	echo $? >spied/status
fi
Y
export AGO=$ago BIN
run 0 serve --allow all --log log pool.ndjson -- bash session

# came NAME STATUS: what has become of the rows is what standard input says.
came() {
	title "$1: status $2"
	same - "$1/status" <<<"$2"
	gojq -r 'select(.Op) | [.Op, .Key, .Result, .Code, .Detail // ""] | join(" ")' "$1/out" >got
	title "$1: the rows"
	same - got
}
# noted NAME: what the ledger has at its end, key by key, is what standard input says.
noted() {
	gojq -r '[.Key, .State] | join(" ")' "$1/ledger" | LC_ALL=C sort -s -k 1,1 >got
	title "$1: the ledger"
	same - got
}
came kept 3 <<'Y'
create-group g unchanged  created before, by the ledger
create-group h failed GroupExistsException exists, and is ours, but differs
create-user ana unchanged  created before, by the ledger
create-user bea failed UsernameExistsException exists, and is ours, with other attributes
create-user cid failed UsernameExistsException exists, and is not ours
create-user dan failed UsernameExistsException exists, and is ours, with other attributes
create-user nobody failed InvalidParameterException AdminCreateUser: InvalidParameterException: Invalid phone number format
Y
noted kept <<'Y'
ana created
ana creating
ana created
bea adopted
bea creating
bea adopted
cid created
cid creating
cid refused
dan created
dan creating
dan created
g created
h adopted
nobody created
nobody creating
nobody refused
Y
title 'kept: of who is found there the ledger says whether he is enabled'
gojq -r 'select(.Enabled != null) | [.Key, .Enabled] | join(" ")' kept/ledger | LC_ALL=C sort >got
same - got <<'Y'
ana true
bea true
dan true
Y
came dates 3 <<'Y'
create-group g failed GroupExistsException exists, and is not ours
create-group h done  
create-user later failed UsernameExistsException exists, and is not ours
create-user mine done  no verified address: the user cannot recover a password
create-user reset failed UsernameExistsException exists, and is not ours
create-user set done  no verified address: the user cannot recover a password
create-user signed failed UsernameExistsException exists, and is not ours
Y
gojq -r 'select(.State != "creating") | [.Key, .State] | join(" ")' dates/ledger | LC_ALL=C sort >got
title 'dates: the ledger'
same - got <<'Y'
g refused
h created
later refused
mine created
reset refused
set created
signed refused
Y
other='somebody else has this name now (another sub)'
came others 3 <<Y
set-password ana skipped  $other
update-user ana skipped  $other
update-user bea skipped  $other
update-user cid unchanged  
enable-user ana skipped  $other
add-member ana skipped  $other
disable-user ana skipped  $other
disable-user zoe unchanged  the user is not there any more
Y
title 'others: nothing was written, and nobody adopted who is another'
same before after
noted others <<'Y'
ana adopted
ana adopted
ana adopted
ana adopted
cid adopted
g created
zoe adopted
zoe adopted
zoe deleted
Y
title 'others: a dry run says who would be looked at'
jq -c 'select(.Op).Calls' others/dry >got
same - got <<'Y'
["AdminGetUser","AdminSetUserPassword"]
["AdminGetUser","AdminUpdateUserAttributes: email, email_verified"]
["AdminGetUser","AdminUpdateUserAttributes: nickname"]
[]
["AdminGetUser","AdminEnableUser"]
["AdminGetUser","AdminAddUserToGroup"]
["AdminGetUser","AdminDisableUser"]
["AdminGetUser","AdminDisableUser"]
Y
came groups 3 <<'Y'
create-group role done  without its role, which is written with --with-role-arn only
update-group g failed  UpdateGroup: not as it is to be; the service takes neither a precedence nor a role away
delete-group again skipped  changed since the plan
delete-group full skipped  somebody is in it
Y
came half 3 <<'Y'
update-user dan skipped  changed since the plan: Attributes
update-user half done  
Y
title 'a plan of a clock that is ahead, twice'
came again 0 <<'Y'
create-user new unchanged  created before, by the ledger
Y
noted again <<'Y'
new creating
new created
new creating
new created
Y
came ahead 0 <<'Y'
create-user early unchanged  created before, by the ledger
Y
noted ahead <<'Y'
early creating
early created
Y
title 'the ledger names its target, right behind what it is'
ok grep -q '^{"Ledger":"user","Target":"http://127.0.0.1:[0-9]*/[^"/]*","Key"' again/ledger
came gone 3 <<'Y'
create-user gone skipped  deleted since the plan was made, by the ledger
create-user stranger done  no verified address: the user cannot recover a password
Y
came future 5 </dev/null
has future/err 'made in the future'
came words 1 </dev/null
has words/err 'the plan:2: the password: no capital letter'
has values/err 'warning: the plan:2: birthdate: a value that is longer than the pool allows'
came values 3 <<'Y'
create-user long failed InvalidParameterException AdminCreateUser: InvalidParameterException: Attributes did not conform to the schema: birthdate: String must be no longer than the maximum length
create-user short done  no verified address: the user cannot recover a password
Y
came blind 3 <<'Y'
set-password nora skipped  deleted before, by the ledger
update-user ana skipped  deleted before, by the ledger
update-user bea skipped  somebody else has this name now, by the ledger (another sub)
delete-user ana unchanged  deleted before, by the ledger
delete-user bea skipped  somebody else has this name now, by the ledger (another sub)
delete-user cid unchanged  deleted before, by the ledger
delete-user half skipped  somebody else has this name now, by the ledger (another sub)
Y
title 'blind: twice, and one call in all'
gojq -r .Operation blind/log >got
same - got <<<AdminDeleteUser
came mail 0 <<'Y'
create-user none done  no verified address: the user cannot recover a password
create-user permanent done  no verified address: the user cannot recover a password
create-user temporary done  no verified address: the user cannot recover a password
Y
title 'mail: two are invited, one of them with the password that was given'
gojq -r 'select(.Operation | test("Create|Password")) | [.Operation, .Messages // 0] | join(" ")' mail/log | LC_ALL=C sort >got
same - got <<'Y'
AdminCreateUser 0
AdminCreateUser 1
AdminCreateUser 1
AdminSetUserPassword 0
Y
grep -E 'none|permanent|temporary' mail/users | LC_ALL=C sort >got
same - got <<'Y'
["none","FORCE_CHANGE_PASSWORD"]
["permanent","CONFIRMED"]
["temporary","FORCE_CHANGE_PASSWORD"]
Y
title 'what is read or grows is not replaced'
same - same <<'Y'
2 -o again/plan
2 -o again/ledger
2 --failed again/ledger
2 --failed again/plan
2 --stats ./again/ledger
Y
title 'the ledger of another target'
has elsewhere.err 'elsewhere:1: the ledger of another target'
ok test "$(tail -n 1 elsewhere.err)" = 2
title 'a plan that cannot be read again does not look like its end'
if [ -e unread.status ]; then
	ok test "$(cat unread.status)" = 1
	has unread.err 'the plan cannot be read again'
	has unread.out '"ok":false'
	title 'memory that held a password is given back wiped'
	same - spied/status <<<0
	grep -q '^looked [1-9]' reported && ! grep -qE '^(free|realloc) ' reported
	verdict $? 'it is' || show reported
	lacks spied/out Canary
fi
finish
