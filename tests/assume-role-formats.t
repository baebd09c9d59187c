#!/usr/bin/env bash
# assume-role(1) --format: each form read back by what it is for, as far as that is installed, where
# the output may go, and credential_process of other clients.
. "$(dirname "$0")/lib.sh"
planted=(config)

printf '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}\n' >pool.ndjson
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
external=cognito-integration
caller=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

# assume STATUS ARG...: assume-role with the right role and external ID beside the pool.
assume() {
	local status=$1
	shift
	run "$status" serve pool.ndjson -- assume-role --role-arn $role --external-id $external "$@"
}

# The mode of ./out is what counts, so it is made anew under each umask.
mask() { umask "$1"; rm -f out; }
mask 077

title '--format process'
assume 0 --format process
empty err
ok /usr/bin/python3 - out <<'X'
import json, sys, datetime
text = open(sys.argv[1]).read()
d = json.loads(text)
assert text.count("\n") == 1 and text.endswith("}\n")
assert list(d) == ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
assert d["Version"] == 1 and d["AccessKeyId"].startswith("ASIA") and d["SecretAccessKey"]
datetime.datetime.strptime(d["Expiration"], "%Y-%m-%dT%H:%M:%S.%fZ")
X
lacks out "$caller"

# fresh CMD: in a shell with variables that mislead, the lines of --format env and CMD.
fresh() {
	run "$1" serve --require-role pool.ndjson -- bash -c "
		export AWS_PROFILE=wrong AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/
		keys=\$(env -u AWS_PROFILE assume-role --role-arn $role --external-id $external --region us-east-1 --format $2) || exit
		$3"
}
title '--format env is for eval'
# shellcheck disable=SC2016 # that shell's
fresh 0 env 'eval "$keys"
	[ -z "${AWS_PROFILE+set}${AWS_CONTAINER_CREDENTIALS_FULL_URI+set}" ] && list-users'
has out '{"Username":"ana"'
title 'even for one without quotes'
# shellcheck disable=SC2016 # that shell's
fresh 0 env 'eval $keys
	[ -z "${AWS_PROFILE+set}" ] && list-users'
has out '{"Username":"ana"'
empty err
title 'and for every POSIX shell'
# shellcheck disable=SC2016
fresh 0 env 'keys=$keys dash -c '\''eval "$keys"; [ -z "${AWS_PROFILE+set}" ] && list-users'\'
title '--format env-no-export'
# shellcheck disable=SC2016
fresh 0 env-no-export 'unset AWS_PROFILE; set -a; eval "$keys"; list-users'
has out '{"Username":"ana"'
title 'its values stand bare, for docker(1) keeps quotes'
assume 0 --format env-no-export --region us-east-1
ok test "$(grep -cE '^AWS_[A-Z_]+=[A-Za-z0-9/+=:.-]+$' out)" -eq 6
ok test "$(wc -l <out)" -eq 6

