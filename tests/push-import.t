#!/usr/bin/env bash
# push-import cognito: files are checked whole before anything is sent; what becomes of each row on serve-pool; a start whose answer
# is lost, jobs in each other's way, waiting and coming back, refusals.
# shellcheck disable=SC2016,SC2317 # commands for other shells stand in single quotes
. "$(dirname "$0")/lib.sh"
HELPERS=$TOP/tests/helpers

cat >pool <<'E'
{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":"2020-01-01T00:00:00.000Z","Attributes":{"sub":"aa-1","email":"ana@example.com","email_verified":"true","custom:tenant":"7"}}
E
header=name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,email_verified,gender,birthdate
header+=,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,custom:tenant,cognito:mfa_enabled,cognito:username
# user NAME [VERIFIED]
user() { echo ",,,,,,,,,$1@example.com,${2:-TRUE},,,,,,FALSE,,,,FALSE,$1"; }
file() { local name; echo "$header"; for name; do user "$name"; done; }
cat >ask <<'E'
#!/bin/sh
# ask OPERATION MEMBERS: the pool's answer, without a signature.
curl -sS -H "X-Amz-Target: AWSCognitoIdentityProviderService.$1" -H 'Content-Type: application/x-amz-json-1.1' \
	-d "{\"UserPoolId\":\"$COGNITO_USER_POOL_ID\",$2}" "$AWS_ENDPOINT_URL/"
E
chmod +x ask
serving=(--allow all --no-signatures)
role=(--cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs)
# What stands in results, without what differs from run to run.
results() { gojq -c 'select(.Key) | [.Op,.Key,.Result,.Code,.Retryable,.Stream,.Line,(.Job//"-" | test("^import-")),.Detail]' "$1"; }

# --- usage, and files that do not do: nothing is asked of the network
export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
	AWS_ENDPOINT_URL=http://127.0.0.1:9 COGNITO_USER_POOL_ID=us-east-1_a
planted=(pool)
file bo cy >good.csv
for words in '' cognito google 'cognito good.csv' "cognito ${role[*]} --rows 1 --whole good.csv" "cognito ${role[*]} --seal good.csv" \
	'cognito --resume x good.csv' 'cognito --resume import-a good.csv good.csv' 'cognito --resume import-a --dry-run good.csv' \
	'cognito --dry-run -' 'cognito --dry-run -o good.csv good.csv' 'cognito --cloud-watch-logs-role-arn x good.csv' \
	"cognito ${role[*]} --job-name a/b good.csv" "cognito ${role[*]} --timeout -1 good.csv"; do
	# shellcheck disable=SC2086 # words
	run 2 push-import $words
	# A long usage text would hide the line that says what is wrong.
	case $words in '' | cognito | google) has err 'usage:' ;; *) lacks err 'usage:' ;; esac
