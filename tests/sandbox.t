#!/usr/bin/env bash
# What the processes of each command can still do once their doors are shut: probe-door makes each of
# them, helpers and workers too, try all of it.  And what becomes of a kernel without the locks.
. "$(dirname "$0")/lib.sh"
planted=(in/keys made/env)
HELPERS=$TOP/tests/helpers
umask 077

none() {
	echo "1..0 # SKIP $1"
	exit 0
}
! grep -q __asan_init "$BIN/list-users" || none 'the door stays open under the address sanitizer'
probe-door -a report cat </dev/null 2>probe.err || [ $? -ne 125 ] || none "$(cat probe.err)"
state=$(list-users --version --verbose | sed -n 's/^sandbox: //p')
case $state in
*'seccomp yes'*) ;;
*) none "no seccomp here: $state" ;;
esac

# Names on which the two locks are held against each other.
export TMPDIR=$T/spill
mkdir -p spill made in "$HOME/.cache"

# What landlock alone forbids: where the kernel has none (of this version), it is not asked for.
landlocked='openat2|read-file|read-key|read-environ|open-directory|old-open|make-file|write-file|append-file|truncate-file|make-directory|make-fifo|link-file|rename-file|remove-file'
case $state in
*'landlock no'*) beyond="$landlocked|connect|kill|tgkill" ;;
*'ABI '[123]) beyond='connect|kill|tgkill' ;;
*'ABI '[45]) beyond='kill|tgkill' ;;
*) beyond= ;;
esac

# kept REPORT: a line for each process, of what was not forbidden; one for each thread that a lock
# is missing for; one for each other program, with what it is under.
kept() {
	awk -v beyond="^($beyond)\$" '
	function flush() { if (who != "") print who ":" can; who = "" }
	$1 == "probe" { flush(); who = $3; can = ""; next }
	$1 == "end" || $1 == "program" { flush() }
	$1 == "end" && ($4 != "seccomp=2" || $5 != "nnp=1") { print $3, "is open:", $4, $5 }
	$1 == "end" { next }
	$1 == "program" { print "runs", $3, $4, $5; next }
	$2 !~ /^(EPERM|EACCES|ENOSYS)$/ && $1 !~ beyond { can = can " " $1 }
	END { flush() }' "$1" | sort | uniq
}

# shut TITLE CMD...: two tests: it ends well, and its processes keep what stands on standard input; a
# line that begins with "?" may be missing: a helper that nobody asks may be ended before it tries.
tried=' '
shut() {
	local name=$1 word last=
	shift
	for word; do
		[ "$last" != report ] || tried+="$word "
		last=$word
	done
	rm -rf report probe.*
	cat >all
	sed -n 's/^?//p' all >may
	sed '/^?/d' all >expected
	title "$name: all goes on"
	run 0 "$@"
	kept report | grep -vxFf may >got
	title "$name: what is kept"
	same expected got
}
probe=(probe-door report)

title 'the probe sees an open door'
kept report >got
ok grep -qE '^cat: read-file .*write-file .*connect .*kill .*fork .*exec$' got

title 'and forbids nothing itself, but what containers and the system may'
grep -E ' (EPERM|EACCES|ENOSYS)$' report | grep -vE '^(socket-[a-z0-9]*|mount|namespace|enter-namespace|file-system|file-handle|io-uring|perf-event|keyring|page-faults|clone-user|clone3|ptrace|(read|write)-memory|read-environ|personality|priority|schedule|posix-queue) ' >vain
empty vain

