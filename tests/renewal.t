#!/usr/bin/env bash
# Runs that outlive their session: what can be renewed is, in the middle of a list and with its page
# token; what cannot be ends with 1 and says how to make it last.
# shellcheck disable=SC2016 # expanded inside, by bash
. "$(dirname "$0")/lib.sh"
planted=(config)
# Mostly waits.

make-pool -n 1500 >pool.ndjson
run 0 serve pool.ndjson -- list-users -o whole

# beside OPTIONS CMD: CMD (for bash -c) beside the pool, with a profile "reader" of the role and
# without keys in the environment; the log of the service in ./log.
beside() {
	local status=$1 options=$2
	shift 2
	rm -f log
	# shellcheck disable=SC2086 # several options
	run "$status" serve $options --require-role --log log pool.ndjson -- bash -c '
		printf "%s\n" "[profile reader]" "role_arn = $SERVE_POOL_ROLE_ARN" \
			"external_id = $SERVE_POOL_EXTERNAL_ID" "source_profile = base" "[profile base]" \
			"aws_access_key_id = $AWS_ACCESS_KEY_ID" \
			"aws_secret_access_key = $AWS_SECRET_ACCESS_KEY" >config
		export AWS_CONFIG_FILE=$PWD/config
		static=(assume-role --role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" --static)
		if [ -z "${KEYS:-}" ]; then unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; fi
		'"$*"
}
# called OPERATION: how often, by the log of the service.
called() { grep -c "\"$1\"" log; }

slow='--session-seconds 2 --latency 250'
title 'a list of several sessions'
beside 0 "$slow" list-users --profile reader --seal -o users
grep -v '"~end"' users >rows
title 'is whole'
same whole rows
title 'with one session after the other'
ok test "$(called AssumeRole)" -ge 3
title 'and nobody was refused, so no page was asked for twice'
ok test "$(called ListUsers)" -eq "$(grep -c '"Status":200.*"ListUsers"\|"ListUsers".*"Status":200' log)"
title 'AWS_PROFILE will do'
beside 0 "$slow" AWS_PROFILE=reader list-users -o users
same whole users

title 'a web identity, whose token is another one after the first session'
echo token-of-monday >token
(
	for ((i = 0; i < 600; i++)); do
		grep -qs '"AssumeRoleWithWebIdentity"' log && break
		sleep 0.05
	done
	echo token-of-tuesday >token.new && mv token.new token
) &
beside 0 "$slow --web-identity-token-file token" '
	printf "%s\n" "[profile pod]" "role_arn = $SERVE_POOL_ROLE_ARN" "web_identity_token_file = token" >>config
	list-users --profile pod -o users'
wait
same whole users
ok test "$(called AssumeRoleWithWebIdentity)" -ge 3
ok grep -q tuesday token

title 'memberships, several chains at once'
beside 0 '' 'list-groups --profile reader | expand-members --profile reader -o members.whole'
beside 0 "$slow" 'list-groups --profile reader -o groups && expand-members --profile reader -o members groups'
same members.whole members
ok test "$(called AssumeRole)" -ge 3

title 'a whole pipeline under one assume-role'
mkdir -p short long
beside 0 '' 'export-csv --profile reader -d long'
beside 0 "$slow" 'assume-role --profile reader -- export-csv -d short'
ok diff -r long short
ok test "$(called AssumeRole)" -ge 3

title 'keys of a session in the environment last as long as it does'
KEYS=1 beside 1 "$slow" '"${static[@]}" -- list-users -o users.static'
has err 'ListUsers: ExpiredTokenException: '
has err "these (environment) cannot be renewed in the middle of a run: a role's --profile, or assume-role without --static, makes it last"
ok test ! -e users.static
title 'and a stream that they cut says so'
KEYS=1 beside 1 "$slow" '"${static[@]}" -- list-users --seal'
has out '"ok":false'

title 'so do those in a file'
KEYS=1 beside 1 "$slow" '"${static[@]}" -- sh -c '\''
	printf "%s\n" "[pasted]" "aws_access_key_id = $AWS_ACCESS_KEY_ID" "aws_secret_access_key = $AWS_SECRET_ACCESS_KEY" \
		"aws_session_token = $AWS_SESSION_TOKEN" >credentials
	AWS_SHARED_CREDENTIALS_FILE=credentials exec list-users --profile pasted -o users.static'\'
has err 'ListUsers: ExpiredTokenException: '
has err 'these (profile pasted (credentials:2): static keys) cannot be renewed in the middle of a run: '

# Sessions end by the service's clock.
for offset in 3600 -3600; do
	title "a clock that is off by $offset s"
	beside 0 "$slow --clock-offset $offset" list-users --profile reader -o users
	same whole users
	title 'it is off for STS and for the pool, and that is told once'
	ok test "$(grep -c 'the clock of this machine' err)" -eq 1
	title 'and nobody was refused because of a session that was over'
	ok test "$(grep -c Expired log)" -eq 0
done

title 'a renewal that is refused'
beside 1 "$slow --fault AssumeRole:denied@2+1" 'list-users --profile reader -o users.revoked'
has err 'AssumeRole: AccessDenied'
ok test ! -e users.revoked

title 'STS away in the middle: the old session serves as long as it lasts'
beside 0 "--session-seconds 4 --latency 250 --fault AssumeRole:error500@2 --fault AssumeRole:throttle@3" \
	list-users --profile reader -o users
same whole users

finish
