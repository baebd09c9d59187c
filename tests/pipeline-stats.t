#!/usr/bin/env bash
# --stats of the pipelines: the report of a run, of one that failed or was ended too.
# Not for sanitizers.
. "$(dirname "$0")/lib.sh"

make-pool -n 300 >pool
run 0 serve-pool pool -- export-target -d d --stats run.json csv
ok jq -e '.Command == "export-target" and .Status == 0 and .Calls.ListUsers == 5 and
	(.Stages | map(.Command) | .[0] == "list-groups" and index("emit-csv") and (index("merge-stats") | not))' run.json
title 'what is only tried before counts for nothing'
ok jq -e '[.Stages[] | select(.Command == "list-users" or .Command == "expand-members") | .Records] | all(. > 0)' run.json
ok test -z "$(find d -name '.export-*')"
run 1 serve-pool pool -- export-target -d d --stats failed.json --user-pool-id us-east-1_nobody csv
ok jq -e '.Status == 1 and .Stages[0].Command == "list-groups" and .Stages[0].Status == 1' failed.json
run 2 export-target -d d --stats nowhere/run.json csv
has err 'nowhere/run.json: cannot be written'
run 2 export-target -d d --stats d/users.csv csv
has err 'an output has this name'
run 2 export-target -d d --stats= csv
mkdir there
run 0 serve-pool pool -- env COGNITO_STATS=there export-target -d d csv
title 'the directory of the caller has the stages of the pipeline'
ok test "$(find there -name '*.json' | wc -l)" -eq "$(jq '.Stages | length' run.json)"
cat >full.sh <<'END'
PATH=$PWD/broken:$PATH
exec export-target -d d --stats broken.json csv
END
mkdir broken
printf '#!/bin/sh\necho "merge-stats: no" >&2\nexit 1\n' >broken/merge-stats
chmod +x broken/merge-stats
run 1 serve-pool pool -- bash full.sh
title 'a report that cannot be made is no good end'
has err 'merge-stats: no'
run 0 serve-pool --allow all pool -- backup-pool -d b --stats backup.json
ok jq -e '.Command == "backup-pool" and .Calls.DescribeUserPool >= 1' backup.json
# shellcheck disable=SC2016 # bash's
run 0 serve-pool --latency 100 pool -- bash -c 'export-target -d k --stats killed.json csv &
	for ((i = 0; i < 300; i++)); do compgen -G "k/.export-*/.stats" >/dev/null && break; sleep 0.1; done
	kill -TERM $!; wait $!; test $? -eq 143'
title 'a run that was ended has a report too'
ok jq -e '.Status == 143' killed.json

# On a terminal the table as well, and nothing of the line is left.
"$TOP/tests/helpers/line-terminal.py" --columns 100 -- serve-pool --latency 40 pool -- \
	export-target -d d --stats terminal.json --max-rate 10 --share 100 csv >screen 2>err
title 'the table stands on the terminal'
ok test "$(sed -n '1s/ .*//p' screen)" = COMMAND
ok grep -qE '^export-target +0 ' screen
title 'and nothing else'
grep -vE '^(COMMAND|[a-z-]+ +0 |called [0-9,]+: )' screen >left
empty left
finish
