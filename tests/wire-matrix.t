#!/usr/bin/env bash
# Not for sanitizers.
# Every network command, beside a server that is well, against every fault of the wire at every request: a
# sample by chance, always the same; with MATRIX=all the whole of it (make wire-matrix).  What the
# faults are, and what is promised: tests/helpers/wire_gate.py, wire-matrix.py.
. "$(dirname "$0")/lib.sh"
planted=('tmp*')

cells=(--sample 30 --seed "${MATRIX_SEED:-6}")
[ "${MATRIX:-}" != all ] || cells=()
TMPDIR=$T "$TOP/tests/helpers/wire-matrix.py" "${cells[@]}" >cells 2>wrong
while read -r line; do
	title "${line#*- }"
	case $line in
	ok\ *) verdict 0 cell ;;
	not\ ok\ *) verdict 1 cell ;;
	esac
done <cells
title 'the matrix came to its end'
ok grep -q '^1\.\.[1-9]' cells
show wrong
finish
