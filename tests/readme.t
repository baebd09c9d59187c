#!/usr/bin/env bash
# README.md: what it shows is what comes out.
# shellcheck disable=SC2016 # quotes of Markdown
. "$(dirname "$0")/lib.sh"

readme=$TOP/README.md
make-pool >pool

# block FIRST-LINE: the indented block of README.md that begins with this line, without its indent.
block() { awk -v first="$1" 'index($0, "    " first) == 1 { on = 1 } on && /^[^ ]/ { exit } on { print substr($0, 5) }' "$readme" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

block '$ ' >session
command=$(sed -n '1s/^\$ //p' session)
sed 1d session >expected
title 'the pipeline at the top'
run 0 serve pool -- bash -o pipefail -c "$command"
same expected out

block 'A pool of invented people' >expected
title 'the demonstration'
(cd "$TOP" && pipelines/demo "$BUILD" "$T/demo-output") 2>demo.err | sed "s|$T/demo-output|demo-output|g" >shown
same expected shown

# rows HEADING: the rows of the table whose first column has this heading.
rows() { awk -v heading="| $1 |" 'index($0, heading) == 1 { on = 1; getline; next } on && !/^\|/ { exit } on' "$readme"; }

title 'its commands are those that are built, and every pipeline'
rows command | grep -oE '`[^`]*`' | tr -d '`' | sort >named
(cd "$BIN" && printf '%s\n' *; cd "$TOP/pipelines" && find export-* sync-* -not -name '*.*') | sort >there
same there named

# Files in cells of their own, "in FILE" where they are part of another.
title 'its targets are those that there are, with their files'
rows target | awk -F ' *[|] *' '{
	for (i = 3; i <= 5; i++)
		file[i] = match($i, /^`[^`]*/) ? substr($i, 2, RLENGTH - 1) : "-"
	sub(/:.*/, "", $2)
	gsub(/[`,]/, " ", $2)
	n = split($2, names, " ")
	for (i = 1; i <= n; i++)
		print names[i], file[3], file[4], file[5]
}' | sort >named
for target in "$TOP"/pipelines/targets/*.target; do
	name=${target##*/}
	awk -v name="${name%.target}" '{ file[$1] = $2 } END {
		for (i = split("memberships groups users", kinds); i > 0; i--)
			line = line " " (kinds[i] in file ? file[kinds[i]] : "-")
		print name line
	}' "$target"
done | sort >there
same there named

title 'its two lines are what the Makefile knows'
ok grep -q '^    sh tests/install-packages make && make demo$' "$readme"
ok grep -q '^    sh tests/install-packages make && make check$' "$readme"

title 'every page it names is there'
ok test -f "$TOP/STYLE.md" -a -f "$TOP/SECURITY.md" -a -f "$TOP/CHANGES.md" -a -f "$TOP/LICENSE"

finish
