#!/usr/bin/env bash
# Answers of Cognito that are HTTP, and wrong: pages that are none, refusals with any status, clocks,
# page tokens, and a fault at each page of each listing.  What is proven where: wire-faults.t.
. "$(dirname "$0")/lib.sh"
planted=(canaries)
# Mostly waits.
# shellcheck source=tests/helpers/fault.sh
. "$TOP/tests/helpers/fault.sh"

printf '%s\n' '{"Username":"ana","Attributes":{"sub":"1"}}' >good
count=0
# refusal NAME STATUS CODE [HEADER]: a file with an error answer of the JSON services
refusal() {
	local body="{\"__type\":\"com.amazonaws.x#$3\",\"message\":\"m\"}"
	printf 'HTTP/1.1 %s X\r\nContent-Type: application/x-amz-json-1.1\r\n%sContent-Length: %d\r\n\r\n%s' "$2" "${4:+$4$'\r\n'}" ${#body} "$body" >"$1"
}

# --- Cognito: a page that is none
echo '{"GroupName":"staff"}' | serve-pool - -- list-groups --seal -o group.sealed
echo '{"Username":"ana"}' | serve-pool - -- list-users --seal -o user.sealed
deep=$(printf '%0100000d' 0 | tr 0 '[')
long=$(printf '%05000000d' 0)
page() { printf '{"%s":[%s]%s}' "$1" "$2" "${3:+,\"${4:-PaginationToken}\":$3}"; }
answers 1 1 users 'no page' '' '{}' '[]' null '"Users"' 0 '{"Users":null}' '{"Users":{}}' '{"Users":"ana"}' '{"users":[]}' '{"Users":[1]}' \
	'{"Users":[null]}' '{"Users":[{}]}' '{"Users":[[]]}' '{"Users":[{"Username":1}]}' '{"Users":[{"Username":""}]}' \
	'{"Users":[{"Username":"a","Attributes":{}}]}' '{"Users":[{"Username":"a","Attributes":[{"Name":1}]}]}' \
	'{"__type":"InternalErrorException"}' '{"__type":"x#NoSuchThing","message":"m"}' '{"Users":[]} {"Users":[]}' '{"Users":[]}}' '{"Users":[]' \
	'{"Users":[' '{"Users":[{"Username":"ana"' '<html></html>' $'\xef\xbb\xbf{"Users":[]}' $'{"Users":["\xff"]}' '{Users:[]}' "{'Users':[]}" '{"Users":[],}' \
	'{"Users":[NaN]}' "$deep" "{\"Users\":$deep" '{"Users":[],"PaginationToken":5}' '{"Users":[],"PaginationToken":{}}' '{"Users":[],"PaginationToken":""}' \
	'{"Users":[],"PaginationToken":true}'
text "$(page Users '' "\"$long\"")"
drill 1 1 "* : 200=$file" users 'a page token of five megabytes'
for who in groups group members by-user; do
	answers 1 1 $who 'no page' '' '{}' '[]' '{"__type":"x#NoSuchThing"}' '<html></html>' '{"Users":null,"Groups":null,"Group":null}' \
		'{"Users":{},"Groups":{},"Group":[]}' '{"Users":[1],"Groups":[1],"Group":1}' '{"Users":[{}],"Groups":[{}],"Group":{}}'
done
answers 1 1 group 'another group' '{"Group":{"GroupName":"other"}}'
text '{"Users":[{"Username":"ana","Attributes":[{"Name":"sub","Value":"1"}]}]}'
users=$file
for status in 201 202 204 206 299; do
	drill 1 1 "* : $status=$users" users "HTTP $status with users"
done

# --- Cognito: refusals, by code and not by status
for status in 400 429 500 503; do
	refusal throttle.$status $status TooManyRequestsException
	drill 75 1 "* : =$T/throttle.$status" users "a throttle with HTTP $status"
	refusal limit.$status $status LimitExceededException
	[ $status -ge 500 ] || drill 1 1 "* : =$T/limit.$status" users "a full quota with HTTP $status"
done
text '{"__type":"TooManyRequestsException","message":"m"}'
throttled=$file
drill 1 1 "* : 200=$throttled" users 'a throttle with HTTP 200'
says 'HTTP 200 with an error in it: TooManyRequestsException'
text '{"__type":"InternalErrorException","Users":[]}'
drill 1 1 "* : 200=$file" users 'an error with HTTP 200 and with nobody'
text '{"Users":[{"Username":"ana","Attributes":[{"Name":"email","Value":"__type"}]}]}'
drill 0 1 "* : 200=$file" users 'a user who calls himself an error'
put typed 'HTTP/1.1 200 OK\r\nx-amzn-ErrorType: InternalErrorException\r\nContent-Length: 12\r\n\r\n{"Users":[]}'
drill 1 1 "* : =$T/typed" users 'an error with HTTP 200 in a header'
text '{"Users":[{"Username":"ana"}],"Users":[]}'
drill 1 1 "* : 200=$file" users 'users, and none'
text '{"Users":[{"Username":"ana"}],"\u0055sers":[]}'
drill 1 1 "* : 200=$file" users 'users, and none under an escaped name'
text '{"Users":[{"Username":"ana"}],"PaginationToken":"A","PaginationToken":null}'
drill 1 1 "* : 200=$file" users 'a page token, and none'
for status in 408 429 500 502 503 504; do
	text '<html>'
	drill 75 1 "* : $status=$file" users "HTTP $status, and a page"
done
for status in 400 401 403 404 405 410 413 418 451; do
	text ''
	drill 1 1 "* : $status=$file" users "HTTP $status, and nothing"
