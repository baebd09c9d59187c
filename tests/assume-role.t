#!/usr/bin/env bash
# assume-role(1) against a served STS: both forms, refusals, statuses, what the command inherits.
. "$(dirname "$0")/lib.sh"

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
title 'without the role it could not'
run 1 serve --require-role pool.ndjson -- list-users
has err 'AccessDenied'
title 'options end at the command, -- or not'
assume 0 echo -v --format env
same - out <<'X'
-v --format env
X
title 'what the command inherits'
misleading=(AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ACCOUNT_ID AWS_ROLE_ARN
	AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
	AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
	AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)
assume_env=(env "${misleading[@]/%/=wrong}" assume-role --role-arn "$role" --external-id "$external")
run 0 serve pool.ndjson -- "${assume_env[@]}" -- env
lacks out '=wrong'
lacks out "$caller"
has out AWS_ACCESS_KEY_ID=ASIA
has out AWS_SECRET_ACCESS_KEY=
has out AWS_SESSION_TOKEN=
ok grep -Eq '^AWS_CREDENTIAL_EXPIRATION=20[0-9-]+T[0-9:.]+Z$' out
has out AWS_REGION=us-east-1
title '--region reaches the command'
run 0 serve --region eu-west-1 pool.ndjson -- env -u AWS_REGION -u AWS_DEFAULT_REGION assume-role \
	--region eu-west-1 --role-arn $role --external-id $external -- env
has out AWS_REGION=eu-west-1
has out AWS_DEFAULT_REGION=eu-west-1
title "the pool's region will do"
run 0 serve pool.ndjson -- env -u AWS_REGION -u AWS_DEFAULT_REGION assume-role --role-arn $role \
	--external-id $external -- true

# Its end.
for status in 0 1 3 75; do
	title "the command's own status $status"
	assume $status -- sh -c "exit $status"
done
title 'killed by a signal'
assume 143 -- sh -c 'kill -TERM $$'
title 'a command that is not there'
assume 127 -- no-such-command
has err 'assume-role: no-such-command: cannot run: No such file or directory'
silent
title 'a command that cannot be run'
printf 'x' >plain
assume 126 -- ./plain
has err 'assume-role: ./plain: cannot run: '
silent
title 'the command dies of a closed pipe like any other'
assume 141 -- bash -c 'kill -PIPE $$'

# --format.  The mode of ./out is what counts, so it is made anew under each umask.
mask() { umask "$1"; rm -f out; }
mask 077
title '--format process'
assume 0 --format process
ok python3 - out <<'X'
import json, sys, datetime
text = open(sys.argv[1]).read()
d = json.loads(text)
assert text.count("\n") == 1 and text.endswith("}\n")
assert list(d) == ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
assert d["Version"] == 1 and d["AccessKeyId"].startswith("ASIA") and d["SecretAccessKey"]
datetime.datetime.strptime(d["Expiration"], "%Y-%m-%dT%H:%M:%S.%fZ")
X
title '--format env is for eval'
run 0 serve --require-role pool.ndjson -- bash -c "
	export AWS_PROFILE=wrong
	keys=\$(assume-role --role-arn $role --external-id $external --region us-east-1 --format env) || exit
	eval \"\$keys\"
	[ -z \"\${AWS_PROFILE+set}\" ] && list-users"
has out '{"Username":"ana"'
title 'a file that the group may read is refused'
mask 027
assume 2 --format process
has err 'mode 640'
empty out
title 'a file that others may read is refused'
mask 022
assume 2 --format env
has err '--allow-insecure-output'
title 'unless that is asked for'
assume 0 --format process --allow-insecure-output
has out '"AccessKeyId"'
mask 077
cat >on-terminal.py <<'X'
import os, pty, sys
seen = b""
def read(fd):
    global seen
    data = os.read(fd, 1000)
    seen += data
    return data
status = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read))
sys.exit(9 if b"ASIA" in seen else status)
X
title 'a terminal is refused'
run 2 serve pool.ndjson -- python3 on-terminal.py assume-role --role-arn $role --external-id $external --format process
title 'a pipe is fine'
run 0 serve pool.ndjson -- bash -c "set -o pipefail; assume-role --role-arn $role --external-id $external --format process | cat"
title '/dev/full'
run 1 serve pool.ndjson -- bash -c "assume-role --role-arn $role --external-id $external --format process >/dev/full"
title 'standard output closed'
run 1 serve pool.ndjson -- bash -c "assume-role --role-arn $role --external-id $external --format process >&-"

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
usage '--format: neither process nor env' --role-arn $role --format json
usage '--static: only with a command' --role-arn $role --format env --static
usage '--role-arn: ' --role-arn arn:aws:iam::12345:role/x -- true
usage '--role-arn: ' --role-arn $'arn:aws:iam::123456789012:role/x\r\nX: y' -- true
usage '--external-id: ' --role-arn $role --external-id 'a b' -- true
usage '--role-session-name: ' --role-arn $role --role-session-name 'a b' -- true
usage '--duration-seconds: ' --role-arn $role --duration-seconds 899 -- true
usage '--duration-seconds: ' --role-arn $role --duration-seconds 43201 -- true
usage 'unknown option' --role-arn $role --secret x -- true
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
assume 0 -v --role-session-name me --duration-seconds 900 -- env
has err 'environment'
has err 'assumed arn:aws:sts::123456789012:assumed-role/cognitoApiAccessRole/me until 20'
lacks err "$caller"
for name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID; do
	lacks err "$(sed -n "s/^$name=//p" out)"
done

finish
