#!/usr/bin/env bash
# apply-scim: answers to creations that are lost, late or of a part only, and what another run left: in the
# end all is as if nothing had happened, nobody is made twice, and nobody is taken for ours who is not.
# shellcheck disable=SC2016,SC2154 # for the inner shell and for jq; variables of the helper's
. "$(dirname "$0")/lib.sh"
export HELPERS=$TOP/tests/helpers
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"

cat >inner <<'END'
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"
scene lost '{"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene drop '{"faults":{"POST /Users":["drop"]}}'; plan <<<"$new"; apply
scene rubbish '{"seed":['"$bob"'],"faults":{"POST /Users":[{"done":true,"status":201,"body":"<html>"}]}}'; ours bob
{ echo "$new"; echo "${change//ana/bob}"; } >rows; plan <rows; apply
scene rubbish-lost '{"faults":{"POST /Users":[{"done":true,"raw":"no HTTP\r\n"}],"GET /Users":["drop","drop"]}}'; plan <<<"$new"; apply --retry-seconds 0
scene moved '{"faults":{"POST /Users":[{"status":302}]}}'; plan <<<"$new"; apply
scene behind '{"faults":{"POST /Users":['"$behind"']}}'; plan <<<"$new"; apply
scene taken '{"seed":['"$ana"']}'; plan <<<"$new"; apply
scene old '{"seed":['"${ana%\}}"',"meta":{"created":"2020-01-01T00:00:00Z","version":"1"}}],"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene differs '{"seed":['"${ana/true/false}"'],"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene nofilter '{"config":{"filter":{"supported":false}},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
now=nofilter2; cp plan.nofilter plan.nofilter2; curl -s -X POST -d '{"seed":['"${ana/,\"nickName\":\"a\"/}"']}' "$SCIM_URL/_scene"; apply
scene unfiltered '{"config":{"filter":{"supported":false}},"seed":['"${ana/,\"nickName\":\"a\"/}"','"${staff/\"members\"/\"externalId\":\"staff\",\"members\"}"']}'
begun ana; begun_group staff; { echo "${team/\"After\"/\"Id\":\"g1\",\"After\"}"; echo "${new/\"After\"/\"Id\":\"uana\",\"After\"}"; } >rows; plan <rows; apply
scene lowered '{"seed":['"${ana/\"userName\":\"ana\",\"active\":true,\"nickName\":\"a\"/\"userName\":\"ANA\",\"active\":true}"']}'; begun ana; plan <<<"$new"; apply
scene unfiltered-row '{"config":{"filter":{"supported":false}},"seed":['"$ana"']}'; begun ana; plan <<<"$new"; apply
scene unfiltered-gone '{"config":{"filter":{"supported":false}}}'; begun ana; plan <<<"${new/\"After\"/\"Id\":\"uana\",\"After\"}"; apply
scene unfiltered-other '{"config":{"filter":{"supported":false}},"seed":['"${ana/\"externalId\":\"ana\"/\"externalId\":\"eve\"}"']}'; begun ana; cp plan.unfiltered-gone plan.unfiltered-other; apply
scene begun; begun ana; plan <<<"$new"; apply
scene begun-twin '{"seed":['"${staff/\"members\"/\"externalId\":\"staff\",\"members\"}"']}'; begun_group staff; plan <<<"$team"; apply
scene begun-renamed '{"seed":['"${ana/\"userName\":\"ana\"/\"userName\":\"eve\"}"']}'; begun ana; plan <<<"$new"; apply
scene lagging '{"seed":['"${ana/,\"nickName\":\"a\"/}"'],"faults":{"GET /Users":['"$nobody,$nobody"']}}'; begun ana; plan <<<"$new"; apply
scene timeless '{"config":{"timeless":true},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene begun-timeless '{"seed":['"${ana/,\"nickName\":\"a\"/}"'],"config":{"timeless":true}}'; begun ana; plan <<<"$new"; apply
scene blind '{"seed":['"$bob"'],"config":{"blind":true,"shown":1},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene blind-liar '{"seed":['"$bob"'],"config":{"blind":true},"faults":{"POST /Users":["drop"]}}'; plan <<<"$new"; apply
scene blind-whole '{"seed":['"$bob"'],"config":{"blind":true},"faults":{"POST /Users":["lost"]}}'; plan <<<"$new"; apply
scene hidden '{"seed":['"$ana"','"${ana/uana/uother}"'],"config":{"shown":1}}'; begun ana; plan <<<"$new"; apply
scene counted '{"faults":{"POST /Users":["lost"],"GET /Users":[{"status":200,"body":"{\"totalResults\":1}"}]}}'; plan <<<"$new"; apply
scene unasked '{"faults":{"POST /Users":["lost"],"GET /Users":[[400,"invalidFilter"]]}}'; plan <<<"$new"; apply
scene kept '{"seed":['"$ana"']}'; ours ana; plan <<<"$new"; apply
scene reborn '{"faults":{"all":{"1":"kill"}}}'; id=u0 ours ana; plan <<<"$new"
apply-scim --ledger ledger plan.reborn >/dev/null 2>&1 & echo $! >pid
wait $! 2>/dev/null
apply
END
title 'the scenes'
# Its log lies beside it.
cp "$HELPERS/scim-scenes.py" script
run 0 "$HELPERS/scripted-scim.py" script bash ./inner

is drop "a creation that did not arrive is made again" <<'END'
drop 0
  create-user ana done  false
  POST /Users,GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is lost "one whose answer was lost is found again" <<'END'
lost 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is rubbish "one that was answered for in a way that cannot be read is found, though the run ends there" <<'END'
rubbish 3
  create-user ana done  false
  update-user bob skipped  true not begun, since the run was ended
  apply-scim: /Users: HTTP 201 with something that is not JSON: a proxy or a login page in between, or --url leads elsewhere
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created,bob created
END
is rubbish-lost "where it is not found out either, it stays to be looked for" <<'END'
rubbish-lost 3
  create-user ana failed  true connection to HOST lost: why
  apply-scim: /Users: the answer of HOST is not HTTP
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is moved "a redirect made nobody" <<'END'
moved 1
  apply-scim: /Users: HTTP 302 from the server: a redirect, and none is followed
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  ana creating,ana refused
END
is behind "one that a gateway refused though it was done is ours" <<'END'
behind 0
  create-user ana done  false
  POST /Users,POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is taken "a name that is taken is somebody else's" <<'END'
taken 3
  create-user ana failed uniqueness false exists, and is not ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is old "who was there before is not ours, though an answer was lost" <<'END'
old 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is differs "nor is who is otherwise" <<'END'
differs 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":false,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana refused
END
is nofilter "a server that cannot be asked" <<'END'
nofilter 3
  create-user ana failed  true connection to HOST lost: why
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is nofilter2 "and the next run, which can" <<'END'
nofilter2 0
  create-user ana done  false
  GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is unfiltered "who is there by the plan's list is asked for by that id, without a filter" <<'END'
unfiltered 0
  create-group staff done  false
  create-user ana done  false
  GET /Groups,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"displayName":"staff","externalId":"staff","members":["stranger","uana"]}
  ana creating,ana creating,ana created,staff creating,staff creating,staff created
