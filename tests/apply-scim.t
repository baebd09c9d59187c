#!/usr/bin/env bash
# apply-scim against scimmy: a pool is synced, changed, deactivated and deleted under guard, and read
# back; what is not ours stays as it is.
# Not for sanitizers.  (The faults of apply-scim-faults.t are.)
# shellcheck disable=SC2016,SC2153,SC2094 # for the inner shell and for jq
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/helpers/scim.sh
. "$TOP/tests/helpers/scim.sh"

U=urn:ietf:params:scim:schemas:core:2.0:User G=urn:ietf:params:scim:schemas:core:2.0:Group
pool=https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_want

# list DAY FILE KIND: standard input as a sealed list of the pool, read on that day of November.
list() {
	cat >"$2"
	jq -cn --rawfile t "$2" --arg s "$pool/$3" --arg d "$1" '{"~end":{v:1,ok:true,
		rows:([$t|split("\n")|length-1,0]|max),bytes:($t|utf8bytelength),rejected:0,source:$s,
		scope:"all",via:[],started:"2026-11-0\($d)T01:00:00.000Z",
		ended:"2026-11-0\($d)T02:00:00.000Z"}}' >seal
	cat seal >>"$2"
}
user() { printf '{"Username":"%s","Enabled":%s,"UserStatus":"CONFIRMED","Attributes":{"sub":"s-%s","email":"%s"%s}}\n' "$1" "$2" "$1" "$3" "${4:+,$4}"; }
member() { printf '{"GroupName":"%s","Username":"%s","Attributes":{"sub":"s-%s"}}\n' "$1" "$2" "$2"; }
# day DAY: ./users, ./groups and ./members become ./want.DAY
day() {
	list "$1" u users <users && list "$1" g groups <groups && list "$1" m memberships <members
	emit-scim --seal --for-push -o "want.$1" u g m
}

{ user ana true ana@example.com '"given_name":"Ana","nickname":"a"'; user bob true bob@example.com
	user cid true cid@example.com; user dan true dan@example.com; } >users
printf '{"GroupName":"%s"}\n' g h >groups
{ member g ana; member g bob; member h cid; } >members
run 0 day 1
{ user ana true new@example.com '"given_name":"Anna"'; user bob false bob@example.com
	user cid true cid@example.com; user eva true eva@example.com; } >users
{ member g cid; member g eva; member h cid; } >members
run 0 day 2
echo '{"GroupName":"g"}' >groups
{ member g cid; member g eva; } >members
run 0 day 3
run 0 day 4
# Somebody else's: a user, a group with him in it, and one in a group of ours.
cat >strangers <<END
{"schemas":["$U"],"externalId":"root","userName":"root","active":true}
{"schemas":["$G"],"externalId":"admins","displayName":"admins","members":[{"value":"bulkId:root"}]}
END

cat >scenario <<'END'
token=$(curl -s -u "$SCIM_CLIENT_ID:$SCIM_CLIENT_SECRET" -d grant_type=client_credentials "$SCIM_TOKEN_URL" | jq -r .access_token)
get() { curl -sg -H "Authorization: Bearer $token" "$SCIM_URL$1"; }
# sync NAME DAY [OPTION...]: plans and applies; what each said stays in files of that name.
sync() {
	name=$1 day=$2
	shift 2
	list-scim --seal -o "have.$name" && plan-sync --key externalId --ledger ledger --state state --left "left.$name" \
		-o "plan.$name" --want "want.$day" --have "have.$name" "$@" >"plan.out" 2>"err.$name"
	echo "plan $?" >"status.$name"
	: >log
	apply-scim --ledger ledger --failed "failed.$name" -o "results.$name" --seal "plan.$name" 2>>"err.$name"
	echo "apply $?" >>"status.$name"
	cp log "log.$name"
	{ get '/Users?count=100' | jq -c '.Resources[]'; get '/Groups?count=100' | jq -c '.Resources[]'; } >"there.$name"
}
push-scim strangers >pushed
id=$(get '/Users?filter=userName%20eq%20%22root%22' | jq -r '.Resources[0].id')
sync first 1
sync again 1
# A stranger joins a group of ours.
group=$(get '/Groups?filter=displayName%20eq%20%22g%22' | jq -r '.Resources[0].id')
curl -sg -X PATCH -H "Authorization: Bearer $token" -H 'Content-Type: application/scim+json' "$SCIM_URL/Groups/$group" -d \
	'{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":"'"$id"'"}]}]}'
