#!/usr/bin/env bash
# Profile files by the dozen: what the provider chain makes of them, held against what Debian's
# botocore makes of the same files.
#
#   profile TITLE WANT [NAME=VALUE | -NAME | OPTION]... <FILES
#
# FILES is the config file, a line "---", the credentials file.  In them "@NAME" stands for static
# keys with the id AKIANAME, "@user" for those that the served STS knows, "@role" for a role of
# it with its external ID, "@arn" for the role alone, @T@ for the directory.  Variables are set or
# (-NAME) unset, the rest are options of the command.  WANT is
#
#   PROVIDER:ID            this provider, by botocore's name for it, gives these keys
#   PROVIDER               the same, with the keys of a new session; get= in front: not asked
#   refused: TEXT          status 2 and one line with TEXT
#   failed: TEXT           status 1 and a line with TEXT: STS said no, or the process did
#
# botocore must come to the same, or refuse, too.  differs=REASON in front: it must not; REASON says
# what it does.  alone=REASON: it is not asked, because it does not have the key.
. "$(dirname "$0")/lib.sh"
planted=('cases/*' container/user give-user served served-via session.config)

role=arn:aws:iam::123456789012:role/cognitoApiAccessRole
via=arn:aws:iam::123456789012:role/via
printf '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}\n' >pool
printf 'token-of-the-pod' >token
printf 'canary\n' >canaries
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
serve-pool --web-identity-token-file "$T/token" pool >served 2>served.err &
servers+=($!)
serve-pool --via-role-arn $via pool >served-via 2>served-via.err &
servers+=($!)
mkdir container
printf '{"AccessKeyId":"AKIACONTAINER","SecretAccessKey":"canaryC","Token":"canaryT","Expiration":"2099-01-01T00:00:00Z"}' >container/keys
/usr/bin/python3 -u -m http.server 0 --bind 127.0.0.1 --directory container >container.out 2>&1 &
servers+=($!)
for ((i = 0; i < 600; i++)); do
	grep -q AWS_ENDPOINT_URL served && grep -q AWS_ENDPOINT_URL served-via && grep -q ' port ' container.out && break
	sleep 0.05
done
endpoint() { sed -n "s/.*AWS_ENDPOINT_URL='\{0,1\}\(http[^' ;]*\).*/\1/p" "$1"; }
sts=$(endpoint served) sts_via=$(endpoint served-via)
container=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\).*/\1/p' container.out)
title 'the servers are there'
ok test -n "$sts" -a -n "$sts_via" -a "$container" != http://127.0.0.1:

cat >give <<'X'
#!/bin/sh
[ $# -eq 1 ] && printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"canaryP"}' "$1"
X
cat >give-user <<'X'
#!/bin/sh
printf '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}'
X
chmod +x give give-user

# write DIRECTORY: the case's files from stdin.
write() {
	sed -e "s|@T@|$T|g" -e "s|^@role\$|role_arn = $role\nexternal_id = cognito-integration|" \
		-e "s|^@arn\$|role_arn = $role|" -e "s|^@via\$|role_arn = $via|" \
		-e 's|^@user$|aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|' \
		-e 's|^@\([A-Z0-9]*\)$|aws_access_key_id = AKIA\1\naws_secret_access_key = canary\1|' |
		awk -v d="$1" 'BEGIN { f = "/config"; RS = ORS = "\n" }
			$0 == "---" { f = "/credentials"; next } { print >(d f) }'
	touch "$1/config" "$1/credentials"
}

# provider: botocore's name for our source, from ./out.
provider() {
	case $(sed -n 's/.*"Source":"\(\([^"\\]\|\\.\)*\)".*/\1/p' out) in
	environment*) echo env ;;
	*/credentials:*': static keys') echo shared-credentials-file ;;
	*': static keys') echo config-file ;;
	*': credential_process') echo custom-process ;;
	*': web identity, role '* | 'web identity token') echo assume-role-with-web-identity ;;
	*': role '*) echo assume-role ;;
	container*) echo container-role ;;
	*) echo unknown ;;
	esac
}

cases=0 titles=() notes=() ours=()
base=(PATH="$PATH" HOME="$HOME" LC_ALL=C TZ=UTC AWS_EC2_METADATA_DISABLED=true
	AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL_STS="$sts")

profile() {
	local name=$1 want=$2 dir=$T/cases/$cases word status=0 got text=${2#*: } key options=()
	shift 2
	mkdir -p "$dir"
	write "$dir"
	local -A environment=([AWS_CONFIG_FILE]=$dir/config [AWS_SHARED_CREDENTIALS_FILE]=$dir/credentials)
	for word in "${base[@]}" "$@"; do
		case $word in
		-[A-Z]*) unset "environment[${word#-}]" ;;
		[A-Z]*=*) environment[${word%%=*}]=${word#*=} ;;
		*) options+=("$word") ;;
		esac
	done
	for word in "${!environment[@]}"; do printf '%s=%s\0' "$word" "${environment[$word]}"; done >"$dir/env"
	[ -n "${get+set}" ] || options+=(--get)
	printf '%s\n' "${options[@]}" >"$dir/options"
	mapfile -d '' word <"$dir/env"
	env -i "${word[@]}" resolve --retry-seconds 0 "${options[@]}" >out 2>err </dev/null || status=$?
	key=$(sed -n 's/.*"AccessKeyId":"\([^"]*\)".*/\1/p' out)
	case $key in ASIA* | '') key= ;; *) key=:$key ;; esac
	got=$(provider)$key
	title "$name"
	case $want in
	refused:*) [ $status -eq 2 ] && grep -qF -e "$text" err && [ "$(wc -l <err)" -eq 1 ] ;;
	failed:*) [ $status -eq 1 ] && grep -qF -e "$text" err ;;
	*) [ $status -eq 0 ] && [ "$got" = "$want" ] && [ ! -s err ] ;;
	esac
	verdict $? '' || { echo "# status $status, $got; wanted $want" >&2; show err; }
	if leaks err || leaks out; then title "$name: no secret"; verdict 1 ''; fi
	[ $status -eq 0 ] || got=refused
	titles+=("$name")
	notes+=("${alone+alone}${differs+differs}")
	ours+=("$got	$(sed -n 's/.*"Region":"\([^"]*\)".*"Endpoint":"\([^"]*\)".*/\1	\2/p' out)")
	cases=$((cases + 1))
}

