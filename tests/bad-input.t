#!/usr/bin/env bash
# What goes wrong by hand: one line that says what and where and, where we know it, what to do; the
# right status; nothing on standard output, and no file.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
	for (i = 1; i <= 70; i++)
		printf "{\"Username\":\"user%02d\",\"Attributes\":{\"sub\":\"s%d\",\"email\":\"secret%d@example.com\"},\"Groups\":[\"staff\"]}\n", i, i, i
	print "{\"GroupName\":\"staff\"}"
}' >pool
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
keys=(env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY)

# fails STATUS MESSAGE CMD...: one test of all that a failure owes.  MESSAGE is the whole line, where *
# stands for any text.  The command is told to write to the file "new".
fails() {
	local want=$1 message=$2 got=0 text
	shift 2
	rm -f new
	"$@" >out 2>err </dev/null || got=$?
	text=$(cat err)
	{
		[ "$got" -eq "$want" ] || echo "status $got, wanted $want"
		[ ! -s out ] || echo 'something on standard output'
		[ "$(find . -name '*new*')" = '' ] || echo 'a file was left'
		# A wrong command line is followed by the usage.
		[ "$(grep -cv -e '^usage: ' -e '^       ' err)" -eq 1 ] || echo 'not one line'
		# shellcheck disable=SC2053 # a pattern
		[[ ${text%%$'\n'usage: *} == $message ]] || echo 'another message'
		! grep -qE 'wJalrXUtnFEMI|secret[0-9]*@|cognito-integration' err || echo 'a secret or an attribute in the message'
		! LC_ALL=C grep -qP '[^\x20-\x7e]' err || echo 'bytes that are not printable'
	} >wrong
	[ ! -s wrong ]
	verdict $? "$want ${message%%\**}" || { show wrong; show err; }
	[ -z "${MESSAGES:-}" ] || sed -e '/^usage: /d' -e '/^       /d' err >>"$MESSAGES"
}

# Commands inside a served pool; shell_ is for those that use what serve-pool sets.
served() { local w=$1 m=$2; shift 2; fails "$w" "$m" serve-pool "$@"; }

# The pool's id.
fails 2 'list-users: no user pool: give --user-pool-id or set COGNITO_USER_POOL_ID' list-users -o new
for id in nonsense 'us-east-1_a"b' 'us-east-1_a/../b' $'us-east-1_a\nX-Evil: 1' $'us-east-1_a\r\nHost: evil' 'us-east-1_é' '' "us-east-1_$(printf '%060d' 0)"; do
	fails 2 'list-users: --user-pool-id: not a user pool id such as eu-west-1_AbCdEfGhI' list-users --user-pool-id "$id" -o new
done
fails 2 'expand-members: COGNITO_USER_POOL_ID: not a user pool id such as *' env COGNITO_USER_POOL_ID='a b' expand-members -o new
for command in list-users list-groups; do
	served 1 "$command: List*s: ResourceNotFoundException: *; is the pool in region us-east-1[?]" \
		pool -- $command --user-pool-id us-east-1_Unknown1 -o new
done

# Groups.
served 1 'list-groups: GetGroup: group "nobody": ResourceNotFoundException: *' pool -- list-groups staff nobody -o new
printf 'staff\nnobody\n' >names
served 1 'list-groups: GetGroup: group "nobody": ResourceNotFoundException: *' pool -- list-groups --names-from names -o new
echo '{"GroupName":"nobody"}' >nobody
served 1 'expand-members: ListUsersInGroup: group "nobody": ResourceNotFoundException: *' pool -- expand-members -o new nobody
served 1 'expand-members: ListUsersInGroup: group "nobody": ResourceNotFoundException: *' pool -- expand-members --users -o new nobody
echo '{"Username":"nobody"}' >nobody
served 1 'expand-members: *nobody:1: UserNotFoundException: *' pool -- expand-members --by user -o new nobody
served 2 'list-groups: missing: cannot open: No such file or directory' pool -- list-groups --names-from missing -o new
: >names
served 2 'list-groups: names: no group names' pool -- list-groups --names-from names -o new
served 2 'list-groups: operand: not a group name: "two words"' pool -- list-groups 'two words' -o new
served 2 'list-groups: operand: not a group name: "a\\x0d\\x0aX-Evil: 1"' pool -- list-groups $'a\r\nX-Evil: 1' -o new

# Permissions.
echo '{"GroupName":"staff"}' >group
echo '{"Username":"user01"}' >user
served 1 'list-users: ListUsers: AccessDeniedException: *; the role needs cognito-idp:ListUsers on this pool' \
	--allow ListGroups pool -- list-users -o new
