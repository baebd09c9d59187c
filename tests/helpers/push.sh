# shellcheck shell=bash disable=SC2034 # variables for the tests that source this
# What the tests of push-scim share, behind lib.sh.
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

U=urn:ietf:params:scim:schemas:core:2.0:User
G=urn:ietf:params:scim:schemas:core:2.0:Group

# at [OPTION...] -- SCRIPT: the script beside a server; its requests are in ./log, its end in ./dump.
at() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	rm -f log dump
	"$server" --log log --dump dump "${options[@]}" -- sh -c "$2"
}

# state: what the server holds, without its ids.
state() {
	jq -cs '(map({key: .id, value: (.externalId // .userName)}) | from_entries) as $who |
		sort_by([.resourceType, .externalId // .userName // .displayName])[] |
		if .members then .members |= (map($who[.value? // .]) | sort) else . end |
		del(.id, .groups, .resourceType)' dump
}
