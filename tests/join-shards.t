#!/usr/bin/env bash
# shellcheck disable=SC2016 # sessions are for the inner shell
. "$(dirname "$0")/lib.sh"
# join-shards: all slices of one pool under one proof, or nothing.

make-pool -n 300 >pool
grep '^{"Username"' pool | grep -v '"GroupName"' >users
count=$(wc -l <users)

title 'slices of two runs, of two proofs, of two numbers'
run 0 serve pool -- bash -c 'list-users --write-proof proof -o whole
	list-users --seal --shards 16 --proof proof -o want
	for i in 1 2 3 4; do list-users --seal --shard $i/4 --proof proof -o s$i || exit; done
	list-users --seal --shard 2/5 --proof proof -o other-n
	list-users --shard 2/4 --proof proof -o plain
	sleep 0.01; list-users --write-proof proof2 -o whole
	list-users --seal --shard 2/4 --proof proof2 -o other-proof
	list-users --seal --shard 2/4 >unproved; [ $? = 4 ]'

title 'all slices, in any order'
run 0 join-shards s3 s1 s4 s2
empty err
grep -v '"~end"' want >want.rows
grep -v '"~end"' out >got.rows
same want.rows got.rows
title 'the seal says that they are all'
tail -n 1 out >seal
has seal "\"ok\":true,\"rows\":$count,"
has seal '/us-east-1_EXAMPLE1/users","scope":"all","via":[]'
ok unseal out
title 'to a file'
run 0 join-shards -o joined s1 s2 s3 s4
ok unseal joined

# refused STATUS TEXT FILE...: no row is given out, and the seal failed.
refused() {
	local status=$1 text=$2
	shift 2
	run "$status" join-shards "$@"
	has err "$text"
	title 'no row, and no seal of a whole'
	grep -v '"~end"' out >rows
	empty rows
	has out '"ok":false,"rows":0,'
}
refused 4 'join-shards: incomplete: slice 2 of 4 is missing' s1 s3 s4
refused 4 'join-shards: incomplete: slice 4 of 4 is missing' s1 s2 s3
refused 4 'join-shards: incomplete: slice 1 of 4 is missing' s2
refused 4 'incomplete: slice 3 of 4 is there twice' s1 s2 s3 s3 s4
refused 4 'other-proof: incomplete: a slice that was made under another proof' s1 other-proof s3 s4
refused 4 'other-n: incomplete: a slice of another number of slices' s1 other-n s3 s4
refused 4 'unproved: incomplete' s1 unproved s3 s4
refused 4 'plain: incomplete' s1 plain s3 s4
refused 4 'want: incomplete: its seal is not that of a slice' s1 want s3 s4
sed 2d s2 >short
refused 4 'short: incomplete: ' s1 short s3 s4
sed 's/EXAMPLE1/EXAMPLE2/' s2 >elsewhere
refused 4 'elsewhere: incomplete: a slice of another pool or endpoint' s1 elsewhere s3 s4
for scope in 'shard:2\/4' 'shard:2\/4 proof:12' 'shard:0\/4 proof:0123456789abcdef' 'shard:2 proof:0123456789abcdef' \
	'shard:5\/4 proof:0123456789abcdef' 'shard:2\/4 proof:0123456789abcdef max-items:3'; do
	sed "s/\"scope\":\"[^\"]*\"/\"scope\":\"$scope\"/" s2 >odd
	refused 4 'odd: incomplete: its seal is not that of a slice' s1 odd s3 s4
done
sed 's/"ok":true/"ok":false/; s/"via"/"reason":"throttled","retryable":true,"via"/' s2 >later
refused 75 'later: incomplete: ' s1 later s3 s4
refused 1 'none: cannot open: ' s1 none
mkfifo pipe
refused 1 'pipe: not a regular file' s1 pipe

title 'the file stays as it was'
echo old >file
run 4 join-shards -o file s1 s2
echo old >want
same want file
title 'what was dropped on the way stays noted'
run 0 sh -c 'through grep -v xyzzy <s2 >filtered'
run 0 join-shards s1 filtered s3 s4
has out '"scope":"all","via":["through"]'
title 'rejects of a slice are counted'
sed '$s/"rejected":0/"rejected":3/' s2 >fewer
run 0 join-shards s1 fewer s3 s4
has out '"rejected":3,'
title 'the time is that of the earliest'
sed '$s/"started":"20/"started":"19/' s3 >early
run 0 join-shards s1 s2 early s4
has out '"scope":"all","via":[],"started":"19'
title 'a wrong record'
sed '2s/^{"Username":"/{"Username":7,"X":"/' s2 >wrong
set -- "$(sed '$d' wrong | wc -c)"
sed -i "\$s/\"bytes\":[0-9]*/\"bytes\":$1/" wrong
run 1 join-shards s1 wrong s3 s4
run 3 join-shards --reject rejects s1 wrong s3 s4
ok test "$(wc -l <rejects)" = 1
title 'no files'
run 2 join-shards
title 'a device that is full'
run 1 sh -c 'join-shards s1 s2 s3 s4 >/dev/full'

# The examples: GNU parallel on this host alone, and the container's command of the Job, 32 times.
mkdir hosts job
if parallel --version 2>&1 | grep -q '^GNU parallel'; then
	title 'by GNU parallel'
	run 0 serve pool -- bash -c 'cd hosts && list-users --write-proof users.proof -o whole &&
		"$0/pipelines/examples/parallel-users" && ls >../left' "$TOP"
	grep -v '"~end"' hosts/users.ndjson | sort >got
	sort users >want
	same want got
	title 'and nothing is left behind'
	printf '%s\n' users.ndjson users.proof whole >want
	same want left
	title 'behind a run that ended before its last slice, with a newer proof'
	mkdir shim
	printf '#!/bin/sh\nexit 9\n' >shim/join-shards
	chmod +x shim/join-shards
	run 0 serve pool -- bash -c 'cd hosts && export SLICES=3 && list-users --write-proof users.proof -o whole
		PATH=$PWD/../shim:$PATH "$0/pipelines/examples/parallel-users"; [ $? = 9 ] || exit
		ls >../before && sed -i \$d slices* && touch -d "1 hour ago" slices* && list-users --write-proof users.proof -o whole &&
		"$0/pipelines/examples/parallel-users" && ls >../left' "$TOP"
	has before slice-3
	same want left
else
	echo '# skipped: no GNU parallel'
fi
sed -n '/^ *args:/,/^ *volumeMounts:/p' "$TOP/pipelines/examples/list-users-job.yaml" | sed '1,2d; $d' |
	sed "s|/proof/|$T/job/|; s|/slices/|$T/job/|g" >job/command
title 'by the Job'
run 0 serve pool -- bash -c 'list-users --write-proof job/users.proof -o job/whole
	for ((i = 0; i < 32; i++)); do
		COGNITO_SEAL=1 JOB_COMPLETION_INDEX=$i sh -c "$(sed "s/--max-rate 3.75//" job/command)" || exit
	done
	join-shards job/slice-*.ndjson'
grep -v '"~end"' out | sort >got
sort users >want
same want got

finish
