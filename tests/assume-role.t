#!/usr/bin/env bash
# assume-role(1) against a served STS: refusals, statuses, plain keys (--static), what AWS is asked for.
# The endpoint, the forms that are printed, and MFA have tests of their own: assume-role-*.t.
. "$(dirname "$0")/lib.sh"
planted=(base config)

printf '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}\n' >pool.ndjson
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
external=cognito-integration
# The keys that serve-pool gives to its command.
caller=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

# assume STATUS ARG...: assume-role with the right role and external ID beside the pool.
assume() {
	local status=$1
	shift
	run "$status" serve pool.ndjson -- assume-role --role-arn $role --external-id $external "$@"
}
silent() { lacks err "$caller"; lacks out "$caller"; }

# A command.
title 'the command runs under the role'
run 0 serve --require-role pool.ndjson -- assume-role --role-arn $role --external-id $external --static -- list-users
has out '{"Username":"ana"'
empty err
title 'and without --static'
run 0 serve --require-role pool.ndjson -- assume-role --role-arn $role --external-id $external list-users
has out '{"Username":"ana"'
empty err
title 'without the role it could not'
run 1 serve --require-role pool.ndjson -- list-users
has err 'AccessDenied'
title 'options end at the command, -- or not'
assume 0 echo -v --format env
same - out <<'X'
-v --format env
X
title 'what the command inherits with --static'
misleading=(AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ACCOUNT_ID AWS_ROLE_ARN
	AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
	AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
	AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_CREDENTIAL_FILE)
printf '[profile wrong]\nregion = eu-west-1\n[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n' >files
assume_env=(env "${misleading[@]/%/=wrong}" AWS_CONFIG_FILE=files assume-role --static --role-arn "$role"
	--external-id "$external")
run 0 serve pool.ndjson -- "${assume_env[@]}" -- env
lacks out '=wrong'
lacks out "$caller"
has out AWS_ACCESS_KEY_ID=ASIA
has out AWS_SECRET_ACCESS_KEY=
has out AWS_SESSION_TOKEN=
ok grep -Eq '^AWS_CREDENTIAL_EXPIRATION=20[0-9-]+T[0-9:.]+Z$' out
has out AWS_REGION=us-east-1
title 'the files stay where they are'
has out AWS_CONFIG_FILE=files
title 'the keys win over them'
run 0 serve --require-role pool.ndjson -- "${assume_env[@]}" -- list-users
title '--region reaches the command'
run 0 serve --region eu-west-1 pool.ndjson -- env -u AWS_REGION -u AWS_DEFAULT_REGION assume-role \
	--region eu-west-1 --role-arn $role --external-id $external --static -- env
has out AWS_REGION=eu-west-1
has out AWS_DEFAULT_REGION=eu-west-1
title "the pool's region will do"
run 0 serve pool.ndjson -- env -u AWS_REGION -u AWS_DEFAULT_REGION assume-role --role-arn $role \
	--external-id $external -- true

# Its end.
printf 'x' >plain
echo 'a line' >line
# What the test was started with comes along, too.
{ printf '%s\n' 0 1 2 7; find "/proc/$$/fd" -mindepth 1 -printf '%f\n'; } | sort -u >wanted
for static in '' --static; do
	for status in 0 1 3 75 255; do
		title "the command's own status $status $static"
		assume $status $static -- sh -c "exit $status"
	done
	title "killed by a signal $static"
	assume 143 $static -- sh -c 'kill -TERM $$'
	title "a command that is not there $static"
	assume 127 $static -- no-such-command
	has err 'assume-role: no-such-command: cannot run: No such file or directory'
	silent
	title "a command that cannot be run $static"
	assume 126 $static -- ./plain
	has err 'assume-role: ./plain: cannot run: '
	silent
	title "the command dies of a closed pipe like any other $static"
	assume 141 $static -- bash -c 'kill -PIPE $$'
	title "standard input is the command's $static"
	feed 0 line serve pool.ndjson -- assume-role --role-arn $role --external-id $external $static -- cat
	same line out
	title "an open descriptor stays open $static"
	run 0 serve pool.ndjson -- bash -c "exec 7<line; assume-role --role-arn $role --external-id $external $static -- \
		bash -c 'cat <&7; find /proc/\$\$/fd -mindepth 1 -printf \"%f\\n\" >fds; true'"
	same line out
	title "and no other one is there $static"
	sort -u fds | comm -23 - wanted >others
	empty others
done