served 1 'list-groups: ListGroups: AccessDeniedException: *; the role needs cognito-idp:ListGroups on this pool' \
	--allow ListUsers pool -- list-groups -o new
served 1 'list-groups: GetGroup: group "staff": AccessDeniedException: *; the role needs cognito-idp:GetGroup on this pool' \
	--allow ListUsers pool -- list-groups staff -o new
served 1 'expand-members: ListUsersInGroup: group "staff": AccessDeniedException: *; the role needs cognito-idp:ListUsersInGroup on this pool' \
	--allow ListUsers pool -- expand-members -o new group
served 1 'expand-members: AdminListGroupsForUser: *user:1: AccessDeniedException: *; the role needs cognito-idp:AdminListGroupsForUser on this pool' \
	--allow ListUsers pool -- expand-members --by user -o new user
served 1 'list-users: ListUsers: AccessDeniedException: *; the role needs *' --require-role pool -- list-users -o new

# The role.
for id in wrong-one cognito-integratio; do
	served 1 'assume-role: AssumeRole: AccessDenied: *; the role'\''s trust policy must name this caller and the external ID, and *' \
		pool -- assume-role --static --role-arn $role --external-id $id -- list-users -o new
done
served 1 'assume-role: AssumeRole: AccessDenied: *' pool -- assume-role --static --role-arn $role -- list-users -o new
served 1 'assume-role: AssumeRole: AccessDenied: *' pool -- \
	assume-role --static --role-arn arn:aws:iam::123456789012:role/another --external-id cognito-integration -- list-users -o new
served 2 'assume-role: --role-arn: not an ARN of a role, *' pool -- assume-role --static --role-arn role -- list-users -o new
served 2 'assume-role: --role-arn: not an ARN of a role, *' pool -- assume-role --static --role-arn $'arn:aws:iam::123456789012:role/a\r\nb' -- list-users -o new
served 2 'assume-role: --external-id: not 2 to 1224 *' pool -- assume-role --static --role-arn $role --external-id 'a b&Action=X' -- list-users -o new
served 2 'assume-role: --role-session-name: not 2 to 64 *' pool -- assume-role --static --role-arn $role --role-session-name 'a b' -- list-users -o new
served 2 'assume-role: --duration-seconds: *' pool -- assume-role --static --role-arn $role --duration-seconds 60 -- list-users -o new
served 127 'assume-role: no-such-command: cannot run: No such file or directory' pool -- \
	assume-role --static --role-arn $role --external-id cognito-integration -- no-such-command
served 1 'list-users: ListUsers: ExpiredTokenException: *; get new credentials; these (environment) cannot be renewed in the middle of a run: *' --session-seconds 1 --latency 1500 \
	pool -- assume-role --static --role-arn $role --external-id cognito-integration -- list-users -o new

# Keys, region, endpoint: nothing is tried without them.
fails 2 'list-users: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY *, or run under assume-role' \
	list-users --user-pool-id us-east-1_EXAMPLE1 -o new
fails 2 'list-users: no credentials: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not' \
	env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE list-users --user-pool-id us-east-1_EXAMPLE1 -o new
fails 2 'list-users: AWS_SECRET_ACCESS_KEY: holds a character that cannot be in it *' \
	"${keys[@]}" AWS_SECRET_ACCESS_KEY=$'abc\r' list-users --user-pool-id us-east-1_EXAMPLE1 -o new
fails 2 'list-users: AWS_SESSION_TOKEN: holds a character that cannot be in it *' \
	"${keys[@]}" AWS_SESSION_TOKEN=$'abc\r\nX-Evil: 1' list-users --user-pool-id us-east-1_EXAMPLE1 -o new
served 1 'list-users: ListUsers: InvalidSignatureException: *; check AWS_SECRET_ACCESS_KEY' pool -- env AWS_SECRET_ACCESS_KEY=wrong list-users -o new
served 1 'list-users: ListUsers: UnrecognizedClientException: *; check AWS_ACCESS_KEY_ID, *' pool -- env AWS_ACCESS_KEY_ID=AKIAWRONG list-users -o new
served 1 'list-users: ListUsers: UnrecognizedClientException: *' pool -- env AWS_SESSION_TOKEN=wrong list-users -o new
served 1 'assume-role: AssumeRole: SignatureDoesNotMatch: *; check AWS_SECRET_ACCESS_KEY' pool -- \
	env AWS_SECRET_ACCESS_KEY=wrong assume-role --static --role-arn $role --external-id cognito-integration -- list-users -o new