done
wrong() {
	local status=$1 text=$2
	shift 2
	title "refused: $text"
	run "$status" push-import cognito "${role[@]}" --retry-seconds 0 "$@" wrong.csv
	has err "$text"
}
head -c -1 good.csv >wrong.csv;                     wrong 4 'wrong.csv: incomplete: it ends within the row at line 3'
head -n 1 good.csv | head -c -1 >wrong.csv;         wrong 4 'wrong.csv: incomplete: no whole line of headings'
: >wrong.csv;                                       wrong 4 'wrong.csv: incomplete: no whole line of headings'
head -n 2 good.csv >wrong.csv;                      wrong 4 'incomplete: 1 rows, where there should be 2 (--rows)' --rows 2
{ printf '\xef\xbb\xbf'; cat good.csv; } >wrong.csv; wrong 1 'wrong.csv: a byte order mark'
sed 's/cognito:username/username/' good.csv >wrong.csv; wrong 1 'wrong.csv:1: no column cognito:username'
sed 's/,nickname,/,name,/' good.csv >wrong.csv;     wrong 1 'wrong.csv:1: the same heading twice'
sed 's/,nickname,/,,/' good.csv >wrong.csv;         wrong 1 'wrong.csv:1: an empty heading'
{ cat good.csv; echo; } >wrong.csv;                 wrong 1 'wrong.csv:4: a blank line'
{ cat good.csv; echo a,b; } >wrong.csv;             wrong 1 'wrong.csv:4: fewer cells than headings'
{ cat good.csv; user 'x,y'; } >wrong.csv;           wrong 1 'wrong.csv:4: more cells than headings'
{ cat good.csv; user bo; } >wrong.csv;              wrong 1 'wrong.csv:4: the same name as an earlier row'
{ cat good.csv; user ''; } >wrong.csv;              wrong 1 'wrong.csv:4: the cell that names the row is empty'
{ cat good.csv; user 'd i'; } >wrong.csv;           wrong 1 'wrong.csv:4: a user name with a blank in it'
{ cat good.csv; user $'d\xffi'; } >wrong.csv;       wrong 1 'wrong.csv:4: not UTF-8'
{ cat good.csv; user d | tr d '\0'; } >wrong.csv;   wrong 1 'wrong.csv:4: a NUL'
{ cat good.csv; user "$(printf %016000d 0)"; } >wrong.csv; wrong 1 'wrong.csv:4: more characters than the service takes in a row'
truncate -s 100000001 wrong.csv;                    wrong 1 'wrong.csv: more than the 100000000 bytes'
rm wrong.csv;                                       wrong 1 'wrong.csv: cannot open'
mkfifo wrong.csv;                                   wrong 1 'wrong.csv: not a regular file'
title 'the same name in two files'
cp good.csv again.csv
run 1 push-import cognito "${role[@]}" good.csv again.csv
has err 'again.csv:2: the same name as an earlier row'
title 'rows are counted over all files'
file di >di.csv
run 4 push-import cognito "${role[@]}" --rows 2 good.csv di.csv
title 'cuts of a file are refused'
/usr/bin/python3 - >cuts <<'E'
import subprocess
data = open("good.csv", "rb").read()
for k in [*range(0, len(data), 9), *range(len(data) - 20, len(data))]:
    open("cut.csv", "wb").write(data[:k])
    status = subprocess.run(["push-import", "cognito", "--dry-run", "--retry-seconds", "0", "--rows", "2", "cut.csv"],
                            capture_output=True).returncode
    if status != 4:
        print(k, status)
E
empty cuts

