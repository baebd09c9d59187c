#!/usr/bin/env bash
# assume-role(1) -- CMD: what CMD finds, whom the endpoint on loopback answers, renewal for as long as
# CMD runs, signals, and the ends of both.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
planted=(process.sh)
# Mostly waits.

role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
external=cognito-integration
caller=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
printf '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}\n' >pool.ndjson
as_role=(assume-role --role-arn "$role" --external-id "$external")
helpers=$TOP/tests/helpers

# under STATUS SCRIPT: the bash script as CMD, which finds in $uri and $token where the endpoint is.
under() {
	printf '%s\n' 'uri=$AWS_CONTAINER_CREDENTIALS_FULL_URI token=$AWS_CONTAINER_AUTHORIZATION_TOKEN' "$2" >script
	run "$1" serve --require-role pool.ndjson -- "${as_role[@]}" -- bash script
}
# await CONDITION...: until the command succeeds; the test fails after a minute.
await() {
	local i
	for ((i = 0; i < 1200; i++)); do
		if "$@" 2>/dev/null; then return 0; fi
		sleep 0.05
	done
	title "in vain: $*"
	ok false
	return 1
}

# What CMD has in its environment, and what a child of it has.
misleading=(AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ACCOUNT_ID AWS_ROLE_ARN AWS_CREDENTIAL_FILE
	AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
	AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_CREDENTIAL_EXPIRATION)
printf '[profile wrong]\nregion = eu-west-1\n' >config
title 'no key reaches the command'
run 0 serve pool.ndjson -- env "${misleading[@]/%/=wrong}" AWS_CREDENTIAL_EXPIRATION=2036-01-01T00:00:00Z \
	AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/wrong AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong \
	AWS_CONFIG_FILE=config COGNITO_CREDENTIAL_PROCESS=kept "${as_role[@]}" -- \
	sh -c 'tr "\0" "\n" </proc/self/environ; sh -c "tr \"\\0\" \"\\n\" </proc/self/environ" >child; tr "\0" "\n" </proc/$PPID/cmdline >cmdline'
for file in out child; do
	title "what misleads is gone ($file)"
	lacks $file wrong
	lacks $file "$caller"
	title 'no key at all'
	ok bash -c "! grep -E '^AWS_(ACCESS|SECRET|SESSION|CREDENTIAL)|ASIA|AKIA' $file"
	title 'the way to the endpoint'
	ok grep -Eq '^AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127\.0\.0\.1:[0-9]+/[0-9a-f]{64}$' $file
	ok grep -Eq '^AWS_CONTAINER_AUTHORIZATION_TOKEN=[0-9a-f]{64}$' $file
	has $file AWS_CONFIG_FILE=/dev/null
	has $file AWS_SHARED_CREDENTIALS_FILE=/dev/null
	has $file BOTO_CONFIG=/dev/null
	has $file AWS_EC2_METADATA_DISABLED=true
	has $file AWS_REGION=us-east-1
	has $file COGNITO_CREDENTIAL_PROCESS=kept
done
title 'no token in the arguments'
lacks cmdline "$(sed -n 's/^AWS_CONTAINER_AUTHORIZATION_TOKEN=//p' out)"

title 'what the profile says reaches the command'
cat >config <<X
[profile reader]
region = eu-west-1
source_profile = base
role_arn = $role
external_id = $external
services = local
ca_bundle = $T/config
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $caller
[services local]
cognito_identity_provider =
  endpoint_url = http://127.0.0.1:1
cognito_identity =
  endpoint_url = http://127.0.0.1:2
sts =
  endpoint_url = ENDPOINT
X
run 0 serve --region eu-west-1 pool.ndjson -- bash -c 'sed -i "s|ENDPOINT|$AWS_ENDPOINT_URL|" config
	env -u AWS_REGION -u AWS_DEFAULT_REGION -u AWS_ENDPOINT_URL -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
		AWS_CONFIG_FILE=config assume-role --profile reader -- env'
has out AWS_REGION=eu-west-1
has out AWS_DEFAULT_REGION=eu-west-1
has out AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=http://127.0.0.1:1
has out AWS_ENDPOINT_URL_COGNITO_IDENTITY=http://127.0.0.1:2
has out AWS_ENDPOINT_URL_STS=http://127.0.0.1:
has out "AWS_CA_BUNDLE=$T/config"
lacks out "$caller"

