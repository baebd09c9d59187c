# shellcheck shell=bash
# Completion of the commands and pipelines in bash: their options, as --help names them, and values
# that are known by name.
#
# bash-completion sources this file under the name of the command at hand; without it, source the
# file yourself.  Mappings, layouts and targets are looked for where the commands look for them, the
# installed ones beside this file.
PROGRAM_PREFIX=
_cognito_filters_prefix=$PROGRAM_PREFIX
_cognito_filters_data=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
unset PROGRAM_PREFIX

# The names of files of a kind with a suffix.
_cognito_filters_names() {
	local kind=$1 suffix=$2 dir file dirs config=${XDG_CONFIG_HOME:-}
	[[ $config == /* ]] || config=${HOME:-}/.config
	IFS=: read -r -a dirs <<<"${COGNITO_FILTERS_PATH:-}"
	for dir in "${dirs[@]}"; do
		[ -z "$dir" ] || printf '%s\n' "$dir/$kind"/*."$suffix" "$dir"/*."$suffix"
	done | _cognito_filters_bare "$suffix"
	for dir in "$config/cognito-filters" "$_cognito_filters_data"; do
		for file in "$dir/$kind"/*."$suffix"; do printf '%s\n' "$file"; done
	done | _cognito_filters_bare "$suffix"
}

# What is left of the paths of files that are there.
_cognito_filters_bare() {
	local path
	while IFS= read -r path; do
		path=${path##*/}
		path=${path%."$1"}
		[[ $path == '*' ]] || printf '%s\n' "$path"
	done
}

# The profiles of AWS's files: their names, and nothing else that stands there.
_cognito_filters_profiles() {
	local home=${HOME:-}/.aws
	sed -n 's/^\[[[:space:]]*profile[[:space:]]\{1,\}\([^]]*[^][:space:]]\)[[:space:]]*\].*/\1/p
		s/^\[[[:space:]]*\(default\)[[:space:]]*\].*/\1/p' "${AWS_CONFIG_FILE:-$home/config}"
	sed -n 's/^\[[[:space:]]*\([^]]*[^][:space:]]\)[[:space:]]*\].*/\1/p' \
		"${AWS_SHARED_CREDENTIALS_FILE:-$home/credentials}"
}

# Values that a command knows by name, a line each, for COMMAND OPTION PLACEHOLDER.
_cognito_filters_values() {
	case $2 in
	--mapping | -m) _cognito_filters_names mappings jq ;;
	--layout) _cognito_filters_names layouts layout ;;
	--target) _cognito_filters_names targets target ;;
	--envelope) _cognito_filters_names envelopes envelope ;;
	--profile) _cognito_filters_profiles ;;
	--dialect)
		case $1 in
		emit-csv | parse-csv) printf '%s\n' rfc4180 cognito ;;
		*-scim)
			printf '%s\n' scim oci aws
			# For files: no server of its kind is sent to.
			[[ $1 == push-* || $1 == list-* || $1 == apply-* ]] || printf '%s\n' entra ;;
		*) printf '%s\n' scim oci aws ;;
		esac ;;
	--guard)
		[ "$1" = unguard ] || printf '%s\n' none report
		printf '%s\n' apostrophe oci ;;
	--birthdate) printf '%s\n' as-is ymd mdy dmy ;;
	--by) printf '%s\n' group user ;;
	--only) printf '%s\n' create update delete password enable disable link members groups ;;
	--domain-type) printf '%s\n' free oracle-apps apps-premium premium external ;;
	--empty) printf '%s\n' absent quoted text ;;
	--for) printf '%s\n' export-oci export-csv export-target export-scim export-report export-fleet \
		sync-oci backup-pool inventory list-users list-groups expand-members oci-app ;;
	--hold-back) printf '%s\n' UNCONFIRMED CONFIRMED ARCHIVED COMPROMISED UNKNOWN RESET_REQUIRED \
		FORCE_CHANGE_PASSWORD EXTERNAL_PROVIDER ;;
	--match-by) [ "$1" != sync-oci ] || printf '%s\n' externalId userName ;;
	--kind) printf '%s\n' user group membership flat ;;
	--quota) printf '%s\n' aws ;;
	--unknown) printf '%s\n' error ignore attribute ;;
	--allow) printf '%s\n' all reads writes inventory ListUsers ListGroups AdminListGroupsForUser \
		ListUsersInGroup AdminGetUser GetGroup ListUserPools DescribeUserPool ListUserPoolClients \
		DescribeUserPoolClient ListIdentityProviders DescribeIdentityProvider \
		DescribeUserPoolDomain ListResourceServers GetUserPoolMfaConfig ListTagsForResource \
		GetProvisionedLimit ListIdentityPools DescribeIdentityPool GetIdentityPoolRoles ;;
	--parts) printf '%s\n' pool mfa clients providers groups domain resource-servers limits ;;
	--format)
		case $1 in
		assume-role) printf '%s\n' process env env-no-export fish powershell windows-cmd ;;
		*) tr '|' '\n' <<<"$3" ;;
		esac ;;
	esac
}

