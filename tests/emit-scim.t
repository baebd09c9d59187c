#!/usr/bin/env bash
# emit-scim: the default mapping, dialects, what is rejected, members, BulkRequests, ids.
# shellcheck disable=SC2016 # the $ in programs is jq's
. "$(dirname "$0")/lib.sh"

user='urn:ietf:params:scim:schemas:core:2.0:User'
group='urn:ietf:params:scim:schemas:core:2.0:Group'
enterprise='urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
oracle='urn:ietf:params:scim:schemas:oracle:idcs:extension'

# seal FILE...: the rows of FILE and a seal that is right.
seal() {
	cat "$@"
	printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"src","scope":"all"}}\n' \
		"$(cat "$@" | wc -l)" "$(cat "$@" | wc -c)"
}

# record NAME SUB ATTRIBUTES: a user.
record() {
	printf '{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"%s"%s}}\n' \
		"$1" "$2" "${3:+,$3}"
}

# rejects REASON INPUT-FILE ARG...: one test: the run ends with 1 and this line for the last record.
rejects() {
	local reason=$1 input=$2
	shift 2
	title "rejected: $reason"
	feed 1 "$input" emit-scim "$@"
	same - err <<<"emit-scim: stdin:$(wc -l <"$input"): $reason"
}

s1=0b7c1de0-9a3f-4c11-8e55-00ffab12cd34 s2=1b7c1de0-9a3f-4c11-8e55-00ffab12cd34
cat >users <<END
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"address":"{\"street_address\":\"1 Main St\",\"locality\":\"\",\"country\":\"us\"}","custom:dept":"R&D","custom:tenant":"7","email":"ana@example.com","email_verified":"true","family_name":"Silva","given_name":"Ana","locale":"en_US.UTF-8","middle_name":"","name":"Ana \"A\" Silva","nickname":"anita","phone_number":"+15550100001","picture":"https://example.com/ana.png","profile":"not a url","sub":"$s1","zoneinfo":"America/Chicago"}}
{"Username":"Google_77","Enabled":false,"UserStatus":"EXTERNAL_PROVIDER","Attributes":{"address":"1 Street\nTown","email":"g@example.com","identities":"[{\"userId\":\"77\",\"providerName\":\"Google\"}]","locale":"en US","picture":"data","profile":"https://example.com/g","sub":"$s2"}}
{"Username":"🦊; \\\\\"x\\\\\"","Enabled":true,"UserStatus":"UNCONFIRMED","Attributes":{"sub":"s-3"}}
END
cat >groups <<'END'
{"GroupName":"admins","Description":"Who may"}
{"GroupName":"a/b ü","Description":""}
END
cat >members <<END
{"GroupName":"admins","Username":"ana","Attributes":{"sub":"$s1"}}
{"GroupName":"admins","Username":"Google_77","Attributes":{"sub":"$s2"}}
{"GroupName":"a/b ü","Username":"x","Attributes":{"sub":"s-3"}}
END

# --- usage

run 2 emit-scim --dialect other
has err '--dialect: must be scim, oci, aws or entra'
run 2 emit-scim --dialect aws --bulk
run 2 emit-scim --dialect entra
has err 'bulkUpload'
run 2 emit-scim --dialect entra --bulk --ids x
run 2 emit-scim --dialect entra --bulk --max-operations 51
run 2 emit-scim --dialect aws --members-max 101
run 2 emit-scim --max-bytes 1000
run 2 emit-scim --bulk --max-bytes 999
run 2 emit-scim --bulk --max-bytes 1048577
run 2 emit-scim --split
run 2 emit-scim --bulk --split
run 2 emit-scim --bulk --for-push
run 2 emit-scim --mapped --mapping scim
run 2 emit-scim --mapped --extension urn:a:b:c
run 2 emit-scim --extension x
run 2 emit-scim --extension "$enterprise"
run 2 emit-scim --extension "$user"
run 2 emit-scim --mapping no-such-mapping
run 2 emit-scim --arg dialect=oci
has err 'dialect: given twice'
run 2 emit-scim --hold-back UNCONFIRMED
has err '--hold-back: needs --reject'
run 1 emit-scim --ids no-such-file
has err 'no-such-file: cannot open'

