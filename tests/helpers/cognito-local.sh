# shellcheck shell=bash
# Behind lib.sh: an emulator that others wrote (cognito-local, npm) as the place that plans are carried
# out at; url is where it listens.
#
#   new_pool                      an empty pool, COGNITO_USER_POOL_ID, and no ledger
# and what applying.sh has.
HELPERS=$TOP/tests/helpers
. "$TOP/tests/helpers/applying.sh"

start=$TOP/build/npm/node_modules/.bin/cognito-local
if [ ! -x "$start" ]; then
	title 'cognito-local is installed'
	ok false
	echo '# make deps-check installs it'
	finish
fi

mkdir .cognito
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
export AWS_ENDPOINT_URL=$url AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any

new_pool() {
	COGNITO_USER_POOL_ID=$(curl -s -X POST -H 'X-Amz-Target: AWSCognitoIdentityProviderService.CreateUserPool' \
		-H 'Content-Type: application/x-amz-json-1.1' --data '{"PoolName":"p","Schema":[
		{"Name":"fixed","AttributeDataType":"String","Mutable":false,"StringAttributeConstraints":{"MaxLength":"5"}},
		{"Name":"tenant","AttributeDataType":"String","Mutable":true}]}' "$url/" | jq -r .UserPool.Id)
	export COGNITO_USER_POOL_ID
	rm -f ledger failed
}
