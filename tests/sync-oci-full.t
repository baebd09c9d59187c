#!/usr/bin/env bash
# Not for sanitizers.
# sync-oci --authoritative: first run and second, who left, the guard, a source that is cut, rejects,
# a list of groups, strangers; killed half-way and run again.
# shellcheck disable=SC2016,SC2153 # programs of jq; shims; what the server gives
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

run 2 sync-oci -d x --apply
run 2 sync-oci -d x --confirm user-disable=1
run 2 sync-oci -d x --authoritative --apply --dry-run
run 2 sync-oci -d x --authoritative --disable-leavers

sub() { printf '%08d-0000-4000-8000-000000000000' "$1"; }
for i in 0 1 2 3 4 5 6 7; do
	printf '{"Username":"p%d","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"email":"p%d@x.org","email_verified":"true","sub":"%s"},"Groups":["staff"]}\n' \
		$i $i "$(sub $i)"
done >source.pool
printf '{"GroupName":"%s"}\n' staff admins >>source.pool
# Administrators of the domain, one in a group of theirs.
cat >strangers <<'END'
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"root","userName":"root","active":true,"emails":[{"value":"root@example.com","type":"work","primary":true}]}
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"other","externalId":"x-1","userName":"other","active":true,"emails":[{"value":"o@example.com","type":"work","primary":true}]}
{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"gods","displayName":"gods","members":[{"value":"root"}]}
END

# start FILE LAST COMMAND...: a server that has told its variables in FILE when LAST is there
start() {
	local file=$1 last=$2
	shift 2
	: >"$file"
	"$@" >"$file" 2>"$file.err" &
	servers+=($!)
	for ((i = 0; i < 600; i++)); do
		if grep -q "$last" "$file" || ! kill -0 $!; then break; fi
		sleep 0.05
	done
}
servers=()
planted=('*.env')
trap 'kill "${servers[@]}" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
: >scim.log
start source.env '^unset' serve-pool --allow all source.pool
start scim.env '^SCIM_CLIENT_SECRET' "$TOP/tests/helpers/scim-server.js" --oci --strict \
	--seed strangers --log scim.log
set -a
# shellcheck source=/dev/null
. ./source.env
# shellcheck source=/dev/null
. ./scim.env
set +a

mkdir shims
PATH=$T/shims:$PATH
shim() {
	printf '#!/bin/bash\n%s\n' "$2" >"shims/$1"
	chmod +x "shims/$1"
}
# change: at the source, the operations on standard input
change() {
	local pool=$AWS_ENDPOINT_URL/$COGNITO_USER_POOL_ID
	{
		for i in 0 1 2 3 4 5 6 7; do
			printf '{"Ledger":"user","Target":"%s","Key":"p%d","Username":"p%d","sub":"%s","State":"adopted","Time":"2026-01-01T00:00:00.000Z"}\n' "$pool" $i $i "$(sub $i)"
		done
		printf '{"Ledger":"group","Target":"%s","Key":"staff","GroupName":"staff","State":"adopted","Time":"2026-01-01T00:00:00.000Z"}\n' "$pool"
	} >change.ledger
	"$TOP/tests/helpers/make-plan.py" "$pool" >change.plan
	apply-cognito --ledger change.ledger -o change.results change.plan 2>change.err || { cat change.err change.results >&2; }
}
# gone N [EMAIL]: the operation
gone() {
	printf '{"Op":"delete-user","Key":"p%d","Username":"p%d","sub":"%s","Before":{"Enabled":true,"Attributes":{"email":"%s","email_verified":"true","sub":"%s"}}}\n' \
		"$1" "$1" "$(sub "$1")" "${2:-p$1@x.org}" "$(sub "$1")"
}
# domain: what it has: users, active, addresses; groups and their members
domain() {
	curl -s "${SCIM_URL%/admin/v1}/_dump" >dump
	jq -rs '(map({key: .id, value: .userName}) | from_entries) as $who | .[]
		| if .userName then "\(.userName) \(.active) \(.emails[0].value)"
		else "\(.displayName): \(.members // [] | map($who[.value? // .]) | sort | join(" "))" end' dump |
		LC_ALL=C sort
}
there() { domain >actual; same - actual; }
# words FILE: the names behind a group's, in order
words() { awk '{ n = split($0, w); if (w[1] != "staff:") { print; next } for (i = 1; i <= n; i++) print "staff", w[i] | "sort" }' "$1"; }
# sync STATUS OPTION...
sync() {
	local status=$1
	shift
	: >scim.log
	run "$status" sync-oci -d domain --authoritative "$@"
}
writes() { grep -cE '^(POST /(Users|Groups|Bulk)|PUT /|PATCH /|DELETE /)' scim.log; }
domain >before
sync 0
has out '  8 times create-user'
has out 'nothing was changed; the same command with --apply carries it out'
same before <(domain)
sync 0 --apply
has out '  8 times done: create-user'
there <<END
admins: 
gods: root
other true o@example.com
p0 true p0@x.org
p1 true p1@x.org
p2 true p2@x.org
p3 true p3@x.org
p4 true p4@x.org
p5 true p5@x.org
p6 true p6@x.org
p7 true p7@x.org
root true root@example.com
staff: p0 p1 p2 p3 p4 p5 p6 p7
END
sync 0 --apply
has out '  nothing'
title 'a second run has nothing to do'
ok test "$(writes)" -eq 0

