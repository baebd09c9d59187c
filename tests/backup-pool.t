#!/usr/bin/env bash
# Not for sanitizers.
# backup-pool: whole or not there, whatever happens on the way; and what is not whole is seen, wherever it
# was cut.  The examples of the page.
# shellcheck disable=SC2016 # what stands in single quotes is for other shells
. "$(dirname "$0")/lib.sh"

title 'usage and SYNOPSIS agree'
backup-pool --help | sed 's/^usage://' | tr -s ' \n' '\n' | grep . >usage
mandoc -T ascii -O width=1000 "$TOP/man/backup-pool.1" | plain | sed -n '/^SYNOPSIS/,/^DESC/p' |
	sed '1d;$d' | tr -s ' \t\n' '\n' | grep . >synopsis
same usage synopsis
run 2 backup-pool
run 2 backup-pool -d x operand
run 2 backup-pool -d x --keep 0
run 2 backup-pool -d x --dry-run --apply
run 2 backup-pool --verify
run 2 backup-pool --verify ''
run 2 backup-pool --verify a b

make-pool -n 70 >pool
reading=(serve --allow "reads,DescribeUserPool" --log log)

title 'the dry run'
run 0 "${reading[@]}" pool -- backup-pool -d backups --dry-run
has out 'about 70 users'
has out '17 groups'
has out 'passwords, MFA secrets'
has out 'without --dry-run'
title 'it reads nothing of people, writes nothing'
ok test "$(jq -r .Operation log | sort -u | tr '\n' ' ')$(ls -A backups)" = 'DescribeUserPool ListGroups '

cat >examples <<'E'
awk '/^\.Sh EXAMPLES/ { on = 1 } /^\.Ed/ && on { exit } on && text { gsub(/\\e/, "\\"); print } /^\.Bd/ && on { text = 1 }' "$1" >example.sh
bash -e example.sh
E
title 'the first example of the page'
run 0 "${reading[@]}" pool -- bash examples "$TOP/man/backup-pool.1"
has out ': 70 users, 17 groups, '
has out 'whole: us-east-1_EXAMPLE1 of '
backup=$(echo backups/2*)
title 'which says first what it is about to read'
ok test "$(grep -oE 'what no backup holds|: 70 users, 17 groups' out | tail -n 2 | tr -d '\n')" = 'what no backup holds: 70 users, 17 groups'
title 'and the second'
grep '^cd .*sha256sum --check manifest' "$TOP/man/backup-pool.1" >example.sh
bash -e example.sh >checked 2>&1 && [ -s example.sh ]
verdict $? 'sha256sum finds the files as they were written' || show checked
title 'everybody is in it, as list-users and its like give them'
run 0 serve pool -- sh -c 'list-users -o u && list-groups -o g && expand-members g -o m'
for kind in users groups memberships; do
	unseal "$backup/$kind.ndjson"
done >unsealed
cat u g m >expected
same expected unsealed
title 'and the description'
ok jq -es '.[0].SchemaAttributes | length > 20' "$backup/pool.ndjson"
title 'all parts of it that may be asked for; what may not is named'
ok jq -es '.[0].GroupRoles and (.[0].Missing | index("cognito-idp:ListUserPoolClients")) and (.[0] | has("ProvisionedLimits") | not)' "$backup/pool.ndjson"
title 'or the pool alone'
rm log
run 0 "${reading[@]}" pool -- backup-pool -d alone --parts pool
ok jq -es '.[0] | keys - ["GroupRoles", "UserPoolClients", "Missing"] == keys' alone/2*/pool.ndjson
run 0 backup-pool --verify alone/2*
title 'nothing else was asked of it'
ok test "$(jq -r .Operation log | sort -u | tr '\n' ' ')" = 'DescribeUserPool ListGroups ListUsers ListUsersInGroup '
rm -r alone
title 'a part that there is not'
: >log
for way in '' --dry-run; do
	# shellcheck disable=SC2086 # or none
	run 2 "${reading[@]}" pool -- backup-pool $way -d alone --parts mfa,clint
	has err 'is none of pool, mfa, clients'
done
title 'a part that there is not: the service was not asked'
empty log
title 'its owner'\''s alone'
ok test "$(stat -c %a backups "$backup" "$backup"/* | sort | uniq -c | tr -s ' \n' ' ')" = ' 6 600 2 700 '
title 'nothing else is left there'
ok test "$(ls -A backups)" = "${backup##*/}"

