#!/usr/bin/env bash
# apply-scim: what ends a run in the middle, or before it begins: refusals, tokens that end, a full disk,
# plans that may not be carried out, BulkRequests that fail, kills; and the next run, which goes on.
# KILLS: after which requests of seven it is killed.
# shellcheck disable=SC2016,SC2154 # for the inner shell and for jq; variables of the helper's
. "$(dirname "$0")/lib.sh"
export HELPERS=$TOP/tests/helpers
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"

cat >inner <<'END'
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"
scene forbidden '{"seed":['"$bob"'],"faults":{"POST /Users":[[403]]}}'; ours bob; { echo "$new"; echo '{"Op":"delete-user","Key":"bob","Username":"bob","Id":"ubob","Before":'"$bob"'}'; } >rows; plan <rows; apply
scene halted '{"seed":['"$ana"','"$bob"'],"faults":{"GET /Users":[[403],"late"]}}'; ours ana bob; { echo "$change"; echo "${change//ana/bob}" | sed 's/"nickName":"a"/"nickName":null/'; } >rows; plan <rows; apply
scene halted-gone '{"seed":['"$ana"','"$bob"'],"faults":{"GET /Users":[[403],"late"]}}'; ours ana bob; { echo "$gone"; echo '{"Op":"delete-user","Key":"bob","Username":"bob","Id":"ubob","Before":'"$bob"'}'; } >rows; plan <rows; apply
scene away '{"seed":['"$bob"'],"faults":{"POST /Users":['"$behind"']}}'; ours bob; cp plan.forbidden plan.away; apply --retry-seconds 0
now=away-later; cp plan.away plan.away-later; apply
scene dry '{"seed":['"$ana"']}'; { echo "$new"; echo "$off"; } >rows; plan <rows
apply-scim --dry-run plan.dry >results.dry 2>err.dry; echo $? >status.dry; : >ledger; after
scene only '{"seed":['"$bob"']}'; ours bob; cp plan.forbidden plan.only; apply --only create
# bob is ours, and the ledger has room for one line more.
cramped() {
	ours bob
	sed 's/"bob"/"'"$(printf 'x%.0s' {1..500})"'"/' ledger | head -1 >line
	sed -i 's/"sub":[^,]*,//; s/"Username":[^,]*,//' line
	cat line >>ledger
	(trap '' XFSZ; ulimit -f 1; apply)
}
scene full '{"seed":['"$bob"']}'; cp plan.forbidden plan.full; cramped
scene full-last; plan <<<"$new"; cramped
scene old-plan; plan 'Made="2026-01-01T00:00:00.000Z"' <<<"$new"; : >ledger; apply
scene other; plan 'Target="https://elsewhere"' <<<"$new"; : >ledger; apply
scene guard; ours ana; for i in 1 2 3 4 5 6; do echo "${off//ana/ana$i}"; done >rows; plan 'Classes={}' <rows; apply
scene mails; ours ana; for i in 1 2 3 4 5 6; do echo '{"Op":"update-user","Key":"ana'$i'","Username":"a","Id":"x","Before":{"emails":[{"value":"a"}]},"After":{"emails":[{"value":"b"}]}}'; done >rows; plan 'Limits={"update":100}' 'Max=["update"]' <rows; apply
scene cut; plan <<<"$new"; sed -i '$d' plan.cut; : >ledger; apply
scene active; ours ana; plan <<<"${change/\"nickName\":\"b\"/\"Active\":false}"; apply
scene password; plan <<<"${new/\"active\"/\"password\":\"secret\",\"active\"}"; : >ledger; apply

