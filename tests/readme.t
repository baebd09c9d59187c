#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
# README.md: what it shows is what comes out.

readme=$TOP/README.md
make-pool >pool

# block FIRST-LINE: the indented block of README.md that begins with this line, without its indent.
block() { awk -v first="$1" 'index($0, "    " first) == 1 { on = 1 } on && /^[^ ]/ { exit } on { print substr($0, 5) }' "$readme" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

block '$ ' >session
command=$(sed -n '1s/^\$ //p' session)
sed 1d session >expected
title 'the pipeline at the top'
run 0 serve pool -- bash -o pipefail -c "$command"
same expected out

block 'A pool of invented people' >expected
title 'the demonstration'
(cd "$TOP" && pipelines/demo "$BUILD" "$T/demo-output") 2>demo.err | sed "s|$T/demo-output|demo-output|g" >shown
same expected shown

title 'its commands are those that are built, and every pipeline'
grep -oE '^\| `[^|]*\|' "$readme" | grep -oE '[a-z]+-[a-z]+|through|unseal' | sort >named
(cd "$BIN" && printf '%s\n' *; cd "$TOP/pipelines" && ls export-csv export-oci) | sort >there
same there named

title 'its two lines are what the Makefile knows'
ok grep -q '^    sh tests/install-packages make && make demo$' "$readme"
ok grep -q '^    sh tests/install-packages make && make check$' "$readme"

title 'every page it names is there'
ok test -f "$TOP/STYLE.md" -a -f "$TOP/SECURITY.md" -a -f "$TOP/CHANGES.md" -a -f "$TOP/LICENSE"

finish
