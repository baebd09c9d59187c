#!/usr/bin/env bash
# assume-role(1) with MFA, the code from a descriptor and from the person at the terminal, and chains
# of roles.
# shellcheck disable=SC2016 # what stands in single quotes is for CMD's shell
. "$(dirname "$0")/lib.sh"
planted=(config)

role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
via=arn:aws:iam::123456789012:role/hub
external=cognito-integration
caller=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
device=arn:aws:iam::123456789012:mfa/ana
printf '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}\n' >pool.ndjson
with_mfa=(serve --require-role --mfa "$device=271828,314159,161803" --log log pool.ndjson --)
as_role=(assume-role --role-arn "$role" --external-id "$external")
terminal=$TOP/tests/helpers/terminal.py
codes='271828|314159|161803|141421'
# No code may be seen anywhere.
printf '%s\n' 271828 314159 161803 141421 >canaries

assumed() { grep -c '"AssumeRole"' log; }

title 'without a code'
run 1 "${with_mfa[@]}" "${as_role[@]}" -- touch ran
has err 'AssumeRole: AccessDenied: '
title 'the code from a descriptor'
run 0 "${with_mfa[@]}" bash -c "echo 271828 | ${as_role[*]} --serial-number $device --token-code-fd 3 -- list-users 3<&0 </dev/null"
has out '{"Username":"ana"'
title 'a here-document will do'
run 0 "${with_mfa[@]}" bash -c "${as_role[*]} --serial-number $device --token-code-fd 3 --format process --allow-insecure-output 3<<<314159"
has out '"AccessKeyId"'
title 'what stands behind it is not taken'
run 0 "${with_mfa[@]}" bash -c "{ ${as_role[*]} --serial-number $device --token-code-fd 3 -- true 3<&0 </dev/null; cat; }" <<'X'
271828
the rest
X
for static in '' --static; do
	title "the command does not get the descriptor $static"
	run 0 "${with_mfa[@]}" bash -c "${as_role[*]} --serial-number $device --token-code-fd 3 $static -- \
		bash -c '! { : <&3; } 2>/dev/null' 3<<<271828"
done
title 'nor the code'
run 0 "${with_mfa[@]}" bash -c "${as_role[*]} --serial-number $device --token-code-fd 3 -v -v -- \
	sh -c 'tr \"\\0\" \"\\n\" </proc/self/environ; tr \"\\0\" \"\\n\" </proc/\$PPID/cmdline' 3<<<271828"
ok bash -c "! grep -qE '$codes' out err"
title 'a code that was used'
run 1 "${with_mfa[@]}" bash -c "${as_role[*]} --serial-number $device --token-code-fd 3 -- true 3<<<271828 &&
	${as_role[*]} --serial-number $device --token-code-fd 3 -- touch ran 3<<<271828"
has err 'invalid MFA one time pass code'
ok test ! -e ran

# bad TEXT ARGUMENTS: a usage error; nothing is asked of STS.
bad() {
	title "$1: $2"
	rm -f log
	run 2 "${with_mfa[@]}" bash -c "${as_role[*]} --serial-number $device --token-code-fd $2"
	has err "$1"
	ok test ! -s log
	ok bash -c "! grep -qE '$codes' err"
}
bad '--token-code-fd: 0: too small' '0 -- true'
bad '--token-code-fd: 2: too small' '2 -- true'
bad '--token-code-fd: ' '9 -- true'
bad '--token-code-fd: empty' '3 -- true 3</dev/null'
bad '--token-code-fd: not a code of six digits' '3 -- true 3<<<27182'
bad '--token-code-fd: not a code of six digits' '3 -- true 3<<<abcdef'
bad '--token-code-fd: longer' '3 -- true 3<<<2718282718281828459045'
bad '--token-code-fd: ' '3 -- true 3>file'

# The person at the terminal.
title 'the code is asked for'
run 0 "${with_mfa[@]}" "$terminal" "expect=MFA code for $device: " send=271828^M -- \
	sh -c "${as_role[*]} --serial-number $device -- list-users >users"
has users '{"Username":"ana"'
title 'and not shown'
lacks out 271828
title 'at the terminal, wherever the records go'
run 0 "${with_mfa[@]}" "$terminal" "expect=MFA code for $device: " send=271828^M -- \
	sh -c "echo record | ${as_role[*]} --serial-number $device -- cat >records 2>errors"
same - records <<'X'
record
X
empty errors
title 'a wrong one may be corrected'
run 0 "${with_mfa[@]}" "$terminal" expect='MFA code' send=141421^M expect='refused' expect='MFA code' send=12^M \
	expect='not six digits' expect='MFA code' send=271828^M -- sh -c "${as_role[*]} --serial-number $device -- true"
ok bash -c "! grep -qE '$codes' out"
title 'not for ever'
run 1 "${with_mfa[@]}" "$terminal" expect='MFA code' send=12^M expect='MFA code' send=12^M expect='MFA code' \
	send=12^M -- "${as_role[@]}" --serial-number $device -- touch ran
ok test ! -e ran
title 'Ctrl-C at the question'
run 130 "${with_mfa[@]}" "$terminal" expect='MFA code' send=^C -- \
	sh -c "trap '' TTOU; ${as_role[*]} --serial-number $device -- touch ran; s=\$?; stty -a >modes; exit \$s"
