#!/usr/bin/env bash
# Two builds give the same bytes: the short form of `make reproducible`.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

if grep -q __asan_init "$BIN/through" || [ -n "$(cat "$BUILD/flags.for" 2>/dev/null)" ]; then
	title 'reproducible # SKIP built with flags of its own'
	ok true
	finish
fi
title 'two commands and a library'
run 0 "$TOP/tests/reproducible" --quick "$BUILD"
title 'no path of the tree is in what is built'
grep -lF "$TOP/" "$BIN"/* "$BUILD"/lib*.a >found
empty found

# The check sees a difference.
title 'one byte more is found out'
mkdir -p other/bin
cp "$BUILD"/lib*.a other
cp "$BIN/through" "$BIN/unseal" other/bin
printf x >>other/bin/unseal
run 1 "$TOP/tests/reproducible" --quick "$T/other"
has err 'bin/unseal'

finish
