#!/usr/bin/env bash
# Not for sanitizers.
# plan-sync --have-ledger and apply-cognito --only ... --blind: a pool as a CSV file says, by the four
# calls AdminCreateUser, AdminUpdateUserAttributes, AdminDeleteUser and AdminSetUserPassword, and no
# other, not even one that is denied.
#
# CUT_EVERY=N: at how many of its bytes the ledger is cut (199; 1 is make ledger-cuts).
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers
four=AdminCreateUser,AdminUpdateUserAttributes,AdminDeleteUser,AdminSetUserPassword
export COGNITO_SEAL=1 HELPERS

# example: the display of "Without HAVE" in the page, but for the target, which is the test's.
awk '/^\.S[hs] / { on = $0 == ".Ss Without HAVE" }
	on && /^\.Bd / { block = 1; next }
	/^\.Ed/ { block = 0 }
	block && !/^target=/ { gsub(/\\e/, "\\"); print }' "$TOP/man/plan-sync.1" >example
title 'the page has it'
ok test -s example

row() { printf '%s,%s@example.com,true,%s,%s\n' "$1" "$1" "${2:-}" "${3:-true}"; }
# hr FILE ROW...
hr() { { echo cognito:username,email,email_verified,nickname,Enabled; printf '%s\n' "${@:2}"; } >"$1"; }
hr 1 "$(row ana)" "$(row bob b)" "$(row cid c)" "$(row dan d)"
hr 2 "$(row Ana a)" "$(row bob)" "$(row cid c)" "$(row dan e)"
hr 3 "$(row ana a)" "$(row cid c)" "$(row dan e)"
hr 4 "$(row ana a)" "$(row cid c)" "$(row dan e)" "$(row u1)" "$(row u2)" "$(row u3)" "$(row u4)" "$(row u5)" "$(row u6)"
hr 5 "$(row ana a)" "$(row cid x)" "$(row dan e)"
hr 6 "$(row ana a)" "$(row cid y)" "$(row dan e)"
hr 7 "$(row eva)" "$(row flo)"
hr 8 "$(row eva '' false)"
hr 9 "$(row eva)"
hr 10 "$(row ana a false)" "$(row cid c)" "$(row dan e)" "$(row gil '' false)"
printf '{"Key":"ana","Password":"Longer-1-enough"}\n' >words