many=",\"config\":{\"bulk\":{\"supported\":true,\"maxOperations\":10},\"filter\":{\"supported\":true}}}"
for key in ana half cid silent; do echo "${new//ana/$key}"; done >many
scene bulk '{"seed":['"${ana//ana/cid}"']'"$many"; plan < <(cat many; echo "${new//ana/away}"); apply
scene bulk-lost '{"faults":{"POST /Bulk":["lost"]}'"$many"; plan <many; apply
scene bulk-behind '{"faults":{"POST /Bulk":['"$behind"']}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); apply
scene bulk-page '{"faults":{"POST /Bulk":[{"done":true,"status":200,"body":"<html>"}]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); apply
scene bulk-halted '{"faults":{"POST /Bulk":[[403],{"late":1,"status":413}]}'"${many/10/2}"; plan <many; apply
scene bulk-no '{"faults":{"POST /Bulk":[[501]]}'"$many"; plan <many; apply
scene bulk-large '{"faults":{"POST /Bulk":[[413],[413]]}'"$many"; head -n 2 many >two; plan <two; apply
# There is a token to begin with, and no other.
leaving() { (unset SCIM_TOKEN; apply --token-url "$TOKEN_URL" --client-id c --client-secret-file secret); }
(umask 077; echo s >secret)
scene token-behind '{"faults":{"POST /Users":['"$behind"',[401]]}}'; plan <<<"$new"; leaving
now=token-later; cp plan.token-behind plan.token-later; apply
scene bulk-token-behind '{"faults":{"POST /Bulk":['"$behind"',[401]]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); leaving
scene token '{"seed":['"$bob"','"${bob//bob/cid}"'],"faults":{"GET /Users":[[401]]}}'; ours bob cid
{ echo "$new"; echo "${change//ana/bob}"; echo "${gone//ana/cid}"; } >rows; plan <rows; leaving
scene bulk-token '{"faults":{"POST /Bulk":[[401]]}'"$many"; plan < <(echo "$new"; echo "${new//ana/cid}"); leaving
scene hold '{"seed":['"$bob"'],"faults":{"POST /Users":[{"status":429,"head":{"Retry-After":"8"}}]}}'; ours bob; cp plan.forbidden plan.hold; apply --retry-seconds 1
scene halted-taken '{"faults":{"POST /Users ana":['"$behind"'],"POST /Users bob":[{"status":302,"until":["GET /Users",1]}],"GET /Users":['"$nobody,$nobody,$nobody,$nobody,$nobody,$nobody,$nobody"']}}'
plan < <(echo "$new"; echo "${new//ana/bob}"); apply
now=halted-found; cp plan.halted-taken plan.halted-found; curl -s -X POST -d '{"seed":['"${ana/,\"nickName\":\"a\"/}"']}' "$SCIM_URL/_scene"; apply
scene bulk-kill '{"faults":{"all":{"1":"kill"}}'"$many"; plan <many
apply-scim --ledger ledger plan.bulk-kill >/dev/null 2>&1 & echo $! >pid
wait $! 2>/dev/null
apply
# Killed as the nth request is carried out, and run again: the same end.
{ echo '{"Op":"create-group","Key":"staff","GroupName":"staff","After":{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"staff","displayName":"staff"}}'
	echo "$new"; add ana; add bob ubob; echo "${change//ana/bob}" | sed 's/"nickName":"a"/"nickName":null/'
	echo '{"Op":"delete-user","Key":"cid","Username":"cid","Id":"ucid","Before":'"${bob//bob/cid}"'}'; } >rows
for n in ${KILLS:-1 5 7 8}; do
	scene "kill$n" '{"seed":['"$bob"','"${bob//bob/cid}"'],"faults":{"all":{"'$n'":"kill"}}}'
	ours bob cid
	plan <rows
	apply-scim --ledger ledger "plan.$now" >/dev/null 2>&1 & echo $! >pid
	wait $! 2>/dev/null
	echo $? >"killed.$now"
	apply
done
END
title 'the scenes'
# Its log lies beside it.
cp "$HELPERS/scim-scenes.py" script
run 0 "$HELPERS/scripted-scim.py" script bash ./inner

is forbidden "a client that may not write" <<'END'
forbidden 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana refused,bob created
END
is halted "what was looked at as the run was ended is not written to" <<'END'
halted 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  GET /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana created,bob created
END
is halted-gone "nor deleted" <<'END'
halted-gone 1
  apply-scim: /Users: HTTP 403; the token's owner may not do this
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  GET /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana created,bob created
END
is away "a server that is away, and made it all the same" <<'END'
away 3
  create-user ana failed 503 true HTTP 503
  delete-user bob done  false
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users,DELETE /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,bob created,bob deleted
END
is away-later "the next run finds it" <<'END'
away-later 0
  create-user ana done  false
  delete-user bob unchanged  false deleted before, by the ledger
  POST /Users,GET /Users,DELETE /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created,bob created,bob deleted
