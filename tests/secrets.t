#!/usr/bin/env bash
# Not for sanitizers.
# Secrets and personal data are planted, and searched for in everything that a command lets out:
# what strace saw of it (helpers/find-secrets.py, which is tested first), messages, core files.
. "$(dirname "$0")/lib.sh"
planted=(trace config echoed keys.json planted process.out spied)
# Mostly waits.
HELPERS=$TOP/tests/helpers
umask 077

role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
external=cognito-integration
serial=arn:aws:iam::123456789012:mfa/ana
web_token=eyCanaryOfTheWebIdentity.$(printf '%064d' 7).abcdefghijklmnop
container_token=canary-of-the-container-token-0123
code=918273
user=canaryUserNameOne
mail=canary.mail.one@example.com
keys=(AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE "AWS_SECRET_ACCESS_KEY=$known_secret")
no_keys=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY)
assume=(assume-role --role-arn "$role" --external-id "$external")

cat >pool.ndjson <<EOF
{"Username":"$user","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"canary-of-a-sub-000001","email":"$mail","name":"canaryAttributeValue"}}
{"GroupName":"staff"}
{"GroupName":"staff","Username":"$user"}
EOF
echo '{"GroupName":"staff"}' >groups
echo '{"Username":"canaryUserNameOne"}' >users
printf '%s\n' "$web_token" >web.token
printf '%s\n' "$code" >code
printf '%s %s\n' "$known_secret" "$web_token" >echoed
cat >keys.json <<EOF
{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"$known_secret"}
EOF
cat >config <<EOF
[profile static]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $known_secret
[profile role]
role_arn = $role
external_id = $external
source_profile = static
[profile role-of-environment]
role_arn = $role
external_id = $external
credential_source = Environment
[profile role-of-container]
role_arn = $role
external_id = $external
credential_source = EcsContainer
[profile process]
credential_process = cat $T/keys.json
[profile role-of-process]
role_arn = $role
external_id = $external
source_profile = process
[profile process-of-role]
credential_process = assume-role --profile static --role-arn $role --external-id $external --format process
[profile web]
role_arn = $role
web_identity_token_file = $T/web.token
EOF
export AWS_CONFIG_FILE=$T/config

# The keys of a session, as a caller can have them in the environment: they are good beside every
# serve-pool of the same seed, which is not the others' seed: its first session has the same keys.
serve --seed 2 pool.ndjson -- "${assume[@]}" --format env-no-export >session.env
session=()
while IFS="=" read -r name value; do
	value=${value#\'}
	session+=("$name=${value%\'}")
done < <(grep '^AWS_[A-Z_]*=' session.env)

# What was planted; and for lib.sh, whose canaries are searched for in every ./err, in pieces.
{
	printf 'long-term\tthe secret key\t%s\n' "$known_secret"
	printf 'secret\tthe web identity token\t%s\n' "$web_token"
	printf 'secret\tthe container token\t%s\n' "$container_token"
	printf 'secret\tthe metadata token\tcanary-of-the-session-token==\n'
	printf 'secret\tthe token code\t%s\n' "$code"
	for pair in "${session[@]}"; do
		case $pair in
		AWS_SECRET_ACCESS_KEY=* | AWS_SESSION_TOKEN=*) printf "secret\tthe session's %s\t%s\n" "${pair%%=*}" "${pair#*=}" ;;
		esac
	done
	printf 'personal\ta user name\t%s\n' "$user"
	printf 'personal\tan e-mail address\t%s\n' "$mail"
	printf 'personal\tan attribute\tcanaryAttributeValue\n'
	printf 'personal\ta sub\tcanary-of-a-sub-000001\n'
} >planted
pieces() { while IFS= read -r value; do
	for ((i = 0; i == 0 || i + 12 <= ${#value}; i += 4)); do echo "${value:i:12}"; done
done; }
grep -v '^personal' planted | cut -f 3 | pieces >no-output
cut -f 3 planted | pieces >canaries
ok test "$(wc -l <planted)" -eq 11

# strace cannot read the memory of a process that is not dumpable, unless it is root's; so the prctl
# that makes it so is answered by strace itself.  The leak checker would be in its way, too.
# shellcheck disable=SC2054 # commas of strace
strace=(strace -f -qq -v -y -s 1000000 -e signal=none -E ASAN_OPTIONS=detect_leaks=0 -o trace
	-e trace=execve,execveat,open,openat,openat2,creat,chmod,fchmod,fchmodat,read,readv,recvfrom,recvmsg,write,writev,pwrite64,pwritev,sendto,sendmsg,connect,socketpair,prctl
	-e inject=prctl:retval=0)

# The search itself: a command that leaks on purpose, and what is found then.
# found TEXT CMD...: one test: of CMD, run with the keys in its environment, TEXT is found.
found() {
	local text=$1 status=0
	shift
	"${under[@]}" MAIL="$mail" "${strace[@]}" "$@" >out 2>err </dev/null
	"$HELPERS/find-secrets.py" "${options[@]}" planted trace >findings 2>&1 || status=$?
	rm -f out err
	[ $status -eq "$wanted" ] && { [ $status -eq 0 ] || grep -qxF -e "$text" findings; }
	verdict $? "the search finds: ${text:-nothing wrong}" || show findings
}
# shellcheck disable=SC2016 # expanded in bash -c, by the leaking command
plants() {
	local options=() wanted=1 under=(env "${keys[@]}")
	found 'argv: of printf: the secret key' bash -c 'env printf %s "$AWS_SECRET_ACCESS_KEY" >/dev/null'
	found 'argv: of printf: the secret key' bash -c 'env printf %s "\"], [\"$AWS_SECRET_ACCESS_KEY" >/dev/null'
	found 'argv: of printf: the secret key' bash -c 'env printf %s "key=${AWS_SECRET_ACCESS_KEY:3:17}" >/dev/null'
	found 'env: of env: the secret key' bash -c 'env; :'
	found 'stdout: the secret key' bash -c 'echo "$AWS_SECRET_ACCESS_KEY"'
	found 'stderr: the secret key' bash -c 'echo "no access: $AWS_SECRET_ACCESS_KEY" >&2'
	found 'stderr: the secret key' bash -c 'echo "no access: ${AWS_SECRET_ACCESS_KEY:20:16}..." >&2'
	found 'stderr: the secret key' bash -c 'printf %s "${AWS_SECRET_ACCESS_KEY::9}" >&2; printf %s "${AWS_SECRET_ACCESS_KEY:9}" >&2'
	found 'stderr: an e-mail address' bash -c 'echo "$MAIL is not known" >&2'
	found 'file: leak: the secret key' bash -c 'echo "$AWS_SECRET_ACCESS_KEY" >leak; rm leak'
	found 'file: leak is made for others than its owner' bash -c 'echo "$MAIL" >leak'
	found 'file: opened up for others than its owner' chmod 644 leak
	found 'network: an address of another machine, IPv4' bash -c 'exec 3<>/dev/udp/192.0.2.1/9'
	found 'network: an address of another machine, IPv6' bash -c 'exec 3<>/dev/udp/2001:db8::1/9'
	found 'network: sent: the secret key' bash -c 'exec 3<>/dev/udp/127.0.0.1/9; echo "$AWS_SECRET_ACCESS_KEY" >&3'
	found "stdout: the role's SecretAccessKey" bash -c 'read -r line <role.json; echo "$line"'
	wanted=2
	options=(--learns)
	found 'too little: no keys of a role were seen' true
	options=() under=(env)
	found 'too little: no planted secret was seen at all' true
	wanted=0 under=(env "${keys[@]}")
	found '' bash -c 'unset AWS_SECRET_ACCESS_KEY; read -r line <role.json; mktemp leak.XXXXXX; exec 3<>/dev/udp/127.0.0.1/9'
}
# What a command hands to its own helper, whose sockets were made while strace looked at another one.
cat >trace <<X
1 execve("/bin/x", ["x"], ["AWS_SECRET_ACCESS_KEY=$known_secret"]) = 0
1 socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0,  <unfinished ...>
2 read(3</x>, "y", 1) = 1
1 <... socketpair resumed>[4<socket:[10]>, 5<socket:[11]>]) = 0
1 sendto(4<socket:[10]>, "$known_secret", 40, 0, NULL, 0) = 40
X
title 'a pair of sockets is known when its call was interrupted'
run 0 "$HELPERS/find-secrets.py" planted trace
printf '{"SecretAccessKey":"%s"}\n' KeyOfTheRole01234567890123456789abcdefgh >role.json
plants

# And lib.sh: a test that leaks fails, and says so without the secret.
cat >leaking.t <<'X'
. "$TOP/tests/lib.sh"
echo 'a value of this test' >"$T/canaries"
title x
run 0 sh -c "echo key $known_secret >&2"
title x
run 0 sh -c 'printf "%0100d\n" 7 >&2'
title x
run 0 sh -c 'echo key ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890abc >&2'
title x
run 0 sh -c 'echo key 9e107d9d372bb6826bd81d3542a419d69e107d9d372bb6826bd81d3542a419d6 >&2'
title x
run 0 sh -c 'echo this is a value of this test >&2'
title x
run 0 sh -c 'echo da39a3ee5e6b4b0d3255bfef95601890afd80709 /usr/share >&2'
title x
run 0 sh -c 'echo ana@example.com is not known >&2'
title x
feed 0 /dev/null sh -c "echo key $known_secret >&2"
mkdir elsewhere
echo "$known_secret" >elsewhere/err
finish
X
TOP=$TOP bash leaking.t >leaking.out 2>leaking.err
title 'a test that leaks fails'
grep -E '^(not )?ok|^1' leaking.out | cut -d' ' -f 1-2 >leaking
same - leaking <<'X'
not ok
not ok
not ok
not ok
not ok
ok 6
not ok
not ok
not ok
not ok
not ok
not ok
1..12
X
title 'and says why'
grep -c '^# leaked: ' leaking.err >count
same - count <<<9
title 'without the secret'
! grep -qF -e "$known_secret" leaking.err
verdict $? ''

# Ways to credentials, and commands.
# way NAME: sets under, what stands between serve-pool and the command, roles, whether a role is
# assumed by the command itself, and seed.
way() {
	roles=() seed=1
	case $1 in
	environment) under=(env) ;;
	session) under=(env "${session[@]}") seed=2 ;;
	web) under=("${no_keys[@]}" AWS_WEB_IDENTITY_TOKEN_FILE="$T/web.token" AWS_ROLE_ARN="$role") ;;
	container) under=("$HELPERS/credential-server.py" --token "$container_token" --) ;;
	container-token-file) under=("$HELPERS/credential-server.py" --token-file container.token --) ;;
	container-role) under=("$HELPERS/credential-server.py" --token "$container_token" -- env AWS_PROFILE=role-of-container) ;;
	metadata) under=("$HELPERS/credential-server.py" --metadata --) ;;
	profile-*) under=("${no_keys[@]}" AWS_PROFILE="${1#profile-}") ;;
	esac
	case $1 in
	*role* | *web) roles=(--learns) ;;
	esac
}

