#!/usr/bin/env bash
# Wrong answers of everybody else who is asked: STS (also where a session is renewed in the middle of
# a list), container and instance metadata, SCIM servers, OAuth.  What is proven where: wire-faults.t.
. "$(dirname "$0")/lib.sh"
planted=(config canaries)
# Mostly waits.
# shellcheck source=tests/helpers/fault.sh
. "$TOP/tests/helpers/fault.sh"

count=0
before=
large_text=$(printf '%01200000d' 0)
larger=$(printf '%0200000d' 0)	# than a token, or credentials

# --- STS: credentials that are none.  The command is not run.
keys() { echo "<AccessKeyId>${1-ASIAEXAMPLE}</AccessKeyId><SecretAccessKey>${2-canary-new-key}</SecretAccessKey><SessionToken>${3-canary-new-token}</SessionToken><Expiration>${4-2999-01-02T03:04:05Z}</Expiration>"; }
xml() { echo "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>$1</Credentials></AssumeRoleResult></AssumeRoleResponse>"; }
whole=$(xml "$(keys)")
text "$whole"; session=$file
# The options end where the command begins.
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'exec assume-role --static --role-arn '"$role"' "$@" -- sh -c "echo new >out"' sh)
drill 0 1 "* : 200=$session" own 'a session'
lol='<!DOCTYPE l [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
for i in b:a c:b d:c e:d f:e g:f h:g; do lol+="<!ENTITY ${i%:*} \"$(printf "&${i#*:};%.0s" 1 2 3 4 5 6 7 8 9 10)\">"; done
external='<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:1/">]>'
answers 1 1 own 'no session' '' '{}' '<html></html>' '<!DOCTYPE html><html><body>login</body></html>' '<AssumeRoleResponse/>' \
	"${whole:0:150}" "${whole%>}" "$whole$whole" "$whole trailing" "$large_text" "<a>$large_text</a>" \
	"$lol]>$(xml "$(keys ASIAEXAMPLE '&h;')")" "$external$(xml "$(keys ASIAEXAMPLE '&x;')")" "$external$(xml "$(keys ASIAEXAMPLE '&y;')")" \
	"$(xml "$(keys ASIAEXAMPLE '&a;')")" '<?xml version="1.0" encoding="UTF-16"?><a/>' $'<a>\x01</a>' $'<a>\xff</a>' "$(xml "$(keys '')")" \
	"$(xml "$(keys ASIAEXAMPLE '')")" "$(xml "$(keys ASIAEXAMPLE canary-k '')")" "$(xml "$(keys ASIAEXAMPLE canary-k canary-t '')")" \
	"$(xml "$(keys ASIAEXAMPLE canary-k canary-t soon)")" "$(xml "$(keys ASIAEXAMPLE canary-k canary-t 99999-01-01T00:00:00Z)")" \
	"$(xml "$(keys ASIAEXAMPLE canary-k 'canary-t&#0;')")" "$(xml "$(keys ASIAEXAMPLE canary-k 'canary-é')")" \
	"$(xml '<AccessKeyId>ASIAEXAMPLE</AccessKeyId>')" "$(xml "<Nested>$(keys)")" \
	"$(printf '<a>%.0s' {1..2000})" '{"AssumeRoleResponse":{}}' 'Users'
error() { printf 'HTTP/1.1 %s X\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s' "$2" ${#3} "$3" >"$1"; }
code() { echo "<ErrorResponse><Error><Type>Sender</Type><Code>$1</Code><Message>m</Message></Error></ErrorResponse>"; }
error throttled 400 "$(code Throttling)"
error denied 403 "$(code AccessDenied)"
error entities 403 "$lol]><ErrorResponse><Error><Code>&h;</Code></Error></ErrorResponse>"
error away 500 '<html>'
error later 403 "$(code ServiceUnavailable)"
drill 75 1 "* : =$T/throttled" own 'a throttle with HTTP 400'
drill 75 1 "* : =$T/later" own 'a service that is away, with HTTP 403'
drill 75 1 "* : =$T/away" own 'HTTP 500 and a page'
drill 1 1 "* : =$T/denied" own 'a refusal'
drill 1 1 "* : =$T/entities" own 'a refusal of entities'
text "$(code Throttling)"
drill 1 1 "* : 200=$file" own 'a throttle with HTTP 200'

# --- STS: the renewal in the middle of a run, from a profile
cat >config <<X
[profile reader]
role_arn = $role
source_profile = base
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $known_secret
X
text "$(xml "$(keys ASIAEXAMPLE canary-old-key canary-old-token "$(date -u -d '-1 hour' +%FT%TZ)")")"; over=$file
text '{"Users":[{"Username":"ana"}],"PaginationToken":"A"}'; first=$file
text '{"Users":[{"Username":"ben"}]}'; second=$file
text '{"__type":"ExpiredTokenException","message":"m"}'; expired=$file
put garbage '\x81\xa6\xcb\xf0\r\n\r\n\r\n'
put cut 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>'
put twice 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'
put moved 'HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'
text "$lol]>$(xml "$(keys ASIAEXAMPLE '&h;')")"; bomb=$file
own=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN AWS_CONFIG_FILE="$T/config"
	list-users --profile reader --seal)
pool="PaginationToken canary-new-token : 200=$second"$'\n'"PaginationToken : 400=$expired"$'\n'"ListUsers : 200=$first"
drill 1 4-6 "Action=AssumeRole : 200=$over"$'\n'"PaginationToken : 400=$expired"$'\n'"ListUsers : 200=$first" own 'sessions that are over, for ever'
stream
for fault in garbage cut twice moved denied away throttled bomb empty; do
	case $fault in
	garbage|cut) action="=$T/$fault close" ;;
	bomb) action="200=$bomb" ;;
	empty) text ''; action="200=$file" ;;
	*) action="=$T/$fault" ;;
	esac
	case $fault in cut|away|throttled) status=75 ;; *) status=1 ;; esac
	drill $status 3-5 "Action=AssumeRole #1 : 200=$over"$'\n'"Action=AssumeRole : $action"$'\n'"$pool" own "the renewal: $fault"
	stream
