# shellcheck shell=bash disable=SC2154,SC2034 # variables shared with the script
# Reads what stands in NAME.target (export-target(1)), for the pipelines, which set kinds and lib:
#
#   list_targets      names all, and ends the script
#   find_target NAME  sets target_file
#   read_target       sets member, line, and files, the names of the outputs and of their rejects

# What the target's file says: member, and by KIND and KIND.WORD its lines.
member=''
declare -A line=()

# target_places: the directories in which NAME.target is looked for, as mappings and layouts are.
target_places() {
	local list
	IFS=: read -r -a list <<<"${COGNITO_FILTERS_PATH:-}"
	for dir in "${list[@]}"; do
		[ -z "$dir" ] || places+=("$dir/targets" "$dir")
	done
	if [[ ${XDG_CONFIG_HOME:-} == /* ]]; then
		places+=("$XDG_CONFIG_HOME/cognito-filters/targets")
	elif [ -n "${HOME:-}" ]; then
		places+=("$HOME/.config/cognito-filters/targets")
	fi
	places+=("$(dirname "$lib")/targets")
}

# list_targets: each once, as it would be found, with its first comment.
list_targets() {
	local places=() dir path name
	local -A seen=()
	target_places
	for dir in "${places[@]}"; do
		for path in "$dir"/*.target; do
			name=${path##*/} name=${name%.target}
			if [ -f "$path" ] && [ -z "${seen[$name]+set}" ]; then
				seen[$name]=$(sed -n 's/^[[:blank:]]*#[[:blank:]]*//; T; p; q' "$path") || exit 1
			fi
		done
	done
	for name in "${!seen[@]}"; do
		printf '%-20s %s\n' "$name" "${seen[$name]}"
	done | sort || exit 1
	exit 0
}

find_target() {
	local places=() dir
	if [[ $1 == */* ]]; then
		target_file=$1
		[ -f "$1" ] || fail 2 "$1: no such target"
		return
	fi
	target_places
	for dir in "${places[@]}"; do
		target_file=$dir/$1.target
		[ ! -f "$target_file" ] || return 0
	done
	fail 2 "$1: no such target; \"${PROGRAM_PREFIX}export-target --list\" names them"
}

wrong_line() { fail 2 "$target_file:$number: $1"; }

# read_words KIND TEXT: FILE and the words NAME=VALUE behind it.
read_words() {
	local kind=$1 rest=$2 word value
	[[ $rest =~ ^([A-Za-z0-9][A-Za-z0-9._-]*\.[A-Za-z0-9]+)([[:blank:]].*|)$ ]] ||
		wrong_line "$kind: a file name with an extension is needed"
	[ -z "${line[$kind]:-}" ] || wrong_line "$kind: given twice"
	line[$kind]=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]}
	while [[ $rest =~ ^[[:blank:]]+([a-z-]+)=(\"([^\"]*)\"|[^[:blank:]\"#]+)([[:blank:]].*|)$ ]]; do
		word=${BASH_REMATCH[1]} value=${BASH_REMATCH[3]:-${BASH_REMATCH[2]}} rest=${BASH_REMATCH[4]}
		case $kind:$word in
		*:mapping | *:writer | *:layout | *:columns | *:header | *:envelope | *:dialect) ;;
		memberships:split-by | groups:unique | users:check) ;;
		*) wrong_line "$kind: unknown word: $word" ;;
		esac
		[ -z "${line[$kind.$word]:-}" ] || wrong_line "$kind: $word: given twice"
		line[$kind.$word]=$value
	done
	[[ $rest =~ ^[[:blank:]]*(#.*|)$ ]] || wrong_line "$kind: not of the form word=value"
}

# check_words KIND: those that the writer needs, and none of another one.
check_words() {
	local kind=$1 word wanted
	case ${line[$kind.writer]:-} in
	csv) wanted='layout columns header split-by'
		[ -n "${line[$kind.layout]:-}${line[$kind.columns]:-}${line[$kind.header]:-}" ] ||
			wrong_line "$kind: layout, columns or header is needed"
		[ "${line[$kind.columns]:-auto}" = auto ] || wrong_line "$kind: columns is auto or not given"
		[ -z "${line[$kind.columns]:-}" ] || [ -z "${line[$kind.layout]:-}${line[$kind.header]:-}" ] ||
			wrong_line "$kind: columns stands alone"
		[ "${line[$kind.header]:-pool}" = pool ] || wrong_line "$kind: header is pool or not given" ;;
	json) wanted=envelope ;;
	ldif | records) wanted= ;;
	scim) wanted=dialect ;;
	*) wrong_line "$kind: the writer is csv, json, ldif, records or scim" ;;
	esac
	[ "${line[$kind.unique]:-ignoring-case}" = ignoring-case ] ||
		wrong_line "$kind: unique is ignoring-case or not given"
	for word in layout columns header split-by envelope dialect; do
		[ -z "${line[$kind.$word]:-}" ] || [[ " $wanted " == *" $word "* ]] ||
			wrong_line "$kind: $word is no word of the writer ${line[$kind.writer]}"
	done
}

read_target() {
	local number=0 text word kind other
	while IFS= read -r text || [ -n "$text" ]; do
		number=$((number + 1))
		[[ $text =~ ^[[:blank:]]*(#.*|)$ ]] && continue
		read -r word text <<<"$text"
		case $word in
		name) member=${text%%[[:blank:]]#*} member=${member%"${member##*[![:blank:]]}"} ;;
		users | groups | memberships) read_words "$word" "$text"
			check_words "$word" ;;
		*) wrong_line "unknown word: $word" ;;
		esac
	done <"$target_file" || fail 2 "$target_file: cannot be read"
	[ -n "${line[users]:-}" ] || wrong_line 'a line "users" is needed'
	[ -n "$member" ] || [ -z "${line[memberships]:-}" ] || wrong_line 'a line "name" is needed'
	for kind in "${kinds[@]}"; do
		[ -z "${line[$kind]:-}" ] || files+=("${line[$kind]}")
	done
	for kind in "${files[@]}"; do files+=("${kind%.*}.rejects.ndjson"); done
	# Also, no part of one output may take the place of another.
	for kind in "${!files[@]}"; do
		for other in "${!files[@]}"; do
			[ "$kind" = "$other" ] || [[ ${files[other]} != "${files[kind]}" &&
				${files[other]} != "${files[kind]%.*}"-?*".${files[kind]##*.}" ]] ||
				wrong_line "${files[kind]} and ${files[other]}: outputs would meet"
		done
	done
}