# traced WAY RULES CMD...: two tests: CMD ends well, and nothing is found in its trace.  RULES
# are options of the search.
served=()
traced() {
	local name=$1 rules=$2
	shift 2
	way "$name"
	title "$name: $*"
	rm -f trace out
	run 0 serve --seed $seed --web-identity-token-file web.token "${served[@]}" pool.ndjson -- \
		"${under[@]}" "${strace[@]}" "$@"
	# shellcheck disable=SC2086 # several words
	"$HELPERS/find-secrets.py" "${roles[@]}" $rules planted trace >findings 2>&1
	verdict $? "$name: $1: no secret got out" || show findings
}

ways=(environment session web container container-token-file container-role metadata profile-static
	profile-role profile-process profile-role-of-process profile-process-of-role profile-web)
for name in "${ways[@]}"; do
	traced "$name" '' list-users -vv -o listed
done
traced environment --learns list-users -vv -o listed --profile role-of-environment

for name in environment profile-role; do
	traced $name '' list-groups -vv
	traced $name '' list-groups -vv staff
	traced $name '' expand-members -vv --with-attributes all groups
	traced $name '' expand-members -vv --users groups
	traced $name '' expand-members -vv --by user users
	traced $name '' check-connection -vv
	traced $name '' check-connection -vv --for export-oci --group staff --format table -o checked
	traced $name '' check-connection -vv --print-policy