# Which keys.
profile 'nothing at all' 'refused: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (' </dev/null
profile 'keys in the credentials file' shared-credentials-file:AKIAONE <<'X'
---
[default]
@ONE
X
profile 'with a session token' shared-credentials-file:AKIAONE <<'X'
---
[default]
@ONE
aws_session_token = canaryT==
X
profile 'keys in the config file' config-file:AKIAONE <<'X'
[default]
@ONE
X
profile 'both: the credentials file wins' shared-credentials-file:AKIATWO <<'X'
[default]
@ONE
---
[default]
@TWO
X
profile '--profile, in the credentials file' shared-credentials-file:AKIATWO --profile x <<'X'
---
[default]
@ONE
[x]
@TWO
X
profile '--profile, in the config file' config-file:AKIATWO --profile x <<'X'
[default]
@ONE
[profile x]
@TWO
X
profile '[x] of the config file is no profile' 'refused: --profile: there is no profile "x" in ' --profile x <<'X'
[x]
@ONE
X
has err 'config or '
has err 'credentials'
profile '[profile x] of the credentials file is not x' 'refused: there is no profile "x"' --profile x <<'X'
---
[profile x]
@ONE
X
profile 'AWS_PROFILE' shared-credentials-file:AKIATWO AWS_PROFILE=x <<'X'
---
[default]
@ONE
[x]
@TWO
X
profile '--profile beside AWS_PROFILE' shared-credentials-file:AKIAONE AWS_PROFILE=x --profile y <<'X'
---
[x]
@TWO
[y]
@ONE
X
profile 'AWS_DEFAULT_PROFILE' shared-credentials-file:AKIATWO AWS_DEFAULT_PROFILE=x <<'X'
---
[default]
@ONE
[x]
@TWO
X
differs='takes AWS_DEFAULT_PROFILE' \
profile 'AWS_PROFILE beside AWS_DEFAULT_PROFILE' shared-credentials-file:AKIATWO AWS_PROFILE=x AWS_DEFAULT_PROFILE=y <<'X'
---
[x]
@TWO
[y]
@ONE
X
profile '--profile that is nowhere' 'refused: --profile: there is no profile "z" in ' --profile z <<'X'
[default]
@ONE
X
profile 'AWS_PROFILE that is nowhere' 'refused: AWS_PROFILE: there is no profile "z" in ' AWS_PROFILE=z </dev/null
keys=(AWS_ACCESS_KEY_ID=AKIAENV AWS_SECRET_ACCESS_KEY=canaryE)
user=(AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY)
profile 'AWS_PROFILE that is nowhere, beside keys' 'refused: AWS_PROFILE: there is no profile' AWS_PROFILE=z "${keys[@]}" </dev/null
profile 'a profile is no other one'\''s default' 'refused: no credentials: profile "x" (--profile) has none' --profile x <<'X'
[default]
@ONE
[profile x]
region = eu-west-1
X
profile 'keys in the environment' env:AKIAENV "${keys[@]}" AWS_SESSION_TOKEN=canaryT <<'X'
[default]
@ONE
X
has out '"Source":"environment"'
profile 'keys in the environment beside AWS_PROFILE' env:AKIAENV AWS_PROFILE=x "${keys[@]}" <<'X'
[profile x]
@ONE
X
has out '"Source":"environment (AWS_PROFILE is set, too: the keys win)"'
profile 'keys in the environment beside --profile' config-file:AKIAONE "${keys[@]}" --profile x <<'X'
[profile x]
@ONE
X
profile 'half of a pair in the environment' 'refused: no credentials: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not' AWS_ACCESS_KEY_ID=AKIAENV <<'X'
[default]
@ONE
X
differs='does not look at the other half' \
profile 'the other half' 'refused: no credentials: AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not' AWS_SECRET_ACCESS_KEY=canaryE <<'X'
[default]
@ONE
X
profile 'half of a pair' 'refused: credentials:2: aws_access_key_id: there is no aws_secret_access_key beside it' <<'X'
---
[default]
aws_access_key_id = AKIAONE
X
profile 'half of a pair in each file' 'refused: aws_access_key_id: there is no aws_secret_access_key beside it' <<'X'
[default]
aws_secret_access_key = canary
---
[default]
aws_access_key_id = AKIAONE
X
differs='takes the whole pair of the other file' \
profile 'half of a pair before a whole one' 'refused: credentials:2: aws_secret_access_key: there is no aws_access_key_id' <<'X'
[default]
@ONE
---
[default]
aws_secret_access_key = canary
X
differs='gives out the empty key' \
profile 'an empty key id' 'refused: credentials:2: aws_access_key_id: empty' <<'X'
---
[default]
aws_access_key_id =
aws_secret_access_key = canary
X
differs='gives out the empty key' \
profile 'an empty secret key' 'refused: credentials:3: aws_secret_access_key: empty' <<'X'
---
[default]
aws_access_key_id = AKIAONE
aws_secret_access_key =
X
differs='gives out the quotes' \
profile 'quotes round a key' 'refused: credentials:2: aws_access_key_id: holds a character' <<'X'
---
[default]
aws_access_key_id = "AKIAONE"
aws_secret_access_key = canary
X
differs='gives out the comment' \
profile 'a comment behind a key is part of it' 'refused: credentials:3: aws_secret_access_key: holds a character' <<'X'
---
[default]
aws_access_key_id = AKIAONE
aws_secret_access_key = canary # mine
X
differs='gives out two lines' \
profile 'a key of two lines' 'refused: credentials:3: aws_secret_access_key: holds a character' <<'X'
---
[default]
aws_access_key_id = AKIAONE
aws_secret_access_key = canary
   more