END
is lowered "a name in letters of another case is the name" <<'END'
lowered 0
  create-user ana done  false
  GET /Users
  {"active":true,"externalId":"ana","userName":"ANA"}
  ana creating,ana creating,ana created
END
is unfiltered-row "a row that cannot be settled does not pretend to" <<'END'
unfiltered-row 3
  create-user ana failed uniqueness false is taken, and the server cannot be asked by whom: a plan by a list made since settles it, if it is ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  POST /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is unfiltered-gone "who is gone since is made" <<'END'
unfiltered-gone 0
  create-user ana done  false
  GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is unfiltered-other "somebody else under that id is nobody of ours" <<'END'
unfiltered-other 3
  create-user ana failed uniqueness false is taken, and the server cannot be asked by whom: a plan by a list made since settles it, if it is ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users,POST /Users
  {"active":true,"externalId":"eve","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is begun "what a run that was killed did not get to make is made" <<'END'
begun 0
  create-user ana done  false
  GET /Users,POST /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is begun-twin "what it made is not made again, even where the server would let it" <<'END'
begun-twin 0
  create-group staff done  false
  GET /Groups
  {"displayName":"staff","externalId":"staff","members":["stranger","uana"]}
  staff creating,staff creating,staff created
END
is begun-renamed "nor beside who has another name by now" <<'END'
begun-renamed 3
  create-user ana failed uniqueness false exists, but differs: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"eve"}
  ana creating,ana creating,ana refused
END
is lagging "one that is found only a while after its name is taken" <<'END'
lagging 0
  create-user ana done  false
  GET /Users,POST /Users,GET /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana created
END
is timeless "one whose answer was lost is ours, though the server says not since when it is there" <<'END'
timeless 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana created
END
is begun-timeless "one that a run which was killed was about to make is not known to be" <<'END'
begun-timeless 3
  create-user ana failed uniqueness false exists, and the server does not say since when: not known to be ours
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating,ana creating,ana refused
END
is blind "nothing is made again on the word of a part of a list" <<END
blind 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating
END
is blind-liar "nor of a server that does not look for what it is asked for" <<END
blind-liar 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating
END
is blind-whole "which shows it among all others" <<'END'
blind-whole 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  ana creating,ana created
END
is hidden "one of two that are shown is not the one" <<END
hidden 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana creating,ana creating
END
is counted "nor is one that is counted and not shown nobody" <<END
counted 3
  create-user ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is unasked "a server that turns out not to be one that can be asked" <<'END'
unasked 3
  create-user ana failed invalidFilter true 400 invalidFilter
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana creating
END
is kept "who is ours and there, though the plan does not know it" <<'END'
kept 0
  create-user ana unchanged  false created before, by the ledger
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created,ana creating,ana created
END
is reborn "who was ours once, is gone and made again, and then the run was killed" <<'END'
reborn 0
  create-user ana done  false
  POST /Users,GET /Users
  {"active":true,"externalId":"ana","userName":"ana"}
  ana created,ana creating,ana creating,ana created
END
finish
