#!/usr/bin/env bash
# push-import oci: against a small server of the tests' own (helpers/oci-import.py), since nobody offers one: files whole or not at all,
# users before groups, a result for each row, jobs that cannot be asked about, answers that are lost.
# shellcheck disable=SC2317 # functions that serve calls
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers
planted=(words)
echo canary-value >canaries

users='User ID,Last Name,First Name,Work Email'
printf '%s\r\n' "$users" 'ana,A,An,a@example.com' '"bo, x",B,"Bo ""b""",b@example.com' 'xy,X,Y,' "'@cy',C,Cy," >Users.csv
printf '%s\r\n' 'Display Name,Description,User Members' 'staff,,ana;xy' 'admins,d,ANA' >Groups.csv
results() { gojq -c 'select(.Key) | [.Op,.Key,.Result,.Code,.Retryable,.Stream,.Line,.Job,.Detail]' "$1"; }
# domain STATUS RULES OPTION...: the command beside the domain; what the domain has then is in dump.
domain() {
	local status=$1 rules=$2
	shift 2
	rm -f dump results
	# shellcheck disable=SC2086 # rules
	run "$status" env DUMP=dump "$HELPERS/oci-import.py" $rules -- push-import oci --retry-seconds 2 -o results "$@"
	title "$status $rules: nothing was asked against the documentation"
	same - <(jq -c .wrong dump) <<<'[]'
}

# --- usage, and files that do not do
export SCIM_URL=http://127.0.0.1:9/admin/v1 SCIM_TOKEN=canary-of-the-bearer-token
for words in oci 'oci --dialect scim Users.csv' 'oci --user-pool-id a_b Users.csv' 'oci --resume a/b Users.csv' \
	'oci --resume a Users.csv Groups.csv' 'oci --seal Users.csv' 'oci -' 'cognito --url x Users.csv'; do
	# shellcheck disable=SC2086 # words
	run 2 push-import $words
done
wrong() {
	local status=$1 text=$2
	shift 2
	title "refused: $text"
	run "$status" push-import oci --retry-seconds 0 "$@" wrong.csv
	has err "$text"
}
head -c -1 Users.csv >wrong.csv;                            wrong 4 'wrong.csv: incomplete: it ends within the row at line 5'
head -n 3 Users.csv | head -c -40 >wrong.csv;               wrong 4 'wrong.csv: incomplete: it ends within the row at line'
head -n 4 Users.csv >wrong.csv;                             wrong 4 'incomplete: 3 rows, where there should be 4 (--rows)' --rows 4
printf 'a,b\n1,2\n' >wrong.csv;                             wrong 1 'wrong.csv:1: neither a file of users (User ID) nor of groups'
printf 'User ID\nana\n' >wrong.csv;                         wrong 1 'wrong.csv:1: no columns First Name and Last Name'
{ cat Users.csv; printf 'ANA,A,An,\r\n'; } >wrong.csv;      wrong 1 'wrong.csv:6: the same name as an earlier row'
{ cat Users.csv; printf 'a"b,A,An,\r\n'; } >wrong.csv;      wrong 1 'wrong.csv:6: a quote within a cell that has none round it'
{ cat Users.csv; printf '"a"b,A,An,\r\n'; } >wrong.csv;     wrong 1 'wrong.csv:6: a quote within a cell that is not doubled'
{ echo "$users"; yes 'a,b,c,d' | head -n 100001 | awk '{ print NR $0 }'; } >wrong.csv; wrong 1 'more rows than the service takes in a file'
printf '%s\n"k""",Y,",""\n' "$users" >wrong.csv;            wrong 4 'wrong.csv: incomplete: it ends within the row at line 2'
title 'cuts of a file are refused'
/usr/bin/python3 - >cuts <<'E'
import subprocess
data = open("Users.csv", "rb").read()
for k in [*range(0, len(data), 5)]:
    open("cut.csv", "wb").write(data[:k])
    status = subprocess.run(["push-import", "oci", "--dry-run", "--rows", "4", "cut.csv"], capture_output=True).returncode
    if status not in (1, 4):  # a quote that is open takes the rest of the file for its cell
        print(k, status)
E
empty cuts
unset SCIM_URL SCIM_TOKEN

