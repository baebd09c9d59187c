#!/usr/bin/env bash
# The SCIM server that other tests rely on, tests/helpers/scim-server.js: scimmy does what the RFCs
# say, and what stands in front of it refuses, throttles and cuts as asked for.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

server=$TOP/tests/helpers/scim-server.js
if [ ! -d "$TOP/build/npm/node_modules/scimmy" ]; then
	title 'scimmy is installed'
	ok false
	echo '# make deps-check installs it'
	finish
fi

# For CMD's shell: a token, and c METHOD PATH [BODY], which prints status and body.
cat >client.sh <<'END'
token() {
	curl -s -u "$SCIM_CLIENT_ID:${1-$SCIM_CLIENT_SECRET}" -d "grant_type=client_credentials${2-}" "$SCIM_TOKEN_URL"
}
t=${SCIM_TOKEN-$(token "$SCIM_CLIENT_SECRET" "${scope-}" | gojq -r .access_token)}
c() {
	curl -sg -X "$1" -H "Authorization: Bearer $t" -H 'Content-Type: application/scim+json' \
		-w '\n%{http_code}\n' "$SCIM_URL$2" ${3+-d "$3"} >answer
	status=$?
	[ "$status" -eq 0 ] || { echo "curl $status"; return; }
	echo "$(tail -n 1 answer) $(sed '$d' answer | gojq -c "${4-.}" 2>/dev/null)"
}
core=urn:ietf:params:scim:schemas:core:2.0
patch='{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":'
bulk='{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":'
END
cat >seed <<'END'
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"s1","userName":"Ana"}
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"s2","userName":"bo\"b"}
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"g","displayName":"g","members":[{"value":"bulkId:s1"}]}
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"externalId":"g","displayName":"g","members":[{"value":"bulkId:s2"}]}
END

# at OPTIONS... -- SCRIPT: runs it, with the client's functions.
at() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	title "${next_title:-${options[*]}}"
	run "${want:-0}" "$server" "${options[@]}" -- bash -c ". ./client.sh; $2"
}

title 'the status of the command'
want=7 at -- 'exit 7'
title 'without a command: variables, until it is killed'
run 0 bash -c '"$1" >vars & until grep -q SECRET vars; do kill -0 $! || exit 1; sleep 0.1; done
	kill $!; wait $!' sh "$server"
ok grep -q '^SCIM_URL=http://127.0.0.1:' vars

title 'tokens'
at --token-seconds 3 --scope the-scope -- '
	token wrong | gojq -r .error
	token "$SCIM_CLIENT_SECRET" "&scope=another" | gojq -r .error
	c GET /Users
	t=$(token "$SCIM_CLIENT_SECRET" "&scope=the-scope" | gojq -r .access_token)
	c GET /Users "" .totalResults
	sleep 3.1
	c GET /Users "" .status'
