#!/usr/bin/env bash
# shellcheck disable=SC2016 # programs of jq
. "$(dirname "$0")/lib.sh"
# plan-sync: what differs becomes an operation, what is not ours stays, and nothing is taken away on
# the word of a list that may not be whole.  PLAN_STEP: inputs are cut at every so many bytes (1: at each).

helpers=$TOP/tests/helpers
source=https://x/eu-west-1_want target=https://x/eu-west-1_have

# list FILE POOL KIND DAY [MEMBERS]: the lines of standard input as a sealed list, read on that day of
# November; MEMBERS, a JSON object, replaces members of the seal.
list() {
	cat >"$1"
	if [ -z "${5:-}" ]; then
		printf '{"~end":{"v":1,"ok":true,"rows":%d,"bytes":%d,"rejected":0,"source":"%s","scope":"all","via":[],%s,%s}}\n' \
			"$(wc -l <"$1")" "$(wc -c <"$1")" "$2/$3" "\"started\":\"2026-11-0${4}T01:00:00.000Z\"" \
			"\"ended\":\"2026-11-0${4}T02:00:00.000Z\"" >"$1.seal"
		cat "$1.seal" >>"$1"
		return
	fi
	jq -cn --rawfile t "$1" --arg s "$2/$3" --arg d "$4" --argjson more "$5" \
		'{"~end":({v:1,ok:true,rows:([$t|split("\n")|length-1,0]|max),bytes:($t|utf8bytelength),rejected:0,
		source:$s,scope:"all",via:[],started:"2026-11-0\($d)T01:00:00.000Z",
		ended:"2026-11-0\($d)T02:00:00.000Z"}+$more)}' >"$1.seal"
	cat "$1.seal" >>"$1"
}
# user NAME [ENABLED [ATTRIBUTES [MORE]]]
user() { printf '{"Username":"%s","Enabled":%s,"UserStatus":"CONFIRMED","Attributes":{%s"sub":"s-%s"}%s}\n' \
	"$1" "${2:-true}" "${3:+$3,}" "${1,,}" "${4:+,$4}"; }
# ledger_line KIND KEY STATE [MEMBERS]
ledger_line() { printf '{"Ledger":"%s","Target":"%s","Key":"%s"%s,"State":"%s"}\n' "$1" $target "$2" "${4:+,$4}" "$3"; }
# own NAME...: lines of a ledger
own() { for name; do ledger_line user "$name" created '"sub":"s-'"$name"'"'; done; }
own_group() { ledger_line group "$1" created '"GroupName":"'"$1"'"'; }
# ops: what the plan in out does
# gojq starts in a fifth of the time of jq.
ops() { gojq -r 'select(.Op and .Op != "plan") | [.Op, .Key, .GroupName // empty] | join(" ")' out; }
# planned: one test: the operations are the lines of standard input
planned() {
	cat >expected
	ops >actual
	same expected actual
}

# --- all kinds of operations, as they stand in the contract (cognito-records(5))
{ user ana true '"email":"new@x","email_verified":"true"'; user bob false; user cara
	user zoe true '"identities":"[{\"userId\":\"12\",\"providerName\":\"Google\"}]"'; } | list want $source users 2
