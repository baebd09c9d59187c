#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq, and of sh inside
# check-connection(1): each check where it holds and where it fails, with the remedy; what is never
# asked and never told; the policies; the examples of the page.
. "$(dirname "$0")/lib.sh"
planted=(config home/config)
# Mostly waits.
HELPERS=$TOP/tests/helpers
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
as_role=(--role-arn "$role" --external-id cognito-integration)

awk 'BEGIN {
	for (i = 1; i <= 40; i++)
		printf "{\"Username\":\"canary-user-%d\",\"Attributes\":{\"sub\":\"%08x-0000\",\"email\":\"canary%d@example.com\"}}\n", i, i * 99999999, i
	print "{\"GroupName\":\"idp-admin\"}"
	print "{\"GroupName\":\"Ж\\\"x\\\"\"}"
	for (i = 1; i <= 7; i++)
		printf "{\"GroupName\":\"idp-admin\",\"Username\":\"canary-user-%d\"}\n", i
}' >pool
make-pool -n 5000 >large
: >everything

# check STATUS [SERVE-OPTION...] -- ARG...: the command under test beside the pool.  What it wrote goes
# to ./everything, too.
check() {
	local status=$1 options=()
	shift
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	run "$status" serve "${options[@]}" "${pool:-pool}" "$@"
	cat out err >>everything
}
# alone STATUS CMD...: the same without a pool.
alone() {
	run "$@"
	cat out err >>everything
}
# is CHECK OK DETAIL [HINT]: the record of CHECK has this Ok and texts that hold these; without HINT its
# Hint is null.  (gojq starts in a fifth of the time of jq.)
is() {
	gojq -e -s --arg check "$1" --argjson ok "$2" --arg detail "$3" --arg hint "${4:-}" '
		[.[] | select(.Check == $check)] | length == 1 and (.[0] |
			.Ok == $ok and (.Detail | contains($detail)) and
			if $hint == "" then .Hint == null else .Hint != null and (.Hint | contains($hint)) end)' \
		out >jq.out 2>&1
	verdict $? "$1: $2: $3" || { grep -F "\"$1\"" out | cut -c1-600 | sed 's/^/#   /' >&2; }
}
# not_tried BECAUSE CHECK...: one test: these were not tried.
not_tried() {
	local because=$1
	shift
	printf '%s\n' "$@" >wanted
	gojq -r --arg because "not tried: $because failed" 'select(.Ok == null and .Detail == $because) | .Check' \
		out >skipped
	title "not tried after $because: $*"
	same wanted skipped
}
permissions=('permission ListUsers' 'permission ListGroups' 'permission ListUsersInGroup')
last=('page speed' quota estimate)

# All is well.
title 'all is there, under the role'
check 0 --require-role -- check-connection "${as_role[@]}"
empty err
cp out good
is configuration true 'region us-east-1 (AWS_REGION); pool us-east-1_EXAMPLE1 (COGNITO_USER_POOL_ID); http://127.0.0.1:'
is configuration true '(AWS_ENDPOINT_URL); STS http://127.0.0.1:'
is credentials true environment
is proxy true 'none is configured'
is dns true '127.0.0.1'
is tcp true 'connected to 127.0.0.1 port'
is tls true 'plain http to this machine'
is clock true "agrees with the service's"
is identity true 'arn:aws:iam::123456789012:user/serve-pool (account 123456789012)'
is role true "$role assumed with the external ID"
is pool true 'us-east-1_EXAMPLE1 is in us-east-1'
is 'permission ListUsers' true permitted
is 'permission ListUsersInGroup' true 'asked about a name that nobody has'
is 'page speed' true 'ms for a page of 60 by ListUsers (median of 1)'
is quota true '30 calls a second by default'
is quota true '0 of 4 calls here were throttled'
is estimate true '40 users, 2 groups; export-oci takes about a second'

title 'a record a check, with the same four members'
ok jq -e -s 'length == 16 and all(keys_unsorted == ["Check","Ok","Detail","Hint"]) and all(.Ok == true and .Hint == null)' good
title 'in the order of the page, under the names of the page'
sed -nE '/^\.Ss Checks/,/^\.Ss Pol/s/^\.It Sy ([a-z ]+[a-z])( Ar .*)?$/\1/p' "$TOP/man/check-connection.1" |
	grep -v '^group$' >wanted
gojq -r .Check good | sed 's/^permission .*/permission/' | uniq >names
same wanted names

title 'the table'
check 0 --require-role -- check-connection "${as_role[@]}" --format table
has out 'ok   configuration     region us-east-1 (AWS_REGION); pool'
has out 'ok   permission ListUsersInGroup permitted (asked'
has out 'All that export-oci needs is there.'
title 'within 80 columns, in plain ASCII'
LC_ALL=C grep -nE '.{81}|[^ -~]' out >wrong
empty wrong
cat >on-terminal.py <<'X'
import os, pty, sys
with open("screen", "wb") as screen:
    def read(fd):
        data = os.read(fd, 1000)
        screen.write(data)
        return data
    sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))
