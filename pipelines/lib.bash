# shellcheck shell=bash disable=SC2154,SC2016 # the script's variables; programs of awk
# What the export pipelines share.  The script sets program, PROGRAM_PREFIX, usage and files (the
# names of its outputs, in the order in which they take their places), then calls
#
#   parse "$@"       options, as the manual pages say; sets directory, keep, names, network, mapping
#   begin            lock, private directory $run, cleaning up
#   stage FUNCTION   runs FUNCTION, a command or a pipe whose last line is `rank "${PIPESTATUS[@]}"`;
#                    ends the script unless the status is 0 or 3
#   read_pool        makes $run/groups and $run/users, the users with their Groups, sealed
#   publish          puts the outputs of $run in place, keeps the old ones, ends the script
#
# without_repeated and without_rejected stand on their own; export.mk uses them too.

# The first two whatever SHELLOPTS says: a status of 3 is no error here, and names are matched.
set +e +f -u -o pipefail
umask 077
# Text is bytes, and every stage must see a whole stream before it calls its own whole.
export LC_ALL=C COGNITO_SEAL=1
# cron's PATH rarely holds the directory that the commands were installed to.
PATH=$PATH:$(dirname "$(readlink -f "$0")")

directory='' keep=7 run='' rejected=''
names=() network=() mapping=()

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

parse() {
	local name value group_file=''
	while [ $# -gt 0 ]; do
		name=$1 value=
		shift
		case $name in
		-h | --help) printf 'usage: %s\n' "$usage" || exit 1; exit 0 ;;
		--version) version ;;
		-v | --verbose) network+=(-v); continue ;;
		--progress | --no-progress) network+=("$name"); continue ;;
		--?*=*) value=${name#*=} name=${name%%=*} ;;
		-d?*) value=${name#-d} name=-d ;;
		-d | --?*)
			[ $# -gt 0 ] || wrong_usage "$name: a value is missing"
			value=$1
			shift ;;
		-?*) wrong_usage "$name: unknown option" ;;
		*) wrong_usage "$name: no operands are taken" ;;
		esac
		case $name in
		-d | --output-directory) directory=$value ;;
		--group) names+=("$value") ;;
		--groups) group_file=$value
			# An unset variable of the caller must not come to mean "all groups".
			[ -n "$value" ] || wrong_usage "$name: no file is named" ;;
		--keep) keep=$value ;;
		--arg) [[ $usage == *--arg* ]] || wrong_usage "$name: unknown option"
			mapping+=("$name" "$value") ;;
		--user-pool-id | --profile | --region | --endpoint-url | --ca-bundle | --max-rate | --share | \
			--retry-seconds) network+=("$name" "$value") ;;
		*) wrong_usage "$name: unknown option" ;;
		esac
	done
	[ -n "$directory" ] || wrong_usage '--output-directory: a directory is needed'
	# Files in it are operands of commands.
	[[ $directory != -* ]] || directory=./$directory
	[[ $keep =~ ^[0-9]{1,4}$ ]] || wrong_usage '--keep: not a number between 0 and 9999'
	keep=$((10#$keep))
	# Operands behind --, so that no name of a group is taken for an option.
	[ ${#names[@]} -eq 0 ] || names=(-- "${names[@]}")
	[ -z "$group_file" ] || names=(--names-from "$group_file" "${names[@]}")
}

# The private directory holds personal data, so it goes whatever happens; one that a dead run left
# behind goes at the start of the next, when the lock says that its owner is gone.
clean_up() {
	[ -z "$run" ] || rm -rf -- "$run"
}

# Commands run in a process group of their own, so that a signal that meets this script ends them.
# (Asked of the shell, since the signal may come before a variable could be set.)
interrupted() {
	local job
	trap '' INT TERM HUP
	for job in $(jobs -p); do
		{ kill -TERM -- "-$job" && wait "$job"; } 2>/dev/null
	done
	clean_up
	trap - "$1" EXIT
	kill -s "$1" $$
}

begin() {
	local name left
	for name in "$@"; do
		command -v "$PROGRAM_PREFIX$name" >/dev/null || fail 2 "$PROGRAM_PREFIX$name: not found in PATH"
	done
	directory=${directory%/}/
	[ -d "$directory" ] || mkdir -- "${directory%/}" || exit 2
	{ [ -w "$directory" ] && [ -x "$directory" ] && exec {lock}<"$directory"; } 2>/dev/null ||
		fail 2 "${directory%/}: not a directory that can be read and written"
	flock -n "$lock" || fail 75 "${directory%/}: another run is at work there"
	# What a rename would replace by a file, or put a file into.
	for name in "${files[@]}"; do
		if [ -L "$directory$name" ] || { [ -e "$directory$name" ] && [ ! -f "$directory$name" ]; }; then
			fail 2 "$directory$name: not a regular file"
		fi
	done
	for left in "$directory".export-??????; do
		[ ! -d "$left" ] || rm -rf -- "$left"
	done
	trap clean_up EXIT
	for name in INT TERM HUP; do
		# shellcheck disable=SC2064 # the name of this turn is meant
		trap "interrupted $name" "$name"
	done
	run=$(mktemp -d -- "$directory.export-XXXXXX") || exit 1
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
	case $status in
	0) ;;
	3) rejected=1 ;;
	1 | 2 | 4 | 75) exit "$status" ;;
	*) fail 1 "a command of the pipe ended with status $status" ;;
	esac
}