X
profile '[profile default]' config-file:AKIAONE <<'X'
[profile default]
@ONE
X
profile '[profile default] behind [default]' config-file:AKIATWO <<'X'
[default]
@ONE
[profile default]
@TWO
X
differs='takes the last of them' \
profile '[profile default] before [default]' config-file:AKIATWO <<'X'
[profile default]
@TWO
[default]
@ONE
X
profile '[profile default] leaves nothing of [default]' 'refused: no credentials' <<'X'
[default]
@ONE
[profile default]
region = eu-west-1
X

# The format.
profile 'CRLF' shared-credentials-file:AKIAONE < <(printf -- '---\n[default]\r\naws_access_key_id = AKIAONE\r\naws_secret_access_key = canary\r\n')
profile 'CR' shared-credentials-file:AKIAONE < <(printf -- '---\n[default]\raws_access_key_id = AKIAONE\raws_secret_access_key = canary')
profile 'no line end at the end' shared-credentials-file:AKIAONE < <(printf -- '---\n[default]\naws_access_key_id = AKIAONE\naws_secret_access_key = canary')
differs='refuses the file' \
profile 'a byte order mark' shared-credentials-file:AKIAONE < <(printf -- '---\n\xef\xbb\xbf[default]\naws_access_key_id = AKIAONE\naws_secret_access_key = canary\n')
profile 'comments, blank lines, white space' config-file:AKIAONE <<'X'

# one
   ; two
[default]
# three

	aws_access_key_id	=	AKIAONE  
; four
	aws_secret_access_key=canary
X
profile 'keys in capitals, a colon, an = in a value' config-file:AKIAONE <<'X'
[default]
AWS_Access_Key_ID: AKIAONE
aws_secret_access_key = canary=:x
X
profile 'nested settings' config-file:AKIAONE <<'X'
[default]
s3 =
  max_concurrent_requests = 20

  # a comment
  addressing_style = path
@ONE
X
profile 'a nested line without =' 'refused: config:3: neither [section], key = value' <<'X'
[default]
credential_process =
  @T@/give AKIAONE
X
differs='takes the last of them' \
profile 'a nested key twice' 'refused: config:4: the key "a" for the second time: it stands on line 3, too' <<'X'
[default]
s3 =
  a = 1
  a = 2
@ONE
X
for header in 'profile "a b"' "profile 'a b'" 'profile a\ b' 'profile   "a b" ' 'profile a" "b'; do
	profile "[$header]" config-file:AKIAONE --profile 'a b' < <(printf '[%s]\n@ONE\n' "$header")
done
profile '[a b] of the credentials file' shared-credentials-file:AKIAONE --profile 'a b' <<'X'
---
[a b]
@ONE
X
for header in 'profile a b' ' profile x' 'profile "x' 'profile' 'Profile x' 'sso-session x'; do
	profile "[$header] is nobody" 'refused: there is no profile "x"' --profile x < <(printf '[%s]\n@ONE\n' "$header")
