#!/usr/bin/env bash
# Not for sanitizers.
# export.mk and the examples: the same files as the scripts make, and none of a run that failed.
# shellcheck disable=SC2016,SC2317 # text for other shells; functions that run calls
. "$(dirname "$0")/lib.sh"
planted=(srv/config)

example=$TOP/pipelines/examples/Makefile
# With the flags of a make that runs these tests, an error would be passed over or told twice.
unset MAKEFLAGS MFLAGS MAKELEVEL
mk() { make --no-print-directory -s -f "$example" "$@"; }

"$TOOLS/make-pool" -n 200 >pool
run 0 serve pool -- export-csv -d csv
run 3 serve pool -- export-oci -d oci
run 0 serve pool -- make --no-print-directory -s -j3 -f "$example" all users.csv groups.csv memberships.csv
empty out
for name in Users Groups; do
	title "$name.csv is what export-oci makes"
	same "oci/$name.csv" "$name.csv"
done
for name in users groups; do
	title "$name.csv is what export-csv makes"
	same "csv/$name.csv" "$name.csv"
done
# Rows of the script are in the order of the users.  No cell of these holds a newline.
sort csv/memberships.csv >expected.sorted
sort memberships.csv >made.sorted
title 'memberships.csv has the same rows'
same expected.sorted made.sorted
title 'the rejects are there'
ok test "$(cat oci-users.rejects.ndjson Users.rejects.ndjson | jq -r .Reason | sort)" = \
	"$(jq -r .Reason oci/Users.rejects.ndjson | sort)"
title 'files are the owner'\''s alone'
ok test "$(stat -c %a ./*.csv ./*.rejects.ndjson users.ndjson | sort -u)" = 600
title 'a rule of one'\''s own: those with a verified address'
ok test "$(/usr/bin/python3 -c 'import csv; print(sum(1 for _ in csv.DictReader(open("contacts.csv", newline=""))))')" -eq \
	"$(jq -s 'map(select(.Attributes.email_verified == "true")) | length' pool)"

before=$(stat -c %i ./*.csv)
run 0 serve pool -- make --no-print-directory -s -f "$example" all users.csv
title 'a second make leaves equal files alone'
ok test "$(stat -c %i ./*.csv)" = "$before"
title 'a plain make makes all, not what the fragment begins with'
ok test "$(mk -n | grep -c -e '-o contacts.csv')" -eq 1

mkdir listed
echo idp-admin >listed/names
run 0 serve pool -- make --no-print-directory -s -C listed -f "$example" COGNITO_GROUP_FILE=names Groups.csv groups.csv
title 'with a file of names: that group'
ok test "$(sed 1d listed/Groups.csv | cut -d, -f1)" = idp-admin
run 0 serve pool -- make --no-print-directory -s -C listed -f "$example" OCI_USERS_FLAGS='--arg login=email' Users.csv
title 'flags for the mapping'
ok grep -q '^ana@example.com,' listed/Users.csv

# Faults: make fails and the files stay.
mkdir good
cp ./*.csv good
sed -i s/^ana,/hanna,/ good/Users.csv good/users.csv
cp good/*.csv .
stay() {
	title 'the old files stay'
	ok diff -r good now
}
for fault in ListUsers:expire-token@2 ListUsers:denied@2 ListUsersInGroup:denied@2 ListGroups:denied@1; do
	run 2 serve --fault "$fault" pool -- make --no-print-directory -s -f "$example" all users.csv
	rm -rf now; mkdir now; cp ./*.csv now
	stay
done
mkdir shim
for name in list-users map-attributes expand-members; do
	printf '#!/bin/bash\n%s "$@" | head -n 20\nkill -9 $$\n' "$BIN/$name" >"shim/$name"
	chmod +x "shim/$name"
	run 2 serve pool -- env PATH="$T/shim:$PATH" make --no-print-directory -s -f "$example" Users.csv Groups.csv
	rm -rf now; mkdir now; cp ./*.csv now
	stay
	rm shim/*
done

# A rule further down that fails leaves its own file; those before it are whole.
printf '#!/bin/bash\n%s "$@" | head -n 3\n' "$BIN/through" >shim/through
chmod +x shim/through
run 2 serve pool -- env PATH="$T/shim:$PATH" make --no-print-directory -s -f "$example" Users.csv Groups.csv
title 'Groups.csv stays'
same good/Groups.csv Groups.csv
title 'and Users.csv is the new one'
same oci/Users.csv Users.csv
rm shim/*

# Installed under other names.
mkdir prefixed
sed 's/^PROGRAM_PREFIX =.*/PROGRAM_PREFIX =cognito-/' "$TOP/pipelines/export.mk" >prefixed/export.mk
cp "$TOP/pipelines/lib.bash" prefixed
for name in "$BIN"/*; do ln -s "$name" "shim/cognito-${name##*/}"; done
run 0 serve pool -- env PATH="$T/shim:/usr/bin:/bin" make --no-print-directory -s -C listed \
	EXPORT_MK="$T/prefixed/export.mk" -f "$example" Groups.csv
