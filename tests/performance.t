#!/usr/bin/env bash
# cognito-performance(7): where its figures come from, and that its example runs.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

page=$TOP/man/cognito-performance.7
growth=$TOP/tests/bench/growth

title 'the figures of one size'
run 0 "$growth" --results results "$BUILD" 40
mv out first
title 'and of another, beside them'
run 0 "$growth" --results results "$BUILD" 20
has out '$ make bench-growth SIZES="20 40"'
# A stage and its figures, seconds and memory for each size, and the CPU time's growth.
title 'every stage has its figures'
awk '/^stage .*CPU x/ { on = 1; next } /^$/ { on = 0 }
	on && $0 !~ /^[ a-z-]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+$/' out >odd
empty odd
title 'what was measured before stays'
sed -n '/^40,000,000/,$p' first >expected
sed -n '/^40,000,000/,$p' out >actual
same expected actual
cp out before
title 'which can be shown again'
run 0 "$growth" --results results "$BUILD"
same before out
sed 's/"machine": "/&another /' results >elsewhere
title 'figures of another machine are not mixed with these'
run 1 "$growth" --results elsewhere "$BUILD" 20
has err 'bench: '

title 'the quotas are those that the commands go by'
sed -n 's/.*\[PACE_USER_LIST\] = \([0-9]*\),.*/\1/p; s/.*\[PACE_USER_RESOURCE_READ\] = \([0-9]*\),.*/\1/p' \
	"$TOP/common/net/pace.c" | paste -sd' ' >expected
sed -n 's/^USER_LIST, USER_RESOURCE_READ = \([0-9]*\), \([0-9]*\)$/\1 \2/p' "$growth" >actual
same expected actual
title 'and the page has a block for the figures'
grep -q '^\$ make bench-growth ' "$page"
verdict $? block

title 'the example runs as it stands there, at its second time by what it kept'
awk '/^\.Sh EXAMPLES/ { on = 1 } on && /^\.Ed/ { exit }
	on && text { gsub(/\\e/, "\\"); print } on && /^\.Bd/ { text = 1 }' "$page" |
	sed 's/ TMPDIR=[^ ]*//; s/ --share 100//' >example
make-pool -n 600 >pool
cat >session <<'END'
list-users --seal --write-proof users.proof -o once.ndjson &&
. ./example && unseal full.ndjson >before && . ./example && unseal full.ndjson | cmp before -
END
run 0 serve pool -- bash session
title 'all users are there'
ok test "$(wc -l <full.ndjson)" -eq "$(wc -l <once.ndjson)" -a "$(wc -l <full.ndjson)" -gt 600

finish
