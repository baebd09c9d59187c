#!/usr/bin/env bash
# push-scim against scimmy: what is created, compared, changed, left alone and refused.
# shellcheck disable=SC2016 # for the inner shell and for jq
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/push.sh
. "$TOP/tests/helpers/push.sh"

E=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User

# brief: the results, without ids and details.
brief() { gojq -r '[.Op, .Key, .Result, .Code, (.Retryable | tostring), .ResourceType, .Name] | join(" ")' "${1:-out}"; }

cat >users <<END
{"schemas":["$U","$E"],"externalId":"s1","userName":"ana","name":{"givenName":"Ana","familyName":"Åb"},"title":null,"active":true,"emails":[{"value":"Ana@example.com","type":"work","primary":true,"verified":true}],"$E":{"department":"d1"}}
{"schemas":["$U"],"externalId":"s2","userName":"Bob","active":false}
{"schemas":["$U"],"externalId":"s3","userName":"cid \"x\"","active":true,"nickName":"c"}
END
cat >groups <<END
{"schemas":["$G"],"externalId":"staff","displayName":"staff","members":[{"value":"bulkId:s1","type":"User"},{"value":"bulkId:s2","type":"User"}]}
{"schemas":["$G"],"externalId":"none","displayName":"none","members":[]}
{"schemas":["$G"],"externalId":"staff","displayName":"staff","members":[{"value":"bulkId:s3","type":"User"},{"value":"bulkId:s1","type":"User"}]}
END
cat users groups >input
cat >expected.state <<END
{"displayName":"none","externalId":"none","members":[],"schemas":["$G"]}
{"displayName":"staff","externalId":"staff","members":["s1","s2","s3"],"schemas":["$G"]}
{"active":true,"emails":[{"primary":true,"type":"work","value":"Ana@example.com"}],"externalId":"s1","name":{"familyName":"Åb","givenName":"Ana"},"schemas":["$U","$E"],"$E":{"department":"d1"},"userName":"ana"}
{"active":false,"externalId":"s2","schemas":["$U"],"userName":"Bob"}
{"active":true,"externalId":"s3","nickName":"c","schemas":["$U"],"userName":"cid \"x\""}
END
gojq -c . expected.state >sorted.state
judge_state() { state | gojq -c . >state.got; same "${1:-sorted.state}" state.got; }

title 'all is created, users, then groups, then members'
run 0 at --strict -- 'push-scim input'
cp out created
brief >results
same - results <<'END'
create s1 created  false User ana
create s2 created  false User Bob
create s3 created  false User cid "x"
create staff created  false Group staff
create none created  false Group none
add-members staff updated  false Group staff
END
empty err
judge_state
gojq -r 'select(.Op == "add-members").Detail' out >detail
same - detail <<<'3 added, 1 there already, 0 cannot be resolved, 0 failed'
cp dump dump.created

title 'the same in single requests'
run 0 at --strict --no-bulk -- 'push-scim input'
judge_state
title 'and because --no-bulk says so'
run 0 at --strict -- 'push-scim --no-bulk input'
lacks log /Bulk

title 'run again: nothing differs, nothing is sent'
run 0 at -- 'push-scim input >first && push-scim input'
brief >results
same - results <<'END'
none s1 unchanged  false User ana
none s2 unchanged  false User Bob
none s3 unchanged  false User cid "x"
none staff unchanged  false Group staff
none none unchanged  false Group none
add-members staff unchanged  false Group staff
END
[ "$(writes)" = 2 ]
verdict $? 'two writes in both runs together'

title 'what differs is changed, and nothing else; null clears'
sed -e 's/"d1"/null/; s/"Ana"/"Anna"/; s/"nickName":"c"/"nickName":null,"title":"t"/' \
	-e 's/"userName":"Bob"/"userName":"bob2"/' input >changed