done

# --- container and instance metadata
good='{"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"canary-new-key","Token":"canary-new-token","Expiration":"2999-01-02T03:04:05Z"}'
wrong=('' '{}' '[]' null '<html>login</html>' "${good%\}}" "$good$good" "{\"x\":\"$larger\"}" '{"AccessKeyId":1,"SecretAccessKey":"canary-k"}'
	'{"AccessKeyId":"ASIA","SecretAccessKey":null}' '{"AccessKeyId":"ASIA\r\nX-Evil: 1","SecretAccessKey":"canary-k"}'
	'{"AccessKeyId":"ASIA","SecretAccessKey":"canary-k","Token":"canary\u0000t"}' '{"AccessKeyId":"ASIA","SecretAccessKey":"canary-k","Token":{}}'
	'{"AccessKeyId":"ASIA","SecretAccessKey":"canary-k","Expiration":"soon"}' '{"AccessKeyId":"ASIA","SecretAccessKey":"canary-k","Expiration":5}'
	'{"Code":"AssumeRoleUnauthorizedAccess","Message":"canary-m"}' '{"AccessKeyId":"","SecretAccessKey":""}')
answers 1 1 container 'no credentials' "${wrong[@]}"
text x
for status in 201 204 400 401 403 404 410; do drill 1 1 "* : $status=$file" container "HTTP $status"; done
for status in 429 500 503; do drill 75 3 "* : $status=$file" container "HTTP $status"; done
before="PUT : 200=$T/token"$'\n'"/security-credentials/reader : 200=@"$'\n'"security-credentials : 200=$T/name"$'\n'
put token canary-imds-token
put name reader
for body in "${wrong[@]}"; do
	text "$body"
	drill 1 3 "${before/@/$file}" metadata "no credentials: ${body:0:60}"
done
text "$good"; fine=$file
# roles and tokens that would go into a path or a header
for name in ../../../x 'a b' 'a/b' $'a\tb' 'a?b' 'a%2f' "${larger:0:100}" 'é'; do
	text "$name"
	drill 1 2 "PUT : 200=$T/token"$'\n'"reader : 200=$fine"$'\n'"security-credentials : 200=$file" metadata "the role's name: ${name:0:20}"
