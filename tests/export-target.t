#!/usr/bin/env bash
# Not for sanitizers.
# export-target: targets by name and of one's own, parts, a file for each group, and that nothing of
# an earlier run is left beside a new one.  What holds for every target is tested in export-csv.t.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions that run calls
. "$(dirname "$0")/lib.sh"

# export STATUS DIRECTORY TARGET [serve-pool option...] -- [export-target option...]
export_target() {
	local want=$1 directory=$2 target=$3 options=()
	shift 3
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	run "$want" serve "${options[@]}" "${pool:-pool}" -- export-target -d "$directory" "$@" "$target"
}

title 'usage and SYNOPSIS agree'
export-target --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-target.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 0 export-target --version
run 2 export-target -d x
has err 'a target is needed'
run 2 export-target csv
has err 'a directory is needed'
run 2 export-target -d x csv oci
has err 'oci: an operand too many'
run 2 export-target -d x nonesuch
has err 'nonesuch: no such target'
run 2 export-target -d x ./nonesuch.target
run 2 export-target -d x csv --guard=
has err '--guard: an empty value'
run 2 export-target -d x csv --fold=1
has err '--fold: takes no value'
run 2 export-target -d x csv --nonsense
run 2 export-target -d x csv --header-from header
has err 'does not ask a pool'
run 2 export-target -d x csv --arg login=email
run 2 export-target -d x ldif --guard oci
has err 'no CSV file'
title 'and nothing is made'
ok test ! -e x

# Targets of one's own.
export COGNITO_FILTERS_PATH=$T/own:$COGNITO_FILTERS_PATH
mkdir -p own/layouts own/targets home/.config/cognito-filters/targets
cat >own/targets/mine.target <<'END'

	# People, some to a file; one file of members a group

users people.csv writer=csv layout=small
memberships members.csv writer=csv layout="members" split-by=GroupName # not rows
name Username	# as they are
END
printf 'max-rows 3\ncolumn Username Username\ncolumn Groups Groups\n' >own/layouts/small.layout
printf 'column Username Username\ncolumn sub sub\n' >own/layouts/members.layout
printf '# from home\nusers users.ndjson writer=records\n' >home/.config/cognito-filters/targets/homely.target
printf '# mine\nusers u.csv writer=csv columns=auto\n' >own/targets/flat.target
run 0 export-target --list
cut -d' ' -f1 out >listed
(cd "$TOP/pipelines/targets" && printf '%s\n' *.target homely.target mine.target) | sed 's/\.target$//' | sort >expected
same expected listed
title 'each with a line, those of one'\''s own first'
grep -vE '^[a-z0-9-]+ +[^ ]' out >unnamed
empty unnamed
has out 'People, some to a file; one file of members a group'
has out 'from home'
ok grep -qE '^flat +mine$' out

# wrong MESSAGE LINE...: a target that is refused.
wrong() {
	local message=$1
	shift
	printf '%s\n' "$@" >wrong.target
	run 2 export-target -d x ./wrong.target
	has err "$message"
}
users='users users.csv writer=csv layout=small'
wrong 'wrong.target:2: unknown word: user' '#' 'user a.csv'
wrong 'a line "users" is needed' 'name Username'
wrong 'a line "name" is needed' "$users" 'memberships m.csv writer=csv layout=members'
wrong 'a file name' 'users ../users.csv writer=csv layout=small'
wrong 'a file name' 'users users writer=csv layout=small'
wrong 'a file name' 'users .users.csv writer=csv layout=small'
wrong 'users: the writer is' 'users users.csv layout=small'
wrong 'users: the writer is' 'users users.csv writer=xml layout=small'
wrong 'users: layout is no word of the writer json' 'users users.json writer=json layout=small'
wrong 'users: layout, columns or header is needed' 'users users.csv writer=csv'
wrong 'users: columns stands alone' 'users users.csv writer=csv columns=auto header=pool'
wrong 'users: unknown word: split-by' "$users split-by=Username"
wrong 'users: layout: given twice' "$users layout=small"
wrong 'users: not of the form' "$users small"
wrong 'users: given twice' "$users" "$users"
wrong 'users.csv and users.csv: outputs would meet' "$users" 'groups users.csv writer=csv layout=cognito-groups'
wrong 'users.csv and users-of-groups.csv: outputs would meet' "$users" \
	'groups users-of-groups.csv writer=csv layout=cognito-groups'

