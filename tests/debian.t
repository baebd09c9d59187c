#!/usr/bin/env bash
# debian/ says what the Makefile says, and its own test passes on what make install puts in place.
# `make deb-check` builds the package, looks at it with lintian and installs it.
# Mostly waits.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
planted=('root/*/cognito-serve-pool')

# shellcheck disable=SC2016 # make's, not the shell's
variables='list: ; @printf "%s\n" $(VERSION) $(BUILD_PACKAGES)'
env -u MAKEFLAGS make -s -C "$TOP" --no-print-directory --eval "$variables" list >made
title 'the version'
sed -n '1s/^cognito-filters (\(.*\)) .*/\1/p' "$TOP/debian/changelog" >version
head -n 1 made >expected
same expected version
title 'what the build needs, but for what every build has'
sed 1d made | grep -vxE 'gcc|libc6-dev|make' | sort >expected
sed -n '/^Build-Depends:/,/^[A-Z].*:/p' "$TOP/debian/control" | grep -v '^Standards' | sed 's/^Build-Depends://' |
	tr ',' '\n' | tr -d ' ' | sed '/^$/d; /^debhelper-compat/d' | sort >depends
same expected depends
title 'the licence'
words() { tr -s '[:space:]' '\n' | sed '/^\.$/d; /^$/d'; }
sed '1,/^Copyright/d' "$TOP/LICENSE" | words >expected
sed '1,/^License: Expat$/d' "$TOP/debian/copyright" | sed '1,/^License: Expat$/d' | words >licence
same expected licence
for file in rules tests/installed tests/demo; do
	ok test -x "$TOP/debian/$file"
done
title 'every test of the package is there'
sed -n 's/^Tests: //p' "$TOP/debian/tests/control" | tr -s ', ' '\n' | sort >expected
(cd "$TOP/debian/tests" && printf '%s\n' *) | grep -vx control >there
same expected there

title 'what is installed passes the test of the package'
run 0 make -s -C "$TOP" --no-print-directory O="$BUILD" DESTDIR="$T/root" PREFIX=/usr PROGRAM_PREFIX=cognito- install
mkdir work
unset COGNITO_FILTERS_PATH
export PATH=/usr/bin:/bin AUTOPKGTEST_TMP=$T/work
run 0 "$TOP/debian/tests/installed" "$T/root/usr"
has out ok
rm root/usr/share/cognito-filters/lib.bash
title 'which fails if a file is missing'
run 1 "$TOP/debian/tests/installed" "$T/root/usr"

finish