done
for token in '' $'a\tb' 'é' "${larger:0:20000}"; do
	text "$token"
	drill 1 1 "PUT : 200=$file"$'\n'"* : 200=$fine" metadata "the token: ${token:0:20}"
done
text x
drill 1 2-6 "PUT : 200=$T/token"$'\n'"* : 401=$file" metadata 'a token that is refused for ever'
drill 75 3-9 "PUT : 200=$T/token"$'\n'"* : 500=$file" metadata 'no role for now'
before=

# --- SCIM: lists that are none
list() { printf '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":%s,"startIndex":%s,"itemsPerPage":%s,"Resources":%s}' "$1" "$2" "$3" "$4"; }
one='[{"id":"1","userName":"ana"}]'
text "$(list 1 1 1 "$one")"; users=$file
drill 0 1 "* : 200=$users" scim 'a list'
drill 0 1 "* : 200=$file" scim 'a list whose start and size are lies'
text "$(list 1 -5 '"x"' "$one")"
drill 0 1 "* : 200=$file" scim 'a list whose start and size are lies'
answers 1 1 scim 'no list' '' '{}' '[]' null '<html>login</html>' '"x"' "$(list -1 1 1 "$one")" "$(list '"1"' 1 1 "$one")" "$(list 1.5 1 1 "$one")" \
	"$(list 1e3 1 1 "$one")" "$(list 99999999999999999999999 1 1 "$one")" "$(list null 1 1 "$one")" "$(list 1 1 1 '{}')" "$(list 1 1 1 '"x"')" \
	"$(list 1 1 1 '[1]')" "$(list 1 1 1 '[null]')" "$(list 1 1 1 '[[]]')" "$(list 1 1 1 '[{}]')" "$(list 1 1 1 '[{"id":1}]')" \
	"$(list 1 1 1 '[{"id":""}]')" "$(list 1 1 1 '[{"id":"a\u0000"}]')" "$(list 1 1 1 '[{"id":"1","~end":{"ok":true}}]')" \
	"$(list 1 1 1 '[{"id":"1","\u007eend":{"ok":true}}]')" "$(list 1 1 1 "$one")$(list 1 1 1 "$one")" "$(list 1 1 1 "[{\"id\":\"1\",\"x\":\"$large_text\"}]")" \
	"$(printf '%0100000d' 0 | tr 0 '[')"
answers 75 3 scim 'a number that is a lie' "$(list 2 1 1 '[]')" "$(list 0 1 1 "$one")" "$(list 5 1 1 null)" "$(list 2 1 2 '[{"id":"1"},{"id":"1"}]')"
answers 75 6 scim 'the same page for ever' "$(list 1000000000 1 1 "$one")"
text "$(list 3 1 1 '[{"id":"2"}]')"
changed=$file
text "$(list 2 1 1 "$one")"
two=$file file=$changed
drill 75 6 "startIndex=1& : 200=$two"$'\n'"* : 200=$file" scim 'a number that changes'
for status in 201 202 206 299; do drill 0 1 "* : $status=$users" scim "HTTP $status"; done
text ''
for status in 204 400 401 403 404 409 412 413 501 505; do drill 1 1 "* : $status=$file" scim "HTTP $status, and nothing"; done
for status in 408 429 500 502 503 504; do drill 75 1 "* : $status=$file" scim "HTTP $status, and nothing"; done
put tag "HTTP/1.1 200 OK\r\nETag: \"$(printf '%090000d' 0)\"\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: $(stat -c %s "$users")\r\n\r\n"
drill 0 1 "* : =$T/tag =$users" scim 'an ETag of 90,000 bytes, and a Location'
for wait in 1000000000 99999999999999999999999 'Fri, 31 Dec 9999 23:59:59 GMT'; do
	count=$((count + 1))
	put wait.$count "HTTP/1.1 429 X\r\nRetry-After: $wait\r\nContent-Length: 0\r\n\r\n"
	own_variable=SCIM_URL own=(list-scim --users --page-size 100 -o out)
	patience=(--retry-seconds 60)
	case $wait in 9999999999*) drill 0 2 "1 : =$T/wait.$count"$'\n'"* : 200=$users" own "Retry-After: $wait" ;;
	*) drill 75 1 "* : =$T/wait.$count" own "Retry-After: $wait" ;; esac