done
profile '[ default ] is nobody' 'refused: no credentials' <<'X'
[ default ]
@ONE
---
[ default ]
@TWO
X
profile 'what follows a ] does not count' config-file:AKIAONE --profile x <<'X'
[profile x] # mine
@ONE
X
differs='takes it for [profile x]' \
profile '[profiles x] is nobody' 'refused: there is no profile "x"' --profile x <<'X'
[profiles x]
@ONE
X
differs='gives its keys to every section' \
profile '[DEFAULT] is nothing special' 'refused: no credentials: profile "x"' --profile x <<'X'
[DEFAULT]
@ONE
[profile x]
region = eu-west-1
X
profile 'a section twice' 'refused: credentials:4: the section "default" for the second time: it stands on line 1, too' <<'X'
---
[default]
@ONE
[default]
@TWO
X
differs='takes the last of them' \
profile 'a profile with and without quotes' 'refused: config:4: the section "x" for the second time' --profile x <<'X'
[profile x]
@ONE
[profile "x"]
@TWO
X
profile 'a key twice' 'refused: config:3: the key "region" for the second time: it stands on line 2, too' <<'X'
[default]
region = eu-west-1
Region = eu-west-2
@ONE
X
profile 'a line before the first section' 'refused: config:1: a line before the first [section]' <<'X'
region = eu-west-1
[default]
@ONE
X
profile 'a line that is nothing' 'refused: config:2: neither [section], key = value nor # comment' <<'X'
[default]
region
@ONE
X
profile 'a value without a key' 'refused: config:2: no key before the =' <<'X'
[default]
= eu-west-1
@ONE
X
profile 'a section without its end' 'refused: config:1: a [section] without its closing bracket' <<'X'
[default
@ONE
X
profile 'a section without a name' 'refused: config:1: a [section] without a name' <<'X'
[]
@ONE
X
differs='has NULs in values' \
profile 'a NUL' 'refused: config:2: a NUL byte' < <(printf '[default]\noutput = a\0b\n@ONE\n')
profile 'not UTF-8' 'refused: config:2: not UTF-8' < <(printf '[default]\noutput = \xff\n@ONE\n')
profile 'other languages' config-file:AKIAONE --profile 'größe' < <(printf '[profile größe]\nname = größe\n@ONE\n')
profile 'wrong in a file that is not needed' 'refused: credentials:1: a [section] without' <<'X'
[default]
@ONE
---
[x
X

# Where the files are.
profile 'no files' 'refused: no credentials' AWS_CONFIG_FILE=/none/config AWS_SHARED_CREDENTIALS_FILE=/none/credentials </dev/null
profile '/dev/null' 'refused: no credentials' AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null </dev/null
mkdir -p home2/.aws
printf '[default]\naws_access_key_id = AKIAHOME\naws_secret_access_key = canary\n' >home2/.aws/credentials
profile 'the usual places' shared-credentials-file:AKIAHOME HOME="$T/home2" -AWS_CONFIG_FILE -AWS_SHARED_CREDENTIALS_FILE </dev/null
# shellcheck disable=SC2088 # no shell's tilde
profile 'a tilde is the home directory' shared-credentials-file:AKIAHOME HOME="$T/home2" AWS_SHARED_CREDENTIALS_FILE='~/.aws/credentials' </dev/null
differs='does not see that it is no file' \
profile 'a directory' 'refused: cannot be read: Is a directory' AWS_CONFIG_FILE="$T" <<'X'
---
[default]
@ONE
X
alone='asks the password file' profile 'no home' 'refused: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), name a profile with --profile (HOME is not set, so there is no ~/.aws)' -AWS_CONFIG_FILE -AWS_SHARED_CREDENTIALS_FILE -HOME </dev/null
if [ "$(id -u)" -ne 0 ]; then
	: >locked
	chmod 0 locked
	differs='ignores it' profile 'a file that may not be read' 'refused: locked: cannot be read: Permission denied' AWS_CONFIG_FILE="$T/locked" <<'X'
---
[default]
@ONE
X
fi
title 'a file that is too large'
(echo '[default]' && yes '# comment' | head -c 5000000) >large
run 2 env AWS_CONFIG_FILE="$T/large" resolve
has err 'large: 4194304 bytes or more'

# Roles upon another profile.
profile 'a role, its source in the credentials file' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
---
[y]
@user
X
has out 'config:2): role arn:aws:iam::123456789012:role/cognitoApiAccessRole"'
profile 'a role, its source in the config file' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
role_session_name = me@example.com
duration_seconds = 900
[profile y]
@user
X
profile 'a role in the credentials file' assume-role --profile x <<'X'
---
[x]
@role
source_profile = y
[y]
@user
X
profile 'a role in parts' assume-role --profile x <<'X'
[profile x]
@arn
external_id = wrong
[profile y]
@user
---
[x]
source_profile = y
external_id = cognito-integration
X
profile 'a role goes before keys and a process' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
credential_process = @T@/give AKIAPROC
[profile y]
@user
---
[x]
@ONE
X
profile 'AWS_PROFILE with a role beside keys' env:AKIAENV AWS_PROFILE=x "${keys[@]}" <<'X'
[profile x]
@role
source_profile = y
[profile y]
@user
X
profile 'a role of the default profile' assume-role <<'X'
[default]
@role
source_profile = y
[profile y]
@user
X
profile 'a profile gives its role the keys' assume-role --profile x <<'X'
[profile x]
@role
source_profile = x
@user
X
profile 'it has none to give' 'refused: config:4: source_profile: profile "x" comes back to itself (x -> x)' --profile x <<'X'
[profile x]
@role
source_profile = x
X
profile 'two go round' 'refused: config:8: source_profile: profile "a" comes back to itself (a -> b -> a)' --profile a <<'X'
[profile a]
@role
source_profile = b
[profile b]
@role
source_profile = a
X
profile 'three go round behind a fourth' 'refused: source_profile: profile "a" comes back to itself (x -> a -> b -> c -> a)' --profile x <<'X'
[profile x]
@role
source_profile = a
[profile a]
@role
source_profile = b
[profile b]
@role
source_profile = c
[profile c]
@role
source_profile = a
X
profile 'keys do not help who goes round' 'refused: profile "a" comes back to itself (a -> b -> a)' --profile a <<'X'
[profile a]
@role
source_profile = b
@user
[profile b]
@role
source_profile = a
X
profile 'a source with a role and keys counts by its keys' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
role_arn = arn:aws:iam::123456789012:role/nobody
source_profile = x
@user
X
differs='takes the process' \
profile 'a source with keys and a process counts by its keys' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
credential_process = @T@/give AKIAPROC
@user
X
profile 'a role upon a role' assume-role --profile x AWS_ENDPOINT_URL_STS="$sts_via" <<'X'
[profile x]
@role
source_profile = y
[profile y]
@via
source_profile = z
[profile z]
@user
X
profile 'without the role between' 'failed: AssumeRole: AccessDenied' --profile x AWS_ENDPOINT_URL_STS="$sts_via" <<'X'
[profile x]
@role
source_profile = z
[profile z]
@user
X
profile 'a source with a process' assume-role --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
credential_process = @T@/give-user
X
profile 'a source without credentials' 'refused: config:4: source_profile: profile "y" has no credentials' --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
region = eu-west-1
X
profile 'a source that is nowhere' 'refused: config:4: source_profile: there is no profile "y"' --profile x <<'X'
[profile x]
@role
source_profile = y
[y]
@user
X
profile 'a source with half of a pair' 'refused: config:6: aws_access_key_id: there is no' --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
aws_access_key_id = AKIAONE
X
profile 'a role without a source' 'refused: config:2: role_arn: there is neither source_profile nor' --profile x <<'X'
[profile x]
@role
---
[x]
@user
X
profile 'a source without a role is nothing' shared-credentials-file:AKIAONE --profile x <<'X'
[profile x]
source_profile = y
credential_source = Environment
external_id = none
---
[x]
@ONE
X
{
	for ((i = 0; i < 20; i++)); do printf '[profile r%d]\n@arn\nsource_profile = r%d\n' "$i" $((i + 1)); done
	printf '[profile r20]\n@user\n'
} >many
alone='has no limit' profile 'twenty roles' 'refused: role_arn: more than 16 roles one upon the other' --profile r0 <many

# What AWS does not accept, found before it is asked.
member() {
	profile "$1" "refused: config:2: ${1%% *}: $2" --profile x < <(
		printf '[profile x]\n%s\n' "$1"
		case $1 in role_arn*) ;; external_id*) echo @arn ;; *) echo @role ;; esac
		printf 'source_profile = y\n[profile y]\n@user\n')
}
member 'role_arn = cognitoApiAccessRole' 'not an ARN of a role'
member 'role_arn = arn:aws:iam::123456789012:user/somebody' 'not an ARN of a role'
member 'role_arn =' empty
member 'external_id = a b' 'not 2 to 1224'
member 'external_id =' empty
member 'role_session_name = a b' 'not 2 to 64'
differs='makes a name up' member 'role_session_name =' empty
member 'duration_seconds = 899' 'not 900 to 43200'
member 'duration_seconds = 43201' 'not 900 to 43200'
differs='ignores it' member 'duration_seconds = 1h' 'not a'
differs='ignores it' member 'duration_seconds =' empty
alone='would ask for the code' member 'mfa_serial = x' 'not 9 to 256'
alone='would ask for the code' member 'mfa_serial =' empty
profile 'an empty source_profile' 'refused: config:3: source_profile: empty' --profile x <<'X'
[profile x]
@arn
source_profile =
X
alone='has no such option' profile 'the --endpoint-url of the service is not that of STS' assume-role --profile x --endpoint-url http://127.0.0.1:1 <<'X'
[profile x]
@role
source_profile = y
[profile y]
@user
X
profile 'the wrong external ID' 'failed: AssumeRole: AccessDenied: ' --profile x <<'X'
[profile x]
@arn
external_id = wrong
source_profile = y
[profile y]
@user
X
get='' alone='would ask for the code' profile 'an MFA device' assume-role --profile x <<'X'
[profile x]
@role
mfa_serial = arn:aws:iam::123456789012:mfa/user
source_profile = y
[profile y]
@user
X
alone='would ask for the code' profile 'without a terminal to ask on' 'failed: terminal' --profile x <<'X'
[profile x]
@role
mfa_serial = arn:aws:iam::123456789012:mfa/user
source_profile = y
[profile y]
@user
X

