#!/usr/bin/env bash
# From a pool to scimmy on a bad day: 503, lost connections, lost answers, operations that fail,
# throttling, tokens that end, runs that are killed.  In the end the server has what the pool has.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

read_pool 200

for seed in 1 2 1029; do
	title "503, lost connections, operations that fail (chance $seed)"
	run 3 "$server" --fail 0.1 --bulk-fail 0.01 --max-operations 20 --random-seed $seed --dump dump -- \
		"${push[@]}" resources
	is_whole "faults $seed"
done
title 'the same without Bulk'
run 3 "$server" --no-bulk --fail 0.05 --dump dump -- "${push[@]}" resources
is_whole 'faults without Bulk'

title '429 without Retry-After'
run 3 "$server" --rate 40 --retry-after no --max-operations 10 --dump dump -- "${push[@]}" resources
is_whole throttled

title 'tokens that end on the way'
run 3 "$server" --no-bulk --slow 10 --token-seconds 1 --dump dump --log log -- "${push[@]}" resources
is_whole 'tokens end'
title 'there was more than one'
ok test "$(grep -c '^POST /oauth2/v1/token 200' log)" -ge 2

for n in 2 4 7; do
	title "killed as request $n arrives"
	run 137 "$server" --max-operations 30 --kill-after $n --dump half -- "${push[@]}" resources
	title 'and run again'
	run 3 "$server" --max-operations 30 --seed half --dump dump -- "${push[@]}" resources
	is_whole "killed at $n"
done
title 'the answer to a Bulk is lost'
run 3 "$server" --max-operations 30 --cut-after 5 --dump dump --log log -- "${push[@]}" resources
is_whole 'an answer lost'
title 'it was one to a Bulk'
ok grep -q '^POST /Bulk cut' log

finish
