#!/usr/bin/env bash
# The progress line that the stages of a pipeline share on a terminal: what stands there while they
# work, between the messages of all, when one is killed, and at the end.  ROUNDS of the random part,
# by SEED.
# Mostly waits.
# shellcheck disable=SC2016 # text for other shells
. "$(dirname "$0")/lib.sh"

export XDG_RUNTIME_DIR=$T/runtime
mkdir -m 700 runtime

# on_terminal STATUS COLUMNS SCRIPT...: what stands on the screen at the end is in screen, a line each
# time the progress line was drawn in drawn.
on_terminal() {
	local want=$1 columns=$2 got
	shift 2
	"$TOP/tests/helpers/line-terminal.py" --columns "$columns" --raw raw -- "$@" >screen 2>err
	got=$?
	# Behind ESC [ K stands a line, up to what takes it away or a message that has taken its place.
	tr -d '\r' <raw | sed 's/\x1b\[K/\n>/g' | sed -n 's/^>\(.*[0-9]:[0-9][0-9]:[0-9][0-9].*\)$/\1/p' >drawn
	[ "$got" -eq "$want" ]
	verdict $? "$*" || { echo "# status $got" >&2; show screen; show err; }
}

# all_drawn PATTERN: each line that was drawn is one of these.
all_drawn() {
	[ -s drawn ] && ! grep -qvE "$1" drawn
	verdict $? "all lines are: $1" || show drawn
}

some_drawn() {
	grep -qE "$1" drawn
	verdict $? "a line is: $1" || show drawn
}

# --- Real stages

make-pool -n 3000 >pool.ndjson
cat >pipe.sh <<'END'
list-users --max-rate 30 --share 100 |
	map-attributes -e '{Username, email: attr("email")}' |
	emit-csv --columns Username,email -o out.csv
echo "${PIPESTATUS[@]}"
END
on_terminal 0 80 serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash pipe.sh
title 'nothing is left over'
same - screen <<<'0 0 0'
some_drawn '^list-users [0-9,]+ [0-9,]+/s \| map-attributes [0-9,]+ \| emit-csv [0-9,]+  [0-9]:[0-9][0-9]:[0-9][0-9]$'
all_drawn '^list-users [0-9,]+( [0-9,]+/s)? \| map-attributes [0-9,]+ \| emit-csv [0-9,]+  [0-9]:[0-9][0-9]:[0-9][0-9]|^(map-attributes|emit-csv) '
ok test "$(stat -c %a runtime/cognito-filters)" = 700
ok test "$(stat -c %a runtime/cognito-filters/progress-*)" = 600
on_terminal 0 45 serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash pipe.sh
all_drawn '^list-users [0-9,]+( \| \.\.)?( \| emit-csv [0-9,]+)?  [0-9]:[0-9][0-9]:[0-9][0-9]|^(map-attributes|emit-csv) '
title 'no line is wider than the terminal'
ok awk 'length($0) >= 45 { exit 1 }' drawn

# --- Who shows nothing

nothing_drawn() {
	empty drawn
	title 'and nothing stands on the screen'
	same - screen <<<'0 0 0'
}
for how in 's/list-users/& --no-progress/' '1i export COGNITO_PROGRESS=0' '1i export TERM=dumb'; do
	sed "$how" pipe.sh >quiet.sh
	on_terminal 0 80 serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash quiet.sh
	nothing_drawn
done
sed 's/ -o out.csv//' pipe.sh >shown.sh
on_terminal 0 200 serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash shown.sh
title 'what goes to the terminal is not torn by a line'
empty drawn
title 'nor by what wipes it'
ok test "$(grep -c . screen)" -eq 3002
title 'standard error that is no terminal stays empty'
serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash pipe.sh >out 2>err
empty err

# A file says how much of it there is.
grep -v '"GroupName"' pool.ndjson >users
for i in 1 2 3; do cat users; done >big
cat >file.sh <<'END'
map-attributes -e '{Username, pad: ("x" * 500)}' big | { sleep 1.2; head -c 2000000; sleep 0.3; cat; } >/dev/null
echo end
END
on_terminal 0 80 bash file.sh
title 'a filter whose reader waits'
same - screen <<<end
some_drawn '^map-attributes [0-9,]+ [0-9,]+/s  [0-9]:[0-9][0-9]:[0-9][0-9]  [0-9]+%$'

# Where nothing can be shared a source shows itself alone.  (The leak checker wants to be the one who
# traces.)
sed -e 's/list-users\|map-attributes\|emit-csv/fail-call -f mkdirat:1+:EACCES &/' \
	-e '1i export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0' pipe.sh >alone.sh
