#!/usr/bin/env bash
# Fault drills: a pool that misbehaves, a command that reads it into a file.  Either the file holds
# exactly what the service showed, under a whole seal, or the command ends with the right status and
# one line, and the old file is as it was.  Status 0 with a short list is what must never be.
. "$(dirname "$0")/lib.sh"

# Drills mostly wait, so they run beside each other; the verdicts come at the end, in order.
PARALLEL=8
drills=0 titles=() wants=() expects=() texts=()

# drill WANT EXPECTED TITLE SERVE-POOL-ARGUMENT...: WANT is a status, or several joined by "|"; on 0
# the file ./out holds the records of EXPECTED.
drill() {
	local number made=()
	drills=$((drills + 1))
	wants[drills]=$1 expects[drills]=$T/$2 titles[drills]=$3
	shift 3
	if [ ! -d $drills ]; then	# a hundred at once: mkdir starts as seldom
		for ((number = drills; number < drills + 100; number++)); do made+=("$number"); done
		mkdir "${made[@]}"
	fi
	[ $drills -le $PARALLEL ] || wait -n
	(
		cd $drills || exit 1
		echo old >out
		timeout 100 serve-pool "$@" >stdout 2>err </dev/null
		echo $? >status
	) &
}

# says TEXT: the last drill's message holds TEXT.
says() { texts[drills]=$1; }

# What identifies a record, sorted.  (gojq starts in a fifth of the time of jq.)
keys() {
	gojq -c 'if has("Groups") then [.Username, (.Groups | sort)] else [.GroupName, .Username] end' "$1" | LC_ALL=C sort
}