# Roles upon another source.
cat >from <<'X'
[profile x]
@role
credential_source = Environment
X
profile 'the environment' assume-role --profile x "${user[@]}" <from
profile 'an environment without keys' 'refused: config:4: credential_source: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set' --profile x <from
profile 'an environment with half of a pair' 'refused: AWS_SECRET_ACCESS_KEY is not' --profile x AWS_ACCESS_KEY_ID=AKIAENV <from
profile 'keys in the environment that are a source, too' env:AKIAENV AWS_PROFILE=x "${keys[@]}" <from
sed s/Environment/EcsContainer/ from >from2
profile 'no container' 'refused: config:4: credential_source: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor' --profile x <from2
profile 'a container whose keys nobody knows' 'failed: AssumeRole: ' --profile x AWS_CONTAINER_CREDENTIALS_FULL_URI="$container/keys" <from2
./give-user | sed 's/}/,"Token":"","Expiration":"2099-01-01T00:00:00Z"}/' >container/user
profile 'a container' assume-role --profile x AWS_CONTAINER_CREDENTIALS_FULL_URI="$container/user" <from2
sed s/Environment/Ec2InstanceMetadata/ from >from2
profile 'no instance' 'refused: config:4: credential_source: AWS_EC2_METADATA_DISABLED is true' --profile x <from2
for word in environment Ec2 EcsContainer,Environment; do
	profile "credential_source = $word" 'refused: config:4: credential_source: not Environment, Ec2InstanceMetadata or EcsContainer' --profile x "${user[@]}" < <(sed "s/Environment/$word/" from)
done
profile 'two sources' 'refused: config:4: credential_source: cannot be used together with source_profile' --profile x "${user[@]}" <<'X'
[profile x]
@role
credential_source = Environment
source_profile = y
[profile y]
@user
X

# Web identity.
profile 'a web identity' assume-role-with-web-identity --profile x <<'X'
[profile x]
@arn
web_identity_token_file = @T@/token
role_session_name = pod
X
profile 'it goes before keys and a process' assume-role-with-web-identity --profile x <<'X'
[profile x]
@arn
web_identity_token_file = @T@/token
credential_process = @T@/give AKIAPROC
---
[x]
@ONE
X
profile 'a role upon a web identity' 'failed: AssumeRole: AccessDenied: ' --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
@arn
web_identity_token_file = @T@/token
X
has err assumed-role/cognitoApiAccessRole/cognito-filters
profile 'a token file that is not there' 'refused: none: No such file' --profile x <<'X'
[profile x]
@arn
web_identity_token_file = @T@/none
X
# What the session is: AWS names it in a refusal, and refuses what the role does not allow.
refusing=(serve-pool --allow ListGroups --require-role --max-session-seconds 3600 --web-identity-token-file token pool
	-- env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_CONFIG_FILE="$T/session.config")
