#!/usr/bin/env bash
# Not for sanitizers.
# restore-pool: what arrives differs from what was backed up in what was listed beforehand, and in nothing
# else; killed in many places and repeated, it comes to the same end.  The examples of the page.
# shellcheck disable=SC2016 # what stands in single quotes is for other shells and for jq
. "$(dirname "$0")/lib.sh"
compare=$TOP/tests/helpers/compare-pools.py

title 'usage and SYNOPSIS agree'
restore-pool --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/restore-pool.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 restore-pool -d x
run 2 restore-pool -d x a b
run 2 restore-pool -d x ''

# The demo's pool, with all its hard cases, and two that no demo needs.  (make pools: all of it.)
{
	make-pool -n "${USERS:-50}"
	echo '{"Username":"empty","UserStatus":"CONFIRMED","Attributes":{"sub":"e-1","nickname":"","phone_number":"12","phone_number_verified":"true","email_verified":"true"}}'
	echo '{"Username":"old","UserStatus":"CONFIRMED","Enabled":false,"Attributes":{"sub":"e-2","custom:gone":"x","custom:tenant":"toolong","email":"old@example.com","email_verified":"false"},"Groups":["ops"]}'
} >pool
cat >look <<'E'
list-groups -o g && expand-members g -o m && list-users | expand-members --members m -o u && cat u g >"$1"
E
title 'a backup'
run 0 serve --allow all pool -- sh -c 'backup-pool -d backups --apply && sh look was'
backup=$(echo backups/2*)
# Targets: like the source; and otherwise: other limits, something required, people sign in by address.
unseal "$backup/pool.ndjson" >like.json
jq '.SchemaAttributes |= map(select(.Name != "custom:gone") | if .Name == "custom:tenant" then .StringAttributeConstraints.MaxLength = "6" else . end)' \
	like.json >less.json
jq '.UsernameAttributes = ["email"] | .UsernameConfiguration.CaseSensitive = false
	| .SchemaAttributes |= map(if .Name == "given_name" then .Required = true else . end)' less.json >mail.json
: >nobody
target=(--allow all --user-pool-id eu-west-1_new --region eu-west-1 --log log)

cat >examples <<'E'
awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Ed/ && on { exit } on && text { print } /^\.Bd/ && on { text = 1 }' "$1" |
while IFS= read -r line; do
	n=$((n + 1))
	$line >out.$n 2>err.$n
	echo $?
done
sh look is
for other in boto3 aws; do /usr/bin/python3 -B "$2/tests/helpers/read-back.py" $other >by.$other; done
E
title 'the examples of the page: a dry run, all of it, nothing to do'
run 0 serve "${target[@]}" --description less.json nobody -- bash examples "$TOP/man/restore-pool.1" "$TOP"
same - out <<<$'3\n3\n3'
title 'the dry run changed nothing, and said how to go on'
has out.1 'the same command with --apply'
title 'and who could not recover a password: as the results say afterwards'
ok test "$(sed -n 's/^  \([0-9]*\) of those who are created have no verified address .*/\1/p' out.1)" = \
	"$(sed -n 's/.*warning: \([0-9]*\) users were created without a verified address.*/\1/p' err.2)"
title 'all that is listed differs, and nothing else'
run 0 "$compare" restored/losses.ndjson was is
mv out differences
title 'boto3 and the AWS CLI see the same'
jq -cS 'if .Username then {Username, Enabled, UserStatus, Attributes, Groups: (.Groups | sort)}
	else {GroupName, Description, Precedence, RoleArn} | with_entries(select(.value != null)) end' is |
	LC_ALL=C sort >ours
for other in boto3 aws; do
	jq -cS . by.$other | LC_ALL=C sort >theirs
	same ours theirs
done
title 'the totals that were printed are those of the list'
sed -n 's/^  \([0-9]*\) times \([^ ]*\) of \(Users\|Groups\): /\1 \2 /p' out.2 | sort >printed
jq -r 'select(.Of | not) | .Loss + " " + .Why' restored/losses.ndjson | sort | uniq -c | sed 's/^ *//' | sort >counted
same counted printed
title 'and were there before anything was done'
ok test "$(grep -n 'what will not' out.2 | cut -d: -f1)" -lt "$(grep -n 'what was done' out.2 | cut -d: -f1)"
title 'the hard cases are in the list'
jq -r '[.Loss, (.User // .Group), .Why] | @tsv' restored/losses.ndjson |
	grep -E '	(empty|old|o.brien|year-only|unconfirmed|linked.local|idp-admin)	' | sort >hard
