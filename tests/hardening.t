#!/usr/bin/env bash
# What the ELF files of the commands say of how they were built, and what the probe makes of
# compilers.  Builds with sanitizers are another thing.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
planted=('tree/*')

if grep -q __asan_init "$BIN/emit-csv" || [ ! -s "$BUILD/flags.compile" ]; then
	title 'hardening # SKIP built with sanitizers, or by something else than the Makefile'
	ok true
	finish
fi
flags=" $(cat "$BUILD/flags.compile" "$BUILD/flags.link" | tr '\n' ' ') "
machine=$(readelf -hW "$BIN/emit-csv" | sed -n 's/^ *Machine: *//p')

# lacking PROGRAM: prints what an ELF file lacks, a line each.
lacking() {
	local header dynamic segments symbols
	header=$(readelf -hW "$1") dynamic=$(readelf -dW "$1") segments=$(readelf -lW "$1")
	symbols=$(readelf --dyn-syms -W "$1")
	grep -q 'Type: *DYN ' <<<"$header" || echo 'PIE: type'
	grep -q 'FLAGS_1.*PIE' <<<"$dynamic" || echo 'PIE: flag'
	grep -q '^ *GNU_RELRO' <<<"$segments" || echo 'RELRO'
	grep -qE '\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW|\(BIND_NOW\)' <<<"$dynamic" || echo 'NOW'
	grep -qE '^ *GNU_STACK .* RW +0x' <<<"$segments" || echo 'a stack that is not executable'
	! grep -qE '^ *LOAD .* (RWE|W E) +0x' <<<"$segments" || echo 'W^X'
	! grep -qE 'TEXTREL' <<<"$dynamic" || echo 'a text without relocations'
	! grep -qE '\((RPATH|RUNPATH)\)' <<<"$dynamic" || echo 'no path to libraries'
	# The first segment has the headers and constants: not executable if code is separate.
	grep -m 1 -E '^ *LOAD ' <<<"$segments" | grep -qE ' R +0x' || echo 'code apart from data'
	grep -qE ' __stack_chk_(fail|guard)' <<<"$symbols" || echo 'stack protector'
	[[ $flags != *FORTIFY_SOURCE=* ]] || grep -qE ' __[a-z]+_chk(@| |$)' <<<"$symbols" || echo 'FORTIFY_SOURCE'
}

# shellcheck disable=SC2016 # make's, not the shell's
env -u MAKEFLAGS make -s -C "$TOP" --no-print-directory --eval 'list: ; @printf "%s\n" $(CMDS)' list >names
title 'the Makefile names the commands'
ok test "$(wc -l <names)" -ge 19
while IFS= read -r name; do
	title "$name: ELF"
	lacking "$BIN/$name" >missing
	empty missing
done <names

# With debug information each unit says how it was compiled; gcc notes the flags there.
if readelf -p .debug_str "$BIN/emit-csv" 2>/dev/null | grep -q 'GNU C11 '; then
	while IFS= read -r name; do
		title "$name: every unit was compiled with the flags"
		readelf -p .debug_str "$BIN/$name" | grep -o 'GNU C11 .*' >units
		# The preprocessor's are not noted.
		tr ' ' '\n' <"$BUILD/flags.compile" | grep -v '^-[DU]' | while IFS= read -r flag; do
			sed 's/$/ /' units | grep -vF -e " $flag " | sed "s/^/$flag: /"
		done >missing
		[ -s units ] || echo 'no unit' >missing
		empty missing
	done <names
fi

# The mark of indirect branch tracking is that of the weakest object; those of the C library have it
# or not, so ours are looked at.
if [[ $flags == *' -fcf-protection=full '* ]]; then
	title 'every object is marked for IBT and SHSTK'
	find "$BUILD/cmd" "$BUILD/common" -name '*.o' | sort | while IFS= read -r object; do
		readelf -nW "$object" | grep -q 'IBT, SHSTK' || echo "$object"
	done >missing
	empty missing
elif [[ $machine == AArch64 ]]; then
	title 'every object is marked for BTI and PAC'
	find "$BUILD/cmd" "$BUILD/common" -name '*.o' | sort | while IFS= read -r object; do
		readelf -nW "$object" | grep -q 'BTI, PAC' || echo "$object"
	done >missing
	empty missing
fi