# Proxies.
proxied() { run 0 serve pool.ndjson -- env "$@" "${as_role[@]}" -- env; grep -i '^no_proxy=' out | sort >found; }
title 'a proxy is not for this machine'
proxied http_proxy=http://127.0.0.1:1
same - found <<'X'
NO_PROXY=127.0.0.1,localhost
no_proxy=127.0.0.1,localhost
X
title 'what was excepted before stays so'
proxied HTTP_PROXY=http://127.0.0.1:1 NO_PROXY=corp.example
same - found <<'X'
NO_PROXY=corp.example,127.0.0.1,localhost
X
title 'everything excepted stays everything'
proxied ALL_PROXY=http://127.0.0.1:1 'no_proxy=*'
same - found <<'X'
no_proxy=*
X
title 'without a proxy nothing is said'
proxied https_proxy=
empty found
title 'a client that honours the proxy reaches the endpoint'
run 0 serve pool.ndjson -- env http_proxy=http://127.0.0.1:1 "${as_role[@]}" -- \
	sh -c 'curl -sf -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"'
has out '"AccessKeyId"'

# The endpoint.
title 'the answer is what the container protocol says'
under 0 'curl -sf -D headers -H "Authorization: $token" "$uri"'
ok /usr/bin/python3 - out <<'X'
import datetime, json, sys
d = json.load(open(sys.argv[1]))
assert list(d) == ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"], list(d)
assert d["AccessKeyId"].startswith("ASIA") and d["SecretAccessKey"] and d["Token"]
end = datetime.datetime.strptime(d["Expiration"], "%Y-%m-%dT%H:%M:%S.%fZ")
assert 3000 < (end - datetime.datetime.utcnow()).total_seconds() <= 3600
X
has headers 'Content-Type: application/json'
has headers 'Cache-Control: no-store'
lacks out "$caller"

# asked WANTED CURL-ARGUMENTS: the status of the answer, which holds no key.
asked() {
	title "$1 to: $2"
	under 0 "port=\${uri#http://127.0.0.1:} port=\${port%%/*}; curl -s -o body -w '%{http_code}' $2"
	echo -n "$1" >wanted
	same wanted out
	ok gojq -e 'keys == ["code", "message"]' body
	lacks body ASIA
}
asked 401 '"$uri"'
asked 401 '-H "Authorization: ${token}0" "$uri"'
asked 401 '-H "Authorization: ${token%?}" "$uri"'
asked 401 '-H "Authorization: $(tr 0-9a-f 1-9a-f0 <<<"$token")" "$uri"'
asked 401 '-H "Authorization: Bearer $token" "$uri"'
asked 401 '-H "Authorization;" "$uri"'
asked 404 '-H "Authorization: $token" "${uri%?}"'
asked 404 '-H "Authorization: $token" "$uri/"'
asked 404 '-H "Authorization: $token" "http://127.0.0.1:$port/"'
asked 405 '-H "Authorization: $token" -d x "$uri"'
asked 405 '-H "Authorization: $token" -X PUT "$uri"'
asked 405 '-H "Authorization: $token" -X DELETE "$uri"'
asked 403 '-H "Authorization: $token" -H "Host: evil.example:$port" "$uri"'
asked 403 '-H "Authorization: $token" -H "Host: 127.0.0.1" "$uri"'
asked 403 '-H "Authorization: $token" -H "Host: 127.0.0.1:1" "$uri"'
asked 403 '-H "Authorization: $token" -H "Host:" --http1.0 "$uri"'
title 'localhost is this machine, too'
under 0 'port=${uri#http://127.0.0.1:}
	curl -sf -H "Authorization: $token" -H "Host: LocalHost:${port%%/*}" "$uri"'
has out '"AccessKeyId"'
title 'it listens on loopback alone'
under 0 'port=${uri#http://127.0.0.1:} port=${port%%/*}
	for file in /proc/net/tcp /proc/net/tcp6; do
		awk -v port="$(printf %04X "$port")" "\$4 == \"0A\" && \$2 ~ (\":\" port \"\$\") { print \$2 }" $file
	done'
ok grep -Exq '0100007F:[0-9A-F]{4}' out
ok test "$(wc -l <out)" -eq 1
title 'path and token differ from run to run'
for i in 1 2; do
	under 0 'echo "${uri##*/} $token"'
	mv out chance.$i