same - hard <<'E'
Attributes.birthdate	year-only	not a date, which the target wants
Attributes.custom:gone	old	not an attribute of the target
Attributes.custom:tenant	old	longer than the target allows
Attributes.email	o'brien	not an address, which the service wants
Attributes.email_verified	empty	a flag without its address
Attributes.identities	linked.local	linked anew, as far as the target has the provider
Attributes.nickname	empty	an empty value is none
Attributes.phone_number	empty	not a telephone number, which the service wants
Attributes.phone_number_verified	empty	a flag without its address
RoleArn	idp-admin	only with --with-role-arn
UserStatus	unconfirmed	UNCONFIRMED becomes CONFIRMED
E
title 'no message was sent'
ok test -z "$(jq 'select((.Messages // 0) > 0)' log)"
title 'the ledger has the old sub and the new one'
jq -r 'select(.Username) | [.Username, .Attributes.sub] | @tsv' is | sort >subs
jq -r 'select(.Ledger == "user" and .State == "created") | [.Username, .sub] | @tsv' restored/ledger.ndjson | sort | comm -3 - subs >other
empty other
jq -r 'select(.Username) | .Username as $n | .Attributes.sub' was | sort >old.subs
ok test "$(jq -r 'select(.State == "created") | .Source.sub // empty' restored/ledger.ndjson | sort -u | comm -23 - old.subs)" = ''
title 'into an empty pool memberships are planned and made, each of them'
ok test "$(sed -n 's/^  \([0-9]*\) times add-member$/\1/p' out.1)" = "$(jq -r '.Groups[]?' is | wc -l)"
ok test "$(jq -r '.Groups[]?' is | wc -l)" -gt 0
title 'the third run found nothing to do'
has out.3 '  nothing'
title 'its owner'\''s alone'
ok test "$(stat -c %a restored restored/* | sort -u | tr '\n' ' ')" = '600 700 '
title 'nobody was deleted or disabled for being absent'
ok test -z "$(jq -r .Operation log | grep -E 'Delete|AdminRemove')"

# --- where people sign in by address
title 'a pool where people sign in by address, and a given name is required'
rm -rf restored
run 3 serve "${target[@]}" --description mail.json nobody -- sh -c \
	'restore-pool -d restored --apply "$1"; status=$?; sh look is; exit $status' - "$backup"
mv out said
title 'all that is listed differs, and nothing else'
run 0 "$compare" restored/losses.ndjson was is email
title 'of people who share an address nobody is made'
ok test "$(jq -r 'select(.Why | startswith("another has")).User' restored/losses.ndjson | wc -l)" -ge 2
title 'who has no address is not made, and listed'
ok jq -es 'map(select(.User == "no-email" and .Loss == "user")) | length == 1' restored/losses.ndjson

# --- a target that is not empty
jq -c 'select(.Username == "ana" or .GroupName == "ops") | if .Attributes then .Attributes.nickname = "changed" | .Groups = [] else . end' was >some
echo '{"Username":"theirs","Attributes":{"sub":"t-1"},"Groups":["ops"]}' >>some
title 'a target that is not empty is refused'
run 5 serve "${target[@]}" some -- restore-pool -d third --apply "$backup"
has err '2 users, 1 groups'
title 'but for --adopt, if the guard lets it'
rm -f log
run 3 serve "${target[@]}" --description like.json some -- sh -c \
	'restore-pool -d third --adopt --apply --max update=0 "$1" 2>guard; echo $? >guard.status
	restore-pool -d third --adopt --apply "$1"; status=$?; sh look is; exit $status' - "$backup"
title 'the guard says what to type'
has guard 'restore-pool: nothing was changed; if it is meant, the same command with: --confirm update=1'
ok test "$(cat guard.status) $(grep -c 'what was done' out)" = '5 1'
title 'who was there is as in the backup, and his memberships'
one() { jq -cS 'select(.Username == "ana") | {a: (.Attributes | del(.sub)), g: (.Groups | sort)}' "$1"; }
one was >expected
one is >actual
same expected actual
title 'who is not ours is as he was'
ok test "$(jq -c 'select(.Username == "theirs").Groups' is)" = '["ops"]'

