#!/usr/bin/env bash
# Not for sanitizers.
# Secrets and personal data in the pipelines that write and copy: what each program in them is given, by
# environment and by argument, and what lies in files (as strace saw it, helpers/find-secrets.py).
# shellcheck disable=SC2016 # what stands in single quotes is for other shells
. "$(dirname "$0")/lib.sh"
planted=(trace planted '*.env' canaries)
HELPERS=$TOP/tests/helpers
umask 077
command -v strace >/dev/null || {
	echo '1..0 # SKIP no strace'
	exit 0
}

user=canaryUserNameOne
mail=canary.mail.one@example.com
sub=00000000-0000-4000-8000-00000000ca01
password='Canary-Of-A-Pass-77'
cat >pool.ndjson <<END
{"Username":"$user","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"$sub","email":"$mail","email_verified":"true"},"Groups":["staff"]}
{"GroupName":"staff"}
END
: >nobody
printf '%s\n' 'Login,Email,Verified,Groups' "$user,$mail,true,staff" >hr.csv
printf '{"Key":"%s","Password":"%s","Permanent":true}\n' "$user" "$password" >words

# start FILE LAST COMMAND...: a server that has told its variables in FILE when LAST is there.
start() {
	local file=$1 last=$2 i
	: >"$file"
	"${@:3}" >"$file" 2>"$file.err" &
	servers+=($!)
	for ((i = 0; i < 600; i++)); do
		if grep -q "$last" "$file" || ! kill -0 $!; then break; fi
		sleep 0.05
	done
}
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
start oauth.env '^SCIM_CLIENT_SECRET' "$HELPERS/scim-server.js" --oci
start bearer.env '^SCIM_TOKEN' "$HELPERS/scim-server.js" --bearer
{
	printf 'long-term\tthe secret key\t%s\n' "$known_secret"
	printf 'target\tthe SCIM token\t%s\n' "$(sed -n 's/^SCIM_TOKEN=//p' bearer.env)"
	printf 'target\tthe client secret\t%s\n' "$(sed -n 's/^SCIM_CLIENT_SECRET=//p' oauth.env)"
	printf 'password\ta password\t%s\n' "$password"
	printf 'personal\ta user name\t%s\n' "$user"
	printf 'personal\tan e-mail address\t%s\n' "$mail"
	printf 'personal\ta sub\t%s\n' "$sub"
} >planted
cut -f 3 planted >canaries
title 'all of it is planted'
ok test "$(grep -c . canaries)" -eq 7
mapfile -t oauth <oauth.env
mapfile -t bearer <bearer.env

# Who asks AWS, and who a SCIM server; and what finds a pipeline's library, before that can take the
# secrets out of the environment.
asking=list-groups,list-users,expand-members,get-csv-header,describe-pool,confirm-absent,apply-cognito
pushing=push-scim,list-scim,apply-scim
finding=bash,readlink,dirname
# shellcheck disable=SC2054 # commas of strace
strace=(strace -f -qq -v -y -s 1000000 -e signal=none -o trace
	-e trace=execve,execveat,open,openat,openat2,creat,chmod,fchmod,fchmodat,read,readv,recvfrom,recvmsg,write,writev,pwrite64,pwritev,sendto,sendmsg,connect,socketpair,prctl
	-e inject=prctl:retval=0)

# searched STATUS PIPELINE ARGUMENT...: two tests: it ends with STATUS, run by "under", and no program
# but PIPELINE itself and those that need it is given what was planted.  (Of modes strace shows what
# was asked for, and not the umask.)
under=() options=()
searched() {
	local status=$1
	shift
	rm -f trace
	title "$*: ends well"
	run "$status" "${under[@]}" "${strace[@]}" "$@"
	"$HELPERS/find-secrets.py" --needed-by "$1,$finding,$asking" --target-needed-by "$1,$finding,$pushing" \
		"${options[@]}" planted trace >findings 2>&1
	grep -v ' is made for others than its owner$' findings >secrets
	title "$*: nobody has what he does not need"
	empty secrets
}

# --- Passwords, from a pipe, which the pipeline keeps for those that read them.
provision=(--whole --create-groups --adopt --key Login --rename 'Email=email,Verified=email_verified' --apply)
under=(serve --allow all nobody -- env "${bearer[@]}" "${oauth[@]: -1}")
searched 0 provision-csv -d st "${provision[@]}" --passwords /dev/fd/7 hr.csv 7< <(cat words)
title 'the password was used'
has st/results.ndjson '"Result":"done"'

# --- SCIM, by a client's secret.
under=(serve pool.ndjson -- env "${oauth[@]}")
searched 0 sync-oci -d domain --authoritative --adopt --apply

# --- A command that people are handed over to, which gets nothing.
under=(serve pool.ndjson -- env "${bearer[@]}")
searched 0 nightly-delta -d handed --apply -- sh -c 'env >&2'
title 'it has been run'
has err 'PATH='

# --- Core files: of a shell that has keys, and of sort and awk, which have people.
mkdir shims
printf '#!/bin/bash\nulimit -S -c >"%s"\nexit 1\n' "$T/limit" >shims/list-groups
chmod +x shims/list-groups
title 'no core files'
run 1 env PATH="$T/shims:$PATH" export-csv -d bare
same - limit <<<0

# --- make pipeline-secrets: the others.
if [ -n "${PIPELINE_SECRETS:-}" ]; then
	under=(serve --allow all nobody -- env "${bearer[@]}" "${oauth[@]: -1}")
	searched 0 provision-csv -d file "${provision[@]}" --passwords words hr.csv
	under=(serve --allow all pool.ndjson -- env "${bearer[@]}")
	searched 0 backup-pool -d backups --apply
	searched 0 export-report -d report csv
	searched 0 export-scim -d files
	searched 0 export-target -d target okta
	under=(serve --allow all --user-pool-id eu-west-1_New --region eu-west-1 nobody -- env "${bearer[@]}")
	searched 0 restore-pool -d restored --apply "$(echo backups/2*)"
	under=(serve pool.ndjson -- env "${oauth[@]}")
	searched 0 sync-oci -d pushed
	sed -n 's/^SCIM_CLIENT_SECRET=//p' oauth.env >secret.env
	under=(serve pool.ndjson -- env "${oauth[@]}" SCIM_CLIENT_SECRET=)
	searched 0 sync-oci -d again --client-secret-file secret.env --adopt
	under=(serve pool.ndjson -- env "${bearer[@]}")
	searched 0 nightly-delta -d scim --apply --url "$(sed -n 's/^SCIM_URL=//p' bearer.env)"
	start source.env '^unset' serve-pool --allow all --user-pool-id eu-west-1_Old --region eu-west-1 pool.ndjson
	under=(serve --allow all nobody -- env "${bearer[@]}")
	searched 0 copy-pool -d copy --source-user-pool-id eu-west-1_Old --apply \
		--source-endpoint-url "$(grep -o 'http://[0-9.:]*' source.env | head -n 1)"
fi
finish
