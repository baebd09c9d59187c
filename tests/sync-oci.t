#!/usr/bin/env bash
# Not for sanitizers.
# sync-oci: a pool and a server that behaves as Oracle's, as far as that is published: the whole pool
# and a list of groups, under an assumed role; what it keeps, what it shows, when it says no.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

title 'usage and SYNOPSIS agree'
sync-oci --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/sync-oci.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 sync-oci
run 2 sync-oci -d x operand

# sync STATUS "SERVER OPTIONS" [sync-oci option...]: beside both servers, under a role; that of SCIM
# begins with ./state, if it is there.
sync() {
	local want=$1 said=$2 seed=()
	shift 2
	[ ! -e state ] || seed=(--seed state)
	rm -f log
	# shellcheck disable=SC2086 # several options
	run "$want" "$server" --oci --strict $said "${seed[@]}" --dump dump --log log -- \
		serve-pool --require-role --log pool.log pool -- sh -c 'assume-role --static \
			--role-arn "$SERVE_POOL_ROLE_ARN" --external-id "$SERVE_POOL_EXTERNAL_ID" -- sync-oci "$@"' sh "$@"
}
# has_all [OPTION...]: the server has what the pool has.
has_all() {
	title "the server has what the pool has $*"
	ok "$check" --oci "$@" --told oci/results.ndjson --told oci/scim.rejects.ndjson pool dump
}
results() { jq -r .Result oci/results.ndjson | sort -u | tr '\n' ' '; }

make-pool -n 120 >pool
title 'the whole pool, held back'
sync 3 '' -d oci --hold-back UNCONFIRMED
has_all --held UNCONFIRMED
has err 'sync-oci: oci/scim.rejects.ndjson: '
title 'a result for each, without a seal'
ok test "$(grep -c '~end' oci/results.ndjson) $(results)" = '0 created failed updated '
title 'files are the owner'\''s alone'
ok test "$(stat -c %a oci oci/*)" = $'700\n600\n600'
title 'the server was asked once for what it has'
ok test "$(grep -c '^GET /Users' log) $(grep -c '^GET /Groups?' log)" = '1 1'

mv dump state
title 'a dry run of all'
sync 3 '' -d oci --dry-run
title 'shows what would be'
jq -r '.Op + " " + .Result + " " + .ResourceType' out | sort -u | grep create >planned
ok grep -q '^create .* User$' planned
title 'sends nothing'
ok test "$(writes)" -eq 0
title 'and leaves the files'
ok test "$(results)" = 'created failed updated '

title 'now all of it'
sync 3 '' -d oci
has_all
mv dump state
title 'again'
sync 3 '' -d oci
has_all
title 'only what failed is tried again'
ok test "$(results)" = 'failed unchanged '
title 'the results of earlier runs are kept'
ok test "$(echo oci/previous/*/results.ndjson | wc -w)" -eq 2

# A list of groups.
rm -r state oci
printf 'ops\n' >names
title 'two groups and their members'
sync 0 '' -d oci --group idp-admin --groups names
has_all --groups idp-admin,ops

# Somebody in the domain has a name already.
rm -r oci
cat >state <<'END'
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"admin1","userName":"ANA","emails":[{"value":"ana@example.com","type":"work","primary":true,"verified":true}]}
END
title 'a name that is taken'
sync 3 '' -d oci
title 'is a conflict'
ok test "$(jq -r 'select(.Result == "conflict") | .Name' oci/results.ndjson)" = ana
title 'and left alone'
ok test "$(jq -c 'select(.id == "admin1") | [.userName, .externalId]' dump)" = '["ANA",null]'
title 'and adopted'
sync 3 '' -d oci --adopt
ok test "$(jq -r 'select(.id == "admin1") | .externalId' dump)" = 910a2dec-8902-4cc1-a5d6-35de1c9756ce
rm state

# What is wrong comes to light before the pool is read.
rm -r oci
for wrong in '2 --dialect nonesuch' '2 --arg login' '2 --arg login=emial' '2 --domain-type nonesuch' '2 --client-id x --token-file y' \
	'2 --url https://user@nonesuch' '1 --client-id other'; do
	rm -f pool.log
	title "before the pool is read: ${wrong#* }"
	# shellcheck disable=SC2086 # several words
	sync "${wrong%% *}" '' -d oci ${wrong#* }
	title 'nothing was read, nothing sent'
	ok test "$(grep -c Cognito pool.log) $(writes)" = '0 0'
done
title 'and nothing is left'
ok test -z "$(ls -A oci)"

# What was done until then is told when the server goes away.
title 'a server that fails'
sync 75 '--max-operations 10 --fail 0.5 --random-seed 5' -d oci --retry-seconds 0
title 'no private directory stays'
ok test -z "$(find . -name '.export-*')"
exec {lock}<oci
flock "$lock"
title 'one run at a time'
sync 75 '' -d oci
has err 'another run is at work there'
exec {lock}<&-

title 'another server than Oracle'
run 3 "$server" --strict --dump dump -- serve-pool pool -- sync-oci -d other --dialect scim
title 'has the pool'
ok "$check" --told other/scim.rejects.ndjson pool dump

title 'the example of the page'
mandoc -T ascii -O width=1000 "$TOP/man/sync-oci.1" | plain |
	sed -n '/^ *tests\/helpers\/scim-server.js/,/^$/p' | sed 's|tests/helpers/|'"$TOP"'/&|' >example.sh
rm -rf oci
cp pool pool.ndjson
run 3 sh example.sh
ok test -s oci/results.ndjson

finish