X
title 'on a terminal it is the table, as wide as that'
check 0 -- /usr/bin/python3 on-terminal.py sh -c 'stty cols 50; exec check-connection'
tr -d '\r' <screen | sed -n '/^ok/,$p' >shown
has shown 'ok   configuration     region us-east-1'
has shown 'All that export-oci needs is there.'
LC_ALL=C grep -E '.{51}|[^ -~]' shown | grep -vE ' [^ ]{28,}$|^ok   permission' >wrong	# long words
empty wrong
title 'and records with --format json'
check 0 -- /usr/bin/python3 on-terminal.py check-connection --format json
ok gojq -e -s 'length == 16' screen
title 'a table of failures: wrapped hints, the number, what next'
check 1 --require-role -- check-connection --format table
has out 'FAIL permission ListUsers'
has out '     Allow cognito-idp:ListUsers on'
has out '3 of 16 checks failed. Mend the first one, then run this again.'
title 'names of groups beyond ASCII are escaped there'
check 0 -- check-connection --format table --group 'Ж"x"'
has out 'ok   group \xd0\x96"x"'

title 'a file is written whole, whatever it says'
check 1 --require-role -- check-connection -o report
empty out
ok gojq -e -s 'length == 16 and any(.Ok == false)' report
title '/dev/full'
check 1 -- sh -c 'exec check-connection >/dev/full'
has err 'stdout'
title 'a reader who goes away'
check 141 -- bash -c 'check-connection | true; exit "${PIPESTATUS[0]}"'

title 'each record comes out when its check is done'
/usr/bin/python3 -c '
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); time.sleep(600)' >port &
silent=$!
until [ -s port ]; do sleep 0.05; done
mkfifo records
AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x check-connection --user-pool-id us-east-1_x \
	--endpoint-url "http://127.0.0.1:$(cat port)" --read-timeout 3600 >records 2>/dev/null &
waiting=$!
timeout 60 head -n 5 records | gojq -r .Check >early	# and the sixth cannot come
same - early <<'X'
configuration
credentials
proxy
dns
tcp
X
kill "$waiting" "$silent"
wait "$waiting" "$silent" 2>/dev/null

# Configuration.
keys=(env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=canarySecretKey COGNITO_USER_POOL_ID=us-east-1_x)
title 'a profile that is not there'
alone 2 "${keys[@]}" check-connection --profile none
is configuration false '--profile: ' 'Correct what the line names'
not_tried configuration credentials proxy dns tcp tls clock identity role pool "${permissions[@]}" "${last[@]}"
title 'an endpoint of STS that is none'
alone 2 "${keys[@]}" AWS_ENDPOINT_URL_STS=ftp://x check-connection --endpoint-url http://127.0.0.1:1
is configuration false 'AWS_ENDPOINT_URL_STS: not https://HOST' 'Correct what the line names'
title "the pool's region, where nothing else says one"
alone 75 "${keys[@]}" check-connection --endpoint-url http://127.0.0.1:1
is configuration true "region us-east-1 (the pool's id); pool us-east-1_x (COGNITO_USER_POOL_ID); http://127.0.0.1:1 (--endpoint-url); STS https://sts.us-east-1.amazonaws.com (AWS)"

# Credentials.
title 'no credentials'
alone 2 env COGNITO_USER_POOL_ID=us-east-1_x check-connection --endpoint-url http://127.0.0.1:1
is credentials false 'no credentials' 'set AWS_ACCESS_KEY_ID and'
is tcp false 'cannot connect' 'host and port'
not_tried credentials identity role pool "${permissions[@]}" "${last[@]}"
cat >config <<X
[profile caller]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile reader]
role_arn = $role
source_profile = caller
external_id = cognito-integration
[profile other]
role_arn = $role
source_profile = caller
external_id = another
[profile broken]
credential_process = false
X
title 'a process that gives none'
check 1 -- env AWS_CONFIG_FILE=config check-connection --profile broken
is credentials false 'credential_process' 'their source does not give them'

# The network.
title 'nobody listens'
alone 75 "${keys[@]}" check-connection --endpoint-url http://127.0.0.1:1
is tcp false 'cannot connect to 127.0.0.1 port 1: Connection refused' 'a firewall refuses it'
not_tried tcp tls clock identity role pool "${permissions[@]}" "${last[@]}"
title 'nobody answers'
cat >silent.py <<'X'
import os, socket, subprocess, sys
listener, kept = socket.socket(), []
listener.bind(("127.0.0.1", 0))
listener.listen(0)
for _ in range(3):	# what fills the queue
    kept.append(socket.socket())
    kept[-1].setblocking(False)
    kept[-1].connect_ex(listener.getsockname())
