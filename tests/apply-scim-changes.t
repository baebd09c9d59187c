#!/usr/bin/env bash
# apply-scim: changes, deletions and memberships, with or without PATCH and versions, while others change the
# same: nothing is done twice or claimed wrongly, and nobody else is touched.
# shellcheck disable=SC2016,SC2154 # for the inner shell and for jq; variables of the helper's
. "$(dirname "$0")/lib.sh"
export HELPERS=$TOP/tests/helpers
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"

cat >inner <<'END'
# shellcheck source=tests/helpers/scim-scenes.sh
. "$HELPERS/scim-scenes.sh"
scene put '{"seed":['"$ana"'],"faults":{"PATCH /Users":[[501]]}}'; ours ana; plan <<<"$change"; apply
scene put-many '{"seed":['"$ana"','"${ana//ana/cid}"','"${ana//ana/dan}"'],"faults":{"PATCH /Users":[[501],[501],[501]]}}'; ours ana cid dan
for key in ana cid dan; do echo "${change//ana/$key}"; done >rows; plan <rows; apply
club=${staff//staff/club} club=${club/g1/g2}
scene put-groups '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[[501],[501]],"GET /Groups":[null,{"until":["PATCH /Groups",1]}]}}'; our_group staff; our_group club
for key in staff:g1 club:g2; do echo '{"Op":"update-group","Key":"'${key%:*}'","GroupName":"'${key%:*}'","Id":"'${key#*:}'","Before":{},"After":{"externalId":"x"}}'; done >rows; plan <rows; apply
scene put-members '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[{"status":428,"until":["PATCH /Groups",2,"seen"]},[428],[501]]}}'
ours bob; our_group staff; our_group club; { add bob ubob; add bob ubob | sed s/staff/club/; } >rows; plan <rows; apply
scene early '{"seed":['"$ana"'],"faults":{"PATCH /Users":[[428]]}}'; ours ana; plan <<<"$change"; apply
scene put-crowds '{"seed":['"$staff"','"$club"'],"faults":{"PATCH /Groups":[[501],[501]]}}'; ours bob; our_group staff; our_group club; cp plan.put-members plan.put-crowds; apply
scene touched '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":["touch"]}}'; ours ana; plan <<<"$change"; apply
scene weak '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":[[412],[412]]}}'; ours ana; plan <<<"$change"; apply
scene chased '{"seed":['"$ana"'],'"$on"',"faults":{"PATCH /Users":["touch","touch","touch","touch"]}}'; ours ana; plan <<<"$change"; apply
scene chased-put '{"seed":['"$ana"'],"config":{"patch":{"supported":false},"etag":{"supported":true}},"faults":{"PUT /Users":["touch","touch","touch","touch"]}}'; ours ana; plan <<<"$change"; apply
scene changed '{"seed":['"${ana/\"a\"/\"c\"}"']}'; ours ana; plan <<<"$change"; apply
scene so '{"seed":['"${ana/\"a\"/\"b\"}"']}'; ours ana; plan <<<"$change"; apply
scene renamed '{"seed":['"${ana/\"userName\":\"ana\"/\"userName\":\"eve\"}"']}'; ours ana; plan <<<"$off"; apply
scene off '{"seed":['"$ana"'],"faults":{"PATCH /Users":["lost"]}}'; ours ana; plan <<<"$off"; apply
scene gone '{"seed":['"$ana"'],"faults":{"DELETE /Users":["lost"]}}'; ours ana; plan <<<"$gone"; apply
scene gone2; ours ana; plan <<<"$gone"; apply
page='{"status":404,"body":"<html>"}'
scene page '{"seed":['"$ana"','"$staff"'],"faults":{"GET /Users":['"$page"'],"PATCH /Groups":['"$page"']}}'; ours ana; our_group staff; { out ana uana; echo "$gone"; } >rows; plan <rows; apply
scene page-delete '{"seed":['"$ana"'],"faults":{"DELETE /Users":['"$page"']}}'; ours ana; plan <<<"$gone"; apply
for body in '{\"message\":7}' '{\"status\":404,\"error\":\"Not Found\"}' ''; do
	json=$((${json:-0} + 1))
	scene "json-$json" '{"seed":['"$ana"'],"faults":{"GET /Users":[{"status":404,"body":"'"$body"'"}]}}'; ours ana; plan <<<"$gone"; apply
done
scene grown '{"seed":['"${ana/\"a\"/\"z\"}"']}'; ours ana; plan <<<"$gone"; apply
scene strange '{"seed":['"$ana"','"$staff"']}'; { echo "$gone"; echo "$off"; echo "$change"; out ana uana; } >rows; plan <rows; apply
scene singles '{"seed":['"$ana"','"$bob"','"${staff/stranger/s}"']}'; ours ana bob; id=bad ours cid; our_group staff
{ add bob ubob; add cid bad; add ana uana; } >rows; plan <rows; apply
scene notarget '{"seed":['"$ana"','"$staff"']}'; ours ana bob; our_group staff; { out ana uana; out bob ubob; } >rows; plan <rows; apply
scene blind-group '{"seed":['"${staff//staff/team}"','"${staff/g1/g2}"'],"config":{"blind":true,"shown":1}}'; ours ana; our_group staff; out ana uana >rows; plan <rows; apply
scene blind-user '{"seed":['"$bob"','"$ana"','"${staff/,{\"value\":\"uana\"\}/}"'],"config":{"blind":true,"shown":1}}'; ours ana; our_group staff; add ana >rows; plan <rows; apply
scene members '{"seed":['"$bob"','"$staff"'],"faults":{"PATCH /Groups":["lost"]}}'; ours bob; our_group staff; add bob >rows; plan <rows; apply
scene busy '{"seed":['"$bob"','"$staff"'],"faults":{"PATCH /Groups":[[428],[412],[412],[412]]}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply
scene whole '{"seed":['"$bob"','"$staff"'],"config":{"patch":{"supported":false}}}'; ours bob ana; our_group staff; { add bob; out ana uana; } >rows; plan <rows; apply
# Members that are not shown, to a PUT, which drops whom it does not name.
grow='{"Op":"update-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{},"After":{"externalId":"x"}}'
for how in asked never; do
	scene "whole-$how" '{"seed":['"$bob"','"$staff"'],"config":{"members":"'$how'"},"faults":{"PATCH /Groups":[[501],[501]]}}'; ours bob; our_group staff
	{ add bob ubob; echo "$grow"; } >rows; plan <rows; apply
done
for dialect in aws oci; do
	scene "whole-$dialect" '{"seed":['"$staff"'],"config":{"members":"many","patch":{"supported":false}}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply --dialect $dialect
done
for how in some never; do
	scene "whole-new-$how" '{"seed":['"$ana"','"$bob"'],"config":{"members":"'$how'","patch":{"supported":false}}}'; ours ana bob
	{ echo "$team"; add ana uana; add bob ubob; } >rows; plan <rows; apply --members-max 1
done
scene whole-some '{"seed":['"${staff/\{\"value\":\"stranger\"\},/}"'],"config":{"members":"some","patch":{"supported":false}}}'; ours ana bob; our_group staff
{ out ana uana; out bob ubob; } >rows; plan <rows; apply --members-max 1
scene whole-empty '{"seed":['"${staff%,*,*}}"'],"config":{"members":"some","patch":{"supported":false}}}'; ours bob; our_group staff; add bob ubob >rows; plan <rows; apply
scene group '{"seed":['"$staff"']}'; our_group staff; echo '{"Op":"delete-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{"displayName":"staff","Members":1}}' >rows; plan <rows; apply
scene twin '{"seed":['"$ana"','"$staff"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g0",&/' ledger
{ out ana uana; echo '{"Op":"update-group","Key":"staff","GroupName":"staff","Id":"g1","Before":{},"After":{"externalId":"x"}}'; } >rows; plan <rows; apply
scene group-id '{"seed":['"$ana"','"${staff/\"displayName\":\"staff\"/\"displayName\":\"crew\"}"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g1",&/' ledger
out ana uana | sed 's/"Id"/"GroupId":"g1",&/' >rows; plan <rows; apply
scene group-id-twin '{"seed":['"$ana"','"$staff"']}'; ours ana; our_group staff; sed -i 's/"GroupName"/"sub":"g0",&/' ledger; cp plan.group-id plan.group-id-twin; apply
scene twin-user '{"seed":['"$ana"','"$staff"']}'; id=u0 ours ana; our_group staff; { add ana; out ana uana; echo "$off"; echo "$gone"; } >rows; plan <rows; apply
# libcurl itself sends it again when a kept connection ends.
scene gone-away '{"seed":['"$ana"'],"faults":{"DELETE /Users":["lost","drop","drop"]}}'; ours ana; plan <<<"$gone"; apply --retry-seconds 0
END
title 'the scenes'
# Its log lies beside it.
cp "$HELPERS/scim-scenes.py" script
run 0 "$HELPERS/scripted-scim.py" script bash ./inner

is put "no PATCH" <<'END'
put 0
  update-user ana done  false
  GET /Users,PATCH /Users,GET /Users,PUT /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
title 'no PATCH, for all that are under way'
ended put-many >actual
same - actual <<'END'
put-many 0
  update-user ana done  false
  update-user cid done  false
  update-user dan done  false
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  {"active":true,"externalId":"cid","nickName":"b","userName":"cid"}
  {"active":true,"externalId":"dan","nickName":"b","userName":"dan"}
END
title 'what was looked at without its members is not written whole'
ended put-groups >actual
same - actual <<'END'
put-groups 0
  update-group club done  false
  update-group staff done  false
  {"displayName":"club","externalId":"x","members":["stranger","uana"]}
  {"displayName":"staff","externalId":"x","members":["stranger","uana"]}
END
for name in put-members put-crowds; do
	title "no PATCH, or not without a version, for crowds that are under way ($name)"
	ended $name >actual
	same - actual <<END
$name 0
  add-member bob done  false
  add-member bob done  false
  {"displayName":"club","members":["stranger","uana","ubob"]}
  {"displayName":"staff","members":["stranger","uana","ubob"]}
END
done
is early "a server that wants to know what is changed, and did not say so before" <<'END'
early 0
  update-user ana done  false
  GET /Users,PATCH /Users,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is touched "changed between the look and the change: another look (If-Match)" <<'END'
touched 0
  update-user ana done  false
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is weak "a version that the server gives and refuses" <<'END'
weak 0
  update-user ana done  false
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is chased "what others change from look to look is never changed blindly" <<'END'
chased 3
  update-user ana skipped 412 true changed since the plan
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users if,GET /Users,PATCH /Users if
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is chased-put "least of all by PUT" <<'END'
chased-put 3
  update-user ana skipped 412 true changed since the plan
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Users,PUT /Users if,GET /Users,PUT /Users if,GET /Users,PUT /Users if,GET /Users,PUT /Users if
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is changed "what is not as the plan says is left alone" <<'END'
changed 3
  update-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"c","userName":"ana"}
  ana created
END
is so "what is so already is left alone" <<'END'
so 0
  update-user ana unchanged  false so already
  GET /Users
  {"active":true,"externalId":"ana","nickName":"b","userName":"ana"}
  ana created
END
is renamed "somebody else by now" <<'END'
renamed 3
  disable-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"eve"}
  ana created