cat >night.sh <<'Y'
target=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
# night CSV NAME [OPTION...]: the example, with options for plan-sync; what became of it goes to NAME.
night() {
	local name=$2 status=0
	cp "$1" hr.csv
	for file in hr.ledger hr.state; do ! [ -e $file ] || cp $file $name.${file#hr.}; done
	shift 2
	more=$* target=$target bash -c 'plan-sync() { command plan-sync "$@" $more; }
		set -e; . ./example' 2>"$name.said" >/dev/null || status=$?
	cp want "$name.want"
	if [ "$status" -eq 0 ] || [ "$status" -eq 3 ]; then
		cp plan "$name.plan"
		unseal results | jq -r '[.Op, .Key, .Result, (.Code | select(. != ""))] | join(" ")' >"$name"
	fi
	echo "$name $status"
}
Y
cat >nights <<'Y'
. ./night.sh
night 1 first
night 1 again
night 2 changed
night 2 again.2
night 3 missing
night 3 gone
night 3 again.3
night 4 more
night 5 missing.2
night 5 guard
night 5 confirmed --confirm user-delete=6
# As an older version left it.
jq -c 'del(.Digest, .Names, .Enabled)' hr.ledger >older && mv older hr.ledger
rm hr.state
night 5 older
night 5 again.4
# Killed behind the call, before the ledger had it; and the CSV file has changed its mind.
night 6 before
sed -i '$d' hr.ledger
night 5 killed
# A plan made of what list-users said, which has only what differs.
sub=$(jq -r 'select(.Key == "dan").sub // empty' hr.ledger | tail -n 1)
echo '{"Op":"update-user","Key":"dan","Username":"dan","sub":"'$sub'","Before":{"Attributes":{"nickname":"e"}},"After":{"Attributes":{"nickname":"f"}}}' |
	"$HELPERS/make-plan.py" "$target" >other
apply-cognito --only update --blind --ledger hr.ledger other >other.results
night 5 mixed
# Somebody else has removed him.
grep '"Key":"cid"' hr.ledger >other.ledger
sub=$(jq -r 'select(.Key == "cid").sub // empty' hr.ledger | tail -n 1)
echo '{"Op":"delete-user","Key":"cid","Username":"cid","sub":"'$sub'","Before":{}}' |
	"$HELPERS/make-plan.py" "$target" >other
apply-cognito --only delete --blind --ledger other.ledger other >other.results
night 6 removed
night 6 back
night 6 again.5
Y
title 'night after night, by the example of the page'
run 0 serve --allow $four --log log --state pool /dev/null -- bash nights
same - out <<'Y'
first 0
again 0
changed 0
again.2 0
missing 0
gone 0
again.3 0
more 0
missing.2 0
guard 5
confirmed 0
older 0
again.4 0
before 0
killed 0
mixed 0
removed 3
back 0
again.5 0
Y
title 'what was called, and answered: the four and nothing else'
jq -r '.Operation' log | LC_ALL=C sort -u | paste -sd, >called
same called <(echo "${four//,/$'\n'}" | LC_ALL=C sort | paste -sd,)
# did NAME: what that night did is on standard input
did() { cat >expected; same expected "$1"; }
title 'all are created'
did first <<'Y'
create-user ana done
create-user bob done
create-user cid done
create-user dan done
Y
for name in again again.2 again.3 again.4 again.5; do
	title "nothing differs: $name"
	did "$name" </dev/null
done
title 'who differs is written, with all that he is to have'
did changed <<'Y'
update-user ana done
update-user bob done
update-user dan done
Y
unseal changed.plan | jq -c 'select(.Op == "update-user") | [.Key, .Before, .After]' >got
same - got <<'Y'
["ana",{"Known":false},{"Attributes":{"email":"Ana@example.com","email_verified":"true","nickname":"a"}}]
["bob",{"Known":false},{"Attributes":{"email":"bob@example.com","email_verified":"true","nickname":null}}]
["dan",{"Known":false},{"Attributes":{"email":"dan@example.com","email_verified":"true","nickname":"e"}}]
Y
title 'who is missing is deleted the second night'
did missing <<<'update-user ana done'
did gone <<<'delete-user bob done'
has guard.said 'guard: user-delete: 6, and the limit is 5'
did confirmed < <(printf 'delete-user u%d done\n' 1 2 3 4 5 6)
title 'of an older ledger all differs, once'
did older < <(printf 'update-user %s done\n' ana cid dan)
title 'a call whose end the ledger does not know is made again'
did before <<<'update-user cid done'
did killed <<<'update-user cid done'
title 'and so is one that wrote a part'
did mixed <<<'update-user dan done'
title 'who is not there is not ours any more, and is created again'
did removed <<<'update-user cid failed UserNotFoundException'
did back <<<'create-user cid done'
title 'the pool is as the last file says'
jq -r 'select(.Username) | [.Username, .Enabled, .UserStatus, .Attributes.email, .Attributes.nickname // ""] | join(" ")' pool |
	LC_ALL=C sort >got
same - got <<'Y'
ana true CONFIRMED ana@example.com a
cid true CONFIRMED cid@example.com y
dan true CONFIRMED dan@example.com e
Y
title 'the ledger holds no value'
ok bash -c '! grep -e example.com -e Longer hr.ledger'

# --- an answer is lost; then all calls are allowed, since disabling is one more
cat >others <<'Y'
. ./night.sh
rm -f hr.state
night 9 lost
cut -d, -f1 log.2 | sort -u >called.2
sed -i -e 's/ --only [^ ]* --blind//' -e 's/ --delete --no-disable//' example
night 7 settled
night 7 again.6
night 8 disabled
night 8 disabled.2
night 8 again.7
night 7 enabled
night 7 again.8
# Killed behind the call.
night 8 disabled.3
sed -i '$d' hr.ledger
night 7 killed.2
night 9 missing.3 --delete
night 9 looked --delete
Y
cp example example.1
title 'other nights: a lost answer, and a role that may do all'
sed 's/hr\.ledger/second.ledger/' example.1 >example
sed -i 's/hr\.ledger/second.ledger/g' others
run 0 serve --fault AdminCreateUser:lost@1 --allow all --log log.2 --state pool.2 /dev/null -- bash others
same - out <<'Y'
lost 3
settled 0
again.6 0
disabled 0
disabled.2 0
again.7 0
enabled 0
again.8 0
disabled.3 0
killed.2 0
missing.3 0
looked 0
Y
title 'without a look nobody knows who was made'
did lost <<<'create-user eva failed UsernameExistsException'
lacks called.2 AdminGetUser
title 'a run that may look finds out'
did settled <<'Y'
create-user eva done
create-user flo done
Y
did again.6 </dev/null
title 'who is disabled is so once'
did disabled <<<'disable-user eva done'
did disabled.2 <<<'disable-user flo done'
did again.7 </dev/null
did enabled <<'Y'
enable-user eva done
enable-user flo done
Y
did again.8 </dev/null
title 'and enabled where nobody knows'
did killed.2 <<<'enable-user eva done'
title 'who may look does so before a deletion of what nobody has seen'
did looked <<<'delete-user flo done'

# --- provision-csv, with the same four
awk '/^With four permissions:/ { on = 1; next } on && /^\.Bd/ { next } /^\.Ed/ { on = 0 } on' \
	"$TOP/man/provision-csv.1" >example
title 'provision-csv(1) has it'
has example --have-ledger
cat >provision <<'Y'
TARGET=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
night() {
	cp "$1" hr.csv
	touch -d "@$((at += 60))" hr.csv
	. ./example
	echo "$2 $?" >>ends
	cp hr/results.ndjson "$2"
}
at=1700000000
night 1 provision.1
night 2 provision.2
night 3 provision.3
night 3 provision.4
night 10 provision.5
provision-csv -d hr --have-ledger "$TARGET" --whole --match-by email hr.csv
echo "$?"
echo 'cognito:username,Groups
ana,staff' >hr.csv
provision-csv -d hr --have-ledger "$TARGET" --whole hr.csv
echo "$?"
Y
rm -rf log.3
title 'provision-csv: created, changed, deleted'
run 0 serve --allow $four --log log.3 --state pool.3 /dev/null -- bash provision
same - ends <<'Y'
provision.1 0
provision.2 0
provision.3 0
provision.4 0
provision.5 3
Y
has err '2 differ in Enabled, or are to be created disabled'
has err 'match-by: not with --have-ledger'
has err 'hr.csv: --have-ledger knows no groups'
jq -r '.Operation' log.3 | LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }' >got
same - got <<'Y'
AdminCreateUser 4
AdminDeleteUser 1
AdminSetUserPassword 4
AdminUpdateUserAttributes 5
Y

