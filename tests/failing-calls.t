#!/usr/bin/env bash
# System calls that fail at the one moment or the other: what tests/torture found.  tools/fail-call
# makes the Nth one of a program fail.
. "$(dirname "$0")/lib.sh"

fail-call true
if [ $? -eq 77 ]; then
	title 'calls can be made to fail # SKIP not on this architecture'
	ok true
	finish
fi

# The leak checker wants to be the one who traces.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

# failing SPEC CMD...: CMD under it; a hang shows in ./log.
failing() { fail-call -t 60 -l log -f "$1" "${@:2}"; }

# each CALL ACTION CMD...: one test: whatever the number of the call, CMD ends by
# itself, with 0, 1 or 2 (a mapping that cannot be read), and not without a word.
each() {
	local n wrong=0 status
	for ((n = 1; ; n++)); do
		failing "${1/N/$n}:$2" "${@:3}" >out 2>err </dev/null
		status=$?
		if grep -q -e '^hung' -e '^left' log || [[ $status != [012] ]] || { [ $status -ne 0 ] && [ ! -s err ]; }; then
			echo "# ${1/N/$n}:$2: status $status: $(cat log err | head -n 3)" >&2
			wrong=1
		fi
		grep -q '^fired 0' log && break
	done
	# That something was tried.
	[ "$n" -gt 1 ] && [ "$wrong" -eq 0 ]
	verdict $? "$1 $2 ${*:3}"
}

awk 'BEGIN {
	for (i = 0; i < 3000; i++)
		printf "{\"Username\":\"user%04d\",\"Attributes\":{\"sub\":\"%d\"},\"Groups\":[]}\n", i, i
}' >users
head -n 1 users >first.user
echo 'no-header
column Username Username unique' >ids.layout
export COGNITO_FILTERS_PATH=$T:$COGNITO_FILTERS_PATH

# --- what the tool itself does
title 'an error'
run 1 failing write:1:ENOSPC unseal --allow-plain users
has err 'No space left on device'
title 'a call that is shorter, all of them'
run 0 failing write:1+:short emit-csv --columns Username -o short.csv users
run 0 emit-csv --columns Username -o whole.csv users
same whole.csv short.csv
has log 'fired 2'
title 'a signal, to the command and to its helper, which is who renames where there is one'
run 137 fail-call -t 60 -l log -f rename:1:ALL.KILL -f 1.rename:1:ALL.KILL emit-csv --columns Username -o killed.csv users
ok test ! -e killed.csv
ok compgen -G '.killed.csv.??????.tmp'
title 'an answer that is lost is not taken for that of the next question'
for n in 1 2 3 4 5; do
	rm -f lost.csv
	failing "0.recvmsg:$n:ENOMEM" emit-csv --columns Username --if-changed -o lost.csv users first.user >out 2>err ||
		grep -q 'No child processes' err || cat err
done >wrong
empty wrong
title 'what a dead run left goes'
run 0 emit-csv --columns Username -o killed.csv users
ok test -z "$(compgen -G '.killed.csv.??????.tmp')"

# --- a pipe whose other end somebody else holds open as well is waited for without end
each fcntl:N+ ENOMEM emit-csv --layout ./ids.layout users
each fcntl:N EIO through --same-scope cat

# --- whether CMD was executed cannot be read
each read:N EIO through cat

# --- workers, and who hands them their work
for call in read:N write:N 1.read:N 1.write:N poll:N; do
	each $call EIO map-attributes --jobs 2 --no-native -e '{Username}' -o mapped users
done
each read:N+ ENOMEM map-attributes --jobs 2 -e '{Username}' -o mapped users

# --- the one signal that tells of a command's end is taken, and what it tells fails
for call in wait4:N rt_sigtimedwait:N rt_sigtimedwait:N+; do
	each $call ENOMEM serve-pool users -- true
done

# --- a temporary file that keeps its name stays behind for others to find
mkdir spool
export TMPDIR=$T/spool
unlinked() {
	local n
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		fail-call -l log -f "openat:$n:EINVAL" -f "unlink:1+:EIO" unseal --whole --allow-plain users >out 2>err
		[ $? -eq 1 ] && grep -q 'no temporary file can be made' err && return
	done
	return 1
}
title 'one that cannot be unlinked is none'
ok unlinked
rm -f spool/*
title 'nor is one left by who is killed as it is unlinked, where files without a name can be made'
run 0 unseal --whole --allow-plain users
if python3 -c 'import os, sys; os.open(sys.argv[1], os.O_TMPFILE | os.O_RDWR)' spool 2>/dev/null; then
	run 0 failing unlink:1:KILL unseal --whole --allow-plain users
	ok test -z "$(ls -A spool)"
fi
unset TMPDIR

# --- make(1) is interrupted behind a rename: neither the old file nor the new one goes
mkdir own
cat >own/emit-csv <<'END_OF_SCRIPT'
#!/bin/sh
"$BIN/emit-csv" "$@" || exit
kill -TERM "$(ps -o ppid= -p "$PPID" | tr -d ' ')"
sleep 60
END_OF_SCRIPT
chmod +x own/emit-csv
printf 'include %s\n' "$TOP/pipelines/export.mk" >Makefile
echo '{"GroupName":"a"}' >pool
echo old >groups.csv
interrupted() { PATH=$T/own:$PATH BIN=$BIN make -s groups.csv; }
title 'make is interrupted'
# shellcheck disable=SC2016 # expanded by eval
ok eval '! serve pool -- bash -c "$(declare -f interrupted); BIN=$BIN T=$T interrupted"'
has groups.csv GroupName

# --- a guard that cannot count guards all the same
cat >own/wc <<'END_OF_SCRIPT'
#!/bin/sh
exit 1
END_OF_SCRIPT
chmod +x own/wc
rm own/emit-csv
mkdir d
echo old >d/users.csv
title 'users that cannot be counted'
PATH=$T/own:$PATH run 1 serve pool -- export-csv -d d
has err 'the users cannot be counted'
same - d/users.csv <<<old

finish
