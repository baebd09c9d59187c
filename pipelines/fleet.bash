# shellcheck shell=bash disable=SC2154,SC2034 # the environment that export-fleet sets; the library's
# One job of export-fleet(1), which has parallel(1) run it: the list of the pools of an account and
# Region, or the export of a pool.  How it ended becomes a line in .fleet/ended, in one step.
#
#   bash fleet.bash LINE       that line of the jobs
#
# Only numbers and paths are arguments here; keys and tokens come by the environment and go on by
# it, to those commands that ask AWS.
# Whose export-fleet was killed begins nothing new.
kill -0 "$fleet_owner" 2>/dev/null || exit 143
PROGRAM_PREFIX=
program=$fleet_program
# shellcheck source=pipelines/lib.bash
. "${BASH_SOURCE[0]%/*}/lib.bash" || exit 2

directory=$fleet_directory run=$fleet_run state=${fleet_directory}.fleet
read -r kind account region role external_id pool name < <(sed -n "$1p" "$run/jobs")
place=$account/$region
[ "$kind" = list ] || place=$place/$pool
ended=$state/ended/${place//\//.} mine=$run/job.${place//\//.}
command=()

# settings NAME: sets the array NAME to what export-fleet has left in the file of that name.
settings() { mapfile -t -d '' "$1" <"$run/$1" || exit 1; }

under_role() {
	[ "$role" != - ] || return 0
	settings assume
	command=("${PROGRAM_PREFIX}assume-role" "${assume[@]}" "${network[@]}" --role-arn "$role")
	[ "$external_id" = - ] || command+=(--external-id "$external_id")
	command+=(--)
}

list_command() {
	settings patterns
	command+=("${PROGRAM_PREFIX}list-user-pools" "${network[@]}" "${pool_network[@]}" --region "$region"
		--no-progress -o "$mine.list" -- "${patterns[@]}")
}

# keep_list: it takes its place if it is whole.
keep_list() {
	"${PROGRAM_PREFIX}unseal" --whole "$mine.list" 2>>"$mine.err" >/dev/null || return
	sync -- "$mine.list" && mv -fT -- "$mine.list" "$state/lists/$account.$region" || exit 1
}

pool_command() {
	settings target_arguments
	mkdir -p -- "$directory$account/$region" && rm -f -- "$mine.summary" || exit 1
	command+=("${PROGRAM_PREFIX}export-target" "${target_arguments[@]}" "${network[@]}" "${pool_network[@]}"
		-d "$directory$place" --user-pool-id "$pool" --region "$region" --no-progress
		--summary "$mine.summary" -- "$fleet_target")
}

# why STATUS: the first message is the cause, what follows is its echo; with -v, which tells much
# before, the last.  For a line of JSON.
why() {
	local pick=1
	[ "$1" -ne 0 ] || return 0
	[[ " ${network[*]} " != *' -v '* ]] || pick=\$
	# Nor is it what bash says of a command that was killed.
	grep -vE ': warning: |: line [0-9]+: +[0-9]+ ' "$mine.err" | sed -n "${pick}p" | tr -c '\n -~' '?' | cut -c1-400 | sed 's/["\\]/\\&/g'
}

# put_line STATUS SECONDS
put_line() {
	local id=null title=null counts='"Users":null,"Groups":null,"Memberships":null,"Rejected":null' cause
	cause=$(why "$1")
	[ "$1" -eq 0 ] || [ -n "$cause" ] || cause="ended with status $1"
	if [ "$kind" = pool ]; then
		id="\"$pool\"" title=$name
		case $1 in 0 | 3) counts=$(sed 's/^{\(.*\)}$/\1/' "$mine.summary") || exit 1 ;; esac
	fi
	printf '{"Account":"%s","Region":"%s","UserPoolId":%s,"Name":%s,"Status":%d,%s,"Seconds":%s,"Why":"%s"}\n' \
		"$account" "$region" "$id" "$title" "$1" "$counts" "$2" "$cause" >"$mine.line" &&
		mv -fT -- "$mine.line" "$ended"
}

# tell STATUS: with whose they are, for many speak here.
tell() {
	local lines
	[ ! -s "$mine.err" ] || sed "s|^|$program: $place: |" "$mine.err" >&2
	[ "$fleet_progress" = --progress ] && [ "$kind" = pool ] || return 0
	lines=("$state/ended"/*.*.*)
	printf '%s: %d of %d: %s: status %d\n' "$program" "${#lines[@]}" "$(wc -l <"$run/pools")" "$place" "$1" >&2
}

# put_group: the process group that parallel has made for this job, for export-fleet if parallel dies.
put_group() {
	local fields group
	read -r fields <"/proc/$$/stat" && read -r _ _ group _ <<<"${fields##*) }" &&
		printf '%s\n' "$group" >"$mine.group"
}

main() {
	local begun=${EPOCHREALTIME/./} status stopped='' tenths turn
	put_group || exit 1
	settings network
	settings pool_network
	under_role
	"${kind}_command"
	# Who is told to stop waits until the command has cleaned up, and has nothing to say of the pool.
	trap 'stopped=1' TERM INT HUP
	with_secrets "${command[@]}" 2>"$mine.err" </dev/null >/dev/null
	status=$?
	[ -z "$stopped" ] || { rm -f -- "$mine".*; exit 143; }
	if [ "$kind$status" = list0 ]; then
		keep_list
		status=$?
	fi
	# It may have been made to do something else than to export.
	case $status in 0 | 3) [ "$kind" = list ] || [ -s "$mine.summary" ] || status=1 ;; esac
	# One after the other, so that each tells a number of its own.
	{ exec {turn}<"$state/ended" && flock "$turn"; } || exit 1
	tenths=$(((${EPOCHREALTIME/./} - begun) / 100000))
	[ "$kind$status" = list0 ] || put_line "$status" "$((tenths / 10)).$((tenths % 10))" || exit 1
	tell "$status"
	rm -f -- "$mine".*
	exit 0
}

main