# session TEXT SETTINGS: list-users is refused with TEXT, with a profile of the role and SETTINGS.
session() {
	title "$2: ${3:-web identity}"
	printf '[profile x]\n%s\n%s\n[profile y]\n@user\n' "$2" "${3:-web_identity_token_file = @T@/token}" >session.in
	mkdir -p session
	write session <session.in
	mv session/config session.config
	run 1 "${refusing[@]}" list-users --profile x
	has err "$1"
}
session assumed-role/cognitoApiAccessRole/pod-7 $'@arn\nrole_session_name = pod-7'
session assumed-role/cognitoApiAccessRole/me@example.com $'@role\nrole_session_name = me@example.com' 'source_profile = y'
session DurationSeconds $'@arn\nduration_seconds = 3601'
session DurationSeconds $'@role\nduration_seconds = 3601' 'source_profile = y'
title AWS_ROLE_SESSION_NAME
run 1 "${refusing[@]}" AWS_WEB_IDENTITY_TOKEN_FILE=token AWS_ROLE_ARN=$role AWS_ROLE_SESSION_NAME=pod-8 list-users
has err assumed-role/cognitoApiAccessRole/pod-8
profile 'a web identity without a role' 'refused: config:2: web_identity_token_file: there is no role_arn' --profile x <<'X'
[profile x]
web_identity_token_file = @T@/token
X
differs='takes the web identity' \
profile 'a web identity and a source' 'refused: config:3: web_identity_token_file: cannot be used together with source_profile' --profile x <<'X'
[profile x]
@arn
web_identity_token_file = @T@/token
source_profile = y
[profile y]
@user
X
differs='takes the web identity' \
profile 'a web identity and another source' 'refused: web_identity_token_file: cannot be used together with credential_source' --profile x <<'X'
[profile x]
@arn
web_identity_token_file = @T@/token
credential_source = Environment
X
pod=(AWS_WEB_IDENTITY_TOKEN_FILE="$T/token" AWS_ROLE_ARN="$role")
profile 'a web identity in the environment' assume-role-with-web-identity "${pod[@]}" AWS_ROLE_SESSION_NAME=pod </dev/null
profile 'without its role' 'refused: AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not' "${pod[@]}" -AWS_ROLE_ARN </dev/null
profile 'beside keys' env:AKIAENV "${pod[@]}" "${keys[@]}" </dev/null
profile 'beside --profile' 'refused: no credentials: profile "x"' "${pod[@]}" --profile x <<'X'
[profile x]
region = eu-west-1
X
profile 'beside an AWS_PROFILE without credentials' assume-role-with-web-identity "${pod[@]}" AWS_PROFILE=x <<'X'
[profile x]
region = us-east-1
X
differs='takes the web identity' \
profile 'beside the keys of a profile' shared-credentials-file:AKIAONE "${pod[@]}" <<'X'
---
[default]
@ONE
X
profile 'a role that is none' 'refused: AWS_ROLE_ARN: not an ARN of a role' "${pod[@]}" AWS_ROLE_ARN=cognitoApiAccessRole </dev/null
profile 'a session name that is none' 'refused: AWS_ROLE_SESSION_NAME: not 2 to 64' "${pod[@]}" AWS_ROLE_SESSION_NAME='a b' </dev/null
profile 'the container, where nothing else is' container-role:AKIACONTAINER AWS_CONTAINER_CREDENTIALS_FULL_URI="$container/keys" <<'X'
[default]
region = eu-west-1
X
profile 'the container beside --profile' container-role:AKIACONTAINER AWS_CONTAINER_CREDENTIALS_FULL_URI="$container/keys" --profile x <<'X'
[profile x]
region = eu-west-1
X
profile 'the container behind a profile with keys' shared-credentials-file:AKIAONE AWS_CONTAINER_CREDENTIALS_FULL_URI="$container/keys" <<'X'
---
[default]
@ONE
X

# Processes.
profile 'a process' custom-process:AKIAPROC <<'X'
[default]
credential_process = @T@/give AKIAPROC
X
profile 'it goes before keys of the config file' custom-process:AKIAPROC <<'X'
[default]
@ONE
credential_process = @T@/give AKIAPROC
X
profile 'and behind those of the credentials file' shared-credentials-file:AKIAONE <<'X'
[default]
credential_process = @T@/give AKIAPROC
---
[default]
@ONE
X
profile 'a process in the credentials file' custom-process:AKIAPROC <<'X'
---
[default]
credential_process = @T@/give AKIAPROC
X
profile 'quotes and backslashes' custom-process:AKIAPROC <<'X'
[default]
credential_process = "@T@"/'give' A"K"I'A'\PR""OC
X
# shellcheck disable=SC2016 # nothing is to expand
profile 'no shell' 'custom-process:AKIA$HOME|*' <<'X'
[default]
credential_process = @T@/give AKIA$HOME|*
X
profile 'a process on two lines' custom-process:AKIAPROC <<'X'
[default]
credential_process = @T@/give
  AKIAPROC
X
for command in "@T@/give 'AKIA" '@T@/give "AKIA' '@T@/give "AKIA\"'; do
	profile "credential_process = $command" 'refused: config:2: credential_process: a quote that is not closed' < <(printf '[default]\ncredential_process = %s\n' "$command")
done
profile 'a backslash at the end' 'refused: config:2: credential_process: a backslash with nothing behind it' <<'X'
[default]
credential_process = @T@/give AKIA\
X
profile 'an empty command' 'refused: config:2: credential_process: no command' <<'X'
[default]
credential_process = "" AKIA
X
profile 'an empty process' 'refused: config:2: credential_process: empty' <<'X'
[default]
credential_process =
X
profile 'a command that is not there' 'refused: give-nothing' <<'X'
[default]
credential_process = @T@/give-nothing AKIA
X
profile 'a command that fails' 'failed: credential_process' <<'X'
[default]
credential_process = false
X
# It would come back for ever.
cat >come-back <<'X'
#!/bin/sh
[ "$(printf '%s\n' "$COGNITO_CREDENTIAL_PROCESS" | wc -l)" -lt 4 ] && exec resolve --get --profile x
X
chmod +x come-back
cat >loop <<'X'
[profile x]
credential_process = @T@/come-back
[profile a]
@role
source_profile = x
X
alone='does not look' profile 'a process that comes back' 'failed: config:2: credential_process: the process comes back to its own profile "x"' --profile x <loop
alone='does not look' profile 'a process that came back' 'refused: the process comes back to its own profile "x"' --profile x COGNITO_CREDENTIAL_PROCESS=$'y\nx' <loop
alone='does not look' profile 'a process that came back as a source' 'refused: the process comes back to its own profile "x"' --profile a COGNITO_CREDENTIAL_PROCESS=x <loop
profile 'a process inside others' custom-process:AKIAPROC --profile xyz COGNITO_CREDENTIAL_PROCESS=$'x\nxy\nxyzz\nxyz:\nz' <<'X'
[profile xyz]
credential_process = @T@/give AKIAPROC
X