title 'what changed is changed; who is missing stays at first'
change <<END
{"Op":"update-user","Key":"p5","Username":"p5","sub":"$(sub 5)","Before":{"Attributes":{"email":"p5@x.org"}},"After":{"Attributes":{"email":"p5@y.org","email_verified":"true"}}}
{"Op":"remove-member","Key":"p4","Username":"p4","sub":"$(sub 4)","GroupName":"staff"}
{"Op":"disable-user","Key":"p6","Username":"p6","sub":"$(sub 6)","Before":{"Enabled":true},"After":{"Enabled":false}}
$(gone 7)
END
ok test "$(wc -l <change.results)" -eq 5
sync 0 --apply
has out '  missing for the first time, and looked at again in the next run: 1 users'
domain | sed '/^p[0-3]\|^staff/d' >actual
same - actual <<'END'
admins: 
gods: root
other true o@example.com
p4 true p4@x.org
p5 true p5@y.org
p6 false p6@x.org
p7 true p7@x.org
root true root@example.com
END
title 'the limit stands: nothing is changed'
sync 5 --apply --max user-disable=0
has err 'the same command with: --confirm user-disable=1'
ok test "$(writes)" -eq 0
title 'confirmed, who left is deactivated in the second run'
sync 0 --apply --max user-disable=0 --confirm user-disable=1
lacks out 'missing for the first time'
domain >actual
ok grep -qx 'p7 false p7@x.org' actual

title 'a list that is cut takes nothing away'
domain >before
shim list-users "$BIN"'/list-users "$@" | grep -v p1'
sync 4 --apply
there <before
rm shims/list-users

# A list that lacks p0, who is there, and has p1 among the rejects; and somebody who is held back, and
# whom the domain never had.
cat >wrong <<'END'
for i; do [ "$reject" != . ] || reject=$i; [ "$i" != --reject ] || reject=.; done
list-users "$@" >all.users
sed '/^{"Username":"p[01]"/d; /^{"~end"/d' all.users >some.users
sed -n 's/^{"Username":"p1".*/{"Reason":"a test","Line":1,"Stream":"x","Record":&}/p' all.users >"$reject"
echo '{"Username":"new","Enabled":true,"UserStatus":"UNCONFIRMED","Attributes":{"email":"new@x.org","sub":"n-1"},"Groups":["staff"]}' >>some.users
cat some.users
tail -n 1 all.users | jq -c --arg r "$(wc -l <some.users)" --arg b "$(wc -c <some.users)" \
	'."~end" |= (.rows = ($r | tonumber) | .bytes = ($b | tonumber) | .rejected = 1)'
