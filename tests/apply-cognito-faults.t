#!/usr/bin/env bash
# shellcheck disable=SC2119 # plan may have arguments
# apply-cognito: answers that are lost, refusals in the middle, and kills: what is there in the end is the
# same as if nothing had happened, and nothing is done twice or claimed wrongly.
# Mostly waits.
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers
. "$TOP/tests/helpers/applying.sh"

# A pool of its own for each scene, which is a process that is started in no time.
server=
planted=(pool.env)
echo '{"GroupName":"other"}' >empty.pool
trap '[ -z "$server" ] || kill $server 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
new_pool() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	: >pool.env
	serve-pool --allow all empty.pool >pool.env 2>pool.err &
	server=$!
	for ((i = 0; i < 600; i++)); do
		if grep -q '^unset' pool.env || ! kill -0 $server 2>/dev/null; then break; fi
		sleep 0.05
	done
	# shellcheck source=/dev/null
	. ./pool.env
	url=$AWS_ENDPOINT_URL
	rm -f ledger failed
}

cat >made <<'Y'
{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"Description":"d","Precedence":1}}
{"Op":"create-user","Key":"ana","Username":"ana","After":{"Enabled":true,"Attributes":{"email":"ana@example.com","email_verified":"true"}}}
{"Op":"create-user","Key":"bob","Username":"bob","After":{"Enabled":false,"Attributes":{"email":"bob@example.com","email_verified":"true"}}}
{"Op":"add-member","Key":"ana","GroupName":"staff","Username":"ana"}
Y
end() {
	users
	list-groups >groups.now
	gojq -c 'select(.GroupName != "other") | [.GroupName, .Description]' groups.now
	expand-members groups.now | gojq -r '.GroupName + " " + .Username'
}

# through RULES OPTION...: apply-cognito behind the proxy, of which its plan speaks.
through_proxy() {
	local rules=$1
	shift
	forget_target
	# shellcheck disable=SC2086 # words are wanted
	PLAN=plan "$HELPERS/lose-answers.py" $rules -- ${STRACE:-} apply-cognito --ledger ledger -o results "$@" plan.here
}

# behind STATUS RULES [OPTION...]: one test, as apply.
behind() {
	local status=$1
	shift
	rm -f results
	run "$status" through_proxy "$@"
	unseal results >rows 2>/dev/null || :
}

new_pool
plan <made
apply 0
end >whole
ok test "$(wc -l <whole)" = 4

# settled RULE...: two tests: with such faults, which are settled in the same run, the end is the same.
settled() {
	new_pool
	plan <made
	title "settled: $1"
	LOG=$T/calls behind 0 "$1"
	end >got
	title "$1: the end is the same"
	same whole got
}
rm -f calls
settled 'AdminCreateUser:lost@1'
title 'the service was asked whether it is ours'
ok grep -qx AdminGetUser calls
settled 'CreateGroup:lost@1 AdminSetUserPassword:lost@1 AdminDisableUser:lost@1 AdminAddUserToGroup:500@1'
title 'a password that was set by a try whose answer was lost, and is refused as an old one then'
new_pool
grep '"Op":"create-user","Key":"ana"' made | plan
behind 0 'AdminSetUserPassword:lost@1 AdminSetUserPassword:PasswordHistoryPolicyViolationException'
ledger | tail -n 1 >got
same - got <<<'user ana created'
settled 'AdminCreateUser:+CodeDeliveryFailureException@1 AdminCreateUser:+UnexpectedLambdaException@2'
title 'that a message was not delivered is said'
has rows 'could not tell the user'