title 'with a prefix the same comes out'
same oci/Groups.csv listed/Groups.csv

# The crontab: comments, settings, and entries that cron takes, whose commands are there.
crontab=$TOP/pipelines/examples/crontab
title 'every line of the crontab is a comment, a setting or an entry'
ok test -z "$(grep -vE '^(#.*|[A-Z_]+=.*|([0-9*/,-]+ ){5} [^%]*)?$' "$crontab")"
title 'and its entries run as they stand, but for the directory'
make-pool -n 30 >crontab.pool
mkdir srv
echo idp-admin >srv/groups.txt
echo 'arn:aws:iam::123456789012:role/cognitoApiAccessRole external-id=cognito-integration' >srv/roles
entries=$(sed -n 's/^[0-9][^c]* cd \/srv\/export/cd srv/p' "$crontab")
# shellcheck disable=SC2016 # for the inner shell
run 0 serve --require-role --allow reads,inventory crontab.pool -- bash -c '
	printf "%s\n" "[profile reader]" "role_arn = $SERVE_POOL_ROLE_ARN" "external_id = $SERVE_POOL_EXTERNAL_ID" \
		"source_profile = hub" "[profile hub]" "aws_access_key_id = $AWS_ACCESS_KEY_ID" \
		"aws_secret_access_key = $AWS_SECRET_ACCESS_KEY" >srv/config
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	export AWS_CONFIG_FILE=$PWD/srv/config status=0
	while IFS= read -r entry; do bash -c "$entry" || status=$?; done <<<"$0"
	exit $status' "$entries"
ok test -s srv/csv/users.csv -a -s srv/oci/Users.csv -a -s srv/oci/Groups.csv -a -s srv/tables/users.csv
has srv/fleet.txt '1 pools, 0 of them not exported'
ok test ! -e srv/fleet.new
fleet_entry=$(grep export-fleet <<<"$entries")
mkdir crontab.stub
printf '#!/bin/sh\necho "$*" >>calls\necho "table of $#"\n[ $# -eq 7 ] || exit 75\n' >crontab.stub/export-fleet
chmod +x crontab.stub/export-fleet
title 'what was temporary gets a second run, and its table is the one'
run 0 env PATH="$T/crontab.stub:$PATH" bash -c "$fleet_entry"
same - srv/calls <<'END'
--profile hub -d fleet --roles-from roles
--profile hub -d fleet --roles-from roles --resume
END
same - srv/fleet.txt <<<'table of 7'
title 'as long as one is at work the next does nothing'
run 75 env PATH="$T/crontab.stub:$PATH" flock srv/.fleet bash -c "$fleet_entry"
ok test "$(wc -l <srv/calls)" -eq 2
same - srv/fleet.txt <<<'table of 7'
title 'one that fails at once leaves the old table'
printf '#!/bin/sh\nexit 2\n' >crontab.stub/export-fleet
run 0 env PATH="$T/crontab.stub:$PATH" bash -c "$fleet_entry"
same - srv/fleet.txt <<<'table of 7'
# A service that has come to speak otherwise: each user that it gives is rejected.
mkdir strange
cat >strange/list-users <<'X'
#!/bin/sh
while [ $# -gt 0 ]; do
	[ "$1" != --reject ] || echo '{"Reason":"strange","Line":1,"Stream":"ListUsers","Record":{}}' >"$2"
	shift
done
echo '{"~end":{"v":1,"ok":true,"rows":0,"bytes":0,"rejected":1,"source":"s","scope":"all","via":[]}}'
exit 3
X
chmod +x strange/list-users
mkdir kept
echo old >kept/users.ndjson
echo "include $TOP/pipelines/export.mk" >kept/Makefile
title 'all users are rejected: nothing is replaced'
run 2 serve crontab.pool -- env PATH="$T/strange:$PATH" make --no-print-directory -s -C kept users.csv
has err 'users.ndjson: all users that the service gave were rejected'
same - kept/users.ndjson <<<old
finish