done
for wait in -1 soon '' 'Thu, 01 Jan 1970 00:00:00 GMT' 0x10; do
	count=$((count + 1))
	put wait.$count "HTTP/1.1 429 X\r\nRetry-After: $wait\r\nContent-Length: 0\r\n\r\n"
	drill 0 2 "1 : =$T/wait.$count"$'\n'"* : 200=$users" own "Retry-After: $wait"
done
patience=(--retry-seconds 0 --connect-timeout 60 --read-timeout 60)

pushed=()
# --- push-scim: places and versions that the server names
around=(fault-server --url-in ELSEWHERE --save ../elsewhere "$T/elsewhere.script")
echo "* : 200=$users" >elsewhere.script
jq -nc '{schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], externalId: "e", userName: "canary-name"},
	{schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], externalId: "g", displayName: "g", members: [{value: "bulkId:e"}]}' >resources
text '{"patch":{"supported":true},"filter":{"supported":true},"etag":{"supported":true},"bulk":{"supported":false}}'; config=$file
text "$(list 0 1 0 '[]')"; nobody=$file
made='{"schemas":["x"],"id":"%s","meta":{"version":"%s","location":"http://evil.example/Users/1"}}'
# shellcheck disable=SC2059 # the format is ours
created() { printf "$made" "$1" "$2"; }
for version in 1 "$(printf '%05000d' 0)" 'W/\"\r\nX-Evil: 1\"' '\u0000' ''; do
	body=$(created i "$version")
	count=$((count + 1))
	put created.$count "HTTP/1.1 201 Created\r\nContent-Length: ${#body}\r\nLocation: "
	printf '/Users/1\r\nETag: %s\r\n\r\n%s' "$(printf '%05000d' 0)" "$body" >rest.$count
	text "$body"
	drill 0 3-12 "ServiceProviderConfig : 200=$config"$'\n'"POST : =$T/created.$count \$ELSEWHERE =$T/rest.$count"$'\n'"GET filter : 200=$nobody"$'\n'"GET : 200=$file"$'\n'"* : 200=$file" \
		push "a Location elsewhere, and the version ${version:0:20}"
	pushed+=("$drills")
done
around=()

# --- OAuth: grants that are none
own_variable=FAULT_URL
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'SCIM_URL=$FAULT_URL SCIM_TOKEN_URL=$FAULT_URL/token exec env -u SCIM_TOKEN SCIM_CLIENT_ID=id SCIM_CLIENT_SECRET=canary-client-secret list-scim --users --page-size 100 -o out "$@"' sh)
answers 1 1 own 'no grant' '' '{}' '[]' '<html>login</html>' '{"access_token":1}' '{"access_token":null}' '{"access_token":""}' '{"access_token":"canary t"}' \
	'{"access_token":"canary-t\r\nX-Evil: 1"}' '{"access_token":"canary-t","token_type":"mac"}' '{"access_token":"canary-t","token_type":{}}' \
	'{"access_token":"canary-é"}' "{\"access_token\":\"${larger:0:20000}\"}" "{\"access_token\":\"$larger\"}" '{"error":"invalid_client"}'
for lifetime in 0 -1 1e300 99999999999999999999 '"soon"' '"3600"' null '{}' 0.001; do
	text "{\"access_token\":\"canary-granted\",\"token_type\":\"bearer\",\"expires_in\":$lifetime}"
	drill 0 2-3 "/token : 200=$file"$'\n'"canary-granted : 200=$users" own "a grant for $lifetime seconds"
done
text '{"access_token":"canary-granted"}'; grant=$file
text x
for status in 201 204 400 401 403 404; do drill 1 1 "* : $status=$file" own "no grant: HTTP $status"; done
for status in 429 500 503; do drill 75 1 "* : $status=$file" own "no grant: HTTP $status"; done
drill 1 3-6 "/token : 200=$grant"$'\n'"* : 401=$file" own 'a grant that is refused for ever'

judge_all
for n in "${pushed[@]}"; do
	title "drill $n: no header of another's making"
	ok sh -c "! grep -l '^X-Evil' $n/asked/*"
done
finish