sys.exit(subprocess.run(sys.argv[1:], env=dict(os.environ, PORT=str(listener.getsockname()[1]))).returncode)
X
alone 75 "${keys[@]}" /usr/bin/python3 silent.py sh -c 'exec check-connection --connect-timeout 1 --endpoint-url http://127.0.0.1:$PORT'
is tcp false 'Connection timed out' 'A firewall drops it silently'
title 'a name that is not there'
alone 75 "${keys[@]}" check-connection --endpoint-url https://nosuch.invalid
is dns false 'nosuch.invalid: ' 'https_proxy'
not_tried dns tcp tls clock identity role pool "${permissions[@]}" "${last[@]}"

# certificate NAME SUBJECT-ALTERNATIVE-NAME [DAYS]
certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days "${3:-2}" -subj "/O=Inspecting Ltd/CN=$1" \
		-addext "subjectAltName=$2" -keyout "$1.key" -out "$1.pem" 2>openssl.err || cat openssl.err
}
certificate right IP:127.0.0.1,DNS:pool.test
certificate other DNS:example.com
# One day long, and it was the day before yesterday.
faketime '3 days ago' openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=expired \
	-addext subjectAltName=IP:127.0.0.1 -keyout expired.key -out expired.pem 2>openssl.err || cat openssl.err
# over_tls STATUS CERTIFICATE CMD...
over_tls() {
	local status=$1 name=$2
	shift 2
	check "$status" --tls-cert "$name.pem" --tls-key "$name.key" -- "$@"
}
title 'TLS'
over_tls 0 right check-connection --ca-bundle right.pem
is tls true 'TLSv1.3, certificate accepted by right.pem'
title 'a certificate of an authority that nobody knows'
over_tls 1 right check-connection
is tls false 'the certificate is not accepted: ' 'It was issued by Inspecting Ltd.'
is tls false 'the certificate is not accepted: ' '--ca-bundle or AWS_CA_BUNDLE'
not_tried tls clock identity role pool "${permissions[@]}" "${last[@]}"
title 'or not the one of the bundle'
over_tls 1 right check-connection --ca-bundle other.pem
is tls false 'the certificate is not accepted: ' 'other.pem must hold the certificate of that authority'
title "another host's certificate"
over_tls 1 other check-connection --ca-bundle other.pem
is tls false 'the certificate is not accepted: ' 'not one for 127.0.0.1'
title 'a certificate that has expired'
over_tls 1 expired check-connection --ca-bundle expired.pem
is tls false 'certificate has expired' 'Is the clock of this machine right?'
title 'a bundle without certificates'
over_tls 1 right check-connection --ca-bundle pool
is tls false '' 'must hold certificates as PEM'
title 'no TLS there'
check 75 -- sh -c 'exec check-connection --endpoint-url "https${AWS_ENDPOINT_URL#http}"'
is tls false '' 'no service of AWS'

# proxy.py STATUS CMD...: CMD with a proxy that answers CONNECT with STATUS, and with 200 leads to this
# machine, whatever the name.
cat >proxy.py <<'X'
import os, socket, subprocess, sys, threading
def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
def serve(client):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            return
        head += data
    client.sendall(b"HTTP/1.1 %s X\r\n\r\n" % sys.argv[1].encode())
    if sys.argv[1] != "200":
        client.close()
        return
    to = socket.create_connection(("127.0.0.1", int(head.split()[1].rpartition(b":")[2])))
    threading.Thread(target=pump, args=(to, client), daemon=True).start()
    pump(client, to)
listener = socket.create_server(("127.0.0.1", 0))
def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
threading.Thread(target=accept, daemon=True).start()
address = "http://canary-name:canary-password@localhost:%d" % listener.getsockname()[1]
sys.exit(subprocess.run(sys.argv[2:], env=dict(os.environ, https_proxy=address)).returncode)
X
# by_proxy STATUS PROXY-STATUS ARG...
by_proxy() {
	local want=$1 status=$2
	shift 2
	over_tls "$want" right /usr/bin/python3 proxy.py "$status" sh -c '
		export AWS_ENDPOINT_URL=https://pool.test:${AWS_ENDPOINT_URL##*:}
		exec "$@"' sh "$@"
}
title 'by a proxy, which finds the name'
by_proxy 0 200 check-connection --ca-bundle right.pem
is proxy true 'http://localhost:'
is proxy true '(https_proxy)'
is dns true "the proxy's name, localhost: "
is tcp true 'connected to localhost port'
is tls true TLSv1.3
is clock true agrees
title 'a proxy that wants a password'
by_proxy 1 407 check-connection --ca-bundle right.pem
is tls false 'the proxy answers HTTP 407' 'a user and a password'
not_tried tls clock identity role pool "${permissions[@]}" "${last[@]}"
title 'a proxy that forbids the host'
by_proxy 1 403 check-connection --ca-bundle right.pem
is tls false 'the proxy answers HTTP 403' 'ask its administrator to allow pool.test:'
title 'a proxy that cannot reach it now'
by_proxy 75 502 check-connection --ca-bundle right.pem
is tls false 'the proxy answers HTTP 502' 'ask its administrator'
title 'a proxy that is not there'
alone 75 "${keys[@]}" https_proxy=http://127.0.0.1:1 check-connection
is proxy true 'http://127.0.0.1:1/ (https_proxy)'
is tcp false 'cannot connect to 127.0.0.1 port 1' 'The proxy is not there'
title "a proxy's name that is not there"
alone 75 "${keys[@]}" HTTPS_PROXY=nosuch.invalid:3128 check-connection
is proxy true '(HTTPS_PROXY)'
is dns false "the proxy's name, nosuch.invalid: " 'Correct HTTPS_PROXY'
title 'a proxy that is none'
alone 2 "${keys[@]}" 'https_proxy=http://a b' check-connection
is proxy false 'https_proxy is not the address of a proxy' 'http://HOST:PORT'
title 'no_proxy, as libcurl reads it'
alone 75 "${keys[@]}" https_proxy=http://127.0.0.1:1 no_proxy=.invalid check-connection --endpoint-url https://nosuch.invalid
is proxy true 'none: nosuch.invalid is exempt by no_proxy'
is dns false 'nosuch.invalid' 'spelled right'
title 'this machine needs no proxy'
check 0 -- env https_proxy=http://127.0.0.1:1 check-connection
is proxy true 'is this machine'