# Reads the usage on standard input, and prints a line for each option: its name and, if it takes
# a value, what the usage calls that.  A letter in the usage stands for its long name too.
_cognito_filters_options() {
	tr -s '[:space:]' '\n' | sed 's/^\[*\(.*[^]]\)\(\]*\)$/\1\n\2/' | awk '
		function put(value) {
			if (name != "") print name value
			if (name in long) print long[name] value
			name = ""
		}
		BEGIN {
			long["-o"] = "--output"; long["-v"] = "--verbose"; long["-m"] = "--mapping"
			long["-e"] = "--expression"; long["-f"] = "--file"; long["-d"] = "--output-directory"
		}
		$0 == "" { next }
		/^-/ {
			put("")
			# [-1v]: letters that stand together.
			for (i = 2; /^-[^-]./ && i < length($0); i++) { name = "-" substr($0, i, 1); put("") }
			name = /^-[^-]/ ? "-" substr($0, length($0)) : $0 == "--" ? "" : $0
			next
		}
		{ put(/^[[:alnum:]]/ ? " " $0 : "") }
		END { put(""); print "--help"; print "--version" }' | sort -u
}

# Replies with those of the lines on standard input that begin with what is there.
_cognito_filters_reply() {
	local line
	while IFS= read -r line; do
		[[ $line != "$1"* ]] || COMPREPLY+=("$2$(printf '%q' "$line")")
	done < <(sort -u)
}

# Replies with files, or with directories only (-d).
_cognito_filters_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# _cognito_filters_value COMMAND OPTION PLACEHOLDER BEGUN PREFIX
_cognito_filters_value() {
	case $3 in
	file | from) _cognito_filters_files -f "$4" ;;
	directory) _cognito_filters_files -d "$4" ;;
	*)
		_cognito_filters_reply "$4" "$5" < <(_cognito_filters_values "$1" "$2" "$3" 2>/dev/null)
		case $2 in
		-m | -f | --mapping | --layout | --envelope)
			[[ $4 != */* ]] || _cognito_filters_files -f "$4" ;;
		esac ;;
	esac
}

# The command that this one runs is completed as if it stood alone.
_cognito_filters_command() {
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif [ "$COMP_CWORD" -eq "$1" ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$2")
	else
		_cognito_filters_files -f "$2"
	fi
}

_cognito_filters() {
	local program=$1 current=${COMP_WORDS[COMP_CWORD]} option='' prefix='' name value word i first=0
	local command=${1##*/}
	local -A takes=()
	command=${command#"$_cognito_filters_prefix"}
	COMPREPLY=()
	[[ $program != \~/* ]] || program=$HOME/${program#\~/}
	while read -r name value; do takes[$name]=$value; done < <(
		"$program" --help 2>/dev/null </dev/null | sed "s|^\(usage:\)* *${program##*/} |[] |" | _cognito_filters_options)

	# Up to the word at hand: what the last option waits for, and where operands begin.
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ "$word" = = ]; then
			:	# readline parts --name=value in three
		elif [ -n "$option" ]; then
			option=''
		elif [ "$word" = -- ]; then
			first=$((i + 1))
			break
		elif [[ $word == -* ]]; then
			[ -z "${takes[$word]:-}" ] || option=$word
		else
			first=$i
			[ "$command" = serve-pool ] || break
		fi
	done
	[ "$current" != = ] || current=''
	if [ -n "$option" ]; then
		_cognito_filters_value "$command" "$option" "${takes[$option]}" "$current" ''
		return
	fi
	case $command in
	through | assume-role | serve-pool)
		[[ $first -eq 0 && $command == through && $current != -* ]] && first=$COMP_CWORD
		if [ "$first" -gt 0 ] && [[ $command != serve-pool || ${COMP_WORDS[first - 1]} == -- ]]; then
			_cognito_filters_command "$first" "$current"
			return
		fi ;;
	esac
	case $current in
	--*=*)
		option=${current%%=*} prefix=${current%%=*}=
		_cognito_filters_value "$command" "$option" "${takes[$option]:-}" "${current#*=}" "$prefix" ;;
	-*) _cognito_filters_reply "$current" '' < <(printf '%s\n' "${!takes[@]}") ;;
	*)
		case $command in
		describe-pool)
			# The two records that it compares; otherwise it takes none.
			[[ " ${COMP_WORDS[*]} " != *' --compare '* ]] || _cognito_filters_files -f "$current" ;;
		export-target | export-report) _cognito_filters_reply "$current" '' < <(_cognito_filters_names targets target) ;;
		assume-role | check-connection | get-csv-header | list-* | export-* | sync-*) ;;
		*) _cognito_filters_files -f "$current" ;;
		esac ;;
	esac
}

for _cognito_filters_name in apply-cognito apply-scim assume-role check-connection \
	confirm-absent describe-pool emit-csv emit-json emit-ldif emit-scim expand-members \
	fold-users get-csv-header join-shards list-groups list-identity-pools list-scim \
	list-user-pools list-users map-attributes merge-stats parse-csv plan-sync pool-report \
	push-import push-scim serve-pool through unguard unseal backup-pool copy-pool export-csv \
	export-fleet export-oci export-report export-scim export-target nightly-delta \
	provision-csv restore-pool sync-oci; do
	complete -F _cognito_filters "$_cognito_filters_prefix$_cognito_filters_name"
done
unset _cognito_filters_name
