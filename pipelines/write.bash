# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2317 # shared variables; awk's; stage's functions
# What the pipelines share that change a pool, behind lib.bash: a plan, shown; carried out with
# --apply; carried on where it was left.  The directory keeps
#
#   ledger.ndjson     what is ours at the target
#   state.ndjson      who was missing since when
#   plan.ndjson       the last plan, also that of a dry run
#   pending.ndjson    the plan under way: there until all of it that can be done is done; of what a run
#                     has left, the next one finishes what is half made, and plans the rest anew
#   results.ndjson    what became of each operation
#   left.ndjson, held.ndjson    who was left alone, and why; records that were rejected
#   unreachable.ndjson    who is created and has no verified address to recover a password by
#
#   carry_on_half KEY FILE...    first what an earlier run has half made, by pending.ndjson, with --apply;
#                     if it sets carried_on, the target is another one by now, and read again
#   make_plan OPTION...    $run/plan and $run/left, by plan-sync, which gets these options besides
#   show_plan FILE         what it would do, for people
#   rehearse_plan FILE     whether the pool would refuse it as a whole
#   finish_plan FILE       the end: it is kept, and with --apply carried out

# Another ledger than that in the directory, if a script sets it.
ledger=''
# Unset by a script that no pool has to pay for.
costs=1
# Set if something was finished of what an earlier run left.
carried_on=''
# Set if nothing is finished of what an earlier run left: it goes when nothing is left to do.
given_up=''
# Unset by a script to which nobody is missing, ever.
state=state.ndjson
# How many users wait for a second look.
first_time=''
# What carries plans out, and who gives it its secrets.
applier=apply-cognito applier_secrets=with_secrets
kept_files=(ledger.ndjson state.ndjson plan.ndjson pending.ndjson results.ndjson left.ndjson held.ndjson
	unreachable.ndjson)
apply=()
# Passwords that can be read but once, of a descriptor; plans are looked at, and carried out, by
# several.
passwords_held=''

# collect_apply: the options that the applier gets.
collect_apply() {
	local name
	for name in --max-billable --allow-messages; do
		[ -z "${own[$name]:-}" ] || { limits+=("$name" "${own[$name]}"); apply+=("$name" "${own[$name]}"); }
	done
	[ -z "${own[--allow-empty]+set}" ] || limits+=(--allow-empty)
	# A plan that a killed run left is a day old when the next one comes.
	apply+=(--max-age "${own[--max-age]:-2d}")
	[ -z "${own[--passwords]:-}" ] || [ -f "${own[--passwords]}" ] || hold_passwords "${own[--passwords]}"
}

hold_passwords() {
	passwords_held=$(cat -- "$1" && echo .) || fail 2 "--passwords: $1: cannot be read"
	passwords_held=${passwords_held%.}
}

# with_passwords COMMAND...: its last operand is what has --passwords before it.
with_passwords() {
	local passwords=() held
	if [ -n "$passwords_held" ]; then
		# From a pipe of a shell: in no file, and in nobody's arguments.
		exec {held}< <(printf %s "$passwords_held")
		passwords=(--passwords "/dev/fd/$held")
	elif [ -n "${own[--passwords]:-}" ]; then
		passwords=(--passwords "${own[--passwords]}")
	fi
	"${@:1:$#-1}" "${passwords[@]}" "${@: -1}"
}

# is_given NAME: an option without a value.
is_given() { [ -n "${own[$1]+set}" ]; }

# keep_file NAME: the file of $run with that name takes its place in the directory.
keep_file() {
	[ -e "$run/${1%.ndjson}" ] || return 0
	sync -- "$run/${1%.ndjson}" && mv -fT -- "$run/${1%.ndjson}" "$directory$1" || exit 1
}

# end_of NAME: the status that the last command of a stage left; other ends than good ones end the
# script.
end_of() {
	local status
	read -r status <"$run/status" || exit 1
	case $status in
	0) ;;
	3) rejected=1 ;;
	1 | 2 | 4 | 5 | 75) return "$status" ;;
	*) fail 1 "$1 ended with status $status" ;;
	esac
}

# The state is a copy's: a run that only looks is none.
run_plan_sync() {
	local absent=()
	if [ -n "$state" ]; then
		absent=(--state "$run/state")
		[ ! -e "$directory$state" ] || cp -- "$directory$state" "$run/state" || return 1
	fi
	"${PROGRAM_PREFIX}plan-sync" --ledger "${ledger:-${directory}ledger.ndjson}" "${absent[@]}" \
		--left "$run/left" "${limits[@]}" "$@" -o "$run/plan" 2>"$run/plan.err"
	printf '%s\n' "$?" >"$run/status"
}

