#!/usr/bin/env bash
# Not for sanitizers.
# copy-pool: from one server to another, with keys of their own and with a role, killed and repeated; what
# arrives differs in what was listed.
# shellcheck disable=SC2016 # what stands in single quotes is for other shells
. "$(dirname "$0")/lib.sh"
planted=(source.env)

title 'usage and SYNOPSIS agree'
copy-pool --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/copy-pool.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 copy-pool -d x
run 2 copy-pool -d x --source-user-pool-id ''
run 2 copy-pool -d x --source-user-pool-id eu-west-1_Old operand
run 2 copy-pool -d x --source-user-pool-id eu-west-1_Old --source-external-id y

make-pool -n 45 --user-pool-id eu-west-1_Old >pool
: >nobody
# Within a server of the source, whose keys may do nothing but assume a role; its own keys are others.
cat >both <<'E'
cat >"$HOME/credentials" <<K
[base]
aws_access_key_id = $AWS_ACCESS_KEY_ID
aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
K
export SOURCE=$AWS_ENDPOINT_URL ROLE=$SERVE_POOL_ROLE_ARN EXTERNAL_ID=$SERVE_POOL_EXTERNAL_ID
assume-role --role-arn "$ROLE" --external-id "$EXTERNAL_ID" -- bash look was
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL AWS_REGION COGNITO_USER_POOL_ID
export AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE AWS_SECRET_ACCESS_KEY=je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
exec serve-pool --keys-from-environment --allow all --user-pool-id eu-central-1_New --region eu-central-1 \
	--description pool.json --log new.log nobody -- bash "$@"
E
# What the page shows first, with the profiles that it speaks of.
awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Ed/ && on { exit } on && text { print } /^\.Bd/ && on { text = 1 }' \
	"$TOP/man/copy-pool.1" >example
title 'the page has an example'
ok grep -q apply example
cat >look <<'E'
list-groups -o g && expand-members g -o m && list-users | expand-members --members m -o u && cat u g >"$1"
E
jq -n '{Name: "new", SchemaAttributes: [{Name: "custom:tenant", AttributeDataType: "String", Mutable: true,
	StringAttributeConstraints: {MinLength: "0", MaxLength: "2048"}}]}' >pool.json
export AWS_SHARED_CREDENTIALS_FILE=$HOME/credentials
planted+=(home/credentials home/config)
cat >go <<'E'
target=$AWS_ENDPOINT_URL
unset AWS_ENDPOINT_URL
export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=$target AWS_ENDPOINT_URL_STS=$SOURCE
cat >>"$HOME/config" <<K
[profile old]
role_arn = $ROLE
external_id = $EXTERNAL_ID
source_profile = base
endpoint_url = $SOURCE
[profile new]
aws_access_key_id = $AWS_ACCESS_KEY_ID
aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
endpoint_url = $target
K
copy="copy-pool -d copy --source-user-pool-id eu-west-1_Old --source-endpoint-url $SOURCE --source-profile base
	--source-role-arn $ROLE --source-external-id $EXTERNAL_ID"
$copy >dry; echo $?
$copy --source-user-pool-id eu-central-1_New --source-role-arn '' ; echo $?
copy-pool -d copy --source-user-pool-id eu-central-1_New --source-region eu-central-1 2>same; echo $?
echo "$(list-users | wc -l) $(ls copy | tr '\n' ' ')"
setsid bash -c 'echo $$ >pid; export PIDS=$PWD/pid PATH=$PWD/shim:$PATH; exec "$@"' - $copy --apply >/dev/null 2>&1; echo $?
{ ls copy/pending.ndjson; list-users | wc -l; } >half
rm -f shim/*
env -u AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER AWS_CONFIG_FILE="$HOME/config" bash example >all 2>all.err; echo $?
$copy --apply >again; echo $?
bash look is
E
mkdir shim
cat >shim/apply-cognito <<E
#!/bin/bash
[[ " \$* " != *' --dry-run '* ]] || exec $BIN/apply-cognito "\$@"
strace -f -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=KILL:when=50 $BIN/apply-cognito "\$@"
kill -9 \$(<\$PIDS); kill -9 \$PPID 2>/dev/null
E
chmod +x shim/apply-cognito
title 'a dry run, one pool for both, a kill in the middle, all of it, nothing to do'
run 0 serve --require-role --allow reads,DescribeUserPool --user-pool-id eu-west-1_Old --region eu-west-1 \
	--log old.log pool -- bash both go
same - out <<'E'
3
2
2
0 held.ndjson left.ndjson losses.ndjson plan.ndjson unreachable.ndjson 
137
3
3
E
title 'the dry run told what is lost, and how to go on'
has dry 'password of all users'
has dry 'with --apply'
title 'source and target must be two'
has same 'source and target are one pool'
title 'it was killed in the middle'
ok grep -qx copy/pending.ndjson half
ok test "$(tail -n 1 half)" -gt 0
title 'all that is listed differs, and nothing else'
run 0 "$TOP/tests/helpers/compare-pools.py" copy/losses.ndjson was is
title 'the second run found nothing to do'
has again '  nothing'
title 'the source was only read'
ok test -z "$(jq -r .Operation old.log | grep -vE '^(List|Describe|AssumeRole|GetCallerIdentity)')"
title 'no message was sent'
ok test -z "$(jq 'select((.Messages // 0) > 0)' new.log)"
title 'nothing is left of the source but what the pages say'
ok test "$(find copy -type f | sort | tr '\n' ' ')" = 'copy/held.ndjson copy/ledger.ndjson copy/left.ndjson copy/losses.ndjson copy/plan.ndjson copy/results.ndjson copy/unreachable.ndjson '
finish