# The clock.
title 'a clock that is ten minutes behind'
check 1 --clock-offset 600 -- check-connection
is clock false "s behind the service's" 'Set the clock'
is estimate true '40 users'
title 'two minutes are no failure, but told'
check 0 --clock-offset -120 -- check-connection
is clock true "s ahead of the service's"

# Who calls.
title 'a secret key that does not fit'
check 1 -- env AWS_SECRET_ACCESS_KEY=canarySecretKey check-connection
is identity false 'SignatureDoesNotMatch' 'The secret key does not belong to the access key'
not_tried identity role pool "${permissions[@]}" "${last[@]}"
title 'an access key that is not known'
check 1 -- env AWS_ACCESS_KEY_ID=AKIAIOSFODNN7UNKNOWN check-connection
is identity false 'InvalidClientTokenId' 'deleted or made inactive'
title 'a session that is over'
check 1 --session-seconds 1 -- sh -c "
	eval \"\$(assume-role --role-arn $role --external-id cognito-integration --region us-east-1 --format env --allow-insecure-output)\"
	sleep 2; exec check-connection"
is identity false 'ExpiredToken' 'The session is over'
title 'a region that is not the endpoint'\''s'
check 1 -- check-connection --region eu-west-1
is identity false 'SignatureDoesNotMatch' 'signed for region eu-west-1'
title 'without a role it does not matter that STS cannot be reached'
check 0 -- env AWS_ENDPOINT_URL_STS=http://127.0.0.1:1 check-connection --retry-seconds 0
is identity null 'cannot connect to 127.0.0.1:1' 'not AWS'
title 'with one it does'
check 75 -- env AWS_ENDPOINT_URL_STS=http://127.0.0.1:1 check-connection --retry-seconds 0 "${as_role[@]}"
is identity false 'cannot connect to 127.0.0.1:1' 'not AWS'
title 'nor that nobody may ask who calls'
check 0 --fault GetCallerIdentity:denied=100% -- check-connection
is identity null 'GetCallerIdentity: AccessDenied' 'that of a VPC endpoint for STS can'
is 'permission ListUsers' true permitted
check 0 --require-role --fault GetCallerIdentity:denied=100% -- check-connection "${as_role[@]}"
is role true "$role assumed with the external ID"
title '--endpoint-url is not for STS'
check 0 -- sh -c 'url=$AWS_ENDPOINT_URL; export AWS_ENDPOINT_URL_STS=$url AWS_ENDPOINT_URL=http://127.0.0.1:1
	exec check-connection --endpoint-url "$url"'
is configuration true '(--endpoint-url); STS'

# The role.
title 'the wrong external ID'
check 1 --require-role -- check-connection --role-arn $role --external-id another
is role false "AccessDenied: User: arn:aws:iam::123456789012:user/serve-pool is not authorized" \
	'allow sts:AssumeRole to arn:aws:iam::123456789012:user/serve-pool, and its condition on sts:ExternalId must equal what --external-id gives'