done
traced environment --learns check-connection -vv --role-arn "$role" --external-id "$external"

# assume-role: keys for its command, plain ones, printed ones.
printed='--learns --role-on-stdout'
for name in environment container metadata profile-static profile-process; do
	traced $name --learns "${assume[@]}" -vv -- list-users -vv -o listed
	traced $name '--learns --role-in-environment' "${assume[@]}" -vv --static -- list-users -vv -o listed
	traced $name "$printed" "${assume[@]}" -vv --format process
done
for name in profile-role web; do
	traced $name --learns assume-role -vv -- list-users -vv -o listed
	traced $name "$printed" assume-role -vv --format process
done
traced environment --learns "${assume[@]}" -- bash -c 'list-users -o listed && list-groups -o listed'
for format in env env-no-export fish powershell windows-cmd; do
	traced environment "$printed" "${assume[@]}" -vv --format $format
done
title 'printed into a pipe'
run 0 serve pool.ndjson -- bash -c 'set -o pipefail; "$@" | wc -l' - "${strace[@]}" "${assume[@]}" -vv --format process
"$HELPERS/find-secrets.py" --learns planted trace >findings 2>&1
verdict $? 'and nowhere else' || show findings

# Memory that is given back with a secret in it (helpers/free-spy.c).
# wipes WAY CMD...: two tests: no process of CMD does that.
cc -shared -fPIC -O1 -o free-spy.so "$HELPERS/free-spy.c" -ldl || verdict 1 'the spy cannot be built'
grep -v '^personal' planted | cut -f 3 >spied
serve --seed 1 pool.ndjson -- "${assume[@]}" --format env-no-export >session.env
sed -n 's/^AWS_SE[A-Z_]*=//p' session.env >>spied
ok test "$(wc -l <spied)" -eq 9
# The C library fills what is freed, so that what libraries left there is not taken for ours.
spy=(env GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=165
	LD_PRELOAD="$T/free-spy.so" SPY_FILE="$T/spied" SPY_REPORT="$T/reported" SPY_BELOW="$BIN/")
