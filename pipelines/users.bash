# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2317 # variables shared with the script; jq's; stages
# What becomes of users for a target, behind lib.bash and target.bash, for the scripts that make its
# files (export-target) or only want to know whom it would reject (export-report):
#
#   learn_variables       which of --arg the mappings of the target know; check_variables, of all
#   try_variables         whether their values suit somebody whom every target could take
#   fetch_header          $run/header, if the target wants the pool's own
#   map KIND INPUT        $run/KIND.mapped, the rejects in $run/KIND.1
#   write_users           behind map users: the target's file of users in $made, the rejects in
#                         $run/users.0, .2 and .3

# By "TARGET KIND NAME=VALUE": the mapping of the kind has this variable; by "NAME=VALUE": any has.
declare -A has_variable=() is_known=()
has_mapping=

# ask KIND ARG...: what the program that has a variable of this kind says of it; 2: knows it not.
ask() {
	local kind=$1 how
	shift
	if [ "${line[$kind.writer]:-}" = scim ]; then
		how=(emit-scim ${line[$kind.dialect]:+--dialect "${line[$kind.dialect]}"})
	else
		how=(map-attributes --mapping "${line[$kind.mapping]}")
	fi
	COGNITO_SEAL='' COGNITO_STATS='' "$PROGRAM_PREFIX${how[0]}" "${how[@]:1}" "$@"
}

# variables_of KIND: sets variables to the options for its mapping.
variables_of() {
	local arg
	variables=()
	for arg in "${mapping[@]}"; do
		[ -z "${has_variable[$target_file $1 $arg]:-}" ] || variables+=(--arg "$arg")
	done
}