done
ok bash -c '! grep -qF -e "$(cut -d" " -f1 chance.1)" -e "$(cut -d" " -f2 chance.1)" chance.2'
title 'who is slow keeps nobody waiting'
under 0 'port=${uri#http://127.0.0.1:} port=${port%%/*}
	for i in $(seq 20); do exec {fd}<>/dev/tcp/127.0.0.1/$port; printf "GET /" >&$fd; done
	curl -sf -H "Authorization: $token" "$uri" >first
	printf "%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n" "${uri##*/}" "$port" "$token" >&$fd
	cat <&$fd'
has first '"AccessKeyId"'
has out '"AccessKeyId"'
title 'garbage is no harm'
under 0 'port=${uri#http://127.0.0.1:} port=${port%%/*}
	for i in $(seq 20); do exec 3<>/dev/tcp/127.0.0.1/$port; head -c 100000 /dev/urandom >&3; exec 3>&-; done 2>/dev/null
	curl -sf -H "Authorization: $token" "$uri"'
has out '"AccessKeyId"'
title 'many at once'
under 0 'for i in $(seq 40); do curl -sf -H "Authorization: $token" "$uri" >many.$i & done; wait; cat many.* | jq -r .AccessKeyId | sort -u | wc -l'
same - out <<'X'
1
X
title 'under another assume-role'
run 0 serve --require-role pool.ndjson -- "${as_role[@]}" -- sh -c '
	assume-role --role-arn '$role' --external-id '$external' -- true; echo $?; list-users'
same - out <<'X'
1
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}
X
has err 'AssumeRole: AccessDenied'

# Renewal.  A session has to last longer than the machine needs for one call, and nobody knows how long
# that is: who is too slow for a short one gets longer ones.
# sessions SECONDS... -- CMD...: "run 0" of CMD, whose words SESSION, IDLE and LATENCY depend on the seconds, at the
# first of them with which it ends well.
sessions() {
	local lengths=() length cmd
	while [ "$1" != -- ]; do lengths+=("$1"); shift; done
	shift
	for length in "${lengths[@]}"; do
		cmd=("${@//SESSION/$length}")
		cmd=("${cmd[@]//IDLE/$((length * 3))}")
		cmd=("${cmd[@]//LATENCY/$((length * 125))}")
		rm -f log process.env
		"${cmd[@]}" >out 2>err </dev/null && break
	done
	judge_run $? 0 "$*"
}
make-pool -n 1500 >many.ndjson
run 0 serve many.ndjson -- list-users -o whole
title 'a list of many sessions, where nothing is refused'
sessions 2 8 32 -- bash -c 'serve-pool --session-seconds SESSION --latency LATENCY --require-role --log log many.ndjson -- "$@" &&
	! grep -v "\"Status\":200" log' bash "${as_role[@]}" -v -- list-users -v -o users
same whole users
title 'the role was assumed again and again'
ok test "$(grep -c '"AssumeRole"' log)" -ge 3
has err ': renewed until 20'
title 'long idle, then a call'
sessions 1 4 16 -- serve-pool --session-seconds SESSION --require-role pool.ndjson -- "${as_role[@]}" -- \
	sh -c 'list-users >/dev/null && sleep IDLE && list-users'
has out '{"Username":"ana"'

# What gives the caller's keys finds its own environment each time, not the command's.
cat >process.sh <<X
#!/bin/sh
env | grep '^AWS_' | grep -v '^AWS_ENDPOINT_URL=' >>process.env
echo '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"$caller","Expiration":"'\$(date -ud '+2 seconds' +%FT%TZ)'"}'
X
chmod +x process.sh
cat >config <<X
[profile base]
credential_process = $T/process.sh
[profile reader]
source_profile = base
role_arn = $role
external_id = $external
X
title 'a credential_process is asked again as it was the first time'
sessions 1 4 16 -- serve-pool --session-seconds SESSION --require-role pool.ndjson -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
	AWS_CONFIG_FILE="$T/config" assume-role --profile reader -- sh -c 'list-users && sleep IDLE && list-users'