wipes() {
	way "$1"
	rm -f reported out
	title "$1: ${*:2}: under the spy"
	run 0 serve --seed $seed --web-identity-token-file web.token pool.ndjson -- \
		"${under[@]}" "${spy[@]}" "${@:2}"
	grep -q '^looked [1-9]' reported && ! grep -qE '^(free|realloc) ' reported
	verdict $? "$1: ${*:2}: memory is given back wiped" || show reported
}
cat >leak.c <<'X'
#include <stdlib.h>
#include <string.h>
int main(void)
{
	char *p = malloc(100), *volatile q;
	strcpy(p, getenv("AWS_SECRET_ACCESS_KEY"));
	q = realloc(p, 1 << 20);
	free(q);
	return 0;
}
X
cc -O1 -o leak leak.c
AWS_SECRET_ACCESS_KEY=$known_secret "${spy[@]}" SPY_BELOW="$T/" ./leak
title 'the spy sees what a program gives back'
same - reported <<'X'
realloc 1
free 1
looked 2
X
if ! grep -q __asan_init "$BIN/list-users"; then
	for name in "${ways[@]}"; do
		wipes "$name" list-users --seal
	done
	for name in environment profile-role; do
		wipes $name list-groups staff
		wipes $name expand-members --users groups
		wipes $name check-connection
	done
	for name in environment profile-static container; do
		wipes $name "${assume[@]}" -- list-users
		wipes $name "${assume[@]}" --static -- list-users
		for format in process env fish; do
			wipes $name "${assume[@]}" --format $format
		done
	done
	# The URL to which push-import sends a file: a word that nobody checks is planted in it.
	echo canary_of_the_url >url.spied
	header=$(serve --allow all pool.ndjson -- get-csv-header | jq -r '.CSVHeader | join(",")')
	{
		echo "$header"
		tr , '\n' <<<"$header" | sed 's/^email$/a@example.com/; s/^email_verified$/TRUE/; s/^cognito:username$/of-a-file/; t; s/.*//' |
			paste -sd,
	} >file.csv
	rm -f reported
	title 'push-import: the URL of a file: under the spy'
	run 0 serve --allow all pool.ndjson -- "$HELPERS/lose-answers.py" CreateUserImportJob:swap-Expires=900-Expires=canary_of_the_url -- \
		"${spy[@]}" SPY_FILE="$T/url.spied" push-import cognito -vv \
		--cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs file.csv
	grep -q '^looked [1-9]' reported && ! grep -qE '^(free|realloc) ' reported
	verdict $? 'push-import: memory is given back wiped' || show reported
	! grep -q canary_of_the_url out err
	verdict $? 'and it is in no message'

	# wiped SECRETS TITLE CMD...: two tests: CMD, under "own", gives back no line of SECRETS.
	wiped() {
		local secrets=$1 name=$2
		shift 2
		printf '%s\n' "$secrets" >own.spied
		rm -f reported
		title "$name: under the spy"
		run 0 "$@"
		grep -q '^looked [1-9]' reported && ! grep -qE '^(free|realloc) ' reported
		verdict $? "$name: memory is given back wiped" || show reported
	}
	own=("${spy[@]}" SPY_FILE="$T/own.spied")
	# A client's secret goes out as Basic credentials too.
	client=ScimCanary0Secret1OfTheClient2Abcdef3456
	: >nobody
	for command in list-scim 'push-scim nobody'; do
		# shellcheck disable=SC2086 # several words
		wiped "$client
