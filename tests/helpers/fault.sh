# shellcheck shell=bash
# Sourced behind lib.sh: drills with fault-server, many beside each other, judged at the end.
#
#   drill STATUS REQUESTS SCRIPT CLIENT TITLE   runs the client (a name from clients below) against
#           (or "own": the command in own) against the script; STATUS may be several, "1|75";
#           REQUESTS is how many must arrive: "1", "1-3"
#   says TEXT, good, large   the last drill's message holds TEXT; its records are those in ./good;
#           it may need memory for the largest answer
#   stream                   it wrote to standard output, with the seal of a stream that broke
#   judge_all                waits, and prints a verdict for each
#
# A drill that fails must leave the old output file as it was, nothing beside it and nothing on
# standard output, say one line (and perhaps warnings) without a secret, and stay within MEMORY_KIB.

# put NAME FORMAT: a file of the bytes that printf makes.
# shellcheck disable=SC2059 # that is what it is for
put() { printf -- "$2" >"$1"; }
# text BYTES: a new file with them, named in file.
texts_made=0
text() {
	texts_made=$((texts_made + 1))
	file=$T/text.$texts_made
	printf '%s' "$1" >"$file"
}

PARALLEL=8
MEMORY_KIB=${MEMORY_KIB:-49152}
measured=(measure ../used)
# The sanitizer's own memory lies beyond any limit.
! grep -q __asan_init "$BIN/list-users" || MEMORY_KIB=unlimited measured=()
drills=0 titles=() wants=() counts=() texts=() goods=()
server=()	# options for fault-server
around=()	# what it runs under: a second one, say, that saves to ../elsewhere and hears nothing
most=() streams=()

export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=${known_secret:?}
export AWS_SESSION_TOKEN=canary-session-token AWS_REGION=us-east-1
export COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1 SCIM_TOKEN=canary-bearer-token
printf '%s\n' "$known_secret" canary- >canaries
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
echo '{"GroupName":"staff"}' >group.ndjson
echo '{"Username":"ana"}' >user.ndjson

# No second try: what comes is the first judgement.  Who is asked on a busy machine may be slow.
patience=(--retry-seconds 0 --connect-timeout 200 --read-timeout 60)
# short drill ...: for what never comes.
short() {
	local patience=(--retry-seconds 0 --connect-timeout 1 --read-timeout 1)
	"$@"
}
# client NAME: sets variable (where the address goes) and command.
client() {
	local keyless=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN
		AWS_EC2_METADATA_DISABLED=false AWS_ENDPOINT_URL=http://127.0.0.1:1)
	variable=AWS_ENDPOINT_URL
	case $1 in
	users) command=(list-users --seal "${patience[@]}" -o out) ;;
	groups) command=(list-groups --seal "${patience[@]}" -o out) ;;
	group) command=(list-groups --seal "${patience[@]}" -o out staff) ;;
	members) command=(expand-members "${patience[@]}" -o out "$T/group.ndjson") ;;
	by-user) command=(expand-members --by user "${patience[@]}" -o out "$T/user.ndjson") ;;
	role) command=(assume-role --static "${patience[@]}" --role-arn "$role" --external-id canary-external -- sh -c 'echo new >out') ;;
	container) variable=AWS_CONTAINER_CREDENTIALS_FULL_URI
		command=("${keyless[@]}" AWS_CONTAINER_AUTHORIZATION_TOKEN=canary-container list-users "${patience[@]}" -o out) ;;
	metadata) variable=AWS_EC2_METADATA_SERVICE_ENDPOINT
		command=("${keyless[@]}" list-users "${patience[@]}" -o out) ;;
	scim) variable=SCIM_URL
		command=(list-scim --users --seal "${patience[@]}" --page-size 100 -o out) ;;
	push) variable=SCIM_URL
		command=(push-scim "${patience[@]}" -o out "$T/resources") ;;
	grant) variable=SCIM_TOKEN_URL
		command=(env -u SCIM_TOKEN SCIM_URL=http://127.0.0.1:1 SCIM_CLIENT_ID=id SCIM_CLIENT_SECRET=canary-client-secret
			list-scim --users "${patience[@]}" --page-size 100 -o out) ;;
	*) command=("${own[@]}" "${patience[@]}") variable=${own_variable:-AWS_ENDPOINT_URL} ;;
	esac
}

