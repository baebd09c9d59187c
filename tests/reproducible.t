#!/usr/bin/env bash
# Two builds give the same bytes: the short form of `make reproducible`.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

if grep -q __asan_init "$BIN/through" || [ -n "$(cat "$BUILD/flags.for" 2>/dev/null)" ]; then
	title 'reproducible # SKIP built with flags of its own'
	ok true
	finish
fi
# Built once: the same as those of the suite, and not as others with one byte more.
mkdir -p other/bin
cp "$BUILD"/lib*.a other
cp "$BIN/through" "$BIN/unseal" other/bin
printf x >>other/bin/unseal
title 'two commands and a library; one byte more is found out'
run 1 "$TOP/tests/reproducible" --quick "$BUILD" "$T/other"
title 'in the others alone'
grep '^reproducible: ' err >found
same - found <<<"reproducible: $T/other/bin/unseal"
title 'no path of the tree is in what is built'
grep -lF "$TOP/" "$BIN"/* "$BUILD"/lib*.a >found
empty found

finish