END
is dry "--dry-run" <<'END'
dry 0
  create-user ana planned  false
  disable-user ana planned  false
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
END
is only "--only" <<'END'
only 0
  create-user ana done  false
  delete-user bob skipped  false not asked for (--only)
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created,bob created
END
title 'no room for the ledger in the middle: nothing more is begun, and the results say what was done'
told full | grep -v 'bob created' >actual
same - actual <<'END'
full 3
  create-user ana done  false
  delete-user bob skipped  true not begun, since the run was ended
  apply-scim: ledger: the ledger cannot be written: File too large
  apply-scim: ledger: nothing more is begun without a ledger
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
END
title 'nor for its last line: that is no good end'
told full-last | grep -v 'bob created' >actual
same - actual <<'END'
full-last 3
  create-user ana done  false
  apply-scim: ledger: the ledger cannot be written: File too large
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
END
title 'and what was not is to be tried again'
jq -r 'select(.Key != "externalId" and .Op).Op' failed.full >actual
same - actual <<<'delete-user'
is old-plan "a plan that is too old" <<'END'
old-plan 5
  apply-scim: plan.old-plan: the plan is N minutes old, and --max-age is 1440
END
is other "a plan for another server" <<'END'
other 5
  apply-scim: plan.other: the plan was made for another target than http://HOST/scim/v2
END
is guard "the guard, worked out again" <<'END'
guard 5
  apply-scim: guard: user-disable: 6, and 5 at most
  ana created
END
is mails "and the classes that only resources show" <<'END'
mails 5
  apply-scim: guard: email-change: 6, and 5 at most
  ana created
END
is cut "a plan that was cut" <<'END'
cut 4
  apply-scim: plan.cut: incomplete: no seal: the writer did not finish
END
is active "what is for rows of its own" <<'END'
active 1
  apply-scim: plan.active:2: active in an update, which is for enable-user and disable-user
  ana created
END
is password "a password in a plan" <<'END'
password 1
  apply-scim: plan.password:2: a password, which stands in no plan
END
is bulk "a BulkRequest: one refused, two carried out and not so said, one not mentioned" <<'END'
bulk 3
  create-user ana done  false
  create-user away done  false
  create-user cid failed uniqueness false exists, and is not ours
  create-user half done  false
  create-user silent done  false
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Bulk,GET /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"away","userName":"away"}
  {"active":true,"externalId":"cid","nickName":"a","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,away creating,away created,cid creating,cid refused,half creating,half created,silent creating,silent created
END
is bulk-lost "one whose answer was lost" <<'END'
bulk-lost 0
  create-user ana done  false
  create-user cid done  false
  create-user half done  false
  create-user silent done  false
  POST /Bulk,GET /Users,GET /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,cid creating,cid created,half creating,half created,silent creating,silent created
END
is bulk-behind "one that a gateway refused though it was done" <<'END'
bulk-behind 0
  create-user ana done  false
  create-user cid done  false
  POST /Bulk,POST /Bulk,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,cid creating,cid created
END
is bulk-page "and one that was answered with a page" <<'END'
bulk-page 0
  create-user ana done  false
  create-user cid done  false
  apply-scim: /Bulk: HTTP 200 with something that is not JSON: a proxy or a login page in between, or --url leads elsewhere
  POST /Bulk,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,cid creating,cid created
END
is bulk-halted "what was not sent, since the run was ended, is not looked for later" <<'END'
bulk-halted 1
  apply-scim: /Bulk: HTTP 403; the token's owner may not do this
  apply-scim: 2 failed, 2 were skipped, 4 of them can be tried again; the results say why
  POST /Bulk,POST /Bulk
  ana creating,ana refused,cid creating,cid refused,half creating,half refused,silent creating,silent refused
END
is bulk-no "a server that offers it and has none" <<'END'
bulk-no 0
  create-user ana done  false
  create-user cid done  false
  create-user half done  false
  create-user silent done  false
  apply-scim: warning: /Bulk: HTTP 501: going on with single requests
  POST /Bulk,POST /Users,POST /Users,POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  {"active":true,"externalId":"half","userName":"half"}
  {"active":true,"externalId":"silent","userName":"silent"}
  ana creating,ana created,cid creating,cid created,half creating,half created,silent creating,silent created
END
is bulk-large "and one for which it is too large" <<'END'
bulk-large 0
  create-user ana done  false
  create-user half done  false
  POST /Bulk,POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"half","userName":"half"}
  ana creating,ana created,half creating,half created