done
for wait in 1000000000 99999999999999999999999 -1 soon '' 1e9 0x10; do
	refusal wait 400 TooManyRequestsException "x-amz-retry-after: $wait"
	cp wait "wait.$wait"
	own=(list-users --seal --connect-timeout 60 --read-timeout 60 -o out)
	patience=(--retry-seconds 2)
	case $wait in
	1000000000) drill 75 1 "* : =$T/wait.$wait" own "x-amz-retry-after: $wait" ;;
	*) patience=(--retry-seconds 60)
		drill 0 2 "1 : =$T/wait.$wait"$'\n'"* : 200=$users" own "x-amz-retry-after: $wait"; good ;;
	esac
done
patience=(--retry-seconds 0 --connect-timeout 60 --read-timeout 60)

# --- Cognito: the clock
# skewed NAME CODE HEADERS
skewed() { refusal "$1" 400 "$2" "${3:-}"; }
ahead='Date: Mon, 01 Jan 2035 00:00:00 GMT'
for code in RequestTimeTooSkewed RequestExpired RequestInTheFuture InvalidSignatureException SignatureDoesNotMatch AuthFailure AccessDeniedException; do
	skewed skew.$code $code "$ahead"
	drill 0 2 "1 : =$T/skew.$code"$'\n'"/20350101/us-east-1/ : 200=$users" users "$code, and the service's time"; good
	says 'warning: the clock of this machine is '
	drill 1 1-3 "* : =$T/skew.$code" users "$code for ever"
	skewed aged.$code $code "$ahead"$'\r\nAge: 5'
	drill 1 1 "* : =$T/aged.$code" users "$code, and a time out of a cache"
	skewed timeless.$code $code
	drill 1 1 "* : =$T/timeless.$code" users "$code, and no time"
done
other='Date: Tue, 01 Jan 2019 00:00:00 GMT'
skewed back SignatureDoesNotMatch "$other"
drill 1 1-4 "#1+ : =$T/skew.SignatureDoesNotMatch" users 'a clock that leaps'
drill 1 1-4 "#1 * : =$T/skew.SignatureDoesNotMatch"$'\n'"#1 * : =$T/back"$'\n'"* : =$T/skew.SignatureDoesNotMatch" users 'a clock that leaps to and fro'
for date in 'Fri, 31 Dec 9999 23:59:59 GMT' 'Mon, 01 Jan 0001 00:00:00 GMT' 'Thu, 01 Jan 1970 00:00:00 GMT' 'Mon, 01 Jan 99999 00:00:00 GMT' \
	'Mon, 99 Foo 2035 99:99:99 GMT' '-1' '' 99999999999999999999; do
	skewed odd RequestTimeTooSkewed "Date: $date"
	count=$((count + 1))
	cp odd odd.$count
	drill 1 1-3 "* : =$T/odd.$count" users "Date: $date"
done

# --- Cognito: pages
text "$(page Users '{"Username":"ana"}' '"A"')"; to_a=$file
text "$(page Users '{"Username":"ben"}' '"B"')"; to_b=$file
text "$(page Users '{"Username":"cyd"}' '"A"')"; back_to_a=$file
text "$(page Users '{"Username":"ana"}')"; ana_again=$file
refusal token 400 InvalidParameterException
refusal denied 400 AccessDeniedException
refusal expired 400 ExpiredTokenException
refusal broken 500 InternalErrorException
refusal gone 400 ResourceNotFoundException
drill 1 3 "1 : 200=$to_a"$'\n'"2 : 200=$to_b"$'\n'"* : 200=$back_to_a" users 'page tokens A, B, A'
says 'for the second time'
drill 1 2 "1 : 200=$to_a"$'\n'"* : 200=$back_to_a" users 'page tokens A, A'
drill 1 2 "1 : 200=$to_a"$'\n'"* : 200=$ana_again" users 'the same user on the second page'
drill 1 1 "* : =$T/token" users 'a page token that nobody sent is refused'
drill 75 2 "1 : 200=$to_a"$'\n'"* : =$T/token" users 'a page token that is refused'

# --- Cognito: the kth of three pages, in each operation
put cut 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Users":['
put garbage '\x81\xa6\xcb\xf0\r\n\r\n\r\n'
put twice 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'
put moved 'HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'
text '{}'; empty_object=$file
for who in users groups members by-user; do
	token=NextToken list=Groups
	case $who in
	users) list=Users token=PaginationToken own=(list-users --seal) item='{"Username":"u%d"}' ;;
	groups) own=(list-groups --seal) item='{"GroupName":"g%d"}' ;;
	members) list=Users own=(expand-members --seal "$T/group.sealed") item='{"Username":"u%d"}' ;;
	by-user) own=(expand-members --seal --by user "$T/user.sealed") item='{"GroupName":"g%d"}' ;;
	esac
	for k in 1 2; do
		# shellcheck disable=SC2059 # the format is ours
		text "$(page $list "$(printf "$item" $k)" "\"t$k\"" $token)"
		pages[k]=$file
	done
	for k in 1 2 3; do
		before=
		for ((i = 1; i < k; i++)); do before+="$i : 200=${pages[i]}"$'\n'; done
		for fault in cut garbage twice moved denied expired broken gone throttle.400; do
			end=
			case $fault in
			cut|broken|throttle.400) status=75 ;;
			*) status=1 ;;
			esac
			case $fault in cut|garbage) end=close ;; esac
			drill $status $k-$((k + 1)) "$before* : =$T/$fault $end" own "$who: $fault at page $k"; stream
		done
		drill 1 $k "$before* : 200=$empty_object" own "$who: {} at page $k"; stream
		drill 75 $k-$((k + 1)) "$before* : reset" own "$who: a reset at page $k"; stream
	done
done

judge_all
finish
