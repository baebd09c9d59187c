#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
# make install and uninstall, with a prefix that renames commands, pages, cross-references and
# pipelines alike.

put() { make -s -C "$TOP" --no-print-directory O="$BUILD" DESTDIR="$T/root" PREFIX=/usr "$@"; }
make-pool -n 40 >pool

title 'install, by somebody whose files are nobody else'\''s'
run 0 sh -c 'umask 077; exec "$@"' sh make -s -C "$TOP" --no-print-directory O="$BUILD" DESTDIR="$T/root" PREFIX=/usr install
title 'everybody may read what is installed'
find root ! -perm -go+r -o -type d ! -perm -go+x -o -path '*/bin/*' ! -perm -go+x >left
empty left
title 'every command and pipeline has its page'
(cd root/usr/bin && printf '%s\n' *) >programs
(cd root/usr/share/man/man1 && printf '%s\n' * | sed 's/\.1$//') >pages
same programs pages
title 'what is installed works without the tree'
installed() { env -i PATH="$T/root/usr/bin:/usr/bin:/bin" HOME="$HOME" "$@"; }
run 0 installed serve-pool pool -- export-csv -d csv
ok test -s csv/users.csv -a -s csv/memberships.csv
run 0 installed export-target --list
title 'targets and all that they name among it'
cut -d' ' -f1 out >listed
(cd "$TOP/pipelines/targets" && printf '%s\n' *.target) | sed 's/\.target$//' | sort >targets
same targets listed
run 3 installed serve-pool pool -- export-target -d keycloak keycloak
ok test -s keycloak/users.json
title 'uninstall leaves nothing'
run 0 put uninstall
find root -type f >left
empty left

title 'install with a prefix'
run 0 put install PROGRAM_PREFIX=cognito-
title 'every program has it'
(cd root/usr/bin && printf '%s\n' * | grep -v '^cognito-') >left
empty left
title 'every cross-reference to a page of ours leads to one that is there'
cat root/usr/share/man/man?/* | grep -oE 'Xr [^ ]+ [157]' | sort -u |
	while read -r _ page section; do
		case " $(cd "$BIN" && echo *) $(cd "$TOP/pipelines" && echo *-*) " in
		*" $page "*) echo "$page($section)" ;;
		esac
	done >left
empty left
title 'the pages are still well made'
mandoc -T lint -W error root/usr/share/man/man?/* >lint.out 2>&1
empty lint.out
title 'usage and messages have it too'
run 2 installed cognito-list-users --nonsense
has err 'cognito-list-users: unknown option'
has err 'usage: cognito-list-users '
title 'the pipelines find the commands under their new names'
run 0 installed cognito-serve-pool pool -- cognito-export-csv -d csv2
same csv/users.csv csv2/users.csv
run 0 installed cognito-serve-pool pool -- cognito-export-target -d csv3 csv
ok diff -r csv csv3
run 2 installed cognito-export-target -d csv3 nonesuch
has err '"cognito-export-target --list" names them'
title 'the examples call them so'
has root/usr/share/cognito-filters/examples/crontab ' cognito-assume-role '
has root/usr/share/cognito-filters/examples/crontab ' cognito-export-oci '
title 'uninstall with a prefix leaves nothing'
run 0 put uninstall PROGRAM_PREFIX=cognito-
find root -type f >left
empty left

finish
