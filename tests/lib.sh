# shellcheck shell=bash
# Sourced by every tests/*.t: a directory of its own, a clean environment, TAP.
#
#   run STATUS CMD...            runs CMD with stdout to ./out and stderr to ./err; one test: the exit
#                                status is STATUS (a death by signal N shows as 128+N), and ./err
#                                holds no secret (see leaks)
#   title TEXT                   names the next test (otherwise the command is its name)
#   same EXPECTED ACTUAL         one test: two files hold the same bytes ("-": EXPECTED is stdin)
#   has FILE TEXT, lacks FILE TEXT   one test: FILE holds (not) the fixed TEXT
#   empty FILE                   one test: FILE holds nothing
#   ok CMD...                    one test: CMD succeeds
#   within KIB CMD...            runs CMD in so much address space; use it behind run or feed
#   serve [OPTION...] FILE... -- CMD...   runs CMD beside a pool served from FILE; use it behind run
#   finish                       prints the plan; the last line of every test
#
# None of them stands in a pipe, whose parts are subshells: the count of the tests would be lost.
# planted is an array of patterns: the files below the directory that a test itself has put the secret
# key into; in any other it is a leak.
#
# BIN is where the programs under test lie, TOOLS the test tools, TOP the tree.  KEEP=1 keeps the
# directory.  A core file below the directory fails the test; the limit is lifted.

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "${BUILD:-$TOP/build}" && pwd) || exit 1
BIN=$BUILD/bin
TOOLS=$BUILD/tools
T=$(mktemp -d "${TMPDIR:-/tmp}/cognito-filters.XXXXXX") || exit 1
trap '[ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
cd "$T" || exit 1

# Nothing of the caller's account may reach a test.
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(AWS_|COGNITO_|SERVE_POOL_|SCIM_|XDG_|[A-Za-z]+_[Pp][Rr][Oo][Xx][Yy]$|SSLKEYLOGFILE)' || true)
export HOME=$T/home LC_ALL=C TZ=UTC PATH=$BIN:$TOOLS:$TOP/pipelines:$PATH
export COGNITO_FILTERS_PATH=$TOP/pipelines AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=$HOME/none AWS_SHARED_CREDENTIALS_FILE=$HOME/none
mkdir -p "$HOME"
umask 022
ulimit -S -c "$(ulimit -H -c)"

tests=0 failures=0 next_title='' planted=()

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

# What no message holds: the secret key that serve-pool gives to its command; and, as they look, the
# secret key (30 bytes as base64) and the token (336 bytes) of a session of its own, its page tokens,
# and the token that assume-role makes for its command (32 bytes as hex).
known_secret='wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
secret_key='(^|[^A-Za-z0-9+/])[A-Za-z0-9+/]{40}([^A-Za-z0-9+/=]|$)'
token='[A-Za-z0-9+/]{100}|(^|[^0-9a-f])[0-9a-f]{64}([^0-9a-f]|$)'

# 40 letters and digits in a row, as each of them has: for [[ ]], whose =~ would take milliseconds.
printf -v long_word '%.0s[A-Za-z0-9+/]' {1..40}
long_word="*$long_word*"

# An e-mail address, but for one that is a role's session name in an ARN.
address='(^|[^/[:alnum:]._%+-])[[:alnum:]._%+-]+@[[:alnum:].-]+\.[[:alpha:]]{2,}'

# slurp FILE: sets slurped to what stands in it; fails where the shell cannot hold that (a NUL) or
# another program is quicker.  It starts none, and a run of the tests asks thousands of times.
slurp() {
	slurped=
	[[ -f $1 && -r $1 ]] && ! IFS= read -r -d '' -n 60000 slurped <"$1"
}

# leaks FILE: whether FILE, a message, holds a secret or somebody's address: one of those above or a
# line of $T/canaries, a file that a test may write.  Says which kind on standard error, and quotes
# nothing.
leaks() {
	local kind='' slurped
	[ -s "$1" ] || return 1
	# None of those above is without the one or the other.
	# shellcheck disable=SC2053 # a pattern
	if ! slurp "$1" || [[ $slurped = *@* || $slurped = $long_word ]]; then
		if grep -aqE -e "$known_secret|$secret_key|$token" "$1"; then
			if grep -aqF -e "$known_secret" "$1"; then
				kind='the secret key of serve-pool'
			elif grep -aqE -e "$token" "$1"; then
				kind='what looks like a token'
			# Words in a path and digests can be as long, but not as mixed.
			elif grep -aoE -e "$secret_key" "$1" | grep '[A-Z]' | grep '[a-z]' | grep -q '[0-9]'; then
				kind='what looks like a secret key'
			fi
		fi
		if [ -z "$kind" ] && grep -aqE -e "$address" "$1"; then kind='an e-mail address'; fi
	fi
	if [ -z "$kind" ] && [ -e "$T/canaries" ] && grep -aqF -f "$T/canaries" "$1"; then
		kind='a canary'
	fi
	[ -n "$kind" ] && echo "# leaked: $1 holds $kind" >&2
}