# What lets this plan pass, and no other, is a number that nobody types by mistake.
say_how_to_go_on() {
	local line confirm=()
	while IFS= read -r line; do
		if [[ $line =~ guard:\ (billable|messages):\ ([0-9]+) ]]; then
			case ${BASH_REMATCH[1]} in
			billable) confirm+=(--max-billable "${BASH_REMATCH[2]}") ;;
			messages) confirm+=(--allow-messages "${BASH_REMATCH[2]}") ;;
			esac
		elif [[ $line =~ guard:\ (.*):\ ([0-9]+),\ and\ the\ limit\ is ]]; then
			confirm+=(--confirm "${BASH_REMATCH[1]}=${BASH_REMATCH[2]}")
		elif [[ $line == *'(--allow-empty)' && " ${confirm[*]} " != *' --allow-empty '* ]]; then
			confirm+=(--allow-empty)
		fi
	done <"$run/plan.err"
	[ ${#confirm[@]} -eq 0 ] || printf '%s: nothing was changed; if it is meant, the same command with:%s\n' \
		"$program" "$(printf ' %q' "${confirm[@]}")" >&2
}

make_plan() {
	local status=0
	stage run_plan_sync "$@"
	cat -- "$run/plan.err" >&2
	end_of plan-sync || status=$?
	first_time=$(grep -cs '","Why":"absent for the first time"}$' "$run/left")
	! is_given --apply || keep_file state.ndjson
	[ ! -e "$run/left" ] || keep_file left.ndjson
	[ "$status" -ne 5 ] || say_how_to_go_on
	[ "$status" -eq 0 ] || exit "$status"
}

show_plan() {
	local header
	header=$(head -n 1 -- "$1")
	echo 'what will be done:'
	sed -n 's/.*"Totals":{\([^}]*\)}.*/\1/p' <<<"$header" | tr ',' '\n' |
		sed -n 's/^"\([a-z-]*\)":\([0-9]*\)$/  \2 times \1/p'
	[[ $header != *'"Totals":{}'* ]] || echo '  nothing'
	[ -z "$costs" ] ||
		sed -n 's/.*"Cost":{.*\("Seconds":[0-9]*,"Billable":[0-9]*,"Messages":[0-9]*\)}.*/\1/p' <<<"$header" |
		sed 's/[^0-9,]//g; s/,/ seconds of calls; /; s/,/ users become billable this month; /
			s/.*/  & messages are possible/'
	sed -n 's/.*"Cost":{"Calls":{"Requests":\([0-9]*\)}.*/  \1 requests/p' <<<"$header"
	sed -n 's/.*"Left":{\("users":[0-9]*,"groups":[0-9]*,"members":[0-9]*\)}.*/\1/p' <<<"$header" |
		sed 's/[^0-9,]//g; s/,/ users, /; s/,\([0-9]*\)$/ groups, \1 memberships/
			s/^/  left alone there: /'
	[ "${first_time:-0}" -eq 0 ] ||
		echo "  missing for the first time, and looked at again in the next run: $first_time users"
}

# is_nothing FILE: whether a plan has no operations.
is_nothing() { head -n 1 -- "$1" | grep -q '"Totals":{}'; }

run_confirmation() {
	with_secrets "${PROGRAM_PREFIX}confirm-absent" "${source_network[@]}" --found "$run/found" \
		-o "$run/confirmed" "$run/plan"
	printf '%s\n' "$?" >"$run/status"
}

# confirm_plan: who is to lose something for being missing is asked for at the source, by the options
# in source_network.
confirm_plan() {
	stage run_confirmation
	end_of confirm-absent || exit "$?"
	mv -f -- "$run/confirmed" "$run/plan" || exit 1
	keep_file found.ndjson
}

# keep_rejects: what was rejected, here and before.
keep_rejects() {
	: >"$run/held" && put_rejects "$run/held" "$run"/read.* || exit 1
	keep_file held.ndjson
	[ ! -s "${directory}held.ndjson" ] || printf '%s: %sheld.ndjson: %d rejected, with the reasons\n' \
		"$program" "$directory" "$(wc -l <"${directory}held.ndjson")" >&2
}

run_rehearsal() {
	with_passwords "$applier_secrets" "${PROGRAM_PREFIX}$applier" "${network[@]}" "${apply[@]}" --dry-run \
		"$1" >/dev/null
	printf '%s\n' "$?" >"$run/status"
}

# list_unreachable FILE: by the rule of apply-cognito, which says so when they are made.
list_unreachable() {
	"${PROGRAM_PREFIX}unseal" "$1" >"$run/rows" && awk '
		/^[{]"Op":"create-user",/ && !/[{,]"(email|phone_number)_verified":"true"/ &&
			match($0, /"Key":"([^"\\]|\\.)*","Username":"([^"\\]|\\.)*"/) {
			print "{\"Unreachable\":\"user\"," substr($0, RSTART, RLENGTH) "}"
		}' "$run/rows" >"$run/unreachable"
}

rehearse_plan() {
	if [ "$applier" = apply-cognito ]; then
		stage list_unreachable "$1"
		[ ! -s "$run/unreachable" ] ||
			printf '  %d of those who are created have no verified address %s: %sunreachable.ndjson\n' \
				"$(wc -l <"$run/unreachable")" 'to recover a password by' "$directory"
		keep_file unreachable.ndjson
	fi
	stage run_rehearsal "$1"
	end_of "$applier" || exit "$?"
}

run_apply() {
	with_passwords "$applier_secrets" "${PROGRAM_PREFIX}$applier" "${network[@]}" "${apply[@]}" \
		--ledger "${directory}ledger.ndjson" --failed "$run/failed" -o "${directory}results.ndjson" \
		"${directory}pending.ndjson"
	printf '%s\n' "$?" >"$run/status"
}

# What can be tried again stays: a new plan would not know of the half of a user that is missing.
settle() {
	if [ -e "$run/failed" ] && ! is_nothing "$run/failed"; then
		mv -f -- "$run/failed" "$run/pending" && keep_file pending.ndjson
	else
		rm -f -- "${directory}pending.ndjson"
	fi && sync -- "$directory"
}

# join_results: what was half made was finished first, and stands first.
join_results() {
	"${PROGRAM_PREFIX}unseal" -o "$run/results.first" "$run/results.half" &&
		"${PROGRAM_PREFIX}through" --same-scope -o "$run/results" env first="$run/results.first" awk '
			BEGIN { while ((getline line <ENVIRON["first"]) > 0) print line }
			{ print }' <"${directory}results.ndjson"
}

say_half() {
	printf '%s: %spending.ndjson: what an earlier run has half made, %s; %s\n' "$program" "$directory" \
		'with which the next one begins, too' 'removing it gives it up, to be planned anew' >&2
}

# carry_out [half]: what is in pending.ndjson.  What an earlier run left half made and is too old, or
# beyond a limit of today, is planned anew, under the same limits; for all else somebody has to look.
carry_out() {
	local status=0
	stage run_apply
	end_of "$applier" || status=$?
	if [ "${1:-}" = half ] && [ "$status" -eq 5 ]; then
		echo "$program: what an earlier run has half made is given up, and planned anew" >&2
		given_up=1
		return 0
	elif [ "${1:-}" = half ] && [ "$status" -ne 0 ]; then
		say_half
	fi
	[ "$status" -eq 0 ] || exit "$status"
	settle || exit 1
	echo 'what was done:'
	[ "${1:-}" != half ] || cp -- "${directory}results.ndjson" "$run/results.half" || exit 1
	sed -n 's/^{"Op":"\([a-z-]*\)",.*"Result":"\([a-z]*\)","Code":.*/\2: \1/p' "${directory}results.ndjson" |
		sort | uniq -c | sed 's/^ *\([0-9]*\) /  \1 times /'
	if [ "${1:-}" != half ] && [ -e "$run/results.half" ]; then
		stage join_results
		keep_file results.ndjson
	fi
}

# list_keys KEY FILE...: $run/keys, what users and groups of these streams are matched by.
list_keys() {
	local file
	: >"$run/keys" || return
	for file in "${@:2}"; do
		"${PROGRAM_PREFIX}map-attributes" --arg "key=$1" -e '
			(.GroupName // (.Attributes // {})[$key] // .[$key] // .displayName // empty)
			| {Key: .}' "$file" |
			"${PROGRAM_PREFIX}unseal" >>"$run/keys"
		rank "${PIPESTATUS[@]}" || return
	done
}

# find_half: $run/half, of the plan that an earlier run left those operations that make what the ledger
# says it has begun to make, and no other; and of these only such as are in $run/keys: still wanted, or
# half there, to be finished and then missing like everybody else.  Many are begun of whom nothing was
# made, and who has left since must not be.  They must be as they were: apply-* knows who is half made
# by what it sent.  All else is dropped and planned anew from what source and target are by now, since
# what was right then need not be: who was to be disabled may be back, whoever was to join a group may
# have left.  Asking at the source for what takes something away would leave the latter, and a file
# that has been written anew cannot be asked.
find_half() {
	local known=$run/known
	: >"$known" || return
	[ ! -e "${directory}ledger.ndjson" ] || cp -- "${directory}ledger.ndjson" "$known" || return
	"${PROGRAM_PREFIX}through" --same-scope -o "$run/half" env ledger="$known" keys="$run/keys" awk '
		function key_of(line) {
			return match(line, /,"Key":"([^"\\]|\\.)*"/) ? substr(line, RSTART + 7, RLENGTH - 7) : ""
		}
		BEGIN {
			while ((got = (getline line <ENVIRON["ledger"])) > 0) {
				kind = line ~ /^[{]"Ledger":"group"/ ? "create-group" : "create-user"
				if (line ~ /,"State":"creating"/) begun[kind, key_of(line)] = 1
				else if (line ~ /,"State":"[a-z]+"/) delete begun[kind, key_of(line)]
			}
			if (got < 0) { print "awk: the ledger cannot be read" >"/dev/stderr"; exit 1 }
			# In a pool that tells no cases apart, the one key may be written in two ways.
			for (name in begun) { split(name, part, SUBSEP); asked[tolower(part[2])] = 1 }
			while ((got = (getline line <ENVIRON["keys"])) > 0) {
				name = tolower(substr(line, 8, length(line) - 8))
				if (name in asked) meant[name] = 1
			}
			if (got < 0) { print "awk: the keys cannot be read" >"/dev/stderr"; exit 1 }
		}
		NR == 1 { header = $0; next }
		match($0, /^[{]"Op":"create-(user|group)"/) {
			kind = substr($0, 8, RLENGTH - 8)
			key = key_of($0)
			if ((kind, key) in begun && tolower(key) in meant) { row[++n] = $0; count[kind]++ }
		}
		END {
			for (kind in count) totals = totals "," "\"" kind "\":" count[kind]
			sub(/"Totals":[{][^}]*[}]/, "\"Totals\":{" substr(totals, 2) "}", header)
			sub(/"Classes":[{]("([^"\\]|\\.)*":[0-9]+,?)*[}]/, "\"Classes\":{}", header)
			sub(/"Confirmed":[{]("([^"\\]|\\.)*":[0-9]+,?)*[}]/, "\"Confirmed\":{}", header)
			if (header != "") print header
			for (i = 1; i <= n; i++) print row[i]
		}' <"${directory}pending.ndjson"
	printf '%s\n' "$?" >"$run/status"
}

# carry_on_half KEY FILE...: who is wanted, and who is there.  A plan that was cut is none; what of it is
# missing is planned anew, too.
carry_on_half() {
	local status=0
	[ -e "${directory}pending.ndjson" ] || return 0
	stage list_keys "$@"
	stage find_half
	end_of through || status=$?
	if [[ $status -ne 0 && $status -ne 4 ]]; then
		say_half
		exit "$status"
	fi
	if [ "$status" -ne 0 ] || is_nothing "$run/half"; then
		echo "$program: an earlier run did not come to its end; what it left is planned anew"
		given_up=1
		return 0
	fi
	echo "$program: an earlier run did not come to its end; first, what it has half made"
	show_plan "$run/half"
	is_given --apply || return 0
	cp -- "$run/half" "$run/pending" || exit 1
	keep_file pending.ndjson
	carry_out half
	carried_on=1
}

# hold_begun: of whom nothing but the ledger says that an earlier run began to make him, what that
# was to be having been lost, a plan only finds out whether he is ours: what he lacks it does not know.
hold_begun() {
	local n
	n=$(grep -cE ',"Why":"not known whether a run before created (him|it)"\}$' "${directory}plan.ndjson")
	[ "$n" -gt 0 ] || return 0
	printf '%s: %d users and groups are known to be ours only now, since the plan of an earlier run is lost; %s\n' \
		"$program" "$n" 'what they lack the next run makes' >&2
	rejected=1
}

finish_plan() {
	if ! is_given --apply; then
		keep_file plan.ndjson
		echo 'nothing was changed; the same command with --apply carries it out'
	elif is_nothing "$1"; then
		keep_file plan.ndjson
		if [ -n "$given_up" ]; then
			rm -f -- "${directory}pending.ndjson" && sync -- "$directory" || exit 1
		fi
	else
		cp -- "$1" "$run/pending" || exit 1
		keep_file plan.ndjson
		keep_file pending.ndjson
		carry_out
		hold_begun
	fi
	[ -z "$rejected" ] || exit 3
	exit 0
}