# Refused by the service.
denied() {
	title "$1"
	shift
	run 1 serve pool.ndjson -- assume-role "$@" -- touch ran
	has err 'assume-role: AssumeRole: AccessDenied: '
	ok test ! -e ran
	silent
}
denied 'the wrong external ID' --role-arn $role --external-id wrong
denied 'no external ID' --role-arn $role
denied 'an unknown role' --role-arn arn:aws:iam::123456789012:role/other --external-id $external
title 'a wrong secret key'
run 1 serve pool.ndjson -- env AWS_SECRET_ACCESS_KEY=canaryCanaryCanary assume-role --role-arn $role \
	--external-id $external -- true
lacks err canary
title 'an endpoint that is not there'
run 75 serve pool.ndjson -- assume-role --endpoint-url http://127.0.0.1:1 --retry-seconds 0 --role-arn $role \
	--external-id $external -- true
has err 'AssumeRole: cannot connect to 127.0.0.1:1'

# Wrong usage: nothing is asked of the service.
usage() {
	title "usage: $1"
	local text=$1
	shift
	run 2 env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=$caller AWS_REGION=us-east-1 \
		AWS_ENDPOINT_URL=http://127.0.0.1:1 assume-role "$@"
	has err "$text"
	silent
}
usage '--role-arn: needed' -- true
usage 'a command or --format is needed' --role-arn $role
usage '--format: not with a command' --role-arn $role --format env -- true
usage '--format: none of process, env, env-no-export, fish' --role-arn $role --format json
usage '--static: only with a command' --role-arn $role --format env --static
usage '--allow-insecure-output: only with --format' --role-arn $role --allow-insecure-output -- true
for option in '--external-id ab' '--role-session-name ab' '--duration-seconds 900' '--source-identity ab' \
	'--tags Key=a,Value=b' '--transitive-tag-keys a' '--policy-arns arn:aws:iam::aws:policy/ReadOnlyAccess' \
	'--serial-number arn:aws:iam::123456789012:mfa/ana'; do
	# shellcheck disable=SC2086 # two words
	usage "${option%% *}: only with --role-arn" $option -- true
done
usage '--role-arn: ' --role-arn arn:aws:iam::12345:role/x -- true
usage '--role-arn: ' --role-arn $'arn:aws:iam::123456789012:role/x\r\nX: y' -- true
usage '--external-id: ' --role-arn $role --external-id 'a b' -- true
usage '--role-session-name: ' --role-arn $role --role-session-name 'a b' -- true
usage '--duration-seconds: ' --role-arn $role --duration-seconds 899 -- true
usage '--duration-seconds: ' --role-arn $role --duration-seconds 43201 -- true
usage '--source-identity: ' --role-arn $role --source-identity 'a b' -- true
usage '--source-identity: ' --role-arn $role --source-identity aws:me -- true
usage '--tags: not of the form' --role-arn $role --tags Team=a -- true
usage '--tags: not of the form' --role-arn $role --tags Key=a -- true
usage '--tags: ' --role-arn $role --tags Key=,Value=b -- true
usage '--tags: ' --role-arn $role --tags 'Key=a!,Value=b' -- true
usage '--tags: ' --role-arn $role --tags Key=Team,Value=b --tags Key=team,Value=c -- true
usage '--transitive-tag-keys: ' --role-arn $role --transitive-tag-keys 'a!' -- true
usage '--policy-arns: ' --role-arn $role --policy-arns ReadOnlyAccess -- true
usage '--serial-number: ' --role-arn $role --serial-number short -- true
usage '--token-code-fd: only with --serial-number' --role-arn $role --token-code-fd 3 -- true
usage 'unknown option' --role-arn $role --secret x -- true
title 'a profile without a role'
printf '[profile plain]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = %s\nregion = us-east-1\n' $caller >config
run 2 env AWS_CONFIG_FILE=config assume-role --profile plain -- touch ran
has err '--role-arn: needed: '
has err 'plain'
silent
title 'no keys'
run 2 env AWS_REGION=us-east-1 assume-role --role-arn $role -- true
has err 'no credentials'
title 'half of the keys'
run 2 env AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE assume-role --role-arn $role -- true
has err 'AWS_SECRET_ACCESS_KEY is not'
title 'no region'
run 2 env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=$caller assume-role --role-arn $role -- true
has err 'no region'

# -v.
title '-v tells the provider and the role, never keys'
assume 0 -v --role-session-name me --duration-seconds 900 --static -- env
has err 'environment'
has err 'role arn:aws:iam::123456789012:role/cognitoApiAccessRole as me: assumed until 20'
lacks err "$caller"
for name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID; do
	lacks err "$(sed -n "s/^$name=//p" out)"
done

