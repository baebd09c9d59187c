# shellcheck shell=bash disable=SC2034 # variables for the tests that source this
# What the tests that go from a pool to scim-server.js share, behind lib.sh.

server=beside_scim
check=$TOP/tests/helpers/check-scim.py
if [ ! -d "$TOP/build/npm/node_modules/scimmy" ]; then
	title 'scimmy is installed'
	ok false
	echo '# make deps-check installs it'
	finish
fi

# Two groups differ by case only, which a server may allow; this one does not.
push=(push-scim --reject unclear)

# read_pool NUMBER: ./pool with its hard cases, ./users, ./groups and ./members as the service gives
# them, ./resources and ./rejects.
read_pool() {
	make-pool -n "$1" >pool
	title 'the pool is read'
	run 0 serve pool -- sh -c 'export COGNITO_SEAL=1; list-groups -o groups &&
		expand-members -o members groups && list-users | expand-members --members members -o users'
	title 'and becomes resources'
	run 3 emit-scim --for-push --reject rejects -o resources users groups members
}

# is_whole NAME [OPTION...]: the dump has all of the pool, and nothing else; who is missing is named.
is_whole() {
	title "$1: the server has what the pool has"
	ok "$check" "${@:2}" --told rejects --told unclear --told out pool dump
}

# counts: of results, in ./out.
counts() {
	jq -r 'select(.Op) | [.Op, .Result] | join(" ")' out | LC_ALL=C sort | uniq -c | sed 's/^ *//'
}

# writes: the number of requests in ./log that change something.
writes() { grep -cE '^(POST /(Users|Groups|Bulk)|PUT /|PATCH /|DELETE /)' log; }

# beside_scim OPTION... -- CMD...: as scim-server.js does it, but node, which takes a quarter of a second
# to start, starts once; and by itself where a server is to kill its command.
scim_in=
beside_scim() {
	local options=() variables=() line status=0 IFS=$'\t'
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	if [[ "$IFS${options[*]}$IFS" = *"$IFS--kill-after$IFS"* ]]; then
		"$TOP/tests/helpers/scim-server.js" "${options[@]}" "$@"
		return
	fi
	if [ -z "$scim_in" ]; then
		coproc SCIM { exec "$TOP/tests/helpers/scim-server.js" --one-by-one; }
		exec {scim_in}>&"${SCIM[1]}" {scim_out}<&"${SCIM[0]}"
	fi
	echo "$PWD	${options[*]}" >&"$scim_in"
	while IFS= read -r line <&"$scim_out" && [ -n "$line" ]; do variables+=("$line"); done
	shift
	env "${variables[@]}" "$@" || status=$?
	echo >&"$scim_in"
	read -r line <&"$scim_out"
	return $status
}
