#!/usr/bin/env bash
# A pool with poisoned profiles, read by the source commands and by the pipelines: nobody's profile
# stops a sync, vanishes from it, or reaches another one's row.  Twice: answers that no serve-pool
# gives (helpers/poisoned-pool.py), and from serve-pool what Cognito could send.
# HOSTILE_SEED: another combination, and every target ("make hostile").
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
helpers=$TOP/tests/helpers
python3 -B "$helpers/hostile.py" . "${HOSTILE_SEED:-0}" || exit 1
export COGNITO_SEAL=1
targets=(csv oci ldif entra)
[ -z "${HOSTILE_SEED:-}" ] || mapfile -t targets < <(cd "$TOP/pipelines/targets" && printf '%s\n' *.target | sed 's/\.target$//')
mkdir -p mine/layouts
sed 's/^column "Initial password.*/column "Initial password [passwordProfile] Required" constant "Example-1"/' \
	"$TOP/pipelines/layouts/entra-users.layout" >mine/layouts/entra-users.layout
export COGNITO_FILTERS_PATH=$T/mine:$TOP/pipelines

# among NAME KIND COUNT FILE REJECTS: FILE in odd/, and in clean/, to be judged in the end.
among() { echo "$1 $2 among $3 - odd/$4 odd/$5 clean/$4" >>to-check; }

# both COMMAND...: runs it in odd/ beside all users, and in clean/ beside the sound ones.
both() {
	title "${*: -1}: among poisoned profiles"
	run 0 env ODD=1 "$helpers/poisoned-pool.py" "$helpers/hostile-pool.py" bash "$1" odd
	title "${*: -1}: without them"
	run 0 env ODD= "$helpers/poisoned-pool.py" "$helpers/hostile-pool.py" bash "$1" clean
}

# --- the source commands, by answers of every kind
cat >sources <<'END'
mkdir -p "$1" && cd "$1" || exit 1
list-users -o users --reject users.rejects 2>users.err; echo $? >users.status
list-groups -o groups 2>groups.err; echo $? >groups.status
expand-members -o members --reject members.rejects groups 2>members.err; echo $? >members.status
expand-members --users -o in-groups --reject in-groups.rejects groups 2>in-groups.err; echo $? >in-groups.status
get-csv-header -o header 2>header.err; echo $? >header.status
for what in list-users 'expand-members groups' 'expand-members --users groups'; do
	echo old >kept
	$what -o kept 2>stopped.err
	echo $? "$(cat kept)" "$($what 2>>stopped.err | grep -c '"ok":true')"
done >stopped
END
both sources
while read -r name odd clean; do
	title "$name: $odd with poisoned profiles, $clean without"
	ok test "$(cat "odd/$name.status" "clean/$name.status" | tr '\n' ' ')" = "$odd $clean "