run 0 at --strict --no-bulk --seed dump.created -- 'push-scim changed'
brief >results
grep -c ' updated ' results >count
same - count <<<3
grep -cE '^PATCH /Users/[^ ]* 20[04] ' log >count
same - count <<<3
[ "$(writes)" = 3 ]
verdict $? 'one PATCH a user'
state | gojq -c 'select(.userName) | [.userName, .name.givenName, .nickName, .title, .["'$E'"].department]' >got
same - got <<'END'
["ana","Anna",null,null,null]
["bob2",null,null,null,null]
["cid \"x\"",null,null,"t",null]
END

title 'without PATCH: read, changed, written'
run 0 at --no-patch --seed dump.created -- 'push-scim changed && push-scim input'
lacks log PATCH
gojq -c 'if .externalId == "s3" then .title = "t" else . end' sorted.state >titled.state
judge_state titled.state

title 'attributes and members that the server alone has stay'
jq -c 'if .externalId == "s2" then .title = "own" | .emails = [{value: "x@y", type: "home"}] else . end' dump.created >seed
head -n 3 input | jq -c 'if .externalId == "s2" then .emails = [{value: "b@y", type: "work"}] else . end' >mine
run 0 at --seed seed -- 'push-scim mine'
state | gojq -c 'select(.externalId == "s2") | [.title, [.emails[].value]]' >got
same - got <<<'["own",["b@y","x@y"]]'
state | gojq -c 'select(.externalId == "staff").members' >got
same - got <<<'["s1","s2","s3"]'

title 'a thousand members, a hundred at a time'
{
	seq 1000 | sed "s/.*/{\"schemas\":[\"$U\"],\"externalId\":\"k&\",\"userName\":\"u&\"}/"
	for i in $(seq 0 9); do
		echo "{\"schemas\":[\"$G\"],\"externalId\":\"all\",\"displayName\":\"all\",\"members\":[$(
			seq $((i * 100 + 1)) $((i * 100 + 100)) | sed 's/.*/{"value":"bulkId:k&"}/' | paste -sd,)]}"
	done
} >crowd
grep -v '"all"' crowd | head -n 1000 >crowd.users
run 0 at --members-max 100 --seed crowd.users --no-bulk -- 'push-scim crowd'
grep -c '^PATCH /Groups' log >count
same - count <<<10
state | gojq 'select(.externalId == "all").members | length' >count
same - count <<<1000
title '--members-max'
run 0 at --members-max 50 --seed crowd.users --no-bulk -- 'push-scim --members-max 50 crowd'
grep -c '^PATCH /Groups' log >count
same - count <<<20
title 'a server that takes fewer at a time: halved'
run 0 at --members-max 60 --seed crowd.users -- 'push-scim crowd'
state | gojq 'select(.externalId == "all").members | length' >count
same - count <<<1000