# --- the default mapping

title 'core resources'
run 0 emit-scim users groups members
empty err
same - out <<END
{"schemas":["$user"],"externalId":"$s1","userName":"ana","name":{"formatted":"Ana \"A\" Silva","familyName":"Silva","givenName":"Ana"},"displayName":"Ana \"A\" Silva","nickName":"anita","preferredLanguage":"en-US","locale":"en-US","timezone":"America/Chicago","active":true,"emails":[{"value":"ana@example.com","type":"work","primary":true}],"phoneNumbers":[{"value":"+15550100001","type":"mobile"}],"photos":[{"value":"https://example.com/ana.png","type":"photo"}],"addresses":[{"type":"work","streetAddress":"1 Main St","country":"US"}]}
{"schemas":["$user"],"externalId":"$s2","userName":"Google_77","displayName":"g@example.com","profileUrl":"https://example.com/g","active":false,"emails":[{"value":"g@example.com","type":"work","primary":true}],"addresses":[{"type":"work","formatted":"1 Street\nTown"}]}
{"schemas":["$user"],"externalId":"s-3","userName":"🦊; \\\\\"x\\\\\"","displayName":"🦊; \\\\\"x\\\\\"","active":true}
{"schemas":["$group"],"externalId":"admins","displayName":"admins"}
{"schemas":["$group"],"externalId":"a/b ü","displayName":"a/b ü"}
{"schemas":["$group"],"externalId":"admins","displayName":"admins","members":[{"value":"bulkId:$s1","type":"User"},{"value":"bulkId:$s2","type":"User"}]}
{"schemas":["$group"],"externalId":"a/b ü","displayName":"a/b ü","members":[{"value":"bulkId:s-3","type":"User"}]}
END
cp out core

title 'what was written is read by --mapped, and comes out as it was'
run 0 emit-scim --mapped core
same core out

title 'a schema without its extension is left out'
jq -c --arg e "$enterprise" '.schemas += [$e, "urn:x:y"] | .schemas[3] = "urn:ietf:params:scim:schemas:core:2.0:Schema" |
	.[$e] = {manager: {}} | ."urn:x:y" = {a: [{}, null]}' <(head -1 core) >one
feed 0 one emit-scim --mapped
same <(head -1 core) out
title 'for push-scim it stays, to be cleared, and can be read'
feed 0 one emit-scim --mapped --for-push
ok jq -e --arg e "$enterprise" 'has($e) and (.schemas | length == 1)' out
cp out one
feed 0 one emit-scim --mapped
same <(head -1 core) out

title 'Oracle'
run 0 emit-scim --dialect oci --members-max 1 users groups members
same - out <<END
{"schemas":["$user","$oracle:user:User"],"externalId":"$s1","userName":"ana","name":{"formatted":"Ana \"A\" Silva","familyName":"Silva","givenName":"Ana"},"displayName":"Ana \"A\" Silva","nickName":"anita","preferredLanguage":"en-US","locale":"en-US","timezone":"America/Chicago","active":true,"emails":[{"value":"ana@example.com","type":"work","primary":true,"verified":true}],"phoneNumbers":[{"value":"+15550100001","type":"mobile"}],"photos":[{"value":"https://example.com/ana.png","type":"photo"}],"addresses":[{"type":"work","streetAddress":"1 Main St","country":"US"}],"$oracle:user:User":{"isFederatedUser":false,"bypassNotification":true}}
{"schemas":["$user","$oracle:user:User"],"externalId":"$s2","userName":"Google_77","name":{"familyName":"-","givenName":"-"},"displayName":"g@example.com","profileUrl":"https://example.com/g","active":false,"emails":[{"value":"g@example.com","type":"work","primary":true,"verified":false}],"addresses":[{"type":"work","formatted":"1 Street\nTown"}],"$oracle:user:User":{"isFederatedUser":true,"bypassNotification":true}}
{"schemas":["$user","$oracle:user:User"],"externalId":"s-3","userName":"🦊; \\\\\"x\\\\\"","name":{"familyName":"-","givenName":"-"},"displayName":"🦊; \\\\\"x\\\\\"","active":true,"$oracle:user:User":{"isFederatedUser":false,"bypassNotification":true}}
{"schemas":["$group","$oracle:group:Group"],"externalId":"admins","displayName":"admins","$oracle:group:Group":{"description":"Who may"}}
{"schemas":["$group"],"externalId":"a/b ü","displayName":"a/b ü"}
{"schemas":["$group"],"externalId":"admins","displayName":"admins","members":[{"value":"bulkId:$s1","type":"User"}]}
{"schemas":["$group"],"externalId":"admins","displayName":"admins","members":[{"value":"bulkId:$s2","type":"User"}]}
{"schemas":["$group"],"externalId":"a/b ü","displayName":"a/b ü","members":[{"value":"bulkId:s-3","type":"User"}]}
END
run 0 emit-scim --dialect oci --arg bypass_notification=false --arg federated=true --arg description=drop \
	--arg family_default=None --arg group_prefix=c: users groups