# What only the AWS CLI uses.
export_credentials='not used here; add credential_process = aws configure export-credentials --profile x --format process'
profile 'IAM Identity Center' "refused: config:2: sso_session: $export_credentials" --profile x <<'X'
[profile x]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
X
profile 'in its older form' "refused: config:2: sso_start_url: $export_credentials" --profile x <<'X'
[profile x]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = reader
X
profile 'aws login' "refused: config:2: login_session: $export_credentials" --profile x <<'X'
[profile x]
login_session = arn:aws:iam::123456789012:user/somebody
X
differs='looks for the token first' \
profile 'IAM Identity Center through a process' custom-process:AKIAPROC --profile x <<'X'
[profile x]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
credential_process = @T@/give AKIAPROC
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
X
profile 'aws login through a process' custom-process:AKIAPROC --profile x <<'X'
[profile x]
login_session = arn:aws:iam::123456789012:user/somebody
credential_process = @T@/give AKIAPROC
X
profile 'IAM Identity Center as a source' 'refused: config:6: sso_account_id: not used here' --profile x <<'X'
[profile x]
@role
source_profile = y
[profile y]
sso_account_id = 123456789012
X

# Regions and switches.
profile 'a region' config-file:AKIAONE -AWS_DEFAULT_REGION <<'X'
[default]
region = eu-west-1
@ONE
X
has out '"Region":"eu-west-1","RegionFrom":"profile"'
profile 'a region in the credentials file' config-file:AKIAONE -AWS_DEFAULT_REGION <<'X'
[default]
region = eu-west-1
@ONE
---
[default]
region = eu-west-2
X
has out '"Region":"eu-west-2","RegionFrom":"profile"'
profile 'AWS_DEFAULT_REGION beside it' config-file:AKIAONE AWS_DEFAULT_REGION=eu-west-3 <<'X'
[default]
region = eu-west-1
@ONE
X
has out '"Region":"eu-west-3","RegionFrom":"AWS_DEFAULT_REGION"'
differs='does not know AWS_REGION' \
profile 'AWS_REGION beside it' config-file:AKIAONE AWS_DEFAULT_REGION=eu-west-3 AWS_REGION=eu-central-1 <<'X'
[default]
region = eu-west-1
@ONE
X
has out '"Region":"eu-central-1","RegionFrom":"AWS_REGION"'
profile '--region beside it' config-file:AKIAONE AWS_DEFAULT_REGION=eu-west-3 --region sa-east-1 <<'X'
[default]
region = eu-west-1
@ONE
X
has out '"Region":"sa-east-1","RegionFrom":"--region"'
alone='the region is no part of credentials' profile 'a region that is none' 'refused: config:2: region: not a region' -AWS_DEFAULT_REGION <<'X'
[default]
region = Ireland!
@ONE
X

# settings TITLE WANT ARG... <CONFIG: what the endpoint or the error is; the keys are there.
settings() {
	local want="refused: ${2#refused: }"
	case $2 in refused:*) ;; *) want=config-file:AKIAONE ;; esac
	alone='botocore 1.29 does not have the key' profile "$1" "$want" "${@:3}" < <(echo '[default]'; echo @ONE; cat)
	case $2 in refused:*) ;; *) has out "$2" ;; esac
}
settings "AWS's endpoint" '"Endpoint":"https://cognito-idp.us-east-1.amazonaws.com","EndpointFrom":"AWS"' </dev/null
settings 'STS has another one' "\"Endpoint\":\"$sts\",\"EndpointFrom\":\"AWS_ENDPOINT_URL_STS\"" --service sts </dev/null
cat >endpoints <<'X'
endpoint_url = https://all.example
services = mine
[services mine]
cognito_identity_provider =
  endpoint_url = https://one.example
s3 =
  endpoint_url = https://other.example
X
settings 'a service of a services section' '"Endpoint":"https://one.example","EndpointFrom":"profile"' <endpoints
settings 'and of another service of ours' '"Endpoint":"https://pools.example","EndpointFrom":"profile"' --service cognito-identity \
	< <(cat endpoints; printf 'cognito_identity =\n  endpoint_url = https://pools.example\n')
settings 'which has a variable of its own' '"Endpoint":"https://v3.example","EndpointFrom":"AWS_ENDPOINT_URL_COGNITO_IDENTITY"' \
	--service cognito-identity AWS_ENDPOINT_URL_COGNITO_IDENTITY=https://v3.example \
	AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=https://v2.example <endpoints
settings "and AWS's endpoint" '"Endpoint":"https://cognito-identity-fips.us-east-1.amazonaws.com","EndpointFrom":"AWS"' \
	--service cognito-identity --use-fips-endpoint </dev/null
settings 'a service that is not in it' '"Endpoint":"https://all.example","EndpointFrom":"profile"' --service sts -AWS_ENDPOINT_URL_STS <endpoints
settings 'AWS_ENDPOINT_URL goes before both' '"Endpoint":"https://variable.example","EndpointFrom":"AWS_ENDPOINT_URL"' AWS_ENDPOINT_URL=https://variable.example <endpoints
settings 'its own variable before that' '"Endpoint":"https://v2.example","EndpointFrom":"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"' \
	AWS_ENDPOINT_URL=https://variable.example AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=https://v2.example <endpoints
settings '--endpoint-url before all' '"Endpoint":"https://option.example","EndpointFrom":"--endpoint-url"' \
	AWS_ENDPOINT_URL=https://variable.example --endpoint-url https://option.example <endpoints
