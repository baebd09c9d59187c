#!/usr/bin/env bash
# The last steps of a run: whichever of them fails, the command fails and its output is the old one,
# but where a directory could not be synced, which the message says.
. "$(dirname "$0")/lib.sh"

if ! command -v strace >/dev/null; then
	echo '1..0 # SKIP strace is not installed'
	exit 0
fi
for i in 1 2 3 4 5 6 7; do printf '{"Username":"user%d"}\n' $i; done >rows

# under CALL NTH ERROR CMD...: runs CMD with its NTH call failing, in the directory d, where old files
# are; says what is wrong.
under() {
	local call=$1 nth=$2 error=$3 status=0
	shift 3
	rm -rf d
	mkdir d
	cp old/* d
	cp rows d
	(cd d && exec strace -f -qq -o ../trace -E ASAN_OPTIONS=detect_leaks=0 -e signal=none -e "trace=$call" \
		-e "inject=$call:error=$error:when=$nth" "$@") >out 2>err </dev/null || status=$?
	grep -q INJECTED trace || return 9	# there is no such call any more
	if [ "$status" -eq 0 ]; then
		echo "$call $nth: status 0"
	elif ! grep -q 'cannot sync its directory' err; then
		cmp -s old/out.csv d/out.csv || echo "$call $nth: not the old output: $(cat err)"
	fi
	find d -name '.*.tmp' | sed "s/^/$call $nth: left /"
}

# sweep LEAST CALL CMD...: each call in turn, of which there are LEAST at least.
sweep() {
	local least=$1 call=$2 nth=1
	shift 2
	while under "$call" $nth EIO "$@"; do nth=$((nth + 1)); done >problems
	title "$call fails"
	empty problems
	title "$call: there were $((nth - 1))"
	ok test $nth -gt "$least"
}

mkdir old
echo old >old/out.csv
echo old >old/stats
# The statistics, the output, and the directory after each.
# (Where the helper does it, each call of the command fails together with one of the helper.)
sweep 2 fsync emit-csv --columns Username -o out.csv --stats stats rows
sweep 2 write emit-csv --columns Username -o out.csv --stats stats rows

# What a plan keeps in temporary files comes back, or one line says why not.
echo '{"Username":"other"}' >have
said=0
for ((nth = 1; nth < 60; nth++)); do
	(cd d && exec strace -f -qq -o ../trace -E ASAN_OPTIONS=detect_leaks=0 -e signal=none -e trace=read \
		-e "inject=read:error=EIO:when=$nth" plan-sync --target t rows ../have) >out 2>err </dev/null || :
	grep -q INJECTED trace || break
	! grep -q 'temporary file: cannot read' err || said=$((said + 1))
	! grep -q 'temporary file: gave back' err || echo "read $nth: $(cat err)"
done >problems
title 'a temporary file that cannot be read, and nothing else, is what plan-sync says'
empty problems
ok test $said -gt 0
finish