is role false AccessDenied "2. The caller's own policy must allow sts:AssumeRole on the role"
lacks out another
not_tried role pool "${permissions[@]}" "${last[@]}"
title 'no external ID'
check 1 --require-role -- check-connection --role-arn $role
is role false AccessDenied 'give that by --external-id'
title 'another role'
check 1 --require-role -- check-connection --role-arn arn:aws:iam::123456789012:role/none
is role false AccessDenied '3. The role must exist'
title 'the role of a profile'
check 0 --require-role -- env AWS_CONFIG_FILE=config check-connection --profile reader
is credentials true 'profile reader (config:'
is identity true ':assumed-role/cognitoApiAccessRole/'
is role true 'assumed: profile reader'
title 'with the wrong external ID there'
check 1 --require-role -- env AWS_CONFIG_FILE=config check-connection --profile other
is credentials true 'profile other (config:'
is identity null 'the role of the profile was not assumed'
is role false AccessDenied 'to arn:aws:iam::123456789012:user/serve-pool, and a condition on sts:ExternalId must equal external_id of the profile'
cat >>config <<X
[profile first]
role_arn = arn:aws:iam::123456789012:role/none
source_profile = caller
[profile chained]
role_arn = $role
source_profile = first
external_id = cognito-integration
[profile long]
role_arn = $role
source_profile = caller
external_id = cognito-integration
duration_seconds = 43200
[profile coded]
role_arn = $role
source_profile = caller
external_id = cognito-integration
mfa_serial = arn:aws:iam::123456789012:mfa/ana
[profile on-broken]
role_arn = $role
source_profile = broken
[profile single-sign-on]
sso_start_url = https://example.awsapps.com/start
X
# with_profile STATUS NAME SERVE-OPTION...: without a terminal.
with_profile() {
	local status=$1 profile=$2
	shift 2
	check "$status" "$@" -- env AWS_CONFIG_FILE=config setsid -w check-connection --profile "$profile"
}
title 'a role on a role that is refused'
with_profile 1 chained
is role false 'AssumeRole: AssumeRole: AccessDenied: ' 'must allow sts:AssumeRole to arn:aws:iam::123456789012:user/serve-pool'
title 'a longer session than the role has'
with_profile 1 long --max-session-seconds 3600
is role false DurationSeconds "raise the role's maximum session duration"
title 'a role that wants a code, and nobody to ask'
with_profile 1 coded --mfa arn:aws:iam::123456789012:mfa/ana=123456
is role false 'an MFA code is needed: no terminal to ask at' '--token-code-fd'
title 'a role that wants a code that nothing asks for'
check 1 --mfa arn:aws:iam::123456789012:mfa/ana=123456 -- check-connection "${as_role[@]}"
is role false AccessDenied 'one on MFA needs a profile with mfa_serial'
title 'no keys to assume it with'
with_profile 1 on-broken
is credentials false 'profile broken (config:' 'their source does not give them'
not_tried credentials identity role pool "${permissions[@]}" "${last[@]}"
title 'a profile of single sign-on'
with_profile 2 single-sign-on
is credentials false 'add credential_process = aws configure export-credentials' 'Correct what the text names'
title 'STS is down: ten seconds, and it may pass'
with_profile 75 reader --fault AssumeRole:error500=100%
is role false 'tries in 10 s)' 'This may pass'

# A web identity.
# with_token STATUS ROLE FILE
with_token() {
	check "$1" --web-identity-token-file good-token -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
		AWS_ROLE_ARN="$2" AWS_WEB_IDENTITY_TOKEN_FILE="$3" check-connection
}
echo canary-good-token >good-token
echo canary-other-token >other-token
title 'a token'
with_token 0 $role good-token
is credentials true 'web identity'
title 'a token that is not good'
with_token 1 $role other-token
is role false 'AssumeRoleWithWebIdentity: InvalidIdentityToken' "not one of an identity provider of the role's account"
title "a token of which the role's trust policy does not know"
with_token 1 arn:aws:iam::123456789012:role/none good-token
is role false 'AssumeRoleWithWebIdentity: AccessDenied' "The role's trust policy must name the token's issuer"
title 'no token there'
with_token 2 $role no-token
is credentials false 'token file no-token: No such file' 'Correct what the text names'

# What AWS says of a denial leads to the policy.
while IFS='|' read -r text hint; do
	title "a denial $text"
	echo "fail 403 AccessDenied User: arn:aws:iam::123456789012:user/ana is not authorized to perform: sts:AssumeRole $text" >mode
	check 1 -- "$HELPERS/fake-sts.py" mode check-connection "${as_role[@]}"
	is role false "$text" "$hint"
done <<'X'
because no identity-based policy allows the sts:AssumeRole action|AWS names the caller's own policy
with an explicit deny in the role trust policy|denies it explicitly
with an explicit deny in a service control policy|its administrators must allow it
because no service control policy allows the sts:AssumeRole action|its administrators must allow it
with an explicit deny in a resource control policy|A resource control policy
because no VPC endpoint policy allows the sts:AssumeRole action|VPC endpoint
because no permissions boundary allows the sts:AssumeRole action|The permissions boundary
because no session policy allows the sts:AssumeRole action|The policy of this session
because no role trust policy allows the sts:AssumeRole action|The trust policy of the role must allow sts:AssumeRole to arn:aws:iam::123456789012:user/ana
X
title 'one policy alone, where AWS names that one'
lacks out 'which of these'

