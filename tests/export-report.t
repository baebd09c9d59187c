#!/usr/bin/env bash
# Not for sanitizers.
# shellcheck disable=SC2016 # text for another shell
# export-report: one reading of a pool, a page of it, whom targets would reject, as export-target would
# reject them, and what has changed since an earlier run.
. "$(dirname "$0")/lib.sh"

title 'usage and SYNOPSIS agree'
export-report --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/export-report.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 0 export-report --version
run 2 export-report csv
has err 'a directory is needed'
run 2 export-report -d x nonesuch
has err 'nonesuch: no such target'
run 2 export-report -d x csv csv
has err 'csv: given twice'
run 2 export-report -d x csv --arg login=email
has err 'no target has a mapping'
run 2 export-report -d x okta --arg base=dc=x
has err "with a variable of the targets' mappings"
run 2 export-report -d x okta --header-from usage
has err 'no target asks a pool for its header'
run 2 export-report -d x --before x
has err '--keep-records leaves one'
run 2 export-report -d x --describe=1
run 2 export-report -d x --before=
title 'and nothing is made'
ok test ! -e x

title 'what a target needs for memberships is known, and of no consequence'
run 0 serve --allow all <(echo '{"Username":"ana","Attributes":{"sub":"1","email":"ana@example.com","given_name":"A","family_name":"B"}}') -- \
	export-report -d google google --arg group_domain=groups.example.com
ok test -s google/report.html
run 2 export-report -d google google --arg group_domains=x
has err 'group_domains: not NAME=VALUE'

# --- a report
make-pool -n 400 >pool
run 0 serve --allow all --log log pool -- export-report -d rep --describe --keep-records \
	--arg base=dc=example,dc=com okta ldif scim cognito keycloak
title 'quietly'
empty err
title 'the pool is read once'
ok test "$(grep -c '"ListUsers"' log)" -eq 7
ls -A rep >files
same - files <<'END2'
report.groups.ndjson
report.html
report.rejects.ndjson
report.txt
report.users.ndjson
END2
title 'the figures are those of the records'
jq -c 'select(.["~end"] | not)' rep/report.users.ndjson rep/report.groups.ndjson >records
run 0 /usr/bin/python3 -B "$TOP/tests/helpers/check-report.py" rep/report.txt records
run 0 /usr/bin/python3 -B "$TOP/tests/helpers/check-page.py" rep/report.html
title 'nobody is named'
jq -r '.Username, .Attributes.email, .Attributes.phone_number, .Attributes.sub | select(. and length > 7)' records |
	grep '[@0-9]' >people
cat rep/report.txt rep/report.html >pages
! grep -aFf people pages
verdict $? ''
ok test "$(wc -l <people)" -gt 900
title 'all of the pool'
has rep/report.txt 'all users of the pool'
has rep/report.txt 'User pool serve-pool'

# Whom export-target rejects, of its users, is whom the report says.
mkdir targets
run 0 serve --allow all pool -- bash -c 'for target in okta ldif scim cognito keycloak; do
	set --; [ $target != ldif ] || set -- --arg base=dc=example,dc=com
	export-target -d targets/$target "$@" $target 2>/dev/null || [ $? -eq 3 ] || exit 1; done'
for target in okta ldif scim cognito keycloak; do
	title "$target: as many as export-target rejects"
	wc -l <"$(echo targets/"$target"/[Uu]sers.rejects.ndjson)" >expected
	sed -n "/^Targets/,/^Rejected/s/^  $target  *\([0-9,]*\) .*/\1/p" rep/report.txt | tr -d , >actual
	same expected actual
done

# --- an earlier run
jq -c 'if .Username and (.GroupName | not) and .Attributes.sub[0:1] < "3" then .Enabled = false else . end' pool |
	grep -v 'idp-admin.*Username' >pool.now
run 0 serve pool.now -- export-report -d rep --keep-records --before rep
has rep/report.txt 'Compared with'
title 'what has changed is what was changed'
jq -c 'select(.["~end"] | not)' rep/previous/*/report.users.ndjson rep/report.groups.ndjson >before
jq -c 'select(.["~end"] | not)' rep/report.users.ndjson rep/report.groups.ndjson >records
run 0 /usr/bin/python3 -B "$TOP/tests/helpers/check-report.py" rep/report.txt records before
title 'the set of the first run is kept'
ok test -e rep/previous/*/report.html
run 0 serve pool.now -- export-report -d rep --before "$(echo rep/previous/*)" --title 'Of <mine>' --show-values csv
has rep/report.html 'Of &lt;mine&gt;'
title 'records of an earlier run do not stay beside a report that is none of them'
ok test ! -e rep/report.users.ndjson

# --- a part of the pool, folded, a header of one's own
run 0 serve pool -- export-report -d part --keep-records --group idp-admin --group ops flat
has part/report.txt 'These are not all users of the pool.'
run 0 serve pool -- export-report -d part --keep-records --group ops --group idp-admin --before part
run 1 serve pool -- export-report -d part --before part
has err 'another part of the pool: members:groups:["idp-admin","ops"]'
run 1 serve pool -- export-report -d part --group ops --before part
run 0 serve pool -- export-report -d folded --fold flat
sed -n 's/^  Users  *//p' folded/report.txt | head -n 1 >count
title 'folding is for targets alone'
ok test "$(cat count)" = 400
printf '{"UserPoolId":"x","CSVHeader":["cognito:username","email","email_verified","cognito:mfa_enabled","phone_number","phone_number_verified","name"]}\n' >header
run 0 serve pool -- export-report -d headed --header-from header cognito
run 0 serve pool -- export-report -d bare
lacks bare/report.txt Targets

# --- what fails
cp -r rep old
run 1 serve pool -- export-report -d rep --group nonesuch okta
has err nonesuch
run 1 serve pool -- export-report -d rep --describe okta
has err DescribeUserPool
head -n 5 records >torn
mkdir torn.d && head -c 1000 records >torn.d/report.users.ndjson
run 4 serve pool -- export-report -d rep --before torn.d okta
mkdir -p own/targets own/mappings
echo 'users u.csv mapping=broken writer=csv columns=auto' >own/targets/broken.target
echo '.Username |' >own/mappings/broken.jq
COGNITO_FILTERS_PATH=$T/own:$COGNITO_FILTERS_PATH run 2 serve pool -- export-report -d rep broken
title 'the old report stays'
ok diff -r old rep
title 'and no private directory'
ls -d rep/.export-* >left 2>/dev/null
empty left

# What its commands did; the rehearsal is no part of it.
run 0 serve pool -- export-report -d counted --stats stats oci
title 'the report of the run: each stage once, with the target'"'"'s rejects'
run 0 jq -r '[.Command, .Status] + ([.Stages[].Command] | sort) | join(" ")' stats
same - out <<<'export-report 0 emit-csv expand-members expand-members list-groups list-users map-attributes pool-report pool-report'
run 75 serve --fault ListUsers:error500@1+1 pool -- export-report -d failed --stats stats --retry-seconds 1 oci
title 'of one that failed, too'
run 0 jq -e '.Status == 75 and .Command == "export-report"' stats
finish
