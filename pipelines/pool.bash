# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2317 # shared variables; jq's; stage's functions
# What backup-pool, restore-pool and copy-pool share, behind lib.bash: backups, and what a target
# cannot take of one; with nightly-delta, too, how users of a target are called.  What restores has
# write.bash too.
#
#   read_backup DIRECTORY WAY...  makes a backup there; WAY is what stands before a command that asks
#                                 the source; uses source_network
#   verify DIRECTORY              ends the script with status 4 unless the backup is whole; sets
#                                 backup_pool, backup_source, made_at, rows and rejects
#   restore DIRECTORY             the rest of a script that restores that backup: what is lost, the
#                                 plan, and with --apply its carrying out; in directory besides what
#                                 write.bash keeps
#
#   losses.ndjson     what is not restored

backup_files=(pool.ndjson groups.ndjson memberships.ndjson users.ndjson rejects.ndjson)
declare -A rows=()
backup_pool='' backup_source='' made_at='' rejects=0
described=pool	# the parts that a backup has of the pool's description

# in_seal FILE MEMBER: a text in the seal of a stream that unseal has checked.
in_seal() {
	sed -n 's/^{"~end":.*"'"$2"'":"\([^"\\]*\)".*/\1/p' -- "$1"
}

# count_rows FILE: of a sealed file.
count_rows() {
	echo "$(($(wc -l <"$1") - 1))"
}

# --- Making a backup

back_up_pool() {
	"${way[@]}" "${PROGRAM_PREFIX}describe-pool" "${source_network[@]}" --parts "$described" \
		-o "$new/pool.ndjson"
}

back_up_groups() {
	"${way[@]}" "${PROGRAM_PREFIX}list-groups" "${source_network[@]}" --reject "$run/backup.groups" \
		-o "$new/groups.ndjson"
}

back_up_memberships() {
	"${way[@]}" "${PROGRAM_PREFIX}expand-members" "${source_network[@]}" \
		--reject "$run/backup.memberships" -o "$new/memberships.ndjson" "$new/groups.ndjson"
}

back_up_users() {
	"${way[@]}" "${PROGRAM_PREFIX}list-users" "${source_network[@]}" --reject "$run/backup.users" \
		-o "$new/users.ndjson"
}

# The last line has the sum of those above it, so that a manifest that was cut is none.
write_manifest() {
	local file source
	cd -- "$new" || return
	source=$(in_seal users.ndjson source) || return
	source=${source%/users}
	{
		printf '# cognito-filters backup 1\n# pool %s\n# source %s\n# made %s\n' "${source##*/}" \
			"$source" "$(in_seal users.ndjson started)"
		for file in "${backup_files[@]}"; do
			case $file in
			rejects.ndjson) printf '# rejects %d\n' "$(wc -l <"$file")" ;;
			*) printf '# rows %s %d\n' "${file%.ndjson}" "$(count_rows "$file")" ;;
			esac
		done
		sha256sum -- "${backup_files[@]}"
	} >manifest && printf '# end %s\n' "$(sha256sum <manifest | cut -d ' ' -f 1)" >>manifest || return
	sync -- "${backup_files[@]}" manifest .
}

gather_rejects() {
	: >"$new/rejects.ndjson" && put_rejects "$new/rejects.ndjson" "$run"/backup.*
}

# Users are read last, so that whoever joined a group meanwhile is known as a user.
read_backup() {
	local new=$1 way=("${@:2}")
	mkdir -- "$new" || exit 1
	stage back_up_pool
	stage back_up_groups
	stage back_up_memberships
	stage back_up_users
	[ ! -s "$run/backup.users" ] || [ "$(count_rows "$new/users.ndjson")" -gt 0 ] ||
		fail 5 'all users that the service gave were rejected; nothing was kept'
	stage gather_rejects
	stage write_manifest
}

# --- Checking one

wrong_backup() {
	printf '%s: %s: %s\n' "$program" "$directory_of_backup" "$1" >&2
	return 4
}

