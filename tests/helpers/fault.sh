# shellcheck shell=bash
# Sourced behind lib.sh: drills with fault-server, many beside each other, judged at the end.
#
#   drill STATUS REQUESTS SCRIPT CLIENT TITLE   runs the client (a name from clients below) against
#           the script ("file:" lines of fault-server); REQUESTS is how many must arrive: "1", "1-3"
#   says TEXT, good, large   the last drill's message holds TEXT; its records are those in ./good;
#           it may need memory for the largest answer
#   judge_all                waits, and prints a verdict for each
#
# A drill that fails must leave the old output file as it was, nothing beside it and nothing on
# standard output, say one line without a secret, and stay within MEMORY_KIB.

PARALLEL=6
MEMORY_KIB=${MEMORY_KIB:-49152}
# The sanitizer's own memory lies beyond any limit.
! grep -q __asan_init "$BIN/list-users" || MEMORY_KIB=unlimited
drills=0 titles=() wants=() counts=() texts=() goods=()
server=()	# options for fault-server
around=()	# what it runs under: a second one, say, that saves to ../elsewhere and hears nothing
most=()

export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=$known_secret
export AWS_SESSION_TOKEN=canary-session-token AWS_REGION=us-east-1
export COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1 SCIM_TOKEN=canary-bearer-token
printf '%s\n' "$known_secret" canary- >canaries
role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
echo '{"GroupName":"staff"}' >group.ndjson
echo '{"Username":"ana"}' >user.ndjson

# Short patience, no second try: what comes is the first judgement.
patience=(--retry-seconds 0 --connect-timeout 1 --read-timeout 1)
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
	role) command=(assume-role --static "${patience[@]}" --role-arn $role --external-id canary-external -- sh -c 'echo new >out') ;;
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
	*) command=("${own[@]}") variable=${own_variable:-AWS_ENDPOINT_URL} ;;
	esac
}

drill() {
	drills=$((drills + 1))
	wants[drills]=$1 counts[drills]=$2 titles[drills]="$5 ($4)"
	local script=$3 variable command
	mkdir -p $drills/work $drills/asked $drills/elsewhere
	printf '%s\n' "$script" >$drills/script
	client "$4"
	(
		cd $drills/work || exit 1
		echo old >out
		timeout 60 "${around[@]}" fault-server "${server[@]}" --url-in "$variable" --save ../asked ../script \
			measure ../used "${command[@]}" >../stdout 2>../err </dev/null
		echo $? >../status
	) &
	while [ "$(jobs -r | wc -l)" -ge $PARALLEL ]; do wait -n; done
}

says() { texts[drills]=$1; }
good() { goods[drills]=$T/good; }
large() { most[drills]=$((MEMORY_KIB + 65536)); }	# the largest answer that is read

# asked_of N: how many requests drill N brought.
asked_of() { find "$T/$1/asked" -name '[0-9]*' | wc -l; }

# judge DIRECTORY STATUS REQUESTS TEXT RECORDS KIB: prints what is wrong.
judge() {
	local status used asked least=${3%-*} most=${3#*-}
	cd "$T/$1" || return
	status=$(cat status)
	[ "$status" -eq "$2" ] || echo "status $status, wanted $2"
	asked=$(asked_of "$1")
	[ "$asked" -ge "$least" ] && [ "$asked" -le "$most" ] || echo "$asked requests, wanted $3"
	[ "$(cd work && find . -type f)" = ./out ] || { echo 'files beside the output:'; ls -A work; }
	[ ! -s stdout ] || echo 'something on standard output'
	! leaks err 2>&1 || echo 'a secret in the message'
	grep -qF -e "$4" err || [ -z "$4" ] || echo "no word of: $4"
	used=$(cut -d' ' -f3 used)
	[ "$MEMORY_KIB" = unlimited ] || [ "$used" -le "$6" ] || echo "$used KiB of memory"
	[ -z "$(ls elsewhere)" ] || echo 'somebody else was asked'
	if [ "$status" -ne 0 ]; then
		[ "$(cat work/out)" = old ] || echo 'the old file is gone'
		[ "$(wc -l <err)" -eq 1 ] || echo 'not one line on standard error'
	elif [ -n "$5" ]; then
		grep -v '"~end"' work/out | cmp - "$5" || echo 'other records'
	fi
}

judge_all() {
	local n
	wait
	for ((n = 1; n <= drills; n++)); do
		(judge $n "${wants[n]}" "${counts[n]}" "${texts[n]:-}" "${goods[n]:-}" "${most[n]:-$MEMORY_KIB}") >wrong 2>&1
		title "${titles[n]}"
		[ ! -s wrong ]
		verdict $? drill || { show wrong; show $n/err; }
	done
}