$(printf 'scim-client:%s' $client | base64 -w 0)" "$command, a client's secret" \
			"$HELPERS/scim-server.js" -- "${own[@]}" $command
	done
	# shellcheck disable=SC2016 # bash's
	wiped "$client" 'apply-scim, a token' "$HELPERS/scim-server.js" --bearer -- bash -c 'echo "$SCIM_TOKEN" >own.spied
		"$0" "$SCIM_URL" </dev/null >plan && exec "$@"' "$HELPERS/make-plan.py" \
		"${own[@]}" apply-scim --ledger scim.ledger -o results plan
	# shellcheck disable=SC2016 # bash's
	wiped "$client" 'list-scim, a token in a file' "$HELPERS/scim-server.js" --bearer -- bash -c 'echo "$SCIM_TOKEN" >own.spied
		cp own.spied scim.token; unset SCIM_TOKEN; exec "$@"' - "${own[@]}" list-scim --token-file scim.token
	echo '{"Op":"create-user","Key":"ana","Username":"ana","After":{"Enabled":true,"Attributes":{}}}' >creation
	echo '{"Key":"ana","Password":"CanaryOfA-Pass-77","Permanent":true}' >words
	# shellcheck disable=SC2016 # bash's
	wiped CanaryOfA-Pass-77 'apply-cognito, a password' serve --allow all nobody -- bash -c '
		"$0" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" <creation >plan && exec "$@"' "$HELPERS/make-plan.py" \
		"${own[@]}" apply-cognito --ledger pool.ledger --passwords words -o results plan
	has results '"Result":"done"'
fi

# What commands make is their owner's alone, whatever the umask.
mkdir new
# shellcheck disable=SC2016 # sh's
makes() (
	umask 0
	serve --allow all --log new/log --state new/state pool.ndjson -- sh -ec '
		list-users --write-proof new/proof -o new/users --reject new/rejects --stats new/stats
		list-users --shards 16 --proof new/proof --resume new/resume -o new/shards
		list-users --seal -o new/sealed
		COGNITO_STATS=new list-groups -o new/groups
		plan-sync --adopt --ledger new/adopted --state new/missing --left new/left -o new/plan new/sealed new/sealed
		"$0" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" </dev/null >plan
		apply-cognito --ledger new/ledger --failed new/failed -o new/results plan' "$HELPERS/make-plan.py"
)
run 0 makes
title 'whatever is made is open to its owner alone'
find new -mindepth 1 -perm /077 >open
empty open
ok test "$(find new -mindepth 1 | wc -l)" -ge 16

# Pipelines: only the commands that ask AWS have keys in their environment; and what finds the
# pipeline's library, before that can take them away.
asking='list-groups,list-users,expand-members,get-csv-header,describe-pool'
early='export-csv,bash,readlink,dirname'
options=(--needed-by "$asking") wanted=1 under=(env "${keys[@]}")
found 'env: of sort: the secret key' bash -c 'sort </dev/null; :'
# searched WAY CMD...: two tests.  (Files are made in a private directory, under the script's umask,
# which strace does not show.)
searched() {
	way "$1"
	shift
	rm -f trace
	run 0 serve --seed $seed "${served[@]}" pool.ndjson -- "${under[@]}" "${strace[@]}" "$@"
	"$HELPERS/find-secrets.py" --needed-by "$early,$asking" planted trace >findings 2>&1
	grep -E '^env: |^argv: |^too little' findings | grep -vxF -e "${cut:-}" >secrets
	title "$*: no secret in an environment but of who needs it"
	empty secrets
}
searched environment export-csv -d exported
searched session export-oci -d exported --group staff
searched environment "${assume[@]}" -- export-csv -d exported
# parallel hands on what its jobs need, to its own helpers too; it tries how long an argument may be, longer
# than what strace shows.
early=export-fleet,export-target,bash,readlink,dirname,parallel,perl,sh,hostname,sleep,rm
asking=$asking,list-user-pools
cut='too little: strace cut a string'
served=(--allow "reads,inventory")
searched environment export-fleet -d fleet --region us-east-1 --jobs 2

