# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2317 # shared variables; jq's; stage's functions
# nightly-delta as CSV, behind write.bash: to who cannot be asked what he has.  In the directory
# besides
#
#   baseline.ndjson   what was handed over, user by user
#   source            the pool that this is of
#   handing/          rows that a command has been given, and what it has said of them until now
#   commit/           all that is to be in force, from the moment on when it has that name
#
#   sync_list         the rest of the script; uses how, own, operands and source_network

# In awk: the name at the beginning of a record, and the key of an operation or a result, as JSON.
keys='
	function name_of(line) {
		return match(line, /^[{]"Username":"([^"\\]|\\.)*"/) ? substr(line, 13, RLENGTH - 12) : ""
	}
	function key_of(line) {
		if (!match(line, /^[{]("(Op|Left)":"[^"]*",)?"Key":"([^"\\]|\\.)*"/)) return ""
		return substr(line, index(line, "\"Key\":") + 6, RLENGTH - index(line, "\"Key\":") - 5)
	}
	function missing(line, name) {
		name = name_of(line)
		line = substr(line, 13 + length(name))
		sub(/^,"Enabled":true/, ",\"Enabled\":false", line)
		return "{\"Username\":" name line
	}
	function member(line, name) {
		if (!match(line, "[{,]\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
		return substr(line, RSTART + 1, RLENGTH - 1)
	}'

columns=Action,Username,Enabled,UserStatus,sub,email,email_verified,phone_number,phone_number_verified
columns+=,preferred_username,name,given_name,family_name,Groups

# What is prepared in commit is in force from the moment on when that has its name; what was said of
# it is in it.
roll_forward() {
	local file
	[ -d "${directory}commit" ] || return 0
	for file in "${directory}commit"/*.csv; do
		[ -e "$file" ] || continue
		mkdir -p -- "${directory}changes" && sync -- "$file" &&
			mv -fT -- "$file" "${directory}changes/${file##*/}" &&
			sync -- "${directory}changes" || return
	done
	rm -rf -- "${directory}handing" || return
	for file in ledger.ndjson baseline.ndjson source; do
		[ ! -e "${directory}commit/$file" ] ||
			mv -fT -- "${directory}commit/$file" "$directory$file" || return
	done
	rmdir -- "${directory}commit" && sync -- "$directory"
}

# find_state NAME: sets found, where that file of the state is.  A run that only looks moves nothing:
# what an earlier one left in commit is in force, and what was said to it counts, if nobody has put
# them in their place.
find_state() {
	for found in "$run/settled/$1" "${directory}commit/$1" "$directory$1"; do
		[ ! -e "$found" ] || return 0
	done
	return 1
}

# find_source: $run/source, the pool that was read, which must be that of the baseline.
find_source() {
	local source found
	source=$(sed -n 's/^{"~end":.*"source":"\([^"\\]*\)\/users".*/\1/p' -- "$run/users") || return
	printf '%s\n' "${source##*/}" >"$run/source"
	! find_state source || cmp -s -- "$run/source" "$found" || {
		echo "$program: $directory: what was handed over is of another pool, $(cat -- "$found")" >&2
		return 2
	}
}

# Before the first night nobody was given anything.
find_baseline() {
	local found
	if find_state baseline.ndjson; then
		cp -- "$found" "$run/baseline"
	else
		printf '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,"rejected":0,%s}}\n' \
			'"source":"delta/users","scope":"all","via":[]' >"$run/baseline"
	fi
}

find_ledger() {
	local found
	if find_state ledger.ndjson; then cp -- "$found" "$run/ledger"; else : >"$run/ledger"; fi
}

# All that was given is ours, and so are the groups that it names.
extend_ledger() {
	find_ledger || return
	"${PROGRAM_PREFIX}map-attributes" -e '(.Groups // [])[]
		| {Ledger: "group", Target: "delta", Key: ., GroupName: ., State: "created"}' <"$run/users" |
		"${PROGRAM_PREFIX}unseal" | sort -u | cat -- "$run/ledger" - |
		awk '!/^[{]"Ledger":"group"/ || !seen[$0]++' >"$run/ledger.new"
	rank "${PIPESTATUS[@]}" && mv -f -- "$run/ledger.new" "$run/ledger" || return
	# What the state remembers of it must be there the next time, however this run ends.
	! is_given --apply || { cp -- "$run/ledger" "$run/ledger.new" && sync -- "$run/ledger.new" &&
		mv -fT -- "$run/ledger.new" "${directory}ledger.ndjson"; }
}

# list_shown: sets shown, the names of those members that no operation is about, since nobody can write
# them alone, but which a column shows: whoever gets the rows has to hear of them.
list_shown() {
	local list name wanted=",${own[--attributes]:-}," ignored=",${own[--ignore-attributes]:-},"
	shown=''
	list=,${own[--columns]:-$columns},
	for name in UserStatus email_verified phone_number_verified; do
		[[ $list == *[,=]"$name",* || $list == *[,=]auto,* ]] || continue
		[[ $ignored != *",$name,"* && $ignored != *",${name%_verified},"* ]] || continue
		[[ $wanted == ,, || $name == UserStatus || $wanted == *",${name%_verified},"* ||
			$wanted == *",$name,"* ]] || continue
		shown+=" $name"
	done
}

# shown_of FILE: a line a user: his name and what is shown, sorted.
shown_of() {
	shown=$shown awk "$keys"'
		BEGIN { n = split(ENVIRON["shown"], list, " ") }
		{
			line = name_of($0)
			for (i = 1; i <= n; i++) line = line " " member($0, list[i])
			print line
		}' "$1" | sort -T "$run"
	rank "${PIPESTATUS[@]}"
}

# list_changed_alone: $run/alone, the names of those about whom only that is new, and nothing is held
# back.  Through sort, so that not all of the pool has to be held in memory.
list_changed_alone() {
	local shown
	list_shown
	: >"$run/alone" || return
	[ -n "$shown" ] || return 0
	shown_of "$run/yesterday" >"$run/shown.was" && shown_of "$run/today" >"$run/shown.is" || return
	comm -3 "$run/shown.was" "$run/shown.is" | awk "$keys"'
		FILENAME ~ /operations$/ { if (!/^[{]"Op":"plan"/) about[key_of($0)] = 1; next }
		FILENAME ~ /left$/ { if (/^[{]"Left":"user"/) about[key_of($0)] = 1; next }
		{ is = sub(/^\t/, "") }
		match($0, /^"([^"\\]|\\.)*"/) {
			name = substr($0, 1, RLENGTH)
			if (name in about) next
			side[name] += is ? 2 : 1
			if (side[name] == 3) print name
		}' "$run/operations" "$run/left" - >"$run/alone"
	rank "${PIPESTATUS[@]}"
}

# The rows: of each user about whom there is an operation, or something else that is shown is new, all
# that there is now.
list_changes() {
	"${PROGRAM_PREFIX}unseal" "$run/plan" >"$run/operations" &&
		"${PROGRAM_PREFIX}unseal" "$run/users" >"$run/today" &&
		"${PROGRAM_PREFIX}unseal" "$run/baseline" >"$run/yesterday" &&
		cp -- "${directory}left.ndjson" "$run/left" && list_changed_alone &&
		awk "$keys"'
		FILENAME ~ /alone$/ { action[$0] = "update"; next }
		FILENAME ~ /operations$/ {
			if ($0 ~ /^[{]"Op":"plan"/) next
			key = key_of($0)
			if ($0 ~ /^[{]"Op":"create-user"/) action[key] = "create"
			else if ($0 ~ /^[{]"Op":"delete-user"/) action[key] = "delete"
			else if (!(key in action)) action[key] = "update"
			next
		}
		{ name = name_of($0) }
		!(name in action) || (name in given) { next }
		FILENAME ~ /yesterday$/ && action[name] == "update" {
			$0 = missing($0)
			action[name] = "disable"
		}
		{ given[name] = 1; print "{\"Action\":\"" action[name] "\"," substr($0, 2) }
		END {
			for (key in action)
				if (!(key in given)) {
					print "awk: an operation about somebody whom neither list has" >"/dev/stderr"
					exit 1
				}
		}' "$run/alone" "$run/operations" "$run/today" "$run/yesterday" >"$run/changes"
}

# Of whom the file could say something wrong (a group with the joiner in its name) it says nothing, so
# that he comes again the next time.
write_csv() {
	local status=0
	COGNITO_SEAL='' "${PROGRAM_PREFIX}emit-csv" --columns "${own[--columns]:-$columns}" \
		--reject "$run/read.changes" -o "$run/changes.csv" "$run/changes" || status=$?
	[ "$status" -eq 3 ] || return "$status"
	awk 'FILENAME ~ /read.changes$/ {
			if (match($0, /,"Line":[0-9]+,"Stream":/))
				wrong[substr($0, RSTART + 8, RLENGTH - 18)] = 1
			next
		}
		!(FNR in wrong)' "$run/read.changes" "$run/changes" >"$run/written" &&
		mv -f -- "$run/written" "$run/changes" || return 1
	return 3
}

# --- Handing over

# What the command is given lies where the next run finds it, and so does what it says, as it says it.
give_rows() {
	mkdir -- "$run/handing" && : >"$run/handing/said" &&
		cp -- "$run/changes" "$run/source" "$run/handing" &&
		sync -- "$run/handing"/* "$run/handing" && mv -T -- "$run/handing" "${directory}handing" &&
		sync -- "$directory"
}

# hand_over: to the command, a program and no function of ours; what it leaves behind does not hold
# the lock.  This shell does, also if the script itself was killed.
hand_over() {
	local status
	# A command that ends in its own way is waited for: else the next run would give the same rows to
	# another one beside it, and what it says be lost.  (It has the default way back by exec.)
	trap : TERM INT HUP
	(exec {lock}<&- && exec env -- "${operands[@]}") <"$run/changes.csv" >"${directory}handing/said"
	status=$?
	[ "$status" -eq 0 ] || echo "$program: ${operands[0]} ended with status $status" >&2
	sync -- "${directory}handing/said" && printf '%s\n' "$status" >"$run/status" &&
		sync -- "$run/status" && mv -fT -- "$run/status" "${directory}handing/status"
}

# all_done: results that say so of each.
all_done() {
	awk "$keys"'{
		sub(/^[{]"Action":"[a-z]*",/, "{")
		print "{\"Key\":" name_of($0) ",\"Result\":\"done\"}"
	}' "$run/changes" >"$run/results"
}

# read_answer: $run/results, what the command has said of whom, in one form; what is no result says
# nothing of anybody, who then comes again.  The last word about somebody counts.  Silence and status
# 0: all of it is done.
read_answer() {
	local said=${directory}handing/said status=''
	# Whoever ends without a line end, or was killed in a line, has said what is before it.
	cp -- "$said" "$run/said" || return
	[ -z "$(tail -c 1 -- "$said")" ] || echo >>"$run/said" || return
	COGNITO_SEAL='' "${PROGRAM_PREFIX}map-attributes" \
		-e 'select(.Result | type == "string") | {Key, Result}' \
		--reject "$run/said.rejects" -o "$run/results" "$run/said"
	case $? in 0 | 3) ;; *) return 1 ;; esac
	[ ! -e "${directory}handing/status" ] ||
		read -r status <"${directory}handing/status" || return
	if [ ! -s "$said" ] && [ "$status" = 0 ]; then all_done; fi
}

# The baseline again, with what is done, and nothing else.
advance() {
	mkdir -- "$run/commit" &&
		"${PROGRAM_PREFIX}through" --same-scope -o "$run/commit/baseline.ndjson" \
			env results="$run/results" changes="$run/changes" awk "$keys"'
		BEGIN {
			while ((got = (getline line <ENVIRON["results"])) > 0) {
				key = key_of(line)
				if (key != "") done[key] = line ~ /"Result":"(done|unchanged)"/
			}
			while (got >= 0 && (got = (getline line <ENVIRON["changes"])) > 0) {
				match(line, /^[{]"Action":"[a-z]*",/)
				action = substr(line, 12, RLENGTH - 13)
				line = "{" substr(line, RLENGTH + 1)
				name = name_of(line)
				if (!done[name]) continue
				if (action == "create") fresh[++n] = line
				else if (action == "delete") gone[name] = 1
				else now[name] = line
			}
			if (got < 0) { print "awk: the results cannot be read" >"/dev/stderr"; exit 1 }
		}
		{ name = name_of($0) }
		name in gone { next }
		{ print (name in now) ? now[name] : $0 }
		END { for (i = 1; i <= n; i++) print fresh[i] }' <"$run/baseline"
}

# A line for each who is new in the baseline, another person, or no longer there.
advance_ledger() {
	"${PROGRAM_PREFIX}unseal" "$run/commit/baseline.ndjson" >"$run/tomorrow" &&
		awk "$keys"'
		function sub_of(line) { return member(line, "sub") }
		function put(line, state, from) {
			from = sub_of(line) == "" ? "" : "," sub_of(line)
			print "{\"Ledger\":\"user\",\"Target\":\"delta\",\"Key\":" name_of(line) from \
				",\"Source\":{\"Username\":" name_of(line) from "},\"State\":\"" state "\"}"
		}
		FILENAME ~ /yesterday$/ { old[name_of($0)] = $0; next }
		!(name_of($0) in old) { put($0, "created"); next }
		{
			# Somebody else by now, who was handed over as such.
			if (sub_of($0) != sub_of(old[name_of($0)])) put($0, "adopted")
			delete old[name_of($0)]
		}
		END { for (name in old) put(old[name], "deleted") }' "$run/yesterday" "$run/tomorrow" |
		cat -- "$run/ledger" - >"$run/commit/ledger.ndjson"
	rank "${PIPESTATUS[@]}"
}

# commit: prepared, then in force by one rename.
commit() {
	local stamp n=0
	if [ ${#operands[@]} -eq 0 ] && [ -s "$run/changes" ]; then
		stamp=$(date -u +%Y%m%dT%H%M%SZ) || return
		while [ -e "${directory}changes/$stamp.$(printf '%02d' "$n").csv" ]; do n=$((n + 1)); done
		stamp=$stamp.$(printf '%02d' "$n").csv
		cp -- "$run/changes.csv" "$run/commit/$stamp" && echo "$stamp" >"$run/stamp" || return
	fi
	cp -- "$run/source" "$run/commit/source" && sync -- "$run/commit"/* "$run/commit" &&
		mv -T -- "$run/commit" "${directory}commit" && sync -- "$directory" && roll_forward
}

count_failed() {
	awk "$keys"'
		FILENAME ~ /results$/ {
			done[key_of($0)] = /"Result":"(done|unchanged)"/
			next
		}
		{
			sub(/^[{]"Action":"[a-z]*",/, "{")
			if (!done[name_of($0)]) n++
		}
		END { print n + 0 }' "$run/results" "$run/changes"
}


# count_given: sets failed, of those in $run/changes.
count_given() {
	failed=$(count_failed) || exit 1
	printf '%s: %d users handed over, %d not\n' "$program" \
		"$(($(wc -l <"$run/changes") - failed))" "$failed"
}

# settle_answer: what a command has said to a run that was killed counts.  Without --apply it counts for
# what is shown only.
settle_answer() {
	local failed
	[ -e "${directory}handing/source" ] && [ ! -d "${directory}commit" ] || return 0
	echo "$program: an earlier run was killed while it handed over; first, what it was told"
	cp -- "${directory}handing/changes" "${directory}handing/source" "$run" || exit 1
	stage find_baseline
	stage find_ledger
	"${PROGRAM_PREFIX}unseal" "$run/baseline" >"$run/yesterday" || exit 4
	stage read_answer
	count_given
	stage advance
	stage advance_ledger
	cp -- "$run/source" "$run/commit/source" || exit 1
	if is_given --apply; then
		stage commit
		mv -f -- "$run/results" "$run/results.first" || exit 1
	else
		mv -T -- "$run/commit" "$run/settled" || exit 1
	fi
}

# keep_results: both what an earlier run was told and what this one was, in order.
keep_results() {
	[ ! -e "$run/results.first" ] || {
		cat -- "$run/results.first" "$run/results" >"$run/results.all" &&
			mv -f -- "$run/results.all" "$run/results" && rm -f -- "$run/results.first"
	} || exit 1
	keep_file results.ndjson
}

end_list() {
	[ ! -e "$run/results.first" ] || { : >"$run/results"; keep_results; }
	[ -z "$rejected" ] || exit 3
	exit 0
}

show_list() {
	local shown
	show_plan "$run/plan"
	list_shown
	[ ! -s "$run/alone" ] ||
		printf '  %d users of whom nothing else is new than%s\n' "$(wc -l <"$run/alone")" "$shown"
	printf '  %d users in all\n' "$(wc -l <"$run/changes")"
	! grep -q '"Why":"somebody else at the source by now: another sub"}' "${directory}left.ndjson" ||
		echo "$program: who was deleted and made anew under his name is handed over with --adopt" >&2
}

sync_list() {
	local failed
	# Before a line is added to it, after which neither could go on with it.
	[ ! -s "${directory}ledger.ndjson" ] ||
		head -n 1 -- "${directory}ledger.ndjson" | grep -q '"Target":"delta"' ||
		fail 2 "${directory}ledger.ndjson: of another target; each needs a directory of its own"
	! is_given --apply || stage roll_forward
	settle_answer
	read_pool
	stage find_source
	! is_given --fold || stage fold_users
	stage find_baseline
	stage extend_ledger
	ledger=$run/ledger
	costs=''
	hold_rejects
	# Whatever changes, Cognito changes nothing, and so writes to nobody.
	make_plan "${how[@]}" --allow-messages 2147483647 --fold-case no --want "$run/users" \
		--have "$run/baseline"
	confirm_plan
	stage list_changes
	stage write_csv
	[ ! -s "$run/read.changes" ] || keep_rejects
	show_list
	cp -- "$run/plan" "$run/last" && mv -fT -- "$run/last" "${directory}plan.ndjson" || exit 1
	if ! is_given --apply; then
		echo 'nothing was changed; the same command with --apply carries it out'
		end_list
	fi
	[ -s "$run/changes" ] || end_list
	if [ ${#operands[@]} -gt 0 ]; then
		stage give_rows
		stage hand_over
		stage read_answer
	else
		stage all_done
	fi
	stage advance
	stage advance_ledger
	stage commit
	[ ! -e "$run/stamp" ] ||
		printf '%s: %schanges/%s\n' "$program" "$directory" "$(cat -- "$run/stamp")"
	count_given
	keep_results
	[ "$failed" -eq 0 ] || fail 3 "$failed users come again the next time"
	end_list
}