title 'and its variables'
same - <(jq -c '[.externalId, .name.familyName, .[$o + ":user:User"], .[$o + ":group:Group"]]' --arg o "$oracle" out) <<END
["$s1","Silva",{"isFederatedUser":true,"bypassNotification":false},null]
["$s2","None",{"isFederatedUser":true,"bypassNotification":false},null]
["s-3","None",{"isFederatedUser":true,"bypassNotification":false},null]
["c:admins",null,null,null]
["c:a/b ü",null,null,null]
END

title 'IAM Identity Center'
run 0 emit-scim --dialect aws users groups
ok jq -se 'map(select(.userName)) | length == 3 and all(.name.givenName and .name.familyName and
	.displayName and (has("photos") | not) and (.emails // [] | all(has("verified") | not)))' out
ok jq -se 'map(select(.userName | not)) | length == 2 and all(keys == ["displayName", "externalId", "schemas"])' out

title 'custom attributes, the enterprise extension'
run 0 emit-scim --extension urn:x:y:z --arg enterprise=department:custom:dept,costCenter:custom:none users
same - <(jq -c '[.schemas[1:], .["urn:x:y:z"], .[$e]]' --arg e "$enterprise" out) <<END
[["$enterprise","urn:x:y:z"],{"tenant":"7"},{"department":"R&D"}]
[[],null,null]
[[],null,null]
END
title '-v names what is left out'
run 0 emit-scim -v --arg enterprise=department:custom:dept users
same - err <<<'emit-scim: custom:tenant: left out; --extension takes custom attributes along'

title 'for push-scim: null stays, and verified'
run 0 emit-scim --for-push --extension urn:x:y:z users
ok jq -se '.[1] | has("nickName") and .nickName == null and .name == null and has("urn:x:y:z") and
	.emails[0].verified == false and (.schemas | length == 1)' out

# --- names by e-mail addresses

record "$s1" "$s1" '"email":"a@example.com","email_verified":"true"' >mail
feed 0 mail emit-scim
has out '"userName":"a@example.com"'
record "$s2" "$s2" '"email":"boss@example.com"' >>mail
unverified='the email that would name the user is not verified; --arg unverified=allow takes it'
rejects "$unverified" mail
title 'unless it is allowed'
feed 0 mail emit-scim --arg unverified=allow
record ana "$s2" '"email":"boss@example.com","email_verified":"false"' >mail
rejects "$unverified" mail --arg login=email
feed 0 mail emit-scim
has out '"userName":"ana"'
title 'a variable with a value that it cannot have'
feed 2 mail emit-scim --arg login=x
same - err <<<'emit-scim: --arg login: must be auto, username, email or preferred_username'
title 'a variable that there is not'
feed 2 mail emit-scim --arg logn=username
same - err <<<"emit-scim: --arg logn: no variable of $TOP/pipelines/mappings/scim.jq"

title 'nor this one'
feed 2 mail emit-scim --arg unverified=maybe
same - err <<<'emit-scim: --arg unverified: must be reject or allow'

title 'what only looks like a URL, a language, a country or a time zone is left out, and the user stays'
record ana s-1 '"profile":"https://x/\n","picture":"https://x/\u0001","locale":"en_US\n","zoneinfo":"x y","address":"{\"country\":\"us\\n\"}"' >odd
feed 0 odd emit-scim
same - out <<<'{"schemas":["'"$user"'"],"externalId":"s-1","userName":"ana","displayName":"ana","active":true}'

# --- what is wrong

record ana s-1 >one
{ cat one; record ANA s-2; } >two
rejects 'userName: of a user who came before (case ignored, as servers do)' two
{ record Ana s-1; record ana s-2; } >two
rejects 'userName: of a user who came before (case ignored, as servers do)' two
{ cat one; record bob s-1; } >two
rejects 'externalId: of a user who came before' two
sed 's/"Enabled":true/"Enabled":"yes"/' one >two
rejects 'active: not a boolean' two
sed 's/"sub":"s-1"//' one >two
rejects 'no sub' two
echo '{"a":1}' >two
rejects 'neither a user nor a group nor a membership' two
rejects 'schemas: must name the core schema of User or of Group' two --mapped
rejects 'a record of the pool, where --mapped takes SCIM resources' one --mapped
head -1 core >two
rejects 'a SCIM resource, which only --mapped takes' two
sed 's/"type":"work","primary"/"type":"office","primary"/' two >wrong
rejects 'emails[0].type: not one of work, home, other' wrong --mapped
mkdir -p own
echo '{schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], externalId: .Attributes.sub, userName: .Username, title: .Username, nickname: "secret"}' >own/m.jq
rejects 'nickname: not an attribute of User (the name is nickName)' one -m own/m.jq
echo 'select(.Username != "ana") | {schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], externalId: ("x-" + .Attributes.sub), userName: .Username}' >own/m.jq
{ cat one; record bob s-2; } >two
printf '{"GroupName":"g","Username":"%s","Attributes":{"sub":"%s"}}\n' ana s-1 bob s-2 >some
sed -i 's/^select/if has("GroupName") then {schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: .GroupName, externalId: "G"} else select/; s/$/ end/' own/m.jq
seal two some >sealed
title 'a mapping that leaves out, with externalIds of its own'
feed 0 sealed emit-scim -m own/m.jq
same - <(head -2 out) <<END
{"schemas":["$user"],"externalId":"x-s-2","userName":"bob"}
{"schemas":["$group"],"externalId":"G","displayName":"g","members":[{"value":"bulkId:x-s-2","type":"User"}]}
END
has out '"via":["emit-scim"]'
echo '., .' >own/m.jq
rejects 'the mapping gave more than one resource' one -m own/m.jq

# --- the order

title 'a user behind a group'
cat groups users >wrong
feed 1 wrong emit-scim --reject rejected
same - err <<<'emit-scim: stdin:3: a user behind a group: users must come first, then groups, then memberships'
title 'a group behind its membership'
cat users members groups >wrong
feed 1 wrong emit-scim --reject rejected
has err 'stdin:7: a group behind its memberships'
title 'a group of which only memberships come'
run 0 emit-scim --arg group_prefix=p: members
same - <(jq -r '[.externalId, .displayName, (.members | length)] | @tsv' out) <<<$'p:admins\tadmins\t2\np:a/b ü\ta/b ü\t1'

# --- held back and rejected users

title 'held back'
run 3 emit-scim --hold-back UNCONFIRMED,ARCHIVED --reject rejected users groups members
same - <(jq -c '[.Reason, .Line, .Stream]' rejected) <<'END'
["held back: UNCONFIRMED",3,"users"]
["its user was rejected",3,"members"]
END
title 'and counted'
seal users >sealed
feed 3 sealed emit-scim --hold-back UNCONFIRMED --reject rejected --stats stats
ok jq -se '.[-1]["~end"] | .rejected == 1 and .rows == 2 and .ok' out
ok jq -e '.Users == 2 and .Rejected == 1' stats
title 'members who are nobody'
sed 's/,"Attributes.*/}/' members | head -1 >wrong
rejects 'no sub' wrong
title 'a rejected group'
printf '%s\n' '{"GroupName":"Ab"}' '{"GroupName":"aB"}' '{"GroupName":"aB","Username":"u","Attributes":{"sub":"s-3"}}' >wrong
feed 3 wrong emit-scim --dialect oci --reject rejected
same - <(jq -r .Reason rejected) <<'END'
displayName: of a group that came before (case ignored, as OCI does)
its group was rejected
END
title 'which is no wrong one elsewhere'
feed 0 wrong emit-scim

# --- groups with Members

printf '{"GroupName":"crew","Members":["ana","Google_77"]}\n{"GroupName":"crew","Members":["ana"]}\n' >crew
title 'Members, and further ones'
run 0 emit-scim users crew
same - <(tail -n +4 out) <<END
{"schemas":["$group"],"externalId":"crew","displayName":"crew","members":[{"value":"bulkId:$s1","type":"User"},{"value":"bulkId:$s2","type":"User"},{"value":"bulkId:$s1","type":"User"}]}
END
run 0 emit-scim --members-max 1 users crew
same - <(tail -n +4 out | jq -r '.members | length') <<<$'1\n1\n1'
title 'a name that nobody has, in that case'
printf '{"GroupName":"crew","Members":["ana","google_77"]}\n' >wrong
run 1 emit-scim users wrong
same - err <<<'emit-scim: wrong:1: members: not the userName of a user before it in this stream'

# --- Bulk

title 'a BulkRequest'
run 0 emit-scim --bulk --fail-on-errors 3 users groups members
ok test "$(wc -l <out)" -eq 1
same - <(jq -c '.schemas, .failOnErrors, (.Operations[] | [.method, .path, .bulkId])' out) <<END
["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
3
["POST","/Users","$s1"]
["POST","/Users","$s2"]
["POST","/Users","s-3"]
["POST","/Groups","group:admins"]
["POST","/Groups","group:a=2Fb=20=C3=BC"]
["PATCH","/Groups/bulkId:group:admins",null]
["PATCH","/Groups/bulkId:group:a=2Fb=20=C3=BC",null]
END
title 'whose data are the resources'
same <(head -5 core) <(jq -c '.Operations[:5][].data' out)
title 'and a PATCH'
same - <(jq -c '.Operations[5].data' out) <<END
{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:$s1","type":"User"},{"value":"bulkId:$s2","type":"User"}]}]}
END
run 0 emit-scim --bulk users groups members
cp out bulk
title 'no failOnErrors but by the option'
lacks out failOnErrors
title 'the same of resources'
run 0 emit-scim --mapped --bulk core
same bulk out
run 0 emit-scim --bulk users crew
title 'a group with Members is in one request with them'
same - <(jq -c '[.Operations[3:][] | .method]' out) <<<'["POST","PATCH","PATCH"]'
run 3 emit-scim --bulk --max-operations 3 --reject rejected users crew
title 'or rejected as a whole'
has rejected 'its members do not fit into one request with it; --ids is needed'
ok test "$(grep -c '/Groups' out)" -eq 0
run 3 emit-scim --bulk --max-operations 2 --reject rejected users crew
has rejected 'members: its user is in an earlier request; --ids is needed'
title 'references hold within a request'
run 3 emit-scim --bulk --max-operations 4 --reject rejected users groups members
same - <(jq -r .Reason rejected) <<'END'
its user is in an earlier request; --ids is needed
its user is in an earlier request; --ids is needed
its user is in an earlier request; --ids is needed
END
title 'strangers'
run 3 emit-scim --bulk --reject rejected groups members
ok test "$(grep -c 'its user is neither before it in this request nor in --ids' rejected)" -eq 3
title 'Entra'
run 3 emit-scim --bulk --dialect entra --reject rejected users groups members
ok jq -e '[.Operations[].method] == ["POST", "POST", "POST"]' out
ok test "$(grep -c "Entra's bulkUpload takes users only" rejected)" -eq 5
title 'an operation that is too long'
record big s-9 "\"name\":\"$(printf '%2000s' x)\"" >wrong
rejects 'its operation alone is longer than --max-bytes' wrong --bulk --max-bytes 1500
title 'a sealed stream of requests'
seal users >sealed
feed 0 sealed emit-scim --bulk --max-operations 2
ok unseal out
title '--split'
run 0 emit-scim --bulk --max-operations 2 --split -o request.json users groups
ok test "$(echo request*)" = 'request-001.json request-002.json request-003.json'
ok jq -se 'map(.Operations | length) == [2, 2, 1]' request-001.json request-002.json request-003.json
run 0 emit-scim --bulk --split -o request.json users groups
ok test "$(echo request*)" = request.json

# --- ids

cat >ids <<END
{"schemas":["$user"],"id":"u/1","externalId":"$s1","userName":"ana"}
{"schemas":["$user"],"id":"u3","userName":"stranger"}
{"schemas":["$group"],"id":"2b7c1de0-9a3f-4c11-8e55-00ffab12cd34","externalId":"admins","displayName":"admins","members":[]}
{"schemas":["$group"],"id":"2b7c1de0-9a3f-4c11-8e55-00ffab12cd34","externalId":"admins","displayName":"admins","members":[]}
END
title 'ids in resources'
run 0 emit-scim --ids ids users groups members
same - <(jq -c '[.id, .externalId, .members]' out) <<END
["u/1","$s1",null]
[null,"$s2",null]
[null,"s-3",null]
["2b7c1de0-9a3f-4c11-8e55-00ffab12cd34","admins",null]
[null,"a/b ü",null]
["2b7c1de0-9a3f-4c11-8e55-00ffab12cd34","admins",[{"value":"u/1","type":"User"},{"value":"bulkId:$s2","type":"User"}]]
[null,"a/b ü",[{"value":"bulkId:s-3","type":"User"}]]
END
title 'ids in requests'
run 3 emit-scim --bulk --max-operations 2 --ids ids --reject rejected users groups members
same - <(jq -c '.Operations[] | [.method, .path, .bulkId]' out) <<END
["PUT","/Users/u%2F1",null]
["POST","/Users","$s2"]
["POST","/Users","s-3"]
["POST","/Groups","group:a=2Fb=20=C3=BC"]
["PATCH","/Groups/2b7c1de0-9a3f-4c11-8e55-00ffab12cd34",null]
END
title 'no id in data'
ok jq -se 'all(.[].Operations[].data; has("id") | not)' out
ok test "$(wc -l <rejected)" -eq 2
title 'ids of the resources themselves'
jq -c --arg s "$s1" 'if .externalId == $s then .id = "u/1" else . end' core >own-ids
printf '{"GroupName":"admins","Username":"ana","Attributes":{"sub":"%s"}}\n' "$s1" >>own-ids
run 0 emit-scim --bulk --mapped own-ids
same - <(jq -c '.Operations[] | [.method, .path, .bulkId, .data.Operations[0].value[0].value]' out) <<END
["PUT","/Users/u%2F1",null,null]
["POST","/Users","$s2",null]
["POST","/Users","s-3",null]
["POST","/Groups","group:admins",null]
["POST","/Groups","group:a=2Fb=20=C3=BC",null]
["PATCH","/Groups/bulkId:group:admins",null,"u/1"]
["PATCH","/Groups/bulkId:group:a=2Fb=20=C3=BC",null,"bulkId:s-3"]
["PATCH","/Groups/bulkId:group:admins",null,"u/1"]
END
run 0 emit-scim --mapped own-ids
has out '"members":[{"value":"u/1","type":"User"}'
title 'two of one externalId'
sed 's/u3/&","externalId":"'$s1'/' ids >twice
run 3 emit-scim --ids twice --reject rejected users groups members
has rejected 'externalId: two resources of --ids have it'
title 'ids that are cut, failed, wrong'
printf x >>twice
run 4 emit-scim --ids twice users
has err 'twice: incomplete'
{ cat ids; echo '{"~end":{"v":1,"ok":false,"rows":4,"bytes":1,"reason":"x","retryable":true}}'; } >twice
run 75 emit-scim --ids twice users
run 4 emit-scim --seal --ids ids users
head -1 ids | sed 's/"id"/"ID"/' >twice
run 1 emit-scim --ids twice users
has err 'twice:1: no id'

# --- a pool

"$TOOLS/make-pool" -n 400 >pool
grep -v '"GroupName"' pool >pool.users
grep '"GroupName"' pool | grep -v '"Username"' >pool.groups
grep '"GroupName"' pool | grep '"Username"' >pool.members

cat >check.py <<'END'
"""check.py OUT REJECTED MAX-OPERATIONS MAX-BYTES IDS: what holds of all requests, whatever the pool."""
import collections, json, sys, urllib.parse
out, rejected, operations_max, bytes_max = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
known = {}
if sys.argv[5] != "-":
    for line in open(sys.argv[5]):
        r = json.loads(line)
        known[r["id"]] = r["externalId"]
wanted = collections.Counter()
for line in open("pool.members"):
    r = json.loads(line)
    wanted[r["GroupName"], r["Attributes"]["sub"]] += 1
users = {json.loads(line)["Attributes"]["sub"] for line in open("pool.users")}
for line in open(rejected):
    r = json.loads(line)["Record"]
    if "GroupName" in r:
        wanted[r["GroupName"], r["Attributes"]["sub"]] -= 1
    else:
        users.discard(r["Attributes"]["sub"])
got, posted = collections.Counter(), set()
for line in open(out, "rb"):
    assert len(line) <= bytes_max, "bytes"
    request = json.loads(line)
    assert 0 < len(request["Operations"]) <= operations_max, "operations"
    seen, rank = {}, 0
    for op in request["Operations"]:
        kind = (op["path"].startswith("/Groups")) + (op["method"] == "PATCH")
        assert kind >= rank, "users, groups, memberships"
        rank = kind
        if op["method"] != "PATCH":
            if op["method"] == "POST":
                assert op["bulkId"] not in seen, "bulkId twice"
                seen[op["bulkId"]] = op["data"]["externalId"]
            if op["path"].startswith("/Users"):
                posted.add(op["data"]["externalId"])
            continue
        target = op["path"][len("/Groups/"):]
        name = seen[target[7:]] if target.startswith("bulkId:") else known[urllib.parse.unquote(target)]
        value = op["data"]["Operations"][0]["value"]
        assert 0 < len(value) <= 100, "members"
        for member in value:
            v = member["value"]
            got[name, seen[v[7:]] if v.startswith("bulkId:") else known[v]] += 1
assert posted == users, "users"
assert got == +wanted, "memberships"
print(len(posted), sum(got.values()))
END

# bulk TITLE OPERATIONS BYTES [ID-OPTION FILE]: the pool in requests of these limits.
bulk() {
	title "$1"
	run 3 emit-scim --bulk --max-operations "$2" --max-bytes "$3" ${4:+--ids "$4"} --reject rejected \
		pool.users pool.groups pool.members
	title "$1: bounds, references, and nothing lost"
	ok /usr/bin/python3 check.py out rejected "$2" "$3" "${4:--}"
}
bulk 'one request' 1000 1000000
title 'all of the members are there'
ok test "$(sed 's/.* //' ok.out)" -gt 500
bulk 'few operations' 7 1000000
bulk 'few bytes' 50 2000
run 3 emit-scim --reject rejected pool
jq -c '{schemas, id: ("id-" + .externalId), externalId}' out | sort -u >pool.ids
bulk 'with ids, few operations' 7 1000000 pool.ids
title 'no membership is rejected but those of rejected users'
same <(jq -r 'select(.Record.GroupName) | .Reason' rejected | sort -u) - <<<'its user was rejected'
bulk 'with ids, few bytes' 50 2000 pool.ids
grep -v '"externalId":"[0-4]' pool.ids >some.ids
bulk 'with some of the ids' 60 20000 some.ids

title 'resources have only what RFC 7643 knows'
run 3 emit-scim --reject rejected pool
ok /usr/bin/python3 - out <<'END'
import json, sys
person = {"schemas", "externalId", "userName", "name", "displayName", "nickName", "profileUrl",
    "preferredLanguage", "locale", "timezone", "active", "emails", "phoneNumbers", "photos", "addresses"}
parts = {
    "name": {"formatted", "familyName", "givenName", "middleName"},
    "emails": {"value", "type", "primary"}, "phoneNumbers": {"value", "type"},
    "photos": {"value", "type"}, "members": {"value", "type"},
    "addresses": {"type", "formatted", "streetAddress", "locality", "region", "postalCode", "country"}}
for line in open(sys.argv[1]):
    r = json.loads(line)
    assert r.keys() <= (person if "userName" in r else {"schemas", "externalId", "displayName", "members"})
    for name, known in parts.items():
        for part in r[name] if isinstance(r.get(name), list) else [r.get(name, {})]:
            assert part.keys() <= known and all(v not in (None, "", [], {}) for v in part.values())
END

finish
