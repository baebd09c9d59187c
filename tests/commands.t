#!/usr/bin/env bash
# What every command owes: its page, its test, usage that equals the page's SYNOPSIS, the common
# options, the statuses of a wrong command line and of an output that cannot be written.
. "$(dirname "$0")/lib.sh"

# The commands of the tree: one file each, or a folder; NAME_part.c belongs to NAME.
names=()
for path in "$TOP"/cmd/*; do
	name=$(basename "$path" .c)
	case $path in
	*_*) ;;
	*.c) names+=("$name") ;;
	*) [ ! -d "$path" ] || names+=("$name") ;;
	esac
done

words() { tr -s '[:space:]' '\n' | sed '/^$/d'; }

# section PAGE NAME: the text of a section, formatted, on long lines.
section() {
	mandoc -T ascii -O width=1000 "$1" | plain |
		awk -v name="$2" '/^[A-Z]/ { on = $0 == name; next } on'
}

# shellcheck disable=SC2016 # make's, not the shell's
env -u MAKEFLAGS make -s -C "$TOP" --no-print-directory --eval 'list: ; @echo $(CMDS)' list | words | sort >listed
printf '%s\n' "${names[@]}" | sort >there
title 'the Makefile knows every command'
same there listed

for name in "${names[@]}"; do
	page=$TOP/man/$name.1
	ok test -x "$BIN/$name"
	ok test -f "$page"
	ok test -x "$TOP/tests/$name.t"
	[ -x "$BIN/$name" ] || continue

	run 0 "$name" --help
	empty err
	mv out help
	run 0 "$name" -h
	same help out
	run 0 "$name" --version
	grep -qE "^$name \(cognito-filters\) [0-9]+\.[0-9]+\.[0-9]+\$" out
	verdict $? "$name --version: name and version" || show out

	title "$name: SYNOPSIS equals the usage"
	sed 's/^usage: //' help | words >usage.words
	if [ -f "$page" ]; then section "$page" SYNOPSIS; fi | words >synopsis.words
	same usage.words synopsis.words

	title "$name: DESCRIPTION explains every option"
	grep -oE -e '--[a-z][a-z0-9-]+' help | sort -u >options
	printf '%s\n' --help --version >>options
	if [ -f "$page" ]; then section "$page" DESCRIPTION; fi >description
	while read -r option; do
		grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" description || echo "$option"
	done <options >unexplained
	empty unexplained

	title "$name: the page has no option that is not in the usage"
	# Those with a letter stand there by their letter.
	sed -nE 's/^\.It Fl -([a-z0-9-]+).*/--\1/p' "$page" 2>&1 | grep -vxE -e '--(help|version)' >tagged
	grep -vxFf options tagged >unknown
	empty unknown

	title "$name: the sections of the page"
	for wanted in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $wanted" "$page" || echo "$wanted"
	done >missing 2>&1
	empty missing

	# A command that is called by another name says so.
	ln -sf "$BIN/$name" "other-$name"
	"./other-$name" --help 2>&1 | sed "s/^\(usage: \|       \)other-$name/\1$name/" >renamed
	title "other-$name --help"
	same help renamed

	run 2 "$name" --no-such-option
	empty out
	has err "$name: "
	sed 1d err >rest
	title "$name: the usage follows"
	same help rest
	run 2 "$name" --no-such-option=value

	# The first option with a value in the usage, twice.
	option=$(grep -oE -e '--[a-z-]+ [a-z]+' help | sed -n '1s/ .*//p')
	run 2 "$name" "$option" 7 "$option" 7
	has err "$option: given twice"
	run 2 "$name" "$option"
	empty out

	for option in --help --version; do
		title "$name $option >/dev/full"
		"$name" $option >/dev/full 2>err </dev/null
		[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
		verdict $? '' || show err
		title "$name $option with a closed standard output"
		"$name" $option >&- 2>err </dev/null
		[ $? -eq 1 ] && [ "$(wc -l <err)" -eq 1 ]
		verdict $? '' || show err
	done
done

# Memory that holds keys and people: no core file.
title 'every command begins with prog_start'
grep -L 'prog_start(argv' "$TOP"/cmd/*[!_]*.c "$TOP"/cmd/*/main.c | grep -v '/[a-z-]*_[a-z]*\.c$' >unprotected
empty unprotected
ulimit -S -c "$(ulimit -H -c)"
mkfifo gate
emit-csv --columns a <gate >out &
exec 4>gate
for ((i = 0; i < 200; i++)); do
	grep -q '^Max core file size  *0 ' "/proc/$!/limits" && break
	sleep 0.05
done
title 'which leaves no core file'
ok test "$i" -lt 200
exec 4>&-
wait

# A backslash at the end of a line is written \e in a page: a bare one joins the lines.
title 'no example loses a line end'
grep -nE '(^|[^\\])\\$' "$TOP"/man/*.[1-8] >joined
empty joined

for page in "$TOP"/man/*.[1-8]; do
	title "mandoc -T lint $(basename "$page")"
	ok mandoc -T lint -W warning "$page"
done

# Cross-references to pages of ours lead somewhere.
sed -nE 's/^\.Xr ([a-z-]+) ([1-8]).*/\1.\2/p' "$TOP"/man/*.[1-8] | sort -u |
	while read -r page; do
		case $page in
		*-pool.1 | apply-* | assume-* | check-* | cognito-* | confirm-* | emit-* | expand-* | export-* | fold-* | get-* | \
			join-* | list-* | map-* | merge-* | nightly-* | parse-* | plan-* | provision-* | push-* | serve-* | sync-* | through.* | \
			unguard.* | unseal.*)
			[ -f "$TOP/man/$page" ] || echo "$page" ;;
		esac
	done >nowhere
title 'every cross-reference leads to a page'
empty nowhere

finish