ok test ! -e ran
title 'the end of file'
run 1 "${with_mfa[@]}" "$terminal" expect='MFA code' send=^D -- "${as_role[@]}" --serial-number $device -- touch ran
ok test ! -e ran
title 'no terminal'
run 1 setsid -w serve-pool --mfa $device=271828 pool.ndjson -- "${as_role[@]}" --serial-number $device -- touch ran
has err 'AssumeRole: an MFA code is needed: '
ok test ! -e ran
title 'a profile with mfa_serial asks as well'
cat >config <<X
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = $caller
[profile reader]
source_profile = base
role_arn = $role
external_id = $external
mfa_serial = $device
[profile hub]
source_profile = base
role_arn = $via
[profile reader-via-hub]
source_profile = hub
role_arn = $role
external_id = $external
X
run 0 "${with_mfa[@]}" "$terminal" expect='MFA code' send=271828^M -- env AWS_CONFIG_FILE=config \
	assume-role --profile reader -- list-users
has out '"Username":"ana"'

title 'once for a whole pipeline, where the commands of one would each ask'
run 0 "${with_mfa[@]}" "$terminal" expect='MFA code' send=271828^M -- env AWS_CONFIG_FILE=config \
	assume-role --profile reader -- sh -c 'list-users --seal | through --seal cat >rows'
has rows '"Username":"ana"'
title 'one after the other'
run 0 "${with_mfa[@]}" "$terminal" expect='MFA code' send=271828^M expect='MFA code' send=314159^M -- \
	env AWS_CONFIG_FILE=config sh -c 'list-users --profile reader | expand-members --by user --profile reader >rows'
has rows '"Username":"ana"'
lacks out 314159

# Renewal with MFA: the person is asked again, and the command waits.
title 'a command that outlives the session'
rm -f log
run 0 serve --require-role --session-seconds 2 --mfa $device=271828,314159 --log log pool.ndjson -- \
	"$terminal" expect='MFA code' send=271828^M expect='first done' expect='MFA code' send=314159^M expect='second done' -- \
	"${as_role[@]}" --serial-number $device -- sh -c 'list-users >/dev/null; echo first done; sleep 3; list-users >users && echo second done'
has users '{"Username":"ana"'
ok test "$(assumed)" -eq 2
lacks out 314159
title 'which ends without waiting for an answer'
run 6 serve --require-role --session-seconds 1 --mfa $device=271828 pool.ndjson -- \
	"$terminal" expect='MFA code' send=271828^M expect='first done' expect='MFA code' -- \
	sh -c "${as_role[*]}"' --serial-number '$device' -- sh -c "echo first done; sleep 2; list-users >/dev/null 2>&1 & sleep 4; kill \$! ; exit 6"
		s=$?; stty -a >modes; exit $s'
title 'with the echo restored'
ok grep -Eq '(^| )echo( |$)' modes

# Chains.
chain=(serve --require-role --via-role-arn "$via" --log log pool.ndjson --)
title 'the user may not assume the last role'
run 1 "${chain[@]}" "${as_role[@]}" -- touch ran
ok test ! -e ran
title 'a profile of the first role asks for the second'
run 0 "${chain[@]}" env -u AWS_ACCESS_KEY_ID AWS_CONFIG_FILE=config assume-role -v --profile hub --role-arn $role \
	--external-id $external -- list-users
has out '{"Username":"ana"'
has err hub
title 'a chain of profiles'
run 0 "${chain[@]}" env -u AWS_ACCESS_KEY_ID AWS_CONFIG_FILE=config assume-role --profile reader-via-hub -- list-users
has out '{"Username":"ana"'
title 'one assume-role under another'
run 0 "${chain[@]}" assume-role --role-arn $via -- "${as_role[@]}" -- list-users
has out '{"Username":"ana"'
title 'and with --static, or eval'
run 0 "${chain[@]}" assume-role --role-arn $via --static -- "${as_role[@]}" --static -- list-users
run 0 "${chain[@]}" bash -c 'eval "$(assume-role --role-arn '$via' --format env)" && '"${as_role[*]}"' -- list-users'
title 'a chained session lasts an hour at most'
run 1 "${chain[@]}" env -u AWS_ACCESS_KEY_ID AWS_CONFIG_FILE=config assume-role --profile hub --role-arn $role \
	--external-id $external --duration-seconds 7200 -- touch ran
has err '1 hour session limit for roles assumed by role chaining'
title 'both links are renewed'
make-pool -n 1500 >many.ndjson
run 0 serve many.ndjson -- list-users -o whole
rm -f log
run 0 serve --require-role --via-role-arn $via --session-seconds 2 --latency 250 --log log many.ndjson -- \
	env -u AWS_ACCESS_KEY_ID AWS_CONFIG_FILE=config assume-role --profile hub --role-arn $role \
	--external-id $external -- list-users -o users
same whole users
ok test "$(assumed)" -ge 6
title 'a chain whose first link needs a code'
run 0 serve --require-role --via-role-arn $via --mfa $device=271828 pool.ndjson -- bash -c \
	"assume-role --role-arn $via --serial-number $device --token-code-fd 3 -- ${as_role[*]} -- list-users 3<<<271828"
has out '{"Username":"ana"'

finish