END
is off "a deactivation whose answer was lost" <<'END'
off 0
  disable-user ana done  false
  GET /Users,PATCH /Users,PATCH /Users
  {"active":false,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
is gone "a deletion whose answer was lost" <<'END'
gone 0
  delete-user ana done  false
  GET /Users,DELETE /Users,DELETE /Users
  ana created,ana deleted
END
is gone2 "who is gone already" <<'END'
gone2 0
  delete-user ana unchanged  false is not there any more
  GET /Users
  ana created,ana deleted
END
is page "a page with a 404 is no word of the server's that somebody is gone" <<'END'
page 3
  remove-member ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  delete-user ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is page-delete "nor if it answers the deletion" <<'END'
page-delete 3
  delete-user ana failed 404 true HTTP 404 with a page instead of an answer; a proxy or load balancer in between, or --url leads elsewhere
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users,DELETE /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
for json in 1 2 3; do
	is json-$json "nor if a gateway says it in JSON, or in no words" <<END
json-$json 3
  delete-user ana failed 404 true HTTP 404 that is no Error message of SCIM; a proxy or load balancer in between, or --url leads elsewhere
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  ana created
END
done
is grown "who changed since the plan is not deleted" <<'END'
grown 3
  delete-user ana skipped  false changed since the plan
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Users
  {"active":true,"externalId":"ana","nickName":"z","userName":"ana"}
  ana created
END
is strange "who is not in the ledger is not touched" <<'END'
strange 3
  update-user ana skipped  false the user is not ours, by the ledger
  remove-member ana skipped  false the group is not ours, by the ledger
  disable-user ana skipped  false the user is not ours, by the ledger
  delete-user ana skipped  false the user is not ours, by the ledger
  apply-scim: 0 failed, 4 were skipped, 0 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
END
is singles "memberships that are refused together go one by one" <<'END'
singles 3
  add-member ana done  false
  add-member bob done  false
  add-member cid failed invalidValue false 400 invalidValue: no such member
  apply-scim: 1 failed, 0 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["s","uana","ubob"]}
  ana created,bob created,cid created,staff created