on_terminal 0 80 serve-pool --latency 60 --user-pool-id eu-west-1_abc pool.ndjson -- bash alone.sh
some_drawn '^list-users [0-9,]+ users [0-9,]+/s  [0-9]:[0-9][0-9]:[0-9][0-9]$'
all_drawn '^list-users [0-9,]+ users '
title 'and wipes its line'
same - screen <<<'0 0 0'

# --- Stages that only say how far they are

# Two pipelines at one terminal, one of them in the background: it does not draw, and its messages
# take the other's line away.
cat >two.sh <<'END'
set -m
progress-stage --messages 30 behind 700 | progress-stage hidden 700 &
progress-stage front 900 | progress-stage --total 100000 last 900
wait
END
on_terminal 0 80 bash two.sh
title 'each message of the one behind stands on a line of its own'
grep -vxE 'behind: warning: message [0-9]+, whole' screen >left
empty left
all_drawn '^front [0-9,]+( [0-9]+/s)? \| last [0-9,]+  [0-9]:[0-9][0-9]:[0-9][0-9](  [0-9]+%)?$|^(front|last) [0-9,]+ steps '

# The messages of a pipeline and its line.
cat >mixed.sh <<'END'
progress-stage --messages 20 one 800 | progress-stage --messages 20 --seed 2 two 800 |
	progress-stage --messages 20 --seed 3 three 900
END
on_terminal 0 80 bash mixed.sh
title 'messages of three stages are whole'
grep -vxE '(one|two|three): warning: message [0-9]+, whole' screen >torn
empty torn
some_drawn '^one [0-9,]+ [0-9]+/s \| two [0-9,]+ \| three [0-9,]+  [0-9]:[0-9][0-9]:[0-9][0-9]'
on_terminal 0 80 bash -c 'progress-stage --total 200 alone 600'
some_drawn '^alone [0-9]+ steps [0-9]+/s  [0-9]:[0-9][0-9]:[0-9][0-9]  [0-9]+%$'
same - screen <<<''

# A terminal too narrow for a line shows what there is room for.
on_terminal 0 14 bash -c 'progress-stage --total 200 alone 1000'
title 'a line that is cut does not wrap'
same - screen <<<''
ok grep -q alone raw

# The file that they share, as progress_line.c lays it out: what stands there, and locks of it.
cat >shared.py <<'END'
import fcntl, glob, os, struct, time
HEAD, SLOT, STAGE = struct.Struct("=qiI"), 128, struct.Struct("=32s16sqQQQQQQQiiI4x")
LEAST = -2**63
end = time.monotonic() + 30
def wait(what):
    while not what():
        if time.monotonic() > end:
            raise SystemExit("waited in vain")
        time.sleep(0.02)
def files():
    return glob.glob(os.environ["XDG_RUNTIME_DIR"] + "/cognito-filters/progress-*")
wait(files)
f = open(max(files(), key=os.path.getmtime), "r+b", buffering=0)
def head():
    return HEAD.unpack(os.pread(f.fileno(), HEAD.size, 0))
def flags(slot):
    data = os.pread(f.fileno(), SLOT, HEAD.size + slot * SLOT)
    return STAGE.unpack(data)[-1] if len(data) == SLOT else 0
END
# drawn.py N: waits until N stages are there and the line was drawn anew.
cat >drawn.py <<'END'
import sys
from shared import *
wait(lambda: sum(flags(i) & 1 for i in range(32)) >= int(sys.argv[1]))
for turn in range(3):
    last = head()[0]
    wait(lambda: head()[0] != last and head()[2] == 1)
END