# --- on a pool
{ file ana bo; user cy FALSE; user di; } >mixed.csv
file ed 'fi' >fresh.csv
cat >session <<'E'
try() {
	local name=$1 status=0
	shift
	push-import cognito --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs -o "$name.out" "$@" 2>"$name.err" || status=$?
	echo "$name $status"
}
jobs() { ./ask ListUserImportJobs '"MaxResults":60'; }
try dry --dry-run --seal --rows 6 mixed.csv fresh.csv
jobs >none.jobs
try verified --seal --rows 4 --stats stats --verify mixed.csv
try unknown mixed.csv
try fresh -v fresh.csv
try again fresh.csv
{ head -n 1 mixed.csv; sed -n 4p mixed.csv; } >failing.csv
try failing failing.csv
sed 1q mixed.csv >nobody.csv
try nobody nobody.csv
sed 's/custom:tenant/custom:other/' fresh.csv >other.csv
try columns other.csv
sed 's/$/,more/' fresh.csv >more.csv
try more more.csv
jobs >jobs
list-users >users
E
title 'a session'
run 0 serve "${serving[@]}" --log log pool -- bash session
same - out <<'E'
dry 0
verified 3
unknown 3
fresh 0
again 0
failing 3
nobody 0
columns 1
more 1
E
title 'a dry run sends nothing'
same - <(jq -c .UserImportJobs none.jobs) <<<'[]'
title 'and says what is planned'
same - <(results dry.out | head -n 2; jq -c '.["~end"].rows // empty' dry.out) <<'E'
["import-user","ana","planned","",false,"mixed.csv",2,false,null]
["import-user","bo","planned","",false,"mixed.csv",3,false,null]
6
E
title 'what --verify saw of each row'
same - <(results verified.out) <<'E'
["import-user","ana","unchanged","",false,"mixed.csv",2,true,"the user was there before the job began"]
["import-user","bo","done","",false,"mixed.csv",3,true,"the user is there since the job began"]
["import-user","cy","failed","UserNotFoundException",false,"mixed.csv",4,true,"the user is not there after the job; the job's log says why"]
["import-user","di","done","",false,"mixed.csv",5,true,"the user is there since the job began"]
E
same - verified.err <<<'push-import: 1 failed, 0 may have, 0 were not sent; the results say who'
same - <(gojq -c '[.Records,.Jobs,.Done,.Unchanged,.Failed,.Calls.AdminGetUser]' stats) <<<'[4,1,2,1,1,4]'
title 'without it nothing is claimed that the counts do not say'
same - <(results unknown.out | cut -d, -f3,4,5,8- | sort -u) <<'E'
"unknown","",false,true,"of 4 rows 0 were imported, 3 skipped since the user was there, and 1 failed; the job's log says which, or --verify"]
E
title 'counts that leave no doubt'
same - <(for f in fresh again failing nobody; do results $f.out; done | cut -d, -f2-5,9) <<'E'
"ed","done","",false,null]
"fi","done","",false,null]
"ed","unchanged","",false,"the user was there before"]
"fi","unchanged","",false,"the user was there before"]
"cy","failed","ImportFailed",false,"the job's log says why"]
E
has columns.err 'other.csv: no column custom:tenant, and the pool'
has more.err 'more.csv: 23 columns, 1 more than the pool'
title 'a job for each file that was sent, by the digest of the file'
same <(for f in failing fresh fresh mixed mixed; do echo "push-import-$(sha256sum <$f.csv | cut -c1-16)"; done) <(gojq -r '.UserImportJobs[].JobName' jobs)
title 'all of them wait for a password'
same - <(gojq -r '[.Username,.UserStatus] | join(" ")' users) <<'E'
ana CONFIRMED
bo RESET_REQUIRED
di RESET_REQUIRED
ed RESET_REQUIRED
fi RESET_REQUIRED
E
title 'nobody was sent anything'
same - <(jq -s 'map(.Messages // 0) | add' log) <<<0
title 'the URL of a file stands nowhere'
! grep -rlE 'X-Amz-(Signature|Date)' . --include='*.err' --include='*.out' --include=stats --include=err --include=out >urls
empty urls

# --- faults: a start that is carried out and not answered is found, and none is started twice
cat >started <<'E'
./ask ListUserImportJobs '"MaxResults":60' | gojq -r '.UserImportJobs | map(.Status) | sort | join(" ")' >>statuses
list-users | gojq -r .Username | sort | paste -sd' ' >>statuses
E
# lossy TITLE STATUS RULES WANTED: the results of fresh.csv behind the proxy, the jobs that there are then, and the users.
lossy() {
	: >statuses
	rm -f lossy.out
	title "$1"
	# shellcheck disable=SC2086 # rules
	run "$2" serve "${serving[@]}" pool -- sh -c '"$@"; s=$?; sh started; exit $s' - "$HELPERS/lose-answers.py" $3 -- push-import cognito \
		"${role[@]}" --retry-seconds 3 -o lossy.out fresh.csv
	title "$1: what is there"
	same - <({ [ ! -e lossy.out ] || results lossy.out | cut -d, -f2,3; } | paste -sd' '; cat statuses) <<<"$4"
}
lossy 'a start whose answer is lost' 0 StartUserImportJob:lost@1 '"ed","done" "fi","done"
Succeeded
ana ed fi'
lossy 'one that the service fails to answer' 0 StartUserImportJob:500@1 '"ed","done" "fi","done"
Succeeded
ana ed fi'
lossy 'a job that is made twice' 0 CreateUserImportJob:lost@1 '"ed","done" "fi","done"
Created Succeeded
ana ed fi'
lossy 'answers about the job that are lost' 0 'DescribeUserImportJob:lost@2 ListUserImportJobs:500@1 GetCSVHeader:TooManyRequestsException@1' \
	'"ed","done" "fi","done"