# judge_run GOT WANT TITLE
judge_run() {
	if leaks err; then
		verdict 1 "$3" || true	# and what it says is not shown
		return
	fi
	[ "$1" -eq "$2" ]
	verdict $? "$3" || { echo "# status $1, wanted $2" >&2; show err; }
}

run() {
	local want=$1 got=0
	shift
	"$@" >out 2>err </dev/null || got=$?
	judge_run "$got" "$want" "$*"
}

# feed STATUS INPUT-FILE CMD...: run with standard input from a file.
feed() {
	local want=$1 input=$2 got=0
	shift 2
	"$@" >out 2>err <"$input" || got=$?
	judge_run "$got" "$want" "$* <$input"
}

# same_bytes FILE FILE: otherwise ./diff.out says where they differ.
same_bytes() {
	local slurped first
	if slurp "$1"; then
		first=$slurped
		if slurp "$2" && [ "$first" = "$slurped" ]; then return 0; fi
	fi
	diff -u --text "$1" "$2" >diff.out
}

same() {
	local expected=$1 text
	if [ "$expected" = - ]; then
		expected=expected
		if IFS= read -r -d '' text; then
			{ printf '%s\0' "$text"; cat; } >expected
		else
			printf %s "$text" >expected
		fi
	fi
	same_bytes "$expected" "$2"
	verdict $? "$2 is as expected" || show diff.out
}

# holds FILE TEXT: whether a line of FILE has this fixed text in it.
holds() {
	local slurped
	if [[ -n $2 && $2 != *[[:cntrl:]]* ]] && slurp "$1"; then
		[[ $slurped = *"$2"* ]]
	else
		grep -aqF -e "$2" "$1"
	fi
}

has() { holds "$1" "$2"; verdict $? "$1 says: $2" || show "$1"; }
lacks() { ! holds "$1" "$2"; verdict $? "$1 does not say: $2" || show "$1"; }
empty() { [ ! -s "$1" ]; verdict $? "$1 is empty" || show "$1"; }
ok() { "$@" >ok.out 2>&1; verdict $? "$*" || show ok.out; }

serve() { serve-pool "$@"; }

within() {
	local kib=$1
	shift
	# The sanitizer's own memory lies beyond any limit.
	! grep -q __asan_init "$BIN/$1" || kib=unlimited
	(ulimit -v "$kib"; "$@")
}

# plain: takes the overstriking (bold, underlined) out of mandoc's text.
plain() { sed 's/.\x08//g'; }

# core_files DIRECTORY: the core files below it, a line each, by what is in them.  Where
# /proc/sys/kernel/core_pattern names a program or another directory, the kernel puts none there;
# commands.t then relies on the limit of the process, and secrets.t on strace.
core_files() {
	find "$1" -type f -name '*core*' -exec sh -c 'for f; do
		readelf -h "$f" 2>/dev/null | grep -q "Type: *CORE" && echo "$f"; done' sh {} +
}

# find_keys: no file below the directory holds the secret key of serve-pool, whoever wrote it.
find_keys() {
	local file pattern
	grep -rlaF -e "$known_secret" "$T" >"$T/keys.found"
	while IFS= read -r file; do
		for pattern in "${planted[@]}"; do
			# shellcheck disable=SC2053 # a pattern
			[[ ${file#"$T/"} != $pattern ]] || continue 2
		done
		verdict 1 "${file#"$T/"}: no file of a command holds the secret key"
	done <"$T/keys.found"
}

finish() {
	core_files "$T" >"$T/cores"
	[ ! -s "$T/cores" ] || { verdict 1 'no program left a core file'; show "$T/cores"; }
	# Those that did not come from run.
	find "$T" -type f -name err -size +0 >"$T/errs"
	while IFS= read -r file; do
		if leaks "$file"; then verdict 1 'no standard error holds a secret'; fi
	done <"$T/errs"
	find_keys
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit $?
}