# --- a 200 that is no answer is none: a page of somebody in between, or an answer about nobody
settled 'DescribeUserPool:page@1 CreateGroup:page@1 AdminCreateUser:page@1 AdminCreateUser:+page@2 AdminSetUserPassword:page@1 AdminDisableUser:page@1 AdminAddUserToGroup:page@1'
settled 'CreateGroup:+nothing@1 AdminCreateUser:+nothing@1'
title 'an answer about nobody, and nobody was made'
new_pool
plan <made
behind 3 'CreateGroup:nothing@1 AdminCreateUser:nothing@1' --failed failed
jq -r 'select(.Result != "done") | [.Op, .Result, (.Retryable | tostring), .Detail] | join(" ")' rows | LC_ALL=C sort >got
same - got <<'Y'
add-member skipped true its group was not created, or not adopted
create-group failed true CreateGroup: an answer without a group, and none was made
create-user failed true AdminCreateUser: an answer without a user, and nobody was made
Y
forget_target
title 'the next run makes them'
apply 0
end >got
same whole got
title 'an error with 200 is no answer, nor is what it says'
new_pool
plan <made
behind 3 'AdminDisableUser:error' --failed failed
title 'who was not disabled is not done, and is tried again'
jq -r 'select(.Key == "bob") | [.Op, .Result, (.Retryable | tostring), .Detail] | join(" ")' rows >got
same - got <<'Y'
create-user failed true created, but enabled: AdminDisableUser: HTTP 200 with an error in it: UserNotFoundException
Y
forget_target
apply 0
end >got
same whole got
title 'pages for good: whoever was not made is to be tried again'
new_pool
plan <made
behind 3 'AdminCreateUser:page' --retry-seconds 0
jq -r 'select(.Result == "failed") | [.Op, .Key, (.Retryable | tostring)] | join(" ")' rows >got
same - got <<'Y'
create-user ana true
create-user bob true
Y
title 'status, summary and results agree: nothing was changed, and all of it is for later'
new_pool
grep '"Op":"create-user"' made | plan
behind 75 'AdminCreateUser:TooManyRequestsException' --retry-seconds 0
has err '2 failed, 0 were skipped, 2 of them can be tried again'
unseal --whole results >out 2>&1 || :
ok test ! -e results
title 'but not where an answer was lost: he may be there'
behind 3 'AdminCreateUser:500 AdminSetUserPassword:TooManyRequestsException' --retry-seconds 0
title 'a pool of which nothing is told is written to by nobody'
new_pool
plan <made
behind 75 'DescribeUserPool:nothing'
has err 'DescribeUserPool: an answer without a pool'
ok test "$(end | wc -l)" = 0
title 'nor is who cannot be looked at, or a group'
new_pool
plan <made
apply 0
echo '{"Op":"disable-user","Key":"ana","Username":"ana","sub":"'"$(sub_of ana)"'","Before":{"Enabled":true},"After":{"Enabled":false}}
{"Op":"delete-group","Key":"staff","GroupName":"staff","Before":{"GroupName":"staff","Description":"d","Precedence":1}}
{"Op":"create-group","Key":"new","GroupName":"new","After":{}}' | plan
forget_target
behind 3 'AdminGetUser:nothing GetGroup:nothing'
jq -r '[.Op, .Result, (.Retryable | tostring), .Detail] | join(" ")' rows >got
same - got <<'Y'
create-group done false 
disable-user failed true AdminGetUser: an answer without a user
delete-group failed true GetGroup: an answer without a group
Y
forget_target
behind 3 'ListUsersInGroup:nothing'
has rows 'ListUsersInGroup: an answer without users'

# --- made without a password (--only), a user gets it by the next run of the plan that may give one
bare() {
	new_pool
	grep '"Op":"create-user","Key":"ana"' made | plan
	apply 0 --only create
	has ledger '"State":"created","Password":false'
}
one() { jq -r '[.Result, .Detail] | join(" ")' rows >got; users | jq -r '.[2]' >>got; ledger | tail -n 1 >>got; same - got; }
title 'and until then it is not given'
bare
apply 0 --only create,members
one <<'Y'
unchanged created before, by the ledger
FORCE_CHANGE_PASSWORD
user ana created
Y
title 'killed before and behind that'
forget_target
behind 137 'AdminSetUserPassword:kill'
forget_target
behind 137 'AdminSetUserPassword:kill-after'
has ledger '"Password":false'
lacks ledger '"State":"created","Time"'
title 'one whom he has by now is not replaced'
: >calls
forget_target
LOG=$T/calls behind 0 ''
one <<'Y'
unchanged has a password by now
CONFIRMED
user ana created
Y
lacks calls AdminSetUserPassword
title 'after which nobody is asked for any more'
: >calls
forget_target
LOG=$T/calls behind 0 ''
lacks calls AdminGetUser
title 'in one go, also with another plan of the same that allows messages'
bare
apply 0 --allow-messages 1
one <<'Y'
done 
CONFIRMED
user ana created
Y
title 'but nobody else of that name'
bare
sed -i 's/"sub":"[^"]*"/"sub":"other"/' ledger
apply 3
one <<'Y'
skipped somebody else has this name now (another sub)
FORCE_CHANGE_PASSWORD
user ana created
Y