# --- a record of the target that was rejected: its user is not made anew
mkdir shim
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shim/$1"
	chmod +x "shim/$1"
}
shim list-users "$BIN/list-users \"\$@\" | through --same-scope grep -v '^{\"Username\":\"ana\"'
while [ \"\$1\" != --reject ]; do shift; done
echo '{\"Reason\":\"odd\",\"Line\":1,\"Stream\":\"stdin\",\"Record\":{\"Username\":\"ana\"}}' >\"\$2\"
exit 3"
title 'a record of the target that was rejected'
run 3 serve "${target[@]}" --description like.json some -- env PATH="$T/shim:$PATH" restore-pool -d odd --adopt "$backup"
has err 'restore-pool: odd/held.ndjson: 1 rejected, with the reasons'
title 'its user is not made anew'
ok test "$(jq -r 'select(.Key == "ana").Op' odd/plan.ndjson | grep -c create)" -eq 0
rm shim/list-users

# --- killed, and repeated
state() {
	jq -cS 'del(.UserCreateDate, .UserLastModifiedDate, .CreationDate, .LastModifiedDate)
		| if .Attributes then .Attributes |= del(.sub, .identities) else . end
		| if .Groups then .Groups |= sort else . end' "$1" | sort
}
make-pool -n 30 >small
rm -rf backups log
run 0 serve --allow all small -- backup-pool -d backups --apply
unseal backups/2*/pool.ndjson >like.json
run 3 serve "${target[@]}" --description like.json nobody -- sh -c 'restore-pool -d plain --apply backups; s=$?; sh look is; exit $s'
state is >whole
title 'a run that nobody disturbs'
ok test -s whole
title 'a service that fails, and fails again'
run 0 serve "${target[@]}" --description like.json --fault AdminAddUserToGroup:error500=100% nobody -- \
	sh -c 'for i in 1 2; do restore-pool -d failing --apply --retry-seconds 0 backups; echo $? >&3; done' 3>statuses
same - statuses <<<$'3\n3'
title 'what it does not take is planned anew'
has out 'an earlier run did not come to its end; what it left is planned anew'
ok grep -q '^{"Op":"plan",.*"Totals":{"add-member":' failing/pending.ndjson
cat >kill-it <<'E'
setsid bash -c 'echo $$ >pid; export PIDS=$PWD/pid PATH=$PWD/shim:$PATH; exec restore-pool -d killed --apply backups' >/dev/null 2>&1
echo "$? $(list-users | wc -l)" >killed.status
rm -f shim/*
if [ -d shim.2 ]; then
	setsid bash -c 'echo $$ >pid; export PIDS=$PWD/pid PATH=$PWD/shim.2:$PATH; exec restore-pool -d killed --apply backups' >second 2>&1
	echo $? >second.status
fi
restore-pool -d killed --apply backups >again 2>again.err
echo $? >>killed.status
ls killed | tr '\n' ' ' >>killed.status
sh look is
jq -r 'select(.UserStatus == "FORCE_CHANGE_PASSWORD").Username' is >half
E
# killed_at WHERE STATUS: killed as the shims say, and repeated: the same end.
killed_at() {
	rm -rf killed
	title "$1: killed"
	run 0 serve "${target[@]}" --description like.json nobody -- bash kill-it
	ok grep -q "^$2 " killed.status
	title "$1: repeated, the same end"
	state is >end
	same whole end
	title "$1: nothing is half done"
	ok test "$(sed -n 2,3p killed.status | tr '\n' ' ')$(cat half)" = '3 held.ndjson ledger.ndjson left.ndjson losses.ndjson plan.ndjson results.ndjson unreachable.ndjson '
}
end='kill -9 $(<$PIDS); kill -9 $PPID 2>/dev/null; exit 1'
# dies_at N [M]: the Nth request that apply-cognito sends is its last one, and the Mth of the one that
# carries the plan on.
dies_at() {
	rm -rf shim.2
	if [ $# -gt 1 ]; then
		dies_at "$2"
		mv shim shim.2
		mkdir shim
	fi
	shim apply-cognito "[[ \" \$* \" == *' --dry-run '* ]] || exec strace -f -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=KILL:when=$1 $BIN/apply-cognito \"\$@\"
exec $BIN/apply-cognito \"\$@\""
}
dies_at 35 12
killed_at 'apply-cognito at its request 35, and the one that carries it on at its request 12' 1
title 'the second one carried on what the first one left'
has second 'an earlier run did not come to its end; first, what it has half made'
ok grep -qx 1 second.status
rm -rf shim.2
# make pipeline-kills
if [ -n "${PIPELINE_KILLS:-}" ]; then
	shim apply-cognito "[[ \" \$* \" == *' --dry-run '* ]] || { $end; }; exec $BIN/apply-cognito \"\$@\""
	killed_at 'the script, before the first write' 137
	shim apply-cognito "$BIN/apply-cognito \"\$@\"; s=\$?; [[ \" \$* \" != *' --dry-run '* ]] || exit \$s; $end"
	killed_at 'the script, behind the last write' 137
	for n in 9 26 45 70; do
		dies_at "$n"
		killed_at "apply-cognito at its request $n" 1
	done
	for n in '20 1' '40 30' '60 3'; do
		# shellcheck disable=SC2086 # two numbers
		dies_at $n
		killed_at "apply-cognito at its requests $n" 1
	done
fi
finish
