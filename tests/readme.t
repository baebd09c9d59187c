#!/usr/bin/env bash
# README.md: what it shows is what comes out.
# shellcheck disable=SC2016 # quotes of Markdown
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

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
(cd "$BIN" && printf '%s\n' *; cd "$TOP/pipelines" && printf '%s\n' *-*) | sort >there
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

title 'its figures have the shape of what the benchmarks print'
bench=$TOP/tests/bench
block '$ make bench ' >figures
python=(/usr/bin/python3 -B -c 'import sys; sys.path.insert(0, sys.argv[1]); import harness as h; print(h.HEADING)
run = (1, 2, 3)
h.show("stage", "program", [run], 10, [run])')
run 0 "${python[@]}" "$bench"
cp out printed
ok grep -qxF -f <(sed 1q printed) figures
# What stands below the heading: each figure where it stands in a row that was just made.
shape() { sed -E 's/[0-9]+\.([0-9]+)/ .\1/g; s/[0-9]/9/g; s/ +\./ ./g'; }
sed '1,/^stage /d; /^left out/d' figures | cut -c42- | shape | sort -u >got
sed 1d printed | cut -c42- | shape >expected
same expected got

title 'tests/bench/readme puts a block in place of the old one, and a new one behind the last'
cp "$readme" copy.md
{ echo 'CC x.o'; echo '$ make bench N=7'; cat printed; echo 'make: Leaving'; } >bench.out
{ echo '$ make bench-growth SIZES="1 2"'; echo growth; } >growth.out
run 0 "$bench/readme" bench.out copy.md
run 0 "$bench/readme" growth.out copy.md
run 0 "$bench/readme" growth.out copy.md
{
	sed '/^    \$ make bench /,$d' "$readme"
	{ echo '$ make bench N=7'; cat printed; echo; cat growth.out; } | sed '/./s/^/    /'
	sed '1,/^    \$ make bench /d' "$readme" | sed -n '/^ *$/,$p'
} >expected
same expected copy.md
run 1 "$bench/readme" "$readme" copy.md

title 'and likewise in a manual page'
printf '%s\n' .Bd\ -literal '$ make bench-growth SIZES="3"' old .Ed .Sh >page.7
run 0 "$bench/readme" growth.out page.7
{ echo .Bd -literal; cat growth.out; printf '%s\n' .Ed .Sh; } >expected
same expected page.7
run 1 "$bench/readme" bench.out page.7

title 'its two lines are what the Makefile knows'
ok grep -q '^    sh tests/install-packages make && make demo$' "$readme"
ok grep -q '^    sh tests/install-packages make && make check$' "$readme"

title 'every page it names is there'
ok test -f "$TOP/STYLE.md" -a -f "$TOP/SECURITY.md" -a -f "$TOP/CHANGES.md" -a -f "$TOP/LICENSE"

title 'every test and make target that SECURITY.md names is there'
# shellcheck disable=SC2016 # backquotes of the page
grep -o '`tests/[^`]*`' "$TOP/SECURITY.md" | tr -d '`' | sort -u >named
ok test "$(wc -l <named)" -gt 40
while read -r name; do
	[ -e "$TOP/$name" ] || [ -e "$TOP/$name.c" ] || echo "$name"
done <named >missing
empty missing
# shellcheck disable=SC2016
grep -o '`make [a-z-]*`' "$TOP/SECURITY.md" | tr -d '`' | sort -u >targets
ok test -s targets
while read -r _ target; do
	ok grep -q "^$target:" "$TOP/Makefile"
done <targets

finish