title 'under assume-role'
check 0 --require-role -- assume-role "${as_role[@]}" -- check-connection
is role true "the keys are those of a session of $role"
title 'no role'
check 0 -- check-connection
is role null "the caller's own keys"

# The pool and the permissions.
title "another region's pool"
check 1 -- check-connection --user-pool-id eu-west-1_Other
is pool false 'ResourceNotFoundException: User pool eu-west-1_Other does not exist' \
	"The pool's id begins with eu-west-1, but the region is us-east-1 (AWS_REGION): try --region eu-west-1."
not_tried pool "${permissions[@]}" "${last[@]}"
title 'a pool that is not there, asked about groups'
check 1 -- check-connection --user-pool-id us-east-1_Other --group idp-admin
is pool false 'ResourceNotFoundException' "Is the pool's id (--user-pool-id) right"
title 'one permission is missing'
check 1 --require-role --allow ListUsers,ListUsersInGroup -- check-connection "${as_role[@]}"
is pool true 'us-east-1_EXAMPLE1 is in us-east-1'
is 'permission ListUsers' true permitted
is 'permission ListGroups' false 'AccessDeniedException: ' \
	"Allow cognito-idp:ListGroups on arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_EXAMPLE1 in a policy of $role"
is 'permission ListUsersInGroup' true permitted
is estimate null 'an unknown number of groups'
title 'no permission at all'
check 1 --require-role -- check-connection
is pool null 'denied every operation'
is 'permission ListUsers' false AccessDeniedException 'If these keys are there to assume a role, give it by --role-arn'
is 'page speed' null 'no listing is permitted'
title 'it is throttled'
check 75 --fault ListUsers:throttle=100% -- check-connection --retry-seconds 0
is pool false TooManyRequestsException "Others use up this account's quota"
title 'a little throttling is told and no failure'
check 0 --fault ListUsers:throttle@2 -- check-connection
is quota null '1 of 5 calls here were throttled' 'AWS does not raise this quota'
title 'something else answers there'
check 1 --fault not-json=100% -- check-connection --group idp-admin
is pool false 'HTTP 200 with something that is no answer of the service' 'what stands in between'
title 'half-way'
check 1 --fault ListUsers:no-users@2 -- check-connection --for list-users
is 'page speed' false 'no page of the listing' 'is no such service of AWS'

# Groups.
title 'named groups'
check 0 --allow GetGroup,ListUsersInGroup -- check-connection --group idp-admin --group 'Ж"x"'
is 'group idp-admin' true 'it is there'
is 'group Ж"x"' true 'it is there'
is estimate true '2 groups, 7 memberships; export-oci takes about a second'
title 'one that is not there'
check 1 -- check-connection --group idp-admin --group Idp-admin
is 'group Idp-admin' false 'the pool has no such group' 'case-sensitive'
title 'GetGroup is missing'
check 1 --allow ListUsersInGroup -- check-connection --group idp-admin
is 'group idp-admin' null 'GetGroup is not permitted'
title 'expand-members looks for them by itself'
check 0 --allow ListUsersInGroup -- check-connection --for expand-members --group idp-admin
is 'group idp-admin' true 'it is there'
title 'without names there is nothing to measure'
check 0 --allow ListUsersInGroup -- check-connection --for expand-members
is 'page speed' null 'of which group'
is estimate null 'which groups will be read is not known'
for pipeline in list-groups list-users export-csv oci-app; do
	title "--for $pipeline"
	check 0 -- check-connection --for $pipeline
	ok gojq -e -s 'all(.Ok or .Check == "role")' out
done
is estimate true '40 users, 2 groups'
lacks out 'oci-app takes'

# How many.
pool=large
title 'a large pool: a sample'
check 0 -- check-connection
gojq -r 'select(.Check == "estimate").Detail' out >detail
ok grep -qE '^about [0-9]+ users \(by a sample\), [0-9]+ groups; export-oci takes about ' detail
number=$(sed -E 's/^about ([0-9]+) .*/\1/' detail)
title 'which is not far from the truth'
ok test "$number" -ge 3000 -a "$number" -le 7000
is 'page speed' true '(median of 5)'
title 'DescribeUserPool, where that is permitted'
check 0 --allow all -- check-connection --for list-users
is estimate true 'about 5000 users (by DescribeUserPool); list-users takes'
title 'subs whose every second digit is that of the region'
/usr/bin/python3 - >patterned <<'X'
import random
random.seed(1)
r = lambda: random.choice("0123456789abcdef")
for i in range(5000):
    print('{"Username":"u%d","Attributes":{"sub":"%s4%s8%s4%s8-0000-7000-8000-%012x"}}' % (i, r(), r(), r(), r(), i))