ok test "$(grep -c "^AWS_CONFIG_FILE=$T/config" process.env)" -ge 2
lacks process.env AWS_CONTAINER
lacks process.env /dev/null
# The command waits, forked, for the role: one that dies meanwhile tells nobody of it by a signal.
printf '[profile slow]\ncredential_process = sh %s/slow.sh\n' "$T" >slow.config
cat >slow.sh <<X
until [ -e $T/go ]; do sleep 0.05; done
exec ./process.sh
X
cat >early.sh <<'X'
"$@" & p=$!
until child=$(cat "/proc/$p/task/$p/children") && [ -n "$child" ]; do sleep 0.05; done
kill -KILL "${child%% *}"
: >go
wait $p
X
title 'a command that is killed while its role is being assumed'
run 137 serve pool.ndjson -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_CONFIG_FILE="$T/slow.config" \
	timeout 120 bash early.sh "${as_role[@]}" --profile slow -- true

# An STS that is slow, or down: fake-sts.py does what ./mode says.
fake() {
	printf '%s\n' 'uri=$AWS_CONTAINER_CREDENTIALS_FULL_URI token=$AWS_CONTAINER_AUTHORIZATION_TOKEN
		ask() { curl -s -m 60 -w "%{http_code}\n" -o body -H "Authorization: $token" "$uri"
			sed -nE "s/.*\"(AccessKeyId|message)\": *\"([^\"]*)\".*/\\2/p" body; echo; }
		calls() { wc -l <mode.log; }
		await() { for i in $(seq 400); do "$@" && return; sleep 0.25; done; echo "in vain: $*"; exit 98; }
		more() { [ "$(calls)" -gt "$1" ]; }' "$3" >script
	rm -f mode.log
	echo "$2" >mode
	run "$1" "$helpers/fake-sts.py" mode assume-role --retry-seconds 0 --role-arn $role -- bash script
}
title 'while STS hangs, the keys at hand are given'
fake 0 'ok 16' 'echo hang >mode
	asking() { ask >asked; more 1; }
	await asking; ask; echo ok 3600 >mode
	renewed() { ask >asked; grep -q 0002 asked; }
	await renewed; cat asked'
same - out <<'X'
200
ASIAFAKEFAKEFAKE0001
200
ASIAFAKEFAKEFAKE0002
X
# Longer than the endpoint lets a client be idle.
cat >waiting.py <<'X'
import http.client, os, threading, time, urllib.parse
uri = urllib.parse.urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
token = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
def mode(text):
    with open("new", "w") as f: f.write(text)
    os.rename("new", "mode")
def ask(c):
    c.request("GET", uri.path, headers=token)
    answer = c.getresponse()
    answer.read()
    return answer.status
def wait(c):
    try: seen.append(ask(c))
    except Exception as e: seen.append(repr(e))
clients = [http.client.HTTPConnection(uri.hostname, uri.port, timeout=60) for _ in range(6)]
for ending in ("ok 1", "fail 403 AccessDenied"):
    seen = []
    for c in clients: c.connect()
    for c in clients[:3]: ask(c)
    time.sleep(1.5)
    mode("hang")
    threads = [threading.Thread(target=wait, args=(c,)) for c in clients]
    for t in threads:
        t.start()
        time.sleep(0.1)
    time.sleep(12)
    mode(ending)
    for t in threads: t.join()
    for c in clients: c.close()
    print(*seen)
X
title 'who waits for new keys is not taken for idle, and a failure is that of all who wait'
fake 0 'ok 1' 'exec /usr/bin/python3 waiting.py'
same - out <<'X'
200 200 200 200 200 200
400 400 400 400 400 400
X
title 'one question for all of them'
ok test "$(grep -c hang mode.log)" -eq 2
title 'a command that ends while STS hangs is not waited for'
fake 7 'ok 4' 'echo hang >mode
	asking() { ask >asked; more 1; }
	await asking; exit 7'
title 'while STS is down the keys are given until their end'
fake 0 'ok 16' 'echo fail 503 ServiceUnavailable >mode
	asking() { ask >asked; grep -q 200 asked && more 1; }
	await asking; cat asked
	over() { ask >asked; ! grep -q 200 asked; }
	await over; cat asked
	echo ok 3600 >mode; ask | head -n 1'
sed -n 1,3p out >first
same - first <<'X'
200
ASIAFAKEFAKEFAKE0001
503
X
has out 'AssumeRole: ServiceUnavailable: as the mode says'
title 'and when it is up again there are new ones'
ok test "$(tail -n 1 out)" = 200
title 'a refusal is told, and what is refused holds no key'
fake 0 'ok 1' 'echo fail 403 AccessDenied >mode
	over() { ask >asked; ! grep -q 200 asked; }
	await over; cat asked body; list-users --user-pool-id us-east-1_EXAMPLE1 --retry-seconds 0; echo $?'
