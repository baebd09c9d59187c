#!/usr/bin/env bash
# Every target, and every layout, mapping and envelope that comes along: its outputs from a small
# pool of awkward people, by the very command that cognito-targets(7) shows, are those in
# expected/TARGET, byte by byte; who was rejected and why stands there in "rejected".
# UPDATE=1 writes them anew, to be read before they are kept.
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
expected=$TOP/tests/expected
page=$TOP/man/cognito-targets.7

# Entra demands a password; the page says to put it into a layout of one's own.
mkdir -p mine/layouts
sed 's/^column "Initial password.*/column "Initial password [passwordProfile] Required" constant "Example-1"/' \
	"$TOP/pipelines/layouts/entra-users.layout" >mine/layouts/entra-users.layout
ok grep -q Example-1 mine/layouts/entra-users.layout
export COGNITO_FILTERS_PATH=$T/mine:$TOP/pipelines

# A line each, also of those that are shown in several.
sed -n -e ':more' -e '/ \\e$/{ N; s/ \\e\n */ /; b more' -e '}' -e 's/^\.Dl //' -e '/^export-target [^|]* -d out/p' "$page" | sort >examples
printf '%s\n' "$TOP"/pipelines/targets/*.target | sed 's|.*/||; s|\.target$||' | sort >targets
title 'the page has an example of each target'
cut -d ' ' -f 2 examples >exemplified
same targets exemplified

# All runs beside one pool, two at a time.  Their statuses are in NAME.status.
cat >run-all <<'END_OF_SCRIPT'
while read -r _ name _ _ options; do
	while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n; done
	{
		# shellcheck disable=SC2086 # words of the page
		export-target -d "made.$name" $options "$name" >"$name.out" 2>"$name.err" </dev/null
		echo $? >"$name.status"
	} &
done <examples
wait
END_OF_SCRIPT
title 'all targets run'
run 0 serve --allow all "$expected/pool.ndjson" -- bash run-all
empty err

# Of a wrong record, who it is (of those that the mapping made: what names it at the target) and why.
summary='(input_filename | sub(".*/"; "") | sub("[.]rejects[.]ndjson"; "")) as $kind
	| .Record as $record
	| ([$record[("Username", "GroupName", "User ID", "login", "UserPrincipalName", "EmailAddress",
		"cognito:username", "DN", "dn", "email", "Display Name")] | select(. != null)][0] // "?") as $who
	| [$kind, $who, .Reason] | @tsv'
while read -r name; do
	made=made.$name
	title "$name: ends well"
	# With awkward people, some are rejected: 3.  0 where a target takes all.
	ok grep -qx '[03]' "$name.status"
	[ ! -s "$name.out" ] || { verdict 1 "$name: nothing on standard output"; }
	mkdir -p "$made"
	for file in "$made"/*.rejects.ndjson; do jq -r "$summary" "$file"; done >"$made/rejected" 2>err
	empty err
	rm -f "$made"/*.rejects.ndjson "$made"/.export-*
	# A seal tells the time.
	for file in "$made"/*.ndjson; do
		[ -e "$file" ] || continue
		title "$name: ${file##*/} is whole"
		ok unseal -o unsealed "$file"
		mv unsealed "$file"
	done
	if [ -n "${UPDATE:-}" ] && grep -qx '[03]' "$name.status"; then
		rm -rf "${expected:?}/$name"
		cp -r "$made" "$expected/$name"
	fi
	title "$name: as expected"
	diff -ru --text "$expected/$name" "$made" >diff.out 2>&1
	verdict $? '' || show diff.out