# The code of an MFA device, from a descriptor.
served=(--mfa "$serial=$code")
traced environment --learns "${assume[@]}" -vv --serial-number $serial --token-code-fd 7 -- list-users -o listed 7<code
traced profile-static "$printed" "${assume[@]}" -vv --serial-number $serial --token-code-fd 7 --format env 7<code
served=()

# Whatever goes wrong.
# fails TITLE SERVE-POOL-ARGUMENT...: one test: the command ends badly, as talkative as it can be, and
# neither its message nor its standard output holds a secret.  With which status is for others.
fails() {
	local got=0 name=$1
	shift
	serve "$@" >out 2>err </dev/null || got=$?
	if leaks err || { [ -s out ] && grep -qF -f no-output out; }; then
		verdict 1 "$name"
		return
	fi
	[ $got -gt 0 ] && [ $got -lt 126 ] && [ -s err ] && ! holds err Sanitizer
	verdict $? "$name" || { echo "# status $got" >&2; show err; }
}
other=canaryOfAnotherSecretKey0123456789
password=canaryOfAPassword0123
printf 'long-term\tanother key\t%s\nsecret\ta password\t%s\n' $other $password >>planted
printf '%s\n' $other $password | pieces | tee -a canaries >>no-output
list=(list-users -vv --retry-seconds 0 -o listed)
members=(expand-members -vv --retry-seconds 0)
check=(check-connection -vv --retry-seconds 0)
now=("${assume[@]}" -vv --retry-seconds 0)

fails 'denied without the role' --require-role pool.ndjson -- "${list[@]}"
fails 'another external ID' pool.ndjson -- "${now[@]/$external/wrong}" -- true
fails 'another key' pool.ndjson -- env AWS_SECRET_ACCESS_KEY=$other "${list[@]}"
fails 'another key, checked' pool.ndjson -- env AWS_SECRET_ACCESS_KEY=$other "${check[@]}"
fails 'another key, for a role' pool.ndjson -- env AWS_SECRET_ACCESS_KEY=$other "${now[@]}" -- true
fails 'a session of another service' --seed 3 pool.ndjson -- env "${session[@]}" "${list[@]}"
fails 'a session that is over' --seed 2 --clock-offset 8000 pool.ndjson -- env "${session[@]}" "${list[@]}"
for fault in throttle error500 error503 reset cut not-json denied no-users; do
	fails "list-users: $fault" --fault $fault=100% pool.ndjson -- "${list[@]}"
	fails "expand-members: $fault" --fault $fault=100% pool.ndjson -- "${members[@]}" groups
	fails "check-connection: $fault" --fault $fault=100% pool.ndjson -- "${check[@]}"
	fails "expand-members of users: $fault" --fault $fault=100% pool.ndjson -- "${members[@]}" --by user users
done
fails 'expired again and again' --fault expire-session=100% pool.ndjson -- "${no_keys[@]}" AWS_PROFILE=role "${list[@]}"
for fault in garbage partial redirect chunked-cut http-0.9 gzip; do
	fails "assume-role: $fault" pool.ndjson -- fault-proxy --always --fault $fault "${now[@]}" -- true
	fails "list-users: $fault" pool.ndjson -- fault-proxy --always --fault $fault "${list[@]}"
done

# People who are not there, or not as they should be.
head -n 1 pool.ndjson | sed "s/$user/another/" >elsewhere.ndjson
echo '{"GroupName":"staff"}' >>elsewhere.ndjson
fails 'a user who is not in the pool' elsewhere.ndjson -- "${members[@]}" --by user users
for row in "{\"Username\":\"$user\"" "{\"Username\":\"$user\",\"Username\":\"$user\"}" "[\"$user\"]" \
	"$user" "{\"Username\":{\"$user\":1}}"; do
	printf '%s\n' "$row" >row
	fails "a row: $row" pool.ndjson -- "${members[@]}" row
	fails "served: $row" row -- true
done
fails 'a filter' --fault denied=100% pool.ndjson -- "${list[@]}" --filter "email = \"$mail\""