X
pool=patterned check 0 -- check-connection --for list-users
number=$(gojq -r 'select(.Check == "estimate").Detail' out | sed -E 's/^about ([0-9]+) users \(by a sample\).*/\1/')
title 'do not mislead the sample'
ok test "$number" -ge 3000 -a "$number" -le 7000
title 'subs that are none'
sed 's/"sub":"/"sub":"sub-/' patterned >odd
pool=odd check 0 -- check-connection --for list-users
is estimate null 'at least 300 users'
title 'the pace and the speed make the time'
check 0 --allow all --latency 20 -- check-connection --for list-users --max-rate 20
ok gojq -e -s 'map(select(.Check == "page speed"))[0].Detail | capture("^(?<ms>[0-9]+) ms").ms | tonumber >= 20' out
is quota true '20 are used'
ok grep -qE 'list-users takes about [0-9]+ s' out
pool=pool

# What is never asked.
# asked STATUS LOG ARG...: two tests: the status, and that every request is as the service model wants it.
asked() {
	local status=$1 log=$2
	shift 2
	check "$status" -- "$HELPERS/capture.py" "$log" check-connection "$@"
	jq -ac 'select(.method == "POST")' "$log" >"$log.calls"
	"$HELPERS/check-requests.py" "$log.calls" >faults.out 2>&1
	verdict $? "$log: every request is as the model wants it" || show faults.out
}
asked 0 plain.log --role-arn $role --external-id cognito-integration
title 'AdminGetUser, which makes a user billable: never'
lacks plain.log Admin
title 'the one request that is no call carries nothing'
ok gojq -e -s 'map(select(.method != "POST")) | length == 1 and .[0].method == "GET" and .[0].body == "" and
	(.[0].headers | map(.[0] | ascii_downcase) | sort) == ["accept", "host"]' plain.log
asked 0 oracle.log --for oci-app
gojq -r 'select(.body | contains("Username")).body | fromjson.Username' oracle.log >names
title 'for oci-app: about nobody'
ok test "$(grep -cE '^check-connection-[0-9a-f]{32}$' names)" -eq 2 -a "$(wc -l <names)" -eq 2
asked 0 real.log --with-admin-get-user
is 'permission AdminGetUser' true 'who counts as active this month'
gojq -r 'select(.body | contains("Username")).body | fromjson.Username' real.log >names
title 'with --with-admin-get-user: the first user'
same - names <<<canary-user-1
title 'not even its error may tell the name'
check 1 --allow ListUsers -- check-connection --for list-users --with-admin-get-user
is 'permission AdminGetUser' false AccessDeniedException 'Allow cognito-idp:AdminGetUser'
asked 0 groups.log --group idp-admin --group 'Ж"x"'

# Policies.
cat >expected <<X
{
    "PermissionsPolicy": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "cognito-idp:ListUsersInGroup",
                    "cognito-idp:GetGroup"
                ],
                "Resource": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"
            }
        ]
    },
    "TrustPolicy": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {
                    "AWS": "arn:aws:iam::111122223333:user/sync"
                },
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {
                        "sts:ExternalId": "cognito-integration"
                    }
                }
            }
        ]
    },
    "CallerPolicy": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": "$role"
            }
        ]
    }
}
X
principal=(--principal arn:aws:iam::111122223333:user/sync)
title 'the policies, without credentials or network'
alone 0 check-connection --print-policy --user-pool-id eu-west-1_abc --group idp-admin "${as_role[@]}" "${principal[@]}"
same expected out
ok gojq -e . out
title 'into a file'
alone 0 check-connection --print-policy -o policies --user-pool-id eu-west-1_abc --group idp-admin "${as_role[@]}" "${principal[@]}"
same expected policies
title 'without a role: no third policy, no condition, the account of the caller'
check 0 -- check-connection --print-policy --for list-users
ok jq -e 'keys_unsorted == ["PermissionsPolicy", "TrustPolicy"] and
	.PermissionsPolicy.Statement[0].Resource == "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_EXAMPLE1" and
	.TrustPolicy.Statement[0] == {Effect: "Allow", Principal: {AWS: "arn:aws:iam::123456789012:user/serve-pool"}, Action: "sts:AssumeRole"}' out
title 'a role of IAM Identity Center has a path that its session does not tell'
sso=arn:aws:iam::123456789012:role/AWSReservedSSO_Reader_0123456789abcdef
check 0 --role-arn $sso -- assume-role --role-arn $sso --external-id cognito-integration -- check-connection --print-policy
has err 'aws iam get-role --role-name AWSReservedSSO_Reader_0123456789abcdef'
title "a session's principal is its role"
check 0 -- assume-role "${as_role[@]}" -- check-connection --print-policy
ok gojq -e --arg role "$role" '.TrustPolicy.Statement[0].Principal.AWS == $role' out
title '--with-admin-get-user adds the action'
check 0 -- check-connection --print-policy --for list-users --with-admin-get-user
ok gojq -e '.PermissionsPolicy.Statement[0].Action == ["cognito-idp:ListUsers", "cognito-idp:AdminGetUser"]' out
while read -r region partition; do
	title "the partition of $region"
	alone 0 check-connection --print-policy --region "$region" --user-pool-id x_1 "${as_role[@]}" "${principal[@]}"
	has out "\"arn:$partition:cognito-idp:$region:123456789012:userpool/x_1\""