# --- what becomes of rows
title 'a dry run'
domain 0 '' --dry-run --seal --rows 6 Groups.csv Users.csv
same - <(jq -c '[.users,.groups,.jobs]' dump) <<<'[{},{},[]]'
same - <(results results | cut -d, -f1-3) <<'E'
["import-user","ana","planned"
["import-user","bo, x"
["import-user","xy","planned"
["import-user","'@cy'","planned"
["import-group","staff","planned"
["import-group","admins","planned"
E
title 'users, then groups'
domain 3 '' --stats stats Groups.csv Users.csv
cat >wanted <<'E'
["import-user","ana","done","",false,"Users.csv",2,"schedule-0","User Imported Successfully."]
["import-user","bo, x","done","",false,"Users.csv",3,"schedule-0","User Imported Successfully."]
["import-user","xy","failed","ImportFailed",false,"Users.csv",4,"schedule-0","The user name canary-value is too short."]
["import-user","'@cy'","done","",false,"Users.csv",5,"schedule-0","User Imported Successfully."]
["import-group","staff","failed","ImportFailed",false,"Groups.csv",2,"schedule-1","1 of 2 members failed"]
["import-group","admins","done","",false,"Groups.csv",3,"schedule-1","-"]
E
same wanted <(results results)
same - <(jq -c '[.jobs, .groups, (.users | map_values([.["First Name"]]))]' dump) <<'E'
[["UserImport","GroupImport"],{"staff":["ana"],"admins":["ana"]},{"ana":["An"],"bo, x":["Bo \"b\""],"@cy":["Cy"]}]
E
same - <(gojq -c '[.Records,.Files,.Jobs,.Done,.Failed]' stats) <<<'[6,2,2,4,2]'
title 'the same from exports of a pool'
make-pool -n 40 >pool
serve pool -- export-oci -d exported >export.out 2>&1
[ -s exported/Users.csv ] && [ -s exported/Groups.csv ]
verdict $? 'they are there'
rows=$(/usr/bin/python3 -c 'import csv, sys; print(sum(len(list(csv.reader(open(f, newline="")))) - 1 for f in sys.argv[1:]))' exported/*.csv)
domain 0 '' --seal --rows "$rows" --stats stats exported/*.csv
same <(jq -c .Records stats) <(jq '(.users | length) + (.groups | length)' dump)

# --- faults
lossy() {
	title "$1"
	domain "$2" "$3" Users.csv
	same - <({ [ ! -e results ] || results results | cut -d, -f2-3 | sed 's/^"bo.*/"bo"/;s/^"//;s/"$//'; } | tr '\n' ' '; jq -c .jobs dump) <<<"$4"
}
all='ana","done bo xy","failed '"'@cy'"'","done '
lossy 'a file whose answer is lost goes again' 3 POST/Files:lost@1 "$all"'["UserImport"]'
lossy 'a throttle' 3 'POST/Files:429@1 POST/JobSchedules:503@1 GET/JobHistories:429@2 GET/UserImportJobReports:500@1' "$all"'["UserImport"]'
lossy 'a job whose answer is lost is not begun again' 75 POST/JobSchedules:lost '["UserImport"]'
has err 'whether it was carried out is not known: another run imports the same rows again'
lossy 'no permission' 1 POST/Files:403 '[]'
lossy 'no more jobs today' 1 POST/JobSchedules:400 '[]'
lossy 'a job that cannot be asked about' 75 GET/JobHistories:500 '["UserImport"]'
has err 'was started; --resume schedule-0'
lossy 'reports that cannot be had' 75 GET/UserImportJobReports:500 '["UserImport"]'
has err 'is done; --resume schedule-0'
lossy 'no reports of what went well' 3 GET/UserImportJobReports:silent 'ana","unknown bo xy","failed '"'@cy'"'","unknown ["UserImport"]'
title 'a job that never begins'
domain 75 GET/JobHistories:empty --timeout 0 Users.csv
has err 'is not done yet (--timeout); --resume schedule-0'
title 'a job that fails: groups are not begun'
domain 3 GET/JobHistories:failed@3 Users.csv Groups.csv
same - <(results results | cut -d, -f1,3 | sort | uniq -c | sed 's/^ *//'; jq -c .jobs dump) <<'E'
2 ["import-group","skipped"
1 ["import-user", x"
2 ["import-user","done"
1 ["import-user","failed"
["UserImport"]
E
has err 'Users.csv: import job schedule-0 ended as failed'
head -n 3 Users.csv >good.csv
title 'all went well, and nobody says so of each'
domain 0 GET/UserImportJobReports:silent --seal --rows 2 good.csv
same - <(results results | cut -d, -f2-) <<'E'
"ana","done","",false,"good.csv",2,"schedule-0",null]
"bo, x","done","",false,"good.csv",3,"schedule-0",null]
E
title 'but an answer that says nothing is none: it may be of somebody in between'
domain 3 GET/UserImportJobReports:hollow --seal --rows 2 good.csv
same - <(results results | cut -d, -f2-3) <<'E'
"ana","unknown"
"bo, x"
E
has err 'GET /job/v1/UserImportJobReports: the answer does not say what it should'
# A domain whose filters let other jobs through.
lossy 'histories of other jobs are not ours' 3 GET/JobHistories:others "$all"'["UserImport"]'
lossy 'reports of other jobs are not ours' 3 GET/UserImportJobReports:strange "$all"'["UserImport"]'
lossy 'a job that ends as failed, with all done' 3 GET/JobHistories:unwell "$all"'["UserImport"]'
title 'and so where no row failed'
domain 3 GET/JobHistories:unwell good.csv
same - <(results results | cut -d, -f2-3) <<<'"ana","done"
"bo, x"'
has err 'good.csv: import job schedule-0 ended as failed'
lossy 'an empty answer about a job' 1 GET/JobHistories:nothing '["UserImport"]'
has err 'GET /job/v1/JobHistories: the answer does not say what it should'
none='ana","unknown bo xy","unknown '"'@cy'"'","unknown '
lossy 'an empty answer of reports' 3 GET/UserImportJobReports:nothing "$none"'["UserImport"]'
lossy 'no such reports' 3 GET/UserImportJobReports:404 "$none"'["UserImport"]'
has err 'is done; --resume schedule-0'
title 'no such reports of groups: the records of the users are there, and theirs'
domain 3 GET/GroupImportSummaryJobReports:404 Users.csv Groups.csv
same - <(results results | sed 1,4d | cut -d, -f2-) <<'E'
"staff","unknown","",false,"Groups.csv",2,"schedule-1","the job's reports cannot be read"]
"admins","unknown","",false,"Groups.csv",3,"schedule-1","the job's reports cannot be read"]
E
lossy 'reports without a type' 3 GET/UserImportJobReports:untyped 'ana","done bo xy","failed '"'@cy'"'","done ["UserImport"]'
title 'of which one has no status either'
same - <(results results | sed -n 2p) <<<'["import-user","bo, x","unknown","",false,"Users.csv",3,"schedule-0","User Imported Successfully."]'
title 'and of groups'
domain 3 GET/GroupImportSummaryJobReports:untyped Users.csv Groups.csv
same <(tail -n 2 wanted) <(results results | tail -n 2)
title 'a job that ended as Succeeded'
domain 0 GET/JobHistories:capital good.csv
lacks err 'ended as'

cat >coming-back <<'E'
push-import oci --timeout 0 good.csv >timeout.out 2>timeout.err
echo $?
push-import oci --resume "$(sed -n 's/.*--resume \([^ ]*\) .*/\1/p' timeout.err)" -o resumed good.csv
echo $?
for file in other fewer groups; do
	push-import oci --resume schedule-0 -o resumed-other $file.csv 2>$file.err
	echo "$file $?"
done
push-import oci --resume schedule-7 good.csv 2>none.err
echo "no such job $?"
E
sed 's/ana/anb/' good.csv >other.csv
head -n 2 good.csv >fewer.csv
cp Groups.csv groups.csv
# come_back TITLE RULE OTHER: what stands in the messages of other files.
come_back() {
	title "coming back to a job, $1"
	rm -f resumed resumed-other
	# shellcheck disable=SC2086 # no rule
	run 0 env DUMP=dump "$HELPERS/oci-import.py" $2 -- sh coming-back
	same - out <<<$'75\n0\nother 1\nfewer 1\ngroups 1\nno such job 1'
	same - <(results resumed | cut -d, -f2-3; jq -c .jobs dump) <<'E'
"ana","done"
"bo, x"
["UserImport"]
E
	has other.err "--resume schedule-0: that job was not made for this file: $3"
	has fewer.err "--resume schedule-0: that job was not made for this file: $3"
	has none.err '--resume schedule-7: the domain knows no such job'
	ok test ! -e resumed-other
}
come_back 'whose schedule is known' '' 'it does not import push-import-'
has groups.err 'that job was not made for this file: it does not import push-import-'
come_back 'whose schedule is forgotten' GET/JobSchedules:404 '1 of its reports are of rows that are not in it'
come_back 'whose schedule does not say what it imports' GET/JobSchedules:terse '1 of its reports are of rows that are not in it'
title 'coming back, before it has begun, to a job whose schedule does not say what it imports'
run 75 "$HELPERS/oci-import.py" GET/JobSchedules:terse GET/JobHistories:empty -- sh -c 'push-import oci --timeout 0 good.csv 2>/dev/null; push-import oci --resume schedule-0 --timeout 0 good.csv'
has err 'is not done yet (--timeout); --resume schedule-0'
title 'coming back to a job with two reports of a row'
run 3 "$HELPERS/oci-import.py" GET/JobSchedules:terse GET/UserImportJobReports:twice -- sh -c 'push-import oci --timeout 0 Users.csv 2>/dev/null; push-import oci --resume schedule-0 -o resumed Users.csv'
same - <(results resumed | cut -d, -f2-3 | sed -n '3p') <<<'"xy","failed"'
title 'coming back to a job of which nothing tells whose it was'
run 0 env DUMP=dump "$HELPERS/oci-import.py" GET/JobSchedules:404 GET/UserImportJobReports:silent -- sh coming-back
has out '3'
same - <(results resumed | cut -d, -f2-3) <<<'"ana","unknown"
"bo, x"'
finish