list_groups() {
	"${PROGRAM_PREFIX}list-groups" "${network[@]}" -o "$run/groups" "${names[@]}"
}

list_memberships() {
	"${PROGRAM_PREFIX}expand-members" "${network[@]}" -o "$run/memberships" "$run/groups"
}

list_users() {
	"${PROGRAM_PREFIX}list-users" "${network[@]}" |
		"${PROGRAM_PREFIX}expand-members" --members "$run/memberships" -o "$run/users"
	rank "${PIPESTATUS[@]}"
}

list_users_of_groups() {
	"${PROGRAM_PREFIX}expand-members" "${network[@]}" --users -o "$run/users" "$run/groups"
}

# without_repeated KEY REJECTS [OPTION...]: passes on the sealed stream on standard input but for the records
# whose KEY, the first member, is that of an earlier one, perhaps for case (of ASCII letters):
# they go to the file REJECTS.  The options are those of through(1).  Status 2 of awk, which means wrong
# usage elsewhere, is a file that cannot be written: 1.
#
# Records are in canonical form (cognito-records(5)): no white space, and one spelling for each
# text.  So awk can compare names as they stand.
without_repeated() {
	key=$1 rejects=$2 "${PROGRAM_PREFIX}through" "${@:3}" awk '
		BEGIN { start = "{\"" ENVIRON["key"] "\":"; printf "" >ENVIRON["rejects"] }
		index($0, start) == 1 && match(substr($0, length(start) + 1), /^"([^"\\]|\\.)*"/) {
			name = tolower(substr($0, length(start) + 1, RLENGTH))
			if (name in seen) {
				print "{\"Reason\":\"" ENVIRON["key"] ": another record has the same, but perhaps" \
					" for case\",\"Line\":" NR ",\"Stream\":\"stdin\",\"Record\":" $0 "}" \
					>ENVIRON["rejects"]
				next
			}
			seen[name] = 1
		}
		{ print }' || return $(($? == 2 ? 1 : $?))
}

# without_rejected REJECTS: passes on the sealed stream on standard input but for the records that
# the file REJECTS names by their lines.
without_rejected() {
	rejects=$1 "${PROGRAM_PREFIX}through" awk '
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
}

# keep_old FILE: FILE's old content, if any and another, goes to the set of this run in previous/.
keep_old() {
	[ -e "$directory$1" ] && [ "$keep" -gt 0 ] || return 0
	! cmp -s -- "$run/$1" "$directory$1" || return 0
	if [ -z "${set:-}" ]; then
		local stamp n=0
		stamp=${directory}previous/$(date -u +%Y%m%dT%H%M%SZ)
		mkdir -p -- "${directory}previous"
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
	local sets=() entry name
	for entry in "${directory}previous/"*; do
		[[ ${entry##*/} =~ ^[0-9]{8}T[0-9]{6}Z\.[0-9]{2}$ ]] || continue
		for name in "${files[@]}"; do
			[ -e "$entry/$name" ] && { sets+=("$entry"); break; }
		done
	done
	while [ "${#sets[@]}" -gt "$keep" ]; do
		for name in "${files[@]}"; do
			rm -f -- "${sets[0]}/$name" || return
		done
		rmdir -- "${sets[0]}" || return
		sets=("${sets[@]:1}")
	done
}

put_in_place() {
	local new=$run/$1 old=$directory$1
	if [ -e "$old" ]; then
		# An equal file stays as it is, for make's sake.
		if cmp -s -- "$new" "$old"; then rm -f -- "$new"; return; fi
		chgrp --reference="$old" -- "$new" && chmod --reference="$old" -- "$new" || return
	fi
	mv -fT -- "$new" "$old"
}

publish() {
	local name new=()
	for name in "${files[@]}"; do new+=("$run/$name"); done
	sync -- "${new[@]}" || exit 1
	# From here on it is a matter of some renames: a signal finds all of them done, or none.
	trap '' INT TERM HUP
	for name in "${files[@]}"; do
		keep_old "$name" || fail 1 "$directory$name: the old file cannot be kept; nothing was replaced"
	done
	for name in "${files[@]}"; do
		put_in_place "$name" || fail 1 "$directory$name: cannot be replaced; the outputs may not agree"
	done
	sync -- "$directory" || exit 1
	remove_old || fail 1 "${directory}previous: old outputs cannot be removed"
	for name in "${files[@]}"; do
		[[ $name == *.rejects.ndjson && -s $directory$name ]] || continue
		rejected=1
		printf '%s: %s%s: %d rejected, with the reasons\n' "$program" "$directory" "$name" \
			"$(wc -l <"$directory$name")" >&2
	done
	[ -z "$rejected" ] || exit 3
	exit 0
}
