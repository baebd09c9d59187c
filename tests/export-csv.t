#!/usr/bin/env bash
# Not for sanitizers.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions that run calls
# export-csv: what arrives, what does not, and that nothing arrives in part.
. "$(dirname "$0")/lib.sh"

# export STATUS DIRECTORY [serve-pool option...] -- [export-csv option...]
export_csv() {
	local want=$1 directory=$2 options=()
	shift 2
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	run "$want" serve "${options[@]}" "${pool:-pool}" -- export-csv -d "$directory" "$@"
}
# No part of a run, and the old files as they were in the directory "good".
untouched() {
	title "nothing is left of the run in $1"
	ok test "$(cd "$1" && echo .[!.]*)" = '.[!.]*'
	title "the old files stay in $1"
	ok diff -r good "$1"
}

title 'usage and SYNOPSIS agree'
export-csv --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-csv.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 0 export-csv --version
run 2 export-csv
has err 'a directory is needed'
run 2 export-csv -d x operand
run 2 export-csv -d x --keep many
run 2 export-csv -d x --arg login=email
run 2 export-csv -d none/below

cat >pool <<'END'
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{"email":"ana@example.com","email_verified":"true","family_name":"Silva","given_name":"Ana","sub":"00000000-0000-4000-8000-000000000001"}}
{"Username":"o'brien","Enabled":false,"UserStatus":"CONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{"address":"1 Main Street\nSpringfield","custom:tenant":"7","family_name":"O'Brien, Jr.","name":"Bob \"the\" O'Brien","sub":"00000000-0000-4000-8000-000000000002"}}
{"Username":"=1+1","Enabled":true,"UserStatus":"UNCONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{"nickname":"さくら 🦊","sub":"00000000-0000-4000-8000-000000000003"}}
{"Username":"nobody","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":"2018-07-25T15:32:11.091Z","UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{"sub":"00000000-0000-4000-8000-000000000004"}}
{"GroupName":"idp-admin","Description":"Runs it, all of it","Precedence":1,"RoleArn":"arn:aws:iam::123456789012:role/admin","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"}
{"GroupName":"sales;\"emea\"","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"}
{"GroupName":"empty","CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"}
{"GroupName":"idp-admin","Username":"ana"}
{"GroupName":"idp-admin","Username":"o'brien"}
{"GroupName":"sales;\"emea\"","Username":"ana"}
{"GroupName":"sales;\"emea\"","Username":"=1+1"}
END
export_csv 0 csv --
empty err
same - csv/users.csv <<'END'
Username,sub,Enabled,UserStatus,UserCreateDate,UserLastModifiedDate,name,given_name,family_name,middle_name,nickname,preferred_username,email,email_verified,phone_number,phone_number_verified,address,birthdate,gender,locale,zoneinfo,picture,profile,website,updated_at,identities,Groups
ana,00000000-0000-4000-8000-000000000001,true,CONFIRMED,2018-07-25T15:32:11.091Z,2024-01-05T08:00:00.000Z,,Ana,Silva,,,,ana@example.com,true,,,,,,,,,,,,,"[""idp-admin"",""sales;\""emea\""""]"
o'brien,00000000-0000-4000-8000-000000000002,false,CONFIRMED,2018-07-25T15:32:11.091Z,2024-01-05T08:00:00.000Z,"Bob ""the"" O'Brien",,"O'Brien, Jr.",,,,,,,,"1 Main Street
Springfield",,,,,,,,,,idp-admin
=1+1,00000000-0000-4000-8000-000000000003,true,UNCONFIRMED,2018-07-25T15:32:11.091Z,2024-01-05T08:00:00.000Z,,,,,さくら 🦊,,,,,,,,,,,,,,,,"[""sales;\""emea\""""]"
nobody,00000000-0000-4000-8000-000000000004,true,CONFIRMED,2018-07-25T15:32:11.091Z,2024-01-05T08:00:00.000Z,,,,,,,,,,,,,,,,,,,,,
END
same - csv/groups.csv <<'END'
GroupName,Description,Precedence,RoleArn,CreationDate,LastModifiedDate
idp-admin,"Runs it, all of it",1,arn:aws:iam::123456789012:role/admin,2018-07-25T15:32:11.091Z,2018-07-25T15:32:11.091Z
"sales;""emea""",,,,2018-07-25T15:32:11.091Z,2018-07-25T15:32:11.091Z
empty,,,,2018-07-25T15:32:11.091Z,2018-07-25T15:32:11.091Z
END
same - csv/memberships.csv <<'END'
GroupName,Username,sub
idp-admin,ana,00000000-0000-4000-8000-000000000001
"sales;""emea""",ana,00000000-0000-4000-8000-000000000001
idp-admin,o'brien,00000000-0000-4000-8000-000000000002
"sales;""emea""",=1+1,00000000-0000-4000-8000-000000000003
END
title 'files are the owner'\''s alone'
ok test "$(stat -c %a csv csv/*)" = $'700\n600\n600\n600\n600\n600\n600'
title 'nothing else is in the directory'
ok test "$(ls -A csv)" = $'groups.csv\ngroups.rejects.ndjson\nmemberships.csv\nmemberships.rejects.ndjson\nusers.csv\nusers.rejects.ndjson'

# Directories of any name.
for directory in -x 'R&D' ' a b' '*' 'x/'; do
	export_csv 0 "$directory" --
	title "in $directory the same"
	ok diff -r csv "./$directory"
done

# The environment of a caller whose shell stops at errors and matches no names.
odd_shell() { serve "${@:3}" pool -- env SHELLOPTS=errexit:noglob:noclobber:keyword \
	BASHOPTS=nullglob:failglob:nocaseglob:nocasematch:dotglob export-csv -d "$1" --keep "$2"; }
run 0 odd_shell odd 7
ok diff -r csv odd
run 1 odd_shell odd 7 --fault ListUsers:denied@1

# What pages say of permissions.
export_csv 0 allowed --allow ListUsers,ListGroups,ListUsersInGroup --
export_csv 0 allowed --allow GetGroup,ListUsersInGroup -- --group empty

# Group lists.
export_csv 0 listed -- --group 'sales;"emea"' --group empty
title 'of a group list: its groups, its members, their memberships in it'
cut -d, -f1 listed/groups.csv listed/memberships.csv >firsts
/usr/bin/python3 -c 'import csv; print([r["Username"] for r in csv.DictReader(open("listed/users.csv", newline=""))],
	[r["Groups"] for r in csv.DictReader(open("listed/users.csv", newline=""))])' >>firsts
same - firsts <<'END'
GroupName
"sales;""emea"""
empty
GroupName
"sales;""emea"""
"sales;""emea"""
['ana', '=1+1'] ['["sales;\\"emea\\""]', '["sales;\\"emea\\""]']
END
printf ' sales;"emea" \n\nempty\n' >names
export_csv 0 listed2 -- --groups names
title 'a file of names does the same'
ok diff -r listed listed2
export_csv 1 unknown -- --group empty --group nonesuch
has err nonesuch
title 'nothing is written for an unknown group'
ok test -z "$(ls -A unknown)"
: >names
export_csv 2 unknown -- --groups names
export_csv 2 unknown -- --groups no-such-file
title 'the name of a file that is empty is no list of all groups'
export_csv 2 unknown -- --groups=
title 'and nothing is written'
ok test -z "$(ls -A unknown)"

# Replacing.
before=$(stat -c %i csv/*)
export_csv 0 csv --
title 'equal files are not touched'
ok test "$(stat -c %i csv/*)" = "$before" -a ! -e csv/previous
cp -r csv good
chmod 640 csv/users.csv
sed 's/"Ana"/"Anna"/' pool >pool2
for name in Anne Anya Anja; do
	sed "s/\"Ana\"/\"$name\"/" pool >pool2
	pool=pool2 export_csv 0 csv -- --keep 2
done
title 'the file has the new name, the two kept ones those before'
ok test "$(cat csv/users.csv csv/previous/*/users.csv | grep -o ',An[a-z]*,' | tr -d '\n')" = ,Anja,,Anne,,Anya,
title 'only what was replaced is kept'
ok test "$(cd csv/previous && echo ./*/*.csv | wc -w)" -eq 2
title 'in directories that are their owner'\''s alone'
ok test "$(stat -c %a csv/previous csv/previous/2* | sort -u)" = 700
title 'a file keeps its mode'
ok test "$(stat -c %a csv/users.csv)" = 640
touch csv/previous/notes
pool=pool2 export_csv 0 csv -- --keep 0
sed 's/"Ana"/"Anka"/' pool >pool2
pool=pool2 export_csv 0 csv -- --keep 0
title '--keep 0 removes ours, and nothing else'
ok test "$(ls csv/previous)" = notes

# Two pipelines in one directory count their own sets.
for name in Anne Anya Anja; do
	sed "s/\"Ana\"/\"$name\"/" pool >pool2
	run 0 serve pool2 -- export-oci -d both --keep 1
	pool=pool2 export_csv 0 both -- --keep 1
done
title 'of each one set stays'
ok test "$(cd both/previous && echo ./*/* | tr ' ' '\n' | sed 's/.*[/]//' | sort | tr '\n' ' ')" = 'Users.csv users.csv '

# What cannot be replaced as a file is.
for make in 'mkdir odd/users.csv' 'ln -s ../csv/users.csv odd/users.csv' 'ln -s nowhere odd/users.csv'; do
	rm -rf odd/users.csv
	$make
	export_csv 2 odd --
	has err 'odd/users.csv: not a regular file'
done
rm -rf odd
cp -r csv odd
rm -r odd/previous
: >odd/users.csv
: >odd/previous
rm -rf good
cp -r odd good
export_csv 1 odd --
has err 'nothing was replaced'
untouched odd

# Faults. The pool has several pages of users.
"$TOOLS/make-pool" -n 150 -s 3 >large
pool=large export_csv 0 whole --
pool=large export_csv 0 faulty --short-pages --fault throttle@3 --fault ListUsersInGroup:error503@2 \
	--fault ListUsers:reset@2 --fault ListUsers:cut@3 --
title 'throttles, errors and cut answers: the same files in the end'
ok diff -r whole faulty
rm -r good
cp -r whole good
sed -i s/^ana,/hanna,/ good/users.csv whole/users.csv
pool=large export_csv 75 whole --fault ListUsers:expire-token@2 --
untouched whole
pool=large export_csv 1 whole --fault ListUsers:denied@2 --
untouched whole
pool=large export_csv 1 whole --fault ListUsersInGroup:denied@3 --
untouched whole
pool=large export_csv 1 whole --fault ListUsers:repeat-token@2 --
untouched whole
pool=large export_csv 1 whole --fault ListUsers:no-users@2 --
untouched whole
run 75 serve --fault 'throttle=100%' large -- export-csv -d whole --retry-seconds 1
untouched whole

# A stage that dies, or that stops without saying so.
mkdir shim
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shim/$1"
	chmod +x "shim/$1"
}
with_shims() { serve large -- env PATH="$T/shim:$PATH" export-csv -d whole; }
shim list-users "$BIN/list-users \"\$@\" | head -n 70; kill -9 \$\$"
run 1 with_shims
has err 'status 137'
untouched whole
shim list-users "$BIN/list-users \"\$@\" | head -n 70"
run 4 with_shims
untouched whole
shim list-users "exec $BIN/list-users \"\$@\""
shim expand-members '[[ " $*" != *" --members "* ]] || kill -9 $$; exec '"$BIN"'/expand-members "$@"'
run 1 with_shims
untouched whole
rm shim/expand-members
shim emit-csv '[[ -z $COGNITO_SEAL || " $*" != *memberships.csv* ]] || kill -9 $$; exec '"$BIN"'/emit-csv "$@"'
run 1 with_shims
has err 'status 137'
untouched whole
rm shim/*

shim cat 'exit 1'
run 1 with_shims
untouched whole
rm shim/*
# A signal between the renames: all of them are done.
cp -r whole between
sed -i 's/^/x/' between/*.csv
# shellcheck disable=SC2016 # the shim's
shim mv '[[ $1 != -f* ]] || kill -TERM $PPID; exec /bin/mv "$@"'
run 0 serve large -- env PATH="$T/shim:$PATH" export-csv -d between --keep 0
ok diff -r faulty between
rm shim/*

# Runs that meet, and runs that are killed.
run 75 serve pool -- flock whole export-csv -d whole
has err 'another run is at work'
untouched whole
# A list-users that waits until it is told to go on.  With both ends open here nobody waits for ever.
mkfifo gate
exec 3<>gate
shim list-users 'touch started; read -r line <gate; exit 1'
cat >killed <<'END'
export PATH=$PWD/shim:$PATH
rm -f started
export-csv -d whole 3<&- &
until [ -e started ] || ! kill -0 $!; do sleep 0.05; done
kill -s "$1" $!
wait $!
status=$?
flock -n whole true
echo $? >lock
exit $status
END
run 143 serve large -- bash killed TERM
untouched whole
run 129 serve large -- bash killed HUP
untouched whole
title 'one that ends at its leisure is waited for'
shim list-users 'trap "sleep 0.5; mkdir -p \"$TMPDIR/late\"; exit 143" TERM; touch started; read -r line <gate'
run 143 serve large -- bash killed TERM
same - lock <<<0
untouched whole
shim list-users 'touch started; read -r line <gate; exit 1'
run 137 serve large -- bash killed KILL
title 'a killed run leaves its directory'
ok compgen -G 'whole/.export-*'
title 'which is its owner'\''s alone'
ok test "$(find whole/.export-* -perm /077)" = ''
title 'a stage that it has left still holds the lock'
rm shim/list-users
pool=large export_csv 75 whole --
echo >&3
timeout 60 flock whole true
pool=large export_csv 0 whole -- --keep 0
title 'the next run removes it'
ok test "$(cd whole && echo .[!.]*)" = '.[!.]*'
title 'and puts the right file in place'
ok diff -r faulty whole
finish
