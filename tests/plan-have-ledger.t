#!/usr/bin/env bash
# plan-sync --have-ledger: what is planned of ledgers and lists that a test writes.  Night after night, with
# apply-cognito, it is in have-ledger.t.
. "$(dirname "$0")/lib.sh"
export COGNITO_SEAL=1

pool=https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc
# known KEY STATE DIGEST [MORE]: a line of a ledger.
known() {
	printf '{"Ledger":"user","Target":"%s","Key":"%s","Username":"%s","sub":"%s-1"%s,"State":"%s","Time":"2026-01-01T00:00:00.000Z"}\n' \
		"$pool" "$1" "$1" "$1" "${3:-}" "$2"
}
# list FILE DAY SCOPE REJECTED: the lines of standard input, sealed.
list() {
	cat >"$1"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":%d,"source":"hr/users","scope":"%s","started":"2026-11-0%dT01:00:00.000Z","ended":"2026-11-0%dT02:00:00.000Z"}}\n' \
		"$(wc -l <"$1")" "$(wc -c <"$1")" "$4" "$3" "$2" "$2" >>"$1"
}
ana='{"Username":"ana","Enabled":true,"Attributes":{"email":"a@example.com","email_verified":"true"}}'
# plan STATUS WANT [OPTION...]: its operations go to ./got.
plan() {
	run "$1" plan-sync --have-ledger --ledger l --target $pool --state s --delete "${@:3}" "$2"
	unseal out 2>unsealed | jq -r 'select(.Op != "plan") | [.Op, .Key, .After.Attributes // ""] | map(tostring) | join(" ")' >got
}
{ known ana created ',"Names":["email","nickname","email_verified","custom:x"],"Enabled":true'
	known bob created ',"Names":["email"]'; known eve creating; known gus deleted; known hal refused; } >l
updated='update-user ana {"email":"a@example.com","email_verified":"true"'
for day in 1 2; do
	list all.$day $day all 0 <<<"$ana"
	list part.$day $day members:g 0 <<<"$ana"
	list held.$day $day all 1 <<<"$ana"
done
title 'of a list of another scope nothing is taken away'
plan 3 part.1
title 'and again'
plan 3 part.2
same - got <<<"$updated}"
has err 'the scopes of WANT and HAVE differ'
title 'who is about to be created and is missing is counted'
has err '1 are missing, but since apply did not end nobody knows whether they are ours'
rm -f s
title 'attributes that were written once are cleared'
plan 3 all.1
same - got <<<"$updated"',"nickname":null,"custom:x":null}'
title 'and who is missing for the second time is deleted'
plan 3 all.2 --ignore-attributes nickname
same - got <<Y
$updated,"custom:x":null}
delete-user bob 
Y
rm -f s
echo '{"Reason":"x","Record":{"Username":"bob"}}' >rejects
title 'who was rejected is there, and the ledger knows him'
plan 3 held.1 --held rejects
title 'so others may go'
plan 3 held.2 --held rejects
lacks err 'left out'
lacks got bob
rm -f s
title 'who may not be disabled is said, and neither planned nor counted by the guard'
list off.1 1 all 0 <<'Y'
{"Username":"ana","Enabled":false,"Attributes":{"email":"a@example.com","email_verified":"true"}}
{"Username":"bob","Enabled":true,"Attributes":{}}
{"Username":"zoe","Enabled":false,"Attributes":{}}
Y
plan 3 off.1 --max user-disable=0 --max user-enable=0 --no-disable --left left
has err '2 differ in Enabled, or are to be created disabled'
same - got <<Y
$updated,"nickname":null,"custom:x":null}
update-user bob {"email":null}
Y
grep -v eve left | jq -r '[.Key, .Why] | join(" ")' >actual
same - actual <<'Y'
ana Enabled differs, and nobody may be enabled or disabled
zoe Enabled differs, and nobody may be enabled or disabled
Y
title 'who may be is'
plan 3 off.1
ok grep -q '^disable-user ana' got
ok grep -q '^create-user zoe' got
rm -f s
cp l l.1
title 'whose Enabled no line tells may be either: one call'
{ known ana adopted; known bob created ',"Enabled":false'; known bob adopted | sed 's/bob-1/bob-2/'; known cid created ',"Enabled":true'; known cid adopted; } >l
for name in ana bob cid; do printf '{"Username":"%s","Enabled":true}\n' $name; done | list unsaid.1 1 all 0
for name in ana bob; do printf '{"Username":"%s","Enabled":false}\n' $name; done | list unsaid.2 2 all 0
plan 0 unsaid.1
cut -d' ' -f1,2 got >actual
same - actual < <(printf 'enable-user %s\n' ana bob)
title 'or the other'
plan 0 unsaid.2
cut -d' ' -f1,2 got >actual
same - actual < <(printf 'disable-user %s\n' ana bob)
title 'but where nobody may, and nobody ever might'
rm -f s
plan 0 unsaid.1 --no-disable
same - got </dev/null
mv l.1 l
rm -f s
title 'where there is nothing to compare there is nothing to do'
for name in ana bob; do printf '{"Username":"%s","Attributes":{}}\n' $name; done | list none.1 1 all 0
plan 3 none.1 --attributes sub
same - got </dev/null
rm -f s
title 'an address that is not verified may make Cognito write to it'
list plain.1 1 all 0 <<<'{"Username":"ana","Attributes":{"email":"a@example.com"}}'
plan 5 plain.1
has err 'guard: messages: 1 possible'
title 'who is linked already nobody knows'
rm -f s
list linked.1 1 all 0 <<'Y'
{"Username":"ana","Attributes":{"identities":"[{\"providerName\":\"P\",\"userId\":\"1\"}]"}}
{"Username":"zoe","Attributes":{"identities":"[{\"providerName\":\"P\",\"userId\":\"1\"}]"}}
Y
plan 3 linked.1
cut -d' ' -f1,2 got >actual
same - actual <<'Y'
create-user zoe
link-provider zoe
update-user ana
Y
rm -f s l

# --- what does not go together
refused() {
	local why=$1
	shift
	title "refused: $*"
	run 2 plan-sync --have-ledger "$@"
	has err "$why"
}
ours=(--ledger l --target "$pool")
refused 'needs --ledger' --target $pool hr.csv
refused 'needs --target' --ledger l hr.csv
refused 'is no user pool' --ledger l --target https://example.com/scim/v2 hr.csv
refused 'one operand at most' "${ours[@]}" a b
refused 'HAVE is the ledger' "${ours[@]}" --want a --have b
refused 'needs --delete' "${ours[@]}" --no-disable a
refused 'the key is Username' "${ours[@]}" --key email a
refused 'groups are not looked at' "${ours[@]}" --scope-groups g a
echo '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a","externalId":"a"}' >resources
COGNITO_SEAL='' refused 'WANT is SCIM resources' "${ours[@]}" resources
echo '{"Ledger":"user","Target":"'$pool'","Key":"a","State":"created","Time":"2026-01-01T00:00:00.000Z"}' >l
echo '{"Username":"a","Enabled":true,"Attributes":{"email":"a@example.com"},"Groups":["g"]}' >want
title 'a line without a name'
run 1 env COGNITO_SEAL= plan-sync --have-ledger "${ours[@]}" want
has err 'l:1: a user without Username'
rm l
title 'groups are not looked at'
run 0 env COGNITO_SEAL= plan-sync --have-ledger "${ours[@]}" want
has err 'WANT has groups or memberships'
lacks err expand-members
unseal out | jq -r .Op | sort | uniq -c | awk '{ print $2, $1 }' >got
same - got <<'Y'
create-user 1
plan 1
Y
finish