# Nothing of it is believed before the sums are right.
check_backup() {
	local at=$directory_of_backup file kind
	[ -d "$at" ] || { wrong_backup 'not a directory'; return; }
	cd -- "$at" || return 4
	if [ ! -f manifest ] || [ -L manifest ]; then
		wrong_backup 'no manifest: not a backup, or not a whole one'
		return
	fi
	if [ "$(head -c 27 manifest)" != '# cognito-filters backup 1' ]; then
		wrong_backup 'manifest: not one of this version'
		return
	fi
	if ! [[ "$(tail -n 1 manifest)" =~ ^'# end '[0-9a-f]{64}$ ]] || [ -n "$(tail -c 1 manifest)" ] ||
		[ "$(tail -n 1 manifest)" != "# end $(head -n -1 manifest | sha256sum | cut -d ' ' -f 1)" ]; then
		wrong_backup 'manifest: cut, or changed'
		return
	fi
	if [ "$(sed -n 's/^[0-9a-f]\{64\}  //p' manifest)" != \
		"$(printf '%s\n' "${backup_files[@]}")" ]; then
		wrong_backup 'manifest: other files than those of a backup'
		return
	fi
	for file in "${backup_files[@]}"; do
		[[ -f $file && ! -L $file ]] || { wrong_backup "$file: missing"; return; }
	done
	sha256sum --check --strict --status manifest ||
		{ wrong_backup "$(sha256sum --check --quiet manifest 2>/dev/null | head -n 1)"; return; }
	for file in "${backup_files[@]:0:4}"; do
		"${PROGRAM_PREFIX}unseal" "$file" >/dev/null || return 4
		kind=${file%.ndjson}
		[ "$(in_seal "$file" source)/$(in_seal "$file" scope)" = \
			"$(sed -n 's/^# source //p' manifest)/$kind/all" ] ||
			{ wrong_backup "$file: of another pool, or of a part of it"; return; }
		grep -qx "# rows $kind $(count_rows "$file")" manifest ||
			{ wrong_backup "$file: not as many rows as the manifest says"; return; }
	done
}

verify() {
	local directory_of_backup=${1%/} kind value
	[[ $directory_of_backup != -* ]] || directory_of_backup=./$directory_of_backup
	stage check_backup
	while read -r _ kind value n; do
		case $kind in
		pool) backup_pool=$value ;;
		source) backup_source=$value ;;
		made) made_at=$value ;;
		rows) rows[$value]=$n ;;
		rejects) rejects=$value ;;
		esac
	done < <(grep '^# ' "$directory_of_backup/manifest")
}

# find_backup PATH: the backup there, or the newest one in a directory of backups.
find_backup() {
	local entry
	backup=${1%/}
	[[ $backup != -* ]] || backup=./$backup
	[ ! -e "$backup/manifest" ] || return 0
	for entry in "$1"/*/manifest; do
		[[ ${entry%/manifest} =~ /[0-9]{8}T[0-9]{6}Z\.[0-9]{2}$ ]] && [ -f "$entry" ] &&
			backup=${entry%/manifest}
	done
}

# --- The target

describe_target() {
	with_secrets "${PROGRAM_PREFIX}describe-pool" "${network[@]}" --parts pool -o "$run/target"
}

# What of the description decides what users can have there, short, as one line of JSON.
shorten_target() {
	"${PROGRAM_PREFIX}map-attributes" -e '{
		users: .UsernameAttributes, aliases: .AliasAttributes,
		has: ([.SchemaAttributes[]
			| (.StringAttributeConstraints // {}) as $s | (.NumberAttributeConstraints // {}) as $n
			| {key: .Name, value: {type: .AttributeDataType, required: .Required,
				developer: .DeveloperOnlyAttribute,
				least: ($s.MinLength // $n.MinValue), most: ($s.MaxLength // $n.MaxValue)}}]
			| from_entries)}' "$run/target" | "${PROGRAM_PREFIX}unseal" -o "$run/schema"
	rank "${PIPESTATUS[@]}"
}

# learn_target: sets schema, fold, target_pool and key, what users of the target sign in by, from
# its description.
learn_target() {
	stage shorten_target
	IFS= read -r schema <"$run/schema" || exit 1
	fold=yes
	! grep -q '"UsernameConfiguration":{"CaseSensitive":true}' "$run/target" || fold=no
	key=Username
	case $schema in
	'{"users":["email"'* | '{"users":["phone_number","email"'*) key=email ;;
	'{"users":["phone_number"'*) key=phone_number ;;
	esac
	target_pool=$(sed -n 's/^{"Id":"\([^"]*\)".*/\1/p' "$run/target")
}