exit 3
END
shim list-users "PATH=$BIN:\$PATH"$'\n'"$(cat wrong)"
gone 3 | change
title 'who is missing for another reason is not gone; who is, is deleted if that is asked for'
sync 3 --apply --delete --hold-back UNCONFIRMED
has out '  1 times done: delete-user'
sync 3 --apply --delete --hold-back UNCONFIRMED
has domain/held.ndjson '"Reason":"held back"'
has err '1 of 2 that would take something away are left out: 1 of who is there still'
title 'by the userName as well, and an address that is not verified is one'
run 3 sync-oci -d byname --authoritative --match-by userName --hold-back UNCONFIRMED --arg login=email
ok grep -q '"Reason":"held back",.*"Record":{"Username":"new"' byname/held.ndjson
rm shims/list-users
sed '/^p[37] /d; /^staff/s/ p[37]\>//g' before | LC_ALL=C sort >expected.domain
domain >actual
same <(words expected.domain) <(words actual)
mv actual before

# killed NAME CODE STATUS: a run that makes two users and deactivates one of before, and again
n=7
killed() {
	n=$((n + 2))
	printf '{"Op":"create-user","Key":"p%d","Username":"p%d","After":{"Enabled":true,"Attributes":{"email":"p%d@x.org","email_verified":"true"}}}\n{"Op":"add-member","Key":"p%d","GroupName":"staff","Username":"p%d"}\n' \
		$n $n $n $n $n $((n + 1)) $((n + 1)) $((n + 1)) $((n + 1)) $((n + 1)) | change
	shim "$1" "$2"
	title "killed in $1: $2"
	sync "$3" --apply
	rm "shims/$1"
	sync 0 --apply
	title 'run again, it comes to the same end'
	{
		cat before
		echo "p$n true p$n@x.org"
		echo "p$((n + 1)) true p$((n + 1))@x.org"
	} | sed "/^staff/s/\$/ p$n p$((n + 1))/" | LC_ALL=C sort >expected.domain
	domain >actual
	same <(words expected.domain) <(words actual)
	title 'nothing is left'
	ok test "$(find domain -name 'pending*' -o -name '.export*')" = ''
	cp actual before
}
# half N: the Nth of its requests is the last
half() {
	killed apply-scim '[[ $* == *--ledger* ]] || exec '"$BIN"'/apply-scim "$@"
exec strace -f -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=KILL:when='"$1 $BIN"'/apply-scim --no-bulk "$@"' 1
}
half 3
killed mv '/bin/mv "$@"; [[ $* != *pending.ndjson ]] || kill -9 $PPID' 137
if [ -n "${PIPELINE_KILLS:-}" ]; then
	for at in 1 2 4 5 6; do half $at; done
	killed plan-sync "$BIN"'/plan-sync "$@"; kill -9 $$' 1
	killed list-scim "$BIN"'/list-scim "$@"; kill -9 $$' 1
	killed mv '[[ $* != *state.ndjson ]] || { kill -9 $PPID; exit 1; }; exec /bin/mv "$@"' 137
	killed rm '[[ $* != *pending.ndjson ]] || { kill -9 $PPID; exit 1; }; exec /bin/rm "$@"' 137
fi

title 'a list of groups: who left them is deactivated'
sync 0 --apply --group staff
change <<END
{"Op":"remove-member","Key":"p2","Username":"p2","sub":"$(sub 2)","GroupName":"staff"}
END
printf 'staff\r\n\n' >names
sync 0 --apply --groups names --disable-leavers
sync 0 --apply --groups names --disable-leavers
sed 's/^p2 true/p2 false/; /^staff/s/ p2\>//' before >expected.domain
domain >actual
same <(words expected.domain) <(words actual)
title 'a group that is not there'
sync 1 --apply --group nonesuch

title 'the example of the page takes over what others made'
awk '/^\.Ed/ { on = 0 } on; /^\.Bd/ { on = 1 }' "$TOP/man/sync-oci.1" | sed -n '/^sync=.*authoritative/,$p' |
	sed '/^$/,$d' | sed '/^tests/,$d' >example
domain | sed 's/^p2 false/p2 true/' >before
role='env' run 0 bash -e example
has out ' times unchanged: update-user'
domain >actual
same before actual
finish
