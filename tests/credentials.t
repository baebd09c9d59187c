#!/usr/bin/env bash
# Where credentials come from when STS is not asked: a process, the container endpoint, instance
# metadata; what is asked of each, what is made of wrong answers, what of it is told.
. "$(dirname "$0")/lib.sh"
planted=(keys look session)
# Mostly waits.
SERVER=$TOP/tests/helpers/credential-server.py
TERMINAL=$TOP/tests/helpers/terminal.py
secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

make-pool -n 300 >pool.ndjson
echo '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}' >ana.ndjson
run 0 serve pool.ndjson -- list-users -o whole
# Of these no message may say a word: tokens, paths, bodies, arguments.
echo canary >canaries
export AWS_CONFIG_FILE=$T/config
keyless=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY)

# told TEXT: one test: the message is one line and says TEXT.
told() {
	[ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$1" err
	verdict $? "one line, and it says: $1" || show err
}

# A process.

# profile COMMAND: a profile "reader" of that process.
profile() { printf '[profile reader]\ncredential_process = %s\n' "$1" >config; }
# process STATUS COMMAND: list-users with it.
process() {
	profile "$2"
	run "$1" serve ana.ndjson -- "${keyless[@]}" list-users --profile reader
}
# script NAME: an executable of the text on standard input.
script() {
	{ echo '#!/bin/sh'; cat; } >"$1"
	chmod +x "$1"
}

script keys <<X
echo '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"$secret"}'
X
title 'keys of a process'
process 0 ./keys
has out '"Username":"ana"'
empty err
title 'AWS_PROFILE will do'
run 0 serve ana.ndjson -- "${keyless[@]}" AWS_PROFILE=reader list-users
title '-v says which process it was'
run 0 serve ana.ndjson -- list-users --profile reader -v
has err config:2
lacks err AKIA

script session <<'X'
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
	exec assume-role --role-arn $SERVE_POOL_ROLE_ARN --external-id $SERVE_POOL_EXTERNAL_ID --format process
X
profile ./session
title 'sessions of a process are renewed'
run 0 serve --require-role --session-seconds 2 --latency 600 --log log pool.ndjson -- \
	"${keyless[@]}" list-users --profile reader -o users
same whole users
ok test "$(grep -c '"AssumeRole"' log)" -ge 2

# What it sees.  It is asked several times, later ones while connections are open.
cat >look <<'X'
#!/usr/bin/python3
import datetime, json, os, resource, sys
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
with open("seen", "a") as f:
    # The last one is the directory itself, or the file: whichever was opened later.
    print("descriptors", len(os.listdir("/proc/self/fd")), file=f)
    print("input", repr(sys.stdin.read()), file=f)
    print("arguments", *sys.argv[1:], sep="|", file=f)
    print("core", resource.getrlimit(resource.RLIMIT_CORE)[0], file=f)
    for name in ("COGNITO_CREDENTIAL_PROCESS", "AWS_PROFILE", "HOME", "SERVE_POOL_ROLE_ARN"):
        print(name, os.environ.get(name), file=f)
print("told to the person", file=sys.stderr)
print(json.dumps({"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Expiration": end.isoformat(),
                  "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}))
X
chmod +x look
profile "./look \"a  b\" '\$HOME' --flag=canary"
title 'a process sees'
run 0 serve --latency 400 pool.ndjson -- "${keyless[@]}" AWS_PROFILE=reader list-users -o users
same whole users
ok test "$(grep -c ^input seen)" -ge 2
sort -u seen >seen.once
title 'what it sees each time'
# What another command of ours lets its child have: a sanitizer lowers the limit before we know it.
core='import resource; print("core", resource.getrlimit(resource.RLIMIT_CORE)[0], file=open("core.seen", "w"))'
through /usr/bin/python3 -c "$core" </dev/null
same - seen.once <<X
AWS_PROFILE reader
COGNITO_CREDENTIAL_PROCESS reader
HOME $HOME
SERVE_POOL_ROLE_ARN arn:aws:iam::123456789012:role/cognitoApiAccessRole
arguments|a  b|\$HOME|--flag=canary
$(cat core.seen)
descriptors 5
input ''
X
title 'what it says reaches the person'
ok grep -qx 'told to the person' err

# What goes wrong.
title 'a process that is not there'
process 2 '/no/such/process --password canary'
told '/no/such/process: cannot run: No such file or directory'
title 'a file that is none'
process 2 ./config
told './config: cannot run: Permission denied'
title 'a status'
process 1 'sh -c "exit 3" canary'
told 'sh: ended with status 3'
title 'a status that says later'
process 75 'sh -c "exit 75"'
told 'sh: ended with status 75'
title 'a signal'
# shellcheck disable=SC2016 # expanded inside, by sh
process 1 'sh -c "kill -KILL $$"'
told 'sh: ended by signal 9'
title 'no output'
process 1 true
told 'true: the answer: empty'
title 'no JSON'
process 1 'echo canary'
told 'echo: the answer: not JSON'
title 'no end'
process 1 'yes canary'
told 'yes: printed more than 131072 bytes'

# answers TEXT: a process that prints TEXT.
answers() {
	printf '%s' "$1" >answer
	process "${2:-1}" 'cat answer'
}
title 'cut off'
answers '{"Version":1,"canary":'
told 'cat: the answer: JSON cut off'
title 'another version'
answers '{"Version":2,"AccessKeyId":"canary","SecretAccessKey":"canary"}'
told "cat: the answer's Version is not the number 1"
title 'no version'
answers '{"AccessKeyId":"canary","SecretAccessKey":"canary"}'
told "cat: the answer's Version is not the number 1"
title 'half of the keys'
answers '{"Version":1,"AccessKeyId":"canary"}'
told 'cat: the answer has no SecretAccessKey'
title 'a line end in a key'
answers '{"Version":1,"AccessKeyId":"canary\n","SecretAccessKey":"canary"}'
told "cat: the answer's AccessKeyId holds a character"
title 'a date that is none'
answers '{"Version":1,"AccessKeyId":"x","SecretAccessKey":"canary","Expiration":"canary"}'
told "cat: the answer's Expiration is not a date"
title 'an end that is over: our clock may be wrong'
answers "{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"$secret\",\"Expiration\":\"2019-11-09T13:34:41Z\"}" 0
title 'keys that the service does not know'
answers '{"Version":1,"AccessKeyId":"AKIDUNKNOWN","SecretAccessKey":"canary"}'
told 'ListUsers: UnrecognizedClientException'
title 'a process that comes back to its own profile'
process 1 'list-users --profile reader'
has err 'the process comes back to its own profile'
has err 'list-users: ended with status 2'
title 'a process that leaves another behind'
script leaver <<'X'
sleep 100 &
echo $! >left
exec ./keys
X
process 0 ./leaver
ok kill -KILL "$(cat left)"

# A person at the terminal.
script asker <<'X'
printf 'Your code? ' >/dev/tty
read -r code </dev/tty
[ "$code" = 123456 ] && exec ./keys
X
profile ./asker
title 'a process may ask at the terminal'
run 0 serve ana.ndjson -- "$TERMINAL" expect='code?' send='123456^M' -- "${keyless[@]}" list-users --profile reader -o users
has users '"Username":"ana"'
script hanger <<'X'
exec 3>fifo
printf 'Waiting.' >/dev/tty
exec sleep 100
X
mkfifo fifo
profile ./hanger
timeout 60 cat fifo >from.fifo &
title 'an interrupt ends the command'
run 130 serve ana.ndjson -- "$TERMINAL" expect=Waiting. send=^C -- "${keyless[@]}" list-users --profile reader
title 'and the process with it'
ok wait $!

# The container endpoint.

# container STATUS OPTION...: list-users beside the endpoint.
container() {
	local status=$1
	shift
	rm -f asked
	run "$status" serve ana.ndjson -- "$SERVER" --log asked "$@" -- list-users
}
# but STATUS VARIABLE=VALUE: the same, with the variable as it should not be.
but() { run "$1" serve ana.ndjson -- "$SERVER" --token canary --log asked -- env "$2" list-users; }
# asked NUMBER: one test: so many requests were sent.
asked() {
	touch asked
	[ "$(wc -l <asked)" -eq "$1" ]
	verdict $? "requests: $1" || show asked
}

title 'keys of a container'
container 0
has out '"Username":"ana"'
empty err
title 'the request'
jq -r '.method, .path, (.headers | del(.Host, ."User-Agent") | tojson)' asked >request
same - request <<'X'
GET
/v2/credentials/canary-of-the-path?id=1
{"Accept":"application/json"}
X
title 'with a token'
container 0 --token 'Bearer canary'
title 'another token'
but 1 AWS_CONTAINER_AUTHORIZATION_TOKEN=canaries
told 'answers HTTP 401, Unauthorized'
title 'a token from a file, which wins'
run 0 serve ana.ndjson -- "$SERVER" --token-file token -- env AWS_CONTAINER_AUTHORIZATION_TOKEN=canaries list-users
printf 'canary\r\n' >crlf
title 'its line end is none of it'
but 0 AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=crlf
title 'the file is read anew each time'
rm -f asked
run 0 serve --latency 400 pool.ndjson -- "$SERVER" --log asked --lifetime 1 --token-file token -- list-users -o users
same whole users
jq -r .headers.Authorization asked >tokens
ok test "$(wc -l <tokens)" -ge 2
ok test "$(sort -u tokens | wc -l)" -eq "$(wc -l <tokens)"
title 'a renewal that fails at first'
run 0 serve --latency 400 pool.ndjson -- "$SERVER" --lifetime 1 --answers ok,503,cut,ok -- list-users -o users
same whole users
title 'sessions that end in the middle of the run'
# shellcheck disable=SC2016 # expanded inside, by sh
run 0 serve --require-role --session-seconds 2 --latency 600 --log log.2 pool.ndjson -- "$SERVER" --command \
	'assume-role --role-arn $SERVE_POOL_ROLE_ARN --external-id $SERVE_POOL_EXTERNAL_ID --format process' -- \
	list-users -o users
same whole users
ok test "$(grep -c '"AssumeRole"' log.2)" -ge 2
title 'no proxy is asked'
run 0 serve ana.ndjson -- "$SERVER" -- env http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 list-users
title 'keys in the environment stand above it'
run 0 serve ana.ndjson -- "$SERVER" --answers 500 -- env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \
	AWS_SECRET_ACCESS_KEY=$secret list-users

# What goes wrong.
title 'a refusal'
container 1 --answers 403
told 'list-users: container endpoint (127.0.0.1:'
told '): answers HTTP 403, NotToday'
asked 1
title 'a server error stays'
container 75 --answers 503
told '): answers HTTP 503, NotToday'
asked 3
title 'a server error passes'
container 0 --answers 503,429,ok
asked 3
title 'a silence passes'
container 0 --answers silent,ok
asked 2
title 'nobody there'
but 75 AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/canary
told '): cannot connect to 127.0.0.1:1: Connection refused'
title 'cut bodies'
container 75 --answers cut
told ' lost: '
asked 3
title 'no word, once'
container 0 --answers refused,ok
asked 2
title 'a redirect'
container 1 --answers redirect
told 'answers HTTP 302, a redirect, and none is followed'
asked 1
title 'an error with a good status'
container 1 --answers code
told 'the answer is an error, AssumeRoleUnauthorizedAccess'
title 'an error with an odd code'
container 1 --answers oddcode
ok grep -q ': the answer is an error$' err
title 'no JSON'
container 1 --answers garbage
told 'the answer: not JSON'
asked 1
title 'nothing'
container 1 --answers empty
told 'the answer: empty'
title 'too much'
container 1 --answers long
told 'is longer than 131072 bytes'
title 'an end that is over'
container 0 --answers expired
echo '{"AccessKeyId":"canary","SecretAccessKey":"canary","SessionToken":"x","Token":7}' >body
title 'a session token that is none'
container 1 --body body
told "the answer's Token is not a string"
printf '{"AccessKeyId":"canary","SecretAccessKey":"can\0ary"}' >body
title 'a NUL'
container 1 --body body
told 'the answer: not JSON'

# Variables that are wrong: nothing is asked.
rm -f asked
printf 'canary\nX-Injected: canary\n' >lines
: >nothing
for file in lines nothing /dev/zero; do
	title "$file for a token"
	but 2 AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$file
	told "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: $file: not a token"
done
title 'no token file'
but 2 AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=none
told 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: none: cannot read: No such file or directory'
title 'a token of two lines'
but 2 AWS_CONTAINER_AUTHORIZATION_TOKEN=$'canary\r\nX: canary'
told 'AWS_CONTAINER_AUTHORIZATION_TOKEN: not a token'
title 'an address in the open'
but 2 AWS_CONTAINER_CREDENTIALS_FULL_URI=http://192.0.2.1/canary
told 'AWS_CONTAINER_CREDENTIALS_FULL_URI: plain http is allowed to this machine only'
title 'a relative address that would be a host'
but 2 AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@canary.example.com/
told 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: does not begin with a slash'
asked 0

# TLS.
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -addext subjectAltName=IP:127.0.0.1 \
		-keyout right.key -out right.pem 2>openssl.err || cat openssl.err
	title 'https, to a certificate of AWS_CA_BUNDLE'
	run 0 env AWS_CA_BUNDLE="$PWD/right.pem" serve-pool ana.ndjson -- \
		"$SERVER" --token canary --tls right.pem right.key -- list-users
	title 'https, to one of nobody known'
	container 1 --token canary --tls right.pem right.key
	told ' is not accepted: '
	asked 0
fi

# Instance metadata.

metadata() {
	local status=$1
	shift
	container "$status" --metadata "$@"
}
title "keys of an instance's role"
metadata 0
has out '"Username":"ana"'
empty err
title 'the requests'
jq -r '.method, .path, (.headers | del(.Host, ."User-Agent") | tojson)' asked >requests
same - requests <<'X'
PUT
/latest/api/token
{"Accept":"application/json","x-aws-ec2-metadata-token-ttl-seconds":"21600","Content-Length":"0"}
GET
/latest/meta-data/iam/security-credentials/
{"Accept":"application/json","x-aws-ec2-metadata-token":"canary-of-the-session-token=="}
GET
/latest/meta-data/iam/security-credentials/reader
{"Accept":"application/json","x-aws-ec2-metadata-token":"canary-of-the-session-token=="}
X
title 'a role of a profile upon them'
printf '[profile reader]\nrole_arn = %s\nexternal_id = cognito-integration\ncredential_source = Ec2InstanceMetadata\n' \
	arn:aws:iam::123456789012:role/cognitoApiAccessRole >config
run 0 serve --require-role ana.ndjson -- "$SERVER" --metadata -- list-users --profile reader
has out '"Username":"ana"'
title 'the first of several roles'
metadata 0 --role $'a+role=with,odd.@_-name\nother\n'
title 'they are renewed'
rm -f asked
run 0 serve --latency 400 pool.ndjson -- "$SERVER" --metadata --lifetime 1 --log asked -- list-users -o users
same whole users
ok test "$(wc -l <asked)" -ge 6
title 'a token that is refused is got anew'
metadata 0 --roles 401,ok
asked 5
title 'and once more only'
metadata 1 --answers 401
told 'list-users: instance metadata (127.0.0.1:'
told '): answers HTTP 401, NotToday'
asked 6
title 'a server error passes'
metadata 0 --tokens 503,ok --roles 503,ok
title 'a server error stays'
metadata 75 --tokens 503
asked 3
title 'a silence passes'
metadata 0 --answers silent,ok
title 'a silence at first: a container behind a hop limit of one'
metadata 75 --tokens silent
told "(in a container the instance's hop limit must be 2 or more)"
nothing='no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile with --profile, or run under assume-role'
for status in 400 404 405; do
	title "version 1 only, or another cloud: HTTP $status"
	metadata 2 --tokens $status
	told "$nothing (and no instance metadata of version 2 answers at 127.0.0.1:"
	asked 1
done
title 'switched off'
metadata 2 --tokens 403
told "$nothing (and instance metadata is switched off (HTTP 403) at 127.0.0.1:"
title 'switched off in the middle of the run: what there is serves'
run 0 serve --latency 400 pool.ndjson -- "$SERVER" --metadata --lifetime 1 --tokens ok,403,ok -- list-users -o users
same whole users
title 'but not for ever'
run 1 serve --session-seconds 2 --require-role --latency 400 pool.ndjson -- "$SERVER" --metadata --tokens ok,404 --command \
	"assume-role --role-arn arn:aws:iam::123456789012:role/cognitoApiAccessRole --external-id cognito-integration --format process" -- list-users
told ': answers HTTP 404, NotToday'
title 'a redirect'
metadata 1 --tokens redirect
told 'answers HTTP 302, a redirect, and none is followed'
title 'an empty token'
metadata 1 --tokens empty
told 'its session token is none'
for roles in 404 empty; do
	title "no role, $roles"
	metadata 2 --roles $roles
	told 'list-users: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile with --profile, or run under assume-role (and this instance has no role'
done
for role in '../../canary' 'canary 7' $'\x1b[31mcanary' "canary$(printf '%0100d' 0)"; do
	title 'a role that cannot be one'
	metadata 1 --role "$role"
	told "its role's name is none"
	asked 2
done
title 'an error with a good status'
metadata 1 --answers code
told "the role's credentials: an error, AssumeRoleUnauthorizedAccess"
echo '{"Code":"Failed","AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"canary"}' >body
title 'an error beside keys'
metadata 1 --body body
told "the role's credentials: an error, Failed"
title 'no JSON'
metadata 1 --answers garbage
told 'the answer: not JSON'
title 'too much'
metadata 1 --answers long
told 'is longer than 131072 bytes'

# differently STATUS VARIABLE=VALUE: with the variable as it should not be.
differently() {
	rm -f asked
	run "$1" serve ana.ndjson -- "$SERVER" --metadata --log asked -- env "$2" list-users
}
title 'nobody there: no instance'
differently 2 AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1
told 'list-users: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile with --profile, or run under assume-role (and no instance metadata answers at 127.0.0.1:1)'
title 'switched off by a variable'
differently 2 AWS_EC2_METADATA_DISABLED=True
told 'no credentials'
asked 0
title 'another machine'
differently 2 AWS_EC2_METADATA_SERVICE_ENDPOINT=http://192.0.2.1
told 'AWS_EC2_METADATA_SERVICE_ENDPOINT: plain http is allowed to this machine only'

# The fixed addresses, on a loopback device of our own.
cat >loopback.py <<'X'
"""loopback.py ADDRESS COMMAND...: gives the loopback device that address, too, and runs COMMAND."""
import fcntl, os, socket, struct, sys
SIOCSIFADDR, SIOCSIFFLAGS, IFF_UP = 0x8916, 0x8914, 1
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def address(device, text):
    fcntl.ioctl(s, SIOCSIFADDR, struct.pack("16sHH4s8x", device, socket.AF_INET, 0, socket.inet_aton(text)))
fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
address(b"lo", "127.0.0.1")
address(b"lo:1", sys.argv[1])
os.execvp(sys.argv[2], sys.argv[2:])
X
alone=(unshare -rn /usr/bin/python3 loopback.py)
if "${alone[@]}" 169.254.170.2 true 2>alone.out; then
	title 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
	run 0 "${alone[@]}" 169.254.170.2 serve-pool ana.ndjson -- \
		"$SERVER" --host 169.254.170.2 --port 80 --relative --token canary -- \
		env http_proxy=http://127.0.0.1:1 list-users
	title 'EKS'
	run 0 "${alone[@]}" 169.254.170.23 serve-pool ana.ndjson -- \
		"$SERVER" --host 169.254.170.23 --port 80 --token-file token -- list-users
	title 'EC2'
	run 0 "${alone[@]}" 169.254.169.254 serve-pool ana.ndjson -- \
		"$SERVER" --metadata --host 169.254.169.254 --port 80 -- \
		env -u AWS_EC2_METADATA_SERVICE_ENDPOINT http_proxy=http://127.0.0.1:1 list-users
	title 'no EC2'
	run 2 "${alone[@]}" 127.0.0.2 serve-pool ana.ndjson -- \
		"${keyless[@]}" -u AWS_EC2_METADATA_DISABLED list-users
	told 'no instance metadata answers at 169.254.169.254'
else
	echo "# the fixed addresses: no network of our own is to be had here"
fi

finish