# The check itself sees what is missing.
printf 'int main(void) { return 0; }\n' >plain.c
cc=$(sed -n 's/^.*CC=\([^ ]*\).*/\1/p' "$BUILD/flags.for")
cc=${cc:-cc}
title 'a program without hardening is found out'
"$cc" -no-pie -fno-stack-protector -Wl,-z,norelro,-z,lazy,-z,execstack,-z,noseparate-code \
	-Wl,-rpath,/nowhere -o plain plain.c 2>log || cat log
lacking "$T/plain" >found
grep -c . found >number
ok test "$(cat number)" -ge 7

# probe COMPILER [FLAG...]: what the probe makes of it, in ./probed.
probe() {
	mkdir -p flags && rm -f flags/*
	sh "$TOP/tests/probe-flags" flags "$@" 2>probe.err && cat flags/flags.compile flags/flags.link >probed
}
# What is not in the flags of the build is looked for in no object: so the probe must have taken whatever
# this compiler takes when it is asked for that alone.
title 'the probe takes every flag that the compiler takes'
ok probe "$cc" -O2
printf '#include <string.h>\nint main(int n, char **v) { char a[8]; strcpy(a, v[n - 1]); return a[0]; }\n' >copies.c
tr '\n' ' ' <probed >taken
while read -r flag; do
	# shellcheck disable=SC2086 # words
	"$cc" -Werror -O2 $flag -o asked copies.c 2>/dev/null || continue
	[[ $flag != *FORTIFY* ]] || readelf --dyn-syms -W asked | grep -q ' __strcpy_chk' || continue
	[[ " $(cat taken)" = *" $flag "* ]] || echo "$flag"
done >left <<'END'
-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
-fstack-protector-strong
-fstack-clash-protection
-fcf-protection=full
-mbranch-protection=standard
-ftrivial-auto-var-init=zero
-fno-delete-null-pointer-checks
-fno-strict-aliasing
-fstrict-flex-arrays=3
-fzero-init-padding-bits=all
-fPIE
-fPIE -pie
-Wl,-z,relro
-Wl,-z,now
-Wl,-z,noexecstack
-Wl,-z,separate-code
-Wl,-z,text
END
empty left
title 'without optimization nothing is fortified, and nothing is warned of'
ok probe "$cc" -O0
lacks probed FORTIFY
title 'the caller'\''s own level stands'
ok probe "$cc" -O2 -D_FORTIFY_SOURCE=2
lacks probed FORTIFY
has probed -fstack-protector-strong
title 'with sanitizers only variables are set, and not to zero'
cat >odd-cc <<END
#!/bin/sh
case " \$* " in *' -fstack-clash-protection '* | *,relro*) echo 'unknown option' >&2; exit 1 ;; esac
exec $cc "\$@"
END
chmod +x odd-cc
ok probe "$cc" -fsanitize=address
lacks probed stack-protector
title 'a compiler and a linker that know some flags get the others'
ok probe ./odd-cc -O2
lacks probed -fstack-clash-protection
lacks probed relro
has probed -fstack-protector-strong
has probed -Wl,-z,now
title 'a compiler that is not there is told of'
ok eval '! probe nosuch-cc -O2'
has probe.err nosuch-cc
title 'a compiler that warns of everything'
printf '#!/bin/sh\ncase " $* " in *" -Werror "*) exit 1 ;; esac\nexec %s "$@"\n' "$cc" >loud-cc
chmod +x loud-cc
ok probe ./loud-cc -O2
has probed -fstack-protector-strong

# The probe is asked once for a build directory.
copy() { (cd "$TOP" && cp -r Makefile cmd common "$T/tree/" && mkdir "$T/tree/tests" && cp tests/probe-flags "$T/tree/tests/"); }
mkdir tree
copy
build() { env -u MAKEFLAGS -u MAKELEVEL make -s -C tree --no-print-directory O="$T/o" "$@" "$T/o/common/base/num.o" >log 2>&1 && cat log; }
title 'flags that are asked for'
ok build CFLAGS=-O2
touch -d '2000-01-01' o/flags.compile
title 'are not probed again'
ok build CFLAGS=-O2
ok test ! o/flags.compile -nt plain.c
title 'nor when none are named, as in make install'
ok build
ok test ! o/flags.compile -nt plain.c
title 'but when others are'
ok build CFLAGS='-O2 -DSAYS="it'\''s"'
ok test o/flags.compile -nt plain.c
title 'and what was compiled is compiled again'
has log num.o
touch -d '2000-01-01' o/flags.compile
title 'quotes in flags are no others'
ok build CFLAGS='-O2 -DSAYS="it'\''s"'
ok test ! o/flags.compile -nt plain.c

finish
