# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables shared with the script; awk's
# What the export pipelines share.  The script sets program, PROGRAM_PREFIX, usage and files (the
# names of its outputs, NAME.EXT, in the order in which they take their places), then calls
#
#   parse "$@"       options, as the manual pages say; sets directory, keep, names, network, mapping,
#                    held, limits (of plan-sync) and own, by the option's name what only this script knows.  An option is
#                    known if it stands in usage, with the name of its value or without
#   begin COMMAND... lock, private directory $run, cleaning up; the commands must be there
#   stage FUNCTION   runs FUNCTION, a command or a pipe whose last line is `rank "${PIPESTATUS[@]}"`;
#                    ends the script unless the status is 0 or 3
#   read_pool        makes $run/groups and $run/users, the users with their Groups, sealed; what the
#                    service gave that is no record of a user is in $run/read.*, for put_rejects;
#                    its memberships carry member_key, an attribute by which users are matched
#   visible          a filter for what is shown of names and texts from outside
#   put_rejects FILE REJECTS...  appends to FILE what these hold, as far as they are there
#   publish          puts the outputs of $run (or of $made, if the script sets it) in place, for each
#                    NAME.EXT its parts NAME-….EXT too, keeps the old ones, calls published, a
#                    function that the script may have, and ends the script
#
# without_rejected stands on its own; export.mk uses it too.

# Whatever SHELLOPTS and BASHOPTS say: a status of 3 is no error here, names are matched, and only those
# that are there, files are replaced, and NAME=VALUE is a word.
set +e +f +C +k -u -o pipefail
shopt -u nullglob failglob nocaseglob nocasematch dotglob
umask 077
# A shell that has keys, or a sort that has people, leaves no core file.
ulimit -S -c 0
unset CDPATH
# Text is bytes, and every stage must see a whole stream before it calls its own whole.
export LC_ALL=C COGNITO_SEAL=1
# cron's PATH rarely holds the directory that the commands were installed to.
PATH=$PATH:$(dirname "$(readlink -f "$0")")

directory='' keep=7 run='' made='' rejected='' stats_file=''
names=() network=() mapping=() held=() operands=() parts=() stale=() limits=()
operands_max=0
member_key=Username
declare -A own=()
# What only the commands that ask AWS need, and sort, awk and the shell's other children do not.
secrets=(AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN)
# And what only those need that ask a SCIM server.
scim_secrets=(SCIM_TOKEN SCIM_CLIENT_SECRET)
export -n "${secrets[@]}" "${scim_secrets[@]}"
# Names of the parts that the last run made; only those that files can have count.
manifest=

# Stages run in process groups of their own; on the terminal their progress is that of this script's.
own_progress() {
	local fields
	read -r fields <"/proc/$$/stat" || return
	read -r _ _ COGNITO_PROGRESS_GROUP _ <<<"${fields##*) }"
	export COGNITO_PROGRESS_GROUP
}
[ -n "${COGNITO_PROGRESS_GROUP:-}" ] || own_progress 2>/dev/null

fail() {
	local status=$1
	shift
	printf '%s: %s\n' "$program" "$*" >&2
	exit "$status"
}

wrong_usage() {
	printf '%s: %s\n' "$program" "$1" >&2
	printf 'usage: %s\n' "$usage" >&2
	exit 2
}

version() {
	local line
	line=$("${PROGRAM_PREFIX}list-users" --version) || exit 1
	printf '%s %s\n' "$program" "${line##* }"
	exit 0
}

# take NAME VALUE: an option that stands in usage.
take() {
	case $1 in
	-d | --output-directory) directory=$2 ;;
	--group) names+=("$2") ;;
	--groups) group_file=$2
		# An unset variable of the caller must not come to mean "all groups".
		[ -n "$2" ] || wrong_usage "$1: no file is named" ;;
	--keep) keep=$2 ;;
	--arg) mapping+=("$1" "$2") ;;
	--hold-back) held=("$1" "$2") ;;
	--confirm | --max | --same-source) limits+=("$1" "$2") ;;
	--user-pool-id | --profile | --region | --endpoint-url | --ca-bundle | --max-rate | --share | \
		--retry-seconds) network+=("$1" "$2") ;;
	--progress) network+=("$1") ;;
	--no-progress) network+=("$1"); export COGNITO_PROGRESS=0 ;;
	--stats) stats_file=$2
		[ -n "$2" ] || wrong_usage "$1: no file is named" ;;
	*) own[$1]=$2
		# Likewise, it must not come to mean that the option was not given.
		[ -n "$2" ] || wrong_usage "$1: an empty value" ;;
	esac
}