END
is token-behind "one that was done behind a refusal, before the token ended" <<'END'
token-behind 3
  create-user ana failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: /Users: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is token-later "is found by the next run" <<'END'
token-later 0
  create-user ana done  false
  POST /Users,POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is bulk-token-behind "in a BulkRequest, too" <<'END'
bulk-token-behind 3
  create-user ana failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  create-user cid failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: /Bulk: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Bulk,POST /Bulk
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,cid creating
END
is token "without a token nothing goes on, and what is left can be tried again" <<'END'
token 3
  create-user ana done  false
  update-user bob failed  true no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  delete-user cid skipped  true not begun, since the run was ended
  apply-scim: /Users: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 1 failed, 1 were skipped, 2 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"active":true,"externalId":"cid","userName":"cid"}
  ana creating,ana created,bob created,cid created
END
title 'and it is, all of it'
jq -r 'select(.Key != "externalId" and .Op).Op' failed.token >actual
same - actual <<'END'
update-user
delete-user
END
is bulk-token "a BulkRequest without one changed nothing, and says nothing about Bulk" <<'END'
bulk-token 1
  apply-scim: /Bulk: no token from http://HOST/token: HTTP 401; check the client id, its secret and the scope
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Bulk
  ana creating,ana refused,cid creating,cid refused
END
is hold "a server that asks for more time than there is gets it: the run is over" <<'END'
hold 75
  apply-scim: /Users: HTTP 429; the server asks to wait 8 s, more than --retry-seconds leaves
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,bob created
END
title 'a name that is taken, perhaps by us, as the run is ended, and a server that shows it late'
told halted-taken | grep -v '^  POST /Users' | sed -E 's/127[0-9.]+:[0-9]+/HOST/' >actual
same - actual <<'END'
halted-taken 3
  create-user ana failed uniqueness true exists, and may be ours: the run was ended before the server showed it
  create-user bob failed 302 true HTTP 302 from the server: a redirect, and none is followed
  apply-scim: /Users: HTTP 302 from the server: a redirect, and none is followed
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,bob creating,bob refused
END
title 'is ours in the next run'
told halted-found | grep -vE '^  (POST|GET) /Users' >actual
same - actual <<'END'
halted-found 0
  create-user ana done  false
  create-user bob done  false
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana creating,ana created,bob creating,bob refused,bob creating,bob created
END
title 'killed as a BulkRequest is carried out, and run again'
same - status.bulk-kill <<<0
sed 1d state.bulk-kill >actual
same - actual <<'END'
{"active":true,"externalId":"ana","userName":"ana"}
{"active":true,"externalId":"cid","userName":"cid"}
{"active":true,"externalId":"half","userName":"half"}
{"active":true,"externalId":"silent","userName":"silent"}
END
title 'killed, and run again'
for n in ${KILLS:-1 5 7 8}; do
	[ "$n" -gt 7 ] || same - "killed.kill$n" <<<137
	same - "status.kill$n" <<<0
	sed 1d "state.kill$n" >actual
	same - actual <<'END'
{"active":true,"externalId":"ana","userName":"ana"}
{"active":true,"externalId":"bob","nickName":"b","userName":"bob"}
{"displayName":"staff","externalId":"staff","members":["ID","ubob"]}
END
done
finish