same - out <<'END'
invalid_client
invalid_scope
401 {"detail":"canary of the token's refusal","schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}
200 0
401 "401"
END

title 'pages, filters, uniqueness, members'
at --seed seed --dump dump --log log --page-max 2 -- '
	c GET "/Users?count=1" "" "[.totalResults, .itemsPerPage, .startIndex, .Resources[].externalId]"
	c GET "/Users?startIndex=2&count=9" "" "[.totalResults, .itemsPerPage, .startIndex, .Resources[].externalId]"
	c GET "/Users?filter=userName%20eq%20%22ANA%22" "" ".Resources[].externalId"
	c GET "/Users?filter=userName%20eq%20%22bo%5C%22b%22%20and%20externalId%20eq%20%22s2%22" "" ".totalResults"
	c GET "/Users?filter=externalId%20eq%20%22S2%22" "" ".totalResults"
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"aNA\"}" .scimType
	c POST /Groups "{\"schemas\":[\"$core:Group\"],\"displayName\":\"G\"}" .scimType
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"cid\"}" .userName
	c GET /Groups "" "[.Resources[].members[].display]"
	g=$(curl -s -H "Authorization: Bearer $t" "$SCIM_URL/Groups" | gojq -r ".Resources[0].id")
	u=$(curl -s -H "Authorization: Bearer $t" "$SCIM_URL/Groups" | gojq -r ".Resources[0].members[0].value")
	c PATCH "/Groups/$g" "$patch[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"$u\"}]}]}" "[.members[].display]"
	c PATCH "/Groups/$g" "$patch[{\"op\":\"remove\",\"path\":\"members[value eq \\\"$u\\\"]\"}]}" "[.members[].display]"
	c PATCH "/Groups/$g" "$patch[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"nobody\"}]}]}" .scimType'
same - out <<'END'
200 [2,1,1,"s1"]
200 [2,1,2,"s2"]
200 "s1"
200 1
200 0
409 "uniqueness"
409 "uniqueness"
201 "cid"
200 ["Ana","bo\"b"]
200 ["Ana","bo\"b"]
200 ["bo\"b"]
400 "invalidValue"
END
title 'the dump'
gojq -c '[.resourceType, .userName // .displayName, (.members // [] | length)]' dump >kinds
same - kinds <<'END'
["Group","g",1]
["User","Ana",0]
["User","bo\"b",0]
["User","cid",0]
END
title 'the log'
ok grep -qx 'POST /Users 409 [0-9]* 0' log

title 'Bulk: limits, references, what fails by itself'
at --strict --max-operations 3 --max-payload 2000 -- '
	user() { echo "{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"$1\",\"data\":{\"schemas\":[\"$core:User\"],\"userName\":\"$1\"$2}}"; }
	group() { echo "{\"method\":\"POST\",\"path\":\"/Groups\",\"bulkId\":\"$1\",\"data\":{\"schemas\":[\"$core:Group\"],\"displayName\":\"$1\",\"members\":[{\"value\":\"bulkId:$2\"}]}}"; }
	c POST /Bulk "$bulk[$(user a), $(user b), $(group g a)]}" "[.Operations[].status]"
	c POST /Bulk "$bulk[$(user c ",\"odd\":1"), $(group h c), $(user d)]}" "[.Operations[] | .status, .response.detail // empty]"
	c POST /Bulk "$bulk[$(user e), $(user f), $(user g), $(user h)]}" .status
	c POST /Bulk "$bulk[$(user i ",\"title\":\"$(printf %02000d 1)\"")]}" .status'
same - out <<'END'
200 ["201","201","201"]
200 ["400","odd: unknown","412","Referenced POST operation with bulkId 'c' was not successful","201"]
413 "413"
413 "413"
END
at --no-bulk --no-patch -- '
	c GET /ServiceProviderConfig "" "[.bulk.supported, .patch.supported]"
	c POST /Bulk "$bulk[]}" .status
	c PATCH /Users/x "$patch[]}" .status'
same - out <<'END'
200 [false,false]
501 "501"
501 "501"
END

title 'what --strict refuses'
at --strict --bearer --extension urn:example:x=plan -- '
	try() { c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"$1\"$2}" ".detail // .userName"; }
	try a ",\"emails\":[{\"value\":\"a@b\"}]"
	try b ",\"emails\":[{\"value\":\"a@b\",\"type\":\"work\",\"primary\":true},{\"value\":\"c@d\",\"type\":\"home\",\"primary\":true}]"
	try c ",\"emails\":[{\"value\":\"a@b\",\"type\":\"work\",\"verified\":true}]"
	try d ",\"active\":\"true\""
	try e ",\"name\":{\"first\":\"x\"}"
	try f ",\"id\":\"x\""
	try g ",\"urn:example:x\":{\"plan\":\"y\"}"
	c POST /Users "{\"schemas\":[\"$core:User\",\"urn:example:x\"],\"userName\":\"h\",\"urn:example:x\":{\"plan\":\"y\"}}" ".[\"urn:example:x\"]"
	c PATCH /Users/x "$patch[{\"op\":\"Add\",\"path\":\"title\",\"value\":\"x\"}]}" .detail
	c PATCH /Users/x "$patch[{\"op\":\"add\",\"path\":\"titel\",\"value\":\"x\"}]}" .detail'
same - out <<'END'
400 "emails[0].type: missing"
400 "emails: two primary values"
400 "emails[0].verified: unknown"
400 "active: not a boolean"
400 "name.first: unknown"
400 "id: read-only"
400 "urn:example:x: not in schemas"
201 {"plan":"y"}
400 "Operations[0].op: not add, replace or remove"
400 "titel: unknown"
END