look_at_target() {
	stage describe_target
	learn_target
	names=() member_key=$key
	read_pool
}

# --- What is lost

# What is sent as the name of who is created: where users sign in by an address, that; the service
# makes the name.
named='
	def named($login): if $login != "Username" then .Username = (.Attributes[$login] // .Username)
		else . end;
'

# Why the target does not take an attribute of a user (null: it does), and a user.
reasons=$named'
	def whole: test("^-?[0-9]+$");
	def refused($all; $name; $value):
		$all.has[$name] as $a | ($value | length) as $n
		| if $name == "sub" or $name == "identities" or ($name | startswith("cognito:")) then null
		elif $a == null then "not an attribute of the target"
		elif $value == "" then "an empty value is none"
		elif $name == "birthdate" and ($value | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") | not) then
			"not a date, which the target wants"
		elif $name == "email" and ($value | test("^[^@ \\x00]+@[^@ .\\x00]([^@ \\x00]*[^@ .\\x00])?$") | not) then
			"not an address, which the service wants"
		elif $name == "phone_number" and ($value | test("^[+][0-9]{1,15}$") | not) then
			"not a telephone number, which the service wants"
		elif $a.type == "Number" then
			if $value | whole | not then
				if $value | test("^-?[0-9]+[.][0-9]+$") then null
				else "not a number, which the target wants" end
			elif ($a.least != null and ($value | tonumber) < ($a.least | tonumber)) or
				($a.most != null and ($value | tonumber) > ($a.most | tonumber)) then
				"a number beyond the limits of the target"
			else null end
		elif $a.type == "Boolean" and ($value | ascii_downcase | . != "true" and . != "false") then
			"neither true nor false, which the target wants"
		elif $a.type == "String" and $n > 2048 then "longer than the service allows"
		elif $a.type == "String" and $a.least != null and $n < ($a.least | tonumber) then
			"shorter than the target allows"
		elif $a.type == "String" and $a.most != null and $n > ($a.most | tonumber) then
			"longer than the target allows"
		else null end;
	def flagless($all; $name; $address): $name == "\($address)_verified" and
		((.Attributes[$address] // "") as $value
			| $value == "" or refused($all; $address; $value) != null);
	def attribute_reason($all; $name; $value): refused($all; $name; $value) //
		(if flagless($all; $name; "email") or flagless($all; $name; "phone_number") then
			"a flag without its address"
		else null end);
	def kept($all): . as $user | .Attributes |= with_entries(.key as $k | .value as $v
		| select($user | attribute_reason($all; $k; $v) == null));
	def user_reason($all; $key):
		if .UserStatus == "EXTERNAL_PROVIDER" then "a federated profile: made when the person signs in"
		elif $key != "Username" and (.Attributes[$key] // "") == "" then
			"no \($key), by which users of the target sign in"
		elif $key != "Username" and refused($all; $key; .Attributes[$key]) != null then
			"a wrong \($key), by which users of the target sign in"
		elif $key == "Username" and (.Username | contains("@")) and any(($all.aliases // [])[]; . == "email") then
			"an address as a name, which a pool with addresses as aliases refuses"
		else kept($all).Attributes as $kept
			| [$all.has | to_entries[] | select(.value.required and .key != "sub") | .key
				| select($kept[.] == null) | "no \(.), which the target requires"][0] end;
'

# A line for each thing of one user or group that is not restored.  The keys are not those of records,
# so that nobody takes them for people.
losses_of_users() {
	"${PROGRAM_PREFIX}map-attributes" --arg "key=$key" -e "$reasons $schema as \$all"'
		| user_reason($all; $key) as $why
		| if $why != null then {Loss: "user", User: .Username, Why: $why}
		else
			(.Username as $user | ({Loss: "UserStatus", User: $user, Why: "\(.UserStatus) becomes CONFIRMED"}
				| select(.Why != "CONFIRMED becomes CONFIRMED")),
			(. as $all_of | .Attributes | to_entries[] | .key as $name | .value as $value
				| ($all_of | attribute_reason($all; $name; $value)) as $why
				| if $why != null then {Loss: "Attributes.\($name)", User: $user, Why: $why}
				elif $name == "identities" then {Loss: "Attributes.identities", User: $user,
					Why: "linked anew, as far as the target has the provider"}
				else empty end),
			(if $key != "Username" then
				{Loss: "Username", User: $user, Why: "the target makes one; the \($key) stays"}
			else empty end))
		end' "$backup/users.ndjson" | "${PROGRAM_PREFIX}unseal" -o "$run/losses.users"
	rank "${PIPESTATUS[@]}"
}

# How the groups are called that Cognito makes for identity providers: REGION_POOL_PROVIDER.
by_cognito='[a-z]{2}(-[a-z]+)+-[0-9]+_[0-9A-Za-z]+_'

losses_of_groups() {
	"${PROGRAM_PREFIX}map-attributes" --arg "roles=${own[--with-role-arn]:-}" \
		--arg "by_cognito=$by_cognito" -e '
		if .GroupName | test("^" + $by_cognito) then
			{Loss: "group", Group: .GroupName, Why: "made by Cognito for an identity provider"}
		elif .RoleArn != null and $roles == "" then
			{Loss: "RoleArn", Group: .GroupName, Why: "only with --with-role-arn"}
		else empty end' "$backup/groups.ndjson" | "${PROGRAM_PREFIX}unseal" -o "$run/losses.groups"
	rank "${PIPESTATUS[@]}"
}

# Those that hold for everybody.
general_losses() {
	cat <<'END'
{"Loss":"sub","Of":"users","Why":"the target makes new ones; the ledger has old and new"}
{"Loss":"UserCreateDate","Of":"users","Why":"that of the restoring"}
{"Loss":"UserLastModifiedDate","Of":"users","Why":"that of the restoring"}
{"Loss":"CreationDate","Of":"groups","Why":"that of the restoring"}
{"Loss":"LastModifiedDate","Of":"groups","Why":"that of the restoring"}
{"Loss":"password","Of":"users","Why":"no backup has any; everybody gets a random one that nobody knows"}
{"Loss":"MFA","Of":"users","Why":"no backup has the secrets, nor what people chose"}
{"Loss":"devices","Of":"users","Why":"no backup has remembered devices and sessions"}
END
}

join_losses() {
	general_losses >"$run/losses" && cat -- "$run/losses.users" "$run/losses.groups" >>"$run/losses"
}

# The users with their groups, as the target can have them.  Who cannot be made is dropped, and is
# on the list: as a reject he would hold back who has the same address.
prepare_users() {
	"${PROGRAM_PREFIX}expand-members" --members "$backup/memberships.ndjson" <"$backup/users.ndjson" |
		COGNITO_SEAL='' "${PROGRAM_PREFIX}through" --seal --same-scope -o "$run/want" \
			"${PROGRAM_PREFIX}map-attributes" --arg "key=$key" --arg "by_cognito=$by_cognito" \
			-e "$reasons $schema as \$all"'
			| select(user_reason($all; $key) == null or
				(.UserStatus == "EXTERNAL_PROVIDER" and $key == "Username"))
			| kept($all) | .Groups |= map(select(test("^" + $by_cognito) | not))
			| named($key)'
	rank "${PIPESTATUS[@]}"
}

prepare_groups() {
	"${PROGRAM_PREFIX}through" -1 --same-scope grep -Ev "^\\{\"GroupName\":\"$by_cognito" \
		<"$backup/groups.ndjson" >"$run/want.groups"
}

find_losses() {
	backup=$1
	stage losses_of_users
	stage losses_of_groups
	stage join_losses
	stage prepare_users
	stage prepare_groups
}

show_losses() {
	echo 'what will not be there afterwards:'
	sed -n 's/^{"Loss":"\(.*\)","Of":"\(.*\)","Why":"\(.*\)"}$/  \1 of all \2: \3/p' "$run/losses"
	sed -n 's/^{"Loss":"\(\([^"\\]\|\\.\)*\)","\(User\|Group\)":.*,"Why":"\(.*\)"}$/\1 of \3s: \4/p' "$run/losses" |
		sort | uniq -c | sed 's/^ *\([0-9]*\) /  \1 times /' | visible
	[ "$rejects" -eq 0 ] || printf '  %d records that were wrong when the backup was made\n' "$rejects"
	printf '  (each in %slosses.ndjson)\n' "$directory"
}

# --- Restoring

# A target with somebody in it is no mistake only if an earlier run, or the caller, says so.
refuse_strangers() {
	local users groups
	users=$(count_rows "$run/users") groups=$(count_rows "$run/groups")
	if [ -s "${directory}ledger.ndjson" ] || is_given --adopt || [ "$((users + groups))" -eq 0 ]; then
		return 0
	fi
	printf -v groups 'not empty (%d users, %d groups)' "$users" "$groups"
	fail 5 "$target_pool: $groups, and $directory has no ledger of it; --adopt makes ours what is in both"
}

# hold_rejects: who stands in a record that was rejected, of the backup or of the target, exists.
hold_rejects() {
	local file
	if [ "$rejects" -gt 0 ]; then
		rejected=1
		cp -- "$backup/rejects.ndjson" "$run/read.backup" || exit 1
	fi
	for file in "$run"/read.*; do
		[ ! -s "$file" ] || how+=(--held "$file")
	done
	keep_rejects
}

# Who shares the key of somebody else is left alone by plan-sync, and so not restored; the backup has
# him under the sub that stands there.
find_twins() {
	sed -n '/"Why":"the key is more than once on a side"}$/s/.*,"sub":\(".*"\),"Why":.*/\1/p' \
		"${directory}left.ndjson" >"$run/twins" || return
	[ -s "$run/twins" ] || return 0
	"${PROGRAM_PREFIX}map-attributes" -e '{S: attr("sub"), User: .Username}' "$backup/users.ndjson" |
		"${PROGRAM_PREFIX}unseal" | awk '
			NR == FNR { twins[$0] = 1; next }
			{
				at = index($0, ",\"User\":")
				if (substr($0, 6, at - 6) in twins)
					print "{\"Loss\":\"user\"" substr($0, at, length($0) - at) \
						",\"Why\":\"another has the same name, or address, there\"}"
			}' "$run/twins" - >>"$run/losses"
	rank "${PIPESTATUS[@]}"
}

# restore DIRECTORY: all of it, behind begin and verify.  Nobody is missed: the plan is made without
# a state.
restore() {
	local backup=$1 schema fold key target_pool how=() name
	state=''
	for name in --adopt --with-role-arn; do ! is_given "$name" || how+=("$name"); done
	collect_apply
	! is_given --with-role-arn || apply+=(--with-role-arn)
	look_at_target
	refuse_strangers
	find_losses "$backup"
	carry_on_half "$key" "$run/want" "$run/want.groups" "$run/users" "$run/groups"
	[ -z "$carried_on" ] || read_pool
	hold_rejects
	# Where nobody is, only the memberships say that nobody is in a group.
	make_plan "${how[@]}" --key "$key" --fold-case "$fold" --want "$run/want" \
		--want "$run/want.groups" --have "$run/users" --have "$run/groups" --have "$run/memberships"
	stage find_twins
	! grep -q '^{"Loss":"user"' "$run/losses" || rejected=1
	printf '%s: %s (%s users, %s groups, %s memberships, of %s) into %s\n' "$program" "$backup_pool" \
		"${rows[users]}" "${rows[groups]}" "${rows[memberships]}" "$made_at" "$target_pool"
	show_losses
	keep_file losses.ndjson
	show_plan "$run/plan"
	rehearse_plan "$run/plan"
	finish_plan "$run/plan"
}