# Whoever drew is killed: the others go on, and do not show him.  A signal that the last one may see
# coming takes the line with him.
cat >kill.sh <<'END'
exec 3>&2 2>/dev/null
rm -f runtime/cognito-filters/*
progress-stage one 60000 2>&3 & one=$!
progress-stage two 60000 2>&3 & two=$!
/usr/bin/python3 drawn.py 2 || echo 'not drawn'
kill -9 $one
/usr/bin/python3 drawn.py 1 || echo 'not drawn'
kill -SIGNAL $two
wait $two
echo "end $?"
END
for signal in TERM HUP INT; do
	# A command in the background of a script ignores SIGINT.
	[ $signal != INT ] || sed -i '1i set -m' kill.sh
	sed "s/SIGNAL/$signal/; s/^rm/[ $signal != INT ] || export COGNITO_PROGRESS_GROUP=\$\$\n&/" kill.sh >this.sh
	on_terminal 0 80 bash this.sh
	some_drawn '(one|two) [0-9,]+ [0-9]+/s \| (one|two)'
	some_drawn '^two [0-9,]+ steps'
	title "the line goes with the last one, by SIG$signal too"
	same - screen <<<"end $((128 + $(kill -l $signal)))"
done

# Who holds the lock and does nothing is not waited for; the lock of who is killed is nobody's.
cat >holder.py <<'END'
from shared import *
fcntl.lockf(f, fcntl.LOCK_EX, 8, 0)
open("held", "w").close()
time.sleep(60)
END
cat >held.sh <<'END'
exec 3>&2 2>/dev/null
rm -f held runtime/cognito-filters/*
HOLD() { /usr/bin/python3 holder.py & holder=$!; for ((i = 0; i < 600; i++)); do [ -e held ] && return; sleep 0.05; done; echo 'not held'; }
progress-stage --messages 20 --seed 7 one 60000 2>&3 & one=$!
HOLD
sleep 1
kill -9 $holder
/usr/bin/python3 drawn.py 1 || echo 'not drawn'
kill $one
wait
echo end
END
on_terminal 0 80 bash held.sh
some_drawn '^one [0-9,]+ steps'
title 'messages came all the same'
ok test "$(grep -c '^one: warning: message' screen)" -gt 2
title 'and the line goes'
tail -n 1 screen >left
same - left <<<end
sed '/^progress-stage/d; /^sleep/,/python3 drawn/d; s/^HOLD$/progress-stage one 1 2>\&3; &; progress-stage --messages 100 one 4000 2>\&3; kill -9 $holder/; /^kill $one/d' \
	held.sh >held-on.sh
on_terminal 0 80 bash held-on.sh
title 'nor is each message made to wait anew'
# One that waits takes a tenth of a second.
ok test "$(grep -c '^one: warning: message' screen)" -gt 50
lacks screen 'not held'

# What nobody of ours has written there is not believed, nor is what a killed one has left.
cat >liar.py <<'END'
from shared import *
def put(slot, name, started, count, pid, flags):
    fcntl.lockf(f, fcntl.LOCK_EX, SLOT, HEAD.size + slot * SLOT)
    os.pwrite(f.fileno(), STAGE.pack(name, b"lies", started, count, 0, 0, 0, 0, 0, 0, 77, pid, flags),
        HEAD.size + slot * SLOT)
os.pwrite(f.fileno(), HEAD.pack(LEAST, 77, 0), 0)
put(3, b"early", LEAST, 1, os.getpid(), 1)
put(4, b"many", 0, 2**64 - 1, os.getpid(), 1)
put(5, b"late", 2**63 - 1, 5, os.getpid(), 1)
put(6, b"stale", 0, 1, 1, 3)
open("held", "w").close()
time.sleep(60)
END
sed 's/holder.py/liar.py/; s/ --messages 100 one 4000/ one 1000/; 1i export COGNITO_PROGRESS_GROUP=77' held-on.sh >lies.sh
on_terminal 0 80 bash lies.sh
some_drawn '^one [0-9,]+ [0-9]+/s \| late 5  '
for name in early many stale; do lacks drawn "$name"; done

# --- At random

# A round: up to five stages, some with messages, some killed, and one that ends well and last.
round() {
	local i n=$((RANDOM % 5 + 1)) signal
	{
		echo 'exec 3>&2 2>/dev/null'
		for ((i = 0; i < n; i++)); do
			printf 'progress-stage --seed %d --messages %d stage%d %d 2>&3%s\n' "$RANDOM" \
				"$((RANDOM % 3 * 20))" "$i" "$((RANDOM % 300 + 200))" \
				"$([ $((RANDOM % 2)) -eq 0 ] && echo " |" || echo " & pids+=(\$!)")"
		done
		echo 'progress-stage last 700 2>&3 & last=$!'
		for ((i = 0; i < RANDOM % 3; i++)); do
			signal=$([ $((RANDOM % 2)) -eq 0 ] && echo KILL || echo TERM)
			printf 'sleep 0.%d\n[ ${#pids[@]} -eq 0 ] || kill -%s ${pids[%d %% ${#pids[@]}]} 2>/dev/null\n' \
				"$((RANDOM % 3 + 1))" "$signal" "$RANDOM"
		done
		printf 'wait "$last"; wait; echo end\n'
	} >round.sh
	"$TOP/tests/helpers/line-terminal.py" --columns "$((RANDOM % 80 + 40))" -- \
		bash round.sh >screen 2>err || return
	grep -vxE '(stage[0-9]|last): warning: message [0-9]+, whole' screen >left
	[ "$(cat left)" = end ]
}
RANDOM=${SEED:-1}
for ((r = 1; r <= ${ROUNDS:-6}; r++)); do
	title "round $r"
	round
	verdict $? '' || { show round.sh; show left; show err; cp round.sh "failed.$r"; }
done
finish