# --- a ledger that is cut: no more is taken away than by a whole one
# cuts NAME KEYS: the ledger of the night NAME, as it was when its plan was made.
cuts() {
	local whole=$2 size at target bad=0
	size=$(stat -c %s "$1.ledger")
	target=$(jq -r 'select(.Target).Target' "$1.ledger" | head -n 1)
	{ seq 0 "${CUT_EVERY:-199}" "$size"; awk '{ n += length($0) + 1; print n - 1; print n }' "$1.ledger"; } |
		sort -nu >places
	while read -r at; do
		head -c "$at" "$1.ledger" >cut.ledger
		cp "$1.state" cut.state
		rm -f cut.plan
		plan-sync --have-ledger --ledger cut.ledger --target "$target" --state cut.state --delete \
			-o cut.plan "$1.want" 2>/dev/null
		case $? in
		4) ! [ -e cut.plan ] || bad=1 ;;
		0 | 3) unseal cut.plan | jq -r 'select(.Op == "delete-user" or .Op == "disable-user").Key' >taken
			! grep -qvxF -e "$whole" taken || bad=1 ;;
		*) bad=1 ;;
		esac
		[ "$bad" -eq 0 ] || { echo "# cut at $at of $size" >&2; break; }
	done <places
	return "$bad"
}
title 'cut anywhere, before a deletion'
ok cuts gone bob
title 'and behind it'
ok cuts again.3 bob
title 'whole, it is one'
unseal gone.plan | jq -r 'select(.Op == "delete-user").Key' >taken
same - taken <<<bob
finish