has out 'AssumeRole: AccessDenied: as the mode says'
lacks out canary
ok test "$(head -n 1 out)" = 400
has err 'container endpoint'
has err 'NotRenewed'
lacks err canary
title 'nobody asks, nothing is renewed'
fake 0 'ok 1' 'sleep 3'
ok test "$(wc -l <mode.log)" -eq 1

# The end, and signals.  A shell has INT and QUIT ignored in what it starts in the background.
cat >default-signals.py <<'X'
import os, signal, sys
for number in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
X
# beside_me SCRIPT: starts it as CMD in the background, and waits until it has written ./parent, the
# number of assume-role's process.
beside_me() {
	rm -f parent got
	printf '%s\n' "$1" >script
	/usr/bin/python3 default-signals.py serve-pool pool.ndjson -- "${as_role[@]}" -- bash script >out 2>err </dev/null &
	server=$!
	await test -s parent
}
loop='echo $PPID >new; mv new parent; for i in $(seq 1200); do sleep 0.05; done'
for signal in TERM HUP INT QUIT USR1 USR2; do
	beside_me "trap 'echo $signal >>got; exit 9' $signal; $loop"
	kill -"$signal" "$(cat parent)"
	wait $server
	status=$?
	title "SIG$signal reaches the command, whose status counts"
	ok test $status -eq 9
	title 'once'
	echo $signal >wanted
	same wanted got
done
title 'the command dies of it: so it is told'
beside_me "$loop"
kill -TERM "$(cat parent)"
wait $server
ok test $? -eq 143
title 'a signal that is ignored from the start stays so (nohup)'
run 0 serve pool.ndjson -- bash -c 'trap "" HUP; exec '"${as_role[*]}"' -- bash -c "kill -HUP \$PPID; kill -HUP \$\$; echo alive"'
has out alive
title 'Ctrl-C reaches the command once, and it decides'
cat >script <<'X'
trap 'echo INT >>got' INT
rm -f got
echo 'rea''dy'
until [ -s got ]; do sleep 0.05; done
sleep 0.3
exit 4
X
run 4 serve pool.ndjson -- "$helpers/terminal.py" expect=ready send=^C -- "${as_role[@]}" -- bash script
same - got <<'X'
INT
X
title 'a command that dies of Ctrl-C'
run 130 serve pool.ndjson -- "$helpers/terminal.py" expect=ready send=^C -- "${as_role[@]}" -- \
	sh -c 'echo rea""dy; exec sleep 60'
title 'the terminal hangs up (ssh -t): the command is told'
cat >hangup.py <<'X'
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while not os.path.exists("listening"):
    time.sleep(0.05)
os.close(fd)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
X
run 9 serve pool.ndjson -- /usr/bin/python3 hangup.py "${as_role[@]}" -- \
	bash -c 'trap "exit 9" HUP; : >listening; for i in $(seq 1200); do sleep 0.05; done'
title 'a shell that suspends itself gives the terminal back, and goes on with it'
run 4 serve pool.ndjson -- env PS1='outer> ' "$helpers/terminal.py" expect='outer> ' \
	send="${as_role[*]} -- env PS1=in'ner> ' bash --norc -i^M" expect='inner> ' send='suspend^M' \
	expect=Stopped expect='outer> ' send='fg^M' send='exit 4^M' expect='outer> ' send='exit $?^M' -- \
	bash --norc -i
title 'killed, it leaves the command alone, without its endpoint'
beside_me 'echo $PPID >new; mv new parent
	while kill -0 $PPID 2>/dev/null && ! grep -q "^State:.Z" /proc/$PPID/status; do sleep 0.05; done
	curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"
	echo "curl: $?" >new; mv new went-on'
kill -KILL "$(cat parent)"
wait $server
ok test $? -eq 137
await test -s went-on
same - went-on <<'X'
curl: 7
X
title 'a child that the command leaves behind holds nothing up'
run 5 serve pool.ndjson -- "${as_role[@]}" -- sh -c 'sleep 30 >/dev/null 2>&1 & echo $! >orphan; exit 5'
kill "$(cat orphan)"

finish