END
is notarget "who is no member any more" <<'END'
notarget 0
  remove-member ana unchanged  false is not there any more
  remove-member bob unchanged  false is not there any more
  GET /Groups,PATCH /Groups,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger"]}
  ana created,bob created,staff created
END
for name in blind-group blind-user; do
	title "nor is anybody no member on the word of a part of a list ($name)"
	told $name | sed -n 2,3p >actual
	same - actual <<END
  $([ $name = blind-user ] && echo add || echo remove)-member ana failed  true $part
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
END
done
is members "memberships whose answer was lost" <<'END'
members 0
  add-member bob done  false
  GET /Groups,GET /Users,PATCH /Groups,PATCH /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana","ubob"]}
  bob created,staff created
END
is busy "a group that others change all the time" <<'END'
busy 3
  add-member bob skipped 412 true changed meanwhile
  apply-scim: 0 failed, 1 were skipped, 1 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Groups,PATCH /Groups if,GET /Groups,PATCH /Groups if,GET /Groups,PATCH /Groups if
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana"]}
  bob created,staff created
END
is whole "memberships without PATCH: strangers stay" <<'END'
whole 0
  add-member bob done  false
  remove-member ana done  false
  GET /Groups,GET /Users,GET /Groups,PUT /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","ubob"]}
  ana created,bob created,staff created
