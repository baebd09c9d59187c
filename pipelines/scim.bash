# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2317 # shared variables; jq's; stage's functions
# What the pipelines share that make a SCIM server have what a pool has, behind write.bash.  The script
# sets dialect, and scope, the groups that the run is about; find_scope looks whether they are there.
#
#   collect_server        how and scim, the options of emit-scim and of what talks to the server
#   collect_server_plan   plan, those of plan-sync, and key
#   rehearse_server       for stage: whether the server lets us in, before anybody is read
#   emit                  for stage: $run/resources, of $run/users, groups and members
#   sync_server           the rest of the script: by a plan, whose ledger says what is ours there

collect_server() {
	local i name
	how=(--dialect "${own[--dialect]:-$dialect}" "${mapping[@]}" "${held[@]}")
	[ -z "${own[--extension]:-}" ] || how+=(--extension "${own[--extension]}")
	scim=(--dialect "${own[--dialect]:-$dialect}")
	for ((i = 0; i < ${#network[@]}; i++)); do
		case ${network[i]} in
		-v | --progress | --no-progress) scim+=("${network[i]}") ;;
		--retry-seconds) scim+=("${network[i]}" "${network[i + 1]}") ;;
		esac
		[[ ${network[i]} == -v || ${network[i]} == --*progress ]] || i=$((i + 1))
	done
	for name in --url --token-file --token-url --client-id --client-secret-file --scope \
		--domain-type; do
		[ -z "${own[$name]:-}" ] || scim+=("$name" "${own[$name]}")
	done
	for name in --ca-bundle --max-rate; do
		[ -z "${own[--scim-${name#--}]:-}" ] || scim+=("$name" "${own[--scim-${name#--}]}")
	done
}

# The same for nobody, before the service is asked for the first one: the options, the mapping, and
# whether the server lets us in.  What it has is given as nothing, so that it is not asked for that.
rehearse_server() {
	local -x COGNITO_SEAL=
	: >"$run/nothing" && emit_sample "${how[@]}" --for-push &&
		with_scim_secrets "${PROGRAM_PREFIX}push-scim" "${scim[@]}" --dry-run --known "$run/nothing" \
			</dev/null >/dev/null
}

# The operands are named as they are because a reject names its stream: a directory that every run
# makes anew has no place there.
emit() {
	cd "$run" && "${PROGRAM_PREFIX}emit-scim" "${how[@]}" --for-push --reject rejects.1 -o resources \
		users groups members
}

# As list_members_by_sub, whose stream says that records were dropped as soon as somebody is in no
# group: whole users have all memberships.  Who has no sub comes to be rejected by emit-scim.
list_members() {
	local status
	"${PROGRAM_PREFIX}through" --same-scope "${PROGRAM_PREFIX}map-attributes" -e '
		.Username as $name | attr("sub") as $sub | (.Groups // [])[]
		| {GroupName: ., Username: $name, Attributes: (if $sub == null then {} else {sub: $sub} end)}' \
		<"$run/users" | "${PROGRAM_PREFIX}through" --same-scope sort -T "$run" >"$run/members"
	rank "${PIPESTATUS[@]}"
	status=$?
	[ "$status" -ne 2 ] || status=1
	return "$status"
}

list_server() {
	with_scim_secrets "${PROGRAM_PREFIX}list-scim" "${scim[@]}" -o "$run/have"
}

# list_held_back: $run/maybe, the users of a state that is held back, and $run/maybe.resources, which
# has the key that each of them would have there, but for those in $run/maybe.rejects.  A userName is
# one also if it is an address that is not verified, as it mostly is of who is held back.
list_held_back() {
	local i options=()
	for ((i = 0; i < ${#how[@]}; i += 2)); do
		[[ ${how[i]} == --hold-back || ${how[i + 1]} == unverified=* ]] ||
			options+=("${how[@]:i:2}")
	done
	"${PROGRAM_PREFIX}unseal" "$run/users" | statuses=${held[1]} awk '
		BEGIN {
			n = split(toupper(ENVIRON["statuses"]), list, ",")
			for (i = 1; i <= n; i++) held[list[i]] = 1
		}
		match($0, /[{,]"UserStatus":"[^"]*"/) &&
			(toupper(substr($0, RSTART + 15, RLENGTH - 16)) in held)' \
		>"$run/maybe"
	rank "${PIPESTATUS[@]}" || return
	if [ "$key" = externalId ]; then
		: >"$run/maybe.rejects" && awk '{
			if (match($0, /[{,]"sub":"[^"]*"/))
				print "\"externalId\":" substr($0, RSTART + 7, RLENGTH - 7)
			else print ""
		}' "$run/maybe" >"$run/maybe.resources"
		return
	fi
	COGNITO_SEAL='' "${PROGRAM_PREFIX}emit-scim" "${options[@]}" --arg unverified=allow --for-push \
		--reject "$run/maybe.rejects" -o "$run/maybe.resources" "$run/maybe" 2>"$run/maybe.err"
	# Who is rejected stays a record that nobody knows whose it is.
	case $? in 0 | 3) ;; *) cat -- "$run/maybe.err" >&2; return 1 ;; esac
}

# Who is held back and is not at the server, by the key of the plan, loses nothing there, whatever
# becomes of others; as a record that is nobody's he would stand in the way of all that is taken away.
# Keys that might be one are taken for one: what is not ASCII is folded by plan-sync, and not looked at
# here.
leave_away() {
	list_held_back || return
	[ -s "$run/maybe.resources" ] || return 0
	"${PROGRAM_PREFIX}through" --same-scope -o "$run/kept" env have="$run/have" key="$key" \
		maybe="$run/maybe" rejects="$run/maybe.rejects" resources="$run/maybe.resources" \
		away="$run/read.away" awk '
		function next_key(line) {
			if (!match(line, "\"" ENVIRON["key"] "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
			line = tolower(substr(line, RSTART, RLENGTH))
			gsub(/[^ -~]|\\u..../, "", line)
			return line
		}
		function wrong(file) {
			print "awk: " file ": cannot be read" >"/dev/stderr"
			exit 1
		}
		BEGIN {
			while ((got = (getline line <ENVIRON["have"])) > 0)
				for (; (id = next_key(line)) != ""; line = substr(line, RSTART + RLENGTH))
					there[id] = 1
			if (got < 0) wrong("the list of the server")
			while ((got = (getline line <ENVIRON["rejects"])) > 0)
				if (match(line, /"Line":[0-9]+,"Stream"/))
					rejected[substr(line, RSTART + 7, RLENGTH - 16)] = 1
			# A resource for each that was not rejected, in their order.
			for (n = 1; (got = (getline user <ENVIRON["maybe"])) > 0; n++) {
				if (n in rejected) continue
				if ((getline line <ENVIRON["resources"]) <= 0) wrong(ENVIRON["resources"])
				id = next_key(line)
				if (id != "" && !(id in there)) gone[user] = 1
			}
			if (got < 0) wrong(ENVIRON["maybe"])
		}
		$0 in gone {
			print "{\"Reason\":\"held back\",\"Line\":" NR ",\"Stream\":\"users\"," \
				"\"Record\":" $0 "}" >ENVIRON["away"]
			next
		}
		{ print }' <"$run/users" && mv -f -- "$run/kept" "$run/users"
}

collect_server_plan() {
	local name
	key=${own[--match-by]:-externalId}
	plan=(--dialect "${own[--dialect]:-$dialect}" --key "$key")
	for name in --attributes --ignore-attributes --protect; do
		[ -z "${own[$name]:-}" ] || plan+=("$name" "${own[$name]}")
	done
	for name in --adopt --delete --delete-groups --disable-leavers; do
		! is_given "$name" || plan+=("$name")
	done
}

# Memberships are made of the users, so what was rejected there is counted twice in the end.
hold_resources() {
	local file
	mv -- "$run/rejects.1" "$run/read.resources" || exit 1
	for file in "$run"/read.*; do
		if [ ! -s "$file" ] || [ "${file##*/}" = read.away ]; then continue; fi
		plan+=(--held "$file")
		case ${file##*/} in read.users | read.expanded | read.folded) plan+=(--held "$file") ;; esac
	done
	[ ! -s "$run/read.away" ] || rejected=1
	keep_rejects
}

sync_server() {
	source_network=("${network[@]}")
	applier=apply-scim applier_secrets=with_scim_secrets
	read_pool
	[ ${#scope[@]} -eq 0 ] || stage find_scope
	! is_given --fold || stage fold_users
	stage list_server
	[ ${#held[@]} -eq 0 ] || stage leave_away
	stage list_members
	stage emit
	network=("${scim[@]}")
	carry_on_half "$key" "$run/resources" "$run/have"
	network=("${source_network[@]}")
	[ -z "$carried_on" ] || stage list_server
	hold_resources
	make_plan "${plan[@]}" --want "$run/resources" --have "$run/have"
	confirm_plan
	show_plan "$run/plan"
	network=("${scim[@]}")
	rehearse_plan "$run/plan"
	finish_plan "$run/plan"
}