# judge DIRECTORY WANT EXPECTED TEXT: prints what is wrong.  Of a failure it judges without a program.
judge() {
	local status=none found lines
	cd "$1" || return
	read -r status <./status
	[[ "|$2|" = *"|$status|"* ]] || echo "status $status, wanted $2"
	shopt -s dotglob
	found=(*)
	[ "${found[*]}" = 'err out status stdout' ] || { echo files left behind:; ls -A; }
	[ ! -s stdout ] || echo 'something on standard output'
	[ -z "$4" ] || holds err "$4" || echo "no word of: $4"
	if [ "$status" -ne 0 ]; then
		[ "$(<out)" = old ] || echo 'the old file is gone'
		mapfile lines <err
		[[ ${#lines[@]} -eq 1 && ${lines[0]} = *$'\n' ]] || echo 'not one line on standard error'
		return
	fi
	unseal --whole out >rows 2>unseal.err || { echo 'not whole:'; cat unseal.err; }
	keys rows | cmp - "$3" || echo 'not what the service showed'
	[ ! -s err ] || holds err ': warning: ' || echo 'words on standard error'
}

# What the pools hold.
awk 'BEGIN {
	for (i = 1; i <= 240; i++)
		printf "{\"Username\":\"user%03d\",\"Attributes\":{\"sub\":\"sub-%03d\",\"email\":\"u%d@example.com\"}}\n", i, i, i
	for (g = 1; g <= 130; g++)
		printf "{\"GroupName\":\"group-%03d\"}\n", g
	for (i = 1; i <= 240; i++)
		printf "{\"GroupName\":\"group-%03d\",\"Username\":\"user%03d\"}\n", i % 3 + 1, i
	for (i = 1; i <= 130; i++)
		printf "{\"GroupName\":\"group-%03d\",\"Username\":\"user001\"}\n", i
}' | awk '!seen[$0]++' >pool
jq -c 'select(has("GroupName") | not)' pool >users.records
jq -c 'select(has("Username") | not)' pool >groups.records
jq -c 'select(has("GroupName") and has("Username") and .GroupName <= "group-005")' pool >members.records
for kind in users groups members; do keys $kind.records >$kind; done
jq -c -s 'group_by(.Username)[] | {Username: .[0].Username, Groups: map(.GroupName)}' members.records >by-group.records
jq -c 'select(has("GroupName") and has("Username") and .Username <= "user005")' pool |
	jq -c -s 'group_by(.Username)[] | {Username: .[0].Username, Groups: map(.GroupName)}' >by-user.records
keys by-group.records >by-group
keys by-user.records >by-user
pool=$T/pool
serve pool -- list-groups --seal -o five group-001 group-002 group-003 group-004 group-005
serve pool -- list-users --seal --max-items 5 -o few

list_users=(list-users --seal --retry-seconds 1 -o out)
list_groups=(list-groups --seal --retry-seconds 1 -o out)
members=(expand-members --retry-seconds 1 -o out "$T/five")
by_group=(expand-members --retry-seconds 1 --users -o out "$T/five")
by_user=(expand-members --by user --retry-seconds 1 -o out "$T/few")
patient=(--read-timeout 1 --connect-timeout 1)

# Faults that pass: another try finds the same list.
for kind in throttle error500 error503 reset cut not-json; do
	drill 0 users "$kind once" --fault $kind@2 "$pool" -- list-users --seal -o out
	drill 0 users "$kind at the first request" --fault $kind@1 "$pool" -- list-users --seal -o out
	drill 75 users "$kind again and again" --fault $kind@2+1 "$pool" -- "${list_users[@]}"
	[ $kind = not-json ] ||
		drill 75 users "$kind always" --fault $kind=100% "$pool" -- "${list_users[@]}"
	drill 0 groups "list-groups: $kind once" --fault $kind@2 "$pool" -- list-groups --seal -o out
	drill 0 members "expand-members: $kind twice" --fault ListUsersInGroup:$kind@2 --fault $kind@4 "$pool" -- expand-members -o out "$T/five"
	drill 75 members "expand-members: $kind always" --fault $kind@3+1 "$pool" -- "${members[@]}"
	drill 0 by-group "expand-members --users: $kind once" --fault $kind@3 "$pool" -- expand-members --users -o out "$T/five"
	drill 75 by-group "expand-members --users: $kind always" --fault $kind@3+1 "$pool" -- "${by_group[@]}"
	drill 0 by-user "expand-members of users: $kind once" --fault $kind@2 "$pool" -- expand-members --by user -o out "$T/few"
	drill 75 by-user "expand-members of users: $kind always" --fault $kind@2+1 "$pool" -- "${by_user[@]}"
done
for seed in 1 2 3 4; do
	drill 0 users "a third of the answers lost, seed $seed" --short-pages --seed $seed \
		--fault error500=12% --fault reset=12% --fault cut=12% "$pool" -- list-users --seal --retry-seconds 30 -o out
	drill 0 members "expand-members: a third of the answers lost, seed $seed" --short-pages --seed $seed \
		--fault error500=12% --fault reset=12% --fault cut=12% "$pool" -- expand-members --retry-seconds 30 -o out "$T/five"
	drill 0 groups "list-groups: short pages, seed $seed" --short-pages --seed $seed "$pool" -- "${list_groups[@]}"
	drill 0 by-user "expand-members of users: short pages, seed $seed" --short-pages --seed $seed "$pool" -- "${by_user[@]}"
done
drill 0 users 'slow bodies' --fault slow@2 "$pool" -- "${list_users[@]}"
drill 0 users latency --latency 30 "$pool" -- "${list_users[@]}"
drill 0 users 'a small quota' --short-pages --quota UserList=8 "$pool" -- list-users --seal -o out
drill 0 users "AWS's own quotas" --short-pages --quota aws "$pool" -- list-users --seal -o out
drill 0 members 'expand-members: a small quota' --quota UserList=5 "$pool" -- expand-members -o out "$T/five"
for offset in 3600 -3600 86400; do
	drill 0 users "a clock that is off by $offset s" --clock-offset $offset "$pool" -- "${list_users[@]}"
	says ': warning: the clock of this machine is '
	drill 0 by-group "expand-members --users: a clock that is off by $offset s" --clock-offset $offset "$pool" -- "${by_group[@]}"
done

# Faults that another try does not mend: from the first call on a page is somebody else's for good.
drill 1 users 'not-json always' --fault not-json=100% "$pool" -- "${list_users[@]}"
for kind in no-users denied expire-session repeat-token; do
	drill 1 users "$kind" --fault $kind@2 "$pool" -- "${list_users[@]}"
	drill 1 groups "list-groups: $kind" --fault $kind@2 "$pool" -- "${list_groups[@]}"
	drill 1 by-user "expand-members of users: $kind" --fault $kind@2 "$pool" -- "${by_user[@]}"
	[ $kind = repeat-token ] ||
		drill 1 members "expand-members: $kind" --fault $kind@2 "$pool" -- "${members[@]}"
done
for kind in no-users denied expire-session; do
	drill 1 users "$kind at the first request" --fault $kind@1 "$pool" -- "${list_users[@]}"
	drill 1 groups "list-groups by name: $kind" --fault $kind@2 "$pool" -- "${list_groups[@]}" group-001 group-002 group-003
	drill 1 by-group "expand-members --users: $kind" --fault $kind@5 "$pool" -- "${by_group[@]}"
done
drill 1 members 'expand-members: repeat-token' --short-pages --fault repeat-token@2+1 "$pool" -- "${members[@]}"
drill 1 users 'a user who comes twice' --fault duplicate-user@3 "$pool" -- "${list_users[@]}"
drill 1 members 'expand-members: a user who comes twice' --fault duplicate-user@1 "$pool" -- "${members[@]}"
drill 1 by-group 'expand-members --users: a user who comes twice' --fault duplicate-user@1 "$pool" -- "${by_group[@]}"
drill 75 users 'a page token that is refused' --fault expire-token@3 "$pool" -- "${list_users[@]}"
says 'a page token lives an hour'
drill 75 groups 'list-groups: a page token that is refused' --fault expire-token@2 "$pool" -- "${list_groups[@]}"
drill 75 members 'expand-members: a page token that is refused' --fault expire-token@2 "$pool" -- "${members[@]}"
drill 75 users 'a page token that grew too old' --token-seconds 1 --latency 2100 "$pool" -- "${list_users[@]}"

# Who vanishes was not shown, and nobody can know: the list is the rest.
head -n 59 users >shown
tail -n +61 users >>shown
drill 0 shown 'a user who vanishes' --fault vanish-user@1 "$pool" -- "${list_users[@]}"

# Sessions that end.
role=(assume-role --static --role-arn arn:aws:iam::123456789012:role/cognitoApiAccessRole --external-id cognito-integration --)
drill 1 users 'a session that ends in the middle of the list' --session-seconds 1 --latency 700 "$pool" -- "${role[@]}" "${list_users[@]}"
says 'get new credentials'
drill 0 users 'a session that is long enough' --require-role "$pool" -- "${role[@]}" "${list_users[@]}"

# What an HTTP library cannot send.
proxy() { drill "$1" users "$2 ${*:3:2}" "$pool" -- fault-proxy --fault "${@:2}" -- "${list_users[@]}" "${patient[@]}"; }
for kind in garbage http-0.9 partial redirect huge-length huge-chunked long-header; do
	proxy 1 $kind --at 1
	proxy 1 $kind --at 3
done
for kind in http-1.0 chunked few-continue drop answer-ahead; do
	proxy 0 $kind --always
done
for kind in close-cut close-whole chunked-cut length-more endless-headers endless-continue; do
	proxy 0 $kind --at 3
	proxy 75 $kind --always
done
# Nothing that is JSON: of somebody in between, or for good.
for kind in length-less gzip; do
	proxy 0 $kind --at 3
	proxy 1 $kind --always
done
for kind in silent slow-headers; do
	proxy 75 $kind --at 2
	says 'no whole answer'
done
proxy 75 plain-on-tls --at 1
says 'cannot connect'
# What comes behind an answer either spoils the connection in time or the next answer.
proxy '0|1' trailing --at 2
for kind in garbage redirect partial; do
	drill 1 members "expand-members: $kind" "$pool" -- fault-proxy --fault $kind --at 4 -- "${members[@]}"
done
for kind in close-cut chunked-cut drop length-less gzip; do
	drill 0 members "expand-members: $kind" "$pool" -- fault-proxy --fault $kind --at 4 -- expand-members --retry-seconds 10 -o out "$T/five"
done

# The same through three stages, the last of which writes the file.
cat >stages <<'EOF'
set -o pipefail
"$@" --seal | map-attributes -e . | emit-csv --columns Username,sub -o out
printf '%s ' "${PIPESTATUS[@]}" >../stages.$(basename "$PWD")
EOF
pipe() { # WANT STATUSES TITLE SERVE-POOL-ARGUMENTS...
	drill "$1" "csv $2" "three stages: $3" "${@:4}" "$pool" -- bash "$T/stages" list-users --retry-seconds 1
}
pipe 0 '0 0 0 ' 'short pages' --short-pages
pipe 0 '0 0 0 ' 'a reset' --fault reset@2
pipe 4 '1 4 4 ' 'denied' --fault denied@2
pipe 4 '1 4 4 ' 'no users' --fault no-users@2
pipe 75 '75 75 75 ' 'errors without end' --fault error500@3+1
pipe 75 '75 75 75 ' 'a refused token' --fault expire-token@2

wait
keys_of_csv() { tail -n +2 out | sort; }
jq -r '[.Username, .Attributes.sub] | join(",")' users.records | sort >csv.expected
for ((n = 1; n <= drills; n++)); do
	case ${expects[n]} in
	"$T/csv "*)
		(
			cd $n || exit
			echo "${expects[n]#"$T/csv "}" | cmp - <(cat "$T/stages.$n"; echo) || cat "$T/stages.$n"
			if [ "${wants[n]}" -eq 0 ]; then
				keys_of_csv | cmp - "$T/csv.expected"
			else
				[ "$(<out)" = old ] || echo 'the old file is gone'
			fi
			[ "$(find . -type f | wc -l)" -eq 4 ] || ls -A
		) >wrong 2>&1 ;;
	*) (judge $n "${wants[n]}" "${expects[n]}" "${texts[n]:-}") >wrong 2>&1 ;;
	esac
	title "${titles[n]}"
	[ ! -s wrong ]
	verdict $? drill || { show wrong; show $n/err; }
done

finish