settings 'all ignored by a variable' '"Endpoint":"https://cognito-idp.us-east-1.amazonaws.com"' AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true <endpoints
settings 'all ignored by the profile' '"Endpoint":"https://cognito-idp.us-east-1.amazonaws.com"' \
	AWS_ENDPOINT_URL=https://variable.example < <(echo ignore_configured_endpoint_urls = true; cat endpoints)
settings 'the variable goes before the profile' '"Endpoint":"https://one.example"' AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false \
	< <(echo ignore_configured_endpoint_urls = true; cat endpoints)
settings '--endpoint-url is not ignored' '"Endpoint":"https://option.example"' AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true --endpoint-url https://option.example <endpoints
settings 'a services section that is not there' 'refused: config:4: services: there is no section [services mine]' <<'X'
services = mine
[services other]
X
settings 'a services section in quotes' '"Endpoint":"https://one.example"' <<'X'
services = my own
[services "my own"]
cognito_identity_provider =
  endpoint_url = https://one.example
X
settings 'an endpoint that is none' 'refused: config:4: endpoint_url: ' <<'X'
endpoint_url = ftp://x.example
X
settings 'plain http' 'refused: config:4: endpoint_url: plain http' <<'X'
endpoint_url = http://x.example
X
# switches TITLE HOST ARG... <CONFIG: what AWS's endpoint becomes, by botocore, too.
switches() {
	profile "$1" config-file:AKIAONE "${@:3}" < <(echo '[default]'; echo @ONE; cat)
	has out "\"Endpoint\":\"https://$2\",\"EndpointFrom\":\"AWS\""
}
fips='use_fips_endpoint = true' dualstack='use_dualstack_endpoint = True'
switches FIPS cognito-idp-fips.us-east-1.amazonaws.com <<<"$fips"
switches 'dual stack' cognito-idp.us-gov-west-1.api.aws AWS_DEFAULT_REGION=us-gov-west-1 <<<"$dualstack"
switches both cognito-idp-fips.eu-west-1.api.aws AWS_DEFAULT_REGION=eu-west-1 <<<"$fips"$'\n'"$dualstack"
switches 'FIPS by a variable' cognito-idp-fips.eu-west-1.amazonaws.com AWS_DEFAULT_REGION=eu-west-1 AWS_USE_FIPS_ENDPOINT=true <<<''
differs='makes up a host that there is not' \
switches 'dual stack where the usual host has it' cognito-idp.eu-west-1.amazonaws.com AWS_DEFAULT_REGION=eu-west-1 <<<"$dualstack"
switches 'the variable goes before the profile' cognito-idp.us-east-1.amazonaws.com AWS_USE_FIPS_ENDPOINT=false <<<"$fips"
settings 'neither true nor false' 'refused: config:4: use_fips_endpoint: neither true nor false' <<'X'
use_fips_endpoint = yes
X
settings 'FIPS beside an endpoint' 'refused: config:4: endpoint_url: cannot be used with a FIPS endpoint' --region eu-west-1 <<'X'
endpoint_url = https://x.example
use_fips_endpoint = true
X
echo 'no certificate, but a file' >ca.pem
settings 'certificates' "\"CaBundle\":\"$T/ca.pem\"" <<'X'
ca_bundle = @T@/ca.pem
X
settings 'certificates that are not there' 'refused: config:4: ca_bundle: ' <<'X'
ca_bundle = @T@/none.pem
X
settings 'AWS_CA_BUNDLE before them' "\"CaBundle\":\"$T/ca.pem\"" AWS_CA_BUNDLE="$T/ca.pem" <<'X'
ca_bundle = @T@/none.pem
X
alone='does not know services' profile 'the services section has an STS for the role' assume-role --profile x -AWS_ENDPOINT_URL_STS < <(
	printf '[profile x]\n@role\nsource_profile = y\nservices = here\nregion = us-east-1\n[services here]\nsts =\n  endpoint_url = %s\n[profile y]\n@user\n' "$sts")

# The same files by botocore.
/usr/bin/python3 "$TOP/tests/helpers/resolve-botocore.py" $(seq -f "$T/cases/%.0f" 0 $((cases - 1))) >theirs.out 2>theirs.err </dev/null
mapfile -t theirs <theirs.out
title 'botocore has looked at all of them'
ok test "${#theirs[@]}" -eq "$cases"
compared=0
for ((i = 0; i < ${#theirs[@]}; i++)); do
	[ "${notes[i]}" != alone ] || continue
	IFS=$'\t' read -r found region endpoint <<<"${theirs[i]%$'\t'*}"
	IFS=$'\t' read -r our_found our_region our_endpoint <<<"${ours[i]}"
	equal=1
	if [ "$found" = "$our_found" ]; then
		[ "$found" != refused ] && { [ "$region" != "$our_region" ] || [ "${endpoint:-$our_endpoint}" != "$our_endpoint" ]; } || equal=0
	fi
	compared=$((compared + 1))
	if [ "${notes[i]}" = differs ]; then
		title "botocore differs: ${titles[i]}"
		[ $equal -ne 0 ]
	else
		title "botocore, too: ${titles[i]}"
		[ $equal -eq 0 ]
	fi
	verdict $? '' || echo "# ours: ${ours[i]}; botocore's: ${theirs[i]}" >&2
done
title 'the page has every key'
for key in aws_access_key_id aws_secret_access_key aws_session_token role_arn source_profile credential_source \
	web_identity_token_file external_id role_session_name duration_seconds mfa_serial credential_process region \
	endpoint_url services ca_bundle ignore_configured_endpoint_urls use_fips_endpoint use_dualstack_endpoint \
	sso_session sso_start_url sso_account_id sso_role_name login_session; do
	grep -Eq "(^|[ .])$key( |\$)" "$TOP/man/cognito-credentials.7" || echo "$key"
done >left
empty left
has "$TOP/man/cognito-credentials.7" 'credential_process = aws configure export-credentials --profile my-sso --format process'
title 'many were compared'
ok test "$compared" -ge 100

finish
