#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
# plan-sync between resources of SCIM: what a server leaves out of a resource, and what nobody knows of
# who was to be created when apply was killed.

pool=https://x/eu-west-1_want server=https://scim.example/v2
U=urn:ietf:params:scim:schemas:core:2.0:User G=urn:ietf:params:scim:schemas:core:2.0:Group

# list FILE SOURCE DAY: the lines of standard input as a sealed list, read on that day of November.
list() {
	cat >"$1"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"%s","scope":"all","via":[],%s}}\n' \
		"$(wc -l <"$1")" "$(wc -c <"$1")" "$2" \
		'"started":"2026-11-0'"$3"'T01:00:00.000Z","ended":"2026-11-0'"$3"'T02:00:00.000Z"' >"$1.seal"
	cat "$1.seal" >>"$1"
}
want() { list want "$pool/users + $pool/groups + $pool/memberships" 2; }
have() { list have "$server/Users+Groups" 2; }
# user KEY [MEMBERS [ID]]; group NAME [MEMBERS [ID]]: a resource; with an ID, the server's.
user() { printf '{"schemas":["%s"]%s,"externalId":"%s","userName":"%s"%s}\n' $U "${3:+,\"id\":\"$3\"}" "$1" "$1" "${2:+,$2}"; }
group() { printf '{"schemas":["%s"]%s,"displayName":"%s"%s}\n' $G "${3:+,\"id\":\"$3\"}" "$1" "${2:+,$2}"; }
# line KIND KEY STATE [SUB]: of the ledger
line() { printf '{"Ledger":"%s","Target":"%s","Key":"%s"%s,"State":"%s"}\n' "$1" $server "$2" "${4:+,\"sub\":\"$4\"}" "$3"; }
# rows: the operations, without the header and the seal
rows() { grep -v -e '^{"Op":"plan"' -e '^{"~end"' out; }
plan() { plan-sync --key externalId --ledger ledger "$@" want have; }

# --- who was about to be created when apply was killed
title 'the same again, as it is there: then apply finds out whether it is ours'
{ user ana '"active":true,"nickName":"new"'; group g '"externalId":"new"'; } | want
{ user ana '"active":false,"nickName":"old","meta":{"created":"x"}' 7; group g '"externalId":"old"' 8; } | have
{ line user ana creating; line group g creating; } >ledger
run 0 plan
rows >actual
same - actual <<END
{"Op":"create-group","Key":"g","GroupName":"g","Id":"8","After":{"schemas":["$G"],"displayName":"g","externalId":"old"},"Why":"not known whether a run before created it"}
{"Op":"create-user","Key":"ana","Username":"ana","Id":"7","After":{"schemas":["$U"],"externalId":"ana","userName":"ana","active":false,"nickName":"old"},"Source":{"Username":"ana","sub":"ana"},"Why":"not known whether a run before created him"}
END

# --- active
title 'a resource without active may be enabled: who is to be disabled is'
{ user ana '"active":false'; user bob '"active":true'; user cy; user dan '"active":"False"'; } | want
{ user ana '' 1; user bob '' 2; user cy '"active":false' 3; user dan '"active":null' 4; } | have
for i in 1,ana 2,bob 3,cy 4,dan; do line user "${i#*,}" created "${i%,*}"; done >ledger
run 0 plan
rows >actual
same - actual <<'END'
{"Op":"disable-user","Key":"ana","Username":"ana","Id":"1","Before":{"Enabled":true},"After":{"Enabled":false},"Why":"Enabled differs"}
{"Op":"disable-user","Key":"dan","Username":"dan","Id":"4","Before":{"Enabled":true},"After":{"Enabled":false},"Why":"Enabled differs"}
END

# --- names
title 'a userName that the server keeps in letters of another case is the same; the rest is not'
{ user Ana '"nickName":"N"'; user Bob; } | want
{ user Ana '"nickName":"n"' 1; user Bob '' 2; } | sed 's/"userName":"Ana"/"userName":"ana"/; s/"userName":"Bob"/"userName":"bop"/' | have
for i in 1,Ana 2,Bob; do line user "${i#*,}" created "${i%,*}"; done >ledger
run 0 plan
rows >actual
same - actual <<'END'
{"Op":"update-user","Key":"ana","Username":"ana","Id":"1","Before":{"nickName":"n"},"After":{"nickName":"N"},"Why":"nickName differs"}
{"Op":"update-user","Key":"bob","Username":"bop","Id":"2","Before":{"userName":"bop"},"After":{"userName":"Bob"},"Why":"userName differs"}
END

# --- memberships
title 'a membership says which group at the server it is about, if that was there'
{ user ana; user bob; group g '"members":[{"value":"bulkId:ana"}]'; group new '"members":[{"value":"bulkId:ana"}]'; } | want
{ user ana '' 1; user bob '' 2; group g '"members":[{"value":"2"}]' 8; } | have
{ line user ana created 1; line user bob created 2; line group g created 8; } >ledger
run 0 plan
rows | tail -n 3 >actual
same - actual <<'END'
{"Op":"add-member","Key":"ana","GroupName":"g","Username":"ana","Id":"1","GroupId":"8","Why":"not a member"}
{"Op":"add-member","Key":"ana","GroupName":"new","Username":"ana","Id":"1","Why":"not a member"}
{"Op":"remove-member","Key":"bob","GroupName":"g","Username":"bob","Id":"2","GroupId":"8","Why":"not a member in WANT"}
END

finish