# What STS is asked for, through a proxy that writes it down.
title 'every option reaches STS'
run 0 serve pool.ndjson -- "$TOP/tests/helpers/capture.py" log assume-role --role-arn $role --external-id $external \
	--role-session-name me --duration-seconds 900 --source-identity ana@example.com --tags Key=Team,Value=a/b=c \
	--tags 'Key=Cost Center,Value=' --transitive-tag-keys Team --policy-arns arn:aws:iam::aws:policy/ReadOnlyAccess \
	--policy-arns arn=arn:aws:iam::123456789012:policy/x -- true
jq -r 'select(.answer).body' log | tr '&' '\n' | sort >form
same - form <<'X'
Action=AssumeRole
DurationSeconds=900
ExternalId=cognito-integration
PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess
PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2Fx
RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FcognitoApiAccessRole
RoleSessionName=me
SourceIdentity=ana%40example.com
Tags.member.1.Key=Team
Tags.member.1.Value=a%2Fb%3Dc
Tags.member.2.Key=Cost%20Center
Tags.member.2.Value=
TransitiveTagKeys.member.1=Team
Version=2011-06-15
X

# Profiles: the one that says who asks, and one that is of a role itself.
cat >config <<X
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $caller
[profile reader]
source_profile = base
role_arn = $role
external_id = $external
region = us-east-1
[profile other]
source_profile = base
role_arn = $role
external_id = wrong
X
beside=(serve --require-role pool.ndjson -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_REGION
	-u AWS_DEFAULT_REGION AWS_CONFIG_FILE=config)
for static in '' --static; do
	title "a profile of a role needs no --role-arn $static"
	run 0 "${beside[@]}" assume-role --profile reader $static -- list-users
	has out '{"Username":"ana"'
	empty err
	title "what the profile says of the region reaches the command $static"
	run 0 "${beside[@]}" assume-role --profile reader $static -- env
	has out AWS_REGION=us-east-1
	has out AWS_DEFAULT_REGION=us-east-1
	lacks out AWS_PROFILE
	lacks out "$caller"
done
title 'AWS_PROFILE will do'
run 0 "${beside[@]}" AWS_PROFILE=reader assume-role -- list-users
title '-v names it'
run 0 "${beside[@]}" assume-role -v --profile reader -- true
has err 'reader'
has err ': assumed until 20'
title '--profile names who asks'
run 0 "${beside[@]}" assume-role --profile base --region us-east-1 --role-arn $role --external-id $external -- list-users
title 'a profile whose role is refused'
run 1 "${beside[@]}" assume-role --profile other --region us-east-1 -- touch ran
has err 'AccessDenied'
ok test ! -e ran
title 'a profile that is not there'
run 2 "${beside[@]}" assume-role --profile nobody --region us-east-1 -- touch ran
has err 'nobody'

# The page's examples, as they are written.
awk '/^\.Sh/ { on = $2 == "EXAMPLES" }
	on && /^\.Dl/ { n++; sub(/^\.Dl /, ""); print >"example." n }
	on && /^\.Ed/ { block = 0 }
	block { print >"example." n }
	on && /^\.Bd/ { n++; block = 1 }' "$TOP/man/assume-role.1"
sed -i -e 's/\\e/\\/g' -e 's/\\(dq/"/g' example.*
make-pool -n 100 >pool.ndjson
cp config base
cat >config base - <<X
[profile hub]
source_profile = base
role_arn = arn:aws:iam::123456789012:role/hub
X
printf '#!/bin/sh\necho 271828\n' >print-my-code
chmod +x print-my-code
# example NUMBER SERVE-POOL-OPTION...: runs it, and what $then holds behind it.
example() {
	title "example $1 of the page"
	run 0 serve --require-role --region eu-west-1 --user-pool-id eu-west-1_abc "${@:2}" pool.ndjson -- env PATH="$T:$PATH" \
		AWS_CONFIG_FILE="$T/config" AWS_REGION=eu-west-1 role=$role id=$external bash -c ". ./example.$1${then:-}"
	lacks err "$caller"
}
example 1
ok test -s members.ndjson
mkdir out.csv
sed -i 's/-d out/-d out.csv/' example.2
example 2
ok test -s out.csv/users.csv
example 3 --via-role-arn arn:aws:iam::123456789012:role/hub
has out '{"Username":"ana"'
example 4 --mfa arn:aws:iam::123456789012:mfa/ana=271828
has out '{"Username":"ana"'
then='; list-users' example 5
has out '{"Username":"ana"'
title 'example 6 of the page'
{ sed -n '1,/secret/p' base; cat example.6; } >config
run 0 serve --require-role --region eu-west-1 pool.ndjson -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
	AWS_CONFIG_FILE=config list-users --profile reader
has out '{"Username":"ana"'

finish
