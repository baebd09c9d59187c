#!/usr/bin/env bash
# Not for sanitizers.
. "$(dirname "$0")/lib.sh"
# The page that pool-report draws, with figures of draw-page and of a pool: its markup, its pictures and
# their words, hostile names, and what Chromium makes of it.  The figures are tested in pool-report.t.
helpers=$TOP/tests/helpers

for scene in pool empty one zero hostile huge 'many 100' 'random 1' 'random 2' 'random 3' 'random 4'; do
	# shellcheck disable=SC2086 # a scene and its number
	draw-page html $scene >"${scene/ /-}.html"
	# shellcheck disable=SC2086
	draw-page text $scene >"${scene/ /-}.txt"
done
# And the command's own, of a pool with changes and rejects, people named in one of them.
make-pool -n 1200 >pool
awk 'NR % 7 > 0' pool >before
jq -c 'select(.UserStatus == "UNCONFIRMED") | {Reason: "not <confirmed>", Line: 1, Stream: "stdin",
	Record: .}' pool >rejects
for format in html txt; do
	run 0 pool-report --format "${format/txt/text}" -o "report.$format" pool
	run 0 pool-report --format "${format/txt/text}" -o "compared.$format" --before before \
		--rejects oci=rejects --rejects scim=/dev/null --show-values pool
done
run 0 /usr/bin/python3 -B "$helpers/check-page.py" ./*.html
while read -r name verdict; do
	title "${name%:} as markup and as text"
	[ "$verdict" = good ] || echo "# $name $verdict" >&2
	ok [ "$verdict" = good ]
done <out
title 'all of them'
ok [ "$(grep -c . out)" -eq 13 ]

title 'the check sees what is wrong'
sed 's/<desc id="d1">[^<]*/<desc id="d1">/; s/<section id="s2"/<section onclick="x" id="s2"/
	s/<p class="warn">/<script src="x"\/>&/; 0,/<th scope="row">/s//<th>/' pool.html >wrong.html
{ cat pool.txt; printf 'a \033[m %93s|' ''; } >wrong.txt
run 0 /usr/bin/python3 -B "$helpers/check-page.py" wrong.html
for what in 'a title or description' "<section> with ['aria-labelledby', 'id', 'onclick']" '<script> with' 'without a heading' \
	'100 columns' 'acts upon'; do
	has out "$what"
done

title 'twice the same bytes, wherever they go'
TERM=dumb COLUMNS=40 LC_ALL=C.UTF-8 draw-page text pool >again
same pool.txt again
title 'of HTML, too'
draw-page html pool >again
same pool.html again

# --- what a page is not
run 1 draw-page html full
has err 'the page would have more than 67108864 bytes'
empty out
run 1 draw-page text full
empty out
run 1 bash -c 'draw-page html pool >/dev/full'
has err 'No space left'

# --- Chromium
run 0 timeout 300 /usr/bin/python3 -B "$helpers/check-browser.py" pool.html light,dark,narrow,paper,opened \
	hostile.html light,opened empty.html light many-100.html narrow one.html narrow huge.html dark \
	random-1.html narrow report.html light,narrow compared.html dark,opened
while read -r name way verdict; do
	title "$name in Chromium, ${way%:}"
	[ "$verdict" = good ] || echo "# $name $way $verdict" >&2
	ok [ "$verdict" = good ]
done <out
title 'all of them'
ok [ "$(grep -c . out)" -eq 16 ]

title 'the check sees what is wrong there'
sed 's/<meta http-equiv[^>]*>//; s/--soft:#57636c/--soft:#9aa/; s/<svg role="img"/<svg/
	s/<h3>/<h4>/; s/<\/h3>/<\/h4>/; s/class="num" x="100%" dx="[0-9]*"/class="num" x="50%" dx="0"/
	s/<main>/<img src="https:\/\/example.invalid\/x"\/><div style="width:1500px">.<\/div>&/' pool.html >wrong.html
run 0 timeout 300 /usr/bin/python3 -B "$helpers/check-browser.py" wrong.html light
for what in 'request: https://example.invalid/x' 'contrast' 'a script runs' 'heading 4 behind 2' overlap \
	'pixels wide' 'image are told'; do
	has out "$what"
done

finish