parse() {
	local name value group_file=''
	while [ $# -gt 0 ]; do
		name=$1
		unset value
		shift
		case $name in
		-h | --help) printf 'usage: %s\n' "$usage" || exit 1; exit 0 ;;
		--version) version ;;
		-v | --verbose) network+=(-v); continue ;;
		--?*=*) value=${name#*=} name=${name%%=*} ;;
		-d?*) value=${name#-d} name=-d ;;
		--) operands+=("$@"); break ;;
		-?*) ;;
		*) operands+=("$name"); continue ;;
		esac
		[[ $name =~ ^(-d|--[a-z-]+)$ ]] || wrong_usage "$name: unknown option"
		if [[ $usage == *"[$name]"* ]]; then
			[ -z "${value+set}" ] || wrong_usage "$name: takes no value"
		elif [[ $name == -d || $name == --output-directory || $usage == *"[$name "* ]]; then
			if [ -z "${value+set}" ]; then
				[ $# -gt 0 ] || wrong_usage "$name: a value is missing"
				value=$1
				shift
			fi
		else
			wrong_usage "$name: unknown option"
		fi
		take "$name" "${value-1}"
	done
	[ ${#operands[@]} -le "$operands_max" ] ||
		wrong_usage "${operands[operands_max]}: an operand too many"
	[ -n "$directory" ] || wrong_usage '--output-directory: a directory is needed'
	# Files in it are operands of commands, of awk also.
	[[ $directory != -* && $directory != *=* ]] || directory=./$directory
	[[ $keep =~ ^[0-9]{1,4}$ ]] || wrong_usage '--keep: not a number between 0 and 9999'
	keep=$((10#$keep))
	# Operands behind --, so that no name of a group is taken for an option.
	[ ${#names[@]} -eq 0 ] || names=(-- "${names[@]}")
	[ -z "$group_file" ] || names=(--names-from "$group_file" "${names[@]}")
}

# report STATUS: what the commands of the run said of themselves, put together: in the file of --stats,
# and for whoever sits at the terminal as a table.
report() {
	local files=() how=(--command "${program#"$PROGRAM_PREFIX"}" --status "$1")
	[ -n "$stats_file" ] && [ -n "$run" ] || return 0
	# What a command that was killed has left is none.
	mapfile -d '' files < <(find "$run/.stats" -name '*.json' ! -name '.*' -size +0 -print0)
	[ ${#files[@]} -gt 0 ] || files=(/dev/null)
	# In a trap a plain return means the status before it.
	COGNITO_PROGRESS=0 "${PROGRAM_PREFIX}merge-stats" "${how[@]}" -o "$stats_file" "${files[@]}" || return 1
	[ ! -t 2 ] || COGNITO_PROGRESS=0 "${PROGRAM_PREFIX}merge-stats" "${how[@]}" --format table "${files[@]}" >&2
}

# The private directory holds personal data, so it goes whatever happens; one that a dead run left
# behind goes at the start of the next, when the lock says that its owner is gone.
clean_up() {
	[ -z "$run" ] || rm -rf -- "$run"
}

# ended: the end by itself.  A run without the report that was asked for is none.
ended() {
	local status=$?
	trap - EXIT
	report "$status" || case $status in 0 | 3) status=1 ;; esac
	clean_up
	exit "$status"
}

# at_work GROUP: whether somebody of it is.  The dead stay in it until somebody reaps them, which may be
# nobody.
at_work() {
	local file fields state group
	kill -0 -- "-$1" 2>/dev/null || return
	for file in /proc/[0-9]*/stat; do
		{ read -r fields <"$file"; } 2>/dev/null || continue
		read -r state _ group _ <<<"${fields##*) }"
		[ "$group" != "$1" ] || [ "$state" = Z ] || return 0
	done
	return 1
}

# end_group PID: ends a stage, or who is left of it.  Its shell is waited for as long as it wants: most
# die at once, and one that does not has its reasons (hand_over, and parallel, whose jobs are in other
# groups).  The commands put away what they have begun; meanwhile they hold the lock and write where we
# clean up: for a minute.
end_group() {
	local i
	kill -TERM -- "-$1" 2>/dev/null || return 0
	# Who is stopped cannot end.
	kill -CONT -- "-$1" 2>/dev/null
	wait "$1" 2>/dev/null
	for ((i = 0; i < 1200; i++)); do
		at_work "$1" || return 0
		sleep 0.05
	done
	kill -KILL -- "-$1" 2>/dev/null
}

# Commands run in a process group of their own, so that a signal that meets this script ends them.
# (Asked of the shell, since the signal may come before a variable could be set.)
interrupted() {
	local job
	trap '' INT TERM HUP
	for job in $(jobs -p); do
		end_group "$job"
	done
	report "$((128 + $(kill -l "$1")))"
	clean_up
	trap - "$1" EXIT
	kill -s "$1" $$
}

# replaceable NAME: whether a file can take the place in the directory.
replaceable() {
	[ ! -L "$directory$1" ] && { [ ! -e "$directory$1" ] || [ -f "$directory$1" ]; }
}

begin() {
	local name left
	[ -n "$manifest" ] || manifest=.${program#"$PROGRAM_PREFIX"}.files
	for name in "$@" ${stats_file:+merge-stats}; do
		command -v "$PROGRAM_PREFIX$name" >/dev/null || fail 2 "$PROGRAM_PREFIX$name: not found in PATH"
	done
	directory=${directory%/}/
	[ -d "$directory" ] || mkdir -- "${directory%/}" || exit 2
	{ [ -w "$directory" ] && [ -x "$directory" ] && exec {lock}<"$directory"; } 2>/dev/null ||
		fail 2 "${directory%/}: not a directory that can be read and written"
	flock -n "$lock" || fail 75 "${directory%/}: another run is at work there"
	# What a rename would replace by a file, or put a file into.
	for name in "${files[@]}" "$manifest"; do
		replaceable "$name" || fail 2 "$directory$name: not a regular file"
	done
	for left in "$directory".export-??????; do
		[ ! -d "$left" ] || rm -rf -- "$left"
	done
	check_place --stats "$stats_file"
	check_place --summary "${own[--summary]:-}"
	[ -z "$stats_file" ] || [ -z "${own[--summary]:-}" ] ||
		[ "$(readlink -f -- "$stats_file")" != "$(readlink -f -- "${own[--summary]}")" ] ||
		fail 2 "--summary: ${own[--summary]}: that of --stats"
	trap ended EXIT
	for name in INT TERM HUP; do
		# shellcheck disable=SC2064 # the name of this turn is meant
		trap "interrupted $name" "$name"
	done
	run=$(mktemp -d -- "$directory.export-XXXXXX") || fail 1 "$directory: no directory can be made there"
	made=$run
	# What commands put aside is people too.
	TMPDIR=$(readlink -f -- "$run") || fail 1 "$run: where it lies cannot be seen"
	export TMPDIR
	[ -z "$stats_file" ] || keep_stats
}

# check_place OPTION FILE: whether FILE can be written at the end, and is none of the outputs.
check_place() {
	local at name
	[ -n "$2" ] || return 0
	at=$(readlink -f -- "$2") || fail 2 "$2: cannot be written"
	name=${at##*/} at=${at%/*}/
	{ [ -w "$at" ] && [[ $2 != */ ]] && { [ ! -e "$2" ] || [ -f "$2" ]; }; } || fail 2 "$2: cannot be written"
	[ "$at" -ef "$directory" ] || return 0
	if is_ours "$name" || [ "$name" = "$manifest" ]; then fail 2 "$1: $2: an output has this name"; fi
}

# keep_stats: from here on each command says in a file of its own what it did.
keep_stats() {
	mkdir -- "$run/.stats" || exit 1
	export COGNITO_STATS=$TMPDIR/.stats
}

# rank STATUS...: the status of a pipe's stages, from left to right, that says what happened.
#
# The first stage that failed by itself is the cause; what stands right of it is its echo (4, the
# input was cut), and a 141 left of it too (its reader went away).  3 is a good end with rejects.
rank() {
	local status cause=0
	for status; do
		case $cause:$status in
		*:0) ;;
		0:* | 3:* | 141:*) [ "$cause:$status" = 141:3 ] || cause=$status ;;
		esac
	done
	return "$cause"
}

stage() {
	local status
	set -m
	"$@" &
	set +m
	wait "$!"
	status=$?
	# The shell that ran the stage may have been killed alone.
	[ "$status" -lt 128 ] || end_group "$!"
	case $status in
	0) ;;
	3) rejected=1 ;;
	1 | 2 | 4 | 75) exit "$status" ;;
	*) fail 1 "a command of the pipe ended with status $status" ;;
	esac
}

# visible: passes on lines for people.  What steers a terminal, or turns its text round, becomes a
# question mark: DEL, the controls of Latin-1, and the invisible ones of Unicode, in UTF-8.  (Those of
# ASCII stand escaped in JSON.)
visible() {
	sed 's/\x7f\|\xc2[\x80-\x9f]\|\xd8\x9c\|\xef\xbb\xbf\|\xe2\x80[\x8b-\x8f\xa8-\xae]\|\xe2\x81[\xa0-\xaf]/?/g'
}

# with_secrets COMMAND...: a command that asks AWS.
with_secrets() (
	export "${secrets[@]}"
	exec "$@"
)

with_scim_secrets() (
	export "${scim_secrets[@]}"
	exec "$@"
)

list_groups() {
	with_secrets "${PROGRAM_PREFIX}list-groups" "${network[@]}" -o "$run/groups" "${names[@]}"
}

# One profile must not stop the sync of all others.  A group must: without it, its members would
# look as if they had left it.
list_memberships() {
	local carried=()
	[ "$member_key" = Username ] || carried=(--with-attributes "$member_key")
	with_secrets "${PROGRAM_PREFIX}expand-members" "${network[@]}" "${carried[@]}" \
		--reject "$run/read.memberships" -o "$run/memberships" "$run/groups"
}

list_users() {
	with_secrets "${PROGRAM_PREFIX}list-users" "${network[@]}" --reject "$run/read.users" |
		"${PROGRAM_PREFIX}expand-members" --members "$run/memberships" --reject "$run/read.expanded" \
			-o "$run/users"
	rank "${PIPESTATUS[@]}"
}

list_users_of_groups() {
	with_secrets "${PROGRAM_PREFIX}expand-members" "${network[@]}" --users --reject "$run/read.users" \
		-o "$run/users" "$run/groups"
}

put_rejects() {
	local file
	for file in "${@:2}"; do
		[ ! -f "$file" ] || cat -- "$file" >>"$1" || return 1
	done
}

# without_rejected REJECTS [OPTION...]: passes on the sealed stream on standard input but for the
# records that the file REJECTS names by their lines.  The options are those of through(1).
without_rejected() {
	rejects=$1 "${PROGRAM_PREFIX}through" "${@:2}" awk '
		BEGIN {
			while ((got = (getline line <ENVIRON["rejects"])) > 0)
				if (match(line, /"Line":[0-9]+,"Stream"/))
					rejected[substr(line, RSTART + 7, RLENGTH - 16)] = 1
			if (got < 0) {
				print "awk: " ENVIRON["rejects"] ": cannot be read" >"/dev/stderr"
				exit 1
			}
		}
		!(NR in rejected)'
}

# Users are read last, so that whoever joined a group meanwhile is known as a user.
read_pool() {
	stage list_groups
	if [ ${#names[@]} -eq 0 ]; then
		stage list_memberships
		stage list_users
	else
		stage list_users_of_groups
	fi
	# A service that has come to speak in another way must not look like one that has nobody.
	[ ! -s "$run/read.users" ] || [ "$(wc -l <"$run/users")" -gt 1 ] ||
		fail 5 'all users that the service gave were rejected; nothing was replaced'
}

# A federated profile and the native one that it is linked to become one user.
fold_users() {
	local status
	"${PROGRAM_PREFIX}fold-users" --reject "$run/read.folded" -o "$run/folded" <"$run/users"
	status=$?
	[ "$status" -ne 0 ] && [ "$status" -ne 3 ] || mv -f -- "$run/folded" "$run/users" || return 1
	return "$status"
}

# list_members_by_sub: makes $run/members from the users, not from the service's lists: nobody else is
# named.
list_members_by_sub() {
	local status
	"${PROGRAM_PREFIX}map-attributes" --reject "$run/read.members" -e '
		.Username as $name | attr("sub") as $sub | .Groups[]
		| {GroupName: ., Username: $name, Attributes: {sub: $sub}}' <"$run/users" |
		"${PROGRAM_PREFIX}through" --same-scope sort -T "$run" >"$run/members"
	rank "${PIPESTATUS[@]}"
	status=$?
	# What sort means by it is a full disk, and no wrong usage.
	[ "$status" -ne 2 ] || status=1
	return "$status"
}

# sample_user: the record of somebody whom every target could take.
sample_user() {
	printf '%s' '{"Username":"some.body","Enabled":true,"UserStatus":"CONFIRMED",' \
		'"UserCreateDate":"2000-01-01T00:00:00.000Z","Attributes":{"email":"some.body@example.com",' \
		'"email_verified":"true","family_name":"Body","given_name":"Some","name":"Some Body",' \
		'"preferred_username":"some.body","sub":"00000000-0000-4000-8000-000000000000"},"Groups":[]}'
	echo
}

# emit_sample OPTION...: whether emit-scim takes the options; a wrong value of --arg shows with a
# record only.  That it rejects the record is no mistake.
emit_sample() {
	local status
	sample_user >"$run/sample" || return 1
	COGNITO_SEAL='' COGNITO_STATS='' "${PROGRAM_PREFIX}emit-scim" "$@" --reject "$run/sample.rejects" \
		<"$run/sample" >/dev/null
	status=$?
	[ "$status" -ne 3 ] || status=0
	return "$status"
}

# absolute_path: COGNITO_FILTERS_PATH as it is meant here, for who goes elsewhere.
absolute_path() {
	local entry list
	IFS=: read -r -a list <<<"${COGNITO_FILTERS_PATH:-}"
	for entry in "${!list[@]}"; do
		[[ ${list[entry]} == '' || ${list[entry]} == /* ]] || list[entry]=$PWD/${list[entry]}
	done
	[ ${#list[@]} -eq 0 ] || COGNITO_FILTERS_PATH=$(IFS=: && printf '%s' "${list[*]}")
}

# is_ours NAME: whether NAME is that of an output, or of a part of one.
is_ours() {
	local file
	for file in "${files[@]}"; do
		[[ $1 == "$file" || $1 == "${file%.*}"-?*".${file##*.}" ]] && return
	done
	return 1
}

# list_outputs: sets parts, what this run has made, in the order of files; and stale, what earlier
# runs left that has no successor: an import would take it for a part of this run's.
list_outputs() {
	local file path name
	local -A there=()
	for file in "${files[@]}"; do
		for path in "$made/$file" "$made/${file%.*}"-?*".${file##*.}"; do
			[ -f "$path" ] || continue
			there[${path##*/}]=1
			parts+=("${path##*/}")
		done
	done
	[ ! -e "$directory$manifest" ] || mapfile -t earlier <"$directory$manifest"
	for name in "${files[@]}" "${earlier[@]}"; do
		if [[ $name != */* ]] && is_ours "$name" && [ -z "${there[$name]:-}" ] &&
			[ -e "$directory$name" ]; then
			there[$name]=1
			stale+=("$name")
		fi
	done
}

# record NAME...: the manifest has those names that files has not; without any there is none.
record() {
	local name list=()
	for name; do
		[[ " ${files[*]} " == *" $name "* ]] || list+=("$name")
	done
	if [ ${#list[@]} -eq 0 ]; then
		rm -f -- "$directory$manifest"
	else
		printf '%s\n' "${list[@]}" >"$run/manifest" || return
		! cmp -s -- "$run/manifest" "$directory$manifest" || return 0
		sync -- "$run/manifest" && mv -fT -- "$run/manifest" "$directory$manifest"
	fi
}

# keep_old NAME: the old content, if any, goes to the set of this run in previous/.
keep_old() {
	[ -e "$directory$1" ] && [ "$keep" -gt 0 ] || return 0
	if [ -z "${set:-}" ]; then
		local stamp n=0
		stamp=${directory}previous/$(date -u +%Y%m%dT%H%M%SZ)
		mkdir -p -- "${directory}previous" || return
		until set=$stamp.$(printf '%02d' "$n") && mkdir -- "$set" 2>/dev/null; do
			n=$((n + 1))
			[ "$n" -lt 100 ] || return 1
		done
	fi
	# A link costs nothing and the file stays where it is until the new one takes its place.
	ln -- "$directory$1" "$set/$1" 2>/dev/null || cp -p -- "$directory$1" "$set/$1"
}

# remove_old: only the last --keep sets stay, and nothing but our own files is removed.  A set with
# none of them is another pipeline's.
remove_old() {
	local sets=() entry path
	for entry in "${directory}previous/"*; do
		[[ ${entry##*/} =~ ^[0-9]{8}T[0-9]{6}Z\.[0-9]{2}$ ]] || continue
		# One that a dead run left empty is nobody's.
		! rmdir -- "$entry" 2>/dev/null || continue
		for path in "$entry"/*; do
			is_ours "${path##*/}" && [ -f "$path" ] && { sets+=("$entry"); break; }
		done
	done
	while [ "${#sets[@]}" -gt "$keep" ]; do
		for path in "${sets[0]}"/*; do
			! is_ours "${path##*/}" || rm -f -- "$path" || return
		done
		rmdir -- "${sets[0]}" || return
		sets=("${sets[@]:1}")
	done
}

# replace OLD NEW: an old file's group and mode stay.
replace() {
	if [ -e "$1" ]; then
		chgrp --reference="$1" -- "$2" && chmod --reference="$1" -- "$2" || return
	fi
	mv -fT -- "$2" "$1"
}

# An equal file stays as it is, for make's sake.
list_changes() {
	local name
	for name in "${parts[@]}"; do
		replaceable "$name" || fail 1 "$directory$name: not a regular file; nothing was replaced"
		cmp -s -- "$made/$name" "$directory$name" || changes+=("$name")
	done
}

publish() {
	local name earlier=() changes=()
	list_outputs
	list_changes
	[ ${#changes[@]} -eq 0 ] || (cd "$made" && printf '%s\0' "${changes[@]}" | xargs -0 sync --) || exit 1
	# From here on it is a matter of some renames: a signal finds all of them done, or none.
	trap '' INT TERM HUP
	for name in "${changes[@]}" "${stale[@]}"; do
		keep_old "$name" || fail 1 "$directory$name: the old file cannot be kept; nothing was replaced"
	done
	# A run that dies among the renames leaves the names of what it has put there.
	record "${parts[@]}" "${stale[@]}" || fail 1 "$directory$manifest: cannot be written; nothing was replaced"
	for name in "${changes[@]}"; do
		replace "$directory$name" "$made/$name" || fail 1 "$directory$name: cannot be replaced; the outputs may not agree"
	done
	for name in "${stale[@]}"; do
		rm -f -- "$directory$name" || fail 1 "$directory$name: cannot be removed; the outputs may not agree"
	done
	if ! record "${parts[@]}" || ! sync -- "$directory"; then
		fail 1 "$directory: the outputs are in place, but may not be after a crash"
	fi
	remove_old || fail 1 "${directory}previous: the outputs are in place, but old ones cannot be removed"
	! declare -F published >/dev/null || published
	for name in "${files[@]}"; do
		[[ $name == *.rejects.ndjson && -s $directory$name ]] || continue
		rejected=1
		printf '%s: %s%s: %d rejected, with the reasons\n' "$program" "$directory" "$name" \
			"$(wc -l <"$directory$name")" >&2
	done
	[ -z "$rejected" ] || exit 3
	exit 0
}
