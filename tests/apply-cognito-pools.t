#!/usr/bin/env bash
# apply-cognito: pools in which addresses are names, and roles that may not do everything.  On serve-pool.
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers
export HELPERS BIN

cat >mail.json <<'Y'
{"UsernameAttributes":["email"],"UsernameConfiguration":{"CaseSensitive":false},"AutoVerifiedAttributes":["email"],
 "SchemaAttributes":[{"Name":"custom:seen","AttributeDataType":"String","Mutable":true}]}
Y
: >nobody
cat >mail.rows <<'Y'
{"Op":"create-group","Key":"staff","GroupName":"staff","After":{}}
{"Op":"create-user","Key":"ana@example.com","Username":"Ana@example.com","After":{"Enabled":true,"Attributes":{"email":"Ana@example.com","email_verified":"true"}}}
{"Op":"create-user","Key":"bob@example.com","Username":"bob@example.com","After":{"Enabled":false,"Attributes":{"email":"bob@example.com","email_verified":"true"}}}
{"Op":"link-provider","Key":"ana@example.com","Username":"Ana@example.com","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"7"}}
{"Op":"add-member","Key":"ana@example.com","GroupName":"staff","Username":"Ana@example.com"}
Y
sed '/create-user.*bob/s/"true"}/"true","custom:more":"1"}/' mail.rows >more.rows
echo '{"Key":"Ana@Example.com","Password":"Longer-1-enough","Permanent":false}' >words
{ cat words; echo '{"Key":"ana@example.com","Password":"Longer-1-enough"}'; } >two.words
cat >session <<'Y'
here=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
"$HELPERS/make-plan.py" "$here" Fold=true <more.rows >plan
apply-cognito --ledger ledger --passwords two.words plan >two.out 2>two.err
echo "two $?"
# The first answer to each call is lost.
PLAN=plan "$HELPERS/lose-answers.py" AdminCreateUser:lost@1 AdminCreateUser:lost@2 CreateGroup:lost@1 \
	AdminLinkProviderForUser:lost@1 AdminAddUserToGroup:lost@1 AddCustomAttributes:lost@1 -- \
	apply-cognito --ledger ledger --passwords words --add-custom-attributes more plan.here >first 2>first.err
echo "first $?"
sed -i 's/"Target":"[^"]*",//' ledger
apply-cognito --ledger ledger --passwords words plan >second
echo "second $?"
list-users >there
list-groups | expand-members --with-attributes email | jq -r '.GroupName + " " + (.Attributes.email // .email)'
ana=$(jq -r 'select(.Attributes.email == "Ana@example.com").Attributes.sub' there)
bob=$(jq -r 'select(.Attributes.email == "bob@example.com").Attributes.sub' there)
jq -c 'select(.Attributes.email == "bob@example.com") | .Username = "x" | .Username = .Attributes.sub' there >bob
# By the name that the service has given, from now on.
{
	echo '{"Op":"link-provider","Key":"ana@example.com","Username":"'$ana'","sub":"'$ana'","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"7"}}'
	echo '{"Op":"link-provider","Key":"bob@example.com","Username":"'$bob'","sub":"other","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"8"}}'
	echo '{"Op":"update-user","Key":"ana@example.com","Username":"'$ana'","sub":"'$ana'","Before":{"Attributes":{"custom:seen":null,"custom:more":null}},"After":{"Attributes":{"custom:seen":"1","custom:more":"2"}}}'
	echo '{"Op":"delete-user","Key":"bob@example.com","Username":"'$bob'","sub":"'$bob'","Before":'"$(cat bob)"'}'
} | "$HELPERS/make-plan.py" "$here" Fold=true >plan
apply-cognito --ledger ledger plan >third
echo "third $?"
list-users | jq -c '[.Username == .Attributes.sub, .Enabled, .UserStatus, (.Attributes | del(.sub) | .identities |= (. // "[]" | fromjson | map(.userId)))]'
Y
run 0 serve --allow all --description mail.json nobody -- bash session
title 'addresses as names: made, found again, linked, and a second time'
same - out <<'Y'
two 2
first 0
second 0
staff Ana@example.com
third 3
[true,true,"FORCE_CHANGE_PASSWORD",{"custom:more":"2","custom:seen":"1","email":"Ana@example.com","email_verified":"true","identities":["7"]}]
Y
title 'who is made under another address than his own is called by the name that the service gives'
cat >other.rows <<'Y'
{"Op":"create-user","Key":"cid@example.com","Username":"cid@example.com","After":{"Enabled":false,"Attributes":{"email":"other@example.com","email_verified":"true"}}}
Y
# shellcheck disable=SC2016 # sh's
run 0 serve --allow all --description mail.json nobody -- sh -c '"$HELPERS/make-plan.py" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <other.rows >plan
	apply-cognito --ledger other.ledger plan >other.out && list-users | jq -c "[.Enabled, .UserStatus]"'
same - out <<<'[false,"CONFIRMED"]'
title 'two keys of passwords that the plan does not tell apart'
has two.err '--passwords: two keys differ in case alone'
title 'an attribute whose making lost its answer is there'
has first.err 'custom:more: it is there now, so it was made'
jq -r 'select(.Op) | [.Op, .Key, .Result, .Detail // ""] | join(" ")' third >got
title 'who is another is not linked'
same - got <<'Y'
link-provider ana@example.com unchanged linked already
link-provider bob@example.com skipped somebody else has this name now (another sub)
update-user ana@example.com done 
delete-user bob@example.com done 
Y

# --- the four permissions that provisioning from elsewhere asks for
sub=1-1-1
for name in ana bob ext; do
	status=CONFIRMED
	[ $name != ext ] || status=EXTERNAL_PROVIDER
	echo '{"Username":"'$name'","Enabled":true,"UserStatus":"'$status'","Attributes":{"sub":"'$name-$sub'","email":"'$name'@example.com","email_verified":"true","nickname":"n"}}'
	echo '{"Ledger":"user","Key":"'$name'","Username":"'$name'","sub":"'$name-$sub'","State":"created","Time":"2026-01-01T00:00:00Z"}' >>four.ledger
done >four.pool
cat >four.rows <<Y
{"Op":"create-user","Key":"new","Username":"new","After":{"Enabled":true,"Attributes":{"email":"new@example.com","email_verified":"true"}}}
{"Op":"create-user","Key":"off","Username":"off","After":{"Enabled":false,"Attributes":{"email":"off@example.com","email_verified":"true"}}}
{"Op":"set-password","Key":"ana","Username":"ana","sub":"ana-$sub","After":{"Permanent":true}}
{"Op":"update-user","Key":"ana","Username":"ana","sub":"ana-$sub","Before":{"Attributes":{"nickname":"n","name":null}},"After":{"Attributes":{"name":"Ana","nickname":null}}}
{"Op":"disable-user","Key":"ana","Username":"ana","sub":"ana-$sub","Before":{"Enabled":true},"After":{"Enabled":false}}
{"Op":"delete-user","Key":"bob","Username":"bob","sub":"bob-$sub","Before":{"Username":"bob"}}
Y
echo '{"Op":"set-password","Key":"ext","Username":"ext","sub":"ext-'$sub'","After":{"Permanent":true}}' >ext.rows
for name in ana ext; do echo '{"Key":"'$name'","Password":"Longer-1-enough"}'; done >four.words
echo '{"Op":"update-user","Key":"gone","Username":"gone","sub":"g","Before":{"Attributes":{"nickname":"n"}},"After":{"Attributes":{"nickname":null}}}' >gone.rows
echo '{"Ledger":"user","Key":"gone","Username":"gone","sub":"g","State":"created","Time":"2026-01-01T00:00:00Z"}' >gone.ledger
cat >session <<'Y'
here=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
"$HELPERS/make-plan.py" "$here" <four.rows >plan
only='--only create,update,delete,password --ledger four.ledger --passwords four.words'
apply-cognito $only plan >looking
echo "looking $?"
apply-cognito $only --blind plan >blind
echo "blind $?"
"$HELPERS/make-plan.py" "$here" <gone.rows >plan
apply-cognito --blind --ledger gone.ledger plan >gone
echo "gone $?"
Y
four=AdminCreateUser,AdminUpdateUserAttributes,AdminDeleteUser,AdminSetUserPassword
run 0 serve --allow $four --log four.log four.pool -- bash session
title 'four permissions: what would have to be looked at is not touched'
same - out <<'Y'
looking 3
blind 3
gone 3
Y
jq -r 'select(.Op) | [.Op, .Key, .Result, .Code, .Detail // ""] | join(" ")' looking >got
same - got <<'Y'
create-user new done  
create-user off skipped  to be made disabled, and --only does not allow to disable
set-password ana skipped AccessDeniedException AdminGetUser is denied, so it cannot be looked at again (--blind)
update-user ana skipped AccessDeniedException AdminGetUser is denied, so it cannot be looked at again (--blind)
disable-user ana skipped  not asked for (--only)
delete-user bob skipped AccessDeniedException AdminGetUser is denied, so it cannot be looked at again (--blind)
Y
title 'four permissions: who is gone is noted so, also by the empty values'
jq -r 'select(.Op) | [.Op, .Key, .Result, .Code, .Detail // ""] | join(" ")' gone >got
same - got <<<'update-user gone failed UserNotFoundException the user is not there any more'
ok test "$(tail -n 1 gone.ledger | jq -r .State)" = deleted
jq -r 'select(.Op) | [.Op, .Key, .Result, .Code] | join(" ")' blind >got
title 'four permissions: all goes without looking, attributes taken away by empty values'
same - got <<'Y'
create-user new unchanged 
create-user off skipped 
set-password ana done 
update-user ana done 
disable-user ana skipped 
delete-user bob done 
Y
jq -r 'select(.Status == 200).Operation' four.log | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' >got
same - got <<'Y'
AdminCreateUser 1
AdminDeleteUser 1
AdminSetUserPassword 2
AdminUpdateUserAttributes 2
Y
cat >session <<'Y'
"$HELPERS/make-plan.py" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <ext.rows >plan
grep ext- four.ledger >ext.ledger
apply-cognito --ledger ext.ledger --passwords four.words plan
echo "ext $?"
list-users | jq -r 'select(.Username == "ext").UserStatus'
Y
title 'the examples of the page, as they stand there'
awk '/^\.Sh / { on = $0 == ".Sh EXAMPLES" }
	!on { next }
	/^\.Dl / { sub(/^\.Dl /, ""); print; next }
	/^\.Bd/ { block = 1; next }
	/^\.Ed/ { block = 0 }
	block { gsub(/\\e/, "\\"); print }' "$TOP/man/apply-cognito.1" >examples
has examples --dry-run
has examples --failed
cat >in.session <<'Y'
"$HELPERS/make-plan.py" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <mail.rows >plan.ndjson
bash -e -o pipefail examples >shown || exit
wc -l <results.ndjson
list-users | wc -l
Y
run 0 serve --allow all nobody -- bash in.session
same - out <<'Y'
6
2
Y
has shown '"Result":"planned"'
run 0 serve --allow all four.pool -- bash session
title 'the profile of a provider gets no password'
has out 'a profile of an identity provider, which has no password'
has out EXTERNAL_PROVIDER
finish