# --- what is not whole
# damaged TITLE FILE COMMAND...: another one that is not whole; FILE is appended to COMMAND.
wrong=()
damaged() {
	local bad=bad.${#wrong[@]} file=$2
	wrong+=("$1")
	cp -r "$backup" "$bad"
	"${@:3}" "$bad/$file"
}
cut_at() { truncate -s "$1" "$2"; }
drop_line() { sed -i "$1d" "$2"; }
damaged 'users cut in the middle' users.ndjson cut_at -9000
damaged 'a user missing' users.ndjson drop_line 7
damaged 'no seal' memberships.ndjson drop_line '$'
damaged 'no groups' groups.ndjson rm
damaged 'a manifest without its end' manifest drop_line '$'
damaged 'no manifest' manifest rm
damaged 'a link in the place of a file' users.ndjson ln -sf "$T/pool"
# With sums that are right.
resum() {
	(cd "${1%/*}" && sed -i '/^[0-9a-f]\{64\}  /d; /^# end/d' manifest &&
		sha256sum pool.ndjson groups.ndjson memberships.ndjson users.ndjson rejects.ndjson >>manifest &&
		echo "# end $(sha256sum <manifest | cut -d ' ' -f 1)" >>manifest)
}
cut_well() { cut_at -9000 "$1" && resum "$1"; }
damaged 'cut, with the right sums' users.ndjson cut_well
other_kind() { cp "${1%/*}/groups.ndjson" "$1" && resum "$1"; }
damaged 'groups in the place of users' users.ndjson other_kind
part() { serve-pool pool -- list-users --seal --max-items 5 >"$1" && resum "$1"; }
damaged 'a part of the users' users.ndjson part
cat >try-all <<'E'
for ((i = 0; i < $1; i++)); do
	backup-pool --verify bad.$i; verified=$?
	restored=-
	# make pipeline-kills: each of them.
	if [ -n "${PIPELINE_KILLS:-}" ] || [ $((i % 4)) -eq 0 ]; then
		restore-pool -d work --apply bad.$i; restored=$?
	fi
	echo "$i $verified $restored $(ls -A work)" >&3
done >all.out 2>&1
E
title 'what is not whole'
run 0 serve --allow all --log asked /dev/null -- bash try-all "${#wrong[@]}" 3>tried
for i in "${!wrong[@]}"; do
	title "${wrong[i]}: seen, and not restored"
	ok grep -qxE "$i 4 (4|-) " tried
done
title 'some were tried'
ok test "$(grep -c ' 4 4 ' tried)" -ge 3
title 'nothing was asked'
ok test ! -s asked
title 'nothing was said to be whole'
lacks all.out ': whole'
# The manifest, cut at every byte, and with each line missing: seen by the manifest alone.
cat >cuts <<'E'
. "$1"; PROGRAM_PREFIX=; program=x; . "${1%/lib.bash}/pool.bash"
size=$(stat -c %s whole/manifest) lines=$(wc -l <whole/manifest)
directory_of_backup=$PWD/bad
for ((i = 0; i < size; i += 97)); do
	head -c "$i" whole/manifest >bad/manifest
	(check_backup) 2>/dev/null; [ $? -eq 4 ] || echo "cut at $i"
done
for ((i = 1; i <= lines; i++)); do
	sed "${i}d" whole/manifest >bad/manifest
	(check_backup) 2>/dev/null; [ $? -eq 4 ] || echo "without line $i"
done
cp whole/manifest bad/manifest
(check_backup) || echo 'whole, and not taken'
E
rm -rf whole
cp -r "$backup" whole
cp -r "$backup" bad
title 'a manifest that was cut is none'
run 0 bash cuts "$TOP/pipelines/lib.bash"
empty out

# --- runs that fail
untouched() {
	title "$1: the old one stays, and no other"
	run 0 backup-pool --verify "$backup"
	ok test "$(find backups -mindepth 1 -maxdepth 1 -name '2*')" = "$backup"
}
run 1 serve --allow DescribeUserPool,ListGroups,ListUsers pool -- backup-pool -d backups
has err ListUsersInGroup
untouched 'no permission'
run 1 serve --allow reads pool -- backup-pool -d backups --dry-run
has err DescribeUserPool
run 75 "${reading[@]}" --fault 'ListUsers:error500=100%' pool -- backup-pool -d backups --retry-seconds 1
untouched 'a service that is down'
run 75 "${reading[@]}" pool -- flock backups backup-pool -d backups
has err 'another run is at work'
run 2 "${reading[@]}" --user-pool-id eu-west-1_other pool -- backup-pool -d backups
has err 'a backup of another pool than eu-west-1_other'

# --- killed: the script alone, and it with what it runs
mkdir shim
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shim/$1"
	chmod +x "shim/$1"
}
cat >killed <<'E'
setsid bash -c 'echo $$ >pid; export PIDS=$PWD/pid PATH=$PWD/shim:$PATH; exec backup-pool -d backups' >/dev/null 2>&1
echo $? >killed.status
E
end='kill -9 $(<$PIDS); kill -9 $PPID 2>/dev/null; exit 1'
# killed_in COMMAND CONDITION
killed_in() {
	rm -f shim/*
	shim "$1" "if $2; then $end; fi; exec $(command -v "$1") \"\$@\""
	title "killed in $1"
	run 0 "${reading[@]}" pool -- bash killed
	ok test "$(cat killed.status)" -eq 137
	untouched "killed in $1"
}
killed_in list-users "$BIN/list-users \"\$@\""
[ -z "${PIPELINE_KILLS:-}" ] || killed_in sha256sum '[[ $* == --check* ]]'
killed_in mv '[[ $* == *backup* ]]'
rm -f shim/*

title 'and repeated'
run 0 "${reading[@]}" pool -- backup-pool -d backups
title 'two are there, nothing else'
ok test "$(find backups -mindepth 1 -maxdepth 1 | wc -l)" -eq 2
title 'they are the same'
diff -r "$backup" "$(find backups -mindepth 1 -maxdepth 1 | sort | tail -n 1)" >diff.out
ok test "$(grep '^[<>]' diff.out | grep -vE '"~end"|^. # (made|source|end)|^. [0-9a-f]{64} ')" = ''
title 'of two the newer one is kept, and others'\'' files are'
mkdir backups/other backups/20200101T000000Z.00
run 0 "${reading[@]}" pool -- backup-pool -d backups --keep 1
has out 'of which 2 go'
ok test "$(find backups -mindepth 1 -maxdepth 1 -name '20*' | wc -l)$(ls -d backups/other)" = 2backups/other
ok test ! -e "$backup"

title 'who is no user is in the rejects'
ok test -z "$(find backups -name rejects.ndjson -size +0)"
finish