# --- what is made and not finished is finished by the next run
new_pool
plan <made
title 'a password that is refused'
behind 3 'AdminSetUserPassword:InvalidPasswordException@1 AdminSetUserPassword:InvalidPasswordException@2'
ledger | grep -c 'user .* created' >got
same - got <<<0
forget_target
title 'and a second time it is given'
apply 0
end >got
same whole got
title 'a function of the pool that was asked and refused before the user was made'
new_pool
plan <made
behind 3 'AdminCreateUser:InvalidLambdaResponseException@1'
gojq -r 'select(.Result == "failed") | [.Code, .Detail] | join(" ")' rows >got
same - got <<<'InvalidLambdaResponseException AdminCreateUser: InvalidLambdaResponseException: planted'
title 'settling without AdminGetUser fails the row, and not the run'
new_pool
plan <made
behind 3 'AdminCreateUser:lost@1 AdminGetUser:AccessDeniedException' --blind
gojq -r 'select(.Op == "create-user") | [.Result, .Code] | join(" ")' rows | LC_ALL=C sort >got
same - got <<'Y'
done 
failed AccessDeniedException
Y
ledger | grep -c refused >got
same - got <<<0
title 'a throttle leaves nothing to settle'
: >calls
new_pool
plan <made
LOG=$T/calls behind 0 'AdminCreateUser:TooManyRequestsException@1'
ok test "$(grep -cx AdminGetUser calls)" = 0

title 'somebody else has taken the name while our answer was lost'
new_pool
plan <made
echo '{"Op":"create-user","Key":"ana","Username":"ana","After":{"Attributes":{"email":"other@example.com"}}}' |
	"$HELPERS/make-plan.py" "$url/$COGNITO_USER_POOL_ID" >theirs
apply-cognito --ledger their.ledger theirs >out 2>err
behind 3 'AdminCreateUser:500@1'
gojq -r 'select(.Op != "create-group") | [.Op, .Key, .Result, .Code] | join(" ")' rows >got
same - got <<'Y'
create-user ana failed UsernameExistsException
create-user bob done 
add-member ana skipped 
Y
ledger | grep ana | tail -n 1 >got
same - got <<<'user ana refused'

# --- the whole run ends, and what was not begun can be fed in again
new_pool
plan <made
behind 3 'AdminSetUserPassword:AccessDeniedException' --failed failed
has err 'AdminSetUserPassword: AccessDeniedException'
title 'whoever is to be disabled is, although there is no password'
users | grep bob >got
same - got <<<'["bob",false,"FORCE_CHANGE_PASSWORD",{"email":"bob@example.com","email_verified":"true"}]'
title 'what was not begun is in the plan of what failed'
mv failed plan
forget_target
sed -i "s|http://127.0.0.1:[0-9]*/|$url/|g" plan
unseal --whole plan >got 2>/dev/null || sed '$d' plan >got
sed 1d got | gojq -r '.Op + " " + .Key' >again
same - again <<'Y'
create-user ana
create-user bob
add-member ana
Y
grep -v '"Op":"plan"' got | plan
apply 0
end >got
title 'fed in again, it comes to the same end'
same whole got

if command -v strace >/dev/null && ! grep -q __asan_init "$BIN/apply-cognito"; then
	title 'a row that cannot be kept for it: no such file, and no good end'
	new_pool
	plan <made
	STRACE="strace -f -qq -o trace -e trace=openat -P ${TMPDIR:-/tmp} -e inject=openat:error=EACCES:when=3" \
		behind 1 'AdminSetUserPassword:AccessDeniedException' --failed failed
	has err 'failed: not written, since a row of it is missing'
	ok test ! -e failed
