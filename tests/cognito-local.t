#!/usr/bin/env bash
# An emulator that others wrote, cognito-local (npm, declared in package.json), is filled through
# boto3 and read by our commands: what comes out is what was put in, field by field.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

start=$TOP/build/npm/node_modules/.bin/cognito-local
if [ ! -x "$start" ]; then
	title 'cognito-local is installed'
	ok false
	echo '# make deps-check installs it'
	finish
fi

mkdir .cognito expected
echo '{"UserPoolDefaults": {"UsernameAttributes": []}}' >.cognito/config.json
PORT=0 HOST=127.0.0.1 NO_COLOR=1 node "$start" >server.log 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
url=
for ((i = 0; i < 200; i++)); do
	url=$(grep -aoE 'http://127\.0\.0\.1:[0-9]+' server.log | head -n 1)
	if [ -n "$url" ] || ! kill -0 $server 2>/dev/null; then break; fi
	sleep 0.1
done
[ -n "$url" ]
verdict $? 'cognito-local listens' || { show server.log; finish; }

"$TOP/tests/helpers/fill-cognito-local.py" "$url" expected >fill.log 2>&1
verdict $? 'boto3 fills a pool' || { show fill.log; finish; }
export AWS_ENDPOINT_URL=$url AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
COGNITO_USER_POOL_ID=$(cat expected/pool)
export COGNITO_USER_POOL_ID COGNITO_SEAL=1

# equal EXPECTED [JQ]: the rows of ./records, each through the jq program, are those of expected/EXPECTED.
equal() {
	unseal --whole records >rows 2>err || show err
	jq -cS "${2:-.}" rows | LC_ALL=C sort >sorted
	title "$1 as they were put in"
	same "expected/$1" sorted
}

run 0 list-users -o records
equal users
run 0 list-users --filter 'email = "bob@example.com"' -o records
echo bob@example.com >name
unseal records | jq -r .Username >names
same name names

run 0 list-groups -o records
equal groups
run 0 list-groups staff 'café-☕' nobody-here -o records
equal groups
mv records groups

run 0 expand-members -o records groups
equal members
run 0 expand-members --users -o records groups
equal by-group '[.Username, (.Groups | sort)]'
list-users -o users
run 0 expand-members --by user -o records users
equal by-user '[.Username, (.Groups | sort)]'

# Its errors are in the form of the real ones.
run 1 list-groups missing
has err 'list-groups: GetGroup: group "missing": ResourceNotFoundException: '
run 1 list-users --user-pool-id us-east-1_Unknown1
has err 'list-users: ListUsers: ResourceNotFoundException: '

finish