done <<'END'
users 3 0
members 3 0
in-groups 3 0
groups 0 0
header 0 0
END
title 'without --reject each of them stops: status 1, the old file, no seal'
same - odd/stopped <<<$'1 old 0\n1 old 0\n1 old 0'
users=$(ODD=1 PYTHONPATH=$helpers python3 -B -c 'exec(open("'"$helpers"'/hostile-pool.py").read()); print(len(users))')
among list-users ndjson "$users" users users.rejects
among in-groups ndjson - in-groups in-groups.rejects
among members ndjson - members members.rejects
title 'what they give is what every reader takes'
run 0 emit-json --seal -o again odd/users
run 0 emit-json --seal -o again odd/in-groups
run 0 emit-json --seal -o again odd/members
title 'nobody made himself a member'
lacks odd/users admins
title 'a name in a message is printable'
LC_ALL=C grep -aP '[^\x20-\x7e]' odd/*.err >unprintable
empty unprintable

title 'a user who has room in a record, but not with the groups, is rejected alone'
has odd/in-groups.rejects 'longer than a record may be with all its groups'

# --- the pipelines, by the same
cat >pipes <<'END'
cd "$1" || exit 1
run() { name=$1; shift; "$@" >$name.out 2>$name.err; echo $? >$name.status; }
run csv export-target -d csv csv &
run group export-target -d group --group staff-all csv
wait
run ldif export-target -d ldif --fold --arg base=dc=x ldif &
run scim export-scim -d scim --fold
wait
mkdir make && run make make -s -C make -f "$MAKEFILE" users.csv memberships.csv
END
export MAKEFILE=$TOP/pipelines/export.mk
unset MAKEFLAGS MFLAGS MAKELEVEL
both pipes
while read -r name odd; do
	title "$name: a poisoned profile does not stop it"
	ok test "$(cat "odd/$name.status" "clean/$name.status" | tr '\n' ' ')" = "$odd 0 "
done <<'END'
csv 3
group 3
ldif 3
scim 3
make 0
END
among export-csv csv:1 "$users" csv/users.csv csv/users.rejects.ndjson
among export-group csv:1 - group/users.csv group/users.rejects.ndjson
among memberships csv:1 - csv/memberships.csv csv/memberships.rejects.ndjson
among groups csv:1 - csv/groups.csv csv/groups.rejects.ndjson
among export-ldif ldif "$users" ldif/users.ldif ldif/users.rejects.ndjson
among export-scim ndjson "$users" scim/users.ndjson scim/scim.rejects.ndjson
among make csv:1 - make/users.csv make/users.rejects.ndjson
title 'and make has them in its rejects'
ok test "$(wc -l <odd/make/read-users.rejects.ndjson)" -ge 20

# --- everything that Cognito could send, by serve-pool
cat >targets.sh <<'END'
cd "$1" || exit 1
for target in $TARGETS; do
	while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n; done
	case $target in
	ldif | csvde) set -- --arg base=dc=example,dc=com ;;
	google) set -- --arg group_domain=example.com ;;
	*) set -- ;;
	esac
	{
		export-target -d "all-$target" "$@" "$target" >"all-$target.out" 2>"all-$target.err"
		echo $? >"all-$target.status"
	} &
done
wait
END
export TARGETS="${targets[*]}"
run 0 serve --allow all pool.mixed -- bash targets.sh odd
run 0 serve --allow all pool.sound -- bash targets.sh clean
people=$(grep -c '^{"Username"' pool.mixed)
for target in "${targets[@]}"; do
	title "$target: ends well"
	ok grep -qx '[03]' "odd/all-$target.status"
	for file in clean/all-"$target"/*; do
		file=${file#clean/}
		count=-
		case $file in
		*.rejects.ndjson) continue ;;
		*/[Uu]sers.*) count=$people ;;
		esac
		case $file in
		*/users.csv | */[Uu]sers.csv) kind=csv:1 ;;
		*.csv) kind=csv:1 ;;
		*.ndjson) kind=ndjson ;;
		*.ldif) kind=ldif ;;
		*) continue ;;
		esac
		case $target:$file in
		entra:*users.csv) kind=csv:2 ;;
		cognito-standard*) kind=cognito:1 ;;
		# Columns for what anybody has, and many members in a line.
		cognito:* | flat:*users.csv | *roups.* | *memberships.ndjson) continue ;;
		esac
		rejects=${file%.*}.rejects.ndjson
		[ -e "odd/$rejects" ] || rejects=empty
		echo "$file $kind among $count - odd/$file odd/$rejects clean/$file" >>to-check
	done
done
: >odd/empty
title 'the files of groups stay in the directory, a name each'
(cd odd/all-entra && printf '%s\n' members-*) >members
ok test "$(grep -cvE '^members-[A-Za-z0-9._%-]+\.csv$' members)" -eq 0
ok test "$(wc -l <members)" -ge 15
title 'and nothing else was made'
find . -newer targets.sh -type f | grep -vE '^\./(odd|clean|out|err|ok\.out|members|to-check|diff\.out|expected|strays|ldap)' >strays
empty strays
ok test ! -e pwned -a ! -e odd/pwned

# --- a directory takes what is there: it refuses nobody for a value, only who has another one's name
PATH=$PATH:/usr/sbin
mkdir ldap
cat >slapd.conf <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=com"
directory $T/ldap
END
printf 'dn: dc=example,dc=com\nobjectClass: organization\nobjectClass: dcObject\ndc: example\no: Example\n' >base.ldif
run 0 slapadd -f slapd.conf -n 1 -l base.ldif
slapadd -c -f slapd.conf -n 1 -o value-check=yes -l odd/all-ldif/users.ldif >out 2>refused
title 'slapadd refuses no value'
grep -aE 'per syntax|could not parse' refused >syntax
empty syntax
title 'and has all sound users'
ok test "$(slapcat -f slapd.conf -n 1 -o ldif-wrap=no | grep -c '^uid: sound-')" -eq 200

"$helpers/hostile-check.py" <to-check >wrong 2>&1
title 'sound profiles come out as without the poisoned ones, and nobody is lost'
empty wrong
title 'messages are printable ASCII'
LC_ALL=C grep -aP '[^\x20-\x7e]' odd/*.err >unprintable
empty unprintable

finish