drill() {
	drills=$((drills + 1))
	wants[drills]=$1 counts[drills]=$2 titles[drills]="$5 ($4)"
	local script=$3 variable command number places=()
	if [ ! -d $drills ]; then	# a hundred at once: mkdir starts as seldom
		for ((number = drills; number < drills + 100; number++)); do
			places+=("$number"/{work,asked,elsewhere})
		done
		mkdir -p "${places[@]}"
	fi
	printf '%s\n' "$script" >$drills/script
	client "$4"
	[ $drills -le $PARALLEL ] || wait -n
	(
		cd $drills/work || exit 1
		echo old >out
		timeout 200 "${around[@]}" fault-server "${server[@]}" --url-in "$variable" --save ../asked ../script \
			"${measured[@]}" "${command[@]}" >../stdout 2>../said </dev/null
		echo $? >../status
	) &
}

says() { texts[drills]=$1; }
good() { goods[drills]=$T/good; }
stream() { streams[drills]=1; }
large() { most[drills]=65536; }

# judge_stream: what is wrong with the seal of a stream that broke.
judge_stream() {
	local lines retryable=false
	[ "$status" != 75 ] || retryable=true
	mapfile -t lines <"$n/stdout"
	[[ "${lines[*]: -1}" = '{"~end":{"v":1,"ok":false,'*'"retryable":'$retryable* ]] || echo "the seal: ${lines[*]: -1}"
	[[ "${lines[*]}" != *'"ok":true'* ]] || echo 'a seal too many'
}

# judge NUMBER: prints what is wrong.  It starts no process unless something is.
judge() {
	local n=$1 status=none _ used=none whole said=0 line found least=${counts[$1]%-*} largest=${counts[$1]#*-}
	read -r status <"$n/status"
	[[ "|${wants[n]}|" = *"|$status|"* ]] || echo "status $status, wanted ${wants[n]}"
	shopt -s nullglob dotglob
	found=("$n"/asked/[0-9]*)
	((${#found[@]} >= least && ${#found[@]} <= largest)) || echo "${#found[@]} requests, wanted ${counts[n]}"
	found=("$n"/work/*)
	[ "${found[*]}" = "$n/work/out" ] || echo "files beside the output: ${found[*]}"
	found=("$n"/elsewhere/*)
	[ ${#found[@]} -eq 0 ] || echo 'somebody else was asked'
	shopt -u nullglob dotglob
	if [ -n "${streams[n]:-}" ]; then
		judge_stream
	elif [ -s "$n/stdout" ]; then
		echo 'something on standard output'
	fi
	mapfile whole <"$n/said"
	[[ "${whole[*]}" = *"${texts[n]:-}"* ]] || echo "no word of: ${texts[n]}"
	if [ "$MEMORY_KIB" != unlimited ]; then
		[ ! -e "$n/used" ] || read -r _ _ used <"$n/used"
		[ "$used" -le $((MEMORY_KIB + ${most[n]:-0})) ] 2>/dev/null || echo "$used KiB of memory"
	fi
	if [ "$status" != 0 ]; then
		for line in "${whole[@]}"; do [[ $line = *': warning: '* ]] || said=$((said + 1)); done
		[ $said -eq 1 ] || echo 'not one line on standard error'
		read -r whole <"$n/work/out"
		[ "$whole" = old ] || echo 'the old file is gone'
	elif [ -n "${goods[n]:-}" ]; then
		grep -v '"~end"' "$n/work/out" | cmp - "${goods[n]}" || echo 'other records'
	fi
}

judge_all() {
	local n
	wait
	for ((n = 1; n <= drills; n++)); do
		judge "$n" >wrong 2>&1
		title "${titles[n]}"
		[ ! -s wrong ]
		verdict $? drill || { show wrong; show "$n/said"; }
	done
	# Once for all of them: the patterns are dear.
	cat [0-9]*/said >said
	title 'no message holds a secret'
	! leaks said
	verdict $? leaks || true
}

# answers STATUS REQUESTS CLIENT TITLE BODY...: each body under HTTP 200,
# behind what ${before:-} says of other requests
answers() {
	local want=$1 asked=$2 who=$3 what=$4 body
	shift 4
	for body; do
		text "$body"
		drill "$want" "$asked" "${before:-}* : 200=$file" "$who" "$what: ${body:0:60}"
	done
}