done <targets
title 'nothing is expected of a target that is not there'
for directory in "$expected"/*/; do basename "$directory"; done | sort >there
same targets there

# Data that no target uses is data that no test has seen.
used() { sed -n "s/.*[[:blank:]]$1=\([^[:blank:]]*\).*/\1/p" "$TOP"/pipelines/targets/*.target | sort -u; }
there() {
	for file in "$TOP/pipelines/$1"/*; do basename "$file"; done | sed 's/\.[a-z]*$//' | sort
}
for kind in mapping layout envelope; do
	used "$kind"
	# The helpers of all mappings, what emit-scim and export-target use by themselves, and what is for
	# pipelines by hand (map-attributes.t).
	case $kind in
	mapping) printf '%s\n' cognito scim flat-user ;;
	layout) used check; echo group-names ;;
	esac
done | sort -u >data.used
{ there mappings; there layouts; there envelopes; } | sort -u >data.all
echo scim >>data.all
sort -u -o data.all data.all
title 'every mapping, layout and envelope is used by a target'
same data.used data.all

# --- what the pool has nobody for
title 'without a password Entra takes nobody'
printf '%s\n' '{"UserPrincipalName":"a@example.com","DisplayName":"A","BlockSignIn":"No"}' >nobody
COGNITO_FILTERS_PATH=$TOP/pipelines feed 1 nobody emit-csv --layout entra-users
has err 'column Initial password [passwordProfile] Required: required, but empty'

title 'passwords of their own, by the filter that the page shows'
sed -n '/^export COGNITO_SEAL=1$/,/^\.Ed$/p' "$page" | sed -e '/^\.Ed/d' -e 's/\\e/\\/g' >by-hand
ok grep -q /dev/urandom by-hand
COGNITO_FILTERS_PATH=$TOP/pipelines run 3 serve "$expected/pool.ndjson" -- bash -o pipefail by-hand
title 'each of them another'
tail -n +3 users.csv | grep -o 'Aa1-[0-9a-f]\{30\}' | sort -u >passwords
ok test "$(wc -l <passwords)" -eq "$(tail -n +3 users.csv | wc -l)"
ok test "$(wc -l <passwords)" -ge 10
sed 1q passwords >canaries
title 'Google: a password, and that it must be changed'
printf '%s\n' '{"Username":"a@example.com","Enabled":false,"Attributes":{"email":"a@example.com","email_verified":"true"},"InitialPassword":"only-for-this"}' >one
feed 0 one map-attributes -m google-users
mv out mapped
feed 0 mapped emit-csv --layout google-users
has out ',a@example.com,only-for-this,,/,'
has out ',True,Suspended'

many=$(seq -f '"group-%g"' -s , 21)
printf '{"Username":"a","Enabled":true,"Attributes":{"email":"a@example.com","email_verified":"true"},"Groups":[%s]}\n' "$many" >one
title 'JumpCloud: a column for each group, and there are twenty'
feed 1 one map-attributes -m jumpcloud-users
has err 'more than 20 groups'

title 'a domain in place of the own one'
printf '%s\n' '{"Username":"a.b","Enabled":true,"Attributes":{"email":"other@example.org","email_verified":"true"}}' >one
feed 0 one map-attributes -m entra-users --arg login=username --arg domain=contoso.com
has out '"UserPrincipalName":"a.b@contoso.com"'
feed 0 one map-attributes -m google-users --arg domain=contoso.com
has out '"EmailAddress":"other@contoso.com"'
has out '"RecoveryEmail":"other@example.org"'

title 'groups have an address at Google, and a domain must be named'
printf '%s\n' '{"GroupName":"a","Username":"b@example.com"}' >one
feed 2 one map-attributes -m google-members
has err '--arg group_domain=NAME is needed'
title 'a base must be named'
printf '%s\n' '{"Username":"a","Enabled":true,"Attributes":{"email":"a@example.com","email_verified":"true"}}' >one
for mapping in csvde-users ldif-users; do
	feed 2 one map-attributes -m "$mapping"
	has err '--arg base=DN is needed'
done

title 'an attribute that holds ASCII only'
printf '%s\n' '{"Username":"a","Enabled":true,"Attributes":{"email":"é@example.com"}}' >one
feed 1 one map-attributes -m ldif-users --arg base=o=x
has err 'email: beyond ASCII, which the attribute mail cannot hold'

title 'what a user must have, and what is kept all the same'
printf '%s\n' '{"Username":"a","Enabled":false,"UserStatus":"EXTERNAL_PROVIDER","Attributes":{"email":" a@example.com ","email_verified":"true","birthdate":"1999-01-31","updated_at":"1597158755.25","name":"a\r\nb"}}' >one
feed 1 one map-attributes -m cognito-import --arg disabled=keep
has err 'a user of an identity provider'
feed 1 one map-attributes -m cognito-import --arg federated=keep
has err 'the user is disabled'
feed 0 one map-attributes -m cognito-import --arg federated=keep --arg disabled=keep --arg newlines=space
same - out <<'END'
{"cognito:username":"a","email":"a@example.com","birthdate":"01/31/1999","updated_at":"1597158755","name":"a b","address":null,"email_verified":"TRUE","phone_number_verified":"FALSE","cognito:mfa_enabled":"FALSE"}
END
for mapping in okta-users onelogin-users jumpcloud-users; do
	feed 1 one map-attributes -m "$mapping"
	has err 'the user is disabled'
	feed 0 one map-attributes -m "$mapping" --arg disabled=keep
done

title 'an e-mail address that nobody verified names nobody'
for mapping in okta entra google jumpcloud onelogin keycloak csvde ldif oci; do
	printf '%s\n' '{"Username":"s","Enabled":true,"UserCreateDate":"2018-07-25T15:32:11.091Z","Attributes":{"email":"a@example.com","email_verified":"false","sub":"s"}}' >one
	base=()
	case $mapping in csvde | ldif) base=(--arg base=o=x) ;; esac
	feed 1 one map-attributes -m "$mapping-users" "${base[@]}"
	has err 'the email that would name the user is not verified'
done
feed 0 one map-attributes -m okta-users --arg unverified=allow
sed -i 's/"false"/"true"/' one
feed 0 one map-attributes -m okta-users
feed 0 one map-attributes -m okta-users --arg login=username

# --- helpers
title 'what of a distinguished name is escaped'
printf '%s\n' '{"list":["a,b","a\\b"," x ","#x","x#"," ","  ","é;ü","a+b=c<d>\"","a\nb","\u0001\u007f","","x\\ "]}' >one
feed 0 one map-attributes -e '{dn: [.list[] | dn_value]}'
same - out <<'END'
{"dn":["a\\,b","a\\\\b","\\ x\\ ","\\#x","x#","\\ ","\\ \\ ","é\\3Bü","a\\+b\\=c\\<d\\>\\\"","a\\0Ab","\\01\\7F","","x\\\\\\ "]}
END
title 'attributes that have a value, codes of countries, blanks'
printf '%s\n' '{"Username":"a","Enabled":true,"Attributes":{"a":"","b":"1","c":"2","d":null}}' >one
feed 0 one map-attributes -e 'refuse_disabled("") | {
	x: attributes_but(["c"]), y: ["us", "USA", null, ""] | map(country_code), z: [" a b\n", "", null] | map(trimmed)}'
same - out <<'END'
{"x":{"b":"1"},"y":["US",null,null,null],"z":["a b","",null]}
END
finish
