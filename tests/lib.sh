# shellcheck shell=bash
# Sourced by every tests/*.t: a directory of its own, a clean environment, TAP.
#
#   run STATUS CMD...            runs CMD with stdout to ./out and stderr to ./err; one test: the exit
#                                status is STATUS (a death by signal N shows as 128+N)
#   title TEXT                   names the next test (otherwise the command is its name)
#   same EXPECTED ACTUAL         one test: two files hold the same bytes ("-": EXPECTED is stdin)
#   has FILE TEXT, lacks FILE TEXT   one test: FILE holds (not) the fixed TEXT
#   empty FILE                   one test: FILE holds nothing
#   ok CMD...                    one test: CMD succeeds
#   serve [OPTION...] FILE... -- CMD...   runs CMD beside a pool served from FILE; use it behind run
#   finish                       prints the plan; the last line of every test
#
# None of them stands in a pipe, whose parts are subshells: the count of the tests would be lost.
# BIN is where the programs under test lie, TOOLS the test tools, TOP the tree.  KEEP=1 keeps the
# directory.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-$TOP/build}
BIN=$BUILD/bin
TOOLS=$BUILD/tools
T=$(mktemp -d "${TMPDIR:-/tmp}/cognito-filters.XXXXXX") || exit 1
trap '[ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
cd "$T" || exit 1

# Nothing of the caller's account may reach a test.
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(AWS_|COGNITO_|SERVE_POOL_|XDG_|[A-Za-z]+_[Pp][Rr][Oo][Xx][Yy]$|SSLKEYLOGFILE)' || true)
export HOME=$T/home LC_ALL=C TZ=UTC PATH=$BIN:$TOOLS:$TOP/pipelines:$PATH
export COGNITO_FILTERS_PATH=$TOP/pipelines AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=$HOME/none AWS_SHARED_CREDENTIALS_FILE=$HOME/none
mkdir -p "$HOME"
umask 022

tests=0 failures=0 next_title=

title() { next_title=$1; }

# verdict RESULT DEFAULT-TITLE: prints the TAP line; details are what the caller prints afterwards,
# on standard error, where prove shows them.
verdict() {
	tests=$((tests + 1))
	local name=${next_title:-$2}
	next_title=
	name=${name//[$'\n#']/ }
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $name"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $name"
		echo "# ${0##*/}: not ok $tests - $name" >&2
	fi
	return "$1"
}

show() { sed -e 's/^/#   /' -e 30q "$1" | cut -c1-300 >&2; }

run() {
	local want=$1 got=0
	shift
	"$@" >out 2>err </dev/null || got=$?
	[ "$got" -eq "$want" ]
	verdict $? "$*" || { echo "# status $got, wanted $want" >&2; show err; }
}

# feed STATUS INPUT-FILE CMD...: run with standard input from a file.
feed() {
	local want=$1 input=$2 got=0
	shift 2
	"$@" >out 2>err <"$input" || got=$?
	[ "$got" -eq "$want" ]
	verdict $? "$* <$input" || { echo "# status $got, wanted $want" >&2; show err; }
}

same() {
	local expected=$1
	if [ "$expected" = - ]; then cat >expected; expected=expected; fi
	diff -u --text "$expected" "$2" >diff.out
	verdict $? "$2 is as expected" || show diff.out
}

has() { grep -aqF -e "$2" "$1"; verdict $? "$1 says: $2" || show "$1"; }
lacks() { ! grep -aqF -e "$2" "$1"; verdict $? "$1 does not say: $2" || show "$1"; }
empty() { [ ! -s "$1" ]; verdict $? "$1 is empty" || show "$1"; }
ok() { "$@" >ok.out 2>&1; verdict $? "$*" || show ok.out; }

serve() { serve-pool "$@"; }

# plain: takes the overstriking (bold, underlined) out of mandoc's text.
plain() { sed 's/.\x08//g'; }

finish() {
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit $?
}