# Credentials that are not as they should be.
nl=$'\n'
fails 'a key with a line end' pool.ndjson -- env AWS_SECRET_ACCESS_KEY="$known_secret$nl" "${list[@]}"
fails 'a key in quotes' pool.ndjson -- env AWS_SECRET_ACCESS_KEY="\"$known_secret\"" "${list[@]}"
fails 'a session token with a line end' pool.ndjson -- env "${session[@]}" AWS_SESSION_TOKEN="$web_token$nl" "${list[@]}"
fails 'half a pair' pool.ndjson -- env -u AWS_ACCESS_KEY_ID "${list[@]}"
fails 'the key as the access key' pool.ndjson -- env AWS_ACCESS_KEY_ID="$known_secret" AWS_SECRET_ACCESS_KEY=$other "${list[@]}"
profile=("${no_keys[@]}" AWS_CONFIG_FILE=odd.config AWS_PROFILE=odd)
odd_profile() {
	printf '%s\n' '[profile odd]' "$@" >odd.config
	fails "profile: $*" pool.ndjson -- "${profile[@]}" "${list[@]}"
}
odd_profile 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE' "aws_secret_access_key $known_secret"
odd_profile 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE' "aws_secret_access_key = \"$known_secret\""
odd_profile 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE' "aws_secret_access_key = $known_secret x"
odd_profile 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE' 'aws_secret_access_key =' "    $known_secret"
odd_profile "[$known_secret"
odd_profile "$known_secret"
odd_profile "aws_secret_access_key = $known_secret"
odd_profile "aws_access_key_id = $known_secret"
odd_profile "role_arn = $known_secret" 'source_profile = odd'
odd_profile "role_arn = $role" "external_id = $known_secret \"" 'credential_source = Environment'
odd_profile "region = $known_secret!" 'aws_access_key_id = A' 'aws_secret_access_key = x'
odd_process() {
	printf '%s\n' "$1" >process.out
	odd_profile "credential_process = sh -c \"cat $T/process.out; exit $2\""
}
odd_process "$known_secret" 0
odd_process "$(cat keys.json)" 1
odd_process "{\"Version\":1,\"SecretAccessKey\":\"$known_secret\"}" 0
odd_process "{\"Version\":1,\"AccessKeyId\":\"$known_secret\",\"SecretAccessKey\":\"$known_secret x\"}" 0
odd_process "{\"Version\":\"$known_secret\",\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"$known_secret\"}" 0
odd_process "{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"$known_secret\",\"Expiration\":\"$known_secret\"}" 0
odd_process "{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"$known_secret" 0
for text in "$web_token x" "$web_token$nl$web_token" "$web_token-of-nobody" x; do
	printf '%s' "$text" >odd.token
	fails "web identity token: $text" --web-identity-token-file web.token pool.ndjson -- \
		"${no_keys[@]}" AWS_WEB_IDENTITY_TOKEN_FILE=odd.token AWS_ROLE_ARN=$role "${list[@]}"
done
fails 'a container token with a line end' pool.ndjson -- "$HELPERS/credential-server.py" --token "$container_token" -- \
	env AWS_CONTAINER_AUTHORIZATION_TOKEN="$container_token$nl" "${list[@]}"
fails 'another container token' pool.ndjson -- "$HELPERS/credential-server.py" --token "$container_token" -- \
	env AWS_CONTAINER_AUTHORIZATION_TOKEN="$container_token-1" "${list[@]}"
mfa=("${now[@]}" --serial-number "$serial" --token-code-fd 7)
printf '%s\n' "${code}x" >odd.code
fails 'a code that is none' pool.ndjson -- "${mfa[@]}" -- true 7<odd.code
fails 'a code that is not asked for' pool.ndjson -- "${mfa[@]}" -- true 7<code
fails 'another code' --mfa "$serial=123456" pool.ndjson -- "${mfa[@]}" -- true 7<code
fails 'a password in the address' pool.ndjson -- "${list[@]}" --endpoint-url "http://x:$password@127.0.0.1:1/"
fails 'a password in the address of the environment' pool.ndjson -- env AWS_ENDPOINT_URL="http://x:$password@127.0.0.1:1/" "${list[@]}"
for url in "http://x:$password@127.0.0.1:1/" "http://x:$password@127.0.0.1:1:2/"; do
	fails 'a password for a proxy' pool.ndjson -- env https_proxy="$url" "${list[@]}" --endpoint-url https://pool.invalid
done

