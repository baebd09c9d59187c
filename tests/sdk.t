#!/usr/bin/env bash
# Clients of others as CMD of assume-role(1): boto3, the AWS CLI, and the JavaScript SDK list users
# under the role, and once more, in the same CMD, after the session has ended.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

make-pool -n 70 >pool.ndjson
jq -r 'select(.UserStatus).Username' pool.ndjson | jq -Rnc '[inputs]' >names
as_role=(assume-role --role-arn arn:aws:iam::123456789012:role/cognitoApiAccessRole --external-id cognito-integration)
helpers=$TOP/tests/helpers
modules=$TOP/build/npm/node_modules
aws='/usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" cognito-idp list-users --user-pool-id "$COGNITO_USER_POOL_ID" \
	--output json --query "Users[].Username" | jq -c .'
# A default profile and a file of boto's that must not win over the role.
mkdir -p "$HOME/.aws"
printf '[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n' >"$HOME/.aws/credentials"
printf '[Credentials]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n' >"$HOME/.boto"
unset AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE

# lists TIMES CMD...: CMD prints the names so often, and needs more than one session for it.
lists() {
	local times=$1
	shift
	rm -f log
	run 0 serve --require-role --session-seconds 2 --log log pool.ndjson -- "${as_role[@]}" -- "$@"
	for ((i = 0; i < times; i++)); do cat names; done >expected
	same expected out
	ok test "$(grep -c '"AssumeRole"' log)" -ge 2
	ok bash -c '! grep "\"ListUsers\"" log | grep -v "\"Status\":200"'
}
title boto3
lists 2 "$helpers/list-users-boto3.py" 3
title 'the AWS CLI'
lists 2 sh -c "set -e; $aws; sleep 3; $aws"
title 'the JavaScript SDK'
if [ -d "$modules/@aws-sdk" ]; then
	lists 2 "$helpers/list-users-sdk.js" "$modules" 3
else
	ok false
	echo '# make deps-check installs it'
fi
title 'all of them below a shell, and ours beside them'
lists 4 sh -c "set -e; '$helpers/list-users-boto3.py' 0; $aws; list-users | jq -r .Username | jq -Rnc '[inputs]'; sleep 2
	'$helpers/list-users-boto3.py' 0"

title 'with plain keys'
for client in "$helpers/list-users-boto3.py 0" "$aws"; do
	run 0 serve --require-role pool.ndjson -- "${as_role[@]}" --static -- sh -c "$client"
	same names out
done
title 'the JavaScript SDK with plain keys'
run 0 serve --require-role pool.ndjson -- env AWS_PROFILE=default "${as_role[@]}" --static -- \
	"$helpers/list-users-sdk.js" "$modules" 0
sort -u out >once
same names once

title 'boto3 tells why there are no new keys'
echo 'ok 1' >mode
run 1 "$helpers/fake-sts.py" mode "${as_role[@]}" --retry-seconds 0 -- sh -c 'sleep 1.2; echo fail 403 AccessDenied >mode
	export AWS_ENDPOINT_URL=http://127.0.0.1:1 COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1; exec "$@"' sh \
	"$helpers/list-users-boto3.py" 0
has err 'AssumeRole: AccessDenied: as the mode says'
lacks err canary

finish
