# shellcheck shell=bash
# Sourced behind lib.sh by tests of serve-pool whose clients are written in Python; see beside.py.
#
#   client MODULE...              starts it
#   beside OPTION... -- SCRIPT ARGUMENT...   runs SCRIPT beside serve-pool; use it behind run, whose
#                                 ./out and ./err it writes to

client() {
	coproc CLIENT { exec "$TOP/tests/helpers/beside.py" "$@"; }
	exec {beside_in}>&"${CLIENT[1]}" {beside_out}<&"${CLIENT[0]}"
}

beside() {
	local IFS=$'\t' status
	echo "out	err	$*" >&"$beside_in"
	read -r status <&"$beside_out" && return "$status"
}