# learn_variables: which of --arg the mappings of the target know.
learn_variables() {
	local kind arg with=()
	for kind in "${kinds[@]}"; do
		[ "${line[$kind.writer]:-}" != scim ] && [ -z "${line[$kind.mapping]:-}" ] || with+=("$kind")
	done
	for kind in "${with[@]}"; do ask "$kind" </dev/null >/dev/null || exit 2; done
	for arg in "${mapping[@]}"; do
		[ "$arg" != --arg ] || continue
		for kind in "${with[@]}"; do
			ask "$kind" --arg "$arg" </dev/null >/dev/null 2>&1 || [ $? -ne 2 ] || continue
			is_known[$arg]=1
			has_variable[$target_file $kind $arg]=1
		done
	done
	[ ${#with[@]} -eq 0 ] || has_mapping=1
}

# check_variables NONE WHOSE: one that no mapping knows is a mistake; said if there is none at all.
check_variables() {
	local arg
	[ -n "$has_mapping" ] || [ ${#mapping[@]} -eq 0 ] || wrong_usage "--arg: $1"
	for arg in "${mapping[@]}"; do
		[ "$arg" = --arg ] || [ -n "${is_known[$arg]:-}" ] ||
			wrong_usage "--arg ${arg%%=*}: not NAME=VALUE with a variable of $2 mappings"
	done
}

# Inputs are redirected throughout: a reject names its stream, and the name of a temporary there
# would make every run's file another one.

# pass FILE FILE: the second is as the first.
pass() {
	ln -f -- "$1" "$2" 2>/dev/null || cp -- "$1" "$2"
}

# map KIND INPUT: $run/KIND.mapped, rejects in KIND.1.
map() {
	local how=(-e .) variables
	if [ -n "${line[$1.mapping]:-}" ]; then
		variables_of "$1"
		how=(--mapping "${line[$1.mapping]}" "${variables[@]}")
	elif [ "$1" != users ] || [ ${#held[@]} -eq 0 ]; then
		: >"$run/$1.1" && pass "$2" "$run/$1.mapped"
		return
	fi
	[ "$1" != users ] || how+=("${held[@]}")
	"${PROGRAM_PREFIX}map-attributes" "${how[@]}" --reject "$run/$1.1" -o "$run/$1.mapped" <"$2"
}

# What emit-csv can check, for users that become no CSV: the rows are not kept.
find_wrong_users() {
	"${PROGRAM_PREFIX}emit-csv" --layout "${line[users.check]}" --reject "$run/users.0" \
		-o "$run/checked" <"$run/users.mapped"
}

# drop_wrong_users REJECTS
drop_wrong_users() {
	without_rejected "$1" <"$run/users.mapped" >"$run/users.right" &&
		mv -f -- "$run/users.right" "$run/users.mapped"
}

# write KIND INPUT: the output, in parts where a limit wants it; rejects in KIND.2.
write() {
	local kind=$1 how=() out variables
	out=(--reject "$run/$1.2" -o "$made/${line[$1]}")
	case ${line[$kind.writer]} in
	csv)
		[ -z "${line[$kind.layout]:-}" ] || how+=(--layout "${line[$kind.layout]}")
		[ -z "${line[$kind.columns]:-}" ] || how+=(--columns auto)
		[ -z "${line[$kind.header]:-}" ] || how+=(--header-from "$run/header")
		[ -z "${own[--guard]:-}" ] || how+=(--guard "${own[--guard]}")
		[ -z "${line[$kind.split-by]:-}" ] || how+=(--split-by "${line[$kind.split-by]}")
		"${PROGRAM_PREFIX}emit-csv" --split "${how[@]}" "${out[@]}" <"$2" ;;
	json)
		[ -z "${line[$kind.envelope]:-}" ] || how+=(--envelope "${line[$kind.envelope]}")
		"${PROGRAM_PREFIX}emit-json" --split "${how[@]}" "${out[@]}" <"$2" ;;
	# slapadd knows no line "version: 1".
	ldif) "${PROGRAM_PREFIX}emit-ldif" --no-version "${out[@]}" <"$2" ;;
	scim)
		[ -z "${line[$kind.dialect]:-}" ] || how+=(--dialect "${line[$kind.dialect]}")
		variables_of "$kind"
		"${PROGRAM_PREFIX}emit-scim" "${how[@]}" "${variables[@]}" "${out[@]}" <"$2" ;;
	records) : >"$run/$kind.2" && pass "$2" "$made/${line[$kind]}" ;;
	esac
}

# fit PROGRAM: the mapped users as the writer wants them; whom it rejects are dropped from both, so
# that the lines of what follows are those of either.
fit() {
	"${PROGRAM_PREFIX}map-attributes" --reject "$run/users.3" -o "$run/users.fit" -e "$1" \
		<"$run/users.mapped"
}

# Groups is there for the members of the groups; what a mapped user has of them is beside it.
write_users() {
	local input=$run/users.fit
	if [ -n "${line[users.check]:-}" ]; then
		stage find_wrong_users
		stage drop_wrong_users "$run/users.0"
	else
		: >"$run/users.0" || exit 1
	fi
	case ${line[users.writer]}:${line[users.mapping]:-} in
	# As one text, whatever their names hold.
	csv:) stage fit 'if .Groups | type == "array" then .Groups |= flat else . end' ;;
	json:* | ldif:*) stage fit 'del(.Groups)' ;;
	*) input=$run/users.mapped ;;
	esac
	[ ! -s "$run/users.3" ] || stage drop_wrong_users "$run/users.3"
	stage write users "$input"
}

fetch_header() {
	if [ -n "${own[--header-from]:-}" ]; then
		cp -- "${own[--header-from]}" "$run/header"
	else
		with_secrets "${PROGRAM_PREFIX}get-csv-header" "${network[@]}" -o "$run/header"
	fi
}

# The records of somebody whom every target could take.
sample() {
	case $1 in
	users) sample_user ;;
	groups) echo '{"GroupName":"some-group","Members":["cn=some.body,dc=example,dc=com"]}' ;;
	memberships) echo '{"GroupName":"some-group","Username":"some.body@example.com"}' ;;
	esac
}

# A wrong value of --arg suits no record, and a pool may be long.
try_variables() {
	local kind variables
	for kind in "${kinds[@]}"; do
		variables_of "$kind"
		[ ${#variables[@]} -gt 0 ] || [ -n "${line[$kind.mapping]:-}" ] || continue
		sample "$kind" >"$run/sample"
		ask "$kind" "${variables[@]}" --reject "$run/sample.rejects" -o "$run/sampled" <"$run/sample" \
			2>"$run/sample.err" || [ $? -ne 2 ] || { cat -- "$run/sample.err" >&2; exit 2; }
	done
}