# Keys with every character that a client takes in them: what each shell makes of them is what they were.
cat >hostile.py <<'X'
#!/usr/bin/python3
"""An STS whose keys hold every printable character that a client takes."""
import http.server, os, subprocess, sys, threading, xml.sax.saxutils
KEY = "".join(chr(c) for c in range(33, 127) if chr(c) not in "\"'")
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_POST(self):
        key = xml.sax.saxutils.escape(KEY)
        body = ("<a><AccessKeyId>ASIAHOSTILE</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s"
                "</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration></a>" % (key, key)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(AWS_ENDPOINT_URL_STS="http://127.0.0.1:%d" % server.server_port, AWS_REGION="us-east-1",
                  AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="any")
sys.exit(subprocess.call(sys.argv[1:]))
X
chmod +x hostile.py
/usr/bin/python3 -c 'print("".join(chr(c) for c in range(33, 127) if c not in (34, 39)))' >key
for format in env env-no-export fish powershell windows-cmd process; do
	title "--format $format of odd keys"
	run 0 ./hostile.py assume-role --role-arn $role --format $format
	mv out odd.$format
done
for shell in bash dash; do
	for format in env env-no-export; do
		title "$shell reads --format $format"
		# shellcheck disable=SC2016 # that shell's
		run 0 $shell -c '. "$1"; printf "%s\n" "$AWS_SECRET_ACCESS_KEY"' $shell ./odd.$format
		same key out
	done
done
title 'JSON'
run 0 jq -r .SecretAccessKey odd.process
same key out
# fish, PowerShell and cmd.exe by the rules of their quotes.
title 'fish reads --format fish'
sed -nE "s/^set -gx AWS_SECRET_ACCESS_KEY '(.*)';\$/\\1/p" odd.fish | sed -E "s/\\\\([\\\\'])/\\1/g" >out
same key out
title 'every line for fish ends itself: its eval makes one of all'
ok bash -c '! grep -v ";$" odd.fish'
title 'fish evaluates it'
# shellcheck disable=SC2016 # that shell's
run 0 fish --no-config -c 'eval (cat odd.fish); printf "%s\n" $AWS_SECRET_ACCESS_KEY'
same key out
title 'PowerShell reads --format powershell'
sed -nE "s/^\\\$Env:AWS_SECRET_ACCESS_KEY = '(.*)'\$/\\1/p" odd.powershell | sed "s/''/'/g" >out
same key out
title 'a batch file of --format windows-cmd'
sed -nE 's/^set "AWS_SECRET_ACCESS_KEY=(.*)"$/\1/p' odd.windows-cmd | sed 's/%%/%/g' >out
same key out
title 'every form for a shell takes away what misleads'
for format in 'env:^unset AWS_PROFILE;$' 'fish:^set -eg AWS_PROFILE;$' \
	'powershell:^Remove-Item -ErrorAction Ignore Env:AWS_PROFILE$' 'windows-cmd:^set "AWS_PROFILE="$'; do
	grep -qE "${format#*:}" "odd.${format%%:*}" || echo "$format"
done >missing
empty missing

# Where keys are printed to.
title 'a file that the group may read is refused'
mask 027
assume 2 --format process
has err 'mode 640'
empty out
title 'a file that others may read is refused'
mask 022
assume 2 --format env
has err '--allow-insecure-output'
title 'before STS is asked'
run 2 "$TOP/tests/helpers/fake-sts.py" mode assume-role --role-arn $role --format process
ok test ! -e mode.log
title 'unless that is asked for'
assume 0 --format process --allow-insecure-output
has out '"AccessKeyId"'
mask 077
title 'a terminal is refused'
run 2 serve pool.ndjson -- "$TOP/tests/helpers/terminal.py" -- assume-role --role-arn $role \
	--external-id $external --format process
has out 'standard output is a terminal'
lacks out ASIA
title 'unless that is asked for'
run 0 serve pool.ndjson -- "$TOP/tests/helpers/terminal.py" -- assume-role --role-arn $role \
	--external-id $external --format process --allow-insecure-output
has out ASIA
title 'a pipe is fine'
run 0 serve pool.ndjson -- bash -c "set -o pipefail; assume-role --role-arn $role --external-id $external --format process | cat"
title '/dev/full'
run 1 serve pool.ndjson -- bash -c "assume-role --role-arn $role --external-id $external --format process >/dev/full"
title 'standard output closed'
run 1 serve pool.ndjson -- bash -c "assume-role --role-arn $role --external-id $external --format process >&-"
title 'a refusal prints nothing on standard output'
run 1 serve pool.ndjson -- assume-role --role-arn $role --external-id wrong --format process
empty out

# credential_process: of our own commands, of boto3 and of the AWS CLI.  The process finds the
# caller's keys in a profile of its own.
cat >config <<X
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $caller
[profile role]
source_profile = base
role_arn = $role
external_id = $external
[profile reader]
region = us-east-1
credential_process = $BIN/assume-role --profile base --region us-east-1 --role-arn $role --external-id $external --format process
[profile reader2]
region = us-east-1
credential_process = $BIN/assume-role --profile role --region us-east-1 --format process
X
client() { run "$1" serve --require-role pool.ndjson -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
	AWS_CONFIG_FILE="$T/config" "${@:2}"; }
for profile in reader reader2; do
	title "credential_process of list-users ($profile)"
	client 0 list-users --profile $profile
	has out '{"Username":"ana"'
	title "credential_process of boto3 ($profile)"
	client 0 env AWS_PROFILE=$profile "$TOP/tests/helpers/list-users-boto3.py" 0
	has out '["ana"]'
	title "credential_process of the AWS CLI ($profile)"
	# shellcheck disable=SC2016 # that shell's
	client 0 sh -c '/usr/bin/aws --profile '$profile' --endpoint-url "$AWS_ENDPOINT_URL" cognito-idp list-users \
		--user-pool-id "$COGNITO_USER_POOL_ID" --query "Users[].Username" --output json | jq -c .'
	has out '["ana"]'
done
title 'why there are no keys is told by the client'
sed -i "s/--external-id $external/--external-id wrong/" config
client 1 env AWS_PROFILE=reader "$TOP/tests/helpers/list-users-boto3.py" 0
has err 'assume-role: AssumeRole: AccessDenied: '

finish