# Those who give credentials, and the service, send secrets back in the oddest places.
for how in text page header redirect code status json xml lacking broken odd; do
	echo=("$HELPERS/echoing.py" "$how") fake=("$HELPERS/echoing.py" --secrets echoed)
	fails "the pool: $how" pool.ndjson -- env "${session[@]}" "${echo[@]}" "${list[@]}"
	fails "all of it: $how" pool.ndjson -- env "${session[@]}" "${echo[@]}" "${check[@]}"
	fails "web identity: $how" pool.ndjson -- "${no_keys[@]}" AWS_WEB_IDENTITY_TOKEN_FILE=web.token \
		AWS_ROLE_ARN=$role "${echo[@]}" "${list[@]}"
	# In a message, words as long as tokens are left out.  A code is shorter, and used up by then.
	[ "$how" = xml ] ||
		fails "STS: $how" pool.ndjson -- env "${session[@]}" "${echo[@]}" "${mfa[@]}" -- true 7<code
	fails "container: $how" pool.ndjson -- "${no_keys[@]}" AWS_CONTAINER_CREDENTIALS_FULL_URI=/path \
		AWS_CONTAINER_AUTHORIZATION_TOKEN=$container_token "${fake[@]}" $how "${list[@]}"
	for n in 0 1 2; do
		case $how$n in page[01]) continue ;; esac	# which has three tries
		fails "metadata, after $n: $how" pool.ndjson -- "${no_keys[@]}" AWS_EC2_METADATA_DISABLED=false \
			AWS_EC2_METADATA_SERVICE_ENDPOINT=/ "${fake[@]}" --after $n $how "${list[@]}"
	done
done

# Core files.  Where the kernel gives them to a program, the limit does not count, and what keeps it
# from having them is PR_SET_DUMPABLE, which the leak checker of sanitizers would not survive.
title 'the memory is not dumpable'
way environment
ok serve pool.ndjson -- "${strace[@]}" list-users
if ! grep -q __asan_init "$BIN/list-users"; then
	title 'as strace saw'
	ok grep -q 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)' trace
fi

# dies SIGNAL READY CMD...: SIGNAL is sent to CMD, which has keys and waits, as soon as READY stands in
# its messages or output; one test: it ends by that.
declare -A number=([ABRT]=6 [QUIT]=3 [SYS]=31)
dies() {
	local signal=$1 ready=$2 got=0 i
	shift 2
	rm -f pid go
	: >out
	: >err
	# What a shell starts beside itself ignores SIGQUIT.
	timeout --foreground -s KILL 60 env --default-signal=QUIT "${beside[@]}" \
		bash -c 'echo $$ >pid; exec "$@"' - "$@" >out 2>err </dev/null &
	for ((i = 0; i < 400; i++)); do
		if [ -s pid ] && grep -qF -e "$ready" out err; then break; fi
		sleep 0.05
	done
	kill -s "$signal" "$(cat pid)"
	: >go
	wait $! 2>/dev/null || got=$?
	! leaks err && [ $i -lt 400 ] && [ $got -eq $((128 + ${number[$signal]})) ]
	verdict $? "$signal: $*" || { echo "# status $got" >&2; show err; }
}
beside=()
case $(cat /proc/sys/kernel/core_pattern) in
core | core.%p)
	if [ "$(ulimit -c)" = unlimited ]; then
		dies ABRT ready bash -c 'echo ready >&2; exec sleep 60'
		core_files "$T" >cores
		title 'another program would leave one'
		ok test -s cores
		xargs rm -f <cores
	fi ;;
esac
# Somebody who never answers.
python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(600)' >silent &
silent=$!
until [ -s silent ]; do sleep 0.05; done
beside=(env "${keys[@]}" AWS_REGION=us-east-1 COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1
	AWS_ENDPOINT_URL="http://127.0.0.1:$(cat silent)")
for signal in ABRT QUIT SYS; do
	dies $signal credentials: list-users -v
	dies $signal credentials: list-users -v --profile static
done
dies ABRT '"tcp"' check-connection
dies ABRT credentials: "${assume[@]}" -v -- true
kill $silent
beside=(serve-pool pool.ndjson --)
dies ABRT ' until ' "${assume[@]}" -v -- bash -c 'until [ -e go ]; do sleep 0.05; done'
dies SYS ' until ' "${assume[@]}" -v -- bash -c 'until [ -e go ]; do sleep 0.05; done'
core_files "$T" >cores
title 'no command that holds keys left a core file'
empty cores
finish