title Oracle
scope='&scope=urn:opc:idm:__myscopes__'
export scope
at --oci --strict --seed seed --dump dump --members-page 1 -- '
	x=urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User
	user() { c POST /Users "{\"schemas\":[\"$core:User\"$2],\"userName\":\"$1\"$3}" ".detail // [.emails[].type]"; }
	email=",\"emails\":[{\"value\":\"a@b\",\"type\":\"work\",\"primary\":true,\"verified\":true}]"
	user one
	user two "" "$email"
	user three ",\"$x\"" "$email,\"$x\":{\"bypassNotification\":true,\"isFederatedUser\":true}"
	c GET /Groups "" "[.Resources[].members]"
	c GET "/Groups?attributes=members" "" "[.Resources[].members[].display]"
	c GET "/Groups?attributes=displayName,members[startIndex=2%26count=5]" "" "[.Resources[] | .displayName, .members[].display]"'
same - out <<'END'
400 "emails: a primary one is missing"
201 ["work","recovery"]
201 ["work","recovery"]
200 [null]
200 ["Ana"]
200 ["g","bo\"b"]
END
title 'whom it would have sent a mail'
gojq -r 'select(._mail).userName' dump >mailed
same - mailed <<'END'
two
END

unset scope

title Amazon
at --aws --strict --page-max 1 --seed seed -- '
	c GET "/Users?startIndex=1" "" .status
	c GET /Users "" "[.totalResults, .nextCursor, .Resources[].userName]"
	c GET "/Users?cursor=" "" "[.totalResults, .nextCursor, .Resources[].userName]"
	c GET "/Users?cursor=Mg" "" "[.totalResults, .nextCursor, .Resources[].userName]"
	c GET /Groups "" "[.Resources[].members]"
	g=$(curl -s -H "Authorization: Bearer $t" "$SCIM_URL/Groups" | gojq -r ".Resources[0].id")
	c GET "/Users?filter=groups.value%20eq%20%22$g%22" "" .totalResults
	c GET "/Users?filter=userName%20sw%20%22a%22" "" .scimType
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"a\",\"displayName\":\"a\"}" .detail'
same - out <<'END'
400 "400"
200 [2,null,"Ana"]
200 [null,"Mg","Ana"]
200 [null,null,"bo\"b"]
200 [[]]
200 2
400 "invalidFilter"
400 "name.givenName: missing"
END

for how in yes no date; do
	at --bearer --rate 0 --retry-after "$how" -- '
		curl -s -D - -o body -H "Authorization: Bearer $t" "$SCIM_URL/Users" | tr -d "\r" | grep -iE "^(HTTP|Retry)"; gojq -r .status body'
	sed -i 's/[A-Z][a-z][a-z], .* GMT/DATE/' out
	case $how in yes) line='Retry-After: 1' ;; no) line= ;; date) line='Retry-After: DATE' ;; esac
	{ echo 'HTTP/1.1 429 Too Many Requests'; [ -z "$line" ] || echo "$line"; echo 429; } >expected
	same expected out
done

title 'an answer lost, the command killed'
rm -f log
at --bearer --cut-after 1 --log log -- '
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"a\"}" | grep -o curl
	c GET /Users "" ".totalResults"'
same - out <<'END'
curl
200 1
END
ok grep -q '^POST /Users cut ' log
want=137 at --bearer --kill-after 2 --dump dump -- '
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"a\"}"
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"b\"}"
	c POST /Users "{\"schemas\":[\"$core:User\"],\"userName\":\"c\"}"'
title 'the dead command asks for nothing more'
ok test "$(grep -c . dump)" -le 2

title 'faults by chance, the same each time'
for i in 1 2; do
	at --bearer --fail 0.5 --random-seed 3 -- 'for i in 1 2 3 4 5 6 7 8 9 10; do c GET /Users "" .status | cut -c1-4; done'
	mv out "faults.$i"
done
same faults.1 faults.2
ok grep -q 503 faults.1
ok grep -q curl faults.1

finish