done <<'X'
cn-north-1 aws-cn
us-gov-west-1 aws-us-gov
eusc-de-east-1 aws-eusc
us-iso-east-1 aws-iso
us-isob-east-1 aws-iso-b
mx-central-1 aws
X
title 'nobody to ask'
alone 2 env check-connection --print-policy --user-pool-id us-east-1_x "${as_role[@]}"
has err 'no credentials'
empty out
title 'an answer that is a refusal'
check 1 -- env AWS_SECRET_ACCESS_KEY=canarySecretKey check-connection --print-policy
has err 'GetCallerIdentity: SignatureDoesNotMatch'
empty out
title '/dev/full'
alone 1 sh -c "check-connection --print-policy --user-pool-id us-east-1_x ${as_role[*]} ${principal[*]} >/dev/full"

# Wrong usage.
usage() {
	title "usage: $1"
	local text=$1
	shift
	alone 2 "${keys[@]}" AWS_ENDPOINT_URL=http://127.0.0.1:1 check-connection "$@"
	has err "$text"
	empty out
}
usage 'no operands' pool
usage '--for: none of' --for export
usage '--group: list-users takes no names' --for list-users --group a
usage '--group: empty' --group ''
usage '--group: empty, longer' --group "$(printf '%0129d' 0)"
usage '--group: empty, longer' --group $'\xff'
usage '--external-id: needs --role-arn' --external-id x1
usage '--role-session-name: needs --role-arn' --role-session-name x1
usage '--role-arn: not an ARN of a role' --role-arn arn:aws:iam::12345:role/x
usage '--external-id: not 2 to 1224' --role-arn $role --external-id 'a b'
usage '--format: neither json nor table' --format csv
usage '--format: not with --print-policy' --format json --print-policy
usage '--principal: only with' --principal arn:aws:iam::111122223333:user/sync
usage '--principal: not the ARN' --print-policy --principal '*'
usage '--principal: not the ARN' --print-policy --principal 'arn:aws:iam::111122223333:user/*'
usage '--principal: not the ARN' --print-policy --principal arn:aws:s3:::bucket
for kind in group/devs policy/x saml-provider/x instance-profile/x user/ role/a/ rootx; do
	usage '--principal: not the ARN' --print-policy --principal "arn:aws:iam::111122223333:$kind"
done
usage '--principal: not the ARN' --print-policy --principal arn:aws:iam:us-east-1:111122223333:user/sync
usage '--principal: not the ARN' --print-policy --principal arn:aws:sts::111122223333:assumed-role/sync
for who in 111122223333 arn:aws:iam::111122223333:{root,user/p/sync,role/p/sync} \
	arn:aws:sts::111122223333:{assumed-role/sync/a,federated-user/ana}; do
	title "--principal $who"
	alone 0 check-connection --print-policy --user-pool-id us-east-1_x "${as_role[@]}" --principal "$who"
	has out "\"AWS\": \"$who\""
done
usage '--user-pool-id: not a user pool id' --user-pool-id x
title 'no pool'
alone 2 env -u COGNITO_USER_POOL_ID check-connection
has err 'no user pool'

title 'nowhere a name of a user, an address, a password or a key'
grep -ai 'canary\|wJalr' everything >found
empty found
title 'every failure has a hint'
grep '^{"Check"' everything | jq -c 'select((.Ok == false and .Hint == null) or (.Ok == true and .Hint != null))' >wrong
empty wrong

# The examples of the page, as they stand there.
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$TOP/man/check-connection.1" |
	awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0; print "---"; next }
		/^\.Dl / { print substr($0, 5); print "---"; next } on' | sed 's/\\e/\\/g' >examples
csplit -s -z --suppress-matched -f example- examples '/^---$/' '{*}'
cp pool dump.ndjson
echo '{"GroupName":"idp-support"}' >>pool
sed "s|$role|arn:aws:iam::123456789012:role/reader|" config >"$HOME/config"
mkdir shim
# The real one, which checks the arguments and asks nobody.
aws=$(command -v aws)
printf '#!/bin/sh\nexec %s "$@" --generate-cli-skeleton output\n' "$aws" >shim/aws
chmod +x shim/aws
examples=(example-*)
title 'the page has five examples'
ok test ${#examples[@]} -eq 5
for example in "${examples[@]}"; do
	title "$(head -n 1 "$example")"
	run 0 serve --user-pool-id eu-west-1_abc --region eu-west-1 --role-arn arn:aws:iam::123456789012:role/reader pool -- \
		env PATH="$T/shim:$PATH" AWS_CONFIG_FILE="$HOME/config" bash -e -o pipefail "$example"
	empty err
done
for file in permissions trust caller; do
	title "$file.json"
	ok gojq -e '.Version == "2012-10-17" and (.Statement | length == 1)' $file.json
done

finish