END
is whole-asked "members that are shown to who asks for them stay" <<'END'
whole-asked 0
  update-group staff done  false
  add-member bob done  false
  GET /Groups,PATCH /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"x","members":["stranger","uana","ubob"]}
  bob created,staff created
END
is whole-never "where they are not shown, no group is written by PUT" <<'END'
whole-never 3
  update-group staff failed  true the server does not show who is in the group: a PUT could drop them
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 2 failed, 0 were skipped, 2 of them can be tried again; the results say why
  GET /Groups,PATCH /Groups,GET /Groups,GET /Groups,GET /Groups,GET /Groups,GET /Groups
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","members":["stranger","uana"]}
  bob created,staff created
END
for name in whole-aws whole-oci; do
	title "nor where they may be no more than a part ($name)"
	told $name | sed -n 1,2p >actual
	same - actual <<END
$name 3
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
END
done
is whole-new-some "a group that was made in this run is empty until it is written to" <<'END'
whole-new-some 0
  create-group staff done  false
  add-member ana done  false
  add-member bob done  false
  POST /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,PUT /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"staff","members":["uana","ubob"]}
  ana created,bob created,staff creating,staff created
END
is whole-new-never "and no longer" <<'END'
whole-new-never 3
  create-group staff done  false
  add-member ana done  false
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  POST /Groups,GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"active":true,"externalId":"bob","userName":"bob"}
  {"displayName":"staff","externalId":"staff","members":["uana"]}
  ana created,bob created,staff creating,staff created
END
is whole-some "where members were shown before, none are none" <<'END'
whole-some 0
  remove-member ana done  false
  remove-member bob done  false
  GET /Groups,GET /Groups,PUT /Groups,GET /Groups,GET /Groups,PUT /Groups
  {"displayName":"staff","members":[]}
  ana created,bob created,staff created
END
is whole-empty "and else are not known to be" <<'END'
whole-empty 3
  add-member bob failed  true the server does not show who is in the group: a PUT could drop them
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Groups,GET /Groups,GET /Groups
  {"displayName":"staff"}
  bob created,staff created
END
is group "a group that others have joined" <<'END'
group 3
  delete-group staff skipped  false others are in it by now
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,GET /Groups
  {"displayName":"staff","members":["stranger","uana"]}
  staff created
END
is twin "another group of that name" <<'END'
twin 3
  update-group staff skipped  false the group there is not the one that is ours, by the ledger
  remove-member ana skipped  false the group there is not the one that is ours, by the ledger
  apply-scim: 0 failed, 2 were skipped, 0 of them can be tried again; the results say why
  GET /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is group-id "a group that the plan has the id of is not looked for" <<'END'
group-id 0
  remove-member ana done  false
  PATCH /Groups
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"crew","members":["stranger"]}
  ana created,staff created
END
is group-id-twin "nor touched if another one is ours" <<'END'
group-id-twin 3
  remove-member ana skipped  false the group there is not the one that is ours, by the ledger
  apply-scim: 0 failed, 1 were skipped, 0 of them can be tried again; the results say why
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is twin-user "another user of that key" <<'END'
twin-user 3
  add-member ana skipped  false the user there is not the one who is ours, by the ledger
  remove-member ana skipped  false the user there is not the one who is ours, by the ledger
  disable-user ana skipped  false the user there is not the one who is ours, by the ledger
  delete-user ana skipped  false the user there is not the one who is ours, by the ledger
  apply-scim: 0 failed, 4 were skipped, 0 of them can be tried again; the results say why
  GET /Groups,GET /Users
  {"active":true,"externalId":"ana","nickName":"a","userName":"ana"}
  {"displayName":"staff","members":["stranger","uana"]}
  ana created,staff created
END
is gone-away "a deletion whose answer was lost, as the last one: something is changed, perhaps" <<'END'
gone-away 3
  delete-user ana failed  true connection to HOST lost: why
  apply-scim: /Users: connection to HOST lost: why
  apply-scim: 1 failed, 0 were skipped, 1 of them can be tried again; the results say why
  GET /Users,DELETE /Users,DELETE /Users
  ana created
END
finish