fi
title 'a service that refuses all: nothing was changed'
new_pool
plan <made
behind 1 '*:UnrecognizedClientException' --failed failed
title 'and no file of what failed is left'
ok test ! -e failed
title 'before the part that destroys, a refusal that no row explains ends the run'
new_pool
plan <made
apply 0
ana=$(sub_of ana)
plan <<Y
{"Op":"enable-user","Key":"bob","Username":"bob","sub":"$(sub_of bob)","Before":{"Enabled":false},"After":{"Enabled":true}}
{"Op":"disable-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Enabled":true},"After":{"Enabled":false}}
Y
behind 1 'AdminEnableUser:AccessDeniedException'
users >got
sed '3,$d' whole >expected
same expected got
title 'what cannot be looked at is left alone'
plan <<Y
{"Op":"disable-user","Key":"ana","Username":"ana","sub":"$ana","Before":{"Enabled":true},"After":{"Enabled":false}}
Y
behind 3 'AdminGetUser:AccessDeniedException'
title 'unless that is asked for'
behind 0 'AdminGetUser:AccessDeniedException' --blind
ok test "$(users | gojq -r 'select(.[0] == "ana")[1]')" = false

# --- kills: at each request, before it has come and after
# killed RULE: one test: killed by it, and run again, it comes to the same end; nobody is claimed wrongly.
killed() {
	local got=0
	new_pool
	plan <made
	through_proxy "$1" >out 2>err || got=$?
	title "$1: killed"
	[ "$got" -eq 137 ]
	verdict $? "$1" || { echo "# status $got" >&2; show err; }
	forget_target
	# Also by a torn last line.
	[ -z "${2:-}" ] || printf '%s' "$2" >>ledger
	apply-cognito --ledger ledger -o results plan >out 2>err
	{ end; ledger | grep -c created; } >got 2>&1
	title "$1: run again, the end is the same"
	{ cat whole; echo 3; } >wanted
	same wanted got
}
for rule in '*:kill@2' '*:kill-after@4'; do killed "$rule"; done
killed 'AdminCreateUser:kill-after@1' '{"Ledger":"user","Key":"bo'
has err 'the last line is cut off'

title 'who was ours once, is gone and made again, and then the run was killed'
new_pool
plan <made
own user ana old-sub
through_proxy AdminCreateUser:kill-after@1 >out 2>err
forget_target
apply 0
ledger | grep ana | tail -n 2 >got
same - got <<'Y'
user ana creating
user ana created
Y
title 'no room for the ledger in the middle: nothing more is begun, and the results say what was done'
new_pool
plan <made
own user "$(printf 'x%.0s' {1..550})"
run 3 bash -c 'trap "" XFSZ; ulimit -f 1; exec apply-cognito --ledger ledger -o results plan'
has err 'the ledger cannot be written'
unseal results >rows
results <<'Y'
create-group staff staff done  false
create-user - ana skipped  true
create-user - bob skipped  true
add-member staff ana skipped  true
Y
title 'a ledger with a wrong line stops the run'
new_pool
plan <made
printf '{"Ledger":"user","Key":"x","State":"mine","Time":"2026-01-01T00:00:00Z"}\n' >ledger
apply 1
has err 'ledger:1: State: not one that is known'
title 'nor is one taken that somebody has put a seal into: it stays as it is'
ledger_line='{"Ledger":"user","Key":"x","State":"created","Time":"2026-01-01T00:00:00Z"}'
{ echo "$ledger_line"; tail -n 1 plan; echo "$ledger_line"; echo "$ledger_line"; } >ledger
cp ledger ledger.old
apply 1
has err 'a seal, which a ledger does not have'
same ledger.old ledger
title 'a ledger that another run uses is waited for by nobody'
: >ledger
run 75 flock ledger apply-cognito --ledger ledger plan
has err 'in use by another run'
finish