Succeeded
ana ed fi'
lossy 'a file whose answer is lost' 0 'PutObject:lost@1 PutObject:500@2' '"ed","done" "fi","done"
Succeeded
ana ed fi'
lossy 'a start that the service does not take' 75 StartUserImportJob:PreconditionNotMetException '
Created
ana'
has err 'StartUserImportJob: PreconditionNotMetException: planted'
lossy 'a job that may not be made' 1 CreateUserImportJob:AccessDeniedException '

ana'
has err 'the role needs cognito-idp:CreateUserImportJob on this pool'
lossy 'too many jobs' 1 CreateUserImportJob:LimitExceededException '

ana'
lossy 'a file that S3 refuses' 1 PutObject:AccessDenied '
Created
ana'
has err 'fresh.csv: upload: HTTP 400'
lossy 'a redirection is not followed' 1 PutObject:redirect '
Created
ana'
has err 'fresh.csv: upload: HTTP 307 TemporaryRedirect'
lossy 'a URL that was too old' 75 PutObject:expired '
Created
ana'
has err 'the URL was too old'
lossy 'a job that is not seen to be started yet' 0 DescribeUserImportJob:swap-Pending-Created@1 '"ed","done" "fi","done"
Succeeded
ana ed fi'
lossy 'counts that contradict each other' 3 'DescribeUserImportJob:swap-"SkippedUsers":0-"SkippedUsers":1' '"ed","unknown" "fi","unknown"
Succeeded
ana ed fi'
lossy 'a start that is answered with another job' 1 StartUserImportJob:swap-import-export '
Pending
ana ed fi'
has err 'StartUserImportJob: the answer is about another job'
lossy 'killed before the start' 137 StartUserImportJob:kill '
Created
ana'
lossy 'a job that cannot be asked about' 75 DescribeUserImportJob:lost '
Succeeded
ana ed fi'
has err 'was started; --resume import-'

# --- killed behind the start, and run again: it is the same job
cat >killed <<'E'
push() { push-import cognito --cloud-watch-logs-role-arn arn:aws:iam::123456789012:role/logs --retry-seconds 3 "$@"; }
"$HELPERS/lose-answers.py" StartUserImportJob:kill-after -- push-import cognito --cloud-watch-logs-role-arn \
	arn:aws:iam::123456789012:role/logs fresh.csv
echo "killed $?"
push -v -o killed.out fresh.csv 2>killed.err
echo "again $?"
sh started
push --timeout 0 -o timeout.out mixed.csv 2>timeout.err
echo "timeout $?"
push -o other.out fresh.csv 2>other.err
echo "another is running $?"
id=$(sed -n 's/.*--resume \(import-[0-9a-f]*\) .*/\1/p' timeout.err)
push --resume "$id" fresh.csv 2>wrong.err
echo "for another file $?"
push --resume "$id" --verify -o resumed.out mixed.csv 2>resumed.err
echo "resumed $?"
"$HELPERS/lose-answers.py" StartUserImportJob:kill-after -- push-import cognito --cloud-watch-logs-role-arn \
	arn:aws:iam::123456789012:role/logs failing.csv