sync changed 2
sync absent 3
cp plan.absent stale
sync deleted 4 --delete --delete-groups
apply-scim --ledger ledger -o results.stale stale; echo $? >status.stale
sync last 4 --delete --delete-groups
END
run 0 "$server" --log log --seed strangers -- bash ./scenario

# people NAME: what is at the server, by plain curl.
people() {
	jq -cs '(map({key: .id, value: .userName}) | from_entries) as $who | .[] | if .userName then
		[.userName, .active, .name.givenName, .nickName, .emails[0].value] else
		[.displayName, (.members // [] | map($who[.value]) | sort)] end' "there.$1"
}
results() { jq -r 'select(.Op) | [.Op, .Key, .Result, .GroupName // empty] | join(" ")' "results.$1"; }
writes() { grep -cE '^(POST /(Users|Groups|Bulk)|PUT|PATCH|DELETE)' "log.$1"; }

title 'the first run makes what is missing'
results first >actual
same - actual <<'END'
create-group g done g
create-group h done h
create-user s-ana done
create-user s-bob done
create-user s-cid done
create-user s-dan done
add-member s-ana done g
add-member s-bob done g
add-member s-cid done h
END
people first >actual
same - actual <<'END'
["root",true,null,null,null]
["ana",true,"Ana","a","ana@example.com"]
["bob",true,null,null,"bob@example.com"]
["cid",true,null,null,"cid@example.com"]
["dan",true,null,null,"dan@example.com"]
["admins",["root"]]
["g",["ana","bob"]]
["h",["cid"]]
END
title 'a second one has no operation, and writes nothing'
results again >actual
empty actual
same - <(writes again) <<<0
same there.first there.again
title 'what changed is changed, who is not enabled is deactivated; a stranger stays in a group of ours'
results changed >actual
same - actual <<'END'
create-user s-eva done
update-user s-ana done
add-member s-cid done g
add-member s-eva done g
remove-member s-ana done g
remove-member s-bob done g
disable-user s-bob done
END
people changed >actual
same - actual <<'END'
["root",true,null,null,null]
["ana",true,"Anna",null,"new@example.com"]
["bob",false,null,null,"bob@example.com"]
["cid",true,null,null,"cid@example.com"]
["dan",true,null,null,"dan@example.com"]
["eva",true,null,null,"eva@example.com"]
["admins",["root"]]
["g",["cid","eva","root"]]
["h",["cid"]]
END
title 'memberships of a group go in one request'
same - <(grep -c '^PATCH /Groups' log.changed) <<<2
title 'who is missing for the second time is deactivated'
results absent >actual
same - actual <<<'disable-user s-dan done'
title 'and is deleted if that is asked for, as is a group'
results deleted >actual
same - actual <<'END'
remove-member s-cid done h
delete-user s-dan done
delete-group h done h
END
people deleted >actual
same - actual <<'END'
["root",true,null,null,null]
["ana",true,"Anna",null,"new@example.com"]
["bob",false,null,null,"bob@example.com"]
["cid",true,null,null,"cid@example.com"]
["eva",true,null,null,"eva@example.com"]
["admins",["root"]]
["g",["cid","eva","root"]]
END
title 'what a deletion remembers'
jq -c 'select(.Op == "delete-user").Before | [.userName, .active, .emails[0].value]' plan.deleted >actual
same - actual <<<'["dan",false,"dan@example.com"]'
title 'an old plan does nothing to who is gone'
jq -r 'select(.Op) | [.Op, .Key, .Result, .Detail] | join(" ")' results.stale >actual
same - actual <<<'disable-user s-dan skipped the user is not ours, by the ledger'
same - status.stale <<<3
title 'and then there is nothing left to do'
results last >actual
empty actual
same - <(writes last) <<<0
title 'strangers are as they were'
for name in first last; do jq -c 'select(.userName == "root" or .displayName == "admins") | del(.meta, .groups)' "there.$name" >"root.$name"; done
same root.first root.last
title 'every plan and every run was good, and said nothing'
cat status.first status.again status.changed status.absent status.deleted status.last | sort | uniq -c | sed 's/^ *//' >actual
same - actual <<'END'
6 apply 0
6 plan 0
END
cat err.* >said
empty said
title 'the ledger knows them by the ids of the server'
jq -r 'select(.Ledger == "user") | [.Key, .State, has("sub")] | join(" ")' ledger | sort -u >actual
has actual 's-dan deleted true'
has actual 's-eva created true'
finish