# --- conflicts
echo "{\"schemas\":[\"$U\"],\"userName\":\"ANA\",\"title\":\"old\"}
{\"schemas\":[\"$U\"],\"userName\":\"Eve@Example.com\",\"externalId\":\"other\"}
{\"schemas\":[\"$U\"],\"userName\":\"x1\",\"externalId\":\"twice\"}
{\"schemas\":[\"$U\"],\"userName\":\"x2\",\"externalId\":\"twice\"}
{\"schemas\":[\"$U\"],\"userName\":\"mine\",\"externalId\":\"s7\"}
{\"schemas\":[\"$U\"],\"userName\":\"Taken\"}
{\"schemas\":[\"$G\"],\"displayName\":\"STAFF\"}" >seed
echo "{\"schemas\":[\"$U\"],\"userName\":\"ana\",\"externalId\":\"s1\"}
{\"schemas\":[\"$U\"],\"userName\":\"eve@example.com\",\"externalId\":\"s2\",\"emails\":[{\"value\":\"EVE@example.com\",\"type\":\"work\",\"verified\":VERIFIED}]}
{\"schemas\":[\"$U\"],\"userName\":\"x1\",\"externalId\":\"twice\"}
{\"schemas\":[\"$U\"],\"userName\":\"taken\",\"externalId\":\"s7\"}
{\"schemas\":[\"$U\"],\"userName\":\"free\",\"externalId\":\"s8\"}
{\"schemas\":[\"$G\"],\"displayName\":\"staff\",\"externalId\":\"staff\",\"members\":[{\"value\":\"bulkId:s1\"},{\"value\":\"bulkId:s8\"},{\"value\":\"bulkId:twice\"}]}" >template
sed 's/VERIFIED/false/' template >unverified
sed 's/VERIFIED/true/' template >verified
title 'names that others have are left alone'
run 3 at --seed seed -- 'push-scim --reject rejects unverified'
brief >results
same - results <<'END'
create s1 conflict uniqueness false User ana
create s2 conflict uniqueness false User eve@example.com
update twice conflict uniqueness false User x1
update s7 conflict uniqueness false User taken
create staff conflict uniqueness false Group staff
create s8 created  false User free
add-members staff failed  false Group staff
END
has err 'push-scim: 5 conflicts, 1 failed, 0 failed for now'
lacks err example.com
lacks err ana
gojq -r '[.Line, .Stream, .Reason, .Record.externalId, (.Record.members // [] | length)] | join(" ")' rejects >got
same - got <<'END'
1 unverified the name exists on the server without this externalId s1 0
2 unverified the name exists on the server without this externalId s2 0
3 unverified the externalId is on the server more than once twice 0
4 unverified the name belongs to another resource on the server s7 0
6 unverified the name exists on the server without this externalId staff 3
6 unverified the group is not on the server staff 3
END
state | gojq -c '[.userName // .displayName, .externalId]' >got
same - got <<'END'
["STAFF",null]
["ANA",null]
["Taken",null]
["Eve@Example.com","other"]
["mine","s7"]
["free","s8"]
["x1","twice"]
["x2","twice"]
END
title 'without --reject the same status'
run 3 at --seed seed -- 'push-scim unverified'
title '--adopt takes them over, but no address that is not verified'
run 3 at --seed seed -- 'push-scim --adopt unverified'
grep -v twice out >some
brief some >results
same - results <<'END'
create s2 conflict uniqueness false User eve@example.com
update s7 conflict uniqueness false User taken
update s1 updated  false User ana
create s8 created  false User free
update staff updated  false Group staff
add-members staff failed  false Group staff
END
gojq -r 'select(.Key == "s2").Detail' out >got
same - got <<<'the user name is an e-mail address that is not verified: not adopted'
gojq -r 'select(.Op == "add-members").Detail' out >got
same - got <<<'2 added, 0 there already, 1 cannot be resolved, 0 failed'
state | gojq -c 'select(.externalId == "s1") | [.userName, .title]' >got
same - got <<<'["ana","old"]'
run 3 at --seed seed -- 'push-scim --adopt verified'
gojq -r 'select(.Key == "s2").Result' out >got
same - got <<<updated

title 'a name that another one gives up only later, and two who exchange names'
echo "{\"schemas\":[\"$U\"],\"userName\":\"a1\",\"externalId\":\"s1\"}
{\"schemas\":[\"$U\"],\"userName\":\"b1\",\"externalId\":\"s2\"}" >seed
sed -e 's/"b1/"c1/; s/"a1/"b1/' seed >renamed
run 3 at --seed seed -- 'push-scim renamed; push-scim renamed >second && exit 3'
brief >results
same - results <<'END'
update s1 conflict uniqueness false User b1
update s2 updated  false User c1
END
brief second >results
same - results <<'END'
none s2 unchanged  false User c1
update s1 updated  false User b1
END
sed -e 's/"b1/"d1/; s/"a1/"b1/; s/"d1/"a1/' seed >renamed
run 3 at --seed seed -- 'push-scim renamed'
brief >results
same - results <<'END'
update s1 conflict uniqueness false User b1
update s2 conflict uniqueness false User a1
END

title 'one key in two lines'
sed -n '1p;1p;2p' users >double
run 1 at -- 'push-scim double'
has err 'push-scim: double:2: an earlier line has this externalId'
sed -n '1p;2p' users | sed '2s/Bob/ANA/' >double
run 3 at -- 'push-scim --reject rejects double'
has rejects '"Reason":"an earlier line has this userName","Line":2'
has err '1: an earlier line has this userName'
printf '%s\n' '{}' "{\"schemas\":[\"$U\"],\"userName\":\"a\"}" '{"schemas":["urn:x"]}' nothing \
	"{\"schemas\":[\"$G\"],\"displayName\":\"a\",\"externalId\":\"a\",\"members\":\"x\"}" >bad
run 3 at -- 'push-scim --reject rejects bad users'
gojq -r .Reason rejects >got
same - got <<'END'
no schemas: not a SCIM resource
no externalId
schemas names neither User nor Group
not JSON (byte 2)
members is no array
END

# --- what the server has, from a file
jq -cs 'sort_by(.resourceType == "Group", .externalId)[] |
	if .members then .members |= map({value: (.value? // .)}) else . end' dump.created >known
title '--known: nothing is asked'
run 0 at --seed dump.created -- 'push-scim --known known input'
[ "$(writes)" = 0 ]
verdict $? 'and nothing sent'
lacks log 'GET /Users'
title 'a file that is older than the server: found by externalId'
head -n 1 known >known.one
run 0 at --seed dump.created -- 'push-scim --known known.one --stats stats input'
judge_state
has stats '"Created":0,"Updated":1,"Unchanged":5,'
title 'deleted since: created once more'
grep -v "$G" changed >changed.users
run 0 at --seed known.one -- 'push-scim --known known changed.users'
state | jq -c '.externalId' >got
same - got <<<$'"s1"\n"s2"\n"s3"'
head -c 300 known >known.cut
run 4 at -- 'push-scim --known known.cut input'
[ "$(writes)" = 0 ]
verdict $? 'a cut list: nothing is sent'
run 4 at -- 'push-scim --seal --known known input'
has err 'no seal'

title 'from list-scim, with its seal'
run 0 at --seed dump.created -- 'list-scim --seal -o known.sealed && push-scim --known known.sealed input'
[ "$(writes)" = 0 ]
verdict $? 'nothing is sent then'
title 'whatever the order of its lines'
run 0 at --seed dump.created -- 'list-scim --members-per-line 1 | LC_ALL=C sort >known.sorted; push-scim --known known.sorted input'
[ "$(writes)" = 0 ]
verdict $? 'nothing is sent then'
title 'of another server'
run 2 at --seed dump.created -- 'push-scim --known known.sealed input'
has err 'the list of another server'
title 'of the users alone, or of some of them'
run 2 at --seed dump.created -- 'list-scim --seal --users -o known.users && push-scim --known known.users input'
has err 'not the list of all users and groups'
run 2 at --seed dump.created -- 'list-scim --seal --filter "userName pr" -o known.some && push-scim --known known.some input'

title '--dry-run sends nothing'
run 0 at --seed known.one -- 'push-scim --dry-run changed'
brief >results
same - results <<'END'
update s1 planned  false User ana
create s2 planned  false User bob2
create s3 planned  false User cid "x"
create staff planned  false Group staff
create none planned  false Group none
add-members staff planned  false Group staff
END
[ "$(writes)" = 0 ]
verdict $? 'no write'

# --- streams
size=$(wc -c <input)
{ cat input; echo "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":6,\"bytes\":$size,\"source\":\"pool\",\"scope\":\"all\"}}"; } >sealed
title 'sealed in, sealed out'
run 0 at -- 'push-scim sealed'
tail -n 1 out | grep -o '"ok":true,"rows":6,.*/admin/v1","scope":"all"' | sed 's/"bytes.*source/ source/; s/http.*\///' >got
same - got <<<'"ok":true,"rows":6, source":"v1","scope":"all"'
title 'a stream that was cut: what came is done, and the status tells'
sed 6d sealed >short
run 4 at -- 'push-scim short'
state | gojq -c 'select(.externalId == "staff").members' >got
same - got <<<'["s1","s2"]'
tail -n 1 out >seal
has seal '"ok":false'
run 4 at -- 'push-scim --seal input -o file'
title 'no results file then'
ok test ! -e file
sed 's/"ok":true/"ok":false,"retryable":true/' sealed >failed
run 75 at -- 'push-scim failed'
judge_state
title 'nothing is nothing'
run 0 at -- 'push-scim </dev/null'
empty out

title 'groups before their users'
cat groups users >reversed
run 0 at -- 'push-scim reversed'
judge_state
title 'a member that is nowhere'
echo "{\"schemas\":[\"$G\"],\"externalId\":\"g\",\"displayName\":\"g\",\"members\":[{\"value\":\"bulkId:nobody\"},{\"value\":\"bulkId:s1\"},{\"value\":\"noid\"}]}" >stray
run 3 at -- 'push-scim --reject rejects users stray'
gojq -r 'select(.Op == "add-members").Detail' out >got
same - got <<<'1 added, 0 there already, 2 cannot be resolved, 0 failed'
jq -c '.Record.members' rejects >got
same - got <<<'[{"value":"bulkId:nobody","type":"User"},{"value":"noid","type":"User"}]'

# --- dialects
sed -e 's/"active":\(false}\|true,"nick\)/"emails":[{"value":"x@example.com","type":"home","primary":true}],&/' -e "s/,\"$E\":{\"department\":\"d1\"}/,\"urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User\":{\"bypassNotification\":true}/; s/\"$E\"/\"urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User\"/" input >oci
title 'oci: verified is sent, no mail where the mapping says so, and again nothing'
run 0 at --oci --strict -- 'push-scim --dialect oci oci >first; push-scim --dialect oci oci'
brief >results
grep -vc ' unchanged ' results >count
same - count <<<0
gojq -c 'select(.externalId == "s1") | [._mail, (.emails[] | select(.type == "work").verified)]' dump >got
same - got <<<'[null,true]'

sed -n 1p users | jq -c '.displayName = "Ana" | .schemas = .schemas[:1] | del(."'$E'")' >aws
echo "{\"schemas\":[\"$G\"],\"externalId\":\"g\",\"displayName\":\"g\",\"members\":[{\"value\":\"bulkId:s1\",\"type\":\"User\"}]}" >>aws
title 'aws: who is in a group is asked of the users'
run 0 at --aws --bearer --strict -- 'push-scim --dialect aws aws'
state | jq -c '.members // .emails' >got
same - got <<'END'
["s1"]
[{"primary":true,"type":"work","value":"Ana@example.com"}]
END
jq -cs 'sort_by(.resourceType == "Group")[] | del(.members)' dump >known.aws
cp dump seed
run 0 at --aws --bearer --strict --seed seed -- 'push-scim --dialect aws aws'
title 'and equal memberships are left alone'
[ "$(writes)" = 0 ]
verdict $? 'nothing is sent'
run 0 at --aws --bearer --strict --seed seed -- 'push-scim --dialect aws --known known.aws aws'
title 'said again where the list has no members'
[ "$(writes)" = 1 ]
verdict $? 'one PATCH'

# --- usage
run 2 push-scim input
has err url
run 2 at -- 'push-scim --in-flight 17 input'
run 2 at -- 'push-scim --members-max 0 input'
run 1 at -- 'push-scim ./absent'
title 'a token that the server does not take'
run 1 at -- 'unset SCIM_TOKEN_URL SCIM_CLIENT_ID SCIM_CLIENT_SECRET; SCIM_TOKEN=no-such push-scim input'
empty out

finish