id=$(./ask ListUserImportJobs '"MaxResults":1' | gojq -r '.UserImportJobs[0].JobId')
./ask StopUserImportJob "\"JobId\":\"$id\"" >stop.out
push -o stopped.out gu.csv failing.csv 2>stopped.err
echo "stopped $?"
"$HELPERS/lose-answers.py" StartUserImportJob:kill-after -- push-import cognito --cloud-watch-logs-role-arn \
	arn:aws:iam::123456789012:role/logs gu.csv
id=$(./ask ListUserImportJobs '"MaxResults":1' | gojq -r '.UserImportJobs[0].JobId')
./ask DescribeUserImportJob "\"JobId\":\"$id\"" >half.out
./ask StopUserImportJob "\"JobId\":\"$id\"" >stop.out
push -o late.out gu.csv 2>late.err
echo "stopped too late $?"
id=$(./ask CreateUserImportJob "\"JobName\":\"x-$(sha256sum <gu.csv | cut -c1-16)\",\"CloudWatchLogsRoleArn\":\"arn:aws:iam::123456789012:role/logs\"" |
	gojq -r .UserImportJob.JobId)
push --resume "$id" gu.csv 2>never.err
echo "never started $?"
push --resume import-none gu.csv 2>none.err
echo "no such job $?"
E
file gu >gu.csv
: >statuses
export HELPERS
title 'coming back'
run 0 serve "${serving[@]}" pool -- sh killed
same - out <<'E'
killed 137
again 0
timeout 75
another is running 75
for another file 1
resumed 3
stopped 3
stopped too late 3
never started 1
no such job 1
E
same - statuses <<'E'
Succeeded
ana ed fi
E
has killed.err 'is Pending already'
has timeout.err 'is still Pending (--timeout); --resume import-'
has other.err 'the service runs one at a time; try again when it is done'
has wrong.err 'that job was not made for this file: its name, push-import-'
has never.err 'that job was never started'
has none.err 'DescribeUserImportJob: ResourceNotFoundException'
has late.err 'gu.csv: import job import-'
has late.err 'ended as Stopped: StoppedByRequest'
title 'a job that was stopped behind its last row'
same - <(results late.out | cut -d, -f2-5) <<'E'
"gu","done","",false
E
has stopped.err 'ended as Stopped: StoppedByRequest'
title 'what came back'
same - <(results resumed.out | cut -d, -f2-5; results stopped.out | cut -d, -f2-6,8-) <<'E'
"ana","unchanged","",false
"bo","done","",false
"cy","failed","UserNotFoundException",false
"di","done","",false
"cy","failed","Stopped",true,"failing.csv",true,"the job took in no row"]
"gu","skipped","",true,"gu.csv",false,"the job before did not end well"]
E
[ ! -e timeout.out ] && [ ! -e other.out ]
verdict $? 'what did not end well leaves no file'

# --- permissions; more questions than fit in one batch
title 'without a permission'
run 1 serve --allow reads pool -- push-import cognito "${role[@]}" fresh.csv
has err 'GetCSVHeader: AccessDeniedException'
{ echo "$header"; for i in {1..40}; do user "u$i" "$([ $((i % 3)) -eq 0 ] && echo FALSE || echo TRUE)"; done; } >many.csv
title 'a job that does not say when it began proves nothing'
run 3 serve --allow all pool -- "$HELPERS/lose-answers.py" DescribeUserImportJob:swap-StartDate-Other -- push-import cognito \
	"${role[@]}" --verify mixed.csv
same <(printf '%s\n' ana,unknown bo,unknown cy,failed di,unknown) <(gojq -r '"\(.Key),\(.Result)"' out)
title 'many rows, verified'
run 3 serve --allow all pool -- push-import cognito "${role[@]}" --verify many.csv
same <(for i in {1..40}; do echo "u$i $((i + 1)) $([ $((i % 3)) -eq 0 ] && echo failed || echo 'done')"; done) \
	<(gojq -r '"\(.Key) \(.Line) \(.Result)"' out)
finish