fails 2 'list-users: no region: give --region or set AWS_REGION' "${keys[@]}" list-users --user-pool-id pool_1 -o new
fails 2 'assume-role: no region: give --region or set AWS_REGION' "${keys[@]}" assume-role --static --role-arn $role -- list-users -o new
for region in $'us-east-1\r\nX-Evil: 1' 'us-east-1.evil.example/' 'US-EAST-1' '' 'us east 1'; do
	fails 2 'list-users: --region: not a region such as eu-west-1' "${keys[@]}" list-users --region "$region" --user-pool-id us-east-1_EXAMPLE1 -o new
done
fails 2 'list-users: AWS_REGION: not a region such as eu-west-1' "${keys[@]}" AWS_REGION=$'a\nb' list-users --user-pool-id us-east-1_EXAMPLE1 -o new
served 1 'list-users: ListUsers: InvalidSignatureException: *; does --region fit the endpoint[?]' pool -- list-users --region eu-west-1 -o new
fails 2 'list-users: --endpoint-url: plain http is allowed to this machine only' \
	"${keys[@]}" list-users --user-pool-id us-east-1_EXAMPLE1 --endpoint-url http://example.com -o new
fails 2 'list-users: AWS_ENDPOINT_URL: plain http is allowed to this machine only' \
	"${keys[@]}" AWS_ENDPOINT_URL=http://169.254.169.254 list-users --user-pool-id us-east-1_EXAMPLE1 -o new
for url in ftp://127.0.0.1 127.0.0.1 https://user@127.0.0.1 https://127.0.0.1/path 'https://127.0.0.1?x' https:// $'https://127.0.0.1\r\nX: 1' https://127.0.0.1:99999 http://127.0.0.1.evil.example; do
	fails 2 'list-users: --endpoint-url: *' "${keys[@]}" list-users --user-pool-id us-east-1_EXAMPLE1 --endpoint-url "$url" -o new
done
fails 75 'list-users: ListUsers: cannot connect to 127.0.0.1:1: Connection refused *' \
	"${keys[@]}" list-users --user-pool-id us-east-1_EXAMPLE1 --endpoint-url http://127.0.0.1:1 --retry-seconds 1 -o new
fails 75 'assume-role: AssumeRole: cannot connect to 127.0.0.1:1: Connection refused *' \
	"${keys[@]}" AWS_REGION=us-east-1 assume-role --static --role-arn $role --endpoint-url http://127.0.0.1:1 --retry-seconds 1 -- list-users -o new
fails 75 'list-users: ListUsers: cannot find host nowhere.invalid*' \
	"${keys[@]}" list-users --user-pool-id us-east-1_EXAMPLE1 --endpoint-url https://nowhere.invalid --retry-seconds 1 -o new
# shellcheck disable=SC2016 # for the inner shell
served 1 'list-users: ListUsers: cannot connect to nowhere.invalid: its proxy answers HTTP 404' \
	pool -- sh -c 'https_proxy=$AWS_ENDPOINT_URL list-users --endpoint-url https://nowhere.invalid -o new'
fails 75 "list-users: ListUsers: cannot connect to nowhere.invalid: *" "${keys[@]}" https_proxy=ftp://user:secret1@127.0.0.1:1 \
	list-users --user-pool-id us-east-1_EXAMPLE1 --endpoint-url https://nowhere.invalid --retry-seconds 1 -o new
fails 2 'list-users: --ca-bundle: missing: No such file or directory' "${keys[@]}" list-users --user-pool-id us-east-1_EXAMPLE1 --ca-bundle missing -o new

# What the service does not take.
served 1 'list-users: ListUsers: InvalidParameterException: *' pool -- list-users --filter 'nonsense' -o new
served 1 'list-users: ListUsers: InvalidParameterException: *' pool -- list-users --filter 'custom:tenant = "7"' -o new
served 2 'list-users: --filter: longer than 256 characters or not UTF-8' pool -- list-users --filter "$(printf '%0257d' 0)" -o new
served 2 'list-users: --filter: longer than 256 characters or not UTF-8' pool -- list-users --filter $'email = "\xff"' -o new
served 2 'list-users: --max-items: *' pool -- list-users --max-items 0 -o new
served 2 'list-users: --max-items: *' pool -- list-users --max-items -1 -o new

# Outputs that cannot be.
served 1 'list-users: missing/new: *' pool -- list-users -o missing/new
mkfifo fifo
served 1 'list-users: fifo: *' pool -- list-users -o fifo
served 1 'list-users: /dev/null: *' pool -- list-users -o /dev/null

finish
