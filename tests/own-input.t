#!/usr/bin/env bash
# An output in place of an input, of each command that has both: refused before anything is read.
. "$(dirname "$0")/lib.sh"

echo '{"Username":"ana","Attributes":{"sub":"1"}}' >records
ln -s records link
(umask 077; echo secret >token)
ln records hard
mkdir d
ln -s ../records d/link

# refused WHAT COMMAND...: status 2, the file as it was, which is standard input too, if that is said.
refused() {
	local what=$1
	shift
	title "$what"
	cp records kept
	if [ -n "$standard" ]; then
		feed 2 records "$@"
		has err 'the file on standard input would be replaced by what is written'
	else
		run 2 "$@"
		has err "${want:-records} would be replaced by what is written"
	fi
	same records kept
}

want='' standard=''
refused 'its name' emit-json -o records records
refused 'another spelling' emit-json -o ./records records
refused 'a symbolic link' emit-json -o link records
refused 'a link elsewhere' emit-json -o d/link records
refused 'the second of two' emit-json -o records /dev/null records
want='link'
refused 'read by a link' emit-json -o records link
want='hard'
refused 'read by another name' emit-json -o records hard
want=''
refused 'rejects' emit-json --reject records records
refused 'statistics' emit-json --stats ./records records
want=/dev/fd/3
# shellcheck disable=SC2094 # it must not be written
refused 'a descriptor of the shell' emit-json -o records /dev/fd/3 3<records
want='' standard=yes
refused 'standard input' emit-json -o records
refused 'standard input, named' emit-json -o records -
refused 'standard input by a link' emit-json --stats link
standard=''

# Each of them, by an operand.
export COGNITO_USER_POOL_ID=eu-west-1_a AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s AWS_REGION=eu-west-1
export AWS_ENDPOINT_URL=http://127.0.0.1:9
i=0
while read -r -a command; do
	refused "${command[*]}" "${command[@]}" -o records records
	i=$((i + 1))
done <<'END_COMMANDS'
apply-cognito --ledger ledger
confirm-absent
describe-pool --compare records
emit-csv --columns Username
emit-csv --columns auto
emit-json
emit-ldif
emit-scim
expand-members
fold-users
join-shards
map-attributes -e .
merge-stats
parse-csv --columns Username
plan-sync --ledger ledger records
pool-report
push-import oci --url http://127.0.0.1:9 --whole
push-scim --url http://127.0.0.1:9 --token-file token
unguard --guard oci
unseal
END_COMMANDS
title 'all of them'
ok test "$i" -eq 20

refused 'an earlier snapshot' pool-report --before records -o records /dev/null
refused 'rejects of a target' pool-report --rejects "oci=records" -o records /dev/null
refused 'the ids of a SCIM server' emit-scim --ids records -o records /dev/null
refused 'names of groups' list-groups --names-from records -o records
refused 'the plan, by what failed' apply-cognito --ledger ledger --failed records records
refused 'the passwords' apply-cognito --ledger ledger --passwords records -o records /dev/null
refused 'the plan, by who was found' confirm-absent --found records records
want=./link
refused 'a layout, by a link' emit-csv --layout ./link -o records /dev/null
refused 'a layout of a table' parse-csv --layout ./link -o records /dev/null
refused 'a mapping' map-attributes -m ./link -o records /dev/null
refused 'a mapping to SCIM' emit-scim -m ./link -o records /dev/null
want=''
refused 'headings' emit-csv --header-from records -o records /dev/null
refused 'a program' map-attributes -f records -o records /dev/null
standard=yes
refused 'through' through -o records -- cat
refused 'the plan on standard input' apply-cognito --ledger ledger --failed records
refused 'a table on standard input' parse-csv --columns Username -o records
refused 'a table of which guards are taken away' unguard --guard oci -o records

title 'what is not read may be replaced'
: >other
run 0 emit-json -o other records
title 'a device is nobody'\''s place'
run 0 pool-report --before /dev/null --rejects x=/dev/null records
title 'nothing is left beside them'
ok test "$(find . -name '.*.tmp' | wc -l)" -eq 0

finish
