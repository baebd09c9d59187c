# shellcheck shell=bash
# Behind lib.sh, and behind what sets url and COGNITO_USER_POOL_ID: plans made and carried out.
#
#   plan [MEMBER=JSON...]         a plan of the operations on standard input, in the file plan
#   apply STATUS [OPTION...]      one test: it is carried out; the results' rows in the file rows
#   results                       one test: what they say, short, is what standard input says
#   users, members, ledger        what is there, short and sorted; the ledger as it is
#   sub_of USERNAME
#   own KIND KEY [SUB]            the ledger learns that it is ours
#   forget_target                 of the ledger: the next run goes by a proxy, or no longer
# shellcheck disable=SC2154 # url is whose who asks
plan() { "$HELPERS/make-plan.py" "$url/$COGNITO_USER_POOL_ID" "$@" >plan; }
apply() {
	local status=$1
	shift
	run "$status" apply-cognito --ledger ledger -o results "$@" plan
	unseal results >rows 2>/dev/null || :
}
results() {
	jq -r '[.Op, .GroupName // "-", .Key, .Result, .Code, (.Retryable | tostring)] | join(" ")' rows >got
	same - got
}
users() { list-users | jq -cS '[.Username, .Enabled, .UserStatus, (.Attributes | del(.sub))]' | LC_ALL=C sort; }
sub_of() { list-users | jq -r --arg n "$1" 'select(.Username == $n).Attributes.sub'; }
members() { list-groups | expand-members | jq -r '.GroupName + " " + .Username' | LC_ALL=C sort; }
own() { jq -cn '$ARGS.positional as [$kind, $key, $sub] | {Ledger: $kind, Key: $key} +
	(if $sub then {sub: $sub} else {} end) + {State: "adopted", Time: "2026-01-01T00:00:00Z"}' --args "$@" >>ledger; }
forget_target() { [ ! -e ledger ] || sed -i 's/"Target":"[^"]*",//' ledger; }
ledger() { jq -r '[.Ledger, .Key, .State] | join(" ")' ledger; }