# In a directory of their own: a helper that is to read a file may read what lies beside it.
cat >in/pool <<'Y'
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"ana@example.org","sub":"11111111-1111-4111-8111-111111111111"}}
{"Username":"bo","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"bo@example.org","sub":"22222222-2222-4222-8222-222222222222"}}
{"GroupName":"staff"}
{"GroupName":"staff","Username":"ana","Attributes":{"sub":"11111111-1111-4111-8111-111111111111"}}
Y
grep '"Enabled"' in/pool >in/users
grep '^{"GroupName":"staff"}' in/pool >in/groups
grep '"GroupName".*"Username"' in/pool >in/members
echo '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"a","userName":"ana"}' >in/scim

# What a network stage keeps: sockets of the Internet, and the resolver's for routes; where to by TCP is
# landlock's (connect is forbidden to the port of the probe).
net='socket-tcp socket-tcp6 socket-udp socket-route socketpair'
# A helper keeps to change the mode of files, in places where it may write none (beside the output).
helper='chmod-file chmod-descriptor chown-descriptor'
# One that runs sort(1) keeps what programs need; sockets, what leads to other processes, places to
# write in and what lies elsewhere than programs do, it does not.
sorting="$helper make-code write-code fork clone exec-descriptor exec"

# As under valgrind, where it has to stay open.
shut 'a door that stays open is seen' serve in/pool -- env LD_PRELOAD=/none/vgpreload_none \
	"${probe[@]}" list-users <<Y
list-users is open: seccomp=0 nnp=0
Y
shut 'list-users' serve in/pool -- "${probe[@]}" list-users <<Y
list-users: $net
Y
shut 'list-users -o' serve in/pool -- "${probe[@]}" list-users -o made/users --stats made/stats --share 100 <<Y
list-users: $helper
list-users: $net
Y
shut 'list-users --shards, --resume' serve in/pool -- sh -c 'list-users --write-proof made/proof &&
	exec "$@" --shards 16 --proof made/proof --resume made/resume' - "${probe[@]}" list-users <<Y
list-users: $helper
list-users: $net
Y
shut 'list-groups' serve in/pool -- "${probe[@]}" list-groups <<Y
list-groups: $net
Y
shut 'expand-members' serve in/pool -- "${probe[@]}" expand-members in/groups <<Y
expand-members: $helper
expand-members: $net
Y
shut 'get-csv-header' serve --allow all in/pool -- "${probe[@]}" get-csv-header -o made/header <<Y
get-csv-header: $helper
get-csv-header: $net
Y
shut 'describe-pool' serve --allow all in/pool -- "${probe[@]}" describe-pool -o made/pool <<Y
describe-pool: $helper
describe-pool: $net
Y
echo '{"Id":"a","SchemaAttributes":[{"Name":"sub"}]}' >in/one
shut 'describe-pool --compare' "${probe[@]}" describe-pool --compare -o made/lost in/one in/one <<Y
describe-pool:
describe-pool: $helper
Y
cat >in/inventory <<'Y'
{"Id":"us-east-1_One","Name":"one","Arn":"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_One","SchemaAttributes":[{"Name":"sub","AttributeDataType":"String"}]}
{"IdentityPoolId":"us-east-1:0","IdentityPoolName":"web","CognitoIdentityProviders":[{"ProviderName":"cognito-idp.us-east-1.amazonaws.com/us-east-1_One","ClientId":"c"}]}
Y
shut 'list-user-pools' serve --allow inventory --inventory in/inventory in/pool -- "${probe[@]}" \
	list-user-pools --describe --with-identity-pools -o made/pools <<Y
list-user-pools: $helper
list-user-pools: $net
Y
# (The kernel keeps 15 letters of a name.)
shut 'list-identity-pools' serve --allow inventory --inventory in/inventory in/pool -- "${probe[@]}" \
	list-identity-pools --roles -o made/identities <<Y
list-identity-p: $helper
list-identity-p: $net
Y
# shellcheck disable=SC2016 # sh's
shut 'apply-cognito' serve --allow all in/pool -- sh -c '"$0" "$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID" </dev/null >in/plan &&
	exec "$@"' "$HELPERS/make-plan.py" "${probe[@]}" apply-cognito --ledger made/ledger --failed made/failed \
	-o made/results in/plan <<Y
apply-cognito: $helper
apply-cognito: $net
Y
echo '{"Op":"disable-user","Key":"x","Username":"x","sub":"x","Before":{},"After":{},"Source":{"Username":"x","sub":"x"}}' >in/rows
# shellcheck disable=SC2016 # sh's
shut 'confirm-absent' serve in/pool -- sh -c '"$0" x/y Want="{\"Sources\":[\"$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID/users\"]}" \
	<in/rows >in/plan && exec "$@"' "$HELPERS/make-plan.py" "${probe[@]}" confirm-absent --found made/found -o made/plan in/plan <<Y
confirm-absent: $helper
confirm-absent: $net
Y
# shellcheck disable=SC2016 # sh's
shut 'push-import cognito' serve --allow all in/pool -- sh -c 'get-csv-header -o in/header && jq -r ".CSVHeader|join(\",\")" in/header >in/import.csv &&
	jq -r ".CSVHeader|map({email:\"i@example.org\",email_verified:\"TRUE\",\"cognito:username\":\"i\"}[.]//\"\")|join(\",\")" in/header >>in/import.csv &&
	exec "$@"' - "${probe[@]}" push-import cognito --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/x \
	-o made/imported in/import.csv <<Y
push-import: $helper
push-import: $net
Y
printf 'User ID,Last Name,First Name\nibo,I,Bo\n' >in/oci.csv
shut 'push-import oci' "$HELPERS/oci-import.py" -- "${probe[@]}" push-import oci -o made/imported in/oci.csv <<Y
push-import: $helper
push-import: $net
Y
shut 'expand-members --users' serve in/pool -- "${probe[@]}" expand-members --users in/groups <<Y
expand-members: $sorting
expand-members: $net
runs sort seccomp=2 nnp=1
Y
shut 'expand-members --members' "${probe[@]}" expand-members --members in/members in/users <<Y
expand-members:
expand-members: $sorting
runs sort seccomp=2 nnp=1
Y
shut 'check-connection' serve in/pool -- "${probe[@]}" check-connection -o made/checks <<Y
check-connectio: $helper
check-connectio: $net
Y
shut 'check-connection --print-policy' serve in/pool -- "${probe[@]}" check-connection --print-policy \
	--role-arn arn:aws:iam::123456789012:role/r --principal arn:aws:iam::123456789012:role/p <<Y
check-connectio:
Y
role=(--role-arn arn:aws:iam::123456789012:role/cognitoApiAccessRole --external-id cognito-integration)
shut 'assume-role --format' serve in/pool -- "${probe[@]}" assume-role "${role[@]}" --format process <<Y
assume-role: $net
Y
# Its command is under nothing at all.
shut 'assume-role -- CMD' serve in/pool -- "${probe[@]}" assume-role "${role[@]}" -- list-users <<Y
assume-role: socket-tcp accept ${net#socket-tcp }
runs list-users seccomp=0 nnp=0
Y
shut 'serve-pool' "${probe[@]}" serve-pool in/pool -- list-users <<Y
runs list-users seccomp=0 nnp=0
serve-pool: accept
Y
printf '%s\n' '{"Id":"us-east-1_AAA","Records":"pool"}' >in/inventory
shut 'serve-pool --inventory' "${probe[@]}" serve-pool --inventory in/inventory -- list-users --user-pool-id us-east-1_AAA <<Y
runs list-users seccomp=0 nnp=0
serve-pool: accept
Y
shut 'list-scim' "$HELPERS/scim-server.js" -- "${probe[@]}" list-scim <<Y
list-scim: $helper
list-scim: $net
Y
shut 'push-scim' "$HELPERS/scim-server.js" -- "${probe[@]}" push-scim in/scim <<Y
push-scim: $helper
push-scim: $net
Y
# shellcheck disable=SC2016 # sh's
shut 'apply-scim' "$HELPERS/scim-server.js" -- sh -c '"$0" "$SCIM_URL" </dev/null >in/plan && exec "$@"' \
	"$HELPERS/make-plan.py" "${probe[@]}" apply-scim --ledger made/scim.ledger --failed made/failed \
	-o made/results in/plan <<Y
apply-scim: $helper
apply-scim: $net
Y

# Tokens that lie in files, which are read again; the terminal's line, whose turn is locked; reports by
# the environment.
printf 'known' >in/token
shut 'list-users, a web identity' serve --web-identity-token-file in/token in/pool -- env -u AWS_ACCESS_KEY_ID \
	-u AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE=in/token AWS_ROLE_ARN="${role[1]}" "${probe[@]}" list-users <<Y
list-users: $helper
list-users: $net
Y
shut 'list-users, a container' serve in/pool -- "$HELPERS/credential-server.py" --token-file in/container.token -- \
	"${probe[@]}" list-users <<Y
list-users: $helper
list-users: $net
Y
# shellcheck disable=SC2016 # sh's
shut 'list-scim --token-file' "$HELPERS/scim-server.js" --bearer -- sh -c 'printf %s "$SCIM_TOKEN" >in/token && unset SCIM_TOKEN &&
	exec "$@" --token-file in/token -o made/have' - "${probe[@]}" list-scim <<Y
list-scim: $helper
list-scim: $net
Y
mkdir made/each
shut 'list-users on a terminal' serve in/pool -- env COGNITO_STATS=made/each "$HELPERS/terminal.py" -- \
	"${probe[@]}" list-users --progress --max-rate 50 <<Y
list-users: $helper
list-users: $net
Y
ok test "$(find made/each -name '*.json' | wc -l)" -eq 1
shut 'serve-pool, all of its own' "${probe[@]}" serve-pool --allow all --state made/state --log made/log \
	--web-identity-token-file in/token in/pool -- list-users <<Y
runs list-users seccomp=0 nnp=0
serve-pool: accept
serve-pool: $helper
Y
# Without a command it goes on until it is killed.
# shellcheck disable=SC2016 # bash's
shut 'serve-pool, alone' bash -c '"$@" >made/env &
	until grep -q ^unset made/env || ! kill -0 $!; do sleep 0.02; done
	. ./made/env && list-users >/dev/null; kill $(cat /proc/$!/task/$!/children); wait $!' - \
	"${probe[@]}" serve-pool in/pool <<Y
serve-pool: accept
Y

# A process that gives credentials is under nothing, and so its helper is not; the command is.
echo '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"'"$known_secret"'"}' >in/keys
printf '[profile p]\ncredential_process = cat in/keys\n' >in/config
shut 'list-users, credential_process' serve in/pool -- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY \
	AWS_CONFIG_FILE=in/config AWS_PROFILE=p "${probe[@]}" list-users <<Y
list-users is open: seccomp=0 nnp=0
list-users: $net
runs cat seccomp=0 nnp=0
Y

# Filters keep nothing; their helpers, as above.
echo '{"dn":"cn=a,dc=example,dc=org","objectClass":"person","cn":"a"}' >in/entries
printf 'a\n' >in/csv
echo '{"Command":"a","Status":0,"Seconds":1,"Started":"2026-11-21T00:00:00Z","Ended":"2026-11-21T00:00:01Z"}' >in/stats
printf 'Username\nana\n' >in/names.csv
printf 'GroupName\nstaff\n' >in/more.csv
# shellcheck disable=SC2016 # sh's
serve in/pool -- sh -c 'list-users --write-proof made/proof -o in/whole --seal
	for i in 1 2; do list-users --seal --shard $i/2 --proof made/proof -o in/shard$i; done'
filter() {
	local IFS=' '
	shut "$*" "${probe[@]}" "$@" <<<"$1:"
}
filter emit-json in/users
filter emit-ldif in/entries
filter unguard --guard oci in/csv
filter unseal in/whole
filter merge-stats in/stats
shut 'emit-csv' "${probe[@]}" emit-csv --columns Username,email in/users in/users -o made/csv <<Y
emit-csv:
emit-csv: $helper
Y
jq -c '{user_id: .Username, email: .Attributes.email}' in/users >in/ids
shut 'emit-csv, parts and values that are unique' "${probe[@]}" emit-csv --layout auth0-names --split --max-rows 1 \
	--reject made/rejects --stats made/stats -o made/parts.csv in/ids <<Y
emit-csv:
emit-csv: $sorting
runs sort seccomp=2 nnp=1
Y
shut 'emit-scim' "${probe[@]}" emit-scim in/users <<Y
emit-scim:
?emit-scim: $helper
Y
shut 'parse-csv' "${probe[@]}" parse-csv in/names.csv in/more.csv <<Y
parse-csv:
?parse-csv: $helper
Y
shut 'fold-users' "${probe[@]}" fold-users in/users <<Y
fold-users:
?fold-users: $helper
Y
shut 'pool-report' "${probe[@]}" pool-report -o made/page --before in/users --rejects x=/dev/null in/users in/groups <<Y
pool-report:
pool-report: $sorting
Y
head -n 1 in/whole >in/part
shut 'plan-sync' "${probe[@]}" plan-sync --target x --adopt in/part in/part <<Y
plan-sync:
plan-sync: $sorting
Y
shut 'join-shards' "${probe[@]}" join-shards in/shard1 in/shard2 <<Y
join-shards:
Y
filter map-attributes -e . in/users
shut 'map-attributes --jobs' "${probe[@]}" map-attributes --jobs 2 -e . in/users <<Y
map-attributes:
Y
shut 'through' sh -c 'exec "$@" <in/users' - "${probe[@]}" through cat <<Y
runs cat seccomp=0 nnp=0
through:
Y

title 'no command was left out'
for name in "$BIN"/*; do
	[[ $tried == *" ${name##*/} "* ]] || echo "${name##*/}"
done >untried
empty untried

# A kernel without a lock, or a sandbox round us that refuses it: all goes on, with what there is.
# without STATE RULE...: three tests.
without() {
	local state=$1 rule
	local strace=(strace -f -qq -e signal=none -o trace
		-e "trace=landlock_create_ruleset,landlock_restrict_self,seccomp,prctl")
	shift
	for rule; do strace+=(-e "inject=$rule"); done
	title "$*: said by --version --verbose"
	run 0 "${strace[@]}" list-users --version --verbose
	has out "sandbox: $state"
	title "$*: the users come, to a file too"
	run 0 serve in/pool -- "${strace[@]}" list-users -o made/without
	same in/listed made/without
}
# A prefix of its own, not below TMPDIR, with a library that sort(1) finds by where it lies itself.
mkdir -p prefix/bin prefix/lib prefix/tmp
echo 'int other(void) { return 0; }' >other.c
printf '%s\n' '#include <unistd.h>' 'int other(void);' \
	'int main(int count, char **words) { return count < 1 || other() != 0 || execv("/usr/bin/sort", words); }' >sort.c
if cc -shared -fPIC -o prefix/lib/libother.so other.c 2>cc.err &&
	cc -o prefix/bin/sort sort.c -Lprefix/lib -lother "-Wl,-rpath,\$ORIGIN/../lib" 2>cc.err; then
	title 'a sort of a prefix of its own, with its libraries'
	run 0 env PATH="$T/prefix/bin:$PATH" TMPDIR="$T/prefix/tmp" emit-csv --layout auth0-names in/ids
else
	title 'a library can be built'
	empty cc.err
fi

if cc -O1 -o refuse-locks "$HELPERS/refuse-locks.c" -lseccomp 2>cc.err; then
	# EPERM, EACCES, ENOSYS: what old kernels, containers and other sandboxes say.
	for error in 1 13 38; do
		title "each command, where nothing is had but $error"
		for name in "$BIN"/*; do
			./refuse-locks $error "$name" --version --verbose 2>&1 |
				grep -qx 'sandbox: seccomp no, landlock no' || echo "${name##*/}"
		done >stopped
		empty stopped
	done
	title 'and one with a helper'
	run 0 ./refuse-locks 1 emit-csv --columns Username -o made/csv in/users
else
	title 'refuse-locks can be built'
	empty cc.err
fi
if command -v strace >/dev/null; then
	serve in/pool -- list-users -o in/listed
	for error in ENOSYS EOPNOTSUPP EPERM; do
		without 'seccomp yes, landlock no' "landlock_create_ruleset:error=$error"
	done
	without 'seccomp yes, landlock no' landlock_restrict_self:error=EPERM
	without 'seccomp no, ' seccomp:error=EINVAL prctl:error=EINVAL
	without 'seccomp no, landlock no' seccomp:error=ENOSYS prctl:error=EINVAL \
		landlock_create_ruleset:error=ENOSYS
fi
finish