# What is wrong shows before the service is asked: there is none here.
nowhere() { run 2 export-target -d x --user-pool-id us-east-1_a --endpoint-url http://127.0.0.1:9 --region us-east-1 "$@"; }
sed 's/layout=small/layout=nonesuch/' own/targets/mine.target >wrong.target
nowhere ./wrong.target
has err 'nonesuch: not found'
echo 'users users.csv mapping=nonesuch writer=csv columns=auto' >wrong.target
nowhere ./wrong.target
has err 'nonesuch: not found'
nowhere mine --hold-back NOBODY
has err 'hold-back: no state'
nowhere mine --guard nonesuch
nowhere cognito --header-from nonesuch

# Variables: each mapping gets its own, and a wrong value rejects nobody.
nowhere oci --arg logn=email
has err '--arg logn: not NAME=VALUE with a variable of the target'
nowhere oci --arg login
while read -r name value target message; do
	nowhere "$target" --arg "$name=$value"
	has err "--arg $message"
done <<'END'
login emial oci login: must be auto, username, email or preferred_username
login emial scim login: must be auto, username, email or preferred_username
unverified yes okta unverified: must be reject or allow
disabled yes okta disabled: must be reject or keep
federated x oci federated: must be auto, TRUE or FALSE
bypass_notification no oci bypass_notification: must be TRUE or FALSE
email must oci email: must be optional or required
mfa maybe cognito-standard mfa: must be FALSE, TRUE, false or true
newlines keep cognito-standard newlines: must be reject or space
username x auth0 username: must be none, auto, username, email or preferred_username
domain @x.com entra domain: not the name of a domain
usage_location USA entra usage_location: must be a code of two letters
org_unit unit google org_unit: must begin with /
group_domain a@b google group_domain: not the name of a domain
base people ldif base: not a distinguished name
base dc csvde base: not a distinguished name
END
nowhere ldif --arg base=o=x --arg group_base=x
has err '--arg base: not a distinguished name'
nowhere ldif --arg base=o=x --arg 'sub=a b'
has err '--arg sub: not the name of an attribute'
nowhere google
has err '--arg group_domain=NAME is needed'
for target in csvde ldif; do
	nowhere "$target"
	has err '--arg base=DN is needed: where the users go'
done
title 'and nothing is left of it'
ok test -z "$(ls -A x)"

dates='"CreationDate":"2018-07-25T15:32:11.091Z","LastModifiedDate":"2018-07-25T15:32:11.091Z"'
number=0
# user NAME STATUS ATTRIBUTES GROUP...
user() {
	local name=$1 status=$2 attributes=$3 groups
	shift 3
	number=$((number + 1))
	groups=$([ $# -eq 0 ] || printf ',"%s"' "$@")
	printf '{"Username":"%s","Enabled":true,"UserStatus":"%s","UserCreateDate":"2018-07-25T15:32:11.091Z",' "$name" "$status"
	printf '"UserLastModifiedDate":"2024-01-05T08:00:00.000Z","Attributes":{%s"sub":"00000000-0000-4000-8000-%012d"},"Groups":[%s]}\n' \
		"$attributes" "$number" "${groups#,}"
}
native='"identities":"[{\"userId\":\"77\",\"providerName\":\"Google\",\"providerType\":\"Google\",\"issuer\":null,\"primary\":false,\"dateCreated\":1597158755583}]",'
{
	user ana CONFIRMED '' ops 'a/b;\"c\"'
	user bo UNCONFIRMED '' ops
	user '=1+1' CONFIRMED '' '..'
	user dee CONFIRMED "$native" 'Ops'
	user Google_77 EXTERNAL_PROVIDER "${native/primary\\\":false/primary\\\":true}" '営業'
	user eva CONFIRMED ''
	user fay CONFIRMED '' ops
	for group in ops Ops 'a/b;\"c\"' .. 営業 empty; do printf '{"GroupName":"%s",%s}\n' "$group" "$dates"; done
} >pool

# Parts, and a file for each group.
export_target 0 made mine --
empty err
ls -A made >names
same - names <<'END'
.export-mine.files
members-%E5%96%B6%E6%A5%AD.csv
members-...csv
members-Ops.csv
members-a%2Fb%3B%22c%22.csv
members-ops.csv
members.rejects.ndjson
people-001.csv
people-002.csv
people-003.csv
people.rejects.ndjson
END
title 'each part is complete'
cat made/people-00?.csv made/members-ops.csv >people
same - people <<'END'
Username,Groups
ana,"[""ops"",""a/b;\""c\""""]"
bo,ops
=1+1,..
Username,Groups
dee,Ops
Google_77,営業
eva,
Username,Groups
fay,ops
Username,sub
ana,00000000-0000-4000-8000-000000000001
bo,00000000-0000-4000-8000-000000000002
fay,00000000-0000-4000-8000-000000000007
END
title 'files are the owner'\''s alone'
ok test "$(stat -c %a made/* made/.exp* | sort -u)" = 600
before=$(stat -c %i made/* made/.exp*)
export_target 0 made mine --
title 'a second run of the same pool touches no file'
ok test "$(stat -c %i made/* made/.exp*)" = "$before" -a ! -e made/previous

# The next pool has fewer of both; what a stranger put there stays.
grep -v -e '"fay"' -e Google_77 -e '"Username":"bo"' pool >fewer
touch made/people-004.csv made/members-x.csv made/notes.txt
printf '%s\n' '' people-003.csv ../pool people-009.csv notes.txt . previous >>made/.export-mine.files
cp -r made good
pool=fewer export_target 0 made mine --
ls -A made >names
title 'what has no successor is gone, and nothing else'
same - names <<'END'
.export-mine.files
members-...csv
members-Ops.csv
members-a%2Fb%3B%22c%22.csv
members-ops.csv
members-x.csv
members.rejects.ndjson
notes.txt
people-001.csv
people-002.csv
people-004.csv
people.rejects.ndjson
previous
END
title 'the old ones are kept'
ls made/previous/* >names
same - names <<'END'
members-%E5%96%B6%E6%A5%AD.csv
members-ops.csv
people-001.csv
people-002.csv
people-003.csv
END
ok test -f pool
ok cmp good/people-003.csv made/previous/*/people-003.csv
head -n 3 pool >three
grep '^{"GroupName"' fewer >>three
pool=three export_target 0 made mine -- --keep 1
title 'one file where one suffices'
ls made/people* >names
same - names <<'END'
made/people-004.csv
made/people.csv
made/people.rejects.ndjson
END
title 'and one set, as --keep says'
ok test "$(find made/previous -mindepth 1 -type d | wc -l)" -eq 1
pool=fewer export_target 0 made mine -- --keep 0
title 'parts again: the one file is gone'
ok test ! -e made/people.csv -a -e made/people-002.csv
title '--keep 0 leaves no old set'
ok test -z "$(ls made/previous)"

# What cannot be replaced; what goes wrong half-way.
untouched() {
	title 'nothing is left of the run'
	ok test "$(cd made && echo .[!.]*)" = .export-mine.files
	title 'the old files stay'
	ok diff -r good made
}
rm -rf good made
pool=fewer export_target 0 made mine --
mkdir made/people-003.csv
cp -r made good
export_target 1 made mine --
has err 'people-003.csv: not a regular file; nothing was replaced'
untouched
rmdir made/people-003.csv good/people-003.csv
export_target 1 made mine --fault ListUsersInGroup:denied@2 --
untouched
export_target 1 made mine --fault ListUsers:denied@1 --
untouched
mkdir shim
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shim/$1"
	chmod +x "shim/$1"
}
with_shims() { serve pool -- env PATH="$T/shim:$PATH" export-target -d made mine; }
shim through "[[ \$* != *sort* ]] || kill -9 \$\$; exec $BIN/through \"\$@\""
run 1 with_shims
untouched
shim through "[[ \$* != *sort* ]] || { head -n 2; exit; }; exec $BIN/through \"\$@\""
run 4 with_shims
untouched
rm shim/*
shim emit-csv "[[ \$* != *split-by* || -z \$COGNITO_SEAL ]] || { $BIN/emit-csv \"\$@\"; kill -9 \$\$; }; exec $BIN/emit-csv \"\$@\""
run 1 with_shims
has err 'status 137'
untouched
rm shim/*
run 75 serve pool -- flock made export-target -d made mine
untouched
# A run that dies among the renames: the next one knows what it has put there.
shim mv '[[ $1 != -fT || $4 != *members-ops.csv ]] || { kill -9 $PPID; exit; }; exec /bin/mv "$@"'
run 137 with_shims
rm shim/*
title 'it has left a part of another list'
ok test -e made/people-003.csv -a -e made/members-ops.csv
pool=fewer export_target 0 made mine -- --keep 0
rm -rf made/previous
title 'which is gone after the next'
ok diff -r good made

# Groups by name.
export_target 0 named mine -- --group ops --group empty
title 'of a group list: its members and its file'
ls named >names
same - names <<'END'
members-ops.csv
members.rejects.ndjson
people.csv
people.rejects.ndjson
END
export_target 1 unknown mine -- --group nonesuch
title 'nothing is written for an unknown group'
ok test -z "$(ls -A unknown)"

# Held back, folded, guarded.
export_target 3 held mine -- --hold-back UNCONFIRMED,EXTERNAL_PROVIDER
has err 'map-attributes: rejected 1: held back: UNCONFIRMED'
has err 'export-target: held/people.rejects.ndjson: 2 rejected, with the reasons'
title 'who is held back is in no file but the rejects'
grep -l -e '^bo,' -e Google_77 held/*.csv >names
empty names
ok test "$(jq -r .Record.Username held/people.rejects.ndjson | paste -sd,)" = bo,Google_77
export_target 3 held oci -- --hold-back UNCONFIRMED
title 'likewise where users are mapped'
ok test "$(grep -c -e '^bo,' -e ';bo' held/Users.csv held/Groups.csv | grep -vc ':0$')" -eq 0
title 'where everybody is rejected a line says so'
export_target 3 nobody okta --
has err 'export-target: nobody/users.csv: nobody is in it: all 7 users were rejected'
ok test "$(wc -l <nobody/users.csv)" -eq 1
export_target 0 nobody csv -- --group empty
lacks err 'nobody is in it'
title 'but it does not take the place of one with people'
for name in users.csv users-001.csv; do
	rm -r nobody
	mkdir nobody
	seq -s ' ' 1000 >"nobody/$name"
	cp -r nobody somebody
	export_target 5 nobody okta --
	has err "nobody/$name: all 7 users were rejected; the old files stay"
	ok diff -r somebody nobody
	rm -r somebody
done
export_target 0 folded csv -- --fold
cut -d, -f1,2 folded/memberships.csv | grep -a -e dee -e Google >pairs
title 'a federated profile is folded into the native one, with its groups'
same - pairs <<'END'
Ops,dee
営業,dee
END
ok test "$(grep -c Google_77, folded/users.csv)" -eq 0
export_target 0 guarded csv -- --guard apostrophe
ok grep -q "^'=1+1," guarded/users.csv
ok grep -q "^\.\.,'=1+1," guarded/memberships.csv

# A file for each group has its limits too.
sed -e 's/layout="members"/layout=pairs/' own/targets/mine.target >pairs.target
printf 'max-rows 2\ncolumn Username Username\n' >own/layouts/pairs.layout
export_target 0 halves ./pairs.target --
title 'the file of a large group goes on in a second one, and goes when the group is small'
cat halves/members-ops.csv halves/members-ops~002.csv >halves.rows
same - halves.rows <<'END'
Username
ana
bo
Username
fay
END
pool=fewer export_target 0 halves ./pairs.target --
ok test -e halves/members-ops.csv -a ! -e halves/members-ops~002.csv

# Other writers, and memberships under names that a mapping made.
printf 'users users.ndjson mapping=oci-users writer=records\ngroups groups.ndjson writer=records\nname User ID\n' >records.target
export_target 3 records ./records.target -- --arg login=username
title 'records with their seals; a group names those who were written, as they were'
"$BIN/unseal" records/users.ndjson >out && "$BIN/unseal" records/groups.ndjson | jq -c '[.GroupName, .Members[]]' >members
same - members <<'END'
["ops","ana","fay"]
["Ops","dee"]
["a/b;\"c\"","ana"]
["..","=1+1"]
["営業","Google_77"]
["empty"]
END
export_target 0 flat flat --
title 'columns that the data have'
ok test "$(head -n 1 flat/u.csv)" = Username,Enabled,UserStatus,UserCreateDate,UserLastModifiedDate,Groups,identities,sub

# Members of a group that do not fit one record, and names that the mapping makes longer.
/usr/bin/python3 - >wide <<'END'
for i in range(4500):
    print('{"Username":"%s","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"00000000-0000-4000-8000-%012d"},'
          '"Groups":["everyone"]}' % ("n" * 100 + str(i), i))
print('{"GroupName":"everyone"}')
END
pool=wide export_target 0 wide.d ldif -- --arg base="ou=$(printf 'p%.0s' {1..150}),dc=example,dc=com"
title 'are one entry of LDIF'
ok test "$(grep -c '^dn: cn=everyone' wide.d/groups.ldif):$(grep -c '^member:' wide.d/groups.ldif)" = 1:4500

# Columns of a pool.
printf 'users users.csv writer=csv layout=members header=pool\n' >header.target
printf '{"UserPoolId":"us-east-1_a","CSVHeader":["sub","Username"]}' >header.json
export_target 0 header ./header.target -- --header-from header.json
ok test "$(head -n 1 header/users.csv)" = sub,Username
printf 'users users.csv writer=csv layout=cognito-import mapping=as-it-is header=pool\n' >header.target
mkdir own/mappings
echo '{"cognito:username": .Username, "cognito:mfa_enabled": "false", email: "a@example.com", email_verified: "true"}' \
	>own/mappings/as-it-is.jq
export_target 0 asked ./header.target --allow ListUsers,ListGroups,ListUsersInGroup,GetCSVHeader --
title 'the columns that the pool has'
head -n 1 asked/users.csv | tr ',' '\n' | sort >columns
run 0 serve --allow GetCSVHeader pool -- get-csv-header
jq -r '.CSVHeader[]' out | sort >expected
same expected columns
export_target 1 denied ./header.target --
title 'without the permission nothing is written'
ok test -z "$(ls -A denied)"

# A summary of what was read, after all else.
make-pool -n 40 >pool.of-40
count() { jq -c "$1" pool.of-40 | sort -u | wc -l; }
expected_summary() {
	printf '{"Users":%d,"Groups":%d,"Memberships":%d,"Rejected":%d}\n' "$(count 'select(.Username and (.GroupName | not))')" \
		"$(count 'select(.GroupName and (.Username | not))')" "$(count 'select(.GroupName and .Username) | [.GroupName, .Username]')" "$1"
}
pool=pool.of-40 export_target 0 summed csv -- --summary sum.json
title 'a summary counts all'
expected_summary 0 >expected.json
same expected.json sum.json
title 'and who was held back'
pool=pool.of-40 export_target 3 summed csv -- --summary sum.json --hold-back CONFIRMED
expected_summary "$(wc -l <summed/users.rejects.ndjson)" >expected.json
same expected.json sum.json
title 'of one group: its members and memberships'
pool=pool.of-40 export_target 0 summed csv -- --summary sum.json --group idp-admin
members=$(jq -r 'select(.GroupName == "idp-admin" and .Username).Username' pool.of-40 | sort -u | wc -l)
same - sum.json <<<"{\"Users\":$members,\"Groups\":1,\"Memberships\":$members,\"Rejected\":0}"
cp sum.json kept.json
title 'a run that fails leaves the old one'
pool=pool.of-40 export_target 1 summed csv --fault ListUsers:denied@1 -- --summary sum.json
same kept.json sum.json
# refused FILE MESSAGE [OPTION...]: before anything is asked.
ln -s summed/groups.csv link
cp -rp summed summed.before
refused() {
	title "--summary $1"
	run 2 export-target -d summed --user-pool-id eu-west-1_x --region eu-west-1 --summary "$1" "${@:3}" csv
	has err "$2"
	ok diff -r summed.before summed
}
refused nowhere/sum.json 'nowhere/sum.json: cannot be written'
refused . '.: cannot be written'
refused sum.json/ 'sum.json/: cannot be written'
refused summed/users.csv '--summary: summed/users.csv: an output has this name'
refused "$T/summed/users-001.csv" 'an output has this name'
refused summed/memberships.rejects.ndjson 'an output has this name'
refused summed/.export-csv.files 'an output has this name'
refused link 'an output has this name'
refused same.json '--summary: same.json: that of --stats' --stats ./same.json
title 'an old one keeps its mode, and what lies beside it its content'
echo victim >victim
ln -s ../victim summed/sum.json.new
ln -s sum.json sum.link
chmod 640 sum.json
pool=pool.of-40 export_target 0 summed csv -- --summary sum.link
expected_summary 0 >expected.json
same expected.json sum.json
ok test "$(stat -c %a sum.json)" = 640 -a -L sum.link
pool=pool.of-40 export_target 0 summed csv -- --summary summed/sum.json
same expected.json summed/sum.json
same - victim <<<victim
ok test "$(stat -c %a summed/sum.json)" = 600
mkdir moved
cat >shim.mktemp <<'END'
#!/bin/bash
# The place goes away while the pool is read.
case $* in *sum.json*) exit 1 ;; esac
exec /usr/bin/mktemp "$@"
END
chmod +x shim.mktemp
mkdir shim.d && mv shim.mktemp shim.d/mktemp
title 'one that cannot be written in the end, and nothing of it is left'
pool=pool.of-40 PATH=$T/shim.d:$PATH export_target 1 summed csv -- --summary moved/sum.json
has err 'moved/sum.json: cannot be written; the outputs are in place'
printf '#!/bin/bash\ncase $* in *sum.json*) exit 1 ;; esac\nexec /usr/bin/mv "$@"\n' >shim.d/mv
rm shim.d/mktemp
chmod +x shim.d/mv
pool=pool.of-40 PATH=$T/shim.d:$PATH export_target 1 summed csv -- --summary moved/sum.json
ok test -z "$(ls -A moved)"

# --check: what is wrong shows without the service.
checks() { run "$1" env AWS_ENDPOINT_URL=http://127.0.0.1:1 export-target -d checked --user-pool-id eu-west-1_x --region eu-west-1 --check "${@:2}"; }
checks 0 csv
title 'nothing is said, and nothing written'
ok test ! -s err -a ! -s out -a -z "$(ls -A checked)"
checks 2 --arg login=nonesuch oci
checks 2 --arg nonesuch=1 csv
checks 2 --guard nonesuch csv
checks 2 --hold-back NONESUCH csv
checks 2 --groups nowhere csv
has err 'nowhere: cannot be read'

# One script under several names.
ln -s "$TOP/pipelines/export-target" export-mine
run 0 serve fewer -- ./export-mine -d linked
rm -rf made/previous
title 'export-mine is export-target mine'
ok diff -r made linked
run 2 ./export-mine -d linked mine
has err 'usage: export-mine [-v]'
ln -s "$TOP/pipelines/export-target" export-nonesuch
run 2 ./export-nonesuch -d linked
has err 'export-nonesuch: nonesuch: no such target; "export-target --list" names them'
finish