printf '{"GroupName":"g","Description":"d"}\n{"GroupName":"h","Precedence":3}\n' | list want.g $source groups 2
printf '{"GroupName":"g","Username":"ana"}\n{"GroupName":"h","Username":"zoe"}\n' | list want.m $source memberships 2
{ user Ana true '"email":"old@x","nickname":"n"'; user bob; user cara false; user dan; user eva; } | list have $target users 2
echo '{"GroupName":"g"}' | list have.g $target groups 2
echo '{"GroupName":"g","Username":"bob","Attributes":{"sub":"s-bob"}}' | list have.m $target memberships 2
{ own ana bob cara dan; own_group g; } >ledger
all=(--want want --want want.g --want want.m --have have --have have.g --have have.m --ledger ledger)
title 'everything: the plan'
run 3 plan-sync "${all[@]}" --left left --stats stats
cp out plan
grep '^unseal plan |' "$TOP/man/plan-sync.1" >example
title 'the example of the page that shows it has its operations and no more'
ops | cut -d ' ' -f 1 >expected
bash -e -o pipefail example | cut -f 1 >actual
same expected actual
title 'the plan as it is'
jq -c 'del(.Made)' out | head -n -1 >actual
same - actual <<'END'
{"Op":"plan","V":1,"Target":"https://x/eu-west-1_have","Key":"Username","Fold":true,"Want":{"Sources":["https://x/eu-west-1_want/users","https://x/eu-west-1_want/groups","https://x/eu-west-1_want/memberships"],"Scope":"all"},"Have":{"Sources":["https://x/eu-west-1_have/users","https://x/eu-west-1_have/groups","https://x/eu-west-1_have/memberships"],"Scope":"all"},"Managed":{"users":4,"groups":1,"members":1},"Totals":{"create-group":1,"update-group":1,"create-user":1,"link-provider":1,"update-user":1,"enable-user":1,"add-member":2,"remove-member":1,"disable-user":1},"Classes":{"user-disable":1,"member-remove":1,"email-change":1,"attribute-clear":1,"update":1,"user-enable":1,"member-add":2,"member-remove:g":1},"Limits":{"user-disable":5,"member-remove":5,"email-change":5,"attribute-clear":5,"update":5,"user-enable":5,"member-add":2147483647,"member-remove:g":5},"Confirmed":{},"Cost":{"Calls":{"UserCreation":1,"UserUpdate":8,"UserAccountRecovery":1,"UserPoolResourceUpdate":2},"Seconds":1,"Billable":4,"Messages":0},"Left":{"users":1,"groups":0,"members":0}}
{"Op":"create-group","Key":"h","GroupName":"h","After":{"Precedence":3},"Why":"not at the target"}
{"Op":"update-group","Key":"g","GroupName":"g","Before":{"Description":null},"After":{"Description":"d"},"Why":"Description differs"}
{"Op":"create-user","Key":"zoe","Username":"zoe","After":{"Enabled":true,"UserStatus":"CONFIRMED","Attributes":{}},"Source":{"Username":"zoe","sub":"s-zoe"},"Why":"not at the target"}
{"Op":"link-provider","Key":"zoe","Username":"zoe","After":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject","ProviderAttributeValue":"12"},"Why":"linked in WANT"}
{"Op":"update-user","Key":"ana","Username":"Ana","sub":"s-ana","Before":{"Attributes":{"email":"old@x","email_verified":null,"nickname":"n"}},"After":{"Attributes":{"email":"new@x","email_verified":"true","nickname":null}},"Why":"email, nickname differ"}
{"Op":"enable-user","Key":"cara","Username":"cara","sub":"s-cara","Before":{"Enabled":false},"After":{"Enabled":true},"Why":"Enabled differs"}
{"Op":"add-member","Key":"ana","GroupName":"g","Username":"Ana","sub":"s-ana","Why":"not a member"}
{"Op":"add-member","Key":"zoe","GroupName":"h","Username":"zoe","Why":"not a member"}
{"Op":"remove-member","Key":"bob","GroupName":"g","Username":"bob","sub":"s-bob","Why":"not a member in WANT"}
{"Op":"disable-user","Key":"bob","Username":"bob","sub":"s-bob","Before":{"Enabled":true},"After":{"Enabled":false},"Why":"Enabled differs"}
END
title 'and it is sealed, with the target as its source'
tail -n 1 out | jq -c '."~end" | [.ok, .rows, .source, .scope]' >actual
same - actual <<'END'
[true,11,"https://x/eu-west-1_have/plan","all"]
END
title 'who is left alone stands in --left; nobody is disabled without a state'
jq -c '[.Left, .Key, .Why]' left >actual
same - actual <<'END'
["user","dan","absent for the first time"]
["user","eva","not ours"]
END
has stats '"Managed":4,"Left":1,"Waiting":1,"Billable":4'
title 'nothing differs: a header alone'
{ cat ledger; own eva; } >ledger.all
cp have same
run 0 plan-sync same have --ledger ledger.all
planned </dev/null

# --- absence, in two whole runs
user ana | list monday $source users 2
user ana | list tuesday $source users 3
{ user ana; user dan; } | list wednesday $source users 4
user ana | list thursday $source users 5
{ user ana; user dan; } | list have2 $target users 2
absence=(--ledger ledger --state state)
title 'the first run only notes who is missing'
run 0 plan-sync monday have2 "${absence[@]}"
planned </dev/null
has state '{"State":"user","Key":"dan","Since":"2026-11-02T02:00:00.000Z"}'
cp state first
title 'the same list again is the same run'
run 0 plan-sync monday have2 "${absence[@]}"
planned </dev/null
same first state
title 'a second run disables'
run 0 plan-sync tuesday have2 "${absence[@]}"
planned <<<'disable-user dan'
has out '"Why":"absent since 2026-11-02T02:00:00.000Z"'
title 'or deletes, if that is asked for, with all that was there'
cp first state; run 0 plan-sync tuesday have2 "${absence[@]}" --delete
planned <<<'delete-user dan'
has out '"Before":{"Username":"dan","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"s-dan"}}'
title 'and says where he came from, as the last line of the ledger has it'
{ sed '/"dan"/d' ledger; ledger_line user dan created '"sub":"s-dan","Source":{"Username":"x"}'
	ledger_line user dan created '"sub":"s-dan","Source":{"Username":"Dan","sub":"w-dan"}'; } >ledger.from
cp first state; run 0 plan-sync tuesday have2 --ledger ledger.from --state state --delete
has out '"Source":{"Username":"Dan","sub":"w-dan"},"Why":"absent since'
cp first state; run 0 plan-sync tuesday have2 --ledger ledger.from --state state
has out '"After":{"Enabled":false},"Source":{"Username":"Dan","sub":"w-dan"},"Why":"absent since'
title 'but not of whom WANT has as disabled'
{ user ana; user dan false | sed s/s-dan/w-dan/; } | list off $source users 4
cp first state; run 0 plan-sync off have2 --ledger ledger.from --state state
has out '"After":{"Enabled":false},"Why":"Enabled differs"}'
cp first state
title 'who was back in between is missing for the first time'
run 0 plan-sync wednesday have2 "${absence[@]}"
run 0 plan-sync thursday have2 "${absence[@]}"
planned </dev/null
title 'an older list than the last one takes nobody away, and changes no state'
cp first state; run 0 plan-sync tuesday have2 "${absence[@]}"; cp state second
run 3 plan-sync monday have2 "${absence[@]}"
has err 'users: 1 that would take away are left out: WANT is older than that of the run before, of 2026-11-03T02:00:00.000Z (if'
same second state
user ana | list other https://x/elsewhere users 6
title 'another source that is named as the same one'
run 0 plan-sync other have2 "${absence[@]}" --same-source https://x/eu-west-1_other --same-source $source
planned <<<'disable-user dan'
has state '"Source":"https://x/elsewhere/users"'
cp second state
title 'any other starts anew'
run 3 plan-sync other have2 "${absence[@]}"
has err 'another source or scope than in the run before'
planned </dev/null
user ana | list other https://x/elsewhere users 7
run 0 plan-sync other have2 "${absence[@]}"
planned <<<'disable-user dan'
title 'the state stays when the plan does not come out'
cp first state
run 5 plan-sync tuesday have2 "${absence[@]}" --max user-disable=0
same first state
title 'a ledger of another target; one that names none'
sed 's/_have/_third/' ledger >ledger3
run 2 plan-sync tuesday have2 --ledger ledger3
has err 'ledger3:1: of another target'
jq -c 'del(.Target)' ledger >ledger3
run 1 plan-sync tuesday have2 --ledger ledger3
has err 'ledger3:1: no line of a ledger'
title 'a ledger that does not know the sub: ours only if no answer came'
ledger_line user bob created >ledger3; ledger_line user cara creating >>ledger3
run 3 plan-sync want have --ledger ledger3 --left left
planned <<'END'
create-user cara
create-user zoe
link-provider zoe
END
has out '"Why":"not known whether a run before created him"'
has left '{"Left":"user","Key":"bob","Username":"bob","sub":"s-bob","Why":"exists, not ours"}'
title 'of another target'
user ana | list have3 https://x/third users 2
run 2 plan-sync tuesday have3 --state state
has err 'state: the state of another target'
title 'a ledger that shrank'
cp first state; own ana >short
run 4 plan-sync tuesday have2 --ledger short --state state
has err 'short: incomplete: shorter than it was at the run before'
title 'a ledger whose last line is torn takes nobody away'
rm state; cp ledger torn; printf '{"Ledger":"us' >>torn
run 3 plan-sync want have --ledger torn
has err 'warning: torn: the last line is torn and does not count'
lacks out '"Op":"disable-user"'
title 'a wrong line of the ledger stops'
echo '{"Ledger":"user","Key":"x"}' >>short
run 1 plan-sync tuesday have2 --ledger short
has err 'short:2: no line of a ledger'

# --- what keeps it from taking away
# keeps WHY ARGUMENT...: nobody is taken away, for that reason
keeps() {
	cp first state
	title "nobody is taken away: $1"
	run 3 plan-sync "${@:2}" "${absence[@]}"
	has err "left out: $1"
	planned </dev/null
}
head -n -1 tuesday >plain
keeps 'WANT has no seal' plain have2
head -n -1 have2 >plain2
keeps 'HAVE has no seal' tuesday plain2 --target $target
user ana | list some $source users 3 '{"via":["map-attributes"]}'
keeps 'a stage before may have dropped records of WANT' some have2
user ana | list some $source users 3 '{"source":""}'
keeps 'WANT does not say where it comes from' some have2
same first state
user ana | list some $source users 3 '{"scope":"filter:status = \"Enabled\""}'
keeps 'the scopes of WANT and HAVE differ' some have2
user ana | list some $source users 3 '{"scope":"filter:email = \"a\""}'
{ user ana; user dan; } | list have4 $target users 2 '{"scope":"filter:email = \"a\""}'
keeps 'the lists are parts by their scope' some have4
user ana | list some $source users 3 '{"scope":"max-items:1"}'
{ user ana; user dan; } | list have4 $target users 2 '{"scope":"max-items:1"}'
keeps 'the lists are parts by their scope' some have4
user ana | list some $source users 3 '{"rejected":1}'
keeps 'records were rejected before, and --held does not have them' some have2
printf '{"Reason":"r","Line":1,"Stream":"s","Record":%s}\n' "$(user ana)" '"torn"' >held
keeps 'the files of --held do not have as many records' some have2 --held held
head -n 1 held >held1; tail -n 1 held >held2
keeps 'a record in the files of --held is not known to be of anybody' some have2 --held held2
printf '{"Reason":"r","Line":1,"Stream":"s","Record":%s}\n' "$(user who)" >held3
keeps 'a record in the files of --held is not known to be of anybody' some have2 --held held3
title 'held are others: he is taken away'
cp first state; run 0 plan-sync some have2 "${absence[@]}" --held held1
planned <<<'disable-user dan'
title 'held is he'
cp first state; printf '{"Reason":"r","Line":1,"Stream":"s","Record":%s}\n' "$(user DAN)" >held
run 0 plan-sync some have2 "${absence[@]}" --held held
planned </dev/null
title 'protected, by the name that he has at the target'
cp first state; echo '{"Username":"Dan"}' >protect
run 0 plan-sync tuesday have2 "${absence[@]}" --protect protect --left left
planned </dev/null
has left '"Why":"protected"'
empty err
title 'by his sub at the source, which the ledger has'
cp first state; echo '{"sub":"w-dan"}' >protect
run 0 plan-sync tuesday have2 --ledger ledger.from --state state --protect protect
planned </dev/null
empty err
title 'or WANT'
{ user ana; user dan false | sed s/s-dan/w-dan/; } | list off $source users 4
cp first state; run 0 plan-sync off have2 --ledger ledger.from --state state --protect protect
planned </dev/null
title 'a record that is of nobody protects nobody, and is counted'
{ echo '{"Username":"dn","sub":"s-dn"}'; echo '{"GroupName":"nogroup"}'; user ana; } >protect
cp first state; run 0 plan-sync tuesday have2 "${absence[@]}" --protect protect
planned <<<'disable-user dan'
has err 'plan-sync: warning: 2 records of --protect are of nobody, and of no group, that a side has'
title 'a wrong record here, put aside, takes nobody away either'
cp first state; { user ana; echo '{"Attributes":{}}'; } | list some $source users 3
run 1 plan-sync some have2 "${absence[@]}"
has err 'some:2: neither a user, a group nor a membership'
run 3 plan-sync some have2 "${absence[@]}" --reject rejects
has err 'records were rejected here'
title 'plain: adds and changes, and clears nothing'
{ user ana true '"email":"e@x","email_verified":"true"'; user new; } >plain
{ user ana true '"nickname":"n"'; } | list have5 $target users 2
run 3 plan-sync plain have5 --ledger ledger
planned <<'END'
create-user new
update-user ana
END
has out '"After":{"Attributes":{"email":"e@x","email_verified":"true"}}'
has err 'users: 1 that would take away are left out: WANT has no seal'
title '--seal wants them sealed'
run 4 plan-sync plain have5 --seal
title 'one file of a side plain, another sealed'
run 4 plan-sync --want plain --want want.g --have have
title 'cut: an old plan stays'
head -c 50 want >short-want
echo old >plan
run 4 plan-sync short-want have -o plan
same - plan <<<old

# --- whose
title 'without a ledger nothing is ours'
run 3 plan-sync want have --left left
planned <<'END'
create-user zoe
link-provider zoe
END
has err 'warning: 3 are at the target but not ours, and left alone'
title 'adopted: also where nothing differs, so that the ledger learns it'
{ user ana; user cara; } | list want6 $source users 2
{ user ana; user cara true '"name":"c"'; user dan; } | list have6 $target users 2
run 0 plan-sync want6 have6 --adopt
jq -c 'select(.Op == "update-user") | [.Key, .Before, .After, .Why]' out >actual
same - actual <<'END'
["ana",{},{},"adopted"]
["cara",{"Attributes":{"name":"c"}},{"Attributes":{"name":null}},"name differs; adopted"]
END
has out '"After":{},"Source":{"Username":"ana","sub":"s-ana"},"Why":"adopted"'
has out '"Billable":1,'
title 'another sub than the ledger says: somebody else by now'
ledger_line user ana created '"sub":"s-before"' >ledger7
run 3 plan-sync want have --ledger ledger7 --left left
has left '{"Left":"user","Key":"ana","Username":"Ana","sub":"s-ana","Why":"exists, not ours"}'

# --- keys
title 'a key that is there twice is left alone, on both sides'
{ user ana; user ANA false; user bob false; } | list twice $source users 2
run 3 plan-sync twice have --ledger ledger --left left
planned <<<'disable-user bob'
has err 'warning: 1 keys are on a side more than once'
title 'each of them is told, of both sides'
jq -r 'select(.Why | startswith("the key is more than once")) | [.Key, .Username, .sub] | join(" ")' left >actual
same - actual <<<$'ana ANA s-ana\nana ana s-ana\nana Ana s-ana'
title 'unless case tells them apart'
run 3 plan-sync twice have --ledger ledger --fold-case no
planned <<'END'
create-user ANA
create-user ana
disable-user bob
END
title 'a user without the key'
run 1 plan-sync want have --key email
has err 'want:2: a user without the key'
title 'a federated profile is not created'
printf '{"Username":"Google_1","UserStatus":"EXTERNAL_PROVIDER","Attributes":{"sub":"x"}}\n' | list ext $source users 2
run 3 plan-sync ext have6 --left left
planned </dev/null
has left '"Key":"google_1","Username":"Google_1","sub":"x","Why":"a federated profile: no native user is known for it"'
title 'what Cognito makes for a provider is no group of ours'
made=eu-west-1_AbCdEf_Google
echo '{"GroupName":"'$made'"}' | list idp $source groups 2
echo '{"GroupName":"'$made'","Username":"ana"}' | list idp.m $source memberships 2
user ana | list idp.u $source users 2
user ana | list idp.have $target users 2
echo '{"GroupName":"g"}' | list idp.g $source groups 2
idp=(--want idp.u --want idp.m --have idp.have --have have.g --have have.m --ledger ledger --left left)
run 0 plan-sync --want idp "${idp[@]}"; planned </dev/null
has err "warning: 1 groups that Cognito makes for identity providers, and 1 memberships in such, are left to it"
has left '"Key":"'$made'","Why":"made by Cognito for an identity provider"'
has out '"Left":{"users":0,"groups":0,"members":0}'
title 'also where only memberships have it; and what is there already needs no word'
run 0 plan-sync --want idp.g "${idp[@]}"; planned </dev/null
has err 'warning: 0 groups that Cognito makes for identity providers, and 1 memberships in such, are left'
echo '{"GroupName":"'$made'","Username":"ana"}' | list made.m $target memberships 2
echo '{"GroupName":"'$made'"}' | list made.g $target groups 2
run 0 plan-sync --want idp --want idp.m --have made.g --have made.m --ledger ledger; planned </dev/null
has out '"Left":{"users":0,"groups":1,"members":1}'
empty err
title 'unless it is named, or all are wanted'
for named in '--idp-groups' "--with-group $made"; do
	# shellcheck disable=SC2086 # words
	run 0 plan-sync --want idp "${idp[@]}" $named
	planned <<END
create-group $made $made
add-member ana $made
END
done
run 0 plan-sync --want idp "${idp[@]}" --with-group other; planned </dev/null
title 'an attribute chosen, one left out'
run 3 plan-sync want have --ledger ledger --attributes nickname,sub --max user-disable=9
has out '"After":{"Attributes":{"nickname":null}}'
run 3 plan-sync want have --ledger ledger --ignore-attributes nickname,email_verified --allow-messages 1
has out '"After":{"Attributes":{"email":"new@x"}}'

# --- groups that limit it
{ user ana true '' '"Groups":["g"]'; user cara true '' '"Groups":["x"]'; user new true '' '"Groups":["x"]'; } |
	list scoped $source users 3
{ user ana true '' '"Groups":[]'; user cara true '"name":"c"' '"Groups":["g","x"]'; user dan true '' '"Groups":["x"]'; } |
	list have8 $target users 2
{ own ana cara dan; own_group g; own_group x; } >ledger8
limited=(plan-sync scoped have8 --ledger ledger8 --state state8 --scope-groups g)
title 'limited to a group: others are not looked at'
run 0 "${limited[@]}"
planned <<<'add-member ana g'
{ user ana true '' '"Groups":["g"]'; user cara true '' '"Groups":["x"]'; } | list scoped $source users 4
cp state8 kept8
title 'who leaves it loses the membership'
run 0 "${limited[@]}"
planned <<'END'
add-member ana g
remove-member cara g
END
title 'and is disabled only if that is asked for'
cp kept8 state8
run 0 "${limited[@]}" --disable-leavers
planned <<'END'
add-member ana g
remove-member cara g
disable-user cara
END
has out '"Why":"left the listed groups"'
title 'the plan says of which groups, and where the leaver came from'
has out '"Scope":"all","Groups":["g"]},"Have"'
ledger_line user cara adopted '"sub":"s-cara","Source":{"Username":"C","sub":"w"}' >>ledger8
cp kept8 state8
run 0 "${limited[@]}" --disable-leavers
grep -c '"Source":{"Username":"C","sub":"w"},"Why":"left the listed groups"' out >actual
same - actual <<<2

# both FILE POOL DAY GROUP MEMBER...: users ana, bob and those that are named, and who is in the group
both() {
	local file=$1 pool=$2 day=$3 group=$4
	shift 4
	{ user ana; user bob; } | list "$file" "$pool" users "$day"
	[ $# -eq 0 ] || printf '{"GroupName":"'"$group"'","Username":"%s"}\n' "$@"  >"$file.rows"
	[ $# -gt 0 ] || : >"$file.rows"
	list "$file.m" "$pool" memberships "$day" <"$file.rows"
}
both have9 $target 2 g ana bob
both mon $source 2 g ana
both tue $source 3 g ana
{ own ana bob; own_group g; own_group h; } >ledger9
# leave STATUS FILE...: that WANT, after a run with the first list if there is no state
leave() {
	local status=$1 want=()
	shift
	for file; do want+=(--want "$file"); done
	run "$status" plan-sync "${want[@]}" --have have9 --have have9.m --ledger ledger9 --state state9 \
		--scope-groups g --disable-leavers --left left
}
first9() { rm -f state9; leave 0 mon mon.m; cp state9 kept9; }
title 'who left is taken out and disabled in the second run'
first9
leave 0 tue tue.m
planned <<'END'
remove-member bob g
disable-user bob
END
has state9 '"ScopeGroups":["g"]'
title 'and who was only taken out then is disabled by the next run'
both have9 $target 2 g ana
leave 0 tue tue.m
planned <<<'disable-user bob'
both have9 $target 2 g ana bob
title 'WANT says nothing of groups: nobody has left'
cp kept9 state9; leave 0 tue
planned </dev/null
title 'it says nothing of one user: he has not'
cp kept9 state9; { user ana true '' '"Groups":["g"]'; user bob; } | list mute $source users 3
leave 0 mute
planned </dev/null
has left '"Why":"WANT does not say in which groups"'
title 'memberships of another source, or through a stage that drops: nobody has left'
cp kept9 state9; list via.m $source memberships 3 '{"via":["x"]}' <tue.rows
leave 3 tue via.m
planned </dev/null
has err 'users: 1 that would take away are left out: a stage before may have dropped records of WANT (via)'
list via.m https://x/other memberships 3 <tue.rows
cp kept9 state9; leave 2 tue via.m
has err 'via.m: of another source than WANT'
title 'the same old memberships twice are one run'
cp kept9 state9; leave 0 tue mon.m
planned </dev/null
title 'a membership that was rejected holds him in the group'
cp kept9 state9; list rej.m $source memberships 3 '{"rejected":1}' <tue.rows
echo '{"Reason":"r","Line":1,"Stream":"s","Record":{"GroupName":"g","Username":"bob"}}' >held9
run 0 plan-sync --want tue --want rej.m --have have9 --have have9.m --ledger ledger9 --state state9 \
	--scope-groups g --disable-leavers --held held9
planned </dev/null
title 'a group that is not ours is not left'
cp kept9 state9; own ana bob >ledger10
run 3 plan-sync --want tue --want tue.m --have have9 --have have9.m --ledger ledger10 --scope-groups g \
	--disable-leavers --left left
planned </dev/null
lacks left absent
title 'other groups than in the run before: anew'
cp kept9 state9
run 3 plan-sync --want tue --want tue.m --have have9 --have have9.m --ledger ledger9 --state state9 \
	--scope-groups g --scope-groups h --disable-leavers
planned </dev/null
has err 'users: 1 that would take away are left out: WANT has another source or scope'
has state9 '"ScopeGroups":["g","h"]'
title 'nobody is in the listed groups'
cp kept9 state9; both empty $source 3 h ana bob
leave 5 empty empty.m
has err 'guard: WANT has no memberships (--allow-empty)'

# --- Enabled false, and who was seen
title 'Enabled false of another source than in the run before, or of an older list: not at once'
{ user ana; user dan false; } | list off $source users 4
{ user ana; user dan false; } | list off2 https://x/elsewhere users 4
cp second state; run 3 plan-sync off2 have2 "${absence[@]}"
planned </dev/null
has err 'users to be disabled: 1 that would take away are left out: WANT has another source'
cp second state; run 0 plan-sync off2 have2 "${absence[@]}" --same-source $source/users
planned <<<'disable-user dan'
{ user ana; user dan false; } | list off2 $source users 1
cp second state; run 3 plan-sync off2 have2 "${absence[@]}"
planned </dev/null
has err 'users to be disabled: 1 that would take away are left out: WANT is older'
title 'who is seen in a run that does not count, or trips, was there'
for args in '' '--max user-disable=0'; do
	{ user ana; user dan; user cara false; } | list seen $source users 3 "$([ -n "$args" ] || echo '{"via":["x"]}')"
	{ user ana; user dan; user cara; } | list have10 $target users 2
	cp first state
	# shellcheck disable=SC2086 # words
	run "$([ -n "$args" ] && echo 5 || echo 0)" plan-sync seen have10 "${absence[@]}" $args
	lacks state '"Key":"dan"'
	user ana | list later $source users 4
	run 0 plan-sync later have2 "${absence[@]}"
	planned </dev/null
done
title 'a run that ended before it started does not say when'
user ana | list some $source users 3 '{"ended":"2026-11-03T00:00:00.000Z"}'
keeps "WANT's seal does not say when it was read" some have2

# --- groups that are deleted
echo '{"GroupName":"g"}' | list want15.g $source groups 3
list want15.m $source memberships 3 <<<'{"GroupName":"g","Username":"ana"}'
user ana | list want15 $source users 3
user ana | list have15 $target users 2
printf '{"GroupName":"%s"}\n' g x y | list have15.g $target groups 2
printf '{"GroupName":"%s","Username":"%s"}\n' x ana y ana y eva | list have15.m $target memberships 2
{ own ana; own_group g; own_group x; own_group y; } >ledger15
deletion=(--want want15 --want want15.g --want want15.m --have have15 --have have15.g --ledger ledger15 --state state15
	--delete-groups --left left --have)
title 'a group goes with its memberships, and not if others are in it'
run 0 plan-sync "${deletion[@]}" have15.m
sed -i 's/2026-11-03/2026-11-02/; s/T02:00/T00:30/' state15
head -n -1 state15 | tail -n +2 >rows
{ sed -n 1p state15; cat rows; } >state15.rows
jq -cn --rawfile t state15.rows '{"~end":{v:1,ok:true,rows:($t|split("\n")|length-1),bytes:($t|utf8bytelength),rejected:0}}' >seal
cat state15.rows seal >state15; cp state15 kept15
run 3 plan-sync "${deletion[@]}" have15.m
planned <<'END'
add-member ana g
remove-member ana x
delete-group x x
END
has out '"Before":{"GroupName":"x","Members":1}'
has out '"Classes":{"member-remove":1,"group-delete":1,"member-add":1,"member-remove:x":1}'
has left '{"Left":"group","Key":"y","Why":"others are in it"}'
cp kept15 state15
run 5 plan-sync "${deletion[@]}" have15.m --max member-remove=0
has err 'guard: member-remove: 1, and the limit is 0'
title 'nor if its members are not known'
cp kept15 state15
run 3 plan-sync --want want15 --want want15.g --have have15 --have have15.g --ledger ledger15 --state state15 --delete-groups
planned </dev/null
has err 'warning: 2 groups are not deleted: others are in them, or may be'
title 'who is deleted: the groups, too'
user ana | list gone $source users 3
{ user ana; user dan; } | list have16 $target users 2
printf '{"GroupName":"%s","Username":"dan"}\n' g x | list have16.m $target memberships 2
cp first state; run 0 plan-sync --want gone --have have16 --have have16.m "${absence[@]}" --delete
has out '"sub":"s-dan"},"Groups":["g","x"]}'

# --- what is said
title 'by sub between two pools nobody is known again: that is said'
run 3 plan-sync want15 have15 --ledger ledger15 --key sub
has err 'warning: --key sub: WANT and HAVE are of different pools, and a user has another sub in each'
run 0 plan-sync have15 have15 --ledger ledger15 --key sub --adopt
empty err
title 'users without their groups on one side: their memberships are not compared, and that is said'
run 0 plan-sync --want want15 --have have15 --have have15.m --ledger ledger15
has err 'warning: HAVE has memberships, and WANT says nothing of any: they are not compared (expand-members)'
run 0 plan-sync --want scoped --have have15 --ledger ledger15
has err 'warning: WANT has memberships, and HAVE says nothing of any: they are not compared (expand-members)'
run 0 plan-sync --want want15 --have have15 --ledger ledger15
empty err
title 'Members of groups, attributes beside Attributes, a group that nobody has'
echo '{"GroupName":"g","Members":["ana"]}' | list members.g $source groups 3
echo '{"Username":"ana","email":"a@x","Groups":["g"]}' | list flat $source users 3
run 0 plan-sync --want flat --want members.g --have have15 --have have.g --have have15.m --ledger ledger15 \
	--scope-groups g --scope-groups gg
planned <<<'add-member ana g'
has err 'warning: WANT has 1 groups with Members, which are not read'
has err 'warning: WANT has 1 users without Attributes, but with texts beside, which are not compared'
has err 'warning: --scope-groups: neither side has the group gg'
grep -c neither err >actual
same - actual <<<1
printf '{"Username":"ana","Enabled":true,"email":"a@x"}\n' | list flat $source users 3
printf '{"Username":"ana","email":"a@x"}\n' | list flat.have $target users 3
run 0 plan-sync flat flat.have --key email --adopt
empty err
run 0 plan-sync --want mute --have have9 --have have9.m --ledger ledger9 -v
has err '1 have no groups in one side'"'"'s record, and keep theirs'
title 'a membership that is wanted in a group that is not ours, or not known'
list lost.m $source memberships 3 <<<'{"GroupName":"nowhere","Username":"bob"}'
run 3 plan-sync lost.m have16.m --ledger ledger --left left
has err 'warning: 1 memberships are wanted in groups that are not ours, or not known'
title 'and one that is there and not wanted, in a group that is not ours'
{ own dan; own_group g; } >ledger19
run 0 plan-sync lost.m have16.m --ledger ledger19 --left left
planned <<<'remove-member dan g'
has left '"GroupName":"x","Why":"the group or the user is not ours"'
title 'Enabled that is neither true nor false'
echo '{"Username":"ana","Enabled":"no"}' | list some $source users 3
run 1 plan-sync some have2
has err 'some:1: Enabled is neither true nor false'
title 'too deep to be undone, or too long: left out, counted, and said'
deep=$(printf '[%.0s' {1..255})$(printf ']%.0s' {1..255})
{ user ana; user dan true '' "\"x\":$deep"; } | list have17 $target users 2
cp first state; run 3 plan-sync tuesday have17 "${absence[@]}" --delete
planned </dev/null
has err 'warning: 1 operations are longer, or deeper, than a record may be'
lacks out user-delete
{ user ana; user dan true '' "\"x\":\"$(printf '%01048450d' 0)\""; } | list have17 $target users 2
cp first state; run 3 plan-sync tuesday have17 "${absence[@]}" --delete
planned </dev/null
lacks out user-delete
title 'thousands of groups that each lose one: the header is no longer than a record'
awk 'BEGIN { for (i = 0; i < 6000; i++) { g = sprintf("%0100d", i); print "{\"Ledger\":\"group\",\"Target\":\"https://x/eu-west-1_have\",\"Key\":\"" g "\",\"State\":\"created\"}" >"g.ledger"
	print "{\"GroupName\":\"" g "\",\"Username\":\"bob\"}" } }' | list have18 $target memberships 2
own bob >>g.ledger
list none18 $source memberships 3 </dev/null
run 0 plan-sync none18 have18 --ledger g.ledger --allow-empty --max member-remove=6000
head -n 1 out | jq -c '[.Totals, (.Classes | length), .Classes."member-remove"]' >actual
same - actual <<<'[{"remove-member":6000},101,6000]'

title 'more groups that lose many than the header can name: no plan, here already'
limits=(); : >h.ledger; : >have27
for ((i = 0; i < 60; i++)); do
	g=$(printf '%05000d' $i)
	own_group "$g" >>h.ledger
	printf '{"GroupName":"'"$g"'","Username":"%s"}\n' a b c d e f >>have27
	limits+=(--max "member-remove:$g=6")
done
own a b c d e f >>h.ledger
list have28 $target memberships 2 <have27
run 5 plan-sync none18 have28 --ledger h.ledger --allow-empty --max member-remove=999 "${limits[@]}"
has err 'guard: member-remove: more than 5 are taken out of more groups than a plan can name'

# --- who has another key by now, and whose memberships stand alone
title 'an e-mail address that is the key has changed: nobody is made anew, and nobody disabled'
{ user ana true '"email":"new@x"'; user bob true '"email":"bob@x"'; } | list moved $source users 3
{ user Ana true '"email":"old@x"'; user bob true '"email":"bob@x"'; } | list have11 $target users 2
{ ledger_line user old@x created '"sub":"s-ana"'; ledger_line user bob@x created '"sub":"s-bob"'; } >ledger11
run 3 plan-sync moved have11 --ledger ledger11 --key email --left left
planned </dev/null
has out '"Classes":{"key-change":1}'
has err 'warning: 2 have another key in WANT by now'
title 'ours by the sub, but under another key'
sed 's/old@x/new@x/' have11 | head -n 2 | list have12 $target users 2
run 3 plan-sync moved have12 --ledger ledger11 --key email --left left
has err 'warning: 1 are ours by their sub, but under another key'
has left '"Key":"new@x","Username":"Ana","sub":"s-ana","Why":"ours under another key"'
title 'who is created shares an address with who is missing: in the first run already'
user new true '"email":"A@x"' | list heir $source users 3
user old true '"email":"a@x"' | list have13 $target users 2
own old >ledger13
run 5 plan-sync heir have13 --ledger ledger13 --state state13 --max key-change=0
has err 'guard: key-change: 1, and the limit is 0'
title 'memberships alone: the sub tells whose, and who is protected'
list none.m $source memberships 3 <<<'{"GroupName":"h","Username":"bob"}'
printf '{"GroupName":"g","Username":"%s","Attributes":{"sub":"s-%s"}}\n' ana ana bob other bob2 bob |
	list have14 $target memberships 2
{ own ana bob; own_group g; own_group h; } >ledger14
run 3 plan-sync none.m have14 --ledger ledger14
planned <<<'remove-member ana g'
echo '{"Username":"x","sub":"s-ana"}' >protect
run 3 plan-sync none.m have14 --ledger ledger14 --protect protect
planned </dev/null
title 'of several pools, or of one that is not known'
run 2 plan-sync --want moved --want via.m --have have11
has err 'via.m: of another source than WANT'
user ana | list whence https://x/eu-west-1_have nothing 2
run 2 plan-sync moved whence --target $target
has err 'whence: of an unknown target'

# --- groups that cannot be what they are to be
title 'neither a precedence nor a role can be taken away: no operation that would fail each night'
echo '{"GroupName":"g"}' | list some.g $source groups 3
echo '{"GroupName":"g","Description":"d","Precedence":3,"RoleArn":"arn:aws:iam::1:role/x"}' | list role.g $target groups 2
own_group g >ledger22
run 3 plan-sync some.g role.g --ledger ledger22 --with-role-arn --left left
has out '"Before":{"Description":"d"},"After":{"Description":null}'
has err 'warning: 2 precedences or roles of groups are not wanted any more, and stay'
has left 'RoleArn: the service takes no role away from a group'
title 'a group that cannot be created gets no members'
user ana | list one $target users 2
echo '{"GroupName":"long","Description":"'"$(printf '%01048500d' 0)"'"}' | list some.g $source groups 3
echo '{"GroupName":"long","Username":"ana"}' | list some.m $source memberships 3
: | list no.g $target groups 2
: | list no.m $target memberships 2
run 3 plan-sync --want some.g --want some.m --want gone --have no.g --have no.m --have one --ledger ledger --allow-empty
planned </dev/null
has err 'warning: 1 memberships are wanted in groups that are not ours'
title 'a group is not deleted while the memberships of all groups are not known, or WANT has members in it'
: | list no.g $source groups 3
user ana | list some $source users 3
printf '{"GroupName":"x"}\n' | list x.g $target groups 2
: | list x.m $target memberships 2 '{"scope":"groups:g"}'
: | list none.m3 $source memberships 3 '{"scope":"groups:g"}'
{ own ana; own_group x; } >ledger23
deletion23=(plan-sync --want no.g --want some --have one --have x.g --ledger ledger23 --state state23 --delete-groups --allow-empty)
run 0 "${deletion23[@]}" --want none.m3 --have x.m
: | list no.g $source groups 4
cp state23 kept23
run 3 "${deletion23[@]}" --want none.m3 --have x.m
planned </dev/null
has err 'warning: 1 groups are not deleted'
echo '{"GroupName":"x","Username":"ana"}' | list x.m3 $source memberships 4
: | list x.m $target memberships 2
cp kept23 state23
run 0 "${deletion23[@]}" --want x.m3 --have x.m --left left
planned </dev/null
has left '"Why":"only WANT'"'"'s memberships have it"'
: | list x.m3 $source memberships 4
cp kept23 state23
run 0 "${deletion23[@]}" --want x.m3 --have x.m
planned <<<'delete-group x x'

# --- what is read is not written over
title 'an output in place of the ledger, or of an input'
cp ledger precious
run 2 plan-sync want have --ledger precious --left ./precious
has err 'precious would be replaced by what is written'
run 2 plan-sync want have --ledger precious -o precious
run 2 plan-sync want have --ledger precious --state precious
run 2 plan-sync want have --stats want
run 2 plan-sync want have --protect held1 --left held1
run 2 plan-sync want have --state one.state --left one.state
same - precious <ledger

# --- who is protected
title 'a list of protected people that is cut at the end of a line is noticed, or confirmed'
{ user dan; user zed; } | jq -c '{Username}' >protect; rm -f state24
run 0 plan-sync monday have2 --ledger ledger --state state24 --protect protect
has state24 '"Protected":2}'
cp state24 kept24
tail -n 1 protect >./cut
run 4 plan-sync tuesday have2 --ledger ledger --state state24 --protect cut
has err '--protect: incomplete: 1 records, and 2 at the run before; if nobody is missing: --confirm protected=1'
same kept24 state24
run 4 plan-sync tuesday have2 --ledger ledger --state state24
run 4 plan-sync tuesday have2 --ledger ledger --state state24 --protect cut --confirm protected=2
run 0 plan-sync tuesday have2 --ledger ledger --state state24 --protect cut --confirm protected=1
has state24 '"Protected":1}'
run 2 plan-sync tuesday have2 --max protected=1
title 'cut within a line it is wrong'
printf '{"Username":"d' >./cut
run 4 plan-sync tuesday have2 --ledger ledger --protect cut
title 'who was rejected was there: missing for the first time behind that'
cp first state; user ana | list seen $source users 3 '{"rejected":1,"via":["x"]}'
echo '{"Reason":"r","Line":1,"Stream":"s","Record":{"Username":"dan"}}' >held25
run 0 plan-sync seen have2 "${absence[@]}" --held held25
lacks state '"Key":"dan"'

# --- memberships alone
title 'two whose names differ in case alone: neither gets, nor loses, what is the other one'"'"'s'
printf '{"GroupName":"%s","Username":"%s","Attributes":{"sub":"s-%s"}}\n' g Ana ana h ana 2 g bob bob g BOB bob |
	list case $target memberships 2
printf '{"GroupName":"%s","Username":"%s"}\n' g cy h CY | list case.m $source memberships 3
{ own ana bob cy; own_group g; own_group h; } >ledger26
run 3 plan-sync case.m case --ledger ledger26 --left left
planned <<<'remove-member bob g'
has err 'warning: 2 keys are on a side more than once'

title 'a member whose key is as long as may be, behind a reference, stops nobody else'
name=$(printf '%08192d' 0)
resource='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:'
printf '%s\n' "${resource}User\"],\"externalId\":\"$name\",\"userName\":\"a\"}" \
	"${resource}User\"],\"externalId\":\"b\",\"userName\":\"b\"}" \
	"${resource}Group\"],\"externalId\":\"g\",\"displayName\":\"g\",\"members\":[{\"value\":\"bulkId:$name\"}]}" >long.want
printf '%s\n' "${resource}User\"],\"id\":\"1\",\"userName\":\"root\"}" >long.have
run 3 plan-sync --key externalId --target https://x/scim long.want long.have
planned <<<'create-user b'

# --- who is somebody else at the source by now
title 'a name that was given to somebody else at the source: he does not get the account'
user ana false '"email":"e@x"' | list reborn $source users 3
user ana | list reborn2 $target users 2
ledger_line user ana created '"sub":"s-ana","Source":{"Username":"ana","sub":"before"}' >ledger27
run 3 plan-sync reborn reborn2 --ledger ledger27 --left left
planned </dev/null
has out '"Classes":{"key-change":1}'
has err 'warning: 1 have another sub at the source than when they were created'
has left '"Why":"somebody else at the source by now: another sub"'
title 'unless he is adopted, which counts'
run 5 plan-sync reborn reborn2 --ledger ledger27 --adopt --max key-change=0 --allow-messages 1
run 0 plan-sync reborn reborn2 --ledger ledger27 --adopt --allow-messages 1
planned <<'END'
update-user ana
disable-user ana
END
title 'the same one, or nobody says'
ledger_line user ana created '"sub":"s-ana","Source":{"Username":"ana","sub":"s-ana"}' >ledger27
run 0 plan-sync reborn reborn2 --ledger ledger27 --allow-messages 1
sed 's/,"sub":"s-ana"//' reborn | head -n 1 | list reborn3 $source users 3
ledger_line user ana created '"sub":"s-ana","Source":{"Username":"ana","sub":"before"}' >ledger27
run 0 plan-sync reborn3 reborn2 --ledger ledger27 --allow-messages 1

# --- who was about to be created when apply was killed
title 'of whom the ledger only says that he was to be: nothing is taken away, and it is settled'
user ana false | list half $source users 3
user ana true '"nickname":"n"' | list half2 $target users 2
echo '{"GroupName":"g"}' | list half.g $source groups 3
echo '{"GroupName":"g","Description":"d"}' | list half2.g $target groups 2
printf '{"GroupName":"g","Username":"%s"}\n' bob | list half.m $source memberships 3
printf '{"GroupName":"%s","Username":"ana","Attributes":{"sub":"s-ana"}}\n' g h | list half2.m $target memberships 2
{ ledger_line user ana creating '"Username":"anna"'; ledger_line group g creating; own_group h; } >ledger21
run 0 plan-sync --want half --want half.g --want half.m --have half2 --have half2.g --have half2.m --ledger ledger21 --left left
jq -c 'select(.Op and .Op != "plan")' out >actual
same - actual <<'END'
{"Op":"create-group","Key":"g","GroupName":"g","After":{"Description":"d"},"Why":"not known whether a run before created it"}
{"Op":"create-user","Key":"ana","Username":"anna","After":{"Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"nickname":"n"}},"Source":{"Username":"ana","sub":"s-ana"},"Why":"not known whether a run before created him"}
END
has out '"Classes":{}'
title 'nor by their memberships alone'
run 0 plan-sync half.m half2.m --ledger ledger21 --left left
planned </dev/null
has left '"GroupName":"h","Why":"not known to be ours: apply did not end"'
title 'adopted, he is ours'
run 0 plan-sync half half2 --ledger ledger21 --adopt
planned <<'END'
update-user ana
disable-user ana
END
title 'and if he is missing it is said each night'
user bob | list gone21 $source users 3; user bob | list gone22 $source users 4
{ own bob; ledger_line user ana creating; } >ledger21
{ user ana; user bob; } | list half2 $target users 2
run 0 plan-sync gone21 half2 --ledger ledger21 --state state21
run 3 plan-sync gone22 half2 --ledger ledger21 --state state21
planned </dev/null
has err 'warning: 1 are missing, but since apply did not end nobody knows whether they are ours'

# --- what no plan may have
title 'an attribute that is no text is a wrong record'
echo '{"Username":"ana","Attributes":{"custom:n":5}}' | list some $source users 3
run 1 plan-sync some have2
has err 'some:1: an attribute that is no text'
echo '{"Username":"ana","Attributes":["a"]}' | list some $source users 3
run 1 plan-sync some have2
has err 'some:1: Attributes is no object'
title 'what apply-cognito would not read, and all of the plan with it: left out, counted, and said'
{ user ana; user "$(printf '%08100d' 0)"; } | list some $source users 3
run 3 plan-sync some have2 --left left
planned </dev/null
has err 'warning: 1 operations are nothing that a plan may have, and left out (--left)'
has left '"Why":"Key: not a text"'
title 'whose sub the target does not say is taken out by that of the ledger, or not at all'
printf '{"GroupName":"g","Username":"%s"}\n' bob ana | list mute.m $target memberships 2
{ own ana; ledger_line user bob created; own_group g; } >ledger20
run 3 plan-sync none18 mute.m --ledger ledger20 --allow-empty --left left
has out '"Op":"remove-member","Key":"ana","GroupName":"g","Username":"ana","sub":"s-ana"'
planned <<<'remove-member ana g'
has left '{"Left":"operation","Op":"remove-member","Key":"bob","GroupName":"g","Username":"bob","Why":"sub: missing"}'

# --- the guard
title 'every class: below its limit, at it, above it, confirmed, and confirmed with another number'
mkdir limits; cd limits || exit 1
ok /usr/bin/python3 -B "$helpers/plan-limits.py"
cd .. || exit 1
title 'nobody at all'
list none $source users 3 </dev/null
run 5 plan-sync none have2 --ledger ledger
has err 'guard: WANT has no users (--allow-empty)'
run 3 plan-sync none have2 --ledger ledger --allow-empty
has err 'warning: 2 are missing, and without --state'
title 'users made billable'
run 5 plan-sync "${all[@]}" --max-billable 3
has err 'guard: billable: 4 users, and --max-billable is 3'
run 3 plan-sync "${all[@]}" --max-billable 4
title 'messages possible'
user ana true '"email":"new@x"' | list mail $source users 3
run 5 plan-sync mail have --ledger ledger
has err 'guard: messages: 1 possible, and --allow-messages is 0'
run 3 plan-sync mail have --ledger ledger --allow-messages 1 --protect want
planned </dev/null
title 'it trips: the rows to look at, a seal that failed, the old file'
echo old >plan
run 5 plan-sync "${all[@]}" --max update=0
has err 'guard: look at the rows, and at WANT; what is right is let pass by --confirm CLASS=N'
has out '"Op":"update-user"'
has out '"ok":false'
has out '"retryable":false'
title 'which limits were typed stands in the header'
has out ',"Max":["update"],"Confirmed":{'
run 5 plan-sync "${all[@]}" --max update=0 -o plan
same - plan <<<old
title 'wrong limits'
run 2 plan-sync want have --max nonsense=1
run 2 plan-sync want have --max update=101%
run 2 plan-sync want have --confirm update=5%
run 2 plan-sync want have --max update=1 --max update=2
run 2 plan-sync want
run 2 plan-sync - -
run 2 plan-sync plain plain
has err 'HAVE has no seal that says which target it is: --target'
run 2 plan-sync want have.g
has err 'nothing in common'
title 'names that a pool of addresses would refuse'
{ user ana true '"email":"a@x"'; user c@x true '"email":"c@x"'; } | list named $source users 3
printf '{"Username":"%s","Attributes":{"email":"b@x","sub":"s-b"}}\n' s-b | list made $target users 3
run 0 plan-sync named made --ledger /dev/null --key email
has err '1 are created under a name that is no address, and at the target each name is a sub'
{ head -n 1 made; user dan true '"email":"d@x"'; } | list made $target users 3
run 0 plan-sync named made --ledger /dev/null --key email
empty err
title 'nobody is left, and nobody knows of what'
list nobody x x 3 '{"source":"file:hr.csv"}' </dev/null
run 5 plan-sync nobody have2 --ledger ledger
has err 'guard: WANT has nothing, and its seals do not say of what'

# --- cut at any byte
mkdir cuts; cd cuts || exit 1
/usr/bin/python3 -B "$helpers/plan-oracle.py" fixture
title 'cut at any byte, an input takes nothing away'
run 0 plan-cuts "${PLAN_STEP:-7}" want want.groups want.members have have.groups have.members held ledger state -- \
	--want want --want want.groups --want want.members --have have --have have.groups --have have.members \
	--held held --ledger ledger --state state --delete --delete-groups --allow-messages 9
for status in 1 134 137 139; do lacks out "status $status:"; done
title 'and so with listed groups, and memberships of another run'
/usr/bin/python3 -B "$helpers/plan-oracle.py" fixture scoped
run 0 plan-cuts "${PLAN_STEP:-29}" want want.groups want.members have have.groups have.members held ledger state -- \
	--want want --want want.groups --want want.members --have have --have have.groups --have have.members \
	--held held --ledger ledger --state state --delete --delete-groups --allow-messages 9 \
	--scope-groups g --scope-groups h --disable-leavers
for status in 1 134 137 139; do lacks out "status $status:"; done
cd .. || exit 1

# --- against another implementation
mkdir worlds; cd worlds || exit 1
title 'random worlds: the plan is what another implementation plans, and leads to WANT'
ok /usr/bin/python3 -B "$helpers/plan-oracle.py" worlds "${PLAN_SEED:-2}" "${PLAN_WORLDS:-100}"
cd .. || exit 1

# --- many
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "{\"Username\":\"user%d\",\"Enabled\":true,\"Attributes\":{\"custom:note\":\"%0300d\",\"sub\":\"%d\"}}\n", i, i, i }' >rows
list many $source users 2 <rows
sed 's/user17"/user17x"/; s/0001234"/0001235"/' rows | list many2 $target users 2
title 'much: sorted by sort(1), in little memory'
run 0 within 60000 plan-sync many many2 --adopt --max update=99%
title 'and nothing is missed'
jq -c 'select(.Op == "create-user" or .After.Attributes) | [.Op, .Key]' out >actual
same - actual <<'END'
["create-user","user17"]
["update-user","user1234"]
END
title 'nowhere to put it aside'
run 1 env TMPDIR=/nonexistent plan-sync many many2 --adopt

finish
